"""A sheet of A4 to draw on, in millimetres from its top left corner; type sizes are in points."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, BinaryIO, Literal

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFStream, PDFZCompress
from reportlab.pdfgen.canvas import Canvas

from feedesk.reports import qr
from feedesk.reports.fonts import REGULAR, Fonts, printable
from feedesk.reports.wrapping import wrap_evenly

MM = 72 / 25.4
WIDTH = 210.0
HEIGHT = 297.0
_PAGE_WIDTH, _PAGE_HEIGHT = A4

Align = Literal["left", "right", "center"]


class _BinaryCanvas(Canvas):  # type: ignore[misc] # ReportLab has no types
    """A canvas whose streams are packed at once and never written as ASCII, which would cost a quarter more.

    ReportLab knows this only as a setting for the whole process.
    """

    def _setAnnotations(self, page: Any) -> None:
        super()._setAnnotations(page)  # ReportLab calls this for every finished page and form
        packed = PDFStream(content=page.stream, filters=[PDFZCompress])
        page.Contents, page.stream, page.compression = packed, None, 0


class Paper:
    """Draws pages and writes them as a PDF. The same drawing gives the same bytes, whenever and wherever."""

    def __init__(self, out: BinaryIO, fonts: Fonts, title: str, author: str = "") -> None:
        self.fonts = fonts
        fonts.width(" ", 1)  # registers the font that the canvas starts with
        self._canvas = _BinaryCanvas(
            out, pagesize=A4, pageCompression=1, invariant=1, initialFontName=REGULAR, initialFontSize=10, lang="zh-CN"
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject("")
        self._canvas.setCreator("FeeDesk")
        self._forms: dict[str, str] = {}
        self._codes: dict[str, tuple[int, str]] = {}
        self._wrapped: dict[tuple[str, float, float], list[str]] = {}
        self._begin()

    def _begin(self) -> None:
        self._text = self._canvas.beginText()
        self._font: tuple[str, float] | None = None
        self._grey = 0.0

    # -- text

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        grey: float = 0,
        spaced: float = 0,
    ) -> float:
        """Draw one line with its baseline at `y`; returns the x of its right end. `spaced`: points between letters."""
        text = printable(text)
        wide = self.fonts.width(text, size, bold) / MM if align != "left" else None
        left = x if wide is None else x - (wide if align == "right" else wide / 2)
        out = self._text
        if grey != self._grey:
            out.setFillGray(grey)
            self._grey = grey
        out.setTextOrigin(round(left * MM, 2), round(_PAGE_HEIGHT - y * MM, 2))
        if spaced:
            out.setCharSpace(spaced)
        runs = self.fonts.runs(text, bold)
        for name, piece in runs[:-1]:
            self._set_font(name, size)
            out.textOut(piece)
        self._set_font(runs[-1][0], size)
        out.textLine(runs[-1][1])
        if spaced:
            out.setCharSpace(0)
        return left + (wide if wide is not None else self.fonts.width(text, size, bold) / MM)

    def _set_font(self, name: str, size: float) -> None:
        if self._font != (name, size):
            self._text.setFont(name, size)
            self._font = (name, size)

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text in millimetres."""
        return self.fonts.width(printable(text), size, bold) / MM

    def wrap(self, text: str, width: float, size: float) -> list[str]:
        """The lines of a text in a width; remembered, for most paragraphs of a batch are the same."""
        key = (text, width, size)
        found = self._wrapped.get(key)
        if found is None:
            points = width * MM
            # line ends are kept here and blanks elsewhere
            clean = "\n".join(printable(part) for part in text.splitlines())
            found = self._wrapped[key] = wrap_evenly(clean, points, lambda piece: self.fonts.width(piece, size))
        return found

    # -- shapes

    def line(self, x1: float, y1: float, x2: float, y2: float, points: float = 0.4, *, grey: float = 0) -> None:
        """A straight line of the given thickness."""
        low, high = _PAGE_HEIGHT - y1 * MM, _PAGE_HEIGHT - y2 * MM
        # as a literal: a table has dozens, and the canvas sets pen and path piece by piece
        self._canvas.addLiteral(f"{points:g} w {grey:g} G {x1 * MM:.2f} {low:.2f} m {x2 * MM:.2f} {high:.2f} l S")

    def box(
        self, x: float, y: float, wide: float, high: float, points: float = 0.6, *, radius: float = 0, grey: float = 0
    ) -> None:
        """An outlined box with its top left corner at (x, y)."""
        self._pen(points, grey)
        low = _PAGE_HEIGHT - (y + high) * MM
        if radius:
            self._canvas.roundRect(x * MM, low, wide * MM, high * MM, radius * MM)
        else:
            self._canvas.rect(x * MM, low, wide * MM, high * MM)

    def shade(self, x: float, y: float, wide: float, high: float, grey: float) -> None:
        """A filled box without an outline."""
        self._canvas.saveState()
        self._canvas.setFillGray(grey)
        self._canvas.rect(x * MM, _PAGE_HEIGHT - (y + high) * MM, wide * MM, high * MM, stroke=0, fill=1)
        self._canvas.restoreState()

    def circle(
        self, x: float, y: float, radius: float, points: float = 0.6, *, grey: float = 0, dashed: bool = False
    ) -> None:
        """A circle around (x, y)."""
        self._pen(points, grey)
        self._dash(dashed)
        self._canvas.circle(x * MM, _PAGE_HEIGHT - y * MM, radius * MM)
        self._dash(False)

    def dashes(self, x1: float, y: float, x2: float, points: float = 0.6) -> None:
        """A dashed horizontal line."""
        self._pen(points, 0)
        self._dash(True)
        self._canvas.line(x1 * MM, _PAGE_HEIGHT - y * MM, x2 * MM, _PAGE_HEIGHT - y * MM)
        self._dash(False)

    def _pen(self, points: float, grey: float) -> None:
        self._canvas.setLineWidth(points)
        self._canvas.setStrokeGray(grey)

    def _dash(self, on: bool) -> None:
        if on:
            self._canvas.setDash(2.4, 2.4)
        else:
            self._canvas.setDash()

    def stamp(self, x: float, y: float, text: str, size: float, *, degrees: float, grey: float = 0.5) -> None:
        """A framed word turned by `degrees` around (x, y), beneath the text of the page, which stays readable."""
        wide = self.fonts.width(text, size, bold=True)
        high = size * 1.5
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x * MM, _PAGE_HEIGHT - y * MM)
        canvas.rotate(degrees)
        canvas.setLineWidth(size / 14)
        canvas.setStrokeGray(grey)
        canvas.setFillGray(grey)
        canvas.roundRect(-wide / 2 - size * 0.4, -high / 2, wide + size * 0.8, high, size * 0.2)
        at = -wide / 2
        for name, piece in self.fonts.runs(text, bold=True):
            canvas.setFont(name, size)
            canvas.drawString(at, -size * 0.36, piece)
            at += canvas.stringWidth(piece, name, size)
        canvas.restoreState()

    def qr_code(self, x: float, y: float, side: float, text: str) -> None:
        """A QR code of `side` millimetres, its quiet zone outside, which the caller keeps white; empty: its place."""
        if not text:
            self.box(x, y, side, side, 0.5, grey=0.6)
            return
        if text not in self._codes:
            self._codes = {text: qr.path(text)}  # a notice draws its own three times, then never again
        count, operators = self._codes[text]
        scale = side * MM / count
        self._canvas.addLiteral(
            f"q {scale:.4f} 0 0 {scale:.4f} {x * MM:.2f} {_PAGE_HEIGHT - (y + side) * MM:.2f} cm {operators} Q"
        )

    def image(self, x: float, y: float, wide: float, high: float, image: ImageReader) -> None:
        """A picture, fitted into the box without changing its proportions, stored once in the document."""
        self._canvas.drawImage(
            image,
            x * MM,
            _PAGE_HEIGHT - (y + high) * MM,
            wide * MM,
            high * MM,
            preserveAspectRatio=True,
            anchor="c",
        )

    # -- parts that many pages share, and pages

    def form(self, key: str, draw: Callable[[], None], down: float = 0) -> None:
        """Place what `draw` draws, moved `down` millimetres; the drawing is made and stored once per `key`."""
        name = self._forms.get(key)
        if name is None:
            name = self._forms[key] = f"part{len(self._forms)}"  # plain ASCII: other names draw nothing
            kept = (self._text, self._font, self._grey)
            self._canvas.beginForm(name, 0, 0, _PAGE_WIDTH, _PAGE_HEIGHT + 72)  # ascenders may rise above its top
            self._begin()
            draw()
            self._canvas.drawText(self._text)
            self._canvas.endForm()
            self._text, self._font, self._grey = kept
        if down:
            self._canvas.saveState()
            self._canvas.translate(0, round(-down * MM, 2))
            self._canvas.doForm(name)
            self._canvas.restoreState()
        else:
            self._canvas.doForm(name)

    def end_page(self) -> None:
        """Finish the page; what follows stands on a new one."""
        self._canvas.drawText(self._text)
        self._canvas.showPage()
        self._begin()

    def save(self) -> None:
        """Write the document to the stream it was made for, which stays open."""
        self._canvas.save()


def picture(data: bytes) -> ImageReader:
    """A picture file made ready for `Paper.image`; raises OSError when it is no picture."""
    from PIL import Image

    with Image.open(BytesIO(data)) as found:
        found.load()
        flat = Image.new("RGB", found.size, "white")
        flat.paste(found, mask=found.convert("RGBA").getchannel("A"))
    flat.thumbnail((800, 800))
    grey = flat.convert("L")
    red, green, blue = flat.split()
    return ImageReader(grey if red.tobytes() == green.tobytes() == blue.tobytes() else flat)
