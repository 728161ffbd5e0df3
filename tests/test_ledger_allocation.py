"""Which charge a payment pays: worked cases with figures reckoned by hand, and what holds for every history."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ledger.allocation import (
    ALLOCATION_RULE_LABELS,
    ALLOCATION_RULE_TEXTS,
    Allocated,
    AllocationRule,
    Debt,
    Money,
    allocate,
    late_fee_part,
    proportional,
)
from feedesk.models.periods import month_index

OLDEST, LAW = AllocationRule.OLDEST_DUE, AllocationRule.STATUTORY
NO_MONTH = 999_999


def _debt(charge_id: int, amount: int, due: str = "", *, bears: bool = False, item: int = 1) -> Debt:
    due_on = date.fromisoformat(f"2026-{due}") if due else None
    return Debt(charge_id, amount, due_on, bears, (month_index(2026, due_on.month) if due_on else NO_MONTH, item))


def _money(payment_id: int, day: str, amount: int, *named: tuple[int, int], tie: str = "") -> Money:
    return Money(payment_id, date.fromisoformat(f"2026-{day}"), amount, named, (tie,))


def _table(outcome: Allocated) -> dict[tuple[int, int], int]:
    """(payment, charge) -> 分."""
    return {(one.payment_id, one.charge_id): one.amount for one in outcome.allocations}


QUARTERS = (_debt(1, 107_940, "01-15"), _debt(2, 107_940, "04-15"), _debt(3, 107_940, "07-15"))
"""管理费 of three quarters."""
MIXED = (
    _debt(1, 12_000, "01-15"),  # 公摊
    _debt(2, 107_940, "04-15", bears=True),  # 管理费
    _debt(3, 107_940, "07-15", bears=True),  # 管理费
    _debt(4, 9_000, "07-15"),  # 车位费
    _debt(5, 50_000),  # due day unknown
)
TRIPLE = (_debt(1, 100, "01-15"), _debt(2, 100, "01-15", item=2), _debt(3, 100, "01-15", item=3))


@pytest.mark.parametrize(
    ("case", "rule", "debts", "moneys", "paid", "rest"),
    [
        ("a part of the oldest", OLDEST, QUARTERS, [_money(1, "08-01", 100_000)], {(1, 1): 100_000}, {1: 0}),
        ("over two quarters", OLDEST, QUARTERS, [_money(1, "08-01", 200_000)], {(1, 1): 107_940, (1, 2): 92_060}, {1: 0}),
        ("too much becomes prepayment", OLDEST, QUARTERS, [_money(1, "08-01", 400_000)],
         {(1, 1): 107_940, (1, 2): 107_940, (1, 3): 107_940}, {1: 76_180}),
        ("the named one before the oldest", OLDEST, QUARTERS, [_money(1, "08-01", 150_000, (3, 107_940))],
         {(1, 3): 107_940, (1, 1): 42_060}, {1: 0}),
        ("named beyond what is open: the excess goes by the rule", OLDEST, QUARTERS,
         [_money(1, "08-01", 150_000, (3, 150_000))], {(1, 3): 107_940, (1, 1): 42_060}, {1: 0}),
        ("named by both on one day: each gets what is open", OLDEST, QUARTERS,
         [_money(1, "08-01", 100_000, (2, 100_000)), _money(2, "08-01", 100_000, (2, 100_000), tie="b")],
         {(1, 2): 100_000, (2, 2): 7_940, (2, 1): 92_060}, {1: 0, 2: 0}),
        ("on one day the named come before what nobody named", OLDEST, QUARTERS,
         [_money(1, "08-01", 107_940), _money(2, "08-01", 107_940, (1, 107_940), tie="b")],
         {(2, 1): 107_940, (1, 2): 107_940}, {1: 0, 2: 0}),
        ("a later naming does not undo what was paid before", OLDEST, QUARTERS,
         [_money(1, "08-01", 107_940), _money(2, "08-02", 107_940, (1, 107_940))],
         {(1, 1): 107_940, (2, 2): 107_940}, {1: 0, 2: 0}),
        ("a charge that is no more is no reason to keep the money", OLDEST, QUARTERS,
         [_money(1, "08-01", 10_000, (77, 10_000))], {(1, 1): 10_000}, {1: 0}),
        ("unknown due day comes last", OLDEST, MIXED, [_money(1, "08-01", 240_000)],
         {(1, 1): 12_000, (1, 2): 107_940, (1, 3): 107_940, (1, 4): 9_000, (1, 5): 3_120}, {1: 0}),
        ("same day: the earlier item in the list", OLDEST, TRIPLE, [_money(1, "02-01", 150)], {(1, 1): 100, (1, 2): 50}, {1: 0}),
        ("a charge that is settled takes nothing", OLDEST, (_debt(1, 0, "01-15"), _debt(2, 500, "04-15")),
         [_money(1, "05-01", 300)], {(1, 2): 300}, {1: 0}),
        ("no charge at all", OLDEST, (), [_money(1, "05-01", 300)], {}, {1: 300}),

        ("law: 管理费 bears more, so before the older 公摊", LAW, MIXED, [_money(1, "08-01", 100_000)], {(1, 2): 100_000}, {1: 0}),
        ("law: then the next 管理费, then what bears less by age", LAW, MIXED, [_money(1, "08-01", 230_000)],
         {(1, 2): 107_940, (1, 3): 107_940, (1, 1): 12_000, (1, 4): 2_120}, {1: 0}),
        ("law: only what is due on the day of payment comes first", LAW, MIXED, [_money(1, "05-01", 130_000)],
         {(1, 2): 107_940, (1, 1): 12_000, (1, 3): 10_060}, {1: 0}),
        ("law: due on the very day is due", LAW, MIXED, [_money(1, "07-15", 120_000)],
         {(1, 2): 107_940, (1, 3): 12_060}, {1: 0}),
        ("law: unknown due day comes last", LAW, MIXED, [_money(1, "08-01", 240_000)],
         {(1, 2): 107_940, (1, 3): 107_940, (1, 1): 12_000, (1, 4): 9_000, (1, 5): 3_120}, {1: 0}),
        ("law: equal in all: by proportion", LAW, (_debt(1, 30_000, "01-15"), _debt(2, 10_000, "01-15", item=2)),
         [_money(1, "02-01", 10_000)], {(1, 1): 7_500, (1, 2): 2_500}, {1: 0}),
        ("law: 1 分 left over goes to the first of equals", LAW, TRIPLE, [_money(1, "02-01", 100)],
         {(1, 1): 34, (1, 2): 33, (1, 3): 33}, {1: 0}),
        ("law: the next payment evens that out", LAW, TRIPLE, [_money(1, "02-01", 100), _money(2, "03-01", 100)],
         {(1, 1): 34, (1, 2): 33, (1, 3): 33, (2, 1): 33, (2, 2): 34, (2, 3): 33}, {1: 0, 2: 0}),
        ("law: the named one first all the same", LAW, MIXED, [_money(1, "08-01", 20_000, (4, 9_000))],
         {(1, 4): 9_000, (1, 2): 11_000}, {1: 0}),
    ],
)  # fmt: skip
def test_worked_cases(
    case: str,
    rule: AllocationRule,
    debts: tuple[Debt, ...],
    moneys: list[Money],
    paid: dict[tuple[int, int], int],
    rest: dict[int, int],
) -> None:
    outcome = allocate(debts, moneys, rule)
    assert (_table(outcome), outcome.rest) == (paid, rest), case


@pytest.mark.parametrize(
    ("amount", "parts", "shares"),
    [
        (100, [100, 100, 100], [34, 33, 33]),
        (101, [100, 100, 100], [34, 34, 33]),
        (10, [1, 2, 997], [0, 0, 10]),  # 0.01, 0.02, 9.97
        (500, [1, 2, 997], [1, 1, 498]),  # 0.5, 1, 498.5: the earlier of two equal remainders
        (7, [3, 4], [3, 4]),
        (9, [3, 4], [3, 4]),
        (5, [0, 5, 5], [0, 3, 2]),
        (0, [3, 4], [0, 0]),
        (5, [], []),
    ],
)
def test_proportions_by_largest_remainder(amount: int, parts: list[int], shares: list[int]) -> None:
    assert proportional(amount, parts) == shares


@pytest.mark.parametrize(
    ("rule", "amount", "principal", "late_fee", "part"),
    [
        (OLDEST, 10_000, 8_000, 3_000, 2_000),  # principal first
        (OLDEST, 8_000, 8_000, 3_000, 0),
        (OLDEST, 20_000, 8_000, 3_000, 3_000),  # the rest is prepayment
        (LAW, 10_000, 8_000, 3_000, 3_000),  # 561: what accrues comes before the principal
        (LAW, 2_000, 8_000, 3_000, 2_000),
        (LAW, 2_000, 8_000, 0, 0),
    ],
)
def test_the_late_fee_is_proposed_in_its_place(
    rule: AllocationRule, amount: int, principal: int, late_fee: int, part: int
) -> None:
    assert late_fee_part(rule, amount, principal, late_fee) == part


def test_both_rules_are_explained_with_their_articles() -> None:
    assert set(ALLOCATION_RULE_TEXTS) == set(ALLOCATION_RULE_LABELS) == set(AllocationRule)
    assert all("560" in text and "561" in text for text in ALLOCATION_RULE_TEXTS.values())


DAYS = st.integers(0, 120).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


@st.composite
def _histories(draw: st.DrawFn) -> tuple[list[Debt], list[Money]]:
    """Charges with days that often coincide, and payments that name some of them, sometimes too much or another's."""
    debts = [
        Debt(
            charge_id,
            draw(st.integers(0, 400)),
            draw(st.none() | st.sampled_from([date(2026, 1, 15), date(2026, 2, 15), date(2026, 4, 15)])),
            draw(st.booleans()),
            (draw(st.integers(0, 2)), draw(st.integers(1, 3))),
        )
        for charge_id in range(1, draw(st.integers(0, 6)) + 1)
    ]
    moneys = [
        Money(
            payment_id,
            draw(DAYS),
            draw(st.integers(0, 600)),
            tuple(draw(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 300)), max_size=2))),
            (draw(st.sampled_from(["现金", "转账"])),),
        )
        for payment_id in range(1, draw(st.integers(0, 5)) + 1)
    ]
    return debts, moneys


