"""Which debtor type the records suggest (domain §4), and that words about an owner stay such as he may read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, Category, DebtorType, FlagKind
from feedesk.models.classify import (
    MISSED_DAYS,
    Suggestion,
    TypeFacts,
    missed_days,
    script_type,
    spoken_lately,
    suggest_type,
)
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.disputes import DISPUTE_KINDS
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.status import AccountFacts, ContactFacts, PromiseFacts, derive
from feedesk.models.traits import ATTITUDES, HABITS, PROPERTY_KINDS, RESIDENCES, SEVERITY_LABELS
from feedesk.models.workdays import is_workday

NOW = datetime(2026, 11, 17, 15, 46)
SHARP = ("恶意", "老赖", "炒楼", "无赖", "赖账", "刁", "失信", "黑名单")
"""Words of the sources and of anger that no owner should read about himself."""


@pytest.mark.parametrize(
    ("facts", "kind", "says"),
    [
        # nothing special
        (TypeFacts(), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(overdue_days=400), DebtorType.UNPAID, "没有特别情况"),
        # says yes, never comes
        (TypeFacts(broken_promises=1), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(broken_promises=2), DebtorType.YES_NEVER_COMES, "失约 2 次"),
        (TypeFacts(broken_promises=3, category=Category.A), DebtorType.YES_NEVER_COMES, "失约 3 次"),
        # cannot be reached
        (TypeFacts(numbers_all_dead=True), DebtorType.UNREACHABLE, "登记的号码都打不通"),
        (TypeFacts(numbers_all_dead=True, broken_promises=2), DebtorType.UNREACHABLE, "都打不通"),
        (TypeFacts(dead_numbers=3), DebtorType.UNREACHABLE, "3 个号码停机或空号"),
        (TypeFacts(dead_numbers=3, has_working_number=True), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(numbers_all_dead=True, has_spoken_lately=True), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(dead_numbers=3, category=Category.C, has_spoken_lately=True), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(missed_days=3, has_spoken_lately=True), DebtorType.UNREACHABLE, "连续 3 天"),
        (TypeFacts(dead_numbers=2), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(missed_days=3), DebtorType.UNREACHABLE, "连续 3 天打过都没接通"),
        (TypeFacts(missed_days=2), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(category=Category.C), DebtorType.UNREACHABLE, "C 类"),
        # an objection first of all
        (
            TypeFacts(has_open_dispute=True, dispute_kind="房屋质量", broken_promises=2, numbers_all_dead=True),
            DebtorType.DEFECTS,
            "有未结的异议（房屋质量），先跟进处理再谈费用",
        ),
        (TypeFacts(has_open_dispute=True, dispute_kind="收费标准"), DebtorType.MISUNDERSTANDING, "收费标准"),
        (TypeFacts(has_open_dispute=True), DebtorType.MISUNDERSTANDING, "未结的异议，"),
        (TypeFacts(repair_flag=True, broken_promises=2), DebtorType.DEFECTS, "备注提到维修"),
        # three months and two letters, served, without an objection
        (TypeFacts(overdue_days=90, letters=2), DebtorType.LONG_UNPAID, "逾期 90 天，书面催缴已送达 2 次，没有异议"),
        (TypeFacts(overdue_days=1_200, letters=3, broken_promises=4), DebtorType.LONG_UNPAID, "逾期 1,200 天"),
        (TypeFacts(overdue_days=89, letters=2), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(overdue_days=400, letters=1), DebtorType.UNPAID, "没有特别情况"),
        (
            TypeFacts(overdue_days=400, letters=2, has_open_dispute=True, dispute_kind="公共设施"),
            DebtorType.DEFECTS,
            "公共设施",
        ),
        # what kind of unit it is
        (TypeFacts(residence="投资空置"), DebtorType.SPECULATIVE, "资料里记着投资空置"),
        (TypeFacts(property_kind="商铺"), DebtorType.SHOP_VILLA, "资料里记着商铺"),
        (TypeFacts(property_kind="别墅"), DebtorType.SHOP_VILLA, "资料里记着别墅"),
        (TypeFacts(property_kind="商铺", residence="投资空置"), DebtorType.SPECULATIVE, "投资空置"),
        (TypeFacts(property_kind="住宅", residence="自住"), DebtorType.UNPAID, "没有特别情况"),
        (TypeFacts(property_kind="商铺", broken_promises=2), DebtorType.YES_NEVER_COMES, "失约 2 次"),
        # away
        (TypeFacts(last_outcome=Outcome.AWAY), DebtorType.BUSY, "上次说人在外地"),
        (TypeFacts(category=Category.D), DebtorType.BUSY, "D 类"),
    ],
)
def test_the_type_suggested(facts: TypeFacts, kind: DebtorType, says: str) -> None:
    found = suggest_type(facts)
    assert found.debtor_type is kind
    assert says in found.why
    assert found.text == f"{DEBTOR_TYPE_LABELS[kind]}（{found.why}）"


FACTS = st.builds(
    TypeFacts,
    broken_promises=st.integers(0, 5),
    numbers_all_dead=st.booleans(),
    dead_numbers=st.integers(0, 5),
    has_working_number=st.booleans(),
    has_spoken_lately=st.booleans(),
    missed_days=st.integers(0, 6),
    has_open_dispute=st.booleans(),
    dispute_kind=st.sampled_from(["", "别的话", *(kind.label for kind in DISPUTE_KINDS)]),
    repair_flag=st.booleans(),
    last_outcome=st.none() | st.sampled_from(Outcome),
    category=st.none() | st.sampled_from(Category),
    overdue_days=st.integers(0, 4_000),
    letters=st.integers(0, 4),
    residence=st.sampled_from(RESIDENCES),
    property_kind=st.sampled_from([*PROPERTY_KINDS, "车位"]),
)
NEVER_SUGGESTED = {DebtorType.HARDSHIP, DebtorType.UNCLEAR, DebtorType.UNLET, DebtorType.RESIDENT}


@given(FACTS)
def test_there_is_always_a_suggestion_with_its_reason_in_words_an_owner_may_read(facts: TypeFacts) -> None:
    found = suggest_type(facts)
    assert found.why and found.debtor_type not in NEVER_SUGGESTED
    assert not any(sharp in found.text for sharp in SHARP)
    if found.debtor_type is DebtorType.LONG_UNPAID:
        assert not facts.has_open_dispute


def test_words_about_an_owner_are_such_as_he_may_read() -> None:
    words = (*DEBTOR_TYPE_LABELS.values(), *HABITS, *ATTITUDES, *RESIDENCES, *PROPERTY_KINDS, *SEVERITY_LABELS.values())
    assert not [word for word in words if any(sharp in word for sharp in SHARP)]


@pytest.mark.parametrize(
    ("chosen", "suggested", "broken", "read"),
    [
        (None, DebtorType.UNPAID, 0, DebtorType.UNPAID),
        (None, DebtorType.UNPAID, 1, DebtorType.YES_NEVER_COMES),
        (None, DebtorType.YES_NEVER_COMES, 2, DebtorType.YES_NEVER_COMES),
        (None, DebtorType.DEFECTS, 1, DebtorType.DEFECTS),
        (DebtorType.UNPAID, DebtorType.UNPAID, 1, DebtorType.UNPAID),
        (DebtorType.HARDSHIP, DebtorType.YES_NEVER_COMES, 2, DebtorType.HARDSHIP),
    ],
)
def test_whose_script_is_read(chosen: DebtorType | None, suggested: DebtorType, broken: int, read: DebtorType) -> None:
    assert script_type(chosen, Suggestion(suggested, "原因"), broken) is read


def _calls(*days: tuple[int, Outcome], channel: Channel = Channel.PHONE) -> list[ContactFacts]:
    """Contacts so many days before today, in the order given."""
    return [
        ContactFacts(NOW - timedelta(days=ago, minutes=place), channel, outcome)
        for place, (ago, outcome) in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("contacts", "days"),
    [
        (_calls(), 0),
        (_calls((3, Outcome.NO_ANSWER), (2, Outcome.OFF), (1, Outcome.DEAD_NUMBER)), 3),
        (_calls((1, Outcome.NO_ANSWER), (1, Outcome.NO_ANSWER), (1, Outcome.NO_ANSWER)), 1),
        (_calls((9, Outcome.OFF), (5, Outcome.NO_ANSWER), (0, Outcome.NO_ANSWER)), 3),
        (_calls((3, Outcome.NO_ANSWER), (2, Outcome.NO_DAY), (1, Outcome.NO_ANSWER)), 1),
        (_calls((2, Outcome.NO_ANSWER), (1, Outcome.RELATIVE)), 0),
        (_calls((2, Outcome.NO_ANSWER), (1, Outcome.NO_ANSWER), (1, Outcome.HUNG_UP)), 0),
        ([*_calls((2, Outcome.OFF), (1, Outcome.OFF)), *_calls((0, Outcome.NOBODY), channel=Channel.VISIT)], 2),
        ([*_calls((2, Outcome.OFF), (1, Outcome.OFF)), *_calls((0, Outcome.MET), channel=Channel.VISIT)], 0),
        ([*_calls((2, Outcome.OFF), (1, Outcome.OFF)), *_calls((0, Outcome.SENT), channel=Channel.MESSAGE)], 2),
    ],
)
def test_days_running_on_which_nobody_answered(contacts: list[ContactFacts], days: int) -> None:
    assert missed_days(contacts) == days
    assert missed_days(reversed(contacts)) == days


@pytest.mark.parametrize(
    ("contacts", "lately"),
    [
        (_calls(), False),
        (_calls((1, Outcome.DEAD_NUMBER)), False),
        (_calls((10, Outcome.PROMISED), (1, Outcome.DEAD_NUMBER)), True),
        (_calls((32, Outcome.PROMISED), (1, Outcome.DEAD_NUMBER)), False),
        (_calls((90, Outcome.DEAD_NUMBER), (60, Outcome.NO_DAY)), True),
        (_calls((10, Outcome.RELATIVE), (9, Outcome.HUNG_UP), (1, Outcome.OFF)), False),
        ([*_calls((1, Outcome.DEAD_NUMBER)), *_calls((0, Outcome.MET), channel=Channel.VISIT)], True),
    ],
)
def test_who_was_spoken_to_lately_can_be_reached(contacts: list[ContactFacts], lately: bool) -> None:
    assert spoken_lately(contacts) is lately
    assert spoken_lately(reversed(contacts)) is lately


def test_the_facts_of_an_account() -> None:
    proven, sent = Grade.B, Grade.C
    facts = AccountFacts(
        account_id=1,
        owed=100_000,
        oldest_due_on=date(2026, 7, 15),
        promises=(
            PromiseFacts(date(2026, 10, 9), 100_000, datetime(2026, 10, 8, 10, 0)),
            PromiseFacts(date(2026, 10, 20), 100_000, datetime(2026, 10, 16, 10, 0)),
        ),
        contacts=tuple(_calls((40, Outcome.NO_DAY), (3, Outcome.OFF), (2, Outcome.OFF))),
        flags=(FlagKind.REPAIR,),
        papers=(
            PaperFacts(PaperKind.DEMAND, "2026-0001", date(2026, 8, 1), grade=proven),
            PaperFacts(PaperKind.PROMPT, "2026-0002", date(2026, 8, 20), grade=proven),
            PaperFacts(PaperKind.LETTER, "2026-0003", date(2026, 9, 10), grade=sent),
            PaperFacts(PaperKind.LETTER, "2026-0004", date(2026, 9, 30), grade=Grade.A),
        ),
        dead_numbers=1,
        has_working_number=True,
        residence="自住",
        property_kind="别墅",
        category=Category.B,
    )
    found = TypeFacts.of(facts, derive(facts, NOW, is_workday))
    assert found == TypeFacts(
        broken_promises=2, dead_numbers=1, has_working_number=True, missed_days=2, repair_flag=True,
        last_outcome=Outcome.OFF, category=Category.B, overdue_days=125, letters=2, residence="自住",
        property_kind="别墅",
    )  # fmt: skip


def test_what_belongs_to_a_debt_long_paid_speaks_for_no_type() -> None:
    missed = tuple(_calls(*((200 + ago, Outcome.OFF) for ago in range(MISSED_DAYS))))
    facts = AccountFacts(
        account_id=1, owed=100_000, contacts=missed, cleared_at=datetime(2026, 7, 1), first_seen=datetime(2026, 11, 1)
    )
    assert TypeFacts.of(facts, derive(facts, NOW, is_workday)).missed_days == 0
