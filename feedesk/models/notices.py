"""Values of a 催款单. Everything printed is in `NoticeData`; it is frozen with the record and never recomputed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeeVerdict
from feedesk.models.office import OfficeOnPaper, Staff


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
    """What came in for it, by finance's list or by payments on record; on notices of earlier versions what was let
    off stands in it too."""
    owed: int
    charge_id: int = 0
    waived: int = 0
    """What was let off 减免: nobody paid it, so it never stands under 已缴."""


@dataclass(frozen=True, slots=True)
class NoticeLateFeeLine:
    """The late fee on one 物业费 charge: so many days late, `principal` still open of it, `amount` for it (分)."""

    room: str
    item: str
    period: str
    days: int
    principal: int
    amount: int
    charge_id: int = 0


@dataclass(frozen=True, slots=True)
class NoticeLateFee:
    """违约金 on a 催款单, on 物业费 only and apart from the principal (law §13.6, §13.10a). Amounts in 分."""

    up_to: date
    """Reckoned up to and with this day."""
    clause: str
    """The contract's clause: 第十二条."""
    cap: LateFeeCap
    lines: tuple[NoticeLateFeeLine, ...]
    contract: int
    """The three figures: by the contract, …"""
    lpr: int
    """… by LPR × 1.3, …"""
    principal: int
    """… and the principal that is late."""
    amount: int
    """What is asked: Σ of the lines less what has been let off or paid of it."""
    verdict: LateFeeVerdict = LateFeeVerdict.FREE
    """FREE, or NEEDS_OVERRIDE: printed only with a manager's word."""
    why: str = ""
    """The verdict in one sentence."""

    @property
    def credited(self) -> int:
        """What has been let off or paid of it."""
        return sum(line.amount for line in self.lines) - self.amount


@dataclass(frozen=True, slots=True)
class LateFeeOverride:
    """A manager's word that a late fee above LPR × 1.3 may be printed (law §13.6)."""

    approver: Staff
    pin: str = field(repr=False)
    reason: str


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
    late_fee: NoticeLateFee | None = None
    """Listed below the principal; None: 未计违约金."""
    prepaid: int = 0
    """What the owner has paid beforehand and no charge has needed yet, in 分."""
    counted_to: date | None = None
    """Payments and waivers on record up to and with this day are taken off; None on notices of earlier versions."""

    @property
    def has_waived(self) -> bool:
        """Whether part of a line was let off, so that the table tells it apart."""
        return any(line.waived for line in self.lines)

    @property
    def total(self) -> int:
        """Principal owed in 分; late fee is never part of it."""
        return sum(line.owed for line in self.lines)

    @property
    def grand_total(self) -> int:
        """What is to be paid: principal and, where it is listed, late fee, in 分."""
        return self.total + (self.late_fee.amount if self.late_fee else 0)

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
    lumps: int = 0
    """Accounts of these notices whose 物业费 stands in lumps: no late fee on those until they are split by month."""

    @property
    def total(self) -> int:
        """Principal of all notices in 分."""
        return sum(notice.total for notice in self.notices)


@dataclass(frozen=True, slots=True)
class LateFeeSums:
    """The late fee of several notices: the three figures and what is asked (分), and how many need a manager's word."""

    contract: int
    lpr: int
    principal: int
    amount: int
    notices: int
    to_override: int


def late_fee_sums(notices: Iterable[NoticeData]) -> LateFeeSums:
    """The late fee of a batch, for the screen (law §13.6)."""
    found = [notice.late_fee for notice in notices if notice.late_fee]
    return LateFeeSums(
        contract=sum(fee.contract for fee in found),
        lpr=sum(fee.lpr for fee in found),
        principal=sum(fee.principal for fee in found),
        amount=sum(fee.amount for fee in found),
        notices=len(found),
        to_override=sum(fee.verdict is LateFeeVerdict.NEEDS_OVERRIDE for fee in found),
    )


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
