"""Objections 异议: kinds and departments, what one holds, what is wrong with one, and what follows its end (domain §9).

Pure. An objection is about the whole account or about some of its charge lines; only what it is about is held, the
other lines go on. What is our own fault, or a defect of the building, is mended and reported back before anybody asks
for the money (domain §6, last line).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from feedesk.models.charges import Charge
from feedesk.models.days import short_day, show_day
from feedesk.models.money import show_yuan
from feedesk.models.service import ProofFile

REVIEW_DAYS = 7
"""After how many days an objection is looked at again, unless the clerk says otherwise."""
MOST_REVIEW_DAYS = 60
"""Nobody may put an objection out of sight for longer than this."""
_OLD_DEBT_DAYS = 365


@dataclass(frozen=True, slots=True)
class DisputeKind:
    """One kind as offered, and who looks into it first."""

    label: str
    department: str
    is_defect: bool = False
    """Something of the building is to be mended: the debtor type is 整改; any other objection is 误会或不愉快."""
    about_lines: bool = False
    """It is about certain charges, the others are not touched by it."""
    is_legacy: bool = False
    """历史遗留: the old tangled lines are settled first, the present ones go on."""


DISPUTE_KINDS = (
    DisputeKind("房屋质量", "工程部", is_defect=True),
    DisputeKind("公共设施", "工程部", is_defect=True),
    DisputeKind("服务不满", "客服部"),
    DisputeKind("金额不符", "财务部", about_lines=True),
    DisputeKind("收费标准", "财务部", about_lines=True),
    DisputeKind("安全秩序", "秩序部"),
    DisputeKind("邻里纠纷", "客服部"),
    DisputeKind("历史遗留", "组团负责人", about_lines=True, is_legacy=True),
    DisputeKind("其他", "客服部"),
)
DEFECTS = tuple(kind.label for kind in DISPUTE_KINDS if kind.is_defect)
OTHER_KIND = "其他"

DEPARTMENTS = ("工程部", "客服部", "秩序部", "环境部", "财务部", "开发商", "组团负责人")


def kind_of(label: str) -> DisputeKind:
    """The kind of that name; words of the clerk's own are a kind about the whole account."""
    return next((known for known in DISPUTE_KINDS if known.label == label), DisputeKind(label, ""))


def department_for(kind: str) -> str:
    """The department that answers for a kind; empty for words of the clerk's own."""
    return kind_of(kind).department


def is_defect(kind: str) -> bool:
    """Whether an objection of this kind is about something to be mended."""
    return kind_of(kind).is_defect


def must_mend(kind: str, is_ours: bool | None) -> bool:
    """Whether it is solved and reported back before the money is asked for: our own fault, or a defect."""
    return is_ours is True or is_defect(kind)


def proposed_lines(kind: str, charges: Sequence[Charge], today: date, current: int | None = None) -> tuple[int, ...]:
    """Ids of the open charges that an objection of this kind is likely about; none: the whole account.

    A kind about lines takes the one in hand; 历史遗留 takes what has been due for over a year, else the oldest; where
    only one line is open it is that one.
    """
    if not kind_of(kind).about_lines:
        return ()
    still_open = [charge for charge in charges if charge.owed > 0]
    if kind_of(kind).is_legacy:
        old = tuple(charge.id for charge in still_open if charge.overdue_days(today) > _OLD_DEBT_DAYS)
        return old or tuple(charge.id for charge in still_open[:1])
    if current is not None and any(charge.id == current for charge in still_open):
        return (current,)
    return (still_open[0].id,) if len(still_open) == 1 else ()


def first_review(opened_on: date) -> date:
    """The review day proposed."""
    return opened_on + timedelta(days=REVIEW_DAYS)


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


def line_hold_text(kind: str, review_on: date | None, *, is_resolved: bool) -> str:
    """Why a line is held, as its bill says: 「金额不符异议，11-24 复查」."""
    if is_resolved:
        return f"{kind}异议已处理，先回复业主"
    return f"{kind}异议" + (f"，{review_on:%m-%d} 复查" if review_on else "")


def account_hold_text(kind: str, review_on: date | None, *, is_resolved: bool) -> str:
    """Why a whole account is left out of letters."""
    if is_resolved:
        return f"{kind}异议已处理，先回复业主再催"
    return f"{kind}异议未解决，暂缓" + (f"到 {review_on:%m-%d}" if review_on else "")


def held_sum(charges: Sequence[Charge]) -> int:
    """What of the open charges is held, in 分: not asked for on the phone, on paper or by text."""
    return sum(charge.owed for charge in charges if charge.owed > 0 and charge.hold)


def held_words(charges: Sequence[Charge]) -> str:
    """「其中 ¥446.35 异议暂缓」, 「全部异议暂缓」; 暂缓 alone where a line is held by hand; empty when nothing is held."""
    still_open = [charge for charge in charges if charge.owed > 0]
    held = [charge for charge in still_open if charge.hold]
    if not held:
        return ""
    word = "异议暂缓" if all(charge.dispute_id for charge in held) else "暂缓"
    return f"全部{word}" if len(held) == len(still_open) else f"其中 {show_yuan(held_sum(held))} {word}"


