"""What the money does, line by line: every open charge, what this payment takes off it, and what stays.

The same table is where the payer's word is kept: a checked line is one he named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from feedesk.models.charges import Charge
from feedesk.models.ledger.payments import Named, PaymentPreview
from feedesk.models.money import show
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone

LINE_HEIGHT = 28
_ROOMY = 720
"""Widths of the table from this many logical pixels on show 应缴日 too."""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One charge in the form. Money in 分; `now` is what the payment pays of it."""

    charge_id: int
    account_id: int
    room: str
    text: str
    due_on: date | None
    overdue: int
    owed: int
    now: int
    left: int
    held: str = ""


def lines_of(charges: Sequence[Charge], rooms: dict[int, str], today: date) -> tuple[PaymentLine, ...]:
    """The open charges as lines that nothing has been paid of yet; `rooms` by account id, empty for one unit."""
    return tuple(
        PaymentLine(
            charge.id,
            charge.account_id,
            rooms.get(charge.account_id, ""),
            f"{charge.item} {charge.period_text()}",
            charge.due_on,
            charge.overdue_days(today),
            charge.owed,
            0,
            charge.owed,
            charge.hold,
        )
        for charge in charges
        if charge.owed > 0
    )


def with_preview(lines: Sequence[PaymentLine], seen: PaymentPreview | None) -> tuple[PaymentLine, ...]:
    """The lines with what booking would change of them; the changes add up to what the balance goes down by."""
    left = dict(seen.open_after) if seen is not None else {}
    return tuple(
        replace(line, left=left.get(line.charge_id, line.owed), now=line.owed - left.get(line.charge_id, line.owed))
        for line in lines
    )


def named_in(lines: Sequence[PaymentLine], checked: frozenset[int], amount: int) -> dict[int, tuple[Named, ...]]:
    """The named charges by account: each in full, in the order shown, as far as `amount` 分 reach."""
    found: dict[int, tuple[Named, ...]] = {}
    for line in lines:
        part = min(line.owed, amount)
        if line.charge_id in checked and part > 0:
            found[line.account_id] = (*found.get(line.account_id, ()), Named(line.charge_id, part))
            amount -= part
    return found


class PaymentLines(RecordTableView[PaymentLine]):
    """The table of lines; Space names one.

    Signals:
        names_changed: the payer names other charges.
    """

    names_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.lines: RecordTableModel[PaymentLine] = RecordTableModel(
            _columns(), lambda line: line.charge_id, checkable=True
        )
        super().__init__(self.lines, row_height=LINE_HEIGHT, parent=parent)
        self.lines.setParent(self)
        self._filling = False
        self.setAccessibleName("缴的是哪几笔")
        self.lines.checks_changed.connect(self._on_checks)

    def show_lines(self, lines: Sequence[PaymentLine]) -> None:
        """Show these; names of lines that are gone are forgotten."""
        same = [line.charge_id for line in lines] == list(self.lines.ids())
        if same:
            self.lines.replace_rows(lines)
        else:
            self._filling = True
            self.show_rows(lines)
            gone = self.lines.checked_ids() - {line.charge_id for line in lines}
            self.lines.set_checked(gone, on=False)
            self._filling = False
        most = max((max(line.owed, line.now, line.left) for line in lines), default=0)
        self.keep_whole({"欠(元)": show(most), "这次(元)": show(most), "缴后(元)": show(most)})

    def forget_names(self) -> bool:
        """No charge is named any more; False when none was."""
        had = bool(self.lines.checked_ids())
        self._filling = True
        self.lines.clear_checks()
        self._filling = False
        return had

    def named(self, amount: int) -> dict[int, tuple[Named, ...]]:
        """What the payer named, as far as `amount` 分 reach, by account."""
        return named_in(self.lines.rows(), self.lines.checked_ids(), amount)

    def named_total(self) -> tuple[int, int]:
        """How many charges are named and what they come to in 分."""
        rows = self.lines.checked_rows()
        return len(rows), sum(line.owed for line in rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow form has no place for due days: what counts is the table's own width, not the window's."""
        self.fit_columns(self.width())
        super().resizeEvent(event)

    def _on_checks(self) -> None:
        if not self._filling:
            self.names_changed.emit()


def _columns() -> tuple[Column[PaymentLine], ...]:
    return (
        Column("缴什么", _what, 0),
        Column("应缴日", lambda line: Cell(_due(line), tone=Tone.MUTED), 104, hide_below=_ROOMY),
        Column("欠(元)", lambda line: Cell(show(line.owed)), 84, align=Align.RIGHT),
        Column("这次(元)", _now, 84, align=Align.RIGHT),
        Column("缴后(元)", _left, 84, align=Align.RIGHT),
    )


def _what(line: PaymentLine) -> Cell:
    text = f"{line.room} {line.text}".strip()
    return Cell(text, tooltip=f"{text}（暂缓：{line.held}）" if line.held else "")


def _due(line: PaymentLine) -> str:
    if line.due_on is None:
        return "待核"
    return f"逾期 {line.overdue:,} 天" if line.overdue else f"{line.due_on:%m-%d} 到期"


def _now(line: PaymentLine) -> Cell:
    return Cell(show(line.now), bold=line.now > 0, tone=Tone.AZURE if line.now else Tone.CAPTION)


def _left(line: PaymentLine) -> Cell:
    if line.now and not line.left:
        return Cell(show(0), tone=Tone.MALACHITE)
    return Cell(show(line.left), tone=Tone.INK if line.now else Tone.CAPTION)
