"""Puts text, and a table beside it, on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtGui import QGuiApplication


def put(text: str, html: str = "") -> None:
    """Copy `text`; programs that understand tables get `html` instead."""
    clipboard = QGuiApplication.clipboard()
    if not html:
        clipboard.setText(text)
        return
    # A QMimeData made by Python and still on the clipboard at the end crashes the process (PySide6 6.11, seen in
    # its platform's clean-up); one made by Qt itself does not, and a model makes them.
    model = QStringListModel([""])
    mime = model.mimeData([model.index(0, 0)])
    mime.clear()
    mime.setText(text)
    mime.setHtml(html)
    clipboard.setMimeData(mime)
