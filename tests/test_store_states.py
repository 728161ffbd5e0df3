"""Accounts in the same position share one derivation; what makes a difference never gets lost by that."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.models.accounts import Category, DebtorType, FlagKind, Step
from feedesk.models.contacts import Channel, ClaimDraft, Outcome
from feedesk.models.ledger.plans import Instalment, PlanState, PlanVerdict
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.status import AccountFacts, ContactFacts, PromiseFacts, derive
from feedesk.models.store.states import _Known, _shown
from feedesk.models.traits import SeverityLimits
from feedesk.models.workdays import is_workday

NOW = datetime(2026, 11, 17, 12, 0)
MOMENTS = (None, datetime(2026, 11, 16, 9, 0), datetime(2026, 11, 17, 16, 10), datetime(2026, 11, 20))


def plan(state: PlanState) -> PlanVerdict:
    """A plan of one instalment, due tomorrow."""
    due = Instalment(1, date(2026, 11, 18), 5_000)
    return PlanVerdict(state, "第 1 期过期未到账", (), due, 5_000)


CHOICES: dict[str, tuple[object, ...]] = {
    "ever_owed": (True, False),
    "oldest_due_on": (None, date(2026, 7, 15), date(2026, 12, 1)),
    "settled_some": (False, True),
    "promises": ((), (PromiseFacts(date(2026, 11, 18), 100, datetime(2026, 11, 16)),)),
    "claim": (None, ClaimDraft(date(2026, 11, 16), 100, "微信")),
    "claimed_at": (None, datetime(2026, 11, 9, 9)),
    "doubt": ("", "银行流水 11-16 有一笔 ¥10.00 可能是这户的：核对清楚前不催"),
    "plan": (None, plan(PlanState.RUNNING), plan(PlanState.BROKEN)),
    "do_not_call": (False, True),
    "is_disputed": (False, True),
    "dispute_kind": ("", "房屋质量"),
    "dispute_review_on": (None, date(2026, 11, 17)),
    "to_report": ("", "房屋质量"),
    "held_all": ("", "每一笔都已暂缓催缴"),
    "side_review_on": (None, date(2026, 11, 17)),
    "papers": ((), (PaperFacts(PaperKind.DEMAND, "2026-0001", date(2026, 10, 30), date(2026, 11, 14)),)),
    "owner_letters": ((), (PaperFacts(PaperKind.LETTER, "2026-0002", date(2026, 11, 14)),)),
    "limit_on": (None, date(2026, 12, 1), date(2027, 3, 1)),
    "all_over": (False, True),
    "sensitive": ("", "家中有丧事"),
    "sensitive_until": (None, date(2026, 11, 20)),
    "contacts": ((), (ContactFacts(datetime(2026, 11, 16, 10), Channel.PHONE, Outcome.NO_ANSWER),)),
    "numbers_all_dead": (False, True),
    "suit_elsewhere": ("", "3-2-1502"),
    "has_number": (True, False),
    "askable": (None, 1_000, 2_000),
    "dead_numbers": (0, 3),
    "has_working_number": (False, True),
    "residence": ("", "投资空置"),
    "property_kind": ("", "商铺"),
    "live_numbers": (0, 1),
    "next_at": MOMENTS,
    "next_has_time": (False, True),
    "next_reason": ("", "约好再打"),
    "waits_for": ("", "等财务"),
    "replanned_at": (None, datetime(2026, 11, 17, 9)),
    "paid_on": (None, date(2026, 11, 16)),
    "paid_amount": (0, 5_000),
    "paid_way": ("", "财务清单", "微信"),
    "first_seen": MOMENTS[:2],
    "cleared_at": MOMENTS[:2],
    "flags": ((), (FlagKind.REPAIR,)),
    "is_former": (False, True),
    "step": (Step.REMINDER, Step.DEMAND),
    "category": (None, Category.B),
    "debtor_type": (DebtorType.UNPAID, DebtorType.BUSY),
}
FIRST = {name: values[0] for name, values in CHOICES.items()}
PLAYS_NO_PART = {"account_id", "owed"}
"""The sum counts only as something or nothing."""


def test_every_fact_has_its_choices() -> None:
    assert set(CHOICES) == {field.name for field in fields(AccountFacts)} - PLAYS_NO_PART


@given(st.lists(st.tuples(st.sampled_from([0, 1, 107_940]), st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in CHOICES.items()})), min_size=2, max_size=6))  # fmt: skip
def test_shared_or_not_every_account_shows_what_follows_from_its_own_facts(
    drawn: list[tuple[int, dict[str, Any]]],
) -> None:
    known = _Known(NOW, SeverityLimits())
    for number, (owed, different) in enumerate(drawn, start=1):
        values = {**FIRST, **different}
        facts = AccountFacts(account_id=number, owed=owed, **values)
        assert known.shown(number, owed, values) == _shown(facts, derive(facts, NOW, is_workday))


@pytest.mark.parametrize("name", sorted(CHOICES))
@settings(max_examples=20)
@given(base=st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CHOICES.items()}))
def test_no_single_fact_gets_lost(name: str, base: dict[str, Any]) -> None:
    for owed in (0, 500):
        known = _Known(NOW, SeverityLimits())
        for value in CHOICES[name]:
            values = {**FIRST, **base, name: value}
            facts = AccountFacts(account_id=1, owed=owed, **values)
            assert known.shown(1, owed, values) == _shown(facts, derive(facts, NOW, is_workday))
