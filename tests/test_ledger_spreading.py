"""How a sum is laid over an owner's units: nothing lost, nothing beyond what was named or owed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.payments import Named, PaymentShare
from feedesk.models.ledger.spreading import lay_late_fee, spread
from feedesk.models.periods import Period
from feedesk.ui.payment_lines import lines_of, named_in

DAY = date(2026, 11, 17)


def charge(number: int, account: int, owed: int, month: int = 1) -> Charge:
    return Charge(
        number, account, "物业费", FeeKind.PROPERTY, Period.span(2026 * 12 + month - 1, 2026 * 12 + month - 1),
        owed + 500, 500, date(2026, month, 15), False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("principal", "fees", "named", "expected"),
    [
        # One unit after the other by the oldest due day, across the units.
        (150, {}, {}, [(1, 100, 0), (2, 50, 0)]),
        (350, {}, {}, [(1, 150, 0), (2, 200, 0)]),
        # What is left over stays with the first unit.
        (1000, {}, {}, [(1, 800, 0), (2, 200, 0)]),
        # Late fee comes on top of its unit's share.
        (100, {2: 30}, {}, [(1, 100, 0), (2, 30, 30)]),
        # What was named goes where it was named.
        (150, {}, {2: (Named(22, 120),)}, [(1, 30, 0), (2, 120, 0)]),
    ],
)
def test_a_sum_is_laid_over_the_units(
    principal: int,
    fees: dict[int, int],
    named: dict[int, tuple[Named, ...]],
    expected: list[tuple[int, int, int]],
) -> None:
    charges = [charge(11, 1, 100, 1), charge(12, 1, 500, 9), charge(22, 2, 200, 3)]
    shares = spread(principal, fees, named, (1, 2), charges, AllocationRule.OLDEST_DUE, DAY)
    assert [(share.account_id, share.amount, share.late_fee) for share in shares] == expected


def test_a_unit_that_is_not_chosen_gets_nothing() -> None:
    charges = [charge(11, 1, 100, 1), charge(22, 2, 200, 3)]
    assert spread(500, {}, {}, (2,), charges, AllocationRule.OLDEST_DUE, DAY) == (PaymentShare(2, 500),)


@given(
    owed=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 10**7), st.integers(1, 12)), min_size=1, max_size=12),
    principal=st.integers(0, 10**8),
    fees=st.dictionaries(st.integers(1, 3), st.integers(1, 10**5)),
    checked=st.sets(st.integers(0, 11)),
    rule=st.sampled_from(AllocationRule),
)
def test_the_shares_are_the_sum_and_hold_what_was_named_there(
    owed: list[tuple[int, int, int]],
    principal: int,
    fees: dict[int, int],
    checked: set[int],
    rule: AllocationRule,
) -> None:
    charges = [charge(number, account, amount, month) for number, (account, amount, month) in enumerate(owed)]
    named = named_in(lines_of(charges, {}, DAY), frozenset(checked), principal)
    shares = spread(principal, fees, named, (1, 2, 3), charges, rule, DAY)
    assert sum(share.amount for share in shares) == principal + sum(fees.values())
    assert {share.account_id: share.late_fee for share in shares if share.late_fee} == fees
    for share in shares:
        assert share.amount > 0
        assert sum(name.amount for name in share.named) + share.late_fee <= share.amount
    open_of = {account: sum(c.owed for c in charges if c.account_id == account) for account in (1, 2, 3)}
    if principal <= sum(open_of.values()):
        assert all(share.amount - share.late_fee <= open_of[share.account_id] for share in shares)
    total = sum(name.amount for names in named.values() for name in names)
    assert total == min(principal, sum(c.owed for c in charges if c.id in checked))


@given(amount=st.integers(0, 10**6), owed=st.dictionaries(st.integers(1, 9), st.integers(0, 10**5)))
def test_late_fee_is_laid_over_those_that_owe_some_and_never_beyond(amount: int, owed: dict[int, int]) -> None:
    parts = lay_late_fee(amount, owed)
    assert sum(parts.values()) == min(amount, sum(owed.values()))
    assert all(0 < part <= owed[account] for account, part in parts.items())
