"""Room numbers: how they are compared, sorted, and walked on a delivery round.

`2-9` stands before `2-10`; `7-2-0302` and `7-2-302` are *not* the same room until a person says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DASHES = {ord(dash): "-" for dash in "—–－‐‑‒―﹣−~～"}
_NUMBER = re.compile(r"\d+")
_DEPTH = 8
_LABELLED = re.compile(
    r"(?P<building>[^栋幢座楼]*?\d*[^栋幢座楼\d]*)(?:栋|幢|号楼|座)"
    r"(?:(?P<unit>[^单元门]+?)(?:单元|门))?"
    r"(?P<door>.*?)(?:室|号|房)?"
)


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
    place = place_of(room)
    parts = [place.building, place.unit, place.door] if place.labelled else re.split(r"[-/# ]+", room)
    return "-".join(_NUMBER.sub(lambda d: d[0].lstrip("0") or "0", part.upper()) for part in parts if part)


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
    labelled = _LABELLED.fullmatch(text)
    if labelled and labelled["door"].strip():
        door = labelled["door"].strip()
        return Place(labelled["building"].strip(), (labelled["unit"] or "").strip(), _floor(door), door, True)
    parts = [part for part in re.split(r"[-/ ]+", text) if part]
    if len(parts) >= 3:
        return Place(parts[0], "-".join(parts[1:-1]), _floor(parts[-1]), parts[-1])
    if len(parts) == 2:
        return Place(parts[0], "", _floor(parts[1]), parts[1])
    shop = re.fullmatch(r"([^\d]*?[A-Z]?)(\d.*)", text)
    if shop and shop[1]:
        return Place(shop[1].rstrip("#"), "", None, text)
    return Place("", "", _floor(text), text)


def _floor(door: str) -> int | None:
    digits = _NUMBER.match(door.lstrip("-"))
    if not digits:
        return None
    number = int(digits[0])
    if len(digits[0]) >= 3:
        return number // 100
    return number if len(door) > len(digits[0]) else None


def delivery_key(room: str) -> tuple[str, str, int, str]:
    """Order of a delivery round: building, unit, floor from below, door."""
    place = place_of(room)
    return (room_key(place.building), room_key(place.unit), place.floor or 0, room_key(place.door))
