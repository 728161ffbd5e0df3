"""承诺兑现 on 统计: how the promises of this month were kept, beside those of the last; one line of a card."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.models.money import show_yuan
from feedesk.models.promises import DEFINITION, TOO_FEW, PromiseMonths, PromiseRate, compared
from feedesk.ui.pressable_card import PressableCard
from feedesk.ui.widgets import ElidedLabel, label


class PromiseStrip(PressableCard):
    """Counts, amounts and the share kept; pressed, it opens the promises."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(DEFINITION)
        self.share = label("", "next")
        self.counts = ElidedLabel("")
        self.before = ElidedLabel("", "caption")
        self.against = label("", "muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.counts)
        words.addWidget(self.before)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(12)
        row.addWidget(label("承诺兑现", "section"))
        row.addWidget(self.share)
        row.addLayout(words, 1)
        row.addWidget(self.against)

    def show_months(self, months: PromiseMonths) -> None:
        """Show this month and the month before."""
        now, before = months.now_rate, months.before_rate
        self.share.setText(now.share_text)
        self.share.setProperty("role", "muted" if now.share_text == TOO_FEW else "next")
        self.style().polish(self.share)
        self.counts.setText(f"本月 {said(now)}" if now.total else "本月没有到期的承诺")
        self.before.setText(f"上月 {before.share_text} · {said(before)}" if before.total else "上月没有到期的承诺")
        self.against.setText(compared(now, before))
        self.setAccessibleName(self.text())

    def text(self) -> str:
        """As read, for screen readers and tests."""
        parts = (self.share.text(), self.counts.text(), self.before.text(), self.against.text())
        return " · ".join(("承诺兑现", *(part for part in parts if part)))


def said(rate: PromiseRate) -> str:
    """「12 个：兑现 7 · 失约 2 · 承诺 ¥9,000.00，到账 ¥6,000.00」; the sums are of those decided."""
    if not rate.decided:
        return f"{rate.total} 个：{rate.counts()}"
    sums = f"已到期的承诺 {show_yuan(rate.promised)}，到账 {show_yuan(rate.came)}"
    return f"{rate.total} 个：{rate.counts()} · {sums}"
