"""Finance's lists as applied: what is held before, and one transaction that applies a plan whole or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from feedesk.errors import BadInput, FeeDeskError
from feedesk.models.changes import Changes, ImportChanges
from feedesk.models.money import show_yuan
from feedesk.models.store import balances, steps, voiding
from feedesk.models.store.import_writer import ImportWriter
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.session import Session, day
from feedesk.models.store.states import States

if TYPE_CHECKING:
    from feedesk.models.arrears_list import ColumnMeaning, Reading
    from feedesk.models.import_plan import HeldOffice, ImportPlan

_SETTLED = "欠费已结清"


@dataclass(frozen=True, slots=True)
class AppliedImport:
    """One list on record. Sums in 分."""

    id: int
    file: str
    as_of: date
    applied_at: datetime
    staff_name: str
    accounts: int
    charges: int
    total: int
    before: int
    after: int
    rejected: int
    diff: dict[str, int]
    voided: str = ""
    """「原因（日期 谁）」 when voided."""


class Imports:
    """Lists applied, and the mappings remembered for their shapes."""

    def __init__(self, session: Session, states: States, ledger: Ledger) -> None:
        self._session = session
        self._states = states
        self._ledger = ledger

    def held(self, as_of: date) -> HeldOffice:
        """Everything a list of that day is compared with, as it stood on that day."""
        # late, here and below: what a list says is not needed to open the window
        from feedesk.models.store.import_held import HeldBooks

        return HeldBooks(self._session.conn, self._ledger, as_of).read()

    def apply(self, plan: ImportPlan, tick: Callable[[float], None] | None = None) -> ImportChanges:
        """Apply a confirmed plan; prepayments pay what is new. Raises when the office has changed since it was made."""
        from feedesk.models.store.import_held import stated_of

        session = self._session
        with session.writing() as conn:
            self._require_unchanged(conn, plan)
            import_id = self._record(conn, plan)
            writer = ImportWriter(conn, plan, import_id, session.stamp())
            total = max(1, len(plan.changes))
            for done, change in enumerate(plan.changes):
                if tick and done % 500 == 0:
                    tick(0.8 * done / total)
                writer.take(change)
            writer.flush()
            if tick:
                tick(0.85)
            prepaid = self._prepaid(conn)
            self._ledger.derive(writer.touched)
            left = self._prepaid(conn)
            used = [amount - left.get(account_id, 0) for account_id, amount in prepaid.items()]
            self._close_cleared_claims(conn, writer.settled - writer.doubted.keys())
            self._close_claims(conn, plan, writer)
            stated = stated_of(conn)
            if stated - plan.stated != plan.after - plan.before:
                raise AssertionError(f"import would leave {stated}, planned {plan.stated} {plan.before} {plan.after}")
            session.note(
                "导入清单",
                plan.reading.file,
                {"sha256": plan.reading.sha256, "as_of": str(plan.options.as_of), "diff": plan.diff_counts()},
            )
            steps.begin_anew(session, writer.touched, f"import:{import_id}")
            self._states.refresh(writer.touched, tell=False)
            self._states.tell()
            (owed,) = conn.execute("SELECT coalesce(sum(owed), 0) FROM account_state").fetchone()
            if tick:
                tick(1.0)
        return ImportChanges(
            frozenset(writer.touched),
            everything=True,
            record_id=import_id,
            owed=owed,
            prepaid_used=sum(part for part in used if part > 0),
            prepaid_accounts=sum(part > 0 for part in used),
        )

    @staticmethod
    def _require_unchanged(conn: sqlite3.Connection, plan: ImportPlan) -> None:
        """Nothing has been taken in or undone since the plan was made."""
        from feedesk.models.store.import_held import basis_of, stated_of

        again = "请重新核对一次再确认。"
        stated = stated_of(conn)
        if stated != plan.stated:
            raise FeeDeskError(
                f"核对之后账目又有变动（原 {show_yuan(plan.stated)}，现 {show_yuan(stated)}），这份清单没有导入。",
                again,
            )
        now = basis_of(conn)
        if plan.basis and plan.basis != now:
            lists = plan.basis.partition("-")[0] != now.partition("-")[0]
            what = "又导入或作废过清单" if lists else "又记过收款、减免或拆分"
            raise FeeDeskError(f"核对之后{what}，这份清单没有导入。", again)

    @staticmethod
    def _prepaid(conn: sqlite3.Connection) -> dict[int, int]:
        return dict(conn.execute("SELECT account_id, prepaid FROM account_money WHERE prepaid > 0"))

    def _record(self, conn: sqlite3.Connection, plan: ImportPlan) -> int:
        reading = plan.reading
        clerk = self._session.clerk
        cursor = conn.execute(
            "INSERT INTO imports (file, sha256, as_of, applied_at, staff_id, is_full, whole_debt, accounts, charges,"
            " total, before_total, after_total, diff, tables, last_payment, last_waiver) VALUES (?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM payments), (SELECT coalesce(max(id), 0) FROM waivers))",
            (
                reading.file,
                reading.sha256,
                plan.options.as_of.isoformat(),
                self._session.stamp(),
                clerk.id if clerk else None,
                int(plan.options.full),
                int(plan.options.whole_debt),
                len(reading.accounts),
                reading.charge_count,
                reading.total,
                plan.before,
                plan.after,
                json.dumps(plan.diff_counts()),
                json.dumps(
                    [
                        [sheet.name, list(sheet.header_rows), [[c.index, c.title] for c in sheet.columns]]
                        for sheet in reading.sheets
                        if sheet.used
                    ],
                    ensure_ascii=False,
                ),
            ),
        )
        import_id = int(cursor.lastrowid or 0)
        conn.executemany(
            "INSERT INTO import_rejects (import_id, sheet, row, code, reason, cells, amount) VALUES (?,?,?,?,?,?,?)",
            [
                (import_id, r.sheet, r.row, r.code, r.reason, json.dumps(r.cells, ensure_ascii=False), r.amount)
                for r in reading.rejected
            ],
        )
        return import_id

    def _close_cleared_claims(self, conn: sqlite3.Connection, settled: set[int]) -> None:
        """Where a balance came down to zero no claim is left to check."""
        owed: dict[int, int] = dict.fromkeys(settled, 0)
        for charge in balances.charges_of(conn, settled):
            owed[charge.account_id] += charge.owed
        stamp = self._session.stamp()
        cleared = [(stamp, account_id) for account_id, open_sum in owed.items() if open_sum == 0]
        conn.executemany(
            "UPDATE claims SET closed_at = ?, closed_why = ? WHERE account_id = ? AND closed_at IS NULL",
            [(stamp, _SETTLED, account_id) for _, account_id in cleared],
        )

    def _close_claims(self, conn: sqlite3.Connection, plan: ImportPlan, writer: ImportWriter) -> None:
        """Finance's next list settles a 标记已缴(待核) one way or the other, once it speaks of that day."""
        claimed = {row[0] for row in conn.execute("SELECT account_id FROM claims WHERE closed_at IS NULL")}
        owed = {account_id: writer.doubted.get(account_id, 0) for account_id in writer.spoken_of & claimed}
        for charge in balances.charges_of(conn, owed):
            owed[charge.account_id] += charge.owed
        listed = f"财务清单（截至 {plan.options.as_of}）"
        stamp = self._session.stamp()
        conn.executemany(
            "UPDATE claims SET closed_at = ?, closed_why = ? WHERE account_id = ? AND closed_at IS NULL"
            " AND paid_on <= ?",
            [
                (
                    stamp,
                    f"{listed}仍列欠 {show_yuan(left)}，回到催缴" if left else f"{listed}已没有欠费，核到",
                    account_id,
                    plan.options.as_of.isoformat(),
                )
                for account_id, left in owed.items()
            ],
        )

    def void(self, import_id: int, reason: str) -> Changes:
        """Void the latest list, taken in by mistake: its debts, settlements and changes of owner count no longer.

        Contacts, promises and notices logged since stay; notices keep the figures they were printed with.
        """
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            (latest,) = conn.execute("SELECT max(id) FROM imports WHERE voided_at IS NULL").fetchone()
            if latest != import_id:
                raise BadInput(
                    "只能作废最近导入的那一份，没有作废。", "更早的清单请用新清单更正，或恢复到“导入前”的备份。"
                )
            touched = {a for (a,) in conn.execute(
                "SELECT account_id FROM charges WHERE import_id = ?1"
                " UNION SELECT account_id FROM payment_doubts WHERE import_id = ?1"
                " UNION SELECT account_id FROM payment_covers WHERE import_id = ?1"
                " UNION SELECT c.account_id FROM charges c"
                " JOIN settlements s ON s.charge_id = c.id WHERE s.import_id = ?1"
                " UNION SELECT id FROM accounts WHERE created_by = ?1 OR ended_by = ?1", (import_id,)
            )}  # fmt: skip
            voiding.mark(session, "imports", import_id, why)
            self._undo_tenures(conn, import_id)
            self._ledger.derive(touched)
            touched |= self._undo_marks(conn, import_id)
            steps.undo_steps(session, f"import:{import_id}", "清单作废，阶段退回")
            session.note("作废导入", f"导入 {import_id}", {"reason": reason})
            self._states.refresh(touched, tell=False)
            self._states.tell()
        return Changes(frozenset(touched), everything=True, record_id=import_id)

    def _undo_tenures(self, conn: sqlite3.Connection, import_id: int) -> None:
        """The owners before the list are the present ones again; those it brought in are so no longer."""
        today = self._session.today().isoformat()
        conn.execute(
            "UPDATE accounts SET until = ? WHERE created_by = ? AND until IS NULL AND unit_id IN"
            " (SELECT unit_id FROM accounts WHERE ended_by = ?)",
            (today, import_id, import_id),
        )
        conn.execute("UPDATE accounts SET until = NULL, ended_by = NULL WHERE ended_by = ?", (import_id,))

    def _undo_marks(self, conn: sqlite3.Connection, import_id: int) -> set[int]:
        """What the list had cleared up is 待核 again; returns the accounts."""
        (applied_at,) = conn.execute("SELECT applied_at FROM imports WHERE id = ?", (import_id,)).fetchone()
        closed = conn.execute(
            "UPDATE claims SET closed_at = NULL, closed_why = NULL WHERE closed_at = ?"
            " AND (closed_why LIKE '财务清单%' OR closed_why = ?)"
            " AND (contact_id IS NULL OR contact_id NOT IN (SELECT id FROM contacts WHERE voided_at IS NOT NULL))"
            " RETURNING account_id",
            (applied_at, _SETTLED),
        ).fetchall()
        closed += conn.execute(
            "UPDATE payment_doubts SET closed_at = NULL, closed_why = NULL WHERE closed_at = ? AND closed_by IS NULL"
            " AND closed_why LIKE '财务清单%' RETURNING account_id",
            (applied_at,),
        ).fetchall()
        return {account_id for (account_id,) in closed}

    def last(self) -> AppliedImport | None:
        """The list with the latest day, for 「清单截至…，已…天」."""
        found = self._applied("WHERE m.voided_at IS NULL ORDER BY m.as_of DESC, m.id DESC LIMIT 1")
        return found[0] if found else None

    def all(self) -> list[AppliedImport]:
        """Every list applied, newest first."""
        return self._applied("ORDER BY m.id DESC")

    def _applied(self, tail: str) -> list[AppliedImport]:
        rows = self._session.conn.execute(
            "SELECT m.id, m.file, m.as_of, m.applied_at, coalesce(s.name, '系统'), m.accounts, m.charges, m.total,"
            " m.before_total, m.after_total, (SELECT count(*) FROM import_rejects r WHERE r.import_id = m.id), m.diff, m.voided_at, v.name,"
            " m.void_reason"
            f" FROM imports m LEFT JOIN staff s ON s.id = m.staff_id LEFT JOIN staff v ON v.id = m.voided_by {tail}"
        )
        return [
            AppliedImport(
                i, file, date.fromisoformat(as_of), datetime.fromisoformat(at), who, accounts, charges, total,
                before, after, rejected, json.loads(diff), f"{reason}（{voided_at[5:10]} {voided_by}）" if voided_at else "",
            )
            for i, file, as_of, at, who, accounts, charges, total, before, after, rejected, diff, voided_at, voided_by, reason in rows
        ]  # fmt: skip

    def rejects(self, import_id: int) -> Reading:
        """The rows of an applied list that were not read, under the titles they stood under."""
        from feedesk.models.arrears_list import Reading, RejectCode, Rejected, SheetReading

        conn = self._session.conn
        file, sha, as_of, tables = conn.execute(
            "SELECT file, sha256, as_of, tables FROM imports WHERE id = ?", (import_id,)
        ).fetchone()
        rows = conn.execute(
            "SELECT sheet, row, code, reason, cells, amount FROM import_rejects WHERE import_id = ? ORDER BY id",
            (import_id,),
        )
        return Reading(
            file=file,
            sha256=sha,
            shape="",
            as_of=day(as_of),
            period=None,
            sheets=tuple(
                SheetReading(name, True, "", tuple(heads), tuple(_titled(i, title) for i, title in columns))
                for name, heads, columns in json.loads(tables)
            ),
            accounts=(),
            rejected=tuple(
                Rejected(sheet, row, RejectCode(code), reason, tuple(json.loads(cells)), amount)
                for sheet, row, code, reason, cells, amount in rows
            ),
            skipped=(),
            questions=(),
            checks=(),
        )

    def mappings(self) -> dict[str, str]:
        """Mappings by the fingerprint of their lists' headers, as `intake` writes them (JSON)."""
        return dict(self._session.conn.execute("SELECT shape, mapping FROM mappings"))

    def remember(self, shape: str, mapping: str) -> None:
        """Keep a mapping a clerk has confirmed for lists of this shape."""
        with self._session.writing() as conn:
            conn.execute("INSERT OR REPLACE INTO mappings VALUES (?, ?, ?)", (shape, mapping, self._session.stamp()))


def _titled(index: int, title: str) -> ColumnMeaning:
    from feedesk.models.arrears_list import ColumnMeaning, Meaning

    return ColumnMeaning(index, title, Meaning.IGNORE)
