"""按月拆分: a line that lumps several months becomes one line a month, in equal parts or as typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.charges import Charge
from feedesk.models.days import show_day
from feedesk.models.ledger.splits import SplitPart
from feedesk.models.money import show
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.widgets import MoneyEdit, Segment, field_label, label, set_look

SaveSplit = Callable[[tuple[int, ...]], bool]
_ROWS_SHOWN = 9
_ROW = 36


class SplitDialog(MoneyDialog):
    """Shows a row a month; `save(amounts)` writes and says whether it is written."""

    def __init__(
        self,
        head: Head,
        charge: Charge,
        equal: Sequence[SplitPart],
        save: SaveSplit,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        """`equal` is the proposal: the same for each month, the odd 分 in the last."""
        super().__init__(head, "按月拆分", parent, width=520)
        self._charge, self._save, self._today = charge, save, today
        self._equal = tuple(equal)
        self.how = Segment((("equal", "平均分到各月"), ("typed", "自己填每月金额")))
        self.fields: list[MoneyEdit] = []
        self._sum = label("", "strong")
        self._sum.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._build()
        self.how.choose("equal")
        self._on_how("equal")
        self.start_at(self.how.button("equal"))

    def amounts(self) -> tuple[int, ...] | None:
        """分 a month as they stand, None while one of them is no amount."""
        if self.how.value() != "typed":
            return tuple(part.amount for part in self._equal)
        typed = [field.amount() for field in self.fields]
        return None if any(fen is None for fen in typed) else tuple(fen for fen in typed if fen is not None)

    def sum_text(self) -> str:
        """The sum against the line, as shown."""
        return self._sum.text()

    def _build(self) -> None:
        charge = self._charge
        self.middle.addWidget(label(f"{charge.item}　{charge.period_text()}　应 {show(charge.amount)}", "strong"))
        self.middle.addWidget(
            label(
                "拆开后每月各有应缴日，逾期天数和违约金按月算；已缴、已减免的照旧，从最早的月份抵起。",
                "caption",
                wrap=True,
            )
        )
        self.middle.addSpacing(4)
        self.middle.addWidget(field_label("怎么拆", self.how))
        self.middle.addWidget(self.how)
        self.middle.addSpacing(6)
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for place, words in enumerate(("月份", "应缴日", "金额（元）")):
            made = label(words, "label")
            if place == 2:
                made.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(made, 0, place)
        for row, part in enumerate(self._equal, start=1):
            field = MoneyEdit(part.amount)
            field.setAccessibleName(f"{part.text}的金额，元")
            field.amount_changed.connect(lambda _fen: self.refresh())
            self.fields.append(field)
            grid.addWidget(label(part.text, "strong"), row, 0)
            due = show_day(part.due_on, self._today) + ("（推定）" if part.due_is_assumed else "")
            grid.addWidget(label(due, "muted"), row, 1)
            grid.addWidget(field, row, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setFixedHeight(min(len(self._equal), _ROWS_SHOWN) * _ROW + 24)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.middle.addWidget(area)
        self.middle.addWidget(self._sum)
        holder = QVBoxLayout()
        self._spot = self.spot(self.fields[0] if self.fields else self.how)
        holder.addWidget(self._spot.words)
        self.middle.addLayout(holder)
        self.how.chosen.connect(self._on_how)

    def _on_how(self, key: str) -> None:
        typed = key == "typed"
        for field, part in zip(self.fields, self._equal, strict=True):
            field.setEnabled(typed)
            if not typed:
                field.set_amount(part.amount)
        if typed and self.fields:
            self.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields[0].selectAll()
        self.refresh()

    def refresh(self) -> None:
        """Tell the sum and the first problem."""
        amounts = self.amounts()
        if amounts is None:
            self._sum.setText("")
        else:
            total, wanted = sum(amounts), self._charge.amount
            agrees = total == wanted
            difference = "✓" if agrees else f"差 {show(wanted - total)}"
            self._sum.setText(f"合计 {show(total)} {'=' if agrees else '≠'} 应缴 {show(wanted)}　{difference}")
            set_look(self._sum, tone="malachite" if agrees else "cinnabar")
        super().refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        amounts = self.amounts()
        if not self._equal:
            return ((self._spot, "这一笔没有写明月份，拆不了。"),)
        if amounts is None:
            at = next((place for place, field in enumerate(self.fields) if field.amount() is None), 0)
            return ((self._spot, f"{self._equal[at].text}：{self.fields[at].problem()}"),)
        total = sum(amounts)
        return ((self._spot, "" if total == self._charge.amount else "各月加起来要等于这一笔的应缴额。"),)

    def _write(self) -> bool:
        amounts = self.amounts()
        return amounts is not None and self._save(amounts)
