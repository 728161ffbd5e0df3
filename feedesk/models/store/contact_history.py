"""What the contact guard must know of owners, read from the records: one owner in full, or many by their last days.

The rules themselves are in `models.guard`; only reading is done here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import WINDOW_DAYS, ContactHistory, read_mark
from feedesk.models.letters import SILENCING, Silence, silence
from feedesk.models.store.held import HOLDING, accounts_held_all, to_report
from feedesk.models.store.letters import papers
from feedesk.models.store.session import day, marks

_PIECE = 500
_Attempt = tuple[datetime, Channel, Outcome]
_NOTHING = ContactHistory()
_CHANNELS = {one.value: one for one in Channel}
_OUTCOMES = {one.value: one for one in Outcome}
_HELD_MONEY = (
    "SELECT account_id, at FROM claims WHERE closed_at IS NULL AND {0}"
    " UNION ALL SELECT p.account_id, '' FROM line_proposals p WHERE {1}"
    " UNION ALL SELECT d.account_id, '' FROM payment_doubts d JOIN imports m ON m.id = d.import_id"
    " WHERE d.closed_at IS NULL AND m.voided_at IS NULL AND {2}"
)
_ON_HOLD = (
    "SELECT account_id, opened_at FROM disputes d"
    f" WHERE resolved_at IS NULL AND {HOLDING} AND charge_id IS NULL AND {{0}}"
)
"""Once it is resolved the owner is to be told, so that he may be contacted although it still holds."""


@dataclass
class _Person:
    """One owner while he is being gathered."""

    do_not_call: bool = False
    sensitive: str = ""
    sensitive_until: date | None = None
    quiet: Silence | None = None
    attempts: list[_Attempt] = field(default_factory=list)

    def mark(self, reason: str, until: date | None) -> None:
        """The mark that lasts longest counts for all units."""
        if not self.sensitive or until is None or (self.sensitive_until is not None and until > self.sensitive_until):
            self.sensitive, self.sensitive_until = reason, until


def of_account(conn: sqlite3.Connection, account_id: int, now: datetime) -> ContactHistory:
    """Of the owner of one account as things stood at `now`, every contact of his ever logged included."""
    return of_units(conn, [account_id], now)


def of_units(conn: sqlite3.Connection, account_ids: Sequence[int], now: datetime) -> ContactHistory:
    """The same for a contact about several accounts, which are one owner's: what stands against any of them stands
    against it.
    """
    ids = list(dict.fromkeys(account_ids))
    verify = any(_since(conn, _HELD_MONEY, one, now) for one in ids)
    held = any(_since(conn, _ON_HOLD, one, now) for one in ids) or _held_line_by_line(conn, ids, now)
    return replace(_of_person(conn, ids, now), to_verify=verify, is_disputed=held)


def _of_person(conn: sqlite3.Connection, account_ids: Sequence[int], now: datetime) -> ContactHistory:
    found = _units(conn, account_ids)
    ids = [one for one, *_ in found]
    person = _Person()
    earlier = _marks_before(conn, ids, now)
    for one, no_call, reason, until in found:
        person.do_not_call |= bool(no_call)
        was, was_until = earlier.get(one, (reason, day(until)))
        if was:
            person.mark(was, was_until)
    for held in papers(conn, ids, lines=False).values():
        person.quiet = _longer(person.quiet, silence((one for one in held if one.on <= now.date()), now.date()))
    rows = conn.execute(
        "SELECT DISTINCT c.id, c.at, c.channel, c.outcome FROM contacts c JOIN contact_accounts x"
        f" ON x.contact_id = c.id WHERE c.voided_at IS NULL AND x.account_id IN ({marks(len(ids))})",
        ids,
    )
    person.attempts = [(datetime.fromisoformat(at), Channel(channel), Outcome(what)) for _, at, channel, what in rows]
    # What was logged afterwards for later on the same day belongs to the counts of that day.
    return _history(person, datetime.combine(now.date(), time.max))


def of_accounts(conn: sqlite3.Connection, account_ids: Collection[int], now: datetime) -> dict[int, ContactHistory]:
    """Of many accounts at once, from the contacts of the last seven days: 5,000 in some tens of milliseconds.

    Runs of days on which a phone was off, which only proposals need, may be longer than seven days and are cut there.
    """
    owner_of, persons = _persons(conn, account_ids, now)
    first = (now.date() - timedelta(days=WINDOW_DAYS)).isoformat()
    for owner_id, _, at, channel, outcome in conn.execute(
        "SELECT DISTINCT a.owner_id, c.id, c.at, c.channel, c.outcome FROM contacts c JOIN contact_accounts x"
        " ON x.contact_id = c.id JOIN accounts a ON a.id = x.account_id"
        " WHERE c.at >= ? AND c.at <= ? AND c.voided_at IS NULL",
        (first, now.isoformat(timespec="minutes")),
    ):
        if owner_id in persons:
            persons[owner_id].attempts.append((datetime.fromisoformat(at), _CHANNELS[channel], _OUTCOMES[outcome]))
    histories = {owner_id: _history(person, now) for owner_id, person in persons.items()}
    verify, held = _all(conn, _HELD_MONEY), _all(conn, _ON_HOLD)
    one_by_one = accounts_held_all(conn, owner_of)
    held |= one_by_one.keys() - to_report(conn, one_by_one).keys()
    found = {}
    for account_id, owner_id in owner_of.items():
        history = histories[owner_id]
        if account_id in verify or account_id in held:
            history = replace(history, to_verify=account_id in verify, is_disputed=account_id in held)
        found[account_id] = history
    return found


def _persons(
    conn: sqlite3.Connection, account_ids: Collection[int], now: datetime
) -> tuple[dict[int, int], dict[int, _Person]]:
    """The owner of each account asked for, and the owners themselves with what stands against contacting them."""
    wanted = set(account_ids)
    owner_of: dict[int, int] = {}
    persons: dict[int, _Person] = {}
    account_owner: dict[int, int] = {}
    marked: list[tuple[int, int, str, str | None]] = []
    for account_id, owner_id, no_call, reason, until in conn.execute(
        "SELECT id, owner_id, do_not_call, sensitive, sensitive_until FROM accounts"
    ):
        account_owner[account_id] = owner_id
        if account_id in wanted:
            owner_of[account_id] = owner_id
        if no_call or reason:
            marked.append((owner_id, no_call, reason, until))
    persons = {owner_id: _Person() for owner_id in set(owner_of.values())}
    for owner_id, no_call, reason, until in marked:
        person = persons.get(owner_id)
        if person is not None:
            person.do_not_call |= bool(no_call)
            if reason:
                person.mark(reason, day(until))
    quieted = [one for one in _with_letters(conn) if account_owner[one] in persons]
    for account_id, held in papers(conn, quieted, lines=False).items():
        person = persons[account_owner[account_id]]
        person.quiet = _longer(person.quiet, silence(held, now.date()))
    return owner_of, persons


def _units(conn: sqlite3.Connection, account_ids: Sequence[int]) -> list[tuple[int, int, str, str | None]]:
    return conn.execute(
        "SELECT id, do_not_call, sensitive, sensitive_until FROM accounts WHERE owner_id IN"
        f" (SELECT owner_id FROM accounts WHERE id IN ({marks(len(account_ids))}))",
        list(account_ids),
    ).fetchall()


def _marks_before(conn: sqlite3.Connection, ids: Sequence[int], now: datetime) -> dict[int, tuple[str, date | None]]:
    """暂不联系 of those accounts of which it was changed after `now`, as it stood then: what was done before a mark was
    set is not against it, and what was done while it stood is, although it has been ended since. Of the others the mark
    of today counts: nothing on record says that it was ever another.
    """
    rows = conn.execute(
        "SELECT account_id, before, min(id) FROM trait_changes WHERE trait = 'sensitive' AND at > ?"
        f" AND account_id IN ({marks(len(ids))}) GROUP BY account_id",
        [now.isoformat(timespec="seconds"), *ids],
    )
    return {account_id: read_mark(before) for account_id, before, _ in rows}


def _held_line_by_line(conn: sqlite3.Connection, ids: Sequence[int], now: datetime) -> bool:
    """Whether any of these was left in peace at `now` because each of its lines is held by itself."""
    stamp = now.isoformat(timespec="minutes")
    untold = to_report(conn, ids)
    held = accounts_held_all(conn, ids)
    return any(one.since[:16] <= stamp for account_id, one in held.items() if account_id not in untold)


def _with_letters(conn: sqlite3.Connection) -> Iterator[int]:
    """Accounts that were sent a paper after which nobody calls."""
    kinds = sorted(SILENCING)
    rows = conn.execute(
        "SELECT x.account_id FROM notices n JOIN notice_accounts x ON x.notice_id = n.id"
        f" WHERE n.voided_at IS NULL AND n.kind IN ({marks(len(kinds))})"
        " UNION SELECT x.account_id FROM documents d JOIN document_accounts x ON x.document_id = d.id"
        f" WHERE d.voided_at IS NULL AND d.kind IN ({marks(len(kinds))})",
        [*kinds, *kinds],
    )
    return (account_id for (account_id,) in rows.fetchall())


def _since(conn: sqlite3.Connection, sql: str, account_id: int, now: datetime) -> bool:
    """Whether something of this kind stood against the account already at `now`."""
    places = sql.count("{")
    wheres = ("account_id = ?1", "p.account_id = ?1", "d.account_id = ?1")[:places]
    stamp = now.isoformat(timespec="seconds")
    return any(at[:16] <= stamp[:16] for _, at in conn.execute(sql.format(*wheres), (account_id,)))


def _all(conn: sqlite3.Connection, sql: str) -> set[int]:
    return {account_id for account_id, _ in conn.execute(sql.format(*("1",) * sql.count("{")))}


def _history(person: _Person, now: datetime) -> ContactHistory:
    history = ContactHistory.of(person.attempts, now) if person.attempts else _NOTHING
    if not (person.do_not_call or person.sensitive or person.quiet):
        return history
    return replace(
        history,
        do_not_call=person.do_not_call,
        sensitive=person.sensitive,
        sensitive_until=person.sensitive_until,
        quiet=person.quiet,
    )


def _longer(one: Silence | None, other: Silence | None) -> Silence | None:
    return max((held for held in (one, other) if held is not None), key=lambda held: held.until, default=None)
