"""话术: what the clerk says, as data under `resources/scripts`, chosen by rule and filled with what is on file.

One TOML file per debtor type, `any.toml` and `moments.toml` for several types, `objections.toml`, `techniques.toml`,
`smalltalk.toml`; `empty.toml` gives the reasons for the places of the matrix that have no words. `reader` tells the keys,
`records` the placeholders, the optional groups, the moments and the records that a text may rest on.
"""

from feedesk.models.scripts.choose import NOTHING_NOW, Choice, Locked, NothingToSay, Offers
from feedesk.models.scripts.context import ScriptContext, context_for
from feedesk.models.scripts.facts import Appointment, Rest, ScriptFacts, rest_of
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
from feedesk.models.scripts.library import LibraryProblem, ScriptLibrary, load_library
from feedesk.models.scripts.matrix import Cell, CellFill, Filled, Matrix, coverage
from feedesk.models.scripts.reader import (
    TextProblem,
    objection_problems,
    script_problems,
    text_problems,
)
from feedesk.models.scripts.reading import seconds, seconds_to_question
from feedesk.models.scripts.records import (
    ALWAYS_CAUTION,
    CONDITIONS,
    MOMENTS,
    PLACEHOLDERS,
    REQUIREMENTS,
    SITUATIONS,
    TECHNIQUES,
    Avoid,
    Objection,
    Origin,
    Part,
    PartKind,
    Rings,
    Script,
)
from feedesk.models.scripts.talk import TALK_LABELS, Talk, TalkKind, first_talk, offered_talk
from feedesk.models.scripts.techniques import Line, Technique, TechniqueOffer, suited
from feedesk.models.scripts.truth import NOTHING_ON_FILE, SpokenPaper, Truth, moment_now, reason_locked, truth_of

__all__ = [
    "ALWAYS_CAUTION",
    "CONDITIONS",
    "MOMENTS",
    "NOTHING_NOW",
    "NOTHING_ON_FILE",
    "PLACEHOLDERS",
    "REQUIREMENTS",
    "SITUATIONS",
    "TALK_LABELS",
    "TECHNIQUES",
    "Appointment",
    "Avoid",
    "Cell",
    "CellFill",
    "Choice",
    "Filled",
    "FilledAnswer",
    "FilledPart",
    "FilledScript",
    "LibraryProblem",
    "Line",
    "Locked",
    "Matrix",
    "NothingToSay",
    "Objection",
    "Offers",
    "Origin",
    "Part",
    "PartKind",
    "Rest",
    "Rings",
    "Script",
    "ScriptContext",
    "ScriptFacts",
    "ScriptLibrary",
    "Segment",
    "SegmentKind",
    "SpokenPaper",
    "Talk",
    "TalkKind",
    "Technique",
    "TechniqueOffer",
    "TextProblem",
    "Truth",
    "context_for",
    "coverage",
    "fill",
    "fill_objection",
    "fill_text",
    "first_talk",
    "load_library",
    "moment_now",
    "objection_problems",
    "offered_talk",
    "plain_text",
    "reason_locked",
    "rest_of",
    "script_problems",
    "seconds",
    "seconds_to_question",
    "suited",
    "text_problems",
    "truth_of",
]
