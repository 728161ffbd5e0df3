"""分期: how many instalments, from when, each day and amount, and who approves. No store is seen here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import OwnerRow
from feedesk.models.ledger.plans import MOST_INSTALMENTS, Instalment, PlanDraft
from feedesk.models.money import show
from feedesk.models.office import Staff
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.pin_field import PinField
from feedesk.ui.widgets import DayEdit, Field, MoneyEdit, NumberBox, field_label, label, set_look

ProposePlan = Callable[[tuple[int, ...], int, date], PlanDraft]
SavePlan = Callable[[PlanDraft, Staff, str], bool]

_ROWS_SHOWN = 5
_ROW = 36
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    day: DayEdit
    amount: MoneyEdit


class PlanDialog(MoneyDialog):
    """Takes one plan; `propose` splits what is owed evenly, `save` writes and says whether it is written."""

    def __init__(
        self,
        head: Head,
        owner: OwnerRow,
        siblings: Sequence[OwnerRow],
        people: Sequence[Staff],
        today: date,
        first_due: date,
        propose: ProposePlan,
        save: SavePlan,
        parent: QWidget | None = None,
        *,
        has_late_fee: bool = False,
    ) -> None:
        """`siblings` are the owner's other units with something owed; `first_due` the day proposed for the first."""
        super().__init__(head, "定下分期", parent, width=600)
        self._owner, self._siblings, self._today = owner, tuple(siblings), today
        self._propose, self._save = propose, save
        self._total, self._trouble = 0, ""
        self.count = NumberBox()
        self.count.setRange(2, MOST_INSTALMENTS)
        self.count.setValue(3)
        self.count.setSuffix(" 期")
        self.first = DayEdit(today, first_due)
        self.rows: list[_Row] = []
        self.waive = QCheckBox("按期付清就免违约金；有一期没付，照旧计算")
        self.waive.setVisible(has_late_fee)
        self.together = QCheckBox()
        self.note_field = Field("", "写进协议的话，可不填")
        self.note_field.setMaxLength(_LONGEST)
        self.pin = PinField(people)
        self._sum = label("", "strong")
        self._area = QScrollArea()
        self._build()
        self._renew()
        self.start_at(self.count)

    # --- values ---

    def account_ids(self) -> tuple[int, ...]:
        """The units the plan is for."""
        others = self._siblings if self.together.isChecked() else ()
        return (self._owner.account_id, *(row.account_id for row in others))

    def draft(self) -> PlanDraft | None:
        """What was entered; None while something is missing or wrong."""
        if self.problem():
            return None
        parts = [(row.number, row.day.day(), row.amount.amount()) for row in self.rows]
        return PlanDraft(
            account_ids=self.account_ids(),
            made_on=self._today,
            instalments=tuple(Instalment(number, day, fen) for number, day, fen in parts if day and fen),
            total=self._total,
            note=self.note_field.text().strip(),
            waives_late_fee=self.waive.isVisibleTo(self) and self.waive.isChecked(),
        )

    def sum_text(self) -> str:
        """The sum of the instalments against what is owed, as shown."""
        return self._sum.text()

    # --- what happens ---

    def _build(self) -> None:
        self._count_spot, self._first_spot = self.add_pair(("分几期", self.count), ("第一期到哪天", self.first))
        if self._siblings:
            rooms = "、".join(row.room for row in self._siblings[:3])
            more = f" 等 {len(self._siblings)} 户" if len(self._siblings) > 3 else ""
            self.together.setText(f"同名下 {len(self._siblings) + 1} 户一起分，连同 {rooms}{more}（Alt+U）")
            self.together.setChecked(True)
            self.middle.addWidget(self.together)
        self.together.setVisible(bool(self._siblings))
        line = QHBoxLayout()
        line.addWidget(label("每期的日期和金额，都可以改", "label"))
        line.addStretch(1)
        line.addWidget(self._sum)
        self.middle.addLayout(line)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.middle.addWidget(self._area)
        self._rows_spot = self.spot(self._area)
        self.middle.addWidget(self._rows_spot.words)
        self.middle.addWidget(self.waive)
        self.middle.addSpacing(4)
        self.middle.addWidget(field_label("约定的其他事", self.note_field))
        self.middle.addWidget(self.note_field)
        self.middle.addSpacing(4)
        self._pin_spot = self.add_field("批准人和签字密码", self.pin)
        self.note.setText("定下后可打印协议，双方签字。")
        self.count.valueChanged.connect(lambda _value: self._renew())
        self.first.day_changed.connect(lambda day: self._renew() if day is not None else self.refresh())
        self.together.toggled.connect(lambda _on: self._renew())
        self.pin.changed.connect(self.refresh)
        QShortcut(QKeySequence("Alt+U"), self).activated.connect(self._toggle)

    def _toggle(self) -> None:
        if self._siblings:
            self.together.toggle()

    def _renew(self) -> None:
        """Propose anew: another count, first day or set of units."""
        first = self.first.day()
        if first is None or first < self._today:
            self.refresh()
            return
        try:
            proposal = self._propose(self.account_ids(), self.count.value(), first)
        except FeeDeskError as error:
            self._trouble = error.text
            self.refresh()
            return
        self._trouble, self._total = "", proposal.total
        self._show(proposal.instalments)
        self.refresh()

    def _show(self, instalments: Sequence[Instalment]) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 2, 8, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self.rows = []
        for place, part in enumerate(instalments):
            day = DayEdit(self._today, part.due_on)
            day.setAccessibleName(f"第 {part.number} 期的日期")
            amount = MoneyEdit(part.amount)
            amount.setAccessibleName(f"第 {part.number} 期的金额，元")
            day.day_changed.connect(lambda _day: self.refresh())
            amount.amount_changed.connect(lambda _fen: self.refresh())
            grid.addWidget(label(f"第 {part.number} 期", "strong"), place, 0)
            grid.addWidget(day, place, 1)
            grid.addWidget(amount, place, 2)
            self.rows.append(_Row(part.number, day, amount))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self._area.setWidget(inner)
        self._area.setFixedHeight(min(len(instalments), _ROWS_SHOWN) * _ROW + 4)

    def refresh(self) -> None:
        """Tell the sum and the first problem."""
        amounts = [row.amount.amount() for row in self.rows]
        if self._trouble or not amounts or any(fen is None for fen in amounts):
            self._sum.setText("")
        else:
            total = sum(fen for fen in amounts if fen is not None)
            agrees = total == self._total
            aside = "✓" if agrees else f"差 {show(self._total - total)}"
            self._sum.setText(f"合计 {show(total)} {'=' if agrees else '≠'} 欠费 {show(self._total)}　{aside}")
            set_look(self._sum, tone="malachite" if agrees else "cinnabar")
        super().refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        first = self.first.day()
        early = "第一期不能在今天之前。" if first is not None and first < self._today else ""
        return (
            (self._count_spot, self._trouble),
            (self._first_spot, self.first.problem() or early),
            (self._rows_spot, self._rows_problem()),
            (self._pin_spot, self.pin.problem()),
        )

    def _is_touched(self) -> bool:
        """Days and amounts typed count as well; those proposed do not."""
        return super()._is_touched() or any(field.isModified() for row in self.rows for field in (row.day, row.amount))

    def _rows_problem(self) -> str:
        before = None
        for row in self.rows:
            day, wrong = row.day.day(), row.day.problem() or row.amount.problem()
            if day is None or wrong:
                return f"第 {row.number} 期：{wrong}"
            if day < self._today:
                return f"第 {row.number} 期不能在今天之前。"
            if before is not None and day <= before:
                return f"第 {row.number} 期要晚于第 {row.number - 1} 期。"
            before = day
        total = sum(row.amount.amount() or 0 for row in self.rows)
        return "" if total == self._total else f"各期加起来要等于欠费 {show(self._total)}。"

    def _write(self) -> bool:
        draft, approver = self.draft(), self.pin.approver()
        return draft is not None and approver is not None and self._save(draft, approver, self.pin.pin())

    def _not_written(self) -> None:
        """The PIN is asked for again; the rest stays."""
        self.pin.clear()
        self.pin.secret.setFocus()
