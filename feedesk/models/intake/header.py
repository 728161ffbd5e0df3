"""Where the table of a sheet begins: title rows, instructions, a header of one to three levels, merged cells."""

from __future__ import annotations

from dataclasses import dataclass

from feedesk.models.arrears_list import Meaning
from feedesk.models.intake.columns import title_meaning
from feedesk.models.intake.sheets import Cell, Grid
from feedesk.models.intake.words import plain_title

SEARCH_ROWS = 80
"""A header is looked for among this many rows from where a table could start."""
_MAX_LEVELS = 3
_TITLE_LENGTH = 24
_IDENTITY = (Meaning.ROOM, Meaning.ROOM_PART, Meaning.OWNER)
_BELOW = (
    Meaning.FEE,
    Meaning.CHECK_ROW,
    Meaning.LATE_FEE,
    Meaning.CHARGED,
    Meaning.RECEIVED,
    Meaning.OWED,
    Meaning.PERIOD_FROM,
    Meaning.PERIOD_TO,
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header found. Rows and columns are 0-based; `titles[c]` holds the levels of column `c`, top first."""

    first: int
    last: int
    titles: tuple[tuple[str, ...], ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for headers that read the same."""
        return tuple("_".join(plain_title(level) for level in levels) for levels in self.titles)


def find_header(grid: Grid, start: int, stop: int | None = None) -> Header | None:
    """The first header at or below row `start`, None when there is none within reach."""
    merged = _merged_from(grid)
    reach = min(len(grid.rows), start + SEARCH_ROWS if stop is None else stop)
    for row in range(start, reach):
        if looks_like_header(grid.rows[row]):
            return _grown(grid, row, start, merged)
    return None


def looks_like_header(row: list[Cell]) -> bool:
    """Whether a row reads as the level of a header that names room or owner."""
    texts = [cell for cell in row if cell != ""]
    if len(texts) < 2 or any(not isinstance(cell, str) for cell in texts):
        return False
    known = [meaning for cell in texts if (meaning := _recognised(cell))]
    kinds = set(known)
    if len(kinds) < 2 or (len(known) * 2 < len(texts) and len(kinds) < 3):
        return False
    # three titles known beside others that nobody knows (an office's own fees) are a header too
    return not kinds.isdisjoint((Meaning.ROOM, Meaning.ROOM_PART)) or (len(kinds) >= 3 and Meaning.OWNER in kinds)


def _recognised(cell: Cell) -> Meaning | None:
    if not isinstance(cell, str):
        return None
    title = plain_title(cell)
    if not title or len(title) > _TITLE_LENGTH or ":" in title or "。" in title:
        return None
    levels = [level for level in title.split("_") if level]
    return title_meaning(levels[-1]) if levels else None


def _grown(grid: Grid, row: int, start: int, merged: dict[tuple[int, int], tuple[int, int]]) -> Header:
    """The header around its main row: a grouping row above it, levels below it."""
    first = row
    if row > start and _groups(grid, row - 1, merged):
        first = row - 1
    last = row
    while last - first + 1 < _MAX_LEVELS and last + 1 < len(grid.rows) and _is_level(grid, row, last + 1, merged):
        last += 1
    width = len(grid.rows[row])
    levels: list[list[str]] = [[] for _ in range(width)]
    for level in range(first, last + 1):
        across = ""
        for column in range(width):
            origin = merged.get((level, column))
            text = _text(grid, *(origin or (level, column)))
            if origin is None and not text and level < last and _below(grid, level, last, column):
                # a list without merged cells leaves the rest of a group blank
                text = across
            across = text or across
            if text and (not levels[column] or levels[column][-1] != text):
                levels[column].append(text)
    return Header(first, last, tuple(_split(parts) for parts in levels))


def _split(parts: list[str]) -> tuple[str, ...]:
    """Levels flattened with 「_」 by an export are levels again."""
    return tuple(level.strip() for part in parts for level in part.split("_") if level.strip())


def _text(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row]
    cell = cells[column] if column < len(cells) else ""
    return cell.strip() if isinstance(cell, str) else str(cell)


def _below(grid: Grid, level: int, last: int, column: int) -> bool:
    return any(_text(grid, row, column) for row in range(level + 1, last + 1))


def _groups(grid: Grid, row: int, merged: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether the row above names groups of columns: several texts, one at least over several columns."""
    cells = [(column, cell) for column, cell in enumerate(grid.rows[row]) if cell != ""]
    if len(cells) < 2 or any(not isinstance(cell, str) or len(cell.strip()) > _TITLE_LENGTH for _, cell in cells):
        return False
    if any(":" in plain_title(str(cell)) for _, cell in cells):
        return False
    return any(merged.get((row, column + 1)) == (row, column) for column, _ in cells)


def _is_level(grid: Grid, main: int, row: int, merged: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether `row` is a further level of the header whose main row is `main`."""
    known = 0
    filled = 0
    for column, cell in enumerate(grid.rows[row]):
        if cell == "":
            continue
        if not isinstance(cell, str) or len(cell.strip()) > _TITLE_LENGTH:
            return False
        above = _text(grid, main, column)
        meaning = _recognised(cell)
        if above and _recognised(above) in _IDENTITY:
            return False
        filled += 1
        known += meaning in _BELOW
    # half of the texts must read as columns of money or months, else it is a row of groups or notes
    return filled > 0 and known * 2 >= filled and not _whole_width(grid, row, merged)


def _whole_width(grid: Grid, row: int, merged: dict[tuple[int, int], tuple[int, int]]) -> bool:
    width = len(grid.rows[row])
    return width > 2 and merged.get((row, width - 1), (row, width - 1))[1] == 0


def _merged_from(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Every covered cell of a merged range near the top -> the range's first cell."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in grid.merges:
        if bottom - top > _MAX_LEVELS:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, min(right, left + 200) + 1):
                if (row, column) != (top, left):
                    covered[row, column] = (top, left)
    return covered
