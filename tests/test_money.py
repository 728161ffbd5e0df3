"""Money: what is read as an amount, how it is shown, and how it is written out on a receipt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models import money

AMOUNTS = st.integers(min_value=-money.MAX_FEN, max_value=money.MAX_FEN)
DIGITS = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1535.51", 153551),
        ("￥1,535.51", 153551),
        ("¥ 1,535.5", 153550),
        ("1535.5元", 153550),
        ("人民币1535元", 153500),
        ("RMB 20", 2000),
        ("１２３．４５", 12345),
        ("１，２３４", 123400),
        ("\t88.80", 8880),
        ("'600", 60000),
        ("0", 0),
        ("0.00", 0),
        (".5", 50),
        ("7.", 700),
        ("-12.30", -1230),
        ("−12.30", -1230),
        ("-￥12.30", -1230),
        ("99,999,999.99", 9_999_999_999),
        ("1320.750000000001", 132075),
        ("0.1000", 10),
    ],
)
def test_an_amount_is_read(text: str, fen: int) -> None:
    assert money.parse(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "/", "-", "元", "二百四", "1,23", "12,34,567", "1.2.3", "1e3", "12a", "见备注", "#N/A", "1 2", "¥", "--5"],
)
def test_what_is_no_amount_says_so_and_shows_it(text: str) -> None:
    with pytest.raises(money.AmountProblem, match="不是数字") as caught:
        money.parse(text)
    assert text.strip() in str(caught.value)


def test_too_large_an_amount_is_taken_for_a_mistake() -> None:
    with pytest.raises(money.AmountProblem, match=r"超过 99,999,999\.99"):
        money.parse("100,000,000.00")


@pytest.mark.parametrize(("text", "rounded"), [("12.345", 1235), ("12.344", 1234), ("0.005", 1), ("-0.005", -1)])
def test_a_third_decimal_is_refused_with_what_rounding_would_give(text: str, rounded: int) -> None:
    with pytest.raises(money.ThirdDecimal, match="分以下") as caught:
        money.parse(text)
    assert caught.value.rounded == rounded


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_cells_that_are_no_finite_number_are_refused(value: str) -> None:
    with pytest.raises(money.AmountProblem):
        money.from_decimal(Decimal(value))


@given(AMOUNTS, st.integers(min_value=-9, max_value=9))
def test_the_noise_of_a_float_cell_is_dropped(fen: int, noise: int) -> None:
    value = Decimal(fen) / 100 + Decimal(noise) / 10**6
    if abs(value) * 100 <= money.MAX_FEN:
        assert money.from_decimal(value) == fen


@given(AMOUNTS)
def test_what_is_shown_reads_back_the_same(fen: int) -> None:
    assert money.parse(money.show(fen)) == fen
    assert money.parse(money.show_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "in_a_column", "alone"),
    [
        (0, "0.00", "¥0.00"),
        (5, "0.05", "¥0.05"),
        (344635, "3,446.35", "¥3,446.35"),
        (-5, "−0.05", "−¥0.05"),
        (-344635, "−3,446.35", "−¥3,446.35"),
        (100000000, "1,000,000.00", "¥1,000,000.00"),
    ],
)
def test_shown(fen: int, in_a_column: str, alone: str) -> None:
    assert money.show(fen) == in_a_column
    assert money.show_yuan(fen) == alone


@pytest.mark.parametrize(
    ("yuan", "written"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.35", "叁角伍分"),
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("1.50", "壹元伍角整"),
        ("10", "壹拾元整"),
        ("15", "壹拾伍元整"),
        ("101", "壹佰零壹元整"),
        ("110", "壹佰壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("3446.35", "叁仟肆佰肆拾陆元叁角伍分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("8238.44", "捌仟贰佰叁拾捌元肆角肆分"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("10100", "壹万零壹佰元整"),
        ("11000", "壹万壹仟元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100050", "壹拾万零伍拾元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1000001", "壹佰万零壹元整"),
        ("1234005", "壹佰贰拾叁万肆仟零伍元整"),
        ("10000005", "壹仟万零伍元整"),
        ("10500000", "壹仟零伍拾万元整"),
        ("20010000", "贰仟零壹万元整"),
        ("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("-1.05", "负壹元零伍分"),
    ],
)
def test_written_out_as_on_receipts(yuan: str, written: str) -> None:
    assert money.capital(int(Decimal(yuan) * 100)) == written


def read_capital(text: str) -> int:
    """An independent reading of 大写, by what each character is worth."""
    total = group = digit = 0
    for char in text.removesuffix("整"):
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in "拾佰仟":
            group += digit * {"拾": 10, "佰": 100, "仟": 1000}[char]
            digit = 0
        elif char in "万亿":
            total += (group + digit) * {"万": 10_000, "亿": 100_000_000}[char]
            group = digit = 0
        elif char == "元":
            total = (total + group + digit) * 100
            group = digit = 0
        else:
            total += digit * {"角": 10, "分": 1}[char]
            digit = 0
    return total


@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_capital_is_worth_what_the_figures_say(fen: int) -> None:
    text = money.capital(fen)
    assert read_capital(text) == fen
    assert "零零" not in text
    assert not any(wrong in text for wrong in ("零万", "零亿", "零元" if fen else "零零"))
    assert text.endswith(("整", "分"))
