"""How the inside of a dialog or a page stands: head, middle and foot parted by lines; something that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.ui.widgets_basic import hairline


def lay_sheet(sheet: QWidget, head: QLayout, middle: QLayout, foot: QLayout) -> None:
    """Head, middle and foot from edge to edge, a line between them; the middle takes the height that is left."""
    column = QVBoxLayout(sheet)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(head)
    column.addWidget(hairline())
    column.addLayout(middle, 1)
    column.addWidget(hairline())
    column.addLayout(foot)


def scrolled(inside: QWidget) -> QScrollArea:
    """Something that may be higher than its place, at the top of it; it scrolls up and down only."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 6, 0)
    column.addWidget(inside)
    column.addStretch(1)
    area.setWidget(inner)
    return area
