"""Below a batch: the units left out of it, one line each with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.notices import LeftOut
from feedesk.ui.notice_rows import left_out_columns
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.widgets import label

_ROW = 26
_MOST_SHORT = 2


class LeftOutTable(RecordTableView[LeftOut]):
    """Has a current row only while the keys are here: two current rows on one page would be one too many."""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The row is let go."""
        super().focusOutEvent(event)
        self.choose_row(-1)


class LeftOutStrip(QFrame):
    """How many units are left out, and why; nothing is seen of it when there are none.

    Signals:
        owner_asked: account id of the row entered.
    """

    owner_asked = Signal(int)

    def __init__(self, title: str, hint: str, most: int, parent: QWidget | None = None) -> None:
        """`title`: 「这次不出」; `most`: how many rows are seen at once in a window of full height."""
        super().__init__(parent)
        self._words, self._most = title, most
        self._is_short = False
        self.setProperty("role", "strip")
        self.model: RecordTableModel[LeftOut] = RecordTableModel(
            left_out_columns(), lambda row: row.account_id, parent=self
        )
        self.table = LeftOutTable(self.model, row_height=_ROW)
        self.table.setAccessibleName(f"{title}的户")
        self.table.horizontalHeader().hide()
        self.table.row_entered.connect(self._on_entered)
        self._title = label("", "section")
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 16, 2)
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(label(hint, "caption"))
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table)

    def show_rows(self, rows: Sequence[LeftOut]) -> None:
        """Show who is left out of this batch."""
        self.model.set_rows(rows)
        self._title.setText(f"{self._words} {len(rows):,} 户")
        self._fit()

    def fit(self, height: int) -> None:
        """Choose how many rows are seen in a window of this height."""
        self._is_short = height < 600
        self._fit()

    def text(self) -> str:
        """「这次不出 4 户」, empty when nobody is left out."""
        return self._title.text() if self.model.rowCount() else ""

    def _fit(self) -> None:
        rows = self.model.rowCount()
        self.table.setFixedHeight(min(_MOST_SHORT if self._is_short else self._most, rows) * _ROW)
        self.setVisible(rows > 0)

    def _on_entered(self, account_id: int | None) -> None:
        if account_id is not None:
            self.owner_asked.emit(account_id)
