"""Parts of 记录联系: the pad of results, the field for the owner's words, boxes that leave digits to the dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from feedesk.models.contacts import Outcome, OutcomeSpec
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import KeyButton, label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


def takes_text(widget: QWidget | None) -> bool:
    """Whether digits typed into this widget are text (look.md §6: in a text field they always are)."""
    return isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox)


class PlainCombo(QComboBox):
    """A drop-down whose closed box leaves digits and letters to the dialog instead of searching by them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only arrows, F4 and Space are for the box."""
        if event.key() in _ENTER or (event.text().strip() and event.text().isprintable()):
            event.ignore()
            return
        super().keyPressEvent(event)


class SaidEdit(QPlainTextEdit):
    """What the owner said. Shift+Enter starts a new line; Enter belongs to the dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setAccessibleName("业主说了什么")
        self.setPlaceholderText("原话记几个字，下次打电话的人看得懂就行")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter without Shift goes on to the dialog."""
        if event.key() in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                event.ignore()
            return
        super().keyPressEvent(event)


class PadButton(KeyButton):
    """One result on the pad; arrows walk over the pad instead of along the tab order.

    Signals:
        walked: rows and columns to go.
    """

    walked = Signal(int, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.walked.emit(*step)


class ResultPad(QWidget):
    """The results of a channel as on a phone pad, three in a row, each with its key.

    Signals:
        chosen: the `Outcome` the clerk chose.
    """

    chosen = Signal(object)

    COLUMNS = 3

    def __init__(self, *, low: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low = low
        self._specs: tuple[OutcomeSpec, ...] = ()
        self._buttons: list[PadButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4 if low else 6)
        for column in range(self.COLUMNS):
            self._grid.setColumnStretch(column, 1)

    def offer(self, specs: Sequence[OutcomeSpec]) -> None:
        """Offer these results; the chosen one stays chosen when it is among them."""
        if tuple(specs) == self._specs:
            return
        kept = self.value()
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.deleteLater()
        self._specs, self._buttons = tuple(specs), []
        for place, spec in enumerate(self._specs):
            button = PadButton(
                spec.label, mark=str(spec.mark), key=spec.key, key_first=True, kind="outcome", checkable=True
            )
            button.setFixedHeight(36 if self._low else 44)
            button.clicked.connect(lambda _on=False, which=spec.outcome: self._pick(which))
            button.walked.connect(lambda down, right, at=place: self._walk(at, down, right))
            self._grid.addWidget(button, place // self.COLUMNS, place % self.COLUMNS)
            self._buttons.append(button)
        self.choose(kept)

    def press(self, key: str) -> bool:
        """The key `key` was typed; False when no result has it."""
        for spec in self._specs:
            if spec.key == key:
                self._pick(spec.outcome)
                return True
        return False

    def choose(self, outcome: Outcome | None) -> None:
        """Show a result as chosen; emits nothing."""
        for spec, button in zip(self._specs, self._buttons, strict=True):
            button.setChecked(spec.outcome is outcome)

    def value(self) -> Outcome | None:
        """The chosen result."""
        for spec, button in zip(self._specs, self._buttons, strict=True):
            if button.isChecked():
                return spec.outcome
        return None

    def button(self, outcome: Outcome) -> PadButton:
        """The button of a result; raises KeyError when it is not offered."""
        for spec, button in zip(self._specs, self._buttons, strict=True):
            if spec.outcome is outcome:
                return button
        raise KeyError(outcome)

    def take_focus(self) -> None:
        """Put the focus on the chosen result, or the first."""
        chosen = self.value()
        button = self.button(chosen) if chosen else self._buttons[0]
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick(self, outcome: Outcome) -> None:
        self.choose(outcome)
        self.chosen.emit(outcome)

    def _walk(self, place: int, down: int, right: int) -> None:
        to = place + down * self.COLUMNS + right
        if 0 <= to < len(self._buttons):
            self._buttons[to].setFocus(Qt.FocusReason.TabFocusReason)


class Problem(QWidget):
    """One sentence beside a field, in cinnabar; takes no room while there is nothing wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label("", "caption", Tone.CINNABAR, wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._words)
        self.hide()

    def say(self, text: str) -> None:
        """Show the sentence; empty hides it."""
        self._words.setText(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What is said."""
        return self._words.text()
