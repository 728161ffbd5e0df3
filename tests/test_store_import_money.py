"""Lists and money in one office: whatever comes first, nothing counts twice and nobody who has paid is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import MarkKind
from feedesk.models.changes import ImportChanges
from feedesk.models.contacts import ClaimDraft
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import ImportPlan, PlanOptions
from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Role
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, listed, new_office, reading
from tests.store_tools import assert_sound

ROOM, NEIGHBOUR = "1-101", "1-102"
SUMMER = "2026-07..2026-09"
PIN = "2468"


@dataclass
class Desk:
    """An office whose days go by as the steps of a case say. Days are those of November."""

    office: Office
    clock: Clock
    payments: list[int] = field(default_factory=list)
    last: tuple[int, tuple[tuple[str, int], ...]] = (0, ())
    changes: ImportChanges = field(default_factory=ImportChanges)

    @property
    def account(self) -> int:
        return ids_by_room(self.office)[ROOM]

    def plan(self, day: int, charges: tuple[tuple[str, int], ...], *, full: bool = True) -> ImportPlan:
        """What a list of that day says: the room with these charges, and a neighbour who always owes 1 分."""
        lines = [("管理费", months, owed) for months, owed in charges]
        homes = [listed(ROOM, "林晓岚", *lines)] if lines else []
        homes.append(listed(NEIGHBOUR, "何敏", ("管理费", "2026-01", 1)))
        as_of = date(2026, 11, day)
        options = PlanOptions(as_of=as_of, full=full, older_is_meant=True, gone_is_paid=True)
        return plan_import(reading(*homes, sha=f"{day}{charges}"), self.office.imports.held(as_of), options)

    def list(self, day: int, *charges: tuple[str, int]) -> ImportPlan:
        plan = self.plan(day, charges)
        assert plan.after + plan.doubted == plan.reading.total
        self.changes = self.office.imports.apply(plan)
        self.last = day, charges
        return plan

    def pay(self, day: int, amount: int, *, missed: bool = False, month: str = "", room: str = ROOM) -> None:
        named = ()
        account = ids_by_room(self.office)[room]
        if month:
            (charge,) = [c for c in self.office.accounts.charges(account) if c.period and c.period.iso() == month]
            named = (Named(charge.id, min(amount, charge.owed)),)
        share = PaymentShare(account, amount, named=named)
        draft = PaymentDraft(date(2026, 11, day), amount, PayMethod.CASH, (share,), finance_missed=missed,
                             prepay_agreed=True)  # fmt: skip
        self.payments.append(self.office.payments.take(draft).record_id)

    def waive(self, day: int, amount: int) -> None:
        (manager,) = [one for one in self.office.staff.all() if one.role is Role.MANAGER]
        charge = self.office.accounts.charges(self.account)[0]
        draft = WaiverDraft(self.account, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, amount, charge.id,
                            date(2026, 11, day), "漏水补偿", "许宁")  # fmt: skip
        self.office.waivers.grant(draft, manager, PIN)

    def books(self) -> dict[str, int]:
        """What is open by months, 待核 and 预缴 when there is any, in 分."""
        found: dict[str, int] = {}
        for charge in self.office.accounts.charges(self.account):
            months = charge.period.iso() if charge.period else ""
            found[months] = found.get(months, 0) + charge.owed
        more = {"待核": self.office.payments.doubted(self.account), "预缴": self.office.payments.prepaid(self.account)}
        return {what: fen for what, fen in (found | more).items() if fen}

    def rows(self) -> list[tuple[object, ...]]:
        """Everything a list writes, and what is derived from it."""
        return self._all("charges", "settlements", "payment_doubts") + self.derived()

    def derived(self) -> list[tuple[object, ...]]:
        """What is settled, let off, paid and prepaid."""
        return self._all("charge_money", "allocations", "account_money")

    def _all(self, *tables: str) -> list[tuple[object, ...]]:
        conn = self.office.session.conn
        return [row for table in tables for row in conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()]


Step = Callable[[Desk], object]


def L(day: int, *charges: tuple[str, int], at: int | None = None) -> tuple[int, Step]:
    """A full list of that day, taken in on day `at`."""
    return at or day, lambda desk: desk.list(day, *charges)


def P(day: int, amount: int, at: int | None = None, **more: object) -> tuple[int, Step]:
    """A payment of that day, booked on day `at`."""
    return at or day, lambda desk: desk.pay(day, amount, **more)  # type: ignore[arg-type]


def W(day: int, amount: int, at: int | None = None) -> tuple[int, Step]:
    """A waiver of the oldest debt."""
    return at or day, lambda desk: desk.waive(day, amount)


def R(day: int) -> tuple[int, Step]:
    """The last payment is reversed."""
    return day, lambda desk: desk.office.payments.reverse(desk.payments[-1], "记错户")


def OK(day: int) -> tuple[int, Step]:
    """Somebody has asked finance: the payment is right."""
    return day, lambda desk: desk.office.payments.settle_doubt(desk.account, "财务漏记，下月更正")


def SPLIT(day: int, *amounts: int) -> tuple[int, Step]:
    """The oldest debt by month."""
    return day, lambda desk: desk.office.splits.split(desk.office.accounts.charges(desk.account)[0].id, amounts or None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock(datetime(2026, 11, 1, 9, 0))
    office = new_office(tmp_path, clock)
    office.staff.set_pin(office.staff.add("周主任", role=Role.MANAGER), PIN)
    yield Desk(office, clock)
    assert_sound(office)
    office.close()


def play(desk: Desk, *steps: tuple[int, Step]) -> None:
    for day, step in steps:
        desk.clock.now = max(desk.clock.now.replace(second=0), datetime(2026, 11, day, 9, 0))
        desk.clock.forward(minutes=1)
        step(desk)


ALL = (SUMMER, 300)
WIDER = "2026-07..2026-10"
CASES = [
    # (what happens), (what is open then; 待核, 预缴)
    pytest.param([L(10, ALL), P(12, 300)], {}, id="paid after the list"),
    pytest.param([L(10, ALL), P(12, 300), L(10, ALL, at=13)], {}, id="an older list after the payment says nothing new"),
    pytest.param([L(8, ALL), P(12, 300), L(10, ALL, at=13)], {}, id="a later list, still older than the payment"),
    pytest.param([L(8, ALL), P(12, 300), L(14)], {}, id="the next list knows the payment"),
    pytest.param([L(8, ALL), P(12, 300), L(14, ALL)], {"待核": 300}, id="the next list does not know it"),
    pytest.param([L(8, ALL), P(12, 300), L(12, ALL)], {"待核": 300}, id="a list of the payment's own day, made after"),
    pytest.param([L(8, ALL), L(12, ALL), P(12, 300)], {}, id="a list of the payment's own day, made before"),
    pytest.param([L(8, ALL), P(12, 120), L(14, ALL)], {SUMMER: 180, "待核": 120}, id="a part payment it does not know"),
    pytest.param([L(8, ALL), P(12, 120), L(14, (SUMMER, 180))], {SUMMER: 180}, id="a part payment it knows"),
    pytest.param([L(8, ALL), P(12, 120), L(14, (SUMMER, 100))], {SUMMER: 100}, id="it knows of 80 more"),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, ("2026-07..2026-10", 400))], {"2026-10": 100, "待核": 300},
        id="it does not know the payment, and a month was added",
    ),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, (WIDER, 300))], {"待核": 300},
        id="the very sum again, only the row's months reach further: nothing new",
    ),
    pytest.param([L(8, ALL), P(12, 300), L(14, (WIDER, 300)), OK(15)], {}, id="somebody has asked: nothing is owed"),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, (WIDER, 300)), OK(15), L(20, ("2026-07..2026-11", 300))], {"待核": 300},
        id="and still the next list names that sum",
    ),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, (WIDER, 300)), OK(15), L(20, ("2026-07..2026-11", 200))],
        {"2026-10..2026-11": 200}, id="finance has put it right, and two months were added",
    ),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, (WIDER, 320))], {"2026-10": 20, "待核": 300}, id="only what exceeds it is new"
    ),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, ("2026-10", 110))], {"2026-10": 110}, id="it knows, and a month was added"
    ),
    pytest.param([L(8, ALL), P(12, 300), L(14, ALL), L(16)], {}, id="the list after that agrees"),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, ALL), L(16, (SUMMER, 50))], {"待核": 50}, id="the list after that says less"
    ),
    pytest.param([L(8, ALL), P(12, 300), L(14, ALL), OK(15)], {}, id="somebody has asked finance"),
    pytest.param(
        [L(8, ALL), P(12, 300), L(14, ALL), OK(15), L(20, ALL)], {"待核": 300}, id="and still the next list names it"
    ),
    pytest.param([L(8, ALL), P(12, 300), L(14, ALL), R(15), L(16, ALL)], {SUMMER: 300}, id="the payment was a mistake"),
    pytest.param([L(8, ALL), P(12, 300), L(14), R(15), L(16)], {}, id="and the next list agrees again: settled by it"),
    # --- what lists had settled before the payment was on record
    pytest.param([L(8, ALL), L(12), P(10, 300, at=14)], {}, id="paid before a list that knew it: not counted again"),
    pytest.param([L(8, ALL), L(12), P(10, 300, at=14), L(12, at=15)], {}, id="and that list once more"),
    pytest.param([L(8, ALL), L(12), P(10, 300, at=14), L(16, ALL)], {"待核": 300}, id="and the next names it again"),
    pytest.param([L(8, ALL), L(12), P(10, 100, at=14), L(16, ALL)], {SUMMER: 200, "待核": 100},
                 id="what only the list said comes back, the payment is in doubt"),
    pytest.param([L(8, ALL), L(12, (SUMMER, 200)), P(10, 100, at=14), R(15)], {SUMMER: 200},
                 id="reversed: the list's settlement stands again"),
    pytest.param([L(8, ALL), L(12, ALL), P(10, 300, at=14)], {SUMMER: 300}, id="in the list already: only registered"),
    pytest.param([L(8, ALL), L(12, ALL), P(10, 300, at=14, missed=True)], {}, id="missed by finance: counted"),
    pytest.param([L(8, ALL), L(12, ALL), P(10, 300, at=14, missed=True), L(12, ALL, at=15)], {},
                 id="and the list that missed it once more"),
    pytest.param([L(8, ALL), L(12, ALL), P(10, 300, at=14, missed=True), L(16, ALL)], {"待核": 300},
                 id="and the next list misses it too"),
    # --- over-payment and prepayment
    pytest.param([L(8, ALL), P(12, 450)], {"预缴": 150}, id="over-paid"),
    pytest.param([L(8, ALL), P(12, 450), L(20)], {"预缴": 150}, id="over-paid, nothing new"),
    pytest.param([L(8, ALL), P(12, 450), L(20, ("2026-10", 100))], {"预缴": 50}, id="a new month is paid by it"),
    pytest.param([L(8, ALL), P(12, 450), L(20, ("2026-10", 200))], {"2026-10": 50}, id="part of a new month"),
    pytest.param([L(8, ALL), P(12, 450), L(20, ("2026-10", 100)), L(22)], {"预缴": 50}, id="and finance knows it"),
    pytest.param(
        [L(8, ALL), P(12, 450), L(20, ("2026-10", 100)), L(22, ("2026-10", 100))], {"预缴": 50, "待核": 100},
        id="and finance does not know it yet",
    ),
    pytest.param(
        [L(8, ALL), P(12, 450), L(20, ("2026-10", 100)), L(22, ("2026-11", 100))], {"2026-11": 50},
        id="and finance has used it for the month before",
    ),
    pytest.param([L(8, ALL), P(12, 300), L(10, at=13)], {"预缴": 300}, id="an older list says it was paid before"),
    # --- waivers
    pytest.param([L(8, ALL), W(12, 100)], {SUMMER: 200}, id="let off after the list"),
    pytest.param([L(8, ALL), W(12, 100), L(10, ALL, at=13)], {SUMMER: 200}, id="an older list"),
    pytest.param([L(8, ALL), W(12, 100), L(14, (SUMMER, 200))], {SUMMER: 200}, id="finance knows"),
    pytest.param([L(8, ALL), W(12, 100), L(14, ALL)], {SUMMER: 200, "待核": 100}, id="finance does not know"),
    pytest.param([L(8, ALL), W(12, 100), L(12, ALL)], {SUMMER: 200, "待核": 100}, id="nor on the waiver's own day"),
    pytest.param([L(8, ALL), W(12, 100), L(12, (SUMMER, 250))], {SUMMER: 200, "待核": 50}, id="it knows half of it"),
    pytest.param([L(8, ALL), W(12, 100), L(12, (SUMMER, 150))], {SUMMER: 150},
                 id="less than is left after it: the list settles only the difference"),
    pytest.param([L(8, ALL), W(12, 100), L(10, (SUMMER, 150), at=13)], {SUMMER: 50},
                 id="less by an older list: the waiver lowers what that list has left"),
    pytest.param([L(8, ALL), L(14, ALL), W(12, 100, at=15)], {SUMMER: 200}, id="dated before a list that was there"),
    pytest.param([L(8, ALL), W(12, 100), P(13, 200), L(14)], {}, id="the rest is paid"),
    # --- lumps split by month
    pytest.param([L(8, ALL), SPLIT(9), L(8, ALL, at=10)], {"2026-07": 100, "2026-08": 100, "2026-09": 100},
                 id="the same list after a split"),
    pytest.param([L(8, ALL), SPLIT(9, 120, 100, 80), P(12, 150), L(14, ALL)],
                 {"2026-08": 70, "2026-09": 80, "待核": 150}, id="a payment of a split lump"),
    pytest.param([L(7, ALL), L(8, (SUMMER, 150)), SPLIT(9), L(14, (SUMMER, 200))], {"2026-08": 100, "2026-09": 100},
                 id="part of the lump's settlement is taken back"),
    pytest.param([L(7, ALL), L(8, (SUMMER, 150)), SPLIT(9), L(14, ("2026-07", 100), ("2026-09", 50))],
                 {"2026-07": 100, "2026-09": 50}, id="other months are open than the oldest"),
    pytest.param([L(7, ALL), L(9, (SUMMER, 150)), P(8, 100, at=10), SPLIT(11), L(9, (SUMMER, 150), at=12)],
                 {"2026-08": 50, "2026-09": 100}, id="a settlement replaced in part by a payment, then split"),
    pytest.param([L(8, ALL), SPLIT(9), P(12, 100, month="2026-09"), L(14, ("2026-07..2026-08", 200))],
                 {"2026-07": 100, "2026-08": 100}, id="the payer named a month"),
    # --- several payments
    pytest.param([L(8, ALL), P(9, 100), P(13, 100), L(10, (SUMMER, 200), at=14)], {SUMMER: 100},
                 id="one before the list's day, one after"),
    pytest.param([L(8, ALL), P(9, 100), P(13, 100), L(10, ALL, at=14)], {SUMMER: 100, "待核": 100},
                 id="the one before is not known"),
]  # fmt: skip


UNDONE = [
    pytest.param([L(8, ALL), P(12, 300), L(14), R(15)], {SUMMER: 300}, id="reversed after a list that agreed"),
    pytest.param([L(8, ALL), P(12, 300), L(14, ALL), R(15)], {SUMMER: 300}, id="reversed while in doubt"),
    pytest.param(
        [L(8, ALL), P(11, 200), P(12, 100), L(14, ALL), R(15)], {SUMMER: 100, "待核": 200}, id="one of two reversed"
    ),
    pytest.param([L(8, ALL), P(12, 450), L(20, ("2026-10", 100)), R(21)], {SUMMER: 300, "2026-10": 100},
                 id="an over-payment reversed after it has paid a new month"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), CASES + UNDONE)
def test_lists_and_money_in_any_order(desk: Desk, steps: list[tuple[int, Step]], expected: dict[str, int]) -> None:
    play(desk, *steps)
    assert desk.books() == expected


@pytest.mark.parametrize(("steps", "expected"), CASES)
def test_the_last_list_once_more_changes_nothing(
    desk: Desk, steps: list[tuple[int, Step]], expected: dict[str, int]
) -> None:
    play(desk, *steps)
    day, charges = desk.last
    before = desk.rows()
    desk.clock.forward(minutes=1)
    again = desk.list(day, *charges)
    assert desk.rows() == before
    assert not any(change.delta or change.closed_doubts for change in again.changes)
    assert (desk.changes.prepaid_used, desk.changes.prepaid_accounts) == (0, 0)


# --- what the clerk is told ---------------------------------------------------------------------------------------


def test_a_list_tells_what_prepayments_have_paid_and_what_is_open_then(desk: Desk) -> None:
    play(desk, L(8, ALL), P(12, 450), L(20, ("2026-10", 100)))
    assert (desk.changes.prepaid_used, desk.changes.prepaid_accounts, desk.changes.owed) == (100, 1, 1)


def test_a_list_tells_what_came_after_its_day(desk: Desk) -> None:
    play(desk, L(8, ALL), P(9, 100), P(12, 150), P(12, 1, room=NEIGHBOUR))
    plan = desk.plan(10, ((SUMMER, 200),))
    assert (plan.before, plan.after, plan.since, plan.since_units) == (201, 201, 151, 2)
    assert [(change.room, change.since) for change in plan.changes] == [(ROOM, 150), (NEIGHBOUR, 1)]
    assert desk.office.imports.apply(plan).owed == 50


def mark(desk: Desk) -> MarkKind:
    return desk.office.accounts.get(desk.account).row.mark


@pytest.mark.parametrize("paid", [300, 120])
def test_nobody_calls_an_account_in_doubt(desk: Desk, paid: int) -> None:
    play(desk, L(8, ALL), P(12, paid))
    play(desk, L(14, ALL))
    assert mark(desk) is MarkKind.VERIFY
    assert desk.account not in desk.office.accounts.worklist().ids()
    play(desk, OK(15))
    assert mark(desk) is (MarkKind.PAID if paid == 300 else MarkKind.PARTLY)


def test_a_claim_is_answered_by_what_the_list_says_not_by_what_is_in_doubt(desk: Desk) -> None:
    play(desk, L(8, ALL))
    desk.office.contacts.claim((desk.account,), ClaimDraft(date(2026, 11, 8), 300, "微信"))
    play(desk, P(13, 100), L(14, ALL))
    ((why,),) = desk.office.session.conn.execute("SELECT closed_why FROM claims").fetchall()
    assert "仍列欠 ¥3.00" in why


# --- between comparing and confirming -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meanwhile", [P(12, 100), W(12, 100), R(12), SPLIT(12), OK(12)], ids=["paid", "waived", "reversed", "split", "settled"]
)  # fmt: skip
def test_a_plan_made_before_the_money_changed_is_not_applied(desk: Desk, meanwhile: tuple[int, Step]) -> None:
    play(desk, L(7, ALL), P(8, 10), L(9, ALL))
    plan = desk.plan(10, (ALL,))
    play(desk, meanwhile)
    with pytest.raises(FeeDeskError, match="又记过收款、减免或拆分"):
        desk.office.imports.apply(plan)


# --- a list voided ------------------------------------------------------------------------------------------------


def cleared_at(desk: Desk) -> str | None:
    rows = desk.office.session.conn.execute("SELECT cleared_at FROM accounts WHERE id = ?", (desk.account,))
    return next(rows)[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("before", "taken", "books"),
    [
        pytest.param([L(8, ALL), P(12, 300)], L(14, ALL), {}, id="it had raised a doubt"),
        pytest.param([L(8, ALL), P(12, 300), L(14, ALL)], L(16), {"待核": 300}, id="it had cleared a doubt up"),
        pytest.param(
            [L(8, ALL), P(12, 300), L(14, ALL)], L(16, (SUMMER, 50)), {"待核": 300}, id="it had said another sum"
        ),
        pytest.param([L(8, ALL), P(12, 450)], L(20, ("2026-10", 100)), {"预缴": 150}, id="it had used a prepayment"),
        pytest.param([L(8, ALL), P(12, 300)], L(10, at=13), {}, id="it had settled what a later payment paid"),
        pytest.param([L(8, ALL)], L(12), {SUMMER: 300}, id="it had settled the debt"),
    ],
)  # fmt: skip
def test_voiding_a_list_leaves_the_money_as_it_was_before_it(
    desk: Desk, before: list[tuple[int, Step]], taken: tuple[int, Step], books: dict[str, int]
) -> None:
    play(desk, *before)
    derived, cleared, seen = desk.derived(), cleared_at(desk), mark(desk)
    play(desk, taken)
    desk.office.imports.void(desk.changes.record_id, "导错了")
    assert (desk.books(), cleared_at(desk), mark(desk)) == (books, cleared, seen)
    assert desk.derived() == derived


def test_a_payment_that_rested_on_a_voided_list_counts_by_itself(desk: Desk) -> None:
    play(desk, L(8, ALL), L(12), P(10, 300, at=14))
    desk.office.imports.void(desk.changes.record_id, "导错了")
    assert desk.books() == {}
    charge = desk.office.accounts.charges(desk.account)[0]
    assert (charge.paid, charge.settled) == (300, 300)


def test_the_round_of_notices_counts_from_the_last_zero_whoever_brought_it(desk: Desk) -> None:
    play(desk, L(8, ALL))
    assert cleared_at(desk) is None
    play(desk, P(12, 300))
    paid = cleared_at(desk)
    assert paid is not None and paid.startswith("2026-11-12")
    play(desk, L(14, ("2026-10", 100)), L(16))
    assert str(cleared_at(desk)).startswith("2026-11-16")
    desk.office.imports.void(desk.changes.record_id, "导错了")
    assert cleared_at(desk) == paid
    play(desk, R(17))
    assert cleared_at(desk) is None
