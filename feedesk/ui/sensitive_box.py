"""暂不联系: why and until when nobody contacts an owner from our side; on 资料, for all his units."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import Account
from feedesk.models.days import show_day
from feedesk.models.guard import SENSITIVE_REASONS
from feedesk.ui.contact_parts import Problem
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import DayEdit, KeyButton, KeyCap, label

MARK_KEY = "Alt+J"
_NONE = "没有"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SensitiveBox(QWidget):
    """One row: the reason from a closed list, the last day or none, one button. Nothing is written until it is pressed.

    Signals:
        asked: reason (empty ends it), last day or None.
    """

    asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = date.min
        self._stored: tuple[str, date | None] = ("", None)
        self._shown_id = 0
        self.reason = QComboBox()
        self.reason.setAccessibleName("暂不联系的原因")
        self.reason.addItem(_NONE, "")
        for words in SENSITIVE_REASONS:
            self.reason.addItem(words, words)
        self.until = DayEdit(date.min)
        self.until.setAccessibleName("暂不联系到哪天，留空为到结束为止")
        self.button = KeyButton("记下", key="Enter")
        self.problem = Problem()
        self.stands = label("", "caption", Tone.OCHRE, wrap=True)
        self.reason.currentIndexChanged.connect(lambda _at: self._mind())
        self.until.day_changed.connect(lambda _day: self._mind())
        self.button.clicked.connect(self.save)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("暂不联系", "label"))
        head.addWidget(KeyCap(MARK_KEY))
        head.addWidget(label("家里有事：任何方式都不联系", "caption"))
        head.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.reason)
        row.addWidget(label("到", "label"))
        row.addWidget(self.until, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(self.stands)
        self._mind()

    def show_mark(self, account: Account, today: date) -> None:
        """Show what is on record; what is being typed for the same account stays."""
        stored = (account.sensitive, account.sensitive_until)
        same = account.row.account_id == self._shown_id and stored == self._stored and today == self._today
        if same and self.is_dirty:
            return
        self._shown_id, self._stored, self._today = account.row.account_id, stored, today
        self.until.set_today(today)
        self.reason.setCurrentIndex(max(self.reason.findData(stored[0]), 0))
        self.until.set_day(stored[1])
        self.problem.say("")
        self._mind()

    @property
    def is_dirty(self) -> bool:
        """Whether the fields say something else than the record."""
        return bool(self._shown_id) and self._wanted() != self._stored

    def take_focus(self) -> None:
        """Alt+J from elsewhere on the page: the reason."""
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save(self) -> None:
        """Ask for the mark to be set, changed or ended; says what is wrong instead."""
        problem = self._problem()
        self.problem.say(problem)
        self.until.set_bad(problem)
        if problem:
            self.until.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.is_dirty:
            self.asked.emit(*self._wanted())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field is the button."""
        if event.key() in _ENTER:
            self.save()
            return
        super().keyPressEvent(event)

    def _wanted(self) -> tuple[str, date | None]:
        reason = str(self.reason.currentData() or "")
        return (reason, self.until.day()) if reason else ("", None)

    def _problem(self) -> str:
        if not self.reason.currentData() or not self.until.text().strip():
            return ""
        day = self.until.day()
        if day is None:
            return self.until.problem()
        return "最后一天已经过去了；不再需要就选“没有”。" if day < self._today and self.is_dirty else ""

    def _mind(self) -> None:
        chosen = bool(self.reason.currentData())
        self.until.setEnabled(chosen)
        if chosen and self.until.isEnabled():
            self.until.setPlaceholderText("留空：到结束为止")
        dirty = self.is_dirty
        self.button.setEnabled(dirty)
        self.button.set_words("结束" if dirty and not chosen else "记下")
        self.button.setToolTip("" if dirty else "没有改动")
        self.stands.setText(self._stands_text())
        self.stands.setVisible(bool(self.stands.text()))

    def _stands_text(self) -> str:
        reason, until = self._stored
        if not reason:
            return ""
        if until is not None and until < self._today:
            return f"{reason}的期限 {show_day(until, self._today)} 已过，可以联系。"
        when = f"{show_day(until, self._today)}（含）前" if until else "结束前"
        return f"{reason}：{when}，名下各户都不打电话、不上门、不发信息、不发函。"
