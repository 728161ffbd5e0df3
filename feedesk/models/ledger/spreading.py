"""How a sum is laid over an owner's units. Pure; amounts in 分."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.allocation import AllocationRule, Debt, Money, allocate
from feedesk.models.ledger.payments import Named, PaymentShare

_FAR = 9999 * 12


def spread(
    principal: int,
    late_fees: Mapping[int, int],
    named: Mapping[int, tuple[Named, ...]],
    account_ids: Sequence[int],
    charges: Sequence[Charge],
    rule: AllocationRule,
    paid_on: date,
    *,
    charges_late_fee: bool = False,
) -> tuple[PaymentShare, ...]:
    """One share a unit: what was named there, then what the office's rule pays there, and its own late fee.

    What no charge needs goes to the first unit. `late_fees` is by account. Σ of the shares = `principal` + Σ late
    fees; units that get nothing have no share.
    """
    of = {charge.id: charge.account_id for charge in charges if charge.account_id in account_ids}
    debts = [
        Debt(
            charge.id,
            charge.owed,
            charge.due_on,
            charges_late_fee and charge.kind is FeeKind.PROPERTY,
            (charge.period.first if charge.period else _FAR, charge.id),
        )
        for charge in charges
        if charge.id in of and charge.owed > 0
    ]
    names = tuple((name.charge_id, name.amount) for names in named.values() for name in names)
    done = allocate(debts, [Money(0, paid_on, principal, names)], rule)
    parts = dict.fromkeys(account_ids, 0)
    for one in done.allocations:
        parts[of[one.charge_id]] += one.amount
    if account_ids:
        parts[account_ids[0]] += sum(done.rest.values())
    return tuple(
        PaymentShare(
            account_id, part + late_fees.get(account_id, 0), late_fees.get(account_id, 0), named.get(account_id, ())
        )
        for account_id, part in parts.items()
        if part + late_fees.get(account_id, 0) > 0
    )


def lay_late_fee(amount: int, owed: Mapping[int, int]) -> dict[int, int]:
    """So many 分 of late fee over the units that owe some, in their order; what is too much stays with the last."""
    found: dict[int, int] = {}
    for account_id, most in owed.items():
        part = min(amount, most)
        if part > 0:
            found[account_id] = part
            amount -= part
    return found
