"""The shipped SVG icons, crisp at every screen scale and in any token colour.

Pixmaps are drawn at the device pixel ratio asked for and kept in Qt's own `QPixmapCache`.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from feedesk.resources import resource_text
from feedesk.ui.theme import COLOURS

_RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
_DRAWN_IN = COLOURS.ink2
"""The colour the line icons are drawn in on file; it is what gets replaced."""


@lru_cache(maxsize=256)
def _svg(name: str, colour: str) -> bytes:
    text = resource_text(f"icons/{name}.svg")
    return (text.replace(_DRAWN_IN, colour) if colour else text).encode()


def pixmap(name: str, colour: str = "", size: int = 18, ratio: float = 1.0) -> QPixmap:
    """The icon `name` as a square of `size` logical pixels for a screen of this device pixel ratio.

    `colour` is a `#RRGGBB` token; empty keeps the colours on file (status marks have their own).
    Raises `FileNotFoundError` for an icon that is not shipped.
    """
    key = f"feedesk/{name}/{colour}/{size}/{ratio:.3f}"
    made = QPixmap()
    if QPixmapCache.find(key, made):
        return made
    # Before the painter begins: an exception with a painter open on a dying pixmap ends the process.
    renderer = QSvgRenderer(QByteArray(_svg(name, colour)))
    side = round(size * ratio)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


def icon(name: str, colour: str = COLOURS.ink2, size: int = 18) -> QIcon:
    """A `QIcon` that is exact at `size` logical pixels on the usual scales of the screens at hand, greyed when disabled."""
    made = QIcon()
    for ratio in _ratios():
        made.addPixmap(pixmap(name, colour, size, ratio))
        made.addPixmap(pixmap(name, COLOURS.ghost, size, ratio), QIcon.Mode.Disabled)
    return made


def _ratios() -> tuple[float, ...]:
    """The usual scales up to that of the finest screen at hand: each costs its share of the window's start."""
    finest = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    return _RATIOS[: 1 + next((place for place, ratio in enumerate(_RATIOS) if ratio >= finest), len(_RATIOS))]


def draw(painter: QPainter, name: str, colour: str, size: int, x: int, y: int) -> None:
    """Draw the icon with its upper left corner at (x, y), at whatever scale `painter` paints."""
    ratio = abs(painter.deviceTransform().m11()) or 1.0
    painter.drawPixmap(x, y, pixmap(name, colour, size, ratio))


def mark_name(mark: str) -> str:
    """The icon name of a status mark (`MarkKind` value)."""
    return f"mark-{mark}"
