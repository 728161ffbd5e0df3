"""A title is found by characters, pinyin or first letters."""

from __future__ import annotations

import pytest

from feedesk.models.spelling import place_of


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("我忙", 0), ("过两天", 1), ("w", 0), ("wm", 0), ("wmglt", 0), ("glt", 1), ("woman", 0), ("WO MANG", 0),
        ("lt", 1), ("liangtian", None), ("ang", None), ("q", None), ("没空", None), ("", 0),
    ],
)  # fmt: skip
def test_where_what_is_typed_stands_in_a_title(typed: str, place: int | None) -> None:
    assert place_of("我忙，过两天", typed) == place


def test_a_character_with_two_readings_is_found_by_both() -> None:
    assert place_of("没收到单子", "msdd") == 0
    assert place_of("银行卡扣款", "yhk") == 0 and place_of("银行卡扣款", "yxk") == 0
