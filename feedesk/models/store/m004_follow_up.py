"""Step m004 (0.3.0): who is contacted when and why: ladder, documents, disputes by line, overrides, texts, assignment,
and the office's own wordings of scripts.

Released steps are never edited.
"""

from __future__ import annotations

SCHEMA = """
ALTER TABLE accounts ADD COLUMN habit TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN attitude TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN sensitive TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN sensitive_until TEXT;
CREATE INDEX accounts_staff ON accounts(staff_id) WHERE staff_id IS NOT NULL;

CREATE TABLE trait_changes (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), at TEXT NOT NULL,
    trait TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    staff_id INTEGER NOT NULL REFERENCES staff(id)
) STRICT;
CREATE INDEX trait_changes_account ON trait_changes(account_id);

CREATE TABLE assignments (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), at TEXT NOT NULL,
    from_staff INTEGER REFERENCES staff(id), to_staff INTEGER REFERENCES staff(id), reason TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id)
) STRICT;
CREATE INDEX assignments_account ON assignments(account_id);

CREATE TABLE contact_overrides (
    contact_id INTEGER NOT NULL REFERENCES contacts(id), rule TEXT NOT NULL, why TEXT NOT NULL, next_at TEXT,
    reason TEXT NOT NULL, PRIMARY KEY (contact_id, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE sent_texts (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts(id), number TEXT NOT NULL, template TEXT NOT NULL,
    words TEXT NOT NULL, how TEXT NOT NULL
) STRICT;

CREATE TABLE documents (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, number TEXT NOT NULL DEFAULT '', issuer TEXT NOT NULL DEFAULT '',
    dated_on TEXT NOT NULL, deadline_on TEXT, method TEXT NOT NULL DEFAULT '', sent_on TEXT, arrived_on TEXT,
    grade TEXT, ems_no TEXT NOT NULL DEFAULT '', signer TEXT NOT NULL DEFAULT '', witness TEXT NOT NULL DEFAULT '',
    second_staff TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', confirmed INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL, staff_id INTEGER NOT NULL REFERENCES staff(id),
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT
) STRICT;
CREATE TABLE document_accounts (
    document_id INTEGER NOT NULL REFERENCES documents(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
    PRIMARY KEY (document_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_accounts_account ON document_accounts(account_id);
CREATE TABLE document_lines (
    document_id INTEGER NOT NULL REFERENCES documents(id), charge_id INTEGER NOT NULL REFERENCES charges(id),
    owed INTEGER NOT NULL, PRIMARY KEY (document_id, charge_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_lines_charge ON document_lines(charge_id);
CREATE TABLE document_files (
    document_id INTEGER NOT NULL REFERENCES documents(id), number INTEGER NOT NULL, name TEXT NOT NULL,
    sha256 TEXT NOT NULL, own_time TEXT, from_camera INTEGER NOT NULL, PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE transitions ADD COLUMN approved_by INTEGER REFERENCES staff(id);

ALTER TABLE disputes ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE disputes ADD COLUMN is_written INTEGER NOT NULL DEFAULT 0;
ALTER TABLE disputes ADD COLUMN is_ours INTEGER;
ALTER TABLE disputes ADD COLUMN staff_id INTEGER REFERENCES staff(id);
ALTER TABLE disputes ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE disputes ADD COLUMN reported_at TEXT;
ALTER TABLE disputes ADD COLUMN reported_how TEXT NOT NULL DEFAULT '';
ALTER TABLE disputes ADD COLUMN part_of INTEGER REFERENCES disputes(id);
UPDATE disputes SET outcome = 'other', reported_at = resolved_at WHERE resolved_at IS NOT NULL;
CREATE INDEX disputes_charge ON disputes(charge_id) WHERE charge_id IS NOT NULL;
CREATE TABLE dispute_events (
    id INTEGER PRIMARY KEY, dispute_id INTEGER NOT NULL REFERENCES disputes(id), at TEXT NOT NULL, what TEXT NOT NULL,
    words TEXT NOT NULL, staff_id INTEGER NOT NULL REFERENCES staff(id)
) STRICT;
CREATE INDEX dispute_events_dispute ON dispute_events(dispute_id);
CREATE TABLE dispute_files (
    dispute_id INTEGER NOT NULL REFERENCES disputes(id), number INTEGER NOT NULL, name TEXT NOT NULL,
    sha256 TEXT NOT NULL, own_time TEXT, from_camera INTEGER NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (dispute_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE script_versions (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0), origin TEXT NOT NULL,
    base INTEGER NOT NULL, content TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id), UNIQUE (key, version)
) STRICT;
CREATE TABLE script_state (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, version INTEGER NOT NULL, hidden INTEGER NOT NULL, at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id)
) STRICT;
CREATE INDEX script_state_key ON script_state(key, id);

CREATE TABLE account_clock (
    account_id INTEGER PRIMARY KEY REFERENCES accounts(id), limit_on TEXT, open_lines INTEGER NOT NULL,
    over INTEGER NOT NULL
) STRICT;

DROP TABLE account_state;
CREATE TABLE account_state (
    account_id INTEGER PRIMARY KEY REFERENCES accounts(id), owner_id INTEGER NOT NULL,
    room TEXT NOT NULL, room_key TEXT NOT NULL, building TEXT NOT NULL, name TEXT NOT NULL, pinyin TEXT NOT NULL,
    tails TEXT NOT NULL, owed INTEGER NOT NULL, oldest_due_on TEXT, period_text TEXT NOT NULL,
    category TEXT, step TEXT NOT NULL, debtor_type TEXT NOT NULL, staff_id INTEGER,
    mark TEXT NOT NULL, mark_text TEXT NOT NULL, strong INTEGER NOT NULL, is_paid INTEGER NOT NULL,
    is_former INTEGER NOT NULL, next_at TEXT, next_has_time INTEGER NOT NULL, next_text TEXT NOT NULL,
    last_at TEXT, last_text TEXT NOT NULL, work_group TEXT, priority INTEGER NOT NULL, why TEXT NOT NULL,
    action TEXT NOT NULL, limit_on TEXT, severity TEXT NOT NULL
) STRICT;
CREATE INDEX state_room ON account_state(room_key, account_id);
CREATE INDEX state_group ON account_state(work_group, priority) WHERE work_group IS NOT NULL;
DELETE FROM settings WHERE key = 'state_day';
"""
"""`account_state` and `account_clock` are derived from the records and may be rewritten."""

