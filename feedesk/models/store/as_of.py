"""Balances as of any day, late fee included, of all accounts at once.

The kept allocations tell, with the days of what lowered each charge, what counted on nearly any day: later payments
never change what earlier ones paid (`ledger.allocation`). They are read as plain rows. Only accounts of which that
is not so (see `_to_work_out`) are worked out anew from their records; both ways give the same.
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
from feedesk.models.ledger.account import AccountMoney, AccountRecords, work_out
from feedesk.models.ledger.as_of import BalanceAsOf
from feedesk.models.ledger.late_fee import Reckoner, bears_late_fee
from feedesk.models.store import balances, money_settings
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.plan_facts import fee_free_charges
from feedesk.models.store.session import Session, marks, pieces
from feedesk.models.store.waiver_facts import lapses

_CHARGES = (
    "SELECT c.account_id, c.id, c.amount, CASE WHEN c.is_lump = 0 AND c.item_id IN ({bearing}) THEN c.due_on END"
    " FROM live_charges c {list} WHERE {counts}"
)
_LIST = "LEFT JOIN imports m ON m.id = c.import_id"
_SINCE = "coalesce(min(c.due_on, m.as_of), c.due_on, m.as_of, '')"
"""The day a charge counts from: its due day or its list's, whichever is earlier."""
_LOWERED = (
    "SELECT s.charge_id, m.as_of, s.amount FROM live_settlements s JOIN imports m ON m.id = s.import_id"
    " JOIN charges c ON c.id = s.charge_id WHERE s.undoes IS NULL",
    "SELECT c.charge_id, c.granted_on, c.amount FROM waivers c WHERE c.voided_at IS NULL AND c.target = 'principal'",
    "SELECT c.charge_id, p.paid_on, c.amount FROM allocations c JOIN payments p ON p.id = c.payment_id WHERE 1",
)
"""(charge, day, 分) of everything that lowers a charge, where nothing was taken back."""
_PAYERS = "SELECT account_id FROM allocations UNION SELECT account_id FROM account_money"
_LATER_LISTS = "SELECT 1 FROM imports WHERE voided_at IS NULL AND as_of > ?"
_LATER_DEBTS = (
    "SELECT c.account_id FROM live_settlements s JOIN imports m ON m.id = s.import_id"
    " JOIN charges c ON c.id = s.charge_id WHERE m.as_of > ?1"
    " UNION SELECT account_id FROM waivers WHERE voided_at IS NULL AND target = 'principal' AND granted_on > ?1"
    f" UNION SELECT c.account_id FROM live_charges c {_LIST} WHERE {_SINCE} > ?1"
)
"""Accounts whose debts were others on an earlier day than now, payments apart."""
_LATER_PAYERS = (
    "SELECT h.account_id FROM payment_shares h JOIN live_payments p ON p.id = h.payment_id WHERE p.paid_on > ?1"
    " AND h.account_id IN (SELECT account_id FROM account_money)"
)
"""Accounts with prepayment or paid late fee, some of it later."""
_ODD = (
    "SELECT account_id FROM waivers WHERE voided_at IS NULL AND target = 'principal' AND expires_on IS NOT NULL"
    " UNION SELECT c.account_id FROM settlements s JOIN charges c ON c.id = s.charge_id WHERE s.undoes IS NOT NULL"
    " UNION SELECT account_id FROM charges WHERE split_id IS NOT NULL"
)
"""Accounts with what may lapse, was taken back or pours over several charges."""

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
            for part in pieces(account_ids):
                whole |= self._read(as_of, part)
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
        reckoner = Reckoner(policy, money_settings.lpr_of(conn), as_of)
        is_latest = self._is_latest(as_of)
        anew = self._to_work_out(as_of, is_latest)
        by_days = policy.is_on or not is_latest
        lowered = self._lowered_by_day(ids) if by_days else {}
        kept = dict(self._rows("SELECT c.charge_id, c.settled + c.waived + c.paid FROM charge_money c WHERE 1", ids))
        bearing = _bearing_items(conn) if policy.is_on else ()
        weights: dict[str, tuple[int, int]] = {}
        day = as_of.toordinal()
        sums: dict[int, list[int]] = defaultdict(_nothing)
        for account_id, charge_id, amount, due_on in self._charges(as_of, ids, is_latest, bearing):
            tally = sums[account_id]
            less = kept.get(charge_id)
            if less is None:
                tally[0] += amount
                if due_on is None:
                    continue
                weight = weights.get(due_on)
                if weight is None:
                    weight = weights[due_on] = reckoner.weights(_ordinal(due_on), day)
                contract, lpr, claimed = reckoner.rounded(amount * weight[0], amount * weight[1], amount)
            else:
                by_day = _in_order(lowered.get(charge_id, ()), less) if by_days else ()
                if by_days and not by_day:
                    anew.add(account_id)  # more was let off or settled than was open: what counts is worked out
                    continue
                tally[0] += amount - (less if is_latest else sum([part for on, part in by_day if on <= day]))
                if due_on is None:
                    continue
                contract, lpr, claimed = reckoner.figures(amount, _ordinal(due_on), by_day)
            tally[1] += contract
            tally[2] += lpr
            tally[3] += claimed
        prepaid, paid = self._kept_money(ids)
        for account_id, records, money in self._anew(anew if ids is None else anew.intersection(ids), as_of):
            sums[account_id] = _worked_out(records, money, reckoner)
            prepaid[account_id], paid[account_id] = money.prepaid, money.late_fee_paid
        waived = self.late_fee_waived(as_of, ids)
        for account_id, amount in self.late_fee_excused(as_of, ids).items():
            waived[account_id] = waived.get(account_id, 0) + amount
        for account_id in (prepaid.keys() | paid.keys() | waived.keys()) - sums.keys():
            sums[account_id] = _nothing()  # money without a debt: its list was taken back
        return {
            key: BalanceAsOf(
                key, principal, contract, lpr, claimed, waived.get(key, 0), paid.get(key, 0), prepaid.get(key, 0)
            )
            for key, (principal, contract, lpr, claimed) in sums.items()
        }

    def late_fee_waived(self, as_of: date, account_ids: Sequence[int] | None = None) -> dict[int, int]:
        """Late fee let off up to a day, by account, in 分; one that expires counts as long as it holds."""
        rows = list(
            self._rows(
                "SELECT c.account_id, c.id, c.amount, c.expires_on FROM waivers c WHERE c.voided_at IS NULL"
                " AND c.target = 'late_fee' AND c.granted_on <= ?",
                account_ids,
                as_of.isoformat(),
            )
        )
        expired = [account_id for account_id, _, _, last in rows if last and last < as_of.isoformat()]
        lapsed = lapses(self._session.conn, self._ledger, expired, as_of) if expired else {}
        found: dict[int, int] = defaultdict(int)
        for account_id, waiver_id, amount, _ in rows:
            if waiver_id not in lapsed:
                found[account_id] += amount
        return dict(found)

    def late_fee_paid(self, as_of: date, account_ids: Sequence[int] | None = None) -> dict[int, int]:
        """Late fee paid up to a day, by account, in 分."""
        found: dict[int, int] = defaultdict(int)
        for account_id, late_fee in self._rows(
            "SELECT c.account_id, c.late_fee FROM payment_shares c JOIN live_payments p ON p.id = c.payment_id"
            " WHERE c.late_fee > 0 AND p.paid_on <= ?",
            account_ids,
            as_of.isoformat(),
        ):
            found[account_id] += late_fee
        return dict(found)

    def late_fee_excused(self, as_of: date, account_ids: Sequence[int] | None = None) -> dict[int, int]:
        """Late fee that instalment plans let off as long as they are kept, by account, in 分."""
        conn = self._session.conn
        policy = money_settings.late_fee_policy_of(conn)
        free: dict[int, frozenset[int]] = {}
        if policy.is_on:
            today = self._session.today()
            for part in _pieces(account_ids):
                free |= fee_free_charges(conn, part, as_of, today)
        if not free:
            return {}
        reckoner = Reckoner(policy, money_settings.lpr_of(conn), as_of)
        found: dict[int, int] = {}
        for account_id, records, money in self._anew(free, as_of):
            excused = replace(records, charges=tuple(c for c in records.charges if c.id in free[account_id]))
            found[account_id] = _worked_out(excused, money, reckoner)[3]
        return found

    def _rows(self, sql: str, ids: Sequence[int] | None, *values: object) -> Iterator[tuple[Any, ...]]:
        """Rows of a statement that names the account `c.account_id`, of all accounts or in pieces."""
        conn = self._session.conn
        if ids is None:
            yield from conn.execute(sql, values)
            return
        for part in pieces(ids):
            yield from conn.execute(f"{sql} AND c.account_id IN ({marks(len(part))})", [*values, *part])

    def _charges(
        self, as_of: date, ids: Sequence[int] | None, is_latest: bool, bearing: Iterable[int]
    ) -> Iterable[tuple[Any, ...]]:
        """(account, charge, amount, due day if it bears late fee) of the charges that count."""
        join, counts, values = ("", "1", []) if is_latest else (_LIST, f"{_SINCE} <= ?", [as_of.isoformat()])
        sql = _CHARGES.format(bearing=", ".join(map(str, bearing)), list=join, counts=counts)
        return self._session.conn.execute(sql, values) if ids is None else self._rows(sql, ids, *values)

    def _is_latest(self, as_of: date) -> bool:
        """Whether nothing that bears a day bears a later one, so that all that is kept counts."""
        later = (
            _LATER_LISTS,
            "SELECT 1 FROM charges WHERE import_id IS NULL AND due_on > ?",
            "SELECT 1 FROM live_payments WHERE paid_on > ?",
            "SELECT 1 FROM waivers WHERE voided_at IS NULL AND granted_on > ?",
        )
        day = (as_of.isoformat(),)
        return not any(self._session.conn.execute(f"{sql} LIMIT 1", day).fetchone() for sql in later)

    def _to_work_out(self, as_of: date, is_latest: bool) -> set[int]:
        """Accounts of which the kept allocations do not tell what counted on the day."""
        conn = self._session.conn
        found = {row[0] for row in conn.execute(_ODD)}
        if not is_latest:
            day = (as_of.isoformat(),)
            payers = {row[0] for row in conn.execute(_PAYERS)}
            found |= payers.intersection(row[0] for row in conn.execute(_LATER_DEBTS, day))
            found.update(row[0] for row in conn.execute(_LATER_PAYERS, day))
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


