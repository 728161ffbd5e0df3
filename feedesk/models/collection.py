"""收缴: the three rates of a span of months, by building and by month, against the office's yearly plan.

Definitions (each is printed beside its figure): 收费率 = 当期实收 ÷ 当期应收; 户收费率 = 已交户 ÷ 收费户;
清缴率 = 欠费追回 ÷ (欠费追回 + 历史欠费). Rules of counting, told on screen by `collection_words`:

- A charge for several months counts in equal monthly parts, the 分 left over in the last month; what came in for it
  fills the oldest month first. Lumps that were split have their real months.
- A waiver lowers what is receivable; it is no money that came in.
- Finance's lists name units that owe. The plan may therefore hold what finance bills for a month; then 当期实收 is
  that (less waivers) minus what is still open on our books. Without it a month counts by the charges on our books.
- A month that no list has come to yet is left out: nobody owes on our books, but nobody was billed either.
- 欠费追回 is what came in within the days of the span for months before it, 历史欠费 what of those months is still
  open at the span's end.

Money is integer 分, rates are integer basis points (0.01 %).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from feedesk.models.periods import Period, month_index
from feedesk.models.rooms import room_key
from feedesk.models.yearly_plan import WHOLE, Plans, YearPlan, month_plan

SHORT_BP = 500
"""So far below the plan and more is marked in the charts."""


# --- spans ---


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months `first`…`last` (month indexes) and the day up to which money counts. Raises ValueError."""

    first: int
    last: int
    as_of: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("span ends before it starts")

    @property
    def months(self) -> range:
        """All months of the span."""
        return range(self.first, self.last + 1)

    @property
    def year(self) -> int:
        """The year whose plan and months stand beside the figures: that of the last month."""
        return self.last // 12

    @property
    def first_day(self) -> date:
        """The first day of the first month."""
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        following = self.last + 1
        return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)

    @property
    def end(self) -> date:
        """The end of the span, or the day counted up to when that comes first."""
        return min(self.last_day, self.as_of)

    def text(self) -> str:
        """2026年11月, 2026年10–12月, 2026年."""
        if self.first % 12 == 0 and self.last == self.first + 11:
            return f"{self.year}年"
        return Period.span(self.first, self.last).text()


def this_month(today: date) -> Span:
    """本月, up to today."""
    month = month_index(today.year, today.month)
    return Span(month, month, today)


