"""How the table of a 催款单 is grouped, measured and shared out over pages. Millimetres; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from feedesk.models import money
from feedesk.models.charges import FEE_KIND_LABELS, FeeKind
from feedesk.models.days import paper_day
from feedesk.models.notices import NoticeData, NoticeLateFee, NoticeLine
from feedesk.reports.wrapping import fit

LEFT = 20.0
RIGHT = 190.0
NONE = "—"

MeasureAt = Callable[[str, float, bool], float]
"""Width in millimetres of a text at a size in points, bold or not."""


@dataclass(frozen=True, slots=True)
class Density:
    """How tightly a page is set. Heights in millimetres, type in points."""

    row: float
    """Height of a table row of one line."""
    body: float
    """Type of the table."""
    small: float
    """Type of 依据, 有异议, 请放心."""
    small_lead: float
    gap: float
    """White between blocks."""
    roomy: bool
    """Whether the large measures of the head, the total and the pay-by box are used."""


AIRY = Density(row=6.6, body=10, small=9, small_lead=5.0, gap=4.2, roomy=True)
CLOSE = Density(row=5.6, body=9.5, small=8.2, small_lead=4.3, gap=2.6, roomy=False)
DENSE = Density(row=5.0, body=9, small=7.6, small_lead=3.9, gap=1.7, roomy=False)
TIGHT = Density(row=4.6, body=8.7, small=7.2, small_lead=3.65, gap=1.3, roomy=False)
"""Only for a notice with late fee, whose second table would else push it onto a second sheet."""


def densities(notice: NoticeData) -> tuple[Density, ...]:
    """From airy to tight, as they are tried."""
    return (AIRY, CLOSE, DENSE, TIGHT) if notice.late_fee else (AIRY, CLOSE, DENSE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table between two millimetre positions, cell padding included."""

    title: str
    left: float
    right: float
    is_amount: bool = False

    @property
    def inner(self) -> float:
        """Room for text."""
        return self.right - self.left - 2 * PADDING


PADDING = 1.6
HEAD_GAP = 1.8
"""White above a head inside the table."""


_WAIVED = "减免（元）"
_TITLES = ("房号", "收费项目", "所属期间", "应缴日", "应收（元）", "已缴（元）", _WAIVED, "未缴（元）")
_WIDTHS = {
    (False, False): (0.0, 33.0, 38.0, 31.5, 22.5, 21.5, 0.0, 23.5),
    (False, True): (0.0, 28.0, 34.0, 29.5, 20.0, 19.0, 19.0, 20.5),
    (True, False): (24.0, 27.0, 36.0, 27.0, 19.0, 18.0, 0.0, 19.0),
    (True, True): (21.0, 22.0, 30.0, 26.0, 18.0, 17.5, 17.0, 18.5),
}
"""By whether 房号 and 减免 are shown; 0: the column is left out."""


