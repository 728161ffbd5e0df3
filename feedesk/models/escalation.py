"""The ladder's lower steps (domain §6): what a logged contact or a printed notice does to the step of an account.

The legal steps never move by themselves; a person moves them, with a reason on record.
"""

from __future__ import annotations

from feedesk.models.accounts import Step

_ORDER = tuple(Step)


def after_contact(step: Step, calls_logged: int) -> tuple[Step, str] | None:
    """The step after a call or visit, this one counted in `calls_logged`; None when it stays."""
    if step in (Step.BILL, Step.REMINDER):
        return Step.FIRST_CALL, "首次电话已打"
    if step is Step.FIRST_CALL and calls_logged >= 2:
        return Step.SECOND_CALL, "首次联系后仍未缴，转再次联系"
    return None


def after_demand(step: Step, round_no: int) -> tuple[Step, str] | None:
    """The step after a 催款单 has been printed; higher steps stay."""
    if _ORDER.index(step) < _ORDER.index(Step.DEMAND):
        return Step.DEMAND, f"第 {round_no} 次催款单已出"
    return None
