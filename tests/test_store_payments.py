"""收款: what a payment pays, what a list contains of it already, and that a reversal brings everything back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.accounts import Category, MarkKind
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.ledger.payments import (
    Named,
    PaymentDraft,
    PaymentShare,
    PayMethod,
    Receipt,
    UseKind,
)
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, contact, issue

ROOM, OTHER = "3-2-1502", "3-2-1503"
SPRING = ("管理费", "2026-04..2026-06", 30_000)
SUMMER = ("管理费", "2026-07..2026-09", 30_000)
WATER = ("水费", "2026-09", 4_000)
TODAY = date(2026, 11, 17)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(office, listed(ROOM, "林晓岚", SPRING, SUMMER, WATER), listed(OTHER, "何敏", SUMMER))
    clock.forward(minutes=1)
    yield office
    assert_sound(office)
    office.close()


def account(office: Office, room: str = ROOM) -> int:
    return ids_by_room(office)[room]


def draft(*shares: PaymentShare, on: date = TODAY, agreed: bool = False, missed: bool = False) -> PaymentDraft:
    total = sum(share.amount for share in shares)
    return PaymentDraft(
        on, total, PayMethod.WECHAT, shares, reference="W1", prepay_agreed=agreed, finance_missed=missed
    )


def pay(office: Office, amount: int, room: str = ROOM, *named: Named, on: date = TODAY, agreed: bool = False) -> int:
    share = PaymentShare(account(office, room), amount, named=named)
    return office.payments.take(draft(share, on=on, agreed=agreed)).record_id


def open_sums(office: Office, room: str = ROOM) -> dict[str, int]:
    return {
        f"{c.item} {c.period.iso() if c.period else ''}": c.owed for c in office.accounts.charges(account(office, room))
    }


def everything(office: Office) -> list[tuple[object, ...]]:
    """Every derived value, for comparing before and after."""
    conn = office.session.conn
    return [
        row
        for table in ("charge_money", "allocations", "account_money", "account_state")
        for row in conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    ] + conn.execute("SELECT id, cleared_at FROM accounts ORDER BY id").fetchall()


def test_money_pays_the_oldest_debt_first_and_what_the_payer_named_before_that(office: Office) -> None:
    pay(office, 40_000)
    assert open_sums(office) == {"管理费 2026-04..2026-06": 0, "管理费 2026-07..2026-09": 20_000, "水费 2026-09": 4_000}
    water = next(c.id for c in office.accounts.charges(account(office)) if c.item == "水费")
    pay(office, 5_000, ROOM, Named(water, 4_000))
    assert open_sums(office) == {"管理费 2026-04..2026-06": 0, "管理费 2026-07..2026-09": 19_000, "水费 2026-09": 0}


def test_what_is_over_becomes_prepayment_after_asking_and_pays_the_next_debt(office: Office, clock: Clock) -> None:
    with pytest.raises(BadInput, match=r"多出 ¥100\.00"):
        pay(office, 74_000)
    pay(office, 74_000, agreed=True)
    assert office.payments.prepaid(account(office)) == 10_000
    assert office.accounts.some([account(office)])[account(office)].mark is MarkKind.PAID
    clock.forward(days=14)
    autumn = ("管理费", "2026-10..2026-12", 30_000)
    import_list(office, listed(ROOM, "林晓岚", autumn), as_of=date(2026, 11, 30), full=False, file="冬.xlsx")
    assert office.payments.prepaid(account(office)) == 0
    assert open_sums(office)["管理费 2026-10..2026-12"] == 20_000


@pytest.mark.parametrize("amount", [1, 30_000, 64_000, 90_000])
def test_a_reversal_brings_everything_back(office: Office, clock: Clock, amount: int) -> None:
    issue(office, ROOM)
    promise = contact(account(office), at=clock(), outcome=Outcome.PROMISED, category=Category.A,
                      promise=(TODAY, 20_000))  # fmt: skip
    office.contacts.add(promise)
    office.contacts.claim((account(office),), ClaimDraft(TODAY, 64_000, "微信"))
    before, rounds = everything(office), office.notices.rounds([account(office)])
    number = pay(office, amount, agreed=True)
    assert everything(office) != before
    office.payments.reverse(number, "录错了户")
    assert everything(office) == before
    assert office.notices.rounds([account(office)]) == rounds
    assert office.payments.get(number).reversed == "录错了户（11-17 许宁）"
    assert office.payments.uses(number) == []
    with pytest.raises(BadInput, match="已经冲正过"):
        office.payments.reverse(number, "再来一次")


def test_a_payment_answers_a_claim_once_all_that_was_claimed_is_in(office: Office) -> None:
    office.contacts.claim((account(office),), ClaimDraft(TODAY, 50_000, "微信"))
    marks = []
    for amount in (20_000, 30_000):
        pay(office, amount)
        marks.append(office.accounts.some([account(office)])[account(office)].mark_text)
    assert marks == ["已缴待核", "部分缴"]


@pytest.mark.parametrize(
    ("shares", "on", "problem"),
    [
        ([(ROOM, 100)], date(2026, 11, 18), "收款日在今天之后"),
        ([(ROOM, 100)], date(2025, 12, 31), "收款日早于这户的账"),
        ([(ROOM, 0)], TODAY, "金额要大于 0"),
        ([(ROOM, 10_000_000_000)], TODAY, "金额超过 ¥99,999,999.99"),
        ([], TODAY, "还没有选"),
    ],
)
def test_what_cannot_be_booked_is_refused_and_nothing_is_written(
    office: Office, shares: list[tuple[str, int]], on: date, problem: str
) -> None:
    before = everything(office)
    given = tuple(PaymentShare(account(office, room), amount) for room, amount in shares)
    assert problem in office.payments.preview(draft(*given, on=on)).problem
    with pytest.raises(BadInput, match=problem):
        office.payments.take(draft(*given, on=on))
    assert everything(office) == before
    assert office.payments.of_account(account(office)) == []


def test_a_payment_of_the_lists_time_replaces_its_settlement(office: Office, clock: Clock) -> None:
    clock.forward(days=5)
    import_list(office, listed(ROOM, "林晓岚", SUMMER, WATER), listed(OTHER, "何敏", SUMMER), as_of=date(2026, 11, 20),
                file="二.xlsx")  # fmt: skip
    before = open_sums(office)
    assert before["管理费 2026-04..2026-06"] == 0, "finance says that spring is paid"
    preview = office.payments.preview(draft(PaymentShare(account(office), 30_000), on=date(2026, 11, 18)))
    assert (preview.covered, preview.covered_by) == (30_000, date(2026, 11, 20))
    assert preview.owed_before == preview.owed_after == 34_000
    number = pay(office, 30_000, on=date(2026, 11, 18))
    assert open_sums(office) == before, "nothing is counted twice"
    spring = office.accounts.charges(account(office))[0]
    assert (spring.paid, spring.settled) == (30_000, 30_000)
    office.payments.reverse(number, "银行退回")
    assert open_sums(office) == before, "the settlement stands again"


def test_what_the_list_must_contain_already_is_only_registered(office: Office) -> None:
    share = PaymentShare(account(office), 30_000)
    preview = office.payments.preview(draft(share, on=date(2026, 11, 10)))
    assert [use.kind for use in preview.uses] == [UseKind.IN_LIST]
    assert preview.owed_after == preview.owed_before
    pay(office, 30_000, on=date(2026, 11, 10))
    assert sum(open_sums(office).values()) == 64_000
    office.payments.take(draft(share, on=date(2026, 11, 10), missed=True))
    assert sum(open_sums(office).values()) == 34_000, "unless finance has missed it"


def test_one_sum_for_two_units_is_spread_and_reversed_as_one(office: Office) -> None:
    ids = [account(office, ROOM), account(office, OTHER)]
    shares = office.payments.propose(ids, 80_000, TODAY)
    assert [(share.account_id, share.amount) for share in shares] == [(ids[0], 60_000), (ids[1], 20_000)]
    number = office.payments.take(draft(*shares)).record_id
    assert office.payments.get(number).rooms == (ROOM, OTHER)
    assert [(use.room, use.amount) for use in office.payments.uses(number)] == [
        (ROOM, 30_000), (ROOM, 30_000), (OTHER, 20_000)
    ]  # fmt: skip
    office.payments.reverse(number, "记错")
    assert sum(open_sums(office).values()) + sum(open_sums(office, OTHER).values()) == 94_000


def test_receipts_are_numbered_without_gaps_and_print_what_was_frozen(office: Office) -> None:
    first, second = pay(office, 30_000), pay(office, 4_000)
    papers: list[Receipt] = []
    office.payments.issue_receipts([first], papers.extend)
    with pytest.raises(PermissionError):
        office.payments.issue_receipts([second], _open_elsewhere)
    office.payments.issue_receipts([second], papers.extend)
    office.payments.reverse(first, "记错")
    office.payments.issue_receipts([first], papers.extend)
    assert [(paper.number, paper.copy_no, paper.total) for paper in papers] == [
        ("SJ2026-00001", 1, 30_000), ("SJ2026-00002", 1, 4_000), ("SJ2026-00001", 2, 30_000)
    ]  # fmt: skip
    assert papers[0].lines == ((ROOM, "管理费 2026年4–6月", 30_000),)
    assert papers[2].lines == papers[0].lines
    assert papers[2].reversed.startswith("记错")


def _open_elsewhere(_papers: list[Receipt]) -> None:
    raise PermissionError("open elsewhere")
