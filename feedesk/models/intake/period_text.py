"""Months as finance writes them: 2026-04, 202601-202610, 2026年1月至6月, 2026年第三季度, 21年, 下半年, serial dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import DayProblem, is_nothing, serial_day, text_of
from feedesk.models.periods import Period, month_index

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS = re.compile(r"(?<![\d一二三四五六七八九])十([一二12])?(?=月|至|到|-|~|、|,)")
_Y = r"(?P<{0}>(?:19|20)\d\d)"
_SEP = r"(?:至|到|~|-{1,2}|—)"
_DAY = r"(?:[-./]?\d{1,2}日?)?"
_MONTH = r"{year}(?:年|[-./]|(?=\d\d(?!\d)))0?(?P<{month}>\d{{1,2}})月?(?:份)?"


def _ym(year: str, month: str) -> str:
    return _MONTH.format(year=_Y.format(year), month=month)


_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        # 2026-08-01 .. 2026-08-31, 2026年8月1日至…, 2026.07-2026.09, 202601-202610
        rf"{_ym('y', 'm')}(?:[-./]\d{{1,2}}|\d{{1,2}}日)?{_SEP}{_ym('y2', 'm2')}(?:[-./]\d{{1,2}}|\d{{1,2}}日)?",
        # one day stands for its month: 2026-08-01, 2026/8/1, 2026年8月1日
        rf"{_Y.format('y')}(?P<s>[-./])(?P<m>\d{{1,2}})(?P=s)\d{{1,2}}",
        rf"{_Y.format('y')}年(?P<m>\d{{1,2}})月\d{{1,2}}日",
        rf"{_Y.format('y')}(?P<m>\d\d)\d\d",
        # 2026年1月至6月, 2026.7-9, 2026年7-9月, 2026-7-9月
        rf"{_ym('y', 'm')}{_SEP}(?P<m2>\d{{1,2}})月?(?:份)?",
        _ym("y", "m"),
        # quarters, half-years, years
        rf"{_Y.format('y')}年?度?第?(?P<q>[1-4]){_SEP}第?(?P<q2>[1-4])季度?",
        rf"{_Y.format('y')}年?度?第?(?P<q>[1-4])季度?{_SEP}第?(?P<q2>[1-4])季度?",
        rf"{_Y.format('y')}年?度?[-]?(?:第?(?P<q>[1-4])季度?|Q(?P<qq>[1-4]))",
        rf"{_Y.format('y')}年?度?(?P<half>[上下])半年",
        rf"{_Y.format('y')}年?度?(?:全年)?(?:{_SEP}{_Y.format('y2')}年?度?(?:全年)?)?",
        # months whose year was said just before
        rf"(?P<m>\d{{1,2}})月?(?:份)?{_SEP}(?P<m2>\d{{1,2}})月?(?:份)?",
        r"(?P<m>\d{1,2})月?(?:份)?",
    )
)
_WITHOUT_YEAR = _SHAPES[-2:]
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)年")
_DECORATION = re.compile(r"\([^)]*个?月\)|共?计?\d+个月|欠费|欠缴|期间|账期|费用|物业费|管理费|^[:：]")
_IN_TITLE = re.compile(
    r"(?:19|20)\d\d年?(?:至|到|-|~)(?:19|20)\d\d年度?"
    r"|(?:\d{4}|(?<!\d)\d{2})年度?(?:第?[1-4](?:-[1-4])?季度?|[上下]半年|\d{1,2}月?(?:至|到|-|~)(?:\d{4}年)?\d{1,2}月|\d{1,2}月)"
    r"|(?:19|20)\d\d[-.]\d{1,2}(?:(?:至|到|-|~)(?:(?:19|20)\d\d[-.])?\d{1,2})?(?![-.\d])"
    r"|(?:\d{4}|(?<!\d)\d{2})年(?!\d{1,2}月)"
    r"|(?<!\d)(?:19|20)\d\d(?=[\u4e00-\u9fff]{1,6}费)(?!年)"
)
_DATED = re.compile(r"(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}日|([-/.])\d{1,2}\1\d{1,2}日?)")
_FROM_DAY_TO_DAY = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日?(?:至|到|-|~)(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_SHORT_YEARS = re.compile(r"(\d\d)([./])(\d{1,2})(至|到|-|~)(\d\d)\2(\d{1,2})")
_AS_OF_MONTH = re.compile(r"截[至止]\D{0,3}(?:19|20)\d\d(?:年|[-/.])\d{1,2}月?")


class PeriodProblem(ValueError):
    """A text that names no months, or a span that ends before it starts; the message is the Chinese reason."""


def period_of(cell: Cell) -> Period | None:
    """The months a cell names; None when it is empty. Raises `PeriodProblem`."""
    if type(cell) is str:
        return _period_of_text(cell)
    if isinstance(cell, datetime | date):
        return Period((month_index(cell.year, cell.month),))
    if isinstance(cell, bool | time | timedelta):
        raise PeriodProblem(f"期间“{text_of(cell)}”看不懂")
    return _period_of_number(float(cell))


@lru_cache(maxsize=8192)
def _period_of_text(text: str) -> Period | None:
    if not text.strip() or is_nothing(text.strip()):
        return None
    try:
        return parse_period(text)
    except PeriodProblem:
        if re.fullmatch(r"\s*\d{5}(\.0+)?\s*", text):
            return _period_of_number(float(text))
        raise


def _period_of_number(value: float) -> Period:
    shown = text_of(value)
    if value.is_integer():
        if 1990 <= value <= 2099 or len(shown) in (6, 8):
            return parse_period(shown)
        try:
            day = serial_day(value)
        except DayProblem as error:
            raise PeriodProblem(f"期间“{shown}”看不懂") from error
        return Period((month_index(day.year, day.month),))
    month = re.fullmatch(r"((?:19|20)\d\d)\.(\d{1,2})", shown)
    if month and month[2] == "1":
        # a cell that shows 2026.10 holds the same number
        raise PeriodProblem(f"期间“{shown}”分不清是 1 月还是 10 月，请在清单里改成文本")
    if month and (len(month[2]) == 2 or month[2] != "1"):
        return _months(int(month[1]), int(month[2]), int(month[1]), int(month[2]), shown)
    try:
        day = serial_day(value)
    except DayProblem as error:
        raise PeriodProblem(f"期间“{shown}”看不懂") from error
    return Period((month_index(day.year, day.month),))


def span_of(first: Period | None, last: Period | None, shown: str) -> Period | None:
    """The months between two cells; None when both are empty. Raises `PeriodProblem`."""
    if first is None and last is None:
        return None
    if first is None or last is None:
        missing = "起始" if first is None else "截止"
        raise PeriodProblem(f"期间只写了一头，缺{missing}月")
    if last.last < first.first:
        raise PeriodProblem(f"期间“{shown}”的截止早于起始")
    return Period.span(first.first, last.last)


def parse_period(text: str) -> Period:
    """The months that a text names, several parts joined by 、 or commas; raises `PeriodProblem`."""
    shown = text.strip()[:30]
    bare = _DECORATION.sub("", _plain(text))
    if short := _SHORT_YEARS.fullmatch(bare):
        bare = f"20{short[1]}.{short[3]}-20{short[5]}.{short[6]}"
    months: set[int] = set()
    year: int | None = None
    for part in re.split(r"[,、;和及]+", bare):
        if not part:
            continue
        found = _part(part, year, shown)
        months.update(found.months)
        year = found.last // 12
    period = Period.of(months)
    if period is None:
        raise PeriodProblem(f"期间“{shown}”看不懂")
    return period


def find_period(title: str) -> Period | None:
    """The months a heading speaks of (「二〇二六年第三季度…明细表」); None when it names none.

    A day (制表日期) and 「截至…月」 are no period.
    """
    plain = _plain(title)
    found = _FROM_DAY_TO_DAY.search(plain) or _IN_TITLE.search(_AS_OF_MONTH.sub(" ", _DATED.sub(" ", plain)))
    if not found:
        return None
    try:
        return parse_period(found[0])
    except PeriodProblem:
        return None


def without_period(title: str) -> str:
    """A fee column's title without the months it names: 「21年物业费」 -> 「物业费」."""
    return _IN_TITLE.sub("", _plain(title)).lstrip("度-_")


