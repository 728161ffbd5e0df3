"""A desk over a real office, and lists written on the spot, for the tests of importing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from feedesk.models.scripts import load_library
from feedesk.reports.fonts import Fonts
from feedesk.ui.desk import Desk
from feedesk.ui.import_dialog import ImportDialog
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.settings import UiSettings
from tests.office_tools import new_office
from tests.store_tools import owed
from tests.ui_tools import RecordingPresenter

LISTS = Path(__file__).parent / "data" / "lists"
HEAD = "房号,业主,电话,管理费,欠费期间"


def write_list(folder: Path, *lines: str, head: str = HEAD, name: str = "清单.csv") -> Path:
    """A small list as CSV."""
    path = folder / name
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


class ImportBench:
    """Opens import dialogs over one office and takes everything down again."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.office = new_office(folder)
        self.presenter = RecordingPresenter()
        self.window = QWidget()
        self.window.resize(1366, 697)
        qtbot.addWidget(self.window)
        messages = Messages(self.presenter)
        settings = UiSettings(folder / "ui.ini")
        self.desk = Desk(
            self.office, messages, JobRunner(messages, self.window), settings, load_library(), Fonts(installed=())
        )
        self._qtbot = qtbot
        self._dialogs: list[ImportDialog] = []

    def make(self, path: Path) -> ImportDialog:
        """A dialog that has not begun."""
        dialog = ImportDialog(self.desk, path, self.window)
        self._dialogs.append(dialog)
        return dialog

    def open(self, path: Path) -> ImportDialog:
        """A dialog whose list has been read."""
        dialog = self.make(path)
        with self._qtbot.waitSignal(dialog.opened, timeout=20_000):
            dialog.begin()
        return dialog

    def recalculated(self, dialog: ImportDialog, *acts: object) -> None:
        """Do these acts, and wait until what they changed has been worked out."""
        for act in acts:
            with self._qtbot.waitSignal(dialog.understood, timeout=20_000):
                act()  # type: ignore[operator]  # callables of any signature without arguments

    def apply(self, path: Path) -> ImportDialog:
        """Read a list, go through it and confirm."""
        dialog = self.open(path)
        dialog.next_step()
        with self._qtbot.waitSignal(dialog.imported, timeout=20_000):
            dialog.confirm()
        return dialog

    def owed(self) -> int:
        """What the office file holds as open now, in 分."""
        return sum(owed(self.office).values())

    def reasons(self) -> Sequence[str]:
        """Names of the backups' reasons."""
        folder = self.office.path.with_suffix(".backups")
        return [path.name.split(".")[-2] for path in sorted(folder.glob("*.feedesk"))]

    def close(self) -> None:
        """Take down what is still up."""
        for dialog in self._dialogs:
            if isValid(dialog):
                dialog.done(0)
        self.desk.jobs.shut_down()
        self.office.close()
