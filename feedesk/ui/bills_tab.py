"""账单: ageing, every charge, hold by H, and the sum. Limitation comes with its own issue and is not shown yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.ageing import ageing
from feedesk.models.charges import Charge
from feedesk.models.money import show_yuan
from feedesk.ui.ageing_bar import AgeingBar
from feedesk.ui.bill_delegate import BillDelegate, BillModel
from feedesk.ui.widgets import EmptyState, KeyButton, hairline, label


class BillList(QListView):
    """The lines; H asks to hold one or to let it go.

    Signals:
        hold_asked: the current charge.
    """

    hold_asked = Signal(object)

    def __init__(self, model: BillModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bills = model
        self.setModel(model)
        self.setItemDelegate(BillDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("账单")

    def current_charge(self) -> Charge | None:
        """The charge the keys act on."""
        return self._bills.charge(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """H holds; the rest is Qt's."""
        if Qt.Key(event.key()) is Qt.Key.Key_H and not event.modifiers():
            if self.current_charge() is not None:
                self.hold_asked.emit(self.current_charge())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Letters are keys here, not a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Heights depend on the width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class BillsTab(QWidget):
    """Shows the charges of one account.

    Signals:
        hold_asked: a charge the clerk wants held out of notices, or let go again.
    """

    hold_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = AgeingBar()
        self._model = BillModel(self)
        self.list = BillList(self._model)
        self.list.hold_asked.connect(self.hold_asked)
        self.list.selectionModel().currentChanged.connect(lambda _now, _was: self._mind_hold())
        self._count = label("", "caption")
        self._sum_label = label("未缴合计（违约金未计）", "muted")
        self._sum = label("", "money")
        self.hold_button = KeyButton("暂缓这笔", key="H", kind="quiet")
        self.hold_button.clicked.connect(self._ask_hold)
        self._empty = EmptyState("这一户没有账目。", "导入财务清单后，欠的每一笔都列在这里。")

        head = QHBoxLayout()
        head.addWidget(label("账龄", "section"))
        head.addStretch(1)
        head.addWidget(label("按应缴日 · 到今天", "caption"))
        self._top = QWidget()
        top = QVBoxLayout(self._top)
        top.setContentsMargins(16, 10, 16, 8)
        top.setSpacing(6)
        top.addLayout(head)
        top.addWidget(self.bar)
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(hairline())
        column.addWidget(self.list, 1)
        foot = QFrame()
        foot.setProperty("role", "bar")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 2, 16, 2)
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addWidget(self.hold_button)
        row.addStretch(1)
        row.addWidget(self._sum_label)
        row.addWidget(self._sum)
        column.addWidget(foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(lines)
        self._stack.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def show_charges(self, charges: Sequence[Charge], today: date) -> None:
        """Show the charges of an account, given oldest due first; the line in hand stays by its id."""
        kept = self.list.current_charge()
        self._model.show_charges(charges, today)
        rows = self._model.rowCount()
        ids = [line.charge_id for line in self._model.lines()]
        at = ids.index(kept.id) if kept is not None and kept.id in ids else 0
        if rows:
            self.list.setCurrentIndex(self._model.index(at, 0))
        still_open = [charge for charge in charges if charge.owed > 0]
        bands = ageing(charges, today)
        self.bar.show_bands(bands)
        self._top.setVisible(bool(bands))
        self._count.setText(f"{len(still_open)} 笔" if still_open else f"{rows} 笔都已缴清")
        self._sum.setText(show_yuan(sum(charge.owed for charge in still_open)))
        self._stack.setCurrentIndex(0 if rows else 1)
        self._mind_hold()

    def total_text(self) -> str:
        """The sum as read at the foot."""
        return f"{self._count.text()} {self._sum_label.text()} {self._sum.text()}"

    def lines(self) -> tuple[str, ...]:
        """Every line as read."""
        return tuple(line.text for line in self._model.lines())

    def take_focus(self) -> None:
        """Put the keys on the lines."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _mind_hold(self) -> None:
        charge = self.list.current_charge()
        can = charge is not None and charge.owed > 0
        self.hold_button.setEnabled(can)
        held = charge is not None and bool(charge.hold)
        self.hold_button.set_words("恢复这笔" if held else "暂缓这笔")
        self.hold_button.setToolTip("" if can else "已缴清的一笔不用暂缓")

    def _ask_hold(self) -> None:
        charge = self.list.current_charge()
        if charge is not None:
            self.hold_asked.emit(charge)
