"""The table of the first import step: the list's header above, our meaning below it, sample rows under both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from feedesk.models import money
from feedesk.models.arrears_list import ColumnMeaning, SheetReading
from feedesk.ui.import_meanings import (
    CHECK_MEANINGS,
    MONEY_MEANINGS,
    NUMERIC_MEANINGS,
    MeaningChoice,
    choices_for,
    is_chosen,
    meaning_words,
)
from feedesk.ui.theme import COLOURS, Tone, font, text_colour
from feedesk.ui.widgets import set_look

Index = QModelIndex | QPersistentModelIndex
_ROW = 28
_HEAD = 66
_PAD = 8
_NARROWEST, _WIDEST = 84, 200


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line of the preview. `number` 0: rows left out."""

    number: int
    cells: tuple[str, ...]
    why: str = ""
    """Why the row is not read; empty for a row that is."""
    refused: bool = False


def as_money(text: str) -> str:
    """An amount as all amounts are shown; what is no amount stays as the list writes it."""
    try:
        return money.show(money.parse(text)) if text else ""
    except money.AmountProblem:
        return text


class PreviewModel(QAbstractTableModel):
    """Cells as the list shows them, under its columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[ColumnMeaning, ...] = ()
        self.lines: tuple[PreviewRow, ...] = ()
        self.gaps: dict[int, tuple[int, int]] = {}
        """Row -> first section and number of empty cells that tell why the row is not read."""

    def show(self, columns: tuple[ColumnMeaning, ...], lines: Sequence[PreviewRow]) -> None:
        """Show these columns and lines."""
        self.beginResetModel()
        self.columns, self.lines = columns, tuple(lines)
        self.gaps = {row: gap for row, line in enumerate(self.lines) if (gap := self._gap(line)) is not None}
        self.endResetModel()

    def _gap(self, line: PreviewRow) -> tuple[int, int] | None:
        """The longest run of empty cells of a row that is not read; all of them for rows left out."""
        if not line.why or line.refused or not self.columns:
            return None
        if not line.number:
            return 0, len(self.columns)
        best, start = (0, 0), 0
        for section, column in enumerate(self.columns):
            if column.index < len(line.cells) and line.cells[column.index].strip():
                start = section + 1
            elif section + 1 - start > best[1]:
                best = (start, section + 1 - start)
        return best if best[1] else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Lines under the root only."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """The list's columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def text(self, row: int, section: int) -> str:
        """What stands in a cell."""
        line, at = self.lines[row], self.columns[section].index
        if row in self.gaps and self.gaps[row][0] == section:
            return line.why
        text = " ".join(line.cells[at].split()) if at < len(line.cells) else ""
        return as_money(text) if self.columns[section].meaning in MONEY_MEANINGS | CHECK_MEANINGS else text

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text, and the reason why a row is not read as tooltip."""
        if not index.isValid():
            return None
        if role == int(Qt.ItemDataRole.DisplayRole):
            return self.text(index.row(), index.column())
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            telling = index.row() in self.gaps and self.gaps[index.row()][0] == index.column()
            right = not telling and self.columns[index.column()].meaning in NUMERIC_MEANINGS
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == int(Qt.ItemDataRole.ToolTipRole):
            line = self.lines[index.row()]
            return line.why if line.number and line.why else self.text(index.row(), index.column()) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The list's own titles; its row numbers at the left."""
        if orientation is Qt.Orientation.Horizontal:
            if role == int(Qt.ItemDataRole.DisplayRole):
                return self.columns[section].title or "（没有列名）"
            return None
        if role == int(Qt.ItemDataRole.DisplayRole):
            return str(self.lines[section].number or "…")
        return None


