"""What follows a contact: category, next follow-up, promise; and what is wrong with a contact not yet saved.

Pure rules by domain §4 and §7 inside the limits of law §13.7 (`guard`). Every proposal carries its Chinese reason.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from feedesk.errors import BadInput
from feedesk.models import money
from feedesk.models.accounts import Category
from feedesk.models.charges import Charge
from feedesk.models.contacts import (
    WAITS_FOR_LEADER,
    Channel,
    ClaimDraft,
    ContactDraft,
    NextAction,
    Outcome,
    PromiseDraft,
    PromiseState,
    outcome_spec,
)
from feedesk.models.days import show_day
from feedesk.models.disputes import REVIEW_DAYS
from feedesk.models.guard import (
    MAX_ATTEMPTS_A_DAY,
    QUIET_FROM,
    QUIET_TO,
    ContactHistory,
    Rule,
    breaches,
    day_limit,
    first_allowed,
    rest,
    standing,
)
from feedesk.models.promises import state_of
from feedesk.models.workdays import (
    add_workdays,
    call_hours,
    first_good_hour,
    in_call_hours,
    is_workday,
    next_workday,
)

RETRY_AFTER = timedelta(minutes=30)
OFF_DAYS_UNTIL_UNREACHABLE = 3
MISSED_DAYS_UNTIL_UNREACHABLE = 5
"""Nobody is rung for weeks without an answer: after a week of workdays other numbers and a visit are the better way."""
_CARD_WAIT_WORKDAYS = 2
_SILENCE_AFTER_LETTER_DAYS = 7
_CHECK_MONEY_AT = time(17)
_EVENING_VISIT = time(19)
_REST_DAY_VISIT = time(16)

_B_REASONS = {
    Outcome.NO_DAY: "接通了，还没定哪天",
    Outcome.NO_ANSWER: "无人接听，还没联系上本人",
    Outcome.RELATIVE: "不是本人接听，还没联系上本人",
    Outcome.HUNG_UP: "没说上话，还没定哪天",
    Outcome.DO_NOT_CALL: "没定哪天；今后改用书面联系",
    Outcome.MET: "见到本人，还没定哪天",
    Outcome.FAMILY: "见到的是家人，还没联系上本人",
    Outcome.NOBODY: "家里没人，还没联系上本人",
    Outcome.CARD_LEFT: "留了联系卡，还没联系上本人",
}
_NOT_HIMSELF = (
    Outcome.NO_ANSWER, Outcome.OFF, Outcome.RELATIVE, Outcome.HUNG_UP, Outcome.FAMILY, Outcome.NOBODY,
    Outcome.CARD_LEFT,
)  # fmt: skip
_E_REASONS = {
    Outcome.REFUSED: "拒绝缴费，弄清原因后报组团负责人",
    Outcome.DISPUTE: "有异议，先核实处理",
    Outcome.WONT_SEE: "拒见，弄清原因后报组团负责人",
}


def propose_category(channel: Channel, outcome: Outcome, history: ContactHistory) -> tuple[Category | None, str]:
    """The category A–E after a contact and why (domain §4); None where the contact tells nothing about it."""
    if outcome is Outcome.PROMISED:
        return Category.A, "说定了日子"
    if history.promise_stands and outcome in _NOT_HIMSELF:
        return Category.A, "他说定的日子还没过，没联系上本人不改变分类"
    if outcome is Outcome.SAYS_PAID:
        return Category.A, "自称已缴，等财务核对"
    if outcome is Outcome.DEAD_NUMBER:
        return Category.C, "停机、空号或错号"
    if outcome is Outcome.OFF:
        days = history.off_days_running + 1
        if days >= OFF_DAYS_UNTIL_UNREACHABLE:
            return Category.C, f"连续 {days} 天关机"
        return Category.B, f"关机第 {days} 天，还没联系上本人"
    if outcome is Outcome.NO_ANSWER and history.missed_days_running + 1 >= MISSED_DAYS_UNTIL_UNREACHABLE:
        return Category.C, f"连续 {history.missed_days_running + 1} 天打不通或没人接"
    if outcome is Outcome.AWAY:
        return Category.D, "人在外地，可引导转账"
    if outcome in _B_REASONS:
        return Category.B, _B_REASONS[outcome]
    if outcome in _E_REASONS:
        return Category.E, _E_REASONS[outcome]
    if outcome is Outcome.SENT:
        return None, "发出" + ("函件" if channel is Channel.MAIL else "消息") + "不改变分类"
    return None, "按实际情况选，不选则分类不变"


def propose_next(
    outcome: Outcome,
    category: Category | None,
    promise: PromiseDraft | None,
    now: datetime,
    history: ContactHistory,
    *,
    channel: Channel = Channel.PHONE,
    disputed_part: bool = False,
) -> NextAction:
    """When the account is looked at again and why; never before `now`, never outside the contact hours.

    `category` is what the clerk settled on: it decides where the outcome itself says nothing firm. While a letter or a
    sensitive mark asks for silence, nothing is proposed but for afterwards; looking into money or into an objection is
    no contact and goes on. `disputed_part`: the objection is about some of the open lines, the others go on.
    """
    after = _with(history, channel, outcome, now)
    if outcome is Outcome.DO_NOT_CALL:
        return NextAction(None, False, "业主要求勿再来电：今后改用书面，不再打电话", "改用书面")
    if outcome is Outcome.SAYS_PAID:
        return NextAction(None, False, "自称已缴：请财务核对，查清前不再催", "等财务")
    if outcome is Outcome.DISPUTE and disputed_part and standing(now.date(), after) is None:
        soon = first_good_hour(next_workday(now.date()))
        return _call_at(soon, "有异议的几笔先核实、暂缓；其余照常，下一个工作日再约缴费日", after)
    if outcome is Outcome.DISPUTE:
        day = now.date() + timedelta(days=REVIEW_DAYS)
        return NextAction(_midnight(day), False, f"有异议：暂缓催缴，先交责任部门处理，{REVIEW_DAYS} 天后复查进展")
    if promise is not None:
        return _before_promise(promise, now, after)
    if outcome in (Outcome.REFUSED, Outcome.WONT_SEE) or category is Category.E:
        return NextAction(None, False, "E 类：弄清原因报组团负责人，由负责人定下一步", WAITS_FOR_LEADER)
    if held := standing(now.date(), after):
        waits = "改用书面" if held.rule is Rule.NO_CALL else "暂不联系"
        return NextAction(None, False, f"{held.why}：不另约时间", waits)
    if outcome is Outcome.DEAD_NUMBER or category is Category.C:
        return _search(now, after)
    if outcome is Outcome.SENT:
        return _after_sending(channel, now, after)
    if outcome is Outcome.CARD_LEFT:
        day = add_workdays(now.date(), _CARD_WAIT_WORKDAYS)
        return _call_at(first_good_hour(day), "留了联系卡：等业主回话两个工作日，没有消息再打电话", after)
    if outcome in (Outcome.NO_ANSWER, Outcome.OFF):
        return _retry(outcome, now, after)
    tomorrow = first_good_hour(now.date() + timedelta(days=1))
    if outcome is Outcome.AWAY or category is Category.D:
        return _call_at(tomorrow, "D 类：每天联系，引导银行或手机转账", after)
    if outcome is Outcome.NOBODY:
        return _call_at(tomorrow, "家里没人：改打电话；上门 7 天内最多一次", after)
    if outcome in (Outcome.RELATIVE, Outcome.FAMILY):
        return _call_at(tomorrow, "B 类：已请家人转告回电，没有回电再打给本人", after)
    if outcome is Outcome.HUNG_UP:
        return _call_at(_other_time(now, after), "B 类：今天不再打，换个时段再联系", after)
    reason = (
        "B 类：还没定日子，每个工作日联系到说定为止" if category is Category.B else "还没定日子，下一个工作日再联系"
    )
    return _call_at(first_good_hour(next_workday(now.date())), reason, after)


def _with(history: ContactHistory, channel: Channel, outcome: Outcome, now: datetime) -> ContactHistory:
    """The history with this contact in it."""
    reached = outcome_spec(channel, outcome).reached
    if channel is Channel.PHONE:
        return history.with_call(now, reached, rang=outcome is not Outcome.DEAD_NUMBER)
    if channel is Channel.VISIT:
        return history.with_visit(now, reached)
    return history.with_text(now) if channel is Channel.MESSAGE and outcome is Outcome.SENT else history


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0))


def _call_at(wanted: datetime, reason: str, history: ContactHistory) -> NextAction:
    """A call at `wanted`, or at the first moment after it that the limits allow; the reason then says which."""
    at, why = first_allowed(wanted, history)
    return NextAction(at, True, _put_off(reason, why, wanted, history))


def _put_off(reason: str, why: str, wanted: datetime, history: ContactHistory) -> str:
    """The reason with what moved the follow-up from `wanted`; empty `why`: nothing did."""
    if not why:
        return reason
    return f"{reason}；{why}，" + ("到期后再联系" if rest(wanted.date(), history) else "所以顺延")


def _before_promise(promise: PromiseDraft, now: datetime, history: ContactHistory) -> NextAction:
    today, due = now.date(), promise.due_on
    due_text = show_day(due, today)
    if due <= today:
        at = datetime.combine(today, _CHECK_MONEY_AT)
        if at > now and in_call_hours(at):
            return NextAction(at, True, "A 类：承诺就在今天，下班前请财务看是否到账，今天不再打电话")
        return NextAction(
            first_good_hour(next_workday(today)), True, "A 类：承诺就在今天，下一个工作日上班先请财务看是否到账"
        )
    if due == today + timedelta(days=1):
        at = first_good_hour(due)
        if limit := day_limit(due, history):
            return NextAction(at, True, f"A 类：承诺日就是明天；{limit}，当天只请财务看是否到账，不打电话")
        return NextAction(at, True, "A 类：承诺日就是明天，前一天就是今天、刚联系过，改在当天上午提醒")
    eve = due - timedelta(days=1)
    if limit := day_limit(eve, history):
        return NextAction(
            first_good_hour(due), True, f"A 类：本应前一天提醒；{limit}，改在承诺日 {due_text} 请财务看是否到账"
        )
    return NextAction(first_good_hour(eve), True, f"A 类：承诺日 {due_text} 的前一天先提醒，当天下班前请财务看是否到账")


def _retry(outcome: Outcome, now: datetime, history: ContactHistory) -> NextAction:
    """`history` holds the attempt just made."""
    what = "关机" if outcome is Outcome.OFF else "无人接听"
    tried = history.attempts_on(now.date())
    closes = call_hours(now.date())[1]
    soon = now + RETRY_AFTER
    if tried < MAX_ATTEMPTS_A_DAY and not day_limit(now.date(), history):
        if tried == 1 and outcome is Outcome.NO_ANSWER and soon.date() == now.date() and soon.time() < closes:
            return _call_at(soon, f"{what}：30 分钟后再拨，一天最多 {MAX_ATTEMPTS_A_DAY} 次", history)
        for later in (time(11), time(15), time(18, 30)):
            at = datetime.combine(now.date(), later)
            if at >= now + timedelta(hours=1) and later < closes:
                return _call_at(
                    at, f"{what}（今天第 {tried} 次）：换个时段再拨，一天最多 {MAX_ATTEMPTS_A_DAY} 次", history
                )
    return _call_at(_other_time(now, history), f"{what}（今天第 {tried} 次）：今天不再拨，明天换个时段", history)


_SAID_OF_ITS_DAY = (
    (re.compile(r"（今天第 (\d+) 次）"), r"（那天第 \1 次）"),
    (re.compile(r"今天不再拨，明天换个时段"), "换个时段再拨"),
    (re.compile(r"今天不再打，"), ""),
    (re.compile(r"30 分钟后再拨"), "换个时段再拨"),
)


def read_later(reason: str) -> str:
    """The reason of a follow-up as it reads on a later day: what it says of its own day is no longer so."""
    for said, now in _SAID_OF_ITS_DAY:
        reason = said.sub(now, reason)
    return reason


def _other_time(now: datetime, history: ContactHistory) -> datetime:
    """Tomorrow, in a part of the day that was not tried today."""
    tomorrow = now.date() + timedelta(days=1)
    tried = {_part(at.time()) for at in history.calls if at.date() == now.date()} or {_part(now.time())}
    good = first_good_hour(tomorrow)
    evening = datetime.combine(tomorrow, time(18, 30) if is_workday(tomorrow) else time(16, 30))
    choices = {0: good, 1: datetime.combine(tomorrow, time(15)), 2: evening}
    return next((at for part, at in choices.items() if part not in tried), good)


def _part(clock: time) -> int:
    """0 morning, 1 afternoon, 2 evening."""
    return 0 if clock < time(13) else 1 if clock < time(18) else 2


def _search(now: datetime, history: ContactHistory) -> NextAction:
    """C: another number first, else our own records and a visit, evenings for residents (domain §4)."""
    silent = history.missed_days_running + 1 >= MISSED_DAYS_UNTIL_UNREACHABLE
    if history.other_numbers and not silent:
        return _call_at(now + timedelta(minutes=5), "C 类：这个号码不通，换登记的另一个号码再打", history)
    if history.visited_within(now.date()):
        return _call_at(
            first_good_hour(next_workday(now.date())),
            "C 类：查合同、交房、报修登记里本人留的号码；近 7 天已上门一次，不再上门",
            history,
        )
    reason = "C 类：先查合同、交房、报修登记里本人留的号码，查不到就上门（两人同行，不进门），没人留封口联系卡"
    start, why = first_allowed(now, history, Channel.VISIT)
    day = start.date()
    while (at := _evening(day)) < now + timedelta(hours=1) or breaches(Channel.VISIT, at, history.timed()):
        day += timedelta(days=1)
    moved = why if rest(now.date(), history) else ""
    return NextAction(at, True, _put_off(reason, moved, now, history))


def _evening(day: date) -> datetime:
    """When residents are at home."""
    return datetime.combine(day, _EVENING_VISIT if is_workday(day) else _REST_DAY_VISIT)


def _after_sending(channel: Channel, now: datetime, history: ContactHistory) -> NextAction:
    if channel is Channel.MAIL:
        return _on_day(
            now.date() + timedelta(days=_SILENCE_AFTER_LETTER_DAYS), "函件发出后留一周给业主，一周后再联系", history
        )
    reason = "消息已发：等两个工作日，没有回音再打电话；短信三天内最多一条"
    return _on_day(add_workdays(now.date(), 2), reason, history)


def _on_day(day: date, reason: str, history: ContactHistory) -> NextAction:
    """A day without a time, or the first one after the silence that holds then."""
    held = rest(day, history)
    if held is None or held.over_at is None:
        return NextAction(_midnight(day), False, reason)
    return NextAction(_midnight(held.over_at.date()), False, f"{reason}；{held.why}，到期后再联系")


class DraftField(StrEnum):
    """Where in the dialog a problem is shown."""

    ACCOUNTS = "account_ids"
    AT = "at"
    PROMISE_DAY = "promise_day"
    PROMISE_AMOUNT = "promise_amount"
    CLAIM_DAY = "claim_day"
    CLAIM_AMOUNT = "claim_amount"
    CLAIM_WAY = "claim_way"
    DISPUTE = "dispute"
    NEXT = "next_action"
    OUTCOME = "outcome"
    OVERRIDE = "override_reason"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a draft cannot be saved: the field beside which `text`, one Chinese sentence, stands."""

    field: DraftField
    text: str


