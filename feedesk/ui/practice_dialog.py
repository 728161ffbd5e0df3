"""演练: an invented owner objects, the clerk answers by a digit or in her own words; nothing is scored, nothing is kept."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, DebtorType
from feedesk.models.scripts import Objection
from feedesk.models.scripts.practice import Feedback, Mood, Practice, Reply, Round, sample_on, talk_with
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, Card, ElidedLabel, KeyButton, KeyCap, hairline, label, set_look

_SIZE = (900, 640)
_AIR = 16
_DIGITS = "123456789"
_MOST_SEEDS = 1_000_000
_PROMISE = "业主、房号和金额都是虚构的；不打分，不留记录。"


class ReplyCard(QFrame):
    """One answer with its digit; after choosing, what is to be said of it. Signals: `picked`: clicked."""

    picked = Signal()

    def __init__(self, digit: str, reply: Reply) -> None:
        super().__init__()
        self._reply = reply
        self.setProperty("role", "card")
        self.setAccessibleName(reply.text)
        self._why = label("", "caption", wrap=True)
        self._why.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 12, 7)
        row.setSpacing(10)
        row.addWidget(KeyCap(digit), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(label(reply.text, wrap=True))
        words.addWidget(self._why)
        row.addLayout(words, 1)

    def show_judged(self, picked: Reply | None) -> None:
        """The recommended one is marked, and the picked one if it is another; the rest say why not."""
        if self._reply.is_recommended:
            head = "推荐，您选的就是它。" if picked is self._reply else "推荐这样说。"
            set_look(self, role="banner", tone=str(Tone.MALACHITE))
        elif picked is self._reply:
            head = "您选的。"
            set_look(self, role="banner", tone=str(Tone.OCHRE))
        else:
            head = ""
        self._why.setText(head + self._reply.why)
        self._why.show()

    def why(self) -> str:
        """What is said of it; empty before choosing."""
        return "" if self._why.isHidden() else self._why.text()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses too."""
        self.picked.emit()
        event.accept()


