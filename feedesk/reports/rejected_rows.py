"""Refused rows of a list as a workbook, so that the clerk can mend them and import the file again.

The original columns stay where they were, under their own titles; 工作表, 行号 and 原因 stand in the last columns,
which the intake knows and passes over. Every cell is text: one beginning with = + - @ never becomes a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from feedesk.errors import file_errors
from feedesk.models.arrears_list import REFUSAL_TITLES, Reading, Rejected, SheetReading
from feedesk.reports.sheets import Look, Row, discard, display_width, plain_text

_WIDTHS = (12, 7, 60)
_NARROW, _WIDE = 8, 24
_MAX_TITLE = 31


def write_rejected(reading: Reading, out: Path, tick: Callable[[int], None] | None = None) -> int:
    """Write the refused rows of `reading` to `out` and return how many there are.

    One sheet for each table with refused rows, since each has its own columns. `tick` gets the number of rows
    written and may raise `Cancelled`. Raises `FeeDeskError` when the target cannot be written; an existing file
    is replaced only when the new one is complete.
    """
    part = out.with_name(out.name + ".part")
    book = Workbook(write_only=True)
    try:
        written = _fill(book, reading, tick)
        with file_errors("未读入的行", out):
            book.save(part)
            part.replace(out)
    finally:
        discard(book)
        part.unlink(missing_ok=True)
    return written


def _fill(book: Workbook, reading: Reading, tick: Callable[[int], None] | None) -> int:
    written = 0
    for sheet, rows in _by_table(reading):
        target = book.create_sheet(_title(sheet.name, book.sheetnames))
        titles = _titles(sheet, max(len(rejected.cells) for rejected in rows))
        _set_up(target, titles, rows[0])
        target.append(Row(target, [Look(bold=True, fill=True)] * (len(titles) + 3))([*titles, *REFUSAL_TITLES]))
        # a text format keeps 1-2 a room and 001 a number when the clerk mends a cell
        line = Row(target, [Look(number_format="@")] * (len(titles) + 2) + [Look(wrap=True, number_format="@")])
        for rejected in rows:
            cells = [*rejected.cells, *[""] * (len(titles) - len(rejected.cells))]
            target.append(line([*cells, rejected.sheet, str(rejected.row), rejected.reason]))
            written += 1
            if tick:
                tick(written)
    if not written:
        book.create_sheet("没有未读入的行")
    return written


def _by_table(reading: Reading) -> Iterable[tuple[SheetReading, list[Rejected]]]:
    """Tables in the order of the list with their refused rows; a sheet's next table begins at its header."""
    used = [sheet for sheet in reading.sheets if sheet.used]
    for sheet in used:
        rows = [rejected for rejected in reading.rejected if sheet is _table_of(rejected, used)]
        if rows:
            yield sheet, rows


def _table_of(rejected: Rejected, used: Sequence[SheetReading]) -> SheetReading | None:
    """The table of that sheet whose header is the last one above the row, and whose columns hold its cells."""

    def fit(sheet: SheetReading) -> tuple[int, int]:
        titled = {column.index for column in sheet.columns if column.title}
        filled = sum(bool(cell) and index in titled for index, cell in enumerate(rejected.cells))
        return max(sheet.header_rows, default=0), filled

    above = [
        sheet
        for sheet in used
        if (sheet.name == rejected.sheet or sheet.name.startswith(f"{rejected.sheet}（第 "))
        and max(sheet.header_rows, default=0) < rejected.row
    ]
    return max(above, key=fit, default=None)


def _titles(sheet: SheetReading, width: int) -> list[str]:
    """The list's own titles by column; levels joined as exports flatten them, which the intake reads again."""
    titles = [""] * max(width, *(column.index + 1 for column in sheet.columns))
    for column in sheet.columns:
        titles[column.index] = column.title.replace("·", "_")
    return titles


def _title(name: str, taken: Sequence[str]) -> str:
    bare = "".join("_" if char in "[]:*?/\\" else char for char in plain_text(name)).strip("'") or "清单"
    title, number = bare[:_MAX_TITLE], 2
    while title.lower() in (other.lower() for other in taken):
        title = f"{bare[: _MAX_TITLE - 4]}_{number}"
        number += 1
    return title


def _set_up(target: WriteOnlyWorksheet, titles: Sequence[str], first: Rejected) -> None:
    target.freeze_panes = "A2"
    cells = [*first.cells, *[""] * (len(titles) - len(first.cells))]
    widths = [
        min(_WIDE, max(_NARROW, display_width(title) + 3, display_width(cell) + 3))
        for title, cell in zip(titles, cells, strict=True)
    ]
    for place, width in enumerate([*widths, *_WIDTHS], start=1):
        target.column_dimensions[get_column_letter(place)].width = width
