"""What follows a contact: category, next follow-up, promise, and what is wrong with a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.accounts import Category
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.contacts import (
    Channel,
    ClaimDraft,
    ContactDraft,
    NextAction,
    Outcome,
    PromiseDraft,
    PromiseState,
    outcomes_for,
)
from feedesk.models.followup import (
    DraftField,
    parse_short_day,
    problems,
    promise_amounts,
    promise_quick_picks,
    promise_state,
    propose_category,
    propose_next,
)
from feedesk.models.guard import ContactHistory, check
from feedesk.models.letters import Silence
from feedesk.models.periods import Period
from feedesk.models.workdays import in_call_hours

NOW = datetime(2026, 11, 17, 15, 46)
"""A Tuesday."""
FRESH = ContactHistory()
NAMED = ContactHistory(promise_stands=True)
PHONE, VISIT, MESSAGE, MAIL = Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.MAIL


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}")


def called(*times: str, reached: bool = False) -> ContactHistory:
    moments = tuple(at(text) for text in times)
    return ContactHistory(calls=moments, effective=moments if reached else ())


# --- category -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "outcome", "past", "category", "says"),
    [
        (PHONE, Outcome.PROMISED, FRESH, Category.A, "说定了日子"),
        (PHONE, Outcome.SAYS_PAID, FRESH, Category.A, "等财务核对"),
        (PHONE, Outcome.NO_DAY, FRESH, Category.B, "还没定哪天"),
        (PHONE, Outcome.NO_ANSWER, FRESH, Category.B, "无人接听"),
        (PHONE, Outcome.HUNG_UP, FRESH, Category.B, "没说上话"),
        (PHONE, Outcome.RELATIVE, FRESH, Category.B, "不是本人"),
        (PHONE, Outcome.DO_NOT_CALL, FRESH, Category.B, "改用书面"),
        (PHONE, Outcome.OFF, FRESH, Category.B, "关机第 1 天"),
        (PHONE, Outcome.OFF, ContactHistory(off_days_running=1), Category.B, "关机第 2 天"),
        (PHONE, Outcome.OFF, ContactHistory(off_days_running=2), Category.C, "连续 3 天关机"),
        (PHONE, Outcome.NO_ANSWER, ContactHistory(missed_days_running=3), Category.B, "无人接听"),
        (PHONE, Outcome.NO_ANSWER, ContactHistory(missed_days_running=4), Category.C, "连续 5 天打不通或没人接"),
        (PHONE, Outcome.NO_ANSWER, NAMED, Category.A, "他说定的日子还没过"),
        (VISIT, Outcome.NOBODY, NAMED, Category.A, "他说定的日子还没过"),
        (PHONE, Outcome.DEAD_NUMBER, NAMED, Category.C, "停机"),
        (PHONE, Outcome.NO_DAY, NAMED, Category.B, "还没定哪天"),
        (PHONE, Outcome.DEAD_NUMBER, FRESH, Category.C, "停机、空号或错号"),
        (PHONE, Outcome.AWAY, FRESH, Category.D, "外地"),
        (PHONE, Outcome.REFUSED, FRESH, Category.E, "报组团负责人"),
        (PHONE, Outcome.DISPUTE, FRESH, Category.E, "先核实处理"),
        (VISIT, Outcome.MET, FRESH, Category.B, "见到本人"),
        (VISIT, Outcome.WONT_SEE, FRESH, Category.E, "拒见"),
        (VISIT, Outcome.CARD_LEFT, FRESH, Category.B, "联系卡"),
        (MESSAGE, Outcome.SENT, FRESH, None, "消息不改变分类"),
        (MAIL, Outcome.SENT, FRESH, None, "函件不改变分类"),
        (PHONE, Outcome.OTHER, FRESH, None, "按实际情况选"),
    ],
)
def test_the_category_proposed(
    channel: Channel, outcome: Outcome, past: ContactHistory, category: Category | None, says: str
) -> None:
    found, reason = propose_category(channel, outcome, past)
    assert found is category
    assert says in reason


# --- next follow-up -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "now", "past", "next_at", "says"),
    [
        (date(2026, 11, 20), NOW, FRESH, "19 10:00", "前一天先提醒"),
        (date(2026, 11, 23), NOW, FRESH, "22 10:30", "前一天先提醒"),  # a Sunday begins later
        (date(2026, 11, 18), NOW, FRESH, "18 10:00", "承诺日就是明天"),
        (date(2026, 11, 17), NOW, FRESH, "17 17:00", "承诺就在今天"),
        (date(2026, 11, 17), at("17 17:30"), FRESH, "18 10:00", "下一个工作日"),
        (date(2026, 11, 20), at("20 17:30"), FRESH, "23 10:00", "下一个工作日"),
        (date(2026, 11, 20), NOW, called("14 10:00", "15 11:00", reached=True), "20 10:00", "7 天内最多接通 3 次"),
        (date(2026, 11, 18), NOW, called("14 10:00", "15 11:00", reached=True), "18 10:00", "不打电话"),
    ],
)
def test_a_promise_is_recalled_the_day_before(
    due: date, now: datetime, past: ContactHistory, next_at: str, says: str
) -> None:
    found = propose_next(Outcome.PROMISED, Category.A, PromiseDraft(due, 100), now, past)
    assert found.at == at(next_at)
    assert says in found.reason
    assert found.reason.startswith("A 类")


@pytest.mark.parametrize(
    ("now", "past", "next_at", "says"),
    [
        ("17 09:40", FRESH, "17 10:10", "30 分钟后"),
        ("17 10:10", called("17 09:40"), "17 15:00", "今天第 2 次"),
        ("17 15:46", called("17 09:40"), "17 18:30", "换个时段"),
        ("17 15:46", called("17 09:40", "17 10:10"), "18 18:30", "今天不再拨"),
        ("17 19:45", FRESH, "18 10:00", "今天不再拨"),
        ("21 17:45", FRESH, "22 10:30", "今天不再拨"),  # Saturday: calls end at 18
        ("17 18:40", called("17 10:00", "17 15:30"), "18 10:00", "明天换个时段"),
    ],
)
def test_no_answer_is_tried_again_at_other_times_three_times_a_day(
    now: str, past: ContactHistory, next_at: str, says: str
) -> None:
    found = propose_next(Outcome.NO_ANSWER, Category.B, None, at(now), past)
    assert found.at == at(next_at)
    assert says in found.reason


@pytest.mark.parametrize(
    ("channel", "outcome", "category", "past", "next_at", "has_time", "waits", "says"),
    [
        (PHONE, Outcome.OFF, Category.B, FRESH, "17 18:30", True, "", "关机"),
        (PHONE, Outcome.NO_DAY, Category.B, FRESH, "18 10:00", True, "", "每个工作日联系"),
        (
            PHONE, Outcome.NO_DAY, Category.B, called("13 10:00", "15 11:00", reached=True),
            "20 10:00", True, "", "7 天内最多接通 3 次",
        ),
        (PHONE, Outcome.HUNG_UP, Category.B, FRESH, "18 10:00", True, "", "今天不再打"),
        (PHONE, Outcome.RELATIVE, Category.B, FRESH, "18 10:00", True, "", "转告回电"),
        (PHONE, Outcome.AWAY, Category.D, FRESH, "18 10:00", True, "", "每天联系"),
        (PHONE, Outcome.DEAD_NUMBER, Category.C, FRESH, "17 19:00", True, "", "上门"),
        (PHONE, Outcome.DEAD_NUMBER, Category.C, ContactHistory(other_numbers=1), "17 15:51", True, "", "另一个号码"),
        (
            PHONE, Outcome.DEAD_NUMBER, Category.C, ContactHistory(visits=(at("12 19:00"),)),
            "18 10:00", True, "", "不再上门",
        ),
        (PHONE, Outcome.OFF, Category.C, FRESH, "17 19:00", True, "", "上门"),
        (PHONE, Outcome.REFUSED, Category.E, FRESH, None, False, "等负责人", "弄清原因"),
        (PHONE, Outcome.NO_DAY, Category.E, FRESH, None, False, "等负责人", "由负责人定"),
        (PHONE, Outcome.SAYS_PAID, Category.A, FRESH, None, False, "等财务", "查清前不再催"),
        (PHONE, Outcome.DO_NOT_CALL, Category.B, FRESH, None, False, "改用书面", "不再打电话"),
        (PHONE, Outcome.DISPUTE, Category.E, FRESH, "24 00:00", False, "", "7 天后复查"),
        (PHONE, Outcome.OTHER, None, FRESH, "18 10:00", True, "", "下一个工作日"),
        (VISIT, Outcome.MET, Category.B, FRESH, "18 10:00", True, "", "定"),
        (VISIT, Outcome.NOBODY, Category.B, FRESH, "18 10:00", True, "", "改打电话"),
        (VISIT, Outcome.CARD_LEFT, Category.B, FRESH, "19 10:00", True, "", "等业主回话"),
        (VISIT, Outcome.WONT_SEE, Category.E, FRESH, None, False, "等负责人", "负责人"),
        (MESSAGE, Outcome.SENT, None, FRESH, "19 00:00", False, "", "三天内最多一条"),
        (MAIL, Outcome.SENT, None, FRESH, "24 00:00", False, "", "留一周"),
    ],
)  # fmt: skip
def test_the_follow_up_proposed(
    channel: Channel,
    outcome: Outcome,
    category: Category | None,
    past: ContactHistory,
    next_at: str | None,
    has_time: bool,
    waits: str,
    says: str,
) -> None:
    found = propose_next(outcome, category, None, NOW, past, channel=channel)
    assert found.at == (at(next_at) if next_at else None)
    assert (found.has_time, found.waits_for) == (has_time, waits)
    assert says in found.reason


def test_who_was_reached_on_friday_is_called_on_monday() -> None:
    assert propose_next(Outcome.NO_DAY, Category.B, None, at("20 11:00"), FRESH).at == at("23 10:00")


@pytest.mark.parametrize(
    ("now", "visit"),
    [
        ("17 17:59", "17 19:00"),
        ("17 18:01", "18 19:00"),  # too late to get there in time
        ("20 18:30", "21 16:00"),  # Saturday: in the afternoon
        ("21 10:00", "21 16:00"),
    ],
)
def test_a_visit_leaves_time_to_get_there(now: str, visit: str) -> None:
    assert propose_next(Outcome.DEAD_NUMBER, Category.C, None, at(now), FRESH).at == at(visit)


MOMENTS = st.datetimes(datetime(2026, 1, 1, 8), datetime(2027, 6, 1)).map(lambda m: m.replace(second=0, microsecond=0))


@given(
    now=MOMENTS,
    channel=st.sampled_from(Channel),
    data=st.data(),
    category=st.none() | st.sampled_from(Category),
    before=st.lists(st.tuples(st.integers(1, 10 * 24 * 60), st.sampled_from(Outcome)), max_size=15),
    visit=st.none() | st.integers(1, 12),
    others=st.integers(0, 2),
    days=st.none() | st.integers(0, 60),
)
def test_never_before_now_never_outside_the_hours_always_with_a_reason(
    now: datetime,
    channel: Channel,
    data: st.DataObject,
    category: Category | None,
    before: list[tuple[int, Outcome]],
    visit: int | None,
    others: int,
    days: int | None,
) -> None:
    outcome = data.draw(st.sampled_from([spec.outcome for spec in outcomes_for(channel)]))
    contacts = [(now - timedelta(minutes=minutes), Channel.PHONE, what) for minutes, what in before]
    if visit:
        contacts.append((now - timedelta(days=visit), Channel.VISIT, Outcome.NOBODY))
    past = ContactHistory.of(contacts, now, other_numbers=others)
    promise = PromiseDraft(now.date() + timedelta(days=days), 100) if days is not None else None
    found = propose_next(outcome, category, promise, now, past, channel=channel)
    assert found.reason
    assert (found.at is None) == bool(found.waits_for)
    if found.at is None:
        return
    assert found.at.date() > now.date() or found.at > now
    if found.has_time:
        assert in_call_hours(found.at)
    else:
        assert found.at.time().hour == 0


@given(now=MOMENTS, before=st.lists(st.tuples(st.integers(1, 7 * 24 * 60), st.booleans()), max_size=12))
def test_a_call_proposed_after_no_answer_is_one_the_guard_lets_through(
    now: datetime, before: list[tuple[int, bool]]
) -> None:
    calls = tuple(now - timedelta(minutes=minutes) for minutes, _ in before)
    past = ContactHistory(calls, tuple(now - timedelta(minutes=minutes) for minutes, was in before if was))
    found = propose_next(Outcome.NO_ANSWER, Category.B, None, now, past)
    assert found.at is not None
    assert check(PHONE, found.at, past.with_call(now, reached=False)).allowed


# --- what is wrong with a draft -------------------------------------------------------------------------------------

GOOD = ContactDraft(
    account_ids=(1,),
    at=NOW,
    channel=PHONE,
    number="139 0000 4417",
    outcome=Outcome.PROMISED,
    said="周五转",
    category=Category.A,
    next_action=NextAction(at("19 10:00"), True, "前一天提醒"),
    promise=PromiseDraft(date(2026, 11, 20), 344635),
)
PAID = ClaimDraft(date(2026, 11, 16), 344635, "微信")


def test_a_good_draft_has_no_problem() -> None:
    assert problems(GOOD, NOW, 344635) == []
    assert problems(replace(GOOD, number=""), NOW, 344635) == [], "a number need not be known"
    assert problems(replace(GOOD, promise=PromiseDraft(date(2027, 11, 18), 100)), NOW, 344635) == [], "a year ahead"
    says_paid = replace(GOOD, outcome=Outcome.SAYS_PAID, promise=None, claim=PAID)
    assert problems(says_paid, NOW, 344635) == []


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"account_ids": ()}, DraftField.ACCOUNTS, "至少勾选一户"),
        ({"at": at("17 15:47")}, DraftField.AT, "不能在现在之后"),
        ({"promise": None}, DraftField.PROMISE_DAY, "要选哪一天"),
        ({"promise": PromiseDraft(date(2026, 11, 16), 100)}, DraftField.PROMISE_DAY, "不能早于联系那天"),
        (
            {"at": at("12 10:00"), "promise": PromiseDraft(date(2026, 11, 16), 100)},
            DraftField.PROMISE_DAY, "已经过去了",
        ),
        ({"promise": PromiseDraft(date(2026, 11, 20), 0)}, DraftField.PROMISE_AMOUNT, "大于 0"),
        ({"promise": PromiseDraft(date(2026, 11, 20), 344636)}, DraftField.PROMISE_AMOUNT, "超过欠费 ¥3,446.35"),
        ({"outcome": Outcome.NO_DAY}, DraftField.OUTCOME, "请选“承诺缴费”"),
        ({"outcome": Outcome.SAYS_PAID, "promise": None}, DraftField.CLAIM_DAY, "请填业主说的缴费日期"),
        (
            {"outcome": Outcome.SAYS_PAID, "promise": None, "claim": replace(PAID, paid_on=date(2026, 11, 18))},
            DraftField.CLAIM_DAY, "在今天之后",
        ),
        (
            {"outcome": Outcome.SAYS_PAID, "promise": None, "claim": replace(PAID, amount=0)},
            DraftField.CLAIM_AMOUNT, "大于 0",
        ),
        (
            {"outcome": Outcome.SAYS_PAID, "promise": None, "claim": replace(PAID, way="")},
            DraftField.CLAIM_WAY, "请选缴费方式",
        ),
        ({"next_action": NextAction(at("17 15:45"), True, "")}, DraftField.NEXT, "已经过去了"),
        ({"next_action": NextAction(at("16 00:00"), False, "")}, DraftField.NEXT, "已经过去了"),
        ({"next_action": NextAction(at("18 22:00"), True, "")}, DraftField.NEXT, "不联系业主"),
        ({"next_action": NextAction(at("18 07:59"), True, "")}, DraftField.NEXT, "不联系业主"),
        ({"promise": PromiseDraft(date(2027, 11, 19), 100)}, DraftField.PROMISE_DAY, "核对年份"),
        ({"next_action": NextAction(datetime(9999, 12, 31), False, "")}, DraftField.NEXT, "核对年份"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, object], field: DraftField, says: str) -> None:
    found = problems(replace(GOOD, **change), NOW, 344635)  # type: ignore[arg-type]  # a table of fields
    assert [problem.field for problem in found] == [field]
    assert says in found[0].text


def test_a_day_without_a_time_may_be_today() -> None:
    assert problems(replace(GOOD, next_action=NextAction(at("17 00:00"), False, "")), NOW, 344635) == []


# --- promises -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "friday", "friday_label", "last", "last_label"),
    [
        ("2026-11-17", "2026-11-20", "本周五", "2026-11-30", "月底"),
        ("2026-11-19", "2026-11-27", "下周五", "2026-11-30", "月底"),  # tomorrow is Friday already
        ("2026-11-20", "2026-11-27", "下周五", "2026-11-30", "月底"),
        ("2026-11-22", "2026-11-27", "下周五", "2026-11-30", "月底"),
        ("2026-11-29", "2026-12-04", "下周五", "2026-12-31", "下月底"),
        ("2026-12-31", "2027-01-08", "下周五", "2027-01-31", "下月底"),
    ],
)
def test_quick_picks(today: str, friday: str, friday_label: str, last: str, last_label: str) -> None:
    day = date.fromisoformat(today)
    assert promise_quick_picks(day) == (
        ("明天", day + timedelta(days=1)),
        (friday_label, date.fromisoformat(friday)),
        (last_label, date.fromisoformat(last)),
        ("其他日子", None),
    )


@given(st.dates(date(2024, 1, 1), date(2035, 1, 1)))
def test_quick_picks_are_all_ahead_and_tomorrow_stands_once(today: date) -> None:
    days = [pick.day for pick in promise_quick_picks(today) if pick.day]
    assert all(day > today for day in days)
    assert len(days) == 3
    assert days[0] not in days[1:]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("1125", "2026-11-25"),
        ("1117", "2026-11-17"),
        ("1116", "2027-11-16"),
        ("0105", "2027-01-05"),
        ("11-25", "2026-11-25"),
        ("11.25", "2026-11-25"),
        (" 11月25日 ", "2026-11-25"),
        ("20261125", "2026-11-25"),
        ("2027-01-05", "2027-01-05"),
    ],
)
def test_short_days(typed: str, means: str) -> None:
    assert parse_short_day(typed, NOW.date()) == date.fromisoformat(means)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "不是日期"),
        ("周五", "不是日期"),
        ("1131", "没有“1131”这一天"),
        ("0229", "没有“0229”这一天"),
        ("2026-11-16", "已经过去了"),
        ("112", "不是日期"),
    ],
)
def test_what_is_no_day(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        parse_short_day(typed, NOW.date())


@given(st.dates(date(2026, 11, 17), date(2027, 11, 16)))
def test_every_day_of_the_coming_year_can_be_typed_in_four_digits(day: date) -> None:
    assert parse_short_day(f"{day.month:02d}{day.day:02d}", NOW.date()) == day


def charge(amount: int, period: str | None, settled: int = 0) -> Charge:
    months = Period.parse(period) if period else None
    return Charge(1, 1, "物业费", FeeKind.PROPERTY, months, amount, settled, None, False)


@pytest.mark.parametrize(
    ("charges", "picks"),
    [
        (
            [charge(100, "2026-07..2026-09"), charge(51, "2026-04..2026-06"), charge(30, "2026-04..2026-06")],
            [("全部", 181), ("一半", 91), ("一期", 81)],
        ),
        ([charge(100, "2026-07..2026-09")], [("全部", 100), ("一半", 50)]),
        ([charge(100, None)], [("全部", 100), ("一半", 50)]),
        (
            [charge(100, "2026-04..2026-06", settled=100), charge(40, "2026-07"), charge(60, "2026-08", settled=10)],
            [("全部", 90), ("一半", 45), ("一期", 40)],
        ),
        ([], [("全部", 0)]),
    ],
)
def test_amounts_offered(charges: list[Charge], picks: list[tuple[str, int]]) -> None:
    assert [tuple(pick) for pick in promise_amounts(charges)] == picks


@pytest.mark.parametrize(
    ("paid", "today", "state"),
    [
        (100, "2026-11-20", PromiseState.KEPT),
        (150, "2027-11-20", PromiseState.KEPT),
        (0, "2026-11-20", PromiseState.OPEN),
        (0, "2026-11-22", PromiseState.OPEN),  # Sunday: the transfer is booked on Monday at the latest
        (99, "2026-11-23", PromiseState.OPEN),
        (0, "2026-11-24", PromiseState.BROKEN),
        (99, "2026-11-24", PromiseState.PART),
    ],
)
def test_how_a_promise_for_friday_stands(paid: int, today: str, state: PromiseState) -> None:
    assert promise_state(date(2026, 11, 20), 100, paid, date.fromisoformat(today)) is state


# --- while the owner is to be left alone ------------------------------------------------------------------------------

QUIET = replace(FRESH, quiet=Silence(date(2026, 11, 24), "催费函 2026-0170 今天发出，留一周给业主，期间不主动联系"))
MOURNING = replace(FRESH, sensitive="丧事", sensitive_until=date(2026, 11, 24))
ILL = replace(FRESH, sensitive="住院")


@pytest.mark.parametrize(
    ("channel", "outcome", "category", "past", "next_at", "waits", "says"),
    [
        (PHONE, Outcome.NO_DAY, Category.B, QUIET, "25 10:00", "", "到期后再联系"),
        (PHONE, Outcome.NO_ANSWER, Category.B, QUIET, "25 10:00", "", "到期后再联系"),
        (PHONE, Outcome.AWAY, Category.D, MOURNING, "25 10:00", "", "业主家里有事（丧事）"),
        (PHONE, Outcome.DEAD_NUMBER, Category.C, QUIET, "25 19:00", "", "到期后再联系"),
        (PHONE, Outcome.DEAD_NUMBER, Category.C, replace(QUIET, other_numbers=1), "25 10:00", "", "到期后再联系"),
        (VISIT, Outcome.NOBODY, Category.B, MOURNING, "25 10:00", "", "到期后再联系"),
        (MESSAGE, Outcome.SENT, None, QUIET, "25 00:00", "", "到期后再联系"),
        (MAIL, Outcome.SENT, None, replace(QUIET, quiet=Silence(date(2026, 12, 8), "律师函 的期限到 12-08")), "12-09",
         "", "到期后再联系"),
        (PHONE, Outcome.NO_DAY, Category.B, ILL, None, "暂不联系", "结束前不联系：不另约时间"),
        (MESSAGE, Outcome.NO_DAY, Category.B, ILL, None, "暂不联系", "住院"),
        (PHONE, Outcome.NO_ANSWER, Category.B, replace(FRESH, do_not_call=True), None, "改用书面", "勿再来电"),
        # Looking into money or into an objection is no contact.
        (PHONE, Outcome.SAYS_PAID, Category.A, QUIET, None, "等财务", "请财务核对"),
        (PHONE, Outcome.DISPUTE, Category.E, QUIET, "24 00:00", "", "复查进展"),
        (PHONE, Outcome.REFUSED, Category.E, ILL, None, "等负责人", "负责人"),
    ],
)  # fmt: skip
def test_nothing_is_proposed_inside_a_silence(
    channel: Channel,
    outcome: Outcome,
    category: Category | None,
    past: ContactHistory,
    next_at: str | None,
    waits: str,
    says: str,
) -> None:
    found = propose_next(outcome, category, None, NOW, past, channel=channel)
    expected = None if next_at is None else datetime(2026, 12, 9) if next_at == "12-09" else at(next_at)
    assert (found.at, found.waits_for) == (expected, waits)
    assert says in found.reason


@pytest.mark.parametrize("past", [QUIET, ILL, replace(FRESH, do_not_call=True)])
def test_a_promise_is_not_recalled_by_a_call_then_only_the_money_is_looked_for(past: ContactHistory) -> None:
    found = propose_next(Outcome.PROMISED, Category.A, PromiseDraft(date(2026, 11, 20), 100), NOW, past)
    assert found.at == at("20 10:00")
    assert "改在承诺日 11-20 周五 请财务看是否到账" in found.reason


@given(now=MOMENTS, days=st.integers(0, 30), data=st.data(), category=st.none() | st.sampled_from(Category))
def test_whatever_came_of_it_no_call_is_planned_before_the_silence_is_over(
    now: datetime, days: int, data: st.DataObject, category: Category | None
) -> None:
    channel = data.draw(st.sampled_from(Channel))
    outcome = data.draw(st.sampled_from([spec.outcome for spec in outcomes_for(channel)]))
    until = now.date() + timedelta(days=days)
    found = propose_next(outcome, category, None, now, replace(FRESH, quiet=Silence(until, "函")), channel=channel)
    assert found.at is None or found.at.date() > until or outcome is Outcome.DISPUTE
