"""Failures that a user can understand and act on.

Only `ui/messages.py` and the command line show them; everything else raises them. A message says in one
Chinese sentence what happened and what was kept; `hint` says what to do. Anything that is not a
`FeeDeskError` is our own bug and must be let fly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path


class FeeDeskError(Exception):
    """A failure told to the user: `text` says what happened, `hint` what to do."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        return self.text + self.hint


class BadInput(FeeDeskError):
    """Something the user gave (a list, a date, a setting) cannot be taken."""


class TargetBusy(FeeDeskError):
    """The file to be written is open elsewhere, read-only or in a folder without permission."""


class DiskFull(FeeDeskError):
    """There is no room for what was to be written."""


class OfficeInUse(FeeDeskError):
    """Another window holds this office file."""


class OfficeTooNew(FeeDeskError):
    """The office file was written by a newer program."""


class OfficeDamaged(FeeDeskError):
    """The office file is not an office file or does not pass its checks."""


class OfficeOnNetwork(FeeDeskError):
    """The office file lies on a network folder, where SQLite's WAL is unsafe."""


class QuestionOpen(FeeDeskError):
    """Only a person can answer; the command line ends with exit code 3."""


class Cancelled(FeeDeskError):
    """The user stopped a long job; nothing was written."""


@contextmanager
def file_errors(what: str, path: Path) -> Iterator[None]:
    """Turn the operating system's refusals around a file into sentences.

    `what` names the thing being written or read as the user knows it, for instance 「催款单」.
    """
    try:
        yield
    except OSError as error:
        name = path.name.removesuffix(".part") or str(path)  # under `.part` a file is known to us only
        if error.errno in (ENOSPC, EDQUOT):
            raise DiskFull(f"磁盘已满，{what}没有写成，原有文件未动。", "腾出空间后再试。") from error
        if isinstance(error, FileNotFoundError):
            raise BadInput(f"找不到“{name}”或它所在的文件夹。", "请检查位置后再试。") from error
        if isinstance(error, IsADirectoryError | NotADirectoryError):
            raise BadInput(f"“{name}”不是一个文件。", "请另选一个文件名。") from error
        if error.errno in (EACCES, EPERM, EROFS) or isinstance(error, PermissionError):
            raise TargetBusy(
                f"“{name}”正被别的程序打开或不许改写，{what}没有写成，原有文件未动。",
                "关掉占用它的程序，或换个位置再试。",
            ) from error
        raise FeeDeskError(
            f"读写“{name}”时出错（{error.strerror or error}），原有文件未动。", "请换个位置再试。"
        ) from error
