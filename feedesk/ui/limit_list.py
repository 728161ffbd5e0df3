"""时效: the lines whose time runs out within half a year, and those over, with what would help. Enter goes to 账单."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from feedesk.models.accounts import MarkKind
from feedesk.models.days import short_day
from feedesk.models.limit_rows import SOON_DAYS, LimitRow
from feedesk.models.limitation import ALERTS
from feedesk.models.money import show, show_yuan
from feedesk.ui import figures_copy
from feedesk.ui.desk import Desk
from feedesk.ui.limit_bar import left_words
from feedesk.ui.list_dialog import ListDialog
from feedesk.ui.money_dialog import MOST_HIGH
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, EmptyState, Segment, label

SOON, OVER = "soon", "over"
_NARROW = 1040
_WIDE = 1240


class LimitListDialog(ListDialog):
    """The list; ↑↓ walk, Enter opens the owner's 账单, Ctrl+C copies the row, Ctrl+Shift+C all rows.

    Signals:
        bills_asked: account id of the row entered.
    """

    bills_asked = Signal(int)

    def __init__(self, rows: Sequence[LimitRow], today: date, parent: QWidget | None = None) -> None:
        super().__init__("时效", "看账单", parent)
        self._rows, self._today = tuple(rows), today
        counts = {view: len(self._of(view)) for view in (SOON, OVER)}
        self.views = Segment([(SOON, f"半年内到期 {counts[SOON]:,}"), (OVER, f"已过时效 {counts[OVER]:,}")])
        self.views.chosen.connect(self._show)
        self.model = RecordTableModel[LimitRow](self._columns(), lambda row: row.charge_id)
        self.table: RecordTableView[LimitRow] = RecordTableView(self.model, row_height=30)
        self.table.setAccessibleName("时效")
        self.table.row_entered.connect(lambda _id: self.enter())
        self.table.current_changed.connect(lambda _id: self._mind_help())
        self.empty = EmptyState()
        self.helps = ElidedLabel("", "strong")
        self.sum = label("", "muted")
        about = ElidedLabel("每一笔按自己的应缴日算三年；保守只认 A、B 级凭据，行动按保守", "muted")
        self.lay_out((about, self.views), (self.table, self.empty), self.sum, (self.helps,))
        QShortcut(QKeySequence("Alt+Right"), self).activated.connect(lambda: self._turn(OVER))
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(lambda: self._turn(SOON))
        room = self.screen().availableGeometry()
        self.resize(min(_WIDE, room.width() - 40), min(MOST_HIGH, room.height() - 60))
        self._turn(OVER if counts[OVER] and not counts[SOON] else SOON)

    def shown(self) -> tuple[LimitRow, ...]:
        """The rows in the table, from above."""
        return self._of(self.views.value())

    def copy(self) -> None:
        """Put all rows shown on the clipboard."""
        figures_copy.put_table(self.model, words=3)

    def enter(self) -> None:
        """Go to 账单 of the current row's owner."""
        row = self.table.current_record()
        if row is not None:
            self.accept()
            self.bills_asked.emit(row.account_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window leaves out the lenient day, and what would help: that of the current row stands below."""
        super().resizeEvent(event)
        self.table.fit_columns(self.width())

    def _of(self, view: str) -> tuple[LimitRow, ...]:
        return tuple(row for row in self._rows if row.is_over == (view == OVER))

    def _turn(self, view: str) -> None:
        self.views.choose(view)
        self._show(view)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, view: str) -> None:
        rows = self._of(view)
        self.table.show_rows(rows)
        if rows and self.table.current_id() is None:
            self.table.choose_row(0)
        if view == OVER:
            self.empty.say("没有已过时效的账。")
        else:
            self.empty.say(f"{SOON_DAYS} 天内没有时效到期的账。")
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        for button in (self.go_button, self.copy_button):
            button.setEnabled(bool(rows))
        accounts = len({row.account_id for row in rows})
        self.sum.setText(
            f"{accounts:,} 户 · {len(rows):,} 笔 · {show_yuan(sum(row.owed for row in rows))}" if rows else ""
        )
        self._mind_help()

    def _mind_help(self) -> None:
        row = self.table.current_record()
        self.helps.setText(f"{row.room} {row.what}：{row.helps}。" if row is not None else "")

    def _columns(self) -> tuple[Column[LimitRow], ...]:
        return (
            Column("房号", lambda row: Cell(row.room, bold=True), 104),
            Column("业主", lambda row: Cell(row.name or "业主姓名待核"), 112),
            Column("账目", lambda row: Cell(row.what, tooltip=row.what), 210, grows=True),
            Column("欠（元）", lambda row: Cell(show(row.owed)), 100, Align.RIGHT),
            Column("还剩", _left, 136),
            Column("保守到", lambda row: Cell(short_day(row.expires_on, self._today)), 100, Align.RIGHT),
            Column("宽松到", self._lenient, 100, Align.RIGHT, hide_below=_NARROW),
            Column("怎么办", lambda row: Cell(row.helps, tone=Tone.MUTED, tooltip=row.helps), hide_below=_NARROW),
        )

    def _lenient(self, row: LimitRow) -> Cell:
        same = row.lenient_on == row.expires_on
        return Cell("同左" if same else short_day(row.lenient_on, self._today), tone=Tone.MUTED)


def _left(row: LimitRow) -> Cell:
    if row.is_over:
        return Cell(f"过了 {-row.days_left:,} 天", mark=MarkKind.LIMIT, tone=Tone.MUTED)
    loud = row.days_left <= ALERTS[1]
    return Cell(left_words(row.days_left), mark=MarkKind.LIMIT, tone=Tone.CINNABAR if loud else Tone.OCHRE, bold=loud)


def open_limit_list(desk: Desk, parent: QWidget) -> None:
    """Read the list in the background and show it; Enter there goes to the owner's 账单."""

    def show_list(rows: list[LimitRow]) -> None:
        dialog = LimitListDialog(rows, desk.today(), parent)
        dialog.bills_asked.connect(desk.bills_wanted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    desk.in_background(lambda office, _tick: office.limitation.running_out(), show_list, "正在查时效")
