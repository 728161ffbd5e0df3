"""What a list says of one unit in money: its charges against those the office holds, item by item.

Rules (design, «What a finance list means»):

* Charges are compared in groups whose months touch, so that a debt of spring and one of autumn are kept apart.
  Settled charges still tie groups together, so that the same list compared twice is grouped the same way.
* A charge without months may be any month: what is left over of it is set off against what is left elsewhere.
* More listed than open: the months the office does not hold yet make a new charge with the difference.
  Without new months an earlier settlement 按财务清单 is taken back first, then the rest is a correction upwards.
* Less listed than open: settled on the oldest months.
* Where every month costs the same, paid and added months are told apart exactly: held 2–10月 at 100 a month and
  listed 5–11月 for 700 means three months paid and one added, not merely 200 less.
* A list of its own period only says nothing of other months. A held lump that reaches beyond that period may
  contain any part of what is listed; it neither settles nor grows by such a list as long as the sums allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from feedesk.models.arrears_list import ListedCharge, Meaning, Reading
from feedesk.models.import_plan import AddCharge, HeldCharge, Settle, TakeBack
from feedesk.models.periods import Period, due_day


@dataclass(frozen=True, slots=True)
class Scope:
    """Which debt a list speaks about."""

    whole_debt: bool
    months: frozenset[int] = frozenset()
    """All months the list names; matters only when it does not state the whole debt."""
    unknown: bool = False
    """Whether some listed charge tells no months."""
    items: frozenset[str] = frozenset()
    """The items the list has columns or lines for."""

    @classmethod
    def of(cls, reading: Reading, *, whole_debt: bool) -> Scope:
        """The scope of a reading."""
        if whole_debt:
            return cls(True)
        charges = [charge for account in reading.accounts for charge in account.charges]
        periods = {charge.period for charge in charges}
        columns = {
            column.item
            for sheet in reading.sheets
            if sheet.used
            for column in sheet.columns
            if column.meaning is Meaning.FEE
        }
        return cls(
            False,
            frozenset(month for period in periods if period for month in period.months),
            None in periods,
            frozenset(columns | {charge.item for charge in charges}),
        )

    def speaks_of(self, item: str) -> bool:
        """Whether an item that the list does not name for a unit is thereby said to be paid."""
        return self.whole_debt or item in self.items

    def holds(self, charge: HeldCharge) -> bool:
        """Whether the list speaks of the whole of this charge."""
        if self.whole_debt:
            return True
        return self.unknown if charge.period is None else self.months.issuperset(charge.period.months)

    def touches(self, charge: HeldCharge) -> bool:
        """Whether the list speaks of some part of this charge."""
        return self.holds(charge) or (charge.period is not None and not self.months.isdisjoint(charge.period.months))


@dataclass(slots=True)
class Operations:
    """What one unit's charges need so that they agree with the list."""

    adds: list[AddCharge] = field(default_factory=list)
    settles: list[Settle] = field(default_factory=list)
    take_backs: list[TakeBack] = field(default_factory=list)

    def take_back(self, settlement_id: int, amount: int) -> None:
        """Undo `amount` 分 of a settlement; one entry each, though two listed charges may name the same one."""
        for place, known in enumerate(self.take_backs):
            if known.settlement_id == settlement_id:
                self.take_backs[place] = TakeBack(settlement_id, known.amount + amount)
                return
        self.take_backs.append(TakeBack(settlement_id, amount))

    @property
    def delta(self) -> int:
        """Change of the unit's debt in 分."""
        return (
            sum([add.amount for add in self.adds])
            + sum([back.amount for back in self.take_backs])
            - sum([settle.amount for settle in self.settles])
        )


@dataclass(slots=True)
class _Need:
    """A listed charge, or the part of it that falls on months the office holds already."""

    source: ListedCharge
    months: frozenset[int]
    """Empty: unknown."""
    owed: int


@dataclass(slots=True)
class _Group:
    """Charges whose months touch one another. `gap` is what the list has more (or, negative, less)."""

    months: set[int] = field(default_factory=set)
    needs: list[_Need] = field(default_factory=list)
    held: list[HeldCharge] = field(default_factory=list)
    gap: int = 0
    covered_elsewhere: bool = False
    """Part of it is covered by a charge of unknown months, so that nobody knows which months are new."""


