"""Columns arranged for reading rows: which cell holds what, worked out once a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedesk.models.arrears_list import ColumnMeaning, FeeSpan, Meaning
from feedesk.models.intake.columns import MONEY
from feedesk.models.intake.period_text import find_period
from feedesk.models.periods import Period, month_index


@dataclass(frozen=True, slots=True)
class FeeColumn:
    """A column that holds one item's debt. `period` when the title itself names months (「21年物业费」)."""

    index: int
    item: str
    span: FeeSpan
    period: Period | None


@dataclass(frozen=True, slots=True)
class Line:
    """应收/实收/尚欠 of one charge; -1 for a column that the list does not have."""

    item: str
    """Empty: the row names it."""
    span: FeeSpan
    charged: int
    received: int
    owed: int

    @property
    def indexes(self) -> tuple[int, ...]:
        """The columns it stands in."""
        return tuple(index for index in (self.charged, self.received, self.owed) if index >= 0)


@dataclass(frozen=True, slots=True)
class CheckColumn:
    """A sum the list states in each row, and the columns it can mean."""

    index: int
    title: str
    whole: bool
    """Sums the whole row."""
    parts: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    """Columns that count and columns that count against; the row agrees when any pair gives its sum."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to find what in a row. Indexes are 0-based; -1 for what the list does not have."""

    rooms: tuple[int, ...]
    """Parts of the room from left to right."""
    owner: int
    salutation: int
    phones: tuple[int, ...]
    area: int
    state: int
    finance_number: int
    item: int
    period: int
    period_from: int
    period_to: int
    due_on: int
    fees: tuple[FeeColumn, ...]
    lines: tuple[Line, ...]
    late: tuple[int, ...]
    checks: tuple[CheckColumn, ...]
    remarks: tuple[tuple[int, str], ...]
    """Column and the label put before its text; empty for a column that is a remark by name."""
    numbers: frozenset[int]
    """序号 and the like: filled even in empty rows of a form."""
    money: tuple[int, ...]
    """Every column of amounts, checks included."""
    titles: dict[int, str]

    @property
    def identity(self) -> tuple[int, ...]:
        """Columns that a merged range carries down to the rows below."""
        singles = (self.owner, self.salutation, self.area, self.state, self.finance_number, self.period, self.item)
        both = (self.period_from, self.period_to, self.due_on)
        return tuple(index for index in (*self.rooms, *self.phones, *singles, *both) if index >= 0)


def make_plan(columns: Sequence[ColumnMeaning], default_year: int | None = None) -> Plan:
    """Arrange the columns. `default_year`: the year of the heading, for titles such as 「7月物业费」."""

    def first(meaning: Meaning) -> int:
        return next((column.index for column in columns if column.meaning is meaning), -1)

    def every(*meanings: Meaning) -> list[ColumnMeaning]:
        return [column for column in columns if column.meaning in meanings]

    fees = tuple(
        FeeColumn(column.index, column.item or column.title, column.span, _period_in(column.title, default_year))
        for column in every(Meaning.FEE)
    )
    late = tuple(column.index for column in every(Meaning.LATE_FEE))
    return Plan(
        rooms=tuple(column.index for column in every(Meaning.ROOM_PART, Meaning.ROOM)),
        owner=first(Meaning.OWNER),
        salutation=first(Meaning.SALUTATION),
        phones=tuple(column.index for column in every(Meaning.PHONE)),
        area=first(Meaning.AREA),
        state=first(Meaning.PROPERTY_STATE),
        finance_number=first(Meaning.FINANCE_NUMBER),
        item=first(Meaning.ITEM),
        period=first(Meaning.PERIOD),
        period_from=first(Meaning.PERIOD_FROM),
        period_to=first(Meaning.PERIOD_TO),
        due_on=first(Meaning.DUE_ON),
        fees=fees,
        lines=_lines(every(*MONEY)),
        late=late,
        checks=tuple(_check(column, columns) for column in every(Meaning.CHECK_ROW)),
        remarks=tuple((column.index, _remark_label(column)) for column in every(Meaning.REMARK)),
        numbers=frozenset(column.index for column in every(Meaning.NUMBER)),
        money=tuple(column.index for column in every(*MONEY, Meaning.LATE_FEE, Meaning.CHECK_ROW)),
        titles={column.index: column.title for column in columns},
    )


def _period_in(title: str, default_year: int | None) -> Period | None:
    found = find_period(title)
    if found is None and default_year is not None:
        month = title.split("月")[0]
        if "月" in title and month.isdigit() and 1 <= int(month) <= 12:
            return Period((month_index(default_year, int(month)),))
    return found


def _lines(columns: Iterable[ColumnMeaning]) -> tuple[Line, ...]:
    groups: dict[tuple[str, FeeSpan], dict[Meaning, int]] = {}
    for column in columns:
        if column.meaning is not Meaning.FEE:
            groups.setdefault((column.item, column.span), {}).setdefault(column.meaning, column.index)
    return tuple(
        Line(
            item,
            span,
            found.get(Meaning.CHARGED, -1),
            found.get(Meaning.RECEIVED, -1),
            found.get(Meaning.OWED, -1),
        )
        for (item, span), found in groups.items()
        if Meaning.CHARGED in found or Meaning.OWED in found
    )


def _check(check: ColumnMeaning, columns: Sequence[ColumnMeaning]) -> CheckColumn:
    mine = [
        column
        for column in columns
        if (not check.item or column.item == check.item) and (not check.check_of or column.span is check.check_of)
    ]

    def of(*meanings: Meaning) -> list[int]:
        return [column.index for column in mine if column.meaning in meanings]

    stated = {(column.item, column.span) for column in mine if column.meaning is Meaning.OWED}
    open_lines = [column for column in mine if column.meaning in (Meaning.CHARGED, Meaning.RECEIVED)]
    open_lines = [column for column in open_lines if (column.item, column.span) not in stated]
    plus = of(Meaning.FEE, Meaning.OWED) + [c.index for c in open_lines if c.meaning is Meaning.CHARGED]
    minus = tuple(column.index for column in open_lines if column.meaning is Meaning.RECEIVED)
    late = [] if check.item else of(Meaning.LATE_FEE)
    before = max(
        (column.index for column in columns if column.meaning is Meaning.CHECK_ROW and column.index < check.index),
        default=-1,
    )
    choices = [
        ((*plus, *late), minus),
        (tuple(plus), minus),
        (tuple(index for index in (*plus, *late) if before < index < check.index), ()),
        (tuple(of(Meaning.CHARGED)), ()),
        (tuple(of(Meaning.RECEIVED)), ()),
    ]
    sets = tuple(dict.fromkeys(choice for choice in choices if choice[0]))
    whole = not check.item and not check.check_of and "小计" not in check.title
    return CheckColumn(check.index, check.title, whole, sets)


def _remark_label(column: ColumnMeaning) -> str:
    leaf = column.title.split("·")[-1]
    return "" if any(word in leaf for word in ("备注", "说明", "摘要")) else leaf
