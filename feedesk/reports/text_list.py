"""The list for the office's SMS gateway: number and text, nothing else, as workbook or CSV.

Numbers are written as text: a gateway gets the very digits, whatever program has looked at the file before.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook

from feedesk.errors import BadInput
from feedesk.reports.outlet import outlet
from feedesk.reports.sheets import Look, Row, discard, plain_text, save

SHEET = "短信名单"
TITLES = ("手机号码", "短信内容")
_WIDTHS = (16, 110)


def write_text_list(texts: Sequence[tuple[str, str]], out: BinaryIO | Path, *, as_csv: bool) -> None:
    """Write (number, words) of every text; raises `BadInput` when there is none, `TargetBusy`, `DiskFull`."""
    if not texts:
        raise BadInput("名单是空的，没有存文件。", "请先勾选要发的户。")
    with outlet(out, SHEET) as stream:
        if as_csv:
            stream.write(_csv(texts))
        else:
            _workbook(texts, stream)


def _csv(texts: Sequence[tuple[str, str]]) -> bytes:
    """UTF-8 with its mark at the front: without it Excel reads Chinese as another encoding."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(TITLES)
    writer.writerows((number, plain_text(words)) for number, words in texts)
    return made.getvalue().encode("utf-8-sig")


def _workbook(texts: Sequence[tuple[str, str]], stream: BinaryIO) -> None:
    book = Workbook(write_only=True)
    try:
        sheet = book.create_sheet(SHEET)
        sheet.freeze_panes = "A2"
        for letter, width in zip("AB", _WIDTHS, strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.append(Row(sheet, [Look(bold=True, fill=True)] * 2)(TITLES))
        line = Row(sheet, [Look(number_format="@"), Look(number_format="@", wrap=True)])
        for number, words in texts:
            sheet.append(line((number, words)))
        save(book, stream, {})
    finally:
        discard(book)
