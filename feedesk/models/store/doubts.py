"""收款待核 that has answered itself: what is no longer held as paid cannot contradict a list."""

from __future__ import annotations

from collections.abc import Collection

from feedesk.models.store.session import Session, marks

_UNDONE = "收款或减免已撤销，清单列得对"


def release(session: Session, account_ids: Collection[int]) -> None:
    """After a reversal or a waiver voided or lapsed, inside its transaction and after the ledger has derived these accounts.

    A doubt never stands for more than is held as paid or let off; what is left of it stays 待核.
    """
    conn = session.conn
    rows = conn.execute(
        "SELECT * FROM (SELECT d.id, d.account_id, d.charge_id, d.import_id, d.amount AS amount,"
        " (SELECT coalesce(sum(m.waived + m.paid), 0) FROM charge_money m WHERE m.charge_id = d.charge_id"
        "  OR m.charge_id IN (SELECT c.id FROM charges c JOIN splits s ON s.id = c.split_id"
        "   WHERE s.charge_id = d.charge_id AND s.voided_at IS NULL)) AS lowered FROM payment_doubts d"
        f" WHERE d.closed_at IS NULL AND d.account_id IN ({marks(len(account_ids))})) WHERE lowered < amount ORDER BY id",
        list(account_ids),
    ).fetchall()
    stamp = session.stamp()
    for doubt_id, account_id, charge_id, import_id, _, lowered in rows:
        conn.execute("UPDATE payment_doubts SET closed_at = ?, closed_why = ? WHERE id = ?", (stamp, _UNDONE, doubt_id))
        if lowered:
            conn.execute(
                "INSERT INTO payment_doubts (account_id, charge_id, import_id, amount, at) VALUES (?, ?, ?, ?, ?)",
                (account_id, charge_id, import_id, lowered, stamp),
            )
