"""What the guard must know of an owner: the earlier contacts of all units, and what stands against any contact at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from feedesk.models.contacts import Channel, Outcome, outcome_spec
from feedesk.models.guard.limits import TEXT_EVERY_DAYS, VISIT_EVERY_DAYS, WINDOW_DAYS
from feedesk.models.letters import Silence


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """Of one person, all his units together; the contact being judged or logged is not in it.

    `to_verify` and `is_disputed` are about the unit in hand: the owner's other units may still be spoken of.
    """

    calls: tuple[datetime, ...] = ()
    """Every attempt by phone of the last days, answered or not."""
    effective: tuple[datetime, ...] = ()
    """Those of `calls` and `visits` in which the owner himself was reached."""
    visits: tuple[datetime, ...] = ()
    off_days_running: int = 0
    """On how many of the last days with calls, running and before today, the phone was off each time."""
    missed_days_running: int = 0
    """The same for days on which nobody answered, or the phone was off, each time."""
    broken_promises: int = 0
    promise_stands: bool = False
    """A day he has named is not over, nor is its money all here."""
    other_numbers: int = 0
    """Numbers of the owner not known to be dead, the one just dialled left out."""
    texts: tuple[datetime, ...] = ()
    """Messages sent from our side; his answers are not among them."""
    dead: tuple[datetime, ...] = ()
    """Those of `calls` that rang nowhere: the next number may be dialled at once."""
    do_not_call: bool = False
    to_verify: bool = False
    """He may have paid already (已缴待核, 收款待核), which finance has yet to look up."""
    is_disputed: bool = False
    """An objection on hold is open."""
    sensitive: str = ""
    """病重, 丧事, …: nothing from our side; empty when there is nothing of the kind."""
    sensitive_until: date | None = None
    """The last day of it; None: until a person ends it."""
    quiet: Silence | None = None
    """What a letter asks for."""

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
            effective=tuple(at for at, channel, outcome in known if _reached(channel, outcome)),
            visits=tuple(at for at, channel, _ in known if channel is Channel.VISIT),
            off_days_running=days_running(phone, now.date(), (Outcome.OFF,)),
            missed_days_running=days_running(phone, now.date(), (Outcome.OFF, Outcome.NO_ANSWER)),
            broken_promises=broken_promises,
            other_numbers=other_numbers,
            texts=tuple(at for at, channel, outcome in known if channel is Channel.MESSAGE and outcome is Outcome.SENT),
            dead=tuple(at for at, outcome in phone if outcome is Outcome.DEAD_NUMBER),
        )

    @property
    def last_attempt(self) -> datetime | None:
        """When we last tried to reach him, by phone or at the door."""
        return max((*self.calls, *self.visits), default=None)

    def attempts_on(self, day: date) -> int:
        """How often the owner was called on this day."""
        return sum(at.date() == day for at in self.calls)

    def tries_on(self, day: date) -> int:
        """Calls and visits of this day."""
        return self.attempts_on(day) + sum(at.date() == day for at in self.visits)

    def effective_on(self, day: date) -> int:
        """How often the owner was spoken to on this day."""
        return sum(at.date() == day for at in self.effective)

    def effective_in_window(self, day: date) -> int:
        """How often the owner was spoken to in the seven days ending with `day`."""
        first = day - timedelta(days=WINDOW_DAYS - 1)
        return sum(first <= at.date() <= day for at in self.effective)

    def contacts_since(self, first: date, last: date) -> int:
        """Calls, visits and messages of these days, both included."""
        return sum(first <= at.date() <= last for at in (*self.calls, *self.visits, *self.texts))

    def visited_within(self, day: date) -> bool:
        """Whether a visit in the days before forbids one on `day` (one in seven days)."""
        return self.visit_before(day) is not None

    def visit_before(self, day: date) -> date | None:
        """The last visit that forbids one on `day`."""
        return _latest(self.visits, day, VISIT_EVERY_DAYS)

    def text_before(self, day: date) -> date | None:
        """The last message that forbids one on `day` (one in three days)."""
        return _latest(self.texts, day, TEXT_EVERY_DAYS)

    def is_sensitive(self, day: date) -> bool:
        """Whether the owner is to be left alone on `day` altogether."""
        return bool(self.sensitive) and (self.sensitive_until is None or day <= self.sensitive_until)

    def is_quiet(self, day: date) -> bool:
        """Whether a letter asks for silence on `day`."""
        return self.quiet is not None and day <= self.quiet.until

    def with_call(self, at: datetime, reached: bool, *, rang: bool = True) -> ContactHistory:
        """The history after one more call, for proposing what follows it."""
        return replace(
            self,
            calls=(*self.calls, at),
            effective=(*self.effective, at) if reached else self.effective,
            dead=self.dead if rang else (*self.dead, at),
        )

    def with_visit(self, at: datetime, met: bool) -> ContactHistory:
        """The history after one more visit."""
        return replace(self, visits=(*self.visits, at), effective=(*self.effective, at) if met else self.effective)

    def with_text(self, at: datetime) -> ContactHistory:
        """The history after one more message from us."""
        return replace(self, texts=(*self.texts, at))

    def timed(self) -> ContactHistory:
        """Without what has no end of its own: 勿电, 待核, an objection, a sensitive mark without a last day."""
        keeps = self.sensitive if self.sensitive_until is not None else ""
        return replace(self, do_not_call=False, to_verify=False, is_disputed=False, sensitive=keeps)


@lru_cache(maxsize=256)
def _reached(channel: Channel, outcome: Outcome) -> bool:
    """Whether our call or visit came to the owner himself."""
    return channel in (Channel.PHONE, Channel.VISIT) and outcome_spec(channel, outcome).reached


def _latest(moments: tuple[datetime, ...], day: date, every: int) -> date | None:
    return max((at.date() for at in moments if 0 <= (day - at.date()).days < every), default=None)


def days_running(phone: Iterable[tuple[datetime, Outcome]], today: date, outcomes: tuple[Outcome, ...]) -> int:
    """On how many of the last days with calls, running and before today, every call came to one of `outcomes`."""
    by_day: dict[date, bool] = {}
    for at, outcome in phone:
        if at.date() < today:
            by_day[at.date()] = by_day.get(at.date(), True) and outcome in outcomes
    count = 0
    for day in sorted(by_day, reverse=True):
        if not by_day[day]:
            break
        count += 1
    return count
