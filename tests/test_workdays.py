"""Workdays by the official calendar, and the hours for calling."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from feedesk.models.workdays import (
    add_workdays,
    best_hours,
    call_hours,
    first_good_hour,
    in_call_hours,
    is_workday,
    next_workday,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2025, 9, 28), True),  # a Sunday worked instead of a holiday
        (date(2040, 10, 1), True),  # not announced: a Monday is a workday
        (date(2040, 10, 6), False),
    ],
)
def test_whether_a_day_is_worked(day: date, works: bool) -> None:
    assert is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 17), 3, date(2026, 11, 20)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
    ],
)
def test_counting_workdays(day: date, count: int, then: date) -> None:
    assert add_workdays(day, count) == then


def test_the_next_workday_is_never_the_day_itself() -> None:
    assert next_workday(date(2026, 11, 17)) == date(2026, 11, 18)
    with pytest.raises(ValueError, match="negative"):
        add_workdays(date(2026, 11, 17), -1)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-17 08:59", False),
        ("2026-11-17 09:00", True),
        ("2026-11-17 19:59", True),
        ("2026-11-17 20:00", False),
        ("2026-11-21 09:30", False),
        ("2026-11-21 10:00", True),
        ("2026-11-21 18:00", False),
    ],
)
def test_contact_hours(moment: str, inside: bool) -> None:
    assert in_call_hours(datetime.fromisoformat(moment)) is inside


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-17 09:00", "好打时段 09:30 起"),
        ("2026-11-17 11:59", "好打时段至 12:00"),
        ("2026-11-17 12:00", "好打时段 15:00 起"),
        ("2026-11-17 15:46", "好打时段至 18:00"),
        ("2026-11-17 18:00", None),
        ("2026-11-21 10:00", "好打时段 10:30 起"),
    ],
)
def test_best_hours(moment: str, text: str | None) -> None:
    assert best_hours(datetime.fromisoformat(moment)) == text


def test_a_call_planned_for_a_day_stands_inside_its_hours() -> None:
    for day in (date(2026, 11, 20), date(2026, 11, 21), date(2026, 10, 1)):
        first, last = call_hours(day)
        assert first <= first_good_hour(day).time() < last
    assert first_good_hour(date(2026, 11, 20)).time() == time(10)
