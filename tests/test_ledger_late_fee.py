"""违约金: worked cases with figures reckoned by hand, and what holds for every charge, rate and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.late_fee import (
    AccountLateFee,
    FeeBasis,
    LateFeeCap,
    LateFeePolicy,
    LateFeeVerdict,
    LprRate,
    Reckoner,
    account_late_fee,
    asks_more,
    bears_late_fee,
    charge_late_fee,
    explain,
    half_up,
    lpr_problem,
    lumps_text,
    takeable,
    verdict,
)

DUE, TODAY = date(2026, 10, 15), date(2026, 11, 15)
"""31 late days, the last included."""
HALF_PERMILLE = LateFeePolicy("第十二条", 500)
THREE_PERMILLE = LateFeePolicy("第十二条", 3_000)
NO_CAP_BUT_PRINCIPAL = replace(HALF_PERMILLE, cap=LateFeeCap.PRINCIPAL)
LPR = (LprRate(date(2024, 1, 20), 300),)
CHANGED = (LprRate(date(2024, 10, 20), 310), LprRate(date(2026, 10, 25), 300))


def _basis(
    amount: int = 107_940,
    due_on: date | None = DUE,
    *lowered: tuple[date, int],
    kind: FeeKind = FeeKind.PROPERTY,
    is_lump: bool = False,
    charge_id: int = 1,
) -> FeeBasis:
    return FeeBasis(charge_id, "管理费 2026年10月", kind, amount, due_on, is_lump, lowered)


@pytest.mark.parametrize(
    ("case", "basis", "policy", "lpr", "as_of", "contract", "by_lpr", "claimed"),
    [
        ("1,079.40 × 31 × 万分之五 = 16.7307; × 3.9 % ÷ 365 = 3.5753",
         _basis(), HALF_PERMILLE, LPR, TODAY, 1_673, 358, 358),
        ("five days free: 26 days, 14.0322; 2.9987",
         _basis(), replace(HALF_PERMILLE, grace_days=5), LPR, TODAY, 1_403, 300, 300),
        ("one day: 0.5397; 0.1153", _basis(), HALF_PERMILLE, LPR, date(2026, 10, 16), 54, 12, 12),
        ("on the due day nothing", _basis(), HALF_PERMILLE, LPR, DUE, 0, 0, 0),
        ("500.00 paid on the 16th day: 1,079.40 × 16 + 579.40 × 15 = 25,961.40; × 万分之五 = 12.9807; 2.7740",
         _basis(107_940, DUE, (date(2026, 10, 31), 50_000)), HALF_PERMILLE, LPR, TODAY, 1_298, 277, 277),
        ("paid on the due day", _basis(107_940, DUE, (DUE, 107_940)), HALF_PERMILLE, LPR, TODAY, 0, 0, 0),
        ("paid a day late: one day, and no more since",
         _basis(107_940, DUE, (date(2026, 10, 16), 107_940)), HALF_PERMILLE, LPR, TODAY, 54, 12, 12),
        ("paid within the free days",
         _basis(107_940, DUE, (date(2026, 10, 20), 107_940)), replace(HALF_PERMILLE, grace_days=5), LPR, TODAY, 0, 0, 0),
        ("paid today: today still costs, so what was told this morning is what is due",
         _basis(107_940, DUE, (TODAY, 107_940)), HALF_PERMILLE, LPR, TODAY, 1_673, 358, 358),
        ("LPR changes: 1,079.40 × (9 × 3.10 + 22 × 3.00) % × 1.3 ÷ 365 = 3.6099",
         _basis(), HALF_PERMILLE, CHANGED, TODAY, 1_673, 361, 361),
        ("leap year: 30 days, a year still has 365: 15.00; 1,000 × 30 × 3.9 % ÷ 365 = 3.2055",
         _basis(100_000, date(2024, 1, 31)), HALF_PERMILLE, LPR, date(2024, 3, 1), 1_500, 321, 321),
        ("before the table begins nothing counts: 22 of 31 days at 3.00 %, 2.5374",
         _basis(), HALF_PERMILLE, CHANGED[1:], TODAY, 1_673, 254, 254),
        ("no table: what cannot be capped is not claimed", _basis(), HALF_PERMILLE, (), TODAY, 1_673, 0, 0),
        ("no table, cap is the principal", _basis(), NO_CAP_BUT_PRINCIPAL, (), TODAY, 1_673, 0, 1_673),
        ("the contract below LPR × 1.3: 万分之一 gives 3.3461",
         _basis(), LateFeePolicy("第十二条", 100), LPR, TODAY, 335, 358, 335),
        ("3‰ for 400 days is 120 %: no more than the principal",
         _basis(10_000, date(2025, 10, 11)), replace(THREE_PERMILLE, cap=LateFeeCap.PRINCIPAL), LPR, TODAY,
         12_000, 427, 10_000),
        ("half a 分 counts as one: 5.00 × 1 × 1‰", _basis(500, DUE), LateFeePolicy("三", 1_000), LPR, date(2026, 10, 16),
         1, 0, 0),
        ("less than half counts nothing", _basis(499, DUE), LateFeePolicy("三", 1_000), LPR, date(2026, 10, 16), 0, 0, 0),
        ("as the documents' first sample: 6,965.10 × 61 × 3‰ = 1,274.6133; 45.3973",
         _basis(696_510, date(2026, 9, 15)), THREE_PERMILLE, LPR, TODAY, 127_461, 4_540, 4_540),
        ("as the second: 11,343.69 × 105 × 3‰ = 3,573.2624; 127.2700",
         _basis(1_134_369, date(2026, 8, 2)), THREE_PERMILLE, LPR, TODAY, 357_326, 12_727, 12_727),
    ],
)  # fmt: skip
def test_worked_cases(
    case: str,
    basis: FeeBasis,
    policy: LateFeePolicy,
    lpr: tuple[LprRate, ...],
    as_of: date,
    contract: int,
    by_lpr: int,
    claimed: int,
) -> None:
    found = charge_late_fee(basis, policy, lpr, as_of)
    assert (found.contract, found.lpr, found.claimed) == (contract, by_lpr, claimed), case


@pytest.mark.parametrize(
    ("basis", "policy", "lpr", "as_of", "why"),
    [
        (_basis(kind=FeeKind.COLLECTED), HALF_PERMILLE, LPR, TODAY, "代收费用不计违约金"),
        (_basis(kind=FeeKind.REPAIR_FUND), HALF_PERMILLE, LPR, TODAY, "维修资金不计违约金"),
        (_basis(kind=FeeKind.OTHER), HALF_PERMILLE, LPR, TODAY, "其他费用不计违约金"),
        (_basis(is_lump=True), HALF_PERMILLE, LPR, TODAY, "几个月合在一笔，按月拆分后才计"),
        (_basis(due_on=None), HALF_PERMILLE, LPR, TODAY, "应缴日待核，先不计"),
        (_basis(), LateFeePolicy(), LPR, TODAY, "没有启用违约金"),
        (_basis(), LateFeePolicy("第十二条", 0), LPR, TODAY, "没有启用违约金"),
        (_basis(), LateFeePolicy(" ", 500), LPR, TODAY, "没有启用违约金"),
        (_basis(), HALF_PERMILLE, LPR, DUE, "还没有逾期"),
        (_basis(), replace(HALF_PERMILLE, grace_days=31), LPR, TODAY, "还在 31 天宽限期内"),
        (_basis(107_940, DUE, (DUE, 107_940)), HALF_PERMILLE, LPR, TODAY, "逾期之前已经缴清"),
        (_basis(499), HALF_PERMILLE, LPR, date(2026, 10, 16), "不足一分"),
        (_basis(), HALF_PERMILLE, (), TODAY, "这段时间的 LPR 还没有录入，按 LPR×1.3 封顶算不出来，先不计"),
    ],
)
def test_why_there_is_none(
    basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date, why: str
) -> None:
    found = charge_late_fee(basis, policy, lpr, as_of)
    assert (found.claimed, found.why) == (0, why)
    assert explain(found, policy)[-1] == why


def test_only_split_property_fees_bear_late_fee() -> None:
    bearing = [(kind, lump) for kind in FeeKind for lump in (False, True) if bears_late_fee(kind, lump)]
    assert bearing == [(FeeKind.PROPERTY, False)]


def test_it_is_explained_in_one_line_where_nothing_changed() -> None:
    assert explain(charge_late_fee(_basis(), HALF_PERMILLE, LPR, TODAY), HALF_PERMILLE) == (
        "合同：1,079.40 × 31 天 × 日万分之五 = 16.73（2026-10-16 至 2026-11-15）",
        "LPR×1.3：1,079.40 × 31 天 × 3.00% × 1.3 ÷ 365 = 3.58（2026-10-16 至 2026-11-15）",
        "主张 3.58（按 LPR×1.3 封顶）",
    )


def test_it_is_explained_span_by_span_where_something_changed() -> None:
    basis = _basis(107_940, DUE, (date(2026, 10, 31), 50_000))
    policy = replace(HALF_PERMILLE, cap=LateFeeCap.PRINCIPAL)
    assert explain(charge_late_fee(basis, policy, CHANGED, TODAY), policy) == (
        "合同：1,079.40 × 16 天 × 日万分之五 = 8.6352（2026-10-16 至 2026-10-31）",
        "合同：579.40 × 15 天 × 日万分之五 = 4.3455（2026-11-01 至 2026-11-15）",
        "合同合计 12.98",
        "LPR×1.3：1,079.40 × 9 天 × 3.10% × 1.3 ÷ 365 = 1.0726（2026-10-16 至 2026-10-24）",
        "LPR×1.3：1,079.40 × 7 天 × 3.00% × 1.3 ÷ 365 = 0.8073（2026-10-25 至 2026-10-31）",
        "LPR×1.3：579.40 × 15 天 × 3.00% × 1.3 ÷ 365 = 0.9286（2026-11-01 至 2026-11-15）",
        "LPR×1.3合计 2.81",
        "主张 12.98（按合同）",
    )


def test_days_before_the_table_of_lpr_are_named() -> None:
    lines = explain(charge_late_fee(_basis(), HALF_PERMILLE, CHANGED[1:], TODAY), HALF_PERMILLE)
    assert "LPR×1.3：2026-10-16 至 2026-10-24 没有录入 LPR，这 9 天不计" in lines


def test_the_account_adds_up_its_charges_and_keeps_principal_apart() -> None:
    bases = [
        _basis(107_940, charge_id=1),
        _basis(107_940, DUE, (date(2026, 10, 31), 50_000), charge_id=2),
        _basis(12_000, kind=FeeKind.COLLECTED, charge_id=3),
        _basis(107_940, TODAY + timedelta(days=30), charge_id=4),
    ]
    found = account_late_fee(bases, HALF_PERMILLE, LPR, TODAY, waived=100, paid=35)
    assert (found.contract, found.lpr, found.claimed) == (1_673 + 1_298, 358 + 277, 635)
    assert found.principal == 107_940 + 57_940, (
        "what is late and bears late fee, without 代收 and without what is not due"
    )
    assert found.owed == 500
    assert [line.charge_id for line in found.lines] == [1, 2, 3, 4], "every charge, with its reason"


def _account(policy: LateFeePolicy, basis: FeeBasis, waived: int = 0, lpr: tuple[LprRate, ...] = LPR) -> AccountLateFee:
    return account_late_fee([basis], policy, lpr, TODAY, waived)


BY_PRINCIPAL = LateFeeCap.PRINCIPAL


@pytest.mark.parametrize(
    ("policy", "basis", "waived", "lpr", "expected", "words"),
    [
        (LateFeePolicy(), _basis(), 0, LPR, LateFeeVerdict.OFF, "合同条款号"),
        (HALF_PERMILLE, _basis(due_on=TODAY), 0, LPR, LateFeeVerdict.FREE, "没有要收的违约金"),
        (HALF_PERMILLE, _basis(), 0, (), LateFeeVerdict.FREE, "LPR 还没有录入"),
        (HALF_PERMILLE, _basis(), 0, LPR, LateFeeVerdict.FREE, "¥3.58，没有超过 LPR×1.3"),
        (THREE_PERMILLE, _basis(), 0, LPR, LateFeeVerdict.FREE, "没有超过"),
        (NO_CAP_BUT_PRINCIPAL, _basis(), 0, LPR, LateFeeVerdict.NEEDS_OVERRIDE, "¥16.73 高于 LPR×1.3 的 ¥3.58"),
        (NO_CAP_BUT_PRINCIPAL, _basis(), 1_315, LPR, LateFeeVerdict.FREE, "¥3.58"),
        (NO_CAP_BUT_PRINCIPAL, _basis(), 1_314, LPR, LateFeeVerdict.NEEDS_OVERRIDE, "¥3.59"),
        (NO_CAP_BUT_PRINCIPAL, _basis(), 2_000, LPR, LateFeeVerdict.FREE, "没有要收的违约金"),
        (replace(NO_CAP_BUT_PRINCIPAL, rate_ppm=657), _basis(), 0, LPR, LateFeeVerdict.NEEDS_OVERRIDE, "项目经理"),
        (replace(NO_CAP_BUT_PRINCIPAL, rate_ppm=658), _basis(), 0, LPR, LateFeeVerdict.BLOCKED, "年 24.017%"),
        (replace(THREE_PERMILLE, cap=BY_PRINCIPAL), _basis(), 0, LPR, LateFeeVerdict.BLOCKED, "超过年 24%"),
        (replace(THREE_PERMILLE, cap=BY_PRINCIPAL), _basis(), 9_000, LPR, LateFeeVerdict.NEEDS_OVERRIDE, "高于"),
        # one day on 10.00: 0.657 -> 1 分, no more than 24 % rounded up
        (replace(NO_CAP_BUT_PRINCIPAL, rate_ppm=657), _basis(1_000, date(2026, 11, 14)), 0, LPR,
         LateFeeVerdict.NEEDS_OVERRIDE, "¥0.01 高于"),
        # twenty years at a rate within 24 % a year: capped at the principal, and no more than that is asked
        (NO_CAP_BUT_PRINCIPAL, _basis(due_on=date(2006, 11, 15)), 0, LPR, LateFeeVerdict.NEEDS_OVERRIDE, "¥1,079.40"),
        # a table of LPR that was mistyped is no way round the limits
        (THREE_PERMILLE, _basis(), 0, (LprRate(date(2024, 1, 1), 3_000),), LateFeeVerdict.BLOCKED, "24%"),
        (LateFeePolicy("三", 500), _basis(due_on=date(2006, 11, 15)), 0, (LprRate(date(2006, 1, 1), 1_000),),
         LateFeeVerdict.BLOCKED, "超过了本金 ¥1,079.40"),
        # 8 years of 13 %: 104 %
        (LateFeePolicy("三", 500), _basis(due_on=date(2018, 11, 15)), 0, (LprRate(date(2006, 1, 1), 1_000),),
         LateFeeVerdict.BLOCKED, "超过了本金 ¥1,079.40"),
    ],
)  # fmt: skip
def test_whether_it_may_be_printed(
    policy: LateFeePolicy,
    basis: FeeBasis,
    waived: int,
    lpr: tuple[LprRate, ...],
    expected: LateFeeVerdict,
    words: str,
) -> None:
    found, reason = verdict(_account(policy, basis, waived, lpr), policy)
    assert found is expected, reason
    assert words in reason


@pytest.mark.parametrize(
    ("case", "policy", "waived", "paid", "lpr", "most"),
    [
        ("all that is claimed, within LPR × 1.3", HALF_PERMILLE, 0, 0, LPR, 358),
        ("up to LPR × 1.3 of what the contract gives", NO_CAP_BUT_PRINCIPAL, 0, 0, LPR, 358),
        ("what was paid of it counts", NO_CAP_BUT_PRINCIPAL, 0, 300, LPR, 58),
        ("never less than nothing", NO_CAP_BUT_PRINCIPAL, 0, 400, LPR, 0),
        ("a waiver takes from what is claimed first", NO_CAP_BUT_PRINCIPAL, 1_300, 0, LPR, 358),
        ("and then from what may be taken", NO_CAP_BUT_PRINCIPAL, 1_400, 0, LPR, 273),
        ("without LPR no limit is known", NO_CAP_BUT_PRINCIPAL, 0, 0, (), 0),
        ("what may not be printed at all is not taken", replace(THREE_PERMILLE, cap=BY_PRINCIPAL), 0, 0, LPR, 0),
        ("switched off", LateFeePolicy(), 0, 0, LPR, 0),
    ],
)
def test_no_more_is_taken_than_may_be_printed_without_a_managers_word(
    case: str, policy: LateFeePolicy, waived: int, paid: int, lpr: tuple[LprRate, ...], most: int
) -> None:
    assert takeable(account_late_fee([_basis()], policy, lpr, TODAY, waived, paid), policy) == most, case


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (LateFeePolicy(), HALF_PERMILLE, True),
        (HALF_PERMILLE, THREE_PERMILLE, True),
        (HALF_PERMILLE, NO_CAP_BUT_PRINCIPAL, True),
        (NO_CAP_BUT_PRINCIPAL, HALF_PERMILLE, False),
        (THREE_PERMILLE, HALF_PERMILLE, False),
        (THREE_PERMILLE, LateFeePolicy(), False),
        (HALF_PERMILLE, replace(HALF_PERMILLE, clause="第三条"), False),
    ],
)
def test_what_claims_more_than_before(before: LateFeePolicy, after: LateFeePolicy, more: bool) -> None:
    assert asks_more(before, after) is more


def test_open_lumps_are_counted_and_said() -> None:
    lumps = [
        _basis(is_lump=True),
        _basis(100, DUE, (DUE, 100), is_lump=True),
        _basis(is_lump=True, kind=FeeKind.COLLECTED),
    ]
    found = account_late_fee(lumps, HALF_PERMILLE, LPR, TODAY)
    assert found.lumps == 1, "neither what is paid nor what bears none anyway"
    assert lumps_text(found.lumps, found.claimed) == "未计：1 笔合在一起，拆分后才计"
    part = account_late_fee([*lumps, _basis()], HALF_PERMILLE, LPR, TODAY)
    assert lumps_text(part.lumps, part.claimed) == "另有 1 笔未计：合在一起，拆分后才计"
    assert lumps_text(0, 358) == ""


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        (LPR + CHANGED, ""),
        ((), ""),
        ((LPR[0], LprRate(LPR[0].since, 310)), "2024-01-20 有两行"),
        ((LprRate(date(2026, 1, 1), 0),), "大于 0"),
        ((LprRate(date(2026, 1, 1), 3_000),), "30.00%"),
    ],
)
def test_a_table_of_lpr_that_cannot_be_kept_says_why(rates: tuple[LprRate, ...], words: str) -> None:
    problem = lpr_problem(rates)
    assert (words in problem) if words else problem == ""


# --- what holds always ---

DAYS = st.integers(0, 900).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
AMOUNTS = st.integers(1, 2_000_000)
POLICIES = st.builds(
    LateFeePolicy, st.just("第十二条"), st.integers(1, 5_000), st.integers(0, 40), st.sampled_from(list(LateFeeCap))
)
TABLES = st.lists(st.builds(LprRate, DAYS, st.integers(200, 500)), max_size=4, unique_by=lambda rate: rate.since).map(
    tuple
)


@st.composite
def _charges(draw: st.DrawFn) -> FeeBasis:
    """A charge of 物业费 with up to four things that lower it, never below 0."""
    amount = draw(AMOUNTS)
    left, lowered = amount, []
    for day in sorted(draw(st.lists(DAYS, max_size=4))):
        part = draw(st.integers(0, left))
        if part:
            lowered.append((day, part))
            left -= part
    return _basis(amount, draw(DAYS), *lowered)


CHARGES = _charges()


def _exact(basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date) -> tuple[Fraction, Fraction]:
    """Told the long way, day by day, in exact 分: by contract, by LPR × 1.3."""
    contract = by_lpr = Fraction(0)
    assert basis.due_on is not None
    day = basis.due_on + timedelta(days=policy.grace_days + 1)
    while day <= as_of:
        principal = basis.amount - sum(part for paid_on, part in basis.lowered if paid_on < day)
        in_force = [rate for rate in lpr if rate.since <= day]
        bp = max(in_force, key=lambda rate: rate.since).bp if in_force else 0
        contract += Fraction(principal * policy.rate_ppm, 1_000_000)
        by_lpr += Fraction(principal * bp * 13, 10_000 * 10 * 365)
        day += timedelta(days=1)
    return contract, by_lpr


def _rounded(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


@given(CHARGES, POLICIES, TABLES, DAYS)
def test_it_is_the_sum_of_its_days_rounded_once(
    basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date
) -> None:
    contract, by_lpr = _exact(basis, policy, lpr, as_of)
    found = charge_late_fee(basis, policy, lpr, as_of)
    assert (found.contract, found.lpr) == (_rounded(contract), _rounded(by_lpr))
    cap = found.lpr if policy.cap is LateFeeCap.LPR else found.principal
    assert found.claimed == min(found.contract, cap) <= found.contract


@given(CHARGES, POLICIES, TABLES, DAYS)
def test_its_segments_are_the_whole_of_it(
    basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date
) -> None:
    found = charge_late_fee(basis, policy, lpr, as_of)
    contract = sum(segment.principal * segment.days * segment.rate_ppm for segment in found.of_contract)
    by_lpr = sum(segment.principal * segment.days * segment.lpr_bp * 13 for segment in found.of_lpr)
    assert (found.contract, found.lpr) == (half_up(contract, 1_000_000), half_up(by_lpr, 36_500_000))
    for segments in (found.of_contract, found.of_lpr):
        days = [day for one in segments for day in (one.first, one.last)]
        assert days == sorted(days)
        assert all(one.days == (one.last - one.first).days + 1 > 0 and one.principal > 0 for one in segments)
    assert sum(one.days for one in found.of_contract) == sum(one.days for one in found.of_lpr)


@given(CHARGES, POLICIES, TABLES, st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_it_is_additive_over_days(
    basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], days: list[date]
) -> None:
    """F(a…c) = F(a…b) + F(b…c): exact in its units, and in 分 as differences of what was told on each day."""
    assert basis.due_on is not None
    due, lowered = basis.due_on.toordinal(), [(day.toordinal(), part) for day, part in basis.lowered]

    def up_to(day: date) -> tuple[int, int]:
        reckoner = Reckoner(policy, lpr, day)
        return reckoner.units(reckoner.spans(basis.amount, due, lowered))

    def between(first: date, last: date) -> tuple[int, int]:
        """The days after `first` up to `last`, from the spans that reach into them."""
        reckoner = Reckoner(policy, lpr, last)
        spans = [
            (max(after, first.toordinal()), end, principal)
            for after, end, principal in reckoner.spans(basis.amount, due, lowered)
            if end > first.toordinal()
        ]
        return reckoner.units(spans)

    a, b, c = days
    assert between(a, c) == tuple(map(sum, zip(between(a, b), between(b, c), strict=True)))
    assert up_to(c) == tuple(map(sum, zip(up_to(a), between(a, b), between(b, c), strict=True)))
    told = [charge_late_fee(basis, policy, lpr, day) for day in days]
    assert [one.contract for one in told] == sorted(one.contract for one in told)
    assert [one.claimed for one in told] == sorted(one.claimed for one in told)
    grown = told[2].contract - told[0].contract
    assert grown == (told[1].contract - told[0].contract) + (told[2].contract - told[1].contract)
    assert abs(grown - Fraction(between(a, c)[0], 1_000_000)) <= 1, "a rounding at each end, none between"


@given(CHARGES, AMOUNTS, POLICIES, TABLES, DAYS)
def test_more_principal_never_bears_less(
    basis: FeeBasis, more: int, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date
) -> None:
    less = charge_late_fee(basis, policy, lpr, as_of)
    greater = charge_late_fee(replace(basis, amount=basis.amount + more), policy, lpr, as_of)
    assert greater.contract >= less.contract and greater.lpr >= less.lpr and greater.claimed >= less.claimed


@given(AMOUNTS, POLICIES, TABLES, DAYS, DAYS)
def test_it_never_compounds(
    amount: int, policy: LateFeePolicy, lpr: tuple[LprRate, ...], due_on: date, as_of: date
) -> None:
    """Every day costs the same while the principal stays: late fee that is not paid bears none itself."""
    found = charge_late_fee(_basis(amount, due_on), policy, lpr, as_of)
    days = max(0, (as_of - due_on).days - policy.grace_days)
    assert found.contract == half_up(amount * days * policy.rate_ppm, 1_000_000)
    assert all(segment.principal == amount for segment in found.segments)


@given(CHARGES, POLICIES, TABLES, DAYS, st.data())
def test_paying_earlier_never_costs_more(
    basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date, data: st.DataObject
) -> None:
    late = charge_late_fee(basis, policy, lpr, as_of)
    sooner = [(day - timedelta(days=data.draw(st.integers(0, 60))), part) for day, part in basis.lowered]
    early = charge_late_fee(replace(basis, lowered=tuple(sorted(sooner))), policy, lpr, as_of)
    assert early.contract <= late.contract and early.lpr <= late.lpr and early.claimed <= late.claimed


@given(CHARGES, POLICIES, TABLES, DAYS)
def test_the_way_for_many_charges_gives_the_same(
    basis: FeeBasis, policy: LateFeePolicy, lpr: tuple[LprRate, ...], as_of: date
) -> None:
    """A charge that nothing has lowered, or one payment has paid, takes a short cut; it must be the same road."""
    assert basis.due_on is not None
    reckoner, due = Reckoner(policy, lpr, as_of), basis.due_on.toordinal()
    paid = [replace(basis, lowered=((day, basis.amount),)) for day, _ in basis.lowered]
    for one in (replace(basis, lowered=()), basis, *paid):
        lowered = [(day.toordinal(), part) for day, part in one.lowered]
        found = charge_late_fee(one, policy, lpr, as_of)
        spans = reckoner.spans(one.amount, due, lowered)
        contract, by_lpr = reckoner.units(spans)
        expected = (half_up(contract, 1_000_000), half_up(by_lpr, 36_500_000))
        assert (found.contract, found.lpr) == expected
        for _ in range(2):  # the second time from what the first has kept
            assert reckoner.figures(one.amount, due, lowered) == (found.contract, found.lpr, found.claimed)
    assert reckoner.figures(basis.amount, due) == reckoner.figures(basis.amount, due, [(due - 1, 0)])
