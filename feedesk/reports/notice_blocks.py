"""The parts of a 催款单's front, each drawn at a height and answering where it ends. Millimetres from the top.

What is the same on every notice of an office is drawn once as a shared form; only what differs is drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.utils import ImageReader

from feedesk.models import money
from feedesk.models.days import paper_day
from feedesk.models.notices import NoticeData
from feedesk.models.office import OfficeOnPaper
from feedesk.reports import notice_words as words
from feedesk.reports.notice_layout import HEAD_GAP, LEFT, PADDING, RIGHT, Density, TableRow, columns
from feedesk.reports.paper import Align, Paper
from feedesk.reports.wrapping import fit

HEAD_END = 38.6
"""The thick rule under the title."""
TEXT_LEFT = 38.0
"""Where the text of 依据 and its neighbours starts."""
_WAY_TEXT = 46.0
_CODE_BOX = (158.5, 31.5)
_CAPITAL_SIZES = (10.5, 9.5, 8.5, 7.5)


@dataclass(frozen=True, slots=True)
class Press:
    """What the blocks need besides the notice: the paper, how tightly to set, and the payment-code picture."""

    paper: Paper
    density: Density
    code: ImageReader | None = None
    dry: bool = False
    """Measure only: nothing is drawn."""


def head(press: Press, notice: NoticeData, page: int, pages: int) -> None:
    """Office, title, round, number and QR; the same on every page of a notice."""
    paper = press.paper
    office = words.letterhead(notice.office)

    def static() -> None:
        size, lines = fit(office, 112, (10.5, 10, 9, 8), paper.width)
        if len(lines) > 1:
            size, lines = fit(office, 112, (8, 7, 6), paper.width, max_lines=3)
        for place, line in enumerate(lines):
            paper.text(LEFT, 16.6 - (len(lines) - 1 - place) * size * 0.43, line, size)
        paper.text(LEFT - 0.6, 30.2, words.TITLE, 29, bold=True, spaced=5.8)
        paper.line(LEFT, HEAD_END, RIGHT, HEAD_END, 1.4)

    paper.form(f"head:{office}", static)
    badge = words.round_text(notice)
    wide = paper.width(badge, 12, bold=True)
    paper.box(64, 22.2, wide + 7, 8.6, 0.8, radius=1.4)
    paper.text(67.5, 28.2, badge, 12, bold=True)
    if notice.reprint:
        paper.text(64, 35.2, words.reprint_text(notice), 8.5)
    paper.qr_code(167, 12.5, 23, notice.number)
    number = words.number_text(notice)
    size = min(17.0, 17.0 * 32 / paper.width(number, 17, True))
    paper.text(161.5, 29.2, number, size, bold=True, align="right")
    paper.text(159.5 - paper.width(number, size, True), 29.2, "No.", 10.5, align="right")
    if pages > 1:
        paper.text(161.5, 16.6, words.page_text(page, pages), 9, align="right")


def person(press: Press, notice: NoticeData, top: float) -> float:
    """Room, owner, and the day of the figures. A long name takes a smaller type, then more lines; never cut."""
    paper = press.paper
    base = top + (8.6 if press.density.roomy else 7.6)
    room_size, room = _room(paper, notice)
    as_of = words.as_of_text(notice)
    room_left = LEFT + 11
    label = max(68.0, room_left + paper.width(room, room_size, True) + 7)
    name_left = label + 11
    as_of_left = RIGHT - (paper.width(as_of, 9) + 4 if as_of else 0)
    name = words.addressee(notice)

    def measure(text: str, at: float) -> float:
        return paper.width(text, at, True)

    size, lines = fit(name, as_of_left - name_left, (15, 13.5, 12, 11), measure)
    apart = len(lines) > 1
    if apart:
        size, lines = fit(name, RIGHT - name_left, (13, 12, 11, 10), measure)
    lead = size * 0.47
    end = base + (len(lines) - 1) * lead + (5.2 if apart and as_of else 0)
    if not press.dry:
        paper.text(LEFT, base, "房号", 9)
        paper.text(room_left, base, room, room_size, bold=True)
        paper.text(label, base, "业主", 9)
        for place, line in enumerate(lines):
            paper.text(name_left, base + place * lead, line, size, bold=True)
        if as_of:
            paper.text(RIGHT, end, as_of, 9, align="right")
    return end


def _room(paper: Paper, notice: NoticeData) -> tuple[float, str]:
    """All rooms where there is space for them, else as many as fit and how many there are."""
    for shown in range(len(notice.rooms), 0, -1):
        text = words.rooms_text(notice.rooms, shown)
        for size in (16, 14, 12) if shown > 1 else (16, 14, 12, 10.5, 9, 7.5):
            if paper.width(text, size, True) <= 68:
                return size, text
    text = words.rooms_text(notice.rooms, 1)
    return 7.5 * 68 / paper.width(text, 7.5, True), text


def thanks(press: Press, notice: NoticeData, base: float) -> float:
    """The opening sentence below the owner's name."""
    text = words.thanks(notice)
    density = press.density
    size = density.body + (0.5 if density.roomy else 0)
    lead = density.small_lead + (0.9 if density.roomy else 0.6)
    lines = press.paper.wrap(text, RIGHT - LEFT, size)
    start = base + lead + 2.4

    def static() -> None:
        for place, line in enumerate(lines):
            press.paper.text(LEFT, place * lead, line, size)

    if not press.dry:
        press.paper.form(f"thanks:{density.row}:{text}", static, start)
    return start + (len(lines) - 1) * lead + (3.8 if density.roomy else 3.2)


