"""What 通知 is made of: numbering, rooms in short, pages as pictures, pages on the printer's paper."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from feedesk.errors import BadInput, Cancelled
from feedesk.ui.notice_press import file_name, free_name
from feedesk.ui.notice_rows import ProposedRow, number_rows, short_rooms, span
from feedesk.ui.pdf_pages import PdfReader
from feedesk.ui.pdf_preview import PdfPreview
from feedesk.ui.printing import PRINT_DPI, prepared, print_pdf
from tests.paper_samples import NOTICE, ink_box, pdf


def _rows(*accounts: tuple[int, ...]) -> list[ProposedRow]:
    return [ProposedRow(replace(NOTICE, number="", account_ids=ids), "逾期 33 天") for ids in accounts]


# --- numbering ---


@pytest.mark.parametrize(
    ("out", "numbers"),
    [
        (set(), ["2026-0165", "2026-0166", "2026-0167"]),
        ({1}, ["", "2026-0165", "2026-0166"]),
        ({2}, ["2026-0165", "2026-0166", "2026-0167"]),
        ({2, 3}, ["2026-0165", "", "2026-0166"]),
        ({1, 2, 3, 4}, ["", "", ""]),
        ({99}, ["2026-0165", "2026-0166", "2026-0167"]),
    ],
)
def test_numbers_close_up(out: set[int], numbers: list[str]) -> None:
    """The second notice is of an owner of two units: it is out when both are."""
    rows = number_rows(_rows((1,), (2, 3), (4,)), out, 165)
    assert [row.notice.number for row in rows] == numbers
    assert [row.chosen for row in rows] == [bool(number) for number in numbers]


@given(st.integers(0, 40), st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.integers(1, 9_990))
def test_chosen_rows_are_numbered_without_gaps_whatever_was_out_before(
    count: int, before: set[int], out: set[int], first: int
) -> None:
    rows = number_rows(_rows(*((account,) for account in range(count))), before, 1)
    rows = number_rows(rows, out, first)
    numbers = [int(row.notice.number[5:]) for row in rows if row.chosen]
    assert numbers == list(range(first, first + len(numbers)))
    assert {row.id for row in rows if not row.chosen} == {account for account in range(count) if account in out}
    assert all(bool(row.notice.number) is row.chosen for row in rows)


def test_numbers_beyond_four_digits_go_on() -> None:
    assert [row.notice.number for row in number_rows(_rows((1,), (2,)), (), 9_999)] == ["2026-9999", "2026-10000"]


@pytest.mark.parametrize(
    ("rooms", "short"),
    [
        ((), ""),
        (("3-2-1502",), "3-2-1502"),
        (("5-2-0901", "5-2-0902"), "5-2-0901、0902"),
        (("5-2-0901", "5-2-0902", "5-3-0901"), "5-2-0901、0902、5-3-0901"),
        (("5-2-0901", "5-3-0901", "5-3-0902"), "5-2-0901、5-3-0901、0902"),
        (("商铺12", "商铺13"), "商铺12、商铺13"),
    ],
)
def test_rooms_in_short(rooms: tuple[str, ...], short: str) -> None:
    assert short_rooms(rooms) == short


def test_numbers_and_names_of_files() -> None:
    first, last = replace(NOTICE, number="2026-0165"), replace(NOTICE, number="2026-0182")
    assert span("2026-0165", "2026-0182") == "2026-0165 至 2026-0182"
    assert span("2026-0165", "2026-0165") == "2026-0165"
    assert file_name([first, last]) == "催款单-2026-0165至0182.pdf"
    assert file_name([first]) == "催款单-2026-0165.pdf"


def test_a_free_name_is_found(tmp_path: Path) -> None:
    wanted = tmp_path / "催款单.pdf"
    assert free_name(wanted) == wanted
    wanted.write_bytes(b"1")
    (tmp_path / "催款单(2).pdf").write_bytes(b"2")
    assert free_name(wanted) == tmp_path / "催款单(3).pdf"


# --- pages as pictures ---


@pytest.mark.parametrize("dpi", [72, 96, 150, 300])
def test_strips_join_to_the_whole_page(dpi: int) -> None:
    """Text on a strip's edge is drawn as in one piece, but for one shade of grey in 255 where rounding falls apart."""
    data = pdf(NOTICE, door_back=False)
    with pypdfium2.PdfDocument(data) as plain:
        whole = plain[0].render(scale=dpi / 72).to_pil()
    joined = Image.new("RGB", whole.size, "magenta")
    ends = 0
    with PdfReader().open(data) as document:
        assert document.pixels(0, dpi) == whole.size
        for top, strip in document.strips(0, dpi):
            assert top == ends
            size, line = (strip.width(), strip.height()), strip.bytesPerLine()
            joined.paste(Image.frombytes("RGB", size, bytes(strip.constBits()), "raw", "BGRX", line), (0, top))
            ends = top + strip.height()
    assert ends == whole.height
    assert max(most for _, most in ImageChops.difference(joined, whole).getextrema()) <= 1


