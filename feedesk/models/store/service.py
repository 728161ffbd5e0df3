"""送达 on record: who got a notice, how, and the files that prove it, kept by their SHA-256 beside the office file."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from feedesk.errors import BadInput, file_errors
from feedesk.models.changes import Changes
from feedesk.models.limitation import Grade
from feedesk.models.photo_time import taken_at
from feedesk.models.service import (
    METHOD_LABELS,
    Delivery,
    DeliveryDraft,
    DeliveryMethod,
    ProofFile,
    grade,
    problems,
)
from feedesk.models.store.holder import sync_file
from feedesk.models.store.session import Session, day, marks, moment
from feedesk.paths import evidence_folder

_MOST_BYTES = 50 * 1024 * 1024
_KINDS = (".jpg", ".jpeg", ".png", ".heic", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".pdf", ".mp4", ".mov", ".txt", ".zip")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Handed:
    """A file as handed over, with its bytes."""

    proof: ProofFile
    data: bytes
    kept_as: str


class Service:
    """Append-only; a delivery recorded by mistake is voided with a reason. What it proves is judged when recorded."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look_at(self, path: Path) -> ProofFile:
        """What a file would be kept as; raises FeeDeskError for one that is no proof or cannot be read."""
        return _handed(path).proof

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
        handed = {one.proof.sha256: one for one in map(_handed, files)}
        proofs = tuple(one.proof for one in handed.values())
        verdict = grade(draft, proofs, made_at, session.now())
        with self._keeping(list(handed.values())), session.writing() as conn:
            cursor = conn.execute(
                "INSERT INTO deliveries (notice_id, method, sent_on, arrived_on, grade, ems_no, signer, witness,"
                " second_staff, note, confirmed, at, staff_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (draft.notice_id, draft.method, draft.sent_on.isoformat() if draft.sent_on else None,
                 draft.arrived_on.isoformat() if draft.arrived_on else None, verdict.grade, draft.ems_no.strip(),
                 draft.signer.strip(), draft.witness.strip(), draft.second_staff.strip(), draft.note.strip(),
                 int(draft.confirmed), session.stamp(), clerk.id),
            )  # fmt: skip
            delivery_id = int(cursor.lastrowid or 0)
            conn.executemany(
                "INSERT INTO delivery_files VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (delivery_id, number, proof.name, proof.sha256,
                     proof.own_time.isoformat(timespec="seconds") if proof.own_time else None, int(proof.from_camera))
                    for number, proof in enumerate(proofs, start=1)
                ],
            )  # fmt: skip
            session.note(
                "登记送达",
                f"通知 {draft.notice_id}",
                {"delivery": delivery_id, "method": draft.method, "arrived_on": draft.arrived_on,
                 "grade": verdict.grade, "files": [proof.sha256 for proof in proofs], "flags": verdict.flags},
            )  # fmt: skip
        return Changes(frozenset(accounts), record_id=delivery_id)

    def void(self, delivery_id: int, reason: str) -> Changes:
        """Take a delivery back: it restarts nothing any more, and still shows."""
        if not reason.strip():
            raise BadInput("作废要写明原因，没有作废。", "请写一句原因。")
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            row = conn.execute("SELECT notice_id FROM deliveries WHERE id = ?", (delivery_id,)).fetchone()
            changed = conn.execute(
                "UPDATE deliveries SET voided_at = ?, voided_by = ?, void_reason = ? WHERE id = ? AND voided_at IS NULL",
                (session.stamp(), clerk.id, reason.strip(), delivery_id),
            ).rowcount
            if row is None or not changed:
                raise BadInput("这条送达已经作废，或找不到，没有改动。", "请刷新后再看。")
            accounts = _accounts_of(conn, row[0])
            session.note("作废送达", f"送达 {delivery_id}", {"reason": reason.strip()})
        return Changes(frozenset(accounts), record_id=delivery_id)

    def of_notice(self, notice_id: int) -> list[Delivery]:
        """Deliveries of a notice, newest first, voided ones included."""
        return self.of_notices([notice_id]).get(notice_id, [])

    def of_notices(self, notice_ids: Sequence[int]) -> dict[int, list[Delivery]]:
        """Deliveries of several notices (some hundred at a time is fine), newest first; those without are left out."""
        found: dict[int, list[Delivery]] = {}
        for start in range(0, len(notice_ids), 500):
            part = notice_ids[start : start + 500]
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
        kept = _kept(evidence_folder(self._session.path), proof)
        if not kept.is_file():
            raise BadInput(f"凭据“{proof.name}”不在了。", "请从备份的 .files 文件夹放回来。")
        return kept

    # --- inside ---

    def _notice(self, notice_id: int) -> tuple[date, datetime, tuple[int, ...]]:
        """Day and moment a notice was made, and its accounts; raises `BadInput` for one that is void or not there."""
        conn = self._session.conn
        row = conn.execute("SELECT issued_on, issued_at, voided_at FROM notices WHERE id = ?", (notice_id,)).fetchone()
        if row is None or row[2]:
            raise BadInput("这张催款单已经作废，或找不到，送达没有记下。", "请选一张有效的。")
        return date.fromisoformat(row[0]), datetime.fromisoformat(row[1]), _accounts_of(conn, notice_id)

    @contextmanager
    def _keeping(self, handed: Sequence[_Handed]) -> Iterator[None]:
        """The files among the evidence; gone again when what follows fails, unless they were there before."""
        folder = evidence_folder(self._session.path)
        fresh: list[Path] = []
        try:
            for one in handed:
                kept = folder / one.kept_as
                with file_errors("送达凭据", kept):
                    folder.mkdir(parents=True, exist_ok=True)
                    if kept.exists():
                        continue
                    part = kept.with_name(kept.name + ".part")
                    fresh += [part, kept]
                    part.write_bytes(one.data)
                    sync_file(part)
                    part.replace(kept)
            yield
        except BaseException:
            for path in fresh:
                path.unlink(missing_ok=True)
            raise