def table(press: Press, notice: NoticeData, rows: list[TableRow], top: float) -> float:
    """The head and these rows, without the total."""
    paper, density = press.paper, press.density
    with_room = len(notice.rooms) > 1
    shape = columns(with_room, notice.has_waived)
    high = density.row
    own_head = bool(rows) and rows[0].is_head
    body = top + (0 if own_head else high) + sum(row.height for row in rows)
    if press.dry:
        return body

    def static() -> None:
        paper.shade(LEFT, 0, RIGHT - LEFT, high, 0.93)
        paper.line(LEFT, 0, RIGHT, 0, 0.9)
        paper.line(LEFT, high, RIGHT, high, 0.6)
        for column in shape:
            at = column.right - PADDING if column.is_amount else column.left + PADDING
            size = min(density.body - 0.3, 9.4) - (0.8 if with_room else 0)
            size = min(size, size * column.inner / paper.width(column.title, size, True))
            paper.text(at, high / 2 + size * 0.13, column.title, size, bold=True, align=_side(column.is_amount))

    y = top
    if not own_head:
        paper.form(f"table:{with_room}:{notice.has_waived}:{high}", static, top)
        y += high
    for place, row in enumerate(rows):
        gap = HEAD_GAP if row.is_head else 0
        if row.is_head:
            paper.shade(LEFT, y + gap, RIGHT - LEFT, row.height - gap, 0.93)
            paper.line(LEFT, y + gap, RIGHT, y + gap, 0.9)
        for index, (cell, column) in enumerate(zip(row.cells, shape, strict=True)):
            at = column.right - PADDING if column.is_amount else column.left + PADDING
            bold = row.is_subtotal or row.is_head or index == len(shape) - 1
            lead = cell.size * 0.42
            first = y + (row.height + gap) / 2 + cell.size * 0.13 - (len(cell.lines) - 1) * lead / 2
            for step, line in enumerate(cell.lines):
                if line:
                    paper.text(at, first + step * lead, line, cell.size, bold=bold, align=_side(column.is_amount))
        y += row.height
        last = place == len(rows) - 1
        paper.line(LEFT, y, RIGHT, y, 0.9 if last else 0.6 if row.is_subtotal else 0.3, grey=0 if last else 0.45)
    return y


def _side(is_amount: bool) -> Align:
    return "right" if is_amount else "left"


