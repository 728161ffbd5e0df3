"""Builds the program once: style, messages, window, office; and catches what nobody foresaw."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from feedesk import paths
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.front import Front
from feedesk.ui.jobs import Tick
from feedesk.ui.messages import Messages
from feedesk.ui.settings import UiSettings
from feedesk.ui.single import FrontDoor, hand_over, socket_name


def run_window(office: Path | None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("FeeDesk")
    name = socket_name()
    if hand_over(office, name):
        return 0
    theme.apply(app)
    messages = Messages()
    _catch_the_unforeseen(messages)
    front = Front(messages, UiSettings(), datetime.now, _make_sample)
    door = FrontDoor(name)
    door.knocked.connect(front.knocked)
    front.begin(office)
    try:
        return app.exec()
    finally:
        door.close()
        front.leave()


def _make_sample(target: Path, now: datetime, fonts: Fonts, tick: Tick) -> Path:
    """The sample office of the 开始 page."""
    from feedesk.demo.run import make_sample  # late: brings openpyxl and reportlab, 0.3 s

    return make_sample(target, now, fonts, tick)


def _catch_the_unforeseen(messages: Messages) -> None:
    """A fault of ours is written to the log file and shown with a report; the window lives on.

    Where no log can be written (a locked profile, a full disk) the office must open all the same: the report is shown.
    """
    try:
        logging.basicConfig(filename=paths.log_file(), encoding="utf-8", level=logging.WARNING)
    except OSError:
        logging.basicConfig(handlers=[logging.NullHandler()])
    log = logging.getLogger("feedesk")

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.error("unforeseen", exc_info=(kind, error, trace))
        messages.crash(error)

    sys.excepthook = hook
