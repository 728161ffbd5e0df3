"""The shipped 话术: complete, sound, lawful, speakable, and filled with nothing but what is on file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import FIRST_LIBRARY_TYPES, DebtorType, Step
from feedesk.models.contacts import Channel, Outcome, outcomes_for
from feedesk.models.periods import Period
from feedesk.models.scripts import (
    ALWAYS_CAUTION,
    PLACEHOLDERS,
    Objection,
    PartKind,
    Script,
    ScriptContext,
    Segment,
    SegmentKind,
    SpokenPaper,
    fill,
    fill_objection,
    load_library,
    objection_problems,
    plain_text,
    script_problems,
    seconds_to_question,
    suited,
)
from feedesk.models.scripts.context import amount_text, closing_day, day_text, items_text, period_text, ways_text
from feedesk.models.scripts.library import LibraryProblem, read_library, shipped_files
from feedesk.models.scripts.reader import technique_problems
from feedesk.models.scripts.reading import SAMPLE
from feedesk.models.scripts.records import (
    CLOSINGS,
    SLOT_NEEDS,
    bare_slots,
    resolve_groups,
    slots,
    variants,
    with_implied,
)
from feedesk.models.wording import lint
from feedesk.resources import resource_text

LIBRARY = read_library(shipped_files())
TODAY = date(2026, 11, 17)
CALL_STEPS = (Step.REMINDER, Step.FIRST_CALL, Step.SECOND_CALL)
LIN = ScriptContext(
    today=TODAY,
    name="林晓岚",
    salutation="女士",
    room="3-2-1502",
    office="明湖花园服务中心",
    estate="明湖花园",
    called="小许",
    owed=344635,
    period=Period.parse("2026-04..2026-12"),
    items=("物业费",),
    promise_day=date(2026, 11, 15),
    promise_amount=344635,
    last_talk_on=date(2026, 11, 10),
    as_of=date(2026, 11, 13),
    dispute="主卧渗水",
    department="工程部",
    pay_ways=("银行转账", "扫码", "到服务中心前台"),
    pay_place="1 栋一层前台",
    phone="0000 6688",
)
NOBODY = ScriptContext(today=TODAY)


def spoken(text: str) -> tuple[str, str]:
    """A text as said with everything known and with nothing known, placeholders left standing."""
    return variants(text)


def each_script(script: Script) -> str:
    return script.id


# --- the library as it ships ----------------------------------------------------------------------------------------

CALLS = tuple(script for script in LIBRARY.scripts if script.channel is not Channel.MESSAGE)
MESSAGES = tuple(script for script in LIBRARY.scripts if script.channel is Channel.MESSAGE)


def test_every_type_has_its_own_script_for_the_first_three_steps_by_phone() -> None:
    bodies = set()
    for kind, step in product(FIRST_LIBRARY_TYPES, CALL_STEPS):
        script = LIBRARY.find(kind, step, Channel.PHONE)
        assert script is not None, (kind, step)
        bodies.update(part.text for part in script.parts)
    assert len(bodies) == 8 * 3 * 3, "no text stands in for another situation"


def test_no_text_stands_twice() -> None:
    texts = [part.text for script in LIBRARY.scripts for part in script.parts]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=each_script)
def test_the_techniques_suit_the_type(script: Script) -> None:
    letters = {8} if {Step.LETTER, Step.MEDIATION, Step.LAWYER, Step.COURT} & set(script.steps) else set()
    letters |= {9} if {Step.LAWYER, Step.COURT} & set(script.steps) else set()
    if not (script.moment or script.situation):  # they are for any type
        for kind in script.types:
            assert set(script.techniques) <= set(suited(kind)) | letters, kind


@pytest.mark.parametrize("script", CALLS, ids=each_script)
def test_the_first_sentence_is_a_greeting_not_the_fee(script: Script) -> None:
    for text in spoken(script.part(PartKind.OPENING).text):
        first = re.split(r"[。？！]", text)[0]
        assert not re.search(r"[费元欠缴账]|金额", first)
        assert "{办公室}" in first and "{自称}" in first
        assert "{金额}" not in text, "small talk is over before any amount"


@pytest.mark.parametrize("script", CALLS, ids=each_script)
def test_every_call_closes_on_a_day_or_an_offer_to_come(script: Script) -> None:
    for text in spoken(script.part(PartKind.CLOSING).text):
        assert "？" in text
        assert re.search(r"\{收口日\}|\{约定日\}|\{调解日\}|哪天|上门", text)


@pytest.mark.parametrize("script", CALLS, ids=each_script)
def test_the_question_of_the_call_comes_within_forty_seconds(script: Script) -> None:
    assert "？" in fill(script, NOBODY).parts[1].text
    for context in (
        SAMPLE,
        LIN,
        NOBODY,
        replace(LIN, items=("物业费", "公共维修金", "水费"), office="云上林语花园物业服务中心"),
    ):
        assert seconds_to_question(script, context) < 40


@pytest.mark.parametrize("script", MESSAGES, ids=each_script)
def test_a_message_tells_who_writes_and_what_to_do_and_is_short(script: Script) -> None:
    for text in spoken(script.part(PartKind.WORDS).text):
        assert "{办公室}" in text
        assert re.search(r"\{(收口日|约定日|调解日|函件期限|电话)\}|哪天|回电|回个", text)
    assert len(fill(script, SAMPLE).parts[0].text) <= 200


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=each_script)
def test_nothing_is_told_of_a_debt_to_a_number_that_may_be_another_s(script: Script) -> None:
    if DebtorType.UNREACHABLE in script.types and script.channel is Channel.MESSAGE:
        assert not re.search(r"\{金额\}|\{费项\}|\{期间\}|[费欠缴]", script.parts[0].text)


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=each_script)
def test_the_caution_about_relatives_is_always_there(script: Script) -> None:
    assert script.cautions[-1] == ALWAYS_CAUTION
    assert all(part.intent for part in script.parts)


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=each_script)
def test_no_contact_of_the_first_steps_speaks_of_letters_or_courts(script: Script) -> None:
    if set(script.steps) & {Step.BILL, *CALL_STEPS}:
        assert not script.requires
        for part in script.parts:
            assert not re.search(r"律师|法院|起诉|催款单|催费函|函件|违约金|恶意|拖欠", part.text)


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=each_script)
def test_everything_shipped_passes_the_rules_for_words(script: Script) -> None:
    assert script_problems(script) == ()


def test_answers_techniques_and_small_talk_pass_them_too() -> None:
    for objection in LIBRARY.objections:
        assert objection_problems(objection) == (), objection.id
    for technique in LIBRARY.techniques:
        assert technique_problems(technique) == (), technique.name
    for talk in LIBRARY.talks:
        assert lint(talk.text) == [], talk.id
        assert "？" in talk.text, "small talk asks: it never claims what we cannot know"
        assert not re.search(r"[费欠缴]", talk.text)


# --- objections -----------------------------------------------------------------------------------------------------


def test_the_common_objections_have_an_answer() -> None:
    chips = [objection.chip for objection in LIBRARY.objections]
    assert chips[:4] == ["我忙，过两天", "我已经转了", "先交一半行吗", "邻居都没交"]
    assert len(chips) == len(set(chips)) >= 20
    assert all(len(chip) <= 9 for chip in chips), "a chip must fit its row"


@pytest.mark.parametrize("objection", LIBRARY.objections, ids=lambda objection: objection.id)
def test_an_answer_agrees_first_and_ends_on_a_day(objection: Objection) -> None:
    assert not re.search(r"但是|可是|不对", objection.accept)
    for text in spoken(objection.ask):
        assert text.endswith(("？", "看。"))
        assert re.search(r"\{收口日\}|哪天|明天", text)
    assert objection.outcome in {spec.outcome for spec in outcomes_for(Channel.PHONE)}


@pytest.mark.parametrize(
    ("objection", "outcome"),
    [
        ("already_paid", Outcome.SAYS_PAID),
        ("leaking", Outcome.DISPUTE),
        ("out_of_town", Outcome.AWAY),
        ("stop_calling", Outcome.DO_NOT_CALL),
        ("go_to_court", Outcome.REFUSED),
        ("pay_half", Outcome.PROMISED),
    ],
)
def test_the_result_an_answer_offers(objection: str, outcome: Outcome) -> None:
    assert next(o for o in LIBRARY.objections if o.id == objection).outcome is outcome


# --- filling --------------------------------------------------------------------------------------------------------


def test_a_filled_script_tells_values_from_text() -> None:
    script = LIBRARY.find(DebtorType.YES_NEVER_COMES, Step.FIRST_CALL, Channel.PHONE)
    assert script
    filled = fill(script, LIN)
    assert filled.missing == ()
    body = filled.parts[1]
    assert body.text.startswith("您上回说的日子是 11 月 15 日。4–12 月的物业费，我这边清单上 3,446.35 元还没看到入账。")
    values = [segment for segment in body.segments if segment.kind is SegmentKind.VALUE]
    assert [(segment.name, segment.text) for segment in values] == [
        ("承诺日", "11 月 15 日"),
        ("期间", "4–12 月"),
        ("费项", "物业费"),
        ("金额", "3,446.35 元"),
    ]
    assert "本周四 11 月 19 日，3,446.35 元" in plain_text(filled)
    assert plain_text(filled).count("\n") == 3, "copied: the spoken words, no headings, no intents"


def test_what_is_not_on_file_is_marked_or_left_out_never_made_up() -> None:
    script = LIBRARY.find(DebtorType.YES_NEVER_COMES, Step.FIRST_CALL, Channel.PHONE)
    assert script
    filled = fill(script, NOBODY)
    assert filled.missing == ("办公室", "自称", "期间", "费项", "金额")
    assert filled.parts[0].text.startswith("您好，我是〔办公室待核〕的〔自称待核〕，")
    assert "您上回说" not in filled.parts[1].text
    gaps = [segment for part in filled.parts for segment in part.segments if segment.kind is SegmentKind.MISSING]
    assert Segment(SegmentKind.MISSING, "〔金额待核〕", "金额") in gaps


@pytest.mark.parametrize(
    ("name", "salutation", "starts"),
    [
        ("林晓岚", "女士", "林女士，您好"),
        ("欧阳明远", "先生", "欧阳先生，您好"),
        ("林晓岚", "", "林先生/女士，您好"),
        ("郑家禾、吴念", "", "郑、吴两位，您好"),
        ("云间茶事有限公司", "", "云间茶事有限公司负责人，您好"),
        ("  ", "", "您好，我是"),
    ],
)
def test_everybody_is_addressed_by_who_they_are(name: str, salutation: str, starts: str) -> None:
    script = LIBRARY.find(DebtorType.UNPAID, Step.REMINDER, Channel.PHONE)
    assert script
    assert plain_text(fill(script, replace(LIN, name=name, salutation=salutation))).startswith(starts)


OWNERS = [
    ("林晓岚", "女士"), ("林晓岚", ""), ("欧阳明远", "先生"), ("郑家禾、吴念", ""), ("云间茶事有限公司", ""),
    ("阿不都·热合曼", ""), ("John Smith", "先生"), ("张伟（已故）", ""), ("", ""), ("  ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "salutation"), OWNERS)
def test_every_text_that_ships_is_whole_for_every_owner(name: str, salutation: str) -> None:
    for context in (
        replace(SAMPLE, name=name, salutation=salutation),
        replace(NOBODY, name=name, salutation=salutation),
    ):
        for found in (*LIBRARY.scripts, *LIBRARY.objections):
            filled = fill(found, context) if isinstance(found, Script) else fill_objection(found, context)
            for part in filled.parts:
                assert not re.search(r"[{}\[\]|]|None", part.text), f"{found.id}: {part.text}"
                assert "，，" not in part.text and "。。" not in part.text and "？？" not in part.text, found.id
                gaps = [one.text for one in part.segments if one.kind is SegmentKind.MISSING]
                assert all(re.fullmatch("〔.+待核〕", gap) for gap in gaps)


@pytest.mark.parametrize("found", [*LIBRARY.scripts, *LIBRARY.objections], ids=lambda found: found.ref)
def test_with_everything_on_file_no_text_has_a_gap(found: Script | Objection) -> None:
    due = replace(SAMPLE, promise_day=date(2026, 11, 20)) if "约定日" in str(found) else SAMPLE
    filled = fill(found, due) if isinstance(found, Script) else fill_objection(found, due)
    assert [one.text for part in filled.parts for one in part.segments if one.kind is SegmentKind.MISSING] == []


@pytest.mark.parametrize("found", LIBRARY.scripts, ids=each_script)
def test_a_value_that_rests_on_a_record_is_never_a_gap(found: Script) -> None:
    bare = {name for part in found.parts for name in bare_slots(part.text)}
    assert {SLOT_NEEDS[name] for name in bare & set(SLOT_NEEDS)} <= with_implied(found.requires)


@pytest.mark.parametrize(
    ("promise_day", "known"),
    [(date(2026, 11, 16), {"承诺日"}), (TODAY, {"约定日"}), (date(2026, 11, 20), {"约定日"}), (None, set())],
)
def test_a_promise_is_missed_only_when_its_day_is_past(promise_day: date | None, known: set[str]) -> None:
    values = replace(LIN, promise_day=promise_day).values("friday")
    assert {"承诺日", "约定日"} & set(values) == known


@pytest.mark.parametrize(("talked_on", "said"), [(date(2026, 11, 16), "11 月 16 日"), (TODAY, None), (None, None)])
def test_a_talk_of_today_is_not_brought_up_again_as_an_earlier_one(talked_on: date | None, said: str | None) -> None:
    assert replace(LIN, last_talk_on=talked_on).values("friday").get("联系日") == said


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("甲[[{金额}]]乙", {"金额"}, "甲{金额}乙"),
        ("甲[[{金额}]]乙", set(), "甲乙"),
        ("[[{金额}和{期间}||丙]]", {"金额"}, "丙"),
        ("[[{金额}||丙]][[{期间}||丁]]", {"期间"}, "丙{期间}"),
        ("[[甲||丙]]", set(), "甲"),
    ],
)
def test_groups_are_said_only_when_all_in_them_is_known(text: str, known: set[str], said: str) -> None:
    assert resolve_groups(text, frozenset(known)) == said


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12).filter(
    lambda text: "None" not in text  # a clerk so called would be addressed rightly
)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
PERIODS = st.sets(st.integers(2020 * 12, 2030 * 12), min_size=1, max_size=6).map(lambda m: Period(tuple(sorted(m))))
CONTEXTS = st.builds(
    ScriptContext,
    today=DAYS,
    name=TEXT,
    salutation=st.sampled_from(["", "先生", "女士"]),
    room=TEXT,
    office=TEXT,
    estate=TEXT,
    called=TEXT,
    owed=st.none() | st.integers(0, 9_999_999_999),
    period=st.none() | PERIODS,
    items=st.lists(TEXT, max_size=4).map(tuple),
    promise_day=st.none() | DAYS,
    promise_amount=st.none() | st.integers(1, 9_999_999_999),
    last_talk_on=st.none() | DAYS,
    as_of=st.none() | DAYS,
    dispute=TEXT,
    department=TEXT,
    pay_ways=st.lists(TEXT, max_size=4).map(tuple),
    pay_place=TEXT,
    phone=TEXT,
    account=TEXT,
    clause=TEXT,
    small_talk=TEXT,
    papers=st.lists(
        st.builds(
            SpokenPaper,
            TEXT,
            DAYS,
            st.none() | DAYS,
            st.sets(st.sampled_from(["demand_drafted", "demand_sent", "demand_received", "letter_sent"])).map(
                frozenset
            ),
            st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    mediator=TEXT,
    mediation_on=st.none() | DAYS,
    law_firm=TEXT,
    lawyer_deadline=st.none() | DAYS,
    court=TEXT,
    case_number=TEXT,
    closing_day=st.none() | DAYS,
)


@given(CONTEXTS, st.sampled_from(LIBRARY.scripts), st.sampled_from(LIBRARY.objections))
def test_nothing_unresolved_is_ever_read_out(context: ScriptContext, script: Script, objection: Objection) -> None:
    for filled in (fill(script, context), fill_objection(objection, context)):
        for part in filled.parts:
            assert part.text.strip()
            assert not re.search(r"[{}]|None", part.text)
            ours = "".join(segment.text for segment in part.segments if segment.kind is SegmentKind.TEXT)
            assert not re.search(r"\[\[|\]\]|\|\|", ours)
            assert all(segment.text for segment in part.segments)
            named = {segment.name for segment in part.segments if segment.kind is not SegmentKind.TEXT}
            assert named <= set(PLACEHOLDERS)


@given(CONTEXTS, st.sampled_from(CLOSINGS))
def test_the_closing_day_is_ahead_and_its_second_choice_behind_it(context: ScriptContext, rule: str) -> None:
    day = closing_day(rule, context.today)
    assert timedelta(0) < day - context.today < timedelta(days=50)
    values = replace(context, closing_day=None).values(rule)
    assert values["收口日"] != values["备选日"]


# --- how things are said --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "today", "day"),
    [
        ("tomorrow", "2026-11-17", "2026-11-18"),
        ("two_workdays", "2026-11-17", "2026-11-19"),
        ("two_workdays", "2026-11-20", "2026-11-24"),
        ("friday", "2026-11-17", "2026-11-20"),
        ("friday", "2026-11-19", "2026-11-27"),
        ("friday", "2026-11-21", "2026-11-27"),
        ("week", "2026-11-17", "2026-11-24"),
        ("month_end", "2026-11-17", "2026-11-30"),
        ("month_end", "2026-11-28", "2026-12-03"),
    ],
)
def test_the_day_asked_for(rule: str, today: str, day: str) -> None:
    assert closing_day(rule, date.fromisoformat(today)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-17", "今天"),
        ("2026-11-18", "明天"),
        ("2026-11-20", "本周五 11 月 20 日"),
        ("2026-11-24", "下周二 11 月 24 日"),
        ("2026-11-30", "11 月 30 日"),
        ("2026-11-15", "11 月 15 日"),
        ("2027-01-04", "1 月 4 日"),
        ("2025-12-15", "2025 年 12 月 15 日"),
    ],
)
def test_days_as_one_says_them(day: str, said: str) -> None:
    assert day_text(date.fromisoformat(day), TODAY) == said


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-04..2026-12", "4–12 月"),
        ("2026-07", "7 月"),
        ("2026-01..2026-03,2026-07", "1–3 月、7 月"),
        ("2025-11..2026-01", "2025 年 11 月–2026 年 1 月"),
        ("2025-04..2025-06", "2025 年 4–6 月"),
    ],
)
def test_months_as_one_says_them(period: str, said: str) -> None:
    assert period_text(Period.parse(period), TODAY) == said


def test_amounts_items_and_ways_as_one_says_them() -> None:
    assert [amount_text(fen) for fen in (344635, 120000, 50)] == ["3,446.35 元", "1,200 元", "0.50 元"]
    assert [items_text(items) for items in ((), ("物业费",), ("物业费", "水费"), ("物业费", "水费", "电费"))] == [
        "",
        "物业费",
        "物业费和水费",
        "物业费等 3 项费用",
    ]
    assert [ways_text(ways) for ways in ((), ("扫码",), ("转账", "扫码", "到前台"))] == [
        "",
        "扫码",
        "转账、扫码或到前台",
    ]


# --- what the reader refuses ----------------------------------------------------------------------------------------

BUSY = resource_text("scripts/busy.toml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{自称}", "{我}", "busy.1.phone: 没有叫 {我} 的空格"),
        ("[script.closing]", "[script.end]", "unknown key end"),
        ("行吗？", "不行就停水停电。", "“停水”：民法典 944"),
        ('closing_day = "friday"', 'closing_day = "soon"', "'soon' is not known"),
        ("techniques = [2]", "techniques = []", "no technique"),
        ("techniques = [2]", "techniques = [10]", "10 is not known"),
        ('id = "busy.1.phone"', 'id = "busy.2.phone"', "the id should be busy.1.phone"),
        ('step = "1"', 'step = "9"', "not a valid Step"),
        ("||您好]]，我是", "||您好，我是", "[[…]] 没有成对"),
        ('intent = "先讨', 'intention = "先讨', "开场 needs text and intent"),
        ('debtor_type = "busy"', 'debtor_type = "lazy"', "not a valid DebtorType"),
        ("version = 1", "version =", "busy.toml: "),
    ],
)
def test_an_unsound_file_is_refused_by_name(old: str, new: str, says: str) -> None:
    assert old in BUSY
    with pytest.raises(LibraryProblem, match=re.escape(says)) as caught:
        read_library({"busy.toml": BUSY.replace(old, new, 1)})
    assert str(caught.value).startswith("busy.toml: ")


def test_the_window_opens_with_the_library_that_is_checked_here() -> None:
    assert load_library() == LIBRARY


def test_the_newest_version_of_a_script_is_used_and_repeats_are_refused() -> None:
    newer = re.sub(r"(?m)^version = \d+$", "version = 9", BUSY).replace("一分钟说完", "半分钟说完")
    library = read_library({"busy.toml": BUSY, "busy-2.toml": newer})
    first = library.script("busy.1.phone")
    assert first is not None and first.title == "半分钟说完"
    assert {script.version for script in library.scripts} == {9}
    with pytest.raises(LibraryProblem, match="stands twice"):
        read_library({"a.toml": BUSY, "b.toml": BUSY})


def test_all_placeholders_are_in_use() -> None:
    texts = [part.text for script in LIBRARY.scripts for part in script.parts]
    texts += [text for objection in LIBRARY.objections for _, text in objection.texts()]
    texts += [line.say for technique in LIBRARY.techniques for line in technique.lines]
    used = {name for text in texts for name in slots(text)}
    assert used <= set(PLACEHOLDERS)
