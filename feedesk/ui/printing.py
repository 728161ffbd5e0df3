"""Sending a finished PDF to a printer: choosing the printer, and drawing its pages there strip by strip."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError
from feedesk.ui.jobs import Tick
from feedesk.ui.pdf_pages import OpenPdf, PdfReader

PRINT_DPI = 300
"""Sharp enough for the smallest type and the QR codes; more only takes time."""
_ROUNDING = 1.001


class NoPrinter(FeeDeskError):
    """No printer is installed on this PC."""


class PrintFailed(FeeDeskError):
    """The printer took the job and then gave up."""


class Printers:
    """The printers of this PC and the system's dialog to choose one. Tests give one that prints into a file."""

    def choose(self, title: str, pages: int, *, both_sides: bool, parent: QWidget | None) -> QPrinter | None:
        """Ask for printer, copies and paper; None when given up. Raises `NoPrinter`.

        Which pages cannot be chosen: what has been numbered is printed whole.
        """
        if not QPrinterInfo.availablePrinterNames():
            raise NoPrinter(
                "没有找到打印机，催款单还没有出，编号也没有占用。",
                "接好打印机后再按打印；或先存为 PDF，拿到能打印的电脑上打。",
            )
        printer = prepared(QPrinter(QPrinter.PrinterMode.HighResolution), title, both_sides=both_sides)
        dialog = QPrintDialog(printer, parent)
        dialog.setWindowTitle(f"打印 {title}")
        dialog.setMinMax(1, pages)
        for option in (
            QAbstractPrintDialog.PrintDialogOption.PrintPageRange,
            QAbstractPrintDialog.PrintDialogOption.PrintSelection,
            QAbstractPrintDialog.PrintDialogOption.PrintCurrentPage,
        ):
            dialog.setOption(option, False)
        accepted = dialog.exec() == int(QPrintDialog.DialogCode.Accepted)
        dialog.deleteLater()
        return printer if accepted else None


def prepared(printer: QPrinter, title: str, *, both_sides: bool) -> QPrinter:
    """The printer set for our papers: A4, no margins of its own, both sides along the long edge when there are backs."""
    printer.setDocName(title)
    printer.setResolution(PRINT_DPI)
    paper = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(QPageLayout(paper, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)  # after the layout, which would take it back: our pages bring their own margins
    printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide if both_sides else QPrinter.DuplexMode.DuplexNone)
    return printer


def print_pdf(reader: PdfReader, path: Path, printer: QPrinter, tick: Tick) -> int:
    """Print every page of the PDF; returns their number. For a worker thread: no widget is touched.

    `tick` may raise `Cancelled`: the printer is then told to forget what it has. Raises `PrintFailed`.
    """
    with reader.open(path) as pdf:
        painter = QPainter()
        if not painter.begin(printer):
            raise PrintFailed(f"打印机“{printer.printerName()}”没有接受打印。", "请看它是否开着、有没有联机。")
        done = False
        try:
            for page in range(pdf.count):
                if page and not printer.newPage():
                    raise PrintFailed(
                        f"打印机“{printer.printerName()}”停在第 {page + 1} 页。", "请看它是否缺纸或脱机。"
                    )
                _draw_page(pdf, page, printer, painter)
                tick(page + 1, pdf.count)
            done = True
        finally:
            if not done:
                printer.abort()
            painter.end()
        if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
            raise PrintFailed(f"打印机“{printer.printerName()}”报告出错。", "请看它是否缺纸或脱机。")
        return pdf.count


def _draw_page(pdf: OpenPdf, page: int, printer: QPrinter, painter: QPainter) -> None:
    """The page in its true size on paper of that size or larger, and shrunk as a whole on smaller paper."""
    wide, high = pdf.pixels(page, PRINT_DPI)
    paper = printer.pageLayout().fullRectPixels(printer.resolution())
    true = printer.resolution() / PRINT_DPI
    # A pixel lost to rounding is no smaller paper: the size stays true then.
    scale = min(true, paper.width() / wide * _ROUNDING, paper.height() / high * _ROUNDING)
    left = (paper.width() - wide * scale) / 2
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < true)
    for top, strip in pdf.strips(page, PRINT_DPI):
        painter.drawImage(QRectF(left, top * scale, strip.width() * scale, strip.height() * scale), strip)
