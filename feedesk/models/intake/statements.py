"""Statements of a bank, WeChat Pay or Alipay, whatever their layout: from file to `StatementReading`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from feedesk.errors import BadInput
from feedesk.models.intake.header import looks_like_header
from feedesk.models.intake.sheets import Cell, Grid, load
from feedesk.models.intake.statement_cells import (
    Flow,
    cell_text,
    flow_of_amount,
    flow_of_sides,
    moment_of,
    refund_note,
    void_of,
    words_of,
)
from feedesk.models.intake.statement_mapping import StatementMapping
from feedesk.models.intake.statement_words import column_of, is_voucher, statement_words
from feedesk.models.intake.values import DayProblem, looks_numeric
from feedesk.models.intake.words import plain_title, squeezed
from feedesk.models.ledger.payments import PayMethod
from feedesk.models.money import AmountProblem
from feedesk.models.statements import (
    Direction,
    StatementColumn,
    StatementKind,
    StatementLine,
    StatementReading,
    StatementTable,
)

_SEARCH_ROWS = 80
_TITLE_LENGTH = 24
_SAMPLE_ROWS = 5
_MONEY = (StatementColumn.IN_AMOUNT, StatementColumn.OUT_AMOUNT, StatementColumn.AMOUNT)
_SIDES = (StatementColumn.IN_AMOUNT, StatementColumn.OUT_AMOUNT)
_ONE_OF_EACH = (
    *_MONEY,
    StatementColumn.DIRECTION,
    StatementColumn.PAYER,
    StatementColumn.PAYER_ACCOUNT,
    StatementColumn.STATE,
)
_SOURCES = (
    re.compile(r"(?:账号|帐号|卡号|账户号)[:：]?\s*\[?([0-9*xX]{4,})"),
    re.compile(
        r"(?:微信昵称|支付宝账户|支付宝账号|账户名称|账户名|户名|姓名|商户号|商户名称)[:：]?\s*\[?([^\],，\s]+)"
    ),
)
_ROUNDED = re.compile(r"\d\.?\d*[eE]\+?\d+$")
"""A long number that a spreadsheet has rounded: 1.00011E+27 may stand for many."""
_ENGLISH = re.compile(r"\[[^\]]*\]")
"""「交易日期[ Transaction Date ]」."""
_NAMED_ACCOUNT = re.compile(r"([^()（）\d*]{2,})[(（](.+)[)）]")
"""「叶国(138****1234)」 where an account is expected."""
_EXACT = 2**53
"""Up to here a spreadsheet's number holds every digit."""
_TOTAL = re.compile(r"(?:人民币|本日|本月|本年|本页|本期|收入|支出|借方|贷方)*(?:合计|总计|小计|累计)[:：]?")

Tick = Callable[[float], None]


