"""Whose account it was, as 记录 tells it."""

from __future__ import annotations

import sqlite3

from feedesk.models.store.assignments import history_of
from feedesk.models.timeline import EntryKind, TimelineEntry

_NOBODY = "未分配"


def assignment_entries(conn: sqlite3.Connection, account_id: int) -> list[TimelineEntry]:
    """Every change of clerk."""
    return [
        TimelineEntry(
            at=one.at,
            has_time=True,
            kind=EntryKind.ASSIGNMENT,
            title=f"片管：{one.before or _NOBODY} → {one.after or _NOBODY}",
            lines=(one.reason,),
            who=one.by,
        )
        for one in history_of(conn, account_id)
    ]
