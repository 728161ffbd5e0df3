"""陈多多 owns fifteen units: the owner's head says so, 资料 joins them at one press, and the keys stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.office_tools import ids_by_room, import_list, listed
from tests.owner_page_tools import ALT, CTRL, NONE, SHIFT, Owners
from tests.ui_tools import settle

Key = Qt.Key
ROOMS = tuple(f"9-1-{floor}01" for floor in range(1, 16))
_DETAILS = 3


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:  # type: ignore[no-untyped-def]
    made = Owners(qtbot, tmp_path, empty=True)
    mine = [listed(room, "陈多多", phones=("13900000901",)) for room in ROOMS]
    made.desk.write(lambda: import_list(made.office, *mine, listed("9-2-101", "何敏", phones=("13900000902",))))
    made.ids = ids_by_room(made.office)
    settle()
    yield made
    made.window.close()
    made.office.close()


def _focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _is_seen(owners: Owners, widget: QWidget) -> bool:
    """Whether all of a widget of 资料 is within the part scrolled to."""
    port = owners.panel.details.viewport()
    top = widget.mapTo(port, widget.rect().topLeft()).y()
    return widget.isVisible() and top >= 0 and top + widget.height() <= port.height()


def _press(owners: Owners, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    owners.window.activateWindow()
    settle()
    QTest.keyClick(_focus(), key, held)
    settle()


def _to_kin(owners: Owners) -> None:
    owners.choose(ROOMS[0])
    owners.panel.header.kin.setFocus()
    _press(owners, Key.Key_Space)


def test_the_head_says_that_there_may_be_more_units_and_leads_there(owners: Owners) -> None:
    owners.choose(ROOMS[0])
    assert owners.panel.header.kin.words() == "同名同电话另有 14 套"
    _to_kin(owners)
    details = owners.panel.details
    assert owners.panel.tabs.currentIndex() == _DETAILS
    assert details.kin.join_all.words() == "全部合并为一位业主（14 套）"
    assert details.kin.join_all.hasFocus() and _is_seen(owners, details.kin.join_all)


def test_an_owner_of_one_unit_has_no_such_line(owners: Owners) -> None:
    owners.choose("9-2-101")
    assert owners.panel.header.kin.isHidden()
    owners.panel.show_tab(_DETAILS)
    assert owners.panel.details.kin.isHidden() and not owners.panel.details.kin.join_all.isVisible()


def test_all_are_joined_at_one_press(owners: Owners) -> None:
    _to_kin(owners)
    _press(owners, Key.Key_Space)
    account = owners.office.accounts.get(owners.ids[ROOMS[0]])
    assert [row.room for row in account.siblings] == list(ROOMS[1:])
    assert owners.panel.header.kin.words() == "同一位业主共 15 套 · 合计欠 ¥16,191.00"
    kin = owners.panel.details.kin
    assert not kin.join_all.isVisible() and kin.texts()[0] == "同一位业主的其他房屋" and len(kin.texts()) == 15
    assert kin.isAncestorOf(_focus()), "the keys stay among the units"
    assert owners.window.toast.text().startswith("15 套已合并为一位业主")
    _press(owners, Key.Key_Z, CTRL)
    assert owners.office.accounts.get(owners.ids[ROOMS[0]]).siblings == ()
    assert kin.join_all.words() == "全部合并为一位业主（14 套）" and kin.isAncestorOf(_focus())


def test_joining_one_by_one_the_keys_go_to_the_next_and_nothing_scrolls_away(owners: Owners) -> None:
    _to_kin(owners)
    kin = owners.panel.details.kin
    _press(owners, Key.Key_Tab)
    for done in range(3):
        assert _focus() is kin.buttons[owners.ids[ROOMS[done + 1]]], ROOMS[done + 1]
        assert _is_seen(owners, _focus())
        _press(owners, Key.Key_Space)
    assert kin.join_all.words() == "全部合并为一位业主（11 套）"
    assert [row.room for row in owners.office.accounts.get(owners.ids[ROOMS[0]]).siblings] == list(ROOMS[1:4])


def test_one_is_taken_out_again_by_the_keys(owners: Owners) -> None:
    owners.desk.write(lambda: owners.office.accounts.join([owners.ids[room] for room in ROOMS[:2]]))
    _to_kin(owners)
    kin = owners.panel.details.kin
    kin.part.setFocus()
    _press(owners, Key.Key_Space)
    assert owners.office.accounts.get(owners.ids[ROOMS[0]]).siblings == ()
    assert kin.isAncestorOf(_focus())


def test_tab_goes_down_the_page_through_every_unit(owners: Owners) -> None:
    owners.choose(ROOMS[0])
    owners.panel.show_tab(_DETAILS)
    details = owners.panel.details
    details.remark.setFocus()
    QTest.keyClicks(details.remark, "12")
    _press(owners, Key.Key_Tab)
    assert details.save_button.hasFocus(), "what was typed is saved before going on"
    _press(owners, Key.Key_Tab)
    assert details.kin.join_all.hasFocus()
    for room in ROOMS[1:]:
        _press(owners, Key.Key_Tab)
        assert details.kin.buttons[owners.ids[room]].hasFocus(), room
        assert _is_seen(owners, _focus()), room
    for _ in range(15):
        _press(owners, Key.Key_Backtab, SHIFT)
    assert details.save_button.hasFocus()


def test_joined_in_the_middle_of_a_note_nothing_typed_is_lost(owners: Owners) -> None:
    _to_kin(owners)
    owners.panel.details.remark.setPlainText("十五套都出租")
    owners.panel.details.kin.join_all.click()
    assert owners.panel.details.wanted().remark == "十五套都出租" and owners.panel.details.is_dirty
    _press(owners, Key.Key_1, ALT)
    assert owners.office.accounts.get(owners.ids[ROOMS[0]]).remark == "十五套都出租"
