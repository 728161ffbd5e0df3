"""Issuing 催款单: records and paper in one act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from feedesk.models.changes import Changes
from feedesk.models.notice_batch import NoticeOptions, propose
from feedesk.models.notices import LateFeeOverride, NoticeBatch, NoticeData
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.reports.fonts import Fonts
from feedesk.reports.notice_pdf import write_notices
from feedesk.tasks.paper_file import PaperFile

Tick = Callable[[int, int], None]
"""Done, total; may raise `Cancelled`."""


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """How the paper is made."""

    door_back: bool = True
    """A back page for duplex printing that hides name and debt on a door (law §13.10b)."""


def default_options(office: Office, issued_on: date | None = None, pay_by: date | None = None) -> NoticeOptions:
    """Today, the office's period of grace, finance's latest list, the clerk at the desk.

    Whatever day is printed as that of issue, the balances are those of today.
    """
    day = issued_on or office.session.today()
    last = office.imports.last()
    return NoticeOptions(
        issued_on=day,
        pay_by=pay_by or day + timedelta(days=office.settings.profile().pay_by_days),
        as_of=last.as_of if last else None,
        clerk=office.session.require_clerk().name,
        counted_to=office.session.today(),
    )


def propose_batch(office: Office, account_ids: Collection[int], options: NoticeOptions, fonts: Fonts) -> NoticeBatch:
    """Who gets a notice and who does not, each with its reason. Nothing is written."""
    policy = office.late_fees.policy() if options.late_fee else None
    late_fee_to = options.issued_on if policy and policy.is_on else None
    candidates = office.figures.notice_candidates(account_ids, late_fee_to)
    return propose(candidates, options, office.settings.profile(), fonts.missing, policy)


def payment_code(office: Office) -> bytes | None:
    """The payment-code picture, when the office has given one and it is still there."""
    sha = office.settings.profile().payment_code_sha
    found = sorted(evidence_of(office.path).glob(f"{sha}.*")) if sha else []
    return found[0].read_bytes() if found else None


def issue_pdf(
    office: Office,
    notices: Sequence[NoticeData],
    target: Path,
    paper: PaperOptions,
    fonts: Fonts,
    tick: Tick | None,
    override: LateFeeOverride | None = None,
) -> Changes:
    """Number, freeze and print the notices into one PDF. The file appears if and only if the records do.

    `override`: a manager's word, where a late fee above LPR × 1.3 is listed (law §13.6).
    """
    with PaperFile(office.path, target, "催款单") as sheet:
        return office.notices.issue(
            notices, target.name, _drawn(office, sheet, paper, fonts, tick), sheet.place, override
        )


def reprint_pdf(office: Office, notice_ids: Sequence[int], target: Path, paper: PaperOptions, fonts: Fonts) -> Changes:
    """The same figures again, marked 补打; no new round, no new number."""
    with PaperFile(office.path, target, "催款单") as sheet:
        return office.notices.note_reprint(notice_ids, _drawn(office, sheet, paper, fonts, None), sheet.place)


def _drawn(
    office: Office, sheet: PaperFile, paper: PaperOptions, fonts: Fonts, tick: Tick | None
) -> Callable[[Sequence[NoticeData]], str]:
    """What writes the numbered notices and answers the SHA-256 of the paper."""

    def produce(notices: Sequence[NoticeData]) -> str:
        code = payment_code(office)
        return sheet.produce(
            lambda stream: write_notices(
                notices, stream, fonts=fonts, door_back=paper.door_back, payment_code=code, tick=tick
            )
        )

    return produce
