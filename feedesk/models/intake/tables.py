"""The tables of a file: which sheets hold data, where each table starts and ends, what its columns mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from feedesk.models.arrears_list import ColumnMeaning, Meaning, ReadOptions, SavedMapping, SheetReading
from feedesk.models.intake.columns import MONEY, read_columns
from feedesk.models.intake.header import Header, find_header, looks_like_header
from feedesk.models.intake.sheets import Cell, Grid
from feedesk.models.intake.values import text_of
from feedesk.models.intake.words import plain_title, words

_SAMPLE = 200
_PREVIEW_FIRST = 8
_PREVIEW_LAST = 3
_LABEL = re.compile(r"（第 \d+ 行起）$")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet. Rows 0-based, `stop` excluded."""

    grid: Grid
    label: str
    """The sheet's name; a second table of the same sheet names its row besides."""
    header: Header
    stop: int
    columns: tuple[ColumnMeaning, ...]
    headings: tuple[str, ...]
    """Texts of the rows above the header."""

    @property
    def start(self) -> int:
        """First row that may hold data."""
        return self.header.last + 1

    @property
    def has_rooms(self) -> bool:
        """Whether a column tells the room."""
        return any(column.meaning in (Meaning.ROOM, Meaning.ROOM_PART) for column in self.columns)

    @property
    def has_money(self) -> bool:
        """Whether a column makes charges."""
        return any(column.meaning in MONEY and column.meaning is not Meaning.RECEIVED for column in self.columns)

    @property
    def is_summary(self) -> bool:
        """A table by building (户数, 收缴率), which lists no households."""
        return any(plain_title(level) in words().summary for titles in self.header.titles for level in titles)

    def data(self) -> Iterable[tuple[int, list[Cell]]]:
        """Row numbers as in the sheet, and the rows below the header."""
        for place in range(self.start, self.stop):
            yield place + 1, self.grid.rows[place]

    def filled(self) -> bool:
        """Whether any cell below the header is filled."""
        return any(cell != "" for _, row in self.data() for cell in row)


def tables_of(grid: Grid) -> list[Table]:
    """Every table of a sheet, from top to bottom; a header repeated on each printed page starts none."""
    found: list[Table] = []
    start = 0
    header = find_header(grid, 0)
    while header is not None:
        following = _next_header(grid, header)
        stop = following.first if following else len(grid.rows)
        headings = tuple(text for row in grid.rows[start : header.first] if (text := row_text(row)))
        body = list(
            islice((row for row in grid.rows[header.last + 1 : stop] if any(cell != "" for cell in row)), _SAMPLE)
        )
        label = grid.name if not found else f"{grid.name}（第 {header.first + 1} 行起）"
        columns = read_columns(header.titles, body, " ".join(headings))
        found.append(Table(grid, label, header, stop, columns, headings))
        start = stop
        header = following
    return found


def _next_header(grid: Grid, header: Header) -> Header | None:
    """The next header that reads otherwise than this one."""
    rows = grid.rows
    for place in range(header.last + 1, len(rows)):
        row = rows[place]
        # cheap first: a data row has a number, a date or nothing but names in its first filled cells
        if not _only_texts(row) or not looks_like_header(row):
            continue
        other = find_header(grid, max(header.last + 1, place - 1), place + 1)
        if other is not None and other.last >= place and not _same(other, header):
            return other
    return None


def _same(other: Header, header: Header) -> bool:
    """Whether the other header only says again what this one says (a note beside it may be missing)."""
    return all(theirs in ("", ours) for theirs, ours in zip(other.key, header.key, strict=False))


def repeats_header(table: Table, row: Sequence[Cell]) -> bool:
    """Whether a row is a level of the table's own header, printed again on a new page."""
    titles = table.header.titles
    filled = 0
    for index, cell in enumerate(row):
        if cell == "":
            continue
        if type(cell) is not str or index >= len(titles):
            return False
        if not {level.strip() for level in cell.split("_")} <= set(titles[index]):
            return False
        filled += 1
    return filled >= 2


