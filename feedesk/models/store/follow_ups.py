"""Follow-ups planned anew without a contact (改下次跟进): append-only, taken back by voiding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.contacts import NextAction
from feedesk.models.followup import plan_problem
from feedesk.models.store.session import Session, marks
from feedesk.models.store.states import States


class FollowUps:
    """The plan in force is this one or the last contact's, whichever was made later (see `States`)."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    def replan(self, account_ids: Sequence[int], plan: NextAction) -> Changes:
        """Plan the next follow-up of these accounts anew; `record_id` is the first of one record an account."""
        session = self._session
        clerk = session.require_clerk()
        if not account_ids:
            raise BadInput("没有选中业主，下次跟进没有改。", "请先选一户。")
        if plan.at is None:
            raise BadInput("没有写明哪一天，下次跟进没有改。", "请选一个日子。")
        problem = plan_problem(plan, session.now())
        if problem:
            raise BadInput(f"{problem.rstrip('。')}，没有改。", "请换个时间再保存。")
        ids = tuple(dict.fromkeys(account_ids))
        at = plan.at.isoformat(timespec="minutes")
        records = []
        with session.writing() as conn:
            for account_id in ids:
                cursor = conn.execute(
                    "INSERT INTO follow_ups (account_id, made_at, next_at, next_has_time, reason, staff_id)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (account_id, session.stamp(), at, int(plan.has_time), plan.reason.strip(), clerk.id),
                )
                records.append(int(cursor.lastrowid or 0))
            session.note(
                "改下次跟进", f"{len(ids)} 户", {"accounts": ids, "records": records, "at": at, "reason": plan.reason}
            )
            self._states.refresh(ids)
        return Changes(frozenset(ids), record_id=records[0])

    def void(self, made: Changes) -> Changes:
        """Take back what one `replan` made; it still shows. The plan before it is in force again."""
        ids = tuple(sorted(made.account_ids))
        with self._session.writing() as conn:
            # The records of one replan have numbers in a row: they were written in one transaction.
            voided = conn.execute(
                f"UPDATE follow_ups SET voided_at = ? WHERE id >= ? AND id < ? AND account_id IN ({marks(len(ids))})"
                " AND voided_at IS NULL",
                (self._session.stamp(), made.record_id, made.record_id + len(ids), *ids),
            ).rowcount
            if not voided:
                raise BadInput("这次改动已经撤销过了。", "")
            self._session.note("撤销改下次跟进", f"{len(ids)} 户", {"accounts": ids, "first": made.record_id})
            self._states.refresh(ids)
        return Changes(made.account_ids, record_id=made.record_id)

    def of(self, account_id: int) -> list[tuple[datetime, NextAction, str, datetime | None]]:
        """When, what, by whom, and when voided: every plan made by hand for an account, oldest first."""
        rows = self._session.conn.execute(
            "SELECT f.made_at, f.next_at, f.next_has_time, f.reason, s.name, f.voided_at FROM follow_ups f"
            " JOIN staff s ON s.id = f.staff_id WHERE f.account_id = ? ORDER BY f.id",
            (account_id,),
        )
        return [
            (
                datetime.fromisoformat(made),
                NextAction(datetime.fromisoformat(at), bool(has_time), reason),
                who,
                datetime.fromisoformat(voided) if voided else None,
            )
            for made, at, has_time, reason, who, voided in rows
        ]
