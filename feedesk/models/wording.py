"""What must not be said or written to an owner (law §12–13), as data in `resources/law/wording.toml`.

A rule may be lifted by a record that makes the words true (a lawyer's letter on file, a case number). Text is judged
sentence by sentence, so that what is said in one excuses nothing in the next, and as it is read aloud: blanks within
words and wide figures change nothing. One click on a finding leaves its sentence lawful (`mended`), and taking one
after the other ends in a text without a blocking finding (`mended_all`).
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
    *("id", "patterns", "when", "unless", "despite", "lifted_by", "why", "instead", "scope", "swaps", "blocking"),
    *("catches", "passes", "becomes"),
}
_NOTHING = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_AS_READ = dict.fromkeys(map(ord, " \t\r\v\f\xa0\u3000" + _NOTHING)) | {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF20, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_CLAUSE_BEFORE = re.compile(r"[^，,：:]*$")
_MACRO = re.compile(r"<<(\w+)>>")
_LEAD = re.compile(r"(?:\s|[「『“（(【]|\d{1,2}[.、．](?!\d)|[-·•]\s)*")
_CLAUSE = re.compile(r"(?:[^，,：:]|(?<=\d)[,:](?=\d))+[，,：:]?")
_TELLS = re.compile(r"[\d{]")
_WHOLE = re.compile(r"元|块钱|缴|交|付|核对|欠|合计|联系|回电|电话|\{称呼\}|\{金额\}|[您你]家")
"""What lets a part of a sentence stand alone: 「24 小时内」 does not."""
_HANGS = re.compile(
    r"^(?:如果?|若|要是|假如|倘若|逾期|否则|不然|一旦|再不|到时|届时|只要|并|且|而且|直到|就|则|那|以后|还|也|不|没|未|超过"
    r"|过了|满|拖|晚|你)|(?:的话|的|才|再|后|时|[不没][交缴付还])$"
)
_VOCATIVE = re.compile(r"\{称呼\}(?:您好|你好)?")
WHITELIST = "whitelist"
_GROUPS = ("[[", "||", "]]")
_MARKS = ("\n", *_GROUPS)


@dataclass(frozen=True, slots=True)
class WordingRule:
    """One rule. It is silent where `when` is not found in the same sentence, or `unless` is and `despite` is not."""

    id: str
    pattern: re.Pattern[str] | None
    """None: reported from the table of old articles, or as not on the whitelist."""
    when: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    """Another matter: repairs, announcements of facts…"""
    despite: re.Pattern[str] | None
    """…but not in one breath with the debt."""
    lifted_by: frozenset[str]
    """Records of which any makes the words true; empty: nothing does."""
    why: str
    instead: str
    """A lawful sentence to put in place of the whole one."""
    swaps: tuple[tuple[re.Pattern[str], str], ...]
    """What to put in place of the matched words, where the rest of the sentence may stay: only with scope `words`. Where
    none fits the words (it may look at what stands around them) the whole sentence gives way, as with scope `sentence`.
    """
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
    """Exact text to put in place of `matched`; None: the sentence is said otherwise (`mended` does it)."""

    @property
    def end(self) -> int:
        """Where the matched words end."""
        return self.start + len(self.matched)


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The rules, in the order of the file. Compared by identity: what was found in a sentence is remembered by it."""

    rules: tuple[WordingRule, ...]
    book: LawBook
    denied: re.Pattern[str] | None = None
    """Ends the clause before words that are denied or asked back: 「我们不会」, 「您问会不会」."""
    meant: re.Pattern[str] | None = None
    """…unless this ends it too: 「不得不」."""

    def lint(self, text: str, facts: Iterable[str] = ()) -> list[Finding]:
        """What in `text` must be mended, by place; `facts` names the records that lift rules."""
        true = frozenset(facts)
        return [replace(one, start=a + one.start) for a, said in _sentences(text) for one in _judged(self, said, true)]

    def judge(self, sentence: str, facts: frozenset[str]) -> tuple[Finding, ...]:
        """What in one sentence must be mended, by place."""
        plain = sentence.translate(_AS_READ)
        found = [*self._by_pattern(plain, facts)]
        if "条" in plain:
            cited = [*dict.fromkeys(self._by_citation(plain, facts))]
            spans = [(one.start, one.end) for one in cited if one.blocking]
            found = [one for one in found if one.rule not in _CITING or not _overlaps(one, spans)]
            spans = [(one.start, one.end) for one in found if one.blocking]
            found += [one for one in cited if one.blocking or not _overlaps(one, spans)]
        if plain != sentence:
            found = [_placed(one, sentence) for one in found]
        return tuple(sorted(found, key=lambda finding: (finding.start, not finding.blocking)))

    def _by_pattern(self, sentence: str, facts: frozenset[str]) -> Iterator[Finding]:
        for rule in self.rules:
            if rule.pattern is None or not rule.lifted_by.isdisjoint(facts):
                continue
            hits = [hit for hit in rule.pattern.finditer(sentence) if not self._is_denied(sentence, hit.start())]
            if not hits or (rule.when and not rule.when.search(sentence)):
                continue
            if rule.unless and rule.unless.search(sentence) and not (rule.despite and rule.despite.search(sentence)):
                continue
            for hit in hits:
                put = _swap(rule, sentence, hit)
                yield Finding(rule.id, hit[0], hit.start(), rule.why, rule.instead, rule.blocking, put)

    def _is_denied(self, sentence: str, at: int) -> bool:
        if self.denied is None:
            return False
        found = _CLAUSE_BEFORE.search(sentence, 0, at)
        before = found[0] if found else ""
        return bool(self.denied.search(before)) and not (self.meant and self.meant.search(before))

    def _by_citation(self, sentence: str, facts: frozenset[str]) -> Iterator[Finding]:
        rules = {rule.id: rule for rule in self.rules}
        for one in citations(sentence):
            old = self.book.older(one.act, one.article)
            is_old = old is not None and bool(old.rule) and old.is_meant(sentence)
            rule = rules.get(old.rule if old and is_old else WHITELIST)
            if rule is None or (not is_old and self.book.may_cite(one.act, one.article, facts)):
                continue
            target = old.put if old and is_old and old.put and self.book.may_cite(*old.put, facts) else None
            moves = target is None or target[0] == one.act
            begin, end = one.number if not one.is_alone and moves else (one.start, one.end)
            put = written_like(one, *target) if target and (one.is_alone or moves) else None
            why = f"{rule.why}：{old.note}" if old and is_old else rule.why
            yield Finding(rule.id, sentence[begin:end], begin, why, rule.instead, rule.blocking, put)

    def mended(self, text: str, finding: Finding, facts: Iterable[str] = ()) -> str:
        """`text` with the sentence of one finding made lawful.

        The matched words are swapped where that is enough. Else the sentence gives way to the lawful one; parts of it
        that hold figures or placeholders stay, unless they would mean something else alone. What else in the sentence
        must not be said goes by the same click, so that no click leaves half a fault behind that looks mended.
        """
        true = frozenset(facts)
        start, end = next((a, a + len(s)) for a, s in _sentences(text) if a <= finding.start < a + len(s))
        said = self._said(text[start:end], replace(finding, start=finding.start - start), true)
        return text[:start] + self.mended_all(said, true) + text[end:]

    def mended_all(self, text: str, facts: Iterable[str] = ()) -> str:
        """`text` with one finding after the other taken care of until none blocks."""
        true = frozenset(facts)
        while (first := next((one for one in self.lint(text, true) if one.blocking), None)) is not None:
            start, end = next((a, a + len(s)) for a, s in _sentences(text) if a <= first.start < a + len(s))
            text = (
                text[:start] + self._said(text[start:end], replace(first, start=first.start - start), true) + text[end:]
            )
        return text

    def _said(self, sentence: str, finding: Finding, facts: frozenset[str]) -> str:
        """One sentence with one finding taken care of."""
        before = self._weight(sentence, facts)
        if finding.replacement is not None:
            said = sentence[: finding.start] + finding.replacement + sentence[finding.end :]
            if self._weight(said, facts) < before:
                return said
        said = _rewritten(sentence, finding, finding.start, keep=True)
        return said if self._weight(said, facts) < before else _rewritten(sentence, finding, finding.start, keep=False)

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


