"""An arrears list in the shape finance offices export, for the sample office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from feedesk.models.periods import Period

ITEMS = ("管理费", "公摊水电费", "车位费")
_HEADS = (
    "房号",
    "业主姓名",
    "称谓",
    "联系电话",
    "建筑面积",
    "欠费起始月",
    "欠费截止月",
    *ITEMS,
    "合计",
    "应缴日",
    "备注",
)
_WIDTHS = (12, 14, 6, 24, 9, 11, 11, 11, 11, 10, 11, 12, 24)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One unit and quarter; `amounts` in 分, in the order of `ITEMS`, 0 for none."""

    room: str
    name: str
    salutation: str
    phones: tuple[str, ...]
    area: str
    period: Period
    amounts: tuple[int, ...]
    due_on: date
    remark: str


def write_sample_list(rows: Sequence[ListRow], estate: str, as_of: date, target: Path) -> Path:
    """A title, the day, a line a unit and quarter, a total, signatures."""
    book = Workbook()
    sheet = book.active
    sheet.title = "欠费明细"
    sheet.append([f"{estate}物业费欠费明细表"])
    sheet.append([f"数据截至：{as_of.isoformat()}        制表：财务部"])
    sheet.append(list(_HEADS))
    for row in rows:
        first, _, last = row.period.iso().partition("..")
        fees = [_yuan(amount) if amount else None for amount in row.amounts]
        sheet.append(
            [row.room, row.name, row.salutation, "/".join(row.phones), row.area, first, last or first, *fees,
             _yuan(sum(row.amounts)), row.due_on, row.remark]
        )  # fmt: skip
    sheet.append(["合计", *[None] * 9, _yuan(sum(sum(row.amounts) for row in rows))])
    sheet.append([])
    sheet.append(["制表人：            审核人：            日期："])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(_HEADS))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJKLM"[number]].width = width
    sheet.freeze_panes = "A4"
    book.save(target)
    return target


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100
