"""分期付款协议 as PDF: `PlanAgreement` in, two copies out. Frozen values in, so that a reprint says what was signed.

The page is a column of blocks set from top to bottom; a table goes on under its repeated head, and the signatures
never stand on a page by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from feedesk.errors import BadInput
from feedesk.models import money
from feedesk.models.charges import FEE_KIND_LABELS
from feedesk.models.days import paper_day
from feedesk.models.ledger.agreement import AgreedDebt, PlanAgreement
from feedesk.reports import agreement_words as words
from feedesk.reports.fonts import Fonts, name_characters
from feedesk.reports.notice_words import assumed_note
from feedesk.reports.outlet import outlet
from feedesk.reports.paper import WIDTH, Align, Paper
from feedesk.reports.wrapping import fit

LEFT, RIGHT = 20.0, 190.0
TOP, BOTTOM = 16.0, 281.0
"""Where blocks may stand; the foot line is below."""
_PADDING = 1.6


@dataclass(frozen=True, slots=True)
class Setting:
    """How tightly the agreement is set: type in points, the rest in millimetres."""

    type: float
    lead: float
    row: float
    gap: float


SETTINGS = (Setting(10.5, 5.6, 6.4, 3.2), Setting(9.8, 5.1, 5.6, 2.2), Setting(9, 4.6, 5.0, 1.6))


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a height, drawn at a height. `head` is drawn again where the block starts a page."""

    height: float
    draw: Callable[[float], None]
    head: Block | None = None
    with_next: bool = False
    """Stays on the page of the block after it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table from `left` to `right` in millimetres."""

    title: str
    left: float
    right: float
    align: Align = "left"


def missing_characters(agreement: PlanAgreement, fonts: Fonts) -> str:
    """Characters of the agreement that no font of this PC has; empty when it can be printed."""
    office = agreement.office
    texts = [agreement.number, agreement.name, agreement.clause, agreement.staff, agreement.approved_by, agreement.note]
    texts += [office.office, office.company, office.estate, office.phone, office.address]
    texts += [office.bank_holder, office.bank_name, office.bank_number, *agreement.rooms]
    texts += [part for debt in agreement.debts for part in (debt.room, debt.item, debt.period)]
    return "".join(dict.fromkeys("".join(fonts.missing(text) for text in texts if text)))


def write_agreement(agreement: PlanAgreement, out: BinaryIO | Path, fonts: Fonts | None = None) -> int:
    """Write both copies as one PDF and answer its number of pages. The same values give the same bytes.

    `out`: an open binary stream, or the path of a part file, which the caller renames; a part file is removed when
    writing fails. Raises `BadInput` when a character has no font, `ValueError` when the sums do not agree.
    """
    fonts = fonts or Fonts()
    listed = sum(debt.amount for debt in agreement.debts)
    agreed = sum(part.amount for part in agreement.instalments)
    if not listed == agreed == agreement.total:
        raise ValueError(f"agreement {agreement.number}: debts {listed}, instalments {agreed}, total {agreement.total}")
    lacking = missing_characters(agreement, fonts)
    if lacking:
        raise BadInput(f"分期付款协议里有打不出的字：{name_characters(lacking)}。", "请在资料里补一个可打印的写法。")
    with outlet(out, "分期付款协议") as stream:
        return _write(agreement, stream, fonts)


def agreement_bytes(agreement: PlanAgreement, fonts: Fonts | None = None) -> bytes:
    """The agreement as a PDF in memory, for the preview."""
    out = BytesIO()
    write_agreement(agreement, out, fonts)
    return out.getvalue()


def _write(agreement: PlanAgreement, stream: BinaryIO, fonts: Fonts) -> int:
    paper = Paper(stream, fonts, words.TITLE, agreement.office.office)
    pages = _pages(paper, agreement)
    for copy in words.COPIES:
        for number, page in enumerate(pages, start=1):
            y = TOP
            for block in page:
                block.draw(y)
                y += block.height
            paper.text(
                WIDTH / 2, 289, words.foot_text(agreement, copy, number, len(pages)), 8.5, align="center", grey=0.3
            )
            paper.end_page()
    paper.save()
    return len(pages) * len(words.COPIES)


