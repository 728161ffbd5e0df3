"""收费率, 户收费率, 清缴率: hand-computed cases, and what holds whatever the charges are."""

from __future__ import annotations

import ast
import inspect
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models import collection, collection_words, yearly_plan
from feedesk.models.collection import (
    Figures,
    Line,
    Part,
    Rate,
    Span,
    counted,
    figures,
    households,
    old_part,
    this_month,
    this_quarter,
    this_year,
)
from feedesk.models.collection_words import (
    bar_difference,
    building_name,
    buildings_basis,
    cards,
    cautions,
    difference,
    is_far_below,
    parts_of,
    show_percent,
    show_rate,
    show_target,
)
from feedesk.models.periods import Period, parse_month
from feedesk.models.yearly_plan import MonthPlan, YearPlan, parse_rate, plan_problems

TODAY = date(2026, 11, 17)
M = parse_month


def months(text: str) -> tuple[int, ...]:
    return Period.parse(text).months


def line(period: str, amount: int, reduced: int = 0, *, account: int = 1, **other: int) -> Line:
    """A charge: months as `2026-07..2026-09`, amounts in 分."""
    return Line(account, months(period), amount, other.pop("waived", 0), reduced, **other)


def span(first: str, last: str = "", as_of: date = TODAY) -> Span:
    return Span(M(first), M(last or first), as_of)


def plan(year: int = 2026, household_bp: int | None = None, recovery_bp: int | None = None, **by_month: MonthPlan):  # type: ignore[no-untyped-def]
    """A yearly plan; months by name: m7=MonthPlan(...)."""
    return {
        year: YearPlan(year, tuple(by_month.get(f"m{n}", MonthPlan()) for n in range(1, 13)), household_bp, recovery_bp)
    }


# --- spans ---


@pytest.mark.parametrize(
    ("made", "today", "text", "first_day", "last_day", "end"),
    [
        (this_month, TODAY, "2026年11月", date(2026, 11, 1), date(2026, 11, 30), TODAY),
        (this_month, date(2024, 2, 29), "2024年2月", date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 29)),
        (this_month, date(2026, 12, 31), "2026年12月", date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 31)),
        (this_quarter, TODAY, "2026年10–12月", date(2026, 10, 1), date(2026, 12, 31), TODAY),
        (this_quarter, date(2026, 3, 31), "2026年1–3月", date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 31)),
        (this_year, TODAY, "2026年", date(2026, 1, 1), date(2026, 12, 31), TODAY),
    ],
)
def test_the_chips_mean_whole_months_up_to_today(made, today, text, first_day, last_day, end) -> None:  # type: ignore[no-untyped-def]
    found = made(today)
    assert (found.text(), found.first_day, found.last_day, found.end) == (text, first_day, last_day, end)


def test_a_span_of_ones_own_may_cross_the_year_and_ends_when_its_last_month_does() -> None:
    found = span("2025-11", "2026-02")
    assert (found.text(), found.year, found.end) == ("2025年11月–2026年2月", 2026, date(2026, 2, 28))


def test_a_span_that_ends_before_it_starts_is_none() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        span("2026-03", "2026-02")


# --- one charge ---


