"""Values for papers and tables, gathered in few statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from feedesk.models.accounts import STEP_LABELS, Step
from feedesk.models.charges import Charge, open_period
from feedesk.models.contacts import CHANNEL_LABELS, Contact, Outcome, outcome_spec
from feedesk.models.days import show_moment
from feedesk.models.disputes import account_hold_text
from feedesk.models.ledger.plans import PlanState
from feedesk.models.letters import silence
from feedesk.models.notice_batch import NoticeCandidate, quiet_text
from feedesk.models.promises import rates
from feedesk.models.record_table import RecordContact, RecordRow, RecordTable, summarise
from feedesk.models.store import balances, letters
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.held import HOLDING
from feedesk.models.store.late_fees import LateFees
from feedesk.models.store.limitation import Limitation
from feedesk.models.store.notices import Notices
from feedesk.models.store.plan_facts import plan_verdicts
from feedesk.models.store.promises import Promises
from feedesk.models.store.session import Session, day, marks
from feedesk.models.store.states import States


class Figures:
    """Reads across subjects; writes nothing."""

    def __init__(
        self,
        session: Session,
        states: States,
        contacts: Contacts,
        notices: Notices,
        promises: Promises,
        late_fees: LateFees,
        limitation: Limitation,
    ) -> None:
        self._session = session
        self._limitation = limitation
        self._states = states
        self._late_fees = late_fees
        self._promises = promises
        self._contacts = contacts
        self._notices = notices

    def notice_candidates(self, account_ids: Collection[int], late_fee_to: date | None = None) -> list[NoticeCandidate]:
        """What `notice_batch.propose` needs of these accounts; with their late fee up to a day where one is given."""
        conn = self._session.conn
        today = self._session.today()
        ids = list(dict.fromkeys(account_ids))
        charges = balances.by_account(conn, ids)
        rounds = self._notices.rounds(ids)
        last = self._notices.last_issued(ids)
        late_fees = self._late_fees.of_accounts(ids, late_fee_to) if late_fee_to else {}
        over = self._limitation.over_lines(ids)
        prepaid = dict(
            conn.execute(
                "SELECT a.owner_id, sum(m.prepaid) FROM account_money m JOIN accounts a ON a.id = m.account_id"
                " WHERE m.prepaid > 0 AND a.until IS NULL GROUP BY a.owner_id"
            )
        )
        found = []
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            doubts = self._states.facts.doubts(part)
            plans = plan_verdicts(conn, part, today)
            papers, elsewhere = letters.papers(conn, part, lines=False), letters.owner_letters(conn, part)
            rows = conn.execute(
                "SELECT a.id, a.owner_id, u.room, a.name, a.salutation, t.mark_text, t.oldest_due_on, a.cleared_at,"
                " EXISTS (SELECT 1 FROM claims q WHERE q.account_id = a.id AND q.closed_at IS NULL),"
                " (SELECT d.kind || char(31) || coalesce(d.review_on, '') || char(31) || (d.resolved_at IS NOT NULL)"
                f"  FROM disputes d WHERE d.account_id = a.id AND d.charge_id IS NULL AND {HOLDING}"
                "  ORDER BY d.id DESC LIMIT 1),"
                " t.is_former, a.step, a.sensitive, a.sensitive_until"
                " FROM accounts a JOIN units u ON u.id = a.unit_id JOIN account_state t ON t.account_id = a.id"
                f" WHERE a.id IN ({marks(len(part))})",
                part,
            )
            for (
                account_id,
                owner_id,
                room,
                name,
                salutation,
                mark_text,
                oldest,
                cleared_at,
                claim,
                dispute,
                former,
                step,
                sensitive,
                until,
            ) in rows:
                due = day(oldest)
                plan = plans.get(account_id)
                found.append(
                    NoticeCandidate(
                        account_id=account_id,
                        owner_id=owner_id,
                        room=room,
                        name=name,
                        salutation=salutation,
                        charges=tuple(charges.get(account_id, ())),
                        round_no=rounds[account_id],
                        mark_text=mark_text,
                        overdue_days=max(0, (today - due).days) if due else 0,
                        claim_open=bool(claim),
                        dispute_hold=_held(dispute),
                        last_issued_on=last.get(account_id),
                        is_former=bool(former),
                        paid_text=f"{cleared_at[5:10]} 已缴清" if cleared_at else "",
                        doubt=doubts.get(account_id, ""),
                        plan=plan.why if plan and plan.state is PlanState.RUNNING else "",
                        prepaid=prepaid.get(owner_id, 0),
                        late_fee=late_fees.get(account_id),
                        quiet=quiet_text(
                            Step(step),
                            sensitive,
                            day(until),
                            silence((*papers.get(account_id, ()), *elsewhere.get(account_id, ())), today),
                            today,
                        ),
                        over=over.get(account_id, frozenset()),
                    )
                )
        return found

    def record_table(self, first: date, last: date) -> RecordTable:
        """The 催缴记录表 of a span of days, both included: open accounts, and those settled since `first`."""
        conn = self._session.conn
        contacts = self._contacts_of_span(first, last)
        by_account: dict[int, list[RecordContact]] = {}
        for ids, contact in contacts:
            if not contact.voided:
                for account_id in ids:
                    by_account.setdefault(account_id, []).append(contact)
        charges = balances.by_account(conn, None)
        promised = self._open_promises()
        rows = []
        for account_id, room, name, owed, category, step, next_text, remark, cleared_at, is_former in conn.execute(
            "SELECT t.account_id, t.room, t.name, t.owed, coalesce(t.category, ''), t.step, t.next_text, t.mark_text,"
            " a.cleared_at, t.is_former FROM account_state t JOIN accounts a ON a.id = t.account_id"
            " WHERE t.owed > 0 OR (a.cleared_at >= ? AND a.cleared_at < ?) ORDER BY t.room_key, t.account_id",
            (first.isoformat(), last.isoformat() + "T99"),
        ):
            paid_on = datetime.fromisoformat(cleared_at).date() if owed == 0 and cleared_at else None
            own = tuple(by_account.get(account_id, ()))
            rows.append(
                RecordRow(
                    account_id=account_id,
                    room=room,
                    name=name,
                    owed=owed,
                    period_text=_period_text(charges.get(account_id, []), paid=paid_on is not None),
                    category=category,
                    step=STEP_LABELS[Step(step)],
                    contacts=own,
                    promise_on=promised.get(account_id) if owed else None,
                    next_text="" if paid_on else next_text,
                    remark="原业主旧欠" if is_former and owed else remark,
                    paid_on=paid_on,
                )
            )
        kept = rates(self._promises.due(first, last))
        notices = sum(not notice.voided for notice in self._notices.issued_between(first, last))
        found = tuple(contact for _, contact in contacts)
        clerk = self._session.clerk
        as_of = conn.execute("SELECT max(as_of) FROM imports WHERE voided_at IS NULL").fetchone()[0]
        profile = conn.execute("SELECT json_extract(value, '$.office') FROM settings WHERE key = 'profile'").fetchone()
        return RecordTable(
            office=profile[0] if profile else "",
            first=first,
            last=last,
            clerk=clerk.name if clerk else "",
            as_of=day(as_of),
            rows=tuple(rows),
            contacts=found,
            summary=summarise(rows, found, kept=kept.kept + kept.late, broken=kept.broken, notices=notices),
        )

    def contacts_of_day(self, when: date) -> list[tuple[list[int], RecordContact]]:
        """The accounts and the record of every contact of a day, newest first, voided ones included."""
        return self._contacts_of_span(when, when)

    def promised_days(self, account_ids: Collection[int]) -> dict[int, date]:
        """The day last promised for each of these accounts that has a promise."""
        found: dict[int, date] = {}
        ids = list(account_ids)
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            rows = self._session.conn.execute(
                "SELECT p.account_id, p.due_on FROM promises p JOIN contacts c ON c.id = p.contact_id"
                f" WHERE c.voided_at IS NULL AND p.account_id IN ({marks(len(part))}) ORDER BY p.made_at, p.id",
                part,
            )
            found.update({account_id: date.fromisoformat(due_on) for account_id, due_on in rows})
        return found

    def waiting_since(self, account_ids: Collection[int], waits_for: str) -> dict[int, date]:
        """Since which day these accounts wait for somebody, by the last talk that ended so."""
        found: dict[int, date] = {}
        ids = list(account_ids)
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            rows = self._session.conn.execute(
                "SELECT x.account_id, max(c.at) FROM contacts c JOIN contact_accounts x ON x.contact_id = c.id"
                " WHERE c.voided_at IS NULL AND c.outcome <> ? AND c.waits_for = ?"
                f" AND x.account_id IN ({marks(len(part))}) GROUP BY x.account_id",
                (Outcome.SENT, waits_for, *part),
            )
            found.update({account_id: date.fromisoformat(at[:10]) for account_id, at in rows})
        return found

    def _contacts_of_span(self, first: date, last: date) -> list[tuple[list[int], RecordContact]]:
        contacts = self._contacts.between(datetime.combine(first, time()), datetime.combine(last, time(23, 59)))
        involved: dict[int, list[int]] = {}
        names: dict[int, str] = {}
        for contact_id, account_id, name in self._session.conn.execute(
            "SELECT x.contact_id, x.account_id, a.name FROM contact_accounts x JOIN accounts a ON a.id = x.account_id"
            " JOIN contacts c ON c.id = x.contact_id WHERE c.at >= ?",
            (first.isoformat(),),
        ):
            involved.setdefault(contact_id, []).append(account_id)
            names.setdefault(contact_id, name)
        now = self._session.now()
        return [
            (involved.get(contact.id, []), _record_contact(contact, names.get(contact.id, ""), now))
            for contact in contacts
        ]

    def _open_promises(self) -> dict[int, date]:
        rows = self._session.conn.execute(
            "SELECT p.account_id, p.due_on FROM promises p JOIN contacts c ON c.id = p.contact_id"
            " WHERE c.voided_at IS NULL ORDER BY p.id"
        )
        return {account_id: date.fromisoformat(due_on) for account_id, due_on in rows}


def _held(dispute: str | None) -> str:
    if not dispute:
        return ""
    kind, review, is_resolved = dispute.split("\x1f")
    return account_hold_text(kind, day(review or None), is_resolved=is_resolved == "1")


def _period_text(charges: list[Charge], *, paid: bool) -> str:
    period = open_period(charges)
    if period is None and paid:
        months = [month for charge in charges if charge.period for month in charge.period.months]
        return "" if not months else f"至 {max(months) // 12}年{max(months) % 12 + 1}月"
    return period.text() if period else ("期间待核" if any(charge.owed for charge in charges) else "")


def _record_contact(contact: Contact, name: str, now: datetime) -> RecordContact:
    spec = outcome_spec(contact.channel, contact.outcome)
    return RecordContact(
        id=contact.id,
        at=contact.at,
        rooms=contact.rooms,
        name=name,
        channel=CHANNEL_LABELS[contact.channel],
        number=contact.number,
        outcome=spec.label,
        reached=spec.reached,
        said=contact.said,
        staff_name=contact.staff_name,
        promise_on=contact.promise.due_on if contact.promise else None,
        promise_amount=contact.promise.amount if contact.promise else 0,
        next_text=show_moment(contact.next_at, now) if contact.next_at else contact.next_reason,
        voided=contact.voided,
    )
