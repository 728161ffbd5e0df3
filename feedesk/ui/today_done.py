"""The lines at the foot of the queue of 今日: how many are done, how much money waits; each opens a list."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, font

_WIDTH = 200
"""Asked for; it takes the width of the queue."""


class DoneButton(QAbstractButton):
    """One line at the foot: how many are done, or something else that is counted; opens and closes its list."""

    def __init__(self, icon: str = "check", colour: str = COLOURS.malachite, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open = False
        self._icon, self._colour = icon, colour
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, words: str, *, is_open: bool = False) -> None:
        """The words; an open list shows that it can be closed."""
        self.setText(words)
        self.setAccessibleName(words)
        self._open = is_open
        self.update()

    def sizeHint(self) -> QSize:
        """One line across the queue."""
        return QSize(_WIDTH, 36)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses; arrows and digits are the page's."""
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.click()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line above, check, words, arrow; a focus ring."""
        painter = QPainter(self)
        rect = self.rect()
        painter.fillRect(rect, QColor(COLOURS.hover if self.underMouse() else COLOURS.surface))
        painter.fillRect(QRect(0, 0, rect.width(), 1), QColor(COLOURS.line))
        if self.hasFocus():
            painter.setPen(QPen(QColor(COLOURS.azure), 2))
            painter.drawRect(rect.adjusted(1, 2, -1, -1))
        middle = (rect.height() - 16) // 2
        icons.draw(painter, "up" if self._open else self._icon, self._colour, 16, 12, middle)
        painter.setFont(font(13, bold=True))
        painter.setPen(QColor(self._colour))
        painter.drawText(rect.adjusted(36, 1, -30, 0), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if not self._open:
            icons.draw(painter, "right", COLOURS.ink2, 16, rect.right() - 24, middle)
