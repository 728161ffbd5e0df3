"""Payments dated up to a list's day are contained in that list: they replace its settlements, or are only registered.

The rule stands in the design («What a finance list means»): nothing is added up twice.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import NamedTuple


class Cover(NamedTuple):
    """分 of a payment that a list contains. With a settlement, the payment takes its place; without, it only stands
    on record.
    """

    import_id: int
    settlement_id: int | None
    amount: int
    as_of: date


def covers_of(conn: sqlite3.Connection, account_id: int, amount: int, paid_on: date) -> list[Cover]:
    """How much of a payment of that day the lists contain that are on record now."""
    found: list[Cover] = []
    left = amount
    for settlement_id, import_id, as_of, free in conn.execute(
        "SELECT s.id, m.id, m.as_of, s.amount"
        " + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0)"
        " - coalesce((SELECT sum(k.amount) FROM live_covers k WHERE k.settlement_id = s.id), 0)"
        " FROM live_settlements s JOIN charges c ON c.id = s.charge_id JOIN imports m ON m.id = s.import_id"
        " WHERE s.undoes IS NULL AND c.account_id = ? AND m.as_of >= ? ORDER BY m.as_of, s.id",
        (account_id, paid_on.isoformat()),
    ):
        part = min(left, free)
        if part > 0:
            found.append(Cover(import_id, settlement_id, part, date.fromisoformat(as_of)))
            left -= part
    if left > 0:
        list_id, as_of = speaking(conn, account_id, paid_on)
        if list_id is not None and as_of is not None:
            found.append(Cover(list_id, None, left, as_of))
    return found


def speaking(conn: sqlite3.Connection, account_id: int, paid_on: date) -> tuple[int | None, date | None]:
    """The first list of that day or later that says what this account owes: one that named a debt or a settlement of
    it, or a full list since the account is known.
    """
    row = conn.execute(
        "SELECT m.id, m.as_of FROM imports m WHERE m.voided_at IS NULL AND m.as_of >= ?2 AND ("
        " EXISTS (SELECT 1 FROM charges c WHERE c.import_id = m.id AND c.account_id = ?1)"
        " OR EXISTS (SELECT 1 FROM settlements s JOIN charges c ON c.id = s.charge_id"
        "  WHERE s.import_id = m.id AND c.account_id = ?1)"
        " OR (m.is_full = 1 AND m.id > (SELECT min(c.import_id) FROM charges c WHERE c.account_id = ?1)))"
        " ORDER BY m.as_of, m.id LIMIT 1",
        (account_id, paid_on.isoformat()),
    ).fetchone()
    return (row[0], date.fromisoformat(row[1])) if row else (None, None)
