"""Whose account it is: proposed by `models.sharing`, written with its history, never without a name and a reason."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feedesk.errors import BadInput
from feedesk.models.accounts import Category, Step
from feedesk.models.changes import Changes
from feedesk.models.contacts import PromiseState
from feedesk.models.sharing import (
    Load,
    Move,
    ShareAccount,
    ShareClerk,
    ShareOptions,
    ShareOwner,
    SharePlan,
    loads_of,
    owners_of,
    share,
)
from feedesk.models.store import kin
from feedesk.models.store.clerk_moves import held_by, write_moves
from feedesk.models.store.people import StaffList
from feedesk.models.store.promises import Promises
from feedesk.models.store.session import Session, marks
from feedesk.models.store.states import States

_PIECE = 500
_LONG_AGO = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One change of clerk. Names are empty for nobody."""

    at: datetime
    before: str
    after: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Scope:
    """How many open accounts are a clerk's, how many nobody's, how many there are."""

    mine: int
    unassigned: int
    total: int

    @property
    def is_assigned(self) -> bool:
        """Whether anything is anybody's."""
        return self.unassigned < self.total


def history_of(conn: sqlite3.Connection, account_id: int) -> list[Assignment]:
    """Every change of clerk of an account, oldest first."""
    rows = conn.execute(
        "SELECT h.at, coalesce(f.name, ''), coalesce(t.name, ''), h.reason, s.name FROM assignments h"
        " LEFT JOIN staff f ON f.id = h.from_staff LEFT JOIN staff t ON t.id = h.to_staff"
        " JOIN staff s ON s.id = h.staff_id WHERE h.account_id = ? ORDER BY h.id",
        (account_id,),
    )
    return [Assignment(datetime.fromisoformat(at), *words) for at, *words in rows]


