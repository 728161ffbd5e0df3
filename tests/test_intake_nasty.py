"""Lists as offices really make them: instructions, merged cells, groups, notes, several tables, odd exports."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from feedesk.models.arrears_list import (
    FeeSpan,
    QuestionCode,
    ReadOptions,
    RejectCode,
)
from feedesk.models.intake import read_list
from feedesk.models.periods import Period
from tests.intake_tools import book, fill, listed, refused, skipped, text


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


def test_a_first_row_without_an_amount_is_no_second_level_of_the_header(tmp_path: Path) -> None:
    reading = read_list(text(tmp_path, "房号,收费项目,欠费金额\n1-1,物业费,\n1-2,水费,5\n"))
    assert refused(reading) == [(2, RejectCode.AMOUNT)]
    assert reading.sheets[0].header_rows == (1,)
