"""Why this script: one line, opened for the rest."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, label


class WhyLine(QFrame):
    """The reason in one line; 为什么 opens what else speaks for it.

    Signals:
        opening: what is behind the line is about to be shown; what takes time to read is added now.
    """

    opening = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "azure")
        self._line = ElidedLabel("", "", Tone.MUTED)
        self._more = label("", "", Tone.MUTED, wrap=True)
        self._more.setContentsMargins(24, 0, 8, 6)
        self._more.hide()
        self._rest: QWidget = self._more
        self._is_open = False
        self._full = ""
        self._behind = ""
        self.button = KeyButton("为什么 ▾", kind="quiet")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(lambda: self.set_open(not self._is_open))
        row = self._row = QHBoxLayout()
        row.setContentsMargins(10, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconMark("bulb", COLOURS.azure_deep, 16))
        row.addWidget(self._line, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._more)

    def add_button(self, button: QWidget) -> None:
        """One more button at the end of the line."""
        self._row.addWidget(button)

    def apart(self) -> QWidget:
        """What opens, as a strip of its own: for a reason that stands in a row too short to open in."""
        strip = QFrame()
        strip.setProperty("role", "banner")
        strip.setProperty("tone", "azure")
        row = QVBoxLayout(strip)
        row.setContentsMargins(0, 6, 0, 0)
        row.addWidget(self._more)
        self._more.show()
        strip.hide()
        self._rest = strip
        return strip

    def say(self, line: str, more: tuple[str, ...], *, short: str = "") -> None:
        """The reason, and the lines behind it; `short` stands in the line where there is little room."""
        self._full = line
        self._line.setText(short or line)
        self._behind = "\n".join((line, *more))
        self._more.setText(self._behind)
        self.set_open(False)

    def set_open(self, on: bool) -> None:
        """Show what is behind the line."""
        if on and not self._is_open:
            self.opening.emit()
        self._is_open = on
        self._rest.setVisible(on)
        self.button.set_words("收起 ▴" if on else "为什么 ▾")

    def add(self, line: str) -> None:
        """One more line behind the others, in place of one added before."""
        self._more.setText(f"{self._behind}\n{line}" if line else self._behind)

    def shown(self) -> str:
        """What stands in the line."""
        return self._line.text()

    def rest(self) -> QWidget:
        """What opens."""
        return self._rest

    def behind(self) -> str:
        """What stands behind the line, line by line."""
        return self._more.text()

    def text(self) -> str:
        """The whole reason."""
        return self._full
