"""A statement nobody knows yet: the clerk says once what its columns mean, and sees at once what is read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from feedesk.errors import FeeDeskError
from feedesk.models.intake import StatementMapping, statement_mapping
from feedesk.models.money import show_yuan
from feedesk.models.statements import STATEMENT_COLUMN_LABELS, Direction, StatementColumn, StatementReading
from feedesk.tasks import reconcile
from feedesk.ui.desk import Desk
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, ElidedLabel, KeyButton, hairline, label

_WIDEST, _HIGHEST = 1120, 600
_COLUMN = 132
_SAMPLES = 6
_MEANINGS = (
    StatementColumn.IGNORE,
    *(meaning for meaning in StatementColumn if meaning is not StatementColumn.IGNORE),
)
"""As offered: what is not used stands first, so that ↓ walks on to the others."""


class StatementDialog(QDialog):
    """Above the titles as the file writes them, below each its meaning, below that the first rows.

    Signals:
        understood: the reading and the mapping it was read with.
    """

    understood = Signal(object, object)

    def __init__(self, desk: Desk, path: Path, reading: StatementReading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._path, self._first = desk, path, reading
        self._found: StatementReading | None = None
        self._mapping: StatementMapping | None = None
        self.setWindowTitle("读入流水 — FeeDesk")
        self.setModal(True)
        self.boxes: list[QComboBox] = []
        self._verdict = Banner(Tone.OCHRE, "info")
        self.read_button = KeyButton("读入", key="Enter", icon="import", kind="primary")
        self.read_button.clicked.connect(self.accept)
        self.cancel_button = KeyButton("取消", key="Esc", kind="quiet")
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()
        width = min(_WIDEST, max(640, len(reading.table.titles) * (_COLUMN + 8) + 64))
        self.resize(width, min(_HIGHEST, 320 + _SAMPLES * 28))
        self._read()
        if self.boxes:
            self.boxes[0].setFocus()

    def _lay_out(self) -> None:
        reading = self._first
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(label("这份流水的列，请指明含义", "title"))
        column.addWidget(
            label(
                f"{reading.file}：{reading.unknown}指明一次就记住，下次同样格式的直接读入；现在还没有写入任何数据。",
                "muted",
                wrap=True,
            )
        )
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 8, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for place, title in enumerate(reading.table.titles):
            head = ElidedLabel(title or f"第 {place + 1} 列", "strong")
            head.setMinimumWidth(_COLUMN)
            grid.addWidget(head, 0, place)
            box = QComboBox()
            box.setAccessibleName(f"“{title or place + 1}”的含义")
            box.setMinimumWidth(_COLUMN)
            for meaning in _MEANINGS:
                box.addItem(STATEMENT_COLUMN_LABELS[meaning])
            box.setCurrentIndex(_MEANINGS.index(reading.table.columns[place]))
            box.currentIndexChanged.connect(lambda _at: self._read())
            self.boxes.append(box)
            grid.addWidget(box, 1, place)
            for row, cells in enumerate(reading.table.sample[:_SAMPLES], start=2):
                grid.addWidget(ElidedLabel(cells[place] if place < len(cells) else "", "muted"), row, place)
        grid.setRowStretch(_SAMPLES + 2, 1)
        table.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Preferred)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(table)
        column.addWidget(hairline())
        column.addWidget(scroll, 1)
        column.addWidget(self._verdict)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(label("Tab 到下一列，↑↓ 选含义", "caption"))
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.read_button)
        column.addLayout(foot)

    def choose(self, title: str, meaning: StatementColumn) -> None:
        """Say what the column of that title means, as if chosen from its list."""
        place = self._first.table.titles.index(title)
        self.boxes[place].setCurrentIndex(_MEANINGS.index(meaning))

    def verdict(self) -> str:
        """What is read with the meanings chosen now."""
        return self._verdict.text()

    def accept(self) -> None:
        """Hand over what was understood."""
        if self._found is not None and self._mapping is not None and self.read_button.isEnabled():
            self.understood.emit(self._found, self._mapping)
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter reads it, from whatever list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
            return
        super().keyPressEvent(event)

    def _read(self) -> None:
        """Read again with the meanings chosen: a statement is small, and the answer must be seen at once."""
        columns = [_MEANINGS[box.currentIndex()] for box in self.boxes]
        if all(column is StatementColumn.IGNORE for column in columns):
            self._found = None
            self._say(("至少指明三样：哪天、多少钱、谁付的或附言。",), Tone.OCHRE)
            return
        self._mapping = statement_mapping(self._first, columns)
        try:
            self._found = reconcile.read(self._path, {}, self._mapping)
        except FeeDeskError as error:
            self._found = None
            self._say((error.text,), Tone.CINNABAR)
            return
        found = self._found
        if found.unknown:
            self._say((found.unknown,), Tone.OCHRE)
            return
        came = [line for line in found.lines if line.direction is Direction.IN and not line.void]
        words = f"读出 {len(found.lines)} 笔，其中收入 {len(came)} 笔 {show_yuan(found.income)}"
        if found.rejected:
            words += f"；{len(found.rejected)} 行没有读懂，例如第 {found.rejected[0][0]} 行：{found.rejected[0][1]}"
        self._say((f"{words}。",), Tone.MALACHITE if came else Tone.OCHRE, ready=bool(found.lines))

    def _say(self, lines: tuple[str, ...], tone: Tone, *, ready: bool = False) -> None:
        self._verdict.show_lines(lines, tone)
        self.read_button.setEnabled(ready)
