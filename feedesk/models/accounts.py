"""An account is one tenure of a unit by an owner; debts, promises and notices belong to it, never to the unit."""

from __future__ import annotations

import re
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
    NO_CALL = "no_call"
    PREPAID = "prepaid"
    REPAIR = "repair"
    ABSENT = "absent"


FLAG_LABELS = {
    FlagKind.TRANSFER: "可能已转账未入账，先请财务核对",
    FlagKind.NO_CALL: "备注说业主不要电话：先不打，核实后标勿电，改用书面",
    FlagKind.PREPAID: "提到预缴或预存，先核对余额",
    FlagKind.REPAIR: "提到维修或房屋问题，先问进展",
    FlagKind.ABSENT: "提到不在本地或未收房，先核对情况",
}

_REMARK_CLAUSE = re.compile(r"[^，,。；;、！!\s]+")
_DENIED = re.compile(r"(?:没有?|未|无|非|不|不是|不会|不肯|不愿意?|不同意|不需要?|无需|无法|拒绝|尚未|并无)$")
_TO_COME = re.compile(r"答应|承诺|约定|准备|打算|同意|月底|下周|下个?月|[明后]天|会转|可转|请|要求")
"""A transfer still to come is none yet…"""
_DONE = re.compile(r"已|过了|了$|[称说]")
"""…unless the same words call it done."""
_FLAG_PATTERNS = (
    (
        FlagKind.TRANSFER,
        re.compile(
            r"转账(?!附言|时|备注)|[已经]转(?!租|让|达|告|交|报|发|接|工程|部门|给?法务|学|院|卖|手)|汇款|汇了|打款|已[汇打](?!电话|过电话|印|扫|通)"
            r"|(?:微信|支付宝|扫码|网银|手机银行|刷卡|现金)(?:已|上)?(?:经)?(?:转|付|缴|交(?!流|接|谈))"
            r"|已(?:经)?(?:付|缴|交(?!房|付|楼|接|代|底|钥匙|材料|资料|工程|给?法务|律师))(?!.{0,2}(?:押金|保证金|定金|首付))(?!费?[至到])"
            r"|(?:称|说|讲)(?:早|都|是)?(?:就|已|已经)?(?:付|缴|交(?!房|楼|接))|(?:付|缴|交)过(?!房|电话)"
            r"|(?:未|没有?|尚未|待)(?:到账|入账|到帐|入帐|上账|认领)|到账查不到|查(?:不到|无)(?:此|这|该)?(?:笔|款|到账|入账|进账)"
            r"|未查到(?!产权|电话|号码|业主|人|房|此人)|(?<!号码)(?<!电话)(?<!产权)(?<!面积)(?<!身份)(?<!地址)待查|对账(?!无误|一致|完)"
            r"|(?:付款|转账|缴费|交费)(?:凭证|截图|记录|回单)|有回单|代扣(?!失败|不成)"
        ),
    ),
    (
        FlagKind.NO_CALL,
        re.compile(
            r"(?:不要|别|勿|莫|甭|不许|不准|不让|不得|不用|禁止)(?:再|总|老|随便)?(?:给.{1,3})?(?:打(?:电话|扰(?!租|老人|家人|邻居)|来|过来|了|$)|来电|致电|电话联系|电话催)"
            r"|勿(?:再)?(?:电|打)$|勿电|免打扰|电话勿扰|不(?:想|愿意?|希望|接受|同意|方便)(?:再)?(?:接(?:听|到)?|被|让人|收到)?(?:物业)?(?:的)?(?:打)?(?:任何)?(?:来?电话?(?:催|联系|打扰)?|电话)"
            r"|(?<!再)不打电话(?!就|不)|(?:只|仅|一律)(?:能|可|许|收|看|回|发|用|接受|接收|要)?(?:发|用)?(?:短信|微信|书面|信件|邮件|文字)"
            r"|要求(?:改?用?|以|发)?(?:书面|短信|文字|信函)|改(?:用|为|成)?(?:书面|短信|文字)(?:联系|通知|沟通)"
        ),
    ),
    (
        FlagKind.PREPAID,
        re.compile(r"预存|预缴|预交|预付|预收|多(?:交(?!流|代|往)|缴|付|收)|抵扣|冲抵|抵物业费|有余额|有结余"),
    ),
    (
        FlagKind.REPAIR,
        re.compile(
            r"[漏渗][水雨]|渗漏|返水|反水|积水|(?:待|未|没|报|正在|等|申请|要求|保)修(?!单|改)|维修(?!资金|基金|费)|整改|(?<!服务)质量|返工|开裂|裂缝|空鼓|发霉|脱落"
            r"|墙(?:面|皮|体|纸|角|上|内)?.{0,2}(?:裂|渗|漏|霉|脱|掉|鼓|潮|湿|坏|水)|外墙(?!涂)|赔偿|要求赔|(?:门|窗|窗户|门窗|地漏|下水|管道).{0,2}(?:坏|堵|漏|渗|破)"
        ),
    ),
    (
        FlagKind.ABSENT,
        re.compile(
            r"[未没](?:有)?(?:收房|收楼|交付|交房|入住|装修)|空置|空关|开发商|出国|国外|境外|海外|移民|外地(?!人|车|牌|号|户口|来)|不在(?:本地|本市|当地|家住)|常年不在|长期出差|不住(?:这|此|本|在)"
        ),
    ),
)


def remark_flags(remark: str) -> tuple[FlagKind, ...]:
    """What a remark warns of, in the order of importance (domain §3, 误催); what it denies or foresees is no warning."""
    clauses = _REMARK_CLAUSE.findall(remark)
    return tuple(kind for kind, pattern in _FLAG_PATTERNS if any(_warns(kind, pattern, clause) for clause in clauses))


def _warns(kind: FlagKind, pattern: re.Pattern[str], clause: str) -> bool:
    if kind is FlagKind.TRANSFER and _TO_COME.search(clause) and not _DONE.search(clause):
        return False
    hits = pattern.finditer(clause)
    return any(kind is FlagKind.NO_CALL or not _DENIED.search(clause, 0, hit.start()) for hit in hits)


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
