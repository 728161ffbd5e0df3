"""Names and phones as lists write them. A name is never changed except at its ends and for the tenant beside it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import is_nothing, text_of

_TENANT = re.compile(r"\s*[(（]\s*(?:租户|租客|承租人|承租|使用人|租)\s*[:：]\s*([^()（）]*?)\s*[)）]\s*$")
_SALUTATIONS = {"男": "先生", "女": "女士"}
_EXTENSION = re.compile(r"(?:转|分机|-转|EXT\.?|#)\s*(\d{1,6})$", re.IGNORECASE)
_LABEL = re.compile(r"^[^\d+(]+(?=[\d+(])")
_DASHED_EXTENSION = re.compile(r"(0\d{2,3}-\d{7,8})-(\d{1,6})")
_MIN_DIGITS = 7


def split_tenant(name: str) -> tuple[str, str]:
    """「杨平(租户:夏欣军)」 -> owner and tenant 使用人."""
    found = _TENANT.search(name)
    return (name[: found.start()].strip(), found[1]) if found else (name, "")


def owner_of(cell: Cell) -> tuple[str, str]:
    """Owner and tenant of a name cell; both empty for 「/」."""
    name = cell.strip() if type(cell) is str else text_of(cell)
    if not name or is_nothing(name):
        return "", ""
    return split_tenant(name) if name[-1] in ")）" else (name, "")


def salutation_of(cell: Cell) -> str:
    """「先生」, 「女士」 as written; a 性别 column is turned into them."""
    return _salutation(cell) if type(cell) is str else _salutation(text_of(cell))


@lru_cache(maxsize=256)
def _salutation(text: str) -> str:
    bare = text.strip()
    return "" if is_nothing(bare) else _SALUTATIONS.get(bare, bare)


def phones_of(cell: Cell) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of a phone cell, and what stands there that cannot be dialled.

    Mended: 13800004321.0, blanks inside, +86, full-width digits. An extension stays with its number as 转801.
    Fewer than seven digits are no number that can be dialled from outside: told, never dropped.
    """
    if type(cell) is str and len(cell) == 11 and cell.isascii() and cell.isdigit():
        return (cell,), ()
    return _phones_of_text(text_of(cell))


@lru_cache(maxsize=4096)
def _phones_of_text(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    numbers: dict[str, None] = {}
    unusable: list[str] = []
    half = unicodedata.normalize("NFKC", text)
    for part in re.split(r"[/、,;|\n\r]+", half):
        for piece in _apart(part.strip()):
            if not piece or is_nothing(piece):
                continue
            number = _number(piece)
            if number:
                numbers[number] = None
            else:
                unusable.append(piece)
    return tuple(numbers), tuple(unusable)


def _apart(part: str) -> list[str]:
    """Numbers joined by blanks: 「13800001234 13900005678」, 「13800001234 0512-66612345」."""
    pieces = part.split()
    whole = [piece for piece in pieces if sum(char.isdigit() for char in piece) >= _MIN_DIGITS]
    if len(whole) < 2:
        return [part]
    joined: list[str] = []
    for piece in pieces:
        if joined and piece not in whole:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _number(piece: str) -> str:
    bare = re.sub(r"\.0+$", "", "".join(piece.split()))
    if "E+" in bare.upper():
        return ""
    extension = _EXTENSION.search(bare)
    if extension:
        bare = bare[: extension.start()]
    bare = _LABEL.sub("", bare)
    bare = re.sub(r"^(?:\+|00)86[- ]?(?=\d)", "", bare).replace("(", "").replace(")", "-")
    found = re.match(r"\+?[\d-]+", bare)
    if not found:
        return ""
    number = found[0].strip("-")
    digits = number.replace("-", "")
    if len(digits) < _MIN_DIGITS:
        return ""
    if not extension and (extended := _DASHED_EXTENSION.fullmatch(number)):
        return f"{extended[1]}转{extended[2]}"
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits):
        number = digits[-11:]
    return number + (f"转{extension[1]}" if extension else "")
