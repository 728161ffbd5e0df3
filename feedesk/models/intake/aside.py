"""Rows that are no data: totals, groups, notes, signatures. Each is told, none is dropped silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from feedesk.models.arrears_list import Rejected, Skipped
from feedesk.models.intake.plan import Plan
from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import amount_of, text_of
from feedesk.models.intake.words import squeezed, words
from feedesk.models.money import AmountProblem

_NOTE_LENGTH = 24


@dataclass(slots=True)
class Sums:
    """Column sums in 分 of the rows read and of those refused."""

    read: dict[int, int]
    refused: dict[int, int]
    refused_total: int = 0
    """Debt in the refused rows, as far as it can be told."""

    def copy(self) -> Sums:
        """As they stand now."""
        return Sums(dict(self.read), dict(self.refused), self.refused_total)


@dataclass(slots=True)
class TotalRow:
    """A row of totals met on the way, with the sums above it."""

    row: int
    text: str
    stated: dict[int, int]
    section: Sums
    """Sums when the last subtotal above it was met."""
    whole: Sums
    skipped: int
    """Its place among the skipped rows."""


@dataclass(slots=True)
class Outcome:
    """What one table gave besides the accounts."""

    sums: Sums
    rejected: list[Rejected] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    data_rows: list[int] = field(default_factory=list)
    odd_sums: list[str] = field(default_factory=list)
    rounded: int = 0
    footers: list[str] = field(default_factory=list)


class Aside:
    """Tells the rows of one table that are no data, and notes them in the outcome."""

    def __init__(self, sheet: str, plan: Plan, outcome: Outcome) -> None:
        self._sheet = sheet
        self._plan = plan
        self.outcome = outcome
        self._item_totals: dict[str, bool] = {}
        self._section = outcome.sums.copy()

    def says_total(self, row: Sequence[Cell], room: str, plain: bool) -> bool:
        """Whether room, item or owner is a word of totals. `plain`: the room is digits and dashes only."""
        known = words()
        if not plain and known.total.fullmatch(squeezed(room)):
            return True
        plan = self._plan
        if plan.item >= 0 and self._item_total(text_of(row[plan.item])):
            return True
        if plan.owner >= 0:
            owner = row[plan.owner]
            return isinstance(owner, str) and "计" in owner and bool(known.total_only.fullmatch(squeezed(owner)))
        return False

    def _item_total(self, item: str) -> bool:
        if item not in self._item_totals:
            self._item_totals[item] = bool(words().total_only.fullmatch(squeezed(item)))
        return self._item_totals[item]

    def takes(self, row: Sequence[Cell], number: int, room: str) -> bool:
        """Whether a row without a room, or with a word of totals, is no data; it is then noted."""
        plan = self._plan
        texts = [(i, squeezed(text_of(cell))) for i, cell in enumerate(row) if cell != "" and i not in plan.numbers]
        texts = [(index, text) for index, text in texts if text]
        if not texts and (room or not any(row[index] != "" for index in plan.numbers)):
            return True
        if not texts:
            words_only = [squeezed(text_of(row[index])) for index in plan.numbers if isinstance(row[index], str)]
            texts = [(-1, text) for text in words_only if text and not text.isdigit()]
            if not texts:
                return True
        known = words()
        money = set(plan.money)
        aside = [(index, text) for index, text in texts if index not in money]
        numbered = [squeezed(text_of(row[i])) for i in plan.numbers if isinstance(row[i], str)]
        labels = [text for _, text in aside] + [text for text in numbered if not text.isdigit()]
        if room or any(known.total.fullmatch(text) for text in labels[:4]):
            self._total(row, number, labels)
            return True
        amounts = any(index in money for index, _ in texts)
        if not amounts:
            whole = " ".join(labels)
            if any(word in whole for word in known.signature) and (":" in whole or not _has(row, plan.owner)):
                return self._skip(row, number, "签字行")
            if any(word in whole for word in known.note) or any(len(text) > _NOTE_LENGTH for text in labels):
                return self._skip(row, number, "说明文字")
            if len(aside) <= 1 or not _has(row, plan.owner):
                group = any(text.endswith(known.group_end) for text in labels)
                return self._skip(row, number, "分组行" if group else "没有房号也没有金额")
            return False
        if not labels and self._equals_sums(row):
            self._total(row, number, ["（未写名称）"])
            return True
        return False

    def is_group(self, row: Sequence[Cell], number: int, room: str) -> bool:
        """A row that holds nothing but a text in the room column: 「A1栋」, a note, a signature."""
        plan = self._plan
        for index, cell in enumerate(row):
            if cell != "" and index not in plan.rooms and index not in plan.numbers and text_of(cell):
                return False
        known = words()
        text = squeezed(room)
        if any(word in text for word in known.signature):
            return self._skip(row, number, "签字行")
        if any(word in text for word in known.note) or len(text) > _NOTE_LENGTH or ":" in text:
            return self._skip(row, number, "说明文字")
        if text.endswith(known.group_end) or not any(char.isdigit() for char in text):
            return self._skip(row, number, "分组行")
        return False

    def _skip(self, row: Sequence[Cell], number: int, why: str) -> bool:
        text = " ".join(part for cell in row if (part := text_of(cell)))
        self.outcome.skipped.append(Skipped(self._sheet, number, text[:60], why))
        self.outcome.footers.append(text)
        return True

    def _total(self, row: Sequence[Cell], number: int, labels: Sequence[str]) -> None:
        stated: dict[int, int] = {}
        for index in self._plan.money:
            try:
                amount = amount_of(row[index])
            except AmountProblem:
                continue
            if amount is not None:
                stated[index] = amount
        text = next((label for label in labels if words().total.fullmatch(label)), "合计")
        self._skip(row, number, "合计行")
        place = len(self.outcome.skipped) - 1
        whole = self.outcome.sums.copy()
        self.outcome.totals.append(TotalRow(number, text, stated, self._section, whole, place))
        self._section = whole

    def _equals_sums(self, row: Sequence[Cell]) -> bool:
        """A row of bare numbers that are the sums of what stands above it is a total nobody has named."""
        sums = self.outcome.sums
        compared = 0
        for index in self._plan.money:
            try:
                amount = amount_of(row[index])
            except AmountProblem:
                return False
            if amount:
                compared += 1
                if amount != sums.read[index] + sums.refused[index]:
                    return False
        return compared > 0 and len(self.outcome.data_rows) > 1


def _has(row: Sequence[Cell], index: int) -> bool:
    return index >= 0 and row[index] != ""
