"""`feedesk check`: everything that can be wrong with an office file, one sentence each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from feedesk.models.ledger.account import AccountMoney, owed, work_out
from feedesk.models.money import show
from feedesk.models.store import audit, disputes, documents, notices, plans, scripts, service, splits, waivers
from feedesk.models.store.clocks import wrong_clocks
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.limitation import Limitation
from feedesk.models.store.session import Session, pieces

_LIMIT = 20

_CHECKS = {
    "收费 {0} 的冲抵超过应收": (
        "SELECT c.id FROM live_charges c JOIN live_settlements s ON s.charge_id = c.id GROUP BY c.id"
        " HAVING sum(s.amount) > max(c.amount) OR sum(s.amount) < 0"
    ),
    "收费 {0} 冲抵、减免与收款之和超过应收": (
        "SELECT c.id FROM live_charges c JOIN charge_money m ON m.charge_id = c.id"
        " WHERE m.settled + m.waived + m.paid > c.amount OR min(m.settled, m.waived, m.paid) < 0"
    ),
    "收款 {0} 的各户之和与金额不符": (
        "SELECT p.id FROM payments p WHERE p.amount <>"
        " (SELECT coalesce(sum(h.amount), 0) FROM payment_shares h WHERE h.payment_id = p.id)"
    ),
    "收款 {0} 冲出去的比收到的多": (
        "SELECT a.payment_id FROM allocations a JOIN payment_shares h ON h.payment_id = a.payment_id"
        " AND h.account_id = a.account_id GROUP BY a.payment_id, a.account_id"
        " HAVING sum(a.amount) > max(h.amount - h.late_fee)"
    ),
    "收款 {0} 已冲正，却还冲着账": (
        "SELECT a.payment_id FROM allocations a JOIN reversals r ON r.payment_id = a.payment_id"
    ),
    "流水 {0} 记了两次收款": (
        "SELECT line_id FROM live_payments WHERE line_id IS NOT NULL GROUP BY line_id HAVING count(*) > 1"
    ),
    "流水 {0} 的收款与流水的金额或方向不符": (
        "SELECT l.id FROM live_payments p JOIN statement_lines l ON l.id = p.line_id"
        " WHERE p.amount <> l.amount OR l.direction <> 'in'"
    ),
    "流水 {0} 已记收款或已搁置，却还挂着待核": (
        "SELECT l.id FROM statement_lines l WHERE l.id IN (SELECT line_id FROM line_proposals) AND"
        " (l.void <> '' OR l.direction <> 'in' OR l.id IN (SELECT line_id FROM live_payments WHERE line_id IS NOT NULL)"
        " OR (SELECT d.decision FROM line_decisions d WHERE d.line_id = l.id ORDER BY d.id DESC LIMIT 1) = 'dismissed')"
    ),
    "清单冲抵 {0} 被收款顶替的比它本身还多": (
        "SELECT s.id FROM live_settlements s WHERE s.undoes IS NULL AND"
        " (SELECT coalesce(sum(k.amount), 0) FROM live_covers k WHERE k.settlement_id = s.id) > s.amount"
    ),
    "收款 {0} 含在清单里的部分比这户的收款还多": (
        "SELECT k.payment_id FROM payment_covers k JOIN payment_shares h ON h.payment_id = k.payment_id"
        " AND h.account_id = k.account_id GROUP BY k.payment_id, k.account_id HAVING sum(k.amount) > max(h.amount)"
    ),
    "户 {0} 的欠费与账单合计不符": (
        "SELECT t.account_id FROM account_state t WHERE t.owed <>"
        " (SELECT coalesce(sum(amount), 0) FROM live_charges c WHERE c.account_id = t.account_id) -"
        " (SELECT coalesce(sum(m.settled + m.waived + m.paid), 0) FROM charge_money m"
        "  WHERE m.account_id = t.account_id)"
    ),
    "户 {0} 没有状态": (
        "SELECT a.id FROM accounts a LEFT JOIN account_state t ON t.account_id = a.id WHERE t.account_id IS NULL"
    ),
    "通知 {0} 的明细与合计不符": (
        "SELECT n.id FROM notices n WHERE n.total <> (SELECT sum(owed) FROM notice_lines l WHERE l.notice_id = n.id)"
    ),
    "{0} 年的催款单编号有缺号": (
        "SELECT year FROM notices GROUP BY year HAVING count(*) <> max(seq) OR min(seq) <> 1"
    ),
    "{0} 年的收据编号有缺号": (
        "SELECT year FROM receipts GROUP BY year HAVING count(*) <> max(seq) OR min(seq) <> 1"
    ),
}  # fmt: skip


def integrity(conn: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds."""
    found = [f"完整性：{row[0]}" for row in conn.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    found += [f"引用缺失：{row[0]} 第 {row[1]} 行" for row in conn.execute("PRAGMA foreign_key_check")]
    return found


def findings(db: Database, path: Path) -> list[str]:
    """Everything wrong with a file of the present schema; empty when it is sound."""
    conn = db.conn
    found = integrity(conn)
    for sentence, sql in _CHECKS.items():
        found += [sentence.format(row[0]) for row in conn.execute(f"{sql} LIMIT {_LIMIT}")]
    found += [*waivers.findings(conn), *plans.findings(conn), *splits.findings(conn), *notices.findings(conn)]
    found += [*service.findings(conn, path), *disputes.findings(conn, path), *documents.findings(conn, path)]
    found += scripts.findings(conn)
    return [*found, *_derived(db, path), *audit.broken_links(conn)]


def _derived(db: Database, path: Path) -> Iterator[str]:
    """What is kept beside the records must follow from them: every balance is worked out anew."""
    row = db.conn.execute("SELECT value FROM settings WHERE key = 'state_day'").fetchone()
    if row is None:
        return
    day = date.fromisoformat(row[0])
    session = Session(db, path, lambda: datetime.combine(day, time(12)))
    ledger = Ledger(session)
    yield from (f"户 {account_id} 存的时效与记录推出来的不一致" for account_id in _wrong_ends(db, path, day)[:_LIMIT])
    kept = {
        charge_id: (settled, waived, paid)
        for charge_id, settled, waived, paid in db.conn.execute(
            "SELECT charge_id, settled, waived, paid FROM charge_money"
        )
    }
    prepaid = dict(db.conn.execute("SELECT account_id, prepaid FROM account_money"))
    rule, wrong = ledger.rule(), 0
    ids = [row[0] for row in db.conn.execute("SELECT id FROM accounts ORDER BY id")]
    for part in pieces(ids):
        for account_id, records in ledger.records(part).items():
            money = work_out(records, rule, day)
            problem = _differs(money, kept, prepaid.get(account_id, 0))
            wrong += bool(problem)
            if problem and wrong <= _LIMIT:
                yield f"户 {account_id} 的{problem}（应欠 {show(owed(records, money))}）"


def _wrong_ends(db: Database, path: Path, rolled_on: date) -> list[int]:
    """Accounts whose kept end of 诉讼时效 follows neither as of the day all were derived nor as of the last write."""
    days = [rolled_on, *(entry.at.date() for entry in audit.entries(db.conn, limit=1))]
    wrong: list[int] | None = None
    for day in dict.fromkeys(days):
        session = Session(db, path, partial(datetime.combine, day, time(12)))
        wrong = wrong_clocks(session, Limitation(session).of_accounts, wrong)
    return wrong or []


def _differs(money: AccountMoney, kept: dict[int, tuple[int, int, int]], prepaid: int) -> str:
    for charge_id, lowered in money.charges.items():
        if kept.get(charge_id, (0, 0, 0)) != (lowered.settled, lowered.waived, lowered.paid):
            return f"收费 {charge_id} 存的余额与记录推出来的不一致"
    return "预缴与记录推出来的不一致" if prepaid != money.prepaid else ""
