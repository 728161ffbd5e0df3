"""演练: what an invented owner says, the answers to choose from, and what is said of the one given."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import DebtorType
from feedesk.models.contacts import Outcome
from feedesk.models.scripts import Avoid, Objection, load_library
from feedesk.models.scripts.practice import (
    OBJECTIONS,
    REPLIES,
    Mood,
    Round,
    asks_for_day,
    does_not_fit,
    recommended_text,
    round_of,
    sample_on,
    talk_with,
)
from feedesk.models.scripts.reading import SAMPLE

SHIPPED = load_library().objections
BUSY = Objection(
    id="busy_two_days",
    chip="我忙，过两天",
    accept="理解。",
    fact="一共{金额}。",
    law="民法典 944 条。",
    way="{缴费方式}都行。",
    ask="{收口日}，合适吗？",
    outcome=Outcome.PROMISED,
)
LEAK = replace(BUSY, id="leaking", chip="漏水", accept="漏水确实闹心。", outcome=Outcome.DISPUTE)
PAID = replace(BUSY, id="already_paid", chip="我已经转了", accept="谢谢您。", outcome=Outcome.SAYS_PAID)
QUIET = replace(BUSY, id="stop_calling", chip="别再打", accept="对不起。", outcome=Outcome.DO_NOT_CALL)
LATER = replace(BUSY, id="next_year", chip="明年一起交", accept="明白。", outcome=Outcome.NO_DAY)

any_type, any_mood = st.sampled_from(list(DebtorType)), st.sampled_from(list(Mood))
seeds = st.integers(0, 10**6)


def asked(objection: Objection, *others: Objection, mood: Mood = Mood.CALM) -> Round:
    return round_of(objection, [objection, *others], mood, random.Random("1"))


@given(any_type, any_mood, seeds, st.lists(st.sampled_from(SHIPPED), unique_by=lambda one: one.id, max_size=9))
def test_every_talk_can_be_played(kind: DebtorType, mood: Mood, seed: int, library: list[Objection]) -> None:
    talk = talk_with(library, kind, mood, seed)
    assert talk == talk_with(library, kind, mood, seed)
    assert len(talk.rounds) == min(OBJECTIONS, len(library)) + 1
    assert [one.objection is None for one in talk.rounds] == [False] * (len(talk.rounds) - 1) + [True]
    assert len({one.chip for one in talk.rounds}) == len(talk.rounds)
    for one in talk.rounds:
        assert one.says and len(one.replies) == REPLIES == len(set(one.choices()))
        assert [reply.is_recommended for reply in one.replies].count(True) == 1
        assert all(reply.text and reply.why for reply in one.replies)
        assert not any(sign in "".join(one.choices()) for sign in ("{", "[[", "待核"))
        verdicts = [one.judge(place) for place in range(REPLIES)]
        assert [verdict.is_recommended for verdict in verdicts].count(True) == 1


@pytest.mark.parametrize("objection", SHIPPED, ids=lambda one: one.id)
@pytest.mark.parametrize("mood", Mood)
def test_every_shipped_objection_is_playable(objection: Objection, mood: Mood) -> None:
    one = round_of(objection, SHIPPED, mood, random.Random("7"))
    assert one.recommended.text == recommended_text(objection)
    assert len(one.replies) == REPLIES
    assert one.says in objection.says or objection.chip in one.says
    feedback = one.feedback(one.recommended.text)
    assert not [finding for finding in feedback.findings if finding.blocking]


@pytest.mark.parametrize("kind", DebtorType)
def test_the_day_is_asked_at_the_end_and_lawfully(kind: DebtorType) -> None:
    last = talk_with(SHIPPED, kind, Mood.CALM, 1).rounds[-1]
    assert asks_for_day(last.recommended.text)
    assert last.feedback(last.recommended.text).findings == ()


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ([BUSY], "那我记本周四 11 月 19 日"),
        ([BUSY, LEAK], "查清之前不催您"),
        ([PAID], "查清之前不催您"),
        ([LEAK, QUIET], "不再给您打电话"),
    ],
)
def test_the_day_asked_is_that_of_what_was_said(drawn: list[Objection], said: str) -> None:
    for seed in range(5):
        assert said in talk_with(drawn, DebtorType.BUSY, Mood.COLD, seed).rounds[-1].recommended.text


@pytest.mark.parametrize(
    "today", [date(2026, 11, 20) + timedelta(days=ahead) for ahead in (0, 1, 2, 6, 9, 10, 41, 497)]
)
def test_every_day_offered_is_still_to_come(today: date) -> None:
    context = sample_on(today)
    told = {context.promise_day, context.last_talk_on, context.as_of, context.papers[0].on}
    gone = {f"{day.month} 月 {day.day} 日" for day in told if day}
    talks = [talk_with(SHIPPED, kind, Mood.CALM, 1, context) for kind in DebtorType]
    texts = {reply.text for talk in talks for one in talk.rounds for reply in one.replies}
    texts |= {recommended_text(one, context) for one in SHIPPED}
    days = {found for text in texts for found in re.findall(r"\d+ 月 \d+ 日", text)} - gone
    coming = {today + timedelta(days=ahead) for ahead in range(1, 60)}
    assert len(days) > 3 and days <= {f"{day.month} 月 {day.day} 日" for day in coming}
    assert not any("今天" in talk.rounds[-1].recommended.text for talk in talks)


def test_the_sample_keeps_its_distances_from_the_day_of_the_talk() -> None:
    moved = sample_on(date(2027, 3, 1))
    assert sample_on(SAMPLE.today) == SAMPLE
    assert moved.today == date(2027, 3, 1) and moved.promise_day == date(2027, 2, 27)
    assert (moved.papers[0].on, moved.papers[0].deadline) == (date(2027, 2, 15), date(2027, 3, 2))


def test_the_recommended_answer_is_put_together_without_the_law() -> None:
    assert recommended_text(
        BUSY
    ) == "理解。一共 3,446.35 元。银行转账、扫码或到服务中心前台都行。本周四 11 月 19 日，合适吗？".replace(
        "本周四 11 月 19 日", "本周五 11 月 20 日"
    )


def test_those_a_type_says_most_come_first_and_who_wants_no_calls_says_so_last() -> None:
    own = [replace(BUSY, id=f"own_{n}", chip=f"本类 {n}", types=(DebtorType.BUSY,)) for n in range(4)]
    foreign = [replace(BUSY, id=f"far_{n}", chip=f"别类 {n}", types=(DebtorType.UNLET,)) for n in range(5)]
    for seed in range(10):
        chips = [one.chip for one in talk_with([*foreign, QUIET, *own], DebtorType.BUSY, Mood.CALM, seed).rounds]
        assert sorted(chips[:4]) == ["本类 0", "本类 1", "本类 2", "本类 3"] and chips[4] == QUIET.chip


def test_seeds_bring_different_talks() -> None:
    assert len({talk_with(SHIPPED, DebtorType.BUSY, Mood.CALM, seed).rounds for seed in range(6)}) == 6


@pytest.mark.parametrize(
    ("answered", "put", "beside"),
    [
        (LEAK, BUSY, True),
        (BUSY, BUSY, False),
        (replace(LEAK, outcome=BUSY.outcome), BUSY, False),  # logged alike: perhaps not wrong
        (LATER, BUSY, False),  # one matter: later
        (replace(LEAK, chip=BUSY.chip), BUSY, False),
    ],
)
def test_only_what_is_beside_the_matter_is_offered_as_wrong(answered: Objection, put: Objection, beside: bool) -> None:
    assert does_not_fit(answered, put) is beside


def test_a_tempting_answer_says_why_not_and_an_answer_to_something_else_says_to_what() -> None:
    tempted = replace(BUSY, why="给他一个日子。", avoid=(Avoid("到底哪天？", "翻旧账。"),))
    one = asked(tempted, LEAK, LATER)
    whys = {reply.text: reply.why for reply in one.replies}
    assert whys["到底哪天？"] == "翻旧账。"
    assert whys[recommended_text(LEAK)] == "这是答“漏水”的话，业主说的不是这件事。"
    assert one.recommended.why == "给他一个日子。" and recommended_text(LATER) not in whys


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        (Mood.CALM, "过两天就去。"),
        (Mood.HURRIED, "我忙着呢，别老打！"),
        (Mood.COLD, "再说。"),
        (Mood.REASONING, "合同上怎么写的？凭什么今天？"),
    ],
)
def test_the_mood_chooses_the_words(mood: Mood, says: str) -> None:
    lines = ("我忙着呢，别老打！", "再说。", "合同上怎么写的？凭什么今天？", "过两天就去。")
    spoken = asked(replace(BUSY, says=lines), mood=mood).says
    assert spoken == says or (mood is Mood.CALM and spoken in lines[1:])
    assert asked(BUSY, mood=mood).says.endswith("我忙，过两天。") and asked(BUSY, mood=mood).says != BUSY.chip


@pytest.mark.parametrize(
    ("typed", "asks", "found"),
    [
        ("理解，您看周五方便吗？", True, []),
        ("您尽快，好吗？", False, []),
        ("周五前要交。您听明白了吗？", False, []),
        ("再不缴就停水。您哪天来？", True, ["停水"]),
        ("", False, []),
    ],
)
def test_what_is_said_of_a_typed_answer(typed: str, asks: bool, found: list[str]) -> None:
    feedback = asked(BUSY, LEAK).feedback(typed)
    assert (feedback.asks_day, [one.matched for one in feedback.findings]) == (asks, found)
    assert feedback.recommended.text == recommended_text(BUSY)


@pytest.mark.parametrize("choice", [-1, REPLIES])
def test_there_is_no_answer_outside_the_digits(choice: int) -> None:
    with pytest.raises(IndexError):
        asked(BUSY, LEAK, PAID).judge(choice)


def test_no_text_stands_twice_whatever_an_office_has_written() -> None:
    same = Avoid(recommended_text(BUSY), "说了两遍。")
    again = replace(LEAK, id="own.1", chip="渗水")
    for seed in range(10):
        one = round_of(
            replace(BUSY, avoid=(same, same)), [BUSY, LEAK, again, PAID], Mood.CALM, random.Random(str(seed))
        )
        assert len(set(one.choices())) == len(one.replies) == REPLIES
        assert one.recommended.text == recommended_text(BUSY) and one.recommended.why != same.why
