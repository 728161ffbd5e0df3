"""A clerk's afternoon on 今日 by keyboard: who is next and why, logging in a row, retries in their time, an empty day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.models.accounts import Category
from feedesk.models.contacts import WAITS_FOR_LEADER, Channel, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.scripts import load_library
from feedesk.models.today import DayFigures
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.contact_dialog import ContactDialog
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OfficeRoom
from feedesk.ui.owner_tabs import BILLS, DETAILS, SCRIPT, TIMELINE
from feedesk.ui.settings import UiSettings
from feedesk.ui.today_head import ProgressBlocks, TodayHead
from feedesk.ui.today_page import TodayPage
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact
from tests.test_store_statements import line, reading
from tests.ui_tools import RecordingPresenter, settle

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NOW = datetime(2026, 11, 17, 15, 46)
HOUSEHOLDS = (
    listed(
        "3-2-1502", "林晓岚", ("管理费", "2026-04..2026-06", 70_570), ("管理费", "2026-07..2026-09", 121_125),
        phones=("13900004417", "00006688"), salutation="女士", remark="周末多在家",
    ),
    listed("4-12D", "周启明", phones=("13900000412",), salutation="先生"),
    listed("3-1-0803", "郑家禾", phones=("13900000803",)),
    listed("5-1-2201", "沈亦舟", phones=("13900002201",)),
    listed("4-08B", "薛明远", phones=("13900000408",)),
    listed("6-2-1104", "许念慈", ("管理费", "2026-07..2026-09", 200_000)),
    listed("6-2-1105", "许知远", ("管理费", "2026-07..2026-09", 150_000), phones=("13900001105",)),
)  # fmt: skip


class Day:
    """The window as the program builds it, over an office in the middle of its week."""

    def __init__(self, qtbot, folder: Path, *, lists: bool = True) -> None:  # type: ignore[no-untyped-def]
        self.qtbot = qtbot
        self.clock = Clock(datetime(2026, 11, 2, 9, 0))
        self.office = new_office(folder, self.clock)
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        settings = UiSettings(folder / "ui.ini")
        if lists:
            self._live_through()
        self.clock.now = NOW
        self.office.roll_day()
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, load_library(), Fonts())
            self.room = OfficeRoom(self.desk, self.window)
        self.page: TodayPage = self.room.today
        self.window.resize(1366, 697)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.window.show_page("today")
        settle()

    def _live_through(self) -> None:
        import_list(self.office, *HOUSEHOLDS, as_of=date(2026, 11, 1))
        self.ids = ids_by_room(self.office)
        self._log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 9, 10), promise=date(2026, 11, 13))
        self._log("4-12D", Outcome.PROMISED, datetime(2026, 11, 9, 11), promise=date(2026, 11, 17))
        self._log("3-1-0803", Outcome.PROMISED, datetime(2026, 11, 9, 12), promise=date(2026, 11, 18))
        self._log("4-08B", Outcome.AWAY, datetime(2026, 11, 16, 10), datetime(2026, 11, 17, 10))
        self._log("5-1-2201", Outcome.NO_ANSWER, datetime(2026, 11, 17, 15, 40), datetime(2026, 11, 17, 16, 10))

    def _log(
        self, room: str, outcome: Outcome, at: datetime, following: datetime | None = None, promise: date | None = None
    ) -> None:
        self.clock.now = at
        owed = self.office.accounts.some([self.ids[room]])[self.ids[room]].owed
        self.office.contacts.add(
            ContactDraft(
                account_ids=(self.ids[room],), at=at, channel=Channel.PHONE, number="", outcome=outcome, said="",
                category=None, next_action=NextAction(following, following is not None, ""),
                promise=PromiseDraft(promise, owed) if promise else None, override_reason="业主来电",
            )
        )  # fmt: skip

    @property
    def shown(self) -> str:
        """The room in hand."""
        facts = self.page.owner.facts
        return facts.account.row.room if facts is not None else ""

    @property
    def queue(self) -> tuple[str, ...]:
        return self.page.queue.words()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key where the focus is."""
        self.window.activateWindow()
        settle()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)
        settle()

    def type(self, text: str, within: QWidget | None = None) -> None:
        for letter in text:
            QTest.keyClick(QApplication.focusWidget() or within or self.window, letter)
        settle()

    def dialog(self) -> ContactDialog:
        """The dialog that F2 opened."""
        shown = [one for one in self.window.findChildren(ContactDialog) if one.isVisible()]
        assert len(shown) == 1
        shown[0].activateWindow()
        settle()
        return shown[0]

    def log(self, digits: str) -> None:
        """F2, the digits, Ctrl+Enter: save and go on."""
        self.press(Key.Key_F2)
        dialog = self.dialog()
        self.type(digits, dialog)
        QTest.keyClick(QApplication.focusWidget() or dialog, Key.Key_Return, CTRL)
        settle()
        assert not dialog.isVisible(), "the dialog should have closed"
        self.window.activateWindow()
        settle()

    def later(self, **span: int) -> None:
        """Time passes and the minute strikes."""
        self.clock.forward(**span)
        self.room.mind_the_clock()
        self.qtbot.waitUntil(lambda: not self.desk.jobs.busy)
        settle()

    def close(self) -> None:
        self.page.owner.details.flush()
        self.window.close()
        self.room.close()


