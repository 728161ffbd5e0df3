"""What is on file about an owner that speaks for a script or against any: read once, handed to `choose`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedesk.models.accounts import Account, Category, FlagKind, PhoneState
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import ContactHistory, Rule, breaches
from feedesk.models.scripts.truth import Truth

_TWICE = 2
_LOCKED = {
    "broken_twice": "失约不到两次，这篇是失约两次以上才说的",
    "mended": "记录里还没有修好、办好的结果，先问情况，不能当作已经修好",
    "no_dispute": "还有未结的异议，先把异议办完、回了话",
    "no_promise": "他承诺过日子，这篇是从没有定过日子的户用的",
    "in_town": "他说过人在外地，约在家门口见面的话用不上",
    "old_lines": "账里没有一年以前的旧账，这篇是理旧账用的",
    "spoken": "记录里还没有和本人说过话，“又来打扰”这样的话说不得",
    "undelivered": "没有还没送到的单子",
}
"""Condition -> why a script that takes it for granted is not for this owner."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Why nobody calls, visits or writes to the owner from our side today: the contact guard's own words."""

    rule: Rule | None
    """None: a suit about another unit of his, which the guard does not look at."""
    why: str
    until: date | None = None
    """The last day of it; None: until somebody does something about it."""

    @property
    def text(self) -> str:
        """The reason and from when on it no longer holds."""
        if self.until is None:
            return f"{self.why}：不打、不发，改用书面" if self.rule is Rule.NO_CALL else self.why
        after = self.until + timedelta(days=1)
        return f"{self.why}；{after.month} 月 {after.day} 日起可以联系"


_RESTING = (Rule.SENSITIVE, Rule.NO_CALL, Rule.VERIFY, Rule.SILENCE)
"""Rules about the owner himself. What is forbidden by the hour or the count of contacts forbids no words; an objection has
words of its own.
"""


def rest_of(history: ContactHistory, now: datetime) -> Rest | None:
    """What asks that nobody contacts the owner now, the most binding; None when nothing does."""
    for breach in breaches(Channel.PHONE, now, history):
        if breach.rule in _RESTING:
            until = (breach.over_at - timedelta(days=1)).date() if breach.over_at else None
            return Rest(breach.rule, breach.why, until)
    return None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day that the owner has named, by word or in a plan of instalments, and that still counts."""

    in_days: int
    """Days until it; negative once it is past."""
    instalment: int = 0
    """Number of the instalment; 0: a promise."""
    is_fresh: bool = False
    """It was named today: a second word about it on the same day is one too many."""
    is_missed: bool = False
    """Its grace is over as well (instalments only: a missed promise has its own debtor type)."""

    @property
    def name(self) -> str:
        """「约定日」, 「分期第 2 期」."""
        return f"分期第 {self.instalment} 期" if self.instalment else "约定日"


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What is on file that speaks for a script."""

    broken_promises: int = 0
    numbers_all_dead: bool = False
    has_open_dispute: bool = False
    repair_flag: bool = False
    """Finance's remark mentions a repair."""
    last_outcome: Outcome | None = None
    appointment: Appointment | None = None
    has_refused: bool = False
    """His last word was a refusal, or he is of category E and has named no day since."""
    refused_on: date | None = None
    """When he said so last; None: it is not on record when."""
    held: str = ""
    """Why nothing at all is asked for: an objection holds all that is owed. Empty when something is free."""
    to_report: bool = False
    """An objection has an outcome of which he has not been told."""
    is_away: bool = False
    """He was away when last spoken to, or is of category D."""
    has_promised: bool = False
    """He has named a day for the present debt before, kept or not."""
    is_mended: bool = False
    """An objection about the building has been settled by mending, and nothing of the kind is open."""
    has_old_lines: bool = False
    """An open line fell due more than a year ago."""
    has_spoken: bool = False
    """He himself was spoken to about the present debt."""
    rest: Rest | None = None

    @classmethod
    def of(
        cls,
        account: Account,
        *,
        broken_promises: int = 0,
        has_open_dispute: bool = False,
        last_outcome: Outcome | None = None,
        appointment: Appointment | None = None,
        has_refused: bool = False,
        refused_on: date | None = None,
        held: str = "",
        to_report: bool = False,
        has_promised: bool = False,
        is_mended: bool = False,
        has_old_lines: bool = False,
        has_spoken: bool = False,
        rest: Rest | None = None,
    ) -> ScriptFacts:
        """From the account as the panel has it."""
        return cls(
            broken_promises=broken_promises,
            numbers_all_dead=bool(account.phones) and all(p.state is PhoneState.DEAD for p in account.phones),
            has_open_dispute=has_open_dispute,
            repair_flag=FlagKind.REPAIR in account.flags,
            last_outcome=last_outcome,
            appointment=appointment,
            has_refused=has_refused,
            refused_on=refused_on,
            held=held,
            to_report=to_report,
            is_away=last_outcome is Outcome.AWAY or account.row.category is Category.D,
            has_promised=has_promised,
            is_mended=is_mended,
            has_old_lines=has_old_lines,
            has_spoken=has_spoken,
            rest=rest,
        )

    def conditions(self) -> Mapping[str, bool]:
        """Every name of `CONDITIONS` but those that papers decide, and whether it is met."""
        return {
            "broken_twice": self.broken_promises >= _TWICE,
            "mended": self.is_mended,
            "no_dispute": not self.has_open_dispute,
            "no_promise": not self.has_promised,
            "in_town": not self.is_away,
            "old_lines": self.has_old_lines,
            "spoken": self.has_spoken,
        }


def unmet(needs: tuple[str, ...], facts: ScriptFacts, truth: Truth) -> str:
    """Why a script is not for this owner; empty when all that it takes for granted holds."""
    met = facts.conditions()
    for name in needs:
        if name == "undelivered":
            if truth.not_to_hand_over:
                return truth.not_to_hand_over
        elif not met[name]:
            return _LOCKED[name]
    return ""
