"""An open office file: its parts, and the life of the file from opening to closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from feedesk.errors import BadInput, OfficeDamaged
from feedesk.models.changes import Changes
from feedesk.models.office import OfficeProfile
from feedesk.models.store import audit, backups, connection, migrations
from feedesk.models.store.accounts import Accounts
from feedesk.models.store.as_of import BalancesAsOf
from feedesk.models.store.assignments import Assignments
from feedesk.models.store.contact_rules import ContactRules
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.disputes import Disputes
from feedesk.models.store.documents import Documents
from feedesk.models.store.figures import Figures
from feedesk.models.store.follow_ups import FollowUps
from feedesk.models.store.history import History
from feedesk.models.store.holder import Holder
from feedesk.models.store.imports import Imports
from feedesk.models.store.ladder import Ladder
from feedesk.models.store.late_fees import LateFees
from feedesk.models.store.law import Law
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.letters import Letters
from feedesk.models.store.limitation import Limitation
from feedesk.models.store.money_history import MoneyHistory
from feedesk.models.store.notices import Notices
from feedesk.models.store.payments import Payments
from feedesk.models.store.people import OfficeSettings, StaffList
from feedesk.models.store.plans import Plans
from feedesk.models.store.promises import Promises
from feedesk.models.store.script_calls import ScriptCalls
from feedesk.models.store.script_results import ScriptResults
from feedesk.models.store.scripts import Scripts
from feedesk.models.store.service import Service
from feedesk.models.store.session import Session
from feedesk.models.store.splits import Splits
from feedesk.models.store.statements import Statements
from feedesk.models.store.states import States
from feedesk.models.store.targets import Targets
from feedesk.models.store.text_facts import TextFacts
from feedesk.models.store.texts import Texts
from feedesk.models.store.traits import Traits
from feedesk.models.store.waivers import Waivers
from feedesk.models.store.worklist import Worklist

Clock = Callable[[], datetime]


class Office:
    """One office file with a part for each subject; made by `create`, `open`, `look` or `again`."""

    def __init__(self, session: Session, holder: Holder | None, *, only_looks: bool = False) -> None:
        self._session = session
        self._holder = holder
        self._only_looks = only_looks
        self.path = session.path
        self.ledger = Ledger(session)
        self.limitation = Limitation(session)
        self.states = States(session, self.ledger, self.limitation.of_accounts)
        self.settings = OfficeSettings(session)
        self.law = Law(session)
        self.staff = StaffList(session)
        self.accounts = Accounts(session, self.states)
        self.contacts = Contacts(session, self.states)
        self.disputes = Disputes(session, self.states)
        self.contact_rules = ContactRules(session, self.states)
        self.worklist = Worklist(session, self.contact_rules)
        self.follow_ups = FollowUps(session, self.states)
        self.imports = Imports(session, self.states, self.ledger)
        self.as_of = BalancesAsOf(session, self.ledger)
        self.late_fees = LateFees(session, self.states, self.ledger)
        self.payments = Payments(session, self.states, self.ledger, self.late_fees.takeable)
        self.statements = Statements(session, self.states, self.payments, self.late_fees.takeable)
        self.waivers = Waivers(session, self.states, self.ledger, self.staff, self.late_fees.of_account)
        self.plans = Plans(session, self.states, self.staff)
        self.splits = Splits(session, self.states, self.ledger)
        self.promises = Promises(session, self.ledger)
        self.assignments = Assignments(session, self.states, self.staff, self.promises)
        self.notices = Notices(session, self.states, self.contacts, self.late_fees, self.staff, self.limitation)
        self.documents = Documents(session, self.states)
        self.figures = Figures(
            session, self.states, self.contacts, self.notices, self.promises, self.late_fees, self.limitation
        )
        self.texts = Texts(session, self.states, self.contacts, TextFacts(session, self.figures, self.ledger))
        money = MoneyHistory(session, self.payments, self.waivers, self.plans)
        self.service = Service(session, self.states)
        self.history = History(
            session, self.contacts, self.notices, self.follow_ups, money, self.service, self.promises
        )
        self.targets = Targets(session, self.ledger)
        self.letters = Letters(session)
        self.scripts = Scripts(session, self.letters, self.documents)
        self.script_results = ScriptResults(session, self.scripts, self.promises, self.ledger)
        self.ladder = Ladder(session, self.states, self.limitation, self.letters)
        self.traits = Traits(session, self.states)
        self.script_calls = ScriptCalls(
            session,
            self.accounts,
            self.contacts,
            self.states,
            self.disputes,
            self.imports,
            self.traits,
            self.scripts,
            self.limitation,
        )

    @property
    def session(self) -> Session:
        """Clock and clerk of this window."""
        return self._session

    @classmethod
    def create(cls, path: Path, profile: OfficeProfile, clerk: str, called: str, clock: Clock) -> Office:
        """A new office file with its first clerk; never over an existing file."""
        connection.refuse_network(path)
        if path.exists():
            raise BadInput(f"“{path.name}”已经存在，没有另建，也没有改动它。", "请打开它，或换个文件名。")
        if not clerk.strip():
            raise BadInput("请填写您的名字：每条记录都要有经办人。", "")
        with connection.told(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise BadInput(f"建不了文件夹“{path.parent.name}”（{error.strerror}）。", "请换个位置。") from error
        holder = Holder(path)
        try:
            session = Session(connection.connect(path, create=True), path, clock)
            try:
                with connection.told(path):
                    migrations.migrate(session.db)
                office = cls(session, holder)
                office.settings.save_profile(profile)
                office.staff.use(office.staff.add(clerk, called).id)
                office.states.roll_day()
            except BaseException:
                session.db.conn.close()
                raise
        except BaseException:
            holder.release()
            forget_new(path)
            raise
        return office

    @classmethod
    def open(cls, path: Path, clock: Clock, *, roll: bool = True) -> Office:
        """Open for work: hold the file, copy it if its schema is to change, bring day-bound states up to date.

        `roll` False leaves yesterday's states until `roll_day` is called: the window shows first.
        """
        connection.refuse_network(path)
        _is_pending(path)
        holder = Holder(path)
        try:
            session = _session(path, clock)
            try:
                office = cls(session, holder)
                with connection.told(path):
                    office._greet()
                    if roll:
                        office.states.roll_day()
            except BaseException:
                session.db.conn.close()
                raise
        except BaseException:
            holder.release()
            raise
        return office

    @classmethod
    def look(cls, path: Path, clock: Clock) -> Office:
        """Open for reading only, as the office stands today; nothing is held and nothing can be written.

        A file of an earlier version is read through a copy in memory that has the schema of today.
        """
        is_old = _is_pending(path)
        session = Session(_upgraded(path) if is_old else connection.connect(path, read_only=True), path, clock)
        try:
            office = cls(session, None, only_looks=True)
            with connection.told(path):
                office._greet()
                if is_old:
                    office.states.roll_day()
                    connection.forbid_writing(session.db)
                else:
                    office.states.shadow_day()
        except BaseException:
            session.db.conn.close()
            raise
        return office

    def again(self) -> Office:
        """A second connection for a worker thread of the same program; close it there when done."""
        if self._only_looks:
            return Office.look(self.path, self._session.now)
        session = Session(connection.connect(self.path), self.path, self._session.now)
        session.clerk = self._session.clerk
        return Office(session, None)

    def _greet(self) -> None:
        stored = self.settings.get("clerk")
        for person in self.staff.all():
            if str(person.id) == stored or self._session.clerk is None:
                self._session.clerk = person

    def last_written(self) -> datetime | None:
        """When somebody last wrote in this file, by the clock of the computer then; None for a file without a log."""
        return next((entry.at for entry in audit.entries(self._session.conn, limit=1)), None)

    def roll_day(self) -> Changes:
        """Bring states that depend on the day up to date; call it when the date has changed."""
        return Changes(everything=self.states.roll_day())

    def backup(self, reason: backups.BackupReason, to: Path | None = None) -> backups.Backup:
        """A copy of the file as of now."""
        keep = self.settings.profile().backups_kept
        return backups.make(self.path, reason, self._session.now(), to=to, keep=keep)

    def close(self) -> None:
        """Finish; safe to call twice."""
        self._session.db.conn.close()
        if self._holder:
            self._holder.release()


def forget_new(path: Path) -> None:
    """Leave nothing of an office that could not be made whole."""
    for tail in ("", "-wal", "-shm", ".lock"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _session(path: Path, clock: Clock) -> Session:
    """A writing connection to an office file; it is copied first if its schema is to change."""
    pending = _is_pending(path)
    if pending:
        backups.make(path, backups.BackupReason.UPGRADE, clock())
    db = connection.connect(path)
    try:
        if pending:
            with connection.told(path):
                migrations.migrate(db)
    except BaseException:
        db.conn.close()
        raise
    return Session(db, path, clock)


def _upgraded(path: Path) -> Database:
    """What an office file of an earlier version holds, in memory and with the schema of today; the file stays as it is."""
    db = connection.in_memory(path)
    try:
        with connection.told(path):
            migrations.migrate(db)
    except BaseException:
        db.conn.close()
        raise
    return db


def _is_pending(path: Path) -> bool:
    """Whether the schema is to change; raises `OfficeTooNew` for a newer file, `OfficeDamaged` for what is no office.

    Looked at before anything may be written: another program's database is not changed by as much as a byte.
    """
    if path.is_dir():
        raise BadInput(f"“{path.name}”是文件夹，不是办公室文件。", "请选一个 .feedesk 文件。")
    if not path.is_file():
        raise BadInput(f"找不到办公室文件“{path.name}”。", "请检查位置，或从备份恢复。")
    db = connection.glance(path)
    try:
        with connection.told(path):
            if not db.table("accounts").exists() or not db.table("_sqlite_migrations").exists():
                raise OfficeDamaged(f"“{path.name}”不是 FeeDesk 的办公室文件，没有打开。", "请另选一个 .feedesk 文件。")
            return migrations.is_pending(db)
    finally:
        db.conn.close()
