"""Exporting the figures of 统计: the workbook appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

from feedesk.errors import file_errors
from feedesk.models.collection import Figures, Span
from feedesk.models.store import Office
from feedesk.reports.figures_sheet import TITLE, write_figures
from feedesk.tasks.targets import drop, part_of, refuse_office


def export_figures(office: Office, target: Path, span: Span) -> Figures:
    """Write the figures of a span; returns what was written."""
    refuse_office(target, office.path)
    figures = office.targets.figures(span)
    part = part_of(target)
    try:
        with file_errors(TITLE, target):
            profile, now = office.settings.profile(), office.session.now()
            write_figures(figures, profile.office, now, part, office.promises.months())
            part.replace(target)
    finally:
        drop(part)
    return figures
