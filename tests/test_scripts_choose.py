"""Which script is chosen for type × step × channel × moment, why, and what stands in where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.scripts import NothingToSay, ScriptFacts, Technique, load_library
from feedesk.models.scripts.records import TECHNIQUES
from feedesk.models.scripts.techniques import SUITED, Form, Line, Scope, WorkedCase, offered, suited
from feedesk.models.scripts.truth import truth_of
from tests.script_tools import library, net, paper, script

UNPAID, BUSY, SHOP, LONG = DebtorType.UNPAID, DebtorType.BUSY, DebtorType.SHOP_VILLA, DebtorType.LONG_UNPAID
PHONE, VISIT, MESSAGE, MAIL, COUNTER = (
    Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.MAIL, Channel.COUNTER
)  # fmt: skip
NO_FACTS = ScriptFacts()

SHELF = library(
    script(BUSY, Step.FIRST_CALL, techniques=[2], gist="定一个日子"),
    script(BUSY, Step.SECOND_CALL, VISIT),
    script(BUSY, Step.REMINDER, MESSAGE),
    script(BUSY, Step.DEMAND, requires=["demand_sent"]),
    script(LONG, Step.SECOND_CALL),
    script((BUSY, LONG), (Step.LAWYER, Step.COURT), requires=["lawyer_letter_sent"]),
    script((UNPAID, BUSY), (Step.DEMAND, Step.LETTER), MAIL, moment="demand_sent"),
    script((UNPAID, BUSY), (Step.DEMAND, Step.LETTER), MAIL, moment="list_made"),
    script(UNPAID, Step.SECOND_CALL, situation="promise_due", techniques=[2], gist="提个醒"),
)


@pytest.mark.parametrize(
    ("kind", "step", "channel", "facts", "script_id", "why"),
    [
        (
            BUSY, Step.FIRST_CALL, PHONE, ScriptFacts(broken_promises=1),
            "busy.2.phone", "失约 1 次、无异议 → 招数 2 断其后路：定一个日子",
        ),
        (BUSY, Step.FIRST_CALL, PHONE, NO_FACTS, "busy.2.phone", "忙、在外、没时间 → 招数 2 断其后路：定一个日子"),
        (BUSY, Step.FIRST_CALL, PHONE, ScriptFacts(last_outcome=Outcome.AWAY), "busy.2.phone", "上次说在外地 → "),
        (UNPAID, Step.REMINDER, PHONE, ScriptFacts(has_open_dispute=True), "unpaid.1.phone", "有未结异议 → "),
        (BUSY, Step.FIRST_CALL, COUNTER, NO_FACTS, "busy.2.phone", "忙、在外、没时间 → "),
        # from the type to the general one
        (SHOP, Step.FIRST_CALL, PHONE, NO_FACTS, "unpaid.2.phone", "“商铺或别墅”还没有专门话术，先用通用版。"),
        # down the ladder, first in the own words
        (LONG, Step.LETTER, PHONE, NO_FACTS, "long_unpaid.3.phone", "“5 催费函”还没有专门话术，先用“3 再电”的电话版。"),
        (UNPAID, Step.BILL, PHONE, NO_FACTS, "unpaid.1.phone", "“0 通知”还没有专门话术，先用“1 提醒”的电话版。"),
        # a message falls to an earlier message, a visit to the telephone
        (BUSY, Step.SECOND_CALL, MESSAGE, NO_FACTS, "busy.1.message", "“3 再电”还没有专门话术，先用“1 提醒”的微信/短信版。"),
        (LONG, Step.SECOND_CALL, VISIT, NO_FACTS, "long_unpaid.3.phone", "“上门”还没有专门话术，先用“3 再电”的电话版。"),
        # where there shall be none, the reason is told
        (BUSY, Step.LAWYER, VISIT, NO_FACTS, "busy.2.phone", "“6 律师函”的上门版不设话术，先用“2 首电”的电话版。"),
        # a record is missing
        (BUSY, Step.DEMAND, PHONE, NO_FACTS, "busy.2.phone", "“4 催款单”的电话版话术还不能用，先用“2 首电”的电话版。"),
        (LONG, Step.LAWYER, PHONE, NO_FACTS, "long_unpaid.3.phone", "“6 律师函”的电话版话术还不能用"),
        # a promise goes before everything
        (BUSY, Step.FIRST_CALL, PHONE, ScriptFacts(promise_in_days=1), "unpaid.3.phone.promise_due", "承诺明天到期 → 招数 2 断其后路：提个醒"),
        (LONG, Step.COURT, PHONE, ScriptFacts(promise_in_days=0), "unpaid.3.phone.promise_due", "承诺今天到期"),
        (BUSY, Step.SECOND_CALL, VISIT, ScriptFacts(promise_in_days=3), "busy.3.visit", "忙、在外、没时间 → "),
    ],
)  # fmt: skip
def test_the_script_chosen_and_why(
    kind: DebtorType, step: Step, channel: Channel, facts: ScriptFacts, script_id: str, why: str
) -> None:
    choice = SHELF.choose(kind, step, channel, facts)
    assert choice.script.id == script_id
    assert choice.why.startswith(why)
    assert choice.is_fallback == ("先用" in choice.why)
    assert bool(choice.because) == ("不设" in choice.why or "不能用" in choice.why)


@pytest.mark.parametrize(
    ("papers", "step", "script_id"),
    [
        ([], Step.SECOND_CALL, "busy.2.phone"),
        ([], Step.DEMAND, "any.4.mail.list_made"),
        ([paper(PaperKind.DEMAND)], Step.DEMAND, "busy.2.phone"),  # this moment has no words here
        ([paper(PaperKind.DEMAND, sent=True)], Step.DEMAND, "any.4.mail.demand_sent"),
        ([paper(PaperKind.DEMAND, sent=True)], Step.LETTER, "any.4.mail.list_made"),
    ],
)
def test_around_a_letter_the_words_of_the_moment_are_taken(
    papers: list[PaperFacts], step: Step, script_id: str
) -> None:
    shelf = replace(SHELF, scripts=tuple(one for one in SHELF.scripts if one.id != "busy.4.phone"))
    choice = shelf.choose(BUSY, step, MAIL, NO_FACTS, truth_of(step, papers, ()))
    assert choice.script.id == script_id
    assert choice.is_fallback == (choice.script.channel is PHONE)


def test_the_words_of_the_type_go_before_shared_ones_and_the_office_s_own_before_all() -> None:
    shared = script((BUSY, UNPAID), Step.LETTER)
    own_type = script(BUSY, Step.LETTER)
    own = replace(own_type, id="own.1")
    assert library(shared, own_type).choose(BUSY, Step.LETTER, PHONE, NO_FACTS).script == own_type
    offers = library(shared, own_type, own).offer(BUSY, Step.LETTER, PHONE, NO_FACTS)
    assert offers.chosen.script == own
    assert offers.others == (own_type, shared)


def test_without_the_general_calls_there_is_an_error_not_silence() -> None:
    with pytest.raises(NothingToSay):
        library(with_net=False).choose(BUSY, Step.LETTER, PHONE, NO_FACTS)


@given(st.sampled_from(DebtorType), st.sampled_from(Step), st.sampled_from(Channel), st.booleans())
def test_there_is_always_something_to_say_and_a_reason(
    kind: DebtorType, step: Step, channel: Channel, shipped: bool
) -> None:
    shelf = load_library() if shipped else library()
    choice = shelf.choose(kind, step, channel, NO_FACTS)
    assert "→ 招数" in choice.why
    assert not choice.script.requires
    assert shelf.by_ref(choice.script.ref) is choice.script
    assert len(net()) == 3


# --- techniques ---


def technique(
    number: int, scope: Scope = Scope.ONE, form: Form = Form.PRIVATE, requires: tuple[str, ...] = ()
) -> Technique:
    line = (Line("说", "用意"),)
    case = WorkedCase("例", "事", "理")
    return Technique(
        number, 1, TECHNIQUES[number], "要点", "适合", "不适合", ("做",), line, line, line, ("注意",), case, scope, form,
        number == 1, "friday", requires,
    )  # fmt: skip


NINE = (
    *(technique(number) for number in range(1, 7)),
    technique(7, Scope.EVERYONE),
    technique(8, form=Form.FORMAL, requires=("letter_sent",)),
    technique(9, form=Form.FORMAL, requires=("lawyer_letter_sent",)),
)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (DebtorType.UNPAID, [1, 2]),
        (DebtorType.YES_NEVER_COMES, [1, 2, 3, 7]),
        (DebtorType.UNREACHABLE, [1, 4, 7]),
        (DebtorType.DEFECTS, [1, 3, 5, 6, 8]),
        (DebtorType.UNLET, [1, 3, 5, 6, 8, 9]),
        (DebtorType.MISUNDERSTANDING, [1, 6]),
        (DebtorType.BUSY, [1, 2, 3, 7]),
        (DebtorType.LONG_UNPAID, [1, 8, 9, 2, 3]),
        (DebtorType.SHOP_VILLA, [1, 2, 7, 8, 9, 6]),
    ],
)
def test_techniques_are_offered_in_the_order_of_choice(kind: DebtorType, numbers: list[int]) -> None:
    found = offered(NINE, kind, frozenset())
    assert [one.technique.number for one in found] == numbers
    assert found[0].why == "每一户都先做"
    assert set(numbers) == set(suited(kind))


def test_the_order_is_mandatory_suited_private_one_person() -> None:
    for kind in DebtorType:
        ranks = [
            (not one.technique.is_mandatory, one.technique.number not in SUITED[kind][0], one.technique.form is Form.FORMAL,
             one.technique.scope is Scope.EVERYONE)
            for one in offered(NINE, kind, frozenset())
        ]  # fmt: skip
        assert ranks == sorted(ranks), kind


def test_a_technique_is_locked_until_its_letter_is_on_record() -> None:
    before = {one.technique.number: one.locked for one in offered(NINE, DebtorType.LONG_UNPAID, frozenset())}
    assert before[8].startswith("记录里还没有“催费函") and before[9].startswith("记录里还没有“律师函已寄出”")
    assert before[2] == ""
    after = offered(NINE, DebtorType.LONG_UNPAID, frozenset({"letter_sent"}))
    assert [one.technique.number for one in after if one.locked] == [9]
