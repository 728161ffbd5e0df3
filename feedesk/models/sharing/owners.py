"""Who is shared out: owners with all their units, whose they are, and how hard each is to collect from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from feedesk.models.accounts import Category, Step
from feedesk.models.money import show_yuan

_AGES = ((720, 3, "最早一笔逾期近 2 年或更久"), (365, 2, "最早一笔逾期 1 年以上"), (90, 1, "最早一笔逾期 3 个月以上"))
"""Days overdue and points: three months and a year open steps of domain §6; from two years on 诉讼时效 presses."""
_SUMS = ((2_000_000, 3), (500_000, 2), (100_000, 1))
"""分 owed for all units, and points; ¥5,000 opens the legal route (domain §6)."""
_CATEGORIES = {
    Category.E: (3, "E 类，特殊拒交"),
    Category.C: (2, "C 类，无法联系"),
    Category.D: (1, "D 类，异地"),
}
_STEPS = {
    Step.DEMAND: (1, "已到书面催缴"),
    Step.LETTER: (1, "已到书面催缴"),
    Step.MEDIATION: (2, "已到调解或法律阶段"),
    Step.LAWYER: (2, "已到调解或法律阶段"),
    Step.PUBLIC_NOTICE: (2, "已到调解或法律阶段"),
    Step.COURT: (2, "已到调解或法律阶段"),
}
_DISPUTED = 2
_MOST_BROKEN, _MOST_UNITS = 2, 2


@dataclass(frozen=True, slots=True)
class ShareAccount:
    """What is known of one account when it is shared out. Money in 分."""

    account_id: int
    owner_id: int
    room_key: str
    building: str
    owed: int
    overdue_days: int = 0
    category: Category | None = None
    step: Step = Step.REMINDER
    is_disputed: bool = False
    broken: int = 0
    """Promises not kept."""
    staff_id: int | None = None
    """Whose it is now."""
    unit_staff_id: int | None = None
    """Who had the unit under its former owner."""


@dataclass(frozen=True, slots=True)
class Difficulty:
    """How hard an owner is to collect from, and why."""

    points: int
    reasons: tuple[str, ...] = ()


def difficulty(accounts: Iterable[ShareAccount]) -> Difficulty:
    """Of one owner with all his units: one point for being called at all, more for each thing that makes it harder."""
    still_open = [account for account in accounts if account.owed > 0]
    if not still_open:
        return Difficulty(0)
    found: list[tuple[int, str]] = []
    days, owed = max(one.overdue_days for one in still_open), sum(one.owed for one in still_open)
    found += [(points, words) for least, points, words in _AGES if days >= least][:1]
    found += [(points, f"共欠 {show_yuan(owed)}") for least, points in _SUMS if owed >= least][:1]
    found += [max((_CATEGORIES[one.category] for one in still_open if one.category in _CATEGORIES), default=(0, ""))]
    found += [max((_STEPS[one.step] for one in still_open if one.step in _STEPS), default=(0, ""))]
    if any(one.is_disputed for one in still_open):
        found.append((_DISPUTED, "有异议没处理完"))
    broken = sum(one.broken for one in still_open)
    found.append((min(broken, _MOST_BROKEN), f"失约 {broken} 次"))
    found.append((min(len(still_open) - 1, _MOST_UNITS), f"名下 {len(still_open)} 套"))
    return Difficulty(
        1 + sum(points for points, _ in found), tuple(f"{words} +{points}" for points, words in found if points)
    )


@dataclass(frozen=True, slots=True)
class ShareOwner:
    """One owner with all his accounts; who owes for none of them is not shared out."""

    owner_id: int
    accounts: tuple[ShareAccount, ...]
    points: int
    building: str
    """Where he owes most."""
    room_key: str

    @property
    def open_accounts(self) -> int:
        """With how many units something is owed."""
        return sum(one.owed > 0 for one in self.accounts)

    @property
    def owed(self) -> int:
        """The sum in 分."""
        return sum(one.owed for one in self.accounts)

    def home(self) -> int | None:
        """Whose the owner is: the clerk who has most of his open units, then the larger sum; None for nobody's."""
        return home_of((one.staff_id, one.owed) for one in self.accounts)

    def wish(self) -> int | None:
        """Who knows the owner or the unit already."""
        home = self.home()
        return home if home is not None else next((o.unit_staff_id for o in self.accounts if o.unit_staff_id), None)


def home_of(units: Iterable[tuple[int | None, int]]) -> int | None:
    """Whose an owner is by his units, each with its clerk and the 分 owed; see `ShareOwner.home`."""
    held = [(staff_id, owed) for staff_id, owed in units if staff_id is not None]
    weight: dict[int, tuple[int, int]] = {}
    for staff_id, owed in held:
        if owed > 0:
            count, total = weight.get(staff_id, (0, 0))
            weight[staff_id] = (count + 1, total + owed)
    if not weight:
        return held[0][0] if held else None
    return max(weight, key=lambda staff_id: (*weight[staff_id], -staff_id))


def owners_of(accounts: Iterable[ShareAccount]) -> list[ShareOwner]:
    """Owners with something owed, in the order of their rooms."""
    held: dict[int, list[ShareAccount]] = defaultdict(list)
    for account in accounts:
        held[account.owner_id].append(account)
    found = []
    for owner_id, own in held.items():
        own.sort(key=lambda one: (one.room_key, one.account_id))
        points = difficulty(own).points
        if points:
            most = max(own, key=lambda one: one.owed)
            found.append(ShareOwner(owner_id, tuple(own), points, most.building, most.room_key))
    return sorted(found, key=lambda owner: (owner.room_key, owner.owner_id))
