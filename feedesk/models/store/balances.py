"""Charges with what lowers them, as `store.ledger` has derived it: the one place that reads a balance."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.disputes import line_hold_text
from feedesk.models.periods import Period, parse_month
from feedesk.models.store.held import HELD_LINES
from feedesk.models.store.session import day, marks, pieces

SELECT = f"""
SELECT c.id, c.account_id, i.name, i.kind, c.period_from, c.period_to, c.months, c.amount,
       coalesce(m.settled + m.waived + m.paid, 0), c.due_on, c.due_is_assumed, c.is_lump, c.hold,
       coalesce(m.waived, 0), coalesce(m.paid, 0), d.dispute_id, d.kind, d.review_on, d.is_resolved
FROM live_charges c JOIN fee_items i ON i.id = c.item_id LEFT JOIN charge_money m ON m.charge_id = c.id
LEFT JOIN ({HELD_LINES}) d ON d.charge_id = c.id
"""
_ORDER = " ORDER BY c.account_id, c.due_on IS NULL, c.due_on, c.period_from, i.id, c.id"


@lru_cache(maxsize=4096)  # an office has few different periods and reads them with every charge
def read_period(first: str | None, last: str | None, months: str | None) -> Period | None:
    """A period from its three columns."""
    if months:
        return Period.parse(months)
    return Period.span(parse_month(first), parse_month(last)) if first and last else None


@lru_cache(maxsize=4096)
def period_columns(period: Period | None) -> tuple[str | None, str | None, str | None]:
    """The three columns of a period: from, to, and the months where there are gaps."""
    if period is None:
        return None, None, None
    text = Period.span(period.first, period.last).iso()
    first, _, last = text.partition("..")
    return first, last or first, period.iso() if period.has_gaps else None


def charges_of(conn: sqlite3.Connection, account_ids: Collection[int] | None) -> Iterator[Charge]:
    """All charges of these accounts (None: of all), oldest due first within an account."""
    if account_ids is None:
        rows: Iterator[tuple[Any, ...]] = iter(conn.execute(SELECT + _ORDER))
    else:
        rows = _in_pieces(conn, list(account_ids))
    for row in rows:
        yield _charge(row)


def _in_pieces(conn: sqlite3.Connection, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    for part in pieces(ids):
        yield from conn.execute(f"{SELECT} WHERE c.account_id IN ({marks(len(part))}){_ORDER}", part)


class Sums(NamedTuple):
    """What the charges of an account come to. Money in 分, days as stored."""

    owed: int
    oldest_due_on: str | None
    """The oldest due day of the open charges."""
    settled_some: bool
    """Part of an open charge is settled, let off or paid."""
    periods: str | None
    """The open charges' months as `Period.parse` reads them, empty for charges without months; None: none is open."""
    first_seen: str | None
    """When the present debt first came with a list."""


_SUMS = """
SELECT c.account_id, sum(c.amount - c.settled), min(c.due_on) FILTER (WHERE c.amount > c.settled),
       count(*) FILTER (WHERE c.amount > c.settled AND c.settled <> 0),
       group_concat(coalesce(c.months, c.period_from || '..' || c.period_to, '')) FILTER (WHERE c.amount > c.settled),
       min(m.applied_at) FILTER (WHERE m.applied_at >= coalesce(a.cleared_at, ''))
FROM (SELECT h.*, coalesce(y.settled + y.waived + y.paid, 0) AS settled
      FROM live_charges h LEFT JOIN charge_money y ON y.charge_id = h.id WHERE h.account_id IN ({ids})) c
JOIN accounts a ON a.id = c.account_id LEFT JOIN imports m ON m.id = c.import_id GROUP BY c.account_id
"""


def sums_of(conn: sqlite3.Connection, account_ids: Sequence[int]) -> dict[int, Sums]:
    """The sums of these accounts (at most some hundred), in one statement; those without a charge are left out."""
    rows = conn.execute(_SUMS.format(ids=marks(len(account_ids))), account_ids)
    return {row[0]: Sums(row[1], row[2], row[3] > 0, row[4], row[5]) for row in rows}


def by_account(conn: sqlite3.Connection, account_ids: Collection[int] | None) -> dict[int, list[Charge]]:
    """Charges grouped by account."""
    grouped = groupby(charges_of(conn, account_ids), key=lambda charge: charge.account_id)
    return {account_id: list(charges) for account_id, charges in grouped}


def _charge(row: tuple[Any, ...]) -> Charge:
    (charge_id, account_id, item, kind, first, last, months, amount, settled, due_on, assumed, lump, hold, waived,
     paid, dispute_id, about, review_on, is_resolved) = row  # fmt: skip
    if dispute_id is not None:
        hold = line_hold_text(about, day(review_on), is_resolved=bool(is_resolved))
    return Charge(
        id=charge_id,
        account_id=account_id,
        item=item,
        kind=FeeKind(kind),
        period=read_period(first, last, months),
        amount=amount,
        settled=settled,
        due_on=day(due_on),
        due_is_assumed=bool(assumed),
        is_lump=bool(lump),
        hold=hold,
        waived=waived,
        paid=paid,
        dispute_id=dispute_id,
    )
