"""What the office confirms on an official site before its first real notice (law §11), as data."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date

from feedesk.resources import resource_text

LAW_KEY = "law_checks"
"""The setting under which the office's confirmations are kept."""


@dataclass(frozen=True, slots=True)
class LawCheck:
    """One item to confirm; `done_on` and `done_by` are empty until somebody has."""

    key: str
    title: str
    why: str
    done_on: date | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class LawChecks:
    """All items as of the day the shipped texts were looked up."""

    as_of: date
    sites: str
    items: tuple[LawCheck, ...]

    @property
    def open_count(self) -> int:
        """Items nobody has confirmed."""
        return sum(item.done_on is None for item in self.items)


def law_checks(stored: str) -> LawChecks:
    """The shipped items with what the office has confirmed (`stored`: JSON as `confirmed` writes it, or empty)."""
    shipped = tomllib.loads(resource_text("law/checks.toml"))
    done: dict[str, list[str]] = json.loads(stored or "{}")
    items = tuple(
        LawCheck(
            check["key"],
            check["title"],
            check["why"],
            date.fromisoformat(done[check["key"]][0]) if check["key"] in done else None,
            done[check["key"]][1] if check["key"] in done else "",
        )
        for check in shipped["check"]
    )
    return LawChecks(shipped["as_of"], shipped["sites"], items)


def confirmed(stored: str, key: str, on: date | None, by: str) -> str:
    """The stored text after an item was confirmed (or, with no day, opened again)."""
    done: dict[str, list[str]] = json.loads(stored or "{}")
    done.pop(key, None)
    if on is not None:
        done[key] = [on.isoformat(), by]
    return json.dumps(done, ensure_ascii=False)
