"""The one state of an account: its mark for the table, its place in 今日, and why.

What a clerk must know first wins: paid, then 勿电, then 已缴待核, then an objection on hold, then a broken promise, one due
today, one still to come, and last what the last contact brought (look §2, domain §4 and §7). Everything is derived
from records; nothing here is stored as a fact of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from feedesk.models.accounts import FLAG_LABELS, Category, DebtorType, FlagKind, MarkKind, Step, WorkGroup
from feedesk.models.contacts import Channel, ClaimDraft, Outcome, outcome_spec
from feedesk.models.days import short_day, show_day, show_moment
from feedesk.models.ledger.plans import PlanState, PlanVerdict
from feedesk.models.money import show_yuan
from feedesk.models.workdays import GRACE_WORKDAYS, grace_ends

FIRST_CALL_DAYS = 7
"""The first call is made within a week (domain §6)."""
_SILENT_DAYS = 2
"""After so many days without a planned follow-up an open account comes up again (three contacts a week, domain §7)."""

_NOT_REACHED = (Outcome.NO_ANSWER, Outcome.OFF, Outcome.NOBODY)
_MARKS = {
    Outcome.PROMISED: (MarkKind.OTHER, "未定日期"),
    Outcome.NO_DAY: (MarkKind.OTHER, "未定日期"),
    Outcome.SAYS_PAID: (MarkKind.OTHER, "核对未到账"),
    Outcome.DEAD_NUMBER: (MarkKind.DEAD, "停机"),
    Outcome.AWAY: (MarkKind.AWAY, "在外地"),
    Outcome.REFUSED: (MarkKind.REFUSE, "拒绝"),
    Outcome.WONT_SEE: (MarkKind.REFUSE, "拒见"),
    Outcome.DISPUTE: (MarkKind.OTHER, "异议已办"),
    Outcome.RELATIVE: (MarkKind.OTHER, "家人接听"),
    Outcome.FAMILY: (MarkKind.OTHER, "见到家人"),
    Outcome.HUNG_UP: (MarkKind.OTHER, "挂断"),
    Outcome.MET: (MarkKind.OTHER, "见到本人"),
    Outcome.CARD_LEFT: (MarkKind.OTHER, "留联系卡"),
    Outcome.SENT: (MarkKind.OTHER, "已发信息"),
    Outcome.DO_NOT_CALL: (MarkKind.OTHER, "可再联系"),
    Outcome.OTHER: (MarkKind.OTHER, "已联系"),
}
"""What a last contact leaves behind once promise, claim, objection and 勿电 have been looked at by themselves."""


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """承诺缴费: `amount` 分 by `due_on`, and the 分 that have come in since it was made."""

    due_on: date
    amount: int
    made_at: datetime
    paid_since: int = 0


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact that was not voided."""

    at: datetime
    channel: Channel
    outcome: Outcome
    said: str = ""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the records say of one account. Money in 分; order of promises and contacts does not matter."""

    account_id: int
    owed: int
    ever_owed: bool = True
    oldest_due_on: date | None = None
    settled_some: bool = False
    """Part of an open charge is settled."""
    promises: tuple[PromiseFacts, ...] = ()
    claim: ClaimDraft | None = None
    """标记已缴(待核), not yet settled by a list or a payment."""
    doubt: str = ""
    """Why its money must be checked before anybody calls: a statement line not yet booked, a list that contradicts."""
    plan: PlanVerdict | None = None
    """The instalment plan agreed last, while it runs or since it broke."""
    do_not_call: bool = False
    is_disputed: bool = False
    """An objection on hold is open."""
    dispute_kind: str = ""
    dispute_review_on: date | None = None
    contacts: tuple[ContactFacts, ...] = ()
    numbers_all_dead: bool = False
    next_at: datetime | None = None
    """Next follow-up as planned with the last contact."""
    next_has_time: bool = False
    next_reason: str = ""
    waits_for: str = ""
    """等财务, 等负责人, 改用书面: shown instead of a day."""
    replanned_at: datetime | None = None
    """When the follow-up was planned anew by hand since the last contact; None: it is that contact's."""
    paid_on: date | None = None
    """Day of the last settlement or payment."""
    paid_amount: int = 0
    paid_way: str = "财务清单"
    first_seen: datetime | None = None
    """When the present debt first came with a list: since the tenure began, or since it last owed nothing."""
    flags: tuple[FlagKind, ...] = ()
    cleared_at: datetime | None = None
    """When the balance was last zero."""
    is_former: bool = False
    step: Step = Step.REMINDER
    category: Category | None = None
    debtor_type: DebtorType = DebtorType.UNPAID

    @property
    def last(self) -> ContactFacts | None:
        """The last contact."""
        return max(self.contacts, key=lambda contact: contact.at, default=None)

    @property
    def last_at(self) -> datetime | None:
        """When the owner was last contacted."""
        return self.last.at if self.last else None

    @property
    def promise(self) -> PromiseFacts | None:
        """The promise that counts: the one made last; it replaces those before."""
        return max(self.promises, key=lambda promise: promise.made_at, default=None)

    def of_present_debt(self) -> AccountFacts:
        """Without what was said and promised before the balance was last zero: a new debt starts with a first call."""
        since = self.first_seen if self.cleared_at else None
        if since is None:
            return self
        old_plan = self.replanned_at is not None and self.replanned_at < since
        if not old_plan and all(contact.at >= since for contact in self.contacts):
            return self
        contacts = tuple(contact for contact in self.contacts if contact.at >= since)
        facts = replace(
            self, contacts=contacts, promises=tuple(promise for promise in self.promises if promise.made_at >= since)
        )
        if not old_plan and (contacts or self.replanned_at):
            return facts
        return replace(facts, next_at=None, next_has_time=False, next_reason="", waits_for="", replanned_at=None)


