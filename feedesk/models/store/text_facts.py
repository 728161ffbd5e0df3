"""What the records say of owners who may get a reminder by SMS or WeChat. Reading only."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from feedesk.models.accounts import Phone, PhoneState, Step
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import ContactHistory
from feedesk.models.ledger.plans import PlanVerdict
from feedesk.models.notice_batch import NoticeCandidate
from feedesk.models.service import DOORS, SIGNED, DeliveryMethod
from feedesk.models.store import contact_history
from feedesk.models.store.figures import Figures
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.plan_facts import plan_verdicts
from feedesk.models.store.session import Session, day, marks, pieces
from feedesk.models.texts import OwnerFacts, Promised, UnitFacts
from feedesk.models.texts.choose import LATELY_DAYS

_AT_THE_DOOR, _IN_HAND = "您家门口", "您家"
_WHERE = {**dict.fromkeys(DOORS, _AT_THE_DOOR), **dict.fromkeys(SIGNED, _IN_HAND)}
"""Ways of service of which an owner can be told where the paper is."""


class TextFacts:
    """Gathers owners with all their units, in few statements however many there are."""

    def __init__(self, session: Session, figures: Figures, ledger: Ledger) -> None:
        self._session = session
        self._figures = figures
        self._ledger = ledger

    def owners(self, account_ids: Collection[int], now: datetime) -> list[OwnerFacts]:
        """The owners of these accounts with all units on record under them."""
        asked = frozenset(account_ids)
        ids = self._units(sorted(asked))
        conn = self._session.conn
        candidates = {one.account_id: one for one in self._figures.notice_candidates(ids)}
        parts = _Parts(conn, self._ledger, ids, now.date())
        histories = contact_history.of_accounts(conn, ids, now)
        grouped: dict[int, list[UnitFacts]] = defaultdict(list)
        for account_id in ids:
            candidate = candidates[account_id]
            grouped[candidate.owner_id].append(parts.unit(candidate))
        texts, numbers = self._texts(now), self._numbers()
        found = []
        for owner_id, units in grouped.items():
            units.sort(key=lambda unit: (not unit.owed, parts.room_key(unit.account_id)))
            history = self._history(histories, units, texts.get(owner_id, ()))
            found.append(
                OwnerFacts(
                    owner_id=owner_id,
                    units=tuple(units),
                    asked=asked,
                    history=history,
                    texted_on=_about_this_debt(history, units),
                    paid=parts.paid(unit.account_id for unit in units),
                    also_of=tuple(_others(owner_id, units, numbers)),
                )
            )
        return found

    def _units(self, asked: Sequence[int]) -> list[int]:
        found: set[int] = set()
        for part in pieces(asked):
            found |= {
                row[0]
                for row in self._session.conn.execute(
                    "SELECT id FROM accounts WHERE owner_id IN"
                    f" (SELECT owner_id FROM accounts WHERE id IN ({marks(len(part))}))",
                    part,
                )
            }
        return sorted(found)

    def _texts(self, now: datetime) -> dict[int, tuple[datetime, ...]]:
        """When each owner was sent messages by us, oldest first; voided ones do not count."""
        found: dict[int, list[datetime]] = defaultdict(list)
        for owner_id, _, at in self._session.conn.execute(
            "SELECT DISTINCT a.owner_id, c.id, c.at FROM contacts c JOIN contact_accounts x ON x.contact_id = c.id"
            " JOIN accounts a ON a.id = x.account_id WHERE c.voided_at IS NULL AND c.channel = ? AND c.outcome = ?"
            " AND c.at <= ? ORDER BY c.at",
            (Channel.MESSAGE, Outcome.SENT, now.isoformat(timespec="minutes")),
        ):
            found[owner_id].append(datetime.fromisoformat(at))
        return {owner_id: tuple(held) for owner_id, held in found.items()}

    @staticmethod
    def _history(
        histories: dict[int, ContactHistory], units: Sequence[UnitFacts], texts: tuple[datetime, ...]
    ) -> ContactHistory:
        """Of the person: what is about one unit only (a doubt, an objection) is judged unit by unit."""
        history = histories[units[0].account_id]
        return replace(history, texts=texts, to_verify=False, is_disputed=False)

    def _numbers(self) -> dict[str, list[tuple[int, str, str]]]:
        """Numbers that stand under several owners: owner, room and name of each."""
        found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for number, owner_id, room, name in self._session.conn.execute(
            "SELECT p.number, a.owner_id, u.room, a.name FROM phones p JOIN accounts a ON a.id = p.account_id"
            " JOIN units u ON u.id = a.unit_id WHERE a.until IS NULL AND p.number IN (SELECT q.number FROM phones q"
            "  JOIN accounts b ON b.id = q.account_id WHERE b.until IS NULL GROUP BY q.number"
            "  HAVING count(DISTINCT b.owner_id) > 1) ORDER BY u.room_key, a.id"
        ):
            found["".join(char for char in number if char.isdigit())].append((owner_id, room, name))
        return found


class _Parts:
    """What is read once for all accounts asked for."""

    def __init__(self, conn: sqlite3.Connection, ledger: Ledger, ids: list[int], today: date) -> None:
        self._conn = conn
        self._ids = ids
        self._today = today
        self._plans = self._of_plans()
        self._promises = self._of_promises(ledger)
        self._phones = self._of_phones()
        self._served = self._of_deliveries()
        self._paid = self._of_payments()
        self._rows = {
            row[0]: row
            for row in self._all(
                "SELECT a.id, a.tenant, a.step, a.cleared_at, u.room_key FROM accounts a"
                " JOIN units u ON u.id = a.unit_id WHERE a.id IN ({ids})"
            )
        }

    def room_key(self, account_id: int) -> str:
        """By which rooms are sorted."""
        return str(self._rows[account_id][4])

    def unit(self, candidate: NoticeCandidate) -> UnitFacts:
        """One account: what a 催款单 must know of it, and what only a text asks."""
        _, tenant, step, cleared_at, _ = self._rows[candidate.account_id]
        account_id = candidate.account_id
        return UnitFacts(
            account_id=account_id,
            room=candidate.room,
            name=candidate.name,
            salutation=candidate.salutation,
            tenant=tenant or "",
            charges=candidate.charges,
            over=candidate.over,
            is_former=candidate.is_former,
            claim_open=candidate.claim_open,
            doubt=candidate.doubt,
            dispute_hold=candidate.dispute_hold,
            plan=self._plans.get(account_id),
            promise=self._promises.get(account_id),
            step=Step(step),
            phones=tuple(self._phones.get(account_id, ())),
            cleared_on=day(cleared_at[:10]) if cleared_at else None,
            served=self._served.get(account_id),
        )

    def paid(self, account_ids: Iterator[int]) -> tuple[date, int] | None:
        """The day of the last payment for any of these, and what came that day in 分."""
        found: dict[date, int] = defaultdict(int)
        for account_id in account_ids:
            for on, amount in self._paid.get(account_id, ()):
                found[on] += amount
        return max(found.items(), default=None)

    def _all(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        for part in pieces(self._ids):
            yield from self._conn.execute(sql.format(ids=marks(len(part))), [*part, *values])

    def _of_plans(self) -> dict[int, PlanVerdict]:
        found: dict[int, PlanVerdict] = {}
        for part in pieces(self._ids):
            found |= plan_verdicts(self._conn, part, self._today)
        return found

    def _of_promises(self, ledger: Ledger) -> dict[int, Promised]:
        """The promise made last about the present debt, with what has come in since."""
        last: dict[int, tuple[str, int, str]] = {}
        for account_id, due_on, amount, made_at in self._all(
            "SELECT p.account_id, p.due_on, p.amount, p.made_at FROM promises p JOIN contacts c ON c.id = p.contact_id"
            " JOIN accounts a ON a.id = p.account_id WHERE p.account_id IN ({ids}) AND c.voided_at IS NULL"
            " AND p.made_at >= coalesce(a.cleared_at, '') ORDER BY p.made_at, p.id"
        ):
            last[account_id] = due_on, amount, made_at
        income = ledger.income(list(last))
        return {
            account_id: Promised(
                date.fromisoformat(due_on),
                amount,
                sum(one.amount for one in income.get(account_id, ()) if one.at >= datetime.fromisoformat(made_at)),
            )
            for account_id, (due_on, amount, made_at) in last.items()
        }

    def _of_phones(self) -> dict[int, list[Phone]]:
        found: dict[int, list[Phone]] = defaultdict(list)
        for phone_id, account_id, number, holder, source, state in self._all(
            "SELECT id, account_id, number, holder, source, state FROM phones WHERE account_id IN ({ids}) ORDER BY id"
        ):
            found[account_id].append(Phone(phone_id, number, holder, source, PhoneState(state)))
        return found

    def _of_deliveries(self) -> dict[int, tuple[date, str]]:
        """The latest arrival of a notice about the present debt, where an owner can be told where it is."""
        found: dict[int, tuple[date, str]] = {}
        for account_id, method, arrived_on in self._all(
            "SELECT x.account_id, d.method, d.arrived_on FROM deliveries d JOIN notices n ON n.id = d.notice_id"
            " JOIN notice_accounts x ON x.notice_id = n.id JOIN accounts a ON a.id = x.account_id"
            " WHERE x.account_id IN ({ids}) AND d.voided_at IS NULL AND n.voided_at IS NULL"
            " AND n.issued_at > coalesce(a.cleared_at, '') ORDER BY d.arrived_on, d.id"
        ):
            where = _WHERE.get(DeliveryMethod(method))
            if where:
                found[account_id] = date.fromisoformat(arrived_on), where
        return found

    def _of_payments(self) -> dict[int, list[tuple[date, int]]]:
        found: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for account_id, paid_on, amount in self._all(
            "SELECT s.account_id, p.paid_on, s.amount FROM payment_shares s JOIN live_payments p ON p.id = s.payment_id"
            " WHERE s.account_id IN ({ids}) AND p.paid_on >= ? ORDER BY p.paid_on, p.id",
            (self._today - timedelta(days=2 * LATELY_DAYS)).isoformat(),
        ):
            found[account_id].append((date.fromisoformat(paid_on), amount))
        return found


def _about_this_debt(history: ContactHistory, units: Sequence[UnitFacts]) -> tuple[date, ...]:
    """Messages sent since any of the units that owe last owed nothing."""
    since = min((unit.cleared_on or date.min for unit in units if unit.owed), default=date.max)
    return tuple(sorted({at.date() for at in history.texts if at.date() >= since}))


def _others(
    owner_id: int, units: Sequence[UnitFacts], numbers: dict[str, list[tuple[int, str, str]]]
) -> Iterator[tuple[str, str, str]]:
    """Other owners at one of these units' numbers."""
    own = {"".join(char for char in phone.number if char.isdigit()) for unit in units for phone in unit.phones}
    for number in sorted(own & numbers.keys()):
        for other, room, name in numbers[number]:
            if other != owner_id:
                yield number, room, name
