"""Accounts as matching a statement needs them, and what was booked without a statement. Amounts in 分."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from feedesk.models.ledger.payments import PayMethod
from feedesk.models.statements import Payee, Taken
from feedesk.models.store import balances


def payees_of(conn: sqlite3.Connection) -> list[Payee]:
    """Every account with what it owes now: present owners, and former ones whose debt stays with them."""
    phones: dict[int, list[str]] = defaultdict(list)
    for account_id, number in conn.execute("SELECT account_id, number FROM phones ORDER BY id"):
        phones[account_id].append(number)
    settled: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for account_id, as_of, amount in conn.execute(
        "SELECT c.account_id, m.as_of, sum(s.amount"
        " + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0)"
        " - coalesce((SELECT sum(k.amount) FROM live_covers k WHERE k.settlement_id = s.id), 0)) AS free"
        " FROM live_settlements s JOIN charges c ON c.id = s.charge_id JOIN imports m ON m.id = s.import_id"
        " WHERE s.undoes IS NULL GROUP BY c.account_id, m.id HAVING free > 0 ORDER BY m.as_of, m.id"
    ):
        settled[account_id].append((date.fromisoformat(as_of), amount))
    listed = _listed_on(conn)
    return [
        Payee(
            account_id, owner_id, room, name, tuple(phones.get(account_id, ())), owed, not is_former,
            listed_on=listed.get(account_id), settled=tuple(settled.get(account_id, ())),
        )
        for account_id, owner_id, room, name, owed, is_former in conn.execute(
            "SELECT account_id, owner_id, room, name, owed, is_former FROM account_state"
            " ORDER BY room_key, account_id"
        )
    ]  # fmt: skip


def _listed_on(conn: sqlite3.Connection) -> dict[int, date]:
    """The latest day of a list that says what an account owes: one that names it, or a full one since it is known."""
    full = conn.execute("SELECT id, as_of FROM imports WHERE voided_at IS NULL AND is_full = 1 ORDER BY id").fetchall()
    settled = dict(
        conn.execute(
            "SELECT c.account_id, max(m.as_of) FROM live_settlements s JOIN charges c ON c.id = s.charge_id"
            " JOIN imports m ON m.id = s.import_id GROUP BY c.account_id"
        )
    )
    days = {as_of: date.fromisoformat(as_of) for (as_of,) in conn.execute("SELECT DISTINCT as_of FROM imports")}
    found: dict[int, date] = {}
    for account_id, first, named in conn.execute(
        "SELECT c.account_id, min(m.id), max(m.as_of) FROM live_charges c JOIN imports m ON m.id = c.import_id"
        " GROUP BY c.account_id"
    ):
        known = (named, settled.get(account_id, ""), *(as_of for list_id, as_of in full if list_id >= first))
        found[account_id] = days[max(known)]
    return found


def taken_by_hand(conn: sqlite3.Connection) -> list[Taken]:
    """Payments booked by hand: a statement brings the same money again."""
    found: dict[int, tuple[list[int], tuple[Any, ...]]] = {}
    for payment_id, account_id, *rest in conn.execute(
        "SELECT p.id, h.account_id, p.amount, p.paid_on, p.method, p.reference FROM live_payments p"
        " JOIN payment_shares h ON h.payment_id = p.id WHERE p.line_id IS NULL AND p.method <> ? ORDER BY p.id",
        (PayMethod.CASH,),
    ):
        found.setdefault(payment_id, ([], tuple(rest)))[0].append(account_id)
    return [
        Taken(tuple(ids), amount, date.fromisoformat(paid_on), PayMethod(method), reference)
        for ids, (amount, paid_on, method, reference) in found.values()
    ]


def parts_of(conn: sqlite3.Connection, account_id: int) -> list[tuple[str, int]]:
    """What of an account can be paid by itself: a fee item, a charge, all of one month."""
    items: Counter[str] = Counter()
    months: Counter[str] = Counter()
    found: dict[str, int] = {}
    for charge in balances.charges_of(conn, [account_id]):
        if charge.owed:
            items[charge.item] += charge.owed
            months[charge.period_text()] += charge.owed
            found[f"{charge.item} {charge.period_text()}"] = charge.owed
    return [*items.items(), *months.items(), *found.items()]
