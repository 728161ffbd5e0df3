"""What single cells say: amounts, days, names, phones."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models import money
from feedesk.models.intake.people_text import owner_of, phones_of, salutation_of
from feedesk.models.intake.sheets import Cell
from feedesk.models.intake.values import DayProblem, amount_of, day_of, text_of


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("", None),
        ("  ", None),
        ("\t", None),
        ("0", 0),
        (0, 0),
        (0.0, 0),
        ("/", 0),
        ("—", 0),
        ("无", 0),
        (1373.04, 137304),
        (0.1 + 0.2, 30),
        (1234.560000001, 123456),
        (116, 11600),
        ("\t1535.5", 153550),
        ("'12", 1200),
        ("￥1,535.51", 153551),
        ("１２３.４５", 12345),
        ("1，000元", 100000),
        ("(50.00)", -5000),
        ("（￥50）", -5000),
        (-50.0, -5000),
        (99_999_999.99, 9_999_999_999),
    ],
)
def test_amounts(cell: Cell, fen: int | None) -> None:
    assert amount_of(cell) == fen


@pytest.mark.parametrize(
    "cell",
    [
        *("160d", "#N/A", "壹佰", "1.2.3", "1,23", "1e5", "=1+1", "12:30"),
        *(True, date(2026, 1, 1), datetime(2026, 1, 1), time(8), timedelta(1)),
        *(float("nan"), float("inf"), 1e23, 10**30, "999999999999999999999999", 100_000_000.0),
    ],
)
def test_cells_that_are_no_amount(cell: Cell) -> None:
    with pytest.raises(money.AmountProblem, match=r"不是数字|超过"):
        amount_of(cell)


@pytest.mark.parametrize(("cell", "rounded"), [(12.345, 1235), ("12.345", 1235), (0.001, 0), (12.3401, 1234)])
def test_a_true_third_decimal_is_told_with_what_rounding_would_give(cell: Cell, rounded: int) -> None:
    if cell == 12.3401:
        assert amount_of(cell) == rounded  # 0.0001 is the cell's own noise
        return
    with pytest.raises(money.ThirdDecimal) as caught:
        amount_of(cell)
    assert caught.value.rounded == rounded


@given(st.integers(0, money.MAX_FEN))
def test_every_amount_survives_as_float_and_as_text(fen: int) -> None:
    exact = Decimal(fen) / 100
    assert amount_of(float(exact)) == fen
    assert amount_of(str(exact)) == fen
    assert amount_of(f"￥{exact:,}") == fen


@given(st.floats(-1e8, 1e8, allow_nan=False))
def test_the_quick_way_with_floats_gives_what_the_exact_way_gives(value: float) -> None:
    try:
        exact = money.from_decimal(Decimal(repr(value)))
    except money.AmountProblem as problem:
        with pytest.raises(type(problem)):
            amount_of(value)
    else:
        assert amount_of(value) == exact


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("", None),
        ("/", None),
        ("2026-10-15", date(2026, 10, 15)),
        ("2026/10/15", date(2026, 10, 15)),
        ("2026年10月15日", date(2026, 10, 15)),
        ("2026.1.5", date(2026, 1, 5)),
        ("20261015", date(2026, 10, 15)),
        ("2026-10-15 00:00:00", date(2026, 10, 15)),
        ("46310", date(2026, 10, 15)),
        (46310.0, date(2026, 10, 15)),
        (46310, date(2026, 10, 15)),
        (20261015, date(2026, 10, 15)),
        (datetime(2026, 10, 15, 9, 30), date(2026, 10, 15)),
        (date(2026, 10, 15), date(2026, 10, 15)),
    ],
)
def test_days(cell: Cell, day: date | None) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize("cell", ["2026-13-45", "下月初", 5, 1e9, float("nan"), True, time(8), "3026-01-01"])
def test_cells_that_are_no_day(cell: Cell) -> None:
    with pytest.raises(DayProblem):
        day_of(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (101.0, "101"),
        (104.02, "104.02"),
        (datetime(2026, 1, 2), "2026-01-02"),
        (" 甲\t", "甲"),
        (True, "TRUE"),
        (7, "7"),
    ],
)
def test_texts(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "numbers", "unusable"),
    [
        ("13800001234", ("13800001234",), ()),
        (13800004321.0, ("13800004321",), ()),
        ("13800004321.0", ("13800004321",), ()),
        (" 139 0000 8888 ", ("13900008888",), ()),
        ("138-0000-1234", ("13800001234",), ()),
        ("+86 13700000002", ("13700000002",), ()),
        ("8613700000002", ("13700000002",), ()),
        ("１３８００００１２３４", ("13800001234",), ()),
        ("13800001234/0512-6661 2345", ("13800001234", "0512-66612345"), ()),
        ("13800001234 13900005678", ("13800001234", "13900005678"), ()),
        ("13800001234、13900005678，13800001234", ("13800001234", "13900005678"), ()),
        ("13800001234\n0512-66612345", ("13800001234", "0512-66612345"), ()),
        ("0512-66612345转801", ("0512-66612345转801",), ()),
        ("(0512)66612345-801", ("0512-66612345转801",), ()),
        ("手机：13800001234", ("13800001234",), ()),
        ("甲 13800001234", ("13800001234",), ()),
        ("/", (), ()),
        ("", (), ()),
        ("138", (), ("138",)),
        ("没有", (), ("没有",)),
        (1.38e15, ("1380000000000000",), ()),
    ],
)
def test_phones(cell: Cell, numbers: tuple[str, ...], unusable: tuple[str, ...]) -> None:
    assert phones_of(cell) == (numbers, unusable)


@pytest.mark.parametrize(
    ("cell", "owner", "tenant"),
    [
        ("杨平(租户:夏欣军)", "杨平", "夏欣军"),
        ("杨平（租户：夏欣军）", "杨平", "夏欣军"),
        ("昆仑（苏州）科技有限公司", "昆仑（苏州）科技有限公司", ""),
        ("昆仑科技有限公司（苏州）", "昆仑科技有限公司（苏州）", ""),
        ("张伟、李娜", "张伟、李娜", ""),
        ("  沈 华 ", "沈 华", ""),
        ("/", "", ""),
        ('=HYPERLINK("x","坏")', '=HYPERLINK("x","坏")', ""),
    ],
)
def test_owners(cell: Cell, owner: str, tenant: str) -> None:
    assert owner_of(cell) == (owner, tenant)


@pytest.mark.parametrize(("cell", "said"), [("女士", "女士"), ("男", "先生"), ("女", "女士"), ("/", ""), ("", "")])
def test_salutations(cell: Cell, said: str) -> None:
    assert salutation_of(cell) == said
