"""Rooms that a text names, however it spells them: 2-1-101, 2栋1单元101室, 2#1-101, ２－１－１０１, 「1-1-704 2-1-403 两套」.

A room counts only when it is named whole: in 1-1-1002 there is no 1-1-100 and no 1-1002.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from feedesk.models.rooms import normal_room

_PIECE = re.compile(r"[0-9A-Z]+")
_WORD = r"(?:号楼|单元|栋|幢|座|号院|号|楼|#|门|层|区|期|苑)"
_LINK = re.compile(rf"\s*(?:{_WORD}\s*[-/#.]?|[-/#_.])\s*第?\s*")
_BLANK = re.compile(r"\s+")
_LIST = re.compile(r"\s*(?:室|房|号)?\s*[、,，;；和及与+&/]\s*")
_MONEY_OR_TIME = re.compile(r"\s*(?:个?月|年|元|%)|\.\d|:\d")
_COUNT = re.compile(r"\s*(?:日|块|万|季|天|次|户|套|分|期)|号(?!楼|房|院)")
"""Follows a date or a count; after three numbers, 2-1-101号, it is a way to write a room."""
_NOT_BEFORE = re.compile(r"(?:尾号|尾数|后四位|后4位|电话|手机|账号|帐号|卡号|单号|编号|[¥￥:])\s*$")
_STRUCTURE = re.compile(r"号楼|单元|号院|[栋幢座号楼门室房层区期苑第]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_DOOR = re.compile(r"[A-Z]?\d{3,4}[A-Z]?")
_SHORT_MONTH = range(1, 13)

_Key = tuple[str, ...]


class Spelling(IntEnum):
    """How clearly a text names a room; more is clearer."""

    SHORT = 1
    """Building and door without the unit: 2-101 for 2-1-101; or with months run together with it."""
    LOOSE = 2
    """Another writing of the same numbers: 0101 for 101."""
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A room that a text names. Several `rooms` when it could be each of them."""

    rooms: tuple[str, ...]
    spelling: Spelling
    text: str
    """As the text writes it."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that a text says of rooms, in its order. `unknown`: written like rooms, but there are none of that number."""

    rooms: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chain:
    """Numbers linked to one another: 2栋1单元101 is (2, 1, 101)."""

    pieces: _Key
    start: int
    end: int
    is_number: bool
    """A sum, a date or a count follows from it: no room."""


