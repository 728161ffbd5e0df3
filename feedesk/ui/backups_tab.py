"""设置 › 备份与恢复: where the office file is, its copies, and the way back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.store import Backup, BackupReason, Office, backups
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.table import RecordTableView
from feedesk.ui.table_model import Align, Cell, Column, RecordTableModel
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Card, ElidedLabel, KeyButton, label

_COLUMNS = (
    Column[Backup]("时间", lambda b: Cell(f"{b.at:%Y-%m-%d %H:%M:%S}", bold=True), 170),
    Column[Backup]("缘由", lambda b: Cell(b.reason), 90),
    Column[Backup]("大小", lambda b: Cell(f"{b.size / 1024:,.0f} KB"), 100, Align.RIGHT),
    Column[Backup]("文件", lambda b: Cell(b.path.name, tone=Tone.MUTED)),
)


class BackupsTab(QWidget):
    """Copies are made by themselves when the file is opened, before an import, daily, and before going back.

    Signals:
        backup_asked: 立即备份.
        restore_asked: the path of the copy to go back to.
        other_asked: another office file shall be opened.
    """

    backup_asked = Signal()
    restore_asked = Signal(object)
    other_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._where = ElidedLabel("", "strong")
        self._state = label("", "caption", wrap=True)
        self.model = RecordTableModel[Backup](_COLUMNS, lambda b: abs(hash(b.path.name)))
        self.table = RecordTableView(self.model)
        self.table.setMinimumHeight(300)
        self.table.setAccessibleName("备份")
        self.table.current_changed.connect(self._refresh_buttons)
        self.copy_button = KeyButton("立即备份", key="Ctrl+B", icon="backup", kind="primary")
        self.copy_button.clicked.connect(self.backup_asked)
        self.to_button = KeyButton("备份到 U 盘…", icon="export")
        self.to_button.clicked.connect(self.copy_to)
        self.restore_button = KeyButton("恢复到这一份…", icon="undo")
        self.restore_button.clicked.connect(self._restore)
        self.file_button = KeyButton("从别处的备份恢复…")
        self.file_button.clicked.connect(self._restore_file)
        self.check_button = KeyButton("检查办公室文件", icon="shield")
        self.check_button.clicked.connect(self.check)
        self.folder_button = KeyButton("打开所在文件夹", icon="folder", kind="quiet")
        self.folder_button.clicked.connect(self._open_folder)
        self.other_button = KeyButton("打开其他办公室文件…", kind="quiet")
        self.other_button.clicked.connect(self.other_asked)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        here = Card()
        here.body.addWidget(label("办公室文件", "section"))
        here.body.addWidget(self._where)
        here.body.addWidget(
            label(
                "全部资料都在这一个文件里；旁边同名的 .files 文件夹存照片和出过的单子，换电脑时一起拷走。",
                "caption",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.check_button, self.folder_button, self.other_button):
            row.addWidget(button)
        row.addStretch(1)
        here.body.addLayout(row)
        here.body.addWidget(self._state)
        column.addWidget(here)
        copies = Card()
        copies.body.addWidget(label("备份", "section"))
        copies.body.addWidget(
            label("开启前、导入前、每日、恢复前都会自动留一份，旧的按“备份留几份”清理。", "caption", wrap=True)
        )
        copies.body.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.copy_button, self.to_button, self.restore_button, self.file_button):
            foot.addWidget(button)
        foot.addStretch(1)
        copies.body.addLayout(foot)
        column.addWidget(copies)

    def refresh(self) -> None:
        """The copies on disk."""
        path = self._desk.office.path
        self._where.setText(str(path))
        self.table.show_rows(backups.all_of(path))
        self._refresh_buttons()

    def _refresh_buttons(self, *_: object) -> None:
        chosen = self.table.current_record()
        self.restore_button.setEnabled(chosen is not None)
        self.restore_button.setToolTip("" if chosen else "先在表里选一份")

    @Slot()
    def copy_to(self) -> None:
        """A copy into a folder of the clerk's choice."""
        desk = self._desk
        folder = desk.messages.choose_folder("备份到哪个文件夹", desk.settings.folder("backup"), self)
        if folder is None:
            return
        desk.settings.remember_folder("backup", folder)

        def work(office: Office, _tick: Tick) -> Backup:
            return office.backup(BackupReason.BY_HAND, folder)

        desk.in_background(work, lambda made: desk.messages.note(f"已备份到 {made.path}。"), "正在备份")

    @Slot()
    def check(self) -> None:
        """The whole check of `feedesk check`, in the background."""
        path = self._desk.office.path

        def work(_office: Office, _tick: Tick) -> list[str]:
            return backups.check(path)

        def done(found: list[str]) -> None:
            if found:
                more = f"（共 {len(found)} 处）" if len(found) > 1 else ""
                self._desk.messages.tell(
                    FeeDeskError(f"办公室文件有问题：{found[0]}{more}。", "请从最近一份好的备份恢复。"), self
                )
            self._state.setText(
                "" if found else f"{self._desk.now():%H:%M} 检查通过：完整性、账目、编号和操作日志都对得上。"
            )

        self._desk.in_background(work, done, "正在检查")

    @Slot()
    def _restore(self) -> None:
        chosen = self.table.current_record()
        if chosen is not None:
            self.restore_asked.emit(chosen.path)

    @Slot()
    def _restore_file(self) -> None:
        folder = self._desk.settings.folder("backup")
        path = self._desk.messages.open_file("选择备份", folder, "办公室文件 (*.feedesk)", self)
        if path is not None:
            self.restore_asked.emit(Path(path))

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.office.path.parent)))
