"""催缴记录表 as a workbook: the accounts, every contact, and the day's summary (domain §8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.utils.datetime import to_excel

from feedesk.models.days import paper_day, short_day
from feedesk.models.record_table import RecordContact, RecordRow, RecordTable
from feedesk.reports.outlet import outlet
from feedesk.reports.sheets import COUNT, MONEY, Look, Row, Value, discard, line_count, print_set_up, save, yuan

Tick = Callable[[int, int], None]
"""Called with how many accounts are written and how many there are; may raise `errors.Cancelled`."""

MAIN = "催缴记录表"
DETAIL = "联系明细"
SUMMARY = "当日小结"
HEADER_ROW = 3

COLUMNS: tuple[tuple[str, float], ...] = (
    ("房号", 12),
    ("业主姓名", 14),
    ("欠费金额", 13),
    ("欠费期间", 23),
    ("分类", 6),
    ("阶段", 10),
    ("业主回馈信息", 48),
    ("致电时间", 14),
    ("致电人", 9),
    ("承诺日", 11),
    ("下次跟进", 14),
    ("组团负责人签字", 15),
    ("项目经理签字", 13),
    ("备注", 16),
)
DETAIL_COLUMNS: tuple[tuple[str, float], ...] = (
    ("时间", 17),
    ("房号", 16),
    ("业主姓名", 14),
    ("方式", 9),
    ("号码", 15),
    ("结果", 15),
    ("业主回馈信息", 50),
    ("承诺日", 12),
    ("承诺金额", 13),
    ("下次跟进", 16),
    ("联系人", 11),
    ("备注", 24),
)
_STRUCK = (0, 1, 2, 3, 6)
"""On a paid row: room, name, amount, period, feedback; times and the remark with the day stay readable."""
_ROW_HEIGHT = 24.0
_LINE_HEIGHT = 14.5
_TICK_EVERY = 200


def write_record_table(table: RecordTable, out: BinaryIO | Path, *, tick: Tick | None = None) -> None:
    """Write the workbook to an open binary stream, or to a path (a part file that the caller renames).

    A file at a path is removed when writing fails. Raises `TargetBusy`, `DiskFull`; whatever `tick` raises ends
    the work.
    """
    with outlet(out, MAIN) as stream:
        _write(table, stream, tick)


def _write(table: RecordTable, stream: BinaryIO, tick: Tick | None) -> None:
    workbook = Workbook(write_only=True)
    workbook.properties.title = MAIN
    workbook.properties.creator = table.office
    try:
        results = {MAIN: _main_sheet(workbook, table, tick)}
        _detail_sheet(workbook, table)
        _summary_sheet(workbook, table)
        save(workbook, stream, results)
    except BaseException:
        discard(workbook)
        raise


def _span_text(table: RecordTable) -> str:
    if table.first == table.last:
        return paper_day(table.first)
    return f"{paper_day(table.first)} 至 {paper_day(table.last)}"


def _info(table: RecordTable) -> str:
    parts = [table.office, f"日期 {_span_text(table)}"]
    if table.clerk:
        parts.append(f"客服 {table.clerk}")
    if table.as_of:
        parts.append(f"财务清单截至 {paper_day(table.as_of)}")
    return "　　".join(parts)


# -- the accounts


def _main_sheet(workbook: Workbook, table: RecordTable, tick: Tick | None) -> dict[str, str | Decimal]:
    sheet = workbook.create_sheet(MAIN)
    print_set_up(sheet, f"{table.office} · 内部资料", HEADER_ROW, (width for _, width in COLUMNS))
    first = HEADER_ROW + 1
    last = HEADER_ROW + len(table.rows)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:N{max(last, HEADER_ROW)}"
    _heading(sheet, MAIN, _info(table), COLUMNS, amounts=(2,), centred=(4,))
    plain, refused, paid = (Row(sheet, looks) for looks in _row_looks(table.last))
    for done, row in enumerate(table.rows, start=1):
        values, lines = _values(row, table.last)
        sheet.row_dimensions[HEADER_ROW + done].height = _height(lines)
        kind = paid if row.paid_on else refused if row.category == "E" else plain
        sheet.append(kind(values))
        if tick is not None and (done % _TICK_EVERY == 0 or done == len(table.rows)):
            tick(done, len(table.rows))
    return _totals(sheet, table, first, last)


def _row_looks(today: date) -> tuple[list[Look], list[Look], list[Look]]:
    """The looks of an open row, of one that refuses (its E is bold), and of a paid row."""
    plain = [Look(below="thin") for _ in COLUMNS]
    for place in (0, 2):
        plain[place] = replace(plain[place], bold=True)
    plain[2] = replace(plain[2], align="right", number_format=MONEY)
    plain[4] = replace(plain[4], align="center")
    plain[7] = replace(plain[7], number_format=_day_format(today, " hh:mm"))
    plain[9] = replace(plain[9], number_format=_day_format(today))
    for place in (1, 3, 6, 10, 13):
        plain[place] = replace(plain[place], wrap=True)
    refused = list(plain)
    refused[4] = replace(refused[4], bold=True)
    paid = [replace(look, bold=False, grey=True, strike=place in _STRUCK) for place, look in enumerate(plain)]
    return plain, refused, paid


def _day_format(today: date, clock: str = "") -> str:
    """11-20, with the year only where it is not this one; the cell stays a true date for sorting and filters."""
    first, after = to_excel(date(today.year, 1, 1)), to_excel(date(today.year + 1, 1, 1))
    return f"[<{first:.0f}]yyyy-mm-dd{clock};[>={after:.0f}]yyyy-mm-dd{clock};mm-dd{clock}"


def _values(row: RecordRow, today: date) -> tuple[list[Value], int]:
    """The cells of an account, and how many lines the highest of them takes."""
    last = row.contacts[0] if row.contacts else None
    said = _feedback(row.contacts, today)
    remark = row.remark
    if row.paid_on:
        more = "" if row.remark.startswith("已缴") else row.remark  # the status mark would only say it again
        remark = f"{short_day(row.paid_on, today)} 缴清" + (f"；{more}" if more else "")
    values: list[Value] = [
        row.room,
        row.name or "业主",
        yuan(0 if row.paid_on else row.owed),
        row.period_text,
        row.category,
        row.step,
        said,
        last.at.replace(second=0, microsecond=0) if last else None,
        last.staff_name if last else None,
        row.promise_on,
        row.next_text,
        None,
        None,
        remark,
    ]
    wrapped = ((1, values[1]), (3, row.period_text), (6, said), (10, row.next_text), (13, remark))
    return values, max(line_count(str(text), COLUMNS[place][1]) for place, text in wrapped)


def _feedback(contacts: Sequence[RecordContact], today: date) -> str:
    """What the owner said, newest first, each with its day; the only one of the day needs none before it."""
    lines: list[str] = []
    size = 0
    for place, contact in enumerate(contacts):
        words = " ".join(contact.said.split())
        text = f"{contact.outcome}：{words}" if words else contact.outcome
        line = f"{short_day(contact.at.date(), today)} {contact.at:%H:%M} {text}"
        size += len(line) + 1
        if size > 30_000:
            lines.append(f"……另有 {len(contacts) - place} 次，见“{DETAIL}”")
            break
        lines.append(line)
    return "\n".join(lines)


def _height(lines: int) -> float:
    return min(409.0, max(_ROW_HEIGHT, lines * _LINE_HEIGHT + 6))


def _heading(
    sheet: object,
    title: str,
    info: str,
    columns: Sequence[tuple[str, float]],
    *,
    amounts: Sequence[int] = (),
    centred: Sequence[int] = (),
) -> None:
    """Title, the line below it, and the header row."""
    sheet.row_dimensions[1].height = 30  # type: ignore[attr-defined] # openpyxl has no types
    sheet.row_dimensions[2].height = 19  # type: ignore[attr-defined]
    sheet.row_dimensions[3].height = 24  # type: ignore[attr-defined]
    append = sheet.append  # type: ignore[attr-defined]
    append(Row(sheet, [Look(bold=True, size=16, flush=True)])([title]))
    append(Row(sheet, [Look(grey=True, size=10, flush=True)])([info]))
    looks = [
        Look(
            bold=True,
            fill=True,
            above="medium",
            below="thin",
            pale_line=False,
            align="right" if place in amounts else "center" if place in centred else "left",
        )
        for place in range(len(columns))
    ]
    append(Row(sheet, looks)([name for name, _ in columns]))


def _totals(sheet: object, table: RecordTable, first: int, last: int) -> dict[str, str | Decimal]:
    """合计 as formulas, the count of open accounts, and the lines to sign on."""
    row = last + 1
    looks = [Look(bold=True, above="thin", below="medium", pale_line=False) for _ in COLUMNS]
    looks[2] = replace(looks[2], align="right", number_format=MONEY)
    looks[6] = replace(looks[6], bold=False, grey=True, size=9)
    total = Row(sheet, looks)
    sheet.row_dimensions[row].height = 26  # type: ignore[attr-defined]
    append = sheet.append  # type: ignore[attr-defined]
    values: list[Value] = ["合计", None, None, None, None, None, "划线行已缴清，不计入户数与合计", *[None] * 7]
    cells = total(values)
    results: dict[str, str | Decimal] = {}
    if last >= first:
        total.formula(1, f'=COUNTIF(C{first}:C{last},">0")&" 户"')
        total.formula(2, f"=SUM(C{first}:C{last})")
        results = {
            f"B{row}": f"{sum(item.owed > 0 and not item.paid_on for item in table.rows)} 户",
            f"C{row}": yuan(table.owed),
        }
    else:
        cells = total(["合计", "0 户", yuan(0), *[None] * 11])
    append(cells)
    append([])
    sheet.row_dimensions[row + 2].height = 30  # type: ignore[attr-defined]
    signing = "组团负责人：____________________　　日期：______________　　　　项目经理：____________________　　日期：______________"
    append(Row(sheet, [Look(flush=True)])([signing]))
    return results


# -- every contact


def _detail_sheet(workbook: Workbook, table: RecordTable) -> None:
    sheet = workbook.create_sheet(DETAIL)
    print_set_up(sheet, f"{table.office} · 内部资料", HEADER_ROW, (width for _, width in DETAIL_COLUMNS))
    last = HEADER_ROW + len(table.contacts)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:L{last}"
    info = f"{table.office}　　{_span_text(table)}　　共 {len(table.contacts)} 条"
    _heading(sheet, DETAIL, info, DETAIL_COLUMNS, amounts=(8,))
    looks = [Look(below="thin") for _ in DETAIL_COLUMNS]
    looks[0] = replace(looks[0], number_format="yyyy-mm-dd hh:mm")
    looks[7] = replace(looks[7], number_format="yyyy-mm-dd")
    looks[8] = replace(looks[8], align="right", number_format=MONEY)
    for place in (1, 2, 5, 6, 9, 11):
        looks[place] = replace(looks[place], wrap=True)
    plain = Row(sheet, looks)
    voided = Row(sheet, [replace(look, grey=True, strike=place != 11) for place, look in enumerate(looks)])
    for place, contact in enumerate(table.contacts, start=HEADER_ROW + 1):
        values: list[Value] = [
            contact.at.replace(second=0, microsecond=0),
            "、".join(contact.rooms),
            contact.name or "业主",
            contact.channel,
            contact.number,
            contact.outcome,
            contact.said,
            contact.promise_on,
            yuan(contact.promise_amount) if contact.promise_on else None,
            contact.next_text,
            contact.staff_name,
            f"已作废：{contact.voided}" if contact.voided else None,
        ]
        wrapped = [(str(values[at]), DETAIL_COLUMNS[at][1]) for at in (1, 2, 5, 6, 9, 11) if values[at]]
        sheet.row_dimensions[place].height = _height(max(line_count(text, width) for text, width in wrapped))
        sheet.append((voided if contact.voided else plain)(values))


# -- the day


def _summary_sheet(workbook: Workbook, table: RecordTable) -> None:
    sheet = workbook.create_sheet(SUMMARY)
    columns = (("项目", 22.0), ("数", 15.0), ("金额（元）", 20.0), ("说明", 15.0), ("", 20.0), ("", 20.0))
    print_set_up(sheet, f"{table.office} · 内部资料", 0, (width for _, width in columns))
    _heading(sheet, SUMMARY, _info(table), columns, amounts=(1, 2))
    found = table.summary
    figure = Row(
        sheet,
        [
            Look(bold=True, below="thin"),
            Look(below="thin", align="right", number_format=COUNT),
            Look(below="thin", align="right", number_format=MONEY),
            *[Look(below="thin", grey=True)] * 3,  # the note runs on into the empty cells
        ],
    )
    rows: tuple[tuple[str, int, int | None, str], ...] = (
        ("未缴清", found.open_accounts, found.owed, "户数与合计同“催缴记录表”"),
        ("缴清", found.paid_off, None, "本期间内结清的户数"),
        ("联系", found.contacts, None, "次数；一次联系涉及几套房屋也只算一次"),
        ("其中联系到本人", found.reached, None, "次数"),
        ("联系到的房屋", found.accounts_contacted, None, "套数，同一套只算一次"),
        ("新增承诺", found.promises, found.promised, "业主说定日期和金额"),
        ("承诺兑现", found.kept, None, "本期间内到账的承诺"),
        ("失约", found.broken, None, "本期间内到期未付的承诺"),
        ("出具催款单", found.notices, None, "张数，补打不计"),
    )
    for label, count, amount, note in rows:
        sheet.append(figure([label, count, None if amount is None else yuan(amount), note, None, None]))
    sheet.append([])
    head = [
        Look(bold=True, fill=True, above="medium", below="thin", pale_line=False, align="right" if place else "left")
        for place in range(6)
    ]
    sheet.append(Row(sheet, head)(["客服", "联系（次）", "联系到本人（次）", "承诺（笔）", "承诺金额（元）", ""]))
    clerk = Row(
        sheet,
        [
            Look(bold=True, below="thin"),
            *[Look(below="thin", align="right", number_format=COUNT)] * 3,
            Look(below="thin", align="right", number_format=MONEY),
            Look(below="thin"),
        ],
    )
    for person in found.clerks:
        sheet.append(
            clerk([person.name, person.contacts, person.reached, person.promises, yuan(person.promised), None])
        )
