"""Starting the window: what nobody foresaw is shown and logged, and a log that cannot be written stops nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedesk import app, paths
from feedesk.ui.messages import Messages
from tests.ui_tools import RecordingPresenter


@pytest.fixture
def hook() -> Iterator[None]:
    before = sys.excepthook
    yield
    sys.excepthook = before


@pytest.mark.skipif(
    "sys.platform != 'linux'", reason="only on Linux: elsewhere the log's place is not the environment's"
)
def test_the_window_opens_where_no_log_can_be_written(
    qapp: object, hook: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "占了位置的文件"
    taken.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(taken))
    with pytest.raises(OSError):
        paths.log_file()
    presenter = RecordingPresenter()
    app._catch_the_unforeseen(Messages(presenter))
    try:
        raise ZeroDivisionError("没料到")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert len(presenter.crashes) == 1 and "没料到" in presenter.crashes[0]
