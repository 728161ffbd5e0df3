"""What a list says of one unit in money: its charges against those the office holds, item by item.

Rules (design, «What a finance list means»):

* Charges are compared in groups whose months touch, so that a debt of spring and one of autumn are kept apart.
  Settled charges still tie groups together, so that the same list compared twice is grouped the same way.
* A charge without months may be any month: what is left over of it is set off against what is left elsewhere.
* More listed than open: the months the office does not hold yet make a new charge with the difference.
  Without new months an earlier settlement 按财务清单 is taken back first; then what payments on record have paid (or
  waivers let off) by the list's day is in doubt, never a new charge; the rest is a correction upwards.
  With new months, what is more than they cost by what the months held cost is in doubt in the same way, as soon as it
  comes to more than half of what has been paid, or the new months would cost more than twice as much as those held: a
  payment that finance does not know is not owed once more. Where all has been paid, nothing but what exceeds the sum
  named before is then new.
* The very sum named before, although months were added: finance has charged nothing, and does not know the payment.
  All of it is in doubt, whatever the added months would cost.
  Where months are not told, only a list that names at least all that came in since the last one is in doubt.
* Less listed than open: settled on the oldest months.
* Where every month costs the same, paid and added months are told apart exactly: held 2–10月 at 100 a month and
  listed 5–11月 for 700 means three months paid and one added, not merely 200 less.
* A list of its own period only says nothing of other months. A held lump that reaches beyond that period may
  contain any part of what is listed; it neither settles nor grows by such a list as long as the sums allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from feedesk.models.arrears_list import ListedCharge, Meaning, Reading
from feedesk.models.import_plan import AddCharge, Doubt, HeldCharge, Settle
from feedesk.models.import_undo import Operations, Undone, oldest_first, take_back
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
            doubts = _compare_item(said, kept, scope, due_day_of_month, operations)
            if any(known.relieved or known.doubts for known in kept):
                judge_doubts(kept, doubts, scope, operations)
    return operations


def judge_doubts(held: Iterable[HeldCharge], wanted: Mapping[int, int], scope: Scope, operations: Operations) -> None:
    """What the list says against payments on record, set beside what earlier lists have said. `wanted` in 分 by charge.

    A doubt that says the same stands; what a person has confirmed is not asked again by a list of the same day.
    """
    for charge in held:
        amount = wanted.get(charge.id, 0)
        if not amount and not scope.holds(charge):
            continue
        confirmed = min(amount, sum(doubt.amount for doubt in charge.doubts if doubt.confirmed))
        on_record = [doubt for doubt in charge.doubts if not doubt.confirmed]
        stands = sum(doubt.amount for doubt in on_record) == amount - confirmed
        if amount:
            operations.doubts.append(Doubt(charge.id, amount, confirmed, stands))
        if not stands:
            operations.closed_doubts.extend(doubt.id for doubt in on_record)


def _compare_item(
    listed: list[ListedCharge], held: list[HeldCharge], scope: Scope, day: int, operations: Operations
) -> dict[int, int]:
    """Adds what the item needs; returns what is in doubt, in 分 by charge."""
    if not held:
        operations.adds.extend(_new_charge(charge, charge.period, charge.owed, day) for charge in listed)
        return {}
    if len(listed) == len(held) == 1 and scope.whole_debt and _compare_pair(listed[0], held[0], day, operations):
        return {}
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
    undone = Undone()
    for group in (*groups, unknown):
        if group.gap < 0:
            _settle(group, scope, operations)
        elif group.gap > 0:
            _raise(group, held, known_months, day, undone, operations)
    if undone.backs:
        take_back(held, undone.backs, operations)
    return undone.doubts


def _compare_pair(charge: ListedCharge, known: HeldCharge, day: int, operations: Operations) -> bool:
    """The rules for one charge against one of touching months, without the groups; False: not that simple."""
    if charge.period is None or known.period is None or known.settlements or known.relieved:
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
    group: _Group,
    held: Sequence[HeldCharge],
    known_months: frozenset[int],
    day: int,
    undone: Undone,
    operations: Operations,
) -> None:
    left = group.gap
    for need in sorted(group.needs, key=lambda need: max(need.months, default=0), reverse=True):
        amount = min(left, need.owed)
        if amount <= 0:
            continue
        left -= amount
        added = need.months - known_months
        amount -= undone.doubt(_standing(held, need), amount)
        if added and need.owed == _named_before(group, need):
            amount -= undone.doubt(_relieved(group, need), amount)
        for key, free in _settlements(group, need, undone, only_closed=bool(added)):
            back = min(amount, free)
            if back > 0:
                undone.backs[key] = undone.backs.get(key, 0) + back
                amount -= back
        amount -= _doubt(group, need, amount, len(added), undone)
        elsewhere = _doubt_of_unknown_months(held, need, amount, undone)
        amount -= elsewhere
        if amount > 0:
            covered = group.covered_elsewhere or elsewhere > 0
            period = None if covered else Period.of(added or need.months)
            is_part = covered or any(charge.owed for charge in group.held)
            operations.adds.append(_new_charge(need.source, period, amount, day, is_part=is_part))


def _named(group: _Group, need: _Need) -> list[HeldCharge]:
    """The held charges that this listed charge may mean, newest months first."""
    return [
        charge
        for charge in reversed(oldest_first(group.held))
        if charge.period is None or not need.months or not need.months.isdisjoint(charge.period.months)
    ]


def _settlements(group: _Group, need: _Need, undone: Undone, *, only_closed: bool) -> list[tuple[tuple[int, int], int]]:
    """Settlements 按财务清单 that this listed charge contradicts, newest first, with what is left of each.

    When months were added, a charge still partly open is named again anyway, so that only charges settled
    altogether count as listed anew.
    """
    found = [
        ((settlement.id, charge.id), settlement.amount - undone.backs.get((settlement.id, charge.id), 0))
        for charge in _named(group, need)
        if charge.settlements and not (only_closed and charge.owed)
        for settlement in charge.settlements
    ]
    return sorted(found, key=lambda entry: entry[0][0], reverse=True)


def _standing(held: Sequence[HeldCharge], need: _Need) -> list[tuple[int, int]]:
    """What lists before have named already: the same list once more says nothing new."""
    return [
        (charge.id, min(charge.relieved, sum(doubt.amount for doubt in charge.doubts)))
        for charge in held
        if charge.doubts
        and (charge.period is None or not need.months or not need.months.isdisjoint(charge.period.months))
    ]


def _relieved(group: _Group, need: _Need) -> list[tuple[int, int]]:
    """What payments have paid of the months this listed charge names, newest first."""
    return [
        (charge.id, charge.relieved)
        for charge in _named(group, need)
        if charge.relieved and charge.period and need.months
    ]


def _named_before(group: _Group, need: _Need) -> int | None:
    """The sum in 分 that lists have named of these months, payments left aside; None unless months were only added."""
    named = [charge for charge in _named(group, need) if charge.period]
    if not all(charge.period and need.months.issuperset(charge.period.months) for charge in named):
        return None
    return sum(charge.owed + charge.relieved for charge in named)


def _doubt(group: _Group, need: _Need, amount: int, added: int, undone: Undone) -> int:
    """Put up to `amount` 分 that the list names, although it is held as paid, in doubt; returns how much."""
    paid = _relieved(group, need)
    free = sum(most - undone.doubts.get(charge_id, 0) for charge_id, most in paid)
    if free and added:
        known = [charge for charge in group.held if charge.period]
        months = sum(len(charge.period.months) for charge in known if charge.period)
        usual = -(-sum(charge.amount for charge in known) * added // months)
        excess = amount - usual
        if 2 * excess <= free and excess <= usual:
            return 0
        before = _named_before(group, need)
        all_paid = before is not None and not any(charge.owed for charge in known)
        amount = amount - max(0, need.owed - before) if all_paid and before is not None else excess
    return undone.doubt(paid, amount) if free else 0


def _doubt_of_unknown_months(held: Sequence[HeldCharge], need: _Need, amount: int, undone: Undone) -> int:
    """The same where the list or the charge tells no months: only when all is named that no list has agreed with."""
    fresh = [
        (charge.id, charge.fresh) for charge in held if charge.fresh and (charge.period is None or not need.months)
    ]
    total = sum(max(0, most - undone.doubts.get(charge_id, 0)) for charge_id, most in fresh)
    return undone.doubt(fresh, total) if total <= amount else 0


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
