"""Who gets a reminder by SMS or WeChat and who does not, each with a reason (domain §5.1, §6 step 1; law §13.7).

A person gets one text for all his units. What concerns one unit (an objection, a doubt, a line that is held or over its
limitation) leaves that unit or line out and lets the others go on; what concerns the person holds the text altogether.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from feedesk.models.accounts import STEP_LABELS, MarkKind, Phone, PhoneState, Step
from feedesk.models.charges import Charge
from feedesk.models.contacts import Channel
from feedesk.models.days import short_day
from feedesk.models.guard import ContactHistory, Rule, breaches
from feedesk.models.ledger.plans import PlanState, PlanVerdict
from feedesk.models.notices import LeftOut
from feedesk.models.rooms import delivery_key
from feedesk.models.texts.compose import Composed
from feedesk.models.texts.templates import LEAST_DAYS, TextKind, TextTemplate
from feedesk.models.workdays import grace_ends

FIRST_MONTH_DAYS = 30
"""How long the first reminder suits after the due day."""
BEFORE_DUE_DAYS = 15
"""How long before its due day a charge is spoken of."""
LATELY_DAYS = 14
"""How long a payment is thanked for, and a delivered list is referred to."""
_TOO_LATE = (Step.LAWYER, Step.PUBLIC_NOTICE, Step.COURT)
_AUTHORISED = "本人书面授权人"
_AGREED = frozenset({TextKind.PROMISE_TOMORROW, TextKind.INSTALMENT})
"""About a day that the owner himself has named: whether the charges are due already does not matter."""
_OF_THE_HOUR = frozenset({Rule.HOURS, Rule.NIGHT})


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise that counts: `amount` 分 by `due_on`, `paid` 分 since."""

    due_on: date
    amount: int
    paid: int = 0

    @property
    def is_open(self) -> bool:
        """Not all of it has come in."""
        return self.paid < self.amount


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One account of an owner. Money in 分."""

    account_id: int
    room: str
    name: str
    salutation: str = ""
    tenant: str = ""
    charges: tuple[Charge, ...] = ()
    over: frozenset[int] = frozenset()
    """Ids of charges whose limitation is over: kept, never demanded (law §13.4)."""
    is_former: bool = False
    claim_open: bool = False
    doubt: str = ""
    dispute_hold: str = ""
    plan: PlanVerdict | None = None
    promise: Promised | None = None
    step: Step = Step.REMINDER
    phones: tuple[Phone, ...] = ()
    cleared_on: date | None = None
    served: tuple[date, str] | None = None
    """The day the latest 催款单 of the present debt arrived, and where."""

    @property
    def owed(self) -> int:
        """All that is open, in 分."""
        return sum(charge.owed for charge in self.charges)


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """One person with all his units, and what the limits need to know of earlier contacts."""

    owner_id: int
    units: tuple[UnitFacts, ...]
    asked: frozenset[int]
    """The accounts somebody asked for; the others are his too."""
    history: ContactHistory = field(default_factory=ContactHistory)
    texted_on: tuple[date, ...] = ()
    """Days of messages about the present debt, newest last."""
    paid: tuple[date, int] | None = None
    """The last payment on record of the last weeks: day and 分."""
    also_of: tuple[tuple[str, str, str], ...] = ()
    """Other owners at one of his numbers: number, room, name."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One owner who gets a text: which units, which lines, which number."""

    owner: OwnerFacts
    units: tuple[UnitFacts, ...]
    lines: tuple[Charge, ...]
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class TextDraft:
    """One owner's text, ready to be copied or listed unless something blocks it."""

    owner_id: int
    account_ids: tuple[int, ...]
    rooms: tuple[str, ...]
    name: str
    number: str
    template: str
    """`TextTemplate.ref`."""
    title: str
    composed: Composed
    why: str
    amount: int
    """What the text says is owed, in 分; 0 for thanks."""

    @property
    def id(self) -> int:
        """The first of its accounts: none is in two texts."""
        return self.account_ids[0]

    @property
    def words(self) -> str:
        """Exactly what is sent."""
        return self.composed.words

    @property
    def is_ready(self) -> bool:
        """Nothing is missing and nothing forbids it."""
        return not self.composed.blocks

    @property
    def state(self) -> str:
        """What the list says of it: what blocks it, else what to mind, else why it is due."""
        return (*self.composed.blocks, *self.composed.warnings, self.why)[0]


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Texts in order of rooms, and everybody left out with the reason."""

    texts: tuple[TextDraft, ...]
    left_out: tuple[LeftOut, ...]
    hours: str = ""
    """Why nothing may be sent at this hour; empty when it may."""

    @property
    def ready(self) -> tuple[TextDraft, ...]:
        """Those that can be sent."""
        return tuple(text for text in self.texts if text.is_ready)


def choose(
    owners: Iterable[OwnerFacts],
    template: TextTemplate,
    now: datetime,
    is_workday: Callable[[date], bool],
    festival: str = "",
) -> tuple[tuple[Chosen, ...], tuple[LeftOut, ...]]:
    """Who gets this template now, in order of rooms, and who does not; every account asked for is in one of the two."""
    rule = _Rule(template, now, is_workday, festival)
    chosen: list[Chosen] = []
    left: list[LeftOut] = []
    for owner in owners:
        found, out = rule.apply(owner)
        left += out
        if found is not None:
            chosen.append(found)
    chosen, twice = _one_each(sorted(chosen, key=lambda one: delivery_key(one.units[0].room)))
    return tuple(chosen), tuple(sorted([*left, *twice], key=lambda one: delivery_key(one.room)))


def hours_problem(now: datetime) -> str:
    """Why no message may go out at this hour (law §13.7); empty when it may."""
    found = [one for one in breaches(Channel.MESSAGE, now, ContactHistory()) if one.rule in _OF_THE_HOUR]
    return f"{found[0].why}：名单可以先存，到点再发" if found else ""


def usable_number(phones: Sequence[Phone]) -> tuple[str, str]:
    """The mobile a text may go to, or why there is none: the owner's own, or of somebody he authorised in writing."""
    mobiles = [phone for phone in phones if not phone.is_landline]
    own = [phone for phone in mobiles if phone.holder == "本人" or phone.source == _AUTHORISED]
    live = [phone for phone in own if phone.state is not PhoneState.DEAD]
    if live:
        order = list(PhoneState)
        first = min(live, key=lambda one: (one.state is not PhoneState.WORKS, order.index(one.state), one.id))
        return "".join(char for char in first.number if char.isdigit()), ""
    if own:
        return "", "手机是停机或空号，请先查新号码"
    if mobiles:
        return "", f"手机是{mobiles[0].holder}的，没有本人书面授权，不发金额"
    return "", "只登记了座机，收不到短信" if phones else "没有登记号码"


