"""What a script rests on, read from the records: his day, his last word, an objection, silence, and his other units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest

from feedesk.models.accounts import Category, DebtorType, Step
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.disputes import DisputeDraft, DisputeOutcome
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.scripts import Choice
from feedesk.models.store import Office
from feedesk.models.store.script_calls import ScriptCall
from tests.deal_tools import PIN, signer
from tests.ladder_tools import Climb
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact

NOW = datetime(2026, 11, 17, 15, 46)
ROOM = "3-2-1502"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(made, listed(ROOM, "林晓岚", phones=("13900004417",)))
    promise = (date(2026, 11, 18), 107_940)
    made.contacts.add(contact(ids_by_room(made)[ROOM], at=NOW, outcome=Outcome.PROMISED, promise=promise))
    clock.forward(hours=1)
    yield made
    made.close()


def chosen(office: Office, channel: Channel = Channel.PHONE, room: str = ROOM) -> tuple[Choice, ScriptCall]:
    """What the panel shows for a call to this room, and all it rests on."""
    call = office.script_calls.of(ids_by_room(office)[room], office.session.require_clerk())
    library = office.scripts.library()
    return library.choose(call.debtor_type, call.account.row.step, channel, call.facts, call.truth), call


def spoken(office: Office) -> tuple[str, int | None]:
    """The situation of the script chosen for a call, and the sum it speaks of."""
    choice, call = chosen(office)
    assert choice.script is not None
    return choice.script.situation, call.context.promise_amount


def on(office: Office, clock: Clock, day: date, hour: int = 10) -> None:
    clock.now = datetime.combine(day, time(hour))
    office.roll_day()


def joined(office: Office, *rooms: str) -> None:
    """One owner of these rooms."""
    ids = [ids_by_room(office)[room] for room in rooms]
    with office.session.writing() as conn:
        for one in ids[1:]:
            conn.execute(
                "UPDATE accounts SET owner_id = (SELECT owner_id FROM accounts WHERE id = ?) WHERE id = ?",
                (ids[0], one),
            )
        office.states.refresh(ids)


# --- his promise ---


def test_the_promise_is_spoken_of_as_it_was_given(office: Office, clock: Clock) -> None:
    assert chosen(office)[0].because == "约定日就是明天，今天刚说定，不用再提"
    on(office, clock, date(2026, 11, 18))
    assert spoken(office) == ("promise_due", 107_940)


def test_what_has_come_in_is_no_longer_asked_for(office: Office, clock: Clock) -> None:
    account_id = ids_by_room(office)[ROOM]
    share = PaymentShare(account_id, 50_000)
    office.payments.take(PaymentDraft(date(2026, 11, 17), 50_000, PayMethod.CASH, (share,)))
    on(office, clock, date(2026, 11, 18))
    assert spoken(office) == ("promise_due", 57_940)


def test_the_day_after_it_is_asked_about_kindly_and_when_its_grace_is_over_it_is_a_broken_one(
    office: Office, clock: Clock
) -> None:
    on(office, clock, date(2026, 11, 19))
    assert spoken(office) == ("promise_grace", 107_940)
    on(office, clock, date(2026, 11, 20))
    choice, call = chosen(office)
    assert call.facts.appointment is None and call.facts.broken_promises == 1
    assert choice.script is not None and choice.script.id == "yes_never_comes.2.phone"


def test_an_objection_to_the_account_goes_before_its_promise(office: Office) -> None:
    office.disputes.open(DisputeDraft(ids_by_room(office)[ROOM], "房屋质量", "工程部", "主卧渗水"))
    situation, _amount = spoken(office)
    assert situation == "disputed"


def test_an_objection_is_followed_up_until_its_outcome_is_told(office: Office, clock: Clock) -> None:
    account_id = ids_by_room(office)[ROOM]
    on(office, clock, date(2026, 11, 18))
    dispute = office.disputes.open(DisputeDraft(account_id, "房屋质量", "工程部", "主卧渗水")).record_id
    for channel, situation in (
        (Channel.PHONE, "disputed"), (Channel.MESSAGE, "disputed"), (Channel.COUNTER, "rings_disputed")
    ):  # fmt: skip
        choice, call = chosen(office, channel)
        assert choice.script is not None and choice.script.situation == situation
        assert (call.context.dispute, call.context.department) == ("房屋质量", "工程部")
    office.disputes.resolve(dispute, DisputeOutcome.MENDED, "师傅已修")
    assert spoken(office)[0] == "dispute_done"


def test_while_an_objection_holds_it_is_heard_whatever_type_was_settled(office: Office) -> None:
    account_id = ids_by_room(office)[ROOM]
    office.traits.set_type(account_id, DebtorType.SHOP_VILLA)
    assert chosen(office)[1].debtor_type is DebtorType.SHOP_VILLA
    dispute = office.disputes.open(DisputeDraft(account_id, "房屋质量", "工程部", "主卧渗水")).record_id
    assert chosen(office)[1].debtor_type is DebtorType.DEFECTS and not chosen(office)[1].facts.is_mended
    office.disputes.resolve(dispute, DisputeOutcome.MENDED, "师傅已修")
    assert chosen(office)[1].facts.is_mended


# --- what he last said ---


def test_a_refusal_is_asked_about_until_he_names_a_day(office: Office, clock: Clock) -> None:
    account_id = ids_by_room(office)[ROOM]
    on(office, clock, date(2026, 12, 1))
    office.contacts.add(contact(account_id, at=clock(), outcome=Outcome.REFUSED, category=Category.E))
    on(office, clock, date(2026, 12, 2))
    assert spoken(office)[0] == "refused"
    office.contacts.add(contact(account_id, at=clock(), outcome=Outcome.NO_ANSWER))
    assert spoken(office)[0] == "refused", "nobody was spoken to since"
    office.contacts.add(contact(account_id, at=clock(), outcome=Outcome.PROMISED, promise=(date(2026, 12, 9), 107_940)))
    assert chosen(office)[0].because == "离约定日还有 7 天，不用催；前一天提醒一声就够"


def test_a_talk_of_today_is_no_earlier_talk(office: Office, clock: Clock) -> None:
    assert chosen(office)[1].context.last_talk_on is None
    on(office, clock, date(2026, 11, 18))
    assert chosen(office)[1].context.last_talk_on == date(2026, 11, 17)


# --- what asks for silence ---


def test_money_that_is_looked_into_is_not_recalled(office: Office, clock: Clock) -> None:
    account_id = ids_by_room(office)[ROOM]
    on(office, clock, date(2026, 11, 18))
    said = contact(account_id, at=clock(), outcome=Outcome.SAYS_PAID, claim=(date(2026, 11, 18), 107_940))
    office.contacts.add(said)
    for channel in Channel:
        choice, _call = chosen(office, channel)
        said = choice.script if channel is Channel.COUNTER else choice.answer
        assert choice.script is said or choice.script is None
        assert (said.situation if said else "") == ("" if channel in (Channel.VISIT, Channel.MESSAGE) else "rings_paid")
        assert "先核对收款" in choice.because


# --- a plan of instalments ---


def test_an_instalment_has_words_and_a_sum_of_its_own(office: Office, clock: Clock) -> None:
    on(office, clock, date(2026, 12, 1))
    plan = office.plans.propose([ids_by_room(office)[ROOM]], 3, date(2026, 12, 10))
    office.plans.agree(plan, signer(office), PIN)
    seen = []
    for day in (date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 11), date(2026, 12, 21)):
        on(office, clock, day)
        choice, call = chosen(office)
        seen.append((choice.script.situation if choice.script else choice.because[:5], call.context.promise_amount))
    assert seen == [
        ("离分期第 ", 35_980), ("instalment_due", 35_980), ("promise_grace", 35_980), ("instalment_late", 35_980),
    ]  # fmt: skip
    office.contacts.add(
        contact(ids_by_room(office)[ROOM], at=clock(), outcome=Outcome.PROMISED, promise=(date(2026, 12, 24), 107_940))
    )
    on(office, clock, date(2026, 12, 23))
    assert spoken(office) == ("promise_due", 107_940), "he has named another day since"


def test_a_broken_plan_is_spoken_of_once_then_the_ladder_speaks(office: Office, clock: Clock) -> None:
    on(office, clock, date(2026, 12, 1))
    account_id = ids_by_room(office)[ROOM]
    office.plans.agree(office.plans.propose([account_id], 3, date(2026, 12, 10)), signer(office), PIN)
    on(office, clock, date(2026, 12, 12))
    broken = [spoken(office)[0]]
    on(office, clock, date(2027, 1, 12))
    broken.append(spoken(office)[0])
    assert broken == ["instalment_late", ""], "a month after its day the whole debt is spoken of"
    on(office, clock, date(2026, 12, 21))
    office.contacts.add(contact(account_id, at=clock(), outcome=Outcome.NO_DAY))
    on(office, clock, date(2026, 12, 23))
    assert spoken(office)[0] == "", "he has been spoken to about it"


def test_asking_for_letters_takes_no_refusal_back(office: Office, clock: Clock) -> None:
    account_id = ids_by_room(office)[ROOM]
    on(office, clock, date(2026, 12, 1))
    office.contacts.add(contact(account_id, at=clock(), outcome=Outcome.REFUSED))
    on(office, clock, date(2026, 12, 4))
    office.contacts.add(contact(account_id, at=clock(), outcome=Outcome.DO_NOT_CALL))
    on(office, clock, date(2026, 12, 7))
    choice, call = chosen(office)
    assert call.facts.refused_on == date(2026, 12, 1)
    assert choice.script is None and choice.answer is not None and choice.answer.situation == "rings_refused"


# --- his other units ---


@pytest.fixture
def climb(tmp_path: Path) -> Iterator[Climb]:
    made = Climb(tmp_path)
    yield made
    made.office.close()


def test_a_suit_about_another_unit_of_his_keeps_all_his_units_quiet(climb: Climb) -> None:
    climb.to(Step.COURT)
    joined(climb.office, "3-2-1502", "3-2-902")
    choice, call = chosen(climb.office, room="3-2-902")
    assert choice.script is None and choice.because.startswith("同一业主的 3-2-1502 在诉讼中")
    row = climb.office.accounts.get(call.account.row.account_id).row
    assert (row.group, row.why) == (None, choice.because), "今日 does not list what the script says not to call for"
    assert "letter_sent" not in call.truth.facts, "a script tells what its own letter lists"
    assert chosen(climb.office, Channel.COUNTER, "3-2-902")[0].script is None


def test_the_letter_to_one_unit_keeps_the_others_quiet_for_its_week(climb: Climb) -> None:
    climb.to(Step.LETTER)
    joined(climb.office, "3-2-1502", "3-2-902")
    for room, answer in (("3-2-1502", "unpaid.5.phone.rings"), ("3-2-902", "unpaid.1.phone.rings_owed")):
        choice, _call = chosen(climb.office, room=room)
        assert choice.script is None and choice.because.endswith("9 月 1 日起可以联系")
        assert choice.answer is not None and choice.answer.id == answer
    on(climb.office, climb.clock, date(2026, 9, 1))
    assert [chosen(climb.office, room=room)[0].script is None for room in ("3-2-1502", "3-2-902")] == [False, False]


# --- 诉讼时效 ---


def test_lines_past_their_time_are_not_asked_for_and_a_debt_all_past_it_is_not_called_for(office: Office) -> None:
    old, partly = "3-2-1601", "3-2-1602"
    past, recent = ("管理费", "2022-07..2022-09", 60_000), ("管理费", "2026-07..2026-09", 61_000)
    import_list(office, listed(old, "何敏", past), listed(partly, "周启明", past, recent), as_of=date(2026, 11, 17))
    choice, call = chosen(office, room=partly)
    assert choice.script is not None
    assert (call.context.owed, call.context.values("friday")["期间"]) == (61_000, "7–9 月")
    choice, call = chosen(office, room=old)
    assert choice.script is None and "已过诉讼时效" in (choice.because or "")
    assert chosen(office, Channel.MESSAGE, old)[0].script is None
