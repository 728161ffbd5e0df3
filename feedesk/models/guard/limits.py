"""The numbers and words of the contact guard, each with its source. Policy of the office unless law is named."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum

MAX_ATTEMPTS_A_DAY = 3
"""Calls and visits of one day in all, answered or not (law §13.7)."""
MAX_EFFECTIVE_A_DAY = 1
"""Talks with the owner himself on one day (law §13.7)."""
MAX_EFFECTIVE_IN_WINDOW = 3
"""Talks with the owner himself in seven days (law §13.7)."""
WINDOW_DAYS = 7
TEXT_EVERY_DAYS = 3
"""One text message in so many days (law §13.7)."""
VISIT_EVERY_DAYS = 7
"""One visit at the door in so many days, by two of the staff, who do not enter (law §13.7)."""
MINIMUM_GAP = timedelta(minutes=30)
"""Between two attempts; who does not answer is tried again after half an hour (domain §7)."""
QUIET_FROM, QUIET_TO = time(22), time(8)
"""Rejected outright (law §13.7, as GB/T 45251-2025 does for consumer loans)."""
AIM_A_WEEK = 3
"""Contacts a week that domain §7 asks for an open case, as far as the limits allow."""


class Rule(StrEnum):
    """Which rule a contact would break, the most binding first."""

    SENSITIVE = "sensitive"
    NO_CALL = "no_call"
    VERIFY = "verify"
    DISPUTE = "dispute"
    SILENCE = "silence"
    DAY_EFFECTIVE = "day_effective"
    DAY_ATTEMPTS = "day_attempts"
    WEEK_EFFECTIVE = "week_effective"
    TEXT_EVERY = "text_every"
    VISIT_EVERY = "visit_every"
    NIGHT = "night"
    HOURS = "hours"
    GAP = "gap"


SENSITIVE_REASONS = ("病重", "住院", "丧事", "产期", "意外事故", "其他家事")
"""Why nobody contacts an owner for a while. A closed list: no particulars of health or family are kept (law §5)."""

REPORTING_BACK = "反馈异议进展"
OVERRIDE_REASONS = ("业主来电", "业主约定的时间", "业主回复", "紧急事项（安全）")
"""Why a contact outside the limits was in order after all, as offered; other words are typed."""
_TO = "，到 "


def mark_words(reason: str, until: date | None) -> str:
    """A sensitive mark as history keeps it: 「住院，到 2026-11-30」, 「住院」 without a last day; empty for no mark."""
    return f"{reason}{_TO}{until.isoformat()}" if reason and until else reason


def read_mark(words: str) -> tuple[str, date | None]:
    """The mark that `mark_words` told."""
    reason, _, until = words.partition(_TO)
    return reason, date.fromisoformat(until) if until else None
