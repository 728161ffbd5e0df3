"""记录表: which days, and where to."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.days import show_day
from feedesk.models.money import show_yuan
from feedesk.models.record_table import RecordTable
from feedesk.models.store import Office
from feedesk.tasks.tables import export_record_table
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.widgets import DayEdit, KeyButton, Segment, field_label, hairline, label

_SPANS = (("today", "今天"), ("week", "本周"), ("month", "本月"), ("own", "自选"))


class RecordTableDialog(QDialog):
    """Chooses the span; exports in the background and says where the workbook is."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        today = desk.today()
        self.setWindowTitle("催缴记录表")
        self.setModal(True)
        self.setFixedWidth(520)
        self.span = Segment(_SPANS)
        self.span.chosen.connect(self._on_span)
        self.first = DayEdit(today, today, past=True)
        self.last = DayEdit(today, today, past=True)
        for edit in (self.first, self.last):
            edit.textChanged.connect(self._refresh)
        self._what = label("", "muted", wrap=True)
        self.export_button = KeyButton("存为 Excel", key="Enter", icon="sheet", kind="primary")
        self.export_button.clicked.connect(self.export)
        cancel = KeyButton("取消", key="Esc", kind="quiet")
        cancel.clicked.connect(self.reject)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(label("催缴记录表", "title"))
        column.addWidget(
            label("交给组团负责人的表：欠费未清的户，加上这段时间里缴清的户（划线）。", "muted", wrap=True)
        )
        column.addWidget(self.span)
        row = QHBoxLayout()
        row.setSpacing(12)
        for text, edit in (("从", self.first), ("到", self.last)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(text, edit))
            part.addWidget(edit)
            row.addLayout(part)
        column.addLayout(row)
        column.addWidget(self._what)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.export_button)
        column.addLayout(foot)
        self.span.choose("today")
        self._on_span("today")
        self.export_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter exports."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.export_button.isEnabled():
            self.export()
            return
        super().keyPressEvent(event)

    @Slot(str)
    def _on_span(self, key: str) -> None:
        today = self._desk.today()
        starts = {"today": today, "week": today - timedelta(days=today.weekday()), "month": today.replace(day=1)}
        if key in starts:
            self.first.set_day(starts[key])
            self.last.set_day(today)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        first, last, today = self.first.day(), self.last.day(), self._desk.today()
        problem = ""
        if first is None or last is None:
            problem = "日期要能读懂，例如 1121 或 2026-11-21。"
        elif first > last:
            problem = "起始日晚于截止日。"
        elif last > today:
            problem = "截止日在今天之后。"
        self.export_button.setEnabled(not problem)
        if problem or first is None or last is None:
            self._what.setText(problem)
            return
        span = show_day(first, today) if first == last else f"{show_day(first, today)} 至 {show_day(last, today)}"
        self._what.setText(f"反馈信息取{span}的联系；第二页列出每次联系，第三页是小结。")

    @Slot()
    def export(self) -> None:
        """Ask for the file and write it."""
        first, last = self.first.day(), self.last.day()
        if first is None or last is None:
            return
        desk = self._desk
        days = last.isoformat() if first == last else f"{first.isoformat()}至{last.isoformat()}"
        proposed = desk.settings.folder("record_table") / f"催缴记录表-{days}.xlsx"
        target = desk.messages.save_file("催缴记录表存为", proposed, "Excel 工作簿 (*.xlsx)", self)
        if target is None:
            return
        desk.settings.remember_folder("record_table", target.parent)

        def work(office: Office, _tick: Tick) -> RecordTable:
            return export_record_table(office, target, first, last)

        def done(table: RecordTable) -> None:
            desk.messages.note(f"已存 {target}：未清 {table.open_count} 户 {show_yuan(table.owed)}。")
            self.accept()

        def failed(error: FeeDeskError) -> None:
            desk.messages.tell(error, self)

        desk.in_background(work, done, "正在生成催缴记录表", failed)
