"""改下次跟进 by keyboard: F5, a digit, Enter. On a Tuesday, 15:46, as a dialog and on 业主 and 今日."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import NextAction
from feedesk.models.guard import ContactHistory
from feedesk.ui.follow_up_dialog import FollowUpDialog
from tests.owner_page_tools import Owners
from tests.ui_samples import account, owner_row
from tests.ui_tools import settle

Key = Qt.Key
NOW = datetime(2026, 11, 17, 15, 46)


class Asked:
    """The dialog on the screen, and what it handed over."""

    def __init__(self, qtbot, *siblings, now: datetime = NOW, can_put_off: bool = False) -> None:  # type: ignore[no-untyped-def]
        self.qtbot = qtbot
        self.now = now
        self.dialog = FollowUpDialog(account(*siblings), ContactHistory(), lambda: self.now, can_put_off=can_put_off)
        self.saved: list[tuple[tuple[int, ...], NextAction]] = []
        self.put_off = 0
        self.dialog.saved.connect(lambda ids, plan: self.saved.append((ids, plan)))
        self.dialog.put_off.connect(self._count)
        qtbot.addWidget(self.dialog)
        with qtbot.waitActive(self.dialog):
            self.dialog.show()
        settle()

    def _count(self) -> None:
        self.put_off += 1

    def keys(self, *keys: str | Qt.Key) -> None:
        for key in keys:
            for one in key if isinstance(key, str) else (key,):
                self.qtbot.keyClick(QApplication.focusWidget(), one)
        settle()

    def offers(self) -> list[str]:
        buttons = [*self.dialog.buttons, *([self.dialog.off_button] if self.dialog.off_button else [])]
        return [f"{button.key()} {button.words()} {button.sub()}" for button in buttons]


def plan(at: datetime, *, has_time: bool = True, reason: str = "") -> NextAction:
    return NextAction(at, has_time, reason)


def test_each_digit_says_which_day_it_means(qtbot) -> None:
    assert Asked(qtbot).offers() == [
        "1 30 分钟后 11-17 周二 16:16",
        "2 今天 17:30 11-17 周二",
        "3 明天 10:00 11-18 周三",
        "4 下周一 11-23 周一",
        "5 其他 自己填日期和时间",
    ]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        pytest.param(("1",), plan(datetime(2026, 11, 17, 16, 16)), id="in half an hour"),
        pytest.param(("2",), plan(datetime(2026, 11, 17, 17, 30)), id="later today"),
        pytest.param(("3",), plan(datetime(2026, 11, 18, 10)), id="tomorrow"),
        pytest.param(("4",), plan(datetime(2026, 11, 23), has_time=False), id="next Monday, as a day"),
        pytest.param(("1", "3"), plan(datetime(2026, 11, 18, 10)), id="another digit instead"),
        pytest.param(("5", "1125 10:00"), plan(datetime(2026, 11, 25, 10)), id="typed"),
        pytest.param(("5", "1125"), plan(datetime(2026, 11, 25), has_time=False), id="typed without a time"),
        pytest.param(("9", "3"), plan(datetime(2026, 11, 18, 10)), id="a digit without an offer does nothing"),
        pytest.param(("0", "3"), plan(datetime(2026, 11, 18, 10)), id="nor does 0 where there is no queue"),
    ],
)
def test_a_digit_and_enter(qtbot, typed: tuple[str, ...], wanted: NextAction) -> None:
    asked = Asked(qtbot)
    asked.keys(*typed, Key.Key_Return)
    assert asked.saved == [((1,), wanted)]
    assert not asked.dialog.isVisible()


def test_a_reason_is_one_line_and_its_digits_are_text(qtbot) -> None:
    asked = Asked(qtbot)
    asked.keys("3")
    asked.dialog.reason.setFocus()
    asked.keys(" 1234 ", Key.Key_Return)
    assert asked.saved == [((1,), plan(datetime(2026, 11, 18, 10), reason="1234"))]


def test_the_button_says_what_will_happen(qtbot) -> None:
    asked = Asked(qtbot)
    assert (asked.dialog.save_button.words(), asked.dialog.save_button.isEnabled()) == ("保存", False)
    asked.keys("4")
    assert (asked.dialog.save_button.words(), asked.dialog.save_button.isEnabled()) == ("改到 11-23 周一", True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param((), "按数字选下次什么时候跟进。", id="nothing chosen"),
        pytest.param(("5",), "请填日期，例如 1119 10:00。", id="nothing typed"),
        pytest.param(("5", "1117 9:30"), "下次跟进的时间已经过去了。", id="this morning"),
        pytest.param(("5", "1118 22:30"), "晚上 10 点到早上 8 点不联系业主，请换个时间。", id="at night"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept_open(qtbot, typed: tuple[str, ...], said: str) -> None:
    asked = Asked(qtbot)
    asked.keys(*typed, Key.Key_Return)
    assert (asked.saved, asked.dialog.isVisible(), asked.dialog.problem.text()) == ([], True, said)
    asked.keys(Key.Key_Escape)
    assert (asked.saved, asked.dialog.isVisible()) == ([], False)


def test_what_is_wrong_is_said_while_it_is_typed_but_not_before(qtbot) -> None:
    asked = Asked(qtbot)
    asked.keys("5", "11")
    assert asked.dialog.problem.text() == ""
    asked.keys("17 9:30")
    assert asked.dialog.problem.text() == "下次跟进的时间已经过去了。"
    asked.keys("3")  # still text: the field has the focus
    assert asked.dialog.moment.text() == "1117 9:303"


def test_an_hour_in_which_nobody_is_called_is_pointed_out_but_may_be_meant(qtbot) -> None:
    asked = Asked(qtbot)
    asked.keys("5", "1118 20:30")
    assert asked.dialog.caution.text() == "那时不打电话（可联系时段 9–20 点），最早 11-19 周四 10:00 可打。"
    asked.keys(Key.Key_Return)
    assert asked.saved == [((1,), plan(datetime(2026, 11, 18, 20, 30)))]


def test_in_the_evening_half_an_hour_becomes_tomorrow_and_says_so(qtbot) -> None:
    asked = Asked(qtbot, now=datetime(2026, 11, 21, 20, 8))
    asked.keys("1")
    assert asked.dialog.caution.text() == "30 分钟后不合适（可联系时段 10–18 点），改到明天 10:30。"
    asked.keys(Key.Key_Return)
    assert asked.saved == [((1,), plan(datetime(2026, 11, 22, 10, 30)))]


def test_a_pick_that_has_passed_while_the_dialog_stood_open_is_not_saved(qtbot) -> None:
    asked = Asked(qtbot)
    asked.keys("1")
    asked.now = datetime(2026, 11, 17, 16, 17)
    asked.keys(Key.Key_Return)
    assert (asked.saved, asked.dialog.problem.text()) == ([], "下次跟进的时间已经过去了。")


def test_zero_only_puts_the_owner_to_the_end_where_there_is_a_queue(qtbot) -> None:
    asked = Asked(qtbot, can_put_off=True)
    assert asked.offers()[-1] == "0 只排到最后 今天最后再打，什么也不记"
    asked.keys("0")
    assert (asked.put_off, asked.saved, asked.dialog.isVisible()) == (1, [], False)


def test_all_units_of_the_owner_together_but_not_those_that_have_no_follow_up(qtbot) -> None:
    asked = Asked(
        qtbot, owner_row(2, "3-2-1503"), owner_row(3, "车位 B1-021", mark=MarkKind.PAID), owner_row(4, "4-12D")
    )
    assert asked.dialog.together.text() == "同名下 3 户一起改，连同 3-2-1503、4-12D（Alt+U）"
    asked.keys("3", Key.Key_Return)
    assert asked.saved == [((1, 2, 4), plan(datetime(2026, 11, 18, 10)))]


def test_alt_u_leaves_the_other_units_as_they_are(qtbot) -> None:
    asked = Asked(qtbot, owner_row(2, "3-2-1503"))
    asked.keys("3")
    asked.qtbot.keyClick(QApplication.focusWidget(), Key.Key_U, Qt.KeyboardModifier.AltModifier)
    asked.keys(Key.Key_Return)
    assert asked.saved == [((1,), plan(datetime(2026, 11, 18, 10)))]


def test_who_owns_one_unit_is_not_asked(qtbot) -> None:
    asked = Asked(qtbot, owner_row(3, "车位 B1-021", mark=MarkKind.PAID))
    assert asked.dialog.together.isHidden()
    asked.qtbot.keyClick(QApplication.focusWidget(), Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert asked.dialog.account_ids() == (1,)


# --- on 业主 ---


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:  # type: ignore[no-untyped-def]
    made = Owners(qtbot, tmp_path)
    yield made
    made.close()


def the_dialog() -> FollowUpDialog | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, FollowUpDialog) else None


def test_on_owners_f5_a_digit_and_enter_change_the_row_and_the_timeline(owners: Owners) -> None:
    owners.choose("3-2-902")
    owners.press(Key.Key_F5)
    assert the_dialog() is not None
    owners.type("3")
    owners.press(Key.Key_Return)
    assert the_dialog() is None
    row = owners.table.current_record()
    assert row is not None and (row.room, row.next_text) == ("3-2-902", "明天")
    assert owners.window.toast.text() == "3-2-902 下次跟进改到明天 10:00。"
    owners.panel.show_tab(2)
    settle()
    assert any("改下次跟进：11-18 周三 10:00" in text for text in owners.panel.timeline.texts())


def test_on_owners_it_can_be_taken_back(owners: Owners) -> None:
    owners.choose("3-2-902")
    before = owners.table.current_record()
    owners.press(Key.Key_F5)
    owners.type("4")
    owners.press(Key.Key_Return)
    assert owners.table.current_record() != before
    owners.window.toast.undo()
    settle()
    assert owners.table.current_record() == before


def test_on_owners_all_units_change_and_are_taken_back_together(owners: Owners) -> None:
    both = [owners.ids["4-12D"], owners.ids["4-12E"]]
    owners.desk.write(lambda: owners.office.accounts.join(both))
    settle()
    owners.choose("4-12D")
    owners.press(Key.Key_F5)
    owners.type("4")
    owners.press(Key.Key_Return)
    assert owners.window.toast.text() == "4-12D 等 2 户的下次跟进改到 11-23 周一。"
    assert {row.next_text for row in owners.office.accounts.some(both).values()} == {"11-23 周一"}
    owners.window.toast.undo()
    settle()
    assert {row.next_at for row in owners.office.accounts.some(both).values()} == {None}


def test_on_owners_esc_leaves_everything_as_it_is(owners: Owners) -> None:
    owners.choose("3-2-902")
    before = owners.table.current_record()
    owners.press(Key.Key_F5)
    owners.type("4")
    owners.press(Key.Key_Escape)
    assert the_dialog() is None and owners.table.current_record() == before


def test_whose_payment_is_being_checked_gets_a_sentence_instead(owners: Owners) -> None:
    from datetime import date

    from feedesk.models.contacts import ClaimDraft

    owners.choose("3-2-902")
    owners.desk.write(
        lambda: owners.office.contacts.claim((owners.ids["3-2-902"],), ClaimDraft(date(2026, 11, 16), 100, "转账"))
    )
    settle()
    owners.press(Key.Key_F5)
    assert the_dialog() is None
    assert "等财务核对" in owners.window.toast.text()


def test_f1_names_the_key(owners: Owners) -> None:
    assert "F5" in [hint.keys for hint in owners.page.key_hints()]
