"""明细 of one charge: how its principal came to be what it is, and its late fee, 本金 × 天数 × 费率 = …, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.charges import Charge
from feedesk.models.days import short_day
from feedesk.models.ledger.late_fee import ChargeLateFee, LateFeePolicy, explain
from feedesk.models.ledger.late_fee_rate import rate_text
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, Payment
from feedesk.models.ledger.waivers import WAIVER_KIND_LABELS, Waiver, WaiverTarget
from feedesk.models.money import show
from feedesk.ui.money_dialog import MOST_HIGH
from feedesk.ui.widgets import Card, ElidedLabel, KeyButton, hairline, label

_WIDTH = 620
_FRAME = 112
"""Head and foot together."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class ChargeStory:
    """What lowered one charge up to a day."""

    charge: Charge
    paid: tuple[tuple[Payment, int], ...] = ()
    """Payments with what they paid of this charge (分), newest first."""
    waivers: tuple[Waiver, ...] = ()
    """Waivers of this charge that still hold."""


def principal_lines(story: ChargeStory, today: date) -> tuple[tuple[str, int], ...]:
    """(words, 分) from what was to be paid down to what is open; parts that lower it are negative."""
    charge = story.charge
    due = f"，应缴日 {charge.due_on.isoformat()}{'（推定）' if charge.due_is_assumed else ''}" if charge.due_on else ""
    lines = [(f"应缴{due}", charge.amount)]
    by_list = charge.settled - charge.waived - charge.paid
    if by_list:
        lines.append(("按财务清单冲抵（待与收款对账）", -by_list))
    told = 0
    for waiver in story.waivers:
        if waiver.draft.target is WaiverTarget.PRINCIPAL and told < charge.waived:
            part = min(waiver.draft.amount, charge.waived - told)
            told += part
            day = short_day(waiver.draft.on, today)
            lines.append((f"{WAIVER_KIND_LABELS[waiver.draft.kind]} {day}：{waiver.draft.reason}", -part))
    if charge.waived > told:
        lines.append(("减免", told - charge.waived))
    for payment, part in reversed(story.paid):
        whole = "" if part == payment.amount else f"（全笔 {show(payment.amount)}）"
        lines.append((f"收款 {payment.paid_on.isoformat()} {PAY_METHOD_LABELS[payment.method]}{whole}", -part))
    rest = charge.paid - sum(part for _payment, part in story.paid)
    if rest:
        lines.append(("收款", -rest))
    lines.append(("欠", charge.owed))
    return tuple(lines)


class LateFeeDialog(QDialog):
    """Shows the figures of one charge as of a day; nothing is changed here."""

    def __init__(
        self,
        room: str,
        story: ChargeStory,
        fee: ChargeLateFee | None,
        policy: LateFeePolicy,
        day: date,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        """`fee` is None while the office reckons no late fee."""
        super().__init__(parent)
        self.setWindowTitle("账单明细")
        self.setModal(True)
        self._said: list[str] = []
        charge = story.charge
        until = "今天" if day == today else short_day(day, today)
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 12)
        head.setSpacing(10)
        head.addWidget(label("明细", "title"))
        head.addWidget(label(room, "room"))
        head.addWidget(ElidedLabel(f"{charge.period_text()} {charge.item}", "who"), 1)
        head.addWidget(label(f"截至{until}", "muted"))
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(24, 12, 24, 12)
        body.setSpacing(6)
        body.addWidget(label("本金", "section"))
        body.addLayout(self._principal(principal_lines(story, today)))
        body.addSpacing(8)
        body.addWidget(label("违约金", "section"))
        self._add_fee(body, fee, policy)
        body.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.close_button = KeyButton("关上", key="Esc")
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 11, 24, 11)
        foot.addWidget(label("违约金与本金分开记、分开收。", "caption"), 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addWidget(area, 1)
        column.addWidget(hairline())
        column.addLayout(foot)
        self._inner = inner
        area.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as what it says, once the stylesheet has been applied."""
        super().showEvent(event)
        layout = self._inner.layout()
        if layout is not None:
            self.resize(_WIDTH, min(MOST_HIGH, layout.totalHeightForWidth(_WIDTH) + _FRAME))

    def text(self) -> str:
        """Everything as read, line by line."""
        return "\n".join(self._said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter closes as well."""
        if event.key() in _ENTER:
            self.reject()
        else:
            super().keyPressEvent(event)

    def _principal(self, lines: Sequence[tuple[str, int]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        last = len(lines) - 1
        for row, (words, fen) in enumerate(lines):
            at = row
            if row == last:
                grid.addWidget(hairline(), row, 0, 1, 2)
                at = row + 1
            role = "strong" if row == last else ""
            grid.addWidget(label(words, role, wrap=True), at, 0)
            grid.addWidget(_money(show(fen), role), at, 1, Qt.AlignmentFlag.AlignTop)
            self._said.append(f"{words} {show(fen)}")
        return grid

    def _add_fee(self, body: QVBoxLayout, fee: ChargeLateFee | None, policy: LateFeePolicy) -> None:
        if fee is None:
            self._say(body, "没有启用违约金：要先在“设置 › 违约金与冲抵”填合同条款号和费率。")
            return
        if fee.segments:
            body.addWidget(self._figures(fee, policy))
        for line in explain(fee, policy):
            self._say(body, line)

    def _figures(self, fee: ChargeLateFee, policy: LateFeePolicy) -> QWidget:
        card = Card("sunken", margins=(14, 8, 14, 8))
        row = QHBoxLayout()
        row.setSpacing(24)
        for words, fen, strong in (
            (f"按合同{policy.clause}（{rate_text(policy.rate_ppm)}）", fee.contract, False),
            ("按 LPR×1.3", fee.lpr, False),
            ("起算时的本金", fee.principal, False),
            ("主张", fee.claimed, True),
        ):
            part = QVBoxLayout()
            part.setSpacing(2)
            part.addWidget(label(words, "label", wrap=True))
            part.addWidget(label(show(fen), "next" if strong else "strong"))
            part.addStretch(1)
            row.addLayout(part, 2 if words.startswith("按合同") else 1)
            self._said.append(f"{words} {show(fen)}")
        card.body.addLayout(row)
        return card

    def _say(self, body: QVBoxLayout, words: str) -> None:
        body.addWidget(label(words, "", wrap=True))
        self._said.append(words)


def _money(text: str, role: str) -> QLabel:
    made = label(text, role)
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    return made