HISTORIES = _histories()
RULES = st.sampled_from(list(AllocationRule))


@given(HISTORIES, RULES)
def test_every_fen_goes_somewhere_and_none_twice(history: tuple[list[Debt], list[Money]], rule: AllocationRule) -> None:
    debts, moneys = history
    outcome = allocate(debts, moneys, rule)
    assert all(one.amount > 0 for one in outcome.allocations)
    assert len(_table(outcome)) == len(outcome.allocations), "one line per payment and charge"
    by_charge: dict[int, int] = defaultdict(int)
    by_payment: dict[int, int] = defaultdict(int)
    for one in outcome.allocations:
        by_charge[one.charge_id] += one.amount
        by_payment[one.payment_id] += one.amount
    amounts = {debt.charge_id: debt.amount for debt in debts}
    assert all(amount <= amounts[charge_id] for charge_id, amount in by_charge.items())
    for money in moneys:
        assert by_payment[money.payment_id] + outcome.rest[money.payment_id] == money.amount
    still_open = sum(amounts.values()) - sum(by_charge.values())
    assert still_open == 0 or sum(outcome.rest.values()) == 0, "nothing is left over while a charge is open"


@given(HISTORIES, RULES, st.randoms(use_true_random=False))
def test_the_order_of_entry_plays_no_part(
    history: tuple[list[Debt], list[Money]], rule: AllocationRule, dice: random.Random
) -> None:
    debts, moneys = history
    before = allocate(debts, moneys, rule)
    dice.shuffle(debts)
    dice.shuffle(moneys)
    assert allocate(debts, moneys, rule) == before


