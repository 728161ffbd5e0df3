"""Whose account it is: proposed, written with its history in one transaction, taken back, handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.contacts import Outcome
from feedesk.models.office import Staff
from feedesk.models.owner_filter import UNASSIGNED, Chip, OwnerFilter
from feedesk.models.sharing import Load, ShareClerk, ShareMode, ShareOptions
from feedesk.models.store import Office, backups
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import behind_the_back, contact

ROOMS = ("1-1-101", "1-1-102", "1-1-201", "2-1-101", "2-1-102", "2-1-201", "3-1-101")
NAMES = ("林晓岚", "周启明", "曾乐", "郑家禾", "沈亦舟", "薛明远", "许念慈")


class Desk:
    """Seven households and three clerks; 许宁 is at the desk."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.office: Office = new_office(folder, self.clock)
        import_list(
            self.office,
            *(
                listed(room, name, ("管理费", "2026-07..2026-09", 100_000 + 1_000 * n))
                for n, (room, name) in enumerate(zip(ROOMS, NAMES, strict=True))
            ),
        )
        self.ids = ids_by_room(self.office)
        self.xu = self.office.session.require_clerk()
        self.fang = self.office.staff.add("方芸", "小方")
        self.jiang = self.office.staff.add("江平", "小江")

    def held(self) -> dict[str, str]:
        """Whose each room is, by name; empty for nobody's."""
        return {
            room: self.office.accounts.get(account_id).staff_name
            for room, account_id in ids_by_room(self.office).items()
        }

    def share(self, *people: Staff, options: ShareOptions | None = None) -> Counter[str]:
        plan = self.office.assignments.propose([ShareClerk(one.id) for one in people], options or ShareOptions())
        self.office.assignments.apply(plan)
        return Counter(self.held().values())

    def join(self, *rooms: str) -> None:
        self.office.accounts.join([self.ids[room] for room in rooms])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.office.close()


def test_at_first_everything_is_nobodys(desk: Desk) -> None:
    assert desk.office.assignments.loads() == {None: Load(7, 7, 721_000, 21)}
    scope = desk.office.assignments.scope(desk.xu.id)
    assert (scope.mine, scope.unassigned, scope.total) == (0, 7, 7)


def test_sharing_writes_account_row_and_history_at_once(desk: Desk) -> None:
    assert desk.share(desk.xu, desk.fang, desk.jiang) == {"许宁": 3, "方芸": 2, "江平": 2}
    for room, name in desk.held().items():
        row = desk.office.accounts.some([desk.ids[room]])[desk.ids[room]]
        assert row.staff_id == desk.office.accounts.get(desk.ids[room]).staff_id
        (entry,) = desk.office.assignments.history(desk.ids[room])
        assert (entry.at, entry.before, entry.after, entry.by) == (desk.clock.now, "", name, "许宁")
        assert entry.reason == "新分配（只分未分配的，平均优先）"
    scope = desk.office.assignments.scope(desk.fang.id)
    assert (scope.mine, scope.unassigned, scope.total) == (2, 0, 7)
    assert desk.office.assignments.held_by(desk.fang.id) == {
        desk.ids[room] for room, name in desk.held().items() if name == "方芸"
    }
    assert backups.check(desk.office.path) == []


def test_undo_gives_everything_back_and_both_stand_in_the_history(desk: Desk) -> None:
    office = desk.office
    office.assignments.assign([desk.ids["1-1-101"]], desk.fang.id, "")
    plan = office.assignments.propose([ShareClerk(desk.jiang.id)], ShareOptions(ShareMode.ANEW))
    made = office.assignments.apply(plan)
    desk.clock.forward(seconds=5)
    back = office.assignments.take_back(made)
    assert back.account_ids == made.account_ids
    assert Counter(desk.held().values()) == {"": 6, "方芸": 1}
    assert [(one.before, one.after, one.reason) for one in office.assignments.history(desk.ids["1-1-102"])] == [
        ("", "江平", "新分配（全部重新平均，平均优先）"),
        ("江平", "", "撤销"),
    ]
    with pytest.raises(BadInput, match="已经撤销过"):
        office.assignments.take_back(made)


def test_undo_leaves_what_has_moved_on_since(desk: Desk) -> None:
    made = desk.office.assignments.apply(desk.office.assignments.propose([ShareClerk(desk.fang.id)], ShareOptions()))
    desk.office.assignments.assign([desk.ids["3-1-101"]], desk.jiang.id, "熟悉这一户")
    desk.office.assignments.take_back(made)
    assert Counter(desk.held().values()) == {"": 6, "江平": 1}


