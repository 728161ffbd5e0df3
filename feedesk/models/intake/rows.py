"""Rows of one table that hold data. A row is read whole or refused whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from feedesk.models.arrears_list import FeeSpan, ListedCharge, ReadOptions, RejectCode, Rejected
from feedesk.models.intake.aside import Aside, Outcome, Sums
from feedesk.models.intake.ledger import PLAIN_ROOM, Ledger, RowRead
from feedesk.models.intake.people_text import owner_of, phones_of, salutation_of
from feedesk.models.intake.period_text import PeriodProblem, period_of, span_of
from feedesk.models.intake.plan import Line, Plan
from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import DayProblem, amount_of, day_of, is_nothing, text_of
from feedesk.models.money import AmountProblem, ThirdDecimal, show
from feedesk.models.periods import Period
from feedesk.models.rooms import normal_room

_NO_AMOUNT = (RejectCode.AMOUNT, RejectCode.THIRD_DECIMAL)
_ROOM_ENDS = ("栋", "幢", "座", "区", "苑", "街", "楼", "单元", "期", "组团")


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
        self._spans: dict[tuple[Cell, Cell], Period | None] = {}
        self._check_columns = frozenset(check.index for check in plan.checks)
        # the loop over these runs for every row: plain tuples are quicker than records
        self._fee_columns = tuple((fee.index, fee.item, fee.span, fee.period) for fee in plan.fees)
        self.outcome = Outcome(Sums(dict.fromkeys(plan.money, 0), dict.fromkeys(plan.money, 0)))
        self._aside = Aside(sheet, plan, self.outcome)

    def read(self, row: Sequence[Cell], number: int) -> None:
        """Take row `number` (as in the sheet)."""
        room, building = self._room(row)
        aside = self._aside
        if not room or aside.says_total(row, room, building != ""):
            if aside.takes(row, number, room):
                return
        elif not building and aside.is_group(row, number, room):
            return
        self.outcome.data_rows.append(number)
        amounts, problems = self._amounts(row)
        if not room:
            problems.insert(0, (RejectCode.ROOM, self._no_room(row)))
        read = self._row(row, number, room, building, amounts, problems)
        if not problems:
            refused = self._ledger.take(read)
            if refused is None:
                sums = self.outcome.sums.read
                for index, amount in amounts.items():
                    sums[index] += amount
                self._check_row(number, amounts)
                return
            problems.append(refused)
        self._refuse(row, number, amounts, problems)

    def _room(self, row: Sequence[Cell]) -> tuple[str, str]:
        """The room, and its building where digits and dashes tell it at once."""
        rooms = self._plan.rooms
        if len(rooms) == 1:
            cell = row[rooms[0]]
            if type(cell) is str:
                plain = PLAIN_ROOM.fullmatch(cell)
                if plain:
                    return cell, plain[1]
                room = normal_room(cell) if cell else ""
            else:
                room = "" if _is_day(cell) else normal_room(text_of(cell))
            return ("", "") if is_nothing(room) else (room, "")
        room = ""
        for index in rooms:
            part = normal_room(text_of(row[index]))
            if not part or is_nothing(part):
                continue
            room += part if not room or room.endswith((*_ROOM_ENDS, "-", "#")) else f"-{part}"
        return room, ""

    def _no_room(self, row: Sequence[Cell]) -> str:
        for index in self._plan.rooms:
            if _is_day(row[index]):
                return f"房号被表格软件改成了日期（{text_of(row[index])}），请把这一列设为文本后重填"
        return "没有房号"

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
                if index in self._check_columns:
                    continue
                if self._round:
                    self.outcome.rounded += 1
                else:
                    more = f"，四舍五入是 {show(problem.rounded)}"
                    problems.append((RejectCode.THIRD_DECIMAL, f"{self._title(index)}：{problem}{more}"))
            except AmountProblem as problem:
                if index not in self._check_columns:
                    problems.append((RejectCode.AMOUNT, f"{self._title(index)}：{problem}"))
            else:
                if amount is not None:
                    amounts[index] = amount
        return amounts, problems

    def _title(self, index: int) -> str:
        return self._plan.titles.get(index) or f"第 {index + 1} 列"

    def _row(
        self,
        row: Sequence[Cell],
        number: int,
        room: str,
        building: str,
        amounts: dict[int, int],
        problems: list[tuple[RejectCode, str]],
    ) -> RowRead:
        plan = self._plan
        name, tenant = owner_of(row[plan.owner]) if plan.owner >= 0 else ("", "")
        read = RowRead(self._sheet, number, room, building, name, tenant, [])
        period = self._period(row, problems)
        due_on = self._due(row, problems) if plan.due_on >= 0 else None
        listed = self._fees(read, amounts, period, due_on, problems)
        if plan.lines:
            listed = self._lines(row, read, amounts, period, due_on, problems) or listed
        if plan.late:
            self._late(read, amounts, problems)
        if not listed and not any(code in _NO_AMOUNT for code, _ in problems):
            only_late = "只有滞纳金，没有欠费金额" if read.late_fee else "没有金额（格子是空的，或是公式错误值）"
            problems.append((RejectCode.AMOUNT, only_late))
        elif read.late_fee and not read.charges and not problems:
            problems.append((RejectCode.AMOUNT, "只有滞纳金，没有欠费金额"))
        self._people(row, read, problems)
        return read

    def _late(self, read: RowRead, amounts: dict[int, int], problems: list[tuple[RejectCode, str]]) -> None:
        for index in self._plan.late:
            late = amounts.get(index, 0)
            if late < 0:
                problems.append((RejectCode.NEGATIVE, f"{self._title(index)}是负数（{show(late)}）"))
            read.late_fee += late

    def _people(self, row: Sequence[Cell], read: RowRead, problems: list[tuple[RejectCode, str]]) -> None:
        plan = self._plan
        unusable: tuple[str, ...] = ()
        for index in plan.phones:
            cell = row[index]
            if cell != "":
                phones, odd = phones_of(cell)
                read.phones += phones
                unusable += odd
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
            if cell != "" and (text := _given(cell)):
                read.remarks += (f"{label}：{text}" if label else text,)
        if unusable:
            said = "、".join(unusable)
            read.remarks += (f"电话栏写“{said}”",)
            if problems:
                problems.append((problems[0][0], f"电话“{said[:30]}”也不对"))

    def _period(self, row: Sequence[Cell], problems: list[tuple[RejectCode, str]]) -> Period | None:
        plan = self._plan
        try:
            if plan.period_from >= 0 and plan.period_to >= 0:
                ends = row[plan.period_from], row[plan.period_to]
                if ends not in self._spans:
                    first, last = ends
                    shown = f"{text_of(first)} 至 {text_of(last)}"
                    self._spans[ends] = span_of(period_of(first), period_of(last), shown)
                return self._spans[ends]
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
        try:
            return day_of(row[self._plan.due_on])
        except DayProblem as problem:
            problems.append((RejectCode.DATE, f"{self._title(self._plan.due_on)}：{problem}"))
            return None

    def _when(self, span: FeeSpan, listed: Period | None) -> Period | None:
        """The months of a charge: the column's or the row's own, else what a person has said about the span."""
        if span is FeeSpan.PRIOR:
            return self._prior
        return listed or (self._current if span is FeeSpan.CURRENT else self._unsaid)

    def _fees(
        self,
        read: RowRead,
        amounts: dict[int, int],
        period: Period | None,
        due_on: date | None,
        problems: list[tuple[RejectCode, str]],
    ) -> bool:
        listed = False
        sheet, number, charges = self._sheet, read.row, read.charges
        for index, item, span, own in self._fee_columns:
            amount = amounts.get(index)
            if amount is None:
                continue
            listed = True
            if amount > 0:
                when = own or (period if period and not span else self._when(span, period))
                charges.append(ListedCharge(sheet, number, item, when, amount, due_on, None, None, span))
            elif amount:
                problems.append((RejectCode.NEGATIVE, _negative(self._title(index), amount)))
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
            if stated is None or not check.parts or stated == _sum_of(amounts, check.parts[0]):
                continue
            if any(stated == _sum_of(amounts, parts) for parts in check.parts):
                continue
            place = self._ledger.place(self._sheet, number)
            added = show(_sum_of(amounts, check.parts[0]))
            self.outcome.odd_sums.append(f"{place}：“{check.title}”写 {show(stated)}，各项加起来是 {added}，按各项计")

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


def _sum_of(amounts: dict[int, int], parts: tuple[tuple[int, ...], tuple[int, ...]]) -> int:
    total = 0
    for index in parts[0]:
        total += amounts.get(index, 0)
    for index in parts[1]:
        total -= amounts.get(index, 0)
    return total


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date)


def _given(cell: Cell) -> str:
    text = text_of(cell)
    return "" if is_nothing(text) else text


def _negative(title: str, amount: int) -> str:
    return f"{title}是负数（{show(amount)}），多半是多缴或预存，不能当欠费；可另记为预缴"
