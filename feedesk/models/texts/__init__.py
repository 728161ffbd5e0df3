"""短信、微信提醒: whom to send one, his own words filled in, how long it is, what keeps it from going out.

Templates are data under `resources/texts`; an office may write its own version of each. A text is never proof of service.
"""

from feedesk.models.texts.choose import (
    Chosen,
    OwnerFacts,
    Promised,
    TextBatch,
    TextDraft,
    UnitFacts,
    choose,
    hours_problem,
    usable_number,
)
from feedesk.models.texts.compose import SIGNATURE_PLACE_LABELS, Composed, Signature, SignaturePlace, compose
from feedesk.models.texts.festivals import festival_ahead
from feedesk.models.texts.length import MAX_PARTS, WARN_PARTS, TextLength, measure
from feedesk.models.texts.templates import (
    PLACEHOLDERS,
    TextKind,
    TextTemplate,
    joined,
    problems,
    read_templates,
    shipped_templates,
)
from feedesk.models.texts.values import draft, sample_values, values_of

__all__ = [
    "MAX_PARTS",
    "PLACEHOLDERS",
    "SIGNATURE_PLACE_LABELS",
    "WARN_PARTS",
    "Chosen",
    "Composed",
    "OwnerFacts",
    "Promised",
    "Signature",
    "SignaturePlace",
    "TextBatch",
    "TextDraft",
    "TextKind",
    "TextLength",
    "TextTemplate",
    "UnitFacts",
    "choose",
    "compose",
    "draft",
    "festival_ahead",
    "hours_problem",
    "joined",
    "measure",
    "problems",
    "read_templates",
    "sample_values",
    "shipped_templates",
    "usable_number",
    "values_of",
]
