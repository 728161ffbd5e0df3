"""A list against the owners and rooms on record: a change of owner, a correction, rooms that may be one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from feedesk.models.arrears_list import (
    Question,
    QuestionCode,
)
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import (
    ChangeKind,
    HeldOffice,
)
from tests.list_tools import NOV, Ledger, charge, listing, moves, only, unit

LISTS = Path(__file__).parent / "data" / "lists"


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
