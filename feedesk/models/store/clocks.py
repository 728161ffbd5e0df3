"""诉讼时效 of an account as rows need it: the last day that comes first, derived and kept in `account_clock`.

Most accounts have nothing on record that could have restarted a clock and no lumps: for these one statement tells the
oldest due day, and the rule adds the years. Only the others are worked out line by line. The day itself plays no part
until a clock runs out, so a new day touches only those.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import date

from feedesk.models.limitation import Clock, ClockState, end_of
from feedesk.models.store.session import Session, marks

_PIECE = 400
Clocks = Callable[[Collection[int]], dict[int, dict[int, Clock]]]
"""`Limitation.of_accounts`."""
_OPEN = (
    "SELECT c.account_id, c.id, c.due_on, c.is_lump FROM live_charges c LEFT JOIN charge_money m ON m.charge_id = c.id"
    " WHERE c.amount > coalesce(m.settled + m.waived + m.paid, 0) AND c.account_id IN ({ids})"
)
_TOUCHED = (
    "SELECT x.account_id FROM notice_accounts x JOIN deliveries d ON d.notice_id = x.notice_id WHERE d.voided_at IS NULL"
    " AND x.account_id IN ({ids}) UNION SELECT account_id FROM allocations WHERE account_id IN ({ids})"
    " UNION SELECT x.account_id FROM plan_accounts x JOIN plans p ON p.id = x.plan_id WHERE p.voided_at IS NULL"
    " AND x.account_id IN ({ids}) UNION SELECT x.account_id FROM document_accounts x JOIN documents d"
    " ON d.id = x.document_id WHERE d.voided_at IS NULL AND x.account_id IN ({ids})"
)
"""Accounts with anything that may have restarted a clock."""


def derive_clocks(session: Session, account_ids: Sequence[int], clocks: Clocks) -> None:
    """Work out `account_clock` of these accounts anew, inside the caller's transaction."""
    conn, today = session.conn, session.today()
    for start in range(0, len(account_ids), _PIECE):
        part = list(account_ids[start : start + _PIECE])
        lines = _open_lines(conn, part)
        slow = _touched(conn, part) & lines.keys()
        slow |= {one for one, held in lines.items() if any(is_lump for _, is_lump in held)}
        rows = [_from_lines(one, [due for due, _ in held], today) for one, held in lines.items() if one not in slow]
        if slow:
            found = clocks(sorted(slow))
            rows += [_from_clocks(one, found.get(one, {})) for one in slow]
        rows += [(one, None, 0, 0) for one in part if one not in lines]
        conn.execute(f"DELETE FROM account_clock WHERE account_id IN ({marks(len(part))})", part)
        conn.executemany("INSERT INTO account_clock VALUES (?, ?, ?, ?)", rows)


def stale_clocks(session: Session) -> list[int]:
    """Accounts of which nothing is derived yet, or a clock has run out since it was."""
    rows = session.conn.execute(
        "SELECT a.id FROM accounts a LEFT JOIN account_clock k ON k.account_id = a.id"
        " WHERE k.account_id IS NULL OR k.limit_on < ?",
        (session.today().isoformat(),),
    )
    return [row[0] for row in rows]


def limits_of(conn: sqlite3.Connection, account_ids: Sequence[int]) -> dict[int, tuple[str | None, bool]]:
    """The first last day of each account (as stored), and whether every open line is over."""
    rows = conn.execute(
        f"SELECT account_id, limit_on, over > 0 AND over = open_lines FROM account_clock"
        f" WHERE account_id IN ({marks(len(account_ids))})",
        account_ids,
    )
    return {account_id: (limit_on, bool(all_over)) for account_id, limit_on, all_over in rows}


def _open_lines(conn: sqlite3.Connection, ids: list[int]) -> dict[int, list[tuple[date | None, bool]]]:
    found: dict[int, list[tuple[date | None, bool]]] = {}
    for account_id, _charge_id, due_on, is_lump in conn.execute(_OPEN.format(ids=marks(len(ids))), ids):
        due = date.fromisoformat(due_on) if due_on else None
        found.setdefault(account_id, []).append((due, bool(is_lump)))
    return found


def _touched(conn: sqlite3.Connection, ids: list[int]) -> set[int]:
    return {row[0] for row in conn.execute(_TOUCHED.format(ids=marks(len(ids))), ids * 4)}


_Row = tuple[int, str | None, int, int]


def _from_lines(account_id: int, dues: Sequence[date | None], today: date) -> _Row:
    ends = [end_of(due) for due in dues if due is not None]
    running = [end for end in ends if end >= today]
    return account_id, min(running).isoformat() if running else None, len(dues), len(ends) - len(running)


def _from_clocks(account_id: int, clocks: dict[int, Clock]) -> _Row:
    still_open = [one for one in clocks.values() if one.state is not ClockState.CLOSED]
    running = [one.conservative.expires_on for one in still_open if one.conservative and not one.is_over]
    over = sum(one.is_over for one in still_open)
    return account_id, min(running).isoformat() if running else None, len(still_open), over
