"""What must not be said or written to an owner (law §12–13), as data in `resources/law/wording.toml`.

A rule may be lifted by a record that makes the words true (a lawyer's letter on file, a case number).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from feedesk.resources import resource_text

_CLAUSE_END = re.compile(r"[。！？!?；;\n]")
_KEYS = {"id", "patterns", "unless", "lifted_by", "why", "instead", "blocking", "catches", "passes"}


@dataclass(frozen=True, slots=True)
class WordingRule:
    """One rule. It is silent where `unless` is found in the same sentence."""

    id: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    lifted_by: str
    """Name of the record that makes the words true; empty: nothing does."""
    why: str
    instead: str
    blocking: bool
    catches: tuple[str, ...]
    """Sentences that must be found, and…"""
    passes: tuple[str, ...]
    """…near misses that must not: the data carries its own proof."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Words in a text that should not go out."""

    rule: str
    matched: str
    start: int
    why: str
    instead: str
    blocking: bool
    """Must be mended; otherwise a warning."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The rules, in the order of the file."""

    rules: tuple[WordingRule, ...]

    def lint(self, text: str, facts: Iterable[str] = ()) -> list[Finding]:
        """What in `text` must be mended, by place; `facts` names the records that lift rules."""
        true = frozenset(facts)
        found = []
        for start, sentence in _sentences(text):
            for rule in self.rules:
                if rule.lifted_by in true or (rule.unless and rule.unless.search(sentence)):
                    continue
                for hit in rule.pattern.finditer(sentence):
                    found.append(Finding(rule.id, hit[0], start + hit.start(), rule.why, rule.instead, rule.blocking))
        return sorted(found, key=lambda finding: finding.start)


def lint(text: str, facts: Iterable[str] = ()) -> list[Finding]:
    """`Wording.lint` with the shipped rules."""
    return load_wording().lint(text, facts)


def _sentences(text: str) -> list[tuple[int, str]]:
    ends = [0, *(found.end() for found in _CLAUSE_END.finditer(text)), len(text)]
    return [(a, text[a:b]) for a, b in pairwise(ends) if a < b]


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """The shipped rules; they never change while the program runs."""
    return read_wording(resource_text("law/wording.toml"))


def read_wording(toml: str) -> Wording:
    """Rules from TOML text; raises ValueError for an unknown key or a bad pattern."""
    rules = []
    for entry in tomllib.loads(toml)["rule"]:
        if unknown := sorted(set(entry) - _KEYS):
            raise ValueError(f"rule {entry.get('id', '?')}: unknown key {unknown[0]}")
        try:
            rules.append(
                WordingRule(
                    id=entry["id"],
                    pattern=re.compile("|".join(f"(?:{pattern})" for pattern in entry["patterns"])),
                    unless=re.compile(entry["unless"]) if entry.get("unless") else None,
                    lifted_by=entry.get("lifted_by", ""),
                    why=entry["why"],
                    instead=entry["instead"],
                    blocking=entry.get("blocking", True),
                    catches=tuple(entry["catches"]),
                    passes=tuple(entry["passes"]),
                )
            )
        except re.error as error:
            raise ValueError(f"rule {entry.get('id', '?')}: {error}") from error
    return Wording(tuple(rules))
