"""Promises of a small office and the money that came of them, entered through the same doors as in the program."""

from __future__ import annotations

from datetime import date, datetime

from feedesk.models.changes import Changes
from feedesk.models.contacts import Outcome
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.store import Office
from tests.office_tools import ids_by_room
from tests.store_tools import contact


def promised(office: Office, day: str, due: str, amount: int, *rooms: str, clock: str = "10:00") -> int:
    """Log a call of 2026 with a promise for these rooms; the contact's id."""
    ids = ids_by_room(office)
    draft = contact(
        *(ids[room] for room in rooms),
        at=datetime.fromisoformat(f"2026-{day} {clock}"),
        outcome=Outcome.PROMISED,
        promise=(date.fromisoformat(f"2026-{due}"), amount),
    )
    return office.contacts.add(draft).record_id


def paid(office: Office, day: str, amount: int, room: str) -> Changes:
    """Money for a room, paid on a day of 2026 and booked now."""
    on = date.fromisoformat(f"2026-{day}")
    share = PaymentShare(ids_by_room(office)[room], amount)
    draft = PaymentDraft(on, amount, PayMethod.CASH, (share,), prepay_agreed=True)
    return office.payments.take(draft)


def tell(office: Office, told: str) -> None:
    """Lines of `room made due promised came-on came`; the last two may be missing. Amounts in 元."""
    for line in told.strip().splitlines():
        room, made, due, amount, *came = line.split()
        promised(office, made, due, int(amount) * 100, room)
        if came:
            paid(office, came[0], int(came[1]) * 100, room)
