"""Who gets a reminder text and who does not, as a table read like the rules: one fact more, one reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import Phone, PhoneState, Step
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.guard import ContactHistory
from feedesk.models.ledger.plans import Instalment, PlanState, PlanVerdict
from feedesk.models.letters import Silence
from feedesk.models.periods import Period
from feedesk.models.texts import OwnerFacts, Promised, TextKind, UnitFacts, choose, hours_problem, shipped_templates
from feedesk.models.workdays import is_workday

NOW = datetime(2026, 11, 17, 15, 46)  # a Tuesday
TODAY = NOW.date()
TEMPLATES = {one.kind: one for one in shipped_templates()}
MOBILE = (Phone(1, "13900004417"),)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def charge(number: int = 1, owed: int = 107_940, due: str | None = "07-15", hold: str = "") -> Charge:
    period = Period.parse("2026-07..2026-09")
    due_on = day(due) if due else None
    return Charge(number, 1, "物业费", FeeKind.PROPERTY, period, owed, 0, due_on, due_is_assumed=False, hold=hold)


def unit(account_id: int = 1, room: str = "3-2-1502", name: str = "林晓岚", **facts) -> UnitFacts:  # type: ignore[no-untyped-def]
    return UnitFacts(account_id, room, name, **{"charges": (charge(),), "phones": MOBILE, **facts})


def owner(*units: UnitFacts, **facts) -> OwnerFacts:  # type: ignore[no-untyped-def]
    units = units or (unit(),)
    return OwnerFacts(**{"owner_id": 1, "units": units, "asked": frozenset(u.account_id for u in units), **facts})


def promised(due: str, amount: int = 107_940, paid: int = 0) -> Promised:
    return Promised(day(due), amount, paid)


def plan(due: str, state: PlanState = PlanState.RUNNING) -> PlanVerdict:
    return PlanVerdict(state, "第 2 期还没到", (), Instalment(2, day(due), 50_000), 50_000)


def texted(*days: str) -> dict[str, object]:
    """Messages sent on these days, about the present debt."""
    moments = tuple(datetime.combine(day(one), NOW.time()) for one in days)
    return {"history": ContactHistory(texts=moments), "texted_on": tuple(day(one) for one in days)}


def decided(kind: TextKind, *owners: OwnerFacts, now: datetime = NOW, festival: str = "") -> list[str]:
    """「收」 or the reason, owner by owner in order of rooms."""
    chosen, left = choose(owners, TEMPLATES[kind], now, is_workday, festival)
    found = {one.units[0].room: "收" for one in chosen} | {one.room: one.reason for one in left}
    return [found[room] for room in sorted(found)]


def told(kind: TextKind, found: OwnerFacts, now: datetime = NOW, festival: str = "") -> str:
    (only,) = decided(kind, found, now=now, festival=festival)
    return only


# --- what holds a person ---


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (owner(), "收"),
        (owner(history=ContactHistory(do_not_call=True)), "业主要求勿再联系，改用书面"),
        (owner(history=ContactHistory(sensitive="病重")), "业主家里有事（病重）…"),
        (
            owner(history=ContactHistory(sensitive="丧事", sensitive_until=day("11-17"))),
            "业主家里有事（丧事）…",
        ),
        (owner(history=ContactHistory(sensitive="丧事", sensitive_until=day("11-16"))), "收"),
        (owner(history=ContactHistory(quiet=Silence(day("11-17"), "催费函 1 发出"))), "催费函 1 发出"),
        (owner(history=ContactHistory(quiet=Silence(day("11-16"), "催费函 1 发出"))), "收"),
        (owner(unit(step=Step.MEDIATION)), "收"),
        (owner(unit(step=Step.LAWYER)), "已到“6 律师函”，不再发提醒"),
        (owner(unit(step=Step.PUBLIC_NOTICE)), "已到“7 公示”，不再发提醒"),
        (owner(unit(step=Step.COURT)), "已到“8 诉讼”，不再发提醒"),
        (owner(unit(promise=promised("11-20"))), "承诺 11-20，到日子前不催"),
        (owner(unit(promise=promised("11-18"))), "承诺 11-18，到日子前不催"),
        (owner(unit(promise=promised("11-17"))), "承诺 11-17，到日子前不催"),
        (owner(unit(promise=promised("11-16"))), "承诺 11-16，钱可能还在路上"),
        (owner(unit(promise=promised("11-13"))), "收"),
        (owner(unit(promise=promised("11-20", paid=107_940))), "收"),
        (owner(**texted("11-17")), "今天发过，满 14 天再发（12-01 起）"),
        (owner(**texted("11-04")), "11-04 发过，满 14 天再发（11-18 起）"),
        (owner(**texted("11-03")), "收"),
        (owner(**texted("09-01", "11-10")), "11-10 发过，满 14 天再发（11-24 起）"),
        (owner(unit(phones=())), "没有登记号码"),
        (owner(unit(phones=(Phone(1, "00006688"),))), "只登记了座机，收不到短信"),
        (owner(unit(phones=(Phone(1, "13900004417", state=PhoneState.DEAD),))), "手机是停机或空号，请先查新号码"),
        (owner(unit(phones=(Phone(1, "13900004417", "租客"),))), "手机是租客的，没有本人书面授权，不发金额"),
        (
            owner(also_of=(("13900004417", "3-1-0904", "简一禾"),)),
            "号码也登记在 3-1-0904 简一禾 名下，先核对是谁的",
        ),
        (owner(also_of=(("13900009999", "3-1-0904", "简一禾"),)), "收"),
        (owner(also_of=(("13900004417", "3-2-1503", "林晓岚"),)), "收"),
    ],
)  # fmt: skip
def test_the_person(found: OwnerFacts, said: str) -> None:
    reason = told(TextKind.SECOND, found)
    assert reason.startswith(said.rstrip("…")) if said.endswith("…") else reason == said


def test_the_limit_of_three_days_holds_whatever_the_template_says() -> None:
    often = replace(TEMPLATES[TextKind.SECOND], every_days=1)
    for sent, gets in (("11-14", True), ("11-15", False), ("11-17", False)):
        chosen, _ = choose([owner(**texted(sent))], often, NOW, is_workday)
        assert bool(chosen) is gets, sent


# --- what holds one unit or one line ---


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (unit(charges=()), "没有欠费"),
        (unit(charges=(), cleared_on=day("11-12")), "11-12 已缴清"),
        (unit(is_former=True), "已不是现业主，旧欠由谁承担先向财务核对"),
        (unit(claim_open=True), "称已缴，等财务核对"),
        (unit(doubt="清单仍列着已收的 ¥300.00"), "清单仍列着已收的 ¥300.00"),
        (unit(dispute_hold="房屋质量异议未解决，暂缓到 11-24"), "房屋质量异议未解决，暂缓到 11-24"),
        (unit(plan=plan("11-30")), "分期中：第 2 期还没到"),
        (unit(plan=plan("11-30", PlanState.BROKEN)), "收"),
        (unit(charges=(charge(hold="漏水没修"),)), "欠费各笔都在暂缓中"),
        (unit(over=frozenset({1})), "欠费各笔都已过时效，只协商、不催"),
        (unit(charges=(charge(1, hold="等"), charge(2)), over=frozenset({2})), "欠费各笔都在暂缓中或已过时效"),
        (unit(charges=(charge(due="11-17"),)), "未到期：11-17 才到缴费日"),
        (unit(charges=(charge(due="12-15"),)), "未到期：12-15 才到缴费日"),
        (unit(charges=(charge(due=None),), step=Step.DEMAND), "逾期不满一个月，宜用“刚过缴费日”"),
        (unit(charges=(charge(hold="漏水没修"), charge(2))), "收"),
    ],
)
def test_the_unit(found: UnitFacts, said: str) -> None:
    if not found.owed:
        assert told(TextKind.SECOND, owner(found)) == said
    else:
        assert decided(TextKind.SECOND, owner(found)) == [said]


def test_a_text_speaks_only_of_lines_that_are_due_and_neither_held_nor_over() -> None:
    lines = (charge(1), charge(2, hold="等"), charge(3), charge(4, due="12-15"), charge(5, due=None))
    (found,), _ = choose([owner(unit(charges=lines, over=frozenset({3})))], TEMPLATES[TextKind.SECOND], NOW, is_workday)
    assert [line.id for line in found.lines] == [1, 5]


def test_one_unit_in_dispute_leaves_the_others_to_go_on() -> None:
    held = unit(2, "3-2-1503", dispute_hold="异议未解决，暂缓")
    (found,), left = choose([owner(unit(), held)], TEMPLATES[TextKind.SECOND], NOW, is_workday)
    assert [one.room for one in found.units] == ["3-2-1502"]
    assert [(one.room, one.reason) for one in left] == [("3-2-1503", "异议未解决，暂缓")]


def test_a_promise_for_one_unit_keeps_the_person_quiet_for_all() -> None:
    both = owner(unit(promise=promised("11-20")), unit(2, "3-2-1503"))
    assert decided(TextKind.SECOND, both) == ["承诺 11-20，到日子前不催"] * 2


def test_the_number_may_stand_at_any_of_his_units() -> None:
    (found,), _ = choose([owner(unit(phones=()), unit(2, "3-2-1503"))], TEMPLATES[TextKind.SECOND], NOW, is_workday)
    assert (found.number, len(found.units)) == ("13900004417", 2)


def test_units_nobody_asked_for_go_into_the_text_but_those_that_owe_nothing_are_not_spoken_of() -> None:
    units = (unit(), unit(2, "3-2-1503"), unit(3, "3-2-1504", charges=()))
    (found,), left = choose([owner(*units, asked=frozenset({1}))], TEMPLATES[TextKind.SECOND], NOW, is_workday)
    assert [one.account_id for one in found.units] == [1, 2]
    assert left == ()


def test_two_records_of_one_person_are_one_message_until_they_are_joined() -> None:
    first, second = owner(unit(1, "5-2-0901")), owner(unit(2, "5-2-0902"), owner_id=2)
    assert decided(TextKind.SECOND, first, second) == ["收", "和 5-2-0901 是同一个号码，先合并业主再发"]


# --- whether the occasion is there ---

LATE, LONG = unit(charges=(charge(due="11-01"),)), unit()
SOON = unit(charges=(charge(due="11-25"),))
SERVED = unit(served=(day("11-10"), "您家门口"))
CASES: list[tuple[TextKind, OwnerFacts, str]] = [
    (TextKind.OVERDUE, owner(LATE), "收"),
    (TextKind.OVERDUE, owner(LONG), "逾期超过一个月，宜用“再次提醒”"),
    (TextKind.OVERDUE, owner(LATE, **texted("11-02")), "已经提醒过，宜用“再次提醒”"),
    (TextKind.SECOND, owner(LATE), "逾期不满一个月，宜用“刚过缴费日”"),
    (TextKind.SECOND, owner(LATE, **texted("11-02")), "收"),
    (TextKind.BEFORE_DUE, owner(SOON), "收"),
    (TextKind.BEFORE_DUE, owner(unit(charges=(charge(due="11-17"),))), "收"),
    (TextKind.BEFORE_DUE, owner(unit(charges=(charge(due="12-20"),))), "12-20 才到缴费日，还早"),
    (TextKind.BEFORE_DUE, owner(LATE), "已经逾期，宜用“刚过缴费日”或“再次提醒”"),
    (
        TextKind.BEFORE_DUE,
        owner(unit(charges=(charge(), charge(2, due="11-25")))),
        "另有已经逾期的，宜用“刚过缴费日”或“再次提醒”",
    ),
    (TextKind.PROMISE_TOMORROW, owner(unit(promise=promised("11-18"))), "收"),
    (TextKind.PROMISE_TOMORROW, owner(unit(promise=promised("11-18")), **texted("11-10")), "收"),
    (
        TextKind.PROMISE_TOMORROW,
        owner(unit(promise=promised("11-18")), **texted("11-16")),
        "11-16 发过，满 3 天再发（11-19 起）",
    ),
    (TextKind.PROMISE_TOMORROW, owner(unit(promise=promised("11-20"))), "说好的是 11-20"),
    (TextKind.PROMISE_TOMORROW, owner(LONG), "没有明天到期的承诺"),
    (TextKind.PROMISE_TOMORROW, owner(unit(promise=promised("11-18"), charges=(charge(due="12-15"),))), "收"),
    (TextKind.PROMISE_PAST, owner(unit(promise=promised("11-12"))), "收"),
    (TextKind.PROMISE_PAST, owner(unit(promise=promised("11-12", paid=50_000))), "收"),
    (TextKind.PROMISE_PAST, owner(unit(promise=promised("11-16"))), "承诺 11-16，钱可能还在路上"),
    (TextKind.PROMISE_PAST, owner(LONG), "没有过了日子还没到账的承诺"),
    (TextKind.INSTALMENT, owner(unit(plan=plan("11-18"))), "收"),
    (TextKind.INSTALMENT, owner(unit(plan=plan("11-30"))), "第 2 期是 11-30"),
    (TextKind.INSTALMENT, owner(unit(plan=plan("11-18", PlanState.BROKEN))), "没有正在履行的分期"),
    (TextKind.INSTALMENT, owner(LONG), "没有正在履行的分期"),
    (TextKind.LIST_SENT, owner(SERVED), "收"),
    (TextKind.LIST_SENT, owner(unit(served=(day("10-20"), "您家"))), "清单 10-20 送到，已过半个月"),
    (TextKind.LIST_SENT, owner(LONG), "没有登记过催款单送达"),
    (TextKind.FESTIVAL, owner(LONG), "三个星期之内没有春节、国庆节"),
    (TextKind.THANKS, owner(LONG), "还有欠费"),
    (TextKind.THANKS, owner(unit(charges=(), cleared_on=day("11-10"))), "收"),
    (TextKind.THANKS, owner(unit(charges=(), cleared_on=day("10-10"))), "两个星期之内没有缴清的"),
    (TextKind.THANKS, owner(unit(charges=(), cleared_on=day("11-10"), doubt="查")), "收款待核，核对清楚再谢"),
    (
        TextKind.THANKS,
        owner(unit(charges=(), cleared_on=day("11-10")), history=ContactHistory(do_not_call=True)),
        "业主要求勿再联系",
    ),
    (
        TextKind.THANKS,
        owner(unit(charges=(), cleared_on=day("11-10")), history=ContactHistory(quiet=Silence(day("11-20"), "函"))),
        "收",
    ),
]


@pytest.mark.parametrize(("kind", "found", "said"), CASES)
def test_the_occasion(kind: TextKind, found: OwnerFacts, said: str) -> None:
    assert told(kind, found) == said


def test_before_a_festival_those_who_are_late_get_a_text_that_names_it() -> None:
    assert told(TextKind.FESTIVAL, owner(LONG), festival="春节") == "收"
    assert told(TextKind.FESTIVAL, owner(SOON), festival="春节") == "未到期：11-25 才到缴费日"


# --- the hour ---


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("2026-11-17 08:59", "可联系时段 9–20 点"),
        ("2026-11-17 09:00", ""),
        ("2026-11-17 19:59", ""),
        ("2026-11-17 20:00", "可联系时段 9–20 点"),
        ("2026-11-17 23:00", "晚上 22 点到早上 8 点不联系"),
        ("2026-11-22 09:30", "可联系时段 10–18 点"),
    ],
)
def test_at_what_hours_a_text_may_go_out(clock: str, said: str) -> None:
    found = hours_problem(datetime.fromisoformat(clock))
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_the_hour_keeps_nobody_off_the_list_which_may_be_sent_later() -> None:
    assert told(TextKind.SECOND, owner(), now=datetime(2026, 11, 17, 23, 0)) == "收"


# --- whatever the facts ---

FACTS: list[Callable[[UnitFacts], UnitFacts]] = [
    lambda one: replace(one, claim_open=True),
    lambda one: replace(one, dispute_hold="暂缓"),
    lambda one: replace(one, charges=()),
    lambda one: replace(one, phones=()),
    lambda one: replace(one, over=frozenset({1})),
    lambda one: replace(one, step=Step.COURT),
    lambda one: replace(one, promise=Promised(TODAY + timedelta(days=3), 1)),
    lambda one: replace(one, plan=plan("11-18")),
    lambda one: replace(one, served=(day("11-10"), "您家")),
    lambda one: replace(one, cleared_on=day("11-12")),
]


@given(st.lists(st.lists(st.sampled_from(FACTS), max_size=3), min_size=1, max_size=4), st.sampled_from(TextKind))
def test_every_account_asked_for_is_in_one_text_or_left_out_with_a_reason_never_both(
    made: list[list[Callable[[UnitFacts], UnitFacts]]], kind: TextKind
) -> None:
    units = []
    for number, changes in enumerate(made, start=1):
        found = unit(number, f"3-2-{number:04d}")
        for change in changes:
            found = change(found)
        units.append(found)
    chosen, left = choose([owner(*units)], TEMPLATES[kind], NOW, is_workday, "春节")
    in_texts = [one.account_id for text in chosen for one in text.units]
    out = [one.account_id for one in left]
    assert sorted(in_texts + out) == [one.account_id for one in units]
    assert all(one.reason for one in left)
    assert len(chosen) <= 1, "one person, one text"
    for text in chosen:
        assert kind is TextKind.THANKS or sum(line.owed for line in text.lines) > 0
        assert not any(one.claim_open or one.dispute_hold or one.step is Step.COURT for one in text.units)
