"""What is measured, how several runs become one figure, and the table that is printed."""

from __future__ import annotations

import statistics
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEADINGS = ("项目", "本程序", "底线", "比", "目标", "达到")


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table.

    `ours` and `floor` are seconds, or megabytes where `unit` says so; `aim` is the most times the floor that we allow
    ourselves, `most` the most in the unit itself. Where the floor is None there is nothing to compare with.
    """

    name: str
    ours: float
    floor: float | None
    aim: float | None
    note: str = ""
    most: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        """Ours in floors."""
        return None if self.floor is None else self.ours / self.floor

    @property
    def holds(self) -> bool:
        """Whether every aim is reached; what has no aim is only told."""
        ratio_holds = self.aim is None or self.ratio is None or self.ratio <= self.aim
        return ratio_holds and (self.most is None or self.ours <= self.most)

    def cells(self) -> tuple[str, ...]:
        """The line under `HEADINGS`."""
        aims = [f"≤ {self.aim:g} ×"] if self.aim is not None else []
        aims += [f"≤ {shown(self.most, self.unit)}"] if self.most is not None else []
        return (
            self.name,
            shown(self.ours, self.unit),
            "—" if self.floor is None else shown(self.floor, self.unit),
            "—" if self.ratio is None else f"{self.ratio:.2f} ×",
            "，".join(aims) or "—",
            ("是" if self.holds else "否") if aims else "—",
        )


def shown(value: float, unit: str) -> str:
    """Seconds as ms where they are few."""
    if unit == "s":
        return f"{value:.2f} s" if value >= 1 else f"{value * 1000:,.1f} ms"
    return f"{value:,.0f} {unit}"


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], float], floor: Callable[[], float], repeats: int) -> tuple[float, float]:
    """Medians of both, measured by turns, so that a slow moment of the PC falls on both alike."""
    pairs = [(floor(), ours()) for _ in range(repeats)]
    return statistics.median(pair[1] for pair in pairs), statistics.median(pair[0] for pair in pairs)


def table(lines: Sequence[Measured]) -> str:
    """All lines under their headings, in columns, each with its note below."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADINGS))]
    out = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    out.insert(1, "-" * (sum(widths) + 2 * len(widths) - 2))
    notes = [f"· {line.name}：{line.note}" for line in lines if line.note]
    return "\n".join([*out, "", *notes])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
