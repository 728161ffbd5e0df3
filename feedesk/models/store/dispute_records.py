"""Objections as rows: written from a dialog or out of a contact, read back as `Dispute`s."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.contacts import ContactDraft
from feedesk.models.disputes import (
    OTHER_KIND,
    Dispute,
    DisputedLine,
    DisputeDraft,
    DisputeEvent,
    DisputeOutcome,
    DisputeState,
    EventKind,
    first_review,
)
from feedesk.models.store import proof_rows
from feedesk.models.store.balances import read_period
from feedesk.models.store.held import RUNNING
from feedesk.models.store.session import Session, day, marks, moment, pieces

CANCELLED = "记录作废"
"""What stands as the resolution of an objection that was put on record by mistake."""

_SELECT = f"""
SELECT d.id, d.account_id, d.kind, d.department, d.note, d.is_written, d.is_ours, d.hold, d.review_on, d.opened_at,
       coalesce(s.name, p.name, ''), d.resolved_at, d.outcome, d.resolution, d.reported_at, d.reported_how, d.contact_id
FROM disputes d LEFT JOIN staff s ON s.id = d.staff_id LEFT JOIN contacts c ON c.id = d.contact_id
LEFT JOIN staff p ON p.id = c.staff_id
WHERE d.part_of IS NULL AND d.resolution <> '{CANCELLED}' AND {{where}} ORDER BY d.opened_at DESC, d.id DESC
"""
_LINES = """
SELECT coalesce(d.part_of, d.id), d.charge_id, i.name, c.period_from, c.period_to, c.months,
       (SELECT coalesce(sum(l.amount - coalesce(m.settled + m.waived + m.paid, 0)), 0) FROM live_charges l
        LEFT JOIN charge_money m ON m.charge_id = l.id
        WHERE l.id = c.id OR l.split_id IN (SELECT id FROM splits WHERE charge_id = c.id AND voided_at IS NULL))
FROM disputes d JOIN charges c ON c.id = d.charge_id JOIN fee_items i ON i.id = c.item_id
WHERE coalesce(d.part_of, d.id) IN ({ids}) ORDER BY d.id
"""


def read(conn: sqlite3.Connection, where: str = "1 = 1", values: Sequence[object] = ()) -> list[Dispute]:
    """Objections on record that fulfil `where` (over `d`), newest first; those cancelled are left out."""
    rows = conn.execute(_SELECT.format(where=where), tuple(values)).fetchall()
    ids = [row[0] for row in rows]
    lines, events, files = _lines(conn, ids), _events(conn, ids), proof_rows.read(conn, proof_rows.OF_DISPUTE, ids)
    return [
        Dispute(
            id=dispute_id,
            account_id=account_id,
            kind=kind,
            department=department,
            note=note,
            is_written=bool(is_written),
            is_ours=None if is_ours is None else bool(is_ours),
            hold=bool(hold),
            review_on=day(review_on),
            opened_at=datetime.fromisoformat(opened_at),
            opened_by=opened_by,
            lines=tuple(lines.get(dispute_id, ())),
            resolved_at=moment(resolved_at),
            outcome=DisputeOutcome(outcome) if outcome else None,
            resolution=resolution,
            reported_at=moment(reported_at),
            reported_how=how,
            events=tuple(events.get(dispute_id, ())),
            files=files.get(dispute_id, ()),
            contact_id=contact_id,
        )
        for (dispute_id, account_id, kind, department, note, is_written, is_ours, hold, review_on, opened_at, opened_by,
             resolved_at, outcome, resolution, reported_at, how, contact_id) in rows
    ]  # fmt: skip


def running(conn: sqlite3.Connection, account_ids: Collection[int] | None = None) -> list[Dispute]:
    """Objections that are not closed, of these accounts (some hundred at most; None: of all), newest first."""
    if account_ids is None:
        return read(conn, RUNNING)
    return read(conn, f"{RUNNING} AND d.account_id IN ({marks(len(account_ids))})", tuple(account_ids))


def insert(
    session: Session, draft: DisputeDraft, opened_at: datetime, staff_id: int, contact_id: int | None = None
) -> int:
    """Write an objection, inside the caller's transaction; returns its id. One row a line, led by the first."""
    review = draft.review_on or first_review(opened_at.date())
    head: int | None = None
    for charge_id in draft.charge_ids or (None,):
        cursor = session.conn.execute(
            "INSERT INTO disputes (account_id, contact_id, charge_id, kind, department, hold, opened_at, review_on,"
            " note, is_written, is_ours, staff_id, part_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (draft.account_id, contact_id, charge_id, draft.kind.strip() or OTHER_KIND, draft.department.strip(),
             int(draft.hold), opened_at.isoformat(timespec="minutes"), review.isoformat(), draft.note.strip(),
             int(draft.is_written), None if draft.is_ours is None else int(draft.is_ours), staff_id, head),
        )  # fmt: skip
        head = head or int(cursor.lastrowid or 0)
    return head or 0


