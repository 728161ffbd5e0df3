"""减免: what is let off of principal or late fee, by whose word, and whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class WaiverKind(StrEnum):
    """Why something is let off."""

    WAIVER = "waiver"
    HARDSHIP = "hardship"
    VACANCY = "vacancy"
    CORRECTION = "correction"


WAIVER_KIND_LABELS = {
    WaiverKind.WAIVER: "减免",
    WaiverKind.HARDSHIP: "困难减免",
    WaiverKind.VACANCY: "空置折扣",
    WaiverKind.CORRECTION: "更正多计",
}


class WaiverTarget(StrEnum):
    """Of what."""

    PRINCIPAL = "principal"
    LATE_FEE = "late_fee"


@dataclass(frozen=True, slots=True)
class WaiverDraft:
    """A waiver before it is granted. Amount in 分, > 0."""

    account_id: int
    target: WaiverTarget
    kind: WaiverKind
    amount: int
    charge_id: int | None
    """The charge it lowers; always given for principal, None for the late fee of the whole account."""
    on: date
    reason: str
    asked_by: str
    """Who asked for it: a member of staff or the owner."""
    expires_on: date | None = None
    """It holds only if the principal of the charge (of the account) is paid up to this day, included."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver on record."""

    id: int
    at: datetime
    draft: WaiverDraft
    approved_by: str
    staff_name: str
    voided: str = ""
    """「原因（日期 谁）」 when voided."""
    lapsed: str = ""
    """Why it holds no longer, in one sentence; empty while it holds."""
