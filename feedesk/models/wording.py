"""What must not be said or written to an owner (law §12–13), as data in `resources/law/wording.toml`.

A rule may be lifted by a record that makes the words true (a lawyer's letter on file, a case number). Text is judged
sentence by sentence, so that what is said in one excuses nothing in the next. Each finding can be taken care of by
one click (`mended`), and taking one after the other always ends in a text without a blocking finding (`mended_all`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from feedesk.models.citations import citations, written_like
from feedesk.models.law import LawBook, law_book
from feedesk.resources import resource_text

_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\[\[|\|\||\]\]")
"""The marks of a template's groups end a sentence too, so that mending one leaves them where they are."""
_KEYS = {
    *("id", "patterns", "when", "unless", "lifted_by", "why", "instead", "swaps", "blocking"),
    *("catches", "passes", "becomes"),
}
_LEAD = re.compile(r"(?:\s|[「『“（(【]|\d{1,2}[.、．](?!\d)|[-·•]\s)*")
_CLAUSE = re.compile(r"(?:[^，,：:]|(?<=\d)[,:](?=\d))+[，,：:]?")
_TELLS = re.compile(r"[\d{]")
_HANGS = re.compile(
    r"^(?:如果?|若|要是|假如|倘若|逾期|否则|不然|一旦|再不|到时|届时|只要|并|且|而且|直到|就|则|那|以后)|的话$"
)
_VOCATIVE = re.compile(r"\{称呼\}(?:您好|你好)?")
WHITELIST = "whitelist"
_GROUPS = ("[[", "||", "]]")
_MARKS = ("\n", *_GROUPS)


