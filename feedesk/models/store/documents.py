"""材料存档: papers on file for accounts, with the lines they list and the files that show them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.documents import (
    Background,
    Document,
    DocumentDraft,
    DocumentVerdict,
    Mandate,
    line_of,
    problems,
    tidy,
    verdict,
)
from feedesk.models.letters import PAPER_LABELS, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.service import DeliveryMethod, ProofFile
from feedesk.models.store import balances, kept_files, proof_rows, voiding
from feedesk.models.store.letters import papers
from feedesk.models.store.session import Session, day, marks, pieces
from feedesk.models.store.states import States

_WHAT = "存档材料"
"""What the files are called where one is refused."""
_AGAIN = "补登后另存一条"
"""The reason under which a paper is voided whose service is recorded later."""


class Documents:
    """Append-only; a paper filed by mistake is voided with a reason. What it proves is judged when filed."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    def look_at(self, path: Path) -> ProofFile:
        """What a file would be kept as; raises FeeDeskError for one that is no scan or photo or cannot be read."""
        return kept_files.hand_over(path, _WHAT).proof

    def background(self, account_ids: Collection[int]) -> Background:
        """What a draft for these accounts is judged against: their charges, and the mandates on file."""
        conn, ids = self._session.conn, list(account_ids)
        rooms = dict(
            conn.execute(
                f"SELECT a.id, u.room FROM accounts a JOIN units u ON u.id = a.unit_id WHERE a.id IN ({marks(len(ids))})",
                ids,
            )
        )
        lines = tuple(line_of(charge, rooms[charge.account_id]) for charge in balances.charges_of(conn, ids))
        rows = conn.execute(
            "SELECT x.account_id, d.issuer, d.dated_on, d.deadline_on FROM document_accounts x JOIN documents d"
            f" ON d.id = x.document_id WHERE d.kind = ? AND d.voided_at IS NULL AND x.account_id IN ({marks(len(ids))})"
            " ORDER BY d.dated_on, d.id",
            (PaperKind.MANDATE, *ids),
        )
        mandates = tuple(Mandate(a, firm, date.fromisoformat(since), day(until)) for a, firm, since, until in rows)
        return Background(self._session.today(), lines, mandates)

    def file(self, draft: DocumentDraft, files: Sequence[Path] = (), *, replaces: int = 0) -> Changes:
        """Put a paper on file. Raises `BadInput` for what `documents.problems` names.

        Files and record stand or fall together. `replaces`: the paper filed before, whose service is known only now;
        it is voided with that reason, and its files go along.
        """
        session = self._session
        clerk = session.require_clerk()
        handed = kept_files.hand_over_all(files, _WHAT)
        proofs = self._with_earlier(replaces, tuple(one.proof for one in handed))
        found = problems(draft, proofs, self.background(draft.account_ids))
        if found:
            raise BadInput(f"{found[0].text.rstrip('。')}，材料没有存档。", "请改好再存。")
        kept = tidy(draft)
        proven = verdict(kept, proofs, session.now())
        with kept_files.keeping(session.path, handed, _WHAT), session.writing() as conn:
            if replaces:
                self.void(replaces, _AGAIN)
            document_id = _insert(conn, kept, proven.grade, session.stamp(), clerk.id)
            self._insert_parts(conn, document_id, kept, proofs)
            session.note(
                "材料存档",
                f"{PAPER_LABELS[kept.kind]} {kept.number}".strip(),
                {
                    "document": document_id, "kind": kept.kind, "accounts": list(kept.account_ids),
                    "lines": sorted(kept.charge_ids), "arrived_on": kept.arrived_on, "grade": proven.grade,
                    "files": [proof.sha256 for proof in proofs], "flags": proven.flags,
                },
            )  # fmt: skip
            self._states.refresh(set(kept.account_ids))
        return Changes(frozenset(kept.account_ids), record_id=document_id)

    def void(self, document_id: int, reason: str) -> Changes:
        """Take a paper back: it proves and opens nothing any more, and still shows."""
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            if not voiding.mark(session, "documents", document_id, why):
                raise BadInput("这份材料已经作废，或找不到，没有改动。", "请刷新后再看。")
            accounts = _accounts_of(conn, [document_id])[document_id]
            session.note("作废材料", f"材料 {document_id}", {"reason": why})
            self._states.refresh(set(accounts))
        return Changes(frozenset(accounts), record_id=document_id)

    def of_account(self, account_id: int) -> list[Document]:
        """Papers on file for an account, newest first, voided ones included."""
        return of_account(self._session.conn, account_id)

    def get(self, document_id: int) -> Document:
        """One paper; raises `BadInput` when there is none."""
        found = documents(self._session.conn, "d.id = ?", (document_id,))
        if not found:
            raise BadInput("找不到这份材料。", "请刷新后再看。")
        return found[0]

    def facts(self, account_id: int) -> frozenset[str]:
        """Names of records that make otherwise forbidden words true (`WordingRule.lifted_by`): `lawyer_letter` with its
        mandate, `case_number`. Only papers about the present debt count.
        """
        found = set()
        conn = self._session.conn
        kinds = {paper.kind for paper in papers(conn, [account_id], lines=False).get(account_id, ())}
        kinds &= shown_kinds(conn, account_id)
        if PaperKind.LAWYER in kinds and self.background([account_id]).mandates:
            found.add("lawyer_letter")
        if PaperKind.ACCEPTED in kinds:
            found.add("case_number")
        return frozenset(found)

    def file_path(self, proof: ProofFile) -> Path:
        """Where a kept file lies; raises `BadInput` when it is gone."""
        return kept_files.kept_path(self._session.path, proof)

    def readable_copy(self, proof: ProofFile, folder: Path) -> Path:
        """A copy under the file's own name, to be opened by another program; what is kept is never handed out."""
        copy = folder / proof.sha256[:12] / proof.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(self.file_path(proof).read_bytes())
        return copy

    # --- inside ---

    def _with_earlier(self, replaces: int, proofs: tuple[ProofFile, ...]) -> tuple[ProofFile, ...]:
        earlier = self.get(replaces).files if replaces else ()
        return tuple({proof.sha256: proof for proof in (*earlier, *proofs)}.values())

    def _insert_parts(
        self, conn: sqlite3.Connection, document_id: int, draft: DocumentDraft, proofs: tuple[ProofFile, ...]
    ) -> None:
        conn.executemany("INSERT INTO document_accounts VALUES (?, ?)", [(document_id, a) for a in draft.account_ids])
        owed = {line.charge_id: line.owed for line in self.background(draft.account_ids).lines}
        conn.executemany(
            "INSERT INTO document_lines VALUES (?, ?, ?)",
            [(document_id, charge_id, owed[charge_id]) for charge_id in sorted(draft.charge_ids)],
        )
        proof_rows.insert(conn, proof_rows.OF_DOCUMENT, document_id, proofs)


