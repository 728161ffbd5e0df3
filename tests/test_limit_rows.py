"""时效 as a list: which lines are on it, and what would help each, read like law §9 and §13."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.limit_rows import limit_row
from feedesk.models.limitation import Clock, Evidence, Grade, clock, line_of
from feedesk.models.periods import Period

TODAY = date(2026, 11, 21)
DUE = date(2024, 1, 15)
END = date(2027, 1, 15)


def charge(period: str = "2024-01", due_on: date | None = DUE, *, settled: int = 0, hold: str = "") -> Charge:
    months = Period.parse(period)
    lump = len(months.months) > 1
    return Charge(5, 7, "物业费", FeeKind.PROPERTY, months, 120_000, settled, due_on, False, lump, hold)


def proof(grade: Grade, day: date) -> Evidence:
    return Evidence("短信", grade, day, frozenset({5}))


def row_of(held: Charge, today: date, *evidence: Evidence):  # type: ignore[no-untyped-def]
    found: Clock = clock(line_of(held, 15), evidence, today)
    return limit_row(held, found, "3-2-1502", "林晓岚")


HELPS = [
    ("four months left", charge(), END - timedelta(days=120), (), "催款单以 EMS 送达并留凭据，或请业主签对账单"),
    ("ninety days left", charge(), END - timedelta(days=90), (), "催款单以 EMS 送达并留凭据，或请业主签对账单"),
    ("eighty-nine days left", charge(), END - timedelta(days=89), (), "EMS 送达并公证，或申请支付令、立案"),
    ("the last day", charge(), END, (), "EMS 送达并公证，或申请支付令、立案"),
    ("a text that only one clock believes", charge(), END - timedelta(days=120), (proof(Grade.C, date(2025, 5, 1)),),
     "补齐已有送达的凭据，或再以 EMS 送达"),
    ("held for a dispute: no order for payment", charge(hold="水表在核"), END - timedelta(days=20), (),
     "暂缓中，时效照走：请业主签对账单，或申请人民调解"),
    ("over", charge(), END + timedelta(days=1), (), "可协商；业主签还款计划或书面承认可恢复"),
    ("over, not by the lenient clock", charge(), END + timedelta(days=1), (proof(Grade.C, date(2025, 5, 1)),),
     "宽松算到 2028-05-01：补齐凭据；可协商，业主签还款计划可恢复"),
    ("a lump whose first month is over", charge("2024-01..2024-12", None), date(2027, 3, 1), (),
     "先按月拆分，未过时效的月份可再列；其余可协商，业主签还款计划可恢复"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "held", "today", "evidence", "helps"), HELPS, ids=[case[0] for case in HELPS])
def test_what_would_help(what: str, held: Charge, today: date, evidence: tuple[Evidence, ...], helps: str) -> None:
    assert row_of(held, today, *evidence).helps == helps


def test_a_row_tells_the_line_and_both_ends() -> None:
    row = row_of(charge(settled=20_000), TODAY, proof(Grade.C, date(2025, 5, 1)))
    assert (row.room, row.name, row.what, row.owed) == ("3-2-1502", "林晓岚", "物业费 2024年1月", 100_000)
    assert (row.days_left, row.expires_on, row.lenient_on, row.is_over) == (55, END, date(2028, 5, 1), False)
    assert row_of(charge(), END + timedelta(days=3)).days_left == -3


@pytest.mark.parametrize(
    ("what", "held", "today"),
    [
        ("paid", charge(settled=120_000), TODAY),
        ("not yet due", charge(), DUE),
        ("no due day known", charge(due_on=None), TODAY),
    ],
)
def test_where_no_clock_runs_there_is_no_row(what: str, held: Charge, today: date) -> None:
    assert row_of(held, today) is None, what
