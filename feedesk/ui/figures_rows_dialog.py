"""The rows behind a figure of 统计: who has paid, who owes, what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from feedesk.models.accounts import MarkKind
from feedesk.models.collection import HouseholdRow
from feedesk.models.money import show, show_yuan
from feedesk.ui import figures_copy
from feedesk.ui.list_dialog import ListDialog
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, Segment, label

OWING, SETTLED, ALL = "owing", "settled", "all"


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """What was opened. `old`: the months before the span (清缴率), not its own."""

    title: str
    what: str
    old: bool = False


class FiguresRowsDialog(ListDialog):
    """A list with three views; Enter goes to the owner.

    Signals:
        owner_asked: account id of the row entered.
    """

    owner_asked = Signal(int)

    def __init__(self, wanted: RowsWanted, rows: Sequence[HouseholdRow], parent: QWidget | None = None) -> None:
        super().__init__(wanted.title, "看这一户", parent)
        self._wanted = wanted
        self._rows = tuple(rows)
        done = "有追回" if wanted.old else "交清"
        counts = {key: len(self._of(key)) for key in (OWING, SETTLED, ALL)}
        words = ((OWING, "还欠"), (SETTLED, done), (ALL, "全部"))
        self.views = Segment([(key, f"{word} {counts[key]:,}") for key, word in words])
        self.views.chosen.connect(self._show)
        self.model = RecordTableModel[HouseholdRow](_columns(wanted.old), lambda row: row.figures.account_id)
        self.table = RecordTableView(self.model, row_height=30)
        self.table.row_entered.connect(lambda _id: self.enter())
        self.foot = label("", "muted")
        self.lay_out((ElidedLabel(wanted.what, "muted"), self.views), (self.table,), self.foot)
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
        figures_copy.put_table(self.model, words=2)

    def enter(self) -> None:
        """Go to the owner of the current row."""
        account_id = self.table.current_id()
        if account_id is not None:
            self.accept()
            self.owner_asked.emit(account_id)

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
