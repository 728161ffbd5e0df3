"""Step m002 (0.2.0): money that comes in or is let off. Released steps are never edited."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE statements (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL DEFAULT '',
    first_on TEXT, last_on TEXT, lines INTEGER NOT NULL, repeats INTEGER NOT NULL, income INTEGER NOT NULL,
    rejected TEXT NOT NULL DEFAULT '[]', at TEXT NOT NULL, staff_id INTEGER REFERENCES staff(id)
) STRICT;
CREATE TABLE statement_lines (
    id INTEGER PRIMARY KEY, statement_id INTEGER NOT NULL REFERENCES statements(id), line INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE, paid_at TEXT NOT NULL, has_time INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out', 'neither')), amount INTEGER NOT NULL,
    payer TEXT NOT NULL, payer_account TEXT NOT NULL, memo TEXT NOT NULL, reference TEXT NOT NULL,
    method TEXT NOT NULL, void TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX statement_lines_statement ON statement_lines(statement_id);
CREATE TABLE line_decisions (
    id INTEGER PRIMARY KEY, line_id INTEGER NOT NULL REFERENCES statement_lines(id), at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id), decision TEXT NOT NULL CHECK (decision IN ('dismissed', 'reopened')),
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX line_decisions_line ON line_decisions(line_id);
CREATE TABLE line_proposals (
    line_id INTEGER NOT NULL REFERENCES statement_lines(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
    amount INTEGER NOT NULL, confidence TEXT NOT NULL, reason TEXT NOT NULL, others TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (line_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_proposals_account ON line_proposals(account_id);

CREATE TABLE payments (
    id INTEGER PRIMARY KEY, paid_on TEXT NOT NULL, at TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0),
    method TEXT NOT NULL, reference TEXT NOT NULL DEFAULT '', payer TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '', staff_id INTEGER NOT NULL REFERENCES staff(id),
    line_id INTEGER REFERENCES statement_lines(id)
) STRICT;
CREATE INDEX payments_at ON payments(at);
CREATE INDEX payments_line ON payments(line_id) WHERE line_id IS NOT NULL;
CREATE TABLE payment_shares (
    payment_id INTEGER NOT NULL REFERENCES payments(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
    amount INTEGER NOT NULL CHECK (amount > 0), late_fee INTEGER NOT NULL CHECK (late_fee BETWEEN 0 AND amount),
    PRIMARY KEY (payment_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_shares_account ON payment_shares(account_id);
CREATE TABLE payment_names (
    payment_id INTEGER NOT NULL REFERENCES payments(id), charge_id INTEGER NOT NULL REFERENCES charges(id),
    amount INTEGER NOT NULL CHECK (amount > 0), PRIMARY KEY (payment_id, charge_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE payment_covers (
    id INTEGER PRIMARY KEY, payment_id INTEGER NOT NULL REFERENCES payments(id),
    account_id INTEGER NOT NULL REFERENCES accounts(id), import_id INTEGER NOT NULL REFERENCES imports(id),
    settlement_id INTEGER REFERENCES settlements(id), amount INTEGER NOT NULL CHECK (amount > 0)
) STRICT;
CREATE INDEX payment_covers_payment ON payment_covers(payment_id);
CREATE INDEX payment_covers_account ON payment_covers(account_id);
CREATE INDEX payment_covers_settlement ON payment_covers(settlement_id) WHERE settlement_id IS NOT NULL;
CREATE TABLE reversals (
    id INTEGER PRIMARY KEY, payment_id INTEGER NOT NULL UNIQUE REFERENCES payments(id), at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id), reason TEXT NOT NULL
) STRICT;
CREATE VIEW live_payments AS SELECT * FROM payments WHERE id NOT IN (SELECT payment_id FROM reversals);
CREATE VIEW live_covers AS SELECT * FROM payment_covers
    WHERE payment_id NOT IN (SELECT payment_id FROM reversals)
    AND import_id NOT IN (SELECT id FROM imports WHERE voided_at IS NOT NULL);
CREATE TRIGGER book_a_line_once BEFORE INSERT ON payments
    WHEN NEW.line_id IS NOT NULL AND EXISTS (SELECT 1 FROM live_payments p WHERE p.line_id = NEW.line_id)
    BEGIN SELECT RAISE(ABORT, 'booked twice'); END;

CREATE TABLE receipts (
    id INTEGER PRIMARY KEY, year INTEGER NOT NULL, seq INTEGER NOT NULL,
    payment_id INTEGER NOT NULL UNIQUE REFERENCES payments(id), at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id), snapshot TEXT NOT NULL, UNIQUE (year, seq)
) STRICT;
CREATE TABLE receipt_prints (
    id INTEGER PRIMARY KEY, receipt_id INTEGER NOT NULL REFERENCES receipts(id), at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id)
) STRICT;
CREATE INDEX receipt_prints_receipt ON receipt_prints(receipt_id);

CREATE TABLE waivers (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id),
    charge_id INTEGER REFERENCES charges(id), target TEXT NOT NULL CHECK (target IN ('principal', 'late_fee')),
    kind TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), granted_on TEXT NOT NULL, at TEXT NOT NULL,
    reason TEXT NOT NULL, asked_by TEXT NOT NULL, expires_on TEXT,
    approved_by INTEGER NOT NULL REFERENCES staff(id), staff_id INTEGER NOT NULL REFERENCES staff(id),
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT,
    CHECK (target = 'late_fee' OR charge_id IS NOT NULL)
) STRICT;
CREATE INDEX waivers_account ON waivers(account_id);

CREATE TABLE plans (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, made_on TEXT NOT NULL, total INTEGER NOT NULL CHECK (total > 0),
    note TEXT NOT NULL DEFAULT '', waives_late_fee INTEGER NOT NULL DEFAULT 0,
    approved_by INTEGER NOT NULL REFERENCES staff(id), staff_id INTEGER NOT NULL REFERENCES staff(id),
    snapshot TEXT NOT NULL DEFAULT '{}',
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT
) STRICT;
CREATE TABLE plan_accounts (
    plan_id INTEGER NOT NULL REFERENCES plans(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
    owed INTEGER NOT NULL, step_before TEXT NOT NULL, PRIMARY KEY (plan_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_accounts_account ON plan_accounts(account_id);
CREATE TABLE instalments (
    plan_id INTEGER NOT NULL REFERENCES plans(id), number INTEGER NOT NULL, due_on TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), PRIMARY KEY (plan_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE splits (
    id INTEGER PRIMARY KEY, charge_id INTEGER NOT NULL REFERENCES charges(id), at TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff(id), how TEXT NOT NULL,
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT
) STRICT;
CREATE UNIQUE INDEX one_live_split ON splits(charge_id) WHERE voided_at IS NULL;
ALTER TABLE charges ADD COLUMN split_id INTEGER REFERENCES splits(id);
CREATE INDEX charges_split ON charges(split_id) WHERE split_id IS NOT NULL;
CREATE INDEX charges_import ON charges(import_id);

CREATE TABLE payment_doubts (
    id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id),
    charge_id INTEGER NOT NULL REFERENCES charges(id), import_id INTEGER NOT NULL REFERENCES imports(id),
    amount INTEGER NOT NULL CHECK (amount > 0), at TEXT NOT NULL,
    closed_at TEXT, closed_by INTEGER REFERENCES staff(id), closed_why TEXT
) STRICT;
CREATE INDEX payment_doubts_account ON payment_doubts(account_id);

CREATE TABLE targets (
    year INTEGER NOT NULL, month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12), rate_bp INTEGER,
    receivable INTEGER, households INTEGER, answers TEXT NOT NULL DEFAULT '', PRIMARY KEY (year, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE charge_money (
    charge_id INTEGER PRIMARY KEY REFERENCES charges(id), account_id INTEGER NOT NULL,
    settled INTEGER NOT NULL, waived INTEGER NOT NULL, paid INTEGER NOT NULL
) STRICT;
CREATE INDEX charge_money_account ON charge_money(account_id);
CREATE TABLE allocations (
    payment_id INTEGER NOT NULL REFERENCES payments(id), charge_id INTEGER NOT NULL REFERENCES charges(id),
    account_id INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), PRIMARY KEY (payment_id, charge_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocations_account ON allocations(account_id);
CREATE INDEX allocations_charge ON allocations(charge_id);
CREATE TABLE account_money (
    account_id INTEGER PRIMARY KEY REFERENCES accounts(id), prepaid INTEGER NOT NULL, late_fee_paid INTEGER NOT NULL
) STRICT;

ALTER TABLE imports ADD COLUMN last_payment INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN last_waiver INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN payment_id INTEGER REFERENCES payments(id);
ALTER TABLE notices ADD COLUMN late_fee INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice_batches ADD COLUMN override_by INTEGER REFERENCES staff(id);
ALTER TABLE notice_batches ADD COLUMN override_reason TEXT NOT NULL DEFAULT '';

DROP VIEW live_charges;
CREATE VIEW live_charges AS SELECT * FROM charges
    WHERE (import_id IS NULL OR import_id NOT IN (SELECT id FROM imports WHERE voided_at IS NOT NULL))
    AND id NOT IN (SELECT charge_id FROM splits WHERE voided_at IS NULL)
    AND (split_id IS NULL OR split_id IN (SELECT id FROM splits WHERE voided_at IS NULL));

INSERT INTO charge_money
    SELECT s.charge_id, c.account_id, sum(s.amount), 0, 0 FROM live_settlements s JOIN live_charges c ON c.id = s.charge_id
    GROUP BY s.charge_id HAVING sum(s.amount) <> 0;
DELETE FROM settings WHERE key = 'state_day';
"""
"""`charge_money`, `allocations`, `account_money` and `line_proposals` are derived from the records and may be rewritten."""

