"""减免: what may be let off, until when it holds, and what a percentage comes to. Today is 2026-11-17."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.account import (
    AccountRecords,
    ChargeRecord,
    SettlementRecord,
    ShareRecord,
    WaiverRecord,
    open_of,
    work_out,
)
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.waivers import (
    WaiverBasis,
    WaiverDraft,
    WaiverKind,
    WaiverTarget,
    hardship_discount,
    holds,
    problems,
    vacancy_discount,
)

TODAY = date(2026, 11, 17)
DRAFT = WaiverDraft(7, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 30_000, 1, TODAY, "漏水修了两个月", "林晓岚")
LATE = replace(DRAFT, target=WaiverTarget.LATE_FEE)
BASIS = WaiverBasis(107_940, FeeKind.PROPERTY, date(2026, 7, 15), date(2026, 11, 13))


@pytest.mark.parametrize(
    ("draft", "basis", "problem"),
    [
        pytest.param(DRAFT, BASIS, "", id="fine"),
        pytest.param(replace(DRAFT, amount=107_940), BASIS, "", id="all of it"),
        pytest.param(
            replace(DRAFT, amount=107_941), BASIS, "减免 ¥1,079.41 超过这笔还欠的 ¥1,079.40。", id="more than owed"
        ),
        pytest.param(DRAFT, replace(BASIS, owed=0), "这笔账单已经没有欠款。", id="paid up"),
        pytest.param(LATE, replace(BASIS, owed=0), "没有未付的违约金，不用减免。", id="no late fee"),
        pytest.param(LATE, replace(BASIS, owed=100), "减免 ¥300.00 超过未付的违约金 ¥1.00。", id="more late fee"),
        pytest.param(replace(LATE, charge_id=None), WaiverBasis(30_000), "", id="late fee of the whole account"),
        pytest.param(
            replace(DRAFT, charge_id=None), WaiverBasis(30_000), "减免本金要选定哪一笔账单。", id="which charge?"
        ),
        pytest.param(replace(DRAFT, amount=0), BASIS, "减免金额要大于 0。", id="nothing"),
        pytest.param(replace(DRAFT, amount=-5), BASIS, "减免金额要大于 0。", id="less than nothing"),
        pytest.param(replace(DRAFT, reason="  "), BASIS, "请写明减免的原因。", id="no reason"),
        pytest.param(replace(DRAFT, asked_by=""), BASIS, "请写明由谁申请。", id="nobody asked"),
        pytest.param(replace(DRAFT, on=date(2026, 11, 18)), BASIS, "减免日期在今天之后。", id="future"),
        pytest.param(replace(DRAFT, on=date(2026, 7, 14)), BASIS, "这笔账单从 2026-07-15 起计欠", id="before the debt"),
        pytest.param(replace(DRAFT, on=date(2026, 11, 12)), BASIS, "财务清单已到 2026-11-13", id="behind the list"),
        pytest.param(replace(DRAFT, on=date(2026, 11, 13)), BASIS, "", id="on the list's day"),
        pytest.param(replace(DRAFT, expires_on=TODAY), BASIS, "", id="expires tonight"),
        pytest.param(
            replace(DRAFT, expires_on=date(2026, 11, 16)), BASIS, "缴清期限已经过去了", id="expired before it began"
        ),
        pytest.param(
            replace(DRAFT, kind=WaiverKind.CORRECTION, expires_on=date(2026, 12, 1)), BASIS, "更正多计不附缴清期限。",
            id="a mistake is a mistake",
        ),
        pytest.param(replace(LATE, kind=WaiverKind.VACANCY), BASIS, "空置折扣只减物业费本金", id="vacancy, late fee"),
        pytest.param(
            replace(DRAFT, kind=WaiverKind.VACANCY), replace(BASIS, kind=FeeKind.COLLECTED), "空置折扣只适用于物业费",
            id="water is not the office's to discount",
        ),
        pytest.param(replace(DRAFT, kind=WaiverKind.HARDSHIP), BASIS, "", id="hardship"),
    ],
)  # fmt: skip
def test_what_may_be_let_off(draft: WaiverDraft, basis: WaiverBasis, problem: str) -> None:
    found = problems(draft, basis, TODAY)
    if problem:
        assert any(problem in sentence for sentence in found), found
        assert len(found) == 1
    else:
        assert found == ()


@pytest.mark.parametrize(
    ("expires", "open_then", "as_of", "counts", "why"),
    [
        pytest.param(None, 50_000, "2027-06-01", True, "", id="without a day it holds for good"),
        pytest.param("2026-11-30", 50_000, "2026-11-30", True, "", id="holds to the end of its day"),
        pytest.param("2026-11-30", 0, "2026-12-01", True, "", id="paid up by then"),
        pytest.param(
            "2026-11-30", 1, "2026-12-01", False,
            "限 11-30（含）前缴清，到期还欠 ¥0.01，这笔减免不再算数；其实付了的，请补登收款", id="one 分 is missing",
        ),
        pytest.param(
            "2026-11-30", 50_000, "2027-01-05", False,
            "限 2026-11-30（含）前缴清，到期还欠 ¥500.00，这笔减免不再算数；其实付了的，请补登收款", id="another year",
        ),
    ],
)  # fmt: skip
def test_how_long_a_waiver_holds(expires: str | None, open_then: int, as_of: str, counts: bool, why: str) -> None:
    draft = replace(DRAFT, expires_on=date.fromisoformat(expires) if expires else None)
    assert holds(draft, open_then, date.fromisoformat(as_of)) == (counts, why)


@pytest.mark.parametrize(
    ("charge", "owed", "percent", "amount", "text"),
    [
        (107_940, 107_940, 30, 32_382, "¥1,079.40 × 30% = ¥323.82"),
        (33_333, 33_333, 50, 16_667, "¥333.33 × 50% = ¥166.67（四舍五入到分）"),
        (33_331, 33_331, 50, 16_666, "¥333.31 × 50% = ¥166.66（四舍五入到分）"),
        (10_049, 10_049, 1, 100, "¥100.49 × 1% = ¥1.00（四舍五入到分）"),
        (10_050, 10_050, 1, 101, "¥100.50 × 1% = ¥1.01（四舍五入到分）"),
        (107_940, 20_000, 30, 20_000, "¥1,079.40 × 30% = ¥323.82，只欠 ¥200.00，减到 0 为止"),
        (107_940, 107_940, 100, 107_940, "¥1,079.40 × 100% = ¥1,079.40"),
    ],
)
def test_vacancy_discount(charge: int, owed: int, percent: int, amount: int, text: str) -> None:
    found = vacancy_discount(charge, owed, percent)
    assert (found.amount, found.text) == (amount, text)


def test_hardship_is_a_part_of_what_is_still_owed() -> None:
    assert hardship_discount(20_000, 30).amount == 6_000


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_no_such_percentage(percent: int) -> None:
    with pytest.raises(ValueError, match="percentage"):
        vacancy_discount(100, 100, percent)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 100))
def test_a_discount_is_exact_to_half_a_fen(charge: int, owed: int, percent: int) -> None:
    found = vacancy_discount(charge, owed, percent).amount
    assert 0 <= found <= owed
    if found < owed:
        assert -50 < found * 100 - charge * percent <= 50


# --- in the account: which waivers count, and what they do (`ledger.account`) ---

DUE = date(2026, 7, 15)
OLDEST = AllocationRule.OLDEST_DUE


def charge(charge_id: int, amount: int, due: date = DUE) -> ChargeRecord:
    return ChargeRecord(charge_id, amount, due, due, (due.year * 12 + due.month, 1))


def let_off(
    waiver_id: int, charge_id: int, amount: int, expires: str = "", granted: str = "2026-11-01"
) -> WaiverRecord:
    last = date.fromisoformat(expires) if expires else None
    return WaiverRecord(waiver_id, charge_id, amount, date.fromisoformat(granted), last)


def share(payment_id: int, day: str, amount: int, named: tuple[tuple[int, int], ...] = ()) -> ShareRecord:
    return ShareRecord(payment_id, date.fromisoformat(day), amount, named=named)


TWO = (charge(1, 100_00), charge(2, 100_00, date(2026, 8, 15)))


@pytest.mark.parametrize(
    ("records", "day", "lapsed", "opens"),
    [
        pytest.param(
            AccountRecords(TWO, waivers=(let_off(1, 1, 40_00, "2026-11-30"),)), "2026-11-30", set(),
            {1: 60_00, 2: 100_00}, id="holds on its last day, unpaid",
        ),
        pytest.param(
            AccountRecords(TWO, waivers=(let_off(1, 1, 40_00, "2026-11-30"),)), "2026-12-01", {1},
            {1: 100_00, 2: 100_00}, id="owed again the day after",
        ),
        pytest.param(
            AccountRecords(TWO, waivers=(let_off(1, 1, 40_00, "2026-11-30"),), shares=(share(9, "2026-11-30", 60_00),)),
            "2026-12-01", set(), {1: 0, 2: 100_00}, id="the rest paid on the last day",
        ),
        pytest.param(
            AccountRecords(TWO, waivers=(let_off(1, 1, 40_00, "2026-11-30"),), shares=(share(9, "2026-12-01", 60_00),)),
            "2026-12-01", {1}, {1: 40_00, 2: 100_00}, id="a day too late",
        ),
        pytest.param(
            AccountRecords(
                TWO, (SettlementRecord((1,), date(2026, 11, 20), 60_00),), (let_off(1, 1, 40_00, "2026-11-30"),)
            ),
            "2026-12-01", set(), {1: 0, 2: 100_00}, id="settled by a list of that time",
        ),
        pytest.param(
            AccountRecords(
                TWO, waivers=(let_off(1, 1, 40_00, "2026-11-30"), let_off(2, 2, 50_00, "2026-11-30")),
                shares=(share(9, "2026-11-30", 50_00, ((2, 50_00),)),),
            ),
            "2026-12-01", {1}, {1: 100_00, 2: 0}, id="two of one day are judged apart",
        ),
        pytest.param(
            AccountRecords(
                TWO, waivers=(let_off(1, 1, 40_00, "2026-11-20"), let_off(2, 2, 50_00, "2026-11-30")),
                shares=(share(9, "2026-11-25", 110_00),),
            ),
            "2026-12-01", {1, 2}, {1: 0, 2: 90_00}, id="the first lapsed, so the money no longer reached the second",
        ),
    ],
)  # fmt: skip
def test_what_lapses_and_what_that_leaves_open(
    records: AccountRecords, day: str, lapsed: set[int], opens: dict[int, int]
) -> None:
    money = work_out(records, OLDEST, date.fromisoformat(day))
    assert (set(money.lapsed), open_of(records, money)) == (lapsed, opens)


def test_what_was_let_off_and_named_for_a_lump_follows_its_months() -> None:
    months = (charge(11, 100_00), charge(12, 100_00, date(2026, 8, 15)), charge(13, 100_00, date(2026, 9, 15)))
    older = charge(1, 100_00, date(2026, 4, 15))
    records = AccountRecords(
        (older, *months),
        waivers=(let_off(1, 5, 120_00),),
        shares=(share(9, "2026-11-10", 150_00, ((5, 130_00),)),),
        lumps=((5, (11, 12, 13)),),
    )
    money = work_out(records, OLDEST, date(2026, 11, 17))
    assert {key: (one.waived, one.paid) for key, one in money.charges.items()} == {
        1: (0, 20_00), 11: (100_00, 0), 12: (20_00, 80_00), 13: (0, 50_00),
    }  # fmt: skip


@given(
    amounts=st.lists(st.integers(1, 1_000), min_size=1, max_size=4),
    off=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 1_200), st.none() | st.integers(0, 40)), max_size=5
    ),
    paid=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 1_500)), max_size=5),
    day=st.integers(0, 80),
)  # fmt: skip
def test_nothing_is_let_off_beyond_its_charge(
    amounts: list[int], off: list[tuple[int, int, int | None]], paid: list[tuple[int, int]], day: int
) -> None:
    start = date(2026, 10, 1)
    records = AccountRecords(
        tuple(charge(i, amount) for i, amount in enumerate(amounts)),
        waivers=tuple(
            WaiverRecord(i, which, amount, start, None if last is None else start + timedelta(days=last))
            for i, (which, amount, last) in enumerate(off)
        ),
        shares=tuple(share(i, (start + timedelta(days=on)).isoformat(), amount) for i, (on, amount) in enumerate(paid)),
    )
    as_of = start + timedelta(days=day)
    then = records.until(as_of)
    money = work_out(then, OLDEST, as_of)
    given_by_charge = {i: sum(a for which, a, _ in off if which == i) for i in range(len(amounts))}
    for one in then.charges:
        parts = money.charges[one.id]
        assert parts.lowered <= one.amount and parts.waived <= given_by_charge[one.id]
    assert sum(part.paid for part in money.charges.values()) + money.prepaid == sum(s.principal for s in then.shares)
    for waiver in then.waivers:
        if waiver.expires_on is None or as_of <= waiver.expires_on:
            assert waiver.id not in money.lapsed
    # waivers that have all run out unpaid leave exactly what would be owed without them
    if not paid and all(last is not None and last < day for _, _, last in off):
        bare = replace(then, waivers=())
        expected = open_of(bare, work_out(bare, OLDEST, as_of))
        full = {which for which, total in given_by_charge.items() if total >= amounts[which]}
        assert all(open_of(then, money)[key] == left for key, left in expected.items() if key not in full)