@pytest.fixture
def day(qtbot, tmp_path: Path) -> Iterator[Day]:
    made = Day(qtbot, tmp_path)
    yield made
    made.close()


# --- who is next, and why ---


def test_the_queue_names_everybody_under_the_reason_for_now(day: Day) -> None:
    assert day.queue == (
        "失约，先打 1", "失约 1 次 3-2-1502 林晓岚 11-13",
        "今天到期 1", "今日到期 4-12D 周启明 今天",
        "明天到期，今天提醒 1", "承诺 11-18 3-1-0803 郑家禾 11-18",
        "到点重拨 1", "未接 1 次 5-1-2201 沈亦舟 16:10",
        "到期跟进 1", "在外地 4-08B 薛明远 今天",
        "还没有通过话，先首电 2", "待联系 6-2-1104 许念慈", "待联系 6-2-1105 许知远",
    )  # fmt: skip


def test_the_first_owner_is_shown_with_the_reason_and_the_next_one_is_named(day: Day) -> None:
    assert day.page.owner.header.text() == (
        "3-2-1502 林晓岚 女士 ¥1,916.95 现在联系她，因为 11-13 的承诺过了 1 个工作日仍未到账 欠 2 期 · 最久逾期 216 天 "
        "0000 6688 座机 先打 139 0000 4417 本人 现在可打 · 好打时段至 18:00 · 近 7 天已通 0 次，上限 3 次"
    )
    assert day.page.bar.next_text() == "4-12D 周启明 今日到期"


def test_the_head_tells_the_day_and_the_badge_what_is_left(day: Day) -> None:
    assert day.page.head.text() == (
        "今日 11 月 17 日 周二 0 / 7 户 0 接通 0 承诺 ¥0.00 承诺金额"
        " 财务清单截至 11-01（16 天前） 15:46 · 好打时段至 18:00"
    )
    assert day.window.rail.button("today").badge.text() == "7"


def test_what_one_must_know_stands_beside_the_script(day: Day) -> None:
    text = day.page.facts.text()
    assert "2026年4–6月 管理费 逾期 216 天 705.70" in text
    assert "合计（违约金未计） ¥1,916.95" in text
    assert "承诺 11-13 缴 ¥1,916.95 11-09 10:00 · 许宁 · 电话 · 失约" in text
    assert "承诺 1 次：失约 1" in text
    assert "备注 周末多在家" in text


