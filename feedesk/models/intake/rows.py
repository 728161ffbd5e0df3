"""Rows of one table: data, or totals, groups, notes, signatures. A row is read whole or refused whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from feedesk.models.arrears_list import FeeSpan, ListedCharge, ReadOptions, RejectCode, Rejected, Skipped
from feedesk.models.intake.ledger import Ledger, RowRead
from feedesk.models.intake.people_text import owner_of, phones_of, salutation_of
from feedesk.models.intake.period_text import PeriodProblem, period_of, span_of
from feedesk.models.intake.plan import Line, Plan
from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import DayProblem, amount_of, day_of, is_nothing, text_of
from feedesk.models.intake.words import squeezed, words
from feedesk.models.money import AmountProblem, ThirdDecimal, show
from feedesk.models.periods import Period
from feedesk.models.rooms import normal_room

_ROOM_ENDS = ("栋", "幢", "座", "区", "苑", "街", "楼", "单元", "期", "组团")
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
    missing_period: bool = False
    footers: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows of one table into a ledger, by its plan."""

    def __init__(self, sheet: str, plan: Plan, options: ReadOptions, current: Period | None, ledger: Ledger) -> None:
        self._sheet = sheet
        self._plan = plan
        self._round = options.round_third_decimal
        self._unsaid = options.period
        self._current = current
        self._prior = options.prior_period
        self._ledger = ledger
        self._item_totals: dict[str, bool] = {}
        self.outcome = Outcome(Sums(dict.fromkeys(plan.money, 0), dict.fromkeys(plan.money, 0)))
        self._section = self.outcome.sums.copy()

    def read(self, row: Sequence[Cell], number: int) -> None:
        """Take row `number` (as in the sheet)."""
        room = self._room(row)
        if (not room or self._says_total(row, room)) and self._set_aside(row, number, room):
            return
        if room and self._is_group(row, number, room):
            return
        self.outcome.data_rows.append(number)
        amounts, problems = self._amounts(row)
        if not room:
            problems.insert(0, (RejectCode.ROOM, self._no_room(row)))
        read = self._row(row, number, room, amounts, problems)
        if read is not None and not problems:
            refused = self._ledger.take(read)
            if refused is None:
                sums = self.outcome.sums.read
                for index, amount in amounts.items():
                    sums[index] += amount
                self._check_row(number, amounts)
                return
            problems.append(refused)
        self._refuse(row, number, amounts, problems)

    def _room(self, row: Sequence[Cell]) -> str:
        rooms = self._plan.rooms
        if len(rooms) == 1:
            cell = row[rooms[0]]
            text = cell if type(cell) is str else "" if _is_day(cell) else text_of(cell)
            room = normal_room(text) if text else ""
            return "" if is_nothing(room) else room
        room = ""
        for index in rooms:
            part = normal_room(text_of(row[index]))
            if not part or is_nothing(part):
                continue
            room += part if not room or room.endswith((*_ROOM_ENDS, "-", "#")) else f"-{part}"
        return room

    def _no_room(self, row: Sequence[Cell]) -> str:
        for index in self._plan.rooms:
            if _is_day(row[index]):
                return f"房号被表格软件改成了日期（{text_of(row[index])}），请把这一列设为文本后重填"
        return "没有房号"

    # rows that are no data

    def _says_total(self, row: Sequence[Cell], room: str) -> bool:
        known = words()
        if known.total.fullmatch(squeezed(room)):
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

    def _set_aside(self, row: Sequence[Cell], number: int, room: str) -> bool:
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
        if any(known.total.fullmatch(text) for text in labels[:4]):
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

    def _is_group(self, row: Sequence[Cell], number: int, room: str) -> bool:
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
        text = next((label for label in labels if words().total.fullmatch(label)), labels[0])
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

    # data

    def _amounts(self, row: Sequence[Cell]) -> tuple[dict[int, int], list[tuple[RejectCode, str]]]:
        """Column -> 分 of every money cell that can be read, and what is wrong with the others."""
        amounts: dict[int, int] = {}
        problems: list[tuple[RejectCode, str]] = []
        for index in self._plan.money:
            cell = row[index]
            if cell == "":
                continue
            try:
                amount = amount_of(cell)
            except ThirdDecimal as problem:
                amounts[index] = problem.rounded
                if self._is_check(index):
                    continue
                if self._round:
                    self.outcome.rounded += 1
                else:
                    more = f"，四舍五入是 {show(problem.rounded)}"
                    problems.append((RejectCode.THIRD_DECIMAL, f"{self._title(index)}：{problem}{more}"))
            except AmountProblem as problem:
                if not self._is_check(index):
                    problems.append((RejectCode.AMOUNT, f"{self._title(index)}：{problem}"))
            else:
                if amount is not None:
                    amounts[index] = amount
        return amounts, problems

    def _is_check(self, index: int) -> bool:
        return any(check.index == index for check in self._plan.checks)

    def _title(self, index: int) -> str:
        return self._plan.titles.get(index) or f"第 {index + 1} 列"

    def _row(
        self,
        row: Sequence[Cell],
        number: int,
        room: str,
        amounts: dict[int, int],
        problems: list[tuple[RejectCode, str]],
    ) -> RowRead | None:
        plan = self._plan
        name, tenant = owner_of(row[plan.owner]) if plan.owner >= 0 else ("", "")
        read = RowRead(self._sheet, number, room, name, tenant)
        period = self._period(row, problems)
        due_on = self._due(row, problems)
        listed = self._fees(read, amounts, period, due_on, problems)
        listed = self._lines(row, read, amounts, period, due_on, problems) or listed
        for index in plan.late:
            late = amounts.get(index, 0)
            if late < 0:
                problems.append((RejectCode.NEGATIVE, f"{self._title(index)}是负数（{show(late)}）"))
            read.late_fee += late
        if not listed and not any(code in (RejectCode.AMOUNT, RejectCode.THIRD_DECIMAL) for code, _ in problems):
            only_late = "只有滞纳金，没有欠费金额" if read.late_fee else "没有金额（格子是空的，或是公式错误值）"
            problems.append((RejectCode.AMOUNT, only_late))
        elif read.late_fee and not read.charges and not problems:
            problems.append((RejectCode.AMOUNT, "只有滞纳金，没有欠费金额"))
        self._people(row, read, problems)
        return read

    def _people(self, row: Sequence[Cell], read: RowRead, problems: list[tuple[RejectCode, str]]) -> None:
        plan = self._plan
        unusable: tuple[str, ...] = ()
        for index in plan.phones:
            cell = row[index]
            if cell == "":
                continue
            phones, odd = phones_of(cell)
            read.phones += phones
            unusable += odd
        if unusable and problems:
            problems.append((problems[0][0], f"电话“{'、'.join(unusable)[:30]}”也不对"))
        if plan.salutation >= 0:
            read.salutation = salutation_of(row[plan.salutation])
        if plan.area >= 0:
            read.area = _given(row[plan.area])
        if plan.state >= 0:
            read.state = _given(row[plan.state])
        if plan.finance_number >= 0:
            read.finance_number = _given(row[plan.finance_number])
        for index, label in plan.remarks:
            cell = row[index]
            if cell == "":
                continue
            text = _given(cell)
            if text:
                read.remarks.append(f"{label}：{text}" if label else text)
        if unusable:
            read.remarks.append(f"电话栏写“{'、'.join(unusable)}”")

    def _period(self, row: Sequence[Cell], problems: list[tuple[RejectCode, str]]) -> Period | None:
        plan = self._plan
        try:
            if plan.period_from >= 0 and plan.period_to >= 0:
                first, last = row[plan.period_from], row[plan.period_to]
                return span_of(period_of(first), period_of(last), f"{text_of(first)} 至 {text_of(last)}")
            if plan.period >= 0:
                return period_of(row[plan.period])
        except PeriodProblem as problem:
            problems.append((RejectCode.PERIOD, str(problem)))
        return None

    def _days(self, row: Sequence[Cell]) -> tuple[date | None, date | None] | None:
        """Exact days of a line, where the list gives days on both sides."""
        plan = self._plan
        if plan.item < 0 or plan.period_from < 0 or plan.period_to < 0:
            return None
        try:
            return (day_of(row[plan.period_from]), day_of(row[plan.period_to]))
        except DayProblem:
            return None

    def _due(self, row: Sequence[Cell], problems: list[tuple[RejectCode, str]]) -> date | None:
        if self._plan.due_on < 0:
            return None
        try:
            return day_of(row[self._plan.due_on])
        except DayProblem as problem:
            problems.append((RejectCode.DATE, f"{self._title(self._plan.due_on)}：{problem}"))
            return None

    def _when(self, span: FeeSpan, listed: Period | None) -> Period | None:
        """The months of a charge: the column's or the row's own, else what a person has said about the span."""
        if span is FeeSpan.PRIOR:
            return self._prior
        found = listed or (self._current if span is FeeSpan.CURRENT else self._unsaid)
        if found is None:
            self.outcome.missing_period = True
        return found

    def _fees(
        self,
        read: RowRead,
        amounts: dict[int, int],
        period: Period | None,
        due_on: date | None,
        problems: list[tuple[RejectCode, str]],
    ) -> bool:
        listed = False
        for fee in self._plan.fees:
            amount = amounts.get(fee.index)
            if amount is None:
                continue
            listed = True
            if amount < 0:
                problems.append((RejectCode.NEGATIVE, _negative(self._title(fee.index), amount)))
            elif amount:
                when = fee.period or self._when(fee.span, period)
                charge = ListedCharge(self._sheet, read.row, fee.item, when, amount, due_on, None, None, fee.span)
                read.charges.append(charge)
        return listed

    def _lines(
        self,
        row: Sequence[Cell],
        read: RowRead,
        amounts: dict[int, int],
        period: Period | None,
        due_on: date | None,
        problems: list[tuple[RejectCode, str]],
    ) -> bool:
        listed = False
        for line in self._plan.lines:
            owed = self._owed(line, amounts, read.row)
            if owed is None:
                continue
            listed = True
            item = line.item or (_given(row[self._plan.item]) if self._plan.item >= 0 else "")
            if owed < 0:
                problems.append((RejectCode.NEGATIVE, _negative(item or "本行", owed)))
            elif owed:
                read.days = self._days(row)
                read.charges.append(
                    ListedCharge(
                        sheet=self._sheet,
                        row=read.row,
                        item=item or "物业费",
                        period=self._when(line.span, period),
                        owed=owed,
                        due_on=due_on,
                        charged=amounts.get(line.charged),
                        received=amounts.get(line.received),
                        span=line.span,
                    )
                )
        return listed

    def _owed(self, line: Line, amounts: dict[int, int], number: int) -> int | None:
        charged, received = amounts.get(line.charged), amounts.get(line.received)
        difference = None if charged is None else charged - (received or 0)
        owed = amounts.get(line.owed)
        if owed is None:
            return difference
        if difference is not None and difference != owed and received is not None:
            self.outcome.odd_sums.append(
                f"{self._ledger.place(self._sheet, number)}：应收减实收是 {show(difference)}，尚欠写 {show(owed)}，按尚欠计"
            )
        return owed

    def _check_row(self, number: int, amounts: dict[int, int]) -> None:
        for check in self._plan.checks:
            stated = amounts.get(check.index)
            if stated is None or not check.parts:
                continue
            sums = [sum(amounts.get(index, 0) for index in parts) for parts in check.parts]
            if stated not in sums:
                place = self._ledger.place(self._sheet, number)
                self.outcome.odd_sums.append(
                    f"{place}：“{check.title}”写 {show(stated)}，各项加起来是 {show(sums[0])}，按各项计"
                )

    def _refuse(
        self, row: Sequence[Cell], number: int, amounts: dict[int, int], problems: Sequence[tuple[RejectCode, str]]
    ) -> None:
        sums = self.outcome.sums
        for index, value in amounts.items():
            sums.refused[index] += value
        amount, by_check = self._amount_refused(amounts, problems)
        if amount is not None:
            sums.refused_total += amount
        reason = "；".join(dict.fromkeys(text for _, text in problems))
        if by_check and amount is not None:
            reason += f"（按“{by_check}”是 {show(amount)}）"
        cells = tuple(text_of(cell) for cell in row)
        self.outcome.rejected.append(Rejected(self._sheet, number, problems[0][0], reason, cells, amount))

    def _amount_refused(
        self, amounts: dict[int, int], problems: Sequence[tuple[RejectCode, str]]
    ) -> tuple[int | None, str]:
        """The debt a refused row would have added, and the title of the check it was taken from, if it was."""
        if any(code is RejectCode.AMOUNT for code, _ in problems):
            for check in self._plan.checks:
                if check.whole and check.index in amounts:
                    return amounts[check.index], check.title
        parts = [amounts[fee.index] for fee in self._plan.fees if fee.index in amounts]
        parts += [amounts[index] for index in self._plan.late if index in amounts]
        for line in self._plan.lines:
            charged, owed = amounts.get(line.charged), amounts.get(line.owed)
            if owed is not None:
                parts.append(owed)
            elif charged is not None:
                parts.append(charged - amounts.get(line.received, 0))
        return (sum(parts), "") if parts else (None, "")


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date)


def _has(row: Sequence[Cell], index: int) -> bool:
    return index >= 0 and row[index] != ""


def _given(cell: Cell) -> str:
    text = text_of(cell)
    return "" if is_nothing(text) else text


def _negative(title: str, amount: int) -> str:
    return f"{title}是负数（{show(amount)}），多半是多缴或预存，不能当欠费；可另记为预缴"
