"""The contact guard as law §13.7 reads: who may be contacted how and when, from when otherwise, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import (
    AIM_A_WEEK,
    MINIMUM_GAP,
    OVERRIDE_REASONS,
    REPORTING_BACK,
    SENSITIVE_REASONS,
    ContactHistory,
    Rule,
    breaches,
    check,
    day_limit,
    earliest,
    first_allowed,
    rest,
    standing,
)
from feedesk.models.letters import PaperFacts, PaperKind, Silence, silence
from feedesk.models.workdays import in_call_hours

NOW = datetime(2026, 11, 17, 15, 46)
"""A Tuesday."""
PHONE, VISIT, MESSAGE, MAIL, COUNTER = Channel
FRESH = ContactHistory()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}")


def moments(text: str) -> tuple[datetime, ...]:
    """Moments as 「17 10:00」 separated by commas."""
    return tuple(at(one.strip()) for one in text.split(",") if one)


def past(calls: str = "", reached: str = "", *, visits: str = "", met: str = "", texts: str = "") -> ContactHistory:
    """Calls in vain, calls that reached the owner, visits in vain, visits that met him, messages sent."""
    return ContactHistory(
        calls=moments(calls) + moments(reached),
        effective=moments(reached) + moments(met),
        visits=moments(visits) + moments(met),
        texts=moments(texts),
    )


def quiet(until: str) -> Silence:
    return Silence(at(f"{until} 00:00").date(), "催费函 2026-0170 发出，留一周给业主，期间不主动联系")


CASES = [
    # Hours: 9-20, on rest days 10-18; 22-8 rejected outright; letters have no hour.
    (PHONE, "17 15:46", FRESH, None, None, "现在可打 · 好打时段至 18:00 · 近 7 天已通 0 次，上限 3 次"),
    (PHONE, "17 09:00", FRESH, None, None, "现在可打"),
    (PHONE, "17 19:59", FRESH, None, None, "现在可打"),
    (PHONE, "17 20:00", FRESH, Rule.HOURS, "18 09:00", "现在不在联系时段（可联系时段 9–20 点） · 明天 09:00 起可打"),
    (PHONE, "17 08:30", FRESH, Rule.HOURS, "17 09:00", "今天 09:00 起可打"),
    (PHONE, "17 22:00", FRESH, Rule.NIGHT, "18 09:00", "晚上 22 点到早上 8 点不联系 · 明天 09:00 起可打"),
    (PHONE, "17 07:59", FRESH, Rule.NIGHT, "17 09:00", "晚上 22 点到早上 8 点不联系"),
    (PHONE, "21 09:30", FRESH, Rule.HOURS, "21 10:00", "可联系时段 10–18 点"),
    (PHONE, "21 18:00", FRESH, Rule.HOURS, "22 10:00", "可联系时段 10–18 点"),
    (VISIT, "17 15:46", FRESH, None, None, "现在可上门 · 两人同行，不进门"),
    (VISIT, "17 20:30", FRESH, Rule.HOURS, "18 09:00", "明天 09:00 起可上门"),
    (MESSAGE, "17 15:46", FRESH, None, None, "现在可发 · 3 天内最多发一条"),
    (MESSAGE, "17 20:30", FRESH, Rule.HOURS, "18 09:00", "明天 09:00 起可发"),
    (MAIL, "17 20:30", FRESH, None, None, "现在可发函"),
    (COUNTER, "17 20:30", FRESH, None, None, "业主来访，随时接待"),
    # Three attempts a day in all, half an hour apart.
    (PHONE, "17 15:46", past("17 10:00, 17 11:00"), None, None, "今天已拨 2 次，上限 3 次"),
    (PHONE, "17 15:46", past("17 10:00, 17 11:00, 17 15:00"), Rule.DAY_ATTEMPTS, "18 09:00", "一天最多拨打 3 次"),
    (PHONE, "17 15:46", past("17 10:00, 17 11:00", visits="17 14:00"), Rule.DAY_ATTEMPTS, "18 09:00",
     "电话、上门一天合计最多 3 次"),
    (VISIT, "17 15:46", past("17 10:00, 17 11:00, 17 15:00"), Rule.DAY_ATTEMPTS, "18 09:00", "一天最多拨打 3 次"),
    (MESSAGE, "17 15:46", past("17 10:00, 17 11:00, 17 15:00"), None, None, "现在可发"),
    (PHONE, "17 15:46", past("17 15:17"), Rule.GAP, "17 15:47", "15:17 刚联系过，两次至少隔 30 分钟 · 今天 15:47 起可打"),
    (PHONE, "17 15:47", past("17 15:17"), None, None, "现在可打"),
    (VISIT, "17 15:46", past("17 15:30"), Rule.GAP, "17 16:00", "两次至少隔 30 分钟"),
    (MESSAGE, "17 15:46", past("17 15:40"), None, None, "现在可发"),
    (PHONE, "17 15:46", replace(past("17 15:40"), dead=moments("17 15:40")), None, None, "今天已拨 1 次"),
    (PHONE, "17 19:45", past("17 19:40"), Rule.GAP, "18 09:00", "明天 09:00 起可打"),
    # One talk a day, three in seven days, whichever way the owner was reached.
    (PHONE, "17 15:46", past("", "17 10:00"), Rule.DAY_EFFECTIVE, "18 09:00", "一天最多接通 1 次"),
    (PHONE, "17 15:46", past(met="17 10:00"), Rule.DAY_EFFECTIVE, "18 09:00", "一天最多谈上 1 次"),
    (VISIT, "17 15:46", past("", "17 10:00"), Rule.DAY_EFFECTIVE, "18 09:00", "一天最多接通 1 次"),
    (PHONE, "17 15:46", past("", "12 10:00, 13 10:00, 14 10:00"), Rule.WEEK_EFFECTIVE, "19 09:00",
     "7 天内最多接通 3 次"),
    (PHONE, "17 15:46", past("", "10 10:00, 13 10:00, 14 10:00"), None, None, "近 7 天已通 2 次"),
    (PHONE, "17 15:46", past("13 10:00, 14 10:00, 15 10:00"), None, None, "近 7 天已通 0 次"),
    # One message in three days, one visit in seven.
    (MESSAGE, "17 15:46", past(texts="15 18:00"), Rule.TEXT_EVERY, "18 09:00", "3 天内最多发一条 · 明天 09:00 起可发"),
    (MESSAGE, "17 15:46", past(texts="14 18:00"), None, None, "现在可发"),
    (PHONE, "17 15:46", past(texts="17 15:40"), None, None, "现在可打"),
    (VISIT, "17 15:46", past(visits="11 10:00"), Rule.VISIT_EVERY, "18 09:00", "7 天内最多上门一次"),
    (VISIT, "17 15:46", past(visits="10 19:00"), None, None, "现在可上门"),
    (PHONE, "17 15:46", past(visits="16 19:00"), None, None, "现在可打"),
    # 勿电: by letter only.
    (PHONE, "17 15:46", ContactHistory(do_not_call=True), Rule.NO_CALL, None, "业主要求勿再来电 · 改用书面"),
    (VISIT, "17 15:46", ContactHistory(do_not_call=True), Rule.NO_CALL, None, "改用书面"),
    (MESSAGE, "17 15:46", ContactHistory(do_not_call=True), Rule.NO_CALL, None, "改用书面"),
    (MAIL, "17 15:46", ContactHistory(do_not_call=True), None, None, "现在可发函"),
    (COUNTER, "17 15:46", ContactHistory(do_not_call=True), None, None, "随时接待"),
    # Money to be verified first, an objection to be settled first: no letter either.
    (PHONE, "17 15:46", ContactHistory(to_verify=True), Rule.VERIFY, None, "先核对收款，查清前不打"),
    (MAIL, "17 15:46", ContactHistory(to_verify=True), Rule.VERIFY, None, "先核对收款，查清前不联系"),
    (PHONE, "17 15:46", ContactHistory(is_disputed=True), Rule.DISPUTE, None,
     "异议处理中，催缴先停 · 向业主反馈进展可以联系"),
    (MAIL, "17 15:46", ContactHistory(is_disputed=True), Rule.DISPUTE, None, "催缴先停"),
    # Illness, a death, a birth: nothing from our side, up to and with the day.
    (PHONE, "17 15:46", ContactHistory(sensitive="丧事", sensitive_until=date(2026, 11, 20)), Rule.SENSITIVE, "21 10:00",
     "业主家里有事（丧事），11-20（含）前不联系 · 11-21 周六 10:00 起可打"),
    (PHONE, "20 15:46", ContactHistory(sensitive="丧事", sensitive_until=date(2026, 11, 20)), Rule.SENSITIVE, "21 10:00",
     "业主家里有事"),
    (PHONE, "21 15:46", ContactHistory(sensitive="丧事", sensitive_until=date(2026, 11, 20)), None, None, "现在可打"),
    (PHONE, "17 15:46", ContactHistory(sensitive="住院"), Rule.SENSITIVE, None, "业主家里有事（住院），结束前不联系"),
    (MESSAGE, "17 15:46", ContactHistory(sensitive="住院"), Rule.SENSITIVE, None, "不联系"),
    (MAIL, "17 15:46", ContactHistory(sensitive="住院"), Rule.SENSITIVE, None, "不联系"),
    (COUNTER, "17 15:46", ContactHistory(sensitive="住院"), None, None, "随时接待"),
    # A letter went out: a week of silence by every channel.
    (PHONE, "17 15:46", ContactHistory(quiet=quiet("24")), Rule.SILENCE, "25 09:00", "留一周给业主"),
    (VISIT, "17 15:46", ContactHistory(quiet=quiet("24")), Rule.SILENCE, "25 09:00", "11-25 周三 09:00 起可上门"),
    (MESSAGE, "17 15:46", ContactHistory(quiet=quiet("24")), Rule.SILENCE, "25 09:00", "起可发"),
    (MAIL, "17 15:46", ContactHistory(quiet=quiet("24")), Rule.SILENCE, "25 00:00", "11-25 周三 起可发函"),
    (PHONE, "25 15:46", ContactHistory(quiet=quiet("24")), None, None, "现在可打"),
    # Several at once: the most binding speaks.
    (PHONE, "17 23:00", replace(past("", "17 10:00"), do_not_call=True, sensitive="病重"), Rule.SENSITIVE, None, "病重"),
    (PHONE, "17 23:00", past("", "17 10:00"), Rule.DAY_EFFECTIVE, "18 09:00", "一天最多接通 1 次"),
]  # fmt: skip


@pytest.mark.parametrize(("channel", "now", "facts", "rule", "next_at", "says"), CASES)
def test_what_the_law_lets_through(
    channel: Channel, now: str, facts: ContactHistory, rule: Rule | None, next_at: str | None, says: str
) -> None:
    verdict = check(channel, at(now), facts)
    assert (verdict.allowed, verdict.rule) == (rule is None, rule)
    assert says in verdict.text
    assert verdict.next_at == (at(next_at) if next_at else None)
    assert bool(verdict.why) != verdict.allowed


@pytest.mark.parametrize("channel", [MESSAGE, MAIL])
def test_what_the_owner_wrote_himself_is_never_against_a_rule(channel: Channel) -> None:
    facts = replace(past(texts="17 15:00"), do_not_call=True, sensitive="住院")
    assert check(channel, at("17 23:30"), facts, Outcome.PROMISED).allowed
    assert not check(channel, at("17 23:30"), facts, Outcome.SENT).allowed


def test_every_rule_broken_goes_on_record_in_words_that_stay_true() -> None:
    verdict = check(PHONE, at("17 20:30"), past("17 20:10", "17 10:00"))
    assert [breach.rule for breach in verdict.broken] == [Rule.DAY_EFFECTIVE, Rule.HOURS, Rule.GAP]
    assert verdict.why == "一天最多接通 1 次；不在联系时段（可联系时段 9–20 点）；20:10 刚联系过，两次至少隔 30 分钟"


def test_reporting_back_is_a_reason_only_while_an_objection_is_open() -> None:
    assert check(PHONE, NOW, ContactHistory(is_disputed=True)).reasons() == (REPORTING_BACK, *OVERRIDE_REASONS)
    assert check(PHONE, at("17 21:00"), FRESH).reasons() == OVERRIDE_REASONS


@pytest.mark.parametrize(
    ("now", "facts", "says"),
    [
        pytest.param("17 15:46", ContactHistory(sensitive="住院"), "本周联系 0 次，不为凑满 3 次再联系", id="illness"),
        pytest.param("17 15:46", ContactHistory(quiet=quiet("24")), "本周联系 0 次", id="a silence over the week's end"),
        pytest.param("22 15:46", past("", "22 10:30"), "本周联系 1 次", id="Sunday's one talk is made"),
        pytest.param("17 15:46", replace(past("16 09:30", texts="16 10:00"), sensitive="产期"),
                     "本周联系 2 次", id="messages count"),
        pytest.param("17 15:46", past("", "17 10:00"), "", id="there are days left"),
        pytest.param("17 15:46", ContactHistory(quiet=quiet("20")), "", id="the silence ends in time"),
        pytest.param("20 15:46", replace(past("18 10:00, 18 11:00, 19 10:00"), sensitive="住院"), "", id="three are made"),
        pytest.param("17 15:46", ContactHistory(do_not_call=True), "", id="his wish is no limit of ours"),
        pytest.param("17 15:46", ContactHistory(to_verify=True), "", id="nor is money to be looked up"),
    ],
)  # fmt: skip
def test_where_three_a_week_and_the_limits_part_the_limits_win_and_say_so(
    now: str, facts: ContactHistory, says: str
) -> None:
    verdict = check(PHONE, at(now), facts)
    assert not verdict.allowed
    assert (says in verdict.text) if says else (f"凑满 {AIM_A_WEEK} 次" not in verdict.text)


def test_a_holiday_keeps_rest_day_hours_and_a_shifted_workday_does_not() -> None:
    holiday, shifted = datetime(2026, 10, 1, 9, 30), datetime(2026, 10, 10, 9, 30)
    assert check(PHONE, holiday, FRESH).next_at == holiday.replace(hour=10, minute=0)
    assert shifted.weekday() == 5 and check(PHONE, shifted, FRESH).allowed


def test_a_year_not_yet_announced_goes_by_weekdays() -> None:
    monday = datetime(2031, 10, 6, 9, 30)
    assert monday.weekday() == 0 and check(PHONE, monday, FRESH).allowed


def test_a_letter_a_lawyers_letter_and_a_plain_demand() -> None:
    today = NOW.date()
    demand = PaperFacts(PaperKind.DEMAND, "2026-0001", today, today + timedelta(days=15))
    letter = PaperFacts(PaperKind.LETTER, "2026-0002", today)
    lawyer = PaperFacts(PaperKind.LAWYER, "律字 7", today, today + timedelta(days=20))
    until = {
        name: earliest(PHONE, NOW, replace(FRESH, quiet=silence(papers, today)))
        for name, papers in (("demand", [demand]), ("letter", [letter]), ("lawyer", [demand, letter, lawyer]))
    }
    assert until == {"demand": NOW, "letter": at("25 09:00"), "lawyer": datetime(2026, 12, 8, 9)}


# --- what proposals ask -------------------------------------------------------------------------------------------


def test_a_call_put_off_is_proposed_for_a_good_hour() -> None:
    assert first_allowed(at("17 20:30"), FRESH) == (at("18 10:00"), "可联系时段 9–20 点")
    assert first_allowed(at("17 15:46"), past("17 15:30")) == (at("17 16:00"), "15:30 刚联系过，两次至少隔 30 分钟")
    assert first_allowed(NOW, ContactHistory(quiet=quiet("20")))[0] == at("21 10:30")
    assert first_allowed(NOW, ContactHistory(do_not_call=True)) == (NOW, ""), "what has no end is asked of `standing`"


@pytest.mark.parametrize(
    ("facts", "limit", "rests", "stands"),
    [
        (FRESH, "", None, None),
        (past("", "17 10:00"), "一天最多接通 1 次", None, None),
        (ContactHistory(quiet=quiet("24")), "留一周给业主", Rule.SILENCE, None),
        (ContactHistory(sensitive="住院"), "业主家里有事", Rule.SENSITIVE, Rule.SENSITIVE),
        (ContactHistory(sensitive="住院", sensitive_until=date(2026, 11, 18)), "业主家里有事", Rule.SENSITIVE, None),
        (ContactHistory(do_not_call=True), "勿再来电", None, Rule.NO_CALL),
        (ContactHistory(to_verify=True, is_disputed=True), "", None, None),
    ],
)
def test_what_holds_a_whole_day(facts: ContactHistory, limit: str, rests: Rule | None, stands: Rule | None) -> None:
    day = NOW.date()
    held, stood = rest(day, facts), standing(day, facts)
    assert limit in day_limit(day, facts) and bool(limit) == bool(day_limit(day, facts))
    assert (held and held.rule, stood and stood.rule) == (rests, stands)


def test_of_two_that_ask_for_rest_the_longer_one_counts() -> None:
    facts = ContactHistory(quiet=quiet("24"), sensitive="丧事", sensitive_until=date(2026, 11, 19))
    longer = rest(NOW.date(), facts)
    assert longer is not None and longer.rule is Rule.SILENCE
    endless = rest(NOW.date(), replace(facts, sensitive_until=None))
    assert endless is not None and endless.rule is Rule.SENSITIVE


# --- reading a history --------------------------------------------------------------------------------------------


def test_history_is_read_from_the_contacts_that_count() -> None:
    found = ContactHistory.of(
        [
            (at("17 10:00"), PHONE, Outcome.NO_ANSWER),
            (at("16 10:00"), PHONE, Outcome.OFF),
            (at("15 10:00"), PHONE, Outcome.OFF),
            (at("15 16:00"), PHONE, Outcome.OFF),
            (at("13 10:00"), PHONE, Outcome.NO_DAY),
            (at("12 18:00"), VISIT, Outcome.MET),
            (at("12 10:00"), PHONE, Outcome.RELATIVE),
            (at("11 10:00"), PHONE, Outcome.DEAD_NUMBER),
            (at("11 11:00"), MESSAGE, Outcome.SENT),
            (at("11 12:00"), MESSAGE, Outcome.NO_DAY),
            (at("11 13:00"), MAIL, Outcome.SENT),
            (at("11 14:00"), COUNTER, Outcome.MET),
            (at("18 10:00"), PHONE, Outcome.NO_DAY),
        ],
        NOW,
    )
    assert found.attempts_on(date(2026, 11, 15)) == 2
    assert found.effective == (at("12 18:00"), at("13 10:00")), "not a relative, not the counter, not tomorrow"
    assert found.off_days_running == 2
    assert found.visited_within(NOW.date()) and not found.visited_within(date(2026, 11, 19))
    assert (found.texts, found.dead) == ((at("11 11:00"),), (at("11 10:00"),)), "an answer is not a message of ours"
    assert found.last_attempt == at("17 10:00")


def test_one_answered_call_breaks_a_run_of_days_off() -> None:
    days = [(at("16 10:00"), PHONE, Outcome.OFF), (at("16 15:00"), PHONE, Outcome.NO_ANSWER)]
    assert ContactHistory.of(days, NOW).off_days_running == 0


# --- whatever the history -----------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1)).map(lambda m: m.replace(second=0, microsecond=0))
MINUTES = st.lists(st.integers(0, 9 * 24 * 60), max_size=8)
DAYS = st.none() | st.integers(-2, 25)
CHANNELS = st.sampled_from(Channel)


@st.composite
def histories(draw: st.DrawFn, now: datetime, *, endless: bool = False) -> ContactHistory:
    def ago() -> tuple[datetime, ...]:
        return tuple(now - timedelta(minutes=minutes) for minutes in draw(MINUTES))

    reached, met, off, quiet_days, mark_days = ago(), ago(), ago(), draw(DAYS), draw(DAYS)
    today = now.date()
    return ContactHistory(
        calls=ago() + reached + off,
        effective=reached + met,
        visits=ago() + met,
        texts=ago(),
        dead=off,
        do_not_call=endless and draw(st.booleans()),
        to_verify=endless and draw(st.booleans()),
        is_disputed=endless and draw(st.booleans()),
        sensitive=draw(st.sampled_from(SENSITIVE_REASONS)) if mark_days is not None else "",
        sensitive_until=today + timedelta(days=mark_days) if mark_days is not None else None,
        quiet=Silence(today + timedelta(days=quiet_days), "函") if quiet_days is not None else None,
    )


@st.composite
def situations(draw: st.DrawFn, *, endless: bool = False) -> tuple[Channel, datetime, ContactHistory]:
    now = draw(MOMENTS)
    return draw(CHANNELS), now, draw(histories(now, endless=endless))


@given(situations())
def test_the_next_time_is_itself_allowed_and_never_earlier_than_asked(
    found: tuple[Channel, datetime, ContactHistory],
) -> None:
    channel, now, history = found
    moment = earliest(channel, now, history)
    assert moment is not None and moment >= now
    assert check(channel, moment, history).allowed
    verdict = check(channel, now, history)
    assert verdict.allowed == (moment == now) and verdict.next_at == (None if verdict.allowed else moment)


@given(situations())
def test_no_minute_before_the_next_time_is_allowed(found: tuple[Channel, datetime, ContactHistory]) -> None:
    channel, now, history = found
    moment = earliest(channel, now, history)
    assert moment is not None
    # Every minute of the last two days before it, and every fifth hour before those.
    step, probe = timedelta(minutes=1), moment - timedelta(minutes=1)
    while probe >= now:
        assert breaches(channel, probe, history)
        step = step if moment - probe < timedelta(days=2) else timedelta(hours=5)
        probe -= step


@given(situations(endless=True), st.data())
def test_more_history_never_makes_it_earlier(
    found: tuple[Channel, datetime, ContactHistory], data: st.DataObject
) -> None:
    channel, now, history = found
    other = data.draw(histories(now, endless=True))
    more = replace(
        history,
        calls=history.calls + other.calls,
        effective=history.effective + other.effective,
        visits=history.visits + other.visits,
        texts=history.texts + other.texts,
        dead=tuple(one for one in history.dead if one not in other.calls + other.visits) + other.dead,
        do_not_call=history.do_not_call or other.do_not_call,
        to_verify=history.to_verify or other.to_verify,
        is_disputed=history.is_disputed or other.is_disputed,
        quiet=max((one for one in (history.quiet, other.quiet) if one), key=lambda one: one.until, default=None),
        sensitive=history.sensitive or other.sensitive,
        sensitive_until=max((one for one in (history.sensitive_until, other.sensitive_until) if one), default=None),
    )
    before, after = earliest(channel, now, history), earliest(channel, now, more)
    assert after is None or (before is not None and after >= before)


@given(situations(endless=True))
def test_silence_and_a_sensitive_mark_are_never_cut_short(found: tuple[Channel, datetime, ContactHistory]) -> None:
    channel, now, history = found
    moment = earliest(channel, now, history)
    if channel is COUNTER:
        assert moment == now
        return
    for until in (history.quiet and history.quiet.until, history.sensitive_until):
        assert until is None or until < now.date() or moment is None or moment.date() > until
    if channel is not MAIL:
        assert moment is None or in_call_hours(moment)


@given(situations())
def test_what_is_proposed_is_allowed_and_says_why_it_was_put_off(
    found: tuple[Channel, datetime, ContactHistory],
) -> None:
    channel, now, history = found
    moment, why = first_allowed(now, history, channel)
    assert moment >= now and check(channel, moment, history).allowed
    assert bool(why) == (moment != now)
    if channel is PHONE and moment.date() > now.date():
        assert moment.time() >= time(10), "another day begins with a good hour"


@given(MOMENTS, st.integers(-60, 60))
def test_a_contact_entered_afterwards_keeps_the_same_distance(tried: datetime, minutes: int) -> None:
    """Whichever of two was entered first."""
    entered = tried + timedelta(minutes=minutes)
    rules = {breach.rule for breach in breaches(PHONE, entered, ContactHistory(calls=(tried,)))}
    assert (Rule.GAP in rules) == (abs(entered - tried) < MINIMUM_GAP)
