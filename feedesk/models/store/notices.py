"""Notices on record: numbers without gaps, rounds, frozen figures, reprints."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.accounts import Step
from feedesk.models.changes import Changes
from feedesk.models.charges import FeeKind
from feedesk.models.escalation import after_demand
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeeVerdict
from feedesk.models.notice_batch import late_fee_on_paper
from feedesk.models.notices import (
    IssuedNotice,
    LateFeeOverride,
    NoticeData,
    NoticeLateFee,
    NoticeLateFeeLine,
    NoticeLine,
)
from feedesk.models.office import OfficeOnPaper, Role, Staff
from feedesk.models.store import balances, voiding
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.late_fees import LateFees
from feedesk.models.store.limitation import Limitation
from feedesk.models.store.people import StaffList
from feedesk.models.store.session import Session, marks, pieces
from feedesk.models.store.states import States


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One print run in the list of past runs."""

    id: int
    at: datetime
    staff_name: str
    count: int
    total: int
    first_number: str
    last_number: str
    target: str
    late_fee: int = 0
    """Late fee listed beside the principal, in 分."""
    override: str = ""
    """「程远：理由」 when a manager let a late fee above LPR × 1.3 be printed."""


class Notices:
    """Append-only; a notice issued by mistake is voided, its number is not used again."""

    def __init__(
        self,
        session: Session,
        states: States,
        contacts: Contacts,
        late_fees: LateFees,
        staff: StaffList,
        limitation: Limitation,
    ) -> None:
        self._session = session
        self._limitation = limitation
        self._states = states
        self._contacts = contacts
        self._late_fees = late_fees
        self._staff = staff

    def next_number(self, year: int) -> int:
        """The number the next notice of the year would get; taken only when it is issued."""
        row = self._session.conn.execute("SELECT coalesce(max(seq), 0) FROM notices WHERE year = ?", (year,))
        return int(row.fetchone()[0]) + 1

    def rounds(self, account_ids: Sequence[int]) -> dict[int, int]:
        """第N次 that the next 催款单 of each account would be: those since its last zero balance, plus one."""
        counts = dict.fromkeys(account_ids, 1)
        for part in pieces(account_ids):
            rows = self._session.conn.execute(
                "SELECT x.account_id, count(*) FROM notice_accounts x JOIN notices n ON n.id = x.notice_id"
                " JOIN accounts a ON a.id = x.account_id WHERE n.voided_at IS NULL AND n.kind = 'demand'"
                f" AND n.issued_at > coalesce(a.cleared_at, '') AND x.account_id IN ({marks(len(part))})"
                " GROUP BY x.account_id",
                tuple(part),
            )
            for account_id, count in rows:
                counts[account_id] = count + 1
        return counts

    def last_issued(self, account_ids: Sequence[int]) -> dict[int, date]:
        """The day of each account's latest 催款单 since its last zero balance."""
        found: dict[int, date] = {}
        for part in pieces(account_ids):
            rows = self._session.conn.execute(
                "SELECT x.account_id, max(n.issued_on) FROM notice_accounts x JOIN notices n ON n.id = x.notice_id"
                " JOIN accounts a ON a.id = x.account_id WHERE n.voided_at IS NULL AND n.kind = 'demand'"
                f" AND n.issued_at > coalesce(a.cleared_at, '') AND x.account_id IN ({marks(len(part))})"
                " GROUP BY x.account_id",
                tuple(part),
            )
            found.update({account_id: date.fromisoformat(day) for account_id, day in rows})
        return found

    def issue(
        self,
        notices: Sequence[NoticeData],
        target: str,
        produce: Callable[[Sequence[NoticeData]], str],
        place: Callable[[], None] = lambda: None,
        override: LateFeeOverride | None = None,
    ) -> Changes:
        """Number and freeze the notices; `produce` makes the paper and returns its SHA-256, `place` puts it in place.

        Paper and records stand or fall together: whatever raises rolls everything back, and `place` is the last
        act before the commit. Figures are checked against the ledger once more inside the transaction. A late fee
        above LPR × 1.3 needs a manager's `override` (law §13.6); one that may not be printed at all is refused.
        """
        session = self._session
        clerk = session.require_clerk()
        if not notices:
            raise BadInput("没有要出的催款单。", "请先勾选欠费的业主。")
        touched = {account_id for notice in notices for account_id in notice.account_ids}
        with session.writing() as conn:
            self._check_figures(conn, notices, touched)
            signed = self._check_late_fee(conn, notices, override)
            rounds = self.rounds(sorted(touched))
            numbered = self._number(notices, rounds)
            sha = produce(numbered)
            cursor = conn.execute(
                "INSERT INTO notice_batches (at, staff_id, kind, target, sha256, override_by, override_reason)"
                " VALUES (?, ?, 'demand', ?, ?, ?, ?)",
                (session.stamp(), clerk.id, target, sha, signed[0].id if signed else None, signed[1] if signed else ""),
            )
            batch_id = int(cursor.lastrowid or 0)
            for notice in numbered:
                notice_id = self._insert(conn, notice, batch_id, clerk.id)
                for account_id in notice.account_ids:
                    step = conn.execute("SELECT step FROM accounts WHERE id = ?", (account_id,)).fetchone()[0]
                    moved = after_demand(Step(step), notice.round_no)
                    if moved:
                        self._contacts.move_step(account_id, *moved, f"notice:{notice_id}")
            session.note(
                "出催款单",
                f"{numbered[0].number}–{numbered[-1].number}",
                {
                    "count": len(numbered), "total": sum(n.total for n in numbered), "sha256": sha,
                    "late_fee": sum(n.late_fee.amount for n in numbered if n.late_fee),
                    **({"override_by": signed[0].name, "override_reason": signed[1]} if signed else {}),
                },
            )  # fmt: skip
            self._states.refresh(touched)
            place()
        return Changes(frozenset(touched), record_id=batch_id)

    def _check_figures(self, conn: sqlite3.Connection, notices: Sequence[NoticeData], touched: set[int]) -> None:
        now = {charge.id: (charge.owed, charge.waived) for charge in balances.charges_of(conn, touched)}
        for notice in notices:
            for line in notice.lines:
                if now.get(line.charge_id) != (line.owed, line.waived):
                    raise BadInput(
                        f"{notice.room_text} 的账目刚有变动，这一批催款单没有出。", "请回到通知页重新核对后再出。"
                    )

    def _check_late_fee(
        self, conn: sqlite3.Connection, notices: Sequence[NoticeData], override: LateFeeOverride | None
    ) -> tuple[Staff, str] | None:
        """Who lets a late fee above LPR × 1.3 be printed, and why; None when nobody needs to.

        Raises `BadInput` when a late fee is another by now, may not be printed, or lacks the manager's word.
        """
        listed = [notice for notice in notices if notice.late_fee]
        if not listed:
            return None
        policy = self._late_fees.policy()
        if not policy.is_on:
            raise BadInput("违约金已经停用，这一批催款单没有出。", "请改选“不列”再出。")
        ids = [account_id for notice in listed for account_id in notice.account_ids]
        charges = balances.by_account(conn, ids)
        fees = self._late_fees.of_accounts(ids, notices[0].issued_on)
        over = frozenset[int]().union(*self._limitation.over_lines(ids).values())
        for notice in listed:
            units = zip(notice.rooms, notice.account_ids, strict=True)
            fresh = late_fee_on_paper([(room, fees[a], charges.get(a, ())) for room, a in units], policy, over)
            if fresh != notice.late_fee:
                raise BadInput(
                    f"{notice.room_text} 的违约金刚有变动，这一批催款单没有出。", "请回到通知页重新核对后再出。"
                )
            if fresh is not None and fresh.verdict is LateFeeVerdict.BLOCKED:
                raise BadInput(f"{notice.room_text}：{fresh.why.rstrip('。')}。", "可以改选“不列”再出。")
        needing = [n for n in listed if n.late_fee and n.late_fee.verdict is LateFeeVerdict.NEEDS_OVERRIDE]
        if not needing:
            return None
        if override is None or not override.reason.strip():
            raise BadInput(
                f"{len(needing)} 张催款单的违约金高于 LPR×1.3，没有出。",
                "要项目经理输入签字密码并写明理由，或改选“不列”。",
            )
        signs = self._staff.verify_pin(override.approver, override.pin, (Role.MANAGER,))
        return signs, override.reason.strip()

    def _number(self, notices: Sequence[NoticeData], rounds: dict[int, int]) -> list[NoticeData]:
        year = notices[0].issued_on.year
        first = self.next_number(year)
        return [
            replace(
                notice,
                number=f"{year}-{first + place:04d}",
                round_no=max(rounds[account_id] for account_id in notice.account_ids),
            )
            for place, notice in enumerate(notices)
        ]

    def _insert(self, conn: sqlite3.Connection, notice: NoticeData, batch_id: int, staff_id: int) -> int:
        year, _, seq = notice.number.partition("-")
        cursor = conn.execute(
            "INSERT INTO notices (year, seq, kind, round_no, issued_on, issued_at, pay_by, total, late_fee, snapshot,"
            " batch_id, staff_id) VALUES (?, ?, 'demand', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                int(year),
                int(seq),
                notice.round_no,
                notice.issued_on.isoformat(),
                self._session.stamp(),
                notice.pay_by.isoformat(),
                notice.total,
                notice.late_fee.amount if notice.late_fee else 0,
                freeze(notice),
                batch_id,
                staff_id,
            ),
        )
        notice_id = int(cursor.lastrowid or 0)
        conn.executemany("INSERT INTO notice_accounts VALUES (?, ?)", [(notice_id, a) for a in notice.account_ids])
        conn.executemany(
            "INSERT INTO notice_lines VALUES (?, ?, ?)", [(notice_id, x.charge_id, x.owed) for x in notice.lines]
        )
        return notice_id

    def frozen(self, notice_ids: Sequence[int]) -> list[NoticeData]:
        """The notices exactly as printed, in the order of their numbers, marked 补打."""
        rows = self._session.conn.execute(
            f"SELECT snapshot FROM notices WHERE id IN ({marks(len(notice_ids))}) ORDER BY year, seq", tuple(notice_ids)
        )
        return [replace(thaw(text), reprint=True) for (text,) in rows]

    def note_reprint(
        self,
        notice_ids: Sequence[int],
        produce: Callable[[Sequence[NoticeData]], str],
        place: Callable[[], None] = lambda: None,
    ) -> Changes:
        """Print again what was printed; counts as no new round."""
        session = self._session
        clerk = session.require_clerk()
        if not notice_ids:
            raise BadInput("没有要补打的催款单。", "请先选一张。")
        with session.writing() as conn:
            self._refuse_voided(conn, notice_ids)
            notices = self.frozen(notice_ids)
            produce(notices)
            conn.executemany(
                "INSERT INTO reprints (notice_id, at, staff_id) VALUES (?, ?, ?)",
                [(notice_id, session.stamp(), clerk.id) for notice_id in notice_ids],
            )
            session.note("补打催款单", "、".join(notice.number for notice in notices[:5]), {"count": len(notices)})
            place()
        return Changes(frozenset(a for notice in notices for a in notice.account_ids))

    @staticmethod
    def _refuse_voided(conn: sqlite3.Connection, notice_ids: Sequence[int]) -> None:
        row = conn.execute(
            f"SELECT year, seq FROM notices WHERE voided_at IS NOT NULL AND id IN ({marks(len(notice_ids))}) LIMIT 1",
            tuple(notice_ids),
        ).fetchone()
        if row:
            raise BadInput(f"No. {row[0]}-{row[1]:04d} 已经作废，不能补打，没有打印。", "请去掉它，或重新出一张。")

    def void(self, notice_id: int, reason: str) -> Changes:
        """Void a notice with a reason; the number stays used and the round is not counted."""
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            if not voiding.mark(session, "notices", notice_id, why):
                raise BadInput("这张催款单已经作废，或找不到，没有改动。", "请刷新后再看。")
            ids = [a for (a,) in conn.execute(
                "SELECT account_id FROM notice_accounts WHERE notice_id = ?", (notice_id,)
            )]  # fmt: skip
            self._contacts.undo_steps(f"notice:{notice_id}", "催款单作废，阶段退回")
            session.note("作废催款单", f"通知 {notice_id}", {"reason": reason})
            self._states.refresh(ids)
        return Changes(frozenset(ids), record_id=notice_id)

    def of_account(self, account_id: int) -> list[IssuedNotice]:
        """Notices of an account, newest first, voided ones included."""
        return self._issued("n.id IN (SELECT notice_id FROM notice_accounts WHERE account_id = ?)", account_id)

    def of_batch(self, batch_id: int) -> list[IssuedNotice]:
        """Notices of one print run."""
        return self._issued("n.batch_id = ?", batch_id)[::-1]

    def issued_between(self, first: date, last: date) -> list[IssuedNotice]:
        """Notices issued in a span of days, both included."""
        return self._issued("n.issued_on BETWEEN ? AND ?", first.isoformat(), last.isoformat())

    def _issued(self, where: str, *values: object) -> list[IssuedNotice]:
        rows = self._session.conn.execute(
            "SELECT n.id, n.snapshot, n.round_no, s.name, n.batch_id,"
            " (SELECT count(*) FROM reprints r WHERE r.notice_id = n.id), n.voided_at, v.name, n.void_reason"
            " FROM notices n JOIN staff s ON s.id = n.staff_id LEFT JOIN staff v ON v.id = n.voided_by"
            f" WHERE {where} ORDER BY n.year DESC, n.seq DESC",
            values,
        )
        found = []
        for notice_id, snapshot, round_no, who, batch_id, reprints, voided_at, voided_by, reason in rows:
            data = thaw(snapshot)
            voided = f"{reason}（{voided_at[5:10]} {voided_by}）" if voided_at else ""
            found.append(
                IssuedNotice(
                    notice_id, data.number, round_no, data.account_ids, data.rooms, data.name, data.total,
                    len(data.lines), data.issued_on, data.pay_by, who, batch_id, reprints, voided,
                )
            )  # fmt: skip
        return found

    def batches(self) -> list[BatchRow]:
        """Past print runs, newest first."""
        rows = self._session.conn.execute(
            "SELECT b.id, b.at, s.name, count(n.id), sum(n.total), min(n.year * 100000 + n.seq),"
            " max(n.year * 100000 + n.seq), b.target, sum(n.late_fee), o.name || '：' || b.override_reason"
            " FROM notice_batches b JOIN staff s ON s.id = b.staff_id LEFT JOIN staff o ON o.id = b.override_by"
            " JOIN notices n ON n.batch_id = b.id GROUP BY b.id ORDER BY b.id DESC"
        )
        return [
            BatchRow(
                i, datetime.fromisoformat(at), who, count, total, _number(low), _number(high), target, late, signed or ""
            )
            for i, at, who, count, total, low, high, target, late, signed in rows
        ]  # fmt: skip


