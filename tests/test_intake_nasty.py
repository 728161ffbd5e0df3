"""Lists as offices really make them: instructions, merged cells, groups, notes, several tables, odd exports."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from feedesk.models.arrears_list import (
    ColumnMeaning,
    FeeSpan,
    Meaning,
    QuestionCode,
    Reading,
    ReadOptions,
    RejectCode,
)
from feedesk.models.intake import mapping_from_json, mapping_to_json, read_list, saved_mapping
from feedesk.models.periods import Period

Rows = Sequence[Sequence[object]]


def book(folder: Path, rows: Rows, merges: Sequence[str] = (), name: str = "清单.xlsx") -> Path:
    made = Workbook()
    fill(made.active, rows, merges)
    made.save(folder / name)
    return folder / name


def fill(sheet: object, rows: Rows, merges: Sequence[str] = ()) -> None:
    for row in rows:
        sheet.append(list(row))  # type: ignore[attr-defined]  # openpyxl's sheets are untyped
    for area in merges:
        sheet.merge_cells(area)  # type: ignore[attr-defined]  # as above


def text(folder: Path, content: str, encoding: str = "utf-8", name: str = "清单.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def listed(reading: Reading) -> list[tuple[str, str, str, str, int]]:
    """(room, name, item, period, 分) of every charge."""
    return [
        (account.room, account.name, charge.item, charge.period.iso() if charge.period else "", charge.owed)
        for account in reading.accounts
        for charge in account.charges
    ]


def refused(reading: Reading) -> list[tuple[int, RejectCode]]:
    return [(rejected.row, rejected.code) for rejected in reading.rejected]


def skipped(reading: Reading) -> dict[int, str]:
    return {skipped.row: skipped.why for skipped in reading.skipped}


def test_header_on_row_6_after_title_and_instructions(tmp_path: Path) -> None:
    reading = read_list(
        book(
            tmp_path,
            [
                ["松涛苑2026年9月欠费明细表"],
                ["填写说明：1. 房号必填；2. 金额填数字；3. 手机号可不填。"],
                [],
                ["数据截至：", datetime(2026, 10, 8), "制表：财务部"],
                ["单位：元"],
                ["房间号", "业主姓名", "手机号码", "物业管理费（元）", "车位费", "备注"],
                ["1-101", "甲一", "13900000001", 120.5, None, None],
                ["1-102", "甲二", "13900000002", 0, 200, "说已转账"],
                ["备注：以上金额不含违约金。"],
                ["审核：           制表：           2026年10月9日"],
            ],
        )
    )
    assert listed(reading) == [("1-101", "甲一", "物业管理费", "", 12050), ("1-102", "甲二", "车位费", "", 20000)]
    assert reading.sheets[0].header_rows == (6,)
    assert reading.as_of == date(2026, 10, 8)
    assert reading.period == Period.parse("2026-09")
    assert skipped(reading) == {9: "说明文字", 10: "签字行"}
    assert not reading.rejected


def test_two_levels_of_merged_headers_with_a_group_above_the_room(tmp_path: Path) -> None:
    reading = read_list(
        book(
            tmp_path,
            [
                ["业主资料", None, None, "物业费", None, None, "水费", None, None, "备注"],
                ["房号", "姓名", "电话", "应收", "已收", "欠费", "应收", "已收", "欠费", None],
                ["2-301", "乙一", "13900000003", 300, 100, 200, 50, 50, 0, "只差一个月"],
                ["2-302", "乙二", "13900000004", 300, 300, 0, 50, 0, 50, None],
            ],
            ["A1:C1", "D1:F1", "G1:I1", "J1:J2"],
        )
    )
    assert listed(reading) == [("2-301", "乙一", "物业费", "", 20000), ("2-302", "乙二", "水费", "", 5000)]
    charge = reading.accounts[0].charges[0]
    assert (charge.charged, charge.received) == (30000, 10000)
    assert reading.accounts[0].remark == "只差一个月"


def test_levels_without_merged_cells_as_a_csv_leaves_them(tmp_path: Path) -> None:
    reading = read_list(
        text(
            tmp_path,
            "房号,业主,本期应收,,前期欠费,,合计\n,,物业费,小计,物业费,小计,\n1-1,丙一,100,100,50,50,150\n1-2,丙二,100,100,,,100\n",
        ),
        ReadOptions(period=Period.parse("2026-07..2026-09"), prior_period=Period.parse("2026-01..2026-06")),
    )
    assert [(c.span, c.period.iso() if c.period else "", c.owed) for c in reading.accounts[0].charges] == [
        (FeeSpan.CURRENT, "2026-07..2026-09", 10000),
        (FeeSpan.PRIOR, "2026-01..2026-06", 5000),
    ]
    assert reading.total == 25000
    assert [check.agrees for check in reading.checks] == [True]
    assert not reading.questions


def test_a_merged_room_covers_all_its_charge_rows(tmp_path: Path) -> None:
    reading = read_list(
        book(
            tmp_path,
            [
                ["房号", "业主", "收费项目", "费用期间", "应收金额", "实收金额"],
                ["3-101", "丁一", "物业费", "2026-08", 100, 0],
                [None, None, "物业费", "2026-09", 100, 40],
                [None, None, "水费", "2026-09", 20, 20],
                [None, None, "小计", None, 220, 60],
                ["3-102", "丁二", "物业费", "2026-09", 90, None],
                ["合计", None, None, None, 310, 60],
            ],
            ["A2:A5", "B2:B5"],
        )
    )
    assert listed(reading) == [
        ("3-101", "丁一", "物业费", "2026-08", 10000),
        ("3-101", "丁一", "物业费", "2026-09", 6000),
        ("3-102", "丁二", "物业费", "2026-09", 9000),
    ]
    assert skipped(reading) == {5: "合计行，已核对一致", 7: "合计行，已核对一致"}
    assert [(check.what, check.agrees) for check in reading.checks] == [("应收金额", True), ("实收金额", True)]
    assert not reading.rejected


def test_a_blank_room_without_merged_cells_is_never_guessed(tmp_path: Path) -> None:
    reading = read_list(
        text(tmp_path, "房号,业主,收费项目,费用期间,欠费金额\n3-101,丁一,物业费,2026-08,100\n,,物业费,2026-09,100\n")
    )
    assert refused(reading) == [(3, RejectCode.ROOM)]
    assert reading.total + sum(r.amount or 0 for r in reading.rejected) == 20000


def test_years_of_arrears_in_columns(tmp_path: Path) -> None:
    reading = read_list(
        book(
            tmp_path,
            [
                ["房号", "业主", "2024年物业费", "2025年物业费", "26年1-6月物业费", "合计"],
                ["6#车位", "戊一", 600, 600, None, 1200],
                ["A座1801", "戊二", None, 720, 360, 1080],
                ["合计", None, 600, 1320, 360, 2280],
            ],
        )
    )
    assert listed(reading) == [
        ("6#车位", "戊一", "物业费", "2024-01..2024-12", 60000),
        ("6#车位", "戊一", "物业费", "2025-01..2025-12", 60000),
        ("A座1801", "戊二", "物业费", "2025-01..2025-12", 72000),
        ("A座1801", "戊二", "物业费", "2026-01..2026-06", 36000),
    ]
    assert not reading.questions
    assert {check.what: check.agrees for check in reading.checks} == {
        "合计": True,
        "2024年物业费": True,
        "2025年物业费": True,
        "26年1-6月物业费": True,
    }


def test_group_rows_page_headers_and_notes_beside_the_data(tmp_path: Path) -> None:
    header = ["房号", "业主", "电话", "管理费", "欠费月份"]
    reading = read_list(
        book(
            tmp_path,
            [
                [*header, None, "说明：金额到分"],
                ["1号楼"],
                ["1-1-101", "己一、己二", "13900000005 13900000006", 10, 46296],
                ["1-1-102", "己三", "0512-66610001转8", 20.10, "2026/9/1"],
                header,
                ["2号楼"],
                ["2-1-101", "己四", "/", 30, datetime(2026, 9, 1)],
                [None, None, None, 60.1, None],
            ],
            ["A2:E2"],
        )
    )
    assert listed(reading) == [
        ("1-1-101", "己一、己二", "管理费", "2026-10", 1000),
        ("1-1-102", "己三", "管理费", "2026-09", 2010),
        ("2-1-101", "己四", "管理费", "2026-09", 3000),
    ]
    assert [account.phones for account in reading.accounts] == [
        ("13900000005", "13900000006"),
        ("0512-66610001转8",),
        (),
    ]
    assert skipped(reading) == {2: "分组行", 5: "重复的表头", 6: "分组行", 8: "合计行，已核对一致"}
    assert reading.checks[0].agrees


def test_two_tables_in_one_sheet_are_both_read(tmp_path: Path) -> None:
    reading = read_list(
        book(
            tmp_path,
            [
                ["住宅"],
                ["房号", "业主", "物业费", "欠费期间"],
                ["1-101", "庚一", 100, "2026-10"],
                ["合计", None, 100, None],
                [],
                ["商铺"],
                ["铺位号", "商户电话", "业主", "租金", "物业费", "欠费期间"],
                ["A08", "13900000007", "庚二", 500, 80, "2026-09"],
            ],
        )
    )
    assert listed(reading) == [
        ("1-101", "庚一", "物业费", "2026-10", 10000),
        ("A08", "庚二", "租金", "2026-09", 50000),
        ("A08", "庚二", "物业费", "2026-09", 8000),
    ]
    assert [(sheet.name, sheet.used) for sheet in reading.sheets] == [("Sheet", True), ("Sheet（第 7 行起）", True)]


def test_hidden_empty_and_summary_sheets_are_not_read(tmp_path: Path) -> None:
    made = Workbook()
    fill(made.active, [["房号", "业主", "物业费"], ["1-101", "辛一", 100]])
    made.active.title = "明细"
    old = made.create_sheet("上月")
    fill(old, [["房号", "业主", "物业费"], ["1-101", "辛一", 999]])
    old.sheet_state = "hidden"
    made.create_sheet("空").sheet_state = "hidden"
    fill(made.create_sheet("汇总"), [["楼栋", "户数", "欠费金额"], ["1栋", 1, 100]])
    made.save(tmp_path / "清单.xlsx")

    reading = read_list(tmp_path / "清单.xlsx")
    assert reading.total == 10000
    assert {sheet.name: sheet.why for sheet in reading.sheets} == {
        "明细": "1 行数据",
        "上月": "隐藏的工作表，里面有数据",
        "空": "空表",
        "汇总": "按楼汇总的表，不是逐户清单",
    }
    assert any("上月" in note for note in reading.notes)
    assert read_list(tmp_path / "清单.xlsx", ReadOptions(sheets=("上月",))).total == 99900


def test_empty_rows_and_columns_before_the_table_keep_the_row_numbers(tmp_path: Path) -> None:
    reading = read_list(
        book(
            tmp_path,
            [[], [], [None, "房号", "业主", "物业费"], [None, "1-101", "壬一", "一百"], [None, "1-102", "壬二", 5]],
        )
    )
    assert refused(reading) == [(4, RejectCode.AMOUNT)]
    assert listed(reading) == [("1-102", "壬二", "物业费", "", 500)]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("gb18030", "\t"),
        ("utf-16", "\t"),
        ("gb18030", ","),
    ],
)
def test_csv_in_every_encoding_and_with_every_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        ["房号", "业主", "物业费", "备注"],
        ['="03-0302"', "癸一", '"1,200.50"', '"第一行\n第二行"'],
        [],
        ["3-303", "𠮷田", "8", ""],
        ["3-304", "癸三", "八", ""],
    ]
    content = "\r\n".join(delimiter.join(row) for row in rows)
    reading = read_list(text(tmp_path, content, encoding))
    assert listed(reading) == [("03-0302", "癸一", "物业费", "", 120050), ("3-303", "𠮷田", "物业费", "", 800)]
    assert refused(reading) == [(5, RejectCode.AMOUNT)]


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


@pytest.mark.parametrize("between", ["", ","])
def test_blocks_side_by_side_are_tables_of_their_own(tmp_path: Path, between: str) -> None:
    path = text(
        tmp_path,
        f"房号,业主,物业费,{between}房号,业主,物业费\n1-1,酉一,10,{between}1-3,酉三,30\n1-2,酉二,20,{between},,\n1-4,酉四,x,{between}1-5,酉五,y\n",
    )
    reading = read_list(path)
    assert {(account.room, account.owed) for account in reading.accounts} == {
        ("1-1", 1000),
        ("1-2", 2000),
        ("1-3", 3000),
    }
    assert refused(reading) == [(4, RejectCode.AMOUNT), (4, RejectCode.AMOUNT)]
    assert [sheet.name for sheet in reading.sheets] == ["清单", "清单（第 2 栏）"]


def test_a_second_block_of_another_form_is_asked_about_and_not_charged_to_the_first(tmp_path: Path) -> None:
    reading = read_list(
        text(tmp_path, "房号,业主,物业费,备注,房号,物业费\n1-1,酉一,10,略,1-3,30\n1-2,酉二,20,,1-4,40\n")
    )
    assert reading.total == 3000
    assert [question.code for question in reading.questions[:2]] == [QuestionCode.UNKNOWN_COLUMN] * 2


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


def test_a_first_row_without_an_amount_is_no_second_level_of_the_header(tmp_path: Path) -> None:
    reading = read_list(text(tmp_path, "房号,收费项目,欠费金额\n1-1,物业费,\n1-2,水费,5\n"))
    assert refused(reading) == [(2, RejectCode.AMOUNT)]
    assert reading.sheets[0].header_rows == (1,)


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
