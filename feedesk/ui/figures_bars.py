"""Bars of 统计: one rate a row, a black tick for the plan, hatched where it falls far short. Numbers stand at the bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QToolTip, QWidget

from feedesk.models.collection import Rate
from feedesk.models.collection_words import bar_difference, is_far_below, show_percent
from feedesk.ui.figures_cards import places
from feedesk.ui.theme import COLOURS, font
from feedesk.ui.widgets import Card, IconButton, label

ROW = 30
_BAR = 16
_PERCENT, _WORDS, _PAD, _GAP = 46, 74, 6, 8
_DETAIL_FROM = 560
"""Widths under this many logical pixels have no room for amounts beside the bars."""
_HATCHED = "#A9C6E4"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar. `detail` is its numbers, shown where there is room and in the tooltip."""

    key: str
    label: str
    rate: Rate
    detail: str = ""
    words: str = ""
    """Instead of the difference to the plan."""
    hint: str = ""
    """More for the tooltip."""
    opens: bool = True
    """Whether there are rows behind it."""

    def said(self) -> str:
        """What stands at its right."""
        return self.words or bar_difference(self.rate)

    def text(self) -> str:
        """The bar as read."""
        return " ".join(part for part in (self.label, show_percent(self.rate.bp), self.said()) if part)


