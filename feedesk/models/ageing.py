"""Ageing 账龄: how much of what is owed has been due for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedesk.models.charges import Charge

_BANDS = ((90, "1–90 天"), (365, "91–365 天"), (730, "1–2 年"))
_OLDEST = "2 年以上"
_NOT_DUE = "未到期"
_UNKNOWN = "应缴日待核"


@dataclass(frozen=True, slots=True)
class AgeBand:
    """One band: its words, the sum in 分, and how old it is from 0 (not due) to 4 (oldest)."""

    label: str
    owed: int
    age: int


def ageing(charges: Iterable[Charge], today: date) -> tuple[AgeBand, ...]:
    """What is owed by days since the due date, youngest first; bands with nothing in them are left out.

    The bands add up to the sum owed: lines without a due date have a band of their own.
    """
    order = (_UNKNOWN, _NOT_DUE, *(label for _, label in _BANDS), _OLDEST)
    sums = dict.fromkeys(order, 0)
    for charge in charges:
        if charge.owed > 0:
            sums[_band(charge, today)] += charge.owed
    return tuple(AgeBand(label, sums[label], max(0, order.index(label) - 1)) for label in order if sums[label])


def _band(charge: Charge, today: date) -> str:
    if charge.due_on is None:
        return _UNKNOWN
    days = charge.overdue_days(today)
    if days == 0:
        return _NOT_DUE
    return next((label for upto, label in _BANDS if days <= upto), _OLDEST)
