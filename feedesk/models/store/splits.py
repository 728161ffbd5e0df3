"""按月拆分 on record: the lump stays, its months take its place; undone by voiding the split."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.charges import Charge
from feedesk.models.ledger import splits as rules
from feedesk.models.ledger.splits import SplitPart
from feedesk.models.money import show_yuan
from feedesk.models.store import balances, voiding
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.session import Session
from feedesk.models.store.states import States


class Splits:
    """Lumps by month. What had lowered a lump pours over its months, oldest first (`ledger.account`)."""

    def __init__(self, session: Session, states: States, ledger: Ledger) -> None:
        self._session = session
        self._states = states
        self._ledger = ledger

    def preview(self, charge_id: int, amounts: Sequence[int] | None = None) -> list[SplitPart]:
        """The months that would take the charge's place: equal ones, or with these amounts (分).

        Raises `BadInput` for a charge that cannot be split, and for amounts that do not make it up.
        """
        charge = self._charge(charge_id)
        refused = rules.refusal(charge)
        if refused or charge.period is None:
            raise BadInput(f"{refused.rstrip('。')}，没有拆分。", "请另选一笔。")
        chosen = rules.propose(charge.amount, charge.period) if amounts is None else tuple(amounts)
        wrong = rules.problems(charge, chosen)
        if wrong:
            raise BadInput(f"{wrong[0].rstrip('。')}，没有拆分。", "请改好金额再拆。")
        settled = charge.settled - charge.waived - charge.paid
        due_day = OfficeSettings(self._session).profile().due_day
        return list(rules.parts(charge, chosen, settled, due_day))

    def _charge(self, charge_id: int) -> Charge:
        row = self._session.conn.execute("SELECT account_id FROM charges WHERE id = ?", (charge_id,)).fetchone()
        for charge in balances.charges_of(self._session.conn, [row[0]] if row else []):
            if charge.id == charge_id:
                return charge
        raise BadInput("找不到这笔账单，没有拆分。", "账目刚有变动，请刷新后再选。")

    def split(self, charge_id: int, amounts: Sequence[int] | None = None) -> Changes:
        """Put the months in the charge's place, as previewed. The charge stays on record and on old notices."""
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            months = self.preview(charge_id, amounts)
            cursor = conn.execute(
                "INSERT INTO splits (charge_id, at, staff_id, how) VALUES (?, ?, ?, ?)",
                (charge_id, session.stamp(), clerk.id, rules.typed(months)),
            )
            split_id = int(cursor.lastrowid or 0)
            for part in months:
                first, last, gaps = balances.period_columns(part.period)
                conn.execute(
                    "INSERT INTO charges (account_id, item_id, period_from, period_to, months, amount, due_on,"
                    " due_is_assumed, is_lump, hold, import_id, sheet, row, split_id)"
                    " SELECT account_id, item_id, ?, ?, ?, ?, ?, ?, 0, hold, import_id, sheet, row, ?"
                    " FROM charges WHERE id = ?",
                    (first, last, gaps, part.amount, part.due_on.isoformat(), int(part.due_is_assumed), split_id,
                     charge_id),
                )  # fmt: skip
            session.note("按月拆分", f"账单 {charge_id}", {"how": rules.typed(months)})
            touched = self._derive(charge_id)
        return Changes(touched, record_id=split_id)

    def undo(self, charge_id: int, reason: str = "取消拆分") -> Changes:
        """Put the lump back in its months' place. Raises `BadInput` once anything on record stands on one of them."""
        session = self._session
        session.require_clerk()
        with session.writing() as conn:
            row = conn.execute(
                "SELECT id FROM splits WHERE charge_id = ? AND voided_at IS NULL", (charge_id,)
            ).fetchone()
            if row is None:
                raise BadInput("这笔账单没有拆分过，没有改动。", "请刷新后再看。")
            held = self._held_by(conn, row[0])
            if held:
                raise BadInput(f"{held}，不能取消拆分。", "账单照现在按月的样子用即可。")
            voiding.mark(session, "splits", row[0], reason.strip() or "取消拆分")
            session.note("取消按月拆分", f"账单 {charge_id}", {"reason": reason.strip()})
            touched = self._derive(charge_id)
        return Changes(touched, record_id=row[0])

    def undoable(self, charge_id: int) -> str:
        """Why the split that made this month, or split this lump, cannot be undone; empty when it can."""
        split_id, _ = self._split_of(charge_id)
        return self._held_by(self._session.conn, split_id) if split_id else "这笔账单没有拆分过"

    def lump_of(self, charge_id: int) -> int | None:
        """The lump that this month was split from, for `undo`; None for any other charge."""
        split_id, lump = self._split_of(charge_id)
        return lump if split_id and lump != charge_id else None

    def _split_of(self, charge_id: int) -> tuple[int, int]:
        row = self._session.conn.execute(
            "SELECT s.id, s.charge_id FROM splits s WHERE s.voided_at IS NULL AND"
            " (s.charge_id = ?1 OR s.id = (SELECT split_id FROM charges WHERE id = ?1))",
            (charge_id,),
        ).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    @staticmethod
    def _held_by(conn: sqlite3.Connection, split_id: int) -> str:
        """What has been put on record for one of the months since, in one sentence; it would hang in the air."""
        months = "(SELECT id FROM charges WHERE split_id = ?)"
        for sentence, sql in (
            (
                "拆出的月份已经印在通知单上",
                "SELECT 1 FROM notice_lines l JOIN notices n ON n.id = l.notice_id"
                f" WHERE n.voided_at IS NULL AND l.charge_id IN {months}",
            ),
            (
                "之后的财务清单已经冲抵了拆出的月份",
                f"SELECT 1 FROM live_settlements WHERE charge_id IN {months}",
            ),
            (
                "业主已经指明缴拆出的月份",
                "SELECT 1 FROM payment_names w JOIN live_payments p ON p.id = w.payment_id"
                f" WHERE w.charge_id IN {months}",
            ),
            (
                "拆出的月份已经有减免",
                f"SELECT 1 FROM waivers WHERE voided_at IS NULL AND charge_id IN {months}",
            ),
            (
                "拆出的月份有异议没有办完",
                f"SELECT 1 FROM disputes WHERE resolved_at IS NULL AND charge_id IN {months}",
            ),
            (
                "拆出的月份有收款待核",
                f"SELECT 1 FROM payment_doubts WHERE closed_at IS NULL AND charge_id IN {months}",
            ),
        ):
            if conn.execute(sql + " LIMIT 1", (split_id,)).fetchone():
                return sentence
        return ""

    def _derive(self, charge_id: int) -> frozenset[int]:
        conn = self._session.conn
        (account_id,) = conn.execute("SELECT account_id FROM charges WHERE id = ?", (charge_id,)).fetchone()
        self._ledger.derive([account_id])
        return self._states.refresh([account_id]) | {account_id}


