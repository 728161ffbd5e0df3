"""Days and moments as the clerk reads them on screen, and as they stand on paper.

On screen: 今天, 明天, 11-20 周五; the year only when it is not this one. On paper always in full.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

_WEEKDAYS = "一二三四五六日"


def weekday(day: date) -> str:
    """周一 … 周日."""
    return "周" + _WEEKDAYS[day.weekday()]


def short_day(day: date, today: date) -> str:
    """11-20, with its year when that is not this one: 2025-11-20."""
    return f"{day.month:02d}-{day.day:02d}" if day.year == today.year else day.isoformat()


def show_day(day: date, today: date) -> str:
    """今天, 明天, 11-20 周五; in another year 2025-11-20."""
    if day == today:
        return "今天"
    if day == today + timedelta(days=1):
        return "明天"
    return f"{short_day(day, today)} {weekday(day)}" if day.year == today.year else day.isoformat()


def show_moment(moment: datetime, now: datetime) -> str:
    """今天 16:10, 明天 09:30, 11-20 周五 16:10; from 18 o'clock on today reads 今晚.

    Midnight stands for a day without a time of day (nobody is called then): 11-20 周五 alone.
    """
    if moment.time() == time(0):
        return show_day(moment.date(), now.date())
    clock = f"{moment:%H:%M}"
    if moment.date() == now.date() and moment.hour >= 18:
        return f"今晚 {clock}"
    return f"{show_day(moment.date(), now.date())} {clock}"


def paper_day(day: date) -> str:
    """2026年11月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def paper_day_weekday(day: date) -> str:
    """2026年11月21日（星期六）."""
    return f"{paper_day(day)}（星期{_WEEKDAYS[day.weekday()]}）"
