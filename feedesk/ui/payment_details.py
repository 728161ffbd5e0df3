"""What one payment paid: every line of it, and all that is on record about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.days import paper_day
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, PaymentUse, UseKind
from feedesk.models.ledger.takings import Taking
from feedesk.models.money import show, show_yuan
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, ElidedLabel, KeyButton, hairline, label

_ROW = 28
_MOST_ROWS = 9


class PaymentDetails(QDialog):
    """Reads only; its buttons ask the page.

    Signals:
        print_asked, reverse_asked: the buttons; the dialog has closed itself.
        owner_asked: account id to be shown on 业主.
    """

    print_asked = Signal()
    reverse_asked = Signal()
    owner_asked = Signal(int)

    def __init__(self, taking: Taking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._payment = payment = taking.payment
        self.setWindowTitle("收款明细")
        self.setModal(True)
        uses = list(enumerate(taking.uses))
        several = len(payment.rooms) > 1
        self.model: RecordTableModel[tuple[int, PaymentUse]] = RecordTableModel(
            _columns(several), lambda row: row[0], parent=self
        )
        self.table: RecordTableView[tuple[int, PaymentUse]] = RecordTableView(self.model, row_height=_ROW)
        self.table.setAccessibleName("这笔钱缴了什么")
        self.table.show_rows(uses)
        rows = max(1, min(_MOST_ROWS, len(uses)))
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * _ROW)
        self.table.setVisible(bool(uses))
        self._void = Banner(Tone.CINNABAR)
        self._void.show_lines((f"已冲正：{payment.reversed}。{_undone_words(taking)}",) if payment.reversed else ())
        self.reverse_button = KeyButton("冲正", key="Del", kind="danger")
        self.reverse_button.clicked.connect(self._to_reverse)
        self.reverse_button.setEnabled(not payment.reversed)
        self.owner_button = KeyButton("去看这一户", key="Ctrl+O", icon="user")
        self.owner_button.clicked.connect(self._to_owner)
        self.print_button = KeyButton("补打收据" if payment.receipt_no else "打印收据", key="Ctrl+P", icon="print")
        self.print_button.clicked.connect(self._to_print)
        self.print_button.setEnabled(not payment.reversed or bool(payment.receipt_no))
        close = KeyButton("关上", key="Esc", kind="quiet")
        close.clicked.connect(self.reject)

        head = QHBoxLayout()
        head.setContentsMargins(24, 14, 24, 14)
        head.setSpacing(10)
        head.addWidget(label("收款明细", "title"))
        head.addWidget(ElidedLabel("、".join(payment.rooms), "room"))
        head.addWidget(ElidedLabel("、".join(dict.fromkeys(payment.names)), "who"), 1)
        head.addWidget(label(show_yuan(payment.amount), "money"))
        facts = QGridLayout()
        facts.setContentsMargins(24, 0, 24, 8)
        facts.setHorizontalSpacing(10)
        facts.setVerticalSpacing(4)
        for place, (name, said) in enumerate(self._facts()):
            row, side = divmod(place, 2)
            facts.addWidget(label(name, "caption"), row, side * 2)
            facts.addWidget(ElidedLabel(said), row, side * 2 + 1)
            facts.setColumnStretch(side * 2 + 1, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 12)
        foot.setSpacing(8)
        foot.addWidget(self.reverse_button)
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self.owner_button)
        foot.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(facts)
        column.addWidget(self._void)
        column.addWidget(hairline())
        column.addWidget(self.table)
        column.addWidget(hairline())
        column.addLayout(foot)
        self.resize(620, self.sizeHint().height())
        for keys, act in (
            ("Del", self.reverse_button.click),
            ("Ctrl+P", self.print_button.click),
            ("Ctrl+O", self.owner_button.click),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self.table.choose_row(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Everything read here: the facts, then the lines."""
        lines = [f"{name} {said}" for name, said in self._facts()]
        lines += [f"{use.room} {use.text} {show(use.amount)}" for _place, use in self.model.rows()]
        return "\n".join([*lines, self._void.text()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter closes as Esc does: there is nothing to save."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.reject()
            return
        super().keyPressEvent(event)

    def _facts(self) -> list[tuple[str, str]]:
        payment = self._payment
        return [
            ("收款日", paper_day(payment.paid_on)),
            ("方式", PAY_METHOD_LABELS[payment.method]),
            ("登记", f"{payment.at:%Y-%m-%d %H:%M} {payment.staff_name}"),
            ("流水号", payment.reference or "—"),
            ("付款人", payment.payer or "业主本人"),
            ("收据", payment.receipt_no or "还没有出"),
            *([("备注", payment.note)] if payment.note else []),
        ]

    def _to_print(self) -> None:
        self.accept()
        self.print_asked.emit()

    def _to_reverse(self) -> None:
        self.accept()
        self.reverse_asked.emit()

    def _to_owner(self) -> None:
        self.accept()
        self.owner_asked.emit(self._payment.shares[0].account_id)


def _undone_words(taking: Taking) -> str:
    if taking.is_struck:
        return "这笔款不抵任何账目，也不计入那天的收款。"
    return "这笔款不再抵任何账目；登记那天的收款照旧，冲正那天扣减。"


def _columns(several: bool) -> tuple[Column[tuple[int, PaymentUse]], ...]:
    def what(row: tuple[int, PaymentUse]) -> Cell:
        use = row[1]
        tone = Tone.INK if use.kind is UseKind.CHARGE else Tone.AZURE
        return Cell(f"{use.room} {use.text}" if several else use.text, tone=tone)

    def left(row: tuple[int, PaymentUse]) -> Cell:
        use = row[1]
        return Cell(show(use.left) if use.kind is UseKind.CHARGE else "—", tone=Tone.MUTED)

    return (
        Column("缴了什么", what, 0),
        Column("这笔缴了(元)", lambda row: Cell(show(row[1].amount), bold=True), 120, align=Align.RIGHT),
        Column("现在还欠(元)", left, 120, align=Align.RIGHT),
    )
