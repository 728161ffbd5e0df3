"""Fields that speak the office's language: amounts in 分, days as a clerk types them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.models import days, money
from feedesk.ui.widgets_basic import set_look

_WORDS = {"今天": 0, "今": 0, "明天": 1, "明": 1, "后天": 2, "昨天": -1}
_FULL = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_SHORT = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


def read_day(text: str, today: date, *, past: bool = False) -> date | None:
    """A day as typed: `1125`, `11-25`, `2026-11-25`, `11月25日`, 今天, 明天, 后天; None when it is no day.

    Without a year the nearest such day ahead is meant, or with `past` the nearest one behind. A weekday after
    the day is ignored, so that a shown day can be read again.
    """
    bare = re.sub(r"\s*周[一二三四五六日天]$", "", text.strip())
    if bare in _WORDS:
        return today + timedelta(days=_WORDS[bare])
    full = _FULL.fullmatch(bare)
    if full or re.fullmatch(r"\d{8}", bare):
        parts = full.groups() if full else (bare[:4], bare[4:6], bare[6:])
        return _date(int(parts[0]), int(parts[1]), int(parts[2]))
    short = _SHORT.fullmatch(bare)
    if short or re.fullmatch(r"\d{3,4}", bare):
        month, day = (int(part) for part in (short.groups() if short else (bare[:-2], bare[-2:])))
        step = -1 if past else 1
        # Up to eight years ahead, for the 29th of February.
        for year in range(today.year, today.year + 9 * step, step):
            found = _date(year, month, day)
            if found and (found <= today if past else found >= today):
                return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class Field(QLineEdit):
    """A line edit that can show that it is wrong; whoever owns it says why beside it."""

    def __init__(self, text: str = "", hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(hint)

    def set_bad(self, problem: str) -> None:
        """Mark the field as wrong and say why in its tooltip; an empty problem clears the mark."""
        set_look(self, state="bad" if problem else "")
        self.setToolTip(problem)


class MoneyEdit(Field):
    """An amount of money in 分. Reads 3446.35, 3,446.35, ¥3446; shows 3,446.35 when left.

    Signals:
        amount_changed: the amount in 分, or None while the text is no amount.
    """

    amount_changed = Signal(object)

    def __init__(self, fen: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setProperty("role", "money-field")
        self.setMinimumWidth(116)
        self.set_amount(fen)
        self.textEdited.connect(lambda _text: self._told())
        self.editingFinished.connect(self._tidy)

    def set_amount(self, fen: int | None) -> None:
        """Show an amount in 分; None shows an empty field. Emits nothing."""
        self.setText("" if fen is None else money.show(fen))
        self.set_bad("")

    def amount(self) -> int | None:
        """The amount in 分, or None when the field is empty or no amount."""
        return None if self.problem() else money.parse(self.text())

    def problem(self) -> str:
        """Why the text is no amount to be paid, in one sentence; empty when it is one."""
        if not self.text().strip():
            return "请填金额。"
        try:
            fen = money.parse(self.text())
        except money.AmountProblem as problem:
            return f"{problem}。"
        return "" if fen > 0 else "金额要大于 0。"

    def _told(self) -> None:
        self.set_bad(self.problem())
        self.amount_changed.emit(self.amount())

    def _tidy(self) -> None:
        fen = self.amount()
        if fen is not None:
            self.setText(money.show(fen))


class DayEdit(Field):
    """A day, typed as 1125, 11-25, 2026-11-25, 今天, 明天; shows it with its weekday when left. ↑↓ move by a day.

    `past` says which day is meant when the year is missing (the nearest behind instead of ahead).
    Signals:
        day_changed: the day, or None while the text is no day.
    """

    day_changed = Signal(object)

    def __init__(
        self, today: date, day: date | None = None, *, past: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__("", "1125 或 11-25", parent)
        self._today, self._past = today, past
        self.setMinimumWidth(104)
        self.set_day(day)
        self.textEdited.connect(lambda _text: self._told())

    def set_day(self, day: date | None) -> None:
        """Show a day; None empties the field. Emits nothing."""
        self.setText("" if day is None else self._full(day))
        self.set_bad("")

    def day(self) -> date | None:
        """The day, or None when the field is empty or no day."""
        return read_day(self.text(), self._today, past=self._past)

    def problem(self) -> str:
        """Why the text is no day; empty when it is one."""
        if not self.text().strip():
            return "请填日期，例如 1125。"
        return "" if self.day() else f"“{self.text().strip()}”不是日期，可写 1125 或 11-25。"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ move by a day."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        day = self.day()
        if step is None or day is None:
            super().keyPressEvent(event)
            return
        self.setText(self._full(day + timedelta(days=step)))
        self._told()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the day in full once the typing is over."""
        super().focusOutEvent(event)
        day = self.day()
        if day is not None:
            self.setText(self._full(day))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the placeholder out of a disabled field."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.setPlaceholderText("1125 或 11-25" if self.isEnabled() else "")

    def _full(self, day: date) -> str:
        return f"{days.short_day(day, self._today)} {days.weekday(day)}"

    def _told(self) -> None:
        self.set_bad(self.problem() if self.text().strip() else "")
        self.day_changed.emit(self.day())
