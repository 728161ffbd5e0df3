"""How long a text is on its way: characters, and the parts that a short message is sent and paid in."""

from __future__ import annotations

from dataclasses import dataclass

SINGLE = 70
"""Code units of one Chinese short message (UCS-2)."""
JOINED = 67
"""Code units of each part of a longer one: the rest joins the parts."""
WARN_PARTS = 2
"""More parts than this are warned of, …"""
MAX_PARTS = 5
"""… more than this are not sent."""


@dataclass(frozen=True, slots=True)
class TextLength:
    """Characters as a person counts them, and parts of a short message."""

    characters: int
    parts: int

    @property
    def is_long(self) -> bool:
        """More parts than a reminder should have."""
        return self.parts > WARN_PARTS

    @property
    def is_too_long(self) -> bool:
        """More parts than are sent."""
        return self.parts > MAX_PARTS

    @property
    def text(self) -> str:
        """「96 字 · 2 条计费」."""
        return f"{self.characters} 字 · {self.parts} 条计费"


def measure(words: str) -> TextLength:
    """The length of a text; a character beyond U+FFFF takes two units and is never split between parts."""
    units = [2 if char > "\uffff" else 1 for char in words]
    if sum(units) <= SINGLE:
        return TextLength(len(words), 1 if words else 0)
    parts, filled = 1, 0
    for unit in units:
        if filled + unit > JOINED:
            parts, filled = parts + 1, 0
        filled += unit
    return TextLength(len(words), parts)
