"""The office's own wordings over ours: what may be kept, which wording is in force, and what is still remembered.

Ours are version 0 of a key and are never lost. A key is a script's id, or `objection.` and an answer's id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts.library import ScriptLibrary, ordered
from feedesk.models.scripts.reader import (
    TextProblem,
    objection_entry,
    objection_problems,
    read_objection,
    read_script,
    script_entry,
    script_problems,
)
from feedesk.models.scripts.records import OBJECTION, OWN, Objection, Origin, Script

Words = Script | Objection
OURS = 0
"""The number of our own wording."""
_NET = frozenset(
    (DebtorType.UNPAID, step, Channel.PHONE) for step in (Step.REMINDER, Step.FIRST_CALL, Step.SECOND_CALL)
)
"""The general scripts on which every choice can fall back: they are worded anew, but never hidden."""


class Source(StrEnum):
    """How a wording came in."""

    OURS = "ours"
    OFFICE = "office"
    IMPORT = "import"


SOURCE_LABELS = {Source.OURS: "原文", Source.OFFICE: "本办公室", Source.IMPORT: "导入"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One wording of a key."""

    key: str
    number: int
    """0 is ours; the office's count from 1."""
    words: Words
    source: Source
    note: str = ""
    """What was changed and why, as the clerk put it."""
    at: datetime | None = None
    """None for ours."""
    staff_name: str = ""
    base: int = 0
    """The version of ours that it was written beside; 0 for the office's own scripts."""
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class Outdated:
    """A wording that the office decided on before a rule became stricter, and what must be mended in it."""

    kept: Kept
    problems: tuple[TextProblem, ...]
    """The blocking ones, at least one."""

    @property
    def title(self) -> str:
        """What it is called on screen."""
        words = self.kept.words
        return words.title if isinstance(words, Script) else f"“{words.chip}”"

    @property
    def stands_in(self) -> str:
        """What is said in its place until it is mended."""
        return "先不用它" if is_own_key(self.kept.key) else "先用原文"


def outdated_banner(found: Collection[Outdated]) -> tuple[str, ...]:
    """The line over the scripts while the office's own wordings need mending; none: nothing."""
    if not found:
        return ()
    first = next(iter(found))
    wrong = first.problems[0]
    what = f"不能再说“{wrong.matched}”" if wrong.matched else wrong.what.rstrip("。")
    return (f"{len(found)} 份本办公室话术要改：“{first.title.strip('“”')}”里{what}；改好以前{first.stands_in}。",)


@dataclass(frozen=True, slots=True)
class KeyState:
    """What the office has decided about a key."""

    number: int = OURS
    hidden: bool = False


def key_of(words: Words) -> str:
    """The key under which a wording is kept."""
    return words.id if isinstance(words, Script) else f"{OBJECTION}{words.id}"


def shipped_words(shipped: ScriptLibrary, key: str) -> Words | None:
    """Our own wording of a key; None for what the office has added."""
    if key.startswith(OBJECTION):
        return shipped.objection(key.removeprefix(OBJECTION))
    return shipped.script(key)


def is_own_key(key: str) -> bool:
    """Whether the office has added it."""
    return key.removeprefix(OBJECTION).startswith(OWN)


def settled(shipped: ScriptLibrary, words: Words) -> Words:
    """A wording of one of our scripts where and when ours is said: the office words it anew, it moves nothing.

    A copy kept before ours had a condition, or served a type or step, takes it on; the office's own scripts keep theirs.
    """
    ours = shipped_words(shipped, key_of(words))
    if not isinstance(words, Script) or not isinstance(ours, Script) or words.channel is not ours.channel:
        return words
    return replace(
        words, types=ours.types, steps=ours.steps, requires=ours.requires, needs=ours.needs, rings=ours.rings
    )


def entry_of(words: Words) -> dict[str, object]:
    """The entry of a wording, as it is kept and handed on."""
    return script_entry(words) if isinstance(words, Script) else objection_entry(words)


def words_of(key: str, entry: Mapping[str, object]) -> Words:
    """A wording of the office from its entry. Raises `UNREADABLE`."""
    read = read_objection(entry, Origin.OFFICE) if key.startswith(OBJECTION) else read_script(entry, (), Origin.OFFICE)
    if key_of(read) != key:
        raise ValueError(f"{key}: the entry is of {key_of(read)}")
    return read


def same_words(one: Words, other: Words) -> bool:
    """Whether two wordings say the same, whoever wrote them and whatever their number."""
    return _bare(one) == _bare(other)


def _bare(words: Words) -> dict[str, object]:
    return {name: value for name, value in entry_of(words).items() if name not in ("version", "id")}


def word_problems(shipped: ScriptLibrary, words: Words) -> tuple[TextProblem, ...]:
    """What is wrong with a wording: that it is not whole, its texts, and for one of ours that it has left its place.

    Records and conditions are ours whatever it says (`settled`).
    """
    found = list(_text_problems(settled(shipped, words)))
    ours = shipped_words(shipped, key_of(words))
    if isinstance(words, Script) and isinstance(ours, Script) and _place(words) != _place(ours):
        found.append(TextProblem("类型、阶段、渠道和时点要和原文一样；别的情形请另写一篇"))
    return (*found, *shape_problems(words))


