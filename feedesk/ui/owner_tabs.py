"""话术 · 账单 · 记录 · 资料 of one account: filled when looked at, writing through the actions. 业主 and 今日 share it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from feedesk.models.accounts import DebtorType
from feedesk.models.contacts import Outcome
from feedesk.models.promises import owner_line, owner_list
from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.ui.bills_tab import BillsTab
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.desk import Desk, LogHint
from feedesk.ui.details_tab import Details, DetailsTab
from feedesk.ui.dispute_actions import DisputeActions
from feedesk.ui.money_actions import MoneyActions
from feedesk.ui.owner_actions import OwnerActions
from feedesk.ui.page import KeyHint
from feedesk.ui.script_tab import ScriptTab
from feedesk.ui.timeline_tab import TimelineTab

TABS = ("话术", "账单", "记录", "资料")
SCRIPT, BILLS, TIMELINE, DETAILS = range(4)
BILL_KEYS = (
    KeyHint("Enter", "账单：这一笔的明细，本金和违约金怎么来的"),
    KeyHint("S F J", "账单：收款、分期、减免"),
    KeyHint("C", "账单：按月拆分这一笔，或合回一笔"),
    KeyHint("H", "账单：暂缓或恢复这笔"),
    KeyHint("X", "账单：登记异议，或看在办的异议"),
    KeyHint("D", "账单：看哪一天的余额"),
    KeyHint("K", "账单：核对有疑问的收款"),
    KeyHint("N", "记录：存档材料（函件、律师函、立案、对账单…）"),
    KeyHint("D", "记录：给存档的材料补登送达、加文件"),
)
"""What works on 账单 and 记录, for the F1 list of both pages."""
_ALL = frozenset((SCRIPT, BILLS, TIMELINE, DETAILS))


class OwnerTabs(QStackedWidget):
    """Four tabs over one `CallFacts`; which of them is in front is the owner's of these tabs to choose.

    Signals:
        owner_asked: another account of the same owner is wanted.
        log_asked: 记录联系 with an outcome that an answer brought, or None.
    """

    owner_asked = Signal(int)
    log_asked = Signal(object)

    def __init__(
        self, desk: Desk, actions: OwnerActions, *, roomy: bool = False, larger: int = 0, parent: QWidget | None = None
    ) -> None:
        """`roomy`: the script has a page's width; `larger`: px added to the office's 话术字号."""
        super().__init__(parent)
        self._desk, self._actions, self._larger = desk, actions, larger
        self._money = MoneyActions(desk, self)
        self._disputes = DisputeActions(desk, self)
        self._facts: CallFacts | None = None
        self._stale = set(_ALL)
        self._timeline_of = 0
        self.script = ScriptTab(desk.library, roomy=roomy)
        self.script.talks = desk.office.scripts.talks
        desk.library_changed.connect(lambda: self.script.use_library(desk.library))
        self.bills = BillsTab()
        self.timeline = TimelineTab()
        self.details = DetailsTab()
        for page in (self.script, self.bills, self.timeline, self.details):
            self.addWidget(page)
        self.script.type_asked.connect(self._set_type)
        self.script.step_asked.connect(self.open_ladder)
        self.script.step_combo.tell = self._ladder_text
        self.script.tell_results = lambda ref: desk.office.script_results.of_script(ref).line()
        self.script.outcome_taken.connect(self.log_asked)
        self.bills.hold_asked.connect(actions.hold)
        self._connect_bills()
        self.timeline.void_asked.connect(actions.void)
        self.timeline.reprint_asked.connect(lambda notice: desk.reprint_wanted.emit([notice]))
        self.timeline.paper_asked.connect(self._show_paper)
        self.timeline.log_asked.connect(lambda: self.log_asked.emit(None))
        self.timeline.file_asked.connect(self.file_document)
        self.timeline.again_asked.connect(self._file_again)
        self.details.save_asked.connect(self._save_details)
        self.details.no_call_asked.connect(self._set_no_call)
        self.details.sensitive_asked.connect(self._set_sensitive)
        self.details.phone_asked.connect(actions.add_phone)
        self.details.join_asked.connect(actions.join)
        self.details.part_asked.connect(actions.part)
        self.details.opened.connect(self.owner_asked)

    # --- what is shown ---

    @property
    def facts(self) -> CallFacts | None:
        """Everything gathered about the account shown."""
        return self._facts

    def show_call(self, facts: CallFacts | None) -> None:
        """Another account, or the same read anew; tabs are filled when they come to the front."""
        self._facts = facts
        self._stale = set(_ALL)

    def keep_hour(self, facts: CallFacts) -> None:
        """Only the time has passed: what is being read or typed is left alone."""
        self._facts = facts

    def fill(self, place: int) -> None:
        """Fill a tab if it is behind."""
        facts = self._facts
        if facts is None or place not in self._stale:
            return
        self._stale.discard(place)
        account_id = facts.account.row.account_id
        if place == SCRIPT:
            self.script.show_call(facts, self._desk.office.settings.profile().speech_size + self._larger)
        elif place == BILLS:
            self.bills.show_money(facts.money)
        elif place == TIMELINE:
            same = self._timeline_of == account_id
            self.timeline.show_entries(self._desk.office.history.of(account_id), facts.today, same_account=same)
            self.timeline.show_kept(owner_line(facts.promises), owner_list(facts.promises, facts.today))
            self._timeline_of = account_id
        else:
            self.details.show_account(
                facts.account, facts.lookalikes, facts.today, facts.graded, self._desk.office.traits.history(account_id)
            )

    def turn_to(self, place: int) -> None:
        """Bring a tab to the front; what was typed on 资料 is saved on leaving it."""
        if self.currentIndex() == DETAILS and place != DETAILS:
            self.details.flush()
        self.fill(place)
        self.setCurrentIndex(place)

    def take_focus(self, place: int) -> None:
        """Put the keys on a tab."""
        if place == SCRIPT:
            self.script.reading.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            (self.bills, self.timeline, self.details)[place - 1].take_focus()

    # --- money ---

    def pay(self) -> None:
        """F10: 收款 for the account shown."""
        if self._facts is not None:
            self._money.pay(self._facts)

    def _show_paper(self, entry: TimelineEntry) -> None:
        if self._facts is None:
            return
        if entry.kind is EntryKind.DOCUMENT:
            from feedesk.ui.document_files import show_document

            show_document(self._desk, entry.ref_id, self)
        elif entry.kind is EntryKind.DISPUTE:
            self._disputes.show(entry.ref_id)
        else:
            self._money.paper(self._facts, entry)

    # --- papers on file ---

    def file_document(self) -> None:
        """N on 记录: 存档 for the account shown."""
        from feedesk.ui.document_dialog import open_document_dialog  # dialogs come when they are needed

        if self._facts is not None:
            open_document_dialog(self._desk, self._facts.account.row.account_id, None, self)

    def _file_again(self, entry: TimelineEntry) -> None:
        from feedesk.ui.document_dialog import open_document_dialog

        if self._facts is not None:
            earlier = self._desk.office.documents.get(entry.ref_id)
            open_document_dialog(
                self._desk, self._facts.account.row.account_id, earlier.draft.kind, self, earlier=earlier
            )

    def _connect_bills(self) -> None:
        bills, money = self.bills, self._money
        bills.pay_asked.connect(self.pay)
        bills.plan_asked.connect(lambda: self._on_bills(money.plan))
        bills.settle_asked.connect(lambda: self._on_bills(money.settle))
        bills.dispute_asked.connect(
            lambda charge: self._on_bills(lambda facts: self._disputes.of_line(facts.account.row, charge))
        )
        bills.waive_asked.connect(lambda charge: self._on_bills(lambda facts: money.waive(facts, charge)))
        bills.split_asked.connect(lambda charge: self._on_bills(lambda facts: money.split(facts, charge)))
        bills.explain_asked.connect(
            lambda charge: self._on_bills(lambda facts: money.explain(facts, charge, bills.shown_day))
        )
        bills.day_changed.connect(lambda day: self._on_bills(lambda facts: self._show_day(facts, day)))

    def _on_bills(self, act: Callable[[CallFacts], None]) -> None:
        if self._facts is not None:
            act(self._facts)

    def _show_day(self, facts: CallFacts, day: date) -> None:
        money = self._money.money_on(facts, day)
        if money is not None:
            self.bills.show_money(money)

    # --- what the keys do ---

    def hint(self, number: str, outcome: Outcome | None = None) -> LogHint:
        """What is in hand for 记录联系: the number, the channel and script chosen, an outcome heard already."""
        self.fill(SCRIPT)
        return LogHint(number, self.script.channel, self.script.script_ref, outcome)

    def open_list(self, which: str) -> None:
        """F6 type, F8 channel, F11 what else may be said: opens its list; F7 step: opens the ladder."""
        if which == "step":
            self.open_ladder()
            return
        script = self.script
        if which == "words":
            script.open_offers()
            return
        combo = {"type": script.type_combo, "channel": script.channel_combo}[which]
        if combo.isVisible() and which == "type":
            script.open_types()
        elif combo.isVisible():
            combo.open_list()

    def open_ladder(self) -> None:
        """F7: the steps of the account shown, each with why it is open or not."""
        from feedesk.ui.ladder_dialog import open_ladder_dialog  # dialogs come when they are needed

        if self._facts is not None:
            open_ladder_dialog(self._desk, self._facts.account.row, self)

    def _ladder_text(self) -> str:
        if self._facts is None:
            return ""
        return self._desk.office.ladder.view(self._facts.account.row.account_id).text

    # --- writing ---

    def _set_type(self, kind: DebtorType) -> None:
        facts = self._facts
        if facts is not None and not self._actions.set_type(facts.account.row, kind, facts.script_type):
            self.script.type_combo.show_value(facts.script_type)

    def _set_no_call(self, _account_id: int, on: bool) -> None:
        if self._facts is not None and not self._actions.set_no_call(self._facts.account.row, on):
            self.details.no_call.setChecked(not on)

    def _set_sensitive(self, _account_id: int, reason: str, until: date | None) -> None:
        if self._facts is not None:
            self._actions.set_sensitive(self._facts.account, reason, until)

    def _save_details(self, _account_id: int, before: Details, wanted: Details) -> None:
        if self._facts is not None and not self._actions.save_details(self._facts.account.row, before, wanted):
            self.details.not_saved(before)