def findings(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the splits of an office file, one sentence each."""
    found = [
        f"账单 {charge_id} 拆分后合计 {show_yuan(months)}，与原来的 {show_yuan(amount)} 不符"
        for charge_id, amount, months in conn.execute(
            "SELECT c.id, c.amount, coalesce((SELECT sum(m.amount) FROM charges m WHERE m.split_id = s.id), 0) AS together"
            " FROM splits s JOIN charges c ON c.id = s.charge_id WHERE together <> c.amount LIMIT 20"
        )
    ]
    checks = {
        "账单 {0} 与拆分前不是同一户、同一项目或同一份清单的": (
            "SELECT m.id FROM charges m JOIN splits s ON s.id = m.split_id JOIN charges c ON c.id = s.charge_id"
            " WHERE m.account_id <> c.account_id OR m.item_id <> c.item_id OR m.import_id IS NOT c.import_id"
        ),
        "账单 {0} 是拆出来的，却不是一个月": (
            "SELECT id FROM charges WHERE split_id IS NOT NULL"
            " AND (period_from IS NULL OR period_from IS NOT period_to OR is_lump = 1)"
        ),
        "拆分 {0} 作废得不完整": (
            "SELECT id FROM splits WHERE (voided_at IS NULL) <> (voided_by IS NULL)"
            " OR (voided_at IS NULL) <> (coalesce(void_reason, '') = '')"
        ),
    }
    for sentence, sql in checks.items():
        found += [sentence.format(row[0]) for row in conn.execute(sql + " LIMIT 20")]
    return found
