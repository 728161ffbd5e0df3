"""The truth guard: nothing about letters, lawyers or courts is said without its record, and a lock tells what is lacking."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.scripts import (
    MOMENTS,
    REQUIREMENTS,
    ScriptContext,
    ScriptFacts,
    moment_now,
    reason_locked,
    truth_of,
)
from feedesk.models.scripts.claims import claims
from feedesk.models.scripts.reader import text_problems
from feedesk.models.scripts.records import IMPLIED, MOMENT_NEEDS, MOMENT_STEPS, SLOT_NEEDS, with_implied
from feedesk.models.scripts.truth import HOW_TO, Firms, Truth
from tests.script_tools import library, paper, script

ARRIVED = date(2026, 11, 5)
DEMANDED = {"step_demand", "demand_drafted"}
LAWYER = {"lawyer_mandate", "lawyer_letter"}


@pytest.mark.parametrize(
    ("step", "papers", "proven", "facts"),
    [
        (Step.SECOND_CALL, [], set(), set()),
        (Step.DEMAND, [], set(), {"step_demand"}),
        (Step.COURT, [], set(), {"step_demand"}),
        (Step.DEMAND, [paper(PaperKind.DEMAND)], set(), DEMANDED),
        (Step.SECOND_CALL, [paper(PaperKind.DEMAND)], set(), DEMANDED),
        (Step.DEMAND, [paper(PaperKind.DEMAND, sent=True)], set(), {*DEMANDED, "demand_sent"}),
        (
            Step.DEMAND, [paper(PaperKind.PROMPT, arrived_on=ARRIVED)], set(),
            {*DEMANDED, "demand_sent", "demand_received"},
        ),
        (Step.LETTER, [paper(PaperKind.LETTER)], set(), DEMANDED),
        (Step.LETTER, [paper(PaperKind.LETTER, sent=True)], set(), {*DEMANDED, "demand_sent", "letter_sent"}),
        (
            Step.LETTER, [paper(PaperKind.FINAL, arrived_on=ARRIVED)], set(),
            {*DEMANDED, "demand_sent", "demand_received", "letter_sent", "letter_received"},
        ),
        (Step.MEDIATION, [paper(PaperKind.COMMITTEE)], set(), {"step_demand", "committee_asked"}),
        (Step.MEDIATION, [paper(PaperKind.MEDIATION)], set(), {"step_demand", "mediation_asked"}),
        # A letter without the mandate of the firm proves nothing: the store says what is proven.
        (Step.LAWYER, [paper(PaperKind.LAWYER, sent=True)], set(), {"step_demand"}),
        (Step.LAWYER, [paper(PaperKind.LAWYER)], {"lawyer_letter"}, {"step_demand", *LAWYER}),
        (
            Step.LAWYER, [paper(PaperKind.LAWYER, sent=True)], {"lawyer_letter"},
            {"step_demand", *LAWYER, "lawyer_letter_sent"},
        ),
        (Step.LAWYER, [], {"lawyer_mandate"}, {"step_demand", "lawyer_mandate"}),
        (Step.COURT, [paper(PaperKind.FILING)], set(), {"step_demand", "case_filed"}),
        (Step.COURT, [paper(PaperKind.ACCEPTED)], set(), {"step_demand"}),
        (Step.COURT, [paper(PaperKind.ACCEPTED)], {"case_number"}, {"step_demand", "case_filed", "case_number"}),
        # What others wrote or what the owner signed makes nothing of this true.
        (Step.SECOND_CALL, [paper(PaperKind.OTHER), paper(PaperKind.ACKNOWLEDGEMENT, sent=True)], {"judgment"}, set()),
    ],
)  # fmt: skip
def test_what_is_on_file_makes_true(step: Step, papers: list[PaperFacts], proven: set[str], facts: set[str]) -> None:
    assert truth_of(step, papers, proven).facts == facts


def test_every_requirement_can_be_met_by_a_record_and_tells_how() -> None:
    papers = [paper(kind, arrived_on=ARRIVED) for kind in PaperKind]
    everything = truth_of(Step.COURT, papers, {"lawyer_letter", "case_number"}).facts
    assert everything == set(REQUIREMENTS) == set(HOW_TO)
    assert all(reason_locked([name], ()) for name in REQUIREMENTS)
    assert set(SLOT_NEEDS.values()) | set(MOMENT_NEEDS.values()) | set(IMPLIED) <= set(REQUIREMENTS)


@given(st.sets(st.sampled_from(sorted(REQUIREMENTS))), st.sets(st.sampled_from(sorted(REQUIREMENTS))))
def test_a_lock_has_a_reason_and_only_a_lock_has_one(requires: set[str], facts: set[str]) -> None:
    assert bool(reason_locked(sorted(requires), facts)) == (not Truth(frozenset(facts)).allows(requires))


def test_a_lock_names_the_strongest_record_only() -> None:
    assert reason_locked(["demand_sent", "demand_drafted"], {"step_demand"}) == (
        "记录里还没有“催款单、催缴通知书或函已送出”，送出后在“通知”里登记送达"
    )


@given(st.sampled_from(sorted(REQUIREMENTS)))
def test_what_follows_from_a_record_is_carried_through(name: str) -> None:
    reached = with_implied([name])
    assert all(with_implied([other]) <= reached for other in reached)


def test_values_stand_only_with_their_record() -> None:
    papers = [
        paper(PaperKind.DEMAND, "2026-0001", date(2026, 10, 1), sent=True, deadline=date(2026, 10, 16)),
        paper(PaperKind.LETTER, "2026-0170", date(2026, 11, 3), sent=True, deadline=date(2026, 11, 18)),
        paper(PaperKind.MEDIATION, "", date(2026, 11, 10), deadline=date(2026, 11, 26)),
        paper(PaperKind.LAWYER, "律函 5", date(2026, 11, 12), deadline=date(2026, 11, 27)),
        paper(PaperKind.ACCEPTED, "（2026）某0000民初1号", date(2026, 11, 14)),
    ]
    firms = Firms("某社区调委会", "某律师事务所", "某区人民法院")
    bare = truth_of(Step.COURT, papers, (), firms)
    assert [(one.label, one.on, one.deadline) for one in bare.papers] == [
        ("催款单", date(2026, 10, 1), date(2026, 10, 16)), ("催费函", date(2026, 11, 3), date(2026, 11, 18))
    ]  # fmt: skip
    assert (bare.mediator, bare.mediation_on) == ("某社区调委会", date(2026, 11, 26))
    assert (bare.law_firm, bare.lawyer_deadline, bare.court, bare.case_number) == ("", None, "", "")
    proven = truth_of(Step.COURT, papers, {"lawyer_letter", "case_number"}, firms)
    assert (proven.law_firm, proven.lawyer_deadline) == ("某律师事务所", date(2026, 11, 27))
    assert (proven.court, proven.case_number) == ("某区人民法院", "（2026）某0000民初1号")


OLD = paper(PaperKind.DEMAND, "2026-0001", date(2026, 10, 1), arrived_on=date(2026, 10, 3))
NEW = paper(PaperKind.LETTER, "2026-0170", date(2026, 11, 3))


@pytest.mark.parametrize(
    ("papers", "requires", "label"),
    [
        ([OLD, NEW], ["demand_drafted"], "催费函"),
        ([OLD, NEW], ["demand_sent"], "催款单"),
        ([OLD, NEW], ["demand_received"], "催款单"),
        ([OLD, NEW], [], "催款单"),
        ([OLD, paper(PaperKind.LETTER, sent=True)], ["letter_sent"], "催费函"),
        ([OLD, paper(PaperKind.LETTER, sent=True)], ["letter_sent", "demand_received"], "催款单"),
        ([NEW], [], ""),
        ([NEW], ["demand_drafted"], "催费函"),
    ],
)
def test_a_text_speaks_of_the_paper_it_rests_on_never_of_one_that_still_lies_here(
    papers: list[PaperFacts], requires: list[str], label: str
) -> None:
    context = ScriptContext(date(2026, 11, 17), papers=truth_of(Step.LETTER, papers, ()).papers)
    assert context.values("friday", requires).get("函件", "") == label


# --- the moments ---

LETTER_SENT = paper(PaperKind.LETTER, sent=True)


@pytest.mark.parametrize(
    ("step", "papers", "proven", "moment"),
    [
        (Step.SECOND_CALL, [], set(), ""),
        (Step.DEMAND, [], set(), "list_made"),
        (Step.DEMAND, [paper(PaperKind.DEMAND)], set(), "demand_drafted"),
        (Step.DEMAND, [paper(PaperKind.DEMAND, sent=True)], set(), "demand_sent"),
        (Step.DEMAND, [OLD], set(), "demand_received"),
        (Step.DEMAND, [OLD, paper(PaperKind.DEMAND)], set(), "demand_drafted"),  # the second one
        (Step.LETTER, [OLD], set(), "list_made"),  # the 催款单 lies behind, the letter is still to be made
        (Step.LETTER, [OLD, NEW], set(), "demand_drafted"),
        (Step.LETTER, [OLD, LETTER_SENT], set(), "demand_sent"),
        (Step.LAWYER, [OLD, LETTER_SENT], set(), ""),
        (Step.LAWYER, [], {"lawyer_mandate"}, "before_lawyer"),
        (Step.LAWYER, [paper(PaperKind.LAWYER)], {"lawyer_letter"}, "before_lawyer"),
        (Step.LAWYER, [paper(PaperKind.LAWYER, sent=True)], {"lawyer_letter"}, "after_lawyer"),
        (Step.COURT, [paper(PaperKind.LAWYER, sent=True)], {"lawyer_letter"}, ""),
        (Step.COURT, [paper(PaperKind.FILING)], set(), "before_summons"),
        (Step.COURT, [paper(PaperKind.ACCEPTED)], {"case_number"}, "after_summons"),
    ],
)
def test_the_moment_follows_from_the_latest_paper(
    step: Step, papers: list[PaperFacts], proven: set[str], moment: str
) -> None:
    assert moment_now(step, truth_of(step, papers, proven)) == moment


def test_a_moment_that_is_past_is_locked_like_one_that_is_not_come() -> None:
    shelf = library(
        *(script((DebtorType.BUSY, DebtorType.UNPAID), (Step.DEMAND, Step.LETTER), Channel.MAIL, moment=moment)
          for moment in ("list_made", "demand_drafted", "demand_sent", "demand_received"))
    )  # fmt: skip
    truth = truth_of(Step.DEMAND, [paper(PaperKind.DEMAND, sent=True)], ())
    offers = shelf.offer(DebtorType.BUSY, Step.DEMAND, Channel.MAIL, ScriptFacts(), truth)
    assert offers.chosen.script is not None
    assert offers.chosen.script.moment == "demand_sent" and offers.others == ()
    assert {one.script.moment: one.why for one in offers.locked} == {
        "list_made": "现在的时点是“函已送出”",
        "demand_drafted": "现在的时点是“函已送出”",
        "demand_received": "记录里还没有“催款单、催缴通知书或函已送到”，有了送达凭证、登记了送达日期才能说",
    }


def test_every_moment_has_a_step_and_a_record() -> None:
    assert set(MOMENTS) == set(MOMENT_STEPS) == set(MOMENT_NEEDS)


# --- what cannot be chosen ---

SENT = script(DebtorType.BUSY, Step.LETTER, requires=["letter_sent"], title="函后电话")


def test_a_script_without_its_record_is_seen_locked_and_never_chosen() -> None:
    shelf = library(SENT)
    offers = shelf.offer(DebtorType.BUSY, Step.LETTER, Channel.PHONE, ScriptFacts())
    assert [(one.script.id, one.why) for one in offers.locked] == [
        ("busy.5.phone", "记录里还没有“催费函或最后通知书已送出”，送出后在“通知”里登记送达")
    ]
    assert offers.chosen.script is not None
    assert offers.chosen.script.id == "unpaid.3.phone" and SENT not in offers.others
    assert offers.chosen.is_fallback and offers.chosen.because == offers.locked[0].why


def test_with_its_record_it_is_chosen() -> None:
    truth = truth_of(Step.LETTER, [paper(PaperKind.LETTER, sent=True)], ())
    offers = library(SENT).offer(DebtorType.BUSY, Step.LETTER, Channel.PHONE, ScriptFacts(), truth)
    assert offers.chosen.script is not None
    assert offers.chosen.script.id == "busy.5.phone" and offers.locked == () and not offers.chosen.is_fallback


@given(st.sampled_from(DebtorType), st.sampled_from(Step), st.sampled_from(Channel), st.data())
def test_no_choice_ever_states_what_is_not_on_file(
    kind: DebtorType, step: Step, channel: Channel, data: st.DataObject
) -> None:
    from feedesk.models.scripts import load_library

    shelf = load_library()
    facts = with_implied(data.draw(st.sets(st.sampled_from(sorted(REQUIREMENTS)))))
    truth = Truth(facts)
    offers = shelf.offer(kind, step, channel, ScriptFacts(), truth)
    for one in (offers.chosen.script, offers.chosen.answer, *offers.others):
        assert one is None or truth.allows(one.requires), one
    assert all(one.why for one in offers.locked)
    here = shelf.in_cell(kind, step, Channel.PHONE if channel is Channel.COUNTER else channel)
    locked = {one.script for one in offers.locked}
    assert all(one in locked for one in here if not truth.allows(one.requires)), "seen, with the reason"
    assert all(one.locked or truth.allows(one.technique.requires) for one in offers.techniques)


# --- what texts state ---


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("催款单已经给您送到门口了。", {"step_demand", "demand_sent"}),
        ("催费函您收到了吗？", {"step_demand", "demand_sent"}),
        ("上周给您寄了催费函。", {"step_demand", "demand_sent"}),
        ("{函件}您看到了没有？", {"step_demand", "demand_sent"}),
        ("催款单这两天就送出，您留意。", {"step_demand"}),
        ("催款单还没送出，您先看看账。", {"step_demand"}),
        ("我们准备发催费函给您。", {"step_demand"}),
        ("已经请业委会督促过了。", {"committee_asked"}),
        ("可以请业委会出面协调。", set()),
        ("已向社区申请调解。", {"mediation_asked"}),
        ("咱们可以一起申请调解。", set()),
        ("账单您收到了吗？", set()),
        ("把缴费办法发到您手机上。", set()),
    ],
)
def test_what_a_text_says_of_papers_is_found_by_its_words(text: str, stated: set[str]) -> None:
    assert {name for name, _ in claims(text)} == stated


@pytest.mark.parametrize(
    ("text", "requires", "wrong"),
    [
        ("催费函您收到了吗？", ["letter_sent"], False),
        ("催费函您收到了吗？", ["step_demand"], True),
        ("案号是{案号}。", [], True),
        ("案号是{案号}。", ["case_number"], False),
        ("[[案号是{案号}。]]您好。", ["case_filed"], False),
        ("{律所}会联系您。", ["lawyer_letter_sent"], False),
        ("{律所}会联系您。", [], True),
    ],
)
def test_a_text_rests_on_the_records_it_names(text: str, requires: list[str], wrong: bool) -> None:
    assert any("记录才" in problem.what for problem in text_problems(text, requires)) == wrong
