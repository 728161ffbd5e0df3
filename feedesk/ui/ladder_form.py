"""What a move on the ladder asks for: a reason, who signs, and for a suit what the general manager has decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import STEP_LABELS, Step
from feedesk.models.ladder import signers_of
from feedesk.models.office import ROLE_LABELS, Role, Signature, Staff
from feedesk.models.store.ladder import Decision
from feedesk.ui.contact_parts import Problem
from feedesk.ui.pin_field import PinField
from feedesk.ui.widgets import DayEdit, Field, field_label, label

_LONGEST = 120


class LadderForm(QWidget):
    """Asks; `problem` says what is missing. The dialog writes.

    Signals:
        changed: something was typed.
    """

    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._step: Step | None = None
        self._asks_pin = False
        self.title = label("", "section")
        self.reason = Field("", "一句话，记在案上")
        self.reason.setMaxLength(_LONGEST)
        self.signer = PinField(())
        self.decided_by = Field("", "总经理姓名")
        self.decided_by.setMaxLength(_LONGEST // 4)
        self.decided_on = DayEdit(today, today, past=True)
        self.told = Problem()
        self._sign = QWidget()
        sign = QVBoxLayout(self._sign)
        sign.setContentsMargins(0, 0, 0, 0)
        sign.setSpacing(4)
        self._who = field_label("", self.signer)
        sign.addWidget(self._who)
        sign.addWidget(self.signer)
        self._decision = QWidget()
        grid = QGridLayout(self._decision)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for place, (words, field) in enumerate((("总经理", self.decided_by), ("哪天决定的", self.decided_on))):
            grid.addWidget(field_label(words, field), 0, place)
            grid.addWidget(field, 1, place)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._sign, 3)
        row.addWidget(self._decision, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(field_label("原因", self.reason))
        column.addWidget(self.reason)
        column.addLayout(row)
        column.addWidget(self.told)
        for field in (self.reason, self.decided_by, self.decided_on):
            field.textEdited.connect(lambda _text: self.changed.emit())
        self.signer.changed.connect(self._on_signer)

    def ask_up(self, step: Step, signers: Sequence[Staff]) -> None:
        """Ask for what raising an account to `step` takes."""
        self._begin(step, f"升到“{STEP_LABELS[step]}”")
        roles = signers_of(step)
        self._asks_pin = bool(roles)
        self._sign.setVisible(self._asks_pin)
        if roles:
            self.signer.set_people(signers)
            self._who.setText(f"谁签字（{ROLE_LABELS[roles[0]]}）")
        self._mind_decision()

    def ask_back(self, step: Step) -> None:
        """Ask for what lowering an account to `step` takes: the reason alone."""
        self._begin(step, f"退回到“{STEP_LABELS[step]}”")
        self._asks_pin = False
        self._sign.hide()
        self._mind_decision()

    def problem(self) -> str:
        """What is missing, in one sentence; empty when it can be written."""
        if not self.reason.text().strip():
            return "请写一句原因。"
        if not self._asks_pin or self._step is None:
            return ""
        if self.signer.approver() is None:
            able = "或".join(ROLE_LABELS[role] for role in Role if role in signers_of(self._step))
            return f"还没有能签字的人：请到“设置 › 人员”给{able}设签字密码。"
        if wrong := self.signer.problem():
            return wrong
        if self.asks_decision:
            if not self.decided_by.text().strip():
                return "请写是哪位总经理决定的。"
            day = self.decided_on.day()
            if day is None:
                return self.decided_on.problem() or "请填总经理哪天决定的。"
            if day > self._today:
                return "总经理决定的日期在今天之后。"
        return ""

    @property
    def asks_decision(self) -> bool:
        """Whether somebody signs a suit in the general manager's place."""
        who = self.signer.approver()
        return self._step is Step.COURT and self._asks_pin and who is not None and who.role is not Role.GENERAL_MANAGER

    def words(self) -> str:
        """The reason as typed."""
        return self.reason.text().strip()

    def signature(self) -> Signature | None:
        """Who signs, with the PIN as typed; None where nobody must."""
        who = self.signer.approver() if self._asks_pin else None
        return Signature(who, self.signer.pin()) if who else None

    def decision(self) -> Decision | None:
        """What the general manager has decided; None where it is not asked."""
        day = self.decided_on.day()
        return Decision(self.decided_by.text().strip(), day) if self.asks_decision and day else None

    def is_touched(self) -> bool:
        """Whether something typed would be lost."""
        return bool(self.words() or (self._asks_pin and self.signer.pin()) or self.decided_by.text())

    def _begin(self, step: Step, title: str) -> None:
        self._step = step
        self.title.setText(title)
        self.reason.clear()
        self.decided_by.clear()
        self.signer.secret.clear()
        self.told.say("")

    def _on_signer(self) -> None:
        self._mind_decision()
        self.changed.emit()

    def _mind_decision(self) -> None:
        self._decision.setVisible(self.asks_decision)
