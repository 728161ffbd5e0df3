"""May this owner be contacted now, this way? The one decision, with its reason, as the line under the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.days import show_moment
from feedesk.models.guard.history import ContactHistory
from feedesk.models.guard.limits import (
    AIM_A_WEEK,
    MAX_ATTEMPTS_A_DAY,
    MAX_EFFECTIVE_IN_WINDOW,
    OVERRIDE_REASONS,
    REPORTING_BACK,
    TEXT_EVERY_DAYS,
    WINDOW_DAYS,
    Rule,
)
from feedesk.models.guard.rules import Breach, breaches, comes_from_owner, earliest
from feedesk.models.workdays import best_hours

_MAY = {Channel.PHONE: "可打", Channel.VISIT: "可上门", Channel.MESSAGE: "可发", Channel.MAIL: "可发函"}
_INSTEAD = {Rule.NO_CALL: "改用书面", Rule.DISPUTE: "向业主反馈进展可以联系"}

_NOT_OURS = frozenset({Rule.NO_CALL, Rule.VERIFY, Rule.DISPUTE})
"""Here it is no limit of ours that keeps the week's contacts down."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a contact is in order, why not, and from when. `text` is one line, ready to show."""

    allowed: bool
    text: str
    next_at: datetime | None = None
    """The first minute at which it is in order again; None when it is now, or when no day can be told."""
    broken: tuple[Breach, ...] = ()
    """The rules in the way, the most binding first."""

    @property
    def rule(self) -> Rule | None:
        """The rule that counts; None when the contact is in order."""
        return self.broken[0].rule if self.broken else None

    @property
    def why(self) -> str:
        """Every reason against it, as one clause for the record; empty when it is in order."""
        return "；".join(breach.record for breach in self.broken)

    def reasons(self) -> tuple[str, ...]:
        """The reasons offered for having done it all the same."""
        back = (REPORTING_BACK,) if any(breach.rule is Rule.DISPUTE for breach in self.broken) else ()
        return (*back, *OVERRIDE_REASONS)


def check(channel: Channel, now: datetime, history: ContactHistory, outcome: Outcome | None = None) -> Verdict:
    """Whether a contact by this channel at `now` is in order, by all the rules of law §13.7.

    `outcome` is what came of it, if that is known: a message that tells the owner's answer is not one of ours.
    """
    broken = breaches(channel, now, history, outcome)
    if not broken:
        return Verdict(True, _allowed_text(channel, now, history, outcome))
    next_at = earliest(channel, now, history)
    first = broken[0]
    why = first.why
    if first.rule is Rule.HOURS:
        why = f"现在{first.record}"
    then = f"{show_moment(next_at, now)} 起{_MAY[channel]}" if next_at is not None else _INSTEAD.get(first.rule, "")
    parts = (why, then, aim_missed(now.date(), next_at, history) if first.rule not in _NOT_OURS else "")
    return Verdict(False, " · ".join(part for part in parts if part), next_at, broken)


def aim_missed(today: date, next_at: datetime | None, history: ContactHistory) -> str:
    """That the week's three contacts (domain §7) are not made up for where the limits forbid it; empty otherwise."""
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    done = history.contacts_since(monday, sunday)
    if done >= AIM_A_WEEK or (next_at is not None and next_at.date() <= sunday):
        return ""
    return f"本周联系 {done} 次，不为凑满 {AIM_A_WEEK} 次再联系"


def _allowed_text(channel: Channel, now: datetime, history: ContactHistory, outcome: Outcome | None) -> str:
    if comes_from_owner(channel, outcome):
        return "业主来访，随时接待" if channel is Channel.COUNTER else "业主的回复，随时可记"
    parts = [f"现在{_MAY[channel]}"]
    if channel is Channel.PHONE:
        parts += [best_hours(now) or "", *_count_texts(history, now.date())]
    elif channel is Channel.VISIT:
        parts.append("两人同行，不进门")
    elif channel is Channel.MESSAGE:
        parts.append(f"{TEXT_EVERY_DAYS} 天内最多发一条")
    return " · ".join(part for part in parts if part)


def _count_texts(history: ContactHistory, today: date) -> list[str]:
    parts = []
    if tried := history.attempts_on(today):
        parts.append(f"今天已拨 {tried} 次，上限 {MAX_ATTEMPTS_A_DAY} 次")
    reached = history.effective_in_window(today)
    parts.append(f"近 {WINDOW_DAYS} 天已通 {reached} 次，上限 {MAX_EFFECTIVE_IN_WINDOW} 次")
    return parts