def this_quarter(today: date) -> Span:
    """本季, up to today."""
    first = month_index(today.year, (today.month - 1) // 3 * 3 + 1)
    return Span(first, first + 2, today)


def this_year(today: date) -> Span:
    """今年, up to today."""
    return Span(month_index(today.year, 1), month_index(today.year, 12), today)


# --- what is counted ---


class Line(NamedTuple):
    """One charge as the rates count it. Amounts in 分, all as of `Span.as_of`."""

    account_id: int
    months: tuple[int, ...]
    """Month indexes, ascending, at least one."""
    amount: int
    waived: int
    reduced: int
    """Settled by a list or paid."""
    recovered: int = 0
    """What of `reduced` came within the days of the span, up to its end."""
    later: int = 0
    """What of `reduced` came after the span's end (when it is counted to a later day).

    Always `recovered + later` ≤ `reduced` ≤ `amount − waived`.
    """


class Counted(NamedTuple):
    """What one charge adds to a run of months. Amounts in 分."""

    receivable: int
    """Less what was waived."""
    collected: int
    waived: int


def upto(amount: int, months: int, place: int) -> int:
    """What of `amount` the first `place` of so many months hold: equal parts, the rest in the last month."""
    return amount if place >= months else amount // months * place


def counted(line: Line, first: int, last: int) -> Counted:
    """What a charge adds to the months `first`…`last`; all zero when it has none of them."""
    _account_id, months, amount, waived, reduced, _recovered, _later = line
    count, net = len(months), amount - waived
    if count == 1:
        return Counted(net, min(reduced, net), waived) if first <= months[0] <= last else _NOTHING
    start, end = bisect_left(months, first), bisect_left(months, last + 1)
    if start == end:
        return _NOTHING
    below, above = upto(net, count, start), upto(net, count, end)
    return Counted(
        above - below,
        max(0, min(reduced, above) - below),
        (upto(amount, count, end) - upto(amount, count, start)) - (above - below),
    )


_NOTHING = Counted(0, 0, 0)


class Old(NamedTuple):
    """What one charge adds to 清缴率. Amounts in 分."""

    recovered: int
    open: int


def old_part(line: Line, first: int) -> Old:
    """What of the months before `first` came in within the span, and what is open of them at its end."""
    _account_id, months, amount, waived, reduced, recovered, later = line
    place = bisect_left(months, first)
    if not place:
        return _NOTHING_OLD
    old = upto(amount - waived, len(months), place)
    at_end = min(reduced - later, old)
    before = min(reduced - later - recovered, old)
    return Old(at_end - before, old - at_end)


# --- figures ---


_NOTHING_OLD = Old(0, 0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share and its target. `over` ÷ `under`, both ≥ 0; nothing can be said when `under` is 0."""

    over: int
    under: int
    target_bp: int | None = None

    @property
    def bp(self) -> int | None:
        """The rate in basis points, rounded half up; 100 % only when nothing is missing, 0 only when there is nothing."""
        if self.under <= 0:
            return None
        rounded = (2 * WHOLE * self.over + self.under) // (2 * self.under)
        if self.over < self.under:
            rounded = min(rounded, WHOLE - 1)
        return max(rounded, 1) if self.over else 0

    @property
    def short_bp(self) -> int:
        """How far below the target, in basis points; 0 when reached or without a target."""
        return max(0, self.target_bp - self.bp) if self.target_bp is not None and self.bp is not None else 0

    @property
    def is_reached(self) -> bool:
        """Whether there is a target and the rate is at or above it."""
        return self.target_bp is not None and self.bp is not None and self.bp >= self.target_bp


@dataclass(frozen=True, slots=True)
class Part:
    """The current figures of all, of a building, or of a month. Amounts in 分."""

    receivable: int = 0
    collected: int = 0
    households: int = 0
    paid: int = 0
    """Households with nothing open in these months."""

    @property
    def open(self) -> int:
        """What has not come in."""
        return self.receivable - self.collected

    def __add__(self, other: Part) -> Part:
        return Part(
            self.receivable + other.receivable,
            self.collected + other.collected,
            self.households + other.households,
            self.paid + other.paid,
        )


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One month of the year. `by_plan`: 应收 is finance's own; `is_listed`: a list has come to this month."""

    month: int
    part: Part
    target_bp: int | None
    by_plan: bool
    is_listed: bool
    too_low: bool = False
    """The plan's 应收 is less than our books hold, so that the books count."""
    waived: int = 0
    answers: str = ""
    """Who answers for it, by the plan."""

    @property
    def rate(self) -> Rate:
        """收费率 of the month."""
        return Rate(self.part.collected, self.part.receivable, self.target_bp)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the 统计 page shows of a span."""

    span: Span
    total: Part
    """Current figures by the plan where it tells 应收 and 户数, else by the books."""
    buildings: tuple[tuple[str, Part], ...]
    """By the charges on our books, in the order of rooms; an unknown building is ''."""
    outside: Part
    """`total` less all buildings: units that no list has named; they have paid."""
    months: tuple[MonthFigure, ...]
    """The twelve months of `span.year`."""
    counted: tuple[MonthFigure, ...]
    """The months of the span that `total` is made of."""
    left_out: tuple[int, ...]
    """Months of the span that no list has come to."""
    recovered: int
    old_open: int
    target_bp: int | None
    household_bp: int | None
    recovery_bp: int | None
    households_by_plan: bool
    households_too_low: bool
    """The plan's 户数 is less than our books hold, so that the books count."""
    has_plan: bool
    undated: tuple[int, int] = (0, 0)
    """Charges without months: how many, and what is open of them in 分. They are in no figure."""
    list_as_of: date | None = None
    """The day of finance's last list."""
    is_any_listed: bool = True
    """Whether there is any charge on the books at all, be it without months."""

    @property
    def rate(self) -> Rate:
        """收费率."""
        return Rate(self.total.collected, self.total.receivable, self.target_bp)

    @property
    def household_rate(self) -> Rate:
        """户收费率."""
        return Rate(self.total.paid, self.total.households, self.household_bp)

    @property
    def recovery_rate(self) -> Rate:
        """清缴率."""
        return Rate(self.recovered, self.recovered + self.old_open, self.recovery_bp)

    @property
    def building_bp(self) -> int | None:
        """The target of each building; None while the lists, which leave out who owes nothing, are all that tells of it."""
        is_whole = all(month.by_plan for month in self.counted) and not self.outside.receivable
        return self.target_bp if is_whole else None

    @property
    def waived(self) -> int:
        """What was waived of the months counted, in 分."""
        return sum(month.waived for month in self.counted)


@dataclass(slots=True)
class _Books:
    """What the charges come to, gone through once."""

    months: dict[int, list[int]]
    """Month → [receivable, collected, waived]."""
    accounts: dict[int, list[int]] = field(default_factory=dict)
    """Account → [receivable, collected] of the span."""
    recovered: int = 0
    old_open: int = 0
    listed_to: int | None = None
    """The last month that any charge names."""


def _go_through(lines: Iterable[Line], span: Span) -> _Books:
    first, last = span.first, span.last
    books = _Books({month: [0, 0, 0] for month in {*span.months, *range(span.year * 12, span.year * 12 + 12)}})
    sums, accounts = books.months, books.accounts
    # An office has some hundred thousand charges and few different periods: what a period means is found once.
    reach: dict[tuple[int, ...], tuple[int, ...]] = {}
    for line in lines:
        months = line.months
        inside = reach.get(months)
        if inside is None:
            inside = reach[months] = tuple(month for month in months if month in sums)
        if months[0] < first:
            old = old_part(line, first)
            books.recovered += old.recovered
            books.old_open += old.open
        if not inside:
            continue
        now = None
        for month in inside:
            now = counted(line, month, month)
            total = sums[month]
            total[0] += now.receivable
            total[1] += now.collected
            total[2] += now.waived
        if months[-1] >= first and months[0] <= last:
            if now is None or len(months) > 1:
                now = counted(line, first, last)
            if now.receivable:
                own = accounts.get(line.account_id)
                if own is None:
                    own = accounts[line.account_id] = [0, 0]
                own[0] += now.receivable
                own[1] += now.collected
    books.listed_to = max((months[-1] for months in reach), default=None)
    return books


def figures(
    lines: Iterable[Line],
    span: Span,
    plans: Plans,
    building_of: Mapping[int, str],
    *,
    undated: tuple[int, int] = (0, 0),
    list_as_of: date | None = None,
) -> Figures:
    """The figures of a span from all charges on the books; `building_of` names the building of each account."""
    books = _go_through(lines, span)
    by_building: dict[str, Part] = {}
    for account_id, (receivable, collected) in books.accounts.items():
        name = building_of.get(account_id, "")
        paid = int(collected == receivable)
        by_building[name] = by_building.get(name, Part()) + Part(receivable, collected, 1, paid)
    on_books = sum(by_building.values(), Part())
    of_month = {month: _month(month, sums, plans, books.listed_to) for month, sums in books.months.items()}
    counted_months = tuple(of_month[month] for month in span.months if of_month[month].is_listed)
    total = replace(
        on_books,
        receivable=sum(month.part.receivable for month in counted_months),
        collected=sum(month.part.collected for month in counted_months),
    )
    planned = max((month_plan(plans, month.month).households or 0 for month in counted_months), default=0)
    by_plan = planned >= on_books.households and planned > 0
    if by_plan:
        total = replace(total, households=planned, paid=planned - (on_books.households - on_books.paid))
    year = plans.get(span.year, YearPlan(span.year))
    return Figures(
        span=span,
        total=total,
        buildings=tuple(sorted(by_building.items(), key=lambda one: (not one[0], room_key(one[0])))),
        outside=Part(
            total.receivable - on_books.receivable,
            total.collected - on_books.collected,
            total.households - on_books.households,
            total.paid - on_books.paid,
        ),
        months=tuple(of_month[month] for month in range(span.year * 12, span.year * 12 + 12)),
        counted=counted_months,
        left_out=tuple(month for month in span.months if not of_month[month].is_listed),
        recovered=books.recovered,
        old_open=books.old_open,
        target_bp=_target(counted_months),
        household_bp=year.household_bp,
        recovery_bp=year.recovery_bp,
        households_by_plan=by_plan,
        households_too_low=0 < planned < on_books.households,
        has_plan=not year.is_empty,
        undated=undated,
        list_as_of=list_as_of,
        is_any_listed=books.listed_to is not None or undated[0] > 0,
    )


def _month(month: int, sums: Sequence[int], plans: Plans, listed_to: int | None) -> MonthFigure:
    receivable, collected, waived = sums
    plan = month_plan(plans, month)
    part = Part(receivable, collected)
    is_listed = listed_to is not None and month <= listed_to
    net = (plan.receivable or 0) - waived
    by_plan = is_listed and plan.receivable is not None and net >= part.receivable
    if by_plan:
        part = Part(net, net - part.open)
    too_low = is_listed and plan.receivable is not None and not by_plan
    return MonthFigure(month, part, plan.rate_bp, by_plan, is_listed, too_low, waived, plan.answers)


def _target(months: Sequence[MonthFigure]) -> int | None:
    """The target of several months: each weighs as much as its 应收; months without a target are left out."""
    planned = [(month.target_bp, month.part.receivable) for month in months if month.target_bp is not None]
    weight = sum(receivable for _target_bp, receivable in planned)
    if not planned:
        return None
    if not weight:
        return (2 * sum(target for target, _receivable in planned) + len(planned)) // (2 * len(planned))
    return (2 * sum(target * receivable for target, receivable in planned) + weight) // (2 * weight)


# --- the households behind a figure ---


@dataclass(frozen=True, slots=True)
class Household:
    """One account behind a figure. Amounts in 分."""

    account_id: int
    receivable: int
    collected: int
    recovered: int
    old_open: int

    @property
    def open(self) -> int:
        """What is still open of the span's months."""
        return self.receivable - self.collected


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household with what a person knows it by."""

    figures: Household
    room: str
    name: str
    building: str


def households(lines: Iterable[Line], span: Span) -> dict[int, Household]:
    """What each account adds to the figures of a span; accounts that add nothing are left out."""
    sums: dict[int, list[int]] = {}
    for line in lines:
        now, old = counted(line, span.first, span.last), old_part(line, span.first)
        if now.receivable or old.recovered or old.open:
            own = sums.setdefault(line.account_id, [0, 0, 0, 0])
            for place, amount in enumerate((now.receivable, now.collected, old.recovered, old.open)):
                own[place] += amount
    return {account_id: Household(account_id, *own) for account_id, own in sums.items()}
