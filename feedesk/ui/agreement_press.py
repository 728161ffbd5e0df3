"""分期付款协议 from the window: written as a PDF from what was frozen with the plan; only that PDF goes to the printer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from feedesk.errors import Cancelled, FeeDeskError, file_errors
from feedesk.models.ledger.agreement import PlanAgreement
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.notice_press import free_name
from feedesk.ui.pdf_pages import PdfReader
from feedesk.ui.printing import NoPrinter, Printers, print_pdf

PRINTED_FOLDER = "打印过的协议"


class AgreementPress(QObject):
    """Prints and saves the paper of a plan on record, as often as it is asked for."""

    def __init__(self, desk: Desk, owner: QWidget, printers: Printers | None = None) -> None:
        super().__init__(owner)
        self._desk, self._window = desk, owner
        self._printers = printers or Printers()
        self._reader = PdfReader()

    def print_plan(self, plan_id: int) -> None:
        """打印协议: asks for the printer, writes into the office's own folder, then prints that PDF."""
        desk = self._desk
        try:
            name = _file_name(desk.office.plans.agreement(plan_id))
            printer = self._printers.choose(Path(name).stem, 2, both_sides=False, parent=self._window)
            if printer is None:
                return
            folder = evidence_of(desk.office.path) / PRINTED_FOLDER
            with file_errors("分期付款协议", folder):
                folder.mkdir(parents=True, exist_ok=True)
        except NoPrinter:
            desk.messages.say(
                "没有找到打印机，协议没有打印；分期已经记好。", "接好打印机再打，或存为 PDF 拿去打印。", self._window
            )
            return
        except FeeDeskError as error:
            desk.messages.tell(error, self._window)
            return
        self._write(plan_id, free_name(folder / name), printer)

    def save_plan(self, plan_id: int) -> None:
        """存为 PDF: asks for the file."""
        desk = self._desk
        try:
            name = _file_name(desk.office.plans.agreement(plan_id))
        except FeeDeskError as error:
            desk.messages.tell(error, self._window)
            return
        proposed = desk.settings.folder("agreements") / name
        target = desk.messages.save_file("协议存为 PDF", proposed, "PDF (*.pdf)", self._window)
        if target is not None:
            desk.settings.remember_folder("agreements", target.parent)
            self._write(plan_id, target, None)

    def _write(self, plan_id: int, target: Path, printer: QPrinter | None) -> None:
        from feedesk.tasks.agreements import agreement_pdf  # reportlab: needed only now

        desk, fonts = self._desk, self._desk.fonts

        def work(office: Office, _tick: Tick) -> PlanAgreement:
            return agreement_pdf(office, plan_id, target, fonts)

        def done(_agreement: PlanAgreement) -> None:
            if printer is None:
                desk.messages.note(f"协议已存：{target.name}")
            else:
                self._print(target, printer)

        desk.in_background(work, done, "正在生成分期付款协议")

    def _print(self, path: Path, printer: QPrinter) -> None:
        reader, messages = self._reader, self._desk.messages

        def done(_pages: int) -> None:
            messages.note(f"协议已送到打印机“{printer.printerName() or '文件'}”。")

        def failed(error: FeeDeskError) -> None:
            why = "打印中途停下了。" if isinstance(error, Cancelled) else error.text
            messages.say(why, f"{error.hint}协议的 PDF 在 {path}，可再打印。", self._window)

        self._desk.jobs.start(lambda tick: print_pdf(reader, path, printer, tick), done, failed, "正在把协议送到打印机")


def _file_name(agreement: PlanAgreement) -> str:
    from feedesk.tasks.agreements import agreement_file_name

    return agreement_file_name(agreement)