def problems(draft: ContactDraft, now: datetime, owed_fen: int) -> list[Problem]:
    """What must be mended before the draft may be saved, in the order of the dialog; `owed_fen` over all its units."""
    today = now.date()
    found: list[Problem] = []
    if not draft.account_ids:
        found.append(Problem(DraftField.ACCOUNTS, "请至少勾选一户。"))
    if draft.at > now:
        found.append(Problem(DraftField.AT, "联系时间不能在现在之后。"))
    if draft.outcome is Outcome.PROMISED and draft.promise is None:
        found.append(Problem(DraftField.PROMISE_DAY, "承诺缴费要选哪一天。"))
    if draft.promise is not None:
        if draft.outcome is not Outcome.PROMISED:
            found.append(Problem(DraftField.OUTCOME, "填了承诺日，结果请选“承诺缴费”。"))
        found += _promise_problems(draft.promise, draft.at.date(), today, owed_fen)
    if draft.outcome is Outcome.SAYS_PAID and draft.claim is None:
        found.append(Problem(DraftField.CLAIM_DAY, "请填业主说的缴费日期、金额和方式。"))
    if draft.claim is not None:
        found += claim_problems(draft.claim, today)
    if draft.outcome is Outcome.DISPUTE and not draft.dispute_kind:
        found.append(Problem(DraftField.DISPUTE, "请选异议是哪一类，好转给责任部门。"))
    return found + _next_problems(draft.next_action, now)


