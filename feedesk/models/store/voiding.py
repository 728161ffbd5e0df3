"""作废: nothing on record is deleted; a row is marked with who took it back, when and why, and still shows."""

from __future__ import annotations

from typing import Literal

from feedesk.errors import BadInput
from feedesk.models.store.session import Session

Voidable = Literal["contacts", "deliveries", "documents", "imports", "notices", "plans", "splits", "waivers"]
"""The tables whose rows are voided: with `voided_at`, `voided_by` and `void_reason`."""


def checked(session: Session, reason: str) -> str:
    """The reason as kept. Raises `BadInput` for an empty one, and while nobody is at the desk."""
    kept = reason.strip()
    if not kept:
        raise BadInput("作废要写明原因，没有作废。", "请写一句原因。")
    session.require_clerk()
    return kept


def mark(session: Session, table: Voidable, record_id: int, reason: str) -> bool:
    """Void a row inside the caller's transaction; False when there is none, or it is void already."""
    clerk = session.require_clerk()
    changed = session.conn.execute(
        f"UPDATE {table} SET voided_at = ?, voided_by = ?, void_reason = ? WHERE id = ? AND voided_at IS NULL",
        (session.stamp(), clerk.id, reason, record_id),
    ).rowcount
    return changed > 0
