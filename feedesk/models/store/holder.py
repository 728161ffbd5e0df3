"""One program holds an office file at a time, by a lock the system drops when the program ends or is killed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from feedesk.errors import OfficeInUse, file_errors


class Holder:
    """Holds `<office>.lock` from construction until `release`; raises `OfficeInUse` when another holds it."""

    def __init__(self, office: Path) -> None:
        self.path = office.with_name(office.name + ".lock")
        with file_errors("办公室文件的占用标记", self.path):
            self._file: IO[bytes] | None = self.path.open("a+b")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            self._file = None
            raise OfficeInUse(
                f"“{office.name}”已在另一个 FeeDesk 窗口里打开，这里没有做任何改动。", "请到那个窗口操作，或先关掉它。"
            ) from error

    def release(self) -> None:
        """Let go; safe to call twice. The empty lock file stays: removing it would race with the next holder."""
        if self._file is not None:
            _unlock(self._file)
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def sync_file(path: Path) -> None:
    """Make sure a finished file has reached the disk before anything relies on it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
