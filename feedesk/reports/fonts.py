"""The fonts of our papers: the two shipped weights, the shipped rare characters, then whatever the PC has.

ReportLab keeps fonts in one registry for the whole process; a `Fonts` object registers a font on its first use and
finds it there again, so that any number of them may be made. Nothing is read at import, ReportLab itself included:
the window holds a `Fonts` from its first moment, and needs it when paper is made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from feedesk.resources import resource_path

if TYPE_CHECKING:
    from feedesk.reports.embedded_font import EmbeddedFont

REGULAR = "FeeDesk-Regular"
BOLD = "FeeDesk-Bold"
RARE = "FeeDesk-Rare"

_UNSEEN = "\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
_NOT_DRAWN = re.compile(f"(?P<control>[\x00-\x1f\x7f-\x9f]+)|[{_UNSEEN}]")
_INSTALLED_NAMES = (
    "simsunb.ttf",
    "SimsunExtG.ttf",
    "simsun.ttc",
    "msyh.ttc",
    "HanaMinB.ttf",
    "HanaMinA.ttf",
    "Songti.ttc",
    "Arial Unicode.ttf",
)
"""Fonts that hold rare Han characters as TrueType outlines, on Windows, Linux and macOS, in the order of trust."""


def printable(text: str) -> str:
    """The text without what draws nothing: control characters become a blank, joiners and variation marks go."""
    if not _NOT_DRAWN.search(text):
        return text
    return _NOT_DRAWN.sub(lambda found: " " if found["control"] else "", text)


def installed_candidates() -> tuple[Path, ...]:
    """Files of this PC that may hold characters which our own fonts lack."""
    folders = [
        Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
    ]
    local = os.environ.get("LOCALAPPDATA")
    folders += [Path(local) / "Microsoft" / "Windows" / "Fonts"] if local else []
    found: dict[str, Path] = {}
    for folder in folders:
        if folder.is_dir():
            for path in folder.rglob("*.tt[fc]"):
                found.setdefault(path.name.lower(), path)
    return tuple(found[name.lower()] for name in _INSTALLED_NAMES if name.lower() in found)


class Fonts:
    """Which font draws which character, and how wide text is.

    `installed`: font files to fall back to; None looks for the well-known ones of the PC, on first need only.
    """

    def __init__(self, installed: Sequence[Path] | None = None) -> None:
        self._installed_paths = installed
        self._covered: dict[bool, set[str]] = {False: set(), True: set()}
        self._widths: dict[tuple[bool, str], float] = {}

    @cached_property
    def _regular(self) -> EmbeddedFont:
        return _register(REGULAR, resource_path("fonts/NotoSansSC-Regular.ttf"))

    @cached_property
    def _bold(self) -> EmbeddedFont:
        return _register(BOLD, resource_path("fonts/NotoSansSC-Bold.ttf"))

    @cached_property
    def _rare(self) -> EmbeddedFont:
        return _register(RARE, resource_path("fonts/RareHan.ttf"))

    @cached_property
    def _installed(self) -> tuple[EmbeddedFont, ...]:
        from reportlab.pdfbase.ttfonts import TTFError

        paths = installed_candidates() if self._installed_paths is None else self._installed_paths
        fonts = []
        for path in paths:
            try:
                fonts.append(_register(f"FeeDesk-Installed-{path.stem}", path))
            except (TTFError, OSError):
                continue  # PostScript outlines or an unreadable file: no font for us, and no harm
        return tuple(fonts)

    def _font_of(self, char: str, bold: bool) -> EmbeddedFont | None:
        code = ord(char)
        main = self._bold if bold else self._regular
        if code in main.face.charToGlyph or char == "\xa0":
            return main
        if code in self._rare.face.charToGlyph:
            return self._rare
        return next((font for font in self._installed if code in font.face.charToGlyph), None)

    def _is_plain(self, text: str, bold: bool) -> bool:
        """Whether the shipped weight alone draws the text, as nearly always."""
        known = self._covered[bold]
        unknown = set(text) - known
        if not unknown:
            return True
        glyphs = (self._bold if bold else self._regular).face.charToGlyph
        known.update(char for char in unknown if ord(char) in glyphs)
        return unknown <= known

    def runs(self, text: str, bold: bool = False) -> list[tuple[str, str]]:
        """The text cut into pieces of one font each, as (name registered with ReportLab, piece).

        A character that no font has goes to the shipped weight; `missing` names it beforehand.
        """
        main = BOLD if bold else REGULAR
        if self._is_plain(text, bold):
            return [(main, text)]
        pieces: list[tuple[str, str]] = []
        for char in text:
            font = self._font_of(char, bold)
            name = font.fontName if font is not None else main
            if pieces and pieces[-1][0] == name:
                pieces[-1] = (name, pieces[-1][1] + char)
            else:
                pieces.append((name, char))
        return pieces

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """How wide the text is, in points, at a size in points."""
        widths = self._widths
        total = 0.0
        for char in text:
            found = widths.get((bold, char))
            if found is None:
                font = self._font_of(char, bold) or (self._bold if bold else self._regular)
                found = widths[bold, char] = font.face.getCharWidth(ord(char))
            total += found
        return total * size / 1000

    def missing(self, text: str) -> str:
        """The characters that no font at hand can draw, each once, in order; empty when all is well."""
        if self._is_plain(text, bold=False):
            return ""
        chars = dict.fromkeys(printable(text))
        return "".join(char for char in chars if self._font_of(char, bold=False) is None)


def name_characters(chars: Iterable[str]) -> str:
    """Characters as told to the user, who may not see them on this screen either: 「𰻞」（U+30EDE）."""
    return "、".join(
        f"「{char}」（U+{ord(char):04X}）" if char.isprintable() else f"U+{ord(char):04X}" for char in chars
    )


def _register(name: str, path: Path) -> EmbeddedFont:
    from feedesk.reports.embedded_font import register  # late: ReportLab costs 0.1 s

    return register(name, path)
