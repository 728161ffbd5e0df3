"""Every sample list of a finance office reads as `expected.json` beside it says."""

import json
from pathlib import Path

import pytest

from feedesk.models.accounts import FlagKind
from feedesk.models.arrears_list import FeeSpan, QuestionCode, Reading, ReadOptions, RejectCode
from feedesk.models.intake import read_list
from feedesk.models.periods import Period

LISTS = Path(__file__).parent / "data" / "lists"
EXPECTED = json.loads((LISTS / "expected.json").read_text(encoding="utf-8"))


def read(name: str, options: ReadOptions | None = None) -> Reading:
    return read_list(LISTS / name, options)


@pytest.mark.parametrize("name", EXPECTED)
def test_accounts_charges_sum_and_refused_rows(name: str) -> None:
    reading, expected = read(name), EXPECTED[name]
    assert len(reading.accounts) == expected["accounts"]
    assert reading.total == expected["total_fen"]
    assert reading.charge_count == expected.get("charges", reading.charge_count)
    assert len(reading.rejected) == expected.get("rejected", 0)
    assert sum(reading.items.values()) == reading.total


@pytest.mark.parametrize("name", EXPECTED)
def test_every_total_a_list_states_agrees_with_what_was_read(name: str) -> None:
    checks = read(name).checks
    assert all(check.agrees for check in checks)
    assert bool(checks) == (name[:2] in ("01", "02", "03", "04", "06", "09"))


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("01-plain.xlsx", []),
        ("02-title-two-level-header.xlsx", [QuestionCode.NO_PERIOD]),
        ("03-one-row-per-charge.xls", []),
        ("04-finance-export-gbk.csv", []),
        ("05-really-xlsx.xls", [QuestionCode.NO_PERIOD]),
        ("06-many-sheets.xls", [QuestionCode.NO_PERIOD]),
        ("07-odd-people-and-rooms.xlsx", [QuestionCode.SAME_ROOM]),
        ("08-bad-values.xlsx", []),
        ("09-plain-next-month.xlsx", []),
    ],
)
def test_only_what_a_person_must_answer_is_asked(name: str, asked: list[QuestionCode]) -> None:
    assert [question.code for question in read(name).questions] == asked


def test_02_title_says_the_quarter_and_the_day_of_the_list() -> None:
    reading = read("02-title-two-level-header.xlsx")
    quarter = Period.parse("2026-07..2026-09")
    assert reading.period == quarter
    assert str(reading.as_of) == "2026-10-08"
    spans = {charge.span: charge.period for account in reading.accounts for charge in account.charges}
    assert spans == {FeeSpan.CURRENT: None, FeeSpan.PRIOR: None}
    assert "2026年7–9月" in reading.questions[0].text


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (ReadOptions(period=Period.parse("2026-07..2026-09")), []),
        (ReadOptions(careful=True), [QuestionCode.NO_PERIOD]),
    ],
)
def test_02_takes_the_period_from_a_person_or_carefully_from_the_title(
    options: ReadOptions, asked: list[QuestionCode]
) -> None:
    reading = read("02-title-two-level-header.xlsx", options)
    spans = {charge.span: charge.period for account in reading.accounts for charge in account.charges}
    assert spans == {FeeSpan.CURRENT: Period.parse("2026-07..2026-09"), FeeSpan.PRIOR: None}
    assert [question.code for question in reading.questions] == asked


def test_02_late_fee_is_kept_apart_and_belongs_to_the_total() -> None:
    reading = read("02-title-two-level-header.xlsx")
    late = sum(account.late_fee for account in reading.accounts)
    assert late == 27156
    assert [(check.what, check.stated, check.read, check.where) for check in reading.checks] == [
        ("合计", 5251456, reading.total + late, "第 45 行")
    ]
    assert [(s.row, s.why) for s in reading.skipped] == [
        (5, "分组行"),
        (24, "合计行，已核对一致"),
        (25, "分组行"),
        (44, "合计行，已核对一致"),
        (45, "合计行，已核对一致"),
        (47, "签字行"),
    ]


def test_03_charges_are_what_is_left_after_what_was_received() -> None:
    reading = read("03-one-row-per-charge.xls")
    first = reading.accounts[0]
    assert (first.room, first.name, first.finance_number) == ("B区3栋701", "", "0015006000")
    assert [(c.item, c.period.iso() if c.period else "", c.charged, c.received, c.owed) for c in first.charges] == [
        ("管理费", "2026-08", 11600, None, 11600),
        ("管理费", "2026-09", 11600, 5800, 5800),
        ("管理费", "2026-10", 11600, None, 11600),
        ("公共用水分摊", "2026-10", 930, None, 930),
    ]


