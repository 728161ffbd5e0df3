"""What taking or reversing money moves elsewhere: statement lines, claims, other units of a plan. All of it is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.accounts import MarkKind
from feedesk.models.changes import Changes
from feedesk.models.contacts import Outcome
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.statements import Confidence
from feedesk.models.store import Office
from tests.deal_tools import PIN, account, signer
from tests.office_tools import Clock, import_list, listed, new_office
from tests.store_tools import assert_sound, contact
from tests.test_store_statements import keep, kept, line, shares

FEE = ("管理费", "2026-07..2026-09", 100_000)
WATER = ("水费", "2026-07..2026-09", 20_000)
Rows = dict[int, tuple[object, ...]]


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 9, 0))


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(made, listed("1-1-101", "叶国", FEE), listed("1-1-102", "贺然", FEE, WATER), as_of=date(2026, 10, 31))
    clock.forward(minutes=1)
    yield made
    assert_sound(made)
    made.close()


def take(office: Office, room: str, amount: int, on: date | None = None) -> Changes:
    share = PaymentShare(account(office, room), amount)
    day = on or office.session.today()
    return office.payments.take(PaymentDraft(day, amount, PayMethod.TRANSFER, (share,), prepay_agreed=True))


def rows(office: Office) -> Rows:
    return {row[0]: row for row in office.session.conn.execute("SELECT * FROM account_state")}


def moved_by(office: Office, act: Callable[[], Changes]) -> tuple[Changes, set[int]]:
    """What an act says it has touched, and the rows that are others for it."""
    before = rows(office)
    changes = act()
    return changes, {key for key, row in rows(office).items() if before[key] != row}


def mark(office: Office, room: str) -> MarkKind:
    return office.accounts.get(account(office, room)).row.mark


def proposals(office: Office) -> list[tuple[object, ...]]:
    return office.session.conn.execute("SELECT * FROM line_proposals ORDER BY line_id, account_id").fetchall()


def test_a_line_whose_payment_a_list_contained_flags_its_account_again_when_reversed(
    office: Office, clock: Clock
) -> None:
    everybody = listed("1-1-101", "叶国", FEE), listed("1-1-102", "贺然", FEE, WATER)
    import_list(office, *everybody, as_of=date(2026, 11, 15), file="次.xlsx")
    clock.forward(minutes=1)
    keep(office, line(1, 100_000, "1-1-101物业费"))
    before = rows(office), proposals(office)

    booked = office.statements.book(kept(office, 1).id, shares(office, **{"1_1_101": 100_000}))
    assert office.accounts.get(account(office, "1-1-101")).row.owed == 100_000, "the list contains it"
    assert mark(office, "1-1-101") is not MarkKind.VERIFY
    office.payments.reverse(booked.record_id, "记错户")

    assert mark(office, "1-1-101") is MarkKind.VERIFY
    assert (rows(office), proposals(office)) == before


def test_a_line_that_became_prepayment_waits_again_when_reversed(office: Office) -> None:
    take(office, "1-1-101", 100_000, on=date(2026, 11, 19))
    keep(office, line(1, 33_300, "1-1-101物业费"))
    before = rows(office), proposals(office)
    draft = office.statements.draft(kept(office, 1).id)
    booked = office.statements.book(kept(office, 1).id, draft.shares, prepay_agreed=True)

    office.payments.reverse(booked.record_id, "记错户")

    assert (rows(office), proposals(office)) == before


def test_a_line_is_doubted_once_the_same_money_is_taken_by_hand_even_when_nothing_is_owed(office: Office) -> None:
    take(office, "1-1-101", 100_000, on=date(2026, 11, 19))
    keep(office, line(1, 33_300, "1-1-101物业费"))

    take(office, "1-1-101", 33_300, on=date(2026, 11, 5))

    match = kept(office, 1).match
    assert match.confidence is Confidence.UNSURE
    assert "已手工记过同样金额的收款" in match.reason


@pytest.mark.parametrize("which", [0, 1], ids=["the one before", "the one that answered it"])
def test_a_claim_answered_by_two_payments_is_open_again_when_either_is_reversed(
    office: Office, clock: Clock, which: int
) -> None:
    claim = date(2026, 11, 18), 100_000
    office.contacts.add(contact(account(office, "1-1-101"), at=clock(), outcome=Outcome.SAYS_PAID, claim=claim))
    booked = []
    for amount in (40_000, 60_000):
        clock.forward(minutes=1)
        booked.append(take(office, "1-1-101", amount, on=claim[0]).record_id)
    assert mark(office, "1-1-101") is MarkKind.PAID

    office.payments.reverse(booked[which], "记错户")

    assert mark(office, "1-1-101") is MarkKind.VERIFY


def test_a_claim_of_a_voided_contact_is_not_reopened(office: Office, clock: Clock) -> None:
    """Nobody says any more that he has paid: the account must come back to the calls."""
    claim = date(2026, 11, 18), 100_000
    ids = account(office, "1-1-101"), account(office, "1-1-102")
    talk = office.contacts.add(contact(*ids, at=clock(), outcome=Outcome.SAYS_PAID, claim=claim)).record_id
    clock.forward(minutes=1)
    paid = take(office, "1-1-101", 100_000).record_id
    listed_again = import_list(
        office, listed("1-1-102", "贺然", FEE), as_of=date(2026, 11, 19), full=False, file="次.xlsx"
    )
    clock.forward(minutes=1)
    office.contacts.void(talk, "记错户")

    office.payments.reverse(paid, "记错户")
    office.imports.void(listed_again.record_id, "拿错了")

    assert MarkKind.VERIFY not in {mark(office, "1-1-101"), mark(office, "1-1-102")}


@pytest.mark.parametrize(
    ("on", "answers"), [(18, True), (15, True), (14, False)], ids=["the day", "three days before", "four"]
)
def test_who_says_when_he_paid_may_be_out_by_three_days(office: Office, clock: Clock, on: int, answers: bool) -> None:
    claim = date(2026, 11, 18), 50_000
    office.contacts.add(contact(account(office, "1-1-101"), at=clock(), outcome=Outcome.SAYS_PAID, claim=claim))
    clock.forward(minutes=1)
    paid = take(office, "1-1-101", 50_000, on=date(2026, 11, on)).record_id
    assert (mark(office, "1-1-101") is not MarkKind.VERIFY) is answers
    office.payments.reverse(paid, "记错户")
    assert mark(office, "1-1-101") is MarkKind.VERIFY


def test_money_booked_before_the_claim_was_made_is_not_what_he_speaks_of(office: Office, clock: Clock) -> None:
    take(office, "1-1-101", 50_000, on=date(2026, 11, 17))
    clock.forward(minutes=1)
    claim = date(2026, 11, 18), 20_000
    office.contacts.add(contact(account(office, "1-1-101"), at=clock(), outcome=Outcome.SAYS_PAID, claim=claim))
    take(office, "1-1-101", 1_000)
    assert mark(office, "1-1-101") is MarkKind.VERIFY


def test_a_claim_stays_answered_when_money_of_before_it_is_reversed(office: Office, clock: Clock) -> None:
    earlier = take(office, "1-1-102", 20_000, on=date(2026, 11, 10)).record_id
    claim = date(2026, 11, 18), 60_000
    office.contacts.add(contact(account(office, "1-1-102"), at=clock(), outcome=Outcome.SAYS_PAID, claim=claim))
    clock.forward(minutes=1)
    take(office, "1-1-102", 60_000, on=claim[0])

    office.payments.reverse(earlier, "记错户")

    assert mark(office, "1-1-102") is not MarkKind.VERIFY


def test_the_other_units_of_a_plan_are_named(office: Office, clock: Clock) -> None:
    ids = [account(office, "1-1-101"), account(office, "1-1-102")]
    manager = signer(office)
    office.accounts.join(ids)
    agreed, moved = moved_by(
        office, lambda: office.plans.agree(office.plans.propose(ids, 2, date(2026, 12, 1)), manager, PIN)
    )
    assert moved == agreed.account_ids == set(ids)
    clock.forward(minutes=1)

    taken, moved = moved_by(office, lambda: take(office, "1-1-101", 100_000))
    assert moved == taken.account_ids == set(ids)
    reversed_, moved = moved_by(office, lambda: office.payments.reverse(taken.record_id, "记错户"))
    assert moved == reversed_.account_ids == set(ids)


def test_an_account_that_a_line_now_points_to_is_named(office: Office, clock: Clock) -> None:
    """Two lines of the same sum: with the first account paid by hand, the second is the only one left to owe it."""
    import_list(
        office,
        listed("1-1-101", "叶国", FEE),
        listed("1-1-102", "贺然", ("管理费", "2026-07..2026-09", 100_000)),
        as_of=date(2026, 11, 4),
        file="次.xlsx",
    )
    clock.forward(minutes=1)
    keep(office, line(1, 55_555, "物业费"))
    assert not proposals(office)

    def to_the_sum() -> Changes:
        return take(office, "1-1-101", 44_445)

    taken, moved = moved_by(office, to_the_sum)
    assert mark(office, "1-1-101") is MarkKind.VERIFY
    assert moved <= taken.account_ids
    undone, moved = moved_by(office, lambda: office.payments.reverse(taken.record_id, "记错户"))
    assert account(office, "1-1-101") in moved
    assert moved <= undone.account_ids


@pytest.mark.parametrize("how", ["name", "phone"])
def test_who_pays_is_found_by_what_has_been_learnt_since_the_last_matching(office: Office, how: str) -> None:
    keep(office, line(1, 100_000, payer="丁一" if how == "name" else "某某", payer_account="13912345678"))
    assert kept(office, 1).match.confidence is Confidence.NONE

    if how == "name":
        import_list(office, listed("1-1-101", "丁一", FEE), as_of=date(2026, 11, 4), full=False, file="改名.xlsx")
    else:
        office.accounts.add_phone(account(office, "1-1-101"), "13912345678", "", "业主来电")

    assert [share.room for share in kept(office, 1).match.shares] == ["1-1-101"]
    assert {row[1] for row in proposals(office)} == {kept(office, 1).match.shares[0].account_id}
