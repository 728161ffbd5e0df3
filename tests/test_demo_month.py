"""A month in the sample office: the clerks do what 今日 says, and whoever reads the end must agree with every reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.demo.month import DAYS, Month, write_report
from feedesk.models.accounts import Action, Step, WorkGroup
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import MAX_ATTEMPTS_A_DAY, MAX_EFFECTIVE_A_DAY, MAX_EFFECTIVE_IN_WINDOW, WINDOW_DAYS
from feedesk.models.letters import PaperKind, silence
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import Office, backups
from feedesk.models.workdays import in_call_hours
from feedesk.models.worklist import WorkEntry
from feedesk.reports.fonts import Fonts

FIRST = date(2026, 10, 19)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    lived = Month(tmp_path_factory.mktemp("month"), FIRST, Fonts())
    lived.live(DAYS)
    yield lived
    lived.office.close()


@pytest.fixture
def office(month: Month) -> Office:
    return month.office


@pytest.fixture
def entries(office: Office) -> list[WorkEntry]:
    return office.worklist.entries()


def contacts_of(office: Office, account_id: int) -> list[tuple[datetime, Channel, Outcome]]:
    found = [(one.at, one.channel, one.outcome) for one in office.contacts.of(account_id) if not one.voided]
    return sorted(found, key=lambda one: one[0])


def all_ids(office: Office) -> list[int]:
    return office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room").ids()


def test_it_was_a_month_of_work(month: Month) -> None:
    done = month.tally.done
    for what in (
        "清单",
        "电话",
        "上门",
        "短信",
        "收款",
        "催款单",
        "送达",
        "催费函",
        "异议",
        "负责人定",
        "财务核对",
        "查号码",
    ):
        assert done[what] > 0, what
    assert done["电话"] > 400


def test_every_open_account_has_one_next_action_and_a_reason(office: Office, entries: list[WorkEntry]) -> None:
    still_open = office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room").ids()
    assert sorted(one.facts.account_id for one in entries) == sorted(still_open)
    assert all(one.facts.why and one.facts.next_text for one in entries)
    assert all(one.facts.action is not Action.NONE for one in entries)


def test_nobody_is_forgotten(office: Office, entries: list[WorkEntry], month: Month) -> None:
    """Whoever waits, waits for a day ahead, for money, for a paper, or because a rule says so."""
    now = month.clock.now
    for one in entries:
        facts = one.facts
        if facts.action is Action.WAIT and facts.next_at is not None and facts.next_at.date() < now.date():
            assert any(word in facts.why for word in ("留一周", "期限", "入账", "不主动联系", "勿再来电", "分期")), (
                facts
            )


def test_a_promise_that_stands_is_left_in_peace_until_its_eve(
    office: Office, entries: list[WorkEntry], month: Month
) -> None:
    today = month.clock.now.date()
    for one in entries:
        if one.facts.mark_text.startswith("承诺 ") and one.facts.group not in (WorkGroup.RETRY, WorkGroup.DUE_TOMORROW):
            facts, _ = office.states.of(one.facts.account_id)
            assert (facts.promise is not None and facts.promise.due_on >= today) or "入账" in one.facts.why


def test_no_contact_broke_the_guard(office: Office) -> None:
    overridden = office.session.conn.execute("SELECT count(*) FROM contact_overrides").fetchone()[0]
    assert overridden == 0
    for account_id in all_ids(office):
        history = contacts_of(office, account_id)
        tries = [at for at, channel, _ in history if channel in (Channel.PHONE, Channel.VISIT)]
        assert all(in_call_hours(at) for at in tries)
        for day in {at.date() for at in tries}:
            assert sum(at.date() == day for at in tries) <= MAX_ATTEMPTS_A_DAY
        reached = [
            at
            for at, channel, outcome in history
            if channel is Channel.PHONE and outcome in (Outcome.PROMISED, Outcome.NO_DAY, Outcome.AWAY, Outcome.REFUSED)
        ]
        for at in reached:
            assert sum(other.date() == at.date() for other in reached) <= MAX_EFFECTIVE_A_DAY
            week = [other for other in reached if 0 <= (at.date() - other.date()).days < WINDOW_DAYS]
            assert len(week) <= MAX_EFFECTIVE_IN_WINDOW


def test_letters_were_followed_by_silence_and_signed(office: Office) -> None:
    letters = 0
    for account_id in all_ids(office):
        for paper in office.letters.of_account(account_id):
            if paper.kind is not PaperKind.LETTER:
                continue
            letters += 1
            quiet = silence([paper], paper.on)
            assert quiet is not None
            spoken = [at.date() for at, channel, _ in contacts_of(office, account_id) if channel is not Channel.MAIL]
            assert not [day for day in spoken if paper.on < day <= quiet.until]
            signed = [one for one in office.ladder.history(account_id) if one.to_step is Step.LETTER]
            assert signed[0].approved_by == "何立群"
    assert letters


def test_no_step_was_skipped(office: Office) -> None:
    order = list(Step)
    for account_id in all_ids(office):
        moves = office.ladder.history(account_id)[::-1]
        for move in moves:
            ups = order.index(move.to_step) - order.index(move.from_step)
            assert ups <= 1 or move.to_step in (Step.FIRST_CALL, Step.DEMAND), move


def test_the_file_is_sound_and_the_list_the_same_at_every_look(office: Office, entries: list[WorkEntry]) -> None:
    assert backups.check(office.path) == []
    assert office.worklist.entries() == entries
    decided = [(one.facts.account_id, one.facts.action, one.facts.group, one.facts.why) for one in entries]
    with office.session.writing():
        office.states.refresh(None)
    anew = [
        (one.facts.account_id, one.facts.action, one.facts.group, one.facts.why) for one in office.worklist.entries()
    ]
    assert sorted(anew) == sorted(decided)


def test_the_end_can_be_read_as_a_table(entries: list[WorkEntry], tmp_path: Path) -> None:
    target = tmp_path / "一个月后.csv"
    write_report(entries, target)
    rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == len(entries) + 1
    assert all(row[0] and row[8] for row in rows)