@dataclass(frozen=True, slots=True)
class WordingRule:
    """One rule. It is silent where `unless` is found in the same sentence, or `when` is not."""

    id: str
    pattern: re.Pattern[str] | None
    """None: reported from the table of old articles, or as not on the whitelist."""
    when: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    lifted_by: frozenset[str]
    """Records of which any makes the words true; empty: nothing does."""
    why: str
    instead: str
    """A lawful sentence to put in place of the whole one."""
    swaps: tuple[tuple[re.Pattern[str], str], ...]
    """What to put in place of the matched words, where the rest of the sentence may stay."""
    blocking: bool
    catches: tuple[str, ...]
    """Sentences that must be found, and…"""
    passes: tuple[str, ...]
    """…near misses that must not: the data carries its own proof."""
    becomes: tuple[tuple[str, str], ...]
    """What one click makes of a text: before, after."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Words in a text that should not go out."""

    rule: str
    matched: str
    start: int
    why: str
    instead: str
    """A lawful sentence."""
    blocking: bool
    """Must be mended; otherwise a warning."""
    replacement: str | None = None
    """Exact text to put in place of `matched`; None: the sentence must be said otherwise (`mended` does it)."""

    @property
    def end(self) -> int:
        """Where the matched words end."""
        return self.start + len(self.matched)


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The rules, in the order of the file. Compared by identity: what was found in a sentence is remembered by it."""

    rules: tuple[WordingRule, ...]
    book: LawBook

    def lint(self, text: str, facts: Iterable[str] = ()) -> list[Finding]:
        """What in `text` must be mended, by place; `facts` names the records that lift rules."""
        true = frozenset(facts)
        return [replace(one, start=a + one.start) for a, said in _sentences(text) for one in _judged(self, said, true)]

    def judge(self, sentence: str, facts: frozenset[str]) -> tuple[Finding, ...]:
        """What in one sentence must be mended, by place."""
        found = [*self._by_pattern(sentence, facts)]
        if "条" in sentence:
            cited = [*dict.fromkeys(self._by_citation(sentence, facts))]
            spans = [(one.start, one.end) for one in cited if one.blocking]
            found = [one for one in found if one.rule not in _CITING or not _overlaps(one, spans)]
            spans = [(one.start, one.end) for one in found if one.blocking]
            found += [one for one in cited if one.blocking or not _overlaps(one, spans)]
        return tuple(sorted(found, key=lambda finding: (finding.start, not finding.blocking)))

    def _by_pattern(self, sentence: str, facts: frozenset[str]) -> Iterator[Finding]:
        for rule in self.rules:
            if rule.pattern is None or not rule.lifted_by.isdisjoint(facts):
                continue
            hits = [*rule.pattern.finditer(sentence)]
            if not hits or (rule.unless and rule.unless.search(sentence)):
                continue
            if rule.when and not rule.when.search(sentence):
                continue
            for hit in hits:
                put = _swap(rule, hit[0])
                yield Finding(rule.id, hit[0], hit.start(), rule.why, rule.instead, rule.blocking, put)

    def _by_citation(self, sentence: str, facts: frozenset[str]) -> Iterator[Finding]:
        rules = {rule.id: rule for rule in self.rules}
        for one in citations(sentence):
            old = self.book.older(one.act, one.article)
            is_old = old is not None and bool(old.rule) and old.is_meant(sentence)
            rule = rules.get(old.rule if old and is_old else WHITELIST)
            if rule is None or (not is_old and self.book.may_cite(one.act, one.article, facts)):
                continue
            target = old.put if old and is_old else None
            moves = target is None or target[0] == one.act
            begin, end = one.number if not one.is_alone and moves else (one.start, one.end)
            put = written_like(one, *target) if target and (one.is_alone or moves) else None
            why = f"{rule.why}：{old.note}" if old and is_old else rule.why
            yield Finding(rule.id, sentence[begin:end], begin, why, rule.instead, rule.blocking, put)

    def mended(self, text: str, finding: Finding, facts: Iterable[str] = ()) -> str:
        """`text` with one finding taken care of.

        The matched words are swapped where that is enough. Else the sentence gives way to the lawful one; parts of it
        that hold figures or placeholders stay, unless they would mean something else alone.
        """
        start, end = next((a, a + len(s)) for a, s in _sentences(text) if a <= finding.start < a + len(s))
        sentence = text[start:end]
        before = self._weight(sentence, facts)
        for said in self._offers(sentence, finding, start):
            if self._weight(said, facts) < before:
                return text[:start] + said + text[end:]
        return text[:start] + _rewritten(sentence, finding, finding.start - start, keep=False) + text[end:]

    def mended_all(self, text: str, facts: Iterable[str] = ()) -> str:
        """`text` with one finding after the other taken care of until none blocks."""
        true = frozenset(facts)
        while (first := next((one for one in self.lint(text, true) if one.blocking), None)) is not None:
            text = self.mended(text, first, true)
        return text

    def _offers(self, sentence: str, finding: Finding, start: int) -> Iterator[str]:
        at = finding.start - start
        if finding.replacement is not None:
            yield sentence[:at] + finding.replacement + sentence[at + len(finding.matched) :]
        yield _rewritten(sentence, finding, at, keep=True)

    def _weight(self, text: str, facts: Iterable[str]) -> tuple[int, int]:
        """Blocking findings, then all: what a mend must lessen."""
        found = self.lint(text, facts)
        return sum(one.blocking for one in found), len(found)


_CITING = frozenset(("old-statutes", "old-regulation", "old-interpretation", "old-procedure"))


def lint(text: str, facts: Iterable[str] = ()) -> list[Finding]:
    """`Wording.lint` with the shipped rules."""
    return load_wording().lint(text, facts)


def mended(text: str, finding: Finding, facts: Iterable[str] = ()) -> str:
    """`Wording.mended` with the shipped rules."""
    return load_wording().mended(text, finding, facts)


def mended_all(text: str, facts: Iterable[str] = ()) -> str:
    """`Wording.mended_all` with the shipped rules."""
    return load_wording().mended_all(text, facts)


@lru_cache(maxsize=4096)
def _judged(wording: Wording, sentence: str, facts: frozenset[str]) -> tuple[Finding, ...]:
    """While a text is typed only one sentence is another; thousands of messages share most of theirs."""
    return wording.judge(sentence, facts)


def _sentences(text: str) -> list[tuple[int, str]]:
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    return [(a, text[a:b]) for a, b in pairwise(ends) if a < b]


def _overlaps(one: Finding, spans: list[tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in spans)


def _swap(rule: WordingRule, matched: str) -> str | None:
    for pattern, put in rule.swaps:
        hit = pattern.fullmatch(matched)
        if hit:
            return hit.expand(put)
    return None


def _rewritten(sentence: str, finding: Finding, at: int, *, keep: bool) -> str:
    """The sentence said lawfully: its lead and its end stay, and with `keep` the parts that hold figures."""
    found = _LEAD.match(sentence)
    lead = found[0] if found and found.end() <= at else ""
    body = sentence[len(lead) :]
    at -= len(lead)
    ended = _SENTENCE_END.search(body, max(0, len(body) - 2))
    end = ended[0] if ended and ended.end() == len(body) else ""
    body = body[: len(body) - len(end)] if end in _MARKS else body
    said = finding.instead
    if keep:
        kept = [
            (clause.start(), clause[0].rstrip("，,：:。！？!?；;\n"))
            for clause in _CLAUSE.finditer(body)
            if clause.end() <= at or clause.start() >= at + len(finding.matched)
        ]
        worth = [(place, words) for place, words in kept if _TELLS.search(words) and not _HANGS.search(words.strip())]
        before = "，".join(words for place, words in worth if place < at)
        after = "，".join(words for place, words in worth if place > at)
        to_whom = _VOCATIVE.fullmatch(before.strip())
        said = (f"{before}{'，' if to_whom else '。'}" if before else "") + said + (f"{after}。" if after else "")
    if end in _GROUPS and not body.endswith(("。", "！", "？")):
        said = said.rstrip("。")
    return lead + said + (end if end in _MARKS else "")


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """The shipped rules; they never change while the program runs."""
    return read_wording(resource_text("law/wording.toml"))


def read_wording(toml: str) -> Wording:
    """Rules from TOML text; raises ValueError for an unknown key or a bad pattern."""
    rules = []
    for entry in tomllib.loads(toml)["rule"]:
        name = entry.get("id", "?")
        if unknown := sorted(set(entry) - _KEYS):
            raise ValueError(f"rule {name}: unknown key {unknown[0]}")
        lifted = entry.get("lifted_by", [])
        patterns = entry.get("patterns", [])
        try:
            rules.append(
                WordingRule(
                    id=entry["id"],
                    pattern=re.compile("|".join(f"(?:{one})" for one in patterns)) if patterns else None,
                    when=re.compile(entry["when"]) if entry.get("when") else None,
                    unless=re.compile(entry["unless"]) if entry.get("unless") else None,
                    lifted_by=frozenset([lifted] if isinstance(lifted, str) else lifted),
                    why=entry["why"],
                    instead=entry["instead"],
                    swaps=tuple((re.compile(find), put) for find, put in entry.get("swaps", [])),
                    blocking=entry.get("blocking", True),
                    catches=tuple(entry["catches"]),
                    passes=tuple(entry["passes"]),
                    becomes=tuple((before, after) for before, after in entry.get("becomes", [])),
                )
            )
        except re.error as error:
            raise ValueError(f"rule {name}: {error}") from error
    return Wording(tuple(rules), law_book())
