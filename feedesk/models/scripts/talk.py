"""寒暄: a line before the matter, by season, holiday, weather or what goes on in the estate (domain §12, opening of every call).

The program knows the calendar but not the weather: those lines are offered to be chosen, and are put as questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from feedesk.models.workdays import holiday_of

HOLIDAYS = {
    "new_year": "元旦",
    "spring_festival": "春节",
    "tomb_sweeping": "清明节",
    "labour_day": "劳动节",
    "dragon_boat": "端午节",
    "mid_autumn": "中秋节",
    "national_day": "国庆节",
}
_DAYS_BEFORE = 10
_DAYS_AFTER = 7


class TalkKind(StrEnum):
    """What a line speaks of; in the order of offering."""

    ESTATE = "estate"
    HOLIDAY_AHEAD = "holiday_ahead"
    HOLIDAY_PAST = "holiday_past"
    SEASON = "season"
    WEATHER = "weather"
    PLAIN = "plain"


TALK_LABELS = {
    TalkKind.ESTATE: "小区近况",
    TalkKind.HOLIDAY_AHEAD: "节前",
    TalkKind.HOLIDAY_PAST: "节后",
    TalkKind.SEASON: "季节",
    TalkKind.WEATHER: "天气",
    TalkKind.PLAIN: "平常",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """One line of small talk."""

    id: str
    kind: TalkKind
    text: str
    months: tuple[int, ...] = ()
    """SEASON: in which months it may be said."""
    holiday: str = ""
    """HOLIDAY_…: one of `HOLIDAYS`."""
    until: date | None = None
    """ESTATE: the last day it is news; None: no end."""


def offered_talk(shipped: Iterable[Talk], own: Iterable[Talk], today: date) -> tuple[Talk, ...]:
    """What may be said today, the nearest first: estate news, a holiday, the season; then weather to choose from."""
    near = _holidays_near(today)
    found = [one for one in (*own, *shipped) if _fits(one, today, near)]
    order = {kind: place for place, kind in enumerate(TalkKind)}
    return tuple(sorted(found, key=lambda one: order[one.kind]))


def first_talk(shipped: Iterable[Talk], own: Iterable[Talk], today: date) -> str:
    """The line taken where nobody chooses; weather never is, for the program does not see out of the window."""
    sure = [one for one in offered_talk(shipped, own, today) if one.kind is not TalkKind.WEATHER]
    if not sure:
        return ""
    best = [one for one in sure if one.kind is sure[0].kind]
    return best[today.toordinal() % len(best)].text


def _fits(one: Talk, today: date, near: frozenset[tuple[TalkKind, str]]) -> bool:
    if one.kind is TalkKind.SEASON:
        return today.month in one.months
    if one.kind in (TalkKind.HOLIDAY_AHEAD, TalkKind.HOLIDAY_PAST):
        return (one.kind, one.holiday) in near
    return one.until is None or today <= one.until


@lru_cache(maxsize=64)
def _holidays_near(today: date) -> frozenset[tuple[TalkKind, str]]:
    """Holidays that begin within ten days or ended within a week. In the days off themselves neither is said."""
    ahead = {holiday_of(today + timedelta(days=days)) for days in range(1, _DAYS_BEFORE + 1)}
    past = {holiday_of(today - timedelta(days=days)) for days in range(1, _DAYS_AFTER + 1)}
    now = {holiday_of(today), ""}
    return frozenset(
        {(TalkKind.HOLIDAY_AHEAD, name) for name in ahead - now}
        | {(TalkKind.HOLIDAY_PAST, name) for name in past - now}
    )
