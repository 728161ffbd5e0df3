"""Exporting the 催缴记录表: the workbook appears whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from feedesk.errors import file_errors
from feedesk.models.record_table import RecordTable
from feedesk.models.store import Office
from feedesk.reports.record_table import write_record_table
from feedesk.tasks.targets import drop, part_of, refuse_office


def export_record_table(office: Office, target: Path, first: date, last: date) -> RecordTable:
    """Write the table of a span of days (both included); returns what was written."""
    refuse_office(target, office.path)
    table = office.figures.record_table(first, last)
    part = part_of(target)
    try:
        with file_errors("催缴记录表", target):
            write_record_table(table, part)
            part.replace(target)
    finally:
        drop(part)
    return table
