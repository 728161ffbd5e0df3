"""Pictures of every page and dialog of the sample office, taken from the real window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from feedesk import paths
from feedesk.demo.pictures_follow import take_follow_up
from feedesk.demo.pictures_scripts import take_library, take_scripts
from feedesk.errors import FeeDeskError
from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk, LogHint
from feedesk.ui.import_dialog import ImportDialog
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import FIGURES, OWNERS, PAYMENTS, SETTINGS, TODAY, OfficeRoom
from feedesk.ui.record_table_dialog import RecordTableDialog
from feedesk.ui.settings import UiSettings
from feedesk.ui.start_page import StartPage

SIZE = (1366, 768)
_DIALOG = (940, 620)
"""The size of 记录联系 on a real screen; the offscreen one is smaller."""
_WAIT_MS = 60_000


def take_pictures(folder: Path, now: datetime, next_list: Path, fonts: Fonts) -> int:
    """Save a PNG of every page; returns how many. Works without a screen."""
    app = _application()
    settings = UiSettings(folder / "window.ini")
    messages = Messages()
    window = MainWindow(messages, settings)
    window.resize(*SIZE)
    office = Office.open(folder / "office.feedesk", lambda: now)
    desk = Desk(office, messages, JobRunner(messages, window), settings, office.scripts.library(), fonts, window)
    room = OfficeRoom(desk, window)
    camera = _Camera(app, folder, window)
    try:
        start = StartPage(messages, paths.office_folder())
        window.show_start(start)
        window.show()
        camera.take("00-开始")
        window.show_start(None)
        _pages(camera, room, window, office)
        _dialogs(camera, room, window, next_list)
        _money(camera, room, window, office)
        take_follow_up(camera, room, window, office)
        take_scripts(camera, room, window, office)
        take_library(camera, room, window)
    finally:
        window.close()
        room.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents()
        (folder / "window.ini").unlink(missing_ok=True)
    return camera.taken + _paper(folder)


def _application() -> QApplication:
    """The running application, or a new one; without a screen Qt draws offscreen."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(["feedesk"])
    theme.apply(app)
    return app


class _Camera:
    """Lets the window settle and saves what it shows."""

    def __init__(self, app: QApplication, folder: Path, window: QWidget) -> None:
        self._app = app
        self._folder = folder
        self._window = window
        self.taken = 0

    def settle(self) -> None:
        """Let layouts and paints finish."""
        for _ in range(6):
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)

    def take(self, name: str, dialog: QWidget | None = None) -> None:
        """One picture of the window, or of a dialog."""
        self.settle()
        if not (dialog or self._window).grab().save(str(self._folder / f"{name}.png")):
            raise FeeDeskError(f"截图“{name}”存不进去。", "请检查磁盘空间。")
        self.taken += 1

    def press(self, inside: QWidget, key: str) -> None:
        """A key where the focus is."""
        self.settle()
        target = self._app.focusWidget() or inside
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(target, QKeyEvent(kind, ord(key), Qt.KeyboardModifier.NoModifier, key))

    def wait(self, done: Callable[[], bool]) -> None:
        """Run the event loop until something has happened."""
        deadline = QDeadlineTimer(_WAIT_MS)
        while not done() and not deadline.hasExpired():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def _pages(camera: _Camera, room: OfficeRoom, window: MainWindow, office: Office) -> None:
    window.show_page(TODAY)
    camera.take("01-今日")
    window.show_page(OWNERS)
    panel = room.owners.panel
    waiting = [row for row in office.accounts.worklist() if row.mark is MarkKind.BROKEN and row.owed > 200_000]
    if waiting:
        room.owners.show_owner(waiting[0].account_id)
    camera.take("02-业主-话术")
    panel.ask_objection()
    camera.press(panel, "2")
    camera.take("03-业主-业主说")
    room.owners.step_back()
    for number, tab in enumerate(("账单", "记录", "资料"), start=1):
        panel.tabs.setCurrentIndex(number)
        camera.take(f"0{3 + number}-业主-{tab}")
    panel.tabs.setCurrentIndex(0)
    due = office.accounts.rows(OwnerFilter(overdue_over=30), "room")
    room.desk.notices_wanted.emit(due.ids()[40:])
    camera.wait(lambda: not room.desk.jobs.busy)
    camera.take("07-通知")
    window.show_page(SETTINGS)
    for number, tab in enumerate(("office", "people", "items", "money", "imports", "law", "copies"), start=1):
        room.settings.show_tab(tab)
        camera.take(f"08-设置-{number}")


