"""Sharing accounts among clerks: equal by number, then by difficulty, an owner's units together, the same every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import Category, Step
from feedesk.models.sharing import (
    FULL,
    HALF,
    ShareAccount,
    ShareClerk,
    ShareMode,
    ShareOptions,
    ShareOwner,
    SharePlan,
    difficulty,
    owners_of,
    share,
)

WANG, LI, XU = 1, 2, 3
ANEW, LEVEL, NEW = (ShareOptions(mode) for mode in (ShareMode.ANEW, ShareMode.LEVEL, ShareMode.NEW))


def account(
    number: int, owner: int = 0, building: str = "1", owed: int = 50_000, staff: int | None = None, **more: object
) -> ShareAccount:
    return ShareAccount(number, owner or number, f"{building}-{number:06}", building, owed, staff_id=staff, **more)  # type: ignore[arg-type]


def clerks(*ids: int) -> list[ShareClerk]:
    return [ShareClerk(one) for one in ids]


def divide(
    accounts: list[ShareAccount],
    who: list[ShareClerk],
    options: ShareOptions = ANEW,
    here: tuple[int, ...] = (WANG, LI, XU),
) -> tuple[SharePlan, dict[int, int | None]]:
    """The plan, and whose each account is once it is carried out."""
    plan = share(owners_of(accounts), who, here, options)
    held = {one.account_id: one.staff_id for one in accounts}
    for move in plan.moves:
        assert held[move.account_id] == move.from_staff
        held[move.account_id] = move.to_staff
    return plan, held


@pytest.mark.parametrize(
    ("accounts", "points", "reasons"),
    [
        ([account(1)], 1, ()),
        ([account(1, owed=0)], 0, ()),
        ([account(1, overdue_days=89)], 1, ()),
        ([account(1, overdue_days=90)], 2, ("最早一笔逾期 3 个月以上 +1",)),
        ([account(1, overdue_days=365)], 3, ("最早一笔逾期 1 年以上 +2",)),
        ([account(1, overdue_days=720)], 4, ("最早一笔逾期近 2 年或更久 +3",)),
        ([account(1, owed=99_999)], 1, ()),
        ([account(1, owed=100_000)], 2, ("共欠 ¥1,000.00 +1",)),
        ([account(1, owed=500_000)], 3, ("共欠 ¥5,000.00 +2",)),
        ([account(1, owed=2_000_000)], 4, ("共欠 ¥20,000.00 +3",)),
        ([account(1, category=Category.A)], 1, ()),
        ([account(1, category=Category.B)], 1, ()),
        ([account(1, category=Category.C)], 3, ("C 类，无法联系 +2",)),
        ([account(1, category=Category.D)], 2, ("D 类，异地 +1",)),
        ([account(1, category=Category.E)], 4, ("E 类，特殊拒交 +3",)),
        ([account(1, step=Step.SECOND_CALL)], 1, ()),
        ([account(1, step=Step.DEMAND)], 2, ("已到书面催缴 +1",)),
        ([account(1, step=Step.LAWYER)], 3, ("已到调解或法律阶段 +2",)),
        ([account(1, is_disputed=True)], 3, ("有异议没处理完 +2",)),
        ([account(1, broken=1)], 2, ("失约 1 次 +1",)),
        ([account(1, broken=5)], 3, ("失约 5 次 +2",)),
        ([account(1, 7), account(2, 7)], 3, ("共欠 ¥1,000.00 +1", "名下 2 套 +1")),
        ([account(1, 7), account(2, 7, owed=0, category=Category.E, broken=3)], 1, ()),
        (
            [account(1, 7, owed=400_000, overdue_days=400, category=Category.D), account(2, 7, category=Category.E)],
            1 + 2 + 1 + 3 + 1,
            ("最早一笔逾期 1 年以上 +2", "共欠 ¥4,500.00 +1", "E 类，特殊拒交 +3", "名下 2 套 +1"),
        ),
    ],
)
def test_difficulty_of_an_owner(accounts: list[ShareAccount], points: int, reasons: tuple[str, ...]) -> None:
    found = difficulty(accounts)
    assert (found.points, found.reasons) == (points, reasons)


def test_new_accounts_go_to_whoever_has_fewest_and_the_others_stay() -> None:
    accounts = [account(n, staff=WANG) for n in range(1, 6)] + [account(n, staff=LI) for n in range(6, 8)]
    accounts += [account(n) for n in range(8, 12)]
    plan, held = divide(accounts, clerks(WANG, LI), NEW)
    assert Counter(held.values()) == {WANG: 5, LI: 6}
    assert {move.account_id for move in plan.moves} == {8, 9, 10, 11}
    assert {move.reason for move in plan.moves} == {"新分配"}
    assert plan.unassigned.owners == 4
    assert [(one.before.owners, one.after.owners) for one in plan.shares] == [(5, 5), (2, 6), (0, 0)]


def test_levelling_moves_no_more_than_the_surplus() -> None:
    accounts = [account(n, staff=WANG) for n in range(1, 11)] + [account(n, staff=LI) for n in range(11, 14)]
    plan, held = divide(accounts, clerks(WANG, LI), LEVEL)
    assert Counter(held.values()) == {WANG: 7, LI: 6}
    assert len(plan.moves) == 3 and {move.reason for move in plan.moves} == {"补到一样多"}


def test_the_odd_one_stays_with_whoever_has_more() -> None:
    accounts = [account(n, staff=WANG) for n in range(1, 4)] + [account(n, staff=LI) for n in range(4, 8)]
    plan, _ = divide(accounts, clerks(WANG, LI), LEVEL)
    assert plan.moves == ()
    assert plan.reasons == ("没有要分的：都已有片管，同一业主的房也都在一人名下。",)


def test_levelling_hands_on_hard_ones_where_the_giver_has_the_hard_ones() -> None:
    hard = [account(n, staff=WANG, category=Category.E) for n in range(3, 9)]
    easy = [account(n, staff=WANG) for n in range(1, 3)] + [account(n, staff=LI) for n in range(9, 13)]
    plan, _ = divide(hard + easy, clerks(WANG, LI), LEVEL)
    assert {move.account_id for move in plan.moves} <= set(range(3, 9)), "not the first ones in the house"
    before, after = plan.shares[0].before.points, plan.shares[0].after.points
    assert (before, after, plan.shares[1].after.points) == (26, 18, 12)


def test_all_anew_levels_numbers_and_difficulty() -> None:
    accounts = [account(n, staff=WANG, category=Category.E) for n in range(1, 7)]
    accounts += [account(n, staff=LI) for n in range(7, 13)]
    plan, held = divide(accounts, clerks(WANG, LI))
    assert Counter(held.values()) == {WANG: 6, LI: 6}
    assert [one.after.points for one in plan.shares[:2]] == [15, 15]
    assert len(plan.moves) == 6, "who may stay stays"
    assert plan.reasons == ("人数：每人 6 位业主", "难度：每人 15 分，最难的一位 4 分", "6 位业主不换人")


def test_owners_are_exchanged_where_giving_the_hardest_first_is_not_enough() -> None:
    accounts = [
        account(1, category=Category.C, overdue_days=400), account(2, category=Category.E, overdue_days=900),
        account(3, overdue_days=900), account(4, overdue_days=100), account(5, category=Category.C, overdue_days=400),
    ]  # fmt: skip
    assert [owner.points for owner in owners_of(accounts)] == [5, 7, 4, 2, 5]
    plan, _ = divide(accounts, clerks(WANG, LI))
    assert sorted(one.after.points for one in plan.shares[:2]) == [11, 12], "dealt out one by one: 10 and 13"


def test_by_building_new_owners_go_where_their_building_is() -> None:
    accounts = [account(n, building="A", staff=LI) for n in range(1, 4)]
    accounts += [account(n, building="B", staff=WANG) for n in range(4, 7)]
    accounts += [account(n, building="AB"[n % 2]) for n in range(7, 11)]
    _, held = divide(accounts, clerks(WANG, LI), ShareOptions(by_building=True))
    assert {(one.building, held[one.account_id]) for one in accounts} == {("A", LI), ("B", WANG)}


def test_all_units_of_an_owner_go_to_one_clerk_paid_ones_too() -> None:
    accounts = [account(1, 9, staff=WANG), account(2, 9, staff=LI, owed=900_000), account(3, 9, owed=0), account(4, 9)]
    plan, held = divide(accounts, clerks(WANG, LI, XU), NEW)
    assert set(held.values()) == {LI}, "one open unit each: the larger sum decides"
    assert {move.reason for move in plan.moves} == {"与同一业主的其他房归一人"}


def test_a_new_unit_follows_its_owner_even_to_a_clerk_who_takes_no_part() -> None:
    _, held = divide([account(1, 9, staff=XU), account(2, 9), account(3)], clerks(WANG, LI), NEW)
    assert held == {1: XU, 2: XU, 3: WANG}


def test_a_new_tenure_goes_to_the_clerk_of_the_unit_when_that_costs_nothing() -> None:
    accounts = [account(n, building=str(n)) for n in range(1, 5)]
    accounts[0] = replace(accounts[0], unit_staff_id=LI)
    accounts[3] = replace(accounts[3], unit_staff_id=WANG)
    _, held = divide(accounts, clerks(WANG, LI), NEW)
    assert (held[1], held[4]) == (LI, WANG)


def test_who_takes_no_part_keeps_his_own() -> None:
    accounts = [account(n, staff=XU) for n in range(1, 10)] + [account(n) for n in range(10, 14)]
    plan, held = divide(accounts, clerks(WANG, LI))
    assert Counter(held.values()) == {XU: 9, WANG: 2, LI: 2}
    assert all(move.account_id >= 10 for move in plan.moves)


def test_whose_clerk_has_left_is_nobodys() -> None:
    accounts = [account(n, staff=99) for n in range(1, 5)]
    plan, held = divide(accounts, clerks(WANG, LI), NEW)
    assert Counter(held.values()) == {WANG: 2, LI: 2}
    assert {move.reason for move in plan.moves} == {"原片管离岗"}
    assert plan.unassigned.owners == 4


@pytest.mark.parametrize("is_still_here", [True, False])
def test_handing_over_moves_all_of_one_clerk_and_nobody_else(is_still_here: bool) -> None:
    accounts = [account(n, staff=XU) for n in range(1, 7)] + [account(n, staff=WANG) for n in range(7, 10)]
    accounts += [account(n, staff=LI) for n in range(10, 13)] + [account(20)]
    here = (WANG, LI, XU) if is_still_here else (WANG, LI)
    plan, held = divide(accounts, clerks(WANG, LI, XU), ShareOptions(leaving=frozenset({XU})), here)
    assert {move.account_id for move in plan.moves} == set(range(1, 7))
    assert Counter(held.values()) == {WANG: 6, LI: 6, None: 1}
    assert {move.reason for move in plan.moves} == {"原片管离岗"}
    gone = next(one for one in plan.shares if one.clerk_id == XU)
    assert (gone.before.owners, gone.after.owners) == (6, 0)


def test_half_the_time_half_the_owners() -> None:
    accounts = [account(n) for n in range(1, 16)]
    plan, held = divide(accounts, [ShareClerk(WANG, FULL), ShareClerk(LI, FULL), ShareClerk(XU, HALF)])
    assert Counter(held.values()) == {WANG: 6, LI: 6, XU: 3}
    assert plan.reasons[0] == "人数：每人 3–6 位业主，按份额"


def test_buildings_stay_together_where_it_costs_nothing() -> None:
    accounts = [account(n, building="ABC"[n % 3]) for n in range(1, 31)]
    _, held = divide(accounts, clerks(WANG, LI, XU))
    split = {(one.building, held[one.account_id]) for one in accounts}
    assert len(split) == 3


def test_by_building_keeps_them_together_where_balance_alone_would_not() -> None:
    accounts = [account(n, building="A", category=Category.E) for n in range(1, 11)]
    accounts += [account(n, building="B") for n in range(11, 21)]
    for options, places, spread in (
        (ShareOptions(ShareMode.ANEW), 4, 0),
        (ShareOptions(ShareMode.ANEW, by_building=True), 2, 30),
    ):
        plan, held = divide(accounts, clerks(WANG, LI), options)
        assert len({(one.building, held[one.account_id]) for one in accounts}) == places
        points = [one.after.points for one in plan.shares[:2]]
        assert max(points) - min(points) == spread
        assert Counter(held.values()) == {WANG: 10, LI: 10}


@pytest.mark.parametrize("who", [[], [ShareClerk(WANG, 0)]])
def test_without_anybody_nothing_moves(who: list[ShareClerk]) -> None:
    plan, _ = divide([account(1), account(2, staff=99)], who)
    assert plan.moves == () and plan.reasons == ("没有勾选人，什么也不会动。",)


def test_nothing_to_share() -> None:
    plan, _ = divide([account(1, owed=0)], clerks(WANG, LI))
    assert plan.moves == () and all(one.after.owners == 0 for one in plan.shares)


def test_the_choice_in_words() -> None:
    assert NEW.words() == "只分未分配的，平均优先"
    assert ShareOptions(by_building=True, leaving=frozenset({XU})).words() == "离岗交接，按楼栋优先"


offices = st.lists(
    st.builds(
        lambda owner, building, owed, days, category, broken, staff: (
            owner, building, owed, days, category, broken, staff,
        ),
        st.integers(1, 40), st.sampled_from("123"), st.sampled_from((0, 30_000, 150_000, 600_000, 2_500_000)),
        st.sampled_from((0, 100, 400, 900)), st.sampled_from((None, *Category)), st.integers(0, 3),
        st.sampled_from((None, WANG, LI, XU, 99)),
    ),
    max_size=60,
).map(
    lambda rows: [
        account(n, owner, building, owed, staff, overdue_days=days, category=category, broken=broken)
        for n, (owner, building, owed, days, category, broken, staff) in enumerate(rows, start=1)
    ]
)  # fmt: skip
choices = st.builds(ShareOptions, st.sampled_from(ShareMode), st.booleans())
teams = st.sampled_from(((WANG,), (WANG, LI), (LI, XU), (WANG, LI, XU)))


def owing(accounts: list[ShareAccount]) -> list[ShareOwner]:
    return owners_of(accounts)


@given(offices, teams, choices)
def test_nobody_is_lost_and_an_owner_is_never_divided(
    accounts: list[ShareAccount], team: tuple[int, ...], options: ShareOptions
) -> None:
    plan, held = divide(accounts, clerks(*team), options)
    for owner in owing(accounts):
        whose = {held[one.account_id] for one in owner.accounts}
        assert len(whose) == 1 and whose <= {WANG, LI, XU}
    shared = {one.account_id for owner in owing(accounts) for one in owner.accounts}
    assert {move.account_id for move in plan.moves} <= shared, "who owes nothing is left alone"
    assert len({move.account_id for move in plan.moves}) == len(plan.moves)
    assert all(move.to_staff != move.from_staff for move in plan.moves)
    total = plan.unassigned.owners + sum(one.before.owners for one in plan.shares)
    assert total == len(owing(accounts)) == sum(one.after.owners for one in plan.shares)
    assert sum(one.owed for one in accounts) == sum(one.after.owed for one in plan.shares)


@given(offices, teams, st.booleans(), st.sampled_from((ShareMode.LEVEL, ShareMode.ANEW)))
def test_numbers_differ_by_one_owner_at_most(
    accounts: list[ShareAccount], team: tuple[int, ...], by_building: bool, mode: ShareMode
) -> None:
    plan, _ = divide(accounts, clerks(*team), ShareOptions(mode, by_building))
    counts = [one.after.owners for one in plan.shares if one.clerk_id in team]
    assert max(counts) - min(counts) <= 1


@given(offices, teams)
def test_new_ones_level_as_far_as_they_go(accounts: list[ShareAccount], team: tuple[int, ...]) -> None:
    plan, _ = divide(accounts, clerks(*team), NEW)
    part = [one for one in plan.shares if one.clerk_id in team]
    given_some = [one.after.owners for one in part if one.after.owners > one.before.owners]
    assert all(one.after.owners >= one.before.owners for one in part)
    assert not given_some or max(given_some) - min(one.after.owners for one in part) <= 1


@given(offices, teams)
def test_difficulty_differs_by_the_hardest_owner_at_most(accounts: list[ShareAccount], team: tuple[int, ...]) -> None:
    plan, _ = divide(accounts, clerks(*team))
    points = [one.after.points for one in plan.shares if one.clerk_id in team]
    staying = [owner for owner in owing(accounts) if owner.home() not in {WANG, LI, XU} - set(team)]
    assert max(points) - min(points) <= max((owner.points for owner in staying), default=0)


@given(offices, teams, choices, st.randoms())
def test_the_same_office_gives_the_same_plan(
    accounts: list[ShareAccount], team: tuple[int, ...], options: ShareOptions, chance: object
) -> None:
    mixed = list(accounts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert divide(mixed, clerks(*team), options)[0] == divide(accounts, clerks(*team), options)[0]


@given(offices, teams, choices)
def test_a_second_sharing_finds_nothing_to_do(
    accounts: list[ShareAccount], team: tuple[int, ...], options: ShareOptions
) -> None:
    if options.by_building:
        return
    _, held = divide(accounts, clerks(*team), options)
    after = [replace(one, staff_id=held[one.account_id]) for one in accounts]
    again, _ = divide(after, clerks(*team), replace(options, mode=ShareMode.NEW))
    assert again.moves == ()


def test_five_thousand_accounts_are_shared_equally_in_every_way() -> None:
    accounts = [
        account(
            n, n - n % 5 if n % 20 < 5 else n, str(n % 40), 20_000 + n * 7919 % 3_000_000,
            (None, WANG, LI, XU)[n * 31 % 4], overdue_days=n * 13 % 1000, broken=n % 4 // 3,
            category=(None, *Category)[n * 17 % 6],
        )
        for n in range(1, 5001)
    ]  # fmt: skip
    for mode in (ShareMode.LEVEL, ShareMode.ANEW):
        for by_building in (False, True):
            plan, _held = divide(accounts, clerks(WANG, LI, XU), ShareOptions(mode, by_building))
            owners = [one.after.owners for one in plan.shares]
            assert max(owners) - min(owners) <= 1
            assert sum(owners) == len({one.owner_id for one in accounts if one.owed > 0})
