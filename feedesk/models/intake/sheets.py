"""From a file's bytes to grids of cells. What the file is called is never believed; only its content is.

Row numbers are those of the sheet: a grid starts at row 1 even where the sheet starts lower.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from feedesk.errors import BadInput, FeeDeskError, file_errors
from feedesk.models.intake.delimited import read_delimited

Cell = str | int | float | bool | date | datetime | time | timedelta
Tick = Callable[[float], None]

MAX_BYTES = 200 * 1024 * 1024
"""Larger files are refused before they are read: no list of one estate comes near it."""
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_CELLS = 30_000_000
"""A single stray cell in the last corner would make the reader reserve the whole sheet."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
_BOF = b"\x09\x08"
_FILEPASS = 0x2F
_ROW_REF = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `rows[i]` is row i + 1 of the sheet; empty cells are empty texts."""

    name: str
    rows: list[list[Cell]]
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    """0-based ((first row, first column), (last row, last column))."""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a file and the fingerprint of its bytes."""

    grids: tuple[Grid, ...]
    sha256: str


def load(path: Path, tick: Tick) -> Book:
    """Read a list's file into grids; one `FeeDeskError` sentence when it is not a readable list."""
    content = _bytes_of(path)
    tick(0.05)
    sha256 = hashlib.sha256(content).hexdigest()
    kind = _foreign_kind(content)
    if kind:
        hint = "请用表格软件打开它，另存为 Excel 再导入。" if "网页" in kind else "请让财务导出 Excel 或 CSV 再试。"
        raise BadInput(f"“{path.name}”是{kind}，不是 Excel 或 CSV 清单，没有读入。", hint)
    if _encrypted(content):
        raise BadInput(f"“{path.name}”设了打开密码，读不了。", "请在表格软件里打开，去掉密码另存一份再导入。")
    if content.startswith((_OLE, b"PK")):
        grids = _workbook(content, path.name, tick)
    else:
        grids = (Grid(path.stem, _as_cells(read_delimited(content, path.name))),)
    tick(0.5)
    if not any(cell != "" and _visible(cell) for grid in grids for row in grid.rows for cell in row):
        raise BadInput(f"“{path.name}”里没有任何内容。", "请确认财务导出的是有数据的清单。")
    return Book(grids, sha256)


def _visible(cell: Cell) -> bool:
    """Whether there is anything to see in a cell."""
    return not isinstance(cell, str) or bool(cell.strip())


def _as_cells(rows: list[list[str]]) -> list[list[Cell]]:
    return [list(row) for row in rows]


def _bytes_of(path: Path) -> bytes:
    with file_errors("清单", path):
        if path.is_dir():
            raise BadInput(f"“{path.name}”是文件夹，不是清单文件。", "请选文件夹里的某一份清单。")
        size = path.stat().st_size
        if size == 0:
            raise BadInput(f"“{path.name}”是空文件（0 字节），没有读入。", "请重新导出或重新拷贝一份。")
        if size > MAX_BYTES:
            raise BadInput(
                f"“{path.name}”有 {size / 1024 / 1024:.0f} MB，超过 200 MB 的上限，没有读入。",
                "请按楼栋或年份分成几份，或删掉表里的图片再试。",
            )
        try:
            return path.read_bytes()
        except PermissionError as error:
            raise BadInput(
                f"“{path.name}”正被别的程序占用，或没有读取的权限，没有读入。", "请关掉打开它的程序，或另存一份再试。"
            ) from error


