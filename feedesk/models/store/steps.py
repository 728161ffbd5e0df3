"""Moves on the ladder that a record makes by itself, with its cause, so that voiding the record takes them back."""

from __future__ import annotations

from collections.abc import Collection

from feedesk.models.accounts import Step
from feedesk.models.store.session import Session, marks, pieces

_FROM_THE_START = "上一次欠费已缴清，新的欠费从提醒开始"


def move_step(session: Session, account_id: int, step: Step, reason: str, cause: str = "") -> None:
    """Move an account on the ladder, with the reason on record; inside the caller's transaction.

    `cause` names the record that moved it (`contact:12`, `notice:5`, `import:3`), so that voiding it can move it back.
    """
    conn = session.conn
    (before,) = conn.execute("SELECT step FROM accounts WHERE id = ?", (account_id,)).fetchone()
    if before == step:
        return
    clerk = session.clerk
    conn.execute("UPDATE accounts SET step = ? WHERE id = ?", (step, account_id))
    conn.execute(
        "INSERT INTO transitions (account_id, at, from_step, to_step, reason, staff_id, cause)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (account_id, session.stamp(), before, step, reason, clerk.id if clerk else None, cause),
    )


def undo_steps(session: Session, cause: str, reason: str) -> None:
    """Take back the moves that a voided record made, where nothing has moved the account since."""
    for account_id, before in session.conn.execute(
        "SELECT t.account_id, t.from_step FROM transitions t JOIN accounts a ON a.id = t.account_id"
        " WHERE t.cause = ? AND a.step = t.to_step AND NOT EXISTS (SELECT 1 FROM transitions l"
        "  WHERE l.account_id = t.account_id AND l.id > t.id AND l.cause = '')",
        (cause,),
    ).fetchall():
        move_step(session, account_id, Step(before), reason, "undo")


def begin_anew(session: Session, account_ids: Collection[int], cause: str) -> None:
    """Who had paid everything and owes again is reminded first, whatever step the debt before had come to (domain §6).

    Inside the caller's transaction, with the balances derived and the states still as they were before the list.
    """
    ids = list(account_ids)
    for part in pieces(ids):
        for (account_id,) in session.conn.execute(
            "SELECT a.id FROM accounts a JOIN account_state t ON t.account_id = a.id WHERE t.is_paid = 1"
            " AND a.cleared_at IS NOT NULL AND a.step NOT IN (?, ?) AND EXISTS (SELECT 1 FROM live_charges c"
            "  LEFT JOIN charge_money m ON m.charge_id = c.id WHERE c.account_id = a.id"
            "  AND c.amount > coalesce(m.settled + m.waived + m.paid, 0))"
            f" AND a.id IN ({marks(len(part))})",
            (Step.BILL, Step.REMINDER, *part),
        ).fetchall():
            move_step(session, account_id, Step.REMINDER, _FROM_THE_START, cause)