class RoomIndex:
    """The rooms of an office, ready to be found in texts."""

    def __init__(self, rooms: Iterable[str]) -> None:
        self._exact: dict[_Key, list[str]] = {}
        self._loose: dict[_Key, list[str]] = {}
        self._short: dict[_Key, list[str]] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._worded: dict[str, dict[str, list[tuple[str, str]]]] = {}
        """First word of a room -> its last number -> such rooms and how they are written: 车位 -> 6 -> 6#车位."""
        for room in dict.fromkeys(rooms):
            text = normal_room(room).upper()
            key = tuple(_PIECE.findall(text))
            if not key:
                continue
            self._words[room] = tuple(_HAN.findall(_STRUCTURE.sub(" ", text)))
            if self._words[room]:
                numbers = self._worded.setdefault(self._words[room][0], {})
                numbers.setdefault(key[-1], []).append((room, text))
            bare = _bare(key)
            self._exact.setdefault(key, []).append(room)
            self._loose.setdefault(bare, []).append(room)
            if len(key) >= 3:
                self._short.setdefault((bare[0], bare[-1]), []).append(room)

    def find(self, text: str) -> Mentions:
        """The rooms named in a text such as a bank's 附言."""
        half = normal_room(text).upper()
        if not any(char.isdigit() for char in half):
            return Mentions()
        found, half = self._verbatim(half)
        chains = _chains(half)
        unknown: list[str] = []
        last: _Key = ()
        last_end = -1
        for chain in chains:
            follows = last and len(chain.pieces) == 1 and _LIST.fullmatch(half[last_end : chain.start])
            mentions = self._of_chain(chain, half)
            if follows and not mentions and not chain.is_number:
                # 「2-1-101、102」: the second is in the same unit
                mentions = self._lookup((*last[:-1], *chain.pieces), half, half[chain.start : chain.end])
            if mentions:
                found += mentions
                last, last_end = chain.pieces, chain.end
            elif _reads_as_room(chain):
                unknown.append(half[chain.start : chain.end])
        if not found:
            found = self._blank_separated(chains, half)
        seen: dict[tuple[str, ...], Mention] = {}
        for mention in found:
            seen.setdefault(mention.rooms, mention)
        return Mentions(tuple(seen.values()), () if found else tuple(unknown))

    def _verbatim(self, half: str) -> tuple[list[Mention], str]:
        """Rooms with words of their own, written just as they are kept: 6#车位, C1首层113铺; and the rest of the text."""
        found: list[Mention] = []
        pieces = dict.fromkeys(_PIECE.findall(half))
        for word, numbers in self._worded.items():
            if word not in half:
                continue
            for room, text in (entry for piece in pieces for entry in numbers.get(piece, ())):
                start = half.find(text)
                if start >= 0 and _stands_alone(half, start, start + len(text)):
                    found.append(Mention((room,), Spelling.WHOLE, text))
                    half = f"{half[:start]}，{half[start + len(text) :]}"
        return found, half

    def _of_chain(self, chain: _Chain, half: str) -> list[Mention]:
        pieces, text = chain.pieces, half[chain.start : chain.end]
        if not chain.is_number:
            if len(pieces) == 1:
                return self._single(chain, half, text)
            whole = self._lookup(pieces, half, text)
            if whole:
                return whole
            several = self._doors_of_one_unit(pieces, half, text)
            if several:
                return several
            if len(pieces) == 2:
                rooms = self._fitting(self._short.get(_bare(pieces), ()), half, strict=False)
                return [Mention(rooms, Spelling.SHORT, text)] if rooms else []
        return self._with_months(pieces, half, text)

    def _single(self, chain: _Chain, half: str, text: str) -> list[Mention]:
        """A room of one number, 1502 or 商铺A08: only where nothing else speaks for another meaning."""
        if _NOT_BEFORE.search(half[: chain.start]) or len(text) > 6 or (text.isdigit() and len(text) < 3):
            return []
        if not any(char.isdigit() for char in text):
            return []
        if text.isdigit() and not re.match(r"室|房|号房|物|管|交|缴|\s|$", half[chain.end :]):
            return []
        return self._lookup(chain.pieces, half, text)

    def _lookup(self, key: _Key, half: str, text: str) -> list[Mention]:
        exact = self._fitting(self._exact.get(key, ()), half, strict=len(key) == 1)
        if exact:
            return [Mention(exact, Spelling.WHOLE, text)]
        loose = self._fitting(self._loose.get(_bare(key), ()), half, strict=len(key) == 1)
        return [Mention(loose, Spelling.LOOSE, text)] if loose else []

    def _fitting(self, rooms: Sequence[str], half: str, *, strict: bool) -> tuple[str, ...]:
        """Those whose words (商铺, 东苑) stand in the text; else those without words; `strict`: no others."""
        worded = [room for room in rooms if self._words[room] and all(word in half for word in self._words[room])]
        plain = [room for room in rooms if not self._words[room]]
        return tuple(worded or plain or (() if strict else rooms))

    def _doors_of_one_unit(self, pieces: _Key, half: str, text: str) -> list[Mention]:
        """「2-1-101/102」: several doors after one building and unit."""
        for stop in range(3, len(pieces)):
            found = [self._lookup((*pieces[: stop - 1], door), half, text) for door in pieces[stop - 1 :]]
            if all(found):
                return [mention for group in found for mention in group]
        return []

    def _with_months(self, pieces: _Key, half: str, text: str) -> list[Mention]:
        """「2-1-101-11月」, 「2026-2-1-101」: a room run together with a month or a year."""
        hits = []
        for size in range(len(pieces) - 1, 2, -1):
            for start in range(len(pieces) - size + 1):
                rest = (*pieces[:start], *pieces[start + size :])
                if all(_is_time(piece) for piece in rest):
                    hits += self._lookup(pieces[start : start + size], half, text)
            if hits:
                break
        return [Mention(hits[0].rooms, Spelling.SHORT, text)] if len({hit.rooms for hit in hits}) == 1 else []

    def _blank_separated(self, chains: Sequence[_Chain], half: str) -> list[Mention]:
        """「2 1 101」: a whole run of numbers between blanks that is one room."""
        found: list[Mention] = []
        run: list[_Chain] = []
        for chain in [*chains, None]:
            alone = chain is not None and len(chain.pieces) == 1 and not chain.is_number
            if chain and alone and (not run or _BLANK.fullmatch(half[run[-1].end : chain.start])):
                run.append(chain)
                continue
            if len(run) >= 3:
                key = tuple(link.pieces[0] for link in run)
                found += self._lookup(key, half, half[run[0].start : run[-1].end])
            run = [chain] if chain and alone else []
        return found


def _stands_alone(half: str, start: int, end: int) -> bool:
    """Whether no number or letter goes on before or after: 6#车位 is not in 16#车位."""
    before, after = half[:start][-1:], half[end : end + 1]
    return not (_PIECE.match(before) and _PIECE.match(half[start])) and not (
        _PIECE.match(after) and _PIECE.match(half[end - 1])
    )


def _bare(key: _Key) -> _Key:
    return tuple(piece.lstrip("0") or "0" for piece in key)


def _is_time(piece: str) -> bool:
    return piece.isdigit() and (int(piece) in _SHORT_MONTH or (len(piece) == 4 and piece.startswith("20")))


def _chains(half: str) -> list[_Chain]:
    """All runs of linked numbers, as long as they can be."""
    found: list[_Chain] = []
    pieces: list[str] = []
    start = end = 0
    for hit in [*_PIECE.finditer(half), None]:
        if hit and hit[0].isalpha() and len(hit[0]) > 2:
            continue
        if pieces and (hit is None or not _LINK.fullmatch(half[end : hit.start()])):
            is_count = len(pieces) < 3 and _COUNT.match(half, end)
            found.append(_Chain(tuple(pieces), start, end, bool(is_count or _MONEY_OR_TIME.match(half, end))))
            pieces = []
        if hit:
            if not pieces:
                start = hit.start()
            pieces.append(hit[0])
            end = hit.end()
    return found


def _reads_as_room(chain: _Chain) -> bool:
    """Whether numbers are written like a room: 9-9-999; not 7-9, 2026-11-01, 0755-8888888."""
    if chain.is_number or not 2 <= len(chain.pieces) <= 4:
        return False
    return bool(_DOOR.fullmatch(chain.pieces[-1])) and len(chain.pieces[0]) <= 2