def test_all_units_of_the_owner_are_seen(day: Day) -> None:
    day.desk.write(lambda: day.office.accounts.join([day.ids["3-2-1502"], day.ids["6-2-1104"]]))
    assert "同名下 6-2-1104（欠 ¥2,000.00）" in day.page.facts.text()


# --- logging in a row ---


def test_three_owners_are_logged_in_a_row_by_keyboard(day: Day) -> None:
    day.log("12")
    assert day.shown == "4-12D"
    assert day.page.head.count.text() == "1 / 7 户"
    assert not any("3-2-1502" in line for line in day.queue)
    day.log("2")
    assert day.shown == "3-1-0803"
    day.log("12")
    assert day.shown == "4-08B", "5-1-2201 waits for 16:10"
    assert day.page.head.text().startswith("今日 11 月 17 日 周二 3 / 7 户 3 接通 2 承诺 ¥2,996.35 承诺金额")
    assert day.window.rail.button("today").badge.text() == "4"
    contacts = day.office.contacts.between(datetime(2026, 11, 17, 15, 46), None)
    assert [contact.rooms for contact in contacts] == [("3-1-0803",), ("4-12D",), ("3-2-1502",)]
    assert contacts[2].number == "00006688", "the landline was in hand"


def test_saving_without_going_on_leaves_the_owner_in_hand_and_names_the_next(day: Day) -> None:
    day.press(Key.Key_F2)
    dialog = day.dialog()
    day.type("12", dialog)
    QTest.keyClick(QApplication.focusWidget() or dialog, Key.Key_Return)
    settle()
    assert day.shown == "3-2-1502"
    assert day.page.bar.next_text() == "4-12D 周启明 今日到期"
    assert day.page.bar.later.isEnabled(), "what has just been planned can be moved"
    day.press(Key.Key_F4)
    assert day.shown == "4-12D"


def test_the_script_in_hand_is_remembered_with_the_contact(day: Day) -> None:
    reference = day.page.owner.script.script_ref
    day.log("12")
    stored = day.office.session.conn.execute("SELECT script_id FROM contacts ORDER BY id DESC LIMIT 1").fetchone()
    assert stored[0] == reference != ""


def test_undo_brings_the_owner_back(day: Day) -> None:
    day.log("12")
    day.press(Key.Key_Z, CTRL)
    assert "失约 1 次 3-2-1502 林晓岚 11-13" in day.queue
    assert day.page.head.count.text() == "0 / 7 户"


# --- retries ---


def test_no_answer_is_logged_by_one_key_and_comes_back_in_half_an_hour(day: Day) -> None:
    day.press(Key.Key_F9)
    assert "到点重拨 2" in day.queue
    assert day.page.head.count.text() == "0 / 7 户"
    day.press(Key.Key_F4)
    assert day.shown == "4-12D"
    day.later(minutes=24)
    assert day.page.bar.next_text() == "5-1-2201 沈亦舟 到点重拨"


def test_on_the_day_he_named_the_money_is_looked_for_first_and_a_call_in_vain_has_its_time(day: Day) -> None:
    day.press(Key.Key_F4)
    assert day.shown == "4-12D"
    assert day.page.owner.header.guard.text().startswith("先请财务看是否到账，没到账再问一声 · 现在可打")
    day.press(Key.Key_F9)
    row = day.office.accounts.get(ids_by_room(day.office)["4-12D"]).row
    assert (str(row.group), row.next_text) == ("retry", "今天 16:16")
    assert row.category is Category.A
    assert "今日到期 4-12D 周启明 16:16" in day.queue


def test_a_retry_is_passed_over_until_its_time_has_come(day: Day) -> None:
    for _ in range(3):
        day.press(Key.Key_F4)
    assert day.shown == "4-08B"
    day.later(minutes=23)
    assert day.page.bar.next_text() == "6-2-1104 许念慈 待联系"
    day.later(minutes=1)
    assert day.page.bar.next_text() == "5-1-2201 沈亦舟 到点重拨"
    assert "5-1-2201 沈亦舟 到点了" in day.window.toast.text()
    day.press(Key.Key_F4)
    assert day.shown == "5-1-2201"
    assert day.page.bar.next_text() == "4-08B 薛明远 在外地"


