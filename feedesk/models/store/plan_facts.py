"""What the records say of instalment plans, and what follows: read by `plans` and by the states of accounts.

A plan knows up to which payment and which list the office had got when it was made; what came later is its money.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from feedesk.models.accounts import STEP_LABELS, Step
from feedesk.models.ledger.plans import Instalment, PlanDraft, PlanFacts, PlanState, PlanVerdict, derive
from feedesk.models.store.session import marks
from feedesk.models.workdays import is_workday


def plan_verdicts(conn: sqlite3.Connection, account_ids: Sequence[int], today: date) -> dict[int, PlanVerdict]:
    """Where the plan agreed last stands, for those of the accounts (some hundred) that have one running or broken."""
    latest = _latest(conn, account_ids)
    if not latest:
        return {}
    verdicts = {
        plan_id: derive(facts, today, is_workday)
        for plan_id, facts in facts_of(conn, {plan_id for plan_id, _ in latest.values()}).items()
    }
    return {
        account_id: with_step(verdicts[plan_id], step)
        for account_id, (plan_id, step) in latest.items()
        if verdicts[plan_id].state is not PlanState.DONE
    }


def companions(conn: sqlite3.Connection, account_ids: Collection[int]) -> set[int]:
    """These accounts (some hundred) and those that share their latest plan: money for one moves the state of all."""
    ids = list(account_ids)
    rows = conn.execute(
        "SELECT y.account_id FROM plan_accounts x JOIN plans p ON p.id = x.plan_id"
        " JOIN plan_accounts y ON y.plan_id = x.plan_id"
        f" WHERE p.voided_at IS NULL AND x.account_id IN ({marks(len(ids))})",
        ids,
    )
    return {*ids, *(account_id for (account_id,) in rows)}


def fee_free_charges(
    conn: sqlite3.Connection, account_ids: Sequence[int] | None, as_of: date, today: date
) -> dict[int, frozenset[int]]:
    """Charges whose late fee a plan of these accounts (None: of any) lets off on a day, by account, as things stand today.

    It lets off from the day it is agreed, while it is kept and once it was; a broken one lets nothing off, on no day:
    the late fee is due again (`PlanDraft.waives_late_fee`).
    """
    whose = "" if account_ids is None else f" AND x.account_id IN ({marks(len(account_ids))})"
    rows = conn.execute(
        "SELECT DISTINCT p.id FROM plans p JOIN plan_accounts x ON x.plan_id = p.id WHERE p.voided_at IS NULL"
        f" AND p.waives_late_fee = 1 AND p.made_on <= ?{whose}",
        [as_of.isoformat(), *(account_ids or ())],
    ).fetchall()
    if not rows:
        return {}
    facts = facts_of(conn, [plan_id for (plan_id,) in rows])
    kept = [plan_id for plan_id, of_plan in facts.items() if derive(of_plan, today, is_workday).kept]
    found: dict[int, set[int]] = defaultdict(set)
    for account_id, charge_id in conn.execute(
        f"SELECT c.account_id, c.id FROM ({_SINCE.format(ids=marks(len(kept)))}) n"
        " JOIN live_charges c ON c.account_id = n.account_id WHERE coalesce(c.import_id, 0) <= n.list",
        kept,
    ):
        found[account_id].add(charge_id)
    return {account_id: frozenset(charges) for account_id, charges in found.items()}


def with_step(verdict: PlanVerdict, step: Step) -> PlanVerdict:
    """A broken plan names the step that its account is on again."""
    return replace(verdict, why=verdict.why.replace("恢复到原阶段", f"恢复到原阶段（{STEP_LABELS[step]}）"))


def _latest(conn: sqlite3.Connection, account_ids: Sequence[int]) -> dict[int, tuple[int, Step]]:
    """The plan agreed last of each account, and the step the account was on then (max takes its row along)."""
    rows = conn.execute(
        "SELECT x.account_id, max(x.plan_id), x.step_before FROM plan_accounts x JOIN plans p ON p.id = x.plan_id"
        f" WHERE p.voided_at IS NULL AND x.account_id IN ({marks(len(account_ids))}) GROUP BY x.account_id",
        account_ids,
    )
    return {account_id: (plan_id, Step(step)) for account_id, plan_id, step in rows}


def since_now(conn: sqlite3.Connection, account_ids: Sequence[int]) -> dict[str, int]:
    """What the office has got by now: the last payment and list, and what is let off of these accounts' charges (分)."""
    payment, last_import, waived = conn.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM payments), (SELECT coalesce(max(id), 0) FROM imports),"
        " (SELECT coalesce(sum(m.waived), 0) FROM live_charges c JOIN charge_money m ON m.charge_id = c.id"
        f"  WHERE c.account_id IN ({marks(len(account_ids))}))",
        account_ids,
    ).fetchone()
    return {"payment": payment, "import": last_import, "waived": waived}


