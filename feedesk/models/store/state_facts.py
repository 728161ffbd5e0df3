"""What is on record about accounts, gathered for deriving their states: in few statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from feedesk.models.accounts import Category, DebtorType, PhoneState, Step, remark_flags
from feedesk.models.contacts import Channel, ClaimDraft, NextAction, Outcome
from feedesk.models.days import short_day
from feedesk.models.money import show_yuan
from feedesk.models.statements import STATEMENT_KIND_LABELS, StatementKind
from feedesk.models.status import ContactFacts, PromiseFacts
from feedesk.models.store import balances, letters
from feedesk.models.store.clocks import limits_of
from feedesk.models.store.held import HOLDING, NOT_HELD, accounts_held_all, held_sums_of, to_report
from feedesk.models.store.ledger import Income, Ledger
from feedesk.models.store.plan_facts import plan_verdicts
from feedesk.models.store.session import Session, day, marks, moment

_Plan = tuple[NextAction, datetime | None]
"""What is planned, and when that was decided by hand; None: the last contact planned it."""
_NO_PLAN: _Plan = (NextAction(None, False, ""), None)


class Columns(NamedTuple):
    """What a row shows besides what is derived."""

    account_id: int
    owner_id: int
    room: str
    room_key: str
    building: str
    name: str
    staff_id: int | None
    type_is_chosen: bool
    tails: str
    owed: int
    periods: str | None


class StateFacts:
    """Reads the records of some accounts at a time."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    def gather(self, ids: list[int]) -> Iterator[tuple[Columns, dict[str, Any]]]:
        """Row columns and the fields of `AccountFacts` (besides id and sum) of each account, in few statements."""
        sums = balances.sums_of(self._session.conn, ids)
        contacts, plans = self._contacts(ids)
        paid = self._ledger.income(ids)
        in_doubt = self.doubts(ids)
        running = plan_verdicts(self._session.conn, ids, self._session.today())
        promises = self._promises(ids, paid)
        claims = self._claims(ids)
        disputes = self._disputes(ids)
        untold = to_report(self._session.conn, ids)
        held_all = accounts_held_all(self._session.conn, ids)
        side_reviews = self._side_reviews(ids)
        papers = letters.papers(self._session.conn, ids, lines=False)
        owner_letters = letters.owner_letters(self._session.conn, ids)
        suits = letters.suits_elsewhere(self._session.conn, ids)
        limits = limits_of(self._session.conn, ids)
        phones = self._phones(ids)
        held_sums = held_sums_of(self._session.conn, promises)
        rows = self._session.conn.execute(
            "SELECT a.id, a.owner_id, u.room, u.room_key, u.building, a.name, a.staff_id, a.category, a.step,"
            " a.debtor_type, a.type_is_chosen, a.do_not_call, a.remark, a.until, a.cleared_at, a.sensitive,"
            " a.sensitive_until, a.residence, u.property_kind"
            f" FROM accounts a JOIN units u ON u.id = a.unit_id WHERE a.id IN ({marks(len(ids))})",
            ids,
        )
        for row in rows:
            (account_id, owner_id, room, room_key, building, name, staff_id, category, step, debtor_type, chosen,
             no_call, remark, until, cleared_at, sensitive, sensitive_until, residence,
             property_kind) = row  # fmt: skip
            money = sums.get(account_id)
            tails, all_dead, live_numbers, dead, works = phones.get(account_id, ("", False, 0, 0, False))
            claim, claimed_at = claims.get(account_id, (None, None))
            limit_on, all_over = limits.get(account_id, (None, False))
            held = held_all.get(account_id, NOT_HELD)
            payments = paid.get(account_id, [])
            plan, replanned_at = plans.get(account_id, _NO_PLAN)
            values = {
                "ever_owed": money is not None,
                "askable": money.owed - held_sums.get(account_id, 0) if money and account_id in promises else None,
                "oldest_due_on": day(money.oldest_due_on) if money else None,
                "settled_some": bool(money and money.settled_some),
                "promises": tuple(promises.get(account_id, ())),
                "claim": claim,
                "claimed_at": claimed_at,
                "do_not_call": bool(no_call),
                "is_disputed": account_id in disputes,
                "dispute_review_on": disputes.get(account_id, (held.review_on, ""))[0],
                "dispute_kind": disputes.get(account_id, (None, ""))[1],
                "to_report": untold.get(account_id, ""),
                "held_all": held.why,
                "side_review_on": None if held.why else side_reviews.get(account_id),
                "papers": papers.get(account_id, ()),
                "owner_letters": owner_letters.get(account_id, ()),
                "suit_elsewhere": suits.get(account_id, ""),
                "limit_on": day(limit_on),
                "all_over": all_over,
                "sensitive": sensitive,
                "sensitive_until": day(sensitive_until),
                "contacts": tuple(contacts.get(account_id, ())),
                "numbers_all_dead": all_dead,
                "has_number": account_id in phones,
                "live_numbers": live_numbers,
                "dead_numbers": dead,
                "has_working_number": works,
                "residence": residence,
                "property_kind": property_kind,
                "next_at": plan.at,
                "next_has_time": plan.has_time,
                "next_reason": plan.reason,
                "waits_for": plan.waits_for,
                "replanned_at": replanned_at,
                "paid_on": payments[-1].day if payments else None,
                "paid_amount": payments[-1].amount if payments else 0,
                "paid_way": payments[-1].way if payments else "",
                "doubt": in_doubt.get(account_id, ""),
                "plan": running.get(account_id),
                "first_seen": moment(money.first_seen) if money else None,
                "cleared_at": moment(cleared_at),
                "flags": remark_flags(remark) if remark else (),
                "is_former": until is not None,
                "step": Step(step),
                "category": Category(category) if category else None,
                "debtor_type": DebtorType(debtor_type),
            }
            yield (
                Columns(
                    account_id,
                    owner_id,
                    room,
                    room_key,
                    building,
                    name,
                    staff_id,
                    bool(chosen),
                    tails,
                    money.owed if money else 0,
                    money.periods if money else None,
                ),
                values,
            )

    def _contacts(self, ids: list[int]) -> tuple[dict[int, list[ContactFacts]], dict[int, _Plan]]:
        """Contacts that count, and the plan in force: the last contact's, or one made by hand since. A reminder by text,
        which goes to an owner for all his units at once, leaves standing what was planned for each about its present debt.
        """
        found: dict[int, list[ContactFacts]] = defaultdict(list)
        plans: dict[int, _Plan] = {}
        logged: dict[int, str] = {}
        for (account_id, at, logged_at, channel, outcome, said, next_at, has_time, reason, waits_for, is_text,
             cleared_at) in self._session.conn.execute(
            "SELECT x.account_id, c.at, c.logged_at, c.channel, c.outcome, c.said, c.next_at, c.next_has_time,"
            " c.next_reason, c.waits_for, s.contact_id IS NOT NULL, coalesce(a.cleared_at, '') FROM contact_accounts x"
            " JOIN contacts c ON c.id = x.contact_id JOIN accounts a ON a.id = x.account_id"
            " LEFT JOIN sent_texts s ON s.contact_id = c.id"
            f" WHERE c.voided_at IS NULL AND x.account_id IN ({marks(len(ids))}) ORDER BY c.at, c.id",
            ids,
        ):  # fmt: skip
            found[account_id].append(ContactFacts(datetime.fromisoformat(at), Channel(channel), Outcome(outcome), said))
            before, _ = plans.get(account_id, _NO_PLAN)
            if is_text and (before.at or before.waits_for) and logged[account_id] > cleared_at:
                continue
            plans[account_id] = NextAction(moment(next_at), bool(has_time), reason, waits_for), None
            logged[account_id] = logged_at
        for account_id, made_at, next_at, has_time, reason in self._session.conn.execute(
            "SELECT account_id, made_at, next_at, next_has_time, reason FROM follow_ups"
            f" WHERE voided_at IS NULL AND account_id IN ({marks(len(ids))}) ORDER BY id",
            ids,
        ):
            if made_at >= logged.get(account_id, ""):
                plan = NextAction(moment(next_at), bool(has_time), reason)
                plans[account_id] = plan, datetime.fromisoformat(made_at)
        return found, plans

    def _promises(self, ids: list[int], paid: dict[int, list[Income]]) -> dict[int, list[PromiseFacts]]:
        found: dict[int, list[PromiseFacts]] = defaultdict(list)
        for account_id, amount, due_on, made_at in self._session.conn.execute(
            "SELECT p.account_id, p.amount, p.due_on, p.made_at FROM promises p JOIN contacts c ON c.id = p.contact_id"
            f" WHERE c.voided_at IS NULL AND p.account_id IN ({marks(len(ids))}) ORDER BY p.id",
            ids,
        ):
            made = datetime.fromisoformat(made_at)
            since = sum(entry.amount for entry in paid.get(account_id, ()) if entry.at >= made)
            found[account_id].append(PromiseFacts(date.fromisoformat(due_on), amount, made, max(0, since)))
        return found

    def _claims(self, ids: list[int]) -> dict[int, tuple[ClaimDraft, datetime]]:
        """The payment that an owner spoke of last, and when he did."""
        rows = self._session.conn.execute(
            "SELECT account_id, paid_on, amount, way, note, at FROM claims WHERE closed_at IS NULL"
            f" AND account_id IN ({marks(len(ids))}) ORDER BY id",
            ids,
        )
        return {
            account_id: (ClaimDraft(date.fromisoformat(on), amount, way, note), datetime.fromisoformat(at))
            for account_id, on, amount, way, note, at in rows
        }

    def doubts(self, ids: list[int]) -> dict[int, str]:
        """Why an account must not be called before its money is checked: money on a statement that may be its own, or a
        payment on record that finance's list does not know.
        """
        conn, today = self._session.conn, self._session.today()
        found: dict[int, str] = {}
        for account_id, paid_at, amount, kind in conn.execute(
            "SELECT p.account_id, l.paid_at, p.amount, t.kind FROM line_proposals p JOIN statement_lines l"
            " ON l.id = p.line_id JOIN statements t ON t.id = l.statement_id"
            f" WHERE p.account_id IN ({marks(len(ids))}) ORDER BY l.id",
            ids,
        ):
            on, what = short_day(date.fromisoformat(paid_at[:10]), today), STATEMENT_KIND_LABELS[StatementKind(kind)]
            found[account_id] = f"{what} {on} 有一笔 {show_yuan(amount)} 可能是这户的：核对清楚前不催"
        for account_id, amount, as_of in conn.execute(
            "SELECT d.account_id, sum(d.amount), max(m.as_of) FROM payment_doubts d JOIN imports m ON m.id = d.import_id"
            f" WHERE d.closed_at IS NULL AND m.voided_at IS NULL AND d.account_id IN ({marks(len(ids))})"
            " GROUP BY d.account_id",
            ids,
        ):
            on = short_day(date.fromisoformat(as_of), today)
            found[account_id] = f"{on} 的清单仍列着已收的 {show_yuan(amount)}：与财务核对清楚前不催"
        return found

    def _disputes(self, ids: list[int]) -> dict[int, tuple[date | None, str]]:
        """The first review day of the objections that hold each account, and that one's kind (min takes its row along)."""
        rows = self._session.conn.execute(
            f"SELECT account_id, min(review_on), kind FROM disputes d WHERE {HOLDING}"
            f" AND charge_id IS NULL AND account_id IN ({marks(len(ids))}) GROUP BY account_id",
            ids,
        )
        return {account_id: (day(review_on), kind) for account_id, review_on, kind in rows}

    def _side_reviews(self, ids: list[int]) -> dict[int, date | None]:
        """The first day of review among the objections of each account that do not hold it whole."""
        rows = self._session.conn.execute(
            "SELECT account_id, min(review_on) FROM disputes d WHERE resolved_at IS NULL AND review_on IS NOT NULL"
            f" AND NOT (charge_id IS NULL AND {HOLDING}) AND account_id IN ({marks(len(ids))}) GROUP BY account_id",
            ids,
        )
        return {account_id: day(review_on) for account_id, review_on in rows}

    def _phones(self, ids: list[int]) -> dict[int, tuple[str, bool, int, int, bool]]:
        """The last four digits of every number, whether all are dead, how many may still be tried, how many are dead, and
        whether one works.
        """
        rows = self._session.conn.execute(
            "SELECT account_id, group_concat(substr(number, -4), ' '), min(state = ?), sum(state NOT IN (?, ?)),"
            " sum(state = ?), max(state = ?)"
            f" FROM (SELECT * FROM phones WHERE account_id IN ({marks(len(ids))}) ORDER BY account_id, id)"
            " GROUP BY account_id",
            (PhoneState.DEAD, PhoneState.DEAD, PhoneState.OFF, PhoneState.DEAD, PhoneState.WORKS, *ids),
        )
        return {
            account_id: (tails, bool(all_dead), live, dead, bool(works))
            for account_id, tails, all_dead, live, dead, works in rows
        }
