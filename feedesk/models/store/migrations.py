"""Ordered schema steps. A released step is never edited; a change is a new step at the end.

History: m001 (0.1.0) the first office file; m002 (0.2.0) payments, waivers, plans, statements; m003 (0.2.0) how
notices were served; m004 (0.3.0) ladder, documents, disputes, texts, assignment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from feedesk.errors import OfficeTooNew
from feedesk.models.store import m002_money, m003_service, m004_follow_up

SET_NAME = "feedesk"
APPLICATION_ID = 0x46454544
"""「FEED», so that a stray SQLite file is not taken for an office."""

_M001 = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE staff (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, called TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT 'clerk', pin_hash TEXT NOT NULL DEFAULT '', active INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE units (
    id INTEGER PRIMARY KEY, room TEXT NOT NULL UNIQUE, room_key TEXT NOT NULL, building TEXT NOT NULL DEFAULT '',
    area TEXT NOT NULL DEFAULT '', property_kind TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE owners (id INTEGER PRIMARY KEY, note TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES units(id),
    owner_id INTEGER NOT NULL REFERENCES owners(id),
    name TEXT NOT NULL DEFAULT '', salutation TEXT NOT NULL DEFAULT '', tenant TEXT NOT NULL DEFAULT '',
    since TEXT, until TEXT,
    residence TEXT NOT NULL DEFAULT '', remark TEXT NOT NULL DEFAULT '', finance_number TEXT NOT NULL DEFAULT '',
    debtor_type TEXT NOT NULL DEFAULT 'unpaid', type_is_chosen INTEGER NOT NULL DEFAULT 0,
    category TEXT, step TEXT NOT NULL DEFAULT '1',
    staff_id INTEGER REFERENCES staff(id),
    do_not_call INTEGER NOT NULL DEFAULT 0,
    late_fee INTEGER NOT NULL DEFAULT 0,
    cleared_at TEXT,
    created_by INTEGER REFERENCES imports(id), ended_by INTEGER REFERENCES imports(id)
) STRICT;
CREATE UNIQUE INDEX one_current_tenure ON accounts(unit_id) WHERE until IS NULL;
CREATE INDEX accounts_owner ON accounts(owner_id);

CREATE TABLE phones (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), number TEXT NOT NULL,
    holder TEXT NOT NULL DEFAULT '本人', source TEXT NOT NULL DEFAULT '财务清单',
    state TEXT NOT NULL DEFAULT 'untried', UNIQUE (account_id, number)
) STRICT;

CREATE TABLE fee_items (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL) STRICT;

CREATE TABLE imports (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, as_of TEXT NOT NULL, applied_at TEXT NOT NULL,
    staff_id INTEGER REFERENCES staff(id), is_full INTEGER NOT NULL, whole_debt INTEGER NOT NULL,
    accounts INTEGER NOT NULL, charges INTEGER NOT NULL, total INTEGER NOT NULL,
    before_total INTEGER NOT NULL, after_total INTEGER NOT NULL, diff TEXT NOT NULL,
    tables TEXT NOT NULL DEFAULT '[]',
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT
) STRICT;
CREATE TABLE import_rejects (
    id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports(id), sheet TEXT NOT NULL,
    row INTEGER NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL, cells TEXT NOT NULL, amount INTEGER
) STRICT;
CREATE TABLE mappings (shape TEXT PRIMARY KEY, mapping TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT;

CREATE TABLE charges (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id),
    item_id INTEGER NOT NULL REFERENCES fee_items(id),
    period_from TEXT, period_to TEXT, months TEXT,
    amount INTEGER NOT NULL CHECK (amount > 0), due_on TEXT, due_is_assumed INTEGER NOT NULL DEFAULT 0,
    is_lump INTEGER NOT NULL DEFAULT 0, hold TEXT NOT NULL DEFAULT '',
    import_id INTEGER REFERENCES imports(id), sheet TEXT NOT NULL DEFAULT '', row INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX charges_account ON charges(account_id);

CREATE TABLE settlements (
    id INTEGER PRIMARY KEY, charge_id INTEGER NOT NULL REFERENCES charges(id),
    amount INTEGER NOT NULL CHECK (amount <> 0), as_of TEXT NOT NULL, import_id INTEGER NOT NULL REFERENCES imports(id),
    undoes INTEGER REFERENCES settlements(id),
    CHECK ((undoes IS NULL) = (amount > 0))
) STRICT;
CREATE INDEX settlements_charge ON settlements(charge_id);
CREATE INDEX settlements_undoes ON settlements(undoes) WHERE undoes IS NOT NULL;

CREATE VIEW live_charges AS SELECT * FROM charges
    WHERE import_id IS NULL OR import_id NOT IN (SELECT id FROM imports WHERE voided_at IS NOT NULL);
CREATE VIEW live_settlements AS SELECT * FROM settlements
    WHERE import_id NOT IN (SELECT id FROM imports WHERE voided_at IS NOT NULL);

CREATE TABLE contacts (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, logged_at TEXT NOT NULL, channel TEXT NOT NULL, number TEXT NOT NULL,
    outcome TEXT NOT NULL, said TEXT NOT NULL, category TEXT, staff_id INTEGER NOT NULL REFERENCES staff(id),
    next_at TEXT, next_has_time INTEGER NOT NULL, next_reason TEXT NOT NULL, waits_for TEXT NOT NULL,
    script_id TEXT NOT NULL DEFAULT '',
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT
) STRICT;
CREATE INDEX contacts_at ON contacts(at);
CREATE TABLE contact_accounts (
    contact_id INTEGER NOT NULL REFERENCES contacts(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
    PRIMARY KEY (contact_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_accounts_account ON contact_accounts(account_id);

CREATE TABLE follow_ups (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), made_at TEXT NOT NULL,
    next_at TEXT NOT NULL, next_has_time INTEGER NOT NULL, reason TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id), voided_at TEXT
) STRICT;
CREATE INDEX follow_ups_account ON follow_ups(account_id);

CREATE TABLE promises (
    id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contacts(id),
    account_id INTEGER NOT NULL REFERENCES accounts(id), amount INTEGER NOT NULL CHECK (amount > 0),
    due_on TEXT NOT NULL, made_at TEXT NOT NULL
) STRICT;
CREATE INDEX promises_account ON promises(account_id);

CREATE TABLE claims (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id),
    contact_id INTEGER REFERENCES contacts(id), amount INTEGER NOT NULL CHECK (amount > 0), paid_on TEXT NOT NULL,
    way TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, staff_id INTEGER NOT NULL REFERENCES staff(id),
    closed_at TEXT, closed_why TEXT
) STRICT;
CREATE INDEX claims_account ON claims(account_id);

CREATE TABLE disputes (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id),
    contact_id INTEGER REFERENCES contacts(id), charge_id INTEGER REFERENCES charges(id),
    kind TEXT NOT NULL, department TEXT NOT NULL DEFAULT '', hold INTEGER NOT NULL DEFAULT 1,
    opened_at TEXT NOT NULL, review_on TEXT, resolved_at TEXT, resolution TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX disputes_account ON disputes(account_id);

CREATE TABLE transitions (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), at TEXT NOT NULL,
    from_step TEXT NOT NULL, to_step TEXT NOT NULL, reason TEXT NOT NULL, staff_id INTEGER REFERENCES staff(id),
    cause TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX transitions_cause ON transitions(cause) WHERE cause <> '';
CREATE INDEX transitions_account ON transitions(account_id);

CREATE TABLE notice_batches (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, staff_id INTEGER NOT NULL REFERENCES staff(id), kind TEXT NOT NULL,
    target TEXT NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE notices (
    id INTEGER PRIMARY KEY, year INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
    round_no INTEGER NOT NULL, issued_on TEXT NOT NULL, issued_at TEXT NOT NULL, pay_by TEXT NOT NULL,
    total INTEGER NOT NULL, snapshot TEXT NOT NULL, batch_id INTEGER NOT NULL REFERENCES notice_batches(id),
    staff_id INTEGER NOT NULL REFERENCES staff(id),
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT,
    UNIQUE (year, seq)
) STRICT;
CREATE INDEX notices_batch ON notices(batch_id);
CREATE TABLE notice_accounts (
    notice_id INTEGER NOT NULL REFERENCES notices(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
    PRIMARY KEY (notice_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_accounts_account ON notice_accounts(account_id);
CREATE TABLE notice_lines (
    notice_id INTEGER NOT NULL REFERENCES notices(id), charge_id INTEGER NOT NULL REFERENCES charges(id),
    owed INTEGER NOT NULL, PRIMARY KEY (notice_id, charge_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE reprints (
    id INTEGER PRIMARY KEY, notice_id INTEGER NOT NULL REFERENCES notices(id), at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id)
) STRICT;
CREATE INDEX reprints_notice ON reprints(notice_id);

CREATE TABLE account_state (
    account_id INTEGER PRIMARY KEY REFERENCES accounts(id), owner_id INTEGER NOT NULL,
    room TEXT NOT NULL, room_key TEXT NOT NULL, building TEXT NOT NULL, name TEXT NOT NULL, pinyin TEXT NOT NULL,
    tails TEXT NOT NULL, owed INTEGER NOT NULL, oldest_due_on TEXT, period_text TEXT NOT NULL,
    category TEXT, step TEXT NOT NULL, debtor_type TEXT NOT NULL, staff_id INTEGER,
    mark TEXT NOT NULL, mark_text TEXT NOT NULL, strong INTEGER NOT NULL, is_paid INTEGER NOT NULL,
    is_former INTEGER NOT NULL, next_at TEXT, next_has_time INTEGER NOT NULL, next_text TEXT NOT NULL,
    last_at TEXT, last_text TEXT NOT NULL, work_group TEXT, priority INTEGER NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE INDEX state_room ON account_state(room_key, account_id);
CREATE INDEX state_group ON account_state(work_group, priority) WHERE work_group IS NOT NULL;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL,
    digest TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE audit_details (
    seq INTEGER PRIMARY KEY REFERENCES audit(seq), salt TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
"""

