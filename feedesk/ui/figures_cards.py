"""The cards of 统计: figure, tick of the plan, difference in words, definition with its numbers."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.models.collection import Rate
from feedesk.models.collection_words import Card, show_rate
from feedesk.models.yearly_plan import WHOLE
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, label, set_look

_BAR = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def places(width: int, rate: Rate) -> tuple[int, int | None]:
    """How many of so many pixels a rate fills, and where its tick stands."""
    filled = width * (rate.bp or 0) // WHOLE
    return filled, None if rate.target_bp is None else width * rate.target_bp // WHOLE


class RateBar(QWidget):
    """A rate as a bar with a black tick where the plan stands; the words stand beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rate = Rate(0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rate(self, rate: Rate) -> None:
        """Show another rate."""
        self._rate = rate
        self.update()

    def sizeHint(self) -> QSize:
        """The bar and the tick that stands out above and below."""
        return QSize(120, _BAR + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, bar, tick."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        filled, tick = places(self.width(), self._rate)
        for colour, width in ((COLOURS.sunken, self.width()), (COLOURS.azure, filled)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRect(0, 4, width, _BAR), min(4, width // 2), 4)
        if tick is not None:
            painter.fillRect(QRect(max(0, min(tick - 1, self.width() - 2)), 0, 2, _BAR + 8), QColor(COLOURS.ink))


class RateCard(QFrame):
    """One of the three figures. A Tab stop; Enter or a click opens its rows.

    Signals:
        opened: the key of the figure.
        copy_asked: the key of the figure.
    """

    opened = Signal(str)
    copy_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._card: Card | None = None
        self.title = label("", "section")
        self.against = label("", "strong")
        self.figure = label("—", "figure")
        self.unit = label("%", "muted")
        self.plan = label("", "muted")
        self.bar = RateBar()
        self.what = label("", "caption", wrap=True)
        self.basis = ElidedLabel("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.against)
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(self.figure, 0, Qt.AlignmentFlag.AlignBottom)
        middle.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        middle.addStretch(1)
        middle.addWidget(self.plan, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(middle)
        column.addWidget(self.bar)
        column.addSpacing(2)
        column.addWidget(self.what)
        column.addWidget(self.basis)
        column.addStretch(1)

    def show_card(self, card: Card) -> None:
        """Show a figure with its plan and its numbers."""
        self._card = card
        rate = card.rate
        self.title.setText(card.title)
        self.figure.setText(show_rate(rate.bp))
        self.unit.setVisible(rate.bp is not None)
        said = f"▲ {card.difference}" if rate.is_reached else card.difference
        self.against.setText(said)
        set_look(self.against, tone=str(Tone.MALACHITE if rate.is_reached else Tone.CINNABAR))
        self.plan.setText(card.plan)
        self.bar.show_rate(rate)
        self.what.setText(card.what)
        self.basis.setText(card.basis)
        self.setToolTip("\n".join((f"{card.title} = {card.definition}", *card.notes)))
        self.setAccessibleName(self.text())

    def text(self) -> str:
        """The card as read, for screen readers and tests."""
        card = self._card
        if card is None:
            return ""
        shown = f"{self.figure.text()}%" if card.rate.bp is not None else "—"
        return " · ".join(
            part for part in (card.title, shown, self.plan.text(), card.difference, card.what, card.basis) if part
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the rows, Ctrl+C copies."""
        if self._card is not None and event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(self._card.key)
        elif self._card is not None and event.key() in _ENTER:
            self.opened.emit(self._card.key)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the rows."""
        inside = self.rect().contains(event.position().toPoint())
        if self._card is not None and event.button() is Qt.MouseButton.LeftButton and inside:
            self.opened.emit(self._card.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring comes."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, and a ring while it has the focus."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(COLOURS.azure), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
