"""The rows of a batch of 催款单: provisional numbers, who is in and who is out, and the columns of the two lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from feedesk.models.money import show
from feedesk.models.notices import LeftOut, NoticeData
from feedesk.ui.table import Align, Cell, Column
from feedesk.ui.theme import Tone, mark_tone

_NARROW = 1100


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """One notice of the batch. `notice.number` is the provisional number, empty while the row is out."""

    notice: NoticeData
    why: str
    chosen: bool = True

    @property
    def id(self) -> int:
        """The first account of the notice: no account is in two notices of a batch."""
        return self.notice.account_ids[0]


def number_rows(rows: Sequence[ProposedRow], out: Collection[int], first: int) -> tuple[ProposedRow, ...]:
    """Number the chosen rows from `first` without gaps; a row all of whose accounts are in `out` gets none."""
    numbered = []
    for row in rows:
        chosen = not all(account_id in out for account_id in row.notice.account_ids)
        number = f"{row.notice.issued_on.year}-{first:04d}" if chosen else ""
        first += chosen
        if row.notice.number != number or row.chosen != chosen:
            row = replace(row, notice=replace(row.notice, number=number), chosen=chosen)
        numbered.append(row)
    return tuple(numbered)


def short_rooms(rooms: Sequence[str]) -> str:
    """「5-2-0901、0902」: what the rooms of one stairway have in common is said once."""
    if not rooms:
        return ""
    parts, stem = [rooms[0]], rooms[0].rpartition("-")[0]
    for room in rooms[1:]:
        own, _, tail = room.rpartition("-")
        parts.append(tail if stem and own == stem else room)
        stem = own
    return "、".join(parts)


def span(first: str, last: str) -> str:
    """「2026-0165 至 2026-0182」, or the one number."""
    return first if first == last else f"{first} 至 {last}"


def _number(row: ProposedRow) -> Cell:
    return Cell(row.notice.number or "不出", tone=Tone.CAPTION, tooltip="打印或存 PDF 时才占用" if row.chosen else "")


def _rooms(row: ProposedRow) -> Cell:
    shown = short_rooms(row.notice.rooms)
    return Cell(shown, bold=row.chosen, strike=not row.chosen, tooltip=row.notice.room_text if "、" in shown else "")


def _plain(text: str, row: ProposedRow) -> Cell:
    return Cell(text, strike=not row.chosen)


def batch_columns() -> tuple[Column[ProposedRow], ...]:
    """编号 房号 业主 金额 第几次 为什么出."""
    return (
        Column("编号", _number, 88),
        Column("房号", _rooms, 96),
        Column("业主", lambda row: _plain(row.notice.name or "业主", row), 96),
        Column("金额(元)", lambda row: _plain(show(row.notice.total), row), 90, align=Align.RIGHT),
        Column("第几次", lambda row: _plain(str(row.notice.round_no), row), 58, align=Align.CENTRE, hide_below=_NARROW),
        Column("为什么出", lambda row: Cell(row.why, tone=Tone.MUTED), 0),
    )


def left_out_columns() -> tuple[Column[LeftOut], ...]:
    """Room, owner and, with its mark, why there is no notice."""
    return (
        Column("房号", lambda row: Cell(row.room, mark=row.mark, bold=True), 124),
        Column("业主", lambda row: Cell(row.name or "业主姓名待核"), 112),
        Column("为什么不出", lambda row: Cell(row.reason, tone=_reason_tone(row.mark)), 0),
    )


def _reason_tone(mark: str) -> Tone:
    """Only what the clerk should mend speaks in its colour."""
    return mark_tone(mark) if mark == "due" else Tone.MUTED
