"""The promise ledger of the office: every promise with what came of it, derived anew whenever it is read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

from feedesk.models.promises import (
    Arrival,
    JudgedPromise,
    Promise,
    PromiseMonths,
    PromiseRate,
    judge,
    rates,
    rates_by_clerk,
)
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.session import Session
from feedesk.models.workdays import is_workday

_OF_OWNERS = (
    "SELECT a.owner_id, p.contact_id, p.account_id, p.amount, p.due_on, p.made_at, c.staff_id, s.name,"
    " c.voided_at IS NOT NULL, coalesce(c.void_reason, ''), u.room, a.name"
    " FROM promises p JOIN contacts c ON c.id = p.contact_id JOIN accounts a ON a.id = p.account_id"
    " JOIN units u ON u.id = a.unit_id JOIN staff s ON s.id = c.staff_id WHERE a.owner_id IN "
)


class Promises:
    """Reads promises and the money that came in; writes nothing. Promises are made by logging a contact."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    def of_account(self, account_id: int) -> tuple[JudgedPromise, ...]:
        """The promises of this account's owner, for all his units, newest first, voided ones included."""
        found = self._judged("(SELECT owner_id FROM accounts WHERE id = ?)", (account_id,))
        return tuple(found)

    def rate_of_owner(self, account_id: int) -> PromiseRate:
        """How this account's owner keeps his promises."""
        return rates(self.of_account(account_id))

    def between(self, first: date, last: date, staff_id: int | None = None) -> tuple[JudgedPromise, ...]:
        """The promises made in these days, both included, newest first; of one clerk where one is given."""
        found = self._judged(
            "(SELECT x.owner_id FROM promises q JOIN accounts x ON x.id = q.account_id"
            " WHERE q.made_at >= ? AND q.made_at < ?)",
            (first.isoformat(), (last + timedelta(days=1)).isoformat()),
        )
        inside = [
            one
            for one in found
            if first <= one.promise.made_at.date() <= last and staff_id in (None, one.promise.staff_id)
        ]
        return tuple(sorted(inside, key=lambda one: (one.promise.made_at, one.promise.contact_id), reverse=True))

    def of_contacts(self, contact_ids: Iterable[int]) -> tuple[JudgedPromise, ...]:
        """The promises made in these contacts, in no particular order, read together."""
        wanted = set(contact_ids)
        found = self._judged(
            "(SELECT x.owner_id FROM promises q JOIN accounts x ON x.id = q.account_id"
            " WHERE q.contact_id IN (SELECT value FROM json_each(?)))",
            (json.dumps(sorted(wanted)),),
        )
        return tuple(one for one in found if one.promise.contact_id in wanted)

    def due(self, first: date, last: date) -> tuple[JudgedPromise, ...]:
        """The promises for these days, both included, by day, then in the order of the rooms."""
        found = self._judged(
            "(SELECT x.owner_id FROM promises q JOIN accounts x ON x.id = q.account_id WHERE q.due_on BETWEEN ? AND ?)",
            (first.isoformat(), last.isoformat()),
        )
        inside = [one for one in found if first <= one.promise.due_on <= last]
        return tuple(sorted(inside, key=lambda one: one.promise.due_on))

    def rates_by_clerk(self, first: date, last: date) -> tuple[tuple[str, PromiseRate], ...]:
        """How the promises for these days were kept, by the clerk who took them."""
        return rates_by_clerk(self.due(first, last))

    def months(self) -> PromiseMonths:
        """The promises for this month and for the month before."""
        today = self._session.today()
        month = today.replace(day=1)
        before = (month - timedelta(days=1)).replace(day=1)
        ends = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found = self.due(before, ends)
        return PromiseMonths(
            today,
            month,
            before,
            tuple(one for one in found if one.promise.due_on >= month),
            tuple(one for one in found if one.promise.due_on < month),
        )

    def _judged(self, owners: str, values: tuple[object, ...]) -> list[JudgedPromise]:
        """All promises of these owners, in the order of the rooms: one alone cannot be judged."""
        rows = self._session.conn.execute(f"{_OF_OWNERS}{owners} ORDER BY u.room_key, p.id", values).fetchall()
        said: dict[tuple[int, int], list[tuple[str, tuple[int, int]]]] = defaultdict(list)
        facts: dict[tuple[int, int], tuple[str, str, int, str, str, str]] = {}
        accounts: dict[int, set[int]] = defaultdict(set)
        for (
            owner_id,
            contact_id,
            account_id,
            amount,
            due_on,
            made_at,
            staff_id,
            staff,
            voided,
            why,
            room,
            name,
        ) in rows:
            key = owner_id, contact_id
            said[key].append((room, (account_id, amount)))
            accounts[owner_id].add(account_id)
            facts.setdefault(key, (due_on, made_at, staff_id, staff, (why or "—") if voided else "", name))
        owned: dict[int, list[Promise]] = defaultdict(list)
        for (owner_id, contact_id), parts in said.items():
            due_on, made_at, staff_id, staff, voided, name = facts[owner_id, contact_id]
            owned[owner_id].append(
                Promise(
                    contact_id,
                    owner_id,
                    tuple(part for _, part in parts),
                    date.fromisoformat(due_on),
                    datetime.fromisoformat(made_at),
                    staff_id,
                    staff,
                    parts[0][0] + (f" 等 {len(parts)} 套" if len(parts) > 1 else ""),
                    name,
                    voided,
                )
            )
        income = self._ledger.income([account_id for ids in accounts.values() for account_id in sorted(ids)])
        today, works = self._session.today(), cache(is_workday)
        found: list[JudgedPromise] = []
        for owner_id, promises in owned.items():
            arrivals = [
                Arrival(account_id, entry.at, entry.day, entry.amount)
                for account_id in accounts[owner_id]
                for entry in income.get(account_id, ())
            ]
            found += judge(promises, arrivals, today, works)
        return found
