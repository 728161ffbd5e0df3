"""Units of one owner: what the person said for one of them holds for all (law §13.7 counts persons, not units)."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from feedesk.models.contacts import Outcome
from feedesk.models.guard import day_limit, mark_words
from feedesk.models.store import contact_history
from feedesk.models.store.session import Session, day, marks, pieces
from feedesk.models.today import Household

_SEVERAL = "SELECT owner_id FROM accounts GROUP BY owner_id HAVING count(*) > 1"
"""Owners of several units: few among many, and the index of owners alone tells them."""


def units(conn: sqlite3.Connection, account_ids: Collection[int]) -> set[int]:
    """All accounts of the owners of these accounts, these included."""
    ids, found = list(account_ids), set[int]()
    for part in pieces(ids):
        rows = conn.execute(
            "SELECT id FROM accounts WHERE owner_id IN"
            f" (SELECT owner_id FROM accounts WHERE id IN ({marks(len(part))}))",
            part,
        )
        found.update(account_id for (account_id,) in rows)
    return found


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


class Belonging(NamedTuple):
    """Whose an account is, and what holds for the person, as it stood."""

    owner_id: int
    do_not_call: bool
    sensitive: str
    sensitive_until: str | None
    staff_id: int | None


def groups(conn: sqlite3.Connection, account_ids: Collection[int]) -> dict[int, Belonging]:
    """Owner, 勿电, 暂不联系 and clerk of these accounts and all their owners' others: what undoing a join needs."""
    ids = units(conn, account_ids)
    rows = conn.execute(
        "SELECT id, owner_id, do_not_call, sensitive, sensitive_until, staff_id FROM accounts"
        f" WHERE id IN ({marks(len(ids))})",
        list(ids),
    )
    return {row[0]: Belonging(row[1], bool(row[2]), *row[3:]) for row in rows}


def set_mark(session: Session, account_ids: Collection[int], reason: str, until: date | None) -> list[int]:
    """暂不联系 of these accounts, or its end (an empty reason), with its history; returns those it changed.

    A contact entered afterwards is judged by the mark of its own day, which only the history tells.
    """
    conn, clerk, before = session.conn, session.require_clerk(), dict[int, str]()
    for part in pieces(sorted(account_ids)):
        for account_id, old, last in conn.execute(
            f"SELECT id, sensitive, sensitive_until FROM accounts WHERE id IN ({marks(len(part))})", part
        ):
            before[account_id] = mark_words(old, day(last))
    after = mark_words(reason, until)
    changed = [account_id for account_id, words in before.items() if words != after]
    conn.executemany(
        "UPDATE accounts SET sensitive = ?, sensitive_until = ? WHERE id = ?",
        [(reason, until.isoformat() if until else None, account_id) for account_id in changed],
    )
    conn.executemany(
        "INSERT INTO trait_changes (account_id, at, trait, before, after, staff_id) VALUES (?, ?, ?, ?, ?, ?)",
        [(one, session.stamp(), "sensitive", before[one], after, clerk.id) for one in changed],
    )
    return changed


def regroup(session: Session, before: dict[int, Belonging]) -> None:
    """Everybody back to the owner he had."""
    session.conn.executemany(
        "UPDATE accounts SET owner_id = ?, do_not_call = ? WHERE id = ?",
        [(one.owner_id, int(one.do_not_call), account_id) for account_id, one in before.items()],
    )
    for account_id, one in before.items():
        set_mark(session, [account_id], one.sensitive, day(one.sensitive_until))


def share_wish(session: Session, account_ids: Collection[int]) -> None:
    """Units just joined: 勿电 of one is 勿电 of all, and so is 暂不联系, the longest mark of all."""
    conn = session.conn
    (wished,) = conn.execute(
        f"SELECT max(do_not_call) FROM accounts WHERE id IN ({marks(len(account_ids))})", list(account_ids)
    ).fetchone()
    set_do_not_call(conn, account_ids, bool(wished))
    mark = conn.execute(
        "SELECT sensitive, sensitive_until FROM accounts WHERE sensitive <> ''"
        f" AND id IN ({marks(len(account_ids))}) ORDER BY sensitive_until IS NULL DESC, sensitive_until DESC LIMIT 1",
        list(account_ids),
    ).fetchone()
    if mark is not None:
        reason, until = mark
        set_mark(session, account_ids, reason, day(until))


def households(conn: sqlite3.Connection, now: datetime) -> list[Household]:
    """Every owner of several units, with what is open and whether the limits of the day let him be called again."""
    accounts: dict[int, list[int]] = defaultdict(list)
    owed: dict[int, list[int]] = defaultdict(list)
    for owner_id, account_id, amount in conn.execute(
        f"SELECT owner_id, account_id, owed FROM account_state WHERE account_id IN"
        f" (SELECT id FROM accounts WHERE owner_id IN ({_SEVERAL})) ORDER BY room_key, account_id"
    ):
        accounts[owner_id].append(account_id)
        if amount:
            owed[owner_id].append(amount)
    firsts = [ids[0] for ids in accounts.values()]
    histories = contact_history.of_accounts(conn, firsts, now) if firsts else {}
    return [
        Household(
            account_ids=tuple(ids),
            open_units=len(owed[owner_id]),
            owed=sum(owed[owner_id]),
            stop=day_limit(now.date(), histories[ids[0]]),
        )
        for owner_id, ids in accounts.items()
    ]
