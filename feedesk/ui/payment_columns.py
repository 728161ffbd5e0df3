"""The columns of the day's payments: what a line shows, and how a reversal looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from feedesk.models.days import short_day
from feedesk.models.ledger.payments import PAY_METHOD_LABELS
from feedesk.models.ledger.takings import Taking
from feedesk.models.money import show
from feedesk.ui.notice_rows import short_rooms
from feedesk.ui.table import Align, Cell, Column
from feedesk.ui.theme import Tone

_REFERENCE_FROM, _CLERK_FROM, _RECEIPT_FROM = 900, 690, 540
"""Widths of the table, not of the window, from which on these columns are shown; the row's details have them all."""


def taking_columns(today: Callable[[], date]) -> tuple[Column[Taking], ...]:
    """All columns in their order."""

    def at(row: Taking) -> Cell:
        when = f"{row.at:%H:%M}"
        if row.undoes or row.payment.paid_on == row.payment.at.date():
            return Cell(when, tone=Tone.MUTED)
        paid = short_day(row.payment.paid_on, today())
        return Cell(when, tone=Tone.MUTED, tooltip=f"{when} 登记，款是 {paid} 收到的")

    def room(row: Taking) -> Cell:
        rooms = row.payment.rooms
        words, shorter = rooms_words(rooms)
        whole = "、".join(rooms)
        return Cell(words, bold=not row.is_struck, strike=row.is_struck, tooltip=whole, shorter=shorter)

    return (
        Column("时间", at, 54),
        Column("房号", room, 84),
        Column("业主", _name, 80),
        Column("金额(元)", _amount, 88, align=Align.RIGHT),
        Column("方式", _method, 58),
        Column("缴的是", _what, 0),
        Column("流水号", lambda row: Cell(row.payment.reference, tone=Tone.MUTED), 150, hide_below=_REFERENCE_FROM),
        Column("收据", _receipt, 52, hide_below=_RECEIPT_FROM),
        Column("经办", lambda row: Cell(row.payment.staff_name, tone=Tone.MUTED), 60, hide_below=_CLERK_FROM),
    )


def _amount(row: Taking) -> Cell:
    return Cell(show(row.amount), strike=row.is_struck, tone=Tone.CINNABAR if row.undoes else Tone.INK)


def _name(row: Taking) -> Cell:
    payer = f"{row.owner_names}（{row.payment.payer} 付）" if row.payment.payer else ""
    return Cell(row.owner_names, strike=row.is_struck, tooltip=payer)


def _method(row: Taking) -> Cell:
    reference = row.payment.reference
    return Cell(
        PAY_METHOD_LABELS[row.payment.method],
        strike=row.is_struck,
        tooltip=f"流水号 {reference}" if reference else "",
    )


def _what(row: Taking) -> Cell:
    if row.payment.reversed:
        return Cell(row.what_for, tone=Tone.CINNABAR if row.undoes else Tone.MUTED, tooltip=row.what_for)
    parts = list(dict.fromkeys(use.text for use in row.uses))
    return Cell(row.what_for, shorter=_fewer(parts))


def rooms_words(rooms: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """「5-2-0901、0902」, and for less room 「5-2-0901 等 2 套」."""
    return short_rooms(rooms), (f"{rooms[0]} 等 {len(rooms)} 套",) if len(rooms) > 1 else ()


def _fewer(parts: Sequence[str]) -> tuple[str, ...]:
    """「管理费 2026年7–9月 等 3 笔」, then 「管理费 等 3 笔」: never half a range of months."""
    if not parts:
        return ()
    more = f" 等 {len(parts)} 笔" if len(parts) > 1 else ""
    fee = parts[0].partition(" ")[0]
    return (f"{parts[0]}{more}", f"{fee}{more or ' …'}")


def _receipt(row: Taking) -> Cell:
    number = row.payment.receipt_no
    return Cell(number or "—", tone=Tone.INK if number else Tone.CAPTION, strike=bool(number) and row.is_struck)
