"""The one state of an account: its mark for the table, its place in 今日, the one next action, and why.

What a clerk must know first wins: paid, then one who is left alone or asked not to be called, then money to be checked,
then an objection on hold, then a plan, a broken promise, one due today, one still to come, and last what the last contact
brought (look §2, domain §4 and §7). Over that lie the papers that have gone out (domain §6) and the limitation (law §9):
a right that is about to be lost comes before any call. Everything is derived from records; nothing here is stored as a
fact of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from feedesk.models.accounts import Action, MarkKind, Step, WorkGroup
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.days import short_day, show_day
from feedesk.models.ledger.plans import PlanState
from feedesk.models.letters import DEMANDS, Asked, Ended, asked, ended, silence
from feedesk.models.limitation import ALERTS
from feedesk.models.promises import broken_count
from feedesk.models.status import verdict as matters
from feedesk.models.status.facts import AccountFacts, AccountState
from feedesk.models.status.verdict import Verdict, Workday
from feedesk.models.status.words import in_court, last_text, next_text
from feedesk.models.workdays import grace_ends

_LAST_CALL, _SOON, _SOME_DAY = ALERTS
"""30 days: before everything else; 90: in 今日; 180: said beside the reason."""
_PROOF_DAYS = 15
"""So long a paper just sent is given to arrive and be put on record before it is asked for again."""
_FIRM = (
    WorkGroup.BROKEN, WorkGroup.DUE_TODAY, WorkGroup.INSTALMENT, WorkGroup.DUE_TOMORROW, WorkGroup.RETRY,
    WorkGroup.REVIEW,
)  # fmt: skip
"""Matters with a day of their own: they are not put behind what can be done on another."""
_CALLS = (
    WorkGroup.BROKEN, WorkGroup.DUE_TOMORROW, WorkGroup.RETRY, WorkGroup.DAILY, WorkGroup.FOLLOW_UP, WorkGroup.NEW,
    WorkGroup.VISIT,
)  # fmt: skip
"""What a letter silences."""


def derive(facts: AccountFacts, now: datetime, is_workday: Workday) -> AccountState:
    """The state of an account at `now`."""
    last = last_text(facts, now)
    if facts.owed:
        facts = facts.of_present_debt()
    count = broken_count(facts.promises, now.date(), is_workday)
    found = _verdict(facts, now, is_workday, count)
    today = now.date()
    overdue = (today - facts.oldest_due_on).days if facts.oldest_due_on and facts.owed else 0
    return AccountState(
        mark=found.mark,
        mark_text=found.text,
        strong=found.strong,
        group=found.group,
        action=found.action,
        why=found.why,
        priority=_priority(found, facts),
        next_text=found.next_text or next_text(facts, now),
        last_text=last,
        overdue_days=max(0, overdue),
        broken_count=count,
    )


def _verdict(facts: AccountFacts, now: datetime, is_workday: Workday, count: int) -> Verdict:
    today = now.date()
    if not facts.owed:
        return matters.paid(facts, today)
    if facts.sensitive and (facts.sensitive_until is None or facts.sensitive_until >= today):
        return _left_alone(facts, today)
    to_check = matters.claimed(facts, today, is_workday)
    if facts.do_not_call and to_check:
        return replace(to_check, mark=MarkKind.NO_CALL, text="勿电", why=f"业主要求勿再来电；{to_check.why}")
    if facts.do_not_call:
        return _side_review(_limited(_without_calls(facts, now, is_workday), facts, today), facts, today)
    if to_check:
        return to_check
    found = _replanned(_matter(facts, now, is_workday, count), facts, now, is_workday)
    found = _side_review(_limited(_quiet(_period_over(found, facts, today), facts, today), facts, today), facts, today)
    return _with_no_number(found, facts)


def _without_calls(facts: AccountFacts, now: datetime, is_workday: Workday) -> Verdict:
    """勿电: papers take the place of calls; what would hold a call back holds a paper as well (domain §6, last line)."""
    today = now.date()
    if held := matters.disputed(facts, today):
        return _unspoken(replace(held, act=Action.WRITE) if held.action is Action.CALL else held)
    if facts.plan and facts.plan.state is PlanState.RUNNING:
        kept = matters.instalment(facts, facts.plan, now)
        if kept.action is Action.CALL and facts.plan.current:
            kept = replace(kept, group=None, next_text=show_day(facts.plan.current.due_on, today))
        return _unspoken(kept)
    if promised := matters.promised_in_silence(facts, today, is_workday):
        return promised
    if facts.all_over:
        return _unspoken(matters.all_over())
    if facts.oldest_due_on and facts.oldest_due_on >= today:
        return _unspoken(matters.not_due(facts.oldest_due_on, today))
    if facts.replanned_at and facts.next_at and facts.next_at.date() > today:
        why = f"等到 {short_day(facts.next_at.date(), today)}：{facts.next_reason or '再看'}"
        return _unspoken(Verdict(MarkKind.NO_CALL, "勿电", None, why))
    over = ended(facts.papers, today)  # a talk takes nothing up where the next step is a paper
    return matters.in_writing(facts, _over_words(over, today) if over else "")


def _unspoken(found: Verdict) -> Verdict:
    return replace(found, mark=MarkKind.NO_CALL, text="勿电", why=f"业主要求勿再来电：不打电话；{found.why}")


def _side_review(found: Verdict, facts: AccountFacts, today: date) -> Verdict:
    """An objection about some lines only is to be looked at: told beside the reason, or a matter of its own."""
    on = facts.side_review_on
    if on is None or on > today:
        return found
    what = f"有异议到了复查的日子（{short_day(on, today)}）"
    if found.group is not None:
        return replace(found, why=f"{found.why}；另{what}")
    why = f"{what}：先问责任部门进展，再回复业主；其余：{found.why}"
    return replace(found, group=WorkGroup.REVIEW, why=why, next_text="今天", act=None)


def _matter(facts: AccountFacts, now: datetime, is_workday: Workday, count: int) -> Verdict:
    today = now.date()
    if held := matters.disputed(facts, today):
        return held
    if facts.plan and facts.plan.state in (PlanState.RUNNING, PlanState.BROKEN):
        return matters.instalment(facts, facts.plan, now)
    promise = facts.promise
    if promise and promise.paid_since < promise.amount:
        if today > grace_ends(promise.due_on, is_workday):
            return matters.broken(facts, promise, now, is_workday, count)
        return matters.promised(facts, promise, now)
    found = matters.by_contacts(facts, now)
    if facts.step is Step.COURT and not _due_since(facts, matters.filed_on(facts), today):
        return matters.before_the_court(facts, found, today)
    if facts.all_over and facts.next_at is None:
        return matters.all_over()
    return found


def _due_since(facts: AccountFacts, since: date | None, today: date) -> bool:
    """Whether a follow-up is due that was planned on or after a day: what was planned before it is out of date."""
    if facts.next_at is None or facts.next_at.date() > today:
        return False
    talk = facts.last_talk
    made = facts.replanned_at or (talk.at if talk else None)
    return made is not None and (since is None or made.date() >= since)


def _with_no_number(found: Verdict, facts: AccountFacts) -> Verdict:
    """Where there is no number to ring, one is looked for instead (domain §4, C)."""
    if found.action is not Action.CALL or not facts.unreachable:
        return found
    told = (
        ""
        if "号码" in found.why or "上门" in found.why
        else f"；{facts.unreachable}：先查本人留的号码，查不到就上门或发函"
    )
    return replace(found, act=Action.SEARCH, why=found.why + told)


def _left_alone(facts: AccountFacts, today: date) -> Verdict:
    found = matters.left_alone(facts, today)
    if facts.limit_on and (left := (facts.limit_on - today).days) <= _LAST_CALL:
        why = f"{found.why}；但诉讼时效只剩 {left} 天，请负责人定怎么保全"
        return replace(found, group=WorkGroup.LEADER, why=why, next_text="今天")
    return found


def _replanned(found: Verdict, facts: AccountFacts, now: datetime, is_workday: Workday) -> Verdict:
    """改下次跟进 keeps an account out of the calls until its moment, unless something has come up since."""
    made, at = facts.replanned_at, facts.next_at
    if made is None or at is None:
        return found
    today, promise = now.date(), facts.promise
    if found.group in (WorkGroup.DUE_TODAY, WorkGroup.DUE_TOMORROW, WorkGroup.INSTALMENT) and made.date() < today:
        return found
    if found.group is WorkGroup.BROKEN and promise and made.date() <= grace_ends(promise.due_on, is_workday):
        return found
    if at.date() > today and found.mark is not MarkKind.HOLD:
        why = f"等到 {short_day(at.date(), today)}" + (f"：{facts.next_reason}" if facts.next_reason else " 再联系")
        return replace(found, group=None, why=why, next_text="", act=None)
    if at.date() == today == made.date() and facts.next_has_time:
        why = facts.next_reason or f"约好 {at:%H:%M} 再打"
        return replace(found, group=WorkGroup.RETRY, why=why, next_text="", act=None)
    return found


def _over_text(facts: AccountFacts, today: date) -> str:
    """What a paper whose day has passed leaves to be done; empty while one runs, or when it was taken up since."""
    over = ended(facts.papers, today)
    if over is None:
        return ""
    spoken = [one.at for one in facts.contacts if (one.channel, one.outcome) != (Channel.MESSAGE, Outcome.SENT)]
    moments = [*spoken, *([facts.replanned_at] if facts.replanned_at else [])]  # a text of ours takes nothing up
    taken_up = max((moment.date() for moment in moments), default=None)
    if taken_up and taken_up > over.on:
        return ""
    return _over_words(over, today)


def _over_words(over: Ended, today: date) -> str:
    return f"{over.paper.text} 的期限（{short_day(over.on, today)}）已过，还没有缴清"


def _period_over(found: Verdict, facts: AccountFacts, today: date) -> Verdict:
    """The day that a paper gave is past: a call to ask, and a decision on the next step (domain §6)."""
    if found.group in _FIRM or found.mark in (MarkKind.HOLD, MarkKind.PROMISED, MarkKind.DUE) or facts.all_over:
        return found
    if facts.step is Step.COURT:
        return found
    if facts.step is Step.MEDIATION and (request := asked(facts.papers)):
        return _asked(found, facts, request, today)
    text = _over_text(facts, today)
    if not text:
        return found
    ask = "先问清" if facts.unreachable else "先打电话问清"
    return replace(
        found, group=WorkGroup.PERIOD_OVER, why=f"{text}：{ask}，再定下一步", next_text="今天", act=Action.CALL
    )


def _asked(found: Verdict, facts: AccountFacts, request: Asked, today: date) -> Verdict:
    """The owners' committee or a mediator has been asked: their answer is waited for, then the next step is decided."""
    if _due_since(facts, request.paper.on, today) and found.group is not None:
        return found
    if request.answer is not None:
        why = f"{request.answer.text}（{short_day(request.answer.on, today)}）已到，还没有缴清：定下一步"
    elif request.until >= today:
        why = f"{request.paper.text}：等答复到 {short_day(request.until, today)}"
        return replace(
            found, group=None, why=why, next_text=show_day(request.until + timedelta(days=1), today), act=Action.WAIT
        )
    else:
        why = f"{request.paper.text}：等答复的日子（{short_day(request.until, today)}）已过，定下一步"
    return replace(found, group=WorkGroup.PERIOD_OVER, why=why, next_text="今天", act=Action.ASK_LEADER)


