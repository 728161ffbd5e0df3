"""Whether an owner may be called now: hours, three attempts and one talk a day, three talks in seven days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import ContactHistory, first_allowed, may_call
from feedesk.models.workdays import in_call_hours

NOW = datetime(2026, 11, 17, 15, 46)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}")


def history(calls: str = "", effective: str = "") -> ContactHistory:
    """Moments as 「17 10:00」 separated by commas; effective ones count as calls too."""
    reached = tuple(at(text.strip()) for text in effective.split(",") if text)
    return ContactHistory(
        calls=tuple(at(text.strip()) for text in calls.split(",") if text) + reached, effective=reached
    )


@pytest.mark.parametrize(
    ("now", "past", "allowed", "says", "next_at"),
    [
        ("17 15:46", history(), True, "近 7 天已通 0 次，上限 3 次", None),
        ("17 15:46", history("17 10:00, 17 11:00"), True, "今天已拨 2 次，上限 3 次", None),
        ("17 15:46", history("17 10:00, 17 11:00, 17 15:00"), False, "一天最多拨打 3 次", "18 10:00"),
        ("17 15:46", history("", "17 10:00"), False, "一天最多接通 1 次 · 明天 10:00 起可打", "18 10:00"),
        ("17 15:46", history("", "12 10:00, 13 10:00, 14 10:00"), False, "7 天内最多接通 3 次", "19 10:00"),
        ("17 15:46", history("", "10 10:00, 13 10:00, 14 10:00"), True, "近 7 天已通 2 次", None),
        ("17 20:30", history(), False, "现在不在联系时段（可联系时段 9–20 点）", "18 10:00"),
        ("17 20:00", history(), False, "明天 10:00 起可打", "18 10:00"),
        ("17 07:00", history(), False, "今天 10:00 起可打", "17 10:00"),
        ("21 18:30", history(), False, "可联系时段 10–18 点", "22 10:30"),
    ],
)
def test_the_line_under_the_numbers(
    now: str, past: ContactHistory, allowed: bool, says: str, next_at: str | None
) -> None:
    verdict = may_call(at(now), past)
    assert verdict.allowed is allowed
    assert says in verdict.text
    assert verdict.next_at == (at(next_at) if next_at else None)


def test_who_asked_not_to_be_called_gets_letters_only() -> None:
    verdict = may_call(NOW, ContactHistory(), do_not_call=True)
    assert (verdict.allowed, verdict.text, verdict.next_at) == (False, "业主要求勿再来电 · 改用书面", None)


def test_who_may_have_paid_is_not_called_until_finance_has_looked() -> None:
    verdict = may_call(NOW, ContactHistory(), to_verify=True)
    assert (verdict.allowed, verdict.text, verdict.next_at) == (False, "先核对收款，查清前不打", None)


def test_history_is_read_from_the_contacts_that_count() -> None:
    found = ContactHistory.of(
        [
            (at("17 10:00"), Channel.PHONE, Outcome.NO_ANSWER),
            (at("16 10:00"), Channel.PHONE, Outcome.OFF),
            (at("15 10:00"), Channel.PHONE, Outcome.OFF),
            (at("15 16:00"), Channel.PHONE, Outcome.OFF),
            (at("13 10:00"), Channel.PHONE, Outcome.NO_DAY),
            (at("12 18:00"), Channel.VISIT, Outcome.MET),
            (at("12 10:00"), Channel.PHONE, Outcome.RELATIVE),
            (at("18 10:00"), Channel.PHONE, Outcome.NO_DAY),
        ],
        NOW,
    )
    assert found.attempts_on(date(2026, 11, 15)) == 2
    assert found.effective == (at("13 10:00"),), "a relative on the line is not the owner; tomorrow is not yet"
    assert found.off_days_running == 2
    assert found.visited_within(NOW.date())
    assert not found.visited_within(date(2026, 11, 19))


def test_one_answered_call_breaks_a_run_of_days_off() -> None:
    days = [(at("16 10:00"), Channel.PHONE, Outcome.OFF), (at("16 15:00"), Channel.PHONE, Outcome.NO_ANSWER)]
    assert ContactHistory.of(days, NOW).off_days_running == 0


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1)).map(lambda m: m.replace(second=0, microsecond=0))


@given(MOMENTS, st.lists(st.tuples(st.integers(0, 10 * 24 * 60), st.booleans()), max_size=20))
def test_the_moment_given_is_itself_allowed_and_never_earlier_than_asked(
    wanted: datetime, before: list[tuple[int, bool]]
) -> None:
    calls = tuple(wanted - timedelta(minutes=minutes) for minutes, _ in before)
    reached = tuple(wanted - timedelta(minutes=minutes) for minutes, was in before if was)
    past = ContactHistory(calls=calls, effective=reached)
    moment, why = first_allowed(wanted, past)
    assert moment >= wanted
    assert in_call_hours(moment)
    assert may_call(moment, past).allowed
    assert bool(why) == (moment != wanted), "a reason exactly when it was put off"
