"""话术: the list of the library."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent

from feedesk.ui.scripts_rows import WordsRow
from feedesk.ui.table import RecordTableView


class WordsTable(RecordTableView[WordsRow]):
    """Chooses its columns by its own width: the matrix beside it comes and goes.

    Signals:
        put_aside: Del.
    """

    put_aside = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del puts aside, or takes back."""
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.put_aside.emit()
            return
        super().keyPressEvent(event)

    has_places = True
    """Whether what is listed stands at steps."""

    def show_places(self, on: bool) -> None:
        """Answers and techniques belong to no step."""
        self.has_places = on
        self.fit_columns(self.width() if on else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What there is room for."""
        self.fit_columns(self.width() if self.has_places else 0)
        super().resizeEvent(event)