def test_moving_one_unit_moves_the_owners_other_units(desk: Desk) -> None:
    desk.join("1-1-101", "2-1-201")
    changes = desk.office.assignments.assign([desk.ids["2-1-201"]], desk.jiang.id, "熟悉这一户")
    assert changes.account_ids == {desk.ids["1-1-101"], desk.ids["2-1-201"]}
    assert {room for room, name in desk.held().items() if name == "江平"} == {"1-1-101", "2-1-201"}
    assert desk.office.assignments.history(desk.ids["1-1-101"])[0].reason == "熟悉这一户"


@pytest.mark.parametrize(
    ("clerks", "gone", "home"),
    [
        pytest.param(("方芸", "江平"), "", "江平", id="one unit each: who has the larger sum"),
        pytest.param(("方芸", "方芸", "江平"), "", "方芸", id="who has most of the units"),
        pytest.param(("", "方芸"), "", "方芸", id="nobody's comes to the clerk"),
        pytest.param(("方芸", "江平"), "江平", "方芸", id="somebody who has left keeps nothing"),
        pytest.param(("", ""), "", "", id="nobody's stays nobody's"),
    ],
)
def test_owners_joined_come_to_one_clerk_and_go_back_when_the_join_is_undone(
    desk: Desk, clerks: tuple[str, ...], gone: str, home: str
) -> None:
    office, rooms = desk.office, ROOMS[: len(clerks)]
    people = {"方芸": desk.fang, "江平": desk.jiang}
    for room, name in zip(rooms, clerks, strict=True):
        if name:
            office.assignments.assign([desk.ids[room]], people[name].id, "")
    if gone:
        office.staff.save(replace(people[gone], active=False))
    ids = [desk.ids[room] for room in rooms]
    before = office.accounts.groups(ids)
    office.accounts.join(ids)
    held = desk.held()
    assert [held[room] for room in rooms] == [home] * len(rooms)
    moved = [room for room, name in zip(rooms, clerks, strict=True) if name != home]
    for room in moved:
        assert office.assignments.history(desk.ids[room])[-1].reason == "与同一业主的其他房归一人（合并业主）"
    office.accounts.regroup(before)
    held = desk.held()
    assert [held[room] for room in rooms] == list(clerks)
    assert all(office.assignments.history(desk.ids[room])[-1].reason == "撤销合并" for room in moved)
    assert backups.check(office.path) == []


def test_who_was_given_to_somebody_after_the_join_stays_there_when_it_is_undone(desk: Desk) -> None:
    office, rooms = desk.office, ROOMS[:3]
    ids = [desk.ids[room] for room in rooms]
    office.assignments.assign(ids[:2], desk.fang.id, "")
    before = office.accounts.groups(ids)
    office.accounts.join(ids)
    assert desk.held()[rooms[2]] == "方芸"
    office.assignments.assign(ids, desk.jiang.id, "")
    office.accounts.regroup(before)
    assert [desk.held()[room] for room in rooms] == ["江平"] * 3


def test_an_account_may_go_back_to_nobody(desk: Desk) -> None:
    desk.office.assignments.assign([desk.ids["1-1-101"]], desk.fang.id, "")
    desk.office.assignments.assign([desk.ids["1-1-101"]], None, "")
    assert desk.held()["1-1-101"] == ""
    assert [one.after for one in desk.office.assignments.history(desk.ids["1-1-101"])] == ["方芸", ""]


def test_what_cannot_be_is_told(desk: Desk) -> None:
    office = desk.office
    with pytest.raises(BadInput, match="没有选中业主"):
        office.assignments.assign([], desk.fang.id, "")
    with pytest.raises(BadInput, match="本来就是这样"):
        office.assignments.assign([desk.ids["1-1-101"]], None, "")
    with pytest.raises(BadInput, match="不在岗"):
        office.assignments.assign([desk.ids["1-1-101"]], 77, "")
    with pytest.raises(BadInput, match="没有要分的"):
        office.assignments.apply(office.assignments.propose([], ShareOptions()))


def test_a_plan_out_of_date_is_not_written_and_nothing_is_half_done(desk: Desk) -> None:
    office = desk.office
    plan = office.assignments.propose([ShareClerk(desk.fang.id), ShareClerk(desk.jiang.id)], ShareOptions())
    office.assignments.assign([desk.ids["3-1-101"]], desk.xu.id, "")
    with pytest.raises(BadInput, match="有变动"):
        office.assignments.apply(plan)
    assert Counter(desk.held().values()) == {"": 6, "许宁": 1}


def test_a_plan_for_somebody_who_has_left_meanwhile_is_not_written(desk: Desk) -> None:
    from dataclasses import replace

    plan = desk.office.assignments.propose([ShareClerk(desk.fang.id)], ShareOptions())
    desk.office.staff.save(replace(desk.fang, active=False))
    with pytest.raises(BadInput, match="有变动"):
        desk.office.assignments.apply(plan)


