"""Balances as of any day, late fee included, of all accounts at once.

Most charges are untouched, and of most of the others the kept allocations still tell what counted on that day: those
are read as plain rows. Only accounts with something that came later (or expires, or was split or taken back) are
worked out anew from their records by `ledger.account.work_out`; both ways give the same (tests/test_store_as_of.py).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.account import AccountMoney, AccountRecords, open_of, work_out
from feedesk.models.ledger.as_of import BalanceAsOf
from feedesk.models.ledger.late_fee import Reckoner, bears_late_fee
from feedesk.models.store import balances, money_settings
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.session import Session, marks

_PIECE = 500
_SINCE = "coalesce(min(c.due_on, m.as_of), c.due_on, m.as_of, '')"
"""The day a charge counts from: its due day or its list's, whichever is earlier."""
_CHARGES = (
    "SELECT c.account_id, c.id, c.amount, c.due_on, c.item_id, c.is_lump, k.settled + k.waived + k.paid"
    " FROM live_charges c LEFT JOIN imports m ON m.id = c.import_id LEFT JOIN charge_money k ON k.charge_id = c.id"
    f" WHERE {_SINCE} <= ?"
)
_LOWERED = (
    "SELECT s.charge_id, m.as_of, s.amount FROM live_settlements s JOIN imports m ON m.id = s.import_id"
    " JOIN charges c ON c.id = s.charge_id WHERE s.undoes IS NULL",
    "SELECT c.charge_id, c.granted_on, c.amount FROM waivers c WHERE c.voided_at IS NULL AND c.target = 'principal'",
    "SELECT c.charge_id, p.paid_on, c.amount FROM allocations c JOIN payments p ON p.id = c.payment_id WHERE 1",
)
"""Everything that lowers a charge, by day, for accounts of which nothing must be worked out anew."""
_LATER = (
    ("SELECT 1 FROM imports m WHERE m.voided_at IS NULL AND m.as_of > ?1",
     "SELECT c.account_id FROM live_settlements s JOIN imports m ON m.id = s.import_id"
     " JOIN charges c ON c.id = s.charge_id WHERE m.as_of > ?1"),
    ("SELECT 1 FROM live_payments WHERE paid_on > ?1",
     "SELECT h.account_id FROM payment_shares h JOIN live_payments p ON p.id = h.payment_id WHERE p.paid_on > ?1"),
    ("SELECT 1 FROM waivers WHERE voided_at IS NULL AND (granted_on > ?1 OR expires_on IS NOT NULL)",
     "SELECT account_id FROM waivers WHERE voided_at IS NULL AND target = 'principal'"
     " AND (granted_on > ?1 OR expires_on IS NOT NULL)"),
    ("SELECT 1 FROM charges c LEFT JOIN imports m ON m.id = c.import_id"
     f" WHERE {_SINCE} > ?1",
     "SELECT c.account_id FROM live_charges c LEFT JOIN imports m ON m.id = c.import_id"
     f" WHERE {_SINCE} > ?1"),
    ("SELECT 1 FROM settlements WHERE undoes IS NOT NULL",
     "SELECT c.account_id FROM settlements s JOIN charges c ON c.id = s.charge_id WHERE s.undoes IS NOT NULL"),
    ("SELECT 1 FROM charges WHERE split_id IS NOT NULL",
     "SELECT account_id FROM charges WHERE split_id IS NOT NULL"),
)  # fmt: skip
"""(whether there is any at all, whose) of what makes the kept allocations others than those of the day."""

_ordinal: Callable[[str], int] = lru_cache(maxsize=8192)(lambda text: date.fromisoformat(text).toordinal())


