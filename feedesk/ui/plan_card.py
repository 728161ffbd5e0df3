"""A plan on record: where each instalment stands, its paper, and ending it before its time."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.days import show_day
from feedesk.models.ledger.plans import PLAN_STATE_LABELS, InstalmentState, Plan, PlanState
from feedesk.models.money import show, show_yuan
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, label, lay_sheet

_WIDTH = 520
_MARKS = {PlanState.RUNNING: "promised", PlanState.BROKEN: "broken", PlanState.DONE: "paid"}


def state_words(state: InstalmentState) -> tuple[str, str]:
    """(mark, words) of one instalment: 已到账, 到账一部分, 过期, 还没到."""
    whole = state.instalment.amount
    if state.paid >= whole:
        return "paid", "已到账"
    came = f"到账 {show(state.paid)}，" if state.paid else ""
    if state.is_late:
        return "broken", f"{came}过期差 {show(whole - state.paid)}"
    return ("partly" if state.paid else "open"), f"{came}还差 {show(whole - state.paid)}"


class PlanCard(QDialog):
    """Shows a plan; whoever opened it prints, saves or voids.

    Signals:
        print_asked: 打印协议.
        save_asked: 存为 PDF.
        void_asked: 作废分期; the dialog has closed itself.
    """

    print_asked = Signal()
    save_asked = Signal()
    void_asked = Signal()

    def __init__(self, room: str, name: str, plan: Plan, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("分期")
        self.setModal(True)
        self._said: list[str] = []
        verdict = plan.verdict
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 12)
        head.setSpacing(10)
        head.addWidget(label("分期", "title"))
        head.addWidget(label(room, "room"))
        head.addWidget(ElidedLabel(name, "who"), 1)
        head.addWidget(label(f"共 {show_yuan(plan.draft.total)}", "muted"))
        middle = QVBoxLayout()
        middle.setContentsMargins(24, 12, 24, 12)
        middle.setSpacing(8)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(IconMark(f"mark-{_MARKS.get(verdict.state, 'open')}", size=16))
        state.addWidget(label(PLAN_STATE_LABELS[verdict.state], "section"), 1)
        middle.addLayout(state)
        middle.addWidget(label(verdict.why, "muted", wrap=True))
        middle.addLayout(self._grid(verdict.instalments, today))
        if plan.draft.waives_late_fee:
            middle.addWidget(label("按期付清就免违约金；有一期没付，照旧计算。", "caption", wrap=True))
        if plan.draft.note:
            middle.addWidget(label(plan.draft.note, "caption", wrap=True))
        below = f"{plan.at:%Y-%m-%d} {plan.staff_name} 办，{plan.approved_by} 批准"
        middle.addWidget(label(below, "caption", Tone.CAPTION))
        self.void_button = KeyButton("作废分期", kind="quiet")
        self.save_button = KeyButton("存为 PDF", key="Ctrl+S")
        self.print_button = KeyButton("打印协议", key="Ctrl+P", icon="print", kind="primary")
        self.close_button = KeyButton("关上", key="Esc", kind="quiet")
        self.void_button.setVisible(verdict.state in (PlanState.RUNNING, PlanState.BROKEN))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 11, 24, 11)
        foot.setSpacing(8)
        foot.addWidget(self.void_button)
        foot.addStretch(1)
        for button in (self.close_button, self.save_button, self.print_button):
            foot.addWidget(button)
        lay_sheet(self, head, middle, foot)
        self.void_button.clicked.connect(self._void)
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save_asked)
        self.print_button.clicked.connect(self.print_asked)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.save_asked)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self.print_asked)
        self._said.insert(0, verdict.why)
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Everything as read."""
        return "\n".join(self._said)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as what it says, once the stylesheet has been applied."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(_WIDTH, max(layout.totalHeightForWidth(_WIDTH), layout.totalSizeHint().height()))

    def _grid(self, states: tuple[InstalmentState, ...], today: date) -> QGridLayout:
        """Two columns of instalments when they are many: a plan of three years still fits a small screen."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        half = len(states) if len(states) <= 12 else -(-len(states) // 2)
        for place, state in enumerate(states):
            part = state.instalment
            mark, words = state_words(state)
            day = show_day(part.due_on, today)
            row, side = place % half, place // half * 5
            grid.addWidget(IconMark(f"mark-{mark}", size=14), row, side)
            grid.addWidget(label(f"第 {part.number} 期", "strong"), row, side + 1)
            grid.addWidget(label(day), row, side + 2)
            amount = label(show(part.amount), "strong")
            amount.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(amount, row, side + 3)
            if len(states) <= 12:
                grid.addWidget(label(words, "muted"), row, side + 4)
                grid.setColumnStretch(side + 4, 1)
            else:
                grid.setColumnStretch(side + 3, 1)
            self._said.append(f"第 {part.number} 期 {day} {show(part.amount)} {words}")
        return grid

    def _void(self) -> None:
        self.accept()
        self.void_asked.emit()
