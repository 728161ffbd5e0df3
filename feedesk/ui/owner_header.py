"""Top of the owner panel, in the order of the call: who and how much, state, number to dial, may I call."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.disputes import held_words
from feedesk.models.money import show_yuan
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.kin_box import KinLink
from feedesk.ui.money_chips import MoneyChips
from feedesk.ui.phone_chips import PhoneChips
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, IconMark, StatusPill, label, set_look


class OwnerHeader(QWidget):
    """Shows one account; only the choice of the number is the clerk's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._short = self._narrow = False
        self._facts: CallFacts | None = None
        self.room = label("", "panel-room")
        self.name = ElidedLabel("", "panel-name")
        self.salutation = label("", "muted")
        self.amount = label("", "figure")
        self.pill = StatusPill()
        self.severity = label("", "", Tone.MUTED)
        self.period = ElidedLabel("", "", Tone.MUTED)
        self.phones = PhoneChips()
        self.no_phone = label("没有号码 · 在“资料”里加", "", Tone.OCHRE)
        self._shield = IconMark("shield", COLOURS.malachite, 16)
        self._shield_small = IconMark("shield", COLOURS.malachite, 16)
        self.guard = ElidedLabel("", "caption")
        self.kin = KinLink()
        self.chips = MoneyChips()

        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.room)
        head.addWidget(self.name)
        head.addWidget(self.salutation)
        head.addStretch(1)
        head.addWidget(self.amount)
        self._state = QHBoxLayout()
        self._state.setSpacing(8)
        self._state.addWidget(self.pill)
        self._state.addWidget(self.severity)
        self._state.addWidget(self.period, 1)
        self._state.addWidget(self._shield_small)
        self._dial = QHBoxLayout()
        self._dial.setContentsMargins(0, 0, 0, 0)
        self._dial.addWidget(self.phones, 1)
        self._dial.addWidget(self.no_phone)
        self._guard_row = QWidget()
        guard = QHBoxLayout(self._guard_row)
        guard.setContentsMargins(0, 0, 0, 0)
        guard.setSpacing(6)
        guard.addWidget(self._shield)
        guard.addWidget(self.guard, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 10, 14, 4)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._column.addLayout(self._state)
        self._column.addLayout(self._dial)
        self._column.addWidget(self._guard_row)
        self._column.addWidget(self.chips)
        self._column.addWidget(self.kin, 0, Qt.AlignmentFlag.AlignLeft)

    def show_call(self, facts: CallFacts) -> None:
        """Show this account; of another account the first number is in hand."""
        before = self._facts
        if before is None or before.account.row.account_id != facts.account.row.account_id:
            self.phones.forget()
        self._facts = facts
        account, row = facts.account, facts.account.row
        self.room.setText(row.room)
        self.name.setText(account.name or "业主姓名待核")
        self.salutation.setText(account.salutation)
        self.salutation.setVisible(bool(account.salutation))
        self.amount.setText(show_yuan(row.owed))
        self.pill.show_status(row.mark.value, row.mark_text, strong=row.strong)
        self.pill.setToolTip(row.why)
        self.period.setText(self._period_text(facts))
        self.severity.setText(facts.graded.label)
        self.severity.setToolTip(f"欠费程度{facts.graded.label}：{facts.graded.why}")
        allowed = self._may_call(facts)
        colour = COLOURS.malachite if allowed else COLOURS.ochre
        name = "shield" if allowed else "alert"
        for shield in (self._shield, self._shield_small):
            shield.show_icon(name, colour)
        paid = "收款待核，核对前不打电话" if facts.money.doubts else "已缴清，不用再打电话"
        self.guard.setText(paid if row.is_paid else facts.call_text)
        set_look(self.guard, tone="" if allowed else "ochre")
        self.chips.show_money(facts.money, row)
        self.kin.show_kin(account, facts.lookalikes)
        self._dress()

    def set_low(self, *, short: bool, narrow: bool) -> None:
        """In a low window the line of a call that is in order becomes its shield; in a narrow one the numbers join the state line."""
        self._short, self._narrow = short or narrow, narrow
        self._column.setContentsMargins(16, 6 if self._short else 10, 14, 2 if self._short else 4)
        self._column.setSpacing(2 if narrow else 4)
        self._dress()

    def text(self) -> str:
        """Everything as read."""
        parts = (
            self.room.text(), self.name.text(), self.salutation.text(), self.amount.text(), self.pill.text(),
            self.severity.text(), self.period.text(), *self.phones.words(), self.guard.text(), *self.chips.words(),
        )  # fmt: skip
        return " ".join(part for part in parts if part)

    def _dress(self) -> None:
        stopped = self._facts is not None and not self._may_call(self._facts)
        self._guard_row.setVisible(stopped or not self._short)
        self._shield_small.setVisible(self._short and not stopped)
        self._shield_small.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self._shield_small.setToolTip(self.guard.text())
        self._shield_small.setAccessibleName(self.guard.text())
        if self._facts is None:
            return
        self.severity.setVisible(bool(self.severity.text()) and not self._narrow)
        phones = self._facts.phones
        self.phones.show_phones(phones, small=self._narrow)
        self.phones.setVisible(bool(phones))
        self.no_phone.setVisible(not phones)
        if self._narrow:
            self.period.hide()
            self._state.insertWidget(1, self.phones, 1)
            self._state.insertWidget(2, self.no_phone)
        else:
            self.period.show()
            self._dial.addWidget(self.phones, 1)
            self._dial.addWidget(self.no_phone)
        set_look(self.amount, role="money" if self._narrow else "figure")

    @staticmethod
    def _may_call(facts: CallFacts) -> bool:
        return facts.may_call or (facts.account.row.is_paid and not facts.money.doubts)

    @staticmethod
    def _period_text(facts: CallFacts) -> str:
        row = facts.account.row
        if row.is_paid:
            return "没有欠费"
        lines = sum(charge.owed > 0 for charge in facts.charges)
        parts = [f"欠 {row.period_text}（{lines} 笔）"]
        if held := held_words(facts.charges):
            parts.append(held)
        if row.overdue_days:
            parts.append(f"最久逾期 {row.overdue_days:,} 天")
        return " · ".join(parts)
