"""The promise ledger: what was promised, what came of it, and how many promises are kept (domain §4, §11).

Derived from the payments whenever it is asked for, never stored. Pure rules over plain values; every decision says why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple, Protocol

from feedesk.models.contacts import PromiseState
from feedesk.models.days import short_day
from feedesk.models.money import show_yuan
from feedesk.models.workdays import GRACE_WORKDAYS, grace_ends

ENOUGH = 5
"""Of fewer promises decided no share is told: one more or less would turn it over."""
TOO_FEW = "样本不足"
LATE = "迟缴"
DEFINITION = (
    f"兑现率 = 按时足额到账的承诺 ÷ 已有结果的承诺（兑现、迟缴、部分、失约）；承诺日后 {GRACE_WORKDAYS} 个工作日内到账都算按时。"
    f"到期前改约的、还没到期的不计；不足 {ENOUGH} 个不算比率。一笔钱只算一个承诺的。"
)
"""How the share is counted, in words."""
STATE_WORDS = {
    PromiseState.OPEN: "未到期",
    PromiseState.KEPT: "兑现",
    PromiseState.PART: "部分到账",
    PromiseState.BROKEN: "失约",
    PromiseState.REPLACED: "已改期",
    PromiseState.VOID: "不计",
}


class Arrival(NamedTuple):
    """Money that came in for an account: booked `at`, paid on `day`, in 分; less than 0 where it was taken back."""

    account_id: int
    at: datetime
    day: date
    amount: int

    @property
    def moment(self) -> datetime:
        """When it was paid: as booked, or in the course of an earlier day."""
        return min(self.at, datetime.combine(self.day, time.max))


@dataclass(frozen=True, slots=True)
class Promise:
    """承诺缴费, said in one contact by one owner: for how many units ever, it is one promise."""

    contact_id: int
    owner_id: int
    parts: tuple[tuple[int, int], ...]
    """(account, 分): the units it is for, each with its part of the sum."""
    due_on: date
    made_at: datetime
    staff_id: int = 0
    staff_name: str = ""
    room: str = ""
    name: str = ""
    voided: str = ""
    """Why the contact was voided; empty while it counts."""

    @property
    def amount(self) -> int:
        """What was promised in all, in 分."""
        return sum(part for _, part in self.parts)

    @property
    def account_ids(self) -> tuple[int, ...]:
        """The units it is for."""
        return tuple(account for account, _ in self.parts)


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """How a promise stands. Money in 分; `in_time` and `late` together never exceed what was promised."""

    promise: Promise
    state: PromiseState
    why: str
    in_time: int = 0
    """Came by the end of the days of grace."""
    late: int = 0
    """Came after it."""
    came_on: date | None = None
    """The day of the last money that was counted for it."""

    @property
    def came(self) -> int:
        """What came of it."""
        return self.in_time + self.late

    @property
    def is_late(self) -> bool:
        """迟缴: all of it came, but not in time."""
        return self.state is PromiseState.KEPT and self.late > 0

    @property
    def short(self) -> str:
        """「兑现」「迟缴」「部分到账」「失约」「已改期」."""
        return LATE if self.is_late else STATE_WORDS[self.state]

    @property
    def words(self) -> str:
        """The same with what came of it: 「部分到账 ¥500.00」."""
        return f"{self.short} {show_yuan(self.came)}" if self.state is PromiseState.PART else self.short


def state_of(due_on: date, amount: int, came: int, today: date, is_workday: Callable[[date], bool]) -> PromiseState:
    """How a promise of `amount` 分 stands of which `came` 分 have come: not broken before its grace is over."""
    if came >= amount:
        return PromiseState.KEPT
    if today <= grace_ends(due_on, is_workday):
        return PromiseState.OPEN
    return PromiseState.PART if came > 0 else PromiseState.BROKEN


def still_open(amount: int, came: int, askable: int) -> int:
    """What may still be asked for of a promise of `amount` 分 of which `came` 分 have come: never more than the `askable`
    分 that are owed and not held.
    """
    return max(0, min(amount - came, askable))


def is_replaced(due_on: date, renewed_on: date, is_workday: Callable[[date], bool]) -> bool:
    """Whether one made on `renewed_on` replaces a promise for `due_on`; made after the grace, it leaves it broken."""
    return renewed_on <= grace_ends(due_on, is_workday)


class Counted(Protocol):
    """A promise of one account with what has come in since it was made, in 分."""

    @property
    def due_on(self) -> date:
        """The promised day."""

    @property
    def amount(self) -> int:
        """What was promised."""

    @property
    def made_at(self) -> datetime:
        """When it was made."""

    @property
    def paid_since(self) -> int:
        """What has come in since."""


def broken_count(promises: Sequence[Counted], today: date, is_workday: Callable[[date], bool]) -> int:
    """How many promises of one account were not kept, those kept in part among them.

    Money counts for the promise made last before it came; a promise renewed in time is not broken.
    """
    ordered = sorted(promises, key=lambda promise: promise.made_at)
    count = 0
    for place, promise in enumerate(ordered):
        newer = ordered[place + 1] if place + 1 < len(ordered) else None
        if newer is not None and is_replaced(promise.due_on, newer.made_at.date(), is_workday):
            continue
        came = promise.paid_since - (newer.paid_since if newer else 0)
        state = state_of(promise.due_on, promise.amount, came, today, is_workday)
        count += state in (PromiseState.PART, PromiseState.BROKEN)
    return count


def judge(
    promises: Iterable[Promise], arrivals: Iterable[Arrival], today: date, is_workday: Callable[[date], bool]
) -> tuple[JudgedPromise, ...]:
    """How each promise of an owner stands, newest first.

    Money counts once: for the promise made last, before it was paid, for the unit it was paid for.
    """
    ordered = sorted(promises, key=_age)
    chains: dict[int, list[Promise]] = defaultdict(list)
    for promise in ordered:
        if not promise.voided:
            for account_id in promise.account_ids:
                chains[account_id].append(promise)
    moments = {account_id: [promise.made_at for promise in chain] for account_id, chain in chains.items()}
    credited: dict[int, list[Arrival]] = defaultdict(list)
    unknown: dict[int, int] = defaultdict(int)
    for arrival in net(arrivals):
        chain, made = chains.get(arrival.account_id, []), moments.get(arrival.account_id, [])
        place = bisect_right(made, arrival.moment)
        if place:
            credited[chain[place - 1].contact_id].append(arrival)
        for later in chain[place : bisect_right(made, arrival.at)]:
            unknown[later.contact_id] += arrival.amount
    found = []
    for promise in ordered:
        if promise.voided:
            found.append(JudgedPromise(promise, PromiseState.VOID, f"联系已作废：{promise.voided}"))
            continue
        newer = {}
        for account_id in promise.account_ids:
            chain = chains[account_id]
            place = chain.index(promise) + 1
            if place < len(chain) and is_replaced(promise.due_on, chain[place].made_at.date(), is_workday):
                newer[account_id] = chain[place]
        counted = credited[promise.contact_id]
        needed = promise.amount - unknown[promise.contact_id]
        found.append(_judged(promise, counted, needed, newer, today, is_workday))
    return tuple(reversed(found))


def _judged(
    promise: Promise,
    counted: Sequence[Arrival],
    needed: int,
    newer: dict[int, Promise],
    today: date,
    is_workday: Callable[[date], bool],
) -> JudgedPromise:
    """`needed`: what was promised, less what had been paid by then and was only booked later: nobody promised that.

    `newer`: by unit, the promise that replaced it in time.
    """
    if needed <= 0:
        return JudgedPromise(promise, PromiseState.VOID, "说的时候钱已经付了，只是还没入账：不算承诺")
    ends = grace_ends(promise.due_on, is_workday)
    total = sum(one.amount for one in counted)
    if total < needed:  # what was renewed for some of the units is no longer asked of this one
        left = needed - sum(part for account_id, part in promise.parts if account_id in newer)
        if left <= 0:
            last = max(newer.values(), key=_age)
            why = f"{short_day(last.made_at.date(), today)} 改约 {short_day(last.due_on, today)}"
            return _with_money(promise, PromiseState.REPLACED, why, counted, ends, needed)
        needed = left
    state = state_of(promise.due_on, needed, total, today, is_workday)
    judged = _with_money(promise, state, "", counted, ends, needed)
    return JudgedPromise(promise, state, _why(judged, needed, today), judged.in_time, judged.late, judged.came_on)


def _with_money(
    promise: Promise, state: PromiseState, why: str, counted: Sequence[Arrival], ends: date, needed: int
) -> JudgedPromise:
    by_day = sorted(counted, key=lambda one: (one.day, one.at))
    in_time = min(needed, sum(one.amount for one in by_day if one.day <= ends))
    late = min(needed - in_time, sum(one.amount for one in by_day if one.day > ends))
    running, came_on = 0, None
    for one in by_day:
        if running < needed:
            came_on = one.day
        running += one.amount
    return JudgedPromise(promise, state, why, in_time, late, came_on)


def _why(judged: JudgedPromise, needed: int, today: date) -> str:
    promise = judged.promise
    due = short_day(promise.due_on, today)
    came_on = short_day(judged.came_on, today) if judged.came_on else ""
    if judged.state is PromiseState.KEPT:
        return f"{came_on} 到账，过了 {due} 和 {GRACE_WORKDAYS} 个工作日" if judged.is_late else f"{came_on} 到账"
    if judged.state is PromiseState.OPEN:
        if today < promise.due_on:
            return f"说定 {due}"
        return "今天到期" if today == promise.due_on else f"{due} 到期，等入账"
    short = f"还差 {show_yuan(needed - judged.came)}" if judged.came else "没有到账"
    return f"过了 {due} 和 {GRACE_WORKDAYS} 个工作日，{short}"


def _age(promise: Promise) -> tuple[datetime, int]:
    return promise.made_at, promise.contact_id


def net(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Only what stayed: money taken back goes off the last that came before it for the unit."""
    kept: dict[int, list[Arrival]] = defaultdict(list)
    for arrival in sorted(arrivals, key=lambda one: (one.at, one.day, -one.amount)):
        own = kept[arrival.account_id]
        if arrival.amount > 0:
            own.append(arrival)
            continue
        back = -arrival.amount
        while back and own:
            last = own.pop()
            if last.amount > back:
                own.append(last._replace(amount=last.amount - back))
            back -= min(back, last.amount)
    return [arrival for own in kept.values() for arrival in own]


