"""One owner of several units: the law counts calls by the person, and what he said for one unit he said for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.accounts import Action, MarkKind
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, contact

NOW = datetime(2026, 11, 17, 15, 30)
DAYS_BEFORE = [datetime(2026, 11, day, 10, 30) for day in (12, 13, 16)]
ROOMS = ("9-1-101", "9-1-201", "9-1-301")


class Desk:
    """陈多多 owns three units, joined; 何敏 owns another one."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock(datetime(2026, 11, 2, 9, 0))
        self.office: Office = new_office(folder, self.clock)
        mine = [listed(room, "陈多多", phones=("13900000901",)) for room in ROOMS]
        import_list(self.office, *mine, listed("9-2-101", "何敏", phones=("13900000902",)))
        self.ids = ids_by_room(self.office)
        self.office.accounts.join([self.ids[room] for room in ROOMS])

    def log(self, outcome: Outcome, at: datetime, *rooms: str, channel: Channel = Channel.PHONE) -> int:
        self.clock.now = max(self.clock.now, at)
        ids = [self.ids[room] for room in rooms]
        return self.office.contacts.add(contact(*ids, at=at, outcome=outcome, channel=channel)).record_id

    def guard(self, room: str) -> str:
        """Empty when the owner of this unit may be called now, else why not."""
        self.clock.now = NOW
        verdict = self.office.contact_rules.check(self.ids[room], Channel.PHONE, NOW)
        return "" if verdict.allowed else verdict.text.split(" · ")[0]

    def no_call(self) -> list[str]:
        """The rooms whose owner is not to be called, by the account and by its row alike."""
        rooms = [room for room, one in self.ids.items() if self.office.accounts.get(one).do_not_call]
        marked = self.office.accounts.some(self.ids.values()).values()
        assert sorted(rooms) == sorted(row.room for row in marked if row.mark is MarkKind.NO_CALL)
        return sorted(rooms)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    assert_sound(made.office)
    made.office.close()


TALK, MISS = Outcome.NO_DAY, Outcome.NO_ANSWER
CALLS: list[tuple[str, list[tuple[Outcome, datetime, tuple[str, ...]]], str]] = [
    ("nobody called", [], ""),
    ("one talk about one unit today", [(TALK, NOW.replace(hour=10), ROOMS[:1])], "一天最多接通 1 次"),
    ("one talk about all units today", [(TALK, NOW.replace(hour=10), ROOMS)], "一天最多接通 1 次"),
    ("one talk about all units yesterday counts once, not thrice", [(TALK, DAYS_BEFORE[2], ROOMS)], ""),
    ("two tries today, about two units", [(MISS, NOW.replace(hour=10 + n), (ROOMS[n],)) for n in range(2)], ""),
    ("two tries about all units are two, not six", [(MISS, NOW.replace(hour=10 + n), ROOMS) for n in range(2)], ""),
    (
        "three tries today, each about another unit",
        [(MISS, NOW.replace(hour=10 + n), (ROOMS[n],)) for n in range(3)],
        "一天最多拨打 3 次",
    ),
    (
        "three talks in a week, each about another unit",
        [(TALK, at, (room,)) for at, room in zip(DAYS_BEFORE, ROOMS, strict=True)],
        "7 天内最多接通 3 次",
    ),
    ("somebody else was called", [(TALK, NOW.replace(hour=10), ("9-2-101",))], ""),
]


@pytest.mark.parametrize(("what", "calls", "why_not"), CALLS, ids=[case[0] for case in CALLS])
def test_calls_are_counted_by_the_person_whichever_unit_they_were_about(
    desk: Desk, what: str, calls: list[tuple[Outcome, datetime, tuple[str, ...]]], why_not: str
) -> None:
    for outcome, at, rooms in calls:
        desk.log(outcome, at, *rooms)
    assert [desk.guard(room) for room in ROOMS] == [why_not] * 3


def test_a_unit_taken_out_is_another_person_again(desk: Desk) -> None:
    desk.log(TALK, NOW.replace(hour=10), ROOMS[0])
    desk.office.accounts.part(desk.ids[ROOMS[2]])
    assert [desk.guard(room) for room in ROOMS] == ["一天最多接通 1 次", "一天最多接通 1 次", ""]


