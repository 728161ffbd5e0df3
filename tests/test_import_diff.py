"""What a list means, compared with what the office holds: cases from the design, then invariants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.arrears_list import (
    ColumnMeaning,
    ListedCharge,
    Meaning,
    Question,
    QuestionCode,
    Reading,
    RejectCode,
    Rejected,
    SheetReading,
)
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import (
    AddCharge,
    ChangeKind,
    HeldAccount,
    HeldCharge,
    HeldOffice,
    PlanOptions,
    Settle,
    TakeBack,
)
from feedesk.models.periods import Period
from feedesk.models.rooms import place_of
from tests.list_tools import FEE, NOV, OCT, WATER, Ledger, charge, listing, moves, only, unit

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


# --- owners -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "same_phone", "changed", "renames", "asks"),
    [
        ("张三", "张三", True, False, False, False),
        ("张三", "张 三", False, False, False, False),
        ("张三", "", False, False, False, False),
        ("", "张三", False, False, True, False),
        ("张伟、李娜", "李娜，张伟", False, False, False, False),
        ("张三", "黄娟瑾", False, True, False, False),
        ("张玮", "张伟", False, True, False, False),
        ("张玮", "张伟", True, True, False, True),
        ("王小明", "王晓明", False, True, False, True),
        ("张伟", "张伟、李娜", False, True, False, True),
        ("张三", "李四", True, True, False, True),
    ],
)
def test_another_name_is_a_new_tenure_unless_it_may_be_the_same_owner(
    before: str, after: str, same_phone: bool, changed: bool, renames: bool, asks: bool
) -> None:
    ledger = Ledger().put("1-101", (300, "2026-10"), name=before, phones=("138 0000 0001",))
    phones = ("13800000001",) if same_phone else ("13900000002",)
    reading = listing(unit("1-101", charge(300, "2026-10"), name=after, phones=phones))
    plan = plan_import(reading, ledger.held(), NOV)
    change = only(plan)
    assert (change.owner_changed, change.renames) == (changed, renames)
    assert [question.code for question in plan.questions] == ([QuestionCode.SAME_OWNER] if asks else [])
    assert change.name_after == (after if changed or renames else before)
    assert plan_import(reading, ledger.held(), replace(NOV, careful=True)).questions == ()
    ledger.apply(plan)
    again = plan_import(reading, ledger.held(), NOV)
    assert not only(again).owner_changed and not again.questions


def test_a_person_says_whether_it_is_a_correction() -> None:
    ledger = Ledger().put("1-101", (300, "2026-10"), name="王小明")
    reading = listing(unit("1-101", charge(300, "2026-10"), name="王晓明"))
    for options, changed in (
        (replace(NOV, corrections=frozenset({"1-101"})), False),
        (replace(NOV, new_owners=frozenset({"1-101"})), True),
    ):
        plan = plan_import(reading, ledger.held(), options)
        assert (only(plan).owner_changed, only(plan).renames, plan.questions) == (changed, not changed, ())


def test_debts_stay_with_the_former_owner() -> None:
    ledger = Ledger().put("1-101", (67_575, "2026-09..2026-10"), name="唐某")
    reading = listing(unit("1-101", charge(94_477, "2026-09..2026-11"), name="黄某"))
    change = only(plan_import(reading, ledger.held(), NOV))
    assert (change.kind, change.owner_changed, *moves(change)) == ("increased", True, [(26_902, "2026-11")], [], [])
    assert (change.name_before, change.name_after) == ("唐某", "黄某")
    assert change.note == "原业主 唐某 名下 675.75 元仍记在原业主名下，请向财务核对由谁承担。"
    former, new = ledger.apply(plan_import(reading, ledger.held(), NOV)).accounts
    assert (former.owed, former.is_current, new.owed, new.is_current) == (67_575, False, 26_902, True)
    assert former.unit_id == new.unit_id
    # Finance's figure is the unit's: what is paid next is taken from the oldest months, the former owner's.
    less = listing(unit("1-101", charge(30_000, "2026-09..2026-11"), name="黄某"), sha="b")
    ledger.apply(plan_import(less, ledger.held(), NOV))
    assert [account.owed for account in ledger.accounts] == [3_098, 26_902]


def test_no_note_when_the_former_owner_owes_nothing_more() -> None:
    ledger = Ledger().put("1-101", (100, "2026-10"), name="唐某")
    change = only(plan_import(listing(unit("1-101", charge(80, "2026-11"), name="黄某")), ledger.held(), NOV))
    assert (change.owner_changed, change.note) == (True, "")


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


# --- rooms that may be one ----------------------------------------------------------------------------------------


def test_a_room_written_otherwise_is_asked_about() -> None:
    ledger = Ledger().put("7-2-0302", (100, "2026-10")).put("7-2-401", (100, "2026-10"))
    reading = listing(unit("7-2-302", charge(100, "2026-10")), unit("7-2-401", charge(100, "2026-10")))
    open_plan = plan_import(reading, ledger.held(), replace(NOV, gone_is_paid=True))
    assert [(question.code, question.subjects) for question in open_plan.questions] == [
        (QuestionCode.SAME_ROOM, ("7-2-302", "7-2-0302"))
    ]
    merged = plan_import(reading, ledger.held(), replace(NOV, same_rooms={"7-2-302": "7-2-0302"}))
    assert [(change.room, change.kind) for change in merged.changes] == [
        ("7-2-0302", ChangeKind.UNCHANGED),
        ("7-2-401", ChangeKind.UNCHANGED),
    ]
    for apart in (replace(NOV, different_rooms=frozenset({"7-2-302"})), replace(NOV, careful=True)):
        plan = plan_import(reading, ledger.held(), replace(apart, gone_is_paid=True))
        assert not plan.questions
        assert (plan.count(ChangeKind.NEW), plan.count(ChangeKind.PAID_OFF)) == (1, 1)


def test_two_listed_rooms_that_may_be_one_are_asked_about_once() -> None:
    asked = Question(QuestionCode.SAME_ROOM, "是不是同一户？", "各作一户", ("7-2-302", "7-2-0302"))
    reading = listing(unit("7-2-0302", charge(100, "2026-10")), unit("7-2-302", charge(70, "2026-10")))
    for asking in (reading, replace(reading, questions=(asked,))):
        plan = plan_import(asking, HeldOffice(()), NOV)
        assert [question.code for question in plan.questions] == [QuestionCode.SAME_ROOM]
        joined = plan_import(asking, HeldOffice(()), replace(NOV, same_rooms={"7-2-302": "7-2-0302"}))
        assert (only(joined).after, len(only(joined).adds), joined.questions) == (170, 2, ())
        apart = plan_import(asking, HeldOffice(()), replace(NOV, different_rooms=frozenset({"7-2-302"})))
        assert (len(apart.changes), apart.questions) == (2, ())
        # Once the office holds both as rooms of their own, nobody is asked again.
        assert not plan_import(asking, Ledger().apply(apart).held(), NOV).questions


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


# --- the same list, an older list ---------------------------------------------------------------------------------


def test_an_older_list_is_asked_about_and_refused_when_nobody_can_be_asked() -> None:
    ledger = Ledger().put("1-101", (100, "2026-10"))
    ledger.imported["b"] = date(2026, 11, 30)
    reading = listing(unit("1-101", charge(100, "2026-10")))
    assert [question.code for question in plan_import(reading, ledger.held(), OCT).questions] == [
        QuestionCode.OLDER_LIST
    ]
    with pytest.raises(BadInput, match="2026-11-30"):
        plan_import(reading, ledger.held(), replace(OCT, careful=True))
    assert not plan_import(reading, ledger.held(), replace(OCT, older_is_meant=True)).questions
    assert not plan_import(reading, ledger.held(), NOV).questions


def test_an_earlier_file_again_after_a_later_one_of_the_same_day() -> None:
    ledger = Ledger()
    first, second = (listing(unit("1-101", charge(owed, "2026-10")), sha=sha) for owed, sha in ((100, "a"), (60, "b")))
    ledger.apply(plan_import(first, ledger.held(), NOV)).apply(plan_import(second, ledger.held(), NOV))
    assert [question.code for question in plan_import(first, ledger.held(), NOV).questions] == [QuestionCode.OLDER_LIST]
    with pytest.raises(BadInput, match="以前导入过"):
        plan_import(first, ledger.held(), replace(NOV, careful=True))
    again = plan_import(second, ledger.held(), replace(NOV, careful=True))
    assert (again.repeats, only(again).kind) == (date(2026, 11, 30), ChangeKind.UNCHANGED)


# --- the sample lists ---------------------------------------------------------------------------------------------


def _sample(name: str) -> Reading:
    """The plain samples, read here by hand so that these rules are tested without the reader's."""
    sheet = openpyxl.load_workbook(LISTS / name).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    accounts = []
    for number, row in enumerate(rows, 2):
        cells = dict(zip(header, row, strict=True))
        period = Period.parse(f"{cells['欠费起始月']}..{cells['欠费截止月']}")
        charges = tuple(
            ListedCharge(
                sheet.title, number, item, period, int(Decimal(str(cells[item])) * 100), cells["最早应缴日"].date()
            )
            for item in ("管理费", "房屋公共维修金", "水费", "电费", "气费")
            if cells[item]
        )
        accounts.append(unit(cells["房号"], *charges, name=cells["业主姓名"], phones=(cells["联系电话"],)))
    return listing(*accounts, sha=name)


