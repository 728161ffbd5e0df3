"""The owner at the till: his units, what is open of each, and how a sum is laid over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from feedesk.models.accounts import Account, MarkKind, OwnerRow
from feedesk.models.charges import Charge
from feedesk.models.ledger.allocation import AllocationRule, late_fee_first, late_fee_part
from feedesk.models.ledger.late_fee import AccountLateFee, LateFeePolicy, takeable
from feedesk.models.ledger.payments import Named, PaymentShare
from feedesk.models.ledger.plans import Instalment, PlanState
from feedesk.models.ledger.spreading import lay_late_fee, spread
from feedesk.models.store import Office
from feedesk.ui.payment_lines import PaymentLine, lines_of


class PayingOwner:
    """Read from the office as of now; `reload` after something was written. Money in 分.

    Raises `BadInput` when the account is gone.
    """

    def __init__(self, office: Office, account_id: int, day: date) -> None:
        self._office = office
        self.account: Account = office.accounts.get(account_id)
        self.units: tuple[OwnerRow, ...] = (self.account.row, *self.account.siblings)
        """The unit that was chosen first, then the owner's others."""
        self._charges: list[Charge] = []
        self._late: dict[int, AccountLateFee] = {}
        self.rule = AllocationRule.OLDEST_DUE
        self.policy = LateFeePolicy()
        self.reload(day)

    def reload(self, day: date) -> None:
        """Read balances, the office's rule, and the late fee as of `day` anew."""
        office, ids = self._office, self.ids
        fresh = office.accounts.some(ids)
        self.units = tuple(fresh.get(row.account_id, row) for row in self.units)
        by_account = office.accounts.charges_by_account(ids)
        self._charges = [charge for one in ids for charge in by_account.get(one, ())]
        self.rule = office.late_fees.rule()
        self.policy = office.late_fees.policy()
        self.read_late_fees(day)

    def read_late_fees(self, day: date) -> None:
        """The late fee as of another day."""
        self._late = self._office.late_fees.of_accounts(self.ids, day) if self.policy.is_on else {}

    @property
    def ids(self) -> list[int]:
        """Account ids of the units."""
        return [row.account_id for row in self.units]

    @property
    def wants_late_fee_first(self) -> bool:
        """Whether the office's rule takes late fee before principal."""
        return late_fee_first(self.rule)

    def first_choice(self) -> list[int]:
        """For which units one pays unless something else is said: the one asked for; if it owes nothing, those that
        do.
        """
        others = [row.account_id for row in self.account.open_siblings]
        return [self.units[0].account_id] if self.units[0].owed or not others else others

    def owed(self, ids: Sequence[int]) -> int:
        """Open principal of these units."""
        return sum(charge.owed for charge in self._charges if charge.account_id in ids)

    def late_fees(self, ids: Sequence[int]) -> tuple[AccountLateFee, ...]:
        """The late fee of these units as it was read last; none while it is switched off."""
        return tuple(self._late[one] for one in ids if one in self._late)

    def takeable(self, ids: Sequence[int]) -> dict[int, int]:
        """Late fee that may be taken, of those of these units that have some."""
        return {one: most for one in ids if one in self._late and (most := takeable(self._late[one], self.policy))}

    def proposed_fee(self, amount: int, ids: Sequence[int]) -> int:
        """What the office's rule gives of a sum for late fee."""
        return late_fee_part(self.rule, amount, self.owed(ids), sum(self.takeable(ids).values()))

    def prepaid(self, ids: Sequence[int]) -> int:
        """What these units have paid ahead."""
        return sum(self._office.payments.prepaid(one) for one in ids)

    def doubts(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Why the money may be on its way or here already, a sentence a unit: what is 待核 is not taken twice."""
        return tuple(
            f"{row.room} {row.mark_text}：{row.why}"
            for row in self.units
            if row.account_id in ids and row.mark is MarkKind.VERIFY
        )

    def instalment(self) -> tuple[Instalment, int] | None:
        """The instalment that is next to be paid of the plan that the unit asked for is in, and what is missing of it."""
        plan = self._office.plans.current(self.units[0].account_id)
        if plan is None or plan.verdict.state is not PlanState.RUNNING or plan.verdict.current is None:
            return None
        return plan.verdict.current, plan.verdict.missing

    def lines(self, ids: Sequence[int], today: date) -> tuple[PaymentLine, ...]:
        """The open charges of these units, nothing paid of them yet; rooms are named when there are several."""
        rooms = {row.account_id: row.room for row in self.units} if len(ids) > 1 else {}
        return lines_of([charge for charge in self._charges if charge.account_id in ids], rooms, today)

    def shares(
        self, amount: int, fee: int, named: Mapping[int, tuple[Named, ...]], ids: Sequence[int], paid_on: date
    ) -> tuple[PaymentShare, ...]:
        """`amount`, `fee` of it for late fee, laid over these units."""
        return spread(
            amount - fee,
            lay_late_fee(fee, self.takeable(ids)),
            named,
            ids,
            self._charges,
            self.rule,
            paid_on,
            charges_late_fee=self.policy.is_on,
        )