def test_a_retry_chosen_early_says_until_when_to_wait(day: Day) -> None:
    day.page.show_owner(day.ids["5-1-2201"])
    assert day.page.owner.header.reason.text().startswith("等到 16:10 再打")


def test_a_new_day_is_read_anew(day: Day) -> None:
    day.log("12")
    day.later(hours=18)
    assert day.page.head.text().startswith("今日 11 月 18 日 周三 0 / ")


def test_the_minute_that_strikes_leaves_what_is_being_typed_alone(day: Day) -> None:
    day.press(Key.Key_4, ALT)
    details = day.page.owner.details
    details.remark.setFocus()
    before = details.wanted().remark
    day.type("12")
    day.later(minutes=25)
    day.type("34")
    assert details.wanted().remark == f"1234{before}"
    assert details.is_dirty


def test_outside_the_hours_the_owner_shown_says_from_when_he_may_be_called(day: Day) -> None:
    day.later(hours=5)
    assert "20:46 · 现在不打电话，明天 09:00 起可打" in day.page.head.text()
    assert day.page.owner.header.guard.isVisible()
    assert "不在联系时段" in day.page.owner.header.guard.text()


# --- putting off ---


def test_an_owner_put_off_comes_last_and_nothing_is_recorded(day: Day) -> None:
    before = len(day.office.contacts.between(None, None))
    day.press(Key.Key_F5)
    day.type("0")
    assert day.shown == "4-12D"
    assert day.queue[-2:] == ("稍后（排到最后） 1", "失约 1 次 3-2-1502 林晓岚 11-13")
    assert day.page.head.count.text() == "0 / 7 户"
    assert len(day.office.contacts.between(None, None)) == before
    day.press(Key.Key_F4, SHIFT)
    assert day.shown == "5-1-2201", "round the end: what waits for its time comes even after those put off"
    day.press(Key.Key_F4, SHIFT)
    assert day.shown == "3-2-1502"


# --- another follow-up ---


def answer(key: Qt.Key) -> None:
    """A key for the dialog that F5 opened."""
    QTest.keyClick(QApplication.focusWidget(), key)
    settle()


def test_a_broken_promise_put_to_tomorrow_leaves_the_day_and_the_next_owner_comes(day: Day) -> None:
    day.press(Key.Key_F5)
    day.type("3")
    answer(Key.Key_Return)
    assert day.shown == "4-12D"
    assert not any("3-2-1502" in line for line in day.queue)
    assert day.page.head.count.text() == "0 / 6 户"
    assert day.window.toast.text() == "3-2-1502 下次跟进改到明天 10:00。"
    day.window.toast.undo()
    settle()
    assert any("失约 1 次 3-2-1502" in line for line in day.queue), "taken back, he is on the list as before"
    assert day.shown == "4-12D"


def test_later_today_waits_among_the_retries_and_comes_up_at_its_time(day: Day) -> None:
    day.press(Key.Key_F5)
    day.type("1")
    answer(Key.Key_Return)
    assert day.shown == "4-12D"
    assert next(line for line in day.queue if "3-2-1502" in line).endswith("16:16")
    day.later(minutes=25)
    day.later(minutes=6)
    assert "3-2-1502 林晓岚 到点了" in day.window.toast.text()
    day.press(Key.Key_F4)
    assert day.shown == "5-1-2201", "the one whose time came first"
    day.press(Key.Key_F4)
    assert day.shown == "3-2-1502"


