"""What the ladder's rules need to know of one account: plain values, gathered by the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedesk.models.accounts import Category, DebtorType, Step
from feedesk.models.letters import WRITTEN_DEMANDS, PaperFacts, PaperKind

ORDER = tuple(Step)
"""The steps from below: 0–5, 5b, 6–8."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One open charge. Money in 分."""

    charge_id: int
    owed: int
    due_on: date | None
    held: str = ""
    """Why the line is out of letters and steps (an objection to it, 暂缓); empty: it is not."""
    is_over: bool = False
    """诉讼时效 over, or probably: kept, but neither for the sum nor for a suit (law §13.4)."""
    is_fixed: bool = True
    """Its sum, months and due day are known, and no month of it lies ahead."""


@dataclass(frozen=True, slots=True)
class LadderFacts:
    """One account as it stands, with the papers of its present debt."""

    step: Step
    lines: tuple[LineFacts, ...] = ()
    left_out: frozenset[Step] = frozenset()
    """Steps below that the account has never stood on: 7 before a suit, 5b where there is no 业委会."""
    debtor_type: DebtorType = DebtorType.UNPAID
    property_kind: str = ""
    residence: str = ""
    category: Category | None = None
    broken_promises: int = 0
    calls: int = 0
    """Calls and visits since the debt began."""
    promised_until: date | None = None
    """A promise stands: the last day on which its money may still be booked."""
    plan: str = ""
    """How the instalment plan runs that is being kept; empty: none runs."""
    unchecked: str = ""
    """Why its money must be checked first (已缴待核, 收款待核); empty: nothing is in doubt."""
    dispute: str = ""
    """Kind of an open objection that holds the whole account, or was made in writing; empty: none."""
    dispute_is_written: bool = False
    line_dispute_is_written: bool = False
    """An objection to single lines was made in writing."""
    do_not_call: bool = False
    sensitive: str = ""
    """病重, 丧事 …: nobody goes on meanwhile."""
    sensitive_until: date | None = None
    papers: tuple[PaperFacts, ...] = ()
    """Papers about the present debt that stand, oldest first."""
    filed: frozenset[PaperKind] = frozenset()
    """Kinds of papers that are on file as a file: a scan, a photo."""
    round_no: int = 0
    """催款单 of this debt so far."""
    limit_days: int | None = None
    """Days left of 诉讼时效 on the line that ends first; None: nothing is known or near."""
    has_fee_clause: bool = False
    """The office has entered the contract's clause on late fee."""

    @property
    def owed(self) -> int:
        """All that is open."""
        return sum(line.owed for line in self.lines)

    @property
    def free(self) -> tuple[LineFacts, ...]:
        """Lines that nothing holds."""
        return tuple(line for line in self.lines if not line.held)

    def counted(self, today: date) -> tuple[LineFacts, ...]:
        """Lines that count for the legal way: due, not held, not over."""
        return tuple(line for line in self.free if not line.is_over and line.due_on is not None and line.due_on < today)

    def counted_sum(self, today: date) -> int:
        """Their sum in 分."""
        return sum(line.owed for line in self.counted(today))

    def oldest(self, today: date) -> date | None:
        """The due day of the oldest of them."""
        return min((line.due_on for line in self.counted(today) if line.due_on), default=None)

    def of_kind(self, *kinds: PaperKind) -> tuple[PaperFacts, ...]:
        """The papers of these kinds, oldest first."""
        return tuple(paper for paper in self.papers if paper.kind in kinds)

    @property
    def proven_letters(self) -> tuple[PaperFacts, ...]:
        """催缴通知书, 催费函 and 最后通知书 with proof of service; a 催款单 is none of them (domain §6)."""
        return tuple(paper for paper in self.papers if paper.kind in WRITTEN_DEMANDS and paper.is_proven)

    @property
    def is_vacant(self) -> bool:
        """投资空置."""
        return self.debtor_type is DebtorType.SPECULATIVE or self.residence == "投资空置"

    @property
    def is_shop(self) -> bool:
        """商铺 or 别墅."""
        return self.debtor_type is DebtorType.SHOP_VILLA or self.property_kind in ("商铺", "别墅")

    @property
    def is_missing(self) -> bool:
        """失联: nobody knows how to reach the owner."""
        return self.debtor_type is DebtorType.UNREACHABLE or self.category is Category.C

    @property
    def has_proven_address(self) -> bool:
        """Something has demonstrably arrived at the address on file."""
        return any(paper.is_proven and paper.arrived_on is not None for paper in self.papers)
