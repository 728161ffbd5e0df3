"""The yearly plan and the figures of 统计 on a real office file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.collection import Part, Span, this_month, this_quarter
from feedesk.models.periods import parse_month
from feedesk.models.store import Office
from feedesk.models.yearly_plan import MonthPlan, YearPlan
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office

TODAY = date(2026, 11, 17)
AUTUMN = (
    listed("3-1-101", "简一禾", ("管理费", "2026-10..2026-12", 90_000)),
    listed("3-1-102", "冉星河", ("管理费", "2026-07..2026-09", 60_000), ("管理费", "2026-10..2026-12", 60_000)),
    listed("5-1-101", "荀雨", ("管理费", "2026-08..2026-09", 50_001), ("水费", "2026-10", 4_000)),
)
NOVEMBER = (
    listed("3-1-102", "冉星河", ("管理费", "2026-07..2026-09", 15_000), ("管理费", "2026-10..2026-12", 60_000)),
    listed("5-1-101", "荀雨", ("管理费", "2026-08..2026-09", 50_001)),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path, Clock())
    import_list(made, *AUTUMN, as_of=date(2026, 10, 20), file="十月.xlsx")
    yield made
    made.close()


def month(text: str) -> int:
    return parse_month(text)


def test_a_first_list_says_what_is_open(office: Office) -> None:
    found = office.targets.figures(this_quarter(TODAY))
    assert found.total == Part(154_000, 0, households=3, paid=0)
    assert (found.recovered, found.old_open) == (0, 110_001)
    assert [name for name, _part in found.buildings] == ["3", "5"]
    assert found.list_as_of == date(2026, 10, 20)
    assert found.months[9].part.receivable == 30_000 + 20_000 + 4_000
    assert found.months[8].part.receivable == 20_000 + 25_001


def test_what_a_later_list_settled_came_in_on_its_day(office: Office) -> None:
    import_list(office, *NOVEMBER, as_of=date(2026, 11, 13), file="十一月.xlsx")
    quarter = office.targets.figures(this_quarter(TODAY))
    assert quarter.total == Part(154_000, 94_000, households=3, paid=2)
    assert (quarter.recovered, quarter.old_open) == (45_000, 15_000 + 50_001)
    november = office.targets.figures(this_month(TODAY))
    # October of 5-1-101 (water) and of 3-1-101 (a third of the quarter) are old debts in November
    assert november.recovered == 45_000 + 4_000 + 30_000
    assert november.old_open == 15_000 + 50_001 + 20_000
    assert november.total == Part(50_000, 30_000, households=2, paid=1)


def test_october_counted_to_its_end_does_not_know_of_november(office: Office) -> None:
    october = Span(month("2026-10"), month("2026-10"), date(2026, 10, 31))
    before = office.targets.figures(october)
    import_list(office, *NOVEMBER, as_of=date(2026, 11, 13), file="十一月.xlsx")
    assert office.targets.figures(october) == before
    assert before.total == Part(54_000, 0, households=3, paid=0)
    to_today = office.targets.figures(Span(month("2026-10"), month("2026-10"), TODAY))
    # counted to today the month's charges are paid, but nothing old came in within October
    assert to_today.total == Part(54_000, 34_000, households=3, paid=2)
    assert (to_today.recovered, to_today.old_open) == (0, 110_001)


def test_a_day_before_any_list_knows_nothing(office: Office) -> None:
    found = office.targets.figures(Span(month("2026-06"), month("2026-06"), date(2026, 6, 30)))
    assert (found.total, found.old_open, found.list_as_of) == (Part(), 0, None)


def test_a_voided_list_counts_nowhere(office: Office) -> None:
    before = office.targets.figures(this_quarter(TODAY))
    changes = import_list(office, *NOVEMBER, as_of=date(2026, 11, 13), file="十一月.xlsx")
    office.imports.void(changes.record_id, "选错了文件")
    assert office.targets.figures(this_quarter(TODAY)) == before


def test_charges_without_months_are_told_apart(tmp_path: Path) -> None:
    office = new_office(tmp_path, Clock())
    import_list(office, listed("3-1-101", "简一禾", ("管理费", "", 6_600), ("管理费", "2026-11", 30_000)))
    found = office.targets.figures(this_month(TODAY))
    assert (found.undated, found.total.receivable) == ((1, 6_600), 30_000)
    office.close()


def test_the_households_behind_the_figures_in_the_order_of_rooms(office: Office) -> None:
    import_list(office, *NOVEMBER, as_of=date(2026, 11, 13), file="十一月.xlsx")
    ids = ids_by_room(office)
    rows = office.targets.households(this_quarter(TODAY))
    assert [(row.room, row.name, row.building, row.figures.account_id) for row in rows] == [
        ("3-1-101", "简一禾", "3", ids["3-1-101"]),
        ("3-1-102", "冉星河", "3", ids["3-1-102"]),
        ("5-1-101", "荀雨", "5", ids["5-1-101"]),
    ]
    assert [(row.figures.open, row.figures.recovered, row.figures.old_open) for row in rows] == [
        (0, 0, 0),
        (60_000, 45_000, 15_000),
        (0, 0, 50_001),
    ]


# --- the plan ---

PLAN = YearPlan(
    2026,
    (MonthPlan(),) * 9 + (MonthPlan(9_000, 120_000, 12, "许宁"), MonthPlan(8_500, answers="高远"), MonthPlan()),
    household_bp=7_200,
    recovery_bp=4_000,
)


def test_a_plan_is_kept_and_stands_beside_the_figures(office: Office) -> None:
    assert office.targets.plan(2026) == YearPlan(2026)
    office.targets.save_plan(PLAN)
    assert office.targets.plan(2026) == PLAN
    found = office.targets.figures(Span(month("2026-10"), month("2026-10"), TODAY))
    assert found.total == Part(120_000, 66_000, households=12, paid=9)
    assert (found.target_bp, found.household_bp, found.recovery_bp) == (9_000, 7_200, 4_000)
    again = office.again()
    assert again.targets.plan(2026) == PLAN
    again.close()


def test_a_changed_plan_replaces_the_old_one_and_the_log_knows_both(office: Office) -> None:
    office.targets.save_plan(PLAN)
    office.targets.save_plan(YearPlan(2026), YearPlan(2027, household_bp=8_000))
    assert office.targets.plan(2026) == YearPlan(2026)
    assert office.targets.plan(2027).household_bp == 8_000
    log = office.session.conn.execute("SELECT what, subject FROM audit WHERE what = '改年度计划' ORDER BY seq")
    assert log.fetchall() == [("改年度计划", "2026年"), ("改年度计划", "2026年"), ("改年度计划", "2027年")]
    (detail,) = office.session.conn.execute("SELECT detail FROM audit_details WHERE detail LIKE '%120000%'").fetchone()
    assert "许宁" in detail


def test_a_plan_that_cannot_be_meant_changes_nothing(office: Office) -> None:
    office.targets.save_plan(PLAN)
    with pytest.raises(BadInput, match="户收费率目标要大于 0、不超过 100%。年度计划没有保存。"):
        office.targets.save_plan(YearPlan(2027, household_bp=8_000), YearPlan(2026, household_bp=12_000))
    assert (office.targets.plan(2026), office.targets.plan(2027)) == (PLAN, YearPlan(2027))


def test_nobody_at_the_desk_plans_nothing(office: Office) -> None:
    office.session.clerk = None
    with pytest.raises(BadInput, match="还没有选定经办人"):
        office.targets.save_plan(PLAN)
    assert office.targets.plan(2026).is_empty


# --- how it is read ---


def test_a_big_office_is_read_in_as_few_statements_as_a_small_one(office: Office, tmp_path: Path) -> None:
    def statements(of: Office) -> list[str]:
        said: list[str] = []
        of.session.conn.set_trace_callback(said.append)
        of.targets.figures(this_quarter(TODAY))
        of.session.conn.set_trace_callback(None)
        return [one for one in said if not one.startswith("--")]  # «--»: what a statement itself sets off

    big = new_office(tmp_path / "大", Clock())
    many = [listed(f"{n % 7 + 1}-1-{n:04d}", f"业主{n}", ("管理费", "2026-10", 100 + n)) for n in range(600)]
    import_list(big, *many, as_of=date(2026, 10, 20))
    assert big.targets.figures(this_quarter(TODAY)).total.receivable == sum(100 + n for n in range(600))
    assert len(statements(big)) == len(statements(office)) <= 12
    big.close()


def test_reading_the_figures_writes_nothing(office: Office) -> None:
    before = office.session.conn.total_changes
    office.targets.figures(this_quarter(TODAY))
    office.targets.households(this_month(TODAY))
    office.targets.figures(Span(month("2026-10"), month("2026-10"), date(2026, 10, 31)))
    assert office.session.conn.total_changes == before
