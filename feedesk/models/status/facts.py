"""What the records say of one account, and what rows show of it: values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from feedesk.models.accounts import Action, Category, DebtorType, FlagKind, MarkKind, Step, WorkGroup
from feedesk.models.contacts import Channel, ClaimDraft, Outcome
from feedesk.models.ledger.plans import PlanVerdict
from feedesk.models.letters import PaperFacts
from feedesk.models.promises import still_open


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """承诺缴费: `amount` 分 by `due_on`, and the 分 that have come in since it was made."""

    due_on: date
    amount: int
    made_at: datetime
    paid_since: int = 0


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact that was not voided."""

    at: datetime
    channel: Channel
    outcome: Outcome
    said: str = ""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the records say of one account. Money in 分; order of promises and contacts does not matter."""

    account_id: int
    owed: int
    askable: int | None = None
    """What of it is not held, where a promise makes it count; None: all."""
    ever_owed: bool = True
    oldest_due_on: date | None = None
    settled_some: bool = False
    """Part of an open charge is settled."""
    promises: tuple[PromiseFacts, ...] = ()
    claim: ClaimDraft | None = None
    """标记已缴(待核), not yet settled by a list or a payment."""
    claimed_at: datetime | None = None
    """When that was said."""
    doubt: str = ""
    """Why its money must be checked before anybody calls: a statement line not yet booked, a list that contradicts."""
    plan: PlanVerdict | None = None
    """The instalment plan agreed last, while it runs or since it broke."""
    do_not_call: bool = False
    is_disputed: bool = False
    """An objection on hold is open."""
    dispute_kind: str = ""
    dispute_review_on: date | None = None
    to_report: str = ""
    """Kind of an objection that is settled, but of which the owner has not been told."""
    held_all: str = ""
    """Why every open line is held, each by itself; empty while one is not."""
    side_review_on: date | None = None
    """The first day of review among the objections that do not hold the whole account."""
    papers: tuple[PaperFacts, ...] = ()
    """What has gone out about the present debt."""
    owner_letters: tuple[PaperFacts, ...] = ()
    """Letters about the owner's other units after which nobody contacts him: silence is kept towards the person."""
    suit_elsewhere: str = ""
    """Room of another unit of the owner about which a suit is on file: it is against the person."""
    limit_on: date | None = None
    """The last day of 诉讼时效 that comes first among the open lines, by the conservative clock."""
    all_over: bool = False
    """诉讼时效 of every open line is over."""
    sensitive: str = ""
    """Why nobody contacts the owner for now."""
    sensitive_until: date | None = None
    contacts: tuple[ContactFacts, ...] = ()
    numbers_all_dead: bool = False
    has_number: bool = True
    """Some number is on file, whatever became of it."""
    live_numbers: int = 0
    """Numbers neither dead nor switched off when last dialled."""
    dead_numbers: int = 0
    has_working_number: bool = False
    """Some number was answered when last dialled."""
    residence: str = ""
    property_kind: str = ""
    next_at: datetime | None = None
    """Next follow-up as planned with the last contact."""
    next_has_time: bool = False
    next_reason: str = ""
    waits_for: str = ""
    """等财务, 等负责人, 改用书面: shown instead of a day."""
    replanned_at: datetime | None = None
    """When the follow-up was planned anew by hand since the last contact; None: it is that contact's."""
    paid_on: date | None = None
    """Day of the last settlement or payment."""
    paid_amount: int = 0
    paid_way: str = "财务清单"
    first_seen: datetime | None = None
    """When the present debt first came with a list: since the tenure began, or since it last owed nothing."""
    flags: tuple[FlagKind, ...] = ()
    cleared_at: datetime | None = None
    """When the balance was last zero."""
    is_former: bool = False
    step: Step = Step.REMINDER
    category: Category | None = None
    debtor_type: DebtorType = DebtorType.UNPAID

    @property
    def last(self) -> ContactFacts | None:
        """The last contact."""
        return max(self.contacts, key=lambda contact: contact.at, default=None)

    @property
    def last_talk(self) -> ContactFacts | None:
        """The last contact that was more than a text or letter of ours."""
        tried = [contact for contact in self.contacts if contact.outcome is not Outcome.SENT]
        return max(tried, key=lambda contact: contact.at, default=None)

    @property
    def last_at(self) -> datetime | None:
        """When the owner was last contacted."""
        return self.last.at if self.last else None

    @property
    def promise(self) -> PromiseFacts | None:
        """The promise that counts: the one made last; it replaces those before."""
        return max(self.promises, key=lambda promise: promise.made_at, default=None)

    @property
    def unreachable(self) -> str:
        """Why nobody can be rung at all; empty while a number is left."""
        if not self.has_number:
            return "没有登记号码"
        return "登记的号码都打不通" if self.numbers_all_dead else ""

    def promise_stands(self, today: date) -> bool:
        """Whether a day he has named is not over and money for it still to come."""
        promise = self.promise
        return promise is not None and promise.due_on >= today and promise.paid_since < promise.amount

    def still_promised(self, promise: PromiseFacts) -> int:
        """The 分 still to come for a promise, as far as they are owed and may be asked for."""
        return still_open(promise.amount, promise.paid_since, self.owed if self.askable is None else self.askable)

    def of_present_debt(self) -> AccountFacts:
        """Without what was said and promised before the balance was last zero: a new debt starts with a first call."""
        since = self.first_seen if self.cleared_at else None
        if since is None:
            return self
        old_plan = self.replanned_at is not None and self.replanned_at < since
        if not old_plan and all(contact.at >= since for contact in self.contacts):
            return self
        contacts = tuple(contact for contact in self.contacts if contact.at >= since)
        facts = replace(
            self, contacts=contacts, promises=tuple(promise for promise in self.promises if promise.made_at >= since)
        )
        if not old_plan and (contacts or self.replanned_at):
            return facts
        return replace(facts, next_at=None, next_has_time=False, next_reason="", waits_for="", replanned_at=None)


@dataclass(frozen=True, slots=True)
class AccountState:
    """What rows show of an account."""

    mark: MarkKind
    mark_text: str
    strong: bool
    group: WorkGroup | None
    action: Action
    why: str
    """Why now, or why nothing is to be done today."""
    priority: int
    """Smaller comes first."""
    next_text: str
    last_text: str
    overdue_days: int
    broken_count: int
