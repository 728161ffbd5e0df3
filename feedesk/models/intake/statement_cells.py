"""What single cells of a statement say: moments, directions, states. Pure; what cannot be read raises with its reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedesk.models import money
from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.statement_words import statement_words
from feedesk.models.intake.values import DayProblem, amount_of, is_nothing, serial_day, text_of
from feedesk.models.money import AmountProblem, show_yuan
from feedesk.models.statements import Direction

_CLOCK = r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?秒?"
_LONG = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?(?:[ T]*{_CLOCK})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T-]*(\d{2}):?(\d{2}):?(\d{2})(?:\.?\d+)?)?")
_TIME = re.compile(_CLOCK)
_SHORT_TIME = re.compile(r"(\d{1,2})(\d{2})(\d{2})")
_YEARS = range(1990, 2101)
_REFUNDED = re.compile(r"退款[^\d]{0,4}([\d,]+(?:\.\d+)?)")
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Flow:
    """Which way how many 分 went."""

    direction: Direction
    amount: int
    void: str = ""


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: without the padding, tabs, back-ticks and `="…"` that exports put around it."""
    text = text_of(cell).strip().strip("`'\t").strip()
    return " ".join(text.split())


def words_of(cell: Cell) -> str:
    """The same, empty where 「/」 or 「-」 says that there is nothing."""
    text = cell_text(cell)
    return "" if is_nothing(text) else text


def moment_of(cells: Sequence[Cell]) -> tuple[datetime, bool]:
    """The moment told by the date and time cells of a row, best column first; whether the time of day is known.

    Raises `DayProblem` when none of them is a day.
    """
    day: date | None = None
    clock: time | None = None
    problem = DayProblem("没有交易日期")
    for cell in cells:
        try:
            found_day, found_time = _day_and_time(cell)
        except DayProblem as error:
            problem = error
            continue
        day = day or found_day
        clock = clock if clock is not None else found_time
        if day and clock is not None:
            break
    if day is None:
        raise problem
    return datetime.combine(day, clock or time()), clock is not None


def _day_and_time(cell: Cell) -> tuple[date | None, time | None]:
    if isinstance(cell, datetime):
        return cell.date(), cell.time().replace(microsecond=0) if cell.time() != time() else None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, time):
        return None, cell.replace(microsecond=0)
    if isinstance(cell, timedelta):
        return None, _clock_of(int(cell.total_seconds()))
    if isinstance(cell, float) and not cell.is_integer():
        return _serial(cell)
    return _of_text(unicodedata.normalize("NFKC", cell_text(cell)))


def _serial(value: float) -> tuple[date | None, time | None]:
    if value != value or value in (float("inf"), float("-inf")):
        raise DayProblem("交易日期看不懂")
    seconds = round(value % 1 * _DAY_SECONDS)
    return (None if 0 < value < 1 else serial_day(value)), _clock_of(seconds)


def _clock_of(seconds: int) -> time | None:
    if not 0 <= seconds < _DAY_SECONDS:
        return None
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _of_text(text: str) -> tuple[date | None, time | None]:
    if is_nothing(text) or not text:
        return None, None
    shown = text[:30]
    found = _LONG.fullmatch(text) or (_COMPACT.fullmatch(text) if len(text) >= 8 else None)
    try:
        if found:
            year, month, day, *clock = found.groups()
            if int(year) not in _YEARS:
                raise DayProblem(f"交易日期“{shown}”不像是真的日期")
            return date(int(year), int(month), int(day)), _time(clock)
        found = _TIME.fullmatch(text) or _SHORT_TIME.fullmatch(text)
        if found and len(text) != 5:
            return None, _time(found.groups())
        if found and ":" in text:
            return None, _time(found.groups())
    except ValueError as error:
        raise error if isinstance(error, DayProblem) else DayProblem(f"交易日期“{shown}”不存在") from error
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _serial(float(text))
    raise DayProblem(f"交易日期“{shown}”看不懂")


def _time(parts: Sequence[str | None]) -> time | None:
    if not parts or parts[0] is None:
        return None
    hour, minute, second = (int(part or 0) for part in (*parts, None)[:3])
    return time(hour, minute, second)


def amount_in(cell: Cell) -> int:
    """分 of a money cell, 0 when it is empty; raises `AmountProblem` with its reason."""
    if isinstance(cell, str):
        bare = unicodedata.normalize("NFKC", cell_text(cell)).replace("CNY", "").strip()
        if bare.startswith("+"):
            bare = bare[1:]
        return amount_of(bare.strip()) or 0
    return amount_of(cell) or 0


def flow_of_sides(income: Cell, outgo: Cell) -> Flow:
    """From a column of money in and one of money out; a negative amount is one taken back."""
    came, went = amount_in(income), amount_in(outgo)
    if came and went:
        raise AmountProblem("收入和支出两列都有金额")
    if not came and not went:
        if words_of(income) or words_of(outgo):
            return Flow(Direction.NEITHER, 0, "金额是 0")
        raise AmountProblem("没有金额")
    if went:
        return Flow(Direction.OUT if went > 0 else Direction.IN, abs(went))
    return Flow(Direction.IN if came > 0 else Direction.OUT, abs(came))


def flow_of_amount(amount_cell: Cell, direction_cell: Cell | None) -> Flow:
    """From one column of amounts, with a column that says which way, else by the sign."""
    amount = amount_in(amount_cell)
    if not amount:
        if words_of(amount_cell):
            return Flow(Direction.NEITHER, 0, "金额是 0")
        raise AmountProblem("没有金额")
    direction = Direction.IN if direction_cell is None else way_of(direction_cell)
    if amount < 0 and direction is not Direction.NEITHER:
        # the sign says it, an income taken back leaves too, and 「支出 −45.00」 says the same thing twice
        direction = Direction.OUT
    return Flow(direction, abs(amount))


def way_of(cell: Cell) -> Direction:
    """Which way, by the words of a 收/支 or 借贷标志 column; raises `AmountProblem` for words nobody knows."""
    text = unicodedata.normalize("NFKC", cell_text(cell)).replace(" ", "").upper()
    known = statement_words()
    if text in known.way_in:
        return Direction.IN
    if text in known.way_out:
        return Direction.OUT
    if not text or text in known.neither:
        return Direction.NEITHER
    bare = text.strip("()").split("(")[0]
    if bare in known.way_in:
        return Direction.IN
    if bare in known.way_out:
        return Direction.OUT
    raise AmountProblem(f"收支“{text[:20]}”看不懂")


def void_of(state: str, amount: int) -> tuple[str, int]:
    """Why the state says that no money stayed (empty when some did), and the 分 paid back of a part refund."""
    part = _REFUNDED.search(unicodedata.normalize("NFKC", state))
    if part and "全额" not in state:
        try:
            back = money.parse(part[1])
        except AmountProblem:
            return state, 0
        return (state, 0) if back >= amount else ("", back)
    return (state, 0) if any(word in state for word in statement_words().void) else ("", 0)


def refund_note(back: int) -> str:
    """What is added to the memo of a payment of which a part was paid back."""
    return f"（已退 {show_yuan(back)}）"
