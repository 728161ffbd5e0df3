"""The one next action of an account: letters, limitation, visits, the leader. Today is Tuesday, 2026-11-17, 15:46."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from feedesk.models.accounts import Action, Category, FlagKind, MarkKind, Step, WorkGroup
from feedesk.models.contacts import Channel, ClaimDraft, Outcome
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.status import AccountFacts, AccountState, ContactFacts, PromiseFacts, derive

NOW = datetime(2026, 11, 17, 15, 46)
OWES = AccountFacts(1, 344_635, oldest_due_on=date(2026, 4, 15), first_seen=datetime(2026, 11, 1, 9, 0))


def is_workday(day: date) -> bool:
    return day.weekday() < 5


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


def state(**facts: Any) -> AccountState:
    return derive(replace(OWES, **facts), NOW, is_workday)


def said(when: str, outcome: Outcome, channel: Channel = Channel.PHONE) -> ContactFacts:
    return ContactFacts(at(when), channel, outcome)


def paper(kind: str, on: str, deadline: str | None = None, grade: Grade | None = None) -> PaperFacts:
    return PaperFacts(PaperKind(kind), "2026-0170", day(on), day(deadline) if deadline else None, grade)


def plan(when: str, *outcome: ContactFacts, category: str = "B", **more: Any) -> dict[str, Any]:
    """What was agreed for `when` with the last contact."""
    return {
        "contacts": outcome,
        "category": Category(category),
        "next_at": at(when),
        "next_reason": "约好再联系",
    } | more


TALKED = said("11-12 10:00", Outcome.NO_DAY)
DEAD = said("11-12 10:00", Outcome.DEAD_NUMBER)
VISITED = said("11-13 19:00", Outcome.NOBODY, Channel.VISIT)
PROMISED = {"promises": (PromiseFacts(day("11-17"), 344_635, at("11-12 10:00")),), "contacts": (TALKED,)}
DEMAND_OVER = (paper("demand", "10-30", "11-14"),)
LETTER_RUNS = (paper("letter", "11-12", "11-27"),)
LETTER_QUIET = (paper("letter", "11-12", "11-16"),)
LAWYER_RUNS = (paper("lawyer", "11-05", "11-19"),)


@pytest.mark.parametrize(
    ("facts", "group", "action", "why"),
    [
        pytest.param(
            plan("11-17 10:00", TALKED), "daily", "call", "约好再联系", id="B: every day until a day is named"
        ),
        pytest.param(
            plan("11-17 10:00", said("11-16 10:00", Outcome.AWAY), category="D"), "daily", "call", "约好再联系", id="D"
        ),
        pytest.param(
            plan("11-17 10:00", TALKED, category="A"), "follow_up", "call", "约好再联系", id="A is not called daily"
        ),
        pytest.param(
            plan("11-17 19:00", DEAD, category="C"), "visit", "visit", "约好再联系", id="C: no number left, a visit"
        ),
        pytest.param(
            plan("11-17 19:00", said("11-17 10:00", Outcome.DEAD_NUMBER), category="C", next_has_time=True),
            "visit",
            "visit",
            "约好再联系",
            id="C: the visit agreed on today is a visit, not a call",
        ),
        pytest.param(
            plan("11-16 10:00", TALKED),
            "daily",
            "call",
            "原定 11-16 跟进，还没有做：约好再联系",
            id="a day not kept says what for",
        ),
        pytest.param(
            plan("11-17 19:00", DEAD, VISITED, category="C"),
            "follow_up",
            "search",
            "约好再联系",
            id="C: visited in the last seven days, so numbers are looked for",
        ),
        pytest.param(
            plan("11-17 10:00", DEAD, category="C", live_numbers=1),
            "follow_up",
            "call",
            "约好再联系",
            id="C: another number is tried before anybody goes there",
        ),
        pytest.param(
            plan(
                "11-17 19:00",
                *(said(f"11-{day} 10:00", Outcome.NO_ANSWER) for day in (10, 11, 12, 13, 16)),
                category="C",
                live_numbers=2,
            ),
            "visit",
            "visit",
            "约好再联系",
            id="C: numbers that nobody has answered for five days of calls are no numbers",
        ),
        pytest.param(
            {"contacts": (said("11-16 10:00", Outcome.REFUSED),), "waits_for": "等负责人", "category": Category.E},
            "leader",
            "ask_leader",
            "等负责人；已等 1 天",
            id="E waits for the leader",
        ),
        pytest.param(
            {
                "contacts": (said("11-08 10:00", Outcome.REFUSED), said("11-15 10:00", Outcome.SENT, Channel.MESSAGE)),
                "waits_for": "等负责人",
                "category": Category.E,
            },
            "leader",
            "ask_leader",
            "等负责人；已等 9 天",
            id="E: counted from the talk, a text of ours does not begin it anew",
        ),
        pytest.param(
            plan(
                "11-17 10:00",
                said("11-12 10:00", Outcome.REFUSED),
                said("11-16 10:00", Outcome.SENT, Channel.MESSAGE),
                category="E",
            ),
            "follow_up",
            "call",
            "约好再联系",
            id="E: the leader has named a day",
        ),
        pytest.param(PROMISED, "due_today", "check_money", "今天是承诺缴", id="a promised day: finance is asked first"),
        pytest.param(
            {"claim": ClaimDraft(day("11-11"), 100, "微信"), "claimed_at": at("11-12 10:00")},
            "follow_up",
            "check_money",
            "已等 3 个工作日，今天问财务",
            id="finance has been silent about a payment for three workdays",
        ),
        pytest.param(
            {"claim": ClaimDraft(day("11-11"), 100, "微信"), "claimed_at": at("11-13 10:00")},
            None,
            "check_money",
            "等财务核对",
            id="two workdays are still finance's",
        ),
        pytest.param(
            {"is_disputed": True, "dispute_review_on": day("11-17")}, "review", "review", "复查的日子", id="review day"
        ),
        pytest.param(
            {"to_report": "房屋质量", "contacts": (TALKED,)},
            "review",
            "call",
            "异议（房屋质量）已有结果，业主还不知道",
            id="settled, but the owner does not know it",
        ),
        pytest.param(
            {"to_report": "金额不符", "is_disputed": True, "dispute_review_on": day("12-01")},
            "review",
            "call",
            "业主还不知道",
            id="one is settled while another still holds: the owner is told first",
        ),
        pytest.param(
            {"side_review_on": day("11-17"), "contacts": (TALKED,), "next_at": at("11-25 10:00")},
            "review",
            "review",
            "有异议到了复查的日子（11-17）：先问责任部门进展",
            id="an objection about some lines is looked at on its day",
        ),
        pytest.param(
            {"side_review_on": day("11-17"), **PROMISED},
            "due_today",
            "check_money",
            "；另有异议到了复查的日子",
            id="with something else to be done it is told beside it",
        ),
        pytest.param(
            {"held_all": "每一笔都有异议，暂缓催缴", "contacts": (TALKED,), "next_at": at("11-17 10:00")},
            None,
            "wait",
            "每一笔都有异议，暂缓催缴，等处理结果",
            id="every line is held by itself",
        ),
        pytest.param(
            {"sensitive": "家中有丧事", "sensitive_until": day("12-01"), **PROMISED},
            None,
            "wait",
            "家中有丧事：到 12-01 为止不主动联系",
            id="a death in the family comes before a promise",
        ),
        pytest.param(
            {"sensitive": "家中有丧事", "sensitive_until": day("11-16"), **plan("11-17 10:00", TALKED)},
            "daily",
            "call",
            "约好再联系",
            id="the time of mourning is over",
        ),
    ],
)
def test_the_next_action(facts: dict[str, Any], group: str | None, action: str, why: str) -> None:
    found = state(**facts)
    assert (found.group, found.action) == (group, action)
    assert why in found.why


@pytest.mark.parametrize(
    ("facts", "group", "action", "why"),
    [
        pytest.param(
            {"papers": DEMAND_OVER, **plan("11-20 10:00", said("11-10 10:00", Outcome.NO_DAY))},
            "period_over",
            "call",
            "催款单 2026-0170 的期限（11-14）已过，还没有缴清：先打电话问清，再定下一步",
            id="a demand whose day has passed is taken up, whatever was planned before",
        ),
        pytest.param(
            {"papers": DEMAND_OVER, **plan("11-20 10:00", said("11-16 10:00", Outcome.NO_DAY))},
            None,
            "wait",
            "等到 11-20",
            id="it was taken up yesterday",
        ),
        pytest.param(
            {"papers": DEMAND_OVER, **PROMISED}, "due_today", "check_money", "今天是承诺缴", id="a promise goes before"
        ),
        pytest.param(
            {"papers": LETTER_RUNS, **plan("11-17 10:00", said("11-10 10:00", Outcome.NO_DAY))},
            None,
            "wait",
            "催费函 2026-0170 11-12 周四 发出，留一周给业主",
            id="one week of silence after a company letter",
        ),
        pytest.param(
            {"papers": LETTER_QUIET, **plan("11-17 10:00", said("11-10 10:00", Outcome.NO_DAY))},
            None,
            "wait",
            "留一周给业主",
            id="the week is kept although the day it gave has passed",
        ),
        pytest.param(
            {"papers": LAWYER_RUNS, **plan("11-17 10:00", said("11-04 10:00", Outcome.NO_DAY))},
            None,
            "wait",
            "律师函 2026-0170 的期限到 11-19 周四，到期前不主动联系",
            id="silence until the deadline of a lawyer's letter",
        ),
        pytest.param(
            {"papers": LAWYER_RUNS, **PROMISED},
            "due_today",
            "check_money",
            "今天是承诺缴",
            id="money promised is looked for in silence",
        ),
        pytest.param(
            {"papers": DEMAND_OVER, "do_not_call": True, "contacts": (said("11-10 10:00", Outcome.DO_NOT_CALL),)},
            "period_over",
            "write",
            "改用书面，不打电话；催款单 2026-0170 的期限（11-14）已过",
            id="who asked not to be called is written to",
        ),
        pytest.param(
            {"do_not_call": True, **PROMISED},
            "due_today",
            "check_money",
            "业主要求勿再来电：不打电话；今天是他承诺缴 ¥3,446.35 的日子",
            id="who asked not to be called has promised: finance looks, nobody rings",
        ),
        pytest.param(
            {"do_not_call": True, "promises": (PromiseFacts(day("11-20"), 100, at("11-12 10:00")),)},
            None,
            "wait",
            "他承诺 11-20 缴 ¥1.00，到日子看是否到账",
            id="and until then nothing is to be done",
        ),
        pytest.param(
            {"papers": (paper("demand", "11-10", "11-25"),), "do_not_call": True},
            None,
            "wait",
            "催款单 2026-0170 的期限还没到",
            id="and left alone while the letter runs",
        ),
    ],
)
def test_papers_decide_when_the_owner_is_heard_of_again(
    facts: dict[str, Any], group: str | None, action: str, why: str
) -> None:
    found = state(**facts)
    assert (found.group, found.action) == (group, action)
    assert why in found.why


@pytest.mark.parametrize(
    ("facts", "group", "action", "next_text"),
    [
        pytest.param(plan("11-17 10:00", TALKED), None, "wait", "11-20 周五", id="no call about this unit either"),
        pytest.param(
            plan("11-05 10:00", said("11-03 10:00", Outcome.NO_DAY), papers=DEMAND_OVER),
            None,
            "wait",
            "11-20 周五",
            id="what a demand about this unit leaves to be asked is asked afterwards",
        ),
        pytest.param(
            PROMISED, "due_today", "check_money", "今天", id="a promised day: finance is asked, not the owner"
        ),
        pytest.param({"do_not_call": True}, "period_over", "write", "今天", id="papers go on"),
        pytest.param(
            plan("11-17 10:00", TALKED, limit_on=date(2026, 12, 1)),
            "limit",
            "write",
            "今天",
            id="a right about to be lost",
        ),
    ],
)
def test_a_letter_about_another_unit_of_the_owner_is_kept_silent_after(
    facts: dict[str, Any], group: str | None, action: str, next_text: str
) -> None:
    found = state(owner_letters=LETTER_RUNS, **facts)
    assert (found.group, found.action, found.next_text) == (group, action, next_text)
    assert state(**facts).group is not None, "without that letter it is a matter of today"


FRESH_DEMAND = (paper("demand", "11-10", "11-25"),)
PROVEN = (paper("demand", "11-10", "11-25", Grade.A),)


@pytest.mark.parametrize(
    ("left", "facts", "group", "why"),
    [
        pytest.param("2027-05-17", plan("11-20 10:00", TALKED), None, "等到 11-20：约好再联系", id="181 days: nothing"),
        pytest.param(
            "2027-05-16", plan("11-20 10:00", TALKED), None, "（时效还剩 180 天）", id="180 days: said beside"
        ),
        pytest.param("2027-02-16", plan("11-20 10:00", TALKED), None, "（时效还剩 91 天）", id="91 days: said beside"),
        pytest.param(
            "2027-02-15", plan("11-20 10:00", TALKED), "limit", "还剩 90 天：以 EMS 送达催款单", id="90 days: a matter"
        ),
        pytest.param("2027-02-15", PROMISED, "due_today", "（时效还剩 90 天）", id="a promised day still goes before"),
        pytest.param(
            "2027-02-15",
            plan("11-20 10:00", TALKED, papers=FRESH_DEMAND),
            None,
            "（时效还剩 90 天）",
            id="a demand is on its way",
        ),
        pytest.param(
            "2027-02-15",
            plan("11-20 10:00", TALKED, papers=PROVEN),
            "limit",
            "以 EMS 送达催款单",
            id="one that has arrived did not list this line",
        ),
        pytest.param(
            "2027-02-15",
            plan("11-20 10:00", TALKED, replanned_at=at("11-16 10:00")),
            None,
            "等到 11-20：约好再联系（时效还剩 90 天）",
            id="put off by hand to a day before the end",
        ),
        pytest.param("2026-12-17", PROMISED, "limit", "考虑公证、调解、支付令或起诉", id="30 days: before any promise"),
        pytest.param(
            "2026-12-17",
            {"is_disputed": True, "dispute_review_on": day("12-01")},
            "limit",
            "还剩 30 天",
            id="an objection does not stop the time",
        ),
        pytest.param(
            "2026-12-17",
            plan("11-20 10:00", TALKED, papers=FRESH_DEMAND),
            "limit",
            "催款单 2026-0170 已出，送达还没有凭据",
            id="30 days: a demand without proof is pressed",
        ),
        pytest.param(
            "2026-11-17", {"do_not_call": True, "papers": PROVEN}, "limit", "还剩 0 天", id="the last day, in writing"
        ),
        pytest.param(
            "2026-12-01",
            {"sensitive": "家中有丧事", "sensitive_until": day("12-20")},
            "leader",
            "诉讼时效只剩 14 天，请负责人定",
            id="mourning: the leader decides how the right is kept",
        ),
    ],
)
def test_a_limitation_that_runs_out(left: str, facts: dict[str, Any], group: str | None, why: str) -> None:
    found = state(limit_on=date.fromisoformat(left), **facts)
    assert found.group == group
    assert why in found.why
    if group == "limit":
        assert (found.mark, found.action, found.strong) == (MarkKind.LIMIT, Action.WRITE, True)


def test_what_is_before_the_court_is_not_pressed_by_telephone() -> None:
    filed = (paper("lawyer", "09-01", "09-16"), paper("accepted", "11-10"))
    found = state(step=Step.COURT, papers=filed, contacts=(said("08-20 10:00", Outcome.NO_DAY),))
    assert (found.group, found.action, found.next_text) == (None, Action.WAIT, "按程序")
    assert "立案或受理通知书 2026-0170" in found.why
    asked = state(step=Step.COURT, papers=filed, **plan("11-17 10:00", TALKED))
    assert asked.group is WorkGroup.DAILY
    outlived = state(step=Step.COURT, papers=filed, **plan("11-05 10:00", said("11-03 10:00", Outcome.NO_DAY)))
    assert outlived.group is None, "what was planned before the court had it is out of date"
    before = state(step=Step.LAWYER, papers=filed[:1], contacts=(said("08-20 10:00", Outcome.NO_DAY),))
    assert before.group is WorkGroup.PERIOD_OVER


@pytest.mark.parametrize(
    ("papers", "facts", "group", "action", "why"),
    [
        pytest.param(
            (paper("letter", "10-01", "10-20"), paper("committee", "11-01")), plan("11-05 10:00", said("10-25 10:00", Outcome.NO_DAY)),
            None, "wait", "请业委会督促的函 2026-0170：等答复到 12-01", id="thirty days where no day is named",
        ),
        pytest.param(
            (paper("letter", "10-01", "10-20"), paper("mediation", "10-25", "11-16")), {},
            "period_over", "ask_leader", "等答复的日子（11-16）已过，定下一步", id="the day named is over",
        ),
        pytest.param(
            (paper("committee", "11-01"), paper("committee_reply", "11-10")), {},
            "period_over", "ask_leader", "业委会答复 2026-0170（11-10）已到", id="the answer is there",
        ),
        pytest.param(
            (paper("committee", "11-01"),), plan("11-17 10:00", said("11-12 10:00", Outcome.NO_DAY)),
            "daily", "call", "约好再联系", id="the owner has spoken since and named a time",
        ),
    ],
)  # fmt: skip
def test_the_committees_answer_is_waited_for(
    papers: tuple[PaperFacts, ...], facts: dict[str, Any], group: str | None, action: str, why: str
) -> None:
    found = state(step=Step.MEDIATION, papers=papers, **facts)
    assert (found.group, found.action) == (group, action)
    assert why in found.why


def test_a_demand_gives_fifteen_days_from_its_arrival() -> None:
    late = (replace(paper("prompt", "10-30", "11-14"), arrived_on=day("11-03")),)
    assert state(papers=late, contacts=(said("10-20 10:00", Outcome.NO_DAY),)).group is not WorkGroup.PERIOD_OVER
    came = (replace(paper("prompt", "10-30", "11-14"), arrived_on=day("11-01")),)
    assert state(papers=came, contacts=(said("10-20 10:00", Outcome.NO_DAY),)).group is WorkGroup.PERIOD_OVER


def test_what_may_no_longer_be_claimed_is_kept_and_left_alone_until_somebody_plans_a_talk() -> None:
    over = state(all_over=True, contacts=(TALKED,))
    assert (over.group, over.action, over.mark_text) == (None, Action.NONE, "已过时效")
    assert "可协商" in over.why
    planned = state(all_over=True, **plan("11-17 10:00", TALKED))
    assert planned.group is WorkGroup.DAILY


def test_groups_come_in_the_order_in_which_they_are_worked_through() -> None:
    limit = state(limit_on=day("12-01"))
    promise = state(**PROMISED)
    daily = state(**plan("11-17 10:00", TALKED))
    new = state()
    assert limit.priority < promise.priority < new.priority < daily.priority


def test_a_text_of_ours_does_not_hide_what_the_owner_is() -> None:
    sent = said("11-16 10:00", Outcome.SENT, Channel.MESSAGE)
    assert state(contacts=(said("11-12 10:00", Outcome.REFUSED), sent)).mark_text == "拒绝"
    assert state(contacts=(said("11-12 10:00", Outcome.NO_ANSWER), sent)).mark_text == "未接 1 次"
    assert state(contacts=(sent,)).mark_text == "待联系"


@pytest.mark.parametrize(
    ("flag", "action", "why"),
    [
        (FlagKind.TRANSFER, Action.CHECK_MONEY, "可能已转账未入账，先请财务核对。新户，还没有联系过：本周内首电"),
        (FlagKind.NO_CALL, Action.WRITE, "备注说业主不要电话：先不打，核实后标勿电，改用书面。新户，还没有联系过"),
        (FlagKind.REPAIR, Action.CALL, "提到维修或房屋问题，先问进展。新户，还没有联系过：本周内首电"),
    ],
)
def test_finances_remark_is_heard_before_the_first_call(flag: FlagKind, action: Action, why: str) -> None:
    found = state(flags=(flag,), first_seen=NOW)
    assert (found.group, found.action, found.why) == (WorkGroup.NEW, action, why)


def test_a_text_is_no_first_call() -> None:
    sent = said("11-12 10:00", Outcome.SENT, Channel.MESSAGE)
    waits = state(contacts=(sent,), next_at=at("11-18 00:00"), next_reason="等两个工作日")
    assert (waits.group, waits.why) == (None, "等到 11-18：等两个工作日")
    called = state(contacts=(sent,), next_at=at("11-16 00:00"), next_reason="等两个工作日")
    assert (called.group, called.why) == (WorkGroup.NEW, "进清单已 16 天，还没有通过话：今天首电")


TEXT_SENT = said("11-16 10:00", Outcome.SENT, Channel.MESSAGE)
REFUSES_CALLS = said("11-16 10:00", Outcome.DO_NOT_CALL)


@pytest.mark.parametrize(
    ("facts", "group", "action", "why"),
    [
        pytest.param({"is_disputed": True}, None, "wait", "有异议，暂缓催缴", id="an objection holds papers too"),
        pytest.param({"held_all": "每一笔都有异议，暂缓催缴"}, None, "wait", "每一笔都有异议", id="of every line as well"),
        pytest.param({"to_report": "房屋质量"}, "review", "write", "先回复业主", id="its end is told in writing"),
        pytest.param({"all_over": True}, None, "none", "已过诉讼时效", id="no demand for what is over"),
        pytest.param({"oldest_due_on": day("11-20")}, None, "wait", "到期前不催", id="nor for what is not due"),
        pytest.param(
            {"side_review_on": day("11-16"), "papers": (paper("demand", "11-10", "11-25"),)},
            "review", "review", "有异议到了复查的日子", id="a line's objection comes up for review",
        ),
        pytest.param(
            {"papers": DEMAND_OVER, "contacts": (REFUSES_CALLS,)}, "period_over", "write", "11-14）已过",
            id="that he said so after the deadline is no answer to it",
        ),
        pytest.param(
            {"papers": DEMAND_OVER, "contacts": (REFUSES_CALLS,), "replanned_at": at("11-16 11:00"),
             "next_at": at("11-20 00:00"), "next_reason": "等业委会答复"},
            None, "wait", "等业委会答复", id="put off by hand",
        ),
    ],
)  # fmt: skip
def test_who_asked_not_to_be_called_is_written_to_only_where_a_call_would_be_in_order(
    facts: dict[str, Any], group: str | None, action: str, why: str
) -> None:
    found = state(do_not_call=True, **facts)
    assert (found.mark, found.mark_text, found.group, found.action) == (MarkKind.NO_CALL, "勿电", group, action)
    assert why in found.why


def test_a_reminder_by_text_takes_up_no_deadline_that_is_past() -> None:
    answered = state(papers=DEMAND_OVER, **plan("11-18 10:00", said("11-16 10:00", Outcome.NO_DAY)))
    texted = state(papers=DEMAND_OVER, **plan("11-18 10:00", said("11-10 10:00", Outcome.NO_DAY), TEXT_SENT))
    assert (answered.group, texted.group) == (None, WorkGroup.PERIOD_OVER)


def test_no_paper_is_asked_for_what_an_objection_holds_when_its_time_runs_out() -> None:
    found = state(limit_on=day("12-01"), is_disputed=True)
    assert found.group is WorkGroup.LIMIT
    assert "对账单" in found.why and "EMS" not in found.why
