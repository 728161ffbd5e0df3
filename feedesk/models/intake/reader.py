"""One list from file to `Reading`: tables are found, rows read, totals checked, questions asked."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedesk.errors import BadInput
from feedesk.models.arrears_list import (
    FeeSpan,
    ListedAccount,
    Meaning,
    Question,
    QuestionCode,
    Reading,
    ReadOptions,
    Rejected,
    SavedMapping,
    SheetReading,
    Skipped,
    TotalCheck,
)
from feedesk.models.intake import tables as find
from feedesk.models.intake.ledger import PLAIN_ROOM, Ledger
from feedesk.models.intake.period_text import find_period
from feedesk.models.intake.plan import Plan, make_plan
from feedesk.models.intake.rows import RowReader
from feedesk.models.intake.sheets import Book, Cell, Grid, load
from feedesk.models.intake.tables import Table
from feedesk.models.intake.totals import total_checks
from feedesk.models.intake.values import text_of
from feedesk.models.periods import Period
from feedesk.models.rooms import loose_key

_TICK_ROWS = 300
_SHOWN = 5
_DATE = r"(?P<y>20\d\d)\s*[-./年]\s*(?P<m>\d{1,2})\s*[-./月]\s*(?P<d>\d{1,2})"
_AS_OF = (
    re.compile(r"截[至止]\D{0,8}" + _DATE),
    re.compile(r"(?:制表|打印|导出|填表|统计|生成|报表)\D{0,6}" + _DATE),
)
_FILE_DATE = re.compile(r"(?<!\d)(?P<y>20\d\d)[-._年]?(?P<m>\d{2}|\d(?=[-._月]))[-._月]?(?P<d>\d{1,2})(?!\d)")

Tick = Callable[[float], None]


@dataclass(slots=True)
class _Found:
    """What the tables of a file gave, gathered."""

    sheets: list[SheetReading]
    rejected: list[Rejected]
    skipped: list[Skipped]
    checks: list[TotalCheck]
    notes: list[str]
    footers: list[str]


def read_list(
    path: Path,
    options: ReadOptions | None = None,
    *,
    remembered: Mapping[str, SavedMapping] | None = None,
    tick: Tick | None = None,
) -> Reading:
    """Read finance's arrears list.

    `remembered` maps a list's shape to the mapping a clerk confirmed for it. `tick` gets the fraction done and
    may raise `Cancelled`. Raises `FeeDeskError` with one sentence when the file as a whole cannot be read; single
    rows never stop the reading. In careful mode the months of a heading are taken for 本期, other unknown periods
    stay unknown; the questions are listed all the same, so that the answer given is seen.
    """
    report = tick or _ignore
    report(0.0)
    with _collector_resting():
        book = load(path, report)
        return read_book(book, path.name, options or ReadOptions(), remembered=remembered or {}, tick=report)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Nothing is thrown away while a list is read, but the collector would walk all its cells again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _ignore(fraction: float) -> None:
    """Nobody watches."""


def read_book(
    book: Book, file: str, options: ReadOptions, *, remembered: Mapping[str, SavedMapping], tick: Tick
) -> Reading:
    """The same for grids already loaded; the rows of the grids are used up."""
    by_grid = [(grid, find.tables_of(grid)) for grid in book.grids]
    everything = [table for _, tables in by_grid for table in tables]
    shape = find.shape_of(everything)
    sheets: list[SheetReading] = []
    chosen: list[Table] = []
    for grid, tables in by_grid:
        for table in (find.mapped(table, options, remembered, shape) for table in tables):
            why = _why_not(grid, table, options)
            if why:
                sheets.append(find.unused(grid, why, table))
            else:
                chosen.append(table)
                sheets.append(find.used(table, ()))
        if not tables:
            sheets.append(find.unused(grid, _why_no_table(grid)))
    headings = [text for table in everything for text in table.headings]
    headings += [table.grid.name for table in chosen]
    period = next((named for text in headings if (named := find_period(text))), None)
    if not chosen:
        return _nothing_read(book, file, shape, period, sheets, options)
    found = _Found(sheets, [], [], [], [], [])
    ledger = Ledger()
    ledger.several_sheets = len({table.grid.name for table in chosen}) > 1
    _read_tables(chosen, found, ledger, options, period, tick)
    accounts = ledger.accounts()
    as_of = _as_of([*headings, *found.footers], file)
    tick(1.0)
    return Reading(
        file=file,
        sha256=book.sha256,
        shape=shape,
        as_of=as_of,
        period=period,
        sheets=tuple(found.sheets),
        accounts=accounts,
        rejected=tuple(found.rejected),
        skipped=tuple(found.skipped),
        questions=tuple(_questions(chosen, accounts, options, period)),
        checks=tuple(found.checks),
        notes=tuple(_notes(found, book, accounts, options)),
    )


def _why_not(grid: Grid, table: Table, options: ReadOptions) -> str:
    """Why a table is not read; empty when it is."""
    if options.sheets:
        if not {grid.name, table.label} & set(options.sheets):
            return "没有选用"
    elif grid.hidden:
        return "隐藏的工作表" + ("，里面有数据" if table.filled() else "")
    if not table.filled():
        return "只有表头，没有数据"
    if table.is_summary:
        return "按楼汇总的表，不是逐户清单"
    if not table.has_rooms:
        return "没有认出房号列"
    return "" if table.has_money else "没有认出金额列"


def _why_no_table(grid: Grid) -> str:
    if not any(cell != "" for row in grid.rows for cell in row):
        return "空表"
    return "没有表头"


def _nothing_read(
    book: Book, file: str, shape: str, period: Period | None, sheets: list[SheetReading], options: ReadOptions
) -> Reading:
    """No table can be read: a question when a person could still say what its columns mean, else refused."""
    asked = [sheet for sheet in sheets if sheet.columns and sheet.why in ("没有认出房号列", "没有认出金额列")]
    if not asked or options.careful:
        reasons = "；".join(f"“{sheet.name}”{sheet.why}" for sheet in sheets[:_SHOWN])
        more = f"；另有 {len(sheets) - _SHOWN} 个工作表" if len(sheets) > _SHOWN else ""
        raise BadInput(
            f"“{file}”里没有找到逐户的欠费数据（{reasons}{more}），没有读入。", "清单要有一行表头，写着房号和费用。"
        )
    questions = tuple(
        Question(
            QuestionCode.UNKNOWN_COLUMN,
            f"“{sheet.name}”{sheet.why}，请指明哪一列是房号、哪一列是欠费金额。",
            "这张表不读入",
            tuple(column.title for column in sheet.columns if column.title),
        )
        for sheet in asked
    )
    return Reading(file, book.sha256, shape, None, period, tuple(sheets), (), (), (), questions, ())


def _read_tables(
    chosen: Sequence[Table], found: _Found, ledger: Ledger, options: ReadOptions, period: Period | None, tick: Tick
) -> None:
    rows_in_all = sum(table.stop - table.start for table in chosen) or 1
    done = 0
    places = {sheet.name: place for place, sheet in enumerate(found.sheets)}
    current = options.period or (period if options.careful else None)
    year = period.first // 12 if period and period.first // 12 == period.last // 12 else None
    for table in chosen:
        plan = make_plan(table.columns, year)
        find.carried_down(table, plan.identity)
        reader = RowReader(table.grid.name, plan, options, current, ledger)
        beside = _beside(table)
        room, header_words = _header_words(table)
        for number, row in table.data():
            done += 1
            if done % _TICK_ROWS == 0:
                tick(0.5 + 0.5 * done / rows_in_all)
            if beside and any(row[index] != "" for index in beside if index < len(row)):
                row = _without_notes(table, reader, number, row, beside)
            if row[room] == "" and row.count("") == len(row):
                continue
            if (row[room] == "" or row[room] in header_words) and find.repeats_header(table, row):
                text = find.row_text(row)[:60]
                reader.outcome.skipped.append(Skipped(table.grid.name, number, text, "重复的表头"))
            else:
                reader.read(row, number)
        outcome = reader.outcome
        where = f"工作表“{table.grid.name}”" if ledger.several_sheets else ""
        found.checks.extend(total_checks(plan, outcome, where))
        found.rejected.extend(outcome.rejected)
        found.skipped.extend(outcome.skipped)
        found.footers.extend(outcome.footers)
        found.sheets[places[table.label]] = find.used(table, outcome.data_rows)
        found.notes.extend(_limited(outcome.odd_sums, "行的合计对不上"))
        if outcome.rounded:
            found.notes.append(f"{outcome.rounded} 处金额精确到分以下，已四舍五入到分。")
        if _has_unknown_prior(plan, options):
            found.notes.append("“前期”欠费没有写明是哪几个月，期间先记为待核。")


def _beside(table: Table) -> tuple[int, ...]:
    """Columns without a title: what stands there are notes beside the table, unless it looks like data."""
    named = {column.index for column in table.columns if column.title or column.meaning is not Meaning.IGNORE}
    return tuple(index for index in range(len(table.header.titles)) if index not in named)


def _without_notes(
    table: Table, reader: RowReader, number: int, row: list[Cell], beside: tuple[int, ...]
) -> list[Cell]:
    named = [cell for index, cell in enumerate(row) if index not in beside]
    if not any(cell != "" for cell in named):
        return row
    text = " ".join(text_of(row[index]) for index in beside if row[index] != "")
    reader.outcome.skipped.append(Skipped(table.grid.name, number, text[:60], "表旁的说明，这一行照读"))
    return ["" if index in beside else cell for index, cell in enumerate(row)]


def _header_words(table: Table) -> tuple[int, frozenset[str]]:
    """The room's column and what its header says: a header printed again on every page says it again."""
    room = next(c for c in table.columns if c.meaning in (Meaning.ROOM, Meaning.ROOM_PART))
    return room.index, frozenset(table.header.titles[room.index])


