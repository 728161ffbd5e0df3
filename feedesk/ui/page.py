"""A page of the main window: a room of its own. The shell knows pages only through this class."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

NARROW_BELOW = 1100
"""Window widths under this many logical pixels get the narrow layout (look.md §3, Widths)."""
SHORT_BELOW = 740
"""Window heights under this many logical pixels get the short layout."""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """One line of the list that F1 opens."""

    keys: str
    does: str


class Page(QWidget):
    """Base of all pages; every method has a harmless default.

    Signals:
        badge_changed: how many things wait here; 0 hides the badge in the rail.
    """

    badge_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")

    def step_back(self) -> bool:
        """Esc: go one step back inside the page; False when there is nothing to step back from."""
        return False

    def focus_search(self) -> bool:
        """Ctrl+F or `/`: put the cursor into the page's search; False when it has none."""
        return False

    def shown(self) -> None:
        """The page has just come to the front: the place to refresh and to set the focus."""

    def fit(self, width: int, height: int) -> None:
        """The window's inside has this size now, in logical pixels; choose the layout for it."""

    def foot(self) -> int:
        """So many logical pixels at the bottom stay free of messages: the action bar, and what is read beside it."""
        return 72

    def key_hints(self) -> tuple[KeyHint, ...]:
        """The page's own keys for the F1 list."""
        return ()
