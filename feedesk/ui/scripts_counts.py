"""What came of each script, for the list of 话术: counted in the background once the page rests, and kept until data change."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.scripts import Objection, Talk
from feedesk.models.scripts.results import Tally
from feedesk.models.store import Office
from feedesk.models.store.script_results import ResultLine
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.scripts_rows import WordsRow

_REST_MS = 400
_NONE = Tally()


class ScriptCounts(QObject):
    """Signals:
    counted: the figures are others now.
    """

    counted = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self._found: dict[str, Tally] = {}
        self._is_behind, self._is_counting = True, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self.count)
        desk.changed.connect(lambda _changes: self._fall_behind())

    def of(self, row: WordsRow) -> Tally | None:
        """The figures of a line; None where none are kept (answers, small talk) or nothing has been counted yet."""
        if isinstance(row.what, Objection | Talk) or not self._found:
            return None
        return self._found.get(row.what.ref, _NONE)

    def ask(self) -> None:
        """The page shows: count once it rests for a moment."""
        if self._is_behind:
            self._timer.start()

    def count(self) -> None:
        """Count now, if the page still shows; later, while something long runs. Whoever writes meanwhile is not held up."""
        if not self._page.isVisible():
            return
        if self._is_counting or self._desk.jobs.busy:
            self._timer.start()
            return
        self._is_behind, self._is_counting = False, True

        def work(office: Office, _tick: Tick) -> tuple[ResultLine, ...]:
            return office.script_results.by_script()

        def failed(error: FeeDeskError) -> None:
            self._is_counting = False
            self._desk.messages.tell(error, self._page)

        def done(lines: tuple[ResultLine, ...]) -> None:
            self._is_counting = False
            self._found = {line.key: line.tally for line in lines}
            self.counted.emit()

        self._desk.in_background(work, done, "正在数话术效果", failed, passing=True)

    @property
    def is_counting(self) -> bool:
        """Whether the figures are on their way."""
        return self._is_counting

    def _fall_behind(self) -> None:
        self._is_behind = True
        if self._page.isVisible():
            self._timer.start()
