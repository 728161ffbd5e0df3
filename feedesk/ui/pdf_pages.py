"""PDF pages as pictures, for the preview and for the printer.

PDFium knows nothing of threads: a page drawn for the preview while another thread prints would end the process. So
everybody who draws shares one `PdfReader`, and it lets one call in at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pypdfium2
from PySide6.QtGui import QImage

from feedesk.errors import BadInput, file_errors

POINTS_PER_INCH = 72
_STRIP_PIXELS = 2_000_000
"""A page at 300 dpi is 35 MB; drawn in strips of this many pixels it never takes more than 8."""


class PdfReader:
    """Opens PDFs; shared by all who draw, because only one may at a time."""

    def __init__(self) -> None:
        self._turn = Lock()

    @contextmanager
    def open(self, source: bytes | Path) -> Iterator[OpenPdf]:
        """A PDF in memory or on disk, for as long as the block lasts; raises `BadInput` when it is none."""
        if isinstance(source, Path):
            with file_errors("PDF", source):
                source = source.read_bytes()
        with self._turn:
            try:
                document = pypdfium2.PdfDocument(source)
            except pypdfium2.PdfiumError as error:
                raise BadInput("这份 PDF 打不开，可能已损坏。", "请重新生成一份。") from error
        try:
            yield OpenPdf(document, self._turn)
        finally:
            with self._turn:
                document.close()


class OpenPdf:
    """An open document; made by `PdfReader.open`. Sizes in points, pictures in pixels."""

    def __init__(self, document: Any, turn: Lock) -> None:
        self._document = document
        self._turn = turn
        with turn:
            self.count = len(document)

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        with self._turn:
            width, height = self._document.get_page_size(page)
            return float(width), float(height)

    def image(self, page: int, width: int) -> QImage:
        """The whole page, `width` pixels wide."""
        return self._draw(page, width / self.size(page)[0], (0, 0, 0, 0))

    def pixels(self, page: int, dpi: int) -> tuple[int, int]:
        """Width and height of a page in pixels at this resolution."""
        width, height = self.size(page)
        return math.ceil(width * dpi / POINTS_PER_INCH), math.ceil(height * dpi / POINTS_PER_INCH)

    def strips(self, page: int, dpi: int) -> Iterator[tuple[int, QImage]]:
        """The page from top to bottom in strips, each with the row of pixels it begins at."""
        scale = dpi / POINTS_PER_INCH
        width, height = self.pixels(page, dpi)
        rows = max(1, _STRIP_PIXELS // width)
        for top in range(0, height, rows):
            below = max(0, height - top - rows)
            # PDFium's wrapper rounds up: half a pixel less lands exactly on the row meant.
            crop = (0, (below - 0.5) / scale if below else 0, 0, (top - 0.5) / scale if top else 0)
            yield top, self._draw(page, scale, crop)

    def _draw(self, page: int, scale: float, crop: tuple[float, float, float, float]) -> QImage:
        with self._turn:
            sheet = self._document[page]
            try:
                bitmap = sheet.render(scale=scale, crop=crop, prefer_bgrx=True)
                try:
                    data, width, height, stride = bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride
                finally:
                    bitmap.close()
            finally:
                sheet.close()
        return QImage(data, width, height, stride, QImage.Format.Format_RGB32).copy()
