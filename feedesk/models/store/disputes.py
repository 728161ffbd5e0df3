"""异议与遗留 on record: raised, passed to who answers for it, followed, resolved, reported back to the owner."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from feedesk.errors import BadInput
from feedesk.models import disputes as rules
from feedesk.models.changes import Changes
from feedesk.models.disputes import (
    OUTCOME_LABELS,
    Dispute,
    DisputeChange,
    DisputeDraft,
    DisputeFigures,
    DisputeOutcome,
    DisputeRow,
    DisputeState,
    EventKind,
    Scope,
)
from feedesk.models.service import ProofFile
from feedesk.models.store import balances, dispute_records, proof_rows
from feedesk.models.store.kept_files import HandedFile, damages, hand_over, hand_over_all, keeping, kept_path
from feedesk.models.store.session import Session, marks, pieces
from feedesk.models.store.states import States

_FILES = "异议的照片"


class Disputes:
    """Every change is a step on record; an objection raised by mistake is cancelled and the row stays."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    # --- reading ---

    def get(self, dispute_id: int) -> Dispute:
        """One objection; raises `BadInput` when there is none of that id, or it was cancelled."""
        found = dispute_records.read(self._session.conn, "d.id = ?", (dispute_id,))
        if not found:
            raise BadInput("找不到这件异议，可能已作废。", "请刷新后再看。")
        return found[0]

    def of_account(self, account_id: int) -> list[Dispute]:
        """All objections of an account, closed ones included, newest first."""
        return dispute_records.read(self._session.conn, "d.account_id = ?", (account_id,))

    def running(self, account_id: int) -> list[Dispute]:
        """Those of an account that are not closed, newest first."""
        return dispute_records.running(self._session.conn, [account_id])

    def all(self, *, open_only: bool = True) -> list[DisputeRow]:
        """The list of the office: what somebody must see to first, then the oldest. Closed ones at the end."""
        conn, today = self._session.conn, self._session.today()
        found = dispute_records.running(conn) if open_only else dispute_records.read(conn)
        return sorted(
            self._rows(found),
            key=lambda row: (
                row.dispute.state is DisputeState.CLOSED,
                not row.dispute.is_due(today),
                row.dispute.opened_at,
                row.dispute.id,
            ),
        )

    def row(self, dispute_id: int) -> DisputeRow:
        """One objection with room, name and the amount it holds; raises `BadInput` as `get` does."""
        return self._rows([self.get(dispute_id)])[0]

    def _rows(self, found: Sequence[Dispute]) -> list[DisputeRow]:
        conn = self._session.conn
        ids = list({one.account_id for one in found})
        known: dict[int, tuple[str, str, int, bool]] = {}
        for part in pieces(ids):
            known |= {
                row[0]: (row[1], row[2], row[3], bool(row[4]))
                for row in conn.execute(
                    "SELECT account_id, room, name, owed, is_former FROM account_state"
                    f" WHERE account_id IN ({marks(len(part))})",
                    part,
                )
            }
        rows = []
        for one in found:
            room, name, owed, is_former = known[one.account_id]
            amounts = {Scope.ACCOUNT: owed, Scope.LINES: sum(line.owed for line in one.lines), Scope.NOTHING: 0}
            rows.append(DisputeRow(one, room, name, amounts[one.holds], is_former))
        return rows

    def figures(self) -> DisputeFigures:
        """How many run and how old they are, for 统计."""
        return rules.figures(self.all(), self._session.today())

    def look_at(self, path: Path) -> ProofFile:
        """What a photo would be kept as; raises FeeDeskError for what cannot be kept."""
        return hand_over(path, _FILES).proof

    def file_path(self, proof: ProofFile) -> Path:
        """Where a kept photo lies; raises `BadInput` when it is gone."""
        return kept_path(self._session.path, proof)

    # --- writing ---

    def open(self, draft: DisputeDraft, files: Sequence[Path] = ()) -> Changes:
        """Put an objection on record, with its photos; what it holds leaves letters, texts and calls at once.

        Raises `BadInput` for what `disputes.problems` names.
        """
        session = self._session
        clerk = session.require_clerk()
        charges = list(balances.charges_of(session.conn, [draft.account_id]))
        found = rules.problems(draft, charges, self.running(draft.account_id), session.today())
        if found:
            raise BadInput(f"{found[0].text.rstrip('。')}，异议没有记下。", "请改好再记。")
        handed = hand_over_all(files, _FILES)
        with keeping(session.path, handed, _FILES), session.writing() as conn:
            dispute_id = dispute_records.insert(session, draft, session.now(), clerk.id)
            self._keep(conn, dispute_id, handed, 0)
            return self._written(
                dispute_id,
                draft.account_id,
                "登记异议",
                {"kind": draft.kind, "lines": draft.charge_ids, "files": [one.proof.sha256 for one in handed]},
            )

    def change(self, dispute_id: int, wanted: DisputeChange) -> Changes:
        """Another department, review day, hold or finding of fault; each is a step on record.

        Finding the fault to be ours makes it hold, whatever was chosen before.
        """
        session = self._session
        with session.writing() as conn:
            one = self._running(dispute_id, "没有改动")
            steps: list[tuple[EventKind, str]] = []
            new = one
            if wanted.department is not None and wanted.department.strip() != one.department:
                new = replace(new, department=wanted.department.strip())
                steps.append((EventKind.DEPARTMENT, f"{one.department or '未定'} → {new.department or '未定'}"))
            if wanted.is_ours is not None and wanted.is_ours != one.is_ours:
                new = replace(new, is_ours=wanted.is_ours)
                steps.append((EventKind.OURS, new.ours_text()))
            if wanted.hold is not None and wanted.hold != one.hold:
                if not wanted.hold and new.must_mend:
                    raise BadInput("我方责任和房屋设施的问题先解决再谈缴费，不能不暂缓，没有改动。", "")
                new = replace(new, hold=wanted.hold)
                steps.append((EventKind.HOLD, "暂缓" if wanted.hold else "不再暂缓"))
            if wanted.review_on is not None and wanted.review_on != one.review_on:
                if one.state is not DisputeState.OPEN:
                    raise BadInput("这件异议已结案，不用再定复查日，没有改动。", "请直接回复业主。")
                if text := rules.review_problem(wanted.review_on, session.today()):
                    raise BadInput(f"{text.rstrip('。')}，没有改动。", "")
                new = replace(new, review_on=wanted.review_on)
                before = f"{one.review_on:%m-%d}" if one.review_on else "未定"
                steps.append((EventKind.REVIEW, f"{before} → {wanted.review_on:%m-%d}"))
            if not steps:
                return Changes()
            if new.must_mend and not new.hold:
                new = replace(new, hold=True)
            conn.execute(
                "UPDATE disputes SET department = ?1, is_ours = ?2, hold = ?3, review_on = ?4"
                " WHERE id = ?5 OR part_of = ?5",
                (new.department, None if new.is_ours is None else int(new.is_ours), int(new.hold),
                 new.review_on.isoformat() if new.review_on else None, dispute_id),
            )  # fmt: skip
            for what, words in steps:
                dispute_records.add_event(session, dispute_id, what, words)
            return self._written(dispute_id, one.account_id, "改异议", {"steps": [words for _, words in steps]})

    def note(self, dispute_id: int, words: str) -> Changes:
        """记进展."""
        if not words.strip():
            raise BadInput("进展是空的，没有记下。", "请写一句。")
        with self._session.writing():
            one = self._running(dispute_id, "没有记下")
            dispute_records.add_event(self._session, dispute_id, EventKind.PROGRESS, words)
            return self._written(dispute_id, one.account_id, "异议进展", {"words": words.strip()})

    def add_files(self, dispute_id: int, files: Sequence[Path]) -> Changes:
        """Photos of what is objected to, or of it mended; what is there already is passed over."""
        session = self._session
        one = self._running(dispute_id, "没有收下")
        known = {proof.sha256 for proof in one.files}
        handed = [each for each in hand_over_all(files, _FILES) if each.proof.sha256 not in known]
        if not handed:
            return Changes()
        with keeping(session.path, handed, _FILES), session.writing() as conn:
            self._keep(conn, dispute_id, handed, len(one.files))
            names = "、".join(each.proof.name for each in handed)
            dispute_records.add_event(session, dispute_id, EventKind.FILES, names)
            return self._written(
                dispute_id, one.account_id, "异议照片", {"files": [each.proof.sha256 for each in handed]}
            )

    def resolve(self, dispute_id: int, outcome: DisputeOutcome, words: str) -> Changes:
        """结案: what came of it. The owner is told next (`report_back`)."""
        session = self._session
        if not words.strip():
            raise BadInput("结案要写明怎么处理的，没有结案。", "请写一句。")
        with session.writing() as conn:
            one = self._running(dispute_id, "没有结案")
            if one.state is not DisputeState.OPEN:
                raise BadInput("这件异议已经结案，没有改动。", "请把结果告诉业主。")
            conn.execute(
                "UPDATE disputes SET resolved_at = ?1, outcome = ?2, resolution = ?3 WHERE id = ?4 OR part_of = ?4",
                (session.stamp(), outcome, words.strip(), dispute_id),
            )
            said = f"{OUTCOME_LABELS[outcome]}，{words.strip()}"
            dispute_records.add_event(session, dispute_id, EventKind.RESOLVED, said)
            return self._written(dispute_id, one.account_id, "异议结案", {"outcome": outcome, "words": words.strip()})

    def report_back(self, dispute_id: int, how: str, words: str = "") -> Changes:
        """已回复业主: how the owner was told, and what he said. With this it is closed and holds nothing."""
        session = self._session
        if not how.strip():
            raise BadInput("请写明怎么回复的业主，没有记下。", "例如：电话。")
        with session.writing() as conn:
            one = self._running(dispute_id, "没有记下")
            if one.state is not DisputeState.RESOLVED:
                raise BadInput("还没有结案，先结案再回复业主，没有记下。", "")
            conn.execute(
                "UPDATE disputes SET reported_at = ?1, reported_how = ?2 WHERE id = ?3 OR part_of = ?3",
                (session.stamp(), how.strip(), dispute_id),
            )
            said = "，".join(part for part in (how.strip(), words.strip()) if part)
            dispute_records.add_event(session, dispute_id, EventKind.REPORTED, said)
            return self._written(dispute_id, one.account_id, "异议已回复业主", {"how": said})

    def reopen(self, dispute_id: int, words: str) -> Changes:
        """重新处理: the owner is not content, or it was closed too early. A review is due in a week again."""
        session = self._session
        if not words.strip():
            raise BadInput("重新处理要写明原因，没有改动。", "请写一句。")
        with session.writing() as conn:
            one = self.get(dispute_id)
            if one.state is DisputeState.OPEN:
                raise BadInput("这件异议还在办，没有改动。", "")
            conn.execute(
                "UPDATE disputes SET resolved_at = NULL, outcome = '', resolution = '', reported_at = NULL,"
                " reported_how = '', review_on = ?1 WHERE id = ?2 OR part_of = ?2",
                (rules.first_review(session.today()).isoformat(), dispute_id),
            )
            dispute_records.add_event(session, dispute_id, EventKind.REOPENED, words)
            return self._written(dispute_id, one.account_id, "异议重新处理", {"words": words.strip()})

    def cancel(self, dispute_id: int, reason: str) -> Changes:
        """An objection raised by mistake leaves every list; the row stays, with the reason in the log."""
        with self._session.writing():
            one = self.get(dispute_id)
            dispute_records.cancel(self._session, dispute_id)
            return self._written(dispute_id, one.account_id, "作废异议", {"reason": reason.strip()})

    # --- inside ---

    def _running(self, dispute_id: int, what_not: str) -> Dispute:
        self._session.require_clerk()
        one = self.get(dispute_id)
        if one.state is DisputeState.CLOSED:
            raise BadInput(f"这件异议已经办结，{what_not}。", "还要处理的，先点“重新处理”。")
        return one

    def _keep(self, conn: sqlite3.Connection, dispute_id: int, handed: Sequence[HandedFile], before: int) -> None:
        proofs = [each.proof for each in handed]
        proof_rows.insert(conn, proof_rows.OF_DISPUTE, dispute_id, proofs, after=before, at=self._session.stamp())

    def _written(self, dispute_id: int, account_id: int, what: str, detail: object) -> Changes:
        self._session.note(what, f"异议 {dispute_id}", detail)
        touched = self._states.refresh([account_id])
        return Changes(touched | {account_id}, record_id=dispute_id)


