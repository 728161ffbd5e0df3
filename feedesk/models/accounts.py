"""An account is one tenure of a unit by an owner; debts, promises and notices belong to it, never to the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DebtorType(StrEnum):
    """The eight debtor types of domain §4, with the five that other documents treat."""

    UNPAID = "unpaid"
    YES_NEVER_COMES = "yes_never_comes"
    UNREACHABLE = "unreachable"
    DEFECTS = "defects"
    UNLET = "unlet"
    MISUNDERSTANDING = "misunderstanding"
    BUSY = "busy"
    LONG_UNPAID = "long_unpaid"
    SPECULATIVE = "speculative"
    SHOP_VILLA = "shop_villa"
    RESIDENT = "resident"
    HARDSHIP = "hardship"
    UNCLEAR = "unclear"


DEBTOR_TYPE_LABELS = {
    DebtorType.UNPAID: "一般未缴",
    DebtorType.YES_NEVER_COMES: "答应了，总不来",
    DebtorType.UNREACHABLE: "联系不上",
    DebtorType.DEFECTS: "房屋整改中",
    DebtorType.UNLET: "房子一直没租出去",
    DebtorType.MISUNDERSTANDING: "有误会或不愉快",
    DebtorType.BUSY: "忙、在外、没时间",
    DebtorType.LONG_UNPAID: "长期未缴·多次催告",
    DebtorType.SPECULATIVE: "投资空置",
    DebtorType.SHOP_VILLA: "商铺或别墅",
    DebtorType.RESIDENT: "自住户",
    DebtorType.HARDSHIP: "确有困难",
    DebtorType.UNCLEAR: "责任不清的旧账",
}

FIRST_LIBRARY_TYPES = tuple(DebtorType)[:8]


class Category(StrEnum):
    """Classification after a contact (domain §4)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


CATEGORY_LABELS = {
    Category.A: "近期交纳",
    Category.B: "暂未明确",
    Category.C: "无法联系",
    Category.D: "异地",
    Category.E: "特殊拒交",
}


class Step(StrEnum):
    """Escalation ladder (domain §6)."""

    BILL = "0"
    REMINDER = "1"
    FIRST_CALL = "2"
    SECOND_CALL = "3"
    DEMAND = "4"
    LETTER = "5"
    MEDIATION = "5b"
    LAWYER = "6"
    PUBLIC_NOTICE = "7"
    COURT = "8"


STEP_LABELS = {
    Step.BILL: "0 通知",
    Step.REMINDER: "1 提醒",
    Step.FIRST_CALL: "2 首电",
    Step.SECOND_CALL: "3 再电",
    Step.DEMAND: "4 催款单",
    Step.LETTER: "5 催费函",
    Step.MEDIATION: "5b 调解",
    Step.LAWYER: "6 律师函",
    Step.PUBLIC_NOTICE: "7 公示",
    Step.COURT: "8 诉讼",
}


class PhoneState(StrEnum):
    """What is known about a number."""

    UNTRIED = "untried"
    WORKS = "works"
    NO_ANSWER = "no_answer"
    OFF = "off"
    DEAD = "dead"


PHONE_STATE_LABELS = {
    PhoneState.UNTRIED: "未打过",
    PhoneState.WORKS: "打得通",
    PhoneState.NO_ANSWER: "上次未接",
    PhoneState.OFF: "上次关机",
    PhoneState.DEAD: "停机或空号",
}


PHONE_SOURCES = ("本人告知", "合同", "交房登记", "过户945告知", "本人书面授权人")
"""Where a number added by hand may come from: the closed list of law §13.8, never an agent, friend or neighbour."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One number of an account. `source` is from law §13.8's closed list."""

    id: int
    number: str
    holder: str = "本人"
    source: str = "财务清单"
    state: PhoneState = PhoneState.UNTRIED

    @property
    def is_landline(self) -> bool:
        """Landlines are dialled first (domain §7)."""
        digits = "".join(char for char in self.number if char.isdigit())
        return not (len(digits) == 11 and digits.startswith("1"))