def _quiet(found: Verdict, facts: AccountFacts, today: date) -> Verdict:
    """After a company letter or a lawyer's letter nobody calls the owner from our side, about any unit (domain §5)."""
    quiet = silence((*facts.papers, *facts.owner_letters), today)
    calls = found.group in _CALLS or (found.group is WorkGroup.PERIOD_OVER and found.action is Action.CALL)
    if calls and facts.suit_elsewhere:
        return replace(found, group=None, why=in_court(facts.suit_elsewhere), next_text="按程序", act=Action.WAIT)
    if quiet is None or (found.group is not None and not calls):
        return found
    if found.group is None and found.mark in (MarkKind.HOLD, MarkKind.PROMISED, MarkKind.DUE):
        return found
    return replace(
        found, group=None, why=quiet.why, next_text=show_day(quiet.until + timedelta(days=1), today), act=Action.WAIT
    )


def _limited(found: Verdict, facts: AccountFacts, today: date) -> Verdict:
    """诉讼时效 that is running out is told beside the reason, from 90 days on it is a matter of its own (law §13.2)."""
    if facts.limit_on is None or (left := (facts.limit_on - today).days) > _SOME_DAY or left < 0:
        return found
    beside = replace(found, why=f"{found.why}（时效还剩 {left} 天）")
    if left > _SOON:
        return beside
    put_off = facts.next_at.date() if facts.replanned_at and facts.next_at else None
    if put_off and today < put_off < facts.limit_on:
        return beside
    on_its_way = next((one for one in reversed(facts.papers) if one.kind in DEMANDS and not one.is_proven), None)
    fresh = on_its_way is not None and (today - on_its_way.on).days <= _PROOF_DAYS
    if left > _LAST_CALL and (fresh or found.group in _FIRM):
        return beside
    when = f"时效至 {short_day(facts.limit_on, today)}，还剩 {left} 天"
    if facts.is_disputed or facts.held_all or facts.to_report:  # no paper demands what is held
        what = "有异议、暂缓，时效照走：报负责人，请业主签对账单，或申请人民调解"
    elif fresh and on_its_way is not None:
        what = f"{on_its_way.text} 已出，送达还没有凭据，请盯住并登记"
    elif left > _LAST_CALL:
        what = "以 EMS 送达催款单，留好凭据并登记"
    else:
        what = "今天就以 EMS 送达并登记，同时报负责人考虑公证、调解、支付令或起诉"
    return Verdict(
        MarkKind.LIMIT, f"时效 {left} 天", WorkGroup.LIMIT, f"{when}：{what}", "今天", strong=True, act=Action.WRITE
    )


def _priority(found: Verdict, facts: AccountFacts) -> int:
    """Groups in the order of 今日; then what waits for a day, what waits for somebody, what is paid."""
    if found.group is not None:
        return list(WorkGroup).index(found.group) * 5
    if not facts.owed:
        return 90
    return 80 if found.mark in (MarkKind.VERIFY, MarkKind.NO_CALL) or facts.next_at is None else 70
