"""Files that are no readable list: one clear sentence each, whatever they are called."""

import io
import zipfile
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from feedesk.errors import BadInput, Cancelled, FeeDeskError
from feedesk.models.intake import read_list
from feedesk.models.intake import sheets as intake_sheets

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def good_xlsx(rows: int = 3) -> bytes:
    book = Workbook()
    book.active.append(["房号", "业主", "物业费"])
    for number in range(rows):
        book.active.append([f"1-{number + 1}", "甲", 5])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("清单")
    for column, title in enumerate(("房号", "业主", "物业费")):
        sheet.write(0, column, title)
    for column, value in enumerate(("1-1", "甲", 5)):
        sheet.write(1, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def protected_xls() -> bytes:
    """The good one with a FILEPASS record after the first record of its workbook stream."""
    content = bytearray(good_xls())
    start = content.index(b"\x09\x08\x10\x00\x00\x06")
    after = start + 4 + int.from_bytes(content[start + 2 : start + 4], "little")
    content[after : after + 4] = b"\x2f\x00\x36\x00"
    return bytes(content)


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")
    return out.getvalue()


def broken_sheet() -> bytes:
    """A whole archive whose sheet breaks off in the middle of a row."""
    whole, out = zipfile.ZipFile(io.BytesIO(good_xlsx(50))), io.BytesIO()
    with whole, zipfile.ZipFile(out, "w") as package:
        for name in whole.namelist():
            content = whole.read(name)
            package.writestr(name, content[: len(content) // 2] if "worksheets" in name else content)
    return out.getvalue()


def far_corner() -> bytes:
    book = Workbook()
    book.active.append(["房号", "业主", "物业费"])
    book.active["XFD1048576"] = "误填"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空文件"),
        (good_xlsx()[:2000], "损坏"),
        (broken_sheet(), "损坏"),
        (good_xls()[:1500], "损坏|没有任何内容"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600, "密码"),
        (protected_xls(), "密码"),
        (OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "Word"),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF"),
        (archive("word/document.xml"), "Word"),
        (archive("a.txt", "b.txt"), "压缩包"),
        (archive("xl/workbook.xml"), "损坏"),
        (b"Rar!\x1a\x07\x00", "压缩包"),
        (b"<html><table><tr><td>1-1</td></tr></table></html>", "网页"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "图片"),
        (bytes(range(256)) * 20, "不是 Excel 或 CSV"),
        (b"\n\n ,,\n", "没有任何内容"),
        (b"a,b\n1,2\n", "没有表头"),
        ("房号,业主,物业费\n".encode(), "没有数据"),
        ('房号,业主\n1-1,"'.encode() + b"x" * 200_000, "引号"),
        (far_corner(), "范围太大"),
        (good_xlsx(0), "没有数据"),
    ],
)
@pytest.mark.parametrize("name", ["清单.xlsx", "清单.csv"])
def test_one_sentence_for_each(tmp_path: Path, content: bytes, says: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FeeDeskError, match=says) as caught:
        read_list(path)
    assert name in caught.value.text
    assert caught.value.text.endswith("。")
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [good_xlsx(), good_xls()])
@pytest.mark.parametrize("name", ["清单.xlsx", "清单.xls", "清单.csv", "清单"])
def test_the_name_is_never_believed(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert read_list(path).total in (500, 1500)


def test_a_folder_a_missing_file_and_a_huge_one(tmp_path: Path) -> None:
    with pytest.raises(FeeDeskError, match="文件夹"):
        read_list(tmp_path)
    with pytest.raises(FeeDeskError, match="找不到"):
        read_list(tmp_path / "没有.xlsx")
    huge = tmp_path / "大.xlsx"
    with huge.open("wb") as file:
        file.truncate(intake_sheets.MAX_BYTES + 1)  # sparse: takes no room on the disk
    with pytest.raises(BadInput, match="200 MB"):
        read_list(huge)


def test_a_file_that_another_program_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "清单.xlsx"
    path.write_bytes(good_xlsx())

    def held(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    # what Windows answers while a spreadsheet program has the file open; the administrator of a test machine may all
    monkeypatch.setattr(Path, "read_bytes", held)
    with pytest.raises(BadInput, match="占用") as caught:
        read_list(path)
    assert "没有读入" in caught.value.text


def test_ticks_rise_to_one_and_a_cancel_stops_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    path.write_bytes(good_xlsx(2000))
    seen: list[float] = []
    read_list(path, tick=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 6

    def cancel(fraction: float) -> None:
        if fraction > 0.6:
            raise Cancelled("已停下，没有读入。")

    with pytest.raises(Cancelled):
        read_list(path, tick=cancel)
