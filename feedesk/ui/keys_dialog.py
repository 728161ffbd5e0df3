"""F1: the whole list of keys, what works everywhere and what works on the page in front."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.ui.page import KeyHint
from feedesk.ui.widgets import KeyButton, KeyCap, hairline, label


class KeysDialog(QDialog):
    """Shows groups of keys, each (heading, hints), in two columns; scrolls when the screen is low."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[KeyHint]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("按键")
        self._said: list[str] = []
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(24, 8, 24, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        line = 0
        for heading, hints in groups:
            if not hints:
                continue
            grid.addWidget(label(heading, "section"), line, 0, 1, 2)
            grid.setRowMinimumHeight(line, 34)
            line += 1
            for hint in hints:
                grid.addLayout(self._caps(hint.keys), line, 0)
                grid.addWidget(label(hint.does, wrap=True), line, 1)
                self._said.append(f"{hint.keys} {hint.does}")
                line += 1
        grid.setRowStretch(line, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        close = KeyButton("关上", key="Esc")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 10, 24, 12)
        foot.addWidget(label("输入文字时，数字和字母就是文字。", "caption"), 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(0)
        title = label("按键", "title")
        title.setContentsMargins(24, 0, 24, 6)
        column.addWidget(title)
        column.addWidget(scroll, 1)
        column.addWidget(hairline())
        column.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(560, room.width() - 40), min(640, room.height() - 60))
        scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """All lines as read."""
        return "\n".join(self._said)

    @staticmethod
    def _caps(keys: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for key in keys.split(" "):
            row.addWidget(KeyCap(key))
        row.addStretch(1)
        return row
