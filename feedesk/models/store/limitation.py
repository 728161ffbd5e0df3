"""The clocks of charges on record: every piece of evidence the office file holds, given to the rule. Nothing is stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from feedesk.models.charges import Charge
from feedesk.models.documents import proof_text
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, PayMethod
from feedesk.models.limit_rows import SOON_DAYS, LimitRow, limit_row
from feedesk.models.limitation import (
    YEARS,
    Clock,
    Evidence,
    Grade,
    LimitationLine,
    Revival,
    add_years,
    clock,
    is_over,
    line_of,
)
from feedesk.models.money import show
from feedesk.models.service import METHOD_LABELS
from feedesk.models.store import balances
from feedesk.models.store.documents import documents
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.service import deliveries
from feedesk.models.store.session import Session, marks, pieces


class Limitation:
    """诉讼时效 per charge line, worked out when asked for: it changes with the day and with every record."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_account(self, account_id: int) -> dict[int, Clock]:
        """The clock of every charge of an account by charge id, as of today."""
        return self.of_accounts([account_id]).get(account_id, {})

    def of_accounts(self, account_ids: Collection[int]) -> dict[int, dict[int, Clock]]:
        """The clocks of several accounts: account id -> charge id -> clock. Accounts without charges are left out."""
        found: dict[int, dict[int, Clock]] = {}
        today = self._session.today()
        for charge, line, evidence in self._lines(list(account_ids)):
            found.setdefault(charge.account_id, {})[charge.id] = clock(line, evidence, today)
        return found

    def over_lines(self, account_ids: Collection[int]) -> dict[int, frozenset[int]]:
        """Open lines whose time is over (`Clock.is_over`) by account; accounts without any are left out.

        Cheap for an office in order: evidence only ever lengthens a clock, so that only lines due three years ago and
        more can be over, and only their accounts are worked out.
        """
        today = self._session.today()
        found: dict[int, set[int]] = {}
        for charge, line, evidence in self._lines(self._suspects(today - timedelta(days=1), account_ids)):
            if is_over(line, evidence, today):
                found.setdefault(charge.account_id, set()).add(charge.id)
        return {account_id: frozenset(over) for account_id, over in found.items()}

    def running_out(self, within_days: int = SOON_DAYS) -> list[LimitRow]:
        """Open lines with at most so many days left by the conservative clock, and those over; the first to end first.

        Accounts of former owners are included: their debts run as well.
        """
        conn, today = self._session.conn, self._session.today()
        suspects = self._suspects(today + timedelta(days=within_days), None)
        rows: list[LimitRow] = []
        for part in pieces(suspects):
            names = {
                account_id: (room, name)
                for account_id, room, name in conn.execute(
                    "SELECT a.id, u.room, a.name FROM accounts a JOIN units u ON u.id = a.unit_id"
                    f" WHERE a.id IN ({marks(len(part))})",
                    part,
                )
            }
            clocks = self.of_accounts(part)
            for charge in balances.charges_of(conn, part):
                row = limit_row(charge, clocks[charge.account_id][charge.id], *names[charge.account_id])
                if row is not None and row.days_left <= within_days:
                    rows.append(row)
        return sorted(rows, key=lambda row: (row.expires_on, row.room, row.charge_id))

    def _lines(self, account_ids: Sequence[int]) -> Iterator[tuple[Charge, LimitationLine, list[Evidence]]]:
        """Every charge of these accounts as the rule takes it, with what concerns it; the evidence is read in pieces."""
        conn = self._session.conn
        due_day = OfficeSettings(self._session).profile().due_day
        for part in pieces(account_ids):
            charges = list(balances.charges_of(conn, part))
            evidence = _Evidence(conn, part, charges)
            for charge in charges:
                yield charge, line_of(charge, due_day), evidence.of(charge)

    def _suspects(self, last: date, account_ids: Collection[int] | None) -> list[int]:
        """Accounts with an open line that, had nothing restarted it, would end on or before `last`.

        What came due before 2015-10-01 ended earlier still and is among them. A lump is taken by its first month.
        """
        bound = add_years(last, -YEARS) + timedelta(days=1)  # 02-29: rather a day too many than one too few
        sql = (
            "SELECT DISTINCT c.account_id FROM live_charges c LEFT JOIN charge_money m ON m.charge_id = c.id"
            " WHERE c.amount > coalesce(m.settled + m.waived + m.paid, 0)"
            " AND (c.due_on <= ? OR c.is_lump AND c.period_from <= ?)"
        )
        values: list[object] = [bound.isoformat(), bound.isoformat()[:7]]
        if account_ids is None:
            return sorted(row[0] for row in self._session.conn.execute(sql, values))
        ids, found = list(account_ids), set[int]()
        for part in pieces(ids):
            found |= {
                row[0]
                for row in self._session.conn.execute(f"{sql} AND c.account_id IN ({marks(len(part))})", values + part)
            }
        return sorted(found)