def total(press: Press, notice: NoticeData, top: float) -> float:
    """合计 in figures and 大写, under its last row; below it what a star means, and what was paid beforehand."""
    paper, roomy = press.paper, press.density.roomy
    amount = money.show_yuan(notice.grand_total)
    figure = 17.0 if roomy else 15.5
    left = RIGHT - PADDING - paper.width(amount, figure, True)
    note = words.late_fee_note(notice)
    note_left = left - 4 - paper.width(note, 9)
    capital_left = LEFT + PADDING + 13
    capital = "人民币（大写）" + money.capital(notice.grand_total)
    size, lines = fit(capital, note_left - 4 - capital_left, _CAPITAL_SIZES, paper.width)
    lead = size * 0.45
    high = (10.6 if roomy else 9.0) + max(0, len(lines) - 2) * lead
    below = [words.assumed_note()] if has_assumed_day(notice) else []
    below += [words.prepaid_note(notice)] if notice.prepaid else []
    if not press.dry:
        base = top + high / 2 + figure * 0.12
        paper.text(LEFT + PADDING, base, "合计", 13, bold=True)
        first = base - (len(lines) - 1) * lead / 2
        for place, line in enumerate(lines):
            paper.text(capital_left, first + place * lead, line, size)
        paper.text(note_left, base, note, 9)
        paper.text(RIGHT - PADDING, base, amount, figure, bold=True, align="right")
        paper.line(LEFT, top + high, RIGHT, top + high, 0.9)
        for place, line in enumerate(below):
            paper.text(LEFT + PADDING, top + high + 3.6 + place * 3.4, line, 7.2, grey=0.25)
    return top + high + (0.4 + 3.4 * len(below) if below else 0)


def has_assumed_day(notice: NoticeData) -> bool:
    """Whether a star stands in the table (推定)."""
    return any(line.due_is_assumed and line.due_on for line in notice.lines)


def pay_by(press: Press, notice: NoticeData, top: float) -> float:
    """The box that says until when."""
    paper, roomy = press.paper, press.density.roomy
    high = 12.6 if roomy else 10.4
    if press.dry:
        return top + high
    size = 16.0 if roomy else 14.5
    base = top + high / 2 + size * 0.125
    paper.box(LEFT, top, RIGHT - LEFT, high, 1.2)
    end = paper.text(LEFT + 5, base, "请于", 11) + 3
    day, rest = words.last_day(notice)
    end = paper.text(end, base, day, size, bold=True)
    paper.text(end + 0.6, base, rest, 11)
    paper.text(RIGHT - 5, base, words.hardship(notice), 10, align="right")
    return top + high


def ways(press: Press, notice: NoticeData, top: float) -> float:
    """怎样缴付: only the ways that the office has filled in."""
    paper, density = press.paper, press.density
    office = notice.office
    listed = words.ways_to_pay(office, press.code is not None)
    lead = density.small_lead + (0.5 if density.roomy else 0.4)
    size = 10.0 if density.roomy else 9.2
    right = _CODE_BOX[0] - 4 if press.code is not None else RIGHT
    heading = top + (5.2 if density.roomy else 4.4)
    plan = []
    y = heading
    note_at: tuple[float, float] | None = None
    for place, way in enumerate(listed):
        y += lead + 0.7
        first = y
        lines = [line for text in way.lines for line in press.paper.wrap(text, right - _WAY_TEXT, size)]
        y += (len(lines) - 1) * lead if lines else -lead
        account = 0.0
        if way.account:
            y += lead
            account = y
            end = _WAY_TEXT + paper.width("账号　", size) + paper.width(way.account, size + 1.5, True) + 4
            wide = paper.width(words.transfer_note(notice), size)
            if end + wide > right:
                y += lead
                end = _WAY_TEXT
            note_at = (end, y)
        plan.append((place + 1, way, first, lines, account))
    end = y + 1.2
    box = 36.0 if density.roomy else 31.5
    if press.code is not None:
        end = max(end, top + box)
    if press.dry:
        return end

    def static() -> None:
        paper.text(LEFT, heading - top, "怎样缴付", size + 0.5, bold=True)
        for number, way, first, lines, account in plan:
            paper.circle(LEFT + 2.2, first - top - 1.25, 2.15, 0.7)
            paper.text(LEFT + 2.2, first - top, str(number), size - 1.5, bold=True, align="center")
            paper.text(LEFT + 7, first - top, way.title, size, bold=True)
            for step, line in enumerate(lines):
                paper.text(_WAY_TEXT, first - top + step * lead, line, size)
            if way.account:
                at = paper.text(_WAY_TEXT, account - top, "账号　", size)
                paper.text(at, account - top, way.account, size + 1.5, bold=True)
        if press.code is not None:
            left, wide = _CODE_BOX
            paper.box(left, 0.6, wide, box - 0.6, 0.8, radius=1.6)
            paper.image(left + 2.2, 2.2, wide - 4.4, box - 8.4, press.code)
            paper.text(left + wide / 2, box - 2.2, "收款码", 8.6, align="center")

    name = f"ways:{density.row}:{press.code is not None}:{_office_key(office)}:{note_at and note_at[1] - top}"
    paper.form(name, static, top)
    if note_at:
        paper.text(*note_at, words.transfer_note(notice), size)
    return end


