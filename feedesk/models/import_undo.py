"""What a list undoes of what had lowered the charges of a unit: settlements taken back, payments in doubt.

A settlement of a lump that has been split by month since pours over the months, oldest first: so does what is left of
it once part is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from feedesk.models.import_plan import AddCharge, Doubt, HeldCharge, Settle, TakeBack


@dataclass(slots=True)
class Operations:
    """What one unit's charges need so that they agree with the list."""

    adds: list[AddCharge] = field(default_factory=list)
    settles: list[Settle] = field(default_factory=list)
    take_backs: list[TakeBack] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    closed_doubts: list[int] = field(default_factory=list)

    @property
    def delta(self) -> int:
        """Change of the unit's debt in 分."""
        return (
            sum([add.amount for add in self.adds])
            + sum([back.amount for back in self.take_backs])
            - sum([settle.amount for settle in self.settles])
        )


@dataclass(slots=True)
class Undone:
    """What the list contradicts of what has lowered the charges of an item, in 分."""

    backs: dict[tuple[int, int], int] = field(default_factory=dict)
    """By settlement and charge: the settlement of a lump split since stands at several."""
    doubts: dict[int, int] = field(default_factory=dict)
    """By charge."""

    def doubt(self, charges: Iterable[tuple[int, int]], amount: int) -> int:
        """Put `amount` in doubt on these charges (id, up to so many 分 in all) in their order; returns how much."""
        spaces = [(charge_id, most - self.doubts.get(charge_id, 0)) for charge_id, most in charges]
        found = pour(spaces, amount)
        for charge_id, part in found.items():
            self.doubts[charge_id] = self.doubts.get(charge_id, 0) + part
        return sum(found.values())


def oldest_first(charges: Iterable[HeldCharge]) -> list[HeldCharge]:
    """The order in which charges are settled: by first month, or month of the due date; unknown ones last."""
    return sorted(charges, key=_age)


def _age(charge: HeldCharge) -> tuple[int, int]:
    if charge.period:
        return charge.period.first, charge.id
    if charge.due_on:
        return charge.due_on.year * 12 + charge.due_on.month - 1, charge.id
    return 9999 * 12, charge.id


def take_back(held: Iterable[HeldCharge], backs: Mapping[tuple[int, int], int], operations: Operations) -> None:
    """Undo settlements. That of a lump split since pours over its months oldest first, so that part of it can only be
    taken from the last ones; otherwise it is taken back whole, and the months are settled one by one.
    """
    lumps: dict[int, list[HeldCharge]] = {}
    for charge in held:
        for settlement in charge.settlements:
            if settlement.charge_id == charge.id:
                back = backs.get((settlement.id, charge.id), 0)
                if back:
                    operations.take_backs.append(TakeBack(settlement.id, back))
            elif charge not in lumps.setdefault(settlement.charge_id, []):
                lumps[settlement.charge_id].append(charge)
    for months in lumps.values():
        _take_back_of_lump(months, backs, operations)
    operations.take_backs.sort(key=lambda back: -back.settlement_id)


def _take_back_of_lump(
    months: Sequence[HeldCharge], backs: Mapping[tuple[int, int], int], operations: Operations
) -> None:
    parts = [
        (settlement, charge.id, settlement.amount, backs.get((settlement.id, charge.id), 0))
        for charge in months
        for settlement in charge.settlements
        if settlement.charge_id != charge.id
    ]
    whole: dict[int, int] = {}
    taken: dict[int, int] = {}
    stays: dict[int, int] = {}
    for settlement, charge_id, amount, back in parts:
        whole[settlement.id] = whole.get(settlement.id, 0) + amount
        taken[settlement.id] = taken.get(settlement.id, 0) + back
        stays[charge_id] = stays.get(charge_id, 0) + amount - back
    space = [(charge.id, charge.amount - _own(charge, backs, operations)) for charge in oldest_first(months)]
    if pour(space, sum(stays.values())) == {charge_id: amount for charge_id, amount in stays.items() if amount}:
        operations.take_backs.extend(TakeBack(each, amount) for each, amount in taken.items() if amount)
        return
    operations.take_backs.extend(TakeBack(each, amount) for each, amount in whole.items())
    for place, settle in enumerate(operations.settles):
        more = stays.pop(settle.charge_id, 0)
        if more:
            operations.settles[place] = Settle(settle.charge_id, settle.amount + more)
    operations.settles.extend(Settle(charge_id, amount) for charge_id, amount in stays.items() if amount)


def _own(charge: HeldCharge, backs: Mapping[tuple[int, int], int], operations: Operations) -> int:
    """What settlements of that month itself come to with this list, in 分; the lump's pours into what they leave."""
    before = sum(
        settlement.amount - backs.get((settlement.id, charge.id), 0)
        for settlement in charge.settlements
        if settlement.charge_id == charge.id
    )
    return before + sum(settle.amount for settle in operations.settles if settle.charge_id == charge.id)


def pour(charges: Iterable[tuple[int, int]], amount: int) -> dict[int, int]:
    """Spread 分 over charges (id, room for so many 分) in the order given; those that get nothing are left out."""
    found = {}
    for charge_id, space in charges:
        part = min(amount, space)
        if part > 0:
            found[charge_id] = part
            amount -= part
    return found
