"""The 催缴记录表 as the leader opens it: read back from the finished workbook."""

from __future__ import annotations

import re
import tempfile
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput, Cancelled
from feedesk.models.record_table import RecordContact, RecordRow, RecordTable, summarise
from feedesk.reports.record_table import write_record_table
from feedesk.reports.sheets import display_width, line_count

DAY = date(2026, 11, 17)
HEADERS = [
    "房号", "业主姓名", "欠费金额", "欠费期间", "分类", "阶段", "业主回馈信息", "致电时间", "致电人", "承诺日", "下次跟进",
    "组团负责人签字", "项目经理签字", "备注",
]  # fmt: skip


def contact(number: int, at: datetime, said: str, room: str = "3-2-1502", **more: Any) -> RecordContact:
    values: dict[str, Any] = {
        "id": number, "at": at, "rooms": (room,), "name": "林晓岚", "channel": "电话", "number": "0000-1234",
        "outcome": "接通未定日期", "reached": True, "said": said, "staff_name": "许宁",
    }  # fmt: skip
    return RecordContact(**(values | more))


OLD = contact(
    1,
    datetime(2026, 11, 10, 16, 2),
    "这周五去交",
    outcome="承诺缴费",
    promise_on=date(2026, 11, 13),
    promise_amount=344_635,
)
NEW = contact(2, datetime(2026, 11, 17, 15, 46, 33), "上周出差忘了转，周五一定转")
BOTH = contact(3, datetime(2026, 11, 17, 16, 5), "", "5-2-0901", rooms=("5-2-0901", "5-2-0902"), outcome="无人接听",
               reached=False, staff_name="赵敏")  # fmt: skip
VOID = contact(
    4, datetime(2026, 11, 17, 9, 0), "记在别人名下了", voided="记错户（11-17 许宁）", promise_on=DAY, promise_amount=9
)


def row(room: str, owed: int, contacts: tuple[RecordContact, ...] = (), **more: Any) -> RecordRow:
    values: dict[str, Any] = {
        "account_id": 1, "room": room, "name": "林晓岚", "owed": owed, "period_text": "2026年4–12月", "category": "A",
        "step": "3 再电", "contacts": contacts, "promise_on": None, "next_text": "11-19 先提醒", "remark": "",
    }  # fmt: skip
    return RecordRow(**(values | more))


ROWS = (
    row("3-2-1502", 344_635, (NEW, OLD), promise_on=date(2026, 11, 20), remark="失约 1 次"),
    row("2-2-0303", 0, (), paid_on=date(2026, 11, 16), name="杜若", remark="已缴 11-16"),
    row("5-2-0901", 100_001, (BOTH,), category="E", name=""),
)
CONTACTS = (BOTH, NEW, VOID, OLD)


def table_of(rows: tuple[RecordRow, ...] = ROWS, contacts: tuple[RecordContact, ...] = CONTACTS) -> RecordTable:
    return RecordTable(
        office="明湖花园服务中心",
        first=date(2026, 11, 10),
        last=DAY,
        clerk="许宁",
        as_of=date(2026, 11, 13),
        rows=rows,
        contacts=contacts,
        summary=summarise(rows, contacts, kept=1, broken=2, notices=18),
    )


def written(table: RecordTable) -> bytes:
    out = BytesIO()
    write_record_table(table, out)
    return out.getvalue()


def opened(data: bytes, **how: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(data), **how)


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(written(table_of()))


def test_three_sheets_and_the_columns_of_the_office(book: Any) -> None:
    assert book.sheetnames == ["催缴记录表", "联系明细", "当日小结"]
    assert [cell.value for cell in book["催缴记录表"][3]] == HEADERS


def test_the_head_says_whose_table_it_is(book: Any) -> None:
    sheet = book["催缴记录表"]
    assert sheet["A1"].value == "催缴记录表"
    assert sheet["A2"].value == (
        "明湖花园服务中心　　日期 2026年11月10日 至 2026年11月17日　　客服 许宁　　财务清单截至 2026年11月13日"
    )


def test_an_account_is_one_row_with_its_contacts_newest_first(book: Any) -> None:
    assert [cell.value for cell in book["催缴记录表"][4]] == [
        "3-2-1502",
        "林晓岚",
        3446.35,
        "2026年4–12月",
        "A",
        "3 再电",
        "11-17 15:46 接通未定日期：上周出差忘了转，周五一定转\n11-10 16:02 承诺缴费：这周五去交",
        datetime(2026, 11, 17, 15, 46),
        "许宁",
        datetime(2026, 11, 20),
        "11-19 先提醒",
        None,
        None,
        "失约 1 次",
    ]


