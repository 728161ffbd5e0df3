"""按月拆分: a charge that lumps months becomes a charge for each month. Amounts in 分; the sum never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.charges import Charge
from feedesk.models.money import show_yuan
from feedesk.models.periods import Period, due_day, month_iso


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One month of a split: what is charged for it, since when, and what of the lump's money falls on it (分)."""

    month: int
    """Month index, see `periods.month_index`."""
    amount: int
    due_on: date
    due_is_assumed: bool
    """The day comes from the office's due day, not from finance."""
    settled: int = 0
    """What of the settlements 按财务清单 pours over this month, oldest first."""

    @property
    def period(self) -> Period:
        """The month as a period."""
        return Period((self.month,))

    @property
    def text(self) -> str:
        """「2026年7月」."""
        return self.period.text()


def refusal(charge: Charge) -> str:
    """Why a charge cannot be split, in one sentence; empty when it can."""
    if charge.period is None:
        return "这笔账单没有写明月份，不能按月拆分。"
    if len(charge.period.months) < 2:
        return "这笔账单只有一个月，不用拆分。"
    if charge.amount < len(charge.period.months):
        return "金额太小，分不到每个月。"
    return ""


def propose(amount: int, period: Period) -> tuple[int, ...]:
    """Equal amounts in the order of the months, the odd 分 in the last; only months that the period names (gaps).

    Raises ValueError when there is less than a 分 for each month.
    """
    count = len(period.months)
    each = amount // count
    if each < 1:
        raise ValueError("less than a 分 for each month")
    return (each,) * (count - 1) + (amount - each * (count - 1),)


def problems(charge: Charge, amounts: Sequence[int]) -> tuple[str, ...]:
    """Why these typed amounts cannot take the charge's place, one sentence each; empty when they can."""
    refused = refusal(charge)
    if refused or charge.period is None:
        return (refused,)
    found: list[str] = []
    count = len(charge.period.months)
    if len(amounts) != count:
        found.append(f"要给 {count} 个月各填一个金额，现在是 {len(amounts)} 个。")
    if any(amount <= 0 for amount in amounts):
        found.append("每个月的金额都要大于 0。")
    if sum(amounts) != charge.amount:
        gap = sum(amounts) - charge.amount
        found.append(
            f"各月合计 {show_yuan(sum(amounts))}，比账单{'多' if gap > 0 else '少'} {show_yuan(abs(gap))}，"
            f"应等于 {show_yuan(charge.amount)}。"
        )
    return tuple(found)


def due(charge: Charge, month: int, day_of_month: int) -> tuple[date, bool]:
    """When a month falls due, and whether that is assumed: on the office's due day, as lists without a date are read.

    A day that finance gave is that of the first month, as when a list is read; it was given to all months of the lump,
    so none of them falls due before it.
    """
    by_rule = due_day(Period((month,)), day_of_month)
    if charge.due_on is None or charge.due_is_assumed:
        return by_rule, True
    is_first = charge.period is not None and month == charge.period.first
    return (charge.due_on, False) if is_first or by_rule <= charge.due_on else (by_rule, True)


def parts(charge: Charge, amounts: Sequence[int], settled: int, day_of_month: int) -> tuple[SplitPart, ...]:
    """The months that take the charge's place; `settled` 分 of settlements on record pour over them, oldest first.

    Raises ValueError for amounts that `problems` refuses.
    """
    if charge.period is None or problems(charge, amounts):
        raise ValueError(f"charge {charge.id} cannot be split into {list(amounts)}")
    found: list[SplitPart] = []
    for month, amount in zip(charge.period.months, amounts, strict=True):
        due_on, assumed = due(charge, month, day_of_month)
        poured = min(amount, settled)
        settled -= poured
        found.append(SplitPart(month, amount, due_on, assumed, poured))
    return tuple(found)


def typed(parts: Sequence[SplitPart]) -> str:
    """What a split was, for the record: `2026-07:35980 2026-08:35980`."""
    return " ".join(f"{month_iso(part.month)}:{part.amount}" for part in parts)
