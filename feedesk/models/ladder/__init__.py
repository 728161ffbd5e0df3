"""The escalation ladder (domain §6, law §4 and §13.5): where an account stands, which step is open and why not yet."""

from feedesk.models.ladder.court import CourtAdvice, CourtWay, WayAdvice, suggest_court_way
from feedesk.models.ladder.facts import ORDER, LadderFacts, LineFacts
from feedesk.models.ladder.thresholds import Thresholds, asks_faster, problem
from feedesk.models.ladder.view import LadderView, Missing, StepState, StepVerdict, Transition, signers_of, view

__all__ = [
    "ORDER",
    "CourtAdvice",
    "CourtWay",
    "LadderFacts",
    "LadderView",
    "LineFacts",
    "Missing",
    "StepState",
    "StepVerdict",
    "Thresholds",
    "Transition",
    "WayAdvice",
    "asks_faster",
    "problem",
    "signers_of",
    "suggest_court_way",
    "view",
]
