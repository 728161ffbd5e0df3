"""The answer to an objection: 认可 · 事实 · 出路, and the outcome it offers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.contacts import Channel, outcome_spec
from feedesk.models.scripts import FilledAnswer
from feedesk.ui.speech import SpeechView
from feedesk.ui.widgets import ElidedLabel, KeyButton, label


class AnswerCard(QFrame):
    """Stands in the script's place while an objection is open.

    Signals:
        taken: the outcome that the button offers.
        closed: back to the script.
    """

    taken = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "answer")
        self._answer: FilledAnswer | None = None
        self._title = ElidedLabel("", "section")
        self._back = KeyButton("回话术", key="Esc", kind="quiet")
        self._back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._back.clicked.connect(self.closed)
        self.speech = SpeechView(heading_width=44)
        self.take_button = KeyButton("", key="Enter", icon="check")
        self.take_button.clicked.connect(self.take)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._back)
        foot = QHBoxLayout()
        foot.addWidget(label("没谈成就按 F2 照实记。", "caption"), 1)
        foot.addWidget(self.take_button)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.speech)
        column.addLayout(foot)

    def show_answer(self, answer: FilledAnswer) -> None:
        """Show an answer, filled for the owner."""
        self._answer = answer
        self._title.setText(f"“{answer.objection.chip}”")
        self.speech.show_parts(answer.parts)
        self.take_button.set_words(f"记为“{outcome_spec(Channel.PHONE, answer.outcome).label}”")

    def needed(self, width: int) -> int:
        """The height that the whole card takes at this width."""
        margins = self._column.contentsMargins()
        inner = width - margins.left() - margins.right()
        rows = (self._back.sizeHint().height(), self.speech.needed(inner), self.take_button.sizeHint().height())
        return margins.top() + sum(rows) + self._column.spacing() * 2 + margins.bottom()

    def text(self) -> str:
        """Title and answer as read."""
        return f"{self._title.text()}\n{self.speech.text()}"

    def take(self) -> None:
        """Offer the outcome to 记录联系."""
        if self._answer is not None:
            self.taken.emit(self._answer.outcome)
