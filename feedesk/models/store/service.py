"""送达 on record: who got a notice, how, and the files that prove it, kept by their SHA-256 beside the office file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.limitation import Grade
from feedesk.models.service import (
    METHOD_LABELS,
    Delivery,
    DeliveryDraft,
    DeliveryMethod,
    ProofFile,
    grade,
    problems,
)
from feedesk.models.store import kept_files, proof_rows, voiding
from feedesk.models.store.session import Session, day, marks, pieces
from feedesk.models.store.states import States

_WHAT = "送达凭据"
"""What the files are called where one is refused."""


class Service:
    """Append-only; a delivery recorded by mistake is voided with a reason. What it proves is judged when recorded."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    def look_at(self, path: Path) -> ProofFile:
        """What a file would be kept as; raises FeeDeskError for one that is no proof or cannot be read."""
        return kept_files.hand_over(path, _WHAT).proof

    def made_at(self, notice_id: int) -> datetime:
        """When a notice was made: what proves its service cannot be older. Raises `BadInput` for a voided one."""
        return self._notice(notice_id)[1]

    def record(self, draft: DeliveryDraft, files: Sequence[Path] = ()) -> Changes:
        """Put a delivery on record with its files. Raises `BadInput` for what `service.problems` names.

        Files and record stand or fall together; a file that is there already is not written again.
        """
        session = self._session
        clerk = session.require_clerk()
        issued_on, made_at, accounts = self._notice(draft.notice_id)
        found = problems(draft, issued_on, session.today())
        if found:
            raise BadInput(f"{found[0].rstrip('。')}，送达没有记下。", "请改好再记。")
        handed = kept_files.hand_over_all(files, _WHAT)
        proofs = tuple(one.proof for one in handed)
        verdict = grade(draft, proofs, made_at, session.now())
        with kept_files.keeping(session.path, handed, _WHAT), session.writing() as conn:
            cursor = conn.execute(
                "INSERT INTO deliveries (notice_id, method, sent_on, arrived_on, grade, ems_no, signer, witness,"
                " second_staff, note, confirmed, at, staff_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (draft.notice_id, draft.method, draft.sent_on.isoformat() if draft.sent_on else None,
                 draft.arrived_on.isoformat() if draft.arrived_on else None, verdict.grade, draft.ems_no.strip(),
                 draft.signer.strip(), draft.witness.strip(), draft.second_staff.strip(), draft.note.strip(),
                 int(draft.confirmed), session.stamp(), clerk.id),
            )  # fmt: skip
            delivery_id = int(cursor.lastrowid or 0)
            proof_rows.insert(conn, proof_rows.OF_DELIVERY, delivery_id, proofs)
            session.note(
                "登记送达",
                f"通知 {draft.notice_id}",
                {"delivery": delivery_id, "method": draft.method, "arrived_on": draft.arrived_on,
                 "grade": verdict.grade, "files": [proof.sha256 for proof in proofs], "flags": verdict.flags},
            )  # fmt: skip
            self._states.refresh(accounts)
        return Changes(frozenset(accounts), record_id=delivery_id)

    def void(self, delivery_id: int, reason: str) -> Changes:
        """Take a delivery back: it restarts nothing any more, and still shows."""
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            row = conn.execute("SELECT notice_id FROM deliveries WHERE id = ?", (delivery_id,)).fetchone()
            if row is None or not voiding.mark(session, "deliveries", delivery_id, why):
                raise BadInput("这条送达已经作废，或找不到，没有改动。", "请刷新后再看。")
            accounts = _accounts_of(conn, row[0])
            session.note("作废送达", f"送达 {delivery_id}", {"reason": why})
            self._states.refresh(accounts)
        return Changes(frozenset(accounts), record_id=delivery_id)

    def of_notice(self, notice_id: int) -> list[Delivery]:
        """Deliveries of a notice, newest first, voided ones included."""
        return self.of_notices([notice_id]).get(notice_id, [])

    def of_notices(self, notice_ids: Sequence[int]) -> dict[int, list[Delivery]]:
        """Deliveries of several notices (some hundred at a time is fine), newest first; those without are left out."""
        found: dict[int, list[Delivery]] = {}
        for part in pieces(notice_ids):
            for one in deliveries(self._session.conn, f"d.notice_id IN ({marks(len(part))})", part):
                found.setdefault(one.draft.notice_id, []).append(one)
        return found

    def of_account(self, account_id: int) -> list[Delivery]:
        """Deliveries of all notices of an account, newest first, voided ones included."""
        where = "d.notice_id IN (SELECT notice_id FROM notice_accounts WHERE account_id = ?)"
        return deliveries(self._session.conn, where, (account_id,))

    def served(self, account_id: int) -> int:
        """How many notices of an account have proof of service that a court would look at (grade A or B)."""
        good = (Grade.A, Grade.B)
        return len({d.draft.notice_id for d in self.of_account(account_id) if not d.voided and d.verdict.grade in good})

    def file_path(self, proof: ProofFile) -> Path:
        """Where a kept file lies; raises `BadInput` when it is gone."""
        return kept_files.kept_path(self._session.path, proof)

    # --- inside ---

    def _notice(self, notice_id: int) -> tuple[date, datetime, tuple[int, ...]]:
        """Day and moment a notice was made, and its accounts; raises `BadInput` for one that is void or not there."""
        conn = self._session.conn
        row = conn.execute("SELECT issued_on, issued_at, voided_at FROM notices WHERE id = ?", (notice_id,)).fetchone()
        if row is None or row[2]:
            raise BadInput("这张催款单已经作废，或找不到，送达没有记下。", "请选一张有效的。")
        return date.fromisoformat(row[0]), datetime.fromisoformat(row[1]), _accounts_of(conn, notice_id)


