"""对账 on record: statements, their lines and what became of them. A line is booked at most once, and never forgotten.

Whether a line is open, booked or dismissed follows from the records: from live payments, and from the last decision on
it. Proposals (`line_proposals`) are derived for open lines only; they flag their accounts 待核 (`states`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.days import short_day
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.match_book import Directory
from feedesk.models.money import show_yuan
from feedesk.models.people import split_joint
from feedesk.models.statement_match import match
from feedesk.models.statements import (
    Confidence,
    Direction,
    KeptLine,
    KeptStatement,
    LineState,
    Match,
    MatchShare,
    StatementKind,
    StatementLine,
    StatementReading,
)
from feedesk.models.store import payees
from feedesk.models.store.payments import Payments
from feedesk.models.store.session import Session, day, marks, pieces
from feedesk.models.store.states import States

_MAPPING = "statement-mapping:"
"""Before the shape, in `settings`: mappings of lists stand in a table of their own and are read by another reader."""
_STATE = (
    "CASE WHEN EXISTS (SELECT 1 FROM live_payments p WHERE p.line_id = l.id) THEN 'booked'"
    " WHEN l.void <> '' OR l.direction <> 'in' THEN 'void'"
    " WHEN (SELECT d.decision FROM line_decisions d WHERE d.line_id = l.id ORDER BY d.id DESC LIMIT 1) = 'dismissed'"
    " THEN 'dismissed' ELSE 'open' END"
)
_LINES = (
    "SELECT l.id, l.statement_id, t.file, l.line, l.paid_at, l.has_time, l.direction, l.amount, l.payer,"
    " l.payer_account, l.memo, l.reference, l.method, l.void, l.key,"
    f" {_STATE} AS state FROM statement_lines l JOIN statements t ON t.id = l.statement_id"
)


class Statements:
    """Statements kept, whom their lines are proposed for, and what was booked from them."""

    def __init__(
        self, session: Session, states: States, payments: Payments, late_owed: Callable[[int, date], int]
    ) -> None:
        self._session = session
        self._states = states
        self._payments = payments
        self._late_owed = late_owed
        """Open late fee of an account as of a day, in 分."""
        self._resting = False
        self._directory: Directory | None = None
        """Kept from one matching to the next: nobody moves when somebody pays."""
        states.follow(self._follow)

    # --- taking a file in ---

    def keep(self, reading: StatementReading) -> Changes:
        """Keep a statement: its new lines, and how many another file had brought before; then match what is open.

        A file already kept, with nothing new in it, is not kept again: `record_id` is then that of the first time. An
        open line that this file says was refunded or closed since is dismissed with that reason.
        """
        if reading.unknown:
            raise BadInput(f"“{reading.file}”{reading.unknown.rstrip('。')}，没有读入。", "请先指明各列的含义。")
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            by_key: dict[str, StatementLine] = {}
            for line in reading.lines:
                # twice in one file: the second tells that the first was paid back, or is a copy of it
                if line.key not in by_key or line.void:
                    by_key[line.key] = line
            known = {kept.line.key: kept for kept in self.of_keys(list(by_key))}
            fresh = [line for key, line in by_key.items() if key not in known]
            before = conn.execute(
                "SELECT id FROM statements WHERE sha256 = ? ORDER BY id", (reading.sha256,)
            ).fetchone()
            if before and not fresh:
                statement_id = int(before[0])
            else:
                statement_id = self._insert(reading, fresh, clerk.id)
                session.note("读入流水", reading.file, {"sha256": reading.sha256, "lines": len(fresh)})
            for key, kept in known.items():
                why = by_key[key].void
                if why and kept.state is LineState.OPEN:
                    self._decide(kept.id, "dismissed", f"后来的账单写着：{why}")
            changes = self.rematch()
        return replace(changes, record_id=statement_id)

    def _insert(self, reading: StatementReading, fresh: Sequence[StatementLine], staff_id: int) -> int:
        conn = self._session.conn
        days = [line.paid_on.isoformat() for line in reading.lines]
        cursor = conn.execute(
            "INSERT INTO statements (file, sha256, kind, source, first_on, last_on, lines, repeats, income, rejected, at,"
            " staff_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (reading.file, reading.sha256, reading.kind, reading.source, min(days, default=None),
             max(days, default=None), len(reading.lines), len(reading.lines) - len(fresh), reading.income,
             json.dumps(reading.rejected, ensure_ascii=False), self._session.stamp(), staff_id),
        )  # fmt: skip
        statement_id = int(cursor.lastrowid or 0)
        conn.executemany(
            "INSERT INTO statement_lines (statement_id, line, key, paid_at, has_time, direction, amount, payer,"
            " payer_account, memo, reference, method, void) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (statement_id, line.line, line.key, line.paid_at.isoformat(timespec="seconds"), int(line.has_time),
                 line.direction, line.amount, line.payer, line.payer_account, line.memo, line.reference, line.method,
                 line.void)
                for line in fresh
            ],
        )  # fmt: skip
        return statement_id

    def contradicted(self, reading: StatementReading) -> list[KeptLine]:
        """Lines booked already that this file says were refunded or closed: the payment must be looked at."""
        void = {line.key for line in reading.lines if line.void}
        return [kept for kept in self.of_keys(list(void)) if kept.state is LineState.BOOKED]

    def mappings(self) -> dict[str, str]:
        """Mappings by the shape of their layout, as `intake` writes them (JSON)."""
        rows = self._session.conn.execute(
            "SELECT substr(key, ?), value FROM settings WHERE key LIKE ? || '%'", (len(_MAPPING) + 1, _MAPPING)
        )
        return dict(rows)

    def remember(self, shape: str, mapping: str) -> None:
        """Keep what a person has said of the columns of statements of this shape."""
        with self._session.writing() as conn:
            conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_MAPPING + shape, mapping))

    # --- matching ---

    def rematch(self) -> Changes:
        """Propose anew for all open lines. It follows by itself when a balance, an owner or a room has changed."""
        session = self._session
        with session.writing() as conn:
            before = self._proposed()
            lines = self._read(f"WHERE {_STATE} = 'open' ORDER BY l.statement_id, l.line", ())
            rows: list[tuple[Any, ...]] = []
            for kept, found in zip(lines, self._matches([line for _, _, _, line, _ in lines]), strict=True):
                rows += self._rows_of(kept[0], kept[3], found)
            after = {(row[0], row[1]): row for row in rows}
            if after == before:
                return Changes()
            conn.execute("DELETE FROM line_proposals")
            conn.executemany("INSERT INTO line_proposals VALUES (?, ?, ?, ?, ?, ?)", rows)
            touched = {
                account_id
                for line_id, account_id in {*before, *after}
                if before.get((line_id, account_id)) != after.get((line_id, account_id))
            }
            self._states.refresh(touched)
        return Changes(frozenset(touched))

    def _rows_of(self, line_id: int, line: StatementLine, found: Match) -> list[tuple[Any, ...]]:
        """What is kept of a proposal. Where several accounts owe just this sum, each may have paid: the others stand
        with confidence `none`, and are not called either.
        """
        others = "、".join(found.others)
        rows: list[tuple[Any, ...]] = [
            (line_id, share.account_id, share.amount, str(found.confidence), found.reason, others)
            for share in found.shares
        ]
        if found.confidence is Confidence.UNSURE and found.others:
            own = {share.account_id for share in found.shares}
            rows += [
                (line_id, account_id, line.amount, str(Confidence.NONE), found.reason, others)
                for (account_id,) in self._session.conn.execute(
                    "SELECT account_id FROM account_state WHERE owed = ? AND room IN"
                    f" ({marks(len(found.others))}) ORDER BY account_id",
                    (line.amount, *found.others),
                )
                if account_id not in own
            ]
        return rows

    def _follow(self) -> frozenset[int]:
        return frozenset() if self._resting else self.rematch().account_ids

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Several bookings in a row are followed once, at their end."""
        self._resting = True
        try:
            yield
        finally:
            self._resting = False

    def _proposed(self) -> dict[tuple[int, int], tuple[Any, ...]]:
        rows = self._session.conn.execute(
            "SELECT line_id, account_id, amount, confidence, reason, others FROM line_proposals"
        )
        return {(row[0], row[1]): tuple(row) for row in rows}

    def _matches(self, lines: Sequence[StatementLine]) -> tuple[Match, ...]:
        if not lines:
            return ()
        conn = self._session.conn
        accounts = payees.payees_of(conn)
        if self._directory is None or not self._directory.leads_to(accounts):
            self._directory = Directory(accounts)
        return match(
            lines,
            accounts,
            today=self._session.today(),
            taken=payees.taken_by_hand(conn),
            late_fee_on=self._late_owed,
            parts_of=partial(payees.parts_of, conn),
            directory=self._directory,
        )

    # --- booking ---

    def draft(self, line_id: int, shares: Sequence[MatchShare] | None = None) -> PaymentDraft:
        """The payment that a line would be booked as: for these accounts (default: as proposed), for `payments.preview`.

        Raises `BadInput` for a line that is booked, dismissed or no money received.
        """
        kept = self.line(line_id)
        _refuse(kept)
        spread: list[PaymentShare] = []
        for share in kept.match.shares if shares is None else shares:
            spread += self._payments.propose([share.account_id], share.amount, kept.line.paid_on)
        return _draft_of(kept, tuple(spread), self._names([share.account_id for share in spread]))

    def book(
        self,
        line_id: int,
        shares: Sequence[PaymentShare],
        *,
        prepay_agreed: bool = False,
        finance_missed: bool = False,
        note: str = "",
    ) -> Changes:
        """Book a line for these accounts through `payments.take`; `record_id` is the payment.

        Raises `BadInput` when the line is booked already, dismissed, or no money received, and for all that `take`
        refuses. Then the other open lines are matched anew.
        """
        with self._session.writing():
            kept = self.line(line_id)
            _refuse(kept)
            draft = _draft_of(kept, tuple(shares), self._names([share.account_id for share in shares]))
            return self._payments.take(
                replace(draft, prepay_agreed=prepay_agreed, finance_missed=finance_missed, note=note or draft.note)
            )

    def book_all(self, line_ids: Collection[int] | None = None, at_least: Confidence = Confidence.SURE) -> Changes:
        """Book open lines as proposed, all or none: those given, by default every one that is SURE.

        Lines are booked in their order; one whose proposal has become weaker than `at_least` meanwhile is refused, and
        so is the whole run.
        """
        session = self._session
        touched: set[int] = set()
        with session.writing():
            self.rematch()
            wanted = [
                kept
                for kept in self.lines(states=(LineState.OPEN,))
                if (kept.match.confidence is Confidence.SURE if line_ids is None else kept.id in line_ids)
            ]
            if line_ids is not None and len(wanted) != len(set(line_ids)):
                raise BadInput("有的流水已经记过收款或搁置了，一笔也没有记。", "请刷新后再确认。")
            for kept in wanted:
                if not kept.match.shares or _WEAK[kept.match.confidence] > _WEAK[at_least]:
                    raise BadInput(f"{_which(kept)}没有把握，一笔也没有记。", "请逐笔确认。")
                try:
                    with self._quiet():
                        touched |= self._payments.take(self.draft(kept.id)).account_ids
                except BadInput as error:
                    raise BadInput(f"{_which(kept)}：{error.text}其他各笔也没有记。", error.hint) from error
            touched |= self.rematch().account_ids
        return Changes(frozenset(touched))

    def dismiss(self, line_id: int, reason: str) -> Changes:
        """The line is no owner's payment, or booked elsewhere: it stays on record with its reason, and flags nobody."""
        if not reason.strip():
            raise BadInput("搁置要写明原因，没有搁置。", "例如：其他收入、已在收款里记过。")
        with self._session.writing():
            kept = self.line(line_id)
            _refuse(kept)
            self._decide(line_id, "dismissed", reason.strip())
            return replace(self.rematch(), record_id=line_id)

    def reopen(self, line_id: int) -> Changes:
        """A dismissed line is open again."""
        with self._session.writing():
            if self.line(line_id).state is not LineState.DISMISSED:
                raise BadInput("这笔流水没有搁置，不用恢复。", "请刷新后再看。")
            self._decide(line_id, "reopened", "")
            return replace(self.rematch(), record_id=line_id)

    def _decide(self, line_id: int, decision: str, reason: str) -> None:
        clerk = self._session.require_clerk()
        self._session.conn.execute(
            "INSERT INTO line_decisions (line_id, at, staff_id, decision, reason) VALUES (?, ?, ?, ?, ?)",
            (line_id, self._session.stamp(), clerk.id, decision, reason),
        )
        self._session.note("搁置流水" if decision == "dismissed" else "恢复流水", f"流水 {line_id}", {"reason": reason})

    def _names(self, ids: Sequence[int]) -> list[str]:
        rows = self._session.conn.execute(f"SELECT name FROM accounts WHERE id IN ({marks(len(ids))})", list(ids))
        return [row[0] for row in rows]

    # --- looking ---

    def all(self) -> list[KeptStatement]:
        """Every statement kept, newest first, with the counts of its own lines by state."""
        conn = self._session.conn
        counts: dict[int, dict[LineState, int]] = defaultdict(dict)
        for statement_id, state, count in conn.execute(
            f"SELECT l.statement_id, {_STATE} AS state, count(*) FROM statement_lines l GROUP BY l.statement_id, state"
        ):
            counts[statement_id][LineState(state)] = count
        return [
            KeptStatement(
                i, file, StatementKind(kind), source, datetime.fromisoformat(at), who, day(first), day(last), lines,
                repeats, income, counts.get(i, {}),
            )
            for i, file, kind, source, at, who, first, last, lines, repeats, income in conn.execute(
                "SELECT t.id, t.file, t.kind, t.source, t.at, coalesce(s.name, '系统'), t.first_on, t.last_on, t.lines,"
                " t.repeats, t.income FROM statements t LEFT JOIN staff s ON s.id = t.staff_id ORDER BY t.id DESC"
            )
        ]  # fmt: skip

    def rejected(self, statement_id: int) -> list[tuple[int, str]]:
        """(row of the file, why) of the lines of a statement that could not be read."""
        row = self._session.conn.execute("SELECT rejected FROM statements WHERE id = ?", (statement_id,)).fetchone()
        return [(number, why) for number, why in json.loads(row[0])] if row else []

    def lines(self, statement_id: int | None = None, states: Collection[LineState] | None = None) -> list[KeptLine]:
        """Lines of one statement (None: of all) in these states (None: in all), in the order of files and lines."""
        wheres, values = ["1"], []
        if statement_id is not None:
            wheres.append("l.statement_id = ?")
            values.append(statement_id)
        rows = self._read(f"WHERE {' AND '.join(wheres)} ORDER BY l.statement_id, l.line", values)
        return self._kept([row for row in rows if states is None or row[4] in states])

    def line(self, line_id: int) -> KeptLine:
        """One line; raises `BadInput` when there is none of that id."""
        found = self._kept(self._read("WHERE l.id = ?", (line_id,)))
        if not found:
            raise BadInput("找不到这笔流水，可能刚被改动。", "请刷新后再看。")
        return found[0]

    def of_keys(self, keys: Sequence[str]) -> list[KeptLine]:
        """The lines on record of these transactions, whichever file brought them."""
        rows: list[_Row] = []
        for part in pieces(keys):
            rows += self._read(f"WHERE l.key IN ({marks(len(part))}) ORDER BY l.statement_id, l.line", part)
        return self._kept(rows)

    def open_count(self) -> int:
        """How many lines wait for the clerk."""
        row = self._session.conn.execute(f"SELECT count(*) FROM statement_lines l WHERE {_STATE} = 'open'").fetchone()
        return int(row[0])

    def _read(self, tail: str, values: Sequence[object]) -> list[_Row]:
        return [
            (
                i, statement_id, file,
                StatementLine(
                    line, datetime.fromisoformat(paid_at), bool(has_time), Direction(direction), amount, payer, account,
                    memo, reference, PayMethod(method), void, key,
                ),
                LineState(state),
            )
            for i, statement_id, file, line, paid_at, has_time, direction, amount, payer, account, memo, reference,
            method, void, key, state in self._session.conn.execute(f"{_LINES} {tail}", values)
        ]  # fmt: skip

    def _kept(self, rows: Sequence[_Row]) -> list[KeptLine]:
        ids = [row[0] for row in rows]
        booked, dismissed, proposals = self._booked(ids), self._dismissed(ids), self._proposals(ids)
        # why nothing was found for an open line is not kept: it is told again
        bare = [row for row in rows if row[4] is LineState.OPEN and row[0] not in proposals]
        told = {row[0]: found for row, found in zip(bare, self._matches([row[3] for row in bare]), strict=True)}
        found = []
        for line_id, statement_id, file, line, state in rows:
            payment_id, note = None, ""
            matched = Match(line.line, (), Confidence.NONE, "")
            if state is LineState.BOOKED:
                payment_id, shares, note = booked[line_id]
                matched = Match(line.line, shares, Confidence.SURE, f"已入账：{note}")
            elif state is LineState.DISMISSED:
                note = dismissed[line_id]
                matched = replace(matched, reason=f"已搁置：{note}")
            elif state is LineState.VOID:
                note = line.void or "不是收款"
                matched = match((line,), ())[0]
            elif line_id in proposals:
                matched = replace(proposals[line_id], line=line.line)
            elif not told[line_id].shares:
                matched = told[line_id]
            else:
                matched = replace(matched, reason="金额已被前面的流水用掉，没有别的对得上")
            found.append(KeptLine(line_id, statement_id, file, line, state, matched, payment_id, note))
        return found

    def _booked(self, ids: Sequence[int]) -> dict[int, tuple[int, tuple[MatchShare, ...], str]]:
        """Payment, shares and a word on each line that has been booked."""
        shares: dict[int, list[MatchShare]] = defaultdict(list)
        told: dict[int, tuple[int, str]] = {}
        today = self._session.today()
        for line_id, payment_id, at, who, account_id, room, amount in self._in_pieces(
            "SELECT p.line_id, p.id, p.at, s.name, h.account_id, u.room, h.amount FROM live_payments p"
            " JOIN staff s ON s.id = p.staff_id JOIN payment_shares h ON h.payment_id = p.id"
            " JOIN accounts a ON a.id = h.account_id JOIN units u ON u.id = a.unit_id"
            " WHERE p.line_id IN ({ids}) ORDER BY p.id, u.room_key",
            ids,
        ):
            shares[line_id].append(MatchShare(account_id, room, amount))
            told[line_id] = payment_id, f"{short_day(date.fromisoformat(at[:10]), today)} {who}"
        return {
            line_id: (payment_id, tuple(shares[line_id]), f"{'、'.join(s.room for s in shares[line_id])}（{when}）")
            for line_id, (payment_id, when) in told.items()
        }

    def _dismissed(self, ids: Sequence[int]) -> dict[int, str]:
        rows = self._in_pieces("SELECT line_id, reason FROM line_decisions WHERE line_id IN ({ids}) ORDER BY id", ids)
        return {row[0]: row[1] for row in rows}

    def _proposals(self, ids: Sequence[int]) -> dict[int, Match]:
        found: dict[int, Match] = {}
        for line_id, account_id, amount, confidence, reason, others, room in self._in_pieces(
            "SELECT p.line_id, p.account_id, p.amount, p.confidence, p.reason, p.others, u.room FROM line_proposals p"
            " JOIN accounts a ON a.id = p.account_id JOIN units u ON u.id = a.unit_id WHERE p.line_id IN ({ids})"
            " AND p.confidence <> 'none' ORDER BY p.line_id, u.room_key, p.account_id",
            ids,
        ):
            known = found.get(line_id)
            shares = (*(known.shares if known else ()), MatchShare(account_id, room, amount))
            rest = tuple(part for part in others.split("、") if part)
            found[line_id] = Match(0, shares, Confidence(confidence), reason, rest)
        return found

    def _in_pieces(self, sql: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for part in pieces(ids):
            rows += self._session.conn.execute(sql.format(ids=marks(len(part))), part).fetchall()
        return rows


_Row = tuple[int, int, str, StatementLine, LineState]
"""Line id, statement id, file, what was read, what became of it."""
_WEAK = {Confidence.SURE: 0, Confidence.LIKELY: 1, Confidence.UNSURE: 2, Confidence.NONE: 3}


def _which(kept: KeptLine) -> str:
    return f"“{kept.file}”第 {kept.line.line} 笔（{show_yuan(kept.line.amount)}）"


def _refuse(kept: KeptLine) -> None:
    """Raise when a line cannot be booked or dismissed."""
    if kept.state is LineState.BOOKED:
        raise BadInput(f"{_which(kept)}已经记过收款：{kept.note}，没有再记。", "要改记，请先把那笔收款冲正。")
    if kept.state is LineState.VOID:
        raise BadInput(f"{_which(kept)}不是收到的钱（{kept.note}），没有改动。", "")
    if kept.state is LineState.DISMISSED:
        raise BadInput(f"{_which(kept)}已经搁置（{kept.note}），没有改动。", "要记收款，请先恢复它。")


def _draft_of(kept: KeptLine, shares: tuple[PaymentShare, ...], names: Sequence[str]) -> PaymentDraft:
    """The payment of a line; the payer is told apart only when he is none of the owners."""
    line = kept.line
    owners = {person for name in names for person in (name, *split_joint(name))}
    return PaymentDraft(
        paid_on=line.paid_on,
        amount=line.amount,
        method=line.method,
        shares=shares,
        reference=line.reference,
        payer="" if line.payer in owners else line.payer,
        note=line.memo,
        line_id=kept.id,
    )
