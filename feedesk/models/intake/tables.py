"""The tables of a file: which sheets hold data, where each table starts and ends, what its columns mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from feedesk.models.arrears_list import ColumnMeaning, Meaning, ReadOptions, SavedMapping, SheetReading
from feedesk.models.intake.columns import MONEY, read_columns, title_meaning
from feedesk.models.intake.header import Header, find_header, looks_like_header
from feedesk.models.intake.sheets import Cell, Grid
from feedesk.models.intake.values import text_of
from feedesk.models.intake.words import plain_title, words

_SAMPLE = 200
_PREVIEW_FIRST = 8
_PREVIEW_LAST = 3


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
    """Every table of a sheet, from top to bottom; a header repeated on each printed page starts none.

    Two blocks of the same columns side by side are two tables: read as one, the right block's money would be
    booked on the left block's rooms.
    """
    header = find_header(grid, 0)
    blocks = _blocks(header) if header else []
    if len(blocks) < 2:
        return _stacked(grid, header, "")
    found: list[Table] = []
    for number, block in enumerate(blocks, start=1):
        rows: list[list[Cell]] = [
            [cell if index in block else "" for index, cell in enumerate(row)] for row in grid.rows
        ]
        merges = tuple(merge for merge in grid.merges if merge[0][1] in block and merge[1][1] in block)
        part = Grid(grid.name, rows, merges, grid.hidden)
        found.extend(_stacked(part, find_header(part, 0), f"（第 {number} 栏）" if number > 1 else ""))
    return found


def _blocks(header: Header) -> list[range]:
    """Columns of each block, where the whole header is the same titles again and again; else one block."""
    keys = list(header.key)
    while keys and not keys[-1]:
        keys.pop()
    first = next((index for index, key in enumerate(keys) if key), 0)
    for width in range(2, (len(keys) - first + 1) // 2 + 1):
        # an empty column may part the blocks
        pattern = keys[first : first + width]
        if not any(title_meaning(key.split("_")[-1]) is Meaning.ROOM for key in pattern if key):
            continue
        rest = keys[first + width :]
        padded = rest + [""] * (-len(rest) % width)
        repeats = [padded[at : at + width] for at in range(0, len(padded), width)]
        if repeats and all(block == pattern for block in repeats):
            starts = range(first, first + width * (len(repeats) + 1), width)
            return [range(start, start + width) for start in starts]
    return [range(len(keys))]


def _stacked(grid: Grid, header: Header | None, suffix: str) -> list[Table]:
    found: list[Table] = []
    start = 0
    while header is not None:
        following = _next_header(grid, header)
        stop = following.first if following else len(grid.rows)
        headings = tuple(text for row in grid.rows[start : header.first] if (text := row_text(row)))
        filled = (row for row in grid.rows[header.last + 1 : stop] if any(cell != "" for cell in row))
        body = list(islice(filled, _SAMPLE))
        label = grid.name + suffix + (f"（第 {header.first + 1} 行起）" if found else "")
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
