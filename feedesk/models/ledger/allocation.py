"""Which charge a payment pays: what the payer named first, the rest by the office's rule (民法典 560, law §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AllocationRule(StrEnum):
    """The office's rule for what the payer did not name."""

    OLDEST_DUE = "oldest_due"
    STATUTORY = "statutory"


ALLOCATION_RULE_LABELS = {
    AllocationRule.OLDEST_DUE: "先缴最早到期的",
    AllocationRule.STATUTORY: "按民法典第 560、561 条",
}


@dataclass(frozen=True, slots=True)
class Debt:
    """A charge to be paid: `amount` 分 after settlements and waivers, ≥ 0."""

    charge_id: int
    amount: int
    due_on: date | None
    bears_late_fee: bool
    """The heavier burden of 民法典 560(2): 物业费 while the office charges a late fee."""
    place: tuple[int, int]
    """First month index (a large number when unknown) and item id: order among charges due on the same day."""


@dataclass(frozen=True, slots=True)
class Money:
    """What of a payment is for the principal of one account: `amount` 分 ≥ 0."""

    payment_id: int
    paid_on: date
    amount: int
    named: tuple[tuple[int, int], ...] = ()
    """(charge id, 分) as the payer named them."""
    tie: tuple[str, ...] = ()
    """Order among payments of one day that does not depend on when they were entered."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many 分 of a payment for a charge."""

    payment_id: int
    charge_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Allocated:
    """The whole outcome for one account. `rest` = what of each payment no charge needs: prepayment, in 分."""

    allocations: tuple[Allocation, ...]
    rest: dict[int, int]


def allocate(debts: Sequence[Debt], moneys: Sequence[Money], rule: AllocationRule) -> Allocated:
    """Allocate all payments of one account to its charges.

    Named amounts come first (up to what is open of the charge), payment by payment in the order of `paid_on` and
    `tie`; then the rest of each payment, in the same order, by `rule`. The outcome does not depend on the order of
    `debts` or `moneys`; Σ per payment ≤ its amount, Σ per charge ≤ its amount.
    """
    open_of = {debt.charge_id: debt.amount for debt in debts}
    rest: dict[int, int] = {}
    found: dict[tuple[int, int], int] = {}

    def take(payment_id: int, charge_id: int, wanted: int) -> None:
        amount = min(wanted, rest[payment_id], open_of.get(charge_id, 0))
        if amount > 0:
            open_of[charge_id] -= amount
            rest[payment_id] -= amount
            found[payment_id, charge_id] = found.get((payment_id, charge_id), 0) + amount

    ordered = sorted(moneys, key=lambda money: (money.paid_on, money.tie, money.payment_id))
    for money in ordered:
        rest[money.payment_id] = money.amount
        for charge_id, amount in money.named:
            take(money.payment_id, charge_id, amount)
    by_age = sorted(debts, key=lambda debt: (debt.due_on is None, debt.due_on or date.max, debt.place, debt.charge_id))
    for money in ordered:
        for debt in by_age:
            take(money.payment_id, debt.charge_id, rest[money.payment_id])
    return Allocated(tuple(Allocation(p, c, amount) for (p, c), amount in found.items()), rest)