@dataclass(slots=True)
class _Layout:
    """Where the table of a grid is and what its columns mean. Rows and columns are 0-based."""

    first: int
    last: int
    titles: tuple[str, ...]
    columns: tuple[StatementColumn, ...]
    ranks: tuple[int, ...]
    told: bool
    """A person has said what the columns mean."""
    places: dict[StatementColumn, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index in sorted(range(len(self.columns)), key=lambda i: (self.ranks[i], i)):
            self.places.setdefault(self.columns[index], []).append(index)

    def cells(self, row: Sequence[Cell], column: StatementColumn) -> list[Cell]:
        """The cells of a row that have this meaning, best column first."""
        return [row[index] for index in self.places.get(column, ()) if index < len(row)]

    def cell(self, row: Sequence[Cell], column: StatementColumn) -> Cell:
        """The best of them, empty when there is none."""
        return next(iter(self.cells(row, column)), "")

    def has(self, *columns: StatementColumn) -> bool:
        """Whether there is a column of one of these meanings."""
        return any(column in self.places for column in columns)


def read_statement(
    path: Path,
    mapping: StatementMapping | None = None,
    *,
    remembered: Mapping[str, StatementMapping] | None = None,
    tick: Tick | None = None,
) -> StatementReading:
    """Read a statement. `mapping` says what its columns mean; `remembered` are such mappings by shape.

    Raises `FeeDeskError` with one sentence when the file as a whole cannot be read. A layout nobody knows is no
    error: `unknown` then says what must be asked, with the table as far as it was found. Lines that cannot be read
    are kept in `rejected` and still have their number. `tick` gets the fraction done and may raise `Cancelled`.
    """
    report = tick or _ignore
    try:
        book = load(path, report)
    except BadInput as error:
        text = error.text.replace("Excel 或 CSV 清单", "Excel 或 CSV 流水").replace("不是清单文件", "不是流水文件")
        raise BadInput(text, "请从网银、微信或支付宝重新导出 CSV 或 Excel 再试。") from error
    grids = [grid for grid in book.grids if not grid.hidden] or list(book.grids)
    found = [(grid, layout) for grid in grids if (layout := _find(grid, mapping, remembered or {}))]
    if not found and mapping is not None:
        raise BadInput(f"“{path.name}”里没有列对应文件所说的那些列，没有读入。", "请检查列名，或不用列对应文件再试。")
    if not found and any(looks_like_header(row) for grid in grids for row in grid.rows[:_SEARCH_ROWS]):
        raise BadInput(f"“{path.name}”是欠费清单，不是流水，没有读入。", "请用“导入清单”。")
    if not found:
        found = _guessed(grids, path.name)
    found = [(grid, _with_direction(grid, layout)) for grid, layout in found]
    grid, layout = found[0]
    unknown = _unknown(grid, layout)
    kind = _kind(grid, layout)
    lines: list[StatementLine] = []
    rejected: list[tuple[int, str]] = []
    if not unknown:
        rows = _Rows(kind)
        for other, place in found:
            if place.titles == layout.titles:
                rows.read(other, place, report)
        lines, rejected = rows.lines, rows.rejected
    report(1.0)
    return StatementReading(
        file=path.name,
        sha256=book.sha256,
        kind=kind,
        source=_source(grid, layout),
        shape=_shape(layout.titles),
        table=StatementTable(layout.titles, layout.columns, _sample(grid, layout), layout.last + 1),
        lines=tuple(lines),
        rejected=tuple(rejected),
        unknown=unknown,
    )


def _ignore(fraction: float) -> None:
    """Nobody watches."""


def _shape(titles: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(plain_title(title) for title in titles).encode()).hexdigest()


def _find(grid: Grid, mapping: StatementMapping | None, remembered: Mapping[str, StatementMapping]) -> _Layout | None:
    """The header as a person has explained it, else as the dictionary knows it."""
    for row in range(min(len(grid.rows), _SEARCH_ROWS)):
        for titles, last in _header_texts(grid, row):
            told = mapping if mapping and mapping.fits(titles) else None
            told = told or (remembered.get(_shape(titles)) if mapping is None else None)
            if told:
                columns = told.meanings(titles)
                ranks = tuple((column_of(title) or (None, 0))[1] for title in titles)
                return _Layout(row, last, titles, columns, ranks, True)
    if mapping is not None:
        return None
    for row in range(min(len(grid.rows), _SEARCH_ROWS)):
        levels = [_read_titles(row, last, titles) for titles, last in _header_texts(grid, row)]
        known = [layout for layout in levels if layout.has(StatementColumn.PAID_AT) and layout.has(*_MONEY)]
        if known:
            # 「发生额」 above 「借方」 and 「贷方」: the level that tells them apart
            return next((layout for layout in known if layout.has(*_SIDES)), known[0])
    return None


def _header_texts(grid: Grid, row: int) -> list[tuple[tuple[str, ...], int]]:
    """What a row says if it is a header: alone, and with the row below as its second level."""
    upper = _titles_of(grid.rows[row])
    if upper is None:
        return []
    found = [(upper, row)]
    lower = _titles_of(grid.rows[row + 1]) if row + 1 < len(grid.rows) else None
    if lower is not None and any(upper):
        joined, across = [], ""
        for above, below in zip(upper, lower, strict=False):
            across = above or across
            joined.append(f"{across}·{below}" if below and across and below != across else above or below)
        found.append((tuple(joined), row + 1))
    return found


def _titles_of(row: Sequence[Cell]) -> tuple[str, ...] | None:
    """The row's texts if it can be one of a header: short words, no figures, no sentences."""
    texts = []
    for cell in row:
        text = _ENGLISH.sub("", cell_text(cell)).strip() if isinstance(cell, str) else None
        if text is None or len(text) > _TITLE_LENGTH or ":" in plain_title(text) or (text and looks_numeric(text)):
            return None
        texts.append(text)
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts) if sum(bool(text) for text in texts) >= 2 else None


