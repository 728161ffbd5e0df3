"""The dictionary of statements, `resources/intake/statements.toml`: a new bank's export is taught there, not in code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from feedesk.models.intake.words import plain_title
from feedesk.models.ledger.payments import PayMethod
from feedesk.models.statements import StatementColumn, StatementKind
from feedesk.resources import resource_text

_VOUCHER = "voucher"
_VOUCHER_RANK = 1000
"""Numbers that several transactions may share stand after all real transaction numbers."""


@dataclass(frozen=True)
class StatementWords:
    """What titles, directions, states and footers are called."""

    exact: dict[str, tuple[StatementColumn, int]]
    """Whole title -> meaning and its rank among the titles of that meaning (0 is best)."""
    contains: tuple[tuple[str, StatementColumn, int], ...]
    way_in: frozenset[str]
    way_out: frozenset[str]
    neither: frozenset[str]
    income_only: frozenset[str]
    """Titles of bills that list nothing but money received."""
    void: tuple[str, ...]
    footer: tuple[str, ...]
    methods: tuple[tuple[PayMethod, tuple[str, ...]], ...]
    kinds: tuple[tuple[StatementKind, tuple[str, ...]], ...]


@lru_cache(maxsize=1)
def statement_words() -> StatementWords:
    """The shipped dictionary, read once."""
    table = tomllib.loads(resource_text("intake/statements.toml"))
    exact: dict[str, tuple[StatementColumn, int]] = {}
    contains: list[tuple[str, StatementColumn, int]] = []
    for name, entry in table.items():
        if name in ("words", "methods", "kinds"):
            continue
        column = StatementColumn.REFERENCE if name == _VOUCHER else StatementColumn(name)
        base = _VOUCHER_RANK if name == _VOUCHER else 0
        for rank, title in enumerate(entry["exact"]):
            exact.setdefault(plain_title(title), (column, base + rank))
        contains += [(plain_title(part), column, base + 500) for part in entry.get("contains", ())]
    lists = table["words"]
    return StatementWords(
        exact=exact,
        contains=tuple(contains),
        way_in=frozenset(lists["in"]),
        way_out=frozenset(lists["out"]),
        neither=frozenset(lists["neither"]),
        income_only=frozenset(plain_title(title) for title in lists["income_only"]),
        void=tuple(lists["void"]),
        footer=tuple(lists["footer"]),
        methods=tuple((PayMethod(name), tuple(found)) for name, found in table["methods"].items()),
        kinds=tuple((StatementKind(name), tuple(found)) for name, found in table["kinds"].items()),
    )


@lru_cache(maxsize=1024)
def column_of(title: str) -> tuple[StatementColumn, int] | None:
    """Meaning and rank of one column title; None when the dictionary does not know it."""
    known = statement_words()
    bare = plain_title(title)
    found = known.exact.get(bare)
    if found:
        return found
    return next(((column, rank) for part, column, rank in known.contains if part in bare), None)


def is_voucher(rank: int) -> bool:
    """Whether a number column of this rank may hold one number for several transactions."""
    return rank >= _VOUCHER_RANK