# --- how many are kept ---


@dataclass(frozen=True, slots=True)
class PromiseRate:
    """Promises counted. `promised` and `came` in 分 are of those decided: kept, kept late, in part, broken."""

    kept: int = 0
    late: int = 0
    part: int = 0
    broken: int = 0
    replaced: int = 0
    open: int = 0
    promised: int = 0
    came: int = 0

    @property
    def decided(self) -> int:
        """Those whose end is known."""
        return self.kept + self.late + self.part + self.broken

    @property
    def total(self) -> int:
        """All that count, the open and the renewed ones too."""
        return self.decided + self.replaced + self.open

    @property
    def kept_share(self) -> int | None:
        """Of those decided, how many were kept in time, in thousandths; None of fewer than `ENOUGH`."""
        return (2000 * self.kept + self.decided) // (2 * self.decided) if self.decided >= ENOUGH else None

    @property
    def share_text(self) -> str:
        """「66.7%」, or that there are too few to say."""
        share = self.kept_share
        return TOO_FEW if share is None else f"{share // 10}.{share % 10}%"

    def counts(self) -> str:
        """「兑现 3 · 迟缴 1 · 部分 1 · 失约 1」; what there is none of is left out."""
        words = (
            ("兑现", self.kept), (LATE, self.late), ("部分", self.part), ("失约", self.broken),
            ("改期", self.replaced), ("未到期", self.open),
        )  # fmt: skip
        return " · ".join(f"{word} {count}" for word, count in words if count)


