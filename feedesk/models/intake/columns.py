"""What each column of a list means: by its title and the title above it, then by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from feedesk.models.arrears_list import REFUSAL_TITLES, ColumnMeaning, FeeSpan, Meaning
from feedesk.models.intake.period_text import find_period, without_period
from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import amount_of, looks_numeric, text_of
from feedesk.models.intake.words import plain_title, words
from feedesk.models.money import AmountProblem

JOINER = "·"
MONEY = frozenset([Meaning.FEE, Meaning.CHARGED, Meaning.RECEIVED, Meaning.OWED])
"""Meanings that make charges."""
_LINE = (Meaning.CHARGED, Meaning.RECEIVED, Meaning.OWED)
_SINGLE = (Meaning.OWNER, Meaning.PERIOD, Meaning.PERIOD_FROM, Meaning.PERIOD_TO, Meaning.DUE_ON, Meaning.ITEM)
_BARE_DOOR = re.compile(r"[A-Za-z]?\d{1,5}[A-Za-z]?(?:室|号|房)?")
_DEFAULT_ITEM = "物业费"
_END_OF_SPAN = re.compile(r".*(?:期间|日期|月份|时间|年月|账期|所属期)\(?(?<!起)([起始止终])\)?")
"""「欠费期间起」 and 「欠费期间止」, but not 「起止」."""


@lru_cache(maxsize=2048)
def title_meaning(title: str) -> Meaning | None:
    """The meaning of one plain title (see `words.plain_title`), None when the dictionary does not know it."""
    known = words()
    exact = known.exact.get(title)
    if exact:
        return exact[0]
    end = _END_OF_SPAN.fullmatch(title)
    if end:
        return Meaning.PERIOD_TO if end[1] in "止终" else Meaning.PERIOD_FROM
    for part, meaning in known.contains:
        if part in title:
            return meaning
    if any(word in title for word in known.fee) and not any(word in title for word in known.fee_not):
        return Meaning.FEE
    if title.rstrip("0123456789") != title or _span(title):
        # 「本期」, 「2024年欠费」, 「物业费1」: judged without what marks the time
        bare = plain_title(_without_span(without_period(title)).strip("()-"))
        if bare and bare != title:
            return title_meaning(bare)
        if _span(title):
            return Meaning.OWED
    return None


def read_columns(
    titles: Sequence[tuple[str, ...]], sample: Sequence[Sequence[Cell]], heading: str
) -> tuple[ColumnMeaning, ...]:
    """The meaning of every column with a title or with content, from titles, then from the sample rows."""
    columns = _without_refusals([_by_title(index, levels) for index, levels in enumerate(titles)])
    content = _Content(sample)
    columns = [_checked_by_content(column, content) for column in columns]
    columns = _one_room(_without_second_block(columns, content), content)
    columns = _one_of_each(columns)
    columns = _money_settled(_sides(columns), content, heading)
    return tuple(column for column in columns if column.title or content.filled(column.index))


def _without_refusals(columns: list[ColumnMeaning]) -> list[ColumnMeaning]:
    """The columns that FeeDesk itself put behind refused rows tell nothing about the debt."""
    added = columns[-len(REFUSAL_TITLES) :]
    if tuple(column.title for column in added) != REFUSAL_TITLES:
        return columns
    return columns[: -len(added)] + [ColumnMeaning(column.index, column.title, Meaning.IGNORE) for column in added]


class _Content:
    """What stands in the columns of the sample rows."""

    def __init__(self, sample: Sequence[Sequence[Cell]]) -> None:
        self._rows = sample

    def cells(self, index: int) -> list[Cell]:
        return [row[index] for row in self._rows if index < len(row) and row[index] != ""]

    def filled(self, index: int) -> int:
        return len(self.cells(index))

    def numeric(self, index: int) -> bool:
        """At least half of the filled cells are numbers; an empty column counts as numeric."""
        cells = self.cells(index)
        return sum(looks_numeric(cell) for cell in cells) * 2 >= len(cells)

    def sums_to(self, index: int, parts: Sequence[int]) -> bool:
        """Whether the column is the sum of others in nearly all rows."""
        agree = seen = 0
        for row in self._rows:
            try:
                stated = amount_of(row[index])
                total = sum(amount_of(row[part]) or 0 for part in parts)
            except (AmountProblem, IndexError):
                continue
            if stated is not None:
                seen += 1
                agree += stated == total
        return seen > 0 and agree * 10 >= seen * 9


def _by_title(index: int, levels: tuple[str, ...]) -> ColumnMeaning:
    title = JOINER.join(levels)
    if not levels:
        return ColumnMeaning(index, "", Meaning.IGNORE)
    leaf = plain_title(levels[-1])
    parents = [plain_title(level) for level in levels[:-1]]
    meaning = title_meaning(leaf)
    span = next((found for level in (leaf, *reversed(parents)) if (found := _span(level))), FeeSpan.UNSAID)
    if meaning is None and parents and title_meaning(parents[-1]) in MONEY and _may_be_fee(leaf):
        meaning = Meaning.FEE
    if meaning is None and not _without_noise(leaf) and find_period(leaf):
        # 「2026年1月」 over amounts: that month's debt
        meaning = Meaning.FEE
    if meaning is Meaning.FEE:
        item = _item(leaf, parents) or (leaf if _without_noise(leaf) else _DEFAULT_ITEM)
        return ColumnMeaning(index, title, meaning, item=item, span=span)
    if meaning in _LINE:
        return ColumnMeaning(index, title, meaning, item=_item("", parents), span=span)
    if meaning is Meaning.CHECK_ROW:
        return ColumnMeaning(index, title, meaning, item=_item(leaf, parents), check_of=span)
    if meaning is Meaning.LATE_FEE:
        return ColumnMeaning(index, title, meaning, span=span)
    if meaning is None:
        return ColumnMeaning(index, title, Meaning.REMARK, sure=False)
    return ColumnMeaning(index, title, meaning)


def _may_be_fee(leaf: str) -> bool:
    """「车位」 below 「本期应收」, 「2024年」 below 「物业费」; other words below a debt stay unknown."""
    known = words()
    return leaf in known.items or any(word in leaf for word in known.fee_weak) or without_period(leaf) != leaf


def _side(title: str) -> Meaning:
    """Which side of a debt a fee column of several is: 应收物业费, 实收物业费, 欠物业费."""
    known = words()
    for level in reversed([plain_title(level) for level in title.split(JOINER)]):
        for side, tokens in (
            (Meaning.RECEIVED, known.received),
            (Meaning.CHARGED, known.charged),
            (Meaning.OWED, known.owed),
        ):
            if any(token in level for token in tokens):
                return side
    return Meaning.FEE


def _sides(columns: list[ColumnMeaning]) -> list[ColumnMeaning]:
    """One item in several columns is one debt: charged, received and owed are told apart, never added up."""
    groups: dict[tuple[str, FeeSpan, str], list[ColumnMeaning]] = {}
    for column in columns:
        if column.meaning is Meaning.FEE:
            months = find_period(column.title)
            groups.setdefault((column.item, column.span, months.iso() if months else ""), []).append(column)
    changed: dict[int, ColumnMeaning] = {}
    for group in groups.values():
        sides = {column.index: _side(column.title) for column in group}
        if set(sides.values()) == {Meaning.RECEIVED}:
            # what was received, and nothing about what is owed
            changed.update({c.index: ColumnMeaning(c.index, c.title, Meaning.REMARK, sure=False) for c in group})
        elif len(set(sides.values())) > 1:
            for column in group:
                side = sides[column.index]
                named = Meaning.CHARGED if side is Meaning.FEE else side
                changed[column.index] = replace(column, meaning=named)
    return [changed.get(column.index, column) for column in columns]


def _span(title: str) -> FeeSpan:
    known = words()
    if any(word in title for word in known.prior):
        return FeeSpan.PRIOR
    if any(word in title for word in known.current):
        return FeeSpan.CURRENT
    return FeeSpan.UNSAID


def _without_span(title: str) -> str:
    known = words()
    for word in (*known.prior, *known.current):
        title = title.replace(word, "")
    return title


def _without_noise(level: str) -> str:
    """What is left of a title without months, 本期/前期, 应收/欠费 and the like: the fee item, or nothing."""
    known = words()
    bare = _without_span(without_period(level))
    for noise in (*known.item_noise, *known.received, *known.charged):
        bare = bare.replace(noise, "")
    return bare.replace("()", "").strip("()-+:的份")


def _item(leaf: str, parents: Sequence[str]) -> str:
    """The fee item that a title names, looked for from the lowest level up; empty when none does."""
    known = words()
    for level in (leaf, *reversed(parents)):
        bare = _without_noise(level)
        if bare and (bare in known.items or any(word in bare for word in (*known.fee, *known.fee_weak))):
            return known.items.get(bare, bare)
    return ""


def _checked_by_content(column: ColumnMeaning, content: _Content) -> ColumnMeaning:
    """Titles are believed only as far as the cells agree: words are no fee, numbers no unnamed note."""
    index = column.index
    if column.meaning in (*MONEY, Meaning.LATE_FEE, Meaning.CHECK_ROW) and not content.numeric(index):
        return ColumnMeaning(index, column.title, Meaning.REMARK, sure=False)
    if not column.sure and not content.filled(index):
        return replace(column, meaning=Meaning.IGNORE, sure=True)
    if not column.title and content.filled(index) > 2 and content.numeric(index):
        return ColumnMeaning(index, "", Meaning.REMARK, sure=False)
    if column.meaning is Meaning.ITEM and plain_title(column.title) in ("项目", "项目名称"):
        cells = content.cells(index)
        fees = sum(any(word in text_of(cell) for word in words().fee) for cell in cells)
        if fees * 2 < len(cells):
            # 项目 is also what a company calls an estate
            return replace(column, meaning=Meaning.IGNORE)
    return column


def _without_second_block(columns: list[ColumnMeaning], content: _Content) -> list[ColumnMeaning]:
    """A second column with the room's very title begins another table: its money belongs to other rooms."""
    rooms = [column for column in columns if column.meaning is Meaning.ROOM and content.filled(column.index)]
    second = next((c.index for c in rooms[1:] if plain_title(c.title) == plain_title(rooms[0].title)), None)
    if second is None:
        return columns
    return [
        replace(column, meaning=Meaning.REMARK, sure=False)
        if column.index >= second and content.filled(column.index)
        else column
        for column in columns
    ]


