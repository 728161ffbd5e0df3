"""Where the office's money rules stand in `settings`: read by every aggregate that reckons with them."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, fields
from datetime import date

from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate

RULE, POLICY, LPR = "allocation_rule", "late_fee_policy", "lpr"


def _value(conn: sqlite3.Connection, key: str) -> str:
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def rule_of(conn: sqlite3.Connection) -> AllocationRule:
    """What decides where the payer named nothing; 先缴最早到期的 unless the office has chosen otherwise."""
    return AllocationRule(_value(conn, RULE) or AllocationRule.OLDEST_DUE)


def late_fee_policy_of(conn: sqlite3.Connection) -> LateFeePolicy:
    """The late fee; off while nothing is stored."""
    stored = json.loads(_value(conn, POLICY) or "{}")
    known = {field.name for field in fields(LateFeePolicy)}
    values = {key: value for key, value in stored.items() if key in known}
    return LateFeePolicy(**{**values, "cap": LateFeeCap(values.get("cap", LateFeeCap.LPR))})


def late_fee_policy_text(policy: LateFeePolicy) -> str:
    """As it is stored."""
    return json.dumps(asdict(policy), ensure_ascii=False)


def lpr_of(conn: sqlite3.Connection) -> tuple[LprRate, ...]:
    """The one-year LPR as the office has entered it, oldest first."""
    return tuple(LprRate(date.fromisoformat(since), bp) for since, bp in json.loads(_value(conn, LPR) or "[]"))


def lpr_text(rates: tuple[LprRate, ...]) -> str:
    """As it is stored."""
    ordered = sorted(rates, key=lambda rate: rate.since)
    return json.dumps([[rate.since.isoformat(), rate.bp] for rate in ordered])
