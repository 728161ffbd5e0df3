"""收缴统计 as a workbook: the three rates with their definitions, the buildings, the months, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook

from feedesk.models.collection import Figures, Part, Rate
from feedesk.models.collection_words import bar_difference, buildings_basis, cards, cautions, parts_of
from feedesk.models.days import paper_day
from feedesk.models.money import show_yuan
from feedesk.models.promises import PromiseMonths
from feedesk.reports.outlet import outlet
from feedesk.reports.promises_sheet import add_promises
from feedesk.reports.sheets import COUNT, MONEY, Look, Row, Value, discard, line_count, print_set_up, save, yuan

TITLE = "收缴统计"
PERCENT = "0.00%"
_WIDTHS = (20.0, 18.0, 18.0, 12.0, 12.0, 14.0, 11.0, 11.0, 12.0)
_NUMBERS = (MONEY, MONEY, PERCENT, PERCENT, "General", COUNT, COUNT, PERCENT)
_LINE_HEIGHT = 14.5


def write_figures(
    figures: Figures, office: str, made_at: datetime, out: BinaryIO | Path, promises: PromiseMonths | None = None
) -> None:
    """Write the workbook to an open binary stream, or to a path (a part file that the caller renames).

    With `promises`, 承诺兑现 is its second sheet.

    A file at a path is removed when writing fails. Raises `TargetBusy`, `DiskFull`.
    """
    with outlet(out, TITLE) as stream:
        _write(figures, office, made_at, stream, promises)


def _write(figures: Figures, office: str, made_at: datetime, stream: BinaryIO, promises: PromiseMonths | None) -> None:
    workbook = Workbook(write_only=True)
    workbook.properties.title = TITLE
    workbook.properties.creator = office
    try:
        sheet = workbook.create_sheet(TITLE)
        print_set_up(sheet, f"{office} · 内部资料", 0, _WIDTHS)
        sheet.page_setup.orientation = "portrait"  # three tables below each other: a usual office fits one page
        lines = _Lines(sheet)
        lines.plain([TITLE], Look(bold=True, size=16, flush=True))
        lines.plain([_info(figures, office, made_at)], Look(grey=True, flush=True))
        _rates(lines, figures)
        _parts(lines, figures)
        _months(lines, figures)
        if promises is not None:
            add_promises(workbook, promises, office, made_at)
        save(workbook, stream, {})
    except BaseException:
        discard(workbook)
        raise


def _info(figures: Figures, office: str, made_at: datetime) -> str:
    span = figures.span
    counted = "今天" if span.as_of == made_at.date() else paper_day(span.as_of)
    parts = [office, span.text(), f"钱数到{counted}", f"制表 {paper_day(made_at.date())} {made_at:%H:%M}"]
    if figures.list_as_of:
        parts.append(f"财务清单截至 {paper_day(figures.list_as_of)}")
    return "　　".join(parts)


class _Lines:
    """Appends lines to the sheet and counts them."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._row = 0
        number = [Look(below="thin", align="right", number_format=one) for one in _NUMBERS]
        self._body = Row(sheet, [Look(bold=True, below="thin"), *number])
        total = [replace(look, bold=True, below="medium", pale_line=False) for look in number]
        self._total = Row(sheet, [Look(bold=True, below="medium", pale_line=False), *total])
        head = [Look(bold=True, fill=True, above="medium", below="thin", pale_line=False)]
        self._head = Row(sheet, head + [replace(head[0], align="right")] * len(_NUMBERS))
        self._rates_head = Row(sheet, [*head, *[replace(head[0], align="right")] * 3, *head * (len(_WIDTHS) - 4)])

    def plain(self, values: Sequence[Value], look: Look, *, height: float = 0) -> None:
        """Cells that all look the same."""
        self._add(Row(self._sheet, [look] * len(values))(values), height)

    def gap(self) -> None:
        """An empty line."""
        self._add([], 0)

    def head(self, titles: Sequence[str], *, rates: bool = False) -> None:
        """The head of a table; that of the rates ends in a column of words."""
        filled = [*titles, *[""] * (len(_WIDTHS) - len(titles))]
        self._add((self._rates_head if rates else self._head)(filled), 20)

    def body(self, values: Sequence[Value], *, total: bool = False) -> None:
        """A line of figures."""
        filled = [*values, *[None] * (len(_WIDTHS) - len(values))]
        self._add((self._total if total else self._body)(filled), 18)

    def rate(self, values: Sequence[Value], text: str) -> None:
        """A rate with its definition and how it was counted, which runs on over the last columns."""
        looks = [
            Look(bold=True, below="thin"),
            Look(bold=True, below="thin", align="right", number_format=PERCENT),
            Look(below="thin", align="right", number_format=PERCENT),
            Look(below="thin", align="right"),
            Look(below="thin", wrap=True),
            *[Look(below="thin")] * 4,
        ]
        row = self._row + 1
        self._sheet.merged_cells.ranges.add(f"E{row}:I{row}")
        height = max(20.0, line_count(text, sum(_WIDTHS[4:])) * _LINE_HEIGHT + 6)
        self._add(Row(self._sheet, looks)([*values, text, None, None, None, None]), height)

    def _add(self, cells: list[Any], height: float) -> None:
        self._row += 1
        if height:
            self._sheet.row_dimensions[self._row].height = height
        self._sheet.append(cells)


