"""违约金 of the office: its rules as kept in `settings`, and what an account owes of it as of a day, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.ledger.account import work_out
from feedesk.models.ledger.allocation import ALLOCATION_RULE_LABELS, AllocationRule
from feedesk.models.ledger.late_fee import (
    AccountLateFee,
    FeeBasis,
    LateFeePolicy,
    LprRate,
    account_late_fee,
    asks_more,
    lpr_problem,
    takeable,
)
from feedesk.models.ledger.late_fee_rate import MOST_PPM, rate_text
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.store import balances, money_settings
from feedesk.models.store.as_of import BalancesAsOf
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.people import StaffList
from feedesk.models.store.session import Session
from feedesk.models.store.states import States

_MOST_GRACE = 365


class LateFees:
    """Policy, LPR and rule of allocation, and the late fee that follows. No LPR is shipped: the office enters it."""

    def __init__(self, session: Session, states: States, ledger: Ledger) -> None:
        self._session = session
        self._states = states
        self._ledger = ledger
        self._as_of = BalancesAsOf(session, ledger)

    # --- the office's rules ---

    def policy(self) -> LateFeePolicy:
        """The office's late fee; off until a clause and a rate are entered (law §13.6)."""
        return money_settings.late_fee_policy_of(self._session.conn)

    def signers(self) -> tuple[Staff, ...]:
        """Whose word a late fee that claims more takes: a manager's; where none has a PIN, a leader's."""
        able = StaffList(self._session).signers()
        return tuple(person for person in able if person.role is Role.MANAGER) or able

    def needs_signature(self, policy: LateFeePolicy) -> bool:
        """Whether keeping this policy takes a PIN: it claims more, and there is somebody who can sign."""
        return asks_more(self.policy(), policy) and bool(self.signers())

    def save_policy(self, policy: LateFeePolicy, signed: Signature | None = None) -> Changes:
        """Keep a changed policy; both clause and rate empty switch late fee off.

        Raises `BadInput`, also where it claims more and nobody of `signers` has signed.
        """
        policy = LateFeePolicy(policy.clause.strip(), policy.rate_ppm, policy.grace_days, policy.cap)
        if bool(policy.clause) != bool(policy.rate_ppm):
            missing = "费率" if policy.clause else "合同条款号"
            raise BadInput(f"{missing}没有填，违约金的设置没有保存。", "条款号和费率要一起填；都清空就是不计违约金。")
        if not 0 <= policy.rate_ppm <= MOST_PPM:
            raise BadInput("费率每天不能超过 1%，没有保存。", "请核对合同，例如 万分之五。")
        if not 0 <= policy.grace_days <= _MOST_GRACE:
            raise BadInput(f"宽限天数要在 0 到 {_MOST_GRACE} 之间，没有保存。", "请改好后再存。")
        before = self.policy()
        if policy == before:
            return Changes()
        by = self._signer(signed) if self.needs_signature(policy) else {}
        text = f"{policy.clause}，{rate_text(policy.rate_ppm)}" if policy.is_on else "不计违约金"
        with self._session.writing():
            self._put(money_settings.POLICY, money_settings.late_fee_policy_text(policy))
            self._session.note("改违约金", text, asdict(policy) | by)
            if policy.is_on == before.is_on or self.rule() is not AllocationRule.STATUTORY:
                return Changes()
            self._derive_all()  # whether a debt bears late fee decides its place by law
        return Changes(everything=True)

    def _signer(self, signed: Signature | None) -> dict[str, str]:
        roles = {person.role for person in self.signers()}
        if signed is None:
            who = "项目经理" if Role.MANAGER in roles else "组团负责人"
            raise BadInput("违约金要多收，须由能签字的人同意，没有保存。", f"请{who}输入签字密码。")
        return {"signed_by": StaffList(self._session).verify_pin(signed.who, signed.pin, roles).name}

    def lpr(self) -> tuple[LprRate, ...]:
        """The one-year LPR as the office has entered it, oldest first; empty until it has."""
        return money_settings.lpr_of(self._session.conn)

    def save_lpr(self, rates: Sequence[LprRate]) -> Changes:
        """Keep the whole table; raises `BadInput` for a day given twice or a rate that cannot be."""
        problem = lpr_problem(rates)
        if problem:
            raise BadInput(f"{problem}，LPR 没有保存。", "请照公布的数字填写。")
        ordered = tuple(sorted(rates, key=lambda rate: rate.since))
        if ordered != self.lpr():
            with self._session.writing():
                self._put(money_settings.LPR, money_settings.lpr_text(ordered))
                self._session.note(
                    "改 LPR", f"{len(ordered)} 行", [[rate.since.isoformat(), rate.bp] for rate in ordered]
                )
        return Changes()

    def rule(self) -> AllocationRule:
        """What decides where a payment goes that the payer named nothing for."""
        return money_settings.rule_of(self._session.conn)

    def save_rule(self, rule: AllocationRule) -> Changes:
        """Keep another rule; all payments are allocated anew by it."""
        if rule is self.rule():
            return Changes()
        with self._session.writing():
            self._put(money_settings.RULE, rule.value)
            self._session.note("改冲抵顺序", ALLOCATION_RULE_LABELS[rule], rule.value)
            self._derive_all()
        return Changes(everything=True)

    def _put(self, key: str, value: str) -> None:
        self._session.conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))

    def _derive_all(self) -> None:
        self._ledger.derive(None)
        self._states.refresh(None)

    # --- what follows ---

    def of_account(self, account_id: int, as_of: date) -> AccountLateFee:
        """The late fee of an account at the end of a day, with a line for every charge that counts then."""
        return self.of_accounts([account_id], as_of)[account_id]

    def takeable(self, account_id: int, as_of: date) -> int:
        """What a payment of that day may hold of it, in 分: LPR × 1.3 at most (law §13.6)."""
        policy = self.policy()
        return takeable(self.of_account(account_id, as_of), policy) if policy.is_on else 0

    def of_accounts(self, account_ids: Iterable[int], as_of: date) -> dict[int, AccountLateFee]:
        """The same for several accounts; each asked for is there, with nothing owed where there is nothing."""
        ids = list(dict.fromkeys(account_ids))
        policy, lpr = self.policy(), self.lpr()
        if not policy.is_on:
            # nothing is reckoned any more, but what was paid and let off before stays on record
            waived, paid = self._as_of.late_fee_waived(as_of, ids), self._as_of.late_fee_paid(as_of, ids)
            return {key: account_late_fee((), policy, lpr, as_of, waived.get(key, 0), paid.get(key, 0)) for key in ids}
        charges = balances.by_account(self._session.conn, ids)
        waived = self._as_of.late_fee_waived(as_of, ids)
        excused = self._as_of.late_fee_excused(as_of, ids)
        rule = self._ledger.rule()
        found: dict[int, AccountLateFee] = {}
        for account_id, records in self._ledger.records(ids).items():
            then = records.until(as_of)
            money = work_out(then, rule, as_of)
            counted = {charge.id for charge in then.charges}
            bases = [
                FeeBasis(
                    charge_id=charge.id,
                    label=f"{charge.item} {charge.period_text()}",
                    kind=charge.kind,
                    amount=charge.amount,
                    due_on=charge.due_on,
                    is_lump=charge.is_lump,
                    lowered=tuple(sorted(money.charges[charge.id].by_day)),
                )
                for charge in charges.get(account_id, ())
                if charge.id in counted
            ]
            let_off = waived.get(account_id, 0) + excused.get(account_id, 0)
            found[account_id] = account_late_fee(bases, policy, lpr, as_of, let_off, money.late_fee_paid)
        return found
