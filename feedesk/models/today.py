"""The working day of 今日: in which order owners come, what has been done, and whether it is a good hour to call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from feedesk.models.accounts import WORK_GROUP_LABELS, OwnerRow, WorkGroup
from feedesk.models.charges import Charge
from feedesk.models.contacts import CHANNEL_LABELS, Channel
from feedesk.models.days import short_day, show_day, show_moment
from feedesk.models.guard import ContactHistory, earliest
from feedesk.models.money import show
from feedesk.models.record_table import RecordContact
from feedesk.models.workdays import best_hours, best_spans, call_hours, in_call_hours

LATER = "later"
"""Key of the group of owners that the clerk has put off."""
LATER_LABEL = "稍后（排到最后）"


class Due(Protocol):
    """What decides when an owner is called: an `OwnerRow` has it, and a `WorkItem` has nothing else."""

    @property
    def account_id(self) -> int:
        """The account."""

    @property
    def group(self) -> WorkGroup | None:
        """Where 今日 lists it."""

    @property
    def next_at(self) -> datetime | None:
        """The planned follow-up."""

    @property
    def next_has_time(self) -> bool:
        """Whether the follow-up has a time, or only a day."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One account of the worklist, without what is shown of it: thousands are read at once."""

    account_id: int
    group: WorkGroup
    next_at: datetime | None
    next_has_time: bool


@dataclass(frozen=True, slots=True)
class Household:
    """An owner of several units: one call is for all of them. Amount in 分."""

    account_ids: tuple[int, ...]
    """All his accounts, paid ones included."""
    open_units: int
    """With how many of them something is owed."""
    owed: int
    """The sum over all units."""
    stop: str = ""
    """Why no further call to him is in order today (law §13.7), whichever unit it is about; empty when one is."""


def by_account(households: Iterable[Household]) -> dict[int, Household]:
    """The household of each account that has one."""
    return {account_id: household for household in households for account_id in household.account_ids}


def one_per_owner(units: Sequence[WorkItem], household_of: Mapping[int, Household]) -> list[WorkItem]:
    """Everybody once, in the order given: one unit stands for an owner of several.

    That is the one with a timed retry, made after the last call, else the best placed. Who is not to be called any
    more today comes last: he is still on the list, but the next one is somebody else.
    """
    standing: dict[tuple[int, ...], WorkItem] = {}
    for unit in units:
        household = household_of.get(unit.account_id)
        if household is not None:
            before = standing.setdefault(household.account_ids, unit)
            if _is_timed_retry(unit) and not _is_timed_retry(before):
                standing[household.account_ids] = unit
    found = [
        unit
        for unit in units
        if unit.account_id not in household_of or standing[household_of[unit.account_id].account_ids] is unit
    ]
    return sorted(found, key=lambda unit: rests(unit, household_of.get(unit.account_id)))


_NO_CALL_NEEDED = (WorkGroup.LIMIT, WorkGroup.REVIEW, WorkGroup.VISIT, WorkGroup.LEADER)
"""What can be done although the day's calls to an owner are used up."""


def rests(unit: Due, household: Household | None) -> bool:
    """Whether nothing is left to be done today: it takes a call, and no further call to this owner is in order."""
    return household is not None and bool(household.stop) and unit.group not in _NO_CALL_NEEDED


def standing_for(
    units: Iterable[WorkItem], items: Iterable[WorkItem], household_of: Mapping[int, Household]
) -> dict[int, int]:
    """Which account stands in the queue for each unit of an owner of several, himself included."""
    stands = {
        household_of[one.account_id].account_ids: one.account_id for one in items if one.account_id in household_of
    }
    return {
        unit.account_id: stands[household_of[unit.account_id].account_ids]
        for unit in units
        if unit.account_id in household_of
    }


def _is_timed_retry(unit: WorkItem) -> bool:
    return unit.group is WorkGroup.RETRY and unit.next_has_time


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """A heading of the queue with everybody under it, best first. `key` is a `WorkGroup` or `LATER`."""

    key: str
    label: str
    items: tuple[Due, ...]


def is_waiting(row: Due, now: datetime) -> bool:
    """Whether a timed retry has not come to its time: it is listed, but nobody is to be called before."""
    return row.group is WorkGroup.RETRY and row.next_has_time and row.next_at is not None and row.next_at > now


