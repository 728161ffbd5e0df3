"""The window as the program builds it, on 话术, over a real office."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OWNERS, SCRIPTS, OfficeRoom
from feedesk.ui.scripts_page import ScriptsPage
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.ui_tools import RecordingPresenter, settle

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
W = TypeVar("W", bound=QWidget)


def script_office(folder: Path, clock: Clock) -> Office:
    """An office in which two households owe."""
    made = new_office(folder, clock)
    import_list(made, listed("3-2-1502", "林晓岚", salutation="女士"), listed("3-2-902", "周启明"))
    return made


class Bench:
    """许宁 sits at the desk; two households owe. `page` is made along with the window, though not yet shown."""

    def __init__(self, qtbot: QtBot, folder: Path, page: str = SCRIPTS) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.clock = Clock(datetime(2026, 11, 17, 10, 0))
        self.office = script_office(folder, self.clock)
        self.ids = ids_by_room(self.office)
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        settings = UiSettings(folder / "ui.ini")
        library = self.office.scripts.library()
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, library, Fonts())
            self.room = OfficeRoom(self.desk, self.window)
            self.window.page(page)
        self.window.resize(1366, 697)
        with qtbot.waitActive(self.window):
            self.window.show()
        settle()

    @property
    def page(self) -> ScriptsPage:
        return self.room.scripts

    def go(self, page: str = SCRIPTS) -> None:
        self.window.show_page(page)
        settle()

    def look_at(self, room: str) -> None:
        """Have an owner in hand on 业主."""
        self.go(OWNERS)
        self.room.owners.show_owner(self.ids[room])
        self.qtbot.waitUntil(lambda: self.room.owners.panel.account_id == self.ids[room])

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key where the focus is, as a person presses it."""
        if QApplication.focusWidget() is None:  # without a desktop nobody gives the window the keys back
            self.window.activateWindow()
            settle()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)
        settle()

    def type(self, text: str) -> None:
        """Characters where the focus is; Chinese comes by the input method, so whole."""
        target: Any = QApplication.focusWidget()
        for part in text:
            if part.isascii():
                QTest.keyClick(target, part)
            elif hasattr(target, "insertPlainText"):
                target.insertPlainText(part)
            else:
                target.insert(part)
        settle()

    def search(self, text: str) -> list[str]:
        """What the list shows for a typed text."""
        self.press(Key.Key_F, CTRL)
        self.type(text)
        self.page.search.flush()
        settle()
        return self.page.titles()

    def opened(self, kind: type[W]) -> W:
        """The dialog in front."""
        (found,) = (one for one in self.window.findChildren(kind) if one.isVisible())
        return found

    def has_open(self, kind: type[QWidget]) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(kind))

    def close(self) -> None:
        for dialog in self.window.findChildren(QDialog):
            dialog.done(0)
        self.window.close()
        self.room.close()