def test_amounts_are_exact_numbers_in_the_file() -> None:
    xml = zipfile.ZipFile(BytesIO(written(table_of()))).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>3446.35</v>" in xml and "<v>1000.01</v>" in xml


def test_a_paid_row_is_struck_out_in_grey_with_its_day(book: Any) -> None:
    paid = book["催缴记录表"][5]
    assert [bool(cell.font.strike) for cell in paid] == [True] * 4 + [False, False, True] + [False] * 7
    assert {cell.font.color.rgb for cell in paid} == {"00808080"}
    assert paid[2].value == 0 and paid[13].value == "11-16 缴清"
    assert not any(cell.font.strike for place in (4, 6) for cell in book["催缴记录表"][place])


def test_a_refusal_stands_out_by_weight(book: Any) -> None:
    assert book["催缴记录表"]["E6"].font.b and not book["催缴记录表"]["E4"].font.b


def test_totals_are_formulas_over_the_rows(book: Any) -> None:
    sheet = book["催缴记录表"]
    assert sheet["A7"].value == "合计"
    assert sheet["C7"].value == "=SUM(C4:C6)"
    assert sheet["B7"].value == '=COUNTIF(C4:C6,">0")&" 户"'
    assert sheet["C7"].number_format == "#,##0.00"


def test_totals_are_seen_where_nothing_is_calculated() -> None:
    """Excel's protected view and a phone's preview show what is stored beside the formula."""
    sheet = opened(written(table_of()), data_only=True)["催缴记录表"]
    assert (sheet["B7"].value, sheet["C7"].value) == ("2 户", 4446.36)


@given(
    st.lists(st.tuples(st.integers(1, 9_999_999_999), st.booleans()), max_size=30),
)
@settings(max_examples=30)
def test_the_total_equals_the_sum_of_what_is_open(amounts: list[tuple[int, bool]]) -> None:
    rows = tuple(row(f"1-{n}", fen, paid_on=DAY if paid else None) for n, (fen, paid) in enumerate(amounts))
    table = table_of(rows, ())
    sheet = opened(written(table), data_only=True)["催缴记录表"]
    total = sheet.cell(4 + len(rows), 3).value
    cells = [Decimal(str(sheet.cell(4 + n, 3).value)) for n in range(len(rows))]
    assert sum(cells) * 100 == table.owed == sum(fen for fen, paid in amounts if not paid)
    assert round(Decimal(str(total)) * 100) == table.owed
    assert sheet.cell(4 + len(rows), 2).value == f"{table.open_count} 户"


def test_an_empty_table_still_adds_up() -> None:
    sheet = opened(written(table_of((), ())))["催缴记录表"]
    assert [sheet["A4"].value, sheet["B4"].value, sheet["C4"].value] == ["合计", "0 户", 0]


def test_it_prints_on_a4_landscape_with_the_header_on_every_page(book: Any) -> None:
    for name in ("催缴记录表", "联系明细"):
        sheet = book[name]
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页"
        assert sheet.freeze_panes == "C4"
    assert book["催缴记录表"].auto_filter.ref == "A3:N6"
    assert book["联系明细"].auto_filter.ref == "A3:L7"


def test_there_is_a_line_to_sign_on(book: Any) -> None:
    text = book["催缴记录表"]["A9"].value
    assert "组团负责人" in text and "项目经理" in text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 1234", "-不交", "@许宁", '=HYPERLINK("http://x","点我")', "=cmd|' /C calc'!A0", "#N/A", "\t=1"],
)
def test_text_stays_text_wherever_it_comes_from(text: str) -> None:
    said = replace(NEW, said=text, name=text, number=text, outcome=text, staff_name=text, next_text=text)
    hurt = row(text, 100, (said,), name=text, period_text=text, step=text, remark=text, next_text=text)
    data = written(replace(table_of((hurt,), (said,)), clerk=text, office=text))
    book = opened(data)
    for sheet in book.worksheets:
        ours = {"B5", "C5"} if sheet.title == "催缴记录表" else set()
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.data_type != "f" or cell.coordinate in ours, f"{sheet.title} {cell.coordinate}"
                assert cell.data_type != "e"
    main = book["催缴记录表"]
    assert main["A4"].value == text.strip() or main["A4"].value == text
    assert main["A4"].quotePrefix == (not text.startswith("#")), "editing the cell must not make it a formula"


