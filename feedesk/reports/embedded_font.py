"""A TrueType font as ReportLab embeds it, mended so that what is copied from the paper is what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont


class EmbeddedFont(TTFont):  # type: ignore[misc] # ReportLab has no types
    """A TrueType font whose subsets can be copied from, rare characters included.

    ReportLab writes the code of a character beyond U+FFFF as five hex digits where UTF-16 is asked for, so that
    𠮷 prints well and copies as rubbish; and it lists more than the hundred characters that one block may hold.
    """

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path), shapable=False)
        self._reading = Lock()

    def addObjects(self, doc: Any) -> None:
        """Write the subsets into the document, then mend their tables for copying."""
        state = self.state[doc]
        subsets, name = [list(subset) for subset in state.subsets], state.internalName
        with self._reading:  # the font file has one reading position: a preview must not disturb a batch being written
            super().addObjects(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for place, subset in enumerate(subsets):
            font = fonts[f"{name}+{place}"]
            doc.idToObject[font.ToUnicode.name].content = to_unicode_map(subset)


def to_unicode_map(subset: Sequence[int]) -> str:
    """The PDF table that says which character each code of a subset stands for."""
    lines = [
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange",
    ]
    pairs = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset) if char
    ]
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"])


def register(name: str, path: Path) -> EmbeddedFont:
    """The font of this name in ReportLab's registry, put there first if need be."""
    if name in pdfmetrics.getRegisteredFontNames():
        font = pdfmetrics.getFont(name)
    else:
        font = EmbeddedFont(name, path)
        pdfmetrics.registerFont(font)
        font = pdfmetrics.getFont(name)
    if not isinstance(font, EmbeddedFont):  # the same file registered by others under another name comes first
        raise RuntimeError(f"the face of {path.name} is already registered as a plain font")
    return font
