"""The words of a row: the mark that the last contact leaves, the next follow-up, and what happened last."""

from __future__ import annotations

from datetime import date, datetime

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import Outcome, outcome_spec
from feedesk.models.days import short_day, show_day, show_moment
from feedesk.models.money import show_yuan
from feedesk.models.status.facts import AccountFacts, ContactFacts

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


def contact_mark(facts: AccountFacts) -> tuple[MarkKind, str]:
    """The mark that the last contact with the owner leaves, or that a part of the money came after it."""
    last = facts.last
    paid_after = facts.paid_on is not None and (last is None or facts.paid_on >= last.at.date())
    if facts.settled_some and (paid_after or (last and last.outcome is Outcome.PROMISED)):
        return MarkKind.PARTLY, "部分缴"
    if facts.numbers_all_dead:
        return MarkKind.DEAD, "停机"
    # A text of ours changes nothing about the owner: what he was found to be before it still stands.
    telling = facts.last_talk
    if telling is None:
        return MarkKind.OPEN, "待联系"
    if telling.outcome in _NOT_REACHED:
        return MarkKind.NO_ANSWER, f"未接 {_not_reached_running(facts)} 次"
    return _MARKS[telling.outcome]


def _not_reached_running(facts: AccountFacts) -> int:
    count = 0
    for contact in sorted(facts.contacts, key=lambda contact: contact.at, reverse=True):
        if contact.outcome is Outcome.SENT:
            continue
        if contact.outcome not in _NOT_REACHED:
            break
        count += 1
    return count


def in_court(room: str) -> str:
    """Why nobody calls about a unit while a suit about another one of the same owner runs."""
    return f"同一业主的 {room} 在诉讼中，往来由代理人书面办，这一户先不联系：先问经办人"


def next_text(facts: AccountFacts, now: datetime) -> str:
    """今天 16:10 while that is to come; 今天 when it is due; the day alone for other days; — for none."""
    if facts.next_at is None:
        return facts.waits_for or "—"
    day, today = facts.next_at.date(), now.date()
    if day > today:
        return show_day(day, today)
    if day == today and facts.next_has_time and facts.next_at > now:
        return show_moment(facts.next_at, now)
    return "今天"


def last_text(facts: AccountFacts, now: datetime) -> str:
    """What happened last: a contact, or money that came after it."""
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
        # With nothing left of it, it is told as it was given.
        amount = facts.still_promised(facts.promise) or facts.promise.amount
        return words + (f" {said}" if said else f" 缴 {show_yuan(amount)}")
    if last.outcome is Outcome.SAYS_PAID and facts.claim:
        return f"称 {short_day(facts.claim.paid_on, today)} {facts.claim.way}已付"
    return said or outcome_spec(last.channel, last.outcome).label