@dataclass(frozen=True, slots=True)
class AccountState:
    """What rows show of an account."""

    mark: MarkKind
    mark_text: str
    strong: bool
    group: WorkGroup | None
    why: str
    """Why now, or why nothing is to be done today."""
    priority: int
    """Smaller comes first."""
    next_text: str
    last_text: str
    overdue_days: int
    broken_count: int


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Mark, place in 今日 and next follow-up; `next_text` empty: as planned."""

    mark: MarkKind
    text: str
    group: WorkGroup | None
    why: str
    next_text: str = ""
    strong: bool = False


def derive(facts: AccountFacts, now: datetime, is_workday: Callable[[date], bool]) -> AccountState:
    """The state of an account at `now`."""
    last_text = _last_text(facts, now)
    if facts.owed:
        facts = facts.of_present_debt()
    broken = _broken_count(facts, now.date(), is_workday)
    verdict = _replanned(_verdict(facts, now, is_workday, broken), facts, now, is_workday)
    today = now.date()
    overdue = (today - facts.oldest_due_on).days if facts.oldest_due_on and facts.owed else 0
    return AccountState(
        mark=verdict.mark,
        mark_text=verdict.text,
        strong=verdict.strong,
        group=verdict.group,
        why=verdict.why,
        priority=_priority(verdict, facts),
        next_text=verdict.next_text or _next_text(facts, now),
        last_text=last_text,
        overdue_days=max(0, overdue),
        broken_count=broken,
    )


def _verdict(facts: AccountFacts, now: datetime, is_workday: Callable[[date], bool], broken: int) -> _Verdict:
    today = now.date()
    if not facts.owed:
        if not facts.ever_owed:
            return _Verdict(MarkKind.PAID, "无欠费", None, "没有欠费", "—")
        if facts.doubt:
            return _Verdict(MarkKind.VERIFY, "收款待核", None, facts.doubt, "等核对")
        when = f" {short_day(facts.paid_on, today)}" if facts.paid_on else ""
        return _Verdict(MarkKind.PAID, f"已缴{when}", None, "已缴清", "—")
    if facts.do_not_call:
        return _Verdict(MarkKind.NO_CALL, "勿电", None, "业主要求勿再来电：改用书面，不打电话", "寄函")
    if facts.claim:
        claim = facts.claim
        why = f"业主称 {short_day(claim.paid_on, today)} 已付 {show_yuan(claim.amount)}：等财务核对，查清前不催"
        return _Verdict(MarkKind.VERIFY, "已缴待核", None, why, "等财务")
    if facts.doubt:
        return _Verdict(MarkKind.VERIFY, "收款待核", None, facts.doubt, "等核对")
    if facts.is_disputed:
        by_hand = facts.next_at.date() if facts.next_at and facts.replanned_at else None
        return _disputed(by_hand or facts.dispute_review_on, today)
    if facts.plan and facts.plan.state in (PlanState.RUNNING, PlanState.BROKEN):
        return _instalment(facts, facts.plan, now)
    promise = facts.promise
    if promise and promise.paid_since < promise.amount:
        if today > grace_ends(promise.due_on, is_workday):
            return _broken(facts, promise, now, is_workday, broken)
        return _promised(facts, promise, now)
    mark, text = _contact_mark(facts)
    return _planned(facts, now, mark, text)


def _instalment(facts: AccountFacts, plan: PlanVerdict, now: datetime) -> _Verdict:
    """分期: quiet while it is kept, a word the day before and on the day, and back to the calls once it is broken."""
    today, current = now.date(), plan.current
    if plan.state is PlanState.BROKEN or current is None:
        spoken = facts.last_at is not None and current is not None and facts.last_at.date() > current.due_on
        planned = _planned(facts, now, MarkKind.BROKEN, "分期失约")
        if spoken:
            return replace(planned, strong=True)
        return _Verdict(MarkKind.BROKEN, "分期失约", WorkGroup.BROKEN, plan.why, "今天", True)
    text = f"分期 {current.number}/{len(plan.instalments)}"
    what = f"第 {current.number} 期 {show_yuan(plan.missing or current.amount)}"
    spoken_today = facts.last_at is not None and facts.last_at.date() == today
    if current.due_on == today:
        group = None if spoken_today else WorkGroup.DUE_TODAY
        why = f"今天是{what}的日子：先看是否到账"
        return _Verdict(MarkKind.DUE, text, group, why, "今天" if group else "", True)
    if current.due_on < today:
        why = f"{what}（{short_day(current.due_on, today)}）还在入账的 {GRACE_WORKDAYS} 个工作日内：先不打电话"
        return _Verdict(MarkKind.PROMISED, text, None, why, "等入账")
    if current.due_on == today + timedelta(days=1) and not spoken_today:
        return _Verdict(MarkKind.PROMISED, text, WorkGroup.DUE_TOMORROW, f"明天是{what}的日子：今天提醒一声", "今天")
    before = max(current.due_on - timedelta(days=1), today + timedelta(days=1))
    why = f"按分期协议，{short_day(current.due_on, today)} 缴{what}，前一天提醒"
    return _Verdict(MarkKind.PROMISED, text, None, why, show_day(before, today))


def _replanned(verdict: _Verdict, facts: AccountFacts, now: datetime, is_workday: Callable[[date], bool]) -> _Verdict:
    """改下次跟进 keeps an account out of the calls until its moment, unless something has come up since."""
    made, planned = facts.replanned_at, facts.next_at
    if made is None or planned is None or verdict.mark in (MarkKind.PAID, MarkKind.NO_CALL, MarkKind.VERIFY):
        return verdict
    today, promise = now.date(), facts.promise
    if verdict.group in (WorkGroup.DUE_TODAY, WorkGroup.DUE_TOMORROW) and made.date() < today:
        return verdict
    if verdict.group is WorkGroup.BROKEN and promise and made.date() <= grace_ends(promise.due_on, is_workday):
        return verdict
    if planned.date() > today and verdict.mark is not MarkKind.HOLD:
        why = f"等到 {short_day(planned.date(), today)}" + (
            f"：{facts.next_reason}" if facts.next_reason else " 再联系"
        )
        return replace(verdict, group=None, why=why, next_text="")
    if planned.date() == today == made.date() and facts.next_has_time:
        why = facts.next_reason or f"约好 {planned:%H:%M} 再打"
        return replace(verdict, group=WorkGroup.RETRY, why=why, next_text="")
    return verdict


def _disputed(review_on: date | None, today: date) -> _Verdict:
    if review_on is None:
        return _Verdict(MarkKind.HOLD, "异议暂缓", None, "有异议，暂缓催缴，等处理结果", "等处理")
    if review_on <= today:
        why = f"异议到了复查的日子（{short_day(review_on, today)}）：先问责任部门进展，再回复业主"
        return _Verdict(MarkKind.HOLD, "异议暂缓", WorkGroup.FOLLOW_UP, why, "今天")
    why = f"有异议，暂缓催缴，等到 {short_day(review_on, today)} 复查"
    return _Verdict(MarkKind.HOLD, "异议暂缓", None, why, show_day(review_on, today))


def _broken(
    facts: AccountFacts, promise: PromiseFacts, now: datetime, is_workday: Callable[[date], bool], broken: int
) -> _Verdict:
    text = f"失约 {broken} 次"
    if facts.last_at and facts.last_at.date() > grace_ends(promise.due_on, is_workday):
        # Already spoken about: what was agreed then decides, the mark stays until the money or a new promise comes.
        planned = _planned(facts, now, MarkKind.BROKEN, text)
        return _Verdict(planned.mark, text, planned.group, planned.why, planned.next_text, True)
    came = f"只到账 {show_yuan(promise.paid_since)}" if promise.paid_since else "仍未到账"
    why = f"{short_day(promise.due_on, now.date())} 的承诺过了 {GRACE_WORKDAYS} 个工作日{came}"
    return _Verdict(MarkKind.BROKEN, text, WorkGroup.BROKEN, why, "今天", True)


def _promised(facts: AccountFacts, promise: PromiseFacts, now: datetime) -> _Verdict:
    today = now.date()
    day, amount = short_day(promise.due_on, today), show_yuan(promise.amount)
    spoken_today = facts.last_at is not None and facts.last_at.date() == today
    planned_today = facts.next_at is not None and facts.next_at.date() == today
    text = f"承诺 {day}"
    if promise.due_on == today:
        why = f"今天是承诺缴 {amount} 的日子：先请财务看是否到账"
        group = WorkGroup.DUE_TODAY if planned_today or not spoken_today else None
        next_text = "" if group is None or planned_today else "今天"
        return _Verdict(MarkKind.DUE, "今日到期", group, why, next_text, True)
    if promise.due_on < today:
        why = f"{day} 的承诺还在入账的 {GRACE_WORKDAYS} 个工作日内：请财务看是否到账，先不打电话"
        if facts.next_at and promise.due_on < facts.next_at.date() <= today:
            return _Verdict(MarkKind.PROMISED, text, WorkGroup.FOLLOW_UP, why, "")
        return _Verdict(MarkKind.PROMISED, text, None, why, "等入账")
    if promise.due_on == today + timedelta(days=1) and not spoken_today:
        why = f"明天（{day}）是承诺缴 {amount} 的日子：今天提醒一声"
        return _Verdict(MarkKind.PROMISED, text, WorkGroup.DUE_TOMORROW, why, "" if planned_today else "今天")
    planned = _planned(facts, now, MarkKind.PROMISED, text)
    if planned.group is None:
        return _Verdict(MarkKind.PROMISED, text, None, f"承诺 {day} 缴 {amount}，前一天提醒", "")
    return planned


def _planned(facts: AccountFacts, now: datetime, mark: MarkKind, text: str) -> _Verdict:
    """By the follow-up agreed on with the last contact; without any contact, by the first call's week."""
    today, last = now.date(), facts.last
    if last is None and facts.next_at is None:
        return _first_call(facts, today, mark, text)
    if facts.next_at is None:
        if last and last.outcome is Outcome.SAYS_PAID:
            why = "业主称已缴，财务核对后仍有欠费：请再问一声"
            return _Verdict(mark, text, WorkGroup.FOLLOW_UP, why, "今天")
        if last and last.outcome is Outcome.DISPUTE:
            return _Verdict(mark, text, WorkGroup.FOLLOW_UP, "异议已处理：先回访，满意了再谈缴费", "今天")
        if facts.waits_for and not (last and last.outcome is Outcome.DO_NOT_CALL):
            return _Verdict(mark, text, None, facts.next_reason or facts.waits_for, facts.waits_for)
        silent = (today - last.at.date()).days if last else _SILENT_DAYS
        if silent >= _SILENT_DAYS:
            why = f"上次联系已过 {silent} 天，没有定下次跟进"
            return _Verdict(mark, text, WorkGroup.FOLLOW_UP, why, "今天")
        return _Verdict(mark, text, None, "刚联系过，还没有定下次跟进", "—")
    planned = facts.next_at.date()
    if planned > today:
        why = f"等到 {short_day(planned, today)}" + (f"：{facts.next_reason}" if facts.next_reason else " 再联系")
        return _Verdict(mark, text, None, why)
    if planned == today and facts.next_has_time and last and last.at.date() == today:
        return _Verdict(mark, text, WorkGroup.RETRY, facts.next_reason or f"约好 {facts.next_at:%H:%M} 再打")
    late = f"原定 {short_day(planned, today)} 跟进，还没有做" if planned < today else "今天该跟进"
    return _Verdict(
        mark, text, WorkGroup.FOLLOW_UP, facts.next_reason if planned == today and facts.next_reason else late
    )


