"""The contact guard: may this owner be contacted now, and from when if not (law §13.7, domain §7).

A contact about several units of one owner is one contact. It is effective when the owner himself was reached. Where
domain §7 asks for three contacts a week and the limits of law §13.7 allow fewer, the limits win and the verdict says so.
A contact that did happen can always be logged, with the reason on record.
"""

from feedesk.models.guard.history import ContactHistory, days_running
from feedesk.models.guard.limits import (
    AIM_A_WEEK,
    MAX_ATTEMPTS_A_DAY,
    MAX_EFFECTIVE_A_DAY,
    MAX_EFFECTIVE_IN_WINDOW,
    MINIMUM_GAP,
    OVERRIDE_REASONS,
    QUIET_FROM,
    QUIET_TO,
    REPORTING_BACK,
    SENSITIVE_REASONS,
    TEXT_EVERY_DAYS,
    VISIT_EVERY_DAYS,
    WINDOW_DAYS,
    Rule,
    mark_words,
    read_mark,
)
from feedesk.models.guard.rules import Breach, breaches, day_limit, earliest, first_allowed, rest, standing
from feedesk.models.guard.verdict import Verdict, check

__all__ = [
    "AIM_A_WEEK",
    "MAX_ATTEMPTS_A_DAY",
    "MAX_EFFECTIVE_A_DAY",
    "MAX_EFFECTIVE_IN_WINDOW",
    "MINIMUM_GAP",
    "OVERRIDE_REASONS",
    "QUIET_FROM",
    "QUIET_TO",
    "REPORTING_BACK",
    "SENSITIVE_REASONS",
    "TEXT_EVERY_DAYS",
    "VISIT_EVERY_DAYS",
    "WINDOW_DAYS",
    "Breach",
    "ContactHistory",
    "Rule",
    "Verdict",
    "breaches",
    "check",
    "day_limit",
    "days_running",
    "earliest",
    "first_allowed",
    "mark_words",
    "read_mark",
    "rest",
    "standing",
]