def _rates(lines: _Lines, figures: Figures) -> None:
    lines.gap()
    lines.head(["指标", "数值", "计划", "与计划比", "怎么算的"], rates=True)
    for card in cards(figures):
        notes = "".join(card.notes)
        text = f"{card.title} = {card.definition}\n{card.what}" + (f"\n{notes}" if notes else "")
        lines.rate(
            [card.title, _share(card.rate.bp), _share(card.rate.target_bp), card.difference or "没有定计划"], text
        )
    for caution in cautions(figures):
        lines.plain([f"注意：{caution}"], Look(grey=True, size=9, flush=True))


def _parts(lines: _Lines, figures: Figures) -> None:
    lines.gap()
    titles = ["各栋", "当期应收（元）", "当期实收（元）", "收费率", "计划", "与计划比", "收费户", "已交户", "户收费率"]
    lines.head(titles)
    for name, part in parts_of(figures):
        lines.body(_part(name, part, figures.building_bp))
    lines.body(_part("合计", figures.total, figures.target_bp), total=True)
    lines.plain([buildings_basis(figures)], Look(grey=True, size=9, flush=True))
    if figures.outside != Part():
        words = f"清单外：财务应收里没有列进清单的户，{figures.outside.households:,} 户 {show_yuan(figures.outside.receivable)}，都已交。"
        lines.plain([words], Look(grey=True, size=9, flush=True))


def _part(name: str, part: Part, target_bp: int | None) -> list[Value]:
    rate = Rate(part.collected, part.receivable, target_bp)
    households = Rate(part.paid, part.households)
    return [
        name,
        yuan(part.receivable),
        yuan(part.collected),
        _share(rate.bp),
        _share(rate.target_bp),
        bar_difference(rate),
        part.households,
        part.paid,
        _share(households.bp),
    ]


def _months(lines: _Lines, figures: Figures) -> None:
    lines.gap()
    titles = [
        f"{figures.span.year} 年各月",
        "当期应收（元）",
        "当期实收（元）",
        "收费率",
        "计划",
        "与计划比",
        "应收来自",
        "负责人",
    ]
    lines.head(titles)
    for month in figures.months:
        source = "财务" if month.by_plan else "清单内" if month.is_listed else "没有清单"
        lines.body(
            [
                f"{month.month % 12 + 1}月",
                yuan(month.part.receivable),
                yuan(month.part.collected),
                _share(month.rate.bp),
                _share(month.target_bp),
                bar_difference(month.rate),
                source,
                month.answers or None,
            ]
        )


def _share(bp: int | None) -> Decimal | None:
    """Basis points as the exact share that the cell holds."""
    return None if bp is None else Decimal(bp).scaleb(-4)
