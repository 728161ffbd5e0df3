"""Which charge a payment pays: what the payer named first, the rest by the office's rule (民法典 560, law §1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby


class AllocationRule(StrEnum):
    """The office's rule for what the payer did not name."""

    OLDEST_DUE = "oldest_due"
    STATUTORY = "statutory"


ALLOCATION_RULE_LABELS = {
    AllocationRule.OLDEST_DUE: "先缴最早到期的",
    AllocationRule.STATUTORY: "按民法典第 560、561 条",
}

ALLOCATION_RULE_TEXTS = {
    AllocationRule.OLDEST_DUE: (
        "业主缴费时没有说明缴哪一笔的，先抵最早到期的一笔，抵清了再抵下一笔；同一天到期的，先抵月份早的。"
        "本金缴清以后才收违约金。民法典第 560、561 条允许这样约定，宜写进合同或缴费须知。"
    ),
    AllocationRule.STATUTORY: (
        "业主缴费时没有说明缴哪一笔的，依民法典第 560 条：先抵已到期的；都到期的，先抵要计违约金的；"
        "再按到期先后；同一天到期的，按各笔未缴金额的比例分摊。"
        "第 561 条把费用和利息排在本金之前，违约金比照利息先收；业主另有说明的，收款时可以改。"
    ),
}
"""What each rule does, for the person who chooses."""


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
    came: date = date.min
    """The day of the list that brought it: what came in before pays it only with what no known charge needed."""


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


def allocate(
    debts: Sequence[Debt],
    moneys: Sequence[Money],
    rule: AllocationRule,
    lumps: Mapping[int, Sequence[int]] | None = None,
) -> Allocated:
    """Allocate all payments of one account to its charges.

    Day by day, as debts and money came in: a debt is paid first from what earlier payments left over; then come the
    payments of the day, first what their payers named (up to what is open of the charge), then the rest of each by
    `rule`, in the order of `tie`. Neither a later payment nor a later debt changes what an earlier payment paid, so
    that a receipt stays true and the allocations up to a day are what they were on that day (民法典 560: the payer
    names on paying). The outcome does not depend on the order of `debts` or `moneys`; Σ per payment ≤ its amount, Σ
    per charge ≤ its amount; nothing is left over while a charge is open. `lumps` = the months that took the place of
    a charge split since: what was named for it goes to them in their order.
    """
    lumps = lumps or {}
    pot = _Pot(debts)
    coming = sorted(debts, key=lambda debt: (debt.came, *_age(debt)))
    ordered = sorted(moneys, key=lambda money: (money.paid_on, money.tie, money.payment_id))
    known: list[Debt] = []
    done: list[Money] = []
    place = 0
    for paid_on, group in groupby(ordered, key=lambda money: money.paid_on):
        while place < len(coming) and coming[place].came <= paid_on:
            place = _arrive(coming, place, known, done, pot, rule)
        today = list(group)
        for money in today:
            pot.rest[money.payment_id] = money.amount
            for charge_id, amount in money.named:
                for month in lumps.get(charge_id, (charge_id,)):
                    amount -= pot.take(money.payment_id, month, amount)
        _pour(today, known, pot, rule, paid_on)
        done += [money for money in today if pot.rest[money.payment_id]]
    while place < len(coming) and any(pot.rest.values()):
        place = _arrive(coming, place, known, done, pot, rule)
    return pot.allocated()


def _arrive(
    coming: Sequence[Debt], place: int, known: list[Debt], done: Sequence[Money], pot: _Pot, rule: AllocationRule
) -> int:
    """The debts of the next list become known, and prepayment pays them; returns where the list after begins."""
    day = coming[place].came
    while place < len(coming) and coming[place].came == day:
        known.append(coming[place])
        place += 1
    known.sort(key=_age)
    _pour(done, known, pot, rule, day)
    return place


