"""The very words of texts that were sent, beside their contacts in 记录."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from feedesk.models.timeline import TimelineEntry


def words_of(conn: sqlite3.Connection, account_id: int) -> dict[int, str]:
    """The words of every text of an account by its contact, voided ones included."""
    return dict(
        conn.execute(
            "SELECT s.contact_id, s.words FROM sent_texts s JOIN contact_accounts x ON x.contact_id = s.contact_id"
            " WHERE x.account_id = ?",
            (account_id,),
        ).fetchall()
    )


def with_words(conn: sqlite3.Connection, account_id: int, contacts: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The entries of contacts; those of texts tell, after what was sent, its words."""
    words = words_of(conn, account_id)
    return [
        replace(entry, lines=(*entry.lines[:1], f"「{words[entry.ref_id]}」", *entry.lines[1:]))
        if entry.ref_id in words
        else entry
        for entry in contacts
    ]