def _number(packed: int) -> str:
    return f"{packed // 100000}-{packed % 100000:04d}"


def freeze(notice: NoticeData) -> str:
    """Everything printed, as JSON."""
    return json.dumps(asdict(notice), ensure_ascii=False, default=str, separators=(",", ":"))


def thaw(text: str) -> NoticeData:
    """The notice that `freeze` wrote."""
    stored: dict[str, Any] = json.loads(text)
    lines = tuple(
        NoticeLine(**{**line, "kind": FeeKind(line["kind"]), "due_on": _day(line["due_on"])})
        for line in stored["lines"]
    )
    return NoticeData(
        **{
            **stored,
            "lines": lines,
            "office": OfficeOnPaper(**stored["office"]),
            "account_ids": tuple(stored["account_ids"]),
            "rooms": tuple(stored["rooms"]),
            "as_of": _day(stored["as_of"]),
            "issued_on": date.fromisoformat(stored["issued_on"]),
            "pay_by": date.fromisoformat(stored["pay_by"]),
            "late_fee": _late_fee(stored.get("late_fee")),
            "counted_to": _day(stored.get("counted_to")),
        }
    )


def _late_fee(stored: dict[str, Any] | None) -> NoticeLateFee | None:
    if not stored:
        return None
    return NoticeLateFee(
        **{
            **stored,
            "up_to": date.fromisoformat(stored["up_to"]),
            "cap": LateFeeCap(stored["cap"]),
            "verdict": LateFeeVerdict(stored["verdict"]),
            "lines": tuple(NoticeLateFeeLine(**line) for line in stored["lines"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def findings(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the late fee of notices on record, one sentence each."""
    checks = {
        "通知 {0} 的违约金与留底不符": (
            "SELECT n.id FROM notices n WHERE n.late_fee <> coalesce(json_extract(n.snapshot, '$.late_fee.amount'), 0)"
        ),
        "批次 {0} 的违约金高于 LPR×1.3，却没有项目经理放行的记录": (
            "SELECT DISTINCT n.batch_id FROM notices n JOIN notice_batches b ON b.id = n.batch_id"
            " WHERE json_extract(n.snapshot, '$.late_fee.verdict') = 'needs_override'"
            " AND (b.override_by IS NULL OR b.override_reason = '')"
        ),
    }
    return [sentence.format(row[0]) for sentence, sql in checks.items() for row in conn.execute(sql + " LIMIT 20")]
