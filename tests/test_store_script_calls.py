"""What a script rests on: never more is asked than is still owed, and an objection goes before a promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.disputes import DisputeDraft
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact

NOW = datetime(2026, 11, 17, 15, 46)
ROOM = "3-2-1502"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = Clock(NOW)
    made = new_office(tmp_path, clock)
    import_list(made, listed(ROOM, "林晓岚", phones=("13900004417",)))
    promise = (date(2026, 11, 18), 107_940)
    made.contacts.add(contact(ids_by_room(made)[ROOM], at=NOW, outcome=Outcome.PROMISED, promise=promise))
    clock.forward(hours=1)
    yield made
    made.close()


def spoken(office: Office) -> tuple[str, int | None]:
    """The situation of the script chosen for a call, and the sum it speaks of."""
    call = office.script_calls.of(ids_by_room(office)[ROOM], office.session.require_clerk())
    chosen = office.scripts.library().choose(
        call.debtor_type, call.account.row.step, Channel.PHONE, call.facts, call.truth
    )
    assert chosen.script is not None
    return chosen.script.situation, call.context.promise_amount


def test_the_promise_is_spoken_of_as_it_was_given(office: Office) -> None:
    assert spoken(office) == ("promise_due", 107_940)


def test_what_has_come_in_is_no_longer_asked_for(office: Office) -> None:
    account_id = ids_by_room(office)[ROOM]
    share = PaymentShare(account_id, 50_000)
    office.payments.take(PaymentDraft(date(2026, 11, 17), 50_000, PayMethod.CASH, (share,)))
    assert spoken(office) == ("promise_due", 57_940)


def test_an_objection_to_the_account_goes_before_its_promise(office: Office) -> None:
    office.disputes.open(DisputeDraft(ids_by_room(office)[ROOM], "房屋质量", "工程部", "主卧渗水"))
    situation, _amount = spoken(office)
    assert situation != "promise_due"
