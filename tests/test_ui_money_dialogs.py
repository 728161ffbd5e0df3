"""减免, 分期, 按月拆分, 核对收款, 明细 and the PIN, by keyboard: what may be written, what is asked first, what stays."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from feedesk.errors import BadInput
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger import plans, splits
from feedesk.models.ledger.late_fee import FeeBasis, LateFeeCap, LateFeePolicy, LprRate, account_late_fee
from feedesk.models.ledger.payments import Payment, PaymentShare, PayMethod
from feedesk.models.ledger.plans import PlanDraft
from feedesk.models.ledger.waivers import Waiver, WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.periods import Period
from feedesk.ui.doubt_dialog import DoubtDialog, DoubtLine
from feedesk.ui.late_fee_dialog import ChargeStory, LateFeeDialog, principal_lines
from feedesk.ui.money_dialog import MOST_HIGH, Head
from feedesk.ui.pin_field import NOBODY, PinDialog
from feedesk.ui.plan_dialog import PlanDialog
from feedesk.ui.split_dialog import SplitDialog
from feedesk.ui.waiver_dialog import WaiverDialog
from tests.ui_samples import owner_row
from tests.ui_tools import settle

TODAY = date(2026, 11, 17)
MANAGER = Staff(2, "高经理", "高经理", Role.MANAGER, "x")
LEADER = Staff(3, "周组长", "周组长", Role.LEADER, "x")
NO_PIN = Staff(4, "钱经理", "钱经理", Role.MANAGER)
FEE = Charge(1, 1, "物业费", FeeKind.PROPERTY, Period.parse("2026-04..2026-06"), 120_570, 50_000, date(2026, 4, 15), True,
             True, "", 10_000, 40_000)  # fmt: skip
WATER = Charge(2, 1, "水费", FeeKind.COLLECTED, Period.parse("2026-10"), 44_635, 0, date(2026, 10, 15), False)
POLICY = LateFeePolicy("第十二条", 500, 0, LateFeeCap.PRINCIPAL)
LPR = (LprRate(date(2025, 5, 20), 300),)
BASES = (
    FeeBasis(
        1, "物业费 2026年4–6月", FeeKind.PROPERTY, 120_570, date(2026, 4, 15), False, ((date(2026, 6, 1), 50_000),)
    ),
    FeeBasis(2, "水费 2026年10月", FeeKind.COLLECTED, 44_635, date(2026, 10, 15), False),
)
LATE = account_late_fee(BASES, POLICY, LPR, TODAY)
TITLE_BAR = 32
"""What a window's frame takes of the screen, in logical pixels."""
HEAD = Head("减免", "3-2-1502", "林晓岚", "欠 ¥1,152.05")


class Till:
    """Where a dialog writes: keeps what it was handed and answers as told."""

    def __init__(self, answer: bool = True) -> None:
        self.answer = answer
        self.taken: list[tuple[object, ...]] = []

    def __call__(self, *what: object) -> bool:
        self.taken.append(what)
        return self.answer


def _open(qtbot, dialog):  # type: ignore[no-untyped-def]
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
    return dialog


def _keys(qtbot, *keys: str | Qt.Key) -> None:
    for key in keys:
        if isinstance(key, str):
            qtbot.keyClicks(QApplication.focusWidget(), key)
        else:
            qtbot.keyClick(QApplication.focusWidget(), key)


def _type(_qtbot, field, text: str) -> None:  # type: ignore[no-untyped-def]
    """Typed text; an input method brings Han characters, which no single key stands for."""
    field.setFocus()
    field.setText(text)
    field.textEdited.emit(text)


# --- 减免 ---


def _waiver(qtbot, till: Till, people=(MANAGER, LEADER), late=LATE) -> WaiverDialog:  # type: ignore[no-untyped-def]
    return _open(
        qtbot,
        WaiverDialog(HEAD, [FEE, WATER], late, people, TODAY, till, account_id=1, chosen=2, asked_by="业主本人"),
    )


