"""The head of 今日: the day, how far the work has come, and whether it is a good hour to call."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from feedesk.models.days import weekday
from feedesk.models.money import show_yuan
from feedesk.models.today import DayFigures, HoursKind, hours_note
from feedesk.ui.list_age import ListAge
from feedesk.ui.scope import ScopeSwitch, Shown
from feedesk.ui.theme import COLOURS, Tone, text_colour
from feedesk.ui.widgets import IconMark, label, set_look

_BLOCKS_UP_TO = 60
_WIDE, _SLIM = 220, 96
_HIGH = 10
_BLOCK = 9
"""No block is wider, its gap included."""
_LOOKS = {
    HoursKind.BEST: Tone.MALACHITE,
    HoursKind.OPEN: Tone.MUTED,
    HoursKind.CLOSED: Tone.OCHRE,
}


class ProgressBlocks(QWidget):
    """One small block an owner, filled when done; a plain bar where blocks would be too small to count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = self._total = 0
        self._room = _WIDE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_progress(self, done: int, total: int) -> None:
        """Show `done` of `total`."""
        if total != self._total:
            self.updateGeometry()
        self._done, self._total = done, total
        self.setAccessibleName(f"已完成 {done} 户，共 {total} 户")
        self.update()

    def set_slim(self, on: bool) -> None:
        """Take less room in a narrow window."""
        self._room = _SLIM if on else _WIDE
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Small blocks for few owners, the whole room for many; it changes only with their number."""
        return QSize(min(self._room, self._total * _BLOCK) if self._total else 0, _HIGH)

    def blocks(self) -> list[QRect]:
        """Where the blocks stand; empty for a plain bar."""
        if not 0 < self._total <= _BLOCKS_UP_TO or self._room < self._total * 2:
            return []
        width = self.sizeHint().width()
        return [
            QRect(
                round(place * width / self._total),
                0,
                max(1, round((place + 1) * width / self._total) - round(place * width / self._total) - 1),
                _HIGH,
            )
            for place in range(self._total)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Blocks, or the bar."""
        painter = QPainter(self)
        done, left = QColor(COLOURS.azure), QColor("#C9C4BA")
        blocks = self.blocks()
        for place, block in enumerate(blocks):
            painter.fillRect(block, done if place < self._done else left)
        if not blocks and self._total:
            painter.fillRect(self.rect(), left)
            painter.fillRect(QRect(0, 0, self.width() * self._done // self._total, _HIGH), done)


class TodayHead(QWidget):
    """Shows the day; only 只看我的 is pressed here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("今日", "title")
        self.day = label("", "muted")
        self.blocks = ProgressBlocks()
        self.count = label("", "strong")
        self._reached, self._promised, self._amount = label("", "next"), label("", "next"), label("", "next")
        self._words = [label(word, "", Tone.CAPTION) for word in ("接通", "承诺", "承诺金额")]
        self.scope = ScopeSwitch()
        self.scope.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.age = ListAge()
        self._clock = IconMark("clock", COLOURS.malachite, 16)
        self.hours = label("", "strong", Tone.MALACHITE)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(0)
        row.addWidget(self._title)
        row.addSpacing(10)
        row.addWidget(self.day)
        row.addSpacing(22)
        row.addWidget(self.blocks)
        row.addSpacing(6)
        row.addWidget(self.count)
        for figure, word in zip((self._reached, self._promised, self._amount), self._words, strict=True):
            row.addSpacing(18)
            row.addWidget(figure)
            row.addSpacing(5)
            row.addWidget(word)
        row.addSpacing(18)
        row.addWidget(self.scope)
        row.addStretch(1)
        row.addSpacing(12)
        row.addWidget(self.age)
        row.addSpacing(18)
        row.addWidget(self._clock)
        row.addSpacing(6)
        row.addWidget(self.hours)
        self._narrow = False
        self.setFixedHeight(56)

    def show_day(self, day: date, figures: DayFigures, shown: Shown | None = None) -> None:
        """The day and how far it has come, and of whose accounts."""
        self.day.setText(f"{day.month} 月 {day.day} 日 {weekday(day)}")
        done = len(figures.done)
        self.blocks.show_progress(done, figures.total)
        self.count.setText(f"{done} / {figures.total} 户")
        self._reached.setText(str(figures.reached))
        self._promised.setText(str(figures.promised))
        self._amount.setText(show_yuan(figures.promised_amount))
        self.scope.show_scope(shown)
        self._mind_room()

    def show_clock(self, now: datetime) -> None:
        """The hour, and what it is good for."""
        kind, text = hours_note(now)
        self.hours.setText(text)
        set_look(self.hours, tone=str(_LOOKS[kind]))
        self._clock.show_icon("alert" if kind is HoursKind.CLOSED else "clock", text_colour(_LOOKS[kind]).name())

    def set_low(self, *, narrow: bool, short: bool) -> None:
        """Take less room."""
        self._narrow = narrow
        self._words[2].setVisible(not narrow)
        self.age.set_narrow(narrow)
        self.setFixedHeight(44 if narrow else 50 if short else 56)
        self._mind_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other things."""
        super().resizeEvent(event)
        self._mind_room()

    def _mind_room(self) -> None:
        """What gives way where it is tight: wide blocks, the words beside 只看我的, the blocks; figures never."""
        narrow = self._narrow
        for slim, brief, bare in (
            (narrow, narrow, False),
            (True, narrow, False),
            (True, True, False),
            (True, True, True),
        ):
            self.blocks.set_slim(slim)
            self.scope.set_narrow(brief)
            self.blocks.setHidden(bare)
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                break

    def text(self) -> str:
        """Everything as read."""
        shown = (
            self._title, self.day, self.count, self._reached, self._words[0], self._promised, self._words[1],
            self._amount, self._words[2], self.age, self.hours,
        )  # fmt: skip
        return " ".join([*(one.text() for one in shown), *filter(None, (self.scope.text(),))])
