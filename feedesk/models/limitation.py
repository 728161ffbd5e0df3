"""诉讼时效 line by line: two clocks, what has restarted them, and how long is left. No legal advice; it warns early.

Each period is its own debt with its own three years from its own due day (民法典 188, not 189); a restart holds for the
lines it lists and for no other, and counts from the day it arrived. 保守 believes only evidence of grade A or B, 宽松 A to
C; whoever must act goes by 保守. The holiday shift of 203 is left out on purpose, so that warnings err early.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedesk.models.charges import Charge
from feedesk.models.ledger import splits
from feedesk.models.periods import Period

YEARS = 3
OLD_YEARS = 2
OLD_BEFORE = date(2015, 10, 1)
"""What began to run before this day was over under the old two years before the three years came (2017-10-01)."""
MOST_YEARS = 20
"""民法典 188: no interruption reaches beyond it (总则编解释 35)."""
ALERTS = (30, 90, 180)
"""Days left at which a line is announced, by the conservative clock."""
WHOLE = 1000
"""`Clock.gone` is in thousandths."""


class Grade(StrEnum):
    """How well a piece of evidence proves that something arrived, and when (law §9.5)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


GRADE_LABELS = {Grade.A: "A 强", Grade.B: "B 较强", Grade.C: "C 中", Grade.D: "D 弱"}


class Revival(StrEnum):
    """Whether evidence brings back a claim whose time is over (民法典 192, 诉讼时效规定 19)."""

    NONE = "none"
    """A mere demand, even a signed receipt of it that promises nothing."""
    LENIENT = "lenient"
    """Perhaps: a receipt signed by the owner, a reply, money that nobody named for this line."""
    BOTH = "both"
    """A signed acknowledgement or plan, money paid for this very line."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that may have restarted the clock of the lines in `charge_ids`."""

    text: str
    """「催款单 2026-0168 EMS 签收」."""
    grade: Grade
    arrived_on: date | None
    """The day it is proven to have arrived, was paid or signed; None: that is not proven."""
    charge_ids: frozenset[int]
    revives: Revival = Revival.NONE
    is_payment: bool = False
    """Money: in a lump of months nobody knows which month it has paid."""


class CourseKind(StrEnum):
    """Which of the two clocks."""

    CONSERVATIVE = "conservative"
    LENIENT = "lenient"


COURSE_LABELS = {CourseKind.CONSERVATIVE: "保守", CourseKind.LENIENT: "宽松"}
_BELIEVED = {
    CourseKind.CONSERVATIVE: frozenset({Grade.A, Grade.B}),
    CourseKind.LENIENT: frozenset({Grade.A, Grade.B, Grade.C}),
}
_REVIVING = {
    CourseKind.CONSERVATIVE: frozenset({Revival.BOTH}),
    CourseKind.LENIENT: frozenset({Revival.BOTH, Revival.LENIENT}),
}


@dataclass(frozen=True, slots=True)
class Restart:
    """A piece of evidence that the clock has taken, and from when it runs since."""

    on: date
    evidence: Evidence
    is_revival: bool
    """The time was over by then; only what the owner has signed, paid or promised in writing brings it back."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A piece of evidence that the clock has not taken, and why, in one sentence."""

    evidence: Evidence
    why: str


