"""The yearly plan, and the charges as the rates of 统计 count them, read in few statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.collection import (
    Figures,
    HouseholdRow,
    Line,
    Span,
    figures,
    households,
)
from feedesk.models.ledger.account import AccountRecords, work_out
from feedesk.models.store.balances import read_period
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.session import Session, day, pieces
from feedesk.models.yearly_plan import MonthPlan, YearPlan, plan_problems

_CHARGES = """
SELECT c.id, c.account_id, c.period_from, c.period_to, c.months, c.amount,
       coalesce(w.waived, 0), coalesce(w.settled + w.paid, 0)
FROM live_charges c LEFT JOIN charge_money w ON w.charge_id = c.id LEFT JOIN imports m ON m.id = c.import_id
WHERE coalesce(min(coalesce(c.due_on, m.as_of), coalesce(m.as_of, c.due_on)), '') <= ?
"""
"""A charge counts from its due day or its list's day, whichever is earlier, as in the ledger."""

_PAID = """
SELECT a.charge_id, p.paid_on, sum(a.amount) FROM allocations a JOIN payments p ON p.id = a.payment_id
WHERE p.paid_on >= ? GROUP BY a.charge_id, p.paid_on
"""

_SETTLED = """
SELECT s.charge_id, m.as_of, s.amount + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0)
       - coalesce((SELECT sum(k.amount) FROM live_covers k WHERE k.settlement_id = s.id), 0)
FROM live_settlements s JOIN imports m ON m.id = s.import_id WHERE s.undoes IS NULL AND m.as_of >= ?
AND s.charge_id NOT IN (SELECT id FROM charges WHERE split_id IS NOT NULL)
"""
"""Net of what was taken back and of what payments have replaced: those count on the day of the payment. What was split
is left to `_poured`."""

_RICH = """
SELECT account_id FROM payment_shares UNION SELECT account_id FROM waivers
UNION SELECT account_id FROM charges WHERE split_id IS NOT NULL
"""
"""Accounts with more than charges and settlements: on an earlier day their money may have lain otherwise."""
_SPLIT = "SELECT id, account_id FROM live_charges WHERE split_id IS NOT NULL"


_Entry = tuple[int, str, int]
"""Charge, day, 分 that came in for it."""


class _Moved(NamedTuple):
    """What of the money for a charge came within the span's days, then up to the day counted to, and after it. 分."""

    recovered: int
    later: int
    after: int


_STILL = _Moved(0, 0, 0)
_NOTHING = (0, 0, 0, 0)


