"""异议: one running objection with its steps and photos; what can be done next is a key away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImageReader, QKeyEvent, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.disputes import STATE_LABELS, Dispute, DisputeRow, DisputeState
from feedesk.models.money import show_yuan
from feedesk.models.service import ProofFile
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, IconButton, IconMark, KeyButton, label, lay_sheet

FindFile = Callable[[ProofFile], Path | None]
_WIDTH, _HEIGHT = 860, 600
_THUMB_WIDTH, _THUMB_HEIGHT = 112, 84
_NO_PICTURE = "{name}\n（不是图片，或打不开）"
_MARKS = {DisputeState.OPEN: "mark-hold", DisputeState.RESOLVED: "mark-due", DisputeState.CLOSED: "mark-paid"}
_TONES = {DisputeState.OPEN: Tone.VIOLET, DisputeState.RESOLVED: Tone.OCHRE, DisputeState.CLOSED: Tone.MALACHITE}


class DisputeDialog(QDialog):
    """Shows one objection; whoever opened it asks, writes, and shows it anew.

    Signals:
        note_asked, files_asked, change_asked, end_asked, report_asked, reopen_asked: a `Dispute`, a step is wanted.
        new_asked: a `Dispute`, another objection of the same account is to be put on record.
        owner_asked: account id, the dialog has closed itself.
        step_asked: −1 or 1, the objection before or after this one in the list it was opened from.
        file_opened: a `ProofFile` to be shown large.
    """

    note_asked = Signal(object)
    files_asked = Signal(object)
    change_asked = Signal(object)
    end_asked = Signal(object)
    report_asked = Signal(object)
    reopen_asked = Signal(object)
    new_asked = Signal(object)
    owner_asked = Signal(int)
    step_asked = Signal(int)
    file_opened = Signal(object)

    def __init__(
        self, row: DisputeRow, today: date, find: FindFile, parent: QWidget | None = None, *, place: str = ""
    ) -> None:
        """`find` tells where a photo lies, None when it is gone; `place` is 「2 / 5」 among those it was opened from."""
        super().__init__(parent)
        self.setWindowTitle("异议")
        self.setModal(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._row, self._today, self._find = row, today, find
        self.note_button = KeyButton("记进展", key="J")
        self.file_button = KeyButton("加照片", key="P", icon="camera")
        self.change_button = KeyButton("改期·转部门", key="G")
        self.end_button = KeyButton("结案", key="E")
        self.report_button = KeyButton("已回复业主", key="H")
        self.reopen_button = KeyButton("重新处理", key="W", kind="quiet")
        self.new_button = KeyButton("另登一件", key="N", kind="quiet")
        self.owner_button = KeyButton("看这一户", key="Enter", kind="quiet")
        self.close_button = KeyButton("关上", key="Esc", kind="quiet")
        self._head_room = label("", "room")
        self._head_name = ElidedLabel("", "who")
        self._head_sum = label("", "muted")
        self._place = label("", "caption")
        self._mark = IconMark("mark-hold", size=16)
        self._state = label("", "section")
        self._next = label("", "strong", wrap=True)
        self._note = label("", wrap=True)
        self._facts = QGridLayout()
        self._facts_said: list[str] = []
        self._steps_said: list[str] = []
        self._steps_box = QWidget()
        self._steps = QVBoxLayout(self._steps_box)
        self._photos = QHBoxLayout()
        self._photo_row = QWidget()
        self._build()
        self._connect()
        self.show_row(row, place)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def dispute(self) -> Dispute:
        """The objection shown."""
        return self._row.dispute

    def show_row(self, row: DisputeRow, place: str = "") -> None:
        """Show this objection as it stands now."""
        self._row = row
        one = row.dispute
        self._head_room.setText(row.room)
        self._head_name.setText(row.name)
        self._head_sum.setText(f"{one.holds_text()} {show_yuan(row.held)}" if row.held else one.holds_text())
        self._place.setText(place)
        self._place.setVisible(bool(place))
        self._mark.show_icon(_MARKS[one.state])
        self._state.setText(f"{one.kind}异议 · {STATE_LABELS[one.state]}")
        self._next.setText(one.next_text(self._today))
        self._next.setProperty("tone", str(_TONES[one.state]))
        self._next.style().unpolish(self._next)
        self._next.style().polish(self._next)
        self._note.setText(f"“{one.note}”" if one.note else "没有写业主的原话。")
        self._show_facts(one)
        self._show_steps(one)
        self._show_photos(one.files)
        running, is_open = one.state is not DisputeState.CLOSED, one.state is DisputeState.OPEN
        for button in (self.note_button, self.file_button, self.change_button):
            button.setVisible(running)
        self.end_button.setVisible(is_open)
        self.report_button.setVisible(one.state is DisputeState.RESOLVED)
        self.reopen_button.setVisible(not is_open)

    def text(self) -> str:
        """Everything as read."""
        parts = [self._head_room.text(), self._head_name.text(), self._head_sum.text(), self._state.text()]
        return "\n".join([*parts, self._next.text(), self._note.text(), *self._facts_said, *self._steps_said])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters act, Enter goes to the owner, ←→ to the neighbours."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._to_owner()
            return
        if plain and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step_asked.emit(1 if event.key() == Qt.Key.Key_Right else -1)
            return
        if plain:
            for button in self._acts():
                if event.key() == getattr(Qt.Key, f"Key_{button.key()}") and button.isVisible():
                    button.click()
                    return
        super().keyPressEvent(event)

    # --- inside ---

    def _acts(self) -> tuple[KeyButton, ...]:
        return (
            self.note_button, self.file_button, self.change_button, self.end_button, self.report_button,
            self.reopen_button, self.new_button,
        )  # fmt: skip

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 10, 24, 10)
        head.setSpacing(10)
        head.addWidget(label("异议", "title"))
        head.addWidget(self._head_room)
        head.addWidget(self._head_name, 1)
        head.addWidget(self._head_sum)
        head.addWidget(self._place)
        left = QVBoxLayout()
        left.setSpacing(8)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._mark)
        state.addWidget(self._state, 1)
        left.addLayout(state)
        left.addWidget(self._next)
        left.addWidget(self._note)
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(3)
        self._facts.setColumnStretch(1, 1)
        left.addLayout(self._facts)
        left.addStretch(1)
        photos = QHBoxLayout(self._photo_row)
        photos.setContentsMargins(0, 0, 0, 0)
        self._photos.setSpacing(8)
        photos.addLayout(self._photos)
        photos.addStretch(1)
        self._photo_scroll = _scroll(self._photo_row)
        self._photo_scroll.setFixedHeight(_THUMB_HEIGHT + 34)
        left.addWidget(self._photo_scroll)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(label("经过", "section"))
        self._steps.setContentsMargins(0, 0, 8, 0)
        self._steps.setSpacing(8)
        self._steps.setAlignment(Qt.AlignmentFlag.AlignTop)
        right.addWidget(_scroll(self._steps_box), 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(24, 10, 16, 10)
        middle.setSpacing(24)
        middle.addLayout(left, 1)
        middle.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 9, 16, 9)
        foot.setSpacing(6)
        for button in (self.close_button, self.owner_button, self.new_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in self._acts()[:-1]:
            foot.addWidget(button)
        lay_sheet(self, head, middle, foot)
        room = self.screen().availableGeometry()
        self.resize(min(_WIDTH, room.width() - 16), min(_HEIGHT, room.height() - 32))

    def _connect(self) -> None:
        for button in (self.owner_button, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for button, asked in zip(
            self._acts(),
            (self.note_asked, self.files_asked, self.change_asked, self.end_asked, self.report_asked,
             self.reopen_asked, self.new_asked),
            strict=True,
        ):  # fmt: skip
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on=False, wanted=asked: wanted.emit(self.dispute))
        self.owner_button.clicked.connect(self._to_owner)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.file_button.click)

    def _to_owner(self) -> None:
        self.accept()
        self.owner_asked.emit(self._row.dispute.account_id)

    def _show_facts(self, one: Dispute) -> None:
        _clear(self._facts)
        lines = "、".join(f"{line.text} {show_yuan(line.owed)}" for line in one.lines)
        facts = [
            ("关于", lines or "整户"),
            ("交给", one.department or "未定部门"),
            ("责任", one.ours_text()),
            ("提出", f"{one.opened_at:%Y-%m-%d} {one.opened_by}{' · 书面' if one.is_written else ''}"),
            ("已", f"{one.age(self._today):,} 天"),
            ("复查", one.review_text(self._today)),
        ]
        if one.outcome_text:
            facts.append(("结果", f"{one.outcome_text}：{one.resolution}"))
        elif one.resolution:
            facts.append(("结果", one.resolution))
        self._facts_said = [f"{name} {words}" for name, words in facts]
        for place, (name, words) in enumerate(facts):
            self._facts.addWidget(label(name, "caption"), place, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(words, wrap=True), place, 1)

    def _show_steps(self, one: Dispute) -> None:
        _clear(self._steps)
        steps = [(event.text, f"{event.at:%m-%d %H:%M} {event.staff_name}") for event in reversed(one.events)]
        steps.append((f"提出{one.kind}异议", f"{one.opened_at:%m-%d %H:%M} {one.opened_by}"))
        self._steps_said = [f"{words}（{below}）" for words, below in steps]
        for words, below in steps:
            self._steps.addWidget(_step(words, below))

    def _show_photos(self, files: Sequence[ProofFile]) -> None:
        _clear(self._photos)
        self._photo_scroll.setVisible(bool(files))
        for proof in files:
            self._photos.addWidget(self._thumbnail(proof))

    def _thumbnail(self, proof: ProofFile) -> QWidget:
        path = self._find(proof)
        pixmap = thumbnail(path, self.devicePixelRatioF()) if path is not None else QPixmap()
        button = IconButton("camera", f"看“{proof.name}”")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedSize(_THUMB_WIDTH + 8, _THUMB_HEIGHT + 8)
        if not pixmap.isNull():
            button.setIcon(pixmap)
            button.setIconSize(QSize(_THUMB_WIDTH, _THUMB_HEIGHT))
        button.setToolTip(proof.name if not pixmap.isNull() else _NO_PICTURE.format(name=proof.name))
        button.clicked.connect(lambda _on=False, one=proof: self.file_opened.emit(one))
        return button


def thumbnail(path: Path, ratio: float = 1.0) -> QPixmap:
    """A small picture of a photo, upright as the camera says; a null pixmap for what is none."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid():
        return QPixmap()
    wanted = QSize(_THUMB_WIDTH, _THUMB_HEIGHT) * ratio
    if size.width() > wanted.width() or size.height() > wanted.height():
        reader.setScaledSize(size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


def _scroll(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def _step(words: str, below: str) -> QWidget:
    box = QWidget()
    box.setAccessibleName(f"{words}（{below}）")
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label(words, wrap=True))
    column.addWidget(label(below, "caption"))
    return box


def _clear(layout: QGridLayout | QHBoxLayout | QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


class PhotoDialog(QDialog):
    """One photo as large as the screen allows; Esc closes."""

    def __init__(self, path: Path, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(name)
        self.setModal(True)
        room = self.screen().availableGeometry().size() - QSize(80, 120)
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        image = reader.read()
        if image.isNull():
            picture.setText(_NO_PICTURE.format(name=name))
        else:
            small = image.width() <= room.width() and image.height() <= room.height()
            shown = (
                image
                if small
                else image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            )
            picture.setPixmap(QPixmap.fromImage(shown))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(picture)
        column.addWidget(label(f"{name} · Esc 关上", "caption"))
