"""收款待核: a later list of finance still names what we hold as paid. A person says which of the two is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from feedesk.models.ledger.payments import PAY_METHOD_LABELS, Payment
from feedesk.models.money import show_yuan
from feedesk.ui.contact_parts import PlainCombo, takes_text
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot, filled
from feedesk.ui.widgets import Card, Field, KeyButton, field_label, label

Confirm = Callable[[str], bool]
Reverse = Callable[[int, str], bool]
_REAL, _WRONG = "1", "2"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """One line in doubt, in words."""

    what: str
    """「管理费 2026年7–9月 ¥1,079.40」."""
    why: str
    """「11-20 的清单还列着这一笔，账上已记收款」."""


class DoubtDialog(MoneyDialog):
    """收款属实, or 冲正这笔收款; either with a reason. Both writers say whether it is written."""

    def __init__(
        self,
        head: Head,
        lines: Sequence[DoubtLine],
        payments: Sequence[Payment],
        confirm: Confirm,
        reverse: Reverse,
        parent: QWidget | None = None,
    ) -> None:
        """`payments` are those that stand, newest first."""
        super().__init__(head, "记为属实", parent, width=540)
        self._payments = tuple(payment for payment in payments if not payment.reversed)
        self._confirm, self._reverse = confirm, reverse
        card = Card("sunken")
        for line in lines:
            card.body.addWidget(label(line.what, "strong", wrap=True))
            card.body.addWidget(label(line.why, "caption", wrap=True))
        self.middle.addWidget(card)
        self.middle.addSpacing(8)
        self.real = KeyButton(
            "收款属实", sub="财务漏记，请他们更正清单", key=_REAL, key_first=True, kind="pick", checkable=True
        )
        self.wrong = KeyButton(
            "冲正这笔收款", sub="没有收到这笔钱，欠费恢复", key=_WRONG, key_first=True, kind="pick", checkable=True
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.real, self.wrong):
            button.setFixedHeight(44)
            row.addWidget(button, 1)
        self.middle.addLayout(row)
        self._choice_spot = self.spot(self.real)
        self.middle.addWidget(self._choice_spot.words)
        self.middle.addSpacing(4)
        self.which = PlainCombo()
        for payment in self._payments:
            how = PAY_METHOD_LABELS[payment.method]
            self.which.addItem(f"{payment.paid_on:%Y-%m-%d} {how} {show_yuan(payment.amount)}", payment.id)
        self._which_label = field_label("冲正哪一笔", self.which)
        self.middle.addWidget(self._which_label)
        self.middle.addWidget(self.which)
        self._which_spot = self.spot(self.which)
        self.middle.addWidget(self._which_spot.words)
        self.middle.addSpacing(4)
        self.reason = Field("", "怎么核对的、问了谁")
        self.reason.setMaxLength(_LONGEST)
        self._reason_spot = self.add_field("核对结果（记在账上）", self.reason)
        self.real.clicked.connect(lambda: self.choose(_REAL))
        self.wrong.clicked.connect(lambda: self.choose(_WRONG))
        self.reason.textChanged.connect(lambda _text: self.refresh())
        self.wrong.setEnabled(bool(self._payments))
        self.wrong.setToolTip("" if self._payments else "这一户没有可以冲正的收款")
        self._show_which()
        self.start_at(self.real)

    def choose(self, key: str) -> None:
        """1 收款属实, 2 冲正这笔收款."""
        if key == _WRONG and not self._payments:
            return
        self.real.setChecked(key == _REAL)
        self.wrong.setChecked(key == _WRONG)
        self.save_button.set_words("冲正这笔收款" if key == _WRONG else "记为属实")
        self._show_which()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit outside the fields chooses."""
        if event.text() in (_REAL, _WRONG) and not takes_text(QApplication.focusWidget()):
            self.choose(event.text())
        else:
            super().keyPressEvent(event)

    def _show_which(self) -> None:
        is_wrong = self.wrong.isChecked()
        self._which_label.setVisible(is_wrong)
        self.which.setVisible(is_wrong)
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        chosen = self.real.isChecked() or self.wrong.isChecked()
        return (
            (self._choice_spot, "" if chosen else "请选一种，按 1 或 2。"),
            (self._which_spot, ""),
            (self._reason_spot, filled(self.reason, "请写怎么核对的。")),
        )

    def _write(self) -> bool:
        why = self.reason.text().strip()
        if self.wrong.isChecked():
            return self._reverse(int(self.which.currentData()), why)
        return self._confirm(why)
