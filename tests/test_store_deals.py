"""Payments, waivers, plans and splits in any order: the file stays sound, and taking all back leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.ledger.payments import Named
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.store import Office
from tests.deal_tools import PIN, account, assert_deals_sound, bills, owed, pay, signer
from tests.office_tools import Clock, import_list, listed, new_office

ROOM = "3-2-1502"
DEBTS = (("管理费", "2026-04..2026-06", 30_001), ("管理费", "2026-07..2026-09", 30_000), ("水费", "2026-09", 4_000))
DEBT = sum(amount for *_, amount in DEBTS)
_Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(st.sampled_from(("pay", "name", "waive", "expire", "plan", "split", "wait")), st.integers(0, 5), st.integers(1, 40_000)),
    min_size=1, max_size=7,
)  # fmt: skip
"""(what, which of the open charges, how much or how long)."""


def money(office: Office) -> list[tuple[object, ...]]:
    """Every balance as kept."""
    conn = office.session.conn
    return [
        row
        for table in ("charge_money", "allocations", "account_money")
        for row in conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    ] + conn.execute("SELECT account_id, owed, is_paid, mark, mark_text, why FROM account_state").fetchall()


def do(office: Office, clock: Clock, act: _Act) -> Callable[[], object] | None:
    """One act; returns how it is taken back. One that the office refuses changes nothing."""
    what, which, amount = act
    before = money(office)
    try:
        return _done(office, clock, what, which, amount)
    except BadInput:
        assert money(office) == before
        return None


def _done(office: Office, clock: Clock, what: str, which: int, amount: int) -> Callable[[], object] | None:
    charges = list(bills(office, ROOM).values())
    charge, today = charges[which % len(charges)], clock().date()
    if what == "wait":
        clock.forward(days=amount % 20)
        office.roll_day()
        return None
    if what in ("pay", "name"):
        names = (Named(charge.id, min(amount, charge.owed)),) if what == "name" and charge.owed else ()
        payment = pay(office, ROOM, amount, None, *names)
        return lambda: office.payments.reverse(payment, "记错户")
    if what in ("waive", "expire"):
        last = today + timedelta(days=amount % 10) if what == "expire" else None
        kind = WaiverKind.HARDSHIP if which % 2 else WaiverKind.WAIVER
        draft = WaiverDraft(
            charge.account_id, WaiverTarget.PRINCIPAL, kind, amount % 9_000 + 1, charge.id, today, "困难", "业主", last
        )
        waiver = office.waivers.grant(draft, signer(office), PIN).record_id
        return lambda: office.waivers.void(waiver, "作废")
    if what == "plan":
        draft_plan = office.plans.propose((charge.account_id,), 2 + which, today + timedelta(days=amount % 30))
        plan = office.plans.agree(draft_plan, signer(office), PIN).record_id
        return lambda: office.plans.void(plan, "作废")
    office.splits.split(charge.id)
    return lambda: office.splits.undo(charge.id)


@settings(max_examples=20)
@given(ACTS)
def test_whatever_is_agreed_the_books_balance_and_taking_it_back_leaves_no_trace(acts: list[_Act]) -> None:
    with TemporaryDirectory() as folder:
        clock = Clock()
        office = new_office(Path(folder), clock)
        try:
            import_list(office, listed(ROOM, "林晓岚", *DEBTS), as_of=date(2026, 10, 31))
            signer(office)
            undo: list[Callable[[], object]] = []
            for act in acts:
                clock.forward(minutes=1)
                taken_back = do(office, clock, act)
                undo += [taken_back] if taken_back else []
                _balances(office)
            assert_deals_sound(office)
            clock.forward(days=3)
            office.roll_day()
            for act_back in reversed(undo):
                act_back()
                _balances(office)
            assert_deals_sound(office)
            assert office.payments.prepaid(account(office, ROOM)) == 0
            assert [charge.settled for charge in bills(office, ROOM).values()] == [0, 0, 0]
            assert owed(office, ROOM) == DEBT and office.plans.current(account(office, ROOM)) is None
        finally:
            office.close()


def _balances(office: Office) -> None:
    """What is owed is the debt less what was paid and let off, but for what is paid beforehand."""
    charges = bills(office, ROOM).values()
    conn = office.session.conn
    paid = conn.execute(
        "SELECT coalesce(sum(h.amount), 0) FROM payment_shares h JOIN live_payments p ON p.id = h.payment_id"
    ).fetchone()[0]
    waived = sum(charge.waived for charge in charges)
    assert sum(charge.amount for charge in charges) == DEBT
    assert owed(office, ROOM) == DEBT - waived - (paid - office.payments.prepaid(account(office, ROOM)))
    assert all(0 <= charge.owed <= charge.amount for charge in charges)
    assert not office.payments.prepaid(account(office, ROOM)) or owed(office, ROOM) == 0
    plan = office.plans.current(account(office, ROOM))
    if plan:
        assert plan.draft.total == sum(part.amount for part in plan.draft.instalments)
        assert 0 <= plan.verdict.missing <= plan.draft.total
