"""Pictures of widgets, to look at: any widget at a logical size and a screen scale, with the bundled fonts.

Not a test. From a shell: `python -m tests.ui_tools gallery out.png`.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class RecordingPresenter:
    """Stands where the boxes would: keeps what was said and answers by the list given."""

    def __init__(
        self,
        answers: Sequence[bool] = (),
        texts: Sequence[str | None] = (),
        files: Sequence[Path | None] = (),
    ) -> None:
        self.told: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.crashes: list[str] = []
        self.answers, self.texts, self.files = list(answers), list(texts), list(files)

    def tell(self, parent: QWidget | None, text: str, hint: str) -> None:
        self.told.append((text, hint))

    def ask(self, parent: QWidget | None, question: str, detail: str, verb: str) -> bool:
        self.asked.append((question, verb))
        return self.answers.pop(0)

    def ask_text(self, parent: QWidget | None, question: str, value: str) -> str | None:
        self.asked.append((question, ""))
        return self.texts.pop(0)

    def open_file(self, parent: QWidget | None, title: str, folder: Path, kinds: str) -> Path | None:
        return self.files.pop(0)

    def save_file(self, parent: QWidget | None, title: str, proposed: Path, kinds: str) -> Path | None:
        return self.files.pop(0)

    def choose_folder(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        return self.files.pop(0)

    def crash(self, parent: QWidget | None, report: str) -> None:
        self.crashes.append(report)
