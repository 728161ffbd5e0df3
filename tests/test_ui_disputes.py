"""异议 by keyboard alone: raised from 账单, followed step by step, told to the owner; the list of all that run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import Outcome
from feedesk.models.disputes import DisputeDraft, DisputeOutcome, DisputeState
from feedesk.models.timeline import EntryKind
from feedesk.ui.dispute_dialog import DisputeDialog, PhotoDialog
from feedesk.ui.dispute_list import DisputeListDialog
from feedesk.ui.dispute_open_dialog import DisputeOpenDialog
from feedesk.ui.dispute_step_dialogs import DisputeChangeDialog, DisputeEndDialog, DisputeReportDialog
from feedesk.ui.owner_tabs import BILLS
from tests.owner_page_tools import ALT, CTRL, NONE, NOW, SHIFT, Owners
from tests.ui_tools import settle

Key = Qt.Key
D = TypeVar("D", bound=QDialog)
WATER = 44_635


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:  # type: ignore[no-untyped-def]
    made = Owners(qtbot, tmp_path)
    yield made
    for _ in range(4):
        if (left := QApplication.activeModalWidget()) is not None:
            left.close()
            settle()
    made.close()


def front(kind: type[D]) -> D:
    """The dialog in front."""
    settle()
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, kind), shown
    return shown


def press(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """A key where the focus is, or in the dialog in front."""
    dialog, focus = QApplication.activeModalWidget(), QApplication.focusWidget()
    inside = focus is not None and (dialog is None or dialog is focus or dialog.isAncestorOf(focus))
    target = focus if inside else dialog
    assert target is not None, "nothing has the focus"
    QTest.keyClick(target, key, held)
    settle()


def write(words: str) -> None:
    """Words where the focus is, as the input method brings them."""
    focus = QApplication.focusWidget()
    focus.insertPlainText(words) if hasattr(focus, "insertPlainText") else focus.insert(words)  # type: ignore[union-attr]
    settle()


def bills(owners: Owners, room: str) -> None:
    owners.choose(room)
    owners.press(Key.Key_2, ALT)
    assert owners.panel.tabs.currentIndex() == BILLS
    with owners.qtbot.waitActive(owners.window):
        owners.window.activateWindow()
    owners.panel.bills.take_focus()
    settle()


def on_the_table(owners: Owners) -> None:
    with owners.qtbot.waitActive(owners.window):
        owners.window.activateWindow()
    owners.list.table.setFocus()
    settle()


def line(owners: Owners, room: str, item: str):  # type: ignore[no-untyped-def]
    return next(one for one in owners.office.accounts.charges(owners.ids[room]) if one.item == item)


# ---- raising --------------------------------------------------------------------------------------------------------


def test_x_on_a_line_raises_an_objection_about_it_and_x_again_follows_it(owners: Owners) -> None:
    bills(owners, "3-2-1502")
    press(Key.Key_Down)
    press(Key.Key_X)
    dialog = front(DisputeOpenDialog)
    press(Key.Key_4)
    assert dialog.department.currentText() == "财务部"
    assert dialog.lines.text() == "1 笔 ¥446.35 有异议；其余 ¥1,000.00 照常。"
    assert not dialog.save_button.isEnabled(), "the department needs the owner's words"
    write("水表读数不对")
    press(Key.Key_Return)
    assert owners.window.toast.text() == "3-2-1502 已登记金额不符异议，1 笔暂缓，其余照常。"
    assert line(owners, "3-2-1502", "水费").hold == "金额不符异议，11-24 复查"
    assert "其中 ¥446.35 异议暂缓" in owners.panel.bills.total_text()
    assert "其中 ¥446.35 异议暂缓" in owners.panel.header.text()
    bills(owners, "3-2-1502")
    press(Key.Key_Down)
    assert not owners.panel.bills.hold_button.isEnabled() and "按 X" in owners.panel.bills.hold_button.toolTip()
    press(Key.Key_X)
    assert "水表读数不对" in front(DisputeDialog).text()


def test_the_script_asks_for_what_is_not_held(owners: Owners) -> None:
    owners.choose("3-2-1502")
    assert owners.panel.facts.context.owed == 144_635
    draft = DisputeDraft(owners.ids["3-2-1502"], "金额不符", "财务部", "读数", (line(owners, "3-2-1502", "水费").id,))
    owners.desk.write(lambda: owners.office.disputes.open(draft))
    assert owners.panel.facts.context.owed == 100_000 and owners.panel.facts.context.items == ("物业费",)


def test_a_whole_account_is_held_unless_lines_are_ticked(owners: Owners) -> None:
    bills(owners, "3-2-1502")
    press(Key.Key_X)
    dialog = front(DisputeOpenDialog)
    press(Key.Key_3)
    assert dialog.lines.text().startswith("一笔没勾"), "service is about the account, whatever line was in hand"
    write("楼道灯坏了三周")
    press(Key.Key_Return)
    owners.choose("3-2-1502")
    assert owners.table.current_record().mark is MarkKind.HOLD
    assert owners.office.disputes.all()[0].held == 144_635


def test_a_defect_cannot_be_left_unheld(owners: Owners) -> None:
    bills(owners, "3-2-902")
    press(Key.Key_X)
    dialog = front(DisputeOpenDialog)
    press(Key.Key_4)
    press(Key.Key_Z, ALT)
    assert not dialog.draft().hold
    dialog.kinds["房屋质量"].setFocus()
    press(Key.Key_1)
    assert dialog.draft().hold and not dialog.hold.isEnabled()


def test_words_typed_are_not_lost_by_one_escape(owners: Owners) -> None:
    bills(owners, "3-2-902")
    press(Key.Key_X)
    dialog = front(DisputeOpenDialog)
    press(Key.Key_9)
    write("再说")
    press(Key.Key_Escape)
    assert dialog.isVisible() and "再按一次 Esc" in dialog.note.text()
    press(Key.Key_Escape)
    assert QApplication.activeModalWidget() is None and owners.office.disputes.all() == []


# ---- following ------------------------------------------------------------------------------------------------------


@pytest.fixture
def leak(owners: Owners) -> int:
    draft = DisputeDraft(owners.ids["3-2-902"], "房屋质量", "工程部", "主卧渗水")
    changes = owners.office.disputes.open(draft)
    owners.desk.changed.emit(changes)
    return changes.record_id


def test_from_progress_to_the_word_to_the_owner_by_keys(owners: Owners, leak: int) -> None:
    bills(owners, "3-2-902")
    press(Key.Key_X)
    dialog = front(DisputeDialog)
    assert not dialog.report_button.isVisible() and not dialog.reopen_button.isVisible()
    owners.told.texts = [None, "工程部约周三上门"]
    press(Key.Key_J)
    assert "进展" not in dialog.text(), "given up"
    press(Key.Key_J)
    assert "进展：工程部约周三上门（11-17 15:46 许宁）" in dialog.text()
    press(Key.Key_E)
    front(DisputeEndDialog)
    press(Key.Key_1)
    write("外墙重做防水")
    press(Key.Key_Return)
    assert front(DisputeDialog) is dialog and "待回复业主" in dialog.text() and "回复之前仍暂缓" in dialog.text()
    assert not dialog.end_button.isVisible() and dialog.report_button.isVisible()
    press(Key.Key_H)
    assert "已修复：外墙重做防水" in front(DisputeReportDialog).follows.text()
    press(Key.Key_1)
    press(Key.Key_Return)
    assert "已办结" in dialog.text() and not dialog.note_button.isVisible()
    assert owners.office.disputes.get(leak).state is DisputeState.CLOSED
    press(Key.Key_Escape)
    owners.choose("3-2-902")
    assert owners.table.current_record().mark is not MarkKind.HOLD


def test_another_review_day_and_department_are_steps(owners: Owners, leak: int) -> None:
    owners.page._disputes.show(leak)
    dialog = front(DisputeDialog)
    press(Key.Key_G)
    change = front(DisputeChangeDialog)
    change.review.selectAll()
    write("1130")
    change.department.setCurrentText("开发商")
    press(Key.Key_Return)
    one = owners.office.disputes.get(leak)
    assert (one.review_on, one.department) == (date(2026, 11, 30), "开发商")
    assert "转部门：工程部 → 开发商" in dialog.text() and "改复查日：11-24 → 11-30" in dialog.text()


def test_a_review_that_is_past_proposes_a_new_day(owners: Owners, leak: int) -> None:
    owners.clock.now = datetime(2026, 12, 3, 10)
    owners.page._disputes.show(leak)
    press(Key.Key_G)
    assert front(DisputeChangeDialog).change().review_on == date(2026, 12, 10)
    assert front(DisputeChangeDialog).problem() == ""


def test_an_owner_who_is_not_content_is_taken_up_again(owners: Owners, leak: int) -> None:
    owners.office.disputes.resolve(leak, DisputeOutcome.MENDED, "补好")
    owners.page._disputes.show(leak)
    owners.told.texts = ["下雨又漏"]
    press(Key.Key_W)
    assert "重新处理：下雨又漏" in front(DisputeDialog).text() and "办理中" in front(DisputeDialog).text()


def test_photos_are_shown_small_and_large_and_a_missing_one_says_so(owners: Owners, leak: int, tmp_path: Path) -> None:
    wall = tmp_path / "墙.png"
    picture = QImage(1200, 900, QImage.Format.Format_RGB32)
    picture.fill(QColor("#886644"))
    assert picture.save(str(wall))
    owners.page._disputes.show(leak)
    dialog = front(DisputeDialog)
    owners.told.files = [wall]
    press(Key.Key_P)
    (thumb,) = [one for one in dialog.findChildren(QWidget) if one.toolTip() == "墙.png"]
    assert not thumb.icon().isNull()  # type: ignore[attr-defined]
    thumb.click()  # type: ignore[attr-defined]
    large = front(PhotoDialog)
    assert large.windowTitle() == "墙.png"
    press(Key.Key_Escape)
    kept = owners.office.disputes.file_path(owners.office.disputes.get(leak).files[0])
    kept.unlink()
    dialog.file_opened.emit(owners.office.disputes.get(leak).files[0])
    assert owners.told.told[-1][0] == "凭据“墙.png”不在了。"


def test_enter_goes_to_the_owner(owners: Owners, leak: int) -> None:
    asked: list[int] = []
    owners.desk.owner_wanted.connect(asked.append)
    owners.page._disputes.show(leak)
    press(Key.Key_Return)
    assert asked == [owners.ids["3-2-902"]] and QApplication.activeModalWidget() is None


def test_several_of_an_account_are_walked_through_and_another_is_raised(owners: Owners, leak: int) -> None:
    account = owners.ids["3-2-902"]
    owners.office.disputes.open(DisputeDraft(account, "服务不满", "客服部", "保安态度差"))
    owners.page._disputes.of_account(owners.office.accounts.some([account])[account])
    dialog = front(DisputeDialog)
    assert dialog.dispute.kind == "服务不满"
    press(Key.Key_Right)
    assert dialog.dispute.id == leak
    press(Key.Key_Right)
    assert dialog.dispute.id == leak, "there is none after it"
    press(Key.Key_N)
    assert front(DisputeOpenDialog).isVisible()


# ---- the list -------------------------------------------------------------------------------------------------------


def test_the_list_is_saved_as_a_workbook_for_the_leader(owners: Owners, leak: int, tmp_path: Path) -> None:
    on_the_table(owners)
    press(Key.Key_D, CTRL)
    target = tmp_path / "异议.xlsx"
    owners.told.files.append(target)
    press(Key.Key_S, CTRL | SHIFT)
    owners.qtbot.waitUntil(target.exists, timeout=20_000)
    with closing(load_workbook(target)) as book:
        rows = [[cell.value for cell in row] for row in book["异议与遗留"].iter_rows()]
    assert "在办的全部" in rows[1][0] and "1 件未办结" in rows[2][0]
    assert rows[4][0] == "3-2-902" and rows[4][4] == "工程部" and float(rows[4][9]) == 1902.60
    assert len(rows) == 5


def test_enter_on_an_objection_in_the_history_opens_it(owners: Owners, leak: int) -> None:
    owners.choose("3-2-902")
    owners.press(Key.Key_3, ALT)
    timeline = owners.panel.timeline
    timeline.list.setFocus()
    for _ in range(5):
        entry = timeline.list.current_entry()
        if entry is not None and entry.kind is EntryKind.DISPUTE:
            break
        press(Key.Key_Down)
    assert entry is not None and entry.title == "提出异议：房屋质量"
    press(Key.Key_Return)
    assert front(DisputeDialog).dispute.id == leak


def test_the_list_of_all_is_a_key_away_and_follows_what_is_written(owners: Owners, leak: int) -> None:
    account = owners.ids["3-2-1502"]
    water = line(owners, "3-2-1502", "水费").id
    owners.office.disputes.open(DisputeDraft(account, "金额不符", "财务部", "读数", (water,)))
    on_the_table(owners)
    press(Key.Key_D, CTRL)
    listing = front(DisputeListDialog)
    assert [(row.room, row.held) for row in listing.shown()] == [("3-2-902", 190_260), ("3-2-1502", WATER)]
    assert listing.foot.text() == "2 件未办结 · 最久 0 天 · 平均 0 天 · 暂缓 ¥2,348.95"
    press(Key.Key_Right, ALT)
    assert [row.room for row in listing.shown()] == ["3-2-902"], "工程部"
    press(Key.Key_Left, ALT)
    press(Key.Key_Down)
    press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().splitlines()[1].split("\t")[1:] == [
        "3-2-1502", "林晓岚", "金额不符", "2026年10月 水费 · 读数", "财务部", "0", "暂缓 1 笔", "446.35",
    ]  # fmt: skip
    press(Key.Key_C, CTRL | SHIFT)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 3
    press(Key.Key_Return)
    assert front(DisputeDialog).dispute.lines[0].charge_id == water
    press(Key.Key_E)
    press(Key.Key_3)
    write("重算过了")
    press(Key.Key_Return)
    press(Key.Key_Escape)
    assert front(DisputeListDialog) is listing
    assert [row.dispute.state for row in listing.shown()] == [DisputeState.RESOLVED, DisputeState.OPEN]
    press(Key.Key_Escape)
    assert QApplication.activeModalWidget() is None


def test_an_empty_list_says_how_one_comes_to_be(owners: Owners) -> None:
    on_the_table(owners)
    press(Key.Key_D, CTRL)
    listing = front(DisputeListDialog)
    assert listing.empty.isVisible() and not listing.go_button.isEnabled()
    press(Key.Key_Escape)
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (911, 512)])
def test_the_dialogs_fit_the_screen(owners: Owners, leak: int, width: int, height: int) -> None:
    owners.page._disputes.show(leak)
    for shown in (front(DisputeDialog),):
        assert shown.minimumSizeHint().width() <= width - 16 and shown.minimumSizeHint().height() <= height - 32
    press(Key.Key_N)
    opened = front(DisputeOpenDialog)
    assert opened.minimumSizeHint().width() <= width - 16 and opened.height() <= height - 32
    opened.close()


# ---- out of a contact -----------------------------------------------------------------------------------------------


def test_a_contact_names_the_lines_and_the_others_are_asked_for(owners: Owners) -> None:
    from feedesk.ui.contact_dialog import ContactDialog, ContactFacts
    from feedesk.ui.messages import Messages

    account = owners.office.accounts.get(owners.ids["3-2-1502"])
    charges = tuple(owners.office.accounts.charges(owners.ids["3-2-1502"]))
    dialog = ContactDialog(
        ContactFacts(account, charges, outcome=Outcome.DISPUTE), lambda: NOW, Messages(owners.told), owners.window,
        keep=lambda draft: owners.desk.log_contact(draft, "已记下。"),
    )  # fmt: skip
    dialog.open()
    settle()
    dialog.form.dispute.take_focus()
    press(Key.Key_8)
    assert dialog.form.dispute.lines.chosen() == (charges[0].id,), "legacy: the oldest line"
    assert "其余照常" in dialog.form.follow.next_action().reason
    press(Key.Key_S, ALT)
    press(Key.Key_Return)
    (row,) = owners.office.disputes.all()
    assert row.dispute.is_written and row.held == 100_000
    assert line(owners, "3-2-1502", "水费").hold == ""


def test_a_promise_is_offered_for_what_is_not_held(owners: Owners) -> None:
    from feedesk.ui.contact_dialog import ContactDialog, ContactFacts
    from feedesk.ui.messages import Messages

    account_id = owners.ids["3-2-1502"]
    water = line(owners, "3-2-1502", "水费").id
    owners.office.disputes.open(DisputeDraft(account_id, "金额不符", "财务部", "读数", (water,)))
    dialog = ContactDialog(
        ContactFacts(owners.office.accounts.get(account_id), tuple(owners.office.accounts.charges(account_id))),
        lambda: NOW, Messages(owners.told), owners.window,
    )  # fmt: skip
    dialog.open()
    settle()
    assert dialog.form.promise.amount.amount() == 100_000
    assert dialog.form.owed_text.text() == "¥1,446.35 · 2026年7–10月 · 其中 ¥446.35 异议暂缓"
    dialog.close()
