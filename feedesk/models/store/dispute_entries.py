"""Objections as the timeline tells them: raised, every step, resolved, reported back."""

from __future__ import annotations

import sqlite3

from feedesk.models.accounts import MarkKind
from feedesk.models.disputes import EVENT_LABELS, Dispute, EventKind
from feedesk.models.store import dispute_records
from feedesk.models.timeline import EntryKind, TimelineEntry

_MARKS = {
    EventKind.RESOLVED: MarkKind.OPEN,
    EventKind.REPORTED: MarkKind.PAID,
    EventKind.REOPENED: MarkKind.HOLD,
    EventKind.AGAIN: MarkKind.HOLD,
}


def dispute_entries(conn: sqlite3.Connection, account_id: int) -> list[TimelineEntry]:
    """All entries about the objections of an account."""
    entries: list[TimelineEntry] = []
    for one in dispute_records.read(conn, "d.account_id = ?", (account_id,)):
        entries.append(_opened(one))
        entries += [
            TimelineEntry(
                at=event.at,
                has_time=True,
                kind=EntryKind.DISPUTE,
                title=f"异议{EVENT_LABELS[event.what].removeprefix('业主')}：{one.kind}",
                lines=tuple(line for line in (event.words,) if line),
                who=event.staff_name,
                mark=_MARKS.get(event.what),
                ref_id=one.id,
            )
            for event in one.events
        ]
        if one.resolved_at and not any(event.what is EventKind.RESOLVED for event in one.events):
            entries.append(_resolved_before(one))
    return entries


def _opened(one: Dispute) -> TimelineEntry:
    lines = [one.note, "、".join(line.text for line in one.lines)]
    lines.append(
        " · ".join(part for part in (one.department and f"交{one.department}", "书面" * one.is_written) if part)
    )
    return TimelineEntry(
        at=one.opened_at,
        has_time=True,
        kind=EntryKind.DISPUTE,
        title=f"提出异议：{one.kind}",
        lines=tuple(line for line in lines if line),
        who=one.opened_by,
        mark=MarkKind.HOLD,
        ref_id=one.id,
    )


def _resolved_before(one: Dispute) -> TimelineEntry:
    """Resolved by an earlier version, which kept no steps."""
    assert one.resolved_at is not None
    return TimelineEntry(
        at=one.resolved_at,
        has_time=True,
        kind=EntryKind.DISPUTE,
        title=f"异议已处理：{one.kind}",
        lines=tuple(line for line in (one.resolution,) if line),
        who="",
        mark=MarkKind.OPEN,
        ref_id=one.id,
    )
