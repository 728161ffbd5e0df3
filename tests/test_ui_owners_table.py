"""The owner table: found by any name, ordered as a person would, checked and counted, never moved under the hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from feedesk.models.accounts import Category
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.ui.filter_popup import FilterPopup, filter_words
from feedesk.ui.limit_list import LimitListDialog
from feedesk.ui.list_age import list_age_tone
from feedesk.ui.table import CELL_ROLE, Cell
from feedesk.ui.theme import Tone
from tests.office_tools import import_list, listed
from tests.owner_page_tools import ALT, CTRL, HOUSEHOLDS, SHIFT, Owners
from tests.ui_tools import settle

Key = Qt.Key


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    yield made
    made.close()


def _cell(owners: Owners, room: str, title: str) -> Cell:
    model = owners.list.model
    at = next(n for n, spec in enumerate(model.columns) if spec.title == title) + 1
    cell = model.data(model.index(model.row_of(owners.ids[room]), at), CELL_ROLE)
    assert isinstance(cell, Cell)
    return cell


def test_the_model_over_lazy_rows_keeps_qts_contract(owners: Owners, qtmodeltester) -> None:
    qtmodeltester.check(owners.list.model)


def test_rows_are_read_only_when_looked_at(owners: Owners) -> None:
    rows = owners.office.accounts.rows(OwnerFilter(), "room")
    assert not rows._windows
    assert rows[0].room == "3-2-902"
    assert [row.room for row in rows] == [rows[n].room for n in range(len(rows))]
    assert rows[-1].room == "商铺A08"
    with pytest.raises(IndexError):
        rows[len(rows)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zqm", ["3-2-902"]),
        ("zhouqi", ["3-2-902"]),
        ("zl", ["3-10-101"]),  # 曾 as a surname reads zeng
        ("zengyue", ["3-10-101"]),  # 乐 has two readings
        ("zl 101", ["3-10-101"]),
        ("4417", ["3-2-1502"]),
        ("12d", ["4-12D"]),
        ("吴念 12E", ["4-12E"]),
        ("茶", ["商铺A08"]),
        ("没有这个人", []),
        ("100%", []),
    ],
)
def test_search_takes_room_name_pinyin_and_phone_tail(owners: Owners, typed: str, found: list[str]) -> None:
    assert owners.search(typed) == found


def test_a_click_on_the_room_header_gives_the_natural_order_and_back(owners: Owners) -> None:
    owners.list.order_by("room")
    natural = ["3-2-902", "3-2-1502", "3-10-101", "4-12D", "4-12E", "商铺A08"]
    assert owners.rooms() == natural
    owners.list.order_by("room")
    assert owners.rooms() == natural[::-1]


def test_the_first_click_on_the_amount_shows_the_largest(owners: Owners) -> None:
    owners.list.order_by("owed")
    assert owners.rooms()[0] == "商铺A08"


@pytest.mark.parametrize("key", ["mark", "room", "name", "owed", "overdue", "category", "step", "next", "last"])
def test_every_header_orders_without_losing_anybody(owners: Owners, key: str) -> None:
    offered = {spec.sort_key for spec in owners.list.model.columns}
    assert key in offered
    owners.list.order_by(key)
    assert sorted(owners.rooms()) == sorted(household.room for household in HOUSEHOLDS)


def test_typing_on_the_table_goes_to_the_search_and_esc_clears_it(owners: Owners) -> None:
    owners.choose("4-12D")
    owners.type("zqm")
    assert owners.list.search.text() == "zqm"
    assert owners.rooms() == ["3-2-902"]
    owners.press(Key.Key_Down)
    assert owners.table.hasFocus()
    owners.press(Key.Key_Escape)
    assert owners.list.search.text() == ""
    assert len(owners.rooms()) == 6


def test_slash_and_ctrl_f_put_the_cursor_into_the_search(owners: Owners) -> None:
    for key, held in ((Key.Key_Slash, Qt.KeyboardModifier.NoModifier), (Key.Key_F, CTRL)):
        owners.table.setFocus()
        owners.press(key, held)
        assert owners.list.search.hasFocus()
        assert owners.list.search.text() == ""


def test_the_current_owner_stays_while_a_search_still_shows_him(owners: Owners) -> None:
    owners.choose("4-12D")
    owners.search("4-12")
    assert owners.table.current_id() == owners.ids["4-12D"]


def test_while_typing_the_panel_follows_when_the_typing_rests(owners: Owners) -> None:
    owners.choose("4-12D")
    owners.type("zqm")
    owners.qtbot.waitUntil(lambda: owners.panel.account_id == owners.ids["3-2-902"])


def test_a_function_key_acts_on_the_owner_found_not_on_the_one_before(owners: Owners) -> None:
    owners.choose("4-12D")
    for letter in "zqm":  # faster than the search can follow
        owners.qtbot.keyClick(QApplication.focusWidget(), letter)
    assert len(owners.rooms()) == 6
    with owners.qtbot.waitSignal(owners.desk.log_wanted) as asked:
        owners.press(Key.Key_F2)
    assert asked.args == [owners.ids["3-2-902"]]


def test_chips_count_the_whole_office_and_alt_arrows_step_through_them(owners: Owners) -> None:
    assert owners.list.chips.chip(str(Chip.OWING)).words() == "全部欠费 6"
    assert owners.list.chips.chip(str(Chip.OPEN)).words() == "待联系 5"
    owners.table.setFocus()
    owners.press(Key.Key_Right, ALT)
    assert owners.list.wanted.chip is Chip.TODAY
    owners.press(Key.Key_Left, ALT)
    assert owners.list.wanted.chip is Chip.OWING


def test_every_chip_counts_what_it_then_shows(owners: Owners) -> None:
    owners.log("4-12D", Outcome.PROMISED, datetime(2026, 11, 17, 10, 0), (date(2026, 11, 17), 100))
    owners.log("4-12E", Outcome.DISPUTE, datetime(2026, 11, 17, 10, 0))
    counts = owners.office.accounts.counts()
    for chip in Chip:
        assert counts[chip] == len(owners.office.accounts.rows(OwnerFilter(chip=chip)))
    assert counts[Chip.DUE] == counts[Chip.DISPUTE] == 1


def test_space_checks_and_the_footer_says_of_what_the_sum_is(owners: Owners) -> None:
    owners.list.order_by("room")
    owners.table.choose_row(0)
    owners.table.setFocus()
    owners.press(Key.Key_Space)
    owners.press(Key.Key_Down, SHIFT)
    assert "已勾选 2 户  合计 ¥3,348.95" in owners.list.footer.text()
    assert "筛选内 6 户 · ¥" in owners.list.footer.text()


def test_checks_survive_a_search_and_the_footer_tells_of_the_hidden_ones(owners: Owners) -> None:
    owners.list.model.set_checked([owners.ids["4-12D"], owners.ids["3-2-902"]])
    owners.search("4-12D")
    assert "已勾选 2 户（1 户不在眼前）" in owners.list.footer.text()
    assert owners.list.checked_ids() == [owners.ids["4-12D"], owners.ids["3-2-902"]]


def test_ctrl_a_checks_everyone_in_the_filter_only(owners: Owners) -> None:
    owners.search("4-12")
    owners.table.setFocus()
    owners.press(Key.Key_A, CTRL)
    assert set(owners.list.checked_ids()) == {owners.ids["4-12D"], owners.ids["4-12E"]}


def test_the_sum_of_the_filter_is_the_sum_of_its_rows(owners: Owners) -> None:
    owners.search("3-2")
    assert "筛选内 2 户 · ¥3,348.95" in owners.list.footer.text()


def test_rows_go_to_the_clipboard_as_a_table(owners: Owners) -> None:
    owners.choose("3-2-902")
    owners.press(Key.Key_C, CTRL)
    mime = QGuiApplication.clipboard().mimeData()
    head, line = mime.text().splitlines()
    assert head.split("\t")[:4] == ["状态", "房号", "业主", "欠费(元)"]
    assert line.split("\t")[:4] == ["待联系", "3-2-902", "周启明", "1,902.60"]
    assert "<table>" in mime.html()


def test_a_paid_account_is_struck_and_its_mark_is_not(owners: Owners) -> None:
    import_list(owners.office, *HOUSEHOLDS[1:], as_of=date(2026, 11, 16), file="新.xlsx")
    owners.list.show_filter(OwnerFilter(chip=Chip.PAID))
    assert owners.rooms() == ["3-2-1502"]
    assert _cell(owners, "3-2-1502", "房号").strike
    assert _cell(owners, "3-2-1502", "业主").strike
    assert _cell(owners, "3-2-1502", "欠费(元)") == Cell("0.00", strike=True)
    state = _cell(owners, "3-2-1502", "状态")
    assert (state.mark, state.strike, state.text) == ("paid", False, "已缴 11-16")


def test_due_today_and_broken_are_told_by_mark_word_and_weight(owners: Owners) -> None:
    owners.log("4-12D", Outcome.PROMISED, datetime(2026, 11, 10, 10, 0), (date(2026, 11, 11), 100))
    owners.log("4-12E", Outcome.PROMISED, datetime(2026, 11, 10, 10, 0), (date(2026, 11, 17), 100))
    broken, due = _cell(owners, "4-12D", "状态"), _cell(owners, "4-12E", "状态")
    assert (broken.mark, broken.text, broken.bold) == ("broken", "失约 1 次", True)
    assert (due.mark, due.text, due.bold) == ("due", "今日到期", True)
    assert _cell(owners, "4-12D", "下次跟进").bold


def test_a_change_shows_where_the_row_stands_and_nothing_moves(owners: Owners) -> None:
    owners.list.order_by("next")
    before = owners.rooms()
    owners.choose("4-12D")
    owners.log("4-12D", Outcome.NO_ANSWER, datetime(2026, 11, 17, 15, 40))
    assert owners.rooms() == before
    assert owners.table.current_id() == owners.ids["4-12D"]
    assert _cell(owners, "4-12D", "状态").text == "未接 1 次"
    assert owners.list.chips.chip(str(Chip.OPEN)).words() == "待联系 4"


def test_ctrl_m_marks_the_checked_as_paid_to_verify_and_undo_takes_it_back(owners: Owners) -> None:
    owners.list.model.set_checked([owners.ids["4-12D"], owners.ids["4-12E"]])
    owners.table.setFocus()
    owners.press(Key.Key_M, CTRL)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.saved.emit(ClaimDraft(date(2026, 11, 16), 215_880, "微信"))
    dialog.reject()
    settle()
    assert [_cell(owners, room, "状态").mark for room in ("4-12D", "4-12E")] == ["verify", "verify"]
    owners.window.toast.undo()
    assert [_cell(owners, room, "状态").mark for room in ("4-12D", "4-12E")] == ["open", "open"]


def test_notices_are_for_the_checked_else_the_current_else_all_after_asking(owners: Owners) -> None:
    asked: list[list[int]] = []
    owners.desk.notices_wanted.connect(asked.append)
    owners.choose("4-12D")
    owners.press(Key.Key_P, CTRL)
    owners.list.model.set_checked([owners.ids["3-2-902"]])
    owners.press(Key.Key_P, CTRL)
    owners.list.model.clear_checks()
    owners.table.choose(None)
    owners.told.answers = [False, True]
    owners.press(Key.Key_P, CTRL)
    owners.press(Key.Key_P, CTRL)
    assert asked[:2] == [[owners.ids["4-12D"]], [owners.ids["3-2-902"]]]
    assert len(asked) == 3
    assert set(asked[2]) == set(owners.ids.values())
    assert owners.told.asked[0] == ("没有选中业主，给筛选内的 6 户都出催款单吗？", "出 6 户")


def test_f4_goes_on_and_says_when_there_is_nobody_left(owners: Owners) -> None:
    owners.list.order_by("room")
    owners.table.choose_row(4)
    owners.table.setFocus()
    owners.press(Key.Key_F4)
    assert owners.panel.account_id == owners.ids["商铺A08"]
    owners.press(Key.Key_F4)
    assert owners.window.toast.text() == "已经是最后一户了。"
    owners.press(Key.Key_F4, SHIFT)
    assert owners.panel.account_id == owners.ids["4-12E"]


def test_the_menu_offers_what_makes_sense_for_this_owner(owners: Owners) -> None:
    owners.log("4-12E", Outcome.DISPUTE, datetime(2026, 11, 17, 10, 0))
    owners.choose("4-12E")
    menu = QMenu()
    owners.list.menu_filled.emit(menu)
    offered = {action.text().partition("\t")[0]: action.isEnabled() for action in menu.actions() if action.text()}
    assert offered == {
        "记录联系": True, "改下次跟进": True, "标记已缴（待核）": True, "批量修改": True, "催款单": True, "复制成表格": True,
        "交给一位片管…": True, "分配片管…": True, "勿电": True,
        "取消待核": False, "异议": True, "异议与遗留（全部）": True, "短信/微信": True,
    }  # fmt: skip
    menu.deleteLater()


# --- filter ---


def test_the_filter_narrows_at_once_and_is_named_on_its_button(owners: Owners) -> None:
    popup = FilterPopup(owners.office.accounts.buildings(), owners.list.wanted)
    owners.qtbot.addWidget(popup)
    popup.changed.connect(owners.list._on_filter)
    popup.building.setCurrentIndex(popup.building.findData("4"))
    assert owners.rooms() == ["4-12D", "4-12E"]
    assert owners.list.filter_button.words() == "筛选：4 栋"
    popup.least.set_amount(500_000)
    popup.least.amount_changed.emit(500_000)
    assert owners.rooms() == []
    assert owners.list.filter_button.words() == "筛选 2 项"
    popup.clear_button.click()
    assert len(owners.rooms()) == 6


def test_one_key_shows_the_limitations_here_as_on_the_other_pages(owners: Owners) -> None:
    owners.press(Key.Key_L, CTRL)
    owners.qtbot.waitUntil(lambda: bool(owners.window.findChildren(LimitListDialog)), timeout=20_000)
    (dialog,) = owners.window.findChildren(LimitListDialog)
    dialog.reject()
    settle()


def test_the_filter_popup_opens_at_its_button_and_esc_closes_it(owners: Owners) -> None:
    owners.press(Key.Key_F, CTRL | Qt.KeyboardModifier.ShiftModifier)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, FilterPopup)
    assert owners.window.screen().availableGeometry().contains(popup.geometry().topLeft() + QPoint(1, 1))
    popup.close()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (OwnerFilter(), ()),
        (OwnerFilter(category=Category.E), ("E 特殊拒交",)),
        (OwnerFilter(min_owed=500_000), ("欠 ¥5,000.00 起",)),
        (OwnerFilter(overdue_over=90, building="商铺"), ("商铺", "逾期超过 90 天")),
    ],
)
def test_a_filter_is_told_in_words(wanted: OwnerFilter, said: tuple[str, ...]) -> None:
    assert filter_words(wanted) == said


# --- age of the list, empty states, widths ---


@pytest.mark.parametrize(
    ("days", "tone"),
    [(0, Tone.CAPTION), (2, Tone.CAPTION), (3, Tone.OCHRE), (6, Tone.OCHRE), (7, Tone.CINNABAR), (30, Tone.CINNABAR)],
)
def test_an_ageing_list_warns(days: int, tone: Tone) -> None:
    assert list_age_tone(days) is tone


def test_the_age_of_the_list_stays_in_sight(owners: Owners) -> None:
    assert "财务清单截至 11-13（4 天前）" in owners.list.footer.text()


def test_without_a_list_the_page_asks_for_one(qtbot, tmp_path: Path) -> None:
    owners = Owners(qtbot, tmp_path, empty=True)
    assert owners.list.empty.text() == "还没有欠费清单。请财务导出一份，Excel 或 CSV 都行。"
    with qtbot.waitSignal(owners.desk.import_wanted):
        owners.list.empty.button.click()
    assert owners.panel.empty.isVisible()
    owners.close()


def test_a_search_without_a_hit_says_so_and_clears_by_its_button(owners: Owners) -> None:
    owners.search("zzz")
    assert owners.list.empty.text() == "没有叫“zzz”的业主或房号（在“全部欠费”里）。"
    owners.list.empty.button.click()
    assert len(owners.rooms()) == 6


def test_who_is_not_in_the_chosen_chip_is_a_key_away_among_all(owners: Owners) -> None:
    owners.list._on_chip(str(Chip.PAID))
    owners.search("zzz")
    assert owners.list.empty.button.words() == "清除筛选"
    owners.search("4-12")
    assert owners.list.empty.text() == "没有叫“4-12”的业主或房号（在“已缴”里）。清除筛选按 Esc。"
    assert owners.list.empty.button.words() == "在全部里找（2 户）"
    owners.press(Key.Key_A, ALT)
    assert owners.rooms() == ["4-12D", "4-12E"]
    assert owners.list.wanted == OwnerFilter(text="4-12", chip=Chip.ALL)
    owners.list._on_chip(str(Chip.PAID))
    owners.list.empty.button.click()
    assert owners.rooms() == ["4-12D", "4-12E"]


def test_an_empty_chip_leads_back(owners: Owners) -> None:
    owners.list._on_chip(str(Chip.BROKEN))
    assert owners.list.empty.text() == "“失约”里没有业主。"
    owners.list.empty.button.click()
    assert owners.list.wanted.chip is Chip.OWING


def test_figures_are_whole_at_every_width_even_beside_long_rooms(owners: Owners) -> None:
    owners.table.keep_whole({"房号": "12栋2单元1502室", "欠费(元)": "99,999,999.99"})
    painter = owners.table.itemDelegate()
    for width in (1366, 1280, 1101, 1099, 911, 881, 800):
        owners.window.resize(width, 700)
        settle()
        assert owners.table.horizontalHeader().length() <= owners.table.viewport().width(), width
        assert not painter.is_cut(Cell("99,999,999.99"), owners.table.columnWidth(4)), width


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (1366, ["状态", "房号", "业主", "欠费(元)", "逾期", "类", "阶段", "下次跟进", "最近联系"]),
        (1280, ["状态", "房号", "业主", "欠费(元)", "类", "下次跟进", "最近联系"]),
        (1150, ["状态", "房号", "业主", "欠费(元)", "类", "下次跟进"]),
        (911, ["状态", "房号", "业主", "欠费(元)"]),
    ],
)
def test_columns_give_way_to_the_window(owners: Owners, width: int, titles: list[str]) -> None:
    owners.window.resize(width, 700)
    settle()
    shown = [spec.title for n, spec in enumerate(owners.list.model.columns, 1) if not owners.table.isColumnHidden(n)]
    assert shown == titles
    header = owners.table.horizontalHeader()
    assert header.length() <= owners.table.viewport().width()
    assert all(button.isVisible() is (width >= 1100) for button in owners.list._wide)


def test_amounts_and_rooms_widen_their_columns_rather_than_being_cut(owners: Owners) -> None:
    import_list(
        owners.office, *HOUSEHOLDS, listed("12栋2单元1502室", "石敬之", ("物业费", "2026-07", 9_999_999_999)),
        as_of=date(2026, 11, 16), file="大.xlsx",
    )  # fmt: skip
    owners.list.refresh()
    settle()
    painter = owners.table.itemDelegate()
    for at, text in ((2, "12栋2单元1502室"), (4, "99,999,999.99")):
        assert not painter.is_cut(Cell(text, bold=True), owners.table.columnWidth(at))


def test_in_a_very_narrow_window_table_and_panel_take_turns(owners: Owners) -> None:
    owners.window.resize(790, 500)
    settle()
    assert owners.list.isVisible()
    assert not owners.panel.isVisible()
    owners.choose("4-12D")
    owners.press(Key.Key_Return)
    assert owners.panel.isVisible()
    assert not owners.list.isVisible()
    owners.press(Key.Key_Escape)
    assert owners.list.isVisible()
    assert owners.table.hasFocus()


def test_the_width_of_the_panel_is_remembered(owners: Owners) -> None:
    owners.page.splitter.setSizes([700, 520])
    owners.page.splitter.splitterMoved.emit(700, 1)
    assert owners.desk.settings.panel_width == owners.panel.width()
    assert 400 <= owners.panel.width() <= 560
