"""Gathers the money records of accounts, works them out (`models.ledger.account`) and keeps what follows.

`charge_money`, `allocations`, `account_money` and `accounts.cleared_at` are derived here and nowhere else: for the
accounts that a write touched, inside its transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.account import (
    AccountMoney,
    AccountRecords,
    ChargeRecord,
    Movement,
    SettlementRecord,
    ShareRecord,
    WaiverRecord,
    last_zero,
    oldest_first,
    tie_of,
    work_out,
)
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.late_fee import bears_late_fee
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, PayMethod
from feedesk.models.periods import parse_month
from feedesk.models.store import money_settings
from feedesk.models.store.session import Session, marks, pieces

_FAR_MONTH = 9999 * 12


class Income(NamedTuple):
    """Money that became known: when, how much (分), of which day, in what way."""

    at: datetime
    amount: int
    day: date
    way: str


class Ledger:
    """Derives and keeps what is settled, waived and paid of every charge."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rule(self) -> AllocationRule:
        """The office's rule of allocation."""
        return money_settings.rule_of(self._session.conn)

    def derive(self, account_ids: Iterable[int] | None) -> None:
        """Work out these accounts anew (None: all), inside the caller's transaction."""
        conn = self._session.conn
        rule, today = self.rule(), self._session.today()
        ids = [row[0] for row in conn.execute("SELECT id FROM accounts")] if account_ids is None else list(account_ids)
        for part in pieces(ids):
            busy = self._busy(part)
            found = {key: work_out(records, rule, today) for key, records in self.records(busy).items()}
            self._keep(busy, found)
            self._keep_zero(busy, found)

    def accounts_with_expiring(self, since: date | None) -> list[int]:
        """Accounts whose waivers ran out on or after `since` and before today: their balances may be others now.

        A clock put right again goes back: then those that had run out by the wrong day and have not by the right one.
        """
        today = self._session.today()
        first, last = (since.isoformat() if since else "", today.isoformat())
        rows = self._session.conn.execute(
            "SELECT DISTINCT account_id FROM waivers WHERE voided_at IS NULL AND expires_on >= ? AND expires_on < ?",
            (min(first, last), max(first, last)),
        )
        return [row[0] for row in rows]

    def _busy(self, ids: Sequence[int]) -> list[int]:
        """Those of the accounts whose charges are, or were, lowered by something: most are not."""
        holes = marks(len(ids))
        rows = self._session.conn.execute(
            f"SELECT account_id FROM charge_money WHERE account_id IN ({holes})"
            f" UNION SELECT account_id FROM payment_shares WHERE account_id IN ({holes})"
            f" UNION SELECT account_id FROM waivers WHERE account_id IN ({holes})"
            f" UNION SELECT id FROM accounts WHERE cleared_at IS NOT NULL AND id IN ({holes})"
            f" UNION SELECT c.account_id FROM charges c JOIN settlements s ON s.charge_id = c.id"
            f"  WHERE c.account_id IN ({holes})",
            [*ids, *ids, *ids, *ids, *ids],
        )
        return [row[0] for row in rows]

    # --- gathering ---

    def records(self, account_ids: Sequence[int]) -> dict[int, AccountRecords]:
        """Everything on record for these accounts' money, those without anything included."""
        found: dict[int, AccountRecords] = {}
        for part in pieces(list(account_ids)):
            charges = self._charges(part)
            settlements = self._settlements(part, charges)
            waivers, shares = self._waivers(part), self._shares(part)
            for account_id in part:
                found[account_id] = AccountRecords(
                    tuple(record for record, _ in charges.get(account_id, ())),
                    tuple(settlements.get(account_id, ())),
                    tuple(waivers.get(account_id, ())),
                    tuple(shares.get(account_id, ())),
                    _lumps(charges.get(account_id, ())),
                )
        return found

    def _charges(self, ids: Sequence[int]) -> dict[int, list[tuple[ChargeRecord, int | None]]]:
        """Charges that count, each with the lump it was split from."""
        heavy = money_settings.late_fee_policy_of(self._session.conn).is_on
        found: dict[int, list[tuple[ChargeRecord, int | None]]] = defaultdict(list)
        rows = self._session.conn.execute(
            "SELECT c.id, c.account_id, c.amount, c.due_on, c.period_from, c.item_id, i.kind, c.is_lump, m.as_of,"
            " s.charge_id FROM live_charges c JOIN fee_items i ON i.id = c.item_id"
            " LEFT JOIN imports m ON m.id = c.import_id LEFT JOIN splits s ON s.id = c.split_id"
            f" WHERE c.account_id IN ({marks(len(ids))}) ORDER BY c.id",
            ids,
        )
        for charge_id, account_id, amount, due_on, month, item_id, kind, is_lump, as_of, lump in rows:
            due = date.fromisoformat(due_on) if due_on else None
            came = date.fromisoformat(as_of) if as_of else None
            days = [day for day in (due, came) if day is not None]
            record = ChargeRecord(
                id=charge_id,
                amount=amount,
                due_on=due,
                since=min(days, default=date.min),
                place=(parse_month(month) if month else _FAR_MONTH, item_id),
                bears_late_fee=heavy and bears_late_fee(FeeKind(kind), bool(is_lump)),
                came=came or date.min,
            )
            found[account_id].append((record, lump))
        return found

    def _settlements(
        self, ids: Sequence[int], charges: dict[int, list[tuple[ChargeRecord, int | None]]]
    ) -> dict[int, list[SettlementRecord]]:
        """Settlements 按财务清单, net of what was taken back and of what payments have replaced."""
        children: dict[int, list[ChargeRecord]] = defaultdict(list)
        for of_account in charges.values():
            for record, lump in of_account:
                if lump is not None:
                    children[lump].append(record)
        found: dict[int, list[SettlementRecord]] = defaultdict(list)
        for account_id, charge_id, as_of, amount in self._session.conn.execute(
            "SELECT c.account_id, s.charge_id, m.as_of, s.amount"
            " + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0)"
            " - coalesce((SELECT sum(k.amount) FROM live_covers k WHERE k.settlement_id = s.id), 0)"
            " FROM live_settlements s JOIN charges c ON c.id = s.charge_id JOIN imports m ON m.id = s.import_id"
            f" WHERE s.undoes IS NULL AND c.account_id IN ({marks(len(ids))}) ORDER BY s.id",
            ids,
        ):
            if amount > 0:
                pours = tuple(child.id for child in oldest_first(children.get(charge_id, ()))) or (charge_id,)
                found[account_id].append(SettlementRecord(pours, date.fromisoformat(as_of), amount))
        return found

    def _waivers(self, ids: Sequence[int]) -> dict[int, list[WaiverRecord]]:
        found: dict[int, list[WaiverRecord]] = defaultdict(list)
        for waiver_id, account_id, charge_id, amount, on, expires in self._session.conn.execute(
            "SELECT id, account_id, charge_id, amount, granted_on, expires_on FROM waivers WHERE voided_at IS NULL"
            f" AND target = 'principal' AND account_id IN ({marks(len(ids))}) ORDER BY id",
            ids,
        ):
            last = date.fromisoformat(expires) if expires else None
            found[account_id].append(WaiverRecord(waiver_id, charge_id, amount, date.fromisoformat(on), last))
        return found

    def _shares(self, ids: Sequence[int]) -> dict[int, list[ShareRecord]]:
        """Live payments; what a list contains already is not there to pay anything."""
        conn = self._session.conn
        named: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for payment_id, account_id, charge_id, amount in conn.execute(
            "SELECT n.payment_id, c.account_id, n.charge_id, n.amount FROM payment_names n"
            f" JOIN charges c ON c.id = n.charge_id WHERE c.account_id IN ({marks(len(ids))})"
            " ORDER BY n.payment_id, n.charge_id",
            ids,
        ):
            named[payment_id, account_id].append((charge_id, amount))
        found: dict[int, list[ShareRecord]] = defaultdict(list)
        for account_id, payment_id, paid_on, amount, late_fee, inside, method, reference in conn.execute(
            "SELECT h.account_id, p.id, p.paid_on, h.amount, h.late_fee, coalesce((SELECT sum(k.amount) FROM"
            "  live_covers k WHERE k.payment_id = p.id AND k.account_id = h.account_id AND k.settlement_id IS NULL), 0),"
            " p.method, p.reference FROM payment_shares h JOIN live_payments p ON p.id = h.payment_id"
            f" WHERE h.account_id IN ({marks(len(ids))}) ORDER BY p.paid_on, p.id",
            ids,
        ):
            found[account_id].append(
                ShareRecord(
                    payment_id=payment_id,
                    paid_on=date.fromisoformat(paid_on),
                    principal=max(0, amount - late_fee - inside),
                    late_fee=late_fee,
                    named=tuple(named.get((payment_id, account_id), ())),
                    tie=tie_of(amount, method, reference),
                )
            )
        return found

    # --- keeping ---

    def _keep(self, ids: Sequence[int], found: dict[int, AccountMoney]) -> None:
        conn = self._session.conn
        for table in ("charge_money", "allocations", "account_money"):
            conn.execute(f"DELETE FROM {table} WHERE account_id IN ({marks(len(ids))})", ids)
        conn.executemany(
            "INSERT INTO charge_money VALUES (?, ?, ?, ?, ?)",
            [
                (charge_id, account_id, money.settled, money.waived, money.paid)
                for account_id, account in found.items()
                for charge_id, money in account.charges.items()
                if money.lowered
            ],
        )
        conn.executemany(
            "INSERT INTO allocations VALUES (?, ?, ?, ?)",
            [
                (a.payment_id, a.charge_id, account_id, a.amount)
                for account_id, account in found.items()
                for a in account.allocations
            ],
        )
        conn.executemany(
            "INSERT INTO account_money VALUES (?, ?, ?)",
            [
                (account_id, account.prepaid, account.late_fee_paid)
                for account_id, account in found.items()
                if account.prepaid or account.late_fee_paid
            ],
        )

    def _keep_zero(self, ids: Sequence[int], found: dict[int, AccountMoney]) -> None:
        """第N次催款 counts from the last zero balance; a reversal brings the count before it back."""
        movements = self._movements(ids, found)
        self._session.conn.executemany(
            "UPDATE accounts SET cleared_at = ?1 WHERE id = ?2 AND cleared_at IS NOT ?1",
            [(last_zero(movements.get(account_id, ())), account_id) for account_id in ids],
        )

    def _movements(self, ids: Sequence[int], found: dict[int, AccountMoney]) -> dict[int, list[Movement]]:
        """How each balance moved, by the moment it became known to the office."""
        conn, holes = self._session.conn, marks(len(ids))
        moved: dict[int, list[Movement]] = defaultdict(list)
        for account_id, at, list_id, amount in conn.execute(
            "SELECT c.account_id, coalesce(m.applied_at, ''), m.id, sum(c.amount) FROM live_charges c"
            f" LEFT JOIN imports m ON m.id = c.import_id WHERE c.account_id IN ({holes}) GROUP BY c.account_id, m.id",
            ids,
        ):
            moved[account_id].append(Movement(at, amount, f"{list_id or 0:09}"))
        for account_id, at, list_id, amount in conn.execute(
            "SELECT c.account_id, m.applied_at, m.id, sum(s.amount"
            " + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0))"
            " FROM live_settlements s JOIN charges c ON c.id = s.charge_id JOIN imports m ON m.id = s.import_id"
            f" WHERE s.undoes IS NULL AND c.account_id IN ({holes}) GROUP BY c.account_id, m.id",
            ids,
        ):
            moved[account_id].append(Movement(at, -amount, f"{list_id:09}"))
        for waiver_id, account_id, at, amount in conn.execute(
            "SELECT id, account_id, at, amount FROM waivers WHERE voided_at IS NULL AND target = 'principal'"
            f" AND account_id IN ({holes})",
            ids,
        ):
            if waiver_id not in found[account_id].lapsed:
                moved[account_id].append(Movement(at, -amount, "waived"))
        for account_id, income in self.payments_known(ids).items():
            moved[account_id] += [
                Movement(entry.at.isoformat(timespec="seconds"), -entry.amount, "paid") for entry in income
            ]
        for account_id, at, amount in conn.execute(
            "SELECT k.account_id, p.at, k.amount FROM live_covers k JOIN payments p ON p.id = k.payment_id"
            f" WHERE k.settlement_id IS NOT NULL AND k.account_id IN ({holes})",
            ids,
        ):
            moved[account_id].append(Movement(at, amount, "paid"))
        return moved

    # --- what came in, for promises and marks ---

    def payments_known(self, ids: Sequence[int]) -> dict[int, list[Income]]:
        """Live payments of these accounts towards principal, by when they were booked, oldest first."""
        found: dict[int, list[Income]] = defaultdict(list)
        for part in pieces(list(ids)):
            self._add_payments(part, found)
        return found

    def _add_payments(self, ids: list[int], found: dict[int, list[Income]]) -> None:
        for account_id, at, amount, paid_on, method in self._session.conn.execute(
            "SELECT h.account_id, p.at, h.amount - h.late_fee - coalesce((SELECT sum(k.amount) FROM live_covers k"
            "  WHERE k.payment_id = p.id AND k.account_id = h.account_id AND k.settlement_id IS NULL), 0),"
            " p.paid_on, p.method FROM payment_shares h JOIN live_payments p ON p.id = h.payment_id"
            f" WHERE h.account_id IN ({marks(len(ids))}) ORDER BY p.at, p.id",
            ids,
        ):
            if amount > 0:
                way = PAY_METHOD_LABELS[PayMethod(method)]
                found[account_id].append(Income(datetime.fromisoformat(at), amount, date.fromisoformat(paid_on), way))

    def income(self, ids: Sequence[int]) -> dict[int, list[Income]]:
        """Payments, and settlements 按财务清单 that no payment has replaced, oldest first; taken back counts less."""
        found = self.payments_known(ids)
        for part in pieces(list(ids)):
            self._add_settlements(part, found)
        for entries in found.values():
            entries.sort(key=lambda entry: entry.at)
        return found

    def _add_settlements(self, ids: list[int], found: dict[int, list[Income]]) -> None:
        for account_id, at, amount, as_of in self._session.conn.execute(
            "SELECT c.account_id, m.applied_at, sum(s.amount - coalesce((SELECT sum(k.amount) FROM live_covers k"
            "  WHERE k.settlement_id = s.id), 0)), m.as_of FROM live_settlements s"
            " JOIN charges c ON c.id = s.charge_id JOIN imports m ON m.id = s.import_id"
            f" WHERE c.account_id IN ({marks(len(ids))}) GROUP BY c.account_id, m.id ORDER BY m.id",
            ids,
        ):
            if amount:
                found[account_id].append(
                    Income(datetime.fromisoformat(at), amount, date.fromisoformat(as_of), "财务清单")
                )


def _lumps(charges: Iterable[tuple[ChargeRecord, int | None]]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """The lumps that these charges were split from, each with its months."""
    months: dict[int, list[ChargeRecord]] = defaultdict(list)
    for record, lump in charges:
        if lump is not None:
            months[lump].append(record)
    return tuple((lump, tuple(month.id for month in oldest_first(of_lump))) for lump, of_lump in months.items())
