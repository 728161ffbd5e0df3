"""A Qt model over a sequence of frozen records: it translates, fetches nothing, and never sorts by shown text.

Columns are one tuple of `Column` specs; a new column is one line. Filtering and ordering happen in SQL (a Python
proxy took 20 s over 100,000 rows, SQL 40 ms), so `set_rows` takes rows ready in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from feedesk.ui.theme import Tone

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The `Cell` of an index, for the delegate."""


_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_BOX_FLAGS = _FLAGS | Qt.ItemFlag.ItemIsUserCheckable


class Align(Enum):
    """Where a cell's words stand; headers follow their column."""

    LEFT = Qt.AlignmentFlag.AlignLeft
    RIGHT = Qt.AlignmentFlag.AlignRight
    CENTRE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Cell:
    """All that the delegate paints in one cell. `mark` is a `MarkKind` value, `tag` a letter drawn on a tint."""

    text: str = ""
    mark: str = ""
    tone: Tone = Tone.INK
    bold: bool = False
    strike: bool = False
    tag: str = ""
    tag_alert: bool = False
    """The tag stands on cinnabar tint (category E)."""
    icon: str = ""
    """A line icon before the words, in their colour."""
    tooltip: str = ""
    """Shown on hover; without one, words that do not fit are shown whole."""
    shorter: tuple[str, ...] = ()
    """Fewer words, longest first, for a place too narrow for `text`: a range cut in its middle reads as another."""


@dataclass(frozen=True)  # no slots: `Column[Row](...)` fails with them on Python 3.11
class Column(Generic[R]):
    """One column: title, what a record shows in it, width in logical pixels (0 takes the rest)."""

    title: str
    cell: Callable[[R], Cell]
    width: int = 0
    align: Align = Align.LEFT
    sort_key: str = ""
    """Name of the order that a click on the header asks for; empty when it cannot be ordered by."""
    hide_below: int = 0
    """Window widths under this hide the column (look.md §3, Widths)."""
    grows: bool = False
    """Takes the rest when the column without a width is hidden."""
    copied: bool = True
    """Whether Ctrl+C takes it along."""
    told: str = ""
    """What the figures are, on hover over the header."""


