"""The log chain: what was done, by whom, each entry bound to the one before.

The chain runs over salted digests. Deleting an entry's detail (personal data, 个人信息保护法 47) leaves the
chain whole; changing or removing an entry breaks it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime

_GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log as shown."""

    seq: int
    at: datetime
    who: str
    what: str
    subject: str


def note(conn: sqlite3.Connection, at: datetime, who: str, what: str, subject: str, detail: object = None) -> None:
    """Append one entry inside the caller's transaction. `detail` is any JSON value."""
    salt = secrets.token_hex(16)
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256((salt + text).encode()).hexdigest()
    last = conn.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (last[0] + 1, last[1]) if last else (1, _GENESIS)
    stamp = at.isoformat(timespec="seconds")
    conn.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, stamp, who, what, subject, digest, previous, _hash(seq, stamp, who, what, subject, digest, previous)),
    )
    conn.execute("INSERT INTO audit_details VALUES (?, ?, ?)", (seq, salt, text))


def entries(conn: sqlite3.Connection, limit: int = 200) -> list[AuditEntry]:
    """The latest entries, newest first."""
    rows = conn.execute("SELECT seq, at, who, what, subject FROM audit ORDER BY seq DESC LIMIT ?", (limit,))
    return [AuditEntry(seq, datetime.fromisoformat(at), who, what, subject) for seq, at, who, what, subject in rows]


def broken_links(conn: sqlite3.Connection) -> list[str]:
    """Every place where the chain does not hold, one sentence each; empty when it is whole."""
    found: list[str] = []
    expected_seq, previous = 1, _GENESIS
    details = {seq: (salt, text) for seq, salt, text in conn.execute("SELECT seq, salt, detail FROM audit_details")}
    for row in conn.execute("SELECT seq, at, who, what, subject, digest, previous_hash, hash FROM audit ORDER BY seq"):
        seq, at, who, what, subject, digest, said_previous, said = row
        if seq != expected_seq:
            found.append(f"操作日志缺少第 {expected_seq} 条到第 {seq - 1} 条")
            expected_seq = seq
        if said_previous != previous or said != _hash(seq, at, who, what, subject, digest, said_previous):
            found.append(f"操作日志第 {seq} 条与前一条接不上")
        if seq in details:
            salt, text = details[seq]
            if hashlib.sha256((salt + text).encode()).hexdigest() != digest:
                found.append(f"操作日志第 {seq} 条的内容被改动过")
        previous = said
        expected_seq += 1
    return found


def _hash(seq: int, at: str, who: str, what: str, subject: str, digest: str, previous: str) -> str:
    joined = "\x1f".join((str(seq), at, who, what, subject, digest, previous))
    return hashlib.sha256(joined.encode()).hexdigest()
