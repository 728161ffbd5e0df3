"""When a photo was taken, by what the camera wrote into it (Exif in a JPEG). Anything else has no such time."""

from __future__ import annotations

import struct
from datetime import datetime

_APP1 = 0xE1
_TAKEN = 0x9003
"""DateTimeOriginal."""
_CHANGED = 0x0132
"""DateTime, kept by cameras that write no other."""
_EXIF_IFD = 0x8769
_ASCII = 2
_MOST_ENTRIES = 512


def taken_at(data: bytes) -> datetime | None:
    """The camera's local time of a JPEG; None when there is none, or when it cannot be read."""
    block = _exif(data)
    if block is None:
        return None
    try:
        order = {b"II": "<", b"MM": ">"}.get(block[:2])
        if order is None or struct.unpack_from(f"{order}H", block, 2)[0] != 42:
            return None
        first = _entries(block, order, struct.unpack_from(f"{order}I", block, 4)[0])
        inner = _entries(block, order, first[_EXIF_IFD][2]) if _EXIF_IFD in first else {}
        found = _text(block, inner.get(_TAKEN)) or _text(block, first.get(_CHANGED))
    except struct.error:
        return None
    try:
        return datetime.strptime(found, "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _exif(data: bytes) -> bytes | None:
    """The TIFF block of the Exif segment."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == _APP1 and data[at + 4 : at + 10] == b"Exif\x00\x00":
            return data[at + 10 : at + 2 + size]
        at += 2 + max(2, size)
    return None


def _entries(block: bytes, order: str, at: int) -> dict[int, tuple[int, int, int]]:
    """Tag -> (type, count, value or offset)."""
    count = min(struct.unpack_from(f"{order}H", block, at)[0], _MOST_ENTRIES)
    found: dict[int, tuple[int, int, int]] = {}
    for place in range(count):
        tag, kind, number, value = struct.unpack_from(f"{order}HHII", block, at + 2 + 12 * place)
        found[tag] = (kind, number, value)
    return found


def _text(block: bytes, entry: tuple[int, int, int] | None) -> str:
    if entry is None or entry[0] != _ASCII:
        return ""
    _kind, count, offset = entry
    return block[offset : offset + count].split(b"\x00")[0].decode("ascii", "replace").strip()
