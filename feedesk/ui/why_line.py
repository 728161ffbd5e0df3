"""The head of a script: what the call is to reach, and under it why this script; opened for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, label

_ICON = 16


class Room(IntEnum):
    """How much room the head has."""

    ONE_LINE = 0
    """Marks and aim; the reason is behind 为什么."""
    TWO_LINES = 1
    """Aim and reason, each cut where it must be."""
    WHOLE = 2
    """Both in full, over as many lines as they take."""


@dataclass(frozen=True, slots=True)
class ScriptHead:
    """What stands above a script."""

    aim: str
    """What is to be reached, a few words."""
    reason: tuple[str, ...] = ()
    """Why this script: the type it follows or the facts, then the techniques; a line each where there is room."""
    marks: tuple[str, ...] = ()
    """What is not as usual about it: a stand-in, another channel, another moment, the clerk's own pick."""
    full: str = ""
    """The whole reason in one sentence."""


class WhyLine(QFrame):
    """Aim and reason; 为什么 opens what else speaks for it.

    Signals:
        opening: what is behind the line is about to be shown; what takes time to read is added now.
    """

    opening = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "azure")
        self._head = ScriptHead("")
        self._room = Room.WHOLE
        self._aims = (ElidedLabel("", "strong", Tone.AZURE), label("", "strong", Tone.AZURE, wrap=True))
        self._reasons = (ElidedLabel("", "caption", Tone.MUTED), label("", "caption", Tone.MUTED, wrap=True))
        self._more = label("", "", Tone.MUTED, wrap=True)
        self._more.setContentsMargins(24, 0, 8, 6)
        self._more.hide()
        self._rest: QWidget = self._more
        self._is_open = False
        self._behind = ""
        self.button = KeyButton("为什么 ▾", kind="quiet")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(lambda: self.set_open(not self._is_open))
        self._extra: QWidget | None = None
        self._has_buttons = True
        self._marks: list[QLabel] = []
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(0)
        self._buttons.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        self._buttons.addStretch(1)
        self._first = QHBoxLayout()
        self._first.setSpacing(6)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addLayout(self._first)
        for one in self._aims:
            self._first.addWidget(one, 1)
        for one in self._reasons:
            words.addWidget(one)
        row = self._row = QHBoxLayout()
        row.setContentsMargins(10, 5, 0, 5)
        row.setSpacing(8)
        self._icon = IconMark("bulb", COLOURS.azure_deep, _ICON)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addLayout(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._more)
        self._dress()

    def add_button(self, button: QWidget) -> None:
        """One more button, above 为什么; in one line there is no room for it."""
        self._extra = button
        self._buttons.insertWidget(0, button, 0, Qt.AlignmentFlag.AlignRight)

    def give_buttons(self) -> tuple[QWidget, ...]:
        """The buttons, for whoever has a better place for them."""
        self._buttons.removeWidget(self.button)
        self._has_buttons = False
        self._dress()
        return (self.button,)

    def say(self, head: ScriptHead, more: tuple[str, ...] = ()) -> None:
        """The head, and the lines behind it."""
        self._head = head
        for one in self._aims:
            one.setText(head.aim)
        for one, between in zip(self._reasons, (" · ", "\n"), strict=True):
            one.setText(between.join(head.reason))
        for mark in self._marks:
            self._first.removeWidget(mark)
            mark.hide()
            mark.deleteLater()
        self._marks = [label(words, "note", Tone.OCHRE) for words in head.marks]
        for place, mark in enumerate(self._marks):
            mark.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self._first.insertWidget(place, mark, 0, Qt.AlignmentFlag.AlignTop)
        self._behind = "\n".join((head.full or head.aim, *more))
        self._more.setText(self._behind)
        self.set_open(False)
        self._dress()

    def set_room(self, room: Room) -> None:
        """Take more or fewer lines."""
        if room is not self._room:
            self._room = room
            self._dress()

    def needed(self, width: int, lines: Room) -> int:
        """The height that it takes at this width and room while it is closed."""
        air, buttons = self._air(lines), self._buttons_size(lines)
        room = width - self._row.contentsMargins().left() - _ICON - self._row.spacing()
        room -= buttons.width() + self._row.spacing() if buttons.width() else 0
        marks = sum(mark.sizeHint().width() + self._first.spacing() for mark in self._marks)
        whole = lines is Room.WHOLE
        high = _height(self._aims[whole], room - marks)
        if self._marks:
            high = max(high, self._marks[0].sizeHint().height())
        if self._head.reason and lines is not Room.ONE_LINE:
            high += 1 + _height(self._reasons[whole], room)
        return max(high, buttons.height(), _ICON) + 2 * air

    def set_open(self, on: bool) -> None:
        """Show what is behind the line."""
        if on and not self._is_open:
            self.opening.emit()
        self._is_open = on
        self._rest.setVisible(on)
        self.button.set_words("收起 ▴" if on else "为什么 ▾")

    def add(self, line: str) -> None:
        """One more line behind the others, in place of one added before."""
        self._more.setText(f"{self._behind}\n{line}" if line else self._behind)

    def head(self) -> ScriptHead:
        """What is shown."""
        return self._head

    def shown(self) -> str:
        """What can be read without opening it: marks, aim, and the reason where it has its line."""
        return "\n".join((*self._head.marks, self._head.aim, *(self._head.reason if self._shows_reason() else ())))

    def is_cut(self) -> bool:
        """Whether some of what is shown does not fit."""
        lines = [self._aims[0], self._reasons[0]]
        return any(isinstance(one, ElidedLabel) and one.isVisible() and one.is_elided() for one in lines)

    def rest(self) -> QWidget:
        """What opens."""
        return self._rest

    def behind(self) -> str:
        """What stands behind the line, line by line."""
        return self._more.text()

    def text(self) -> str:
        """The whole reason."""
        return self._head.full or self._head.aim

    def _shows_reason(self) -> bool:
        return bool(self._head.reason) and self._room is not Room.ONE_LINE

    def _dress(self) -> None:
        whole, thin = self._room is Room.WHOLE, self._room is Room.ONE_LINE
        for place, one in enumerate(self._aims):
            one.setVisible(bool(place) == whole)
        for place, one in enumerate(self._reasons):
            one.setVisible(bool(place) == whole and self._shows_reason())
        if self._extra is not None:
            self._extra.setVisible(not thin and self._extra.isEnabled())
        air = self._air(self._room)
        self._row.setContentsMargins(10, air, 0, air)
        middle, top = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignTop
        self._row.setAlignment(self._icon, middle if thin else top)

    def _air(self, room: Room) -> int:
        if room is Room.ONE_LINE and self._has_buttons:
            return 0
        return 5 if room is Room.WHOLE else 3

    def _buttons_size(self, room: Room) -> QSize:
        """Summed by hand: the layout knows of the present room only."""
        if not self._has_buttons:
            return QSize(0, 0)
        sizes = [self.button.sizeHint()]
        if self._extra is not None and self._extra.isEnabled() and room is not Room.ONE_LINE:
            sizes.append(self._extra.sizeHint())
        return QSize(max(one.width() for one in sizes), sum(one.height() for one in sizes))


def _height(words: QLabel, width: int) -> int:
    return words.heightForWidth(width) if words.hasHeightForWidth() else words.sizeHint().height()
