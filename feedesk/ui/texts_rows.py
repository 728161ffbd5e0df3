"""The rows of 短信/微信: who gets a text, how long it is, what stands in its way, and what the clerk has done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedesk.models.store.texts import SentHow
from feedesk.models.texts import TextDraft
from feedesk.ui.notice_rows import short_rooms
from feedesk.ui.table import Align, Cell, Column
from feedesk.ui.theme import Tone
from feedesk.ui.words import show_number

_NARROW = 1100
_DONE = {SentHow.COPIED: "已复制", SentHow.LIST: "已存进名单"}


@dataclass(frozen=True, slots=True)
class TextRow:
    """One owner's text in the list; `done`: it has left the program, but is not yet on record."""

    draft: TextDraft
    chosen: bool = True
    done: SentHow | None = None

    @property
    def id(self) -> int:
        """The first account of the text."""
        return self.draft.id


def who(rooms: Sequence[str], name: str) -> str:
    """「3-2-1502 林晓岚」."""
    return f"{short_rooms(rooms)} {name or '业主姓名待核'}"


def text_columns() -> tuple[Column[TextRow], ...]:
    """房号 业主 手机 字数 情况."""
    return (
        Column("房号", _rooms, 96),
        Column("业主", lambda row: _plain(row.draft.name or "业主", row), 92),
        Column("手机", lambda row: _plain(show_number(row.draft.number), row), 116, hide_below=_NARROW),
        Column("字数", _length, 92, align=Align.RIGHT),
        Column("情况", _state, 0),
    )


def _rooms(row: TextRow) -> Cell:
    shown = short_rooms(row.draft.rooms)
    whole = "、".join(row.draft.rooms)
    return Cell(shown, bold=row.chosen, strike=not row.chosen, tooltip=whole if whole != shown else "")


def _plain(text: str, row: TextRow) -> Cell:
    return Cell(text, strike=not row.chosen)


def _length(row: TextRow) -> Cell:
    length = row.draft.composed.length
    tone = Tone.CINNABAR if length.is_too_long else Tone.OCHRE if length.is_long else Tone.INK
    return Cell(f"{length.characters} 字·{length.parts} 条", tone=tone, strike=not row.chosen)


def _state(row: TextRow) -> Cell:
    draft = row.draft
    if row.done is not None and row.chosen:
        return Cell(_DONE[row.done], mark="paid", tone=Tone.MALACHITE)
    if draft.composed.blocks:
        return Cell(draft.state, mark="due", tone=Tone.OCHRE)
    tone = Tone.OCHRE if draft.composed.warnings else Tone.MUTED
    return Cell(draft.state, tone=tone)