def _first_call(facts: AccountFacts, today: date, mark: MarkKind, text: str) -> _Verdict:
    if facts.oldest_due_on and facts.oldest_due_on >= today:
        due = short_day(facts.oldest_due_on, today)
        after = facts.oldest_due_on + timedelta(days=1)
        return _Verdict(mark, "未到期", None, f"{due} 才到期，到期前不催", show_day(after, today))
    since = (today - facts.first_seen.date()).days if facts.first_seen else 0
    soon = since < FIRST_CALL_DAYS
    why = "新户，还没有联系过：本周内首电" if soon else f"进清单已 {since} 天，还没有联系过：今天首电"
    if facts.is_former:
        why = f"已换业主，欠费仍记在原业主名下：先向财务核对由谁承担。{why}"
    if facts.flags:
        why = f"{FLAG_LABELS[facts.flags[0]]}。{why}"
    return _Verdict(mark, text, WorkGroup.NEW, why, "本周内" if soon else "今天")


def _contact_mark(facts: AccountFacts) -> tuple[MarkKind, str]:
    last = facts.last
    paid_after = facts.paid_on is not None and (last is None or facts.paid_on >= last.at.date())
    if facts.settled_some and (paid_after or (last and last.outcome is Outcome.PROMISED)):
        return MarkKind.PARTLY, "部分缴"
    if facts.numbers_all_dead:
        return MarkKind.DEAD, "停机"
    if last is None:
        return MarkKind.OPEN, "待联系"
    if last.outcome in _NOT_REACHED:
        return MarkKind.NO_ANSWER, f"未接 {_not_reached_running(facts)} 次"
    return _MARKS[last.outcome]


