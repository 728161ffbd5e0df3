"""The cards of 统计: figure, tick of the plan, difference in words, definition with its numbers."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.models.collection import Rate
from feedesk.models.collection_words import Card, show_rate
from feedesk.models.yearly_plan import WHOLE
from feedesk.ui.pressable_card import PressableCard
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, label, set_look

_BAR = 8


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


class RateCard(PressableCard):
    """One of the three figures; pressed, it opens its rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
