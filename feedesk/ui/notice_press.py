"""Issuing from the window: numbering and writing first, printing after. Papers once numbered are never lost.

The printer is chosen before anything is written. Then the notices are numbered, frozen and written as a PDF in one
act; only that finished PDF goes to the printer. If the printer gives up, the records and the PDF stay: it is printed
again from there, or as 补打.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from feedesk.errors import Cancelled, FeeDeskError, file_errors
from feedesk.models.changes import Changes
from feedesk.models.money import show_yuan
from feedesk.models.notices import LateFeeOverride, NoticeData, late_fee_sums
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.tasks.notices import PaperOptions, issue_pdf
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.notice_rows import span
from feedesk.ui.pdf_pages import PdfReader
from feedesk.ui.printing import Printers, print_pdf

PRINTED_FOLDER = "打印过的催款单"


@dataclass(frozen=True, slots=True)
class IssuedRun:
    """A batch on record and its PDF. Money in 分."""

    path: Path
    count: int
    total: int
    first: str
    last: str
    both_sides: bool
    late_fee: int = 0
    """Listed beside the principal `total`."""

    @property
    def title(self) -> str:
        """「催款单 2026-0165 至 2026-0182」."""
        return f"催款单 {span(self.first, self.last)}"

    @property
    def money(self) -> str:
        """「¥3,446.35」, or 「本金 ¥3,446.35 ＋ 违约金 ¥27.40」."""
        principal = show_yuan(self.total)
        return f"本金 {principal} ＋ 违约金 {show_yuan(self.late_fee)}" if self.late_fee else principal


class NoticePress(QObject):
    """Saves and prints; the page hears what came of it.

    Signals:
        issued: an `IssuedRun` is on record and its PDF in place.
        printed: an `IssuedRun` has gone to the printer.
        not_printed: an `IssuedRun` is on record, but its printing ended early; why.
        refused: nothing was issued, the batch may have to be proposed anew.
    """

    issued = Signal(object)
    printed = Signal(object)
    not_printed = Signal(object, str)
    refused = Signal()

    def __init__(self, desk: Desk, reader: PdfReader, printers: Printers, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk = desk
        self._reader = reader
        self._printers = printers
        self._window = owner

    def save(self, notices: Sequence[NoticeData], paper: PaperOptions, override: LateFeeOverride | None = None) -> None:
        """存为 PDF: asks for the file, then issues."""
        desk = self._desk
        proposed = desk.settings.folder("notices") / file_name(notices)
        target = desk.messages.save_file(f"{len(notices):,} 张催款单存为 PDF", proposed, "PDF (*.pdf)", self._window)
        if target is None:
            return
        desk.settings.remember_folder("notices", target.parent)
        self._issue(notices, target, paper, None, override)

    def print_new(
        self, notices: Sequence[NoticeData], paper: PaperOptions, override: LateFeeOverride | None = None
    ) -> None:
        """打印: asks for the printer, issues into the office's own folder, then prints that PDF."""
        title = Path(file_name(notices)).stem
        pages = len(notices) * (2 if paper.door_back else 1)
        try:
            printer = self._printers.choose(title, pages, both_sides=paper.door_back, parent=self._window)
            if printer is None:
                return
            folder = evidence_of(self._desk.office.path) / PRINTED_FOLDER
            with file_errors("催款单", folder):
                folder.mkdir(parents=True, exist_ok=True)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self._window)
            return
        self._issue(notices, free_name(folder / file_name(notices)), paper, printer, override)

    def print_run(self, run: IssuedRun) -> None:
        """Print the PDF of a batch on record once more; nothing is written."""
        try:
            pages = run.count * (2 if run.both_sides else 1)
            printer = self._printers.choose(run.title, pages, both_sides=run.both_sides, parent=self._window)
        except FeeDeskError:
            self._desk.messages.say(
                "没有找到打印机。", f"催款单已存在 {run.path}，可拿到能打印的电脑上打。", self._window
            )
            self.not_printed.emit(run, "没有打印。")
            return
        if printer is not None:
            self._print(run, printer)

    def _issue(
        self,
        notices: Sequence[NoticeData],
        target: Path,
        paper: PaperOptions,
        printer: QPrinter | None,
        override: LateFeeOverride | None,
    ) -> None:
        desk, fonts = self._desk, self._desk.fonts

        def work(office: Office, tick: Tick) -> tuple[Changes, IssuedRun]:
            changes = issue_pdf(office, notices, target, paper, fonts, tick, override)
            made = office.notices.of_batch(changes.record_id)
            total = sum(notice.total for notice in made)
            late_fee = late_fee_sums(notices).amount
            run = IssuedRun(target, len(made), total, made[0].number, made[-1].number, paper.door_back, late_fee)
            return changes, run

        def done(result: tuple[Changes, IssuedRun]) -> None:
            changes, run = result
            self.issued.emit(run)
            desk.changed.emit(changes)
            if printer is None:
                desk.messages.note(f"已存 {run.count:,} 张催款单：{target.name}")
            else:
                self._print(run, printer)

        def failed(error: FeeDeskError) -> None:
            desk.messages.tell(error, self._window)
            if isinstance(error, Cancelled):
                desk.messages.note("已取消：催款单没有出，编号没有占用。")
            self.refused.emit()

        desk.in_background(work, done, f"正在生成 {len(notices):,} 张催款单", failed)

    def _print(self, run: IssuedRun, printer: QPrinter) -> None:
        reader = self._reader

        def done(_pages: int) -> None:
            self._desk.messages.note(f"{run.count:,} 张催款单已送到打印机“{printer.printerName() or '文件'}”。")
            self.printed.emit(run)

        def failed(error: FeeDeskError) -> None:
            stopped = isinstance(error, Cancelled)
            why = "打印中途停下了，可能已送出几张。" if stopped else error.text
            if not stopped:
                self._desk.messages.say(
                    error.text, f"{error.hint}{run.count:,} 张都已编号存档，PDF 在 {run.path}，可再打印。", self._window
                )
            self.not_printed.emit(run, why)

        self._desk.jobs.start(
            lambda tick: print_pdf(reader, run.path, printer, tick),
            done,
            failed,
            f"正在把 {run.count:,} 张催款单送到打印机",
        )


def file_name(notices: Sequence[NoticeData]) -> str:
    """「催款单-2026-0165至0182.pdf」, by the provisional numbers."""
    first, last = notices[0].number, notices[-1].number
    return f"催款单-{first}.pdf" if first == last else f"催款单-{first}至{last.partition('-')[2]}.pdf"


def free_name(path: Path) -> Path:
    """The path, or with (2), (3) … when there is such a file already: a kept paper is never written over."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}({number})")
    return free
