"""What every test stands on: no screen, no trace of the real user's folders, nothing left over, no silent skips."""

from __future__ import annotations

import gc
import os
import re
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

# Qt reads these once, when it is first imported.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("FEEDESK_TEST_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="feedesk-run-"))

import hypothesis
import pytest

ALLOWED_SKIPS = (
    r"^only on (Windows|macOS|Linux|POSIX)\b",
    r"^root ignores file permissions$",
)
"""A skipped test proves nothing: each reason that may stand is named here, any other one fails the run."""

hypothesis.settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.register_profile("long", parent=hypothesis.settings.get_profile("ci"), max_examples=5_000)
hypothesis.settings.load_profile(os.environ.get("FEEDESK_HYPOTHESIS", "ci"))


def skip_is_allowed(reason: str) -> bool:
    """Whether a test may be skipped for this reason."""
    bare = reason.removeprefix("Skipped: ")
    return any(re.search(pattern, bare) for pattern in ALLOWED_SKIPS)


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not skip_is_allowed(reason):
            report.outcome = "failed"
            report.longrepr = f"skipped for a reason that tests/conftest.py does not allow: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report


def pytest_collection_finish() -> None:
    """What the imports made stays for the whole run: the cycle collector need not walk through it after every window."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test, so that none sees or touches the user's office file and settings."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name, folder in (
        ("APPDATA", "AppData/Roaming"),
        ("LOCALAPPDATA", "AppData/Local"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_DOCUMENTS_DIR", "Documents"),
    ):
        (home / folder).mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(home / folder))
    if "PySide6.QtCore" in sys.modules:
        _own_settings(home)
    return home


def _own_settings(home: Path) -> None:
    from PySide6.QtCore import QSettings

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for kind in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(kind, scope, str(home / "settings"))


@pytest.fixture(autouse=True)
def nothing_left_over(own_folders: Path) -> Iterator[None]:
    """No thread still runs and no window still shows once a test is over."""
    before = set(threading.enumerate())
    yield
    _windows_are_closed()
    for thread in set(threading.enumerate()) - before:
        # A thread that Qt started shows up as a dummy that never ends; Qt itself aborts on one left running.
        if not isinstance(thread, threading._DummyThread):
            thread.join(2.0)
            assert not thread.is_alive(), f"thread left running: {thread.name}"


def _windows_are_closed() -> None:
    widgets = sys.modules.get("PySide6.QtWidgets")
    app = widgets.QApplication.instance() if widgets else None
    if widgets is None or not isinstance(app, widgets.QApplication):
        return
    from PySide6.QtCore import QEvent, QThreadPool

    assert QThreadPool.globalInstance().waitForDone(2_000), "work left running in Qt's thread pool"
    # The collector may take down a discarded window while Qt's list of windows is being turned into Python objects,
    # which then point nowhere and crash the run: it waits until the list has been looked through.
    gc.disable()
    try:
        left = [widget for widget in app.topLevelWidgets() if widget.isVisible()]
    finally:
        gc.enable()
    # A window that a test is done with goes now: `deleteLater` alone waits for an event loop, and every window still
    # there is dressed again with each change of the stylesheet.
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for widget in left:
        widget.hide()  # so that only the guilty test fails
    assert not left, f"windows left open: {left}"


@pytest.fixture(scope="session")
def qapp(qapp):  # type: ignore[no-untyped-def]  # pytest-qt's own fixture, dressed
    """The application as `feedesk.app` dresses it: bundled fonts, stylesheet, Qt's dialogs in Chinese."""
    from feedesk.ui import theme

    theme.apply(qapp)
    return qapp
