"""Charges: what is owed, for which item and months, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedesk.models.periods import Period


class FeeKind(StrEnum):
    """What a fee item legally is; only 物业费 rests on 民法典 944 (law §13.10a)."""

    PROPERTY = "property"
    COLLECTED = "collected"
    REPAIR_FUND = "repair_fund"
    OTHER = "other"


FEE_KIND_LABELS = {
    FeeKind.PROPERTY: "物业费",
    FeeKind.COLLECTED: "代收费用",
    FeeKind.REPAIR_FUND: "维修资金",
    FeeKind.OTHER: "其他费用",
}

_KIND_WORDS = (
    (FeeKind.REPAIR_FUND, ("维修金", "维修资金", "维修基金")),
    (
        FeeKind.COLLECTED,
        ("水费", "电费", "气费", "燃气", "供暖", "取暖", "热力", "代收", "公摊", "分摊", "水电"),
    ),
    (FeeKind.OTHER, ("车位", "停车", "车库", "空调", "装修", "违约", "押金", "其他", "其它")),
    (FeeKind.PROPERTY, ("物业", "管理费", "物管")),
)


def guess_kind(item: str) -> FeeKind:
    """The kind of a fee item by its name; the office corrects it in 设置. Unknown names are OTHER."""
    for kind, words in _KIND_WORDS:
        if any(word in item for word in words):
            return kind
    return FeeKind.OTHER


@dataclass(frozen=True, slots=True)
class FeeItem:
    """A fee item of the office's own list."""

    id: int
    name: str
    kind: FeeKind


@dataclass(frozen=True, slots=True)
class Charge:
    """One debt of one account. Amounts in 分; `owed` = amount − all that lowers it, never below 0."""

    id: int
    account_id: int
    item: str
    kind: FeeKind
    period: Period | None
    """None when finance's list gave no months."""
    amount: int
    settled: int
    """Everything that lowers it: settled by finance's list, let off, paid."""
    due_on: date | None
    due_is_assumed: bool
    """The day comes from the office's due day, not from finance: shown as 推定."""
    is_lump: bool = False
    """Several months in one line, not yet split."""
    hold: str = ""
    """Reason why the line is held out of notices; empty when it is not."""
    waived: int = 0
    """What of `settled` was let off 减免."""
    paid: int = 0
    """What of `settled` payments on record have paid."""
    dispute_id: int | None = None
    """The objection about this line that holds it; None: none does, or it is held by hand."""

    @property
    def owed(self) -> int:
        """What is still open, in 分."""
        return self.amount - self.settled

    def period_text(self) -> str:
        """The months for screen and paper."""
        return self.period.text() if self.period else "期间待核"

    def overdue_days(self, today: date) -> int:
        """Days after the due date; 0 when not due, or when the due date is unknown."""
        return max(0, (today - self.due_on).days) if self.due_on else 0


def open_period(charges: list[Charge]) -> Period | None:
    """All months still open in these charges; None when no charge tells its months."""
    return Period.of(month for charge in charges if charge.owed > 0 and charge.period for month in charge.period.months)