def add_event(session: Session, dispute_id: int, what: EventKind, words: str) -> None:
    """Put a step on record, inside the caller's transaction."""
    clerk = session.require_clerk()
    session.conn.execute(
        "INSERT INTO dispute_events (dispute_id, at, what, words, staff_id) VALUES (?, ?, ?, ?, ?)",
        (dispute_id, session.stamp(), what, words.strip(), clerk.id),
    )


def from_contact(session: Session, contact_id: int, draft: ContactDraft, staff_id: int) -> None:
    """The objection heard in a contact, for each of its accounts, or for the lines named only.

    What is in hand already is not opened a second time: that the owner came back to it goes on its record.
    """
    conn = session.conn
    by_account: dict[int, list[int]] = {account_id: [] for account_id in draft.account_ids}
    for charge_id in draft.dispute_lines:
        row = conn.execute("SELECT account_id FROM charges WHERE id = ?", (charge_id,)).fetchone()
        if row is None or row[0] not in by_account:
            raise BadInput("选中的账单不属于这次联系的业主，联系没有记下。", "请重新选有异议的账单。")
        by_account[row[0]].append(charge_id)
    kind = draft.dispute_kind or OTHER_KIND
    review: date | None = draft.next_action.at.date() if draft.next_action.at and not draft.dispute_lines else None
    for account_id, charge_ids in by_account.items():
        if draft.dispute_lines and not charge_ids:
            continue
        known = [one for one in running(conn, [account_id]) if one.state is DisputeState.OPEN]
        taken = [one for one in known if {line.charge_id for line in one.lines} & set(charge_ids)]
        if not charge_ids:
            taken = [one for one in known if not one.lines and one.kind == kind]
        for one in taken:
            add_event(session, one.id, EventKind.AGAIN, draft.said)
        named = {line.charge_id for one in taken for line in one.lines}
        fresh = tuple(charge_id for charge_id in charge_ids if charge_id not in named)
        if fresh or not (charge_ids or taken):
            insert(
                session,
                DisputeDraft(
                    account_id, kind, draft.dispute_department, draft.said, fresh, draft.dispute_written,
                    review_on=review,
                ),
                draft.at,
                staff_id,
                contact_id,
            )  # fmt: skip


def cancel_of_contact(session: Session, contact_id: int) -> None:
    """A contact is voided: its objections go with it, unless the owner has come back to them since."""
    rows = session.conn.execute(
        "SELECT id FROM disputes d WHERE contact_id = ? AND resolved_at IS NULL AND part_of IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM dispute_events e WHERE e.dispute_id = d.id AND e.what = ?)",
        (contact_id, EventKind.AGAIN),
    ).fetchall()
    for (dispute_id,) in rows:
        cancel(session, dispute_id)


def cancel(session: Session, dispute_id: int) -> None:
    """Take an objection off the lists, inside the caller's transaction; the row stays."""
    session.conn.execute(
        "UPDATE disputes SET resolved_at = ?1, reported_at = ?1, resolution = ?2 WHERE id = ?3 OR part_of = ?3",
        (session.stamp(), CANCELLED, dispute_id),
    )


def _lines(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[DisputedLine]]:
    found: dict[int, list[DisputedLine]] = {}
    for row in _in_pieces(conn, _LINES, ids):
        dispute_id, charge_id, item, first, last, months, owed = row
        period = read_period(first, last, months)
        text = f"{period.text() if period else '期间待核'} {item}"
        found.setdefault(dispute_id, []).append(DisputedLine(charge_id, text, max(0, owed)))
    return found


def _events(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[DisputeEvent]]:
    found: dict[int, list[DisputeEvent]] = {}
    sql = (
        "SELECT e.dispute_id, e.at, e.what, e.words, s.name FROM dispute_events e JOIN staff s ON s.id = e.staff_id"
        " WHERE e.dispute_id IN ({ids}) ORDER BY e.id"
    )
    for dispute_id, at, what, words, who in _in_pieces(conn, sql, ids):
        event = DisputeEvent(datetime.fromisoformat(at), EventKind(what), words, who)
        found.setdefault(dispute_id, []).append(event)
    return found


def _in_pieces(conn: sqlite3.Connection, sql: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for part in pieces(ids):
        rows += conn.execute(sql.format(ids=marks(len(part))), part).fetchall()
    return rows
