"""A paper on its way: written beside its target, kept among the evidence, put in place last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from feedesk.errors import file_errors
from feedesk.models.store.backups import evidence_of
from feedesk.models.store.holder import sync_file
from feedesk.tasks.targets import drop, part_of, refuse_office


class PaperFile:
    """A PDF that appears if and only if the records do that it stands for.

    When anything fails inside the `with`, the place looks as before: no part file, no kept copy, and a file that
    stood there stands again. `what` names the paper in messages: 「催款单」.
    """

    def __init__(self, office: Path, target: Path, what: str) -> None:
        refuse_office(target, office)
        self._office = office
        self._target = target
        self._what = what
        self._part = part_of(target)
        self._before = target.with_name(target.name + ".feedesk-old")
        self._kept: Path | None = None
        self._placed = False

    def __enter__(self) -> PaperFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        drop(self._part)
        if kind is None:
            drop(self._before)
            return
        if self._placed:
            drop(self._target)
        if self._before.is_file():
            self._before.replace(self._target)
        if self._kept is not None:
            drop(self._kept)

    def produce(self, draw: Callable[[BinaryIO], object]) -> str:
        """Write the part file and the kept copy; returns the SHA-256 of the paper."""
        with file_errors(self._what, self._target):
            with self._part.open("wb") as stream:  # opened here, so that a refusal names the target, not the part
                draw(stream)
            sync_file(self._part)
            data = self._part.read_bytes()
            sha = hashlib.sha256(data).hexdigest()
            folder = evidence_of(self._office)
            folder.mkdir(parents=True, exist_ok=True)
            kept = folder / f"{sha}.pdf"
            if not kept.exists():
                self._kept = kept
                part = part_of(kept)
                part.write_bytes(data)
                sync_file(part)
                part.replace(kept)
        return sha

    def place(self) -> None:
        """The last act before the records are committed."""
        with file_errors(self._what, self._target):
            if self._target.is_file():
                self._target.replace(self._before)
            self._part.replace(self._target)
        self._placed = True
