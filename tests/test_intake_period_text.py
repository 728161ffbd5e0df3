"""Months as finance writes them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.intake.period_text import PeriodProblem, find_period, parse_period, period_of, without_period
from feedesk.models.periods import Period, month_index


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-04", "2026-04"),
        ("202601-202610", "2026-01..2026-10"),
        ("2025.11-2026.10", "2025-11..2026-10"),
        ("25.11-26.10", "2025-11..2026-10"),
        ("2026年1月至6月", "2026-01..2026-06"),
        ("２０２６年１月～６月", "2026-01..2026-06"),
        ("2026年第三季度", "2026-07..2026-09"),
        ("2026Q3", "2026-07..2026-09"),
        ("2026年1-3季度", "2026-01..2026-09"),
        ("2025年下半年", "2025-07..2025-12"),
        ("21年", "2021-01..2021-12"),
        ("2024年至2025年", "2024-01..2025-12"),
        ("2026/9/1", "2026-09"),
        ("20260801", "2026-08"),
        ("2026年8月1日至2026年9月30日", "2026-08..2026-09"),
        ("2026-08-01 至 2026-08-31", "2026-08"),
        ("2026.7-9", "2026-07..2026-09"),
        ("2026-7-9月", "2026-07..2026-09"),
        ("2026年7、8月", "2026-07..2026-08"),
        ("2026-08,2026-10", "2026-08,2026-10"),
        ("2026年十一月至十二月", "2026-11..2026-12"),
        ("二〇二五年十月", "2025-10"),
        ("2026年7月-9月（3个月）", "2026-07..2026-09"),
    ],
)
def test_texts(text: str, months: str) -> None:
    assert parse_period(text) == Period.parse(months)


@pytest.mark.parametrize(
    "text", ["见备注", "7月", "2026年13月", "2026年3月-2026年1月", "2026-10-2026-08", "138", "多个月", "、"]
)
def test_texts_that_name_no_months(text: str) -> None:
    with pytest.raises(PeriodProblem):
        parse_period(text)


@pytest.mark.parametrize(
    ("cell", "months"),
    [
        ("", None),
        ("  ", None),
        ("/", None),
        (46296.0, "2026-10"),
        ("46296", "2026-10"),
        (202610, "2026-10"),
        (2026.11, "2026-11"),
        (2024.0, "2024-01..2024-12"),
        (date(2026, 10, 1), "2026-10"),
        (datetime(2026, 10, 1, 8), "2026-10"),
    ],
)
def test_cells(cell: str | float | date, months: str | None) -> None:
    assert period_of(cell) == (Period.parse(months) if months else None)


def test_a_number_that_may_be_january_or_october_is_not_guessed() -> None:
    with pytest.raises(PeriodProblem, match="1 月还是 10 月"):
        period_of(2026.1)


@pytest.mark.parametrize(
    ("title", "months", "rest"),
    [
        ("二〇二六年第三季度物业管理费", "2026-07..2026-09", "物业管理费"),
        ("21年物业费", "2021-01..2021-12", "物业费"),
        ("2026年度物业费", "2026-01..2026-12", "物业费"),
        ("26年1-6月物业费", "2026-01..2026-06", "物业费"),
        ("截至2026年10月31日欠费表", None, None),
        ("截至2026年10月欠费表", None, None),
        ("制表日期：2026年10月8日", None, None),
        ("2026年7月1日至2026年9月30日欠费", "2026-07..2026-09", None),
        ("物业费", None, "物业费"),
    ],
)
def test_headings(title: str, months: str | None, rest: str | None) -> None:
    assert find_period(title) == (Period.parse(months) if months else None)
    if rest is not None:
        assert without_period(title) == rest


SPANS = st.tuples(st.integers(2000, 2098), st.integers(1, 12), st.integers(0, 30))


@given(
    SPANS,
    st.sampled_from(["{}-{:02d}", "{}.{}", "{}年{}月", "{}/{:02d}", "{}{:02d}"]),
    st.sampled_from(["至", "~", "-", "到"]),
)
def test_every_span_written_out_is_read_back(span: tuple[int, int, int], shape: str, between: str) -> None:
    year, month, more = span
    first = month_index(year, month)
    last = first + more
    text = shape.format(year, month) + between + shape.format(last // 12, last % 12 + 1)
    assert parse_period(text) == Period.span(first, last)


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_a_problem(text: str) -> None:
    try:
        assert parse_period(text).months
    except PeriodProblem as problem:
        assert "期间" in str(problem)
    find_period(text)
