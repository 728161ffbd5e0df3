"""The ageing of one account as a bar of one hue, dark for old, with its figures underneath."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.models.ageing import AgeBand
from feedesk.models.money import show
from feedesk.ui.theme import COLOURS, font

_BAR = 14
_STRENGTH = (0.22, 0.42, 0.62, 0.82, 1.0)
"""How much of the deep azure a band of each age holds."""


class AgeingBar(QWidget):
    """Segments as wide as their share, but never too narrow for their figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bands: tuple[AgeBand, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bands(self, bands: Sequence[AgeBand]) -> None:
        """Show these bands; none hides the bar."""
        self._bands = tuple(bands)
        said = "，".join(f"{band.label} {show(band.owed)}" for band in bands)
        self.setAccessibleName(f"账龄：{said}")
        self.setToolTip(said.replace("，", "\n"))
        self.setVisible(bool(bands))
        self.update()

    def text(self) -> str:
        """What is read, for screen readers and tests."""
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        """Bar, amounts, words."""
        return QSize(320, _BAR + 6 + 18 + 18)

    def widths(self, room: int) -> list[int]:
        """The width of each segment for so many pixels: its share, at least what its figures need."""
        need = [self._need(band) for band in self._bands]
        total = sum(band.owed for band in self._bands)
        spare = max(0, room - sum(need))
        return [wide + spare * band.owed // total for wide, band in zip(need, self._bands, strict=True)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Segments, then amount and words under each."""
        painter = QPainter(self)
        x = 0
        for band, wide in zip(self._bands, self.widths(self.width()), strict=True):
            painter.fillRect(QRect(x, 0, wide - 2, _BAR), _shade(band.age))
            painter.setPen(QColor(COLOURS.ink))
            painter.setFont(font(12, bold=True))
            painter.drawText(QRect(x, _BAR + 4, wide, 18), int(Qt.AlignmentFlag.AlignLeft), show(band.owed))
            painter.setPen(QColor(COLOURS.ink2))
            painter.setFont(font(12))
            painter.drawText(QRect(x, _BAR + 22, wide, 18), int(Qt.AlignmentFlag.AlignLeft), band.label)
            x += wide

    @staticmethod
    def _need(band: AgeBand) -> int:
        bold, plain = QFontMetrics(font(12, bold=True)), QFontMetrics(font(12))
        return max(bold.horizontalAdvance(show(band.owed)), plain.horizontalAdvance(band.label)) + 12


def _shade(age: int) -> QColor:
    deep, light = QColor(COLOURS.azure_deep), QColor(COLOURS.surface)
    part = _STRENGTH[min(age, len(_STRENGTH) - 1)]
    pairs = ((deep.red(), light.red()), (deep.green(), light.green()), (deep.blue(), light.blue()))
    red, green, blue = (round(a * part + b * (1 - part)) for a, b in pairs)
    return QColor(red, green, blue)