def compare_unit(
    listed: Sequence[ListedCharge], held: Sequence[HeldCharge], scope: Scope, due_day_of_month: int
) -> Operations:
    """The operations that make the unit's charges (of all its tenures) agree with the list."""
    items: dict[str, tuple[list[ListedCharge], list[HeldCharge]]] = {}
    for charge in listed:
        items.setdefault(charge.item, ([], []))[0].append(charge)
    for known in held:
        items.setdefault(known.item, ([], []))[1].append(known)
    operations = Operations()
    for item, (said, kept) in items.items():
        if said or scope.speaks_of(item):
            _compare_item(said, kept, scope, due_day_of_month, operations)
    return operations


def oldest_first(charges: Iterable[HeldCharge]) -> list[HeldCharge]:
    """The order in which charges are settled: by first month, or month of the due date; unknown ones last."""
    return sorted(charges, key=_age)


def _age(charge: HeldCharge) -> tuple[int, int]:
    if charge.period:
        return charge.period.first, charge.id
    if charge.due_on:
        return charge.due_on.year * 12 + charge.due_on.month - 1, charge.id
    return 9999 * 12, charge.id


def _compare_item(
    listed: list[ListedCharge], held: list[HeldCharge], scope: Scope, day: int, operations: Operations
) -> None:
    if not held:
        operations.adds.extend(_new_charge(charge, charge.period, charge.owed, day) for charge in listed)
        return
    if len(listed) == len(held) == 1 and scope.whole_debt and _compare_pair(listed[0], held[0], day, operations):
        return
    known_months = _months_of(tuple(charge.period for charge in held))
    needs: list[_Need] = []
    for charge in listed:
        months = _months_of((charge.period,))
        share = _steady_share(charge, held, known_months)
        if share:
            added = months - known_months
            operations.adds.append(_new_charge(charge, Period.of(added), share, day))
            needs.append(_Need(charge, months - added, charge.owed - share))
        else:
            needs.append(_Need(charge, months, charge.owed))
    unknown, groups = _group(needs, held if scope.whole_debt else [c for c in held if scope.touches(c)])
    for group in (unknown, *groups):
        inside = across = 0
        for known in group.held:
            if scope.holds(known):
                inside += known.owed
            else:
                across += known.owed
        gap = sum([need.owed for need in group.needs]) - inside
        group.gap = max(0, gap - across) if gap > 0 else gap
    if unknown.gap:
        _set_off_unknown(unknown, groups)
    taken: dict[int, int] = {}
    for group in (*groups, unknown):
        if group.gap < 0:
            _settle(group, scope, operations)
        elif group.gap > 0:
            _raise(group, known_months, day, taken, operations)


def _compare_pair(charge: ListedCharge, known: HeldCharge, day: int, operations: Operations) -> bool:
    """The rules for one charge against one of touching months, without the groups; False: not that simple."""
    if charge.period is None or known.period is None or known.settlements:
        return charge.period == known.period and charge.owed == known.owed
    touches, added = _overlap(charge.period.months, known.period.months)
    if not touches:
        return False
    gap = charge.owed - known.owed
    if added:
        rate, rest = divmod(charge.owed, len(charge.period.months))
        if not rest and known.amount == rate * len(known.period.months):
            gap -= rate * len(added.months)
            operations.adds.append(_new_charge(charge, added, rate * len(added.months), day))
            added = None
    if gap < 0:
        operations.settles.append(Settle(known.id, -gap))
    elif gap > 0:
        operations.adds.append(_new_charge(charge, added or charge.period, gap, day))
    return True


@lru_cache(maxsize=4096)
def _overlap(listed: tuple[int, ...], known: tuple[int, ...]) -> tuple[bool, Period | None]:
    """Whether two sets of months touch, and the listed months that are not known."""
    return not set(listed).isdisjoint(known), Period.of(set(listed).difference(known))


@lru_cache(maxsize=4096)
def _months_of(periods: tuple[Period | None, ...]) -> frozenset[int]:
    """All months of these periods. A list repeats a few periods for thousands of units."""
    return frozenset(month for period in periods if period for month in period.months)


def _steady_share(charge: ListedCharge, held: list[HeldCharge], known_months: frozenset[int]) -> int:
    """What the months not held yet cost, where list and held charges prove one rate for every month; else 0."""
    if not charge.period:
        return 0
    rate, rest = divmod(charge.owed, len(charge.period.months))
    months = _months_of((charge.period,))
    if rest or months <= known_months:
        return 0
    proven = False
    for known in held:
        if known.period and not months.isdisjoint(known.period.months):
            if known.amount != rate * len(known.period.months):
                return 0
            proven = True
    return rate * len(months - known_months) if proven else 0