@dataclass(frozen=True, slots=True)
class DisputeDraft:
    """An objection before it is on record. `charge_ids` empty: about the whole account."""

    account_id: int
    kind: str
    department: str = ""
    note: str = ""
    charge_ids: tuple[int, ...] = ()
    is_written: bool = False
    is_ours: bool | None = None
    hold: bool = True
    review_on: date | None = None
    """None: `first_review`."""


class DisputeField(StrEnum):
    """Where in the dialog a problem is shown."""

    KIND = "kind"
    NOTE = "note"
    LINES = "lines"
    HOLD = "hold"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class DisputeProblem:
    """Why a draft cannot be saved: the field beside which `text`, one Chinese sentence, stands."""

    field: DisputeField
    text: str


def problems(
    draft: DisputeDraft, charges: Sequence[Charge], running: Sequence[Dispute], today: date
) -> list[DisputeProblem]:
    """What must be mended before the draft may be saved, in the order of the dialog.

    `charges` are those of the account, `running` its objections not yet resolved.
    """
    found: list[DisputeProblem] = []
    if not draft.kind.strip():
        found.append(DisputeProblem(DisputeField.KIND, "请选异议是哪一类，好转给责任部门。"))
    if not draft.note.strip():
        found.append(DisputeProblem(DisputeField.NOTE, "请写业主对什么有异议，责任部门照着去查。"))
    still_open = {charge.id for charge in charges if charge.owed > 0}
    if not set(draft.charge_ids) <= still_open:
        found.append(DisputeProblem(DisputeField.LINES, "选中的账单里有一笔已缴清或已变动，请重新选。"))
    elif clash := overlap(draft.kind, draft.charge_ids, running):
        found.append(DisputeProblem(DisputeField.LINES, clash))
    if not draft.hold and must_mend(draft.kind, draft.is_ours):
        found.append(DisputeProblem(DisputeField.HOLD, "我方责任和房屋设施的问题先解决再谈缴费，要暂缓。"))
    text = review_problem(draft.review_on, today) if draft.review_on else ""
    if text:
        found.append(DisputeProblem(DisputeField.REVIEW, text))
    return found


def overlap(kind: str, charge_ids: Collection[int], running: Sequence[Dispute]) -> str:
    """Why there is such an objection already: the same line in one not yet resolved, or the same kind for the account."""
    for one in running:
        if one.state is not DisputeState.OPEN:
            continue
        both = [line for line in one.lines if line.charge_id in charge_ids]
        if both:
            return f"“{both[0].text}”已有{one.kind}异议在办，请接着记进展。"
        if not one.lines and not charge_ids and one.kind == kind:
            return f"整户已有{one.kind}异议在办，请接着记进展。"
    return ""


def review_problem(review_on: date, today: date) -> str:
    """Why an objection cannot be reviewed on that day; empty when it can."""
    if review_on < today:
        return "复查日已经过去了。"
    if review_on > today + timedelta(days=MOST_REVIEW_DAYS):
        return f"复查日最远 {MOST_REVIEW_DAYS} 天，免得搁置。"
    return ""


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One line of the list 异议与遗留. Money in 分."""

    dispute: Dispute
    room: str
    name: str
    held: int
    """What is open of what it holds; 0 when it holds nothing."""
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class DisputeFigures:
    """统计: how many objections run, how old they are, by department."""

    open: int
    to_report: int
    oldest_days: int
    average_days: int
    """Mean age, to the nearest day."""
    held: int
    """分 held; what two objections hold counts once for each account held whole."""
    by_department: tuple[tuple[str, int, int], ...]
    """(department, how many, the oldest in days), most first."""

    @property
    def text(self) -> str:
        """「12 件未办结 · 最久 41 天 · 平均 9 天 · 3 件待回复业主」."""
        if not self.open:
            return "没有未办结的异议"
        parts = [f"{self.open:,} 件未办结", f"最久 {self.oldest_days:,} 天", f"平均 {self.average_days:,} 天"]
        return " · ".join(parts + [f"{self.to_report:,} 件待回复业主"] * bool(self.to_report))


def figures(rows: Sequence[DisputeRow], today: date) -> DisputeFigures:
    """Count the objections that are not closed; closed ones among `rows` are passed over."""
    running = [row for row in rows if row.dispute.state is not DisputeState.CLOSED]
    ages = [row.dispute.age(today) for row in running]
    by: dict[str, list[int]] = {}
    for row, age in zip(running, ages, strict=True):
        by.setdefault(row.dispute.department or "未定部门", []).append(age)
    whole = {row.dispute.account_id: row.held for row in running if row.dispute.holds is Scope.ACCOUNT}
    lines = {
        line.charge_id: line.owed
        for row in running
        if row.dispute.holds is Scope.LINES and row.dispute.account_id not in whole
        for line in row.dispute.lines
    }
    return DisputeFigures(
        open=len(running),
        to_report=sum(row.dispute.state is DisputeState.RESOLVED for row in running),
        oldest_days=max(ages, default=0),
        average_days=(2 * sum(ages) + len(ages)) // (2 * len(ages)) if ages else 0,
        held=sum(whole.values()) + sum(lines.values()),
        by_department=tuple(
            sorted(((name, len(found), max(found)) for name, found in by.items()), key=lambda each: (-each[1], each[0]))
        ),
    )


@dataclass(frozen=True, slots=True)
class DisputeChange:
    """What is to be otherwise about a running objection; None leaves it as it is."""

    department: str | None = None
    review_on: date | None = None
    hold: bool | None = None
    is_ours: bool | None = None
