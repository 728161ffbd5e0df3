"""What the columns and cells of a list mean: joined rooms, names, months, charges and sums, amounts; what is asked about."""

from datetime import datetime
from pathlib import Path

import pytest

from feedesk.models.arrears_list import (
    ColumnMeaning,
    Meaning,
    QuestionCode,
    ReadOptions,
    RejectCode,
)
from feedesk.models.intake import mapping_from_json, mapping_to_json, read_list, saved_mapping
from tests.intake_tools import book, listed, refused, text


def test_room_is_joined_from_building_and_unit_only_to_a_bare_door(tmp_path: Path) -> None:
    bare = read_list(text(tmp_path, "楼栋,单元,房号,业主,物业费\n3栋,2单元,1502,子一,1\n3,2,1503,子二,1\n"))
    assert [account.room for account in bare.accounts] == ["3栋2单元1502", "3-2-1503"]
    full = read_list(
        text(tmp_path, "楼栋,单元,房号,业主,物业费\n3栋,2单元,3-2-1502,子一,1\n3栋,2单元,3-2-1503,子二,1\n")
    )
    assert [account.room for account in full.accounts] == ["3-2-1502", "3-2-1503"]


def test_a_room_turned_into_a_date_is_refused_with_the_reason(tmp_path: Path) -> None:
    reading = read_list(
        book(tmp_path, [["房号", "业主", "物业费"], [datetime(2026, 3, 2), "丑一", 5], ["3-3", "丑二", 5]])
    )
    assert refused(reading) == [(2, RejectCode.ROOM)]
    assert "日期" in reading.rejected[0].reason


def test_one_room_with_two_names_refuses_the_later_row(tmp_path: Path) -> None:
    reading = read_list(
        text(
            tmp_path,
            "房号,业主,收费项目,期间,欠费\n1-1,寅一,物业费,2026-08,5\n1-1,寅二,物业费,2026-09,7\n1-1,寅 一,物业费,2026-10,9\n",
        )
    )
    assert refused(reading) == [(3, RejectCode.TWO_OWNERS)]
    assert all(part in reading.rejected[0].reason for part in ("寅一", "寅二", "第 2 行"))
    assert reading.total == 1400


def test_two_halves_of_a_month_are_no_repetition_but_one_charge(tmp_path: Path) -> None:
    reading = read_list(
        text(
            tmp_path,
            "房号,收费项目,开始日期,结束日期,应收,实收\n"
            "1-1,物业费,2026-08-01,2026-08-15,50,0\n1-1,物业费,2026-08-16,2026-08-31,53.3,3.3\n"
            "1-1,物业费,2026-08-16,2026-08-31,53.3,3.3\n",
        )
    )
    assert refused(reading) == [(4, RejectCode.REPEATED)]
    (charge,) = reading.accounts[0].charges
    assert (charge.owed, charge.charged, charge.received) == (10000, 10330, 330)


@pytest.mark.parametrize(
    ("title", "values", "meaning", "asked"),
    [
        ("暗号", ["12.5", "13.5"], Meaning.REMARK, True),
        ("暗号", ["东门", "西门"], Meaning.REMARK, True),
        ("暗号", ["", ""], Meaning.IGNORE, False),
        ("缴费方式", ["现金", "转账"], Meaning.IGNORE, False),
        ("服务费", ["看情况", "再说"], Meaning.REMARK, True),
        ("减免金额", ["5", "6"], Meaning.REMARK, True),
        ("预存物业费", ["5", "6"], Meaning.REMARK, True),
        ("实收水费", ["5", "6"], Meaning.REMARK, True),
        ("车位数", ["1", "2"], Meaning.REMARK, True),
        ("车位", ["11", "12"], Meaning.REMARK, True),
        ("上次缴费日期", ["2026-01-01", "2026-02-01"], Meaning.REMARK, True),
        ("单价", ["2.2", "2.2"], Meaning.IGNORE, False),
    ],
)
def test_an_unknown_column_is_asked_about_and_never_becomes_money(
    tmp_path: Path, title: str, values: list[str], meaning: Meaning, asked: bool
) -> None:
    reading = read_list(text(tmp_path, f"房号,业主,物业费,{title}\n1-1,卯一,10,{values[0]}\n1-2,卯二,20,{values[1]}\n"))
    assert reading.total == 3000
    column = next((c for c in reading.sheets[0].columns if c.title == title), None)
    assert column is not None
    assert column.meaning is meaning
    assert (QuestionCode.UNKNOWN_COLUMN in [q.code for q in reading.questions]) == asked
    if asked:
        assert reading.accounts[0].remark == f"{title}：{values[0]}"


