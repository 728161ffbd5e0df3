"""Foot of the owner table: what is checked, what the filter holds, and how old finance's list is."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from feedesk.models.money import show_yuan
from feedesk.ui.list_age import ListAge
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import ElidedLabel, IconMark, label


class OwnerFooter(QFrame):
    """Totals always say what they are the sum of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setFixedHeight(40)
        self._narrow = False
        self._icon = IconMark("check", COLOURS.azure, 16)
        self._checked = label("", "strong")
        self._filtered = ElidedLabel("", "caption")
        self.age = ListAge()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._checked)
        row.addSpacing(8)
        row.addWidget(self._filtered, 1)
        row.addWidget(self.age)

    def show_checked(self, count: int, owed: int, hidden: int) -> None:
        """The rows checked, those that the filter hides included."""
        self._icon.setVisible(count > 0)
        self._checked.setVisible(count > 0)
        more = f"（{hidden} 户不在眼前）" if hidden else ""
        self._checked.setText(f"已勾选 {count:,} 户{more}  合计 {show_yuan(owed)}")
        self._mind()

    def show_filtered(self, count: int, owed: int, aside: str = "") -> None:
        """Everything the filter holds, and what it leaves out that must not be forgotten."""
        self._filtered.setText(" · ".join(filter(None, (f"筛选内 {count:,} 户", show_yuan(owed), aside))))

    def show_list(self, as_of: date | None, today: date) -> None:
        """How old finance's list is."""
        self.age.show_list(as_of, today)

    def set_narrow(self, on: bool) -> None:
        """Fewer words where room is short."""
        self._narrow = on
        self._mind()

    def text(self) -> str:
        """Everything as read."""
        checked = self._checked.text() if not self._checked.isHidden() else ""
        return " ".join(part for part in (checked, self._filtered.text(), self.age.text()) if part)

    def _mind(self) -> None:
        self.age.set_narrow(self._narrow)
        self._filtered.setVisible(not self._narrow or self._checked.isHidden())
