"""Pictures of widgets, to look at: any widget at a logical size and a screen scale, with the bundled fonts.

Not a test. From a shell: `python -m tests.ui_tools gallery out.png`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget


def settle() -> None:
    """Let layouts, polishes and queued events happen."""
    for _ in range(4):
        QApplication.processEvents()


def picture(widget: QWidget, out: Path, width: int, height: int, scale: float = 1.0) -> Path:
    """Show `widget` at `width` × `height` logical pixels and paint it at `scale` into `out` (PNG)."""
    widget.resize(width, height)
    widget.show()
    settle()
    image = QImage(round(widget.width() * scale), round(widget.height() * scale), QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    out.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(out)):
        raise OSError(f"cannot write {out}")
    return out
