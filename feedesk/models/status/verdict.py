"""What one matter alone makes of an account: an objection, a plan, a promise, what was agreed with the last contact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from feedesk.models.accounts import FLAG_LABELS, Action, Category, FlagKind, MarkKind, WorkGroup
from feedesk.models.contacts import WAITS_FOR_LEADER, Channel, Outcome
from feedesk.models.days import short_day, show_day
from feedesk.models.followup import MISSED_DAYS_UNTIL_UNREACHABLE, read_later
from feedesk.models.guard import VISIT_EVERY_DAYS, days_running
from feedesk.models.ledger.plans import PlanState, PlanVerdict
from feedesk.models.letters import PaperKind
from feedesk.models.money import show_yuan
from feedesk.models.status.facts import AccountFacts, PromiseFacts
from feedesk.models.status.words import contact_mark
from feedesk.models.workdays import GRACE_WORKDAYS, grace_ends

FIRST_CALL_DAYS = 7
"""The first call is made within a week (domain §6)."""
CLAIM_WORKDAYS = 3
"""Finance is asked again when a payment that an owner spoke of has not turned up after so many workdays."""
MONEY_FIRST = "先请财务看是否到账，没到账再问一声"
"""On the day that an owner has named and in its grace: the money may be on its way."""
_SILENT_DAYS = 2
"""After so many days without a planned follow-up an open account comes up again (three contacts a week, domain §7)."""
LEFT_ALONE = "暂不联系"
"""The words of the mark of an owner whom nobody contacts for now."""
_ACTIONS = {
    WorkGroup.LIMIT: Action.WRITE,
    WorkGroup.DUE_TODAY: Action.CHECK_MONEY,
    WorkGroup.REVIEW: Action.REVIEW,
    WorkGroup.VISIT: Action.VISIT,
    WorkGroup.LEADER: Action.ASK_LEADER,
}
_WARNED: dict[FlagKind | None, Action] = {FlagKind.TRANSFER: Action.CHECK_MONEY, FlagKind.NO_CALL: Action.WRITE}
"""What finance's remark asks for instead of a first call."""
Workday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Mark, place in 今日, next follow-up and reason; `next_text` empty: as planned."""

    mark: MarkKind
    text: str
    group: WorkGroup | None
    why: str
    next_text: str = ""
    strong: bool = False
    act: Action | None = None
    """What is to be done; None: what the group says, and without a group to wait."""

    @property
    def action(self) -> Action:
        """The one next action."""
        if self.act is not None:
            return self.act
        return Action.WAIT if self.group is None else _ACTIONS.get(self.group, Action.CALL)


def paid(facts: AccountFacts, today: date) -> Verdict:
    """Nothing is owed."""
    if not facts.ever_owed:
        return Verdict(MarkKind.PAID, "无欠费", None, "没有欠费", "—", act=Action.NONE)
    if facts.doubt:
        return Verdict(MarkKind.VERIFY, "收款待核", None, facts.doubt, "等核对", act=Action.CHECK_MONEY)
    when = f" {short_day(facts.paid_on, today)}" if facts.paid_on else ""
    return Verdict(MarkKind.PAID, f"已缴{when}", None, "已缴清", "—", act=Action.NONE)


def left_alone(facts: AccountFacts, today: date) -> Verdict:
    """Illness, a death in the family: nobody contacts the owner from our side."""
    until = facts.sensitive_until
    when = f"到 {short_day(until, today)} 为止" if until else "到有人解除为止"
    why = f"{facts.sensitive}：{when}不主动联系"
    return Verdict(
        MarkKind.NO_CALL, "暂不联系", None, why, show_day(until + timedelta(days=1), today) if until else "—"
    )


def not_due(due_on: date, today: date) -> Verdict:
    """Nothing is asked for before its day."""
    why = f"{short_day(due_on, today)} 才到期，到期前不催"
    return Verdict(MarkKind.OPEN, "未到期", None, why, show_day(due_on + timedelta(days=1), today))


def all_over() -> Verdict:
    """诉讼时效 of every line is over (law §13.4)."""
    why = "全部欠费已过诉讼时效：留在账上，可协商，不列入催告；业主愿意缴或签分期，照样记下"
    return Verdict(MarkKind.OTHER, "已过时效", None, why, "—", act=Action.NONE)


def promised_in_silence(facts: AccountFacts, today: date, is_workday: Workday) -> Verdict | None:
    """A promise that still stands of somebody who is not to be called: its day is watched, without a word to him."""
    promise = facts.promise
    if promise is None or promise.paid_since >= promise.amount or today > grace_ends(promise.due_on, is_workday):
        return None
    day, why = short_day(promise.due_on, today), "业主要求勿再来电：不打电话"
    amount = show_yuan(facts.still_promised(promise))
    if promise.due_on == today:
        what = f"{why}；今天是他承诺缴 {amount} 的日子，请财务看是否到账"
        return Verdict(MarkKind.NO_CALL, "勿电", WorkGroup.DUE_TODAY, what, "今天")
    what = f"{why}；他承诺 {day} 缴 {amount}，到日子看是否到账"
    return Verdict(
        MarkKind.NO_CALL, "勿电", None, what, show_day(promise.due_on, today) if promise.due_on > today else "等入账"
    )


def in_writing(facts: AccountFacts, over: str) -> Verdict:
    """勿电: only papers go on. `over`: what the paper sent last leaves to be done; empty while its time runs."""
    why = "业主要求勿再来电：改用书面，不打电话"
    if over:
        return Verdict(MarkKind.NO_CALL, "勿电", WorkGroup.PERIOD_OVER, f"{why}；{over}", "今天", act=Action.WRITE)
    if not facts.papers:
        why = f"{why}；还没有出过函"
        return Verdict(MarkKind.NO_CALL, "勿电", WorkGroup.PERIOD_OVER, why, "今天", act=Action.WRITE)
    last = facts.papers[-1]
    return Verdict(MarkKind.NO_CALL, "勿电", None, f"{why}；{last.text} 的期限还没到", "等期限")


def claimed(facts: AccountFacts, today: date, is_workday: Workday) -> Verdict | None:
    """Money that an owner spoke of or that may be his: checked before anybody calls."""
    if facts.claim:
        claim = facts.claim
        why = f"业主称 {short_day(claim.paid_on, today)} 已付 {show_yuan(claim.amount)}：等财务核对，查清前不催"
        waited = _workdays_since(facts.claimed_at.date(), today, is_workday) if facts.claimed_at else 0
        if waited >= CLAIM_WORKDAYS:
            why = f"{why}；已等 {waited} 个工作日，今天问财务"
            return Verdict(MarkKind.VERIFY, "已缴待核", WorkGroup.FOLLOW_UP, why, "今天", act=Action.CHECK_MONEY)
        return Verdict(MarkKind.VERIFY, "已缴待核", None, why, "等财务", act=Action.CHECK_MONEY)
    if facts.doubt:
        return Verdict(MarkKind.VERIFY, "收款待核", None, facts.doubt, "等核对", act=Action.CHECK_MONEY)
    return None


def _workdays_since(day: date, today: date, is_workday: Workday) -> int:
    return sum(is_workday(day + timedelta(days=count)) for count in range(1, (today - day).days + 1))


def disputed(facts: AccountFacts, today: date) -> Verdict | None:
    """An objection that holds the account, or every line of it; or one that is settled and the owner not yet told."""
    if facts.to_report:
        why = f"异议（{facts.to_report}）已有结果，业主还不知道：先回复业主，满意了再谈缴费"
        return Verdict(MarkKind.HOLD, "异议待回复", WorkGroup.REVIEW, why, "今天", act=Action.CALL)
    if facts.is_disputed or facts.held_all:
        by_hand = facts.next_at.date() if facts.next_at and facts.replanned_at else None
        what = "有异议，暂缓催缴" if facts.is_disputed else facts.held_all
        return _held(by_hand or facts.dispute_review_on, what, today)
    return None


def _held(review_on: date | None, what: str, today: date) -> Verdict:
    if review_on is None:
        return Verdict(MarkKind.HOLD, "异议暂缓", None, f"{what}，等处理结果", "等处理")
    if review_on <= today:
        why = f"异议到了复查的日子（{short_day(review_on, today)}）：先问责任部门进展，再回复业主"
        return Verdict(MarkKind.HOLD, "异议暂缓", WorkGroup.REVIEW, why, "今天")
    why = f"{what}，等到 {short_day(review_on, today)} 复查"
    return Verdict(MarkKind.HOLD, "异议暂缓", None, why, show_day(review_on, today))


def instalment(facts: AccountFacts, plan: PlanVerdict, now: datetime) -> Verdict:
    """分期: quiet while it is kept, a word the day before and on the day, and back to the calls once it is broken."""
    today, current = now.date(), plan.current
    if plan.state is PlanState.BROKEN or current is None:
        spoken = facts.last_at is not None and current is not None and facts.last_at.date() > current.due_on
        if spoken:
            return replace(planned(facts, now, MarkKind.BROKEN, "分期失约"), strong=True)
        return Verdict(MarkKind.BROKEN, "分期失约", WorkGroup.BROKEN, plan.why, "今天", True)
    text = f"分期 {current.number}/{len(plan.instalments)}"
    what = f"第 {current.number} 期 {show_yuan(plan.missing or current.amount)}"
    spoken_today = facts.last_at is not None and facts.last_at.date() == today
    if current.due_on == today:
        group = None if spoken_today else WorkGroup.INSTALMENT
        why = f"今天是{what} 的日子：先看是否到账"
        act = Action.CHECK_MONEY if group else None
        return Verdict(MarkKind.DUE, text, group, why, "今天" if group else "", True, act)
    if current.due_on < today:
        why = f"{what}（{short_day(current.due_on, today)}）还在入账的 {GRACE_WORKDAYS} 个工作日内：先不打电话"
        return Verdict(MarkKind.PROMISED, text, None, why, "等入账")
    if current.due_on == today + timedelta(days=1) and not spoken_today:
        return Verdict(MarkKind.PROMISED, text, WorkGroup.INSTALMENT, f"明天是{what} 的日子：今天提醒一声", "今天")
    before = max(current.due_on - timedelta(days=1), today + timedelta(days=1))
    why = f"按分期协议，{short_day(current.due_on, today)} 缴{what}，前一天提醒"
    return Verdict(MarkKind.PROMISED, text, None, why, show_day(before, today))


def broken(facts: AccountFacts, promise: PromiseFacts, now: datetime, is_workday: Workday, count: int) -> Verdict:
    """A promise whose day and grace have passed without its money."""
    text = f"失约 {count} 次"
    if facts.last_at and facts.last_at.date() > grace_ends(promise.due_on, is_workday):
        # Already spoken about: what was agreed then decides, the mark stays until the money or a new promise comes.
        return replace(planned(facts, now, MarkKind.BROKEN, text), text=text, strong=True)
    came = f"只到账 {show_yuan(promise.paid_since)}" if promise.paid_since else "仍未到账"
    why = f"{short_day(promise.due_on, now.date())} 的承诺过了 {GRACE_WORKDAYS} 个工作日{came}"
    return Verdict(MarkKind.BROKEN, text, WorkGroup.BROKEN, why, "今天", True)


def promised(facts: AccountFacts, promise: PromiseFacts, now: datetime) -> Verdict:
    """A promise whose day, with its grace, is still to come."""
    today = now.date()
    day, amount = short_day(promise.due_on, today), show_yuan(facts.still_promised(promise))
    spoken_today = facts.last_at is not None and facts.last_at.date() == today
    planned_today = facts.next_at is not None and facts.next_at.date() == today
    text = f"承诺 {day}"
    if promise.due_on == today:
        why = f"今天是承诺缴 {amount} 的日子：先请财务看是否到账"
        if _tried_in_vain(facts, today):
            why = f"今天是承诺缴 {amount} 的日子；{facts.next_reason or '没接通，换个时段再拨'}"
            return Verdict(MarkKind.DUE, "今日到期", WorkGroup.RETRY, why, strong=True)
        group = WorkGroup.DUE_TODAY if planned_today or not spoken_today else None
        next_text = "" if group is None or planned_today else "今天"
        return Verdict(MarkKind.DUE, "今日到期", group, why, next_text, True)
    if promise.due_on < today:
        why = f"{day} 的承诺还在入账的 {GRACE_WORKDAYS} 个工作日内：{MONEY_FIRST}"
        group = None
        if facts.next_at and promise.due_on < facts.next_at.date() <= today:
            group = WorkGroup.FOLLOW_UP
        return Verdict(MarkKind.PROMISED, text, group, why, "" if group else "等入账", act=Action.CHECK_MONEY)
    if promise.due_on == today + timedelta(days=1) and not spoken_today:
        why = f"明天（{day}）是承诺缴 {amount} 的日子：今天提醒一声"
        return Verdict(MarkKind.PROMISED, text, WorkGroup.DUE_TOMORROW, why, "" if planned_today else "今天")
    by_plan = planned(facts, now, MarkKind.PROMISED, text)
    if by_plan.group is None:
        return Verdict(MarkKind.PROMISED, text, None, f"承诺 {day} 缴 {amount}，前一天提醒")
    return by_plan


def _tried_in_vain(facts: AccountFacts, today: date) -> bool:
    """Whether he was rung today without an answer and a time today is set for the next try."""
    last, at = facts.last, facts.next_at
    if last is None or last.channel is not Channel.PHONE or last.outcome not in (Outcome.NO_ANSWER, Outcome.OFF):
        return False
    return last.at.date() == today and at is not None and at.date() == today and facts.next_has_time


def by_contacts(facts: AccountFacts, now: datetime) -> Verdict:
    """Nothing promised, held or claimed: the last contact's mark and plan."""
    return planned(facts, now, *contact_mark(facts))