def test_what_is_no_pdf_is_said_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"no pdf at all")
    with pytest.raises(BadInput, match="打不开"), PdfReader().open(broken):
        pass
    with pytest.raises(BadInput, match="找不到“没有"), PdfReader().open(tmp_path / "没有.pdf"):
        pass


def test_a_preview_may_be_drawn_while_another_thread_prints() -> None:
    """PDFium ends the process when two threads are in it; the reader lets one in at a time."""
    reader, data, wrong = PdfReader(), pdf(NOTICE), []

    def draw() -> None:
        for _ in range(4):
            with reader.open(data) as document:
                for page in range(document.count):
                    if document.image(page, 300).width() != 300:
                        wrong.append(page)

    threads = [threading.Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []
    assert not any(thread.is_alive() for thread in threads)


def test_a_paper_that_cannot_be_made_leaves_its_reason_in_place_of_the_page(qtbot) -> None:
    preview = PdfPreview(PdfReader())
    qtbot.addWidget(preview)
    preview.resize(500, 700)
    preview.show()

    def refuse() -> bytes:
        raise BadInput("收款码图片打不开，催款单没有生成。", "请在设置里换一张 PNG 或 JPEG 图片。")

    preview.show_paper("a", "3-2-1502 林晓岚", refuse)
    qtbot.waitUntil(lambda: preview.problem() != "")
    assert preview.problem() == "收款码图片打不开，催款单没有生成。请在设置里换一张 PNG 或 JPEG 图片。"
    preview.show_paper("b", "3-2-1502 林晓岚", lambda: pdf(NOTICE))
    qtbot.waitUntil(lambda: preview.pages() == 2)
    assert preview.problem() == ""


def test_a_held_arrow_key_makes_only_the_paper_where_it_stops(qtbot) -> None:
    preview = PdfPreview(PdfReader())
    qtbot.addWidget(preview)
    preview.resize(500, 700)
    preview.show()
    made: list[int] = []

    def paper(which: int) -> bytes:
        made.append(which)
        return pdf(NOTICE)

    for which in range(30):
        preview.show_paper(which, "", lambda which=which: paper(which))
    with qtbot.waitSignal(preview.drawn):
        pass
    assert made == [29]


# --- on the printer's paper ---


def _printed(tmp_path: Path, size: QPageSize.PageSizeId) -> bytes:
    source, into = tmp_path / "一.pdf", tmp_path / "纸.pdf"
    source.write_bytes(pdf(NOTICE, door_back=False))
    printer = prepared(QPrinter(QPrinter.PrinterMode.HighResolution), "催款单", both_sides=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(into))
    printer.setPageSize(QPageSize(size))
    assert print_pdf(PdfReader(), source, printer, lambda _done, _total: None) == 1
    return into.read_bytes()


def test_on_a4_everything_stands_where_the_pdf_has_it(qapp, tmp_path: Path) -> None:
    assert ink_box(_printed(tmp_path, QPageSize.PageSizeId.A4), 0) == pytest.approx(
        ink_box(pdf(NOTICE, door_back=False), 0), abs=0.3
    )


def test_on_smaller_paper_the_whole_page_is_shrunk(qapp, tmp_path: Path) -> None:
    left, top, right, bottom = ink_box(_printed(tmp_path, QPageSize.PageSizeId.A5), 0)
    a4 = ink_box(pdf(NOTICE, door_back=False), 0)
    assert right - left == pytest.approx((a4[2] - a4[0]) * 148 / 210, abs=0.6)
    assert left > 0
    assert top > 0
    assert right < 148
    assert bottom < 210


def test_on_larger_paper_the_page_keeps_its_size(qapp, tmp_path: Path) -> None:
    left, _, right, _ = ink_box(_printed(tmp_path, QPageSize.PageSizeId.A3), 0)
    a4 = ink_box(pdf(NOTICE, door_back=False), 0)
    assert right - left == pytest.approx(a4[2] - a4[0], abs=0.3)


def test_a_stopped_print_says_so_and_frees_the_reader(qapp, tmp_path: Path) -> None:
    source = tmp_path / "两张.pdf"
    source.write_bytes(pdf(NOTICE, NOTICE))
    printer = prepared(QPrinter(QPrinter.PrinterMode.HighResolution), "催款单", both_sides=True)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    reader, seen = PdfReader(), []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        raise Cancelled("已取消。")

    with pytest.raises(Cancelled):
        print_pdf(reader, source, printer, stop)
    assert seen == [(1, 4)]
    with reader.open(source) as document:
        assert document.count == 4


def test_the_printer_is_set_for_our_papers(qapp) -> None:
    printer = prepared(QPrinter(QPrinter.PrinterMode.HighResolution), "催款单 2026-0165", both_sides=True)
    assert printer.docName() == "催款单 2026-0165"
    assert printer.resolution() == PRINT_DPI
    assert printer.pageLayout().pageSize().id() is QPageSize.PageSizeId.A4
    assert printer.fullPage()