def _read_titles(first: int, last: int, titles: tuple[str, ...]) -> _Layout:
    """Meanings by the dictionary; of what there may be only one, the best stays."""
    found = [column_of(title) if title else None for title in titles]
    columns = [hit[0] if hit else StatementColumn.IGNORE for hit in found]
    ranks = tuple(hit[1] if hit else 0 for hit in found)
    for column in _ONE_OF_EACH:
        places = [index for index, meaning in enumerate(columns) if meaning is column]
        for index in sorted(places, key=lambda i: (ranks[i], i))[1:]:
            columns[index] = StatementColumn.IGNORE
    if StatementColumn.IN_AMOUNT in columns or StatementColumn.OUT_AMOUNT in columns:
        columns = [StatementColumn.IGNORE if column is StatementColumn.AMOUNT else column for column in columns]
    return _Layout(first, last, titles, tuple(columns), ranks, False)


def _guessed(grids: Sequence[Grid], name: str) -> list[tuple[Grid, _Layout]]:
    """The row that most likely is the header of a table nobody knows; refused when there is no table at all."""
    best: tuple[int, Grid, int, tuple[str, ...]] | None = None
    for grid in grids:
        for row in range(min(len(grid.rows) - 1, _SEARCH_ROWS)):
            titles = _titles_of(grid.rows[row])
            if titles is None:
                continue
            below = grid.rows[row + 1 : row + 4]
            filled = sum(any(looks_numeric(cell) for cell in line if cell != "") for line in below)
            known = sum(column_of(title) is not None for title in titles if title)
            score = (filled > 0) * 100 + known * 10 + sum(bool(title) for title in titles)
            if filled and (best is None or score > best[0]):
                best = (score, grid, row, titles)
    if best is None:
        raise BadInput(
            f"“{name}”里没有找到流水，没有读入。", "流水要有一行列名，写着日期和金额，下面是一笔一笔的交易。"
        )
    _, grid, row, titles = best
    return [(grid, _read_titles(row, row, titles))]


def _with_direction(grid: Grid, layout: _Layout) -> _Layout:
    """Where one column of amounts has no 收/支 beside it: a column that says nothing but 来账 and 往账 tells it."""
    if layout.told or not layout.has(StatementColumn.AMOUNT) or layout.has(StatementColumn.DIRECTION):
        return layout
    known = statement_words()
    ways = (known.way_in | known.way_out) - {"+", "-"}
    rows = [row for row in grid.rows[layout.last + 1 :] if cell_text(layout.cell(row, StatementColumn.AMOUNT))]
    for index, column in enumerate(layout.columns):
        cells = [cell_text(row[index]) for row in rows if index < len(row)]
        if column is StatementColumn.IGNORE and any(cells) and all(not cell or cell in ways for cell in cells):
            columns = (*layout.columns[:index], StatementColumn.DIRECTION, *layout.columns[index + 1 :])
            return _Layout(layout.first, layout.last, layout.titles, columns, layout.ranks, layout.told)
    return layout