_FAILED = {PhoneState.NO_ANSWER: 1, PhoneState.OFF: 1, PhoneState.DEAD: 2}


def call_order(phones: list[Phone]) -> list[Phone]:
    """Landline first, then mobile; numbers that failed when last dialled go behind, dead ones last (domain §7)."""
    return sorted(phones, key=lambda phone: (_FAILED.get(phone.state, 0), not phone.is_landline, phone.id))


class MarkKind(StrEnum):
    """The one status mark of an account; the value is the icon's name after `mark-`."""

    PAID = "paid"
    PARTLY = "partly"
    PROMISED = "promised"
    DUE = "due"
    BROKEN = "broken"
    REFUSE = "refuse"
    HOLD = "hold"
    VERIFY = "verify"
    NO_ANSWER = "noanswer"
    DEAD = "dead"
    NO_CALL = "nocall"
    AWAY = "away"
    LIMIT = "limit"
    OPEN = "open"
    OTHER = "other"


class WorkGroup(StrEnum):
    """Groups of the 今日 page in the order they are worked through (domain §4, §7; law §9, §13).

    Those who are called every day come after those who have a day or a week of their own: on a full day it is they who
    come up again tomorrow.
    """

    LIMIT = "limit"
    BROKEN = "broken"
    DUE_TODAY = "due_today"
    INSTALMENT = "instalment"
    DUE_TOMORROW = "due_tomorrow"
    RETRY = "retry"
    PERIOD_OVER = "period_over"
    REVIEW = "review"
    FOLLOW_UP = "follow_up"
    NEW = "new"
    DAILY = "daily"
    VISIT = "visit"
    LEADER = "leader"


WORK_GROUP_LABELS = {
    WorkGroup.LIMIT: "时效将到，先保全",
    WorkGroup.BROKEN: "失约，先打",
    WorkGroup.DUE_TODAY: "今天到期",
    WorkGroup.INSTALMENT: "分期到期",
    WorkGroup.DUE_TOMORROW: "明天到期，今天提醒",
    WorkGroup.RETRY: "到点重拨",
    WorkGroup.PERIOD_OVER: "函件期限已过或该发函",
    WorkGroup.REVIEW: "异议到期复查",
    WorkGroup.FOLLOW_UP: "到期跟进",
    WorkGroup.NEW: "还没有通过话，先首电",
    WorkGroup.DAILY: "每天联系（B、D 类）",
    WorkGroup.VISIT: "上门（傍晚较好）",
    WorkGroup.LEADER: "E 类，等负责人定",
}


class Action(StrEnum):
    """The one thing to be done next for an account; WAIT and NONE always carry their reason."""

    CALL = "call"
    VISIT = "visit"
    SEARCH = "search"
    WRITE = "write"
    CHECK_MONEY = "check_money"
    ASK_LEADER = "ask_leader"
    REVIEW = "review"
    WAIT = "wait"
    NONE = "none"


ACTION_LABELS = {
    Action.CALL: "打电话",
    Action.VISIT: "上门",
    Action.SEARCH: "查号码",
    Action.WRITE: "发函",
    Action.CHECK_MONEY: "核对收款",
    Action.ASK_LEADER: "请负责人定",
    Action.REVIEW: "复查异议",
    Action.WAIT: "等",
    Action.NONE: "无",
}


class FlagKind(StrEnum):
    """Things to know before calling, found in finance's remarks."""

    TRANSFER = "transfer"
    PREPAID = "prepaid"
    REPAIR = "repair"
    ABSENT = "absent"


FLAG_LABELS = {
    FlagKind.TRANSFER: "可能已转账未入账，先请财务核对",
    FlagKind.PREPAID: "提到预缴或预存，先核对余额",
    FlagKind.REPAIR: "提到维修或房屋问题，先问进展",
    FlagKind.ABSENT: "提到不在本地或未收房，先核对情况",
}

