"""A day's payments and what they add up to.

What was counted and handed in on a day stays as it was: a payment reversed on a later day still counts on its own, and
its reversal is a line of the later day with a minus. Reversed on the very day it was booked, it is struck and counts
nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feedesk.models.ledger.payments import Payment, PaymentUse, PayMethod


@dataclass(frozen=True, slots=True)
class Taking:
    """A line of a day: a payment with what it paid, as it stands now; no uses once it has been reversed."""

    payment: Payment
    uses: tuple[PaymentUse, ...] = ()
    undoes: bool = False
    """It is not the payment but its reversal, on a later day than it was booked."""

    @property
    def id(self) -> int:
        """The payment's id; that of its reversal with a minus."""
        return -self.payment.id if self.undoes else self.payment.id

    @property
    def at(self) -> datetime:
        """When it was booked, or reversed."""
        return self.payment.reversed_at if self.undoes and self.payment.reversed_at else self.payment.at

    @property
    def amount(self) -> int:
        """What it adds to the day unless it is struck, in 分: below 0 for a reversal."""
        return -self.payment.amount if self.undoes else self.payment.amount

    @property
    def is_struck(self) -> bool:
        """Whether it was reversed on the day it was booked: it counts nowhere."""
        undone = self.payment.reversed_at
        return undone is not None and undone.date() == self.payment.at.date()

    @property
    def what_for(self) -> str:
        """What it was for in one line: 「管理费 2026年7–9月、违约金」, or what became of it."""
        if self.undoes:
            return f"冲正 {self.payment.at:%m-%d} 登记的收款：{self.payment.reversed}"
        if self.payment.reversed:
            return f"{'已' if self.is_struck else '后来'}冲正：{self.payment.reversed}"
        return "、".join(dict.fromkeys(use.text for use in self.uses))

    @property
    def owner_names(self) -> str:
        """The owners of its rooms, each once."""
        return "、".join(dict.fromkeys(name for name in self.payment.names if name)) or "业主"


@dataclass(frozen=True, slots=True)
class MethodSum:
    """What came in one way: number of payments, and 分 less what was undone."""

    method: PayMethod
    count: int
    amount: int
    undone: int = 0
    """What reversals of earlier days' payments took off it, in 分."""


@dataclass(frozen=True, slots=True)
class DaySums:
    """What the payments of a day add up to. Σ of `by_method` = `count`, `amount`; in 分."""

    by_method: tuple[MethodSum, ...]
    """Ways that somebody paid in, in their fixed order."""
    count: int
    amount: int
    reversed_count: int
    """Payments of this day reversed on it: struck, not counted."""
    reversed_amount: int
    undone_count: int = 0
    """Payments of earlier days reversed on this one: taken off `amount`."""
    undone_amount: int = 0


def day_sums(takings: Iterable[Taking]) -> DaySums:
    """The sums of these payments."""
    lines = list(takings)
    struck = [line for line in lines if line.is_struck]
    live = [line for line in lines if not line.is_struck]
    found = []
    for method in PayMethod:
        of_it = [line for line in live if line.payment.method is method]
        if of_it:
            undone = [line for line in of_it if line.undoes]
            found.append(MethodSum(method, len(of_it) - len(undone), _sum(of_it), -_sum(undone)))
    undone = [line for line in live if line.undoes]
    return DaySums(
        by_method=tuple(found),
        count=len(live) - len(undone),
        amount=_sum(live),
        reversed_count=len(struck),
        reversed_amount=_sum(struck),
        undone_count=len(undone),
        undone_amount=-_sum(undone),
    )


def _sum(takings: Iterable[Taking]) -> int:
    return sum(taking.amount for taking in takings)
