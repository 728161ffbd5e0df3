"""The promise ledger of an office file: read back with the money that came, for the owner, the clerk and the month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.contacts import PromiseState
from feedesk.models.promises import JudgedPromise, PromiseRate
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.promise_tools import paid, promised

FEE = "管理费"
NOON = datetime(2026, 11, 17, 12)
KEPT, PART, BROKEN, OPEN = PromiseState.KEPT, PromiseState.PART, PromiseState.BROKEN, PromiseState.OPEN
REPLACED, VOID = PromiseState.REPLACED, PromiseState.VOID


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """Three owners; 林晓岚 has two units, and they are known to be hers."""
    made = new_office(tmp_path, clock)
    rooms = (("1-1-101", "林晓岚"), ("1-1-102", "林晓岚"), ("1-2-201", "周启明"), ("1-2-202", "何冬"))
    homes = [listed(room, name, (FEE, "2026-07..2026-09", 90_000), phones=("13900001111",)) for room, name in rooms[:2]]
    homes += [listed(room, name, (FEE, "2026-07..2026-09", 90_000)) for room, name in rooms[2:]]
    import_list(made, *homes, as_of=date(2026, 10, 30))
    ids = ids_by_room(made)
    made.accounts.join([ids["1-1-101"], ids["1-1-102"]])
    yield made
    made.close()


def told(judged: tuple[JudgedPromise, ...]) -> list[str]:
    return [f"{one.promise.room} {one.promise.due_on:%m-%d} {one.words} {one.came}" for one in judged]


def test_one_breath_for_two_units_is_one_promise_of_the_owner(office: Office) -> None:
    promised(office, "11-02", "11-05", 150_000, "1-1-101", "1-1-102")
    paid(office, "11-04", 90_000, "1-1-101")
    assert told(office.promises.of_account(ids_by_room(office)["1-1-101"])) == [
        "1-1-101 等 2 套 11-05 部分到账 ¥900.00 90000"
    ]
    paid(office, "11-05", 60_000, "1-1-102")
    for room in ("1-1-101", "1-1-102"):  # the same list from whichever unit it is asked
        (judged,) = office.promises.of_account(ids_by_room(office)[room])
        assert (judged.state, judged.came, judged.promise.amount) == (KEPT, 150_000, 150_000)
    assert office.promises.rate_of_owner(ids_by_room(office)["1-1-102"]).kept == 1


def test_a_changed_promise_is_a_new_one_and_the_old_stays(office: Office) -> None:
    promised(office, "11-02", "11-05", 90_000, "1-2-201")
    promised(office, "11-04", "11-12", 90_000, "1-2-201")
    account = ids_by_room(office)["1-2-201"]
    assert told(office.promises.of_account(account)) == ["1-2-201 11-12 失约 0", "1-2-201 11-05 已改期 0"]
    assert office.promises.rate_of_owner(account) == PromiseRate(broken=1, replaced=1, promised=90_000)


def test_a_payment_is_counted_for_the_promise_it_was_paid_for_even_when_it_is_booked_later(office: Office) -> None:
    promised(office, "11-02", "11-05", 40_000, "1-2-201")
    promised(office, "11-10", "11-12", 50_000, "1-2-201")
    paid(office, "11-05", 40_000, "1-2-201")  # booked on 11-17
    assert told(office.promises.of_account(ids_by_room(office)["1-2-201"])) == [
        "1-2-201 11-12 失约 0",
        "1-2-201 11-05 兑现 40000",
    ]


def test_money_of_a_list_counts_too(office: Office, clock: Clock) -> None:
    promised(office, "11-16", "11-20", 90_000, "1-2-201")
    account = ids_by_room(office)["1-2-201"]
    assert [one.state for one in office.promises.of_account(account)] == [OPEN]
    clock.now = datetime(2026, 11, 23, 10)
    rest = [
        listed(room, name, (FEE, "2026-07..2026-09", 90_000))
        for room, name in (("1-1-101", "林晓岚"), ("1-2-202", "何冬"))
    ]
    import_list(office, *rest, as_of=date(2026, 11, 20), file="二.xlsx")
    assert told(office.promises.of_account(account)) == ["1-2-201 11-20 兑现 90000"]


def test_a_voided_contact_takes_its_promise_out_of_the_count(office: Office) -> None:
    said = promised(office, "11-02", "11-05", 90_000, "1-2-201")
    office.contacts.void(said, "记错户了")
    account = ids_by_room(office)["1-2-201"]
    (judged,) = office.promises.of_account(account)
    assert judged.state is VOID
    assert "记错户了" in judged.why
    assert office.promises.rate_of_owner(account).total == 0
    assert office.promises.rates_by_clerk(date(2026, 11, 1), date(2026, 11, 30)) == ()


def test_by_clerk_and_by_day(office: Office) -> None:
    promised(office, "10-28", "10-30", 90_000, "1-2-202")
    promised(office, "11-02", "11-05", 90_000, "1-2-201")
    paid(office, "11-05", 90_000, "1-2-201")
    gu = office.staff.add("顾然", "小顾")
    office.staff.use(gu.id)
    promised(office, "11-03", "11-12", 90_000, "1-1-101")
    november = (date(2026, 11, 1), date(2026, 11, 30))
    assert told(office.promises.due(*november)) == ["1-2-201 11-05 兑现 90000", "1-1-101 11-12 失约 0"]
    found = office.promises.rates_by_clerk(*november)
    assert [(name, rate.kept, rate.broken) for name, rate in found] == [("许宁", 1, 0), ("顾然", 0, 1)]
    assert told(office.promises.between(*november)) == ["1-1-101 11-12 失约 0", "1-2-201 11-05 兑现 90000"]
    assert told(office.promises.between(*november, staff_id=gu.id)) == ["1-1-101 11-12 失约 0"]
    months = office.promises.months()
    assert (months.month, months.before) == (date(2026, 11, 1), date(2026, 10, 1))
    assert (told(months.now_due), told(months.before_due)) == (
        told(office.promises.due(*november)),
        ["1-2-202 10-30 失约 0"],
    )


def test_the_history_says_beside_the_contact_what_became_of_it(office: Office) -> None:
    promised(office, "11-02", "11-05", 90_000, "1-2-201")
    promised(office, "11-10", "11-12", 60_000, "1-2-201")
    paid(office, "11-12", 20_000, "1-2-201")
    promised(office, "11-16", "11-20", 50_000, "1-2-201")
    account = ids_by_room(office)["1-2-201"]
    entries = [entry for entry in office.history.of(account) if entry.title.startswith("承诺")]
    assert [(entry.title, entry.lines[0]) for entry in entries] == [
        ("承诺 11-20 缴 ¥500.00", "电话"),
        ("承诺 11-12 缴 ¥600.00 · 部分到账", "部分到账 ¥200.00：过了 11-12 和 1 个工作日，还差 ¥400.00"),
        ("承诺 11-05 缴 ¥900.00 · 失约", "过了 11-05 和 1 个工作日，没有到账"),
    ]
