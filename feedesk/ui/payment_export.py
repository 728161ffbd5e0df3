"""The day's payments as a workbook."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.ledger.takings import Taking, day_sums
from feedesk.models.money import show_yuan
from feedesk.models.store import Office
from feedesk.tasks.takings import export_takings
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick


class TakingsExport(QObject):
    """Asks for the file, writes it in the background, says what is in it."""

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk, self._window = desk, owner

    def save(self, day: date) -> None:
        """存为 Excel."""
        desk = self._desk
        proposed = desk.settings.folder("takings") / f"收款日报-{day.isoformat()}.xlsx"
        target = desk.messages.save_file("收款日报存为", proposed, "Excel 工作簿 (*.xlsx)", self._window)
        if target is None:
            return
        desk.settings.remember_folder("takings", target.parent)

        def work(office: Office, _tick: Tick) -> list[Taking]:
            return export_takings(office, target, day)

        def done(takings: list[Taking]) -> None:
            sums = day_sums(takings)
            desk.messages.note(f"已存 {target.name}：{sums.count} 笔 {show_yuan(sums.amount)}。")

        def failed(error: FeeDeskError) -> None:
            desk.messages.tell(error, self._window)

        desk.in_background(work, done, "正在生成收款日报", failed)