@dataclass(frozen=True, slots=True)
class Course:
    """One clock of one debt: it runs since `start` (day 1 is the next day) up to and with `expires_on`."""

    kind: CourseKind
    start: date
    expires_on: date
    restarts: tuple[Restart, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    is_capped: bool = False
    """The twenty years end it, not the three."""


class ClockState(StrEnum):
    """Where a line stands, by the conservative clock."""

    CLOSED = "closed"
    NOT_DUE = "not_due"
    RUNNING = "running"
    EXPIRED = "expired"
    SUSPECTED = "suspected"
    UNKNOWN = "unknown"


EXPIRED_WORDS = "已过时效·可协商"
SUSPECTED_WORDS = "疑似已过时效·可协商"


@dataclass(frozen=True, slots=True)
class MonthClock:
    """One month of a lump; of any other charge, the whole of it."""

    month: int | None
    """See `periods.month_index`."""
    due_on: date
    conservative: Course
    lenient: Course

    @property
    def text(self) -> str:
        """「2026年7月」."""
        return "" if self.month is None else Period((self.month,)).text()


@dataclass(frozen=True, slots=True)
class Clock:
    """The limitation of one line. Of a lump, the month that ends first governs; `months` holds them all."""

    charge_id: int
    state: ClockState
    why: tuple[str, ...]
    """Chinese sentences: the start, every restart and what was not taken, both ends; or why nothing is known."""
    due_on: date | None = None
    conservative: Course | None = None
    lenient: Course | None = None
    days_left: int | None = None
    """By the conservative clock; 0 on its last day, negative when it is over."""
    gone: int = 0
    """Share of the time gone by the conservative clock, in thousandths."""
    alert: int | None = None
    """180, 90 or 30: the narrowest of these that `days_left` has come to; None: none, or over."""
    months: tuple[MonthClock, ...] = ()

    @property
    def is_over(self) -> bool:
        """Over, or probably: the line stays, may be talked about, and no text may threaten with it (law §13.4)."""
        return self.state in (ClockState.EXPIRED, ClockState.SUSPECTED)

    @property
    def label(self) -> str:
        """The words for a line that is over; empty for any other."""
        return {ClockState.EXPIRED: EXPIRED_WORDS, ClockState.SUSPECTED: SUSPECTED_WORDS}.get(self.state, "")


@dataclass(frozen=True, slots=True)
class LimitationMonth:
    """One month of a lump that is still open, as an index (`periods.month_index`)."""

    month: int
    due_on: date

    @property
    def text(self) -> str:
        """「2026年7月」."""
        return Period((self.month,)).text()


@dataclass(frozen=True, slots=True)
class LimitationLine:
    """What a clock needs of a charge."""

    charge_id: int
    is_open: bool
    due_on: date | None
    due_is_assumed: bool = False
    months: tuple[LimitationMonth, ...] = ()
    """The open months of a lump, oldest first; empty for a charge of one period."""
    is_lump: bool = False


def line_of(charge: Charge, due_day: int) -> LimitationLine:
    """The line of a charge. A lump is taken month by month, each due by the office's due day as when it is split;
    what has come in covers its months oldest first (民法典 560), so those are closed.
    """
    months: tuple[LimitationMonth, ...] = ()
    if charge.owed > 0 and charge.is_lump and charge.period is not None and not splits.refusal(charge):
        left, still_open = charge.settled, []
        for month, amount in zip(charge.period.months, splits.propose(charge.amount, charge.period), strict=True):
            if left < amount:
                due_on, _assumed = splits.due(charge, month, due_day)
                still_open.append(LimitationMonth(month, due_on))
            left = max(0, left - amount)
        months = tuple(sorted(still_open, key=lambda month: month.due_on))
    return LimitationLine(
        charge.id, charge.owed > 0, charge.due_on, charge.due_is_assumed, months, bool(charge.is_lump)
    )


def add_years(day: date, years: int) -> date:
    """The same calendar day so many years on; where there is none, the last of its month (民法典 202)."""
    if day.month == 2 and day.day == 29 and not calendar.isleap(day.year + years):
        return date(day.year + years, 2, 28)
    return day.replace(year=day.year + years)


def end_of(start: date) -> date:
    """The last day of the time that began on `start` (the day itself is not counted): three years, before
    2015-10-01 two (民法总则时效解释 2–3).
    """
    return add_years(start, OLD_YEARS if start < OLD_BEFORE else YEARS)


def course(
    kind: CourseKind, charge_id: int, due_on: date, evidence: Iterable[Evidence], today: date, *, of_lump: bool = False
) -> Course:
    """One clock of one debt. The order of the evidence does not matter: it is taken by its days.

    Nothing shortens the time, nothing reaches beyond twenty years from the due day, and of what came after the end only
    what the owner has signed, paid or promised in writing counts.
    """
    return _run(kind, due_on, _in_order(charge_id, evidence), today, of_lump=of_lump)


def _in_order(charge_id: int, evidence: Iterable[Evidence]) -> list[Evidence]:
    """What concerns a charge, by its days."""
    concerned = [one for one in evidence if charge_id in one.charge_ids]
    return sorted(concerned, key=lambda one: (one.arrived_on or date.max, _REVIVAL_ORDER[one.revives], one.text))


def _run(kind: CourseKind, due_on: date, ordered: Sequence[Evidence], today: date, *, of_lump: bool) -> Course:
    cap = add_years(due_on, MOST_YEARS)
    if not ordered:
        return Course(kind, due_on, end_of(due_on))
    start, restarts, ignored = due_on, list[Restart](), list[Ignored]()
    for one in ordered:
        why = _refused(kind, one, due_on, today, of_lump=of_lump)
        day = one.arrived_on
        if why or day is None:
            ignored.append(Ignored(one, why))
            continue
        end = min(end_of(start), cap)
        if day > cap:
            ignored.append(Ignored(one, "应缴日起已满二十年，不再重算"))
        elif day > end and one.revives not in _REVIVING[kind]:
            ignored.append(Ignored(one, f"那时已过时效（{end.isoformat()}），单是催要不能恢复"))
        else:
            restarts.append(Restart(day, one, day > end))
            start = day
    end = end_of(start)
    return Course(kind, start, min(end, cap), tuple(restarts), tuple(ignored), end > cap)


_REVIVAL_ORDER = {Revival.BOTH: 0, Revival.LENIENT: 1, Revival.NONE: 2}
"""On one day, a promise before a demand: the demand then finds a claim that lives."""


def _refused(kind: CourseKind, one: Evidence, due_on: date, today: date, *, of_lump: bool) -> str:
    """Why a clock does not believe a piece of evidence at all; empty when it does."""
    if one.arrived_on is None:
        return "到达日期没有凭据"
    if one.grade not in _BELIEVED[kind]:
        return f"凭据只有 {one.grade.value} 级，{COURSE_LABELS[kind]}算法不认"
    if one.arrived_on > today:
        return "日期还没到"
    if one.arrived_on < due_on:
        return "在应缴日之前"
    if of_lump and one.is_payment and kind is CourseKind.CONSERVATIVE:
        return "几个月合在一笔，说不清付的是哪个月"
    return ""


def clock(line: LimitationLine, evidence: Collection[Evidence], today: date) -> Clock:
    """Where the limitation of one line stands today, with its reasons."""
    if not line.is_open:
        return Clock(line.charge_id, ClockState.CLOSED, ("已缴清，不再计时效。",), line.due_on)
    if not line.months and line.is_lump:
        return Clock(line.charge_id, ClockState.UNKNOWN, ("时效待核：几个月合在一笔，又没有写明月份。",), line.due_on)
    dues = _dues(line)
    if not dues:
        return Clock(line.charge_id, ClockState.UNKNOWN, ("时效待核：不知道应缴日，请向财务核实。",))
    ordered = _in_order(line.charge_id, evidence)
    months = tuple(
        MonthClock(
            month,
            due_on,
            _run(CourseKind.CONSERVATIVE, due_on, ordered, today, of_lump=line.is_lump),
            _run(CourseKind.LENIENT, due_on, ordered, today, of_lump=line.is_lump),
        )
        for month, due_on in dues
    )
    first = min(months, key=lambda month: (month.conservative.expires_on, month.lenient.expires_on, month.due_on))
    held = first.conservative
    left = (held.expires_on - today).days
    state = _state(held, first.due_on, today)
    return Clock(
        charge_id=line.charge_id,
        state=state,
        why=_reasons(line, first, months, state, left),
        due_on=first.due_on,
        conservative=held,
        lenient=first.lenient,
        days_left=left,
        gone=_gone(held, today),
        alert=None if left < 0 or state is ClockState.NOT_DUE else next((d for d in ALERTS if left <= d), None),
        months=months if line.is_lump else (),
    )


def is_over(line: LimitationLine, evidence: Collection[Evidence], today: date) -> bool:
    """`clock(…).is_over` alone, without its reasons: for looking through many lines."""
    if not line.is_open or (line.is_lump and not line.months):
        return False
    dues = [due_on for _, due_on in _dues(line) if end_of(due_on) < today]  # evidence never makes it end sooner
    ordered = _in_order(line.charge_id, evidence) if dues else []
    return any(
        _run(CourseKind.CONSERVATIVE, due_on, ordered, today, of_lump=line.is_lump).expires_on < today
        for due_on in dues
    )


def untouched_end(line: LimitationLine) -> date | None:
    """The last day of an open line that nothing on record has restarted, as `clock` tells it; None where none is known.

    For the many accounts without any evidence: no reasons are put into words.
    """
    if line.is_lump and not line.months:
        return None
    return min((end_of(due_on) for _, due_on in _dues(line)), default=None)


def _dues(line: LimitationLine) -> list[tuple[int | None, date]]:
    """The debts of a line that run for themselves: the months of a lump, else the line; empty when nothing is known."""
    if line.months:
        return [(month.month, month.due_on) for month in line.months]
    return [] if line.due_on is None else [(None, line.due_on)]


def _state(held: Course, due_on: date, today: date) -> ClockState:
    if today > held.expires_on:
        is_old = due_on < OLD_BEFORE and not held.restarts
        return ClockState.SUSPECTED if is_old else ClockState.EXPIRED
    return ClockState.NOT_DUE if today <= due_on else ClockState.RUNNING


def _gone(held: Course, today: date) -> int:
    whole = max(1, (held.expires_on - held.start).days)
    return max(0, min(WHOLE, (today - held.start).days * WHOLE // whole))


def _reasons(
    line: LimitationLine, first: MonthClock, months: tuple[MonthClock, ...], state: ClockState, left: int
) -> tuple[str, ...]:
    assumed = "（推定）" if line.due_is_assumed else ""
    found = [f"应缴日 {first.due_on.isoformat()}{assumed}，次日起算。"]
    if line.is_lump:
        found.append(f"几个月合在一笔，逐月计算，{first.text}最早到期。")
    found += [_restart_words(restart) for restart in first.lenient.restarts if restart in first.conservative.restarts]
    found += [
        f"{restart.on.isoformat()} {restart.evidence.text}（{restart.evidence.grade.value} 级）：只有宽松算法据此重算。"
        for restart in first.lenient.restarts
        if restart not in first.conservative.restarts
    ]
    found += [f"{one.evidence.text}：未计入，{one.why}。" for one in first.lenient.ignored]
    for held in (first.conservative, first.lenient):
        cap = "（应缴日起二十年封顶）" if held.is_capped else ""
        found.append(f"{COURSE_LABELS[held.kind]}算到 {held.expires_on.isoformat()}{cap}。")
    found.append(_verdict(state, left))
    if line.is_lump and len(months) > 1:
        found += [f"{month.text} 至 {month.conservative.expires_on.isoformat()}" for month in months]
    return tuple(found)


def _restart_words(restart: Restart) -> str:
    again = "时效已过后恢复，重新起算" if restart.is_revival else "重新起算"
    return f"{restart.on.isoformat()} {restart.evidence.text}（{restart.evidence.grade.value} 级）：{again}。"


def _verdict(state: ClockState, left: int) -> str:
    if state is ClockState.SUSPECTED:
        return f"{SUSPECTED_WORDS}：2015-10-01 前到期，没有查到中断的凭据；保留账目，不写诉讼。"
    if state is ClockState.EXPIRED:
        return f"{EXPIRED_WORDS}：保留账目，不写诉讼；业主签字的还款计划可以恢复。"
    if state is ClockState.NOT_DUE:
        return "还没到应缴日。"
    if left <= ALERTS[1]:
        return f"剩 {left} 天：请尽快以 EMS 送达并留凭据，或报负责人考虑调解、支付令、起诉。"
    return f"剩 {left} 天。"


def most_urgent(clocks: Iterable[Clock]) -> Clock | None:
    """The line to see to first: the least days left of those announced; None when none is."""
    announced = [one for one in clocks if one.alert is not None]
    return min(announced, key=lambda one: (one.days_left or 0, one.charge_id), default=None)
