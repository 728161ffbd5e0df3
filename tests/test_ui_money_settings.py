"""设置 › 违约金与冲抵 and the PIN of an approver, over a real office file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox

from feedesk.errors import BadInput
from feedesk.models.ledger.allocation import ALLOCATION_RULE_TEXTS, AllocationRule
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.office import Role
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.money_tab import MoneyTab
from feedesk.ui.people_tab import PeopleTab
from feedesk.ui.pin_field import PinDialog
from feedesk.ui.settings import UiSettings
from feedesk.ui.sign_dialog import SignDialog
from tests.office_tools import Clock, new_office
from tests.owner_page_tools import NOW, _library
from tests.ui_tools import RecordingPresenter, settle


class Desks:
    """An open office with a desk, and what was offered to be taken back."""

    def __init__(self, folder: Path) -> None:
        self.office: Office = new_office(folder, Clock(NOW))
        self.told = RecordingPresenter()
        self.messages = Messages(self.told)
        self.undo = None
        self.messages.noted.connect(self._keep)
        jobs = JobRunner(self.messages)
        self.desk = Desk(self.office, self.messages, jobs, UiSettings(folder / "ui.ini"), _library(), Fonts())

    def _keep(self, _text: str, undo) -> None:  # type: ignore[no-untyped-def]
        self.undo = undo


@pytest.fixture
def desks(qtbot, tmp_path: Path) -> Iterator[Desks]:
    made = Desks(tmp_path)
    yield made
    made.office.close()


@pytest.fixture
def tab(qtbot, desks: Desks) -> MoneyTab:
    made = MoneyTab(desks.desk)
    qtbot.addWidget(made)
    made.refresh()
    return made


def _type(field, text: str) -> None:  # type: ignore[no-untyped-def]
    field.setText(text)
    field.textEdited.emit(text)


def test_late_fee_is_off_until_a_clause_and_a_rate_are_kept(desks: Desks, tab: MoneyTab) -> None:
    assert tab.state.text() == "没有启用：填好合同条款号和费率并保存，才开始计。"
    assert not tab.save_button.isEnabled()
    _type(tab.rate, "万分之五")
    assert tab.clause_problem.text() == "要填合同条款号才能启用。"
    assert not tab.save_button.isEnabled()
    _type(tab.clause, "第十二条")
    tab.grace.setValue(5)
    tab.save_button.click()
    assert desks.office.late_fees.policy() == LateFeePolicy("第十二条", 500, 5, LateFeeCap.LPR)
    assert tab.state.text() == "已启用：按合同第十二条，日万分之五（年 18.25%），宽限 5 天，最多到 LPR×1.3。"
    tab.off_button.click()
    assert not desks.office.late_fees.policy().is_on


@pytest.mark.parametrize(
    ("typed", "ppm"), [("万分之五", 500), ("0.5‰", 500), ("0.05%", 500), ("日万分之1.07", 107), ("３‰", 3000)]
)
def test_a_rate_may_be_written_as_the_contract_writes_it(tab: MoneyTab, typed: str, ppm: int) -> None:
    _type(tab.clause, "第十二条")
    _type(tab.rate, typed)
    found = tab.typed()
    assert found is not None
    assert found.rate_ppm == ppm


@pytest.mark.parametrize("typed", ["五", "5", "年18%", "2%", "万分之", "0.00001%"])
def test_what_is_no_daily_rate_is_refused_beside_its_field(tab: MoneyTab, typed: str) -> None:
    _type(tab.clause, "第十二条")
    _type(tab.rate, typed)
    assert tab.rate_problem.text()
    assert tab.rate.property("state") == "bad"
    assert not tab.save_button.isEnabled()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("万分之五", ""),
        ("万分之七", "超过年 24%"),
        ("千分之一", "一般会大幅调低"),
        ("3‰", "一般会大幅调低"),
    ],
)
def test_a_steep_rate_is_warned_of_before_it_is_kept(tab: MoneyTab, typed: str, said: str) -> None:
    _type(tab.rate, typed)
    assert said in tab.warning_text()
    assert tab.warning.isHidden() is (not said)


def test_the_lpr_table_is_kept_by_day_and_corrected_there(desks: Desks, tab: MoneyTab) -> None:
    for day, rate in (("2025-05-20", "3.00"), ("2024-10-21", "3.1%"), ("2025-05-20", "3.05")):
        _type(tab.lpr_day, day)
        _type(tab.lpr_rate, rate)
        tab.add_button.click()
    assert desks.office.late_fees.lpr() == (LprRate(date(2024, 10, 21), 310), LprRate(date(2025, 5, 20), 305))
    assert tab.lpr_day.text() == ""
    tab.drop_rate(date(2024, 10, 21))
    assert desks.office.late_fees.lpr() == (LprRate(date(2025, 5, 20), 305),)
    assert desks.undo is not None
    desks.undo()
    assert len(desks.office.late_fees.lpr()) == 2


@pytest.mark.parametrize(
    ("day", "rate", "problem"),
    [
        ("", "3.00", "请填日期，例如 1125。"),
        ("2025-05-20", "三", "LPR 没有看懂，请按百分数填写，例如 3.00。"),
        ("2025-05-20", "16", "LPR 要大于 0、不超过 15%，请核对。"),
    ],
)
def test_a_line_of_lpr_that_cannot_be_is_refused(
    desks: Desks, tab: MoneyTab, day: str, rate: str, problem: str
) -> None:
    _type(tab.lpr_day, day)
    _type(tab.lpr_rate, rate)
    tab.add_button.click()
    assert tab.lpr_problem.text() == problem
    assert tab.lpr_rate.text() == rate
    assert desks.office.late_fees.lpr() == ()


def test_the_example_reckons_what_is_typed_line_by_line(desks: Desks, tab: MoneyTab) -> None:
    desks.office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    tab.refresh()
    _type(tab.clause, "第十二条")
    _type(tab.rate, "万分之五")
    tab.example_due.set_day(date(2026, 5, 1))
    _type(tab.example_amount, "1079.40")
    assert tab.example.text().splitlines() == [
        "合同：1,079.40 × 200 天 × 日万分之五 = 107.94（2026-05-02 至 2026-11-17）",
        "LPR×1.3：1,079.40 × 200 天 × 3.00% × 1.3 ÷ 365 = 23.07（2026-05-02 至 2026-11-17）",
        "主张 23.07（按 LPR×1.3 封顶）",
    ]


def test_both_rules_of_allocation_are_explained_and_a_change_can_be_taken_back(desks: Desks, tab: MoneyTab) -> None:
    shown = [found.text() for found in tab.findChildren(type(tab.state))]
    assert all(text in shown for text in ALLOCATION_RULE_TEXTS.values())
    assert tab.rules[AllocationRule.OLDEST_DUE].isChecked()
    tab.rules[AllocationRule.STATUTORY].click()
    assert desks.office.late_fees.rule() is AllocationRule.STATUTORY
    assert desks.undo is not None
    desks.undo()
    assert desks.office.late_fees.rule() is AllocationRule.OLDEST_DUE
    assert tab.rules[AllocationRule.OLDEST_DUE].isChecked()


def test_what_is_being_typed_outlasts_changes_elsewhere(desks: Desks, tab: MoneyTab) -> None:
    _type(tab.clause, "第十二")
    desks.desk.write(lambda: desks.office.late_fees.save_lpr(()))
    assert tab.clause.text() == "第十二"


def test_what_is_saved_says_that_past_days_are_reckoned_anew(desks: Desks, tab: MoneyTab) -> None:
    said: list[str] = []
    desks.messages.noted.connect(lambda text, _undo: said.append(text))
    _type(tab.clause, "第十二条")
    _type(tab.rate, "万分之五")
    tab.save_button.click()
    assert said == ["违约金规则已保存，已到期的各笔也按它重新计算。"]


def test_above_lpr_is_kept_only_with_the_managers_pin(desks: Desks, tab: MoneyTab) -> None:
    staff, fees = desks.office.staff, desks.office.late_fees
    low, high = LateFeePolicy("第十二条", 300), LateFeePolicy("第十二条", 300, cap=LateFeeCap.PRINCIPAL)
    fees.save_policy(low)
    staff.set_pin(staff.add("高经理", role=Role.MANAGER), "8341")
    tab.refresh()
    tab.show()
    tab.cap.button(LateFeeCap.PRINCIPAL.value).click()
    assert tab.warning_text() == "高于 LPR×1.3 的部分，收款时不收；写进催款单要项目经理放行。"
    tab.save_button.click()
    settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SignDialog)
    assert fees.policy() == low
    _type(dialog.signer.secret, "0000")
    dialog.save()
    assert desks.told.told == [("签字密码不对，没有办理。", "请批准人本人再输一次。")]
    assert fees.policy() == low
    _type(dialog.signer.secret, "8341")
    dialog.save()
    settle()
    assert fees.policy() == high and desks.undo is not None
    desks.undo = None
    tab.off_button.click()
    assert not fees.policy().is_on
    assert desks.undo is None, "to claim again takes a PIN, so no click takes it back"


# --- 签字密码 ---


def test_a_manager_sets_a_pin_and_changes_it_only_with_the_old_one(qtbot, desks: Desks) -> None:
    manager = desks.office.staff.add("高经理", role=Role.MANAGER)
    people = PeopleTab(desks.desk)
    qtbot.addWidget(people)
    people.refresh()
    people.show()

    def ask(before: str, pin: str) -> None:
        stored = next(one for one in desks.office.staff.all() if one.id == manager.id)
        people.ask_pin(stored)
        settle()
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PinDialog)
        for field, text in ((dialog.by.secret, before), (dialog.first, pin), (dialog.again, pin)):
            if text:
                _type(field, text)
        dialog.save()
        settle()

    ask("", "8341")
    assert desks.office.staff.verify_pin(manager, "8341").name == "高经理"
    ask("0000", "9999")
    assert desks.told.told == [("签字密码不对，没有办理。", "请批准人本人再输一次。")]
    ask("8341", "135790")
    assert desks.office.staff.verify_pin(manager, "135790").name == "高经理"
    with pytest.raises(BadInput):
        desks.office.staff.verify_pin(manager, "8341")


def test_a_clerk_becomes_manager_only_with_the_word_of_one(qtbot, desks: Desks) -> None:
    staff = desks.office.staff
    staff.set_pin(staff.add("高经理", role=Role.MANAGER), "8341")
    people = PeopleTab(desks.desk)
    qtbot.addWidget(people)
    people.refresh()
    people.show()

    def role_box() -> QComboBox:
        return [box for box in people.findChildren(QComboBox) if box.accessibleName() == "许宁 的岗位"][-1]

    def dialog() -> SignDialog:
        box = role_box()
        box.setCurrentIndex(box.findData(Role.MANAGER.value))
        box.activated.emit(box.currentIndex())
        settle()
        found = QApplication.activeModalWidget()
        assert isinstance(found, SignDialog)
        return found

    def role() -> Role:
        return next(person.role for person in staff.all() if person.name == "许宁")

    asked = dialog()
    asked.leave()
    settle()
    assert (role(), role_box().currentData()) == (Role.CLERK, Role.CLERK.value)

    asked = dialog()
    _type(asked.signer.secret, "0000")
    asked.save()
    assert desks.told.told == [("签字密码不对，没有办理。", "请批准人本人再输一次。")]
    assert asked.isVisible() and not asked.signer.pin() and role() is Role.CLERK
    _type(asked.signer.secret, "8341")
    asked.save()
    settle()
    assert (role(), role_box().currentData()) == (Role.MANAGER, Role.MANAGER.value)