def test_a_waiver_of_the_charge_in_hand_is_typed_in_one_go(qtbot) -> None:
    till = Till()
    dialog = _waiver(qtbot, till)
    assert dialog.what.currentText() == "2026年10月　水费　欠 446.35"
    _keys(qtbot, "100")
    _type(qtbot, dialog.reason, "抄表有误")
    _type(qtbot, dialog.pin.secret, "8341")
    _keys(qtbot, Qt.Key.Key_Return)
    wanted = WaiverDraft(1, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 10_000, 2, TODAY, "抄表有误", "业主本人", None)
    assert till.taken == [(wanted, MANAGER, "8341")]
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("amount", "reason", "asked_by", "expires", "pin", "problem"),
    [
        ("", "困难", "业主本人", "", "1", "请填金额。"),
        ("446.36", "困难", "业主本人", "", "1", "最多减 446.35。"),
        ("446.35", "", "业主本人", "", "1", "请写明原因，以后对账看得懂。"),
        ("446.35", "困难", "", "", "1", "请写是谁提出的。"),
        ("446.35", "困难", "业主本人", "昨天", "1", "付清期限不能在今天之前。"),
        ("446.35", "困难", "业主本人", "没有", "1", "“没有”不是日期。请按“1125”或“11-25”输入。"),
        ("446.35", "困难", "业主本人", "1231", "", "请批准人自己输入签字密码。"),
        ("446.35", "困难", "业主本人", "1231", "1", ""),
    ],
)
def test_the_first_thing_missing_is_told_and_the_button_waits(
    qtbot, amount: str, reason: str, asked_by: str, expires: str, pin: str, problem: str
) -> None:
    till = Till()
    dialog = _waiver(qtbot, till)
    for field, text in (
        (dialog.amount, amount),
        (dialog.reason, reason),
        (dialog.asked_by, asked_by),
        (dialog.expires, expires),
        (dialog.pin.secret, pin),
    ):
        field.setText(text)
        field.textEdited.emit(text)
    assert dialog.problem() == problem
    assert dialog.save_button.isEnabled() is (not problem)
    assert dialog.save_button.toolTip() == dialog.problem()
    dialog.save()
    assert len(till.taken) == (0 if problem else 1)


def test_what_could_not_be_written_stays_and_only_the_pin_is_asked_again(qtbot) -> None:
    till = Till(answer=False)
    dialog = _waiver(qtbot, till)
    _keys(qtbot, "100")
    _type(qtbot, dialog.reason, "抄表有误")
    _type(qtbot, dialog.pin.secret, "0000")
    _keys(qtbot, Qt.Key.Key_Return)
    assert len(till.taken) == 1
    assert dialog.isVisible()
    assert dialog.reason.text() == "抄表有误"
    assert dialog.pin.secret.text() == ""
    assert QApplication.focusWidget() is dialog.pin.secret


def test_a_vacant_unit_gets_a_percentage_of_the_charge_with_the_sum_shown(qtbot) -> None:
    dialog = _waiver(qtbot, Till())
    vacancy = dialog.kind.button(WaiverKind.VACANCY)
    assert not vacancy.isEnabled()  # water is no fee that a vacancy lowers
    dialog.what.setCurrentIndex(0)
    vacancy.click()
    assert dialog.amount.amount() == 36_171
    dialog.percent.setValue(100)
    assert dialog.amount.amount() == 70_570  # never more than is owed
    assert dialog.sum_text() == "减后这笔欠 ¥0.00"


def test_late_fee_is_let_off_as_a_whole_and_by_the_leader_too(qtbot) -> None:
    till = Till()
    dialog = _waiver(qtbot, till, people=(LEADER,))
    assert dialog.pin.problem() == NOBODY  # principal is the manager's
    dialog.target.button(WaiverTarget.LATE_FEE).click()
    assert dialog.amount.amount() == LATE.owed
    _type(qtbot, dialog.reason, "首次逾期")
    _type(qtbot, dialog.pin.secret, "1357")
    _keys(qtbot, Qt.Key.Key_Return)
    ((draft, approver, _pin),) = till.taken
    assert (draft.target, draft.amount, draft.charge_id) == (WaiverTarget.LATE_FEE, LATE.owed, None)
    assert approver == LEADER


def test_without_late_fee_only_principal_is_offered(qtbot) -> None:
    button = _waiver(qtbot, Till(), late=None).target.button(WaiverTarget.LATE_FEE)
    assert not button.isEnabled()
    assert button.toolTip() == "违约金没有启用：设置 › 违约金与冲抵"