def _pour(moneys: Sequence[Money], known: list[Debt], pot: _Pot, rule: AllocationRule, day: date) -> None:
    """What is left of these payments goes to the debts known on the day, by the rule."""
    if not any(pot.rest[money.payment_id] for money in moneys):
        return
    known[:] = pot.still_open(known)  # what is paid never opens again: many payments cost little more than one
    ranks = _singly(known) if rule is AllocationRule.OLDEST_DUE else _by_law(known, day)
    for money in moneys:
        for rank in ranks:
            if not pot.rest[money.payment_id]:
                break
            pot.share(money.payment_id, rank)


def late_fee_first(rule: AllocationRule) -> bool:
    """Whether 违约金 is proposed before the principal: 民法典 561's order, unless the office has agreed otherwise."""
    return rule is AllocationRule.STATUTORY


def late_fee_part(rule: AllocationRule, amount: int, principal: int, late_fee: int) -> int:
    """What of `amount` is proposed for 违约金 when so much principal and late fee are open (all 分, ≥ 0).

    Only a proposal: a person confirms it with the payment. What neither needs is left to prepayment.
    """
    return min(late_fee, amount if late_fee_first(rule) else max(0, amount - principal))


class _Pot:
    """What is open of each charge and left of each payment while one account is reckoned."""

    def __init__(self, debts: Iterable[Debt]) -> None:
        self._open = {debt.charge_id: debt.amount for debt in debts}
        self.rest: dict[int, int] = {}
        self._found: dict[tuple[int, int], int] = {}

    def take(self, payment_id: int, charge_id: int, wanted: int) -> int:
        amount = min(wanted, self.rest[payment_id], self._open.get(charge_id, 0))
        if amount > 0:
            self._open[charge_id] -= amount
            self.rest[payment_id] -= amount
            self._found[payment_id, charge_id] = self._found.get((payment_id, charge_id), 0) + amount
        return amount

    def still_open(self, debts: Iterable[Debt]) -> list[Debt]:
        """Those of the debts of which something is open, in their order."""
        return [debt for debt in debts if self._open[debt.charge_id]]

    def share(self, payment_id: int, rank: Sequence[Debt]) -> None:
        """Spread what is left of a payment over charges of equal rank, in proportion to what is open of them."""
        if len(rank) == 1:
            self.take(payment_id, rank[0].charge_id, self.rest[payment_id])
            return
        opens = [self._open[debt.charge_id] for debt in rank]
        for debt, part in zip(rank, proportional(self.rest[payment_id], opens), strict=True):
            self.take(payment_id, debt.charge_id, part)

    def allocated(self) -> Allocated:
        return Allocated(tuple(Allocation(p, c, amount) for (p, c), amount in self._found.items()), self.rest)


def proportional(amount: int, parts: Sequence[int]) -> list[int]:
    """`amount` spread over `parts` in proportion to them, never more than a part; what is beyond their sum stays.

    The 分 lost in rounding down go to the largest remainders, the earlier part first where remainders are equal.
    """
    total = sum(parts)
    if amount >= total:
        return list(parts)
    shares = [amount * part // total for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-(amount * parts[place] % total), place))
    for place in by_remainder[: amount - sum(shares)]:
        shares[place] += 1
    return shares


def _age(debt: Debt) -> tuple[bool, date, tuple[int, int], int]:
    return debt.due_on is None, debt.due_on or date.max, debt.place, debt.charge_id


def _singly(debts: Iterable[Debt]) -> Sequence[Sequence[Debt]]:
    return [(debt,) for debt in debts]


def _by_law(by_age: Iterable[Debt], paid_on: date) -> Sequence[Sequence[Debt]]:
    """Ranks by 民法典 560(2): due already; the heavier burden; due earlier. Within a rank all are equal.

    Security plays no part: fees have none. The law is silent on debts not yet due: they follow in the same order. An
    unknown due day proves nothing, so those come last.
    """

    def rank(debt: Debt) -> tuple[int, bool, date]:
        if debt.due_on is None:
            return 2, not debt.bears_late_fee, date.max
        return int(debt.due_on > paid_on), not debt.bears_late_fee, debt.due_on

    found: dict[tuple[int, bool, date], list[Debt]] = {}
    for debt in by_age:
        found.setdefault(rank(debt), []).append(debt)
    return [found[key] for key in sorted(found)]
