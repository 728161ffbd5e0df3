"""What a clerk does about the money of an account from 账单: 减免, 分期, 按月拆分, 核对收款, and why a figure is what it is."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import OwnerRow
from feedesk.models.charges import Charge
from feedesk.models.ledger.payments import Payment, UseKind
from feedesk.models.ledger.plans import Plan, PlanDraft, PlanState
from feedesk.models.ledger.waivers import Waiver, WaiverDraft
from feedesk.models.money import show_yuan
from feedesk.models.office import Staff
from feedesk.models.store.plans import APPROVERS
from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.models.workdays import is_workday
from feedesk.ui.agreement_press import AgreementPress
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.desk import Desk
from feedesk.ui.late_fee_dialog import ChargeStory, LateFeeDialog
from feedesk.ui.money_dialog import Head
from feedesk.ui.owner_money import OwnerMoney, money_of

_FIRST_AFTER = 7
"""The first instalment is proposed for a week from now."""


class MoneyActions:
    """Opens the dialogs and writes through the desk; each dialog stays open until it is really written."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk = desk
        self._window = window
        # Not the dialog's own: a paper still being written outlives the dialog that asked for it.
        self._agreements = AgreementPress(desk, window)

    def pay(self, facts: CallFacts) -> None:
        """收款 for this account: the page of payments takes over."""
        self._desk.payment_wanted.emit([facts.account.row.account_id])

    def money_on(self, facts: CallFacts, day: date) -> OwnerMoney | None:
        """The balances of another day; None when they cannot be read (said already)."""
        try:
            return money_of(self._desk.office, facts.account.row.account_id, facts.today, day)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self._window)
            return None

    # --- 减免 ---

    def waive(self, facts: CallFacts, charge: Charge | None) -> None:
        """减免 of principal or late fee; the charge in hand is proposed."""
        from feedesk.ui.waiver_dialog import WaiverDialog  # dialogs come when they are needed

        office, row, money = self._desk.office, facts.account.row, facts.money

        def save(draft: WaiverDraft, approver: Staff, pin: str) -> bool:
            return self._desk.write(
                lambda: office.waivers.grant(draft, approver, pin),
                f"{row.room} 已减免 {show_yuan(draft.amount)}，{approver.name}批准。",
                lambda changes: office.waivers.void(changes.record_id, "当场撤销"),
            )

        dialog = WaiverDialog(
            _head("减免", row),
            facts.charges,
            money.late_fee,
            office.staff.all(),
            facts.today,
            save,
            self._window,
            account_id=row.account_id,
            chosen=charge.id if charge is not None else None,
            asked_by="业主本人",
        )
        _open(dialog)

    # --- 分期 ---

    def plan(self, facts: CallFacts) -> None:
        """分期: the plan that runs, or a new one for this account or all units of the owner."""
        running = facts.money.plan
        if running is not None and running.verdict.state is PlanState.RUNNING:
            self.show_plan(facts.account.row, running)
        else:
            self._new_plan(facts)

    def show_plan(self, row: OwnerRow, plan: Plan) -> None:
        """Where a plan stands, its paper, and 作废."""
        from feedesk.ui.plan_card import PlanCard

        card = PlanCard(row.room, row.name, plan, self._desk.today(), self._window)
        card.print_asked.connect(lambda: self._agreements.print_plan(plan.id))
        card.save_asked.connect(lambda: self._agreements.save_plan(plan.id))
        card.void_asked.connect(lambda: self.void_plan(row, plan.id))
        _open(card)

    def void_plan(self, row: OwnerRow, plan_id: int) -> bool:
        """作废分期, with a reason."""
        reason = self._desk.messages.ask_text(f"{row.room} 作废这份分期的原因？", "", self._window)
        if not reason:
            return False
        return self._desk.write(
            lambda: self._desk.office.plans.void(plan_id, reason), f"{row.room} 的分期已作废，仍列在记录里。"
        )

    def _new_plan(self, facts: CallFacts) -> None:
        from feedesk.ui.pin_field import approvers
        from feedesk.ui.plan_dialog import PlanDialog

        office, row = self._desk.office, facts.account.row

        def save(draft: PlanDraft, approver: Staff, pin: str) -> bool:
            return self._desk.write(
                lambda: office.plans.agree(draft, approver, pin),
                f"{row.room} 已定分期：{show_yuan(draft.total)} 分 {len(draft.instalments)} 期；可打印协议。",
                lambda changes: office.plans.void(changes.record_id, "当场撤销"),
            )

        def show() -> None:
            agreed = office.plans.current(row.account_id)
            if agreed is not None:
                self.show_plan(row, agreed)  # its paper is wanted next

        dialog = PlanDialog(
            _head("分期", row),
            row,
            facts.account.open_siblings,
            approvers(office.staff.all(), APPROVERS),
            facts.today,
            _first_due(facts.today),
            office.plans.propose,
            save,
            self._window,
            has_late_fee=facts.money.late_fee is not None,
        )
        dialog.accepted.connect(show)
        _open(dialog)

    # --- 按月拆分 ---

    def split(self, facts: CallFacts, charge: Charge) -> None:
        """按月拆分 of a lump; of a month that was split, the lump again."""
        from feedesk.ui.split_dialog import SplitDialog

        office, row = self._desk.office, facts.account.row
        if charge.id in facts.money.lumps:
            self._unsplit(row, charge, facts.money.lumps[charge.id])
            return
        try:
            equal = office.splits.preview(charge.id)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self._window)
            return

        def save(amounts: tuple[int, ...]) -> bool:
            return self._desk.write(
                lambda: office.splits.split(charge.id, amounts),
                f"{row.room} {charge.period_text()} 已拆成 {len(amounts)} 个月。",
                lambda _changes: office.splits.undo(charge.id),
            )

        _open(SplitDialog(_head("按月拆分", row), charge, equal, save, facts.today, self._window))

    def _unsplit(self, row: OwnerRow, charge: Charge, lump: int) -> None:
        splits, messages = self._desk.office.splits, self._desk.messages
        held = splits.undoable(charge.id)
        if held:
            messages.note(f"{row.room} {held.rstrip('。')}，不能合回一笔。")
            return
        if messages.confirm(f"{row.room} 取消按月拆分，各月合回原来的一笔吗？", "合回一笔", parent=self._window):
            self._desk.write(lambda: splits.undo(lump), f"{row.room} 已合回一笔。")

    # --- papers ---

    def paper(self, facts: CallFacts, entry: TimelineEntry) -> None:
        """The receipt of a payment, or the plan with its agreement."""
        from feedesk.ui.payment_press import ReceiptPress

        office, row = self._desk.office, facts.account.row
        if entry.kind is EntryKind.INSTALMENTS:
            plans = [plan for plan in office.plans.of_account(row.account_id) if plan.id == entry.ref_id]
            if plans:
                self.show_plan(row, plans[0])
            return
        payments = [one for one in office.payments.of_account(row.account_id) if one.id == entry.ref_id]
        ReceiptPress(self._desk, self._window).print_receipts(payments)

    # --- 收款待核 ---

    def settle(self, facts: CallFacts) -> None:
        """收款属实, or 冲正这笔收款."""
        from feedesk.ui.doubt_dialog import DoubtDialog, DoubtLine

        desk, office, row = self._desk, self._desk.office, facts.account.row
        doubts = office.history.doubts(row.account_id)
        if not doubts:
            desk.messages.note(f"{row.room} 没有待核的收款。")
            return

        def confirm(why: str) -> bool:
            return desk.write(
                lambda: office.payments.settle_doubt(row.account_id, why),
                f"{row.room} 收款属实，已记下；请财务更正清单。",
            )

        def reverse(payment_id: int, why: str) -> bool:
            return desk.write(
                lambda: office.payments.reverse(payment_id, why), f"{row.room} 这笔收款已冲正，欠费恢复。"
            )

        lines = [DoubtLine(doubt.text, doubt.why) for doubt in doubts]
        payments = office.payments.of_account(row.account_id)
        _open(DoubtDialog(_head("核对收款", row), lines, payments, confirm, reverse, self._window))

    # --- why a figure is what it is ---

    def explain(self, facts: CallFacts, charge: Charge, day: date) -> None:
        """明细 of a charge as of a day."""
        money = facts.money if day == facts.money.day else self.money_on(facts, day)
        if money is None:
            return
        account_id = facts.account.row.account_id
        story = ChargeStory(charge, self._paid(account_id, charge, day), self._waived(account_id, charge, day))
        fee = money.fee_of(charge.id)
        _open(LateFeeDialog(facts.account.row.room, story, fee, money.policy, day, facts.today, self._window))

    def _paid(self, account_id: int, charge: Charge, day: date) -> tuple[tuple[Payment, int], ...]:
        found = []
        for payment in self._desk.office.payments.of_account(account_id):
            if payment.reversed or payment.paid_on > day:
                continue
            for use in self._desk.office.payments.uses(payment.id):
                if use.kind is UseKind.CHARGE and use.charge_id == charge.id:
                    found.append((payment, use.amount))
        return tuple(found)

    def _waived(self, account_id: int, charge: Charge, day: date) -> tuple[Waiver, ...]:
        waivers = self._desk.office.waivers.of_account(account_id)
        return tuple(
            waiver
            for waiver in waivers
            if waiver.draft.charge_id == charge.id
            and not waiver.voided
            and not waiver.lapsed
            and waiver.draft.on <= day
        )


def _head(title: str, row: OwnerRow) -> Head:
    return Head(title, row.room, row.name, f"欠 {show_yuan(row.owed)}")


def _first_due(today: date) -> date:
    """A week from now, or the next workday after that."""
    day = today + timedelta(days=_FIRST_AFTER)
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
