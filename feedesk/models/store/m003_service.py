"""Step m003 (0.2.0): how notices were served, with the files that prove it. Released steps are never edited."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY, notice_id INTEGER NOT NULL REFERENCES notices(id), method TEXT NOT NULL,
    sent_on TEXT, arrived_on TEXT NOT NULL, grade TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D')),
    ems_no TEXT NOT NULL DEFAULT '', signer TEXT NOT NULL DEFAULT '', witness TEXT NOT NULL DEFAULT '',
    second_staff TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', confirmed INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL, staff_id INTEGER NOT NULL REFERENCES staff(id),
    voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason TEXT
) STRICT;
CREATE INDEX deliveries_notice ON deliveries(notice_id);
CREATE TABLE delivery_files (
    delivery_id INTEGER NOT NULL REFERENCES deliveries(id), number INTEGER NOT NULL, name TEXT NOT NULL,
    sha256 TEXT NOT NULL, own_time TEXT, from_camera INTEGER NOT NULL, PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_lines_charge ON notice_lines(charge_id);
"""

APPEND_ONLY = ("deliveries", "delivery_files")

FROZEN_COLUMNS = {
    "deliveries": "notice_id, method, sent_on, arrived_on, grade, ems_no, signer, witness, second_staff, note,"
    " confirmed, at, staff_id",
    "delivery_files": "delivery_id, number, name, sha256, own_time, from_camera",
}
"""What no later act may change; the columns left out are those that voiding fills in."""
