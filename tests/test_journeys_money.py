"""A week of money in the real window: at the counter, from the bank, and back again when it was a mistake."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.models.owner_filter import Chip
from feedesk.models.store import backups
from feedesk.ui.office_room import FIGURES, PAYMENTS
from feedesk.ui.reconcile_view import ReconcileView
from tests.test_journeys import CTRL, Office, on_screen
from tests.ui_tools import settle

STATEMENTS = Path(__file__).parent / "data" / "statements"
ENTER = Qt.Key.Key_Return


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    made = Office(qtbot, tmp_path)
    made.now = datetime(2026, 10, 31, 16, 0)
    made.start_office()
    made.import_list("01-plain.xlsx")
    made.now = datetime(2026, 11, 12, 9, 30)
    yield made
    made.close()
    settle()
    gc.collect()


def to_page(office: Office, digit: Qt.Key, key: str) -> None:
    """Ctrl and the page's digit."""
    office.press(digit, CTRL)
    settle()
    assert office.front.window.current_key() == key


def press(office: Office, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    office.qtbot.keyClick(QApplication.focusWidget() or office.front.window, key, held)
    settle()


def test_a_payment_at_the_counter_by_keys_alone_and_its_reversal(office: Office) -> None:
    count, owed = on_screen(office)
    to_page(office, Qt.Key.Key_4, PAYMENTS)
    office.keys("2-1-101", office.front.window)
    press(office, ENTER)
    office.keys("1", office.front.window)
    press(office, ENTER)
    assert on_screen(office) == (count - 1, owed - 35_332)
    page = office.room.payments
    assert page.till.search.field.hasFocus(), "ready for the next one"
    assert page.takings.sums()[1] == "¥353.32"
    press(office, Qt.Key.Key_F3)
    office.presenter.texts.append("收错了户")
    press(office, Qt.Key.Key_Delete)
    assert on_screen(office) == (count, owed)
    assert page.takings.sums()[1] == "¥0.00"


def test_the_banks_file_is_read_and_what_is_sure_is_booked_once(office: Office) -> None:
    count, owed = on_screen(office)
    to_page(office, Qt.Key.Key_4, PAYMENTS)
    press(office, Qt.Key.Key_Tab, CTRL)
    view = office.room.payments.findChild(ReconcileView)
    assert view is not None and view.isVisible()
    for _ in range(2):
        office.presenter.files.append(STATEMENTS / "bank-gb18030.csv")
        press(office, Qt.Key.Key_O, CTRL)
        office.quiet()
        press(office, ENTER, CTRL)
        office.quiet()
    booked = 35_332 + 366_629 + 50_715 + 340_836 + 61_980 + 67_575 + 632_166
    assert on_screen(office) == (count - 8, owed - booked)
    assert office.room.desk.office.statements.open_count() == 5
    assert on_screen(office, Chip.TODAY)[0] < count - 8, "whose money is in question is not called"
    to_page(office, Qt.Key.Key_5, FIGURES)
    office.quiet()
    assert backups.check(office.room.desk.office.path) == []
