"""The middle of 今日: who and how much, why now, the number to dial, and what to say; Alt+2…4 show the rest in its place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import Account
from feedesk.models.contacts import Channel, Contact, Outcome, outcome_spec
from feedesk.models.days import short_day
from feedesk.models.disputes import held_words
from feedesk.models.money import show_yuan
from feedesk.models.scripts import Objection
from feedesk.models.today import is_waiting, reason_line
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.desk import Desk
from feedesk.ui.kin_box import KinLink
from feedesk.ui.money_chips import MoneyChips
from feedesk.ui.owner_actions import OwnerActions
from feedesk.ui.owner_tabs import DETAILS, SCRIPT, TABS, OwnerTabs
from feedesk.ui.phone_chips import PhoneChips
from feedesk.ui.theme import COLOURS, Tone, mark_tone
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, hairline, label, set_look

_LARGER = 2
"""The script is so many px larger here than in the panel: the page has the width for it."""


class TodayHeader(QWidget):
    """Name and amount, the reason for now, the numbers, and whether to dial."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: CallFacts | None = None
        self._short = self._narrow = False
        self.room = label("", "money", Tone.AZURE)
        self.name = ElidedLabel("", "money")
        self.amount = label("", "figure")
        self._mark = IconMark("", size=16)
        self.reason = ElidedLabel("", "strong")
        self.period = label("", "", Tone.MUTED)
        self._shield = IconMark("shield", COLOURS.malachite, 16)
        self.phones = PhoneChips()
        self.no_phone = label("没有号码 · 在“资料”（Alt+4）里加", "", Tone.OCHRE)
        self._guard_icon = IconMark("shield", COLOURS.malachite, 16)
        self.guard = ElidedLabel("", "caption")
        self.kin = KinLink()
        self.chips = MoneyChips()
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.room)
        head.addWidget(self.name, 1)
        head.addWidget(self.amount)
        reason = QHBoxLayout()
        reason.setSpacing(7)
        reason.addWidget(self._mark)
        reason.addWidget(self.reason, 1)
        reason.addSpacing(8)
        reason.addWidget(self.period)
        reason.addWidget(self._shield)
        self._top = QVBoxLayout()
        self._top.setSpacing(2)
        self._top.addLayout(head)
        self._top.addLayout(reason)
        self._guard_row = QWidget()
        guard = QHBoxLayout(self._guard_row)
        guard.setContentsMargins(0, 0, 0, 0)
        guard.setSpacing(6)
        guard.addWidget(self._guard_icon)
        guard.addWidget(self.guard, 1)
        self._dial = QVBoxLayout()
        self._dial.setSpacing(4)
        self._dial.addWidget(self.phones)
        self._dial.addWidget(self.no_phone)
        self._dial.addWidget(self._guard_row)
        self._dial.addWidget(self.chips)
        self._dial.addWidget(self.kin, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(hairline())
        column.addLayout(self._dial)
        self.set_low(short=False, narrow=False)

    def show_call(self, facts: CallFacts) -> None:
        """Show this account; of another account the first number is in hand."""
        if self._facts is None or self._facts.account.row.account_id != facts.account.row.account_id:
            self.phones.forget()
        self._facts = facts
        account, row = facts.account, facts.account.row
        self.room.setText(row.room)
        who = (account.name or "业主姓名待核", account.salutation, account.units_text)
        self.name.setText(" ".join(part for part in who if part))
        self.amount.setText(show_yuan(account.owed_together))
        self.amount.setToolTip(f"{row.room} {show_yuan(row.owed)}，{_kin_text(account)}" if account.units_text else "")
        self.reason.setText(reason_line(row, account.salutation, facts.now))
        waits = is_waiting(row, facts.now)
        self._mark.show_icon("clock" if waits else f"mark-{row.mark}", COLOURS.ink2 if waits else "")
        tone = Tone.MUTED if waits else mark_tone(row.mark.value)
        set_look(self.reason, tone=str(tone), role="strong" if row.strong and not waits else "")
        self.period.setText(_period_text(facts))
        allowed = facts.may_call
        for shield in (self._shield, self._guard_icon):
            shield.show_icon("shield" if allowed else "alert", COLOURS.malachite if allowed else COLOURS.ochre)
        self._shield.setToolTip(facts.call_text)
        self._shield.setAccessibleName(facts.call_text)
        self.guard.setText(facts.call_text)
        set_look(self.guard, tone="" if allowed else "ochre")
        self.chips.show_money(facts.money, row)
        self.kin.show_kin(account, facts.lookalikes)
        self.kin.setVisible(bool(facts.lookalikes))  # units joined already stand beside the name and in the sum
        self._dress()

    def set_low(self, *, short: bool, narrow: bool) -> None:
        """In a low window a call that is in order is told by a shield alone; numbers shrink in a narrow one."""
        self._short, self._narrow = short or narrow, narrow
        self._top.setContentsMargins(16, 4 if narrow else 6 if short else 12, 14, 4 if narrow else 6 if short else 8)
        self._dial.setContentsMargins(16, 6 if narrow else 8 if short else 10, 12, 0)
        set_look(self.amount, role="money" if narrow else "figure")
        for one in (self.room, self.name):
            set_look(one, role="next" if narrow else "money")
        self._dress()

    def text(self) -> str:
        """Everything as read."""
        parts = (self.room, self.name, self.amount, self.reason, self.period)
        return " ".join((*(one.text() for one in parts), *self.phones.words(), self.guard.text(), *self.chips.words()))

    def _dress(self) -> None:
        facts = self._facts
        if facts is None:
            return
        stopped = not facts.may_call
        self._guard_row.setVisible(stopped or not self._short)
        self._shield.setVisible(self._short and not stopped)
        phones = facts.phones
        self.phones.show_phones(phones, small=self._narrow, tall=not self._narrow, last=_last_calls(facts))
        self.phones.setVisible(bool(phones))
        self.no_phone.setVisible(not phones)


def _kin_text(account: Account) -> str:
    return "，".join(f"{row.room} {show_yuan(row.owed)}" for row in account.open_siblings)


def _period_text(facts: CallFacts) -> str:
    row = facts.account.row
    if row.is_paid:
        return "没有欠费"
    periods = len({charge.period_text() for charge in facts.charges if charge.owed > 0})
    late = f" · 最久逾期 {row.overdue_days:,} 天" if row.overdue_days else ""
    held = held_words(facts.charges)
    return f"欠 {periods} 期{late}" + (f" · {held}" if held else "")


def _last_calls(facts: CallFacts) -> dict[str, str]:
    """What came of the last call on each number."""
    said: dict[str, str] = {}
    counted: list[Contact] = [
        one for one in facts.contacts if not one.voided and one.number and one.channel is Channel.PHONE
    ]
    for contact in reversed(counted):
        when = f"{contact.at:%H:%M}" if contact.at.date() == facts.today else short_day(contact.at.date(), facts.today)
        reached = outcome_spec(contact.channel, contact.outcome).reached
        said[contact.number] = f"{when} {'接通' if reached else _MISSED.get(contact.outcome, '未接')}"
    return said


_MISSED = {
    Outcome.OFF: "关机",
    Outcome.DEAD_NUMBER: "不通",
    Outcome.RELATIVE: "家人接",
    Outcome.HUNG_UP: "挂断",
}


class TodayOwner(QFrame):
    """One account in the order of the call. It asks for 记录联系 and writes small changes through the actions.

    Signals:
        owner_asked: another account of the same owner is wanted.
    """

    owner_asked = Signal(int)

    def __init__(self, desk: Desk, actions: OwnerActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._actions = desk, actions
        self.header = TodayHeader()
        self.pages = OwnerTabs(desk, actions, roomy=True, larger=_LARGER)
        self.script, self.bills = self.pages.script, self.pages.bills
        self.timeline, self.details = self.pages.timeline, self.pages.details
        self._tab_bar = QWidget()
        row = QHBoxLayout(self._tab_bar)
        row.setContentsMargins(16, 8, 12, 4)
        self._tab_title = label("", "section")
        self.back_button = KeyButton("回话术", key="Esc", kind="quiet")
        self.back_button.clicked.connect(lambda: self.show_tab(SCRIPT))
        row.addWidget(self._tab_title)
        row.addStretch(1)
        row.addWidget(self.back_button)
        self._tab_bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._tab_bar)
        column.addWidget(self.pages, 1)
        self.pages.log_asked.connect(self.log)
        self.pages.owner_asked.connect(self.owner_asked)
        self.header.kin.clicked.connect(self._show_kin)

    @property
    def facts(self) -> CallFacts | None:
        """The account shown."""
        return self.pages.facts

    @property
    def tab(self) -> int:
        """What stands under the head: `SCRIPT`, `BILLS`, `TIMELINE` or `DETAILS`."""
        return self.pages.currentIndex()

    def show_call(self, facts: CallFacts) -> None:
        """Show an account; another one starts with its script. What was typed on 资料 is saved first."""
        same = self.facts is not None and self.facts.account.row.account_id == facts.account.row.account_id
        if not same:
            self.details.flush()
        self.pages.show_call(facts)
        self.header.show_call(facts)
        if not same:
            self._bring(SCRIPT)
        self.pages.fill(SCRIPT)
        self.pages.fill(self.tab)

    def show_hour(self, facts: CallFacts) -> None:
        """Time has passed: whether to dial now. What is being read or typed is left alone."""
        self.pages.keep_hour(facts)
        self.header.show_call(facts)

    def set_low(self, *, short: bool, narrow: bool) -> None:
        """Give way to a low or narrow window."""
        self.header.set_low(short=short, narrow=narrow)
        self.script.set_low(short=short, narrow=narrow)

    def show_tab(self, place: int) -> None:
        """Alt+1…4."""
        if self.facts is not None:
            self.pages.turn_to(place)
            self._bring(place)
            self.pages.take_focus(place)

    def step_back(self) -> bool:
        """Esc: bills, history or details → script; answer → script."""
        if self.tab != SCRIPT:
            self.show_tab(SCRIPT)
            return True
        return self.script.step_back()

    def open_answer(self, digit: str) -> bool:
        """A digit opens the answer it stands for; False when there is none, or the script is not in front."""
        if self.facts is None or self.tab != SCRIPT:
            return False
        objections: tuple[Objection, ...] = tuple(self._desk.library.objections)
        place = "1234567890".index(digit)
        if place >= len(objections):
            return False
        self.script.open_answer(objections[place])
        return True

    def log(self, outcome: Outcome | None = None) -> None:
        """F2: ask for 记录联系 with number, channel and script in hand, and an outcome if an answer brought one."""
        if self.facts is not None:
            hint = self.pages.hint(self.header.phones.number, outcome)
            self._desk.ask_log(self.facts.account.row.account_id, hint)

    def can_miss(self) -> bool:
        """Whether 没接通 makes sense: there is a number that may be dialled, and something owed."""
        facts = self.facts
        return (
            facts is not None and bool(facts.phones) and not facts.account.do_not_call and not facts.account.row.is_paid
        )

    def no_answer(self) -> bool:
        """F9: logged at once."""
        if self.facts is None or not self.can_miss():
            return False
        return self._actions.no_answer(self.facts, self.header.phones.number, self.script.script_ref)

    def open_choice(self, which: str) -> None:
        """F6 type, F7 step, F8 channel: opens its list."""
        if self.facts is not None:
            self.show_tab(SCRIPT)
            self.pages.open_list(which)

    def save_details(self) -> None:
        """Ctrl+S."""
        self.details.flush()

    def _bring(self, place: int) -> None:
        self.pages.setCurrentIndex(place)
        self._tab_title.setText(TABS[place])
        self._tab_bar.setVisible(place != SCRIPT)

    def _show_kin(self) -> None:
        self.show_tab(DETAILS)
        self.details.show_kin()
