"""Accounts changing hands: the writing itself, with its history, inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from feedesk.models.sharing import home_of
from feedesk.models.store.session import Session, marks

Move = tuple[int, int | None, int | None, str]
"""Account, the clerk it had, the clerk it gets, why."""
_JOINED = "与同一业主的其他房归一人（合并业主）"
_PARTED = "撤销合并"


def write_moves(session: Session, moves: Sequence[Move]) -> int:
    """Give accounts to other clerks and put that on record; returns the number of the first row, the others follow it."""
    conn, clerk = session.conn, session.require_clerk()
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM assignments").fetchone()
    conn.executemany(
        "INSERT INTO assignments (id, account_id, at, from_staff, to_staff, reason, staff_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (number, account_id, session.stamp(), before, after, why, clerk.id)
            for number, (account_id, before, after, why) in enumerate(moves, start=last + 1)
        ],
    )
    conn.executemany("UPDATE accounts SET staff_id = ? WHERE id = ?", [(to, one) for one, _, to, _ in moves])
    return int(last) + 1


def to_one_clerk(session: Session, account_ids: Collection[int]) -> None:
    """Units just joined go to one clerk, as sharing out would have it: who has most of those open, then the larger sum.

    Somebody who has left keeps them only where nobody here has any.
    """
    rows = session.conn.execute(
        "SELECT a.id, a.staff_id, coalesce(t.owed, 0), coalesce(s.active, 0) FROM accounts a"
        " LEFT JOIN account_state t ON t.account_id = a.id LEFT JOIN staff s ON s.id = a.staff_id"
        f" WHERE a.id IN ({marks(len(account_ids))}) ORDER BY a.id",
        list(account_ids),
    ).fetchall()
    here = home_of((staff_id, owed) for _, staff_id, owed, is_here in rows if is_here)
    home = here if here is not None else home_of((staff_id, owed) for _, staff_id, owed, _ in rows)
    moves = [(one, held, home, _JOINED) for one, held, _, _ in rows if held != home]
    if moves:
        write_moves(session, moves)


def give_back(session: Session, before: dict[int, int | None]) -> None:
    """A join is taken back: every unit to the clerk it had before, unless it has been given to somebody since."""
    held = held_by(session.conn, list(before))
    moved = {one for one in before if _last_reason(session.conn, one) == _JOINED}
    moves = [(one, held[one], before[one], _PARTED) for one in sorted(moved) if held[one] != before[one]]
    if moves:
        write_moves(session, moves)


def _last_reason(conn: sqlite3.Connection, account_id: int) -> str:
    """Why an account changed hands last; empty when it never did."""
    row = conn.execute(
        "SELECT reason FROM assignments WHERE account_id = ? ORDER BY id DESC LIMIT 1", (account_id,)
    ).fetchone()
    return str(row[0]) if row else ""


def held_by(conn: sqlite3.Connection, account_ids: Sequence[int]) -> dict[int, int | None]:
    """Whose each account is."""
    found: dict[int, int | None] = {}
    for start in range(0, len(account_ids), 500):
        part = list(account_ids[start : start + 500])
        found |= dict(conn.execute(f"SELECT id, staff_id FROM accounts WHERE id IN ({marks(len(part))})", part))
    return found