def test_a_mapping_set_by_hand_is_taken_and_remembered_for_lists_of_that_shape(tmp_path: Path) -> None:
    path = text(tmp_path, "房号,业主,物业费,暗号\n1-1,卯一,10,2.5\n")
    first = read_list(path)
    columns = tuple(
        ColumnMeaning(c.index, c.title, Meaning.FEE, item="垃圾费") if c.title == "暗号" else c
        for c in first.sheets[0].columns
    )
    mapped = read_list(path, ReadOptions(columns={first.sheets[0].name: columns}))
    assert listed(mapped) == [("1-1", "卯一", "物业费", "", 1000), ("1-1", "卯一", "垃圾费", "", 250)]

    saved = mapping_from_json(mapping_to_json(saved_mapping(mapped)))
    assert saved == saved_mapping(mapped)
    other = text(tmp_path, "房号,业主,物业费,暗号\n9-1,卯九,1,7\n", name="下月.csv")
    again = read_list(other, remembered={saved.shape: saved})
    assert listed(again) == [("9-1", "卯九", "物业费", "", 100), ("9-1", "卯九", "垃圾费", "", 700)]
    assert QuestionCode.UNKNOWN_COLUMN not in [q.code for q in again.questions]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("房号,业主,欠费金额,欠费期间", "1-1,辰一,88,2026-10", [("物业费", 8800)]),
        ("房号,业主,应收,实收,欠费期间", "1-1,辰一,88,8,2026-10", [("物业费", 8000)]),
        ("房号,业主,合计,欠费期间", "1-1,辰一,88,2026-10", [("物业费", 8800)]),
        ("房号,业主,物业费,水费,欠费金额,欠费期间", "1-1,辰一,80,8,88,2026-10", [("物业费", 8000), ("水费", 800)]),
        ("房号,业主,本期物业费,往年物业费,期间", "1-1,辰一,80,8,2026-10", [("物业费", 8000), ("物业费", 800)]),
        ("房号,业主,水费合计,物业费,期间", "1-1,辰一,80,8,2026-10", [("水费", 8000), ("物业费", 800)]),
        ("房号,业主,应收物业费,实收物业费,期间", "1-1,辰一,80,8,2026-10", [("物业费", 7200)]),
        ("房号,业主,应收物业费,实收物业费,欠物业费,期间", "1-1,辰一,80,8,72,2026-10", [("物业费", 7200)]),
        (
            "房号,业主,应收_物业费,应收_水费,实收_物业费,实收_水费,合计,期间",
            "1-1,辰一,80,8,70,8,10,2026-10",
            [("物业费", 1000)],
        ),
        ("房号,业主,本期应收_物业,本期应收_车位,期间", "1-1,辰一,80,8,2026-10", [("物业费", 8000), ("车位费", 800)]),
        ("房号,业主,物业费,违约金,合计,期间", "1-1,辰一,80,8,88,2026-10", [("物业费", 8000)]),
    ],
)
def test_what_is_a_charge_and_what_is_a_sum(
    tmp_path: Path, header: str, row: str, expected: list[tuple[str, int]]
) -> None:
    reading = read_list(text(tmp_path, f"{header}\n{row}\n"))
    assert [(c.item, c.owed) for c in reading.accounts[0].charges] == expected
    assert all(check.agrees for check in reading.checks)
    assert not [note for note in reading.notes if "滞纳金" not in note and "前期" not in note]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("", RejectCode.AMOUNT),
        ("#N/A", RejectCode.AMOUNT),
        ("壹佰", RejectCode.AMOUNT),
        ("-3", RejectCode.NEGATIVE),
        ("(3.00)", RejectCode.NEGATIVE),
        ("100000000", RejectCode.AMOUNT),
        ("1.005", RejectCode.THIRD_DECIMAL),
        ("1.00004", None),
        ("0", None),
        ("-", None),
        ("￥ 1，000.5元", None),
        ("99999999.99", None),
    ],
)
def test_amounts(tmp_path: Path, amount: str, code: RejectCode | None) -> None:
    reading = read_list(text(tmp_path, f'房号,业主,物业费\n1-1,巳一,"{amount}"\n1-2,巳二,1\n1-3,巳三,1\n1-4,巳四,1\n'))
    assert [rejected.code for rejected in reading.rejected] == ([code] if code else [])
    assert len(reading.accounts) == (3 if code or amount in ("0", "-") else 4)


def test_a_total_that_differs_is_said(tmp_path: Path) -> None:
    reading = read_list(
        text(
            tmp_path, "房号,业主,物业费,水费,合计\n1-1,午一,10,1,11\n1-2,午二,20,2,23\n1-3,午三,x,3,33\n合计,,60,6,66\n"
        )
    )
    (whole, *by_item) = reading.checks
    assert (whole.what, whole.stated, whole.read, whole.rejected) == ("合计", 6600, 3300, 3300)
    assert whole.agrees
    assert [(check.what, check.agrees) for check in by_item] == [("物业费", False), ("水费", True)]
    assert reading.rejected[0].amount == 3300
    assert any("第 3 行" in note and "23.00" in note for note in reading.notes)


