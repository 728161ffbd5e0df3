"""The right side of 业主: one account in the order of the call, with the tabs 话术 · 账单 · 记录 · 资料."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import check
from feedesk.ui.call_facts import CallFacts, gather
from feedesk.ui.desk import Desk
from feedesk.ui.owner_actions import OwnerActions
from feedesk.ui.owner_header import OwnerHeader
from feedesk.ui.owner_tabs import DETAILS, SCRIPT, TABS, OwnerTabs
from feedesk.ui.widgets import EmptyState, KeyButton, hairline, label

_ROOM_FOR_COPY = 440


class OwnerPanel(QFrame):
    """Shows one account and acts on it; knows nothing of the table.

    Signals:
        next_asked: how many owners on (−1: back).
        owner_asked: another account of the same owner is wanted.
    """

    next_asked = Signal(int)
    owner_asked = Signal(int)

    def __init__(self, desk: Desk, actions: OwnerActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._actions = desk, actions
        self._short = self._narrow = False
        self.header = OwnerHeader()
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName("业主的四页")
        for place, word in enumerate(TABS):
            self.tabs.addTab(word)
            self.tabs.setTabToolTip(place, f"{word}（Alt+{place + 1}）")
        self.tabs.currentChanged.connect(self._on_tab)
        self._tab_hint = label("Alt+1…4", "caption")
        self._pages = OwnerTabs(desk, actions)
        self.script, self.bills = self._pages.script, self._pages.bills
        self.timeline, self.details = self._pages.timeline, self._pages.details
        self.log_button = KeyButton("记录联系", key="F2", icon="edit", kind="primary")
        self.copy_button = KeyButton("复制话术")
        self.copy_button.setToolTip("复制话术（Ctrl+Shift+C）")
        self.say_button = KeyButton("业主说…", key="F3")
        self.miss_button = KeyButton("没接通", key="F9")
        self.miss_button.setToolTip("没接通，30 分钟后再拨：马上记下，十秒内可撤销（F9）")
        self.next_button = KeyButton("下一户", icon="next", kind="quiet")
        self.next_button.setToolTip("下一户（F4），上一户（Shift+F4）")
        self.empty = EmptyState("没有选中业主。", "在左边选一户，这里显示话术、账单和记录。")
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self._mind_width()

    def _build(self) -> None:
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self._tab_row = QHBoxLayout()
        self._tab_row.setContentsMargins(6, 0, 14, 0)
        self._tab_row.setSpacing(5)
        self._tab_row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        self._tab_row.addStretch(1)
        self._tab_row.addWidget(self._tab_hint)
        bar = QFrame()
        bar.setProperty("role", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 9, 12, 9)
        row.setSpacing(8)
        for button in (self.log_button, self.miss_button, self.say_button, self.copy_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.next_button)
        column.addWidget(self.header)
        column.addLayout(self._tab_row)
        column.addWidget(hairline())
        column.addWidget(self._pages, 1)
        column.addWidget(bar)
        self._stack.addWidget(shown)
        self._stack.addWidget(self.empty)
        self._stack.setCurrentIndex(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        self.log_button.clicked.connect(lambda: self.log())
        self.copy_button.clicked.connect(self.copy_speech)
        self.say_button.clicked.connect(self.ask_objection)
        self.miss_button.clicked.connect(self.no_answer)
        self.next_button.clicked.connect(lambda: self.next_asked.emit(1))
        self._pages.log_asked.connect(self.log)
        self._pages.owner_asked.connect(self.owner_asked)
        self.header.kin.clicked.connect(self._show_kin)

    # --- what is shown ---

    def show_account(self, account_id: int | None) -> None:
        """Show an account, or that none is chosen. What was typed on 资料 is saved first."""
        self.details.flush()
        self._refill(self._gather(account_id))

    def reload(self) -> None:
        """Something about the account has changed: read it again, keep tab, line and words in hand."""
        if self.account_id is not None:
            self._refill(self._gather(self.account_id))

    def tick(self) -> None:
        """A minute has passed: whether a call is in order now may have changed."""
        facts = self.facts
        if facts is not None:
            now = self._desk.now()
            guard = check(Channel.PHONE, now, facts.history)
            if guard != facts.guard:
                later = replace(facts, now=now, guard=guard)
                self._pages.keep_hour(later)
                self.header.show_call(later)

    def _gather(self, account_id: int | None) -> CallFacts | None:
        if account_id is None:
            return None
        try:
            return gather(self._desk, account_id)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self)
            return None

    @property
    def account_id(self) -> int | None:
        """The account shown."""
        return self.facts.account.row.account_id if self.facts is not None else None

    @property
    def facts(self) -> CallFacts | None:
        """Everything gathered about the account shown."""
        return self._pages.facts

    def show_tab(self, place: int) -> None:
        """Alt+1…4: bring a tab to the front and put the keys on it."""
        if self.facts is None:
            return
        self.tabs.setCurrentIndex(place)
        self._pages.take_focus(place)

    def set_low(self, *, short: bool, narrow: bool) -> None:
        """Give way to a low or narrow window (look.md §3, Widths)."""
        if (short, narrow) == (self._short, self._narrow):
            return
        self._short, self._narrow = short, narrow
        self.header.set_low(short=short, narrow=narrow)
        self.script.set_low(short=short, narrow=narrow)
        self._mind_width()
        if narrow:
            self._tab_row.addWidget(self.script.choosers)
            self.script.choosers.setVisible(self.tabs.currentIndex() == SCRIPT)
        else:
            self.script.take_choosers_back()
            self.script.choosers.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A panel dragged narrow keeps the buttons that are needed most."""
        super().resizeEvent(event)
        self._mind_width()

    def _mind_width(self) -> None:
        self.say_button.setVisible(self._narrow)
        self.miss_button.setVisible(not self._narrow)
        self.copy_button.setVisible(not self._narrow and self.width() >= _ROOM_FOR_COPY)
        self._tab_hint.setVisible(not self._narrow)

    def _refill(self, facts: CallFacts | None) -> None:
        self._pages.show_call(facts)
        self._stack.setCurrentIndex(0 if facts is not None else 1)
        if facts is None:
            return
        self.header.show_call(facts)
        paid = facts.account.row.is_paid
        self.copy_button.setEnabled(not paid and not facts.quiet)
        self.say_button.setEnabled(not paid)
        self.miss_button.setEnabled(bool(facts.phones) and not facts.account.do_not_call and not paid)
        self._pages.fill(self.tabs.currentIndex())

    def _on_tab(self, place: int) -> None:
        self._pages.turn_to(place)
        if self._narrow:
            self.script.choosers.setVisible(place == SCRIPT)

    # --- what the keys do ---

    def log(self, outcome: Outcome | None = None) -> None:
        """F2: ask for 记录联系 with number, channel and script in hand, and an outcome if an answer brought one."""
        if self.account_id is not None:
            self._desk.ask_log(self.account_id, self._pages.hint(self.header.phones.number, outcome))

    def no_answer(self) -> None:
        """F9: logged at once."""
        if self.facts is not None and self.miss_button.isEnabled():
            hint = self._pages.hint(self.header.phones.number)
            self._actions.no_answer(self.facts, hint.number, hint.script_id)

    def pay(self) -> None:
        """F10: 收款 for this account."""
        self._pages.pay()

    def replan(self) -> None:
        """F5: ask for another follow-up."""
        if self.facts is not None:
            self._actions.ask_follow_up(self.facts)

    def copy_speech(self) -> None:
        """Ctrl+Shift+C."""
        if self.facts is not None:
            self._pages.fill(SCRIPT)
            if self.script.copy_speech():
                self._desk.messages.note("话术已复制，可以粘贴。")

    def ask_objection(self) -> None:
        """F3: 话术 comes to the front and waits for a digit."""
        if self.facts is not None:
            self.tabs.setCurrentIndex(SCRIPT)
            self.script.ask_objection()

    def open_choice(self, which: str) -> None:
        """F6 type, F7 step, F8 channel: opens its list."""
        if self.facts is not None:
            self.tabs.setCurrentIndex(SCRIPT)
            self._pages.open_list(which)

    def save_details(self) -> None:
        """Ctrl+S."""
        if self.tabs.currentIndex() == DETAILS:
            self.details.flush()

    def step_back(self) -> bool:
        """Esc: answer → script; False when the panel has nothing to step back from."""
        return self.tabs.currentIndex() == SCRIPT and self.script.step_back()

    def take_focus(self) -> None:
        """Enter on the table: the keys go to the panel."""
        if self.facts is not None:
            self.show_tab(self.tabs.currentIndex())

    def sizeHint(self) -> QSize:
        """The width that shows everything."""
        return QSize(448, 600)

    def _show_kin(self) -> None:
        self.show_tab(DETAILS)
        self.details.show_kin()