def _one_room(columns: list[ColumnMeaning], content: _Content) -> list[ColumnMeaning]:
    """One column is the room, the best by the dictionary's order; parts are joined only to a bare door number."""
    exact = words().exact
    rooms = [column for column in columns if column.meaning is Meaning.ROOM]
    parts = [column for column in columns if column.meaning is Meaning.ROOM_PART]
    if not rooms:
        return columns

    def rank(column: ColumnMeaning) -> tuple[bool, int, int]:
        leaf = plain_title(column.title.split(JOINER)[-1])
        found = exact.get(leaf)
        return (not content.filled(column.index), found[1] if found else 500, column.index)

    best = min(rooms, key=rank)
    changed: dict[int, ColumnMeaning] = {}
    has_number = any(column.meaning is Meaning.FINANCE_NUMBER for column in columns)
    for column in rooms:
        if column is best:
            continue
        if plain_title(column.title) in words().parts and column.index < best.index:
            changed[column.index] = replace(column, meaning=Meaning.ROOM_PART)
            parts.append(column)
        elif not has_number and "编号" in column.title:
            changed[column.index] = replace(column, meaning=Meaning.FINANCE_NUMBER)
            has_number = True
        else:
            changed[column.index] = replace(column, meaning=Meaning.REMARK)
    doors = [text_of(cell) for cell in content.cells(best.index)]
    bare = sum(bool(_BARE_DOOR.fullmatch(door)) for door in doors)
    if parts and bare * 2 < len(doors):
        for column in parts:
            changed[column.index] = replace(column, meaning=Meaning.IGNORE)
    return [changed.get(column.index, column) for column in columns]