def findings(conn: sqlite3.Connection, path: Path) -> list[str]:
    """What is wrong with the objections of an office file, one sentence each; photos are looked at where they are."""
    checks = {
        "异议 {0} 已回复业主却没有结案": "SELECT id FROM disputes WHERE reported_at IS NOT NULL AND resolved_at IS NULL",
        "异议 {0} 的账单不是这一户的": (
            "SELECT d.id FROM disputes d JOIN charges c ON c.id = d.charge_id WHERE c.account_id <> d.account_id"
        ),
        "异议 {0} 与它所属的那件不一致": (
            "SELECT d.id FROM disputes d JOIN disputes h ON h.id = d.part_of WHERE h.part_of IS NOT NULL"
            " OR (d.account_id, d.kind, d.department, d.hold) IS NOT (h.account_id, h.kind, h.department, h.hold)"
            " OR (d.is_ours, d.review_on, d.resolved_at, d.reported_at, d.outcome)"
            "  IS NOT (h.is_ours, h.review_on, h.resolved_at, h.reported_at, h.outcome)"
        ),
    }
    found = [sentence.format(row[0]) for sentence, sql in checks.items() for row in conn.execute(sql + " LIMIT 20")]
    for table, column, known in (
        ("disputes", "outcome", {"", *OUTCOME_LABELS}),
        ("dispute_events", "what", set(EventKind)),
    ):
        strange = [row[0] for row in conn.execute(f"SELECT DISTINCT {column} FROM {table}") if row[0] not in known]
        if strange:
            return [*found, f"异议的“{strange[0]}”是本机版本不认识的"]
    for one in dispute_records.read(conn):
        found += [f"异议 {one.id} 的照片{what}" for what in damages(path, one.files)]
    return found[:20]
