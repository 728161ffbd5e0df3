"""Breaking lines: numbers and dates stay whole, no mark starts a line, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.reports.wrapping import clusters, fit, wrap, wrap_evenly


def columns(text: str) -> float:
    """A ruler: Chinese characters are two wide, others one."""
    return sum(2 if ord(char) > 0x2000 else 1 for char in text)


@pytest.mark.parametrize(
    "whole",
    ["2026年11月21日", "2026年10–12月", "2025年11月–2026年1月", "3-2-1502", "B1-066", "EMS", "8:30–20:00", "7 日", "15 日",
     "1,079.40", "第12条", "0000-6688", "100%"],
)  # fmt: skip
def test_words_numbers_and_dates_are_never_broken(whole: str) -> None:
    for width in range(22, 44):
        lines = wrap("请在" * 5 + whole + "以前来电告诉我们", width, columns)
        assert any(whole.replace("第", "") in text for text in lines)


@pytest.mark.parametrize("mark", "，。、；：？！）》」”％")
def test_no_line_starts_with_a_closing_mark(mark: str) -> None:
    for width in range(6, 20):
        assert not any(text.startswith(mark) for text in wrap(f"费用已经核对{mark}请您放心{mark}" * 3, width, columns))


@pytest.mark.parametrize("mark", "（《「“")
def test_no_line_ends_with_an_opening_mark(mark: str) -> None:
    for width in range(6, 20):
        assert not any(text.endswith(mark) for text in wrap(f"请看{mark}合同" * 4, width, columns))


def test_a_word_wider_than_the_line_is_broken_rather_than_cut() -> None:
    assert wrap("A" * 25, 10, columns) == ["A" * 10, "A" * 10, "A" * 5]


def test_blanks_do_not_start_or_end_lines_and_line_ends_are_kept() -> None:
    assert wrap("第一段 \n第二段", 20, columns) == ["第一段", "第二段"]
    assert wrap("", 20, columns) == [""]
    assert wrap("账面 核对", 5, columns) == ["账面", "核对"]


@given(st.text(alphabet="费用，。（）《》2026年月 -.ABC元", max_size=80), st.integers(4, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(part) <= width or len(clusters(part)) == 1 for part in lines)


def test_the_last_line_is_not_left_alone_with_a_character() -> None:
    text = "核实期间有异议的项目暂不催收。"
    assert wrap(text, 26, columns) == ["核实期间有异议的项目暂不催", "收。"]
    assert wrap_evenly(text, 26, columns) == ["核实期间有异议的项目暂", "不催收。"]
    assert wrap_evenly("核实期间", 40, columns) == ["核实期间"]


def test_fit_takes_the_largest_size_that_stays_on_one_line_then_wraps_at_the_smallest() -> None:
    def measure(text: str, size: float) -> float:
        return columns(text) * size

    assert fit("房号", 40, (10, 8), measure) == (10, ["房号"])
    assert fit("房号", 33, (10, 8), measure) == (8, ["房号"])
    assert fit("明湖花园", 33, (10, 8), measure) == (8, ["明湖", "花园"])
    assert fit("明湖花园", 45, (10, 8), measure, max_lines=2) == (10, ["明湖", "花园"])
