"""The search field of the owner table: every keystroke searches, ↓ and Enter go to the table."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import IconMark, KeyCap

_DEBOUNCE_MS = 30
_LONG = "房号、姓名、拼音首字母、电话后四位"
_SHORT = "房号、姓名、拼音、电话尾号"


class SearchField(QLineEdit):
    """Signals:
    searched: the text to search for, at once after the typing.
    left_down: ↓ or Enter: the keys go to the table.
    """

    searched = Signal(str)
    left_down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("搜索业主")
        self.setTextMargins(24, 0, 22, 0)
        self._icon = IconMark("search", COLOURS.ink2, 16, self)
        self._cap = KeyCap("/", parent=self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DEBOUNCE_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(lambda _text: self._on_text())
        self._dress()

    def set_narrow(self, on: bool) -> None:
        """Fewer words where room is short."""
        self.setPlaceholderText(_SHORT if on else _LONG)

    def type_on(self, text: str) -> None:
        """A character typed on the table."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.insert(text)

    def flush(self) -> None:
        """Search now, without waiting for the next keystroke."""
        if self._timer.isActive():
            self._timer.stop()
            self.searched.emit(self.text())

    def rest(self) -> None:
        """Forget the search that was about to start."""
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ and Enter go to the table."""
        if Qt.Key(event.key()) in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.flush()
            self.left_down.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cap goes while typing; coming by a key selects what is there."""
        super().focusInEvent(event)
        self._dress()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The cap comes back."""
        super().focusOutEvent(event)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Icon and cap stay in place."""
        super().resizeEvent(event)
        self._icon.move(9, (self.height() - 16) // 2)
        self._cap.move(self.width() - self._cap.width() - 8, (self.height() - 18) // 2)

    def _on_text(self) -> None:
        self._timer.start()
        self._dress()

    def _dress(self) -> None:
        self._cap.setVisible(not self.hasFocus() and not self.text())
