"""收款: taking money at the left, the day's payments at the right; 对账 is its second view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.days import short_day
from feedesk.models.ledger.payments import Payment
from feedesk.models.ledger.takings import Taking
from feedesk.models.money import show_yuan
from feedesk.ui.desk import Desk
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.payment_details import PaymentDetails
from feedesk.ui.payment_export import TakingsExport
from feedesk.ui.payment_press import ReceiptPress
from feedesk.ui.payment_takings import PaymentTakings
from feedesk.ui.payment_till import PaymentTill
from feedesk.ui.printing import Printers
from feedesk.ui.widgets import KeyButton, KeyCap, Segment, label

TILL = "till"
ALONE_BELOW = 1100
"""Window widths under this many logical pixels show the till or the day's payments, F3 between them."""
_TILL_SHARE = 0.46
_TILL_RANGE = (584, 680)
_RAIL, _RAIL_NARROW = 72, 52


class PaymentsPage(Page):
    """Hangs the views up and does what they ask: details, receipts, reversals, the day's workbook."""

    def __init__(self, desk: Desk, printers: Printers | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._alone = self._wants_takings = False
        self._size = (1366, 697)
        self._views: dict[str, Page] = {}
        self._words: dict[str, str] = {TILL: "收款"}
        self.press = ReceiptPress(desk, self, printers)
        self.export = TakingsExport(desk, self)
        self.till = PaymentTill(desk)
        self.takings = PaymentTakings(desk)
        self.views = Segment(())
        self._switch = KeyCap("Ctrl+Tab")
        self._switch.hide()
        self.takings_button = KeyButton("今天的收款", key="F3", icon="payments")
        self.takings_button.clicked.connect(self.toggle_takings)
        self._till_view = QWidget()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._till_view)
        self._lay_out()
        self._connect()
        self._add_keys()

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setContentsMargins(16, 8, 16, 8)
        self._head.setSpacing(12)
        self._head.addWidget(label("收款", "title"))
        self._head.addWidget(self.views)
        self._head.addWidget(self._switch)
        self._head.addStretch(1)
        self._head.addWidget(self.takings_button)
        self.views.hide()
        self._panel = QFrame()
        self._panel.setProperty("role", "panel")
        held = QVBoxLayout(self._panel)
        held.setContentsMargins(1, 0, 0, 0)
        held.addWidget(self.takings)
        row = QHBoxLayout(self._till_view)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.till, 1)
        row.addWidget(self._panel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        takings = self.takings
        self.till.booked.connect(self._on_booked)
        takings.till_asked.connect(self.toggle_takings)
        takings.details_asked.connect(self.show_details)
        takings.reverse_asked.connect(self.ask_reverse)
        takings.print_asked.connect(self.press.print_receipts)
        takings.save_asked.connect(self.press.save_receipts)
        takings.export_asked.connect(self.export.save)
        self._desk.changed.connect(self._on_changed)

    # --- views ---

    def add_view(self, key: str, words: str, view: Page) -> None:
        """A second view beside 收款, such as 对账: a page within the page, chosen in the head or by Ctrl+Tab.

        It is asked what a page is asked while it is in front; its badge becomes the page's.
        """
        self._views[key] = view
        self._words[key] = words
        self.stack.addWidget(view)
        view.badge_changed.connect(self.badge_changed)
        old = self.views
        self.views = Segment(tuple(self._words.items()))
        self._switch.show()
        self.views.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.views.chosen.connect(self.show_view)
        self._head.replaceWidget(old, self.views)
        old.hide()
        old.deleteLater()
        self.views.choose(TILL)

    def show_view(self, key: str) -> None:
        """Bring 收款 (`TILL`) or another view to the front; raises KeyError for one that was never added."""
        widget = self._till_view if key == TILL else self._views[key]
        self.views.choose(key)
        self.stack.setCurrentWidget(widget)
        self._arrange()
        if self.isVisible():
            self.shown()

    def view_key(self) -> str:
        """The view in front."""
        shown = self.stack.currentWidget()
        return next((key for key, widget in self._views.items() if widget is shown), TILL)

    # --- what the shell asks ---

    def shown(self) -> None:
        """Refresh what may have aged, and be ready to type."""
        view = self._views.get(self.view_key())
        if view is not None:
            view.fit(*self._size)
            view.shown()
            return
        self.takings.new_day()
        self.takings.reload()
        self.till.refresh(Changes(everything=True))
        self._take_focus()

    def fit(self, width: int, height: int) -> None:
        """Choose the layout for a window of this size."""
        self._size = (width, height)
        was_alone, self._alone = self._alone, width < ALONE_BELOW
        if self._alone and not was_alone:
            self._wants_takings = self._on_takings()  # what the clerk has in hand stays in sight
        self.takings_button.setVisible(self._alone and self.view_key() == TILL)
        self.takings.till_button.setVisible(self._alone)
        room = width - (_RAIL_NARROW if self._alone else _RAIL)
        if self._alone:
            self.till.setMinimumWidth(0)
            self.till.setMaximumWidth(16_777_215)
        else:
            self._wants_takings = False
            low, high = _TILL_RANGE
            self.till.setFixedWidth(max(low, min(high, int(room * _TILL_SHARE))))
        self._arrange()
        self.till.fit(room if self._alone else self.till.minimumWidth(), height)
        for view in self._views.values():
            view.fit(width, height)

    def foot(self) -> int:
        """The day's sum stays in sight under what is said."""
        if self.view_key() != TILL:
            return self._views[self.view_key()].foot()
        return self.takings.foot_height() + 8 if self.takings.isVisible() else super().foot()

    def step_back(self) -> bool:
        """Esc: the day's payments → the form → the search → an empty field."""
        view = self._views.get(self.view_key())
        if view is not None:
            if not view.step_back():
                self.show_view(TILL)
            return True
        if self._alone and self._wants_takings:
            self.toggle_takings()
            return True
        if self._on_takings() and not self._alone:
            self.till.take_focus()
            return True
        return self.till.step_back()

    def focus_search(self) -> bool:
        """Ctrl+F or `/`: the till's field; a form half filled in is left."""
        view = self._views.get(self.view_key())
        if view is not None:
            return view.focus_search()
        if self._alone and self._wants_takings:
            self.toggle_takings()
        if self.till.taking:
            self.till.step_back()
        self.till.take_focus()
        return True

    def key_hints(self) -> tuple[KeyHint, ...]:
        """Everything that works on the view in front."""
        switch = (KeyHint("Ctrl+Tab", "收款、对账之间换"),) if self._views else ()
        view = self._views.get(self.view_key())
        if view is not None:
            return (*switch, *view.key_hints())
        return (
            *switch,
            KeyHint("↑ ↓ Enter", "找户时选一户"),
            KeyHint("1…6 Alt+1…6", "怎么付的：现金、转账、微信、支付宝、POS、托收"),
            KeyHint("Enter", "收款"),
            KeyHint("Ctrl+Enter", "收款并打印收据"),
            KeyHint("Alt+M D R W B", "金额、日期、流水号、谁付的、备注"),
            KeyHint("Alt+J 空格", "指定缴哪几笔"),
            KeyHint("Alt+U", "名下各套都勾上，或只要一套"),
            KeyHint("Alt+I", "收分期的这一期"),
            KeyHint("Alt+F Alt+Y Alt+L", "连违约金、多出的转预缴、清单已含或漏记"),
            KeyHint("F3", "到这一天的收款，或回来"),
            KeyHint("Alt+← Alt+→", "前一天、后一天（在收款表里）"),
            KeyHint("Ctrl+P", "打印收据"),
            KeyHint("Ctrl+S", "收据存为 PDF"),
            KeyHint("Ctrl+Shift+S", "这一天的收款存为 Excel"),
            KeyHint("Del", "冲正（在收款表里）"),
            KeyHint("Enter", "收款表里：这笔钱缴了什么"),
            KeyHint("Esc", "退一步"),
        )

    # --- what other pages ask ---

    def take_for(self, account_ids: Sequence[int]) -> None:
        """Take a payment for these accounts of one owner."""
        if self.view_key() != TILL:
            self.show_view(TILL)
        self._wants_takings = False
        self._arrange()
        self.till.choose(account_ids)

    def show_payment(self, payment_id: int) -> None:
        """A payment among those of its day, in hand."""
        self.show_view(TILL)
        self._wants_takings = True
        self._arrange()
        self.takings.show_day(self._desk.office.payments.get(payment_id).at.date())
        self.takings.reload(payment_id)
        self.takings.take_focus()

    # --- acts ---

    def toggle_takings(self) -> None:
        """F3: to the day's payments and back."""
        if self.view_key() != TILL:
            return
        if self._alone:
            self._wants_takings = not self._wants_takings
            self._arrange()
            self._take_focus()
        elif self._on_takings():
            self.till.take_focus()
        else:
            self.takings.take_focus()

    def show_details(self, taking: Taking) -> None:
        """What a payment paid."""
        dialog = PaymentDetails(taking, self)
        dialog.print_asked.connect(self.takings.ask_print)
        dialog.reverse_asked.connect(self.takings.ask_reverse)
        dialog.owner_asked.connect(self._desk.owner_wanted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_reverse(self, payment: Payment) -> None:
        """冲正, with a reason; the question says what comes of it."""
        rooms = f"{payment.rooms[0]}{f' 等 {len(payment.rooms)} 套' if len(payment.rooms) > 1 else ''}"
        what = f"{rooms} {payment.names[0]} {show_yuan(payment.amount)}"
        void = f"收据 {payment.receipt_no} 作废，请收回；" if payment.receipt_no else ""
        booked, today = payment.at.date(), self._desk.today()
        day = "今天的收款不再计它" if booked == today else f"{short_day(booked, today)} 的收款照旧，在今天扣减"
        question = (
            f"为什么冲正 {what}？\n这笔款不再抵任何账目：缴过的账目恢复未缴，"
            f"预缴退回；{void}承诺和跟进回到收款以前。{day}；记录仍留着。"
        )
        reason = self._desk.messages.ask_text(question, parent=self)
        if reason is not None:
            self._desk.write(
                lambda: self._desk.office.payments.reverse(payment.id, reason),
                f"{rooms} {show_yuan(payment.amount)} 已冲正：{reason.strip()}。",
            )

    # --- inside ---

    def _on_booked(self, payment_id: int, with_receipt: bool) -> None:
        today = self._desk.today()
        if self.takings.day != today:
            self.takings.show_day(today)
        self.takings.reload(payment_id)
        if with_receipt:
            self.press.print_receipts([self._desk.office.payments.get(payment_id)])

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and self.view_key() == TILL:  # else shown() reads anew
            self.takings.reload()
            self.till.refresh(changes)

    def _on_takings(self) -> bool:
        """Whether the keys are in the day's payments."""
        focus = QApplication.focusWidget()
        return focus is not None and self.takings.isAncestorOf(focus)

    def _arrange(self) -> None:
        self.till.setVisible(not self._alone or not self._wants_takings)
        self._panel.setVisible(not self._alone or self._wants_takings)
        self.takings_button.setVisible(self._alone and self.view_key() == TILL and not self._wants_takings)

    def _take_focus(self) -> None:
        if self._alone and self._wants_takings:
            self.takings.take_focus()
        else:
            self.till.take_focus()

    def _other_view(self) -> None:
        keys = list(self._words)
        self.show_view(keys[(keys.index(self.view_key()) + 1) % len(keys)])

    def _add_keys(self) -> None:
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+P", self.takings.ask_print),
            ("Ctrl+S", self.takings.ask_save),
            ("Ctrl+Shift+S", self.takings.ask_export),
            ("F3", self.toggle_takings),
        )
        for keys, act in acts:
            # On this view's widget only: 对账 has keys of its own.
            shortcut = QShortcut(QKeySequence(keys), self._till_view)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        QShortcut(QKeySequence("Ctrl+Tab"), self).activated.connect(self._other_view)
