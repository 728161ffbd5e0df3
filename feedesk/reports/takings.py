"""当日收款 as a workbook: every payment of the day, and the sums by way of payment that the till is counted against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook

from feedesk.models.days import paper_day_weekday
from feedesk.models.ledger.payments import PAY_METHOD_LABELS
from feedesk.models.ledger.takings import Taking, day_sums
from feedesk.models.money import show
from feedesk.reports.outlet import outlet
from feedesk.reports.sheets import COUNT, MONEY, Look, Row, Value, discard, line_count, print_set_up, save, yuan

SHEET = "收款日报"
HEADER_ROW = 3
COLUMNS: tuple[tuple[str, float], ...] = (
    ("时间", 8),
    ("收款日", 12),
    ("房号", 16),
    ("业主", 14),
    ("金额（元）", 13),
    ("方式", 8),
    ("缴的是", 38),
    ("流水号、票号", 32),
    ("付款人", 12),
    ("收据号", 15),
    ("经办", 9),
    ("备注", 24),
)
_AMOUNT = 4
_WRAPPED = (2, 3, 6, 7, 11)
_ROW_HEIGHT, _LINE_HEIGHT = 22.0, 14.5


def write_takings(day: date, office: str, takings: Sequence[Taking], out: BinaryIO | Path) -> None:
    """Write the payments booked on `day`, in the order given, to a binary stream or to a path (a part file).

    A file at a path is removed when writing fails. Raises `TargetBusy`, `DiskFull`.
    """
    with outlet(out, SHEET) as stream:
        _write(day, office, takings, stream)


def _write(day: date, office: str, takings: Sequence[Taking], stream: BinaryIO) -> None:
    workbook = Workbook(write_only=True)
    workbook.properties.title = SHEET
    workbook.properties.creator = office
    try:
        results = _sheet(workbook, day, office, takings)
        save(workbook, stream, {SHEET: results})
    except BaseException:
        discard(workbook)
        raise


def _sheet(workbook: Workbook, day: date, office: str, takings: Sequence[Taking]) -> dict[str, str | Decimal]:
    sheet = workbook.create_sheet(SHEET)
    print_set_up(sheet, f"{office} · 内部资料", HEADER_ROW, (width for _, width in COLUMNS))
    for row, height in ((1, 30), (2, 19), (3, 24)):
        sheet.row_dimensions[row].height = height
    sheet.append(Row(sheet, [Look(bold=True, size=16, flush=True)])([SHEET]))
    sheet.append(Row(sheet, [Look(grey=True, flush=True)])([f"{office}　　{paper_day_weekday(day)} 登记的收款"]))
    head = Look(bold=True, fill=True, above="medium", below="thin", pale_line=False)
    heads = [replace(head, align="right") if place == _AMOUNT else head for place in range(len(COLUMNS))]
    sheet.append(Row(sheet, heads)([name for name, _ in COLUMNS]))
    _rows(sheet, takings)
    return _totals(sheet, takings)


def _rows(sheet: object, takings: Sequence[Taking]) -> None:
    looks = [Look(below="thin", wrap=place in _WRAPPED) for place in range(len(COLUMNS))]
    looks[0] = replace(looks[0], number_format="hh:mm")
    looks[1] = replace(looks[1], number_format="yyyy-mm-dd")
    looks[2] = replace(looks[2], bold=True)
    looks[_AMOUNT] = replace(looks[_AMOUNT], bold=True, align="right", number_format=MONEY)
    plain = Row(sheet, looks)
    struck = [place not in (6, 11) for place in range(len(COLUMNS))]
    undone = Row(
        sheet, [replace(look, bold=False, grey=True, strike=on) for look, on in zip(looks, struck, strict=True)]
    )
    for place, taking in enumerate(takings, start=HEADER_ROW + 1):
        payment = taking.payment
        values: list[Value] = [
            taking.at.replace(second=0, microsecond=0),
            payment.paid_on,
            "、".join(payment.rooms),
            taking.owner_names,
            # A struck amount stands as words: whoever sums the column gets what counts.
            show(taking.amount) if taking.is_struck else yuan(taking.amount),
            PAY_METHOD_LABELS[payment.method],
            taking.what_for,
            payment.reference,
            payment.payer,
            payment.receipt_no,
            payment.staff_name,
            payment.note,
        ]
        lines = max(line_count(str(values[at] or ""), COLUMNS[at][1]) for at in _WRAPPED)
        sheet.row_dimensions[place].height = max(_ROW_HEIGHT, lines * _LINE_HEIGHT + 6)  # type: ignore[attr-defined] # openpyxl has no types
        sheet.append((undone if taking.is_struck else plain)(values))  # type: ignore[attr-defined]


def _totals(sheet: object, takings: Sequence[Taking]) -> dict[str, str | Decimal]:
    """合计 as a formula over the amounts, then what it is made of by way of payment."""
    first, last = HEADER_ROW + 1, HEADER_ROW + len(takings)
    sums, row = day_sums(takings), HEADER_ROW + len(takings) + 1
    append = sheet.append  # type: ignore[attr-defined] # openpyxl has no types
    looks = [Look(bold=True, above="thin", below="medium", pale_line=False) for _ in COLUMNS]
    looks[_AMOUNT] = replace(looks[_AMOUNT], align="right", number_format=MONEY)
    looks[6] = replace(looks[6], bold=False, grey=True, size=9)
    total = Row(sheet, looks)
    notes = []
    if sums.reversed_count:
        notes.append(f"当日冲正 {sums.reversed_count} 笔，划线，不计入合计")
    if sums.undone_count:
        notes.append(f"冲正以前的收款 {sums.undone_count} 笔 {show(sums.undone_amount)}，已从合计扣减")
    sheet.row_dimensions[row].height = 24  # type: ignore[attr-defined]
    cells = total(
        ["合计", None, f"{sums.count} 笔", None, yuan(sums.amount), None, "；".join(notes) or None, *[None] * 5]
    )
    results: dict[str, str | Decimal] = {}
    if takings:
        total.formula(_AMOUNT, f"=SUM(E{first}:E{last})")
        results[f"E{row}"] = yuan(sums.amount)
    append(cells)
    append([])
    line = Row(
        sheet,
        [
            Look(),
            Look(),
            Look(below="thin"),
            Look(below="thin", align="right", number_format=f'{COUNT}" 笔"'),
            Look(below="thin", align="right", number_format=MONEY),
            Look(grey=True, size=9),
        ],
    )
    for one in sums.by_method:
        undone_words = f"其中冲正 −{show(one.undone)}" if one.undone else None
        append(line([None, None, PAY_METHOD_LABELS[one.method], one.count, yuan(one.amount), undone_words]))
    append([])
    append(
        Row(sheet, [Look(flush=True)])(
            ["收款人：________________　　　复核：________________　　　日期：________________"]
        )
    )
    return results