_FARTHEST = 366
"""Days: what is put off for longer is a slip in the year, and would be out of everybody's sight."""


def claim_problems(claim: ClaimDraft, today: date) -> list[Problem]:
    """What must be mended before a payment the owner speaks of may be kept."""
    found = []
    if claim.paid_on > today:
        found.append(Problem(DraftField.CLAIM_DAY, "缴费日期在今天之后；还没缴的请记“承诺缴费”。"))
    if claim.amount <= 0:
        found.append(Problem(DraftField.CLAIM_AMOUNT, "金额要大于 0。"))
    if not claim.way:
        found.append(Problem(DraftField.CLAIM_WAY, "请选缴费方式。"))
    return found


def _promise_problems(promise: PromiseDraft, said_on: date, today: date, owed: int) -> list[Problem]:
    found = []
    if promise.due_on < said_on:
        found.append(Problem(DraftField.PROMISE_DAY, "承诺日不能早于联系那天。"))
    elif promise.due_on < today:
        found.append(Problem(DraftField.PROMISE_DAY, "承诺日已经过去了。"))
    elif (promise.due_on - said_on).days > _FARTHEST:
        found.append(Problem(DraftField.PROMISE_DAY, "承诺日在一年以后，请核对年份；要分很久付清，请签分期协议。"))
    if promise.amount <= 0:
        found.append(Problem(DraftField.PROMISE_AMOUNT, "承诺金额要大于 0。"))
    elif promise.amount > owed:
        found.append(Problem(DraftField.PROMISE_AMOUNT, f"承诺金额超过欠费 {money.show_yuan(owed)}，请核对。"))
    return found


