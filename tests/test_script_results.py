"""Does it work? uses → promises → kept → paid within 14 days, by cases; then over a real office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.models.accounts import DebtorType
from feedesk.models.contacts import Channel, ContactDraft, Outcome, PromiseState
from feedesk.models.promises import Arrival, JudgedPromise, Promise
from feedesk.models.scripts.records import TECHNIQUES
from feedesk.models.scripts.results import (
    Tally,
    Use,
    UseResult,
    by_clerk,
    by_script,
    by_technique,
    by_type,
    is_paid_after,
    is_use,
    results,
    tally,
)
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.promise_tools import paid
from tests.store_tools import contact

TODAY = date(2026, 11, 17)
SAID = datetime(2026, 11, 2, 10, 0)
BUSY, UNPAID = "busy.2.phone@1", "unpaid.2.phone@1"
PROMISED = Outcome.PROMISED


def use(number: int = 1, ref: str = BUSY, at: datetime = SAID, owner: int = 7, clerk: int = 1) -> Use:
    return Use(number, at, ref, (2,), DebtorType.BUSY, clerk, "许宁", frozenset({owner}))


def money(day: str, amount: int = 100, account: int = 70, booked: str = "") -> Arrival:
    on = datetime.fromisoformat(f"2026-{day}")
    return Arrival(account, datetime.fromisoformat(f"2026-{booked}") if booked else on, on.date(), amount)


def judged(number: int, state: PromiseState, late: int = 0) -> JudgedPromise:
    return JudgedPromise(Promise(number, 7, ((70, 100),), date(2026, 11, 5), SAID), state, "", 100 - late, late)


@pytest.mark.parametrize(
    ("channel", "outcome", "counts"),
    [
        (Channel.PHONE, Outcome.PROMISED, True),
        (Channel.PHONE, Outcome.REFUSED, True),
        (Channel.PHONE, Outcome.HUNG_UP, True),
        (Channel.PHONE, Outcome.NO_ANSWER, False),
        (Channel.PHONE, Outcome.DEAD_NUMBER, False),
        (Channel.PHONE, Outcome.RELATIVE, False),
        (Channel.VISIT, Outcome.MET, True),
        (Channel.VISIT, Outcome.NOBODY, False),
        (Channel.MESSAGE, Outcome.SENT, True),
    ],
)
def test_a_script_on_the_screen_while_nobody_answers_is_no_use_of_it(
    channel: Channel, outcome: Outcome, counts: bool
) -> None:
    assert is_use(channel, outcome) is counts


@pytest.mark.parametrize(
    ("came", "counts"),
    [
        ([], False),
        ([money("11-02 11:00")], True),
        ([money("11-02 09:00")], False),
        ([money("11-16 23:00")], True),
        ([money("11-17 00:10")], False),
        ([money("11-01", booked="11-05 09:00")], False),
        ([money("11-10", booked="11-30 09:00")], True),
    ],
    ids=["nothing", "same day", "before", "14th day", "15th day", "paid before, booked after", "paid in time"],
)
def test_money_counts_from_the_contact_to_the_fourteenth_day(came: list[Arrival], counts: bool) -> None:
    assert is_paid_after(SAID, came) is counts


@pytest.mark.parametrize(
    ("promises", "promised", "kept"),
    [
        ([], False, False),
        ([judged(1, PromiseState.KEPT)], True, True),
        ([judged(1, PromiseState.KEPT, late=40)], True, False),
        ([judged(1, PromiseState.PART)], True, False),
        ([judged(1, PromiseState.OPEN)], True, False),
        ([judged(1, PromiseState.REPLACED)], True, False),
        ([judged(1, PromiseState.VOID)], False, False),
        ([judged(2, PromiseState.KEPT)], False, False),
    ],
    ids=["none", "kept", "late", "part", "open", "changed", "was paid already", "another contact's"],
)
def test_a_promise_is_that_of_the_contact_and_kept_when_all_came_in_time(
    promises: list[JudgedPromise], promised: bool, kept: bool
) -> None:
    (one,) = results([use()], promises, {}, TODAY)
    assert (one.promised, one.kept) == (promised, kept)


@pytest.mark.parametrize(
    ("today", "came", "waiting"),
    [(date(2026, 11, 16), [], True), (TODAY, [], False), (date(2026, 11, 10), [money("11-03 09:00")], False)],
)
def test_what_can_still_be_paid_waits(today: date, came: list[Arrival], waiting: bool) -> None:
    (one,) = results([use()], [], {7: came}, today)
    assert one.waiting is waiting


def test_a_contact_counts_once_and_money_of_others_does_not_count() -> None:
    found = results([use(1), use(1), use(2)], [], {8: [money("11-03 09:00")]}, TODAY)
    assert tally(found) == Tally(uses=2)


def test_money_taken_back_did_not_come() -> None:
    back = money("11-03 09:00", -100, booked="11-04 09:00")
    assert tally(results([use()], [], {7: [money("11-03 09:00"), back]}, TODAY)).paid == 0


def test_the_four_groupings_most_used_first_and_two_techniques_count_for_both() -> None:
    first = UseResult(use(1), promised=True, kept=True, paid=True, waiting=False)
    other = replace(
        first, use=replace(use(2, UNPAID, clerk=2), techniques=(1, 2), debtor_type=DebtorType.UNPAID), kept=False
    )
    third = replace(other, use=replace(other.use, contact_id=3, techniques=()), promised=False, paid=False)
    rows = [first, other, third]
    assert list(by_script(rows)) == [UNPAID, BUSY]
    assert by_script(rows)[UNPAID] == Tally(2, 1, 0, 1, 0)
    assert {number: one.uses for number, one in by_technique(rows).items()} == {0: 1, 1: 1, 2: 2}
    assert {kind: one.uses for kind, one in by_type(rows).items()} == {DebtorType.UNPAID: 2, DebtorType.BUSY: 1}
    assert {clerk: one.kept for clerk, one in by_clerk(rows).items()} == {2: 0, 1: 1}


@pytest.mark.parametrize(
    ("counted", "line", "promises", "share"),
    [
        (Tally(), "这一篇还没有用过", "样本不足", "样本不足"),
        (Tally(9, 9, 9, 9, 0), "这一篇用过 9 次，样本不足", "样本不足", "样本不足"),
        (Tally(10, 4, 3, 5, 0), "这一篇 10 次 → 承诺 4 → 兑现 3 → 14 天内到账 5", "40%", "50%"),
        (Tally(38, 17, 11, 14, 3), "这一篇 38 次 → 承诺 17 → 兑现 11 → 14 天内到账 14", "45%", "40%"),
        (Tally(12, 6, 2, 2, 3), "这一篇 12 次 → 承诺 6 → 兑现 2 → 14 天内到账 2", "50%", "样本不足"),
    ],
)
def test_under_ten_uses_no_share_is_told(counted: Tally, line: str, promises: str, share: str) -> None:
    assert (counted.line(), counted.promise_text(), counted.share_text()) == (line, promises, share)


# --- a real office ---


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """林晓岚 has two units, known to be hers."""
    made = new_office(tmp_path, Clock(datetime(2026, 11, 17, 12)))
    rooms = (("1-1-101", "林晓岚"), ("1-1-102", "林晓岚"), ("1-2-201", "周启明"), ("1-2-202", "何冬"))
    homes = [
        listed(room, name, ("管理费", "2026-07..2026-09", 90_000), phones=("13900001111",)) for room, name in rooms
    ]
    import_list(made, *homes, as_of=date(2026, 10, 30))
    ids = ids_by_room(made)
    made.accounts.join([ids["1-1-101"], ids["1-1-102"]])
    yield made
    made.close()


def say(office: Office, ref: str, day: str, *rooms: str, outcome: Outcome = PROMISED, due: str = "") -> int:
    ids = ids_by_room(office)
    promise = (date.fromisoformat(f"2026-{due}"), 90_000) if due else None
    at = datetime.fromisoformat(f"2026-{day} 10:00")
    draft: ContactDraft = contact(*(ids[room] for room in rooms), at=at, outcome=outcome, promise=promise)
    return office.contacts.add(replace(draft, script_id=ref)).record_id


def counts(office: Office) -> dict[str, Tally]:
    return {line.key: line.tally for line in office.script_results.by_script()}


def test_one_call_about_two_units_counts_once_and_any_money_of_the_owner_counts(office: Office) -> None:
    say(office, BUSY, "10-30", "1-1-101", "1-1-102", due="11-03")
    paid(office, "11-02", 90_000, "1-1-102")
    assert counts(office) == {BUSY: Tally(1, 1, 0, 1, 0)}
    assert office.script_results.of_script(BUSY) == Tally(1, 1, 0, 1, 0)
    assert office.script_results.of_script(UNPAID) == Tally()


def test_a_kept_promise_and_a_call_nobody_took(office: Office) -> None:
    say(office, BUSY, "11-02", "1-2-201", due="11-05")
    say(office, BUSY, "11-03", "1-2-202", outcome=Outcome.NO_ANSWER)
    say(office, UNPAID, "11-04", "1-2-202", outcome=Outcome.NO_DAY)
    say(office, "", "11-06", "1-2-202", outcome=Outcome.NO_DAY)
    paid(office, "11-05", 90_000, "1-2-201")
    assert counts(office) == {BUSY: Tally(1, 1, 1, 1, 0), UNPAID: Tally(1, 0, 0, 0, 1)}


def test_a_voided_contact_is_out(office: Office) -> None:
    made = say(office, BUSY, "11-02", "1-2-201", due="11-05")
    office.contacts.void(made, "记错户了")
    assert office.script_results.report().total == Tally()


def test_the_days_are_both_included_and_a_year_is_the_default(office: Office) -> None:
    say(office, BUSY, "11-02", "1-2-201", outcome=Outcome.NO_DAY)
    day, eve = date(2026, 11, 2), date(2026, 11, 1)
    found = [len(office.script_results.by_script(*days)) for days in ((day, day), (eve, eve), (None, None))]
    assert found == [1, 0, 1]
    report = office.script_results.report()
    assert ((report.last - report.first).days, report.last) == (364, TODAY)


def test_the_lines_are_named_as_a_clerk_names_them(office: Office) -> None:
    say(office, BUSY, "11-02", "1-2-201", outcome=Outcome.NO_DAY)
    office.staff.use(office.staff.add("顾然", "小顾").id)
    say(office, "any.4.message@1", "11-03", "1-2-202", outcome=Outcome.NO_DAY)
    say(office, "technique.3@1", "11-04", "1-1-101", outcome=Outcome.NO_DAY)
    say(office, "gone.2.phone@1", "11-05", "1-1-101", outcome=Outcome.NO_DAY)
    results_of = office.script_results
    names = {line.key: (line.name, line.what) for line in results_of.by_script()}
    assert names[BUSY] == ("定一个不忙的日子", "忙、在外、没时间 · 阶段 2 · 电话 · 原稿 1")
    assert "多类共用" in names["any.4.message@1"][1]
    assert names["technique.3@1"][0] == f"招数 3 {TECHNIQUES[3]}"
    assert names["gone.2.phone@1"][0] == "已不在库里的话术（gone.2.phone@1）"
    assert f"招数 2 {TECHNIQUES[2]}" in [line.name for line in results_of.by_technique()]
    assert {line.key: line.tally.uses for line in results_of.by_type()} == {"busy": 1, "unpaid": 3}
    assert [(line.name, line.tally.uses) for line in results_of.by_clerk()] == [("顾然", 3), ("许宁", 1)]


def test_the_offices_own_wording_counts_apart_from_ours(office: Office) -> None:
    say(office, BUSY, "11-02", "1-2-201", outcome=Outcome.NO_DAY)
    ours = office.scripts.library().by_ref(BUSY)
    assert ours is not None
    office.scripts.save(replace(ours, title="换个说法"), "试一试")
    say(office, "busy.2.phone@o1", "11-03", "1-2-202", outcome=Outcome.NO_DAY)
    wordings = {line.key: line.what.rpartition(" · ")[2] for line in office.script_results.by_script()}
    assert wordings == {BUSY: "原稿 1", "busy.2.phone@o1": "本处第 1 稿"}