def test_a_plan_outdoes_having_been_put_off_before(day: Day) -> None:
    day.press(Key.Key_F5)
    day.type("0")
    day.press(Key.Key_F4, SHIFT)
    day.press(Key.Key_F4, SHIFT)
    assert day.shown == "3-2-1502"
    day.press(Key.Key_F5)
    day.type("2")
    answer(Key.Key_Return)
    assert not any("排到最后" in line for line in day.queue)
    assert next(line for line in day.queue if "3-2-1502" in line).endswith("17:30")


def test_esc_leaves_the_owner_where_he_is(day: Day) -> None:
    before = day.queue
    day.press(Key.Key_F5)
    day.type("3")
    answer(Key.Key_Escape)
    assert (day.shown, day.queue) == ("3-2-1502", before)


# --- keys ---


def test_arrows_walk_over_everybody_in_the_queue(day: Day) -> None:
    walked = [day.shown]
    for _ in range(6):
        day.press(Key.Key_Down)
        walked.append(day.shown)
    assert walked == ["3-2-1502", "4-12D", "3-1-0803", "5-1-2201", "4-08B", "6-2-1104", "6-2-1105"]
    day.press(Key.Key_Down)
    assert day.shown == "6-2-1105"
    day.press(Key.Key_Home)
    assert day.shown == "3-2-1502"


def test_a_digit_opens_an_answer_at_once_and_enter_takes_it_to_the_dialog(day: Day) -> None:
    day.type("2")
    assert day.page.owner.script.has_answer
    day.type("1")
    assert day.page.owner.script.answer.text().startswith("“我忙，过两天”")
    day.press(Key.Key_Escape)
    assert not day.page.owner.script.has_answer
    day.type("2")
    day.press(Key.Key_Return)
    dialog = day.dialog()
    assert dialog.form.pad.value() is Outcome.SAYS_PAID
    dialog.reject()
    settle()


def test_digits_in_a_text_field_are_text(day: Day) -> None:
    day.press(Key.Key_4, ALT)
    day.page.owner.details.remark.setFocus()
    day.type("12")
    assert not day.page.owner.script.has_answer
    assert "12" in day.page.owner.details.wanted().remark


def test_what_was_typed_in_details_is_kept_when_one_goes_on(day: Day) -> None:
    day.press(Key.Key_4, ALT)
    day.page.owner.details.remark.setPlainText("晚上七点后在家")
    day.press(Key.Key_F4)
    assert day.shown == "4-12D"
    assert day.office.accounts.get(day.ids["3-2-1502"]).remark == "晚上七点后在家"


def test_alt_and_a_digit_show_bills_history_and_details_and_esc_comes_back(day: Day) -> None:
    for key, tab in ((Key.Key_2, BILLS), (Key.Key_3, TIMELINE), (Key.Key_4, DETAILS)):
        day.press(key, ALT)
        assert day.page.owner.tab == tab
        day.press(Key.Key_Escape)
        assert day.page.owner.tab == SCRIPT
        assert day.page.queue.view.hasFocus()


def test_another_owner_starts_with_the_script(day: Day) -> None:
    day.press(Key.Key_2, ALT)
    day.press(Key.Key_F4)
    assert (day.shown, day.page.owner.tab) == ("4-12D", SCRIPT)


def test_the_script_is_copied_without_its_intents(day: Day) -> None:
    day.press(Key.Key_C, CTRL | SHIFT)
    words = QGuiApplication.clipboard().text()
    assert "林女士" in words
    assert "用意" not in words


@pytest.mark.parametrize("size", [(1366, 768), (911, 512)])
def test_aim_and_reason_of_the_script_are_read_without_opening_them(day: Day, size: tuple[int, int]) -> None:
    day.window.resize(*size)
    settle()
    script, why = day.page.owner.script, day.page.owner.script.why
    aim = script._script.script.gist if script._script else ""
    assert why.shown().splitlines()[0] == aim and not why.is_cut()
    assert "话术按：答应了，总不来（失约 1 次） · F6 确认" in why.shown()
    assert why.text().startswith("失约 1 次")
    why.button.click()
    settle()
    assert why.rest().isVisible()
    why.button.click()
    assert not why.rest().isVisible()


