"""The frame of the dialogs about money: head, fields with their problems, foot; kept open until it is really written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, Field, KeyButton, field_label, label, lay_sheet, set_look

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST_HIGH = 688
"""Dialogs are no higher than this many logical pixels (look.md §3)."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in the head of a dialog: 「减免 · 3-2-1502 林晓岚 · 欠 ¥3,446.35」."""

    title: str
    room: str
    name: str
    aside: str = ""


class Spot(QObject):
    """The sentence under one field. Quiet while the field has not been touched, in cinnabar from then on."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.field = field
        self.words = label("", "caption", wrap=True)
        self.words.hide()
        self.touched = False
        for edit in (field, *field.findChildren(QLineEdit)):
            if isinstance(edit, QLineEdit):
                edit.textEdited.connect(self._touch)

    def say(self, text: str, *, loud: bool) -> None:
        """Show what is wrong or missing; an empty text takes no room."""
        is_loud = bool(text) and (loud or self.touched)
        self.words.setText(text)
        self.words.setVisible(bool(text))
        set_look(self.words, tone=str(Tone.CINNABAR if is_loud else Tone.CAPTION))
        if isinstance(self.field, Field):
            self.field.set_bad(text if is_loud else "")
        elif isinstance(self.field, QPlainTextEdit):
            set_look(self.field, state="bad" if is_loud else "")

    def _touch(self, _text: str) -> None:
        self.touched = True


class MoneyDialog(QDialog):
    """A dialog that writes through `_write` and closes only when that says it is written.

    Subclasses put fields into `middle` by `add_field`, tell `_problems()` (spot, sentence) in the order of the fields,
    and write in `_write()`. The button stays disabled while there is a problem; the first one is told beside its field.
    """

    def __init__(self, head: Head, verb: str, parent: QWidget | None = None, *, width: int = 520) -> None:
        super().__init__(parent)
        self.setWindowTitle(head.title)
        self.setModal(True)
        self._asked = self._shown = self._warned = False
        self._start: QWidget | None = None
        self._width = width
        self._spots: list[Spot] = []
        self.middle = QVBoxLayout()
        self.middle.setContentsMargins(24, 12, 24, 12)
        self.middle.setSpacing(4)
        self.note = label("", "caption", wrap=True)
        self.save_button = KeyButton(verb, key="Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        self.cancel_button = KeyButton("取消", key="Esc", kind="quiet")
        self.cancel_button.clicked.connect(self.leave)
        top = QHBoxLayout()
        top.setContentsMargins(24, 12, 24, 12)
        top.setSpacing(10)
        top.addWidget(label(head.title, "title"))
        top.addWidget(label(head.room, "room"))
        top.addWidget(ElidedLabel(head.name, "who"), 1)
        self.aside = label(head.aside, "muted")
        top.addWidget(self.aside)
        self.foot = foot = QHBoxLayout()
        foot.setContentsMargins(24, 11, 24, 11)
        foot.setSpacing(10)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        lay_sheet(self, top, self.middle, foot)

    # --- fields ---

    def spot(self, field: QWidget) -> Spot:
        """The place for what is wrong with `field`; whoever lays the field out puts `words` under it."""
        made = Spot(field)
        self._spots.append(made)
        return made

    def add_field(self, words: str, field: QWidget) -> Spot:
        """A field across the dialog with its label above and its problem below."""
        made = self.spot(field)
        self.middle.addWidget(field_label(words, field))
        self.middle.addWidget(field)
        self.middle.addWidget(made.words)
        self.middle.addSpacing(4)
        return made

    def add_pair(self, *fields: tuple[str, QWidget], shares: Sequence[int] = ()) -> tuple[Spot, ...]:
        """Fields beside each other, each with label and problem; `shares` of the width, by default equal ones."""
        row = QHBoxLayout()
        row.setSpacing(16)
        spots = []
        for (words, field), share in zip(fields, shares or [1] * len(fields), strict=True):
            part = QVBoxLayout()
            part.setSpacing(4)
            made = self.spot(field)
            part.addWidget(field_label(words, field))
            part.addWidget(field)
            part.addWidget(made.words)
            part.addStretch(1)
            row.addLayout(part, share)
            spots.append(made)
        self.middle.addLayout(row)
        self.middle.addSpacing(4)
        return tuple(spots)

    # --- what happens ---

    def save(self) -> None:
        """Write and close; with something missing, say what and go there; what could not be written stays typed."""
        self._asked = True
        found = self._found()
        if found:
            self.refresh()
            found[0][0].field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._write():
            self.accept()
        else:
            self._not_written()

    def problem(self) -> str:
        """The first thing wrong or missing; empty when it can be saved."""
        found = self._found()
        return found[0][1] if found else ""

    def refresh(self) -> None:
        """Tell the first problem beside its field."""
        found = self._found()
        first = found[0] if found else None
        for spot in self._spots:
            told = first[1] if first is not None and first[0] is spot else ""
            spot.say(told, loud=self._asked)
        self.save_button.setEnabled(first is None)
        self.save_button.setToolTip(first[1] if first else "")
        self._mind_height()

    def leave(self) -> None:
        """Esc and 取消: what was typed goes only with a second one."""
        if self._is_touched() and not self._warned:
            self._warned = True
            self.note.setText("填了的还没有保存，再按一次 Esc 就放弃。")
            set_look(self.note, tone=str(Tone.OCHRE))
            return
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves, Esc leaves."""
        if event.key() in _ENTER:
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Sizes are known once the stylesheet has been applied."""
        super().showEvent(event)
        self._mind_height()
        if self._start is not None and not self._shown:
            self._shown = True
            self._start.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_at(self, field: QWidget) -> None:
        """Where the typing begins once the dialog is shown."""
        self._start = field

    def _is_touched(self) -> bool:
        """Whether something has been typed that would be lost."""
        return any(spot.touched for spot in self._spots)

    def _found(self) -> list[tuple[Spot, str]]:
        return [(spot, text) for spot, text in self._problems() if text]

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        raise NotImplementedError

    def _write(self) -> bool:
        raise NotImplementedError

    def _not_written(self) -> None:
        """What happens when it was refused: by default nothing, everything stays as typed."""

    def _mind_height(self) -> None:
        """As high as what it shows, never higher than a small screen."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            wanted = max(layout.totalHeightForWidth(self._width), layout.totalSizeHint().height())
            self.resize(self._width, min(wanted, MOST_HIGH))


def filled(field: QLineEdit, sentence: str) -> str:
    """`sentence` while nothing is written in the field."""
    return "" if field.text().strip() else sentence


Write = Callable[..., bool]
"""Writes what the dialog holds; False when it was refused and everything must stay."""
