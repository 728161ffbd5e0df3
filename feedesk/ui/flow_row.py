"""Widgets side by side in as many lines as they need; nothing is cut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FlowRow(QWidget):
    """Arranges its widgets in lines; `one_line` hides those that do not fit into the first.

    Signals:
        surplus_changed: how many widgets are hidden now.
    """

    surplus_changed = Signal(int)

    def __init__(self, *, gap: int = 8, line_gap: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap, self._line_gap = gap, line_gap
        self._widgets: list[QWidget] = []
        self._one_line = False
        self._surplus = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Hold these widgets instead of the old ones, which are thrown away."""
        for old in self._widgets:
            old.hide()
            old.deleteLater()
        self._widgets = list(widgets)
        for widget in self._widgets:
            widget.setParent(self)
        self._arrange()

    def widgets(self) -> tuple[QWidget, ...]:
        """All widgets, hidden ones included."""
        return tuple(self._widgets)

    def set_one_line(self, on: bool) -> None:
        """Keep to one line, hiding what does not fit."""
        self._one_line = on
        self._arrange()

    @property
    def surplus(self) -> int:
        """How many widgets are hidden."""
        return self._surplus

    def sizeHint(self) -> QSize:
        """The height that the present width needs."""
        return QSize(200, self.height())

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest widget."""
        return QSize(max((w.sizeHint().width() for w in self._widgets), default=0), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """A widget that asks for another width moves those after it."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        x = y = high = hidden = 0
        full = False
        for widget in self._widgets:
            size = widget.sizeHint()
            if x and x + size.width() > self.width():
                if self._one_line:
                    full = True
                else:
                    x, y = 0, y + high + self._line_gap
                    high = 0
            if full:
                hidden += 1
                widget.hide()
                continue
            widget.setGeometry(x, y, min(size.width(), max(self.width(), 1)), size.height())
            widget.show()
            x += size.width() + self._gap
            high = max(high, size.height())
        if self.height() != y + high:
            self.setFixedHeight(y + high)
        if hidden != self._surplus:
            self._surplus = hidden
            self.surplus_changed.emit(hidden)