@dataclass(frozen=True, slots=True)
class _Rule:
    """One template at one moment."""

    template: TextTemplate
    now: datetime
    is_workday: Callable[[date], bool]
    festival: str

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def kind(self) -> TextKind:
        return self.template.kind

    def apply(self, owner: OwnerFacts) -> tuple[Chosen | None, list[LeftOut]]:
        """The owner's text, and those of his units that are not in it."""
        if self.kind is TextKind.THANKS:
            return self._thanks(owner)
        left = [_out(unit, _paid_text(unit), MarkKind.PAID) for unit in owner.units if not unit.owed]
        units = [unit for unit in owner.units if unit.owed]
        if not units:
            return None, _asked(left, owner, all_of_them=False)
        held = self._person(owner, units)
        if held:
            return None, _asked([*left, *(_out(unit, *held) for unit in units)], owner)
        free: list[UnitFacts] = []
        for unit in units:
            refused = self._unit(unit)
            if refused:
                left.append(_out(unit, *refused))
            else:
                free.append(unit)
        if free:
            refused = self._occasion(owner, free) or self._number(owner)
            if refused:
                left += [_out(unit, *refused) for unit in free]
            else:
                number, _ = usable_number([phone for unit in owner.units for phone in unit.phones])
                lines = tuple(line for unit in free for line in self.lines(unit))
                return Chosen(owner, tuple(free), lines, number, self._why(owner, lines)), _asked(left, owner)
        return None, _asked(left, owner)

    def lines(self, unit: UnitFacts) -> list[Charge]:
        """The lines this template speaks of: open, not held, not over their limitation, and due or not as it asks."""
        sayable = _sayable(unit)
        if self.kind in _AGREED:
            return sayable
        return [line for line in sayable if _is_due(line, self.today) is not (self.kind is TextKind.BEFORE_DUE)]

    # --- what holds the person ---

    def _person(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> tuple[str, str] | None:
        noon = datetime.combine(self.today, time(12))
        for breach in breaches(Channel.MESSAGE, noon, owner.history):
            if breach.rule in (Rule.SENSITIVE, Rule.SILENCE):
                return breach.why, MarkKind.HOLD
            if breach.rule is Rule.NO_CALL:
                return "业主要求勿再联系，改用书面", MarkKind.NO_CALL
        late = next((unit for unit in units if unit.step in _TOO_LATE), None)
        if late is not None:
            return f"已到“{STEP_LABELS[late.step]}”，不再发提醒", MarkKind.OTHER
        return self._promise(units) or self._lately(owner)

    def _promise(self, units: Sequence[UnitFacts]) -> tuple[str, str] | None:
        """A promise keeps the owner quiet until its day and the days its money needs to be booked."""
        standing = [unit.promise for unit in units if unit.promise and unit.promise.is_open]
        standing = [one for one in standing if grace_ends(one.due_on, self.is_workday) >= self.today]
        tomorrow = self.today + timedelta(days=1)
        if self.kind is TextKind.PROMISE_TOMORROW:
            if any(one.due_on == tomorrow for one in standing):
                return None
            when = min((one.due_on for one in standing if one.due_on > self.today), default=None)
            return (f"说好的是 {short_day(when, self.today)}" if when else "没有明天到期的承诺"), MarkKind.PROMISED
        if not standing:
            return None
        last = max(standing, key=lambda one: one.due_on)
        day = short_day(last.due_on, self.today)
        if last.due_on < self.today:
            return f"承诺 {day}，钱可能还在路上", MarkKind.PROMISED
        return f"承诺 {day}，到日子前不催", MarkKind.PROMISED

    def _lately(self, owner: OwnerFacts) -> tuple[str, str] | None:
        texts = sorted({at.date() for at in owner.history.texts if at.date() <= self.today})
        if not texts:
            return None
        every = max(LEAST_DAYS, self.template.every_days)
        again = texts[-1] + timedelta(days=every)
        if again <= self.today:
            return None
        last = short_day(texts[-1], self.today)
        when = "今天" if texts[-1] == self.today else f"{last} "
        return f"{when}发过，满 {every} 天再发（{short_day(again, self.today)} 起）", MarkKind.OTHER

    # --- what holds one unit ---

    def _unit(self, unit: UnitFacts) -> tuple[str, str] | None:
        if unit.is_former:
            return "已不是现业主，旧欠由谁承担先向财务核对", MarkKind.OTHER
        if unit.claim_open:
            return "称已缴，等财务核对", MarkKind.VERIFY
        if unit.doubt:
            return unit.doubt, MarkKind.VERIFY
        if unit.dispute_hold:
            return unit.dispute_hold, MarkKind.HOLD
        running = unit.plan is not None and unit.plan.state is PlanState.RUNNING
        if self.kind is TextKind.INSTALMENT:
            return self._instalment(unit)
        if unit.plan is not None and running:
            return f"分期中：{unit.plan.why}", MarkKind.PROMISED
        if not self.lines(unit):
            return self._no_line(unit)
        return None

    def _instalment(self, unit: UnitFacts) -> tuple[str, str] | None:
        plan = unit.plan
        if plan is None or plan.state is not PlanState.RUNNING or plan.current is None:
            return "没有正在履行的分期", MarkKind.OTHER
        due = plan.current.due_on
        if due != self.today + timedelta(days=1):
            return f"第 {plan.current.number} 期是 {short_day(due, self.today)}", MarkKind.PROMISED
        return None

    def _no_line(self, unit: UnitFacts) -> tuple[str, str]:
        open_lines = [line for line in unit.charges if line.owed > 0]
        sayable = _sayable(unit)
        if not sayable:
            over = [line for line in open_lines if line.id in unit.over]
            if len(over) == len(open_lines):
                return "欠费各笔都已过时效，只协商、不催", MarkKind.LIMIT
            return "欠费各笔都在暂缓中" + ("或已过时效" if over else ""), MarkKind.HOLD
        if self.kind is TextKind.BEFORE_DUE:
            return "已经逾期，宜用“刚过缴费日”或“再次提醒”", MarkKind.OTHER
        first = min(line.due_on for line in sayable if line.due_on)
        return f"未到期：{short_day(first, self.today)} 才到缴费日", MarkKind.OPEN

    # --- whether the occasion is there ---

    def _occasion(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> tuple[str, str] | None:
        reason = {
            TextKind.OVERDUE: self._not_overdue,
            TextKind.SECOND: self._not_second,
            TextKind.BEFORE_DUE: self._not_before_due,
            TextKind.PROMISE_PAST: self._not_past,
            TextKind.LIST_SENT: self._not_served,
            TextKind.FESTIVAL: self._no_festival,
        }.get(self.kind)
        said = reason(owner, units) if reason else ""
        return (said, MarkKind.OTHER) if said else None

    def _is_first(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> bool:
        days = max((line.overdue_days(self.today) for unit in units for line in self.lines(unit)), default=0)
        return days <= FIRST_MONTH_DAYS and not owner.texted_on

    def _not_overdue(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> str:
        if self._is_first(owner, units):
            return ""
        return "已经提醒过，宜用“再次提醒”" if owner.texted_on else "逾期超过一个月，宜用“再次提醒”"

    def _not_second(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> str:
        return "逾期不满一个月，宜用“刚过缴费日”" if self._is_first(owner, units) else ""

    def _not_before_due(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> str:
        if any(_is_due(line, self.today) for unit in owner.units for line in _sayable(unit)):
            return "另有已经逾期的，宜用“刚过缴费日”或“再次提醒”"
        first = min(line.due_on for unit in units for line in self.lines(unit) if line.due_on)
        if first > self.today + timedelta(days=BEFORE_DUE_DAYS):
            return f"{short_day(first, self.today)} 才到缴费日，还早"
        return ""

    def _not_past(self, _owner: OwnerFacts, units: Sequence[UnitFacts]) -> str:
        return "" if broken_promise(units, self.today) else "没有过了日子还没到账的承诺"

    def _not_served(self, _owner: OwnerFacts, units: Sequence[UnitFacts]) -> str:
        days = [unit.served[0] for unit in units if unit.served]
        if not days:
            return "没有登记过催款单送达"
        if (self.today - max(days)).days > LATELY_DAYS:
            return f"清单 {short_day(max(days), self.today)} 送到，已过半个月"
        return ""

    def _no_festival(self, _owner: OwnerFacts, _units: Sequence[UnitFacts]) -> str:
        return "" if self.festival else "三个星期之内没有春节、国庆节"

    def _number(self, owner: OwnerFacts) -> tuple[str, str] | None:
        number, why = usable_number([phone for unit in owner.units for phone in unit.phones])
        if why:
            return why, MarkKind.DEAD
        for other, room, name in owner.also_of:
            if other == number and name != owner.units[0].name:
                return f"号码也登记在 {room} {name} 名下，先核对是谁的", MarkKind.VERIFY
        return None

    # --- thanks ---

    def _thanks(self, owner: OwnerFacts) -> tuple[Chosen | None, list[LeftOut]]:
        units = [unit for unit in owner.units if not unit.is_former]
        refused = self._no_thanks(owner, units) or self._thanks_held(owner, units) or self._number(owner)
        if refused:
            return None, _asked([_out(unit, *refused) for unit in owner.units], owner)
        fresh = [unit for unit in units if self._is_fresh(unit)]
        number, _ = usable_number([phone for unit in owner.units for phone in unit.phones])
        cleared = max(unit.cleared_on for unit in fresh if unit.cleared_on)
        left = [_out(unit, "不是这次缴清的", MarkKind.PAID) for unit in owner.units if unit not in fresh]
        why = f"{short_day(cleared, self.today)} 缴清"
        return Chosen(owner, tuple(fresh), (), number, why), _asked(left, owner, all_of_them=False)

    def _is_fresh(self, unit: UnitFacts) -> bool:
        return unit.cleared_on is not None and 0 <= (self.today - unit.cleared_on).days <= LATELY_DAYS

    def _no_thanks(self, owner: OwnerFacts, units: Sequence[UnitFacts]) -> tuple[str, str] | None:
        if any(unit.owed for unit in owner.units):
            return "还有欠费", MarkKind.OPEN
        if not any(self._is_fresh(unit) for unit in units):
            return "两个星期之内没有缴清的", MarkKind.PAID
        if any(unit.doubt or unit.claim_open for unit in units):
            return "收款待核，核对清楚再谢", MarkKind.VERIFY
        return None

    def _thanks_held(self, owner: OwnerFacts, _units: Sequence[UnitFacts]) -> tuple[str, str] | None:
        noon = datetime.combine(self.today, time(12))
        history = replace(owner.history, quiet=None)  # a letter's silence is over once the debt is paid
        for breach in breaches(Channel.MESSAGE, noon, history):
            if breach.rule is Rule.SENSITIVE:
                return breach.why, MarkKind.HOLD
            if breach.rule is Rule.NO_CALL:
                return "业主要求勿再联系", MarkKind.NO_CALL
        return self._lately(owner)

    def _why(self, owner: OwnerFacts, lines: Sequence[Charge]) -> str:
        parts = [f"{len(owner.units)} 套合一条"] if len(owner.units) > 1 else []
        if self.kind is TextKind.BEFORE_DUE:
            first = min((line.due_on for line in lines if line.due_on), default=None)
            return " · ".join([*parts, f"{short_day(first, self.today)} 到期" if first else "快到期"])
        days = max((line.overdue_days(self.today) for line in lines), default=0)
        if owner.texted_on:
            parts.append(f"上次 {short_day(owner.texted_on[-1], self.today)}")
        return " · ".join([*parts, f"逾期 {days:,} 天"] if days else parts) or "欠费未缴"


def broken_promise(units: Iterable[UnitFacts], today: date) -> Promised | None:
    """The latest promise whose day is past and whose money has not all come in."""
    past = [unit.promise for unit in units if unit.promise and unit.promise.is_open and unit.promise.due_on < today]
    return max(past, key=lambda one: one.due_on, default=None)


def _sayable(unit: UnitFacts) -> list[Charge]:
    return [line for line in unit.charges if line.owed > 0 and not line.hold and line.id not in unit.over]


def _is_due(line: Charge, today: date) -> bool:
    """Past its due day; without one it is taken for due: it stands on finance's list of arrears."""
    return line.due_on is None or line.due_on < today


def _paid_text(unit: UnitFacts) -> str:
    return f"{unit.cleared_on:%m-%d} 已缴清" if unit.cleared_on else "没有欠费"


def _out(unit: UnitFacts, reason: str, mark: str) -> LeftOut:
    return LeftOut(unit.account_id, unit.room, unit.name, reason, mark)


def _asked(left: Iterable[LeftOut], owner: OwnerFacts, *, all_of_them: bool = True) -> list[LeftOut]:
    """Those that were asked for, and the owner's others with something to say about them."""
    return [
        one
        for one in left
        if one.account_id in owner.asked or (all_of_them and one.mark not in (MarkKind.PAID, MarkKind.OPEN))
    ]


def _one_each(chosen: Sequence[Chosen]) -> tuple[list[Chosen], list[LeftOut]]:
    """One text a number, the first's: two records of one person, not yet joined, would be two messages to him."""
    first: dict[str, Chosen] = {}
    kept: list[Chosen] = []
    twice: list[LeftOut] = []
    for one in chosen:
        before = first.setdefault(one.number, one)
        if before is one:
            kept.append(one)
        else:
            why = f"和 {before.units[0].room} 是同一个号码，先合并业主再发"
            twice += [_out(unit, why, MarkKind.VERIFY) for unit in one.units]
    return kept, twice
