"""异议与遗留: the rows of the list, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.disputes.record import Dispute, DisputeState, Scope


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One line of the list 异议与遗留. Money in 分."""

    dispute: Dispute
    room: str
    name: str
    held: int
    """What is open of what it holds; 0 when it holds nothing."""
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class DisputeFigures:
    """统计: how many objections run, how old they are, by department."""

    open: int
    to_report: int
    oldest_days: int
    average_days: int
    """Mean age, to the nearest day."""
    held: int
    """分 held; what two objections hold counts once for each account held whole."""
    by_department: tuple[tuple[str, int, int], ...]
    """(department, how many, the oldest in days), most first."""

    @property
    def text(self) -> str:
        """「12 件未办结 · 最久 41 天 · 平均 9 天 · 3 件待回复业主」."""
        if not self.open:
            return "没有未办结的异议"
        parts = [f"{self.open:,} 件未办结", f"最久 {self.oldest_days:,} 天", f"平均 {self.average_days:,} 天"]
        return " · ".join(parts + [f"{self.to_report:,} 件待回复业主"] * bool(self.to_report))


def figures(rows: Sequence[DisputeRow], today: date) -> DisputeFigures:
    """Count the objections that are not closed; closed ones among `rows` are passed over."""
    running = [row for row in rows if row.dispute.state is not DisputeState.CLOSED]
    ages = [row.dispute.age(today) for row in running]
    by: dict[str, list[int]] = {}
    for row, age in zip(running, ages, strict=True):
        by.setdefault(row.dispute.department or "未定部门", []).append(age)
    whole = {row.dispute.account_id: row.held for row in running if row.dispute.holds is Scope.ACCOUNT}
    lines = {
        line.charge_id: line.owed
        for row in running
        if row.dispute.holds is Scope.LINES and row.dispute.account_id not in whole
        for line in row.dispute.lines
    }
    return DisputeFigures(
        open=len(running),
        to_report=sum(row.dispute.state is DisputeState.RESOLVED for row in running),
        oldest_days=max(ages, default=0),
        average_days=(2 * sum(ages) + len(ages)) // (2 * len(ages)) if ages else 0,
        held=sum(whole.values()) + sum(lines.values()),
        by_department=tuple(
            sorted(((name, len(found), max(found)) for name, found in by.items()), key=lambda each: (-each[1], each[0]))
        ),
    )