def test_nobody_with_a_pin_is_said_before_anything_is_typed_in_vain(qtbot) -> None:
    dialog = _waiver(qtbot, Till(), people=(NO_PIN,))
    assert dialog.problem() == NOBODY
    assert NOBODY in [words.text() for words in dialog.findChildren(QLabel) if words.isVisible()]


@pytest.mark.parametrize("people", [(MANAGER,), (NO_PIN,)])
def test_a_waiver_fits_a_laptop_magnified_to_512_lines_whatever_it_has_to_say(qtbot, people: tuple[Staff, ...]) -> None:
    dialog = _waiver(qtbot, Till(), people=people)
    dialog.what.setCurrentIndex(0)
    dialog.kind.button(WaiverKind.VACANCY).click()
    said = [dialog.height()]
    for field, text in (
        (dialog.amount, "99999"),
        (dialog.amount, "1"),
        (dialog.reason, "空置"),
        (dialog.expires, "没有"),
    ):
        _type(qtbot, field, text)
        dialog.save()
        settle()
        said.append(dialog.height())
    assert max(said) <= 512 - TITLE_BAR
    assert dialog.minimumSizeHint().height() <= dialog.height()


def test_esc_leaves_without_writing_and_what_was_typed_only_with_a_second_one(qtbot) -> None:
    till = Till()
    dialog = _waiver(qtbot, till)
    _keys(qtbot, "100", Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.note.text() == "填了的还没有保存，再按一次 Esc 就放弃。"
    _keys(qtbot, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    untouched = _waiver(qtbot, till)
    _keys(qtbot, Qt.Key.Key_Escape)
    assert not untouched.isVisible()
    assert till.taken == []


# --- 分期 ---


def _propose(ids: tuple[int, ...], count: int, first: date) -> PlanDraft:
    total = 344_635 * len(ids)
    return PlanDraft(ids, TODAY, plans.propose(total, count, first), total)


def _plan(qtbot, till: Till, *, siblings=(), propose=_propose) -> PlanDialog:  # type: ignore[no-untyped-def]
    return _open(
        qtbot,
        PlanDialog(
            HEAD, owner_row(), siblings, (MANAGER,), TODAY, date(2026, 11, 24), propose, till, has_late_fee=True
        ),
    )


def test_three_equal_instalments_take_a_pin_and_enter(qtbot) -> None:
    till = Till()
    dialog = _plan(qtbot, till)
    assert dialog.sum_text() == "合计 3,446.35 = 欠费 3,446.35　✓"
    dialog.waive.setChecked(True)
    _type(qtbot, dialog.pin.secret, "8341")
    _keys(qtbot, Qt.Key.Key_Return)
    ((draft, approver, pin),) = till.taken
    assert [(part.due_on, part.amount) for part in draft.instalments] == [
        (date(2026, 11, 24), 114_878), (date(2026, 12, 24), 114_878), (date(2027, 1, 24), 114_879)
    ]  # fmt: skip
    assert (draft.total, draft.waives_late_fee, approver, pin) == (344_635, True, MANAGER, "8341")


def test_a_sum_that_does_not_agree_is_told_and_not_written(qtbot) -> None:
    till = Till()
    dialog = _plan(qtbot, till)
    _type(qtbot, dialog.pin.secret, "8341")
    _type(qtbot, dialog.rows[0].amount, "1000")
    assert dialog.sum_text() == "合计 3,297.57 ≠ 欠费 3,446.35　差 148.78"
    assert dialog.problem() == "各期加起来要等于欠费 3,446.35。"
    _type(qtbot, dialog.rows[2].amount, "1297.57")
    assert dialog.problem() == ""
    dialog.save()
    assert [part.amount for part in till.taken[0][0].instalments] == [100_000, 114_878, 129_757]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("row", "day", "problem"),
    [
        (1, "2026-11-24", "第 2 期要晚于第 1 期。"),
        (0, "昨天", "第 1 期不能在今天之前。"),
        (2, "", "第 3 期：请填日期，例如 1125。"),
    ],
)
def test_days_follow_each_other_from_today_on(qtbot, row: int, day: str, problem: str) -> None:
    dialog = _plan(qtbot, Till())
    field = dialog.rows[row].day
    field.setText(day)
    field.day_changed.emit(field.day())
    assert dialog.problem() == problem


def test_a_day_typed_into_a_plan_is_not_lost_by_one_esc(qtbot) -> None:
    dialog = _plan(qtbot, Till())
    dialog.rows[1].day.setFocus()
    qtbot.keyClicks(dialog.rows[1].day, "5")
    _keys(qtbot, Qt.Key.Key_Escape)
    assert dialog.isVisible()


def test_all_units_of_an_owner_are_planned_together_unless_told_otherwise(qtbot) -> None:
    dialog = _plan(qtbot, Till(), siblings=(owner_row(2, "3-2-1503"),))
    assert dialog.account_ids() == (1, 2)
    assert dialog.sum_text() == "合计 6,892.70 = 欠费 6,892.70　✓"
    dialog.together.setChecked(False)
    assert dialog.sum_text() == "合计 3,446.35 = 欠费 3,446.35　✓"


def test_a_count_that_is_no_plan_is_said_beside_it(qtbot) -> None:
    def refuse(_ids: tuple[int, ...], _count: int, _first: date) -> PlanDraft:
        raise BadInput("每期至少一分，没有排出来。")

    dialog = _plan(qtbot, Till(), propose=refuse)
    assert dialog.problem() == "每期至少一分，没有排出来。"
    assert not dialog.save_button.isEnabled()


def test_the_highest_plan_still_fits_a_small_screen(qtbot) -> None:
    dialog = _plan(qtbot, Till(), siblings=(owner_row(2, "3-2-1503"),))
    dialog.count.setValue(24)
    dialog.rows[0].amount.setText("1")
    dialog.refresh()
    assert dialog.height() <= MOST_HIGH


# --- 按月拆分 ---


def _split(qtbot, till: Till) -> SplitDialog:  # type: ignore[no-untyped-def]
    equal = splits.parts(FEE, splits.propose(FEE.amount, FEE.period or Period.parse("2026-04")), 0, 15)
    return _open(qtbot, SplitDialog(HEAD, FEE, equal, till, TODAY))


def test_equal_months_need_only_enter(qtbot) -> None:
    till = Till()
    dialog = _split(qtbot, till)
    assert dialog.sum_text() == "合计 1,205.70 = 应缴 1,205.70　✓"
    _keys(qtbot, Qt.Key.Key_Return)
    assert till.taken == [((40_190, 40_190, 40_190),)]


def test_typed_months_must_add_up(qtbot) -> None:
    till = Till()
    dialog = _split(qtbot, till)
    dialog.how.button("typed").click()
    _type(qtbot, dialog.fields[0], "400")
    assert dialog.sum_text() == "合计 1,203.80 ≠ 应缴 1,205.70　差 1.90"
    _keys(qtbot, Qt.Key.Key_Return)
    assert till.taken == []
    _type(qtbot, dialog.fields[2], "403.80")
    _keys(qtbot, Qt.Key.Key_Return)
    assert till.taken == [((40_000, 40_190, 40_380),)]


def test_a_month_without_an_amount_is_named(qtbot) -> None:
    dialog = _split(qtbot, Till())
    dialog.how.button("typed").click()
    dialog.fields[1].setText("")
    dialog.fields[1].amount_changed.emit(None)
    assert dialog.problem() == "2026年5月：请填金额。"


# --- 核对收款 ---

PAID = Payment(
    5, date(2026, 6, 1), datetime(2026, 6, 1, 10, 0), 40_000, PayMethod.TRANSFER, "", "", "", "许宁",
    ("3-2-1502",), ("林晓岚",), (PaymentShare(1, 40_000),),
)  # fmt: skip
DOUBT = DoubtLine("物业费 2026年4–6月 ¥400.00", "11-20 的清单还列着")


@pytest.mark.parametrize(
    ("digit", "confirmed", "reversed_"), [("1", [("问过财务",)], []), ("2", [], [(5, "问过财务")])]
)
def test_a_digit_chooses_who_is_right_and_a_reason_goes_with_it(
    qtbot, digit: str, confirmed: list[tuple[object, ...]], reversed_: list[tuple[object, ...]]
) -> None:
    confirm, reverse = Till(), Till()
    dialog = _open(qtbot, DoubtDialog(HEAD, [DOUBT], [PAID], confirm, reverse))
    assert dialog.problem() == "请选一种，按 1 或 2。"
    _keys(qtbot, digit)
    assert dialog.problem() == "请写怎么核对的。"
    assert QApplication.focusWidget() is dialog.reason
    _type(qtbot, dialog.reason, "问过财务")
    _keys(qtbot, Qt.Key.Key_Return)
    assert (confirm.taken, reverse.taken) == (confirmed, reversed_)


def test_where_nothing_can_be_reversed_only_the_money_can_be_right(qtbot) -> None:
    dialog = _open(qtbot, DoubtDialog(HEAD, [DOUBT], [], Till(), Till()))
    assert not dialog.wrong.isEnabled()
    _keys(qtbot, "2")
    assert not dialog.wrong.isChecked()


# --- 明细 ---


def test_the_principal_is_told_from_what_was_due_to_what_is_open() -> None:
    draft = WaiverDraft(
        1, WaiverTarget.PRINCIPAL, WaiverKind.HARDSHIP, 6_000, 1, date(2026, 6, 1), "低保户", "业主本人"
    )
    waiver = Waiver(1, datetime(2026, 6, 1, 9), draft, "高经理", "许宁")
    lines = principal_lines(ChargeStory(FEE, ((PAID, 30_000),), (waiver,)), TODAY)
    assert lines == (
        ("应缴，应缴日 2026-04-15（推定）", 120_570),
        ("困难减免 06-01：低保户", -6_000),
        ("减免", -4_000),
        ("收款 2026-06-01 转账（全笔 400.00）", -30_000),
        ("收款", -10_000),
        ("欠", 70_570),
    )
    assert sum(fen for _words, fen in lines[:-1]) == lines[-1][1]


def test_the_late_fee_is_told_line_by_line_with_the_three_figures(qtbot) -> None:
    dialog = _open(qtbot, LateFeeDialog("3-2-1502", ChargeStory(FEE), LATE.lines[0], POLICY, TODAY, TODAY))
    text = dialog.text()
    assert "合同：1,205.70 × 47 天 × 日万分之五 = 28.3340（2026-04-16 至 2026-06-01）" in text
    assert "按合同第十二条（日万分之五） 87.97" in text
    assert "按 LPR×1.3 18.80" in text
    assert "\n起算时的本金 1,205.70\n" in text, "what it is reckoned from; what is owed stands above"
    assert "主张 87.97" in text
    assert dialog.height() <= MOST_HIGH


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        (None, "没有启用违约金：要先在“设置 › 违约金与冲抵”填合同条款号和费率。"),
        (LATE.lines[1], "代收费用不计违约金"),
    ],
)
def test_why_there_is_no_late_fee_is_said(qtbot, fee, said: str) -> None:  # type: ignore[no-untyped-def]
    dialog = _open(qtbot, LateFeeDialog("3-2-1502", ChargeStory(WATER), fee, POLICY, TODAY, TODAY))
    assert dialog.text().endswith(said)


# --- 签字密码 ---


def test_a_pin_is_typed_twice_and_the_old_one_once(qtbot) -> None:
    dialog = _open(qtbot, PinDialog(MANAGER, [MANAGER]))
    _type(qtbot, dialog.by.secret, "8341")
    _type(qtbot, dialog.first, "135790")
    _type(qtbot, dialog.again, "135791")
    assert dialog.problem.text() == "两遍不一样，请再输一遍。"
    _type(qtbot, dialog.again, "135790")
    with qtbot.waitSignal(dialog.saved) as told:
        _keys(qtbot, Qt.Key.Key_Return)
    assert told.args == [Signature(MANAGER, "8341"), "135790"]


def test_a_short_pin_is_refused(qtbot) -> None:
    dialog = _open(qtbot, PinDialog(NO_PIN, []))
    _type(qtbot, dialog.first, "135")
    _type(qtbot, dialog.again, "135")
    with qtbot.assertNotEmitted(dialog.saved):
        _keys(qtbot, Qt.Key.Key_Return)
    assert dialog.problem.text() == "新密码要 4–12 位。"
