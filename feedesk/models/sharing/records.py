"""What is chosen for a sharing out, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from feedesk.models.sharing.owners import ShareOwner

FULL = 2
"""份额 of a clerk who works full time; half of it is `HALF`."""
HALF = 1


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
