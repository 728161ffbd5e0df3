"""What a result needs, each as one card: the promise, the payment the owner speaks of, the objection."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QHBoxLayout

from feedesk.models import days
from feedesk.models.charges import Charge
from feedesk.models.contacts import PAY_WAYS, ClaimDraft, PromiseDraft
from feedesk.models.disputes import DEPARTMENTS, DISPUTE_KINDS, department_for, proposed_lines
from feedesk.models.followup import AmountPick, QuickPick
from feedesk.ui.contact_parts import PlainCombo, Problem
from feedesk.ui.dispute_lines import DisputeLines
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Card, DayEdit, Field, IconMark, KeyButton, MoneyEdit, label

_SAME_NUMBER_SECONDS = 1.0
"""Digits that follow each other faster than this belong to one number: 1 2 0 5 is the 5th of December."""


def _head(mark: str, title: str) -> tuple[QHBoxLayout, QHBoxLayout]:
    row, right = QHBoxLayout(), QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(IconMark(f"mark-{mark}", size=16))
    row.addWidget(label(title, "section"))
    row.addStretch(1)
    row.addLayout(right)
    return row, right


class ResultPane(Card):
    """A card for one result.

    Signals:
        changed: something that the draft is made of has changed.
    """

    changed = Signal()

    def press(self, key: str) -> bool:
        """A digit typed while the focus is in this card, outside its fields; False leaves it to the results."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the focus on the first thing needed."""
        raise NotImplementedError