def _insert(conn: sqlite3.Connection, draft: DocumentDraft, grade: Grade | None, stamp: str, staff_id: int) -> int:
    assert draft.dated_on is not None  # `problems` asks for it
    cursor = conn.execute(
        "INSERT INTO documents (kind, number, issuer, dated_on, deadline_on, method, sent_on, arrived_on, grade, ems_no,"
        " signer, witness, second_staff, note, confirmed, at, staff_id)"
        f" VALUES ({marks(17)})",
        (
            draft.kind, draft.number, draft.issuer, draft.dated_on.isoformat(), _iso(draft.deadline_on),
            draft.method or "", _iso(draft.sent_on), _iso(draft.arrived_on), grade, draft.ems_no, draft.signer,
            draft.witness, draft.second_staff, draft.note, int(draft.confirmed), stamp, staff_id,
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


_SELECT = """
SELECT d.id, d.at, d.kind, d.number, d.issuer, d.dated_on, d.deadline_on, d.method, d.sent_on, d.arrived_on, d.grade,
       d.ems_no, d.signer, d.witness, d.second_staff, d.note, d.confirmed, s.name, d.voided_at, v.name, d.void_reason
FROM documents d JOIN staff s ON s.id = d.staff_id LEFT JOIN staff v ON v.id = d.voided_by
WHERE {where} ORDER BY d.id DESC
"""


def documents(conn: sqlite3.Connection, where: str, values: Sequence[object] = ()) -> list[Document]:
    """Papers on file that fulfil `where` (over `d`), newest first."""
    rows = conn.execute(_SELECT.format(where=where), tuple(values)).fetchall()
    ids = [row[0] for row in rows]
    accounts, lines, files = (
        _accounts_of(conn, ids),
        lines_of(conn, ids),
        proof_rows.read(conn, proof_rows.OF_DOCUMENT, ids),
    )
    return [
        _document(row, tuple(accounts.get(row[0], ())), frozenset(lines.get(row[0], ())), files.get(row[0], ()))
        for row in rows
    ]


def of_account(conn: sqlite3.Connection, account_id: int) -> list[Document]:
    """See `Documents.of_account`."""
    return documents(conn, "d.id IN (SELECT document_id FROM document_accounts WHERE account_id = ?)", (account_id,))


def lines_of(conn: sqlite3.Connection, document_ids: Sequence[int]) -> dict[int, list[int]]:
    """The charges that papers list."""
    return _listed(conn, "SELECT document_id, charge_id FROM document_lines", document_ids)


def _accounts_of(conn: sqlite3.Connection, document_ids: Sequence[int]) -> dict[int, list[int]]:
    return _listed(conn, "SELECT document_id, account_id FROM document_accounts", document_ids)


def _listed(conn: sqlite3.Connection, select: str, document_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for part in pieces(document_ids):
        for document_id, other in conn.execute(f"{select} WHERE document_id IN ({marks(len(part))})", tuple(part)):
            found[document_id].append(other)
    return found


def _document(
    row: tuple[Any, ...], accounts: tuple[int, ...], lines: frozenset[int], files: tuple[ProofFile, ...]
) -> Document:
    (document_id, at, kind, number, issuer, dated_on, deadline_on, method, sent_on, arrived_on, kept, ems_no, signer,
     witness, second, note, confirmed, staff, voided_at, voided_by, reason) = row  # fmt: skip
    draft = DocumentDraft(
        PaperKind(kind), accounts, date.fromisoformat(dated_on), number, issuer, day(deadline_on), lines,
        DeliveryMethod(method) if method else None, day(sent_on), day(arrived_on), ems_no, signer, witness, second,
        note, bool(confirmed),
    )  # fmt: skip
    proven = verdict(draft, files, datetime.fromisoformat(at))
    return Document(
        id=document_id,
        at=datetime.fromisoformat(at),
        draft=draft,
        verdict=replace(proven, grade=Grade(kept) if kept else None),
        files=files,
        staff_name=staff,
        voided=f"{reason}（{voided_at[5:10]} {voided_by}）" if voided_at else "",
    )


def findings(conn: sqlite3.Connection, path: Path) -> list[str]:
    """What is wrong with the papers of an office file, one sentence each; kept files are looked at where they are."""
    checks = {
        "材料 {0} 的日期晚于存档那天": "SELECT id FROM documents WHERE max(dated_on, coalesce(arrived_on, '')) > substr(at, 1, 10)",
        "材料 {0} 没有写明是哪一户": (
            "SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM document_accounts)"
        ),
        "材料 {0} 列了别户的账": (
            "SELECT l.document_id FROM document_lines l JOIN charges c ON c.id = l.charge_id WHERE NOT EXISTS"
            " (SELECT 1 FROM document_accounts x WHERE x.document_id = l.document_id AND x.account_id = c.account_id)"
        ),
        "材料 {0} 作废得不完整": (
            "SELECT id FROM documents WHERE (voided_at IS NULL) <> (voided_by IS NULL)"
            " OR (voided_at IS NULL) <> (coalesce(void_reason, '') = '')"
        ),
    }
    found = [sentence.format(row[0]) for sentence, sql in checks.items() for row in conn.execute(sql + " LIMIT 20")]
    known = {kind.value for kind in PaperKind}
    strange = [row[0] for row in conn.execute("SELECT DISTINCT kind FROM documents") if row[0] not in known]
    if strange:
        return [*found, f"材料种类“{strange[0]}”是本机版本不认识的"]
    for one in documents(conn, "1 = 1"):
        follows: DocumentVerdict = verdict(one.draft, one.files, one.at)
        if follows.grade is not one.verdict.grade:
            found.append(f"材料 {one.id} 的等级与凭据不符")
        found += [f"材料 {one.id} 的文件{what}" for what in kept_files.damages(path, one.files)]
    return found[:20]


def shown_kinds(conn: sqlite3.Connection, account_id: int) -> frozenset[PaperKind]:
    """Kinds of paper on file of which there is a file that shows them: one not older than the paper itself."""
    rows = conn.execute(
        "SELECT DISTINCT d.kind FROM documents d JOIN document_accounts x ON x.document_id = d.id"
        " JOIN document_files f ON f.document_id = d.id WHERE x.account_id = ? AND d.voided_at IS NULL"
        " AND (f.own_time IS NULL OR substr(f.own_time, 1, 10) >= d.dated_on)",
        (account_id,),
    )
    return frozenset(PaperKind(kind) for (kind,) in rows)
