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
    """What of a settlement 按财务清单 no payment has replaced; a later list may take it back. Amount in 分.

    `charge_id` is another charge than the one it stands at when that is a month of a lump split since: the settlement
    of the lump stands at each month by the part that falls on it.
    """

    id: int
    charge_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class HeldDoubt:
    """An earlier list named so many 分 of a charge that the office holds as paid."""

    id: int
    amount: int
    confirmed: bool = False
    """A person has found the payment right, and the list was not of an earlier day than the one compared."""


@dataclass(frozen=True, slots=True)
class HeldCharge:
    """A charge the office holds, open or not, as it stood on the list's day. Amounts in 分."""

    id: int
    item: str
    period: Period | None
    amount: int
    owed: int
    """Open on the list's day: what came in since, or was let off since, is still in it."""
    due_on: date | None
    settlements: tuple[HeldSettlement, ...] = ()
    relieved: int = 0
    """What payments on record have paid of it by that day, or waivers let off: a list that names it is in doubt."""
    fresh: int = 0
    """What of `relieved` no earlier list has agreed with yet."""
    since: int = 0
    """What has lowered it since in a way the list cannot know; `owed` − `since` is open now."""
    doubts: tuple[HeldDoubt, ...] = ()


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
        """Open sum in 分 on the list's day."""
        return sum(charge.owed for charge in self.charges)

    @property
    def since(self) -> int:
        """What has come in or been let off since, in 分."""
        return sum(charge.since for charge in self.charges)


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """What the office holds before the list is applied, as it stood on the list's day."""

    accounts: tuple[HeldAccount, ...]
    last_as_of: date | None = None
    imported: dict[str, date] = field(default_factory=dict)
    """SHA-256 of every list applied -> its as_of, the one applied last at the end."""
    basis: str = ""
    """Which records this rests on; another one as soon as a list or money is taken in or undone."""
    stated: int = 0
    """What the lists alone come to, in 分: charges less settlements, payments and waivers left aside."""

    @property
    def owed(self) -> int:
        """Open sum in 分 over all accounts, on the list's day."""
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
class Doubt:
    """The list names `amount` 分 of a charge that the office holds as paid or let off: no new debt, but 待核."""

    charge_id: int
    amount: int
    confirmed: int = 0
    """What of it a person has already found to be paid all the same."""
    stands: bool = False
    """On record already, by an earlier list or by this one."""

    @property
    def unsettled(self) -> int:
        """What somebody must still ask finance about, in 分."""
        return self.amount - self.confirmed


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What the list does to one unit. Money in 分, as of the list's day.

    `after` − `before` = adds + take_backs − settles; what the list says of the unit = `after` + doubts.
    """

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
    doubts: tuple[Doubt, ...] = ()
    """All that the list names although it is held as paid, those on record already included."""
    closed_doubts: tuple[int, ...] = ()
    """Doubts on record that end with this list: it agrees now, or says another sum."""
    since: int = 0
    """What came in or was let off since the list's day, in 分: `after` − `since` is then open, if not less than 0."""

    @property
    def delta(self) -> int:
        """Change of the unit's debt in 分."""
        return self.after - self.before

    @property
    def writes(self) -> bool:
        """Whether the books, the owner or what is in doubt would be others than before."""
        moved = self.adds or self.settles or self.take_backs or self.closed_doubts
        return bool(moved) or self.owner_changed or self.renames or any(not doubt.stands for doubt in self.doubts)

    @property
    def doubted(self) -> int:
        """分 listed although held as paid."""
        return sum(doubt.amount for doubt in self.doubts)

    @property
    def unsettled(self) -> int:
        """分 of it that somebody must still ask finance about."""
        return sum(doubt.unsettled for doubt in self.doubts)

    @property
    def agrees_now(self) -> bool:
        """Whether the list clears up all that was in doubt."""
        return bool(self.closed_doubts) and not self.unsettled


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The whole difference, as of the list's day. `before` + Σ delta = `after`.

    A list of the whole debt of all units comes to `after` + `doubted`.
    """

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
    stated: int = 0
    """`HeldOffice.stated`; Σ delta moves it by as much as the office's own sum."""
    since: int = 0
    """What came in or was let off since the list's day, in 分, over the whole office."""
    since_units: int = 0
    """How many units that concerns."""

    def count(self, kind: ChangeKind) -> int:
        """Units of one kind."""
        return sum(change.kind is kind for change in self.changes)

    def delta(self, kind: ChangeKind) -> int:
        """Sum of the changes of one kind in 分."""
        return sum(change.delta for change in self.changes if change.kind is kind)

    @property
    def doubted(self) -> int:
        """分 listed although held as paid: 与已记收款不一致."""
        return sum(change.doubted for change in self.changes)

    @property
    def unsettled(self) -> int:
        """分 of it that somebody must still ask finance about: 待核."""
        return sum(change.unsettled for change in self.changes)

    def diff_counts(self) -> dict[str, int]:
        """The `diff` object of `feedesk import --json`."""
        counts = {str(kind): self.count(kind) for kind in ChangeKind}
        counts["owner_changed"] = sum(change.owner_changed for change in self.changes)
        return counts
