"""Sharing accounts among clerks: equally by number and by difficulty, all units of an owner with one clerk (domain §7).

Numbers come first: with equal 份额 no two clerks differ by more than one owner. Within that the difficulty is levelled
by exchanging owners until no exchange helps; buildings are kept together where that costs nothing, or before difficulty
when asked for. Nothing is left to chance: the same owners and clerks give the same plan.
"""

from feedesk.models.sharing.owners import Difficulty, ShareAccount, ShareOwner, difficulty, home_of, owners_of
from feedesk.models.sharing.plan import share
from feedesk.models.sharing.records import (
    FULL,
    HALF,
    SHARE_MODE_LABELS,
    ClerkShare,
    Load,
    Move,
    ShareClerk,
    ShareMode,
    ShareOptions,
    SharePlan,
    loads_of,
)

__all__ = [
    "FULL",
    "HALF",
    "SHARE_MODE_LABELS",
    "ClerkShare",
    "Difficulty",
    "Load",
    "Move",
    "ShareAccount",
    "ShareClerk",
    "ShareMode",
    "ShareOptions",
    "ShareOwner",
    "SharePlan",
    "difficulty",
    "home_of",
    "loads_of",
    "owners_of",
    "share",
]
