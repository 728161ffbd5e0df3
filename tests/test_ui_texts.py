"""短信/微信 by keyboard: who gets one, the very text, copied or listed, and on record only by the clerk's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from feedesk.models.contacts import ClaimDraft
from feedesk.models.store import Office
from feedesk.models.store.texts import SentHow
from feedesk.models.texts import SignaturePlace, TextKind
from feedesk.ui.desk import Desk
from feedesk.ui.notices_page import NoticesPage
from feedesk.ui.texts_template_dialog import TextTemplateDialog
from feedesk.ui.texts_view import TextsView
from tests.notice_page_tools import FilePrinters, idle, notice_desk, notice_page
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.ui_tools import RecordingPresenter, settle

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
HOUSEHOLDS = (
    listed("3-1-0904", "简一禾", phones=("13900000001",), salutation="女士"),
    listed("3-1-1601", "冉星河", phones=("13900000002",)),
    listed("3-2-0602", "荀雨", phones=("13900000003",)),
    listed("3-2-1502", "林晓岚", phones=("00006688",)),
    listed("5-2-0901", "顾北辰", ("物业费", "2026-11..2026-12", 30_000), phones=("13900000005",)),
)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 17, 15, 46))


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(made, *HOUSEHOLDS)
    yield made
    made.close()


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def noted() -> list[str]:
    return []


@pytest.fixture
def desk(qapp, office: Office, presenter: RecordingPresenter, noted: list[str], tmp_path: Path) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    made = notice_desk(office, presenter, tmp_path)
    made.messages.noted.connect(lambda text, _undo: noted.append(text))
    yield made
    made.jobs.shut_down()


@pytest.fixture
def page(qtbot, desk: Desk) -> NoticesPage:  # type: ignore[no-untyped-def]
    made = notice_page(qtbot, desk, FilePrinters(None))
    made.shown()
    press(Qt.Key.Key_T, CTRL)
    return made


@pytest.fixture
def view(page: NoticesPage) -> TextsView:
    return page.texts


def press(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """A key where the focus is, as a person presses it."""
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, held)
    settle()


def shown(view: TextsView) -> list[tuple[str, bool, str]]:
    """Room, whether chosen, and what was done with it, row by row."""
    return [(row.draft.rooms[0], row.chosen, str(row.done or "")) for row in view.rows()]


def left_out(view: TextsView) -> dict[str, str]:
    return {row.room: row.reason for row in view.left.model.rows()}


def contacts(office: Office) -> int:
    (count,) = office.session.conn.execute("SELECT count(*) FROM contacts WHERE voided_at IS NULL").fetchone()
    return int(count)


# --- who gets one ---


def test_ctrl_t_shows_who_gets_one_and_who_does_not_and_why(page: NoticesPage, view: TextsView) -> None:
    assert page.stack.currentWidget() is view
    assert not page.preview.isVisible()
    assert shown(view) == [("3-1-0904", True, ""), ("3-1-1601", True, ""), ("3-2-0602", True, "")]
    assert left_out(view) == {
        "3-2-1502": "只登记了座机，收不到短信",
        "5-2-0901": "逾期不满一个月，宜用“刚过缴费日”",
    }
    assert view.left_out_words() == "这次不发 2 户"
    assert view.sums() == ("要发 3 位业主 · 短信计 6 条", "逐条复制，或存成名单交短信平台；发出后再记")
    assert view.table.hasFocus()
    assert not view.sent_button.isEnabled()


def test_up_and_down_walk_through_the_very_texts(view: TextsView) -> None:
    assert "简女士，您好。3-1-0904" in view.pane.text()
    press(Qt.Key.Key_Down)
    assert "冉先生/女士，您好。3-1-1601" in view.pane.text()


def test_a_digit_chooses_the_template(view: TextsView) -> None:
    press(Qt.Key.Key_1)
    assert view.template().kind is TextKind.OVERDUE
    assert [room for room, _, _ in shown(view)] == ["5-2-0901"]
    press(Qt.Key.Key_2)
    assert len(shown(view)) == 3
    press(Qt.Key.Key_6)
    assert shown(view) == []
    assert view.nobody.text() == "“分期明天到期”没有要发的户。原因在下面一户一行；也可以按数字换一条。"
    press(Qt.Key.Key_2)
    assert len(shown(view)) == 3, "a digit works where nobody is in the list, too"


def test_thanks_go_to_those_who_have_paid(view: TextsView) -> None:
    press(Qt.Key.Key_9)
    assert view.whom.currentText() == "缴清的"
    press(Qt.Key.Key_2)
    assert view.whom.currentText() == "全部欠费"


def test_a_payment_on_the_way_takes_the_owner_off_at_once(view: TextsView, desk: Desk, office: Office) -> None:
    account_id = ids_by_room(office)["3-1-1601"]
    from datetime import date

    claim = ClaimDraft(date(2026, 11, 16), 1_000, "微信")
    assert desk.write(lambda: office.contacts.claim((account_id,), claim), "")
    assert [room for room, _, _ in shown(view)] == ["3-1-0904", "3-2-0602"]
    assert left_out(view)["3-1-1601"] == "称已缴，等财务核对"


def test_enter_on_one_left_out_goes_to_that_owner(view: TextsView, desk: Desk, office: Office, qtbot) -> None:
    view.left.table.setFocus()
    view.left.table.choose_row(0)
    with qtbot.waitSignal(desk.owner_wanted) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [ids_by_room(office)["3-2-1502"]]


def test_esc_goes_back_to_the_demands(page: NoticesPage, view: TextsView) -> None:
    assert page.step_back()
    assert page.stack.currentWidget() is page.batch
    assert page.batch.texts_button.key() == "Ctrl+T"
    page.batch.texts_button.click()
    assert page.stack.currentWidget() is view


def test_one_owner_handed_over_gets_the_template_that_suits(page: NoticesPage, view: TextsView, office: Office) -> None:
    page.texts_for([ids_by_room(office)["5-2-0901"]])
    assert view.template().kind is TextKind.OVERDUE
    assert [room for room, _, _ in shown(view)] == ["5-2-0901"]
    assert view.whom.currentText() == "这一户"


# --- copied one by one ---


def test_ctrl_shift_c_copies_this_text_and_goes_to_the_next(view: TextsView, noted: list[str]) -> None:
    first = view.pane.text()
    press(Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == first
    assert noted[-1] == "3-1-0904 的已复制，粘到微信或短信里发出。"
    assert "3-1-1601" in view.pane.text()
    press(Qt.Key.Key_C, CTRL | SHIFT)
    press(Qt.Key.Key_C, CTRL | SHIFT)
    assert noted[-1].endswith("到末尾了；发完点“记为已发”。")
    assert shown(view) == [("3-1-0904", True, "copied"), ("3-1-1601", True, "copied"), ("3-2-0602", True, "copied")]
    assert view.sums()[1] == "复制过 3 条，还没有记"
    assert view.sent_button.words() == "记为已发 3 条"


def test_only_the_clerks_word_puts_it_on_record_and_undo_takes_it_back(
    view: TextsView, office: Office, desk: Desk, noted: list[str], clock: Clock
) -> None:
    undos = []
    desk.messages.noted.connect(lambda _text, undo: undos.append(undo))
    press(Qt.Key.Key_C, CTRL | SHIFT)
    sent = QGuiApplication.clipboard().text()
    assert contacts(office) == 0
    press(Qt.Key.Key_Return, CTRL)
    assert contacts(office) == 1
    room = ids_by_room(office)["3-1-0904"]
    assert office.texts.last_sent([room])[room].words == sent
    assert office.texts.last_sent([room])[room].how is SentHow.COPIED
    assert noted[-1].startswith("已记 1 位业主的短信")
    assert left_out(view)["3-1-0904"] == "今天发过，满 14 天再发（12-01 起）"
    assert not view.sent_button.isEnabled()
    undos[-1]()
    assert contacts(office) == 0
    assert shown(view)[0][0] == "3-1-0904"


def test_space_takes_one_out_and_what_was_copied_of_it_is_not_recorded(view: TextsView, office: Office) -> None:
    press(Qt.Key.Key_C, CTRL | SHIFT)
    press(Qt.Key.Key_C, CTRL | SHIFT)
    view.table.choose_row(0)
    press(Qt.Key.Key_Space)
    assert shown(view)[0] == ("3-1-0904", False, "")
    assert view.sent_button.words() == "记为已发 1 条"
    assert view.sums()[0] == "要发 2 位业主 · 短信计 4 条"
    press(Qt.Key.Key_Return, CTRL)
    assert contacts(office) == 1
    assert shown(view)[0] == ("3-1-0904", False, ""), "taken out by hand, it stays out"


def test_what_was_copied_is_recorded_as_it_was_although_another_template_is_chosen(
    view: TextsView, office: Office
) -> None:
    press(Qt.Key.Key_C, CTRL | SHIFT)
    sent = QGuiApplication.clipboard().text()
    press(Qt.Key.Key_1)
    assert view.sent_button.words() == "记为已发 1 条"
    press(Qt.Key.Key_Return, CTRL)
    room = ids_by_room(office)["3-1-0904"]
    assert office.texts.last_sent([room])[room].words == sent


def test_at_night_the_reason_is_asked_for(
    view: TextsView, office: Office, clock: Clock, presenter: RecordingPresenter
) -> None:
    press(Qt.Key.Key_C, CTRL | SHIFT)
    clock.now = datetime(2026, 11, 17, 22, 30)
    view.propose()
    assert view.hours.text() == "现在不能发：晚上 22 点到早上 8 点不联系：名单可以先存，到点再发。"
    presenter.texts = [None, "下午发的，晚上补记"]
    press(Qt.Key.Key_Return, CTRL)
    assert contacts(office) == 0
    assert view.sent_button.words() == "记为已发 1 条", "given up, nothing is lost"
    press(Qt.Key.Key_Return, CTRL)
    assert contacts(office) == 1
    assert presenter.asked[-1][0] == "现在不在可发的时段，这 1 条是怎么发的？"


# --- the list ---


def test_ctrl_s_says_what_the_file_holds_and_saves_those_not_copied(
    view: TextsView, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot, noted: list[str]
) -> None:
    press(Qt.Key.Key_C, CTRL | SHIFT)
    target = tmp_path / "名单.xlsx"
    presenter.answers, presenter.files = [False], []
    press(Qt.Key.Key_S, CTRL)
    assert presenter.asked[-1] == ("名单里有 2 位业主的手机号和欠费金额，存成文件？", "存 2 条")
    assert not target.exists()
    presenter.answers, presenter.files = [True], [target]
    press(Qt.Key.Key_S, CTRL)
    idle(qtbot, desk)
    numbers = [row[0].value for row in load_workbook(target).active.iter_rows(min_row=2)]
    assert numbers == ["13900000002", "13900000003"], "who got it copied gets no second one"
    assert shown(view) == [("3-1-0904", True, "copied"), ("3-1-1601", True, "list"), ("3-2-0602", True, "list")]
    assert view.sums()[1] == "复制过 1 条、名单里 2 条，还没有记"
    assert contacts(office) == 0
    press(Qt.Key.Key_Return, CTRL)
    how = office.session.conn.execute("SELECT how, count(*) FROM sent_texts GROUP BY how ORDER BY how").fetchall()
    assert how == [("copied", 1), ("list", 2)]


def test_a_list_that_cannot_be_written_marks_nothing(
    view: TextsView, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    presenter.answers, presenter.files = [True], [tmp_path / "名单.pdf"]
    press(Qt.Key.Key_S, CTRL)
    idle(qtbot, desk)
    assert presenter.told[-1][0] == "短信名单只能存成 .xlsx 或 .csv，没有存。"
    assert not view.sent_button.isEnabled()


def test_many_are_written_and_recorded_by_the_worker(
    view: TextsView, desk: Desk, office: Office, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    undos = []
    desk.messages.noted.connect(lambda _text, undo: undos.append(undo))
    view.press.many, view.press.many_marked = 2, 1
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_2)
    idle(qtbot, desk)
    assert len(view.rows()) == 3, "of two questions the last is answered"
    presenter.answers, presenter.files = [True], [tmp_path / "名单.csv"]
    press(Qt.Key.Key_S, CTRL)
    idle(qtbot, desk)
    press(Qt.Key.Key_Return, CTRL)
    idle(qtbot, desk)
    assert contacts(office) == 3
    assert view.rows() == ()
    assert not view.sent_button.isEnabled()
    undos[-1]()
    idle(qtbot, desk)
    assert contacts(office) == 0
    assert len(view.rows()) == 3


# --- what is missing, and the words ---


def test_a_gap_is_shown_and_the_text_can_be_neither_chosen_nor_copied(
    view: TextsView, office: Office, noted: list[str]
) -> None:
    from dataclasses import replace

    office.settings.save_profile(replace(office.settings.profile(), phone=""))
    QGuiApplication.clipboard().setText("—")
    view.propose()
    assert [chosen for _, chosen, _ in shown(view)] == [False] * 3
    assert "〔电话待核〕" in view.pane.text()
    assert view.pane.trouble() == "缺：电话。"
    assert view.sums() == ("没有要发的", "逐条复制，或存成名单交短信平台；发出后再记 · 3 户缺内容发不了")
    press(Qt.Key.Key_Space)
    assert noted[-1] == "缺内容或有不能写的话，这一条发不了；原因在右边。"
    assert [chosen for _, chosen, _ in shown(view)] == [False] * 3
    press(Qt.Key.Key_C, CTRL | SHIFT)
    assert noted[-1] == "3-1-0904 发不了：缺：电话。"
    assert QGuiApplication.clipboard().text() == "—"
    assert not view.list_button.isEnabled()


def template_dialog(view: TextsView) -> TextTemplateDialog:
    press(Qt.Key.Key_F6)
    found = view.findChild(TextTemplateDialog)
    assert isinstance(found, TextTemplateDialog)
    return found


def test_the_head_says_that_law_is_still_to_be_looked_up(view: TextsView, office: Office) -> None:
    assert view._subtitle.text().endswith("；法规还有 5 项没有核对（设置 › 法规）")
    for item in office.law.checks().items:
        office.law.confirm(item.key, item.title, True)
    view.propose()
    settle()
    assert "法规" not in view._subtitle.text()


def test_f6_edits_the_template_with_a_live_preview(view: TextsView, office: Office, qtbot) -> None:
    dialog = template_dialog(view)
    assert dialog.words.hasFocus()
    assert "简女士，您好。3-1-0904" in dialog.preview(), "of the owner in hand"
    dialog.words.setPlainText("{称呼}，还有")
    dialog.words.moveCursor(dialog.words.textCursor().MoveOperation.End)
    dialog.insert("金额")
    assert dialog.preview() == "【明湖花园服务中心】简女士，还有 1,079.40 元"
    assert dialog.length_words() == "27 字 · 1 条计费（签名在内）"
    press(Qt.Key.Key_Return)
    assert office.texts.template(TextKind.SECOND).text == "{称呼}，还有{金额}"
    assert view.pane.text() == "【明湖花园服务中心】简女士，还有 1,079.40 元"


def test_the_lint_speaks_while_one_types_and_nothing_forbidden_is_kept(view: TextsView, office: Office) -> None:
    dialog = template_dialog(view)
    dialog.words.setPlainText("{称呼}，再不缴就停水")
    assert not dialog.save_button.isEnabled()
    assert dialog.problem().startswith("这样写不能保存：按 F8")
    assert [one.matched for one in dialog.lint.findings()] == ["停水"]
    press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not office.texts.template(TextKind.SECOND).is_own
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_Return)
    assert dialog.words.toPlainText() == "{称呼}，水电气热供应不受影响。"
    assert dialog.lint.isHidden() and dialog.save_button.isEnabled() and dialog.words.hasFocus()
    dialog.words.setPlainText("{称呼}，{房号}{约定日}{电话}")
    assert dialog.advice() == "这一户没有“约定日”，发不出去；可以放进 [[ ]] 里。"
    dialog.reject()


def test_alt_z_brings_our_words_back_and_the_signature_is_kept(view: TextsView, office: Office) -> None:
    ours = office.texts.save_template(TextKind.SECOND, "{称呼}，{金额}").original
    view.start()
    dialog = template_dialog(view)
    press(Qt.Key.Key_Z, ALT)
    assert dialog.words.toPlainText() == ours
    dialog.place.picked.emit(SignaturePlace.END)
    dialog.place.show_value(SignaturePlace.END)
    dialog.signer.setText("明湖物业")
    press(Qt.Key.Key_Return)
    assert not office.texts.template(TextKind.SECOND).is_own
    assert view.pane.text().endswith("【明湖物业】")


def test_esc_asks_once_before_typed_words_are_given_up(view: TextsView) -> None:
    dialog = template_dialog(view)
    dialog.words.setPlainText("{称呼}")
    press(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    press(Qt.Key.Key_Escape)
    assert view.findChild(TextTemplateDialog) is None


# --- small windows ---


@pytest.mark.parametrize(("width", "height"), [(1366, 697), (911, 512)])
def test_nothing_is_cut_in_the_windows_we_promise(page: NoticesPage, view: TextsView, width: int, height: int) -> None:
    rail = 72 if width >= 1100 else 52
    page.resize(width - rail, height)
    page.fit(width, height)
    press(Qt.Key.Key_C, CTRL | SHIFT)
    settle()
    for button in (view.list_button, view.sent_button, view.pane.copy_button):
        assert button.width() >= button.sizeHint().width()
        assert view.rect().contains(button.mapTo(view, button.rect().bottomRight()))
    assert view.table.height() >= 90
    assert view.pane.width() >= 300


def test_ctrl_t_on_the_owners_asks_for_texts_to_who_is_checked_or_in_hand(qtbot, tmp_path: Path) -> None:
    from tests.owner_page_tools import Owners

    owners = Owners(qtbot, tmp_path)
    asked: list[list[int]] = []
    owners.desk.texts_wanted.connect(asked.append)
    owners.choose("3-2-1502")
    owners.press(Qt.Key.Key_T, CTRL)
    owners.press(Qt.Key.Key_Space)
    owners.choose("3-2-902")
    owners.press(Qt.Key.Key_Space)
    owners.press(Qt.Key.Key_T, CTRL)
    assert asked[0] == [owners.ids["3-2-1502"]]
    assert sorted(asked[1]) == sorted([owners.ids["3-2-1502"], owners.ids["3-2-902"]])
    owners.window.close()
    owners.office.close()
