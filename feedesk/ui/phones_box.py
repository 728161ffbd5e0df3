"""The numbers of an account on 资料: each with holder, source and state, and a line to add one.

Sources of added numbers are law §13.8's closed list: no number from agents, friends or neighbours can be entered.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import PHONE_SOURCES, PHONE_STATE_LABELS, Phone, PhoneState
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, Field, IconMark, KeyButton, label
from feedesk.ui.words import show_number


class PhonesBox(QWidget):
    """Lists numbers and takes a new one.

    Signals:
        add_asked: number, holder, source.
    """

    add_asked = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._said: list[str] = []
        self.number = Field("", "加一个号码")
        self.number.setAccessibleName("新号码")
        self.holder = Field("", "本人")
        self.holder.setAccessibleName("号码是谁的")
        self.holder.setFixedWidth(76)
        self.source = QComboBox()
        self.source.setAccessibleName("号码来源")
        self.source.addItems(PHONE_SOURCES)
        self.add = KeyButton("添加")
        self.add.setEnabled(False)
        self.add.setToolTip("先填号码")
        self.add.clicked.connect(self._ask)
        self.number.textChanged.connect(self._mind)
        self.number.returnPressed.connect(self._ask)
        self.holder.returnPressed.connect(self._ask)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.number, 1)
        row.addWidget(self.holder)
        row.addWidget(self.source)
        row.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._rows)
        column.addLayout(row)
        column.addWidget(
            label("来源只能是业主自己留下或告知的；向中介、亲友、邻居要来的号码不能用。", "caption", wrap=True)
        )

    def show_phones(self, phones: Sequence[Phone]) -> None:
        """Show these numbers in call order, and an empty line for a new one."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._said = []
        for line, phone in enumerate(phones):
            state = PHONE_STATE_LABELS[phone.state]
            is_dead = phone.state is PhoneState.DEAD
            self._grid.addWidget(IconMark("landline" if phone.is_landline else "mobile"), line, 0)
            self._grid.addWidget(label(show_number(phone.number), "strong"), line, 1)
            self._grid.addWidget(label(phone.holder, "muted"), line, 2)
            self._grid.addWidget(
                ElidedLabel(f"{phone.source} · {state}", "", Tone.CINNABAR if is_dead else Tone.CAPTION), line, 3
            )
            self._said.append(f"{show_number(phone.number)} {phone.holder} {phone.source} {state}")
        if not phones:
            self._grid.addWidget(label("还没有号码。可查合同、交房登记里业主本人留的。", tone=Tone.OCHRE), 0, 0, 1, 4)
            self._said.append("还没有号码")
        self.number.clear()
        self.holder.clear()

    def texts(self) -> tuple[str, ...]:
        """Every number as read."""
        return tuple(self._said)

    def _mind(self) -> None:
        has = any(char.isdigit() for char in self.number.text())
        self.add.setEnabled(has)
        self.add.setToolTip("" if has else "先填号码")

    def _ask(self) -> None:
        if self.add.isEnabled():
            self.add_asked.emit(
                self.number.text().strip(), self.holder.text().strip() or "本人", self.source.currentText()
            )