def _pieces(ids: Sequence[int] | None) -> Iterator[Sequence[int] | None]:
    """The accounts, some hundred at a time; all of them stay as they are."""
    if ids is None:
        yield None
        return
    yield from pieces(ids)


def _worked_out(records: AccountRecords, money: AccountMoney, reckoner: Reckoner) -> list[int]:
    """Principal and the three figures of an account."""
    tally = _nothing()
    for charge in records.charges:
        lowered = money.charges[charge.id]
        tally[0] += charge.amount - lowered.lowered
        if charge.bears_late_fee and charge.due_on is not None:
            by_day = sorted((day.toordinal(), part) for day, part in lowered.by_day)
            for place, amount in enumerate(reckoner.figures(charge.amount, charge.due_on.toordinal(), by_day), 1):
                tally[place] += amount
    return tally


def _in_order(by_day: Sequence[tuple[int, int]], less: int) -> Sequence[tuple[int, int]]:
    """What lowers a charge, oldest first; empty when it does not come to `less`."""
    if len(by_day) == 1:
        return by_day if by_day[0][1] == less else ()
    return sorted(by_day) if sum([part for _, part in by_day]) == less else ()


def _bearing_items(conn: sqlite3.Connection) -> list[int]:
    """Fee items that bear late fee."""
    items = conn.execute("SELECT id, kind FROM fee_items ORDER BY id")
    return [item_id for item_id, kind in items if bears_late_fee(FeeKind(kind), is_lump=False)]


def _nothing() -> list[int]:
    """Principal, late fee by contract, by LPR × 1.3, claimed."""
    return [0, 0, 0, 0]
