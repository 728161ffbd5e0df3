"""What the pages share: the open office, the way to write, long jobs, and word of what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from feedesk.errors import FeeDeskError
from feedesk.models.changes import Changes
from feedesk.models.contacts import Channel, ContactDraft, Outcome
from feedesk.models.office import Staff
from feedesk.models.scripts import ScriptLibrary
from feedesk.models.store import Office
from feedesk.models.store.scripts import ScriptChanges
from feedesk.reports.fonts import Fonts
from feedesk.ui.jobs import JobRunner, Tick
from feedesk.ui.messages import Messages
from feedesk.ui.settings import UiSettings


@dataclass(frozen=True, slots=True)
class LogHint:
    """What a page knows when it asks for 记录联系: the number and script in hand, and an outcome heard already."""

    number: str = ""
    channel: Channel = Channel.PHONE
    script_id: str = ""
    outcome: Outcome | None = None


class Desk(QObject):
    """Handed to every page by constructor. Pages read from `office` and write through `write` or `in_background`.

    Signals:
        changed: a `Changes`; pages refresh what it names.
        clerk_changed: somebody else sits down.
        scope_changed: 我的 or 全部 has been chosen.
        library_changed: the office's words are others now; `library` has them.
        log_wanted: an account id, a page asks for 记录联系.
        notices_wanted: a list of account ids, a page asks for 催款单.
        texts_wanted: a list of account ids, a page asks for 短信/微信.
        reprint_wanted: a list of notice ids, a page asks for 补打.
        import_wanted: a page asks for 导入清单.
        table_wanted: a page asks for 记录表.
        owner_wanted: an account id to be shown on 业主.
        bills_wanted: an account id whose 账单 is to be shown on 业主.
        payment_wanted: a list of account ids of one owner, a page asks for 收款.
        lines_wanted: a page asks for 对账, the payments that wait to be claimed.
    """

    changed = Signal(object)
    clerk_changed = Signal()
    scope_changed = Signal()
    library_changed = Signal()
    log_wanted = Signal(int)
    notices_wanted = Signal(list)
    texts_wanted = Signal(list)
    reprint_wanted = Signal(list)
    import_wanted = Signal()
    table_wanted = Signal()
    owner_wanted = Signal(int)
    bills_wanted = Signal(int)
    payment_wanted = Signal(list)
    lines_wanted = Signal()

    def __init__(
        self,
        office: Office,
        messages: Messages,
        jobs: JobRunner,
        settings: UiSettings,
        library: ScriptLibrary,
        fonts: Fonts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.office = office
        self.messages = messages
        self.jobs = jobs
        self.settings = settings
        self.library = library
        self.fonts = fonts
        self._hint = LogHint()

    def now(self) -> datetime:
        """The office's time."""
        return self.office.session.now()

    def today(self) -> date:
        """The office's day."""
        return self.office.session.today()

    @property
    def clerk(self) -> Staff:
        """Who is at the desk."""
        return self.office.session.require_clerk()

    def use_clerk(self, staff_id: int) -> None:
        """Change of clerk."""
        self.office.staff.use(staff_id)
        self.clerk_changed.emit()

    def write(
        self,
        action: Callable[[], Changes],
        said: str | Callable[[], str] = "",
        undo: Callable[[Changes], Changes] | None = None,
    ) -> bool:
        """Do a quick write, tell a failure, spread what changed; offers 撤销 when `undo` is given.

        `said` is asked after the write when it depends on what came of it. False when nothing was written.
        """
        if self.jobs.busy:
            self.messages.note("正在处理一件较长的事，请等它做完再改。")
            return False
        try:
            changes = action()
        except FeeDeskError as error:
            self.messages.tell(error)
            return False
        if isinstance(changes, ScriptChanges):
            self.library = self.office.scripts.library()
            self.library_changed.emit()
        self.changed.emit(changes)
        words = said if isinstance(said, str) else said()
        if words and undo is not None:
            self.messages.undoable(words, lambda: self._undo(undo, changes))
        elif words:
            self.messages.note(words)
        return True

    def _undo(self, undo: Callable[[Changes], Changes], changes: Changes) -> None:
        self.write(lambda: undo(changes), "已撤销。")

    def ask_log(self, account_id: int, hint: LogHint) -> None:
        """Ask for 记录联系 with what the page has in hand; whoever opens the dialog takes it by `take_hint`."""
        self._hint = hint
        self.log_wanted.emit(account_id)

    def take_hint(self) -> LogHint:
        """The hint of the last `ask_log`, once; an empty one when the dialog was asked for in another way."""
        hint, self._hint = self._hint, LogHint()
        return hint

    def log_contact(self, draft: ContactDraft, said: str) -> bool:
        """Save a contact; 撤销 voids it, so that it still shows."""
        return self.write(
            lambda: self.office.contacts.add(draft),
            said,
            lambda changes: self.office.contacts.void(changes.record_id, "当场撤销"),
        )

    def in_background(
        self,
        work: Callable[[Office, Tick], Any],
        on_done: Callable[[Any], None],
        title: str,
        on_error: Callable[[FeeDeskError], None] | None = None,
        *,
        passing: bool = False,
    ) -> None:
        """Run `work(office, tick)` on the worker with its own connection; `on_done` gets its result here.

        `passing`: it only reads, unasked, and keeps nobody from writing (see `JobRunner.start`).
        """

        def job(tick: Tick) -> Any:
            office = self.office.again()
            try:
                return work(office, tick)
            finally:
                office.close()

        self.jobs.start(job, on_done, on_error, title, passing=passing)
