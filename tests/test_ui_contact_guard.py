"""The contact guard where the clerk meets it: the line in 记录联系, the reason asked, F9, 暂不联系 on 资料. Keys only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, Outcome
from feedesk.models.followup import DraftField
from feedesk.models.guard import OVERRIDE_REASONS, REPORTING_BACK, ContactHistory
from feedesk.models.scripts import load_library
from feedesk.models.timeline import EntryKind
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.contact_dialog import ContactDialog, ContactFacts
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OWNERS, OfficeRoom
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact
from tests.ui_samples import CHARGES, account
from tests.ui_tools import RecordingPresenter, settle

Key = Qt.Key
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
NOW = datetime(2026, 11, 17, 15, 46)
EVENING = datetime(2026, 11, 17, 20, 46)
ROOM, OTHER = "3-2-1502", "3-2-902"


def press(*keys: str | Key | tuple[Key, Qt.KeyboardModifier]) -> None:
    """Where the focus is, as a person presses it."""
    for one in keys:
        for stroke in one if isinstance(one, str) else (one,):
            key, held = stroke if isinstance(stroke, tuple) else (stroke, NONE)
            widget = QApplication.focusWidget() or QApplication.activeWindow()
            assert widget is not None
            QTest.keyClick(widget, key, held)
            settle()


class Bare:
    """The dialog by itself, over a history."""

    def __init__(self, qtbot: QtBot, now: datetime, history: ContactHistory, **facts: object) -> None:
        self.now = now
        self.saved: list[ContactDraft] = []
        told = ContactFacts(account(), CHARGES, history, **facts)  # type: ignore[arg-type]
        self.dialog = ContactDialog(told, lambda: self.now, Messages(RecordingPresenter()))
        self.dialog.saved.connect(lambda draft, _next: self.saved.append(draft))
        qtbot.addWidget(self.dialog)
        with qtbot.waitActive(self.dialog):
            self.dialog.show()
        settle()

    @property
    def asks(self) -> bool:
        return self.dialog.form.override.isVisible()

    def line(self) -> str:
        return self.dialog.form.guard.text()


def test_in_order_there_is_only_a_line(qtbot: QtBot) -> None:
    desk = Bare(qtbot, NOW, ContactHistory())
    assert (desk.asks, desk.line()) == (False, "现在可打 · 好打时段至 18:00 · 近 7 天已通 0 次，上限 3 次")
    press("4", Key.Key_Return)
    assert [draft.override_reason for draft in desk.saved] == [""]


def test_out_of_hours_it_says_so_and_enter_leads_to_the_reason(qtbot: QtBot) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory())
    assert (desk.asks, desk.line()) == (True, "现在不在联系时段（可联系时段 9–20 点） · 明天 09:00 起可打")
    press("4", Key.Key_Return)
    assert desk.saved == [] and not desk.dialog.form.save_button.isEnabled()
    assert desk.dialog.problem_texts() == {DraftField.OVERRIDE: "联系过的都可以记：按数字选一个理由，或选“其他”写明。"}
    assert desk.dialog.form.override.problem.isVisible()
    press("2", Key.Key_Return)
    assert [draft.override_reason for draft in desk.saved] == ["业主约定的时间"]


@pytest.mark.parametrize(("digit", "reason"), list(zip("1234", OVERRIDE_REASONS, strict=True)))
def test_each_reason_has_its_digit(qtbot: QtBot, digit: str, reason: str) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory())
    press("4", Key.Key_Return, digit, Key.Key_Return)
    assert [draft.override_reason for draft in desk.saved] == [reason]


def test_another_reason_is_typed_and_an_empty_one_is_none(qtbot: QtBot) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory())
    press("4", Key.Key_Return, "5", Key.Key_Return)
    assert desk.saved == [], "其他 by itself says nothing"
    assert desk.dialog.form.override.typed.hasFocus()
    desk.dialog.form.override.typed.setText("  漏水急修，回电说明  ")
    press(Key.Key_Return)
    assert [draft.override_reason for draft in desk.saved] == ["漏水急修，回电说明"]


def test_digits_belong_to_the_reason_only_while_it_has_the_keys(qtbot: QtBot) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory())
    press("1", "2", Key.Key_Return, "3")
    assert desk.dialog.form.override.reason() == "业主回复"
    desk.dialog.form.pad.take_focus()
    press("2")
    assert desk.dialog.form.pad.value() is Outcome.NO_DAY
    assert desk.dialog.form.override.reason() == "业主回复"


@pytest.mark.parametrize(
    ("channel", "asks", "says"),
    [
        (Channel.PHONE, True, "业主要求勿再来电 · 改用书面"),
        (Channel.VISIT, True, "改用书面"),
        (Channel.MESSAGE, True, "改用书面"),
        (Channel.MAIL, False, "现在可发函"),
        (Channel.COUNTER, False, "业主来访，随时接待"),
    ],
)
def test_the_line_is_about_the_channel_chosen(qtbot: QtBot, channel: Channel, asks: bool, says: str) -> None:
    desk = Bare(qtbot, NOW, ContactHistory(do_not_call=True), channel=channel)
    assert desk.asks is asks and says in desk.line()


def test_changing_the_channel_takes_the_question_away(qtbot: QtBot) -> None:
    desk = Bare(qtbot, NOW, ContactHistory(do_not_call=True))
    desk.dialog.form.channel.setFocus()
    press(Key.Key_Down, Key.Key_Down, Key.Key_Down)
    assert desk.dialog.form.channel.currentData() == Channel.MAIL and not desk.asks
    desk.dialog.form.pad.take_focus()
    press("1", Key.Key_Return)
    assert [(draft.channel, draft.override_reason) for draft in desk.saved] == [(Channel.MAIL, "")]


def test_his_own_answer_needs_no_reason_what_we_send_does(qtbot: QtBot) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory(), channel=Channel.MESSAGE)
    press("1")
    assert desk.asks
    desk.dialog.form.pad.take_focus()  # F2
    press("4")
    assert not desk.asks and desk.line() == "业主的回复，随时可记"


def test_after_the_result_digits_choose_the_reason(qtbot: QtBot) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory())
    press("2")
    assert desk.asks
    press("1")
    draft = desk.dialog.draft()
    assert draft is not None and (draft.outcome, draft.override_reason) == (Outcome.NO_DAY, "业主来电")


def test_the_time_entered_is_judged_not_the_time_of_typing(qtbot: QtBot) -> None:
    desk = Bare(qtbot, EVENING, ContactHistory())
    press("4", (Key.Key_T, ALT))
    moment = desk.dialog.form.moment
    moment.setText("1117 19:30")
    moment.moment_changed.emit(moment.moment())
    settle()
    assert (desk.asks, desk.line()) == (False, "那时可以联系")
    moment.setText("1117 08:30")
    moment.moment_changed.emit(moment.moment())
    settle()
    assert (desk.asks, desk.line()) == (True, "那时：不在联系时段（可联系时段 9–20 点）")


def test_reporting_back_on_an_objection_comes_first(qtbot: QtBot) -> None:
    desk = Bare(qtbot, NOW, ContactHistory(is_disputed=True))
    assert "向业主反馈进展可以联系" in desk.line()
    press("2", Key.Key_Return, "1", Key.Key_Return)
    assert [draft.override_reason for draft in desk.saved] == [REPORTING_BACK]


# --- in the window ----------------------------------------------------------------------------------------------------


class Window:
    """业主 in the real window over a real office."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.clock = Clock(NOW)
        self.office = new_office(folder, self.clock)
        import_list(
            self.office,
            listed(ROOM, "林晓岚", phones=("13900004417",)),
            listed(OTHER, "林晓岚", phones=("13900004417",)),
        )
        self.ids = ids_by_room(self.office)
        self.office.accounts.join(list(self.ids.values()))
        messages, settings = Messages(RecordingPresenter()), UiSettings(folder / "ui.ini")
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, load_library(), Fonts())
            self.room = OfficeRoom(self.desk, self.window)
            self.window.page(OWNERS)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.window.show_page(OWNERS)
        self.panel = self.room.owners.panel
        self.show(ROOM)

    def show(self, room: str) -> None:
        self.window.activateWindow()
        self.room.owners.show_owner(self.ids[room])
        self.panel.reload()
        self.room.owners.list.table.setFocus()
        settle()

    def dialog(self) -> ContactDialog:
        (found,) = [one for one in self.window.findChildren(ContactDialog) if one.isVisible()]
        found.activateWindow()
        settle()
        return found

    def contacts(self) -> list[tuple[Outcome, str]]:
        return [(one.outcome, one.override) for one in self.office.contacts.of(self.ids[ROOM])]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    made = Window(qtbot, tmp_path)
    yield made
    made.room.close()


