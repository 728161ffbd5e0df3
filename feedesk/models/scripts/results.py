"""Does it work? What came of the contacts in which a script was said: uses → promises → kept → paid within 14 days.

Pure: the contacts, their promises as judged by `models.promises`, and the money of their owners are handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from feedesk.models.accounts import DebtorType
from feedesk.models.contacts import Channel, Outcome, PromiseState, outcome_spec
from feedesk.models.promises import TOO_FEW, Arrival, JudgedPromise, net

K = TypeVar("K", bound=Hashable)

ENOUGH_USES = 10
"""Of fewer uses no share is told (issue: 样本不足 under 10)."""
PAID_WITHIN = 14
"""Days after the contact, the last included."""
_SAID_TO_NOBODY_REACHED = frozenset({Outcome.SENT, Outcome.HUNG_UP})
"""A message was read or not, a call was cut off: the words were used all the same."""
DEFINITION = (
    "一次 = 说给业主本人听了，或发出了；没人接、没见到的不算，作废的不算，一次谈几套算一次。"
    f"兑现 = 按时足额。{PAID_WITHIN} 天内到账 = 之后 {PAID_WITHIN} 天里这位业主名下有任何一笔到账，不一定全因这篇话术。"
    f"占比不计还没满 {PAID_WITHIN} 天又没到账的；不足 {ENOUGH_USES} 次的不算占比。"
)
"""How it is counted, in words."""


@dataclass(frozen=True, slots=True)
class Use:
    """A script said in one contact, about however many units."""

    contact_id: int
    at: datetime
    ref: str
    """Script and version, as the contact remembers it."""
    techniques: tuple[int, ...]
    debtor_type: DebtorType
    staff_id: int
    staff_name: str
    owner_ids: frozenset[int]
    """Whose units it was about."""


@dataclass(frozen=True, slots=True)
class UseResult:
    """What came of one use."""

    use: Use
    promised: bool
    kept: bool
    paid: bool
    waiting: bool
    """Not paid, and the 14 days are not over."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Uses counted."""

    uses: int = 0
    promised: int = 0
    kept: int = 0
    paid: int = 0
    waiting: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether shares may be told."""
        return self.uses >= ENOUGH_USES

    def share_text(self) -> str:
        """Paid within 14 days of the uses of which that is known: 「45%」, or 样本不足."""
        known = self.uses - self.waiting
        return _percent(self.paid, known) if self.is_enough and known >= ENOUGH_USES else TOO_FEW

    def promise_text(self) -> str:
        """Promises of all uses: 「45%」, or 样本不足."""
        return _percent(self.promised, self.uses) if self.is_enough else TOO_FEW

    def chain(self) -> str:
        """「38 次 → 承诺 17 → 兑现 11 → 14 天内到账 14」."""
        return f"{self.uses:,} 次 → 承诺 {self.promised:,} → 兑现 {self.kept:,} → {PAID_WITHIN} 天内到账 {self.paid:,}"

    def line(self) -> str:
        """What stands beside the choice of a script."""
        if not self.uses:
            return "这一篇还没有用过"
        return f"这一篇 {self.chain()}" if self.is_enough else f"这一篇用过 {self.uses} 次，{TOO_FEW}"


def _percent(part: int, whole: int) -> str:
    """Whole percent, half up, without floats."""
    return f"{(200 * part + whole) // (2 * whole)}%"


def is_use(channel: Channel, outcome: Outcome) -> bool:
    """Whether the words were said to the owner or sent; a script on the screen while nobody answers is no use of it."""
    return outcome_spec(channel, outcome).reached or outcome in _SAID_TO_NOBODY_REACHED


def is_paid_after(at: datetime, arrivals: Iterable[Arrival]) -> bool:
    """Whether money came after `at` and not later than 14 days; `arrivals` are those that stayed."""
    last = at.date() + timedelta(days=PAID_WITHIN)
    return any(at < one.moment and one.moment.date() <= last for one in arrivals)


def results(
    uses: Iterable[Use],
    promises: Iterable[JudgedPromise],
    arrivals: Mapping[int, Sequence[Arrival]],
    today: date,
) -> tuple[UseResult, ...]:
    """What came of each use; a contact given twice counts once.

    `arrivals`: by owner, all money of his accounts. A promise that is void (said of money already paid) is none.
    """
    said: dict[int, list[JudgedPromise]] = defaultdict(list)
    for one in promises:
        if one.state is not PromiseState.VOID:
            said[one.promise.contact_id].append(one)
    stayed = {owner_id: net(money) for owner_id, money in arrivals.items()}
    found: dict[int, UseResult] = {}
    for use in uses:
        own = said[use.contact_id]
        paid = any(is_paid_after(use.at, stayed.get(owner_id, ())) for owner_id in use.owner_ids)
        found[use.contact_id] = UseResult(
            use,
            promised=bool(own),
            kept=bool(own) and all(one.state is PromiseState.KEPT and not one.is_late for one in own),
            paid=paid,
            waiting=not paid and today <= use.at.date() + timedelta(days=PAID_WITHIN),
        )
    return tuple(found.values())


def tally(found: Iterable[UseResult]) -> Tally:
    """These counted together."""
    rows = list(found)
    return Tally(
        len(rows),
        sum(one.promised for one in rows),
        sum(one.kept for one in rows),
        sum(one.paid for one in rows),
        sum(one.waiting for one in rows),
    )


def by_script(found: Iterable[UseResult]) -> dict[str, Tally]:
    """By script and version."""
    return _grouped((one.use.ref, one) for one in found)


def by_technique(found: Iterable[UseResult]) -> dict[int, Tally]:
    """By technique; a script with two counts for both, one with none under 0."""
    return _grouped((number, one) for one in found for number in one.use.techniques or (0,))


def by_type(found: Iterable[UseResult]) -> dict[DebtorType, Tally]:
    """By debtor type."""
    return _grouped((one.use.debtor_type, one) for one in found)


def by_clerk(found: Iterable[UseResult]) -> dict[int, Tally]:
    """By the clerk who logged the contact."""
    return _grouped((one.use.staff_id, one) for one in found)


def _grouped(pairs: Iterable[tuple[K, UseResult]]) -> dict[K, Tally]:
    groups: dict[K, list[UseResult]] = defaultdict(list)
    for key, one in pairs:
        groups[key].append(one)
    counted = [(key, tally(rows)) for key, rows in groups.items()]
    return dict(sorted(counted, key=lambda pair: -pair[1].uses))
