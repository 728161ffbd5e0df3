"""One open office in the window: its pages, and the dialogs that pages ask for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from feedesk.errors import FeeDeskError
from feedesk.models.changes import Changes
from feedesk.models.contacts import ContactDraft, outcome_spec
from feedesk.models.days import short_day, show_moment
from feedesk.models.guard import may_call
from feedesk.models.store import BackupReason, Office
from feedesk.models.store.backups import needs_daily
from feedesk.tasks.notices import PaperOptions, reprint_pdf
from feedesk.ui.call_facts import gather
from feedesk.ui.contact_dialog import ContactDialog, ContactFacts
from feedesk.ui.desk import Desk
from feedesk.ui.import_dialog import ImportDialog, accepts, choose_list
from feedesk.ui.jobs import Tick
from feedesk.ui.main_window import MainWindow
from feedesk.ui.notices_page import NoticesPage
from feedesk.ui.owners_page import OwnersPage
from feedesk.ui.record_table_dialog import RecordTableDialog
from feedesk.ui.settings_page import SettingsPage
from feedesk.ui.today_page import TodayPage

_MINUTE_MS = 60_000
TODAY, OWNERS, NOTICES, SETTINGS = "today", "owners", "notices", "settings"


class OfficeRoom(QObject):
    """Builds the pages for a desk and connects what they ask for.

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
        self.owners = OwnersPage(desk)
        self.notices = NoticesPage(desk)
        self.settings = SettingsPage(desk)
        window.add_page(TODAY, "today", "今日", self.today)
        window.add_page(OWNERS, "owners", "业主", self.owners)
        window.add_page(NOTICES, "notices", "通知", self.notices)
        window.add_page(SETTINGS, "settings", "设置", self.settings, at_bottom=True)
        self._connect()
        self.show_people()
        window.show_office(desk.office.settings.profile().office)
        self._day = desk.today()
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self.mind_the_clock)
        self._minute.start()

    def _connect(self) -> None:
        desk, window = self.desk, self._window
        desk.log_wanted.connect(self.log)
        desk.import_wanted.connect(self.choose_list)
        desk.table_wanted.connect(self.export_table)
        desk.notices_wanted.connect(self._to_notices)
        desk.reprint_wanted.connect(self.reprint)
        desk.owner_wanted.connect(self._to_owner)
        window.import_asked.connect(self.choose_list)
        window.record_table_asked.connect(self.export_table)
        window.backup_asked.connect(self.back_up)
        window.clerk_chosen.connect(self._use_clerk)
        self.settings.profile_saved.connect(self._profile_saved)
        self.settings.staff_changed.connect(self.show_people)
        self.settings.backup_asked.connect(self.back_up)
        self.settings.restore_asked.connect(self.restore_wanted)
        self.settings.other_asked.connect(self.other_wanted)

        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A list dragged onto the window is 导入清单."""
        if isinstance(event, QDragEnterEvent) and accepts(event.mimeData()) is not None:
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
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

    # --- a contact ---

    @Slot(int)
    def log(self, account_id: int) -> None:
        """Open 记录联系 for an account with what the asking page has in hand."""
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
                guard=may_call(facts.now, facts.history, do_not_call=facts.account.do_not_call),
                broken_text=f"失约过 {broken} 次" if broken else "",
                channel=hint.channel,
                number=hint.number,
                outcome=hint.outcome,
                script_id=hint.script_id,
            ),
            self.desk.now,
            self.desk.messages,
            self._window,
        )
        dialog.saved.connect(self._save_contact)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object, bool)
    def _save_contact(self, draft: ContactDraft, wants_next: bool) -> None:
        rooms = self.desk.office.accounts.some(draft.account_ids)
        room = next((rooms[a].room for a in draft.account_ids if a in rooms), "")
        following = draft.next_action
        when = show_moment(following.at, self.desk.now()) if following.at else following.waits_for
        said = f"{room} 已记：{outcome_spec(draft.channel, draft.outcome).label}" + (f"，下次 {when}" if when else "")
        if self.desk.log_contact(draft, f"{said}。") and wants_next:
            page = self._window.current_page()
            if isinstance(page, TodayPage | OwnersPage):
                page.next_owner()

    # --- lists, papers, copies ---

    @Slot()
    def choose_list(self) -> None:
        """导入清单: choose a file, then the dialog."""
        path = choose_list(self.desk, self._window)
        if path is not None:
            self.import_list(path)

    def import_list(self, path: Path) -> None:
        """The dialog for a file chosen or dropped."""
        dialog = ImportDialog(self.desk, path, self._window)
        dialog.today_wanted.connect(lambda: self._window.show_page(TODAY))
        dialog.finished.connect(dialog.deleteLater)
        dialog.refused.connect(dialog.deleteLater)
        dialog.begin()

    @Slot()
    def export_table(self) -> None:
        """催缴记录表: choose the span and the file."""
        dialog = RecordTableDialog(self.desk, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _to_notices(self, account_ids: list[int]) -> None:
        self.notices.propose_for(account_ids)
        self._window.show_page(NOTICES)

    @Slot(int)
    def _to_owner(self, account_id: int) -> None:
        self._window.show_page(OWNERS)
        self.owners.show_owner(account_id)

    @Slot(list)
    def reprint(self, notice_ids: list[int]) -> None:
        """补打: the same figures into a new PDF."""
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
            self.settings.show_backups()
            if not quiet:
                self.desk.messages.note(f"已备份：{getattr(made, 'path', Path()).name}")

        self.desk.in_background(lambda office, _tick: office.backup(reason), done, "正在备份")

    def begin(self) -> None:
        """After the window shows: the copy 开启前 (nothing has been written yet), and today's."""
        path, now = self.desk.office.path, self.desk.now()
        self._copy(BackupReason.DAILY if needs_daily(path, now) else BackupReason.OPENING)

    @Slot()
    def mind_the_clock(self) -> None:
        """Every minute: a new day changes what is due; a retry may have become due."""
        if self.desk.jobs.busy:
            return
        if self.desk.today() != self._day:
            self._day = self.desk.today()
            self.desk.write(self.desk.office.roll_day)
            self._copy(BackupReason.DAILY)
            self.desk.messages.note(f"已到 {short_day(self._day, self._day)}，今日待办已更新。")
        self.today.tick()
        self.owners.tick()

    def close(self) -> None:
        """Before the window goes or another office comes."""
        self._minute.stop()
        self.desk.jobs.shut_down()
        self.desk.office.close()
