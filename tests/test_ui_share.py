"""Sharing accounts among clerks by keyboard, and seeing only one's own on 今日 and 业主."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from feedesk.models.contacts import Outcome
from feedesk.models.owner_filter import UNASSIGNED, Chip
from feedesk.models.scripts import load_library
from feedesk.models.sharing import ShareMode
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.clerk_popup import ClerkPopup
from feedesk.ui.desk import Desk
from feedesk.ui.filter_popup import FilterPopup, filter_words
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OWNERS, SETTINGS, TODAY, OfficeRoom
from feedesk.ui.owner_tabs import DETAILS
from feedesk.ui.scope import shown_scope
from feedesk.ui.settings import UiSettings
from feedesk.ui.share_dialog import ShareDialog, ask_share
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact
from tests.ui_tools import RecordingPresenter, settle

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
ROOMS = ("1-1-101", "1-1-102", "1-1-201", "2-1-101", "2-1-102", "2-1-201", "3-1-101")
NAMES = ("林晓岚", "周启明", "曾乐", "郑家禾", "沈亦舟", "薛明远", "许念慈")


class Bench:
    """The window as the program builds it; 许宁 sits at the desk, 方芸 and 江平 work here too."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.clock = Clock(datetime(2026, 11, 17, 10, 0))
        self.office = new_office(folder, self.clock)
        import_list(self.office, *(listed(room, name) for room, name in zip(ROOMS, NAMES, strict=True)))
        self.ids = ids_by_room(self.office)
        self.xu = self.office.session.require_clerk()
        self.fang = self.office.staff.add("方芸", "小方")
        self.jiang = self.office.staff.add("江平", "小江")
        self.settings = UiSettings(folder / "ui.ini")
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        with theme.built_at_once():
            self.window = MainWindow(messages, self.settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(
                self.office, messages, JobRunner(messages, self.window), self.settings, load_library(), Fonts()
            )
            self.room = OfficeRoom(self.desk, self.window)
            self.window.page(OWNERS)
        self.window.resize(1366, 697)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.go(OWNERS)

    def go(self, page: str) -> None:
        self.window.show_page(page)
        settle()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key where the focus is, as a person presses it."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)
        settle()

    def press_in(self, dialog: ShareDialog, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(dialog.focusWidget() or dialog, key, held)
        settle()

    def opened(self) -> ShareDialog:
        """The dialog in front."""
        (dialog,) = self.dialogs()
        return dialog

    def dialogs(self) -> list[ShareDialog]:
        return [one for one in self.window.findChildren(ShareDialog) if one.isVisible()]

    def share_by_keys(self) -> ShareDialog:
        self.press(Key.Key_Y, CTRL | SHIFT)
        return self.opened()

    def popup(self) -> ClerkPopup:
        self.press(Key.Key_Y, CTRL)
        (found,) = (one for one in self.window.findChildren(ClerkPopup) if one.isVisible())
        return found

    def held(self) -> Counter[str]:
        return Counter(self.office.accounts.get(one).staff_name for one in self.ids.values())

    def give(self, staff_id: int, *rooms: str) -> None:
        """As another page would: the desk tells everybody."""
        ids = [self.ids[room] for room in rooms]
        assert self.desk.write(lambda: self.office.assignments.assign(ids, staff_id, ""))
        settle()

    def rooms(self) -> set[str]:
        return {row.room for row in self.room.owners.list.model.rows()}

    def close(self) -> None:
        for dialog in self.dialogs():
            dialog.reject()
        settle()
        self.window.close()
        self.room.close()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


# --- 分配片管 ---


def test_two_keys_share_everything_and_one_takes_it_back(bench: Bench) -> None:
    dialog = bench.share_by_keys()
    assert dialog.table.hasFocus()
    assert dialog.table.rows() == (
        "☑ 许宁 全份 0 → 3 3 3,238.20 0 → 9",
        "☑ 方芸 全份 0 → 2 2 2,158.80 0 → 6",
        "☑ 江平 全份 0 → 2 2 2,158.80 0 → 6",
    )
    assert dialog.why.text() == "现在有 7 位业主没有片管；人数：每人 2–3 位业主；难度：每人 6–9 分，最难的一位 3 分。"
    assert dialog.save_button.words() == "分配 7 位业主"
    bench.press_in(dialog, Key.Key_Return)
    assert bench.held() == {"许宁": 3, "方芸": 2, "江平": 2}
    assert bench.window.toast.text() == "已把 7 位业主（7 户）分给 3 人。"
    bench.window.toast.undo()
    settle()
    assert bench.held() == {"": 7}


def test_digits_space_and_h_choose_who_takes_part_and_how_much(bench: Bench) -> None:
    dialog = bench.share_by_keys()
    bench.press_in(dialog, Key.Key_1)
    assert [row.split()[:2] for row in dialog.table.rows()] == [["☐", "许宁"], ["☑", "方芸"], ["☑", "江平"]]
    assert "☐ 许宁 不动 0 0 0.00 0" in dialog.table.rows()
    bench.press_in(dialog, Key.Key_Space)
    assert dialog.table.rows()[0].startswith("☑ 许宁 全份 0 → 3")
    bench.press_in(dialog, Key.Key_Down)
    bench.press_in(dialog, Key.Key_H)
    assert dialog.table.rows()[1].startswith("☑ 方芸 半份 0 → 1")
    bench.press_in(dialog, Key.Key_Return)
    assert bench.held() == {"许宁": 3, "方芸": 1, "江平": 3}


def test_without_anybody_the_button_says_why(bench: Bench) -> None:
    dialog = bench.share_by_keys()
    for key in (Key.Key_1, Key.Key_2, Key.Key_3):
        bench.press_in(dialog, key)
    assert not dialog.save_button.isEnabled()
    assert dialog.problem() == "没有勾选人，什么也不会动。"
    bench.press_in(dialog, Key.Key_Return)
    assert dialog.isVisible() and bench.held() == {"": 7}
    bench.press_in(dialog, Key.Key_Escape)
    assert bench.dialogs() == []


def test_how_much_may_change_is_chosen_by_alt_and_a_digit(bench: Bench) -> None:
    bench.give(bench.fang.id, *ROOMS)
    dialog = bench.share_by_keys()
    assert dialog.problem().startswith("没有要分的")
    bench.press_in(dialog, Key.Key_2, ALT)
    assert dialog.options().mode is ShareMode.LEVEL
    assert dialog.save_button.words() == "分配 4 位业主"
    assert dialog.table.rows()[1].startswith("☑ 方芸 全份 7 → 3")
    dialog.first.button("building").click()
    assert dialog.options().by_building
    bench.press_in(dialog, Key.Key_Return)
    assert sorted(bench.held().values()) == [2, 2, 3]
    entry = bench.office.assignments.history(min(bench.office.assignments.held_by(bench.xu.id)))[-1]
    assert entry.reason == "补到一样多（少动，补到一样多，按楼栋优先）"


def test_what_changed_meanwhile_is_told_and_the_dialog_stays(bench: Bench) -> None:
    dialog = bench.share_by_keys()
    bench.office.assignments.assign([bench.ids["3-1-101"]], bench.fang.id, "")
    bench.press_in(dialog, Key.Key_Return)
    assert dialog.isVisible() and "有变动" in bench.told.told[0][0]
    assert bench.held() == {"": 6, "方芸": 1}


def test_many_clerks_and_a_small_window_fit(bench: Bench) -> None:
    for number in range(12):
        bench.office.staff.add(f"客服{number}")
    bench.window.resize(911, 512)
    settle()
    dialog = bench.share_by_keys()
    assert dialog.height() <= 512 and dialog.width() <= 911 - 40
    assert dialog.table.height() > 400, "the rest scrolls"


# --- to one clerk ---


def test_checked_rows_go_to_one_clerk_by_a_digit(bench: Bench) -> None:
    table = bench.room.owners.list.table
    for room in ("1-1-101", "2-1-101"):
        table.choose(bench.ids[room])
        table.setFocus()
        bench.press(Key.Key_Space)
    popup = bench.popup()
    QTest.keyClick(popup, Key.Key_2)
    settle()
    assert bench.held() == {"": 5, "方芸": 2}
    assert bench.window.toast.text() == "2 户已交给 方芸。"
    bench.window.toast.undo()
    settle()
    assert bench.held() == {"": 7}


def test_the_current_row_goes_with_the_owners_other_units_and_back_to_nobody(bench: Bench) -> None:
    bench.office.accounts.join([bench.ids["1-1-101"], bench.ids["3-1-101"]])
    bench.room.owners.show_owner(bench.ids["1-1-101"])
    settle()
    QTest.keyClick(bench.popup(), Key.Key_3)
    settle()
    assert bench.held() == {"": 5, "江平": 2}
    assert bench.window.toast.text() == "2 户已交给 江平（同一业主的房一起）。"
    QTest.keyClick(bench.popup(), Key.Key_0)
    settle()
    assert bench.held() == {"": 7}
    assert bench.window.toast.text() == "2 户现在没有片管（同一业主的房一起）。"


def test_whose_it_is_and_was_stands_in_details_and_history(bench: Bench) -> None:
    one = bench.ids["1-1-101"]
    bench.give(bench.fang.id, "1-1-101")
    bench.room.owners.show_owner(one)
    bench.room.owners.panel.show_tab(DETAILS)
    settle()
    assert "片管 方芸" in bench.room.owners.panel.details.facts()
    (entry,) = (entry for entry in bench.office.history.of(one) if entry.title.startswith("片管"))
    assert (entry.title, entry.lines, entry.who) == ("片管：未分配 → 方芸", ("人工指定",), "许宁")
    bench.room.owners.show_owner(bench.ids["1-1-102"])
    settle()
    assert "片管 未分配" in bench.room.owners.panel.details.facts()


# --- 只看我的 ---


def test_while_nothing_is_assigned_everything_is_shown(bench: Bench) -> None:
    assert bench.room.owners.list.scope.isHidden()
    bench.press(Key.Key_M, ALT)
    assert bench.window.toast.text() == "还没有分配片管，看的就是全部。业主页按 Ctrl+Shift+Y 分配。"
    assert bench.rooms() == set(ROOMS) and bench.settings.scope == ""


def test_once_shared_out_one_sees_ones_own_and_what_is_nobodys_is_told(bench: Bench) -> None:
    bench.give(bench.fang.id, "1-1-101")
    assert bench.rooms() == set(ROOMS), "nothing of it is mine"
    bench.give(bench.xu.id, "1-1-102", "1-1-201")
    assert bench.rooms() == {"1-1-102", "1-1-201"}
    owners = bench.room.owners.list
    assert owners.footer.text().startswith("筛选内 2 户 · ¥2,158.80 · 另有 4 户未分配")
    assert owners.chips.chip(str(Chip.OWING)).text().endswith("2") or owners.chips.chip(
        str(Chip.OWING)
    ).words().endswith("2")
    bench.go(TODAY)
    today = bench.room.today
    assert today.left == 2
    assert "●只看我的 另有 4 户未分配" in today.head.text()


def test_alt_m_switches_both_pages_and_is_remembered(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102", "1-1-201")
    bench.press(Key.Key_M, ALT)
    assert bench.rooms() == set(ROOMS) and bench.settings.scope == "all"
    bench.go(TODAY)
    assert bench.room.today.left == 7
    assert "○只看我的" in bench.room.today.head.text() and "未分配" not in bench.room.today.head.text()
    bench.press(Key.Key_M, ALT)
    assert bench.room.today.left == 2 and bench.settings.scope == "mine"
    bench.go(OWNERS)
    assert bench.rooms() == {"1-1-102", "1-1-201"}


def test_the_button_switches_too(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102")
    button = bench.room.owners.list.scope.button
    assert button.isChecked()
    button.click()
    settle()
    assert not button.isChecked() and bench.rooms() == set(ROOMS)


def test_whoever_sits_down_sees_her_own(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102")
    bench.give(bench.fang.id, "2-1-101", "2-1-102")
    bench.desk.use_clerk(bench.fang.id)
    settle()
    assert bench.rooms() == {"2-1-101", "2-1-102"}
    assert bench.room.today.left == 2
    bench.desk.use_clerk(bench.jiang.id)
    settle()
    assert bench.rooms() == set(ROOMS), "she has none: she sees all until she chooses"


def test_the_days_progress_counts_only_my_owners_whoever_called(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102", "1-1-201")
    for room in ("1-1-102", "3-1-101"):
        draft = contact(
            bench.ids[room], at=bench.clock.now, outcome=Outcome.PROMISED, promise=(date(2026, 11, 24), 107_940)
        )
        bench.desk.write(lambda draft=draft: bench.office.contacts.add(draft))
    bench.go(TODAY)
    assert bench.room.today.head.count.text() == "1 / 2 户"
    bench.press(Key.Key_M, ALT)
    assert bench.room.today.head.count.text() == "2 / 7 户"


def test_who_is_not_mine_is_found_among_all_and_esc_comes_back(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102")
    owners = bench.room.owners
    owners.list.search.setText("许念慈")
    owners.list.search.flush()
    settle()
    assert bench.rooms() == set() and owners.list.empty.button.words() == "在全部里找（1 户）"
    bench.press(Key.Key_A, ALT)
    assert bench.rooms() == {"3-1-101"} and not owners.list.scope.button.isChecked()
    bench.press(Key.Key_Escape)
    assert bench.rooms() == {"1-1-102"} and bench.settings.scope == ""


def test_another_page_may_show_somebody_elses_account(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102")
    bench.desk.owner_wanted.emit(bench.ids["2-1-201"])
    settle()
    bench.qtbot.waitUntil(lambda: bench.room.owners.panel.account_id == bench.ids["2-1-201"])
    bench.press(Key.Key_Escape)
    assert bench.rooms() == {"1-1-102"}


def test_nothing_of_mine_today_says_so_and_how_to_see_the_rest(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-102")
    draft = contact(bench.ids["1-1-102"], at=bench.clock.now, outcome=Outcome.PROMISED, promise=(date(2026, 11, 24), 1))
    bench.desk.write(lambda: bench.office.contacts.add(draft))
    bench.clock.forward(days=1)
    bench.office.roll_day()
    bench.desk.scope_changed.emit()
    bench.go(TODAY)
    assert bench.room.today.empty.text().startswith("您片管的业主今天没有要联系的。")
    assert "Alt+M 看全部" in bench.room.today.empty.text()


@pytest.mark.parametrize("width", [911, 1100, 1280, 1366, 1920])
def test_the_head_of_the_day_is_never_cut(bench: Bench, width: int) -> None:
    bench.give(bench.xu.id, *ROOMS[:5])
    bench.go(TODAY)
    bench.window.resize(width, 697)
    settle()
    head = bench.room.today.head
    for part in (head.count, head.hours, head.scope.button, head.scope.rest):
        assert part.isHidden() or part.width() >= part.minimumSizeHint().width(), part
    assert head.layout().sizeHint().width() <= head.width()


# --- filter, people, import ---


def test_the_filter_narrows_to_one_clerk_or_to_nobody(bench: Bench) -> None:
    bench.give(bench.fang.id, "2-1-101")
    owners = bench.room.owners.list
    owners.open_filter()
    (popup,) = bench.window.findChildren(FilterPopup)
    popup.clerk.setCurrentIndex(popup.clerk.findData(bench.fang.id))
    assert bench.rooms() == {"2-1-101"}
    assert filter_words(owners.wanted, {bench.fang.id: "方芸"}) == ("片管 方芸",)
    popup.clerk.setCurrentIndex(popup.clerk.findData(UNASSIGNED))
    assert bench.rooms() == set(ROOMS) - {"2-1-101"}
    assert filter_words(owners.wanted) == ("未分配",)
    popup.close()


def test_setting_somebody_inactive_offers_to_hand_over(bench: Bench) -> None:
    bench.give(bench.jiang.id, "1-1-101", "2-1-101", "3-1-101")
    bench.go(SETTINGS)
    people = bench.room.settings.people
    bench.room.settings.show_tab("people")
    settle()
    box = next(one for one in people.findChildren(QCheckBox) if one.accessibleName() == "江平 在岗")
    box.click()
    settle()
    dialog = bench.opened()
    assert dialog.windowTitle() == "交接 江平 片管的业主"
    assert [row.split()[:3] for row in dialog.table.rows()] == [
        ["☑", "许宁", "全份"], ["☑", "方芸", "全份"], ["江平", "交出", "3"],
    ]  # fmt: skip
    bench.press_in(dialog, Key.Key_Return)
    assert bench.held() == {"": 4, "许宁": 2, "方芸": 1}


def test_who_has_nothing_just_leaves(bench: Bench) -> None:
    bench.go(SETTINGS)
    people = bench.room.settings.people
    settle()
    next(one for one in people.findChildren(QCheckBox) if one.accessibleName() == "江平 在岗").click()
    settle()
    assert bench.dialogs() == []
    assert [one.name for one in bench.office.staff.all()] == ["许宁", "方芸"]


def test_sharing_is_reached_from_people(bench: Bench) -> None:
    bench.go(SETTINGS)
    bench.room.settings.show_tab("people")
    bench.room.settings.people.share_button.click()
    settle()
    assert bench.opened().windowTitle() == "分配片管"


def test_nobody_left_with_anything_opens_nothing(bench: Bench) -> None:
    assert ask_share(bench.desk, bench.window, bench.jiang) is None


def test_the_scope_without_a_clerk_is_everything(bench: Bench) -> None:
    bench.give(bench.xu.id, "1-1-101")
    bench.office.session.clerk = None
    assert not shown_scope(bench.desk).is_mine
    bench.office.session.clerk = bench.xu
