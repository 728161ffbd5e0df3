"""Small lists written as spreadsheets and text files, and what was read from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from feedesk.models.arrears_list import (
    Reading,
    RejectCode,
)

Rows = Sequence[Sequence[object]]


def book(folder: Path, rows: Rows, merges: Sequence[str] = (), name: str = "清单.xlsx") -> Path:
    made = Workbook()
    fill(made.active, rows, merges)
    made.save(folder / name)
    return folder / name


def fill(sheet: object, rows: Rows, merges: Sequence[str] = ()) -> None:
    for row in rows:
        sheet.append(list(row))  # type: ignore[attr-defined]  # openpyxl's sheets are untyped
    for area in merges:
        sheet.merge_cells(area)  # type: ignore[attr-defined]  # as above


def text(folder: Path, content: str, encoding: str = "utf-8", name: str = "清单.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def listed(reading: Reading) -> list[tuple[str, str, str, str, int]]:
    """(room, name, item, period, 分) of every charge."""
    return [
        (account.room, account.name, charge.item, charge.period.iso() if charge.period else "", charge.owed)
        for account in reading.accounts
        for charge in account.charges
    ]


def refused(reading: Reading) -> list[tuple[int, RejectCode]]:
    return [(rejected.row, rejected.code) for rejected in reading.rejected]


def skipped(reading: Reading) -> dict[int, str]:
    return {skipped.row: skipped.why for skipped in reading.skipped}
