"""Small talk by calendar, and how long a text takes to be read aloud."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.scripts import (
    Talk,
    TalkKind,
    first_talk,
    load_library,
    offered_talk,
    seconds,
    seconds_to_question,
)
from feedesk.models.scripts.reader import read_talk
from feedesk.models.scripts.reading import SAMPLE, spoken_length
from feedesk.models.scripts.talk import HOLIDAYS
from feedesk.models.workdays import holiday_of
from tests.script_tools import script

LIBRARY = load_library()
SHIPPED = (
    Talk("plain", TalkKind.PLAIN, "最近都好吧？"),
    Talk("rain", TalkKind.WEATHER, "这雨下得，您那边没事吧？"),
    Talk("winter", TalkKind.SEASON, "天冷了，家里暖和吧？", months=(11, 12, 1)),
    Talk("ahead", TalkKind.HOLIDAY_AHEAD, "快过年了，都准备好了吧？", holiday="spring_festival"),
    Talk("past", TalkKind.HOLIDAY_PAST, "年过得好吧？", holiday="spring_festival"),
)
NEWS = (Talk("news.1", TalkKind.ESTATE, "游乐区铺好了，您去看过吗？", until=date(2026, 2, 10)),)


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("2026-07-01", "plain weather"),
        ("2026-11-17", "season weather plain"),
        ("2026-02-04", "estate weather plain"),
        ("2026-02-10", "estate holiday_ahead weather plain"),
        ("2026-02-12", "holiday_ahead weather plain"),
        ("2026-02-17", "weather plain"),  # in the days off themselves neither is said
        ("2026-02-25", "holiday_past weather plain"),
        ("2026-03-10", "weather plain"),
    ],
)
def test_what_may_be_said_on_a_day(day: str, kinds: str) -> None:
    news = NEWS if day.startswith("2026-02") else ()
    found = offered_talk(SHIPPED, news, date.fromisoformat(day))
    assert {one.kind.value for one in found} == set(kinds.split())
    order = list(TalkKind)
    assert [order.index(one.kind) for one in found] == sorted(order.index(one.kind) for one in found)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_the_line_taken_unasked_is_one_of_those_offered_and_never_the_weather(day: date) -> None:
    text = first_talk(LIBRARY.talks, NEWS, day)
    offered = [one for one in offered_talk(LIBRARY.talks, NEWS, day) if one.kind is not TalkKind.WEATHER]
    assert text in {one.text for one in offered} or (text == "" and not offered)


def test_without_any_line_nothing_is_said() -> None:
    assert first_talk((), (), date(2026, 7, 1)) == ""


@pytest.mark.parametrize(
    ("day", "holiday"),
    [("2026-10-01", "national_day"), ("2026-02-17", "spring_festival"), ("2026-11-17", ""), ("2026-11-21", ""), ("2090-10-01", "")],
)  # fmt: skip
def test_the_days_off_of_a_holiday_are_known_as_far_as_announced(day: str, holiday: str) -> None:
    assert holiday_of(date.fromisoformat(day)) == holiday


def test_every_holiday_of_the_calendar_has_a_name() -> None:
    year = [date(2026, 1, 1) + timedelta(days=days) for days in range(365)]
    assert {holiday_of(day) for day in year} - {""} == set(HOLIDAYS)


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "x", "kind": "season", "text": "天冷了吧？"},
        {"id": "x", "kind": "season", "text": "天冷了吧？", "months": [13]},
        {"id": "x", "kind": "plain", "text": "好吧？", "months": [1]},
        {"id": "x", "kind": "holiday_ahead", "text": "快过节了吧？"},
        {"id": "x", "kind": "holiday_ahead", "text": "快过节了吧？", "holiday": "easter"},
        {"id": "x", "kind": "estate", "text": "游乐区好了吧？"},
        {"id": "x", "kind": "plain", "text": " "},
    ],
)
def test_an_unsound_line_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="x: "):
        read_talk(entry)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("您好，打扰了。", 5),
        ("3,446.35 元", 11),  # 三千四百四十六块三毛五
        ("1,200 元", 8),
        ("15 日", 4),
        ("8 号", 2),
        ("3-2-1502", 9),
        ("13900004417", 11),  # digit by digit
        ("微信 App", 5),
    ],
)
def test_how_many_syllables_a_text_has(text: str, length: int) -> None:
    assert spoken_length(text) == length


def test_the_clock_runs_from_the_greeting_to_the_question_of_the_matter() -> None:
    from feedesk.models.accounts import DebtorType, Step
    from feedesk.models.contacts import Channel

    one = script(
        DebtorType.BUSY, Step.REMINDER,
        opening={"text": "{办公室}，好吗？" + "一" * 31, "intent": "问"},
        body={"text": "一" * 43 + "？" + "一" * 900, "intent": "问"},
    )  # fmt: skip
    assert seconds_to_question(one, SAMPLE) == seconds("一" * (9 + 2 + 31 + 43)) == 19
    asks_late = script(DebtorType.BUSY, Step.REMINDER, body={"text": "一" * 90, "intent": "问"})
    assert seconds_to_question(asks_late) > seconds("一" * 90)
    assert seconds_to_question(script(DebtorType.BUSY, Step.REMINDER, Channel.MESSAGE)) == 0
