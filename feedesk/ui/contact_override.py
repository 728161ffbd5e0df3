"""Why a contact that the guard would have stopped was in order after all: shown in 记录联系 only then."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout

from feedesk.ui.contact_parts import Problem
from feedesk.ui.contact_results import ResultPane
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import Field, IconMark, KeyButton, label

_OTHER = "其他"
_LONGEST = 60


class OverridePane(ResultPane):
    """The reason by one digit, or typed under 其他. It stays on record with the rule that was in the way."""

    def __init__(self, *, low: bool = False) -> None:
        super().__init__(margins=(14, 8 if low else 10, 14, 8 if low else 12), spacing=4 if low else 6)
        self._reasons: tuple[str, ...] = ()
        self._buttons: list[KeyButton] = []
        self._group = QButtonGroup(self)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconMark("alert", COLOURS.ochre, 16))
        head.addWidget(label("写明理由才能记", "section"))
        head.addStretch(1)
        head.addWidget(label("时间不对按 Alt+T 改", "caption"))
        self.body.addLayout(head)
        self.why = label("", "label", Tone.OCHRE, wrap=True)
        self.body.addWidget(self.why)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.typed = Field("", "例如：业主家漏水，电话问情况")
        self.typed.setMaxLength(_LONGEST)
        self.typed.setAccessibleName("其他理由")
        self.typed.textEdited.connect(lambda _text: self.changed.emit())
        self.typed.hide()
        self.body.addWidget(self.typed)
        self.problem = Problem()
        self.body.addWidget(self.problem)
        self.hide()

    def show_breach(self, why: str, reasons: Sequence[str]) -> None:
        """Say what is in the way and offer these reasons; what was chosen stays while it is still offered."""
        self.why.setText(why)
        if tuple(reasons) == self._reasons:
            return
        chosen = self._chosen()
        for button in self._buttons:
            self._group.removeButton(button)
            self._grid.removeWidget(button)
            button.deleteLater()
        self._reasons, self._buttons = tuple(reasons), []
        for place, words in enumerate((*self._reasons, _OTHER)):
            button = KeyButton(words, key=str(place + 1), key_first=True, kind="said", checkable=True)
            button.setFixedHeight(30)
            button.clicked.connect(lambda _on=False, at=place: self._choose(at))
            self._group.addButton(button, place)
            self._grid.addWidget(button, place // 2, place % 2)
            self._buttons.append(button)
            button.setChecked(words == chosen)

    def reason(self) -> str:
        """The reason as it stands; empty while there is none."""
        chosen = self._chosen()
        return self.typed.text().strip() if chosen == _OTHER else chosen

    def press(self, key: str) -> bool:
        """A digit chooses the reason."""
        if not key.isdecimal() or not 1 <= int(key) <= len(self._buttons):
            return False
        self._choose(int(key) - 1)
        return True

    def take_focus(self) -> None:
        """The reason chosen, the field of 其他, or the first reason."""
        place = self._group.checkedId()
        if self.typed.isVisible():
            self.typed.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._buttons[max(place, 0)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> str:
        place = self._group.checkedId()
        return "" if place < 0 else (*self._reasons, _OTHER)[place]

    def _choose(self, place: int) -> None:
        self._buttons[place].setChecked(True)
        is_other = place == len(self._reasons)
        self.typed.setVisible(is_other)
        (self.typed if is_other else self._buttons[place]).setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
