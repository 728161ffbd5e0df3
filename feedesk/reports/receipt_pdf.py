"""收据 as PDF: `Receipt` in, pages out. Frozen values in, so that a reprint shows the same figures.

Two copies on one upright A4 sheet, the payer's above, the office's below, with a cut line between them. An office
printer holds A4: A5 would need another tray, and drivers scale or turn what they are not asked for; and both copies
come from one print, so that none can be forgotten. A receipt with more lines than half a sheet holds gets a whole
sheet for each copy instead, and as many of them as it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from feedesk.errors import BadInput
from feedesk.models import money
from feedesk.models.ledger.payments import Receipt
from feedesk.reports import receipt_words as words
from feedesk.reports.fonts import Fonts, name_characters
from feedesk.reports.notice_layout import Cell, TableRow, share_out
from feedesk.reports.outlet import outlet
from feedesk.reports.paper import HEIGHT, WIDTH, Paper
from feedesk.reports.wrapping import fit

Tick = Callable[[int, int], None]
"""Called with how many receipts are done and how many there are; may raise `errors.Cancelled`."""

LEFT, RIGHT = 18.0, 192.0
HALF = HEIGHT / 2
_PADDING = 1.8
_ROOM_LEFT, _ITEM_LEFT, _AMOUNT_LEFT = 29.0, 68.0, 156.0
_QR = 20.0
_RULE = 30.5
_TABLE_TOP = 46.0
_STAMP = 74.0
"""Middle of the word across a void receipt."""
_SIGN = 21.0
"""Height of the seal's block with the note below it."""
_FOOT = 6.0
"""White below it: office printers leave the last millimetres of a sheet blank."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How tightly the table is set: height of a row of one line in millimetres, type in points."""

    row: float
    type: float


ROOMY, CLOSE, DENSE = Setting(6.6, 10.5), Setting(5.4, 9.5), Setting(4.5, 8.5)


@dataclass(frozen=True, slots=True)
class MissingCharacters:
    """A receipt that cannot be printed as it stands: these characters are in no font of this PC."""

    number: str
    chars: str

    @property
    def text(self) -> str:
        """One sentence that names them."""
        return f"收据 {self.number} 有打不出的字：{name_characters(self.chars)}"


def missing_characters(receipts: Iterable[Receipt], fonts: Fonts) -> tuple[MissingCharacters, ...]:
    """The receipts with characters that no font has, to be told before printing; empty when all can be printed."""
    found = []
    for receipt in receipts:
        texts = [receipt.number, receipt.office, receipt.company, receipt.payer, receipt.method, receipt.reference]
        texts += [receipt.staff, receipt.note, receipt.reversed, *receipt.rooms]
        texts += [part for room, what, _ in receipt.lines for part in (room, what)]
        chars = "".join(dict.fromkeys("".join(fonts.missing(text) for text in texts if text)))
        if chars:
            found.append(MissingCharacters(receipt.number, chars))
    return tuple(found)


def write_receipts(
    receipts: Sequence[Receipt], out: BinaryIO | Path, fonts: Fonts | None = None, tick: Tick | None = None
) -> int:
    """Write all receipts as one PDF and answer its number of pages. The same values give the same bytes.

    `out`: an open binary stream, or the path of a part file, which the caller renames; a part file is removed when
    writing fails. Raises `BadInput` when a character has no font; whatever `tick` raises ends the work.
    """
    fonts = fonts or Fonts()
    if not receipts:
        raise BadInput("没有要打印的收据。", "请先选定一笔收款。")
    for receipt in receipts:
        if sum(amount for _, _, amount in receipt.lines) != receipt.total:
            raise ValueError(f"receipt {receipt.number}: its lines do not add up to its total")
    lacking = missing_characters(receipts, fonts)
    if lacking:
        raise BadInput("；".join(item.text for item in lacking[:5]) + "。", "请在资料里补一个可打印的写法。")
    with outlet(out, "收据") as stream:
        return _write(receipts, stream, fonts, tick)


def receipt_bytes(receipt: Receipt, fonts: Fonts | None = None) -> bytes:
    """One receipt as a PDF in memory, for the preview: the very page that will be printed."""
    out = BytesIO()
    write_receipts([receipt], out, fonts)
    return out.getvalue()


