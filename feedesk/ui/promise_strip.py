"""承诺兑现 on 统计: how the promises of this month were kept, beside those of the last; one line of a card."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.models.money import show_yuan
from feedesk.models.promises import DEFINITION, TOO_FEW, PromiseMonths, PromiseRate, compared
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import ElidedLabel, label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PromiseStrip(QFrame):
    """Counts, amounts and the share kept. A Tab stop; Enter or a click opens the promises.

    Signals:
        opened: the promises behind it are wanted.
        copy_asked: the figures shall be copied.
    """

    opened = Signal()
    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(DEFINITION)
        self.share = label("", "next")
        self.counts = ElidedLabel("")
        self.before = ElidedLabel("", "caption")
        self.against = label("", "muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.counts)
        words.addWidget(self.before)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(12)
        row.addWidget(label("承诺兑现", "section"))
        row.addWidget(self.share)
        row.addLayout(words, 1)
        row.addWidget(self.against)

    def show_months(self, months: PromiseMonths) -> None:
        """Show this month and the month before."""
        now, before = months.now_rate, months.before_rate
        self.share.setText(now.share_text)
        self.share.setProperty("role", "muted" if now.share_text == TOO_FEW else "next")
        self.style().polish(self.share)
        self.counts.setText(f"本月 {said(now)}" if now.total else "本月没有到期的承诺")
        self.before.setText(f"上月 {before.share_text} · {said(before)}" if before.total else "上月没有到期的承诺")
        self.against.setText(compared(now, before))
        self.setAccessibleName(self.text())

    def text(self) -> str:
        """As read, for screen readers and tests."""
        parts = (self.share.text(), self.counts.text(), self.before.text(), self.against.text())
        return " · ".join(("承诺兑现", *(part for part in parts if part)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the promises, Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in _ENTER:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the promises."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

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


def said(rate: PromiseRate) -> str:
    """「12 个：兑现 7 · 失约 2 · 承诺 ¥9,000.00，到账 ¥6,000.00」; the sums are of those decided."""
    if not rate.decided:
        return f"{rate.total} 个：{rate.counts()}"
    sums = f"已到期的承诺 {show_yuan(rate.promised)}，到账 {show_yuan(rate.came)}"
    return f"{rate.total} 个：{rate.counts()} · {sums}"
