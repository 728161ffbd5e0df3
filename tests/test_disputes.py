"""Objections as rules: what each holds, whose it is, what is wrong with one, what follows its end (domain §6, §9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.disputes import (
    DEPARTMENTS,
    DISPUTE_KINDS,
    OUTCOMES,
    Dispute,
    DisputedLine,
    DisputeDraft,
    DisputeField,
    DisputeOutcome,
    DisputeRow,
    DisputeState,
    Scope,
    department_for,
    figures,
    first_review,
    held_sum,
    held_words,
    is_holding,
    line_hold_text,
    must_mend,
    problems,
    proposed_lines,
)
from feedesk.models.periods import Period

TODAY = date(2026, 11, 17)
OPENED = datetime(2026, 11, 9, 10, 30)
RESOLVED = datetime(2026, 11, 14, 9)
TOLD = datetime(2026, 11, 16, 16)


def charge(number: int, owed: int = 10_000, *, due: date = date(2026, 7, 15), **more: object) -> Charge:
    return replace(
        Charge(number, 1, "物业费", FeeKind.PROPERTY, Period.parse("2026-07..2026-09"), owed, 0, due, False), **more
    )


def dispute(kind: str = "服务不满", **more: object) -> Dispute:
    plain = Dispute(1, 1, kind, "客服部", "", False, None, True, date(2026, 11, 20), OPENED, "许宁")
    return replace(plain, **more)


LINE = (DisputedLine(7, "2026年7–9月 物业费", 10_000),)

# ---- what it holds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "holds"),
    [
        pytest.param(dispute(), Scope.ACCOUNT, id="the whole account"),
        pytest.param(dispute(lines=LINE), Scope.LINES, id="its lines only"),
        pytest.param(dispute(hold=False), Scope.NOTHING, id="nothing, where the clerk chose so"),
        pytest.param(dispute(resolved_at=RESOLVED), Scope.ACCOUNT, id="resolved, but the owner has not heard of it"),
        pytest.param(dispute(hold=False, resolved_at=RESOLVED), Scope.NOTHING, id="what held nothing holds nothing"),
        pytest.param(dispute(is_ours=True, hold=False), Scope.ACCOUNT, id="our own fault holds whatever was chosen"),
        pytest.param(dispute("房屋质量", hold=False), Scope.ACCOUNT, id="so does a defect of the building"),
        pytest.param(
            dispute("公共设施", is_ours=False, hold=False, lines=LINE), Scope.LINES, id="a defect even if not our fault"
        ),
        pytest.param(dispute(is_ours=True, resolved_at=RESOLVED), Scope.ACCOUNT, id="until the owner has been told"),
        pytest.param(dispute("房屋质量", resolved_at=RESOLVED), Scope.ACCOUNT, id="a mended defect as well"),
        pytest.param(
            dispute(is_ours=True, resolved_at=RESOLVED, reported_at=TOLD), Scope.NOTHING, id="told: collecting goes on"
        ),
        pytest.param(dispute(is_ours=False, hold=False), Scope.NOTHING, id="not our fault, not held"),
    ],
)
def test_what_an_objection_holds(one: Dispute, holds: Scope) -> None:
    assert one.holds is holds


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_our_fault_holds_at_least_as_long_as_anything_else(
    hold: bool, must: bool, is_resolved: bool, is_reported: bool
) -> None:
    is_reported = is_reported and is_resolved
    holding = is_holding(hold=hold, must=must, is_resolved=is_resolved, is_reported=is_reported)
    assert not (is_resolved and is_reported and holding), "nothing holds once it is closed"
    assert holding is ((hold or must) and not (is_resolved and is_reported))


@pytest.mark.parametrize(
    ("kind", "is_ours", "must"),
    [
        ("房屋质量", None, True),
        ("公共设施", False, True),
        ("金额不符", None, False),
        ("金额不符", True, True),
        ("服务不满", False, False),
        ("电梯常坏", None, False),
    ],
)
def test_what_is_mended_before_the_money_is_asked_for(kind: str, is_ours: bool | None, must: bool) -> None:
    assert must_mend(kind, is_ours) is must


# ---- kinds ----------------------------------------------------------------------------------------------------------


def test_every_kind_goes_to_a_department_that_is_offered() -> None:
    assert {kind.department for kind in DISPUTE_KINDS} <= set(DEPARTMENTS)
    assert len(DISPUTE_KINDS) == 9, "a digit each"
    assert department_for("电梯常坏") == ""


OLD, OLDER, FRESH = (
    charge(1, due=date(2024, 1, 15)),
    charge(2, due=date(2025, 3, 15)),
    charge(3, due=date(2026, 7, 15)),
)
PAID = charge(4, 0, due=date(2024, 1, 15))


@pytest.mark.parametrize(
    ("kind", "charges", "current", "ids"),
    [
        pytest.param("房屋质量", (OLD, FRESH), 3, (), id="a defect is about the account"),
        pytest.param("服务不满", (OLD, FRESH), 3, (), id="so is service"),
        pytest.param("金额不符", (OLD, FRESH), 3, (3,), id="an amount: the line in hand"),
        pytest.param("收费标准", (OLD, FRESH), None, (), id="a tariff: the clerk ticks which"),
        pytest.param("金额不符", (FRESH, PAID), None, (3,), id="there is but one open"),
        pytest.param("金额不符", (FRESH, OLD, PAID), 4, (), id="a paid line is not in question"),
        pytest.param("历史遗留", (OLD, OLDER, FRESH), 3, (1, 2), id="legacy: what is due for over a year"),
        pytest.param("历史遗留", (FRESH, charge(5)), None, (3,), id="legacy without such: the oldest"),
        pytest.param("历史遗留", (PAID,), None, (), id="nothing is open"),
    ],
)
def test_the_lines_proposed_by_kind(
    kind: str, charges: tuple[Charge, ...], current: int | None, ids: tuple[int, ...]
) -> None:
    assert proposed_lines(kind, charges, TODAY, current) == ids


# ---- days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "today", "age", "is_due", "review"),
    [
        (dispute(), TODAY, 8, False, "11-20 周五"),
        (dispute(), date(2026, 11, 20), 11, True, "今天"),
        (dispute(), date(2026, 11, 25), 16, True, "11-20 周五"),
        (dispute(review_on=None), TODAY, 8, True, "等处理"),
        (dispute(resolved_at=RESOLVED), TODAY, 8, True, "先回访"),
        (dispute(resolved_at=RESOLVED, reported_at=TOLD), date(2026, 12, 24), 7, False, "—"),
    ],
)
def test_age_and_review(one: Dispute, today: date, age: int, is_due: bool, review: str) -> None:
    assert (one.age(today), one.is_due(today), one.review_text(today)) == (age, is_due, review)


def test_it_is_looked_at_again_after_a_week() -> None:
    assert first_review(TODAY) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (dispute(), "交客服部处理，11-20 复查。"),
        (dispute("房屋质量", department="工程部"), "交工程部处理，11-20 复查。先解决、回复业主，再谈缴费。"),
        (dispute(review_on=TODAY), "到了复查的日子：先问客服部进展，再给业主一个说法。"),
        (
            dispute(resolved_at=RESOLVED, outcome=DisputeOutcome.EXPLAINED),
            "先回访：问业主还有没有疑问，说清了再约缴费日。回复之前仍暂缓。",
        ),
        (
            dispute("房屋质量", resolved_at=RESOLVED, outcome=DisputeOutcome.MENDED),
            "先回访：问业主修得怎么样，他认可了再约缴费日。回复之前仍暂缓。",
        ),
        (dispute(resolved_at=RESOLVED, reported_at=TOLD), "已办结，可以照常联系。"),
    ],
)
def test_the_next_thing_to_do_is_told(one: Dispute, words: str) -> None:
    assert one.next_text(TODAY) == words


def test_every_outcome_asks_for_a_word_to_the_owner_before_the_money() -> None:
    assert [offer.outcome for offer in OUTCOMES] == list(DisputeOutcome)
    for offer in OUTCOMES:
        assert offer.follows.endswith("再约缴费日"), offer


@pytest.mark.parametrize(
    ("kind", "review_on", "is_resolved", "words"),
    [
        ("金额不符", date(2026, 11, 24), False, "金额不符异议，11-24 复查"),
        ("金额不符", None, False, "金额不符异议"),
        ("公共设施", date(2026, 11, 24), True, "公共设施异议已处理，先回复业主"),
    ],
)
def test_a_held_line_says_why(kind: str, review_on: date | None, is_resolved: bool, words: str) -> None:
    assert line_hold_text(kind, review_on, is_resolved=is_resolved) == words


# ---- sums -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("charges", "words"),
    [
        ((), ""),
        ((charge(1), charge(2)), ""),
        ((charge(1), charge(2, 44_635, hold="金额不符异议", dispute_id=9)), "其中 ¥446.35 异议暂缓"),
        ((charge(1), charge(2, 44_635, hold="等财务改账")), "其中 ¥446.35 暂缓"),
        ((charge(1, hold="异议", dispute_id=9),), "全部异议暂缓"),
        ((charge(1), charge(2, 0, hold="异议", dispute_id=9)), ""),
    ],
)
def test_what_is_held_is_told_beside_the_sum(charges: tuple[Charge, ...], words: str) -> None:
    assert held_words(charges) == words


@given(st.lists(st.tuples(st.integers(0, 10**9), st.booleans())))
def test_what_is_asked_for_and_what_is_held_make_up_what_is_owed(lines: list[tuple[int, bool]]) -> None:
    charges = [charge(place, owed, hold="异议" * held) for place, (owed, held) in enumerate(lines)]
    asked = sum(one.owed for one in charges if not one.hold)
    assert asked + held_sum(charges) == sum(one.owed for one in charges)


# ---- what is wrong with one -----------------------------------------------------------------------------------------

GOOD = DisputeDraft(1, "金额不符", "财务部", "多算了一个月", (3,))
LINE_3 = (DisputedLine(3, "2026年7–9月 物业费", 10_000),)


@pytest.mark.parametrize(
    ("draft", "running", "field", "words"),
    [
        (GOOD, (), None, ""),
        (replace(GOOD, kind=" "), (), DisputeField.KIND, "请选异议是哪一类"),
        (replace(GOOD, note=" "), (), DisputeField.NOTE, "请写业主对什么有异议"),
        (replace(GOOD, charge_ids=(3, 4)), (), DisputeField.LINES, "已缴清或已变动"),
        (GOOD, (dispute("收费标准", lines=LINE_3),), DisputeField.LINES, "已有收费标准异议在办"),
        (GOOD, (dispute("收费标准", lines=LINE_3, resolved_at=RESOLVED),), None, ""),
        (GOOD, (dispute("金额不符"),), None, ""),
        (replace(GOOD, charge_ids=()), (dispute("金额不符"),), DisputeField.LINES, "整户已有金额不符异议在办"),
        (replace(GOOD, charge_ids=()), (dispute("服务不满"),), None, ""),
        (replace(GOOD, hold=False), (), None, ""),
        (replace(GOOD, hold=False, is_ours=True), (), DisputeField.HOLD, "先解决再谈缴费"),
        (replace(GOOD, hold=False, kind="房屋质量"), (), DisputeField.HOLD, "先解决再谈缴费"),
        (replace(GOOD, review_on=TODAY - timedelta(days=1)), (), DisputeField.REVIEW, "已经过去"),
        (replace(GOOD, review_on=TODAY + timedelta(days=60)), (), None, ""),
        (replace(GOOD, review_on=TODAY + timedelta(days=61)), (), DisputeField.REVIEW, "最远 60 天"),
    ],
)
def test_what_must_be_mended_before_it_is_on_record(
    draft: DisputeDraft, running: tuple[Dispute, ...], field: DisputeField | None, words: str
) -> None:
    found = problems(draft, (FRESH, PAID), running, TODAY)
    assert [one.field for one in found] == [field] * (field is not None)
    assert not found or words in found[0].text


# ---- figures --------------------------------------------------------------------------------------------------------


def test_the_figures_count_what_runs_and_its_age_and_no_fen_twice() -> None:
    rows = [
        DisputeRow(dispute(id=1), "1-101", "林晓岚", 50_000),
        DisputeRow(dispute(id=2, lines=LINE), "1-101", "林晓岚", 10_000),
        DisputeRow(dispute(id=3, account_id=2, lines=LINE_3, department="财务部"), "1-102", "何敏", 10_000),
        DisputeRow(
            dispute(id=4, account_id=3, department="", opened_at=datetime(2026, 10, 8, 9), resolved_at=RESOLVED),
            "1-103", "何敏", 0,
        ),
        DisputeRow(dispute(id=5, account_id=4, resolved_at=RESOLVED, reported_at=TOLD), "1-104", "吴念", 0),
    ]  # fmt: skip
    assert rows[4].dispute.state is DisputeState.CLOSED
    found = figures(rows, TODAY)
    assert (found.open, found.to_report, found.oldest_days, found.average_days) == (4, 1, 40, 16)
    assert found.held == 60_000, "the line of 1-101 is inside its account"
    assert found.by_department == (("客服部", 2, 8), ("未定部门", 1, 40), ("财务部", 1, 8))
    assert found.text == "4 件未办结 · 最久 40 天 · 平均 16 天 · 1 件待回复业主"
    assert figures([], TODAY).text == "没有未办结的异议"