def _has_unknown_prior(plan: Plan, options: ReadOptions) -> bool:
    spans = {fee.span for fee in plan.fees} | {line.span for line in plan.lines}
    return FeeSpan.PRIOR in spans and options.prior_period is None


def _limited(sentences: Sequence[str], what: str) -> list[str]:
    shown = [f"{sentence}。" for sentence in sentences[:_SHOWN]]
    if len(sentences) > _SHOWN:
        shown.append(f"另有 {len(sentences) - _SHOWN} {what}。")
    return shown


def _as_of(texts: Sequence[str], file: str) -> date | None:
    """The day the list speaks of: 截至 before 制表日期 before a day in the file's name."""
    for pattern in _AS_OF:
        for text in texts:
            day = _real_day(pattern.search(text))
            if day:
                return day
    return _real_day(_FILE_DATE.search(file))


def _real_day(found: re.Match[str] | None) -> date | None:
    if not found:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _questions(
    chosen: Sequence[Table],
    accounts: Sequence[ListedAccount],
    options: ReadOptions,
    period: Period | None,
) -> list[Question]:
    questions = []
    for table in chosen:
        unsure = [column for column in table.columns if not column.sure]
        for column in unsure:
            title = column.title or f"第 {column.index + 1} 列（没有列名）"
            sheet = f"“{table.label}”的" if len(chosen) > 1 else ""
            questions.append(
                Question(
                    QuestionCode.UNKNOWN_COLUMN,
                    f"{sheet}“{title}”这一列不知道是什么，请指明。",
                    "当作备注保留，不计入欠费",
                    (title,),
                )
            )
    if options.period is None:
        open_spans = {
            charge.span
            for account in accounts
            for charge in account.charges
            if charge.span is FeeSpan.CURRENT or (charge.period is None and charge.span is FeeSpan.UNSAID)
            if charge.period is None or options.careful
        }
        if open_spans:
            questions.append(_period_question(FeeSpan.CURRENT in open_spans, period))
    questions.extend(_same_rooms(accounts))
    return questions


