"""How the classification of an account has changed, for 资料 and for the timeline."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from itertools import groupby

from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.models.traits import Trait, TraitChange


def changes_of(conn: sqlite3.Connection, account_id: int) -> list[TraitChange]:
    """Every change of an account, newest first."""
    rows = conn.execute(
        "SELECT t.at, t.trait, t.before, t.after, t.reason, s.name FROM trait_changes t"
        " JOIN staff s ON s.id = t.staff_id WHERE t.account_id = ? ORDER BY t.at DESC, t.id DESC",
        (account_id,),
    )
    return [
        TraitChange(datetime.fromisoformat(at), Trait(trait), before, after, reason, who)
        for at, trait, before, after, reason, who in rows
    ]


def trait_entries(conn: sqlite3.Connection, account_id: int) -> list[TimelineEntry]:
    """The same for the timeline; what was changed in one go is one entry."""
    changes = groupby(changes_of(conn, account_id), key=lambda change: (change.at, change.who, change.reason))
    entries = []
    for (at, who, reason), together in changes:
        title, *others = [change.text for change in together]
        lines = (*others, reason) if reason else tuple(others)
        entries.append(TimelineEntry(at, True, EntryKind.TRAIT, title, lines, who))
    return entries
