"""What the clerk chooses for a batch of 催款单: for whom, until when, how the paper is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.ui.widgets import DayEdit, field_label

OVER_30 = OwnerFilter(overdue_over=30)
"""Offered first: a month past the due day."""


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom: accounts handed over, or everybody in a filter."""

    words: str
    account_ids: tuple[int, ...] = ()
    wanted: OwnerFilter | None = None


def filters(buildings: Sequence[str]) -> tuple[Whom, ...]:
    """The filters on offer, the everyday ones first."""
    return (
        Whom("逾期超过 30 天", wanted=OVER_30),
        Whom("逾期超过 90 天", wanted=OwnerFilter(overdue_over=90)),
        Whom("承诺了没有缴", wanted=OwnerFilter(chip=Chip.BROKEN)),
        Whom("全部欠费", wanted=OwnerFilter()),
        *(
            Whom(f"{name} 栋全部欠费" if name.isdigit() else f"{name}全部欠费", wanted=OwnerFilter(building=name))
            for name in buildings
        ),
    )


class NoticeOptionsBar(QWidget):
    """给谁 · 截止日 · 一户多套 · 违约金 · 背面折叠封面 · 含一周内出过的.

    违约金 is offered only where the office reckons one, and never listed unless somebody says so (law §13.6).

    Signals:
        changed: another batch is wanted.
        back_changed: only the paper changes.
    """

    changed = Signal()
    back_changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._handed: Whom | None = None
        self.whom = QComboBox()
        self.whom.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.whom.setMinimumContentsLength(12)
        self.whom.setMaxVisibleItems(16)
        self.pay_by = DayEdit(today)
        self.pay_by.setMaximumWidth(128)
        self.units = QComboBox()
        self.units.addItem("合成一张", True)
        self.units.addItem("分开出", False)
        self.units.setToolTip(
            "同一位业主（已合并的）名下有几套房时：合成一张各套都列上，只送第一套的门；要每套门上都有，选“分开出”"
        )
        self.units.setMinimumWidth(96)
        self.late_fee = QComboBox()
        self.late_fee.addItem("不列", False)
        self.late_fee.addItem("列出至出单日", True)
        self.late_fee.setToolTip("列在本金之外，另有小计；只就物业费，计到出单日")
        self.late_fee.setMinimumWidth(118)
        self.back = QCheckBox("背面折叠封面(&K)")
        self.back.setChecked(True)
        self.back.setToolTip("双面打印，三折后外面只有房号、编号和二维码，贴门上不露姓名和欠费")
        self.again = QCheckBox("含一周内出过的(&G)")
        self.again.setToolTip("一张催款单给一周时间；勾上就连刚出过的也再出一张")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 10)
        row.setSpacing(12)
        for words, field, stretch in (
            ("给谁(&R)", self.whom, 3),
            ("截止日(&D)", self.pay_by, 2),
            ("一户多套(&U)", self.units, 0),
            ("违约金(&F)", self.late_fee, 0),
        ):
            part = QVBoxLayout()
            part.setSpacing(4)
            words_label = field_label(words, field)
            if field is self.late_fee:
                self._late_fee_words = words_label
            part.addWidget(words_label)
            part.addWidget(field)
            row.addLayout(part, stretch)
        row.addStretch(1)
        checks = QVBoxLayout()
        checks.setSpacing(6)
        checks.addStretch(1)
        checks.addWidget(self.back)
        checks.addWidget(self.again)
        row.addLayout(checks)
        self.whom.activated.connect(lambda _at: self.changed.emit())
        self.units.activated.connect(lambda _at: self.changed.emit())
        self.late_fee.activated.connect(lambda _at: self.changed.emit())
        self.offer_late_fee(False)
        self.again.toggled.connect(lambda _on: self.changed.emit())
        self.back.toggled.connect(lambda _on: self.back_changed.emit())
        self.pay_by.day_changed.connect(lambda _day: self.changed.emit())

    def set_today(self, today: date) -> None:
        """A new day began while the page was open."""
        self._today = today

    def offer(self, buildings: Sequence[str]) -> None:
        """Offer the filters, and the accounts handed over before them; what is chosen stays chosen."""
        kept = self.chosen()
        self.whom.clear()
        for whom in ([self._handed] if self._handed else []) + list(filters(buildings)):
            self.whom.addItem(whom.words, whom)
        at = next((at for at in range(self.whom.count()) if self.whom.itemData(at) == kept), 0)
        self.whom.setCurrentIndex(at)

    def offer_late_fee(self, is_on: bool) -> None:
        """Whether the office reckons a late fee at all; when it does no longer, none is listed."""
        self._late_fee_words.setVisible(is_on)
        self.late_fee.setVisible(is_on)
        if not is_on:
            self.late_fee.setCurrentIndex(0)

    def lists_late_fee(self) -> bool:
        """The clerk wants the late fee listed."""
        return bool(self.late_fee.currentData())

    def hand_over(self, account_ids: Sequence[int]) -> None:
        """These accounts were checked elsewhere: they come first and are chosen."""
        self.drop_handed()
        self._handed = Whom(f"勾选的 {len(account_ids):,} 户", tuple(account_ids))
        self.whom.insertItem(0, self._handed.words, self._handed)
        self.whom.setCurrentIndex(0)

    def drop_handed(self) -> None:
        """What was handed over has been dealt with: only the filters remain."""
        if self._handed is not None:
            self.whom.removeItem(self.whom.findText(self._handed.words))
            self._handed = None

    def chosen(self) -> Whom:
        """For whom."""
        found = self.whom.currentData()
        return found if isinstance(found, Whom) else Whom("", wanted=OVER_30)

    def problem(self) -> str:
        """Why no batch can be made of this; empty when it can."""
        day = self.pay_by.day()
        if day is None:
            return f"截止日：{self.pay_by.problem()}"
        if day <= self._today:
            return "截止日要在今天之后。"
        if day > self._today + timedelta(days=366):
            return "截止日太远，请在一年以内。"
        return ""