def _placed(one: Finding, sentence: str) -> Finding:
    """A finding in a sentence as it is read, in the sentence as it is written."""
    places = [at for at, sign in enumerate(sentence) if _AS_READ.get(ord(sign), 0) is not None]
    start, end = places[one.start], places[one.end - 1] + 1
    return replace(one, start=start, matched=sentence[start:end])


def _swap(rule: WordingRule, sentence: str, hit: re.Match[str]) -> str | None:
    for pattern, put in rule.swaps:
        found = pattern.match(sentence, hit.start())
        if found and found.end() == hit.end():
            return found.expand(put)
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
        worth = [(place, words.strip()) for place, words in kept if _stands_alone(words.strip())]
        before = "，".join(words for place, words in worth if place < at)
        after = "，".join(words for place, words in worth if place > at)
        to_whom = _VOCATIVE.fullmatch(before.strip())
        said = (f"{before}{'，' if to_whom else '。'}" if before else "") + said + (f"{after}。" if after else "")
    if end in _GROUPS and not body.endswith(("。", "！", "？")):
        said = said.rstrip("。")
    return lead + said + (end if end in _MARKS else "")


def _stands_alone(words: str) -> bool:
    return bool(_TELLS.search(words) and _WHOLE.search(words)) and not _HANGS.search(words)


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """The shipped rules; they never change while the program runs."""
    return read_wording(resource_text("law/wording.toml"))


