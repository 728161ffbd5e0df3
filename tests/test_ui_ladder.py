"""F7 and what it opens: the steps walked by keys, raised with a reason and a PIN, lowered with a reason; and 设置 › 催缴阶段."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from feedesk.models.accounts import Step
from feedesk.models.contacts import Outcome
from feedesk.models.ladder import Thresholds
from feedesk.models.letters import PaperKind
from feedesk.models.office import Role
from feedesk.models.scripts import load_library
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.document_dialog import DocumentDialog
from feedesk.ui.jobs import JobRunner
from feedesk.ui.ladder_dialog import LadderDialog
from feedesk.ui.ladder_rungs import words_of
from feedesk.ui.ladder_tab import LadderTab
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.owners_page import OwnersPage
from feedesk.ui.settings import UiSettings
from feedesk.ui.settings_page import SettingsPage
from feedesk.ui.sign_dialog import SignDialog
from feedesk.ui.today_page import TodayPage
from tests.deal_tools import PIN, signer
from tests.ladder_tools import ROOM, Climb
from tests.store_tools import contact
from tests.ui_tools import RecordingPresenter, settle

D = TypeVar("D", bound=QDialog)
S = Step
K = Qt.Key


class Bench:
    """An open window on 业主 over an office whose one owner climbs."""

    def __init__(self, qtbot, folder: Path) -> None:  # type: ignore[no-untyped-def]
        self.climb = Climb(folder)
        self.office = self.climb.office
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        settings = UiSettings(folder / "ui.ini")
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, load_library(), Fonts())
            self.page = OwnersPage(self.desk)
            self.today = TodayPage(self.desk)
            self.settings = SettingsPage(self.desk)
            for key, page in (("today", self.today), ("owners", self.page), ("settings", self.settings)):
                self.window.add_page(key, key, key, page)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()

    def open(self) -> LadderDialog:
        """F7 on the owner, as a person presses it."""
        self.window.show_page("owners")
        self.page.list.refresh()
        settle()
        self.page.show_owner(self.climb.id)
        settle()
        QTest.keyClick(self.window, K.Key_F7)
        settle()
        return self.dialog(LadderDialog)

    def dialog(self, kind: type[D]) -> D:
        return next(one for one in self.window.findChildren(kind) if one.isVisible())

    def has(self, kind: type[QDialog]) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(kind))

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)
        settle()

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(QApplication.focusWidget() or self.window, letter)
        settle()

    def texts(self) -> list[str]:
        """What 记录 shows of the owner."""
        self.page.panel.show_tab(2)
        settle()
        return list(self.page.panel.timeline.texts())

    def close(self) -> None:
        for one in self.window.findChildren(QDialog):
            one.done(0)
        self.window.close()
        self.office.close()


@pytest.fixture
def bench(qtbot, tmp_path: Path) -> Iterator[Bench]:  # type: ignore[no-untyped-def]
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


# --- looking ---


def test_f7_opens_the_ladder_at_the_next_step(bench: Bench) -> None:
    dialog = bench.open()
    assert dialog.rungs.step is S.FIRST_CALL
    assert dialog.rungs.accessibleName() == "阶段 2 首电：可升"
    assert dialog.up_button.words() == "升到“2 首电”" and dialog.up_button.isEnabled()
    assert dialog.rungs.hasFocus()
    bench.press(K.Key_Escape)
    assert not bench.has(LadderDialog)


def test_f7_opens_it_in_today_as_well(bench: Bench) -> None:
    bench.window.show_page("today")
    settle()
    QTest.keyClick(bench.window, K.Key_F7)
    settle()
    assert bench.has(LadderDialog)
    bench.press(K.Key_Escape)


def test_the_field_opens_the_ladder_and_changes_nothing_by_itself(bench: Bench) -> None:
    bench.window.show_page("owners")
    settle()
    bench.page.show_owner(bench.climb.id)
    settle()
    field = bench.page.panel.script.step_combo
    field.setFocus()
    bench.type("5")
    assert field.value() is S.REMINDER and not bench.has(LadderDialog)
    bench.press(K.Key_Space)
    assert bench.has(LadderDialog)
    bench.press(K.Key_Escape)
    assert field.value() is S.REMINDER and bench.office.ladder.history(bench.climb.id) == []


def test_the_field_tells_the_next_step_on_hover(bench: Bench) -> None:
    bench.window.show_page("owners")
    settle()
    bench.page.show_owner(bench.climb.id)
    settle()
    field = bench.page.panel.script.step_combo
    QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, QPoint(3, 3), field.mapToGlobal(QPoint(3, 3))))
    assert field.toolTip() == "阶段（F7）\n现在 1 提醒；下一步 2 首电：可升"


def test_arrows_walk_the_steps_and_each_tells_its_reasons(bench: Bench) -> None:
    bench.climb.to(S.LETTER)
    bench.climb.on(date(2026, 9, 10))
    dialog = bench.open()
    assert dialog.rungs.step is S.MEDIATION and dialog.up_button.isHidden() is False
    assert "催费函 letter-1 的期限 09-08 已过" in dialog.text()
    assert "缺：请业委会督促的函，或调解申请" in dialog.text()
    assert not dialog.up_button.isEnabled()
    assert dialog.up_button.toolTip() == "先存请业委会督促的函，或调解申请"
    bench.press(K.Key_Up)
    assert dialog.rungs.step is S.LAWYER
    assert "一步一步来，先走“5b 调解”" in dialog.text()
    assert "缺：盖章的律师函扫描件" in dialog.text() and "组团负责人签字" in dialog.text()
    bench.type("8")
    assert dialog.rungs.step is S.COURT
    assert "总经理签字；由项目经理签的，写明总经理哪天决定的" in dialog.text()
    assert "支付令：账单没有书面异议" in dialog.text()
    bench.press(K.Key_End)
    assert dialog.rungs.step is S.BILL
    bench.press(K.Key_Down)
    assert dialog.rungs.step is S.BILL
    bench.type("5")
    assert "许宁升到这一步：仍未缴，签字 何立群" in dialog.text()
    assert "催费函 letter-1 08-24，凭据 A 级" in dialog.text()


def test_how_long_to_wait_is_told(bench: Bench) -> None:
    bench.climb.to(S.DEMAND)
    dialog = bench.open()
    assert dialog.rungs.step is S.LETTER
    assert "催缴通知书 prompt-1 的期限到 08-22，还没有过" in dialog.text()
    assert "最早 08-23 周日 可升" in dialog.text()
    bench.press(K.Key_Return)
    assert dialog.form.isHidden()  # what is not open asks for nothing


def test_what_pauses_stands_above_all_steps(bench: Bench) -> None:
    bench.climb.to(S.DEMAND)
    bench.climb.on(date(2026, 8, 24))
    bench.office.contacts.add(contact(bench.climb.id, at=bench.climb.clock(), outcome=Outcome.DISPUTE))
    dialog = bench.open()
    assert dialog.paused.isVisible() and "异议（维修）还没有处理完" in dialog.paused.text()
    assert not dialog.up_button.isEnabled() and dialog.back_button.isEnabled()


def test_a_click_looks_at_a_step(bench: Bench) -> None:
    dialog = bench.open()
    QTest.mouseClick(dialog.rungs, Qt.MouseButton.LeftButton, pos=QPoint(40, 5))
    assert dialog.rungs.step is S.COURT
    dialog.look_at(S.DEMAND)
    assert words_of(dialog.verdict) == "未开"


# --- up ---


def test_a_low_step_asks_for_a_reason_alone(bench: Bench) -> None:
    dialog = bench.open()
    bench.press(K.Key_Return)
    assert dialog.form.isVisible() and dialog.form.signer.isHidden() is False and not dialog.form.signer.isVisible()
    assert dialog.form.reason.hasFocus() and not dialog.up_button.isEnabled()
    bench.press(K.Key_Return)
    assert dialog.form.told.text() == "请写一句原因。"
    dialog.form.reason.insert("业主来电，约好再谈")
    bench.press(K.Key_Return)
    assert not bench.has(LadderDialog)
    assert bench.climb.step is S.FIRST_CALL
    assert bench.page.panel.script.step_combo.value() is S.FIRST_CALL
    assert any("业主来电，约好再谈" in text for text in bench.texts())


def test_raising_can_be_taken_back(bench: Bench) -> None:
    dialog = bench.open()
    bench.press(K.Key_Return)
    dialog.form.reason.insert("点错了")
    bench.press(K.Key_Return)
    bench.window.toast.undo()
    assert bench.climb.step is S.REMINDER
    assert bench.office.ladder.history(bench.climb.id)[0].reason == "当场撤销"


def test_the_letter_asks_for_the_leaders_pin(bench: Bench) -> None:
    bench.climb.to(S.DEMAND)
    bench.climb.on(date(2026, 8, 24))
    dialog = bench.open()
    bench.press(K.Key_Return)
    assert dialog.form.signer.isVisible()
    assert dialog.form.signer.approver() == bench.climb.leader
    dialog.form.reason.insert("期限已过")
    dialog.form.changed.emit()
    assert dialog.up_button.toolTip() == "请批准人自己输入签字密码。"
    dialog.form.signer.secret.setFocus()
    bench.type("0000")
    bench.press(K.Key_Return)
    assert bench.told.told == [("签字密码不对，没有办理。", "请批准人本人再输一次。")]
    assert bench.has(LadderDialog) and bench.climb.step is S.DEMAND
    assert dialog.form.signer.pin() == "" and dialog.form.words() == "期限已过"
    bench.type(PIN)
    bench.press(K.Key_Return)
    assert bench.climb.step is S.LETTER
    assert any("签字：何立群" in text for text in bench.texts())


def test_without_a_pin_in_the_office_it_says_where_to_set_one(bench: Bench) -> None:
    bench.climb.to(S.DEMAND)
    bench.climb.on(date(2026, 8, 24))
    bench.office.staff.drop_pins()
    dialog = bench.open()
    bench.press(K.Key_Return)
    dialog.form.reason.insert("期限已过")
    bench.press(K.Key_Return)
    assert dialog.form.told.text() == ("还没有能签字的人：请到“设置 › 人员”给组团负责人或项目经理或总经理设签字密码。")


def test_a_manager_signing_a_suit_names_the_general_managers_decision(bench: Bench) -> None:
    bench.climb.to(S.COURT)
    dialog = bench.open()
    assert dialog.rungs.step is S.COURT
    bench.press(K.Key_Return)
    assert dialog.form.asks_decision and dialog.form.decided_by.isVisible()
    dialog.form.reason.insert("律师函期满未缴")
    dialog.form.signer.secret.setFocus()
    bench.type(PIN)
    assert dialog.up_button.toolTip() == "请写是哪位总经理决定的。"
    dialog.form.decided_by.insert("高远")
    dialog.form.decided_on.set_day(date(2026, 10, 29))
    bench.press(K.Key_Return)
    assert "10-29 还没到" in dialog.form.told.text()
    dialog.form.decided_on.set_day(date(2026, 10, 27))
    bench.press(K.Key_Return)
    assert bench.climb.step is S.COURT
    assert "总经理高远 2026年10月27日决定" in bench.office.ladder.history(bench.climb.id)[0].reason


def test_the_general_manager_signs_for_himself(bench: Bench) -> None:
    bench.climb.to(S.COURT)
    signer(bench.office, "高远", Role.GENERAL_MANAGER)
    dialog = bench.open()
    bench.press(K.Key_Return)
    assert not dialog.form.asks_decision and not dialog.form.decided_by.isVisible()
    dialog.form.reason.insert("会上决定")
    dialog.form.signer.secret.setFocus()
    bench.type(PIN)
    bench.press(K.Key_Return)
    assert bench.office.ladder.history(bench.climb.id)[0].approved_by == "高远"


# --- papers, and back ---


def test_a_missing_paper_is_filed_from_the_ladder(bench: Bench) -> None:
    bench.climb.to(S.LETTER)
    bench.climb.on(date(2026, 9, 10))
    dialog = bench.open()
    assert [button.words() for button in dialog.file_buttons] == ["存请业委会督促的函", "存调解申请"]
    bench.press(K.Key_D)
    filing = bench.dialog(DocumentDialog)
    filing.reject()
    settle()
    bench.climb.file(PaperKind.COMMITTEE)
    bench.desk.changed.emit(replace(bench.office.ladder.step_back(bench.climb.id, S.DEMAND, "试"), everything=True))
    settle()
    assert dialog.verdict.step is S.MEDIATION and dialog.file_buttons == []


def test_b_steps_back_with_a_reason(bench: Bench) -> None:
    bench.climb.to(S.LETTER)
    dialog = bench.open()
    bench.type("3")
    assert dialog.back_button.words() == "退回到“3 再电”"
    bench.press(K.Key_B)
    assert dialog.form.isVisible() and not dialog.form.signer.isVisible()
    assert dialog.up_button.isVisible() and dialog.up_button.words() == "记下，退回"
    dialog.form.reason.insert("已联系上，先谈")
    bench.press(K.Key_Return)
    assert bench.climb.step is S.SECOND_CALL and not bench.has(LadderDialog)
    assert any("已联系上，先谈" in text for text in bench.texts())


def test_b_without_looking_below_means_the_step_beneath(bench: Bench) -> None:
    bench.climb.to(S.LETTER)
    dialog = bench.open()
    assert dialog.rungs.step is S.MEDIATION
    assert dialog.back_button.words() == "退回到“4 催款单”"


def test_esc_leaves_the_form_and_warns_once_of_what_was_typed(bench: Bench) -> None:
    dialog = bench.open()
    bench.press(K.Key_Return)
    bench.press(K.Key_Escape)
    assert dialog.form.isHidden() and dialog.isVisible() and dialog.rungs.hasFocus()
    bench.press(K.Key_Return)
    dialog.form.reason.insert("还没想好")
    bench.press(K.Key_Escape)
    assert dialog.form.isVisible() and "再按一次 Esc 就放弃" in dialog.form.told.text()
    bench.press(K.Key_Escape)
    assert dialog.form.isHidden() and dialog.isVisible()
    bench.press(K.Key_Escape)
    assert not bench.has(LadderDialog) and bench.climb.step is S.REMINDER


def test_letters_in_a_reason_are_letters(bench: Bench) -> None:
    bench.climb.to(S.SECOND_CALL)
    dialog = bench.open()
    bench.press(K.Key_Return)
    bench.type("bd8")
    assert dialog.form.reason.text() == "bd8" and dialog.rungs.step is S.DEMAND


def test_it_fits_a_small_screen(bench: Bench) -> None:
    bench.climb.to(S.LETTER)
    dialog = bench.open()
    assert dialog.width() <= 911 and dialog.height() <= 512
    image = QImage(dialog.size(), QImage.Format.Format_ARGB32)
    dialog.render(image)
    assert len({image.pixel(x, y) for x in range(20, 40) for y in range(60, 400, 2)}) > 3  # the rungs are drawn


# --- 设置 › 催缴阶段 ---


@pytest.fixture
def tab(bench: Bench) -> LadderTab:
    bench.window.show_page("settings")
    bench.settings.show_tab("ladder")
    settle()
    return bench.settings.ladder


def test_the_tab_shows_what_is_kept(bench: Bench, tab: LadderTab) -> None:
    assert tab.typed() == Thresholds()
    assert not tab.save_button.isEnabled() and tab.save_button.toolTip() == "没有改动"
    assert tab.usual_button.isHidden()


def test_stricter_thresholds_are_saved_at_once_and_can_be_taken_back_by_a_signer_only(
    bench: Bench, tab: LadderTab
) -> None:
    tab.fields["committee_days"].setValue(45)
    tab.save()
    assert bench.office.ladder.thresholds() == replace(Thresholds(), committee_days=45)
    assert not bench.has(SignDialog) and tab.usual_button.isHidden() is False
    tab.usual_button.click()
    tab.save()
    settle()
    dialog = bench.dialog(SignDialog)
    assert dialog.signer.approver() == bench.climb.manager
    bench.type(PIN)
    bench.press(K.Key_Return)
    assert bench.office.ladder.thresholds() == Thresholds() and tab.typed() == Thresholds()


def test_with_nobody_to_sign_a_change_is_undone_from_the_footer(bench: Bench, tab: LadderTab) -> None:
    bench.office.staff.drop_pins()
    tab.public.setChecked(True)
    tab.save()
    assert bench.office.ladder.thresholds().allows_public
    bench.window.toast.undo()
    assert not bench.office.ladder.thresholds().allows_public and not tab.public.isChecked()


def retype(bench: Bench, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    bench.type(text)


def test_an_amount_that_cannot_be_read_is_not_saved(bench: Bench, tab: LadderTab) -> None:
    field = tab.fields["legal_amount"]
    retype(bench, field, "5a")
    assert not tab.save_button.isEnabled() and "金额要填数字" in tab.problem.text()
    retype(bench, field, "0")
    assert not tab.save_button.isEnabled()
    retype(bench, field, "8000")
    assert tab.save_button.isEnabled()
    tab.save()
    assert bench.office.ladder.thresholds().legal_amount == 800_000
    assert bench.office.ladder.view(bench.climb.id).of(S.LAWYER).unmet[1].startswith("计入 ¥6,000.00，不到 ¥8,000.00")
    assert ROOM in bench.office.accounts.some([bench.climb.id])[bench.climb.id].room
