"""The step of an account as a field beside type and channel; it opens the ladder instead of a list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from feedesk.models.accounts import STEP_LABELS, Step
from feedesk.ui.key_combo import KeyCombo

_OPEN = (Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_F4)


class LadderField(KeyCombo):
    """Shows the step. Nothing is chosen here: a step is taken only with its reasons in sight.

    Signals:
        asked: the ladder is wanted.
    """

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("阶段", "F7", parent)
        self.tell: Callable[[], str] | None = None
        """What the tooltip says besides, worked out when it is looked at."""
        self.offer([("", STEP_LABELS[step], step) for step in Step])

    def showPopup(self) -> None:
        """The ladder, not a list."""
        self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key changes the step unseen."""
        if event.key() in _OPEN and not event.modifiers():
            self.asked.emit()
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nor does the wheel."""
        event.ignore()

    def event(self, event: QEvent) -> bool:
        """On hover: this step and what stands before the next."""
        if event.type() == QEvent.Type.ToolTip and self.tell is not None:
            self.setToolTip(f"{self.accessibleName()}\n{self.tell()}")
        return super().event(event)
