"""承诺兑现 on 统计, from the keyboard: the figure, the promises behind it, the clerks, copying and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from feedesk.models.contacts import Outcome
from feedesk.ui.promises_dialog import PromisesDialog
from tests.figures_page_tools import ALT, CTRL, SHIFT, FiguresDesk
from tests.office_tools import ids_by_room
from tests.owner_page_tools import Owners
from tests.promise_tools import paid, tell

STORY = """
2-3-0801 10-08 10-12 500
2-1-0901 10-08 10-13 300
3-3-0501 11-09 11-13 500 11-14 500
3-3-0801 11-09 11-13 400 11-16 400
3-1-0601 11-03 11-05 600 11-17 600
3-1-0901 11-03 11-13 900 11-16 400
5-1-0301 11-04 11-09 300
5-2-0401 11-05 11-13 200 11-15 200
5-3-0501 11-16 11-20 700
"""
Open = Callable[..., FiguresDesk]


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> Iterator[Open]:
    """统计 over an office that has been promised what the story tells."""
    opened: list[FiguresDesk] = []

    def open_it(story: str = STORY) -> FiguresDesk:
        made = FiguresDesk(qtbot, tmp_path)
        opened.append(made)
        tell(made.office, story)
        made.page.shown()
        made.wait()
        return made

    yield open_it
    for made in opened:
        made.close()


def behind(made: FiguresDesk) -> PromisesDialog:
    """Enter on the strip, and the dialog that comes."""
    made.page.promises.setFocus()
    made.press(Qt.Key.Key_Return)
    dialog = made.dialog()
    assert isinstance(dialog, PromisesDialog)
    return dialog


def cells(dialog: PromisesDialog) -> list[str]:
    model = dialog.table.model()
    rows = range(model.rowCount())
    return [" ".join(str(model.index(row, at).data()) for at in range(model.columnCount())) for row in rows]


def test_the_strip_tells_counts_amounts_and_the_month_before(desk: Open) -> None:
    assert desk().page.promises.text() == (
        "承诺兑现 · 50.0% · 本月 7 个：兑现 3 · 迟缴 1 · 部分 1 · 失约 1 · 未到期 1"
        " · 已到期的承诺 ¥2,900.00，到账 ¥2,100.00"
        " · 上月 样本不足 · 2 个：迟缴 1 · 失约 1 · 已到期的承诺 ¥800.00，到账 ¥500.00"
    )


def test_without_promises_the_strip_says_so(desk: Open) -> None:
    assert desk("").page.promises.text() == "承诺兑现 · 样本不足 · 本月没有到期的承诺 · 上月没有到期的承诺"


def test_a_payment_taken_meanwhile_shows_at_once(desk: Open) -> None:
    made = desk()
    made.desk.write(lambda: paid(made.office, "11-17", 70_000, "5-3-0501"))
    made.wait()
    assert "兑现 4" in made.page.promises.text()
    assert "未到期" not in made.page.promises.text()


def test_enter_opens_the_promises_of_the_month(desk: Open) -> None:
    made = desk()
    dialog = behind(made)
    assert cells(dialog) == [
        "3-1-0601 郑某6 11-03 11-05 600.00 600.00 迟缴 许宁",
        "5-1-0301 李某3 11-04 11-09 300.00 0.00 失约 许宁",
        "3-1-0901 陈某9 11-03 11-13 900.00 400.00 部分到账 许宁",
        "3-3-0501 吴某5 11-09 11-13 500.00 500.00 兑现 许宁",
        "3-3-0801 冯某8 11-09 11-13 400.00 400.00 兑现 许宁",
        "5-2-0401 周某4 11-05 11-13 200.00 200.00 兑现 许宁",
        "5-3-0501 吴某5 11-16 11-20 700.00 0.00 未到期 许宁",
    ]
    assert dialog.table.hasFocus()
    made.press(Qt.Key.Key_Escape)
    assert made.dialog() is None


def test_alt_and_arrows_turn_to_the_month_before_and_to_the_clerks(desk: Open) -> None:
    made = desk()
    dialog = behind(made)
    made.press(Qt.Key.Key_Right, ALT)
    assert [row.split()[0] for row in cells(dialog)] == ["2-3-0801", "2-1-0901"]
    made.press(Qt.Key.Key_Right, ALT)
    assert dialog.stack.currentWidget() is dialog.clerks
    assert not dialog.go_button.isVisible()
    made.press(Qt.Key.Key_Return)  # a clerk has no page to go to
    assert made.dialog() is dialog
    made.press(Qt.Key.Key_Right, ALT)
    assert len(cells(dialog)) == 7
    made.press(Qt.Key.Key_Escape)
    assert made.dialog() is None


def test_enter_on_a_promise_goes_to_its_owner(desk: Open) -> None:
    made = desk()
    behind(made)
    made.press(Qt.Key.Key_Down)
    with made.qtbot.waitSignal(made.desk.owner_wanted) as asked:
        made.press(Qt.Key.Key_Return)
    assert asked.args == [ids_by_room(made.office)["5-1-0301"]]
    assert made.dialog() is None


def test_ctrl_c_copies_the_rates_by_clerk_and_ctrl_shift_c_the_promises(desk: Open) -> None:
    made = desk()
    made.page.promises.setFocus()
    made.press(Qt.Key.Key_C, CTRL)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:4] == ["到期的月份", "经办", "承诺（个）", "兑现"]
    assert lines[1].split("\t")[:10] == ["2026年11月", "全部", "7", "3", "1", "1", "1", "0", "1", "50.0%"]
    assert lines[1].split("\t")[10:] == ["2,900.00", "2,100.00"]
    assert lines[2].split("\t")[:3] == ["2026年11月", "许宁", "7"]
    assert made.notes[-1] == "承诺兑现和它的表已复制，可贴到 Excel 或微信里。"
    behind(made)
    made.press(Qt.Key.Key_C, CTRL | SHIFT)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 8
    assert lines[3].split("\t") == [
        "3-1-0901", "陈某9", "11-03", "11-13", "900.00", "400.00", "部分到账", "许宁",
        "过了 11-13 和 1 个工作日，还差 ¥500.00",
    ]  # fmt: skip
    made.press(Qt.Key.Key_Escape)
    assert made.dialog() is None


def test_the_workbook_has_the_promises_on_a_sheet_of_their_own(desk: Open, tmp_path: Path) -> None:
    made = desk()
    target = tmp_path / "统计.xlsx"
    made.told.files = [target]
    made.press(Qt.Key.Key_S, CTRL)
    sheet = openpyxl.load_workbook(target)["承诺兑现"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert ["2026年11月", "全部", 7, 3, 1, 1, 1, 0, 1, 0.5, 2900, 2100] in rows
    assert ["2026年10月", "许宁", 2, 0, 1, 0, 1, 0, 0, "样本不足", 800, 500] in rows
    listed = [row for row in rows if len(row) == 9]
    assert listed[0][:2] == ["房号", "业主"]
    assert len(listed) == 1 + 9
    assert listed[3][4:8] == [900, 400, "部分到账 ¥400.00", "过了 11-13 和 1 个工作日，还差 ¥500.00"]


# --- the owner ---


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    yield made
    made.close()


def test_the_records_of_an_owner_say_how_he_keeps_his_promises(owners: Owners) -> None:
    owners.log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 2, 10), (date(2026, 11, 5), 44_635))
    owners.log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 11, 10), (date(2026, 11, 13), 100_000))
    paid(owners.office, "11-16", 30_000, "3-2-1502")
    owners.log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 17, 10), (date(2026, 11, 20), 114_635))
    owners.choose("3-2-1502")
    owners.press(Qt.Key.Key_3, ALT)
    timeline = owners.panel.timeline
    assert timeline.kept.isVisible()
    assert timeline.kept.text() == "承诺 3 次：部分 1 · 失约 1 · 未到期 1"
    assert timeline.kept.toolTip().splitlines() == [
        "11-20 ¥1,146.35：未到期（说定 11-20）",
        "11-13 ¥1,000.00：部分到账 ¥300.00（过了 11-13 和 1 个工作日，还差 ¥700.00）",
        "11-05 ¥446.35：失约（过了 11-05 和 1 个工作日，没有到账）",
    ]
    said = [text for text in timeline.texts() if "承诺 11-" in text]
    assert [
        "承诺 11-20 缴 ¥1,146.35，" in said[0],
        "· 部分到账，部分到账 ¥300.00：" in said[1],
        "· 失约，" in said[2],
    ] == [True] * 3


def test_without_a_promise_there_is_no_line(owners: Owners) -> None:
    owners.log("3-2-902", Outcome.NO_ANSWER, datetime(2026, 11, 11, 10))
    owners.choose("3-2-902")
    owners.press(Qt.Key.Key_3, ALT)
    assert not owners.panel.timeline.kept.isVisible()
