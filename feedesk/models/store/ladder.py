"""The ladder of accounts on record: what the rules say of each, and the moves, with who, why and who signed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from feedesk.errors import BadInput
from feedesk.models import ladder
from feedesk.models.accounts import STEP_LABELS, Category, DebtorType, Step
from feedesk.models.changes import Changes
from feedesk.models.charges import Charge
from feedesk.models.contacts import Channel
from feedesk.models.days import paper_day
from feedesk.models.ladder import (
    ORDER,
    CourtAdvice,
    LadderFacts,
    LadderView,
    LineFacts,
    StepState,
    Thresholds,
    Transition,
)
from feedesk.models.ledger.plans import PlanState
from feedesk.models.letters import PaperKind
from feedesk.models.money import show_yuan
from feedesk.models.office import ROLE_LABELS, Role, Signature, Staff
from feedesk.models.periods import Period
from feedesk.models.status import AccountFacts, PromiseFacts
from feedesk.models.store import balances, money_settings
from feedesk.models.store.documents import shown_kinds
from feedesk.models.store.held import HOLDING
from feedesk.models.store.letters import Letters
from feedesk.models.store.limitation import Limitation
from feedesk.models.store.people import StaffList
from feedesk.models.store.session import Session, day
from feedesk.models.store.states import States
from feedesk.models.workdays import grace_ends, is_workday

_KEY = "ladder"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the general manager has decided on a suit, told by the manager who signs in his place."""

    by: str
    """His name."""
    on: date