_APPEND_ONLY = (
    "imports", "import_rejects", "contacts", "contact_accounts", "follow_ups", "promises", "claims", "settlements",
    "charges", "notices", "notice_accounts", "notice_lines", "notice_batches", "reprints", "transitions", "audit",
)  # fmt: skip
_FROZEN_COLUMNS = {
    "imports": "file, sha256, as_of, applied_at, staff_id, is_full, whole_debt, accounts, charges, total, before_total,"
    " diff, tables",
    "import_rejects": "import_id, sheet, row, code, reason, cells, amount",
    "contacts": "at, logged_at, channel, number, outcome, said, category, staff_id, next_at, next_has_time,"
    " next_reason, waits_for, script_id",
    "contact_accounts": "contact_id, account_id",
    "follow_ups": "account_id, made_at, next_at, next_has_time, reason, staff_id",
    "promises": "contact_id, account_id, amount, due_on, made_at",
    "claims": "account_id, contact_id, amount, paid_on, way, note, at, staff_id",
    "settlements": "charge_id, amount, as_of, import_id, undoes",
    "charges": "account_id, item_id, amount, import_id",
    "notices": "year, seq, kind, round_no, issued_on, issued_at, pay_by, total, snapshot, batch_id, staff_id",
    "notice_accounts": "notice_id, account_id",
    "notice_lines": "notice_id, charge_id, owed",
    "notice_batches": "at, staff_id, kind, target, sha256",
    "reprints": "notice_id, at, staff_id",
    "transitions": "account_id, at, from_step, to_step, reason, staff_id, cause",
    "audit": "seq, at, who, what, subject, digest, previous_hash, hash",
}
"""What no later act may change; the columns left out are those that voiding, closing or holding fills in."""


