"""What a search and the filter chips of the owner table mean. The store turns it into SQL; nothing here knows SQL
beyond the two wildcards of LIKE, which a typed text must never become.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from feedesk.models.accounts import Category, DebtorType, MarkKind, Step
from feedesk.models.rooms import normal_room, spellings
from feedesk.models.traits import Severity

UNASSIGNED = 0
"""`OwnerFilter.staff_id` of accounts that are nobody's."""
ESCAPE = "\\"
"""The ESCAPE character of the patterns in `SearchWord`."""
BLANK = "未填"
"""As a trait of a filter: those of whom nothing is written there."""
_MAX_WORDS = 6
_MAX_LENGTH = 80
_TAIL = 4
_SHORTEST_NUMBER = 7


class Chip(StrEnum):
    """The chips above the owner table, in their order."""

    OWING = "owing"
    TODAY = "today"
    DUE = "due"
    BROKEN = "broken"
    OPEN = "open"
    VERIFY = "verify"
    DISPUTE = "dispute"
    LIMIT = "limit"
    PROMISED = "promised"
    PAID = "paid"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ChipRule:
    """What a chip shows. Conditions that are None or empty do not narrow."""

    label: str
    marks: frozenset[MarkKind] = frozenset()
    is_paid: bool | None = None
    in_worklist: bool = False
    """Only accounts with something to do today."""


CHIP_RULES = {
    Chip.OWING: ChipRule("全部欠费", is_paid=False),
    Chip.TODAY: ChipRule("今天", in_worklist=True),
    Chip.DUE: ChipRule("今日到期", frozenset({MarkKind.DUE})),
    Chip.BROKEN: ChipRule("失约", frozenset({MarkKind.BROKEN})),
    Chip.OPEN: ChipRule("待联系", frozenset({MarkKind.OPEN})),
    Chip.VERIFY: ChipRule("已缴待核", frozenset({MarkKind.VERIFY})),
    Chip.DISPUTE: ChipRule("异议", frozenset({MarkKind.HOLD})),
    Chip.LIMIT: ChipRule("时效将到", frozenset({MarkKind.LIMIT})),
    Chip.PROMISED: ChipRule("承诺", frozenset({MarkKind.PROMISED, MarkKind.DUE})),
    Chip.PAID: ChipRule("已缴", is_paid=True),
    Chip.ALL: ChipRule("全部"),
}


@dataclass(frozen=True, slots=True)
class OwnerFilter:
    """One choice of accounts. Conditions are joined by *and*; empty ones do not narrow. Amounts in 分."""

    text: str = ""
    """As typed; see `words`."""
    chip: Chip = Chip.OWING
    building: str = ""
    category: Category | None = None
    step: Step | None = None
    debtor_type: DebtorType | None = None
    severity: Severity | None = None
    habit: str = ""
    """A trait as kept, or `BLANK` for those of whom it is not known; so are the following three."""
    attitude: str = ""
    residence: str = ""
    property_kind: str = ""
    staff_id: int | None = None
    """The clerk whose accounts they are, or `UNASSIGNED`."""
    min_owed: int = 0
    """At least so much is owed."""
    overdue_over: int = 0
    """More than so many days overdue; 0 does not narrow."""

    @property
    def rule(self) -> ChipRule:
        """What the chip shows."""
        return CHIP_RULES[self.chip]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything besides the chip narrows the view: then 清除筛选 is offered."""
        return bool(words(self.text)) or replace(self, text="") != OwnerFilter(chip=self.chip)

    def due_before(self, today: date) -> date | None:
        """The oldest due date must lie before this day; None when the age does not matter."""
        return today - timedelta(days=self.overdue_over) if self.overdue_over else None


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One typed word as LIKE patterns (with `ESCAPE`); it must match one of them. An empty pattern matches nothing."""

    name: str
    """Anywhere in the name."""
    room: str
    """Anywhere in the room, every kind of dash being one."""
    key: str
    """The beginning of one key of `people.search_text`: pinyin or initials."""
    tail: str
    """The last four digits of a phone; a whole number is cut to them."""
    spellings: tuple[str, ...] = ()
    """Other ways the list may write the room: patterns of whole rooms."""


def words(text: str) -> tuple[SearchWord, ...]:
    """The words of a search, all of which must match, in any order; very long input is cut."""
    found = []
    for word in text[:_MAX_LENGTH].split()[:_MAX_WORDS]:
        plain = unicodedata.normalize("NFKC", word).casefold()
        letters = "".join(char for char in plain if char.isascii() and char.isalpha())
        digits = "".join(char for char in plain if char.isascii() and char.isdigit())
        is_number = plain.lstrip("+").replace("-", "").replace(" ", "") == digits
        ends = digits[-_TAIL:] if is_number and (len(digits) == _TAIL or len(digits) >= _SHORTEST_NUMBER) else ""
        found.append(
            SearchWord(
                name=_anywhere(word),
                room=_anywhere(normal_room(word)),
                key=f"% {escaped(letters)}%" if letters and letters == plain else "",
                tail=f"%{ends}%" if ends else "",
                spellings=tuple(one.replace("*", "%") for one in spellings(word)),
            )
        )
    return tuple(found)


def escaped(text: str) -> str:
    """`text` with LIKE's wildcards made plain characters."""
    return text.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")


def _anywhere(text: str) -> str:
    return f"%{escaped(text)}%" if text else ""
