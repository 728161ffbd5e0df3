"""The head of the import dialog: title, file, and the three steps with the one that is on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, font
from feedesk.ui.widgets import ElidedLabel, label

STEPS = ("读懂清单", "核对变化", "完成")
_DISC, _GAP, _LINE = 22, 8, 42


class Trail(QWidget):
    """1 读懂清单 — 2 核对变化 — 3 完成; steps behind carry a check."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.go(0)

    def go(self, at: int) -> None:
        """Show step `at` (from 0) as the one that is on."""
        self._at = at
        self.setAccessibleName(f"第 {at + 1} 步，共 {len(STEPS)} 步：{STEPS[at]}")
        self.update()

    def sizeHint(self) -> QSize:
        """Discs, words and lines between."""
        metrics = QFontMetrics(font(13, bold=True))
        words = sum(_DISC + _GAP + metrics.horizontalAdvance(step) for step in STEPS)
        return QSize(words + (len(STEPS) - 1) * _LINE, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the steps."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(font(13, bold=True))
        x, middle = 0, self.height() // 2
        for place, step in enumerate(STEPS):
            on, done = place == self._at, place < self._at
            ground = COLOURS.malachite if done else COLOURS.azure if on else COLOURS.sunken
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawEllipse(x, middle - _DISC // 2, _DISC, _DISC)
            if done:
                icons.draw(painter, "check-on", "", 14, x + 4, middle - 7)
            else:
                painter.setFont(font(12, bold=True))
                painter.setPen(QColor(COLOURS.surface if on else COLOURS.ink2))
                painter.drawText(
                    QRect(x, middle - _DISC // 2, _DISC, _DISC), int(Qt.AlignmentFlag.AlignCenter), str(place + 1)
                )
            x += _DISC + _GAP
            wide = metrics.horizontalAdvance(step)
            painter.setFont(font(13, bold=on))
            painter.setPen(QColor(COLOURS.ink if on else COLOURS.ink3))
            painter.drawText(QRect(x, 0, wide, self.height()), int(Qt.AlignmentFlag.AlignVCenter), step)
            x += wide
            if place + 1 < len(STEPS):
                painter.setPen(QColor(COLOURS.line))
                painter.drawLine(x + 8, middle, x + _LINE - 8, middle)
                x += _LINE


class DialogHead(QWidget):
    """Title, name of the file, steps."""

    def __init__(self, title: str, file: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trail = Trail()
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(22)
        row.addWidget(label(title, "title"))
        row.addWidget(ElidedLabel(file, "muted"), 1)
        row.addWidget(self.trail)
        self.setFixedHeight(56)
