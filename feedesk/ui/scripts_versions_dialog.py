"""版本: every wording of a script or answer, who wrote it and when; any of them, ours too, is put in force by one key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.days import show_moment
from feedesk.models.scripts import Script, fill, fill_objection
from feedesk.models.scripts.edition import OURS, SOURCE_LABELS, Kept, Source
from feedesk.ui.desk import Desk
from feedesk.ui.scripts_owner_popup import Preview
from feedesk.ui.speech import SpeechView
from feedesk.ui.table import Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, KeyButton, hairline, label

_SIZE = (980, 600)
_AIR = 16


class ScriptVersionsDialog(QDialog):
    """Signals:
    used: the key whose wording in force is another.
    """

    used = Signal(str)

    def __init__(self, desk: Desk, key: str, preview: Preview, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._key, self._preview = desk, key, preview
        self.setWindowTitle("版本")
        self.setModal(True)
        self._title = ElidedLabel("", "title")
        self.model: RecordTableModel[Kept] = RecordTableModel(self._columns(), lambda one: one.number, parent=self)
        self.table: RecordTableView[Kept] = RecordTableView(self.model, row_height=30)
        self.table.setAccessibleName("各个版本")
        self.table.current_changed.connect(lambda _id: self._show_current())
        self.table.row_entered.connect(lambda _id: self.use())
        self._view = SpeechView(heading_width=44)
        self._view.set_size(14)
        self._note = label("", "caption", wrap=True)
        self.use_button = KeyButton("换用这一版", key="Enter", kind="primary")
        self.use_button.clicked.connect(self.use)
        self.close_button = KeyButton("关上", key="Esc", kind="quiet")
        self.close_button.clicked.connect(self.reject)
        self._lay_out()
        room = parent.window().size()
        self.resize(min(_SIZE[0], room.width() - _AIR), min(_SIZE[1], room.height() - _AIR))
        self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        inner = QWidget()
        words = QVBoxLayout(inner)
        words.setContentsMargins(14, 10, 14, 10)
        words.addWidget(self._note)
        words.addWidget(self._view)
        words.addStretch(1)
        reading = QScrollArea()
        reading.setWidget(inner)
        reading.setWidgetResizable(True)
        reading.setFrameShape(QFrame.Shape.NoFrame)
        reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        reading.setAccessibleName("这一版")
        panel = QFrame()
        panel.setProperty("role", "panel")
        held = QVBoxLayout(panel)
        held.setContentsMargins(1, 0, 0, 0)
        held.addWidget(reading)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.table, 5)
        middle.addWidget(panel, 4)
        top = QHBoxLayout()
        top.setContentsMargins(20, 12, 20, 10)
        top.addWidget(self._title, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 10)
        foot.setSpacing(8)
        foot.addWidget(label("换用不会丢掉别的版本；记过的联系仍指着当时那一版。", "caption", wrap=True), 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.use_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addLayout(foot)

    def reload(self) -> None:
        """Read the versions anew; the one in force is marked."""
        versions = self._desk.office.scripts.versions(self._key)
        now = next((one for one in versions if one.in_force), versions[0])
        self._title.setText(f"版本：{now.words.title if isinstance(now.words, Script) else f'“{now.words.chip}”'}")
        self.table.show_rows(versions)
        self.table.choose(now.number)
        self._show_current()

    def use(self) -> None:
        """Enter: the version in hand is in force from now on."""
        chosen = self.table.current_record()
        if chosen is None or chosen.in_force:
            return
        scripts = self._desk.office.scripts
        name = "原文" if chosen.number == OURS else f"第 {chosen.number} 版"
        before = scripts.decided(self._key)
        if self._desk.write(
            lambda: scripts.use_version(self._key, chosen.number),
            f"已换用{name}。",
            lambda _: scripts.take_back(self._key, before),
        ):
            self.used.emit(self._key)
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.use()
            return
        super().keyPressEvent(event)

    def text(self) -> str:
        """The version in hand as read."""
        return f"{self._note.text()}\n{self._view.text()}"

    def _show_current(self) -> None:
        one = self.table.current_record()
        if one is None:
            return
        context = self._preview.context
        words = one.words
        self._view.show_parts(
            (fill(words, context) if isinstance(words, Script) else fill_objection(words, context)).parts
        )
        self._note.setText("程序自带的原文" if one.source is Source.OURS else one.note or "没有写改了什么")
        self.use_button.setEnabled(not one.in_force)
        self.use_button.setToolTip("正在用的就是这一版" if one.in_force else "")

    def _columns(self) -> tuple[Column[Kept], ...]:
        now = self._desk.now()

        def version(one: Kept) -> Cell:
            return Cell("原文" if one.number == OURS else f"第 {one.number} 版", bold=one.in_force)

        return (
            Column("版本", version, 76),
            Column("", lambda one: Cell("在用" if one.in_force else "", mark="paid" if one.in_force else ""), 66),
            Column("谁", lambda one: Cell(one.staff_name, tone=Tone.MUTED), 70),
            Column("什么时候", lambda one: Cell(show_moment(one.at, now) if one.at else "", tone=Tone.MUTED), 110),
            Column("改了什么", lambda one: Cell(one.note or SOURCE_LABELS[one.source], tone=Tone.MUTED)),
        )
