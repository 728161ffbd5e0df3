"""What a write touched, so that views refresh just that."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Accounts whose rows may look different now; `record_id` is the new contact, import or batch."""

    account_ids: frozenset[int] = field(default_factory=frozenset)
    everything: bool = False
    record_id: int = 0


@dataclass(frozen=True, slots=True)
class ImportChanges(Changes):
    """What a list has done. Sums in 分."""

    owed: int = 0
    """Open now over the whole office: with what came in since the list's day, and with prepayments used."""
    prepaid_used: int = 0
    """What prepayments have paid of it."""
    prepaid_accounts: int = 0