def _period_question(current: bool, period: Period | None) -> Question:
    says = f"标题写的是{period.text()}，" if period else ""
    subject = "“本期”是哪几个月" if current else "这些欠费是哪几个月的"
    careful = f"“本期”按标题记为{period.text()}" if current and period else "期间留空，记为待核"
    return Question(QuestionCode.NO_PERIOD, f"清单没有逐笔写明期间，{says}{subject}？", careful)


def _same_rooms(accounts: Sequence[ListedAccount]) -> list[Question]:
    by_loose: dict[str, list[str]] = {}
    for account in accounts:
        room = account.room
        by_loose.setdefault(room if PLAIN_ROOM.fullmatch(room) else loose_key(room), []).append(room)
    return [
        Question(
            QuestionCode.SAME_ROOM,
            f"{'、'.join(rooms)} 写法不同，是不是同一套？",
            "分开记，各算各的",
            tuple(rooms),
        )
        for rooms in by_loose.values()
        if len(rooms) > 1
    ]


def _notes(found: _Found, book: Book, accounts: Sequence[ListedAccount], options: ReadOptions) -> list[str]:
    notes = list(dict.fromkeys(found.notes))
    hidden = [grid.name for grid in book.grids if grid.hidden]
    if hidden and not options.sheets:
        with_data = [sheet.name for sheet in found.sheets if "里面有数据" in sheet.why]
        if with_data:
            notes.append(f"隐藏的工作表“{'、'.join(with_data)}”里有数据，没有读；需要的话可以选用。")
    late = sum(account.late_fee for account in accounts)
    if late:
        notes.append(f"清单里的滞纳金共 {late // 100:,}.{late % 100:02d} 元，单独记，不算进欠费本金。")
    return notes