class BalancesAsOf:
    """Reads balances as of a day; writes nothing."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    def of_accounts(self, as_of: date, account_ids: Sequence[int] | None = None) -> dict[int, BalanceAsOf]:
        """Balances at the end of `as_of`, as the records stand today (a reversed payment counts on no day).

        Of all accounts that ever had a charge or a payment, or of those named; money that is not there is 0.
        """
        if account_ids is not None:
            whole: dict[int, BalanceAsOf] = {}
            for start in range(0, len(account_ids), _PIECE):
                whole |= self._read(as_of, list(account_ids[start : start + _PIECE]))
            return {key: whole.get(key, BalanceAsOf(key)) for key in account_ids}
        return self._read(as_of, None)

    def charges(self, account_id: int, as_of: date) -> tuple[tuple[Charge, ...], int]:
        """The charges of an account as they stood at the end of a day, oldest due first, and its prepayment (分)."""
        then = self._ledger.records([account_id])[account_id].until(as_of)
        money = work_out(then, self._ledger.rule(), as_of)
        found = [
            replace(charge, settled=parts.lowered, waived=parts.waived, paid=parts.paid)
            for charge in balances.charges_of(self._session.conn, [account_id])
            if (parts := money.charges.get(charge.id)) is not None
        ]
        return tuple(found), money.prepaid

    def _read(self, as_of: date, ids: list[int] | None) -> dict[int, BalanceAsOf]:
        conn = self._session.conn
        policy = money_settings.late_fee_policy_of(conn)
        reckoner = Reckoner(policy, money_settings.lpr_of(conn), as_of) if policy.is_on else None
        bearing = _bearing_items(conn)
        anew = self._changed_since(as_of)
        sums: dict[int, list[int]] = defaultdict(_nothing)
        lowered = self._lowered_by_day(ids) if reckoner else {}
        for account_id, charge_id, amount, due_on, item_id, is_lump, less in self._rows(
            _CHARGES, ids, as_of.isoformat()
        ):
            tally = sums[account_id]
            tally[0] += amount - less if less else amount
            if reckoner is None or due_on is None or is_lump or item_id not in bearing or account_id in anew:
                continue
            by_day: Sequence[tuple[int, int]] = ()
            if less:
                by_day = sorted(lowered.get(charge_id, ()))
                if sum(part for _, part in by_day) != less:
                    anew.add(account_id)  # more was let off or settled than was open: what counts is worked out
                    continue
            contract, lpr, claimed = reckoner.figures(amount, _ordinal(due_on), by_day)
            tally[1] += contract
            tally[2] += lpr
            tally[3] += claimed
        prepaid, paid = self._kept_money(ids)
        for account_id in (prepaid.keys() | paid.keys()) - sums.keys():
            sums[account_id] = _nothing()  # paid without ever owing
        whose = anew if ids is None else anew.intersection(ids)
        for account_id, records, money in self._anew(whose, as_of):
            sums[account_id] = self._worked_out(records, money, reckoner)
            prepaid[account_id], paid[account_id] = money.prepaid, money.late_fee_paid
        waived = self.late_fee_waived(as_of, ids)
        return {
            key: BalanceAsOf(
                key, principal, contract, lpr, claimed, waived.get(key, 0), paid.get(key, 0), prepaid.get(key, 0)
            )
            for key, (principal, contract, lpr, claimed) in sums.items()
        }

    def late_fee_waived(self, as_of: date, account_ids: Sequence[int] | None = None) -> dict[int, int]:
        """Late fee let off up to a day, by account, in 分; one that expires counts as long as it holds."""
        found: dict[int, int] = defaultdict(int)
        expired: dict[int, list[tuple[int | None, date, int]]] = defaultdict(list)
        rows = self._rows(
            "SELECT c.account_id, c.charge_id, c.amount, c.expires_on FROM waivers c WHERE c.voided_at IS NULL"
            " AND c.target = 'late_fee' AND c.granted_on <= ?",
            account_ids,
            as_of.isoformat(),
        )
        for account_id, charge_id, amount, expires_on in rows:
            last = date.fromisoformat(expires_on) if expires_on else None
            if last is None or as_of <= last:
                found[account_id] += amount
            else:
                expired[account_id].append((charge_id, last, amount))
        records = self._ledger.records(sorted(expired))
        for account_id, waivers in expired.items():
            for charge_id, last, amount in waivers:
                if not self._open_then(records[account_id], charge_id, last):
                    found[account_id] += amount
        return dict(found)

    def _open_then(self, records: AccountRecords, charge_id: int | None, day: date) -> int:
        """What was open of a charge and the months it was split into, or of the account, at the end of a day (分)."""
        then = records.until(day)
        opens = open_of(then, work_out(then, self._ledger.rule(), day))
        concerned = opens if charge_id is None else dict(records.lumps).get(charge_id, (charge_id,))
        return sum(opens.get(one, 0) for one in concerned)

    def _rows(self, sql: str, ids: Sequence[int] | None, *values: object) -> Iterator[tuple[Any, ...]]:
        """Rows of a statement that names the account `c.account_id`, of all accounts or in pieces."""
        conn = self._session.conn
        if ids is None:
            yield from conn.execute(sql, values)
            return
        for start in range(0, len(ids), _PIECE):
            part = ids[start : start + _PIECE]
            yield from conn.execute(f"{sql} AND c.account_id IN ({marks(len(part))})", [*values, *part])

    def _changed_since(self, as_of: date) -> set[int]:
        """Accounts whose kept allocations may be others than those of the day."""
        conn, day = self._session.conn, (as_of.isoformat(),)
        found: set[int] = set()
        for is_any, whose in _LATER:
            if conn.execute(f"SELECT EXISTS ({is_any})", day[: is_any.count("?")]).fetchone()[0]:
                found.update(row[0] for row in conn.execute(whose, day[: whose.count("?")]))
        return found

    def _lowered_by_day(self, ids: Sequence[int] | None) -> dict[int, list[tuple[int, int]]]:
        """(ordinal of the day, 分) of all that lowers a charge."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for sql in _LOWERED:
            for charge_id, on, amount in self._rows(sql, ids):
                found[charge_id].append((_ordinal(on), amount))
        return found

    def _kept_money(self, ids: Sequence[int] | None) -> tuple[dict[int, int], dict[int, int]]:
        """Prepayment, and late fee paid."""
        rows = list(self._rows("SELECT c.account_id, c.prepaid, c.late_fee_paid FROM account_money c WHERE 1", ids))
        return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}

    def _anew(self, account_ids: Iterable[int], as_of: date) -> Iterator[tuple[int, AccountRecords, AccountMoney]]:
        rule = self._ledger.rule()
        for account_id, records in self._ledger.records(sorted(account_ids)).items():
            then = records.until(as_of)
            yield account_id, then, work_out(then, rule, as_of)

    @staticmethod
    def _worked_out(records: AccountRecords, money: AccountMoney, reckoner: Reckoner | None) -> list[int]:
        tally = _nothing()
        for charge in records.charges:
            lowered = money.charges[charge.id]
            tally[0] += charge.amount - lowered.lowered
            if reckoner is not None and charge.bears_late_fee and charge.due_on is not None:
                by_day = sorted((day.toordinal(), part) for day, part in lowered.by_day)
                for place, amount in enumerate(reckoner.figures(charge.amount, charge.due_on.toordinal(), by_day), 1):
                    tally[place] += amount
        return tally


def _bearing_items(conn: sqlite3.Connection) -> set[int]:
    """Fee items that bear late fee."""
    items = conn.execute("SELECT id, kind FROM fee_items")
    return {item_id for item_id, kind in items if bears_late_fee(FeeKind(kind), is_lump=False)}


def _nothing() -> list[int]:
    """Principal, late fee by contract, by LPR × 1.3, claimed."""
    return [0, 0, 0, 0]
