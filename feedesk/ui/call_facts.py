"""Everything one call rests on, gathered once: account, bills, history, whether to dial, which script and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from feedesk.models.accounts import (
    FLAG_LABELS,
    Account,
    Action,
    DebtorType,
    FlagKind,
    MarkKind,
    OwnerRow,
    Phone,
    PhoneState,
    call_order,
)
from feedesk.models.charges import Charge
from feedesk.models.classify import Suggestion, TypeFacts, suggest_type
from feedesk.models.contacts import Channel, Contact
from feedesk.models.guard import ContactHistory, Rule, Verdict, check, rest
from feedesk.models.promises import JudgedPromise
from feedesk.models.scripts import ScriptContext, ScriptFacts, Truth
from feedesk.models.status import MONEY_FIRST, AccountState, PromiseFacts
from feedesk.models.store.script_calls import CallRecords
from feedesk.models.traits import Graded
from feedesk.ui.desk import Desk
from feedesk.ui.owner_money import OwnerMoney, money_of


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One account as the panel and the dialog need it. `now` is when it was gathered."""

    now: datetime
    account: Account
    charges: tuple[Charge, ...]
    contacts: tuple[Contact, ...]
    """Newest first, voided ones included."""
    history: ContactHistory
    guard: Verdict
    state: AccountState
    promise: PromiseFacts | None
    """The promise that counts, kept or not."""
    debtor_type: DebtorType
    """The type in force: the clerk's choice, or what the file suggests until there is one."""
    type_is_chosen: bool
    """Whether a clerk has settled it."""
    script_type: DebtorType
    """The type whose script is read: mostly the type in force, but a first broken promise or an objection goes before."""
    suggestion: Suggestion
    """What the file suggests now, whatever a clerk has settled."""
    graded: Graded
    """欠费程度 and why."""
    script: ScriptFacts
    context: ScriptContext
    truth: Truth
    """What is on file of letters, lawyer and court, for scripts that speak of them."""
    quiet: str
    """Why nobody calls although the guard would let her: a day still to come, a suit; empty when there is something to say."""
    lookalikes: tuple[OwnerRow, ...]
    """Units of the same name and number that nobody has joined yet."""
    money: OwnerMoney
    """What there is besides the charges: late fee, prepayment, plan, payments in doubt."""
    promises: tuple[JudgedPromise, ...] = ()
    """What the owner has promised for any of his units and what came of it, newest first."""

    @property
    def to_confirm(self) -> Suggestion | None:
        """What a clerk has still to look at: the type the script goes by while none is settled, or the file's suggestion
        where it is another than she settled.
        """
        found = self.by_rule
        settled = self.type_is_chosen and self.debtor_type is found.debtor_type
        return None if settled or found.is_plain or self.account.row.is_paid else found

    @property
    def by_rule(self) -> Suggestion:
        """The type that the script goes by without a clerk's word, and why."""
        if self.type_is_chosen or self.script_type is self.suggestion.debtor_type:
            return self.suggestion
        return Suggestion(self.script_type, f"失约 {self.state.broken_count} 次")

    @property
    def may_call(self) -> bool:
        """Whether to dial now: in the hours and limits, and with something to say."""
        return self.guard.allowed and not self._not_now

    @property
    def call_text(self) -> str:
        """Whether to dial now, in words; what the script says goes with it."""
        if not self.guard.allowed:
            return self.guard.text
        if self._not_now:
            return f"现在不打 · {self._not_now}"
        his = self.script.appointment
        first = self.state.action is Action.CHECK_MONEY or (his is not None and his.in_days <= 0 and not his.is_missed)
        return f"{MONEY_FIRST} · {self.guard.text}" if first else self.guard.text

    @property
    def _not_now(self) -> str:
        """Why nobody calls although the guard would let her; empty when there is somebody to ring."""
        if self.state.action is Action.WRITE and FlagKind.NO_CALL in self.account.flags:
            return FLAG_LABELS[FlagKind.NO_CALL]
        if self.quiet or any(one.state is not PhoneState.DEAD for one in self.account.phones):
            return self.quiet
        what = "登记的号码都打不通" if self.account.phones else "没有登记号码"
        return f"{what}：先查本人留的号码，查不到就上门或发函"

    @property
    def today(self) -> date:
        """The day of the call."""
        return self.now.date()

    @property
    def phones(self) -> list[Phone]:
        """Numbers in the order they are dialled."""
        return call_order(list(self.account.phones))

    def history_for(self, number: str) -> ContactHistory:
        """The history with the owner's other live numbers counted, for rules after dialling `number`."""
        others = sum(p.number != number and p.state is not PhoneState.DEAD for p in self.account.phones)
        return replace(self.history, other_numbers=others)

    def cautions(self) -> tuple[str, ...]:
        """What to know before speaking, besides the script's own cautions: the most binding first."""
        account = self.account
        lines = []
        held = rest(self.today, self.history)
        if held is not None:
            lines.append(held.why + ("（任何方式）" if held.rule is Rule.SENSITIVE else ""))
        if account.do_not_call:
            lines.append("业主要求勿再来电：不打电话，改用书面")
        if account.row.mark in (MarkKind.VERIFY, MarkKind.HOLD):
            lines.append(self.state.why)
        known = {FlagKind.NO_CALL} if account.do_not_call else set()
        lines += [FLAG_LABELS[flag] for flag in account.flags if flag not in known]
        if account.remark:
            lines.append(f"财务备注：{account.remark}")
        if account.until is not None:
            lines.append("已不是现业主，旧欠仍在名下：先向财务核对由谁承担")
        if account.tenant:
            lines.append(f"现由使用人 {account.tenant} 居住；欠费只和业主谈")
        return tuple(lines)


def gather(desk: Desk, account_id: int) -> CallFacts:
    """Read all of one account; raises `BadInput` when there is none of that id."""
    office, now = desk.office, desk.now()
    account = office.accounts.get(account_id)
    money = money_of(office, account_id, now.date())
    charges = money.charges
    kin = office.accounts.charges_by_account([row.account_id for row in account.open_siblings])
    contacts = tuple(office.contacts.of(account_id))
    facts, state = office.states.of(account_id)
    everything = [*charges, *(charge for held in kin.values() for charge in held)]
    call = office.script_calls.from_records(CallRecords(account, everything, contacts, facts, state), desk.clerk)
    suggestion = suggest_type(TypeFacts.of(facts, state))
    chosen = office.traits.chosen_type(account_id)
    words = desk.library.choose(call.debtor_type, account.row.step, Channel.PHONE, call.facts, call.truth)
    history = replace(office.contact_rules.of_account(account_id, now), broken_promises=state.broken_count)
    history = replace(history, promise_stands=facts.promise_stands(now.date()))
    return CallFacts(
        now=now,
        account=account,
        charges=charges,
        contacts=contacts,
        history=history,
        guard=check(Channel.PHONE, now, history),
        state=state,
        promise=facts.promise,
        debtor_type=chosen or suggestion.debtor_type,
        script_type=call.debtor_type,
        type_is_chosen=chosen is not None,
        suggestion=suggestion,
        graded=office.traits.graded(facts),
        script=call.facts,
        context=call.context,
        truth=call.truth,
        quiet="" if words.script is not None else words.because,
        lookalikes=tuple(office.accounts.same_person(account_id)),
        money=money,
        promises=office.promises.of_account(account_id),
    )
