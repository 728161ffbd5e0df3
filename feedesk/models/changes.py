"""What a write touched, so that views refresh just that."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Accounts whose rows may look different now; `record_id` is the new contact, import or batch."""

    account_ids: frozenset[int] = field(default_factory=frozenset)
    everything: bool = False
    record_id: int = 0