@pytest.mark.parametrize(
    ("what", "charge", "first", "last", "receivable", "collected", "waived"),
    [
        ("one month, open", line("2026-11", 30_000), "2026-11", "2026-11", 30_000, 0, 0),
        ("one month, part paid", line("2026-11", 30_000, 12_345), "2026-11", "2026-11", 30_000, 12_345, 0),
        ("another month", line("2026-10", 30_000, 100), "2026-11", "2026-11", 0, 0, 0),
        ("a quarter's middle month", line("2026-07..2026-09", 100_000), "2026-08", "2026-08", 33_333, 0, 0),
        ("its last month has the rest", line("2026-07..2026-09", 100_000), "2026-09", "2026-09", 33_334, 0, 0),
        ("less 分 than months", line("2026-07..2026-09", 2), "2026-07", "2026-08", 0, 0, 0),
        ("less 分 than months, the last", line("2026-07..2026-09", 2), "2026-09", "2026-09", 2, 0, 0),
        ("money fills the oldest month", line("2026-07..2026-09", 90_000, 40_000), "2026-07", "2026-07", 30_000, 30_000, 0),
        ("then the next", line("2026-07..2026-09", 90_000, 40_000), "2026-08", "2026-08", 30_000, 10_000, 0),
        ("and none is left", line("2026-07..2026-09", 90_000, 40_000), "2026-09", "2026-09", 30_000, 0, 0),
        ("two of its months", line("2026-07..2026-09", 90_000, 40_000), "2026-08", "2026-12", 60_000, 10_000, 0),
        ("a waiver lowers all months", line("2026-07..2026-09", 90_000, waived=9_000), "2026-07", "2026-07", 27_000, 0, 3_000),
        ("waived altogether", line("2026-11", 30_000, waived=30_000), "2026-11", "2026-11", 0, 0, 30_000),
        ("months with a gap", line("2026-01,2026-03", 20_001), "2026-03", "2026-03", 10_001, 0, 0),
        ("the gap itself", line("2026-01,2026-03", 20_001), "2026-02", "2026-02", 0, 0, 0),
    ],
)  # fmt: skip
def test_what_a_charge_adds_to_some_months(what, charge, first, last, receivable, collected, waived) -> None:  # type: ignore[no-untyped-def]
    assert counted(charge, M(first), M(last)) == (receivable, collected, waived), what


@pytest.mark.parametrize(
    ("what", "charge", "recovered", "still_open"),
    [
        ("nothing came in", line("2026-09", 30_000), 0, 30_000),
        ("paid within the span", line("2026-09", 30_000, 30_000, recovered=30_000), 30_000, 0),
        ("paid before the span", line("2026-09", 30_000, 30_000), 0, 0),
        ("part before, part within", line("2026-09", 30_000, 20_000, recovered=5_000), 5_000, 10_000),
        ("paid after the span: still open then", line("2026-09", 30_000, 30_000, later=30_000), 0, 30_000),
        ("this month's own charge", line("2026-11", 30_000, 30_000, recovered=30_000), 0, 0),
        ("half of it is old", line("2026-10..2026-11", 60_000, 40_000, recovered=40_000), 30_000, 0),
        ("waived is neither", line("2026-09", 30_000, waived=10_000), 0, 20_000),
    ],
)
def test_what_a_charge_adds_to_the_recovery_of_november(what, charge, recovered, still_open) -> None:  # type: ignore[no-untyped-def]
    assert old_part(charge, M("2026-11")) == (recovered, still_open), what


# --- rates ---


@pytest.mark.parametrize(
    ("over", "under", "bp", "shown", "percent"),
    [
        (0, 0, None, "—", "—"),
        (0, 5, 0, "0.0", "0%"),
        (5, 5, 10_000, "100.0", "100%"),
        (2_381_00, 3_289_00, 7239, "72.4", "72%"),
        (1, 3, 3333, "33.3", "33%"),
        (2, 3, 6667, "66.7", "67%"),
        (1, 20_000, 1, "0.1", "1%"),
        (1, 10**9, 1, "0.1", "1%"),
        (10**9 - 1, 10**9, 9_999, "99.9", "99%"),
        (9_996, 10_000, 9_996, "99.9", "99%"),
    ],
)
def test_a_rate_is_rounded_half_up_but_never_to_all_or_nothing(over, under, bp, shown, percent) -> None:  # type: ignore[no-untyped-def]
    assert (Rate(over, under).bp, show_rate(Rate(over, under).bp), show_percent(Rate(over, under).bp)) == (
        bp,
        shown,
        percent,
    )


