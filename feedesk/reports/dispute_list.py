"""异议与遗留 as a workbook, for the leader's meeting: every objection shown, by whom, since when, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook

from feedesk.models.days import paper_day
from feedesk.models.disputes import DisputeRow
from feedesk.reports.outlet import outlet
from feedesk.reports.sheets import COUNT, MONEY, Look, Row, Value, discard, line_count, print_set_up, save, yuan

SHEET = "异议与遗留"
HEADER_ROW = 4
COLUMNS: tuple[tuple[str, float], ...] = (
    ("房号", 14),
    ("业主", 14),
    ("类别", 11),
    ("关于", 34),
    ("责任部门", 11),
    ("提出", 12),
    ("天数", 7),
    ("复查", 12),
    ("暂缓什么", 12),
    ("暂缓金额（元）", 14),
    ("进展与结果", 36),
    ("登记", 9),
)
_DAYS, _HELD = 6, 9
_WRAPPED = (3, 10)
_ROW_HEIGHT, _LINE_HEIGHT = 22.0, 14.5
_DAY = "yyyy-mm-dd"


def write_disputes(
    office: str, view: str, rows: Sequence[DisputeRow], summary: str, made_at: datetime, out: BinaryIO | Path
) -> None:
    """Write these objections in the order given; `view` says which they are, `summary` what they come to.

    A file at a path is removed when writing fails. Raises `TargetBusy`, `DiskFull`.
    """
    with outlet(out, SHEET) as stream:
        workbook = Workbook(write_only=True)
        workbook.properties.title = SHEET
        workbook.properties.creator = office
        try:
            _sheet(workbook, office, view, rows, summary, made_at)
            save(workbook, stream, {})
        finally:
            discard(workbook)


def _sheet(
    workbook: Workbook, office: str, view: str, rows: Sequence[DisputeRow], summary: str, made_at: datetime
) -> None:
    sheet = workbook.create_sheet(SHEET)
    print_set_up(sheet, f"{office} · 内部资料", HEADER_ROW, (width for _, width in COLUMNS))
    sheet.append(Row(sheet, [Look(bold=True, size=16, flush=True)])([SHEET]))
    grey = Row(sheet, [Look(grey=True, flush=True)])
    sheet.append(grey([f"{office}　　{view}　　制表 {paper_day(made_at.date())} {made_at:%H:%M}"]))
    sheet.append(grey([summary]))
    head = Look(bold=True, fill=True, above="medium", below="thin", pale_line=False)
    right = replace(head, align="right")
    heads = [right if place in (_DAYS, _HELD) else head for place in range(len(COLUMNS))]
    sheet.append(Row(sheet, heads)([title for title, _ in COLUMNS]))
    looks = [Look(below="thin", wrap=place in _WRAPPED) for place in range(len(COLUMNS))]
    looks[0] = replace(looks[0], bold=True)
    looks[5] = looks[7] = replace(looks[5], number_format=_DAY)
    looks[_DAYS] = replace(looks[_DAYS], align="right", number_format=COUNT)
    looks[_HELD] = replace(looks[_HELD], align="right", number_format=MONEY)
    line = Row(sheet, looks)
    for place, row in enumerate(rows, start=HEADER_ROW + 1):
        values = _values(row, made_at.date())
        lines = max(line_count(str(values[at] or ""), COLUMNS[at][1]) for at in _WRAPPED)
        sheet.row_dimensions[place].height = max(_ROW_HEIGHT, lines * _LINE_HEIGHT + 6)
        sheet.append(line(values))


def _values(row: DisputeRow, today: date) -> list[Value]:
    one = row.dispute
    said = [one.outcome_text, one.resolution] if one.resolved_at else [one.events[-1].words if one.events else ""]
    return [
        row.room,
        row.name + ("（前业主）" if row.is_former else ""),
        one.kind,
        " · ".join(part for part in (one.about_text(), one.note) if part),
        one.department or "未定",
        one.opened_at.date(),
        one.age(today),
        None if one.resolved_at else one.review_on,
        one.holds_text(),
        yuan(row.held),
        "：".join(part for part in said if part) or one.next_text(today),
        one.opened_by,
    ]
