"""Change of clerk with two keys: Ctrl+K, then the digit before the name. Also asks whose an account shall be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from feedesk.models.office import ROLE_LABELS, Staff
from feedesk.ui.widgets import KeyButton, label

_KEYS = "123456789"


class ClerkPopup(QFrame):
    """The people of the office, each with a digit.

    Signals:
        chosen: id of the person; 0 for nobody, where that is offered.
    """

    chosen = Signal(int)

    def __init__(
        self,
        staff: Sequence[Staff],
        current_id: int | None,
        parent: QWidget,
        *,
        caption: str = "以后的记录算在谁名下",
        nobody: str = "",
    ) -> None:
        """`nobody` are the words of one more choice, with the digit and the id 0."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ids = {key: person.id for key, person in zip(_KEYS, staff, strict=False)}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        column.addWidget(label(caption, "label"))
        choices = [
            (person.id, person.name, ROLE_LABELS[person.role], _KEYS[place] if place < len(_KEYS) else "")
            for place, person in enumerate(staff)
        ]
        if nobody:
            self._ids["0"] = 0
            choices.append((0, nobody, "", "0"))
        for who, words, role, key in choices:
            button = KeyButton(words, sub=role, key=key, key_first=True, kind="pick", checkable=True)
            button.setChecked(who == current_id)
            button.setMinimumWidth(200)
            button.clicked.connect(lambda _on=False, who=who: self._choose(who))
            column.addWidget(button)

    def open_at(self, corner: QPoint) -> None:
        """Show the popup with its lower left corner here (global)."""
        self.adjustSize()
        self.move(corner.x(), max(0, corner.y() - self.height()))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses."""
        who = self._ids.get(event.text())
        if who is None:
            super().keyPressEvent(event)
        else:
            self._choose(who)

    def _choose(self, who: int) -> None:
        self.close()
        self.chosen.emit(who)
