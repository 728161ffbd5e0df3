"""设置 › 导入记录: every list taken in, and its rows that were not read."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.money import show
from feedesk.models.store import AppliedImport
from feedesk.reports.rejected_rows import write_rejected
from feedesk.ui.desk import Desk
from feedesk.ui.table import RecordTableView
from feedesk.ui.table_model import Align, Cell, Column, RecordTableModel
from feedesk.ui.widgets import Card, EmptyState, KeyButton, label

_COLUMNS = (
    Column[AppliedImport]("导入时间", lambda m: Cell(f"{m.applied_at:%Y-%m-%d %H:%M}"), 136),
    Column[AppliedImport](
        "清单",
        lambda m: Cell(m.file, bold=not m.voided, strike=bool(m.voided), tooltip=m.voided and f"已作废：{m.voided}"),
    ),
    Column[AppliedImport]("数据截至", lambda m: Cell(m.as_of.isoformat()), 96),
    Column[AppliedImport]("户", lambda m: Cell(f"{m.accounts:,}"), 60, Align.RIGHT),
    Column[AppliedImport]("笔", lambda m: Cell(f"{m.charges:,}"), 60, Align.RIGHT),
    Column[AppliedImport]("清单合计(元)", lambda m: Cell(show(m.total)), 120, Align.RIGHT),
    Column[AppliedImport]("导入前(元)", lambda m: Cell(show(m.before)), 120, Align.RIGHT),
    Column[AppliedImport]("导入后(元)", lambda m: Cell(show(m.after)), 120, Align.RIGHT),
    Column[AppliedImport]("未读入", lambda m: Cell(f"{m.rejected} 行" if m.rejected else "—"), 66, Align.RIGHT),
    Column[AppliedImport]("经办", lambda m: Cell(m.staff_name), 80),
    Column[AppliedImport]("作废", lambda m: Cell(m.voided or "—"), 150),
)


class ImportsTab(QWidget):
    """Append-only: a list taken in by mistake is mended by the next list, or by going back to the copy 导入前."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.model = RecordTableModel[AppliedImport](_COLUMNS, lambda m: m.id)
        self.table = RecordTableView(self.model)
        self.table.setMinimumHeight(330)
        self.table.setAccessibleName("导入记录")
        self.save_button = KeyButton("未读入的行存为表…", icon="export")
        self.save_button.clicked.connect(self.save_rejects)
        self.void_button = KeyButton("作废最近一份…", kind="danger")
        self.void_button.clicked.connect(self.void_latest)
        self.empty = EmptyState("还没有导入过清单。", "请财务导出一份，Excel 或 CSV 都行。", "导入清单")
        self.empty.pressed.connect(desk.import_wanted)
        self.table.current_changed.connect(self._refresh_button)
        card = Card()
        card.body.addWidget(label("导入记录", "section"))
        card.body.addWidget(
            label(
                "导错了最近一份：作废它，之后的联系记录都保留。更早的：用新清单更正，或在“备份与恢复”里回到“导入前”。",
                "caption",
                wrap=True,
            )
        )
        card.body.addWidget(self.table)
        card.body.addWidget(self.empty)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.void_button)
        foot.addStretch(1)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def refresh(self) -> None:
        """The lists as stored."""
        rows = self._desk.office.imports.all()
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.save_button.setVisible(bool(rows))
        self.void_button.setVisible(any(not row.voided for row in rows))
        self._refresh_button()

    def _refresh_button(self, *_: object) -> None:
        row = self.table.current_record()
        self.save_button.setEnabled(bool(row and row.rejected))
        self.save_button.setToolTip("" if row and row.rejected else "这一份没有未读入的行")

    @Slot()
    def save_rejects(self) -> None:
        """The refused rows of the chosen list, with their reasons, as a workbook."""
        row = self.table.current_record()
        if row is None:
            return
        desk = self._desk
        proposed = desk.settings.folder("import") / f"未读入-{row.file.rsplit('.', 1)[0]}.xlsx"
        target = desk.messages.save_file("未读入的行存为", proposed, "Excel 工作簿 (*.xlsx)", self)
        if target is None:
            return
        try:
            write_rejected(desk.office.imports.rejects(row.id), target)
        except FeeDeskError as error:
            desk.messages.tell(error, self)
            return
        desk.messages.note(f"已存 {target}。")

    @Slot()
    def void_latest(self) -> None:
        """Void the latest list, after the reason has been asked for."""
        desk = self._desk
        latest = next((row for row in desk.office.imports.all() if not row.voided), None)
        if latest is None:
            return
        reason = desk.messages.ask_text(f"作废“{latest.file}”（{latest.accounts} 户）的原因？", "", self)
        if reason and desk.write(
            lambda: desk.office.imports.void(latest.id, reason), f"“{latest.file}”已作废，账目回到导入它之前。"
        ):
            self.refresh()
