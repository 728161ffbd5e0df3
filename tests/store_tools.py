"""What the tests of the office file share: contacts and papers in one line, and a hand in the file's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from feedesk.models.accounts import Category, OwnerRow
from feedesk.models.changes import Changes
from feedesk.models.charges import open_period
from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.limitation import ClockState
from feedesk.models.notice_batch import NoticeOptions, propose
from feedesk.models.notices import NoticeData
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import Office, backups
from tests.office_tools import ids_by_room


@contextmanager
def behind_the_back(path: Path, *, guarded: bool = False) -> Iterator[sqlite3.Connection]:
    """A bare connection to a closed office file; without its guards unless `guarded`."""
    with closing(sqlite3.connect(path)) as conn:
        if not guarded:
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                conn.execute(f"DROP TRIGGER {name}")
        yield conn
        conn.commit()


def contact(
    *account_ids: int,
    at: datetime,
    outcome: Outcome = Outcome.NO_DAY,
    channel: Channel = Channel.PHONE,
    number: str = "",
    said: str = "",
    category: Category | None = None,
    next_at: datetime | None = None,
    promise: tuple[date, int] | None = None,
    claim: tuple[date, int] | None = None,
    override_reason: str = "业主来电",
) -> ContactDraft:
    """A draft as the dialog hands it over; the contact guard has its reason, should it ask for one."""
    return ContactDraft(
        account_ids=account_ids,
        at=at,
        channel=channel,
        number=number,
        outcome=outcome,
        said=said,
        category=category,
        next_action=NextAction(next_at, False, "再联系" if next_at else ""),
        promise=PromiseDraft(*promise) if promise else None,
        claim=ClaimDraft(*claim, way="转账") if claim else None,
        dispute_kind="维修" if outcome is Outcome.DISPUTE else "",
        override_reason=override_reason,
    )


def propose_rooms(
    office: Office, rooms: Sequence[str], issued_on: date | None = None, **wishes: bool
) -> list[NoticeData]:
    """The notices that a run for these rooms would hold."""
    day = issued_on or office.session.today()
    ids = ids_by_room(office)
    options = NoticeOptions(day, day + timedelta(days=15), None, "许宁", again_within_week=True, **wishes)
    candidates = office.figures.notice_candidates([ids[room] for room in rooms])
    return list(propose(candidates, options, office.settings.profile()).notices)


def issue(office: Office, *rooms: str, issued_on: date | None = None, **wishes: bool) -> Changes:
    """Number and freeze the notices of these rooms; the paper itself is not made."""
    return office.notices.issue(propose_rooms(office, rooms, issued_on, **wishes), "催款单.pdf", lambda _: "0" * 64)


def owed(office: Office) -> dict[str, int]:
    """Open sum in 分 by room, over all tenures."""
    rows = office.session.conn.execute("SELECT room, sum(owed) FROM account_state GROUP BY room HAVING sum(owed) <> 0")
    return dict(rows)


def states(office: Office) -> list[tuple[object, ...]]:
    """Every derived state as kept."""
    return office.session.conn.execute("SELECT * FROM account_state ORDER BY account_id").fetchall()


def assert_sound(office: Office) -> None:
    """The file passes its own check, and what is kept as derived is what follows from the records."""
    assert backups.check(office.path) == []
    office.roll_day()
    kept = states(office)
    with office.session.writing():
        office.states.refresh(None)
    assert states(office) == kept
    for row in office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room"):
        _assert_follows(office, row)


def _assert_follows(office: Office, row: OwnerRow) -> None:
    """A row as kept, told once more the long way: from the charges, phones and facts of that account alone."""
    charges = office.accounts.charges(row.account_id)
    still_open = [charge for charge in charges if charge.owed]
    period = open_period(charges)
    assert row.owed == sum(charge.owed for charge in charges) and row.is_paid == (not still_open)
    assert row.oldest_due_on == min((charge.due_on for charge in still_open if charge.due_on), default=None)
    assert row.period_text == (period.text() if period else "期间待核" if still_open else "")
    facts, state = office.states.of(row.account_id)
    assert facts.owed == row.owed and facts.settled_some == any(charge.settled for charge in still_open)
    assert facts.ever_owed == bool(charges)
    assert row.severity == (office.traits.graded(facts).severity or "")
    assert row.debtor_type is (
        office.traits.chosen_type(row.account_id) or office.traits.suggestion(row.account_id).debtor_type
    )
    assert (row.mark, row.mark_text, row.strong, row.group, row.why, row.next_text, row.last_text) == (
        state.mark, state.mark_text, state.strong, state.group, state.why, state.next_text, state.last_text,
    )  # fmt: skip
    assert (row.next_at, row.last_at, row.category, row.step) == (
        facts.next_at, facts.last_at and facts.last_at.replace(second=0), facts.category, facts.step,
    )  # fmt: skip
    clocks = [
        one for one in office.limitation.of_account(row.account_id).values() if one.state is not ClockState.CLOSED
    ]
    ends = [one.conservative.expires_on for one in clocks if one.conservative and not one.is_over]
    assert (row.action, row.limit_on) == (state.action, min(ends, default=None))
    assert facts.all_over == (bool(clocks) and all(one.is_over for one in clocks))
    tails = office.session.conn.execute(
        "SELECT tails FROM account_state WHERE account_id = ?", (row.account_id,)
    ).fetchone()[0]
    assert tails.split() == [phone.number[-4:] for phone in office.accounts.get(row.account_id).phones]