def arrange(rows: Iterable[Due], now: datetime, later: Sequence[int] = ()) -> tuple[QueueGroup, ...]:
    """The worklist under its headings, in the order given; retries by their time, those put off at the end.

    `later` are account ids in the order in which they were put off.
    """
    found: dict[str, list[Due]] = {group.value: [] for group in WorkGroup}
    found[LATER] = []
    put_off = {account_id: place for place, account_id in enumerate(later)}
    for row in rows:
        if row.group is not None:
            found[LATER if row.account_id in put_off else row.group].append(row)
    found[WorkGroup.RETRY].sort(key=lambda row: row.next_at or now)
    found[LATER].sort(key=lambda row: put_off[row.account_id])
    labels = {group.value: WORK_GROUP_LABELS[group] for group in WorkGroup} | {LATER: LATER_LABEL}
    return tuple(QueueGroup(key, labels[key], tuple(held)) for key, held in found.items() if held)


def calling_order(groups: Iterable[QueueGroup], now: datetime, resting: Collection[int] = ()) -> list[Due]:
    """Everybody left in the order of 下一户: as listed, but retries before their time come last.

    `resting` are accounts whose owner is not to be called any more today: they come after everybody else.
    """
    listed = [row for group in groups for row in group.items]
    rest = [row for row in listed if row.account_id in resting]
    callable_ = [row for row in listed if row.account_id not in resting]
    waiting = sorted((row for row in callable_ if is_waiting(row, now)), key=lambda row: row.next_at or now)
    return [row for row in callable_ if not is_waiting(row, now)] + waiting + rest


