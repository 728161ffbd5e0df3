"""设置 › 分类: where 轻微 ends and 严重 begins."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.traits import SEVERITY_LABELS, Severity, SeverityLimits, limits_problem
from feedesk.ui.contact_parts import Problem
from feedesk.ui.desk import Desk
from feedesk.ui.widgets import Card, KeyButton, MoneyEdit, NumberBox, field_label, label

_MOST_DAYS = 3_650


class SeverityTab(QWidget):
    """Shows and changes the limits; saving them grades every account anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._stored = SeverityLimits()
        self.light_days, self.severe_days = (_days() for _ in range(2))
        self.light_amount, self.severe_amount = MoneyEdit(), MoneyEdit()
        self.problem = Problem()
        self.said = label("", "", wrap=True)
        self.save_button = KeyButton("保存分类标准", key="Ctrl+S", kind="primary")
        self.save_button.setShortcut("Ctrl+S")
        self.usual_button = KeyButton("用通常的标准", kind="quiet")
        card = Card(spacing=8)
        card.body.addWidget(label("欠费程度", "section"))
        card.body.addWidget(
            label(
                "按最久一笔逾期的天数和欠费金额分轻微、中度、严重，用来筛选和排先后；还没到期的都算轻微。"
                "改了以后，每一户按新标准重新分。",
                "caption",
                wrap=True,
            )
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("轻微：逾期不超过", self.light_days),
            ("并且欠费不满（元）", self.light_amount),
            ("严重：逾期满", self.severe_days),
            ("或者欠费满（元）", self.severe_amount),
        )
        for place, (words, field) in enumerate(fields):
            line, side = divmod(place, 2)
            grid.addWidget(field_label(words, field), 2 * line, side)
            grid.addWidget(field, 2 * line + 1, side)
        grid.setColumnStretch(2, 1)
        card.body.addLayout(grid)
        card.body.addWidget(self.problem)
        card.body.addWidget(self.said)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.usual_button)
        foot.addStretch(1)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        for box in (self.light_days, self.severe_days):
            box.valueChanged.connect(lambda _days: self._mind())
        for edit in (self.light_amount, self.severe_amount):
            edit.amount_changed.connect(lambda _fen: self._mind())
            edit.returnPressed.connect(self.save)
        self.save_button.clicked.connect(self.save)
        self.usual_button.clicked.connect(lambda: self._show(SeverityLimits()))
        desk.changed.connect(lambda _changes: self._follow())

    def refresh(self) -> None:
        """The limits as stored; what was typed and not saved is given up."""
        self._stored = self._desk.office.traits.limits()
        self._show(self._stored)

    def typed(self) -> SeverityLimits | None:
        """The limits as typed; None while an amount cannot be read."""
        light, severe = self.light_amount.amount(), self.severe_amount.amount()
        if light is None or severe is None:
            return None
        return SeverityLimits(self.light_days.value(), light, self.severe_days.value(), severe)

    @Slot()
    def save(self) -> None:
        """Keep the limits as typed."""
        typed = self.typed()
        if typed is None or not self.save_button.isEnabled():
            return
        traits, before = self._desk.office.traits, self._stored
        said = "分类标准已保存，每一户按它重新分了轻重。"
        if self._desk.write(lambda: traits.save_limits(typed), said, lambda _changes: traits.save_limits(before)):
            self.refresh()

    def _show(self, limits: SeverityLimits) -> None:
        self.light_days.setValue(limits.light_days)
        self.light_amount.set_amount(limits.light_fen)
        self.severe_days.setValue(limits.severe_days)
        self.severe_amount.set_amount(limits.severe_fen)
        self._mind()

    def _follow(self) -> None:
        """Limits taken back by 撤销 show as they are again; what is being typed stays while nothing has changed."""
        if self._desk.office.traits.limits() != self._stored:
            self.refresh()
        else:
            self._count()

    def _mind(self) -> None:
        typed = self.typed()
        wrong = limits_problem(typed) if typed is not None else "金额要填数字。"
        changed = typed is not None and typed != self._stored
        self.problem.say(wrong)
        self.save_button.setEnabled(changed and not wrong)
        self.save_button.setToolTip(wrong or ("" if changed else "没有改动"))
        self.usual_button.setVisible(typed != SeverityLimits())
        self._count()

    def _count(self) -> None:
        counts = self._desk.office.traits.severities()
        parts = (f"{SEVERITY_LABELS[one]} {counts.get(one, 0):,} 户" for one in Severity)
        self.said.setText(f"按已保存的标准，现在有：{'，'.join(parts)}。")


def _days() -> NumberBox:
    made = NumberBox()
    made.setRange(1, _MOST_DAYS)
    made.setSuffix(" 天")
    return made
