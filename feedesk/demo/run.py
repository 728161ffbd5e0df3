"""`feedesk demo`, and the sample office of the 开始 page."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from feedesk.demo.story import Story, print_papers, story_end
from feedesk.errors import BadInput, file_errors
from feedesk.reports.fonts import Fonts
from feedesk.tasks.tables import export_record_table

Tick = Callable[[int, int], None]
_NAMES = ("office.feedesk", "催款单.pdf", "催缴记录表.xlsx")
_MARK = ".feedesk-demo"
_OURS = (
    "office.feedesk*",
    "office.files",
    "office.backups",
    "催款单*.pdf",
    "催缴记录表.xlsx",
    "收据.pdf",
    "分期付款协议.pdf",
    "银行流水-*.csv",
    "欠费清单-截至*.xlsx",
    "材料",
    "*.png",
)


def run_demo(out: Path, *, pictures: bool = True, now: datetime | None = None) -> list[str]:
    """Fill `out` with the sample office, its papers and pictures of every page; returns what to tell.

    The folder must be empty, new, or hold an earlier demo, which is replaced.
    """
    _clear(out)
    fonts = Fonts()
    end = story_end(now or datetime.now())
    told = Story(out, end, fonts).tell()
    try:
        said = [*told.said, *print_papers(told, out, fonts, export_record_table)]
    finally:
        told.office.close()
    if pictures:
        from feedesk.demo.pictures import take_pictures  # Qt is needed only for the pictures

        said.append(f"截图 {take_pictures(out, end, told.lists[-1], fonts)} 张")
    return [*said, f"都在 {out.resolve()}。打开窗口：python -m feedesk {out / _NAMES[0]}"]


def _clear(out: Path) -> None:
    """Make the folder ready. Only what an earlier demo left there is ever removed, told by its mark and its names."""
    with file_errors("样例", out):
        out.mkdir(parents=True, exist_ok=True)
        mark = out / _MARK
        present = [path for path in out.iterdir() if path != mark]
        strange = next((path for path in present if not any(fnmatchcase(path.name, name) for name in _OURS)), None)
        if present and (strange or not mark.exists()):
            found = (strange or present[0]).name
            raise BadInput(
                f"“{out.name}”里已有别的文件（“{found}”），样例没有生成，什么也没有改动。", "请给一个空文件夹。"
            )
        mark.touch()
        for path in present:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def make_sample(target: Path, now: datetime, fonts: Fonts, tick: Tick) -> Path:
    """The sample office as a file of its own at `target`, made beside it and put in place when whole."""
    tick(0, 0)
    with file_errors("样例办公室", target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="feedesk-") as folder:
            told = Story(Path(folder), story_end(now), fonts).tell()
            told.office.close()
            source = told.office.path
            evidence = source.with_suffix(".files")
            if evidence.is_dir():
                shutil.rmtree(target.with_suffix(".files"), ignore_errors=True)
                shutil.move(evidence, target.with_suffix(".files"))
            for path in told.lists[-1:]:
                shutil.copyfile(path, target.parent / path.name)
            source.replace(target)
    return target
