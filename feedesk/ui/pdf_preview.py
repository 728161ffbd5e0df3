"""The very page that will be printed, beside the list: one page at a time, turned by PgUp and PgDn, zoomed by one key.

A notice takes about 30 ms to set and 10 ms to draw (measured at 1100 pixels), so it is done on the window's thread;
a short pause first lets a held arrow key run through the list without drawing what nobody sees.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.ui.pdf_pages import PdfReader
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import ElidedLabel, IconButton, KeyButton, label

_PAUSE_MS = 30
_KEPT_PAPERS = 12
_KEPT_PICTURES = 6
_EDGE = 14
_A4_WIDE, _A4_HIGH = 595.28, 841.89
_READING_WIDTH = 794
"""Zoomed, a page is as wide as on paper at 96 dpi."""


class _Sheet(QWidget):
    """The drawn page with a hairline round it."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._ratio = 1.0

    @property
    def image(self) -> QImage:
        """The page as drawn."""
        return self._image

    def show_image(self, image: QImage, ratio: float) -> None:
        """Show this page, drawn for a screen of this device pixel ratio."""
        self._image, self._ratio = image, ratio
        self.setFixedSize(round(image.width() / ratio), round(image.height() / ratio))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Page and hairline."""
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._image)
        painter.setPen(QPen(QColor(COLOURS.edge), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PdfPreview(QFrame):
    """Shows one paper; who owns it says what and is asked for the next one when the pages are at an end.

    Signals:
        beyond: the reader turned past the last (+1) or before the first page (−1).
        drawn: a page stands there now.
        list_asked: back to the list, where the preview takes its place.
    """

    beyond = Signal(int)
    drawn = Signal()
    list_asked = Signal()

    def __init__(self, reader: PdfReader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "preview")
        self._reader = reader
        self._papers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._pictures: OrderedDict[Hashable, QImage] = OrderedDict()
        self._key: Hashable | None = None
        self._make: Callable[[], bytes] | None = None
        self._page = self._pages = 0
        self._from_behind = self._zoomed = False
        self._place = ""
        self._held: QPoint | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._draw)

        self._title = ElidedLabel("", "muted")
        self.zoom_button = IconButton("search", "放大", key="Ctrl+=")
        self.zoom_button.clicked.connect(self.toggle_zoom)
        self.list_button = KeyButton("回到列表", key="Esc", kind="quiet")
        self.list_button.clicked.connect(self.list_asked)
        self.list_button.hide()
        self._sheet = _Sheet()
        self._problem = label("", "muted", wrap=True)
        self._problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area = QScrollArea()
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._sheet)
        self.area.viewport().installEventFilter(self)
        self._sheet.installEventFilter(self)
        self.back_button = KeyButton("", key="PgUp", kind="quiet")
        self.on_button = KeyButton("", key="PgDn", kind="quiet")
        self.back_button.clicked.connect(lambda: self.turn(-1))
        self.on_button.clicked.connect(lambda: self.turn(1))
        for button, words in ((self.back_button, "上一页"), (self.on_button, "下一页")):
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._count = label("", "strong")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(self._problem)
        self._stack.installEventFilter(self)

        for part in (self.back_button, self.on_button, self.zoom_button):
            keeps = part.sizePolicy()
            keeps.setRetainSizeWhenHidden(True)  # else the page would be drawn for a room that then shrinks
            part.setSizePolicy(keeps)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 4)
        head.setSpacing(8)
        head.addWidget(label("预览", "section"))
        head.addWidget(self._title, 1)
        head.addWidget(self.list_button)
        head.addWidget(self.zoom_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 2, 16, 6)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.back_button)
        foot.addWidget(self._count)
        foot.addWidget(self.on_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        self.show_nothing()

    # --- what is shown ---

    def show_paper(
        self, key: Hashable, title: str, make: Callable[[], bytes], place: str = "", *, last_page: bool = False
    ) -> None:
        """Show this paper from its first page, or from its last when it was turned to from behind.

        `key` tells papers apart: the same key is not made again. `place` is 「4 / 18」.
        """
        if key != self._key:
            self._key, self._make, self._page, self._pages = key, make, 0, 0
            self._from_behind = last_page
        self._title.setText(title)
        self._place = place
        self._later.start()

    def show_nothing(self, why: str = "") -> None:
        """No paper: an empty ground, or a sentence."""
        self._later.stop()
        self._key = self._make = None
        self._page = self._pages = 0
        self._title.setText("")
        self._place = ""
        self._say(why)

    def turn(self, by: int) -> None:
        """PgDn and PgUp: scroll to the end of a zoomed page first, then turn it, then ask for the next paper."""
        bar = self.area.verticalScrollBar()
        edge = bar.maximum() if by > 0 else bar.minimum()
        if self._zoomed and bar.value() != edge:
            bar.setValue(bar.value() + by * max(40, self.area.viewport().height() - 60))
            return
        if 0 <= self._page + by < self._pages:
            self._page += by
            self._draw(at_end=by < 0)
        elif self._pages:
            self.beyond.emit(by)

    def toggle_zoom(self) -> None:
        """Whole page, or as large as on paper."""
        self.set_zoomed(not self._zoomed)

    def set_zoomed(self, on: bool) -> None:
        """Large (True) or the whole page."""
        if on != self._zoomed:
            self._zoomed = on
            words = "整页" if on else "放大"
            self.zoom_button.setToolTip(f"{words}（{'Ctrl+-' if on else 'Ctrl+='}）")
            self.zoom_button.setAccessibleName(words)
            self._draw()

    @property
    def zoomed(self) -> bool:
        """Whether the page is shown large."""
        return self._zoomed

    def page(self) -> int:
        """The page of the paper in sight, from 0."""
        return self._page

    def pages(self) -> int:
        """How many pages the paper has; 0 until it is drawn."""
        return self._pages

    def place(self) -> str:
        """「4 / 18 · 正面」 as read."""
        return self._count.text()

    def title(self) -> str:
        """Whose paper it is."""
        return self._title.text()

    def problem(self) -> str:
        """Why there is no page; empty when there is one."""
        return self._problem.text()

    def picture(self) -> QImage:
        """The page as drawn."""
        return self._sheet.image

    def paper(self) -> bytes:
        """The PDF whose page is shown; empty when there is none."""
        return self._papers.get(self._key, b"")

    # --- Qt ---

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is drawn while out of sight: catch up."""
        super().showEvent(event)
        if self._make is not None:
            self._later.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A large page is moved by dragging; a double click changes the size."""
        if watched is self._stack and event.type() == QEvent.Type.Resize and self._make is not None:
            self._later.start()  # the page keeps to the room it has
        if isinstance(event, QMouseEvent) and watched in (self._sheet, self.area.viewport()):
            kind, at = event.type(), event.globalPosition().toPoint()
            if kind == QEvent.Type.MouseButtonDblClick:
                self.toggle_zoom()
                return True
            if kind == QEvent.Type.MouseButtonPress:
                self._held = at
            elif kind == QEvent.Type.MouseMove and self._held is not None:
                moved, self._held = self._held - at, at
                for bar, by in (
                    (self.area.verticalScrollBar(), moved.y()),
                    (self.area.horizontalScrollBar(), moved.x()),
                ):
                    bar.setValue(bar.value() + by)
            elif kind == QEvent.Type.MouseButtonRelease:
                self._held = None
        return super().eventFilter(watched, event)

    # --- inside ---

    def _draw(self, *, at_end: bool = False) -> None:
        self._later.stop()
        if self._make is None or not self.isVisible():
            return
        try:
            image = self._image()
        except FeeDeskError as error:
            self._say(str(error))
            return
        self._problem.setText("")
        self._stack.setCurrentWidget(self.area)
        self._sheet.show_image(image, self.devicePixelRatioF())
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.maximum() if at_end else bar.minimum())
        side = ""
        if self._pages > 1:
            side = ("正面", "背面")[self._page] if self._pages == 2 else f"第 {self._page + 1} 页，共 {self._pages} 页"
        self._count.setText(" · ".join(part for part in (self._place, side) if part))
        for button in (self.back_button, self.on_button, self.zoom_button):
            button.show()
        self.drawn.emit()

    def _image(self) -> QImage:
        paper = self._made()
        with self._reader.open(paper) as pdf:
            self._pages = pdf.count
            if self._from_behind:
                self._page, self._from_behind = pdf.count - 1, False
            self._page = min(self._page, pdf.count - 1)
            wide = self._wide()
            key = (self._key, self._page, wide)
            if key not in self._pictures:
                self._pictures[key] = pdf.image(self._page, wide)
        _forget(self._pictures, key, _KEPT_PICTURES)
        return self._pictures[key]

    def _made(self) -> bytes:
        if self._key not in self._papers and self._make is not None:
            self._papers[self._key] = self._make()
        _forget(self._papers, self._key, _KEPT_PAPERS)
        return self._papers[self._key]

    def _wide(self) -> int:
        """How many pixels of the screen the page is wide."""
        if self._zoomed:
            return round(_READING_WIDTH * self.devicePixelRatioF())
        room = self._stack.size()
        scale = min((room.width() - 2 * _EDGE) / _A4_WIDE, (room.height() - 6) / _A4_HIGH)
        return max(120, round(_A4_WIDE * scale * self.devicePixelRatioF()))

    def _say(self, why: str) -> None:
        self._problem.setText(why)
        self._stack.setCurrentWidget(self._problem)
        self._count.setText(self._place)
        for button in (self.back_button, self.on_button, self.zoom_button):
            button.hide()


def _forget(kept: OrderedDict[Hashable, Any], used: Hashable, most: int) -> None:
    """Keep the latest only."""
    kept.move_to_end(used)
    while len(kept) > most:
        kept.popitem(last=False)