def test_what_was_done_out_of_hours_is_kept_with_its_reason_and_shows_in_the_timeline(window: Window) -> None:
    window.clock.now = EVENING
    window.show(ROOM)
    assert "不在联系时段" in window.panel.header.guard.text()
    press(Key.Key_F2)
    window.dialog()
    press("4", Key.Key_Return, "1", Key.Key_Return)
    why = "不在联系时段（可联系时段 9–20 点）；理由：业主来电"
    assert window.contacts() == [(Outcome.NO_ANSWER, why)]
    entries = window.office.history.of(window.ids[OTHER])
    assert any(f"提醒：当时{why}" in entry.lines for entry in entries if entry.kind is EntryKind.CONTACT)


def test_f9_logs_at_once_only_what_the_guard_lets_through(window: Window) -> None:
    press(Key.Key_F9)
    assert window.contacts() == [(Outcome.NO_ANSWER, "")]
    window.clock.forward(minutes=10)
    window.show(ROOM)
    press(Key.Key_F9)
    dialog = window.dialog()
    assert dialog.form.pad.value() is Outcome.NO_ANSWER, "the result is in hand already"
    assert "15:46 刚联系过，两次至少隔 30 分钟 · 今天 16:16 起可打" in dialog.form.guard.text()
    press(Key.Key_Return, "1", Key.Key_Return)
    assert [override for _, override in window.contacts()] == ["15:46 刚联系过，两次至少隔 30 分钟；理由：业主来电", ""]
    window.clock.forward(minutes=30)
    window.show(ROOM)
    press(Key.Key_F9)
    assert len(window.contacts()) == 3, "half an hour later it is in order again"


