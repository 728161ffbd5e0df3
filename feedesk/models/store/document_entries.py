"""Papers on file as 记录 tells them."""

from __future__ import annotations

import sqlite3

from feedesk.models.days import short_day
from feedesk.models.documents import KINDS, Document
from feedesk.models.limitation import GRADE_LABELS
from feedesk.models.service import METHOD_LABELS
from feedesk.models.store.documents import of_account
from feedesk.models.timeline import EntryKind, TimelineEntry


def document_entries(conn: sqlite3.Connection, account_id: int) -> list[TimelineEntry]:
    """The papers of an account; each stands at the time it was filed."""
    return [document_entry(document) for document in of_account(conn, account_id)]


def document_entry(document: Document) -> TimelineEntry:
    """A paper on file, as the timeline tells it; it stands at the time it was filed."""
    draft, verdict = document.draft, document.verdict
    spec, today = KINDS[draft.kind], document.at.date()
    parts = (
        draft.issuer,
        draft.dated_on and f"{spec.day} {short_day(draft.dated_on, today)}",
        draft.deadline_on and f"{spec.deadline} {short_day(draft.deadline_on, today)}",
        draft.charge_ids and f"列明 {len(draft.charge_ids)} 笔",
        document.files and f"文件 {len(document.files)} 个",
    )
    served = (
        spec.is_served and draft.method and METHOD_LABELS[draft.method],
        spec.is_served and draft.arrived_on and f"{short_day(draft.arrived_on, today)} 送达",
        draft.signer and f"签字 {draft.signer}",
        draft.witness and f"见证 {draft.witness}",
        draft.ems_no and f"EMS {draft.ems_no}",
    )
    lines = [" · ".join(part for part in parts if part), " · ".join(part for part in served if part)]
    lines.append(f"{GRADE_LABELS[verdict.grade]}：{verdict.why}" if verdict.grade else verdict.why)
    lines += [f"还缺{'；'.join(verdict.missing)}"] * bool(verdict.missing)
    lines += [*verdict.flags, draft.note]
    return TimelineEntry(
        at=document.at,
        has_time=True,
        kind=EntryKind.DOCUMENT,
        title=f"存档 {draft.text}",
        lines=tuple(line for line in lines if line),
        who=document.staff_name,
        ref_id=document.id,
        voided=document.voided,
    )
