"""改下次跟进 as a rule: what each digit offers at which hour, what is refused, what is pointed out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import NextAction
from feedesk.models.followup import plan_problem
from feedesk.models.guard import ContactHistory
from feedesk.models.replan import plan_caution, plan_picks, plan_words, why_fixed
from feedesk.models.workdays import in_call_hours

FRESH = ContactHistory()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


def offered(now: str, history: ContactHistory = FRESH) -> list[tuple[str, str, str]]:
    moment = at(now)
    return [(pick.label, plan_words(pick.plan, moment.date()), pick.why) for pick in plan_picks(moment, history)]


def timed(text: str) -> NextAction:
    return NextAction(at(text), True, "")


def whole(text: str) -> NextAction:
    return NextAction(at(f"{text} 00:00"), False, "")


def test_on_a_tuesday_afternoon() -> None:
    assert offered("11-17 15:46") == [
        ("30 分钟后", "11-17 周二 16:16", ""),
        ("今天 17:30", "11-17 周二 17:30", ""),
        ("明天 10:00", "11-18 周三 10:00", ""),
        ("下周一", "11-23 周一", ""),
    ]


@pytest.mark.parametrize(
    ("now", "label"),
    [
        pytest.param("11-17 09:00", "今天 16:00", id="the afternoon"),
        pytest.param("11-17 15:15", "今天 16:00", id="three quarters of an hour before it"),
        pytest.param("11-17 15:16", "今天 17:30", id="too near"),
        pytest.param("11-17 17:00", "今晚 19:00", id="the evening of a workday"),
        pytest.param("11-17 18:30", "明天 16:00", id="nothing left today"),
        pytest.param("11-21 17:00", "明天 16:00", id="a weekend has no evening"),
    ],
)
def test_the_second_pick_is_later_today_while_the_hours_last(now: str, label: str) -> None:
    assert offered(now)[1][0] == label


@pytest.mark.parametrize(
    ("now", "place", "when", "why"),
    [
        pytest.param("11-17 20:08", 0, "11-18 周三 10:00",
                     "30 分钟后不合适（可联系时段 9–20 点），改到明天 10:00。", id="in the evening"),
        pytest.param("11-21 20:08", 0, "11-22 周日 10:30",
                     "30 分钟后不合适（可联系时段 10–18 点），改到明天 10:30。", id="on a Saturday evening"),
        pytest.param("11-20 09:00", 2, "11-21 周六 10:30", "", id="tomorrow is a Saturday"),
        pytest.param("11-22 11:00", 3, "11-23 周一", "", id="on a Sunday, Monday of next week is tomorrow"),
        pytest.param("09-29 11:00", 3, "10-08 周四", "下周一放假，改到 10-08 周四。", id="a holiday week"),
    ],
)  # fmt: skip
def test_a_pick_moves_out_of_quiet_hours_and_says_so(now: str, place: int, when: str, why: str) -> None:
    assert offered(now)[place][1:] == (when, why)


def test_the_limits_of_a_day_move_the_picks_too() -> None:
    now = at("11-17 15:46")
    thrice = ContactHistory(calls=(now - timedelta(hours=3), now - timedelta(hours=2), now - timedelta(hours=1)))
    assert offered("11-17 15:46", thrice)[0][1:] == (
        "11-18 周三 10:00", "30 分钟后不合适（一天最多拨打 3 次），改到明天 10:00。",
    )  # fmt: skip


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)))
def test_whatever_is_offered_can_be_saved_and_lies_in_calling_hours(now: datetime) -> None:
    for pick in plan_picks(now, FRESH):
        assert pick.plan.at is not None and plan_problem(pick.plan, now) == "" == plan_caution(pick.plan, now, FRESH)
        assert pick.plan.at > now and (not pick.plan.has_time or in_call_hours(pick.plan.at))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        pytest.param(timed("11-18 10:00"), "", id="a good hour"),
        pytest.param(timed("11-18 20:30"), "那时不打电话（可联系时段 9–20 点），最早 11-19 周四 10:00 可打。", id="evening"),
        pytest.param(timed("11-21 09:15"), "那时不打电话（可联系时段 10–18 点），最早 11-21 周六 10:30 可打。", id="Saturday"),
        pytest.param(whole("11-21"), "", id="a day has hours enough"),
        pytest.param(whole("11-17"), "", id="today as a day"),
        pytest.param(timed("11-18 22:30"), "", id="refused already, not pointed out as well"),
    ],
)  # fmt: skip
def test_hours_in_which_nobody_is_called_are_pointed_out(plan: NextAction, said: str) -> None:
    assert plan_caution(plan, at("11-17 15:46"), FRESH) == said


@pytest.mark.parametrize("mark", [MarkKind.PAID, MarkKind.NO_CALL, MarkKind.VERIFY])
def test_who_waits_for_nothing_of_ours_has_no_follow_up(mark: MarkKind) -> None:
    assert why_fixed(mark).endswith("。")
    assert why_fixed(MarkKind.BROKEN) == ""


def test_another_year_is_named() -> None:
    assert (
        plan_words(NextAction(datetime(2027, 1, 4, 10), True, ""), at("12-30 10:00").date()) == "2027-01-04 周一 10:00"
    )
