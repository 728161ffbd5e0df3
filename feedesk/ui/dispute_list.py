"""异议与遗留: every objection that runs, what must be seen to first, by department; Enter opens one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from feedesk.models.disputes import DisputeRow, DisputeState, Scope, figures
from feedesk.models.money import show, show_yuan
from feedesk.ui import figures_copy
from feedesk.ui.list_dialog import ListDialog
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ChipRow, ElidedLabel, EmptyState, KeyButton

ALL, CLOSED = "全部", "已办结"
_NONE = "未定部门"
ReadRows = Callable[[bool], Sequence[DisputeRow]]


class DisputeListDialog(ListDialog):
    """The list with a chip for each department; closed objections are looked up by the last chip.

    Signals:
        opened: id of the objection entered, and the ids of all shown, in their order.
        owner_asked: account id.
        export_asked: the rows shown, which they are, and what they come to.
    """

    opened = Signal(int, object)
    export_asked = Signal(object, str, str)

    def __init__(self, read: ReadRows, today: date, parent: QWidget | None = None) -> None:
        """`read` gives the rows: those not closed, or with True all."""
        super().__init__("异议与遗留", "看这件", parent, close="关上")
        self._read, self._today = read, today
        self._rows: tuple[DisputeRow, ...] = ()
        self._chosen = ALL
        room = self.screen().availableGeometry()
        self.chips = ChipRow()
        self.chips.chosen.connect(self._on_chip)
        self.model = RecordTableModel[DisputeRow](_columns(today), lambda row: row.dispute.id)
        self.table = RecordTableView(self.model, row_height=30)
        self.table.row_entered.connect(lambda _id: self.enter())
        self.empty = EmptyState("没有未办结的异议。", "业主有异议时，在账单按 X，或记录联系时选“有异议”。")
        self.foot = ElidedLabel("", "muted")
        self.export_button = KeyButton("存为 Excel", icon="sheet")
        self.export_button.setToolTip("这张表存为 Excel，给负责人看（Ctrl+Shift+S）")
        self.export_button.clicked.connect(self.export)
        column = self.lay_out((self.chips,), (self.table, self.empty), self.foot, more=(self.export_button,))
        column.setContentsMargins(20, 14, 20, 12)
        for keys, act in (
            ("Ctrl+Shift+S", self.export),
            ("Alt+Right", lambda: self.chips.step(1)),
            ("Alt+Left", lambda: self.chips.step(-1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        width = min(1000, room.width() - 16)
        self.resize(width, min(600, room.height() - 32))
        self.table.fit_columns(width)
        self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def reload(self) -> None:
        """Read the objections anew; the row in hand and the chip stay."""
        self._rows = tuple(self._read(True))
        running = [row for row in self._rows if row.dispute.state is not DisputeState.CLOSED]
        names = list(dict.fromkeys(_department(row) for row in running))
        counts = {name: sum(_department(row) == name for row in running) for name in names}
        chips = [(ALL, ALL, "", len(running)), *((name, name, "", counts[name]) for name in sorted(names))]
        chips.append((CLOSED, CLOSED, "", len(self._rows) - len(running)))
        self.chips.set_chips(chips)
        if self._chosen not in {key for key, *_ in chips}:
            self._chosen = ALL
        self.chips.choose(self._chosen)
        self._show()

    def shown(self) -> tuple[DisputeRow, ...]:
        """The rows in the table, from above."""
        return self.model.rows()

    def copy(self) -> None:
        """Put all rows shown on the clipboard; Ctrl+C takes the row in hand."""
        figures_copy.put_table(self.model, words=6)

    def export(self) -> None:
        """Ask for a workbook of the rows shown."""
        if self.shown():
            view = self._chosen if self._chosen in (ALL, CLOSED) else f"责任部门：{self._chosen}"
            self.export_asked.emit(self.shown(), "在办的全部" if view == ALL else view, self.foot.text())

    def enter(self) -> None:
        """Open the objection in hand."""
        dispute_id = self.table.current_id()
        if dispute_id is not None:
            self.opened.emit(dispute_id, self.model.ids())

    def _on_chip(self, key: str) -> None:
        self._chosen = key
        self._show()

    def _show(self) -> None:
        closed = self._chosen == CLOSED
        rows = [
            row
            for row in self._rows
            if (row.dispute.state is DisputeState.CLOSED) == closed
            and (closed or self._chosen == ALL or _department(row) == self._chosen)
        ]
        self.table.show_rows(rows)
        if rows and self.table.current_id() is None:
            self.table.choose_row(0)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        for button in (self.go_button, self.copy_button, self.export_button):
            button.setEnabled(bool(rows))
        found = figures(rows, self._today)
        held = f" · 暂缓 {show_yuan(found.held)}" if found.held else ""
        self.foot.setText(f"{len(rows):,} 件已办结" if closed else f"{found.text}{held}")


def _department(row: DisputeRow) -> str:
    return row.dispute.department or _NONE


def _columns(today: date) -> tuple[Column[DisputeRow], ...]:
    def review(row: DisputeRow) -> Cell:
        one = row.dispute
        text = one.review_text(today)
        if one.state is DisputeState.CLOSED:
            return Cell(one.outcome_text or "已办结", tone=Tone.MUTED)
        due = one.is_due(today)
        mark = "due" if due else "hold" if one.holds is not Scope.NOTHING else "open"
        return Cell(text, mark=mark, tone=Tone.OCHRE if due else Tone.INK, bold=due)

    def about(row: DisputeRow) -> Cell:
        one = row.dispute
        words = f"{one.about_text()} · {one.note}" if one.note else one.about_text()
        return Cell(words, tooltip=f"{words}\n{one.next_text(today)}")

    return (
        Column("复查", review, 116),
        Column("房号", lambda row: Cell(row.room, bold=True), 96),
        Column("业主", lambda row: Cell(row.name + ("（前业主）" if row.is_former else "")), 112, hide_below=880),
        Column("类别", lambda row: Cell(row.dispute.kind), 78),
        Column("关于", about),
        Column("部门", lambda row: Cell(_department(row)), 84),
        Column("天数", lambda row: Cell(f"{row.dispute.age(today):,}"), 60, Align.RIGHT),
        Column("暂缓什么", lambda row: Cell(row.dispute.holds_text()), 92, hide_below=880),
        Column("暂缓金额（元）", lambda row: Cell(show(row.held)), 112, Align.RIGHT),
    )
