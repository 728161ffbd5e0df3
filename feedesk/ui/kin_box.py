"""Other units of the same owner on 资料: those joined already, and those that may be the same person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.money import show_yuan
from feedesk.ui.widgets import ElidedLabel, KeyButton, label


class KinBox(QWidget):
    """Lists units; joins only when the clerk says so.

    Signals:
        join_asked: id of an account that is the same person's.
        part_asked: the clerk takes the account shown out of the group.
        opened: id of a sibling to be shown.
    """

    join_asked = Signal(int)
    part_asked = Signal()
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._rows: list[QWidget] = []
        self._said: list[str] = []
        self.part = KeyButton("把这一户拆出来")
        self.part.clicked.connect(self.part_asked)
        self._column.addWidget(self.part)
        self.buttons: dict[int, KeyButton] = {}

    def show_kin(self, siblings: Sequence[OwnerRow], proposals: Sequence[OwnerRow]) -> None:
        """Show both lists; with neither the box hides."""
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows, self._said, self.buttons = [], [], {}
        self._column.removeWidget(self.part)
        if siblings:
            self._head("同一位业主的其他房屋")
            for row in siblings:
                self._line(row, "看这一户", self.opened.emit)
        self._column.addWidget(self.part)
        self.part.setVisible(bool(siblings))
        if proposals:
            self._head("可能是同一位业主（同名、同电话）")
            for row in proposals:
                self._line(row, "合并为一位业主", self.join_asked.emit)
        self.setVisible(bool(siblings or proposals))

    def texts(self) -> tuple[str, ...]:
        """Every line as read."""
        return tuple(self._said)

    def _head(self, text: str) -> None:
        head = label(text, "label")
        self._column.addWidget(head)
        self._rows.append(head)
        self._said.append(text)

    def _line(self, row: OwnerRow, verb: str, act: Callable[[int], None]) -> None:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        said = f"{row.room} {row.name} 欠 {show_yuan(row.owed)}"
        line.addWidget(label(row.room, "strong"))
        line.addWidget(ElidedLabel(f"{row.name} · 欠 {show_yuan(row.owed)}"), 1)
        button = KeyButton(verb)
        button.clicked.connect(lambda _on=False, who=row.account_id: act(who))
        line.addWidget(button)
        self.buttons[row.account_id] = button
        self._column.addWidget(holder)
        self._rows.append(holder)
        self._said.append(said)
