"""改下次跟进: another day for an owner without a contact. What is offered, what is refused, what is pointed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import NextAction
from feedesk.models.days import short_day, show_moment, weekday
from feedesk.models.followup import plan_problem
from feedesk.models.guard import ContactHistory, Rule, day_limit, first_allowed, standing
from feedesk.models.workdays import call_hours, first_good_hour, is_workday, next_workday

SOON = timedelta(minutes=30)
_LATER_TODAY = (time(16), time(17, 30), time(19))
"""The afternoon's best hour, then ever later ones; the last is outside the hours of weekends and holidays."""
_AT_LEAST_AWAY = timedelta(minutes=45)
_FIXED = {
    MarkKind.PAID: "已缴清，不用再跟进。",
    MarkKind.NO_CALL: "业主要求勿再来电，改用书面，不另定跟进；要再打，先取消勿电。",
    MarkKind.VERIFY: "已缴待核，等财务核对，不另定跟进；要再催，先取消待核。",
}


@dataclass(frozen=True, slots=True)
class PlanPick:
    """One follow-up offered by a digit."""

    label: str
    plan: NextAction
    why: str = ""
    """One sentence when it is not the moment that the words ask for."""


def why_fixed(mark: MarkKind) -> str:
    """Why no other follow-up can be planned for an account of this mark, one sentence; empty when one can."""
    return _FIXED.get(mark, "")


def why_left_alone(today: date, history: ContactHistory) -> str:
    """Why no follow-up is planned for an owner of whom a sensitive mark without a last day asks rest; else empty."""
    held = standing(today, history)
    if held is None or held.rule is not Rule.SENSITIVE:
        return ""
    return f"{held.why}，不另定跟进；可以联系了，先在“资料”里结束。"


def plan_picks(now: datetime, history: ContactHistory) -> tuple[PlanPick, ...]:
    """30 分钟后, later today, 明天 10:00, 下周一: each moved to the first moment at which a call is in order."""
    today = now.date()
    tomorrow = first_good_hour(today + timedelta(days=1))
    return (
        _timed("30 分钟后", (now + SOON).replace(second=0, microsecond=0), now, history),
        _timed(*_later(now), now, history),
        _timed(f"明天 {tomorrow:%H:%M}", tomorrow, now, history),
        _next_week(today, history),
    )


def _later(now: datetime) -> tuple[str, datetime]:
    """今天 16:00 or later while the hours last, else tomorrow afternoon."""
    for clock in _LATER_TODAY:
        at = datetime.combine(now.date(), clock)
        if at >= now + _AT_LEAST_AWAY and clock < call_hours(now.date())[1]:
            return show_moment(at, now), at
    at = datetime.combine(now.date() + timedelta(days=1), _LATER_TODAY[0])
    return show_moment(at, now), at


def _timed(label: str, wanted: datetime, now: datetime, history: ContactHistory) -> PlanPick:
    at, why = first_allowed(wanted, history)
    said = f"{label}不合适（{why}），{moved_to(at, now)}。" if at != wanted else ""
    return PlanPick(label, NextAction(at, True, ""), said)


def _next_week(today: date, history: ContactHistory) -> PlanPick:
    """Monday of next week as a day without a time; the first workday after it when it is a holiday."""
    monday = today + timedelta(days=7 - today.weekday())
    day, said = monday, ""
    if not is_workday(monday):
        day = next_workday(monday)
        said = f"下周一放假，改到 {short_day(day, today)} {weekday(day)}。"
    elif limit := day_limit(monday, history):
        day = first_allowed(datetime.combine(monday, time(0)), history)[0].date()
        said = f"下周一不合适（{limit}），改到 {short_day(day, today)} {weekday(day)}。"
    return PlanPick("下周一", NextAction(datetime.combine(day, time(0)), False, ""), said)


def plan_caution(plan: NextAction, now: datetime, history: ContactHistory) -> str:
    """One sentence when no call is in order at the moment planned, with the first at which one is; else empty.

    A visit or a look into the account may still be due then, so it is pointed out, not refused.
    """
    if plan.at is None or plan_problem(plan, now):
        return ""
    wanted = plan.at if plan.has_time else max(first_good_hour(plan.at.date()), now)
    at, why = first_allowed(wanted, history)
    if at == wanted or (not plan.has_time and at.date() == wanted.date()):
        return ""
    return f"那时不打电话（{why}），最早 {show_moment(at, now)} 可打。"


def moved_to(at: datetime, now: datetime) -> str:
    """改到明天 10:30, 改到 11-25 周三: a blank only before figures."""
    when = show_moment(at, now)
    return f"改到{' ' if when[0].isascii() else ''}{when}"


def plan_words(plan: NextAction, today: date) -> str:
    """11-25 周三 10:00, or the day alone; the year when it is not that of `today`."""
    if plan.at is None:
        return plan.waits_for or "—"
    day = f"{short_day(plan.at.date(), today)} {weekday(plan.at.date())}"
    return f"{day} {plan.at:%H:%M}" if plan.has_time else day
