"""Ageing 账龄: every open 分 lies in exactly one band."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ageing import ageing
from feedesk.models.charges import Charge, FeeKind

TODAY = date(2026, 11, 17)


def _charge(due_on: date | None, amount: int = 100, settled: int = 0) -> Charge:
    return Charge(1, 1, "物业费", FeeKind.PROPERTY, None, amount, settled, due_on, False)


@pytest.mark.parametrize(
    ("days", "band"),
    [(-30, "未到期"), (0, "未到期"), (1, "1–90 天"), (90, "1–90 天"), (91, "91–365 天"), (365, "91–365 天"),
     (366, "1–2 年"), (730, "1–2 年"), (731, "2 年以上"), (4000, "2 年以上")],
)  # fmt: skip
def test_a_line_lies_in_the_band_of_its_days(days: int, band: str) -> None:
    assert [b.label for b in ageing([_charge(TODAY - timedelta(days=days))], TODAY)] == [band]


def test_a_line_without_a_due_day_says_so() -> None:
    assert [(b.label, b.owed) for b in ageing([_charge(None)], TODAY)] == [("应缴日待核", 100)]


def test_what_is_settled_is_not_counted() -> None:
    assert ageing([_charge(TODAY, 100, 100)], TODAY) == ()
    assert ageing([_charge(TODAY, 100, 40)], TODAY)[0].owed == 60


@given(
    st.lists(
        st.tuples(
            st.none() | st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(1, 10**9), st.integers(0, 10**9)
        )
    )
)
def test_the_bands_add_up_to_what_is_owed_and_go_from_young_to_old(lines: list[tuple[date | None, int, int]]) -> None:
    charges = [_charge(due, amount, min(amount, settled)) for due, amount, settled in lines]
    bands = ageing(charges, TODAY)
    assert sum(band.owed for band in bands) == sum(charge.owed for charge in charges)
    assert [band.age for band in bands] == sorted(band.age for band in bands)
