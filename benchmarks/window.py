"""The owners page in the real window, off the screen, over a real office: for measuring what the clerk waits for."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from benchmarks.measure import seconds
from feedesk.models.scripts import load_library
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.owners_page import OwnersPage
from feedesk.ui.page import Page
from feedesk.ui.settings import UiSettings
from feedesk.ui.today_page import TodayPage

_REST = 0.2
"""Seconds without a keystroke after which the window has done everything it put off."""


def application() -> QApplication:
    """The one application of this process, in our dress."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app)
    return app


def settle() -> None:
    """Let layouts, timers that are due and paint events happen."""
    for _ in range(3):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)


class PageWindow:
    """One page of an office in the real window; use it in a `with`."""

    def __init__(self, office: Path, make: Callable[[Desk], Page]) -> None:
        self.app = application()
        self.office = Office.open(office, datetime.now)
        messages = Messages()
        settings = UiSettings(office.with_suffix(".ini"))
        self.window = MainWindow(messages, settings)
        jobs = JobRunner(messages, self.window)
        self.shown = make(Desk(self.office, messages, jobs, settings, load_library(), Fonts(), self.window))
        self.window.add_page("page", "owners", "业主", self.shown)
        self.window.resize(1366, 697)
        self.window.show()
        self.window.show_page("page")
        settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.window.close()
        self.window.deleteLater()
        settle()
        self.office.close()

    def refresh(self) -> None:
        """Read the page anew and paint it."""
        self.shown.shown()
        self.window.repaint()
        settle()


class OwnersWindow(PageWindow):
    """业主, with the keys on the search."""

    def __init__(self, office: Path) -> None:
        super().__init__(office, OwnersPage)
        assert isinstance(self.shown, OwnersPage)
        self.page = self.shown
        self.page.focus_search()
        settle()

    def search(self, text: str) -> int:
        """What one keystroke does, from the changed text to the painted rows; returns how many were found."""
        self.page.list.search.setText(text)
        self.page.list.search.flush()
        settle()
        return self.page.list.model.rowCount()

    def rest(self) -> float:
        """The typing rests: the panel follows with the owner found first. Seconds that the window is busy with it."""
        until = time.perf_counter() + _REST
        busy = 0.0
        while time.perf_counter() < until:
            busy = max(busy, seconds(settle))
        return busy

    def scroll_through(self, stops: int) -> None:
        """Look at the whole table, a screenful at each stop."""
        bar = self.page.list.table.verticalScrollBar()
        for stop in range(stops + 1):
            bar.setValue(bar.maximum() * stop // stops)
            settle()

    def order_by(self, key: str) -> None:
        """A click on a header."""
        self.page.list.order_by(key)
        settle()


class TodayWindow(PageWindow):
    """今日."""

    def __init__(self, office: Path) -> None:
        super().__init__(office, TodayPage)


def peak_memory() -> float:
    """The most memory that this process has held, in megabytes."""
    if sys.platform == "linux":
        # Not `getrusage`: there a process starts with the peak of the one that started it.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / (1e6 / 1024)
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return _peak_of_windows()


def _peak_of_windows() -> float:
    if sys.platform != "win32":
        raise OSError("only on Windows")

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_ulong),
            ("PageFaultCount", ctypes.c_ulong),
            *((name, ctypes.c_size_t) for name in ("PeakWorkingSetSize", "WorkingSetSize")),
            *((f"quota{number}", ctypes.c_size_t) for number in range(4)),
            *((name, ctypes.c_size_t) for name in ("PagefileUsage", "PeakPagefileUsage")),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    process = ctypes.windll.kernel32.GetCurrentProcess()
    ctypes.windll.psapi.GetProcessMemoryInfo(ctypes.c_void_p(process), ctypes.byref(counters), counters.cb)
    return counters.PeakWorkingSetSize / 1_000_000
