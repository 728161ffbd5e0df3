"""Issuing 收据: the number, the frozen figures and the paper in one act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from feedesk.models.changes import Changes
from feedesk.models.ledger.payments import Receipt
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.reports.receipt_pdf import write_receipts
from feedesk.tasks.paper_file import PaperFile

Tick = Callable[[int, int], None]
"""Done, total; may raise `Cancelled`."""


def receipts_pdf(
    office: Office, payment_ids: Sequence[int], target: Path, fonts: Fonts, tick: Tick | None = None
) -> Changes:
    """Number, freeze and print the receipts of these payments into one PDF, two copies each.

    A payment that has a receipt already is printed again (补打) with its own number and figures. The file appears if
    and only if the records do.
    """
    with PaperFile(office.path, target, "收据") as sheet:

        def save(receipts: list[Receipt]) -> None:
            sheet.produce(lambda stream: write_receipts(receipts, stream, fonts, tick))
            sheet.place()

        return office.payments.issue_receipts(payment_ids, save)
