"""The table of records: keyboard first, current row and checked rows kept apart, selection by id.

`Cell`, `Column`, `Align` and `RecordTableModel` are re-exported, so that pages import tables from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Generic

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from feedesk.ui import clipboard
from feedesk.ui.table_delegate import RecordDelegate
from feedesk.ui.table_model import CELL_ROLE, Align, Cell, Column, LazyRows, R, RecordTableModel
from feedesk.ui.theme import COLOURS

__all__ = ["CELL_ROLE", "Align", "Cell", "Column", "RecordTableModel", "RecordTableView"]

_CHECK_WIDTH = 34
_LEAST = 60
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class RecordTableView(QTableView, Generic[R]):
    """Shows a `RecordTableModel`; speaks in ids.

    Signals:
        current_changed: id of the current row, or None when there is none.
        row_entered: id of the current row; Enter or a double click.
        typed: a character typed on the table, meant for the search field.
        order_asked: sort key of a header the user clicked.
    """

    current_changed = Signal(object)
    row_entered = Signal(object)
    typed = Signal(str)
    order_asked = Signal(str)

    def __init__(self, model: RecordTableModel[R], *, row_height: int = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records = model
        self._told: int | None = None
        self._window_width = 10_000
        self._needed: dict[str, int] = {}
        self.setModel(model)
        self._painter = RecordDelegate(self)
        self.setItemDelegate(self._painter)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(row_height)
        self.verticalHeader().setDefaultSectionSize(row_height)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        header.setFixedHeight(30)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._on_header)
        self.fit_columns()

    # --- rows ---

    def show_rows(self, rows: Iterable[R] | LazyRows) -> None:
        """Show these records. The current row stays with its id; if that is gone, with its place."""
        keep, place = self.current_id(), self.currentIndex().row()
        self._records.set_rows(rows)
        at = self._records.row_of(keep)
        if at < 0 and place >= 0:
            at = min(place, self._records.rowCount() - 1)
        self._go(at)
        self._tell()

    def current_id(self) -> int | None:
        """The id of the current row."""
        return self._records.id_at(self.currentIndex().row())

    def current_record(self) -> R | None:
        """The record of the current row."""
        row = self.currentIndex().row()
        return self._records.record(row) if 0 <= row < self._records.rowCount() else None

    def choose(self, row_id: int | None) -> bool:
        """Make the row with this id current; False when it is not shown."""
        at = self._records.row_of(row_id)
        self._go(at)
        return at >= 0

    def choose_row(self, row: int) -> None:
        """Make the row with this number current; out of range means none."""
        self._go(row if 0 <= row < self._records.rowCount() else -1)

    def step(self, by: int) -> bool:
        """Move the current row by so many rows; False at the end."""
        row = self.currentIndex().row() + by
        if not 0 <= row < self._records.rowCount():
            return False
        self._go(row)
        return True

    # --- columns ---

    def fit_columns(self, window_width: int | None = None) -> None:
        """Give each column its width; hide those that this window width has no room for."""
        if window_width is not None:
            self._window_width = window_width
        widths: dict[int, int] = {}
        for section in range(self._records.columnCount()):
            spec = self._records.spec(section)
            hidden = spec is not None and self._window_width < spec.hide_below
            if self.isColumnHidden(section) != hidden:
                self.setColumnHidden(section, hidden)
            if not hidden:
                wanted = 0 if spec is None or not spec.width else self._needed.get(spec.title, 0)
                widths[section] = _CHECK_WIDTH if spec is None else max(spec.width, wanted)
        self._share(widths)
        for section, width in widths.items():
            self.horizontalHeader().resizeSection(section, width)

    def _share(self, widths: dict[int, int]) -> None:
        """Give what is left to the column that takes it; where room is short, words give way, figures never."""
        specs = {section: self._records.spec(section) for section in widths}
        taker = next((section for section, width in widths.items() if width == 0), -1)
        spare = next((section for section, spec in specs.items() if spec is not None and spec.grows), -1)
        rest = self.viewport().width() - sum(widths.values()) - (_LEAST if taker >= 0 else 0)
        for section, spec in specs.items():
            if rest < 0 and spec is not None and spec.width and spec.align is not Align.RIGHT:
                least = min(_LEAST, spec.width) if spec.grows else spec.width
                cut = min(widths[section] - least, -rest)
                widths[section] -= cut
                rest += cut
        if taker >= 0:
            widths[taker] = _LEAST + max(0, rest)
        elif spare >= 0:
            widths[spare] += max(0, rest)

    def keep_whole(self, needed: Mapping[str, str]) -> None:
        """Widen columns, by title, so that these texts (the longest they hold) are never cut."""
        self._needed = {title: self._painter.width_for(text) for title, text in needed.items()}
        self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column without a width takes the rest."""
        super().resizeEvent(event)
        self.fit_columns()

    # --- keys and mouse ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space checks, Shift+↑↓ check on the way, Ctrl+A all, Ctrl+C copies, Enter opens, letters go to the search."""
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = held == Qt.KeyboardModifier.NoModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if key is Qt.Key.Key_Space and plain and self._records.checkable:
            self._toggle_current()
        elif key in _STEPS and held == shift and self._records.checkable:
            self._check_and_step(1 if key is Qt.Key.Key_Down else -1)
        elif key is Qt.Key.Key_A and held == control and self._records.checkable:
            self._records.check_all()
        elif key is Qt.Key.Key_C and held == control:
            self.copy_rows()
        elif key in _ENTER and plain and self.current_id() is not None:
            self.row_entered.emit(self.current_id())
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and plain:
            self.choose_row(0 if key is Qt.Key.Key_Home else self._records.rowCount() - 1)
        elif held in (Qt.KeyboardModifier.NoModifier, shift) and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
        elif key is Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Qt's own search by typing is off: typing goes to the search field."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a box checks it and leaves the current row alone."""
        index = self.indexAt(event.position().toPoint())
        row_id = self._records.id_at(index.row()) if index.isValid() else None
        if row_id is not None and self._records.spec(index.column()) is None:
            if event.button() is Qt.MouseButton.LeftButton:
                self._records.toggle(row_id)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the row; on a box it is a second click."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._records.spec(index.column()) is None:
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.row_entered.emit(self.current_id())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the mouse is tinted."""
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse any more."""
        self._hover(-1)
        super().leaveEvent(event)

    def copy_rows(self) -> None:
        """Put the checked rows, or the current one, on the clipboard: as text with tabs and as a table.

        In the table every word cell is marked as text, so that a spreadsheet does not read room 3-1 as a date.
        """
        model = self._records
        rows = [model.row_of(model_id) for model_id in model.checked_ids() if model.row_of(model_id) >= 0]
        rows = sorted(rows) or ([self.currentIndex().row()] if self.current_id() is not None else [])
        specs = [spec for spec in model.columns if spec.copied]
        if not rows:
            return
        lines = [[spec.title for spec in specs]]
        for row in rows:
            cells = [spec.cell(model.record(row)) for spec in specs]
            lines.append([" ".join((cell.text or cell.tag).split()) for cell in cells])
        text = "\n".join("\t".join(line) for line in lines) + "\n"
        clipboard.put(text, _as_table(lines, [spec.align is Align.RIGHT for spec in specs]))

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        """A focus ring around the table when it has the focus but no current row."""
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(COLOURS.azure), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell the new current id, and paint both rows anew."""
        super().currentChanged(current, previous)
        self._paint_row(current.row())
        self._paint_row(previous.row())
        self._tell()

    # --- inside ---

    def _tell(self) -> None:
        now = self.current_id()
        if now != self._told:
            self._told = now
            self.current_changed.emit(now)

    def _go(self, row: int) -> None:
        if row < 0:
            self.setCurrentIndex(QModelIndex())
            return
        index = self._records.index(row, int(self._records.checkable))
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.scrollTo(index)

    def _toggle_current(self) -> None:
        row_id = self.current_id()
        if row_id is not None:
            self._records.toggle(row_id)

    def _check_and_step(self, by: int) -> None:
        row_id = self.current_id()
        if row_id is None:
            self.choose_row(0)
            return
        self._records.set_checked((row_id,))
        if self.step(by):
            self._records.set_checked(one for one in (self.current_id(),) if one is not None)

    def _hover(self, row: int) -> None:
        if row != self._painter.hover_row:
            left, self._painter.hover_row = self._painter.hover_row, row
            self._paint_row(left)
            self._paint_row(row)

    def _paint_row(self, row: int) -> None:
        if 0 <= row < self._records.rowCount():
            area = self.viewport()
            area.update(0, self.rowViewportPosition(row), area.width(), self.rowHeight(row))

    def _on_header(self, section: int) -> None:
        spec = self._records.spec(section)
        if spec is None:
            self._records.check_all()
        elif spec.sort_key:
            self.order_asked.emit(spec.sort_key)


def _as_table(lines: list[list[str]], numbers: list[bool]) -> str:
    """The lines as an HTML table; columns of words are marked as text for spreadsheets."""

    def row(line: list[str], tag: str) -> str:
        cells = (
            f"<{tag}>{escape(text)}</{tag}>"
            if number
            else f"<{tag} style=\"mso-number-format:'\\@'\">{escape(text)}</{tag}>"
            for text, number in zip(line, numbers, strict=True)
        )
        return f"<tr>{''.join(cells)}</tr>"

    head, *body = lines
    return f"<table>{row(head, 'th')}{''.join(row(line, 'td') for line in body)}</table>"
