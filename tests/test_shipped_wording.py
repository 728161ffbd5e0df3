"""Every text that ships passes the lint: scripts, objections, small talk, short messages, and every word on paper."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedesk.models.law import law_book
from feedesk.models.scripts.records import MOMENT_NEEDS, variants, with_implied
from feedesk.models.wording import lint

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "resources" / "scripts").glob("*.toml"))
TEXTS = sorted((ROOT / "resources" / "texts").glob("*.toml"))
PAPER = sorted((ROOT / "feedesk" / "reports").glob("*.py"))
NOT_SAID = {"says", "avoid", "not_for", "when", "id", "reason"}
"""Not said to an owner: his own words, answers shown as wrong, and when a text is used."""
_HAN = re.compile("[一-鿿]")


def said(entry: Any, facts: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """Every text inside, with the records that its own entry or one above it requires."""
    if isinstance(entry, dict):
        needed = [*entry.get("requires", ()), *([MOMENT_NEEDS[entry["moment"]]] if "moment" in entry else [])]
        mine = facts | with_implied(needed)
        for key, value in entry.items():
            if key not in NOT_SAID:
                yield from said(value, mine)
    elif isinstance(entry, list):
        for value in entry:
            yield from said(value, facts)
    elif isinstance(entry, str) and _HAN.search(entry):
        yield "".join(line.strip() for line in entry.splitlines()), facts


def found_in(path: Path) -> list[str]:
    texts = list(said(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert texts, "nothing was read"
    return [
        f"{one.matched}（{one.rule}）：{version[:60]}"
        for text, facts in texts
        for version in (text, *variants(text))
        for one in lint(version, facts)
    ]


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.name != "empty.toml"], ids=lambda path: path.stem)
def test_scripts_objections_techniques_and_small_talk(path: Path) -> None:
    assert found_in(path) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_short_messages(path: Path) -> None:
    assert found_in(path) == []


def words_of(path: Path) -> list[str]:
    """Every Chinese literal of a module but its docstrings; what an f-string fills in stands as {}."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: set[int] = set()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            found.append(node.value)
    return [text for text in found if _HAN.search(text)]


@pytest.mark.parametrize("path", [path for path in PAPER if words_of(path)], ids=lambda path: path.stem)
def test_every_word_on_paper(path: Path) -> None:
    assert [(one.matched, text) for text in words_of(path) for one in lint(text)] == []


def test_the_walk_finds_what_it_should() -> None:
    entry = {"requires": ["lawyer_letter"], "body": {"text": "律师函已寄出。"}, "avoid": [{"say": "停水"}]}
    assert list(said(entry)) == [("律师函已寄出。", frozenset({"lawyer_letter", "lawyer_mandate"}))]
    names = {path.stem for path in PAPER if words_of(path)}
    assert {"notice_words", "agreement_words", "receipt_words"} <= names
    assert len(SCRIPTS) >= 10 and TEXTS


def test_the_law_page_says_nothing_that_must_not_be_said_of_an_owner() -> None:
    blocked = {"insults", "threat", "coupons", "secrecy"}
    for one in law_book().articles:
        assert not [hit for hit in lint(one.gist + one.use) if hit.rule in blocked], one.title
