"""The columns of the owner table (look.md §4): what a row shows in each, and how a paid one is struck."""

from __future__ import annotations

from feedesk.models.accounts import CATEGORY_LABELS, DEBTOR_TYPE_LABELS, STEP_LABELS, Category, OwnerRow
from feedesk.models.money import show
from feedesk.ui.page import NARROW_BELOW
from feedesk.ui.table import Align, Cell, Column
from feedesk.ui.theme import Tone, mark_tone

_ALL_COLUMNS_FROM = 1340
"""Window widths under this many logical pixels lose 阶段 and 逾期 (look.md §3, Widths)."""
_LAST_CONTACT_FROM = 1200
_NOTHING = "—"


def state_cell(row: OwnerRow) -> Cell:
    """Mark and words, never a colour alone; the reason for now as tooltip."""
    words = row.mark_text + (" · 原业主" if row.is_former else "")
    return Cell(
        words, mark=row.mark.value, tone=mark_tone(row.mark.value), bold=row.strong, tooltip=f"{words}：{row.why}"
    )


def room_cell(row: OwnerRow) -> Cell:
    """The room, bold; struck once all is paid."""
    return Cell(row.room, bold=not row.is_paid, strike=row.is_paid)


def name_cell(row: OwnerRow) -> Cell:
    """The owner exactly as listed."""
    return Cell(row.name or "业主姓名待核", strike=row.is_paid, tone=Tone.INK if row.name else Tone.OCHRE)


def owed_cell(row: OwnerRow) -> Cell:
    """What is owed, 元 in the header."""
    return Cell(show(row.owed), strike=row.is_paid, tooltip=row.period_text)


def overdue_cell(row: OwnerRow) -> Cell:
    """Days since the oldest open due date."""
    if row.is_paid:
        return Cell()
    text = f"{row.overdue_days:,} 天" if row.overdue_days else "未到期" if row.oldest_due_on else _NOTHING
    return Cell(text, tone=Tone.MUTED)


def category_cell(row: OwnerRow) -> Cell:
    """A–E as a tag; E stands on cinnabar tint."""
    if row.category is None or row.is_paid:
        return Cell()
    said = f"{row.category} {CATEGORY_LABELS[row.category]}"
    return Cell(tag=row.category.value, tag_alert=row.category is Category.E, tooltip=said)


def step_cell(row: OwnerRow) -> Cell:
    """Where the account stands on the ladder."""
    if row.is_paid:
        return Cell(_NOTHING, tone=Tone.MUTED)
    return Cell(STEP_LABELS[row.step], tone=Tone.MUTED, tooltip=DEBTOR_TYPE_LABELS[row.debtor_type])


def last_cell(row: OwnerRow) -> Cell:
    """What came of the last contact."""
    return Cell(row.last_text or _NOTHING, tone=Tone.MUTED)


def next_cell(row: OwnerRow) -> Cell:
    """The next follow-up; one for today stands bold."""
    is_today = row.next_text.startswith(("今天", "今晚"))
    return Cell(row.next_text or _NOTHING, bold=is_today, tone=Tone.INK if is_today else Tone.MUTED)


def columns() -> tuple[Column[OwnerRow], ...]:
    """All columns in their order."""
    return (
        Column("状态", state_cell, 102, sort_key="mark"),
        Column("房号", room_cell, 84, sort_key="room"),
        Column("业主", name_cell, 100, sort_key="name", grows=True),
        Column("欠费(元)", owed_cell, 88, align=Align.RIGHT, sort_key="owed"),
        Column("逾期", overdue_cell, 68, align=Align.RIGHT, sort_key="overdue", hide_below=_ALL_COLUMNS_FROM),
        Column("类", category_cell, 36, align=Align.CENTRE, sort_key="category", hide_below=NARROW_BELOW),
        Column("阶段", step_cell, 72, sort_key="step", hide_below=_ALL_COLUMNS_FROM),
        Column("下次跟进", next_cell, 90, sort_key="next", hide_below=NARROW_BELOW),
        Column("最近联系", last_cell, 0, sort_key="last", hide_below=_LAST_CONTACT_FROM),
    )
