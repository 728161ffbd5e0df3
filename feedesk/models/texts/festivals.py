"""The two festivals before which offices ask for what is open (domain §3): Spring Festival and National Day."""

from __future__ import annotations

from datetime import date, timedelta

AHEAD_DAYS = 21
"""A festival is spoken of in the three weeks before it."""
SPRING_FESTIVALS = (
    date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3),
    date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8), date(2036, 1, 28),
)  # fmt: skip
"""First days of the lunar year."""


def festival_ahead(today: date) -> str:
    """春节 or 国庆节 when it begins within the next three weeks; empty otherwise, and on its own days."""
    known = [(day, "春节") for day in SPRING_FESTIVALS] + [(date(today.year, 10, 1), "国庆节")]
    for day, name in known:
        if today < day <= today + timedelta(days=AHEAD_DAYS):
            return name
    return ""
