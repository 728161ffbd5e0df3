"""What to know before speaking: all lines, or one with 详 in a low window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, label

_ICON = 16


class Cautions(QFrame):
    """An ochre strip; it is never hidden while there is something to know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "ochre")
        self._lines: tuple[str, ...] = ()
        self._short = self._open = False
        self._all = label("", wrap=True)
        self._one = ElidedLabel()
        self.button = KeyButton("详 ▾", kind="quiet")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._toggle)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.setSpacing(8)
        self._icon = IconMark("alert", COLOURS.ochre, _ICON)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._all, 1)
        row.addWidget(self._one, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self._mind()

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show these lines, the most important first; none hides the strip."""
        self._lines = lines
        self._all.setText("\n".join(lines))
        self._one.setText("；".join(lines))
        self._open = False
        self._mind()

    def set_short(self, on: bool) -> None:
        """One line only, the rest behind 详."""
        self._short = on
        self._mind()

    def needed(self, width: int) -> int:
        """The height that the strip takes at this width."""
        if not self._lines:
            return 0
        margins = self._row.contentsMargins()
        room = width - margins.left() - margins.right() - _ICON - self._row.spacing()
        if self._short:
            room -= self.button.sizeHint().width() + self._row.spacing()
            if not self._open:
                return self.button.sizeHint().height() + margins.top() + margins.bottom()
        return self._all.heightForWidth(room) + margins.top() + margins.bottom()

    def lines(self) -> tuple[str, ...]:
        """All lines."""
        return self._lines

    def _toggle(self) -> None:
        self._open = not self._open
        self._mind()

    def _mind(self) -> None:
        one = self._short and not self._open
        self._one.setVisible(one)
        self._all.setVisible(not one)
        self.button.setVisible(self._short)
        self.button.set_words("收起 ▴" if self._open else "详 ▾")
        middle, top = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignTop
        self._row.setAlignment(self._icon, middle if one else top)
        self._row.setContentsMargins(10, 0 if self._short else 6, 4, 0 if self._short else 6)
        self.setVisible(bool(self._lines))
