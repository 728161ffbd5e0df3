"""Months that a charge is for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.periods import Period, due_day, month_index, month_iso, parse_month

MONTHS = st.sets(st.integers(min_value=month_index(1995, 1), max_value=month_index(2040, 12)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2026-07", "2026年7月"),
        ("2026-04..2026-06", "2026年4–6月"),
        ("2026-01..2026-12", "2026年1–12月"),
        ("2025-11..2026-01", "2025年11月–2026年1月"),
        ("2026-01..2026-03,2026-07", "2026年1–3月、7月"),
        ("2026-08,2026-10", "2026年8月、10月"),
        ("2025-12,2026-02", "2025年12月、2026年2月"),
        ("2025-11..2026-01,2026-03", "2025年11月–2026年1月、3月"),
        ("2025-01,2025-11..2026-02", "2025年1月、11月–2026年2月"),
    ],
)
def test_read_and_shown(iso: str, shown: str) -> None:
    period = Period.parse(iso)
    assert period.iso() == iso
    assert period.text() == shown


@pytest.mark.parametrize(("untidy", "tidy"), [("2026-07..2026-07", "2026-07"), ("2026-02,2026-01", "2026-01..2026-02")])
def test_untidy_spellings_mean_the_same(untidy: str, tidy: str) -> None:
    assert Period.parse(untidy).iso() == tidy


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "2026-7", "2026-07..", "..2026-07", "2026-09..2026-07", "2026-07,", "七月"],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(text)


@pytest.mark.parametrize("months", [(), (5, 5), (6, 5)])
def test_months_stand_in_order_and_once(months: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        Period(months)


def test_no_months_make_no_period() -> None:
    assert Period.of([]) is None


@given(MONTHS)
def test_any_set_of_months_survives_its_text(months: set[int]) -> None:
    period = Period.of(months)
    assert period is not None
    assert set(period.months) == months
    assert Period.parse(period.iso()) == period
    assert period.has_gaps is (period.last - period.first + 1 != len(months))
    assert period.text().count("月") >= 1


@given(st.integers(min_value=1900, max_value=2999), st.integers(min_value=1, max_value=12))
def test_a_month_survives_its_text(year: int, month: int) -> None:
    assert month_iso(month_index(year, month)) == f"{year:04d}-{month:02d}"
    assert parse_month(f"{year:04d}-{month:02d}") == month_index(year, month)


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_is_no_such_month(month: int) -> None:
    with pytest.raises(ValueError):
        month_index(2026, month)


@pytest.mark.parametrize(
    ("iso", "day", "due"),
    [
        ("2026-07..2026-09", 15, date(2026, 7, 15)),
        ("2026-02", 31, date(2026, 2, 28)),
        ("2028-02", 30, date(2028, 2, 29)),
        ("2026-04", 31, date(2026, 4, 30)),
        ("2025-12..2026-02", 31, date(2025, 12, 31)),
        ("2026-01..2026-03,2026-07", 1, date(2026, 1, 1)),
    ],
)
def test_due_on_the_offices_day_of_the_first_month(iso: str, day: int, due: date) -> None:
    assert due_day(Period.parse(iso), day) == due