@runtime_checkable
class LazyRows(Protocol):
    """Rows that become records only when looked at, and tell their ids without that (50,000 at a time)."""

    def ids(self) -> list[int]:
        """The ids of all rows, in order."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Any: ...


class RecordTableModel(QAbstractTableModel, Generic[R]):
    """Rows of frozen records under `columns`; the check boxes, if any, are a first column of their own.

    `row_id` names a record for good (an account id): selection and checks hold ids, never row numbers.
    Checks survive `set_rows`, so that the clerk can search, check, search again; `checked_ids` tells all.

    Signals:
        checks_changed: a box was checked or cleared.
    """

    checks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[R]],
        row_id: Callable[[R], int],
        *,
        checkable: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._row_id = row_id
        self._checkable = checkable
        self._rows: list[R] | LazyRows = []
        self._newer: dict[int, R] = {}
        self._last: tuple[int, R] | None = None
        self._place: dict[int, int] = {}
        self._checked: set[int] = set()
        self._order = ("", False)

    # --- records ---

    def set_rows(self, rows: Iterable[R] | LazyRows) -> None:
        """Show these records in this order. Ids must be unique; raises ValueError if not.

        `LazyRows` are kept as they are: only what is scrolled to becomes a record.
        """
        fresh: list[R] | LazyRows
        if isinstance(rows, LazyRows):
            fresh, ids = rows, rows.ids()
        else:
            fresh = list(rows)
            ids = [self._row_id(row) for row in fresh]
        place = dict(zip(ids, range(len(ids)), strict=True))
        if len(place) != len(fresh):
            raise ValueError("two rows with one id")
        self.beginResetModel()
        self._rows, self._place = fresh, place
        self._forget()
        self.endResetModel()

    def replace_rows(self, rows: Iterable[R]) -> None:
        """Show newer versions of records already there; ids not there are passed over."""
        for row in rows:
            at = self._place.get(self._row_id(row))
            if at is not None and self.record(at) != row:
                self._newer[at] = row
                self._last = None
                self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    def remove_id(self, row_id: int) -> None:
        """Take one record out; nothing happens when it is not there."""
        at = self._place.get(row_id)
        if at is None:
            return
        left = [self.record(row) for row in range(len(self._rows)) if row != at]
        self.beginRemoveRows(QModelIndex(), at, at)
        self._rows = left
        self._place = {self._row_id(row): number for number, row in enumerate(left)}
        self._forget()
        self.endRemoveRows()

    def rows(self) -> tuple[R, ...]:
        """All records shown, in order; turns lazy rows into records."""
        return tuple(self.record(row) for row in range(len(self._rows)))

    def record(self, row: int) -> R:
        """The record of a row number."""
        if self._last is None or self._last[0] != row:
            # A view asks for the cells of a row one after another: the record is made once for all of them.
            self._last = (row, self._newer[row] if row in self._newer else self._rows[row])
        return self._last[1]

    def id_at(self, row: int) -> int | None:
        """The id of a row number; None outside the rows."""
        return self._row_id(self.record(row)) if 0 <= row < len(self._rows) else None

    def ids(self) -> tuple[int, ...]:
        """The ids of all rows shown, in order; makes no records."""
        return tuple(self._place)

    def row_of(self, row_id: int | None) -> int:
        """The row number of an id, −1 when it is not shown."""
        return -1 if row_id is None else self._place.get(row_id, -1)

    @property
    def columns(self) -> tuple[Column[R], ...]:
        """The column specs, without the check boxes."""
        return self._columns

    @property
    def checkable(self) -> bool:
        """Whether the first column holds check boxes."""
        return self._checkable

    def spec(self, section: int) -> Column[R] | None:
        """The spec of a section; None for the check boxes."""
        at = section - int(self._checkable)
        return self._columns[at] if 0 <= at < len(self._columns) else None

    # --- checks ---

    def checked_ids(self) -> frozenset[int]:
        """All checked ids, those that the present filter hides included."""
        return frozenset(self._checked)

    def checked_rows(self) -> tuple[R, ...]:
        """The checked records among those shown, in their order."""
        return tuple(self.record(at) for at in sorted(self._place[one] for one in self._checked if one in self._place))

    def set_checked(self, ids: Iterable[int], on: bool = True) -> None:
        """Check or clear these ids."""
        before = set(self._checked)
        if on:
            self._checked.update(ids)
        else:
            self._checked.difference_update(ids)
        changed = [self._place[one] for one in before ^ self._checked if one in self._place]
        if changed:
            roles = [int(Qt.ItemDataRole.CheckStateRole)]
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), 0), roles)
        if before != self._checked:
            self.checks_changed.emit()

    def is_checked(self, row: int) -> bool:
        """Whether the box of a row number is checked."""
        return self.id_at(row) in self._checked

    def toggle(self, row_id: int) -> None:
        """Check or clear one id."""
        self.set_checked((row_id,), row_id not in self._checked)

    def check_all(self) -> None:
        """Check every row shown; when all are already, clear them."""
        ids = set(self._place)
        self.set_checked(ids, on=not ids <= self._checked)

    def clear_checks(self) -> None:
        """Clear every check, hidden ones too."""
        self.set_checked(tuple(self._checked), on=False)

    # --- order ---

    def show_order(self, sort_key: str, descending: bool = False) -> None:
        """Show in the header by what the rows are ordered."""
        self._order = (sort_key, descending)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.columnCount() - 1))

    # --- Qt ---

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows under the root only."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Specs, and the check boxes."""
        return 0 if parent is not None and parent.isValid() else len(self._columns) + int(self._checkable)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Selectable; the box column can be checked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _BOX_FLAGS if self._checkable and index.column() == 0 else _FLAGS

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a cell shows, says, and how it stands."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self.record(index.row())
        spec = self.spec(index.column())
        if spec is None:
            return self._box(row, role)
        if role == CELL_ROLE:
            return spec.cell(row)
        if role == int(Qt.ItemDataRole.DisplayRole):
            cell = spec.cell(row)
            return cell.text or cell.tag
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            return spec.align.value | Qt.AlignmentFlag.AlignVCenter
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return spec.cell(row).tooltip or None
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Only the boxes can be set."""
        row_id = self.id_at(index.row()) if index.isValid() else None
        if row_id is None or role != int(Qt.ItemDataRole.CheckStateRole) or self.spec(index.column()) is not None:
            return False
        self.set_checked((row_id,), Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Titles, with an arrow at the column that the rows are ordered by."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        spec = self.spec(section)
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            return (spec.align if spec else Align.CENTRE).value | Qt.AlignmentFlag.AlignVCenter
        if spec is None:
            return "勾选" if role == int(Qt.ItemDataRole.AccessibleTextRole) else None
        if role == int(Qt.ItemDataRole.DisplayRole):
            key, descending = self._order
            return f"{spec.title} {'▾' if descending else '▴'}" if key and spec.sort_key == key else spec.title
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return f"点一下按{spec.title}排列" if spec.sort_key else spec.told or None
        return None

    def _forget(self) -> None:
        self._newer, self._last = {}, None

    def _box(self, row: R, role: int) -> Any:
        if role == int(Qt.ItemDataRole.CheckStateRole):
            on = self._row_id(row) in self._checked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return None
