"""The history of an account as 记录 shows it: one entry a happening, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedesk.models.accounts import MarkKind


class EntryKind(StrEnum):
    """What happened; decides the icon in the circle and the filter chip."""

    CONTACT = "contact"
    NOTICE = "notice"
    MONEY = "money"
    DEBT = "debt"
    CLAIM = "claim"
    STEP = "step"
    DISPUTE = "dispute"
    TENURE = "tenure"
    PLAN = "plan"
    WAIVER = "waiver"
    INSTALMENTS = "instalments"
    SPLIT = "split"
    DOUBT = "doubt"
    SERVICE = "service"
    ASSIGNMENT = "assignment"
    DOCUMENT = "document"
    TRAIT = "trait"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry. `lines` are shown below the title; `channel` picks the icon of a contact."""

    at: datetime
    has_time: bool
    kind: EntryKind
    title: str
    lines: tuple[str, ...]
    who: str
    mark: MarkKind | None = None
    channel: str = ""
    ref_id: int = 0
    """Id of the record behind it: contact or notice for 作废 and 补打, payment, waiver, plan, delivery, paper on file; the lump of a split."""
    voided: str = ""
    void_word: str = "已作废"
    """What has been done to a voided record; a payment is 已冲正."""