def _not_reached_running(facts: AccountFacts) -> int:
    count = 0
    for contact in sorted(facts.contacts, key=lambda contact: contact.at, reverse=True):
        if contact.outcome is Outcome.SENT:
            continue
        if contact.outcome not in _NOT_REACHED:
            break
        count += 1
    return count


def _broken_count(facts: AccountFacts, today: date, is_workday: Callable[[date], bool]) -> int:
    """Promises whose day and grace passed without the money; one renewed before that is not broken."""
    ordered = sorted(facts.promises, key=lambda promise: promise.made_at)
    count = 0
    for place, promise in enumerate(ordered):
        until = ordered[place + 1].made_at.date() if place + 1 < len(ordered) else today
        count += promise.paid_since < promise.amount and until > grace_ends(promise.due_on, is_workday)
    return count


def _priority(verdict: _Verdict, facts: AccountFacts) -> int:
    """Groups in the order of 今日; then what waits for a day, what waits for somebody, what is paid."""
    if verdict.group is not None:
        return list(WorkGroup).index(verdict.group) * 5
    if not facts.owed:
        return 90
    return 80 if verdict.mark in (MarkKind.VERIFY, MarkKind.NO_CALL) or facts.next_at is None else 70


def _next_text(facts: AccountFacts, now: datetime) -> str:
    """今天 16:10 while that is to come; 今天 when it is due; the day alone for other days; — for none."""
    if facts.next_at is None:
        return facts.waits_for or "—"
    day, today = facts.next_at.date(), now.date()
    if day > today:
        return show_day(day, today)
    if day == today and facts.next_has_time and facts.next_at > now:
        return show_moment(facts.next_at, now)
    return "今天"


