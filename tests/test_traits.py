"""欠费程度 by age and amount, and how a trait reads (domain §4)."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.traits import (
    Severity,
    SeverityLimits,
    Trait,
    TraitChange,
    limits_problem,
    severity,
    trait_text,
)

USUAL = SeverityLimits()
RANK = {None: 0, Severity.LIGHT: 1, Severity.MEDIUM: 2, Severity.SEVERE: 3}
AMOUNTS = st.integers(0, 100_000_000)
AGES = st.integers(-400, 4_000)
LIMITS = st.builds(
    lambda light_days, more_days, light_fen, more_fen: SeverityLimits(
        light_days, light_fen, light_days + more_days, light_fen + more_fen
    ),
    st.integers(1, 400), st.integers(1, 800), st.integers(1, 2_000_000), st.integers(0, 2_000_000),
)  # fmt: skip


@pytest.mark.parametrize(
    ("owed", "overdue", "found", "says"),
    [
        (0, 400, None, "没有欠费"),
        (1, 1, Severity.LIGHT, "逾期 1 天，不超过 90 天；欠 ¥0.01，不满 ¥3,000.00"),
        (299_999, 90, Severity.LIGHT, "逾期 90 天，不超过 90 天；欠 ¥2,999.99，不满 ¥3,000.00"),
        (299_999, 91, Severity.MEDIUM, "最久逾期 91 天，超过 90 天"),
        (300_000, 90, Severity.MEDIUM, "欠 ¥3,000.00，满 ¥3,000.00"),
        (300_000, 364, Severity.MEDIUM, "最久逾期 364 天，超过 90 天；欠 ¥3,000.00，满 ¥3,000.00"),
        (499_999, 30, Severity.MEDIUM, "欠 ¥4,999.99，满 ¥3,000.00"),
        (500_000, 30, Severity.SEVERE, "欠 ¥5,000.00，满 ¥5,000.00"),
        (100, 365, Severity.SEVERE, "最久逾期 365 天，满 365 天"),
        (500_000, 365, Severity.SEVERE, "最久逾期 365 天，满 365 天；欠 ¥5,000.00，满 ¥5,000.00"),
        (9_000_000, 0, Severity.LIGHT, "还没有到期"),
        (9_000_000, -30, Severity.LIGHT, "还没有到期"),
        (299_999, None, Severity.LIGHT, "应缴日不明；欠 ¥2,999.99，不满 ¥3,000.00"),
        (300_000, None, Severity.MEDIUM, "欠 ¥3,000.00，满 ¥3,000.00"),
        (500_000, None, Severity.SEVERE, "欠 ¥5,000.00，满 ¥5,000.00"),
    ],
)
def test_severity(owed: int, overdue: int | None, found: Severity | None, says: str) -> None:
    graded = severity(owed, overdue, USUAL)
    assert (graded.severity, graded.why) == (found, says)


def test_an_office_draws_its_own_lines() -> None:
    own = SeverityLimits(light_days=30, light_fen=1_000_00, severe_days=180, severe_fen=20_000_00)
    assert severity(500_000, 30, own).severity is Severity.MEDIUM
    assert severity(99_999, 31, own).severity is Severity.MEDIUM
    assert severity(99_999, 180, own).severity is Severity.SEVERE
    assert severity(99_999, 30, own).label == "轻微"


@given(AMOUNTS, AMOUNTS, AGES, AGES, LIMITS)
def test_more_or_older_is_never_milder(one: int, other: int, young: int, old: int, limits: SeverityLimits) -> None:
    less, more = sorted((one, other))
    younger, older = sorted((young, old))
    mild, hard = severity(less, younger, limits), severity(more, older, limits)
    assert RANK[mild.severity] <= RANK[hard.severity]
    assert mild.why and hard.why
    assert (mild.severity is None) == (less == 0)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (USUAL, ""),
        (SeverityLimits(light_fen=500_000), ""),
        (SeverityLimits(light_days=0), "大于零"),
        (SeverityLimits(light_fen=0), "大于零"),
        (SeverityLimits(severe_days=90), "“严重”的天数"),
        (SeverityLimits(light_fen=500_001), "“严重”的金额"),
    ],
)
def test_limits_that_cannot_be(limits: SeverityLimits, says: str) -> None:
    assert says in limits_problem(limits) and bool(says) == bool(limits_problem(limits))


@pytest.mark.parametrize(
    ("trait", "value", "text"),
    [
        (Trait.DEBTOR_TYPE, "long_unpaid", "长期未缴·多次催告"),
        (Trait.CATEGORY, "B", "B 暂未明确"),
        (Trait.RESIDENCE, "自住", "自住"),
        (Trait.HABIT, "", "未填"),
    ],
)
def test_a_value_as_it_is_read(trait: Trait, value: str, text: str) -> None:
    assert trait_text(trait, value) == text


def test_a_change_as_it_is_read() -> None:
    at = datetime(2026, 11, 17, 9, 0)
    changed = TraitChange(at, Trait.DEBTOR_TYPE, "unpaid", "busy", "", "许宁")
    assert changed.text == "欠费类型：一般未缴 → 忙、在外、没时间"
    assert TraitChange(at, Trait.DEBTOR_TYPE, "busy", "busy", "", "许宁").text == "欠费类型：确认为忙、在外、没时间"