def test_in_a_narrow_window_a_digit_opens_an_answer_and_every_choice_stays(day: Day) -> None:
    day.window.resize(911, 512)
    settle()
    script = day.page.owner.script
    assert script.channel_combo.isVisible()
    day.type("2")
    assert script.has_answer
    assert not script.objections.is_open
    day.press(Key.Key_Escape)
    day.press(Key.Key_F9)
    assert "到点重拨 2" in day.queue


# --- who is done, and the end of the day ---


def test_those_done_are_listed_with_the_time_and_can_be_looked_at_again(day: Day) -> None:
    day.log("12")
    day.page.queue.done_button.click()
    settle()
    assert day.queue == ("今天已联系 1", "承诺 11-20 3-2-1502 林晓岚 15:46")
    day.press(Key.Key_Down)
    assert day.shown == "3-2-1502"
    day.press(Key.Key_Escape)
    assert day.queue[0] == "今天到期 1"
    day.press(Key.Key_F4)
    assert day.shown == "4-12D"


def test_an_owner_who_paid_leaves_at_once_without_counting_as_done(day: Day) -> None:
    day.clock.forward(minutes=5)
    day.desk.write(lambda: import_list(day.office, *HOUSEHOLDS[1:], as_of=date(2026, 11, 17), file="新清单.xlsx"))
    assert not any("3-2-1502" in line for line in day.queue)
    assert day.page.head.count.text() == "0 / 6 户"


def test_when_all_are_done_the_page_says_what_came_of_it(day: Day) -> None:
    while day.page.left:
        if day.shown == "5-1-2201" and day.clock.now.hour < 16:
            day.later(hours=1)
        day.log("12")
    assert day.page.empty.isVisible()
    assert day.page.empty.text() == "今天的 7 户都联系过了，7 户承诺 ¥9,734.55。"
    assert day.page.empty.button.words() == "交记录表"
    assert day.window.rail.button("today").badge.isHidden()
    assert day.queue[0] == "今天已联系 7"
    assert not day.page.bar.isVisible()
    assert day.page.empty.button.hasFocus()
    day.press(Key.Key_Z, CTRL)
    assert (day.page.left, day.shown) == (1, "5-1-2201"), "taken back, it is to be done again"
    assert day.queue[0] == "到点重拨 1"


def test_an_office_without_a_list_is_told_to_import_one(qtbot, tmp_path: Path) -> None:
    day = Day(qtbot, tmp_path, lists=False)
    assert day.page.empty.text() == "还没有欠费清单。请财务导出一份，Excel 或 CSV 都行。"
    with qtbot.waitSignal(day.desk.import_wanted):
        day.told.files.append(None)
        day.page.empty.button.click()
    day.close()


# --- room ---


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1366, 697), (1280, 720), (911, 512)])
def test_nothing_is_wider_than_the_window(day: Day, width: int, height: int) -> None:
    day.window.resize(width, height)
    settle()
    assert (day.window.width(), day.window.height()) == (width, height)
    for part in (day.page.head, day.page.bar, day.page.owner.header):
        for child in part.findChildren(QWidget):
            if child.isVisible():
                assert part.rect().contains(child.mapTo(part, child.rect().bottomRight())), child
    assert day.page.facts.isVisible() == (width >= 1240)
    reading = day.page.owner.script.reading
    assert reading.verticalScrollBar().maximum() == 0, "the closing stays in sight"
    words = reading.widget()
    assert words.layout().contentsMargins().right() >= 12, "the margin is given up to a scroll bar only"


