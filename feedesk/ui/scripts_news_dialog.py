"""小区近况: the office's own small talk, one line each with the last day it is news; what is no small talk is told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models import days
from feedesk.models.scripts.news import MOST_NEWS, News, news_problem, repeated, tidy_news
from feedesk.ui.desk import Desk
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import DayEdit, Field, KeyButton, label

_WIDTH = 720
_MOST_HIGH = 330
"""The lines scroll beyond this many logical pixels, so that the dialog fits a low window."""
_DAY_WIDTH = 150


class LastDay(DayEdit):
    """A day from today on, or the one that was kept, be it past. Always with its year, that it is not read as next year's."""

    def __init__(self, today: date, kept: date | None) -> None:
        self._kept = kept
        super().__init__(today, kept)

    def day(self) -> date | None:
        """The day; None while the field is empty or no day."""
        return self._kept if self._is_as_kept() else super().day()

    def problem(self) -> str:
        """Why it is no day; empty when it is one."""
        return "" if self._is_as_kept() else super().problem()

    def _is_as_kept(self) -> bool:
        return self._kept is not None and self.text() == self._full(self._kept)

    def _full(self, day: date) -> str:
        return f"{day.isoformat()} {days.weekday(day)}"


class NewsLine(QWidget):
    """One line under edit.

    Signals:
        typed: text or day is another.
        stepped: ↑ (-1) or ↓ (1).
    """

    typed = Signal()
    stepped = Signal(int)

    def __init__(self, one: News, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.text = Field(one.text, "例如 游乐区这周重新铺了地面，您去看过吗？")
        self.text.setAccessibleName("小区近况")
        self.until = LastDay(today, one.until)
        self.until.setAccessibleName("说到哪天为止，可以不填")
        self.until.setPlaceholderText("不填：一直说")
        self.until.setFixedWidth(_DAY_WIDTH)
        self.text_spot, self.until_spot = Spot(self.text), Spot(self.until)
        self._over = label("", "caption", Tone.OCHRE)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.text, 1)
        fields.addWidget(self.until)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(fields)
        for words in (self.text_spot.words, self.until_spot.words, self._over):
            column.addWidget(words)
        self.text.textEdited.connect(lambda _text: self.typed.emit())
        self.until.textEdited.connect(lambda _text: self.typed.emit())
        self.until.day_changed.connect(lambda _day: self.typed.emit())  # ↑↓ move it without typing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ go to the next line; the area around would only scroll."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def value(self) -> News:
        """As typed."""
        return News(tidy_news(self.text.text()), self.until.day())

    def problems(self, *, is_repeated: bool) -> tuple[tuple[Spot, str], tuple[Spot, str]]:
        """What is wrong with the text and with the day."""
        text = "上面已经有这一句了。" if is_repeated else news_problem(self.text.text())
        day = self.until.problem() if self.until.text().strip() and self.text.text().strip() else ""
        return (self.text_spot, text), (self.until_spot, day)

    def say_over(self) -> None:
        """Tell that it is not spoken of any more."""
        over = bool(self.text.text().strip()) and self.value().is_over(self._today)
        self._over.setText("日子已过，不再提起；改日期，或删去。" if over else "")
        self._over.setVisible(over)

    def told(self) -> str:
        """What stands under it, as read."""
        words = (self.text_spot.words, self.until_spot.words, self._over)
        return " ".join(one.text() for one in words if not one.isHidden())


