"""What an objection is about: ticked lines, or the whole account while none is ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from feedesk.models.charges import Charge
from feedesk.models.money import show, show_yuan
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import label

_ID = int(Qt.ItemDataRole.UserRole)
_ROW = 26
_LOOK = (
    f"QListWidget {{ border: 1px solid {COLOURS.line}; border-radius: 4px; }}"
    f"QListWidget:focus {{ border: 2px solid {COLOURS.azure}; }}"
    f"QListWidget::item {{ color: {COLOURS.ink}; height: {_ROW}px; }}"
    f"QListWidget::item:selected {{ background: {COLOURS.azure_select}; color: {COLOURS.ink}; }}"
)
_MOST_ROWS = 5
_LOW_ROWS = 3


class _List(QListWidget):
    """Space ticks; Enter belongs to the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape) or event.text().isdigit():
            event.ignore()
            return
        super().keyPressEvent(event)


class DisputeLines(QWidget):
    """The open lines of an account, oldest first, each with its box.

    Signals:
        changed: a line was ticked or let go by the clerk.
    """

    changed = Signal()

    def __init__(self, *, low: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._charges: tuple[Charge, ...] = ()
        self._touched = False
        self._most = _LOW_ROWS if low else _MOST_ROWS
        self.list = _List()
        self.list.setAccessibleName("有异议的账单，空格勾选")
        self.list.setFrameShape(QFrame.Shape.StyledPanel)
        self.list.setMinimumWidth(120)
        self.list.setStyleSheet(_LOOK)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTabKeyNavigation(False)
        self.list.itemChanged.connect(lambda _item: self._on_ticked())
        self.words = label("", "caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addWidget(self.words)
        self.setFocusProxy(self.list)
        self._say()

    def show_charges(self, charges: Sequence[Charge]) -> None:
        """Offer the open lines of these charges; those in dispute already say so and cannot be ticked."""
        kept = set(self.chosen())
        self._charges = tuple(charge for charge in charges if charge.owed > 0)
        self.list.blockSignals(True)
        self.list.clear()
        for charge in self._charges:
            words = f"{charge.period_text()} {charge.item}　{show(charge.owed)}"
            item = QListWidgetItem(f"{words}　{charge.hold}" if charge.dispute_id else words)
            item.setData(_ID, charge.id)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if charge.dispute_id is None:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
                item.setCheckState(Qt.CheckState.Checked if charge.id in kept else Qt.CheckState.Unchecked)
            item.setFlags(flags)
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        rows = max(1, min(self._most, len(self._charges)))
        self.list.setFixedHeight(rows * _ROW + 6)
        self._say()

    def propose(self, ids: Collection[int]) -> None:
        """Tick these lines, unless the clerk has ticked by himself."""
        if self._touched:
            return
        self.list.blockSignals(True)
        for place in range(self.list.count()):
            item = self.list.item(place)
            if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                on = item.data(_ID) in ids
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._say()

    def chosen(self) -> tuple[int, ...]:
        """Ids of the ticked lines, oldest first; empty: the whole account."""
        items = [self.list.item(place) for place in range(self.list.count())]
        return tuple(
            item.data(_ID)
            for item in items
            if item.flags() & Qt.ItemFlag.ItemIsUserCheckable and item.checkState() is Qt.CheckState.Checked
        )

    def text(self) -> str:
        """What it comes to, as read."""
        return self.words.text()

    def _on_ticked(self) -> None:
        self._touched = True
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        ids = set(self.chosen())
        if not ids:
            self.words.setText("一笔没勾：是整户的异议。有异议的只是几笔，用空格勾出来，其余照常。")
            return
        held = sum(charge.owed for charge in self._charges if charge.id in ids)
        rest = sum(charge.owed for charge in self._charges if charge.id not in ids and not charge.hold)
        others = f"其余 {show_yuan(rest)} 照常。" if rest else "没有其余可催的。"
        self.words.setText(f"{len(ids)} 笔 {show_yuan(held)} 有异议；{others}")
