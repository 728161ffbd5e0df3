"""Foot of the owner table: what is checked, what the filter holds, and how old finance's list is."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from feedesk.models.days import short_day
from feedesk.models.money import show_yuan
from feedesk.ui.theme import COLOURS, Tone, text_colour
from feedesk.ui.widgets import ElidedLabel, IconMark, label, set_look

OLD_FROM_DAYS = 3
STALE_FROM_DAYS = 7


def list_age_tone(days: int) -> Tone:
    """Ochre from 3 days on, cinnabar from 7."""
    return Tone.CINNABAR if days >= STALE_FROM_DAYS else Tone.OCHRE if days >= OLD_FROM_DAYS else Tone.CAPTION


class OwnerFooter(QFrame):
    """Totals always say what they are the sum of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setFixedHeight(40)
        self._narrow = False
        self._list = ("", "")
        self._icon = IconMark("check", COLOURS.azure, 16)
        self._checked = label("", "strong")
        self._filtered = ElidedLabel("", "caption")
        self._alert = IconMark("alert", COLOURS.ochre, 16)
        self._age = label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._checked)
        row.addSpacing(8)
        row.addWidget(self._filtered, 1)
        row.addWidget(self._alert)
        row.addWidget(self._age)

    def show_checked(self, count: int, owed: int, hidden: int) -> None:
        """The rows checked, those that the filter hides included."""
        self._icon.setVisible(count > 0)
        self._checked.setVisible(count > 0)
        more = f"（{hidden} 户不在眼前）" if hidden else ""
        self._checked.setText(f"已勾选 {count:,} 户{more}  合计 {show_yuan(owed)}")
        self._mind()

    def show_filtered(self, count: int, owed: int) -> None:
        """Everything the filter holds."""
        self._filtered.setText(f"筛选内 {count:,} 户 · {show_yuan(owed)}")

    def show_list(self, as_of: date | None, today: date) -> None:
        """How old finance's list is."""
        if as_of is None:
            self._list = ("还没有财务清单", "还没有清单")
            tone = Tone.CAPTION
        else:
            days = max(0, (today - as_of).days)
            ago = f"{days} 天前" if days else "今天"
            self._list = (f"财务清单截至 {short_day(as_of, today)}（{ago}）", f"清单 {ago}")
            tone = list_age_tone(days)
        set_look(self._age, tone=str(tone))
        self._alert.show_icon("alert", text_colour(tone).name())
        self._alert.setVisible(tone is not Tone.CAPTION)
        self._mind()

    def set_narrow(self, on: bool) -> None:
        """Fewer words where room is short."""
        self._narrow = on
        self._mind()

    def text(self) -> str:
        """Everything as read."""
        checked = self._checked.text() if not self._checked.isHidden() else ""
        return " ".join(part for part in (checked, self._filtered.text(), self._age.text()) if part)

    def _mind(self) -> None:
        self._age.setText(self._list[1] if self._narrow else self._list[0])
        self._age.setToolTip(self._list[0])
        self._filtered.setVisible(not self._narrow or self._checked.isHidden())
