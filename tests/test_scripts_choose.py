"""Which script is chosen for type × step × channel × moment, why, and what stands in where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.scripts import (
    CONDITIONS,
    NOTHING_NOW,
    REQUIREMENTS,
    Appointment,
    NothingToSay,
    ScriptFacts,
    Technique,
    Truth,
    coverage,
    load_library,
)
from feedesk.models.scripts.matrix import all_cells
from feedesk.models.scripts.records import TECHNIQUES
from feedesk.models.scripts.techniques import SUITED, Form, Line, Scope, WorkedCase, offered, suited
from feedesk.models.scripts.truth import truth_of
from tests.script_tools import library, net, paper, script

UNPAID, BUSY, SHOP, LONG = DebtorType.UNPAID, DebtorType.BUSY, DebtorType.SHOP_VILLA, DebtorType.LONG_UNPAID
PHONE, VISIT, MESSAGE, MAIL, COUNTER = (
    Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.MAIL, Channel.COUNTER
)  # fmt: skip
NO_FACTS = ScriptFacts()
ALL_TRUE = ScriptFacts(broken_promises=2, is_mended=True, has_old_lines=True, has_spoken=True)
ALL_FALSE = ScriptFacts(has_open_dispute=True, has_promised=True, is_away=True)

SHELF = library(
    script(BUSY, Step.FIRST_CALL, techniques=[2], gist="定一个日子"),
    script(BUSY, Step.SECOND_CALL, VISIT),
    script(BUSY, Step.REMINDER, MESSAGE),
    script(BUSY, Step.DEMAND, requires=["demand_sent"]),
    script(LONG, Step.SECOND_CALL),
    script((BUSY, LONG), (Step.LAWYER, Step.COURT), requires=["lawyer_letter_sent"]),
    script((UNPAID, BUSY), (Step.DEMAND, Step.LETTER), MAIL, moment="demand_sent"),
    script((UNPAID, BUSY), (Step.DEMAND, Step.LETTER), MAIL, moment="list_made"),
    script(SHOP, Step.REMINDER),
    script(SHOP, Step.SECOND_CALL, needs=["broken_twice"]),
)


@pytest.mark.parametrize(
    ("kind", "step", "channel", "facts", "script_id", "why"),
    [
        (
            BUSY, Step.FIRST_CALL, PHONE, ScriptFacts(broken_promises=1),
            "busy.2.phone", "失约 1 次、无异议 → 招数 2 断其后路：定一个日子",
        ),
        (BUSY, Step.FIRST_CALL, PHONE, NO_FACTS, "busy.2.phone", "忙、在外、没时间 → 招数 2 断其后路：定一个日子"),
        (BUSY, Step.FIRST_CALL, PHONE, ScriptFacts(is_away=True), "busy.2.phone", "人在外地 → "),
        (UNPAID, Step.REMINDER, PHONE, ScriptFacts(has_open_dispute=True), "unpaid.1.phone", "有未结异议 → "),
        (BUSY, Step.FIRST_CALL, COUNTER, NO_FACTS, "busy.2.phone", "忙、在外、没时间 → "),
        # from the type to the general one
        (DebtorType.UNLET, Step.FIRST_CALL, PHONE, NO_FACTS, "unpaid.2.phone", "“房子一直没租出去”还没有专门话术，先用通用版。"),
        # down the ladder, first in the own words
        (LONG, Step.LETTER, PHONE, NO_FACTS, "long_unpaid.3.phone", "“5 催费函”还没有专门话术，先用“3 再电”的电话版。"),
        (UNPAID, Step.BILL, PHONE, NO_FACTS, "unpaid.1.phone", "“0 通知”还没有专门话术，先用“1 提醒”的电话版。"),
        # a message falls to an earlier message, a visit to the telephone
        (BUSY, Step.SECOND_CALL, MESSAGE, NO_FACTS, "busy.1.message", "“3 再电”还没有专门话术，先用“1 提醒”的微信/短信版。"),
        (LONG, Step.SECOND_CALL, VISIT, NO_FACTS, "long_unpaid.3.phone", "“上门”还没有专门话术，先用“3 再电”的电话版。"),
        # where there are none but another place stands in, the reason is told
        (BUSY, Step.PUBLIC_NOTICE, MESSAGE, NO_FACTS, "busy.1.message", "“7 公示”的微信/短信版不设话术，先用“1 提醒”的微信/短信版。"),
        (BUSY, Step.FIRST_CALL, MAIL, NO_FACTS, "busy.2.phone", "“2 首电”的函前后版不设话术，先用“2 首电”的电话版。"),
        # a record is missing
        (BUSY, Step.DEMAND, PHONE, NO_FACTS, "busy.2.phone", "“4 催款单”的电话版话术还不能用，先用“2 首电”的电话版。"),
        (LONG, Step.LAWYER, PHONE, NO_FACTS, "long_unpaid.3.phone", "“6 律师函”的电话版话术还不能用"),
        # what it takes for granted is not so
        (SHOP, Step.SECOND_CALL, PHONE, ScriptFacts(broken_promises=1), "shop_villa.1.phone", "“3 再电”的电话版话术还不能用，先用“1 提醒”的电话版。"),
        (SHOP, Step.SECOND_CALL, PHONE, ScriptFacts(broken_promises=2), "shop_villa.3.phone", "失约 2 次、无异议 → "),
    ],
)  # fmt: skip
def test_the_script_chosen_and_why(
    kind: DebtorType, step: Step, channel: Channel, facts: ScriptFacts, script_id: str, why: str
) -> None:
    choice = SHELF.choose(kind, step, channel, facts)
    assert choice.script is not None and choice.script.id == script_id
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
    assert choice.script is not None and choice.script.id == script_id
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
def test_there_is_something_to_say_and_a_reason_or_a_reason_to_say_nothing(
    kind: DebtorType, step: Step, channel: Channel, shipped: bool
) -> None:
    shelf = load_library() if shipped else library()
    offers = shelf.offer(kind, step, channel, NO_FACTS)
    choice = offers.chosen
    if choice.script is None:
        assert choice.why == NOTHING_NOW[channel] and len(choice.because) >= 15
        assert choice.answer is None and offers.others == (), "nothing to copy, nothing to log"
        assert all(one.locked for one in offers.techniques)
    else:
        assert "→ 招数" in choice.why
        assert not choice.script.requires
        assert shelf.by_ref(choice.script.ref) is choice.script
    assert len(net()) == 3


def test_only_a_place_that_forbids_is_without_words() -> None:
    """With every record and fact in favour, silence is by a reason of the matrix that names no other place."""
    shelf, forbidden = load_library(), set(coverage(load_library()).forbidden)
    everything = Truth(frozenset(REQUIREMENTS))
    for cell in all_cells():
        choice = shelf.choose(*cell, ALL_TRUE, everything)
        in_court = cell.step is Step.COURT and cell.channel in (PHONE, MAIL) and choice.answer is not None
        assert (choice.script is None) == (cell in forbidden or in_court), cell.text


FORBIDDEN = (
    (BUSY, Step.COURT, MESSAGE, "诉讼中由代理人书面往来"),
    (BUSY, Step.COURT, VISIT, "这期间不上门"),
    (BUSY, Step.LAWYER, VISIT, "免得被当作施压"),
    (DebtorType.SPECULATIVE, Step.SECOND_CALL, VISIT, "房子空着"),
    (DebtorType.UNREACHABLE, Step.DEMAND, MAIL, "只按送达的规矩办"),
    (UNPAID, Step.FIRST_CALL, VISIT, "惊扰业主"),
    (UNPAID, Step.PUBLIC_NOTICE, VISIT, "公示"),
)


@pytest.mark.parametrize(("kind", "step", "channel", "says"), FORBIDDEN)
def test_where_one_does_not_go_nothing_stands_in(kind: DebtorType, step: Step, channel: Channel, says: str) -> None:
    for facts in (NO_FACTS, ALL_TRUE, replace(ALL_TRUE, has_refused=True)):
        offers = load_library().offer(kind, step, channel, facts, Truth(frozenset(REQUIREMENTS)))
        assert offers.chosen.script is None and offers.chosen.answer is None
        assert says in offers.chosen.because
        assert offers.others == () and {one.locked for one in offers.techniques} == {offers.chosen.because}


@pytest.mark.parametrize(("kind", "step", "channel", "says"), FORBIDDEN)
def test_where_one_does_not_go_his_day_changes_the_reason_only(
    kind: DebtorType, step: Step, channel: Channel, says: str
) -> None:
    due = replace(ALL_TRUE, appointment=Appointment(6))
    choice = load_library().choose(kind, step, channel, due, Truth(frozenset(REQUIREMENTS)))
    assert choice.script is None and "离约定日还有 6 天" in choice.because and says not in choice.because
    soon = load_library().choose(kind, step, channel, replace(due, appointment=Appointment(1)))
    assert soon.script is None and (says in soon.because) == (channel is not VISIT)


@pytest.mark.parametrize(
    ("kind", "step", "channel", "script_id"),
    [
        (DebtorType.UNREACHABLE, Step.LETTER, PHONE, "unreachable.3.phone"),
        (DebtorType.UNREACHABLE, Step.BILL, PHONE, "unreachable.1.phone"),
        (DebtorType.HARDSHIP, Step.COURT, PHONE, "hardship.3.phone"),
        (UNPAID, Step.PUBLIC_NOTICE, PHONE, "unpaid.3.phone"),
        (UNPAID, Step.PUBLIC_NOTICE, MESSAGE, "unpaid.3.message"),
        (UNPAID, Step.REMINDER, MAIL, "unpaid.1.phone"),
    ],
)
def test_where_another_place_stands_in_its_words_are_told_with_the_reason(
    kind: DebtorType, step: Step, channel: Channel, script_id: str
) -> None:
    choice = load_library().choose(kind, step, channel, ALL_TRUE)
    assert choice.script is not None and choice.script.id == script_id
    assert choice.is_fallback and "不设话术" in choice.why and choice.because


# --- what a script takes for granted ---


@pytest.mark.parametrize(
    ("kind", "step", "channel", "facts", "script_id"),
    [
        (DebtorType.YES_NEVER_COMES, Step.SECOND_CALL, PHONE, ScriptFacts(broken_promises=1), "yes_never_comes.2.phone"),
        (DebtorType.YES_NEVER_COMES, Step.SECOND_CALL, PHONE, ScriptFacts(broken_promises=2), "yes_never_comes.3.phone"),
        (DebtorType.DEFECTS, Step.SECOND_CALL, PHONE, ScriptFacts(repair_flag=True), "defects.2.phone"),
        (DebtorType.DEFECTS, Step.SECOND_CALL, MESSAGE, ScriptFacts(repair_flag=True), "defects.2.message"),
        (DebtorType.DEFECTS, Step.SECOND_CALL, PHONE, ScriptFacts(is_mended=True), "defects.3.phone"),
        (DebtorType.MISUNDERSTANDING, Step.SECOND_CALL, PHONE, ScriptFacts(has_open_dispute=True), "misunderstanding.2.phone"),
        (DebtorType.MISUNDERSTANDING, Step.SECOND_CALL, PHONE, NO_FACTS, "misunderstanding.3.phone"),
        (BUSY, Step.SECOND_CALL, PHONE, ScriptFacts(is_away=True), "busy.2.phone"),
        (BUSY, Step.SECOND_CALL, VISIT, ScriptFacts(is_away=True), ""),
        (BUSY, Step.SECOND_CALL, PHONE, NO_FACTS, "busy.3.phone"),
        (DebtorType.UNCLEAR, Step.SECOND_CALL, PHONE, NO_FACTS, "unclear.3.phone"),
    ],
)  # fmt: skip
def test_the_shipped_words_are_chosen_only_where_they_are_true(
    kind: DebtorType, step: Step, channel: Channel, facts: ScriptFacts, script_id: str
) -> None:
    choice = load_library().choose(kind, step, channel, facts)
    assert (choice.script.id if choice.script else "") == script_id
    assert choice.because if script_id.split(".")[1:2] != ["3"] else not choice.because


@pytest.mark.parametrize("name", [name for name in CONDITIONS if name != "undelivered"])
def test_a_condition_locks_with_a_reason_until_it_is_met(name: str) -> None:
    taken = script(BUSY, Step.SECOND_CALL, needs=[name])
    shelf = library(taken)
    assert shelf.choose(BUSY, Step.SECOND_CALL, PHONE, ALL_TRUE).script == taken
    offers = shelf.offer(BUSY, Step.SECOND_CALL, PHONE, ALL_FALSE)
    assert offers.chosen.script != taken and offers.chosen.because == offers.locked[0].why != ""


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
        (DebtorType.LONG_UNPAID, [1, 8, 9, 2]),  # 招数 3 is for short debts
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


@pytest.mark.parametrize(("step", "facts"), [(Step.COURT, frozenset()), (Step.LAWYER, frozenset({"case_filed"}))])
def test_in_a_suit_nobody_reminds_pleads_or_writes(step: Step, facts: frozenset[str]) -> None:
    known = facts | {"letter_sent", "lawyer_letter_sent"}
    open_ones = {
        kind: {one.technique.number for one in offered(NINE, kind, known, step) if not one.locked}
        for kind in DebtorType
    }
    assert all(not numbers & {1, 3, 7, 8} for numbers in open_ones.values())
    assert open_ones[DebtorType.LONG_UNPAID] == {2, 9}
    assert 8 in {one.technique.number for one in offered(NINE, LONG, known, Step.LETTER) if not one.locked} or facts