def _handed(path: Path) -> _Handed:
    """Read a file that is handed over as proof."""
    suffix = path.suffix.lower()
    if suffix not in _KINDS:
        raise BadInput(f"“{path.name}”不是照片、扫描件或录像，没有收下。", "请选 jpg、png、pdf、mp4 等文件。")
    with file_errors("送达凭据", path):
        state = path.stat()
        if state.st_size > _MOST_BYTES:
            raise BadInput(f"“{path.name}”超过 50 MB，没有收下。", "请截短录像，或改用照片。")
        data = path.read_bytes()
    if not data:
        raise BadInput(f"“{path.name}”是空文件，没有收下。", "请另选一个。")
    camera = taken_at(data)
    own = camera or _local(int(state.st_mtime))
    proof = ProofFile(path.name, hashlib.sha256(data).hexdigest(), own, camera is not None)
    return _Handed(proof, data, proof.sha256 + suffix)


def _local(stamp: int) -> datetime:
    """A file's time by the office's clock on the wall."""
    return datetime.fromtimestamp(stamp, UTC).astimezone().replace(microsecond=0, tzinfo=None)


def _kept(folder: Path, proof: ProofFile) -> Path:
    return folder / (proof.sha256 + Path(proof.name).suffix.lower())


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
    files = _files(conn, [row[0] for row in rows])
    return [_delivery(row, files.get(row[0], ())) for row in rows]


def _files(conn: sqlite3.Connection, delivery_ids: Sequence[int]) -> dict[int, tuple[ProofFile, ...]]:
    found: dict[int, tuple[ProofFile, ...]] = {}
    for start in range(0, len(delivery_ids), 500):
        part = delivery_ids[start : start + 500]
        rows = conn.execute(
            "SELECT delivery_id, name, sha256, own_time, from_camera FROM delivery_files"
            f" WHERE delivery_id IN ({marks(len(part))}) ORDER BY delivery_id, number",
            tuple(part),
        )
        for delivery_id, name, sha, own_time, from_camera in rows:
            proof = ProofFile(name, sha, moment(own_time), bool(from_camera))
            found[delivery_id] = (*found.get(delivery_id, ()), proof)
    return found


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
    """What is wrong with the deliveries of an office file, one sentence each. Kept files are looked at where their
    folder is: a copy of the office elsewhere has none.
    """
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
    folder = evidence_folder(path)
    for one in deliveries(conn, "1 = 1"):
        made_at = conn.execute("SELECT issued_at FROM notices WHERE id = ?", (one.draft.notice_id,)).fetchone()[0]
        if grade(one.draft, one.files, datetime.fromisoformat(made_at), one.at).grade is not one.verdict.grade:
            found.append(f"送达 {one.id} 的等级 {one.verdict.grade.value} 与凭据不符")
        if folder.is_dir():
            found += [
                f"送达 {one.id} 的凭据“{proof.name}”{why}" for proof in one.files if (why := _damage(folder, proof))
            ]
    return found[:20]


def _damage(folder: Path, proof: ProofFile) -> str:
    kept = _kept(folder, proof)
    if not kept.is_file():
        return "不在了"
    return "" if hashlib.sha256(kept.read_bytes()).hexdigest() == proof.sha256 else "被改动过"
