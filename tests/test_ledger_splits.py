"""按月拆分: equal or typed amounts whose sum is the lump's to the 分, and when each month falls due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.splits import due, parts, problems, propose, refusal, typed
from feedesk.models.periods import Period, month_iso, parse_month

QUARTER = Period.parse("2026-07..2026-09")
LUMP = Charge(5, 7, "管理费", FeeKind.PROPERTY, QUARTER, 107_940, 0, date(2026, 7, 15), True, is_lump=True)


@pytest.mark.parametrize(
    ("amount", "period", "expected"),
    [
        (107_940, "2026-07..2026-09", (35_980, 35_980, 35_980)),
        pytest.param(100_00, "2026-07..2026-09", (33_33, 33_33, 33_34), id="the odd 分 in the last month"),
        pytest.param(100_01, "2026-01..2026-02,2026-06", (33_33, 33_33, 33_35), id="months with a gap"),
        pytest.param(7, "2025-11..2026-05", (1, 1, 1, 1, 1, 1, 1), id="a 分 a month"),
        pytest.param(13, "2025-11..2026-05", (1, 1, 1, 1, 1, 1, 7), id="all the rest in the last"),
    ],
)
def test_equal_months(amount: int, period: str, expected: tuple[int, ...]) -> None:
    assert propose(amount, Period.parse(period)) == expected


def test_less_than_a_fen_a_month_is_no_proposal() -> None:
    with pytest.raises(ValueError, match="less than a 分"):
        propose(2, QUARTER)


@pytest.mark.parametrize(
    ("charge", "why"),
    [
        (LUMP, ""),
        pytest.param(replace(LUMP, is_lump=False), "", id="also a period that finance meant as one bill"),
        pytest.param(replace(LUMP, period=None), "没有写明月份", id="no months"),
        pytest.param(replace(LUMP, period=Period.parse("2026-07")), "只有一个月", id="one month"),
        pytest.param(replace(LUMP, amount=2), "金额太小", id="too little"),
    ],
)
def test_what_can_be_split(charge: Charge, why: str) -> None:
    assert why in refusal(charge) and bool(refusal(charge)) == bool(why)


@pytest.mark.parametrize(
    ("amounts", "problem"),
    [
        ((35_980, 35_980, 35_980), ""),
        ((7_940, 100_000 - 1, 1), ""),
        ((35_980, 35_980, 35_979), "各月合计 ¥1,079.39，比账单少 ¥0.01，应等于 ¥1,079.40。"),
        ((35_980, 35_980, 35_990), "各月合计 ¥1,079.50，比账单多 ¥0.10，应等于 ¥1,079.40。"),
        ((107_940,), "要给 3 个月各填一个金额，现在是 1 个。"),
        ((107_940, 0, 0), "每个月的金额都要大于 0。"),
        ((107_941, -2, 1), "每个月的金额都要大于 0。"),
    ],
)
def test_typed_amounts(amounts: tuple[int, ...], problem: str) -> None:
    assert problems(LUMP, amounts) == ((problem,) if problem else ())


@pytest.mark.parametrize(
    ("due_on", "assumed", "month", "day", "expected"),
    [
        pytest.param("2026-07-15", True, "2026-07", 15, ("2026-07-15", True), id="the office's day, as assumed"),
        pytest.param("2026-07-15", True, "2026-09", 15, ("2026-09-15", True), id="and so for each month"),
        pytest.param("2026-07-15", True, "2026-09", 31, ("2026-09-30", True), id="the last day of a short month"),
        pytest.param(None, False, "2026-08", 15, ("2026-08-15", True), id="finance gave none"),
        pytest.param("2026-07-10", False, "2026-07", 15, ("2026-07-10", False), id="finance's day for the first month"),
        pytest.param("2026-09-30", False, "2026-07", 15, ("2026-09-30", False), id="finance gave a later day for all"),
        pytest.param("2026-09-30", False, "2026-09", 15, ("2026-09-30", False), id="the last month too"),
        pytest.param("2026-07-15", False, "2026-07", 15, ("2026-07-15", False), id="both agree: it is finance's"),
        pytest.param("2026-07-10", False, "2026-08", 15, ("2026-08-15", True), id="later months by the office's day"),
    ],
)  # fmt: skip
def test_when_a_month_falls_due(
    due_on: str | None, assumed: bool, month: str, day: int, expected: tuple[str, bool]
) -> None:
    charge = replace(LUMP, due_on=date.fromisoformat(due_on) if due_on else None, due_is_assumed=assumed)
    found, is_assumed = due(charge, parse_month(month), day)
    assert (found.isoformat(), is_assumed) == expected


def test_what_was_settled_pours_over_the_oldest_months() -> None:
    found = parts(LUMP, (35_980, 35_980, 35_980), 50_000, 15)
    assert [(month_iso(part.month), part.text, part.settled) for part in found] == [
        ("2026-07", "2026年7月", 35_980),
        ("2026-08", "2026年8月", 14_020),
        ("2026-09", "2026年9月", 0),
    ]
    assert typed(found) == "2026-07:35980 2026-08:35980 2026-09:35980"


def test_amounts_that_do_not_make_it_up_are_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        parts(LUMP, (1, 1, 1), 0, 15)


@given(
    months=st.sets(st.integers(2020 * 12, 2030 * 12), min_size=2, max_size=24).map(lambda m: Period(tuple(sorted(m)))),
    amount=st.integers(24, 10**9),
    settled=st.integers(0, 10**9),
    day=st.integers(1, 31),
    due_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    assumed=st.booleans(),
)
def test_the_sum_never_changes(
    months: Period, amount: int, settled: int, day: int, due_on: date | None, assumed: bool
) -> None:
    charge = replace(LUMP, period=months, amount=amount, due_on=due_on, due_is_assumed=assumed)
    found = parts(charge, propose(amount, months), min(settled, amount), day)
    assert sum(part.amount for part in found) == amount and all(part.amount > 0 for part in found)
    assert sum(part.settled for part in found) == min(settled, amount)
    assert tuple(part.month for part in found) == months.months
    assert all(earlier.due_on <= later.due_on for earlier, later in pairwise(found))
    assert all(earlier.settled == earlier.amount or not later.settled for earlier, later in pairwise(found))
    if due_on and not assumed:
        assert all(part.due_on >= due_on for part in found)
