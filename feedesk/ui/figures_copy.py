"""The tables of 统计 as they go to the clipboard: text with tabs, and a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeVar

from feedesk.models.collection import Figures, MonthFigure, Part, Rate
from feedesk.models.collection_words import Card, bar_difference, buildings_basis, parts_of, show_rate, show_target
from feedesk.models.money import show
from feedesk.models.promise_lines import RATE_TITLES, RateLine, rate_lines
from feedesk.models.promises import PromiseMonths
from feedesk.ui import clipboard
from feedesk.ui.table import RecordTableModel

R = TypeVar("R")
Lines = Sequence[Sequence[str]]


def put(lines: Lines, words: int = 1) -> None:
    """Copy these lines; the first `words` columns are words, and stay text in a spreadsheet."""
    text = "\n".join("\t".join(line) for line in lines) + "\n"
    rows = "".join(
        f"<tr>{''.join(_cell(cell, place < words) for place, cell in enumerate(line))}</tr>" for line in lines
    )
    clipboard.put(text, f"<table>{rows}</table>")


def put_table(model: RecordTableModel[R], words: int) -> None:
    """Copy all rows of a table under its titles; the first `words` columns are words."""
    columns = model.columns
    put([[spec.title for spec in columns], *([spec.cell(row).text for spec in columns] for row in model.rows())], words)


def _cell(text: str, is_word: bool) -> str:
    style = " style=\"mso-number-format:'\\@'\"" if is_word else ""
    return f"<td{style}>{escape(text)}</td>"


def card_lines(card: Card, figures: Figures) -> list[list[str]]:
    """A figure with the table it is the sum of."""
    head = [
        [f"{card.title} {figures.span.text()}", _percent(card.rate.bp)],
        [f"{card.title} = {card.definition}", card.what],
        ["计划", card.plan.removeprefix("计划 ")],
    ]
    if card.difference:
        head.append(["与计划比", card.difference])
    return [*head, *([note] for note in card.notes), *building_lines(figures)]


def building_lines(figures: Figures) -> list[list[str]]:
    """各栋收费率."""
    rows = [_part_line(name, part, figures.building_bp) for name, part in parts_of(figures)]
    title = ["栋", "当期应收（元）", "当期实收（元）", "收费率", "计划", "与计划比", "收费户", "已交户"]
    return [title, *rows, _part_line("合计", figures.total, figures.target_bp), [buildings_basis(figures)]]


def month_lines(figures: Figures) -> list[list[str]]:
    """各月收费率."""
    return [
        ["月份", "当期应收（元）", "当期实收（元）", "收费率", "计划", "与计划比", "负责人"],
        *(_month_line(month) for month in figures.months),
    ]


def promise_lines(months: PromiseMonths) -> list[list[str]]:
    """承诺兑现: both months as a whole and by clerk."""
    return [list(RATE_TITLES), *(_rate_line(line) for line in rate_lines(months))]


def _rate_line(line: RateLine) -> list[str]:
    rate = line.rate
    counts = (rate.total, rate.kept, rate.late, rate.part, rate.broken, rate.replaced, rate.open)
    sums = (rate.share_text, show(rate.promised), show(rate.came))
    return [line.month, line.clerk, *map(str, counts), *sums]


def _part_line(name: str, part: Part, target_bp: int | None) -> list[str]:
    rate = Rate(part.collected, part.receivable, target_bp)
    return [name, show(part.receivable), show(part.collected), *_against(rate), str(part.households), str(part.paid)]


def _month_line(month: MonthFigure) -> list[str]:
    name = f"{month.month // 12}年{month.month % 12 + 1}月"
    return [name, show(month.part.receivable), show(month.part.collected), *_against(month.rate), month.answers]


def _against(rate: Rate) -> list[str]:
    target = "" if rate.target_bp is None else show_target(rate.target_bp)
    return [_percent(rate.bp), target, bar_difference(rate)]


def _percent(bp: int | None) -> str:
    return "—" if bp is None else f"{show_rate(bp)}%"
