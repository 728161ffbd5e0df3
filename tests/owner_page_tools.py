"""The owners page in the real window over a real office, for the tests of table and panel."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.scripts import load_library
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.owners_page import OwnersPage
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office, office_after
from tests.ui_tools import RecordingPresenter, settle

NOW = datetime(2026, 11, 17, 15, 46)
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)

HOUSEHOLDS = (
    listed(
        "3-2-1502", "林晓岚", ("物业费", "2026-07..2026-09", 100_000), ("水费", "2026-10", 44_635),
        phones=("13900004417", "00006688"), salutation="女士",
    ),
    listed("3-2-902", "周启明", ("物业费", "2026-04..2026-09", 190_260), phones=("13900000417",)),
    listed("3-10-101", "曾乐", ("物业费", "2026-10..2026-12", 128_475)),
    listed("4-12D", "郑家禾、吴念", phones=("13900002020",), remark="9月已转账，待查"),
    listed("商铺A08", "云间茶事", ("物业费", "2024-01..2024-06", 3_672_000), phones=("00006721",)),
    listed("4-12E", "郑家禾、吴念", phones=("13900002020",)),
)  # fmt: skip


_library = cache(load_library)


def _listed(office: Office) -> None:
    import_list(office, *HOUSEHOLDS)


class Owners:
    """An open window on 业主."""

    def __init__(self, qtbot, folder: Path, *, empty: bool = False) -> None:  # type: ignore[no-untyped-def]
        self.qtbot = qtbot
        self.clock = Clock(NOW)
        self.office = new_office(folder, self.clock) if empty else office_after(_listed, folder, self.clock)
        self.ids = ids_by_room(self.office)
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        settings = UiSettings(folder / "ui.ini")
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, _library(), Fonts())
            self.page = OwnersPage(self.desk)
            self.window.add_page("owners", "owners", "业主", self.page)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.window.show_page("owners")
        settle()

    @property
    def list(self):  # type: ignore[no-untyped-def]
        return self.page.list

    @property
    def panel(self):  # type: ignore[no-untyped-def]
        return self.page.panel

    @property
    def table(self):  # type: ignore[no-untyped-def]
        return self.page.list.table

    def rooms(self) -> list[str]:
        """Rooms in the table, from above."""
        return [row.room for row in self.list.model.rows()]

    def choose(self, room: str) -> None:
        assert self.table.choose(self.ids[room])
        self.table.setFocus()
        settle()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key where the focus is, as a person presses it."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)
        settle()

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(QApplication.focusWidget() or self.window, letter)
        self.list.search.flush()
        settle()

    def search(self, text: str) -> list[str]:
        """What the table shows for a typed text."""
        self.list.search.setText(text)
        self.list.search.flush()
        return self.rooms()

    def log(self, room: str, outcome: Outcome, at: datetime, promise: tuple[date, int] | None = None) -> int:
        """A contact through the store, as another page would log it."""
        before, self.clock.now = self.clock.now, max(self.clock.now, at)
        changes = self.office.contacts.add(
            ContactDraft(
                account_ids=(self.ids[room],), at=at, channel=Channel.PHONE, number="", outcome=outcome, said="",
                category=None, next_action=NextAction(None, False, "", ""),
                promise=PromiseDraft(*promise) if promise else None, override_reason="业主来电",
            )
        )  # fmt: skip
        self.clock.now = before
        self.desk.changed.emit(changes)
        settle()
        return changes.record_id

    def close(self) -> None:
        self.window.close()
        self.office.close()
