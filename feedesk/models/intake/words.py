"""The dictionary of column titles, `resources/intake/columns.toml`: a new kind of list is taught there, not in code."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from feedesk.models.arrears_list import Meaning
from feedesk.resources import resource_text

_UNIT = re.compile(r"\((?:单位[:：]?)?(?:元|㎡|m2|m²|平方米|平米|人民币|万元|必填|选填|¥|￥)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """What titles and side texts are called in the lists of finance offices."""

    exact: dict[str, tuple[Meaning, int]]
    """Whole title -> meaning and its rank among the titles of that meaning (0 is best)."""
    parts: frozenset[str]
    """Titles that may also be the leading part of a room."""
    contains: tuple[tuple[str, Meaning], ...]
    fee: tuple[str, ...]
    fee_weak: tuple[str, ...]
    """Fees only below a title that speaks of a debt."""
    fee_not: tuple[str, ...]
    charged: tuple[str, ...]
    received: tuple[str, ...]
    owed: tuple[str, ...]
    current: tuple[str, ...]
    prior: tuple[str, ...]
    item_noise: tuple[str, ...]
    summary: frozenset[str]
    signature: tuple[str, ...]
    note: tuple[str, ...]
    group_end: tuple[str, ...]
    total: re.Pattern[str]
    """A whole cell that says that the row is a total: 「合  计：」, 「A1栋小计」."""
    total_only: re.Pattern[str]
    """The same without anything before the word, for columns where a name could stand."""
    items: dict[str, str]


@lru_cache(maxsize=1)
def words() -> Words:
    """The shipped dictionary, read once."""
    table = tomllib.loads(resource_text("intake/columns.toml"))
    exact: dict[str, tuple[Meaning, int]] = {}
    contains: list[tuple[str, Meaning]] = []
    for name, entry in table.items():
        if name in ("words", "items"):
            continue
        meaning = Meaning(name)
        for rank, title in enumerate(entry.get("exact", ())):
            exact.setdefault(plain_title(title), (meaning, rank))
        contains.extend((plain_title(part), meaning) for part in entry.get("contains", ()))
    lists = table["words"]
    # 「小计」 alone, or with the group before it and an amount in words after it
    total = "|".join(sorted((re.escape(word) for word in lists["total"]), key=len, reverse=True))
    return Words(
        exact=exact,
        parts=frozenset(plain_title(title) for title in table["room_part"]["exact"]),
        contains=tuple(contains),
        fee=tuple(lists["fee"]),
        fee_weak=tuple(lists["fee_weak"]),
        fee_not=tuple(lists["fee_not"]),
        charged=tuple(lists["charged"]),
        received=tuple(lists["received"]),
        owed=tuple(lists["owed"]),
        current=tuple(lists["current"]),
        prior=tuple(lists["prior"]),
        item_noise=tuple(lists["item_noise"]),
        summary=frozenset(lists["summary"]),
        signature=tuple(lists["signature"]),
        note=tuple(lists["note"]),
        group_end=tuple(lists["group_end"]),
        total=re.compile(rf"[^:：,，。]{{0,14}}(?:{total})(?:\([^)]*\)|金额|大写|数|:.*)*"),
        total_only=re.compile(rf"(?:{total})(?:\([^)]*\)|:.*)*"),
        items=dict(table["items"]),
    )


def plain_title(text: str) -> str:
    """A title as it is compared: half-width, upper case, without blanks, unit brackets, stars and end marks."""
    half = unicodedata.normalize("NFKC", text)
    bare = "".join(half.split()).replace("*", "").replace("【", "(").replace("】", ")")
    return _UNIT.sub("", bare).strip(":;,。.、").upper()


def squeezed(text: str) -> str:
    """A cell's text for comparing with words: half-width, no blanks at all."""
    return "".join(unicodedata.normalize("NFKC", text).split())
