"""One objection on record: where it stands, what it holds, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from feedesk.models.days import short_day, show_day
from feedesk.models.disputes.kinds import must_mend
from feedesk.models.service import ProofFile


class DisputeOutcome(StrEnum):
    """How an objection ended: the closed list."""

    MENDED = "mended"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


class OutcomeOffer(NamedTuple):
    """An outcome as offered: its words, and what is told to the owner before he is asked for the money again."""

    outcome: DisputeOutcome
    label: str
    follows: str


OUTCOMES = (
    OutcomeOffer(DisputeOutcome.MENDED, "已修复", "问业主修得怎么样，他认可了再约缴费日"),
    OutcomeOffer(DisputeOutcome.EXPLAINED, "已解释", "问业主还有没有疑问，说清了再约缴费日"),
    OutcomeOffer(DisputeOutcome.CORRECTED, "金额更正", "请财务改好账单，把新金额告诉业主，再约缴费日"),
    OutcomeOffer(DisputeOutcome.PARTLY, "部分成立·减免", "先在账单办好减免，把减后的金额告诉业主，再约缴费日"),
    OutcomeOffer(DisputeOutcome.UNFOUNDED, "不成立·已书面答复", "打电话问业主收到答复没有，再约缴费日"),
    OutcomeOffer(DisputeOutcome.WITHDRAWN, "业主撤回", "谢谢业主，再约缴费日"),
    OutcomeOffer(DisputeOutcome.OTHER, "其他", "把处理结果告诉业主，再约缴费日"),
)
OUTCOME_LABELS = {offer.outcome: offer.label for offer in OUTCOMES}
_FOLLOWS = {offer.outcome: offer.follows for offer in OUTCOMES}
REPORT_WAYS = ("电话", "微信/短信", "当面", "书面")
"""How an owner was told what came of his objection; the clerk may write other words."""


class EventKind(StrEnum):
    """What happened to an objection while it ran."""

    PROGRESS = "progress"
    AGAIN = "again"
    DEPARTMENT = "department"
    REVIEW = "review"
    HOLD = "hold"
    OURS = "ours"
    FILES = "files"
    RESOLVED = "resolved"
    REPORTED = "reported"
    REOPENED = "reopened"


EVENT_LABELS = {
    EventKind.PROGRESS: "进展",
    EventKind.AGAIN: "业主再次提出",
    EventKind.DEPARTMENT: "转部门",
    EventKind.REVIEW: "改复查日",
    EventKind.HOLD: "改暂缓",
    EventKind.OURS: "责任",
    EventKind.FILES: "加照片",
    EventKind.RESOLVED: "结案",
    EventKind.REPORTED: "已回复业主",
    EventKind.REOPENED: "重新处理",
}


@dataclass(frozen=True, slots=True)
class DisputeEvent:
    """One step on record."""

    at: datetime
    what: EventKind
    words: str
    staff_name: str

    @property
    def text(self) -> str:
        """「进展：工程部约周三上门」."""
        label = EVENT_LABELS[self.what]
        return f"{label}：{self.words}" if self.words else label


class DisputeState(StrEnum):
    """Where an objection stands."""

    OPEN = "open"
    RESOLVED = "resolved"
    """An outcome is there, the owner has not been told."""
    CLOSED = "closed"


STATE_LABELS = {DisputeState.OPEN: "办理中", DisputeState.RESOLVED: "待回复业主", DisputeState.CLOSED: "已办结"}


class Scope(StrEnum):
    """What an objection holds now."""

    ACCOUNT = "account"
    LINES = "lines"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class DisputedLine:
    """A charge that an objection is about; `owed` 分 is what is still open of it."""

    charge_id: int
    text: str
    """「2026年7–9月 物业费」."""
    owed: int


def is_holding(*, hold: bool, must: bool, is_resolved: bool, is_reported: bool) -> bool:
    """The one rule for whether an objection holds what it is about.

    It holds as the clerk chose, and what must be mended first whatever was chosen, until it is resolved and the owner
    has been told: nobody is asked for money over an answer he has not heard (domain §6, §9).
    """
    return (hold or must) and not (is_resolved and is_reported)


@dataclass(frozen=True, slots=True)
class Dispute:
    """One objection on record. `lines` empty: it is about the whole account."""

    id: int
    account_id: int
    kind: str
    department: str
    note: str
    """What the owner objects to, in the clerk's words."""
    is_written: bool
    is_ours: bool | None
    """Whether it is our own fault; None while nobody has found out."""
    hold: bool
    """As chosen; see `holds` for what follows."""
    review_on: date | None
    opened_at: datetime
    opened_by: str
    lines: tuple[DisputedLine, ...] = ()
    resolved_at: datetime | None = None
    outcome: DisputeOutcome | None = None
    resolution: str = ""
    reported_at: datetime | None = None
    reported_how: str = ""
    events: tuple[DisputeEvent, ...] = ()
    files: tuple[ProofFile, ...] = ()
    contact_id: int | None = None

    @property
    def state(self) -> DisputeState:
        """Where it stands."""
        if self.resolved_at is None:
            return DisputeState.OPEN
        return DisputeState.CLOSED if self.reported_at else DisputeState.RESOLVED

    @property
    def must_mend(self) -> bool:
        """Whether it is solved and reported back before the money is asked for."""
        return must_mend(self.kind, self.is_ours)

    @property
    def holds(self) -> Scope:
        """What it holds now."""
        holding = is_holding(
            hold=self.hold,
            must=self.must_mend,
            is_resolved=self.resolved_at is not None,
            is_reported=self.reported_at is not None,
        )
        if not holding:
            return Scope.NOTHING
        return Scope.LINES if self.lines else Scope.ACCOUNT

    @property
    def outcome_text(self) -> str:
        """The outcome in words; empty while there is none."""
        return OUTCOME_LABELS[self.outcome] if self.outcome else ""

    def age(self, today: date) -> int:
        """Days since it was raised, up to the day the owner was told."""
        until = self.reported_at.date() if self.reported_at and self.resolved_at else today
        return max(0, (until - self.opened_at.date()).days)

    def is_due(self, today: date) -> bool:
        """Whether somebody must see to it today: its review day has come, or the owner is to be told."""
        if self.state is DisputeState.RESOLVED:
            return True
        return self.state is DisputeState.OPEN and (self.review_on is None or self.review_on <= today)

    def about_text(self) -> str:
        """What it is about: 「整户」, 「2026年7–9月 物业费」, 「3 笔」."""
        if not self.lines:
            return "整户"
        return self.lines[0].text if len(self.lines) == 1 else f"{len(self.lines)} 笔"

    def holds_text(self) -> str:
        """What it holds, in words."""
        if self.holds is Scope.NOTHING:
            return "不暂缓"
        return "暂缓整户" if self.holds is Scope.ACCOUNT else f"暂缓 {len(self.lines)} 笔"

    def ours_text(self) -> str:
        """Whose fault, in words."""
        return {True: "我方责任", False: "不是我方责任", None: "责任未查清"}[self.is_ours]

    def review_text(self, today: date) -> str:
        """When it is looked at again, or what it waits for."""
        if self.state is DisputeState.CLOSED:
            return "—"
        if self.state is DisputeState.RESOLVED:
            return "先回访"
        return show_day(self.review_on, today) if self.review_on else "等处理"

    def next_text(self, today: date) -> str:
        """The next thing to do, with its reason."""
        if self.state is DisputeState.CLOSED:
            return "已办结，可以照常联系。"
        if self.state is DisputeState.RESOLVED:
            what = _FOLLOWS[self.outcome] if self.outcome else _FOLLOWS[DisputeOutcome.OTHER]
            still = "回复之前仍暂缓。" if self.hold or self.must_mend else ""
            return f"先回访：{what}。{still}"
        who = self.department or "责任部门"
        if self.is_due(today):
            return f"到了复查的日子：先问{who}进展，再给业主一个说法。"
        first = "先解决、回复业主，再谈缴费。" if self.must_mend else ""
        when = short_day(self.review_on, today) if self.review_on else ""
        return f"交{who}处理，{when} 复查。{first}"