def facts_of(conn: sqlite3.Connection, plan_ids: Iterable[int]) -> dict[int, PlanFacts]:
    """The facts of these plans (some hundred), from five statements however many there are."""
    ids = sorted(plan_ids)
    holes = marks(len(ids))
    accounts: dict[int, list[int]] = defaultdict(list)
    for plan_id, account_id in conn.execute(
        f"SELECT plan_id, account_id FROM plan_accounts WHERE plan_id IN ({holes}) ORDER BY plan_id, account_id", ids
    ):
        accounts[plan_id].append(account_id)
    parts: dict[int, list[Instalment]] = defaultdict(list)
    for plan_id, number, due_on, amount in conn.execute(
        f"SELECT plan_id, number, due_on, amount FROM instalments WHERE plan_id IN ({holes}) ORDER BY plan_id, number",
        ids,
    ):
        parts[plan_id].append(Instalment(number, date.fromisoformat(due_on), amount))
    came = _came_in(conn, ids)
    debts = _debts(conn, ids)
    found: dict[int, PlanFacts] = {}
    for plan_id, made_on, total, note, waives, snapshot in conn.execute(
        f"SELECT id, made_on, total, note, waives_late_fee, snapshot FROM plans WHERE id IN ({holes})", ids
    ):
        made = date.fromisoformat(made_on)
        draft = PlanDraft(tuple(accounts[plan_id]), made, tuple(parts[plan_id]), total, note, bool(waives))
        found[plan_id] = PlanFacts(
            plan_id=plan_id,
            draft=draft,
            paid=tuple(sorted((max(made, on), amount) for on, amount in came.get(plan_id, ()))),
            owed=debts[plan_id][0] if plan_id in debts else 0,
            waived=max(0, (debts[plan_id][1] if plan_id in debts else 0) - json.loads(snapshot)["since"]["waived"]),
        )
    return found


_SINCE = (
    "SELECT p.id AS plan_id, x.account_id, json_extract(p.snapshot, '$.since.payment') AS payment,"
    " json_extract(p.snapshot, '$.since.import') AS list"
    " FROM plans p JOIN plan_accounts x ON x.plan_id = p.id WHERE p.id IN ({ids})"
)
"""Each account of the plans, with the last payment and list known when the plan was made."""

_PAYMENTS = """
SELECT n.plan_id, p.paid_on, h.amount - h.late_fee
       - coalesce((SELECT sum(k.amount) FROM live_covers k LEFT JOIN settlements s ON s.id = k.settlement_id
                   WHERE k.payment_id = p.id AND k.account_id = h.account_id
                   AND (s.id IS NULL OR s.import_id <= n.list)), 0)
       - coalesce((SELECT sum(w.amount) FROM payment_names w JOIN charges c ON c.id = w.charge_id
                   WHERE w.payment_id = p.id AND c.account_id = h.account_id AND c.import_id > n.list), 0)
FROM ({since}) n JOIN payment_shares h ON h.account_id = n.account_id JOIN live_payments p ON p.id = h.payment_id
WHERE p.id > n.payment
"""
"""Principal booked since; not what a list known then contains already, nor what was named for a later debt."""

_SETTLED = """
SELECT n.plan_id, m.as_of, (SELECT max(e.as_of) FROM imports e WHERE e.voided_at IS NULL AND e.as_of < m.as_of),
       s.amount + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0)
       - coalesce((SELECT sum(k.amount) FROM live_covers k WHERE k.settlement_id = s.id), 0)
FROM ({since}) n JOIN charges c ON c.account_id = n.account_id JOIN live_settlements s ON s.charge_id = c.id
JOIN imports m ON m.id = s.import_id
WHERE s.undoes IS NULL AND s.import_id > n.list AND coalesce(c.import_id, 0) <= n.list
"""
"""Settled by lists that came since, of debts known when the plan was made."""


def _came_in(conn: sqlite3.Connection, plan_ids: list[int]) -> dict[int, list[tuple[date, int]]]:
    """(day, 分) of what has come in for each plan.

    A list tells no day of payment, only that it lies after the list before and not after its own: in doubt it was in
    time, so the earliest day counts. Nobody who may have paid is taken for somebody who broke his word.
    """
    since = _SINCE.format(ids=marks(len(plan_ids)))
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for plan_id, paid_on, amount in conn.execute(_PAYMENTS.format(since=since), plan_ids):
        if amount > 0:
            found[plan_id].append((date.fromisoformat(paid_on), amount))
    for plan_id, as_of, before, amount in conn.execute(_SETTLED.format(since=since), plan_ids):
        if amount > 0:
            earliest = date.fromisoformat(before) + timedelta(days=1) if before else date.fromisoformat(as_of)
            found[plan_id].append((earliest, amount))
    return found


def _debts(conn: sqlite3.Connection, plan_ids: list[int]) -> dict[int, tuple[int, int]]:
    """What is open, and what is let off, of the charges known when each plan was made, in 分."""
    rows = conn.execute(
        "SELECT n.plan_id, sum(c.amount - coalesce(m.settled + m.waived + m.paid, 0)), sum(coalesce(m.waived, 0))"
        f" FROM ({_SINCE.format(ids=marks(len(plan_ids)))}) n JOIN live_charges c ON c.account_id = n.account_id"
        " LEFT JOIN charge_money m ON m.charge_id = c.id WHERE coalesce(c.import_id, 0) <= n.list GROUP BY n.plan_id",
        plan_ids,
    )
    return {plan_id: (owed, waived) for plan_id, owed, waived in rows}
