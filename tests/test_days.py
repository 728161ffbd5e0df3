"""Days as they read on screen and on paper."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from feedesk.models.days import paper_day, paper_day_weekday, short_day, show_day, show_moment, weekday

TODAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 15, 46)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 17), "今天"),
        (date(2026, 11, 18), "明天"),
        (date(2026, 11, 20), "11-20 周五"),
        (date(2026, 11, 16), "11-16 周一"),
        (date(2026, 3, 8), "03-08 周日"),
        (date(2027, 1, 4), "2027-01-04"),
        (date(2025, 11, 17), "2025-11-17"),
    ],
)
def test_a_day_on_screen(day: date, shown: str) -> None:
    assert show_day(day, TODAY) == shown


def test_tomorrow_is_tomorrow_across_the_year() -> None:
    assert show_day(date(2027, 1, 1), date(2026, 12, 31)) == "明天"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 17, 16, 10), "今天 16:10"),
        (datetime(2026, 11, 17, 19, 0), "今晚 19:00"),
        (datetime(2026, 11, 18, 9, 30), "明天 09:30"),
        (datetime(2026, 11, 18, 19, 0), "明天 19:00"),
        (datetime(2026, 11, 20, 16, 5), "11-20 周五 16:05"),
        (datetime(2027, 1, 4, 9, 0), "2027-01-04 09:00"),
        (datetime(2026, 11, 20), "11-20 周五"),
        (datetime(2026, 11, 17), "今天"),
    ],
)
def test_a_moment_on_screen(moment: datetime, shown: str) -> None:
    assert show_moment(moment, NOW) == shown


def test_paper_and_short_forms() -> None:
    assert weekday(date(2026, 11, 21)) == "周六"
    assert paper_day(date(2026, 1, 5)) == "2026年1月5日"
    assert paper_day_weekday(date(2026, 11, 21)) == "2026年11月21日（星期六）"
    assert short_day(date(2026, 11, 5), TODAY) == "11-05"
    assert short_day(date(2025, 11, 5), TODAY) == "2025-11-05"
