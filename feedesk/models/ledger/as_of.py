"""What an account owes as of a day: principal and late fee apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BalanceAsOf:
    """An account at the end of a day, in 分. The three figures of the late fee as in `late_fee.AccountLateFee`."""

    account_id: int
    principal: int = 0
    """Charges less settlements, waivers and payments, all as of that day."""
    contract: int = 0
    lpr: int = 0
    claimed: int = 0
    waived: int = 0
    """Late fee let off."""
    paid: int = 0
    """Late fee paid."""
    prepaid: int = 0
    """What of the payments no charge needed."""

    @property
    def late_fee(self) -> int:
        """What is still to be paid of the claimed late fee."""
        return max(0, self.claimed - self.waived - self.paid)
