"""诉讼时效 of an account as rows need it: the last day that comes first, derived and kept in `account_clock`.

Most accounts have nothing on record that could have restarted a clock: for these one statement tells the due days, of
lumps the months that are open, and the rule adds the years. Only the others are worked out line by line with all their
evidence. The day itself plays no part until a clock runs out, so a new day touches only those.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from feedesk.models.limitation import Clock, ClockState, end_of, line_of, untouched_end
from feedesk.models.store import balances
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.session import Session, marks, pieces

_MOST_MONTHS = 1_200
"""Of a lump of at least so many 分 every month has one: it can be taken month by month (`splits.refusal`)."""
Clocks = Callable[[Collection[int]], dict[int, dict[int, Clock]]]
"""`Limitation.of_accounts`."""
_Row = tuple[int, str | None, int, int]
"""As stored: account, first last day, open lines, how many of them are over."""
_OPEN = (
    "SELECT c.account_id, c.id, c.due_on, c.is_lump, c.period_from, c.period_to, c.months, c.due_is_assumed,"
    f" c.amount >= {_MOST_MONTHS} AND coalesce(m.settled + m.waived + m.paid, 0) = 0"
    " FROM live_charges c LEFT JOIN charge_money m ON m.charge_id = c.id"
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
    conn, known = session.conn, _Lumps(session)
    for part in pieces(account_ids):
        rows = _rows(session, part, clocks, known)
        conn.execute(f"DELETE FROM account_clock WHERE account_id IN ({marks(len(part))})", part)
        conn.executemany("INSERT INTO account_clock VALUES (?, ?, ?, ?)", rows)


def _rows(session: Session, part: list[int], clocks: Clocks, known: _Lumps) -> list[_Row]:
    """The rows of some accounts as they follow from the records today."""
    lines = _open_lines(session.conn, part)
    slow = _touched(session.conn, part) & lines.keys()
    known.learn([line for one, held in lines.items() if one not in slow for line in held])
    today = session.today()
    rows = [
        _from_ends(one, [known.end(line) for line in held], today) for one, held in lines.items() if one not in slow
    ]
    if slow:
        found = clocks(sorted(slow))
        rows += [_from_clocks(one, found.get(one, {})) for one in slow]
    return rows + [(one, None, 0, 0) for one in part if one not in lines]


def stale_clocks(session: Session) -> list[int]:
    """Accounts of which nothing is derived yet, or a clock has run out since it was.

    And those of which one is over, when the computer's date has been ahead and is put right: it may run again.
    """
    today = session.today().isoformat()
    rows = session.conn.execute(
        "SELECT a.id FROM accounts a LEFT JOIN account_clock k ON k.account_id = a.id"
        " WHERE k.account_id IS NULL OR k.limit_on < ?"
        " OR k.over > 0 AND (SELECT value FROM settings WHERE key = 'state_day') > ?",
        (today, today),
    )
    return [row[0] for row in rows]


def wrong_clocks(session: Session, clocks: Clocks, among: Collection[int] | None = None) -> list[int]:
    """Accounts (`among` these, or of all) whose kept row is another than follows from the records today."""
    kept = {row[0]: row for row in session.conn.execute("SELECT * FROM account_clock")}
    known = _Lumps(session)
    asked = sorted(kept if among is None else kept.keys() & among)
    return sorted(
        row[0] for part in pieces(asked) for row in _rows(session, part, clocks, known) if row != kept[row[0]]
    )


def limits_of(conn: sqlite3.Connection, account_ids: Sequence[int]) -> dict[int, tuple[str | None, bool]]:
    """The first last day of each account (as stored), and whether every open line is over."""
    rows = conn.execute(
        f"SELECT account_id, limit_on, over > 0 AND over = open_lines FROM account_clock"
        f" WHERE account_id IN ({marks(len(account_ids))})",
        account_ids,
    )
    return {account_id: (limit_on, bool(all_over)) for account_id, limit_on, all_over in rows}


class _Line(NamedTuple):
    """An open charge as stored: all that tells the end of a clock that nothing has restarted."""

    account_id: int
    charge_id: int
    due_on: str | None
    is_lump: int
    period: tuple[str | None, str | None, str | None]
    is_assumed: int
    own: int
    """Its id where something of it is settled, or it is tiny; else 0."""

    @property
    def like(self) -> tuple[object, ...]:
        """What lumps that end together have in common."""
        return self[2:]


class _Lumps:
    """The ends of lumps without evidence. A list holds few different ones: of those of which nothing has come in, one is
    worked out for all that are like it.
    """

    def __init__(self, session: Session) -> None:
        self._conn = session.conn
        self._due_day = OfficeSettings(session).profile().due_day
        self._ends: dict[tuple[object, ...], date | None] = {}

    def learn(self, lines: Sequence[_Line]) -> None:
        """Work out those of which none like it has been seen."""
        new = {line.like: line for line in lines if line.is_lump and line.like not in self._ends}
        wanted = {line.charge_id: line.like for line in new.values()}
        for charge in balances.charges_of(self._conn, {line.account_id for line in new.values()}):
            if charge.id in wanted:
                self._ends[wanted[charge.id]] = untouched_end(line_of(charge, self._due_day))

    def end(self, line: _Line) -> date | None:
        """The last day of a line, as `limitation.clock` tells it; None where none is known."""
        if line.is_lump:
            return self._ends[line.like]
        return end_of(date.fromisoformat(line.due_on)) if line.due_on else None


def _open_lines(conn: sqlite3.Connection, ids: list[int]) -> dict[int, list[_Line]]:
    found: dict[int, list[_Line]] = {}
    for account_id, charge_id, due_on, is_lump, first, last, months, assumed, is_whole in conn.execute(
        _OPEN.format(ids=marks(len(ids))), ids
    ):
        line = _Line(
            account_id, charge_id, due_on, is_lump, (first, last, months), assumed, 0 if is_whole else charge_id
        )
        found.setdefault(account_id, []).append(line)
    return found


def _touched(conn: sqlite3.Connection, ids: list[int]) -> set[int]:
    return {row[0] for row in conn.execute(_TOUCHED.format(ids=marks(len(ids))), ids * 4)}


def _from_ends(account_id: int, ends: Sequence[date | None], today: date) -> _Row:
    """`ends`: of each open line, None where it is not known."""
    told = [end for end in ends if end is not None]
    running = [end for end in told if end >= today]
    return account_id, min(running).isoformat() if running else None, len(ends), len(told) - len(running)


def _from_clocks(account_id: int, clocks: dict[int, Clock]) -> _Row:
    still_open = [one for one in clocks.values() if one.state is not ClockState.CLOSED]
    running = [one.conservative.expires_on for one in still_open if one.conservative and not one.is_over]
    over = sum(one.is_over for one in still_open)
    return account_id, min(running).isoformat() if running else None, len(still_open), over
