"""Whether two rooms may be one room, and two names one owner. A likeness is a question, never a merge."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from feedesk.models.people import split_joint
from feedesk.models.rooms import loose_key

_DIGITS = re.compile(r"\d+")


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike but for blanks, full width, and the order of joint owners."""
    return one == other or _persons(one) == _persons(other)


def may_be_same_owner(one: str, one_phones: Iterable[str], other: str, other_phones: Iterable[str]) -> str:
    """Why a name that differs may be a corrected spelling; empty when nothing speaks for it."""
    if _numbers(one_phones) & _numbers(other_phones):
        return "电话相同"
    first, second = _persons(one), _persons(other)
    if first & second:
        return "有一位业主相同"
    bare, changed = "".join(sorted(first)), "".join(sorted(second))
    if not bare or not changed:
        return ""
    shared = sum((Counter(bare) & Counter(changed)).values())
    return "姓名只差一两个字" if shared * 2 > max(len(bare), len(changed)) else ""


def look_alikes(new_rooms: Iterable[str], all_rooms: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each room not held yet with the other rooms that may be the same one (0302 and 302, 3栋2单元 and 3-2)."""
    wanted = dict.fromkeys(new_rooms)
    keys = {room: _coarse(room) for room in dict.fromkeys([*all_rooms, *wanted])}
    coarse: dict[tuple[str, ...], list[str]] = {}
    for room, digits in keys.items():
        coarse.setdefault(digits, []).append(room)
    found = []
    for room in wanted:
        alike = coarse[keys[room]]
        if len(alike) > 1:
            key = loose_key(room)
            others = tuple(other for other in alike if other != room and loose_key(other) == key)
            if others:
                found.append((room, others))
    return found


def _coarse(room: str) -> tuple[str, ...]:
    """Equal whenever `loose_key` is, and far cheaper."""
    return tuple(number.lstrip("0") for number in _DIGITS.findall(room))


def _persons(name: str) -> frozenset[str]:
    bare = unicodedata.normalize("NFKC", name)
    return frozenset("".join(person.split()).casefold() for person in split_joint(bare.strip()))


def _numbers(phones: Iterable[str]) -> set[str]:
    digits = ("".join(char for char in phone if char.isdigit()) for phone in phones)
    return {number for number in digits if len(number) >= 7}
