"""时效 as a list in the window: what is on it, how the keys walk it, and where Enter leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from feedesk.models.limit_rows import LimitRow
from feedesk.ui.limit_list import OVER, SOON, LimitListDialog, open_limit_list
from tests.owner_page_tools import ALT, CTRL, SHIFT, Owners
from tests.ui_tools import settle

TODAY = date(2026, 11, 17)


def row(number: int, left: int, *, over: bool = False, lenient: date | None = None) -> LimitRow:
    ends = date.fromordinal(TODAY.toordinal() + left)
    return LimitRow(
        number, 100 + number, f"3-2-{number}01", "林晓岚", "物业费 2024年1月", 10_000 * number, left, ends, lenient or ends,
        over, f"办法{number}",
    )  # fmt: skip


ROWS = (row(9, -30, over=True), row(1, 0), row(2, 59, lenient=date(2028, 5, 1)), row(3, 91))


@pytest.fixture
def dialog(qtbot) -> LimitListDialog:  # type: ignore[no-untyped-def]
    made = LimitListDialog(ROWS, TODAY)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    settle()
    return made


def cells(dialog: LimitListDialog, at: int) -> list[str]:
    return [spec.cell(dialog.shown()[at]).text for spec in dialog.model.columns]


def test_what_runs_out_is_listed_first_to_end_first_with_what_would_help(dialog: LimitListDialog) -> None:
    assert [one.charge_id for one in dialog.shown()] == [1, 2, 3] and dialog.table.hasFocus()
    assert cells(dialog, 1) == [
        "3-2-201", "林晓岚", "物业费 2024年1月", "200.00", "剩 59 天", "2027-01-15", "2028-05-01", "办法2",
    ]  # fmt: skip
    assert cells(dialog, 0)[4:7] == ["今天是最后一天", "11-17", "同左"]
    loud = [spec.cell(one) for one in dialog.shown() for spec in dialog.model.columns if spec.title == "还剩"]
    assert [(cell.bold, str(cell.tone)) for cell in loud] == [(True, "cinnabar"), (True, "cinnabar"), (False, "ochre")]
    assert dialog.sum.text() == "3 户 · 3 笔 · ¥600.00"
    assert dialog.helps.text() == "3-2-101 物业费 2024年1月：办法1。"


def test_keys_turn_to_what_is_over_and_back(dialog: LimitListDialog, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.helps.text() == "3-2-201 物业费 2024年1月：办法2。"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Right, ALT)
    assert dialog.views.value() == OVER and [one.charge_id for one in dialog.shown()] == [9]
    assert cells(dialog, 0)[4] == "过了 30 天"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Left, ALT)
    assert dialog.views.value() == SOON and len(dialog.shown()) == 3


def test_rows_are_copied_one_or_all(dialog: LimitListDialog, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(dialog.table, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text().splitlines()[1].startswith("3-2-101\t林晓岚")
    qtbot.keyClick(dialog.table, Qt.Key.Key_C, CTRL | SHIFT)
    assert len(QApplication.clipboard().text().splitlines()) == 4


def test_it_opens_on_what_there_is_and_says_when_there_is_nothing(qtbot) -> None:  # type: ignore[no-untyped-def]
    only_over = LimitListDialog(ROWS[:1], TODAY)
    none = LimitListDialog((), TODAY)
    for made in (only_over, none):
        qtbot.addWidget(made)
        made.show()
        settle()
    assert only_over.views.value() == OVER and len(only_over.shown()) == 1
    assert none.empty.isVisible() and none.empty.text() == "180 天内没有时效到期的账。"
    assert not none.go_button.isEnabled() and not none.copy_button.isEnabled() and none.helps.text() == ""


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    yield made
    made.desk.jobs.shut_down()
    made.close()


def test_it_is_read_from_the_office_and_enter_asks_for_the_owners_bills(owners: Owners) -> None:
    asked: list[int] = []
    owners.desk.bills_wanted.connect(asked.append)
    open_limit_list(owners.desk, owners.window)
    owners.qtbot.waitUntil(lambda: bool(owners.window.findChildren(LimitListDialog)))
    (dialog,) = owners.window.findChildren(LimitListDialog)
    owners.qtbot.waitUntil(dialog.isActiveWindow)
    assert [one.room for one in dialog.shown()] == ["商铺A08"]
    owners.press(Qt.Key.Key_Return)
    assert asked == [owners.ids["商铺A08"]]
    owners.qtbot.waitUntil(lambda: not owners.window.findChildren(LimitListDialog))