def test_a_voided_contact_counts_for_no_unit(desk: Desk) -> None:
    made = desk.log(TALK, NOW.replace(hour=10), ROOMS[0])
    desk.office.contacts.void(made, "记错了户")
    assert [desk.guard(room) for room in ROOMS] == [""] * 3


def test_do_not_call_said_for_one_unit_is_said_by_the_person(desk: Desk) -> None:
    made = desk.office.contacts.add(contact(desk.ids[ROOMS[1]], at=desk.clock(), outcome=Outcome.DO_NOT_CALL))
    mine = frozenset(desk.ids[room] for room in ROOMS)
    assert desk.no_call() == [*ROOMS] and made.account_ids == mine
    assert desk.guard(ROOMS[0]) == "业主要求勿再来电"
    asked = {row.action for row in desk.office.accounts.worklist() if row.account_id in mine}
    assert asked <= {Action.WRITE}, "letters are what he asked for"
    assert desk.office.contacts.void(made.record_id or 0, "听错了").account_ids == mine
    assert desk.no_call() == []


def test_it_stays_while_a_contact_about_another_unit_says_so_too(desk: Desk) -> None:
    first = desk.log(Outcome.DO_NOT_CALL, desk.clock(), ROOMS[0])
    second = desk.log(Outcome.DO_NOT_CALL, desk.clock(), ROOMS[1])
    desk.office.contacts.void(first, "重复")
    assert desk.no_call() == [*ROOMS]
    desk.office.contacts.void(second, "听错了")
    assert desk.no_call() == []


def test_set_by_hand_for_one_unit_it_is_set_and_taken_back_for_all(desk: Desk) -> None:
    accounts, mine = desk.office.accounts, frozenset(desk.ids[room] for room in ROOMS)
    assert accounts.set_do_not_call(desk.ids[ROOMS[2]], True).account_ids == mine
    assert desk.no_call() == [*ROOMS]
    assert accounts.set_do_not_call(desk.ids[ROOMS[0]], False).account_ids == mine
    assert desk.no_call() == []


def test_a_join_taken_back_leaves_everybody_with_the_owner_he_had(desk: Desk) -> None:
    accounts, ids = desk.office.accounts, [desk.ids[ROOMS[0]], desk.ids["9-2-101"]]
    desk.log(Outcome.DO_NOT_CALL, desk.clock(), "9-2-101")
    before = accounts.groups(ids)
    accounts.join(ids)
    assert accounts.regroup(before).account_ids == frozenset(desk.ids.values())
    assert desk.no_call() == ["9-2-101"]
    assert [row.room for row in accounts.get(ids[0]).siblings] == list(ROOMS[1:])
    assert accounts.get(ids[1]).siblings == ()


def test_a_unit_joined_later_comes_under_the_wish(desk: Desk) -> None:
    desk.log(Outcome.DO_NOT_CALL, desk.clock(), "9-2-101")
    assert desk.no_call() == ["9-2-101"]
    desk.office.accounts.join([desk.ids[ROOMS[0]], desk.ids["9-2-101"]])
    assert desk.no_call() == [*ROOMS, "9-2-101"]


def test_a_unit_joined_later_comes_under_the_mark_that_nobody_contacts_the_owner(desk: Desk) -> None:
    office, alone = desk.office, desk.ids["9-2-101"]
    office.contact_rules.set_sensitive([desk.ids[ROOMS[0]]], "住院", date(2026, 11, 30))
    before = office.accounts.groups([desk.ids[ROOMS[0]], alone])
    office.accounts.join([desk.ids[ROOMS[0]], alone])
    assert office.accounts.get(alone).sensitive == "住院"
    assert office.accounts.some([alone])[alone].mark_text == "暂不联系"
    marks = [(one.before, one.after) for one in office.traits.history(alone)]
    assert marks == [("", "住院，到 2026-11-30")]
    office.accounts.regroup(before)
    assert office.accounts.get(alone).sensitive == ""
    assert office.accounts.get(desk.ids[ROOMS[1]]).sensitive_until == date(2026, 11, 30)
