"""What only a person can answer, one card at a time: nothing is written while one is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.arrears_list import Question, QuestionCode
from feedesk.models.periods import Period
from feedesk.tasks.import_draft import Answer
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import IconButton, IconMark, KeyButton, label

SHORT_NAMES = {
    QuestionCode.UNKNOWN_COLUMN: "有一列不知道是什么",
    QuestionCode.NO_PERIOD: "没有写明期间",
    QuestionCode.SAME_ROOM: "两个房号可能是一套",
    QuestionCode.SAME_OWNER: "姓名不同，是更正还是换了业主",
    QuestionCode.MANY_GONE: "不在清单上的户很多",
    QuestionCode.OLDER_LIST: "清单比上次的旧",
}
"""A question in a few words, for the tooltip of 确认导入."""

READING_CODES = frozenset({QuestionCode.UNKNOWN_COLUMN, QuestionCode.NO_PERIOD})
"""Questions about the list itself, answered in the first step."""

_CAREFUL_CODES = frozenset({QuestionCode.UNKNOWN_COLUMN, QuestionCode.SAME_ROOM, QuestionCode.SAME_OWNER})


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a card."""

    words: str
    answer: object
    """An `Answer`, or for a column one of the words of `ColumnAnswer`, or a `Period`."""


class ColumnAnswer:
    """What can be said of an unknown column straight from its card."""

    REMARK = "remark"
    FEE = "fee"
    CHECK = "check"
    IGNORE = "ignore"
    LOOK = "look"
    """Open the drop-down of the column in the table."""


class GiveUp:
    """The answer 不导入 to an older list."""


def choices_of(question: Question, period: Period | None) -> list[Choice]:
    """The buttons of a question's card. `period`: months found in the heading."""
    code = question.code
    if code is QuestionCode.UNKNOWN_COLUMN:
        if len(question.subjects) > 1:
            return [Choice("在表里指明", ColumnAnswer.LOOK)]
        return [
            Choice("作备注留着", ColumnAnswer.REMARK),
            Choice("是一项收费", ColumnAnswer.FEE),
            Choice("是小计，只核对", ColumnAnswer.CHECK),
            Choice("不读", ColumnAnswer.IGNORE),
            Choice("别的…", ColumnAnswer.LOOK),
        ]
    if code is QuestionCode.NO_PERIOD:
        named = [Choice(f"就是 {period.text()}", period)] if period else []
        return [*named, Choice("填写月份…", ColumnAnswer.LOOK), Choice("先记为期间待核", Answer.MONTHS_UNKNOWN)]
    if code is QuestionCode.SAME_ROOM:
        apart = "是两套" if len(question.subjects) == 2 else "各是各的"
        return [Choice("是同一套", Answer.SAME_ROOM), Choice(apart, Answer.APART)]
    if code is QuestionCode.SAME_OWNER:
        return [Choice("更正姓名", Answer.CORRECTION), Choice("换了业主", Answer.NEW_OWNER)]
    if code is QuestionCode.MANY_GONE:
        return [Choice("确实都缴了", Answer.ALL_PAID), Choice("改为“只是一部分”", Answer.ONLY_PART)]
    return [Choice("仍然导入", Answer.IMPORT_ANYWAY), Choice("不导入", GiveUp)]


class QuestionBand(QFrame):
    """Shows the open questions one after another. ←→ move between the answers.

    Signals:
        answered: the `Question` and what was answered (see `Choice.answer`).
    """

    answered = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "ochre")
        self._questions: tuple[Question, ...] = ()
        self._at = 0
        self._period: Period | None = None
        self._icon = IconMark("alert", COLOURS.ochre, 16)
        self.text = label("", "strong", wrap=True)
        self.careful = label("", "caption", wrap=True)
        self._count = label("", "caption")
        self._back = IconButton("up", "上一个疑问")
        self._next = IconButton("down", "下一个疑问")
        self._back.clicked.connect(lambda: self._go(-1))
        self._next.clicked.connect(lambda: self._go(1))
        self.buttons: list[KeyButton] = []
        outer = QHBoxLayout(self)
        outer.setContentsMargins(21, 6, 16, 6)
        outer.setSpacing(8)
        outer.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.text)
        words.addWidget(self.careful)
        outer.addLayout(words, 1)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        outer.addLayout(self._row)
        outer.addWidget(self._count)
        outer.addWidget(self._back)
        outer.addWidget(self._next)

    def show_questions(self, questions: Sequence[Question], period: Period | None) -> None:
        """Show these open questions; none hides the band. The one looked at stays if it is still open."""
        now = self._questions[self._at] if self._questions else None
        self._questions, self._period = tuple(questions), period
        self._at = self._questions.index(now) if now in self._questions else min(self._at, max(0, len(questions) - 1))
        had_focus = any(button.hasFocus() for button in self.buttons)
        self._show()
        if had_focus and self.buttons and self.isVisible():
            self.buttons[0].setFocus()

    def question(self) -> Question | None:
        """The question on the card."""
        return self._questions[self._at] if self._questions else None

    def press(self, words: str) -> None:
        """Press the answer with these words; raises KeyError when it is not offered."""
        for button in self.buttons:
            if button.words() == words:
                button.click()
                return
        raise KeyError(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ move between the answers."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        at = next((i for i, button in enumerate(self.buttons) if button.hasFocus()), -1)
        if step is None or at < 0:
            super().keyPressEvent(event)
            return
        self.buttons[max(0, min(len(self.buttons) - 1, at + step))].setFocus()

    def _go(self, by: int) -> None:
        self._at = (self._at + by) % len(self._questions)
        self._show()

    def _show(self) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        self.setVisible(bool(self._questions))
        question = self.question()
        if question is None:
            return
        self.text.setText(question.text)
        careful = question.code in _CAREFUL_CODES and question.careful
        self.careful.setText(f"拿不准时，稳妥的做法是{question.careful}。" if careful else "")
        self.careful.setVisible(bool(careful))
        for choice in choices_of(question, self._period):
            button = KeyButton(choice.words)
            button.clicked.connect(self._answerer(question, choice.answer))
            self._row.addWidget(button)
            QWidget.setTabOrder(self.buttons[-1] if self.buttons else self._next, button)
            self.buttons.append(button)
        many = len(self._questions) > 1
        self._count.setText(f"疑问 {self._at + 1} / {len(self._questions)}" if many else "")
        for part in (self._count, self._back, self._next):
            part.setVisible(many)

    def _answerer(self, question: Question, answer: object) -> Callable[[], None]:
        return lambda: self.answered.emit(question, answer)