class _Evidence:
    """What these accounts' records say of their charges, by charge."""

    def __init__(self, conn: sqlite3.Connection, account_ids: Sequence[int], charges: Sequence[Charge]) -> None:
        self._conn = conn
        self._by_charge: dict[int, list[Evidence]] = {}
        self._months: dict[int, list[int]] = {}
        ids = marks(len(account_ids))
        for lump, month in conn.execute(
            f"SELECT s.charge_id, c.id FROM charges c JOIN splits s ON s.id = c.split_id WHERE c.account_id IN ({ids})",
            account_ids,
        ):
            self._months.setdefault(lump, []).append(month)
        self._add_deliveries(ids, account_ids)
        self._add_payments(ids, account_ids)
        self._add_plans(ids, account_ids)
        self._add_documents(ids, account_ids)
        for charge in charges:
            by_list = charge.settled - charge.waived - charge.paid
            if by_list > 0 and charge.owed > 0:
                self._add(
                    Evidence(f"按财务清单冲抵 {show(by_list)}", Grade.D, None, frozenset({charge.id}), is_payment=True)
                )

    def of(self, charge: Charge) -> list[Evidence]:
        """What concerns a charge."""
        return self._by_charge.get(charge.id, [])

    def _add(self, evidence: Evidence) -> None:
        for charge_id in evidence.charge_ids:
            self._by_charge.setdefault(charge_id, []).append(evidence)

    def _with_months(self, charge_ids: Collection[int]) -> frozenset[int]:
        """What a paper lists; of a lump split since, its months."""
        months = [month for charge_id in charge_ids for month in self._months.get(charge_id, ())]
        return frozenset([*charge_ids, *months])

    def _add_deliveries(self, ids: str, account_ids: Sequence[int]) -> None:
        of_these = f"d.notice_id IN (SELECT notice_id FROM notice_accounts WHERE account_id IN ({ids}))"
        served = deliveries(self._conn, f"{of_these} AND d.voided_at IS NULL AND n.voided_at IS NULL", account_ids)
        listed = self._lines_of_notices(sorted({one.draft.notice_id for one in served}))
        for one in served:
            self._add(
                Evidence(
                    f"催款单 {one.notice_no} {METHOD_LABELS[one.draft.method]}",
                    one.verdict.grade,
                    one.draft.arrived_on,
                    self._with_months(listed.get(one.draft.notice_id, ())),
                    one.verdict.revives,
                )
            )

    def _lines_of_notices(self, notice_ids: Sequence[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for part in pieces(notice_ids):
            for notice_id, charge_id in self._conn.execute(
                f"SELECT notice_id, charge_id FROM notice_lines WHERE notice_id IN ({marks(len(part))})", part
            ):
                found.setdefault(notice_id, []).append(charge_id)
        return found

    def _add_documents(self, ids: str, account_ids: Sequence[int]) -> None:
        """Papers on file that prove something; those of another kind, or without a proven day, prove nothing here."""
        of_these = f"d.id IN (SELECT document_id FROM document_accounts WHERE account_id IN ({ids}))"
        for one in documents(self._conn, f"{of_these} AND d.voided_at IS NULL AND d.grade IS NOT NULL", account_ids):
            if one.verdict.grade is not None:
                self._add(
                    Evidence(
                        proof_text(one.draft),
                        one.verdict.grade,
                        one.draft.arrived_on,
                        self._with_months(one.draft.charge_ids),
                        one.verdict.revives,
                    )
                )

    def _add_payments(self, ids: str, account_ids: Sequence[int]) -> None:
        """Part payments. Money that the owner named for a line revives it; what our own order of payment has laid
        there does so by the lenient clock only.
        """
        rows = self._conn.execute(
            "SELECT a.charge_id, a.amount, p.paid_on, p.method, EXISTS (SELECT 1 FROM payment_names x"
            "  WHERE x.payment_id = a.payment_id AND (x.charge_id = a.charge_id OR x.charge_id IN"
            "   (SELECT s.charge_id FROM charges c JOIN splits s ON s.id = c.split_id WHERE c.id = a.charge_id)))"
            " FROM allocations a JOIN payments p ON p.id = a.payment_id"
            f" WHERE a.account_id IN ({ids}) ORDER BY p.paid_on, a.payment_id",
            account_ids,
        )
        for charge_id, amount, paid_on, method, named in rows:
            self._add(
                Evidence(
                    f"{PAY_METHOD_LABELS[PayMethod(method)]}部分缴 {show(amount)}",
                    Grade.A,
                    date.fromisoformat(paid_on),
                    frozenset({charge_id}),
                    Revival.BOTH if named else Revival.LENIENT,
                    is_payment=True,
                )
            )

    def _add_plans(self, ids: str, account_ids: Sequence[int]) -> None:
        """Signed plans restart what their paper lists: item, months and due day of a room, as they stood that day."""
        rows = self._conn.execute(
            "SELECT DISTINCT p.id, p.made_on, p.snapshot FROM plans p JOIN plan_accounts x ON x.plan_id = p.id"
            f" WHERE p.voided_at IS NULL AND x.account_id IN ({ids})",
            account_ids,
        ).fetchall()
        if not rows:
            return
        known: dict[tuple[str, str, str, str], list[int]] = {}
        for charge_id, room, item, first, last, months, due_on in self._conn.execute(
            "SELECT c.id, u.room, i.name, c.period_from, c.period_to, c.months, c.due_on FROM charges c"
            " JOIN accounts a ON a.id = c.account_id JOIN units u ON u.id = a.unit_id"
            f" JOIN fee_items i ON i.id = c.item_id WHERE c.account_id IN ({ids})",
            account_ids,
        ):
            period = balances.read_period(first, last, months)
            key = (room, item, period.text() if period else "期间待核", due_on or "")
            known.setdefault(key, []).append(charge_id)
        for _plan_id, made_on, snapshot in rows:
            paper = json.loads(snapshot)["agreement"]
            listed = [
                charge_id
                for debt in paper["debts"]
                for charge_id in known.get((debt["room"], debt["item"], debt["period"], debt["due_on"] or ""), ())
            ]
            self._add(
                Evidence(
                    f"分期协议 {paper['number']} 签字",
                    Grade.A,
                    date.fromisoformat(made_on),
                    self._with_months(listed),
                    Revival.BOTH,
                )
            )
