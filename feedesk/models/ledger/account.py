"""The money of one account worked out from its records: what is settled, waived and paid of each charge, on any day.

Pure, and the only place where records become balances: the office file keeps what this returns, `feedesk check`
compares it, and a balance as of an earlier day is the same work with the records of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from feedesk.models.ledger.allocation import Allocation, AllocationRule, Debt, Money, allocate


@dataclass(frozen=True, slots=True)
class ChargeRecord:
    """A charge that counts. `since` = the day it counts from: its due day or its list's day, whichever is earlier."""

    id: int
    amount: int
    due_on: date | None
    since: date
    place: tuple[int, int]
    bears_late_fee: bool = False
    came: date = date.min
    """The day of the list that brought it."""


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """分 settled 按财务清单 as of a day, net of what was taken back or replaced by payments.

    `charge_ids` holds one charge, or the monthly charges a lump was split into: then it pours over them, oldest first.
    """

    charge_ids: tuple[int, ...]
    as_of: date
    amount: int


@dataclass(frozen=True, slots=True)
class WaiverRecord:
    """分 of principal let off from a day on; with `expires_on` only if the charge is paid up to that day.

    Of a lump split since, it pours over the months, oldest first.
    """

    id: int
    charge_id: int
    amount: int
    on: date
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """An account's share of a payment. `principal` = without late fee and without what a list contains already."""

    payment_id: int
    paid_on: date
    principal: int
    late_fee: int = 0
    named: tuple[tuple[int, int], ...] = ()
    tie: tuple[str, ...] = ()


def tie_of(amount: int, method: str, reference: str) -> tuple[str, ...]:
    """Order among payments of one day: the larger sum first, then by what they say; never by when they were entered."""
    return (f"{10**12 - amount:013d}", method, reference)


@dataclass(frozen=True, slots=True)
class AccountRecords:
    """Everything on record for one account's money."""

    charges: tuple[ChargeRecord, ...] = ()
    settlements: tuple[SettlementRecord, ...] = ()
    waivers: tuple[WaiverRecord, ...] = ()
    shares: tuple[ShareRecord, ...] = ()
    lumps: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """Charges that were split by month, each with its months, oldest first."""

    def until(self, day: date) -> AccountRecords:
        """Only what counts on that day."""
        return AccountRecords(
            tuple(charge for charge in self.charges if charge.since <= day),
            tuple(settlement for settlement in self.settlements if settlement.as_of <= day),
            tuple(waiver for waiver in self.waivers if waiver.on <= day),
            tuple(share for share in self.shares if share.paid_on <= day),
            self.lumps,
        )


@dataclass(slots=True)
class ChargeMoney:
    """What lowers one charge, in 分."""

    settled: int = 0
    waived: int = 0
    paid: int = 0
    by_day: list[tuple[date, int]] = field(default_factory=list, compare=False)
    """The same day by day, in no order: late fee is reckoned on what was open on each day."""

    @property
    def lowered(self) -> int:
        """All of it."""
        return self.settled + self.waived + self.paid


@dataclass(frozen=True, slots=True)
class AccountMoney:
    """The outcome. Money in 分."""

    charges: dict[int, ChargeMoney]
    """Every charge of the records."""
    allocations: tuple[Allocation, ...] = ()
    prepaid: int = 0
    """What of the payments no charge needs."""
    rest: dict[int, int] = field(default_factory=dict)
    """The same by payment."""
    late_fee_paid: int = 0
    lapsed: frozenset[int] = frozenset()
    """Waivers that hold no longer."""