class RateBars(QWidget):
    """Bars below each other. A Tab stop; ↑↓ choose a bar, Enter or a click opens its rows.

    Signals:
        opened: key of the bar.
        copy_asked: all bars shall be copied.
        row_chosen: number of the bar now chosen.
    """

    opened = Signal(str)
    copy_asked = Signal()
    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[BarRow, ...] = ()
        self._current = 0
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[BarRow]) -> None:
        """Show these bars; the chosen one stays in its place."""
        self._rows = tuple(rows)
        self._current = max(0, min(self._current, len(rows) - 1))
        self.setAccessibleName("；".join(row.text() for row in rows))
        self.setFixedHeight(ROW * len(rows) + 2)
        self.update()

    def rows(self) -> tuple[BarRow, ...]:
        """The bars shown."""
        return self._rows

    def current(self) -> BarRow | None:
        """The chosen bar."""
        return self._rows[self._current] if self._rows else None

    def choose(self, place: int) -> None:
        """Choose a bar by its number."""
        if self._rows:
            self._current = max(0, min(place, len(self._rows) - 1))
            self.row_chosen.emit(self._current)
            self.update()

    def row_rect(self, place: int) -> QRect:
        """Where a bar stands."""
        return QRect(0, 1 + ROW * place, self.width(), ROW)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(360, ROW * len(self._rows) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ Home End choose, Enter opens, Ctrl+C copies."""
        steps = {Qt.Key.Key_Up: self._current - 1, Qt.Key.Key_Down: self._current + 1, Qt.Key.Key_Home: 0}
        steps[Qt.Key.Key_End] = len(self._rows) - 1
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif key in steps:
            self.choose(steps[key])
        elif key in _ENTER:
            self._open(self._current)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The bar under the mouse is tinted, and says by the pointer that it opens."""
        place = self._place(event.position().toPoint())
        opens = place >= 0 and self._rows[place].opens
        self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
        if place != self._hover:
            self._hover = place
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No bar is under the mouse any more."""
        super().leaveEvent(event)
        self._hover = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the rows."""
        place = self._place(event.position().toPoint())
        if place >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.choose(place)
            self._open(place)

    def event(self, event: QEvent) -> bool:
        """Each bar has its own tooltip."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._place(event.pos())
            row = self._rows[place] if place >= 0 else None
            said = "\n".join(part for part in (row.text(), row.detail, row.hint) if part) if row else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen bar is marked."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The mark goes."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Label, bar, tick, percent, difference, numbers."""
        painter = QPainter(self)
        plain, bold, small = font(13), font(13, bold=True), font(12)
        names = max((QFontMetrics(plain).horizontalAdvance(row.label) for row in self._rows), default=0)
        numbers = 0
        if self.width() >= _DETAIL_FROM:
            numbers = max((QFontMetrics(small).horizontalAdvance(row.detail) for row in self._rows), default=0)
        left = _PAD + min(names + 2, self.width() // 4) + _GAP  # the painter may round a glyph up
        fixed = _PERCENT + _WORDS + (numbers + _GAP if numbers else 0) + _PAD
        length = max(40, self.width() - left - fixed - _GAP)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for place, row in enumerate(self._rows):
            rect = self.row_rect(place)
            current = place == self._current and self.hasFocus()
            if current or place == self._hover:
                painter.fillRect(rect, QColor(COLOURS.azure_select if current else COLOURS.hover))
            if current:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(COLOURS.azure))
            painter.setFont(plain)
            painter.setPen(QColor(COLOURS.ink))
            name = QRect(_PAD, rect.top(), left - _PAD - _GAP, ROW)
            shown = QFontMetrics(plain).elidedText(row.label, Qt.TextElideMode.ElideRight, name.width())
            painter.drawText(name, int(Qt.AlignmentFlag.AlignRight) | middle, shown)
            self._paint_bar(painter, QRect(left, rect.top() + (ROW - _BAR) // 2, length, _BAR), row.rate)
            x = left + length + _GAP
            painter.setFont(bold)
            painter.setPen(QColor(COLOURS.ink if row.rate.bp is not None else COLOURS.ink3))
            percent = QRect(x, rect.top(), _PERCENT - _GAP, ROW)
            painter.drawText(percent, int(Qt.AlignmentFlag.AlignRight) | middle, show_percent(row.rate.bp))
            painter.setFont(small)
            painter.setPen(QColor(COLOURS.cinnabar if is_far_below(row.rate) else COLOURS.ink2))
            painter.drawText(QRect(x + _PERCENT, rect.top(), _WORDS - _GAP, ROW), middle, row.said())
            if numbers:
                painter.setPen(QColor(COLOURS.ink2))
                end = QRect(x + _PERCENT + _WORDS, rect.top(), numbers, ROW)
                painter.drawText(end, int(Qt.AlignmentFlag.AlignRight) | middle, row.detail)

    def _place(self, at: QPoint) -> int:
        place = (at.y() - 1) // ROW
        return place if 0 <= place < len(self._rows) else -1

    def _open(self, place: int) -> None:
        if 0 <= place < len(self._rows) and self._rows[place].opens:
            self.opened.emit(self._rows[place].key)

    @staticmethod
    def _paint_bar(painter: QPainter, rect: QRect, rate: Rate) -> None:
        painter.fillRect(rect, QColor(COLOURS.sunken))
        filled, tick = places(rect.width(), rate)
        full = QRect(rect.left(), rect.top(), filled, rect.height())
        if is_far_below(rate):
            painter.fillRect(full, QColor(_HATCHED))
            painter.save()
            painter.setClipRect(full)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(COLOURS.azure), 1.6))
            for x in range(rect.left() - rect.height(), full.right() + 1, 6):
                painter.drawLine(x, rect.bottom() + 1, x + rect.height() + 1, rect.top())
            painter.restore()
        else:
            painter.fillRect(full, QColor(COLOURS.azure))
        if tick is not None:
            x = rect.left() + max(0, min(tick - 1, rect.width() - 2))
            painter.fillRect(QRect(x, rect.top() - 4, 2, rect.height() + 8), QColor(COLOURS.ink))


class _Legend(QWidget):
    """A tick is the plan, a hatched box falls short."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Both signs with their words."""
        return QSize(196, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Tick, words, box, words."""
        painter = QPainter(self)
        painter.setFont(font(12))
        painter.fillRect(QRect(2, 3, 2, 14), QColor(COLOURS.ink))
        box = QRect(48, 4, 12, 12)
        painter.fillRect(box, QColor(_HATCHED))
        painter.setPen(QPen(QColor(COLOURS.azure), 1))
        painter.drawRect(box)
        painter.drawLine(box.bottomLeft(), box.topRight())
        painter.setPen(QColor(COLOURS.ink2))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(9, 0, 40, 20), middle, "计划")
        painter.drawText(QRect(66, 0, 130, 20), middle, "差 5 点以上（斜纹）")


class BarsPanel(Card):
    """A card of bars with its head; many bars scroll inside it.

    Signals:
        opened: key of the bar whose rows are asked for.
        copy_asked: the bars shall be copied.
    """

    opened = Signal(str)
    copy_asked = Signal()

    def __init__(self, title: str, caption: str, *, legend: bool = False) -> None:
        super().__init__(margins=(14, 8, 8, 10), spacing=4)
        self.bars = RateBars()
        self.bars.opened.connect(self.opened)
        self.bars.copy_asked.connect(self.copy_asked)
        self.bars.row_chosen.connect(self._show_row)
        self.caption = label(caption, "caption")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.legend = _Legend() if legend else None
        self.copy_button = IconButton("copy", f"复制{title}", key="Ctrl+C")
        self.copy_button.clicked.connect(self.copy_asked)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(title, "section"))
        head.addWidget(self.caption, 1)
        if self.legend is not None:
            head.addWidget(self.legend)
        head.addWidget(self.copy_button)
        self.body.addLayout(head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._scroll.setWidget(self.bars)
        self.foot = label("", "caption", wrap=True)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self.foot)

    def show_rows(self, rows: Sequence[BarRow], foot: str = "") -> None:
        """Show these bars, and a sentence below them."""
        self.bars.show_rows(rows)
        self.foot.setText(foot)
        self.foot.setVisible(bool(foot))

    def fit(self, width: int) -> None:
        """In a narrow window the head has no room for the legend and the caption."""
        self.caption.setVisible(width >= 1200 or self.legend is None)
        if self.legend is not None:
            self.legend.setVisible(width >= 1000)

    def _show_row(self, place: int) -> None:
        rect = self.bars.row_rect(place)
        self._scroll.ensureVisible(0, rect.center().y(), 0, ROW)
