"""Opening the files of a paper on file with the program that the computer has for them."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError, file_errors
from feedesk.ui.desk import Desk


def show_document(desk: Desk, document_id: int, parent: QWidget) -> None:
    """Open every file of a paper; what is kept is never handed out, a copy under the file's own name is opened."""
    folder = Path(gettempdir()) / "feedesk-存档"
    try:
        files = desk.office.documents.get(document_id).files
        with file_errors("存档文件的副本", folder):
            copies = [desk.office.documents.readable_copy(proof, folder) for proof in files]
    except FeeDeskError as error:
        desk.messages.tell(error, parent)
        return
    if not copies:
        desk.messages.note("这份材料没有存文件，只有备注。")
    for copy in copies:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            desk.messages.note(f"这台电脑没有能打开“{copy.name}”的程序，副本在 {copy.parent}。")