def test_characters_that_no_workbook_may_hold_do_not_stop_it() -> None:
    odd = row("3-1", 100, (), name="林\x00晓\x0b岚\ud800\uffff", remark="a\x1fb")
    sheet = opened(written(table_of((odd,), ())))["催缴记录表"]
    assert sheet["B4"].value == "林 晓 岚  " and sheet["N4"].value == "a b"


def test_a_history_longer_than_a_cell_points_to_the_second_sheet() -> None:
    many = tuple(contact(n, datetime(2026, 11, 17, 9, 0), "说来话长" * 100) for n in range(200))
    text = opened(written(table_of((row("3-1", 100, many),), many)))["催缴记录表"]["G4"].value
    assert len(text) < 32_767
    assert re.search(r"……另有 \d+ 次，见“联系明细”$", text)


def test_days_of_another_year_show_their_year(book: Any) -> None:
    for place in ("H4", "J4"):
        pattern = book["催缴记录表"][place].number_format
        assert pattern.startswith("[<46023]yyyy-mm-dd") and "[>=46388]yyyy-mm-dd" in pattern
        assert pattern.split(";")[-1].startswith("mm-dd")
    last_year = replace(NEW, at=datetime(2025, 12, 30, 9, 0))
    sheet = opened(written(table_of((row("3-1", 1, (last_year,)),), ())))["催缴记录表"]
    assert sheet["G4"].value.startswith("2025-12-30 09:00")


def test_every_contact_is_on_the_second_sheet_and_a_voided_one_is_struck(book: Any) -> None:
    sheet = book["联系明细"]
    assert [sheet.cell(r, 2).value for r in range(4, 8)] == ["5-2-0901、5-2-0902", "3-2-1502", "3-2-1502", "3-2-1502"]
    assert [cell.value for cell in sheet[7]] == [
        datetime(2026, 11, 10, 16, 2), "3-2-1502", "林晓岚", "电话", "0000-1234", "承诺缴费", "这周五去交",
        datetime(2026, 11, 13), 3446.35, None, "许宁", None,
    ]  # fmt: skip
    assert sheet["L6"].value == "已作废：记错户（11-17 许宁）" and not sheet["L6"].font.strike
    assert all(sheet.cell(6, place).font.strike for place in range(1, 12))


def test_the_third_sheet_sums_the_span_up(book: Any) -> None:
    sheet = book["当日小结"]
    found = {cells[0].value: (cells[1].value, cells[2].value) for cells in sheet.iter_rows(min_row=4) if cells[0].value}
    assert found == {
        "未缴清": (2, 4446.36),
        "缴清": (1, None),
        "联系": (3, None),
        "其中联系到本人": (2, None),
        "联系到的房屋": (3, None),
        "新增承诺": (1, 3446.35),
        "承诺兑现": (1, None),
        "失约": (2, None),
        "出具催款单": (18, None),
        "客服": ("联系（次）", "联系到本人（次）"),
        "许宁": (2, 2),
        "赵敏": (1, 0),
    }


def test_the_file_is_well_formed_and_nothing_is_declared_twice() -> None:
    archive = zipfile.ZipFile(BytesIO(written(table_of())))
    assert archive.testzip() is None
    names = archive.namelist()
    assert len(names) == len(set(names))
    for name in names:
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(archive.read(name))


def test_high_rows_are_high_enough_for_their_text(book: Any) -> None:
    sheet = book["催缴记录表"]
    assert sheet.row_dimensions[4].height > sheet.row_dimensions[5].height
    assert display_width("林a岚") == 5
    assert line_count("上周出差忘了转\n周五", 11.5) == 3


def test_progress_is_told_and_cancelling_leaves_no_file(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(own_temporary))
    rows = tuple(row(f"1-{n}", 100) for n in range(450))
    told: list[tuple[int, int]] = []
    write_record_table(table_of(rows, ()), BytesIO(), tick=lambda done, of: told.append((done, of)))
    assert told == [(200, 450), (400, 450), (450, 450)]

    def stop(done: int, of: int) -> None:
        raise Cancelled("已取消，没有生成记录表。")

    with pytest.raises(Cancelled):
        write_record_table(table_of(rows, ()), tmp_path / "x.part", tick=stop)
    assert list(tmp_path.iterdir()) == []
    assert list(own_temporary.iterdir()) == [], "openpyxl's own files are left behind"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="找不到"):
        write_record_table(table_of(), tmp_path / "absent" / "x.part")
