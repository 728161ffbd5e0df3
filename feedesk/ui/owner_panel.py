"""The right side of 业主: one account in the order of the call, with the tabs 话术 · 账单 · 记录 · 资料."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import DebtorType, Step
from feedesk.models.charges import Charge
from feedesk.models.contacts import Outcome
from feedesk.models.guard import may_call
from feedesk.ui.bills_tab import BillsTab
from feedesk.ui.call_facts import CallFacts, gather
from feedesk.ui.desk import Desk, LogHint
from feedesk.ui.details_tab import Details, DetailsTab
from feedesk.ui.owner_actions import OwnerActions
from feedesk.ui.owner_header import OwnerHeader
from feedesk.ui.script_tab import ScriptTab
from feedesk.ui.timeline_tab import TimelineTab
from feedesk.ui.widgets import EmptyState, KeyButton, hairline, label

TABS = ("话术", "账单", "记录", "资料")
_ROOM_FOR_COPY = 440
_SCRIPT, _BILLS, _TIMELINE, _DETAILS = range(4)


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
        self._facts: CallFacts | None = None
        self._stale = {_TIMELINE, _DETAILS, _BILLS, _SCRIPT}
        self._short = self._narrow = False
        self._timeline_of = 0
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
        self.script = ScriptTab(desk.library)
        self.bills = BillsTab()
        self.timeline = TimelineTab()
        self.details = DetailsTab()
        self._pages = QStackedWidget()
        for page in (self.script, self.bills, self.timeline, self.details):
            self._pages.addWidget(page)
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
        self.script.type_asked.connect(self._set_type)
        self.script.step_asked.connect(self._set_step)
        self.script.outcome_taken.connect(self.log)
        self.bills.hold_asked.connect(self._hold)
        self.timeline.void_asked.connect(self._actions.void)
        self.timeline.reprint_asked.connect(lambda notice: self._desk.reprint_wanted.emit([notice]))
        self.timeline.log_asked.connect(lambda: self.log())
        self.details.save_asked.connect(self._save_details)
        self.details.no_call_asked.connect(self._set_no_call)
        self.details.phone_asked.connect(self._actions.add_phone)
        self.header.kin.clicked.connect(self._show_kin)
        self.details.join_asked.connect(self._actions.join)
        self.details.part_asked.connect(self._actions.part)
        self.details.opened.connect(self.owner_asked)

    # --- what is shown ---

    def show_account(self, account_id: int | None) -> None:
        """Show an account, or that none is chosen. What was typed on 资料 is saved first."""
        self.details.flush()
        self._facts = self._gather(account_id)
        self._refill()

    def reload(self) -> None:
        """Something about the account has changed: read it again, keep tab, line and words in hand."""
        if self._facts is not None:
            self._facts = self._gather(self._facts.account.row.account_id)
            self._refill()

    def tick(self) -> None:
        """A minute has passed: whether a call is in order now may have changed."""
        if self._facts is not None:
            now = self._desk.now()
            guard = may_call(now, self._facts.history, do_not_call=self._facts.account.do_not_call)
            if guard != self._facts.guard:
                self._facts = replace(self._facts, now=now, guard=guard)
                self.header.show_call(self._facts)

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
        return self._facts.account.row.account_id if self._facts is not None else None

    @property
    def facts(self) -> CallFacts | None:
        """Everything gathered about the account shown."""
        return self._facts

    def show_tab(self, place: int) -> None:
        """Alt+1…4: bring a tab to the front and put the keys on it."""
        if self._facts is None:
            return
        self.tabs.setCurrentIndex(place)
        (self._focus_script, self.bills.take_focus, self.timeline.take_focus, self.details.take_focus)[place]()

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
            self.script.choosers.setVisible(self.tabs.currentIndex() == _SCRIPT)
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

    def _refill(self) -> None:
        self._stale = {_SCRIPT, _BILLS, _TIMELINE, _DETAILS}
        self._stack.setCurrentIndex(0 if self._facts is not None else 1)
        if self._facts is None:
            return
        self.header.show_call(self._facts)
        paid = self._facts.account.row.is_paid
        self.copy_button.setEnabled(not paid)
        self.say_button.setEnabled(not paid)
        self.miss_button.setEnabled(bool(self._facts.phones) and not self._facts.account.do_not_call and not paid)
        self._fill_tab(self.tabs.currentIndex())

    def _fill_tab(self, place: int) -> None:
        facts = self._facts
        if facts is None or place not in self._stale:
            return
        self._stale.discard(place)
        account_id = facts.account.row.account_id
        if place == _SCRIPT:
            self.script.show_call(facts, self._desk.office.settings.profile().speech_size)
        elif place == _BILLS:
            self.bills.show_charges(facts.charges, facts.today)
        elif place == _TIMELINE:
            same = self._timeline_of == account_id
            self.timeline.show_entries(self._desk.office.history.of(account_id), facts.today, same_account=same)
            self._timeline_of = account_id
        else:
            self.details.show_account(facts.account, facts.lookalikes)

    def _on_tab(self, place: int) -> None:
        if self._pages.currentIndex() == _DETAILS and place != _DETAILS:
            self.details.flush()
        self._fill_tab(place)
        self._pages.setCurrentIndex(place)
        if self._narrow:
            self.script.choosers.setVisible(place == _SCRIPT)

    # --- what the keys do ---

    def log(self, outcome: Outcome | None = None) -> None:
        """F2: ask for 记录联系 with number, channel and script in hand, and an outcome if an answer brought one."""
        if self._facts is None:
            return
        self._fill_tab(_SCRIPT)
        hint = LogHint(self.header.phones.number, self.script.channel, self.script.script_ref, outcome)
        self._desk.ask_log(self._facts.account.row.account_id, hint)

    def no_answer(self) -> None:
        """F9: logged at once."""
        if self._facts is not None and self.miss_button.isEnabled():
            self._fill_tab(_SCRIPT)
            self._actions.no_answer(self._facts, self.header.phones.number, self.script.script_ref)

    def replan(self) -> None:
        """F5: ask for another follow-up."""
        if self._facts is not None:
            self._actions.ask_follow_up(self._facts)

    def copy_speech(self) -> None:
        """Ctrl+Shift+C."""
        if self._facts is not None:
            self._fill_tab(_SCRIPT)
            if self.script.copy_speech():
                self._desk.messages.note("话术已复制，可以粘贴。")

    def ask_objection(self) -> None:
        """F3: 话术 comes to the front and waits for a digit."""
        if self._facts is not None:
            self.tabs.setCurrentIndex(_SCRIPT)
            self.script.ask_objection()

    def open_choice(self, which: str) -> None:
        """F6 type, F7 step, F8 channel: opens its list."""
        if self._facts is None:
            return
        self.tabs.setCurrentIndex(_SCRIPT)
        script = self.script
        {"type": script.type_combo, "step": script.step_combo, "channel": script.channel_combo}[which].open_list()

    def save_details(self) -> None:
        """Ctrl+S."""
        if self.tabs.currentIndex() == _DETAILS:
            self.details.flush()

    def step_back(self) -> bool:
        """Esc: answer → script; False when the panel has nothing to step back from."""
        return self.tabs.currentIndex() == _SCRIPT and self.script.step_back()

    def take_focus(self) -> None:
        """Enter on the table: the keys go to the panel."""
        if self._facts is not None:
            self.show_tab(self.tabs.currentIndex())

    def sizeHint(self) -> QSize:
        """The width that shows everything."""
        return QSize(448, 600)

    # --- writing ---

    def _focus_script(self) -> None:
        self.script.reading.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_kin(self) -> None:
        self.show_tab(_DETAILS)
        self.details.show_kin()

    def _set_type(self, kind: DebtorType) -> None:
        if self._facts is not None and not self._actions.set_type(
            self._facts.account.row, kind, self._facts.debtor_type
        ):
            self.script.type_combo.show_value(self._facts.debtor_type)

    def _set_step(self, step: Step) -> None:
        if self._facts is not None and not self._actions.set_step(self._facts.account.row, step):
            self.script.step_combo.show_value(self._facts.account.row.step)

    def _set_no_call(self, _account_id: int, on: bool) -> None:
        if self._facts is not None and not self._actions.set_no_call(self._facts.account.row, on):
            self.details.no_call.setChecked(not on)

    def _hold(self, charge: Charge) -> None:
        self._actions.hold(charge)

    def _save_details(self, _account_id: int, before: Details, wanted: Details) -> None:
        if self._facts is not None and not self._actions.save_details(self._facts.account.row, before, wanted):
            self.details.not_saved(before)
