"""收据 from the window: numbered, frozen and written as a PDF first; only that PDF goes to the printer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from feedesk.errors import Cancelled, FeeDeskError, file_errors
from feedesk.models.changes import Changes
from feedesk.models.ledger.payments import Payment
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.notice_press import free_name
from feedesk.ui.pdf_pages import PdfReader
from feedesk.ui.printing import NoPrinter, Printers, print_pdf

PRINTED_FOLDER = "打印过的收据"


class ReceiptPress(QObject):
    """Prints and saves receipts; what has been numbered is on record and never lost when the printer gives up.

    Signals:
        issued: the receipts are on record and their PDF is in place (its path).
    """

    issued = Signal(object)

    def __init__(self, desk: Desk, owner: QWidget, printers: Printers | None = None) -> None:
        super().__init__(owner)
        self._desk, self._window = desk, owner
        self._printers = printers or Printers()
        self._reader = PdfReader()

    def print_receipts(self, payments: Sequence[Payment]) -> None:
        """打印收据: asks for the printer, issues into the office's own folder, then prints that PDF."""
        desk = self._desk
        if not self._may(payments):
            return
        try:
            printer = self._printers.choose(_title(payments), len(payments), both_sides=False, parent=self._window)
            if printer is None:
                return
            folder = evidence_of(desk.office.path) / PRINTED_FOLDER
            with file_errors("收据", folder):
                folder.mkdir(parents=True, exist_ok=True)
        except NoPrinter:
            desk.messages.say(
                "没有找到打印机，收据还没有出，编号也没有占用。",
                "款已经记好。接好打印机后按 Ctrl+P，或按 Ctrl+S 存为 PDF。",
                self._window,
            )
            return
        except FeeDeskError as error:
            desk.messages.tell(error, self._window)
            return
        self._issue(payments, free_name(folder / file_name(payments)), printer)

    def save_receipts(self, payments: Sequence[Payment]) -> None:
        """存为 PDF: asks for the file, then issues."""
        desk = self._desk
        if not self._may(payments):
            return
        proposed = desk.settings.folder("receipts") / file_name(payments)
        target = desk.messages.save_file("收据存为 PDF", proposed, "PDF (*.pdf)", self._window)
        if target is not None:
            desk.settings.remember_folder("receipts", target.parent)
            self._issue(payments, target, None)

    def _may(self, payments: Sequence[Payment]) -> bool:
        if not payments:
            self._desk.messages.note("先选一笔收款，再打收据。")
        elif self._desk.jobs.busy:
            self._desk.messages.note("正在处理一件较长的事，请等它做完再打收据。")
        else:
            return True
        return False

    def _issue(self, payments: Sequence[Payment], target: Path, printer: QPrinter | None) -> None:
        from feedesk.tasks.receipts import receipts_pdf  # reportlab: 0.1 s that opening the page need not wait for

        desk, fonts, ids = self._desk, self._desk.fonts, [payment.id for payment in payments]

        def work(office: Office, tick: Tick) -> Changes:
            return receipts_pdf(office, ids, target, fonts, tick)

        def done(changes: Changes) -> None:
            desk.changed.emit(changes)
            self.issued.emit(target)
            if printer is None:
                desk.messages.note(f"收据已存：{target.name}")
            else:
                self._print(target, printer)

        def failed(error: FeeDeskError) -> None:
            desk.messages.tell(error, self._window)
            if isinstance(error, Cancelled):
                desk.messages.note("已取消：收据没有出，编号没有占用。")

        desk.in_background(work, done, "正在生成收据", failed)

    def _print(self, path: Path, printer: QPrinter) -> None:
        reader, messages = self._reader, self._desk.messages

        def done(_pages: int) -> None:
            messages.note(f"收据已送到打印机“{printer.printerName() or '文件'}”。")

        def failed(error: FeeDeskError) -> None:
            why = "打印中途停下了，可能已送出几张。" if isinstance(error, Cancelled) else error.text
            messages.say(why, f"{error.hint}收据已编号存档，PDF 在 {path}，可再打印。", self._window)

        self._desk.jobs.start(lambda tick: print_pdf(reader, path, printer, tick), done, failed, "正在把收据送到打印机")


def _title(payments: Sequence[Payment]) -> str:
    return f"收据 {payments[0].rooms[0]}" if len(payments) == 1 else f"{len(payments)} 张收据"


def file_name(payments: Sequence[Payment]) -> str:
    """「收据-SJ2026-00012.pdf」 for a reprint; before there is a number 「收据-3-2-1502-2026-11-17.pdf」."""
    first = payments[0]
    if len(payments) > 1:
        return f"收据-{first.at:%Y-%m-%d}-{len(payments)}张.pdf"
    if first.receipt_no:
        return f"收据-{first.receipt_no}.pdf"
    room = "".join(char for char in first.rooms[0] if char not in '\\/:*?"<>|')
    return f"收据-{room}-{first.paid_on.isoformat()}.pdf"
