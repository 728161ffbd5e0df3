"""收款日报: texts stay texts, figures are figures to the 分, an empty day is a page too."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ledger.payments import Payment, PaymentShare, PaymentUse, PayMethod, UseKind
from feedesk.models.ledger.takings import Taking, day_sums
from feedesk.reports.takings import SHEET, write_takings

DAY, NEXT = date(2026, 11, 17), date(2026, 11, 18)


def taking(
    amount: int,
    method: PayMethod = PayMethod.CASH,
    *,
    reference: str = "",
    undone: date | None = None,
    undoes: bool = False,
    uses: tuple[str, ...] = (),
) -> Taking:
    """A payment of `DAY`, reversed on the day `undone`; with `undoes` it is that reversal."""
    payment = Payment(
        1, DAY, datetime(2026, 11, 17, 9, 30), amount, method, reference, "", "", "许宁", ("3-2-1502",), ("林晓岚",),
        (PaymentShare(1, amount),), receipt_no="SJ2026-00001", reversed=f"错（{undone:%m-%d} 许宁）" if undone else "",
        reversed_at=datetime(undone.year, undone.month, undone.day, 16, 5) if undone else None,
    )  # fmt: skip
    lines = tuple(PaymentUse(1, "3-2-1502", UseKind.CHARGE, amount, 1, text) for text in uses)
    return Taking(payment, lines, undoes)


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


def test_a_reversal_of_another_days_payment_is_a_line_with_a_minus_and_its_day_stays_as_handed_in() -> None:
    handed_in = written([taking(42_825, undone=NEXT), taking(1_000, PayMethod.WECHAT)])
    assert (handed_in[3][4], handed_in[3][6]) == (428.25, "后来冲正：错（11-18 许宁）")
    assert handed_in[5][:7] == ("合计", None, "2 笔", None, 438.25, None, None)
    later = written([taking(42_825, undone=NEXT, undoes=True), taking(50_000)])
    assert (later[3][0], later[3][4]) == (datetime(2026, 11, 18, 16, 5), -428.25)
    assert later[3][6] == "冲正 11-17 登记的收款：错（11-18 许宁）"
    assert later[5][4:7] == (71.75, None, "冲正以前的收款 1 笔 428.25，已从合计扣减")
    assert later[7][2:6] == ("现金", 1, 71.75, "其中冲正 −428.25")


class Fate(StrEnum):
    """What became of a payment, or what a line is."""

    STANDS = "stands"
    STRUCK = "struck"
    UNDONE_LATER = "undone later"
    REVERSAL = "reversal"


_MADE = {
    Fate.STANDS: {},
    Fate.STRUCK: {"undone": DAY},
    Fate.UNDONE_LATER: {"undone": NEXT},
    Fate.REVERSAL: {"undone": NEXT, "undoes": True},
}
_COUNTS = {Fate.STANDS: 1, Fate.STRUCK: 0, Fate.UNDONE_LATER: 1, Fate.REVERSAL: -1}


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.sampled_from(PayMethod), st.sampled_from(Fate)), min_size=1, max_size=30
    )
)
def test_the_ways_to_pay_add_up_whatever_was_reversed_and_when(day: list[tuple[int, PayMethod, Fate]]) -> None:
    sums = day_sums([taking(amount, method, **_MADE[fate]) for amount, method, fate in day])
    assert sums.amount == sum(one.amount for one in sums.by_method) == sum(a * _COUNTS[fate] for a, _m, fate in day)
    assert sums.count == sum(one.count for one in sums.by_method) == sum(_COUNTS[fate] == 1 for _a, _m, fate in day)
    assert sums.reversed_amount == sum(a for a, _m, fate in day if fate is Fate.STRUCK)
    assert sums.undone_amount == sum(one.undone for one in sums.by_method)
    assert sums.undone_amount == sum(a for a, _m, fate in day if fate is Fate.REVERSAL)
    assert len({one.method for one in sums.by_method}) == len(sums.by_method)
