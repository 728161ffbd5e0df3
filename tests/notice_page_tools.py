"""The 通知 page over a real office, with a printer that prints into a file, for the tests of proposing and issuing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from feedesk.models.notices import IssuedNotice
from feedesk.models.scripts import load_library
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.notices_page import NoticesPage
from feedesk.ui.printing import Printers, prepared
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.ui_tools import RecordingPresenter

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


def notice_office(folder: Path) -> Office:
    """An office that holds `HOUSEHOLDS`; the last one's name cannot be printed."""
    made = new_office(folder, Clock())
    import_list(made, *HOUSEHOLDS)
    return made


def notice_desk(office: Office, presenter: RecordingPresenter, folder: Path) -> Desk:
    """A desk whose boxes are answered by `presenter`; shut down its jobs at the end."""
    messages = Messages(presenter)
    settings = UiSettings(folder / "ui.ini")
    return Desk(office, messages, JobRunner(messages), settings, load_library(), Fonts(installed=()), parent=messages)


def notice_page(qtbot, desk: Desk, printers: Printers) -> NoticesPage:  # type: ignore[no-untyped-def]
    """The page as in a window of 1366 × 697, shown and active."""
    with theme.built_at_once():
        made = NoticesPage(desk, printers)
    qtbot.addWidget(made)
    made.resize(1294, 697)
    with qtbot.waitActive(made):
        made.show()
    made.fit(1366, 697)
    return made


def propose(page: NoticesPage, office: Office, *rooms: str) -> None:
    """Hand these rooms over (all when none is named), as the owner table does."""
    ids = ids_by_room(office)
    page.propose_for([ids[room] for room in rooms or ids])
    page.shown()


def shown_rows(page: NoticesPage) -> list[tuple[str, str, bool]]:
    """Number, room, and whether it will be issued, row by row."""
    return [(row.notice.number, row.notice.room_text, row.chosen) for row in page.batch.model.rows()]


def all_issued(office: Office) -> list[IssuedNotice]:
    """Every notice on record, the newest run first."""
    return [notice for run in office.notices.batches() for notice in office.notices.of_batch(run.id)]


def idle(qtbot, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    """Wait until no job runs."""
    qtbot.waitUntil(lambda: not desk.jobs.busy, timeout=20_000)


def drawn(qtbot, page: NoticesPage) -> None:  # type: ignore[no-untyped-def]
    """Wait until the preview shows a page."""
    qtbot.waitUntil(lambda: page.preview.pages() > 0)


def save(page: NoticesPage, desk: Desk, presenter: RecordingPresenter, target: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    """Save the batch as PDF and wait for it."""
    presenter.files = [target]
    with qtbot.waitSignal(page.press.issued, timeout=20_000):
        page.save()
    idle(qtbot, desk)