def _last_text(facts: AccountFacts, now: datetime) -> str:
    today, last = now.date(), facts.last
    if facts.paid_amount and (not facts.owed or (facts.paid_on and (last is None or facts.paid_on > last.at.date()))):
        day = f"{short_day(facts.paid_on, today)} " if facts.owed and facts.paid_on else ""
        return f"{day}{facts.paid_way} {show_yuan(facts.paid_amount)}"
    if last is None:
        return "—"
    when = f"{last.at:%H:%M}" if last.at.date() == today else short_day(last.at.date(), today)
    return f"{when} {_last_words(facts, last, today)}"


def _last_words(facts: AccountFacts, last: ContactFacts, today: date) -> str:
    said = " ".join(last.said.split())
    if last.outcome is Outcome.PROMISED and facts.promise:
        day = show_day(facts.promise.due_on, today).partition(" ")[0]
        words = f"承诺{day}" if day in ("今天", "明天") else f"承诺 {day}"
        return words + (f" {said}" if said else f" 缴 {show_yuan(facts.promise.amount)}")
    if last.outcome is Outcome.SAYS_PAID and facts.claim:
        return f"称 {short_day(facts.claim.paid_on, today)} {facts.claim.way}已付"
    return said or outcome_spec(last.channel, last.outcome).label
