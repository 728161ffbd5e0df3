"""Taking in finance's list: reading, comparing and writing, against calamine and `executemany` alone."""

from __future__ import annotations

import gc
import sqlite3
import statistics
import tempfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.intake_list import HEADER, make_list
from benchmarks.measure import Measured, seconds
from benchmarks.offices import Workshop
from feedesk.models.arrears_list import ReadOptions
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import PlanOptions
from feedesk.models.office import OfficeProfile
from feedesk.models.store import Office
from feedesk.tasks import lists

_FEES = ("管理费", "房屋公共维修金", "水费", "电费", "气费")
_STEPS = ("读", "比对", "写入")


def bare_import(path: Path, target: Path) -> None:
    """The floor: the same rows, units and charges, into two tables without keys, rules or history."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_index(0)
    rows = sheet.to_python()[1:]
    fees = [HEADER.index(fee) for fee in _FEES]
    conn = sqlite3.connect(target)
    try:
        conn.execute("CREATE TABLE units (id INTEGER PRIMARY KEY, room, name, salutation, phone, area)")
        conn.execute("CREATE TABLE charges (unit_id, item, period_from, period_to, amount, due_on)")
        conn.executemany("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", ((n, *row[:5]) for n, row in enumerate(rows)))
        conn.executemany(
            "INSERT INTO charges VALUES (?, ?, ?, ?, ?, ?)",
            (
                (n, HEADER[at], row[5], row[6], round(float(str(row[at])) * 100), str(row[-1]))
                for n, row in enumerate(rows)
                for at in fees
                if row[at] not in ("", 0)
            ),
        )
        conn.commit()
    finally:
        conn.close()


def our_import(path: Path, folder: Path) -> tuple[float, ...]:
    """Read, compare, apply to a fresh office as the window does after 确认导入; seconds of each step."""
    office = Office.create(folder / "办公室.feedesk", OfficeProfile(office="明湖花园"), "许宁", "", datetime.now)
    options = PlanOptions(as_of=date(2026, 11, 13), careful=True)
    made: list[object] = []
    try:
        reading = seconds(lambda: made.append(lists.read(path, ReadOptions(careful=True), {})))
        comparing = seconds(lambda: made.append(plan_import(made[0], office.imports.held(options.as_of), options)))  # type: ignore[arg-type]
        writing = seconds(lambda: office.imports.apply(made[1]))  # type: ignore[arg-type]
    finally:
        office.close()
    return reading, comparing, writing


def bench_import(shop: Workshop, aim: float = 2.5) -> Measured:
    """A list of 20,000 rows into a new office."""
    rows = shop.size(20_000)
    path = make_list(shop.folder / "清单.xlsx", rows)
    floor: list[float] = []
    ours: list[tuple[float, ...]] = []
    # The window lets the collector rest while a job runs (`ui.jobs`); here it rests for both sides.
    gc.disable()
    for _ in range(shop.repeats(3)):
        gc.collect()
        with tempfile.TemporaryDirectory(dir=shop.folder) as place:
            folder = Path(place)
            floor.append(seconds(lambda folder=folder: bare_import(path, folder / "bare.db")))  # type: ignore[misc]
            ours.append(our_import(path, folder))
    gc.enable()
    parts = [statistics.median(run[step] for run in ours) for step in range(len(_STEPS))]
    note = " + ".join(f"{word} {part:.2f}" for word, part in zip(_STEPS, parts, strict=True)) + " s"
    whole = statistics.median(sum(run) for run in ours)
    return Measured(f"导入 {rows:,} 行", whole, statistics.median(floor), aim, note)
