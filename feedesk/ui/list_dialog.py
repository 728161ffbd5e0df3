"""The lists that open over a page: a head, one table or a few, what it comes to, and three buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.ui.widgets import KeyButton, hairline, label


class ListDialog(QDialog):
    """Enter anywhere goes on with the row in hand (`enter`), Ctrl+Shift+C copies the whole table (`copy`), Esc closes."""

    def __init__(self, title: str, go: str, parent: QWidget | None = None, *, close: str = "关闭") -> None:
        """`go`: the words of the button that does what Enter does."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.copy_button = KeyButton("复制这张表", key="Ctrl+Shift+C", icon="copy")
        self.copy_button.clicked.connect(self.copy)
        self.go_button = KeyButton(go, key="Enter", kind="primary")
        self.go_button.clicked.connect(self.enter)
        self._close = KeyButton(close, key="Esc", kind="quiet")
        self._close.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Shift+C"), self).activated.connect(self.copy)

    def copy(self) -> None:
        """Put all rows shown on the clipboard."""
        raise NotImplementedError

    def enter(self) -> None:
        """Go on with the row in hand."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter anywhere goes on with the row in hand."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter()
            return
        super().keyPressEvent(event)

    def lay_out(
        self,
        head: Sequence[QWidget],
        tables: Sequence[QWidget],
        sums: QWidget,
        notes: Sequence[QWidget] = (),
        more: Sequence[QWidget] = (),
    ) -> QVBoxLayout:
        """From above: the title with the widgets of `head`, of which the first takes the room that is left; `tables`,
        one of them seen at a time; `notes`; `sums` beside the buttons, among them `more`. Returns the column.
        """
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(label(self.windowTitle(), "title"))
        for place, widget in enumerate(head):
            top.addWidget(widget, 0 if place else 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(sums, 1)
        for button in (self._close, self.copy_button, *more, self.go_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 14)
        column.setSpacing(10)
        column.addLayout(top)
        for table in tables:
            column.addWidget(table, 1)
        for note in notes:
            column.addWidget(note)
        column.addWidget(hairline())
        column.addLayout(foot)
        return column
