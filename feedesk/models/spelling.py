"""A title found by what is typed: its characters, their pinyin, or the first letters of it."""

from __future__ import annotations

import re
from functools import lru_cache

from feedesk.models.people import search_text

_HAN = re.compile(r"[\u3400-\u9fff]+")
_MOST = 12
"""Only so many characters are spelt: nobody types more, and characters with several readings multiply."""


def place_of(text: str, query: str) -> int | None:
    """Where `query` stands in `text`: 0 at its start, 1 further on, None nowhere; blanks and case do not count.

    Letters are looked for in the pinyin as well: whole syllables from the start, first letters anywhere.
    """
    wanted = "".join(query.lower().split())
    found = text.lower().find(wanted)
    if found >= 0:
        return min(found, 1)
    if not (wanted.isascii() and wanted.isalpha()):
        return None
    keys = _spelt(text)
    if any(key.startswith(wanted) for key in keys):
        return 0
    return 1 if any(wanted in key for key in keys if len(key) <= _MOST) else None


@lru_cache(maxsize=2048)
def _spelt(text: str) -> tuple[str, ...]:
    bare = "".join(_HAN.findall(text))[:_MOST]
    return tuple(search_text(bare).split())
