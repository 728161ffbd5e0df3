"""The test run's own rules: what conftest.py promises is tried on a small suite of offenders."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
OFFENDERS = """
import os, sys, threading, warnings
from pathlib import Path
import pytest

def test_skipped_by_accident():
    pytest.skip("no time today")

@pytest.mark.skipif(True, reason="only on Windows: drive letters")
def test_skipped_for_a_good_reason():
    raise AssertionError

def test_thread_left_running():
    threading.Thread(target=threading.Event().wait, args=(20,), daemon=True).start()

def test_window_left_open(qapp):
    from PySide6.QtWidgets import QWidget
    left.append(QWidget())
    left[0].show()

left = []

def test_next_one_is_not_blamed(qapp):
    pass

def test_qt_warns(qapp):
    from PySide6.QtCore import qWarning
    qWarning("something is wrong")

def test_python_warns():
    warnings.warn("old", DeprecationWarning)

def test_raises_in_a_slot(qtbot):
    from PySide6.QtCore import QTimer
    QTimer.singleShot(0, lambda: 1 // 0)
    qtbot.waitUntil(lambda: True)
    from PySide6.QtWidgets import QApplication
    QApplication.processEvents()

def test_home_is_not_the_users(own_folders):
    assert Path.home() == own_folders
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"

def test_settings_are_not_the_users(qapp, own_folders):
    from PySide6.QtCore import QSettings
    assert Path(QSettings("FeeDesk", "FeeDesk").fileName()).is_relative_to(own_folders)

def test_screen_has_chinese_glyphs(qapp):
    from PySide6.QtGui import QFontMetrics
    assert qapp.font().families()[0] == "Noto Sans SC"
    assert QFontMetrics(qapp.font()).inFont("\\u50ac")
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, str], str]:
    folder = tmp_path_factory.mktemp("offenders")
    (folder / "test_offenders.py").write_text(OFFENDERS, encoding="utf-8")
    (folder / "conftest.py").write_text((HERE / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(HERE.parent / "pyproject.toml"), "--rootdir", str(folder), "-rA", str(folder)],
        capture_output=True, text=True, encoding="utf-8", cwd=HERE.parent, check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONUTF8": "1"},
    )  # fmt: skip
    words = re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED) .*?::(\w+)", done.stdout, re.MULTILINE)
    found: dict[str, str] = {}
    for word, name in words:
        found[name] = word if found.get(name, "PASSED") == "PASSED" else found[name]
    return done.returncode, found, done.stdout


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("test_skipped_by_accident", "FAILED"),
        ("test_thread_left_running", "ERROR"),
        ("test_window_left_open", "ERROR"),
        ("test_next_one_is_not_blamed", "PASSED"),
        ("test_qt_warns", "FAILED"),
        ("test_python_warns", "FAILED"),
        ("test_raises_in_a_slot", "FAILED"),
        ("test_home_is_not_the_users", "PASSED"),
        ("test_settings_are_not_the_users", "PASSED"),
        ("test_screen_has_chinese_glyphs", "PASSED"),
    ],
)
def test_an_offence_fails_and_a_decent_test_does_not(
    outcome: tuple[int, dict[str, str], str], name: str, word: str
) -> None:
    _, found, output = outcome
    assert found.get(name) == word, output


def test_the_run_fails_and_says_why(outcome: tuple[int, dict[str, str], str]) -> None:
    code, _, output = outcome
    assert code == 1
    assert "skipped for a reason that tests/conftest.py does not allow: Skipped: no time today" in output
    assert "thread left running" in output
    assert "windows left open" in output
    assert re.search(r"\b1 skipped\b", output), "a reason on the list may stand"
