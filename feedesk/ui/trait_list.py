"""类型经历: how the classification of an account has changed, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from feedesk.models.traits import TraitChange
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import hairline, label

_SHOWN = 12


class TraitList(QWidget):
    """Read only; takes no room while nothing has changed yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: tuple[str, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(hairline())
        column.addWidget(label("类型经历", "section"))
        column.addLayout(self._rows)
        self.hide()

    def show_changes(self, changes: Sequence[TraitChange]) -> None:
        """The latest ones; older ones stand in 记录."""
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        said = []
        for change in changes[:_SHOWN]:
            aside = " · ".join(part for part in (f"{change.at:%Y-%m-%d}", change.who, change.reason) if part)
            self._rows.addWidget(label(change.text, wrap=True))
            self._rows.addWidget(label(aside, "", Tone.CAPTION, wrap=True))
            said.append(f"{change.text} {aside}")
        if len(changes) > _SHOWN:
            self._rows.addWidget(label(f"更早的 {len(changes) - _SHOWN} 条在“记录”里。", "caption"))
        self._said = tuple(said)
        self.setVisible(bool(changes))

    def texts(self) -> tuple[str, ...]:
        """The lines as read."""
        return self._said
