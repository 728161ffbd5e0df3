"""While a job runs, no discarded window is taken down on the worker's thread."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from feedesk.errors import BadInput
from feedesk.ui.jobs import JobRunner, Tick
from feedesk.ui.messages import Messages
from tests.ui_tools import RecordingPresenter


@pytest.fixture
def jobs(qapp: object) -> JobRunner:
    return JobRunner(Messages(RecordingPresenter()))


def test_a_discarded_window_is_collected_on_the_gui_thread(jobs: JobRunner, qtbot: QtBot) -> None:
    died_on: list[threading.Thread] = []

    def allocate(_tick: Tick) -> list[list[int]]:
        # Far more containers than the collector lets pass when it is at work.
        return [[number] for number in range(200_000)]

    window = QWidget()
    window.itself = window  # type: ignore[attr-defined]  # a cycle, as signals to a window's own methods make
    weakref.finalize(window, lambda: died_on.append(threading.current_thread()))
    del window
    done: list[object] = []
    jobs.start(allocate, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    gc.collect()
    assert died_on == [threading.main_thread()]


@pytest.mark.parametrize("fails", [False, True])
def test_the_collector_works_again_after_the_job(jobs: JobRunner, qtbot: QtBot, fails: bool) -> None:
    seen: list[bool] = []

    def look(_tick: Tick) -> None:
        seen.append(gc.isenabled())
        if fails:
            raise BadInput("清单坏了，没有读入。")

    jobs.start(look, lambda _: None)
    qtbot.waitUntil(lambda: not jobs.busy, timeout=10_000)
    assert seen == [False] and gc.isenabled()


def test_the_collector_works_again_after_shutting_down(jobs: JobRunner) -> None:
    jobs.start(lambda _tick: None, lambda _: None)
    jobs.shut_down()
    assert gc.isenabled()


def test_who_has_switched_the_collector_off_finds_it_off(jobs: JobRunner, qtbot: QtBot) -> None:
    gc.disable()
    try:
        jobs.start(lambda _tick: None, lambda _: None)
        qtbot.waitUntil(lambda: not jobs.busy, timeout=10_000)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_job_came_to_is_dropped_when_the_window_goes(jobs: JobRunner, qtbot: QtBot) -> None:
    """Its receiver may be a page over an office that has been closed meanwhile."""
    done: list[object] = []
    jobs.start(lambda _tick: "晚了", done.append)
    jobs.shut_down()
    jobs.start(lambda _tick: "之后", done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    assert done == ["之后"]
