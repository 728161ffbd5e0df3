"""改下次跟进 (F5): another day by one digit, without a contact. Rules come from `models.replan`; no store is seen here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.accounts import Account
from feedesk.models.contacts import NextAction
from feedesk.models.followup import plan_problem
from feedesk.models.guard import ContactHistory
from feedesk.models.replan import PlanPick, moved_to, plan_caution, plan_picks, plan_words, why_fixed
from feedesk.ui.contact_parts import Problem, takes_text
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, Field, KeyButton, MomentEdit, hairline, label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PUT_OFF_KEY = "0"
_WIDTH = 500
_LONGEST_REASON = 60
_TYPED = 4
"""Fewer characters than this are a moment still being typed."""


class FollowUpDialog(QDialog):
    """Takes the next follow-up of one owner. `plan()` is what was chosen, None while nothing can be saved.

    Signals:
        saved: (account ids, NextAction); the dialog has closed itself.
        put_off: 只排到最后 was chosen, where it is offered; the dialog has closed itself.
    """

    saved = Signal(object, object)
    put_off = Signal()

    def __init__(
        self,
        owner: Account,
        history: ContactHistory,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
        *,
        can_put_off: bool = False,
    ) -> None:
        super().__init__(parent)
        self._owner, self._history, self._now = owner, history, now
        self._opened, self._asked = now(), False
        self._picks = plan_picks(self._opened, history)
        self._siblings = tuple(row for row in owner.siblings if not why_fixed(row.mark))
        self.setWindowTitle("改下次跟进")
        self.setModal(True)
        self.buttons: list[KeyButton] = []
        self._group = QButtonGroup(self)
        self.off_button: KeyButton | None = None
        self.moment = MomentEdit(self._opened)
        self.moment.setAccessibleName("下次跟进的日期和时间")
        self.moment.setPlaceholderText("1125 10:00，或只写日期 1125")
        self.moment.moment_changed.connect(lambda _moment: self._refresh())
        self.moment.hide()
        self.problem = Problem()
        self.caution = label("", "caption", Tone.OCHRE, wrap=True)
        self.reason = Field("", "例如：出差，周三回来")
        self.reason.setMaxLength(_LONGEST_REASON)
        self.reason.setAccessibleName("原因，可不填")
        self.together = QCheckBox()
        self.save_button = KeyButton("保存", key="Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        self.cancel_button = KeyButton("取消", key="Esc", kind="quiet")
        self.cancel_button.clicked.connect(self.reject)
        self._build(can_put_off)
        QShortcut(QKeySequence("Alt+U"), self).activated.connect(self._toggle_units)
        self.resize(_WIDTH, 0)
        self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    # --- values ---

    def account_ids(self) -> tuple[int, ...]:
        """The units the plan is for."""
        siblings = self._siblings if self.together.isChecked() else ()
        return (self._owner.row.account_id, *(row.account_id for row in siblings))

    def plan(self) -> NextAction | None:
        """What was chosen; None while nothing is, or it cannot be read, or it is past or in the night."""
        chosen = self._chosen()
        return None if chosen is None or self._problem() else replace(chosen, reason=self.reason.text().strip())

    def _place(self) -> int | None:
        place = self._group.checkedId()
        return place if place >= 0 else None

    def _chosen(self) -> NextAction | None:
        place = self._place()
        if place is None:
            return None
        if place < len(self._picks):
            return self._picks[place].plan
        given = self.moment.moment()
        return NextAction(given[0], given[1], "") if given else None

    def _problem(self) -> str:
        if self._place() is None:
            return "按数字选下次什么时候跟进。"
        chosen = self._chosen()
        return self.moment.problem() if chosen is None else plan_problem(chosen, self._now())

    # --- what happens ---

    def save(self) -> None:
        """Hand over the plan and close; with something missing, say what and go there."""
        self._asked = True
        plan, ids = self.plan(), self.account_ids()
        if plan is None:
            self._refresh()
            place = self.moment if not self.moment.isHidden() else self.buttons[0]
            place.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.accept()
        self.saved.emit(ids, plan)

    def press(self, key: str) -> bool:
        """The key `key` was typed outside the fields; False when nothing is offered under it."""
        if key == _PUT_OFF_KEY and self.off_button is not None:
            self._put_off()
            return True
        if not key.isdecimal() or not 1 <= int(key) <= len(self.buttons):
            return False
        self._choose(int(key) - 1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves; digits act where they are not text."""
        if event.key() in _ENTER:
            self.save()
        elif takes_text(QApplication.focusWidget()) or not self.press(event.text()):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Sizes are known once the stylesheet has been applied."""
        super().showEvent(event)
        self._mind_height()

    def _choose(self, place: int) -> None:
        self.buttons[place].setChecked(True)
        is_other = place == len(self._picks)
        self.moment.setVisible(is_other)
        (self.moment if is_other else self.buttons[place]).setFocus(Qt.FocusReason.OtherFocusReason)
        self._asked = False
        self._refresh()

    def _put_off(self) -> None:
        self.accept()
        self.put_off.emit()

    def _toggle_units(self) -> None:
        if self._siblings:
            self.together.toggle()

    def _refresh(self) -> None:
        now, chosen, place, problem = self._now(), self._chosen(), self._place(), self._problem()
        # What is still being typed is not yet wrong; what can be read but not planned is told at once.
        typed = not self.moment.isHidden() and len(self.moment.text().strip()) >= _TYPED
        shown = problem if self._asked or typed or chosen is not None else ""
        self.problem.say(shown)
        self.moment.set_bad(shown)
        caution = ""
        if chosen is not None and place is not None and not problem:
            is_pick = place < len(self._picks)
            caution = self._picks[place].why if is_pick else plan_caution(chosen, now, self._history)
        self.caution.setText(caution)
        self.caution.setVisible(bool(caution))
        self.save_button.setEnabled(not problem)
        self.save_button.setToolTip(problem)
        words = moved_to(chosen.at, now) if chosen and chosen.at and not problem else "保存"
        self.save_button.set_words(words)
        self._mind_height()

    def _mind_height(self) -> None:
        """Sentences and the field for 其他 come and go: the dialog is as high as what it shows."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(layout.totalHeightForWidth(self.width()), layout.totalSizeHint().height()))

    # --- where it stands ---

    def _build(self, can_put_off: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(hairline())
        middle = QVBoxLayout()
        middle.setContentsMargins(24, 14, 24, 14)
        middle.setSpacing(8)
        middle.addLayout(self._grid(can_put_off))
        for widget in (self.moment, self.problem, self.caution):
            middle.addWidget(widget)
        middle.addSpacing(4)
        middle.addWidget(label("原因（可不填）", "label"))
        middle.addWidget(self.reason)
        self.together.setVisible(bool(self._siblings))
        if self._siblings:
            rooms = [row.room for row in self._siblings]
            self.together.setText(f"同名下 {len(rooms) + 1} 户一起改，连同 {_few(rooms)}（Alt+U）")
            self.together.setToolTip("、".join(rooms))
            self.together.setChecked(True)  # as with a contact: one call is for all units, so is its day
            middle.addWidget(self.together)
        middle.addStretch(1)
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 13, 24, 13)
        foot.setSpacing(10)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        column.addLayout(foot)

    def _head(self) -> QHBoxLayout:
        row = self._owner.row
        head = QHBoxLayout()
        head.setContentsMargins(24, 14, 24, 14)
        head.setSpacing(10)
        head.addWidget(label("改下次跟进", "title"))
        head.addWidget(label(row.room, "room"))
        head.addWidget(ElidedLabel(row.name, "who"), 1)
        stands = "还没有定" if row.next_text in ("", "—") else f"现定 {row.next_text}"
        head.addWidget(label(stands, "muted"))
        return head

    def _grid(self, can_put_off: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        today = self._opened.date()
        offers = [(pick.label, _below(pick, today)) for pick in self._picks]
        for place, (words, below) in enumerate([*offers, ("其他", "自己填日期和时间")]):
            button = KeyButton(words, sub=below, key=str(place + 1), key_first=True, kind="pick", checkable=True)
            button.clicked.connect(lambda _on=False, at=place: self._choose(at))
            self._group.addButton(button, place)
            self.buttons.append(button)
        shown = list(self.buttons)
        if can_put_off:
            self.off_button = KeyButton(
                "只排到最后", sub="今天最后再打，什么也不记", key=_PUT_OFF_KEY, key_first=True, kind="pick"
            )
            self.off_button.clicked.connect(self._put_off)
            shown.append(self.off_button)
        for place, button in enumerate(shown):
            button.setFixedHeight(44)
            grid.addWidget(button, place // 2, place % 2)
        return grid


def _below(pick: PlanPick, today: date) -> str:
    """The moment meant, without a time that the words name already."""
    words, clock = plan_words(pick.plan, today), f" {pick.plan.at:%H:%M}" if pick.plan.at else ""
    return words.removesuffix(clock) if pick.label.endswith(clock) else words


def _few(rooms: Sequence[str]) -> str:
    """Three rooms by name, the rest by number."""
    named = "、".join(rooms[:3])
    return named if len(rooms) <= 3 else f"{named} 等 {len(rooms)} 户"
