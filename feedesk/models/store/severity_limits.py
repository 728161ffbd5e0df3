"""Where the office's limits of 欠费程度 stand in `settings`."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, fields

from feedesk.models.traits import SeverityLimits

KEY = "severity_limits"


def severity_limits_of(conn: sqlite3.Connection) -> SeverityLimits:
    """The limits in force; the defaults while nothing is stored."""
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (KEY,)).fetchone()
    known = {field.name for field in fields(SeverityLimits)}
    stored = json.loads(row[0]) if row else {}
    return SeverityLimits(**{key: int(value) for key, value in stored.items() if key in known})


def limits_text(limits: SeverityLimits) -> str:
    """As they are stored."""
    return json.dumps(asdict(limits))
