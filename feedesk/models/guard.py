"""May this owner be called now? The limits of law §13.7 on hours, attempts and conversations, in one place.

A call to several units of one owner is one call. A call is effective when the owner himself was reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedesk.models.contacts import Channel, Outcome, outcome_spec
from feedesk.models.days import show_moment
from feedesk.models.workdays import best_hours, call_hours, first_good_hour, in_call_hours

MAX_ATTEMPTS_A_DAY = 3
MAX_EFFECTIVE_A_DAY = 1
MAX_EFFECTIVE_IN_WINDOW = 3
WINDOW_DAYS = 7
VISIT_EVERY_DAYS = 7
_LOOK_AHEAD_DAYS = 30


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """What the rules need to know of earlier contacts; the one being logged is not in it."""

    calls: tuple[datetime, ...] = ()
    """Every attempt by phone of the last days, answered or not."""
    effective: tuple[datetime, ...] = ()
    """Those of `calls` in which the owner himself was reached."""
    visits: tuple[datetime, ...] = ()
    off_days_running: int = 0
    """On how many of the last days with calls, running and before today, the phone was off each time."""
    broken_promises: int = 0
    other_numbers: int = 0
    """Numbers of the owner not known to be dead, the one just dialled left out."""

    @classmethod
    def of(
        cls,
        attempts: Iterable[tuple[datetime, Channel, Outcome]],
        now: datetime,
        *,
        broken_promises: int = 0,
        other_numbers: int = 0,
    ) -> ContactHistory:
        """From the contacts that count (voided ones left out), in any order; those after `now` are ignored."""
        known = sorted((entry for entry in attempts if entry[0] <= now), key=lambda entry: entry[0])
        phone = [(at, outcome) for at, channel, outcome in known if channel is Channel.PHONE]
        return cls(
            calls=tuple(at for at, _ in phone),
            effective=tuple(at for at, outcome in phone if outcome_spec(Channel.PHONE, outcome).reached),
            visits=tuple(at for at, channel, _ in known if channel is Channel.VISIT),
            off_days_running=_off_days(phone, now.date()),
            broken_promises=broken_promises,
            other_numbers=other_numbers,
        )

    def attempts_on(self, day: date) -> int:
        """How often the owner was called on this day."""
        return sum(at.date() == day for at in self.calls)

    def effective_on(self, day: date) -> int:
        """In how many calls of this day the owner was reached."""
        return sum(at.date() == day for at in self.effective)

    def effective_in_window(self, day: date) -> int:
        """In how many calls of the seven days ending with `day` the owner was reached."""
        first = day - timedelta(days=WINDOW_DAYS - 1)
        return sum(first <= at.date() <= day for at in self.effective)

    def visited_within(self, day: date) -> bool:
        """Whether a visit in the days before forbids one on `day` (one in seven days)."""
        return any(0 <= (day - at.date()).days < VISIT_EVERY_DAYS for at in self.visits)

    def with_call(self, at: datetime, reached: bool) -> ContactHistory:
        """The history after one more call, for proposing what follows it."""
        return ContactHistory(
            (*self.calls, at), (*self.effective, at) if reached else self.effective, self.visits,
            self.off_days_running, self.broken_promises, self.other_numbers,
        )  # fmt: skip


def _off_days(phone: list[tuple[datetime, Outcome]], today: date) -> int:
    by_day: dict[date, bool] = {}
    for at, outcome in phone:
        if at.date() < today:
            by_day[at.date()] = by_day.get(at.date(), True) and outcome is Outcome.OFF
    count = 0
    for day in sorted(by_day, reverse=True):
        if not by_day[day]:
            break
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Verdict:
    """The line under the phone numbers: whether a call is in order now, why, and from when if not."""

    allowed: bool
    text: str
    next_at: datetime | None = None
    """When it is in order again; None when it is now, or when only a letter is."""


def day_limit(day: date, history: ContactHistory) -> str:
    """Why no further call is in order on `day`, whatever the hour; empty when one is."""
    if history.effective_on(day) >= MAX_EFFECTIVE_A_DAY:
        return f"一天最多接通 {MAX_EFFECTIVE_A_DAY} 次"
    if history.attempts_on(day) >= MAX_ATTEMPTS_A_DAY:
        return f"一天最多拨打 {MAX_ATTEMPTS_A_DAY} 次"
    if history.effective_in_window(day) >= MAX_EFFECTIVE_IN_WINDOW:
        return f"{WINDOW_DAYS} 天内最多接通 {MAX_EFFECTIVE_IN_WINDOW} 次"
    return ""


def first_allowed(wanted: datetime, history: ContactHistory) -> tuple[datetime, str]:
    """The first moment from `wanted` on at which a call is in order, and why it is not `wanted` (empty if it is)."""
    moment, why = wanted, ""
    for _ in range(_LOOK_AHEAD_DAYS):
        limit = day_limit(moment.date(), history)
        opens, closes = call_hours(moment.date())
        if not limit and moment.time() < closes:
            if moment.time() >= opens:
                return moment, why
            return first_good_hour(moment.date()), why or _hours_text(opens, closes)
        why = why or limit or _hours_text(opens, closes)
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0))
    raise ValueError("no day within a month lets a call through")


def may_call(now: datetime, history: ContactHistory, *, do_not_call: bool = False, to_verify: bool = False) -> Verdict:
    """Whether the clerk may dial now; the text is the one line under the numbers.

    `to_verify`: the owner may have paid already (待核), which finance has yet to look up.
    """
    if do_not_call:
        return Verdict(False, "业主要求勿再来电 · 改用书面")
    if to_verify:
        return Verdict(False, "先核对收款，查清前不打")
    today = now.date()
    limit = day_limit(today, history)
    if not limit and in_call_hours(now):
        good = best_hours(now)
        parts = ["现在可打", *([good] if good else []), _count_text(history, today)]
        return Verdict(True, " · ".join(parts))
    next_at, _ = first_allowed(now, history)
    why = limit or f"现在不在联系时段（{_hours_text(*call_hours(today))}）"
    return Verdict(False, f"{why} · {show_moment(next_at, now)} 起可打", next_at)


def _count_text(history: ContactHistory, today: date) -> str:
    parts = []
    if tried := history.attempts_on(today):
        parts.append(f"今天已拨 {tried} 次，上限 {MAX_ATTEMPTS_A_DAY} 次")
    reached = history.effective_in_window(today)
    parts.append(f"近 {WINDOW_DAYS} 天已通 {reached} 次，上限 {MAX_EFFECTIVE_IN_WINDOW} 次")
    return " · ".join(parts)


def _hours_text(opens: time, closes: time) -> str:
    return f"可联系时段 {opens.hour}–{closes.hour} 点"