def _dialogs(camera: _Camera, room: OfficeRoom, window: MainWindow, next_list: Path) -> None:
    window.show_page(OWNERS)
    row = next(row for row in room.desk.office.accounts.worklist() if row.mark is not MarkKind.NO_CALL)
    room.owners.show_owner(row.account_id)
    room.desk.ask_log(row.account_id, LogHint(channel=Channel.PHONE, outcome=Outcome.PROMISED))
    _each_dialog(camera, window, "09-记录联系")
    table = RecordTableDialog(room.desk, window)
    table.show()
    camera.take("10-记录表", table)
    table.close()
    dialog = ImportDialog(room.desk, next_list, window)
    opened: list[bool] = []
    dialog.opened.connect(lambda: opened.append(True))
    dialog.begin()
    camera.wait(lambda: bool(opened) and not room.desk.jobs.busy)
    camera.take("11-导入-读懂清单", dialog)
    dialog.next_step()
    camera.wait(lambda: not room.desk.jobs.busy)
    camera.take("12-导入-核对变化", dialog)
    dialog.close()


def _money(camera: _Camera, room: OfficeRoom, window: MainWindow, office: Office) -> None:
    """收款, 对账, 统计, and what an owner's account says of money."""
    window.show_page(PAYMENTS)
    camera.take("15-收款-今天")
    late = _longest_late_fee(office)
    room.payments.take_for([late])
    camera.take("16-收款-一笔")
    room.payments.show_view("reconcile")
    camera.take("17-对账")
    window.show_page(FIGURES)
    camera.wait(lambda: not room.desk.jobs.busy)
    camera.take("18-统计")
    window.show_page(OWNERS)
    room.owners.show_owner(late)
    room.owners.panel.tabs.setCurrentIndex(1)
    camera.take("19-账单-违约金")
    planned = office.accounts.rows(OwnerFilter(text="", chip=Chip.OWING), "room")
    running = [row for row in planned if row.mark_text.startswith("分期 ")]
    if running:
        room.owners.show_owner(running[0].account_id)
        room.owners.panel.tabs.setCurrentIndex(2)
        camera.take("20-记录-分期")


def _longest_late_fee(office: Office) -> int:
    """The account whose late fee has the most lines to tell."""
    ids = office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room").ids()
    fees = office.late_fees.of_accounts(ids, office.session.today())
    return max(ids, key=lambda account_id: (fees[account_id].owed, account_id))


def _each_dialog(camera: _Camera, window: QWidget, name: str) -> None:
    camera.settle()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.resize(*_DIALOG)
            camera.take(name, dialog)
            dialog.close()


def _paper(folder: Path) -> int:
    """The papers as they come out of the printer: a notice front and back, a receipt, an agreement."""
    pages = (
        ("催款单.pdf", 0, "13-催款单-正面"),
        ("催款单.pdf", 1, "14-催款单-背面"),
        ("收据.pdf", 0, "21-收据"),
        ("分期付款协议.pdf", 0, "22-分期付款协议"),
    )
    for file, number, name in pages:
        document = pypdfium2.PdfDocument(str(folder / file))
        try:
            document[number].render(scale=150 / 72).to_pil().save(folder / f"{name}.png")
        finally:
            document.close()
    return len(pages)
