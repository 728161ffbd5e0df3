"""Workdays, and the hours in which owners may be and are best called.

Workdays follow the State Council's calendar as far as it is announced; for later years Monday to Friday stand in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

GRACE_WORKDAYS = 1
"""A promise or an instalment counts as broken when so many workdays after its day are over: a transfer needs time to be
booked."""
_BEST_WORKDAY = ((time(9, 30), time(12)), (time(15), time(18)))
_BEST_REST_DAY = ((time(10, 30), time(12)), (time(15), time(18)))
_HOURS_WORKDAY = (time(9), time(20))
_HOURS_REST_DAY = (time(10), time(18))


@lru_cache(maxsize=4096)  # the calendar looks its years over at each call, and a worklist asks thousands of times
def is_workday(day: date) -> bool:
    """Whether offices work on this day, shifted weekends included; Monday to Friday where nothing is announced."""
    import chinese_calendar  # a table of 20 years: not needed before the first proposal

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the year is not announced yet
        return day.weekday() < 5


_HOLIDAYS = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "tomb_sweeping",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national_day",
}


def holiday_of(day: date) -> str:
    """The holiday whose days off this is one of, as `spring_festival`; empty otherwise and where none is announced yet."""
    import chinese_calendar  # see `is_workday`

    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # the year is not announced yet
        return ""
    return _HOLIDAYS.get(name or "", "") if is_off else ""


def next_workday(day: date) -> date:
    """The first workday after `day`."""
    return add_workdays(day, 1)


def add_workdays(day: date, count: int) -> date:
    """The `count`-th workday after `day`; `day` itself for 0. Raises ValueError for a negative count."""
    if count < 0:
        raise ValueError("count of workdays must not be negative")
    found = day
    while count:
        found += timedelta(days=1)
        if is_workday(found):
            count -= 1
    return found


def grace_ends(due_on: date, is_workday: Callable[[date], bool]) -> date:
    """The last day on which the money of a promise or an instalment for `due_on` may still be booked."""
    day, left = due_on, GRACE_WORKDAYS
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day


def call_hours(day: date) -> tuple[time, time]:
    """When owners may be contacted: 9–20, on weekends and holidays 10–18 (law §13.7). The end is excluded."""
    return _HOURS_WORKDAY if is_workday(day) else _HOURS_REST_DAY


def in_call_hours(moment: datetime) -> bool:
    """Whether an owner may be contacted at this moment."""
    first, last = call_hours(moment.date())
    return first <= moment.time() < last


def best_spans(day: date) -> tuple[tuple[time, time], ...]:
    """The hours in which calls are mostly answered (domain §7)."""
    return _BEST_WORKDAY if is_workday(day) else _BEST_REST_DAY


def first_good_hour(day: date) -> datetime:
    """When a call planned for `day` is put: 10:00, on weekends and holidays 10:30."""
    return datetime.combine(day, time(10) if is_workday(day) else time(10, 30))


def best_hours(now: datetime) -> str | None:
    """「好打时段至 18:00」 inside the best hours, 「好打时段 15:00 起」 before them; None when today has none left."""
    for first, last in best_spans(now.date()):
        if first <= now.time() < last:
            return f"好打时段至 {last:%H:%M}"
        if now.time() < first:
            return f"好打时段 {first:%H:%M} 起"
    return None
