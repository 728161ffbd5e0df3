"""The foot of 今日: what can be done to the owner shown, and who comes next."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.today import is_waiting
from feedesk.ui.theme import COLOURS, Tone, mark_tone
from feedesk.ui.today_queue import mark_words
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, label, set_look


class ActionBar(QFrame):
    """What can be done to the owner shown, and who comes next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.log = KeyButton("记录联系", key="F2", icon="edit", kind="primary")
        self.miss = KeyButton("没接通，30 分钟后", key="F9", icon="phone")
        self.miss.setToolTip("马上记下没接通，到时再拨；十秒内可撤销（F9）")
        self.later = KeyButton("改下次跟进", key="F5", icon="clock")
        self.later.setToolTip("换个时间再跟进，或只排到今天的最后（F5）")
        self.next = KeyButton("下一户", key="F4", icon="next")
        self.next.setToolTip("下一户（F4），上一户（Shift+F4）")
        self.paper = KeyButton("出催款单", key="Ctrl+P", icon="notices")
        self.paper.setToolTip("给这位业主出催款单，到通知页先看后打（Ctrl+P）")
        self._word = label("下一户", "caption")
        self.who = ElidedLabel("", "strong")
        self._mark = IconMark("", size=16)
        self.why = label("", "strong")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 14, 0)
        row.setSpacing(8)
        for button in (self.log, self.miss, self.later, self.paper):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._word)
        row.addWidget(self.who)
        row.addWidget(self._mark)
        row.addWidget(self.why)
        row.addWidget(self.next)
        self.setFixedHeight(56)

    def show_next(self, row: OwnerRow | None, now: datetime) -> None:
        """Who F4 brings, and why."""
        for one in (self._word, self.who, self._mark, self.why):
            one.setVisible(row is not None)
        self.next.setEnabled(row is not None)
        if row is None:
            return
        waits = is_waiting(row, now)
        self.who.setText(" ".join(part for part in (row.room, row.name) if part))
        text = f"{row.next_at:%H:%M} 再打" if waits and row.next_at else mark_words(row)
        self.why.setText(text)
        self._mark.show_icon("clock" if waits else f"mark-{row.mark}", COLOURS.ink2 if waits else "")
        set_look(
            self.why,
            tone=str(Tone.MUTED if waits else mark_tone(row.mark.value)),
            role="strong" if row.strong and not waits else "",
        )
        self.next.setAccessibleName(f"下一户 {self.who.text()} {text}")

    def set_low(self, *, narrow: bool, short: bool) -> None:
        """Keep to what is needed in a narrow or low window."""
        self.miss.set_words("没接通" if narrow else "没接通，30 分钟后")
        self.later.set_words("改跟进" if narrow else "改下次跟进")
        self._word.setMaximumWidth(0 if narrow else 16_777_215)
        self._row.setContentsMargins(12 if narrow else 20, 0, 12, 0)
        self.setFixedHeight(48 if narrow else 52 if short else 56)

    def next_text(self) -> str:
        """Who comes next and why, as read."""
        return f"{self.who.text()} {self.why.text()}" if self.next.isEnabled() else ""