@pytest.mark.parametrize(
    ("over", "target", "card", "bar", "far"),
    [
        (7_240, 7_800, "差 5.6 点", "差 6 点", True),
        (7_301, 7_800, "差 5.0 点", "差 5 点", False),
        (7_300, 7_800, "差 5.0 点", "差 5 点", True),
        (7_796, 7_800, "差 0.1 点", "差 1 点", False),
        (7_800, 7_800, "达到", "达到", False),
        (8_000, 7_800, "达到", "达到", False),
        (8_000, None, "", "", False),
        (0, 7_825, "差 78.3 点", "差 78 点", True),
    ],
)
def test_the_difference_to_the_plan_in_words(over, target, card, bar, far) -> None:  # type: ignore[no-untyped-def]
    rate = Rate(over, 10_000, target)
    assert (difference(rate), bar_difference(rate), is_far_below(rate)) == (card, bar, far)


@pytest.mark.parametrize(
    ("bp", "text"), [(7_800, "78%"), (7_850, "78.5%"), (7_825, "78.25%"), (10_000, "100%"), (5, "0.05%")]
)
def test_a_target_is_shown_as_it_was_set(bp: int, text: str) -> None:
    assert show_target(bp) == text
    assert parse_rate(text) == bp


@pytest.mark.parametrize("text", ["", "七八", "78.255", "-3", "1e2", "78 5", "1000.5.2", "²"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是百分数"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("building", "name"), [("3", "3 栋"), ("A", "A 栋"), ("12B", "12B 栋"), ("商铺A", "商铺A"), ("", "未分栋")]
)
def test_buildings_by_name(building: str, name: str) -> None:
    assert building_name(building) == name


# --- figures ---

BUILDINGS = {1: "1", 2: "1", 3: "2", 4: "10"}
NOVEMBER = (
    line("2026-11", 30_000, 30_000, account=1, recovered=30_000),
    line("2026-11", 20_000, 5_000, account=2, recovered=5_000),
    line("2026-10", 20_000, 8_000, account=2, recovered=6_000),
    line("2026-11", 50_000, 0, account=3),
    line("2026-09..2026-11", 90_000, 90_000, account=4, recovered=90_000),
    line("2026-11", 10_000, 0, account=4, waived=10_000),
)
"""November: 300 paid; 50 of 200; 0 of 500; a third of 900 paid; 100 waived. Old: 60 in and 120 open; 600 in."""


def of(lines, wanted, plans=None, **other) -> Figures:  # type: ignore[no-untyped-def]
    return figures(lines, wanted, plans or {}, BUILDINGS, **other)


def test_november_by_the_books() -> None:
    found = of(NOVEMBER, span("2026-11"))
    assert found.total == Part(130_000, 65_000, households=4, paid=2)
    assert (found.rate.bp, found.household_rate.bp) == (5_000, 5_000)
    assert (found.recovered, found.old_open) == (66_000, 12_000)
    assert found.recovery_rate.bp == 8_462  # 660 ÷ 780
    assert found.buildings == (
        ("1", Part(50_000, 35_000, 2, 1)),
        ("2", Part(50_000, 0, 1, 0)),
        ("10", Part(30_000, 30_000, 1, 1)),
    )
    assert found.outside == Part()
    assert found.waived == 10_000


def test_with_finances_own_receivable_units_that_no_list_named_have_paid() -> None:
    plans = plan(m11=MonthPlan(7_800, receivable=410_000, households=9))
    found = of(NOVEMBER, span("2026-11"), plans)
    # 4,100 − 100 waived = 4,000 receivable; 650 open
    assert found.total == Part(400_000, 335_000, households=9, paid=7)
    assert found.rate == Rate(335_000, 400_000, 7_800)
    assert (found.rate.bp, difference(found.rate)) == (8_375, "达到")
    assert found.outside == Part(270_000, 270_000, 5, 5)
    assert found.households_by_plan
    assert sum((part for _name, part in parts_of(found)), Part()) == found.total


@pytest.mark.parametrize(
    ("receivable", "target", "basis"),
    [
        pytest.param(
            410_000, None, "各栋按清单内账目，不与计划比：没有欠费的户不在清单里。", id="more than the lists name"
        ),
        pytest.param(140_000, 7_800, "各栋按清单内账目。", id="the lists name it all: 1,300 and 100 waived"),
        pytest.param(None, None, "各栋按清单内账目，不与计划比：没有欠费的户不在清单里。", id="only the lists"),
    ],
)
def test_buildings_are_held_against_the_plan_only_when_nobody_is_missing_from_them(
    receivable: int | None, target: int | None, basis: str
) -> None:
    found = of(NOVEMBER, span("2026-11"), plan(m11=MonthPlan(7_800, receivable=receivable)))
    assert found.target_bp == 7_800
    assert (found.building_bp, buildings_basis(found)) == (target, basis)


def test_the_card_adds_up_with_what_was_typed_into_the_plan() -> None:
    found = of(NOVEMBER, span("2026-11"), plan(m11=MonthPlan(7_800, receivable=410_000)))
    card = cards(found)[0]
    assert card.what == "当期实收 3,350.00 ÷ 当期应收 4,000.00"
    assert card.basis == "应收按财务填的 4,100.00 − 减免 100.00"
    assert card.notes[0] == "2026年11月应收按财务填的 4,100.00 − 减免 100.00，实收 = 应收 − 尚欠；减免不算实收。"


def test_a_plan_that_knows_of_less_than_the_books_gives_way_to_them() -> None:
    plans = plan(m11=MonthPlan(7_800, receivable=100_000, households=2))
    found = of(NOVEMBER, span("2026-11"), plans)
    assert found.total == Part(130_000, 65_000, 4, 2)
    assert found.months[10].too_low
    assert found.households_too_low
    assert cautions(found) == (
        "2026年11月计划里的应收比清单内账目还少，按账目算，请核对。",
        "计划里的收费户数比清单内的户数还少，按清单内算，请核对。",
    )


def test_months_with_and_without_finances_receivable_add_up_and_say_so() -> None:
    plans = plan(m10=MonthPlan(9_000, receivable=100_000), m11=MonthPlan(6_000))
    lines = (line("2026-10", 20_000), line("2026-11", 50_000, 25_000))
    found = of(lines, span("2026-10", "2026-11"), plans)
    assert found.total == Part(150_000, 105_000, households=1, paid=0)
    assert found.target_bp == 8_000  # (90 % × 1,000 + 60 % × 500) ÷ 1,500
    assert cards(found)[0].basis == "部分月份按清单内账目"
    assert cards(found)[0].notes == (
        "2026年10月应收按财务填的数，实收 = 应收 − 尚欠。",
        "2026年11月按清单内账目。",
        "一笔收几个月的，平均分到各月，收到的先算最早的月。",
        "计划按各月应收加权。",
    )


def test_a_month_that_no_list_has_come_to_is_not_taken_for_paid() -> None:
    plans = plan(m11=MonthPlan(8_000, receivable=100_000), m12=MonthPlan(9_500, receivable=100_000, households=50))
    found = of((line("2026-11", 50_000),), this_quarter(TODAY), plans)
    assert found.total == Part(100_000, 50_000, households=1, paid=0)
    assert found.left_out == (M("2026-12"),)
    assert found.target_bp == 8_000
    assert "2026年12月还没有清单，没有算进来。" in cautions(found)
    assert not found.months[11].is_listed


def test_without_a_charge_nothing_can_be_said() -> None:
    found = of((), this_month(TODAY), plan(m11=MonthPlan(8_000, 100_000, 9)))
    assert (found.rate.bp, found.household_rate.bp, found.recovery_rate.bp) == (None, None, None)
    assert found.total == Part()
    assert [card.difference for card in cards(found)] == ["", "", ""]
    assert cautions(found) == ("清单还没有说到2026年11月，没有可算的账。",)


def test_the_months_of_the_year_stand_beside_each_other() -> None:
    lines = (line("2026-09..2026-11", 90_000, 40_000), line("2025-12", 10_000, 10_000), line("2027-01", 5_000))
    found = of(lines, span("2026-11"), plan(m9=MonthPlan(9_000)))
    shown = {month.month % 12 + 1: (month.part.receivable, month.part.collected) for month in found.months}
    assert shown[9] == (30_000, 30_000)
    assert shown[10] == (30_000, 10_000)
    assert shown[11] == (30_000, 0)
    assert shown[1] == (0, 0)
    assert [month.rate.bp for month in found.months][8:11] == [10_000, 3_333, 0]


def test_what_stands_under_the_figures() -> None:
    found = of(NOVEMBER, span("2026-11"), undated=(2, 6_600))
    first, second, third = cards(found)
    assert first.what == "当期实收 650.00 ÷ 当期应收 1,300.00"
    assert second.what == "已交 2 户 ÷ 收费 4 户"
    assert third.what == "追回 660.00 ÷（追回 + 历史欠费 120.00）"
    assert [card.basis for card in (first, second, third)] == ["按清单内账目", "按清单内账目", "2026年11月以前的账"]
    assert "应收已减去减免 ¥100.00：减免不算实收。" in first.notes
    assert third.notes == (
        "追回：11-01 至 11-17 收到的2026年11月以前的钱。",
        "历史欠费：到 11-17 还欠的2026年11月以前的钱。",
    )
    assert cautions(found) == (
        "2026年11月只算清单里的账，没有欠费的户不在里面，收费率偏低；在年度计划里填上财务的应收和户数，才是全部。",
        "另有 2 笔不知哪个月的账，尚欠 ¥66.00，哪个数里都没有。",
    )


def test_the_other_targets_are_those_of_the_year() -> None:
    found = of(NOVEMBER, this_month(TODAY), plan(household_bp=7_200, recovery_bp=4_000))
    assert (found.household_rate.target_bp, found.recovery_rate.target_bp) == (7_200, 4_000)
    assert found.has_plan
    assert not of(NOVEMBER, this_month(TODAY), plan(2025, 7_200)).has_plan


def test_households_behind_the_figures() -> None:
    found = households(NOVEMBER, span("2026-11"))
    shown = {one.account_id: (one.receivable, one.collected, one.recovered, one.old_open) for one in found.values()}
    assert shown == {
        1: (30_000, 30_000, 0, 0),
        2: (20_000, 5_000, 6_000, 12_000),
        3: (50_000, 0, 0, 0),
        4: (30_000, 30_000, 60_000, 0),
    }


# --- the plan ---


@pytest.mark.parametrize(
    ("made", "month", "field"),
    [
        (plan(m3=MonthPlan(rate_bp=10_001)), 3, "rate_bp"),
        (plan(m3=MonthPlan(rate_bp=0)), 3, "rate_bp"),
        (plan(m12=MonthPlan(receivable=0)), 12, "receivable"),
        (plan(m12=MonthPlan(receivable=10_000_000_000)), 12, "receivable"),
        (plan(m1=MonthPlan(households=-1)), 1, "households"),
        (plan(household_bp=10_100), 0, "household_bp"),
        (plan(recovery_bp=0), 0, "recovery_bp"),
    ],
)
def test_what_cannot_be_meant_in_a_plan_is_named(made, month, field) -> None:  # type: ignore[no-untyped-def]
    (problem,) = plan_problems(made[2026])
    assert (problem.month, problem.field) == (month, field)
    assert problem.text.endswith("。")


def test_a_decent_plan_has_no_problem() -> None:
    full = tuple(MonthPlan(100 * n + 8_000, 100_000 * n, 10 * n, "许宁") for n in range(1, 13))
    assert plan_problems(YearPlan(2026, full, 7_200, 4_000)) == ()
    assert plan_problems(YearPlan(2026)) == ()


# --- what holds whatever the charges are ---


@st.composite
def charges(draw) -> Line:  # type: ignore[no-untyped-def]
    first = draw(st.integers(M("2025-06"), M("2027-01")))
    chosen = draw(st.sets(st.integers(first, first + 6), min_size=1, max_size=6))
    amount = draw(st.integers(1, 500_000))
    waived = draw(st.integers(0, amount))
    reduced = draw(st.integers(0, amount - waived))
    recovered = draw(st.integers(0, reduced))
    later = draw(st.integers(0, reduced - recovered))
    return Line(draw(st.integers(1, 6)), tuple(sorted(chosen)), amount, waived, reduced, recovered, later)


@st.composite
def spans(draw) -> Span:  # type: ignore[no-untyped-def]
    first = draw(st.integers(M("2025-06"), M("2027-01")))
    return Span(first, first + draw(st.integers(0, 14)), TODAY)


month_plans = st.builds(
    MonthPlan,
    st.none() | st.integers(1, 10_000),
    st.none() | st.integers(1, 2_000_000),
    st.none() | st.integers(1, 12),
)
plans_by_year = st.dictionaries(
    st.integers(2025, 2028),
    st.builds(YearPlan, st.just(2026), st.tuples(*[month_plans] * 12), st.none() | st.integers(1, 10_000)),
)
ALL_BUILDINGS = {1: "1", 2: "1", 3: "2", 4: "商铺A", 5: ""}


@given(st.lists(charges(), max_size=12), spans(), plans_by_year)
def test_rates_lie_between_nothing_and_all_and_parts_make_the_whole(lines, wanted, plans) -> None:  # type: ignore[no-untyped-def]
    found = figures(lines, wanted, plans, ALL_BUILDINGS)
    for rate in (found.rate, found.household_rate, found.recovery_rate, *(month.rate for month in found.months)):
        assert 0 <= rate.over <= rate.under
        assert rate.bp is None or 0 <= rate.bp <= 10_000
        assert (rate.bp == 10_000) == (rate.over == rate.under > 0)
    assert found.target_bp is None or 1 <= found.target_bp <= 10_000
    assert sum((part for _name, part in found.buildings), Part()) + found.outside == found.total
    for part in (*(part for _name, part in found.buildings), found.outside):
        assert 0 <= part.collected <= part.receivable
        assert 0 <= part.paid <= part.households
    assert sum((month.part for month in found.counted), Part()).receivable == found.total.receivable


@given(charges(), st.integers(1, 9_999))
def test_the_months_of_a_charge_make_the_charge(charge: Line, cut: int) -> None:
    parts = [counted(charge, month, month) for month in range(charge.months[0], charge.months[-1] + 1)]
    whole = counted(charge, charge.months[0], charge.months[-1])
    assert whole == (charge.amount - charge.waived, charge.reduced, charge.waived)
    assert tuple(map(sum, zip(*parts, strict=True))) == whole
    between = charge.months[0] + cut % (charge.months[-1] - charge.months[0] + 1)
    halves = (counted(charge, charge.months[0], between), counted(charge, between + 1, charge.months[-1]))
    assert tuple(map(sum, zip(*halves, strict=True))) == whole


@given(st.lists(charges(), max_size=12), spans(), st.randoms())
def test_the_order_of_the_charges_does_not_matter(lines, wanted, chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(lines)
    chance.shuffle(mixed)
    assert figures(mixed, wanted, {}, ALL_BUILDINGS) == figures(lines, wanted, {}, ALL_BUILDINGS)


@given(st.lists(charges(), max_size=12), spans())
def test_the_households_behind_a_figure_make_the_figure(lines, wanted) -> None:  # type: ignore[no-untyped-def]
    found, rows = figures(lines, wanted, {}, ALL_BUILDINGS), households(lines, wanted).values()
    current = [row for row in rows if row.receivable]
    assert sum(row.receivable for row in rows) == found.total.receivable
    assert sum(row.collected for row in rows) == found.total.collected
    assert (len(current), sum(not row.open for row in current)) == (found.total.households, found.total.paid)
    assert (sum(row.recovered for row in rows), sum(row.old_open for row in rows)) == (found.recovered, found.old_open)


@given(charges(), st.integers(1, 500_000))
def test_money_that_comes_in_never_lowers_a_rate(charge: Line, more: int) -> None:
    more = min(more, charge.amount - charge.waived - charge.reduced)
    later = charge._replace(reduced=charge.reduced + more)
    for month in charge.months:
        assert counted(later, month, month).collected >= counted(charge, month, month).collected


@pytest.mark.parametrize("module", [collection, collection_words, yearly_plan])
def test_no_fraction_is_ever_made(module) -> None:  # type: ignore[no-untyped-def]
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
