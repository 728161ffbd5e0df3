"""One open office in the window: its pages, and the dialogs that pages ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from feedesk.errors import FeeDeskError
from feedesk.models.changes import Changes
from feedesk.models.contacts import ContactDraft, outcome_spec
from feedesk.models.days import paper_day, short_day, show_moment
from feedesk.models.store import BackupReason, Office
from feedesk.models.store.backups import needs_daily
from feedesk.ui.call_facts import gather
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.main_window import MainWindow
from feedesk.ui.page import Page
from feedesk.ui.today_page import TodayPage

if TYPE_CHECKING:
    from feedesk.ui.notices_page import NoticesPage
    from feedesk.ui.owners_page import OwnersPage
    from feedesk.ui.payments_page import PaymentsPage
    from feedesk.ui.scripts_page import ScriptsPage
    from feedesk.ui.settings_page import SettingsPage

_MINUTE_MS = 60_000
_IDLE_MS = 60
TODAY, OWNERS, NOTICES, PAYMENTS, FIGURES = "today", "owners", "notices", "payments", "figures"
SCRIPTS, SETTINGS = "scripts", "settings"


class OfficeRoom(QObject):
    """Builds the pages for a desk and connects what they ask for.

    The window opens with 今日 alone. The other pages, and the dialogs with their libraries (openpyxl, reportlab, calamine:
    0.5 s), are imported and built when first needed; the pages at the latest in idle moments after the window shows.

    Signals:
        restore_wanted: 设置 asks to restore from a backup (its path).
        other_wanted: 设置 asks for another office file.
    """

    restore_wanted = Signal(object)
    other_wanted = Signal()

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self.desk = desk
        self._window = window
        self.today = TodayPage(desk)
        window.add_page(TODAY, "today", "今日", self.today)
        window.add_page(OWNERS, "owners", "业主", self._make_owners)
        window.add_page(NOTICES, "notices", "通知", self._make_notices)
        window.add_page(PAYMENTS, "payments", "收款", self._make_payments)
        window.add_page(FIGURES, "stats", "统计", self._make_figures)
        window.add_page(SCRIPTS, "scripts", "话术", self._make_scripts)
        window.add_page(SETTINGS, "settings", "设置", self._make_settings, at_bottom=True)
        self._connect()
        self.show_people()
        window.show_office(desk.office.settings.profile().office)
        self._day = desk.today()
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self.mind_the_clock)
        self._minute.start()
        self._idle = QTimer(self)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._make_one)

    # --- pages that are made later ---

    @property
    def owners(self) -> OwnersPage:
        """业主."""
        return cast("OwnersPage", self._window.page(OWNERS))

    @property
    def notices(self) -> NoticesPage:
        """通知."""
        return cast("NoticesPage", self._window.page(NOTICES))

    @property
    def payments(self) -> PaymentsPage:
        """收款."""
        return cast("PaymentsPage", self._window.page(PAYMENTS))

    @property
    def scripts(self) -> ScriptsPage:
        """话术."""
        return cast("ScriptsPage", self._window.page(SCRIPTS))

    @property
    def settings(self) -> SettingsPage:
        """设置."""
        return cast("SettingsPage", self._window.page(SETTINGS))

    def _make_owners(self) -> Page:
        from feedesk.ui.owners_page import OwnersPage

        return OwnersPage(self.desk)

    def _make_notices(self) -> Page:
        from feedesk.ui.notices_page import NoticesPage

        return NoticesPage(self.desk)

    def _make_payments(self) -> Page:
        from feedesk.ui.payments_page import PaymentsPage
        from feedesk.ui.reconcile_view import ReconcileView

        page = PaymentsPage(self.desk)
        reconcile = ReconcileView(self.desk)
        page.add_view("reconcile", "对账", reconcile)
        reconcile.payment_wanted.connect(page.show_payment)
        QTimer.singleShot(0, reconcile.tell_waiting)  # once the rail listens
        return page

    def _make_figures(self) -> Page:
        from feedesk.ui.figures_page import FiguresPage

        return FiguresPage(self.desk)

    def _make_scripts(self) -> Page:
        from feedesk.ui.scripts_page import ScriptsPage

        return ScriptsPage(self.desk, self._looked_at)

    def _looked_at(self) -> int | None:
        """The account last looked at: on 业主 once the clerk has been there, else on 今日."""
        chosen = self.owners.panel.account_id if self._window.is_made(OWNERS) else None
        facts = self.today.owner.facts
        return chosen if chosen is not None or facts is None else facts.account.row.account_id

    def _make_settings(self) -> Page:
        from feedesk.ui.settings_page import SettingsPage

        page = SettingsPage(self.desk)
        page.profile_saved.connect(self._profile_saved)
        page.staff_changed.connect(self.show_people)
        page.backup_asked.connect(self.back_up)
        page.restore_asked.connect(self.restore_wanted)
        page.other_asked.connect(self.other_wanted)
        return page

    @Slot()
    def _make_one(self) -> None:
        """One page an idle moment, so that the clerk's first keys are not kept waiting."""
        missing = [
            key for key in (OWNERS, NOTICES, PAYMENTS, FIGURES, SCRIPTS, SETTINGS) if not self._window.is_made(key)
        ]
        if missing:
            self._window.page(missing[0])
        if len(missing) <= 1:
            self._idle.stop()

    def _connect(self) -> None:
        desk, window = self.desk, self._window
        desk.log_wanted.connect(self.log)
        desk.import_wanted.connect(self.choose_list)
        desk.table_wanted.connect(self.export_table)
        desk.notices_wanted.connect(self._to_notices)
        desk.texts_wanted.connect(self._to_texts)
        desk.reprint_wanted.connect(self.reprint)
        desk.owner_wanted.connect(self._to_owner)
        desk.bills_wanted.connect(self._to_bills)
        desk.payment_wanted.connect(self._to_payments)
        desk.lines_wanted.connect(self._to_lines)
        window.import_asked.connect(self.choose_list)
        window.record_table_asked.connect(self.export_table)
        window.backup_asked.connect(self.back_up)
        window.clerk_chosen.connect(self._use_clerk)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A list dragged onto the window is 导入清单."""
        if not isinstance(event, QDragEnterEvent | QDropEvent):
            return super().eventFilter(watched, event)
        from feedesk.ui.import_dialog import accepts

        if isinstance(event, QDragEnterEvent) and accepts(event.mimeData()) is not None:
            event.acceptProposedAction()
            return True
        if event.type() is QEvent.Type.Drop:
            path = accepts(event.mimeData())
            if path is not None:
                event.acceptProposedAction()
                self.import_list(path)
                return True
        return super().eventFilter(watched, event)

    # --- people ---

    @Slot()
    def show_people(self) -> None:
        """The names at the bottom of the rail."""
        clerk = self.desk.office.session.clerk
        self._window.show_staff(self.desk.office.staff.all(), clerk.id if clerk else None)

    @Slot(int)
    def _use_clerk(self, staff_id: int) -> None:
        self.desk.use_clerk(staff_id)
        self.desk.messages.note(f"现在由 {self.desk.clerk.name} 经办，之后的记录都记在这个名下。")

    @Slot()
    def _profile_saved(self) -> None:
        self._window.show_office(self.desk.office.settings.profile().office)
        if not self.desk.office.states.is_of_today():
            self._roll_day()  # another due day: what was derived by the old one is derived anew

    # --- a contact ---

    @Slot(int)
    def log(self, account_id: int) -> None:
        """Open 记录联系 for an account with what the asking page has in hand."""
        from feedesk.ui.contact_dialog import ContactDialog, ContactFacts

        hint = self.desk.take_hint()
        try:
            facts = gather(self.desk, account_id)
        except FeeDeskError as error:
            self.desk.messages.tell(error, self._window)
            return
        siblings = [row.account_id for row in facts.account.siblings]
        charges = [*facts.charges, *(c for ids in siblings for c in self.desk.office.accounts.charges(ids))]
        broken = facts.state.broken_count
        dialog = ContactDialog(
            ContactFacts(
                owner=facts.account,
                charges=tuple(charge for charge in charges if charge.owed > 0),
                history=facts.history,
                broken_text=f"失约过 {broken} 次" if broken else "",
                channel=hint.channel,
                number=hint.number,
                outcome=hint.outcome,
                script_id=hint.script_id,
            ),
            self.desk.now,
            self.desk.messages,
            self._window,
            keep=self._keep_contact,
            judge=self.desk.office.contact_rules.check_all,
        )
        dialog.saved.connect(self._after_contact)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep_contact(self, draft: ContactDraft) -> bool:
        rooms = self.desk.office.accounts.some(draft.account_ids)
        room = next((rooms[a].room for a in draft.account_ids if a in rooms), "")
        room += f" 等 {len(rooms)} 套" if len(rooms) > 1 else ""
        following = draft.next_action
        when = show_moment(following.at, self.desk.now()) if following.at else following.waits_for
        said = f"{room} 已记：{outcome_spec(draft.channel, draft.outcome).label}" + (f"，下次 {when}" if when else "")
        return self.desk.log_contact(draft, f"{said}。")

    @Slot(object, bool)
    def _after_contact(self, _draft: ContactDraft, wants_next: bool) -> None:
        if wants_next:
            page = self._window.current_page()
            if page is self.today:
                self.today.next_owner()
            elif page is self.owners:
                self.owners.next_owner()

    # --- lists, papers, copies ---

    @Slot()
    def choose_list(self) -> None:
        """导入清单: choose a file, then the dialog."""
        from feedesk.ui.import_dialog import choose_list

        path = choose_list(self.desk, self._window)
        if path is not None:
            self.import_list(path)

    def import_list(self, path: Path) -> None:
        """The dialog for a file chosen or dropped."""
        from feedesk.ui.import_dialog import ImportDialog

        dialog = ImportDialog(self.desk, path, self._window)
        dialog.today_wanted.connect(lambda: self._window.show_page(TODAY))
        dialog.finished.connect(dialog.deleteLater)
        dialog.refused.connect(dialog.deleteLater)
        dialog.begin()

    @Slot()
    def export_table(self) -> None:
        """催缴记录表: choose the span and the file."""
        from feedesk.ui.record_table_dialog import RecordTableDialog

        dialog = RecordTableDialog(self.desk, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _to_notices(self, account_ids: list[int]) -> None:
        self.notices.propose_for(account_ids)
        self._window.show_page(NOTICES)

    @Slot(list)
    def _to_texts(self, account_ids: list[int]) -> None:
        self.notices.texts_for(account_ids)
        self._window.show_page(NOTICES)

    @Slot(int)
    def _to_owner(self, account_id: int) -> None:
        self._window.show_page(OWNERS)
        self.owners.show_owner(account_id)

    @Slot(int)
    def _to_bills(self, account_id: int) -> None:
        from feedesk.ui.owner_tabs import BILLS

        self._to_owner(account_id)
        self.owners.panel.show_tab(BILLS)

    @Slot(list)
    def _to_payments(self, account_ids: list[int]) -> None:
        self._window.show_page(PAYMENTS)
        self.payments.take_for(account_ids)

    @Slot()
    def _to_lines(self) -> None:
        self._window.show_page(PAYMENTS)
        self.payments.show_view("reconcile")

    @Slot(list)
    def reprint(self, notice_ids: list[int]) -> None:
        """补打: the same figures into a new PDF."""
        from feedesk.tasks.notices import PaperOptions, reprint_pdf

        desk = self.desk
        number = desk.office.notices.frozen(notice_ids[:1])[0].number
        proposed = desk.settings.folder("notices") / f"催款单-{number}-补打.pdf"
        target = desk.messages.save_file("补打存为 PDF", proposed, "PDF (*.pdf)", self._window)
        if target is None:
            return
        desk.settings.remember_folder("notices", target.parent)
        fonts = desk.fonts

        def work(office: Office, _tick: Tick) -> Changes:
            return reprint_pdf(office, notice_ids, target, PaperOptions(), fonts)

        def done(changes: Changes) -> None:
            desk.changed.emit(changes)
            desk.messages.note(f"已补打 {len(notice_ids)} 张，存在 {target.name}。")

        desk.in_background(work, done, "正在补打催款单")

    @Slot()
    def back_up(self) -> None:
        """立即备份 beside the office file."""
        self._copy(BackupReason.BY_HAND)

    def _copy(self, reason: BackupReason) -> None:
        quiet = reason is not BackupReason.BY_HAND

        def done(made: object) -> None:
            if self._window.is_made(SETTINGS):
                self.settings.show_backups()
            if not quiet:
                self.desk.messages.note(f"已备份：{getattr(made, 'path', Path()).name}")

        self.desk.in_background(lambda office, _tick: office.backup(reason), done, "正在备份")

    def begin(self) -> None:
        """After the window shows: the copy 开启前 (nothing has been written yet) or today's, then the new day."""
        path, now = self.desk.office.path, self.desk.now()
        self._copy(BackupReason.DAILY if needs_daily(path, now) else BackupReason.OPENING)
        self._roll_day()
        last = self.desk.office.last_written()
        if last is not None and last.date() > now.date():
            self.desk.messages.say(
                f"电脑日期是 {paper_day(now.date())}，早于这个办公室最近一笔记录（{paper_day(last.date())}）。",
                "请先校正电脑的日期，再重新打开，以免今天的记录记错日子；已有的记录都在，没有改动。",
                self._window,
            )

    def _roll_day(self) -> None:
        """What is due depends on the day; in the background, because 50,000 accounts take seconds."""

        def done(changes: Changes) -> None:
            if changes.everything:
                self.desk.changed.emit(changes)

        self.desk.in_background(lambda office, _tick: office.roll_day(), done, "正在更新今日待办")

    @Slot()
    def mind_the_clock(self) -> None:
        """Every minute: a new day changes what is due; a retry may have become due."""
        if self.desk.jobs.busy:
            return
        if self.desk.today() != self._day:
            self._day = self.desk.today()
            self._copy(BackupReason.DAILY)
            self._roll_day()
            self.desk.messages.note(f"已到 {short_day(self._day, self._day)}，今日待办已更新。")
        self.today.tick()
        if self._window.is_made(OWNERS):
            self.owners.tick()

    def close(self) -> None:
        """Before the window goes or another office comes."""
        self._minute.stop()
        self._idle.stop()
        self.desk.jobs.shut_down()
        self.desk.office.close()
