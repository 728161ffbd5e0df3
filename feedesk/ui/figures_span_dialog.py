"""自选: which months the figures are for, and up to which day money counts."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.collection import Span
from feedesk.models.periods import month_index
from feedesk.ui.widgets import DayEdit, Field, KeyButton, field_label, hairline, label, set_look

_MONTH = re.compile(r"(?:(\d{4})\s*[-/.年]?\s*)?(\d{1,2})\s*月?")
_EARLIEST = 2000


def read_month(text: str, today: date) -> int:
    """`2026-03`, `202603`, `2026年3月`, `3` (of this year) -> month index; raises ValueError with the reason."""
    found = _MONTH.fullmatch(text.strip())
    if not found:
        raise ValueError("月份请写成 2026-03，或今年的 3。")
    year, month = int(found[1] or today.year), int(found[2])
    if not 1 <= month <= 12 or not _EARLIEST <= year <= today.year + 1:
        raise ValueError(f"没有“{text.strip()[:12]}”这个月份可看。")
    return month_index(year, month)


def show_month(month: int) -> str:
    """A month index as the field shows it: 2026-03."""
    return f"{month // 12}-{month % 12 + 1:02d}"


class FiguresSpanDialog(QDialog):
    """Two months and a day.

    Signals:
        chosen: the `Span`.
    """

    chosen = Signal(object)

    def __init__(self, today: date, span: Span, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.setWindowTitle("自选时间")
        self.setModal(True)
        self.setFixedWidth(460)
        self.first = Field(show_month(span.first), "2026-03")
        self.last = Field(show_month(span.last), "2026-09")
        self.as_of = DayEdit(today, span.as_of, past=True)
        for edit in (self.first, self.last, self.as_of):
            edit.textChanged.connect(self._refresh)
        self.problem = label("", "caption", wrap=True)
        self.button = KeyButton("看这段时间", key="Enter", kind="primary")
        self.button.clicked.connect(self.take)
        cancel = KeyButton("取消", key="Esc", kind="quiet")
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 14)
        column.setSpacing(10)
        column.addWidget(label("自选时间", "title"))
        row = QHBoxLayout()
        row.setSpacing(12)
        for words, edit in (("从（&F）", self.first), ("到（&T）", self.last), ("钱数到（&D）", self.as_of)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(words, edit))
            part.addWidget(edit)
            row.addLayout(part)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.button)
        column.addLayout(foot)
        self.first.selectAll()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def span(self) -> Span | None:
        """What was typed; None while it is no span."""
        return None if self._problem() else self._read()

    def take(self) -> None:
        """Hand over the span and close."""
        span = self.span()
        if span is not None:
            self.accept()
            self.chosen.emit(span)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
            return
        super().keyPressEvent(event)

    def _read(self) -> Span:
        first, last = (read_month(edit.text(), self._today) for edit in (self.first, self.last))
        return Span(first, last, self.as_of.day() or self._today)

    def _problem(self) -> str:
        for edit in (self.first, self.last):
            try:
                read_month(edit.text(), self._today)
            except ValueError as problem:
                return str(problem)
        if self.as_of.problem():
            return self.as_of.problem()
        if read_month(self.first.text(), self._today) > read_month(self.last.text(), self._today):
            return "起始月晚于结束月。"
        day = self.as_of.day()
        return "钱最晚数到今天。" if day is not None and day > self._today else ""

    def _refresh(self) -> None:
        problem = self._problem()
        self.problem.setText(problem or "当期应收按月份算；当期实收、追回的钱算到这一天为止。")
        set_look(self.problem, tone="cinnabar" if problem else "caption")
        self.button.setEnabled(not problem)
