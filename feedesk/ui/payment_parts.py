"""Parts of 收款: the pad of ways to pay, the row of the owner's units, a field with its problem below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, PayMethod
from feedesk.models.money import show_yuan
from feedesk.ui.contact_parts import Problem
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.widgets import KeyButton, field_label


class MethodPad(QWidget):
    """How the money came, each way with its digit.

    Signals:
        chosen: the `PayMethod` the clerk chose.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._group = QButtonGroup(self)
        self._buttons: dict[PayMethod, KeyButton] = {}
        for number, method in enumerate(PayMethod, start=1):
            button = KeyButton(PAY_METHOD_LABELS[method], key=str(number), key_first=True, kind="said", checkable=True)
            button.setFixedHeight(32)
            button.setToolTip(f"{PAY_METHOD_LABELS[method]}（Alt+{number}，不在输入框里时按 {number}）")
            button.clicked.connect(lambda _on=False, one=method: self._pick(one))
            self._group.addButton(button)
            self._buttons[method] = button
            row.addWidget(button, 1)
        # Takes the focus for a label's Alt key, but is no Tab stop beside its own buttons.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def press(self, key: str) -> bool:
        """The digit `key` was typed outside a text field; False when no way to pay has it."""
        if not (key.isdecimal() and key.isascii() and 1 <= int(key) <= len(self._buttons)):
            return False
        self._pick(list(PayMethod)[int(key) - 1])
        return True

    def choose(self, method: PayMethod | None) -> None:
        """Show a way to pay as chosen, or none; emits nothing."""
        self._group.setExclusive(False)
        for one, button in self._buttons.items():
            button.setChecked(one is method)
        self._group.setExclusive(True)

    def value(self) -> PayMethod | None:
        """The way chosen; None while there is none."""
        return next((method for method, button in self._buttons.items() if button.isChecked()), None)

    def button(self, method: PayMethod) -> KeyButton:
        """The button of a way to pay."""
        return self._buttons[method]

    def buttons(self) -> tuple[KeyButton, ...]:
        """All of them, in their order."""
        return tuple(self._buttons.values())

    def take_focus(self) -> None:
        """The chosen way, or the first."""
        self._buttons[self.value() or PayMethod.CASH].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ walk along the ways."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        at = next((place for place, button in enumerate(buttons) if button.hasFocus()), -1)
        if step is None or at < 0:
            super().keyPressEvent(event)
            return
        buttons[max(0, min(len(buttons) - 1, at + step))].setFocus(Qt.FocusReason.TabFocusReason)

    def _pick(self, method: PayMethod) -> None:
        self.choose(method)
        self.chosen.emit(method)


class UnitRow(FlowRow):
    """The owner's units as chips; the payment is for those that are checked.

    Signals:
        changed: another choice of units.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._chips: dict[int, KeyButton] = {}

    def offer(self, rows: Sequence[OwnerRow], checked: Sequence[int]) -> None:
        """Offer these units, these ones checked."""
        self._chips = {}
        for row in rows:
            chip = KeyButton(f"{row.room} {show_yuan(row.owed)}", kind="chip", checkable=True)
            chip.setChecked(row.account_id in checked)
            chip.clicked.connect(lambda _on=False: self.changed.emit())
            self._chips[row.account_id] = chip
        self.set_widgets(list(self._chips.values()))

    def checked(self) -> tuple[int, ...]:
        """Account ids of the checked units, in their order."""
        return tuple(account_id for account_id, chip in self._chips.items() if chip.isChecked())

    def check(self, account_ids: Sequence[int]) -> None:
        """Check just these, as if clicked."""
        for account_id, chip in self._chips.items():
            chip.setChecked(account_id in account_ids)
        self.changed.emit()

    def chip(self, account_id: int) -> KeyButton:
        """The chip of a unit."""
        return self._chips[account_id]


class LabelledField(QWidget):
    """A field under its label, and the sentence that says what is wrong with it under both."""

    def __init__(self, words: str, edit: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = edit
        self.problem = Problem()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(field_label(words, edit))
        edit.setAccessibleName(words.partition("(&")[0])
        column.addWidget(edit)
        column.addWidget(self.problem)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
