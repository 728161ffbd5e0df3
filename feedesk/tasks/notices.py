"""Issuing 催款单: records and paper in one act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from feedesk.errors import file_errors
from feedesk.models.changes import Changes
from feedesk.models.notice_batch import NoticeOptions, propose
from feedesk.models.notices import NoticeBatch, NoticeData
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.models.store.holder import sync_file
from feedesk.reports.fonts import Fonts
from feedesk.reports.notice_pdf import write_notices
from feedesk.tasks.targets import drop, part_of, refuse_office

Tick = Callable[[int, int], None]
"""Done, total; may raise `Cancelled`."""


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """How the paper is made."""

    door_back: bool = True
    """A back page for duplex printing that hides name and debt on a door (law §13.10b)."""


def default_options(office: Office, issued_on: date | None = None, pay_by: date | None = None) -> NoticeOptions:
    """Today, the office's period of grace, finance's latest list, the clerk at the desk."""
    day = issued_on or office.session.today()
    last = office.imports.last()
    return NoticeOptions(
        issued_on=day,
        pay_by=pay_by or day + timedelta(days=office.settings.profile().pay_by_days),
        as_of=last.as_of if last else None,
        clerk=office.session.require_clerk().name,
    )


def propose_batch(office: Office, account_ids: Collection[int], options: NoticeOptions, fonts: Fonts) -> NoticeBatch:
    """Who gets a notice and who does not, each with its reason. Nothing is written."""
    candidates = office.figures.notice_candidates(account_ids)
    return propose(candidates, options, office.settings.profile(), fonts.missing)


def payment_code(office: Office) -> bytes | None:
    """The payment-code picture, when the office has given one and it is still there."""
    sha = office.settings.profile().payment_code_sha
    found = sorted(evidence_of(office.path).glob(f"{sha}.*")) if sha else []
    return found[0].read_bytes() if found else None


def issue_pdf(
    office: Office, notices: Sequence[NoticeData], target: Path, paper: PaperOptions, fonts: Fonts, tick: Tick | None
) -> Changes:
    """Number, freeze and print the notices into one PDF. The file appears if and only if the records do."""
    with _Paper(office, target, paper, fonts, tick) as sheet:
        return office.notices.issue(notices, target.name, sheet.produce, sheet.place)


def reprint_pdf(office: Office, notice_ids: Sequence[int], target: Path, paper: PaperOptions, fonts: Fonts) -> Changes:
    """The same figures again, marked 补打; no new round, no new number."""
    with _Paper(office, target, paper, fonts, None) as sheet:
        return office.notices.note_reprint(notice_ids, sheet.produce, sheet.place)


class _Paper:
    """A PDF on its way: written beside its target, kept among the evidence, put in place last.

    When anything fails, the place looks as before: no part file, no kept copy, and a file that stood there stands again.
    """

    def __init__(self, office: Office, target: Path, paper: PaperOptions, fonts: Fonts, tick: Tick | None) -> None:
        refuse_office(target, office.path)
        self._office = office
        self._target = target
        self._part = part_of(target)
        self._before = target.with_name(target.name + ".feedesk-old")
        self._kept: Path | None = None
        self._paper = paper
        self._fonts = fonts
        self._tick = tick
        self._placed = False

    def __enter__(self) -> _Paper:
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

    def produce(self, notices: Sequence[NoticeData]) -> str:
        """Write the part file and the kept copy; returns the SHA-256 of the paper."""
        with file_errors("催款单", self._target):
            with self._part.open("wb") as stream:  # opened here, so that a refusal names the target, not the part
                write_notices(
                    notices,
                    stream,
                    fonts=self._fonts,
                    door_back=self._paper.door_back,
                    payment_code=payment_code(self._office),
                    tick=self._tick,
                )
            sync_file(self._part)
            data = self._part.read_bytes()
            sha = hashlib.sha256(data).hexdigest()
            folder = evidence_of(self._office.path)
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
        with file_errors("催款单", self._target):
            if self._target.is_file():
                self._target.replace(self._before)
            self._part.replace(self._target)
        self._placed = True