def _accounts_of(conn: sqlite3.Connection, notice_id: int) -> tuple[int, ...]:
    rows = conn.execute("SELECT account_id FROM notice_accounts WHERE notice_id = ? ORDER BY account_id", (notice_id,))
    return tuple(row[0] for row in rows)


_SELECT = """
SELECT d.id, d.at, d.notice_id, d.method, d.sent_on, d.arrived_on, d.grade, d.ems_no, d.signer, d.witness,
       d.second_staff, d.note, d.confirmed, n.issued_at, n.year, n.seq, s.name, d.voided_at, v.name, d.void_reason
FROM deliveries d JOIN notices n ON n.id = d.notice_id JOIN staff s ON s.id = d.staff_id
LEFT JOIN staff v ON v.id = d.voided_by WHERE {where} ORDER BY d.id DESC
"""


def deliveries(conn: sqlite3.Connection, where: str, values: Sequence[object] = ()) -> list[Delivery]:
    """Deliveries on record that fulfil `where` (over `d` and `n`), newest first."""
    rows = conn.execute(_SELECT.format(where=where), tuple(values)).fetchall()
    files = proof_rows.read(conn, proof_rows.OF_DELIVERY, [row[0] for row in rows])
    return [_delivery(row, files.get(row[0], ())) for row in rows]


def _delivery(row: tuple[Any, ...], files: tuple[ProofFile, ...]) -> Delivery:
    (delivery_id, at, notice_id, method, sent_on, arrived_on, kept, ems_no, signer, witness, second, note, confirmed,
     made_at, year, seq, staff, voided_at, voided_by, reason) = row  # fmt: skip
    draft = DeliveryDraft(
        notice_id, DeliveryMethod(method), day(sent_on), day(arrived_on), ems_no, signer, witness, second, note,
        bool(confirmed),
    )  # fmt: skip
    verdict = grade(draft, files, datetime.fromisoformat(made_at), datetime.fromisoformat(at))
    return Delivery(
        id=delivery_id,
        at=datetime.fromisoformat(at),
        draft=draft,
        verdict=replace(verdict, grade=Grade(kept)),
        files=files,
        notice_no=f"{year}-{seq:04d}",
        staff_name=staff,
        voided=f"{reason}（{voided_at[5:10]} {voided_by}）" if voided_at else "",
    )


def findings(conn: sqlite3.Connection, path: Path) -> list[str]:
    """What is wrong with the deliveries of an office file, one sentence each; kept files are looked at where they are."""
    checks = {
        "送达 {0} 早于通知开出那天": (
            "SELECT d.id FROM deliveries d JOIN notices n ON n.id = d.notice_id WHERE d.arrived_on < n.issued_on"
        ),
        "送达 {0} 的日期晚于登记那天": "SELECT id FROM deliveries WHERE arrived_on > substr(at, 1, 10)",
        "送达 {0} 作废得不完整": (
            "SELECT id FROM deliveries WHERE (voided_at IS NULL) <> (voided_by IS NULL)"
            " OR (voided_at IS NULL) <> (coalesce(void_reason, '') = '')"
        ),
    }
    found = [sentence.format(row[0]) for sentence, sql in checks.items() for row in conn.execute(sql + " LIMIT 20")]
    known = {method.value for method in METHOD_LABELS}
    strange = [row[0] for row in conn.execute("SELECT DISTINCT method FROM deliveries") if row[0] not in known]
    if strange:
        return [*found, f"送达方式“{strange[0]}”是本机版本不认识的"]
    for one in deliveries(conn, "1 = 1"):
        made_at = conn.execute("SELECT issued_at FROM notices WHERE id = ?", (one.draft.notice_id,)).fetchone()[0]
        if grade(one.draft, one.files, datetime.fromisoformat(made_at), one.at).grade is not one.verdict.grade:
            found.append(f"送达 {one.id} 的等级 {one.verdict.grade.value} 与凭据不符")
        found += [f"送达 {one.id} 的凭据{what}" for what in kept_files.damages(path, one.files)]
    return found[:20]
