"""The record table: selection and checks by id, keyboard all through, ready for spreadsheets."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone


@dataclass(frozen=True)
class Unit:
    id: int
    room: str
    name: str
    owed: str = "1.00"
    paid: bool = False


UNITS = tuple(
    Unit(number, f"3-{number}", name) for number, name in enumerate(["林晓岚", "周启明", "郑家禾", "许念慈"], 1)
)
COLUMNS = (
    Column[Unit]("房号", lambda unit: Cell(unit.room, bold=True, strike=unit.paid), 84, sort_key="room"),
    Column[Unit]("业主", lambda unit: Cell(unit.name, mark="open", tone=Tone.MUTED), 112, grows=True),
    Column[Unit]("欠费(元)", lambda unit: Cell(unit.owed), 88, align=Align.RIGHT, sort_key="owed"),
    Column[Unit]("类", lambda unit: Cell(tag="E", tag_alert=True), 36, align=Align.CENTRE, copied=False),
    Column[Unit]("最近联系", lambda unit: Cell("称本周转账"), hide_below=1100),
)


def _model(checkable: bool = True) -> RecordTableModel[Unit]:
    return RecordTableModel(COLUMNS, lambda unit: unit.id, checkable=checkable)


@pytest.fixture
def table(qtbot) -> RecordTableView[Unit]:
    view = RecordTableView(_model())
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show_rows(UNITS)
    view.show()
    return view


def _checked(view: RecordTableView[Unit]) -> set[int]:
    return set(view.model().checked_ids())


@pytest.mark.parametrize("checkable", [False, True])
def test_the_model_keeps_qts_contract(qtmodeltester, checkable: bool) -> None:
    model = _model(checkable)
    qtmodeltester.check(model)
    model.set_rows(UNITS)
    qtmodeltester.check(model)
    model.replace_rows([replace(UNITS[1], owed="9.00")])
    model.remove_id(3)
    qtmodeltester.check(model)


def test_two_rows_with_one_id_are_refused_and_the_old_rows_stay() -> None:
    model = _model()
    model.set_rows(UNITS)
    with pytest.raises(ValueError, match="two rows"):
        model.set_rows([UNITS[0], UNITS[0]])
    assert model.rows() == UNITS


def test_a_changed_record_repaints_its_own_row_only(qtbot) -> None:
    model = _model()
    model.set_rows(UNITS)
    with qtbot.waitSignal(model.dataChanged) as told:
        model.replace_rows([UNITS[0], replace(UNITS[2], owed="7.50")])
    first, last = told.args[0], told.args[1]
    assert (first.row(), last.row()) == (2, 2)
    assert model.record(2).owed == "7.50"


def test_the_current_row_stays_with_its_owner_when_the_order_changes(table, qtbot) -> None:
    table.choose(3)
    with qtbot.assertNotEmitted(table.current_changed):
        table.show_rows(tuple(reversed(UNITS)))
    assert table.current_id() == 3
    assert table.currentIndex().row() == 1


def test_when_the_current_owner_leaves_the_next_one_takes_his_place(table, qtbot) -> None:
    table.choose(2)
    with qtbot.waitSignal(table.current_changed) as told:
        table.show_rows([unit for unit in UNITS if unit.id != 2])
    assert told.args == [3]


def test_with_no_rows_there_is_no_current_owner(table, qtbot) -> None:
    table.choose(2)
    with qtbot.waitSignal(table.current_changed) as told:
        table.show_rows([])
    assert told.args == [None]
    assert table.current_record() is None


def test_moving_tells_each_owner_once(table, qtbot) -> None:
    seen: list[object] = []
    table.current_changed.connect(seen.append)
    table.choose(1)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(table, key)
    assert seen == [1, 2, 3, 4, 1]


def test_space_checks_without_moving(table, qtbot) -> None:
    table.choose(2)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert _checked(table) == {2}
    assert table.current_id() == 2
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert _checked(table) == set()


def test_shift_and_arrows_check_on_the_way(table, qtbot) -> None:
    table.choose(1)
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert _checked(table) == {1, 2, 3}


def test_ctrl_a_checks_all_and_again_clears(table, qtbot) -> None:
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert _checked(table) == {1, 2, 3, 4}
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert _checked(table) == set()


def test_checks_survive_a_search_and_back(table) -> None:
    table.model().set_checked([2, 4])
    table.show_rows([UNITS[0]])
    assert _checked(table) == {2, 4}
    assert table.model().checked_rows() == ()
    table.show_rows(UNITS)
    assert [unit.id for unit in table.model().checked_rows()] == [2, 4]


def test_a_click_on_a_box_checks_and_leaves_the_current_row(table, qtbot) -> None:
    table.choose(1)
    box = table.visualRect(table.model().index(2, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert _checked(table) == {3}
    assert table.current_id() == 1


def test_typing_goes_to_the_search(table, qtbot) -> None:
    seen: list[str] = []
    table.typed.connect(seen.append)
    qtbot.keyClicks(table, "zs3")
    assert seen == ["z", "s", "3"]


def test_enter_and_double_click_open_the_row(table, qtbot) -> None:
    table.choose(2)
    with qtbot.waitSignal(table.row_entered) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == [2]
    spot = table.visualRect(table.model().index(0, 1)).center()
    with qtbot.waitSignal(table.row_entered) as told:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_a_header_asks_for_its_order_and_shows_it(table, qtbot) -> None:
    with qtbot.waitSignal(table.order_asked) as told:
        table.horizontalHeader().sectionClicked.emit(1)
    assert told.args == ["room"]
    with qtbot.assertNotEmitted(table.order_asked):
        table.horizontalHeader().sectionClicked.emit(2)
    table.model().show_order("room", descending=True)
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "房号 ▾"


def test_copied_rows_paste_as_a_table_and_a_room_stays_text(table, qtbot) -> None:
    table.show_rows([Unit(1, "3-1", "<赵>\t一", owed="1,284.75"), *UNITS[1:]])
    table.model().set_checked([1, 2])
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    mime: QMimeData = QGuiApplication.clipboard().mimeData()
    assert mime.text().splitlines() == [
        "房号\t业主\t欠费(元)\t最近联系",
        "3-1\t<赵> 一\t1,284.75\t称本周转账",
        "3-2\t周启明\t1.00\t称本周转账",
    ]
    html = mime.html()
    assert "<td style=\"mso-number-format:'\\@'\">3-1</td>" in html
    assert "&lt;赵&gt; 一" in html
    assert "<td>1,284.75</td>" in html


def test_the_program_ends_well_with_a_table_still_on_the_clipboard() -> None:
    program = (
        "from PySide6.QtWidgets import QApplication\n"
        "from feedesk.ui import clipboard\n"
        "app = QApplication([])\n"
        "clipboard.put('3-1', '<table><tr><td>3-1</td></tr></table>')\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parent.parent, timeout=60, check=False)
    assert ended.returncode == 0


def test_without_checks_the_current_row_is_copied(table) -> None:
    table.choose(3)
    table.copy_rows()
    assert QGuiApplication.clipboard().text().splitlines()[1:] == ["3-3\t郑家禾\t1.00\t称本周转账"]


def test_a_narrow_window_hides_columns_and_the_rest_still_fills_the_width(table) -> None:
    table.fit_columns(911)
    assert table.isColumnHidden(5)
    assert table.horizontalHeader().length() == table.viewport().width()
    table.fit_columns(1366)
    assert not table.isColumnHidden(5)
    assert table.horizontalHeader().length() == table.viewport().width()


def test_words_that_do_not_fit_are_known_to_be_cut(table) -> None:
    painter = table.itemDelegate()
    assert painter.is_cut(Cell("主卧渗水，工程部前去看"), 80)
    assert not painter.is_cut(Cell("今天"), 80)


def test_a_hundred_thousand_rows_are_shown_without_asking_each(table, qtbot) -> None:
    asked: list[int] = []

    def cell(unit: Unit) -> Cell:
        asked.append(unit.id)
        return Cell(unit.room)

    view = RecordTableView(RecordTableModel((Column[Unit]("房号", cell, 84),), lambda unit: unit.id))
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    view.show_rows([Unit(number, f"3-{number}", "赵") for number in range(100_000)])
    view.grab()
    assert 0 < len(asked) < 500
