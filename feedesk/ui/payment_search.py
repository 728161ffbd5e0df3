"""Finding who pays: one field, and the hits under it. The keys never leave the field."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.money import show
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.rooms import normal_room
from feedesk.models.store.accounts import OwnerRows
from feedesk.ui.desk import Desk
from feedesk.ui.owner_columns import name_cell, owed_cell, room_cell, state_cell
from feedesk.ui.search_field import SearchField
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, EmptyState

_LONGEST_ROOM = 14
_ROOMY = 480
"""Widths of the table from this many logical pixels on show the months too."""
_FEW = 200
"""Up to so many hits are put into order; of more, nobody takes the first unseen."""
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


class HitSearch(SearchField):
    """The search field of the till: ↑↓ walk along the hits without leaving it, Enter takes the one marked.

    Signals:
        stepped: so many rows on.
        taken: Enter.
    """

    stepped = Signal(int)
    taken = Signal()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes the last payment back while there is no typing to take back."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter are for the hits."""
        key = Qt.Key(event.key())
        if key in _STEPS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.flush()
            self.stepped.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():  # the Enter that saved, held a moment too long, chooses nobody
                self.flush()
                self.taken.emit()
        else:
            super().keyPressEvent(event)


class HitsTable(RecordTableView[OwnerRow]):
    """Chooses its columns by its own width: it also stands in the narrow panel of 对账."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What there is room for."""
        self.fit_columns(self.width())
        super().resizeEvent(event)


class PayerSearch(QWidget):
    """Signals:
    chosen: the `OwnerRow` that pays.
    """

    chosen = Signal(object)

    def __init__(self, desk: Desk, verb: str = "收这一户的款", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._verb = verb
        self.field = HitSearch()
        self.field.setAccessibleName("谁来缴费")
        self.field.searched.connect(lambda _text: self.refresh())
        self.field.stepped.connect(self._step)
        self.field.taken.connect(self.take)
        self.model: RecordTableModel[OwnerRow] = RecordTableModel(_columns(), lambda row: row.account_id, parent=self)
        self.table = HitsTable(self.model)
        self.table.setAccessibleName("找到的户")
        self.table.row_entered.connect(lambda _id: self.take())
        self.table.typed.connect(self.field.type_on)
        self.table.clicked.connect(lambda _index: self.field.setFocus())
        self.table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._said = ElidedLabel("", "caption")
        self.empty = EmptyState()
        self.empty.pressed.connect(self._on_empty)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(16, 8, 16, 8)
        top.setSpacing(6)
        top.addWidget(self.field)
        top.addWidget(self._said)
        column.addLayout(top)
        column.addWidget(self._stack, 1)

    def refresh(self) -> None:
        """Search anew; with nothing typed, those who said that they would pay."""
        text = self.field.text().strip()
        accounts = self._desk.office.accounts
        if text:
            found = accounts.rows(OwnerFilter(text=text, chip=Chip.ALL), "room")
        else:
            found = accounts.rows(OwnerFilter(chip=Chip.PROMISED), "promised")
        self.table.show_rows(_best_first(text, found) if text and len(found) <= _FEW else found)
        if found:
            self.table.choose_row(max(0, self.table.currentIndex().row()) if not text else 0)
        room, most = accounts.widest()
        self.table.keep_whole({"房号": room[:_LONGEST_ROOM], "欠费(元)": show(most)})
        self._say(text, found)

    def clear(self) -> bool:
        """Empty the field; False when it is empty."""
        if not self.field.text():
            return False
        self.field.setText("")
        self.field.flush()
        return True

    def take(self) -> None:
        """The marked hit pays."""
        row = self.table.current_record()
        if row is not None:
            self.chosen.emit(row)

    def take_focus(self) -> None:
        """Ready to type."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def said(self) -> str:
        """The line between field and hits."""
        return self._said.text()

    def fit(self, width: int) -> None:
        """Choose words and columns."""
        self.field.set_narrow(width < 420)
        self.table.fit_columns(self.table.width())

    def _say(self, text: str, found: OwnerRows) -> None:
        self._stack.setCurrentIndex(0 if found else 1)
        if found:
            self._said.setText(
                f"找到 {len(found):,} 户 · ↑↓ 选，Enter {self._verb}"
                if text
                else f"说好要缴的 {len(found):,} 户 · 也可以直接键入别的户"
            )
            return
        self._said.setText("")
        if text:
            self.empty.say(f"没有叫“{text}”的业主或房号。", "", "清除", "Esc")
        else:
            self.empty.say("先找到是哪一户。", "键入房号、姓名、拼音首字母或电话后四位，按 Enter 选中。")

    def _on_empty(self) -> None:
        self.clear()
        self.take_focus()

    def _step(self, by: int) -> None:
        last = self.model.rowCount() - 1
        if last >= 0:
            self.table.choose_row(max(0, min(last, self.table.currentIndex().row() + by)))


def _best_first(text: str, found: Iterable[OwnerRow]) -> list[OwnerRow]:
    """Whose room or name is what was typed, then whose begins with it: 3-1 is building 3 before it is a part of 1-3-101.

    Enter takes the first: it should be who was meant.
    """
    typed = normal_room(text)

    def rank(row: OwnerRow) -> int:
        room = normal_room(row.room)
        if room == typed or row.name == text:
            return 0
        return 1 if room.startswith(typed) or row.name.startswith(text) else 2

    return sorted(found, key=rank)


def _columns() -> tuple[Column[OwnerRow], ...]:
    return (
        Column("状态", state_cell, 104),
        Column("房号", room_cell, 84),
        Column("业主", name_cell, 116, grows=True),
        Column("欠费(元)", owed_cell, 92, align=Align.RIGHT),
        Column(
            "欠哪几个月", lambda row: Cell(row.period_text, tone=Tone.MUTED, strike=row.is_paid), 0, hide_below=_ROOMY
        ),
    )
