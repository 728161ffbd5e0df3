"""Room numbers: how they are compared, sorted, and walked on a delivery round.

`2-9` stands before `2-10`; `7-2-0302` and `7-2-302` are *not* the same room until a person says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_DASHES = {ord(dash): "-" for dash in "—–－‐‑‒―﹣−~～"}
_NUMBER = re.compile(r"\d+")
_DEPTH = 12
"""Digits to which numbers are padded: some lists number units with ten or more."""
_LABELLED = re.compile(
    r"(?:(?P<building>[^栋幢座楼]*?\d*[^栋幢座楼\d]*)(?:栋|幢|号楼|座))?"
    r"(?:(?P<unit>[^单元门栋幢座]+?)(?:单元|门))?"
    r"(?P<door>.*?)(?:室|号|房)?"
)
_BUILDING_ONLY = re.compile(r"(?P<building>[^栋幢座楼层#]*[\dA-Z])(?:栋|幢|号楼|座|#)")
_STOREY = re.compile(r"(?P<building>[^-/ ]*?)(?P<storey>首层|\d+层)(?P<door>[^-/ ]+)")
_TOWER = re.compile(r"\d{1,3}F.+|\d{3,4}[A-Z]?-\d{1,2}")
"""A house of its own without a building number: 12F03-05, 2503-4."""
_SEPARATORS = re.compile(r"#?[-/ ]+|#(?=[A-Z]?\d)")
_DASHED = re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+){1,3}")
_RUN = re.compile(r"[1-9]\d{4,7}")
_TOLD = re.compile(
    r"(?:(?P<building>[0-9A-Z]+)(?:栋|幢|号楼|座))?(?:(?P<unit>[0-9A-Z]+)(?:单元|门))?(?:(?P<door>[0-9A-Z]+)(?:室|号|房)?)?"
)
_DOOR = re.compile(r"[1-9]\d\d[A-Z]?")
_NO_STOREY = re.compile(r"车|库|储|别墅")
_FLOOR = re.compile(r"(?P<first>首层)|(?P<storey>\d{1,2})(?:层|F|[A-Z]$)|(?P<digits>\d{3,})")


def normal_room(text: str) -> str:
    """A room as it is kept: full-width turned to half-width, one kind of dash, no outer or doubled blanks."""
    half = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return " ".join(half.split()).strip("'\t ")


def room_key(room: str) -> str:
    """A text that sorts rooms as a person would: numbers by value, then by their spelling."""
    folded = room.replace(" ", "").upper()
    return _NUMBER.sub(lambda digits: digits[0].lstrip("0").rjust(_DEPTH, "0"), folded) + "\x01" + folded


def loose_key(room: str) -> str:
    """Equal for rooms that may be one (0302 and 302, 3栋2单元 and 3-2): a question, never a merge."""
    text = normal_room(room)
    place = place_of(text)
    parts = [place.building, place.unit, place.door] if place.labelled else re.split(r"[-/# ]+", text)
    bare = (part.upper().strip("-/# ") for part in parts)
    return "-".join(_NUMBER.sub(lambda d: d[0].lstrip("0") or "0", part) for part in bare if part)


def spellings(text: str) -> tuple[str, ...]:
    """How the list may write a room that a person names his own way, the text itself left out; `*` is anything.

    3-3-703 -> 3-3-0703; 33703 -> 3-3-703, 3-3-0703; 3栋3单元703室 -> 3-3-703, 3-3-0703; 3栋 -> 3-*.
    """
    typed = normal_room(text).upper()
    if _DASHED.fullmatch(typed):
        ways = [typed.split("-")]
    elif _RUN.fullmatch(typed):
        ways = _cut_run(typed)
    else:
        ways = _told_parts(typed)
    found = dict.fromkeys(one for parts in ways for one in _written(parts))
    return tuple(one for one in found if one != typed)


def _cut_run(digits: str) -> list[list[str]]:
    """33703 and 330703 -> (3, 3, door); 1213703 -> (12, 13, 703), (1, 21, 3703): wherever it can be cut."""
    found = []
    for door in (3, 4):
        place = digits[:-door]
        cuts = ((place[:at], place[at:]) for at in (1, 2) if 0 < len(place) - at <= 2)
        found += [[building, unit, digits[-door:]] for building, unit in cuts if not unit.startswith("0")]
    return found


def _told_parts(text: str) -> list[list[str]]:
    told = _TOLD.fullmatch(text)
    if told is None or not (told["building"] or told["unit"]):
        return []
    if not told["building"]:
        return [["*", told["unit"], told["door"] or "*"]]
    if told["unit"]:
        return [[told["building"], told["unit"], told["door"] or "*"]]
    return (
        [[told["building"], "*", told["door"]], [told["building"], told["door"]]]
        if told["door"]
        else [[told["building"], "*"]]
    )


def _written(parts: list[str]) -> Iterator[str]:
    """With and without leading noughts: the door of three digits as four, building and unit of one digit as two."""
    bare = [part.lstrip("0") or "0" for part in parts]
    places = [bare[:-1], [part.zfill(2) if part.isdigit() else part for part in bare[:-1]]]
    doors = [bare[-1], f"0{bare[-1]}"] if _DOOR.fullmatch(bare[-1]) else [bare[-1]]
    yield from ("-".join((*place, door)) for place in places for door in doors)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room lies, as far as its number tells; empty strings for what it does not tell."""

    building: str
    unit: str
    floor: int | None
    door: str
    labelled: bool = False
    """Written out with 栋/单元/室 instead of dashes."""


def place_of(room: str) -> Place:
    """Building, unit, floor and door read from the usual shapes: 3-2-1502, 4-12D, 3栋2单元1502室, 商铺A08."""
    text = normal_room(room)
    whole = _BUILDING_ONLY.fullmatch(text)
    if whole:
        return Place(whole["building"], "", None, text)
    if _TOWER.fullmatch(text):
        return Place("", "", _floor(text), text)
    labelled = _LABELLED.fullmatch(text)
    if labelled and (labelled["building"] or labelled["unit"]) and labelled["door"].strip():
        door = labelled["door"].strip()
        return Place((labelled["building"] or "").strip(), (labelled["unit"] or "").strip(), _floor(door), door, True)
    storey = _STOREY.fullmatch(text)
    if storey:
        return Place(storey["building"], "", _floor(storey["storey"]), storey["door"])
    parts = [part for part in _SEPARATORS.split(text) if part]
    if len(parts) >= 2:
        floor = None if _NO_STOREY.search(parts[0]) else _floor(parts[-1])
        return Place(parts[0], "-".join(parts[1:-1]), floor, parts[-1])
    shop = re.fullmatch(r"([^\d]*?[A-Z]?)(\d.*)", text)
    if shop and shop[1]:
        return Place(shop[1].rstrip("#"), "", None if _NO_STOREY.search(text) else _floor(shop[2]), text)
    return Place("", "", _floor(text), text)


def _floor(door: str) -> int | None:
    """1502 -> 15, 12D -> 12, 1层A座 -> 1; None for what does not tell (05, 6#车位, B02)."""
    found = _FLOOR.match(door.lstrip("-"))
    if not found:
        return None
    if found["first"]:
        return 1
    return int(found["storey"]) if found["storey"] else int(found["digits"]) // 100 or None


def delivery_key(room: str) -> tuple[str, str, int, str]:
    """Order of a delivery round: building, unit, floor from below, door."""
    place = place_of(room)
    return (room_key(place.building), room_key(place.unit), place.floor or 0, room_key(place.door))
