"""The fields of a payment and where they stand; what they do is in `payment_till`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.accounts import OwnerRow
from feedesk.models.money import show_yuan
from feedesk.ui.contact_parts import Problem, takes_text
from feedesk.ui.desk import Desk
from feedesk.ui.payment_lines import LINE_HEIGHT, PaymentLines
from feedesk.ui.payment_parts import LabelledField, MethodPad, UnitRow
from feedesk.ui.payment_questions import PaymentQuestions
from feedesk.ui.widgets import (
    Banner,
    DayEdit,
    ElidedLabel,
    Field,
    KeyButton,
    KeyCap,
    MoneyEdit,
    StatusPill,
    field_label,
    label,
)

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDE_FROM = 780
"""Forms this many logical pixels wide put all fields into one row."""
_MOST_LINES, _MOST_LINES_LOW = 7, 4
_LOW = 600
"""Windows lower than this keep room below the lines for what else is asked."""


class PaymentForm(QWidget):
    """All fields in reading order: who, how, how much, when, what for; the buttons below say what will happen.

    Signals:
        save_asked: Enter, or Ctrl+Enter (True: with the receipt).
        back_asked: the button beside them.
    """

    save_asked = Signal(bool)
    back_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        today = desk.today()
        self.room = label("", "panel-room")
        self.name = ElidedLabel("", "panel-name")
        self.pill = StatusPill()
        self.owed = label("", "money")
        self.owed_words = label("", "caption")
        self.units = UnitRow()
        self.units_words = label("", "label")
        self.all_units = KeyButton("全部勾上", key="Alt+U", kind="quiet")
        self.doubts = Banner()
        self.instalment = KeyButton("", key="Alt+I", kind="chip")
        self.pad = MethodPad()
        self.method_problem = Problem()
        self.amount = LabelledField("收到多少（元）(&M)", MoneyEdit())
        self.day = LabelledField("哪天收到(&D)", DayEdit(today, today, past=True))
        self.reference = LabelledField("流水号、票号(&R)", Field("", "转账、微信、支付宝的单号"))
        self.payer = LabelledField("谁付的(&W)", Field("", "业主本人"))
        self.note = LabelledField("备注(&B)", Field())
        self.lines = PaymentLines()
        self.rule_words = ElidedLabel("", "caption")
        self.questions = PaymentQuestions()
        self.problem = Problem()
        self.equation = ElidedLabel("", "muted")
        self.back_button = KeyButton("取消", key="Esc", kind="quiet")
        self.print_button = KeyButton("并打印", key="Ctrl+Enter", icon="print")
        self.save_button = KeyButton("收款", key="Enter", kind="primary")
        self._one_row: bool | None = None
        self._low = False
        self._what_for = self._lay_out_lines()
        self._lay_out()
        self._connect()

    @property
    def amount_edit(self) -> MoneyEdit:
        """收到多少."""
        edit = self.amount.edit
        assert isinstance(edit, MoneyEdit)  # as made above
        return edit

    @property
    def day_edit(self) -> DayEdit:
        """哪天收到."""
        edit = self.day.edit
        assert isinstance(edit, DayEdit)  # as made above
        return edit

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back_asked)
        self.save_button.clicked.connect(lambda: self.save_asked.emit(False))
        self.print_button.clicked.connect(lambda: self.save_asked.emit(True))
        self.lines.row_entered.connect(lambda _id: self.save_asked.emit(False))
        self.lines.typed.connect(self._typed_on_lines)
        self.pad.chosen.connect(lambda _method: self._after_method())
        self.questions.prepay_asked.connect(self._show_prepay)

    def _lay_out(self) -> None:
        who = QHBoxLayout()
        who.setContentsMargins(16, 6, 16, 2)
        who.setSpacing(8)
        who.addWidget(self.room)
        who.addWidget(self.name)
        who.addWidget(self.pill)
        who.addStretch(1)
        who.addWidget(self.owed_words)
        who.addWidget(self.owed)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 4, 16, 8)
        self._column.setSpacing(8)
        self._units = QWidget()
        units = QVBoxLayout(self._units)
        units.setContentsMargins(0, 0, 0, 0)
        units.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.units_words)
        head.addStretch(1)
        head.addWidget(self.all_units)
        units.addLayout(head)
        units.addWidget(self.units)
        self._column.addWidget(self.doubts)
        self._column.addWidget(self._units)
        method = QVBoxLayout()
        method.setSpacing(4)
        words = QHBoxLayout()
        words.addWidget(field_label("怎么付的(&Q)", self.pad))
        self.pad.setAccessibleName("怎么付的")
        words.addStretch(1)
        words.addWidget(self.instalment)
        words.addWidget(label("按数字键；在输入框里按", "caption"))
        words.addWidget(KeyCap("Alt+1…6"))
        method.addLayout(words)
        method.addWidget(self.pad)
        method.addWidget(self.method_problem)
        self._column.addLayout(method)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._column.addLayout(self._grid)
        self._column.addWidget(self._what_for)
        self._column.addWidget(self.questions)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        bar = QFrame()
        bar.setProperty("role", "bar")
        foot = QVBoxLayout(bar)
        foot.setContentsMargins(16, 4, 16, 8)
        foot.setSpacing(2)
        foot.addWidget(self.problem)
        sums = QHBoxLayout()
        sums.addWidget(self.equation, 1)
        sums.addWidget(self.back_button)
        foot.addLayout(sums)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.save_button)
        foot.addLayout(buttons)
        for button in (self.back_button, self.print_button, self.save_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(who)
        column.addWidget(self.area, 1)
        column.addWidget(bar)
        self._place_fields(one_row=False)

    def _lay_out_lines(self) -> QWidget:
        what = QHBoxLayout()
        what.setSpacing(8)
        what.addWidget(field_label("缴的是哪几笔(&J)", self.lines))
        self.lines.setAccessibleName("缴的是哪几笔")
        what.addWidget(self.rule_words, 1)
        frame = QFrame()
        frame.setProperty("role", "card")
        held = QVBoxLayout(frame)
        held.setContentsMargins(1, 1, 1, 1)
        held.addWidget(self.lines)
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(what)
        column.addWidget(frame)
        return block

    # --- what it shows ---

    def start(self, today: date) -> None:
        """An empty form for the next payer; the day is today."""
        self.pad.choose(None)
        self.day_edit.set_today(today)
        self.day_edit.set_day(today)
        for field in (self.reference, self.payer, self.note):
            field.edit.setText("")
        self.lines.forget_names()
        self.questions.start()
        for problem in (self.problem, self.method_problem):
            problem.say("")
        self.area.verticalScrollBar().setValue(0)

    def offer_units(self, rows: Sequence[OwnerRow], checked: Sequence[int]) -> None:
        """The owner's units; hidden when there is one only."""
        self.units.offer(rows, checked)
        self.units_words.setText(f"名下 {len(rows)} 套，为哪几套缴")
        self._units.setVisible(len(rows) > 1)
        self._order_tabs()

    def show_owner(self, room: str, name: str, mark: str, mark_text: str) -> None:
        """Whose payment it is, and where the unit stands."""
        self.room.setText(room)
        self.name.setText(name)
        self.pill.show_status(mark, mark_text)
        self.pill.setVisible(bool(mark_text))

    def show_instalment(self, number: int, missing: int) -> None:
        """Offer the sum of the instalment that is next; nothing missing hides it."""
        self.instalment.set_words(f"分期第 {number} 期 {show_yuan(missing)}")
        self.instalment.setVisible(missing > 0)

    def say_problems(self, found: Mapping[str, str], shown: Collection[str]) -> None:
        """What is missing or wrong by field (`PaymentTill.problems`); beside the fields only those in `shown`."""
        places = {
            "amount": self.amount.problem,
            "day": self.day.problem,
            "late_fee": self.questions.late_fee_problem,
            "method": self.method_problem,
        }
        for field, place in places.items():
            place.say(found.get(field, "") if field in shown else "")
        for field, edit in (("day", self.day_edit), ("amount", self.amount_edit)):
            edit.set_bad(places[field].text())
        self.problem.say(found.get("units") or found.get("rule") or found.get("prepay", ""))
        first = next(iter(found.values()), "")
        for button in (self.save_button, self.print_button):
            button.setEnabled(not first)
            button.setToolTip(first)

    def go_to(self, field: str) -> None:
        """Put the focus where a problem is mended."""
        to: dict[str, QWidget] = {
            "day": self.day_edit,
            "late_fee": self.questions.late_fee,
            "prepay": self.questions.prepay_box,
            "units": self.all_units,
        }
        if field == "method":
            self.pad.take_focus()
        else:
            to.get(field, self.amount_edit).setFocus(Qt.FocusReason.OtherFocusReason)

    # --- layout ---

    def fit(self, width: int, height: int) -> None:
        """The form is so wide and the window so high."""
        self._place_fields(one_row=width >= _WIDE_FROM)
        self._low = height < _LOW
        self._column.setSpacing(5 if self._low else 8)
        self.fit_lines()

    def fit_lines(self) -> None:
        """The table is as high as its lines, within bounds; the rest scrolls in it."""
        most = _MOST_LINES_LOW if self._low else _MOST_LINES
        rows = max(1, min(most, self.lines.lines.rowCount()))
        self.lines.setFixedHeight(self.lines.horizontalHeader().height() + rows * LINE_HEIGHT)
        self._what_for.setVisible(self.lines.lines.rowCount() > 0)

    def _order_tabs(self) -> None:
        """Tab goes in reading order: Qt would follow the order in which things were made."""
        order: list[QWidget] = [
            *self.units.widgets(),
            self.all_units,
            self.instalment,
            *self.pad.buttons(),
            self.amount_edit,
            self.day_edit,
            self.reference.edit,
            self.payer.edit,
            self.note.edit,
            self.lines,
            *self.questions.stops(),
            self.back_button,
            self.print_button,
            self.save_button,
        ]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _place_fields(self, *, one_row: bool) -> None:
        if one_row == self._one_row:
            return
        self._one_row = one_row
        fields = (self.amount, self.day, self.reference, self.payer, self.note)
        for field in fields:
            self._grid.removeWidget(field)
        for column in range(6):
            self._grid.setColumnStretch(column, 0)
        top = Qt.AlignmentFlag.AlignTop
        if one_row:
            for column, (field, stretch) in enumerate(zip(fields, (3, 3, 4, 3, 4), strict=True)):
                self._grid.addWidget(field, 0, column, top)
                self._grid.setColumnStretch(column, stretch)
            return
        for place, (field, at) in enumerate(
            zip(fields, ((0, 0, 2), (0, 2, 2), (0, 4, 2), (1, 0, 3), (1, 3, 3)), strict=True)
        ):
            row, column, span = at
            self._grid.addWidget(field, row, column, 1, span, top)
            self._grid.setColumnStretch(place, 1)
        self._grid.setColumnStretch(5, 1)

    def _show_prepay(self) -> None:
        box = self.questions.prepay_box
        QTimer.singleShot(0, box, lambda: self.area.ensureWidgetVisible(box))  # once it has its place

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves; a digit outside the fields says how it was paid."""
        control = Qt.KeyboardModifier.ControlModifier
        if event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.save_asked.emit(bool(event.modifiers() & control))
            return
        other = event.modifiers() & (control | Qt.KeyboardModifier.AltModifier)
        if not other and not takes_text(QApplication.focusWidget()) and self.pad.press(event.text()):
            return
        super().keyPressEvent(event)

    def _typed_on_lines(self, text: str) -> None:
        self.pad.press(text)

    def _after_method(self) -> None:
        """On to the amount; a second look at it costs nothing, Enter saves."""
        self.amount_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount_edit.selectAll()