def _write(receipts: Sequence[Receipt], stream: BinaryIO, fonts: Fonts, tick: Tick | None) -> int:
    paper = Paper(stream, fonts, words.TITLE, receipts[0].office)
    pages = 0
    for done, receipt in enumerate(receipts, start=1):
        pages += _receipt(paper, receipt)
        if tick is not None:
            tick(done, len(receipts))
    paper.save()
    return pages


def _receipt(paper: Paper, receipt: Receipt) -> int:
    """Draw both copies of a receipt; answers how many sheets they took."""
    below = _below_table(paper, receipt)
    for setting in (ROOMY, CLOSE, DENSE):
        rows = _rows(paper, receipt, setting)
        if _TABLE_TOP + setting.row + sum(row.height for row in rows) + below <= HALF:
            for top, copy in zip((0.0, HALF), words.COPIES, strict=True):
                _copy(paper, receipt, copy, _Sheet(top, HALF, 1, 1, setting, rows))
            _cut_line(paper)
            paper.end_page()
            return 1
    rows = _rows(paper, receipt, CLOSE)
    last = HEIGHT - _TABLE_TOP - CLOSE.row - below
    full = HEIGHT - _TABLE_TOP - CLOSE.row - 14
    parts = [rows] if sum(row.height for row in rows) <= last else share_out(rows, full, full, last)
    for copy in words.COPIES:
        for page, part in enumerate(parts, start=1):
            _copy(paper, receipt, copy, _Sheet(0, HEIGHT, page, len(parts), CLOSE, part))
            paper.end_page()
    return len(parts) * len(words.COPIES)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where a copy stands and which rows it holds; `top` and `high` in millimetres."""

    top: float
    high: float
    page: int
    pages: int
    setting: Setting
    rows: Sequence[TableRow]


def _copy(paper: Paper, receipt: Receipt, copy: words.Copy, sheet: _Sheet) -> None:
    top = sheet.top
    _head(paper, receipt, copy, sheet)
    _person(paper, receipt, top)
    end = _table(paper, sheet, top + _TABLE_TOP)
    if receipt.reversed:
        paper.stamp(WIDTH / 2 + 6, top + _STAMP, words.VOID, 42, degrees=12, grey=0.55)
    if sheet.page < sheet.pages:
        paper.text(RIGHT, end + 6, words.CARRIED_ON, 9, align="right")
        return
    end = _total(paper, receipt, end)
    _facts(paper, receipt, end)
    _sign(paper, receipt, top + sheet.high - _FOOT - _SIGN)


def _head(paper: Paper, receipt: Receipt, copy: words.Copy, sheet: _Sheet) -> None:
    top = sheet.top
    size, lines = fit(words.letterhead(receipt), 118, (10, 9, 8, 7), paper.width)
    for place, line in enumerate(lines):
        paper.text(LEFT, top + 12.5 - (len(lines) - 1 - place) * 3.2, line, size)
    paper.text(LEFT - 0.4, top + 24.5, words.TITLE, 24, bold=True, spaced=8)
    badge = words.copy_text(copy)
    wide = paper.width(badge, 10, bold=True)
    paper.box(51, top + 18.4, wide + 6, 7.2, 0.7, radius=1.2)
    paper.text(54, top + 23.3, badge, 10, bold=True)
    if receipt.copy_no > 1:
        paper.text(51, top + 29.2, words.reprint_text(receipt), 8.5)
    paper.qr_code(RIGHT - _QR, top + 8, _QR, receipt.number)
    end = RIGHT - _QR - 4.5
    size, _ = fit(receipt.number, 52, (15, 13, 11, 9, 7), lambda text, at: paper.width(text, at, True))
    paper.text(end, top + 23.6, receipt.number, size, bold=True, align="right")
    paper.text(end - paper.width(receipt.number, size, True) - 1.6, top + 23.6, "No.", 10, align="right")
    if sheet.pages > 1:
        paper.text(end, top + 12.5, words.page_text(sheet.page, sheet.pages), 9, align="right")
    paper.line(LEFT, top + _RULE, RIGHT, top + _RULE, 1.2)


def _person(paper: Paper, receipt: Receipt, top: float) -> None:
    """Payer and day in one line, the rooms below: a long name takes a smaller type, then two lines; never cut."""
    base = top + _RULE + 6.4
    day = words.day_text(receipt)
    paper.text(RIGHT, base, day, 9.5, align="right")
    paper.text(LEFT, base, "缴费人", 9)
    left = LEFT + 13
    room = RIGHT - paper.width(day, 9.5) - 5 - left

    def measure(text: str, at: float) -> float:
        return paper.width(text, at, True)

    payer = receipt.payer or "业主"
    size, lines = fit(payer, room, (12.5, 11), measure)
    if len(lines) > 1:
        size, lines = fit(payer, room, (9, 8, 7, 6), measure, max_lines=2)
    for place, line in enumerate(lines):
        paper.text(left, base + (place - (len(lines) - 1) * 0.6) * size * 0.42, line, size, bold=True)
    base += 6.2
    paper.text(LEFT, base, "房号", 9)
    for shown in range(len(receipt.rooms), 0, -1):
        text = words.rooms_text(receipt.rooms, shown)
        if paper.width(text, 11, True) <= RIGHT - left or shown == 1:
            size = min(11.0, 11 * (RIGHT - left) / paper.width(text, 11, True))
            paper.text(left, base, text, size, bold=True)
            break


def _rows(paper: Paper, receipt: Receipt, setting: Setting) -> list[TableRow]:
    rows = []
    for place, (room, what, amount) in enumerate(receipt.lines, start=1):
        cells = (
            Cell((str(place),), setting.type - 1),
            _cell(paper, room, _ITEM_LEFT - _ROOM_LEFT - 2 * _PADDING, setting.type),
            _cell(paper, what, _AMOUNT_LEFT - _ITEM_LEFT - 2 * _PADDING, setting.type),
            Cell((money.show(amount),), setting.type),
        )
        tallest = max(len(cell.lines) for cell in cells)
        rows.append(TableRow(cells, setting.row + (tallest - 1) * setting.type * 0.42, is_subtotal=False))
    return rows


def _cell(paper: Paper, text: str, room: float, size: float) -> Cell:
    fitted, lines = fit(text, room, (size, size - 1, size - 2), paper.width)
    return Cell(tuple(lines), fitted)


def _table(paper: Paper, sheet: _Sheet, top: float) -> float:
    setting = sheet.setting
    paper.shade(LEFT, top, RIGHT - LEFT, setting.row, 0.93)
    paper.line(LEFT, top, RIGHT, top, 0.9)
    base = top + setting.row / 2 + 9.5 * 0.13
    for at, title in ((LEFT, "序号"), (_ROOM_LEFT, "房号"), (_ITEM_LEFT, "收费内容")):
        paper.text(at + _PADDING, base, title, min(9.5, setting.type), bold=True)
    paper.text(RIGHT - _PADDING, base, "金额（元）", min(9.5, setting.type), bold=True, align="right")
    y = top + setting.row
    paper.line(LEFT, y, RIGHT, y, 0.6)
    for row in sheet.rows:
        for cell, at in zip(row.cells[:-1], (LEFT, _ROOM_LEFT, _ITEM_LEFT), strict=True):
            lead = cell.size * 0.42
            first = y + row.height / 2 + cell.size * 0.13 - (len(cell.lines) - 1) * lead / 2
            for step, line in enumerate(cell.lines):
                paper.text(at + _PADDING, first + step * lead, line, cell.size)
        amount = row.cells[-1]
        middle = y + row.height / 2 + amount.size * 0.13
        paper.text(RIGHT - _PADDING, middle, amount.lines[0], amount.size, align="right")
        y += row.height
        paper.line(LEFT, y, RIGHT, y, 0.3, grey=0.45)
    return y


def _capital(paper: Paper, receipt: Receipt) -> tuple[str, float, list[str]]:
    """The sum in figures, and in words at the size and in the lines that fit beside it."""
    amount = money.show_yuan(receipt.total)
    room = RIGHT - LEFT - 2 * _PADDING - 13 - 5 - paper.width(amount, 15, True)
    size, lines = fit("人民币（大写）" + money.capital(receipt.total), room, (11, 10, 9, 8), paper.width)
    return amount, size, lines


_TOTAL_HIGH = 9.4


def _total(paper: Paper, receipt: Receipt, top: float) -> float:
    """合计 in words and in figures."""
    amount, size, lines = _capital(paper, receipt)
    high = _TOTAL_HIGH + max(0, len(lines) - 2) * size * 0.45
    base = top + high / 2 + 15 * 0.125
    paper.line(LEFT, top, RIGHT, top, 0.9)
    paper.text(LEFT + _PADDING, base, "合计", 12, bold=True)
    first = base - (len(lines) - 1) * size * 0.45 / 2
    for place, line in enumerate(lines):
        paper.text(LEFT + _PADDING + 13, first + place * size * 0.45, line, size)
    paper.text(RIGHT - _PADDING, base, amount, 15, bold=True, align="right")
    paper.line(LEFT, top + high, RIGHT, top + high, 0.9)
    return top + high


_LEAD = 4.8
_FACT_LEFT = LEFT + _PADDING + 18


def _fact_lines(paper: Paper, receipt: Receipt) -> list[tuple[str, str, bool]]:
    """(label, text, bold) line by line: how it was paid, the remark, and why the receipt holds no longer."""
    found = []
    for label, text in words.facts(receipt):
        lines = paper.wrap(text, RIGHT - _PADDING - _FACT_LEFT, 9.5)
        found += [(label if place == 0 else "", line, False) for place, line in enumerate(lines)]
    if receipt.reversed:
        lines = paper.wrap(words.void_text(receipt), RIGHT - _PADDING - _FACT_LEFT, 9.5)
        found += [("作废" if place == 0 else "", line, True) for place, line in enumerate(lines)]
    return found


def _facts(paper: Paper, receipt: Receipt, top: float) -> None:
    for place, (label, text, bold) in enumerate(_fact_lines(paper, receipt), start=1):
        paper.text(LEFT + _PADDING, top + 0.6 + place * _LEAD, label, 9, bold=bold) if label else None
        paper.text(_FACT_LEFT, top + 0.6 + place * _LEAD, text, 9.5, bold=bold)


def _below_table(paper: Paper, receipt: Receipt) -> float:
    """Height of everything below the last row of the table, the foot of the sheet included."""
    _, size, lines = _capital(paper, receipt)
    total = _TOTAL_HIGH + max(0, len(lines) - 2) * size * 0.45
    return total + 0.6 + len(_fact_lines(paper, receipt)) * _LEAD + 1.5 + _SIGN + _FOOT


def _sign(paper: Paper, receipt: Receipt, top: float) -> None:
    """Who took the money at the left, the seal's place, office and day at the right, and that this is no invoice."""
    base = top + 9.5
    size, lines = fit(receipt.staff, 40, (11, 9.5, 8), paper.width)
    at = paper.text(LEFT + _PADDING, base, "收款人", 9.5) + 3
    paper.text(at, base, "、".join(lines), size)
    size, lines = fit(receipt.office, 62, (10.5, 9.5, 8.5, 7.5), lambda text, at: paper.width(text, at, True))
    day = words.issued_text(receipt)
    wide = max(paper.width(day, 9.5), *(paper.width(line, size, True) for line in lines))
    for place, line in enumerate(lines):
        paper.text(RIGHT, base - 1.6 - (len(lines) - 1 - place) * size * 0.43, line, size, bold=True, align="right")
    paper.text(RIGHT, base + 4, day, 9.5, align="right")
    middle = min(136.0, RIGHT - wide - 5 - 8.2)
    paper.circle(middle, top + 8.6, 8.2, 0.5, grey=0.5, dashed=True)
    paper.text(middle, top + 9.8, words.SEAL, 8.2, align="center", grey=0.45)
    paper.text(LEFT + _PADDING, top + _SIGN - 0.4, words.NO_INVOICE, 7.8, grey=0.2)


def _cut_line(paper: Paper) -> None:
    paper.dashes(8, HALF, 13, 0.6)
    paper.text(14, HALF + 1.6, "✂", 13)
    paper.dashes(20, HALF, WIDTH - 8, 0.6)
