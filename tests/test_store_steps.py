"""A step that a record raised goes back when the record is voided; a step moved since stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from feedesk.models.accounts import Step
from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome
from feedesk.models.store import Office
from tests.office_tools import ids_by_room, import_list, listed, new_office


def call(office: Office, account_id: int) -> int:
    now = office.session.now()
    following = NextAction(now + timedelta(days=1), True, "明天再打")
    draft = ContactDraft((account_id,), now, Channel.PHONE, "", Outcome.NO_ANSWER, "", None, following, override_reason="业主来电")
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
