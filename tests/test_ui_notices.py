"""通知: proposing a batch, taking rows out, and the preview beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import ClaimDraft
from feedesk.models.store import Office
from feedesk.ui.desk import Desk
from feedesk.ui.notices_page import NoticesPage
from tests.notice_page_tools import (
    NO_GLYPH,
    FilePrinters,
    drawn,
    notice_desk,
    notice_office,
    notice_page,
    propose,
    shown_rows,
)
from tests.office_tools import ids_by_room
from tests.paper_samples import texts
from tests.ui_tools import RecordingPresenter

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = notice_office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def printers(tmp_path: Path) -> FilePrinters:
    return FilePrinters(tmp_path / "打印机.pdf")


@pytest.fixture
def desk(qapp, office: Office, presenter: RecordingPresenter, tmp_path: Path) -> Iterator[Desk]:
    made = notice_desk(office, presenter, tmp_path)
    yield made
    made.jobs.shut_down()


@pytest.fixture
def page(qtbot, desk: Desk, printers: FilePrinters) -> NoticesPage:
    return notice_page(qtbot, desk, printers)


# --- proposing ---


def test_an_office_without_notices_says_what_to_do(page: NoticesPage, qtbot) -> None:
    page.shown()
    assert page.stack.currentWidget() is page.empty
    assert page.empty.text() == "还没有出过通知。从业主页勾选，或按筛选出一批。"
    qtbot.keyClick(page.empty.button, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.batch
    assert page.batch.options.chosen().words == "逾期超过 30 天"


def test_who_gets_one_is_numbered_in_delivery_order_and_who_does_not_is_named_with_the_reason(
    page: NoticesPage, office: Office
) -> None:
    ids = ids_by_room(office)
    office.contacts.claim((ids["3-2-0602"],), ClaimDraft(date(2026, 11, 16), 107_940, "微信"))
    page.propose_for(list(reversed(ids.values())))
    assert shown_rows(page) == [
        ("2026-0001", "3-1-0904", True),
        ("2026-0002", "3-1-1601", True),
        ("2026-0003", "3-2-1502", True),
        ("2026-0004", "5-2-0901", True),
        ("2026-0005", "5-2-0902", True),
    ]
    left = {row.room: (row.mark, row.reason) for row in page.batch.left.model.rows()}
    assert left["3-2-0602"] == (MarkKind.VERIFY, "称已缴，等财务核对")
    mark, reason = left["6-1-0504"]
    assert mark == MarkKind.DUE
    assert f"字库没有“{NO_GLYPH}”" in reason
    assert page.batch.left_out_words() == "这次不出 2 户"
    assert page.batch.sums() == ("将出 5 张 · ¥7,902.51", "编号 2026-0001 至 2026-0005，打印或存 PDF 时才占用")
    assert page.batch.print_button.words() == "打印 5 张"


def test_space_takes_a_row_out_and_the_numbers_close_up(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602")
    table = page.batch.table
    assert table.hasFocus()
    assert table.current_record().notice.room_text == "3-1-0904"
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert shown_rows(page) == [
        ("2026-0001", "3-1-0904", True),
        ("", "3-1-1601", False),
        ("2026-0002", "3-2-0602", True),
    ]
    assert page.batch.sums()[0] == "将出 2 张 · ¥1,941.90"
    page.shown()
    assert [chosen for _, _, chosen in shown_rows(page)] == [True, False, True]
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert page.batch.sums()[0] == "将出 3 张 · ¥3,453.06"


def test_without_anybody_chosen_nothing_can_be_issued(page: NoticesPage, office: Office, desk: Desk, qtbot) -> None:
    propose(page, office, "3-1-0904")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    assert not page.batch.print_button.isEnabled()
    assert page.batch.save_button.toolTip() == "没有要出的催款单，请先勾选。"
    with qtbot.waitSignal(desk.messages.noted) as told:
        qtbot.keyClick(page.batch.table, Qt.Key.Key_P, CTRL)
    assert told.args[0] == "没有要出的催款单，请先勾选。"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1117", "截止日要在今天之后。"),
        ("2028-01-01", "截止日太远，请在一年以内。"),
        ("1332", "截止日：没有“1332”这一天。请按“1125”或“11-25”输入。"),
        ("", "截止日：请填日期，例如 1125。"),
        ("1203", ""),
    ],
)
def test_the_day_to_pay_by(page: NoticesPage, office: Office, qtbot, typed: str, problem: str) -> None:
    propose(page, office, "3-1-0904")
    edit = page.batch.options.pay_by
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    qtbot.keyClicks(edit, typed)
    assert page.batch.options.problem() == problem
    assert page.batch.save_button.isEnabled() is (not problem)
    if problem:
        assert page.batch.sums() == ("这一批还不能出", problem)
    else:
        assert page.batch.chosen()[0].pay_by == date(2026, 12, 3)


def test_fifteen_days_are_given_unless_the_office_says_otherwise(page: NoticesPage, office: Office) -> None:
    propose(page, office, "3-1-0904")
    assert page.batch.chosen()[0].pay_by == date(2026, 12, 2)
    assert page.batch.chosen()[0].issued_on == date(2026, 11, 17)


def test_two_units_of_one_owner_make_one_notice_unless_asked_apart(page: NoticesPage, office: Office, qtbot) -> None:
    ids = ids_by_room(office)
    propose(page, office, "5-2-0901", "5-2-0902")
    assert len(page.batch.chosen()) == 2, "nobody has said that they are one person's"
    office.accounts.join([ids["5-2-0901"], ids["5-2-0902"]])
    units = page.batch.options.units
    assert "只送第一套的门" in units.toolTip()
    for key, count in ((Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1)):
        units.setFocus()
        qtbot.keyClick(units, key)
        assert len(page.batch.chosen()) == count
    assert shown_rows(page) == [("2026-0001", "5-2-0901、5-2-0902", True)]
    assert page.batch.model.data(page.batch.model.index(0, 2)) == "5-2-0901、0902"
    assert page.batch.sums()[0] == "将出 1 张 · ¥4,317.60"


def test_what_another_page_writes_changes_the_proposal_at_once(page: NoticesPage, office: Office, desk: Desk) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    ids = ids_by_room(office)
    desk.write(lambda: office.contacts.claim((ids["3-1-0904"],), ClaimDraft(date(2026, 11, 16), 86_250, "现金")))
    assert shown_rows(page) == [("2026-0001", "3-1-1601", True)]
    assert page.batch.left_out_words() == "这次不出 1 户"


def test_another_clerk_stands_on_the_paper_at_once(page: NoticesPage, office: Office, desk: Desk) -> None:
    propose(page, office, "3-1-0904")
    assert page.batch.chosen()[0].clerk == "许宁"
    desk.use_clerk(office.staff.add("方芸", "小方").id)
    assert page.batch.chosen()[0].clerk == "方芸"


def test_rows_taken_out_stay_out_until_another_batch_begins(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    page.batch.options.again.setChecked(True)
    assert [chosen for _, _, chosen in shown_rows(page)] == [False, True]
    propose(page, office, "3-1-0904", "3-1-1601")
    assert [chosen for _, _, chosen in shown_rows(page)] == [True, True]


def test_enter_on_a_row_left_out_asks_for_its_owner(page: NoticesPage, office: Office, desk: Desk, qtbot) -> None:
    propose(page, office, "6-1-0504")
    assert page.batch.nobody.isVisible()
    page.batch.left.table.setFocus()
    page.batch.left.table.choose_row(0)
    with qtbot.waitSignal(desk.owner_wanted) as asked:
        qtbot.keyClick(page.batch.left.table, Qt.Key.Key_Return)
    assert asked.args == [ids_by_room(office)["6-1-0504"]]


def test_by_building(page: NoticesPage, office: Office) -> None:
    page.start_batch()
    combo = page.batch.options.whom
    words = [combo.itemText(at) for at in range(combo.count())]
    assert words == [
        "逾期超过 30 天", "逾期超过 90 天", "承诺了没有缴", "全部欠费", "3 栋全部欠费", "5 栋全部欠费", "6 栋全部欠费",
    ]  # fmt: skip
    combo.setCurrentIndex(words.index("5 栋全部欠费"))
    combo.activated.emit(combo.currentIndex())
    assert [room for _, room, _ in shown_rows(page)] == ["5-2-0901", "5-2-0902"]


# --- preview ---


def test_the_preview_is_the_page_that_will_be_printed(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602")
    drawn(qtbot, page)
    assert page.preview.title() == "3-1-0904 简一禾"
    assert page.preview.place() == "1 / 3 · 正面"
    front, back = texts(page.preview.paper())
    assert "2026-0001" in front
    assert "862.50" in front
    assert "862.50" not in back
    picture = page.preview.picture()
    assert picture.height() / picture.width() == pytest.approx(297 / 210, abs=0.01)
    assert page.preview.area.verticalScrollBar().maximum() == 0


def test_pages_are_turned_by_keys_through_the_whole_batch(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    table = page.batch.table
    seen = []
    for key in (None, *[Qt.Key.Key_PageDown] * 4, *[Qt.Key.Key_PageUp] * 4):
        if key is not None:
            qtbot.keyClick(table, key)
        drawn(qtbot, page)
        seen.append((page.preview.title().split()[0], page.preview.place()))
    one_front, one_back = ("3-1-0904", "1 / 2 · 正面"), ("3-1-0904", "1 / 2 · 背面")
    two_front, two_back = ("3-1-1601", "2 / 2 · 正面"), ("3-1-1601", "2 / 2 · 背面")
    assert seen == [one_front, one_back, two_front, two_back, two_back, two_front, one_back, one_front, one_front]


def test_without_a_back_the_preview_has_one_page(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904")
    page.batch.options.back.setChecked(False)
    drawn(qtbot, page)
    assert page.preview.pages() == 1
    assert page.preview.place() == "1 / 1"


def test_a_row_taken_out_is_shown_without_a_number(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    drawn(qtbot, page)
    assert "2026-0001" not in texts(page.preview.paper())[0]
    assert page.preview.place() == "正面"


def test_zoomed_pages_are_scrolled_before_they_are_turned(page: NoticesPage, office: Office, qtbot) -> None:
    propose(page, office, "3-1-0904")
    drawn(qtbot, page)
    whole = page.preview.picture().width()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Equal, CTRL)
    assert page.preview.picture().width() > whole
    bar = page.preview.area.verticalScrollBar()
    assert bar.value() == 0 < bar.maximum()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    assert page.preview.page() == 0
    assert page.step_back()
    assert page.preview.picture().width() == whole


# --- small windows ---


def test_a_narrow_window_shows_list_or_preview(page: NoticesPage, office: Office, qtbot) -> None:
    page.resize(859, 512)
    page.fit(911, 512)
    propose(page, office, "3-1-0904", "3-1-1601")
    assert page.batch.isVisible()
    assert not page.preview.isVisible()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_F3)
    assert page.preview.isVisible()
    assert not page.batch.isVisible()
    drawn(qtbot, page)
    qtbot.keyClick(page, Qt.Key.Key_PageDown)
    assert page.preview.place() == "1 / 2 · 背面"
    assert page.step_back()
    assert page.batch.table.hasFocus()
    assert not page.step_back()


def test_the_keys_are_listed_for_f1(page: NoticesPage) -> None:
    listed_keys = " ".join(hint.keys for hint in page.key_hints())
    for key in ("Ctrl+S", "Ctrl+P", "PgUp PgDn", "空格", "↑ ↓"):
        assert key in listed_keys
