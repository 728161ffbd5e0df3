"""The money of one account beside its charges: late fee, prepayment, plan, waivers, and payments in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from feedesk.models.charges import Charge
from feedesk.models.ledger.late_fee import AccountLateFee, ChargeLateFee, LateFeePolicy
from feedesk.models.ledger.plans import Plan, PlanState
from feedesk.models.limitation import Clock, most_urgent
from feedesk.models.money import show_yuan
from feedesk.models.store import Office
from feedesk.ui.bill_delegate import BillExtras


@dataclass(frozen=True, slots=True)
class OwnerMoney:
    """What 账单 and the head of the panel show besides the charges. Money in 分; `day` is the day it is of."""

    day: date
    today: date
    charges: tuple[Charge, ...]
    """The charges as they stand on `day`, oldest due first."""
    policy: LateFeePolicy = field(default_factory=LateFeePolicy)
    late_fee: AccountLateFee | None = None
    """None while the office reckons none."""
    prepaid: int = 0
    plan: Plan | None = None
    doubts: Mapping[int, int] = field(default_factory=dict)
    """分 by charge that a later list still names although we hold them as paid."""
    lumps: Mapping[int, int] = field(default_factory=dict)
    """The lump that a monthly charge was split from, by charge."""
    clocks: Mapping[int, Clock] = field(default_factory=dict)
    """诉讼时效 by charge; only on today's balances."""

    @property
    def owed(self) -> int:
        """Open principal on `day`."""
        return sum(charge.owed for charge in self.charges if charge.owed > 0)

    @property
    def is_today(self) -> bool:
        """Whether these are today's balances, on which something can be done."""
        return self.day == self.today

    def fee_of(self, charge_id: int) -> ChargeLateFee | None:
        """The late fee of a charge."""
        lines = self.late_fee.lines if self.late_fee else ()
        return next((line for line in lines if line.charge_id == charge_id), None)

    def extras(self) -> BillExtras:
        """What the lines of 账单 show besides their charges."""
        fees = {line.charge_id: line for line in self.late_fee.lines} if self.late_fee else None
        first = most_urgent(self.clocks.values())
        return BillExtras(
            self.day, self.today, fees, self.doubts, self.clocks or None, first.charge_id if first else None
        )

    def plan_text(self) -> str:
        """「分期 2/4」 for a plan that runs or has just been broken; empty without one."""
        plan = self.plan
        if plan is None or plan.verdict.state not in (PlanState.RUNNING, PlanState.BROKEN):
            return ""
        number = plan.verdict.current.number if plan.verdict.current else len(plan.draft.instalments)
        words = "分期失约" if plan.verdict.state is PlanState.BROKEN else "分期"
        return f"{words} {number}/{len(plan.draft.instalments)}"

    def doubt_text(self) -> str:
        """「收款待核 ¥1,079.40」; empty when nothing is in doubt."""
        return f"收款待核 {show_yuan(sum(self.doubts.values()))}" if self.doubts else ""


def money_of(office: Office, account_id: int, today: date, day: date | None = None) -> OwnerMoney:
    """Read the money of an account as of a day (today when none is given). Plan and doubts are always today's."""
    as_of = day or today
    if as_of == today:
        charges, prepaid = tuple(office.accounts.charges(account_id)), office.payments.prepaid(account_id)
    else:
        charges, prepaid = office.as_of.charges(account_id, as_of)
    policy = office.late_fees.policy()
    doubts: dict[int, int] = {}
    for doubt in office.history.doubts(account_id):
        doubts[doubt.charge_id] = doubts.get(doubt.charge_id, 0) + doubt.amount
    return OwnerMoney(
        day=as_of,
        today=today,
        charges=charges,
        policy=policy,
        late_fee=office.late_fees.of_account(account_id, as_of) if policy.is_on else None,
        prepaid=prepaid,
        plan=office.plans.current(account_id),
        doubts=doubts,
        clocks=office.limitation.of_account(account_id) if as_of == today else {},
        lumps={charge.id: lump for charge in charges if (lump := office.splits.lump_of(charge.id)) is not None},
    )
