"""Logged contacts with the promises, claims and disputes that come out of them."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from feedesk.errors import BadInput
from feedesk.models.accounts import Category, PhoneState, Step
from feedesk.models.changes import Changes
from feedesk.models.contacts import (
    Channel,
    ClaimDraft,
    Contact,
    ContactDraft,
    Outcome,
    PromiseDraft,
    phone_state_after,
)
from feedesk.models.escalation import after_contact
from feedesk.models.guard import Verdict, check
from feedesk.models.store import balances, contact_history, dispute_records, kin, steps, voiding
from feedesk.models.store.session import Session, moment
from feedesk.models.store.states import States


class Contacts:
    """Append-only: a mistake is voided with a reason and still shows."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    def add(self, draft: ContactDraft) -> Changes:
        """Log one contact for one or several accounts of an owner; it counts once.

        What the contact guard would have stopped is logged only with the reason for it, which stays on record.
        """
        session = self._session
        clerk = session.require_clerk()
        if not draft.account_ids:
            raise BadInput("没有选中业主，联系没有记下。", "请先选一户。")
        if draft.at > session.now():
            raise BadInput("联系时间在现在之后，没有记下。", "请改成已经发生的时间。")
        with session.writing() as conn:
            verdict = self._judge(conn, draft)
            contact_id = self._insert(conn, draft, clerk.id)
            self._keep_override(conn, contact_id, draft, verdict)
            conn.executemany("INSERT INTO contact_accounts VALUES (?, ?)", [(contact_id, a) for a in draft.account_ids])
            if draft.promise:
                self._add_promises(conn, contact_id, draft, draft.promise)
            if draft.claim:
                self._add_claims(conn, draft.account_ids, draft.claim, contact_id)
            if draft.outcome is Outcome.DISPUTE:
                dispute_records.from_contact(session, contact_id, draft, clerk.id)
            touched = set(draft.account_ids)
            if draft.outcome is Outcome.DO_NOT_CALL:
                touched |= kin.set_do_not_call(conn, draft.account_ids, True)
            self._apply_to_accounts(conn, draft, f"contact:{contact_id}")
            session.note(
                "记录联系",
                f"联系 {contact_id}",
                {"accounts": draft.account_ids, "at": draft.at, "outcome": draft.outcome, "said": draft.said},
            )
            self._states.refresh(touched)
        return Changes(frozenset(touched), record_id=contact_id)

    @staticmethod
    def _judge(conn: sqlite3.Connection, draft: ContactDraft) -> Verdict:
        """What the guard says of it, by all the units it is about; raises `BadInput` when it says no and no reason is given."""
        history = contact_history.of_units(conn, draft.account_ids, draft.at)
        verdict = check(draft.channel, draft.at, history, draft.outcome)
        if not verdict.allowed and not draft.override_reason.strip():
            raise BadInput(f"{verdict.why}：没有写理由，联系没有记下。", "确实联系过的，写明理由再保存。")
        return verdict

    def _keep_override(self, conn: sqlite3.Connection, contact_id: int, draft: ContactDraft, verdict: Verdict) -> None:
        if verdict.allowed:
            return
        reason = draft.override_reason.strip()
        next_at = verdict.next_at.isoformat(timespec="minutes") if verdict.next_at else None
        conn.executemany(
            "INSERT INTO contact_overrides (contact_id, rule, why, next_at, reason) VALUES (?, ?, ?, ?, ?)",
            [(contact_id, breach.rule, breach.record, next_at, reason) for breach in verdict.broken],
        )
        self._session.note(
            "规则外联系",
            f"联系 {contact_id}",
            {"rules": [breach.rule for breach in verdict.broken], "why": verdict.why, "reason": reason},
        )

    def _insert(self, conn: sqlite3.Connection, draft: ContactDraft, staff_id: int) -> int:
        following = draft.next_action
        cursor = conn.execute(
            "INSERT INTO contacts (at, logged_at, channel, number, outcome, said, category, staff_id, next_at,"
            " next_has_time, next_reason, waits_for, script_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                draft.at.isoformat(timespec="minutes"),
                self._session.stamp(),
                draft.channel,
                draft.number,
                draft.outcome,
                draft.said.strip(),
                draft.category,
                staff_id,
                following.at.isoformat(timespec="minutes") if following.at else None,
                int(following.has_time),
                following.reason,
                following.waits_for,
                draft.script_id,
            ),
        )
        return int(cursor.lastrowid or 0)

    def _add_promises(
        self, conn: sqlite3.Connection, contact_id: int, draft: ContactDraft, promise: PromiseDraft
    ) -> None:
        """One promise per account; a sum for several units covers them in the order given."""
        owed = self._owed(conn, draft.account_ids)
        total = sum(owed.values())
        if not 0 < promise.amount <= total:
            raise BadInput("承诺金额要大于 0、不超过欠费，联系没有记下。", "请改好金额再保存。")
        if promise.due_on < draft.at.date():
            raise BadInput("承诺日早于联系那天，联系没有记下。", "请改好日期再保存。")
        left = promise.amount
        for account_id in draft.account_ids:
            part = min(left, owed.get(account_id, 0))
            if part > 0:
                conn.execute(
                    "INSERT INTO promises (contact_id, account_id, amount, due_on, made_at) VALUES (?, ?, ?, ?, ?)",
                    (contact_id, account_id, part, promise.due_on.isoformat(), draft.at.isoformat(timespec="minutes")),
                )
                left -= part

    def _owed(self, conn: sqlite3.Connection, account_ids: tuple[int, ...]) -> dict[int, int]:
        owed = dict.fromkeys(account_ids, 0)
        for charge in balances.charges_of(conn, account_ids):
            owed[charge.account_id] += charge.owed
        return owed

    def _add_claims(
        self, conn: sqlite3.Connection, account_ids: tuple[int, ...], claim: ClaimDraft, contact_id: int | None
    ) -> None:
        if claim.paid_on > self._session.today():
            raise BadInput("缴费日在今天之后，没有记下。", "请改成已经发生的日期。")
        if claim.amount <= 0:
            raise BadInput("缴费金额要大于 0，没有记下。", "请改好金额再保存。")
        owed = self._owed(conn, account_ids)
        staff = self._session.require_clerk()
        left = claim.amount
        for place, account_id in enumerate(account_ids):
            last = place == len(account_ids) - 1
            part = left if last else min(left, owed[account_id])
            if part > 0:
                conn.execute(
                    "INSERT INTO claims (account_id, contact_id, amount, paid_on, way, note, at, staff_id)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (account_id, contact_id, part, claim.paid_on.isoformat(), claim.way, claim.note,
                     self._session.stamp(), staff.id),
                )  # fmt: skip
                left -= part

    def _apply_to_accounts(self, conn: sqlite3.Connection, draft: ContactDraft, cause: str) -> None:
        """Category from the contact; the first call and later calls move the step (domain §6, steps 2 and 3)."""
        for account_id in draft.account_ids:
            if draft.category:
                self._follow_category(conn, account_id)
            if draft.channel in (Channel.PHONE, Channel.VISIT):
                step = conn.execute("SELECT step FROM accounts WHERE id = ?", (account_id,)).fetchone()[0]
                moved = after_contact(Step(step), self._calls(conn, account_id))
                if moved:
                    self.move_step(account_id, *moved, cause)
            if draft.channel is Channel.PHONE and draft.number:
                self._follow_number(conn, account_id, draft.number)

    @staticmethod
    def _calls(conn: sqlite3.Connection, account_id: int) -> int:
        (calls,) = conn.execute(
            "SELECT count(*) FROM contacts c JOIN contact_accounts x ON x.contact_id = c.id"
            " WHERE x.account_id = ? AND c.voided_at IS NULL AND c.channel IN ('phone', 'visit')",
            (account_id,),
        ).fetchone()
        return int(calls)

    def move_step(self, account_id: int, step: Step, reason: str, cause: str = "") -> None:
        """See `steps.move_step`; inside the caller's transaction."""
        steps.move_step(self._session, account_id, step, reason, cause)

    def undo_steps(self, cause: str, reason: str) -> None:
        """See `steps.undo_steps`."""
        steps.undo_steps(self._session, cause, reason)

    def claim(self, account_ids: tuple[int, ...], claim: ClaimDraft) -> Changes:
        """标记已缴(待核) without a contact: the accounts leave the calls until finance settles it."""
        if not account_ids:
            raise BadInput("没有选中业主，没有标记。", "请先选一户。")
        with self._session.writing() as conn:
            self._add_claims(conn, account_ids, claim, None)
            self._session.note("标记已缴待核", f"{len(account_ids)} 户", {"accounts": account_ids, "way": claim.way})
            self._states.refresh(account_ids)
        return Changes(frozenset(account_ids))

    def drop_claim(self, account_id: int, why: str) -> Changes:
        """Finance found nothing: the account goes back to the calls."""
        with self._session.writing() as conn:
            closed = conn.execute(
                "UPDATE claims SET closed_at = ?, closed_why = ? WHERE account_id = ? AND closed_at IS NULL",
                (self._session.stamp(), why, account_id),
            ).rowcount
            if not closed:
                return Changes()
            self._session.note("取消已缴待核", f"户 {account_id}", {"why": why})
            self._states.refresh([account_id])
        return Changes(frozenset([account_id]))

    def void(self, contact_id: int, reason: str) -> Changes:
        """Void a contact with a reason; its promise, claim and dispute go with it. The category falls back."""
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            row = conn.execute("SELECT voided_at, outcome, number FROM contacts WHERE id = ?", (contact_id,)).fetchone()
            if row is None:
                raise BadInput("找不到这条记录，没有作废。", "请刷新后再看。")
            voided_at, outcome, number = row
            if voided_at:
                raise BadInput("这条记录已经作废过了。", "")
            voiding.mark(session, "contacts", contact_id, why)
            conn.execute(
                "UPDATE claims SET closed_at = ?, closed_why = '记录作废' WHERE contact_id = ? AND closed_at IS NULL",
                (session.stamp(), contact_id),
            )
            dispute_records.cancel_of_contact(session, contact_id)
            ids = [a for (a,) in conn.execute(
                "SELECT account_id FROM contact_accounts WHERE contact_id = ?", (contact_id,)
            )]  # fmt: skip
            touched = set(ids)
            if outcome == Outcome.DO_NOT_CALL:
                touched |= kin.follow_wish(conn, ids)
            for account_id in ids:
                self._follow_category(conn, account_id)
                if number:
                    self._follow_number(conn, account_id, number)
            self.undo_steps(f"contact:{contact_id}", "联系作废，阶段退回")
            session.note("作废联系", f"联系 {contact_id}", {"reason": reason})
            self._states.refresh(touched)
        return Changes(frozenset(touched), record_id=contact_id)

    def _follow_category(self, conn: sqlite3.Connection, account_id: int) -> None:
        """Category by the latest contact that counts, whenever it was logged, or by hand since."""
        row = conn.execute(
            "SELECT c.category, c.at AS at, c.id AS id FROM contacts c JOIN contact_accounts x ON x.contact_id = c.id"
            " WHERE x.account_id = ?1 AND c.voided_at IS NULL AND c.category IS NOT NULL"
            " UNION ALL SELECT nullif(t.after, ''), t.at, t.id FROM trait_changes t WHERE t.account_id = ?1"
            " AND t.trait = 'category' ORDER BY at DESC, id DESC LIMIT 1",
            (account_id,),
        ).fetchone()
        conn.execute("UPDATE accounts SET category = ? WHERE id = ?", (row[0] if row else None, account_id))

    def _follow_number(self, conn: sqlite3.Connection, account_id: int, number: str) -> None:
        """What is known of the number by the latest call that counts."""
        row = conn.execute(
            "SELECT c.outcome FROM contacts c JOIN contact_accounts x ON x.contact_id = c.id WHERE x.account_id = ?"
            " AND c.number = ? AND c.channel = ? AND c.voided_at IS NULL ORDER BY c.at DESC, c.id DESC LIMIT 1",
            (account_id, number, Channel.PHONE),
        ).fetchone()
        state = phone_state_after(Outcome(row[0])) if row else PhoneState.UNTRIED
        conn.execute("UPDATE phones SET state = ? WHERE account_id = ? AND number = ?", (state, account_id, number))

    def of(self, account_id: int) -> list[Contact]:
        """All contacts of an account, newest first, voided ones included."""
        return self.between(None, None, account_id)

    def between(self, first: datetime | None, last: datetime | None, account_id: int | None = None) -> list[Contact]:
        """Contacts of a span (both ends included), newest first; of one account or of all."""
        where, values = ["1"], []
        if first:
            where.append("c.at >= ?")
            values.append(first.isoformat(timespec="minutes"))
        if last:
            where.append("c.at <= ?")
            values.append(last.isoformat(timespec="minutes"))
        if account_id is not None:
            where.append("c.id IN (SELECT contact_id FROM contact_accounts WHERE account_id = ?)")
            values.append(str(account_id))
        rows = self._session.conn.execute(
            "SELECT c.id, c.at, c.channel, c.number, c.outcome, c.said, c.category, s.name, c.next_at, c.next_reason,"
            " (SELECT sum(p.amount) FROM promises p WHERE p.contact_id = c.id),"
            " (SELECT max(p.due_on) FROM promises p WHERE p.contact_id = c.id),"
            " (SELECT group_concat(u.room, char(31)) FROM contact_accounts x JOIN accounts a ON a.id = x.account_id"
            "  JOIN units u ON u.id = a.unit_id WHERE x.contact_id = c.id),"
            " c.voided_at, v.name, c.void_reason,"
            " (SELECT group_concat(o.why, '；') || '；理由：' || max(o.reason) FROM contact_overrides o"
            "  WHERE o.contact_id = c.id)"
            " FROM contacts c JOIN staff s ON s.id = c.staff_id LEFT JOIN staff v ON v.id = c.voided_by"
            f" WHERE {' AND '.join(where)} ORDER BY c.at DESC, c.id DESC",
            values,
        )
        return [_contact(row) for row in rows]

    def attempts(self, account_id: int) -> list[tuple[datetime, Channel, Outcome]]:
        """Time, channel and outcome of every contact that counts, newest first; for rules and guards.

        Contacts with the person: those about any unit of the same owner, each once (law §13.7).
        """
        rows = self._session.conn.execute(
            "SELECT c.at, c.channel, c.outcome FROM contacts c WHERE c.voided_at IS NULL AND c.id IN"
            " (SELECT x.contact_id FROM contact_accounts x JOIN accounts a ON a.id = x.account_id"
            "  WHERE a.owner_id = (SELECT owner_id FROM accounts WHERE id = ?)) ORDER BY c.at DESC, c.id DESC",
            (account_id,),
        )
        return [(datetime.fromisoformat(at), Channel(channel), Outcome(outcome)) for at, channel, outcome in rows]


def _contact(row: tuple[object, ...]) -> Contact:
    (contact_id, at, channel, number, outcome, said, category, who, next_at, reason, amount, due_on, rooms_text,
     voided_at, voided_by, void_reason, override) = row  # fmt: skip
    voided = f"{void_reason}（{str(voided_at)[5:10]} {voided_by}）" if voided_at else ""
    return Contact(
        id=int(str(contact_id)),
        at=datetime.fromisoformat(str(at)),
        channel=Channel(str(channel)),
        number=str(number),
        outcome=Outcome(str(outcome)),
        said=str(said),
        category=Category(str(category)) if category else None,
        staff_name=str(who),
        next_at=moment(str(next_at) if next_at else None),
        next_reason=str(reason),
        promise=PromiseDraft(datetime.fromisoformat(str(due_on)).date(), int(str(amount))) if due_on else None,
        rooms=tuple(str(rooms_text).split("\x1f")) if rooms_text else (),
        voided=voided,
        override=str(override or ""),
    )
