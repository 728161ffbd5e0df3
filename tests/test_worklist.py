"""The worklist from outside: every open account once, one action, a reason, and from when. Today is 2026-11-17, 15:46."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.accounts import Action, Category, MarkKind, WorkGroup
from feedesk.models.contacts import Outcome
from feedesk.models.store import Office
from feedesk.models.worklist import WorkFacts, entry
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact, issue

NOW = datetime(2026, 11, 17, 15, 46)
CALL = WorkFacts(
    1, 1, "3-2-1502", "林晓岚", 107_940, Action.CALL, WorkGroup.DAILY, "B 类", None, False, "今天", MarkKind.OTHER,
    "未定日期", None, None,
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("facts", "allowed", "earliest"),
    [
        pytest.param({}, NOW, NOW, id="a call that is in order now"),
        pytest.param({}, at("11-18 09:00"), at("11-18 09:00"), id="the guard puts it off"),
        pytest.param({}, None, None, id="the guard knows no day"),
        pytest.param({"next_at": at("11-17 16:10"), "next_has_time": True}, NOW, at("11-17 16:10"), id="agreed for later"),
        pytest.param({"next_at": at("11-17 09:00"), "next_has_time": True}, NOW, NOW, id="agreed for a time that is past"),
        pytest.param({"next_at": at("11-17 00:00")}, NOW, NOW, id="agreed for a day is now on that day"),
        pytest.param(
            {"next_at": at("11-17 16:10"), "next_has_time": True}, at("11-18 09:00"), at("11-18 09:00"),
            id="the guard is later than what was agreed",
        ),
        pytest.param({"action": Action.WRITE, "group": WorkGroup.LIMIT}, None, NOW, id="a letter waits for no hour"),
        pytest.param({"action": Action.ASK_LEADER, "group": WorkGroup.LEADER}, None, NOW, id="nor does the leader"),
        pytest.param({"action": Action.WAIT, "group": None}, None, None, id="nothing to be done, no day known"),
        pytest.param(
            {"action": Action.WAIT, "group": None, "next_at": at("11-20 00:00")}, None, at("11-20 00:00"),
            id="nothing to be done before a day",
        ),
        pytest.param({"action": Action.CHECK_MONEY, "group": None}, None, None, id="finance is asked already"),
    ],
)  # fmt: skip
def test_from_when(facts: dict[str, object], allowed: datetime | None, earliest: datetime | None) -> None:
    assert entry(replace(CALL, **facts), allowed, NOW).earliest == earliest  # type: ignore[arg-type]  # one field of any kind


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(
        office, *(listed(f"3-2-{1501 + place}", f"业主{place}", phones=(f"1390000441{place}",)) for place in range(7))
    )
    yield office
    office.close()


def test_every_open_account_is_there_once_with_a_reason(office: Office, clock: Clock) -> None:
    ids = ids_by_room(office)
    office.contacts.add(contact(ids["3-2-1502"], at=clock(), outcome=Outcome.NO_ANSWER, category=Category.B))
    office.contacts.add(
        contact(ids["3-2-1503"], at=clock(), outcome=Outcome.PROMISED, promise=(date(2026, 11, 20), 107_940))
    )
    office.contacts.add(contact(ids["3-2-1504"], at=clock(), outcome=Outcome.DO_NOT_CALL))
    office.contacts.claim((ids["3-2-1505"],), contact(1, at=clock(), claim=(date(2026, 11, 16), 107_940)).claim)  # type: ignore[arg-type]  # a claim is given
    issue(office, "3-2-1506")
    entries = office.worklist.entries()
    assert sorted(one.facts.account_id for one in entries) == sorted(ids.values())
    for one in entries:
        assert one.facts.why and one.facts.next_text
        assert (one.facts.group is not None) == one.is_today
        if one.is_today:
            assert one.facts.action not in (Action.WAIT, Action.NONE)
    assert entries == office.worklist.entries()


def test_what_today_lists_comes_first_and_in_its_order(office: Office, clock: Clock) -> None:
    ids = ids_by_room(office)
    office.contacts.add(
        contact(ids["3-2-1501"], at=clock(), outcome=Outcome.PROMISED, promise=(date(2026, 11, 20), 107_940))
    )
    entries = office.worklist.entries()
    today = [one.facts.account_id for one in entries if one.is_today]
    assert today == [row.account_id for row in office.accounts.worklist()]
    assert [one.is_today for one in entries] == [True] * len(today) + [False] * (len(entries) - len(today))
    assert entries[-1].facts.account_id == ids["3-2-1501"]


def test_the_guard_decides_from_when(office: Office, clock: Clock) -> None:
    account_id = ids_by_room(office)["3-2-1501"]
    clock.now = datetime(2026, 11, 17, 20, 30)
    found = {one.facts.account_id: one.earliest for one in office.worklist.entries()}
    assert found[account_id] == datetime(2026, 11, 18, 9, 0)