class PromisePane(ResultPane):
    """承诺: the day by one digit or typed as 1125, the amount in full unless changed."""

    def __init__(
        self,
        today: date,
        picks: Sequence[QuickPick],
        broken_text: str = "",
        *,
        low: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(margins=(12, 10, 12, 12), spacing=6 if low else 8)
        self._today, self._picks, self._clock = today, tuple(picks), clock
        self._typed, self._typed_at = "", 0.0
        head, right = _head("promised", "承诺")
        if broken_text:
            right.addWidget(label(broken_text, "caption", Tone.CINNABAR))
        self.body.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(8)
        self._group = QButtonGroup(self)
        self._buttons: list[KeyButton] = []
        for place, pick in enumerate(self._picks):
            sub = "直接键入 1125" if pick.day is None else f"{pick.day:%m-%d} {days.weekday(pick.day)}"
            button = KeyButton(pick.label, sub=sub, key=str(place + 1), key_first=True, kind="pick", checkable=True)
            button.setFixedHeight(44)
            button.clicked.connect(lambda _on=False, at=place: self._choose(at))
            self._group.addButton(button)
            self._buttons.append(button)
            grid.addWidget(button, place // 2, place % 2)
        self.body.addLayout(grid)
        self.day = DayEdit(today)
        self.day.setAccessibleName("承诺日")
        self.day.hide()
        self.day.day_changed.connect(lambda _day: self.changed.emit())
        self.body.addWidget(self.day)
        self.day_problem = Problem()
        self.body.addWidget(self.day_problem)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(label("金额", "label"))
        self.amount = MoneyEdit()
        self.amount.setAccessibleName("承诺金额，元")
        self.amount.setMinimumWidth(104)
        self.amount.amount_changed.connect(lambda _fen: self._on_amount())
        row.addWidget(self.amount)
        self._amounts = QHBoxLayout()
        self._amounts.setSpacing(6)
        row.addLayout(self._amounts)
        row.addStretch(1)
        self._amount_buttons: list[tuple[int, KeyButton]] = []
        self.body.addLayout(row)
        self.amount_problem = Problem()
        self.body.addWidget(self.amount_problem)

    def offer_amounts(self, amounts: Sequence[AmountPick]) -> None:
        """Offer these amounts; an amount that was one of the old offers becomes the first of the new."""
        was_offered = not self._amount_buttons or any(button.isChecked() for _fen, button in self._amount_buttons)
        for _fen, button in self._amount_buttons:
            self._amounts.removeWidget(button)
            button.deleteLater()
        self._amount_buttons = []
        for pick in amounts:
            button = KeyButton(pick.label, kind="chip", checkable=True)
            button.clicked.connect(lambda _on=False, fen=pick.fen: self._take(fen))
            self._amounts.addWidget(button)
            self._amount_buttons.append((pick.fen, button))
        if was_offered and amounts:
            self.amount.set_amount(amounts[0].fen)
        self._show_amount()

    def due_on(self) -> date | None:
        """The promised day."""
        if not self.day.isHidden():
            return self.day.day()
        for pick, button in zip(self._picks, self._buttons, strict=True):
            if button.isChecked():
                return pick.day
        return None

    def draft(self) -> PromiseDraft | None:
        """The promise, when day and amount can be read."""
        due_on, fen = self.due_on(), self.amount.amount()
        return None if due_on is None or fen is None else PromiseDraft(due_on, fen)

    def field_problems(self) -> tuple[str, str]:
        """What is wrong with day and amount as typed; empty texts when they can be read."""
        day = self.day.problem() if not self.day.isHidden() else ""
        return day or ("" if self.due_on() else "承诺缴费要选哪一天。"), self.amount.problem()

    def press(self, key: str) -> bool:
        """One digit picks a day; digits in quick succession are a date and go on in its field."""
        if not key.isdigit():
            return False
        now = self._clock()
        self._typed = self._typed + key if now - self._typed_at < _SAME_NUMBER_SECONDS else key
        self._typed_at = now
        if len(self._typed) == 1:
            if 1 <= int(key) <= len(self._picks):
                self._choose(int(key) - 1)
                return True
            if key != "0":
                return False
        self._choose(len(self._picks) - 1)
        self.day.setText(self._typed)
        self.day.textEdited.emit(self._typed)
        self._typed = ""
        return True

    def take_focus(self) -> None:
        """The picks."""
        chosen = next((button for button in self._buttons if button.isChecked()), self._buttons[0])
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        button = self._buttons[place]
        button.setChecked(True)
        other = self._picks[place].day is None
        self.day.setVisible(other)
        if other:
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _take(self, fen: int) -> None:
        self.amount.set_amount(fen)
        self._on_amount()

    def _on_amount(self) -> None:
        self._show_amount()
        self.changed.emit()

    def _show_amount(self) -> None:
        for fen, button in self._amount_buttons:
            button.setChecked(fen == self.amount.amount())


class ClaimPane(ResultPane):
    """已缴待核: how (one digit), when and how much the owner says he has paid."""

    def __init__(self, today: date) -> None:
        super().__init__(margins=(14, 10, 14, 12))
        head, right = _head("verify", "已缴待核")
        right.addWidget(label("先停催，等财务核对", "caption"))
        self.body.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(6)
        self._group = QButtonGroup(self)
        self._ways: list[KeyButton] = []
        for place, way in enumerate(PAY_WAYS):
            button = KeyButton(way, key=str(place + 1), key_first=True, kind="said", checkable=True)
            button.setFixedHeight(30)
            button.clicked.connect(lambda _on=False, at=place: self._choose(at))
            self._group.addButton(button)
            self._ways.append(button)
            grid.addWidget(button, place // 4, place % 4)
        self.body.addLayout(grid)
        self.way_problem = Problem()
        self.body.addWidget(self.way_problem)
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(4)
        self.day = DayEdit(today, today, past=True)
        self.day.setAccessibleName("哪天缴的")
        self.amount = MoneyEdit()
        self.amount.setAccessibleName("缴了多少，元")
        self.note = Field("", "备注：尾号、付款人等")
        self.note.setAccessibleName("备注")
        for column, (words, edit) in enumerate((("哪天", self.day), ("多少（元）", self.amount))):
            form.addWidget(label(words, "label"), 0, column)
            form.addWidget(edit, 1, column)
        form.addWidget(self.note, 2, 0, 1, 2)
        self.body.addLayout(form)
        self.day_problem, self.amount_problem = Problem(), Problem()
        self.body.addWidget(self.day_problem)
        self.body.addWidget(self.amount_problem)
        self.day.day_changed.connect(lambda _day: self.changed.emit())
        self.amount.amount_changed.connect(lambda _fen: self.changed.emit())
        self.note.textEdited.connect(lambda _text: self.changed.emit())

    def offer_amount(self, owed_fen: int) -> None:
        """What the units now meant owe."""
        self.amount.set_amount(owed_fen)

    def way(self) -> str:
        """The way of payment, empty while none is chosen."""
        return next((way for way, button in zip(PAY_WAYS, self._ways, strict=True) if button.isChecked()), "")

    def draft(self) -> ClaimDraft | None:
        """What the owner says, when day and amount can be read."""
        day, fen = self.day.day(), self.amount.amount()
        if day is None or fen is None:
            return None
        return ClaimDraft(day, fen, self.way(), self.note.text().strip())

    def field_problems(self) -> tuple[str, str]:
        """What is wrong with day and amount as typed."""
        return self.day.problem(), self.amount.problem()

    def press(self, key: str) -> bool:
        """A digit chooses the way of payment."""
        if not key.isdigit() or not 1 <= int(key) <= len(self._ways):
            return False
        self._choose(int(key) - 1)
        return True

    def take_focus(self) -> None:
        """The ways."""
        self._ways[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        self._ways[place].setChecked(True)
        self._ways[place].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()


class DisputePane(ResultPane):
    """异议: its kind by one digit, the department that answers and the lines it is about, proposed by the kind."""

    def __init__(self, today: date) -> None:
        super().__init__(margins=(14, 10, 14, 12))
        self._today = today
        self._charges: tuple[Charge, ...] = ()
        head, right = _head("hold", "异议")
        right.addWidget(label("先核实处理，暂缓催缴", "caption"))
        self.body.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(6)
        self._group = QButtonGroup(self)
        self._kinds: list[KeyButton] = []
        for place, kind in enumerate(DISPUTE_KINDS):
            button = KeyButton(kind.label, key=str(place + 1), key_first=True, kind="said", checkable=True)
            button.setFixedHeight(30)
            button.clicked.connect(lambda _on=False, at=place: self._choose(at))
            self._group.addButton(button)
            self._kinds.append(button)
            grid.addWidget(button, place // 3, place % 3)
        self.body.addLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("交给", "label"))
        self.department = PlainCombo()
        self.department.setAccessibleName("责任部门")
        self.department.addItems(["", *DEPARTMENTS])
        self.department.activated.connect(lambda _at: self.changed.emit())
        row.addWidget(self.department, 1)
        self.body.addLayout(row)
        self.kind_problem = Problem()
        self.body.addWidget(self.kind_problem)
        self.lines = DisputeLines(low=True)
        self.lines.changed.connect(self.changed)
        self.body.addWidget(self.lines)
        self.written = QCheckBox("业主书面提出（Alt+S）")
        QShortcut(QKeySequence("Alt+S"), self).activated.connect(self.written.toggle)
        self.body.addWidget(self.written)

    def offer_charges(self, charges: Sequence[Charge]) -> None:
        """The open charges of the units now meant."""
        self._charges = tuple(charges)
        self.lines.show_charges(charges)
        self._propose_lines()

    def is_part(self) -> bool:
        """Whether lines are named and others that are not held stay to be asked for."""
        ids = set(self.lines.chosen())
        return bool(ids) and any(c.owed > 0 and not c.hold and c.id not in ids for c in self._charges)

    def kind(self) -> str:
        """The kind, empty while none is chosen."""
        return next(
            (kind.label for kind, button in zip(DISPUTE_KINDS, self._kinds, strict=True) if button.isChecked()), ""
        )

    def press(self, key: str) -> bool:
        """A digit chooses the kind."""
        if not key.isdigit() or not 1 <= int(key) <= len(self._kinds):
            return False
        self._choose(int(key) - 1)
        return True

    def take_focus(self) -> None:
        """The kinds."""
        self._kinds[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        self._kinds[place].setChecked(True)
        self._kinds[place].setFocus(Qt.FocusReason.OtherFocusReason)
        self.department.setCurrentText(department_for(DISPUTE_KINDS[place].label))
        self._propose_lines()
        self.changed.emit()

    def _propose_lines(self) -> None:
        if self.kind():
            self.lines.propose(proposed_lines(self.kind(), self._charges, self._today))
