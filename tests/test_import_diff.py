"""What a list means, compared with what the office holds: cases from the design, then invariants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.models.arrears_list import (
    ColumnMeaning,
    ListedCharge,
    Meaning,
    QuestionCode,
    Reading,
    RejectCode,
    Rejected,
    SheetReading,
)
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import (
    ChangeKind,
    HeldAccount,
    HeldCharge,
    HeldOffice,
    PlanOptions,
    Settle,
    TakeBack,
)
from feedesk.models.periods import Period
from tests.list_tools import FEE, NOV, WATER, Ledger, charge, listing, moves, only, unit

LISTS = Path(__file__).parent / "data" / "lists"


# --- one unit, one item -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "listed", "kind", "adds", "settles"),
    [
        pytest.param([], [(300, "2026-08..2026-10")], "new", [(300, "2026-08..2026-10")], [], id="nothing was open"),
        pytest.param([(300, "2026-08..2026-10")], [(300, "2026-08..2026-10")], "unchanged", [], [], id="the same"),
        pytest.param(
            [(310, "2026-08..2026-10")],
            [(415, "2026-08..2026-11")],
            "increased",
            [(105, "2026-11")],
            [],
            id="a month more: the difference is that month's",
        ),
        pytest.param(
            [(300, "2026-08..2026-10")], [(300, "2026-08..2026-11")], "unchanged", [], [], id="more months, same sum"
        ),
        pytest.param([(300, "2026-08..2026-10")], [(120, "2026-08..2026-10")], "partly_paid", [], [180], id="less"),
        pytest.param(
            [(100, "2026-08"), (100, "2026-09"), (100, "2026-10")],
            [(120, "2026-08..2026-10")],
            "partly_paid",
            [],
            [100, 80],
            id="less: the oldest months first",
        ),
        pytest.param(
            [(300, "2026-08..2026-10")],
            [(350, "2026-08..2026-10")],
            "increased",
            [(50, "2026-08..2026-10")],
            [],
            id="more without new months: a correction upwards",
        ),
        pytest.param([(300, "2026-08..2026-10")], [], "paid_off", [], [300], id="listed with nothing open"),
        pytest.param(
            [(900, "2026-02..2026-10")],
            [(700, "2026-05..2026-11")],
            "partly_paid",
            [(100, "2026-11")],
            [300],
            id="steady rate: three months paid, one added",
        ),
        pytest.param(
            [(905, "2026-02..2026-10")],
            [(700, "2026-05..2026-11")],
            "partly_paid",
            [],
            [205],
            id="no steady rate: only the difference is known",
        ),
        pytest.param(
            [(100, "2026-09")],
            [(100, "2026-10")],
            "unchanged",
            [(100, "2026-10")],
            [100],
            id="September paid, October added",
        ),
        pytest.param(
            [(200, "2026-01..2026-03"), (100, "2026-07..2026-09")],
            [(100, "2026-01..2026-03"), (200, "2026-07..2026-09")],
            "unchanged",
            [(100, "2026-07..2026-09")],
            [100],
            id="disjoint spans are kept apart",
        ),
        pytest.param([(300, "")], [(300, "2026-08..2026-10")], "unchanged", [], [], id="months learnt later"),
        pytest.param([(300, "")], [(400, "2026-08..2026-11")], "increased", [(100, "")], [], id="nobody knows which"),
        pytest.param([(300, "2026-08..2026-10")], [(300, "")], "unchanged", [], [], id="months no longer told"),
        pytest.param(
            [(100, "2026-07..2026-09"), (300, "")],
            [(100, "2026-10..2026-12"), (400, "")],
            "increased",
            [(100, "2026-10..2026-12")],
            [],
            id="本期 becomes 前期",
        ),
        pytest.param(
            [(400, "2026-01..2026-09")],
            [(100, "2026-07..2026-09"), (300, "")],
            "unchanged",
            [],
            [],
            id="a lump is split into 本期 and 前期",
        ),
        pytest.param([(300, ""), (100, "2026-09")], [(250, "")], "partly_paid", [], [100, 50], id="unknown ones last"),
    ],
)
def test_one_item_against_what_is_open(
    held: list[tuple[int, str]],
    listed: list[tuple[int, str]],
    kind: str,
    adds: list[tuple[int, str]],
    settles: list[int],
) -> None:
    ledger = Ledger().put("1-101", *held)
    plan = plan_import(listing(unit("1-101", *(charge(*each) for each in listed))), ledger.held(), NOV)
    change = only(plan)
    assert (change.kind, *moves(change)) == (kind, adds, settles, [])
    assert not plan.questions
    ledger.apply(plan)
    again = only(plan_import(plan.reading, ledger.held(), NOV))
    assert (again.kind, *moves(again)) == ("unchanged", [], [], [])


def test_an_item_no_longer_listed_is_paid() -> None:
    ledger = Ledger().put("1-101", (300, "2026-08..2026-10"), (50, "2026-08..2026-10", WATER))
    change = only(plan_import(listing(unit("1-101", charge(300, "2026-08..2026-10"))), ledger.held(), NOV))
    assert (change.kind, *moves(change)) == ("partly_paid", [], [50], [])


# --- due dates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "listed", "due_on", "assumed", "is_lump"),
    [
        ([], charge(300, "2026-08..2026-10", due_on=date(2026, 8, 10)), date(2026, 8, 10), False, True),
        ([], charge(300, "2026-08..2026-10"), date(2026, 8, 15), True, True),
        ([], charge(300, due_on=date(2026, 8, 10)), date(2026, 8, 10), False, False),
        ([], charge(300), None, False, False),
        (
            [(310, "2026-08..2026-10")],
            charge(410, "2026-08..2026-11", due_on=date(2026, 8, 10)),
            date(2026, 11, 15),
            True,
            False,
        ),
        (
            [(310, "2026-09..2026-10")],
            charge(410, "2026-08..2026-10", due_on=date(2026, 8, 10)),
            date(2026, 8, 10),
            False,
            False,
        ),
        ([(300, "")], charge(400, due_on=date(2026, 8, 10)), None, False, False),
    ],
)
def test_the_listed_due_day_belongs_to_the_first_listed_month(
    held: list[tuple[int, str]], listed: ListedCharge, due_on: date | None, assumed: bool, is_lump: bool
) -> None:
    ledger = Ledger().put("1-101", *held)
    (add,) = only(plan_import(listing(unit("1-101", listed)), ledger.held(), NOV)).adds
    assert (add.due_on, add.due_is_assumed, add.is_lump) == (due_on, assumed, is_lump)


def test_the_due_day_is_the_offices_own() -> None:
    add = only(plan_import(listing(unit("1-101", charge(1, "2026-02"))), HeldOffice(()), replace(NOV, due_day=31)))
    assert add.adds[0].due_on == date(2026, 2, 28)


# --- debts listed again -------------------------------------------------------------------------------------------


def _after(*lists: tuple[int, str]) -> Ledger:
    """An office that has taken these lists of one unit, one after the other; amount 0: the unit is missing."""
    ledger = Ledger()
    for number, (amount, months) in enumerate(lists):
        accounts = [unit("1-999", charge(1, "2026-01"), name="李四")]
        accounts += [unit("1-101", charge(amount, months))] if amount else []
        options = replace(NOV, gone_is_paid=True)
        ledger.apply(plan_import(listing(*accounts, sha=str(number)), ledger.held(), options))
    return ledger


@pytest.mark.parametrize(
    ("before", "listed", "adds", "backs"),
    [
        pytest.param(
            [(300, "2026-08..2026-10"), (0, "")], (300, "2026-08..2026-10"), [], [300], id="paid off by mistake"
        ),
        pytest.param(
            [(300, "2026-08..2026-10"), (100, "2026-08..2026-10")],
            (250, "2026-08..2026-10"),
            [],
            [150],
            id="part of it taken back",
        ),
        pytest.param(
            [(300, "2026-08..2026-10"), (200, "2026-08..2026-10"), (100, "2026-08..2026-10")],
            (250, "2026-08..2026-10"),
            [],
            [100, 50],
            id="the newest settlement first",
        ),
        pytest.param(
            [(300, "2026-08..2026-10"), (100, "2026-08..2026-10")],
            (350, "2026-08..2026-10"),
            [(50, "2026-08..2026-10")],
            [200],
            id="more than was settled",
        ),
        pytest.param(
            [(309, "2026-08..2026-10"), (159, "2026-08..2026-10")],
            (262, "2026-08..2026-11"),
            [(103, "2026-11")],
            [],
            id="a part payment stands when only a month is added",
        ),
        pytest.param(
            [(309, "2026-08..2026-10"), (159, "2026-08..2026-10")],
            (412, "2026-08..2026-11"),
            [(103, "2026-11")],
            [150],
            id="a payment bounced and a month was added, at one rate",
        ),
        pytest.param(
            [(300, "2026-08..2026-10"), (0, "")],
            (200, "2026-10..2026-11"),
            [(100, "2026-11")],
            [100],
            id="one old month and a new one, at one rate",
        ),
        pytest.param(
            [(300, "2026-08..2026-10"), (0, "")], (100, "2026-11"), [(100, "2026-11")], [], id="only a new month"
        ),
    ],
)
def test_a_debt_listed_again_takes_back_the_settlement(
    before: list[tuple[int, str]], listed: tuple[int, str], adds: list[tuple[int, str]], backs: list[int]
) -> None:
    ledger = _after(*before)
    plan = plan_import(
        listing(unit("1-101", charge(*listed)), unit("1-999", charge(1, "2026-01"), name="李四")), ledger.held(), NOV
    )
    assert moves(plan.changes[0]) == (adds, [], backs)
    assert ledger.apply(plan).owed("1-101") == listed[0]


def test_a_settlement_a_payment_has_replaced_is_not_taken_back() -> None:
    paid = HeldCharge(7, FEE, Period.parse("2026-08..2026-10"), 300, 0, None)
    held = HeldOffice((HeldAccount(1, 1, "1-101", "1", "张三", (), True, (paid,)),))
    change = only(plan_import(listing(unit("1-101", charge(300, "2026-08..2026-10"))), held, NOV))
    assert moves(change) == ([(300, "2026-08..2026-10")], [], [])
    assert change.kind is ChangeKind.NEW


# --- units missing from the list ----------------------------------------------------------------------------------


def _estate() -> Ledger:
    ledger = Ledger()
    for door in range(101, 111):
        ledger.put(f"1-{door}", (100, "2026-10"), name=f"业主{door}")
    return ledger.put("2-101", (100, "2026-10"))


def _still_open(gone: int) -> Reading:
    return listing(*(unit(f"1-{door}", charge(100, "2026-10"), name=f"业主{door}") for door in range(101 + gone, 111)))


@pytest.mark.parametrize(
    ("gone", "options", "paid_off", "asks"),
    [
        (2, NOV, 2, False),
        (3, NOV, 3, True),
        (3, replace(NOV, gone_is_paid=True), 3, False),
        (3, replace(NOV, careful=True), 3, False),
        (3, replace(NOV, full=False), 0, False),
    ],
)
def test_missing_from_a_full_list_is_paid_within_the_buildings_it_names(
    gone: int, options: PlanOptions, paid_off: int, asks: bool
) -> None:
    ledger = _estate()
    plan = plan_import(_still_open(gone), ledger.held(), options)
    assert plan.count(ChangeKind.PAID_OFF) == paid_off
    assert [question.code for question in plan.questions] == ([QuestionCode.MANY_GONE] if asks else [])
    assert ledger.apply(plan).owed("2-101") == 100
    assert sum(ledger.owed(f"1-{door}") for door in range(101, 111)) == 1000 - 100 * paid_off


def test_a_refused_row_is_not_a_paid_unit() -> None:
    ledger = _estate()
    rows = (
        Rejected("表", 9, RejectCode.AMOUNT, "金额“二百四”不是数字", ("1-101", "业主101", "二百四")),
        Rejected("表", 10, RejectCode.AMOUNT, "金额是错误值", ("1", "102", "#N/A"), room="1-102"),
    )
    plan = plan_import(replace(_still_open(2), rejected=rows), ledger.held(), NOV)
    assert plan.diff_counts()["paid_off"] == 0
    assert [change.room for change in plan.changes if "没有读入" in change.note] == ["1-101", "1-102"]
    assert ledger.apply(plan).owed("1-101") == 100


# --- this period only ---------------------------------------------------------------------------------------------


THIS_PERIOD = replace(NOV, whole_debt=False, gone_is_paid=True)


@pytest.mark.parametrize(
    ("held", "listed", "adds", "settles"),
    [
        pytest.param(
            [(900, "2026-01..2026-06")],
            [(300, "2026-07..2026-09")],
            [(300, "2026-07..2026-09")],
            [],
            id="older debt is not spoken of",
        ),
        pytest.param(
            [(900, "2026-01..2026-06"), (300, "2026-07..2026-09")],
            [(100, "2026-07..2026-09")],
            [],
            [200],
            id="the period's own debt fell",
        ),
        pytest.param(
            [(905, "2026-01..2026-09")],
            [(300, "2026-07..2026-09")],
            [],
            [],
            id="a lump that reaches further may contain it",
        ),
        pytest.param(
            [(800, "2026-01..2026-08")],
            [(300, "2026-07..2026-09")],
            [(100, "2026-09")],
            [],
            id="a lump at a steady rate: the month it lacks is added",
        ),
        pytest.param(
            [(500, "")],
            [(300, "2026-07..2026-09")],
            [(300, "2026-07..2026-09")],
            [],
            id="unknown months are left alone",
        ),
        pytest.param([(500, "")], [(300, "")], [], [200], id="unknown against unknown"),
    ],
)
def test_a_list_of_this_period_speaks_only_of_its_months(
    held: list[tuple[int, str]], listed: list[tuple[int, str]], adds: list[tuple[int, str]], settles: list[int]
) -> None:
    ledger = Ledger().put("1-101", *held)
    plan = plan_import(listing(unit("1-101", *(charge(*each) for each in listed))), ledger.held(), THIS_PERIOD)
    assert moves(only(plan)) == (adds, settles, [])
    assert moves(only(plan_import(plan.reading, ledger.apply(plan).held(), THIS_PERIOD))) == ([], [], [])


def test_missing_from_this_periods_list_pays_this_period() -> None:
    ledger = Ledger().put("1-101", (300, "2026-04..2026-06"), (300, "2026-07..2026-09"))
    ledger.put("1-102", (300, "2026-07..2026-09")).put("1-103", (300, "2026-04..2026-06"))
    reading = listing(unit("1-102", charge(300, "2026-07..2026-09")))
    plan = plan_import(reading, ledger.held(), THIS_PERIOD)
    assert [(change.room, change.kind) for change in plan.changes] == [
        ("1-101", ChangeKind.PARTLY_PAID),
        ("1-102", ChangeKind.UNCHANGED),
    ]
    assert ledger.apply(plan).owed("1-103") == 300


def test_this_periods_list_settles_only_items_it_has_a_column_for() -> None:
    ledger = Ledger().put("1-101", (300, "2026-07..2026-09"), (50, "2026-07..2026-09", WATER))
    reading = listing(unit("1-101", charge(300, "2026-07..2026-09")))
    assert moves(only(plan_import(reading, ledger.held(), THIS_PERIOD))) == ([], [], [])
    columns = (ColumnMeaning(3, FEE, Meaning.FEE, FEE), ColumnMeaning(4, WATER, Meaning.FEE, WATER))
    with_column = replace(reading, sheets=(SheetReading("表", True, "", (1,), columns),))
    assert moves(only(plan_import(with_column, ledger.held(), THIS_PERIOD))) == ([], [50], [])


def test_operations_name_what_they_touch() -> None:
    ledger = _after((300, "2026-08..2026-10"), (100, "2026-08..2026-10"))
    (account,) = (account for account in ledger.accounts if account.room == "1-101")
    (held,) = account.charges
    listed = unit("1-101", charge(40, "2026-08..2026-10"))
    others = unit("1-999", charge(1, "2026-01"), name="李四")
    assert plan_import(listing(listed, others), ledger.held(), NOV).changes[0].settles == (Settle(held.id, 60),)
    more = unit("1-101", charge(120, "2026-08..2026-10"))
    assert plan_import(listing(more, others), ledger.held(), NOV).changes[0].take_backs == (
        TakeBack(held.settlements[0].id, 20),
    )
