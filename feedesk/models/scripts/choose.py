"""Which debtor type an account looks like, and why a script was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, Account, Category, DebtorType, FlagKind, PhoneState
from feedesk.models.contacts import Outcome
from feedesk.models.disputes import is_defect
from feedesk.models.scripts.records import Script

LONG_UNPAID_DAYS = 90
LONG_UNPAID_CONTACTS = 6
"""Three months overdue and as many talks without a result: other ways have been tried."""


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What is on file that decides the type and is told as the reason."""

    broken_promises: int = 0
    numbers_all_dead: bool = False
    has_open_dispute: bool = False
    dispute_kind: str = ""
    """Its kind as logged, see `disputes`."""
    repair_flag: bool = False
    """Finance's remark mentions a repair."""
    last_outcome: Outcome | None = None
    category: Category | None = None
    overdue_days: int = 0
    contacts: int = 0
    """Contacts logged so far."""
    promise_in_days: int | None = None
    """Days until the day of the promise that stands; None when none stands or its day is past."""

    @classmethod
    def of(
        cls,
        account: Account,
        *,
        broken_promises: int = 0,
        has_open_dispute: bool = False,
        dispute_kind: str = "",
        last_outcome: Outcome | None = None,
        contacts: int = 0,
        promise_in_days: int | None = None,
    ) -> ScriptFacts:
        """From the account as the panel has it."""
        return cls(
            broken_promises=broken_promises,
            numbers_all_dead=bool(account.phones) and all(p.state is PhoneState.DEAD for p in account.phones),
            has_open_dispute=has_open_dispute,
            dispute_kind=dispute_kind,
            repair_flag=FlagKind.REPAIR in account.flags,
            last_outcome=last_outcome,
            category=account.row.category,
            overdue_days=account.row.overdue_days,
            contacts=contacts,
            promise_in_days=promise_in_days,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The script shown and the line 为什么 above it."""

    script: Script
    why: str
    is_fallback: bool = False
    """No script fits exactly; a more general one stands in, and `why` says so."""


def suggest_type(facts: ScriptFacts) -> tuple[DebtorType, str]:
    """The debtor type the file suggests, and why; the clerk decides (domain §4)."""
    if facts.has_open_dispute:
        about = f"（{facts.dispute_kind}）" if facts.dispute_kind else ""
        kind = DebtorType.DEFECTS if is_defect(facts.dispute_kind) else DebtorType.MISUNDERSTANDING
        return kind, f"有未结的异议{about}，先跟进处理再谈费用"
    if facts.numbers_all_dead or facts.category is Category.C:
        return DebtorType.UNREACHABLE, "登记的号码都打不通" if facts.numbers_all_dead else "已归为 C 类无法联系"
    if facts.repair_flag:
        return DebtorType.DEFECTS, "财务备注提到维修或房屋问题"
    if facts.broken_promises:
        return DebtorType.YES_NEVER_COMES, f"失约 {facts.broken_promises} 次"
    if facts.overdue_days >= LONG_UNPAID_DAYS and facts.contacts >= LONG_UNPAID_CONTACTS:
        return DebtorType.LONG_UNPAID, f"逾期 {facts.overdue_days} 天，联系过 {facts.contacts} 次仍未缴"
    if facts.last_outcome is Outcome.AWAY or facts.category is Category.D:
        return DebtorType.BUSY, "上次说人在外地" if facts.last_outcome is Outcome.AWAY else "已归为 D 类异地"
    return DebtorType.UNPAID, "没有特别情况"


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
