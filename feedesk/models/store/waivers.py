"""减免 on record: granted under the PIN of somebody who may, voided with a reason, never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.ledger.late_fee import AccountLateFee
from feedesk.models.ledger.waivers import (
    APPROVERS,
    WAIVER_KIND_LABELS,
    Waiver,
    WaiverBasis,
    WaiverDraft,
    WaiverTarget,
    problems,
)
from feedesk.models.office import Staff
from feedesk.models.store import balances, doubts, voiding, waiver_facts
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.people import StaffList
from feedesk.models.store.session import Session, day
from feedesk.models.store.states import States


class Waivers:
    """Append-only: a mistake is voided with a reason and still shows."""

    def __init__(
        self,
        session: Session,
        states: States,
        ledger: Ledger,
        staff: StaffList,
        late_fee: Callable[[int, date], AccountLateFee],
    ) -> None:
        self._session = session
        self._states = states
        self._ledger = ledger
        self._staff = staff
        self._late_fee = late_fee
        """The late fee of an account as of a day."""

    def basis(self, draft: WaiverDraft) -> WaiverBasis:
        """What a draft is judged against as the office stands; raises `BadInput` for a charge that is not there."""
        late = draft.target is WaiverTarget.LATE_FEE
        owed = self._late_owed(draft) if late else 0
        if draft.charge_id is None:
            return WaiverBasis(owed)
        charges = {charge.id: charge for charge in balances.charges_of(self._session.conn, [draft.account_id])}
        charge = charges.get(draft.charge_id)
        if charge is None:
            raise BadInput("找不到这笔账单，减免没有记下。", "账目刚有变动，请刷新后再选。")
        as_of, last = self._session.conn.execute(
            "SELECT m.as_of, (SELECT max(l.as_of) FROM imports l WHERE l.voided_at IS NULL AND"
            "  (l.id IN (SELECT import_id FROM charges WHERE account_id = c.account_id) OR l.id IN (SELECT s.import_id"
            "   FROM settlements s JOIN charges x ON x.id = s.charge_id WHERE x.account_id = c.account_id)))"
            " FROM charges c LEFT JOIN imports m ON m.id = c.import_id WHERE c.id = ?",
            (draft.charge_id,),
        ).fetchone()
        days = [known for known in (charge.due_on, day(as_of)) if known]
        return WaiverBasis(owed if late else charge.owed, charge.kind, min(days, default=None), day(last))

    def _late_owed(self, draft: WaiverDraft) -> int:
        """Open late fee in 分: of the account, or of the charge as far as nothing has been let off of it by itself."""
        fee = self._late_fee(draft.account_id, draft.on)
        if draft.charge_id is None:
            return fee.owed
        held = waiver_facts.late_fee_waivers(self._session.conn, self._ledger, [draft.account_id], draft.on)
        let_off = sum(one.amount for one in held.get(draft.account_id, ()) if draft.charge_id in one.charge_ids)
        claimed = sum(line.claimed for line in fee.lines if line.charge_id == draft.charge_id)
        return max(0, min(fee.owed, claimed - let_off))

    def grant(self, draft: WaiverDraft, approver: Staff, pin: str) -> Changes:
        """Let something off. Raises `BadInput` for what `ledger.waivers.problems` names, and for a wrong PIN."""
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            found = problems(draft, self.basis(draft), session.today())
            if found:
                raise BadInput(f"{found[0].rstrip('。')}，减免没有记下。", "请改好再记。")
            signs = self._staff.verify_pin(approver, pin, APPROVERS[draft.target])
            cursor = conn.execute(
                "INSERT INTO waivers (account_id, charge_id, target, kind, amount, granted_on, at, reason, asked_by,"
                " expires_on, approved_by, staff_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (draft.account_id, draft.charge_id, draft.target, draft.kind, draft.amount, draft.on.isoformat(),
                 session.stamp(), draft.reason.strip(), draft.asked_by.strip(),
                 draft.expires_on.isoformat() if draft.expires_on else None, signs.id, clerk.id),
            )  # fmt: skip
            waiver_id = int(cursor.lastrowid or 0)
            session.note(
                WAIVER_KIND_LABELS[draft.kind],
                f"减免 {waiver_id}",
                {"account": draft.account_id, "charge": draft.charge_id, "target": draft.target,
                 "amount": draft.amount, "reason": draft.reason.strip(), "approved_by": signs.name},
            )  # fmt: skip
            touched = self._derive(draft.account_id)
        return Changes(touched, record_id=waiver_id)

    def void(self, waiver_id: int, reason: str) -> Changes:
        """Take a waiver back: it counts on no day any more, and what it had lowered is owed again."""
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            row = conn.execute("SELECT account_id, voided_at FROM waivers WHERE id = ?", (waiver_id,)).fetchone()
            if row is None:
                raise BadInput("找不到这笔减免，没有作废。", "请刷新后再看。")
            if row[1]:
                raise BadInput("这笔减免已经作废过了。", "")
            voiding.mark(session, "waivers", waiver_id, why)
            session.note("作废减免", f"减免 {waiver_id}", {"reason": why})
            touched = self._derive(row[0])
        return Changes(touched, record_id=waiver_id)

    def _derive(self, account_id: int) -> frozenset[int]:
        self._ledger.derive([account_id])
        doubts.release(self._session, [account_id])
        return self._states.refresh([account_id]) | {account_id}

    def of_account(self, account_id: int) -> list[Waiver]:
        """All waivers of an account, newest first, those voided and lapsed included."""
        conn = self._session.conn
        lapsed = waiver_facts.lapses(conn, self._ledger, [account_id], self._session.today())
        columns = ", ".join(f"w.{name}" for name in waiver_facts.COLUMNS.split(", "))
        rows = conn.execute(
            f"SELECT {columns}, w.at, p.name, s.name, w.void_reason, w.voided_at, v.name FROM waivers w"
            " JOIN staff p ON p.id = w.approved_by JOIN staff s ON s.id = w.staff_id"
            " LEFT JOIN staff v ON v.id = w.voided_by WHERE w.account_id = ? ORDER BY w.id DESC",
            (account_id,),
        )
        return [
            Waiver(
                id=row[0],
                at=datetime.fromisoformat(row[10]),
                draft=waiver_facts.draft_of(row),
                approved_by=row[11],
                staff_name=row[12],
                voided=f"{row[13]}（{row[14][5:10]} {row[15]}）" if row[14] else "",
                lapsed=lapsed.get(row[0], ""),
            )
            for row in rows
        ]


def findings(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the waivers of an office file, one sentence each."""
    checks = {
        "减免 {0} 减的账单不是这一户的": (
            "SELECT w.id FROM waivers w JOIN charges c ON c.id = w.charge_id WHERE c.account_id <> w.account_id"
        ),
        "减免 {0} 超过了那笔账单的金额": (
            "SELECT w.id FROM waivers w JOIN charges c ON c.id = w.charge_id"
            " WHERE w.target = 'principal' AND w.voided_at IS NULL AND w.amount > c.amount"
        ),
        "减免 {0} 的期限早于减免那天": "SELECT id FROM waivers WHERE expires_on < granted_on",
        "减免 {0} 没有写原因或申请人": "SELECT id FROM waivers WHERE trim(reason) = '' OR trim(asked_by) = ''",
        "减免 {0} 作废得不完整": (
            "SELECT id FROM waivers WHERE (voided_at IS NULL) <> (voided_by IS NULL)"
            " OR (voided_at IS NULL) <> (coalesce(void_reason, '') = '')"
        ),
        "账单 {0} 记着减免，却没有一笔有效的减免": (
            "SELECT m.charge_id FROM charge_money m JOIN charges c ON c.id = m.charge_id"
            " LEFT JOIN splits s ON s.id = c.split_id WHERE m.waived > (SELECT coalesce(sum(w.amount), 0) FROM waivers w"
            "  WHERE w.voided_at IS NULL AND w.target = 'principal' AND w.charge_id IN (m.charge_id, s.charge_id))"
        ),
    }
    return [sentence.format(row[0]) for sentence, sql in checks.items() for row in conn.execute(sql + " LIMIT 20")]
