"""The ladder read like domain §6, with law §4 and §13.5 above it: which step is open, why not yet, and who signs."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.models.accounts import Category, DebtorType, Step
from feedesk.models.ladder import (
    ORDER,
    CourtWay,
    LadderFacts,
    LineFacts,
    StepState,
    Thresholds,
    asks_faster,
    problem,
    signers_of,
    suggest_court_way,
    view,
)
from feedesk.models.ladder.thresholds import BOUNDS
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.office import Role

TODAY = date(2026, 11, 17)
USUAL = Thresholds()
NO_COMMITTEE = Thresholds(has_committee=False)
PUBLIC = Thresholds(allows_public=True)


def line(owed: int = 600_000, due_on: date | None = date(2026, 7, 15), charge_id: int = 1, **rest: object) -> LineFacts:
    return LineFacts(charge_id, owed, due_on, **rest)  # type: ignore[arg-type]  # fields by name


def paper(
    kind: PaperKind, on: date, deadline: date | None = None, grade: Grade | None = None, number: str = "2026-0001"
) -> PaperFacts:
    return PaperFacts(kind, number, on, deadline, grade, on if grade else None, frozenset({1}))


DEMAND = paper(PaperKind.DEMAND, date(2026, 8, 20), date(2026, 9, 4), Grade.D)
PROMPT = paper(PaperKind.PROMPT, date(2026, 9, 5), date(2026, 9, 20), Grade.B, "2026-0002")
LETTER = paper(PaperKind.LETTER, date(2026, 9, 21), date(2026, 10, 6), Grade.A, "2026-0003")
ASKED = paper(PaperKind.COMMITTEE, date(2026, 10, 8), number="")
ANSWERED = paper(PaperKind.COMMITTEE_REPLY, date(2026, 10, 20), number="")
MANDATE = paper(PaperKind.MANDATE, date(2026, 10, 20), number="")
LAWYER = paper(PaperKind.LAWYER, date(2026, 10, 22), date(2026, 11, 5), Grade.B, "函字12号")
LETTERS = (DEMAND, PROMPT, LETTER)
BY_LAWYER = (*LETTERS, ASKED, ANSWERED, MANDATE, LAWYER)
FILED = frozenset({PaperKind.MANDATE, PaperKind.LAWYER})


def facts(step: Step, *papers: PaperFacts, **rest: object) -> LadderFacts:
    """An account as it usually is on that step: one line of ¥6,000, four months overdue, called three times."""
    usual: dict[str, object] = {"lines": (line(),), "calls": 3, "papers": papers}
    return LadderFacts(step, **{**usual, **rest})  # type: ignore[arg-type]  # fields by name


S = Step
CASES = [
    # on this step, thresholds, the step asked about: open, or why it is not yet
    # 0, 1: nothing before the due date has passed
    (facts(S.BILL, lines=(line(due_on=date(2026, 11, 15)),)), USUAL, S.REMINDER, ""),
    (facts(S.BILL, lines=(line(due_on=date(2026, 11, 17)),)), USUAL, S.REMINDER, "应缴日 11-17 还没过"),
    (facts(S.BILL, lines=(line(due_on=None),)), USUAL, S.REMINDER, ""),
    (facts(S.REMINDER, calls=0), USUAL, S.FIRST_CALL, ""),
    # 2 → 3: only after a first call
    (facts(S.FIRST_CALL, calls=0), USUAL, S.SECOND_CALL, "首次电话还没有打"),
    (facts(S.FIRST_CALL, calls=1), USUAL, S.SECOND_CALL, ""),
    (facts(S.FIRST_CALL, calls=1, do_not_call=True), USUAL, S.SECOND_CALL, "业主要求勿再来电：不打电话，改用书面"),
    # 3 → 4: broken promise, refusal, no contact, or called often enough
    (facts(S.SECOND_CALL, calls=1), USUAL, S.DEMAND, "才联系 1 次，不到 2 次，也没有失约、拒交或联系不上"),
    (facts(S.SECOND_CALL, calls=2), USUAL, S.DEMAND, ""),
    (facts(S.SECOND_CALL, calls=1, broken_promises=1), USUAL, S.DEMAND, ""),
    (facts(S.SECOND_CALL, calls=1, category=Category.E), USUAL, S.DEMAND, ""),
    (facts(S.SECOND_CALL, calls=1, category=Category.C), USUAL, S.DEMAND, ""),
    (facts(S.SECOND_CALL, calls=1, category=Category.B), USUAL, S.DEMAND, "才联系 1 次，不到 2 次，也没有失约、拒交或联系不上"),
    # written only: somebody who forbade calls goes from the reminder to the demand
    (facts(S.REMINDER, calls=0, do_not_call=True), USUAL, S.DEMAND, ""),
    (facts(S.REMINDER, calls=9), USUAL, S.DEMAND, "一步一步来，先走“2 首电”"),
    # 4 → 5: a demand is out and its time is over; 15 days at least, whatever stands on the paper
    (facts(S.DEMAND), USUAL, S.LETTER, "还没有出过催款单或催缴通知书"),
    (facts(S.DEMAND, DEMAND), USUAL, S.LETTER, ""),
    (facts(S.DEMAND, paper(PaperKind.DEMAND, date(2026, 11, 1), date(2026, 11, 17))), USUAL, S.LETTER,
     "催款单 2026-0001 的期限到 11-17，还没有过"),
    (facts(S.DEMAND, paper(PaperKind.DEMAND, date(2026, 11, 3), date(2026, 11, 10))), USUAL, S.LETTER,
     "催款单 2026-0001 的期限到 11-18，还没有过"),
    (facts(S.DEMAND, paper(PaperKind.DEMAND, date(2026, 11, 1), date(2026, 11, 8))), USUAL, S.LETTER, ""),
    (facts(S.DEMAND, DEMAND, paper(PaperKind.PROMPT, date(2026, 11, 10), date(2026, 11, 25))), USUAL, S.LETTER,
     "催缴通知书 2026-0001 的期限到 11-25，还没有过"),
    # 5 → 5b: a company letter is out and its time is over
    (facts(S.LETTER, DEMAND), USUAL, S.MEDIATION, "还没有发过催费函"),
    (facts(S.LETTER, DEMAND, LETTER), USUAL, S.MEDIATION, ""),
    (facts(S.LETTER, DEMAND, paper(PaperKind.FINAL, date(2026, 11, 3), number="")), USUAL, S.MEDIATION,
     "最后通知书 的期限到 11-18，还没有过"),
    # papers that are out already leave no step out
    (facts(S.DEMAND, DEMAND, LETTER), USUAL, S.MEDIATION, "一步一步来，先走“5 催费函”"),
    (facts(S.DEMAND, *BY_LAWYER, filed=FILED), NO_COMMITTEE, S.COURT, "一步一步来，先走“5 催费函”"),
    # 5 → 6 directly: only where there is no 业委会
    (facts(S.LETTER, *LETTERS), USUAL, S.LAWYER, "一步一步来，先走“5b 调解”"),
    (facts(S.LETTER, *LETTERS), NO_COMMITTEE, S.LAWYER, ""),
    # 5b → 6: asked and answered, or waited for thirty days
    (facts(S.MEDIATION, *LETTERS, ASKED, ANSWERED), USUAL, S.LAWYER, ""),
    (facts(S.MEDIATION, *LETTERS), USUAL, S.LAWYER, "还没有请业委会督促，也没有申请调解"),
    (facts(S.MEDIATION, *LETTERS, ASKED), USUAL, S.LAWYER, ""),
    (facts(S.MEDIATION, *LETTERS, paper(PaperKind.MEDIATION, date(2026, 11, 1), number="")), USUAL, S.LAWYER,
     "调解申请 的答复等到 12-01，还没有过"),
    (facts(S.LETTER, *LETTERS, paper(PaperKind.MEDIATION, date(2026, 11, 1), number="")), NO_COMMITTEE, S.LAWYER,
     "调解申请 的答复等到 12-01，还没有过"),
    # two letters with proof of service; a 催款单 is none, a door photo proves nothing
    (facts(S.MEDIATION, DEMAND, LETTER, ASKED), USUAL, S.LAWYER,
     "有送达凭据（A、B 级）的催缴通知书、催费函 1 封，还差 1 封；催款单不算"),
    (facts(S.MEDIATION, DEMAND, replace(PROMPT, grade=Grade.D), LETTER, ASKED), USUAL, S.LAWYER,
     "有送达凭据（A、B 级）的催缴通知书、催费函 1 封，还差 1 封；催款单不算；催缴通知书 2026-0002 还没有 A、B 级凭据"),
    # 6 → 7: off unless the office allows it
    (facts(S.LAWYER, *BY_LAWYER, filed=FILED), USUAL, S.PUBLIC_NOTICE, "设置里没有允许公示；不公示也可以往上走"),
    (facts(S.LAWYER, *BY_LAWYER, filed=FILED), PUBLIC, S.PUBLIC_NOTICE, ""),
    # 6 → 8: the lawyer's letter is on file and its two weeks are over; the notice board is no condition
    (facts(S.LAWYER, *BY_LAWYER, filed=FILED), USUAL, S.COURT, ""),
    (facts(S.LAWYER, *BY_LAWYER, filed=FILED), PUBLIC, S.COURT, ""),
    (facts(S.LAWYER, *BY_LAWYER), USUAL, S.COURT, "没有存档的律师函"),
    (facts(S.LAWYER, *BY_LAWYER[:-1], replace(LAWYER, deadline=date(2026, 11, 17)), filed=FILED), USUAL, S.COURT,
     "律师函 函字12号 的期限到 11-17，还没有过"),
    (facts(S.LAWYER, *BY_LAWYER[:-1], replace(LAWYER, deadline=None, on=date(2026, 11, 9), arrived_on=date(2026, 11, 10)),
           filed=FILED), USUAL, S.COURT, "律师函 函字12号 的期限到 11-24，还没有过"),
    (facts(S.LAWYER, *BY_LAWYER[:-1], replace(LAWYER, arrived_on=None), filed=FILED), USUAL, S.COURT,
     "律师函 函字12号 还没有登记送达，期限从送达那天算"),
    # 7 → 8: a week after the sheet was posted
    (facts(S.PUBLIC_NOTICE, *BY_LAWYER, paper(PaperKind.PUBLIC, date(2026, 11, 12), number=""), filed=FILED), PUBLIC,
     S.COURT, "不记名公示 的期限到 11-19，还没有过"),
    (facts(S.PUBLIC_NOTICE, *BY_LAWYER, paper(PaperKind.PUBLIC, date(2026, 11, 9), number=""), filed=FILED), PUBLIC,
     S.COURT, ""),
]  # fmt: skip


@pytest.mark.parametrize(("known", "thresholds", "step", "why"), CASES)
def test_each_step_is_open_or_says_why_not(known: LadderFacts, thresholds: Thresholds, step: Step, why: str) -> None:
    verdict = view(known, thresholds, TODAY).of(step)
    if why:
        assert (verdict.state, verdict.unmet[0]) == (StepState.NOT_YET, why)
    else:
        assert (verdict.state, verdict.unmet) == (StepState.OPEN, ())


AMOUNTS = [
    # what is owed and how long, who owes, whether the legal way is open and why
    ({"lines": (line(500_000),)}, "计入 ¥5,000.00，达到 ¥5,000.00（一般户）", True),
    ({"lines": (line(499_999),)}, "计入 ¥4,999.99，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    ({"lines": (line(1_00, date(2025, 11, 17)),)}, "最早一笔 2025-11-17 到期，满 12 个月", True),
    ({"lines": (line(1_00, date(2025, 11, 18)),)}, "计入 ¥1.00，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    ({"lines": (line(300_000),), "debtor_type": DebtorType.SPECULATIVE}, "计入 ¥3,000.00，达到 ¥3,000.00（投资空置）", True),
    ({"lines": (line(300_000),), "residence": "投资空置"}, "计入 ¥3,000.00，达到 ¥3,000.00（投资空置）", True),
    ({"lines": (line(300_000),)}, "计入 ¥3,000.00，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    ({"lines": (line(500_000),), "property_kind": "商铺"}, "计入 ¥5,000.00，达到 ¥5,000.00（商铺、别墅）", True),
    ({"lines": (line(400_000),), "debtor_type": DebtorType.SHOP_VILLA},
     "计入 ¥4,000.00，不到 ¥5,000.00（商铺、别墅），最早一笔也不满 12 个月", False),
    ({"lines": (line(1_00, date(2026, 8, 17)),), "debtor_type": DebtorType.LONG_UNPAID},
     "长期未缴：满 3 个月，2 封函有送达凭据", True),
    ({"lines": (line(1_00, date(2026, 8, 18)),), "debtor_type": DebtorType.LONG_UNPAID},
     "计入 ¥1.00，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    # an objection on one line takes only that line out; what is over counts for nothing
    ({"lines": (line(400_000), line(100_000, charge_id=2))}, "计入 ¥5,000.00，达到 ¥5,000.00（一般户）", True),
    ({"lines": (line(400_000), line(100_000, charge_id=2, held="异议"))},
     "计入 ¥4,000.00，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    ({"lines": (line(400_000), line(900_000, date(2021, 1, 15), 2, is_over=True))},
     "计入 ¥4,000.00，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    ({"lines": (line(400_000), line(900_000, None, 2))},
     "计入 ¥4,000.00，不到 ¥5,000.00（一般户），最早一笔也不满 12 个月", False),
    ({"lines": (line(900_000, None),)}, "没有可以计入的欠费：未到期、异议中、暂缓或已过时效的都不计", False),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "why", "is_open"), AMOUNTS)
def test_the_legal_way_opens_by_amount_age_or_letters(rest: dict[str, object], why: str, is_open: bool) -> None:
    verdict = view(facts(S.MEDIATION, *LETTERS, ASKED, ANSWERED, **rest), USUAL, TODAY).of(S.LAWYER)
    assert (verdict.state is StepState.OPEN) == is_open
    assert why in (verdict.met if is_open else verdict.unmet)


def test_the_thresholds_are_the_offices_own() -> None:
    known = facts(S.MEDIATION, *LETTERS, ASKED, ANSWERED)
    assert view(known, replace(USUAL, legal_amount=700_000), TODAY).of(S.LAWYER).state is StepState.NOT_YET
    assert view(known, replace(USUAL, letters=3), TODAY).of(S.LAWYER).state is StepState.NOT_YET
    late = facts(S.DEMAND, paper(PaperKind.DEMAND, date(2026, 11, 1), date(2026, 11, 8)))
    assert view(late, replace(USUAL, demand_days=20), TODAY).of(S.LETTER).earliest == date(2026, 11, 22)


PAUSES = [
    ({"lines": ()}, "没有欠费，不用催"),
    ({"lines": (line(held="暂缓"),)}, "各笔都在异议或暂缓中，处理好再说"),
    ({"dispute": "房屋质量", "dispute_is_written": True}, "书面异议（房屋质量）还没有处理完，先处理、回复业主"),
    ({"dispute": "房屋质量"}, "异议（房屋质量）还没有处理完，先处理、回复业主"),
    ({"sensitive": "住院"}, "有特殊情况（住院），先不往上走"),
    ({"sensitive": "住院", "sensitive_until": TODAY}, "有特殊情况（住院），到 11-17，先不往上走"),
    ({"unchecked": "业主称已付 ¥500.00"}, "先核对收款：业主称已付 ¥500.00"),
    ({"plan": "第 2/6 期"}, "分期在履行：第 2/6 期"),
    ({"promised_until": TODAY}, "承诺还没有到期（入账看到 11-17），等这笔钱"),
]


@pytest.mark.parametrize(("rest", "why"), PAUSES)
@pytest.mark.parametrize("step", ORDER[:-1])
def test_what_pauses_keeps_every_step_shut(step: Step, rest: dict[str, object], why: str) -> None:
    found = view(facts(step, *BY_LAWYER, filed=FILED, **rest), USUAL, TODAY)
    assert found.paused == (why,)
    assert all(one.state is not StepState.OPEN and one.earliest is None for one in found.verdicts)
    assert found.next is not None and found.next.unmet[0] == why


GONE = [
    {"sensitive": "住院", "sensitive_until": TODAY - timedelta(days=1)},
    {"promised_until": TODAY - timedelta(days=1)},
    {"lines": (line(), line(charge_id=2, held="异议"))},
]


@pytest.mark.parametrize("rest", GONE)
def test_what_is_over_or_concerns_one_line_pauses_nothing(rest: dict[str, object]) -> None:
    found = view(facts(S.DEMAND, DEMAND, **rest), USUAL, TODAY)
    assert not found.paused and found.of(S.LETTER).state is StepState.OPEN


@pytest.mark.parametrize("step", [S.DEMAND, S.LETTER, S.MEDIATION, S.LAWYER, S.COURT])
def test_nothing_goes_up_for_lines_whose_time_is_over(step: Step) -> None:
    before = ORDER[ORDER.index(step) - 1]
    known = facts(before, *BY_LAWYER, filed=FILED, lines=(line(due_on=date(2021, 1, 15), is_over=True),))
    assert view(known, USUAL, TODAY).of(step).state is StepState.NOT_YET


MISSING = [
    (facts(S.LETTER, *LETTERS), USUAL, S.MEDIATION, [(PaperKind.COMMITTEE, PaperKind.MEDIATION)]),
    (facts(S.LETTER, *LETTERS, ASKED), USUAL, S.MEDIATION, []),
    (facts(S.MEDIATION, *LETTERS, ASKED), USUAL, S.LAWYER, [(PaperKind.MANDATE,), (PaperKind.LAWYER,)]),
    (facts(S.MEDIATION, *BY_LAWYER, filed=frozenset({PaperKind.LAWYER})), USUAL, S.LAWYER, [(PaperKind.MANDATE,)]),
    # a record without a file is no paper
    (facts(S.MEDIATION, *BY_LAWYER, filed=frozenset({PaperKind.MANDATE})), USUAL, S.LAWYER, [(PaperKind.LAWYER,)]),
    (facts(S.LAWYER, *BY_LAWYER, filed=FILED), USUAL, S.COURT, [(PaperKind.FILING, PaperKind.ACCEPTED)]),
    (facts(S.LAWYER, *BY_LAWYER, filed=FILED | {PaperKind.ACCEPTED}), USUAL, S.COURT, []),
]


@pytest.mark.parametrize(("known", "thresholds", "step", "kinds"), MISSING)
def test_a_formal_step_is_reached_only_with_its_papers(
    known: LadderFacts, thresholds: Thresholds, step: Step, kinds: list[tuple[PaperKind, ...]]
) -> None:
    verdict = view(known, thresholds, TODAY).of(step)
    assert verdict.state is StepState.OPEN or step is S.LAWYER
    assert [one.kinds for one in verdict.missing] == kinds
    assert verdict.is_ready == (not kinds)


def test_an_open_lawyers_step_still_waits_for_its_papers() -> None:
    verdict = view(facts(S.MEDIATION, *LETTERS, ASKED, ANSWERED), USUAL, TODAY).of(S.LAWYER)
    assert verdict.state is StepState.OPEN and not verdict.is_ready
    assert verdict.text == "6 律师函：可升，先存律师委托书扫描件、盖章的律师函扫描件"


def test_what_is_left_out_is_named() -> None:
    assert view(facts(S.LETTER, *LETTERS), NO_COMMITTEE, TODAY).of(S.LAWYER).skips == (S.MEDIATION,)
    assert view(facts(S.LAWYER, *BY_LAWYER, filed=FILED), USUAL, TODAY).of(S.COURT).skips == (S.PUBLIC_NOTICE,)
    assert view(facts(S.REMINDER, do_not_call=True), USUAL, TODAY).of(S.DEMAND).skips == (S.FIRST_CALL, S.SECOND_CALL)
    assert view(facts(S.DEMAND, DEMAND), USUAL, TODAY).of(S.LETTER).skips == ()


EARLIEST = [
    (facts(S.BILL, lines=(line(due_on=date(2026, 11, 20)),)), S.REMINDER, date(2026, 11, 21)),
    (facts(S.DEMAND, paper(PaperKind.DEMAND, date(2026, 11, 3), date(2026, 11, 30))), S.LETTER, date(2026, 12, 1)),
    # the later of two waits
    (facts(S.MEDIATION, *LETTERS, paper(PaperKind.COMMITTEE, date(2026, 11, 1)), lines=(line(1_00),)), S.LAWYER,
     date(2027, 7, 15)),
    # waiting alone does not bring a second letter
    (facts(S.MEDIATION, DEMAND, LETTER, paper(PaperKind.COMMITTEE, date(2026, 11, 1))), S.LAWYER, None),
    (facts(S.DEMAND), S.LETTER, None),
    (facts(S.DEMAND, DEMAND), S.LETTER, None),
]  # fmt: skip


@pytest.mark.parametrize(("known", "step", "day"), EARLIEST)
def test_the_earliest_day_is_told_where_waiting_is_all(known: LadderFacts, step: Step, day: date | None) -> None:
    verdict = view(known, USUAL, TODAY).of(step)
    assert verdict.earliest == day
    if day is not None:
        assert view(known, USUAL, day - timedelta(days=1)).of(step).state is StepState.NOT_YET
        assert view(known, USUAL, day).of(step).state is StepState.OPEN


def test_who_signs() -> None:
    assert {step: signers_of(step)[:1] for step in ORDER if signers_of(step)} == {
        S.LETTER: (Role.LEADER,), S.LAWYER: (Role.LEADER,), S.PUBLIC_NOTICE: (Role.MANAGER,), S.COURT: (Role.GENERAL_MANAGER,),
    }  # fmt: skip
    assert Role.LEADER not in (*signers_of(S.PUBLIC_NOTICE), *signers_of(S.COURT))
    assert all(Role.CLERK not in signers_of(step) for step in ORDER)


def test_the_next_step_in_one_line() -> None:
    found = view(facts(S.DEMAND, DEMAND), USUAL, TODAY)
    assert found.text == "现在 4 催款单；下一步 5 催费函：可升，组团负责人签字"
    found = view(facts(S.FIRST_CALL, calls=0), USUAL, TODAY)
    assert found.text == "现在 2 首电；下一步 3 再电：未开，首次电话还没有打"
    assert view(facts(S.COURT), USUAL, TODAY).text == "现在 8 诉讼，已到最后一步"


def test_what_counts_and_what_presses_is_noted() -> None:
    lines = (
        line(), line(10_000, charge_id=2, held="异议"), line(20_000, date(2021, 1, 15), 3, is_over=True),
        line(30_000, None, 4), line(40_000, date(2026, 12, 15), 5),
    )  # fmt: skip
    notes = view(facts(S.DEMAND, lines=lines, limit_days=80), USUAL, TODAY).notes
    assert notes == (
        "欠 ¥7,000.00，其中计入法律途径 ¥6,000.00（1 笔；1 笔异议或暂缓、1 笔已过时效、1 笔应缴日待核、1 笔未到期，不计）",
        "最早一笔的诉讼时效只剩 80 天：先用 EMS 送达并留凭据，报负责人定",
    )
    assert len(view(facts(S.DEMAND, limit_days=181), USUAL, TODAY).notes) == 1


# --- which way to a court (law §4) ---

PROVEN = {"lines": (line(),), "has_fee_clause": True}
WAYS = [
    (PROVEN, [CourtWay.MEDIATION, CourtWay.PAYMENT_ORDER], "地址有送达成功的记录"),
    ({**PROVEN, "dispute": "金额不符", "dispute_is_written": True}, [CourtWay.MEDIATION, CourtWay.SMALL_CLAIM], "书面异议"),
    ({**PROVEN, "line_dispute_is_written": True}, [CourtWay.MEDIATION, CourtWay.SMALL_CLAIM], "书面异议"),
    ({**PROVEN, "lines": (line(is_fixed=False),)}, [CourtWay.MEDIATION, CourtWay.SMALL_CLAIM], "金额、月份或应缴日还没有定"),
    ({**PROVEN, "category": Category.C}, [CourtWay.MEDIATION, CourtWay.ORDINARY], "业主联系不上"),
    ({**PROVEN, "debtor_type": DebtorType.UNREACHABLE}, [CourtWay.MEDIATION, CourtWay.ORDINARY], "下落不明"),
    ({**PROVEN, "papers": (DEMAND,)}, [CourtWay.MEDIATION, CourtWay.SMALL_CLAIM], "没有送达成功的记录"),
    ({**PROVEN, "papers": (LETTER, paper(PaperKind.MEDIATION_DONE, date(2026, 10, 20)))}, [CourtWay.PAYMENT_ORDER],
     "账单没有书面异议"),
    ({**PROVEN, "lines": (line(due_on=date(2026, 12, 15)),)}, [], ""),
    ({**PROVEN, "lines": (line(held="异议"), line(charge_id=2, due_on=date(2021, 1, 15), is_over=True))}, [], ""),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "ways", "why"), WAYS)
def test_an_order_for_payment_only_under_its_conditions(
    rest: dict[str, object], ways: list[CourtWay], why: str
) -> None:
    advice = suggest_court_way(facts(S.LAWYER, **{"papers": (LETTER,), **rest}), TODAY)
    assert [one.way for one in advice.ways] == ways
    assert any(why in reason for one in advice.ways[-1:] for reason in one.reasons) or not ways


def test_without_a_clause_the_late_fee_is_dropped() -> None:
    advice = suggest_court_way(facts(S.LAWYER, LETTER), TODAY)
    assert advice.drops_late_fee and "没有违约金条款，只申请本金" in advice.ways[-1].reasons
    assert not suggest_court_way(facts(S.LAWYER, LETTER, has_fee_clause=True), TODAY).drops_late_fee


def test_only_lines_that_may_be_claimed_are_claimed() -> None:
    lines = (line(), line(charge_id=2, held="异议"), line(due_on=date(2021, 1, 15), charge_id=3, is_over=True))
    assert suggest_court_way(facts(S.LAWYER, LETTER, lines=lines), TODAY).charge_ids == {1}


# --- the office's thresholds ---


def test_thresholds_are_kept_within_law() -> None:
    assert problem(USUAL) == ""
    assert problem(replace(USUAL, demand_days=14)) == "催款单、催缴通知书之后要在 15 到 90 天之间"
    assert problem(replace(USUAL, letters=1)) == "有送达凭据的函件要在 2 到 5 封之间"
    assert problem(replace(USUAL, legal_amount=0)) == "一般户金额要在 1 到 10,000,000 元之间"
    assert {bound.field for bound in BOUNDS} == {
        field.name for field in fields(Thresholds) if not isinstance(getattr(USUAL, field.name), bool)
    }


@pytest.mark.parametrize("field", [field.name for field in fields(Thresholds)])
def test_whatever_brings_a_step_sooner_asks_for_a_signature(field: str) -> None:
    value = getattr(USUAL, field)
    if isinstance(value, bool):
        sooner = replace(USUAL, **{field: not value})
        assert asks_faster(USUAL, sooner) and not asks_faster(sooner, USUAL)
    else:
        assert asks_faster(USUAL, replace(USUAL, **{field: value - 1}))
        assert not asks_faster(USUAL, replace(USUAL, **{field: value + 1}))


# --- what always holds ---

days = st.dates(date(2019, 1, 1), date(2027, 12, 31))
maybe_days = st.none() | days
lines = st.builds(
    LineFacts, st.integers(1, 9), st.integers(1, 2_000_000), maybe_days, st.sampled_from(["", "异议"]), st.booleans(), st.booleans()
)  # fmt: skip
papers = st.builds(
    PaperFacts, st.sampled_from(list(PaperKind)), st.sampled_from(["", "2026-0001"]), days, maybe_days,
    st.none() | st.sampled_from(list(Grade)), maybe_days, st.just(frozenset({1})),
)  # fmt: skip
accounts = st.builds(
    LadderFacts,
    step=st.sampled_from(ORDER),
    lines=st.lists(lines, max_size=3).map(tuple),
    debtor_type=st.sampled_from(list(DebtorType)),
    property_kind=st.sampled_from(["", "住宅", "商铺", "别墅"]),
    residence=st.sampled_from(["", "自住", "投资空置"]),
    category=st.none() | st.sampled_from(list(Category)),
    broken_promises=st.integers(0, 3),
    calls=st.integers(0, 6),
    promised_until=st.none() | days,
    plan=st.sampled_from(["", "第 1/6 期"]),
    unchecked=st.sampled_from(["", "业主称已付"]),
    dispute=st.sampled_from(["", "其他"]),
    dispute_is_written=st.booleans(),
    do_not_call=st.booleans(),
    sensitive=st.sampled_from(["", "住院"]),
    sensitive_until=maybe_days,
    papers=st.lists(papers, max_size=8).map(tuple),
    filed=st.frozensets(st.sampled_from(list(PaperKind))),
    limit_days=st.none() | st.integers(-10, 400),
)
settings_of_office = st.builds(
    Thresholds,
    legal_amount=st.integers(1_00, 900_000),
    calls=st.integers(1, 4),
    letters=st.integers(2, 3),
    has_committee=st.booleans(),
    allows_public=st.booleans(),
)


def quiet(known: LadderFacts) -> LadderFacts:
    """The same account with nothing that pauses it."""
    return replace(known, promised_until=None, plan="", unchecked="", dispute="", sensitive="")


@given(accounts, settings_of_office, days)
@settings(max_examples=300)
def test_a_view_never_fails_and_never_skips(known: LadderFacts, thresholds: Thresholds, today: date) -> None:
    found = view(known, thresholds, today)
    here = ORDER.index(known.step)
    assert [one.step for one in found.verdicts] == list(ORDER)
    for place, one in enumerate(found.verdicts):
        assert (one.state is StepState.HERE) == (place == here)
        assert (one.state is StepState.DONE) == (place < here)
        assert (one.state is StepState.NOT_YET) == bool(one.unmet)
        assert one.earliest is None or (one.state is StepState.NOT_YET and one.earliest > today)
        if one.state is StepState.OPEN:
            left_out = ORDER[here + 1 : place]
            assert one.skips == left_out
            assert set(left_out) <= {S.PUBLIC_NOTICE, *([S.MEDIATION] if not thresholds.has_committee else []),
                                     *([S.FIRST_CALL, S.SECOND_CALL] if known.do_not_call else [])}  # fmt: skip
    assert found.text and suggest_court_way(known, today) is not None


@given(accounts, settings_of_office, days)
@settings(max_examples=200)
def test_pauses_always_win(known: LadderFacts, thresholds: Thresholds, today: date) -> None:
    for rest in (
        {"lines": ()}, {"dispute": "其他"}, {"sensitive": "丧事", "sensitive_until": None}, {"promised_until": today},
        {"plan": "第 1/2 期"}, {"unchecked": "业主称已付"},
    ):  # fmt: skip
        found = view(replace(known, **rest), thresholds, today)
        assert found.paused and all(one.state is not StepState.OPEN for one in found.verdicts)


def opened(known: LadderFacts, thresholds: Thresholds, today: date) -> set[Step]:
    return {one.step for one in view(known, thresholds, today).verdicts if one.state is StepState.OPEN}


@given(accounts, settings_of_office, days, st.data())
@settings(max_examples=300)
def test_less_never_opens_more(known: LadderFacts, thresholds: Thresholds, today: date, data: st.DataObject) -> None:
    """Less owed, fewer calls, fewer broken promises, weaker proof or files taken away open nothing."""
    known = quiet(known)
    lesser = data.draw(
        st.sampled_from(
            [
                replace(known, lines=tuple(replace(one, owed=max(1, one.owed // 2)) for one in known.lines)),
                replace(known, lines=tuple(replace(one, held="异议") for one in known.lines[:1]) + known.lines[1:]),
                replace(known, lines=tuple(replace(one, is_over=True) for one in known.lines)),
                replace(known, calls=0),
                replace(known, broken_promises=0),
                replace(known, papers=tuple(replace(one, grade=None) for one in known.papers)),
                replace(known, filed=frozenset()),
                replace(known, papers=tuple(one for one in known.papers if one.kind not in (PaperKind.LAWYER, PaperKind.COMMITTEE_REPLY, PaperKind.MEDIATION_DONE))),
            ]
        )
    )  # fmt: skip
    assert opened(lesser, thresholds, today) <= opened(known, thresholds, today)
    stricter = replace(thresholds, legal_amount=thresholds.legal_amount * 2, letters=thresholds.letters + 1, calls=9)
    assert opened(known, stricter, today) <= opened(known, thresholds, today)
