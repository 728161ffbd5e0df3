"""收款日报: texts stay texts, figures are figures to the 分, an empty day is a page too."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ledger.payments import Payment, PaymentShare, PaymentUse, PayMethod, UseKind
from feedesk.models.ledger.takings import Taking, day_sums
from feedesk.reports.takings import SHEET, write_takings

DAY = date(2026, 11, 17)


def taking(
    amount: int,
    method: PayMethod = PayMethod.CASH,
    *,
    reference: str = "",
    undone: str = "",
    uses: tuple[str, ...] = (),
) -> Taking:
    payment = Payment(
        1, DAY, datetime(2026, 11, 17, 9, 30), amount, method, reference, "", "", "许宁", ("3-2-1502",), ("林晓岚",),
        (PaymentShare(1, amount),), reversed=undone,
    )  # fmt: skip
    lines = tuple(PaymentUse(1, "3-2-1502", UseKind.CHARGE, amount, 1, text) for text in uses)
    return Taking(payment, lines)


def written(takings: list[Taking], *, values: bool = True) -> list[tuple[object, ...]]:
    stream = BytesIO()
    write_takings(DAY, "明湖花园服务中心", takings, stream)
    return list(openpyxl.load_workbook(stream, data_only=values)[SHEET].iter_rows(values_only=True))


def test_an_empty_day_adds_up_to_nothing() -> None:
    rows = written([])
    assert (rows[3][0], rows[3][2], rows[3][4]) == ("合计", "0 笔", 0)


@pytest.mark.parametrize("text", ["=1+1", "+86 139", "-5", "@x", "0012"])
def test_a_reference_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    assert written([taking(100, reference=text)], values=False)[3][7] == text


def test_a_line_says_what_it_was_for_once() -> None:
    assert (
        written([taking(100, uses=("管理费 2026年7月", "违约金", "管理费 2026年7月"))])[3][6]
        == "管理费 2026年7月、违约金"
    )


@given(st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from(PayMethod), st.booleans()), min_size=1, max_size=30))
def test_the_ways_to_pay_add_up_and_what_was_reversed_counts_nowhere(day: list[tuple[int, PayMethod, bool]]) -> None:
    takings = [taking(amount, method, undone="错" if undone else "") for amount, method, undone in day]
    sums = day_sums(takings)
    assert sums.amount == sum(one.amount for one in sums.by_method) == sum(a for a, _m, undone in day if not undone)
    assert sums.count == sum(one.count for one in sums.by_method) == len(day) - sums.reversed_count
    assert sums.reversed_amount == sum(a for a, _m, undone in day if undone)
    assert len({one.method for one in sums.by_method}) == len(sums.by_method)
