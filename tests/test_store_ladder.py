"""The ladder on record: nobody is raised without what the step needs, every move stands with who, why and who signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.documents import DocumentDraft
from feedesk.models.ladder import CourtWay, StepState, Thresholds
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.letters import PaperKind
from feedesk.models.office import Role, Signature
from feedesk.models.store import Office, backups
from feedesk.models.store.ladder import Decision
from feedesk.models.timeline import EntryKind
from tests.deal_tools import PIN, signer
from tests.ladder_tools import FIRM, OTHER, ROOM, Climb
from tests.office_tools import ids_by_room, import_list, listed, new_office
from tests.store_tools import contact

S = Step


@pytest.fixture
def climb(tmp_path: Path) -> Iterator[Climb]:
    made = Climb(tmp_path)
    yield made
    made.office.close()


def refused(climb: Climb, step: Step, signature: Signature | None = None, reason: str = "仍未缴") -> str:
    """Why a step is refused; nothing has been written then."""
    before = (climb.step, climb.office.ladder.history(climb.id))
    with pytest.raises(BadInput) as told:
        climb.up(step, signature, reason)
    assert (climb.step, climb.office.ladder.history(climb.id)) == before
    return told.value.text


def test_an_account_climbs_to_the_court_one_step_at_a_time(climb: Climb) -> None:
    climb.to(S.COURT)
    climb.office.ladder.advance(
        climb.id, S.COURT, "律师函期满未缴", climb.signed(Role.MANAGER), Decision("高总", date(2026, 10, 27))
    )
    assert climb.step is S.COURT
    moves = [
        (one.to_step, one.reason, one.who, one.approved_by, one.is_automatic)
        for one in climb.office.ladder.history(climb.id)
    ]
    assert moves == [
        (S.COURT, "律师函期满未缴（总经理高总 2026年10月27日决定）（未走 7 公示）", "许宁", "罗正", False),
        (S.LAWYER, "仍未缴", "许宁", "何立群", False),
        (S.MEDIATION, "仍未缴", "许宁", "", False),
        (S.LETTER, "仍未缴", "许宁", "何立群", False),
        (S.DEMAND, "第 1 次催款单已出", "许宁", "", True),
        (S.SECOND_CALL, "首次联系后仍未缴，转再次联系", "许宁", "", True),
        (S.FIRST_CALL, "首次电话已打", "许宁", "", True),
    ]
    assert backups.check(climb.office.path) == []
    left_out = [one.step for one in climb.office.ladder.view(climb.id).verdicts if one.was_left_out]
    assert left_out == [S.PUBLIC_NOTICE]


def test_the_timeline_tells_each_move_and_who_signed(climb: Climb) -> None:
    climb.to(S.LETTER)
    entries = [one for one in climb.office.history.of(climb.id) if one.kind is EntryKind.STEP]
    assert (entries[0].title, entries[0].lines, entries[0].who) == (
        "阶段 4 催款单 → 5 催费函", ("仍未缴", "签字：何立群"), "许宁",
    )  # fmt: skip
    assert entries[1].lines == ("第 1 次催款单已出",)


def test_a_step_not_open_is_refused_with_its_reason(climb: Climb) -> None:
    assert refused(climb, S.SECOND_CALL) == "“3 再电”还没有开：一步一步来，先走“2 首电”；没有改。"
    assert refused(climb, S.COURT).startswith("“8 诉讼”还没有开")
    assert refused(climb, S.REMINDER) == "这户已经到过“1 提醒”，没有改。"
    climb.up(S.FIRST_CALL)
    assert refused(climb, S.SECOND_CALL) == "“3 再电”还没有开：首次电话还没有打；没有改。"
    assert refused(climb, S.BILL) == "这户已经到过“0 通知”，没有改。"


def test_a_reason_is_asked_both_ways(climb: Climb) -> None:
    assert refused(climb, S.FIRST_CALL, reason=" ") == "升一步要写明原因，没有改。"
    with pytest.raises(BadInput, match="退回要写明原因"):
        climb.office.ladder.step_back(climb.id, S.BILL, "")


def test_the_leader_signs_the_letter_with_his_pin(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    assert refused(climb, S.LETTER) == "“5 催费函”要组团负责人签字，没有改。"
    assert refused(climb, S.LETTER, climb.signed(pin="0000")) == "签字密码不对，没有办理。"
    clerk = climb.office.staff.add("方晴")
    assert "批不了这件事" in refused(climb, S.LETTER, Signature(clerk, PIN))
    climb.up(S.LETTER, climb.signed(Role.MANAGER))
    assert climb.office.ladder.history(climb.id)[0].approved_by == "罗正"


def test_where_nobody_can_sign_it_says_whom_to_give_a_pin(tmp_path: Path) -> None:
    climb = Climb(tmp_path)
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    climb.office.staff.drop_pins()
    assert refused(climb, S.LETTER, climb.signed()) == "“5 催费函”要组团负责人签字，还没有人设签字密码，没有改。"
    climb.office.close()


def test_mediation_stands_on_its_request(climb: Climb) -> None:
    climb.to(S.LETTER)
    climb.on(date(2026, 9, 9))
    assert refused(climb, S.MEDIATION) == "还没有存档：请业委会督促的函，或调解申请；没有升到“5b 调解”。"
    climb.file(PaperKind.MEDIATION)
    climb.up(S.MEDIATION)
    assert climb.step is S.MEDIATION


def test_a_lawyers_letter_needs_letter_and_mandate_on_file(climb: Climb) -> None:
    climb.to(S.MEDIATION)
    climb.on(date(2026, 10, 12))
    assert climb.office.ladder.view(climb.id).of(S.LAWYER).state is StepState.OPEN
    assert "还没有存档：律师委托书扫描件、盖章的律师函扫描件" in refused(climb, S.LAWYER, climb.signed())
    climb.file(PaperKind.MANDATE)
    assert "还没有存档：盖章的律师函扫描件" in refused(climb, S.LAWYER, climb.signed())
    climb.file(PaperKind.LAWYER, number="（2026）明澄函字第 8 号")
    climb.up(S.LAWYER, climb.signed())
    assert climb.step is S.LAWYER


def test_a_voided_paper_opens_nothing(climb: Climb) -> None:
    climb.to(S.LAWYER)
    climb.on(date(2026, 10, 28))
    assert climb.office.ladder.view(climb.id).of(S.COURT).state is StepState.OPEN
    letter = next(one for one in climb.office.documents.of_account(climb.id) if one.draft.kind is PaperKind.LAWYER)
    climb.office.documents.void(letter.id, "盖章不清，重发")
    found = climb.office.ladder.view(climb.id).of(S.COURT)
    assert (found.state, found.unmet) == (StepState.NOT_YET, ("没有存档的律师函",))


def test_letters_without_proof_open_no_legal_way(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    climb.up(S.LETTER, climb.signed())
    climb.file(PaperKind.LETTER, proven=False)
    climb.on(date(2026, 9, 10))
    climb.file(PaperKind.COMMITTEE)
    climb.up(S.MEDIATION)
    climb.on(date(2026, 10, 12))
    assert "还差 1 封；催款单不算" in refused(climb, S.LAWYER, climb.signed())


def test_a_suit_is_the_general_managers(climb: Climb) -> None:
    climb.to(S.COURT)
    assert "批不了这件事" in refused(climb, S.COURT, climb.signed(Role.LEADER))
    assert "要写明是哪位总经理、哪天决定的" in refused(climb, S.COURT, climb.signed(Role.MANAGER))
    with pytest.raises(BadInput, match="在今天之后"):
        climb.office.ladder.advance(
            climb.id, S.COURT, "仍未缴", climb.signed(Role.MANAGER), Decision("高总", date(2026, 10, 29))
        )
    general = signer(climb.office, "高远", Role.GENERAL_MANAGER)
    assert climb.office.ladder.signers(S.COURT) == (general, climb.manager)
    climb.up(S.COURT, Signature(general, PIN))
    assert climb.office.ladder.history(climb.id)[0].reason == "仍未缴（未走 7 公示）"
    assert climb.office.ladder.history(climb.id)[0].approved_by == "高远"


def test_a_suit_needs_what_was_handed_in(climb: Climb) -> None:
    climb.to(S.LAWYER)
    climb.on(date(2026, 10, 28))
    general = signer(climb.office, "高远", Role.GENERAL_MANAGER)
    told = refused(climb, S.COURT, Signature(general, PIN))
    assert told == "还没有存档：起诉、仲裁或支付令申请，或受理通知书；没有升到“8 诉讼”。"


def test_a_notice_board_only_where_the_office_allows_it(climb: Climb) -> None:
    climb.to(S.LAWYER)
    climb.on(date(2026, 10, 28))
    assert "设置里没有允许公示" in refused(climb, S.PUBLIC_NOTICE, climb.signed(Role.MANAGER))
    allowed = replace(Thresholds(), allows_public=True)
    climb.office.ladder.save_thresholds(allowed, climb.signed(Role.MANAGER))
    assert "批不了这件事" in refused(climb, S.PUBLIC_NOTICE, climb.signed(Role.LEADER))
    climb.up(S.PUBLIC_NOTICE, climb.signed(Role.MANAGER))
    assert climb.step is S.PUBLIC_NOTICE


# --- what pauses ---


def test_an_objection_pauses_until_it_is_settled_and_told(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    climb.office.contacts.add(contact(climb.id, at=climb.clock(), outcome=Outcome.DISPUTE))
    assert refused(climb, S.LETTER, climb.signed()) == (
        "“5 催费函”还没有开：异议（维修）还没有处理完，先处理、回复业主；没有改。"
    )


def test_a_held_line_only_lowers_the_sum(climb: Climb) -> None:
    climb.to(S.MEDIATION)
    climb.on(date(2026, 10, 12))
    assert climb.office.ladder.view(climb.id).of(S.LAWYER).met[0].startswith("计入 ¥6,000.00，达到")
    climb.office.traits.set_type(climb.id, DebtorType.RESIDENT)  # else 长期未缴 opens it with two letters alone
    large, small = climb.office.accounts.charges(climb.id)
    climb.office.accounts.hold_line(small.id, "核对单价")
    found = climb.office.ladder.view(climb.id)
    assert not found.paused
    assert found.of(S.LAWYER).unmet[0].startswith("计入 ¥4,000.00，不到 ¥5,000.00")
    climb.office.accounts.hold_line(large.id, "核对面积")
    assert climb.office.ladder.view(climb.id).paused == ("各笔都在异议或暂缓中，处理好再说",)


def test_a_standing_promise_pauses_until_its_money_could_be_booked(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    promise = contact(climb.id, at=climb.clock(), outcome=Outcome.PROMISED, promise=(date(2026, 8, 26), 100_000))
    climb.office.contacts.add(promise)
    assert "承诺还没有到期（入账看到 08-27）" in refused(climb, S.LETTER, climb.signed())
    climb.on(date(2026, 8, 28))
    climb.up(S.LETTER, climb.signed())


def test_who_may_have_paid_is_not_pressed_on(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    said = contact(climb.id, at=climb.clock(), outcome=Outcome.SAYS_PAID, claim=(date(2026, 8, 23), 600_000))
    climb.office.contacts.add(said)
    assert "先核对收款：业主称已付 ¥6,000.00" in refused(climb, S.LETTER, climb.signed())


def test_a_kept_plan_pauses(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    draft = climb.office.plans.propose([climb.id], 3, date(2026, 9, 1))
    climb.office.plans.agree(draft, climb.manager, PIN)
    assert "分期在履行：第 1/3 期" in refused(climb, S.LETTER, climb.signed())


def test_a_paid_account_stays_where_it_is(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    share = PaymentShare(climb.id, 600_000, 0, ())
    climb.office.payments.take(PaymentDraft(date(2026, 8, 24), 600_000, PayMethod.TRANSFER, (share,)))
    assert "没有欠费，不用催" in refused(climb, S.LETTER, climb.signed())


# --- back again ---


def test_stepping_back_is_always_possible_with_a_reason(climb: Climb) -> None:
    climb.to(S.LETTER)
    climb.office.ladder.step_back(climb.id, S.SECOND_CALL, "业主已联系上，先谈")
    assert climb.step is S.SECOND_CALL
    last = climb.office.ladder.history(climb.id)[0]
    assert (last.from_step, last.to_step, last.reason, last.approved_by) == (
        S.LETTER, S.SECOND_CALL, "业主已联系上，先谈", "",
    )  # fmt: skip
    with pytest.raises(BadInput, match="不在现在的阶段之下"):
        climb.office.ladder.step_back(climb.id, S.SECOND_CALL, "同一步")


def test_a_step_moved_by_hand_since_stays_when_its_call_is_voided(climb: Climb) -> None:
    call = climb.office.contacts.add(contact(climb.id, at=climb.clock())).record_id
    climb.office.ladder.advance(climb.id, S.SECOND_CALL, "业主要我们上门")
    climb.office.contacts.void(call, "打错了号")
    assert climb.step is S.SECOND_CALL


def test_a_visit_counts_as_a_contact(climb: Climb) -> None:
    climb.call(Channel.VISIT)
    assert climb.office.ladder.facts(climb.id).calls == 1
    climb.on(date(2026, 8, 9))
    other = ids_by_room(climb.office)[OTHER]
    assert climb.office.ladder.facts(other).calls == 0


# --- a new debt, an old one ---


def test_papers_of_an_earlier_debt_open_nothing_for_a_new_one(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    share = PaymentShare(climb.id, 600_000, 0, ())
    climb.office.payments.take(PaymentDraft(date(2026, 8, 24), 600_000, PayMethod.TRANSFER, (share,)))
    climb.on(date(2026, 9, 20))
    import_list(
        climb.office, listed(ROOM, "林晓岚", ("管理费", "2026-07..2026-09", 200_000)), as_of=date(2026, 9, 18), full=False,
        file="九月.xlsx",
    )  # fmt: skip
    facts = climb.office.ladder.facts(climb.id)
    assert (facts.papers, facts.calls, facts.round_no) == ((), 0, 0)


def test_lines_whose_time_is_over_do_not_count(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(
        office, listed(ROOM, "林晓岚", ("管理费", "2021-01..2021-03", 900_000), ("管理费", "2026-07..2026-09", 100_000))
    )
    account = ids_by_room(office)[ROOM]
    facts = office.ladder.facts(account)
    assert [line.is_over for line in facts.lines] == [True, False]
    assert facts.counted_sum(office.session.today()) == 100_000
    assert facts.limit_days is not None and facts.limit_days > 365
    office.close()


def test_which_way_to_court_from_what_is_on_file(climb: Climb) -> None:
    climb.to(S.LAWYER)
    ways = [one.way for one in climb.office.ladder.court(climb.id).ways]
    assert ways == [CourtWay.MEDIATION, CourtWay.PAYMENT_ORDER]
    assert climb.office.ladder.court(climb.id).drops_late_fee


# --- the office's thresholds ---


def test_thresholds_are_kept(climb: Climb) -> None:
    wanted = replace(Thresholds(), legal_amount=800_000, committee_days=45)
    assert climb.office.ladder.thresholds() == Thresholds()
    climb.office.ladder.save_thresholds(wanted)
    assert climb.office.ladder.thresholds() == wanted
    with pytest.raises(BadInput, match="催费函、最后通知书之后要在 15 到 90 天之间，催缴阶段的设置没有保存"):
        climb.office.ladder.save_thresholds(replace(wanted, letter_days=7))


def test_lower_thresholds_take_a_managers_pin(climb: Climb) -> None:
    sooner = replace(Thresholds(), legal_amount=300_000)
    assert climb.office.ladder.needs_signature(sooner)
    with pytest.raises(BadInput, match="须由能签字的人同意"):
        climb.office.ladder.save_thresholds(sooner)
    with pytest.raises(BadInput, match="批不了这件事"):
        climb.office.ladder.save_thresholds(sooner, climb.signed(Role.LEADER))
    assert climb.office.ladder.thresholds() == Thresholds()
    climb.office.ladder.save_thresholds(sooner, climb.signed(Role.MANAGER))
    assert climb.office.ladder.thresholds() == sooner
    assert not climb.office.ladder.needs_signature(Thresholds())


def test_what_is_not_stored_yet_is_as_shipped(climb: Climb) -> None:
    with climb.office.session.writing() as conn:
        conn.execute("INSERT OR REPLACE INTO settings VALUES ('ladder', '{\"letters\": 3, \"gone\": 1}')")
    assert climb.office.ladder.thresholds() == replace(Thresholds(), letters=3)


# --- the record itself ---


def test_a_move_on_record_is_never_changed(climb: Climb) -> None:
    climb.to(S.LETTER)
    for change in ("approved_by = NULL", "reason = ''", "to_step = '8'"):
        with pytest.raises(sqlite3.IntegrityError, match="frozen"):
            climb.office.session.conn.execute(f"UPDATE transitions SET {change}")
        climb.office.session.conn.rollback()


def test_nothing_is_written_when_the_write_fails_halfway(climb: Climb) -> None:
    climb.to(S.DEMAND)
    climb.on(date(2026, 8, 24))
    rows = climb.office.ladder.history(climb.id)
    climb.office.session.conn.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON main.transitions BEGIN SELECT RAISE(ABORT, 'disk'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="disk"):
        climb.up(S.LETTER, climb.signed())
    assert climb.step is S.DEMAND and climb.office.ladder.history(climb.id) == rows


def test_the_next_day_opens_what_waited(climb: Climb) -> None:
    climb.to(S.DEMAND)
    found = climb.office.ladder.view(climb.id).of(S.LETTER)
    assert found.earliest == date(2026, 8, 23)
    climb.on(found.earliest - timedelta(days=1))
    assert climb.office.ladder.view(climb.id).of(S.LETTER).state is StepState.NOT_YET
    climb.on(found.earliest)
    assert climb.office.ladder.view(climb.id).of(S.LETTER).state is StepState.OPEN


def test_no_such_account(climb: Climb) -> None:
    office: Office = climb.office
    with pytest.raises(BadInput, match="找不到这一户"):
        office.ladder.view(999)
    with pytest.raises(BadInput, match="找不到这一户"):
        office.ladder.step_back(999, S.BILL, "没有")


def test_a_picture_older_than_the_paper_shows_nothing(climb: Climb) -> None:
    climb.to(S.MEDIATION)
    climb.on(date(2026, 10, 11))
    old = climb.scan(PaperKind.MANDATE)
    climb.on(date(2026, 10, 12))
    draft = DocumentDraft(
        PaperKind.MANDATE, (climb.id,), date(2026, 10, 12), number="委 1 号", issuer=FIRM, confirmed=True
    )
    climb.office.documents.file(draft, [old])
    assert any(PaperKind.MANDATE in one.kinds for one in climb.office.ladder.view(climb.id).of(S.LAWYER).missing)
    climb.file(PaperKind.MANDATE)
    assert not any(PaperKind.MANDATE in one.kinds for one in climb.office.ladder.view(climb.id).of(S.LAWYER).missing)
