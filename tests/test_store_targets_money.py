"""The figures of 统计 with payments, reversals, waivers and splits: each 分 counts once, on its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedesk.models.collection import Figures, Part, Span, this_month, this_quarter
from feedesk.models.ledger.payments import Named
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.periods import parse_month
from feedesk.models.store import Office
from tests.deal_tools import PIN, TODAY, account, bills, pay, signer
from tests.office_tools import Clock, import_list, listed, new_office

ROOM, OTHER = "3-2-1502", "5-1-101"
SUMMER, AUTUMN = ("管理费", "2026-07..2026-09", 30_000), ("管理费", "2026-10..2026-12", 30_000)
WATER = ("水费", "2026-11", 5_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(
        made, listed(ROOM, "林晓岚", SUMMER, AUTUMN), listed(OTHER, "何敏", SUMMER, WATER), as_of=date(2026, 10, 20)
    )
    clock.forward(minutes=1)
    yield made
    made.close()


def month(office: Office, of: str = "2026-11", as_of: date = TODAY) -> Figures:
    return office.targets.figures(Span(parse_month(of), parse_month(of), as_of))


def waive(office: Office, room: str, bill: str, amount: int) -> int:
    charge_id = bills(office, room)[bill].id
    draft = WaiverDraft(
        account(office, room), WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, amount, charge_id, TODAY, "空置", "业主"
    )
    return office.waivers.grant(draft, signer(office), PIN).record_id


def test_a_payment_counts_on_the_day_it_was_paid(office: Office) -> None:
    pay(office, ROOM, 45_000, date(2026, 11, 3))
    found = month(office)
    # 300 for the summer; of the 150 left, 100 for October and 50 for November's hundred
    assert (found.recovered, found.old_open) == (40_000, 30_000)
    assert found.total == Part(15_000, 5_000, households=2, paid=0)
    october = month(office, "2026-10", date(2026, 10, 31))
    assert (october.recovered, october.old_open, october.total) == (0, 60_000, Part(10_000, 0, 1, 0))
    assert month(office, as_of=date(2026, 11, 2)).total == Part(15_000, 0, 2, 0)


def test_a_reversed_payment_counts_on_no_day(office: Office) -> None:
    before = [month(office, of) for of in ("2026-09", "2026-10", "2026-11")]
    paid = pay(office, ROOM, 45_000, date(2026, 11, 3))
    assert [month(office, of) for of in ("2026-09", "2026-10", "2026-11")] != before
    office.payments.reverse(paid, "付错了户")
    assert [month(office, of) for of in ("2026-09", "2026-10", "2026-11")] == before


def test_what_the_payer_named_counts_where_he_said(office: Office) -> None:
    water = bills(office, OTHER)["水费 2026-11"].id
    pay(office, OTHER, 5_000, TODAY, Named(water, 5_000))
    found = month(office)
    assert found.total == Part(15_000, 5_000, households=2, paid=1)
    assert found.recovered == 0


def test_a_payment_that_replaces_a_settlement_counts_once_and_on_its_own_day(office: Office) -> None:
    import_list(
        office, listed(ROOM, "林晓岚", AUTUMN), listed(OTHER, "何敏", WATER), as_of=date(2026, 11, 13), file="二.xlsx"
    )
    settled = month(office)
    assert (settled.recovered, settled.old_open) == (60_000, 10_000)
    pay(office, ROOM, 30_000, date(2026, 10, 28))
    assert month(office).recovered == 30_000
    october = office.targets.figures(Span(parse_month("2026-10"), parse_month("2026-10"), TODAY))
    assert (october.recovered, october.old_open) == (30_000, 30_000)


def test_prepayment_is_no_income_of_the_span_until_there_is_something_to_pay(office: Office) -> None:
    pay(office, OTHER, 99_000)
    found = month(office)
    assert found.total == Part(15_000, 5_000, households=2, paid=1)
    assert (found.recovered, found.old_open) == (30_000, 40_000)


def test_yesterday_knows_nothing_of_todays_waiver(office: Office) -> None:
    before = month(office, as_of=date(2026, 11, 16))
    waive(office, OTHER, "水费 2026-11", 2_000)
    assert month(office, as_of=date(2026, 11, 16)) == before
    assert before.total.receivable == 15_000


def test_what_a_list_settles_after_a_split_counts_once(office: Office) -> None:
    office.splits.split(bills(office, ROOM)["管理费 2026-07"].id, (5_000, 5_000, 20_000))
    import_list(
        office, listed(ROOM, "林晓岚", ("管理费", "2026-07..2026-09", 18_000), AUTUMN),
        listed(OTHER, "何敏", SUMMER, WATER), as_of=date(2026, 11, 13), file="二.xlsx",
    )  # fmt: skip
    found = month(office)
    assert (found.recovered, found.old_open) == (12_000, 18_000 + 10_000 + 30_000)


def test_a_waiver_lowers_what_is_receivable_and_is_no_income(office: Office) -> None:
    waiver = waive(office, OTHER, "水费 2026-11", 2_000)
    found = month(office)
    assert (found.total, found.waived) == (Part(13_000, 0, households=2, paid=0), 2_000)
    waive(office, OTHER, "管理费 2026-07", 30_000)
    assert (month(office).recovered, month(office).old_open) == (0, 40_000)
    office.waivers.void(waiver, "记错了")
    assert month(office).total == Part(15_000, 0, 2, 0)


def test_a_lump_split_by_month_has_its_real_months(office: Office) -> None:
    import_list(
        office, listed(ROOM, "林晓岚", ("管理费", "2026-07..2026-09", 10_000), AUTUMN),
        listed(OTHER, "何敏", SUMMER, WATER), as_of=date(2026, 11, 13), file="二.xlsx",
    )  # fmt: skip
    whole = month(office)
    assert whole.recovered == 20_000
    office.splits.split(bills(office, ROOM)["管理费 2026-07"].id, (5_000, 5_000, 20_000))
    found = month(office)
    # the same money, but now 50 and 50 and 100 of September's 200
    assert (found.recovered, found.old_open) == (whole.recovered, whole.old_open)
    september = office.targets.figures(Span(parse_month("2026-09"), parse_month("2026-09"), TODAY))
    assert september.total == Part(30_000, 10_000, households=2, paid=0)
    assert month(office, "2026-10", TODAY).old_open == 60_000
    assert month(office, "2026-08").months[6].part == Part(15_000, 5_000)


@settings(max_examples=25)
@example([(ROOM, 3_000, 0)], True, True, 1)
@example([(OTHER, 40_000, 9)], True, False, 9)
@given(
    st.lists(
        st.tuples(st.sampled_from((ROOM, OTHER)), st.integers(1, 40_000), st.integers(0, 27)), min_size=1, max_size=4
    ),
    st.booleans(),
    st.booleans(),
    st.integers(0, 27),
)
def test_what_is_open_is_the_balance_of_the_day(tmp_path_factory, paid, waived, split, back) -> None:  # type: ignore[no-untyped-def]
    clock = Clock()
    office = new_office(tmp_path_factory.mktemp("office"), clock)
    import_list(
        office, listed(ROOM, "林晓岚", SUMMER, AUTUMN), listed(OTHER, "何敏", SUMMER, WATER), as_of=date(2026, 10, 20)
    )
    if waived:
        waive(office, OTHER, "管理费 2026-07", 7_001)
    if split:
        office.splits.split(bills(office, ROOM)["管理费 2026-07"].id, (9_000, 1_000, 20_000))
    for room, amount, days in paid:
        pay(office, room, amount, TODAY - timedelta(days=days))
    day = TODAY - timedelta(days=back)
    owed = sum(balance.principal for balance in office.as_of.of_accounts(day).values())
    whole = office.targets.figures(Span(parse_month("2026-01"), parse_month("2026-12"), day))
    assert whole.total.open == owed
    november = office.targets.figures(this_month(TODAY))
    october = office.targets.figures(Span(parse_month("2026-10"), parse_month("2026-10"), date(2026, 10, 31)))
    # what October left open of the summer, November began with; waivers apart
    summer = {row.figures.account_id: row.figures for row in office.targets.households(this_quarter(TODAY))}
    still = sum(one.old_open for one in summer.values())
    came = sum(one.recovered for one in summer.values())
    assert came + still + (7_001 if waived else 0) == 60_000
    assert october.recovered <= came
    assert november.recovered + november.old_open <= 60_000 + 10_000
    office.close()
