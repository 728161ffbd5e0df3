"""违约金 on 物业费 (law §7, §13.6, §13.10a): what the contract gives, what LPR × 1.3 gives, and what may be claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedesk.models.charges import FeeKind


class LateFeeCap(StrEnum):
    """Up to where the office claims."""

    LPR = "lpr"
    """No more than LPR × 1.3: what courts usually grant (law §7); the default."""
    PRINCIPAL = "principal"
    """No more than the principal it is for."""


@dataclass(frozen=True, slots=True)
class LateFeePolicy:
    """The office's late fee. Off until a contract clause and a rate are entered (law §13.6)."""

    clause: str = ""
    """The contract's clause number, as printed: 第十二条."""
    rate_ppm: int = 0
    """Parts per million of the principal a day: 500 = 万分之五 = 0.5‰."""
    grace_days: int = 0
    """So many days after the due day are free."""
    cap: LateFeeCap = LateFeeCap.LPR

    @property
    def is_on(self) -> bool:
        """Whether late fee is reckoned at all."""
        return bool(self.clause.strip()) and self.rate_ppm > 0


@dataclass(frozen=True, slots=True)
class LprRate:
    """One-year LPR from a day on, in hundredths of a percent a year: 300 = 3.00 %."""

    since: date
    bp: int


@dataclass(frozen=True, slots=True)
class FeeBasis:
    """One charge as late fee needs it."""

    charge_id: int
    label: str
    """「管理费 2026年7月」."""
    kind: FeeKind
    amount: int
    due_on: date | None
    is_lump: bool
    """Several months in one line, not split: no late fee until the clerk has split it (design)."""
    lowered: tuple[tuple[date, int], ...] = ()
    """(day, 分) of everything that lowered the principal: payments, settlements, waivers; oldest first."""


@dataclass(frozen=True, slots=True)
class LateFeeSegment:
    """A span of days with one principal and one rate: 本金 × 天数 × 费率 = 违约金."""

    first: date
    last: date
    principal: int
    days: int
    rate_ppm: int
    """Per day; for LPR segments see `lpr_bp`."""
    lpr_bp: int
    amount: int
    """Rounded for showing; the sum of a charge is rounded once."""


@dataclass(frozen=True, slots=True)
class ChargeLateFee:
    """The late fee of one charge up to a day, in 分."""

    charge_id: int
    label: str
    contract: int
    lpr: int
    claimed: int
    """What the office's cap leaves."""
    segments: tuple[LateFeeSegment, ...]
    why: str = ""
    """Why there is none, in one sentence: 代收项目不计, 几个月合在一笔 …; empty when there is one."""


@dataclass(frozen=True, slots=True)
class AccountLateFee:
    """The late fee of an account up to a day: the three figures (law §13.6) and what is open of it, in 分."""

    as_of: date
    lines: tuple[ChargeLateFee, ...]
    contract: int
    lpr: int
    principal: int
    """Open principal of the charges it is reckoned on."""
    claimed: int
    waived: int = 0
    paid: int = 0

    @property
    def owed(self) -> int:
        """What is still to be paid of the claimed late fee."""
        return max(0, self.claimed - self.waived - self.paid)


class LateFeeVerdict(StrEnum):
    """Whether the amount may be printed."""

    OFF = "off"
    FREE = "free"
    NEEDS_OVERRIDE = "needs_override"
    """Above LPR × 1.3: a manager's PIN and a reason (law §13.6)."""
    BLOCKED = "blocked"
    """Above 24 % a year, or above the principal."""