def _plain(text: str) -> str:
    half = "".join(unicodedata.normalize("NFKC", text).split()).replace("–", "-").replace("—", "-").replace("−", "-")
    tens = _TENS.sub(lambda ten: "1" + (ten[1] or "0"), half)
    return _SHORT_YEAR.sub(r"20\1年", _numerals(tens))


def _numerals(text: str) -> str:
    """Chinese digits as digits, only where they count years, months and quarters (一楼 stays)."""
    text = re.sub(r"[〇零○一二三四五六七八九]{2,4}(?=年)", lambda run: run[0].translate(_DIGITS), text)
    return re.sub(
        r"[1]?[一二三四五六七八九](?=月|季|[至到\-~、,][\d一二三四五六七八九]+[月季])",
        lambda run: run[0].translate(_DIGITS),
        text,
    )


def _part(part: str, year: int | None, shown: str) -> Period:
    for shape in _SHAPES:
        if shape in _WITHOUT_YEAR and year is None:
            continue
        found = shape.fullmatch(part)
        if found:
            return _from_match(found.groupdict(), year, shown)
    raise PeriodProblem(f"期间“{shown}”看不懂")


def _from_match(named: dict[str, str | None], year: int | None, shown: str) -> Period:
    first_year = int(named.get("y") or year or 0)
    last_year = int(named.get("y2") or first_year)
    if half := named.get("half"):
        first, last = (1, 6) if half == "上" else (7, 12)
    elif quarter := named.get("q") or named.get("qq"):
        until = int(named.get("q2") or quarter)
        first, last = int(quarter) * 3 - 2, until * 3
    elif month := named.get("m"):
        first = int(month)
        last = int(named.get("m2") or month)
    else:
        first, last = 1, 12
    return _months(first_year, first, last_year, last, shown)


def _months(first_year: int, first: int, last_year: int, last: int, shown: str) -> Period:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise PeriodProblem(f"期间“{shown}”里没有这个月份")
    if (last_year, last) < (first_year, first):
        raise PeriodProblem(f"期间“{shown}”的截止早于起始")
    return Period.span(month_index(first_year, first), month_index(last_year, last))
