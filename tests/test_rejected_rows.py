"""Refused rows come back as a workbook that can be mended and imported again."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from feedesk.errors import Cancelled, FeeDeskError
from feedesk.models.intake import read_list
from feedesk.reports.rejected_rows import write_rejected

SAMPLE = Path(__file__).parent / "data" / "lists" / "08-bad-values.xlsx"


def test_every_refused_row_with_its_cells_place_and_reason(tmp_path: Path) -> None:
    reading = read_list(SAMPLE)
    out = tmp_path / "未读入.xlsx"
    assert write_rejected(reading, out) == 9
    rows = [[cell or "" for cell in row] for row in load_workbook(out).active.iter_rows(values_only=True)]
    assert rows[0] == ["房号", "业主", "电话", "物业费", "应缴日期", "起始", "截止", "工作表", "行号", "原因"]
    assert [(row[-3], int(row[-2]), row[-1]) for row in rows[1:]] == [
        (rejected.sheet, rejected.row, rejected.reason) for rejected in reading.rejected
    ]
    assert [row[:7] for row in rows[1:]] == [list(rejected.cells) for rejected in reading.rejected]
    assert not (tmp_path / "未读入.xlsx.part").exists()


def test_mended_rows_are_read_and_nothing_is_asked_about_the_added_columns(tmp_path: Path) -> None:
    out = tmp_path / "未读入.xlsx"
    write_rejected(read_list(SAMPLE), out)
    again = read_list(out)
    assert {rejected.row for rejected in again.rejected} == set(range(2, 11)) - {8}
    assert not again.questions

    book = load_workbook(out)
    book.active["D2"] = "160"
    book.save(out)
    mended = read_list(out)
    assert {account.room: account.owed for account in mended.accounts}["8-102"] == 16000


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", '=HYPERLINK("x","坏")', "\x01坏"])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "清单.csv"
    quoted = text.replace('"', '""').replace("\x01", "")
    path.write_text(f'房号,业主,物业费\n1-1,"{quoted}",x\n1-2,甲,1\n', encoding="utf-8")
    out = tmp_path / "出.xlsx"
    write_rejected(read_list(path), out)
    cell = load_workbook(out).active["B2"]
    assert (cell.value, cell.data_type) == (text.replace("\x01", ""), "s")


def test_two_tables_keep_their_own_columns(tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    path.write_text(
        "房号,业主,物业费,\n1-1,甲,x,\n1-2,甲,1,\n铺位号,业主,租金,物业费\nA1,乙,5,y\nA2,丙,5,6\n", encoding="utf-8"
    )
    out = tmp_path / "出.xlsx"
    assert write_rejected(read_list(path), out) == 2
    heads = [[cell for cell in next(sheet.iter_rows(values_only=True)) if cell] for sheet in load_workbook(out)]
    assert heads == [
        ["房号", "业主", "物业费", "工作表", "行号", "原因"],
        ["铺位号", "业主", "租金", "物业费", "工作表", "行号", "原因"],
    ]


def test_a_failure_or_a_cancel_leaves_the_old_file(tmp_path: Path) -> None:
    reading = read_list(SAMPLE)
    out = tmp_path / "出.xlsx"
    out.write_text("旧", encoding="utf-8")

    def cancel(rows: int) -> None:
        raise Cancelled("已停下。")

    with pytest.raises(Cancelled):
        write_rejected(reading, out, cancel)
    assert out.read_text(encoding="utf-8") == "旧"
    with pytest.raises(FeeDeskError):
        write_rejected(reading, tmp_path / "没有" / "出.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["出.xlsx"]