def read_wording(toml: str) -> Wording:
    """Rules from TOML text; raises ValueError for an unknown key or a bad pattern."""
    data = tomllib.loads(toml)
    macros: dict[str, str] = data.get("words", {})

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(_MACRO.sub(lambda name: f"(?:{macros[name[1]]})", pattern))

    def maybe(pattern: str) -> re.Pattern[str] | None:
        return compiled(pattern) if pattern else None

    rules = []
    for entry in data["rule"]:
        name = entry.get("id", "?")
        if unknown := sorted(set(entry) - _KEYS):
            raise ValueError(f"rule {name}: unknown key {unknown[0]}")
        if (entry.get("scope", "sentence") == "words") != bool(entry.get("swaps")):
            raise ValueError(f"rule {name}: swaps go with scope words, and with no other")
        lifted = entry.get("lifted_by", [])
        try:
            rules.append(
                WordingRule(
                    id=entry["id"],
                    pattern=maybe("|".join(f"(?:{one})" for one in entry.get("patterns", []))),
                    when=maybe(entry.get("when", "")),
                    unless=maybe(entry.get("unless", "")),
                    despite=maybe(entry.get("despite", "")),
                    lifted_by=frozenset([lifted] if isinstance(lifted, str) else lifted),
                    why=entry["why"],
                    instead=entry["instead"],
                    swaps=tuple((compiled(find), put) for find, put in entry.get("swaps", [])),
                    blocking=entry.get("blocking", True),
                    catches=tuple(entry["catches"]),
                    passes=tuple(entry["passes"]),
                    becomes=tuple((before, after) for before, after in entry.get("becomes", [])),
                )
            )
        except (re.error, KeyError) as error:
            raise ValueError(f"rule {name}: {error}") from error
    return Wording(tuple(rules), law_book(), maybe(data.get("denied", "")), maybe(data.get("meant", "")))
