"""What follows a contact, as proposed by the rules and as the clerk changes it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models import days
from feedesk.models.accounts import CATEGORY_LABELS, Category
from feedesk.models.contacts import NextAction
from feedesk.ui.contact_parts import Problem
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import Card, IconMark, KeyButton, MomentEdit, Segment, label

_NOTHING_YET = NextAction(None, False, "选了结果就有建议。", "—")


class FollowPane(QWidget):
    """Category A–E and next follow-up, each with its reason; touching one marks it 已改 and keeps it.

    Signals:
        changed: the clerk has changed one of them.
    """

    changed = Signal()

    def __init__(self, now: datetime, *, low: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._own_category: Category | None = None
        self._proposed: tuple[Category | None, str] = (None, "")
        self._proposed_next = _NOTHING_YET
        self._own_next: NextAction | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8 if low else 12)

        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("分类", "label"))
        self.segment = Segment([(str(one), str(one)) for one in Category])
        for one in Category:
            self.segment.button(str(one)).setToolTip(f"{one} {CATEGORY_LABELS[one]}（Alt+{one}）")
            self.segment.button(str(one)).setAccessibleName(f"{one} {CATEGORY_LABELS[one]}")
        self.segment.chosen.connect(self._on_category)
        row.addWidget(self.segment)
        self.category_reason = label("", "caption", wrap=True)
        row.addWidget(self.category_reason, 1)
        column.addLayout(row)

        card = Card("sunken", margins=(14, 8 if low else 12, 14, 8 if low else 12), spacing=4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconMark("calendar", COLOURS.azure_deep, 16))
        head.addWidget(label("下次跟进", "section"))
        head.addStretch(1)
        self.change = KeyButton("改", key="F5", key_first=True, kind="quiet")
        self.change.clicked.connect(self.edit_next)
        head.addWidget(self.change)
        card.body.addLayout(head)
        self.next_text = label("—", "next")
        card.body.addWidget(self.next_text)
        self.moment = MomentEdit(now)
        self.moment.setAccessibleName("下次跟进的日期和时间")
        self.moment.moment_changed.connect(lambda _moment: self._on_moment())
        self.moment.hide()
        card.body.addWidget(self.moment)
        self.problem = Problem()
        card.body.addWidget(self.problem)
        self.next_reason = label(_NOTHING_YET.reason, "label", wrap=True)
        card.body.addWidget(self.next_reason)
        column.addWidget(card)

    # --- proposals ---

    def propose_category(self, category: Category | None, reason: str) -> None:
        """The rules' category; what the clerk chose stays."""
        self._proposed = (category, reason)
        self._show_category()

    def propose_next(self, action: NextAction | None) -> None:
        """The rules' next follow-up, None before there is a result; what the clerk typed stays."""
        self._proposed_next = action or _NOTHING_YET
        self._show_next()

    # --- what stands ---

    def category(self) -> Category | None:
        """The category as it stands."""
        return self._own_category or self._proposed[0]

    def next_action(self) -> NextAction:
        """The next follow-up as it stands."""
        return self._own_next or self._proposed_next

    def field_problem(self) -> str:
        """Why the typed follow-up cannot be read; an emptied field goes back to the proposal."""
        if self.moment.isHidden() or not self.moment.text().strip():
            return ""
        return self.moment.problem()

    @property
    def touched(self) -> bool:
        """Whether the clerk has changed a proposal."""
        return self._own_category is not None or self._own_next is not None

    def set_category(self, category: Category) -> None:
        """Alt+letter: the clerk's category."""
        self.segment.choose(str(category))
        self._on_category(str(category))

    def edit_next(self) -> None:
        """F5: type another follow-up."""
        if self.moment.isHidden():
            action = self.next_action()
            self.moment.set_moment(action.at, action.has_time)
            self.moment.show()
            self.next_text.hide()
        self.moment.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.moment.selectAll()

    # --- inside ---

    def _on_category(self, letter: str) -> None:
        self._own_category = Category(letter)
        self._show_category()
        self.changed.emit()

    def _on_moment(self) -> None:
        given = self.moment.moment()
        if given is None:
            self._own_next = None
        else:
            self._own_next = NextAction(given[0], given[1], "经办人自定")
        self._show_next()
        self.changed.emit()

    def _show_category(self) -> None:
        proposed, reason = self._proposed
        stands = self.category()
        self.segment.choose(str(stands) if stands else "")
        if self._own_category is not None and self._own_category is not proposed:
            why = f"已改 · 建议 {proposed}：{reason}" if proposed else "已改"
            self.category_reason.setText(why)
        else:
            name = CATEGORY_LABELS[stands] if stands else ""
            self.category_reason.setText(" · ".join(part for part in (name, reason) if part))

    def _show_next(self) -> None:
        action = self.next_action()
        self.next_text.setText(self._words(action))
        if self._own_next is None:
            self.next_reason.setText(action.reason)
        else:
            self.next_reason.setText(f"已改 · 建议 {self._words(self._proposed_next)}：{self._proposed_next.reason}")

    def _words(self, action: NextAction) -> str:
        if action.at is None:
            return action.waits_for or "—"
        day = f"{days.short_day(action.at.date(), self._now.date())} {days.weekday(action.at.date())}"
        if action.at.date() == self._now.date():
            day = "今天"
        return f"{day} {action.at:%H:%M}" if action.has_time else day
