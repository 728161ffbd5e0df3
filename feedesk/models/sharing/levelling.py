"""How many owners each clerk gets and which: quotas by 份额, difficulty levelled by exchanges, neighbours kept together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import permutations
from math import lcm

from feedesk.models.sharing.owners import ShareOwner
from feedesk.models.sharing.records import ShareClerk


def needs(
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


def released(
    kept: dict[int, list[ShareOwner]], clerks: Sequence[ShareClerk], number: int, points: int
) -> list[ShareOwner]:
    """Take from each clerk what is beyond his share: as hard as leaves him his part, strangers in their building first."""
    quota = needs(dict.fromkeys(kept, 0), number, clerks, Counter({one: len(held) for one, held in kept.items()}))
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


def classes_of(
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


def within_classes(
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


def by_building(free: Sequence[ShareOwner], need: dict[int, int], near: Counter[tuple[int, str]]) -> dict[int, int]:
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
