"""Choosing a photo or scan that goes on record with something: asked for in one place for deliveries and objections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.service import ProofFile
from feedesk.ui.desk import Desk

Handed = tuple[Path, ProofFile]
"""A file that was chosen, and what it would be kept as."""
ChooseFile = Callable[[QWidget], Handed | None]


def choose_proof(
    desk: Desk, title: str, kinds: str, look_at: Callable[[Path], ProofFile], parent: QWidget
) -> Handed | None:
    """Ask for a file; None when none was chosen, or it cannot be kept, which is told. `kinds`: the file dialog's filter;
    `look_at`: of the store that will keep it.
    """
    path = desk.messages.open_file(title, desk.settings.folder("proof"), kinds, parent)
    if path is None:
        return None
    desk.settings.remember_folder("proof", path.parent)
    try:
        return path, look_at(path)
    except FeeDeskError as error:
        desk.messages.tell(error, parent)
        return None