def test_a_list_whose_columns_cannot_be_told_asks_or_is_refused(tmp_path: Path) -> None:
    from feedesk.errors import BadInput

    path = text(tmp_path, "房号,业主,电话,暗号\n1-1,未一,13900000001,5\n")
    reading = read_list(path)
    assert [q.code for q in reading.questions] == [QuestionCode.UNKNOWN_COLUMN]
    assert not reading.accounts
    with pytest.raises(BadInput, match="没有认出金额列"):
        read_list(path, ReadOptions(careful=True))


def test_phone_without_enough_digits_is_kept_as_a_remark(tmp_path: Path) -> None:
    reading = read_list(text(tmp_path, "房号,业主,手机,座机,物业费\n1-1,申一,138,0512-66610002,5\n"))
    assert reading.accounts[0].phones == ("0512-66610002",)
    assert reading.accounts[0].remark == "电话栏写“138”"


def test_an_offices_own_fees_are_asked_about_even_when_they_are_most_of_the_columns(tmp_path: Path) -> None:
    header = "房号,业主,电话,物业费,垃圾清运,电梯运行,水泵,化粪池,路灯"
    reading = read_list(text(tmp_path, f"{header}\n1-1,戌一,13900000009,10,1,2,3,4,5\n"))
    assert reading.total == 1000
    assert [question.subjects for question in reading.questions[:5]] == [
        (title,) for title in ("垃圾清运", "电梯运行", "水泵", "化粪池", "路灯")
    ]


@pytest.mark.parametrize("whole", [10, 12], ids=["without late fee", "with late fee"])
def test_a_total_may_leave_out_the_late_fee_or_hold_it(tmp_path: Path, whole: int) -> None:
    reading = read_list(
        text(
            tmp_path,
            f"房号,业主,物业费,滞纳金,合计\n1-1,亥一,10,2,{whole}\n1-2,亥二,10,2,{whole}\n合计,,,,{2 * whole}\n",
        )
    )
    assert [(check.what, check.stated, check.read) for check in reading.checks] == [("合计", 200 * whole, 200 * whole)]
    assert [note for note in reading.notes if "合计" in note] == []
    assert (reading.total, sum(account.late_fee for account in reading.accounts)) == (2000, 400)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "房号,业主,物业费,欠费期间起,欠费期间止",
            "1-1,甲,9,2026年1月1日,2026年3月31日",
            [("物业费", "2026-01..2026-03", 900)],
        ),
        (
            "房号,业主,物业费,计费日期（起）,计费日期（止）",
            "1-1,甲,9,2026.1,2026.3",
            [("物业费", "2026-01..2026-03", 900)],
        ),
        ("房号,业主,物业费,费用起止时间", "1-1,甲,9,2026.1-2026.3", [("物业费", "2026-01..2026-03", 900)]),
        (
            "单元号,姓名,2026年1月,2026年2月,2026年3月,合计",
            "1-101,甲,100,90,,190",
            [("物业费", "2026-01", 10000), ("物业费", "2026-02", 9000)],
        ),
        ("房号,业主,2025物业费,水费", "1-1,甲,9,8", [("物业费", "2025-01..2025-12", 900), ("水费", "", 800)]),
        ("房号,业主,本年欠费,历年欠费,欠费合计", "1-1,甲,9,8,17", [("物业费", "", 900), ("物业费", "", 800)]),
    ],
)
def test_months_in_titles_and_in_two_columns(
    tmp_path: Path, header: str, row: str, expected: list[tuple[str, str, int]]
) -> None:
    reading = read_list(text(tmp_path, f"{header}\n{row}\n"))
    assert [(item, period, owed) for _, _, item, period, owed in listed(reading)] == expected
    assert QuestionCode.UNKNOWN_COLUMN not in [question.code for question in reading.questions]
    assert all(check.agrees for check in reading.checks)


def test_months_below_each_fee_are_asked_about_and_none_is_taken_for_all(tmp_path: Path) -> None:
    reading = read_list(
        text(tmp_path, "房号,业主,管理费,,水费,\n,,月份,金额,月份,金额\n1-1,甲,2026-08,100,2026-09,20\n")
    )
    assert [(item, period, owed) for _, _, item, period, owed in listed(reading)] == [
        ("管理费", "", 10000),
        ("水费", "", 2000),
    ]
    assert [question.code for question in reading.questions] == [
        QuestionCode.UNKNOWN_COLUMN,
        QuestionCode.UNKNOWN_COLUMN,
        QuestionCode.NO_PERIOD,
    ]