@given(HISTORIES, RULES, st.data())
def test_a_payment_taken_out_and_put_back_changes_nothing(
    history: tuple[list[Debt], list[Money]], rule: AllocationRule, data: st.DataObject
) -> None:
    """A reversal brings back exactly what stood before the payment; booked anew, exactly what stood after it."""
    debts, moneys = history
    extra = Money(99, data.draw(DAYS), data.draw(st.integers(1, 500)))
    before, after = allocate(debts, moneys, rule), allocate(debts, [*moneys, extra], rule)
    assert allocate(debts, [money for money in [*moneys, extra] if money.payment_id != 99], rule) == before
    assert allocate(debts, [extra, *moneys], rule) == after
    paid = sum(one.amount for one in before.allocations)
    assert sum(one.amount for one in after.allocations) == min(paid + extra.amount, sum(debt.amount for debt in debts))


@given(HISTORIES, RULES, DAYS)
def test_what_was_paid_up_to_a_day_stays_as_it_was_on_that_day(
    history: tuple[list[Debt], list[Money]], rule: AllocationRule, day: date
) -> None:
    """So a balance as of a day is what the screen showed on that day."""
    debts, moneys = history
    early = {money.payment_id for money in moneys if money.paid_on <= day}
    then = allocate(debts, [money for money in moneys if money.payment_id in early], rule)
    now = allocate(debts, moneys, rule)
    assert {pair: amount for pair, amount in _table(now).items() if pair[0] in early} == _table(then)


