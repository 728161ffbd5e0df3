"""账单: ageing, every charge with its limitation, the sums, and what can be done about them.

Shows any day; acts on today only, and limitation is told of today only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.ageing import ageing
from feedesk.models.charges import Charge
from feedesk.models.days import short_day
from feedesk.models.disputes import held_words
from feedesk.models.ledger.late_fee import AccountLateFee, LateFeePolicy, lumps_text, verdict
from feedesk.models.ledger.plans import PlanState
from feedesk.models.money import show, show_yuan
from feedesk.ui.ageing_bar import AgeingBar
from feedesk.ui.bill_delegate import BillDelegate, BillModel
from feedesk.ui.owner_money import OwnerMoney
from feedesk.ui.past_day import PastDay
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import (
    ElidedLabel,
    EmptyState,
    IconMark,
    KeyButton,
    hairline,
    label,
)

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ROOMY = 620
"""From this width on the buttons carry all their words."""
_TIGHT = 432
"""Under this width the margins give way to the buttons."""
_LOW = 380
"""Under this height the ageing bar gives way to the lines."""
_NOT_TODAY = "看的是{day}的余额；回到今天再办（按 D 输入“今天”）"


class BillList(QListView):
    """The lines; letters act on the current one or on the account.

    Signals:
        key_pressed: a `Qt.Key` that is no movement.
        entered: the current line; Enter or a double click.
    """

    key_pressed = Signal(object)
    entered = Signal()

    def __init__(self, model: BillModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bills = model
        self.setModel(model)
        self.setItemDelegate(BillDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("账单")
        self.doubleClicked.connect(lambda _index: self.entered.emit())

    def current_charge(self) -> Charge | None:
        """The charge the keys act on."""
        return self._bills.charge(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and letters; the rest is Qt's."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in _ENTER:
            self.entered.emit()
        elif plain and Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z:
            self.key_pressed.emit(Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Letters are keys here, not a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Heights depend on the width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class BillsTab(QWidget):
    """Shows the charges of one account as of a day.

    Signals:
        hold_asked: a charge the clerk wants held out of notices, or let go again.
        pay_asked: 收款 for this account.
        plan_asked: 分期.
        waive_asked: 减免; the charge in hand, or None.
        split_asked: 按月拆分 of a charge, or putting its months together again.
        explain_asked: how a charge's figures come about.
        settle_asked: a payment in doubt shall be settled.
        dispute_asked: 异议 about the line in hand, or about the account.
        day_changed: the day whose balances are wanted.
    """

    hold_asked = Signal(object)
    pay_asked = Signal()
    plan_asked = Signal()
    waive_asked = Signal(object)
    split_asked = Signal(object)
    explain_asked = Signal(object)
    settle_asked = Signal()
    dispute_asked = Signal(object)
    day_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._money = OwnerMoney(date.min, date.min, ())
        self._has_bands = False
        self._day_edit: PastDay | None = None
        self.bar = AgeingBar()
        self._model = BillModel(self)
        self.list = BillList(self._model)
        self.list.key_pressed.connect(self._on_key)
        self.list.entered.connect(self._ask_explain)
        self.list.selectionModel().currentChanged.connect(lambda _now, _was: self._mind_buttons())
        self._count = label("", "caption")
        self._sum_label = label("未缴合计（违约金未计）", "muted")
        self._sum = label("", "money")
        self._fee_label = label("", "muted")
        self._fee = label("", "strong")
        self._prepaid = label("", "", Tone.MALACHITE)
        self._held = label("", "", Tone.VIOLET)
        self.pay_button = KeyButton("收款", key="S")
        self.plan_button = KeyButton("分期", key="F")
        self.waive_button = KeyButton("减免", key="J")
        self.split_button = KeyButton("拆分", key="C", kind="quiet")
        self.hold_button = KeyButton("暂缓", key="H", kind="quiet")
        self.dispute_button = KeyButton("异议", key="X", kind="quiet")
        self.settle_button = KeyButton("核对", key="K", kind="quiet")
        self._doubt = QWidget()
        self._doubt_words = ElidedLabel("", "", Tone.OCHRE)
        self._then = QWidget()
        self._then_words = label("", "", Tone.OCHRE)
        self.today_button = KeyButton("回到今天", kind="quiet")
        self._empty = EmptyState("这一户没有账目。", "导入财务清单后，欠的每一笔都列在这里。")
        self._stack = QStackedWidget()
        self._top = QWidget()
        self._day_place = QHBoxLayout()
        self._foot_rows: list[QHBoxLayout] = []
        self._build()
        for button, act in self._acts():
            button.clicked.connect(act)

    # --- what is shown ---

    def show_money(self, money: OwnerMoney) -> None:
        """Show the charges of an account as of a day; the line in hand stays by its id."""
        kept = self.list.current_charge()
        self._money = money
        self._show_day(money)
        charges, day = money.charges, money.day
        self._model.show_charges(charges, day, money.extras())
        rows = self._model.rowCount()
        ids = [line.charge_id for line in self._model.lines()]
        at = ids.index(kept.id) if kept is not None and kept.id in ids else 0
        if rows:
            self.list.setCurrentIndex(self._model.index(at, 0))
        still_open = [charge for charge in charges if charge.owed > 0]
        bands = ageing(charges, day)
        self.bar.show_bands(bands)
        self._has_bands = bool(bands)
        self._mind_bar()
        counted = f"{len(still_open)} 笔" if still_open else f"{rows} 笔都已缴清" if rows else ""
        self._count.setText(f"{rows} 笔，{len(money.doubts)} 笔待核" if money.doubts else counted)
        self._sum.setText(show_yuan(money.owed))
        self._show_fee(money)
        self._doubt.setVisible(bool(money.doubts))
        self._doubt_words.setText(f"{money.doubt_text()}：清单还列着，账上已记收款" if money.doubts else "")
        self._stack.setCurrentIndex(0 if rows or not money.is_today else 1)
        self._mind_buttons()

    def show_charges(self, charges: Sequence[Charge], today: date) -> None:
        """Show charges of which nothing more is known."""
        self.show_money(OwnerMoney(today, today, tuple(charges)))

    def total_text(self) -> str:
        """The sum as read at the foot."""
        parts = (self._count, self._sum_label, self._sum, self._held, self._fee_label, self._fee, self._prepaid)
        return " ".join(part.text() for part in parts if part.text())

    def fee_tip(self) -> str:
        """How the late fee at the foot comes about, as its tooltip says."""
        return self._fee.toolTip()

    def lines(self) -> tuple[str, ...]:
        """Every line as read."""
        return tuple(line.text for line in self._model.lines())

    def take_focus(self) -> None:
        """Put the keys on the lines."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def shown_day(self) -> date:
        """The day whose balances are shown."""
        return self._money.day

    @property
    def day(self) -> PastDay | None:
        """The field of the day, once an account has been shown."""
        return self._day_edit

    def _show_day(self, money: OwnerMoney) -> None:
        if self._day_edit is None or self._day_edit.property("today") != money.today:
            if self._day_edit is not None:
                self._day_place.removeWidget(self._day_edit)
                self._day_edit.deleteLater()
            self._day_edit = PastDay(money.today)
            self._day_edit.setProperty("today", money.today)
            self._day_edit.settled.connect(self._on_day)
            self._day_edit.left.connect(self.take_focus)
            self._day_label.setBuddy(self._day_edit)
            self._day_place.addWidget(self._day_edit)
        if self._day_edit.day() != money.day:
            self._day_edit.set_day(money.day)
        self._then.setVisible(not money.is_today)
        self._then_words.setText(f"这是截至 {short_day(money.day, money.today)} 的余额")

    def _show_fee(self, money: OwnerMoney) -> None:
        fee = money.late_fee
        self._sum_label.setText("未缴合计（违约金未计）" if fee is None else "未缴合计")
        until = "今天" if money.is_today else short_day(money.day, money.today)
        self._fee_label.setText("" if fee is None else f"违约金至{until}")
        self._fee.setText("" if fee is None else _fee_text(fee))
        for part in (self._fee_label, self._fee):
            part.setToolTip("" if fee is None else _fee_tip(fee, money.policy))
        self._prepaid.setText(f"预缴 {show_yuan(money.prepaid)}" if money.prepaid else "")
        self._held.setText(held_words(money.charges))
        for part in (self._fee_label, self._fee, self._prepaid, self._held):
            part.setVisible(bool(part.text()))

    # --- where it stands ---

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        self._bar_title = label("账龄", "section")
        head.addWidget(self._bar_title)
        head.addWidget(self.dispute_button)
        head.addStretch(1)
        self._day_label = label("按应缴日，截至", "caption")
        head.addWidget(self._day_label)
        head.addLayout(self._day_place)
        then = QHBoxLayout(self._then)
        then.setContentsMargins(0, 0, 0, 0)
        then.addWidget(IconMark("clock", size=16))
        then.addWidget(self._then_words, 1)
        then.addWidget(self.today_button)
        self._then.hide()
        doubt = QHBoxLayout(self._doubt)
        doubt.setContentsMargins(0, 0, 0, 0)
        doubt.addWidget(IconMark("mark-verify", size=16))
        doubt.addWidget(self._doubt_words, 1)
        doubt.addWidget(self.settle_button)
        self._doubt.hide()
        top = QVBoxLayout(self._top)
        top.setContentsMargins(16, 6, 16, 8)
        top.setSpacing(6)
        top.addLayout(head)
        top.addWidget(self._then)
        top.addWidget(self._doubt)
        top.addWidget(self.bar)
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(hairline())
        column.addWidget(self.list, 1)
        foot = QFrame()
        foot.setProperty("role", "bar")
        rows = QVBoxLayout(foot)
        rows.setContentsMargins(0, 3, 0, 5)
        rows.setSpacing(1)
        sums = QHBoxLayout()
        sums.setSpacing(8)
        sums.addWidget(self._count)
        sums.addStretch(1)
        sums.addWidget(self._sum_label)
        sums.addWidget(self._sum)
        more = QHBoxLayout()
        more.setSpacing(8)
        more.addWidget(self._held)
        more.addWidget(self._prepaid)
        more.addStretch(1)
        more.addWidget(self._fee_label)
        more.addWidget(self._fee)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for button in (self.pay_button, self.plan_button, self.waive_button):
            acts.addWidget(button)
        acts.addStretch(1)
        for button in (self.split_button, self.hold_button):
            acts.addWidget(button)
        self._foot_rows = [sums, more, acts]
        for row in self._foot_rows:
            rows.addLayout(row)
        column.addWidget(foot)
        self._stack.addWidget(lines)
        self._stack.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._mind_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the buttons say all."""
        super().resizeEvent(event)
        self._mind_width()
        self._mind_bar()

    def _mind_bar(self) -> None:
        """In a low window the lines need the room."""
        is_shown = self._has_bands and self.height() >= _LOW
        self.bar.setVisible(is_shown)
        self._bar_title.setVisible(is_shown)

    def _mind_width(self) -> None:
        side = 8 if self.width() < _TIGHT else 16
        for row in self._foot_rows:
            row.setContentsMargins(side, 0, side, 0)
        self._foot_rows[-1].setSpacing(4 if self.width() < _TIGHT else 6)
        self._mind_words()

    def _mind_words(self) -> None:
        roomy = self.width() >= _ROOMY
        charge = self.list.current_charge()
        held = charge is not None and bool(charge.hold)
        is_month = charge is not None and charge.id in self._money.lumps
        self.split_button.set_words(
            "合回一笔" if is_month and roomy else "合回" if is_month else "按月拆分" if roomy else "拆分"
        )
        self.split_button.setAccessibleName("合回一笔" if is_month else "按月拆分")
        self.hold_button.set_words(("恢复" if held else "暂缓") + ("这笔" if roomy else ""))

    # --- what can be done ---

    def _acts(self) -> tuple[tuple[KeyButton, Callable[[], None]], ...]:
        return (
            (self.pay_button, self.pay_asked.emit),
            (self.plan_button, self.plan_asked.emit),
            (self.waive_button, lambda: self.waive_asked.emit(self._open_line())),
            (self.split_button, lambda: self.split_asked.emit(self.list.current_charge())),
            (self.hold_button, lambda: self.hold_asked.emit(self.list.current_charge())),
            (self.settle_button, self.settle_asked.emit),
            (self.dispute_button, lambda: self.dispute_asked.emit(self.list.current_charge())),
            (self.today_button, self._back_to_today),
        )

    def _on_key(self, key: Qt.Key) -> None:
        if key is Qt.Key.Key_D and self._day_edit is not None:
            self._day_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._day_edit.selectAll()
            return
        for button, _act in self._acts():
            if button.key() and key == getattr(Qt.Key, f"Key_{button.key()}") and button.isEnabled():
                if button is not self.settle_button or self._money.doubts:
                    button.click()
                return

    def _open_line(self) -> Charge | None:
        charge = self.list.current_charge()
        return charge if charge is not None and charge.owed > 0 else None

    def _mind_buttons(self) -> None:
        charge, money = self.list.current_charge(), self._money
        is_open = charge is not None and charge.owed > 0
        then = "" if money.is_today else _NOT_TODAY.format(day=f" {short_day(money.day, money.today)} ")
        nothing = "" if money.owed else "这一户没有欠费"
        lump = charge is not None and charge.is_lump
        is_month = charge is not None and charge.id in money.lumps
        no_lump = "" if is_month or (lump and is_open) else "几个月合在一笔、还没缴清的才要拆分"
        split_tip = "取消按月拆分，合回一笔" if is_month else "把这一笔按月拆开，各月各算逾期"
        has_fee = money.late_fee is not None and money.late_fee.owed > 0
        running = money.plan is not None and money.plan.verdict.state is PlanState.RUNNING
        plan_tip = "看这份分期：每期到账没有，打印协议，作废" if running else "约定分几期、每期几号付多少"
        for button, tip, why in (
            (self.pay_button, "给这一户收款", then),
            (self.plan_button, plan_tip, then or ("" if running else nothing)),
            (self.waive_button, "减免这笔本金，或减免违约金", then or ("" if has_fee else nothing)),
            (self.split_button, split_tip, then or no_lump),
            (self.hold_button, "这笔先不进催款单", then or self._no_hold(charge)),
            (self.dispute_button, "登记业主的异议，或看在办的异议", then or ("" if money.charges else nothing)),
            (self.settle_button, "说明收款属实，或冲正", then),
        ):
            button.setEnabled(not why)
            keys = "S；不在账单时 F10" if button is self.pay_button else button.key()
            button.setToolTip(why or f"{tip}（{keys}）")
        self._mind_words()

    @staticmethod
    def _no_hold(charge: Charge | None) -> str:
        """Why 暂缓 or 恢复 makes no sense for a line."""
        if charge is None or charge.owed <= 0:
            return "已缴清的一笔不用暂缓"
        return "异议办结就自动恢复（按 X 看异议）" if charge.dispute_id is not None else ""

    def _ask_explain(self) -> None:
        charge = self.list.current_charge()
        if charge is not None:
            self.explain_asked.emit(charge)

    def _on_day(self, day: date) -> None:
        if day != self._money.day:
            self.day_changed.emit(day)

    def _back_to_today(self) -> None:
        self._on_day(self._money.today)
        self.take_focus()


def _fee_text(fee: AccountLateFee) -> str:
    """What is open of it; what cannot be reckoned is not told as nothing."""
    if not fee.lumps:
        return show_yuan(fee.owed)
    return f"{show_yuan(fee.owed)}（{fee.lumps} 笔未拆分，未计）" if fee.claimed else f"未计（{fee.lumps} 笔未拆分）"


def _fee_tip(fee: AccountLateFee, policy: LateFeePolicy) -> str:
    """The three figures (law §13.6), what was let off and paid of it, and whether it may be printed."""
    figures = f"按合同 {show(fee.contract)} · 按 LPR×1.3 {show(fee.lpr)} · 本金 {show(fee.principal)}"
    lowered = [f"减免 {show(fee.waived)}"] * bool(fee.waived) + [f"已付 {show(fee.paid)}"] * bool(fee.paid)
    claimed = " · ".join((f"主张 {show(fee.claimed)}", *lowered))
    lumps = lumps_text(fee.lumps, fee.claimed)
    return "\n".join((figures, claimed, verdict(fee, policy)[1], *([f"{lumps}。"] if lumps else [])))
