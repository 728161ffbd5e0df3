"""通知: proposing, taking out, saving, printing, and what remains when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import ClaimDraft
from feedesk.models.notices import IssuedNotice
from feedesk.models.scripts import load_library
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.reports.fonts import Fonts
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.notice_press import PRINTED_FOLDER
from feedesk.ui.notices_page import NoticesPage
from feedesk.ui.printing import Printers, prepared
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.paper_samples import codes, squeezed, texts
from tests.ui_tools import RecordingPresenter

CTRL = Qt.KeyboardModifier.ControlModifier
NO_GLYPH = "\U000e0fff"
HOUSEHOLDS = (
    listed("3-1-0904", "简一禾", ("管理费", "2026-07..2026-09", 86_250)),
    listed("3-1-1601", "冉星河", ("管理费", "2026-07..2026-09", 151_116)),
    listed("3-2-0602", "荀雨", ("管理费", "2026-07..2026-09", 107_940)),
    listed("3-2-1502", "林晓岚", ("管理费", "2026-04..2026-06", 107_940), ("公摊水电费", "2026-07..2026-09", 13_185)),
    listed("5-2-0901", "顾北辰", ("管理费", "2026-07..2026-09", 215_880), phones=("13900004417",)),
    listed("5-2-0902", "顾北辰", ("管理费", "2026-07..2026-09", 215_880), phones=("13900004417",)),
    listed("6-1-0504", f"柳{NO_GLYPH}", ("管理费", "2026-07..2026-09", 128_475)),
)


class FilePrinters(Printers):
    """Stands where the system's dialog would: a printer that prints into a file, or the clerk giving up."""

    def __init__(self, into: Path | None) -> None:
        self.into = into
        self.asked: list[tuple[str, int, bool]] = []

    def choose(self, title: str, pages: int, *, both_sides: bool, parent: QWidget | None) -> QPrinter | None:
        self.asked.append((title, pages, both_sides))
        if self.into is None:
            return None
        printer = prepared(QPrinter(QPrinter.PrinterMode.HighResolution), title, both_sides=both_sides)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.into))
        return printer


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path, Clock())
    import_list(made, *HOUSEHOLDS)
    yield made
    made.close()


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def printers(tmp_path: Path) -> FilePrinters:
    return FilePrinters(tmp_path / "打印机.pdf")


@pytest.fixture
def desk(qtbot, office: Office, presenter: RecordingPresenter, tmp_path: Path) -> Iterator[Desk]:
    messages = Messages(presenter)
    jobs = JobRunner(messages)
    yield Desk(
        office, messages, jobs, UiSettings(tmp_path / "ui.ini"), load_library(), Fonts(installed=()), parent=messages
    )
    jobs.shut_down()


@pytest.fixture
def page(qtbot, desk: Desk, printers: FilePrinters) -> NoticesPage:
    made = NoticesPage(desk, printers)
    qtbot.addWidget(made)
    made.resize(1294, 697)
    with qtbot.waitActive(made):
        made.show()
    made.fit(1366, 697)
    return made


def _propose(page: NoticesPage, office: Office, *rooms: str) -> None:
    ids = ids_by_room(office)
    page.propose_for([ids[room] for room in rooms or ids])
    page.shown()


def _rows(page: NoticesPage) -> list[tuple[str, str, bool]]:
    return [(row.notice.number, row.notice.room_text, row.chosen) for row in page.batch.model.rows()]


def _issued(office: Office) -> list[IssuedNotice]:
    return [notice for run in office.notices.batches() for notice in office.notices.of_batch(run.id)]


def _idle(qtbot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.jobs.busy, timeout=20_000)


def _drawn(qtbot, page: NoticesPage) -> None:
    qtbot.waitUntil(lambda: page.preview.pages() > 0)


# --- proposing ---


