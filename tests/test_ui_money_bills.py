"""账单, head and 记录 of an owner with money on record, in the real window over a real office file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from feedesk.models.changes import Changes
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Role, Staff
from feedesk.ui.call_facts import gather
from feedesk.ui.doubt_dialog import DoubtDialog
from feedesk.ui.late_fee_dialog import LateFeeDialog
from feedesk.ui.plan_card import PlanCard
from feedesk.ui.plan_dialog import PlanDialog
from feedesk.ui.split_dialog import SplitDialog
from feedesk.ui.today_facts import TodayFacts
from feedesk.ui.waiver_dialog import WaiverDialog
from tests.office_tools import import_list, listed
from tests.owner_page_tools import ALT, Owners
from tests.ui_tools import settle

Key = Qt.Key
TODAY = date(2026, 11, 17)
ROOM, ONE_MONTH = "3-2-1502", "3-10-101"
PIN = "8341"


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    yield made
    made.close()


def _bills(owners: Owners, room: str = ROOM):  # type: ignore[no-untyped-def]
    owners.choose(room)
    owners.press(Key.Key_2, ALT)
    assert owners.panel.bills.list.hasFocus()
    return owners.panel.bills


def _manager(owners: Owners) -> Staff:
    person = owners.office.staff.add("高经理", role=Role.MANAGER)
    owners.office.staff.set_pin(person, PIN)
    return next(one for one in owners.office.staff.all() if one.id == person.id)


def _pay(owners: Owners, amount: int, room: str = ROOM, on: date = TODAY, *, prepay: bool = False) -> int:
    share = PaymentShare(owners.ids[room], amount)
    draft = PaymentDraft(on, amount, PayMethod.WECHAT, (share,), prepay_agreed=prepay)
    changes = owners.office.payments.take(draft)
    owners.desk.changed.emit(changes)
    settle()
    return changes.record_id


def _charge_late_fee(owners: Owners, cap: LateFeeCap = LateFeeCap.PRINCIPAL) -> None:
    owners.office.late_fees.save_policy(LateFeePolicy("第十二条", 500, 0, cap))
    owners.office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    _spread(owners)


def _spread(owners: Owners) -> None:
    owners.desk.changed.emit(Changes(everything=True))
    settle()


def _dialog(kind: type[QDialog]):  # type: ignore[no-untyped-def]
    settle()
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def _enter(field, text: str) -> None:  # type: ignore[no-untyped-def]
    field.setText(text)
    field.textEdited.emit(text)


# --- lines and sums ---


def test_a_part_payment_shows_its_half_mark_and_parts(owners: Owners) -> None:
    _pay(owners, 60_000)
    bills = _bills(owners)
    assert bills.lines()[0] == (
        "2026年7–9月，物业费 · 3 个月合计，欠 400.00，应缴 2026-07-15（推定） · 逾期 125 天，应 1,000.00 · 已缴 600.00"
    )
    assert bills.total_text() == "2 笔 未缴合计（违约金未计） ¥846.35"
    assert owners.panel.header.amount.text() == "¥846.35"


def test_what_was_let_off_stands_apart_from_what_was_paid(owners: Owners) -> None:
    manager = _manager(owners)
    charge = owners.office.accounts.charges(owners.ids[ROOM])[0]
    draft = WaiverDraft(
        owners.ids[ROOM], WaiverTarget.PRINCIPAL, WaiverKind.HARDSHIP, 5_000, charge.id, TODAY, "低保户", "业主本人"
    )
    owners.office.waivers.grant(draft, manager, PIN)
    _pay(owners, 60_000)
    assert "应 1,000.00 · 已缴 600.00 · 减免 50.00" in _bills(owners).lines()[0]


def test_late_fee_is_apart_on_its_line_and_at_the_foot(owners: Owners) -> None:
    _charge_late_fee(owners)
    owners.office.splits.split(owners.office.accounts.charges(owners.ids["3-2-902"])[0].id)
    _spread(owners)
    bills = _bills(owners, "3-2-902")
    # 4 月: 317.10 × 216 days × 0.05 % = 34.2468; 5–9 月 186, 155, 125, 94, 63 days: 29.49, 24.58, 19.82, 14.90, 9.99
    assert "违约金 34.25 至今天" in bills.lines()[0]
    assert bills.total_text() == "6 笔 未缴合计 ¥1,902.60 违约金至今天 ¥133.03"
    # 3 % × 1.3 ÷ 365, each month rounded by itself: 7.32 + 6.30 + 5.25 + 4.24 + 3.18 + 2.13
    assert bills.fee_tip().splitlines() == [
        "按合同 133.03 · 按 LPR×1.3 28.42 · 本金 1,902.60",
        "主张 133.03",
        "违约金 ¥133.03 高于 LPR×1.3 的 ¥28.42：要项目经理输入密码并写明理由。",
    ]
    assert owners.panel.header.amount.text() == "¥1,902.60"


def test_a_lump_says_why_it_bears_no_late_fee_and_water_says_nothing(owners: Owners) -> None:
    _charge_late_fee(owners)
    lump, water = _bills(owners).lines()
    assert "违约金未计：几个月合在一笔，按月拆分后才计" in lump
    assert "违约金" not in water
    bills = owners.panel.bills
    assert bills.total_text().endswith("违约金至今天 未计（1 笔未拆分）")
    assert bills.fee_tip().endswith("未计：1 笔合在一起，拆分后才计。")


def test_prepayment_stands_at_the_foot_and_in_the_head(owners: Owners) -> None:
    _pay(owners, 130_000, ONE_MONTH, prepay=True)
    owners.page.show_owner(owners.ids[ONE_MONTH])
    settle()
    assert owners.panel.header.chips.words() == ("预缴 ¥15.25",)
    owners.panel.show_tab(1)
    assert owners.panel.bills.total_text().endswith("预缴 ¥15.25")


# --- any day ---


def test_d_shows_the_balances_of_another_day_and_nothing_can_be_done_there(owners: Owners) -> None:
    _pay(owners, 60_000, on=date(2026, 11, 16))
    bills = _bills(owners)
    owners.press(Key.Key_D)
    assert QApplication.focusWidget() is bills.day
    assert bills.day is not None
    assert bills.day.text() == "今天"
    for letter in "1115":
        QTest.keyClick(bills.day, letter)
    owners.press(Key.Key_Return)
    assert "欠 1,000.00" in bills.lines()[0]
    assert "逾期 123 天" in bills.lines()[0]
    assert "¥1,446.35" in bills.total_text()
    assert bills.list.hasFocus()
    assert not any(
        button.isEnabled() for button in (bills.pay_button, bills.plan_button, bills.waive_button, bills.hold_button)
    )
    assert bills.pay_button.toolTip() == "看的是 11-15 的余额；回到今天再办（按 D 输入“今天”）"
    bills.today_button.click()
    assert "欠 400.00" in bills.lines()[0]
    assert bills.pay_button.isEnabled()


def test_a_day_to_come_has_no_balance_and_esc_keeps_the_day(owners: Owners) -> None:
    bills = _bills(owners)
    owners.press(Key.Key_D)
    assert bills.day is not None
    bills.day.setText("2026-12-01")
    owners.press(Key.Key_Return)
    assert bills.day.toolTip() == "还没到的日子没有余额。"
    owners.press(Key.Key_Escape)
    assert bills.day.text() == "今天"
    assert bills.list.hasFocus()


# --- what the keys do ---


def test_s_and_f10_ask_for_a_payment_of_this_owner(owners: Owners) -> None:
    asked: list[list[int]] = []
    owners.desk.payment_wanted.connect(asked.append)
    _bills(owners)
    owners.press(Key.Key_S)
    owners.table.setFocus()
    owners.press(Key.Key_F10)
    assert asked == [[owners.ids[ROOM]]] * 2


def test_j_lets_off_the_line_in_hand_under_the_managers_pin(owners: Owners) -> None:
    _manager(owners)
    bills = _bills(owners)
    owners.press(Key.Key_Down)
    owners.press(Key.Key_J)
    dialog = _dialog(WaiverDialog)
    assert dialog.what.currentText().startswith("2026年10月")
    _enter(dialog.amount, "46.35")
    _enter(dialog.reason, "抄表有误")
    _enter(dialog.pin.secret, "0000")
    dialog.save()
    assert owners.told.told == [("签字密码不对，没有办理。", "请批准人本人再输一次。")]
    assert dialog.isVisible()
    assert dialog.reason.text() == "抄表有误"
    _enter(dialog.pin.secret, PIN)
    dialog.save()
    settle()
    assert "应 446.35 · 已缴 0.00 · 减免 46.35" in bills.lines()[1]
    assert bills.total_text() == "2 笔 未缴合计（违约金未计） ¥1,400.00"


def test_f_agrees_on_a_plan_and_then_shows_it_with_its_paper(owners: Owners) -> None:
    _manager(owners)
    bills = _bills(owners)
    owners.press(Key.Key_F)
    dialog = _dialog(PlanDialog)
    _enter(dialog.pin.secret, PIN)
    dialog.save()
    card = _dialog(PlanCard)
    assert "第 1 期 11-24 周二 482.11 还差 482.11" in card.text()
    card.reject()
    settle()
    assert owners.panel.header.pill.text() == "分期 1/3"
    assert owners.panel.header.chips.words() == ()  # the mark says it already
    with owners.qtbot.waitActive(owners.window):
        owners.window.activateWindow()
    bills.take_focus()
    owners.press(Key.Key_F)
    card = _dialog(PlanCard)
    owners.told.texts = ["业主改主意"]
    card.void_button.click()
    settle()
    assert owners.office.plans.current(owners.ids[ROOM]) is None


def test_the_paper_of_a_plan_is_saved_as_pdf_from_its_card(owners: Owners, tmp_path: Path) -> None:
    manager = _manager(owners)
    account = owners.ids[ROOM]
    owners.office.plans.agree(owners.office.plans.propose([account], 3, date(2026, 11, 24)), manager, PIN)
    _spread(owners)
    _bills(owners)
    owners.press(Key.Key_F)
    card = _dialog(PlanCard)
    target = tmp_path / "协议.pdf"
    owners.told.files = [target]
    card.save_button.click()
    owners.qtbot.waitUntil(lambda: target.exists() and not owners.desk.jobs.busy, timeout=20_000)
    assert target.read_bytes().startswith(b"%PDF-")
    card.reject()


def test_c_splits_a_lump_and_only_a_lump(owners: Owners) -> None:
    bills = _bills(owners)
    owners.press(Key.Key_Down)
    assert not bills.split_button.isEnabled()
    assert bills.split_button.toolTip() == "几个月合在一笔、还没缴清的才要拆分"
    owners.press(Key.Key_C)
    assert QApplication.activeModalWidget() is None
    owners.press(Key.Key_Up)
    owners.press(Key.Key_C)
    _dialog(SplitDialog).save()
    settle()
    assert [line.split("，")[0] for line in bills.lines()] == ["2026年7月", "2026年8月", "2026年9月", "2026年10月"]
    assert [line.split("，")[2] for line in bills.lines()] == ["欠 333.33", "欠 333.33", "欠 333.34", "欠 446.35"]
    assert bills.split_button.words() == "合回"
    owners.told.answers = [True]
    bills.split_button.click()
    settle()
    assert [line.split("，")[2] for line in bills.lines()] == ["欠 1,000.00", "欠 446.35"]


def test_months_that_money_stands_on_are_not_put_together_again(owners: Owners) -> None:
    account = owners.ids[ROOM]
    owners.office.splits.split(owners.office.accounts.charges(account)[0].id)
    july = owners.office.accounts.charges(account)[0]
    share = PaymentShare(account, 10_000, named=(Named(july.id, 10_000),))
    owners.office.payments.take(PaymentDraft(TODAY, 10_000, PayMethod.CASH, (share,)))
    _spread(owners)
    bills = _bills(owners)
    bills.split_button.click()
    settle()
    assert owners.told.asked == []
    assert len(bills.lines()) == 4


def test_enter_tells_the_line_in_hand_from_its_amount_to_what_is_open(owners: Owners) -> None:
    _charge_late_fee(owners)
    _pay(owners, 60_000)
    _bills(owners)
    owners.press(Key.Key_Return)
    dialog = _dialog(LateFeeDialog)
    assert dialog.text().splitlines() == [
        "应缴，应缴日 2026-07-15（推定） 1,000.00",
        "收款 2026-11-17 微信 −600.00",
        "欠 400.00",
        "几个月合在一笔，按月拆分后才计",
    ]
    owners.press(Key.Key_Return)
    assert QApplication.activeModalWidget() is None


def test_a_running_plan_and_a_paid_account_leave_nothing_to_plan(owners: Owners) -> None:
    _pay(owners, 144_635)
    owners.page.show_owner(owners.ids[ROOM])
    settle()
    owners.panel.show_tab(1)
    bills = owners.panel.bills
    assert not bills.plan_button.isEnabled()
    assert bills.plan_button.toolTip() == "这一户没有欠费"
    assert not bills.waive_button.isEnabled()
    assert bills.pay_button.isEnabled()  # paying ahead


# --- a payment that finance's next list does not know ---


def _doubt(owners: Owners) -> None:
    """Paid on the 17th; the list of the 20th still names it."""
    _pay(owners, 144_635)
    owners.clock.now = datetime(2026, 11, 20, 10, 0)
    again = listed(ROOM, "林晓岚", ("物业费", "2026-07..2026-09", 100_000), ("水费", "2026-10", 44_635))
    changes = import_list(owners.office, again, as_of=date(2026, 11, 20), full=False, file="新清单.xlsx")
    owners.desk.changed.emit(changes)
    settle()
    owners.page.show_owner(owners.ids[ROOM])
    settle()
    owners.panel.show_tab(1)


def test_money_the_next_list_does_not_know_is_in_doubt_until_a_person_has_looked(owners: Owners) -> None:
    _doubt(owners)
    bills = owners.panel.bills
    assert owners.panel.header.pill.text() == "收款待核"
    assert owners.panel.header.guard.text() == "收款待核，核对前不打电话"
    assert bills.total_text().startswith("2 笔，2 笔待核 ")
    assert "待核 1,000.00" in bills.lines()[0]
    bills.take_focus()
    owners.press(Key.Key_K)
    dialog = _dialog(DoubtDialog)
    dialog.choose("1")
    _enter(dialog.reason, "银行回单已给财务")
    dialog.save()
    settle()
    assert owners.office.history.doubts(owners.ids[ROOM]) == []
    assert owners.panel.header.pill.text().startswith("已缴")
    assert not any("待核 1" in line for line in bills.lines())


def test_money_that_never_came_is_reversed_from_there(owners: Owners) -> None:
    _doubt(owners)
    owners.panel.bills.take_focus()
    owners.press(Key.Key_K)
    dialog = _dialog(DoubtDialog)
    dialog.choose("2")
    assert dialog.which.currentText() == "2026-11-17 微信 ¥1,446.35"
    _enter(dialog.reason, "查无此款")
    dialog.save()
    settle()
    assert owners.panel.header.amount.text() == "¥1,446.35"


# --- 记录 ---


def test_the_story_of_the_money_stands_on_the_timeline(owners: Owners) -> None:
    manager = _manager(owners)
    wrong = _pay(owners, 20_000)
    owners.office.payments.reverse(wrong, "记错户")
    _pay(owners, 60_000, on=date(2026, 11, 16))
    account = owners.ids[ROOM]
    office = owners.office
    draft = office.plans.propose([account], 2, date(2026, 11, 24))
    office.plans.agree(draft, manager, PIN)
    texts = "\n".join(" ".join((entry.title, *entry.lines)) for entry in office.history.of(account))
    assert "收款 ¥600.00 · 微信 2026-11-16 到账 物业费 2026年7–9月 600.00（还欠 400.00）" in texts
    assert "约定分期：¥846.35 分 2 期 第 1 期 11-24 423.17 第 2 期 12-24 423.18 高经理 批准" in texts
    gone = next(entry for entry in office.history.of(account) if entry.voided)
    assert (gone.title, gone.voided, gone.void_word) == ("收款 ¥200.00 · 微信", "记错户（11-17 许宁）", "已冲正")


def test_prepayment_that_pays_a_new_charge_is_an_entry_of_its_own(owners: Owners) -> None:
    _pay(owners, 154_635, prepay=True)
    owners.clock.now = datetime(2026, 12, 20, 9, 0)
    news = listed(ROOM, "林晓岚", ("物业费", "2026-12", 30_000))
    import_list(owners.office, news, as_of=date(2026, 12, 18), full=False, file="新清单.xlsx")
    entries = owners.office.history.of(owners.ids[ROOM])
    used = next(entry for entry in entries if entry.title.startswith("预缴冲抵"))
    assert (used.title, used.at) == ("预缴冲抵 ¥100.00", datetime(2026, 12, 20, 9, 0))
    assert used.lines == ("物业费 2026年12月 100.00（还欠 200.00）", "用 2026-11-17 的收款")


def test_a_broken_plan_is_told_on_the_day_it_broke(owners: Owners) -> None:
    manager = _manager(owners)
    account = owners.ids[ROOM]
    owners.office.plans.agree(owners.office.plans.propose([account], 2, date(2026, 11, 24)), manager, PIN)
    for now in (datetime(2026, 11, 26, 9, 0), datetime(2026, 12, 2, 9, 0)):
        owners.clock.now = now
        owners.office.roll_day()
        broken = next(entry for entry in owners.office.history.of(account) if entry.title == "分期失约")
        assert broken.at.date() == date(2026, 11, 26)  # the 24th and one workday of grace
        assert "第 1 期（11-24 ¥723.17）过期 2 天未到账" in broken.lines[0]  # to that day, whenever it is read


def test_del_on_a_payment_reverses_it_and_says_so(owners: Owners) -> None:
    _pay(owners, 60_000)
    owners.choose(ROOM)
    owners.press(Key.Key_3, ALT)
    timeline = owners.panel.timeline
    rows = timeline.list.model()
    at = next(row for row, text in enumerate(timeline.texts()) if "收款 ¥600.00" in text)
    timeline.list.setCurrentIndex(rows.index(at, 0))
    assert timeline.void_button.words() == "冲正这笔"
    assert timeline.reprint_button.words() == "收据"
    owners.told.texts = ["记错户"]
    owners.press(Key.Key_Delete)
    assert any("收款 ¥600.00 · 微信" in text and "已冲正：记错户" in text for text in timeline.texts())
    assert owners.panel.header.amount.text() == "¥1,446.35"


def test_a_payment_dated_before_the_list_takes_the_settlements_place(owners: Owners) -> None:
    """The next list shows the quarter paid; the payment of before that day is then registered and counts once."""
    owners.clock.now = datetime(2026, 11, 20, 10, 0)
    water = listed(ROOM, "林晓岚", ("水费", "2026-10", 44_635))
    import_list(owners.office, water, as_of=date(2026, 11, 19), full=False, file="新清单.xlsx")
    _pay(owners, 60_000, on=date(2026, 11, 18))
    entries = owners.office.history.of(owners.ids[ROOM])
    settled = next(entry for entry in entries if entry.title.startswith("按财务清单冲抵"))
    assert settled.title == "按财务清单冲抵 ¥1,000.00"
    assert settled.lines == ("清单截至 2026-11-19，其中 600.00 已由收款替代，其余待对账",)
    assert [charge.owed for charge in owners.office.accounts.charges(owners.ids[ROOM])] == [0, 44_635]


def test_a_waiver_that_ran_out_says_why_it_holds_no_longer(owners: Owners) -> None:
    manager = _manager(owners)
    account = owners.ids[ROOM]
    charge = owners.office.accounts.charges(account)[0]
    draft = WaiverDraft(
        account, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 10_000, charge.id, TODAY, "月底前付清", "业主本人",
        date(2026, 11, 30),
    )  # fmt: skip
    owners.office.waivers.grant(draft, manager, PIN)
    owners.clock.now = datetime(2026, 12, 2, 9, 0)
    owners.office.roll_day()
    entry = next(entry for entry in owners.office.history.of(account) if entry.title.startswith("减免"))
    assert entry.title == "减免 ¥100.00（已失效）"
    assert entry.lines[:3] == (
        "物业费 2026年7–9月：月底前付清",
        "业主本人 提出，高经理 批准",
        "到 2026-11-30 付清才算数",
    )
    assert "限 11-30（含）前缴清，到期还欠 ¥900.00" in entry.lines[3]


def test_the_facts_beside_the_script_keep_late_fee_and_what_was_let_off_apart(owners: Owners) -> None:
    _charge_late_fee(owners)
    manager = _manager(owners)
    account = owners.ids["3-2-902"]
    owners.office.splits.split(owners.office.accounts.charges(account)[0].id)
    april = owners.office.accounts.charges(account)[0]
    draft = WaiverDraft(
        account, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 1_710, april.id, TODAY, "停梯三天", "业主本人"
    )
    owners.office.waivers.grant(draft, manager, PIN)
    _pay(owners, 20_000, "3-2-902")
    facts = TodayFacts()
    owners.qtbot.addWidget(facts)
    facts.show_call(gather(owners.desk, account))
    lines = facts.text().splitlines()
    assert lines[0] == "2026年4月 物业费 应 317.10 · 已缴 200.00 · 减免 17.10 · 逾期 216 天 100.00"
    assert "合计 ¥1,685.50" in lines
    assert "另有违约金（至今天） ¥133.03" in lines