def next_after(order: Sequence[int], current: int | None, before: Sequence[int] = (), by: int = 1) -> int | None:
    """Who comes `by` places after `current`, round the end; None when nobody else is left.

    `before` is the order in which `current` last stood, for one who has left it since.
    """
    if current is not None and current in order:
        if len(order) == 1:
            return None
        return order[(order.index(current) + by) % len(order)]
    if current is not None and current in before:
        place, still = list(before).index(current), set(order)
        found = [one for one in before[place + 1 :] if one in still]
        back = [one for one in reversed(before[:place]) if one in still]
        if by < 0 and back:
            return back[0]
        if found:
            return found[0]
    return order[0] if order else None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What the head of 今日 tells. Owners are counted, not calls nor units; amounts in 分."""

    done: tuple[int, ...] = ()
    """Owners contacted today for whom nothing is left to do today, one account for each, the last contact first."""
    left: int = 0
    reached: int = 0
    """Calls today in which the owner was spoken to."""
    promised: int = 0
    """Owners who named a day today."""
    promised_amount: int = 0

    @property
    def total(self) -> int:
        """Done and left."""
        return len(self.done) + self.left


def day_figures(
    contacts: Iterable[tuple[Sequence[int], RecordContact]],
    left: Collection[int],
    household_of: Mapping[int, Household] = MappingProxyType({}),
) -> DayFigures:
    """From the contacts of the day, newest first, and the accounts still in the queue, one for each owner.

    A promise renewed on the same day counts once, as it stands last.
    """

    def owner(account_id: int) -> int:
        return household_of[account_id].account_ids[0] if account_id in household_of else account_id

    still = {owner(one) for one in left}
    done: dict[int, int] = {}
    promising: set[int] = set()
    reached = promised = amount = 0
    for ids, contact in contacts:
        if contact.voided:
            continue
        owners = {owner(one) for one in ids}
        for one in ids:
            if owner(one) not in still:
                done.setdefault(owner(one), one)
        reached += contact.reached and contact.channel == CHANNEL_LABELS[Channel.PHONE]
        if contact.promise_on is not None and not promising.intersection(owners):
            promising.update(owners)
            promised += 1
            amount += contact.promise_amount
    return DayFigures(tuple(done.values()), len(still), reached, promised, amount)


class HoursKind(StrEnum):
    """How good an hour it is to call."""

    BEST = "best"
    OPEN = "open"
    CLOSED = "closed"


def hours_note(now: datetime) -> tuple[HoursKind, str]:
    """The note at the right of the head: until when calls are mostly answered, or from when one may call (domain §7)."""
    clock, today = f"{now:%H:%M}", now.date()
    if in_call_hours(now):
        good = best_hours(now)
        best = any(first <= now.time() < last for first, last in best_spans(today))
        return (
            HoursKind.BEST if best else HoursKind.OPEN
        ), f"{clock} · {good or f'可联系至 {call_hours(today)[1]:%H:%M}'}"
    again = earliest(Channel.PHONE, now, ContactHistory()) or now
    return HoursKind.CLOSED, f"{clock} · 现在不打电话，{show_moment(again, now)} 起可打"


def when_text(row: Due, now: datetime, since: date | None = None) -> str:
    """The short day or time at the end of a row: the day promised, the time of a retry, the day planned, how long the
    leader has been waited for. `since`: the day promised, or the first day of waiting.
    """
    today = now.date()
    if row.group is WorkGroup.BROKEN:
        return short_day(since, today) if since else ""
    if row.group is WorkGroup.LEADER:
        waited = (today - since).days if since else 0
        return f"等 {waited} 天" if waited else ""
    if row.group is WorkGroup.DUE_TODAY:
        return "今天"
    if row.group is WorkGroup.DUE_TOMORROW:
        return short_day(today + timedelta(days=1), today)
    if row.group in (WorkGroup.LIMIT, WorkGroup.INSTALMENT, WorkGroup.PERIOD_OVER):
        return ""
    if row.next_at is None:
        return ""
    if row.group is WorkGroup.RETRY or (
        row.group is WorkGroup.VISIT and row.next_has_time and row.next_at.date() == today
    ):
        return f"{row.next_at:%H:%M}"
    return "今天" if row.next_at.date() >= today else short_day(row.next_at.date(), today)


_PRONOUNS = {"女士": "她", "先生": "他"}


def reason_line(row: OwnerRow, salutation: str, now: datetime) -> str:
    """The line under the name: why this owner now."""
    if is_waiting(row, now) and row.next_at is not None:
        return f"等到 {row.next_at:%H:%M} 再打：{row.why}"
    if row.group in (WorkGroup.BROKEN, WorkGroup.DUE_TOMORROW):
        return f"现在联系{_PRONOUNS.get(salutation, '这户')}，因为{_gap(row.why)}{row.why}"
    return row.why


def _gap(text: str) -> str:
    """A blank where a figure or Latin letter follows Chinese."""
    return " " if text[:1].isascii() else ""


@dataclass(frozen=True, slots=True)
class BillLine:
    """What is open of one period. Amounts in 分."""

    period: str
    items: str
    detail: str
    owed: int


def bill_lines(charges: Iterable[Charge], today: date) -> tuple[BillLine, ...]:
    """Open charges, one line a period, in the order given."""
    by_period: dict[str, list[Charge]] = {}
    for charge in charges:
        if charge.owed > 0:
            by_period.setdefault(charge.period_text(), []).append(charge)
    return tuple(
        BillLine(
            period,
            "、".join(dict.fromkeys(charge.item for charge in held)),
            _detail(held, today),
            sum(charge.owed for charge in held),
        )
        for period, held in by_period.items()
    )


def _detail(charges: Sequence[Charge], today: date) -> str:
    parts = []
    waived = sum(charge.waived for charge in charges)
    paid = sum(charge.settled for charge in charges) - waived
    if paid or waived:
        lowered = [f"已缴 {show(paid)}"] * bool(paid) + [f"减免 {show(waived)}"] * bool(waived)
        parts += [f"应 {show(sum(charge.amount for charge in charges))}", *lowered]
    days = max(charge.overdue_days(today) for charge in charges)
    due = min((charge.due_on for charge in charges if charge.due_on), default=None)
    if days:
        parts.append(f"逾期 {days:,} 天")
    elif due:
        parts.append(f"{show_day(due, today)} 到期")
    held = [charge for charge in charges if charge.hold]
    if held:
        parts.append("暂缓" if len(held) == len(charges) else f"{len(held)} 笔暂缓")
    return " · ".join(parts)


ROW_PX, HEAD_PX, MORE_PX = 30, 27, 25
"""Heights of the lines of the queue in logical pixels."""


def window(size: int, shown: int, current: int | None) -> int:
    """Where the `shown` rows of a folded group of `size` begin, so that the current one is among them."""
    if current is None or current < shown:
        return 0
    return min(current - shown + 1, size - shown)


def fold(sizes: Mapping[str, int], room: int, opened: Collection[str]) -> dict[str, int]:
    """How many rows of each group to show in `room` pixels; a group with rows hidden needs a line that says so.

    Every group shows at least one row and opened ones show all, even if that has to be scrolled. What room is left is
    dealt out row by row, those that come first today being served first.
    """
    shown = {key: size if key in opened else min(1, size) for key, size in sizes.items()}
    left = room - sum(
        HEAD_PX + shown[key] * ROW_PX + (MORE_PX if shown[key] < size else 0) for key, size in sizes.items()
    )
    dealt = True
    while dealt:
        dealt = False
        for key, size in sizes.items():
            # The last row hidden takes the place of the line that told of it.
            cost = ROW_PX - (MORE_PX if shown[key] + 1 == size else 0)
            if shown[key] < size and cost <= left:
                shown[key] += 1
                left -= cost
                dealt = True
    return shown
