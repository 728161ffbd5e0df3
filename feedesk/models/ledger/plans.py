"""分期: an agreed plan of instalments, its state derived from the payments since, and why."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise

from feedesk.errors import BadInput
from feedesk.models.days import short_day
from feedesk.models.money import show_yuan
from feedesk.models.workdays import grace_ends


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment: so many 分 up to a day, included. Numbered from 1."""

    number: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan before it is agreed. Σ of the instalments = `total` = what the accounts owe that day (分)."""

    account_ids: tuple[int, ...]
    made_on: date
    instalments: tuple[Instalment, ...]
    total: int
    note: str = ""
    waives_late_fee: bool = False
    """The late fee is let off if the plan is kept to its end; broken, it is due again."""


class PlanState(StrEnum):
    """Where a plan stands."""

    RUNNING = "running"
    DONE = "done"
    BROKEN = "broken"
    VOIDED = "voided"


PLAN_STATE_LABELS = {
    PlanState.RUNNING: "按期履行中",
    PlanState.DONE: "已付清",
    PlanState.BROKEN: "已失约",
    PlanState.VOIDED: "已作废",
}


@dataclass(frozen=True, slots=True)
class InstalmentState:
    """One instalment and what has come in for it (分), in the order of the plan."""

    instalment: Instalment
    paid: int
    is_late: bool
    """Its day and the grace are over and money is missing."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the records say of a plan. `paid` = (day, 分) of every payment since it was made, oldest first."""

    plan_id: int
    draft: PlanDraft
    paid: tuple[tuple[date, int], ...] = ()
    owed: int = 0
    """What is still open of the debt agreed on, in 分; charges that came later are no part of it."""
    waived: int = 0
    """What of the debt agreed on has been let off since, in 分."""


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """What follows from the facts today."""

    state: PlanState
    why: str
    """One sentence: 「第 2 期（11-15 ¥500.00）过期 3 天未到账，分期失效，恢复到原阶段」."""
    instalments: tuple[InstalmentState, ...]
    current: Instalment | None
    """The instalment that is next to be paid, or that was missed."""
    missing: int = 0
    """What is missing of it, in 分."""
    kept: bool = True
    """Every instalment whose day and grace are over had come in by then: late fee let off for that stays let off."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on record with where it stands."""

    id: int
    at: datetime
    draft: PlanDraft
    rooms: tuple[str, ...]
    staff_name: str
    approved_by: str
    verdict: PlanVerdict
    step_before: str = ""
    """The escalation step it interrupted, restored when it breaks."""
    voided: str = ""


MOST_INSTALMENTS = 36
"""Three years of monthly instalments: beyond that nobody can follow a plan."""


def propose(total: int, count: int, first_due: date, *, monthly: bool = True) -> tuple[Instalment, ...]:
    """`count` equal instalments of `total` 分, the odd 分 in the last; a month apart, or a week.

    Monthly ones keep the day of the month of `first_due`, or fall on the last day of a shorter month. Raises `BadInput`
    for a count that is no plan.
    """
    if not 2 <= count <= MOST_INSTALMENTS or total < count:
        raise BadInput(
            f"分期要 2 到 {MOST_INSTALMENTS} 期，每期至少一分，没有排出来。", "请改期数；一次缴清的请记“承诺缴费”。"
        )
    each = total // count
    return tuple(
        Instalment(
            number=place + 1,
            due_on=_months_later(first_due, place) if monthly else first_due + timedelta(weeks=place),
            amount=each if place + 1 < count else total - each * (count - 1),
        )
        for place in range(count)
    )


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def problems(draft: PlanDraft, owed: int, today: date) -> tuple[str, ...]:
    """Why a plan cannot be agreed so, one sentence each; empty when it can. `owed` 分 over all its accounts, today."""
    found: list[str] = []
    if not draft.account_ids:
        found.append("请先选一户。")
    if owed <= 0:
        found.append("没有欠费，不用分期。")
    if draft.made_on != today:
        found.append("协议日期应是今天：欠费按今天的数记。")
    amounts, days = [part.amount for part in draft.instalments], [part.due_on for part in draft.instalments]
    if not 2 <= len(amounts) <= MOST_INSTALMENTS:
        found.append(f"分期要 2 到 {MOST_INSTALMENTS} 期；一次缴清的请记“承诺缴费”。")
    if [part.number for part in draft.instalments] != list(range(1, len(amounts) + 1)):
        found.append("期数要从 1 起依次编号。")
    if any(amount <= 0 for amount in amounts):
        found.append("每期金额都要大于 0。")
    if any(later <= earlier for earlier, later in pairwise(days)):
        found.append("各期日期要一期比一期晚。")
    if days and min(days) < today:
        found.append("第一期的日期已经过去了。")
    if draft.total != owed:
        found.append(f"分期总额 {show_yuan(draft.total)} 与现在的欠费 {show_yuan(owed)} 不一致，请重新排。")
    if sum(amounts) != draft.total:
        found.append(f"各期合计 {show_yuan(sum(amounts))}，应等于 {show_yuan(draft.total)}。")
    return tuple(found)


