"""业主说…: the owner's words as chips. F3, then the digit, or a few letters and Enter, opens the answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.scripts import Objection
from feedesk.models.spelling import place_of
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.widgets import KeyButton, KeyCap, label, set_look

_DIGITS = "1234567890"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SCROLLING = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 4, Qt.Key.Key_PageUp: -4}
"""Key -> how many lines of chips it moves."""
_MOST_OPEN, _MOST_TUCKED = 190, 158
"""Open, the chips take six lines, in a narrow window five, and scroll beyond: the script above keeps its place."""


class ObjectionsBar(QFrame):
    """Chips in one line until it has the focus, then all of them, scrolled where they are many.

    Signals:
        chosen: the objection whose answer is wanted.
        confirmed: Enter while an answer is open.
    """

    chosen = Signal(object)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._objections: tuple[Objection, ...] = ()
        self._found: tuple[Objection, ...] = ()
        self._open = False
        self._tucked = self._answering = False
        self.field = QLineEdit()
        self.field.setProperty("kind", "inline")
        self.field.setMaxLength(12)
        self.field.setAccessibleName("业主说…，按数字看怎么答，或打字找")
        self.field.textEdited.connect(lambda _text: self._seek())
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self._cap = KeyCap("F3")
        self._more = KeyButton("", kind="quiet")
        self._more.clicked.connect(lambda: self.set_open(not self._open))
        self._row = FlowRow(gap=6)
        self._row.set_one_line(True)
        self._row.surplus_changed.connect(lambda _count: self._mind_more())
        self._chips = QScrollArea()
        self._chips.setFrameShape(QFrame.Shape.NoFrame)
        self._chips.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._chips.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._chips.setWidgetResizable(True)
        self._chips.setWidget(self._row)
        self._none = label("没有这样的说法，换个词试试 · Esc 回到全部", "caption")
        self._none.hide()
        self._row.installEventFilter(self)
        self._say_hint()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("业主说…", "strong", None))
        head.addWidget(self._cap)
        head.addWidget(self.field, 1)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._chips)
        column.addWidget(self._none)

    def offer(self, objections: Sequence[Objection]) -> None:
        """Offer these answers, the first ten by digit."""
        if tuple(objections) == self._objections:
            return
        self._objections = tuple(objections)
        self.field.clear()
        self._fill(self._objections)

    def _fill(self, found: tuple[Objection, ...]) -> None:
        self._found = found
        chips = []
        for place, objection in enumerate(found):
            key = _DIGITS[place] if place < len(_DIGITS) else ""
            chip = KeyButton(objection.chip, key=key, kind="said", key_first=True, checkable=True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(lambda _on=False, what=objection: self._choose(what))
            chips.append(chip)
        self._row.set_widgets(chips)
        self._mind()

    def show_chosen(self, objection: Objection | None) -> None:
        """Mark the chip whose answer is open; None marks none."""
        for chip, known in zip(self._row.widgets(), self._found, strict=True):
            if isinstance(chip, KeyButton):
                chip.setChecked(objection is not None and known.id == objection.id)
        self._answering = objection is not None
        self._say_hint()
        self._mind()

    def set_open(self, on: bool) -> None:
        """Show every chip, or one line of them."""
        self._open = on
        self._row.set_one_line(not on)
        self._chips.verticalScrollBar().setValue(0)
        self._mind()

    def set_tucked(self, on: bool) -> None:
        """In a narrow window the bar shows only while it is asked for (F3) or an answer is open."""
        self._tucked = on
        self._mind()

    @property
    def is_open(self) -> bool:
        """Whether every chip shows."""
        return self._open

    def ask(self) -> None:
        """F3: wait for a digit."""
        self.set_open(True)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def words(self) -> tuple[str, ...]:
        """Every chip as read, digit first."""
        return tuple(f"{chip.key()} {chip.words()}" for chip in self._row.widgets() if isinstance(chip, KeyButton))

    def forget(self) -> bool:
        """Esc: what was typed goes; False when nothing was."""
        if not self.field.text():
            return False
        self.field.clear()
        self._fill(self._objections)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The chips take more or fewer lines; in the field digits, Enter and arrows belong to the chips."""
        if watched is self._row and event.type() == QEvent.Type.Resize:
            self._chips.setFixedHeight(min(self._row.height(), _MOST_TUCKED if self._tucked else _MOST_OPEN))
        elif watched is self.field and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_look(self, state="waiting" if event.type() == QEvent.Type.FocusIn else "")
            self._say_hint()
        elif watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        """A digit opens an answer; Enter takes its outcome, or the first one found; arrows bring up the chips below."""
        digit = event.text()
        if digit and digit in _DIGITS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            place = _DIGITS.index(digit)
            if place < len(self._found):
                self._choose(self._found[place])
            return True
        if Qt.Key(event.key()) in _ENTER:
            if self.field.text() and self._found:
                self._choose(self._found[0])
            elif not self.field.text():
                self.confirmed.emit()
            return True
        if lines := _SCROLLING.get(Qt.Key(event.key())):
            bar = self._chips.verticalScrollBar()
            bar.setValue(bar.value() + lines * _MOST_OPEN // 6)
            return True
        return False

    def _seek(self) -> None:
        """Those that hold what is typed, the nearest first: at the start of the chip, in it, in how owners say it."""
        typed = self.field.text()
        found = [(rank, at) for at, one in enumerate(self._objections) if (rank := _rank(one, typed)) is not None]
        self.set_open(True)
        self._fill(tuple(self._objections[at] for _, at in sorted(found)))

    def _choose(self, objection: Objection) -> None:
        self.forget()
        # Shown before the focus comes: a hidden bar could not take the Enter that confirms the answer.
        self.show_chosen(objection)
        self.set_open(False)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.chosen.emit(objection)

    def _say_hint(self) -> None:
        if self._answering:
            said = "Enter 记为那个结果 · Esc 回话术"
        elif self.hasFocus():
            said = "按数字；或打字、拼音，Enter 取第一个"
        else:
            said = "再按数字，或打字找"
        self.field.setPlaceholderText(said)

    def _mind(self) -> None:
        # In a narrow window the answer needs the room of the chips; the digits still work.
        misses = bool(self._objections) and not self._found
        self._none.setVisible(misses)
        self._chips.setVisible(not misses and (self._open or not (self._tucked and self._answering)))
        self.setVisible(bool(self._objections) and (not self._tucked or self._open or self._answering))
        self._mind_more()

    def _mind_more(self) -> None:
        hidden = self._row.surplus
        self._more.setVisible(bool(hidden) or self._open)
        if self._open:
            self._more.set_words("收起 ▴")
        elif hidden:
            self._more.set_words(f"还有 {hidden} 种 ▾")


def _rank(objection: Objection, typed: str) -> int | None:
    """How near an objection is to what is typed; None: not at all."""
    place = place_of(objection.chip, typed)
    if place is not None:
        return place
    return 2 if any(typed.strip() in said for said in objection.says) else None