class PracticeDialog(QDialog):
    """Digits choose, T types an own answer, Enter goes on, Esc ends; F6 and F7 change whom one talks with."""

    def __init__(
        self,
        objections: Sequence[Objection],
        parent: QWidget,
        *,
        today: date,
        debtor_type: DebtorType | None = None,
        seed: int | None = None,
    ) -> None:
        """`today`: the day the talk is held on; `debtor_type`: the one in hand; `seed`: the same seed brings the same talk, without one each is another."""
        super().__init__(parent)
        self.setWindowTitle("演练")
        self.setModal(True)
        self._objections = tuple(objections)
        self._context = sample_on(today)
        self._seed = random.randrange(_MOST_SEEDS) if seed is None else seed
        self._talk: Practice
        self._at = 0
        self._answered = False
        self._cards: list[ReplyCard] = []
        self.type_combo = KeyCombo("欠费类型", "F6")
        self.type_combo.offer(
            [(_DIGITS[place : place + 1], DEBTOR_TYPE_LABELS[kind], kind) for place, kind in enumerate(DebtorType)]
        )
        self.type_combo.show_value(debtor_type or DebtorType.UNPAID)
        self.mood_combo = KeyCombo("业主的语气", "F7")
        self.mood_combo.offer([(_DIGITS[place], mood.value, mood) for place, mood in enumerate(Mood)])
        self.mood_combo.show_value(Mood.CALM)
        for combo in (self.type_combo, self.mood_combo):
            combo.picked.connect(lambda _value: self.begin())
        self._count = ElidedLabel("", "caption")
        self._says = label("", "speech", wrap=True)
        self._good, self._bad = Banner(Tone.MALACHITE, "check"), Banner(Tone.OCHRE, "alert")
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName("我的回答")
        self.editor.setPlaceholderText("照您平时的说法写。Enter 交，Shift+Enter 换行，Esc 回到选项")
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(84)
        self.editor.installEventFilter(self)
        self.type_button = KeyButton("自己答", key="T", icon="edit")
        self.type_button.clicked.connect(self.write_own)
        self.next_button = KeyButton("下一句", key="Enter", kind="primary")
        self.next_button.clicked.connect(self.go_on)
        self.end_button = KeyButton("结束", key="Esc", kind="quiet")
        self.end_button.clicked.connect(self.reject)
        self._lay_out()
        for keys, combo in (("F6", self.type_combo), ("F7", self.mood_combo)):
            QShortcut(QKeySequence(keys), self).activated.connect(combo.open_list)
        room = parent.window().size()
        self.resize(min(_SIZE[0], room.width() - _AIR), min(_SIZE[1], room.height() - _AIR))
        self.begin()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(20, 10, 20, 8)
        top.setSpacing(8)
        top.addWidget(label("演练", "title"))
        top.addSpacing(6)
        for key, combo in (("F6", self.type_combo), ("F7", self.mood_combo)):
            top.addWidget(KeyCap(key))
            top.addWidget(combo)
        top.addWidget(self._count, 1)
        owner = Card("sunken", margins=(14, 10, 14, 10), spacing=2)
        owner.body.addWidget(label("业主说", "caption"))
        owner.body.addWidget(self._says)
        inner = QWidget()
        self._body = QVBoxLayout(inner)
        self._body.setContentsMargins(20, 10, 20, 10)
        self._body.setSpacing(7)
        self._body.addWidget(owner)
        self._body.addWidget(self.editor)
        self._body.addWidget(self._good)
        self._body.addWidget(self._bad)
        self._list = QVBoxLayout()
        self._list.setSpacing(7)
        self._body.addLayout(self._list)
        self._body.addStretch(1)
        self.reading = QScrollArea()
        self.reading.setWidget(inner)
        self.reading.setWidgetResizable(True)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setAccessibleName("业主的话和回答")
        self.reading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 8)
        foot.setSpacing(8)
        foot.addWidget(ElidedLabel(_PROMISE, "caption"), 1)
        foot.addWidget(self.end_button)
        foot.addWidget(self.type_button)
        foot.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addWidget(self.reading, 1)
        column.addWidget(hairline())
        column.addLayout(foot)

    # --- the talk ---

    def begin(self) -> None:
        """A talk with the owner chosen, from its first sentence."""
        kind, mood = self.type_combo.value(), self.mood_combo.value()
        self._talk = talk_with(self._objections, kind, mood, self._seed, self._context)
        self._at = 0
        self._show_round()

    def round(self) -> Round:
        """What is asked now."""
        return self._talk.rounds[self._at]

    def cards(self) -> tuple[ReplyCard, ...]:
        """The answers on screen."""
        return tuple(self._cards)

    def says(self) -> str:
        """The owner's words on screen."""
        return self._says.text()

    def verdict(self) -> str:
        """What is said of the answer; empty before one is given."""
        return self._good.text() or self._bad.text()

    def is_last(self) -> bool:
        """Whether the day is being asked."""
        return self._at == len(self._talk.rounds) - 1

    def pick(self, choice: int) -> None:
        """A digit: this answer, once."""
        if self._answered or not self.editor.isHidden() or choice >= len(self._cards):
            return
        judged = self.round().judge(choice)
        if judged.is_recommended:
            self._tell(("就是这样答。",), Tone.MALACHITE)
        else:
            self._tell((f"这句不合适：{judged.picked.why}",), Tone.OCHRE)
        self._judged(judged.picked)

    def write_own(self) -> None:
        """T: the answers give way to an empty field."""
        if self._answered:
            return
        self._show_cards(False)
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.next_button.set_words("交")
        self.next_button.setEnabled(True)
        self.type_button.setEnabled(False)

    def hand_in(self) -> None:
        """Enter in the field: what may not be said so, and the recommended answer beside."""
        typed = self.editor.toPlainText().strip()
        if not typed:
            return
        self._tell(*told(self.round().feedback(typed)))
        self.editor.setReadOnly(True)
        self._judged(None)

    def go_on(self) -> None:
        """Enter: hand in, the next sentence, or after the last a new talk."""
        if not self._answered:
            if not self.editor.isHidden():
                self.hand_in()
        elif self.is_last():
            self._seed += 1
            self.begin()
        else:
            self._at += 1
            self._show_round()

    def _show_round(self) -> None:
        asked = self.round()
        self._answered = False
        self._count.setText(f"第 {self._at + 1} 句，共 {len(self._talk.rounds)} 句：{asked.chip}")
        self._says.setText(f"“{asked.says}”")
        self._tell((), Tone.MALACHITE)
        self.editor.setReadOnly(False)
        self.editor.clear()
        self.editor.hide()
        for card in self._cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [ReplyCard(_DIGITS[place], reply) for place, reply in enumerate(asked.replies)]
        for place, card in enumerate(self._cards):
            card.picked.connect(lambda place=place: self.pick(place))
            self._list.addWidget(card)
        self._wait_for_answer()

    def _wait_for_answer(self) -> None:
        self.type_button.setEnabled(True)
        self.next_button.set_words("下一句")
        self.next_button.setEnabled(False)
        self.next_button.setToolTip("先答这一句：按数字选，或按 T 自己答")
        self._to_top()

    def _judged(self, picked: Reply | None) -> None:
        """Show what is to be said; a typed answer is laid beside the recommended one alone."""
        self._answered = True
        for card, reply in zip(self._cards, self.round().replies, strict=True):
            card.show_judged(picked)
            card.setVisible(picked is not None or reply.is_recommended)
        self.type_button.setEnabled(False)
        self.next_button.setEnabled(True)
        self.next_button.setToolTip("")
        self.next_button.set_words("再练一遍" if self.is_last() else "下一句")
        self._to_top()

    def _tell(self, lines: tuple[str, ...], tone: Tone) -> None:
        is_good = tone is Tone.MALACHITE
        self._good.show_lines(lines if is_good else ())
        self._bad.show_lines(() if is_good else lines, tone)

    def _show_cards(self, on: bool) -> None:
        for card in self._cards:
            card.setVisible(on)

    def _to_top(self) -> None:
        self.reading.verticalScrollBar().setValue(0)
        self.reading.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, T, Enter; Esc ends, or leaves the field."""
        if event.key() == Qt.Key.Key_Escape and not self.editor.isHidden() and not self._answered:
            self._leave_field()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        elif event.text() and event.text() in _DIGITS:
            self.pick(int(event.text()) - 1)
        elif event.key() == Qt.Key.Key_T and not event.modifiers():
            self.write_own()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the field hands in; once handed in, the field is only read."""
        if watched is self.editor and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.go_on()
                return True
        return super().eventFilter(watched, event)

    def _leave_field(self) -> None:
        self.editor.hide()
        self._show_cards(True)
        self._wait_for_answer()


def told(feedback: Feedback) -> tuple[tuple[str, ...], Tone]:
    """What is said of a typed answer, the gravest first; its tone."""
    lines = [
        f"“{one.matched}”{'不能这样说' if one.blocking else '请留意'}：{one.why.rstrip('。')}。"
        + (f"换成“{one.replacement}”。" if one.replacement else f"这一句可以说：“{one.instead}”")
        for one in sorted(feedback.findings, key=lambda one: not one.blocking)
    ]
    if not feedback.asks_day:
        lines.append("没有问到日子：请业主说出哪一天，再收口。")
    if any(one.blocking for one in feedback.findings):
        return tuple(lines), Tone.CINNABAR
    if lines:
        return tuple(lines), Tone.OCHRE
    return ("没有查到不能说的话，也问了日子。和推荐的比一比：认可、事实、出路都说到了吗？",), Tone.MALACHITE
