"""The state of an account: one mark, one place in 今日, and the reason. Today is Tuesday, 2026-11-17, 15:46."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import Action, Category, FlagKind, MarkKind, WorkGroup
from feedesk.models.contacts import Channel, ClaimDraft, Outcome
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.status import AccountFacts, AccountState, ContactFacts, PromiseFacts, derive
from feedesk.models.workdays import grace_ends

NOW = datetime(2026, 11, 17, 15, 46)
TODAY = NOW.date()
OWES = AccountFacts(1, 344_635, oldest_due_on=date(2026, 4, 15), first_seen=datetime(2026, 11, 13, 9, 0))


def is_workday(day: date) -> bool:
    return day.weekday() < 5


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


def said(when: str, outcome: Outcome, words: str = "", channel: Channel = Channel.PHONE) -> ContactFacts:
    return ContactFacts(at(when), channel, outcome, words)


def promise(due: str, made: str, amount: int = 344_635, paid: int = 0) -> PromiseFacts:
    return PromiseFacts(day(due), amount, at(made), paid)


def state(**facts: Any) -> AccountState:
    return derive(replace(OWES, **facts), NOW, is_workday)


PROMISED_15 = {"promises": (promise("11-15", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED),)}
NO_ANSWER_TODAY = said("11-17 15:38", Outcome.NO_ANSWER)


@pytest.mark.parametrize(
    ("facts", "mark", "text", "group", "next_text", "why"),
    [
        pytest.param({}, "open", "待联系", "new", "本周内", "新户，还没有联系过：本周内首电", id="new"),
        pytest.param(
            {"first_seen": at("11-05 09:00")},
            "open",
            "待联系",
            "new",
            "今天",
            "进清单已 12 天，还没有联系过：今天首电",
            id="a first call not made in its week",
        ),
        pytest.param(
            {"oldest_due_on": day("11-30")},
            "open",
            "未到期",
            None,
            "12-01 周二",
            "11-30 才到期，到期前不催",
            id="nobody is dunned before the due day is over",
        ),
        pytest.param(
            {"oldest_due_on": TODAY}, "open", "未到期", None, "明天", "11-17 才到期，到期前不催", id="due today"
        ),
        pytest.param(
            {"flags": (FlagKind.TRANSFER,)},
            "open",
            "待联系",
            "new",
            "本周内",
            "可能已转账未入账，先请财务核对。新户，还没有联系过：本周内首电",
            id="finance's remark warns before the call",
        ),
        pytest.param(
            {"is_former": True},
            "open",
            "待联系",
            "new",
            "本周内",
            "已换业主，欠费仍记在原业主名下：先向财务核对由谁承担。新户，还没有联系过：本周内首电",
            id="former owner",
        ),
        pytest.param(
            PROMISED_15, "broken", "失约 1 次", "broken", "今天", "11-15 的承诺过了 1 个工作日仍未到账", id="broken"
        ),
        pytest.param(
            {
                "promises": (promise("11-15", "11-13 10:00", paid=50_000),),
                "contacts": (said("11-13 10:00", Outcome.PROMISED),),
            },
            "broken",
            "失约 1 次",
            "broken",
            "今天",
            "11-15 的承诺过了 1 个工作日只到账 ¥500.00",
            id="kept in part",
        ),
        pytest.param(
            {
                "promises": (promise("11-05", "11-01 10:00"), promise("11-12", "11-09 10:00")),
                "contacts": (said("11-09 10:00", Outcome.PROMISED),),
            },
            "broken",
            "失约 2 次",
            "broken",
            "今天",
            "11-12 的承诺过了 1 个工作日仍未到账",
            id="broken twice",
        ),
        pytest.param(
            {
                **PROMISED_15,
                "contacts": (said("11-13 10:00", Outcome.PROMISED), NO_ANSWER_TODAY),
                "next_at": at("11-17 16:10"),
                "next_has_time": True,
                "next_reason": "无人接听：30 分钟后再拨",
            },
            "broken",
            "失约 1 次",
            "retry",
            "今天 16:10",
            "无人接听：30 分钟后再拨",
            id="broken, tried already: by what was planned then",
        ),
        pytest.param(
            {"promises": (promise("11-16", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED),)},
            "promised",
            "承诺 11-16",
            None,
            "等入账",
            "11-16 的承诺还在入账的 1 个工作日内：先请财务看是否到账，没到账再问一声",
            id="in its day of grace",
        ),
        pytest.param(
            {"owed": 100_920, "promises": (promise("11-18", "11-13 10:00", 201_820),)},
            "promised",
            "承诺 11-18",
            "due_tomorrow",
            "今天",
            "明天（11-18）是承诺缴 ¥1,009.20 的日子：今天提醒一声",
            id="more promised than is still owed",
        ),
        pytest.param(
            {"owed": 238_291, "askable": 221_760, "promises": (promise("11-17", "11-13 10:00", 238_291),)},
            "due",
            "今日到期",
            "due_today",
            "今天",
            "今天是承诺缴 ¥2,217.60 的日子：先请财务看是否到账",
            id="a part of what is promised is held",
        ),
        pytest.param(
            {"promises": (promise("11-18", "11-13 10:00", paid=44_635),)},
            "promised",
            "承诺 11-18",
            "due_tomorrow",
            "今天",
            "明天（11-18）是承诺缴 ¥3,000.00 的日子：今天提醒一声",
            id="a part of what is promised has come",
        ),
        pytest.param(
            {
                "promises": (promise("11-17", "11-13 10:00"),),
                "contacts": (said("11-13 10:00", Outcome.PROMISED), NO_ANSWER_TODAY),
                "next_at": at("11-17 16:10"),
                "next_has_time": True,
                "next_reason": "无人接听：30 分钟后再拨",
            },
            "due",
            "今日到期",
            "retry",
            "今天 16:10",
            "今天是承诺缴 ¥3,446.35 的日子；无人接听：30 分钟后再拨",
            id="due today and rung in vain: the next try has its time",
        ),
        pytest.param(
            {"has_number": False},
            "open",
            "待联系",
            "new",
            "本周内",
            "新户，还没有联系过；没有登记号码：先查本人留的号码，查不到就上门或发函",
            id="no number to ring",
        ),
        pytest.param(
            {
                "contacts": (said("11-15 10:00", Outcome.OFF),),
                "next_at": at("11-16 10:00"),
                "next_has_time": True,
                "next_reason": "关机（今天第 1 次）：今天不再拨，明天换个时段",
            },
            "noanswer",
            "未接 1 次",
            "follow_up",
            "今天",
            "原定 11-16 跟进，还没有做：关机（那天第 1 次）：换个时段再拨",
            id="what was said of its day is told of that day",
        ),
        pytest.param(
            {
                "contacts": (said("11-14 10:00", Outcome.NO_ANSWER),),
                "next_at": at("11-14 10:30"),
                "next_has_time": True,
                "next_reason": "无人接听：30 分钟后再拨，一天最多 3 次",
            },
            "noanswer",
            "未接 1 次",
            "follow_up",
            "今天",
            "原定 11-14 跟进，还没有做：无人接听：换个时段再拨，一天最多 3 次",
            id="half an hour of three days ago is over",
        ),
        pytest.param(
            {"promises": (promise("11-17", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED),)},
            "due",
            "今日到期",
            "due_today",
            "今天",
            "今天是承诺缴 ¥3,446.35 的日子：先请财务看是否到账",
            id="due today, the reminder forgotten",
        ),
        pytest.param(
            {
                "promises": (promise("11-17", "11-17 10:00"),),
                "contacts": (said("11-17 10:00", Outcome.PROMISED),),
                "next_at": at("11-17 17:00"),
                "next_has_time": True,
            },
            "due",
            "今日到期",
            "due_today",
            "今天 17:00",
            "今天是承诺缴 ¥3,446.35 的日子：先请财务看是否到账",
            id="promised today for today: looked at before closing",
        ),
        pytest.param(
            {
                "promises": (promise("11-17", "11-17 10:00"),),
                "contacts": (said("11-17 10:00", Outcome.PROMISED),),
                "next_at": at("11-18 10:00"),
                "next_has_time": True,
            },
            "due",
            "今日到期",
            None,
            "明天",
            "今天是承诺缴 ¥3,446.35 的日子：先请财务看是否到账",
            id="due today, dealt with",
        ),
        pytest.param(
            {"promises": (promise("11-18", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED),)},
            "promised",
            "承诺 11-18",
            "due_tomorrow",
            "今天",
            "明天（11-18）是承诺缴 ¥3,446.35 的日子：今天提醒一声",
            id="due tomorrow",
        ),
        pytest.param(
            {
                "promises": (promise("11-18", "11-17 10:00"),),
                "contacts": (said("11-17 10:00", Outcome.PROMISED),),
                "next_at": at("11-18 10:00"),
                "next_has_time": True,
            },
            "promised",
            "承诺 11-18",
            None,
            "明天",
            "承诺 11-18 缴 ¥3,446.35，前一天提醒",
            id="promised today for tomorrow: no second call today",
        ),
        pytest.param(
            {
                "promises": (promise("11-20", "11-13 10:00"),),
                "contacts": (said("11-13 10:00", Outcome.PROMISED),),
                "next_at": at("11-19 10:00"),
                "next_has_time": True,
            },
            "promised",
            "承诺 11-20",
            None,
            "11-19 周四",
            "承诺 11-20 缴 ¥3,446.35，前一天提醒",
            id="promised",
        ),
        pytest.param(
            {"contacts": (said("11-16 10:00", Outcome.OFF), NO_ANSWER_TODAY),
             "next_at": at("11-17 16:10"), "next_has_time": True, "next_reason": "无人接听：30 分钟后再拨"},
            "noanswer", "未接 2 次", "retry", "今天 16:10", "无人接听：30 分钟后再拨", id="retry",
        ),
        pytest.param(
            {"contacts": (said("11-16 10:00", Outcome.NO_ANSWER),), "next_at": at("11-17 10:00"),
             "next_has_time": True, "next_reason": "换个时段"},
            "noanswer", "未接 1 次", "follow_up", "今天", "换个时段", id="planned yesterday for this morning",
        ),
        pytest.param(
            {"contacts": (said("11-12 10:00", Outcome.AWAY),), "next_at": at("11-13 10:00"), "next_reason": "每天联系"},
            "away", "在外地", "follow_up", "今天", "原定 11-13 跟进，还没有做：每天联系", id="a follow-up left undone",
        ),
        pytest.param(
            {"contacts": (said("11-17 10:00", Outcome.AWAY),), "next_at": at("11-18 10:00"),
             "next_has_time": True, "next_reason": "D 类：每天联系"},
            "away", "在外地", None, "明天", "等到 11-18：D 类：每天联系", id="spoken to today",
        ),
        pytest.param(
            {"contacts": (said("11-17 10:00", Outcome.DEAD_NUMBER),), "numbers_all_dead": True,
             "next_at": at("11-17 19:00"), "next_has_time": True, "next_reason": "晚上上门"},
            "dead", "停机", "retry", "今晚 19:00", "晚上上门", id="numbers dead, not yet classified",
        ),
        pytest.param(
            {"contacts": (said("11-16 10:00", Outcome.REFUSED),), "waits_for": "等负责人", "next_reason": "报组团负责人"},
            "refuse", "拒绝", "leader", "等负责人", "报组团负责人；已等 1 天", id="refused",
        ),
        pytest.param(
            {"contacts": (said("11-14 10:00", Outcome.NO_DAY),)},
            "other", "未定日期", "follow_up", "今天", "上次联系已过 3 天，没有定下次跟进", id="nothing was planned",
        ),
        pytest.param(
            {"contacts": (said("11-17 10:00", Outcome.NO_DAY),)},
            "other", "未定日期", None, "—", "刚联系过，还没有定下次跟进", id="nothing planned yet",
        ),
        pytest.param(
            {"is_disputed": True, "dispute_review_on": day("11-24")},
            "hold", "异议暂缓", None, "11-24 周二", "有异议，暂缓催缴，等到 11-24 复查", id="objection",
        ),
        pytest.param(
            {"is_disputed": True, "dispute_review_on": day("11-17")},
            "hold", "异议暂缓", "review", "今天", "异议到了复查的日子（11-17）：先问责任部门进展，再回复业主",
            id="objection to be reviewed",
        ),
        pytest.param(
            {"is_disputed": True}, "hold", "异议暂缓", None, "等处理", "有异议，暂缓催缴，等处理结果", id="no review day"
        ),
        pytest.param(
            {"contacts": (said("11-10 10:00", Outcome.DISPUTE),)},
            "other", "异议已办", "follow_up", "今天", "异议已处理：先回访，满意了再谈缴费", id="objection settled",
        ),
        pytest.param(
            {"claim": ClaimDraft(day("11-16"), 107_940, "微信"), "contacts": (said("11-16 10:00", Outcome.SAYS_PAID),)},
            "verify", "已缴待核", None, "等财务", "业主称 11-16 已付 ¥1,079.40：等财务核对，查清前不催", id="says paid",
        ),
        pytest.param(
            {"contacts": (said("11-12 10:00", Outcome.SAYS_PAID),), "waits_for": "等财务"},
            "other", "核对未到账", "follow_up", "今天", "业主称已缴，财务核对后仍有欠费：请再问一声",
            id="finance has looked, it is not there",
        ),
        pytest.param(
            {"do_not_call": True, **PROMISED_15},
            "nocall", "勿电", "period_over", "今天", "业主要求勿再来电：改用书面，不打电话；还没有出过函",
            id="do not call, whatever else",
        ),
        pytest.param(
            {"settled_some": True, "paid_on": day("11-16"), "paid_amount": 50_000},
            "partly", "部分缴", "new", "本周内", "新户，还没有联系过：本周内首电", id="part came in, never contacted",
        ),
        pytest.param(
            {"settled_some": True, "paid_on": day("11-14"), "paid_amount": 50_000,
             "contacts": (said("11-13 10:00", Outcome.PROMISED),), "next_at": at("11-18 10:00"),
             "promises": (promise("11-15", "11-13 10:00", amount=50_000, paid=50_000),)},
            "partly", "部分缴", None, "明天", "等到 11-18 再联系", id="a promise of a part was kept",
        ),
        pytest.param(
            {"owed": 0, "paid_on": day("11-16"), **PROMISED_15}, "paid", "已缴 11-16", None, "—", "已缴清", id="paid"
        ),
        pytest.param({"owed": 0, "do_not_call": True}, "paid", "已缴", None, "—", "已缴清", id="paid comes first"),
        pytest.param({"owed": 0, "ever_owed": False}, "paid", "无欠费", None, "—", "没有欠费", id="never owed"),
        pytest.param(
            {"contacts": (said("02-01 10:00", Outcome.PROMISED),), "promises": (promise("02-03", "02-01 10:00"),),
             "next_at": at("02-04 10:00"), "cleared_at": at("05-04 10:00")},
            "open", "待联系", "new", "本周内", "新户，还没有联系过：本周内首电",
            id="a debt since paid: the new one starts with a first call",
        ),
    ],
)  # fmt: skip
def test_the_state_of_an_account(
    facts: dict[str, Any], mark: str, text: str, group: str | None, next_text: str, why: str
) -> None:
    found = state(**facts)
    assert (found.mark, found.mark_text, found.group, found.next_text, found.why) == (mark, text, group, next_text, why)
    assert found.strong is (mark in ("broken", "due"))


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, "—"),
        ({"contacts": (said("11-17 15:38", Outcome.NO_ANSWER),)}, "15:38 无人接听"),
        ({"contacts": (said("11-05 15:38", Outcome.NOBODY, channel=Channel.VISIT),)}, "11-05 无人在家"),
        ({"contacts": (said("11-10 15:38", Outcome.NO_DAY, "主卧渗水，\n工程部 11-12 去看"),)}, "11-10 主卧渗水， 工程部 11-12 去看"),
        (PROMISED_15, "11-13 承诺 11-15 缴 ¥3,446.35"),
        (
            {"promises": (promise("11-17", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED, "转账"),)},
            "11-13 承诺今天 转账",
        ),
        (
            {"claim": ClaimDraft(day("11-16"), 100, "微信"), "contacts": (said("11-16 10:00", Outcome.SAYS_PAID),)},
            "11-16 称 11-16 微信已付",
        ),
        ({"owed": 0, "paid_on": day("11-16"), "paid_amount": 107_940, "paid_way": "微信"}, "微信 ¥1,079.40"),
        (
            {"paid_on": day("11-16"), "paid_amount": 50_000, "contacts": (said("11-13 10:00", Outcome.NO_DAY),)},
            "11-16 财务清单 ¥500.00",
        ),
        (
            {"paid_on": day("11-12"), "paid_amount": 50_000, "contacts": (said("11-13 10:00", Outcome.NO_DAY),)},
            "11-13 接通未定日期",
        ),
    ],
)  # fmt: skip
def test_the_last_that_happened(facts: dict[str, Any], shown: str) -> None:
    assert state(**facts).last_text == shown


@pytest.mark.parametrize(
    ("due", "ends"),
    [("11-13", "11-16"), ("11-14", "11-16"), ("11-15", "11-16"), ("11-16", "11-17"), ("11-19", "11-20")],
)
def test_grace_is_a_workday(due: str, ends: str) -> None:
    assert grace_ends(day(due), is_workday) == day(ends)


@pytest.mark.parametrize(
    ("promises", "count"),
    [
        ((promise("11-20", "11-13 10:00"),), 0),
        ((promise("11-12", "11-01 10:00"), promise("11-20", "11-11 10:00")), 0),
        ((promise("11-12", "11-01 10:00"), promise("11-20", "11-13 10:00")), 0),
        ((promise("11-10", "11-01 10:00"), promise("11-20", "11-13 10:00")), 1),
        ((promise("11-10", "11-01 10:00", paid=344_635), promise("11-20", "11-13 10:00")), 0),
    ],
)
def test_a_promise_renewed_in_time_is_not_broken(promises: tuple[PromiseFacts, ...], count: int) -> None:
    contacts = tuple(ContactFacts(each.made_at, Channel.PHONE, Outcome.PROMISED) for each in promises)
    assert state(promises=promises, contacts=contacts, first_seen=None).broken_count == count


def test_a_talk_within_the_day_of_grace_does_not_answer_for_the_broken_promise() -> None:
    contacts = (said("11-13 10:00", Outcome.PROMISED), said("11-16 10:00", Outcome.NO_DAY))
    found = state(promises=(promise("11-15", "11-13 10:00"),), contacts=contacts, next_at=at("11-20 10:00"))
    assert found.group is WorkGroup.BROKEN


def test_a_message_sent_in_between_is_no_answer_to_a_call() -> None:
    contacts = (
        said("11-12 10:00", Outcome.NO_DAY),
        said("11-15 10:00", Outcome.NO_ANSWER),
        said("11-16 10:00", Outcome.SENT, channel=Channel.MESSAGE),
        said("11-17 10:00", Outcome.OFF),
    )
    assert state(contacts=contacts, next_at=at("11-18 10:00")).mark_text == "未接 2 次"


def test_overdue_days_end_with_the_debt() -> None:
    assert state().overdue_days == 216
    assert state(owed=0).overdue_days == 0
    assert state(oldest_due_on=None).overdue_days == 0


moments = st.datetimes(datetime(2026, 10, 1), NOW)
facts_of_all_kinds = st.builds(
    AccountFacts,
    account_id=st.just(1),
    owed=st.sampled_from([0, 1, 344_635]),
    ever_owed=st.booleans(),
    oldest_due_on=st.none() | st.dates(date(2023, 1, 1), date(2027, 1, 31)),
    settled_some=st.booleans(),
    promises=st.lists(
        st.builds(
            PromiseFacts, st.dates(date(2026, 10, 1), date(2026, 12, 31)), st.just(100), moments, st.integers(0, 120)
        ),
        max_size=3,
    ).map(tuple),
    claim=st.none() | st.just(ClaimDraft(date(2026, 11, 16), 100, "转账")),
    do_not_call=st.booleans(),
    is_disputed=st.booleans(),
    dispute_review_on=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    contacts=st.lists(
        st.builds(ContactFacts, moments, st.sampled_from(Channel), st.sampled_from(Outcome), st.just("")), max_size=4
    ).map(tuple),
    numbers_all_dead=st.booleans(),
    next_at=st.none() | st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1)),
    next_has_time=st.booleans(),
    waits_for=st.sampled_from(["", "等财务", "等负责人"]),
    paid_on=st.none() | st.dates(date(2026, 10, 1), TODAY),
    paid_amount=st.sampled_from([0, 100]),
    first_seen=st.none() | moments,
    cleared_at=st.none() | moments,
    category=st.none() | st.sampled_from(Category),
    live_numbers=st.integers(0, 2),
    papers=st.lists(
        st.builds(
            PaperFacts,
            st.sampled_from([PaperKind.DEMAND, PaperKind.LETTER, PaperKind.LAWYER, PaperKind.COMMITTEE]),
            st.sampled_from(["2026-0001", "2026-0002"]),
            st.dates(date(2026, 10, 1), TODAY),
            st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 31)),
            st.none() | st.sampled_from(Grade),
        ),
        max_size=2,
    ).map(tuple),
    limit_on=st.none() | st.dates(TODAY, date(2027, 12, 31)),
    sensitive=st.sampled_from(["", "", "家中有丧事"]),
    sensitive_until=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    to_report=st.sampled_from(["", "", "房屋质量"]),
    held_all=st.sampled_from(["", "", "每一笔都有异议"]),
    side_review_on=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
)


@given(facts_of_all_kinds)
def test_every_account_has_a_state_that_explains_itself(facts: AccountFacts) -> None:
    found = derive(facts, NOW, is_workday)
    assert found.mark_text and found.why and found.next_text and found.last_text
    assert (found.mark is MarkKind.PAID) is (facts.owed == 0)
    if found.group is not None:
        assert facts.owed and found.action not in (Action.WAIT, Action.NONE)
        assert found.next_text.startswith("今") or found.group in (WorkGroup.NEW, WorkGroup.LEADER)
        assert found.priority < 70
    else:
        assert found.priority >= 70
        assert found.action in (Action.WAIT, Action.NONE, Action.CHECK_MONEY)
    if found.group is WorkGroup.BROKEN:
        assert found.broken_count >= 1


@given(facts_of_all_kinds, st.integers(0, 5))
def test_order_of_records_does_not_matter(facts: AccountFacts, turn: int) -> None:
    moments_differ = len({each.at for each in facts.contacts}) == len(facts.contacts)
    made_differ = len({each.made_at for each in facts.promises}) == len(facts.promises)
    if moments_differ and made_differ:
        turned = replace(
            facts,
            contacts=facts.contacts[turn:] + facts.contacts[:turn],
            promises=facts.promises[turn:] + facts.promises[:turn],
        )
        assert derive(turned, NOW, is_workday) == derive(facts, NOW, is_workday)


@given(facts_of_all_kinds)
def test_nothing_open_is_forgotten_for_ever(facts: AccountFacts) -> None:
    """Whatever does not wait for somebody comes up within half a year."""
    state_now = derive(facts, NOW, is_workday)
    if state_now.mark in (MarkKind.PAID, MarkKind.NO_CALL, MarkKind.VERIFY) or facts.waits_for:
        return
    if (facts.is_disputed or facts.held_all) and facts.dispute_review_on is None:
        return
    later = derive(facts, NOW + timedelta(days=180), is_workday)
    assert later.group is not None, later


# ---- 改下次跟进 -------------------------------------------------------------------------------------------------------

PROMISED_17 = {"promises": (promise("11-17", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED),)}
PROMISED_18 = {"promises": (promise("11-18", "11-13 10:00"),), "contacts": (said("11-13 10:00", Outcome.PROMISED),)}
AWAY = {"contacts": (said("11-13 10:00", Outcome.AWAY),)}
DISPUTED = {"is_disputed": True, "dispute_review_on": day("11-16"), "contacts": (said("11-09 10:00", Outcome.DISPUTE),)}


def by_hand(made: str, planned: str, reason: str = "", *, has_time: bool = True) -> dict[str, Any]:
    """A follow-up planned anew at `made`."""
    return {"replanned_at": at(made), "next_at": at(planned), "next_has_time": has_time, "next_reason": reason}


@pytest.mark.parametrize(
    ("facts", "plan", "group", "next_text", "why"),
    [
        pytest.param({}, by_hand("11-17 15:40", "11-25 10:00", "出差回来"), None, "11-25 周三", "等到 11-25：出差回来",
                     id="a new owner leaves the day"),
        pytest.param({}, by_hand("11-17 15:40", "11-17 17:30"), WorkGroup.RETRY, "今天 17:30", "约好 17:30 再打",
                     id="later today waits for its time"),
        pytest.param(AWAY, by_hand("11-16 15:40", "11-17 17:30", "回来了"), WorkGroup.FOLLOW_UP, "今天 17:30", "回来了",
                     id="planned yesterday for today, it is on the list all day"),
        pytest.param(AWAY, by_hand("11-13 15:40", "11-16 00:00", has_time=False), WorkGroup.FOLLOW_UP, "今天",
                     "原定 11-16 跟进，还没有做", id="a plan not kept"),
        pytest.param(PROMISED_17, by_hand("11-17 15:40", "11-18 10:00"), None, "明天", "等到 11-18 再联系",
                     id="due today, put to tomorrow today"),
        pytest.param(PROMISED_17, by_hand("11-17 15:40", "11-17 17:30"), WorkGroup.RETRY, "今天 17:30", "约好 17:30 再打",
                     id="due today, later today"),
        pytest.param(PROMISED_17, by_hand("11-16 15:40", "11-25 00:00", has_time=False), WorkGroup.DUE_TODAY, "今天",
                     "今天是承诺缴 ¥3,446.35 的日子：先请财务看是否到账", id="the day of a promise comes all the same"),
        pytest.param(PROMISED_18, by_hand("11-17 15:40", "11-19 10:00"), None, "11-19 周四", "等到 11-19 再联系",
                     id="no reminder before a promise once it was put off today"),
        pytest.param(PROMISED_18, by_hand("11-16 15:40", "11-19 10:00"), WorkGroup.DUE_TOMORROW, "今天",
                     "明天（11-18）是承诺缴 ¥3,446.35 的日子：今天提醒一声", id="put off before, the reminder comes"),
        pytest.param(PROMISED_15, by_hand("11-17 15:40", "11-20 10:00"), None, "11-20 周五", "等到 11-20 再联系",
                     id="broken, put off since"),
        pytest.param(PROMISED_15, by_hand("11-16 15:40", "11-20 10:00"), WorkGroup.BROKEN, "今天",
                     "11-15 的承诺过了 1 个工作日仍未到账", id="put off before it was broken"),
        pytest.param(DISPUTED, by_hand("11-16 15:40", "11-20 00:00", has_time=False), None, "11-20 周五",
                     "有异议，暂缓催缴，等到 11-20 复查", id="an objection is looked at again on the new day"),
        pytest.param(DISPUTED, by_hand("11-17 15:40", "11-17 17:30"), WorkGroup.RETRY, "今天 17:30", "约好 17:30 再打",
                     id="an objection, later today"),
        pytest.param({"do_not_call": True}, by_hand("11-17 15:40", "11-17 17:30"), WorkGroup.PERIOD_OVER, "今天",
                         "业主要求勿再来电：改用书面，不打电话；还没有出过函", id="no call stays no call"),
        pytest.param({"owed": 0}, by_hand("11-17 15:40", "11-20 10:00"), None, "—", "已缴清", id="paid is paid"),
    ],
)  # fmt: skip
def test_a_follow_up_planned_anew_decides_until_something_has_come_up_since(
    facts: dict[str, Any], plan: dict[str, Any], group: WorkGroup | None, next_text: str, why: str
) -> None:
    found = state(**facts, **plan)
    assert (found.group, found.next_text, found.why) == (group, next_text, why)
    assert found.mark is state(**facts).mark, "the mark tells what happened, not what is planned"


def test_a_plan_for_an_old_debt_does_not_hold_for_a_new_one() -> None:
    again = {"cleared_at": at("11-10 09:00"), "first_seen": at("11-13 09:00")}
    assert state(**again, **by_hand("11-09 15:40", "11-25 10:00")).group is WorkGroup.NEW
    assert state(**again, **by_hand("11-14 15:40", "11-25 10:00")).group is None
