"""Breaking Chinese text into lines. Measuring is the caller's; nothing here knows fonts or paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Measure = Callable[[str], float]
"""Width of a text, in the unit of the width asked for."""

_NO_START = frozenset("，。、；：？！）》」』】〉〕”’…—·％%‰,.;:?!)]}～")
_NO_END = frozenset("（《「『【〈〔“‘([{¥￥")
_LONELY = 3
_TOKEN = re.compile(
    r"\d+年(?:\d+(?:月(?:\d+日)?)?(?:[–—-](?:\d+年)?\d+月(?:\d+日)?)?)?"
    r"|[A-Za-z0-9][A-Za-z0-9_.,:/@&#+'()–-]*[A-Za-z0-9]?(?: ?[年月日时分秒号楼层栋座室元户条款次天周个%‰])?"
    r"|.",
    re.DOTALL,
)


def clusters(text: str) -> list[str]:
    """The pieces between which a line may end: words, numbers with their unit, dates, characters with their marks."""
    pieces: list[str] = []
    opened = False
    for token in _TOKEN.findall(text):
        if pieces and (opened or token[0] in _NO_START):
            pieces[-1] += token
        else:
            pieces.append(token)
        opened = token[-1] in _NO_END
    return pieces


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Lines no wider than `width`; only a single word wider than a line is broken inside. Never empty."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line, filled = "", 0.0
        for piece in clusters(paragraph):
            size = measure(piece)
            if line and filled + size > width:
                if piece == " ":
                    continue
                lines.append(line.rstrip())
                line, filled = "", 0.0
            if size > width:
                *full, piece = _chop(piece, width, measure)
                lines += full
                size = measure(piece)
            if line or piece != " ":
                line, filled = line + piece, filled + size
        lines.append(line.rstrip())
    return lines


def wrap_evenly(text: str, width: float, measure: Measure) -> list[str]:
    """As `wrap`, but a last line of one to three characters gets company from the line before, where that can be."""
    lines = wrap(text, width, measure)
    if len(lines) < 2 or len(lines[-1]) > _LONELY or "\n" in text:
        return lines
    step = measure("一")
    for fewer in range(1, _LONELY + 2):
        tried = wrap(text, width - fewer * step, measure)
        if len(tried) == len(lines) and len(tried[-1]) > _LONELY:
            return tried
    return lines


def _chop(word: str, width: float, measure: Measure) -> list[str]:
    parts = [""]
    for char in word:
        if parts[-1] and measure(parts[-1] + char) > width:
            parts.append("")
        parts[-1] += char
    return parts


def fit(
    text: str, width: float, sizes: Sequence[float], measure: Callable[[str, float], float], max_lines: int = 1
) -> tuple[float, list[str]]:
    """The largest of `sizes` (falling) at which the text takes at most `max_lines`, and those lines.

    At the smallest size it takes as many lines as it needs: nothing is ever cut.
    """
    for size in sizes:
        if max_lines == 1 and "\n" not in text:
            if measure(text, size) <= width:
                return size, [text]
            if size != sizes[-1]:
                continue
        lines = wrap(text, width, lambda piece, size=size: measure(piece, size))  # type: ignore[misc] # default binds size
        if len(lines) <= max_lines or size == sizes[-1]:
            return size, lines
    raise ValueError("no sizes given")
