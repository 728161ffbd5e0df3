"""A list that names what payments on record have paid: never a new debt, but a question to finance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.models.arrears_list import Reading, RejectCode, Rejected
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import (
    ChangeKind,
    Doubt,
    HeldAccount,
    HeldCharge,
    HeldDoubt,
    HeldOffice,
    HeldSettlement,
    PlanOptions,
    UnitChange,
)
from feedesk.models.periods import Period
from tests.list_tools import FEE, NOV, WATER, Ledger, charge, listing, moves, only, unit

SUMMER = "2026-07..2026-09"


def held(
    identity: int,
    months: str,
    amount: int,
    *,
    paid: int = 0,
    fresh: int | None = None,
    settled: int = 0,
    since: int = 0,
    item: str = FEE,
    doubts: tuple[HeldDoubt, ...] = (),
) -> HeldCharge:
    """A charge on the list's day: `paid` by payments until then (`fresh`: since the last list; None: all), `settled` by
    earlier lists, `since` lowered later.
    """
    settlements = (HeldSettlement(identity * 10, identity, settled),) if settled else ()
    period = Period.parse(months) if months else None
    new = paid if fresh is None else fresh
    owed = amount - paid - settled
    return HeldCharge(identity, item, period, amount, owed, None, settlements, paid, new, since, doubts)


def office(*charges: HeldCharge, is_current: bool = True) -> HeldOffice:
    accounts = [HeldAccount(1, 1, "1-101", "1", "张三", (), is_current, charges)]
    if not is_current:
        accounts.append(HeldAccount(2, 1, "1-101", "1", "李四", (), True, ()))
    return HeldOffice(tuple(accounts))


def compared(books: HeldOffice, *listed: tuple[int, str], options: PlanOptions = NOV) -> UnitChange:
    return only(plan_import(listing(unit("1-101", *(charge(*each) for each in listed), name="")), books, options))


def doubts(change: UnitChange) -> list[tuple[int, int]]:
    return sorted((doubt.charge_id, doubt.amount) for doubt in change.doubts)


# --- what is in doubt ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("books", "listed", "kind", "adds", "settles", "backs", "doubted"),
    [
        pytest.param(
            [held(1, SUMMER, 300, since=300)], [(300, SUMMER)], "unchanged", [], [], [], [],
            id="the payment came after the list's day",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=300)], [(300, SUMMER)], "unchanged", [], [], [], [(1, 300)],
            id="the list does not know a payment of its own day or before",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=300)], [(100, SUMMER)], "unchanged", [], [], [], [(1, 100)],
            id="it knows part of it",
        ),
        pytest.param([held(1, SUMMER, 300, paid=150)], [(150, SUMMER)], "unchanged", [], [], [], [], id="it agrees"),
        pytest.param(
            [held(1, SUMMER, 300, paid=150)], [(200, SUMMER)], "unchanged", [], [], [], [(1, 50)],
            id="part paid, and the list says more is open",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=150)], [(40, SUMMER)], "partly_paid", [], [110], [], [],
            id="part paid, and the list says less is open",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=300)], [(350, SUMMER)], "new", [(50, SUMMER)], [], [], [(1, 300)],
            id="more than was ever owed: the rest is a correction upwards",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=200, settled=100)], [(80, SUMMER)], "new", [], [], [80], [],
            id="what only a list said is taken back first",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=200, settled=100)], [(310, SUMMER)], "new", [(10, SUMMER)], [], [100], [(1, 200)],
            id="a settlement, then a payment, then a correction",
        ),
        pytest.param(
            [held(1, "2026-07", 100, paid=100), held(2, "2026-08", 100, paid=100), held(3, "2026-09", 100)],
            [(250, SUMMER)], "unchanged", [], [], [], [(1, 50), (2, 100)],
            id="several months paid: the newest first",
        ),
        pytest.param(
            [held(1, "2026-07", 100, paid=100), held(2, "2026-08", 100)], [(100, "2026-07")], "paid_off",
            [], [100], [], [(1, 100)],
            id="the list holds the payment for the other month: one in doubt, one settled",
        ),
        pytest.param(
            [held(1, "", 300, paid=300)], [(300, SUMMER)], "unchanged", [], [], [], [(1, 300)], id="months learnt later"
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=300)], [(300, "")], "unchanged", [], [], [], [(1, 300)],
            id="months no longer told",
        ),
        pytest.param(
            [held(1, SUMMER, 300, paid=300), held(2, SUMMER, 50, item=WATER)], [(300, SUMMER)], "paid_off",
            [], [50], [], [(1, 300)],
            id="one item paid by a payment, another by the list",
        ),
    ],
)  # fmt: skip
def test_what_a_list_names_although_it_is_paid(
    books: list[HeldCharge],
    listed: list[tuple[int, str]],
    kind: str,
    adds: list[tuple[int, str]],
    settles: list[int],
    backs: list[int],
    doubted: list[tuple[int, int]],
) -> None:
    change = compared(office(*books), *listed)
    assert (change.kind, *moves(change), doubts(change)) == (kind, adds, settles, backs, doubted)
    assert sum(owed for owed, _ in listed) == change.after + change.doubted


# Held: 7–9月 at 100 a month; the list reaches to October.
@pytest.mark.parametrize(
    ("paid", "listed", "added", "doubted"),
    [
        pytest.param(300, (400, "2026-07..2026-10"), 100, 300, id="nothing of the payment, at one rate"),
        pytest.param(300, (410, "2026-07..2026-10"), 110, 300, id="nothing of the payment, October dearer"),
        pytest.param(300, (100, "2026-07..2026-10"), 100, 0, id="all of it"),
        pytest.param(300, (190, "2026-07..2026-10"), 190, 0, id="all of it, October dearer"),
        pytest.param(300, (210, "2026-07..2026-10"), 0, 210, id="more than twice what a month has cost is no October"),
        pytest.param(300, (260, "2026-07..2026-10"), 0, 260, id="nor is more than half of what has been paid"),
        pytest.param(300, (300, "2026-07..2026-10"), 0, 300, id="the very sum: nothing was charged for October"),
        pytest.param(300, (320, "2026-07..2026-10"), 20, 300, id="only what exceeds the sum is new"),
        pytest.param(300, (300, "2026-08..2026-10"), 100, 200, id="the same sum of other months, at one rate"),
        pytest.param(299, (300, "2026-07..2026-10"), 0, 299, id="nearly all paid, the very sum"),
        pytest.param(150, (250, "2026-07..2026-10"), 100, 0, id="part paid, known"),
        pytest.param(150, (400, "2026-07..2026-10"), 100, 150, id="part paid, unknown"),
        pytest.param(150, (350, "2026-07..2026-10"), 100, 100, id="two payments, one of them unknown"),
        pytest.param(150, (260, "2026-07..2026-10"), 110, 0, id="part paid, known, October dearer"),
        pytest.param(300, (200, "2026-09..2026-10"), 100, 100, id="only September is named again"),
        pytest.param(300, (170, "2026-10"), 170, 0, id="only the new month"),
    ],
)
def test_a_payment_finance_does_not_know_is_not_taken_for_a_new_month(
    paid: int, listed: tuple[int, str], added: int, doubted: int
) -> None:
    change = compared(office(held(1, SUMMER, 300, paid=paid)), listed)
    assert moves(change) == ([(added, "2026-10")] if added else [], [], [])
    assert change.doubted == doubted and change.after + doubted == listed[0]


@pytest.mark.parametrize(
    ("books", "listed"),
    [
        pytest.param([held(1, "2025-09..2026-10", 98308, paid=98308)], 98308, id="fourteen months in one sum"),
        pytest.param([held(1, "2026-10", 3360, paid=3360)], 3360, id="the added month might cost as much"),
        pytest.param([held(1, "2026-09", 50, paid=50), held(2, "2026-10", 70, paid=70)], 120, id="by month"),
        pytest.param([held(1, SUMMER, 300, paid=200, settled=100)], 200, id="less what a list had settled"),
        pytest.param([held(1, SUMMER, 300, paid=300, fresh=0)], 300, id="a list since has known the payment"),
    ],
)
def test_the_very_sum_named_before_is_no_new_debt_though_the_row_reaches_further(
    books: list[HeldCharge], listed: int
) -> None:
    first = min(charge.period.first for charge in books if charge.period)
    change = compared(office(*books), (listed, f"{first // 12}-{first % 12 + 1:02d}..2026-11"))
    assert (moves(change), change.doubted) == (([], [], []), listed)


@pytest.mark.parametrize(
    ("books", "listed", "adds", "doubted"),
    [
        pytest.param([held(1, "", 300, paid=300)], (300, ""), [], 300, id="the same sum again"),
        pytest.param([held(1, "", 300, paid=300)], (400, ""), [(100, "")], 300, id="the same and something new"),
        pytest.param([held(1, "", 300, paid=300)], (100, ""), [(100, "")], 0, id="less than was paid: something new"),
        pytest.param(
            [held(1, "", 300, paid=300, fresh=0)], (300, ""), [(300, "")], 0, id="a list since has known the payment"
        ),
        pytest.param(
            [held(1, "", 300, paid=300, fresh=0), held(2, "", 50, paid=50)], (60, ""), [(10, "")], 50,
            id="only what came since the last list",
        ),
        pytest.param([held(1, "", 300, paid=300)], (100, "2026-10"), [(100, "2026-10")], 0, id="a month is told now"),
        pytest.param(
            [held(1, "", 300, paid=300)], (400, "2026-07..2026-10"), [(100, "")], 300, id="nobody knows which is new"
        ),
    ],
)  # fmt: skip
def test_without_months_a_list_is_in_doubt_only_when_it_names_all_that_came_in(
    books: list[HeldCharge], listed: tuple[int, str], adds: list[tuple[int, str]], doubted: int
) -> None:
    change = compared(office(*books), listed)
    assert (moves(change), change.doubted) == ((adds, [], []), doubted)


def test_a_former_owners_payment_is_in_doubt_with_the_former_owner() -> None:
    change = compared(office(held(1, SUMMER, 300, paid=300), is_current=False), (300, SUMMER))
    assert (moves(change), doubts(change)) == (([], [], []), [(1, 300)])


def test_a_list_of_this_period_doubts_only_its_months() -> None:
    this_period = replace(NOV, whole_debt=False)
    books = office(held(1, "2026-04..2026-06", 300, paid=300), held(2, SUMMER, 300, paid=300))
    assert doubts(compared(books, (300, SUMMER), options=this_period)) == [(2, 300)]
    # A lump that reaches further may hold what is listed, but nothing of it is open.
    lump = office(held(1, "2026-04..2026-09", 605, paid=605))
    assert doubts(compared(lump, (300, SUMMER), options=this_period)) == [(1, 300)]


# --- one list after the other -------------------------------------------------------------------------------------


def doubt(amount: int, *, confirmed: bool = False) -> HeldDoubt:
    return HeldDoubt(99, amount, confirmed)


@pytest.mark.parametrize(
    ("paid", "on_record", "listed", "expected", "closes"),
    [
        pytest.param(300, [doubt(300)], 300, [Doubt(1, 300, 0, stands=True)], [], id="says the same: stands"),
        pytest.param(300, [doubt(300)], 100, [Doubt(1, 100)], [99], id="says less: another one takes its place"),
        pytest.param(300, [doubt(300)], 0, [], [99], id="agrees: ends"),
        pytest.param(0, [doubt(300)], 300, [], [99], id="the payment was reversed: ends"),
        pytest.param(
            300, [doubt(300, confirmed=True)], 300, [Doubt(1, 300, 300, stands=True)], [], id="confirmed: not asked again"
        ),
        pytest.param(
            300, [doubt(200, confirmed=True)], 300, [Doubt(1, 300, 200)], [], id="more than was confirmed: the rest"
        ),
    ],
)  # fmt: skip
def test_a_doubt_is_raised_once_and_ends_with_the_list_that_agrees(
    paid: int, on_record: list[HeldDoubt], listed: int, expected: list[Doubt], closes: list[int]
) -> None:
    books = office(held(1, SUMMER, 300, paid=paid, doubts=tuple(on_record)))
    change = compared(books, *([(listed, SUMMER)] if listed else []))
    assert (list(change.doubts), list(change.closed_doubts), moves(change)) == (expected, closes, ([], [], []))
    assert change.agrees_now == (bool(closes) and not change.unsettled)


def test_a_doubt_on_record_comes_before_what_earlier_lists_settled() -> None:
    listed = (102, "2026-01..2026-02")
    books = held(1, "2026-01", 100, paid=1, settled=98)
    first = compared(office(books), listed)
    assert (moves(first), doubts(first)) == (([(100, "2026-02")], [], []), [(1, 1)])
    then = office(replace(books, doubts=(doubt(1),)), held(2, "2026-02", 100))
    again = compared(then, listed)
    assert (moves(again), again.doubts, again.closed_doubts) == (([], [], []), (Doubt(1, 1, 0, stands=True),), ())


def test_a_unit_in_doubt_that_is_missing_from_a_full_list_is_cleared_up() -> None:
    books = office(held(1, SUMMER, 300, paid=300, doubts=(doubt(300),)))
    others = unit("1-999", charge(1, "2026-01"), name="李四")
    change = plan_import(listing(others), books, NOV).changes[0]
    assert (change.room, change.closed_doubts, change.kind) == ("1-101", (99,), ChangeKind.UNCHANGED)
    assert [each.room for each in plan_import(listing(others), books, replace(NOV, full=False)).changes] == ["1-999"]
    row = Rejected("表", 9, RejectCode.AMOUNT, "金额不是数字", ("1-101", "张三", "二百四"))
    unread = plan_import(replace(listing(others), rejected=(row,)), books, NOV)
    assert [each.room for each in unread.changes] == ["1-999"], "a row that could not be read clears nothing up"


def test_money_that_came_after_the_day_of_a_list_that_no_longer_names_the_debt() -> None:
    change = compared(office(held(1, SUMMER, 300, since=200)))
    assert (moves(change), change.since) == (([], [300], []), 200)
    assert "2.00 元会转为预缴" in change.note
    assert compared(office(held(1, SUMMER, 300, since=200)), (250, SUMMER)).note == ""


def test_the_plan_tells_what_came_since_the_lists_day() -> None:
    books = office(held(1, "2026-07", 100, since=100), held(2, "2026-08", 100, since=50))
    plan = plan_import(listing(unit("1-101", charge(200, "2026-07..2026-08"))), books, NOV)
    assert (plan.before, plan.after, plan.since, plan.since_units, plan.doubted) == (200, 200, 150, 1, 0)


# --- a lump split by month ----------------------------------------------------------------------------------------


def split(settled: int, *months: tuple[str, int], paid: int = 0) -> HeldOffice:
    """A lump split by month, `settled` 分 of which a list had settled: it pours over the months, oldest first."""
    charges = []
    for number, (month, amount) in enumerate(months, 1):
        part, settled = min(settled, amount), max(0, settled - amount)
        pays, paid = min(paid, amount - part), max(0, paid - (amount - part))
        settlements = (HeldSettlement(70, 7, part),) if part else ()
        period = Period.parse(month)
        charges.append(HeldCharge(number, FEE, period, amount, amount - part - pays, None, settlements, pays, pays))
    return office(*charges)


JULY, AUGUST, SEPTEMBER = "2026-07", "2026-08", "2026-09"
MONTHS = ((JULY, 100), (AUGUST, 120), (SEPTEMBER, 80))


@pytest.mark.parametrize(
    ("settled", "listed", "adds", "settles", "backs"),
    [
        pytest.param(0, [(300, SUMMER)], [], [], [], id="the same lump"),
        pytest.param(150, [(150, SUMMER)], [], [], [], id="the same lump, part settled"),
        pytest.param(0, [(400, "2026-07..2026-10")], [(100, "2026-10")], [], [], id="a month more"),
        pytest.param(0, [(180, SUMMER)], [], [100, 20], [], id="part paid: the oldest months"),
        pytest.param(150, [(200, SUMMER)], [], [], [50], id="part of the settlement taken back"),
        pytest.param(150, [(300, SUMMER)], [], [], [150], id="all of it taken back"),
        pytest.param(
            150, [(100, JULY), (70, AUGUST), (80, SEPTEMBER)], [], [50], [150],
            id="July is open after all: taken back whole, August settled by itself",
        ),
        pytest.param(
            150, [(30, JULY), (120, AUGUST), (80, SEPTEMBER)], [], [], [80],
            id="August and part of July are open: the last months' part is taken back",
        ),
        pytest.param(
            150, [(100, JULY), (20, AUGUST), (80, SEPTEMBER)], [], [100], [150],
            id="July is open, more of August is paid",
        ),
    ],
)  # fmt: skip
def test_a_lump_split_by_month_is_compared_month_by_month(
    settled: int, listed: list[tuple[int, str]], adds: list[tuple[int, str]], settles: list[int], backs: list[int]
) -> None:
    change = compared(split(settled, *MONTHS), *listed)
    assert moves(change) == (adds, settles, backs)
    assert change.after == sum(owed for owed, _ in listed)


def test_a_months_own_settlement_taken_back_does_not_draw_the_lumps_settlement_to_it() -> None:
    july = HeldCharge(1, FEE, Period.parse(JULY), 100, 0, None, (HeldSettlement(70, 7, 60), HeldSettlement(80, 1, 40)))
    august = HeldCharge(2, FEE, Period.parse(AUGUST), 120, 20, None, (HeldSettlement(70, 7, 100),))
    change = compared(office(july, august), (40, JULY), (20, AUGUST))
    # The lump's 160 would pour 100 over July: taken back whole, each month is settled by itself.
    assert moves(change) == ([], [60, 100], [40, 160])
    assert change.after == 60


def test_a_split_lump_with_a_payment_finance_does_not_know() -> None:
    change = compared(split(50, *MONTHS, paid=170), (300, SUMMER))
    assert (moves(change), doubts(change)) == (([], [], [50]), [(1, 50), (2, 120)])


# --- invariants ---------------------------------------------------------------------------------------------------

START = Period.parse("2026-01").first
amounts = st.integers(1, 900)


@st.composite
def listed_charges(draw: st.DrawFn) -> Reading:
    def one() -> tuple[int, str]:
        first = START + draw(st.integers(0, 5))
        period = Period.span(first, first + draw(st.integers(0, 3)))
        return draw(st.one_of(amounts, st.just(100 * len(period.months)))), draw(st.sampled_from([period.iso(), ""]))

    charges = [charge(*one(), item=draw(st.sampled_from((FEE, WATER)))) for _ in range(draw(st.integers(0, 3)))]
    return listing(unit("1-101", *charges, name="张三"), sha=str(draw(st.integers())))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(amounts, listed_charges()), min_size=2, max_size=6))
def test_lists_and_payments_in_any_order_never_count_twice(events: list[int | Reading]) -> None:
    ledger = Ledger()
    for event in events:
        if isinstance(event, int):
            ledger.pay("1-101", event)
            continue
        plan = plan_import(event, ledger.held(), replace(NOV, older_is_meant=True))
        ledger.apply(plan)  # checks that no doubt exceeds what is paid, and that none is on record twice
        assert plan.after + plan.doubted == event.total
        again = plan_import(event, ledger.held(), replace(NOV, older_is_meant=True))
        assert all(moves(change) == ([], [], []) for change in again.changes)
        assert all(each.stands for change in again.changes for each in change.doubts)
        assert not any(change.closed_doubts for change in again.changes) and again.doubted == plan.doubted
        charged = sum(each.amount for account in ledger.accounts for each in account.charges)
        paid = sum(each.relieved for account in ledger.accounts for each in account.charges)
        settled = sum(s.amount for account in ledger.accounts for each in account.charges for s in each.settlements)
        assert ledger.owed("1-101") == charged - paid - settled
