"""From what amount, age and waiting time on a step of the ladder opens: the office's settings (domain §6, law §13.5)."""

from __future__ import annotations

from dataclasses import dataclass

DEMAND_DAYS = 15
"""Days a written demand gives at least: law §13.5 against domain §6's week; where the two differ the law wins."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Amounts in 分, ages in months of the oldest line that counts, waiting times in days."""

    legal_amount: int = 500_000
    """From this sum on the legal way is open for anybody."""
    legal_months: int = 12
    """From this age on it is open for anybody, whatever the sum."""
    vacant_amount: int = 300_000
    """The sum for 投资空置."""
    shop_amount: int = 500_000
    """The sum for 商铺 and 别墅."""
    long_months: int = 3
    """The age for 长期未缴·多次催告, with `letters` proven letters."""
    letters: int = 2
    """Proven 催缴通知书 or 催费函 before a lawyer's letter."""
    calls: int = 2
    """Calls and visits before the first 催款单, where nothing else calls for it."""
    demand_days: int = DEMAND_DAYS
    """To be waited after a 催款单 or 催缴通知书."""
    letter_days: int = DEMAND_DAYS
    """To be waited after a 催费函 or 最后通知书; the week of silence (domain §5) lies within."""
    committee_days: int = 30
    """To be waited for the answer of 业委会 or mediators."""
    lawyer_days: int = 14
    """To be waited after a lawyer's letter that states no day."""
    public_days: int = 7
    """To be waited after 不记名公示."""
    has_committee: bool = True
    """The estate has a 业委会; without one step 5b may be left out, with a reason."""
    allows_public: bool = False
    """The office posts sheets with sums only, as far as the place's rules allow (law §12)."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a threshold may be set to."""

    field: str
    words: str
    least: int
    most: int
    unit: str


MOST_AMOUNT = 10_000_000_00
BOUNDS = (
    Bounds("legal_amount", "一般户金额", 1_00, MOST_AMOUNT, "元"),
    Bounds("legal_months", "一般户账龄", 3, 36, "个月"),
    Bounds("vacant_amount", "投资空置户金额", 1_00, MOST_AMOUNT, "元"),
    Bounds("shop_amount", "商铺、别墅金额", 1_00, MOST_AMOUNT, "元"),
    Bounds("long_months", "长期未缴户账龄", 3, 36, "个月"),
    Bounds("letters", "有送达凭据的函件", 2, 5, "封"),
    Bounds("calls", "出催款单前的联系", 1, 10, "次"),
    Bounds("demand_days", "催款单、催缴通知书之后", DEMAND_DAYS, 90, "天"),
    Bounds("letter_days", "催费函、最后通知书之后", DEMAND_DAYS, 90, "天"),
    Bounds("committee_days", "请业委会督促、调解之后", 7, 180, "天"),
    Bounds("lawyer_days", "律师函之后", 14, 90, "天"),
    Bounds("public_days", "不记名公示之后", 7, 90, "天"),
)
"""Every number of `Thresholds`: its words, the least and the most it may be. The least ages and waits are domain §6's
and law §13.5's own: an office may be more patient, not less.
"""


def problem(thresholds: Thresholds) -> str:
    """What is wrong with thresholds as typed, in one sentence without its end; empty when they can be kept."""
    for bound in BOUNDS:
        value = getattr(thresholds, bound.field)
        if not bound.least <= value <= bound.most:
            by = 100 if bound.unit == "元" else 1
            return f"{bound.words}要在 {bound.least // by:,} 到 {bound.most // by:,} {bound.unit}之间"
    return ""


def asks_faster(before: Thresholds, after: Thresholds) -> bool:
    """Whether a change brings any step sooner than before: somebody who can sign must agree to that."""
    sooner = any(getattr(after, bound.field) < getattr(before, bound.field) for bound in BOUNDS)
    return (
        sooner
        or (after.allows_public and not before.allows_public)
        or (before.has_committee and not after.has_committee)
    )
