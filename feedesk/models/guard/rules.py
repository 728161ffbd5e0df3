"""Which rules a contact would break at a moment, and the first moment at which it would break none (law §13.7).

Pure: the facts stand still, only the moment moves. More facts can only break more rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.days import short_day
from feedesk.models.guard.history import ContactHistory
from feedesk.models.guard.limits import (
    MAX_ATTEMPTS_A_DAY,
    MAX_EFFECTIVE_A_DAY,
    MAX_EFFECTIVE_IN_WINDOW,
    MINIMUM_GAP,
    QUIET_FROM,
    QUIET_TO,
    TEXT_EVERY_DAYS,
    VISIT_EVERY_DAYS,
    WINDOW_DAYS,
    Rule,
)
from feedesk.models.workdays import call_hours, first_good_hour

_STEPS = 200
"""A day is left in two steps at most, and nothing but a letter or a mark, left in one, holds longer than a week."""
_ATTEMPTS = (Channel.PHONE, Channel.VISIT)


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a contact would break."""

    rule: Rule
    why: str
    """One Chinese clause without a full stop."""
    over_at: datetime | None
    """Before this moment the rule is broken all along; None: until somebody does something about it."""

    @property
    def record(self) -> str:
        """The clause as it stands on record, without the moment at which it is read."""
        return f"不在联系时段（{self.why}）" if self.rule is Rule.HOURS else self.why


def breaches(
    channel: Channel, at: datetime, history: ContactHistory, outcome: Outcome | None = None
) -> tuple[Breach, ...]:
    """Every rule that a contact at `at` breaks, the most binding first; none for what came from the owner.

    An owner at the counter came by himself, and a message or letter that tells his answer is his, not ours.
    """
    if comes_from_owner(channel, outcome):
        return ()
    found = _standing(channel, at, history)
    if channel in _ATTEMPTS:
        found += _counts(at, history)
    if channel is Channel.MESSAGE and (sent := history.text_before(at.date())):
        found.append(Breach(Rule.TEXT_EVERY, f"{TEXT_EVERY_DAYS} 天内最多发一条", _after(sent, TEXT_EVERY_DAYS)))
    if channel is Channel.VISIT and (seen := history.visit_before(at.date())):
        found.append(Breach(Rule.VISIT_EVERY, f"{VISIT_EVERY_DAYS} 天内最多上门一次", _after(seen, VISIT_EVERY_DAYS)))
    if channel is not Channel.MAIL:
        found += _hours(at)
    if channel in _ATTEMPTS:
        found += _gap(at, history)
    return tuple(found)


def comes_from_owner(channel: Channel, outcome: Outcome | None) -> bool:
    """Whether it was he who came or wrote: such a contact is never against a rule."""
    written = channel in (Channel.MESSAGE, Channel.MAIL)
    return channel is Channel.COUNTER or (written and outcome is not None and outcome is not Outcome.SENT)


def earliest(channel: Channel, wanted: datetime, history: ContactHistory) -> datetime | None:
    """The first minute from `wanted` on at which nothing is broken; None while something without an end stands."""
    moment = wanted
    for _ in range(_STEPS):
        ends = [breach.over_at for breach in breaches(channel, moment, history)]
        if not ends:
            return moment
        known = [end for end in ends if end is not None]
        if len(known) < len(ends):
            return None
        moment = max(known)
    raise AssertionError("no limit holds that long")


def first_allowed(wanted: datetime, history: ContactHistory, channel: Channel = Channel.PHONE) -> tuple[datetime, str]:
    """The moment to propose from `wanted` on, and why it is not `wanted` (empty if it is).

    Put off to another day, it is at a good hour of it. What has no end of its own (勿电, 待核, an objection, a sensitive
    mark without a last day) is left out: ask `standing` first.
    """
    timed = history.timed()
    at = earliest(channel, wanted, timed)
    if at is None or at == wanted:
        return wanted, ""
    why = breaches(channel, wanted, timed)[0].why
    good = first_good_hour(at.date())
    opens, _ = call_hours(at.date())
    if at.time() <= opens and not breaches(channel, good, timed):
        at = good
    return at, why


def day_limit(day: date, history: ContactHistory) -> str:
    """Why no further call is in order on `day`, whatever the hour; empty when one is."""
    return next((breach.why for breach in (*_left_alone(day, history), *_counts(_noon(day), history))), "")


