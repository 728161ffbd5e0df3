"""The field for the day whose balances are wanted: no day to come, and nothing changes until a whole day is there."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from feedesk.ui.widgets import DayEdit, read_day

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PastDay(DayEdit):
    """A day up to today, taken when Enter is pressed or the field is left; Esc keeps the day shown.

    Signals:
        settled: the day that was typed.
        left: Enter or Esc: the keys go back to the lines.
    """

    settled = Signal(object)
    left = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(today, today, past=True, parent=parent)
        self._shown = self.text()
        self.setFixedWidth(112)
        self.setAccessibleName("截至哪天的余额")
        self.setToolTip("看哪一天的余额：1031、10-31、昨天（D）")

    def set_day(self, day: date | None) -> None:
        """Show a day; emits nothing."""
        super().set_day(day)
        self._shown = self.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the day, Esc gives it up."""
        if event.key() in _ENTER:
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self._give_up()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Esc is for this field before it is for the page."""
        asked = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride else None
        if asked is not None and asked.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A whole day is taken; what is none is given up."""
        day = self.day()
        if day is None:
            self._give_up()
        super().focusOutEvent(event)
        if day is not None and self.text() != self._shown:
            self.settled.emit(day)

    def _give_up(self) -> None:
        self.setText(self._shown)
        self.set_bad("")

    def _full(self, day: date) -> str:
        return "今天" if day == self._today else super()._full(day)

    def problem(self) -> str:
        """A day to come has no balance yet."""
        wrong = super().problem()
        if wrong:
            return wrong
        day = read_day(self.text(), self._today, past=True)
        return "还没到的日子没有余额。" if day > self._today else ""

    def _take(self) -> None:
        day = self.day()
        if day is None:
            self.set_bad(self.problem())
        else:
            self.settled.emit(day)
            self.left.emit()
