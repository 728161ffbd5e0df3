"""An account's money follows from its records alone: invariants for whatever was recorded, in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ledger.account import (
    AccountRecords,
    ChargeRecord,
    Movement,
    SettlementRecord,
    ShareRecord,
    WaiverRecord,
    last_zero,
    open_of,
    owed,
    tie_of,
    work_out,
)
from feedesk.models.ledger.allocation import AllocationRule

START = date(2026, 1, 15)
TODAY = date(2026, 11, 17)

days = st.integers(0, 300).map(lambda n: START + timedelta(days=n))
amounts = st.integers(1, 50_000)
rules = st.sampled_from(AllocationRule)


@st.composite
def records(draw: st.DrawFn) -> AccountRecords:
    charges = tuple(
        ChargeRecord(number, amount, due, due or TODAY, (24_300 + number, 1), heavy)
        for number, (amount, due, heavy) in enumerate(
            draw(st.lists(st.tuples(amounts, st.none() | days, st.booleans()), max_size=5)), start=1
        )
    )
    ids = [charge.id for charge in charges]
    if not ids:
        return AccountRecords()
    some = st.sampled_from(ids)
    settlements = draw(
        st.lists(st.tuples(st.lists(some, min_size=1, max_size=3, unique=True), days, amounts), max_size=3)
    )
    waivers = draw(st.lists(st.tuples(some, amounts, days, st.none() | days), max_size=3))
    shares = draw(st.lists(st.tuples(days, amounts, st.integers(0, 500), st.lists(st.tuples(some, amounts), max_size=2)),
                           max_size=5))  # fmt: skip
    return AccountRecords(
        charges,
        tuple(SettlementRecord(tuple(pours), on, amount) for pours, on, amount in settlements),
        tuple(WaiverRecord(n, charge, amount, on, last) for n, (charge, amount, on, last) in enumerate(waivers, 1)),
        tuple(
            ShareRecord(n, on, amount, late, tuple(named), tie_of(amount, "cash", str(n)))
            for n, (on, amount, late, named) in enumerate(shares, 1)
        ),
    )


@given(records(), rules)
def test_nothing_ever_exceeds_its_charge_or_its_payment(found: AccountRecords, rule: AllocationRule) -> None:
    money = work_out(found, rule, TODAY)
    for charge in found.charges:
        lowered = money.charges[charge.id]
        assert min(lowered.settled, lowered.waived, lowered.paid) >= 0
        assert lowered.lowered <= charge.amount
    for share in found.shares:
        used = sum(a.amount for a in money.allocations if a.payment_id == share.payment_id)
        assert used + money.rest[share.payment_id] == share.principal


@given(records(), rules)
def test_the_balance_is_charges_less_what_was_settled_waived_and_paid(
    found: AccountRecords, rule: AllocationRule
) -> None:
    money = work_out(found, rule, TODAY)
    settled = sum(lowered.settled for lowered in money.charges.values())
    waived = sum(lowered.waived for lowered in money.charges.values())
    allocated = sum(allocation.amount for allocation in money.allocations)
    assert owed(found, money) == sum(charge.amount for charge in found.charges) - settled - waived - allocated
    assert money.prepaid == sum(share.principal for share in found.shares) - allocated


@given(records(), rules)
def test_no_money_is_left_over_while_a_debt_is_open(found: AccountRecords, rule: AllocationRule) -> None:
    money = work_out(found, rule, TODAY)
    assert money.prepaid == 0 or owed(found, money) == 0


@given(records(), rules, st.randoms())
def test_the_order_of_entry_changes_nothing(found: AccountRecords, rule: AllocationRule, random: Random) -> None:
    mixed = AccountRecords(
        tuple(random.sample(found.charges, len(found.charges))),
        tuple(random.sample(found.settlements, len(found.settlements))),
        tuple(random.sample(found.waivers, len(found.waivers))),
        tuple(random.sample(found.shares, len(found.shares))),
    )
    one, other = work_out(found, rule, TODAY), work_out(mixed, rule, TODAY)
    assert sorted(one.allocations, key=repr) == sorted(other.allocations, key=repr)
    assert open_of(found, one) == open_of(mixed, other)


@given(records(), rules, st.data())
def test_a_payment_taken_and_reversed_leaves_no_trace(
    found: AccountRecords, rule: AllocationRule, data: st.DataObject
) -> None:
    more = ShareRecord(99, data.draw(days), data.draw(amounts))
    before = work_out(found, rule, TODAY)
    work_out(replace(found, shares=(*found.shares, more)), rule, TODAY)
    after = work_out(replace(found, shares=found.shares), rule, TODAY)
    assert repr(before) == repr(after)


@given(records(), rules, days)
def test_as_of_today_is_the_present_and_an_earlier_day_knows_nothing_later(
    found: AccountRecords, rule: AllocationRule, day: date
) -> None:
    assert work_out(found.until(TODAY), rule, TODAY).charges == work_out(found, rule, TODAY).charges
    later = ShareRecord(99, day + timedelta(days=1), 1_000)
    with_later = replace(found, shares=(*found.shares, later))
    assert work_out(with_later.until(day), rule, day) == work_out(found.until(day), rule, day)


DEBT = ChargeRecord(1, 10_000, START, START, (24_301, 1))


@pytest.mark.parametrize(
    ("paid", "today", "open_left", "holds"),
    [
        ([], date(2026, 3, 31), 8_000, True),
        ([], date(2026, 4, 1), 10_000, False),
        ([(date(2026, 3, 31), 8_000)], date(2026, 4, 1), 0, True),
        ([(date(2026, 3, 31), 7_999)], date(2026, 4, 1), 2_001, False),
        ([(date(2026, 4, 1), 8_000)], date(2026, 4, 1), 2_000, False),
    ],
    ids=["last day", "day after", "paid in time", "a fen short", "a day late"],
)
def test_a_waiver_with_a_last_day_holds_only_for_who_pays_by_then(
    paid: list[tuple[date, int]], today: date, open_left: int, holds: bool
) -> None:
    waiver = WaiverRecord(7, 1, 2_000, date(2026, 3, 1), date(2026, 3, 31))
    shares = tuple(ShareRecord(n, on, amount) for n, (on, amount) in enumerate(paid, 1))
    found = AccountRecords((DEBT,), (), (waiver,), shares)
    money = work_out(found, AllocationRule.OLDEST_DUE, today)
    assert owed(found, money) == open_left
    assert (money.lapsed == frozenset()) is holds


@pytest.mark.parametrize(
    ("movements", "found"),
    [
        ([("1", 100)], None),
        ([("1", 100), ("2", -40)], None),
        ([("1", 100), ("2", -100)], "2"),
        ([("1", 100), ("2", -150), ("3", 60)], "2"),
        ([("1", 100), ("2", -100), ("3", 60), ("4", -60)], "4"),
        ([("1", 100), ("2", -100), ("2", 60)], None),
        ([("2", -100), ("1", 100)], "2"),
    ],
)
def test_the_last_zero_is_where_the_balance_came_down(movements: list[tuple[str, int]], found: str | None) -> None:
    assert last_zero(Movement(at, amount) for at, amount in movements) == found
