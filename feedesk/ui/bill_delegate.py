"""How one charge is shown on 账单: period and item, 应 · 已缴 · 减免 · 待核 · 欠, due day, late fee, limitation, hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.days import short_day
from feedesk.models.ledger.late_fee import ChargeLateFee
from feedesk.models.limitation import Clock
from feedesk.models.money import show
from feedesk.ui import icons
from feedesk.ui.limit_bar import LimitBar, limit_bar
from feedesk.ui.limit_bar import draw as draw_limit
from feedesk.ui.theme import COLOURS, Tone, font, text_colour

BILL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
_PAD = 16
_TOP = 8
_FIRST = 22
_LINE = 19


@dataclass(frozen=True, slots=True)
class BillLine:
    """One charge in the words of the screen."""

    charge_id: int
    mark: str
    period: str
    item: str
    owed: str
    due: str
    sums: str
    note: str
    """A third line: why the charge is held, or what is not known of it."""
    is_settled: bool
    is_held: bool
    fee: str = ""
    """The late fee of this charge, apart from its principal."""
    limit: LimitBar | None = None
    """诉讼时效; None for a line that is paid or not yet due."""

    @property
    def text(self) -> str:
        """All of it, as read aloud."""
        limit = self.limit.said if self.limit else ""
        parts = (self.period, self.item, f"欠 {self.owed}", self.due, self.sums, self.fee, limit, self.note)
        return "，".join(part for part in parts if part)

    @property
    def tip(self) -> str:
        """What the line has no room for."""
        return "\n".join(part for part in (self.note, self.fee, self.limit.tip if self.limit else "") if part)


@dataclass(frozen=True, slots=True)
class BillExtras:
    """What the account's records say besides its charges. `day` is the day the balances are of."""

    day: date
    today: date
    fees: Mapping[int, ChargeLateFee] | None = None
    """Late fee by charge; None while the office reckons none."""
    doubts: Mapping[int, int] | None = None
    """分 by charge that we hold as paid while a later list of finance still names them."""
    clocks: Mapping[int, Clock] | None = None
    """诉讼时效 by charge, as of today; None on any other day."""
    first: int | None = None
    """The charge to see to first, because its time runs out."""

    @classmethod
    def plain(cls, today: date) -> BillExtras:
        """Nothing besides the charges."""
        return cls(today, today)

    def place(self, charge: Charge) -> tuple[int, int]:
        """Where a charge stands: one in doubt, then by days left what runs out, what is over at the end, then paid."""
        clock = (self.clocks or {}).get(charge.id)
        if charge.id in (self.doubts or {}):
            return 0, 0
        if charge.owed <= 0:
            return 4, 0
        if clock is None:
            return 2, 0
        return (3, 0) if clock.is_over else (1, clock.days_left or 0) if clock.alert is not None else (2, 0)


def fee_text(charge: Charge, extras: BillExtras) -> str:
    """「违约金 12.34 至今天」; why an open 物业费 bears none; nothing where there is nothing to say."""
    fee = (extras.fees or {}).get(charge.id)
    if fee is None or charge.kind is not FeeKind.PROPERTY:
        return ""
    if fee.claimed <= 0:
        return f"违约金未计：{fee.why.rstrip('。')}" if charge.owed > 0 and fee.why else ""
    until = "至今天" if extras.day == extras.today else f"至 {short_day(extras.day, extras.today)}"
    return f"违约金 {show(fee.claimed)} {until}"


def bill_line(charge: Charge, today: date, extras: BillExtras | None = None) -> BillLine:
    """The words for one charge; days assumed from the office's due day say 推定."""
    extras = extras or BillExtras.plain(today)
    doubt = (extras.doubts or {}).get(charge.id, 0)
    is_settled = charge.owed <= 0
    if charge.due_on is None:
        due = "应缴日待核"
    else:
        day = charge.due_on.isoformat() + ("（推定）" if charge.due_is_assumed else "")
        late = charge.overdue_days(today)
        due = f"应缴 {day}" + ("" if is_settled else f" · 逾期 {late:,} 天" if late else " · 未到期")
    is_held = bool(charge.hold) and not is_settled
    limit = limit_bar((extras.clocks or {}).get(charge.id), is_held=is_held, is_first=extras.first == charge.id)
    mark = ""
    if doubt:
        mark = "verify"
    elif is_settled:
        mark = "paid"
    elif charge.hold:
        mark = "hold"
    elif limit and limit.is_loud:
        mark = "limit"
    elif charge.settled > 0:
        mark = "partly"
    notes = []
    if charge.hold and not is_settled:
        notes.append(f"暂缓：{charge.hold} · 不进催款单")
    sums = [f"应 {show(charge.amount)}", f"已缴 {show(charge.settled - charge.waived)}"]
    if charge.waived:
        sums.append(f"减免 {show(charge.waived)}")
    if doubt:
        sums.append(f"待核 {show(doubt)}")
    return BillLine(
        charge_id=charge.id,
        mark=mark,
        period=charge.period_text(),
        item=charge.item + (f" · {len(charge.period.months)} 个月合计" if charge.is_lump and charge.period else ""),
        owed=show(max(0, charge.owed)),
        due=due,
        sums=" · ".join(sums),
        note="；".join(notes),
        is_settled=is_settled,
        is_held=is_held,
        fee=fee_text(charge, extras),
        limit=limit,
    )


