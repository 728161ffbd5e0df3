"""Finance's lists applied to a real office file: whole or not at all, and what follows for claims and balances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import Cancelled, FeeDeskError
from feedesk.models.accounts import MarkKind
from feedesk.models.arrears_list import ColumnMeaning, FeeSpan, Meaning, RejectCode, Rejected, SheetReading
from feedesk.models.contacts import ClaimDraft
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import ChangeKind, ImportPlan, PlanOptions
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office, reading
from tests.store_tools import assert_sound, contact, owed, states

FEE = 107_940
DAY = date(2026, 11, 13)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    yield made
    assert_sound(made)
    made.close()


def plan_of(office: Office, *accounts: object, as_of: date = DAY, **more: object) -> ImportPlan:
    own = reading(*accounts, sha=f"{as_of}{len(accounts)}".ljust(64, "0"))  # type: ignore[arg-type]
    own = replace(own, **{key: more.pop(key) for key in ("rejected", "sheets") if key in more})  # type: ignore[arg-type]
    return plan_import(own, office.imports.held(as_of), PlanOptions(as_of, careful=True, **more))  # type: ignore[arg-type]


def fee(room: str, fen: int, period: str = "2026-07..2026-09", name: str = "林晓岚"):  # type: ignore[no-untyped-def]
    return listed(room, name, ("管理费", period, fen))


# ---- one act --------------------------------------------------------------------------------------------------------


class _Broken(list[object]):
    """The changes of a plan that break half-way."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        yield from list.__iter__(self)
        raise ZeroDivisionError


def test_whatever_breaks_in_the_middle_leaves_nothing(office: Office) -> None:
    import_list(office, fee("1-101", FEE))
    before, rows = owed(office), states(office)
    plan = plan_of(office, fee("1-101", 5_000), fee("1-102", 7), as_of=date(2026, 11, 14))
    broken = replace(plan, changes=_Broken(plan.changes))  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        office.imports.apply(broken)
    assert owed(office) == before and states(office) == rows and len(office.imports.all()) == 1
    office.imports.apply(plan)
    assert owed(office) == {"1-101": 5_000, "1-102": 7}


@pytest.mark.parametrize("after", [1, 2, 3])
def test_cancelled_at_any_moment_leaves_nothing(office: Office, after: int) -> None:
    calls = 0

    def tick(_share: float) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise Cancelled("已停止，没有导入。")

    plan = plan_of(office, *(fee(f"1-{number}", 100) for number in range(101, 701)))
    with pytest.raises(Cancelled):
        office.imports.apply(plan, tick)
    assert calls == after and owed(office) == {} and office.imports.all() == []
    assert office.session.conn.execute("SELECT count(*) FROM units").fetchone() == (0,)


def test_progress_only_grows_and_ends_whole(office: Office) -> None:
    shares: list[float] = []
    office.imports.apply(plan_of(office, *(fee(f"1-{number}", 100) for number in range(101, 1301))), shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) >= 4


STALE = [
    ("another list came first", lambda o: import_list(o, fee("1-101", FEE + 1), as_of=date(2026, 11, 12), file="先.xlsx")),
    ("another list came first, the sum is the same",
     lambda o: import_list(o, fee("1-101", FEE, name="新业主"), as_of=date(2026, 11, 12), file="先.xlsx")),
    ("the list before was voided", lambda o: o.imports.void(1, "导错了")),
]  # fmt: skip


@pytest.mark.parametrize(("what", "meanwhile"), STALE, ids=[case[0] for case in STALE])
def test_a_plan_made_before_another_change_is_refused(office: Office, what: str, meanwhile) -> None:  # type: ignore[no-untyped-def]
    import_list(office, fee("1-101", FEE), as_of=date(2026, 11, 10))
    plan = plan_of(office, fee("1-101", 50))
    meanwhile(office)
    before = owed(office)
    with pytest.raises(FeeDeskError, match="没有导入") as caught:
        office.imports.apply(plan)
    assert "重新核对" in caught.value.hint and owed(office) == before


def test_a_plan_is_applied_once(office: Office) -> None:
    plan = plan_of(office, fee("1-101", FEE))
    office.imports.apply(plan)
    with pytest.raises(FeeDeskError, match="没有导入"):
        office.imports.apply(plan)
    assert owed(office) == {"1-101": FEE}


def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    accounts = (fee("1-101", FEE), fee("1-102", 5, name="何敏"))
    import_list(office, *accounts)
    before, rows = owed(office), states(office)
    import_list(office, *accounts)
    assert owed(office) == before and states(office) == rows
    assert office.imports.all()[0].diff["unchanged"] == 2
    assert office.session.conn.execute("SELECT count(*) FROM charges").fetchone() == (2,)


def test_a_thousand_accounts_come_in_whole(office: Office) -> None:
    accounts = [fee(f"{building}-{floor:02d}{door:02d}", building * 1000 + floor, name=f"业主{building}{floor}{door}")
                for building in range(1, 6) for floor in range(1, 21) for door in range(1, 11)]  # fmt: skip
    changes = import_list(office, *accounts)
    assert len(changes.account_ids) == len(accounts) == 1000
    assert owed(office) == {account.room: account.charges[0].owed for account in accounts}
    assert office.accounts.total(_all()) == (1000, sum(account.charges[0].owed for account in accounts))