def test_an_office_without_notices_says_what_to_do(page: NoticesPage, qtbot) -> None:
    page.shown()
    assert page.stack.currentWidget() is page.empty
    assert page.empty.text() == "还没有出过通知。从业主页勾选，或按筛选出一批。"
    qtbot.keyClick(page.empty.button, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.batch
    assert page.batch.options.chosen().words == "逾期超过 30 天"


def test_who_gets_one_is_numbered_in_delivery_order_and_who_does_not_is_named_with_the_reason(
    page: NoticesPage, office: Office
) -> None:
    ids = ids_by_room(office)
    office.contacts.claim((ids["3-2-0602"],), ClaimDraft(date(2026, 11, 16), 107_940, "微信"))
    page.propose_for(list(reversed(ids.values())))
    assert _rows(page) == [
        ("2026-0001", "3-1-0904", True),
        ("2026-0002", "3-1-1601", True),
        ("2026-0003", "3-2-1502", True),
        ("2026-0004", "5-2-0901", True),
        ("2026-0005", "5-2-0902", True),
    ]
    left = {row.room: (row.mark, row.reason) for row in page.batch.left_model.rows()}
    assert left["3-2-0602"] == (MarkKind.VERIFY, "称已缴，等财务核对")
    mark, reason = left["6-1-0504"]
    assert mark == MarkKind.DUE
    assert f"字库没有“{NO_GLYPH}”" in reason
    assert page.batch.left_out_words() == "这次不出 2 户"
    assert page.batch.sums() == ("将出 5 张 · ¥7,902.51", "编号 2026-0001 至 2026-0005，打印或存 PDF 时才占用")
    assert page.batch.print_button.words() == "打印 5 张"


def test_space_takes_a_row_out_and_the_numbers_close_up(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602")
    table = page.batch.table
    assert table.hasFocus()
    assert table.current_record().notice.room_text == "3-1-0904"
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert _rows(page) == [
        ("2026-0001", "3-1-0904", True),
        ("", "3-1-1601", False),
        ("2026-0002", "3-2-0602", True),
    ]
    assert page.batch.sums()[0] == "将出 2 张 · ¥1,941.90"
    page.shown()
    assert [chosen for _, _, chosen in _rows(page)] == [True, False, True]
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert page.batch.sums()[0] == "将出 3 张 · ¥3,453.06"


def test_without_anybody_chosen_nothing_can_be_issued(page: NoticesPage, office: Office, desk: Desk, qtbot) -> None:
    _propose(page, office, "3-1-0904")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    assert not page.batch.print_button.isEnabled()
    assert page.batch.save_button.toolTip() == "没有要出的催款单，请先勾选。"
    with qtbot.waitSignal(desk.messages.noted) as told:
        qtbot.keyClick(page.batch.table, Qt.Key.Key_P, CTRL)
    assert told.args[0] == "没有要出的催款单，请先勾选。"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1117", "截止日要在今天之后。"),
        ("2028-01-01", "截止日太远，请在一年以内。"),
        ("1332", "截止日：没有“1332”这一天。请按“1125”或“11-25”输入。"),
        ("", "截止日：请填日期，例如 1125。"),
        ("1203", ""),
    ],
)
def test_the_day_to_pay_by(page: NoticesPage, office: Office, qtbot, typed: str, problem: str) -> None:
    _propose(page, office, "3-1-0904")
    edit = page.batch.options.pay_by
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    qtbot.keyClicks(edit, typed)
    assert page.batch.options.problem() == problem
    assert page.batch.save_button.isEnabled() is (not problem)
    if problem:
        assert page.batch.sums() == ("这一批还不能出", problem)
    else:
        assert page.batch.chosen()[0].pay_by == date(2026, 12, 3)


def test_fifteen_days_are_given_unless_the_office_says_otherwise(page: NoticesPage, office: Office) -> None:
    _propose(page, office, "3-1-0904")
    assert page.batch.chosen()[0].pay_by == date(2026, 12, 2)
    assert page.batch.chosen()[0].issued_on == date(2026, 11, 17)


def test_two_units_of_one_owner_make_one_notice_when_asked(page: NoticesPage, office: Office) -> None:
    ids = ids_by_room(office)
    office.accounts.join([ids["5-2-0901"], ids["5-2-0902"]])
    _propose(page, office, "5-2-0901", "5-2-0902")
    assert len(page.batch.chosen()) == 2
    page.batch.options.units.setCurrentIndex(1)
    page.batch.options.changed.emit()
    assert _rows(page) == [("2026-0001", "5-2-0901、5-2-0902", True)]
    assert page.batch.model.data(page.batch.model.index(0, 2)) == "5-2-0901、0902"
    assert page.batch.sums()[0] == "将出 1 张 · ¥4,317.60"


def test_what_another_page_writes_changes_the_proposal_at_once(page: NoticesPage, office: Office, desk: Desk) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    ids = ids_by_room(office)
    desk.write(lambda: office.contacts.claim((ids["3-1-0904"],), ClaimDraft(date(2026, 11, 16), 86_250, "现金")))
    assert _rows(page) == [("2026-0001", "3-1-1601", True)]
    assert page.batch.left_out_words() == "这次不出 1 户"


