"""分期: what may be agreed, how it is proposed, and where a plan stands. Today is Tuesday, 2026-11-17, unless said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.ledger.plans import (
    MOST_INSTALMENTS,
    Instalment,
    PlanDraft,
    PlanFacts,
    PlanState,
    PlanVerdict,
    derive,
    problems,
    propose,
)
from feedesk.models.workdays import grace_ends

MADE = date(2026, 9, 1)
TODAY = date(2026, 11, 17)


def is_workday(day: date) -> bool:
    return day.weekday() < 5


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def plan(*parts: tuple[str, int], made_on: date = MADE) -> PlanDraft:
    instalments = tuple(Instalment(i, on(day), amount) for i, (day, amount) in enumerate(parts, start=1))
    return PlanDraft((7,), made_on, instalments, sum(amount for _, amount in parts))


THREE = plan(("10-15", 50_000), ("11-13", 50_000), ("12-15", 50_000))
"""Thursday, Friday (its grace ends on Monday, 11-16), Tuesday."""


def verdict(
    *paid: tuple[str, int], today: date = TODAY, owed: int = 1, waived: int = 0, of: PlanDraft = THREE
) -> PlanVerdict:
    facts = PlanFacts(1, of, tuple((on(day), amount) for day, amount in paid), owed, waived)
    return derive(facts, today, is_workday)


# --- proposing ---


@pytest.mark.parametrize(
    ("total", "count", "first", "monthly", "expected"),
    [
        pytest.param(300_00, 3, "11-30", True, "11-30 100.00, 12-30 100.00, 2027-01-30 100.00", id="even"),
        pytest.param(100_00, 3, "11-20", True, "11-20 33.33, 12-20 33.33, 2027-01-20 33.34", id="rest in the last"),
        pytest.param(
            500_00, 4, "12-31", True, "12-31 125.00, 2027-01-31 125.00, 2027-02-28 125.00, 2027-03-31 125.00",
            id="a short month takes its last day, the next one the day again",
        ),
        pytest.param(100_01, 2, "12-28", False, "12-28 50.00, 2027-01-04 50.01", id="weekly"),
        pytest.param(2, 2, "11-17", True, "11-17 0.01, 12-17 0.01", id="one 分 each"),
    ],
)  # fmt: skip
def test_equal_instalments(total: int, count: int, first: str, monthly: bool, expected: str) -> None:
    parts = propose(total, count, on(first), monthly=monthly)
    shown = ", ".join(f"{str(p.due_on).removeprefix('2026-')} {p.amount // 100}.{p.amount % 100:02d}" for p in parts)
    assert shown == expected
    assert [part.number for part in parts] == list(range(1, count + 1))


@pytest.mark.parametrize(("total", "count"), [(100_00, 1), (100_00, 0), (100_00, MOST_INSTALMENTS + 1), (2, 3)])
def test_what_is_no_plan_is_not_proposed(total: int, count: int) -> None:
    with pytest.raises(BadInput, match="没有排出来"):
        propose(total, count, TODAY)


@given(
    total=st.integers(MOST_INSTALMENTS, 10**9),
    count=st.integers(2, MOST_INSTALMENTS),
    first=st.dates(TODAY, date(2040, 12, 31)),
    monthly=st.booleans(),
)
def test_a_proposal_can_always_be_agreed(total: int, count: int, first: date, monthly: bool) -> None:
    parts = propose(total, count, first, monthly=monthly)
    draft = PlanDraft((7,), TODAY, parts, total)
    assert problems(draft, total, TODAY) == ()
    assert parts[0].due_on == first and max(p.amount for p in parts) - min(p.amount for p in parts) < count
    assert all(0 < (later.due_on - earlier.due_on).days <= 31 for earlier, later in pairwise(parts))


# --- agreeing ---

GOOD = plan(("11-17", 50_000), ("12-17", 50_000), made_on=TODAY)


@pytest.mark.parametrize(
    ("change", "owed", "problem"),
    [
        pytest.param({}, 100_000, "", id="fine, the first instalment today"),
        pytest.param({"account_ids": ()}, 100_000, "请先选一户。", id="nobody"),
        pytest.param({}, 100_001, "分期总额 ¥1,000.00 与现在的欠费 ¥1,000.01 不一致", id="not all that is owed"),
        pytest.param({}, 0, "没有欠费，不用分期。", id="nothing owed"),
        pytest.param({"made_on": on("11-16")}, 100_000, "协议日期应是今天", id="back-dated"),
        pytest.param({"instalments": GOOD.instalments[:1]}, 100_000, "一次缴清的请记“承诺缴费”", id="one only"),
        pytest.param({"total": 100_001}, 100_001, "各期合计 ¥1,000.00，应等于 ¥1,000.01", id="sum"),
        pytest.param(
            {"instalments": (Instalment(1, on("12-17"), 50_000), Instalment(2, on("12-17"), 50_000))}, 100_000,
            "一期比一期晚", id="two on a day",
        ),
        pytest.param(
            {"instalments": (Instalment(1, on("11-16"), 50_000), Instalment(2, on("12-17"), 50_000))}, 100_000,
            "第一期的日期已经过去了", id="past",
        ),
        pytest.param(
            {"instalments": (Instalment(2, on("11-18"), 50_000), Instalment(1, on("12-17"), 50_000))}, 100_000,
            "期数要从 1 起", id="numbers",
        ),
        pytest.param(
            {"instalments": (Instalment(1, on("11-18"), 100_000), Instalment(2, on("12-17"), 0))}, 100_000,
            "每期金额都要大于 0", id="nothing in an instalment",
        ),
    ],
)  # fmt: skip
def test_what_may_be_agreed(change: dict[str, object], owed: int, problem: str) -> None:
    found = problems(replace(GOOD, **change), owed, TODAY)  # type: ignore[arg-type]  # fields by name
    if problem:
        assert any(problem in sentence for sentence in found), found
    else:
        assert found == ()


# --- where a plan stands ---


@pytest.mark.parametrize(
    ("paid", "today", "state", "number", "missing", "why"),
    [
        pytest.param((), "09-01", "running", 1, 50_000, "第 1/3 期 ¥500.00，10-15（含）前缴", id="just agreed"),
        pytest.param((), "10-15", "running", 1, 50_000, "第 1/3 期 ¥500.00，10-15（含）前缴", id="on its day"),
        pytest.param(
            (), "10-16", "running", 1, 50_000, "第 1/3 期 ¥500.00 已到期，还在入账宽限内", id="the workday of grace"
        ),
        pytest.param(
            (), "10-17", "broken", 1, 50_000,
            "第 1 期（10-15 ¥500.00）过期 2 天未到账，分期失效，恢复到原阶段", id="broken when the grace is over",
        ),
        pytest.param(
            (("10-14", 50_000),), "10-17", "running", 2, 50_000, "第 2/3 期 ¥500.00，11-13（含）前缴，已到账 ¥500.00",
            id="kept",
        ),
        pytest.param(
            (("10-16", 50_000),), "10-20", "running", 2, 50_000, "第 2/3 期 ¥500.00，11-13（含）前缴，已到账 ¥500.00",
            id="came within the grace",
        ),
        pytest.param(
            (("10-17", 50_000),), "10-20", "broken", 1, 0,
            "第 1 期（10-15 ¥500.00）过了宽限才到齐，分期已失效，恢复到原阶段；要继续分期请重新商定",
            id="came too late: stays broken, and says so",
        ),
        pytest.param(
            (("10-14", 20_000),), "10-19", "broken", 1, 30_000,
            "第 1 期（10-15 ¥500.00）过期 2 天只到账 ¥200.00，分期失效，恢复到原阶段", id="part is not enough; counted to the day it broke",
        ),
        pytest.param(
            (("09-20", 70_000),), "11-16", "running", 2, 30_000, "第 2/3 期 ¥300.00 已到期，还在入账宽限内，已到账 ¥700.00",
            id="too much early counts for the next",
        ),
        pytest.param(
            (("09-20", 70_000),), "11-17", "broken", 2, 30_000,
            "第 2 期（11-13 ¥500.00）过期 4 天只到账 ¥200.00，分期失效，恢复到原阶段", id="the weekend is no grace used up",
        ),
        pytest.param(
            (("09-20", 100_000),), "11-17", "running", 3, 50_000, "第 3/3 期 ¥500.00，12-15（含）前缴，已到账 ¥1,000.00",
            id="two paid at once",
        ),
        pytest.param((("09-20", 150_000),), "09-20", "done", None, 0, "分期款已全部到账", id="all at once, ahead"),
        pytest.param((("12-30", 150_000),), "12-31", "done", None, 0, "分期款已全部到账", id="all in the end, late"),
        pytest.param(
            (("11-20", 50_000),), "10-15", "running", 1, 50_000, "第 1/3 期 ¥500.00，10-15（含）前缴",
            id="what comes later is not seen before",
        ),
    ],
)  # fmt: skip
def test_where_a_plan_stands(
    paid: tuple[tuple[str, int], ...], today: str, state: str, number: int | None, missing: int, why: str
) -> None:
    found = verdict(*paid, today=on(today))
    assert (found.state, found.current and found.current.number, found.missing, found.why) == (
        state, number, missing, why,
    )  # fmt: skip


def test_instalments_fill_up_in_their_order() -> None:
    found = verdict(("10-14", 50_000), ("11-13", 30_000), today=TODAY)
    assert [(part.paid, part.is_late) for part in found.instalments] == [(50_000, False), (30_000, True), (0, False)]


@pytest.mark.parametrize(
    ("waived", "today", "state", "missing"),
    [
        (0, "12-17", "broken", 50_000),
        pytest.param(50_000, "12-17", "done", 0, id="the last instalment let off"),
        pytest.param(20_000, "12-15", "running", 30_000, id="part of the last let off"),
        pytest.param(20_000, "12-17", "broken", 30_000, id="the rest of it not paid"),
    ],
)
def test_what_is_let_off_shortens_a_plan_from_its_end(waived: int, today: str, state: str, missing: int) -> None:
    found = verdict(("10-14", 50_000), ("11-13", 50_000), today=on(today), waived=waived)
    assert (found.state, found.missing) == (state, missing)


def test_a_waiver_does_not_stand_in_for_the_next_instalment() -> None:
    assert verdict(today=on("10-17"), waived=50_000).state is PlanState.BROKEN


def test_a_debt_that_is_gone_ends_the_plan() -> None:
    found = verdict(("10-14", 50_000), owed=0, today=on("12-31"))
    assert (found.state, found.why, found.kept) == (PlanState.DONE, "欠费已结清，分期随之结束", True)
    assert not any(part.is_late for part in found.instalments)


@pytest.mark.parametrize(
    ("paid", "kept"),
    [
        pytest.param((("10-14", 50_000), ("11-13", 50_000), ("12-15", 50_000)), True, id="always in time"),
        pytest.param((("10-14", 50_000), ("11-20", 100_000)), False, id="all paid, the second too late"),
    ],
)
def test_a_plan_that_was_done_remembers_whether_it_was_kept(paid: tuple[tuple[str, int], ...], kept: bool) -> None:
    found = verdict(*paid, today=on("12-20"))
    assert (found.state, found.kept) == (PlanState.DONE, kept)


# --- what always holds ---

_PLANS = st.lists(
    st.tuples(st.integers(1, 40), st.integers(1, 100_000)), min_size=2, max_size=6
).map(
    lambda gaps: PlanDraft(
        (7,),
        MADE,
        tuple(
            Instalment(i + 1, MADE + timedelta(days=sum(gap for gap, _ in gaps[: i + 1])), amount)
            for i, (_, amount) in enumerate(gaps)
        ),
        sum(amount for _, amount in gaps),
    )
)  # fmt: skip
_PAID = st.lists(st.tuples(st.integers(0, 250).map(lambda n: MADE + timedelta(days=n)), st.integers(1, 150_000)))
_DAYS = st.integers(0, 300).map(lambda n: MADE + timedelta(days=n))
_RANK = {PlanState.BROKEN: 0, PlanState.RUNNING: 1, PlanState.DONE: 2}


@given(_PLANS, _PAID, _DAYS, st.integers(0, 200_000), st.randoms())
def test_money_is_neither_lost_nor_made(
    draft: PlanDraft, paid: list[tuple[date, int]], today: date, waived: int, random: object
) -> None:
    facts = PlanFacts(1, draft, tuple(paid), 1, waived)
    found = derive(facts, today, is_workday)
    came = sum(amount for day, amount in paid if day <= today)
    assert sum(part.paid for part in found.instalments) == min(came, draft.total)
    assert all(0 <= part.paid <= part.instalment.amount for part in found.instalments)
    assert (found.state is PlanState.DONE) == (came >= max(0, draft.total - waived))
    assert (found.current is None) == (found.state is PlanState.DONE)
    shuffled = list(paid)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert derive(replace(facts, paid=tuple(shuffled)), today, is_workday) == found


@given(
    _PLANS, _PAID, _DAYS, st.tuples(st.integers(0, 250).map(lambda n: MADE + timedelta(days=n)), st.integers(1, 10**6))
)
def test_paying_never_makes_a_plan_worse(
    draft: PlanDraft, paid: list[tuple[date, int]], today: date, more: tuple[date, int]
) -> None:
    before = derive(PlanFacts(1, draft, tuple(paid), 1), today, is_workday)
    after = derive(PlanFacts(1, draft, (*paid, more), 1), today, is_workday)
    assert _RANK[after.state] >= _RANK[before.state]
    assert after.kept >= before.kept
    assert all(now.paid >= was.paid for now, was in zip(after.instalments, before.instalments, strict=True))


@given(_PLANS, _PAID, _DAYS, st.integers(1, 60))
def test_time_alone_never_mends_a_plan(draft: PlanDraft, paid: list[tuple[date, int]], today: date, days: int) -> None:
    facts = PlanFacts(1, draft, tuple((day, amount) for day, amount in paid if day <= today), 1)
    now, later = derive(facts, today, is_workday), derive(facts, today + timedelta(days=days), is_workday)
    assert _RANK[later.state] <= _RANK[now.state] and later.kept <= now.kept


@given(_PLANS, _DAYS)
def test_paid_on_the_last_day_of_grace_is_kept(draft: PlanDraft, today: date) -> None:
    paid = tuple((grace_ends(part.due_on, is_workday), part.amount) for part in draft.instalments)
    assert derive(PlanFacts(1, draft, paid, 1), today, is_workday).kept
    late = tuple((day + timedelta(days=1), amount) for day, amount in paid)
    after_all = max(day for day, _ in late)
    assert not derive(PlanFacts(1, draft, late, 1), after_all, is_workday).kept