@pytest.mark.parametrize("careful", [False, True])
def test_next_months_sample_over_the_first(careful: bool) -> None:
    ledger = Ledger()
    first, second = _sample("01-plain.xlsx"), _sample("09-plain-next-month.xlsx")
    plan = plan_import(first, ledger.held(), replace(OCT, careful=careful))
    assert (len(plan.changes), plan.count(ChangeKind.NEW), plan.after) == (60, 60, 9_679_506)
    assert sum(len(change.adds) for change in plan.changes) == 146
    ledger.apply(plan)

    plan = plan_import(second, ledger.held(), replace(NOV, careful=careful))
    assert plan.diff_counts() == {
        "new": 6,
        "increased": 41,
        "partly_paid": 7,
        "paid_off": 12,
        "unchanged": 0,
        "owner_changed": 5,
    }
    assert not plan.questions
    assert (plan.before, plan.after) == (9_679_506, 9_432_502)
    assert sum(plan.delta(kind) for kind in ChangeKind) == plan.after - plan.before
    grown = next(change for change in plan.changes if change.room == "1-1-201")
    assert grown.adds == (
        AddCharge(FEE, Period.parse("2026-11"), 21_582, date(2026, 11, 15), True, False, "欠费清单", 2),
    )
    assert [change.room for change in plan.changes][:3] == ["1-1-102", "1-1-201", "1-1-302"]

    ledger.apply(plan)
    again = plan_import(second, ledger.held(), replace(NOV, careful=careful))
    assert (again.repeats, again.diff_counts()["unchanged"], len(again.changes)) == (NOV.as_of, 54, 54)
    assert all(moves(change) == ([], [], []) for change in again.changes)


