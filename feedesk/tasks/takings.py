"""Exporting a day's payments: the workbook appears whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from feedesk.errors import file_errors
from feedesk.models.ledger.takings import Taking
from feedesk.models.store import Office
from feedesk.tasks.targets import drop, part_of, refuse_office


def takings_of(office: Office, day: date) -> list[Taking]:
    """The payments booked on a day with what they paid, and the reversals of earlier ones made on it; newest first."""
    payments = office.payments
    booked = [Taking(one, tuple(payments.uses(one.id))) for one in payments.taken_between(day, day)]
    undone = [Taking(one, undoes=True) for one in payments.reversed_between(day, day) if one.at.date() != day]
    return sorted((*booked, *undone), key=lambda line: (line.at, line.payment.id), reverse=True)


def export_takings(office: Office, target: Path, day: date) -> list[Taking]:
    """Write the lines of `day`, oldest first; returns them."""
    from feedesk.reports.takings import SHEET, write_takings  # openpyxl: 0.2 s that the page's table does not need

    refuse_office(target, office.path)
    takings = takings_of(office, day)[::-1]
    part = part_of(target)
    try:
        with file_errors(SHEET, target):
            write_takings(day, office.settings.profile().office, takings, part)
            part.replace(target)
    finally:
        drop(part)
    return takings