def test_a_long_group_folds_slides_to_the_current_owner_and_opens_by_a_key(qtbot, tmp_path: Path) -> None:
    day = Day(qtbot, tmp_path, lists=False)
    import_list(day.office, *(listed(f"7-1-{floor:02d}01", "夏明") for floor in range(1, 41)))
    day.desk.changed.emit(_everything())
    settle()
    lines = len(day.queue)
    assert day.queue[0] == "还没有通过话，先首电 40"
    assert day.queue[-1] == f"+ {40 - (lines - 2)} 户"
    for _ in range(lines):
        day.press(Key.Key_Down)
    assert len(day.queue) == lines
    assert day.shown == f"7-1-{lines + 1:02d}01"
    assert any(day.shown in line for line in day.queue)
    day.press(Key.Key_Right)
    assert len(day.queue) == 41
    day.press(Key.Key_Left)
    assert len(day.queue) == lines
    day.close()


def test_who_waits_for_the_leader_shows_for_how_long(day: Day) -> None:
    refused = contact(day.ids["6-2-1105"], at=datetime(2026, 11, 12, 10), outcome=Outcome.REFUSED)
    waits = NextAction(None, False, "报组团负责人", WAITS_FOR_LEADER)
    day.office.contacts.add(replace(refused, next_action=waits))
    sent = contact(day.ids["6-2-1105"], at=datetime(2026, 11, 16, 10), outcome=Outcome.SENT, channel=Channel.MESSAGE)
    day.office.contacts.add(replace(sent, next_action=waits))
    day.page.show_owner(day.ids["6-2-1105"])
    day.desk.changed.emit(_everything())
    settle()
    assert next(one for one in day.queue if "6-2-1105" in one).endswith("等 5 天")
    assert "报组团负责人；已等 5 天" in day.page.owner.header.text()


def test_money_on_a_statement_that_nobody_has_claimed_is_a_line_at_the_foot(day: Day) -> None:
    button = day.page.queue.money_button
    assert not button.isVisible()
    lines = (line(1, 12_345, "不知哪户", "某某"), line(2, 23_456, "也不知", "另一位"))
    day.office.statements.keep(reading(*lines))
    day.desk.changed.emit(_everything())
    settle()
    assert button.isVisible() and button.text() == "2 笔到账等认领"
    button.setFocus()
    day.press(Key.Key_Return)
    assert day.room.payments.isVisible() and day.room.payments.view_key() == "reconcile"


def test_another_due_day_is_derived_at_once(day: Day, qtbot: QtBot) -> None:
    """Not only when the office is next opened: the clocks of lumps rest on it."""
    form = day.room.settings.form
    day.room.settings.show_profile()
    with qtbot.waitSignal(day.desk.changed, check_params_cb=lambda changes: changes.everything, timeout=20_000):
        form.numbers["due_day"].setValue(5)
        form.save()
    assert day.office.states.is_of_today()
    form.fields["phone"].setText("0571-80001234")
    form.save()
    assert not day.desk.jobs.busy, "nothing rests on the telephone number"


def _everything():  # type: ignore[no-untyped-def]
    from feedesk.models.changes import Changes

    return Changes(everything=True)


@pytest.mark.parametrize(("done", "total", "blocks"), [(12, 31, 31), (60, 60, 60), (9, 87, 0), (0, 0, 0)])
def test_progress_is_a_block_an_owner_until_there_are_too_many(qtbot, done: int, total: int, blocks: int) -> None:
    made = ProgressBlocks()
    qtbot.addWidget(made)
    made.show_progress(done, total)
    shown = made.blocks()
    assert len(shown) == blocks
    assert all(left.right() < right.left() for left, right in pairwise(shown))
    assert not shown or shown[-1].right() < made.sizeHint().width()


def test_the_head_turns_to_a_warning_outside_the_hours(qtbot) -> None:
    head = TodayHead()
    qtbot.addWidget(head)
    head.show_day(NOW.date(), DayFigures())
    head.show_clock(NOW)
    assert head.hours.property("tone") == "malachite"
    head.show_clock(datetime(2026, 11, 17, 20, 5))
    assert head.hours.property("tone") == "ochre"
