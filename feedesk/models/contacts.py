"""A contact: what was tried, what came of it, what follows. Records only; proposals live in `followup`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedesk.models.accounts import Category, MarkKind, PhoneState


class Channel(StrEnum):
    """How an owner was contacted."""

    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"
    MAIL = "mail"
    COUNTER = "counter"


CHANNEL_LABELS = {
    Channel.PHONE: "电话",
    Channel.VISIT: "上门",
    Channel.MESSAGE: "微信/短信",
    Channel.MAIL: "函件",
    Channel.COUNTER: "业主来访",
}


class Outcome(StrEnum):
    """What came of a contact (disposition)."""

    PROMISED = "promised"
    NO_DAY = "no_day"
    SAYS_PAID = "says_paid"
    NO_ANSWER = "no_answer"
    OFF = "off"
    DEAD_NUMBER = "dead_number"
    AWAY = "away"
    REFUSED = "refused"
    DISPUTE = "dispute"
    RELATIVE = "relative"
    HUNG_UP = "hung_up"
    DO_NOT_CALL = "do_not_call"
    OTHER = "other"
    MET = "met"
    FAMILY = "family"
    NOBODY = "nobody"
    WONT_SEE = "wont_see"
    CARD_LEFT = "card_left"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class OutcomeSpec:
    """How an outcome is offered: its key on the pad, its words, its mark, and whether the owner was reached."""

    outcome: Outcome
    key: str
    label: str
    mark: MarkKind
    reached: bool


PHONE_OUTCOMES = (
    OutcomeSpec(Outcome.PROMISED, "1", "承诺缴费", MarkKind.PROMISED, True),
    OutcomeSpec(Outcome.NO_DAY, "2", "接通未定日期", MarkKind.OTHER, True),
    OutcomeSpec(Outcome.SAYS_PAID, "3", "已缴待核", MarkKind.VERIFY, True),
    OutcomeSpec(Outcome.NO_ANSWER, "4", "无人接听", MarkKind.NO_ANSWER, False),
    OutcomeSpec(Outcome.OFF, "5", "关机", MarkKind.NO_ANSWER, False),
    OutcomeSpec(Outcome.DEAD_NUMBER, "6", "停机/空号/错号", MarkKind.DEAD, False),
    OutcomeSpec(Outcome.AWAY, "7", "在外地", MarkKind.AWAY, True),
    OutcomeSpec(Outcome.REFUSED, "8", "拒绝", MarkKind.REFUSE, True),
    OutcomeSpec(Outcome.DISPUTE, "9", "有异议", MarkKind.HOLD, True),
    OutcomeSpec(Outcome.RELATIVE, "0", "家人或租客接听", MarkKind.OTHER, False),
    OutcomeSpec(Outcome.HUNG_UP, "-", "挂断", MarkKind.OTHER, False),
    OutcomeSpec(Outcome.DO_NOT_CALL, "=", "要求勿再来电", MarkKind.NO_CALL, True),
    OutcomeSpec(Outcome.OTHER, ".", "其他", MarkKind.OTHER, True),
)
"""By phone. The keys are the digit row of the keyboard, in the order of how often they are needed."""

VISIT_OUTCOMES = (
    OutcomeSpec(Outcome.MET, "1", "见到本人", MarkKind.OTHER, True),
    OutcomeSpec(Outcome.FAMILY, "2", "家人", MarkKind.OTHER, False),
    OutcomeSpec(Outcome.NOBODY, "3", "无人在家", MarkKind.NO_ANSWER, False),
    OutcomeSpec(Outcome.WONT_SEE, "4", "拒见", MarkKind.REFUSE, False),
    OutcomeSpec(Outcome.CARD_LEFT, "5", "留下联系卡", MarkKind.OTHER, False),
    OutcomeSpec(Outcome.PROMISED, "6", "承诺缴费", MarkKind.PROMISED, True),
    OutcomeSpec(Outcome.SAYS_PAID, "7", "已缴待核", MarkKind.VERIFY, True),
    OutcomeSpec(Outcome.REFUSED, "8", "拒绝", MarkKind.REFUSE, True),
    OutcomeSpec(Outcome.DISPUTE, "9", "有异议", MarkKind.HOLD, True),
)

MESSAGE_OUTCOMES = (
    OutcomeSpec(Outcome.SENT, "1", "已发出", MarkKind.OTHER, False),
    OutcomeSpec(Outcome.PROMISED, "2", "回复承诺缴费", MarkKind.PROMISED, True),
    OutcomeSpec(Outcome.SAYS_PAID, "3", "回复已缴", MarkKind.VERIFY, True),
    OutcomeSpec(Outcome.NO_DAY, "4", "回复未定日期", MarkKind.OTHER, True),
    OutcomeSpec(Outcome.REFUSED, "8", "回复拒绝", MarkKind.REFUSE, True),
    OutcomeSpec(Outcome.DISPUTE, "9", "回复有异议", MarkKind.HOLD, True),
)


def outcomes_for(channel: Channel) -> tuple[OutcomeSpec, ...]:
    """The outcomes offered for a channel, in the order of the pad."""
    if channel in (Channel.VISIT, Channel.COUNTER):
        return VISIT_OUTCOMES
    return MESSAGE_OUTCOMES if channel in (Channel.MESSAGE, Channel.MAIL) else PHONE_OUTCOMES


def outcome_spec(channel: Channel, outcome: Outcome) -> OutcomeSpec:
    """The spec of an outcome on a channel; falls back to any channel that has it."""
    for spec in outcomes_for(channel) + PHONE_OUTCOMES + VISIT_OUTCOMES + MESSAGE_OUTCOMES:
        if spec.outcome is outcome:
            return spec
    raise KeyError(outcome)


def phone_state_after(outcome: Outcome) -> PhoneState:
    """What a call taught about the number that was dialled."""
    return {
        Outcome.NO_ANSWER: PhoneState.NO_ANSWER,
        Outcome.OFF: PhoneState.OFF,
        Outcome.DEAD_NUMBER: PhoneState.DEAD,
    }.get(outcome, PhoneState.WORKS)


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """承诺缴费: `amount` 分 by `due_on`."""

    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """The owner says he has paid: `amount` 分 on `paid_on`, by `way` (现金/转账/微信/支付宝/POS/托收/其他)."""

    paid_on: date
    amount: int
    way: str
    note: str = ""


PAY_WAYS = ("转账", "微信", "支付宝", "现金", "POS", "托收", "其他")


WAITS_FOR_LEADER = "等负责人"


@dataclass(frozen=True, slots=True)
class NextAction:
    """When the account is looked at again, and why. `at` None: nothing is to be done until something happens."""

    at: datetime | None
    has_time: bool
    """False: a day; `at` then stands at 00:00."""
    reason: str
    waits_for: str = ""
    """Short word shown instead of a day: 等财务, 等负责人."""


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """What the dialog hands over; `account_ids` are all units the contact was about (it counts once)."""

    account_ids: tuple[int, ...]
    at: datetime
    channel: Channel
    number: str
    outcome: Outcome
    said: str
    category: Category | None
    next_action: NextAction
    promise: PromiseDraft | None = None
    claim: ClaimDraft | None = None
    dispute_kind: str = ""
    dispute_department: str = ""
    dispute_lines: tuple[int, ...] = ()
    """Ids of the charges that the objection is about; empty: it is about the whole account."""
    dispute_written: bool = False
    """The owner has put his objection in writing."""
    script_id: str = ""
    """Script and version shown while speaking, `type.step.channel@version`."""
    override_reason: str = ""
    """Why it was in order although the contact guard says otherwise; kept only where the guard does."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A logged contact. A mistake is voided with a reason and still shows."""

    id: int
    at: datetime
    channel: Channel
    number: str
    outcome: Outcome
    said: str
    category: Category | None
    staff_name: str
    next_at: datetime | None
    next_reason: str
    promise: PromiseDraft | None
    rooms: tuple[str, ...]
    voided: str = ""
    """「原因（日期 谁）」 when voided."""
    override: str = ""
    """「不在联系时段（…）；理由：业主来电」 when it was against the contact guard."""


class PromiseState(StrEnum):
    """Derived from what was paid since the promise, never stored."""

    OPEN = "open"
    KEPT = "kept"
    PART = "part"
    BROKEN = "broken"
    REPLACED = "replaced"
    VOID = "void"
    """Said in a contact that was voided, or of money that had been paid already."""
