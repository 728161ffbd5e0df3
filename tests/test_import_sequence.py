"""Lists one after the other: the same again, an older one, the samples, and what must hold whatever comes."""

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
    ListedCharge,
    QuestionCode,
    Reading,
)
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import (
    AddCharge,
    ChangeKind,
    PlanOptions,
)
from feedesk.models.periods import Period
from feedesk.models.rooms import place_of
from tests.list_tools import FEE, NOV, OCT, WATER, Ledger, charge, listing, moves, only, unit

LISTS = Path(__file__).parent / "data" / "lists"


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
