"""A step that a record raised goes back when the record is voided; a step moved since stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from feedesk.models.accounts import Step
from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound


def call(office: Office, account_id: int) -> int:
    now = office.session.now()
    following = NextAction(now + timedelta(days=1), True, "明天再打")
    draft = ContactDraft(
        (account_id,), now, Channel.PHONE, "", Outcome.NO_ANSWER, "", None, following, override_reason="业主来电"
    )
    return office.contacts.add(draft).record_id


def step(office: Office, account_id: int) -> Step:
    return office.accounts.some([account_id])[account_id].step


def test_voiding_a_call_takes_its_step_back(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(office, listed("1-1-101"))
    account = ids_by_room(office)["1-1-101"]
    first = call(office, account)
    assert step(office, account) is Step.FIRST_CALL
    second = call(office, account)
    assert step(office, account) is Step.SECOND_CALL
    office.contacts.void(second, "当场撤销")
    assert step(office, account) is Step.FIRST_CALL
    office.contacts.void(first, "当场撤销")
    assert step(office, account) is Step.REMINDER
    office.close()


def test_a_step_moved_by_hand_since_stays(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(office, listed("1-1-101"))
    account = ids_by_room(office)["1-1-101"]
    first = call(office, account)
    office.ladder.advance(account, Step.SECOND_CALL, "业主要我们上门")
    office.contacts.void(first, "打错了号")
    assert step(office, account) is Step.SECOND_CALL
    office.close()


def test_a_new_debt_after_all_was_paid_begins_with_a_reminder(tmp_path: Path) -> None:
    clock = Clock()
    office = new_office(tmp_path, clock)
    import_list(office, listed("1-1-101"), listed("1-1-102"))
    ids = ids_by_room(office)
    paid, owing = ids["1-1-101"], ids["1-1-102"]
    for account in (paid, owing):
        call(office, account)
        with office.session.writing():
            office.contacts.move_step(account, Step.COURT, "法院已立案")
            office.states.refresh([account])
    clock.forward(days=30)
    day = clock().date()
    import_list(office, listed("1-1-102"), as_of=day)
    assert step(office, paid) is Step.COURT, "what was paid stays as it was"
    clock.forward(days=30)
    office.roll_day()
    new = ("管理费", "2027-01..2027-03", 107_940)
    again = import_list(
        office, listed("1-1-101", "林晓岚", new), listed("1-1-102", "林晓岚", ("管理费", "2026-07..2026-09", 107_940), new),
        as_of=clock().date(),
    )  # fmt: skip
    assert (step(office, paid), step(office, owing)) == (Step.REMINDER, Step.COURT)
    assert office.ladder.history(paid)[0].reason == "上一次欠费已缴清，新的欠费从提醒开始"
    assert "诉讼" not in office.accounts.some([paid])[paid].why
    assert_sound(office)
    office.imports.void(again.record_id, "重复导入")
    assert step(office, paid) is Step.COURT
    assert_sound(office)
    office.close()
