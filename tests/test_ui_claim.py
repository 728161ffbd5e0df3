"""标记已缴（待核）: day, amount, way and a note by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from feedesk.models.contacts import ClaimDraft
from feedesk.ui.claim_dialog import ClaimDialog
from tests.ui_samples import owner_row

TODAY = date(2026, 11, 17)


@pytest.fixture
def dialog(qtbot) -> ClaimDialog:
    made = ClaimDialog(owner_row(), TODAY)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def _keys(qtbot, *keys: str | Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def test_the_whole_sum_today_takes_one_digit_and_enter(dialog: ClaimDialog, qtbot) -> None:
    with qtbot.waitSignal(dialog.saved) as told:
        _keys(qtbot, "2", Qt.Key.Key_Return)
    assert told.args == [ClaimDraft(TODAY, 344635, "微信")]
    assert not dialog.isVisible()


def test_day_amount_and_note_can_be_told(dialog: ClaimDialog, qtbot) -> None:
    _keys(qtbot, "1")
    dialog.pane.day.setFocus()
    dialog.pane.day.selectAll()
    _keys(qtbot, "1", "1", "1", "4")
    dialog.pane.amount.set_amount(100000)
    dialog.pane.note.setText(" 尾号 4417 ")
    with qtbot.waitSignal(dialog.saved) as told:
        _keys(qtbot, Qt.Key.Key_Return)
    assert told.args == [ClaimDraft(date(2026, 11, 14), 100000, "转账", "尾号 4417")]


def test_without_the_way_nothing_is_kept_and_the_reason_stands_there(dialog: ClaimDialog, qtbot) -> None:
    assert dialog.pane.way_problem.text() == ""
    with qtbot.assertNotEmitted(dialog.saved):
        _keys(qtbot, Qt.Key.Key_Return)
    assert dialog.pane.way_problem.text() == "请选缴费方式。"
    assert dialog.isVisible()


def test_a_payment_of_tomorrow_is_refused(dialog: ClaimDialog, qtbot) -> None:
    _keys(qtbot, "1")
    dialog.pane.day.setText("2026-11-18")
    dialog.pane.day.day_changed.emit(None)
    assert dialog.pane.day_problem.text() == "缴费日期在今天之后；还没缴的请记“承诺缴费”。"
    assert not dialog.save_button.isEnabled()


def test_esc_keeps_nothing(dialog: ClaimDialog, qtbot) -> None:
    with qtbot.assertNotEmitted(dialog.saved):
        _keys(qtbot, "1", Qt.Key.Key_Escape)
    assert not dialog.isVisible()
