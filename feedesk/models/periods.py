"""Months that a charge is for. A period is a set of months, nearly always without gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{2})")


def month_index(year: int, month: int) -> int:
    """A month as one integer, so that months can be counted and compared."""
    if not 1 <= month <= 12:
        raise ValueError(f"no such month: {month}")
    return year * 12 + month - 1


def month_iso(index: int) -> str:
    """A month index as `2026-07`."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def parse_month(text: str) -> int:
    """`2026-07` -> month index; raises ValueError."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        raise ValueError(f"not a month: {text!r}")
    return month_index(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The months of a charge, ascending and without repeats (month indexes, see `month_index`)."""

    months: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.months or list(self.months) != sorted(set(self.months)):
            raise ValueError("a period holds at least one month, ascending, none twice")

    @classmethod
    def span(cls, first: int, last: int) -> Period:
        """Every month from `first` to `last`, both included."""
        if last < first:
            raise ValueError("period ends before it starts")
        return cls(tuple(range(first, last + 1)))

    @classmethod
    def of(cls, months: Iterable[int]) -> Period | None:
        """The period of these months, or None when there are none."""
        ordered = tuple(sorted(set(months)))
        return cls(ordered) if ordered else None

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2026-07..2026-09`, `2026-07`, or with gaps `2026-01..2026-03,2026-07`; raises ValueError."""
        months: set[int] = set()
        for part in text.split(","):
            first, dots, last = part.partition("..")
            months.update(cls.span(parse_month(first), parse_month(last if dots else first)).months)
        return cls(tuple(sorted(months)))

    @property
    def first(self) -> int:
        """Index of the first month."""
        return self.months[0]

    @property
    def last(self) -> int:
        """Index of the last month."""
        return self.months[-1]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and last month of each span without a gap."""
        return tuple(_runs(self.months))

    @property
    def has_gaps(self) -> bool:
        """Whether months are missing between the first and the last."""
        return self.last - self.first + 1 != len(self.months)

    def iso(self) -> str:
        """The text that `parse` reads."""
        return ",".join(month_iso(a) if a == b else f"{month_iso(a)}..{month_iso(b)}" for a, b in _runs(self.months))

    def text(self) -> str:
        """For screen and paper: 2026年4–6月, 2025年11月–2026年1月, 2026年1–3月、7月."""
        shown: list[str] = []
        year_said: int | None = None
        for a, b in _runs(self.months):
            head = "" if a // 12 == year_said else f"{a // 12}年"
            if a == b:
                shown.append(f"{head}{a % 12 + 1}月")
            elif a // 12 == b // 12:
                shown.append(f"{head}{a % 12 + 1}–{b % 12 + 1}月")
            else:
                shown.append(f"{head}{a % 12 + 1}月–{b // 12}年{b % 12 + 1}月")
            year_said = b // 12
        return "、".join(shown)

    def first_day(self) -> date:
        """The first day of the first month."""
        return date(self.first // 12, self.first % 12 + 1, 1)


def _runs(months: tuple[int, ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for month in months:
        if runs and runs[-1][1] == month - 1:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def due_day(period: Period, day_of_month: int) -> date:
    """The office's due day in the first month of the period: fees fall due in advance (domain §3)."""
    first = period.first_day()
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day_of_month, (following - first).days))