_FLAG_WORDS = (
    (
        FlagKind.TRANSFER,
        ("转账", "已转", "已付", "汇款", "未到账", "待入账", "未入账", "待查", "已缴", "已交", "对账"),
    ),
    (FlagKind.PREPAID, ("预存", "预缴", "预交", "预付", "多交", "抵扣")),
    (FlagKind.REPAIR, ("漏水", "渗水", "维修", "整改", "质量", "返修", "墙", "开裂", "赔偿")),
    (FlagKind.ABSENT, ("未收房", "未收楼", "未交付", "空置", "开发商", "出国", "外地")),
)


def remark_flags(remark: str) -> tuple[FlagKind, ...]:
    """What a remark warns of, in the order of importance (domain §3, 误催)."""
    return tuple(kind for kind, words in _FLAG_WORDS if any(word in remark for word in words))


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One line of the owner table and of the 今日 queue: everything shown, nothing computed."""

    account_id: int
    owner_id: int
    room: str
    room_key: str
    name: str
    owed: int
    overdue_days: int
    oldest_due_on: date | None
    period_text: str
    category: Category | None
    step: Step
    debtor_type: DebtorType
    mark: MarkKind
    mark_text: str
    strong: bool
    """Whether the mark is set bold (broken, due)."""
    is_paid: bool
    is_former: bool
    """The tenure has ended; its debt stays with this owner."""
    next_at: datetime | None
    next_has_time: bool
    next_text: str
    """Follow-up as shown: 今天, 明天, 11-20 周五, 等财务."""
    last_at: datetime | None
    last_text: str
    group: WorkGroup | None
    """Where 今日 lists the account; None when nothing is to be done today."""
    why: str
    """Why now, or why nothing is to be done."""
    action: Action = Action.NONE
    limit_on: date | None = None
    """The last day of 诉讼时效 that comes first among the open lines, by the conservative clock."""
    severity: str = ""
    """A `models.traits.Severity`; empty when nothing is owed."""
    staff_id: int | None = None
    """The clerk whose account it is; None: nobody's."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account in full, for the panel. Money in 分."""

    row: OwnerRow
    unit_id: int
    building: str
    area: str
    """㎡ as finance writes it, empty when unknown."""
    name: str
    salutation: str
    """先生 / 女士 or empty."""
    tenant: str
    since: date | None
    until: date | None
    phones: tuple[Phone, ...]
    remark: str
    flags: tuple[FlagKind, ...]
    residence: str
    property_kind: str
    do_not_call: bool
    staff_id: int | None
    staff_name: str
    finance_number: str
    """The list's own number for the household, if it has one."""
    late_fee_fen: int
    """Finance's own 滞纳金, shown and kept apart from principal."""
    siblings: tuple[OwnerRow, ...] = ()
    """The other accounts of the same owner."""
    habit: str = ""
    """缴费习惯, see `traits.HABITS`."""
    attitude: str = ""
    """沟通态度, see `traits.ATTITUDES`."""
    sensitive: str = ""
    """Why nobody contacts the owner for now (病重, 丧事, …); empty: nothing is known that forbids it."""
    sensitive_until: date | None = None
    """The last day of it; None: until a person ends it."""

    @property
    def open_siblings(self) -> tuple[OwnerRow, ...]:
        """The owner's other units with something owed: one call, one letter is for them too."""
        return tuple(row for row in self.siblings if row.owed > 0)

    @property
    def owed_together(self) -> int:
        """What the owner owes for all his units."""
        return self.row.owed + sum(row.owed for row in self.siblings)

    @property
    def units_text(self) -> str:
        """「等 15 套」 after a room; empty for an owner who owes for one unit only."""
        count = (self.row.owed > 0) + len(self.open_siblings)
        return f"等 {count} 套" if count > 1 else ""