def _guards(append_only: Iterable[str], frozen: Mapping[str, str]) -> str:
    """Triggers that make a record impossible to delete and its words impossible to change."""
    parts = [
        f"CREATE TRIGGER keep_{table} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END;"
        for table in append_only
    ]
    parts += [
        f"CREATE TRIGGER freeze_{table} BEFORE UPDATE OF {columns} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, 'frozen: {table}'); END;"
        for table, columns in frozen.items()
    ]
    return "\n".join(parts)


def run_script(conn: sqlite3.Connection, script: str) -> None:
    """Run several statements inside the open transaction (`executescript` would commit it)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            conn.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"unfinished statement: {statement[:60]!r}")


def build() -> Migrations:
    """All steps in order."""
    steps = Migrations(SET_NAME)

    @steps(name="m001_first_office_file")
    def _m001(db: Database) -> None:
        run_script(db.conn, _M001)
        run_script(db.conn, _guards(_APPEND_ONLY, _FROZEN_COLUMNS))

    @steps(name="m002_money")
    def _m002(db: Database) -> None:
        run_script(db.conn, m002_money.SCHEMA)
        run_script(db.conn, _guards(m002_money.APPEND_ONLY, m002_money.FROZEN_COLUMNS))

    @steps(name="m003_service")
    def _m003(db: Database) -> None:
        run_script(db.conn, m003_service.SCHEMA)
        run_script(db.conn, _guards(m003_service.APPEND_ONLY, m003_service.FROZEN_COLUMNS))

    @steps(name="m004_follow_up")
    def _m004(db: Database) -> None:
        run_script(db.conn, m004_follow_up.SCHEMA)
        run_script(db.conn, _guards(m004_follow_up.APPEND_ONLY, m004_follow_up.FROZEN_COLUMNS))
        run_script(db.conn, m004_follow_up.LATER_FROZEN)

    return steps


def is_pending(db: Database) -> bool:
    """Whether the file must be brought up to date; raises `OfficeTooNew` for a step this program does not know."""
    steps = build()
    unknown = {step.name for step in steps.applied(db)} - {step.name for step in steps._migrations}
    if unknown:
        raise OfficeTooNew(
            "这个办公室文件是用更新版本的 FeeDesk 建的，本机版本读不了，文件没有改动。", "请升级程序后再打开。"
        )
    return bool(steps.pending(db))


def migrate(db: Database) -> None:
    """Apply what is pending, each step whole or not at all."""
    build().apply(db)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
