"""承诺兑现 as a sheet beside 收缴统计: both months by clerk, and every promise with what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

from feedesk.models.days import paper_day
from feedesk.models.promise_lines import PROMISE_TITLES, RATE_TITLES, RateLine, rate_lines, shown
from feedesk.models.promises import DEFINITION, JudgedPromise, PromiseMonths
from feedesk.reports.sheets import COUNT, MONEY, Look, Row, Value, print_set_up, yuan

SHEET = "承诺兑现"
_WIDTHS = (20.0, 12.0, 13.0, 13.0, 13.0, 13.0, 16.0, 36.0, 10.0, 12.0, 14.0, 14.0)
_DAY = "yyyy-mm-dd"


def add_promises(workbook: Workbook, months: PromiseMonths, office: str, made_at: datetime) -> None:
    """Append the sheet to a workbook that is being written."""
    sheet = workbook.create_sheet(SHEET)
    print_set_up(sheet, f"{office} · 内部资料", 0, _WIDTHS)
    sheet.append(Row(sheet, [Look(bold=True, size=16, flush=True)])([SHEET]))
    grey = Row(sheet, [Look(grey=True, flush=True)])
    sheet.append(grey([f"{office}　　按承诺日算在哪个月　　制表 {paper_day(made_at.date())} {made_at:%H:%M}"]))
    sheet.append(grey([DEFINITION]))
    sheet.append([])
    _rates(sheet, months)
    sheet.append([])
    _promises(sheet, months)


def _rates(sheet: Any, months: PromiseMonths) -> None:
    head = Look(bold=True, fill=True, above="medium", below="thin", pale_line=False)
    sheet.append(Row(sheet, [head, head, *[replace(head, align="right")] * 10])(list(RATE_TITLES)))
    count = Look(below="thin", align="right", number_format=COUNT)
    share, sums = replace(count, number_format="0.0%"), replace(count, number_format=MONEY)
    looks = [Look(below="thin"), Look(below="thin"), *[count] * 7, share, sums, sums]
    plain, bold = Row(sheet, looks), Row(sheet, [replace(look, bold=True) for look in looks])
    for line in rate_lines(months):
        sheet.append((plain if line.clerk != "全部" else bold)(_rate_values(line)))


def _rate_values(line: RateLine) -> list[Value]:
    rate, share = line.rate, line.rate.kept_share
    counts = (rate.total, rate.kept, rate.late, rate.part, rate.broken, rate.replaced, rate.open)
    told: Value = rate.share_text if share is None else Decimal(share).scaleb(-3)
    return [line.month, line.clerk, *counts, told, yuan(rate.promised), yuan(rate.came)]


def _promises(sheet: Any, months: PromiseMonths) -> None:
    head = Look(bold=True, fill=True, above="medium", below="thin", pale_line=False)
    heads = [replace(head, align="right") if title.endswith("（元）") else head for title in PROMISE_TITLES]
    sheet.append(Row(sheet, heads)(list(PROMISE_TITLES)))
    words, day = Look(below="thin"), Look(below="thin", number_format=_DAY)
    sums = Look(below="thin", align="right", number_format=MONEY)
    row = Row(sheet, [words, words, day, day, sums, sums, words, replace(words, wrap=True), words])
    for one in (*shown(months.now_due), *shown(months.before_due)):
        sheet.append(row(_promise_values(one)))


def _promise_values(one: JudgedPromise) -> list[Value]:
    promise = one.promise
    return [
        promise.room,
        promise.name,
        promise.made_at.date(),
        promise.due_on,
        yuan(promise.amount),
        yuan(one.came),
        one.words,
        one.why,
        promise.staff_name,
    ]
