"""设置 › 收费项目: what each item legally is decides how a 催款单 groups and grounds it (law §13.10a)."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.charges import FEE_KIND_LABELS, FeeItem, FeeKind
from feedesk.ui.desk import Desk
from feedesk.ui.widgets import Card, label


class ItemsTab(QWidget):
    """The office's own list of fee items with their kinds."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self._empty = label("还没有收费项目：导入第一份清单后会列在这里。", "muted")
        card = Card()
        card.body.addWidget(label("收费项目", "section"))
        card.body.addWidget(
            label(
                "只有物业费以《民法典》第九百四十四条为依据；代收的水电气费、维修资金等在催款单上另列小计，不引用这一条。",
                "caption",
                wrap=True,
            )
        )
        card.body.addWidget(self._empty)
        card.body.addLayout(self._grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def refresh(self) -> None:
        """The items as stored."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        items = self._desk.office.accounts.fee_items()
        self._empty.setVisible(not items)
        for row, fee_item in enumerate(items):
            self._grid.addWidget(label(fee_item.name, "strong"), row, 0)
            self._grid.addWidget(self._kinds(fee_item), row, 1)
        self._grid.setColumnStretch(2, 1)

    def _kinds(self, item: FeeItem) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{item.name} 的性质")
        for kind, word in FEE_KIND_LABELS.items():
            box.addItem(word, kind.value)
        box.setCurrentIndex(list(FEE_KIND_LABELS).index(item.kind))
        box.activated.connect(lambda _index: self._set(item, FeeKind(box.currentData())))
        return box

    def _set(self, item: FeeItem, kind: FeeKind) -> None:
        def act() -> Changes:
            self._desk.office.accounts.set_kind(item, kind)
            return Changes()

        self._desk.write(act, f"{item.name} 今后按“{FEE_KIND_LABELS[kind]}”列。")
