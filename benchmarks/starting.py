"""How long until the window can be used, and how much memory it takes: whole processes, against an empty window."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Measured
from benchmarks.offices import Workshop

ROOT = Path(__file__).resolve().parent.parent
_PARTS = ("python", "imported", "shown", "painted")


def probe(shop: Workshop, *words: str) -> dict[str, float]:
    """Run `benchmarks.probe` in a home of its own; stages in seconds since the process was started."""
    home = shop.folder / "home"
    home.mkdir(exist_ok=True)
    env = dict(os.environ)
    for name in (
        "HOME",
        "USERPROFILE",
        "APPDATA",
        "LOCALAPPDATA",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
    ):
        env[name] = str(home)
    # A name of its own keeps it apart from a window that its user may have open; see `feedesk.ui.single`.
    env |= {"LOGNAME": f"benchmark-{os.getpid()}", "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    if not shop.quick:
        # As on the clerk's PC, modules are compiled at their first start only, whatever this shell says.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PYTHONPYCACHEPREFIX"] = str(home / "compiled")
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.probe", *words],
        cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"probe {words[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    reached: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {stage: at - start if stage in _PARTS else at for stage, at in reached.items()}


def bench_window(shop: Workshop, aim: float = 1.5) -> Measured:
    """Process start to the first picture with rows, an office of 5,000 accounts, against an empty PySide6 window."""
    office = str(shop.lived_in)
    for words in () if shop.quick else (("program", office), ("empty",)):
        probe(shop, *words)  # compiles the modules, fills the caches of the PC
    pairs = [(probe(shop, "program", office), probe(shop, "empty")) for _ in range(shop.repeats(9))]
    ours, floor = (
        {stage: statistics.median(pair[side][stage] for pair in pairs) for stage in _PARTS} for side in (0, 1)
    )
    note = "；".join(
        f"{who} Python {found['python'] * 1000:.0f} + 导入模块 {(found['imported'] - found['python']) * 1000:.0f}"
        f" + 建窗口 {(found['shown'] - found['imported']) * 1000:.0f}"
        f" + 首次绘制 {(found['painted'] - found['shown']) * 1000:.0f} ms"
        for who, found in (("本程序", ours), ("底线", floor))
    )
    return Measured(f"窗口可用，{shop.size(5_000):,} 户", ours["painted"], floor["painted"], aim, note)


def bench_memory(shop: Workshop, most: float = 300) -> Measured:
    """The most memory held while 50,000 accounts are shown, scrolled, searched and sorted."""
    peak = probe(shop, "memory", str(shop.large), "5" if shop.quick else "60")["peak_mb"]
    note = "业主页打开、翻完全表、搜索、换排序之后，进程占用内存的最高值"
    return Measured(f"内存，{shop.size(50_000):,} 户打开", peak, None, None, note, most, "MB")
