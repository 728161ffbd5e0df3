"""The tables of the promise ledger in words: the same for the clipboard and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.contacts import PromiseState
from feedesk.models.promises import JudgedPromise, PromiseMonths, PromiseRate, rates, rates_by_clerk


@dataclass(frozen=True, slots=True)
class RateLine:
    """A line of the table of rates: a month as a whole, or a clerk in it."""

    place: int
    month: str
    clerk: str
    rate: PromiseRate


def shown(promises: Iterable[JudgedPromise]) -> tuple[JudgedPromise, ...]:
    """Those that count: what was said in a voided contact is not in the tables."""
    return tuple(one for one in promises if one.state is not PromiseState.VOID)


def rate_lines(months: PromiseMonths) -> tuple[RateLine, ...]:
    """Each month as a whole and by clerk, this month first."""
    found: list[tuple[str, str, PromiseRate]] = []
    for first, due in ((months.month, months.now_due), (months.before, months.before_due)):
        name = month_name(first)
        found.append((name, "全部", rates(due)))
        found += [(name, clerk, rate) for clerk, rate in rates_by_clerk(due)]
    return tuple(RateLine(place, *line) for place, line in enumerate(found))


def month_name(first: date) -> str:
    """「2026年11月」."""
    return f"{first.year}年{first.month}月"


RATE_TITLES: Sequence[str] = (
    "到期的月份", "经办", "承诺（个）", "兑现", "迟缴", "部分", "失约", "改期", "未到期", "兑现率", "承诺（元）", "到账（元）",
)  # fmt: skip
PROMISE_TITLES: Sequence[str] = (
    "房号", "业主", "说定于", "承诺日", "承诺（元）", "到账（元）", "结果", "怎么算的", "经办",
)  # fmt: skip