def rest(day: date, history: ContactHistory) -> Breach | None:
    """What asks that the owner be left alone on `day`: a sensitive mark, or the silence after a letter."""
    held = [breach for breach in _left_alone(day, history) if breach.rule is not Rule.NO_CALL]
    return max(held, key=lambda breach: (breach.over_at is None, str(breach.over_at)), default=None)


def standing(day: date, history: ContactHistory) -> Breach | None:
    """What forbids calls on `day` and has no end of its own, other than money or an objection to be looked into."""
    return next((breach for breach in _left_alone(day, history) if breach.over_at is None), None)


def _left_alone(day: date, history: ContactHistory) -> list[Breach]:
    found = []
    if history.is_sensitive(day):
        until = history.sensitive_until
        why = f"业主家里有事（{history.sensitive}）"
        why += f"，{short_day(until, day)}（含）前不联系" if until else "，结束前不联系"
        found.append(Breach(Rule.SENSITIVE, why, _after(until, 1) if until else None))
    if history.do_not_call:
        found.append(Breach(Rule.NO_CALL, "业主要求勿再来电", None))
    if history.quiet is not None and history.is_quiet(day):
        found.append(Breach(Rule.SILENCE, history.quiet.why, _after(history.quiet.until, 1)))
    return found


def _standing(channel: Channel, at: datetime, history: ContactHistory) -> list[Breach]:
    alone = _left_alone(at.date(), history)
    if channel is Channel.MAIL:  # written letters are what he asked for
        alone = [breach for breach in alone if breach.rule is not Rule.NO_CALL]
    found = [breach for breach in alone if breach.rule is not Rule.SILENCE]
    if history.to_verify:
        verb = "打" if channel is Channel.PHONE else "联系"
        found.append(Breach(Rule.VERIFY, f"先核对收款，查清前不{verb}", None))
    if history.is_disputed:
        found.append(Breach(Rule.DISPUTE, "异议处理中，催缴先停", None))
    return found + [breach for breach in alone if breach.rule is Rule.SILENCE]


def _counts(at: datetime, history: ContactHistory) -> list[Breach]:
    if not history.calls and not history.visits:
        return []
    day, found = at.date(), []
    tomorrow = _after(day, 1)
    met = any(one in history.effective for one in history.visits)
    spoken = "谈上" if met else "接通"
    if history.effective_on(day) >= MAX_EFFECTIVE_A_DAY:
        found.append(Breach(Rule.DAY_EFFECTIVE, f"一天最多{spoken} {MAX_EFFECTIVE_A_DAY} 次", tomorrow))
    if history.tries_on(day) >= MAX_ATTEMPTS_A_DAY:
        by_phone = history.attempts_on(day) >= MAX_ATTEMPTS_A_DAY
        why = f"一天最多拨打 {MAX_ATTEMPTS_A_DAY} 次" if by_phone else f"电话、上门一天合计最多 {MAX_ATTEMPTS_A_DAY} 次"
        found.append(Breach(Rule.DAY_ATTEMPTS, why, tomorrow))
    if history.effective_in_window(day) >= MAX_EFFECTIVE_IN_WINDOW:
        why = f"{WINDOW_DAYS} 天内最多{spoken} {MAX_EFFECTIVE_IN_WINDOW} 次"
        found.append(Breach(Rule.WEEK_EFFECTIVE, why, tomorrow))
    return found


def _hours(at: datetime) -> list[Breach]:
    clock, day = at.time(), at.date()
    opens, closes = call_hours(day)
    if opens <= clock < closes:
        return []
    over_at = datetime.combine(day, opens) if clock < opens else _after(day, 1)
    if clock >= QUIET_FROM or clock < QUIET_TO:
        return [Breach(Rule.NIGHT, f"晚上 {QUIET_FROM.hour} 点到早上 {QUIET_TO.hour} 点不联系", over_at)]
    return [Breach(Rule.HOURS, f"可联系时段 {opens.hour}–{closes.hour} 点", over_at)]


def _gap(at: datetime, history: ContactHistory) -> list[Breach]:
    """Both ways, so that a contact entered afterwards is judged alike."""
    near = [
        tried
        for tried in (*history.calls, *history.visits)
        if abs(at - tried) < MINIMUM_GAP and tried not in history.dead
    ]
    if not near:
        return []
    last = max(near)
    minutes = MINIMUM_GAP.seconds // 60
    return [Breach(Rule.GAP, f"{last:%H:%M} 刚联系过，两次至少隔 {minutes} 分钟", last + MINIMUM_GAP)]


def _after(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(0))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))
