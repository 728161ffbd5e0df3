"""Values of the 催缴记录表: what the leader reads, signs and files. Reports draw it; the store fills it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RecordContact:
    """One contact of the span, ready to be read. `id` counts it once, however many units it concerned."""

    id: int
    at: datetime
    rooms: tuple[str, ...]
    name: str
    channel: str
    """电话, 上门 …"""
    number: str
    outcome: str
    """承诺缴费, 无人接听 …"""
    reached: bool
    """Whether the owner was spoken to."""
    said: str
    staff_name: str
    promise_on: date | None = None
    promise_amount: int = 0
    """分; 0 without a promise."""
    next_text: str = ""
    voided: str = ""
    """「原因（日期 谁）」; a voided contact stays in the list, struck out, and counts nowhere."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One account: open now, or settled within the span. Money in 分."""

    account_id: int
    room: str
    name: str
    owed: int
    """What is open; 0 once settled."""
    period_text: str
    category: str
    """A–E, or empty before the first contact."""
    step: str
    """「3 再电」."""
    contacts: tuple[RecordContact, ...]
    """Contacts of the span, newest first, voided ones left out."""
    promise_on: date | None
    next_text: str
    remark: str
    paid_on: date | None = None
    """The day it was settled; such a row is struck out and counts no longer."""


@dataclass(frozen=True, slots=True)
class ClerkDay:
    """What one person did in the span. `promised` 分."""

    name: str
    contacts: int
    reached: int
    promises: int
    promised: int


@dataclass(frozen=True, slots=True)
class DaySummary:
    """当日小结. Counts, and sums in 分."""

    open_accounts: int
    owed: int
    contacts: int
    reached: int
    accounts_contacted: int
    promises: int
    promised: int
    kept: int
    """Promises kept within the span."""
    broken: int
    """Promises that fell due within the span unkept."""
    paid_off: int
    notices: int
    """催款单 issued, reprints left out."""
    clerks: tuple[ClerkDay, ...]


@dataclass(frozen=True, slots=True)
class RecordTable:
    """The whole workbook. `first`–`last` is the span of contacts, both days included."""

    office: str
    first: date
    last: date
    clerk: str
    """Who hands the table in."""
    as_of: date | None
    """Finance's list the balances rest on."""
    rows: tuple[RecordRow, ...]
    contacts: tuple[RecordContact, ...]
    """Every contact of the span, newest first, voided ones included."""
    summary: DaySummary

    @property
    def owed(self) -> int:
        """Sum of the open rows in 分: the total on screen and in the workbook."""
        return sum(row.owed for row in self.rows if row.paid_on is None)

    @property
    def open_count(self) -> int:
        """Accounts not settled."""
        return sum(row.paid_on is None for row in self.rows)


def summarise(
    rows: Sequence[RecordRow], contacts: Iterable[RecordContact], *, kept: int, broken: int, notices: int
) -> DaySummary:
    """The summary of a span from its rows and contacts; what they do not tell is given."""
    valid = [contact for contact in contacts if not contact.voided]
    by_clerk: dict[str, list[RecordContact]] = {}
    for contact in valid:
        by_clerk.setdefault(contact.staff_name, []).append(contact)
    return DaySummary(
        open_accounts=sum(row.paid_on is None for row in rows),
        owed=sum(row.owed for row in rows if row.paid_on is None),
        contacts=len(valid),
        reached=sum(contact.reached for contact in valid),
        accounts_contacted=len({room for contact in valid for room in contact.rooms}),
        promises=sum(contact.promise_on is not None for contact in valid),
        promised=sum(contact.promise_amount for contact in valid if contact.promise_on is not None),
        kept=kept,
        broken=broken,
        paid_off=sum(row.paid_on is not None for row in rows),
        notices=notices,
        clerks=tuple(_clerk_day(name, found) for name, found in sorted(by_clerk.items())),
    )


def _clerk_day(name: str, contacts: Sequence[RecordContact]) -> ClerkDay:
    promises = [contact for contact in contacts if contact.promise_on is not None]
    return ClerkDay(
        name=name,
        contacts=len(contacts),
        reached=sum(contact.reached for contact in contacts),
        promises=len(promises),
        promised=sum(contact.promise_amount for contact in promises),
    )
