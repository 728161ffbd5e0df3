"""年度计划: per month the target of 收费率, what finance bills, and who answers for it.

Money is integer 分, rates are integer basis points (0.01 %).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedesk.models.money import MAX_FEN

WHOLE = 10_000
"""100 % in basis points."""
MAX_HOUSEHOLDS = 999_999


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """One month of the yearly plan; None where nothing was set."""

    rate_bp: int | None = None
    """Target of 收费率 in basis points."""
    receivable: int | None = None
    """What finance bills for this month, in 分: all units, paid or not."""
    households: int | None = None
    """How many 户 finance bills."""
    answers: str = ""
    """Who answers for it."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The plan of a year: twelve months, and targets of the two other rates for the whole year."""

    year: int
    months: tuple[MonthPlan, ...] = (MonthPlan(),) * 12
    household_bp: int | None = None
    recovery_bp: int | None = None

    def __post_init__(self) -> None:
        if len(self.months) != 12:
            raise ValueError("a year has twelve months")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was planned at all."""
        return self == YearPlan(self.year)


Plans = Mapping[int, YearPlan]
"""Plans by year; a year without one is planned for nothing."""


def month_plan(plans: Plans, month: int) -> MonthPlan:
    """The plan of a month index."""
    plan = plans.get(month // 12)
    return plan.months[month % 12] if plan else MonthPlan()


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """Why a plan cannot be kept: month 1–12 (0: a target of the whole year), the field, one sentence."""

    month: int
    field: str
    text: str


def plan_problems(plan: YearPlan) -> tuple[PlanProblem, ...]:
    """Everything in the plan that cannot be meant."""
    found = []
    for name, words, rate in (
        ("household_bp", "户收费率目标", plan.household_bp),
        ("recovery_bp", "清缴率目标", plan.recovery_bp),
    ):
        if rate is not None and not 0 < rate <= WHOLE:
            found.append(PlanProblem(0, name, f"{words}要大于 0、不超过 100%。"))
    for number, month in enumerate(plan.months, start=1):
        if month.rate_bp is not None and not 0 < month.rate_bp <= WHOLE:
            found.append(PlanProblem(number, "rate_bp", f"{number} 月的目标要大于 0、不超过 100%。"))
        if month.receivable is not None and not 0 < month.receivable <= MAX_FEN:
            found.append(PlanProblem(number, "receivable", f"{number} 月的应收要大于 0、不超过 99,999,999.99 元。"))
        if month.households is not None and not 0 < month.households <= MAX_HOUSEHOLDS:
            found.append(PlanProblem(number, "households", f"{number} 月的收费户数要在 1 到 {MAX_HOUSEHOLDS:,} 之间。"))
    return tuple(found)


def parse_rate(text: str) -> int:
    """「78」「78.5%」「78.25」 -> basis points; raises ValueError with the Chinese reason."""
    bare = text.strip().replace("％", "%").removesuffix("%").strip()
    whole, _dot, part = bare.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdecimal() or len(part) > 2 or len(whole) > 3:
        raise ValueError(f"“{text.strip()[:20]}”不是百分数，例如 78 或 78.5。")
    return int(whole or "0") * 100 + int(part.ljust(2, "0"))
