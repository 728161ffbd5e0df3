"""The matrix of the library for one channel: debtor type by step, every cell filled or empty for a reason."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts.matrix import FILLED_LABELS, Cell, CellFill, Filled, Matrix
from feedesk.ui.theme import COLOURS, font

_NAME, _HEAD, _WIDE, _HIGH = 140, 22, 21, 25
_TYPES, _STEPS = tuple(DebtorType), tuple(Step)


class ScriptMatrix(QWidget):
    """Shows which cells have words; arrows or a click choose one.

    Signals:
        picked: (debtor type, step) of the cell chosen by the user.
    """

    picked = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("话术矩阵：类型和阶段")
        self._matrix: Matrix | None = None
        self._channel = Channel.PHONE
        self._at: tuple[DebtorType | None, Step | None] = (None, None)

    def show_matrix(self, matrix: Matrix, channel: Channel) -> None:
        """Show the cells of this channel."""
        self._matrix, self._channel = matrix, channel
        self._describe()
        self.update()

    def choose(self, debtor_type: DebtorType | None, step: Step | None) -> None:
        """Mark a cell, a whole row or a whole column; emits nothing."""
        self._at = (debtor_type, step)
        self._describe()
        self.update()

    def fill_of(self, debtor_type: DebtorType, step: Step) -> CellFill | None:
        """How a cell of the channel shown stands."""
        return self._matrix.cells.get(Cell(debtor_type, step, self._channel)) if self._matrix else None

    def counts(self) -> str:
        """「本类专写 24 · 几类共用 66 · 不设话术 40」 of the channel shown; 还没有 only while there are such cells."""
        if self._matrix is None:
            return ""
        states = [fill.state for cell, fill in self._matrix.cells.items() if cell.channel is self._channel]
        shown = (Filled.OWN, Filled.SHARED, Filled.EMPTY, Filled.MISSING)
        return " · ".join(f"{FILLED_LABELS[one]} {states.count(one)}" for one in shown if one in states)

    def sizeHint(self) -> QSize:
        """Names, heads and all cells."""
        return QSize(_NAME + _WIDE * len(_STEPS) + 2, _HEAD + _HIGH * len(_TYPES) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk."""
        way = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
        }.get(Qt.Key(event.key()))  # fmt: skip
        if way is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        kind, step = self._at
        row = _TYPES.index(kind) + way[0] if kind is not None else 0
        column = _STEPS.index(step) + way[1] if step is not None else 1
        self._pick(_TYPES[max(0, min(len(_TYPES) - 1, row))], _STEPS[max(0, min(len(_STEPS) - 1, column))])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses; on the cell that is chosen it takes the choice back."""
        cell = self._cell_at(event.position())
        if cell is None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if cell == self._at:
            self._pick(None, None)
        else:
            self._pick(*cell)

    def event(self, event: QEvent) -> bool:
        """On hover: what lies in the cell, or why nothing does."""
        if isinstance(event, QHelpEvent):
            cell = self._cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._told(*cell) if cell else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names, heads, and a shape in each cell: full for the type's own, ring for shared, dash for none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        kind, step = self._at
        for row, one in enumerate(_TYPES):
            box = QRect(0, _HEAD + row * _HIGH, _NAME - 6, _HIGH)
            painter.setPen(QColor(COLOURS.azure_deep if one is kind else COLOURS.ink2))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), DEBTOR_TYPE_LABELS[one])
        for column, place in enumerate(_STEPS):
            box = QRect(_NAME + column * _WIDE, 0, _WIDE, _HEAD)
            painter.setPen(QColor(COLOURS.azure_deep if place is step else COLOURS.ink3))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), STEP_LABELS[place].split(" ")[0])
        for row, one in enumerate(_TYPES):
            for column, place in enumerate(_STEPS):
                self._paint_cell(painter, one, place, self._box(row, column))

    def _paint_cell(self, painter: QPainter, one: DebtorType, place: Step, box: QRect) -> None:
        kind, step = self._at
        chosen = (one, place) == self._at
        within = (kind is one and step is None) or (step is place and kind is None)
        painter.setPen(QPen(QColor(COLOURS.line), 1))
        painter.setBrush(QColor(COLOURS.azure_select if chosen or within else COLOURS.surface))
        painter.drawRect(box)
        if chosen:
            painter.setPen(QPen(QColor(COLOURS.azure), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        fill = self.fill_of(one, place)
        centre = QPointF(box.center()) + QPointF(0.5, 0.5)
        state = fill.state if fill else Filled.MISSING
        if state is Filled.OWN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS.azure))
            painter.drawEllipse(centre, 4.5, 4.5)
        elif state is Filled.SHARED:
            painter.setPen(QPen(QColor(COLOURS.azure), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 3.8, 3.8)
        elif state is Filled.EMPTY:
            painter.setPen(QPen(QColor(COLOURS.ghost), 1.4))
            painter.drawLine(centre - QPointF(3, 0), centre + QPointF(3, 0))
        else:
            painter.setPen(QColor(COLOURS.ochre))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "缺")

    def _box(self, row: int, column: int) -> QRect:
        return QRect(_NAME + column * _WIDE, _HEAD + row * _HIGH, _WIDE, _HIGH)

    def _cell_at(self, at: QPointF) -> tuple[DebtorType, Step] | None:
        column, row = int(at.x() - _NAME) // _WIDE, int(at.y() - _HEAD) // _HIGH
        if at.x() < _NAME or at.y() < _HEAD or not (column < len(_STEPS) and row < len(_TYPES)):
            return None
        return _TYPES[row], _STEPS[column]

    def _pick(self, kind: DebtorType | None, step: Step | None) -> None:
        self.choose(kind, step)
        self.picked.emit(kind, step)

    def _told(self, kind: DebtorType, step: Step) -> str:
        fill = self.fill_of(kind, step)
        if fill is None:
            return ""
        return f"{Cell(kind, step, self._channel).text}\n{FILLED_LABELS[fill.state]}" + (
            f"：{fill.reason}" if fill.state is Filled.EMPTY else ""
        )

    def _describe(self) -> None:
        kind, step = self._at
        self.setAccessibleDescription(self._told(kind, step) if kind is not None and step is not None else "")
