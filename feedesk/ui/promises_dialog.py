"""The promises behind 承诺兑现: this month's and the last's, each with what came of it, and the clerks who took them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from feedesk.models.accounts import MarkKind
from feedesk.models.contacts import PromiseState
from feedesk.models.days import short_day
from feedesk.models.money import show, show_yuan
from feedesk.models.promise_lines import PROMISE_TITLES, RATE_TITLES, RateLine, rate_lines, shown
from feedesk.models.promises import JudgedPromise, PromiseMonths, rates
from feedesk.ui import figures_copy
from feedesk.ui.list_dialog import ListDialog
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, Segment

NOW, BEFORE, CLERKS = "now", "before", "clerks"
_MARKS = {
    PromiseState.KEPT: (MarkKind.PAID, Tone.MALACHITE),
    PromiseState.PART: (MarkKind.PARTLY, Tone.AZURE),
    PromiseState.BROKEN: (MarkKind.BROKEN, Tone.CINNABAR),
    PromiseState.OPEN: (MarkKind.PROMISED, Tone.AZURE),
    PromiseState.REPLACED: (MarkKind.OTHER, Tone.MUTED),
}


class PromisesDialog(ListDialog):
    """Three views; Enter on a promise goes to its owner.

    Signals:
        owner_asked: account id of the promise entered.
    """

    owner_asked = Signal(int)

    def __init__(self, months: PromiseMonths, parent: QWidget | None = None) -> None:
        super().__init__("承诺兑现", "看这一户", parent)
        self._due = {NOW: shown(months.now_due), BEFORE: shown(months.before_due)}
        self._today = months.today
        self._months = months
        self._lines = rate_lines(months)
        names = ((NOW, "本月"), (BEFORE, "上月"))
        counted = [(key, f"{word} {len(self._due[key]):,}") for key, word in names]
        self.views = Segment([*counted, (CLERKS, "按经办人")])
        self.views.chosen.connect(self.show_view)
        self.model = RecordTableModel[JudgedPromise](
            self._columns(), lambda one: one.promise.contact_id << 32 | one.promise.owner_id
        )
        self.table = RecordTableView(self.model, row_height=30)
        self.table.row_entered.connect(lambda _id: self.enter())
        self.rates = RecordTableModel[RateLine](_rate_columns(), lambda line: line.place)
        self.clerks = RecordTableView(self.rates, row_height=30)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.clerks)
        self.foot = ElidedLabel("", "muted")
        self.lay_out((ElidedLabel("按承诺日算在哪个月", "muted"), self.views), (self.stack,), self.foot)
        for keys, step in (("Alt+Right", 1), ("Alt+Left", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=step: self._step(by))
        room = self.screen().availableGeometry()
        self.resize(min(960, room.width() - 40), min(600, room.height() - 60))
        self.rates.set_rows(self._lines)
        start = NOW if self._due[NOW] or not self._due[BEFORE] else BEFORE
        self.views.choose(start)
        self.show_view(start)

    def show_view(self, view: str) -> None:
        """Show this month, the last, or the clerks; the keys stand on the table."""
        is_rates = view == CLERKS
        self.stack.setCurrentWidget(self.clerks if is_rates else self.table)
        if is_rates:
            self.clerks.show_rows(self._lines)
            self.foot.setText("兑现率只在满 5 个有结果的承诺时算")
        else:
            due = self._due[view]
            self.table.show_rows(due)
            if due and self.table.current_id() is None:
                self.table.choose_row(0)
            rate = rates(due)
            sums = f"已到期的承诺 {show_yuan(rate.promised)}，到账 {show_yuan(rate.came)}"
            self.foot.setText(f"兑现率 {rate.share_text} · {sums}" if due else "没有到期的承诺")
        self.go_button.setVisible(not is_rates)
        self.go_button.setEnabled(not is_rates and bool(self._due[view]))
        self.copy_button.setEnabled(is_rates or bool(self._due[view]))
        (self.clerks if is_rates else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Put the whole table shown on the clipboard."""
        if self.stack.currentWidget() is self.clerks:
            figures_copy.put(figures_copy.promise_lines(self._months), words=2)
            return
        specs = self.model.columns
        rows = [[spec.cell(one).text for spec in specs] + [one.why] for one in self._due[self.views.value()]]
        if rows:
            figures_copy.put([[spec.title for spec in specs] + [PROMISE_TITLES[7]], *rows], words=2)

    def enter(self) -> None:
        """Go to the owner of the promise in hand."""
        one = self.table.current_record()
        if one is not None and self.stack.currentWidget() is self.table:
            self.accept()
            self.owner_asked.emit(one.promise.account_ids[0])

    def _step(self, by: int) -> None:
        order = (NOW, BEFORE, CLERKS)
        view = order[(order.index(self.views.value()) + by) % len(order)]
        self.views.choose(view)
        self.show_view(view)

    def _columns(self) -> tuple[Column[JudgedPromise], ...]:
        room, name, made, due, promised, came, result, _why, clerk = PROMISE_TITLES
        return (
            Column(room, lambda one: Cell(one.promise.room, bold=True), 150),
            Column(name, lambda one: Cell(one.promise.name)),
            Column(made, lambda one: Cell(short_day(one.promise.made_at.date(), self._today)), 76),
            Column(due, lambda one: Cell(short_day(one.promise.due_on, self._today)), 76),
            Column(promised, lambda one: Cell(show(one.promise.amount)), 110, Align.RIGHT),
            Column(came, lambda one: Cell(show(one.came)), 110, Align.RIGHT),
            Column(result, _result, 120),
            Column(clerk, lambda one: Cell(one.promise.staff_name), 80),
        )


def _result(one: JudgedPromise) -> Cell:
    mark, tone = (MarkKind.PARTLY, Tone.OCHRE) if one.is_late else _MARKS[one.state]
    return Cell(one.short, mark=mark, tone=tone, tooltip=one.why)


def _rate_columns() -> tuple[Column[RateLine], ...]:
    month, clerk, total, kept, late, part, broken, replaced, still_open, share, promised, came = RATE_TITLES
    right = Align.RIGHT
    return (
        Column(month, lambda line: Cell(line.month, bold=line.clerk == "全部"), 90),
        Column(clerk, lambda line: Cell(line.clerk, bold=line.clerk == "全部")),
        Column(total, lambda line: Cell(f"{line.rate.total:,}"), 76, right),
        Column(kept, lambda line: Cell(f"{line.rate.kept:,}"), 44, right),
        Column(late, lambda line: Cell(f"{line.rate.late:,}"), 44, right),
        Column(part, lambda line: Cell(f"{line.rate.part:,}"), 44, right),
        Column(broken, lambda line: Cell(f"{line.rate.broken:,}"), 44, right),
        Column(replaced, lambda line: Cell(f"{line.rate.replaced:,}"), 44, right),
        Column(still_open, lambda line: Cell(f"{line.rate.open:,}"), 58, right),
        Column(share, lambda line: Cell(line.rate.share_text), 78, right),
        Column(promised, lambda line: Cell(show(line.rate.promised)), 94, right),
        Column(came, lambda line: Cell(show(line.rate.came)), 94, right),
    )