def held_elsewhere(window: Window) -> None:
    """He says he has paid for the other unit: that one is not spoken of before finance has looked."""
    window.office.contacts.claim((window.ids[OTHER],), ClaimDraft(date(2026, 11, 16), 100, "转账"))
    window.show(ROOM)


def test_a_unit_that_may_not_be_spoken_of_is_left_out_and_ticking_it_asks_for_the_reason(window: Window) -> None:
    held_elsewhere(window)
    press(Key.Key_F2)
    dialog = window.dialog()
    assert not dialog.form.together.isChecked() and not dialog.form.override.isVisible()
    press((Key.Key_U, ALT))
    assert dialog.form.together.isChecked() and dialog.form.override.isVisible()
    assert "先核对收款，查清前不打" in dialog.form.guard.text()
    press((Key.Key_U, ALT), "2", Key.Key_Return)
    assert window.contacts() == [(Outcome.NO_DAY, "")]
    assert window.office.contacts.of(window.ids[OTHER]) == []


def test_f9_leaves_out_a_unit_that_may_not_be_spoken_of(window: Window) -> None:
    held_elsewhere(window)
    press(Key.Key_F9)
    assert window.contacts() == [(Outcome.NO_ANSWER, "")]
    assert window.office.contacts.of(window.ids[OTHER]) == []