def derive(facts: PlanFacts, today: date, is_workday: Callable[[date], bool]) -> PlanVerdict:
    """Where a plan stands at the end of `today`.

    Money pays the instalments in their order, so what is early or too much counts for the next. Broken for good once
    an instalment's day and its grace (`workdays.grace_ends`) are over and not all of it had come in by then; done
    when everything has come in, however late, or when nothing is owed any more. What is let off afterwards shortens
    the plan from its end.
    """
    parts = facts.draft.instalments
    due = max(0, facts.draft.total - facts.waived)
    asked = [min(cumulative, due) for cumulative in accumulate(part.amount for part in parts)]
    came = sum(amount for on, amount in facts.paid if on <= today)
    if facts.owed <= 0:  # what never came in is not owed any more either, so nobody is late with it
        asked = [min(upto, came) for upto in asked]
    ends = [grace_ends(part.due_on, is_workday) for part in parts]
    instalments = tuple(
        InstalmentState(part, min(part.amount, max(0, came - before)), today > end and came < upto)
        for part, before, upto, end in zip(
            parts, accumulate((part.amount for part in parts[:-1]), initial=0), asked, ends, strict=True
        )
    )
    in_time = [sum(amount for on, amount in facts.paid if on <= end) for end in ends]
    late = next((i for i, end in enumerate(ends) if today > end and in_time[i] < asked[i]), None)
    if facts.owed <= 0 or came >= due:
        why = "分期款已全部到账" if came >= due else "欠费已结清，分期随之结束"
        return PlanVerdict(PlanState.DONE, why, instalments, None, kept=late is None)
    if late is not None:
        of_it = max(0, in_time[late] - (asked[late - 1] if late else 0))
        why = _why_broken(parts[late], of_it, came >= asked[late], ends[late] + timedelta(days=1), today)
        return PlanVerdict(PlanState.BROKEN, why, instalments, parts[late], max(0, asked[late] - came), kept=False)
    place = next(place for place, upto in enumerate(asked) if came < upto)
    missing = asked[place] - max(came, asked[place - 1] if place else 0)
    why = _why_running(parts[place], len(parts), missing, came, today)
    return PlanVerdict(PlanState.RUNNING, why, instalments, parts[place], missing)


def _why_broken(part: Instalment, in_time: int, came_late: bool, broke_on: date, today: date) -> str:
    """Counted to the day it broke, the first one after its grace: on record under that day, it must read so for good."""
    head = f"第 {part.number} 期（{short_day(part.due_on, today)} {show_yuan(part.amount)}）"
    if came_late:
        return f"{head}过了宽限才到齐，分期已失效，恢复到原阶段；要继续分期请重新商定"
    state = f"只到账 {show_yuan(in_time)}" if in_time else "未到账"
    return f"{head}过期 {(broke_on - part.due_on).days} 天{state}，分期失效，恢复到原阶段"


def _why_running(part: Instalment, count: int, missing: int, came: int, today: date) -> str:
    so_far = f"，已到账 {show_yuan(came)}" if came else ""
    if part.due_on < today:
        return f"第 {part.number}/{count} 期 {show_yuan(missing)} 已到期，还在入账宽限内{so_far}"
    return f"第 {part.number}/{count} 期 {show_yuan(missing)}，{short_day(part.due_on, today)}（含）前缴{so_far}"
