"""What a script is chosen and filled by, gathered for one account: for the panel and for the command line alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.accounts import Account, Category, DebtorType, Step
from feedesk.models.charges import Charge
from feedesk.models.classify import TypeFacts, script_type, suggest_type
from feedesk.models.contacts import Contact, Outcome, outcome_spec
from feedesk.models.disputes import DisputeOutcome, DisputeState, is_defect
from feedesk.models.ledger.plans import PlanState, PlanVerdict
from feedesk.models.office import Staff
from feedesk.models.promises import still_open
from feedesk.models.scripts import Appointment, Rest, ScriptContext, ScriptFacts, Truth, context_for, rest_of
from feedesk.models.status import AccountFacts, AccountState, in_court
from feedesk.models.store import contact_history
from feedesk.models.store.accounts import Accounts
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.disputes import Disputes
from feedesk.models.store.imports import Imports
from feedesk.models.store.limitation import Limitation
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.scripts import Scripts
from feedesk.models.store.session import Session
from feedesk.models.store.states import States
from feedesk.models.store.traits import Traits
from feedesk.models.workdays import grace_ends, is_workday

_SUED = (Step.LAWYER, Step.PUBLIC_NOTICE, Step.COURT)
"""Steps at which a suit may be on file."""
_BROKEN_DAYS = 30
"""For so long after its day a missed instalment is spoken of as one: then what is owed is owed as a whole."""
_OLD_DAYS = 365
"""Lines due for longer are old ones (as for 历史遗留, `disputes.proposed_lines`)."""


@dataclass(frozen=True, slots=True)
class CallRecords:
    """What has been read of an account already."""

    account: Account
    charges: Sequence[Charge]
    """Of all the owner's units."""
    contacts: Sequence[Contact]
    """Newest first, voided ones included."""
    facts: AccountFacts
    state: AccountState


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """What `ScriptLibrary.offer` and `fill` ask for."""

    account: Account
    debtor_type: DebtorType
    """The type whose script is read."""
    facts: ScriptFacts
    context: ScriptContext
    truth: Truth


class ScriptCalls:
    """Reading only."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        contacts: Contacts,
        states: States,
        disputes: Disputes,
        imports: Imports,
        traits: Traits,
        scripts: Scripts,
        limitation: Limitation,
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._contacts = contacts
        self._states = states
        self._disputes = disputes
        self._imports = imports
        self._traits = traits
        self._scripts = scripts
        self._limitation = limitation
        self._settings = OfficeSettings(session)

    def of(self, account_id: int, clerk: Staff) -> ScriptCall:
        """Read all that a call to this account's owner rests on; raises `BadInput` when there is none of that id."""
        account = self._accounts.get(account_id)
        ids = [account_id, *(row.account_id for row in account.open_siblings)]
        held = self._accounts.charges_by_account(ids)
        facts, state = self._states.of(account_id)
        charges = [charge for one in ids for charge in held.get(one, ())]
        records = CallRecords(account, charges, self._contacts.of(account_id), facts, state)
        return self.from_records(records, clerk)

    def from_records(self, records: CallRecords, clerk: Staff) -> ScriptCall:
        """The same where most has been read already."""
        account, state = records.account, records.state
        account_id, today, now = account.row.account_id, self._session.today(), self._session.now()
        facts = records.facts.of_present_debt()
        since = facts.first_seen if facts.cleared_at else None
        counted = [one for one in records.contacts if not one.voided and (since is None or one.at >= since)]
        talks = [contact for contact in counted if outcome_spec(contact.channel, contact.outcome).reached]
        last_talk = talks[0] if talks else None
        # What has an outcome is told first; until then what is still looked into.
        disputes = sorted(
            self._disputes.running(account_id),
            key=lambda one: (one.state is DisputeState.RESOLVED) is not bool(facts.to_report),
        )
        last_import = self._imports.last()
        truth = self._scripts.truth(account_id, account.row.step)
        ids = [account_id, *(row.account_id for row in account.open_siblings)]
        his_day = _day_of(facts)
        is_held = bool(facts.is_disputed or facts.held_all or facts.to_report)
        appointment = None if is_held else _appointment(facts, last_talk, today)
        return ScriptCall(
            account=account,
            debtor_type=script_type(
                self._traits.chosen_type(account_id),
                suggest_type(TypeFacts.of(records.facts, state)),
                state.broken_count,
                is_disputed=facts.is_disputed,
            ),
            facts=ScriptFacts.of(
                account,
                broken_promises=state.broken_count,
                has_open_dispute=facts.is_disputed or bool(disputes),
                last_outcome=counted[0].outcome if counted else None,
                appointment=appointment,
                has_refused=_has_refused(facts, talks),
                refused_on=next((one.at.date() for one in talks if one.outcome is Outcome.REFUSED), None),
                held="有异议，暂缓催缴" if facts.is_disputed else facts.held_all,
                to_report=bool(facts.to_report),
                has_promised=bool(facts.promises),
                is_mended=self._is_mended(account_id),
                has_old_lines=any(
                    charge.owed > 0 and charge.due_on is not None and (today - charge.due_on).days > _OLD_DAYS
                    for charge in records.charges
                ),
                has_spoken=last_talk is not None,
                rest=rest_of(contact_history.of_account(self._session.conn, account_id, now), now)
                or self._in_court_elsewhere(account)
                or _time_is_over(facts),
            ),
            context=context_for(
                account,
                self._settings.profile(),
                clerk,
                records.charges,
                today,
                promise=(his_day[0], self._still_promised(account, facts, his_day, records.charges))
                if his_day
                else None,
                # Spoken of as the last time: not in a second call on the same day.
                last_talk_on=last_talk.at.date() if last_talk and last_talk.at.date() < today else None,
                as_of=last_import.as_of if last_import else None,
                dispute=disputes[0].kind if disputes else "",
                department=disputes[0].department if disputes else "",
                truth=truth,
                small_talk=self._scripts.small_talk(today),
                over=frozenset[int]().union(*self._limitation.over_lines(ids).values()),
            ),
            truth=truth,
        )

    def _is_mended(self, account_id: int) -> bool:
        """Whether something of the building was mended for him, and nothing of the kind is still to be."""
        defects = [one for one in self._disputes.of_account(account_id) if is_defect(one.kind)]
        return any(one.outcome is DisputeOutcome.MENDED for one in defects) and all(one.resolved_at for one in defects)

    def _in_court_elsewhere(self, account: Account) -> Rest | None:
        """A suit is against the person: while one about another unit of his runs, his other debts are not called for.

        Letters are not carried over: a script tells what its letter lists. Their silence is the owner's all the same, by
        the contact guard.
        """
        if account.row.step is Step.COURT:
            return None
        for row in account.open_siblings:
            if row.step in _SUED and "case_filed" in self._scripts.truth(row.account_id, row.step).facts:
                return Rest(None, in_court(row.room))
        return None

    def _still_promised(
        self, account: Account, facts: AccountFacts, his_day: tuple[date, int], charges: Sequence[Charge]
    ) -> int:
        """What is still to come for his day: of what was promised in one breath for this unit and the owner's others, or of
        the instalment, in 分: never more than is owed and not held.
        """
        left, promise = his_day[1], facts.promise
        if promise is not None and (promise.due_on, promise.amount - promise.paid_since) == his_day:
            others = (self._states.of(row.account_id)[0].promise for row in account.open_siblings)
            kin = [one for one in others if one and (one.made_at, one.due_on) == (promise.made_at, promise.due_on)]
            left += sum(max(0, one.amount - one.paid_since) for one in kin)
        return still_open(left, 0, sum(charge.owed for charge in charges if charge.owed > 0 and not charge.hold))


