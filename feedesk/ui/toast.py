"""The line that says what was done, with 撤销 for ten seconds.

It floats above the page's foot instead of taking room in it: nothing on the page moves, and the action bar with
下一户 stays free to press.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget

from feedesk.ui.messages import UNDO_SECONDS
from feedesk.ui.page import Page
from feedesk.ui.widgets import ElidedLabel, KeyButton

_NOTE_MS = 5000
_HEIGHT = 44


class Toast(QFrame):
    """One message at a time; a new one takes the place of the old, whose 撤销 is then gone.

    Signals:
        gone: the message has left.
    """

    gone = Signal()

    def __init__(self, over: QStackedWidget) -> None:
        super().__init__(over)
        self.setProperty("role", "toast")
        self._over = over
        self._undo: Callable[[], None] | None = None
        self._words = ElidedLabel()
        self.button = KeyButton("撤销", key="Ctrl+Z", kind="toast")
        self.button.clicked.connect(self.undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(12)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        over.installEventFilter(self)
        over.currentChanged.connect(lambda _page: self._keep())
        self.hide()

    def say(self, text: str, undo: Callable[[], None] | None) -> None:
        """Show `text`; with `undo` a button that calls it."""
        self._undo = undo
        self._words.setText(text)
        self.button.setVisible(undo is not None)
        self._timer.start(UNDO_SECONDS * 1000 if undo else _NOTE_MS)
        self._place()
        self.show()
        self.raise_()

    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return "" if self.isHidden() else self._words.text()

    @property
    def can_undo(self) -> bool:
        """Whether 撤销 is on offer."""
        return self._undo is not None

    def undo(self) -> None:
        """Take back what was said, if that is still on offer."""
        undo = self._undo
        self.leave()
        if undo is not None:
            undo()

    def leave(self) -> None:
        """Go away; what was done stays done."""
        self._timer.stop()
        self._undo = None
        self.hide()
        self.gone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the page changes its size."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _keep(self) -> None:
        """Another page came to the front: stay in front of it, above its foot."""
        self._place()
        self.raise_()

    def _place(self) -> None:
        words = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 48
        wide = words + (self.button.sizeHint().width() + 12 if self._undo else 0)
        wide = min(wide, self._over.width() - 32)
        page = self._over.currentWidget()
        foot = page.foot() if isinstance(page, Page) else 0
        self.setGeometry((self._over.width() - wide) // 2, self._over.height() - foot - _HEIGHT, wide, _HEIGHT)
