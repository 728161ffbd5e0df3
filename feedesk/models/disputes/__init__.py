"""Objections 异议: kinds and departments, what one holds, what is wrong with one, and what follows its end (domain §9).

Pure. An objection is about the whole account or about some of its charge lines; only what it is about is held, the
other lines go on. What is our own fault, or a defect of the building, is mended and reported back before anybody asks
for the money (domain §6, last line).
"""

from feedesk.models.disputes.drafts import (
    MOST_REVIEW_DAYS,
    REVIEW_DAYS,
    DisputeChange,
    DisputeDraft,
    DisputeField,
    DisputeProblem,
    first_review,
    overlap,
    problems,
    review_problem,
)
from feedesk.models.disputes.holds import account_hold_text, held_sum, held_words, line_hold_text
from feedesk.models.disputes.kinds import (
    DEFECTS,
    DEPARTMENTS,
    DISPUTE_KINDS,
    OTHER_KIND,
    DisputeKind,
    department_for,
    is_defect,
    kind_of,
    must_mend,
    proposed_lines,
)
from feedesk.models.disputes.record import (
    EVENT_LABELS,
    OUTCOME_LABELS,
    OUTCOMES,
    REPORT_WAYS,
    STATE_LABELS,
    Dispute,
    DisputedLine,
    DisputeEvent,
    DisputeOutcome,
    DisputeState,
    EventKind,
    OutcomeOffer,
    Scope,
    is_holding,
)
from feedesk.models.disputes.rows import DisputeFigures, DisputeRow, figures

__all__ = [
    "DEFECTS",
    "DEPARTMENTS",
    "DISPUTE_KINDS",
    "EVENT_LABELS",
    "MOST_REVIEW_DAYS",
    "OTHER_KIND",
    "OUTCOMES",
    "OUTCOME_LABELS",
    "REPORT_WAYS",
    "REVIEW_DAYS",
    "STATE_LABELS",
    "Dispute",
    "DisputeChange",
    "DisputeDraft",
    "DisputeEvent",
    "DisputeField",
    "DisputeFigures",
    "DisputeKind",
    "DisputeOutcome",
    "DisputeProblem",
    "DisputeRow",
    "DisputeState",
    "DisputedLine",
    "EventKind",
    "OutcomeOffer",
    "Scope",
    "account_hold_text",
    "department_for",
    "figures",
    "first_review",
    "held_sum",
    "held_words",
    "is_defect",
    "is_holding",
    "kind_of",
    "line_hold_text",
    "must_mend",
    "overlap",
    "problems",
    "proposed_lines",
    "review_problem",
]
