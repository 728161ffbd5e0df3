"""Reminder texts: the words that ship, how long they are, what they may never say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import Phone, PhoneState
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.plans import Instalment, PlanState, PlanVerdict
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period
from feedesk.models.scripts import SegmentKind
from feedesk.models.texts import (
    PLACEHOLDERS,
    Chosen,
    OwnerFacts,
    Promised,
    Signature,
    SignaturePlace,
    TextKind,
    UnitFacts,
    compose,
    draft,
    festival_ahead,
    measure,
    problems,
    read_templates,
    sample_values,
    shipped_templates,
    usable_number,
)
from feedesk.models.wording import lint
from feedesk.resources import resource_text

TODAY = date(2026, 11, 17)
OFFICE = OfficeProfile(
    office="明湖花园服务中心",
    estate="明湖花园",
    phone="0000-6688 1200",
    bank_number="6200000000000000",
    payment_code_sha="a",
)
SIGNED = Signature("明湖花园服务中心")
TEMPLATES = {one.kind: one for one in shipped_templates()}


def charge(
    number: int = 1, owed: int = 107_940, item: str = "物业费", period: str = "2026-07..2026-09", **more
) -> Charge:  # type: ignore[no-untyped-def]
    held = {"due_on": date(2026, 7, 15), "due_is_assumed": False, **more}
    return Charge(number, 1, item, FeeKind.PROPERTY, Period.parse(period) if period else None, owed, 0, **held)


def unit(room: str = "3-2-1502", name: str = "林晓岚", *charges: Charge, **more) -> UnitFacts:  # type: ignore[no-untyped-def]
    served = (TODAY - timedelta(days=5), "您家门口")
    return UnitFacts(1, room, name, charges=charges or (charge(),), **{"served": served, **more})


def chosen(*units: UnitFacts, **owner) -> Chosen:  # type: ignore[no-untyped-def]
    lines = tuple(line for one in units for line in one.charges)
    return Chosen(OwnerFacts(1, units, frozenset({1}), **owner), units, lines, "13900004417", "")


def words(kind: TextKind, found: Chosen, office: OfficeProfile = OFFICE, signature: Signature = SIGNED) -> str:
    return draft(found, TEMPLATES[kind], office, signature, TODAY, "春节").words


# --- what ships ---


def test_every_occasion_has_its_template_and_says_when_and_whom_not() -> None:
    assert {one.kind for one in shipped_templates()} == set(TextKind)
    assert all(one.when and one.not_for and one.title for one in shipped_templates())
    assert len(shipped_templates()) <= 9, "each is chosen by one digit"


OWNERS = {
    "known": {"name": "林晓岚", "salutation": "女士"},
    "unknown 先生/女士": {"name": "欧阳若水", "salutation": ""},
    "no name": {"name": "", "salutation": ""},
    "company": {"name": "云间茶事商贸有限公司", "salutation": ""},
    "joint": {"name": "郑家禾、吴念", "salutation": ""},
    "three": {"name": "郑家禾、吴念、林小满", "salutation": ""},
    "spelt": {"name": "阿不都·热合曼", "salutation": "先生"},
    "no period": {"name": "林晓岚", "salutation": "女士", "period": ""},
}


@pytest.mark.parametrize("who", OWNERS)
@pytest.mark.parametrize("kind", TextKind)
@pytest.mark.parametrize("day", [TODAY, date(2027, 1, 30)], ids=["this year", "another year"])
def test_what_ships_reads_well_for_every_kind_of_owner(kind: TextKind, who: str, day: date) -> None:
    facts = dict(OWNERS[who])
    line = charge(period=facts.pop("period", "2026-07..2026-09"), due_on=day + timedelta(days=6))
    plan = PlanVerdict(PlanState.RUNNING, "", (), Instalment(2, day + timedelta(days=1), 50_000), 50_000)
    on = 1 if kind is TextKind.PROMISE_TOMORROW else -6
    found = unit(
        "3-2-1502", facts["name"], line, salutation=facts["salutation"], plan=plan,
        promise=Promised(day + timedelta(days=on), 50_000), served=(day - timedelta(days=3), "您家门口"),
    )  # fmt: skip
    made = draft(
        chosen(found, texted_on=(day - timedelta(days=20),), paid=(day - timedelta(days=2), 107_940)),
        TEMPLATES[kind], OFFICE, SIGNED, day, "春节",
    )  # fmt: skip
    assert made.composed.blocks == (), made.words
    assert made.composed.warnings == (), made.words
    assert made.composed.length.parts <= 2, made.words
    assert made.words.startswith("【明湖花园服务中心】")
    assert OFFICE.phone in made.words
    assert not set("{}[]|〔〕\n") & set(made.words)
    assert not lint(made.words)
    for odd in ("，，", "。，", "，。", "。。", "None", "先生/女士先生"):
        assert odd not in made.words


@pytest.mark.parametrize("kind", [kind for kind in TextKind if kind is not TextKind.THANKS])
def test_what_asks_for_money_says_how_much_or_which_agreement(kind: TextKind) -> None:
    text = TEMPLATES[kind].text
    assert "{金额}" in text or "{承诺金额}" in text or "{分期金额}" in text
    assert "{房号}" in text


def test_read_aloud() -> None:
    found = chosen(unit("3-2-1502", "林晓岚", charge(), charge(2, 13_185, "水费", "2026-10"), salutation="女士"))
    assert words(TextKind.OVERDUE, found) == (
        "【明湖花园服务中心】林女士，您好。3-2-1502，7–10 月的物业费和水费共 1,211.25 元，缴费日刚过，您方便时办一下，"
        "银行转账、扫码或到服务中心前台就可以。已经缴了请不用理会；要明细请打 0000-6688 1200。"
    )
    bare = chosen(unit("商铺A08", "", charge(period="")))
    assert words(TextKind.SECOND, bare).startswith(
        "【明湖花园服务中心】您好。商铺A08，到目前为止的物业费账上还有 1,079.40 元"
    )


def test_days_are_told_by_their_date_because_a_text_may_be_read_tomorrow() -> None:
    found = chosen(unit(promise=Promised(TODAY + timedelta(days=1), 50_000)))
    said = words(TextKind.PROMISE_TOMORROW, found)
    assert "11 月 18 日" in said
    assert "明天" not in said


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    made = draft(
        chosen(unit(), texted_on=(date(2025, 12, 28),)),
        TEMPLATES[TextKind.SECOND],
        OFFICE,
        SIGNED,
        date(2026, 1, 12),
        "",
    )
    assert "2025 年 12 月 28 日提醒过您" in made.words


@pytest.mark.parametrize(
    ("rooms", "said"),
    [
        (("3-2-1502",), "3-2-1502，"),
        (("5-2-0901", "5-2-0902"), "5-2-0901、5-2-0902，"),
        (("A1", "A2", "A3"), "A1 等 3 套，"),
    ],
)
def test_several_units_of_an_owner_are_one_text_with_one_sum(rooms: tuple[str, ...], said: str) -> None:
    found = chosen(*(unit(room) for room in rooms))
    text = words(TextKind.SECOND, found)
    assert said in text
    assert f"{1079.40 * len(rooms):,.2f} 元" in text


@pytest.mark.parametrize(
    ("period", "said"),
    [
        pytest.param("2026-04..2026-09", "4–9 月的物业费", id="one span"),
        pytest.param(
            "2026-01..2026-03,2026-07..2026-09", "1–3 月、7–9 月的物业费", id="what is paid between is left out"
        ),
        pytest.param(
            "2025-01..2025-03,2025-10..2025-12,2026-07..2026-09",
            "2025 年 1–3 月、10–12 月、2026 年 7–9 月的物业费",
            id="three quarters of two years",
        ),
        pytest.param(
            "2024-01..2024-03,2024-07,2025-02..2025-05,2026-07..2026-09",
            "2024 年 1 月–2026 年 9 月当中的 11 个月的物业费",
            id="more spans than one reads: how many months",
        ),
    ],
)
def test_only_the_months_owed_for_are_told(period: str, said: str) -> None:
    assert said in words(TextKind.SECOND, chosen(unit("3-2-1502", "林晓岚", charge(period=period))))


# --- what may never be in it ---


def test_what_is_missing_stands_as_a_gap_and_blocks_the_text() -> None:
    made = draft(chosen(unit()), TEMPLATES[TextKind.SECOND], replace(OFFICE, phone=""), SIGNED, TODAY, "")
    assert "〔电话待核〕" in made.words
    assert made.composed.missing == ("电话",)
    assert made.composed.blocks == ("缺：电话。",)
    assert not made.is_ready
    gap = next(one for one in made.composed.segments if one.kind is SegmentKind.MISSING)
    assert gap.name == "电话"


def test_a_tenant_is_never_named() -> None:
    named = TEMPLATES[TextKind.SECOND].with_words("{称呼}，请转告何租客：{房号}{金额}，{电话}")
    made = draft(chosen(unit(tenant="何租客")), named, OFFICE, SIGNED, TODAY, "")
    assert made.composed.blocks == ("不能提使用人“何租客”。",)
    own = draft(chosen(unit(name="何租客", tenant="何租客")), named, OFFICE, SIGNED, TODAY, "")
    assert own.is_ready, "an owner who lives there himself may be named"
    for kind in TextKind:
        assert "何租客" not in words(kind, chosen(unit(tenant="何租客")))


def test_what_the_law_forbids_blocks_the_text() -> None:
    made = compose(TEMPLATES[TextKind.SECOND].with_words("{称呼}，再不缴就停水。"), {"称呼": "林女士"}, SIGNED)
    assert made.blocks
    assert "停水" in made.blocks[0]


# --- templates of the office's own ---


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "模板里一个字也没有。"),
        ("  \n ", "模板里一个字也没有。"),
        ("{称呼}，{天气}好", "没有“{天气}”这个可填的内容。"),
        ("[[{称呼}，您好", "“[[ ]]”没有成对，或套在了一起。"),
        ("[[{称呼}[[{房号}]]]]", "“[[ ]]”没有成对，或套在了一起。"),
        ("{称呼，您好", "“{ }”没有成对。"),
        ("您好" * 200, "太长了，一条短信最多分 5 段。"),
    ],
)
def test_a_template_that_cannot_be_used_says_why(text: str, said: str) -> None:
    assert said in problems(text)


@pytest.mark.parametrize("text", ["再不缴就停水", "{称呼}，将把您拉入征信黑名单", "[[{称呼}||老赖]]，请缴费"])
def test_a_template_that_threatens_is_refused(text: str) -> None:
    assert any("不能写" in said for said in problems(text))


def test_own_words_have_a_reference_of_their_own_and_ours_come_back() -> None:
    template = TEMPLATES[TextKind.OVERDUE]
    own = template.with_words("{称呼}，\n  {房号}{金额}。")
    assert (template.ref, template.is_own) == ("overdue@1", False)
    assert own.is_own
    assert own.ref.startswith("overdue@own-")
    assert own.text == "{称呼}，{房号}{金额}。", "a short message has no lines"
    assert own.with_words("") == template


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('id = "overdue"', 'id = "weather"'), "weather"),
        (("version = 1", "version = 1\ncolour = 2"), "unknown key colour"),
        (("{金额}", "{天气}"), "天气"),
        (("every_days = 3", "every_days = 2"), "more than one in 3 days"),
        (('id = "second"', 'id = "overdue"'), "twice"),
    ],
)
def test_a_shipped_file_that_is_not_sound_is_refused(change: tuple[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_templates(resource_text("texts/reminders.toml").replace(*change))


def test_the_sample_knows_every_placeholder() -> None:
    assert set(sample_values(OFFICE, TODAY)) == set(PLACEHOLDERS)
    for template in shipped_templates():
        assert compose(template, sample_values(OFFICE, TODAY), SIGNED).missing == ()


@pytest.mark.parametrize(
    ("place", "text", "counted"),
    [
        (SignaturePlace.FRONT, "【明湖】您好", 6),
        (SignaturePlace.END, "您好【明湖】", 6),
        (SignaturePlace.GATEWAY, "您好", 6),
    ],
)
def test_the_signature_stands_where_the_office_wants_it_and_always_counts(
    place: SignaturePlace, text: str, counted: int
) -> None:
    made = compose(TEMPLATES[TextKind.SECOND].with_words("您好"), {}, Signature("明湖", place))
    assert (made.words, made.length.characters) == (text, counted)


# --- length ---


@pytest.mark.parametrize(
    ("count", "parts"), [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4), (335, 5), (336, 6)]
)
def test_parts_of_a_chinese_message(count: int, parts: int) -> None:
    assert measure("费" * count).parts == parts


@pytest.mark.parametrize(("text", "parts"), [("𠮷" * 35, 1), ("𠮷" * 35 + "费", 2), ("𠮷" * 66, 2), ("𠮷" * 67, 3)])
def test_a_rare_character_takes_two_units_and_is_never_split(text: str, parts: int) -> None:
    assert measure(text).parts == parts
    assert measure(text).characters == len(text)


def test_more_than_two_parts_are_warned_of_and_more_than_five_not_sent() -> None:
    template = TEMPLATES[TextKind.SECOND]
    two, three, six = (compose(template.with_words("费" * count), {}, SIGNED) for count in (124, 125, 326))
    assert (two.warnings, two.blocks) == ((), ())
    assert three.warnings == ("135 字 · 3 条计费，超过 2 条，费用高，看的人也少。",)
    assert three.blocks == ()
    assert six.blocks == ("336 字 · 6 条计费，超过 5 条，发不出去。",)


CHARACTERS = st.text(st.sampled_from("费元1a𠮷，"), max_size=500)


@given(CHARACTERS, CHARACTERS)
def test_a_longer_text_never_has_fewer_parts(text: str, more: str) -> None:
    assert measure(text + more).parts >= measure(text).parts


@given(CHARACTERS)
def test_parts_hold_the_whole_text(text: str) -> None:
    units = len(text.encode("utf-16-le")) // 2
    parts = measure(text).parts
    if units <= 70:
        assert parts == (1 if text else 0)
    else:
        assert 66 * (parts - 1) < units <= 67 * parts, "a part is full but for half a rare character"


# --- whose number ---

OWN = Phone(1, "139 0000 4417")


@pytest.mark.parametrize(
    ("phones", "number", "why"),
    [
        ([], "", "没有登记号码"),
        ([Phone(1, "0000-6688 1200")], "", "只登记了座机，收不到短信"),
        ([OWN], "13900004417", ""),
        ([Phone(1, "00006688"), Phone(2, "13900004418")], "13900004418", ""),
        ([replace(OWN, state=PhoneState.DEAD)], "", "手机是停机或空号，请先查新号码"),
        ([replace(OWN, state=PhoneState.DEAD), Phone(2, "13900004418")], "13900004418", ""),
        ([OWN, Phone(2, "13900004418", state=PhoneState.WORKS)], "13900004418", ""),
        ([replace(OWN, state=PhoneState.OFF)], "13900004417", ""),
        ([replace(OWN, holder="配偶")], "", "手机是配偶的，没有本人书面授权，不发金额"),
        ([replace(OWN, holder="租客", state=PhoneState.WORKS), Phone(2, "13900004418")], "13900004418", ""),
        ([replace(OWN, holder="女儿", source="本人书面授权人")], "13900004417", ""),
    ],
)
def test_a_text_goes_to_the_owners_own_mobile_or_to_whom_he_authorised(
    phones: list[Phone], number: str, why: str
) -> None:
    assert usable_number(phones) == (number, why)


# --- festivals ---


@pytest.mark.parametrize(
    ("day", "festival"),
    [
        (date(2026, 9, 9), ""),
        (date(2026, 9, 10), "国庆节"),
        (date(2026, 9, 30), "国庆节"),
        (date(2026, 10, 1), ""),
        (date(2027, 1, 15), ""),
        (date(2027, 1, 16), "春节"),
        (date(2027, 2, 5), "春节"),
        (date(2027, 2, 6), ""),
    ],
)
def test_a_festival_is_spoken_of_in_the_three_weeks_before_it(day: date, festival: str) -> None:
    assert festival_ahead(day) == festival


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_first_day_of_the_lunar_year_is_a_holiday_and_so_is_its_eve(year: int) -> None:
    from feedesk.models.texts.festivals import SPRING_FESTIVALS
    from feedesk.models.workdays import is_workday

    day = next(one for one in SPRING_FESTIVALS if one.year == year)
    assert not is_workday(day)
    assert not is_workday(day - timedelta(days=1))
    assert all(date(one.year, 1, 21) <= one <= date(one.year, 2, 20) for one in SPRING_FESTIVALS)
