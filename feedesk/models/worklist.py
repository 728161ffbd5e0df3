"""The worklist as one reads it from outside: every open account once, with its one next action, why, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from feedesk.models.accounts import Action, MarkKind, WorkGroup

SPEAKING = (Action.CALL, Action.VISIT)
"""Actions that the contact guard has a say in."""


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What is kept of an account that owes something. Money in 分."""

    account_id: int
    owner_id: int
    room: str
    name: str
    owed: int
    action: Action
    group: WorkGroup | None
    why: str
    next_at: datetime | None
    next_has_time: bool
    next_text: str
    mark: MarkKind
    mark_text: str
    limit_on: date | None
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """One account of the worklist."""

    facts: WorkFacts
    earliest: datetime | None
    """From when it may be done; None: nothing is to be done, or nobody can tell a day (`facts.next_text` says what for)."""

    @property
    def is_today(self) -> bool:
        """Whether 今日 lists it."""
        return self.facts.group is not None


def entry(facts: WorkFacts, allowed: datetime | None, now: datetime) -> WorkEntry:
    """The entry of an account; `allowed`: from when the guard lets the owner be contacted in this way, None: not at all.

    What is planned for a time is not done before it, and no guard hurries it; what needs no contact can be done at once.
    """
    planned = _planned(facts, now)
    if facts.action in (Action.WAIT, Action.NONE) or (facts.group is None and facts.action not in SPEAKING):
        return WorkEntry(facts, planned)
    if facts.action not in SPEAKING:
        return WorkEntry(facts, now)
    return WorkEntry(facts, None if allowed is None else max(allowed, planned or now))


def _planned(facts: WorkFacts, now: datetime) -> datetime | None:
    """The moment agreed for the follow-up, as far as it lies ahead."""
    at = facts.next_at
    if at is None or at < now:
        return None
    return at if facts.next_has_time or at.date() > now.date() else None