class NewsDialog(MoneyDialog):
    """Enter keeps the whole list; the toast takes it back."""

    def __init__(self, desk: Desk, parent: QWidget, *, at: str = "") -> None:
        """`at`: the text of the line to begin with; without it a new one."""
        super().__init__(
            Head("小区近况", "", "寒暄时问一句小区里的事：一行一句问话，不提钱"), "保存", parent, width=_WIDTH
        )
        self._desk = desk
        self._before = desk.office.scripts.news()
        self.lines: list[NewsLine] = []
        self._held = held = QWidget()
        self._column = QVBoxLayout(held)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(held)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        heads = QHBoxLayout()
        heads.addWidget(label("问话", "caption"), 1)
        last = label("说到哪天为止", "caption")
        last.setFixedWidth(_DAY_WIDTH + 6)
        heads.addWidget(last)
        self.add_button = KeyButton("加一条", key="Ctrl+N")
        self.add_button.clicked.connect(self.add_line)
        self.delete_button = KeyButton("删这一条", key="Ctrl+D", kind="quiet")
        self.delete_button.clicked.connect(self.delete_line)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.add_button)
        acts.addWidget(self.delete_button)
        acts.addWidget(label("↑ ↓ 换行；存下后在“寒暄”和通话时的 F11 里，排在最前。", "caption"))
        acts.addStretch(1)
        self.middle.addLayout(heads)
        self.middle.addWidget(self._scroll, 1)
        self.middle.addSpacing(6)
        self.middle.addLayout(acts)
        for button in (self.add_button, self.delete_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # 删这一条 is about the line that has the keys
        for keys, act in (("Ctrl+N", self.add_line), ("Ctrl+D", self.delete_line)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        for one in self._before:
            self._put(one, len(self.lines))
        found = next((line for line in self.lines if at and line.text.text() == at), None)
        if found is None:
            found = self._put(News(""), len(self.lines)) if len(self.lines) < MOST_NEWS else self.lines[-1]
        self._last = found
        self.start_at(found.text)
        self.refresh()

    # --- lines ---

    def add_line(self) -> None:
        """Ctrl+N: an empty line under the one in hand."""
        if len(self.lines) >= MOST_NEWS:
            self.note.setText(f"最多 {MOST_NEWS} 条，请先删去过时的。")
            return
        at = self.lines.index(self._in_hand()) + 1
        line = self._put(News(""), at)
        self.refresh()
        self._go_to(line)

    def delete_line(self) -> None:
        """Ctrl+D: the line in hand goes; the last one is emptied."""
        line = self._in_hand()
        at = self.lines.index(line)
        self.lines.remove(line)
        if not self.lines:
            self._put(News(""), 0)
        following = self.lines[min(at, len(self.lines) - 1)]
        self._go_to(following)
        line.hide()
        self._column.removeWidget(line)
        line.deleteLater()
        self.refresh()

    def value(self) -> tuple[News, ...]:
        """The list as typed, without empty lines."""
        return tuple(one for one in (line.value() for line in self.lines) if one.text)

    def _put(self, one: News, at: int) -> NewsLine:
        line = NewsLine(one, self._desk.today())
        line.typed.connect(self.refresh)
        line.stepped.connect(self._step)
        self.lines.insert(at, line)
        self._column.insertWidget(at, line)
        before: QWidget | None = self.lines[at - 1].until if at else None
        for field in (line.text, line.until):
            if before is not None:
                QWidget.setTabOrder(before, field)
            before = field
        return line

    def _in_hand(self) -> NewsLine:
        """The line with the keys, else the one that had them last."""
        focus = self.focusWidget()
        for line in self.lines:
            if focus is not None and line.isAncestorOf(focus):
                self._last = line
        return self._last if self._last in self.lines else self.lines[-1]

    def _step(self, by: int) -> None:
        at = self.lines.index(self._in_hand()) + by
        if 0 <= at < len(self.lines):
            self._go_to(self.lines[at])

    def _go_to(self, line: NewsLine) -> None:
        self._last = line
        line.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(line, 0, 0)

    # --- the dialog ---

    def save(self) -> None:
        """Enter; where something is wrong the line is scrolled to."""
        super().save()
        if self.isVisible():
            self._scroll.ensureWidgetVisible(self._in_hand(), 0, 0)

    def refresh(self) -> None:
        """Tell beside every line what is wrong with it, not only beside the first."""
        found = self._problems()
        for spot, told in found:
            spot.say(told, loud=self._asked)
        for line in self.lines:
            line.say_over()
        first = next((told for _, told in found if told), "")
        self.save_button.setEnabled(not first)
        self.save_button.setToolTip(first)
        self.aside.setText(f"{len(self.value())} / {MOST_NEWS} 条")
        self.add_button.setEnabled(len(self.lines) < MOST_NEWS)
        self._mind_height()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        twice = repeated([line.text.text() for line in self.lines])
        return [one for at, line in enumerate(self.lines) for one in line.problems(is_repeated=at in twice)]

    def _is_touched(self) -> bool:
        return self.value() != self._before

    def _write(self) -> bool:
        news, before = self.value(), self._before
        if news == before:
            return True
        scripts = self._desk.office.scripts
        return self._desk.write(
            lambda: scripts.save_news(news),
            f"小区近况已保存，共 {len(news)} 条。" if news else "小区近况已清空。",
            lambda _: scripts.save_news(before),
        )

    def _mind_height(self) -> None:
        self._column.activate()
        wanted = max(self._held.sizeHint().height(), self._column.totalHeightForWidth(_WIDTH - 60))
        self._scroll.setFixedHeight(min(wanted + 2, _MOST_HIGH))
        super()._mind_height()
