"""The limitation clock, read like the rules of practice: per line, two clocks, restarts by arrival, twenty years at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.limitation import (
    OLD_BEFORE,
    Clock,
    ClockState,
    Course,
    CourseKind,
    Evidence,
    Grade,
    LimitationLine,
    LimitationMonth,
    Revival,
    add_years,
    clock,
    course,
    end_of,
    is_over,
    line_of,
    most_urgent,
)
from feedesk.models.periods import Period

LINE = 7
DUE = date(2024, 1, 15)
TODAY = date(2026, 11, 21)


def line(due_on: date | None = DUE, **more: object) -> LimitationLine:
    return LimitationLine(LINE, True, due_on, **more)  # type: ignore[arg-type]


def proof(grade: str, day: date | None, revives: Revival = Revival.NONE, *lines: int, pays: bool = False) -> Evidence:
    return Evidence(f"凭据{grade}", Grade(grade), day, frozenset(lines or (LINE,)), revives, pays)


def clocks(found: Clock) -> tuple[Course, Course]:
    assert found.conservative is not None and found.lenient is not None
    return found.conservative, found.lenient


def ends(found: Clock) -> tuple[str, str]:
    held, lenient = clocks(found)
    return held.expires_on.isoformat(), lenient.expires_on.isoformat()


# --- when the time ends ---


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (date(2024, 1, 15), date(2027, 1, 15), "the same calendar day"),
        (date(2024, 2, 29), date(2027, 2, 28), "no 29th then: the last day of the month"),
        (date(2023, 2, 28), date(2026, 2, 28), "nothing is gained in the other direction"),
        (date(2025, 12, 31), date(2028, 12, 31), "the year's last day"),
        (date(2015, 9, 30), date(2017, 9, 30), "under the old two years it was over before the three came"),
        (date(2015, 10, 1), date(2018, 10, 1), "the first day that got three"),
    ],
)
def test_time_ends_on_the_same_calendar_day(start: date, end: date, why: str) -> None:
    assert end_of(start) == end, why


def test_the_due_day_itself_is_not_counted_and_the_last_day_still_is() -> None:
    on_last = clock(line(), (), date(2027, 1, 15))
    assert (on_last.state, on_last.days_left, on_last.alert) == (ClockState.RUNNING, 0, 30)
    after = clock(line(), (), date(2027, 1, 16))
    assert (after.state, after.days_left, after.label) == (ClockState.EXPIRED, -1, "已过时效·可协商")
    assert clock(line(), (), DUE).state is ClockState.NOT_DUE
    assert clock(line(), (), DUE + timedelta(days=1)).state is ClockState.RUNNING


@pytest.mark.parametrize(
    ("left", "alert"),
    [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (0, 30), (-1, None)],
)
def test_a_line_is_announced_at_180_90_and_30_days(left: int, alert: int | None) -> None:
    found = clock(line(), (), date(2027, 1, 15) - timedelta(days=left))
    assert (found.days_left, found.alert) == (left, alert)
    assert ("EMS" in "".join(found.why)) == (0 <= left <= 90), "below 90 days it says what to do"


def test_the_share_of_time_gone() -> None:
    assert clock(line(), (), DUE - timedelta(days=5)).gone == 0
    assert clock(line(), (), date(2025, 7, 16)).gone == 500, "548 of 1096 days"
    assert clock(line(), (), date(2025, 7, 15)).gone == 499, "never more than is gone"
    assert clock(line(), (), date(2030, 1, 1)).gone == 1000


# --- what restarts it ---

ARRIVED = date(2025, 6, 20)


@pytest.mark.parametrize(
    ("what", "evidence", "conservative", "lenient"),
    [
        ("signed receipt", proof("A", ARRIVED), "2028-06-20", "2028-06-20"),
        ("EMS", proof("B", ARRIVED), "2028-06-20", "2028-06-20"),
        ("a text to the usual number", proof("C", ARRIVED), "2027-01-15", "2028-06-20"),
        ("a photo of the door alone", proof("D", ARRIVED), "2027-01-15", "2027-01-15"),
        ("sent, but no proof that it arrived", proof("B", None), "2027-01-15", "2027-01-15"),
        ("a letter that names other lines only", proof("A", ARRIVED, Revival.NONE, 8, 9), "2027-01-15", "2027-01-15"),
        ("a letter that names this one too", proof("A", ARRIVED, Revival.NONE, 8, LINE), "2028-06-20", "2028-06-20"),
        ("before it was due", proof("A", date(2024, 1, 10)), "2027-01-15", "2027-01-15"),
        ("on the due day", proof("A", DUE), "2027-01-15", "2027-01-15"),
        ("on the 29th of February", proof("A", date(2024, 2, 29)), "2027-02-28", "2027-02-28"),
        ("a day to come", proof("A", TODAY + timedelta(days=1)), "2027-01-15", "2027-01-15"),
        ("a part payment", proof("A", ARRIVED, Revival.BOTH, pays=True), "2028-06-20", "2028-06-20"),
    ],
)
def test_what_restarts_a_line(what: str, evidence: Evidence, conservative: str, lenient: str) -> None:
    assert ends(clock(line(), [evidence], TODAY)) == (conservative, lenient), what


def test_every_restart_and_everything_not_taken_is_told_with_its_reason() -> None:
    found = clock(
        line(due_is_assumed=True), [proof("A", ARRIVED), proof("C", date(2025, 9, 1)), proof("D", ARRIVED)], TODAY
    )
    assert found.why == (
        "应缴日 2024-01-15（推定），次日起算。",
        "2025-06-20 凭据A（A 级）：重新起算。",
        "2025-09-01 凭据C（C 级）：只有宽松算法据此重算。",
        "凭据D：未计入，凭据只有 D 级，宽松算法不认。",
        "保守算到 2028-06-20。",
        "宽松算到 2028-09-01。",
        "剩 577 天。",
    )


# --- after the end ---

OVER = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("what", "revives", "conservative", "lenient"),
    [
        ("a mere demand, however well served", Revival.NONE, "2023-03-31", "2023-03-31"),
        ("the owner signed for it, or money nobody named for it", Revival.LENIENT, "2023-03-31", "2027-06-01"),
        ("a signed plan, or a payment for this line", Revival.BOTH, "2027-06-01", "2027-06-01"),
    ],
)
def test_after_the_end_only_the_owners_own_act_brings_it_back(
    what: str, revives: Revival, conservative: str, lenient: str
) -> None:
    found = clock(line(date(2020, 3, 31)), [proof("A", OVER, revives)], TODAY)
    assert ends(found) == (conservative, lenient), what
    assert found.is_over == (conservative == "2023-03-31")
    if revives is Revival.BOTH:
        assert "2024-06-01 凭据A（A 级）：时效已过后恢复，重新起算。" in found.why


def test_a_promise_and_a_demand_of_one_day_are_taken_promise_first() -> None:
    both = [proof("A", OVER), proof("A", OVER, Revival.BOTH)]
    assert [ends(clock(line(date(2020, 3, 31)), order, TODAY))[0] for order in permutations(both)] == ["2027-06-01"] * 2


def test_on_the_last_day_a_demand_is_in_time() -> None:
    due = date(2020, 3, 31)
    assert ends(clock(line(due), [proof("B", date(2023, 3, 31))], TODAY))[0] == "2026-03-31"
    assert ends(clock(line(due), [proof("B", date(2023, 4, 1))], TODAY))[0] == "2023-03-31"


def test_twenty_years_from_the_due_day_are_the_end_of_it() -> None:
    due, today = date(2016, 1, 15), date(2035, 6, 1)
    every_two_years = [proof("A", date(year, 1, 10)) for year in range(2018, 2036, 2)]
    found = clock(line(due), every_two_years, today)
    assert ends(found) == ("2036-01-15", "2036-01-15") and clocks(found)[0].is_capped
    assert "保守算到 2036-01-15（应缴日起二十年封顶）。" in found.why
    late = proof("A", date(2036, 2, 1), Revival.BOTH)
    after = clocks(clock(line(due), [*every_two_years, late], date(2036, 3, 1)))[0]
    assert (after.expires_on, len(after.restarts)) == (date(2036, 1, 15), len(clocks(found)[0].restarts))
    assert after.ignored[-1].why == "应缴日起已满二十年，不再重算"


@pytest.mark.parametrize(
    ("due", "evidence", "state"),
    [
        (date(2015, 9, 30), (), ClockState.SUSPECTED),
        (date(2015, 10, 1), (), ClockState.EXPIRED),
        (date(2015, 9, 30), (proof("A", date(2017, 10, 1)),), ClockState.SUSPECTED),
        (date(2015, 9, 30), (proof("A", date(2017, 9, 30)),), ClockState.EXPIRED),
        (date(2015, 9, 30), (proof("A", date(2024, 9, 30), Revival.BOTH),), ClockState.RUNNING),
    ],
)
def test_old_debts_are_probably_over(due: date, evidence: tuple[Evidence, ...], state: ClockState) -> None:
    found = clock(line(due), evidence, TODAY)
    assert found.state is state
    assert found.label == {ClockState.SUSPECTED: "疑似已过时效·可协商", ClockState.EXPIRED: "已过时效·可协商"}.get(
        state, ""
    )


# --- what cannot be reckoned, and lumps ---


def test_without_a_due_day_it_says_what_is_missing() -> None:
    found = clock(line(None), [proof("A", ARRIVED)], TODAY)
    assert (found.state, found.days_left, found.alert, found.is_over) == (ClockState.UNKNOWN, None, None, False)
    assert found.why == ("时效待核：不知道应缴日，请向财务核实。",)
    no_months = clock(line(DUE, is_lump=True), (), TODAY)
    assert no_months.why == ("时效待核：几个月合在一笔，又没有写明月份。",)


def test_a_paid_line_has_no_clock() -> None:
    paid = clock(replace(line(), is_open=False), [proof("A", ARRIVED)], TODAY)
    assert (paid.state, paid.conservative, paid.alert) == (ClockState.CLOSED, None, None)


def lump(amount: int = 120_000, settled: int = 0, period: str = "2023-12..2024-11", due: date | None = None) -> Charge:
    return Charge(LINE, 1, "管理费", FeeKind.PROPERTY, Period.parse(period), amount, settled, due, due is None, True)


def test_of_a_lump_the_month_that_ends_first_governs() -> None:
    found = clock(line_of(lump(), 15), (), TODAY)
    assert (len(found.months), ends(found), found.days_left) == (12, ("2026-12-15", "2026-12-15"), 24)
    assert "几个月合在一笔，逐月计算，2023年12月最早到期。" in found.why
    assert found.why[-12:][0] == "2023年12月 至 2026-12-15" and found.why[-1] == "2024年11月 至 2027-11-15"


@pytest.mark.parametrize(
    ("settled", "first"),
    [(0, "2023年12月"), (9_999, "2023年12月"), (10_000, "2024年1月"), (115_000, "2024年11月")],
)
def test_what_came_in_covers_the_oldest_months_of_a_lump(settled: int, first: str) -> None:
    assert line_of(lump(settled=settled), 15).months[0].text == first


def test_a_demand_restarts_every_month_of_a_lump_and_a_payment_none_for_sure() -> None:
    held = line_of(lump(settled=5_000), 15)
    assert ends(clock(held, [proof("B", ARRIVED)], TODAY)) == ("2028-06-20", "2028-06-20")
    paid = clock(held, [proof("A", ARRIVED, Revival.BOTH, pays=True)], TODAY)
    assert ends(paid) == ("2026-12-15", "2028-06-20")


def test_a_demand_that_came_before_a_later_month_was_due_restarts_the_earlier_ones_only() -> None:
    found = clock(line_of(lump(), 15), [proof("A", date(2024, 6, 30))], TODAY)
    assert {month.text: month.conservative.expires_on.isoformat() for month in found.months[5:9]} == {
        "2024年5月": "2027-06-30", "2024年6月": "2027-06-30", "2024年7月": "2027-07-15", "2024年8月": "2027-08-15",
    }  # fmt: skip
    assert ends(found)[0] == "2027-06-30"


def test_the_most_urgent_line_is_the_one_with_the_least_days() -> None:
    near = clock(replace(line(date(2024, 1, 20)), charge_id=1), (), TODAY)
    nearer = clock(replace(line(date(2023, 12, 20)), charge_id=2), (), TODAY)
    far = clock(replace(line(date(2026, 1, 1)), charge_id=3), (), TODAY)
    over = clock(replace(line(date(2020, 1, 1)), charge_id=4), (), TODAY)
    assert most_urgent([near, far, nearer, over]) == nearer
    assert most_urgent([far, over]) is None


# --- what always holds ---

DAYS = st.dates(date(2008, 1, 1), date(2048, 12, 31))
PROOFS = st.lists(
    st.builds(proof, st.sampled_from("ABCD"), st.one_of(st.none(), DAYS), st.sampled_from(Revival), pays=st.booleans()),
    max_size=8,
)


@given(DAYS, PROOFS, DAYS)
def test_restarts_never_shorten_never_pass_twenty_years_and_conservative_never_outlasts_lenient(
    due: date, evidence: list[Evidence], today: date
) -> None:
    found = clocks(clock(line(due), evidence, today))
    for one in found:
        assert min(end_of(due), add_years(due, 20)) <= one.expires_on <= add_years(due, 20)
        days = [restart.on for restart in one.restarts]
        assert days == sorted(days) and all(day >= due for day in days)
        assert len(one.restarts) + len(one.ignored) == len(evidence), "nothing is passed over in silence"
    assert found[0].expires_on <= found[1].expires_on


@given(DAYS, PROOFS, DAYS, st.sampled_from("ABCD"), DAYS)
def test_another_demand_never_shortens(due: date, evidence: list[Evidence], today: date, grade: str, day: date) -> None:
    before = clocks(clock(line(due), evidence, today))
    after = clocks(clock(line(due), [*evidence, proof(grade, day)], today))
    assert all(old.expires_on <= new.expires_on for old, new in zip(before, after, strict=True))


@given(DAYS, PROOFS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_changes_nothing(due: date, evidence: list[Evidence], today: date, dice) -> None:  # type: ignore[no-untyped-def]
    mixed = list(evidence)
    dice.shuffle(mixed)
    one, other = clocks(clock(line(due), evidence, today)), clocks(clock(line(due), mixed, today))
    assert [(c.start, c.expires_on) for c in one] == [(c.start, c.expires_on) for c in other]


@given(DAYS, PROOFS, DAYS)
def test_a_letter_for_other_lines_changes_nothing(due: date, evidence: list[Evidence], today: date) -> None:
    others = [replace(one, charge_ids=frozenset({LINE + 1})) for one in evidence]
    assert ends(clock(line(due), others, today)) == ends(clock(line(due), (), today))


@given(st.lists(DAYS, min_size=1, max_size=6), PROOFS, DAYS)
def test_a_lump_ends_no_later_than_any_of_its_months(dues: list[date], evidence: list[Evidence], today: date) -> None:
    months = tuple(LimitationMonth(24_000 + place, day) for place, day in enumerate(sorted(dues)))
    whole = clock(LimitationLine(LINE, True, dues[0], False, months, True), evidence, today)
    each = [course(CourseKind.CONSERVATIVE, LINE, day, evidence, today, of_lump=True) for day in dues]
    assert clocks(whole)[0].expires_on == min(one.expires_on for one in each)


@given(DAYS, DAYS)
def test_nobody_is_told_that_a_line_lives_whose_time_is_over(due: date, today: date) -> None:
    found = clock(line(due), (), today)
    assert found.is_over == (today > end_of(due))
    assert (found.state is ClockState.SUSPECTED) == (found.is_over and due < OLD_BEFORE)


LINES = st.one_of(
    st.builds(line, st.one_of(st.none(), DAYS)),
    st.builds(
        lambda months, due: line(due, months=tuple(months), is_lump=True),
        st.lists(st.builds(LimitationMonth, st.integers(24_100, 24_500), DAYS), max_size=4),
        st.one_of(st.none(), DAYS),
    ),
    st.just(replace(line(), is_open=False)),
)


@given(LINES, PROOFS, DAYS)
def test_the_quick_answer_is_that_of_the_whole_clock(
    held: LimitationLine, evidence: list[Evidence], today: date
) -> None:
    assert is_over(held, evidence, today) == clock(held, evidence, today).is_over
