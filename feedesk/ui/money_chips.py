"""What of an owner's money must be known in the call: 收款待核, 分期 2/4, 预缴; each with its reason as tooltip."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.models.accounts import MarkKind, OwnerRow
from feedesk.models.ledger.plans import PlanState
from feedesk.models.money import show_yuan
from feedesk.ui.owner_money import OwnerMoney
from feedesk.ui.widgets import StatusPill


class MoneyChips(QWidget):
    """A row of up to three; takes no room when there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.doubt, self.plan, self.prepaid = StatusPill(), StatusPill(), StatusPill()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for pill in (self.doubt, self.plan, self.prepaid):
            pill.hide()
            row.addWidget(pill)
        row.addStretch(1)
        self.hide()

    def show_money(self, money: OwnerMoney, row: OwnerRow) -> None:
        """Show what there is; what the account's own mark says already is not said twice."""
        doubt, plan = money.doubt_text(), money.plan_text()
        if row.mark_text and doubt.startswith(row.mark_text):
            doubt = ""
        why = "财务的清单还列着，账上已记缴清：在账单页按 K 核对，核对前不催"
        self._show(self.doubt, MarkKind.VERIFY, doubt, why)
        is_broken = money.plan is not None and money.plan.verdict.state is PlanState.BROKEN
        mark = MarkKind.BROKEN if is_broken else MarkKind.PROMISED
        shown = "" if plan and plan == row.mark_text else plan
        self._show(self.plan, mark, shown, money.plan.verdict.why if money.plan is not None else "")
        prepaid = f"预缴 {show_yuan(money.prepaid)}" if money.prepaid else ""
        self._show(self.prepaid, MarkKind.PAID, prepaid, "多缴的钱，新账来了自动冲抵")
        self.setVisible(bool(self.words()))

    def words(self) -> tuple[str, ...]:
        """What is shown."""
        return tuple(pill.text() for pill in (self.doubt, self.plan, self.prepaid) if not pill.isHidden())

    @staticmethod
    def _show(pill: StatusPill, mark: MarkKind, text: str, why: str) -> None:
        pill.show_status(mark.value, text)
        pill.setToolTip(why)
        pill.setVisible(bool(text))
