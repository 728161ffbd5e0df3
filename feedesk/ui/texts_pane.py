"""The very text an owner will read: values tinted, gaps in ochre, what the lint says beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.texts import TextDraft, TextTemplate
from feedesk.ui.speech import markup
from feedesk.ui.texts_rows import who
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, Card, ElidedLabel, KeyButton, label
from feedesk.ui.words import show_number

_PX = 16
_SMALL_PX = 15


class TextPane(QWidget):
    """One text as it goes out; `copy_button` copies it and goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft: TextDraft | None = None
        self._px = _PX
        self._who = ElidedLabel("", "section")
        self._number = label("", "muted")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._length = label("", "caption")
        self._trouble = Banner(Tone.CINNABAR)
        self._advice = Banner(Tone.OCHRE)
        self._use = label("", "caption", wrap=True)
        self.copy_button = KeyButton("复制，下一户", key="Ctrl+Shift+C", icon="copy")
        bubble = Card(margins=(14, 12, 14, 12), spacing=6)
        bubble.body.addWidget(self._text)
        bubble.body.addWidget(self._length)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(16, 8, 16, 12)
        body.setSpacing(10)
        body.addWidget(bubble)
        body.addWidget(self._trouble)
        body.addWidget(self._advice)
        body.addWidget(self._use)
        body.addStretch(1)
        reading = QScrollArea()
        reading.setWidget(inner)
        reading.setWidgetResizable(True)
        reading.setFrameShape(QFrame.Shape.NoFrame)
        reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        reading.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 4)
        head.setSpacing(2)
        head.addWidget(self._who)
        head.addWidget(self._number)
        foot = QFrame()
        foot.setProperty("role", "bar")
        line = QVBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        line.addWidget(self.copy_button)
        frame = QFrame()
        frame.setProperty("role", "panel")
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(reading, 1)
        column.addWidget(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.show_text(None, None)

    def show_text(self, draft: TextDraft | None, template: TextTemplate | None) -> None:
        """Show this text, or when the template suits where nobody gets one."""
        self._draft = draft
        self._use.setText(f"用在：{template.when}。\n不用于：{template.not_for}。" if template else "")
        self.copy_button.setEnabled(draft is not None and draft.is_ready)
        if draft is None:
            self._who.setText("这里会是要发的那一条。")
            self._number.setText("")
            self._text.clear()
            self._length.setText("")
            self._trouble.show_lines(())
            self._advice.show_lines(())
            return
        composed = draft.composed
        self._who.setText(who(draft.rooms, draft.name))
        self._number.setText(f"发给 {show_number(draft.number)} · {draft.why}")
        self._length.setText(f"{composed.length.text}（签名在内）")
        self._trouble.show_lines(composed.blocks)
        self._advice.show_lines(composed.warnings)
        self._dress()

    def fit(self, width: int) -> None:
        """Choose the size of the words for a window of this width."""
        self._px = _PX if width >= 1100 else _SMALL_PX
        self._dress()

    def text(self) -> str:
        """The text as read; empty when none is shown."""
        return self._draft.words if self._draft is not None else ""

    def trouble(self) -> str:
        """What keeps it from being sent, as shown."""
        return self._trouble.text()

    def advice(self) -> str:
        """What to mind, as shown."""
        return self._advice.text()

    def _dress(self) -> None:
        if self._draft is not None:
            self._text.setText(markup(self._draft.composed.segments, self._px))
            self._text.setAccessibleName(self._draft.words)