def _all():  # type: ignore[no-untyped-def]
    from feedesk.models.owner_filter import Chip, OwnerFilter

    return OwnerFilter(chip=Chip.ALL)


# ---- what a list leaves ---------------------------------------------------------------------------------------------


def test_settled_and_taken_back_a_balance_never_falls_below_zero(office: Office, clock: Clock) -> None:
    steps = [FEE, 40_000, 40_000, FEE, 0, FEE + 500, 1, FEE]
    for number, fen in enumerate(steps):
        clock.forward(minutes=1)
        rooms = [fee("1-101", fen)] if fen else []
        import_list(
            office, *rooms, fee("1-999", 1, name="占位"), as_of=date(2026, 11, number + 1), file=f"{number}.xlsx"
        )
        assert owed(office).get("1-101", 0) == fen
        charges = office.accounts.charges(ids_by_room(office)["1-101"])
        assert all(0 <= charge.owed <= charge.amount for charge in charges)


def test_what_was_read_and_what_was_not_is_on_record(office: Office) -> None:
    column = ColumnMeaning(0, "房号", Meaning.ROOM, "", FeeSpan.UNSAID)
    sheet = SheetReading("欠费", True, "", (1,), (column,))
    refused = Rejected("欠费", 9, RejectCode.NEGATIVE, "金额是负数", ("1-109", "-5"), -500, "1-109")
    plan = plan_of(office, fee("1-101", FEE), rejected=(refused,), sheets=(sheet,))
    import_id = office.imports.apply(plan).record_id
    applied = office.imports.last()
    assert applied is not None
    assert (applied.accounts, applied.charges, applied.total, applied.before, applied.after, applied.rejected) == (
        1, 1, FEE, 0, FEE, 1,
    )  # fmt: skip
    assert applied.staff_name == "许宁" and applied.as_of == DAY
    again = office.imports.rejects(import_id)
    assert [(r.sheet, r.row, r.code, r.reason, r.cells, r.amount) for r in again.rejected] == [
        ("欠费", 9, RejectCode.NEGATIVE, "金额是负数", ("1-109", "-5"), -500)
    ]
    assert again.sheets[0].name == "欠费" and again.sheets[0].columns[0].title == "房号"


def test_a_mapping_is_remembered_by_shape_and_replaced_by_a_newer_one(office: Office) -> None:
    office.imports.remember("甲", "{}")
    office.imports.remember("乙", "[]")
    office.imports.remember("甲", '{"new": 1}')
    assert office.imports.mappings() == {"甲": '{"new": 1}', "乙": "[]"}


def test_phones_are_added_never_taken_away_and_facts_not_emptied(office: Office) -> None:
    import_list(office, listed("1-101", phones=("13900000001",), remark="漏水未修", salutation="女士"))
    import_list(
        office, listed("1-101", phones=("13900000002", "13900000001")), as_of=date(2026, 11, 14), file="二.xlsx"
    )
    account = office.accounts.get(ids_by_room(office)["1-101"])
    assert [phone.number for phone in account.phones] == ["13900000001", "13900000002"]
    assert (account.remark, account.salutation) == ("漏水未修", "女士")


# ---- claims ---------------------------------------------------------------------------------------------------------

REFUSED_ROW = Rejected("表", 3, RejectCode.AMOUNT, "金额读不懂", ("1-101", "二百"), None, "1-101")
CLAIMS = [
    # what the list says of 1-101, as of, more, whether the claim of 11-12 is then still open
    ("names it with the same debt", (fee("1-101", FEE),), date(2026, 11, 12), {}, False),
    ("names it with less", (fee("1-101", 5),), date(2026, 11, 13), {}, False),
    ("full and without it", (), date(2026, 11, 13), {}, False),
    ("is older than the payment", (fee("1-101", FEE),), date(2026, 11, 11), {}, True),
    ("is older and names less", (fee("1-101", 5),), date(2026, 11, 11), {}, True),
    ("is older, but nothing is owed any more", (), date(2026, 11, 11), {}, False),
    ("partial and without it", (), date(2026, 11, 13), {"full": False}, True),
    ("its row could not be read", (), date(2026, 11, 13), {"rejected": (REFUSED_ROW,)}, True),
]


@pytest.mark.parametrize(("what", "accounts", "as_of", "more", "stays"), CLAIMS, ids=[case[0] for case in CLAIMS])
def test_a_claim_is_settled_by_the_next_list_that_speaks_of_its_day(
    office: Office, clock: Clock, what: str, accounts: tuple, as_of: date, more: dict, stays: bool  # type: ignore[type-arg]
) -> None:  # fmt: skip
    import_list(office, fee("1-101", FEE), fee("1-102", 9, name="何敏"), as_of=date(2026, 11, 10))
    account = ids_by_room(office)["1-101"]
    office.contacts.claim((account,), ClaimDraft(date(2026, 11, 12), FEE, "微信"))
    clock.forward(minutes=1)
    office.imports.apply(plan_of(office, *accounts, fee("1-102", 9, name="何敏"), as_of=as_of, **more))
    open_claims = office.session.conn.execute("SELECT count(*) FROM claims WHERE closed_at IS NULL").fetchone()[0]
    assert open_claims == int(stays)
    assert (office.accounts.get(account).row.mark is MarkKind.VERIFY) == stays


