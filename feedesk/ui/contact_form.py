"""The fields of 记录联系 and where they stand; what they do is in `contact_dialog`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models import followup
from feedesk.models.accounts import PHONE_STATE_LABELS, Account, PhoneState, call_order
from feedesk.models.charges import Charge
from feedesk.models.contacts import CHANNEL_LABELS, Channel, Outcome
from feedesk.models.days import show_moment
from feedesk.models.guard import ContactHistory
from feedesk.ui.contact_follow import FollowPane
from feedesk.ui.contact_override import OverridePane
from feedesk.ui.contact_parts import PlainCombo, Problem, ResultPad, SaidEdit
from feedesk.ui.contact_results import ClaimPane, DisputePane, PromisePane, ResultPane
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, KeyCap, MomentEdit, hairline, label, set_look
from feedesk.ui.words import show_number

_ROOMS_NAMED = 3  # as many fit beside the box; the tooltip names all


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """All that the dialog is told. `charges` are the open charges of the account and of its siblings."""

    owner: Account
    charges: tuple[Charge, ...] = ()
    history: ContactHistory = field(default_factory=ContactHistory)
    broken_text: str = ""
    """「11-15 失约过 1 次」, shown where a new promise is taken; empty when none was broken."""
    channel: Channel = Channel.PHONE
    number: str = ""
    """The number just dialled, if the panel knows; else the first in calling order."""
    outcome: Outcome | None = None
    """A result offered by an opened objection, chosen already."""
    script_id: str = ""


class ContactForm(QWidget):
    """All fields in reading order; `low` is the layout for screens with little height (911×512 logical)."""

    def __init__(self, facts: ContactFacts, opened: datetime, *, low: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts, self._opened, self._low = facts, opened, low
        self._build()

    def _build(self) -> None:
        today = self._opened.date()
        self.channel = PlainCombo()
        for channel in Channel:
            self.channel.addItem(CHANNEL_LABELS[channel], channel)
        self.channel.setCurrentIndex(list(Channel).index(self._facts.channel))
        self.channel.setAccessibleName("渠道")
        self.number = PlainCombo()
        self.number.setAccessibleName("号码")
        self._fill_numbers()
        self.together = QCheckBox()
        self.pad = ResultPad(low=self._low)
        self.said = SaidEdit()
        self.promise = PromisePane(today, followup.promise_quick_picks(today), self._facts.broken_text, low=self._low)
        self.claim = ClaimPane(today)
        self.dispute = DisputePane(today)
        self.override = OverridePane(low=self._low)
        self.follow = FollowPane(self._opened, low=self._low)
        self.panes: dict[Outcome, ResultPane] = {
            Outcome.PROMISED: self.promise,
            Outcome.SAYS_PAID: self.claim,
            Outcome.DISPUTE: self.dispute,
        }
        for pane in self.panes.values():
            pane.hide()
        self.moment = MomentEdit(self._opened, past=True)
        self.moment.setAccessibleName("联系时间")
        self.moment.hide()
        self.moment_problem = Problem()
        self.save_button = KeyButton("保存", key="Enter")
        self.next_button = KeyButton("保存并下一户", key="Ctrl+Enter", kind="primary")

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(hairline())
        middle = QHBoxLayout()
        middle.setContentsMargins(24, 8 if self._low else 12, 0, 8 if self._low else 14)
        middle.setSpacing(12 if self._low else 24)
        middle.addLayout(self._left(), 432)
        middle.addWidget(self._right(), 420)
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addLayout(self._foot())

    def show_guard(self, allowed: bool, words: str) -> None:
        """The line beside the save buttons: whether a contact of this kind is in order at the time entered."""
        self._shield.show_icon("shield" if allowed else "alert", COLOURS.malachite if allowed else COLOURS.ochre)
        self.guard.setText(words)
        set_look(self.guard, tone="" if allowed else str(Tone.OCHRE))

    def reveal(self, pane: QWidget) -> None:
        """Bring a card at the right into sight."""
        self._scroll.ensureWidgetVisible(pane, 0, 4)

    def _head(self) -> QHBoxLayout:
        owner = self._facts.owner
        row = QHBoxLayout()
        row.setContentsMargins(24, 8 if self._low else 14, 24, 8 if self._low else 14)
        row.setSpacing(10)
        row.addWidget(label("记录联系", "title"))
        row.addSpacing(12)
        row.addWidget(label(owner.row.room, "room"))
        row.addWidget(ElidedLabel(" ".join(part for part in (owner.name, owner.salutation) if part), "who"))
        self.owed_text = label("", "muted")
        row.addWidget(self.owed_text)
        row.addStretch(1)
        when = QVBoxLayout()
        when.setSpacing(2)
        self.time_button = KeyButton(show_moment(self._opened, self._opened), icon="clock", kind="quiet")
        self.time_button.setToolTip("改联系时间（Alt+T）：补记从前的联系时用")
        when.addWidget(self.time_button)
        when.addWidget(self.moment)
        when.addWidget(self.moment_problem)
        row.addLayout(when)
        return row

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        top = QGridLayout()
        top.setHorizontalSpacing(10)
        top.setVerticalSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("渠道", "label"))
        head.addWidget(KeyCap("F8"))
        head.addStretch(1)
        top.addLayout(head, 0, 0)
        top.addWidget(label("号码", "label"), 0, 1)
        top.addWidget(self.channel, 1, 0)
        top.addWidget(self.number, 1, 1)
        top.setColumnStretch(1, 1)
        top.setColumnMinimumWidth(0, 112)
        column.addLayout(top)
        siblings = self._facts.owner.open_siblings
        self.together.setVisible(bool(siblings))
        self.together.setChecked(bool(siblings))  # one call is for all units; saying otherwise is a key away
        if siblings:
            rooms = [one.room for one in siblings]
            named = "、".join(rooms[:_ROOMS_NAMED]) + (" 等" if len(rooms) > _ROOMS_NAMED else "")
            self.together.setText(f"同名下 {len(rooms) + 1} 户一起记（Alt+U），连同 {named}")
            self.together.setToolTip(f"连同 {'、'.join(rooms)}")
            self.together.setMaximumWidth(432)
            column.addWidget(self.together)
        self.units_problem = Problem()
        column.addWidget(self.units_problem)
        column.addSpacing(0 if self._low else 6)
        column.addLayout(self._caption("结果", "按数字键"))
        column.addWidget(self.pad)
        column.addSpacing(0 if self._low else 6)
        column.addLayout(self._caption("业主说了什么", "Shift+Enter 换行"))
        self.said.setMinimumHeight(48 if self._low else 72)
        column.addWidget(self.said, 1)
        return column

    def _right(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 24, 0)
        column.setSpacing(8 if self._low else 12)
        self.hint = label("先按数字键选结果，这里只出现它要填的。", "caption", wrap=True)
        column.addWidget(self.hint)
        column.addWidget(self.override)
        for pane in self.panes.values():
            column.addWidget(pane)
        column.addWidget(self.follow)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self._scroll = scroll
        return scroll

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 8 if self._low else 13, 24, 8 if self._low else 13)
        row.setSpacing(10)
        self._shield = IconMark("shield", COLOURS.malachite, 16)
        self.guard = ElidedLabel("", "label")
        row.addWidget(self._shield)
        row.addWidget(self.guard, 1)
        self.cancel_button = KeyButton("取消", key="Esc", kind="quiet")
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        row.addWidget(self.next_button)
        return row

    @staticmethod
    def _caption(words: str, hint: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(words, "label"))
        row.addStretch(1)
        row.addWidget(label(hint, "caption"))
        return row

    def _fill_numbers(self) -> None:
        phones = call_order(list(self._facts.owner.phones))
        for phone in phones:
            state = "" if phone.state is PhoneState.UNTRIED else f"　{PHONE_STATE_LABELS[phone.state]}"
            self.number.addItem(f"{show_number(phone.number)}　{phone.holder}{state}", phone.number)
        if not phones:
            self.number.addItem("没有登记号码", "")
        at = self.number.findData(self._facts.number)
        if self._facts.number and at >= 0:
            self.number.setCurrentIndex(at)
