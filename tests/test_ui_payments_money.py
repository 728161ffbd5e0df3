"""What a payment does, as the form shows it: lines, 预缴, the list of finance, several units, late fee, what is good to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from feedesk.models.contacts import ClaimDraft
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.payments import UseKind
from feedesk.models.money import show
from feedesk.models.office import Role
from feedesk.ui.widgets import KeyCap
from tests.office_tools import import_list, listed
from tests.payments_page_tools import ALT, HOUSEHOLDS, TODAY, Till
from tests.ui_tools import settle

ENTER, ESCAPE, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space


@pytest.fixture
def till(qtbot, tmp_path: Path) -> Iterator[Till]:
    made = Till(qtbot, tmp_path)
    yield made
    made.close()


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


def test_all_units_of_the_owner_are_shown_and_the_one_asked_for_is_checked(till: Till) -> None:
    till.join()
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
    till.join()
    till.open("0901")
    till.press(Qt.Key.Key_U, ALT)
    till.press(Qt.Key.Key_2)
    till.type("1500")
    till.press(ENTER)
    assert (till.owed("5-2-0902"), till.owed("5-2-0901")) == (0, 165_880)
    (payment,) = till.booked()
    assert sorted(share.amount for share in payment.shares) == [50_000, 100_000]


def test_without_any_unit_nothing_can_be_booked(till: Till) -> None:
    till.join()
    till.open("0901")
    till.press(Qt.Key.Key_1)
    till.form.units.chip(till.ids["5-2-0901"]).click()
    assert till.form.problem.text() == "先勾上是为哪一套缴的。"
    assert not till.form.save_button.isEnabled()


def test_another_page_may_ask_for_a_payment_of_just_these_units(till: Till) -> None:
    till.join()
    till.page.take_for([till.ids["5-2-0901"], till.ids["5-2-0902"]])
    settle()
    assert till.form.units.checked() == (till.ids["5-2-0901"], till.ids["5-2-0902"])
    assert till.form.pad.isAncestorOf(till.focus())


# --- late fee ---


def test_without_a_policy_there_is_no_word_of_late_fee(till: Till) -> None:
    till.open("0504")
    assert till.form.questions.late_fee_box.isHidden()


def test_late_fee_is_apart_and_has_its_own_tick(till: Till) -> None:
    till.charge_late_fee()
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
    till.charge_late_fee()
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
    till.charge_late_fee()
    till.open("0504")
    till.press(Qt.Key.Key_F, ALT)
    till.press(Qt.Key.Key_1, ALT)
    till.refill(till.form.questions.late_fee, typed)
    assert till.form.questions.late_fee_problem.text().startswith(problem)
    till.press(ENTER)
    assert till.booked() == []


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
