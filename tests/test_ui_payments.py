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

from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.late_fee import LateFeePolicy, LprRate
from feedesk.models.ledger.payments import PayMethod, UseKind
from feedesk.models.money import show
from feedesk.models.office import Role
from feedesk.ui.main_window import MainWindow
from feedesk.ui.office_room import PAYMENTS, OfficeRoom
from feedesk.ui.widgets import KeyCap
from tests.office_tools import import_list, listed
from tests.payments_page_tools import ALT, CTRL, HOUSEHOLDS, NONE, NOW, TODAY, Till
from tests.ui_tools import settle

ENTER, ESCAPE, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space


@pytest.fixture
def till(qtbot, tmp_path: Path) -> Iterator[Till]:
    made = Till(qtbot, tmp_path)
    yield made
    made.close()


def charge_late_fee(till: Till) -> None:
    """万分之五 a day from the day after the due day."""
    till.office.late_fees.save_lpr([LprRate(date(2024, 1, 1), 345)])
    till.office.late_fees.save_policy(LateFeePolicy("第十二条", 500))


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


# --- what the money does ---


def test_every_line_says_what_is_owed_what_is_paid_and_what_stays(till: Till) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.type("1000")
    assert till.lines() == [
        ("管理费 2026年4–6月", 57_940, 57_940, 0),
        ("公摊水电费 2026年4–6月", 12_630, 12_630, 0),
        ("管理费 2026年7–9月", 107_940, 29_430, 78_510),
        ("车位费 2026年10–12月", 45_000, 0, 45_000),
    ]
    assert till.form.save_button.words() == "收 ¥1,000.00，还欠 ¥1,235.10"
    assert till.form.equation.text() == "欠 2,235.10 − 这次 1,000.00 ＝ 还欠 1,235.10"
    assert till.form.rule_words.text() == "按规则：先缴最早到期的 · 空格指定"


def test_what_the_payer_names_is_paid_first_and_the_rest_by_the_rule(till: Till) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.type("500")
    till.form.lines.setFocus()
    till.form.lines.choose_row(3)
    till.press(SPACE)
    assert [(now, left) for _what, _owed, now, left in till.lines()] == [
        (5_000, 52_940), (0, 12_630), (0, 107_940), (45_000, 0),
    ]  # fmt: skip
    assert till.form.rule_words.text() == "指定了 1 笔 ¥450.00，多出的按规则；空格改"
    till.press(ENTER)
    (payment,) = till.booked()
    assert [(name.amount) for name in payment.shares[0].named] == [45_000]
    left = {
        charge.item + charge.period_text(): charge.owed for charge in till.office.accounts.charges(till.ids["3-2-1502"])
    }
    assert left["车位费2026年10–12月"] == 0
    assert left["管理费2026年4–6月"] == 52_940


def test_an_over_payment_is_asked_about_in_the_form(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_1)
    till.type("2000")
    assert till.form.questions.prepay_box.text() == "多出 ¥97.40 转为预缴，下次出账时自动抵用（Alt+Y）"
    assert not till.form.save_button.isEnabled()
    assert till.form.save_button.words() == "收 ¥2,000.00，¥97.40 转预缴"
    till.press(ENTER)
    assert till.booked() == []
    assert till.form.questions.prepay_box.hasFocus()
    till.press(Qt.Key.Key_Y, ALT)
    assert till.form.save_button.isEnabled()
    till.press(ENTER)
    assert till.office.payments.prepaid(till.ids["3-2-902"]) == 9_740
    assert till.window.toast.text() == "3-2-902 已收 ¥2,000.00（现金）。3-2-902 ¥97.40 转为预缴。"


def test_the_agreement_to_prepay_is_about_one_sum_and_not_about_another(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_1)
    till.type("2000")
    till.press(Qt.Key.Key_Y, ALT)
    till.refill(till.form.amount_edit, "20000")
    assert not till.form.questions.prepay_box.isChecked()
    till.press(ENTER)
    assert till.booked() == []