def _next_problems(planned: NextAction, now: datetime) -> list[Problem]:
    text = plan_problem(planned, now)
    return [Problem(DraftField.NEXT, text)] if text else []


def plan_problem(planned: NextAction, now: datetime) -> str:
    """Why a follow-up cannot be planned so, one sentence: it is past, or in the night; empty when it can."""
    if planned.at is None:
        return ""
    if planned.at.date() < now.date() or (planned.has_time and planned.at < now):
        return "下次跟进的时间已经过去了。"
    if planned.has_time and (planned.at.time() >= QUIET_FROM or planned.at.time() < QUIET_TO):
        return "晚上 10 点到早上 8 点不联系业主，请换个时间。"
    if (planned.at.date() - now.date()).days > _FARTHEST:
        return "下次跟进在一年以后，请核对年份。"
    return ""


class QuickPick(NamedTuple):
    """A promise day offered by one key; `day` None asks for it to be typed."""

    label: str
    day: date | None


def promise_quick_picks(today: date) -> tuple[QuickPick, ...]:
    """明天, 本周五 (下周五 from Thursday on, when 明天 or the week's end has passed it), 月底, 其他."""
    ahead = 4 - today.weekday()
    friday = QuickPick("本周五", today + timedelta(days=ahead))
    if ahead <= 1:
        friday = QuickPick("下周五", today + timedelta(days=ahead + 7))
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    last = QuickPick("月底", month_end)
    if (month_end - today).days <= 1:
        following = month_end + timedelta(days=1)
        last = QuickPick("下月底", following.replace(day=monthrange(following.year, following.month)[1]))
    return (QuickPick("明天", today + timedelta(days=1)), friday, last, QuickPick("其他日子", None))


