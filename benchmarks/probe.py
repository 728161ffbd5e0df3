"""One start of a program in a process of its own: `python -m benchmarks.probe empty | program OFFICE | memory OFFICE STOPS`.

Prints one line of JSON: the time of day at which each stage was reached. Nothing of ours is imported before the clock
has been read, and the empty window imports nothing of ours at all.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

Reached = dict[str, float]


def main(words: list[str]) -> int:
    """Start what is named, note its stages, close it when its first picture stands."""
    reached: Reached = {"python": time.time()}
    if words[0] == "empty":
        _empty(reached)
    elif words[0] == "program":
        _program(reached, words[1])
    else:
        _memory(reached, words[1], stops=int(words[2]))
    print(json.dumps(reached))
    return 0


def _empty(reached: Reached) -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    reached["imported"] = time.time()
    app = QApplication([])
    window = QMainWindow()
    window.resize(1366, 697)
    window.show()
    _until_painted(window, reached, lambda: True)
    app.quit()


def _program(reached: Reached, office: str) -> None:
    """The program as `python -m feedesk OFFICE` starts it, up to the first picture of a page with its rows."""
    from pathlib import Path

    import feedesk.cli  # noqa: F401  (comes first in a real start)
    from feedesk.app import run_window

    reached["imported"] = time.time()
    from PySide6.QtWidgets import QAbstractItemView, QApplication, QMainWindow

    def in_place_of_the_loop() -> int:
        window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow))

        def has_rows() -> bool:
            views = window.findChildren(QAbstractItemView)
            return any(view.isVisible() and view.model() and view.model().rowCount() > 0 for view in views)

        _until_painted(window, reached, has_rows)
        return 0

    # The loop would run until somebody closes the window; ours ends when the picture stands.
    QApplication.exec = staticmethod(in_place_of_the_loop)  # type: ignore[method-assign]
    run_window(Path(office))


def _until_painted(window: QMainWindow, reached: Reached, is_filled: Callable[[], bool]) -> None:
    """Run the event loop until the window has been painted and shows what it is for."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

    reached["shown"] = time.time()
    loop = QEventLoop()
    idle = QTimer()
    idle.setInterval(0)

    class FirstPaint(QObject):
        """Sees the window's own paint event; the children are painted right after it, before the loop is idle."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not idle.isActive():
                idle.start()
            return super().eventFilter(watched, event)

    def look() -> None:
        if is_filled():
            reached["painted"] = time.time()
            idle.stop()
            loop.quit()

    first = FirstPaint()
    window.installEventFilter(first)
    idle.timeout.connect(look)
    loop.exec()
    window.removeEventFilter(first)


def _memory(reached: Reached, office: str, stops: int) -> None:
    """Open an office, go through its table as a clerk does in a day, and tell the most memory ever held."""
    from pathlib import Path

    from benchmarks.window import OwnersWindow, peak_memory

    with OwnersWindow(Path(office)) as owners:
        owners.scroll_through(stops)
        for text in ("l", "lx", "", "1", "12", "12-3", "", "王", "138", ""):
            owners.search(text)
        for key in ("room", "owed", "last", "next"):
            owners.order_by(key)
    reached["peak_mb"] = peak_memory()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