def _unknown(grid: Grid, layout: _Layout) -> str:
    """What only a person can say; empty when the layout is understood."""
    missing = []
    if not layout.has(StatementColumn.PAID_AT):
        missing.append("交易日期")
    if not layout.has(*_MONEY):
        missing.append("金额")
    if missing:
        return f"没有认出哪一列是{'、哪一列是'.join(missing)}，请指明各列的含义。"
    if layout.told or layout.has(*_SIDES, StatementColumn.DIRECTION):
        return ""
    if statement_words().income_only & {plain_title(title) for title in layout.titles}:
        return ""
    amounts = [cell_text(layout.cell(row, StatementColumn.AMOUNT)) for row in grid.rows[layout.last + 1 :]]
    if any(text[:1] in ("-", "+", "−", "－", "＋", "(", "（") and len(text) > 1 for text in amounts):
        return ""
    return "只有一列金额，看不出每一笔是收还是支，请指明。"


def _kind(grid: Grid, layout: _Layout) -> StatementKind:
    """Where the file comes from, by what stands above the table and by its titles."""
    above = squeezed("".join(cell_text(cell) for row in grid.rows[: layout.first] for cell in row))
    titles = "|".join(plain_title(title) for title in layout.titles if title)
    for kind, signs in statement_words().kinds:
        if any(sign in above or sign in titles for sign in signs):
            return kind
    return StatementKind.BANK


def _source(grid: Grid, layout: _Layout) -> str:
    """The account or nickname above the table."""
    above = [" ".join(cell_text(cell) for cell in row if cell != "") for row in grid.rows[: layout.first]]
    for pattern in _SOURCES:
        for text in above:
            found = pattern.search(text)
            if found:
                return found[1]
    return ""


def _sample(grid: Grid, layout: _Layout) -> tuple[tuple[str, ...], ...]:
    width = len(layout.titles)
    rows = [row for row in grid.rows[layout.last + 1 :] if any(cell_text(cell) for cell in row)]
    return tuple(tuple(cell_text(cell) for cell in row[:width]) for row in rows[:_SAMPLE_ROWS])


