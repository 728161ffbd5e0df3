"""A script with the values of one call in it, in segments, so that the panel can tint what was filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from feedesk.models.contacts import Outcome
from feedesk.models.scripts.context import ScriptContext
from feedesk.models.scripts.records import Objection, PartKind, Script, resolve_groups

_SLOT = re.compile(r"\{([^{}]*)\}")


class SegmentKind(StrEnum):
    """What a stretch of a filled text is."""

    TEXT = "text"
    VALUE = "value"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; `name` is the placeholder behind a value or a gap."""

    kind: SegmentKind
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FilledPart:
    """One part as shown: heading, segments, intent."""

    heading: str
    segments: tuple[Segment, ...]
    intent: str = ""

    @property
    def text(self) -> str:
        """The part as one text."""
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class FilledScript:
    """A script ready to be read out."""

    script: Script
    parts: tuple[FilledPart, ...]
    missing: tuple[str, ...]
    """Placeholders that stand as 〔…待核〕, in order, each once."""

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know before speaking."""
        return self.script.cautions


@dataclass(frozen=True, slots=True)
class FilledAnswer:
    """An answer to an objection, ready to be read out."""

    objection: Objection
    parts: tuple[FilledPart, ...]

    @property
    def outcome(self) -> Outcome:
        """What the answer's button logs."""
        return self.objection.outcome


def fill(script: Script, context: ScriptContext) -> FilledScript:
    """The script with the values of `context`; what is not on file stands as 〔…待核〕 and is listed."""
    values = context.values(script.closing, script.requires)
    parts = tuple(FilledPart(part.kind.value, fill_text(part.text, values), part.intent) for part in script.parts)
    gaps = (segment.name for part in parts for segment in part.segments if segment.kind is SegmentKind.MISSING)
    return FilledScript(script, parts, tuple(dict.fromkeys(gaps)))


def fill_objection(objection: Objection, context: ScriptContext) -> FilledAnswer:
    """The answer with the values of `context`."""
    values = context.values(objection.closing)
    return FilledAnswer(objection, tuple(FilledPart(head, fill_text(text, values)) for head, text in objection.texts()))


def plain_text(filled: FilledScript | FilledAnswer) -> str:
    """What 复制话术 puts on the clipboard: the spoken words only, a paragraph each."""
    return "\n".join(part.text for part in filled.parts if part.heading in _SPOKEN) + "\n"


_SPOKEN = frozenset([*(kind.value for kind in PartKind), "认可", "事实", "法理", "出路"])


def _spaced(segments: list[Segment]) -> tuple[Segment, ...]:
    """A thin gap where Chinese meets digits or Latin at the edge of a value, as running text has it."""
    found: list[Segment] = []
    for segment in segments:
        if found and _wants_gap(found[-1].text[-1], segment.text[0]):
            found.append(Segment(SegmentKind.TEXT, " "))
        found.append(segment)
    merged: list[Segment] = []
    for segment in found:
        if merged and merged[-1].kind is segment.kind is SegmentKind.TEXT:
            merged[-1] = Segment(SegmentKind.TEXT, merged[-1].text + segment.text)
        else:
            merged.append(segment)
    return tuple(merged)


def _wants_gap(left: str, right: str) -> bool:
    def latin(char: str) -> bool:
        return char.isascii() and char.isalnum()

    def chinese(char: str) -> bool:
        return "\u3400" <= char <= "\U0003ffff" and char.isalpha()

    return (latin(left) and (chinese(right) or latin(right))) or (chinese(left) and latin(right))


def fill_text(text: str, values: Mapping[str, str]) -> tuple[Segment, ...]:
    """Any text with placeholders and groups, in segments; what has no value stands as 〔…待核〕."""
    said = resolve_groups(text, frozenset(values))
    found: list[Segment] = []
    for place, piece in enumerate(_SLOT.split(said)):
        if place % 2 == 0:
            if piece:
                found.append(Segment(SegmentKind.TEXT, piece))
        elif piece in values:
            # Braces in a name or a room would read as placeholders on the way back from the clipboard.
            found.append(Segment(SegmentKind.VALUE, values[piece].replace("{", "（").replace("}", "）"), piece))
        else:
            found.append(Segment(SegmentKind.MISSING, f"〔{piece}待核〕", piece))
    return _spaced(found)
