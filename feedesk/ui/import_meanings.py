"""What a column can mean, in the clerk's words, and the entries its drop-down offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedesk.models.arrears_list import ColumnMeaning, FeeSpan, Meaning

MEANING_LABELS = {
    Meaning.ROOM: "房号",
    Meaning.ROOM_PART: "房号前段",
    Meaning.OWNER: "业主",
    Meaning.SALUTATION: "称谓",
    Meaning.PHONE: "电话",
    Meaning.AREA: "面积",
    Meaning.PROPERTY_STATE: "房屋状态",
    Meaning.PERIOD: "欠费期间",
    Meaning.PERIOD_FROM: "期间起",
    Meaning.PERIOD_TO: "期间止",
    Meaning.DUE_ON: "应缴日",
    Meaning.FEE: "收费",
    Meaning.ITEM: "收费项目",
    Meaning.CHARGED: "应收",
    Meaning.RECEIVED: "已收",
    Meaning.OWED: "尚欠",
    Meaning.LATE_FEE: "违约金 · 另记",
    Meaning.CHECK_ROW: "小计 · 核对",
    Meaning.NUMBER: "序号",
    Meaning.FINANCE_NUMBER: "财务编号",
    Meaning.REMARK: "备注",
    Meaning.IGNORE: "不读",
}

MONEY_MEANINGS = frozenset({Meaning.FEE, Meaning.CHARGED, Meaning.RECEIVED, Meaning.OWED, Meaning.LATE_FEE})
"""Columns of amounts that are read."""
CHECK_MEANINGS = frozenset({Meaning.CHECK_ROW})
"""Columns that are only checked."""
NUMERIC_MEANINGS = MONEY_MEANINGS | CHECK_MEANINGS | {Meaning.AREA}
"""Columns whose sample cells stand at the right."""

_SPAN_LABELS = {FeeSpan.CURRENT: "本期", FeeSpan.PRIOR: "前期"}
_LINE = (Meaning.CHARGED, Meaning.RECEIVED, Meaning.OWED)


@dataclass(frozen=True, slots=True)
class MeaningChoice:
    """One entry of a column's drop-down."""

    words: str
    meaning: Meaning
    item: str = ""
    span: FeeSpan | None = None
    """Given when the entry changes 本期/前期 only."""


def meaning_words(column: ColumnMeaning) -> str:
    """What the closed drop-down of a column says."""
    if column.meaning is Meaning.FEE:
        words = column.item or column.title
    elif column.meaning in _LINE and column.item:
        words = f"{MEANING_LABELS[column.meaning]} · {column.item}"
    else:
        words = MEANING_LABELS[column.meaning]
    span = _SPAN_LABELS.get(column.span, "")
    # The header above says 本期 or 前期 already, unless a person has chosen it.
    return f"{words} · {span}" if span and span not in column.title and column.meaning in MONEY_MEANINGS else words


def choices_for(
    column: ColumnMeaning, office_items: Iterable[str], all_columns: Iterable[ColumnMeaning]
) -> list[MeaningChoice]:
    """All entries for one column: fee items first (the office's own, those of the list, the column's own title)."""
    own = column.title.split("·")[-1].strip()
    items = [column.item, *office_items, *(other.item for other in all_columns), own]
    found = [MeaningChoice(item, Meaning.FEE, item) for item in dict.fromkeys(item for item in items if item)]
    line_item = column.item
    for meaning, words in MEANING_LABELS.items():
        if meaning is Meaning.FEE:
            continue
        item = line_item if meaning in (*_LINE, Meaning.CHECK_ROW) else ""
        found.append(MeaningChoice(words, meaning, item))
    if column.meaning in MONEY_MEANINGS:
        for span, words in (
            (FeeSpan.CURRENT, "算作本期"),
            (FeeSpan.PRIOR, "算作前期"),
            (FeeSpan.UNSAID, "不分本期前期"),
        ):
            if span is not column.span:
                found.append(MeaningChoice(words, column.meaning, column.item, span))
    return found


def is_chosen(choice: MeaningChoice, column: ColumnMeaning) -> bool:
    """Whether an entry is what the column means now."""
    if choice.span is not None or choice.meaning is not column.meaning:
        return False
    return column.meaning is not Meaning.FEE or choice.item == (column.item or column.title)
