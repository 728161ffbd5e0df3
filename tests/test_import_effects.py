"""What each change of an import sets off, told in words beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feedesk.models.accounts import MarkKind, WorkGroup
from feedesk.models.arrears_list import RejectCode, Rejected
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import HeldAccount, HeldCharge, HeldDoubt, HeldOffice, ImportPlan, PlanOptions
from feedesk.models.periods import Period
from feedesk.tasks.import_effects import ChangeClass, change_rows
from tests.office_tools import listed, reading
from tests.ui_samples import owner_row

OCTOBER = Period.parse("2026-10")
OPTIONS = PlanOptions(as_of=date(2026, 11, 13), gone_is_paid=True)


def held(room: str, number: int, owed: int) -> HeldAccount:
    charge = HeldCharge(number, "管理费", OCTOBER, owed, owed, date(2026, 10, 15))
    return HeldAccount(number, number, room, "1", "甲", (), True, (charge,))


def plan_of(*rows: tuple[str, int]) -> ImportPlan:
    """1-101 owed 100.00 and 1-102 owed 200.00; the list states these sums instead."""
    office = HeldOffice((held("1-101", 1, 10_000), held("1-102", 2, 20_000)))
    accounts = [listed(room, "甲", ("管理费", "2026-10", owed)) for room, owed in rows]
    return plan_import(reading(*accounts), office, PlanOptions(as_of=date(2026, 11, 13), gone_is_paid=True))


PAID = plan_of(("1-102", 20_000))
LESS = plan_of(("1-101", 4_000), ("1-102", 20_000))


@pytest.mark.parametrize(
    ("mark", "said", "group", "coming", "effect", "then"),
    [
        (MarkKind.PROMISED, "承诺 11-14", None, 1, "承诺 11-14 → 兑现", ""),
        (MarkKind.DUE, "承诺今天", WorkGroup.DUE_TODAY, 1, "承诺今天 → 兑现", "移出今日待办"),
        (MarkKind.BROKEN, "失约 1 次", WorkGroup.BROKEN, 1, "失约 1 次 → 已补缴", "移出今日待办"),
        (MarkKind.VERIFY, "已缴待核", None, 1, "已缴待核 → 已核实", ""),
        (MarkKind.HOLD, "异议暂缓", None, 1, "异议暂缓", ""),
        (MarkKind.OPEN, "待联系", None, 3, "", "停止第 3 次催款"),
        (MarkKind.OPEN, "待联系", WorkGroup.NEW, 2, "", "移出今日待办；停止第 2 次催款"),
        (MarkKind.OPEN, "待联系", None, 1, "", ""),
    ],
)
def test_what_a_paid_off_unit_sets_off(
    mark: MarkKind, said: str, group: WorkGroup | None, coming: int, effect: str, then: str
) -> None:
    account = owner_row(1, "1-101", mark=mark, mark_text=said, group=group)
    (row,) = change_rows(PAID, {1: account}, {1: coming})[ChangeClass.PAID_OFF]
    assert (row.room, row.before, row.after, row.effect, row.then) == ("1-101", 10_000, 0, effect, then)


def test_a_part_payment_keeps_the_promise_only_in_part() -> None:
    account = owner_row(1, "1-101", mark=MarkKind.PROMISED, mark_text="承诺 11-14")
    (row,) = change_rows(LESS, {1: account}, {})[ChangeClass.PARTLY_PAID]
    assert (row.delta, row.effect, row.then) == (-6_000, "承诺 11-14 → 只缴了一部分", "余额照旧跟进")


def test_more_debt_names_its_months_and_a_remark_that_bids_caution() -> None:
    grown = listed("1-101", "甲", ("管理费", "2026-10..2026-11", 20_000))
    new = listed("1-109", "乙", ("管理费", "2026-10", 5_000), remark="说已转账，待查")
    office = HeldOffice((held("1-101", 1, 10_000),))
    rows = change_rows(plan_import(reading(grown, new), office, PlanOptions(as_of=date(2026, 11, 13))), {}, {})
    assert [row.effect for row in rows[ChangeClass.INCREASED]] == ["管理费 2026年11月"]
    assert [row.then for row in rows[ChangeClass.NEW]] == ["可能已转账未入账，先请财务核对"]


def paid(fen: int, *, since: int = 0, doubts: tuple[HeldDoubt, ...] = ()) -> HeldOffice:
    """1-101 owed 100.00, of which payments have paid so much by the list's day, and `since` after it."""
    charge = HeldCharge(
        1, "管理费", OCTOBER, 10_000, 10_000 - fen, None, relieved=fen, fresh=fen, since=since, doubts=doubts
    )
    return HeldOffice((HeldAccount(1, 1, "1-101", "1", "甲", (), True, (charge,)),))


STILL = "清单仍列 ¥100.00，账上已记收款或减免"


@pytest.mark.parametrize(
    ("books", "owed", "effect", "then", "strong", "doubted"),
    [
        (paid(10_000), 10_000, STILL, "请财务核对，核对前不催", True, 10_000),
        (paid(10_000, doubts=(HeldDoubt(9, 10_000),)), 10_000, STILL, "与上次一样，仍待核", True, 10_000),
        (
            paid(10_000, doubts=(HeldDoubt(9, 10_000, confirmed=True),)), 10_000, STILL, "已有人核实过，不再问",
            False, 0,
        ),
        (paid(10_000, doubts=(HeldDoubt(9, 10_000),)), 0, "收款待核 → 清单已不再列", "已核上，恢复正常", False, 0),
    ],
)  # fmt: skip
def test_what_a_list_says_against_a_payment(
    books: HeldOffice, owed: int, effect: str, then: str, strong: bool, doubted: int
) -> None:
    lines = [listed("1-101", "甲", ("管理费", "2026-10", owed))] if owed else []
    rows = change_rows(plan_import(reading(*lines, listed("1-102", "乙")), books, OPTIONS), {}, {})
    (row,) = rows[ChangeClass.DOUBT]
    assert (row.effect, row.then, row.strong, row.doubted) == (effect, then, strong, doubted)


def test_a_row_tells_what_came_after_the_lists_day() -> None:
    plan = plan_import(reading(listed("1-101", "甲", ("管理费", "2026-10", 4_000))), paid(0, since=2_500), OPTIONS)
    (row,) = change_rows(plan, {}, {})[ChangeClass.PARTLY_PAID]
    assert (row.after, row.then) == (4_000, "余额照旧跟进；清单日之后已收、已减 ¥25.00")


def test_classes_add_up_to_the_plan() -> None:
    plan = plan_of(("1-101", 4_000), ("1-103", 700))
    rows = change_rows(plan, {}, {})
    besides = (ChangeClass.OWNER, ChangeClass.DOUBT)
    moved = sum(row.delta for kind, some in rows.items() if kind not in besides for row in some)
    assert plan.before + moved == plan.after == 4_700


def test_refused_rows_are_named_by_sheet_only_where_there_are_several() -> None:
    refused = Rejected(
        "十月", 7, RejectCode.AMOUNT, "管理费：金额“二百四”不是数字", ("1-101", "", "二百四"), None, "1-101"
    )
    plan = replace(PAID, reading=replace(PAID.reading, rejected=(refused,)))
    (row,) = change_rows(plan, {}, {})[ChangeClass.REJECTED]
    assert (row.where, row.name, row.effect) == ("第 7 行", "1-101 · 二百四", "管理费：金额“二百四”不是数字")
