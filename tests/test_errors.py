"""The system's refusals around a file become sentences; our own bugs stay bugs."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from feedesk.errors import BadInput, DiskFull, FeeDeskError, TargetBusy, file_errors


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, DiskFull, "磁盘已满"),
        (errno.EDQUOT, DiskFull, "磁盘已满"),
        (errno.ENOENT, BadInput, "找不到"),
        (errno.EISDIR, BadInput, "不是一个文件"),
        (errno.ENOTDIR, BadInput, "不是一个文件"),
        (errno.EACCES, TargetBusy, "正被别的程序打开或不许改写"),
        (errno.EPERM, TargetBusy, "正被别的程序打开或不许改写"),
        (errno.EROFS, TargetBusy, "正被别的程序打开或不许改写"),
        (errno.EIO, FeeDeskError, "读写“催款单.pdf”时出错"),
    ],
)
def test_a_refusal_of_the_system_becomes_one_sentence(number: int, kind: type[FeeDeskError], said: str) -> None:
    cause = OSError(number, os.strerror(number))
    with pytest.raises(FeeDeskError) as caught, file_errors("催款单", Path("某处/催款单.pdf")):
        raise cause
    assert type(caught.value) is kind
    assert said in caught.value.text
    assert caught.value.hint
    assert str(caught.value) == caught.value.text + caught.value.hint
    assert "某处" not in str(caught.value), "the folder is no part of the sentence"
    assert caught.value.__cause__ is cause


def test_real_refusals(tmp_path: Path) -> None:
    with pytest.raises(BadInput), file_errors("清单", tmp_path / "没有.xlsx"):
        (tmp_path / "没有.xlsx").read_bytes()
    with pytest.raises((BadInput, TargetBusy)), file_errors("清单", tmp_path):
        tmp_path.read_bytes()
    part = tmp_path / "没有的文件夹" / "名单.xlsx.part"
    with pytest.raises(BadInput, match=r"找不到“名单\.xlsx”"), file_errors("名单", part):
        part.write_bytes(b"")


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux: a device that is always full")
def test_a_full_disk() -> None:
    with pytest.raises(DiskFull), file_errors("备份", Path("备份.feedesk")), open("/dev/full", "wb") as file:  # noqa: PTH123
        file.write(b"x" * 100_000)
        file.flush()


@pytest.mark.parametrize("bug", [ValueError("x"), KeyError("x"), RuntimeError("x")])
def test_our_own_bugs_fly(bug: Exception) -> None:
    with pytest.raises(type(bug)), file_errors("催款单", Path("a.pdf")):
        raise bug


def test_what_is_said_already_is_not_said_twice() -> None:
    told = BadInput("一句话。")
    with pytest.raises(BadInput) as caught, file_errors("催款单", Path("a.pdf")):
        raise told
    assert caught.value is told


def test_nothing_happens_when_nothing_happens() -> None:
    with file_errors("催款单", Path("a.pdf")):
        done = True
    assert done
