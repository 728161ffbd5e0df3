"""When nobody calls, what is said to an owner who comes by himself, and what his own day or his refusal asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.guard import ContactHistory, Rule
from feedesk.models.letters import PaperFacts, PaperKind, silence
from feedesk.models.scripts import (
    NOTHING_NOW,
    NOTHING_ON_FILE,
    REQUIREMENTS,
    Appointment,
    Rest,
    ScriptFacts,
    Truth,
    load_library,
    moment_now,
    rest_of,
    truth_of,
)
from feedesk.models.scripts.records import Rings
from feedesk.models.scripts.truth import not_to_hand_over
from tests.script_tools import paper

PHONE, VISIT, MESSAGE, MAIL, COUNTER = (
    Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.MAIL, Channel.COUNTER
)  # fmt: skip
LIBRARY = load_library()
NOON = datetime(2026, 11, 20, 12, 0)
TODAY = NOON.date()
LETTER = paper(PaperKind.LETTER, "2026-0170", date(2026, 11, 19), arrived_on=date(2026, 11, 19))
LAWYER = paper(PaperKind.LAWYER, "律函 5", date(2026, 11, 16), sent=True, deadline=date(2026, 11, 30))
EVERYTHING = Truth(frozenset(REQUIREMENTS))


def shown(
    channel: Channel,
    facts: ScriptFacts,
    *,
    kind: DebtorType = DebtorType.UNPAID,
    step: Step = Step.SECOND_CALL,
    truth: Truth = EVERYTHING,
) -> tuple[str, str, str]:
    """Ids of the script and of the answer, and the reason."""
    choice = LIBRARY.choose(kind, step, channel, facts, truth)
    script, answer = choice.script.id if choice.script else "", choice.answer.id if choice.answer else ""
    assert choice.script is not None or choice.why == NOTHING_NOW[channel]
    return script, answer, choice.because or choice.why


# --- the guard's own reasons ---


@pytest.mark.parametrize(
    ("history", "rule", "until"),
    [
        (ContactHistory(), None, None),
        (ContactHistory(quiet=silence([LETTER], TODAY)), Rule.SILENCE, date(2026, 11, 26)),
        (ContactHistory(quiet=silence([LAWYER], TODAY)), Rule.SILENCE, date(2026, 11, 30)),
        (ContactHistory(quiet=silence([LETTER], date(2026, 11, 27))), None, None),
        (ContactHistory(do_not_call=True), Rule.NO_CALL, None),
        (ContactHistory(to_verify=True), Rule.VERIFY, None),
        (ContactHistory(sensitive="丧事", sensitive_until=date(2026, 12, 1)), Rule.SENSITIVE, date(2026, 12, 1)),
        (ContactHistory(to_verify=True, quiet=silence([LETTER], TODAY)), Rule.VERIFY, None),
        # An objection has words of its own, and the count of calls forbids the call, not the words.
        (ContactHistory(is_disputed=True), None, None),
        (ContactHistory(calls=(NOON,), effective=(NOON,)), None, None),
    ],
)
def test_what_asks_for_silence_is_what_the_guard_says(
    history: ContactHistory, rule: Rule | None, until: date | None
) -> None:
    found = rest_of(history, NOON)
    assert (found.rule if found else None, found.until if found else None) == (rule, until)


def test_the_hour_of_the_day_forbids_no_words() -> None:
    assert rest_of(ContactHistory(), datetime(2026, 11, 20, 23, 0)) is None


def test_a_silence_tells_from_when_on_he_may_be_called() -> None:
    found = rest_of(ContactHistory(quiet=silence([LETTER], TODAY)), NOON)
    assert found is not None
    assert found.text == "催费函 2026-0170 11-19 周四 发出，留一周给业主，期间不主动联系；11 月 27 日起可以联系"


QUIET = ScriptFacts(rest=rest_of(ContactHistory(quiet=silence([LETTER], TODAY)), NOON))
AFTER_LETTER = truth_of(Step.LETTER, [LETTER], (), today=TODAY)
AFTER_LAWYER = truth_of(Step.LAWYER, [LETTER, LAWYER], {"lawyer_letter"}, today=TODAY)


@pytest.mark.parametrize(
    ("channel", "step", "truth", "script", "answer"),
    [
        (PHONE, Step.LETTER, AFTER_LETTER, "", "unpaid.5.phone.rings"),
        (VISIT, Step.LETTER, AFTER_LETTER, "", ""),
        (MESSAGE, Step.LETTER, AFTER_LETTER, "", ""),
        (MAIL, Step.LETTER, AFTER_LETTER, "", "unpaid.5.phone.rings"),  # “过了一周” is not said within the week
        (MAIL, Step.LETTER, truth_of(Step.LETTER, [paper(PaperKind.LETTER, sent=True)], ()), "", "any.4.mail.demand_sent"),
        (COUNTER, Step.LETTER, AFTER_LETTER, "unpaid.5.phone.rings", ""),
        (PHONE, Step.LAWYER, AFTER_LAWYER, "", "any.6.phone"),
        (MAIL, Step.LAWYER, AFTER_LAWYER, "", "any.6.mail.after_lawyer"),
        (COUNTER, Step.LAWYER, AFTER_LAWYER, "any.6.phone", ""),
    ],
)  # fmt: skip
def test_in_the_silence_after_a_letter_we_do_not_call_but_we_answer(
    channel: Channel, step: Step, truth: Truth, script: str, answer: str
) -> None:
    found = shown(channel, QUIET, step=step, truth=truth)
    assert found[:2] == (script, answer) and "留一周给业主" in found[2]


def test_in_the_silence_everything_to_call_with_is_locked_with_the_day_it_ends() -> None:
    offers = LIBRARY.offer(DebtorType.UNPAID, Step.LETTER, PHONE, QUIET, AFTER_LETTER)
    assert {one.script.id: one.why[-14:] for one in offers.locked} == {"unpaid.5.phone": "11 月 27 日起可以联系"}
    assert [one.id for one in offers.others] == ["unpaid.5.phone.rings"]
    assert all(one.locked for one in offers.techniques)
    over = LIBRARY.offer(DebtorType.UNPAID, Step.LETTER, PHONE, ScriptFacts(), AFTER_LETTER)
    assert over.chosen.script is not None and over.chosen.script.id == "unpaid.5.phone" and not over.locked


@pytest.mark.parametrize(
    ("rest", "counter"),
    [
        (Rest(Rule.VERIFY, "先核对收款，查清前不打"), "unpaid.3.phone.rings_paid"),
        (Rest(Rule.SENSITIVE, "业主家里有事（丧事）", date(2026, 12, 1)), ""),
        (Rest(None, "同一业主的 5-1-0101 在诉讼中"), ""),
        (Rest(Rule.NO_CALL, "业主要求勿再来电"), "unpaid.1.phone.rings_owed"),
    ],
)
def test_who_is_left_alone_is_not_spoken_to_of_money_unless_he_may_be(rest: Rest, counter: str) -> None:
    """A reminder of his day neither: money that is being looked into is not asked for."""
    for facts in (ScriptFacts(rest=rest), ScriptFacts(rest=rest, has_refused=False)):
        for channel in (PHONE, VISIT, MESSAGE, MAIL):
            assert shown(channel, facts) == ("", counter if channel in (PHONE, MAIL) else "", rest.text)
        assert shown(COUNTER, facts)[0] == counter
    due = ScriptFacts(rest=rest, appointment=Appointment(1))
    assert shown(PHONE, due)[0] == ""


def test_before_the_court_nobody_calls_and_who_rings_is_answered() -> None:
    for kind, answer in ((DebtorType.UNPAID, "any.8.phone"), (DebtorType.LONG_UNPAID, "long_unpaid.8.phone")):
        script, told, why = shown(PHONE, ScriptFacts(), kind=kind, step=Step.COURT)
        assert (script, told) == ("", answer) and "业主自己来电" in why
        assert shown(COUNTER, ScriptFacts(), kind=kind, step=Step.COURT)[0] == answer


# --- his own day ---

EARLY = "离约定日还有 6 天，不用催；前一天提醒一声就够"


@pytest.mark.parametrize(
    ("days", "channel", "script", "answer", "why"),
    [
        (6, PHONE, "", "unpaid.3.phone.rings_due", EARLY),
        (6, VISIT, "", "", EARLY),
        (6, MESSAGE, "", "", EARLY),
        (6, MAIL, "", "unpaid.3.phone.rings_due", EARLY),
        (6, COUNTER, "unpaid.3.phone.rings_due", "", "离约定日还有 6 天 → "),
        (2, PHONE, "", "unpaid.3.phone.rings_due", "离约定日还有 2 天"),
        (1, PHONE, "unpaid.3.phone.promise_due", "", "约定日就是明天 → 招数 2 断其后路"),
        (1, MESSAGE, "unpaid.3.message.promise_due", "", "约定日就是明天"),
        (1, VISIT, "", "", "约定日就是明天：打个电话或发一条信息提醒就够"),
        (1, MAIL, "unpaid.3.phone.promise_due", "", "约定日就是明天"),
        (1, COUNTER, "unpaid.3.phone.rings_due", "", "约定日就是明天"),
        (0, PHONE, "unpaid.3.phone.promise_due", "", "约定日就是今天"),
        (-1, PHONE, "unpaid.3.phone.promise_grace", "", "约定日刚过，还在入账的日子里"),
        (-3, MESSAGE, "unpaid.3.message.promise_grace", "", "约定日刚过"),
        (-1, VISIT, "", "", "约定日刚过，钱也许还在路上"),
    ],
)
@pytest.mark.parametrize("step", [Step.FIRST_CALL, Step.SECOND_CALL, Step.LETTER])
def test_his_day_is_recalled_the_day_before_and_not_sooner(
    step: Step, days: int, channel: Channel, script: str, answer: str, why: str
) -> None:
    if (step, channel) == (Step.FIRST_CALL, VISIT):
        return  # nobody goes there at this step whatever he has promised
    found = shown(channel, ScriptFacts(appointment=Appointment(days), broken_promises=1), step=step)
    assert found[:2] == (script, answer) and found[2].startswith(why)


def test_what_he_said_today_is_not_recalled_today() -> None:
    found = shown(PHONE, ScriptFacts(appointment=Appointment(1, is_fresh=True)))
    assert found == ("", "unpaid.3.phone.rings_due", "约定日就是明天，今天刚说定，不用再提")


@pytest.mark.parametrize(
    ("his", "script", "why"),
    [
        (Appointment(9, 2), "", "离分期第 2 期还有 9 天"),
        (Appointment(1, 2), "unpaid.3.phone.instalment_due", "分期第 2 期是明天"),
        (Appointment(-1, 2), "unpaid.3.phone.promise_grace", "分期第 2 期刚过"),
        (Appointment(-9, 2, is_missed=True), "unpaid.3.phone.instalment_late", "分期第 2 期没有按期到账"),
    ],
)
def test_an_instalment_is_spoken_of_as_one(his: Appointment, script: str, why: str) -> None:
    found = shown(PHONE, ScriptFacts(appointment=his))
    assert found[0] == script and found[2].startswith(why)


# --- his refusal ---


@pytest.mark.parametrize(
    ("step", "channel", "truth", "script"),
    [
        (Step.FIRST_CALL, PHONE, NOTHING_ON_FILE, "unpaid.2.phone.refused"),
        (Step.FIRST_CALL, VISIT, NOTHING_ON_FILE, ""),
        (Step.SECOND_CALL, MESSAGE, NOTHING_ON_FILE, "unpaid.2.message.refused"),
        (Step.SECOND_CALL, VISIT, NOTHING_ON_FILE, "unpaid.3.visit.refused"),
        (Step.SECOND_CALL, COUNTER, NOTHING_ON_FILE, "unpaid.2.phone.rings_refused"),
        (Step.DEMAND, PHONE, NOTHING_ON_FILE, "unpaid.2.phone.refused"),
        (Step.DEMAND, PHONE, truth_of(Step.DEMAND, [paper(PaperKind.DEMAND)], ()), "unpaid.2.phone.refused"),
        (Step.DEMAND, VISIT, truth_of(Step.DEMAND, [paper(PaperKind.DEMAND)], ()), "any.4.visit"),
        (Step.DEMAND, PHONE, EVERYTHING, "unpaid.4.phone"),  # answered since: by the paper that went out
    ],
)
def test_who_has_refused_is_asked_why_not_called_as_for_the_first_time(
    step: Step, channel: Channel, truth: Truth, script: str
) -> None:
    assert shown(channel, ScriptFacts(has_refused=True), step=step, truth=truth)[0] == script


def test_an_objection_goes_before_a_refusal() -> None:
    both = ScriptFacts(has_refused=True, has_open_dispute=True)
    assert shown(PHONE, both, kind=DebtorType.MISUNDERSTANDING, truth=NOTHING_ON_FILE)[0] == "misunderstanding.2.phone"


@pytest.mark.parametrize(
    ("sent_on", "script"),
    [
        (date(2026, 10, 25), "unpaid.2.phone.refused"),  # the paper that he refused
        (date(2026, 10, 26), "unpaid.2.phone.refused"),  # handed to him on that day
        (date(2026, 10, 27), "unpaid.4.phone"),
    ],
)
def test_only_a_paper_that_went_out_after_his_refusal_answers_it(sent_on: date, script: str) -> None:
    truth = truth_of(Step.DEMAND, [paper(PaperKind.DEMAND, on=sent_on, sent=True)], ())
    facts = ScriptFacts(has_refused=True, refused_on=date(2026, 10, 26))
    assert shown(PHONE, facts, step=Step.DEMAND, truth=truth)[0] == script


def test_who_asked_for_letters_and_rings_is_answered_not_called() -> None:
    facts = ScriptFacts(has_refused=True, rest=Rest(Rule.NO_CALL, "业主要求勿再来电"))
    assert shown(PHONE, facts, truth=NOTHING_ON_FILE)[:2] == ("", "unpaid.2.phone.rings_refused")


# --- his objection ---

HELD = ScriptFacts(has_open_dispute=True, held="有异议，暂缓催缴")
TOLD_NEXT = ScriptFacts(to_report=True)
_ASKS = re.compile(r"\{(?:金额|承诺金额|缴费方式|转账方式|缴费地点|收款账户)\}|哪天(?:缴|办|付)|方便缴")


@pytest.mark.parametrize("kind", DebtorType)
@pytest.mark.parametrize("step", [step for step in Step if step is not Step.COURT])
def test_what_is_held_by_an_objection_is_never_asked_for(kind: DebtorType, step: Step) -> None:
    for facts in (HELD, replace(HELD, has_refused=True, broken_promises=3), TOLD_NEXT):
        for channel in Channel:
            if kind is DebtorType.UNREACHABLE and channel is MESSAGE:
                continue  # to a number that may be another's nothing is told at all
            offers = LIBRARY.offer(kind, step, channel, facts, EVERYTHING)
            said = [one for one in (offers.chosen.script, offers.chosen.answer, *offers.others) if one]
            assert not [one.id for one in said if any(_ASKS.search(part.text) for part in one.parts)]
            assert all(one.locked for one in offers.techniques)
            if channel in (PHONE, COUNTER):
                assert offers.chosen.script is not None


@pytest.mark.parametrize(
    ("facts", "channel", "script"),
    [
        (HELD, PHONE, "unpaid.3.phone.disputed"),
        (HELD, VISIT, "unpaid.3.visit.disputed"),
        (HELD, MESSAGE, "unpaid.3.message.disputed"),
        (HELD, MAIL, "unpaid.3.phone.disputed"),
        (HELD, COUNTER, "unpaid.3.phone.rings_disputed"),
        (TOLD_NEXT, PHONE, "unpaid.3.phone.dispute_done"),
        (TOLD_NEXT, VISIT, "unpaid.3.visit.dispute_done"),
        (TOLD_NEXT, MESSAGE, "unpaid.3.message.dispute_done"),
        (TOLD_NEXT, COUNTER, "unpaid.3.phone.dispute_done"),
        (replace(HELD, to_report=True), PHONE, "unpaid.3.phone.dispute_done"),
        # one that holds some lines only: the others are spoken of
        (ScriptFacts(has_open_dispute=True), PHONE, "misunderstanding.2.phone"),
        # held by hand: there is nothing of his to speak of
        (ScriptFacts(held="每一笔都已暂缓催缴"), PHONE, ""),
    ],
)
def test_while_an_objection_holds_all_he_is_heard_and_answered(
    facts: ScriptFacts, channel: Channel, script: str
) -> None:
    found = shown(channel, facts, kind=DebtorType.MISUNDERSTANDING, truth=NOTHING_ON_FILE)
    assert found[0] == script


def test_what_is_held_locks_the_words_that_ask_and_tells_why() -> None:
    offers = LIBRARY.offer(DebtorType.MISUNDERSTANDING, Step.SECOND_CALL, PHONE, HELD, EVERYTHING)
    assert {one.script.id: one.why for one in offers.locked} == {
        "misunderstanding.3.phone": "还有未结的异议，先把异议办完、回了话",
    }
    first = LIBRARY.offer(DebtorType.MISUNDERSTANDING, Step.FIRST_CALL, PHONE, HELD, EVERYTHING)
    assert [one.why for one in first.locked] == ["有异议，暂缓催缴：先跟进，只听、只回话，不谈哪天缴"]


@pytest.mark.parametrize(
    "facts", [ScriptFacts(), HELD, ScriptFacts(has_refused=True), ScriptFacts(appointment=Appointment(0))]
)
@pytest.mark.parametrize("kind", [DebtorType.YES_NEVER_COMES, DebtorType.UNPAID])
def test_to_a_number_that_no_longer_works_nothing_is_told(kind: DebtorType, facts: ScriptFacts) -> None:
    dead = replace(facts, numbers_all_dead=True)
    offers = LIBRARY.offer(kind, Step.SECOND_CALL, MESSAGE, dead, NOTHING_ON_FILE)
    said = [one for one in (offers.chosen.script, *offers.others) if one]
    assert {one.id for one in said} <= {"unreachable.3.message"}


# --- who comes by himself ---


def test_who_comes_by_himself_is_not_greeted_as_one_who_was_called() -> None:
    outbound = re.compile(r"没(?:耽误|打扰)|占(?:用)?您|晚一点再打|方便(?:说话)?吗|合适吗")
    for kind in DebtorType:
        for step in Step:
            his_days = (Appointment(3), Appointment(0), Appointment(-1), Appointment(-9, 2, is_missed=True))
            named = [ScriptFacts(appointment=one) for one in his_days]
            for facts in (ScriptFacts(), ScriptFacts(has_refused=True), HELD, *named):
                found = LIBRARY.choose(kind, step, COUNTER, facts, NOTHING_ON_FILE).script
                assert found is None or found.rings is not Rings.NO, (kind, step, found.id)
                if found is not None and found.rings is Rings.ONLY:
                    assert not outbound.search(found.parts[0].text), found.id


def test_one_who_brings_his_receipt_is_answered_and_nothing_else_is_said() -> None:
    verify = ScriptFacts(rest=Rest(Rule.VERIFY, "先核对收款，查清前不打"), appointment=Appointment(0))
    offers = LIBRARY.offer(DebtorType.UNPAID, Step.SECOND_CALL, COUNTER, verify, EVERYTHING)
    assert offers.chosen.script is not None and offers.chosen.script.id == "unpaid.3.phone.rings_paid"
    assert offers.others == () and all(one.locked for one in offers.techniques)


def test_a_day_named_since_goes_before_the_refusal() -> None:
    both = ScriptFacts(has_refused=True, appointment=Appointment(1))
    assert shown(PHONE, both)[0] == "unpaid.3.phone.promise_due"


# --- a paper that lies here too long ---


def printed(days_left: int | None, **more: Any) -> PaperFacts:
    deadline = TODAY + timedelta(days=days_left) if days_left is not None else None
    return paper(PaperKind.DEMAND, "2026-0009", date(2026, 11, 3), deadline=deadline, **more)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (printed(15), ""),
        (printed(7), ""),
        (printed(6), "这份催款单还没有送出，期限（11-26）只剩 6 天，来不及办：重新出单再送"),
        (printed(-2), "这份催款单期限（11-18）已过，还没有送出：重新出单再送"),
        (printed(None), "这份催款单期限（11-18）已过，还没有送出：重新出单再送"),  # without a day: fifteen days
        (printed(-2, sent=True), "这份催款单期限（11-18）已过，还没有送到：重新出单再送"),
        (printed(10, arrived_on=date(2026, 11, 12)), "这份催款单已经送到（11-12），不用再送"),
    ],
)
def test_a_paper_is_handed_over_once_and_while_its_day_leaves_a_week(one: PaperFacts, why: str) -> None:
    assert not_to_hand_over(one, TODAY) == why


@pytest.mark.parametrize(
    ("papers", "visit", "moment"),
    [
        ([printed(12)], "any.4.visit", "demand_drafted"),
        ([printed(-2)], "unpaid.3.visit", "list_made"),
        ([printed(3)], "unpaid.3.visit", "list_made"),
        ([printed(-2, sent=True)], "unpaid.3.visit", "demand_sent"),
        ([printed(10, arrived_on=date(2026, 11, 12))], "unpaid.3.visit", "demand_received"),
        ([printed(-20, arrived_on=date(2026, 10, 12)), paper(PaperKind.DEMAND, "2026-0080", TODAY)], "any.4.visit", "demand_drafted"),
        ([], "unpaid.3.visit", "list_made"),
    ],
)  # fmt: skip
def test_an_old_paper_is_neither_handed_over_nor_announced(papers: list[PaperFacts], visit: str, moment: str) -> None:
    truth = truth_of(Step.DEMAND, papers, (), today=TODAY)
    assert moment_now(Step.DEMAND, truth) == moment
    assert shown(VISIT, ScriptFacts(), step=Step.DEMAND, truth=truth)[0] == visit
    offers = LIBRARY.offer(DebtorType.UNPAID, Step.DEMAND, VISIT, ScriptFacts(), truth)
    assert {one.script.id for one in offers.locked} == (set() if visit == "any.4.visit" else {"any.4.visit"})
    if papers and visit != "any.4.visit":
        assert offers.chosen.because == truth.not_to_hand_over == offers.locked[0].why


def test_what_is_too_old_to_be_sent_is_not_named_as_the_paper_at_hand() -> None:
    truth = truth_of(Step.DEMAND, [printed(-2)], (), today=TODAY)
    assert "demand_drafted" not in truth.facts
    assert [one for one in truth.papers if one.makes] == []
