"""What is asked before some payments: with late fee or without, inside finance's list or missed, more than is owed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.days import short_day
from feedesk.models.ledger.payments import PaymentPreview
from feedesk.models.money import show_yuan
from feedesk.ui.contact_parts import Problem
from feedesk.ui.widgets import Card, KeyCap, MoneyEdit, Segment, label

IN_LIST, MISSED = "in_list", "missed"


class PaymentQuestions(QWidget):
    """Each line is there only while its question is; what is not asked is answered no.

    Signals:
        prepay_asked: the question about what is left over has just come up.
    """

    prepay_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.late_fee_box = QCheckBox("连违约金一起收（Alt+F）")
        self.late_fee = MoneyEdit()
        self.late_fee.setAccessibleName("其中违约金，元")
        self.late_fee.setMaximumWidth(120)
        self._late_fee_words = label("", "caption")
        self.late_fee_note = label("", "caption", wrap=True)
        self.late_fee_problem = Problem()
        self.covered = Card(margins=(12, 8, 12, 8), spacing=6)
        self.covered_words = label("", wrap=True)
        self.covered_choice = Segment(((IN_LIST, "清单已含，只登记"), (MISSED, "财务漏记，照冲")))
        self.covered.body.addWidget(self.covered_words)
        choice = QHBoxLayout()
        choice.setSpacing(8)
        choice.addWidget(self.covered_choice)
        choice.addWidget(KeyCap("Alt+L"))
        choice.addStretch(1)
        self.covered.body.addLayout(choice)
        self.prepay_box = QCheckBox()
        late = QHBoxLayout()
        late.setSpacing(8)
        late.addWidget(self.late_fee_box)
        late.addWidget(self.late_fee)
        late.addWidget(self._late_fee_words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(late)
        column.addWidget(self.late_fee_note)
        column.addWidget(self.late_fee_problem)
        column.addWidget(self.covered)
        column.addWidget(self.prepay_box)
        self.start()

    def start(self) -> None:
        """Nothing is asked of the next payer yet."""
        self.late_fee_box.hide()
        self.late_fee_note.hide()
        self.covered_choice.choose(IN_LIST)
        self.covered.hide()
        self.prepay_box.setChecked(False)
        self.prepay_box.hide()
        self.late_fee_problem.say("")

    def stops(self) -> tuple[QWidget, ...]:
        """What Tab stops at, in reading order."""
        choice = self.covered_choice
        return (self.late_fee_box, self.late_fee, choice.button(IN_LIST), choice.button(MISSED), self.prepay_box)

    # --- late fee ---

    def takes_late_fee(self) -> bool:
        """Whether late fee is taken with this payment."""
        return not self.late_fee_box.isHidden() and self.late_fee_box.isChecked()

    def offer_late_fee(self, most: int, day: date | None, today: date, *, on: bool) -> None:
        """So many 分 of late fee may be taken up to the day; none hides the line. A tick once shown stays as it is."""
        was_hidden = self.late_fee_box.isHidden()
        for part in (self.late_fee_box, self.late_fee, self._late_fee_words):
            part.setVisible(most > 0)
        if most > 0 and was_hidden:
            self.late_fee_box.setChecked(on)
        self.late_fee.setEnabled(self.late_fee_box.isChecked())
        until = "今天" if day is None or day == today else short_day(day, today)
        self._late_fee_words.setText(f"到{until}可收 {show_yuan(most)}，与本金分开记")

    def note_late_fee(self, notes: Sequence[str]) -> None:
        """Why it is no more, or nothing of this sum; without a reason no line."""
        self.late_fee_note.setText("；".join(notes) + "。" if notes else "")
        self.late_fee_note.setVisible(bool(notes))

    # --- finance's list ---

    def says_missed(self) -> bool:
        """Whether the clerk says that finance has missed the money."""
        return not self.covered.isHidden() and self.covered_choice.value() == MISSED

    def toggle_missed(self) -> None:
        """Alt+L: the other answer, while that is asked."""
        if not self.covered.isHidden():
            self.covered_choice.choose(IN_LIST if self.covered_choice.value() == MISSED else MISSED)

    def show_covered(self, seen: PaymentPreview | None, open_ids: Collection[int], today: date) -> None:
        """The question about money that came before the day of finance's list; hidden when there is none.

        `seen` is the preview as if finance had missed nothing. `open_ids` are the charges still open: one that is paid
        there without being open was settled by that list.
        """
        if seen is None or not seen.covered or seen.covered_by is None:
            self.covered.hide()
            self.covered_choice.choose(IN_LIST)
            return
        day = short_day(seen.covered_by, today)
        replaced = [use.text for use in seen.uses if use.charge_id and use.charge_id not in open_ids]
        self.covered_words.setText(
            f"这笔钱在财务清单截止日 {day} 以前收到，其中 {show_yuan(seen.covered)} 清单里应已扣除，再冲就重复了。"
            + (f"它替下清单销掉的 {'、'.join(replaced)}。" if replaced else "")
        )
        self.covered.show()

    # --- more than is owed ---

    def agrees_to_prepay(self) -> bool:
        """Whether what is left over may become prepayment."""
        return not self.prepay_box.isHidden() and self.prepay_box.isChecked()

    def show_over(self, over: int) -> None:
        """So much is left over: it becomes prepayment only when the tick is set. Another sum is another question."""
        words = f"多出 {show_yuan(over)} 转为预缴，下次出账时自动抵用（Alt+Y）"
        if self.prepay_box.text() != words or not over:
            self.prepay_box.setChecked(False)
        self.prepay_box.setText(words)
        is_new = over > 0 and self.prepay_box.isHidden()
        self.prepay_box.setVisible(over > 0)
        if is_new:
            self.prepay_asked.emit()