def _group(needs: list[_Need], held: list[HeldCharge]) -> tuple[_Group, list[_Group]]:
    """The group of unknown months, and those of known months from old to new."""
    unknown = _Group()
    groups: list[_Group] = []
    if len(needs) == 1 and needs[0].months and all(c.period and c.period.months[0] in needs[0].months for c in held):
        return unknown, [_Group(set(needs[0].months), needs, held)]  # by far the most frequent shape

    def place(months: Iterable[int]) -> _Group:
        joined = _Group(set(months))
        apart = []
        for group in groups:
            if group.months.isdisjoint(joined.months):
                apart.append(group)
            else:
                joined.months |= group.months
                joined.needs += group.needs
                joined.held += group.held
        groups[:] = [*apart, joined]
        return joined

    for charge in held:
        (place(charge.period.months) if charge.period else unknown).held.append(charge)
    for need in needs:
        (place(need.months) if need.months else unknown).needs.append(need)
    groups.sort(key=lambda group: min(group.months))
    return unknown, groups


def _set_off_unknown(unknown: _Group, groups: list[_Group]) -> None:
    """Unknown months may be any: what is too much here covers what is too little there."""
    for group in reversed(groups) if unknown.gap > 0 else groups:
        if unknown.gap > 0 > group.gap or unknown.gap < 0 < group.gap:
            moved = min(abs(unknown.gap), abs(group.gap))
            sign = 1 if unknown.gap > 0 else -1
            unknown.gap -= sign * moved
            group.gap += sign * moved
            unknown.covered_elsewhere = group.covered_elsewhere = True


def _settle(group: _Group, scope: Scope, operations: Operations) -> None:
    left = -group.gap
    for charge in oldest_first(charge for charge in group.held if scope.holds(charge)):
        amount = min(left, charge.owed)
        if amount > 0:
            operations.settles.append(Settle(charge.id, amount))
            left -= amount


def _raise(
    group: _Group, known_months: frozenset[int], day: int, taken: dict[int, int], operations: Operations
) -> None:
    left = group.gap
    for need in sorted(group.needs, key=lambda need: max(need.months, default=0), reverse=True):
        amount = min(left, need.owed)
        if amount <= 0:
            continue
        left -= amount
        added = need.months - known_months
        for settlement_id, free in _settlements(group, need, taken, only_closed=bool(added)):
            back = min(amount, free)
            if back > 0:
                operations.take_back(settlement_id, back)
                taken[settlement_id] = taken.get(settlement_id, 0) + back
                amount -= back
        if amount > 0:
            period = None if group.covered_elsewhere else Period.of(added or need.months)
            is_part = group.covered_elsewhere or any(charge.owed for charge in group.held)
            operations.adds.append(_new_charge(need.source, period, amount, day, is_part=is_part))


def _settlements(group: _Group, need: _Need, taken: dict[int, int], *, only_closed: bool) -> list[tuple[int, int]]:
    """Settlements 按财务清单 that this listed charge contradicts, newest first, with what is left of each.

    When months were added, a charge still partly open is named again anyway, so that only charges settled
    altogether count as listed anew.
    """
    found = [
        (settlement.id, settlement.amount - taken.get(settlement.id, 0))
        for charge in group.held
        if (charge.period is None or not need.months or not need.months.isdisjoint(charge.period.months))
        and not (only_closed and charge.owed)
        for settlement in charge.settlements
    ]
    return sorted(found, reverse=True)


def _new_charge(
    source: ListedCharge, period: Period | None, amount: int, day: int, *, is_part: bool = False
) -> AddCharge:
    """A new debt. The listed due date is that of the first listed month; other months fall due on the office's day."""
    if period is None:
        due_on, assumed = (None if is_part else source.due_on), False
    elif source.due_on and source.period and period.first == source.period.first:
        due_on, assumed = source.due_on, False
    else:
        due_on, assumed = _due_on(period.first, day), True
    is_lump = period is not None and len(period.months) > 1
    return AddCharge(source.item, period, amount, due_on, assumed, is_lump, source.sheet, source.row)


@lru_cache(maxsize=4096)
def _due_on(month: int, day_of_month: int) -> date:
    return due_day(Period((month,)), day_of_month)
