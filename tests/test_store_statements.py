"""对账 on record: a line is kept once, booked once, and its proposal keeps an account from being called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.errors import BadInput, FeeDeskError
from feedesk.models.accounts import MarkKind
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.statements import (
    Confidence,
    Direction,
    KeptLine,
    LineState,
    MatchShare,
    StatementKind,
    StatementLine,
    StatementReading,
    StatementTable,
)
from feedesk.models.store import Office, backups
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, behind_the_back, owed, states

JULY = ("管理费", "2026-07..2026-09", 100_000)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path, Clock(datetime(2026, 11, 20, 9, 0)))
    import_list(
        made,
        listed("1-1-101", "叶国", JULY, phones=("15006956430",)),
        listed("1-1-102", "贺然", JULY, ("水费", "2026-07..2026-09", 20_000)),
        listed("1-1-103", "萧芳娜", JULY),
        listed("1-1-104", "卢明", ("管理费", "2026-07..2026-09", 55_555)),
        as_of=date(2026, 10, 31),
    )
    yield made
    made.close()


def line(number: int, amount: int, memo: str = "", payer: str = "某某", **more: object) -> StatementLine:
    base = StatementLine(
        number, datetime(2026, 11, 5, 10, 0), True, Direction.IN, amount, payer, "6222****3363", memo,
        f"2026110500{number:04d}", PayMethod.TRANSFER, "", f"key{number}",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]  (fields by name)


def reading(*lines: StatementLine, file: str = "流水.csv", **more: object) -> StatementReading:
    base = StatementReading(
        file, f"{file}-{len(lines)}", StatementKind.BANK, "1102****0088", "shape", StatementTable((), (), (), 1), lines
    )
    return replace(base, **more)  # type: ignore[arg-type]


def keep(office: Office, *lines: StatementLine, file: str = "流水.csv", **more: object) -> int:
    return office.statements.keep(reading(*lines, file=file, **more)).record_id


def kept(office: Office, number: int) -> KeptLine:
    return next(one for one in office.statements.lines() if one.line.line == number)


def shares(office: Office, **amounts: int) -> list[PaymentShare]:
    ids = ids_by_room(office)
    return [PaymentShare(ids[room.replace("_", "-")], amount) for room, amount in amounts.items()]


def marks(office: Office) -> dict[str, MarkKind]:
    return {room: office.accounts.get(account_id).row.mark for room, account_id in ids_by_room(office).items()}


ROOM_101 = line(1, 100_000, "1-1-101物业费")
NAME_102 = line(2, 120_000, "物业费", "贺然")
GOODS = line(3, 880_000, "货款", "某某商贸有限公司")
GOING_OUT = line(4, 50_000, "水费", direction=Direction.OUT, void="是支出，不是收款")
AGAIN_101 = line(5, 100_000, "1-1-101物业费", "叶国")
ALL = (ROOM_101, NAME_102, GOODS, GOING_OUT, AGAIN_101)


# --- keeping ---


def test_lines_are_kept_with_state_and_proposal(office: Office) -> None:
    keep(office, *ALL)
    assert [
        (one.line.line, one.state, one.match.confidence, [share.room for share in one.match.shares])
        for one in office.statements.lines()
    ] == [
        (1, LineState.OPEN, Confidence.SURE, ["1-1-101"]),
        (2, LineState.OPEN, Confidence.LIKELY, ["1-1-102"]),
        (3, LineState.OPEN, Confidence.NONE, []),
        (4, LineState.VOID, Confidence.NONE, []),
        (5, LineState.OPEN, Confidence.UNSURE, ["1-1-101"]),
    ]
    assert [one.line for one in office.statements.lines()] == list(ALL), "as read, to the last field"
    assert kept(office, 3).match.reason == "附言写着“货款”，不像业主缴费"
    assert office.statements.open_count() == 4
    (statement,) = office.statements.all()
    assert (statement.lines, statement.repeats, statement.income) == (5, 0, 1_200_000)
    assert statement.counts == {LineState.OPEN: 4, LineState.VOID: 1}
    assert (statement.first_on, statement.staff_name) == (date(2026, 11, 5), "许宁")
    assert_sound(office)


def test_a_line_in_another_file_is_a_repeat(office: Office) -> None:
    first = keep(office, ROOM_101, NAME_102)
    second = keep(office, NAME_102, GOODS, file="下旬.csv")
    assert [(one.statement_id, one.line.line) for one in office.statements.lines()] == [
        (first, 1), (first, 2), (second, 3),
    ]  # fmt: skip
    newest, _ = office.statements.all()
    assert (newest.file, newest.lines, newest.repeats, newest.counts) == ("下旬.csv", 2, 1, {LineState.OPEN: 1})


def test_the_same_file_again_is_the_same_statement(office: Office) -> None:
    assert keep(office, *ALL) == keep(office, *ALL)
    assert len(office.statements.all()) == 1 and len(office.statements.lines()) == len(ALL)


def test_a_transaction_twice_in_one_file_is_kept_once_and_as_refunded_if_one_says_so(office: Office) -> None:
    paid_back = line(2, 55_555, "1-1-104")
    keep(office, ROOM_101, replace(ROOM_101, line=7), paid_back, replace(paid_back, line=8, void="REFUND"))
    assert [(one.line.line, one.state) for one in office.statements.lines()] == [
        (1, LineState.OPEN),
        (8, LineState.VOID),
    ]


def test_rejected_rows_stay_with_the_statement(office: Office) -> None:
    statement_id = keep(office, ROOM_101, rejected=((7, "金额“一百”不是数字"),))
    assert office.statements.rejected(statement_id) == [(7, "金额“一百”不是数字")]


def test_an_unknown_layout_is_not_kept(office: Office) -> None:
    with pytest.raises(BadInput, match="没有认出哪一列是金额"):
        keep(office, unknown="没有认出哪一列是金额，请指明各列的含义。")
    assert office.statements.all() == []


def test_a_mapping_is_remembered_apart_from_those_of_lists(office: Office) -> None:
    office.statements.remember("shape", "{}")
    assert office.statements.mappings() == {"shape": "{}"} and office.imports.mappings() == {}


# --- what open lines do to accounts ---


def test_accounts_with_a_proposal_are_to_be_verified(office: Office) -> None:
    before = marks(office)
    keep(office, ROOM_101, NAME_102, GOODS)
    assert {room for room, mark in marks(office).items() if mark is MarkKind.VERIFY} == {"1-1-101", "1-1-102"}
    assert MarkKind.VERIFY not in before.values()
    office.statements.dismiss(kept(office, 2).id, "是装修押金")
    assert {room for room, mark in marks(office).items() if mark is MarkKind.VERIFY} == {"1-1-101"}
    office.statements.reopen(kept(office, 2).id)
    assert marks(office)["1-1-102"] is MarkKind.VERIFY
    assert_sound(office)


def test_whoever_may_have_paid_is_to_be_verified(office: Office) -> None:
    same = ("管理费", "2026-10", 77_777)
    twins = [listed(room, name, same) for room, name in (("2-1-101", "韩冬"), ("2-1-102", "沈静"))]
    import_list(office, *twins, as_of=date(2026, 11, 1), full=False)
    keep(office, line(1, 77_777, "转账", "张三"))
    found = kept(office, 1).match
    assert (found.confidence, [share.room for share in found.shares], found.others) == (
        Confidence.UNSURE, ["2-1-101"], ("2-1-102",),
    )  # fmt: skip
    assert {room for room, mark in marks(office).items() if mark is MarkKind.VERIFY} == {"2-1-101", "2-1-102"}
    office.statements.book(kept(office, 1).id, shares(office, **{"2_1_102": 77_777}))
    assert MarkKind.VERIFY not in marks(office).values()
    assert_sound(office)


def test_a_dismissed_line_keeps_its_reason_and_frees_nothing_else(office: Office) -> None:
    keep(office, *ALL)
    office.statements.dismiss(kept(office, 3).id, "其他收入")
    found = kept(office, 3)
    assert (found.state, found.note, found.match.reason) == (LineState.DISMISSED, "其他收入", "已搁置：其他收入")
    with pytest.raises(BadInput, match="写明原因"):
        office.statements.dismiss(kept(office, 1).id, " ")


def test_proposals_follow_when_balances_change_by_another_door(office: Office) -> None:
    keep(office, ROOM_101)
    ids = ids_by_room(office)
    taken = office.payments.take(
        PaymentDraft(date(2026, 11, 19), 100_000, PayMethod.CASH, (PaymentShare(ids["1-1-101"], 100_000),))
    )
    assert kept(office, 1).match.confidence is Confidence.UNSURE
    office.payments.reverse(taken.record_id, "记错了")
    assert kept(office, 1).match.confidence is Confidence.SURE


def test_money_booked_by_hand_as_a_transfer_is_not_booked_again(office: Office) -> None:
    keep(office, ROOM_101, line(2, 55_555, "1-1-104"))
    ids = ids_by_room(office)
    for room, amount, reference in (("1-1-101", 100_000, ROOM_101.reference), ("1-1-104", 55_555, "")):
        office.payments.take(
            PaymentDraft(
                date(2026, 11, 6), amount, PayMethod.TRANSFER, (PaymentShare(ids[room], amount),), reference=reference
            )
        )
    assert kept(office, 1).match.confidence is Confidence.NONE and "不要再记" in kept(office, 1).match.reason
    assert kept(office, 2).match.confidence is Confidence.UNSURE and "可能是同一笔" in kept(office, 2).match.reason
    assert office.statements.book_all().account_ids == frozenset()


def test_a_later_list_changes_whom_a_line_is_from(office: Office) -> None:
    keep(office, line(1, 77_777, "物业费", "新主"))
    assert kept(office, 1).match.confidence is Confidence.NONE
    import_list(office, listed("2-1-101", "新主", ("管理费", "2026-10", 77_777)), as_of=date(2026, 11, 1), full=False)
    assert kept(office, 1).match.confidence is Confidence.LIKELY


# --- booking ---


def test_booking_lowers_the_balance_and_the_line_is_done(office: Office) -> None:
    keep(office, *ALL)
    done = office.statements.book(kept(office, 1).id, shares(office, **{"1_1_101": 100_000}))
    payment = office.payments.get(done.record_id)
    assert (payment.paid_on, payment.amount, payment.method) == (date(2026, 11, 5), 100_000, PayMethod.TRANSFER)
    assert (payment.payer, payment.reference, payment.rooms) == ("某某", ROOM_101.reference, ("1-1-101",))
    assert owed(office) == {"1-1-102": 120_000, "1-1-103": 100_000, "1-1-104": 55_555}
    found = kept(office, 1)
    assert (found.state, found.payment_id, found.match.confidence) == (LineState.BOOKED, payment.id, Confidence.SURE)
    assert found.note == "1-1-101（11-20 许宁）"
    assert_sound(office)


def test_a_line_is_booked_for_whom_the_clerk_says(office: Office) -> None:
    keep(office, line(1, 155_555, "1-1-101"))
    parts = shares(office, **{"1_1_103": 100_000, "1_1_104": 55_555})
    office.statements.book(kept(office, 1).id, parts)
    assert owed(office) == {"1-1-101": 100_000, "1-1-102": 120_000}
    assert [share.room for share in kept(office, 1).match.shares] == ["1-1-103", "1-1-104"]


@pytest.mark.parametrize(
    ("number", "amount", "says"),
    [
        (1, 99_999, "加起来不等于收款金额"),
        (4, 50_000, "不是收到的钱"),
        (5, 100_000, "没有账可冲"),
    ],
)
def test_what_cannot_be_booked_changes_nothing(office: Office, number: int, amount: int, says: str) -> None:
    keep(office, *ALL)
    if number == 5:
        office.statements.book(kept(office, 1).id, shares(office, **{"1_1_101": 100_000}))
    before, rows = owed(office), states(office)
    with pytest.raises(BadInput, match=says):
        office.statements.book(kept(office, number).id, shares(office, **{"1_1_101": amount}))
    assert (owed(office), states(office)) == (before, rows)


def test_a_line_is_never_booked_twice(office: Office) -> None:
    keep(office, ROOM_101)
    parts = shares(office, **{"1_1_101": 100_000})
    office.statements.book(kept(office, 1).id, parts)
    with pytest.raises(BadInput, match="已经记过收款：1-1-101"):
        office.statements.book(kept(office, 1).id, parts)
    with pytest.raises(BadInput, match="已经记过收款"):
        office.payments.take(replace(office_draft(office, parts), line_id=kept(office, 1).id, prepay_agreed=True))
    assert keep(office, ROOM_101, NAME_102, file="再下载.csv") and kept(office, 1).state is LineState.BOOKED
    assert len(office.payments.of_account(parts[0].account_id)) == 1


def office_draft(office: Office, parts: list[PaymentShare]) -> PaymentDraft:
    return PaymentDraft(date(2026, 11, 5), sum(p.amount for p in parts), PayMethod.TRANSFER, tuple(parts))


def test_a_reversal_opens_the_line_again(office: Office) -> None:
    keep(office, ROOM_101)
    before = states(office)
    done = office.statements.book(kept(office, 1).id, shares(office, **{"1_1_101": 100_000}))
    office.payments.reverse(done.record_id, "记错户")
    found = kept(office, 1)
    assert (found.state, found.match.confidence) == (LineState.OPEN, Confidence.SURE)
    assert states(office) == before and marks(office)["1-1-101"] is MarkKind.VERIFY
    office.statements.book(found.id, shares(office, **{"1_1_103": 100_000}))
    assert [share.room for share in kept(office, 1).match.shares] == ["1-1-103"]


def test_an_over_payment_becomes_prepayment_only_when_asked(office: Office) -> None:
    keep(office, ROOM_101, AGAIN_101)
    office.statements.book_all()
    assert kept(office, 5).state is LineState.OPEN, "nothing is left owing: a person decides"
    draft = office.statements.draft(kept(office, 5).id)
    assert office.payments.preview(draft).over == 100_000
    office.statements.book(kept(office, 5).id, draft.shares, prepay_agreed=True)
    assert office.payments.prepaid(draft.shares[0].account_id) == 100_000


def test_a_draft_for_the_clerk_to_look_at(office: Office) -> None:
    keep(office, NAME_102)
    ids = ids_by_room(office)
    draft = office.statements.draft(kept(office, 2).id)
    assert (draft.payer, draft.note, draft.amount, draft.shares) == (
        "", "物业费", 120_000, (PaymentShare(ids["1-1-102"], 120_000),),
    )  # fmt: skip
    other = office.statements.draft(kept(office, 2).id, [MatchShare(ids["1-1-103"], "1-1-103", 120_000)])
    assert (other.payer, other.shares[0].account_id) == ("贺然", ids["1-1-103"])
    assert owed(office)["1-1-102"] == 120_000


def test_all_sure_lines_are_booked_at_once(office: Office) -> None:
    keep(office, *ALL, line(6, 155_555, "1-1-103 1-1-104"))
    done = office.statements.book_all()
    assert owed(office) == {"1-1-102": 120_000}
    assert [one.line.line for one in office.statements.lines(states=(LineState.BOOKED,))] == [1, 6]
    assert {ids_by_room(office)[room] for room in ("1-1-101", "1-1-103", "1-1-104")} <= done.account_ids
    assert office.statements.book_all().account_ids == frozenset()
    assert_sound(office)


def test_one_that_cannot_be_booked_stops_all(office: Office) -> None:
    keep(office, ROOM_101, line(2, 55_555, "1-1-104"), line(3, 1_000, "1-1-103"))
    wanted = [kept(office, number).id for number in (1, 2, 3)]
    before = states(office)
    with pytest.raises(BadInput, match=r"第 3 笔（¥10\.00）没有把握，一笔也没有记"):
        office.statements.book_all(wanted)
    assert states(office) == before and office.statements.lines(states=(LineState.BOOKED,)) == []
    assert office.statements.book_all(wanted, Confidence.LIKELY).account_ids
    assert owed(office) == {"1-1-102": 120_000, "1-1-103": 99_000}


def test_a_failure_in_the_middle_leaves_nothing_booked(office: Office) -> None:
    keep(office, ROOM_101, line(2, 55_555, "1-1-104"))
    conn = office.session.conn
    conn.execute(
        "CREATE TEMP TRIGGER fail BEFORE INSERT ON payments WHEN NEW.amount = 55555"
        " BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
    )
    before = states(office)
    with pytest.raises(FeeDeskError, match="磁盘出错"):
        office.statements.book_all()
    conn.execute("DROP TRIGGER fail")
    assert states(office) == before and owed(office)["1-1-101"] == 100_000
    office.statements.book_all()
    assert set(owed(office)) == {"1-1-102", "1-1-103"}, "and it can be done again"


# --- refunded since ---


def test_a_later_file_that_says_refunded(office: Office) -> None:
    keep(office, ROOM_101, line(2, 55_555, "1-1-104"))
    office.statements.book(kept(office, 1).id, shares(office, **{"1_1_101": 100_000}))
    later = [replace(one.line, void="已全额退款") for one in office.statements.lines()]
    keep(office, *later, file="月底.csv")
    assert (kept(office, 2).state, kept(office, 2).note) == (LineState.DISMISSED, "后来的账单写着：已全额退款")
    assert kept(office, 1).state is LineState.BOOKED, "what is booked is for a person to reverse"
    assert [one.line.line for one in office.statements.contradicted(reading(*later))] == [1]


# --- the list's own day ---


def test_a_payment_up_to_the_lists_day_replaces_what_the_list_took_off(office: Office) -> None:
    import_list(
        office,
        listed("1-1-101", "叶国", ("管理费", "2026-07..2026-09", 40_000)),
        listed("1-1-102", "贺然", JULY, ("水费", "2026-07..2026-09", 20_000)),
        listed("1-1-103", "萧芳娜", JULY),
        listed("1-1-104", "卢明", ("管理费", "2026-07..2026-09", 55_555)),
        as_of=date(2026, 11, 10),
    )
    keep(office, line(1, 60_000, "1-1-101"), line(2, 55_555, "1-1-104"))
    assert kept(office, 1).match.confidence is Confidence.SURE
    assert kept(office, 2).match.confidence is Confidence.LIKELY, "the list of the 10th still names it"
    office.statements.book_all()
    assert owed(office)["1-1-101"] == 40_000, "nothing is added up twice"
    assert kept(office, 1).state is LineState.BOOKED
    assert_sound(office)


def test_money_taken_or_reversed_by_hand_is_looked_at_again_at_once(office: Office) -> None:
    """A line for money that was taken at the counter as well is no longer offered as sure; reversed, it is again."""
    account = ids_by_room(office)["1-1-101"]
    office.statements.keep(reading(line(1, 100_000, "1-1-101物业费", "叶国")))
    found = [office.statements.lines()[0].match.confidence]
    draft = PaymentDraft(date(2026, 11, 5), 100_000, PayMethod.TRANSFER, (PaymentShare(account, 100_000),))
    taken = office.payments.take(draft)
    found.append(office.statements.lines()[0].match.confidence)
    office.payments.reverse(taken.record_id, "记重了")
    found.append(office.statements.lines()[0].match.confidence)
    assert found[0] is found[2] is Confidence.SURE and found[1] is not Confidence.SURE
    assert_sound(office)


# --- feedesk check ---


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("UPDATE payments SET amount = 99999 WHERE line_id IS NOT NULL", "流水 1 的收款与流水的金额或方向不符"),
        ("UPDATE statement_lines SET direction = 'out' WHERE id = 1", "流水 1 的收款与流水的金额或方向不符"),
        ("INSERT INTO line_proposals VALUES (1, 1, 1, 'sure', '', '')", "流水 1 已记收款或已搁置，却还挂着待核"),
        ("INSERT INTO payments SELECT 99, paid_on, at, amount, method, '', '', '', staff_id, line_id FROM payments",
         "流水 1 记了两次收款"),
    ],
)  # fmt: skip
def test_the_check_finds_what_should_not_be(office: Office, fault: str, says: str) -> None:
    keep(office, *ALL)
    office.statements.book_all()
    assert_sound(office)
    with behind_the_back(office.path) as conn:
        conn.execute(fault)
    assert any(sentence.startswith(says) for sentence in backups.check(office.path))
