"""The difference between finance's list and what the office holds, as operations that one transaction applies.

The meaning of a list stands in the design («What a finance list means»); nothing here writes anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from feedesk.models.arrears_list import ListedAccount, Question, Reading
from feedesk.models.periods import Period


class ChangeKind(StrEnum):
    """What the list says of one unit, compared with what was open."""

    NEW = "new"
    INCREASED = "increased"
    PARTLY_PAID = "partly_paid"
    PAID_OFF = "paid_off"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class HeldSettlement:
    """A settlement 按财务清单 not yet replaced by a payment; a later list may take it back. Amount in 分."""

    id: int
    charge_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class HeldCharge:
    """A charge the office holds, open or settled. Amounts in 分."""

    id: int
    item: str
    period: Period | None
    amount: int
    owed: int
    due_on: date | None
    settlements: tuple[HeldSettlement, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """A tenure the office holds. Former tenures are given too while they owe."""

    account_id: int
    unit_id: int
    room: str
    building: str
    name: str
    phones: tuple[str, ...]
    is_current: bool
    charges: tuple[HeldCharge, ...]

    @property
    def owed(self) -> int:
        """Open sum in 分."""
        return sum(charge.owed for charge in self.charges)


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """What the office holds before the list is applied."""

    accounts: tuple[HeldAccount, ...]
    last_as_of: date | None = None
    imported: dict[str, date] = field(default_factory=dict)
    """SHA-256 of every list applied -> its as_of, the one applied last at the end."""
    basis: str = ""
    """Which lists this rests on; another one as soon as a list is applied or voided."""

    @property
    def owed(self) -> int:
        """Open sum in 分 over all accounts."""
        return sum(account.owed for account in self.accounts)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the dialog asks once, and the answers given to questions."""

    as_of: date
    full: bool = True
    """The list names every unit in arrears of the buildings that it names."""
    whole_debt: bool = True
    """The list states the whole debt; False: only the debt of its own periods."""
    due_day: int = 15
    careful: bool = False
    """`--yes`: every question answered the careful way."""
    corrections: frozenset[str] = frozenset()
    """Rooms where another name is a corrected spelling, not a new owner."""
    new_owners: frozenset[str] = frozenset()
    """Rooms where a person has said that the other name is a new owner."""
    same_rooms: dict[str, str] = field(default_factory=dict)
    """Listed room -> room held, where a person has said that both are one."""
    different_rooms: frozenset[str] = frozenset()
    """Listed rooms a person has said to be rooms of their own."""
    gone_is_paid: bool = False
    """A person has agreed that the many units missing from a full list are paid."""
    older_is_meant: bool = False
    """A person wants this list although a later one has been applied."""


@dataclass(frozen=True, slots=True)
class AddCharge:
    """A new debt of the current tenure. Amount in 分, > 0."""

    item: str
    period: Period | None
    amount: int
    due_on: date | None
    due_is_assumed: bool
    is_lump: bool
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle `amount` 分 of a charge held, 按财务清单."""

    charge_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo `amount` 分 of an earlier settlement: finance lists the debt again."""

    settlement_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What the list does to one unit. Money in 分; `after` − `before` = adds + take_backs − settles."""

    kind: ChangeKind
    room: str
    building: str
    unit_id: int | None
    """None: a unit the office does not know yet."""
    account_id: int | None
    """The current tenure, None when there is none yet."""
    listed: ListedAccount | None
    """None: missing from a full list; settled, unless `note` says that its row could not be read."""
    before: int
    after: int
    adds: tuple[AddCharge, ...] = ()
    settles: tuple[Settle, ...] = ()
    take_backs: tuple[TakeBack, ...] = ()
    owner_changed: bool = False
    name_before: str = ""
    name_after: str = ""
    renames: bool = False
    """The name is corrected within the tenure."""
    note: str = ""
    """One sentence a person should read, for instance that the old owner keeps his debt."""

    @property
    def delta(self) -> int:
        """Change of the unit's debt in 分."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The whole difference. `before` + Σ delta = `after`."""

    reading: Reading
    options: PlanOptions
    changes: tuple[UnitChange, ...]
    questions: tuple[Question, ...]
    """Those of the reading still open and those that the comparison raises."""
    before: int
    after: int
    repeats: date | None = None
    """The same file was applied before, as of this day: nothing will change."""
    basis: str = ""
    """`HeldOffice.basis` of what was compared; applied only while the office still stands on it."""

    def count(self, kind: ChangeKind) -> int:
        """Units of one kind."""
        return sum(change.kind is kind for change in self.changes)

    def delta(self, kind: ChangeKind) -> int:
        """Sum of the changes of one kind in 分."""
        return sum(change.delta for change in self.changes if change.kind is kind)

    def diff_counts(self) -> dict[str, int]:
        """The `diff` object of `feedesk import --json`."""
        counts = {str(kind): self.count(kind) for kind in ChangeKind}
        counts["owner_changed"] = sum(change.owner_changed for change in self.changes)
        return counts