def test_one_who_owes_nothing_may_pay_ahead(till: Till) -> None:
    till.book("3-2-902", 190_260)
    till.open("902")
    assert till.form.amount_edit.text() == ""
    till.press(Qt.Key.Key_1)
    till.type("300")
    till.press(Qt.Key.Key_Y, ALT)
    assert till.form.save_button.words() == "收 ¥300.00，全部转预缴"
    till.press(ENTER)
    assert till.office.payments.prepaid(till.ids["3-2-902"]) == 30_000


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "请填金额。"),
        ("二百四", "金额“二百四”不是数字。"),
        ("12.345", "金额“12.345”精确到了分以下。"),
        ("0", "金额要大于 0。"),
        ("-5", "金额要大于 0。"),
    ],
)
def test_a_sum_that_is_none_is_refused_under_its_field(till: Till, typed: str, problem: str) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.form.amount_edit.setText(typed)
    till.form.amount_edit.textEdited.emit(typed)
    assert till.form.amount.problem.text() == problem
    assert not till.form.save_button.isEnabled()
    till.press(ENTER)
    assert till.booked() == []


@pytest.mark.parametrize(("typed", "money"), [("￥1,000", 100_000), ("１２３.４５", 12_345), ("1535.5元", 153_550)])
def test_a_sum_may_be_written_as_people_write_it(till: Till, typed: str, money: int) -> None:
    till.open("1502")
    till.form.amount_edit.setText(typed)
    till.form.amount_edit.textEdited.emit(typed)
    till.press(Qt.Key.Key_1, ALT)
    till.press(ENTER)
    assert [payment.amount for payment in till.booked()] == [money]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("2026-12-19", "收款日在今天之后：请改成已经收到的那一天。"),
        ("2019-02-19", "收款日早于这户的账（2026-04-01 起）：请核对日期，或改记到原业主名下。"),
        ("2026-02-30", "没有“2026-02-30”这一天。"),
        ("1125", "11-25 还没到；去年的请写全 2025-11-25。"),
    ],
)
def test_a_day_that_cannot_be_is_refused_under_its_field(till: Till, typed: str, problem: str) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.refill(till.form.day_edit, typed)
    assert till.form.day.problem.text() == problem
    assert not till.form.save_button.isEnabled()
    till.press(ENTER)
    assert till.booked() == []
    till.refill(till.form.day_edit, "1117")
    assert till.form.day.problem.text() == ""
    assert till.form.save_button.isEnabled()


# --- finance's list ---


def test_money_from_before_the_list_is_registered_and_not_counted_again(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_2)
    till.type("500")
    till.refill(till.form.day_edit, "1110")
    assert "清单截止日 11-13 以前收到" in till.form.questions.covered_words.text()
    assert till.form.save_button.words() == "登记 ¥500.00，欠费不变"
    till.press(ENTER)
    assert till.owed("3-2-902") == 190_260
    (payment,) = till.booked()
    assert [use.kind for use in till.office.payments.uses(payment.id)] == [UseKind.IN_LIST]


def test_what_finance_missed_is_counted_when_the_clerk_says_so(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_2)
    till.type("500")
    till.refill(till.form.day_edit, "1110")
    assert [cap.text() for cap in till.form.questions.covered.findChildren(KeyCap)] == ["Alt+L"]
    till.press(Qt.Key.Key_L, ALT)
    assert till.form.questions.covered_choice.value() == "missed"
    assert till.form.save_button.words() == "收 ¥500.00，还欠 ¥1,402.60"
    till.press(ENTER)
    assert till.owed("3-2-902") == 140_260


def test_the_question_about_the_list_goes_with_its_day_and_with_its_payer(till: Till) -> None:
    till.open("902")
    till.press(Qt.Key.Key_2)
    till.type("500")
    for typed, asked in (("1110", True), ("1117", False), ("1110", True)):
        till.refill(till.form.day_edit, typed)
        assert till.form.questions.covered.isHidden() is not asked
        assert till.form.questions.covered_choice.value() == "in_list"
        till.press(Qt.Key.Key_L, ALT)
        assert till.page.till.draft().finance_missed is asked
        assert till.form.questions.covered.isHidden() is not asked
    till.press(ESCAPE)
    till.open("1502")
    assert till.form.questions.covered.isHidden()
    till.press(Qt.Key.Key_1, ALT)
    assert not till.page.till.draft().finance_missed


