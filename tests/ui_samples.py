"""Invented owners for tests of the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from feedesk.models.accounts import Account, DebtorType, MarkKind, OwnerRow, Phone, PhoneState, Step
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.periods import Period

_ROW = OwnerRow(
    account_id=1,
    owner_id=1,
    room="3-2-1502",
    room_key="3-2-1502",
    name="林晓岚",
    owed=344635,
    overdue_days=216,
    oldest_due_on=date(2026, 4, 15),
    period_text="2026年4–12月",
    category=None,
    step=Step.SECOND_CALL,
    debtor_type=DebtorType.YES_NEVER_COMES,
    mark=MarkKind.BROKEN,
    mark_text="失约 1 次",
    strong=True,
    is_paid=False,
    is_former=False,
    next_at=None,
    next_has_time=False,
    next_text="今天",
    last_at=None,
    last_text="",
    group=None,
    why="",
)
CHARGES = (
    Charge(1, 1, "管理费", FeeKind.PROPERTY, Period.parse("2026-04..2026-06"), 120570, 50000, date(2026, 4, 15), False),
    Charge(2, 1, "管理费", FeeKind.PROPERTY, Period.parse("2026-07..2026-12"), 274065, 0, date(2026, 7, 15), False),
)
PHONES = (
    Phone(1, "13900004417", state=PhoneState.WORKS),
    Phone(2, "00006688", holder="座机", state=PhoneState.NO_ANSWER),
)


def owner_row(account_id: int = 1, room: str = "3-2-1502", owed: int = 344635, **other: Any) -> OwnerRow:
    """One line of the owner table."""
    return replace(_ROW, account_id=account_id, room=room, room_key=room, owed=owed, **other)


def account(*siblings: OwnerRow, phones: tuple[Phone, ...] = PHONES) -> Account:
    """Account 1, 林晓岚 of 3-2-1502, who owes 3,446.35 and may own more units."""
    return Account(
        row=owner_row(),
        unit_id=1,
        building="3",
        area="128.50",
        name="林晓岚",
        salutation="女士",
        tenant="",
        since=None,
        until=None,
        phones=phones,
        remark="",
        flags=(),
        residence="",
        property_kind="",
        do_not_call=False,
        staff_id=1,
        staff_name="许宁",
        finance_number="",
        late_fee_fen=0,
        siblings=siblings,
    )
