"""The papers that stand against accounts, from notices with their deliveries and from documents on file."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from datetime import date

from feedesk.models.accounts import Step
from feedesk.models.letters import SILENCING, PaperFacts, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.store.session import Session, day, marks

_PIECE = 500
_SINCE_CLEARED = "coalesce(a.cleared_at, '')"


class Letters:
    """Reading only: what was issued, served and filed is written by `notices`, `service` and `documents`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_account(self, account_id: int) -> tuple[PaperFacts, ...]:
        """Papers about the present debt of an account, oldest first."""
        return self.of_accounts([account_id]).get(account_id, ())

    def of_accounts(self, account_ids: Collection[int]) -> dict[int, tuple[PaperFacts, ...]]:
        """Papers about the present debts (since the balance was last zero), oldest first; those without are left out."""
        return papers(self._session.conn, account_ids)


def papers(
    conn: sqlite3.Connection, account_ids: Collection[int], *, lines: bool = True
) -> dict[int, tuple[PaperFacts, ...]]:
    """See `Letters.of_accounts`; without `lines` the listed charges are not read, which deriving states does not need."""
    found: dict[int, list[PaperFacts]] = defaultdict(list)
    ids = list(account_ids)
    for start in range(0, len(ids), _PIECE):
        part = ids[start : start + _PIECE]
        for account_id, paper in (*_notices(conn, part, lines), *_documents(conn, part, lines)):
            found[account_id].append(paper)
    return {account_id: tuple(sorted(held, key=lambda one: (one.on, one.number))) for account_id, held in found.items()}


def owner_letters(conn: sqlite3.Connection, account_ids: Collection[int]) -> dict[int, tuple[PaperFacts, ...]]:
    """Letters about the other units of each account's owner after which nobody contacts him; most have none."""
    others: dict[int, list[int]] = defaultdict(list)
    ids = list(account_ids)
    for start in range(0, len(ids), _PIECE):
        part = ids[start : start + _PIECE]
        for account_id, other in conn.execute(
            "SELECT me.id, other.id FROM accounts me JOIN accounts other ON other.owner_id = me.owner_id"
            f" AND other.id <> me.id WHERE me.id IN ({marks(len(part))}) ORDER BY me.id, other.id",
            part,
        ):
            others[account_id].append(other)
    if not others:
        return {}
    known = papers(conn, sorted({other for held in others.values() for other in held}), lines=False)
    found = {
        account_id: tuple(paper for other in held for paper in known.get(other, ()) if paper.kind in SILENCING)
        for account_id, held in others.items()
    }
    return {account_id: held for account_id, held in found.items() if held}


def suits_elsewhere(conn: sqlite3.Connection, account_ids: Collection[int]) -> dict[int, str]:
    """By account, the room of another unit of its owner about whose present debt a suit is on file; most have none."""
    found: dict[int, str] = {}
    steps = (Step.LAWYER, Step.PUBLIC_NOTICE, Step.COURT)
    filed = conn.execute(
        "SELECT DISTINCT a.id, a.owner_id, u.room FROM documents d JOIN document_accounts x ON x.document_id = d.id"
        " JOIN accounts a ON a.id = x.account_id JOIN units u ON u.id = a.unit_id WHERE d.voided_at IS NULL"
        f" AND d.dated_on >= substr({_SINCE_CLEARED}, 1, 10) AND d.kind IN (?, ?) AND a.step IN ({marks(len(steps))})"
        " ORDER BY u.room_key DESC",
        (PaperKind.FILING, PaperKind.ACCEPTED, *steps),
    ).fetchall()
    wanted = set(account_ids)
    for suited, owner_id, room in filed:
        for (other,) in conn.execute(
            "SELECT id FROM accounts WHERE owner_id = ? AND id <> ? AND step <> ?", (owner_id, suited, Step.COURT)
        ):
            if other in wanted:
                found[other] = room
    return found


def _notices(conn: sqlite3.Connection, ids: list[int], lines: bool) -> list[tuple[int, PaperFacts]]:
    rows = conn.execute(
        "SELECT x.account_id, n.id, n.kind, printf('%d-%04d', n.year, n.seq), n.issued_on, n.pay_by"
        " FROM notice_accounts x JOIN notices n ON n.id = x.notice_id JOIN accounts a ON a.id = x.account_id"
        f" WHERE n.voided_at IS NULL AND n.issued_at > {_SINCE_CLEARED} AND x.account_id IN ({marks(len(ids))})",
        ids,
    ).fetchall()
    notice_ids = sorted({row[1] for row in rows})
    served = _served(conn, notice_ids)
    listed = _lines(conn, "notice_lines", "notice_id", notice_ids) if lines else {}
    found = []
    for account_id, notice_id, kind, number, issued_on, pay_by in rows:
        grade, sent_on, arrived_on = served.get(notice_id, (None, None, None))
        paper = PaperFacts(
            PaperKind(kind),
            number,
            sent_on or date.fromisoformat(issued_on),
            date.fromisoformat(pay_by),
            grade,
            arrived_on,
            listed.get(notice_id, frozenset()),
        )
        found.append((account_id, paper))
    return found


def _served(conn: sqlite3.Connection, notice_ids: list[int]) -> dict[int, tuple[Grade, date | None, date | None]]:
    """The best proof of each notice that was served: grade, day of sending, day of arrival."""
    found: dict[int, tuple[Grade, date | None, date | None]] = {}
    for start in range(0, len(notice_ids), _PIECE):
        part = notice_ids[start : start + _PIECE]
        for notice_id, grade, sent_on, arrived_on in conn.execute(
            "SELECT notice_id, grade, sent_on, arrived_on FROM deliveries WHERE voided_at IS NULL"
            f" AND notice_id IN ({marks(len(part))}) ORDER BY grade DESC, arrived_on DESC",
            part,
        ):
            found[notice_id] = Grade(grade), day(sent_on), day(arrived_on)
    return found


def _documents(conn: sqlite3.Connection, ids: list[int], lines: bool) -> list[tuple[int, PaperFacts]]:
    rows = conn.execute(
        "SELECT x.account_id, d.id, d.kind, d.number, coalesce(d.sent_on, d.dated_on), d.deadline_on, d.grade,"
        " d.arrived_on FROM document_accounts x JOIN documents d ON d.id = x.document_id"
        " JOIN accounts a ON a.id = x.account_id WHERE d.voided_at IS NULL"
        f" AND d.dated_on >= substr({_SINCE_CLEARED}, 1, 10) AND x.account_id IN ({marks(len(ids))})",
        ids,
    ).fetchall()
    listed = _lines(conn, "document_lines", "document_id", sorted({row[1] for row in rows})) if lines else {}
    return [
        (
            account_id,
            PaperFacts(
                PaperKind(kind),
                number,
                date.fromisoformat(on),
                day(deadline),
                Grade(grade) if grade else None,
                day(arrived_on),
                listed.get(document_id, frozenset()),
            ),
        )
        for account_id, document_id, kind, number, on, deadline, grade, arrived_on in rows
    ]


def _lines(conn: sqlite3.Connection, table: str, column: str, ids: list[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for start in range(0, len(ids), _PIECE):
        part = ids[start : start + _PIECE]
        for owner, charge_id in conn.execute(
            f"SELECT {column}, charge_id FROM {table} WHERE {column} IN ({marks(len(part))})", part
        ):
            found[owner].add(charge_id)
    return {owner: frozenset(held) for owner, held in found.items()}
