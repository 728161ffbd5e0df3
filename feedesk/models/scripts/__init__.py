"""话术: what the clerk says, as data under `resources/scripts`, chosen by rule and filled with what is on file.

Format, one TOML file per debtor type (`debtor_type`, then `[[script]]` each with id, version, title, step, channel,
moment, techniques, gist, closing, requires, cautions and the parts opening / body / closing of text and intent);
`objections.toml` holds the answers. See `records` for the placeholders and the optional groups.
"""

from feedesk.models.scripts.choose import Choice, ScriptFacts
from feedesk.models.scripts.context import ScriptContext, context_for
from feedesk.models.scripts.fill import (
    FilledAnswer,
    FilledPart,
    FilledScript,
    Segment,
    SegmentKind,
    fill,
    fill_objection,
    fill_text,
    plain_text,
)
from feedesk.models.scripts.library import ScriptLibrary, load_library
from feedesk.models.scripts.records import ALWAYS_CAUTION, PLACEHOLDERS, Objection, Part, PartKind, Script

__all__ = [
    "ALWAYS_CAUTION",
    "PLACEHOLDERS",
    "Choice",
    "FilledAnswer",
    "FilledPart",
    "FilledScript",
    "Objection",
    "Part",
    "PartKind",
    "Script",
    "ScriptContext",
    "ScriptFacts",
    "ScriptLibrary",
    "Segment",
    "SegmentKind",
    "context_for",
    "fill",
    "fill_objection",
    "fill_text",
    "load_library",
    "plain_text",
]