def work_out(records: AccountRecords, rule: AllocationRule, day: date) -> AccountMoney:
    """The money of an account on `day`, from the records given (use `records.until(day)` for an earlier day).

    Settlements come first, then waivers, then payments; nothing ever exceeds its charge. Of waivers that expire, one
    holds until its last day, and after it only when the charge was paid up to then.
    """
    lapsed, lumps = _lapsed(records, rule, day), dict(records.lumps)
    waivers = [waiver for waiver in records.waivers if waiver.id not in lapsed]
    charges = {charge.id: ChargeMoney() for charge in records.charges}
    amounts = {charge.id: charge.amount for charge in records.charges}
    for settlement in sorted(records.settlements, key=lambda one: (len(one.charge_ids), one.as_of, one.charge_ids)):
        left = settlement.amount  # that of one month before that of a lump, which has other months to go to
        for charge_id in settlement.charge_ids:
            if charge_id in charges:
                part = min(left, amounts[charge_id] - charges[charge_id].settled)
                charges[charge_id].settled += part
                charges[charge_id].by_day.append((settlement.as_of, part))
                left -= part
    for waiver in sorted(waivers, key=lambda waiver: (waiver.on, waiver.id)):
        left = waiver.amount
        for charge_id in lumps.get(waiver.charge_id, (waiver.charge_id,)):
            if charge_id in charges:
                part = min(left, amounts[charge_id] - charges[charge_id].lowered)
                charges[charge_id].waived += part
                charges[charge_id].by_day.append((waiver.on, part))
                left -= part
    debts = [
        Debt(
            charge.id,
            charge.amount - charges[charge.id].lowered,
            charge.due_on,
            charge.bears_late_fee,
            charge.place,
            charge.came,
        )
        for charge in records.charges
    ]
    allocated = allocate(debts, [_money(share) for share in records.shares], rule, lumps)
    paid_on = {share.payment_id: share.paid_on for share in records.shares}
    for allocation in allocated.allocations:
        charges[allocation.charge_id].paid += allocation.amount
        charges[allocation.charge_id].by_day.append((paid_on[allocation.payment_id], allocation.amount))
    return AccountMoney(
        charges=charges,
        allocations=allocated.allocations,
        prepaid=sum(allocated.rest.values()),
        rest=allocated.rest,
        late_fee_paid=sum(share.late_fee for share in records.shares),
        lapsed=lapsed,
    )


def _money(share: ShareRecord) -> Money:
    return Money(share.payment_id, share.paid_on, share.principal, share.named, share.tie)


def _lapsed(records: AccountRecords, rule: AllocationRule, day: date) -> frozenset[int]:
    """Waivers whose last day is over without the charge being paid up; the earliest to expire is judged first."""
    found: set[int] = set()
    over = [waiver for waiver in records.waivers if waiver.expires_on is not None and waiver.expires_on < day]
    for waiver in sorted(over, key=lambda waiver: (waiver.expires_on or day, waiver.id)):
        last = waiver.expires_on or day
        then = replace(
            records.until(last),
            waivers=tuple(
                replace(other, expires_on=None)
                for other in records.waivers
                if other.on <= last and other.id not in found
            ),
        )
        money = work_out(then, rule, last)
        concerned = dict(records.lumps).get(waiver.charge_id, (waiver.charge_id,))
        opens = [charge.amount - money.charges[charge.id].lowered for charge in then.charges if charge.id in concerned]
        if not opens or any(opens):
            found.add(waiver.id)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Movement:
    """How the balance moved when something became known: + a debt, − money.

    All movements with the same `at` and `step` are one: a list adds and settles at once.
    """

    at: str
    amount: int
    step: str = ""
    """Order within one second: the list's or the payment's number."""


def last_zero(movements: Iterable[Movement]) -> str | None:
    """When the balance last came down to zero (or under, by an over-payment), as the moment is written; else None.

    第N次催款 counts from there (design). A reversed payment or a settlement taken back is left out by the caller: it
    never brought the balance down.
    """
    by_moment: dict[tuple[str, str], int] = {}
    for movement in movements:
        key = movement.at, movement.step
        by_moment[key] = by_moment.get(key, 0) + movement.amount
    found, balance = None, 0
    for key in sorted(by_moment):
        before = balance
        balance += by_moment[key]
        if balance <= 0 < before:
            found = key[0]
    return found


def owed(records: AccountRecords, money: AccountMoney) -> int:
    """What is open altogether, in 分."""
    return sum(charge.amount - money.charges[charge.id].lowered for charge in records.charges)


def open_of(records: AccountRecords, money: AccountMoney) -> dict[int, int]:
    """What is open of each charge, in 分."""
    return {charge.id: charge.amount - money.charges[charge.id].lowered for charge in records.charges}


def oldest_first(charges: Sequence[ChargeRecord]) -> list[ChargeRecord]:
    """Charges in the order in which a settlement of a split lump pours over them."""
    return sorted(charges, key=lambda charge: (charge.due_on or date.max, charge.place, charge.id))