def _pages(paper: Paper, agreement: PlanAgreement) -> list[list[Block]]:
    """As few pages as can be, at the airiest setting that does with them."""
    return min((_share_out(_blocks(paper, agreement, setting)) for setting in SETTINGS), key=len)


def _share_out(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks page by page; those that belong together move together."""
    pages: list[list[Block]] = [[]]
    y = TOP
    for group in _groups(blocks):
        high = sum(block.height for block in group)
        if y + high > BOTTOM and pages[-1]:
            head = group[0].head
            pages.append([head] if head else [])
            y = TOP + (head.height if head else 0)
        pages[-1] += group
        y += high
    return pages


def _groups(blocks: Iterable[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = [[]]
    for block in blocks:
        groups[-1].append(block)
        if not block.with_next:
            groups.append([])
    return [group for group in groups if group]


def _blocks(paper: Paper, agreement: PlanAgreement, setting: Setting) -> list[Block]:
    found = [_title(paper, agreement), *_parties(paper, agreement, setting)]
    found += _paragraph(paper, words.PREAMBLE, setting)
    found += [_heading(paper, words.DEBTS, setting), *_debts(paper, agreement, setting)]
    for text in words.acknowledgement(agreement):
        found += _paragraph(paper, text, setting)
    found += [_heading(paper, words.PARTS, setting), *_instalments(paper, agreement, setting)]
    for text in words.payment(agreement):
        found += _paragraph(paper, text, setting)
    articles = words.articles(agreement)
    for place, (heading, paragraphs) in enumerate(articles, start=1):
        found.append(_heading(paper, heading, setting))
        for at, text in enumerate(paragraphs, start=1):
            last = place == len(articles) and at == len(paragraphs)
            found += _paragraph(paper, text, setting, with_next=last)
    return [*found, _signatures(paper, agreement)]


def _title(paper: Paper, agreement: PlanAgreement) -> Block:
    def draw(y: float) -> None:
        paper.text(WIDTH / 2 + 1.4, y + 10, words.TITLE, 21, bold=True, align="center", spaced=4)
        if agreement.number:
            paper.qr_code(RIGHT - 17, y - 2, 17, agreement.number)
            paper.text(RIGHT - 20, y + 13.4, f"No. {agreement.number}", 9.5, align="right")
        paper.line(LEFT, y + 17, RIGHT, y + 17, 1.2)

    return Block(18.6, draw)


def _parties(paper: Paper, agreement: PlanAgreement, setting: Setting) -> list[Block]:
    """甲方, 乙方 and the flat, one below the other; a long name takes more lines, an unknown one leaves a blank."""
    label = 38.0
    found = []
    parties = (
        ("甲方（物业服务人）", words.company(agreement)),
        ("乙方（业主）", agreement.name),
        ("房屋", words.home(agreement)),
    )
    for title, text in parties:
        lines = paper.wrap(text, RIGHT - LEFT - label, setting.type + 0.5)

        def draw(y: float, title: str = title, lines: Sequence[str] = lines) -> None:
            base = y + setting.lead * 0.78
            paper.text(LEFT, base, title, setting.type)
            for place, line in enumerate(lines):
                paper.text(LEFT + label, base + place * setting.lead, line, setting.type + 0.5, bold=True)
            if lines == [""]:
                paper.line(LEFT + label, base + 0.8, LEFT + label + 60, base + 0.8)

        found.append(Block(len(lines) * setting.lead + 0.8, draw, with_next=True))
    return found


def _paragraph(paper: Paper, text: str, setting: Setting, *, with_next: bool = False) -> list[Block]:
    """One block a line, so that a page may end inside; never one line alone on either side of three or more."""
    lines = paper.wrap(text, RIGHT - LEFT, setting.type)
    found = []
    for place, line in enumerate(lines):

        def draw(y: float, line: str = line) -> None:
            paper.text(LEFT, y + setting.lead * 0.78, line, setting.type)

        last = place == len(lines) - 1
        bound = (place == 0 or place == len(lines) - 2) and not last
        found.append(Block(setting.lead + (0.9 if last else 0), draw, with_next=bound or with_next))
    return found


def _heading(paper: Paper, text: str, setting: Setting) -> Block:
    def draw(y: float) -> None:
        paper.text(LEFT, y + setting.gap + setting.lead * 0.8, text, setting.type + 0.8, bold=True)

    return Block(setting.gap + setting.lead + 1.0, draw, with_next=True)


# -- tables


def _debts(paper: Paper, agreement: PlanAgreement, setting: Setting) -> list[Block]:
    with_room = len(agreement.rooms) > 1
    widths = ((("房号", 28.0),) if with_room else ()) + (
        ("收费项目", 38.0 if with_room else 48.0), ("所属期间", 42.0 if with_room else 54.0), ("应缴日", 36.0), ("金额（元）", 26.0 if with_room else 32.0),
    )  # fmt: skip
    shape = _columns(widths)
    rows: list[tuple[list[str], bool]] = []
    sums = agreement.subtotals()
    for kind, subtotal in sums.items():
        rows += [(_debt_cells(debt, with_room), False) for debt in agreement.debts if debt.kind is kind]
        if len(sums) > 1:
            rows.append(([f"{FEE_KIND_LABELS[kind]}小计", *[""] * (len(shape) - 2), money.show(subtotal)], True))
    found = _table(paper, shape, rows, setting)
    found.append(_sum(paper, agreement.total, setting))
    if any(debt.due_is_assumed and debt.due_on for debt in agreement.debts):

        def note(y: float) -> None:
            paper.text(LEFT + _PADDING, y + 2.8, assumed_note(), 7.4, grey=0.25)

        found.append(Block(4.2, note))
    return found


def _debt_cells(debt: AgreedDebt, with_room: bool) -> list[str]:
    due = paper_day(debt.due_on) + ("*" if debt.due_is_assumed else "") if debt.due_on else "—"
    return [*([debt.room] if with_room else []), debt.item, debt.period or "期间待核", due, money.show(debt.amount)]


def _instalments(paper: Paper, agreement: PlanAgreement, setting: Setting) -> list[Block]:
    shape = _columns((("期次", 22.0), ("缴付日（当日及以前）", 46.0), ("人民币（大写）", 70.0), ("金额（元）", 32.0)))
    rows = [
        ([f"第 {part.number} 期", paper_day(part.due_on), money.capital(part.amount), money.show(part.amount)], False)
        for part in agreement.instalments
    ]
    return [*_table(paper, shape, rows, setting), _sum(paper, agreement.total, setting)]


def _columns(widths: Sequence[tuple[str, float]]) -> tuple[Column, ...]:
    found, at = [], LEFT
    for title, wide in widths:
        found.append(Column(title, at, at + wide, "right" if title.endswith("（元）") else "left"))
        at += wide
    return tuple(found)


def _table(
    paper: Paper, shape: Sequence[Column], rows: Sequence[tuple[list[str], bool]], setting: Setting
) -> list[Block]:
    """The head and a block a row; a row that starts a page brings the head along."""

    def draw_head(y: float) -> None:
        paper.shade(LEFT, y, RIGHT - LEFT, setting.row, 0.93)
        paper.line(LEFT, y, RIGHT, y, 0.9)
        paper.line(LEFT, y + setting.row, RIGHT, y + setting.row, 0.6)
        for column in shape:
            _put(paper, column, y + setting.row / 2, column.title, min(setting.type, 9.5), bold=True)

    head = Block(setting.row, draw_head, with_next=True)
    found = [head]
    for place, (texts, is_sum) in enumerate(rows):
        found.append(_row(paper, shape, texts, setting, head, bold=is_sum, with_next=place >= len(rows) - 2))
    return found


def _put(paper: Paper, column: Column, middle: float, text: str, size: float, *, bold: bool = False) -> None:
    at = column.right - _PADDING if column.align == "right" else column.left + _PADDING
    paper.text(at, middle + size * 0.13, text, size, bold=bold, align=column.align)


def _row(
    paper: Paper, shape: Sequence[Column], texts: Sequence[str], setting: Setting, head: Block, *, bold: bool, with_next: bool
) -> Block:  # fmt: skip
    size = setting.type - 0.5
    cells = []
    for column, text in zip(shape, texts, strict=True):
        room = column.right - column.left - 2 * _PADDING
        wide = shape[-1].left - column.left if bold and column is shape[0] else room  # a subtotal has blanks beside it
        cells.append(fit(text, wide, (size, size - 1, size - 1.8), partial(paper.width, bold=bold)))
    tallest = max(len(lines) * at for at, lines in cells) - size
    high = setting.row + max(0.0, tallest) * 0.42

    def draw(y: float) -> None:
        for column, (at, lines) in zip(shape, cells, strict=True):
            for step, line in enumerate(lines):
                offset = (step - (len(lines) - 1) / 2) * at * 0.42
                if line:
                    _put(paper, column, y + high / 2 + offset, line, at, bold=bold)
        paper.line(LEFT, y + high, RIGHT, y + high, 0.6 if bold else 0.3, grey=0.45)

    return Block(high, draw, head=head, with_next=with_next)


def _sum(paper: Paper, total: int, setting: Setting) -> Block:
    """合计 in words and in figures."""
    amount = money.show_yuan(total)
    figure = setting.type + 3
    room = RIGHT - LEFT - 2 * _PADDING - 14 - paper.width(amount, figure, True) - 4
    sizes = (setting.type, setting.type - 1, setting.type - 2)
    size, lines = fit("人民币（大写）" + money.capital(total), room, sizes, paper.width)
    high = setting.row + 2.2 + (len(lines) - 1) * size * 0.42

    def draw(y: float) -> None:
        middle = y + high / 2
        paper.line(LEFT, y, RIGHT, y, 0.9)
        paper.text(LEFT + _PADDING, middle + figure * 0.11, "合计", setting.type + 1, bold=True)
        for step, line in enumerate(lines):
            offset = (step - (len(lines) - 1) / 2) * size * 0.42
            paper.text(LEFT + _PADDING + 14, middle + offset + size * 0.13, line, size)
        paper.text(RIGHT - _PADDING, middle + figure * 0.13, amount, figure, bold=True, align="right")
        paper.line(LEFT, y + high, RIGHT, y + high, 0.9)

    return Block(high + 1.2, draw)


# -- signatures


def _signatures(paper: Paper, agreement: PlanAgreement) -> Block:
    """Both sides beside each other, each with its day."""
    second = 109.0
    rows = (10.0, 18.0, 26.0, 34.0)

    def blank(at: float, base: float, label: str, until: float, text: str = "") -> None:
        start = paper.text(at, base, label, 10) + 2
        paper.line(start, base + 1, until, base + 1)
        if text:
            size, lines = fit(text, until - start - 2, (10, 9, 8, 7), paper.width)
            paper.text(start + 1, base, lines[0] if len(lines) == 1 else "".join(lines), size)

    def date_line(at: float, base: float) -> None:
        end = paper.text(at, base, "日期", 10) + 14
        for unit in "年月日":
            paper.text(end, base, unit, 10)
            end += 14

    def draw(y: float) -> None:
        paper.text(LEFT, y + rows[0], "甲方（盖章）", 11, bold=True)
        paper.circle(LEFT + 60, y + rows[0] + 6, 9, 0.5, grey=0.5, dashed=True)
        paper.text(LEFT + 60, y + rows[0] + 7.2, "盖章处", 8.6, align="center", grey=0.45)
        blank(LEFT, y + rows[1], "经办人", LEFT + 48, agreement.staff)
        blank(LEFT, y + rows[2], "批准人", LEFT + 48, agreement.approved_by)
        date_line(LEFT, y + rows[3])
        paper.text(second, y + rows[0], "乙方（签字）", 11, bold=True)
        at = paper.text(second, y + rows[1], "签字人", 10) + 2
        for choice in ("业主本人", "受托人（附委托书）"):
            paper.box(at, y + rows[1] - 3, 3.3, 3.3, 0.7)
            at = paper.text(at + 4.4, y + rows[1], choice, 10) + 3
        blank(second, y + rows[2], "签名", RIGHT)
        date_line(second, y + rows[3])

    return Block(rows[-1] + 4, draw)
