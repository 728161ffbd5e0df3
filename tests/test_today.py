"""The order of the day, its figures and its hours, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import MarkKind, OwnerRow, WorkGroup
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.periods import Period
from feedesk.models.record_table import RecordContact
from feedesk.models.today import (
    HEAD_PX,
    LATER,
    MORE_PX,
    ROW_PX,
    HoursKind,
    Household,
    WorkItem,
    arrange,
    bill_lines,
    by_account,
    calling_order,
    day_figures,
    fold,
    hours_note,
    next_after,
    one_per_owner,
    reason_line,
    standing_for,
    when_text,
    window,
)
from tests.ui_samples import owner_row

NOW = datetime(2026, 11, 17, 15, 42)
TODAY = NOW.date()


def _row(account_id: int, group: WorkGroup | None, next_at: datetime | None = None, why: str = "") -> OwnerRow:
    return replace(
        owner_row(),
        account_id=account_id,
        room=f"1-{account_id}",
        group=group,
        next_at=next_at,
        next_has_time=group is WorkGroup.RETRY,
        mark=MarkKind.OPEN,
        why=why,
    )


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 17, hour, minute)


WORK = (
    _row(1, WorkGroup.BROKEN),
    _row(2, WorkGroup.DUE_TODAY),
    _row(3, WorkGroup.RETRY, _at(16, 25)),
    _row(4, WorkGroup.RETRY, _at(16, 10)),
    _row(5, WorkGroup.RETRY, _at(15, 30)),
    _row(6, WorkGroup.NEW),
)


def _ids(rows) -> list[int]:
    return [row.account_id for row in rows]


# --- order ---


def test_groups_stand_in_the_order_of_work_and_their_counts_sum_to_what_is_left() -> None:
    groups = arrange(WORK, NOW)
    assert [(group.label, len(group.items)) for group in groups] == [
        ("失约，先打", 1),
        ("今天到期", 1),
        ("到点重拨", 3),
        ("还没有通过话，先首电", 1),
    ]


def test_retries_are_listed_by_their_time_but_called_only_once_it_has_come() -> None:
    groups = arrange(WORK, NOW)
    assert _ids(groups[2].items) == [5, 4, 3]
    assert _ids(calling_order(groups, NOW)) == [1, 2, 5, 6, 4, 3]
    assert _ids(calling_order(arrange(WORK, _at(16, 10)), _at(16, 10))) == [1, 2, 5, 4, 6, 3]


def test_those_put_off_come_last_in_the_order_they_were_put_off() -> None:
    groups = arrange(WORK, NOW, later=(6, 1))
    assert groups[-1].key == LATER
    assert _ids(groups[-1].items) == [6, 1]
    assert _ids(calling_order(groups, NOW)) == [2, 5, 6, 1, 4, 3]


def test_an_account_with_nothing_to_do_today_is_not_in_the_queue() -> None:
    assert arrange([_row(9, None)], NOW) == ()


@pytest.mark.parametrize(
    ("order", "current", "before", "by", "found"),
    [
        ([1, 2, 3], 1, [], 1, 2),
        ([1, 2, 3], 3, [], 1, 1),
        ([1, 2, 3], 1, [], -1, 3),
        ([1, 3], 2, [1, 2, 3], 1, 3),
        ([1, 3], 2, [1, 2, 3], -1, 1),
        ([1], 3, [1, 2, 3], 1, 1),
        ([3, 1], None, [], 1, 3),
        ([4], 2, [1, 2, 3], 1, 4),
        ([1], 1, [], 1, None),
        ([], 1, [1], 1, None),
    ],
)
def test_the_next_owner_follows_on_from_where_one_stands_or_stood(order, current, before, by, found) -> None:
    assert next_after(order, current, before, by) == found


@given(st.lists(st.integers(1, 30), unique=True, min_size=2), st.data())
def test_going_on_and_back_again_ends_where_one_began(order, data) -> None:
    here = data.draw(st.sampled_from(order))
    there = next_after(order, here)
    assert there is not None and there != here
    assert next_after(order, there, by=-1) == here


# --- folding ---


def _high(sizes: dict[str, int], shown: dict[str, int]) -> int:
    return sum(HEAD_PX + shown[key] * ROW_PX + (MORE_PX if shown[key] < sizes[key] else 0) for key in sizes)


def test_room_left_is_dealt_out_from_the_first_group_on() -> None:
    sizes = {"a": 24, "b": 2, "c": 5}
    assert fold(sizes, 310, ()) == {"a": 2, "b": 2, "c": 1}
    assert fold(sizes, 350, ()) == {"a": 3, "b": 2, "c": 2}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 60), min_size=1), st.integers(0, 3_000))
def test_a_folded_queue_shows_every_group_and_overflows_only_when_it_must(sizes, room) -> None:
    shown = fold(sizes, room, ())
    least = _high(sizes, dict.fromkeys(sizes, 1))
    assert all(1 <= shown[key] <= sizes[key] for key in sizes)
    assert _high(sizes, shown) <= max(room, least)
    if _high(sizes, sizes) <= room:
        assert shown == sizes


def test_an_opened_group_shows_everybody_whatever_the_room() -> None:
    assert fold({"a": 24, "b": 5}, 0, {"a"}) == {"a": 24, "b": 1}


@pytest.mark.parametrize(
    ("size", "shown", "current", "first"),
    [(24, 3, None, 0), (24, 3, 2, 0), (24, 3, 3, 1), (24, 3, 23, 21), (5, 5, 4, 0)],
)
def test_a_folded_group_slides_to_the_current_owner(size, shown, current, first) -> None:
    assert window(size, shown, current) == first


# --- figures ---


def _contact(
    number: int, at: datetime, outcome: str = "接通未定日期", *, reached: bool = True, promise: int = 0, voided: str = "",
    channel: str = "电话",
) -> RecordContact:  # fmt: skip
    return RecordContact(
        id=number, at=at, rooms=("1-1",), name="林晓岚", channel=channel, number="", outcome=outcome, reached=reached,
        said="", staff_name="许宁", promise_on=TODAY if promise else None, promise_amount=promise, voided=voided,
    )  # fmt: skip


def test_the_figures_count_accounts_done_calls_that_got_through_and_promises_as_they_stand_last() -> None:
    contacts = [
        ([7], _contact(6, _at(15, 0), voided="误记（11-17 许宁）")),
        ([1, 2], _contact(5, _at(14, 0), promise=120_000)),
        ([3], _contact(4, _at(11, 0), "无人接听", reached=False)),
        ([4], _contact(3, _at(10, 30), "见到本人", channel="上门")),
        ([1], _contact(2, _at(10, 0), promise=90_000)),
        ([5], _contact(1, _at(9, 40))),
    ]
    figures = day_figures(contacts, left=[3, 8, 9])
    assert figures.done == (1, 2, 4, 5)
    assert (figures.left, figures.total) == (3, 7)
    assert figures.reached == 3
    assert (figures.promised, figures.promised_amount) == (1, 120_000)


# --- owners of several units ---


def _unit(account_id: int, group: WorkGroup, timed: datetime | None = None) -> WorkItem:
    return WorkItem(account_id, group, timed, timed is not None)


def _home(*account_ids: int, stop: str = "") -> Household:
    return Household(account_ids, len(account_ids), 100 * len(account_ids), stop)


_SPENT = "一天最多接通 1 次"
ONE_CALL = [
    ("who owns one unit each stands as before", (), [1, 2, 3, 4], [1, 2, 4, 3]),
    ("the best placed unit stands for the owner", (_home(2, 4),), [1, 2, 3], [1, 2, 3]),
    ("a retry with a time stands before a better place", (_home(1, 3),), [2, 3, 4], [2, 4, 3]),
    ("units paid or done today do not bring him back", (_home(1, 90, 91),), [1, 2, 3, 4], [1, 2, 4, 3]),
    ("called enough today: he comes last", (_home(1, 2, stop=_SPENT),), [3, 4, 1], [4, 3, 1]),
    ("all of them one person", (_home(1, 2, 3, 4),), [3], [3]),
]


@pytest.mark.parametrize(("what", "homes", "listed", "called"), ONE_CALL, ids=[case[0] for case in ONE_CALL])
def test_an_owner_of_several_units_stands_in_the_queue_once(what, homes, listed, called) -> None:
    units = [
        _unit(1, WorkGroup.BROKEN), _unit(2, WorkGroup.DUE_TODAY), _unit(3, WorkGroup.RETRY, _at(16, 25)),
        _unit(4, WorkGroup.NEW),
    ]  # fmt: skip
    household_of = by_account(homes)
    items = one_per_owner(units, household_of)
    assert _ids(items) == listed
    resting = {one for one, home in household_of.items() if home.stop}
    # A retry that waits for its time is called after the others, who is spent even after it.
    assert _ids(calling_order(arrange(items, NOW), NOW, resting)) == called
    standing = standing_for(units, items, household_of)
    assert set(standing) == {one for one in household_of if one in _ids(units)}
    assert set(standing.values()) <= set(_ids(items))


def test_the_figures_count_an_owner_of_several_units_once() -> None:
    household_of = by_account([_home(1, 2, 3), _home(4, 5)])
    contacts = [
        ([3], _contact(4, _at(14, 0), promise=500)),
        ([1, 2], _contact(3, _at(11, 0), promise=300)),
        ([4], _contact(2, _at(10, 0))),
        ([6], _contact(1, _at(9, 40))),
    ]
    figures = day_figures(contacts, left=[5, 7], household_of=household_of)
    assert (figures.done, figures.left, figures.total) == ((3, 6), 2, 4), "5 is left, so the owner of 4 is not done"
    assert (figures.promised, figures.promised_amount) == (1, 500)


# --- words ---


@pytest.mark.parametrize(
    ("now", "kind", "text"),
    [
        (datetime(2026, 11, 17, 15, 42), HoursKind.BEST, "15:42 · 好打时段至 18:00"),
        (datetime(2026, 11, 17, 13, 5), HoursKind.OPEN, "13:05 · 好打时段 15:00 起"),
        (datetime(2026, 11, 17, 18, 30), HoursKind.OPEN, "18:30 · 可联系至 20:00"),
        (datetime(2026, 11, 17, 20, 0), HoursKind.CLOSED, "20:00 · 现在不打电话，明天 09:00 起可打"),
        (datetime(2026, 11, 17, 8, 10), HoursKind.CLOSED, "08:10 · 现在不打电话，今天 09:00 起可打"),
        (datetime(2026, 11, 20, 21, 0), HoursKind.CLOSED, "21:00 · 现在不打电话，明天 10:00 起可打"),
    ],
)
def test_the_head_tells_whether_it_is_a_good_hour(now, kind, text) -> None:
    assert hours_note(now) == (kind, text)


@pytest.mark.parametrize(
    ("row", "promise_on", "text"),
    [
        (_row(1, WorkGroup.BROKEN, _at(10, 0)), date(2026, 11, 13), "11-13"),
        (_row(1, WorkGroup.DUE_TODAY), None, "今天"),
        (_row(1, WorkGroup.DUE_TOMORROW), None, "11-18"),
        (_row(1, WorkGroup.RETRY, _at(16, 10)), None, "16:10"),
        (_row(1, WorkGroup.FOLLOW_UP, _at(10, 0)), None, "今天"),
        (_row(1, WorkGroup.FOLLOW_UP, datetime(2026, 11, 12, 10)), None, "11-12"),
        (_row(1, WorkGroup.NEW), None, ""),
        (_row(1, WorkGroup.LEADER, _at(10, 0)), date(2026, 11, 8), "等 9 天"),
        (_row(1, WorkGroup.LEADER), date(2026, 11, 17), ""),
        (_row(1, WorkGroup.LEADER), None, ""),
    ],
)
def test_a_row_ends_with_the_day_or_time_that_matters(row, promise_on, text) -> None:
    assert when_text(row, NOW, promise_on) == text


@pytest.mark.parametrize(
    ("row", "salutation", "text"),
    [
        (
            _row(1, WorkGroup.BROKEN, why="11-13 的承诺过了 1 个工作日仍未到账"),
            "女士",
            "现在联系她，因为 11-13 的承诺过了 1 个工作日仍未到账",
        ),
        (
            _row(1, WorkGroup.DUE_TODAY, why="今天是承诺缴 ¥1.00 的日子"),
            "",
            "今天是承诺缴 ¥1.00 的日子",
        ),
        (_row(1, WorkGroup.RETRY, _at(16, 10), "30 分钟后再拨"), "先生", "等到 16:10 再打：30 分钟后再拨"),
        (_row(1, WorkGroup.RETRY, _at(15, 30), "30 分钟后再拨"), "先生", "30 分钟后再拨"),
        (_row(1, WorkGroup.NEW, why="新户，还没有联系过：本周内首电"), "", "新户，还没有联系过：本周内首电"),
    ],
)
def test_the_line_under_the_name_says_why_now(row, salutation, text) -> None:
    assert reason_line(row, salutation, NOW) == text


# --- bills ---


def _charge(item: str, period: str, amount: int, settled: int = 0, due: date | None = None, hold: str = "") -> Charge:
    return Charge(1, 1, item, FeeKind.PROPERTY, Period.parse(period), amount, settled, due, False, hold=hold)


def test_bills_are_told_period_by_period_and_leave_out_what_is_paid() -> None:
    lines = bill_lines(
        [
            _charge("管理费", "2026-04..2026-06", 100_000, 50_000, date(2026, 4, 15)),
            _charge("公摊", "2026-04..2026-06", 20_570, 0, date(2026, 4, 15)),
            _charge("管理费", "2026-07..2026-09", 90_000, 90_000, date(2026, 7, 15)),
            _charge("车位费", "2026-12", 30_000, 0, date(2026, 12, 15), hold="有异议"),
        ],
        TODAY,
    )
    assert [(line.period, line.items, line.detail, line.owed) for line in lines] == [
        ("2026年4–6月", "管理费、公摊", "应 1,205.70 · 已缴 500.00 · 逾期 216 天", 70_570),
        ("2026年12月", "车位费", "12-15 周二 到期 · 暂缓", 30_000),
    ]
