"""今日 with an owner of several units: one line, one call, one record, whatever he owes for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.scripts import load_library
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.contact_dialog import ContactDialog
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OfficeRoom
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact
from tests.ui_tools import RecordingPresenter, settle

Key = Qt.Key
NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
NOW = datetime(2026, 11, 17, 15, 46)
FEE = 107_940
ROOMS = tuple(f"9-1-{floor}01" for floor in range(1, 16))
MINE = [listed(room, "陈多多", phones=("13900000901",), salutation="女士") for room in ROOMS]
OTHERS = [
    listed("9-2-101", "何敏", ("管理费", "2026-07..2026-09", 300_000), phones=("13900000902",)),
    listed("9-2-201", "薛明远", ("管理费", "2026-07..2026-09", 200_000), phones=("13900000903",)),
]


class Day:
    """今日 of an office in which 陈多多 owns fifteen units, joined before the day begins."""

    def __init__(self, qtbot, folder: Path, *, joined: bool = True) -> None:  # type: ignore[no-untyped-def]
        self.clock = Clock(NOW)
        self.office = new_office(folder, self.clock)
        import_list(self.office, *MINE, *OTHERS)
        self.ids = ids_by_room(self.office)
        self.mine = [self.ids[room] for room in ROOMS]
        if joined:
            self.office.accounts.join(self.mine)
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        settings = UiSettings(folder / "ui.ini")
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, load_library(), Fonts())
            self.page = OfficeRoom(self.desk, self.window).today
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.window.show_page("today")
        settle()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        self.window.activateWindow()
        settle()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)
        settle()

    def log(self, keys: str, *, apart: bool = False) -> None:
        """F2, the digits, then Ctrl+Enter; `apart`: only for the unit shown."""
        self.press(Key.Key_F2)
        (dialog,) = [one for one in self.window.findChildren(ContactDialog) if one.isVisible()]
        dialog.activateWindow()
        settle()
        if apart:
            QTest.keyClick(QApplication.focusWidget() or dialog, Key.Key_U, ALT)
        for letter in keys:
            QTest.keyClick(QApplication.focusWidget() or dialog, letter)
        QTest.keyClick(QApplication.focusWidget() or dialog, Key.Key_Return, CTRL)
        settle()

    @property
    def owners(self) -> list[str]:
        """The lines of the queue without headings, marks apart."""
        return [line.removeprefix("待联系 ") for line in self.page.queue.words() if "-" in line]

    @property
    def shown(self) -> str:
        return self.page.owner.header.room.text()


@pytest.fixture
def day(qtbot, tmp_path: Path) -> Iterator[Day]:  # type: ignore[no-untyped-def]
    made = Day(qtbot, tmp_path)
    yield made
    made.window.close()
    made.office.close()


def test_he_stands_in_the_queue_once_with_all_he_owes(day: Day) -> None:
    assert day.owners == ["9-2-101 何敏", "9-2-201 薛明远", "9-1-101 陈多多 等 15 套"]
    assert day.page.head.count.text() == "0 / 3 户"
    assert day.window.rail.button("today").badge.text() == "3"
    day.page.show_owner(day.ids["9-1-101"])
    text = day.page.owner.header.text()
    assert "9-1-101 陈多多 女士 等 15 套 ¥16,191.00" in text
    assert "9-1-1501 ¥1,079.40" in day.page.owner.header.amount.toolTip()
    assert day.page.owner.header.kin.isHidden(), "the head tells of all units already"
    assert "合计（违约金未计） ¥1,079.40\n连同另外 14 套 ¥16,191.00" in day.page.facts.text()
    assert "等 15 套 · ¥16,191.00" in (day.page.queue.model.data(day.page.queue.view.currentIndex(), 3) or "")


def test_the_script_speaks_of_all_units_at_once(day: Day) -> None:
    day.page.show_owner(day.ids["9-1-101"])
    said = day.page.owner.script.text()
    assert "9-1-101 等 15 套" in said and "16,191 元" in said


def test_one_contact_for_all_his_units_is_one_owner_done(day: Day) -> None:
    day.page.show_owner(day.ids["9-1-101"])
    day.log("12")
    assert day.owners == ["9-2-101 何敏", "9-2-201 薛明远"]
    assert day.page.head.text().startswith("今日 11 月 17 日 周二 1 / 3 户 1 接通 1 承诺 ¥16,191.00 承诺金额")
    assert day.window.rail.button("today").badge.text() == "2"
    (made,) = day.office.contacts.between(None, None)
    assert len(made.rooms) == 15 and made.promise is not None and made.promise.amount == 15 * FEE
    assert day.page.queue.done_button.text() == "已完成 1 户"
    assert day.window.toast.text().startswith("9-1-101 等 15 套 已记：承诺缴费")
    day.press(Key.Key_Z, CTRL)
    assert len(day.owners) == 3 and day.page.head.count.text() == "0 / 3 户"


def test_not_reached_by_one_key_holds_for_all_units(day: Day) -> None:
    day.page.show_owner(day.ids["9-1-101"])
    day.press(Key.Key_F9)
    (made,) = day.office.contacts.between(None, None)
    assert len(made.rooms) == 15
    assert day.owners[-1] != "9-1-101 陈多多 等 15 套" and len(day.owners) == 3
    assert [day.page.next_owner() and day.shown for _ in range(3)] == ["9-2-101", "9-2-201", "9-1-101"]
    day.clock.forward(minutes=31)
    day.page.tick()
    assert "9-1-101 陈多多 到点了" in day.window.toast.text()


def test_logged_for_one_unit_only_the_others_stay_but_nobody_calls_again_today(day: Day) -> None:
    day.page.show_owner(day.ids["9-1-101"])
    day.log("12", apart=True)
    assert len(day.office.contacts.between(None, None)[0].rooms) == 1
    assert day.shown == "9-2-101"
    assert day.owners[-1] == "9-1-201 陈多多 等 15 套 不再打"
    assert day.page.head.count.text() == "0 / 3 户", "he is not done: fourteen units wait"
    for _ in range(2):
        day.press(Key.Key_F4)
    assert day.shown == "9-1-201", "last of all"
    assert day.page.owner.header.guard.text() == "一天最多接通 1 次 · 明天 09:00 起可打"


def test_a_talk_yesterday_leaves_him_in_his_place(day: Day) -> None:
    yesterday = datetime(2026, 11, 16, 10, 0)
    day.desk.log_contact(contact(day.ids["9-1-101"], at=yesterday, outcome=Outcome.NO_DAY, channel=Channel.PHONE), "")
    assert not any("不再打" in line for line in day.owners)


def test_joined_while_another_unit_is_shown_the_keys_go_on_from_there(qtbot, tmp_path: Path) -> None:
    day = Day(qtbot, tmp_path, joined=False)
    assert len(day.owners) >= 5 and day.page.left == 17
    day.page.show_owner(day.ids["9-1-701"])
    assert day.page.owner.header.kin.words() == "同名同电话另有 14 套"
    day.desk.write(lambda: day.office.accounts.join(day.mine))
    assert (day.shown, day.page.left) == ("9-1-701", 3)
    assert day.page.owner.header.kin.isHidden()
    assert day.page.queue.model.said(day.page.queue.view.currentIndex().row()).endswith("陈多多 等 15 套")
    day.press(Key.Key_F4)
    assert day.shown == "9-2-101"
    day.window.close()
    day.office.close()


def test_paid_units_are_neither_counted_nor_logged(day: Day) -> None:
    day.clock.forward(minutes=5)
    import_list(day.office, *MINE[:3], *OTHERS, as_of=date(2026, 11, 16), file="第二份.xlsx")
    day.desk.changed.emit(day.office.accounts.join(day.mine))
    assert "9-1-101 陈多多 等 3 套" in day.owners
    day.page.show_owner(day.ids["9-1-101"])
    day.log("12")
    assert len(day.office.contacts.between(None, None)[0].rooms) == 3
