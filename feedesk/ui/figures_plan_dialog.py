"""年度计划: month by month the target, what finance bills, how many units, and who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models import money
from feedesk.models.collection_words import show_target
from feedesk.models.yearly_plan import MonthPlan, PlanProblem, YearPlan, parse_rate, plan_problems
from feedesk.ui.messages import Messages
from feedesk.ui.widgets import Field, KeyButton, Segment, field_label, hairline, label, set_look

COLUMNS = (
    ("rate_bp", "收费率目标 %", 110),
    ("receivable", "财务应收（元）", 150),
    ("households", "收费户数", 100),
    ("answers", "负责人", 130),
)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HINT = "应收和户数照财务的填：全部户都算，交没交都算。一次收几个月的，平均分到各月。不填的月份只按清单里的账目算。"


class FiguresPlanDialog(QDialog):
    """Twelve rows of fields for a year; other years are a key away. Nothing is kept before 保存.

    Signals:
        saved: the `YearPlan`s that were changed, as a tuple.
    """

    saved = Signal(tuple)

    def __init__(
        self,
        year: int,
        plan_of: Callable[[int], YearPlan],
        messages: Messages,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._plan_of, self._messages = plan_of, messages
        self._year = year
        self._kept: dict[int, YearPlan] = {}
        self._drafts: dict[int, YearPlan] = {}
        self.setWindowTitle("年度计划")
        self.setModal(True)
        self.years = Segment([(str(one), f"{one} 年") for one in (year - 1, year, year + 1)])
        self.years.chosen.connect(self._on_year)
        self.household = Field("", "例如 85")
        self.recovery = Field("", "例如 40")
        self.fields: dict[tuple[int, str], Field] = {}
        self.problem = label("", "caption", wrap=True)
        self.fill_button = KeyButton("往下照填", key="Ctrl+D", icon="down")
        self.fill_button.clicked.connect(self.fill_down)
        self.fill_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # else the field to fill from would lose the focus
        self.save_button = KeyButton("保存", key="Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        self.cancel_button = KeyButton("取消", key="Esc", kind="quiet")
        self.cancel_button.clicked.connect(self.reject)
        self._build()
        QShortcut(QKeySequence("Ctrl+D"), self).activated.connect(self.fill_down)
        self.years.choose(str(year))
        self._show(self._draft(year))
        first = self.fields[1, "rate_bp"]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        room = self.screen().availableGeometry()
        self.resize(620, min(676, room.height() - 48))

    # --- values ---

    def plan(self) -> YearPlan | None:
        """The year shown as typed; None while a field cannot be read."""
        try:
            return self._read()
        except _Unreadable:
            return None

    def changed(self) -> tuple[YearPlan, ...]:
        """The plans that differ from what is kept."""
        self._put_by()
        return tuple(self._drafts[year] for year in sorted(self._drafts) if self._drafts[year] != self._kept[year])

    # --- what happens ---

    def save(self) -> None:
        """Hand over what was changed and close; with something unreadable, say what and go there."""
        if self._refresh():
            return
        changed = self.changed()
        self.accept()
        if changed:
            self.saved.emit(changed)

    def fill_down(self) -> None:
        """Copy the field with the focus into all months below it."""
        place = next((place for place, edit in self.fields.items() if edit is QApplication.focusWidget()), None)
        if place is None:
            return
        number, name = place
        for below in range(number + 1, 13):
            self.fields[below, name].setText(self.fields[place].text())
        self._refresh()

    def reject(self) -> None:
        """Esc asks only when something was typed."""
        unread = self.plan() is None
        if (unread or self.changed()) and not self._messages.confirm(
            "年度计划改过还没有保存，不要了吗？", "不要了", "关掉后，刚才填的不会留下。", self
        ):
            return
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves."""
        if event.key() in _ENTER:
            self.save()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↑↓ go from month to month; left to itself, the scroll area would take them."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self._go(step)
                return True
        return super().eventFilter(watched, event)

    def _go(self, step: int) -> None:
        place = next((place for place, edit in self.fields.items() if edit is QApplication.focusWidget()), None)
        target = self.fields.get((place[0] + step, place[1])) if place else None
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            target.selectAll()
            self._scroll.ensureWidgetVisible(target)

    def _on_year(self, key: str) -> None:
        if self._refresh():
            self.years.choose(str(self._year))
            return
        self._put_by()
        self._year = int(key)
        self._show(self._draft(self._year))

    # --- inside ---

    def _draft(self, year: int) -> YearPlan:
        if year not in self._kept:
            self._kept[year] = self._drafts[year] = self._plan_of(year)
        return self._drafts[year]

    def _put_by(self) -> None:
        plan = self.plan()
        if plan is not None:
            self._drafts[self._year] = plan

    def _show(self, plan: YearPlan) -> None:
        self.household.setText(_percent(plan.household_bp))
        self.recovery.setText(_percent(plan.recovery_bp))
        for number, month in enumerate(plan.months, start=1):
            self.fields[number, "rate_bp"].setText(_percent(month.rate_bp))
            self.fields[number, "receivable"].setText("" if month.receivable is None else money.show(month.receivable))
            self.fields[number, "households"].setText("" if month.households is None else str(month.households))
            self.fields[number, "answers"].setText(month.answers)
        self._refresh()

    def _read(self) -> YearPlan:
        months = tuple(
            MonthPlan(
                self._value(number, "rate_bp", parse_rate),
                self._value(number, "receivable", money.parse),
                self._value(number, "households", _count),
                self.fields[number, "answers"].text().strip(),
            )
            for number in range(1, 13)
        )
        household, recovery = (
            _read(edit.text(), PlanProblem(0, name, ""), parse_rate)
            for name, edit in (("household_bp", self.household), ("recovery_bp", self.recovery))
        )
        return YearPlan(self._year, months, household, recovery)

    def _value(self, number: int, name: str, read: Callable[[str], int]) -> int | None:
        return _read(self.fields[number, name].text(), PlanProblem(number, name, f"{number} 月："), read)

    def _refresh(self) -> bool:
        """Mark what is wrong and say the first of it; True when something is."""
        try:
            problems = plan_problems(self._read())
        except _Unreadable as error:
            problems = (error.problem,)
        wrong = {(problem.month, problem.field): problem.text for problem in problems}
        for place, edit in self.fields.items():
            edit.set_bad(wrong.get(place, ""))
        self.household.set_bad(wrong.get((0, "household_bp"), ""))
        self.recovery.set_bad(wrong.get((0, "recovery_bp"), ""))
        self.problem.setText(problems[0].text if problems else _HINT)
        set_look(self.problem, tone="cinnabar" if problems else "caption")
        self.save_button.setEnabled(not problems)
        return bool(problems)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(label("年度计划", "title"))
        head.addWidget(self.years)
        head.addStretch(1)
        column.addLayout(head)
        whole = QHBoxLayout()
        whole.setSpacing(8)
        for words, edit in (("全年户收费率目标 %（&H）", self.household), ("全年清缴率目标 %（&R）", self.recovery)):
            edit.setFixedWidth(90)
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.textEdited.connect(self._refresh)
            whole.addWidget(field_label(words, edit))
            whole.addWidget(edit)
            whole.addSpacing(16)
        whole.addStretch(1)
        column.addLayout(whole)
        column.addWidget(hairline())
        column.addWidget(self._months(), 1)
        column.addWidget(self.problem)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.fill_button)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        column.addLayout(foot)

    def _months(self) -> QScrollArea:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        for place, (name, title, width) in enumerate(COLUMNS, start=1):
            grid.addWidget(label(title, "label"), 0, place)
            for number in range(1, 13):
                edit = Field()
                edit.setMinimumWidth(width)
                edit.setAccessibleName(f"{number} 月 {title}")
                if name != "answers":
                    edit.setAlignment(Qt.AlignmentFlag.AlignRight)
                edit.textEdited.connect(self._refresh)
                grid.addWidget(edit, number, place)
                edit.installEventFilter(self)
                self.fields[number, name] = edit
            grid.setColumnStretch(place, width)
        for number in range(1, 13):
            grid.addWidget(label(f"{number} 月", "muted"), number, 0)
        grid.setRowStretch(13, 1)
        order = [self.fields[number, name] for number in range(1, 13) for name, _title, _width in COLUMNS]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._scroll.setWidget(inner)
        return self._scroll


class _Unreadable(Exception):
    """A field that is no number."""

    def __init__(self, problem: PlanProblem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def _read(text: str, where: PlanProblem, read: Callable[[str], int]) -> int | None:
    if not text.strip():
        return None
    try:
        return read(text)
    except ValueError as error:
        said = str(error).removesuffix("。")
        raise _Unreadable(replace(where, text=f"{where.text}{said}。")) from error


def _count(text: str) -> int:
    bare = text.strip().replace(",", "").removesuffix("户").strip()
    if not bare.isascii() or not bare.isdecimal() or len(bare) > 9:
        raise ValueError(f"“{text.strip()[:12]}”不是户数")
    return int(bare)


def _percent(bp: int | None) -> str:
    return "" if bp is None else show_target(bp).removesuffix("%")