class Targets:
    """Keeps the yearly plans; reads the figures of 统计."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    # --- the plan ---

    def plan(self, year: int) -> YearPlan:
        """The plan of a year; an empty one when nothing was set."""
        conn = self._session.conn
        months = [MonthPlan()] * 12
        for month, rate_bp, receivable, count, answers in conn.execute(
            "SELECT month, rate_bp, receivable, households, answers FROM targets WHERE year = ?", (year,)
        ):
            months[month - 1] = MonthPlan(rate_bp, receivable, count, answers)
        stored = conn.execute("SELECT value FROM settings WHERE key = ?", (_key(year),)).fetchone()
        more = json.loads(stored[0]) if stored else {}
        return YearPlan(year, tuple(months), more.get("household_bp"), more.get("recovery_bp"))

    def save_plan(self, *plans: YearPlan) -> Changes:
        """Keep these plans, all or none, instead of those before, which stay in the log; raises `BadInput`."""
        problems = [problem for plan in plans for problem in plan_problems(plan)]
        if problems:
            raise BadInput(f"{problems[0].text}年度计划没有保存。", "请改好后再存。")
        session = self._session
        session.require_clerk()
        with session.writing() as conn:
            for plan in plans:
                rows = [
                    (plan.year, number, month.rate_bp, month.receivable, month.households, month.answers.strip())
                    for number, month in enumerate(plan.months, start=1)
                    if month != MonthPlan()
                ]
                more = {"household_bp": plan.household_bp, "recovery_bp": plan.recovery_bp}
                conn.execute("DELETE FROM targets WHERE year = ?", (plan.year,))
                conn.executemany("INSERT INTO targets VALUES (?, ?, ?, ?, ?, ?)", rows)
                conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_key(plan.year), json.dumps(more)))
                session.note("改年度计划", f"{plan.year}年", {"months": rows, **more})
        return Changes()

    # --- figures ---

    def figures(self, span: Span) -> Figures:
        """The figures of a span."""
        conn = self._session.conn
        lines, undated = self._lines(span)
        buildings = dict(conn.execute("SELECT account_id, building FROM account_state"))
        (as_of,) = conn.execute(
            "SELECT max(as_of) FROM imports WHERE voided_at IS NULL AND as_of <= ?", (span.as_of.isoformat(),)
        ).fetchone()
        plans = {year: self.plan(year) for year in range(span.first // 12, span.year + 1)}
        return figures(lines, span, plans, buildings, undated=undated, list_as_of=day(as_of))

    def households(self, span: Span) -> list[HouseholdRow]:
        """The accounts behind the figures of a span, in the order of rooms."""
        lines, _undated = self._lines(span)
        found = households(lines, span)
        rows = self._session.conn.execute(
            "SELECT account_id, room, name, building FROM account_state ORDER BY room_key, account_id"
        )
        return [
            HouseholdRow(found[account_id], room, name, building)
            for account_id, room, name, building in rows
            if account_id in found
        ]

    # --- reading ---

    def _lines(self, span: Span) -> tuple[list[Line], tuple[int, int]]:
        """All charges that count on the day of the span, and (number, 分 open) of those without months."""
        anew = self._worked_out(span) if span.as_of < self._session.today() else {}
        moved = _sum_up(self._moved(min(span.first_day, span.as_of + timedelta(days=1))), span)
        lines, undated = list[Line](), list[int]()
        for charge_id, account_id, first, last, months, amount, waived, reduced in self._session.conn.execute(
            _CHARGES, (span.as_of.isoformat(),)
        ):
            recovered, later, after = moved.get(charge_id, _STILL)
            reduced -= after
            if account_id in anew:
                waived, reduced, recovered, later = anew[account_id].get(charge_id, _NOTHING)
            period = read_period(first, last, months)
            if period:
                lines.append(Line(account_id, period.months, amount, waived, reduced, recovered, later))
            elif amount > waived + reduced:
                undated.append(amount - waived - reduced)
        return lines, (len(undated), sum(undated))

    def _moved(self, since: date) -> list[_Entry]:
        """What came in for each charge since a day, from what the ledger has derived."""
        conn, first = self._session.conn, (since.isoformat(),)
        entries = [*conn.execute(_PAID, first), *conn.execute(_SETTLED, first)]
        split: dict[int, int] = dict(conn.execute(_SPLIT))
        for records in self._records(sorted(set(split.values()))).values():
            entries += [entry for entry in _poured(records) if entry[0] in split]
        return entries

    def _worked_out(self, span: Span) -> dict[int, dict[int, tuple[int, int, int, int]]]:
        """By account and charge, what an earlier day knew: waived, reduced, recovered, later (see `Line`)."""
        rule = self._ledger.rule()
        found: dict[int, dict[int, tuple[int, int, int, int]]] = {}
        ids = [row[0] for row in self._session.conn.execute(_RICH)]
        for account_id, everything in self._records(ids).items():
            records = everything.until(span.as_of)
            money = work_out(records, rule, span.as_of)
            paid_on = {share.payment_id: share.paid_on.isoformat() for share in records.shares}
            entries = [(one.charge_id, paid_on[one.payment_id], one.amount) for one in money.allocations]
            moved = _sum_up(entries + _poured(records), span)
            found[account_id] = {
                charge_id: (parts.waived, parts.settled + parts.paid, *moved.get(charge_id, _STILL)[:2])
                for charge_id, parts in money.charges.items()
            }
        return found

    def _records(self, ids: Sequence[int]) -> dict[int, AccountRecords]:
        found: dict[int, AccountRecords] = {}
        for part in pieces(ids):
            found |= self._ledger.records(part)
        return found


def _key(year: int) -> str:
    return f"plan_{year}"


def _poured(records: AccountRecords) -> list[_Entry]:
    """Settlements by day and charge, each poured over the months of a split lump as `work_out` does it."""
    left = {charge.id: charge.amount for charge in records.charges}
    entries: list[_Entry] = []
    for settlement in records.settlements:
        amount = settlement.amount
        for charge_id in settlement.charge_ids:
            part = min(amount, left.get(charge_id, 0))
            if part:
                left[charge_id] -= part
                amount -= part
                entries.append((charge_id, settlement.as_of.isoformat(), part))
    return entries


def _sum_up(entries: Iterable[_Entry], span: Span) -> dict[int, _Moved]:
    """By charge, what came when; money from before the span moves nothing."""
    first, end, until = span.first_day.isoformat(), span.end.isoformat(), span.as_of.isoformat()
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for charge_id, on, amount in entries:
        if on > until:
            sums[charge_id][2] += amount
        elif on > end:
            sums[charge_id][1] += amount
        elif on >= first:
            sums[charge_id][0] += amount
    return {charge_id: _Moved(*three) for charge_id, three in sums.items()}
