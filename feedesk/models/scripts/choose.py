"""What is on file that decides which script is shown, and how it is told as the reason."""

from __future__ import annotations

from dataclasses import dataclass

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, Account, DebtorType, FlagKind, PhoneState
from feedesk.models.contacts import Outcome
from feedesk.models.scripts.records import Script


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What is on file that speaks for a script."""

    broken_promises: int = 0
    numbers_all_dead: bool = False
    has_open_dispute: bool = False
    repair_flag: bool = False
    """Finance's remark mentions a repair."""
    last_outcome: Outcome | None = None
    promise_in_days: int | None = None
    """Days until the day of the promise that stands; None when none stands or its day is past."""

    @classmethod
    def of(
        cls,
        account: Account,
        *,
        broken_promises: int = 0,
        has_open_dispute: bool = False,
        last_outcome: Outcome | None = None,
        promise_in_days: int | None = None,
    ) -> ScriptFacts:
        """From the account as the panel has it."""
        return cls(
            broken_promises=broken_promises,
            numbers_all_dead=bool(account.phones) and all(p.state is PhoneState.DEAD for p in account.phones),
            has_open_dispute=has_open_dispute,
            repair_flag=FlagKind.REPAIR in account.flags,
            last_outcome=last_outcome,
            promise_in_days=promise_in_days,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The script shown and the line 为什么 above it."""

    script: Script
    why: str
    is_fallback: bool = False
    """No script fits exactly; a more general one stands in, and `why` says so."""


def facts_text(facts: ScriptFacts, debtor_type: DebtorType) -> str:
    """The facts that speak for this script, a few words: 「失约 1 次、无异议」."""
    parts = []
    if facts.broken_promises:
        parts.append(f"失约 {facts.broken_promises} 次")
    if facts.numbers_all_dead:
        parts.append("号码都打不通")
    if facts.has_open_dispute:
        parts.append("有未结异议")
    elif facts.repair_flag:
        parts.append("备注提到维修")
    elif facts.broken_promises:
        parts.append("无异议")
    if facts.last_outcome is Outcome.AWAY:
        parts.append("上次说在外地")
    return "、".join(parts) or DEBTOR_TYPE_LABELS[debtor_type]
