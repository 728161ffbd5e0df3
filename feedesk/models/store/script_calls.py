"""What a script is chosen and filled by, gathered for one account: for the panel and for the command line alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.accounts import Account, DebtorType
from feedesk.models.charges import Charge
from feedesk.models.classify import TypeFacts, script_type, suggest_type
from feedesk.models.contacts import Contact, outcome_spec
from feedesk.models.office import Staff
from feedesk.models.scripts import ScriptContext, ScriptFacts, Truth, context_for
from feedesk.models.status import AccountFacts, AccountState, PromiseFacts
from feedesk.models.store.accounts import Accounts
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.disputes import Disputes
from feedesk.models.store.imports import Imports
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.scripts import Scripts
from feedesk.models.store.session import Session
from feedesk.models.store.states import States
from feedesk.models.store.traits import Traits


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
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._contacts = contacts
        self._states = states
        self._disputes = disputes
        self._imports = imports
        self._traits = traits
        self._scripts = scripts
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
        account, facts, state = records.account, records.facts, records.state
        account_id, today = account.row.account_id, self._session.today()
        counted = [contact for contact in records.contacts if not contact.voided]
        talks = [contact for contact in counted if outcome_spec(contact.channel, contact.outcome).reached]
        promise = facts.promise if facts.promise and facts.promise.paid_since < facts.promise.amount else None
        disputes = self._disputes.running(account_id)
        last_import = self._imports.last()
        truth = self._scripts.truth(account_id, account.row.step)
        return ScriptCall(
            account=account,
            debtor_type=script_type(
                self._traits.chosen_type(account_id), suggest_type(TypeFacts.of(facts, state)), state.broken_count
            ),
            facts=ScriptFacts.of(
                account,
                broken_promises=state.broken_count,
                has_open_dispute=facts.is_disputed or bool(disputes),
                last_outcome=counted[0].outcome if counted else None,
                promise_in_days=None if facts.is_disputed or facts.to_report else _days_left(promise, today),
            ),
            context=context_for(
                account,
                self._settings.profile(),
                clerk,
                records.charges,
                today,
                promise=(promise.due_on, self._still_promised(account, promise, records.charges)) if promise else None,
                last_talk_on=talks[0].at.date() if talks else None,
                as_of=last_import.as_of if last_import else None,
                dispute=disputes[0].kind if disputes else "",
                department=disputes[0].department if disputes else "",
                truth=truth,
                small_talk=self._scripts.small_talk(today),
            ),
            truth=truth,
        )

    def _still_promised(self, account: Account, promise: PromiseFacts, charges: Sequence[Charge]) -> int:
        """What is still to come of what was promised in one breath for this unit and the owner's others, in 分: never more
        than is owed and not held.
        """
        others = (self._states.of(row.account_id)[0].promise for row in account.open_siblings)
        kin = [one for one in others if one and (one.made_at, one.due_on) == (promise.made_at, promise.due_on)]
        left = sum(max(0, one.amount - one.paid_since) for one in (promise, *kin))
        return min(left, sum(charge.owed for charge in charges if charge.owed > 0 and not charge.hold))


def _days_left(promise: PromiseFacts | None, today: date) -> int | None:
    """Days until a promise that stands; None once its day is past."""
    left = (promise.due_on - today).days if promise else -1
    return left if left >= 0 else None