def filed_on(facts: AccountFacts) -> date | None:
    """The day on which the court, or the arbitrators, got the case; None: no paper of it is on file."""
    return max((one.on for one in facts.papers if one.kind in (PaperKind.FILING, PaperKind.ACCEPTED)), default=None)


def before_the_court(facts: AccountFacts, found: Verdict, today: date) -> Verdict:
    """The court has it: nobody presses the owner by telephone; a follow-up that somebody plans still comes."""
    filed = [paper for paper in facts.papers if paper.kind in (PaperKind.FILING, PaperKind.ACCEPTED)]
    what = f"（{filed[-1].text}）" if filed else ""
    why = f"已到诉讼阶段{what}：按法院的程序办，不再逐日打电话；业主来谈、缴费、开庭，都记下来"
    at = facts.next_at.date() if facts.next_at else None
    return Verdict(found.mark, found.text, None, why, show_day(at, today) if at and at > today else "按程序")


def planned(facts: AccountFacts, now: datetime, mark: MarkKind, text: str) -> Verdict:
    """By the follow-up agreed on with the last contact; without any contact, by the first call's week."""
    today, last = now.date(), facts.last
    if last is None and facts.next_at is None:
        return _first_call(facts, today, mark, text)
    if facts.next_at is None:
        return _unplanned(facts, today, mark, text)
    day = facts.next_at.date()
    if day <= today and facts.last_talk is None and facts.replanned_at is None:
        return _first_call(facts, today, mark, text)
    if day > today:
        why = f"等到 {short_day(day, today)}" + (f"：{facts.next_reason}" if facts.next_reason else " 再联系")
        return Verdict(mark, text, None, why)
    if day == today and facts.next_has_time and last and last.at.date() == today:
        if _due_group(facts, today) is WorkGroup.VISIT:
            return Verdict(mark, text, WorkGroup.VISIT, facts.next_reason or f"约好 {facts.next_at:%H:%M} 上门")
        return Verdict(mark, text, WorkGroup.RETRY, facts.next_reason or f"约好 {facts.next_at:%H:%M} 再打")
    late = f"原定 {short_day(day, today)} 跟进，还没有做" if day < today else "今天该跟进"
    made = facts.replanned_at or facts.last_at
    reason = read_later(facts.next_reason) if made and made.date() < today else facts.next_reason
    why = (reason if day == today else f"{late}：{reason}") if reason else late
    return Verdict(mark, text, _due_group(facts, today), why, act=_search(facts, today))


