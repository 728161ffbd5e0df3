"""What single cells say: text, amounts, days. Pure; a cell that cannot be read raises with its Chinese reason."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from feedesk.models import money
from feedesk.models.intake.sheets import Cell

_EPOCH = date(1899, 12, 30)
_SERIALS = range(32874, 73051)
"""Serial days of 1990-01-01 to 2100-01-01: other numbers are no dates."""
_NOTHING = frozenset(["-", "—", "–", "－", "--", "——", "/", "／", "无", "\\"])
"""Written where a person means that there is none."""
_BRACKETED = re.compile(r"[(（]\s*([¥￥]?[\d,，.]+)\s*[)）]")
_PLAIN = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")
"""Amounts that need no judgement, and so none of its time; all others go to `money.parse`."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_SHORT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


class DayProblem(ValueError):
    """A cell that is no day; the message is the Chinese reason."""


def text_of(cell: Cell) -> str:
    """A cell as a person sees it, trimmed at the ends: 101.0 -> 101, dates in ISO."""
    if type(cell) is str:
        return cell.strip().strip("\t'").strip()
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell)


def is_nothing(text: str) -> bool:
    """「/」, 「-」, 「无」: written where there is none."""
    return text in _NOTHING


def amount_of(cell: Cell) -> int | None:
    """分 of a money cell; None when it is empty, 0 when it says that there is none.

    Raises `money.AmountProblem` (`money.ThirdDecimal` for a true third decimal).
    """
    if type(cell) is float:
        scaled = cell * 100
        if -1e9 < scaled < 1e9:
            fen = round(scaled)
            # far inside the noise that `money` drops, so that both ways give the same answer
            if -0.005 < scaled - fen < 0.005:
                return fen
        return money.from_decimal(Decimal(repr(cell)))
    if type(cell) is str:
        bare = cell.strip()
        if not bare:
            return None
        return _amount_of_text(bare)
    if isinstance(cell, bool):
        raise money.AmountProblem(f"金额“{text_of(cell)}”不是数字")
    if isinstance(cell, int):
        return money.from_decimal(Decimal(cell))
    if isinstance(cell, date | datetime | time | timedelta):
        raise money.AmountProblem(f"金额“{text_of(cell)}”是日期或时间，不是数字")
    return money.from_decimal(Decimal(repr(cell)))


def _amount_of_text(text: str) -> int | None:
    plain = _PLAIN.fullmatch(text)
    if plain:
        return int(plain[1]) * 100 + int((plain[2] or "").ljust(2, "0"))
    bare = text.strip("\t' ")
    if not bare:
        return None
    if bare in _NOTHING:
        return 0
    negative = _BRACKETED.fullmatch(bare)
    return -money.parse(negative[1]) if negative else money.parse(text)


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell holds an amount, good or bad by a detail, rather than words."""
    if isinstance(cell, bool | date | datetime | time | timedelta):
        return False
    if isinstance(cell, int | float):
        return True
    try:
        _amount_of_text(cell)
    except money.ThirdDecimal:
        return True
    except money.AmountProblem:
        return sum(char.isdigit() for char in cell) * 2 > len(cell.strip())
    return True


def day_of(cell: Cell) -> date | None:
    """A day from a date, a serial number or a text; None when the cell is empty. Raises `DayProblem`."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | time | timedelta):
        raise DayProblem(f"日期“{text_of(cell)}”看不懂")
    if isinstance(cell, int | float):
        return serial_day(float(cell))
    return _day_of_text(cell)


def serial_day(value: float) -> date:
    """The day of a spreadsheet's serial number; raises `DayProblem` for numbers that can be none."""
    shown = text_of(value)
    if value != value or value in (float("inf"), float("-inf")) or int(value) not in _SERIALS:
        short = _SHORT_DAY.fullmatch(shown)
        if short:
            return _real_day(shown, short)
        raise DayProblem(f"日期“{shown}”看不懂")
    return _EPOCH + timedelta(days=int(value))


@lru_cache(maxsize=4096)
def _day_of_text(text: str) -> date | None:
    bare = unicodedata.normalize("NFKC", text).strip("\t' ").strip()
    if not bare or bare in _NOTHING:
        return None
    found = _DAY.fullmatch(bare.replace(" 00:00:00", "")) or _SHORT_DAY.fullmatch(bare)
    if found:
        return _real_day(text.strip(), found)
    if re.fullmatch(r"\d{5}(\.0+)?", bare):
        return serial_day(float(bare))
    raise DayProblem(f"日期“{text.strip()[:30]}”看不懂")


def _real_day(shown: str, found: re.Match[str]) -> date:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise DayProblem(f"日期“{shown[:30]}”不存在") from error
    if not 1990 <= day.year <= 2100:
        raise DayProblem(f"日期“{shown[:30]}”不像是收费的日期")
    return day
