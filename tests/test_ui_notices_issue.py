"""Issuing from 通知: saved or printed whole or not at all, and what can be done with it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinterInfo

from feedesk.models.accounts import MarkKind
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.ui.desk import Desk
from feedesk.ui.notice_press import PRINTED_FOLDER
from feedesk.ui.notices_page import NoticesPage
from tests.notice_page_tools import (
    FilePrinters,
    all_issued,
    drawn,
    idle,
    notice_desk,
    notice_office,
    notice_page,
    propose,
    save,
    shown_rows,
)
from tests.office_tools import ids_by_room, import_list, listed
from tests.paper_samples import codes, squeezed, texts
from tests.ui_tools import RecordingPresenter

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = notice_office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def printers(tmp_path: Path) -> FilePrinters:
    return FilePrinters(tmp_path / "打印机.pdf")


@pytest.fixture
def desk(qapp, office: Office, presenter: RecordingPresenter, tmp_path: Path) -> Iterator[Desk]:
    made = notice_desk(office, presenter, tmp_path)
    yield made
    made.jobs.shut_down()


@pytest.fixture
def page(qtbot, desk: Desk, printers: FilePrinters) -> NoticesPage:
    return notice_page(qtbot, desk, printers)


# --- saving ---


def test_saving_numbers_freezes_and_writes_in_one_act(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602", "3-2-1502")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    target = tmp_path / "给门上.pdf"
    presenter.files = [target]
    with qtbot.waitSignal(desk.changed, timeout=20_000) as told:
        qtbot.keyClick(page.batch.table, Qt.Key.Key_S, CTRL)
    idle(qtbot, desk)
    assert [(n.number, n.rooms, n.round_no) for n in all_issued(office)] == [
        ("2026-0001", ("3-1-0904",), 1),
        ("2026-0002", ("3-2-0602",), 1),
        ("2026-0003", ("3-2-1502",), 1),
    ]
    assert told.args[0].account_ids == {ids_by_room(office)[r] for r in ("3-1-0904", "3-2-0602", "3-2-1502")}
    sheets = texts(target.read_bytes())
    assert len(sheets) == 6
    for front, notice in zip(sheets[::2], all_issued(office), strict=True):
        assert notice.number in front
        assert notice.rooms[0] in front
    assert page.stack.currentWidget() is page.done
    assert page.done.text().splitlines() == [
        "已出 3 张催款单 · ¥3,153.15",
        "编号 2026-0001 至 2026-0003，背面是折叠封面，请双面打印。",
        "给门上.pdf",
        f"存在 {tmp_path}",
    ]
    assert desk.settings.folder("notices") == tmp_path
    assert not list(tmp_path.glob("*.part"))


def test_giving_up_the_file_dialog_issues_nothing(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter
) -> None:
    propose(page, office, "3-1-0904")
    presenter.files = [None]
    page.save()
    assert not desk.jobs.busy
    assert all_issued(office) == []


def test_cancelling_leaves_neither_file_nor_record_nor_number(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    import_list(office, *(listed(f"8-1-{floor:02d}0{flat}") for floor in range(1, 31) for flat in range(1, 9)), full=False, file="补.xlsx")  # fmt: skip
    ids = ids_by_room(office)
    page.propose_for(list(ids.values()))
    target = tmp_path / "取消.pdf"
    presenter.files = [target]
    page.save()
    desk.jobs.cancel()
    idle(qtbot, desk)
    assert all_issued(office) == []
    assert office.notices.next_number(2026) == 1
    assert not target.exists()
    assert not list(tmp_path.glob("*.part"))
    assert not list(evidence_of(office.path).glob("*.pdf"))
    assert page.stack.currentWidget() is page.batch
    assert presenter.told == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path.mkdir(), "“门.pdf”不是一个文件。"),
        (None, "找不到“门.pdf"),
    ],
)
def test_a_target_that_cannot_be_written_is_one_sentence_and_no_record(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot, make, sentence
) -> None:
    propose(page, office, "3-1-0904")
    target = tmp_path / ("没有的文件夹" if make is None else ".") / "门.pdf"
    if make:
        make(target)
    presenter.files = [target]
    page.save()
    idle(qtbot, desk)
    assert len(presenter.told) == 1
    assert presenter.told[0][0].startswith(sentence)
    assert all_issued(office) == []
    assert not list(evidence_of(office.path).glob("*.pdf"))
    assert page.batch.save_button.isEnabled()


def test_figures_that_changed_meanwhile_stop_the_batch_and_are_shown_anew(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    import_list(office, listed("3-1-0904", "简一禾", ("管理费", "2026-07..2026-09", 50_000)), as_of=date(2026, 11, 16), full=False, file="新.xlsx")  # fmt: skip
    presenter.files = [tmp_path / "旧账.pdf"]
    page.save()
    idle(qtbot, desk)
    assert presenter.told == [("3-1-0904 的账目刚有变动，这一批催款单没有出。", "请回到通知页重新核对后再出。")]
    assert all_issued(office) == []
    assert not (tmp_path / "旧账.pdf").exists()
    assert page.batch.sums()[0] == "将出 2 张 · ¥2,011.16"


# --- printing ---


def test_printing_issues_first_and_prints_that_very_pdf_on_both_sides(
    page: NoticesPage, office: Office, desk: Desk, printers: FilePrinters, qtbot
) -> None:
    propose(page, office, "3-1-0904", "3-2-1502")
    with qtbot.waitSignal(page.press.printed, timeout=30_000):
        qtbot.keyClick(page.batch.table, Qt.Key.Key_P, CTRL)
    idle(qtbot, desk)
    assert printers.asked == [("催款单-2026-0001至0002", 4, True)]
    kept = evidence_of(office.path) / PRINTED_FOLDER / "催款单-2026-0001至0002.pdf"
    assert [notice.number for notice in all_issued(office)] == ["2026-0001", "2026-0002"]
    assert "2026-0001" in texts(kept.read_bytes())[0]
    printed = printers.into.read_bytes()
    with pypdfium2.PdfDocument(printed) as document:
        assert len(document) == 4
        assert document.get_page_size(0) == pytest.approx((595, 842), abs=1)
    for sheet, number in ((0, "2026-0001"), (2, "2026-0002")):
        original, copy = codes(kept.read_bytes(), sheet), codes(printed, sheet)
        assert {text for text, _ in copy} == {number}
        assert [at for _, at in copy] == pytest.approx([at for _, at in original], abs=0.5)
    assert page.done.text().startswith("已打印 2 张催款单 · ¥2,073.75")
    assert page.done.trouble() == ""


def test_without_backs_one_side_is_printed(
    page: NoticesPage, office: Office, desk: Desk, printers: FilePrinters, qtbot
) -> None:
    propose(page, office, "3-1-0904")
    page.batch.options.back.setChecked(False)
    with qtbot.waitSignal(page.press.printed, timeout=30_000):
        page.print_batch()
    assert printers.asked == [("催款单-2026-0001", 1, False)]
    with pypdfium2.PdfDocument(printers.into.read_bytes()) as document:
        assert len(document) == 1


def test_giving_up_the_printer_issues_nothing(
    page: NoticesPage, office: Office, desk: Desk, printers: FilePrinters
) -> None:
    printers.into = None
    propose(page, office, "3-1-0904")
    page.print_batch()
    assert len(printers.asked) == 1
    assert not desk.jobs.busy
    assert all_issued(office) == []


def test_a_missing_printer_is_one_sentence_and_nothing_is_issued(
    qtbot, desk: Desk, office: Office, presenter: RecordingPresenter, monkeypatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    page = NoticesPage(desk)
    qtbot.addWidget(page)
    page.propose_for(list(ids_by_room(office).values()))
    page.print_batch()
    assert presenter.told == [
        (
            "没有找到打印机，催款单还没有出，编号也没有占用。",
            "接好打印机后再按打印；或先存为 PDF，拿到能打印的电脑上打。",
        )
    ]
    assert not desk.jobs.busy
    assert all_issued(office) == []


def test_without_a_printer_a_batch_on_record_is_not_said_to_be_unissued(
    qtbot, desk: Desk, office: Office, presenter: RecordingPresenter, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    page = NoticesPage(desk)
    qtbot.addWidget(page)
    propose(page, office, "3-1-0904")
    presenter.files = [tmp_path / "门.pdf"]
    page.save()
    idle(qtbot, desk)
    page.print_batch()
    assert "还没有出" not in page.done.trouble() + "".join(text for text, _ in presenter.told)
    assert "已编号存档" in page.done.trouble()
    assert len(all_issued(office)) == 1


@pytest.mark.qt_log_ignore("QPdfEngine", "QPainter", "QPrinter", "QFile", extend=True)
def test_a_printer_that_gives_up_loses_no_paper(
    page: NoticesPage,
    office: Office,
    desk: Desk,
    printers: FilePrinters,
    presenter: RecordingPresenter,
    tmp_path,
    qtbot,
) -> None:
    printers.into = tmp_path / "没有的文件夹" / "x.pdf"
    propose(page, office, "3-1-0904", "3-1-1601")
    with qtbot.waitSignal(page.press.not_printed, timeout=30_000):
        page.print_batch()
    kept = evidence_of(office.path) / PRINTED_FOLDER / "催款单-2026-0001至0002.pdf"
    assert [notice.number for notice in all_issued(office)] == ["2026-0001", "2026-0002"]
    assert len(texts(kept.read_bytes())) == 4
    assert len(presenter.told) == 1
    text, hint = presenter.told[0]
    assert "没有接受打印" in text
    assert f"2 张都已编号存档，PDF 在 {kept}" in hint
    assert "可以再打印" in page.done.trouble()
    printers.into = tmp_path / "第二次.pdf"
    with qtbot.waitSignal(page.press.printed, timeout=30_000):
        qtbot.keyClick(page.done, Qt.Key.Key_P, CTRL)
    assert len(all_issued(office)) == 2
    assert page.done.trouble() == ""
    with pypdfium2.PdfDocument(printers.into.read_bytes()) as document:
        assert len(document) == 4


def test_stopping_the_printer_keeps_records_and_paper(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, qtbot
) -> None:
    propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602", "3-2-1502")
    with qtbot.waitSignal(page.press.issued, timeout=30_000):
        page.print_batch()
    desk.jobs.cancel()
    idle(qtbot, desk)
    assert len(all_issued(office)) == 4
    assert "打印中途停下了" in page.done.trouble()
    assert presenter.told == []


def test_a_kept_paper_is_never_written_over(page: NoticesPage, office: Office, qtbot) -> None:
    folder = evidence_of(office.path) / PRINTED_FOLDER
    folder.mkdir(parents=True)
    (folder / "催款单-2026-0001.pdf").write_bytes(b"an older paper")
    propose(page, office, "3-1-0904")
    with qtbot.waitSignal(page.press.printed, timeout=30_000):
        page.print_batch()
    assert (folder / "催款单-2026-0001.pdf").read_bytes() == b"an older paper"
    assert (folder / "催款单-2026-0001(2).pdf").exists()


# --- afterwards ---


class _Folders(QObject):
    """Takes the place of the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def show_it(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


def test_afterwards_the_folder_opens_and_the_next_batch_leaves_out_who_has_just_got_one(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    save(page, desk, presenter, tmp_path / "一.pdf", qtbot)
    folders = _Folders()
    QDesktopServices.setUrlHandler("file", folders, "show_it")
    try:
        page.done.folder_button.click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert folders.opened == [str(tmp_path)]
    page.done.next_button.click()
    assert page.stack.currentWidget() is page.batch
    assert page.batch.options.chosen().words == "逾期超过 30 天"
    assert page.batch.options.whom.findText("勾选的 2 户") == -1
    again = [(row.room, row.reason) for row in page.batch.left.model.rows() if row.mark == MarkKind.OTHER]
    assert again == [(room, "11-17 刚出过一张，满一周再出") for room in ("3-1-0904", "3-1-1601")]
    assert shown_rows(page)[0] == ("2026-0003", "3-2-0602", True)
    page.batch.options.again.setChecked(True)
    assert [(number, room) for number, room, _ in shown_rows(page)][:3] == [
        ("2026-0003", "3-1-0904"),
        ("2026-0004", "3-1-1601"),
        ("2026-0005", "3-2-0602"),
    ]
    assert [notice.round_no for notice in page.batch.chosen()][:3] == [2, 2, 1]


def test_past_runs_are_printed_again_or_voided_by_keys(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    propose(page, office, "3-1-0904", "3-1-1601")
    save(page, desk, presenter, tmp_path / "一.pdf", qtbot)
    qtbot.keyClick(page, Qt.Key.Key_H, CTRL)
    runs = page.runs
    assert page.stack.currentWidget() is runs
    assert [runs.runs_model.data(runs.runs_model.index(0, at)) for at in range(6)] == [
        "今天 12:00", "2", "2,373.66", "2026-0001 至 2026-0002", "许宁", "一.pdf",
    ]  # fmt: skip
    qtbot.keyClick(runs.runs, Qt.Key.Key_Return)
    assert runs.issued.hasFocus()
    first, second = (notice.id for notice in all_issued(office))
    qtbot.keyClick(runs.issued, Qt.Key.Key_Down)
    with qtbot.waitSignal(desk.reprint_wanted) as asked:
        qtbot.keyClick(runs.issued, Qt.Key.Key_Return)
    assert asked.args == [[second]]
    presenter.texts = ["房号写错"]
    qtbot.keyClick(runs.issued, Qt.Key.Key_Delete)
    assert presenter.asked[0][0] == "为什么作废 2026-0002（3-1-1601 冉星河）？编号不再使用，也不算一次催款。"
    assert runs.issued_model.data(runs.issued_model.index(1, 5)) == "已作废：房号写错（11-17 许宁）"
    assert not runs.void_button.isEnabled()
    qtbot.keyClick(runs.issued, Qt.Key.Key_Delete)
    assert len(presenter.asked) == 1
    assert not runs.one_button.isEnabled()
    assert runs.all_button.words() == "补打整批 1 张"
    with qtbot.waitSignal(desk.reprint_wanted) as asked:
        qtbot.keyClick(runs.issued, Qt.Key.Key_P, CTRL)
    assert asked.args == [[first]]
    assert office.notices.next_number(2026) == 3
    assert page.step_back()
    assert page.stack.currentWidget() is page.batch


def test_giving_up_the_reason_voids_nothing(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    propose(page, office, "3-1-0904")
    save(page, desk, presenter, tmp_path / "一.pdf", qtbot)
    page.show_runs()
    presenter.texts = [None, "  "]
    page.runs.ask_void()
    page.runs.ask_void()
    assert presenter.told == [("作废要写明原因，没有作废。", "请写一句原因。")]
    assert all_issued(office)[0].voided == ""


def test_a_past_notice_is_shown_with_its_figures_and_marked_as_a_reprint(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    propose(page, office, "3-1-0904")
    save(page, desk, presenter, tmp_path / "一.pdf", qtbot)
    import_list(office, listed("3-1-0904", "简一禾", ("管理费", "2026-07..2026-09", 10_000)), as_of=date(2026, 11, 16), full=False, file="新.xlsx")  # fmt: skip
    page.show_runs()
    drawn(qtbot, page)
    shown = squeezed(texts(page.preview.paper())[0])
    assert "补打" in shown
    assert "862.50" in shown
    assert "2026-0001" in shown