APPEND_ONLY = (
    "trait_changes", "assignments", "contact_overrides", "sent_texts", "documents", "document_accounts",
    "document_lines", "document_files", "disputes", "dispute_events", "dispute_files",
    "script_versions", "script_state",
)  # fmt: skip

FROZEN_COLUMNS = {
    "trait_changes": "account_id, at, trait, before, after, reason, staff_id",
    "assignments": "account_id, at, from_staff, to_staff, reason, staff_id",
    "contact_overrides": "contact_id, rule, why, next_at, reason",
    "sent_texts": "contact_id, number, template, words, how",
    "documents": "kind, number, issuer, dated_on, deadline_on, method, sent_on, arrived_on, grade, ems_no, signer,"
    " witness, second_staff, note, confirmed, at, staff_id",
    "document_accounts": "document_id, account_id",
    "document_lines": "document_id, charge_id, owed",
    "document_files": "document_id, number, name, sha256, own_time, from_camera",
    "disputes": "account_id, contact_id, charge_id, opened_at, part_of",
    "dispute_events": "dispute_id, at, what, words, staff_id",
    "dispute_files": "dispute_id, number, name, sha256, own_time, from_camera, at",
    "script_versions": "id, key, version, origin, base, content, note, at, staff_id",
    "script_state": "id, key, version, hidden, at, staff_id",
}
"""What no later act may change; the columns left out are those that voiding, working on or settling fills in."""

LATER_FROZEN = """
CREATE TRIGGER freeze_transitions_approval BEFORE UPDATE OF approved_by ON transitions
BEGIN SELECT RAISE(ABORT, 'frozen: transitions'); END;
"""