def test_a_payment_takes_the_place_of_what_the_list_had_settled(till: Till) -> None:
    import_list(till.office, *[home for home in HOUSEHOLDS if home.room != "3-2-902"], as_of=date(2026, 11, 16))
    assert till.owed("3-2-902") == 0
    till.open("902")
    till.press(Qt.Key.Key_2)
    till.type("1902.60")
    till.refill(till.form.day_edit, "1115")
    assert "它替下清单销掉的 物业费 2026年7–9月" in till.form.questions.covered_words.text()
    assert till.form.save_button.words() == "登记 ¥1,902.60，欠费不变"
    till.press(ENTER)
    (charge,) = till.office.accounts.charges(till.ids["3-2-902"])
    assert (charge.paid, charge.settled, charge.owed) == (190_260, 190_260, 0)
    assert till.office.payments.prepaid(till.ids["3-2-902"]) == 0


# --- several units ---


def join(till: Till) -> None:
    till.office.accounts.join([till.ids["5-2-0901"], till.ids["5-2-0902"]])


def test_all_units_of_the_owner_are_shown_and_the_one_asked_for_is_checked(till: Till) -> None:
    join(till)
    till.open("0902")
    form = till.form
    assert [chip.words() for chip in form.units.widgets()] == ["5-2-0902 ¥1,000.00", "5-2-0901 ¥2,158.80"]
    assert form.units.checked() == (till.ids["5-2-0902"],)
    assert form.amount_edit.text() == "1,000.00"
    till.press(Qt.Key.Key_U, ALT)
    assert form.amount_edit.text() == "3,158.80"
    assert [what for what, *_ in till.lines()] == ["5-2-0902 管理费 2026年4–6月", "5-2-0901 管理费 2026年7–9月"]
    till.press(Qt.Key.Key_U, ALT)
    assert form.units.checked() == (till.ids["5-2-0902"],)


def test_one_payment_for_two_units_is_laid_over_both(till: Till) -> None:
    join(till)
    till.open("0901")
    till.press(Qt.Key.Key_U, ALT)
    till.press(Qt.Key.Key_2)
    till.type("1500")
    till.press(ENTER)
    assert (till.owed("5-2-0902"), till.owed("5-2-0901")) == (0, 165_880)
    (payment,) = till.booked()
    assert sorted(share.amount for share in payment.shares) == [50_000, 100_000]


def test_without_any_unit_nothing_can_be_booked(till: Till) -> None:
    join(till)
    till.open("0901")
    till.press(Qt.Key.Key_1)
    till.form.units.chip(till.ids["5-2-0901"]).click()
    assert till.form.problem.text() == "先勾上是为哪一套缴的。"
    assert not till.form.save_button.isEnabled()


def test_another_page_may_ask_for_a_payment_of_just_these_units(till: Till) -> None:
    join(till)
    till.page.take_for([till.ids["5-2-0901"], till.ids["5-2-0902"]])
    settle()
    assert till.form.units.checked() == (till.ids["5-2-0901"], till.ids["5-2-0902"])
    assert till.form.pad.isAncestorOf(till.focus())


# --- late fee ---


def test_without_a_policy_there_is_no_word_of_late_fee(till: Till) -> None:
    till.open("0504")
    assert till.form.questions.late_fee_box.isHidden()


def test_late_fee_is_apart_and_has_its_own_tick(till: Till) -> None:
    charge_late_fee(till)
    fee = till.office.late_fees.of_account(till.ids["6-1-0504"], TODAY).owed
    assert fee > 0
    till.open("0504")
    form = till.form
    assert not form.questions.late_fee_box.isHidden()
    assert not form.questions.late_fee_box.isChecked()
    assert form.amount_edit.text() == "428.25"
    till.press(Qt.Key.Key_F, ALT)
    assert (form.amount_edit.text(), form.questions.late_fee.text()) == (show(42_825 + fee), show(fee))
    assert form.equation.text() == f"欠 428.25 − 这次 428.25 ＝ 还欠 0.00 · 违约金 {show(fee)}"
    till.press(Qt.Key.Key_1, ALT)
    till.press(ENTER)
    (payment,) = till.booked()
    assert [(share.amount, share.late_fee) for share in payment.shares] == [(42_825 + fee, fee)]
    assert till.office.late_fees.of_account(till.ids["6-1-0504"], TODAY).owed == 0


