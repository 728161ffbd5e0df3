"""What objections hold, as SQL over `disputes d`: the one counterpart of `models.disputes.is_holding`, and what they and
the marks of single lines come to for an account.

One objection about several lines is several rows: the first leads, the others are `part_of` it and follow it in all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from feedesk.models.disputes import DEFECTS
from feedesk.models.store.session import day, marks

MUST_MEND = f"(coalesce(d.is_ours, 0) = 1 OR d.kind IN ({', '.join(repr(kind) for kind in DEFECTS)}))"
"""Our own fault, or a defect: solved and reported back before the money is asked for."""

HOLDING = f"((d.hold = 1 OR {MUST_MEND}) AND (d.resolved_at IS NULL OR d.reported_at IS NULL))"
"""The objection holds what it is about."""

TO_REPORT = "(d.resolved_at IS NOT NULL AND d.reported_at IS NULL)"
"""An outcome is there and the owner has not been told."""

RUNNING = "(d.resolved_at IS NULL OR d.reported_at IS NULL)"
"""Not closed yet."""

HELD_LINES = f"""
SELECT coalesce(k.id, d.charge_id) AS charge_id, min(coalesce(d.part_of, d.id)) AS dispute_id, d.kind, d.review_on,
       d.resolved_at IS NOT NULL AS is_resolved
FROM disputes d LEFT JOIN splits s ON s.charge_id = d.charge_id AND s.voided_at IS NULL
LEFT JOIN charges k ON k.split_id = s.id
WHERE d.charge_id IS NOT NULL AND {HOLDING} GROUP BY 1
"""
"""Every charge that an objection holds; of a lump split by month all its months (min takes its row along)."""

_PIECE = 400
_SOME = (
    "SELECT account_id FROM charges WHERE hold <> '' AND account_id IN ({ids}) UNION SELECT account_id FROM disputes d"
    f" WHERE charge_id IS NOT NULL AND {HOLDING} AND account_id IN ({{ids}})"
)
_MANY = 2_000
"""From so many accounts on, one look at all lines is less than one at theirs."""
_ANY = (
    "SELECT account_id FROM charges WHERE hold <> '' UNION SELECT account_id FROM disputes d"
    f" WHERE charge_id IS NOT NULL AND {HOLDING}"
)
_ALL = (
    "SELECT c.account_id, min(d.review_on), max(d.dispute_id), coalesce(max(o.opened_at), '') FROM live_charges c"
    f" LEFT JOIN charge_money m ON m.charge_id = c.id LEFT JOIN ({HELD_LINES}) d ON d.charge_id = c.id"
    " LEFT JOIN disputes o ON o.id = d.dispute_id"
    " WHERE c.account_id IN ({ids}) AND c.amount > coalesce(m.settled + m.waived + m.paid, 0)"
    " GROUP BY c.account_id HAVING min(c.hold <> '' OR d.dispute_id IS NOT NULL) = 1"
)

_SUMS = (
    "SELECT c.account_id, sum(c.amount - coalesce(m.settled + m.waived + m.paid, 0)) FROM live_charges c"
    f" LEFT JOIN charge_money m ON m.charge_id = c.id LEFT JOIN ({HELD_LINES}) d ON d.charge_id = c.id"
    " WHERE c.account_id IN ({ids}) AND c.amount > coalesce(m.settled + m.waived + m.paid, 0)"
    " AND (c.hold <> '' OR d.dispute_id IS NOT NULL) GROUP BY c.account_id"
)


class HeldAll(NamedTuple):
    """An account of which every open line is held by itself: it is left in peace like one that is held whole."""

    why: str
    """Empty: it is not so."""
    review_on: date | None
    """The first day on which that is looked at."""
    since: str
    """When the last of the objections was opened, as stored; empty when none is known."""


NOT_HELD = HeldAll("", None, "")


def accounts_held_all(conn: sqlite3.Connection, account_ids: Collection[int]) -> dict[int, HeldAll]:
    """Those of these accounts of which every open line is held by itself."""
    found: dict[int, HeldAll] = {}
    ids = list(account_ids)
    if len(ids) >= _MANY:
        wanted = set(ids)
        ids = sorted(row[0] for row in conn.execute(_ANY) if row[0] in wanted)
    for start in range(0, len(ids), _PIECE):
        part = ids[start : start + _PIECE]
        some = [row[0] for row in conn.execute(_SOME.format(ids=marks(len(part))), part * 2)]
        for account_id, review_on, dispute, since in conn.execute(_ALL.format(ids=marks(len(some))), some):
            why = "每一笔都有异议，暂缓催缴" if dispute else "每一笔都已暂缓催缴"
            found[account_id] = HeldAll(why, day(review_on), since)
    return found


def held_sums_of(conn: sqlite3.Connection, account_ids: Collection[int]) -> dict[int, int]:
    """By account, the 分 still open of lines that are held one by one; those without are left out."""
    found: dict[int, int] = {}
    ids = list(account_ids)
    for start in range(0, len(ids), _PIECE):
        part = ids[start : start + _PIECE]
        some = [row[0] for row in conn.execute(_SOME.format(ids=marks(len(part))), part * 2)]
        if some:
            found |= dict(conn.execute(_SUMS.format(ids=marks(len(some))), some))
    return found


def to_report(conn: sqlite3.Connection, account_ids: Collection[int]) -> dict[int, str]:
    """By account, the kind of an objection that has an outcome of which the owner has not been told."""
    found: dict[int, str] = {}
    ids = list(account_ids)
    for start in range(0, len(ids), _PIECE):
        part = ids[start : start + _PIECE]
        rows = conn.execute(
            f"SELECT account_id, kind, max(id) FROM disputes d WHERE {TO_REPORT}"
            f" AND account_id IN ({marks(len(part))}) GROUP BY account_id",
            part,
        )
        found |= {account_id: kind for account_id, kind, _last in rows}
    return found
