"""Values of a 催款单. Everything printed is in `NoticeData`; it is frozen with the record and never recomputed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedesk.models.charges import FeeKind


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line of the table: an item over a period of one unit. Amounts in 分."""

    room: str
    item: str
    kind: FeeKind
    period: str
    due_on: date | None
    due_is_assumed: bool
    charged: int
    received: int
    owed: int
    charge_id: int = 0


@dataclass(frozen=True, slots=True)
class OfficeOnPaper:
    """The office as printed; frozen with the notice."""

    office: str
    company: str
    estate: str
    phone: str
    address: str
    bank_holder: str
    bank_name: str
    bank_number: str
    contract_clause: str
    object_days: int
    payment_code_sha: str = ""


@dataclass(frozen=True, slots=True)
class NoticeData:
    """One 催款单, for one unit or for one owner of several. `number` is `2026-0168`; `round_no` is 第N次."""

    number: str
    round_no: int
    account_ids: tuple[int, ...]
    rooms: tuple[str, ...]
    name: str
    """As it shall be printed; empty prints 「业主」."""
    salutation: str
    lines: tuple[NoticeLine, ...]
    as_of: date | None
    """Finance's list the figures rest on (账面核对至)."""
    issued_on: date
    pay_by: date
    office: OfficeOnPaper
    clerk: str
    reprint: bool = False
    """补打: same figures, marked."""

    @property
    def total(self) -> int:
        """Sum owed in 分."""
        return sum(line.owed for line in self.lines)

    def subtotals(self) -> dict[FeeKind, int]:
        """Owed per kind in 分, in the order of FeeKind; kinds without a line are left out."""
        return {
            kind: sum(line.owed for line in self.lines if line.kind is kind)
            for kind in FeeKind
            if any(line.kind is kind for line in self.lines)
        }

    @property
    def room_text(self) -> str:
        """「5-2-0901、5-2-0902」."""
        return "、".join(self.rooms)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account asked for that gets no notice, and why."""

    account_id: int
    room: str
    name: str
    reason: str
    mark: str
    """Name of the status mark, see `accounts.MarkKind`."""


@dataclass(frozen=True, slots=True)
class NoticeBatch:
    """What a print run will do: proposed notices in delivery order, and those left out."""

    notices: tuple[NoticeData, ...]
    why: tuple[str, ...]
    """Why each notice is due, beside it in the list; same length as `notices`."""
    left_out: tuple[LeftOut, ...]

    @property
    def total(self) -> int:
        """Sum of all notices in 分."""
        return sum(notice.total for notice in self.notices)


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    """A notice on record, as the timeline and 通知 show it."""

    id: int
    number: str
    round_no: int
    account_ids: tuple[int, ...]
    rooms: tuple[str, ...]
    name: str
    total: int
    lines: int
    issued_on: date
    pay_by: date
    staff_name: str
    batch_id: int
    reprints: int = 0
    voided: str = ""
