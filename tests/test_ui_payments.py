"""收款: finding who pays, saying how and how much, seeing what the money does, and booking it — by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.ledger.payments import PayMethod
from feedesk.ui.main_window import MainWindow
from feedesk.ui.office_room import PAYMENTS, OfficeRoom
from tests.office_tools import import_list, listed
from tests.payments_page_tools import ALT, CTRL, NONE, NOW, TODAY, Till
from tests.ui_tools import settle

ENTER, ESCAPE, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space


@pytest.fixture
def till(qtbot, tmp_path: Path) -> Iterator[Till]:
    made = Till(qtbot, tmp_path)
    yield made
    made.close()


# --- who pays ---


@pytest.mark.parametrize(
    ("typed", "rooms"),
    [
        ("1502", ["3-2-1502"]),
        ("3-2", ["3-2-902", "3-2-1502"]),
        ("林晓", ["3-2-1502"]),
        ("gbc", ["5-2-0901", "5-2-0902"]),
        ("zhangq", ["6-1-0504"]),
        ("4417", ["3-2-1502"]),
        ("5-2-901", ["5-2-0901"]),
        ("52901", ["5-2-0901"]),
        ("5栋2单元901", ["5-2-0901"]),
        ("没有这人", []),
    ],
)
def test_the_search_takes_room_name_pinyin_and_the_last_four_digits(till: Till, typed: str, rooms: list[str]) -> None:
    assert till.search(typed) == rooms


def test_the_cursor_is_in_the_search_and_the_hits_are_walked_without_leaving_it(till: Till) -> None:
    field = till.page.till.search.field
    assert field.hasFocus()
    till.type("gbc")
    field.flush()
    till.press(Qt.Key.Key_Down)
    assert field.hasFocus()
    till.press(ENTER)
    assert till.form.room.text() == "5-2-0902"


@pytest.mark.parametrize(
    ("typed", "rooms"),
    [
        ("6-1", ["6-1-0504", "1-6-101", "1-6-1010"]),
        ("1-6-1010", ["1-6-1010"]),
        ("张青", ["6-1-0504", "1-6-1010"]),
        ("101", ["1-6-101", "1-6-1010"]),
    ],
)
def test_who_was_meant_comes_before_who_only_contains_what_was_typed(till: Till, typed: str, rooms: list[str]) -> None:
    import_list(till.office, listed("1-6-101", "何方"), listed("1-6-1010", "张青山"), full=False)
    assert till.search(typed) == rooms


def test_nobody_of_that_name_says_so_and_esc_empties_the_field(till: Till) -> None:
    till.search("没有这人")
    assert till.page.till.search.empty.text() == "没有叫“没有这人”的业主或房号。"
    till.press(ESCAPE)
    assert till.page.till.search.field.text() == ""


def test_with_nothing_typed_those_who_promised_to_pay_stand_there(till: Till) -> None:
    till.office.contacts.add(
        ContactDraft(
            account_ids=(till.ids["3-2-902"],), at=NOW, channel=Channel.PHONE, number="", outcome=Outcome.PROMISED,
            said="", category=None, next_action=NextAction(None, False, "", ""),
            promise=PromiseDraft(date(2026, 11, 20), 190_260),
        )
    )  # fmt: skip
    assert till.search("") == ["3-2-902"]
    assert till.page.till.search.said() == "说好要缴的 1 户 · 也可以直接键入别的户"


def test_those_whose_day_has_passed_come_first(till: Till) -> None:
    for room, day in (("6-1-0504", 19), ("3-2-902", 18), ("5-2-0901", 20)):
        till.office.contacts.add(
            ContactDraft(
                account_ids=(till.ids[room],), at=NOW, channel=Channel.PHONE, number="", outcome=Outcome.PROMISED,
                said="", category=None, next_action=NextAction(None, False, "", ""),
                promise=PromiseDraft(date(2026, 11, day), 40_000),
            )
        )  # fmt: skip
    till.clock.now = datetime(2026, 11, 19, 10, 0)
    till.office.states.roll_day()
    assert till.search("") == ["3-2-902", "6-1-0504", "5-2-0901"]
    overdue = till.page.till.search.model.rows()[0]
    assert overdue.next_text == "等入账"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1902.60", "3-2-902 已收 ¥1,902.60（现金）。3-2-902 的承诺已兑现。"),
        ("1000", "3-2-902 已收 ¥1,000.00（现金）。"),
    ],
)
def test_what_is_said_after_a_payment_tells_of_a_promise_kept(till: Till, typed: str, said: str) -> None:
    till.office.contacts.add(
        ContactDraft(
            account_ids=(till.ids["3-2-902"],), at=NOW, channel=Channel.PHONE, number="", outcome=Outcome.PROMISED,
            said="", category=None, next_action=NextAction(None, False, "", ""),
            promise=PromiseDraft(date(2026, 11, 20), 190_260),
        )
    )  # fmt: skip
    till.open("902")
    till.press(Qt.Key.Key_1)
    till.type(typed)
    till.press(ENTER)
    assert till.window.toast.text() == said


# --- the whole way in a few keys ---


def test_a_payment_in_full_takes_a_search_and_three_keys(till: Till) -> None:
    till.type("1502")
    till.press(ENTER)
    till.press(Qt.Key.Key_3)
    assert till.form.save_button.words() == "收 ¥2,235.10，全部缴清"
    till.press(ENTER)
    (payment,) = till.booked()
    assert (payment.rooms, payment.amount, payment.method, payment.paid_on) == (
        ("3-2-1502",), 223_510, PayMethod.WECHAT, TODAY,
    )  # fmt: skip
    assert till.owed("3-2-1502") == 0
    assert till.window.toast.text() == "3-2-1502 已收 ¥2,235.10（微信）。"
    assert till.page.till.search.field.hasFocus()
    assert till.page.till.search.field.text() == ""
    assert till.takings.current() == payment


def test_the_toast_takes_the_payment_back_and_it_still_shows(till: Till) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.press(ENTER)
    till.press(Qt.Key.Key_Z, CTRL)
    (payment,) = till.booked()
    assert payment.reversed == "当场撤销（11-17 许宁）"
    assert till.owed("3-2-1502") == 223_510


def test_enter_books_nothing_before_it_is_said_how_it_was_paid(till: Till) -> None:
    till.open("1502")
    till.press(ENTER)
    till.press(ENTER)
    assert till.booked() == []
    assert till.form.method_problem.text() == "先按数字键选怎么付的。"
    assert not till.form.save_button.isEnabled()


@pytest.mark.parametrize("place", ["pad", "amount", "day", "lines", "save", "print"])
def test_enter_on_the_keypad_is_enter_everywhere_in_the_form(till: Till, place: str) -> None:
    till.open("1502")
    asked: list[bool] = []
    till.form.save_asked.disconnect()
    till.form.save_asked.connect(asked.append)
    form = till.form
    widget = {
        "pad": form.pad.buttons()[0], "amount": form.amount_edit, "day": form.day_edit, "lines": form.lines,
        "save": form.save_button, "print": form.print_button,
    }[place]  # fmt: skip
    till.press(Qt.Key.Key_1)
    for key, keypad in ((Qt.Key.Key_Return, NONE), (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)):
        asked.clear()
        widget.setFocus()
        till.press(key, CTRL | keypad)
        till.press(key, keypad)
        assert asked == [True, place == "print"]


def test_an_enter_held_too_long_neither_chooses_the_next_owner_nor_books(till: Till) -> None:
    held = QKeyEvent(QEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "\r", True)
    till.search("1502")
    QApplication.sendEvent(till.page.till.search.field, held)
    assert not till.page.till.taking
    till.open("1502")
    till.press(Qt.Key.Key_1)
    QApplication.sendEvent(till.form.amount_edit, held)
    assert till.booked() == []
    till.press(ENTER)
    assert len(till.booked()) == 1


@pytest.mark.parametrize(("number", "method"), list(enumerate(PayMethod, start=1)))
def test_a_digit_says_how_and_alt_digit_says_it_inside_a_field(till: Till, number: int, method: PayMethod) -> None:
    till.open("1502")
    key = Qt.Key(int(Qt.Key.Key_0) + number)
    till.press(key)
    assert till.form.pad.value() is method
    assert till.form.amount_edit.hasFocus()
    till.form.pad.choose(None)
    till.form.reference.edit.setFocus()
    till.press(key)
    assert till.form.pad.value() is None
    assert till.form.reference.edit.text() == str(number)
    till.press(key, ALT)
    assert till.form.pad.value() is method


def test_reference_payer_and_note_are_kept(till: Till) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_2)
    till.refill(till.form.reference.edit, "B20261117-0091")
    till.form.payer.edit.setText("林父")
    till.form.note.edit.setText("代女儿缴")
    till.press(ENTER)
    (payment,) = till.booked()
    assert (payment.reference, payment.payer, payment.note) == ("B20261117-0091", "林父", "代女儿缴")


def test_tab_goes_in_reading_order(till: Till) -> None:
    till.open("gbc")
    till.press(Qt.Key.Key_1)
    form = till.form
    for expected in (form.day_edit, form.reference.edit, form.payer.edit, form.note.edit, form.lines, form.back_button):
        till.press(Qt.Key.Key_Tab)
        assert till.focus() is expected


# --- stepping back, other layouts ---


def test_esc_steps_back_from_the_form_to_the_search_with_its_hits(till: Till) -> None:
    till.open("1502")
    till.press(ESCAPE)
    assert not till.page.till.taking
    assert till.page.till.search.field.text() == "1502"
    assert till.page.till.search.field.hasFocus()
    till.press(ESCAPE)
    assert till.page.till.search.field.text() == ""


def test_the_next_payer_finds_an_empty_form(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_2)
    till.type("2000")
    till.press(Qt.Key.Key_Y, ALT)
    till.form.reference.edit.setText("B1")
    till.refill(till.form.day_edit, "1116")
    till.press(ESCAPE)
    till.open("1502")
    form = till.form
    assert (form.pad.value(), form.amount_edit.text(), form.reference.edit.text()) == (None, "2,235.10", "")
    assert form.day_edit.day() == TODAY
    assert form.questions.prepay_box.isHidden()
    assert form.questions.covered.isHidden()


def test_a_list_that_comes_meanwhile_changes_what_is_owed_and_keeps_what_was_typed(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_1)
    till.type("100")
    till.book("3-2-902", 90_260)
    assert till.form.owed.text() == "¥1,000.00"
    assert till.form.amount_edit.amount() == 10_000
    assert till.lines() == [("物业费 2026年7–9月", 100_000, 10_000, 90_000)]


def test_one_paid_meanwhile_is_not_paid_twice_without_being_asked(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_1)
    till.office.payments.take(till.page.till.draft())
    till.press(ENTER)
    assert len(till.booked()) == 1
    assert "多出 ¥1,902.60" in till.form.problem.text()


@pytest.mark.parametrize("size", [(1366, 768), (1366, 697), (1280, 688), (911, 512), (1920, 1030)])
def test_nothing_is_cut_at_any_size(qtbot, tmp_path: Path, size: tuple[int, int]) -> None:
    till = Till(qtbot, tmp_path, size)
    try:
        till.join()
        till.charge_late_fee()
        till.open("0901")
        till.press(Qt.Key.Key_U, ALT)
        till.press(Qt.Key.Key_1)
        till.type("123456.78")
        settle()
        form = till.form
        assert till.window.size().toTuple() == size
        for part in (form.save_button, form.print_button, form.back_button, form.owed, form.amount_edit):
            inside = part.mapTo(till.window, part.rect().bottomRight())
            assert part.isVisible()
            assert inside.x() <= size[0]
            assert inside.y() <= size[1]
            assert part.width() >= part.minimumSizeHint().width()
        assert not form.questions.prepay_box.visibleRegion().isEmpty()
    finally:
        till.close()


def test_a_second_payment_of_the_day_shows_what_it_changes_whichever_of_the_two_pays_which_charge(till: Till) -> None:
    till.book("3-2-1502", 57_940)
    till.open("1502")
    till.press(Qt.Key.Key_1)
    assert till.lines() == [
        ("公摊水电费 2026年4–6月", 12_630, 12_630, 0),
        ("管理费 2026年7–9月", 107_940, 107_940, 0),
        ("车位费 2026年10–12月", 45_000, 45_000, 0),
    ]
    assert till.form.equation.text() == "欠 1,655.70 − 这次 1,655.70 ＝ 还欠 0.00"


def test_the_page_stands_in_the_rail_after_the_notices_and_is_made_when_a_payment_is_wanted(till: Till, qtbot) -> None:
    window = MainWindow(till.desk.messages, till.desk.settings)
    qtbot.addWidget(window)
    room = OfficeRoom(till.desk, window)
    window.resize(1366, 697)
    with qtbot.waitActive(window):
        window.show()
    try:
        assert window.rail.button(PAYMENTS).toolTip() == "收款（Ctrl+4）"
        assert not window.is_made(PAYMENTS)
        till.desk.payment_wanted.emit([till.ids["3-2-902"]])
        settle()
        assert window.current_key() == PAYMENTS
        assert room.payments.till.form.room.text() == "3-2-902"
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_4)
        QTest.keyClick(window.focusWidget(), ENTER)
        settle()
        assert [payment.method for payment in till.booked()] == [PayMethod.ALIPAY]
    finally:
        window.close()
