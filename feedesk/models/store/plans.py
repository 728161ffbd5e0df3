"""分期 on record: agreed under the PIN of a leader or manager, with the paper both sides sign frozen beside it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from feedesk.errors import BadInput
from feedesk.models.accounts import Step
from feedesk.models.changes import Changes
from feedesk.models.ledger import agreement as paper
from feedesk.models.ledger.agreement import AgreedDebt, AgreedLateFee, PlanAgreement
from feedesk.models.ledger.plans import Plan, PlanDraft, PlanFacts, PlanState, derive, problems, propose
from feedesk.models.notice_batch import office_on_paper
from feedesk.models.office import Role, Staff
from feedesk.models.store import balances, money_settings, plan_facts, voiding
from feedesk.models.store.people import OfficeSettings, StaffList
from feedesk.models.store.session import Session, marks
from feedesk.models.store.states import States
from feedesk.models.workdays import is_workday

APPROVERS = (Role.LEADER, Role.MANAGER)
"""Who may agree to a plan."""


class Plans:
    """Append-only: a plan is voided with a reason and still shows; where it stands is derived from the payments."""

    def __init__(self, session: Session, states: States, staff: StaffList) -> None:
        self._session = session
        self._states = states
        self._staff = staff

    # --- before it is agreed ---

    def propose(self, account_ids: Sequence[int], count: int, first_due: date, *, monthly: bool = True) -> PlanDraft:
        """Equal instalments of all that these accounts owe today; raises `BadInput` when that is no plan."""
        owed = self._owed(account_ids)
        if owed <= 0:
            raise BadInput("没有欠费，不用分期。", "请换一户。")
        if first_due < self._session.today():
            raise BadInput("第一期的日期已经过去了，没有排出来。", "请选今天或以后的日期。")
        parts = propose(owed, count, first_due, monthly=monthly)
        return PlanDraft(tuple(account_ids), self._session.today(), parts, owed)

    def draft_agreement(self, draft: PlanDraft, approver: str = "") -> PlanAgreement:
        """The paper of a plan not yet agreed: without a number, for both sides to read."""
        return self._agreement(draft, "", approver)

    def _owed(self, account_ids: Sequence[int]) -> int:
        return sum(charge.owed for charge in balances.charges_of(self._session.conn, set(account_ids)))

    # --- agreeing and voiding ---

    def agree(self, draft: PlanDraft, approver: Staff, pin: str) -> Changes:
        """Agree to a plan. Raises `BadInput` for what `ledger.plans.problems` names, and for a wrong PIN."""
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            found = problems(draft, self._owed(draft.account_ids), session.today())
            wrong = found[0] if found else self._conflict(draft.account_ids)
            if wrong:
                raise BadInput(f"{wrong.rstrip('。')}，分期没有定下。", "请改好再定。")
            signs = self._staff.verify_pin(approver, pin, APPROVERS)
            if not money_settings.late_fee_policy_of(conn).is_on:  # the paper does not speak of what nobody reckons
                draft = replace(draft, waives_late_fee=False)
            (before,) = conn.execute(
                "SELECT count(*) FROM plans WHERE substr(made_on, 1, 4) = ?", (f"{draft.made_on.year:04d}",)
            ).fetchone()
            number = f"FQ{draft.made_on.year:04d}-{before + 1:05d}"
            snapshot = {
                "since": plan_facts.since_now(conn, draft.account_ids),
                "agreement": json.loads(paper.freeze(self._agreement(draft, number, signs.name))),
            }
            cursor = conn.execute(
                "INSERT INTO plans (at, made_on, total, note, waives_late_fee, approved_by, staff_id, snapshot)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (session.stamp(), draft.made_on.isoformat(), draft.total, draft.note.strip(),
                 int(draft.waives_late_fee), signs.id, clerk.id, json.dumps(snapshot, ensure_ascii=False)),
            )  # fmt: skip
            plan_id = int(cursor.lastrowid or 0)
            self._insert_parts(conn, plan_id, draft)
            session.note(
                "定下分期",
                number,
                {"accounts": draft.account_ids, "total": draft.total, "approved_by": signs.name,
                 "instalments": [(part.due_on, part.amount) for part in draft.instalments]},
            )  # fmt: skip
            touched = self._states.refresh(draft.account_ids)
        return Changes(touched.union(draft.account_ids), record_id=plan_id)

    def _conflict(self, account_ids: Sequence[int]) -> str:
        """What stands against a plan for these accounts, in one sentence."""
        conn, ids = self._session.conn, list(account_ids)
        owners = conn.execute(f"SELECT DISTINCT owner_id FROM accounts WHERE id IN ({marks(len(ids))})", ids).fetchall()
        if len(owners) != 1:
            return "一份分期协议只能是同一位业主的"
        running = plan_facts.plan_verdicts(conn, ids, self._session.today())
        if any(verdict.state is PlanState.RUNNING for verdict in running.values()):
            return "已经有一份分期在履行，要先作废它"
        return ""

    def _insert_parts(self, conn: sqlite3.Connection, plan_id: int, draft: PlanDraft) -> None:
        conn.executemany(
            "INSERT INTO plan_accounts SELECT ?, id, ?, step FROM accounts WHERE id = ?",
            [(plan_id, self._owed([account_id]), account_id) for account_id in draft.account_ids],
        )
        conn.executemany(
            "INSERT INTO instalments VALUES (?, ?, ?, ?)",
            [(plan_id, part.number, part.due_on.isoformat(), part.amount) for part in draft.instalments],
        )

    def void(self, plan_id: int, reason: str) -> Changes:
        """End a plan before its time: its accounts stand where their own records put them."""
        session = self._session
        why = voiding.checked(session, reason)
        with session.writing() as conn:
            row = conn.execute("SELECT voided_at FROM plans WHERE id = ?", (plan_id,)).fetchone()
            if row is None:
                raise BadInput("找不到这份分期，没有作废。", "请刷新后再看。")
            if row[0]:
                raise BadInput("这份分期已经作废过了。", "")
            voiding.mark(session, "plans", plan_id, why)
            ids = [a for (a,) in conn.execute("SELECT account_id FROM plan_accounts WHERE plan_id = ?", (plan_id,))]
            session.note("作废分期", f"分期 {plan_id}", {"reason": why})
            touched = self._states.refresh(ids)
        return Changes(touched.union(ids), record_id=plan_id)

    # --- the paper ---

    def agreement(self, plan_id: int) -> PlanAgreement:
        """What both sides signed, as it was frozen; a reprint prints these very values."""
        row = self._session.conn.execute("SELECT snapshot FROM plans WHERE id = ?", (plan_id,)).fetchone()
        if row is None:
            raise BadInput("找不到这份分期协议。", "请刷新后再看。")
        return paper.thaw(json.dumps(json.loads(row[0])["agreement"], ensure_ascii=False))

    def _agreement(self, draft: PlanDraft, number: str, approved_by: str) -> PlanAgreement:
        conn = self._session.conn
        ids = list(draft.account_ids)
        people = conn.execute(
            "SELECT a.id, u.room, a.name FROM accounts a JOIN units u ON u.id = a.unit_id"
            f" WHERE a.id IN ({marks(len(ids))}) ORDER BY u.room_key, a.id",
            ids,
        ).fetchall()
        charges = balances.by_account(conn, ids)
        debts = tuple(
            AgreedDebt(
                room, charge.item, charge.kind, charge.period_text(), charge.due_on, charge.due_is_assumed, charge.owed
            )
            for account_id, room, _ in people
            for charge in charges.get(account_id, ())
            if charge.owed > 0
        )
        policy = money_settings.late_fee_policy_of(conn)
        late_fee = AgreedLateFee.NONE
        if policy.is_on:
            late_fee = AgreedLateFee.LET_OFF if draft.waives_late_fee else AgreedLateFee.BY_CONTRACT
        return PlanAgreement(
            number=number,
            made_on=draft.made_on,
            office=office_on_paper(OfficeSettings(self._session).profile()),
            name="、".join(dict.fromkeys(name for _, _, name in people if name)),
            rooms=tuple(room for _, room, _ in people),
            debts=debts,
            instalments=draft.instalments,
            total=draft.total,
            late_fee=late_fee,
            clause=policy.clause.strip() if policy.is_on else "",
            staff=self._session.require_clerk().name,
            approved_by=approved_by,
            note=draft.note.strip(),
        )

    # --- reading ---

    def current(self, account_id: int) -> Plan | None:
        """The plan agreed last while it runs or since it broke; None when there is none, or when it is done."""
        for plan in self.of_account(account_id):
            if plan.verdict.state is not PlanState.VOIDED:
                return None if plan.verdict.state is PlanState.DONE else plan
        return None

    def of_account(self, account_id: int) -> list[Plan]:
        """All plans of an account, newest first, those done, broken and voided included."""
        conn, today = self._session.conn, self._session.today()
        rows = conn.execute(
            "SELECT p.id, p.at, x.step_before, b.name, s.name, p.void_reason, p.voided_at, v.name,"
            " (SELECT group_concat(room, char(31)) FROM (SELECT u.room FROM plan_accounts y"
            "   JOIN accounts a ON a.id = y.account_id JOIN units u ON u.id = a.unit_id WHERE y.plan_id = p.id"
            "   ORDER BY u.room_key, a.id))"
            " FROM plan_accounts x JOIN plans p ON p.id = x.plan_id JOIN staff b ON b.id = p.approved_by"
            " JOIN staff s ON s.id = p.staff_id LEFT JOIN staff v ON v.id = p.voided_by"
            " WHERE x.account_id = ? ORDER BY p.id DESC",
            (account_id,),
        ).fetchall()
        facts = plan_facts.facts_of(conn, [row[0] for row in rows]) if rows else {}
        return [_plan(row, facts[row[0]], today) for row in rows]


def _plan(row: tuple[object, ...], facts: PlanFacts, today: date) -> Plan:
    _, at, step, approved_by, staff, void_reason, voided_at, voided_by, rooms = row
    voided = f"{void_reason}（{str(voided_at)[5:10]} {voided_by}）" if voided_at else ""
    verdict = derive(facts, today, is_workday)
    if voided:
        verdict = replace(verdict, state=PlanState.VOIDED, why=f"已作废：{voided}", current=None, missing=0)
    return Plan(
        id=facts.plan_id,
        at=datetime.fromisoformat(str(at)),
        draft=facts.draft,
        rooms=tuple(str(rooms).split("\x1f")),
        staff_name=str(staff),
        approved_by=str(approved_by),
        verdict=plan_facts.with_step(verdict, Step(str(step))),
        step_before=str(step),
        voided=voided,
    )


def findings(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the plans of an office file, one sentence each."""
    checks = {
        "分期 {0} 的各期合计与总额不符": (
            "SELECT p.id FROM plans p WHERE p.total <>"
            " (SELECT coalesce(sum(i.amount), 0) FROM instalments i WHERE i.plan_id = p.id)"
        ),
        "分期 {0} 的总额与各户当时的欠费不符": (
            "SELECT p.id FROM plans p WHERE p.total <>"
            " (SELECT coalesce(sum(x.owed), 0) FROM plan_accounts x WHERE x.plan_id = p.id)"
        ),
        "分期 {0} 的期数或日期不连贯": (
            "SELECT DISTINCT plan_id FROM (SELECT plan_id, number, due_on,"
            " row_number() OVER w AS place, lag(due_on) OVER w AS before FROM instalments"
            " WINDOW w AS (PARTITION BY plan_id ORDER BY number)) WHERE number <> place OR due_on <= before"
        ),
        "分期 {0} 少了留底": (
            "SELECT id FROM plans WHERE json_extract(snapshot, '$.since.payment') IS NULL"
            " OR json_extract(snapshot, '$.agreement.total') IS NOT total"
        ),
        "分期 {0} 作废得不完整": (
            "SELECT id FROM plans WHERE (voided_at IS NULL) <> (voided_by IS NULL)"
            " OR (voided_at IS NULL) <> (coalesce(void_reason, '') = '')"
        ),
    }
    return [sentence.format(row[0]) for sentence, sql in checks.items() for row in conn.execute(sql + " LIMIT 20")]
