"""The promise ledger: kept, kept late, in part, broken, renewed; each payment for one promise only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.contacts import PromiseState
from feedesk.models.promises import (
    Arrival,
    JudgedPromise,
    Promise,
    PromiseRate,
    broken_count,
    compared,
    judge,
    owner_line,
    owner_list,
    rates,
    rates_by_clerk,
)
from feedesk.models.workdays import is_workday

TODAY = date(2026, 11, 27)  # a Friday
A, B = 1, 2
KEPT, PART, BROKEN, OPEN = PromiseState.KEPT, PromiseState.PART, PromiseState.BROKEN, PromiseState.OPEN
REPLACED, VOID = PromiseState.REPLACED, PromiseState.VOID


def at(text: str) -> datetime:
    """`11-20 10:00` of the year."""
    return datetime.fromisoformat(f"2026-{text}")


def on(text: str) -> date:
    """`11-20` of the year."""
    return date.fromisoformat(f"2026-{text}")


def promise(number: int, made: str, due: str, *parts: tuple[int, int], voided: str = "") -> Promise:
    """What was promised in contact `number`: for unit A 1,000 分 unless said otherwise."""
    return Promise(number, 7, parts or ((A, 1_000),), on(due), at(made), 3, "许宁", "1-1-101", "林晓岚", voided)


def came(day: str, amount: int = 1_000, account: int = A, booked: str = "") -> Arrival:
    """Money paid on a day and booked at noon of it, unless it was booked later."""
    return Arrival(account, at(booked or f"{day} 12:00"), on(day), amount)


def states(promises: list[Promise], money: list[Arrival]) -> list[tuple[int, PromiseState, int, int]]:
    """Number, state, what came in time and late, oldest first."""
    found = reversed(judge(promises, money, TODAY, is_workday))
    return [(one.promise.contact_id, one.state, one.in_time, one.late) for one in found]


FRIDAY = promise(1, "11-18 10:00", "11-20")
"""Made on a Wednesday for the Friday; the grace is over with Monday 11-23."""


@pytest.mark.parametrize(
    ("promises", "money", "expected", "words"),
    [
        pytest.param([FRIDAY], [came("11-19")], (KEPT, 1_000, 0), "兑现：11-19 到账", id="before its day"),
        pytest.param([FRIDAY], [came("11-23")], (KEPT, 1_000, 0), "兑现：11-23 到账", id="on the last day of grace"),
        pytest.param(
            [FRIDAY], [came("11-24")], (KEPT, 0, 1_000), "迟缴：11-24 到账，过了 11-20 和 1 个工作日", id="after it"
        ),
        pytest.param(
            [FRIDAY], [came("11-20", booked="11-26 09:00")], (KEPT, 1_000, 0), "兑现：11-20 到账",
            id="paid in time and booked late is in time",
        ),
        pytest.param(
            [FRIDAY], [came("11-20", 600), came("11-25", 400)], (KEPT, 600, 400),
            "迟缴：11-25 到账，过了 11-20 和 1 个工作日", id="the rest came late",
        ),
        pytest.param([FRIDAY], [came("11-19", 5_000)], (KEPT, 1_000, 0), "兑现：11-19 到账", id="more than promised"),
        pytest.param(
            [FRIDAY], [came("11-19", 999)], (PART, 999, 0),
            "部分到账 ¥9.99：过了 11-20 和 1 个工作日，还差 ¥0.01", id="one 分 short",
        ),
        pytest.param([FRIDAY], [], (BROKEN, 0, 0), "失约：过了 11-20 和 1 个工作日，没有到账", id="nothing came"),
        pytest.param(
            [FRIDAY], [came("11-18", booked="11-18 09:59")], (BROKEN, 0, 0),
            "失约：过了 11-20 和 1 个工作日，没有到账", id="money from before the promise never counts",
        ),
        pytest.param(
            [FRIDAY], [came("11-17", booked="11-19 09:00")], (VOID, 0, 0),
            "不计：说的时候钱已经付了，只是还没入账：不算承诺", id="paid before, booked since: nothing was to be promised",
        ),
        pytest.param(
            [FRIDAY], [came("11-17", 400, booked="11-19 09:00"), came("11-20", 600)], (KEPT, 600, 0),
            "兑现：11-20 到账", id="part of it had been paid before",
        ),
        pytest.param(
            [FRIDAY], [came("11-19"), came("11-21", -1_000)], (BROKEN, 0, 0),
            "失约：过了 11-20 和 1 个工作日，没有到账", id="taken back",
        ),
        pytest.param(
            [FRIDAY], [came("11-19"), came("11-21", -400)], (PART, 600, 0),
            "部分到账 ¥6.00：过了 11-20 和 1 个工作日，还差 ¥4.00", id="a part of it taken back",
        ),
        pytest.param(
            [FRIDAY], [came("11-19", account=B)], (BROKEN, 0, 0),
            "失约：过了 11-20 和 1 个工作日，没有到账", id="money for another unit that was not promised",
        ),
        pytest.param([promise(1, "11-25 10:00", "11-30")], [], (OPEN, 0, 0), "未到期：说定 11-30", id="not yet due"),
        pytest.param(
            [promise(1, "11-25 10:00", "11-30")], [came("11-26", 10)], (OPEN, 10, 0), "未到期：说定 11-30",
            id="a part before the day is not yet a part",
        ),
        pytest.param([promise(1, "11-25 10:00", "11-27")], [], (OPEN, 0, 0), "未到期：今天到期", id="today"),
        pytest.param(
            [promise(1, "11-25 10:00", "11-26")], [], (OPEN, 0, 0), "未到期：11-26 到期，等入账", id="in its grace"
        ),
        pytest.param(
            [promise(1, "11-18 10:00", "11-20", voided="记错户了（11-18 许宁）")], [came("11-19")], (VOID, 0, 0),
            "不计：联系已作废：记错户了（11-18 许宁）", id="the contact was voided",
        ),
        pytest.param(
            [promise(1, "11-18 10:00", "11-20", (A, 1_000), (B, 500))], [came("11-19", 900), came("11-20", 600, B)],
            (KEPT, 1_500, 0), "兑现：11-20 到账", id="for two units: one promise, whichever unit it is booked on",
        ),
    ],
)  # fmt: skip
def test_how_one_promise_stands(
    promises: list[Promise], money: list[Arrival], expected: tuple[PromiseState, int, int], words: str
) -> None:
    (judged,) = judge(promises, money, TODAY, is_workday)
    assert (judged.state, judged.in_time, judged.late) == expected
    assert f"{judged.words}：{judged.why}" == words


@pytest.mark.parametrize(
    ("promises", "money", "expected"),
    [
        pytest.param(
            [FRIDAY, promise(2, "11-19 10:00", "11-25")], [came("11-25")],
            [(1, REPLACED, 0, 0), (2, KEPT, 1_000, 0)], id="changed before its day: the old stays, not as broken",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-23 10:00", "11-25")], [],
            [(1, REPLACED, 0, 0), (2, BROKEN, 0, 0)], id="changed on the last day of its grace",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-24 10:00", "11-25")], [came("11-25")],
            [(1, BROKEN, 0, 0), (2, KEPT, 1_000, 0)], id="made after it broke: the old stays broken",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-19 10:00", "11-25")], [came("11-18")],
            [(1, KEPT, 1_000, 0), (2, BROKEN, 0, 0)], id="one payment is not for two promises",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-25 10:00", "11-30")], [came("11-20", booked="11-26 09:00")],
            [(1, KEPT, 1_000, 0), (2, VOID, 0, 0)], id="paid as promised, asked again before it was booked",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-19 10:00", "11-25")], [came("11-18", 300), came("11-25", 5_000)],
            [(1, REPLACED, 300, 0), (2, KEPT, 1_000, 0)], id="what came before it was renewed stays with the old",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-19 10:00", "11-25", voided="记错户了")], [],
            [(1, BROKEN, 0, 0), (2, VOID, 0, 0)], id="a voided promise replaces nothing",
        ),
        pytest.param(
            [FRIDAY, promise(2, "11-19 10:00", "11-25", (B, 500))], [came("11-20"), came("11-25", 500, B)],
            [(1, KEPT, 1_000, 0), (2, KEPT, 500, 0)], id="a promise for another unit leaves this one alone",
        ),
        pytest.param(
            [promise(1, "11-18 10:00", "11-20", (A, 1_000), (B, 500)), promise(2, "11-19 10:00", "11-25", (B, 500))],
            [came("11-20"), came("11-25", 500, B)],
            [(1, KEPT, 1_000, 0), (2, KEPT, 500, 0)], id="renewed for one unit: kept with what was left of it",
        ),
        pytest.param(
            [promise(1, "11-18 10:00", "11-20", (A, 1_000), (B, 500)), promise(2, "11-19 10:00", "11-25", (B, 500))],
            [came("11-20", 1_200)],
            [(1, KEPT, 1_000, 0), (2, BROKEN, 0, 0)], id="renewed for one unit: more for the other is not counted for it",
        ),
        pytest.param(
            [promise(1, "11-18 10:00", "11-20", (A, 1_000), (B, 500)), promise(2, "11-19 10:00", "11-25", (B, 500))],
            [came("11-25", 500, B)],
            [(1, BROKEN, 0, 0), (2, KEPT, 500, 0)], id="renewed for one unit, broken for the other",
        ),
        pytest.param(
            [promise(1, "11-02 10:00", "11-04"), promise(2, "11-09 10:00", "11-11"), promise(3, "11-16 10:00", "11-18")],
            [came("11-18")],
            [(1, BROKEN, 0, 0), (2, BROKEN, 0, 0), (3, KEPT, 1_000, 0)], id="the third time he paid",
        ),
    ],
)  # fmt: skip
def test_promises_of_one_owner_after_each_other(
    promises: list[Promise], money: list[Arrival], expected: list[tuple[int, PromiseState, int, int]]
) -> None:
    assert states(promises, money) == expected


def test_a_renewed_promise_says_when_and_for_which_day() -> None:
    _, old = judge([FRIDAY, promise(2, "11-19 10:00", "11-25")], [], TODAY, is_workday)
    assert (old.words, old.why) == ("已改期", "11-19 改约 11-25")


# --- counting ---


def _made(*found: tuple[PromiseState, int]) -> list[JudgedPromise]:
    return [
        JudgedPromise(promise(number, "11-18 10:00", "11-20"), state, "", late=late)
        for number, (state, late) in enumerate(found)
    ]


def test_the_rate_counts_only_what_is_decided() -> None:
    judged = _made((KEPT, 0), (KEPT, 0), (KEPT, 900), (PART, 400), (BROKEN, 0), (OPEN, 0), (REPLACED, 0), (VOID, 0))
    assert rates(judged) == PromiseRate(
        kept=2, late=1, part=1, broken=1, replaced=1, open=1, promised=5_000, came=1_300
    )
    assert (rates(judged).decided, rates(judged).total) == (5, 7)
    assert (rates(judged).kept_share, rates(judged).share_text) == (400, "40.0%")
    assert owner_line(judged) == "承诺 7 次：兑现 2 · 迟缴 1 · 部分 1 · 失约 1 · 改期 1 · 未到期 1"


@pytest.mark.parametrize(
    ("kept", "broken", "text"),
    [(0, 0, "样本不足"), (4, 0, "样本不足"), (5, 0, "100.0%"), (0, 5, "0.0%"), (4, 2, "66.7%"), (1, 6, "14.3%")],
)
def test_no_share_is_told_of_fewer_than_five(kept: int, broken: int, text: str) -> None:
    assert PromiseRate(kept=kept, broken=broken).share_text == text


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (PromiseRate(kept=4, broken=2), PromiseRate(kept=3, broken=3), "比上月高 16.7 点"),
        (PromiseRate(kept=2, broken=3), PromiseRate(kept=3, broken=2), "比上月低 20 点"),
        (PromiseRate(kept=5), PromiseRate(kept=7), "与上月持平"),
        (PromiseRate(kept=5), PromiseRate(kept=4), ""),
    ],
)
def test_against_the_month_before_in_words(now: PromiseRate, before: PromiseRate, words: str) -> None:
    assert compared(now, before) == words


def test_an_owner_who_promised_nothing_has_no_line() -> None:
    assert owner_line([]) == ""
    assert owner_line(_made((VOID, 0))) == ""


def test_the_list_of_an_owner_tells_each_promise_newest_first() -> None:
    judged = judge([FRIDAY, promise(2, "11-24 10:00", "11-25")], [came("11-25", 500)], TODAY, is_workday)
    assert owner_list(judged, TODAY).splitlines() == [
        "11-25 ¥10.00：部分到账 ¥5.00（过了 11-25 和 1 个工作日，还差 ¥5.00）",
        "11-20 ¥10.00：失约（过了 11-20 和 1 个工作日，没有到账）",
    ]


def test_each_clerk_has_the_promises_he_took_and_voided_ones_are_nobodys() -> None:
    xu, gu = promise(1, "11-18 10:00", "11-20"), Promise(2, 8, ((B, 1),), on("11-20"), at("11-18 10:00"), 4, "顾然")
    other = Promise(3, 9, ((5, 1),), on("11-20"), at("11-18 10:00"), 5, "孟夏", voided="记错户了")
    judged = [JudgedPromise(xu, KEPT, ""), JudgedPromise(xu, BROKEN, ""), JudgedPromise(gu, KEPT, "")]
    found = rates_by_clerk([*judged, JudgedPromise(other, VOID, "")])
    assert [(name, rate.kept, rate.broken) for name, rate in found] == [("许宁", 1, 1), ("顾然", 1, 0)]


@dataclass(frozen=True)
class Held:
    """A promise of one account, as the state of an account knows it."""

    due_on: date
    amount: int
    made_at: datetime
    paid_since: int = 0


@pytest.mark.parametrize(
    ("held", "count"),
    [
        ((), 0),
        ((Held(on("11-30"), 100, at("11-18 10:00")),), 0),
        ((Held(on("11-20"), 100, at("11-18 10:00")),), 1),
        ((Held(on("11-20"), 100, at("11-18 10:00"), 99),), 1),
        ((Held(on("11-20"), 100, at("11-18 10:00"), 100),), 0),
        ((Held(on("11-20"), 100, at("11-18 10:00")), Held(on("11-30"), 100, at("11-23 10:00"))), 0),
        ((Held(on("11-20"), 100, at("11-18 10:00")), Held(on("11-30"), 100, at("11-24 10:00"))), 1),
        # the money came after the second promise: the first stays broken
        ((Held(on("11-20"), 100, at("11-18 10:00"), 100), Held(on("11-30"), 100, at("11-24 10:00"), 100)), 1),
    ],
)
def test_how_many_were_broken(held: tuple[Held, ...], count: int) -> None:
    assert broken_count(held, TODAY, is_workday) == count
    assert broken_count(held[::-1], TODAY, is_workday) == count


# --- whatever was said and paid ---

MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: datetime(2026, 9, 20) + timedelta(minutes=minutes))
MONEY = st.builds(
    lambda account, moment, back, amount: Arrival(account, moment, moment.date() - timedelta(days=back), amount),
    st.integers(1, 3), MOMENTS, st.integers(0, 5), st.integers(-900, 900).filter(bool),
)  # fmt: skip
SAID = st.lists(
    st.tuples(
        MOMENTS,
        st.integers(0, 20),
        st.dictionaries(st.integers(1, 3), st.integers(1, 900), min_size=1),
        st.sampled_from(["", "", "", "记错户了"]),
    ),
    max_size=6,
).map(
    lambda said: [
        Promise(number, 7, tuple(sorted(parts.items())), moment.date() + timedelta(days=days), moment, voided=voided)
        for number, (moment, days, parts, voided) in enumerate(said)
    ]
)


@given(SAID, st.lists(MONEY, max_size=8))
def test_no_more_is_credited_than_came_or_was_promised(promises: list[Promise], money: list[Arrival]) -> None:
    judged = judge(promises, money, TODAY, is_workday)
    assert sum(one.came for one in judged) <= sum(one.amount for one in money if one.amount > 0)
    assert all(one.in_time >= 0 and one.late >= 0 and one.came <= one.promise.amount for one in judged)
    assert all(one.came == 0 for one in judged if one.state in (BROKEN, VOID))


@given(SAID, st.lists(MONEY, max_size=8))
def test_every_promise_is_in_exactly_one_state(promises: list[Promise], money: list[Arrival]) -> None:
    judged = judge(promises, money, TODAY, is_workday)
    assert sorted(one.promise.contact_id for one in judged) == sorted(one.contact_id for one in promises)
    rate, held = rates(judged), Counter(one.state for one in judged)
    assert rate.total + held[VOID] == len(promises)
    assert rate.kept + rate.late == held[KEPT]
    assert rate.came <= rate.promised
    assert all(one.why and one.words for one in judged)


@given(SAID, st.lists(MONEY, max_size=8, unique_by=lambda one: (one.account_id, one.at)), st.randoms())
def test_the_order_of_entry_does_not_matter(promises: list[Promise], money: list[Arrival], random: object) -> None:
    before = judge(promises, money, TODAY, is_workday)
    shuffle: Callable[[list[object]], None] = random.shuffle  # type: ignore[attr-defined]  # hypothesis gives a Random
    said, paid = list(promises), list(money)
    shuffle(said)  # type: ignore[arg-type]  # any list
    shuffle(paid)  # type: ignore[arg-type]  # any list
    assert judge(said, paid, TODAY, is_workday) == before


@given(SAID, st.lists(MONEY, max_size=8), st.integers(1, 3), st.integers(0, 40), st.integers(1, 900))
def test_more_money_never_makes_a_promise_worse(
    promises: list[Promise], money: list[Arrival], account: int, day: int, amount: int
) -> None:
    taken_in = [one for one in money if one.amount > 0]
    moment = datetime(2026, 9, 20, 12) + timedelta(days=day)
    more = [*taken_in, Arrival(account, moment, moment.date(), amount)]
    rank = {BROKEN: 0, PART: 1, OPEN: 1, REPLACED: 1, KEPT: 2, VOID: 2}
    before = {one.promise.contact_id: one for one in judge(promises, taken_in, TODAY, is_workday)}
    for one in judge(promises, more, TODAY, is_workday):
        assert rank[one.state] >= rank[before[one.promise.contact_id].state]
        assert one.came >= before[one.promise.contact_id].came
