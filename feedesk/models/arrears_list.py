"""What a finance list says, after reading and before anything is compared with the office file.

`models.intake` produces a `Reading`; `models.import_plan` compares it with what the office holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from feedesk.models.accounts import FlagKind
from feedesk.models.periods import Period


class Meaning(StrEnum):
    """What a column means to us."""

    ROOM = "room"
    ROOM_PART = "room_part"
    """A leading part of the room, such as 楼阁名称; parts are joined from left to right."""
    OWNER = "owner"
    SALUTATION = "salutation"
    PHONE = "phone"
    AREA = "area"
    PROPERTY_STATE = "property_state"
    PERIOD = "period"
    PERIOD_FROM = "period_from"
    PERIOD_TO = "period_to"
    DUE_ON = "due_on"
    FEE = "fee"
    """An amount owed for the item `ColumnMeaning.item`."""
    ITEM = "item"
    CHARGED = "charged"
    """应收/应计 of a one-row-per-charge list."""
    RECEIVED = "received"
    OWED = "owed"
    """尚欠 of a one-row-per-charge list."""
    LATE_FEE = "late_fee"
    CHECK_ROW = "check_row"
    """小计/合计 of a row: checked, never a charge."""
    NUMBER = "number"
    """序号: ignored."""
    FINANCE_NUMBER = "finance_number"
    """The list's own household number."""
    REMARK = "remark"
    IGNORE = "ignore"


class FeeSpan(StrEnum):
    """Which debt a fee column speaks of, where the list says so."""

    UNSAID = ""
    CURRENT = "current"
    """本期."""
    PRIOR = "prior"
    """前期/往期/历年."""


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """One column of a list. `sure` False: guessed, a person should look."""

    index: int
    """0-based position in the sheet."""
    title: str
    """The header as the list writes it, levels joined by 「·」."""
    meaning: Meaning
    item: str = ""
    """Fee item for FEE and its siblings."""
    span: FeeSpan = FeeSpan.UNSAID
    check_of: FeeSpan = FeeSpan.UNSAID
    """For CHECK_ROW: the span it sums, UNSAID for the whole row."""
    sure: bool = True


class RejectCode(StrEnum):
    """Why a row was not read; the reason in Chinese stands beside it."""

    AMOUNT = "amount"
    THIRD_DECIMAL = "third_decimal"
    NEGATIVE = "negative"
    ROOM = "room"
    DATE = "date"
    PERIOD = "period"
    REPEATED = "repeated"
    TWO_OWNERS = "two_owners"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not read. `row` is numbered as in the sheet, from 1; `amount` 分 if one could be told."""

    sheet: str
    row: int
    code: RejectCode
    reason: str
    cells: tuple[str, ...]
    amount: int | None = None
    room: str = ""
    """The room as far as it could be read: a unit whose row was refused has not vanished from the list."""


REFUSAL_TITLES = ("工作表", "行号", "原因")
"""Columns put after the refused rows when they are saved to be mended; passed over when such a file is imported."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no data (总计, 分组, 说明, 签字), and why it was taken for that."""

    sheet: str
    row: int
    text: str
    why: str


class QuestionCode(StrEnum):
    """What only a person can answer."""

    UNKNOWN_COLUMN = "unknown_column"
    NO_PERIOD = "no_period"
    SAME_ROOM = "same_room"
    """Two rooms that may be one."""
    SAME_OWNER = "same_owner"
    """Another spelling with the same phone: a correction or a new owner?"""
    MANY_GONE = "many_gone"
    """More than a quarter of a building's accounts missing from a full list."""
    OLDER_LIST = "older_list"
    """The list is older than the last one imported."""


@dataclass(frozen=True, slots=True)
class Question:
    """One open question, with what `--yes` (the careful way) does about it."""

    code: QuestionCode
    text: str
    careful: str
    subjects: tuple[str, ...] = ()
    """The columns or rooms it is about."""


