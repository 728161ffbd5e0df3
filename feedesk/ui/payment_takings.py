"""今天的收款: what was taken on a day, by whom, for what, and what it adds up to by way of payment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.days import short_day, weekday
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, Payment
from feedesk.models.ledger.takings import MethodSum, Taking, day_sums
from feedesk.models.money import show, show_yuan
from feedesk.tasks.takings import takings_of
from feedesk.ui.desk import Desk
from feedesk.ui.payment_columns import rooms_words, taking_columns
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.widgets import DayEdit, ElidedLabel, EmptyState, KeyButton, Segment, label

_TODAY, _YESTERDAY, _OWN = "today", "yesterday", "own"
_LONGEST_ROOM, _LONGEST_MANY = 12, 18


class TakingsTable(RecordTableView[Taking]):
    """Chooses its columns by its own width: it may stand beside the form or alone."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What there is room for."""
        self.fit_columns(self.width())
        super().resizeEvent(event)


class PaymentTakings(QWidget):
    """The payments booked on one day, and the reversals of earlier ones.

    Signals:
        details_asked: a `Taking`, Enter or a double click.
        print_asked, save_asked: `Payment`s whose receipt is wanted on paper, or as PDF.
        reverse_asked: a `Payment` to be reversed.
        export_asked: the day.
        till_asked: back to taking money.
    """

    details_asked = Signal(object)
    print_asked = Signal(list)
    save_asked = Signal(list)
    reverse_asked = Signal(object)
    export_asked = Signal(object)
    till_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._day = desk.today()
        self._title = ElidedLabel("", "section")
        self.span = Segment(((_TODAY, "今天"), (_YESTERDAY, "昨天"), (_OWN, "自选")))
        self.span.chosen.connect(self._on_span)
        self.day_edit = DayEdit(desk.today(), desk.today(), past=True)
        self.day_edit.setAccessibleName("哪一天的收款")
        self.day_edit.setFixedWidth(132)
        self.day_edit.day_changed.connect(self._on_day)
        self.till_button = KeyButton("去收款", key="F3")
        self.till_button.clicked.connect(self.till_asked)
        self.till_button.hide()
        self.model: RecordTableModel[Taking] = RecordTableModel(
            taking_columns(desk.today), lambda row: row.id, parent=self
        )
        self.table = TakingsTable(self.model)
        self.table.setAccessibleName("这一天的收款")
        self.table.current_changed.connect(lambda _id: self._mind_buttons())
        self.table.row_entered.connect(lambda _id: self.ask_details())
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._by_method = label("", "muted", wrap=True)
        self._total = label("", "money")
        self.reverse_button = KeyButton("冲正", key="Del", kind="danger")
        self.reverse_button.clicked.connect(self.ask_reverse)
        self.export_button = KeyButton("存为 Excel", icon="sheet")
        self.export_button.setToolTip("这一天的收款存为 Excel（Ctrl+Shift+S）")
        self.export_button.clicked.connect(self.ask_export)
        self.print_button = KeyButton("打印收据", key="Ctrl+P", icon="print")
        self.print_button.clicked.connect(self.ask_print)
        self._lay_out()
        for keys, act in (
            ("Del", self.ask_reverse),
            ("Alt+Left", lambda: self.turn(-1)),
            ("Alt+Right", lambda: self.turn(1)),
        ):
            self._key(keys, act)
        self.show_day(self._day)

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.span)
        head.addWidget(self.day_edit)
        head.addWidget(self.till_button)
        self.span.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        sums = QFrame()
        sums.setProperty("role", "strip")
        row = QHBoxLayout(sums)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        bar = QFrame()
        self._foot = (sums, bar)
        row.addWidget(self._by_method, 1)
        row.addWidget(self._total)
        bar.setProperty("role", "bar")
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addWidget(self.reverse_button)
        foot.addStretch(1)
        foot.addWidget(self.export_button)
        foot.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addWidget(sums)
        column.addWidget(bar)

    # --- what is shown ---

    def foot_height(self) -> int:
        """So high are the day's sum and the buttons below it."""
        return sum(part.height() for part in self._foot)

    @property
    def day(self) -> date:
        """The day shown."""
        return self._day

    def show_day(self, day: date) -> None:
        """Show the payments booked on that day."""
        self._day = day
        today = self._desk.today()
        key = {today: _TODAY, today - timedelta(days=1): _YESTERDAY}.get(day, _OWN)
        self.span.choose(key)
        self.day_edit.set_today(today)
        self.day_edit.setVisible(key == _OWN)
        self.day_edit.set_day(day)
        self.reload()

    def reload(self, current: int | None = None) -> None:
        """Read the day anew; the current row stays, or becomes that of a payment just booked."""
        rows = takings_of(self._desk.office, self._day)
        self.table.show_rows(rows)
        if current is not None:
            self.table.choose(current)
        elif rows and self.table.current_id() is None:
            self.table.choose_row(0)
        most = max((show(row.amount) for row in rows), key=len, default="")
        room = max((_room_words(row.payment.rooms) for row in rows), key=len, default="")
        number = "SJ2026-00000" if any(row.payment.receipt_no for row in rows) else ""
        self.table.keep_whole({"金额(元)": most, "房号": room, "收据": number})
        self._stack.setCurrentIndex(0 if rows else 1)
        self._say_day()
        self._show_sums(rows)
        self._mind_buttons()

    def new_day(self) -> None:
        """The clock has passed midnight while today was shown."""
        if self.span.value() == _TODAY and self._day != self._desk.today():
            self.show_day(self._desk.today())

    def current(self) -> Payment | None:
        """The payment the keys act on."""
        row = self.table.current_record()
        return row.payment if row is not None else None

    def sums(self) -> tuple[str, str]:
        """The strip under the table as read: by way of payment, and altogether."""
        return self._by_method.text(), self._total.text()

    def turn(self, by: int) -> None:
        """The day before or after; never beyond today."""
        day = self._day + timedelta(days=by)
        if day <= self._desk.today():
            self.show_day(day)

    def take_focus(self) -> None:
        """Into the table, or to the choice of days when there is nothing in it."""
        (self.table if self.model.rowCount() else self.span).setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is asked ---

    def ask_details(self) -> None:
        """Enter: what it paid."""
        row = self.table.current_record()
        if row is not None:
            self.details_asked.emit(row)

    def ask_reverse(self) -> None:
        """Del: 冲正."""
        payment = self.current()
        if payment is not None and not payment.reversed:
            self.reverse_asked.emit(payment)

    def ask_print(self) -> None:
        """Ctrl+P: the receipt of the current row."""
        payment = self.current()
        self.print_asked.emit([payment] if payment is not None else [])

    def ask_save(self) -> None:
        """Ctrl+S: the same as PDF."""
        payment = self.current()
        self.save_asked.emit([payment] if payment is not None else [])

    def ask_export(self) -> None:
        """The day as a workbook."""
        if self.model.rowCount():
            self.export_asked.emit(self._day)

    # --- inside ---

    def _on_span(self, key: str) -> None:
        today = self._desk.today()
        if key == _OWN:
            self.day_edit.show()
            self.day_edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.day_edit.selectAll()
        else:
            self.show_day(today if key == _TODAY else today - timedelta(days=1))

    def _on_day(self, day: date | None) -> None:
        if day is None:
            return
        if day > self._desk.today():
            self.day_edit.set_bad("这一天还没到。")
            return
        self._day = day
        self.reload()

    def _say_day(self) -> None:
        day, today = self._day, self._desk.today()
        written = f"{short_day(day, today)} {weekday(day)}"
        name = {today: "今天", today - timedelta(days=1): "昨天"}.get(day, "")
        self._title.setText(f"{name}的收款 · {written}" if name else f"{written} 的收款")
        self.empty.say("今天还没有收款。" if day == today else f"{name or written}没有收款。")

    def _show_sums(self, takings: Sequence[Taking]) -> None:
        sums = day_sums(takings)
        words = " ＋ ".join(_method_words(one) for one in sums.by_method)
        words += f" ＝ {sums.count} 笔" if words else ""
        if sums.reversed_count:
            void = f"冲正 {sums.reversed_count} 笔 {show(sums.reversed_amount)} 不计"
            words = f"{words}；{void}" if words else void
        self._by_method.setText(words or "合计")
        self._total.setText(show_yuan(sums.amount))

    def _mind_buttons(self) -> None:
        payment = self.current()
        live = payment is not None and not payment.reversed
        self.reverse_button.setEnabled(live)
        self.print_button.setEnabled(payment is not None and (live or bool(payment.receipt_no)))
        self.print_button.set_words("补打收据" if payment is not None and payment.receipt_no else "打印收据")
        self.export_button.setEnabled(self.model.rowCount() > 0)


def _method_words(one: MethodSum) -> str:
    """「现金 2 笔 1,000.00 − 冲正 428.25」: what came in one way, and what was taken back of earlier days."""
    came = f" {one.count} 笔 {show(one.amount + one.undone)}" if one.count else ""
    undone = f" − 冲正 {show(one.undone)}" if one.undone else ""
    return f"{PAY_METHOD_LABELS[one.method]}{came}{undone}"


def _room_words(rooms: Sequence[str]) -> str:
    """What the column is to have room for: all rooms while they are few, else the first and how many."""
    words, shorter = rooms_words(rooms)
    return next((one for one in (words, *shorter) if len(one) <= _LONGEST_ROOM), (words, *shorter)[-1][:_LONGEST_MANY])
