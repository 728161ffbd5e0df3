"""How old finance's list is: in sight on every page where somebody might be called on the strength of it."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.models.days import short_day
from feedesk.ui.theme import COLOURS, Tone, text_colour
from feedesk.ui.widgets import IconMark, label, set_look

OLD_FROM_DAYS = 3
STALE_FROM_DAYS = 7


def list_age_tone(days: int) -> Tone:
    """Ochre from 3 days on, cinnabar from 7."""
    return Tone.CINNABAR if days >= STALE_FROM_DAYS else Tone.OCHRE if days >= OLD_FROM_DAYS else Tone.CAPTION


class ListAge(QWidget):
    """「财务清单截至 11-13（4 天前）」, with a warning mark once it is old; short words where room is short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ("", "")
        self._narrow = False
        self._alert = IconMark("alert", COLOURS.ochre, 16)
        self._age = label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._alert)
        row.addWidget(self._age)

    def show_list(self, as_of: date | None, today: date) -> None:
        """The day up to which finance's latest list speaks; None when there is no list."""
        if as_of is None:
            self._words = ("还没有财务清单", "还没有清单")
            tone = Tone.CAPTION
        else:
            days = max(0, (today - as_of).days)
            ago = f"{days} 天前" if days else "今天"
            self._words = (f"财务清单截至 {short_day(as_of, today)}（{ago}）", f"清单 {ago}")
            tone = list_age_tone(days)
        set_look(self._age, tone=str(tone))
        self._alert.show_icon("alert", text_colour(tone).name())
        self._alert.setVisible(tone is not Tone.CAPTION)
        self._mind()

    def set_narrow(self, on: bool) -> None:
        """Fewer words; the whole sentence stays as tooltip."""
        self._narrow = on
        self._mind()

    def text(self) -> str:
        """As read."""
        return self._age.text()

    def _mind(self) -> None:
        self._age.setText(self._words[1] if self._narrow else self._words[0])
        self._age.setToolTip(self._words[0])
