"""Which debtor type the records suggest, and why (domain §4). The clerk confirms it; nothing is switched silently.

What stands in the way of asking for money comes first (an objection, no way to reach the owner, a repair), then how the
owner has behaved, then what kind of unit it is. Hardship, unclear responsibility, a unit that is hard to let and the like
are known to people only and never suggested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, Category, DebtorType, FlagKind
from feedesk.models.contacts import Channel, Outcome, outcome_spec
from feedesk.models.disputes import is_defect
from feedesk.models.letters import WRITTEN_DEMANDS
from feedesk.models.status import AccountFacts, AccountState, ContactFacts
from feedesk.models.traits import STANDING_VISITS, VACANT

BROKEN_PROMISES = 2
DEAD_NUMBERS = 3
MISSED_DAYS = 3
"""Days with calls, running, on which nobody answered any of them: three tries on one day say little."""
LONG_UNPAID_DAYS = 90
LONG_UNPAID_LETTERS = 2
_MISSED = frozenset({Outcome.NO_ANSWER, Outcome.OFF, Outcome.DEAD_NUMBER})
_FAILED = frozenset({Outcome.OFF, Outcome.DEAD_NUMBER})
_LATELY_DAYS = 30
_SAYS_NOTHING = frozenset({Outcome.NOBODY, Outcome.CARD_LEFT, Outcome.SENT})


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What is on file that speaks for one type or another."""

    broken_promises: int = 0
    numbers_all_dead: bool = False
    dead_numbers: int = 0
    has_working_number: bool = False
    """Some number was answered when last dialled."""
    missed_days: int = 0
    """See `missed_days`."""
    has_spoken_lately: bool = False
    """See `spoken_lately`."""
    has_open_dispute: bool = False
    dispute_kind: str = ""
    repair_flag: bool = False
    """Finance's remark mentions a repair."""
    last_outcome: Outcome | None = None
    category: Category | None = None
    overdue_days: int = 0
    letters: int = 0
    """催缴通知书 and 催费函 with proof of service; a 催款单 is none (domain §6)."""
    residence: str = ""
    property_kind: str = ""

    @classmethod
    def of(cls, facts: AccountFacts, state: AccountState) -> TypeFacts:
        """From what the records say of one account, as far as the present debt goes."""
        present = facts.of_present_debt()
        last = present.last
        return cls(
            broken_promises=state.broken_count,
            numbers_all_dead=facts.numbers_all_dead,
            dead_numbers=facts.dead_numbers,
            has_working_number=facts.has_working_number,
            missed_days=missed_days(present.contacts),
            has_spoken_lately=spoken_lately(present.contacts),
            has_open_dispute=facts.is_disputed,
            dispute_kind=facts.dispute_kind,
            repair_flag=FlagKind.REPAIR in facts.flags,
            last_outcome=last.outcome if last else None,
            category=facts.category,
            overdue_days=state.overdue_days,
            letters=sum(paper.kind in WRITTEN_DEMANDS and paper.is_proven for paper in facts.papers),
            residence=facts.residence,
            property_kind=facts.property_kind,
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type and why the file suggests it."""

    debtor_type: DebtorType
    why: str

    @property
    def is_plain(self) -> bool:
        """Nothing special is on file: there is nothing to confirm."""
        return self.debtor_type is DebtorType.UNPAID

    @property
    def text(self) -> str:
        """「答应了，总不来（失约 2 次）」."""
        return f"{DEBTOR_TYPE_LABELS[self.debtor_type]}（{self.why}）"


def suggest_type(facts: TypeFacts) -> Suggestion:
    """The first that applies of: objection, cannot be reached, repair, letters in vain, promises broken, vacant, shop or
    villa, away; else nothing special.
    """
    if facts.has_open_dispute:
        about = f"（{facts.dispute_kind}）" if facts.dispute_kind else ""
        kind = DebtorType.DEFECTS if is_defect(facts.dispute_kind) else DebtorType.MISUNDERSTANDING
        return Suggestion(kind, f"有未结的异议{about}，先跟进处理再谈费用")
    unreachable = _unreachable(facts)
    if unreachable:
        return Suggestion(DebtorType.UNREACHABLE, unreachable)
    if facts.repair_flag:
        return Suggestion(DebtorType.DEFECTS, "财务备注提到维修或房屋问题")
    if facts.overdue_days >= LONG_UNPAID_DAYS and facts.letters >= LONG_UNPAID_LETTERS:
        why = f"逾期 {facts.overdue_days:,} 天，书面催缴已送达 {facts.letters} 次，没有异议"
        return Suggestion(DebtorType.LONG_UNPAID, why)
    if facts.broken_promises >= BROKEN_PROMISES:
        return Suggestion(DebtorType.YES_NEVER_COMES, f"失约 {facts.broken_promises} 次")
    if facts.residence == VACANT:
        return Suggestion(DebtorType.SPECULATIVE, "资料里记着投资空置")
    if facts.property_kind in STANDING_VISITS:
        return Suggestion(DebtorType.SHOP_VILLA, f"资料里记着{facts.property_kind}")
    if facts.last_outcome is Outcome.AWAY or facts.category is Category.D:
        away = facts.last_outcome is Outcome.AWAY
        return Suggestion(DebtorType.BUSY, "上次说人在外地" if away else "已归为 D 类异地")
    return Suggestion(DebtorType.UNPAID, "没有特别情况")


_HEARD_BY = (DebtorType.DEFECTS, DebtorType.MISUNDERSTANDING, DebtorType.UNCLEAR)
"""Types whose words hear an objection before they speak of money."""


def script_type(
    chosen: DebtorType | None, suggestion: Suggestion, broken_promises: int, *, is_disputed: bool = False
) -> DebtorType:
    """The type whose script is read: the one settled, else the one suggested; after a first broken promise the call is
    about that promise (technique 2), although one makes no type yet. While an objection holds the account it is heard
    first (domain §6, last line), whatever type was settled before.
    """
    if is_disputed and chosen is not None and chosen not in _HEARD_BY:
        return suggestion.debtor_type
    if chosen is None and suggestion.is_plain and broken_promises:
        return DebtorType.YES_NEVER_COMES
    return chosen or suggestion.debtor_type


def spoken_lately(contacts: Iterable[ContactFacts]) -> bool:
    """Whether the owner was spoken to, by whatever way, after the last number failed or in the month before: who gave his
    word last week can be reached, though a number has gone dead since.
    """
    kept = tuple(contacts)
    talks = [one.at for one in kept if outcome_spec(one.channel, one.outcome).reached]
    failed = [one.at for one in kept if one.outcome in _FAILED]
    return bool(talks) and (not failed or (max(failed) - max(talks)).days < _LATELY_DAYS)


def missed_days(contacts: Iterable[ContactFacts]) -> int:
    """On how many of the last days with calls, running, none got through; a talk of any kind ends the run.

    Texts sent and visits that found nobody neither count nor end it.
    """
    by_day: dict[date, bool] = {}
    for contact in contacts:
        if contact.outcome in _SAYS_NOTHING:
            continue
        day, missed = contact.at.date(), contact.channel is Channel.PHONE and contact.outcome in _MISSED
        by_day[day] = by_day.get(day, True) and missed
    count = 0
    for _day, missed in sorted(by_day.items(), reverse=True):
        if not missed:
            break
        count += 1
    return count


def _unreachable(facts: TypeFacts) -> str:
    if facts.has_spoken_lately and facts.missed_days < MISSED_DAYS:
        return ""
    if facts.numbers_all_dead:
        return "登记的号码都打不通"
    if facts.dead_numbers >= DEAD_NUMBERS and not facts.has_working_number:
        return f"{facts.dead_numbers} 个号码停机或空号，还没有打通过的"
    if facts.missed_days >= MISSED_DAYS:
        return f"连续 {facts.missed_days} 天打过都没接通"
    return "已归为 C 类无法联系" if facts.category is Category.C else ""
