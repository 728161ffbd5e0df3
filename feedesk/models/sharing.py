"""Sharing accounts among clerks: equally by number and by difficulty, all units of an owner with one clerk (domain §7).

Numbers come first: with equal 份额 no two clerks differ by more than one owner. Within that the difficulty is levelled
by exchanging owners until no exchange helps; buildings are kept together where that costs nothing, or before difficulty
when asked for. Nothing is left to chance: the same owners and clerks give the same plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import permutations
from math import lcm
from types import MappingProxyType

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
FULL = 2
"""份额 of a clerk who works full time; half of it is `HALF`."""
HALF = 1


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


class ShareMode(StrEnum):
    """How much of what is assigned may change."""

    NEW = "new"
    LEVEL = "level"
    ANEW = "anew"


SHARE_MODE_LABELS = {
    ShareMode.NEW: "只分未分配的",
    ShareMode.LEVEL: "少动，补到一样多",
    ShareMode.ANEW: "全部重新平均",
}


@dataclass(frozen=True, slots=True)
class ShareOptions:
    """What was chosen."""

    mode: ShareMode = ShareMode.NEW
    by_building: bool = False
    """按楼栋优先: numbers stay equal, buildings come before difficulty."""
    leaving: frozenset[int] = frozenset()
    """Clerks whose owners are all shared out among the others."""

    def words(self) -> str:
        """The choice in a few words, for the history."""
        what = "离岗交接" if self.leaving else SHARE_MODE_LABELS[self.mode]
        return f"{what}，{'按楼栋优先' if self.by_building else '平均优先'}"


@dataclass(frozen=True, slots=True)
class ShareClerk:
    """Who takes part; half of `FULL` for a clerk who has half the time."""

    id: int
    share: int = FULL


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has to work at: open accounts only. Sum in 分."""

    owners: int = 0
    accounts: int = 0
    owed: int = 0
    points: int = 0

    def plus(self, owner: ShareOwner) -> Load:
        """With one owner more."""
        return Load(
            self.owners + 1, self.accounts + owner.open_accounts, self.owed + owner.owed, self.points + owner.points
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One account that changes hands."""

    account_id: int
    owner_id: int
    from_staff: int | None
    to_staff: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClerkShare:
    """One clerk before and after."""

    clerk_id: int
    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class SharePlan:
    """Who gets whom. `moves` are only those accounts whose clerk is another one then."""

    options: ShareOptions
    shares: tuple[ClerkShare, ...]
    moves: tuple[Move, ...]
    unassigned: Load
    """What was nobody's before."""
    reasons: tuple[str, ...]

    @property
    def moved_owners(self) -> int:
        """How many owners change hands, at least with one unit."""
        return len({move.owner_id for move in self.moves})


def loads_of(
    owners: Iterable[ShareOwner], here: Collection[int], placed: Mapping[int, int] = MappingProxyType({})
) -> dict[int | None, Load]:
    """What everybody has, or will have once owners are `placed`; under None what is nobody's, or of somebody who is not
    `here` any more.
    """
    found: dict[int | None, Load] = {}
    for owner in owners:
        home = placed.get(owner.owner_id, owner.home())
        key = home if home in here else None
        found[key] = found.get(key, Load()).plus(owner)
    return found


def share(
    owners: Sequence[ShareOwner], clerks: Sequence[ShareClerk], here: Collection[int], options: ShareOptions
) -> SharePlan:
    """The plan. `here` are all who work here; the owners of those among them who take no part stay where they are.

    Without clerks nothing moves.
    """
    taking = {clerk.id: clerk for clerk in clerks if clerk.id not in options.leaving and clerk.share > 0}
    known = set(here) | options.leaving
    before = loads_of(owners, known)
    placed: dict[int, int] = {}
    if taking:
        placed = {
            owner.owner_id: home
            for owner in owners
            if (home := owner.home()) in known - options.leaving and home is not None
        }
        placed |= _placed([owner for owner in owners if _is_shared(owner, taking, known, options)], taking, options)
    moves = tuple(
        Move(one.account_id, owner.owner_id, one.staff_id, target, _why(owner, one, target, here, options))
        for owner in owners
        if (target := placed.get(owner.owner_id)) is not None
        for one in owner.accounts
        if one.staff_id != target
    )
    after = loads_of(owners, known, placed)
    shares = tuple(ClerkShare(one, before.get(one, Load()), after.get(one, Load())) for one in sorted(known))
    plan = SharePlan(options, shares, moves, before.get(None, Load()), ())
    return replace(plan, reasons=_reasons(plan, owners, taking))


def _is_shared(owner: ShareOwner, taking: Collection[int], known: Collection[int], options: ShareOptions) -> bool:
    """Whether the owner goes into the sum: not of a clerk who takes no part; on leaving, nor of nobody."""
    home = owner.home()
    if options.leaving:
        return home in options.leaving or home in taking
    return home not in known or home in taking


def _placed(owners: Sequence[ShareOwner], taking: Mapping[int, ShareClerk], options: ShareOptions) -> dict[int, int]:
    """Owner -> clerk for every owner who is to be with one of these clerks."""
    clerks = tuple(taking.values())
    kept: dict[int, list[ShareOwner]] = {one: [] for one in taking}
    free: list[ShareOwner] = []
    for owner in owners:
        home = owner.home()
        if options.mode is ShareMode.ANEW or home not in kept:
            free.append(owner)
        else:
            kept[home].append(owner)
    if options.mode is ShareMode.LEVEL:
        free += _released(kept, clerks, len(owners), sum(owner.points for owner in owners))
    present = Counter[int]() if options.mode is ShareMode.NEW else _homes(owners)
    need = _needs({one: len(held) for one, held in kept.items()}, len(free), clerks, present)
    found = {owner.owner_id: one for one, held in kept.items() for owner in held}
    free.sort(key=lambda owner: (owner.room_key, owner.owner_id))
    near: Counter[tuple[int, str]] = Counter((one, owner.building) for one, held in kept.items() for owner in held)
    if options.mode is ShareMode.ANEW:
        near.update((home, owner.building) for owner in free if (home := owner.home()) in kept and home is not None)
    if options.by_building:
        return found | _by_building(free, need, near)
    classes = _classes(free, need, {one: sum(o.points for o in held) for one, held in kept.items()}, clerks)
    return found | _within_classes(free, classes, near)


def _homes(owners: Iterable[ShareOwner]) -> Counter[int]:
    return Counter(home for owner in owners if (home := owner.home()) is not None)


def _needs(
    fixed: dict[int, int], free: int, clerks: Sequence[ShareClerk], present: Counter[int] | None = None
) -> dict[int, int]:
    """How many of the free ones each clerk gets: one after the other to whoever has least for his 份额.

    Where that is the same, to whoever has most `present`: nobody changes hands only for the odd one.
    """
    counts, present = dict(fixed), present or Counter()
    place = {clerk.id: number for number, clerk in enumerate(clerks)}
    whole = lcm(*(clerk.share for clerk in clerks))
    for _ in range(free):
        least = min(
            clerks,
            key=lambda clerk: (
                (2 * counts[clerk.id] + 1) * (whole // clerk.share),
                -present[clerk.id],
                fixed[clerk.id],
                place[clerk.id],
            ),
        )
        counts[least.id] += 1
    return {one: counts[one] - fixed[one] for one in fixed}


def _released(
    kept: dict[int, list[ShareOwner]], clerks: Sequence[ShareClerk], number: int, points: int
) -> list[ShareOwner]:
    """Take from each clerk what is beyond his share: as hard as leaves him his part, strangers in their building first."""
    quota = _needs(dict.fromkeys(kept, 0), number, clerks, Counter({one: len(held) for one, held in kept.items()}))
    shares = sum(clerk.share for clerk in clerks)
    released: list[ShareOwner] = []
    for clerk in clerks:
        held = kept[clerk.id]
        while len(held) > quota[clerk.id]:
            surplus = len(held) - quota[clerk.id]
            beyond = sum(owner.points for owner in held) - points * clerk.share // shares
            own = Counter(owner.building for owner in held)
            gone = min(
                held,
                key=lambda owner: (
                    abs(owner.points * surplus - beyond),
                    own[owner.building],
                    owner.room_key,
                    owner.owner_id,
                ),
            )
            held.remove(gone)
            released.append(gone)
    return released


def _classes(
    free: Sequence[ShareOwner], need: dict[int, int], points: dict[int, int], clerks: Sequence[ShareClerk]
) -> dict[int, Counter[int]]:
    """How many owners of each difficulty each clerk gets: the hardest first to whoever has least, then exchanged.

    Owners of one difficulty weigh the same, so that thousands are levelled by their few classes.
    """
    whole = lcm(*(clerk.share for clerk in clerks))
    cost = {clerk.id: whole // clerk.share for clerk in clerks}
    load, left = dict(points), dict(need)
    given: dict[int, Counter[int]] = {one: Counter() for one in need}
    for owner in sorted(free, key=lambda owner: -owner.points):
        open_ = [one for one in need if left[one]]
        least = min(open_, key=lambda one: load[one] * cost[one])
        given[least][owner.points] += 1
        load[least] += owner.points
        left[least] -= 1
    while (best := _best_exchange(given, load, cost)) is not None:
        giver, taker, hard, easy = best
        for one, gets, loses in ((giver, easy, hard), (taker, hard, easy)):
            given[one][gets] += 1
            given[one][loses] -= 1
            load[one] += gets - loses
    return given


def _best_exchange(
    given: dict[int, Counter[int]], load: dict[int, int], cost: dict[int, int]
) -> tuple[int, int, int, int] | None:
    """The exchange of a hard owner for an easier one that levels most; each makes the sum of squares smaller."""
    best: tuple[int, tuple[int, int, int, int]] | None = None
    for giver, taker in permutations(given, 2):
        if load[giver] * cost[giver] <= load[taker] * cost[taker]:
            continue
        for hard, some in given[giver].items():
            for easy, others in given[taker].items():
                moved = hard - easy
                if some and others and moved > 0:
                    change = moved * (cost[giver] * (moved - 2 * load[giver]) + cost[taker] * (moved + 2 * load[taker]))
                    if change < 0 and (best is None or change < best[0]):
                        best = change, (giver, taker, hard, easy)
    return best[1] if best else None


def _within_classes(
    free: Sequence[ShareOwner], classes: dict[int, Counter[int]], near: Counter[tuple[int, str]]
) -> dict[int, int]:
    """Who of each class goes to whom: who knows him already, then where the neighbours are. It costs no balance."""
    found: dict[int, int] = {}
    waiting: list[ShareOwner] = []
    for owner in free:
        wish = owner.wish()
        if wish in classes and classes[wish][owner.points]:
            classes[wish][owner.points] -= 1
            found[owner.owner_id] = wish
            near[wish, owner.building] += 1
        else:
            waiting.append(owner)
    size = Counter(owner.building for owner in waiting)
    for owner in sorted(waiting, key=lambda o: (-size[o.building], o.building, o.points, o.room_key, o.owner_id)):
        able = [one for one in classes if classes[one][owner.points]]
        target = max(able, key=lambda one: (near[one, owner.building], sum(classes[one].values())))
        classes[target][owner.points] -= 1
        found[owner.owner_id] = target
        near[target, owner.building] += 1
    return found


def _by_building(free: Sequence[ShareOwner], need: dict[int, int], near: Counter[tuple[int, str]]) -> dict[int, int]:
    """Whole buildings to one clerk as far as his number goes; the largest first, room by room where one is divided."""
    groups: dict[str, list[ShareOwner]] = defaultdict(list)
    for owner in free:
        groups[owner.building].append(owner)
    found: dict[int, int] = {}
    left = dict(need)
    for building, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        rest = list(members)
        while rest:
            target = max(
                (one for one in left if left[one]),
                key=lambda one: (near[one, building], left[one] >= len(rest), -abs(left[one] - len(rest))),
            )
            taken, rest = rest[: left[target]], rest[left[target] :]
            found |= {owner.owner_id: target for owner in taken}
            left[target] -= len(taken)
            near[target, building] += len(taken)
    return found


def _why(owner: ShareOwner, one: ShareAccount, target: int, here: Collection[int], options: ShareOptions) -> str:
    if owner.home() == target:
        return "与同一业主的其他房归一人"
    if one.staff_id is None:
        return "与同一业主的其他房归一人" if owner.home() is not None else "新分配"
    if one.staff_id in options.leaving or one.staff_id not in here:
        return "原片管离岗"
    return "重新平均" if options.mode is ShareMode.ANEW else "补到一样多"


def _reasons(plan: SharePlan, owners: Sequence[ShareOwner], taking: dict[int, ShareClerk]) -> tuple[str, ...]:
    """Why the plan is as it is, one line each."""
    parts = [one for one in plan.shares if one.clerk_id in taking]
    if not parts:
        return ("没有勾选人，什么也不会动。",)
    if not plan.moves:
        return ("没有要分的：都已有片管，同一业主的房也都在一人名下。",)
    numbers = sorted(part.after.owners for part in parts)
    points = sorted(part.after.points for part in parts)
    found = [f"人数：每人 {_span(numbers)} 位业主" + _uneven(plan, taking, numbers)]
    hardest = max(owner.points for owner in owners)
    found.append(f"难度：每人 {_span(points)} 分，最难的一位 {hardest} 分")
    together = sum(len(owner.accounts) > 1 for owner in owners)
    if together:
        found.append(f"{together} 位业主有几套房，各归一人")
    known, moved = {part.clerk_id for part in plan.shares}, {move.owner_id for move in plan.moves}
    stay = sum(owner.home() in known and owner.owner_id not in moved for owner in owners)
    if stay:
        found.append(f"{stay} 位业主不换人")
    return tuple(found)


def _span(numbers: Sequence[int]) -> str:
    return f"{numbers[0]:,}" if numbers[0] == numbers[-1] else f"{numbers[0]:,}–{numbers[-1]:,}"


def _uneven(plan: SharePlan, taking: dict[int, ShareClerk], numbers: Sequence[int]) -> str:
    if numbers[-1] - numbers[0] <= 1:
        return ""
    if len({clerk.share for clerk in taking.values()}) > 1:
        return "，按份额"
    return "，原有的不动，先补给少的人" if plan.options.mode is ShareMode.NEW else ""