@pytest.mark.parametrize(("rule", "taken"), [(AllocationRule.OLDEST_DUE, 0), (AllocationRule.STATUTORY, 1)])
def test_the_rule_says_whether_a_part_payment_pays_late_fee_first(till: Till, rule: AllocationRule, taken: int) -> None:
    charge_late_fee(till)
    till.office.late_fees.save_rule(rule)
    fee = till.office.late_fees.of_account(till.ids["6-1-0504"], TODAY).owed
    till.open("0504")
    assert till.form.questions.late_fee_box.isChecked() is bool(taken)
    till.press(Qt.Key.Key_1)
    till.type("100")
    till.press(ENTER)
    (payment,) = till.booked()
    assert payment.shares[0].late_fee == taken * fee


@pytest.mark.parametrize(("typed", "problem"), [("9000", "违约金到这天一共"), ("x", "金额“x”不是数字。")])
def test_late_fee_that_is_not_owed_is_refused_beside_it(till: Till, typed: str, problem: str) -> None:
    charge_late_fee(till)
    till.open("0504")
    till.press(Qt.Key.Key_F, ALT)
    till.press(Qt.Key.Key_1, ALT)
    till.refill(till.form.questions.late_fee, typed)
    assert till.form.questions.late_fee_problem.text().startswith(problem)
    till.press(ENTER)
    assert till.booked() == []


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
        join(till)
        charge_late_fee(till)
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


# --- what is good to know before ---


def test_one_who_says_he_has_paid_is_not_charged_twice_unawares(till: Till) -> None:
    till.office.contacts.claim((till.ids["3-2-902"],), ClaimDraft(date(2026, 11, 16), 190_260, "微信"))
    till.open("902")
    assert till.form.pill.text() == "已缴待核"
    assert till.form.doubts.text().startswith("3-2-902 已缴待核：")
    assert not till.form.doubts.isHidden()
    till.press(ESCAPE)
    till.open("1502")
    assert till.form.doubts.isHidden()
    assert till.form.pill.isHidden()


def test_the_debt_of_a_former_owner_is_taken_in_his_name(till: Till) -> None:
    bought = listed("3-2-902", "新业主", ("物业费", "2026-10", 60_000))
    import_list(till.office, *[home for home in HOUSEHOLDS if home.room != "3-2-902"], bought, as_of=date(2026, 11, 16))
    till.open("周启明")
    assert till.form.name.text() == "周启明（原业主）"
    till.press(ESCAPE)
    till.open("新业主")
    assert till.form.name.text() == "新业主"
    till.press(Qt.Key.Key_1)
    till.refill(till.form.day_edit, "1101")
    assert till.form.day.problem.text().startswith("收款日早于这户的账（2026-11-16 起）")


def test_what_was_paid_ahead_is_said_beside_what_is_owed(till: Till) -> None:
    till.book("3-2-902", 200_000)
    till.open("902")
    assert (till.form.owed_words.text(), till.form.owed.text()) == ("预缴 97.40 · 欠", "¥0.00")


def test_the_instalment_that_is_next_is_a_key_away(till: Till) -> None:
    leader = till.office.staff.add("何主任", role=Role.MANAGER)
    till.office.staff.set_pin(leader, "2468")
    draft = till.office.plans.propose([till.ids["3-2-902"]], 3, date(2026, 11, 20))
    till.office.plans.agree(draft, leader, "2468")
    till.open("902")
    form = till.form
    assert form.instalment.words() == "分期第 1 期 ¥634.20"
    till.press(Qt.Key.Key_2)
    till.press(Qt.Key.Key_I, ALT)
    assert form.amount_edit.amount() == 63_420
    assert form.save_button.words() == "收 ¥634.20，还欠 ¥1,268.40"
    till.press(ENTER)
    till.open("902")
    assert form.instalment.words() == "分期第 2 期 ¥634.20"
    till.press(ESCAPE)
    till.open("1502")
    assert form.instalment.isHidden()