def test_a_call_of_last_week_is_judged_by_what_stood_then(window: Window) -> None:
    """Today nothing is against it; on the day entered the owner had been spoken to already."""
    ids, then = window.ids[ROOM], NOW - timedelta(days=4)
    window.office.contacts.add(contact(ids, at=then.replace(hour=10), outcome=Outcome.NO_DAY))
    window.show(ROOM)
    press(Key.Key_F2)
    dialog = window.dialog()
    assert not dialog.form.override.isVisible()
    press("4", (Key.Key_T, ALT))
    dialog.form.moment.setText(f"{then:%m%d} 16:00")
    dialog.form.moment.moment_changed.emit(dialog.form.moment.moment())
    settle()
    assert dialog.form.guard.text() == "那时：一天最多接通 1 次"
    press(Key.Key_Return, "3", Key.Key_Return)
    assert [override for _, override in window.contacts()] == ["一天最多接通 1 次；理由：业主回复", ""]


def test_the_sensitive_mark_is_set_and_ended_by_keys_for_all_units(window: Window) -> None:
    press((Key.Key_4, ALT), (Key.Key_J, ALT))
    box = window.panel.details.sensitive
    assert box.reason.hasFocus()
    press(Key.Key_Down, Key.Key_Down, Key.Key_Tab)
    box.until.setText("1130")
    press(Key.Key_Return)
    held = [window.office.accounts.get(one) for one in window.ids.values()]
    assert [(one.sensitive, one.sensitive_until) for one in held] == [("住院", date(2026, 11, 30))] * 2
    assert window.panel.facts is not None
    assert window.panel.facts.cautions()[0] == "业主家里有事（住院），11-30（含）前不联系（任何方式）"
    assert "12-01 周二 09:00 起可打" in window.panel.header.guard.text()
    assert "都不打电话、不上门、不发信息、不发函" in box.stands.text()
    window.clock.forward(minutes=1)
    press((Key.Key_J, ALT), Key.Key_Home, Key.Key_Return)
    assert [one.sensitive for one in map(window.office.accounts.get, window.ids.values())] == ["", ""]
    assert box.stands.isHidden()
    titles = [one.title for one in window.office.history.of(window.ids[OTHER]) if one.kind is EntryKind.TRAIT]
    assert sorted(titles) == ["暂不联系：住院，到 2026-11-30 → 没有", "暂不联系：没有 → 住院，到 2026-11-30"]


def test_undo_brings_the_mark_back_as_it_was(window: Window) -> None:
    window.office.contact_rules.set_sensitive([window.ids[ROOM]], "产期", date(2026, 12, 20))
    window.show(ROOM)
    press((Key.Key_4, ALT), (Key.Key_J, ALT), Key.Key_Home, Key.Key_Return)
    assert window.office.accounts.get(window.ids[OTHER]).sensitive == ""
    window.window.toast.undo()
    kept = window.office.accounts.get(window.ids[OTHER])
    assert (kept.sensitive, kept.sensitive_until) == ("产期", date(2026, 12, 20))


def test_a_last_day_that_is_none_or_past_is_told_beside_the_field(window: Window) -> None:
    press((Key.Key_4, ALT), (Key.Key_J, ALT), Key.Key_Down, Key.Key_Tab)
    box = window.panel.details.sensitive
    box.until.setText("2026-11-16")
    press(Key.Key_Return)
    assert box.problem.text() and window.office.accounts.get(window.ids[ROOM]).sensitive == ""
    box.until.setText("")
    press(Key.Key_Return)
    marked = window.office.accounts.get(window.ids[ROOM])
    assert (marked.sensitive, marked.sensitive_until) == ("病重", None)


def test_no_follow_up_is_planned_where_the_owner_is_to_be_left_alone(window: Window) -> None:
    window.office.contact_rules.set_sensitive([window.ids[ROOM]], "丧事")
    window.show(ROOM)
    press(Key.Key_F5)
    assert "业主家里有事（丧事），结束前不联系，不另定跟进" in window.window.toast.text()
