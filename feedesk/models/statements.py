"""对账: lines of bank statements and payment-app bills, and the proposals whom they are from. Amounts in 分."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from feedesk.models.ledger.payments import PayMethod


class StatementKind(StrEnum):
    """Where a statement comes from."""

    BANK = "bank"
    WECHAT = "wechat"
    ALIPAY = "alipay"


STATEMENT_KIND_LABELS = {
    StatementKind.BANK: "银行流水",
    StatementKind.WECHAT: "微信账单",
    StatementKind.ALIPAY: "支付宝账单",
}


class Direction(StrEnum):
    """Which way the money went."""

    IN = "in"
    OUT = "out"
    NEITHER = "neither"


class StatementColumn(StrEnum):
    """What a column of a statement means."""

    PAID_AT = "paid_at"
    IN_AMOUNT = "in_amount"
    OUT_AMOUNT = "out_amount"
    AMOUNT = "amount"
    """One column for both ways; `DIRECTION` (or the sign) tells which."""
    DIRECTION = "direction"
    PAYER = "payer"
    PAYER_ACCOUNT = "payer_account"
    MEMO = "memo"
    """May be given to several columns: 摘要, 附言, 商品, 备注."""
    REFERENCE = "reference"
    STATE = "state"
    IGNORE = "ignore"


STATEMENT_COLUMN_LABELS = {
    StatementColumn.PAID_AT: "交易时间",
    StatementColumn.IN_AMOUNT: "收入金额",
    StatementColumn.OUT_AMOUNT: "支出金额",
    StatementColumn.AMOUNT: "金额",
    StatementColumn.DIRECTION: "收/支",
    StatementColumn.PAYER: "对方",
    StatementColumn.PAYER_ACCOUNT: "对方账号",
    StatementColumn.MEMO: "附言、说明",
    StatementColumn.REFERENCE: "流水号",
    StatementColumn.STATE: "状态",
    StatementColumn.IGNORE: "不用",
}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transaction as read. `line` is its number in the file, from 1."""

    line: int
    paid_at: datetime
    has_time: bool
    direction: Direction
    amount: int
    payer: str
    payer_account: str
    memo: str
    reference: str
    method: PayMethod
    void: str
    """Why it is no money received (已全额退款, 交易关闭 …); empty when it counts."""
    key: str
    """The same for the same transaction in whatever file: by the bank's number, else by everything it says."""

    @property
    def paid_on(self) -> date:
        """The day of the transaction."""
        return self.paid_at.date()


@dataclass(frozen=True, slots=True)
class StatementTable:
    """The sheet with its columns, for the dialog that asks what they mean."""

    titles: tuple[str, ...]
    columns: tuple[StatementColumn, ...]
    sample: tuple[tuple[str, ...], ...]
    """First rows as text."""
    header_row: int
    """1-based, as a spreadsheet numbers it."""


@dataclass(frozen=True, slots=True)
class StatementReading:
    """A statement file as read."""

    file: str
    sha256: str
    kind: StatementKind
    source: str
    """The account or nickname the file names, as it writes it."""
    shape: str
    """Fingerprint of the header: a mapping is remembered for it."""
    table: StatementTable
    lines: tuple[StatementLine, ...]
    rejected: tuple[tuple[int, str], ...] = ()
    """(row as a spreadsheet numbers it, why it was not read)."""
    unknown: str = ""
    """Why a person must say what the columns mean; empty when the layout is understood."""

    @property
    def income(self) -> int:
        """Sum of what counts as money received."""
        return sum(line.amount for line in self.lines if line.direction is Direction.IN and not line.void)


class Confidence(StrEnum):
    """How far a proposal can be trusted."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"
    NONE = "none"


CONFIDENCE_LABELS = {
    Confidence.SURE: "确定",
    Confidence.LIKELY: "很可能",
    Confidence.UNSURE: "拿不准",
    Confidence.NONE: "没有对上",
}


@dataclass(frozen=True, slots=True)
class Payee:
    """An account that may be paid, as matching needs it. Former owners with debt take part."""

    account_id: int
    owner_id: int
    room: str
    name: str
    phones: tuple[str, ...]
    owed: int
    is_current: bool = True
    late_fee: int = 0
    """Open late fee, in 分: a payer may include it."""
    listed_on: date | None = None
    """The day of finance's last list that speaks of the account: what was paid up to it may be inside the list."""
    settled: tuple[tuple[date, int], ...] = ()
    """(day of the list, 分) of what finance's lists have settled and no payment has replaced yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment booked by hand, without a line: the statement brings the same money a second time."""

    account_ids: tuple[int, ...]
    amount: int
    paid_on: date
    method: PayMethod
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MatchShare:
    """So many 分 for this account."""

    account_id: int
    room: str
    amount: int


@dataclass(frozen=True, slots=True)
class Match:
    """The proposal for one line."""

    line: int
    shares: tuple[MatchShare, ...]
    confidence: Confidence
    reason: str
    """One sentence a clerk reads: 「附言写了房号 2-1-101，金额与欠费一致」."""
    others: tuple[str, ...] = ()
    """Other rooms it could be as well."""


class LineState(StrEnum):
    """What became of a line."""

    OPEN = "open"
    BOOKED = "booked"
    DISMISSED = "dismissed"
    VOID = "void"
    """No money received: outgoing, refunded, closed."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line on record with its proposal and what became of it."""

    id: int
    statement_id: int
    file: str
    line: StatementLine
    state: LineState
    match: Match
    payment_id: int | None = None
    note: str = ""
    """Why it was dismissed, or void; whom it was booked for."""


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement on record. Counts of lines by state; sums in 分."""

    id: int
    file: str
    kind: StatementKind
    source: str
    read_at: datetime
    staff_name: str
    first_on: date | None
    last_on: date | None
    lines: int
    repeats: int
    """Lines that another file had brought before."""
    income: int
    counts: dict[LineState, int] = field(default_factory=dict)
