"""改下次跟进 as a record: which plan is in force, what taking it back leaves, and that nothing of it can be altered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.accounts import OwnerRow
from feedesk.models.changes import Changes
from feedesk.models.contacts import NextAction
from feedesk.models.store import Office, audit
from feedesk.models.timeline import EntryKind
from tests.office_tools import NOON, Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, contact, states

WEDNESDAY = datetime(2026, 11, 25, 10)
FRIDAY = datetime(2026, 11, 20)


class Desk:
    """An office with two accounts at noon of a Tuesday, and short words for what is planned for the first."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.office = new_office(folder, self.clock)
        import_list(self.office, listed("1-101"), listed("1-102", "何敏"))
        ids = ids_by_room(self.office)
        self.a, self.b = ids["1-101"], ids["1-102"]

    def replan(self, *account_ids: int, at: datetime = WEDNESDAY, has_time: bool = True, reason: str = "") -> Changes:
        self.clock.forward(minutes=1)
        return self.office.follow_ups.replan(account_ids or (self.a,), NextAction(at, has_time, reason))

    def log(self, next_at: datetime | None, *, hours_ago: int = 0) -> int:
        self.clock.forward(minutes=1)
        at = self.clock().replace(hour=self.clock().hour - hours_ago)
        return self.office.contacts.add(contact(self.a, at=at, next_at=next_at)).record_id

    def row(self, account_id: int = 0) -> OwnerRow:
        return self.office.accounts.get(account_id or self.a).row

    @property
    def plan(self) -> tuple[datetime | None, bool, str]:
        row = self.row()
        return row.next_at, row.next_has_time, row.next_text

    def told(self, account_id: int = 0) -> list[tuple[str, str]]:
        entries = self.office.history.of(account_id or self.a)
        return [(entry.title, entry.voided) for entry in entries if entry.kind is EntryKind.PLAN]


def _log(office: Office) -> list[tuple[str, str, str]]:
    return [(entry.who, entry.what, entry.subject) for entry in audit.entries(office.session.conn)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    assert_sound(made.office)
    made.office.close()


def test_the_new_plan_is_in_force_and_is_told(desk: Desk) -> None:
    changes = desk.replan(reason=" 出差回来再谈 ")
    assert changes == Changes(frozenset({desk.a}), record_id=1)
    assert desk.plan == (WEDNESDAY, True, "11-25 周三")
    assert (desk.row().group, desk.row().why) == (None, "等到 11-25：出差回来再谈")
    (entry,) = [one for one in desk.office.history.of(desk.a) if one.kind is EntryKind.PLAN]
    assert (entry.title, entry.who) == ("改下次跟进：11-25 周三 10:00 · 出差回来再谈", "许宁")
    assert (entry.at, entry.voided) == (desk.clock(), "")
    assert _log(desk.office)[0] == ("许宁", "改下次跟进", "1 户")


def test_without_time_and_reason_it_is_a_day(desk: Desk) -> None:
    desk.replan(at=FRIDAY, has_time=False)
    assert desk.plan == (FRIDAY, False, "11-20 周五")
    assert desk.told() == [("改下次跟进：11-20 周五", "")]


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        pytest.param(("contact", "plan"), WEDNESDAY, id="a plan after the contact"),
        pytest.param(("plan", "contact"), FRIDAY, id="a contact after the plan"),
        pytest.param(("plan", "late contact"), FRIDAY, id="logged after the plan, of an hour before it"),
        pytest.param(("plan", "silent contact"), None, id="a later contact that planned nothing"),
        pytest.param(("contact", "plan", "void plan"), FRIDAY, id="taken back, the contact's plan stands"),
        pytest.param(
            ("plan", "contact", "void contact"), WEDNESDAY, id="the contact voided, the plan before it stands"
        ),
        pytest.param(("plan", "void plan"), None, id="taken back, nothing is planned"),
    ],
)
def test_what_was_planned_last_is_in_force(desk: Desk, steps: tuple[str, ...], at: datetime | None) -> None:
    made, logged = Changes(), 0
    for step in steps:
        if step == "plan":
            made = desk.replan()
        elif step == "void plan":
            desk.office.follow_ups.void(made)
        elif step == "void contact":
            desk.office.contacts.void(logged, "记错户")
        else:
            logged = desk.log(None if step == "silent contact" else FRIDAY, hours_ago=int(step == "late contact"))
    assert desk.plan[0] == at