APPEND_ONLY = (
    "statements", "statement_lines", "line_decisions", "payments", "payment_shares", "payment_names", "payment_covers",
    "reversals", "receipts", "receipt_prints", "waivers", "plans", "plan_accounts", "instalments", "splits",
    "payment_doubts",
)  # fmt: skip

FROZEN_COLUMNS = {
    "statements": "file, sha256, kind, source, first_on, last_on, lines, repeats, income, rejected, at, staff_id",
    "statement_lines": "statement_id, line, key, paid_at, has_time, direction, amount, payer, payer_account, memo,"
    " reference, method, void",
    "line_decisions": "line_id, at, staff_id, decision, reason",
    "payments": "paid_on, at, amount, method, reference, payer, note, staff_id, line_id",
    "payment_shares": "payment_id, account_id, amount, late_fee",
    "payment_names": "payment_id, charge_id, amount",
    "payment_covers": "payment_id, account_id, import_id, settlement_id, amount",
    "reversals": "payment_id, at, staff_id, reason",
    "receipts": "year, seq, payment_id, at, staff_id, snapshot",
    "receipt_prints": "receipt_id, at, staff_id",
    "waivers": "account_id, charge_id, target, kind, amount, granted_on, at, reason, asked_by, expires_on, approved_by,"
    " staff_id",
    "plans": "at, made_on, total, note, waives_late_fee, approved_by, staff_id, snapshot",
    "plan_accounts": "plan_id, account_id, owed, step_before",
    "instalments": "plan_id, number, due_on, amount",
    "splits": "charge_id, at, staff_id, how",
    "payment_doubts": "account_id, charge_id, import_id, amount, at",
}
"""What no later act may change; the columns left out are those that voiding or closing fills in."""