def _unplanned(facts: AccountFacts, today: date, mark: MarkKind, text: str) -> Verdict:
    last = facts.last
    if last and last.outcome is Outcome.SAYS_PAID:
        why = "业主称已缴，财务核对后仍有欠费：请再问一声"
        return Verdict(mark, text, WorkGroup.FOLLOW_UP, why, "今天")
    if last and last.outcome is Outcome.DISPUTE:
        return Verdict(mark, text, WorkGroup.FOLLOW_UP, "异议已处理：先回访，满意了再谈缴费", "今天")
    if facts.waits_for == WAITS_FOR_LEADER:
        return Verdict(mark, text, WorkGroup.LEADER, _leader_words(facts, today), facts.waits_for)
    if facts.waits_for and not (last and last.outcome is Outcome.DO_NOT_CALL):
        return Verdict(mark, text, None, facts.next_reason or facts.waits_for, facts.waits_for)
    silent = (today - last.at.date()).days if last else _SILENT_DAYS
    if silent >= _SILENT_DAYS:
        why = f"上次联系已过 {silent} 天，没有定下次跟进"
        return Verdict(mark, text, _due_group(facts, today), why, "今天", act=_search(facts, today))
    return Verdict(mark, text, None, "刚联系过，还没有定下次跟进", "—")