def _time_is_over(facts: AccountFacts) -> Rest | None:
    """Nobody asks for a debt all of which is past its time; who pays it of his own will is thanked (law §9)."""
    if not facts.all_over:
        return None
    return Rest(None, "欠费都已过诉讼时效，不再催：业主自己来问，如实说明，愿意缴的照收")


def _plan_counts(facts: AccountFacts) -> PlanVerdict | None:
    """The plan of instalments, unless it broke and he has named another day since."""
    plan, promise = facts.plan, facts.promise
    if plan is None or plan.current is None or plan.state not in (PlanState.RUNNING, PlanState.BROKEN):
        return None
    renewed = promise is not None and promise.made_at.date() > plan.current.due_on
    return None if plan.state is PlanState.BROKEN and renewed else plan


def _day_of(facts: AccountFacts) -> tuple[date, int] | None:
    """The day he has named last, past or to come, and the 分 still to come for it; None when there is none."""
    plan, promise = _plan_counts(facts), facts.promise
    if plan is not None and plan.current is not None:
        return plan.current.due_on, plan.missing or plan.current.amount
    if promise is not None and promise.paid_since < promise.amount:
        return promise.due_on, promise.amount - promise.paid_since
    return None


def _appointment(facts: AccountFacts, last_talk: Contact | None, today: date) -> Appointment | None:
    """The day he has named, as long as it counts: a promise until its grace is over, an instalment until it is paid.

    Where a missed instalment has broken the plan there is one talk about it, within a month; then the ladder speaks, for
    all that is owed.
    """
    plan, promise = _plan_counts(facts), facts.promise
    if plan is not None and plan.current is not None:
        current = plan.current
        if plan.state is PlanState.BROKEN and (
            (today - current.due_on).days > _BROKEN_DAYS
            or (last_talk is not None and last_talk.at.date() > grace_ends(current.due_on, is_workday))
        ):
            return None
        return Appointment((current.due_on - today).days, current.number, is_missed=plan.state is PlanState.BROKEN)
    if promise is None or promise.paid_since >= promise.amount or today > grace_ends(promise.due_on, is_workday):
        return None
    return Appointment((promise.due_on - today).days, is_fresh=promise.made_at.date() == today)


def _has_refused(facts: AccountFacts, talks: Sequence[Contact]) -> bool:
    """His last word was a no, which asking for letters instead does not take back; or he stands as one who refuses (E)
    and has named no day since. `talks` newest first.
    """
    last_talk = talks[0] if talks else None
    last_word = next((one for one in talks if one.outcome is not Outcome.DO_NOT_CALL), None)
    if last_word is not None and last_word.outcome is Outcome.REFUSED:
        return True
    return facts.category is Category.E and (last_talk is None or last_talk.outcome is not Outcome.PROMISED)