def rates(judged: Iterable[JudgedPromise]) -> PromiseRate:
    """Count these promises; voided ones do not count."""
    count: dict[PromiseState, int] = defaultdict(int)
    late = promised = came = 0
    for one in judged:
        count[one.state] += 1
        late += one.is_late
        if one.state in (PromiseState.KEPT, PromiseState.PART, PromiseState.BROKEN):
            promised += one.promise.amount
            came += one.came
    return PromiseRate(
        kept=count[PromiseState.KEPT] - late,
        late=late,
        part=count[PromiseState.PART],
        broken=count[PromiseState.BROKEN],
        replaced=count[PromiseState.REPLACED],
        open=count[PromiseState.OPEN],
        promised=promised,
        came=came,
    )


def rates_by_clerk(judged: Iterable[JudgedPromise]) -> tuple[tuple[str, PromiseRate], ...]:
    """By the clerk who took the promises, those with most first. For whoever leads the office, not for the clerks."""
    own: dict[tuple[int, str], list[JudgedPromise]] = defaultdict(list)
    for one in judged:
        own[one.promise.staff_id, one.promise.staff_name].append(one)
    found = [(name, staff_id, rates(promises)) for (staff_id, name), promises in own.items()]
    found.sort(key=lambda one: (-one[2].total, one[0], one[1]))
    return tuple((name, rate) for name, _, rate in found if rate.total)


def owner_line(judged: Sequence[JudgedPromise]) -> str:
    """「承诺 5 次：兑现 3 · 部分 1 · 失约 1」; empty for an owner who has promised nothing."""
    rate = rates(judged)
    return f"承诺 {rate.total} 次：{rate.counts()}" if rate.total else ""


def owner_list(judged: Sequence[JudgedPromise], today: date) -> str:
    """Every promise of an owner on a line of its own, newest first."""
    return "\n".join(
        f"{short_day(one.promise.due_on, today)} {show_yuan(one.promise.amount)}：{one.words}（{one.why}）"
        for one in judged
        if one.state is not PromiseState.VOID
    )


def compared(now: PromiseRate, before: PromiseRate) -> str:
    """The share kept against the month before, in words: 「比上月高 8.3 点」; empty where one of them has too few."""
    if now.kept_share is None or before.kept_share is None:
        return ""
    moved = now.kept_share - before.kept_share
    if not moved:
        return "与上月持平"
    points = f"{abs(moved) // 10}.{abs(moved) % 10}".removesuffix(".0")
    return f"比上月{'高' if moved > 0 else '低'} {points} 点"


@dataclass(frozen=True, slots=True)
class PromiseMonths:
    """The promises due in the month of `today` and in the month before, by day."""

    today: date
    month: date
    """First day of the month."""
    before: date
    now_due: tuple[JudgedPromise, ...]
    before_due: tuple[JudgedPromise, ...]

    @property
    def now_rate(self) -> PromiseRate:
        """Of this month."""
        return rates(self.now_due)

    @property
    def before_rate(self) -> PromiseRate:
        """Of the month before."""
        return rates(self.before_due)