def test_a_debt_that_comes_after_a_settled_claim_is_called_about(office: Office, clock: Clock) -> None:
    import_list(office, fee("1-101", FEE), fee("1-102", 9, name="何敏"), as_of=date(2026, 11, 10))
    account = ids_by_room(office)["1-101"]
    office.contacts.claim((account,), ClaimDraft(date(2026, 11, 12), FEE, "微信"))
    clock.forward(minutes=1)
    import_list(office, fee("1-102", 9, name="何敏"), as_of=date(2026, 11, 11), file="二.xlsx")
    clock.forward(days=20)
    office.roll_day()
    import_list(
        office, fee("1-101", 33, "2026-10"), fee("1-102", 9, name="何敏"), as_of=date(2026, 12, 1), file="三.xlsx"
    )
    assert office.accounts.get(account).row.mark is MarkKind.OPEN
    assert account in office.accounts.worklist().ids()


# ---- owners ---------------------------------------------------------------------------------------------------------


def test_a_new_owner_starts_without_the_old_ones_debts_promises_and_calls(office: Office, clock: Clock) -> None:
    import_list(office, fee("1-101", FEE, "2026-01..2026-06"), as_of=date(2026, 11, 10))
    old = ids_by_room(office)["1-101"]
    office.contacts.add(contact(old, at=clock(), promise=(date(2026, 11, 20), FEE)))
    clock.forward(minutes=1)
    changes = import_list(office, listed("1-101", "新业主", ("管理费", "2026-01..2026-06", FEE), ("管理费", "2026-10", 700)),
                          as_of=date(2026, 11, 14), file="换.xlsx")  # fmt: skip
    new = ids_by_room(office)["1-101"]
    assert {old, new} == changes.account_ids and old != new
    before, after = office.accounts.get(old), office.accounts.get(new)
    assert (before.name, before.row.owed, before.row.is_former, before.until) == (
        "林晓岚",
        FEE,
        True,
        date(2026, 11, 14),
    )
    assert (after.name, after.row.owed, after.row.is_former, after.since) == ("新业主", 700, False, date(2026, 11, 14))
    assert office.contacts.of(new) == [] and after.row.mark is MarkKind.OPEN and before.row.mark is MarkKind.PROMISED
    assert before.row.owner_id != after.row.owner_id


def test_voiding_brings_back_the_day_of_the_last_zero_balance_and_the_claims_it_had_closed(
    office: Office, clock: Clock
) -> None:
    placeholder = fee("1-999", 1, name="占位")
    lists = [
        (fee("1-101", FEE), 1),
        (None, 2),
        (fee("1-101", 800, "2026-10"), 3),
        (fee("1-101", 800, "2026-10"), 4),
        (None, 5),
    ]
    cleared, account, last = [], 0, 0
    for account_listed, day in lists:
        clock.forward(minutes=1)
        rooms = [account_listed] if account_listed else []
        if day == 4:
            office.contacts.claim((account,), ClaimDraft(date(2026, 11, 3), 800, "微信"))
        last = import_list(office, *rooms, placeholder, as_of=date(2026, 11, day), file=f"{day}.xlsx").record_id
        account = ids_by_room(office)["1-101"]
        cleared.append(
            office.session.conn.execute("SELECT cleared_at FROM accounts WHERE id = ?", (account,)).fetchone()[0]
        )
    assert cleared[0] is None and cleared[1] == cleared[2] == cleared[3] and cleared[4] > cleared[3]
    office.imports.void(last, "导错了")
    assert (
        office.session.conn.execute("SELECT cleared_at FROM accounts WHERE id = ?", (account,)).fetchone()[0]
        == cleared[3]
    )
    assert office.accounts.get(account).row.mark is MarkKind.OPEN
    office.imports.void(last - 1, "也导错了")
    assert office.accounts.get(account).row.mark is MarkKind.VERIFY, (
        "the list that had checked the claim counts no longer"
    )


def test_the_difference_on_record_is_the_one_shown(office: Office) -> None:
    import_list(
        office, fee("1-101", FEE), fee("1-102", FEE), fee("1-103", FEE), fee("1-104", FEE), as_of=date(2026, 11, 10)
    )
    plan = plan_of(
        office, fee("1-101", FEE), fee("1-102", 1), fee("1-103", FEE + 900, "2026-07..2026-10"), fee("1-105", 3)
    )
    office.imports.apply(plan)
    assert office.imports.all()[0].diff == plan.diff_counts() == {
        "new": 1, "increased": 1, "partly_paid": 1, "paid_off": 1, "unchanged": 1, "owner_changed": 0,
    }  # fmt: skip
    assert plan.count(ChangeKind.NEW) == 1
