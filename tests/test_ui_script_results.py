"""话术效果: from 统计 by a key, four views, the table copied; and the line behind 为什么."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, DebtorType
from feedesk.models.contacts import Outcome
from feedesk.models.scripts.results import Tally
from feedesk.models.store import Office
from feedesk.ui.scripts_results_dialog import ScriptResultsDialog
from feedesk.ui.scripts_rows import result_cell
from tests.figures_page_tools import ALT, CTRL, FiguresDesk, story
from tests.office_tools import ids_by_room, import_list
from tests.owner_page_tools import Owners
from tests.promise_tools import paid
from tests.script_page_tools import Bench
from tests.store_tools import contact
from tests.ui_tools import settle

BUSY = "busy.2.phone@1"


def log(office: Office, room: str, at: datetime, ref: str, due: date | None = None) -> None:
    """A call in which this script was said."""
    draft = contact(
        ids_by_room(office)[room],
        at=at,
        outcome=Outcome.PROMISED if due else Outcome.NO_DAY,
        promise=(due, 10_000) if due else None,
    )
    office.contacts.add(replace(draft, script_id=ref))


def a_busy_month(office: Office) -> None:
    """Twelve calls with one script, two with another; some promised, some paid."""
    import_list(office, *story()[0], as_of=date(2026, 10, 12))
    rooms = sorted(ids_by_room(office))
    for place in range(12):
        at = datetime(2026, 10, 20, 10, place)
        log(office, rooms[place], at, BUSY, date(2026, 10, 23) if place % 2 else None)
        if place % 4 == 1:
            paid(office, "10-22", 10_000, rooms[place])
    for place in range(2):
        log(office, rooms[place], datetime(2026, 11, 10, 10, place), "unpaid.3.phone@1")


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[FiguresDesk]:
    opened = FiguresDesk(qtbot, tmp_path, lists=False)
    yield opened
    opened.close()


def open_dialog(made: FiguresDesk) -> ScriptResultsDialog:
    made.press(Qt.Key.Key_R, CTRL)
    dialog = made.dialog()
    assert isinstance(dialog, ScriptResultsDialog)
    return dialog


def copied() -> list[list[str]]:
    return [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]


def test_ctrl_r_opens_the_table_and_ctrl_c_copies_it(made: FiguresDesk) -> None:
    a_busy_month(made.office)
    dialog = open_dialog(made)
    assert dialog.table.hasFocus()
    made.press(Qt.Key.Key_C, CTRL)
    lines = copied()
    assert lines[0] == ["名称", "用在", "用过", "承诺", "兑现", "14 天内到账", "承诺占比", "到账占比"]
    assert lines[1][2:] == ["12", "6", "3", "3", "50%", "25%"]
    assert lines[2][2:] == ["2", "0", "0", "0", "样本不足", "样本不足"]
    assert len(lines) == 3
    assert dialog.foot.text() == "共 14 次 → 承诺 6 → 兑现 3 → 14 天内到账 3，其中 2 次还没满 14 天"
    made.press(Qt.Key.Key_Escape)
    assert made.dialog() is None


def test_alt_arrows_go_through_the_four_views(made: FiguresDesk) -> None:
    a_busy_month(made.office)
    dialog = open_dialog(made)
    names = []
    for _ in range(4):
        made.press(Qt.Key.Key_Right, ALT)
        made.press(Qt.Key.Key_C, CTRL)
        names.append([line[0] for line in copied()[1:]])
        assert dialog.table.hasFocus()
    assert names[0][0] == "招数 2 断其后路"
    assert names[1] == [DEBTOR_TYPE_LABELS[DebtorType.BUSY], DEBTOR_TYPE_LABELS[DebtorType.UNPAID]]
    assert names[2] == ["许宁"]
    assert dialog.views.value() == "scripts"
    made.press(Qt.Key.Key_Escape)


def test_without_uses_it_says_so(made: FiguresDesk) -> None:
    dialog = open_dialog(made)
    assert dialog.foot.text() == "这一年还没有记过用了哪篇话术的联系"
    assert dialog.nothing.isVisible() and not dialog.table.isVisible()
    assert not dialog.copy_button.isEnabled()
    made.press(Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("tally", "text", "behind"),
    [
        (None, "", ""),
        (Tally(), "", "这一篇还没有用过"),
        (Tally(9, 5, 4, 3), "9 次", "这一篇用过 9 次，样本不足"),
        (Tally(77, 59, 1, 8, 20), "77→1→8", "用过→兑现→到账\n这一篇 77 次 → 承诺 59 → 兑现 1 → 14 天内到账 8"),
    ],
)
def test_the_list_of_scripts_tells_figures_from_ten_uses_on(tally: Tally | None, text: str, behind: str) -> None:
    cell = result_cell(tally)
    assert (cell.text, cell.tooltip) == (text, behind)


def test_the_library_counts_what_came_of_each_script_once_it_rests(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path)
    try:
        script = bench.office.scripts.library().script("unpaid.3.phone")
        assert script is not None
        log(bench.office, "3-2-902", datetime(2026, 11, 10, 10), script.ref)
        bench.go()
        with qtbot.waitSignal(bench.page.tallies.counted):
            bench.page.tallies.count()
        found = {row.key: bench.page.tallies.of(row) for row in bench.page.model.rows()}
        assert found["unpaid.3.phone"] == Tally(uses=1, waiting=1)
        assert found["busy.3.phone"] == Tally()
        row = next(one for one in bench.page.model.rows() if one.key == "unpaid.3.phone")
        bench.page.table.choose(row.id)
        assert "这一篇用过 1 次，样本不足" in bench.page.pane._facts.text()
        header = bench.page.table.horizontalHeader()
        title = "用→兑现→到账"
        place = next(at for at, one in enumerate(bench.page.model.columns) if one.title == title)
        for width in (1366, 911):
            bench.window.resize(width, 697)
            settle()
            shown = not header.isSectionHidden(place)
            assert not shown or header.sectionSize(place) >= header.fontMetrics().horizontalAdvance(title) + 8, width
        told = bench.page.model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert told.startswith("近一年：用过几次→承诺兑现几次→14 天内到账几次")
    finally:
        bench.close()


def test_who_writes_while_the_library_counts_is_not_held_up(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path)
    try:
        bench.go()
        row = next(one for one in bench.page.model.rows() if one.key == "busy.3.phone")
        bench.page.table.choose(row.id)
        bench.page.tallies.count()
        assert bench.page.tallies.is_counting
        bench.page.acts.toggle(bench.page.current())
        assert bench.office.scripts.library().script("busy.3.phone") is None
        qtbot.waitUntil(lambda: not bench.page.tallies.is_counting)
        now = bench.page.current()
        assert now is not None and now.key == "busy.3.phone", "the line in hand stays in hand"
    finally:
        bench.close()


@pytest.fixture
def owners(qtbot: QtBot, tmp_path: Path) -> Iterator[Owners]:
    opened = Owners(qtbot, tmp_path)
    opened.choose("3-2-1502")
    yield opened
    opened.close()


def test_why_tells_what_came_of_this_script_when_it_is_opened(owners: Owners) -> None:
    tab = owners.panel.script
    tab.why.button.click()
    assert tab.why.behind().splitlines()[-1] == "这一篇还没有用过"
    tab.why.button.click()
    for place in range(10):
        log(owners.office, "4-12E", owners.clock.now - timedelta(days=40 - place), tab.script_ref)
    tab.why.button.click()
    settle()
    lines = tab.why.behind().splitlines()
    assert lines[-1] == "这一篇 10 次 → 承诺 0 → 兑现 0 → 14 天内到账 0"
    assert sum("这一篇" in line for line in lines) == 1


def test_the_page_of_scripts_opens_the_same_table(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path)
    try:
        bench.go()
        bench.press(Qt.Key.Key_R, CTRL)
        qtbot.waitUntil(lambda: bench.has_open(ScriptResultsDialog))
        dialog = bench.opened(ScriptResultsDialog)
        assert dialog.views.value() == "scripts"
        assert dialog.foot.text()
    finally:
        bench.close()
