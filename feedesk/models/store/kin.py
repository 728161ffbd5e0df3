"""Units of one owner: what the person said for one of them holds for all (law §13.7 counts persons, not units)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from feedesk.models.contacts import Outcome
from feedesk.models.store.session import marks


def units(conn: sqlite3.Connection, account_ids: Collection[int]) -> set[int]:
    """All accounts of the owners of these accounts, these included."""
    rows = conn.execute(
        "SELECT id FROM accounts WHERE owner_id IN"
        f" (SELECT owner_id FROM accounts WHERE id IN ({marks(len(account_ids))}))",
        list(account_ids),
    )
    return {account_id for (account_id,) in rows}


def set_do_not_call(conn: sqlite3.Connection, account_ids: Collection[int], value: bool) -> set[int]:
    """勿电, or no longer, for every unit of these owners; returns the accounts it holds for."""
    ids = units(conn, account_ids)
    conn.executemany("UPDATE accounts SET do_not_call = ? WHERE id = ?", [(int(value), one) for one in ids])
    return ids


def follow_wish(conn: sqlite3.Connection, account_ids: Collection[int]) -> set[int]:
    """After voiding: 勿电 stays with these owners when another contact of any of their units asked for it too.

    Set by hand, no other contact touches it.
    """
    found: set[int] = set()
    for account_id in account_ids:
        if account_id in found:
            continue
        own = units(conn, [account_id])
        (asked,) = conn.execute(
            "SELECT count(*) FROM contacts c JOIN contact_accounts x ON x.contact_id = c.id"
            f" WHERE x.account_id IN ({marks(len(own))}) AND c.voided_at IS NULL AND c.outcome = ?",
            [*own, Outcome.DO_NOT_CALL],
        ).fetchone()
        found |= set_do_not_call(conn, own, asked > 0)
    return found


def share_wish(conn: sqlite3.Connection, account_ids: Collection[int]) -> None:
    """Units just joined: 勿电 of one is 勿电 of all."""
    (wished,) = conn.execute(
        f"SELECT max(do_not_call) FROM accounts WHERE id IN ({marks(len(account_ids))})", list(account_ids)
    ).fetchone()
    set_do_not_call(conn, account_ids, bool(wished))
