"""Fields that speak the office's language: amounts in 分, days as a clerk types them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from feedesk.errors import BadInput
from feedesk.models import days, money
from feedesk.models.followup import parse_short_day
from feedesk.ui.widgets_basic import set_look

_WORDS = {"今天": 0, "明天": 1, "后天": 2, "昨天": -1, "前天": -2}
_WEEKDAY = re.compile(r"\s*周[一二三四五六日]$")
_FULL = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_LAST_YEAR = timedelta(days=183)
"""In January 12-28 is last December's; in November 11-25 is a slip of the finger, not a day of a year ago."""
_TYPED = 4
"""Fewer characters than this are a day still being typed: it is not yet marked as wrong."""
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")


def read_day(text: str, today: date, *, past: bool = False) -> date:
    """A day as typed: `1125`, `11-25`, `2026-11-25`, `11月25日`, 今天, 明天, 昨天; a shown day can be read again.

    Without a year the next such day is meant, or with `past` the last one, today included in both; but a day of last
    year longer ago than `_LAST_YEAR` is rather a slip for one that has not come yet, and wants its year.
    Raises `BadInput` with the reason when it is no day.
    """
    bare = _WEEKDAY.sub("", text.strip())
    if bare in _WORDS:
        return today + timedelta(days=_WORDS[bare])
    if not past:
        return parse_short_day(bare, today)
    full = _FULL.fullmatch(bare)
    if full and len(bare) >= 8:
        try:
            return date(int(full[1]), int(full[2]), int(full[3]))
        except ValueError as error:
            raise BadInput(f"没有“{bare}”这一天。") from error
    # The last such day is the next one counted from a year ago.
    meant = parse_short_day(bare, today - timedelta(days=364))
    if meant.year < today.year and today - meant > _LAST_YEAR:
        raise BadInput(f"{meant:%m-%d} 还没到；去年的请写全 {meant.isoformat()}。")
    return meant


def read_moment(text: str, now: datetime, *, past: bool = False) -> tuple[datetime, bool]:
    """「11-19 10:00」「明天 9:30」「16:20」「1119」 -> the moment, and whether a time of day was given (else 00:00).

    A time alone means today. Raises `BadInput` with the reason.
    """
    clock: time | None = None
    day_words: list[str] = []
    for word in _WEEKDAY.sub("", text.strip()).split():
        found = _CLOCK.fullmatch(word)
        if found:
            if int(found[1]) > 23 or int(found[2]) > 59:
                raise BadInput(f"没有“{word}”这个时间。")
            clock = time(int(found[1]), int(found[2]))
        elif not _WEEKDAY.fullmatch(word):
            day_words.append(word)
    if not day_words and clock is None:
        raise BadInput("请填日期，例如 1119 10:00。")
    day = read_day(" ".join(day_words), now.date(), past=past) if day_words else now.date()
    return datetime.combine(day, clock or time(0)), clock is not None


class Field(QLineEdit):
    """A line edit that can show that it is wrong; whoever owns it says why beside it."""

    def __init__(self, text: str = "", hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(hint)

    def set_bad(self, problem: str) -> None:
        """Mark the field as wrong and say why in its tooltip; an empty problem clears the mark."""
        set_look(self, state="bad" if problem else "")
        self.setToolTip(problem)


class NumberBox(QSpinBox):
    """A whole number; its text stands as far from the edge as in the other fields, which no stylesheet reaches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(6, 0, 0, 0)


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

    def set_today(self, today: date) -> None:
        """A new day began while the field was open."""
        self._today = today

    def set_day(self, day: date | None) -> None:
        """Show a day; None empties the field. Emits nothing."""
        self.setText("" if day is None else self._full(day))
        self.set_bad("")

    def day(self) -> date | None:
        """The day, or None when the field is empty or no day."""
        return None if self.problem() else read_day(self.text(), self._today, past=self._past)

    def problem(self) -> str:
        """Why the text is no day; empty when it is one."""
        if not self.text().strip():
            return "请填日期，例如 1125。"
        try:
            read_day(self.text(), self._today, past=self._past)
        except BadInput as problem:
            return str(problem)
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ move by a day."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        day = self.day()
        if step is None or day is None:
            super().keyPressEvent(event)
            return
        if self._past and day + timedelta(days=step) > self._today >= day:
            return
        self.setText(self._full(day + timedelta(days=step)))
        self._told()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the day in full once the typing is over, or mark what is none."""
        super().focusOutEvent(event)
        day = self.day()
        if day is not None:
            self.setText(self._full(day))
        elif self.text().strip():
            self.set_bad(self.problem())

    def changeEvent(self, event: QEvent) -> None:
        """Keep the placeholder out of a disabled field."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.setPlaceholderText("1125 或 11-25" if self.isEnabled() else "")

    def _full(self, day: date) -> str:
        return f"{days.short_day(day, self._today)} {days.weekday(day)}"

    def _told(self) -> None:
        self.set_bad(self.problem() if len(self.text().strip()) >= _TYPED else "")
        self.day_changed.emit(self.day())


class MomentEdit(Field):
    """A day with or without a time of day: 1119 10:00, 明天 9:30, 16:20.

    Signals:
        moment_changed: (moment, has time), or None while the text is neither.
    """

    moment_changed = Signal(object)

    def __init__(self, now: datetime, *, past: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("", "1119 10:00", parent)
        self._now, self._past = now, past
        self.setMinimumWidth(140)
        self.textEdited.connect(lambda _text: self._told())

    def set_moment(self, at: datetime | None, has_time: bool = True) -> None:
        """Show a moment; None empties the field. Emits nothing."""
        if at is None:
            self.setText("")
        else:
            day = f"{days.short_day(at.date(), self._now.date())} {days.weekday(at.date())}"
            self.setText(f"{day} {at:%H:%M}" if has_time else day)
        self.set_bad("")

    def moment(self) -> tuple[datetime, bool] | None:
        """The moment and whether it has a time of day; None when the field is empty or cannot be read."""
        return None if self.problem() else read_moment(self.text(), self._now, past=self._past)

    def problem(self) -> str:
        """Why the text is no moment; empty when it is one."""
        try:
            read_moment(self.text(), self._now, past=self._past)
        except BadInput as problem:
            return str(problem)
        return ""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the moment in full, its year too when that is not this one."""
        super().focusOutEvent(event)
        given = self.moment()
        if given is not None:
            self.set_moment(*given)
        elif self.text().strip():
            self.set_bad(self.problem())

    def _told(self) -> None:
        self.set_bad(self.problem() if len(self.text().strip()) >= _TYPED else "")
        self.moment_changed.emit(self.moment())
