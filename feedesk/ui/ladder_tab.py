"""设置 › 催缴阶段: from what amount, age and waiting time on a step opens, and which steps the office has at all."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.ladder import Thresholds, asks_faster, problem
from feedesk.models.ladder.thresholds import BOUNDS, Bounds
from feedesk.models.office import Role, Signature
from feedesk.ui.contact_parts import Problem
from feedesk.ui.desk import Desk
from feedesk.ui.sign_dialog import SignDialog
from feedesk.ui.widgets import Card, KeyButton, MoneyEdit, NumberBox, field_label, label

_YUAN = "元"
_COLUMNS = 3
_GROUPS = (
    (
        "走法律途径的门槛",
        "够金额，或够账龄，二者有一就开；异议中、暂缓、未到期、已过时效的账不计。长期未缴户够账龄，还要有下面几封函。",
        ("legal_amount", "legal_months", "vacant_amount", "shop_amount", "long_months", "letters"),
    ),
    (
        "每一步之后等多久",
        "催款单和函件至少等 15 天（从送达算，单上写的期限更晚就按单上的）；等待期满，下一步才开。",
        ("calls", "demand_days", "letter_days", "committee_days", "lawyer_days", "public_days"),
    ),
)


class LadderTab(QWidget):
    """Shows and changes the thresholds; whatever opens a step sooner takes a signature."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._stored = Thresholds()
        self.fields: dict[str, MoneyEdit | NumberBox] = {}
        bounds = {bound.field: bound for bound in BOUNDS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for title, words, names in _GROUPS:
            card = Card(spacing=8)
            card.body.addWidget(label(title, "section"))
            card.body.addWidget(label(words, "caption", wrap=True))
            grid = QGridLayout()
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(4)
            for place, name in enumerate(names):
                field = self.fields[name] = _field(bounds[name])
                line, side = divmod(place, _COLUMNS)
                unit = f"（{_YUAN}）" if bounds[name].unit == _YUAN else ""
                grid.addWidget(field_label(f"{bounds[name].words}{unit}", field), 2 * line, side)
                grid.addWidget(field, 2 * line + 1, side)
            for side in range(_COLUMNS):
                grid.setColumnStretch(side, 1)
            card.body.addLayout(grid)
            column.addWidget(card)
        self.committee = QCheckBox("小区有业委会：律师函之前先请它督促，或申请社区调解（5b）")
        self.public = QCheckBox("允许不记名公示（7）：只写汇总数，不写姓名、电话、房号；须当地规定允许，由项目经理签字")
        self.problem = Problem()
        self.save_button = KeyButton("保存催缴阶段", key="Ctrl+S", kind="primary")
        self.save_button.setShortcut("Ctrl+S")
        self.usual_button = KeyButton("用通常的标准", kind="quiet")
        last = Card(spacing=8)
        last.body.addWidget(label("有没有这一步", "section"))
        last.body.addWidget(self.committee)
        last.body.addWidget(self.public)
        last.body.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.usual_button)
        foot.addStretch(1)
        last.body.addLayout(foot)
        column.addWidget(last)
        self._connect()

    def _connect(self) -> None:
        for field in self.fields.values():
            if isinstance(field, MoneyEdit):
                field.amount_changed.connect(lambda _fen: self._mind())
                field.returnPressed.connect(self.save)
            else:
                field.valueChanged.connect(lambda _number: self._mind())
        for box in (self.committee, self.public):
            box.toggled.connect(lambda _on: self._mind())
        self.save_button.clicked.connect(self.save)
        self.usual_button.clicked.connect(lambda: self._show(Thresholds()))
        self._desk.changed.connect(lambda _changes: self._follow())

    def refresh(self) -> None:
        """The thresholds as stored; what was typed and not saved is given up."""
        self._stored = self._desk.office.ladder.thresholds()
        self._show(self._stored)

    def typed(self) -> Thresholds | None:
        """The thresholds as typed; None while an amount cannot be read."""
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            value = field.amount() if isinstance(field, MoneyEdit) else field.value()
            if value is None:
                return None
            values[name] = value
        return Thresholds(has_committee=self.committee.isChecked(), allows_public=self.public.isChecked(), **values)

    @Slot()
    def save(self) -> None:
        """Keep the thresholds as typed; where a step opens sooner, with the PIN of one who can sign."""
        typed = self.typed()
        if typed is None or not self.save_button.isEnabled():
            return
        ladder, before = self._desk.office.ladder, self._stored
        signers = ladder.threshold_signers()

        def back(_changes: Changes) -> Changes:
            return ladder.save_thresholds(before)

        def write(signed: Signature | None) -> bool:
            undo = None if signers and asks_faster(typed, before) else back  # to go back may take a PIN as well
            done = self._desk.write(
                lambda: ladder.save_thresholds(typed, signed), "催缴阶段的设置已保存，各户按它重新判断。", undo
            )
            if done:
                self.refresh()
            return done

        if not ladder.needs_signature(typed):
            write(None)
            return
        who = "组团负责人" if all(person.role is Role.LEADER for person in signers) else "项目经理"
        what = f"这样改，有的阶段会开得更早，要{who}同意。"
        dialog = SignDialog("催缴阶段", what, signers, write, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show(self, thresholds: Thresholds) -> None:
        for name, field in self.fields.items():
            value = getattr(thresholds, name)
            if isinstance(field, MoneyEdit):
                field.set_amount(value)
            else:
                field.setValue(value)
        self.committee.setChecked(thresholds.has_committee)
        self.public.setChecked(thresholds.allows_public)
        self._mind()

    def _follow(self) -> None:
        """Thresholds taken back by 撤销 show as they are again; what is being typed stays while nothing has changed."""
        if self._desk.office.ladder.thresholds() != self._stored:
            self.refresh()

    def _mind(self) -> None:
        typed = self.typed()
        wrong = problem(typed) if typed is not None else "金额要填数字"
        changed = typed is not None and typed != self._stored
        self.problem.say(f"{wrong}。" if wrong else "")
        self.save_button.setEnabled(changed and not wrong)
        self.save_button.setToolTip(wrong or ("" if changed else "没有改动"))
        self.usual_button.setVisible(typed != Thresholds())


def _field(bound: Bounds) -> MoneyEdit | NumberBox:
    if bound.unit == _YUAN:
        return MoneyEdit()
    made = NumberBox()
    made.setRange(bound.least, bound.most)
    made.setSuffix(f" {bound.unit}")
    return made