def test_the_last_of_several_plans_counts_and_taking_it_back_brings_the_one_before(desk: Desk) -> None:
    desk.replan(at=FRIDAY, has_time=False)
    made = desk.replan()
    desk.office.follow_ups.void(made)
    assert desk.plan[0] == FRIDAY
    assert desk.told() == [("改下次跟进：11-25 周三 10:00", "当场撤销（11-17 许宁）"), ("改下次跟进：11-20 周五", "")]


def test_taking_back_leaves_every_state_as_it_was(desk: Desk) -> None:
    desk.log(FRIDAY)
    before = states(desk.office)
    made = desk.replan(desk.a, desk.b)
    assert states(desk.office) != before
    desk.office.follow_ups.void(made)
    assert states(desk.office) == before


def test_all_units_of_an_owner_are_planned_and_taken_back_together(desk: Desk) -> None:
    earlier = desk.replan(desk.b, at=FRIDAY, has_time=False)
    made = desk.replan(desk.a, desk.b, desk.a)
    assert made.account_ids == {desk.a, desk.b}
    assert desk.row(desk.a).next_at == desk.row(desk.b).next_at == WEDNESDAY
    assert desk.office.follow_ups.void(made).account_ids == {desk.a, desk.b}
    assert (desk.row(desk.a).next_at, desk.row(desk.b).next_at) == (None, FRIDAY)
    assert [voided for _title, voided in desk.told(desk.b)] == ["当场撤销（11-17 许宁）", ""]
    desk.office.follow_ups.void(earlier)
    assert _log(desk.office)[0] == ("许宁", "撤销改下次跟进", "1 户")
    with pytest.raises(BadInput, match="已经撤销过"):
        desk.office.follow_ups.void(made)


@pytest.mark.parametrize(
    ("ids", "plan", "said"),
    [
        pytest.param((), NextAction(WEDNESDAY, True, ""), "没有选中业主", id="nobody"),
        pytest.param((1,), NextAction(None, False, ""), "没有写明哪一天", id="no day"),
        pytest.param((1,), NextAction(datetime(2026, 11, 16), False, ""), "已经过去", id="yesterday"),
        pytest.param((1,), NextAction(datetime(2026, 11, 17, 11, 59), True, ""), "已经过去", id="a minute ago"),
        pytest.param((1,), NextAction(datetime(2026, 11, 18, 23), True, ""), "不联系业主", id="at night"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_is_written(
    desk: Desk, ids: tuple[int, ...], plan: NextAction, said: str
) -> None:
    before = states(desk.office)
    with pytest.raises(BadInput, match=said):
        desk.office.follow_ups.replan(ids, plan)
    assert states(desk.office) == before
    assert desk.office.session.conn.execute("SELECT count(*) FROM follow_ups").fetchone() == (0,)


def test_an_account_that_is_not_there_leaves_none_of_the_others_planned(desk: Desk) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        desk.replan(desk.a, 99)
    assert desk.plan[0] is None and desk.told() == []


def test_later_today_waits_for_its_time(desk: Desk) -> None:
    desk.replan(at=NOON.replace(hour=16), reason="开会")
    (item,) = [item for item in desk.office.accounts.work_items() if item.account_id == desk.a]
    assert (str(item.group), item.next_at, desk.row().next_text) == ("retry", NOON.replace(hour=16), "今天 16:00")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM follow_ups",
        "INSERT OR REPLACE INTO follow_ups SELECT * FROM follow_ups",
        "UPDATE follow_ups SET next_at = '2030-01-01T00:00'",
        "UPDATE follow_ups SET reason = '别的'",
        "UPDATE follow_ups SET account_id = 2",
        "UPDATE follow_ups SET made_at = '2020-01-01T00:00:00'",
        "UPDATE follow_ups SET staff_id = 2",
        "UPDATE follow_ups SET next_has_time = 0",
    ],
)
def test_no_word_of_a_plan_can_be_deleted_or_changed(desk: Desk, statement: str) -> None:
    desk.replan()
    conn = desk.office.session.conn
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|frozen"):
        conn.execute(statement)
    conn.rollback()


def test_the_plan_outlives_the_window_and_the_night(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.replan(at=FRIDAY, has_time=False)
    desk.office.close()
    desk.clock.now = datetime(2026, 11, 20, 9)
    again = Office.open(desk.office.path, desk.clock)
    row = again.accounts.get(desk.a).row
    assert (str(row.group), row.why) == ("follow_up", "今天该跟进；没有登记号码：先查本人留的号码，查不到就上门或发函")
    again.close()