def columns(with_room: bool, with_waived: bool = False) -> tuple[Column, ...]:
    """The columns: 房号 where a notice is for several units, 减免 where something was let off."""
    found, at = [], LEFT
    for title, wide in zip(_TITLES, _WIDTHS[with_room, with_waived], strict=True):
        if not wide:
            continue
        found.append(Column(title, at, at + wide, title.endswith("（元）")))
        at += wide
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text set to fit its column: one or more lines at one size."""

    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row ready to draw. `is_subtotal` rows close the group above them and never start a page.

    An `is_head` row names the columns for the rows below it and never ends a page.
    """

    cells: tuple[Cell, ...]
    height: float
    is_subtotal: bool
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one kind of fee, in the order given, and their sum in 分."""

    kind: FeeKind
    lines: tuple[NoticeLine, ...]
    owed: int


def groups(notice: NoticeData) -> tuple[Group, ...]:
    """物业费 first, then what is collected for others, each with its own sum (law §13.10a)."""
    sums = notice.subtotals()
    return tuple(
        Group(kind, tuple(line for line in notice.lines if line.kind is kind), owed) for kind, owed in sums.items()
    )


def table_rows(notice: NoticeData, density: Density, measure: MeasureAt) -> list[TableRow]:
    """All rows but the head and the total; subtotals only where there is more than one kind.

    A late fee follows under a head of its own, after the sum of the principal, with its own sum (law §13.6).
    """
    shape = columns(len(notice.rooms) > 1, notice.has_waived)
    found = []
    parts = groups(notice)
    for group in parts:
        found += [_line_row(line, shape, density, measure) for line in group.lines]
        if len(parts) > 1:
            found.append(_subtotal_row(group, shape, density, measure))
    if notice.late_fee is not None:
        found += _late_fee_rows(notice, notice.late_fee, shape, density, measure)
    return found


def _late_fee_rows(
    notice: NoticeData, fee: NoticeLateFee, shape: Sequence[Column], density: Density, measure: MeasureAt
) -> list[TableRow]:
    before = len(notice.rooms) > 1
    gap = [""] * (len(shape) - before - 5)  # under the amounts of the principal that a late fee does not have
    blanks = [""] * (len(shape) - 2)

    def row(texts: Sequence[str], *, is_subtotal: bool = False) -> TableRow:
        return _row(texts, shape, density, measure, is_subtotal=is_subtotal)

    head = row([*(["房号"] if before else []), "违约金", "所属期间", "逾期", "未缴本金", *gap, "违约金（元）"])
    head = replace(head, height=head.height + HEAD_GAP, is_head=True)
    found = [row(["本金合计", *blanks, money.show(notice.total)], is_subtotal=True), head]
    for line in fee.lines:
        days, rest = f"{line.days:,} 天", money.show(line.principal) if line.principal else "已缴清"
        texts = [line.item, line.period or "期间待核", days, rest, *gap, money.show(line.amount)]
        found.append(row([*([line.room] if before else []), *texts]))
    if fee.credited:
        found.append(row(["减去已减免、已缴的违约金", *blanks, money.show(-fee.credited)], is_subtotal=True))
    found.append(row(["违约金小计", *blanks, money.show(fee.amount)], is_subtotal=True))
    return found


def _line_row(line: NoticeLine, shape: Sequence[Column], density: Density, measure: MeasureAt) -> TableRow:
    due = paper_day(line.due_on) + ("*" if line.due_is_assumed else "") if line.due_on else NONE
    texts = [
        line.item,
        line.period or "期间待核",
        due,
        *_amounts(shape, line.charged, line.received, line.waived, line.owed),
    ]
    if len(shape) > len(texts):
        texts.insert(0, line.room)
    return _row(texts, shape, density, measure, is_subtotal=False)


def _subtotal_row(group: Group, shape: Sequence[Column], density: Density, measure: MeasureAt) -> TableRow:
    label = f"{FEE_KIND_LABELS[group.kind]}小计"
    lines = group.lines
    sums = [sum(x.charged for x in lines), sum(x.received for x in lines), sum(x.waived for x in lines), group.owed]
    amounts = _amounts(shape, *sums)
    texts = [label, *[""] * (len(shape) - len(amounts) - 1), *amounts]
    return _row(texts, shape, density, measure, is_subtotal=True)


def _amounts(shape: Sequence[Column], charged: int, received: int, waived: int, owed: int) -> list[str]:
    """The amounts of a row as the columns want them: 减免 apart from 已缴, which nobody may take for one another."""
    lowered = [received, waived] if any(column.title == _WAIVED for column in shape) else [received]
    return [money.show(charged), *(money.show(part) if part else NONE for part in lowered), money.show(owed)]


def _row(
    texts: Sequence[str], shape: Sequence[Column], density: Density, measure: MeasureAt, *, is_subtotal: bool
) -> TableRow:
    cells = []
    last = len(shape) - 1
    for place, (text, column) in enumerate(zip(texts, shape, strict=True)):
        bold = is_subtotal or place == last
        room = column.inner
        if is_subtotal and place == 0:
            amounts = next(each.left for each in shape if each.is_amount)
            room = amounts - column.left - PADDING  # nothing stands beside it before the amounts
        cells.append(_cell(text, room, density.body, bold, column.is_amount, measure))
    tallest = max(len(cell.lines) for cell in cells)
    return TableRow(tuple(cells), density.row + (tallest - 1) * density.body * 0.42, is_subtotal)


def _cell(text: str, room: float, size: float, bold: bool, is_amount: bool, measure: MeasureAt) -> Cell:
    if measure(text, size, bold) <= room:
        return Cell((text,), size)
    if is_amount:
        return Cell((text,), size * room / measure(text, size, bold))
    sizes = (size - 0.5, size - 1, size - 1.5)
    fitted, lines = fit(text, room, sizes, lambda piece, at: measure(piece, at, bold))
    return Cell(tuple(lines), fitted)


def share_out(rows: Sequence[TableRow], first: float, middle: float, last: float) -> list[list[TableRow]]:
    """The rows page by page: `first`, `middle`, `last` say how much height each kind of page has for rows.

    For tables that do not fit on one page. The last page keeps at least one row for the total to stand under, two
    where there are enough; a subtotal never starts a page, and a head never ends one.
    """
    pages: list[list[TableRow]] = []
    rest = list(rows)
    room = first
    while rest:
        if pages and sum(row.height for row in rest) <= last:
            pages.append(rest)
            return pages
        count, used = 0, 0.0
        while count < len(rest) and used + rest[count].height <= room:
            used += rest[count].height
            count += 1
        count = max(1, min(count, len(rest) - 2) if len(rest) > 2 else len(rest) - 1)
        while count > 1 and count < len(rest) and (rest[count].is_subtotal or rest[count - 1].is_head):
            count -= 1
        pages.append(rest[:count])
        rest = rest[count:]
        room = middle
    return pages
