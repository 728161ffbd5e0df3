"""`python -m benchmarks [NAME…] [--quick]`: measure and print the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.balances import bench_balances
from benchmarks.desk_work import bench_next_actions, bench_search, bench_worklist
from benchmarks.importing import bench_import
from benchmarks.matching import bench_matching
from benchmarks.measure import Measured, table
from benchmarks.offices import Workshop
from benchmarks.papers import bench_notices, bench_record_table
from benchmarks.starting import bench_memory, bench_window
from benchmarks.wording import bench_lint

Job = Callable[[Workshop], Measured]

JOBS: dict[str, Job] = {
    "window": bench_window,
    "search": bench_search,
    "import": bench_import,
    "notices": lambda shop: bench_notices(shop.size(1_000), repeats=shop.repeats(3)),
    "record-table": lambda shop: bench_record_table(shop.size(10_000), repeats=shop.repeats(3)),
    "memory": bench_memory,
    "worklist": bench_worklist,
    "next-actions": bench_next_actions,
    "balances": bench_balances,
    "matching": bench_matching,
    "lint": bench_lint,
}
"""The jobs of the table by name, in its order."""


def run(names: list[str], *, quick: bool) -> list[Measured]:
    """Measure these jobs, one after another, in a folder that is gone afterwards; each is told when it is done."""
    with tempfile.TemporaryDirectory(prefix="feedesk-", ignore_cleanup_errors=True) as folder:
        shop = Workshop(Path(folder), quick=quick)
        lines = []
        for name in names:
            lines.append(JOBS[name](shop))
            print("  ".join(lines[-1].cells()), file=sys.stderr, flush=True)
        return lines


def main(words: list[str]) -> int:
    """Print the table; 0 when every aim is reached, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="FeeDesk 的性能表，每项和自己的底线比。")
    parser.add_argument("name", nargs="*", choices=[*JOBS, []], help="只测这几项；不写测全部")
    parser.add_argument("--quick", action="store_true", help="百分之一的量，只看能不能跑")
    args = parser.parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    lines = run(args.name or list(JOBS), quick=args.quick)
    print(table(lines))
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