class _Delegate(QStyledItemDelegate):
    """Cells with hairlines; rows that are not read stand on paper, in caption ink, with the reason at their end."""

    def __init__(self, view: QTableView, model: PreviewModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairlines, words."""
        rect: QRect = option.rect
        line = self._model.lines[index.row()]
        meaning = self._model.columns[index.column()].meaning
        quiet = bool(line.why) and not line.refused
        ground = COLOURS.paper if quiet else COLOURS.surface
        if not quiet and not line.refused and meaning in CHECK_MEANINGS:
            ground = "#FAF8F5"
        current = self._view.currentIndex()
        here = current.column() == index.column() and self._view.hasFocus()
        if here and not quiet:
            ground = COLOURS.hover
        painter.save()
        painter.fillRect(rect, QColor(ground))
        painter.setPen(QColor(COLOURS.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if line.refused and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height() - 1), QColor(COLOURS.cinnabar))
        if here and current.row() == index.row():
            painter.setPen(QPen(QColor(COLOURS.azure), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.setFont(font(13 if line.number else 12))
        painter.setPen(text_colour(Tone.CINNABAR if line.refused else Tone.CAPTION if quiet else Tone.INK))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        text = str(index.data() or "")
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        align = Qt.AlignmentFlag(index.data(int(Qt.ItemDataRole.TextAlignmentRole)))
        painter.drawText(inner, int(align), shown)
        painter.restore()


class _Combo(QComboBox):
    """A column's meaning. The wheel scrolls the table: a meaning must not change unseen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_look(self, size="small")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(2)
        self.setMaxVisibleItems(14)

    def wheelEvent(self, event: Any) -> None:
        """Leave it to the table."""
        event.ignore()

    def showPopup(self) -> None:
        """Wide enough for every entry."""
        metrics = QFontMetrics(font(13))
        wide = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        self.view().setMinimumWidth(max(self.width(), wide + 40))
        super().showPopup()


class MappingHeader(QHeaderView):
    """The list's titles with a drop-down under each.

    Signals:
        meant: section and the `MeaningChoice` a person picked.
    """

    meant = Signal(int, object)

    def __init__(self, model: PreviewModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._records, self._table = model, parent
        self._combos: list[_Combo] = []
        self.setFixedHeight(_HEAD)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(60)
        self.sectionResized.connect(lambda *_: self.place())

    def combo(self, section: int) -> QComboBox:
        """The drop-down of a section."""
        return self._combos[section]

    def offer(self, office_items: Sequence[str]) -> None:
        """Fill a drop-down for each column of the model."""
        columns = self._records.columns
        while len(self._combos) > len(columns):
            gone = self._combos.pop()
            gone.hide()
            gone.deleteLater()
        while len(self._combos) < len(columns):
            combo = _Combo(self.viewport())
            combo.activated.connect(lambda at, of=combo: self._picked(of, at))
            self._combos.append(combo)
        for combo, column in zip(self._combos, columns, strict=True):
            combo.blockSignals(True)
            combo.clear()
            for choice in choices_for(column, office_items, columns):
                combo.addItem(choice.words, choice)
                if is_chosen(choice, column):
                    combo.setItemText(combo.count() - 1, meaning_words(column))
                    combo.setCurrentIndex(combo.count() - 1)
            combo.setAccessibleName(f"“{column.title or '没有列名的一列'}”是")
            sure = "" if column.sure else "没有把握，请您看一眼。"
            combo.setToolTip(f"{column.title}：读作“{meaning_words(column)}”。{sure}")
            combo.blockSignals(False)
        # Tab goes from the table through its drop-downs, wherever they were made.
        before = self._table
        for combo in self._combos:
            QWidget.setTabOrder(before, combo)
            before = combo
        self.place()

    def place(self) -> None:
        """Put the drop-downs under their titles."""
        for section, combo in enumerate(self._combos):
            wide = self.sectionSize(section) - 10
            combo.setGeometry(self.sectionViewportPosition(section) + 5, _HEAD - 38, max(40, wide), 32)
            combo.setVisible(not self.isSectionHidden(section))

    def sizeHint(self) -> QSize:
        """Title and drop-down."""
        return QSize(super().sizeHint().width(), _HEAD)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """The title on the tint of its column; a column nobody is sure of says so."""
        column = self._records.columns[section]
        ground = COLOURS.surface
        if not column.sure:
            ground = COLOURS.ochre_tint
        elif column.meaning in MONEY_MEANINGS:
            ground = COLOURS.azure_tint
        elif column.meaning in CHECK_MEANINGS:
            ground = COLOURS.sunken
        painter.save()
        painter.fillRect(rect, QColor(ground))
        painter.setPen(QColor(COLOURS.line))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setPen(QColor("#B4AFA5"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(font(12, bold=not column.sure))
        painter.setPen(text_colour(Tone.MUTED if column.sure else Tone.OCHRE))
        words = title_words(column)
        inner = rect.adjusted(_PAD, 5, -4, 0)
        inner.setHeight(20)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    def _picked(self, combo: _Combo, at: int) -> None:
        section, choice = self._combos.index(combo), combo.itemData(at)
        if isinstance(choice, MeaningChoice) and not is_chosen(choice, self._records.columns[section]):
            self.meant.emit(section, choice)


def title_words(column: ColumnMeaning) -> str:
    """The title over a column; ? marks one that nobody is sure of."""
    words = column.title.replace("·", " · ") or "（没有列名）"
    return words if column.sure else f"? {words}"


class MappingTable(QTableView):
    """Sample rows under the mapping header. ←→ choose a column, Alt+↓ opens its drop-down.

    Signals:
        meant: column of the sheet (`ColumnMeaning.index`) and the `MeaningChoice` a person picked.
    """

    meant = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.records = PreviewModel(self)
        self.setModel(self.records)
        self.header = MappingHeader(self.records, self)
        self.setHorizontalHeader(self.header)
        self.header.meant.connect(self._on_meant)
        self.setItemDelegate(_Delegate(self, self.records))
        self.setProperty("role", "mapping")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("清单的列和头尾几行")
        side = self.verticalHeader()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(_ROW)
        side.setDefaultSectionSize(_ROW)
        side.setFixedWidth(40)
        side.setHighlightSections(False)
        side.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setCornerButtonEnabled(False)
        self._corner = QLabel("行", self)
        self._corner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._corner.setProperty("role", "corner")
        self.horizontalScrollBar().valueChanged.connect(lambda _: self.header.place())

    def show_sheet(self, sheet: SheetReading, lines: Sequence[PreviewRow], office_items: Sequence[str]) -> None:
        """Show a sheet with its mapping; the current column and the scroll position stay."""
        at, scroll = self.currentIndex().column(), self.horizontalScrollBar().value()
        same = [column.title for column in self.records.columns] == [column.title for column in sheet.columns]
        self.clearSpans()
        self.records.show(sheet.columns, lines)
        for row, (section, count) in self.records.gaps.items():
            if count > 1:
                self.setSpan(row, section, 1, count)
        self.header.offer(office_items)
        self.fit_columns()
        if self.records.columnCount() and self.records.rowCount():
            self.setCurrentIndex(self.records.index(0, at if same and at >= 0 else 0))
        if same:
            self.horizontalScrollBar().setValue(scroll)
        self.header.place()

    def fit_columns(self) -> None:
        """Wide enough for title, meaning and sample cells, within limits; a spare width is shared out."""
        plain, small = QFontMetrics(font(13)), QFontMetrics(font(12, bold=True))
        wanted = []
        for section, column in enumerate(self.records.columns):
            cells = max(
                (
                    plain.horizontalAdvance(self.records.text(row, section))
                    for row, line in enumerate(self.records.lines)
                    if line.number and not line.why
                ),
                default=0,
            )
            head = max(
                small.horizontalAdvance(title_words(column)), plain.horizontalAdvance(meaning_words(column)) + 40
            )
            wanted.append(max(_NARROWEST, min(_WIDEST, max(cells, head) + 2 * _PAD + 4)))
        spare = self.viewport().width() - sum(wanted)
        extra = max(0, spare) // len(wanted) if wanted else 0
        for section, width in enumerate(wanted):
            self.header.resizeSection(section, width + extra)
        if wanted and spare > 0:
            last = len(wanted) - 1
            self.header.resizeSection(last, self.header.sectionSize(last) + spare - extra * len(wanted))
        self.header.place()

    def open_meaning(self, section: int) -> None:
        """Open the drop-down of a section, scrolled into sight."""
        if 0 <= section < self.records.columnCount():
            if self.records.rowCount():
                self.setCurrentIndex(self.records.index(max(0, self.currentIndex().row()), section))
            combo = self.header.combo(section)
            combo.setFocus(Qt.FocusReason.OtherFocusReason)
            combo.showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+↓ and Space open the drop-down of the column; Enter and Esc belong to the dialog."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if (key is Qt.Key.Key_Down and held & Qt.KeyboardModifier.AltModifier) or key is Qt.Key.Key_Space:
            self.open_meaning(max(0, self.currentIndex().column()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Typing does not move about in the preview."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The whole column is tinted: paint anew."""
        super().currentChanged(current, previous)
        self.viewport().update()

    def resizeEvent(self, event: Any) -> None:
        """Share out the width anew; keep the corner in its place."""
        super().resizeEvent(event)
        self.fit_columns()
        self._corner.setGeometry(0, 0, self.verticalHeader().width(), _HEAD)

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew when enabled or disabled."""
        super().changeEvent(event)
        self.viewport().update()

    def _on_meant(self, section: int, choice: MeaningChoice) -> None:
        self.meant.emit(self.records.columns[section].index, choice)