def _one_of_each(columns: list[ColumnMeaning]) -> list[ColumnMeaning]:
    """Where two columns claim a meaning that only one can have, the first keeps it."""
    spanned = {Meaning.PERIOD_FROM, Meaning.PERIOD_TO} <= {column.meaning for column in columns}
    # months below each fee: one of them must not be taken for all
    each_own = sum(column.meaning is Meaning.PERIOD and JOINER in column.title for column in columns) > 1
    taken: set[Meaning] = set()
    result = []
    for column in columns:
        if column.meaning is Meaning.PERIOD and spanned:
            column = replace(column, meaning=Meaning.IGNORE)
        elif column.meaning is Meaning.PERIOD and each_own:
            column = replace(column, meaning=Meaning.REMARK, sure=False)
        elif column.meaning in _SINGLE:
            if column.meaning in taken:
                # a second name is a remark; a second period or item could change what is owed: ask
                column = replace(column, meaning=Meaning.REMARK, sure=column.meaning is Meaning.OWNER)
            taken.add(column.meaning)
        result.append(column)
    return result


def _money_settled(columns: list[ColumnMeaning], content: _Content, heading: str) -> list[ColumnMeaning]:
    """Tell charges from sums where the title alone cannot: 「欠费金额」 beside fee columns, a lone 「合计」."""
    fees = [column for column in columns if column.meaning is Meaning.FEE]
    late = [column for column in columns if column.meaning is Meaning.LATE_FEE]
    checks = [column for column in columns if column.meaning is Meaning.CHECK_ROW]
    named = {column.item for column in columns if column.meaning in MONEY and column.item}
    changed: dict[int, ColumnMeaning] = {}
    for column in checks:
        if column.item and column.item not in named:
            # 「水费合计」 without any other column of the item is the item itself
            changed[column.index] = replace(column, meaning=Meaning.FEE, check_of=FeeSpan.UNSAID, span=column.check_of)
    lines = [column for column in columns if column.meaning in _LINE and not column.item]
    if fees and lines:
        for column in lines:
            changed[column.index] = _beside_fees(column, fees, late, content)
    elif lines and not any(column.meaning is Meaning.ITEM for column in columns):
        guessed = _item(plain_title(heading), ()) if heading else ""
        item = guessed if guessed in ("管理费", "物业费", "物业管理费", "物业服务费") else _DEFAULT_ITEM
        for column in lines:
            changed[column.index] = replace(column, item=item)
    if (
        not fees
        and not lines
        and not any(column.meaning in MONEY for column in (*columns, *changed.values()))
        and checks
    ):
        last = checks[-1]
        item = "" if any(column.meaning is Meaning.ITEM for column in columns) else _DEFAULT_ITEM
        changed[last.index] = ColumnMeaning(last.index, last.title, Meaning.OWED, item=item, span=last.check_of)
    return [changed.get(column.index, column) for column in columns]


def _beside_fees(
    column: ColumnMeaning, fees: Sequence[ColumnMeaning], late: Sequence[ColumnMeaning], content: _Content
) -> ColumnMeaning:
    """「欠费金额」 next to named fees: their sum, a fee without a name of its own (本期/前期), or a question."""
    parts = [fee.index for fee in fees]
    if not content.filled(column.index):
        return replace(column, meaning=Meaning.IGNORE)
    if content.sums_to(column.index, parts) or content.sums_to(column.index, [*parts, *(one.index for one in late)]):
        return ColumnMeaning(column.index, column.title, Meaning.CHECK_ROW)
    if column.span and column.meaning is not Meaning.RECEIVED:
        return ColumnMeaning(column.index, column.title, Meaning.FEE, item=_DEFAULT_ITEM, span=column.span)
    return ColumnMeaning(column.index, column.title, Meaning.REMARK, sure=False)