class Ladder:
    """Thresholds, the view of an account, and the moves by hand. What contacts and notices move is theirs."""

    def __init__(self, session: Session, states: States, limitation: Limitation, letters: Letters) -> None:
        self._session = session
        self._states = states
        self._limitation = limitation
        self._letters = letters
        self._staff = StaffList(session)

    # --- the office's thresholds ---

    def thresholds(self) -> Thresholds:
        """As kept; those of domain §6 until the office changes them."""
        row = self._session.conn.execute("SELECT value FROM settings WHERE key = ?", (_KEY,)).fetchone()
        known = {field.name for field in fields(Thresholds)}
        stored = json.loads(row[0]) if row else {}
        return Thresholds(**{key: value for key, value in stored.items() if key in known})

    def threshold_signers(self) -> tuple[Staff, ...]:
        """Whose word lower thresholds take: a manager's; where none has a PIN, a leader's."""
        able = self._staff.signers()
        return tuple(person for person in able if person.role is not Role.LEADER) or able

    def needs_signature(self, thresholds: Thresholds) -> bool:
        """Whether keeping these takes a PIN: some step opens sooner, and there is somebody who can sign."""
        return ladder.asks_faster(self.thresholds(), thresholds) and bool(self.threshold_signers())

    def save_thresholds(self, thresholds: Thresholds, signed: Signature | None = None) -> Changes:
        """Keep changed thresholds. Raises `BadInput` for what cannot be, and where nobody has signed who must."""
        wrong = ladder.problem(thresholds)
        if wrong:
            raise BadInput(f"{wrong}，催缴阶段的设置没有保存。", "请改好再存。")
        before = self.thresholds()
        if thresholds == before:
            return Changes()
        by: dict[str, str] = {}
        if self.needs_signature(thresholds):
            roles = {person.role for person in self.threshold_signers()}
            if signed is None:
                who = "或".join(ROLE_LABELS[role] for role in Role if role in roles)
                raise BadInput("这样改，有的阶段会开得更早，须由能签字的人同意，没有保存。", f"请{who}输入签字密码。")
            by = {"signed_by": self._staff.verify_pin(signed.who, signed.pin, roles).name}
        with self._session.writing() as conn:
            kept = json.dumps(asdict(thresholds), ensure_ascii=False)
            conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_KEY, kept))
            self._session.note("改催缴阶段的设置", "催缴阶段", asdict(thresholds) | by)
        return Changes(everything=True)

    # --- looking ---

    def view(self, account_id: int) -> LadderView:
        """The ladder of an account today; raises `BadInput` when there is none of that id."""
        return ladder.view(self.facts(account_id), self.thresholds(), self._session.today())

    def court(self, account_id: int) -> CourtAdvice:
        """Which way a court would be asked, with reasons."""
        return ladder.suggest_court_way(self.facts(account_id), self._session.today())

    def signers(self, step: Step) -> tuple[Staff, ...]:
        """Those who may sign for a step and have a PIN, the office meant first; empty where nobody must or can."""
        roles = ladder.signers_of(step)
        able = [person for person in self._staff.signers() if person.role in roles]
        return tuple(sorted(able, key=lambda person: roles.index(person.role)))

    def facts(self, account_id: int) -> LadderFacts:
        """What the rules need to know; raises `BadInput` when there is no such account."""
        conn, today = self._session.conn, self._session.today()
        whole, state = self._states.of(account_id)
        known = whole.of_present_debt()
        debtor_type, category, property_kind, residence, sensitive, until = conn.execute(
            "SELECT t.debtor_type, a.category, u.property_kind, a.residence, a.sensitive, a.sensitive_until"
            " FROM accounts a JOIN units u ON u.id = a.unit_id JOIN account_state t ON t.account_id = a.id"
            " WHERE a.id = ?",
            (account_id,),
        ).fetchone()
        charges = [charge for charge in balances.charges_of(conn, [account_id]) if charge.owed > 0]
        clocks = self._limitation.of_account(account_id)
        lines = tuple(
            LineFacts(
                charge.id,
                charge.owed,
                charge.due_on,
                charge.hold,
                charge.id in clocks and clocks[charge.id].is_over,
                _is_fixed(charge, today),
            )
            for charge in charges
        )
        dispute = self._dispute(account_id)
        papers = self._letters.of_account(account_id)
        left = [
            clock.days_left
            for line in lines
            if not line.is_over and (clock := clocks.get(line.charge_id)) and clock.days_left is not None
        ]
        return LadderFacts(
            step=known.step,
            lines=lines,
            left_out=self._left_out(account_id, known.step),
            debtor_type=DebtorType(debtor_type),
            property_kind=property_kind,
            residence=residence,
            category=Category(category) if category else None,
            broken_promises=state.broken_count,
            calls=sum(contact.channel in (Channel.PHONE, Channel.VISIT) for contact in known.contacts),
            promised_until=_stands_until(known.promise),
            plan=known.plan.why if known.plan and known.plan.state is PlanState.RUNNING else "",
            unchecked=_unchecked(known),
            dispute=dispute[0],
            dispute_is_written=dispute[1],
            line_dispute_is_written=self._line_dispute_is_written(account_id),
            do_not_call=known.do_not_call,
            sensitive=sensitive,
            sensitive_until=day(until),
            papers=papers,
            filed=self._filed(account_id, {paper.kind for paper in papers}),
            round_no=sum(paper.kind is PaperKind.DEMAND for paper in papers),
            limit_days=min(left, default=None),
            has_fee_clause=money_settings.late_fee_policy_of(conn).is_on,
        )

    def _left_out(self, account_id: int, step: Step) -> frozenset[Step]:
        """Steps between the first known one and this on which the account has never stood."""
        rows = self._session.conn.execute(
            "SELECT from_step, to_step FROM transitions WHERE account_id = ? ORDER BY id", (account_id,)
        ).fetchall()
        stood = {Step(one) for row in rows for one in row} | {step}
        first = min(ORDER.index(one) for one in stood)
        return frozenset(ORDER[first : ORDER.index(step)]) - stood

    def _dispute(self, account_id: int) -> tuple[str, bool]:
        """Kind of the open objection to the whole account that holds it or is written, and whether it is written."""
        row = self._session.conn.execute(
            "SELECT d.kind, d.is_written AND d.resolved_at IS NULL FROM disputes d"
            " WHERE d.account_id = ? AND d.charge_id IS NULL"
            f" AND ({HOLDING} OR (d.is_written = 1 AND d.resolved_at IS NULL)) ORDER BY 2 DESC, d.id LIMIT 1",
            (account_id,),
        ).fetchone()
        return (str(row[0]) or "未写明", bool(row[1])) if row else ("", False)

    def _line_dispute_is_written(self, account_id: int) -> bool:
        row = self._session.conn.execute(
            "SELECT 1 FROM disputes WHERE account_id = ? AND charge_id IS NOT NULL AND is_written = 1"
            " AND resolved_at IS NULL",
            (account_id,),
        ).fetchone()
        return row is not None

    def _filed(self, account_id: int, kinds: set[PaperKind]) -> frozenset[PaperKind]:
        """Kinds on file with a file that shows them, about the present debt; a mandate may be older than the debt: that
        it held when the lawyer's letter was written is seen to when that is filed.
        """
        found = shown_kinds(self._session.conn, account_id)
        return frozenset(kind for kind in found if kind in kinds or kind is PaperKind.MANDATE)

    # --- moving ---

    def advance(
        self,
        account_id: int,
        step: Step,
        reason: str,
        signature: Signature | None = None,
        decision: Decision | None = None,
    ) -> Changes:
        """Raise an account to a step that is open. Raises `BadInput` with what is missing.

        `signature`: of somebody whom `ladder.signers_of` names. `decision`: for a suit that a manager signs.
        """
        session = self._session
        clerk = session.require_clerk()
        with session.writing():
            found = self.view(account_id).of(step)
            label = STEP_LABELS[step]
            if found.state in (StepState.DONE, StepState.HERE):
                raise BadInput(f"这户已经到过“{label}”，没有改。", "要退回，请用“退回”。")
            if found.state is StepState.NOT_YET:
                raise BadInput(f"“{label}”还没有开：{found.unmet[0]}；没有改。", "原因看阶段表里的各条。")
            if found.missing:
                words = "、".join(one.text for one in found.missing)
                raise BadInput(f"还没有存档：{words}；没有升到“{label}”。", "请先存档材料，再升。")
            _require(reason, "升一步要写明原因，没有改。")
            signs = self._signed(step, signature)
            told = reason.strip()
            if step is Step.COURT and signs is not None and signs.role is Role.MANAGER:
                told += self._decided(decision)
            if found.skips:
                told += f"（未走 {'、'.join(STEP_LABELS[one] for one in found.skips)}）"
            return self._move(account_id, step, told, clerk, signs)

    def step_back(self, account_id: int, step: Step, reason: str) -> Changes:
        """Lower an account to a step below, with a reason. Raises `BadInput`."""
        clerk = self._session.require_clerk()
        with self._session.writing():
            present = self._step(account_id)
            if ORDER.index(step) >= ORDER.index(present):
                raise BadInput(f"“{STEP_LABELS[step]}”不在现在的阶段之下，没有退回。", "请选下面的一步。")
            _require(reason, "退回要写明原因，没有改。")
            return self._move(account_id, step, reason.strip(), clerk, None)

    def history(self, account_id: int) -> list[Transition]:
        """Every move of an account, newest first."""
        rows = self._session.conn.execute(
            "SELECT t.at, t.from_step, t.to_step, t.reason, coalesce(s.name, ''), coalesce(b.name, ''), t.cause"
            " FROM transitions t LEFT JOIN staff s ON s.id = t.staff_id LEFT JOIN staff b ON b.id = t.approved_by"
            " WHERE t.account_id = ? ORDER BY t.id DESC",
            (account_id,),
        )
        return [
            Transition(datetime.fromisoformat(at), Step(before), Step(after), reason, who, by, bool(cause))
            for at, before, after, reason, who, by, cause in rows
        ]

    def _step(self, account_id: int) -> Step:
        row = self._session.conn.execute("SELECT step FROM accounts WHERE id = ?", (account_id,)).fetchone()
        if row is None:
            raise BadInput("找不到这一户，可能刚被改动。", "请刷新后再看。")
        return Step(row[0])

    def _signed(self, step: Step, signature: Signature | None) -> Staff | None:
        roles = ladder.signers_of(step)
        if not roles:
            return None
        label = STEP_LABELS[step]
        who = ROLE_LABELS[roles[0]]
        if not self.signers(step):
            able = "或".join(ROLE_LABELS[role] for role in Role if role in roles)
            raise BadInput(
                f"“{label}”要{who}签字，还没有人设签字密码，没有改。", f"请到“设置 › 人员”给{able}设签字密码。"
            )
        if signature is None:
            raise BadInput(f"“{label}”要{who}签字，没有改。", f"请{who}输入签字密码。")
        return self._staff.verify_pin(signature.who, signature.pin, roles)

    def _decided(self, decision: Decision | None) -> str:
        if decision is None or not decision.by.strip():
            raise BadInput("起诉由总经理决定：项目经理签字的，要写明是哪位总经理、哪天决定的；没有改。", "请填好再升。")
        if decision.on > self._session.today():
            raise BadInput("总经理决定的日期在今天之后，没有改。", "请改成已经决定的日期。")
        return f"（总经理{decision.by.strip()} {paper_day(decision.on)}决定）"

    def _move(self, account_id: int, step: Step, reason: str, clerk: Staff, signs: Staff | None) -> Changes:
        conn, before = self._session.conn, self._step(account_id)
        conn.execute("UPDATE accounts SET step = ? WHERE id = ?", (step, account_id))
        cursor = conn.execute(
            "INSERT INTO transitions (account_id, at, from_step, to_step, reason, staff_id, approved_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (account_id, self._session.stamp(), before, step, reason, clerk.id, signs.id if signs else None),
        )
        self._session.note(
            "改阶段",
            f"户 {account_id}",
            {"from": before, "to": step, "reason": reason, **({"signed_by": signs.name} if signs else {})},
        )
        touched = self._states.refresh([account_id])
        return Changes(touched | {account_id}, record_id=int(cursor.lastrowid or 0))


def _is_fixed(charge: Charge, today: date) -> bool:
    """Whether sum and months are known and the last of them has begun: fees fall due in advance."""
    if charge.period is None or charge.due_on is None:
        return False
    return Period((charge.period.last,)).first_day() <= today


def _require(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise BadInput(sentence, "请写一句原因。")


def _stands_until(promise: PromiseFacts | None) -> date | None:
    """The last day on which the money of a promise not yet kept may still be booked."""
    if promise is None or promise.paid_since >= promise.amount:
        return None
    return grace_ends(promise.due_on, is_workday)


def _unchecked(facts: AccountFacts) -> str:
    if facts.claim is not None:
        return f"业主称已付 {show_yuan(facts.claim.amount)}"
    return facts.doubt