def test_another_clerk_stands_on_the_paper_at_once(page: NoticesPage, office: Office, desk: Desk) -> None:
    _propose(page, office, "3-1-0904")
    assert page.batch.chosen()[0].clerk == "许宁"
    desk.use_clerk(office.staff.add("方芸", "小方").id)
    assert page.batch.chosen()[0].clerk == "方芸"


def test_rows_taken_out_stay_out_until_another_batch_begins(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    page.batch.options.again.setChecked(True)
    assert [chosen for _, _, chosen in _rows(page)] == [False, True]
    _propose(page, office, "3-1-0904", "3-1-1601")
    assert [chosen for _, _, chosen in _rows(page)] == [True, True]


def test_enter_on_a_row_left_out_asks_for_its_owner(page: NoticesPage, office: Office, desk: Desk, qtbot) -> None:
    _propose(page, office, "6-1-0504")
    assert page.batch.nobody.isVisible()
    page.batch.left_table.setFocus()
    page.batch.left_table.choose_row(0)
    with qtbot.waitSignal(desk.owner_wanted) as asked:
        qtbot.keyClick(page.batch.left_table, Qt.Key.Key_Return)
    assert asked.args == [ids_by_room(office)["6-1-0504"]]


def test_by_building(page: NoticesPage, office: Office) -> None:
    page.start_batch()
    combo = page.batch.options.whom
    words = [combo.itemText(at) for at in range(combo.count())]
    assert words == [
        "逾期超过 30 天", "逾期超过 90 天", "承诺了没有缴", "全部欠费", "3 栋全部欠费", "5 栋全部欠费", "6 栋全部欠费",
    ]  # fmt: skip
    combo.setCurrentIndex(words.index("5 栋全部欠费"))
    combo.activated.emit(combo.currentIndex())
    assert [room for _, room, _ in _rows(page)] == ["5-2-0901", "5-2-0902"]


# --- saving ---


def test_saving_numbers_freezes_and_writes_in_one_act(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602", "3-2-1502")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    target = tmp_path / "给门上.pdf"
    presenter.files = [target]
    with qtbot.waitSignal(desk.changed, timeout=20_000) as told:
        qtbot.keyClick(page.batch.table, Qt.Key.Key_S, CTRL)
    _idle(qtbot, desk)
    assert [(n.number, n.rooms, n.round_no) for n in _issued(office)] == [
        ("2026-0001", ("3-1-0904",), 1),
        ("2026-0002", ("3-2-0602",), 1),
        ("2026-0003", ("3-2-1502",), 1),
    ]
    assert told.args[0].account_ids == {ids_by_room(office)[r] for r in ("3-1-0904", "3-2-0602", "3-2-1502")}
    sheets = texts(target.read_bytes())
    assert len(sheets) == 6
    for front, notice in zip(sheets[::2], _issued(office), strict=True):
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
    _propose(page, office, "3-1-0904")
    presenter.files = [None]
    page.save()
    assert not desk.jobs.busy
    assert _issued(office) == []


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
    _idle(qtbot, desk)
    assert _issued(office) == []
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
    _propose(page, office, "3-1-0904")
    target = tmp_path / ("没有的文件夹" if make is None else ".") / "门.pdf"
    if make:
        make(target)
    presenter.files = [target]
    page.save()
    _idle(qtbot, desk)
    assert len(presenter.told) == 1
    assert presenter.told[0][0].startswith(sentence)
    assert _issued(office) == []
    assert not list(evidence_of(office.path).glob("*.pdf"))
    assert page.batch.save_button.isEnabled()


def test_figures_that_changed_meanwhile_stop_the_batch_and_are_shown_anew(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    import_list(office, listed("3-1-0904", "简一禾", ("管理费", "2026-07..2026-09", 50_000)), as_of=date(2026, 11, 16), full=False, file="新.xlsx")  # fmt: skip
    presenter.files = [tmp_path / "旧账.pdf"]
    page.save()
    _idle(qtbot, desk)
    assert presenter.told == [("3-1-0904 的账目刚有变动，这一批催款单没有出。", "请回到通知页重新核对后再出。")]
    assert _issued(office) == []
    assert not (tmp_path / "旧账.pdf").exists()
    assert page.batch.sums()[0] == "将出 2 张 · ¥2,011.16"


# --- printing ---


def test_printing_issues_first_and_prints_that_very_pdf_on_both_sides(
    page: NoticesPage, office: Office, desk: Desk, printers: FilePrinters, qtbot
) -> None:
    _propose(page, office, "3-1-0904", "3-2-1502")
    with qtbot.waitSignal(page.press.printed, timeout=30_000):
        qtbot.keyClick(page.batch.table, Qt.Key.Key_P, CTRL)
    _idle(qtbot, desk)
    assert printers.asked == [("催款单-2026-0001至0002", 4, True)]
    kept = evidence_of(office.path) / PRINTED_FOLDER / "催款单-2026-0001至0002.pdf"
    assert [notice.number for notice in _issued(office)] == ["2026-0001", "2026-0002"]
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
    _propose(page, office, "3-1-0904")
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
    _propose(page, office, "3-1-0904")
    page.print_batch()
    assert len(printers.asked) == 1
    assert not desk.jobs.busy
    assert _issued(office) == []


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
    assert _issued(office) == []


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
    _propose(page, office, "3-1-0904", "3-1-1601")
    with qtbot.waitSignal(page.press.not_printed, timeout=30_000):
        page.print_batch()
    kept = evidence_of(office.path) / PRINTED_FOLDER / "催款单-2026-0001至0002.pdf"
    assert [notice.number for notice in _issued(office)] == ["2026-0001", "2026-0002"]
    assert len(texts(kept.read_bytes())) == 4
    assert len(presenter.told) == 1
    text, hint = presenter.told[0]
    assert "没有接受打印" in text
    assert f"2 张都已编号存档，PDF 在 {kept}" in hint
    assert "可以再打印" in page.done.trouble()
    printers.into = tmp_path / "第二次.pdf"
    with qtbot.waitSignal(page.press.printed, timeout=30_000):
        qtbot.keyClick(page.done, Qt.Key.Key_P, CTRL)
    assert len(_issued(office)) == 2
    assert page.done.trouble() == ""
    with pypdfium2.PdfDocument(printers.into.read_bytes()) as document:
        assert len(document) == 4


def test_stopping_the_printer_keeps_records_and_paper(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, qtbot
) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602", "3-2-1502")
    with qtbot.waitSignal(page.press.issued, timeout=30_000):
        page.print_batch()
    desk.jobs.cancel()
    _idle(qtbot, desk)
    assert len(_issued(office)) == 4
    assert "打印中途停下了" in page.done.trouble()
    assert presenter.told == []


def test_a_kept_paper_is_never_written_over(page: NoticesPage, office: Office, qtbot) -> None:
    folder = evidence_of(office.path) / PRINTED_FOLDER
    folder.mkdir(parents=True)
    (folder / "催款单-2026-0001.pdf").write_bytes(b"an older paper")
    _propose(page, office, "3-1-0904")
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


def _save(page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, target: Path, qtbot) -> None:
    presenter.files = [target]
    with qtbot.waitSignal(page.press.issued, timeout=20_000):
        page.save()
    _idle(qtbot, desk)


def test_afterwards_the_folder_opens_and_the_next_batch_leaves_out_who_has_just_got_one(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    _save(page, office, desk, presenter, tmp_path / "一.pdf", qtbot)
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
    again = [(row.room, row.reason) for row in page.batch.left_model.rows() if row.mark == MarkKind.OTHER]
    assert again == [(room, "11-17 刚出过一张，满一周再出") for room in ("3-1-0904", "3-1-1601")]
    assert _rows(page)[0] == ("2026-0003", "3-2-0602", True)
    page.batch.options.again.setChecked(True)
    assert [(number, room) for number, room, _ in _rows(page)][:3] == [
        ("2026-0003", "3-1-0904"),
        ("2026-0004", "3-1-1601"),
        ("2026-0005", "3-2-0602"),
    ]
    assert [notice.round_no for notice in page.batch.chosen()][:3] == [2, 2, 1]


def test_past_runs_are_printed_again_or_voided_by_keys(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    _save(page, office, desk, presenter, tmp_path / "一.pdf", qtbot)
    qtbot.keyClick(page, Qt.Key.Key_H, CTRL)
    runs = page.runs
    assert page.stack.currentWidget() is runs
    assert [runs.runs_model.data(runs.runs_model.index(0, at)) for at in range(6)] == [
        "今天 12:00", "2", "2,373.66", "2026-0001 至 2026-0002", "许宁", "一.pdf",
    ]  # fmt: skip
    qtbot.keyClick(runs.runs, Qt.Key.Key_Return)
    assert runs.issued.hasFocus()
    first, second = (notice.id for notice in _issued(office))
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
    _propose(page, office, "3-1-0904")
    _save(page, office, desk, presenter, tmp_path / "一.pdf", qtbot)
    page.show_runs()
    presenter.texts = [None, "  "]
    page.runs.ask_void()
    page.runs.ask_void()
    assert presenter.told == [("作废要写明原因，没有作废。", "请写一句原因。")]
    assert _issued(office)[0].voided == ""


def test_a_past_notice_is_shown_with_its_figures_and_marked_as_a_reprint(
    page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    _propose(page, office, "3-1-0904")
    _save(page, office, desk, presenter, tmp_path / "一.pdf", qtbot)
    import_list(office, listed("3-1-0904", "简一禾", ("管理费", "2026-07..2026-09", 10_000)), as_of=date(2026, 11, 16), full=False, file="新.xlsx")  # fmt: skip
    page.show_runs()
    _drawn(qtbot, page)
    shown = squeezed(texts(page.preview.paper())[0])
    assert "补打" in shown
    assert "862.50" in shown
    assert "2026-0001" in shown


# --- preview ---


def test_the_preview_is_the_page_that_will_be_printed(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601", "3-2-0602")
    _drawn(qtbot, page)
    assert page.preview.title() == "3-1-0904 简一禾"
    assert page.preview.place() == "1 / 3 · 正面"
    front, back = texts(page.preview.paper())
    assert "2026-0001" in front
    assert "862.50" in front
    assert "862.50" not in back
    picture = page.preview.picture()
    assert picture.height() / picture.width() == pytest.approx(297 / 210, abs=0.01)
    assert page.preview.area.verticalScrollBar().maximum() == 0


def test_pages_are_turned_by_keys_through_the_whole_batch(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    table = page.batch.table
    seen = []
    for key in (None, *[Qt.Key.Key_PageDown] * 4, *[Qt.Key.Key_PageUp] * 4):
        if key is not None:
            qtbot.keyClick(table, key)
        _drawn(qtbot, page)
        seen.append((page.preview.title().split()[0], page.preview.place()))
    one_front, one_back = ("3-1-0904", "1 / 2 · 正面"), ("3-1-0904", "1 / 2 · 背面")
    two_front, two_back = ("3-1-1601", "2 / 2 · 正面"), ("3-1-1601", "2 / 2 · 背面")
    assert seen == [one_front, one_back, two_front, two_back, two_back, two_front, one_back, one_front, one_front]


def test_without_a_back_the_preview_has_one_page(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904")
    page.batch.options.back.setChecked(False)
    _drawn(qtbot, page)
    assert page.preview.pages() == 1
    assert page.preview.place() == "1 / 1"


def test_a_row_taken_out_is_shown_without_a_number(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904", "3-1-1601")
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    _drawn(qtbot, page)
    assert "2026-0001" not in texts(page.preview.paper())[0]
    assert page.preview.place() == "正面"


def test_zoomed_pages_are_scrolled_before_they_are_turned(page: NoticesPage, office: Office, qtbot) -> None:
    _propose(page, office, "3-1-0904")
    _drawn(qtbot, page)
    whole = page.preview.picture().width()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Equal, CTRL)
    assert page.preview.picture().width() > whole
    bar = page.preview.area.verticalScrollBar()
    assert bar.value() == 0 < bar.maximum()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    assert page.preview.page() == 0
    assert page.step_back()
    assert page.preview.picture().width() == whole


# --- small windows ---


def test_a_narrow_window_shows_list_or_preview(page: NoticesPage, office: Office, qtbot) -> None:
    page.resize(859, 512)
    page.fit(911, 512)
    _propose(page, office, "3-1-0904", "3-1-1601")
    assert page.batch.isVisible()
    assert not page.preview.isVisible()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_F3)
    assert page.preview.isVisible()
    assert not page.batch.isVisible()
    _drawn(qtbot, page)
    qtbot.keyClick(page, Qt.Key.Key_PageDown)
    assert page.preview.place() == "1 / 2 · 背面"
    assert page.step_back()
    assert page.batch.table.hasFocus()
    assert not page.step_back()


def test_the_keys_are_listed_for_f1(page: NoticesPage) -> None:
    listed_keys = " ".join(hint.keys for hint in page.key_hints())
    for key in ("Ctrl+S", "Ctrl+P", "PgUp PgDn", "空格", "↑ ↓"):
        assert key in listed_keys
