"""Exporting the list of objections: the workbook appears whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from feedesk.errors import file_errors
from feedesk.models.disputes import DisputeRow
from feedesk.models.store import Office
from feedesk.tasks.targets import drop, part_of, refuse_office


def export_disputes(office: Office, target: Path, view: str, rows: Sequence[DisputeRow], summary: str) -> None:
    """Write these rows, as shown, to `target`."""
    from feedesk.reports.dispute_list import SHEET, write_disputes  # openpyxl: 0.2 s that the list does not need

    refuse_office(target, office.path)
    part = part_of(target)
    try:
        with file_errors(SHEET, target):
            write_disputes(office.settings.profile().office, view, rows, summary, office.session.now(), part)
            part.replace(target)
    finally:
        drop(part)
