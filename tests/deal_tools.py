"""What the tests of waivers, plans and splits share: who signs, a payment in one line, the bills as they stand."""

from __future__ import annotations

from datetime import date

from feedesk.models.charges import Charge
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy
from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.store import Office
from feedesk.models.store import plans as plan_store
from feedesk.models.store import splits as split_store
from feedesk.models.store import waivers as waiver_store
from tests.office_tools import ids_by_room
from tests.store_tools import assert_sound

PIN = "4711"
TODAY = date(2026, 11, 17)
CLAUSE = LateFeePolicy("第十二条", 500, 0, LateFeeCap.PRINCIPAL)
"""万分之五 a day."""


def signer(office: Office, name: str = "程远", role: Role = Role.MANAGER, pin: str = PIN) -> Staff:
    """Somebody who may sign; added with his PIN the first time."""
    for person in office.staff.all():
        if person.name == name:
            return person
    signed = next((Signature(known, PIN) for known in office.staff.signers()), None)
    person = office.staff.add(name, role=role, signed=signed)
    if pin:
        office.staff.set_pin(person, pin, signed)
    return next(staff for staff in office.staff.all() if staff.id == person.id)


def account(office: Office, room: str) -> int:
    return ids_by_room(office)[room]


def bills(office: Office, room: str) -> dict[str, Charge]:
    """The charges of a room by item and first month, oldest first."""
    charges = office.accounts.charges(account(office, room))
    return {f"{c.item} {c.period.iso()[:7] if c.period else ''}".strip(): c for c in charges}


def owed(office: Office, room: str) -> int:
    return sum(charge.owed for charge in bills(office, room).values())


def pay(office: Office, room: str, amount: int, on: date | None = None, *named: Named, late_fee: int = 0) -> int:
    """Book a payment for one room; what is over becomes prepayment. Returns its id."""
    share = PaymentShare(account(office, room), amount, late_fee, named)
    day = on or office.session.today()
    draft = PaymentDraft(day, amount, PayMethod.TRANSFER, (share,), prepay_agreed=True)
    return office.payments.take(draft).record_id


def shown(office: Office, room: str) -> tuple[str, str, str]:
    """Mark, why and group of a room as the table shows them."""
    office.roll_day()
    account_id = account(office, room)
    row = office.accounts.some([account_id])[account_id]
    return row.mark_text, row.why, row.group or ""


def assert_deals_sound(office: Office) -> None:
    """The file passes all checks, those of waivers, plans and splits among them."""
    conn = office.session.conn
    assert waiver_store.findings(conn) == plan_store.findings(conn) == split_store.findings(conn) == []
    assert_sound(office)