# --- invariants ---------------------------------------------------------------------------------------------------

ROOMS = ("1-101", "1-102", "1-103", "2-101", "2-102", "3-101")
START = Period.parse("2026-01").first


@st.composite
def listed_charges(draw: st.DrawFn) -> tuple[ListedCharge, ...]:
    charges = []
    for item in (FEE, WATER):
        for _ in range(draw(st.integers(0, 2))):
            first = START + draw(st.integers(0, 9))
            length = draw(st.integers(1, 6))
            period = draw(st.sampled_from([Period.span(first, first + length - 1), None]))
            steady = 100 * length
            owed = draw(st.one_of(st.just(steady), st.integers(1, 1500)))
            charges.append(ListedCharge("表", 2, item, period, owed, draw(st.sampled_from([None, date(2026, 1, 9)]))))
    return tuple(charges)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    rooms = draw(st.lists(st.sampled_from(ROOMS), unique=True, max_size=len(ROOMS)))
    accounts = [
        unit(room, *draw(listed_charges()), name=draw(st.sampled_from(["张三", "李小四", "李晓四", ""])))
        for room in rooms
    ]
    return listing(*accounts, sha=str(draw(st.integers())))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Reading, PlanOptions]]:
    count = draw(st.integers(1, 4))
    return [
        (
            draw(readings()),
            PlanOptions(
                as_of=NOV.as_of,
                full=draw(st.booleans()),
                whole_debt=draw(st.sampled_from([True, True, False])),
                older_is_meant=True,
            ),
        )
        for _ in range(count)
    ]


@settings(max_examples=150, deadline=None)
@given(histories())
def test_lists_one_after_the_other_keep_the_books_in_order(history: list[tuple[Reading, PlanOptions]]) -> None:
    ledger = Ledger()
    for reading, options in history:
        before = {room: ledger.owed(room) for room in ROOMS}
        listed = {account.room: account for account in reading.accounts}
        plan = plan_import(reading, ledger.held(), options)
        assert plan.before + sum(change.delta for change in plan.changes) == plan.after
        ledger.apply(plan)  # checks every settlement, the totals, and that no charge leaves 0 … its amount
        for change in plan.changes:
            assert change.before == before[change.room]
            assert change.after == ledger.owed(change.room)
            assert min([1, *(add.amount for add in change.adds), *(settle.amount for settle in change.settles)]) == 1
        for room in ROOMS:
            if room in listed and options.whole_debt:
                for item in (FEE, WATER):
                    said = sum(each.owed for each in listed[room].charges if each.item == item)
                    assert ledger.owed(room, item) == said
            elif room not in listed:
                assert ledger.owed(room) <= before[room]
                named = place_of(room).building in {account.building for account in reading.accounts}
                if not (options.full and named):
                    assert ledger.owed(room) == before[room]
        again = plan_import(reading, ledger.held(), options)
        assert all(moves(change) == ([], [], []) for change in again.changes)
        assert not any(change.owner_changed or change.renames for change in again.changes)
        assert set(again.diff_counts().values()) <= {0, len(again.changes)}


@settings(max_examples=60, deadline=None)
@given(readings(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(reading: Reading, random: object) -> None:
    shuffled = list(reading.accounts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    ledger = Ledger().put("1-101", (500, "2026-01..2026-05")).put("2-101", (80, "", WATER))
    one = plan_import(reading, ledger.held(), NOV)
    other = plan_import(replace(reading, accounts=tuple(shuffled)), ledger.held(), NOV)
    assert one.changes == other.changes


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