@dataclass(frozen=True, slots=True)
class ListedCharge:
    """One debt as listed. Amounts in 分; `owed` > 0."""

    sheet: str
    row: int
    item: str
    period: Period | None
    owed: int
    due_on: date | None = None
    charged: int | None = None
    received: int | None = None
    span: FeeSpan = FeeSpan.UNSAID


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """One household of the list with all its charges. `name` is kept exactly; empty when the list gives none."""

    room: str
    """As `rooms.normal_room` leaves it."""
    building: str
    name: str
    salutation: str
    tenant: str
    phones: tuple[str, ...]
    area: str
    property_state: str
    finance_number: str
    remark: str
    flags: tuple[FlagKind, ...]
    charges: tuple[ListedCharge, ...]
    late_fee: int = 0
    """Finance's own 滞纳金 in 分, never added to principal."""
    rows: tuple[tuple[str, int], ...] = ()

    @property
    def owed(self) -> int:
        """Sum of the charges in 分."""
        return sum(charge.owed for charge in self.charges)


@dataclass(frozen=True, slots=True)
class SheetReading:
    """How one sheet was understood, for the mapping step of the dialog."""

    name: str
    used: bool
    why: str
    """Why it is used or not: 「60 行数据」, 「没有表头」."""
    header_rows: tuple[int, ...] = ()
    """1-based rows of the header."""
    columns: tuple[ColumnMeaning, ...] = ()
    preview: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """First data rows and the last rows of the sheet: (row number, cells as text)."""
    data_rows: int = 0


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A total the list states itself against what was read. Amounts in 分."""

    what: str
    """合计, or the fee item."""
    stated: int
    read: int
    rejected: int
    """What the refused rows would have added, as far as it can be told."""
    where: str
    """「第 62 行」."""

    @property
    def agrees(self) -> bool:
        """Read + refused = stated."""
        return self.read + self.rejected == self.stated


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a list says. Nothing here has been compared with the office file."""

    file: str
    sha256: str
    shape: str
    """Fingerprint of the headers, under which a mapping is remembered."""
    as_of: date | None
    """From the title or the file's name; None when the list does not tell."""
    period: Period | None
    """Period found in the title, for columns that name none."""
    sheets: tuple[SheetReading, ...]
    accounts: tuple[ListedAccount, ...]
    rejected: tuple[Rejected, ...]
    skipped: tuple[Skipped, ...]
    questions: tuple[Question, ...]
    checks: tuple[TotalCheck, ...]
    notes: tuple[str, ...] = ()
    """Remarks about the reading a person may want to know, one sentence each."""

    @property
    def total(self) -> int:
        """Sum of all charges in 分."""
        return sum(account.owed for account in self.accounts)

    @property
    def charge_count(self) -> int:
        """Number of charges read."""
        return sum(len(account.charges) for account in self.accounts)

    @property
    def items(self) -> dict[str, int]:
        """Fee item -> sum in 分."""
        sums: dict[str, int] = {}
        for account in self.accounts:
            for charge in account.charges:
                sums[charge.item] = sums.get(charge.item, 0) + charge.owed
        return sums


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping a clerk has confirmed for lists of one shape; stored as JSON."""

    shape: str
    sheets: tuple[str, ...]
    columns: tuple[ColumnMeaning, ...]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person has decided about a list before or while it is read."""

    period: Period | None = None
    """For charges whose period the list does not tell (本期 where it has two spans)."""
    prior_period: Period | None = None
    sheets: tuple[str, ...] = ()
    """Only these sheets; empty: those that hold data."""
    columns: dict[str, tuple[ColumnMeaning, ...]] = field(default_factory=dict)
    """Mapping per sheet changed by hand, or remembered."""
    careful: bool = False
    """`--yes`: unknown columns become remarks, unknown periods stay unknown."""
    round_third_decimal: bool = False
    """四舍五入, offered in the dialog only."""
