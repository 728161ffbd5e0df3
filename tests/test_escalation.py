"""What a contact or a printed notice does to the step of an account (domain §6)."""

from __future__ import annotations

import pytest

from feedesk.models.accounts import Step
from feedesk.models.escalation import after_contact, after_demand

CONTACTS = [
    # step before, calls and visits so far with this one, step after (None: stays)
    (Step.BILL, 1, Step.FIRST_CALL),
    (Step.REMINDER, 1, Step.FIRST_CALL),
    (Step.REMINDER, 3, Step.FIRST_CALL),
    (Step.FIRST_CALL, 1, None),
    (Step.FIRST_CALL, 2, Step.SECOND_CALL),
    (Step.FIRST_CALL, 9, Step.SECOND_CALL),
    *((step, 9, None) for step in tuple(Step)[3:]),
]


@pytest.mark.parametrize(("before", "calls", "after"), CONTACTS)
def test_calls_move_the_first_steps_only(before: Step, calls: int, after: Step | None) -> None:
    moved = after_contact(before, calls)
    assert (moved[0] if moved else None) is after
    assert moved is None or moved[1]


DEMANDS = [
    *((step, Step.DEMAND) for step in (Step.BILL, Step.REMINDER, Step.FIRST_CALL, Step.SECOND_CALL)),
    *((step, None) for step in (Step.DEMAND, Step.LETTER, Step.MEDIATION, Step.LAWYER, Step.PUBLIC_NOTICE, Step.COURT)),
]


@pytest.mark.parametrize(("before", "after"), DEMANDS)
def test_a_printed_notice_lifts_to_4_and_never_lowers(before: Step, after: Step | None) -> None:
    moved = after_demand(before, 2)
    assert (moved[0] if moved else None) is after
    assert moved is None or "第 2 次" in moved[1]