class _Rows:
    """Reads the rows of one file, sheet after sheet, numbering the transactions."""

    def __init__(self, kind: StatementKind) -> None:
        self._kind = kind
        self._number = 0
        self._seen: Counter[str] = Counter()
        self.lines: list[StatementLine] = []
        self.rejected: list[tuple[int, str]] = []

    def read(self, grid: Grid, layout: _Layout, tick: Tick) -> None:
        """All rows below the header."""
        headers = {title for title in layout.titles if title}
        rows = grid.rows[layout.last + 1 :]
        for place, row in enumerate(rows):
            if place % 1000 == 0:
                tick(0.5 + 0.5 * place / len(rows))
            if not any(cell_text(cell) for cell in row) or _repeats(row, headers):
                continue
            try:
                moment_of(layout.cells(row, StatementColumn.PAID_AT))
                if any(_TOTAL.fullmatch(squeezed(cell)) for cell in row if isinstance(cell, str)):
                    continue
            except DayProblem as problem:
                if self._is_transaction(layout, row):
                    self._number += 1
                    self.rejected.append((layout.last + 2 + place, str(problem)))
                continue
            self._number += 1
            try:
                self.lines.append(self._line(layout, row))
            except AmountProblem as problem:
                self.rejected.append((layout.last + 2 + place, str(problem)))

    @staticmethod
    def _is_transaction(layout: _Layout, row: Sequence[Cell]) -> bool:
        """Whether a row without a day is a transaction all the same, and no total or note below the table."""
        text = squeezed("".join(cell_text(cell) for cell in row))
        if any(word in text for word in statement_words().footer):
            return False
        cells = [cell for column in _MONEY for cell in layout.cells(row, column)]
        return any(words_of(cell) and looks_numeric(cell) for cell in cells)

    def _line(self, layout: _Layout, row: Sequence[Cell]) -> StatementLine:
        paid_at, has_time = moment_of(layout.cells(row, StatementColumn.PAID_AT))
        if layout.has(*_SIDES):
            sides = (layout.cell(row, StatementColumn.IN_AMOUNT), layout.cell(row, StatementColumn.OUT_AMOUNT))
            flow = flow_of_sides(*sides)
        else:
            direction = layout.cell(row, StatementColumn.DIRECTION) if layout.has(StatementColumn.DIRECTION) else None
            flow = flow_of_amount(layout.cell(row, StatementColumn.AMOUNT), direction)
        state = words_of(layout.cell(row, StatementColumn.STATE))
        void, back = _void(flow, state)
        # in the order of the columns, each text once
        memos = dict.fromkeys(
            text
            for index in sorted(layout.places.get(StatementColumn.MEMO, ()))
            if index < len(row) and (text := words_of(row[index]))
        )
        memo = " ".join(memos)
        payer = words_of(layout.cell(row, StatementColumn.PAYER))
        account = words_of(layout.cell(row, StatementColumn.PAYER_ACCOUNT))
        named = None if payer else _NAMED_ACCOUNT.fullmatch(account)
        if named:
            payer, account = named[1], named[2]
        number, is_own = _reference(layout, row)
        if is_own:
            told: tuple[object, ...] = (number, flow.direction, flow.amount)
        else:
            told = (paid_at.isoformat(), flow.direction, flow.amount, payer, account, memo, number)
        key = hashlib.sha256("\n".join((self._kind, *map(str, told))).encode()).hexdigest()[:32]
        if not is_own:
            # without a number of its own, the second of two equal lines is another transaction
            self._seen[key] += 1
            key = f"{key}-{self._seen[key]}"
        return StatementLine(
            line=self._number,
            paid_at=paid_at,
            has_time=has_time,
            direction=flow.direction,
            amount=flow.amount - back,
            payer=payer,
            payer_account=account,
            memo=memo + (refund_note(back) if back else ""),
            reference=number,
            method=_method(self._kind, memo),
            void=void,
            key=key,
        )


def _repeats(row: Sequence[Cell], headers: set[str]) -> bool:
    """A header printed again on every page."""
    texts = [cell_text(cell) for cell in row if cell_text(cell)]
    return len(texts) >= 2 and all(text in headers for text in texts)


def _void(flow: Flow, state: str) -> tuple[str, int]:
    """Why a line is no money received, and the 分 of it that were paid back."""
    if flow.void:
        return flow.void, 0
    if flow.direction is Direction.OUT:
        return "是支出，不是收款", 0
    void, back = void_of(state, flow.amount)
    if flow.direction is Direction.NEITHER:
        return void or "不计收支", 0
    return void, back


def _reference(layout: _Layout, row: Sequence[Cell]) -> tuple[str, bool]:
    """The transaction's number, and whether no other transaction can have it."""
    for index in layout.places.get(StatementColumn.REFERENCE, ()):
        text = words_of(row[index]) if index < len(row) else ""
        if text and text.strip("0"):
            cell = row[index]
            rounded = _ROUNDED.search(text) or (isinstance(cell, float) and abs(cell) >= _EXACT)
            own = not is_voucher(layout.ranks[index]) and len(text) >= 6 and not rounded
            return text, own
    return "", False


def _method(kind: StatementKind, memo: str) -> PayMethod:
    if kind is StatementKind.WECHAT:
        return PayMethod.WECHAT
    if kind is StatementKind.ALIPAY:
        return PayMethod.ALIPAY
    upper = memo.upper()
    for method, signs in statement_words().methods:
        if any(sign in upper for sign in signs):
            return method
    return PayMethod.TRANSFER
