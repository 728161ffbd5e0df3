"""Delimited text (.csv, .txt): encoding, delimiter, rows. Every cell stays text."""

from __future__ import annotations

import csv
import io
import re
from statistics import median_low

from feedesk.errors import BadInput

_DELIMITERS = (",", "\t", ";", "|")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
_SAMPLE_ROWS = 50


def read_delimited(content: bytes, name: str) -> list[list[str]]:
    """Rows of a delimited text, all of one width; raises `BadInput` when the bytes are no such text.

    A row is a record: line breaks inside quotes do not count, blank lines do, as a spreadsheet numbers them.
    """
    text = decode(content)
    if text is None or _CONTROL.search(text):
        raise BadInput(f"“{name}”不是 Excel 或 CSV 清单，或已损坏，没有读入。", "请让财务重新导出 Excel 或 CSV 再试。")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise BadInput(
            f"“{name}”的引号或分隔符乱了，读不成表格。", "请在表格软件里打开，另存为 Excel 后再试。"
        ) from error
    width = max((len(row) for row in rows), default=0)
    return [[_plain(cell) for cell in row] + [""] * (width - len(row)) for row in rows]


def decode(content: bytes) -> str | None:
    """By byte-order mark, else strict UTF-8, else strict GB18030; None when it is none of them.

    Never guessed from frequencies: guessing takes short GBK texts for something else.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _delimiter(text: str) -> str:
    """The delimiter that gives the most columns in most rows (tabs also stand before text numbers)."""
    lines = text.splitlines()[:_SAMPLE_ROWS]

    def columns(delimiter: str) -> int:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return 0
        return median_low([len(row) for row in rows]) if rows else 0

    return max(_DELIMITERS, key=columns)


def _plain(cell: str) -> str:
    """A cell without the marks that keep numbers from being changed: a tab before it, `="0123"`."""
    bare = cell.strip("\t")
    quoted = _TEXT_FORMULA.fullmatch(bare)
    return quoted[1] if quoted else bare
