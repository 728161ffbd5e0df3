"""Long work off the window's thread: one job at a time, a progress box after half a second, cancel in `tick`.

Workers get values and return values; a worker that needs the office file opens its own connection. No widget is
touched from inside a job. Results arrive on the GUI thread.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from feedesk.errors import Cancelled, FeeDeskError
from feedesk.ui.messages import Messages
from feedesk.ui.widgets import KeyButton, label

Tick = Callable[[int, int], None]
"""`tick(done, total)`: tells progress, raises `Cancelled` once the user has pressed 取消. Total 0: unknown."""

POPUP_AFTER_MS = 500
_TICK_GAP = 0.05


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Tick], Any]
    on_done: Callable[[Any], None]
    on_error: Callable[[FeeDeskError], None] | None
    title: str
    passing: bool


class _Worker(QThread):
    """Runs one job; keeps what came of it until the GUI thread takes it.

    Signals:
        ticked: done, total.
    """

    ticked = Signal(int, int)

    def __init__(self, work: Callable[[Tick], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = Event()
        self._last = 0.0
        self.result: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Do the work on this thread."""
        try:
            self.result = self._work(self._tick)
        except Exception as error:  # noqa: BLE001  (nothing is swallowed: the GUI thread tells it or raises it again)
            self.error = error

    def stop(self) -> None:
        """Ask the work to end at its next tick."""
        self._stop.set()

    def _tick(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled("已取消，什么也没有写入。")
        now = time.monotonic()
        if done == total or now - self._last >= _TICK_GAP:
            self._last = now
            self.ticked.emit(done, total)


class ProgressBox(QDialog):
    """Says what is going on, how far it is, and offers 取消."""

    def __init__(self, title: str, cancel: Callable[[], None], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("FeeDesk")
        self.setModal(True)
        self.setFixedWidth(380)
        self._cancel = cancel
        self._title = title
        self._words = label(title, "section", wrap=True)
        self._count = label("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self.button = KeyButton("取消", key="Esc")
        self.button.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        row.addWidget(self.button)
        column.addLayout(row)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the work is; an unknown total runs the bar to and fro."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(f"{done:,} / {total:,}" if total else "")

    def reject(self) -> None:
        """Esc, 取消 and the cross ask the work to stop; the box goes when it has."""
        self.button.setEnabled(False)
        self._count.setText("正在停下…")
        self._cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross is 取消."""
        event.ignore()
        self.reject()


class JobRunner(QObject):
    """Runs jobs one after another on a worker thread.

    Python's cycle collector rests meanwhile: run by the worker it could take down a discarded window on the wrong
    thread, and Qt then waits for ever.

    Signals:
        busy_changed: True when a job starts and False when none is left; writing actions wait meanwhile. Jobs in
            passing do not count.
    """

    busy_changed = Signal(bool)

    def __init__(self, messages: Messages, window: QWidget | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent or window)
        self._messages, self._window = messages, window
        self._waiting: deque[_Job] = deque()
        self._job: _Job | None = None
        self._worker: _Worker | None = None
        self._box: ProgressBox | None = None
        self._told_busy = False
        self._collector_rests = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(POPUP_AFTER_MS)
        self._patience.timeout.connect(self._open_box)
        app = QCoreApplication.instance()
        if app is not None:
            # A thread still running when its object goes would end the process with an abort.
            app.aboutToQuit.connect(self.shut_down)

    @property
    def busy(self) -> bool:
        """Whether a job is running or waiting, other than in passing."""
        return any(not job.passing for job in (self._job, *self._waiting) if job is not None)

    def start(
        self,
        work: Callable[[Tick], Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[FeeDeskError], None] | None = None,
        title: str = "请稍候",
        *,
        passing: bool = False,
    ) -> None:
        """Run `work(tick)` on the worker; hand its result to `on_done` on the GUI thread.

        A `FeeDeskError` goes to `on_error`, or is told when there is none (a cancelled job says nothing); any
        other exception is our own bug and is raised again here, for the exception hook.

        `passing`: nobody has asked for it and it only reads. It keeps nobody from writing, and no box comes up.
        """
        self._waiting.append(_Job(work, on_done, on_error, title, passing))
        self._mind_busy()
        if self._job is None:
            self._next()

    def cancel(self) -> None:
        """Ask the running job to stop at its next tick."""
        if self._worker is not None:
            self._worker.stop()

    @Slot()
    def shut_down(self) -> None:
        """Drop what waits, stop what runs and wait for it: before the window goes.

        What the running job comes to is dropped as well: those it was for may be gone.
        """
        self._waiting.clear()
        worker, self._worker, self._job = self._worker, None, None
        self._told_busy = False
        self._patience.stop()
        if worker is not None:
            worker.stop()
            worker.wait()
            worker.deleteLater()
            self._let_collector_rest(False)
        if self._box is not None:
            self._box.hide()
            self._box.deleteLater()
            self._box = None

    def _let_collector_rest(self, rest: bool) -> None:
        if rest and gc.isenabled():
            gc.disable()
            self._collector_rests = True
        elif not rest and self._collector_rests:
            gc.enable()
            self._collector_rests = False

    def _next(self) -> None:
        if not self._waiting:
            self._job = None
            self._mind_busy()
            return
        self._job = self._waiting.popleft()
        self._worker = _Worker(self._job.work, self)
        self._worker.ticked.connect(self._on_tick, Qt.ConnectionType.QueuedConnection)
        self._worker.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._mind_busy()
        if not self._job.passing:
            self._patience.start()
        self._let_collector_rest(True)
        self._worker.start()

    def _mind_busy(self) -> None:
        if self.busy != self._told_busy:
            self._told_busy = self.busy
            self.busy_changed.emit(self._told_busy)

    def _open_box(self) -> None:
        if self._job is not None and self._box is None:
            self._box = ProgressBox(self._job.title, self.cancel, self._window)
            self._box.show()

    @Slot(int, int)
    def _on_tick(self, done: int, total: int) -> None:
        if self._box is not None:
            self._box.show_progress(done, total)

    @Slot()
    def _on_finished(self) -> None:
        worker, job = self._worker, self._job
        if worker is None or job is None:
            return
        self._patience.stop()
        if self._box is not None:
            self._box.hide()
            self._box.deleteLater()
            self._box = None
        self._worker = None
        worker.wait()
        self._let_collector_rest(False)
        error, result = worker.error, worker.result
        worker.deleteLater()
        self._next()
        if error is None:
            job.on_done(result)
        elif not isinstance(error, FeeDeskError):
            raise error
        elif job.on_error is not None:
            job.on_error(error)
        else:
            self._messages.tell(error, self._window)