_SHORT_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2})|(\d{4})(\d{2})(\d{2})")
_SHORT_DAY_FORMS = "请按“1125”或“11-25”输入。"


def parse_short_day(text: str, today: date) -> date:
    """「1125」「11-25」「11月25日」 -> the next such day, today included; 「20261125」「2026-11-25」 -> that day.

    Raises `BadInput` when it is no day, or a day with a year that is past.
    """
    found = _SHORT_DAY.fullmatch(text.strip())
    if not found:
        raise BadInput(f"“{text.strip()[:20]}”不是日期。", _SHORT_DAY_FORMS)
    year = found[1] or found[6]
    month, day = int(found[2] or found[4] or found[7]), int(found[3] or found[5] or found[8])
    years = (int(year),) if year else (today.year, today.year + 1)
    for candidate in years:
        try:
            meant = date(candidate, month, day)
        except ValueError:
            continue
        if meant >= today:
            return meant
        if year:
            raise BadInput(f"{meant.isoformat()} 已经过去了。", _SHORT_DAY_FORMS)
    raise BadInput(f"没有“{text.strip()[:20]}”这一天。", _SHORT_DAY_FORMS)


class AmountPick(NamedTuple):
    """A promise amount offered by one key, in 分."""

    label: str
    fen: int


def promise_amounts(charges: Sequence[Charge]) -> tuple[AmountPick, ...]:
    """全部, 一半 (to the 分, rounded up), 一期 (every item of the oldest open period); what repeats 全部 is left out.

    Lines that are held are not asked for.
    """
    open_charges = [charge for charge in charges if charge.owed > 0 and not charge.hold]
    total = sum(charge.owed for charge in open_charges)
    picks = [AmountPick("全部", total)]
    if total > 1:
        picks.append(AmountPick("一半", (total + 1) // 2))
    periods = [charge.period for charge in open_charges if charge.period]
    if periods:
        oldest = min(periods)
        one = sum(charge.owed for charge in open_charges if charge.period == oldest)
        if one != total:
            picks.append(AmountPick("一期", one))
    return tuple(picks)


def promise_state(due_on: date, amount: int, paid_since: int, today: date) -> PromiseState:
    """How a promise of `amount` 分 stands, `paid_since` 分 having come in since it was given.

    It is not broken before the grace of `workdays.grace_ends` is over: a transfer needs its time to be booked.
    A newer promise replaces it (`PromiseState.REPLACED`); that is the caller's to see.
    """
    return state_of(due_on, amount, paid_since, today, is_workday)
