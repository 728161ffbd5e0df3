"""The plan: numbers first, then difficulty, then neighbours; the reason of each move and of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from feedesk.models.sharing.levelling import by_building, classes_of, needs, released, within_classes
from feedesk.models.sharing.owners import ShareAccount, ShareOwner
from feedesk.models.sharing.records import (
    ClerkShare,
    Load,
    Move,
    ShareClerk,
    ShareMode,
    ShareOptions,
    SharePlan,
    loads_of,
)


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
        free += released(kept, clerks, len(owners), sum(owner.points for owner in owners))
    present = Counter[int]() if options.mode is ShareMode.NEW else _homes(owners)
    need = needs({one: len(held) for one, held in kept.items()}, len(free), clerks, present)
    found = {owner.owner_id: one for one, held in kept.items() for owner in held}
    free.sort(key=lambda owner: (owner.room_key, owner.owner_id))
    near: Counter[tuple[int, str]] = Counter((one, owner.building) for one, held in kept.items() for owner in held)
    if options.mode is ShareMode.ANEW:
        near.update((home, owner.building) for owner in free if (home := owner.home()) in kept and home is not None)
    if options.by_building:
        return found | by_building(free, need, near)
    classes = classes_of(free, need, {one: sum(o.points for o in held) for one, held in kept.items()}, clerks)
    return found | within_classes(free, classes, near)


def _homes(owners: Iterable[ShareOwner]) -> Counter[int]:
    return Counter(home for owner in owners if (home := owner.home()) is not None)


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
