"""Which waivers count on a day: read by `waivers`, and by whatever reckons late fee."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedesk.models.ledger.account import AccountRecords, open_of, work_out
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget, holds
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.session import day, marks

COLUMNS = "id, account_id, target, kind, amount, charge_id, granted_on, reason, asked_by, expires_on"


@dataclass(frozen=True, slots=True)
class LateFeeWaiver:
    """分 of late fee let off: of one charge (of all its months, where it was split since), or of the whole account."""

    id: int
    charge_ids: tuple[int, ...]
    """Empty: the whole account."""
    amount: int
    on: date


def late_fee_waivers(
    conn: sqlite3.Connection, ledger: Ledger, account_ids: Sequence[int], as_of: date
) -> dict[int, list[LateFeeWaiver]]:
    """Late fee let off by `as_of` that still counts on that day, by account (some hundred), in order of granting."""
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM waivers WHERE voided_at IS NULL AND target = ? AND granted_on <= ?"
        f" AND account_id IN ({marks(len(account_ids))}) ORDER BY granted_on, id",
        [WaiverTarget.LATE_FEE, as_of.isoformat(), *account_ids],
    )
    drafts = [(int(row[0]), draft_of(row)) for row in rows]
    if not drafts:
        return {}
    lapsed = lapses(conn, ledger, [draft.account_id for _, draft in drafts], as_of)
    lumps = {lump: months for records in ledger.records(account_ids).values() for lump, months in records.lumps}
    found: dict[int, list[LateFeeWaiver]] = defaultdict(list)
    for waiver_id, draft in drafts:
        if waiver_id not in lapsed:
            whole = () if draft.charge_id is None else lumps.get(draft.charge_id, (draft.charge_id,))
            found[draft.account_id].append(LateFeeWaiver(waiver_id, whole, draft.amount, draft.on))
    return found


def lapses(conn: sqlite3.Connection, ledger: Ledger, account_ids: Sequence[int], as_of: date) -> dict[int, str]:
    """Why waivers of these accounts (some hundred) hold no longer on `as_of`, by waiver; those that hold are left out."""
    ids = sorted(set(account_ids))
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM waivers WHERE voided_at IS NULL AND expires_on < ? AND granted_on <= ?"
        f" AND account_id IN ({marks(len(ids))}) ORDER BY id",
        [as_of.isoformat(), as_of.isoformat(), *ids],
    ).fetchall()
    if not rows:
        return {}
    records, rule = ledger.records(sorted({row[1] for row in rows})), ledger.rule()
    found: dict[int, str] = {}
    for row in rows:
        draft = draft_of(row)
        last = draft.expires_on or as_of
        then = records[draft.account_id].until(last)
        counts, why = holds(draft, _open_then(draft, then, open_of(then, work_out(then, rule, last))), as_of)
        if not counts:
            found[int(row[0])] = why
    return found


def _open_then(draft: WaiverDraft, records: AccountRecords, opens: dict[int, int]) -> int:
    """What was open of the principal concerned: of the charge, or of all that the account owed when it was granted."""
    if draft.charge_id is None:
        return sum(opens[charge.id] for charge in records.charges if charge.since <= draft.on)
    months = dict(records.lumps).get(draft.charge_id, (draft.charge_id,))
    return sum(opens.get(month, 0) for month in months)


def draft_of(row: Sequence[Any]) -> WaiverDraft:
    """A waiver as it was granted, from `COLUMNS`."""
    _, account_id, target, kind, amount, charge_id, on, reason, asked_by, expires_on = row[:10]
    return WaiverDraft(
        account_id=account_id,
        target=WaiverTarget(target),
        kind=WaiverKind(kind),
        amount=amount,
        charge_id=charge_id,
        on=date.fromisoformat(on),
        reason=reason,
        asked_by=asked_by,
        expires_on=day(expires_on),
    )
