"""Paints the cells of every record table: 32 px rows, hairlines, current row, marks, tags, boxes."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QToolTip

from feedesk.ui import icons
from feedesk.ui.table_model import CELL_ROLE, Align, Cell, RecordTableModel
from feedesk.ui.theme import COLOURS, Tone, font, text_colour

_PAD = 8
_MARK = 14
_BOX = 15
Index = QModelIndex | QPersistentModelIndex


class RecordDelegate(QStyledItemDelegate):
    """One delegate for all tables; it takes ready `Cell`s and knows nothing of their meaning."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._metrics: dict[bool, QFontMetrics] = {}
        # A table paints some two hundred cells after each keystroke of a search: what can be kept is kept.
        self._fonts: dict[tuple[int, bool, bool], QFont] = {}
        self._inks: dict[Tone, QColor] = {}
        self.hover_row = -1
        """The row under the mouse, kept by the view."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Rows have one height; widths come from the column specs."""
        return QSize(40, 32)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairline, bar of the current row, then the cell."""
        rect: QRect = option.rect
        current = self._view.currentIndex().row() == index.row()
        ground = COLOURS.surface
        if current:
            ground = COLOURS.azure_select
        elif self.hover_row == index.row():
            ground = COLOURS.hover
        painter.save()
        painter.fillRect(rect, QColor(ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(COLOURS.line))
        if current and self._is_first(index):
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(COLOURS.azure))
        model = index.model()
        if isinstance(model, RecordTableModel):
            # Asked directly: a way through Qt's roles would cost three conversions a cell.
            spec = model.spec(index.column())
            if spec is None:
                self._paint_box(painter, rect, model.is_checked(index.row()))
            else:
                self._paint_cell(painter, rect, spec.cell(model.record(index.row())), spec.align.value)
        if current and self._view.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(QColor(COLOURS.azure), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The cell's own tooltip, or the whole text when it did not fit."""
        cell = index.data(CELL_ROLE) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or not isinstance(cell, Cell):
            return super().helpEvent(event, view, option, index)
        rect: QRect = option.rect
        said = cell.tooltip or (cell.text if self.is_cut(cell, rect.width()) else "")
        QToolTip.showText(event.globalPos() if said else QPoint(), said, view)
        return True

    def width_for(self, text: str) -> int:
        """The column width at which bold words like these are whole."""
        return self._fm(True).horizontalAdvance(text) + 2 * _PAD + 2

    def is_cut(self, cell: Cell, width: int) -> bool:
        """Whether the words of `cell` do not fit a column of this width."""
        return self._words_width(cell) > width - 2 * _PAD - (_MARK + 6 if cell.mark or cell.icon else 0)

    def editorEvent(
        self, _event: QEvent, _model: QAbstractItemModel, _option: QStyleOptionViewItem, _index: Index
    ) -> bool:
        """Clicks are the view's business."""
        return False

    def _fm(self, bold: bool) -> QFontMetrics:
        if bold not in self._metrics:
            self._metrics[bold] = QFontMetrics(font(13, bold=bold))
        return self._metrics[bold]

    def _font(self, px: int, *, bold: bool, strike: bool = False) -> QFont:
        key = (px, bold, strike)
        if key not in self._fonts:
            self._fonts[key] = font(px, bold=bold, strike=strike)
        return self._fonts[key]

    def _ink(self, tone: Tone) -> QColor:
        if tone not in self._inks:
            self._inks[tone] = text_colour(tone)
        return self._inks[tone]

    def _words_width(self, cell: Cell) -> int:
        return self._fm(cell.bold).horizontalAdvance(cell.text)

    def _is_first(self, index: Index) -> bool:
        return all(self._view.isColumnHidden(column) for column in range(index.column()))

    def _paint_box(self, painter: QPainter, rect: QRect, on: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = _BOX
        box = QRect(rect.left() + (rect.width() - side) // 2 + 1, rect.top() + (rect.height() - side) // 2, side, side)
        painter.setPen(QPen(QColor(COLOURS.azure if on else COLOURS.edge), 1))
        painter.setBrush(QColor(COLOURS.azure if on else COLOURS.surface))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if on:
            icons.draw(painter, "check-on", "", 13, box.left() + 1, box.top() + 1)

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: Cell, align: Qt.AlignmentFlag) -> None:
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if cell.mark or cell.icon:
            name = icons.mark_name(cell.mark) if cell.mark else cell.icon
            tint = "" if cell.mark else self._ink(cell.tone).name().upper()
            top = rect.top() + (rect.height() - _MARK) // 2
            icons.draw(painter, name, tint, _MARK, inner.left(), top)
            inner.setLeft(inner.left() + _MARK + 6)
        if cell.tag:
            self._paint_tag(painter, rect, inner, cell, align)
            return
        tone = Tone.CAPTION if cell.strike else cell.tone
        painter.setPen(self._ink(tone))
        painter.setFont(self._font(13, bold=cell.bold, strike=cell.strike))
        painter.drawText(inner, int(align | Qt.AlignmentFlag.AlignVCenter), self.fitting(cell, inner.width()))

    def fitting(self, cell: Cell, width: int) -> str:
        """The words of a cell for so many logical pixels: the longest that fit, cut only when none do."""
        metrics = self._fm(cell.bold)
        ways = (cell.text, *cell.shorter)
        fits = next((words for words in ways if metrics.horizontalAdvance(words) <= width), None)
        return metrics.elidedText(ways[-1], Qt.TextElideMode.ElideRight, width) if fits is None else fits

    def _paint_tag(self, painter: QPainter, rect: QRect, inner: QRect, cell: Cell, align: Qt.AlignmentFlag) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = max(20, self._fm(True).horizontalAdvance(cell.tag) + 10)
        left = inner.left()
        if align & Align.CENTRE.value:
            left = rect.left() + (rect.width() - wide) // 2
        box = QRect(left, rect.top() + (rect.height() - 20) // 2, wide, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(COLOURS.cinnabar_tint if cell.tag_alert else COLOURS.sunken))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(COLOURS.cinnabar if cell.tag_alert else COLOURS.ink))
        painter.setFont(self._font(12, bold=True))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), cell.tag)