class Assignments:
    """Sharing accounts out and moving them. An owner's units always go together."""

    def __init__(self, session: Session, states: States, staff: StaffList, promises: Promises) -> None:
        self._session = session
        self._states = states
        self._staff = staff
        self._promises = promises

    # --- reading ---

    def owners(self) -> list[ShareOwner]:
        """Every owner with something owed, as hard as he is, in the order of the rooms."""
        today = self._session.today()
        broken = self._broken(today)
        disputed = {
            account_id
            for (account_id,) in self._session.conn.execute(
                "SELECT DISTINCT account_id FROM disputes WHERE resolved_at IS NULL"
            )
        }
        before = dict(
            self._session.conn.execute(
                "SELECT unit_id, staff_id FROM accounts WHERE until IS NOT NULL AND staff_id IS NOT NULL"
                " ORDER BY until, id"
            )
        )
        rows = self._session.conn.execute(
            "SELECT t.account_id, t.owner_id, t.room_key, t.building, t.owed, t.oldest_due_on, t.category, t.step,"
            " a.staff_id, a.unit_id FROM account_state t JOIN accounts a ON a.id = t.account_id WHERE t.owner_id IN"
            " (SELECT owner_id FROM account_state WHERE owed > 0) ORDER BY t.room_key, t.account_id"
        )
        return owners_of(
            ShareAccount(
                account_id=account_id,
                owner_id=owner_id,
                room_key=room_key,
                building=building,
                owed=owed,
                overdue_days=max(0, (today - date.fromisoformat(due)).days) if due and owed else 0,
                category=Category(category) if category else None,
                step=Step(step),
                is_disputed=account_id in disputed,
                broken=broken[account_id],
                staff_id=staff_id,
                unit_staff_id=before.get(unit_id),
            )
            for account_id, owner_id, room_key, building, owed, due, category, step, staff_id, unit_id in rows
        )

    def loads(self) -> dict[int | None, Load]:
        """What everybody who works here has; under None what is nobody's, or of somebody who has left."""
        return loads_of(self.owners(), self._here())

    def propose(
        self, clerks: Sequence[ShareClerk], options: ShareOptions, owners: Sequence[ShareOwner] | None = None
    ) -> SharePlan:
        """Who would get whom; only those who work here take part. `owners` as read before, for trying one way after
        another.
        """
        here = self._here()
        found = self.owners() if owners is None else owners
        return share(found, [clerk for clerk in clerks if clerk.id in here], here, options)

    def history(self, account_id: int) -> list[Assignment]:
        """Every change of clerk, oldest first."""
        return history_of(self._session.conn, account_id)

    def scope(self, staff_id: int) -> Scope:
        """How much of what is open is this clerk's."""
        row = self._session.conn.execute(
            "SELECT coalesce(sum(staff_id = ?), 0), coalesce(sum(staff_id IS NULL), 0), count(*) FROM account_state"
            " WHERE is_paid = 0",
            (staff_id,),
        ).fetchone()
        return Scope(*(int(count) for count in row))

    def held_by(self, staff_id: int) -> frozenset[int]:
        """All accounts of a clerk, paid ones included."""
        rows = self._session.conn.execute("SELECT id FROM accounts WHERE staff_id = ?", (staff_id,))
        return frozenset(account_id for (account_id,) in rows)

    # --- writing ---

    def apply(self, plan: SharePlan) -> Changes:
        """Write a plan, as proposed: raises `BadInput` when an account has changed hands since."""
        if not plan.moves:
            raise BadInput("没有要分的业主，什么也没有改。", "请勾选人，或换一种分法。")
        return self._write(plan.moves, "分配片管", plan.options.words())

    def assign(self, account_ids: Sequence[int], staff_id: int | None, reason: str) -> Changes:
        """These accounts and the other units of their owners to one clerk, or to nobody. Raises `BadInput`."""
        if not account_ids:
            raise BadInput("没有选中业主，片管没有改。", "请先选一户，或勾选几户。")
        if staff_id is not None and staff_id not in self._here():
            raise BadInput("这位不在岗，片管没有改。", "请从在岗的人里选。")
        ids = sorted(kin.units(self._session.conn, account_ids))
        held = held_by(self._session.conn, ids)
        moves = [(one, held[one], staff_id, reason.strip() or "人工指定") for one in ids if held[one] != staff_id]
        if not moves:
            raise BadInput("这几户的片管本来就是这样，没有改。", "")
        return self._record(moves, "改片管", reason.strip())

    def take_back(self, made: Changes) -> Changes:
        """Everybody back to whom he had before `made`; what has moved on since stays. Both stand in the history."""
        ids = sorted(made.account_ids)
        held = held_by(self._session.conn, ids)
        back: dict[int, tuple[int | None, int | None]] = {}
        for start in range(0, len(ids), _PIECE):
            part = ids[start : start + _PIECE]
            # The rows of one act have numbers in a row: they were written in one transaction.
            for account_id, before, after in self._session.conn.execute(
                "SELECT account_id, from_staff, to_staff FROM assignments WHERE id >= ? AND id < ?"
                f" AND account_id IN ({marks(len(part))})",
                (made.record_id, made.record_id + len(ids), *part),
            ):
                back[account_id] = before, after
        moves = [(one, after, before, "撤销") for one, (before, after) in back.items() if held[one] == after]
        if not moves:
            raise BadInput("这次分配已经撤销过，或之后又改了。", "")
        return self._record(moves, "撤销分配", "")

    # --- inside ---

    def _here(self) -> frozenset[int]:
        return frozenset(person.id for person in self._staff.all())

    def _write(self, moves: Collection[Move], what: str, reason: str) -> Changes:
        with self._session.writing():
            here, held = self._here(), held_by(self._session.conn, [move.account_id for move in moves])
            if any(held.get(move.account_id) != move.from_staff or move.to_staff not in here for move in moves):
                raise BadInput("名单在这期间有变动，没有分配。", "请重新打开“分配片管”再看一遍。")
            rows = [(move.account_id, move.from_staff, move.to_staff, f"{move.reason}（{reason}）") for move in moves]
            return self._record(rows, what, reason)

    def _record(self, moves: Sequence[tuple[int, int | None, int | None, str]], what: str, reason: str) -> Changes:
        """Write moves (account, from, to, why) with their history in one transaction; `record_id` is the first row's."""
        session = self._session
        ids = [account_id for account_id, *_ in moves]
        with session.writing():
            first = write_moves(session, moves)
            per_clerk = Counter(str(after or "") for _, _, after, _ in moves)
            session.note(what, f"{len(ids)} 户", {"reason": reason, "to": per_clerk, "first": first})
            self._states.refresh(ids)
        return Changes(frozenset(ids), record_id=first)

    def _broken(self, today: date) -> Counter[int]:
        """Promises not kept, or only in part; one for several units counts for the first of them."""
        return Counter(
            one.promise.account_ids[0]
            for one in self._promises.due(_LONG_AGO, today)
            if one.state in (PromiseState.BROKEN, PromiseState.PART)
        )