@given(HISTORIES, RULES)
def test_the_named_charge_is_served_first(history: tuple[list[Debt], list[Money]], rule: AllocationRule) -> None:
    """A lone payment gives every charge it names all it names, as far as there is debt and money."""
    debts, moneys = history
    for money in moneys:
        paid = _table(allocate(debts, [money], rule))
        named: dict[int, int] = defaultdict(int)
        for charge_id, amount in money.named:
            named[charge_id] += amount
        if sum(named.values()) <= money.amount:
            for debt in debts:
                wanted = min(named[debt.charge_id], debt.amount)
                assert paid.get((money.payment_id, debt.charge_id), 0) >= wanted


@given(HISTORIES)
def test_by_age_an_older_charge_is_never_passed_over(history: tuple[list[Debt], list[Money]]) -> None:
    debts, moneys = history
    unnamed = [Money(money.payment_id, money.paid_on, money.amount) for money in moneys]
    paid: dict[int, int] = defaultdict(int)
    for one in allocate(debts, unnamed, OLDEST).allocations:
        paid[one.charge_id] += one.amount
    ages = sorted(debts, key=lambda debt: (debt.due_on or date.max, debt.place, debt.charge_id))
    open_before = 0
    for debt in ages:
        assert paid[debt.charge_id] == 0 or open_before == 0
        open_before += debt.amount - paid[debt.charge_id]


@given(HISTORIES)
def test_by_law_a_weightier_debt_is_never_passed_over(history: tuple[list[Debt], list[Money]]) -> None:
    debts, moneys = history
    if not moneys:
        return
    money = Money(1, moneys[0].paid_on, moneys[0].amount)

    def weight(debt: Debt) -> tuple[int, bool, date]:
        known = debt.due_on or date.max
        return (2 if debt.due_on is None else int(known > money.paid_on), not debt.bears_late_fee, known)

    outcome = _table(allocate(debts, [money], LAW))
    paid = {debt.charge_id: outcome.get((1, debt.charge_id), 0) for debt in debts}
    for debt in debts:
        if paid[debt.charge_id]:
            assert all(paid[one.charge_id] == one.amount for one in debts if weight(one) < weight(debt))
        for equal in debts:
            if weight(equal) == weight(debt):
                gap = paid[debt.charge_id] * equal.amount - paid[equal.charge_id] * debt.amount
                assert abs(gap) <= debt.amount + equal.amount, "equal debts are paid alike, to the 分"


# --- what comes later changes nothing that was paid ---


def debt_of(charge_id: int, amount: int, due: date, came: date) -> Debt:
    return Debt(charge_id, amount, due, False, (24_300, charge_id), came)


@pytest.mark.parametrize("rule", AllocationRule)
def test_a_debt_that_a_later_list_brings_takes_nothing_from_what_is_paid_already(rule: AllocationRule) -> None:
    """水费, paid in November with a receipt, stays paid although December's list names a 物业费 due before it."""
    water = debt_of(1, 44_635, date(2026, 10, 15), date(2026, 11, 13))
    fee = debt_of(2, 60_000, date(2026, 10, 1), date(2026, 12, 13))
    paid = Money(7, date(2026, 11, 17), 50_000)
    done = allocate([water, fee], [paid], rule)
    assert {(a.charge_id, a.amount) for a in done.allocations} == {(1, 44_635), (2, 5_365)}


@pytest.mark.parametrize("rule", AllocationRule)
def test_prepayment_pays_a_new_debt_before_the_payments_that_come_after_it(rule: AllocationRule) -> None:
    new = debt_of(1, 10_000, date(2026, 10, 15), date(2026, 11, 30))
    before, after = Money(1, date(2026, 11, 10), 6_000), Money(2, date(2026, 12, 5), 9_000)
    done = allocate([new], [before, after], rule)
    assert {(a.payment_id, a.amount) for a in done.allocations} == {(1, 6_000), (2, 4_000)}
    assert done.rest == {1: 0, 2: 5_000}


@given(st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5),
       st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 60)), max_size=4), st.sampled_from(AllocationRule))  # fmt: skip
def test_the_allocations_up_to_a_day_are_what_they_were_on_that_day(
    owed: list[tuple[int, int, int]], came_in: list[tuple[int, int]], rule: AllocationRule
) -> None:
    start = date(2026, 9, 1)
    debts = [
        debt_of(n, fen, start + timedelta(due), start + timedelta(came)) for n, (fen, due, came) in enumerate(owed)
    ]
    moneys = [Money(n, start + timedelta(on), fen) for n, (fen, on) in enumerate(came_in)]
    day = start + timedelta(30)
    then = allocate([d for d in debts if d.came <= day], [m for m in moneys if m.paid_on <= day], rule)
    now = {(a.payment_id, a.charge_id): a.amount for a in allocate(debts, moneys, rule).allocations}
    assert all(now[a.payment_id, a.charge_id] >= a.amount for a in then.allocations)