def test_04_tenants_are_apart_and_a_pending_transfer_is_flagged() -> None:
    accounts = {account.room: account for account in read("04-finance-export-gbk.csv").accounts}
    assert (accounts["5-101"].name, accounts["5-101"].tenant) == ("杨平", "夏欣军")
    assert accounts["5-204"].remark == "转账未到账,待查"
    assert accounts["5-204"].flags == (FlagKind.TRANSFER,)


def test_05_note_beside_the_data_is_told_and_its_row_read() -> None:
    reading = read("05-really-xlsx.xls")
    assert [(s.row, s.text) for s in reading.skipped] == [(3, "说明：手机号必填，欠费没有填0")]
    assert reading.accounts[0].room == "云杉花园6号楼1层A座"
    assert reading.items.keys() == {"水费", "电费", "燃气费", "物业费"}


def test_06_both_sheets_with_data_are_taken_and_the_others_explained() -> None:
    assert [(s.name, s.used, s.why) for s in read("06-many-sheets.xls").sheets] == [
        ("填写说明", False, "没有表头"),
        ("A区", False, "只有表头，没有数据"),
        ("B区", False, "只有表头，没有数据"),
        ("C区", True, "22 行数据"),
        ("D区", True, "22 行数据"),
    ]


def test_07_people_rooms_and_periods_are_kept_as_they_are() -> None:
    accounts = {account.room: account for account in read("07-odd-people-and-rooms.xlsx").accounts}
    assert accounts["4-12D"].name == "张伟、李娜"
    assert accounts["4-12D"].phones == ("13800001234", "0512-66612345")
    assert accounts["12F03-05"].phones == ("0512-66612345转801",)
    assert accounts["C1首层113铺"].phones == ("13800004321",)
    assert (accounts["6#车位"].name, accounts["6#车位"].phones) == ("", ())
    assert (accounts["2503-4"].name, accounts["2503-4"].phones) == ("沈 华", ("13900008888",))
    assert (accounts["A座1801"].name, accounts["A座1801"].phones) == ("㛃文", ("13700000002",))
    assert {"7-2-0302", "7-2-302"} <= accounts.keys()
    assert sum(account.name == "陈多多" for account in accounts.values()) == 15
    periods = {room: account.charges[0].period for room, account in accounts.items()}
    assert {
        room: period.iso()
        for room in ("4-12D", "12F03-05", "C1首层113铺", "2503-4", "A座1801", "7-2-0302")
        if (period := periods[room])
    } == {
        "4-12D": "2026-01..2026-06",
        "12F03-05": "2025-11..2026-10",
        "C1首层113铺": "2026-01..2026-10",
        "2503-4": "2026-07..2026-09",
        "A座1801": "2025-07..2025-12",
        "7-2-0302": "2026-08,2026-10",
    }


def test_08_bad_rows_are_named_by_row_and_reason_and_nothing_else_is_lost() -> None:
    reading = read("08-bad-values.xlsx")
    assert {r.row: r.code for r in reading.rejected} == {
        3: RejectCode.AMOUNT,
        4: RejectCode.AMOUNT,
        5: RejectCode.ROOM,
        7: RejectCode.NEGATIVE,
        8: RejectCode.DATE,
        9: RejectCode.PERIOD,
        10: RejectCode.REPEATED,
        12: RejectCode.AMOUNT,
        14: RejectCode.THIRD_DECIMAL,
    }
    reasons = {r.row: r.reason for r in reading.rejected}
    assert "138" in reasons[4]
    assert "预缴" in reasons[7]
    assert "第 2 行" in reasons[10]
    assert "12.35" in reasons[14]
    accounts = {account.room: account for account in reading.accounts}
    assert accounts["8-110"].name == '=HYPERLINK("x","坏")'
    assert str(accounts["8-105"].charges[0].due_on) == "2026-10-15"
    assert accounts["8-105"].charges[0].period == Period.parse("2026-10")
    assert accounts["8-112"].charges[0].owed == 12345


def test_08_third_decimal_is_rounded_only_when_a_person_says_so() -> None:
    reading = read("08-bad-values.xlsx", ReadOptions(round_third_decimal=True))
    assert {account.room: account.owed for account in reading.accounts}["8-113"] == 1235
    assert 14 not in {r.row for r in reading.rejected}
    assert any("四舍五入" in note for note in reading.notes)