class BillModel(QAbstractListModel):
    """The charges of one account: what runs out first, then open ones oldest first, settled ones at the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._charges: list[Charge] = []
        self._lines: list[BillLine] = []

    def show_charges(self, charges: Sequence[Charge], today: date, extras: BillExtras | None = None) -> None:
        """Show these charges, given oldest due first, as they stand on `today`, in the order of `BillExtras.place`."""
        extras = extras or BillExtras.plain(today)
        self.beginResetModel()
        self._charges = sorted(charges, key=extras.place)
        self._lines = [bill_line(charge, today, extras) for charge in self._charges]
        self.endResetModel()

    def charge(self, row: int) -> Charge | None:
        """The charge of a row; None outside the rows."""
        return self._charges[row] if 0 <= row < len(self._charges) else None

    def lines(self) -> tuple[BillLine, ...]:
        """All lines as shown."""
        return tuple(self._lines)

    def rowCount(self, parent: Index | None = None) -> int:
        """Charges under the root only."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The line itself, or its words."""
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == BILL_ROLE:
            return line
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return line.text
        return line.tip or None if role == int(Qt.ItemDataRole.ToolTipRole) else None


class BillDelegate(QStyledItemDelegate):
    """Paints a `BillLine`; what does not fit beside the due day goes to a line of its own."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._small = QFontMetrics(font(12))

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, more when needed."""
        line = index.data(BILL_ROLE)
        if not isinstance(line, BillLine):
            return QSize(0, 0)
        rows = 1 + self._wraps(line) + bool(line.fee) + bool(line.limit) + (self._note_rows(line) if line.note else 0)
        return QSize(200, _TOP + _FIRST + _LINE * rows + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairline, then the words."""
        line = index.data(BILL_ROLE)
        if not isinstance(line, BillLine):
            return
        rect: QRect = option.rect
        current = self._view.currentIndex().row() == index.row() and self._view.hasFocus()
        painter.save()
        ground = COLOURS.cinnabar_tint if line.limit and line.limit.is_loud else COLOURS.surface
        painter.fillRect(rect, QColor(COLOURS.azure_select if current else ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(COLOURS.line))
        if current:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(COLOURS.azure))
        inner = rect.adjusted(_PAD, _TOP, -_PAD, 0)
        self._paint_head(painter, QRect(inner.left(), inner.top(), inner.width(), _FIRST), line)
        y = inner.top() + _FIRST
        self._words(painter, QRect(inner.left(), y, inner.width(), _LINE), line.due, Tone.MUTED)
        wraps = self._wraps(line)
        y += _LINE * wraps
        side = Qt.AlignmentFlag.AlignLeft if wraps else Qt.AlignmentFlag.AlignRight
        self._words(painter, QRect(inner.left(), y, inner.width(), _LINE), line.sums, Tone.MUTED, side)
        if line.fee:
            y += _LINE
            fee = self._small.elidedText(line.fee, Qt.TextElideMode.ElideRight, inner.width())
            self._words(painter, QRect(inner.left(), y, inner.width(), _LINE), fee, Tone.CAPTION)
        if line.limit:
            y += _LINE
            draw_limit(painter, QRect(inner.left(), y, inner.width(), _LINE), line.limit)
        if line.note:
            box = QRect(inner.left(), y + _LINE, inner.width(), _LINE * self._note_rows(line))
            tone = Tone.VIOLET if line.is_held else Tone.OCHRE
            self._words(painter, box, line.note, tone, wrap=True)
        painter.restore()

    def _paint_head(self, painter: QPainter, box: QRect, line: BillLine) -> None:
        bold = QFontMetrics(font(14, bold=True))
        owed = bold.horizontalAdvance(line.owed)
        painter.setPen(text_colour(Tone.CAPTION if line.is_settled else Tone.INK))
        painter.setFont(font(14, bold=not line.is_settled, strike=line.is_settled))
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, int(flags | Qt.AlignmentFlag.AlignRight), line.owed)
        room = box.adjusted(0, 0, -owed - 12, 0)
        if line.mark:
            icons.draw(painter, icons.mark_name(line.mark), "", 14, room.left(), room.top() + 4)
            room.setLeft(room.left() + 20)
        painter.setFont(font(13, bold=not line.is_settled, strike=line.is_settled))
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(line.period, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(flags), shown)
        room.setLeft(room.left() + metrics.horizontalAdvance(shown) + 8)
        painter.setFont(font(13, strike=line.is_settled))
        painter.setPen(text_colour(Tone.CAPTION if line.is_settled else Tone.MUTED))
        item = QFontMetrics(painter.font()).elidedText(line.item, Qt.TextElideMode.ElideRight, max(0, room.width()))
        painter.drawText(room, int(flags), item)

    @staticmethod
    def _words(
        painter: QPainter,
        box: QRect,
        text: str,
        tone: Tone,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        wrap: bool = False,
    ) -> None:
        painter.setFont(font(12))
        painter.setPen(text_colour(tone))
        flags = int(side | (Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter))
        painter.drawText(box, flags | (int(Qt.TextFlag.TextWrapAnywhere) if wrap else 0), text)

    def _room(self) -> int:
        return max(120, self._view.viewport().width() - 2 * _PAD)

    def _wraps(self, line: BillLine) -> int:
        wide = self._small.horizontalAdvance(line.due) + 16 + self._small.horizontalAdvance(line.sums)
        return int(wide > self._room())

    def _note_rows(self, line: BillLine) -> int:
        box = QRect(0, 0, self._room(), 1000)
        high = self._small.boundingRect(box, int(Qt.TextFlag.TextWrapAnywhere), line.note).height()
        return max(1, -(-high // _LINE))
