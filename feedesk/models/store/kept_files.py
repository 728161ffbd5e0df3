"""Photos and scans kept beside the office file, named by the SHA-256 of their bytes: one place for all records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from feedesk.errors import BadInput, file_errors
from feedesk.models.photo_time import taken_at
from feedesk.models.service import ProofFile
from feedesk.models.store.holder import sync_file
from feedesk.paths import evidence_folder

_MOST_BYTES = 50 * 1024 * 1024
KINDS = (".jpg", ".jpeg", ".png", ".heic", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".pdf", ".mp4", ".mov", ".txt", ".zip")  # fmt: skip
"""Endings of files that may be kept."""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file as handed over, with its bytes and the name it is kept under."""

    proof: ProofFile
    data: bytes
    kept_as: str


def hand_over(path: Path, what: str) -> HandedFile:
    """Read a file that is handed over; `what` names it in refusals. Raises FeeDeskError for what cannot be kept."""
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise BadInput(f"“{path.name}”不是照片、扫描件或录像，没有收下。", "请选 jpg、png、pdf、mp4 等文件。")
    with file_errors(what, path):
        state = path.stat()
        if state.st_size > _MOST_BYTES:
            raise BadInput(f"“{path.name}”超过 50 MB，没有收下。", "请截短录像，或改用照片。")
        data = path.read_bytes()
    if not data:
        raise BadInput(f"“{path.name}”是空文件，没有收下。", "请另选一个。")
    camera = taken_at(data)
    own = camera or _local(int(state.st_mtime))
    proof = ProofFile(path.name, hashlib.sha256(data).hexdigest(), own, camera is not None)
    return HandedFile(proof, data, kept_name(proof))


def hand_over_all(paths: Sequence[Path], what: str) -> list[HandedFile]:
    """Each file once, in the order given, however often it is named."""
    return list({one.proof.sha256: one for one in (hand_over(path, what) for path in paths)}.values())


@contextmanager
def keeping(office: Path, handed: Sequence[HandedFile], what: str) -> Iterator[None]:
    """The files among the evidence of an office; gone again when what follows fails, unless they were there before."""
    folder = evidence_folder(office)
    fresh: list[Path] = []
    try:
        for one in handed:
            kept = folder / one.kept_as
            with file_errors(what, kept):
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
            with suppress(OSError):  # a disk that has become read-only: told is what went wrong first
                path.unlink(missing_ok=True)
        raise


def kept_path(office: Path, proof: ProofFile) -> Path:
    """Where a kept file lies; raises `BadInput` when it is gone."""
    kept = evidence_folder(office) / kept_name(proof)
    if not kept.is_file():
        raise BadInput(f"凭据“{proof.name}”不在了。", "请从备份的 .files 文件夹放回来。")
    return kept


def kept_name(proof: ProofFile) -> str:
    """The name a file is kept under."""
    return proof.sha256 + Path(proof.name).suffix.lower()


def damages(office: Path, proofs: Sequence[ProofFile]) -> list[str]:
    """Kept files that are not whole, for the check: 「“门上.jpg”不在了」. A copy of the office elsewhere has no folder of
    files, and nothing is said of them.
    """
    folder = evidence_folder(office)
    if not folder.is_dir():
        return []
    return [f"“{proof.name}”{why}" for proof in proofs if (why := _damage(folder, proof))]


def _damage(folder: Path, proof: ProofFile) -> str:
    kept = folder / kept_name(proof)
    if not kept.is_file():
        return "不在了"
    return "" if hashlib.sha256(kept.read_bytes()).hexdigest() == proof.sha256 else "被改动过"


def _local(stamp: int) -> datetime:
    """A file's time by the office's clock on the wall."""
    return datetime.fromtimestamp(stamp, UTC).astimezone().replace(microsecond=0, tzinfo=None)