def _foreign_kind(content: bytes) -> str:
    """What the file is when it is plainly no list; empty otherwise."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in (
        (b"%PDF", " PDF 文件"),
        (b"\x89PNG", "图片"),
        (b"\xff\xd8\xff", "图片"),
        (b"GIF8", "图片"),
        (b"Rar!", "压缩包"),
        (b"7z\xbc\xaf", "压缩包"),
        (b"\x1f\x8b", "压缩包"),
        (b"{\\rtf", " Word 文档"),
        (b"SQLite format 3", "数据库文件"),
        (b"<?mso-application", "XML 文件"),
    ):
        if head.startswith(magic):
            return kind
    lowered = head.lower()
    if lowered.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        return "网页另存的表"
    if lowered.startswith(b"<?xml"):
        return " XML 文件"
    if content.startswith(_OLE) and "WordDocument".encode("utf-16-le") in content:
        return " Word 文档"
    if content.startswith(_OLE) and "PowerPoint Document".encode("utf-16-le") in content:
        return " PowerPoint 文件"
    return ""


def _encrypted(content: bytes) -> bool:
    """An OLE2 container holding an encrypted package (.xlsx), or a BIFF stream with a FILEPASS record (.xls)."""
    if not content.startswith(_OLE):
        return False
    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    # The workbook stream starts on a sector; FILEPASS follows its first record within that sector.
    for start in range(_SECTOR, len(content) - 4, _SECTOR):
        if content.startswith(_BOF, start) and _has_filepass(content[start : start + _SECTOR]):
            return True
    return False


def _has_filepass(sector: bytes) -> bool:
    place = 0
    while place + 4 <= len(sector):
        record = int.from_bytes(sector[place : place + 2], "little")
        if record == _FILEPASS:
            return True
        if record == 0:
            return False
        place += 4 + int.from_bytes(sector[place + 2 : place + 4], "little")
    return False


def _workbook(content: bytes, name: str, tick: Tick) -> tuple[Grid, ...]:
    if content.startswith(b"PK"):
        _check_package(content, name)
    damaged = BadInput(f"“{name}”已损坏或不完整，读不出表格。", "请让财务重新导出一份，或在表格软件里打开另存后再试。")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = []
        for place, sheet in enumerate(book.sheets_metadata):
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            read = book.get_sheet_by_name(sheet.name)
            if read.total_height * read.total_width > MAX_CELLS:
                raise _too_wide(name, sheet.name)
            rows: list[list[Cell]] = read.to_python(skip_empty_area=False)
            merges = tuple(read.merged_cell_ranges or ())
            grids.append(Grid(sheet.name, rows, merges, sheet.visible != SheetVisibleEnum.Visible))
            tick(0.05 + 0.45 * (place + 1) / len(book.sheets_metadata))
    except PasswordError as error:
        raise BadInput(f"“{name}”设了打开密码，读不了。", "请去掉密码另存一份再导入。") from error
    except FeeDeskError:
        raise
    except (CalamineError, OSError, ValueError, OverflowError, EOFError) as error:
        raise damaged from error
    except BaseException as error:
        # The reader is compiled; where a damaged file makes it stop, it raises a kind that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged from error
    return tuple(grids)


def _too_wide(name: str, sheet: str) -> BadInput:
    return BadInput(
        f"“{name}”的工作表“{sheet}”范围太大，很远的角落里可能有误填的格子，没有读入。",
        "请删掉数据以外的空行空列，另存后再试。",
    )


def _check_package(content: bytes, name: str) -> None:
    """Refuse archives that are no workbook or would not fit into memory, before the reader opens them."""
    damaged = BadInput(f"“{name}”已损坏或不完整，读不出表格。", "请让财务重新导出一份，或在表格软件里打开另存后再试。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if any(part.startswith("word/") for part in names):
                raise BadInput(
                    f"“{name}”是 Word 文档，不是 Excel 或 CSV 清单，没有读入。", "请让财务导出 Excel 或 CSV 再试。"
                )
            if not any(part.startswith("xl/") or part == "content.xml" for part in names):
                raise BadInput(f"“{name}”是压缩包，不是 Excel 或 CSV 清单，没有读入。", "请解压后选里面的清单。")
            if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED:
                raise BadInput(f"“{name}”解开后超过 1 GB，没有读入。", "请删掉表里的图片和多余的工作表再试。")
            for part in names:
                if part.startswith("xl/worksheets/sheet") and part.endswith(".xml"):
                    _check_area(package.read(part), name, part)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError) as error:
        raise damaged from error


def _check_area(xml: bytes, name: str, part: str) -> None:
    """The area a sheet spans, from its first and last filled cells; formatted empty cells do not count."""
    # Rows ascend, so the last filled cell tells the height; a cheap look at the end of the part is enough.
    tail = _ROW_REF.findall(xml[-20_000:])
    if not tail:
        return
    last_row = max(int(row) for _, row in tail)
    wide = re.findall(rb'<c r="([A-Z]{3})\d{1,7}"[^>/]*>', xml) if last_row > 10_000 else []
    widest = max((_column(letters) for letters in wide), default=_column(b"ZZ") if last_row > 40_000 else 1)
    if wide and last_row * widest > MAX_CELLS:
        raise _too_wide(name, Path(part).stem)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