def test_handing_over_when_somebody_leaves(desk: Desk) -> None:
    from dataclasses import replace

    desk.share(desk.xu, desk.fang, desk.jiang)
    desk.office.staff.save(replace(desk.jiang, active=False))
    loads = desk.office.assignments.loads()
    assert desk.jiang.id not in loads and loads[None].owners == 2, "who has left has nothing any more"
    leaving = ShareOptions(leaving=frozenset({desk.jiang.id}))
    assert desk.share(desk.xu, desk.fang, desk.jiang, options=leaving) == {"许宁": 3, "方芸": 4}
    moved = [one for one in ROOMS if len(desk.office.assignments.history(desk.ids[one])) == 2]
    assert len(moved) == 2
    assert desk.office.assignments.history(desk.ids[moved[0]])[1].reason == "原片管离岗（离岗交接，平均优先）"


def test_a_new_list_leaves_new_accounts_to_nobody_and_the_next_sharing_finds_them_their_clerk(desk: Desk) -> None:
    desk.share(desk.xu, desk.fang, desk.jiang)
    before = desk.held()
    desk.clock.forward(days=3)
    same = [listed(room, name) for room, name in zip(ROOMS[:-1], NAMES[:-1], strict=True)]
    import_list(desk.office, *same, listed(ROOMS[-1], "方小满"), listed("9-1-101", "邵一帆"), as_of=date(2026, 11, 19))
    now = desk.held()
    assert (now["3-1-101"], now["9-1-101"]) == ("", "")
    desk.share(desk.xu, desk.fang, desk.jiang)
    assert desk.held()["3-1-101"] == before["3-1-101"], "the clerk who knows the unit"
    assert desk.held()["9-1-101"] != ""


def test_a_second_unit_of_an_owner_follows_the_first(desk: Desk) -> None:
    desk.office.assignments.assign([desk.ids["1-1-101"]], desk.jiang.id, "")
    desk.join("1-1-101", "3-1-101")
    desk.share(desk.xu, desk.fang)
    assert desk.held()["3-1-101"] == "江平"
    assert desk.office.assignments.history(desk.ids["3-1-101"])[0].reason.startswith("与同一业主的其他房归一人")


def test_difficulty_is_read_from_the_records(desk: Desk) -> None:
    office, one = desk.office, desk.ids["1-1-101"]
    desk.clock.now = datetime(2026, 11, 5, 10)
    made = contact(one, at=desk.clock.now, outcome=Outcome.PROMISED, promise=(date(2026, 11, 6), 100_000))
    office.contacts.add(made)
    desk.clock.now = datetime(2026, 11, 17, 12)
    office.contacts.add(contact(desk.ids["1-1-102"], at=desk.clock.now, outcome=Outcome.DISPUTE))
    points = {owner.accounts[0].account_id: owner.points for owner in office.assignments.owners()}
    easy = points[desk.ids["1-1-201"]]
    assert points[one] >= easy + 1, "a promise not kept"
    assert points[desk.ids["1-1-102"]] >= easy + 2, "an objection open"


def test_filters_find_a_clerks_accounts_and_those_of_nobody(desk: Desk) -> None:
    accounts = desk.office.accounts
    desk.office.assignments.assign([desk.ids["1-1-101"], desk.ids["1-1-102"]], desk.fang.id, "")

    def found(staff_id: int | None) -> set[str]:
        return {row.room for row in accounts.rows(OwnerFilter(staff_id=staff_id))}

    assert found(desk.fang.id) == {"1-1-101", "1-1-102"}
    assert found(UNASSIGNED) == set(ROOMS) - {"1-1-101", "1-1-102"}
    assert found(None) == set(ROOMS)
    assert accounts.counts(desk.fang.id)[Chip.OWING] == 2 and accounts.counts()[Chip.OWING] == 7
    mine = {item.account_id for item in accounts.work_items(desk.fang.id)}
    assert mine == {item.account_id for item in accounts.work_items()} & {desk.ids["1-1-101"], desk.ids["1-1-102"]}
    assert mine


def test_the_history_cannot_be_rewritten(desk: Desk, tmp_path: Path) -> None:
    import sqlite3

    desk.share(desk.xu)
    desk.office.close()
    with behind_the_back(desk.office.path, guarded=True) as conn:
        for sql in ("UPDATE assignments SET to_staff = 2", "DELETE FROM assignments"):
            with pytest.raises(sqlite3.IntegrityError):
                conn.execute(sql)


def test_a_thousand_households_are_shared_alike(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(office, *(listed(f"{n % 20 + 1}-1-{n:04}", f"业主{n}") for n in range(1_000)))
    people = [office.session.require_clerk(), office.staff.add("方芸"), office.staff.add("江平")]
    plan = office.assignments.propose([ShareClerk(one.id) for one in people], ShareOptions())
    office.assignments.apply(plan)
    assert sorted(load.owners for load in office.assignments.loads().values()) == [333, 333, 334]
    office.close()
