"""Small fields of the import dialog: months as a clerk types them, a caption above a field, a figure of the sum."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.intake.period_text import PeriodProblem, parse_period
from feedesk.models.periods import Period, month_iso
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Field, IconMark, field_label, label, set_look


def period_text(period: Period) -> str:
    """2026-10 至 2026-12; a period with gaps as on paper."""
    if period.has_gaps:
        return period.text()
    if period.first == period.last:
        return month_iso(period.first)
    return f"{month_iso(period.first)} 至 {month_iso(period.last)}"


def read_period(text: str, today: date) -> Period:
    """Months as typed: 2026-10 至 2026-12, 202610-202612, 第三季度, 7-9月 (of this year). Raises `PeriodProblem`."""
    try:
        return parse_period(text)
    except PeriodProblem as problem:
        try:
            return parse_period(f"{today.year}年{text.strip()}")
        except PeriodProblem:
            raise problem from None


class PeriodEdit(Field):
    """Months from–to. Tells a change when it is left or Enter is pressed, never half typed.

    Signals:
        period_changed: the `Period`, or None once it has been emptied.
    """

    period_changed = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__("", "如 2026-07 至 09", parent)
        self._today = today
        self._told: Period | None = None
        self.setMinimumWidth(146)
        self.editingFinished.connect(self._finish)
        self.textEdited.connect(lambda _text: self.set_bad(""))

    def set_period(self, period: Period | None) -> None:
        """Show months; emits nothing."""
        self._told = period
        self.setText(period_text(period) if period else "")
        self.set_bad("")

    def period(self) -> Period | None:
        """The months, None when the field is empty or cannot be read."""
        try:
            return read_period(self.text(), self._today) if self.text().strip() else None
        except PeriodProblem:
            return None

    def _finish(self) -> None:
        text = self.text().strip()
        try:
            period = read_period(text, self._today) if text else None
        except PeriodProblem as problem:
            self.set_bad(f"{problem}，可写 2026-07 至 2026-09。")
            return
        self.setText(period_text(period) if period else "")
        self.set_bad("")
        if period != self._told:
            self._told = period
            self.period_changed.emit(period)


class Labelled(QWidget):
    """A caption above a field; `&` in the caption marks the Alt key that leads to the field."""

    def __init__(self, text: str, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.caption = field_label(text, field)
        field.setAccessibleName(text.split("(&")[0])
        column.addWidget(self.caption)
        column.addWidget(field)
        column.addStretch(1)

    def rename(self, text: str) -> None:
        """Change the caption."""
        self.caption.setText(text)
        self.caption.buddy().setAccessibleName(text.split("(&")[0])


class Figure(QWidget):
    """One term of an equation: caption, amount, what it counts."""

    def __init__(self, caption: str, tone: Tone | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.amount = label("", "money", tone)
        self.amount.setProperty("size", "sum")
        self.under = label("", "caption")
        self._caption = label(caption, "label")
        for shown in (self._caption, self.amount, self.under):
            column.addWidget(shown)

    def set_compact(self, on: bool) -> None:
        """The amount and its caption in less height; what it counts becomes the tooltip."""
        self.under.setVisible(not on)
        set_look(self.amount, size="small" if on else "sum")

    def say(self, amount: str, under: str, caption: str = "", tone: Tone | None = None) -> None:
        """Show an amount and what stands under it."""
        self.amount.setText(amount)
        self.under.setText(under)
        self.amount.setToolTip(under)
        if caption:
            self._caption.setText(caption)
        set_look(self.amount, tone=str(tone) if tone else "")


def sign(text: str) -> QWidget:
    """+ or = between two figures."""
    made = label(text, "section", Tone.CAPTION)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


class Verdict(QWidget):
    """A mark with one bold line and one line under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._mark = IconMark("mark-paid", size=20)
        self.line = label("", "section", Tone.MALACHITE)
        self.under = label("", "caption", wrap=True)
        row.addWidget(self._mark)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self.line)
        column.addWidget(self.under)
        column.addStretch(1)
        row.addLayout(column, 1)

    def say(self, mark: str, tone: Tone, line: str, under: str) -> None:
        """Show a verdict."""
        self._mark.show_icon(f"mark-{mark}")
        self.line.setText(line)
        set_look(self.line, tone=str(tone))
        self.under.setText(under)
        self.line.setToolTip(under)

    def set_compact(self, on: bool) -> None:
        """One line; the other becomes the tooltip."""
        self.under.setVisible(not on)