def _leader_words(facts: AccountFacts, today: date) -> str:
    """What the leader is to decide, and since when: counted from the talk that ended so."""
    talk, words = facts.last_talk, facts.next_reason or facts.waits_for
    waited = (today - talk.at.date()).days if talk else 0
    return f"{words}；已等 {waited} 天" if waited else words


def _due_group(facts: AccountFacts, today: date) -> WorkGroup:
    """Under which heading an account whose day has come is listed, by its category (domain §4)."""
    if facts.category in (Category.B, Category.D):
        return WorkGroup.DAILY
    if _is_lost(facts, today) and not _visited(facts, today):
        return WorkGroup.VISIT
    return WorkGroup.FOLLOW_UP


def _is_lost(facts: AccountFacts, today: date) -> bool:
    """C, and no number is left to try: all dead or off, or nobody has answered any of them for days."""
    if facts.category is not Category.C:
        return False
    calls = [(one.at, one.outcome) for one in facts.contacts if one.channel is Channel.PHONE]
    missed = days_running(calls, today + timedelta(days=1), (Outcome.OFF, Outcome.NO_ANSWER))
    return not facts.live_numbers or missed >= MISSED_DAYS_UNTIL_UNREACHABLE


def _search(facts: AccountFacts, today: date) -> Action | None:
    """Nobody can be called and nobody may go there again yet: numbers are looked for in our own records."""
    return Action.SEARCH if _is_lost(facts, today) and _visited(facts, today) else None


