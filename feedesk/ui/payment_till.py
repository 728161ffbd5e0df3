"""Taking a payment: find the owner, say how and how much, see what the money does, Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import MarkKind, OwnerRow
from feedesk.models.changes import Changes
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, PaymentDraft, PaymentPreview, PayMethod, UseKind
from feedesk.models.money import show, show_yuan
from feedesk.ui.desk import Desk
from feedesk.ui.payment_form import PaymentForm
from feedesk.ui.payment_lines import PaymentLine, with_preview
from feedesk.ui.payment_owner import PayingOwner
from feedesk.ui.payment_search import PayerSearch
from feedesk.ui.payment_words import button_words, equation, late_fee_notes, rule_words

_ON_THE_SPOT = "当场撤销"


class PaymentTill(QWidget):
    """Search first, then the form of one owner. Writes through the desk; nothing is half-booked.

    Signals:
        booked: id of the payment, and whether its receipt is to be printed now.
    """

    booked = Signal(int, bool)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._owner: PayingOwner | None = None
        self._base: tuple[PaymentLine, ...] = ()
        self._preview: PaymentPreview | None = None
        self._day_problem = ""
        self._asked = self._touched = self._fee_touched = False
        self.search = PayerSearch(desk)
        self.form = PaymentForm(desk)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.search)
        self.stack.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._connect()

    def _connect(self) -> None:
        form = self.form
        self.search.chosen.connect(self._on_chosen)
        form.back_asked.connect(self.step_back)
        form.save_asked.connect(lambda with_receipt: self.save(with_receipt=with_receipt))
        form.units.changed.connect(self._on_units)
        form.all_units.clicked.connect(self.toggle_units)
        form.instalment.clicked.connect(self._take_instalment)
        form.pad.chosen.connect(lambda _method: self._refresh())
        form.amount_edit.amount_changed.connect(lambda _fen: self._on_amount())
        form.day_edit.day_changed.connect(lambda _day: self._on_day())
        form.lines.names_changed.connect(self._refresh)
        form.questions.late_fee_box.clicked.connect(lambda _on: self._on_late_fee())
        form.questions.late_fee.amount_changed.connect(lambda _fen: self._on_fee_amount())
        form.questions.covered_choice.chosen.connect(lambda _key: self._refresh())
        form.questions.prepay_box.clicked.connect(lambda _on: self._refresh())
        for number in range(1, len(PayMethod) + 1):
            self._key(f"Alt+{number}", partial(form.pad.press, str(number)))
        self._key("Alt+U", self.toggle_units)
        self._key("Alt+I", self._take_instalment)
        for keys, box in (("Alt+F", form.questions.late_fee_box), ("Alt+Y", form.questions.prepay_box)):
            self._key(keys, partial(_tick, box))
        self._key("Alt+L", self._toggle_covered)

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self.form)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    # --- who ---

    @property
    def taking(self) -> bool:
        """Whether an owner is chosen."""
        return self.stack.currentWidget() is self.form

    def choose(self, account_ids: Sequence[int]) -> None:
        """Take a payment for these accounts of one owner, as another page asks; nothing happens without any."""
        rows = self._desk.office.accounts.some(account_ids)
        first = next((rows[one] for one in account_ids if one in rows), None)
        if first is not None:
            self._open(first, [one for one in account_ids if one in rows])

    def refresh(self, changes: Changes) -> None:
        """Something was written: hits and balances may be others now."""
        if not self.taking:
            self.search.refresh()
        elif self._owner is not None and (changes.everything or changes.account_ids.intersection(self._owner.ids)):
            self._owner.reload(self.form.day_edit.day() or self._desk.today())
            self._on_units()

    def step_back(self) -> bool:
        """Esc: from the form to the search, then the search is emptied; False when there is nothing to step from."""
        if self.taking:
            self.reset(keep_text=True)
            return True
        if self.search.clear():
            self.search.take_focus()
            return True
        return False

    def reset(self, *, keep_text: bool = False) -> None:
        """Ready for the next payer."""
        self._owner = self._preview = None
        self.stack.setCurrentWidget(self.search)
        if not keep_text:
            self.search.field.setText("")
        self.search.field.flush()
        self.search.refresh()
        self.search.take_focus()

    def take_focus(self) -> None:
        """To where the next key belongs."""
        if not self.taking:
            self.search.take_focus()
        elif self.form.pad.value() is None:
            self.form.pad.take_focus()
        else:
            self.form.amount_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self, width: int, height: int) -> None:
        """The till is so wide and the window so high."""
        self.search.fit(width)
        self.form.fit(width, height)

    # --- what will be booked ---

    def draft(self) -> PaymentDraft | None:
        """The payment as entered; None while something is missing or wrong."""
        return self._draft() if not self.problems() else None

    def problems(self) -> dict[str, str]:
        """What is missing or wrong, by field: units, method, amount, day, late_fee, prepay, and rule for the rest."""
        form = self.form
        amount = form.amount_edit.amount()
        found = {
            "units": "" if self._ids() else "先勾上是为哪一套缴的。",
            "method": "" if form.pad.value() else "先按数字键选怎么付的。",
            "amount": form.amount_edit.problem(),
            "day": form.day_edit.problem() or self._day_problem,
            "late_fee": self._fee_problem(amount),
        }
        if not any(text for field, text in found.items() if field != "method") and self._preview is not None:
            found["rule"] = self._preview.problem
            if self._preview.over and not form.questions.prepay_box.isChecked():
                fee = "，或连违约金一起收（Alt+F）" if self._fee_most() and not form.questions.takes_late_fee() else ""
                found["prepay"] = f"多出 {show_yuan(self._preview.over)}：勾上“转为预缴”（Alt+Y）{fee}，或改金额。"
        return {field: text for field, text in found.items() if text}

    def preview(self) -> PaymentPreview | None:
        """What booking would do now; None while amount, day or units cannot be read."""
        return self._preview

    def save(self, *, with_receipt: bool = False) -> None:
        """Book it; with something missing, say what and go there."""
        self._asked = True
        self._refresh()
        problems = self.problems()
        draft = self._draft()
        if problems or draft is None:
            self.form.go_to(next(iter(problems), "amount"))
            return
        office = self._desk.office
        made: list[Changes] = []

        def take() -> Changes:
            made.append(office.payments.take(draft))
            return made[0]

        paid_for = {share.account_id for share in draft.shares}
        rooms = {row.account_id: row.room for row in self._units() if row.account_id in paid_for}
        first = next(iter(rooms.values()))
        said = f"{first}{f' 等 {len(rooms)} 套' if len(rooms) > 1 else ''} 已收 {show_yuan(draft.amount)}"
        said += f"（{PAY_METHOD_LABELS[draft.method]}）。{self._prepaid_words()}"
        waiting = [one for one in rooms if self._promise_missing(one)]

        def words() -> str:
            kept = [rooms[one] for one in waiting if not self._promise_missing(one)]
            return f"{said}{'、'.join(kept)} 的承诺已兑现。" if kept else said

        if self._desk.write(take, words, lambda changes: office.payments.reverse(changes.record_id, _ON_THE_SPOT)):
            self.reset()
            self.booked.emit(made[0].record_id, with_receipt)

    def _prepaid_words(self) -> str:
        """What of the payment is left over, and for which unit it stays."""
        uses = self._preview.uses if self._preview is not None else ()
        ahead = [f"{use.room} {show_yuan(use.amount)}" for use in uses if use.kind is UseKind.PREPAYMENT]
        return f"{'、'.join(ahead)} 转为预缴。" if ahead else ""

    def _promise_missing(self, account_id: int) -> int:
        """What of the account's promise has not come in yet, in 分; 0 without one."""
        promise = self._desk.office.states.of(account_id)[0].promise
        return max(0, promise.amount - promise.paid_since) if promise is not None else 0

    def toggle_units(self) -> None:
        """Alt+U: all units of the owner, or only the one that was chosen."""
        everyone = [row.account_id for row in self._units()]
        if len(everyone) > 1:
            self.form.units.check(everyone if len(self._ids()) < len(everyone) else everyone[:1])

    # --- inside: loading ---

    def _on_chosen(self, row: OwnerRow) -> None:
        self._open(row, None)

    def _open(self, row: OwnerRow, checked: Sequence[int] | None) -> None:
        today = self._desk.today()
        try:
            owner = PayingOwner(self._desk.office, row.account_id, today)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self)
            return
        self._owner = owner
        form, account = self.form, owner.account
        name = " ".join(part for part in (account.name or "业主姓名待核", account.salutation) if part)
        name += "（原业主）" if account.row.is_former else ""
        mark = account.row.mark
        form.show_owner(account.row.room, name, mark, "" if mark is MarkKind.OPEN else account.row.mark_text)
        form.offer_units(owner.units, owner.first_choice() if checked is None else checked)
        form.start(today)
        self._asked = self._touched = self._fee_touched = False
        self.stack.setCurrentWidget(form)
        self._on_units()
        self.take_focus()

    def _units(self) -> tuple[OwnerRow, ...]:
        return self._owner.units if self._owner is not None else ()

    def _ids(self) -> tuple[int, ...]:
        return self.form.units.checked()

    def _owed(self) -> int:
        return self._owner.owed(self._ids()) if self._owner is not None else 0

    def _fee_most(self) -> int:
        return sum(self._owner.takeable(self._ids()).values()) if self._owner is not None else 0

    # --- inside: what is changed ---

    def _on_units(self) -> None:
        ids, form, units = self._ids(), self.form, self._units()
        self._base = self._owner.lines(ids, self._desk.today()) if self._owner is not None else ()
        form.lines.show_lines(self._base)
        form.fit_lines()
        form.owed.setText(show_yuan(self._owed()))
        self._show_standing(ids)
        form.all_units.set_words(f"只要 {units[0].room}" if len(ids) == len(units) else "全部勾上")
        self._offer_late_fee()
        self._propose_amount()
        self._refresh()

    def _show_standing(self, ids: Sequence[int]) -> None:
        """What is good to know before the money is taken: paid ahead, perhaps paid already, an instalment due."""
        if self._owner is None:
            return
        form, prepaid = self.form, self._owner.prepaid(ids)
        owed = f"{len(ids)} 套欠" if len(ids) > 1 else "欠"
        form.owed_words.setText(f"预缴 {show(prepaid)} · {owed}" if prepaid else owed)
        form.doubts.show_lines(self._owner.doubts(ids))
        due = self._owner.instalment()
        form.show_instalment(due[0].number if due else 0, due[1] if due else 0)

    def _take_instalment(self) -> None:
        """Alt+I: the sum of the instalment that is next."""
        due = self._owner.instalment() if self._owner is not None else None
        if due is not None and due[1]:
            self.form.amount_edit.set_amount(due[1])
            self._on_amount()
            self.take_focus()

    def _on_day(self) -> None:
        day = self.form.day_edit.day()
        if day is not None and self._owner is not None:
            self._owner.read_late_fees(day)
            self._offer_late_fee()
            self._propose_amount()
        self._refresh()

    def _on_amount(self) -> None:
        self._touched = True
        self._propose_amount()
        self._refresh()

    def _on_fee_amount(self) -> None:
        self._fee_touched = True
        self._refresh()

    def _on_late_fee(self) -> None:
        self.form.questions.late_fee.setEnabled(self.form.questions.late_fee_box.isChecked())
        self._fee_touched = False
        self._propose_amount()
        self._refresh()

    def _offer_late_fee(self) -> None:
        """The tick stands as the office's rule has it until somebody changes it."""
        first = self._owner is not None and self._owner.wants_late_fee_first
        self.form.questions.offer_late_fee(self._fee_most(), self.form.day_edit.day(), self._desk.today(), on=first)

    def _propose_amount(self) -> None:
        """What is owed; and of what comes in, the late fee that the rule gives until somebody types another."""
        form, takes_fee = self.form, self.form.questions.takes_late_fee()
        if not self._touched:
            form.amount_edit.set_amount(self._owed() + (self._fee_most() if takes_fee else 0) or None)
        amount = form.amount_edit.amount()
        if takes_fee and not self._fee_touched and amount is not None and self._owner is not None:
            form.questions.late_fee.set_amount(self._owner.proposed_fee(amount, self._ids()))

    def _toggle_covered(self) -> None:
        self.form.questions.toggle_missed()
        self._refresh()

    # --- inside: working out ---

    def _fee(self) -> int:
        return (self.form.questions.late_fee.amount() or 0) if self.form.questions.takes_late_fee() else 0

    def _fee_problem(self, amount: int | None) -> str:
        form = self.form
        if not form.questions.takes_late_fee():
            return ""
        most = self._fee_most()
        if form.questions.late_fee.problem() and self._fee_touched:
            return form.questions.late_fee.problem()
        if self._fee() > most:
            return f"违约金到这天一共可收 {show_yuan(most)}，收不了更多。"
        return "违约金比收到的钱还多。" if amount is not None and self._fee() > amount else ""

    def _draft(self) -> PaymentDraft | None:
        form = self.form
        amount, day, ids = form.amount_edit.amount(), form.day_edit.day(), self._ids()
        if self._owner is None or amount is None or day is None or not ids or self._fee_problem(amount):
            return None
        fee = self._fee()
        shares = self._owner.shares(amount, fee, form.lines.named(amount - fee), ids, day)
        return PaymentDraft(
            paid_on=day,
            amount=amount,
            method=form.pad.value() or PayMethod.CASH,
            shares=shares,
            reference=form.reference.edit.text().strip(),
            payer=form.payer.edit.text().strip(),
            note=form.note.edit.text().strip(),
            finance_missed=form.questions.says_missed(),
            prepay_agreed=form.questions.agrees_to_prepay(),
        )

    def _refresh(self) -> None:
        if self._owner is None:
            return
        draft = self._draft()
        self._day_problem = ""
        self._preview = self._look(draft) if draft is not None else None
        if draft is not None and self._preview is not None and self._preview.problem:
            self._mind_day(draft, self._preview.problem)
        self._show_preview(draft)
        self._show_late_fee()
        self._show_problems()

    def _look(self, draft: PaymentDraft) -> PaymentPreview | None:
        try:
            return self._desk.office.payments.preview(draft)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self)
            return None

    def _mind_day(self, draft: PaymentDraft, problem: str) -> None:
        """A problem that today's date would not have belongs to the day: it is said beside that field."""
        today = self._look(replace(draft, paid_on=self._desk.today()))
        if draft.paid_on != self._desk.today() and today is not None and not today.problem:
            self._day_problem = problem
            self._preview = None

    def _show_preview(self, draft: PaymentDraft | None) -> None:
        form, seen = self.form, self._preview
        form.lines.show_lines(with_preview(self._base, seen))
        form.questions.show_over(seen.over if seen is not None else 0)
        missed = draft is not None and draft.finance_missed and seen is not None
        asked = self._look(replace(draft, finance_missed=False)) if draft is not None and missed else seen
        form.questions.show_covered(asked, {line.charge_id for line in self._base}, self._desk.today())
        count, total = form.lines.named_total()
        form.rule_words.setText(rule_words(self._owner.rule, count, total) if self._owner is not None else "")
        form.equation.setText(equation(self._owed(), seen) if seen is not None else "")
        amount = draft.amount if draft is not None else None
        form.save_button.set_words(button_words(amount, self._owed(), seen))

    def _show_late_fee(self) -> None:
        """Why no more late fee is taken than there stands, in this order: of this sum, of these units."""
        form, notes = self.form, list[str]()
        if self._owner is not None:
            takes = form.questions.takes_late_fee() and not self._fee_touched and bool(form.amount_edit.amount())
            if takes and not self._fee():
                notes.append("本金未缴清，按办公室的规则先收本金")
            notes += late_fee_notes(self._owner.late_fees(self._ids()), self._owner.policy)
        form.questions.note_late_fee(notes)

    def _show_problems(self) -> None:
        shown = {"day", "late_fee"} | ({"amount"} if self._touched else set())
        self.form.say_problems(self.problems(), {"amount", "method", *shown} if self._asked else shown)


def _tick(box: QCheckBox) -> None:
    """What is not asked cannot be answered ahead."""
    if not box.isHidden():
        box.click()
