"""Writing workbooks: styled cells used again row after row, text that stays text, totals that show at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import east_asian_width
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

FACE = "微软雅黑"
"""On every Windows PC; elsewhere the program falls back by itself."""
MONEY = "#,##0.00"
COUNT = "0"
GREY = "808080"
SHADE = "E7E6E6"
MAX_TEXT = 32_000
"""A cell holds 32,767 characters."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")

Value = str | int | Decimal | date | datetime | None


def yuan(fen: int) -> Decimal:
    """分 as the exact number of 元 that the cell holds."""
    return Decimal(fen).scaleb(-2)


def plain_text(text: str) -> str:
    """The text without characters that no workbook may hold, never longer than a cell."""
    return _ILLEGAL.sub(" ", text)[:MAX_TEXT]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks."""

    bold: bool = False
    strike: bool = False
    grey: bool = False
    size: float = 10
    align: str = "left"
    wrap: bool = False
    number_format: str = "General"
    fill: bool = False
    below: str = ""
    """Line under the cell: thin, medium, or none."""
    above: str = ""
    pale_line: bool = True
    flush: bool = False
    """No space before the text, for lines outside the table."""


class Row:
    """Cells of one kind of row, styled once and written again and again with other values.

    Making and styling a cell costs more than writing it, so the same few serve all rows of their kind.
    """

    def __init__(self, sheet: WriteOnlyWorksheet, looks: Sequence[Look]) -> None:
        self._cells = [_cell(sheet, look) for look in looks]
        self._quoted = [_quoted(cell) for cell in self._cells]

    def __call__(self, values: Sequence[Value]) -> list[Any]:
        """The cells holding these values, to be appended before the next call."""
        row = []
        for cell, quoted, value in zip(self._cells, self._quoted, values, strict=True):
            if isinstance(value, str):
                text = plain_text(value)
                used = quoted if text.startswith(_FORMULA_STARTS) else cell
                used._value = text
                used.data_type = "s"
                row.append(used)
            else:
                cell.value = value
                row.append(cell)
        return row

    def formula(self, place: int, text: str) -> None:
        """Put a formula of ours into the cell at `place` of the row made last."""
        self._cells[place].value = text


def _cell(sheet: WriteOnlyWorksheet, look: Look) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name=FACE, sz=look.size, b=look.bold, strike=look.strike, color=GREY if look.grey else "1C2126")
    cell.alignment = Alignment(
        horizontal=look.align,
        vertical="center",
        wrap_text=look.wrap or None,
        indent=0 if look.align == "center" or look.flush else 1,
    )
    colour = "BFBFBF" if look.pale_line else "1C2126"
    cell.border = Border(
        bottom=Side(look.below, colour) if look.below else Side(),
        top=Side(look.above, colour) if look.above else Side(),
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=SHADE)
    cell.number_format = look.number_format
    return cell


def _quoted(cell: Any) -> Any:
    """The same cell, marked as text even when somebody edits it later."""
    twin = copy(cell)
    twin._style = copy(cell._style)
    twin.quotePrefix = True
    return twin


def display_width(text: str) -> int:
    """Columns a text takes in a spreadsheet: a Chinese character counts two."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def line_count(text: str, width: float) -> int:
    """Lines that a wrapped text takes in a column, guessed on the safe side."""
    room = max(2, int(width - 1.5))  # the indent; a Chinese character is in truth a little narrower than two columns
    return sum(max(1, -(-display_width(line) // room)) for line in text.split("\n"))


def print_set_up(sheet: WriteOnlyWorksheet, footer: str, header_row: int, widths: Iterable[float]) -> None:
    """A4 landscape, as wide as the page, the header row again on every page, page numbers. Before the first row."""
    for place, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.55
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.oddFooter.left.text = footer.replace("&", "&&")
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
        sheet.freeze_panes = f"C{header_row + 1}"


class _Writer(ExcelWriter):  # type: ignore[misc] # openpyxl has no types
    """Writes the results of formulas beside them.

    openpyxl leaves them out, and then a total is empty wherever nothing is calculated: in the protected view of
    Excel for files that came by mail, and in the preview of a phone.
    """

    def __init__(
        self, workbook: Workbook, archive: ZipFile, results: Mapping[str, Mapping[str, str | Decimal]]
    ) -> None:
        super().__init__(workbook, archive)
        self._results = results

    def write_worksheet(self, ws: WriteOnlyWorksheet) -> None:
        results = self._results.get(ws.title, {})
        if results:
            ws.close()
            path = Path(ws._writer.out)
            text = path.read_bytes().decode("utf-8")
            head, mark, tail = text.rpartition("</row>")  # totals stand in the last rows
            for place, result in results.items():
                head = _with_result(head, place, result)
            path.write_bytes((head + mark + tail).encode("utf-8"))
        super().write_worksheet(ws)


def _with_result(xml: str, place: str, result: str | Decimal) -> str:
    start = xml.rindex(f'<c r="{place}"')
    end = xml.index("</c>", start)
    cell = xml[start:end]
    if isinstance(result, str):
        cell = cell.replace('">', '" t="str">', 1)
    shown = escape(result) if isinstance(result, str) else str(result)
    cell = re.sub(r"<v\s*/>|<v></v>", lambda _: f"<v>{shown}</v>", cell)
    return xml[:start] + cell + xml[end:]


def save(workbook: Workbook, out: BinaryIO, results: Mapping[str, Mapping[str, str | Decimal]]) -> None:
    """Write the workbook; `results` are the values of its formulas, by sheet and cell."""
    with ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        _Writer(workbook, archive, results).save()


def discard(workbook: Workbook) -> None:
    """Drop a workbook that will not be saved: openpyxl keeps every sheet in an open temporary file."""
    for sheet in workbook.worksheets:
        if sheet._writer is not None and not sheet.closed:
            sheet.close()
        if sheet._writer is not None and Path(sheet._writer.out).exists():
            sheet._writer.cleanup()