def _only_texts(row: Sequence[Cell]) -> bool:
    filled = 0
    for cell in row:
        if cell == "":
            continue
        if type(cell) is not str or len(cell) > 24 or cell[-1:].isdigit():
            return False
        filled += 1
    return filled >= 2


def row_text(row: Sequence[Cell]) -> str:
    """A row as one line of text."""
    return " ".join(part for cell in row if (part := text_of(cell)))


def shape_of(tables: Sequence[Table]) -> str:
    """Fingerprint of the headers: equal for next month's list of the same form."""
    keys = sorted({"|".join(table.header.key) for table in tables})
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def mapped(table: Table, options: ReadOptions, remembered: Mapping[str, SavedMapping], shape: str) -> Table:
    """The table with the columns that a person has set now, or confirmed for lists of this shape before."""
    chosen = options.columns.get(table.label)
    if chosen is None and shape in remembered:
        chosen = remembered[shape].columns
    if chosen is None:
        return table
    titles = {column.index: column.title for column in table.columns}
    width = max((len(row) for row in table.grid.rows[table.start : table.start + 1]), default=0)
    by_place = {
        (column.index, column.title): column for column in chosen if column.index < max(width, len(table.header.titles))
    }
    columns = []
    for column in table.columns:
        other = by_place.get((column.index, titles[column.index]))
        columns.append(replace(other, sure=True) if other else column)
    return replace(table, columns=tuple(columns))


def carried_down(table: Table, indexes: Iterable[int]) -> None:
    """Give the rows below a merged room, name or period its value; amounts are never carried.

    Works on the grid's own rows, which belong to this reading alone.
    """
    wanted = set(indexes)
    rows = table.grid.rows
    for (top, left), (bottom, right) in table.grid.merges:
        if bottom == top or top < table.start or bottom >= table.stop or left not in wanted or right - left > 1:
            continue
        for place in range(top + 1, min(bottom, len(rows) - 1) + 1):
            if rows[place][left] == "":
                rows[place][left] = rows[top][left]


def base_name(label: str) -> str:
    """The sheet's name of a table's label."""
    return _LABEL.sub("", label)


def unused(grid: Grid, why: str, table: Table | None = None) -> SheetReading:
    """A sheet (or table) that is not read, and why."""
    if table is None:
        return SheetReading(grid.name, False, why, preview=_preview(grid, 0, len(grid.rows), ()))
    return SheetReading(
        table.label,
        False,
        why,
        header_rows=_header_rows(table),
        columns=table.columns,
        preview=_preview(grid, table.start, table.stop, ()),
    )


def used(table: Table, data_rows: Sequence[int]) -> SheetReading:
    """A table that is read."""
    return SheetReading(
        table.label,
        True,
        f"{len(data_rows)} 行数据",
        header_rows=_header_rows(table),
        columns=table.columns,
        preview=_preview(table.grid, table.start, table.stop, data_rows),
        data_rows=len(data_rows),
    )


def _header_rows(table: Table) -> tuple[int, ...]:
    return tuple(range(table.header.first + 1, table.header.last + 2))


def _preview(grid: Grid, start: int, stop: int, data_rows: Sequence[int]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """First data rows and the last filled rows."""
    first = list(data_rows[:_PREVIEW_FIRST])
    if not first:
        filled = (place + 1 for place in range(start, stop) if any(cell != "" for cell in grid.rows[place]))
        first = list(islice(filled, _PREVIEW_FIRST))
    last: list[int] = []
    for place in range(stop - 1, start - 1, -1):
        if any(cell != "" for cell in grid.rows[place]):
            last.append(place + 1)
            if len(last) == _PREVIEW_LAST:
                break
    numbers = sorted({*first, *last})
    return tuple((number, tuple(text_of(cell) for cell in grid.rows[number - 1])) for number in numbers)
