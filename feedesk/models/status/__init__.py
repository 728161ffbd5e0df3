"""The one state of an account: its mark, its place in 今日, the one next action, and why."""

from feedesk.models.status.derive import derive
from feedesk.models.status.facts import AccountFacts, AccountState, ContactFacts, PromiseFacts
from feedesk.models.status.verdict import LEFT_ALONE, MONEY_FIRST
from feedesk.models.status.words import in_court

__all__ = [
    "LEFT_ALONE",
    "MONEY_FIRST",
    "AccountFacts",
    "AccountState",
    "ContactFacts",
    "PromiseFacts",
    "derive",
    "in_court",
]