def _place(script: Script) -> tuple[object, ...]:
    return script.types, script.steps, script.channel, script.moment, script.situation


_TITLE, _LINE, _TEXT = 40, 120, 1_000
"""Characters of a title or chip, of a line for the clerk, of what is said: three minutes in one breath is a slip."""
_NO_CHARACTER = re.compile("[\\x00-\\x08\\x0b-\\x1f\\ud800-\\udfff]")
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading an entry raises that is no wording."""


def shape_problems(words: Words) -> tuple[TextProblem, ...]:
    """Why a wording could not be kept and read again: an empty place, a slip of length, characters that are none."""
    entry = entry_of(words)
    if any(_NO_CHARACTER.search(text) for text in _strings(entry)):
        return (TextProblem("有的字存不下来（例如半个表情符号），请删掉重打"),)
    named = _named_texts(words)
    found = [TextProblem(f"{name}是空的") for name, text, _ in named if not text.strip()]
    found += [
        TextProblem(f"{name}太长：{len(text)} 个字，最多 {most} 个") for name, text, most in named if len(text) > most
    ]
    try:
        words_of(key_of(words), entry)
    except UNREADABLE:
        return tuple(found) or (TextProblem("类型、阶段、渠道、时点合不成一篇话术"),)
    return tuple(found)


def _named_texts(words: Words) -> list[tuple[str, str, int]]:
    """Every text that must not be empty: its name on screen, itself, and how many characters it may have."""
    if isinstance(words, Objection):
        said = (("认可", words.accept), ("事实", words.fact), ("出路", words.way), ("收口", words.ask))
        return [("标签", words.chip, _TITLE), *((f"“{name}”", text, _TEXT) for name, text in said)]
    named = [("题目", words.title, _TITLE), ("一句话的要点", words.gist, _LINE)]
    for part in words.parts:
        named += [(f"“{part.kind.value}”", part.text, _TEXT), (f"“{part.kind.value}”的用意", part.intent, _LINE)]
    return named


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, Iterable):
        for one in value:
            yield from _strings(one)


def _text_problems(words: Words) -> tuple[TextProblem, ...]:
    return objection_problems(words) if isinstance(words, Objection) else script_problems(words)


def hide_problem(words: Words) -> str:
    """Why a key cannot be hidden; empty when it can."""
    if isinstance(words, Script) and not words.is_shared and (words.types[0], words.step, words.channel) in _NET:
        return "这一篇是别的话术都用不上时兜底的，不能停用。"
    return ""


def outdated_wordings(kept: Iterable[Kept], states: Mapping[str, KeyState]) -> tuple[Outdated, ...]:
    """The office's wordings decided on that may not be said any more, in the order of their keys.

    Only their texts count, and in them what blocks: of a warning the clerk knew when it was kept, and where ours have
    moved the office cannot mend its own.
    """
    found = []
    for one in kept:
        state = states.get(one.key, KeyState())
        if one.number != state.number or state.hidden:
            continue
        if wrong := tuple(problem for problem in _text_problems(one.words) if problem.blocking):
            found.append(Outdated(one, wrong))
    return tuple(sorted(found, key=lambda one: one.kept.key))


def in_force(shipped: ScriptLibrary, kept: Iterable[Kept], states: Mapping[str, KeyState]) -> ScriptLibrary:
    """The library as the office uses it: its wordings in force over ours, without what it has hidden.

    Where a wording may not be said any more (`outdated_wordings`) ours is said again, and an own script of the office
    is left out. Everything else, ours included, stays among `earlier`: contacts remember it.
    """
    kept = tuple(kept)
    refused = {(one.kept.key, one.kept.number) for one in outdated_wordings(kept, states)}
    own = {(one.key, one.number): one.words for one in kept}
    said = {place: words for place, words in own.items() if place not in refused}
    scripts = _chosen(shipped.scripts, said, states, answers=False)
    objections = _chosen(shipped.objections, said, states, answers=True)
    used = {one.ref for one in (*scripts, *objections)}
    everything: list[Words] = [*shipped.earlier, *shipped.scripts, *shipped.objections, *own.values()]
    return replace(
        shipped,
        scripts=ordered(one for one in scripts if isinstance(one, Script)),
        objections=tuple(one for one in objections if isinstance(one, Objection)),
        earlier=tuple(one for one in everything if one.ref not in used),
    )


def _chosen(
    shipped: Collection[Words],
    own: Mapping[tuple[str, int], Words],
    states: Mapping[str, KeyState],
    *,
    answers: bool,
) -> list[Words]:
    """The wording in force of every key of this kind, ours in their order, then what the office has added."""
    ours = {key_of(one): one for one in shipped}
    added = [key for key, state in states.items() if key not in ours and key.startswith(OBJECTION) is answers]
    found = []
    for key in (*ours, *added):
        state = states.get(key, KeyState())
        words = own.get((key, state.number)) or ours.get(key)
        if words is not None and not state.hidden:
            found.append(words)
    return found
