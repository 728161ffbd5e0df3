"""时效 as a list: the lines whose time runs out soon, or is over, with what would help. Pure; no legal advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedesk.models.charges import Charge
from feedesk.models.limitation import ALERTS, Clock, ClockState

OVER_ON_PAPER = "已过时效，可协商，不列入"
"""Beside an owner whose expired lines are left out of a paper (law §13.4)."""
SOON_DAYS = ALERTS[-1]
"""How far ahead the list looks: the first alert."""
_URGENT = ALERTS[1]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One line of the list."""

    charge_id: int
    account_id: int
    room: str
    name: str
    what: str
    """「物业费 2024年1–3月」."""
    owed: int
    """分."""
    days_left: int
    """By the conservative clock; negative: over since so many days."""
    expires_on: date
    lenient_on: date
    """By the lenient clock."""
    is_over: bool
    helps: str
    """What would help, in one line."""


def limit_row(charge: Charge, clock: Clock, room: str, name: str) -> LimitRow | None:
    """The row of a line; None where no clock runs (paid, no due day, not yet due)."""
    held, lenient = clock.conservative, clock.lenient
    if held is None or lenient is None or clock.days_left is None:
        return None
    if clock.state in (ClockState.CLOSED, ClockState.NOT_DUE, ClockState.UNKNOWN):
        return None
    return LimitRow(
        charge_id=charge.id,
        account_id=charge.account_id,
        room=room,
        name=name,
        what=f"{charge.item} {charge.period_text()}",
        owed=charge.owed,
        days_left=clock.days_left,
        expires_on=held.expires_on,
        lenient_on=lenient.expires_on,
        is_over=clock.is_over,
        helps=helps(charge, clock),
    )


def helps(charge: Charge, clock: Clock) -> str:
    """What would restart the clock of a line, the strongest that fits first (law §9.5, §13.2, §4).

    An order for payment is not named where the line is disputed: it needs a debt without another quarrel.
    """
    lenient, held = clock.lenient, clock.conservative
    if clock.is_over:
        if charge.is_lump and len(clock.months) > 1:
            return "先按月拆分，未过时效的月份可再列；其余可协商，业主签还款计划可恢复"
        if lenient and held and lenient.expires_on > held.expires_on:
            return f"宽松算到 {lenient.expires_on.isoformat()}：补齐凭据；可协商，业主签还款计划可恢复"
        return "可协商；业主签还款计划或书面承认可恢复"
    if charge.hold:
        return "暂缓中，时效照走：请业主签对账单，或申请人民调解"
    if (clock.days_left or 0) < _URGENT:
        return "EMS 送达并公证，或申请支付令、立案"
    if lenient and held and lenient.expires_on > held.expires_on:
        return "补齐已有送达的凭据，或再以 EMS 送达"
    return "催款单以 EMS 送达并留凭据，或请业主签对账单"
