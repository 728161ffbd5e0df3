"""A day's payments and what they add up to; a reversed payment is shown and never counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedesk.models.ledger.payments import Payment, PaymentUse, PayMethod


@dataclass(frozen=True, slots=True)
class Taking:
    """A payment with what it paid, as it stands now; no uses once it has been reversed."""

    payment: Payment
    uses: tuple[PaymentUse, ...] = ()

    @property
    def id(self) -> int:
        """The payment's id."""
        return self.payment.id

    @property
    def is_reversed(self) -> bool:
        """Whether it counts on no day any more."""
        return bool(self.payment.reversed)

    @property
    def what_for(self) -> str:
        """What it was for in one line: 「管理费 2026年7–9月、违约金」."""
        return "、".join(dict.fromkeys(use.text for use in self.uses))

    @property
    def owner_names(self) -> str:
        """The owners of its rooms, each once."""
        return "、".join(dict.fromkeys(name for name in self.payment.names if name)) or "业主"


@dataclass(frozen=True, slots=True)
class MethodSum:
    """What came in one way: number of payments, and 分."""

    method: PayMethod
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class DaySums:
    """What the payments of a day add up to. Σ of `by_method` = `count`, `amount`; in 分."""

    by_method: tuple[MethodSum, ...]
    """Ways that somebody paid in, in their fixed order."""
    count: int
    amount: int
    reversed_count: int
    reversed_amount: int


def day_sums(takings: Iterable[Taking]) -> DaySums:
    """The sums of these payments."""
    payments = [taking.payment for taking in takings]
    live = [payment for payment in payments if not payment.reversed]
    undone = [payment for payment in payments if payment.reversed]
    found = []
    for method in PayMethod:
        amounts = [payment.amount for payment in live if payment.method is method]
        if amounts:
            found.append(MethodSum(method, len(amounts), sum(amounts)))
    return DaySums(
        by_method=tuple(found),
        count=len(live),
        amount=sum(payment.amount for payment in live),
        reversed_count=len(undone),
        reversed_amount=sum(payment.amount for payment in undone),
    )
