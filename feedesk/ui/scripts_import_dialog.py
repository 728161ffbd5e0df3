"""导入话术: what a file from another office would do here, and what must not be said in it, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.scripts import Script
from feedesk.models.scripts.exchange import ARRIVAL_LABELS, Arrival, Incoming, Parcel
from feedesk.ui.desk import Desk
from feedesk.ui.table import Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, ElidedLabel, KeyButton, hairline, label

_SIZE = (900, 560)
_AIR = 16
_ORDER = (Arrival.NEW, Arrival.CHANGED, Arrival.OURS, Arrival.SAME)


@dataclass(frozen=True, slots=True)
class _Line:
    id: int
    incoming: Incoming

    @property
    def title(self) -> str:
        words = self.incoming.words
        return words.title if isinstance(words, Script) else f"业主说：“{words.chip}”"

    @property
    def is_blocked(self) -> bool:
        return any(one.blocking for one in self.incoming.problems)


class ScriptImportDialog(QDialog):
    """Takes all of it or nothing."""

    def __init__(self, desk: Desk, parcel: Parcel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parcel = desk, parcel
        self.setWindowTitle("导入话术")
        self.setModal(True)
        lines = [_Line(at, one) for at, one in enumerate(parcel.incoming, start=1)]
        lines.sort(key=lambda line: (not line.is_blocked, _ORDER.index(line.incoming.arrival), line.id))
        self._count = sum(one.arrival is not Arrival.SAME for one in parcel.incoming)
        self.model: RecordTableModel[_Line] = RecordTableModel(_columns(), lambda line: line.id, parent=self)
        self.table: RecordTableView[_Line] = RecordTableView(self.model, row_height=30)
        self.table.setAccessibleName("文件里的话术")
        self.table.current_changed.connect(lambda _id: self._show_current())
        self._problem = Banner(Tone.CINNABAR)
        self._blocked = Banner(Tone.CINNABAR)
        self.take_button = KeyButton(f"导入 {self._count} 篇", key="Ctrl+Enter", icon="import", kind="primary")
        self.take_button.clicked.connect(self.take)
        self.close_button = KeyButton("取消", key="Esc", kind="quiet")
        self.close_button.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        head.setSpacing(14)
        head.addWidget(label("导入话术", "title"))
        head.addWidget(ElidedLabel(self._from(), "muted"), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 10)
        foot.setSpacing(8)
        foot.addWidget(label("还没有写入。原来的各版都留着，随时可以换回。", "caption", wrap=True), 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addWidget(self._blocked)
        column.addWidget(self.table, 1)
        column.addWidget(self._problem)
        column.addWidget(hairline())
        column.addLayout(foot)
        room = parent.window().size()
        self.resize(min(_SIZE[0], room.width() - _AIR), min(_SIZE[1], room.height() - _AIR))
        bad = len(parcel.blocked)
        self._blocked.show_lines((f"有 {bad} 篇里有不能说的话，整份都不能导入；请对方改好再导出。",) if bad else ())
        self.take_button.setEnabled(bool(self._count) and not bad)
        self.take_button.setToolTip("" if self._count else "和这里用的全都一样，没有要导入的")
        self.table.show_rows(lines)
        self.table.choose_row(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self) -> None:
        """Ctrl+Enter: write it."""
        if not self.take_button.isEnabled():
            return
        scripts = self._desk.office.scripts
        if self._desk.write(lambda: scripts.import_library(self._parcel), f"已导入 {self._count} 篇话术，马上启用。"):
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter takes it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.take()
            return
        super().keyPressEvent(event)

    def text(self) -> str:
        """What is told, as read."""
        lines = [f"{line.title} {ARRIVAL_LABELS[line.incoming.arrival]}" for line in self.model.rows()]
        return "\n".join((self._from(), self._blocked.text(), *lines, self._problem.text()))

    def _from(self) -> str:
        told = [f"{ARRIVAL_LABELS[kind]} {len(found)} 篇" for kind in _ORDER if (found := self._parcel.of(kind))]
        return (
            f"{self._parcel.office or '没有写办公室'} · {self._parcel.at[:10]} 导出 · {'、'.join(told) or '没有话术'}"
        )

    def _show_current(self) -> None:
        line = self.table.current_record()
        found = line.incoming.problems if line is not None else ()
        told = [one.what + (f"；可以说：{one.instead}" if one.instead else "") for one in found[:2]]
        self._problem.show_lines(tuple(told), Tone.CINNABAR if line is not None and line.is_blocked else Tone.OCHRE)


def _columns() -> tuple[Column[_Line], ...]:
    def finding(line: _Line) -> Cell:
        if not line.incoming.problems:
            return Cell("")
        tone = Tone.CINNABAR if line.is_blocked else Tone.OCHRE
        return Cell(line.incoming.problems[0].what, mark="broken" if line.is_blocked else "due", tone=tone)

    return (
        Column("题目", lambda line: Cell(line.title), 260),
        Column("会怎样", lambda line: Cell(ARRIVAL_LABELS[line.incoming.arrival], tone=Tone.MUTED), 150),
        Column("查到的话", finding),
    )