def _visited(facts: AccountFacts, today: date) -> bool:
    visits = [contact.at.date() for contact in facts.contacts if contact.channel is Channel.VISIT]
    return bool(visits) and (today - max(visits)).days < VISIT_EVERY_DAYS


def _first_call(facts: AccountFacts, today: date, mark: MarkKind, text: str) -> Verdict:
    if facts.oldest_due_on and facts.oldest_due_on >= today:
        return replace(not_due(facts.oldest_due_on, today), mark=mark)
    since = (today - facts.first_seen.date()).days if facts.first_seen else 0
    soon = since < FIRST_CALL_DAYS
    never = "还没有通过话" if facts.contacts else "还没有联系过"
    why = f"新户，{never}" if soon else f"进清单已 {since} 天，{never}"
    warned = facts.flags[0] if facts.flags else None
    if not facts.unreachable and warned is not FlagKind.NO_CALL:
        why = f"{why}：{'本周内' if soon else '今天'}首电"
    if facts.is_former:
        why = f"已换业主，欠费仍记在原业主名下：先向财务核对由谁承担。{why}"
    if facts.flags:
        why = f"{FLAG_LABELS[facts.flags[0]]}。{why}"
    return Verdict(mark, text, WorkGroup.NEW, why, "本周内" if soon else "今天", act=_WARNED.get(warned))
