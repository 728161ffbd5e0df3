"""分期: an agreed plan of instalments, its state derived from the payments since, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment: so many 分 up to a day, included. Numbered from 1."""

    number: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan before it is agreed. Σ of the instalments = `total` = what the accounts owe that day (分)."""

    account_ids: tuple[int, ...]
    made_on: date
    instalments: tuple[Instalment, ...]
    total: int
    note: str = ""
    waives_late_fee: bool = False
    """The late fee is let off if the plan is kept to its end; broken, it is due again."""


class PlanState(StrEnum):
    """Where a plan stands."""

    RUNNING = "running"
    DONE = "done"
    BROKEN = "broken"
    VOIDED = "voided"


PLAN_STATE_LABELS = {
    PlanState.RUNNING: "按期履行中",
    PlanState.DONE: "已付清",
    PlanState.BROKEN: "已失约",
    PlanState.VOIDED: "已作废",
}


@dataclass(frozen=True, slots=True)
class InstalmentState:
    """One instalment and what has come in for it (分), in the order of the plan."""

    instalment: Instalment
    paid: int
    is_late: bool
    """Its day and the grace are over and money is missing."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the records say of a plan. `paid` = (day, 分) of every payment since it was made, oldest first."""

    plan_id: int
    draft: PlanDraft
    paid: tuple[tuple[date, int], ...] = ()
    owed: int = 0
    """Open principal of its accounts now, in 分."""


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """What follows from the facts today."""

    state: PlanState
    why: str
    """One sentence: 「第 2 期（11-15 ¥500.00）过期 3 天未到账，分期失效，恢复到原阶段」."""
    instalments: tuple[InstalmentState, ...]
    current: Instalment | None
    """The instalment that is next to be paid, or that was missed."""
    missing: int = 0
    """What is missing of it, in 分."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on record with where it stands."""

    id: int
    at: datetime
    draft: PlanDraft
    rooms: tuple[str, ...]
    staff_name: str
    approved_by: str
    verdict: PlanVerdict
    step_before: str = ""
    """The escalation step it interrupted, restored when it breaks."""
    voided: str = ""
