"""Rates as people write them, and what is said of a steep one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ledger.late_fee_rate import (
    MOST_PPM,
    RateProblem,
    lpr_text,
    parse_lpr,
    parse_rate,
    permille_text,
    rate_text,
    rate_warning,
    yearly_text,
)


@pytest.mark.parametrize(
    ("text", "ppm"),
    [
        ("万分之五", 500), ("日万分之五", 500), ("每日 万分之五", 500), ("按日万分之五", 500), ("万分之五/日", 500),
        ("万分之5", 500), ("万分之０．５", 50), ("万分之1.07", 107), ("万分之零点五", 50), ("万分之半", 50),
        ("万分之一点五", 150), ("万分之十", 1_000), ("万分之十五", 1_500), ("万分之二十", 2_000), ("万分之两", 200),
        ("千分之三", 3_000), ("千分之0.5", 500), ("千分之零点五", 500), ("百分之0.05", 500), ("百分之零点零五", 500),
        ("0.5‰", 500), ("3‰", 3_000), ("5‱", 500), ("0.05%", 500), ("０．０５％", 500), ("0.05%/天", 500), ("0.0107%", 107),
    ],
)  # fmt: skip
def test_a_rate_is_read_exactly(text: str, ppm: int) -> None:
    assert parse_rate(text) == ppm


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有看懂"), ("0.0005", "没有看懂"), ("5", "没有看懂"), ("五", "没有看懂"), ("万分之", "没有看懂"),
        ("万分之-5", "没有看懂"), ("万分之五五", "没有看懂"), ("万分之十十", "没有看懂"), ("0.5‰%", "没有看懂"), ("万分之1e1", "没有看懂"),
        ("年 18.25%", "每天"), ("18.25%/年", "每天"), ("月千分之五", "每天"),
        ("万分之0", "大于 0"), ("0%", "大于 0"), ("5%", "超过 1%"), ("万分之0.005", "最细"), ("0.00001%", "最细"),
    ],
)  # fmt: skip
def test_what_is_no_daily_rate_is_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(RateProblem, match=words):
        parse_rate(text)


@pytest.mark.parametrize(
    ("ppm", "text", "permille", "yearly"),
    [
        (500, "日万分之五", "0.5‰", "年 18.25%"),
        (107, "日万分之1.07", "0.107‰", "年 3.9055%"),
        (50, "日万分之0.5", "0.05‰", "年 1.825%"),
        (1_000, "日千分之一", "1‰", "年 36.5%"),
        (1_500, "日千分之1.5", "1.5‰", "年 54.75%"),
        (3_000, "日千分之三", "3‰", "年 109.5%"),
        (10_000, "日千分之10", "10‰", "年 365%"),
    ],
)
def test_a_rate_is_shown_as_the_contract_writes_it(ppm: int, text: str, permille: str, yearly: str) -> None:
    assert (rate_text(ppm), permille_text(ppm), yearly_text(ppm)) == (text, permille, yearly)


@given(st.integers(1, MOST_PPM))
def test_what_is_shown_is_read_back(ppm: int) -> None:
    assert parse_rate(rate_text(ppm)) == parse_rate(permille_text(ppm)) == ppm


@pytest.mark.parametrize(("text", "bp"), [("3.00%", 300), ("3.45", 345), ("３．１％", 310), ("3", 300), ("15%", 1_500)])
def test_an_lpr_is_read_exactly(text: str, bp: int) -> None:
    assert parse_lpr(text) == bp
    assert parse_lpr(lpr_text(bp)) == bp


@pytest.mark.parametrize(
    ("text", "words"), [("", "没有看懂"), ("三", "没有看懂"), ("3.005", "两位"), ("0", "大于 0"), ("30", "不超过 15%")]
)
def test_what_is_no_lpr_is_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(RateProblem, match=words):
        parse_lpr(text)


@pytest.mark.parametrize(
    ("ppm", "says", "says_not"),
    [
        (500, (), ("24%",)),
        (657, (), ("24%",)),  # 23.9805 % a year
        (658, ("超过年 24%", "年 24.017%", "不能打印"), ("调低",)),
        (999, ("超过年 24%",), ("调低",)),
        (1_000, ("超过年 24%", "年 36.5%", "调低"), ()),
        (3_000, ("日千分之三", "年 109.5%", "调低"), ()),
    ],
)
def test_a_steep_rate_is_warned_of(ppm: int, says: tuple[str, ...], says_not: tuple[str, ...]) -> None:
    warning = rate_warning(ppm)
    assert bool(warning) == bool(says)
    assert all(words in warning for words in says)
    assert not any(words in warning for words in says_not)
