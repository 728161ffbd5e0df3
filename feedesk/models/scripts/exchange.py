"""A library as one file, to hand to another office: JSON, every script and answer in force, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.scripts.edition import (
    UNREADABLE,
    Words,
    entry_of,
    is_own_key,
    key_of,
    same_words,
    settled,
    shipped_words,
    word_problems,
)
from feedesk.models.scripts.library import ScriptLibrary
from feedesk.models.scripts.reader import TextProblem, read_objection, read_script
from feedesk.models.scripts.records import OBJECTION, OWN, Origin

FORMAT = 1
LARGEST = 8_000_000
"""Bytes; a library of thousands of scripts is smaller."""
SUFFIX = ".feedesk-scripts.json"
_MARK = "feedesk-scripts"
_HINT = "请向给文件的办公室再要一份。"


class Arrival(StrEnum):
    """What an incoming wording would do."""

    SAME = "same"
    CHANGED = "changed"
    OURS = "ours"
    NEW = "new"


ARRIVAL_LABELS = {
    Arrival.SAME: "和现在用的一样",
    Arrival.CHANGED: "成为新的一版并启用",
    Arrival.OURS: "回到原文",
    Arrival.NEW: "新增一篇",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One wording of the file."""

    key: str
    """The key it will have here; for a new one it is given when it is written."""
    words: Words
    arrival: Arrival
    problems: tuple[TextProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file that was read, before anything is written."""

    office: str
    """Who has exported it."""
    at: str
    incoming: tuple[Incoming, ...]

    def of(self, arrival: Arrival) -> tuple[Incoming, ...]:
        """Those that would do this."""
        return tuple(one for one in self.incoming if one.arrival is arrival)

    @property
    def blocked(self) -> tuple[Incoming, ...]:
        """Those with words that must not go out: while there is one, nothing is taken."""
        return tuple(one for one in self.incoming if any(problem.blocking for problem in one.problems))


def pack(library: ScriptLibrary, office: str, now: datetime) -> str:
    """The text of the file."""
    return json.dumps(
        {
            "kind": _MARK,
            "format": FORMAT,
            "office": office,
            "at": now.isoformat(timespec="seconds"),
            "scripts": [entry_of(one) for one in library.scripts],
            "objections": [entry_of(one) for one in library.objections],
        },
        ensure_ascii=False,
        indent=1,
    )


def unpack(text: str, shipped: ScriptLibrary, present: ScriptLibrary) -> Parcel:
    """What a file holds, beside what is in force here; raises `BadInput` for a file that is none or is damaged."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput("这不是话术文件，没有导入。", _HINT) from error
    if not isinstance(data, dict) or data.get("kind") != _MARK:
        raise BadInput("这不是话术文件，没有导入。", _HINT)
    if data.get("format") != FORMAT:
        raise BadInput(
            "话术文件是用别的版本的 FeeDesk 导出的，读不了，没有导入。", "请先升级程序，或请对方用同一版本导出。"
        )
    words = [*_read(data.get("scripts"), _script), *_read(data.get("objections"), _objection)]
    keys = [key_of(one) for one in words]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise BadInput(f"话术文件里“{twice}”有两篇，没有导入。", _HINT)
    return Parcel(
        str(data.get("office", "")), str(data.get("at", "")), tuple(_arriving(one, shipped, present) for one in words)
    )


def _script(entry: Mapping[str, Any]) -> Words:
    return read_script(entry, (), Origin.OFFICE)


def _objection(entry: Mapping[str, Any]) -> Words:
    return read_objection(entry, Origin.OFFICE)


def _read(entries: object, read: Any) -> list[Words]:
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise BadInput("话术文件不完整，没有导入。", _HINT)
    found = []
    for place, entry in enumerate(entries, start=1):
        try:
            found.append(read(entry))
        except UNREADABLE as error:
            raise BadInput(
                f"话术文件里第 {place} 篇读不了：有的内容缺了、空着，或这个版本不认识；整份都没有导入。", _HINT
            ) from error
    return found


def _arriving(words: Words, shipped: ScriptLibrary, present: ScriptLibrary) -> Incoming:
    words = settled(shipped, words)
    key = key_of(words)
    ours = shipped_words(shipped, key)
    problems = word_problems(shipped, words)
    if ours is not None and not is_own_key(key):
        now = shipped_words(present, key)
        if now is not None and same_words(words, now):
            return Incoming(key, words, Arrival.SAME)
        return Incoming(key, words, Arrival.OURS if same_words(words, ours) else Arrival.CHANGED, problems)
    kind = type(words)
    for other in (*present.scripts, *present.objections):
        if isinstance(other, kind) and is_own_key(key_of(other)) and same_words(words, other):
            return Incoming(key_of(other), words, Arrival.SAME)
    return Incoming("", words, Arrival.NEW, problems)


def renamed(words: Words, number: int) -> Words:
    """A wording under a new key of this office's own: `own.7`."""
    return replace(words, id=f"{OWN}{number}", version=1, origin=Origin.OFFICE)


def own_number(key: str) -> int:
    """7 of `own.7`; 0 where there is none."""
    tail = key.removeprefix(OBJECTION).removeprefix(OWN)
    return int(tail) if tail.isdigit() else 0
