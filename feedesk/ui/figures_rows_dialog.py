"""The rows behind a figure of 统计: who has paid, who owes, what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import MarkKind
from feedesk.models.collection import HouseholdRow
from feedesk.models.money import show, show_yuan
from feedesk.ui import figures_copy
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, KeyButton, Segment, hairline, label

OWING, SETTLED, ALL = "owing", "settled", "all"


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """What was opened. `old`: the months before the span (清缴率), not its own."""

    title: str
    what: str
    old: bool = False


class FiguresRowsDialog(QDialog):
    """A list with three views; Enter goes to the owner.

    Signals:
        owner_asked: account id of the row entered.
    """

    owner_asked = Signal(int)

    def __init__(self, wanted: RowsWanted, rows: Sequence[HouseholdRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._rows = tuple(rows)
        self.setWindowTitle(wanted.title)
        self.setModal(True)
        done = "有追回" if wanted.old else "交清"
        counts = {key: len(self._of(key)) for key in (OWING, SETTLED, ALL)}
        words = ((OWING, "还欠"), (SETTLED, done), (ALL, "全部"))
        self.views = Segment([(key, f"{word} {counts[key]:,}") for key, word in words])
        self.views.chosen.connect(self._show)
        self.model = RecordTableModel[HouseholdRow](_columns(wanted.old), lambda row: row.figures.account_id)
        self.table = RecordTableView(self.model, row_height=30)
        self.table.row_entered.connect(self._enter)
        self.foot = label("", "muted")
        self.copy_button = KeyButton("复制这张表", key="Ctrl+Shift+C", icon="copy")
        self.copy_button.clicked.connect(self.copy)
        self.go_button = KeyButton("看这一户", key="Enter", kind="primary")
        self.go_button.clicked.connect(lambda: self._enter(self.table.current_id()))
        close = KeyButton("关闭", key="Esc", kind="quiet")
        close.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(wanted.title, "title"))
        head.addWidget(ElidedLabel(wanted.what, "muted"), 1)
        head.addWidget(self.views)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.foot)
        foot.addStretch(1)
        for button in (close, self.copy_button, self.go_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(hairline())
        column.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+Shift+C"), self).activated.connect(self.copy)
        room = self.screen().availableGeometry()
        self.resize(min(820, room.width() - 40), min(600, room.height() - 60))
        start = OWING if counts[OWING] else ALL
        self.views.choose(start)
        self._show(start)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def shown(self) -> tuple[HouseholdRow, ...]:
        """The rows in the table, from above."""
        return self._of(self.views.value())

    def copy(self) -> None:
        """Put all rows shown on the clipboard."""
        columns = self.model.columns
        lines = [[spec.title for spec in columns]]
        lines += [[spec.cell(row).text for spec in columns] for row in self.shown()]
        figures_copy.put(lines, words=2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter anywhere goes to the current row; the views change by ←→ on themselves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.table.current_id())
            return
        super().keyPressEvent(event)

    def _of(self, view: str) -> tuple[HouseholdRow, ...]:
        old = self._wanted.old
        inside = [row for row in self._rows if (_has_old(row) if old else row.figures.receivable)]
        if view == OWING:
            return tuple(row for row in inside if (row.figures.old_open if old else row.figures.open))
        if view == SETTLED:
            return tuple(row for row in inside if (row.figures.recovered if old else not row.figures.open))
        return tuple(inside)

    def _show(self, view: str) -> None:
        rows = self._of(view)
        self.table.show_rows(rows)
        if rows and self.table.current_id() is None:
            self.table.choose_row(0)
        self.go_button.setEnabled(bool(rows))
        self.copy_button.setEnabled(bool(rows))
        if self._wanted.old:
            came, owed = sum(row.figures.recovered for row in rows), sum(row.figures.old_open for row in rows)
            self.foot.setText(f"{len(rows):,} 户 · 追回 {show_yuan(came)} · 历史欠费 {show_yuan(owed)}")
        else:
            came, owed = sum(row.figures.collected for row in rows), sum(row.figures.open for row in rows)
            self.foot.setText(f"{len(rows):,} 户 · 已收 {show_yuan(came)} · 尚欠 {show_yuan(owed)}")

    def _enter(self, account_id: object) -> None:
        if isinstance(account_id, int):
            self.accept()
            self.owner_asked.emit(account_id)


def _has_old(row: HouseholdRow) -> bool:
    return bool(row.figures.recovered or row.figures.old_open)


def _columns(old: bool) -> tuple[Column[HouseholdRow], ...]:
    names: tuple[Column[HouseholdRow], ...] = (
        Column("房号", lambda row: Cell(row.room, bold=True), 110),
        Column("业主", lambda row: Cell(row.name)),
    )
    if old:
        return (
            *names,
            Column("追回（元）", lambda row: Cell(show(row.figures.recovered)), 130, Align.RIGHT),
            Column("历史欠费（元）", lambda row: Cell(show(row.figures.old_open)), 130, Align.RIGHT),
        )
    return (
        *names,
        Column("当期应收（元）", lambda row: Cell(show(row.figures.receivable)), 120, Align.RIGHT),
        Column("已收（元）", lambda row: Cell(show(row.figures.collected)), 120, Align.RIGHT),
        Column("尚欠（元）", lambda row: Cell(show(row.figures.open)), 120, Align.RIGHT),
        Column("状态", _state, 100),
    )


def _state(row: HouseholdRow) -> Cell:
    if not row.figures.open:
        return Cell("交清", mark=MarkKind.PAID, tone=Tone.MALACHITE)
    if row.figures.collected:
        return Cell("交了一部分", mark=MarkKind.PARTLY, tone=Tone.AZURE)
    return Cell("未交", mark=MarkKind.OPEN, tone=Tone.MUTED)
