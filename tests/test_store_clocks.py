"""The first end of 诉讼时效 beside each account: the same as the line-by-line reckoning, whatever has happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.accounts import Action, MarkKind, WorkGroup
from feedesk.models.service import DeliveryDraft, DeliveryMethod
from feedesk.models.store import Office, backups
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, behind_the_back, issue

OLD, RECENT = "3-2-1502", "3-2-1503"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(
        office,
        listed(OLD, "林晓岚", ("管理费", "2023-12..2023-12", 30_000), ("管理费", "2026-07..2026-09", 90_000)),
        listed(RECENT, "何敏", ("管理费", "2026-07..2026-09", 90_000), phones=("13900004417",)),
    )
    yield office
    office.close()


def kept(office: Office, room: str) -> tuple[str | None, int, int]:
    row = office.session.conn.execute(
        "SELECT limit_on, open_lines, over FROM account_clock WHERE account_id = ?", (ids_by_room(office)[room],)
    ).fetchone()
    return (row[0], row[1], row[2])


def state(office: Office, room: str) -> tuple[WorkGroup | None, Action, date | None]:
    account_id = ids_by_room(office)[room]
    row = office.accounts.some([account_id])[account_id]
    return row.group, row.action, row.limit_on


def serve(office: Office, notice_id: int, arrived_on: date) -> int:
    draft = DeliveryDraft(
        notice_id, DeliveryMethod.OWNER, arrived_on, arrived_on, signer="林晓岚", second_staff="周敏", confirmed=True
    )
    return office.service.record(draft).record_id


def test_the_oldest_due_day_decides_where_nothing_has_restarted_a_clock(office: Office) -> None:
    assert kept(office, OLD) == ("2026-12-15", 2, 0)
    assert kept(office, RECENT) == ("2029-07-15", 1, 0)
    assert state(office, OLD) == (WorkGroup.LIMIT, Action.WRITE, date(2026, 12, 15))
    assert state(office, RECENT) == (WorkGroup.NEW, Action.CALL, date(2029, 7, 15))
    assert_sound(office)


def test_proof_of_arrival_moves_the_end_and_voiding_it_brings_it_back(office: Office, clock: Clock) -> None:
    issue(office, OLD)
    clock.forward(days=1)
    office.roll_day()
    delivery = serve(office, 1, clock().date())
    moved = kept(office, OLD)[0]
    grade = office.service.of_notice(1)[0].verdict.grade
    assert moved == ("2029-07-15" if grade in "AB" else "2026-12-15")
    assert_sound(office)
    office.service.void(delivery, "记错了")
    assert kept(office, OLD)[0] == "2026-12-15"
    assert state(office, OLD)[0] is WorkGroup.LIMIT
    assert_sound(office)


def test_a_new_day_takes_over_what_has_run_out(office: Office, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 15, 9)
    office.roll_day()
    assert kept(office, OLD) == ("2026-12-15", 2, 0)
    clock.now = datetime(2026, 12, 16, 9)
    office.roll_day()
    assert kept(office, OLD) == ("2029-07-15", 2, 1)
    assert state(office, OLD)[0] is not WorkGroup.LIMIT
    assert_sound(office)


def test_an_account_all_of_whose_time_is_over_is_kept_and_no_longer_pressed(office: Office, clock: Clock) -> None:
    clock.now = datetime(2029, 7, 16, 9)
    office.roll_day()
    account_id = ids_by_room(office)[RECENT]
    row = office.accounts.some([account_id])[account_id]
    assert kept(office, RECENT) == (None, 1, 1)
    assert (row.mark, row.mark_text, row.action, row.group) == (MarkKind.OTHER, "已过时效", Action.NONE, None)
    assert row.owed == 90_000
    assert_sound(office)


def test_looking_at_a_file_on_a_later_day_shows_that_day_and_writes_nothing(office: Office, clock: Clock) -> None:
    office.close()
    seen = Office.look(office.path, lambda: datetime(2026, 12, 16, 9))
    assert kept(seen, OLD) == ("2029-07-15", 2, 1)
    seen.close()
    again = Office.look(office.path, clock)
    assert kept(again, OLD) == ("2026-12-15", 2, 0)
    again.close()


LUMP = ("管理费", "2023-12..2024-11", 120_000)


def test_a_lump_without_evidence_ends_with_the_first_of_its_open_months(office: Office, clock: Clock) -> None:
    """Many lumps are alike; one of which a part came in, a tiny one and one without months are not like the others."""
    tiny = ("水费", "2023-12..2024-11", 7)
    lists = [
        listed("3-2-1601", "吴燕", LUMP),
        listed("3-2-1602", "陈立", LUMP),
        listed("3-2-1603", "赵宁", tiny),
        listed("3-2-1604", "钱勇", LUMP, due_on=date(2024, 3, 20)),
        listed("3-2-1605", "孙洁", ("管理费", "", 120_000)),
        listed("3-2-1606", "李响", LUMP, ("管理费", "2026-07..2026-09", 90_000)),
    ]
    import_list(office, *lists)
    assert [kept(office, f"3-2-160{n}") for n in (1, 2, 3, 4, 6)] == [
        ("2026-12-15", 1, 0), ("2026-12-15", 1, 0), (None, 1, 0), ("2027-03-20", 1, 0), ("2026-12-15", 2, 0),
    ]  # fmt: skip
    assert_sound(office)
    clock.forward(days=7)
    import_list(office, lists[0], listed("3-2-1602", "陈立", ("管理费", "2023-12..2024-11", 95_000)), *lists[2:])
    assert kept(office, "3-2-1602") == ("2027-02-15", 1, 0)
    assert kept(office, "3-2-1601") == ("2026-12-15", 1, 0)
    assert_sound(office)


def test_another_due_day_of_the_office_moves_the_months_of_lumps(office: Office) -> None:
    import_list(
        office, listed("3-2-1601", "吴燕", LUMP), listed("3-2-1602", "陈立", ("管理费", "2026-07..2026-07", 90_000))
    )
    before = kept(office, "3-2-1602")
    profile = office.settings.profile()
    office.settings.save_profile(replace(profile, due_day=5))
    assert office.roll_day().everything
    assert kept(office, "3-2-1601")[0] == "2026-12-05" and state(office, "3-2-1601")[2] == date(2026, 12, 5)
    assert kept(office, "3-2-1602") == before
    assert_sound(office)
    office.settings.save_profile(replace(profile, due_day=5, phone="0571-80001234"))
    assert not office.roll_day().everything


def test_a_computer_that_was_ahead_for_a_day_leaves_nothing_over(office: Office, clock: Clock) -> None:
    right = kept(office, OLD), state(office, OLD)
    now = clock.now
    clock.now = datetime(2030, 6, 15, 10)
    office.roll_day()
    assert state(office, OLD)[2] is None and kept(office, OLD)[2] == 2
    clock.now = now
    office.roll_day()
    assert (kept(office, OLD), state(office, OLD)) == right
    assert_sound(office)


def test_the_check_names_an_end_that_does_not_follow(office: Office) -> None:
    with behind_the_back(office.path) as conn:
        conn.execute("UPDATE account_clock SET limit_on = '2031-01-01' WHERE limit_on = '2026-12-15'")
    assert backups.check(office.path) == [f"户 {ids_by_room(office)[OLD]} 存的时效与记录推出来的不一致"]