def _office_key(office: OfficeOnPaper) -> str:
    return "\x1f".join((office.bank_holder, office.bank_name, office.bank_number, office.address))


def fine_print(press: Press, notice: NoticeData, top: float) -> float:
    """依据 (only with 物业费), 违约金 (only where listed), 有异议, 请放心: small, never threatening."""
    density = press.density
    parts = [("依据", words.basis(notice)), ("违约金", words.late_fee_basis(notice))]
    parts += [("有异议", words.objection(notice)), ("请放心", words.REASSURANCE)]
    parts = [(label, text) for label, text in parts if text]
    wrapped = [(label, press.paper.wrap(text, RIGHT - TEXT_LEFT, density.small)) for label, text in parts]
    y = top
    for place, (_, lines) in enumerate(wrapped):
        y += len(lines) * density.small_lead + (1.2 if place else 0)
    if press.dry:
        return y

    def static() -> None:
        at = 0.0
        for place, (label, lines) in enumerate(wrapped):
            at += 1.2 if place else 0
            press.paper.text(LEFT, at + density.small_lead * 0.74, label, density.small, bold=True)
            for line in lines:
                press.paper.text(TEXT_LEFT, at + density.small_lead * 0.74, line, density.small)
                at += density.small_lead

    press.paper.form("fine:" + str(density.row) + "\x1f".join(text for _, text in parts), static, top)
    return y


SIGN_HEIGHT = 19.0
"""Height of the block with telephone, clerk, seal place and office."""


def sign(press: Press, notice: NoticeData, top: float) -> None:
    """Telephone and clerk at the left, the seal's place, office and day at the right."""
    paper, office = press.paper, notice.office
    day = paper_day(notice.issued_on)

    def static() -> None:
        upper, lower = 7.6, 13.8
        if office.phone:
            at = paper.text(LEFT, upper, "联系电话", 10.5, bold=True)
            paper.text(at + 3.5, upper, office.phone, 10.5, bold=True)
        if notice.clerk:
            paper.text(LEFT, lower if office.phone else upper, f"经办　{notice.clerk}", 9.5)
        size, lines = fit(office.office, 62, (10.5, 9.5, 8.5), lambda text, at: paper.width(text, at, True))
        wide = max(paper.width(line, size, True) for line in [*lines, day])
        for place, line in enumerate(lines):
            paper.text(RIGHT, upper - (len(lines) - 1 - place) * size * 0.43, line, size, bold=True, align="right")
        paper.text(RIGHT, lower, day, 9.5, align="right")
        middle = min(140.0, RIGHT - wide - 5 - 8.6)
        paper.circle(middle, 9.6, 8.6, 0.5, grey=0.5, dashed=True)
        paper.text(middle, 10.8, words.SEAL, 8.6, align="center", grey=0.45)

    paper.form(f"sign:{office.office}:{office.phone}:{notice.clerk}:{day}", static, top)
