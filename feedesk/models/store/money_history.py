"""What happened to an account's money, as 记录 shows it: payments and reversals, prepayment used, waivers, plans, splits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from feedesk.models.accounts import MarkKind
from feedesk.models.days import short_day
from feedesk.models.ledger.doubts import PaymentDoubt
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, Payment, PaymentUse, UseKind
from feedesk.models.ledger.plans import Plan, PlanState
from feedesk.models.ledger.waivers import WAIVER_KIND_LABELS, Waiver, WaiverTarget
from feedesk.models.money import show, show_yuan
from feedesk.models.store.balances import read_period
from feedesk.models.store.payments import Payments
from feedesk.models.store.plans import Plans
from feedesk.models.store.session import Session
from feedesk.models.store.waivers import Waivers
from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.models.workdays import grace_ends, is_workday


class MoneyHistory:
    """The part of the timeline that is about money."""

    def __init__(self, session: Session, payments: Payments, waivers: Waivers, plans: Plans) -> None:
        self._session = session
        self._payments = payments
        self._waivers = waivers
        self._plans = plans

    def of(self, account_id: int) -> list[TimelineEntry]:
        """All entries about money that came in, was let off or agreed on; in no order."""
        payments = self._payments.of_account(account_id)
        entries = [entry for payment in payments for entry in self._payment(payment, account_id)]
        entries += [self._waiver(waiver) for waiver in self._waivers.of_account(account_id)]
        for plan in self._plans.of_account(account_id):
            entries += self._plan(plan, payments)
        return entries + self._splits(account_id) + self._doubts(account_id)

    # --- payments ---

    def _payment(self, payment: Payment, account_id: int) -> list[TimelineEntry]:
        share = next(share for share in payment.shares if share.account_id == account_id)
        uses = [use for use in self._payments.uses(payment.id) if use.account_id == account_id]
        known = self._known_since([use.charge_id for use in uses if use.charge_id is not None])
        later = [use for use in uses if use.charge_id in known and known[use.charge_id] > payment.at]
        at_once = [use for use in uses if use not in later]
        lines = []
        if payment.paid_on != payment.at.date():
            lines.append(f"{payment.paid_on.isoformat()} 到账")
        lines += [_use_line(use) for use in at_once]
        if later:
            lines.append(f"转为预缴 {show(sum(use.amount for use in later))}，后来已冲抵新账")
        if len(payment.shares) > 1:
            lines.append(
                f"同一笔 {show_yuan(payment.amount)} 缴了 {len(payment.shares)} 户：{'、'.join(payment.rooms)}"
            )
        lines += [
            words
            for words in (
                payment.payer and f"付款人 {payment.payer}",
                payment.reference and f"流水号 {payment.reference}",
                payment.receipt_no and f"收据 {payment.receipt_no}",
                payment.note,
            )
            if words
        ]
        is_part = any(use.left for use in at_once)
        entries = [
            TimelineEntry(
                at=payment.at,
                has_time=True,
                kind=EntryKind.MONEY,
                title=f"收款 {show_yuan(share.amount)} · {PAY_METHOD_LABELS[payment.method]}",
                lines=tuple(lines),
                who=payment.staff_name,
                mark=MarkKind.PARTLY if is_part else MarkKind.PAID,
                ref_id=payment.id,
                voided=payment.reversed,
                void_word="已冲正",
            )
        ]
        for at in sorted({known[use.charge_id] for use in later if use.charge_id is not None}):
            used = [use for use in later if use.charge_id is not None and known[use.charge_id] == at]
            entries.append(
                TimelineEntry(
                    at=at,
                    has_time=True,
                    kind=EntryKind.MONEY,
                    title=f"预缴冲抵 {show_yuan(sum(use.amount for use in used))}",
                    lines=(*(_use_line(use) for use in used), f"用 {payment.paid_on.isoformat()} 的收款"),
                    who="自动",
                    mark=MarkKind.PARTLY if any(use.left for use in used) else MarkKind.PAID,
                )
            )
        return entries

    def _known_since(self, charge_ids: list[int]) -> dict[int | None, datetime]:
        """When each charge came with a list; those split from a lump are as old as the lump."""
        holes = ", ".join("?" * len(charge_ids))
        rows = self._session.conn.execute(
            "SELECT c.id, m.applied_at FROM charges c LEFT JOIN splits s ON s.id = c.split_id"
            " LEFT JOIN charges p ON p.id = s.charge_id JOIN imports m ON m.id = coalesce(p.import_id, c.import_id)"
            f" WHERE c.id IN ({holes})",
            charge_ids,
        )
        return {charge_id: datetime.fromisoformat(at) for charge_id, at in rows}

    # --- waivers, plans ---

    def _waiver(self, waiver: Waiver) -> TimelineEntry:
        draft = waiver.draft
        what = "违约金" if draft.target is WaiverTarget.LATE_FEE else self._charge_text(draft.charge_id)
        lines = [f"{what}：{draft.reason}", f"{draft.asked_by} 提出，{waiver.approved_by} 批准"]
        if draft.expires_on is not None:
            lines.append(f"到 {draft.expires_on.isoformat()} 付清才算数")
        if waiver.lapsed:
            lines.append(waiver.lapsed)
        return TimelineEntry(
            at=waiver.at,
            has_time=True,
            kind=EntryKind.WAIVER,
            title=f"{WAIVER_KIND_LABELS[draft.kind]} {show_yuan(draft.amount)}{'（已失效）' if waiver.lapsed else ''}",
            lines=tuple(lines),
            who=waiver.staff_name,
            mark=MarkKind.OPEN if waiver.lapsed else MarkKind.PARTLY,
            ref_id=waiver.id,
            voided=waiver.voided,
        )

    def _plan(self, plan: Plan, payments: list[Payment]) -> list[TimelineEntry]:
        draft, verdict, today = plan.draft, plan.verdict, self._session.today()
        lines = [
            f"第 {state.instalment.number} 期 {short_day(state.instalment.due_on, today)}"
            f" {show(state.instalment.amount)}{_came(state.paid, state.instalment.amount)}"
            for state in verdict.instalments
        ]
        if len(plan.rooms) > 1:
            lines.append(f"连同 {'、'.join(plan.rooms)}")
        if draft.waives_late_fee:
            lines.append("按期付清就免违约金")
        if draft.note:
            lines.append(draft.note)
        lines.append(f"{plan.approved_by} 批准")
        entries = [
            TimelineEntry(
                at=plan.at,
                has_time=True,
                kind=EntryKind.INSTALMENTS,
                title=f"约定分期：{show_yuan(draft.total)} 分 {len(draft.instalments)} 期",
                lines=tuple(lines),
                who=plan.staff_name,
                mark=MarkKind.PROMISED,
                ref_id=plan.id,
                voided=plan.voided,
            )
        ]
        if not plan.voided and verdict.state in (PlanState.BROKEN, PlanState.DONE):
            is_broken = verdict.state is PlanState.BROKEN
            entries.append(
                TimelineEntry(
                    at=self._broken_at(plan) if is_broken else _done_at(plan, payments),
                    has_time=not is_broken,
                    kind=EntryKind.INSTALMENTS,
                    title="分期失约" if is_broken else "分期付清",
                    lines=(verdict.why,),
                    who="自动",
                    mark=MarkKind.BROKEN if is_broken else MarkKind.PAID,
                )
            )
        return entries

    def _broken_at(self, plan: Plan) -> datetime:
        """The first day on which the missed instalment could not be made good any more."""
        missed = plan.verdict.current or plan.draft.instalments[-1]
        return datetime.combine(grace_ends(missed.due_on, is_workday) + timedelta(days=1), time())

    # --- splits, doubts ---

    def _splits(self, account_id: int) -> list[TimelineEntry]:
        rows = self._session.conn.execute(
            "SELECT s.at, p.name, c.id, c.amount, (SELECT count(*) FROM charges k WHERE k.split_id = s.id),"
            " s.void_reason, s.voided_at, w.name FROM splits s JOIN charges c ON c.id = s.charge_id"
            " JOIN staff p ON p.id = s.staff_id LEFT JOIN staff w ON w.id = s.voided_by WHERE c.account_id = ?",
            (account_id,),
        ).fetchall()
        return [
            TimelineEntry(
                at=datetime.fromisoformat(at),
                has_time=True,
                kind=EntryKind.SPLIT,
                title=f"按月拆分：{self._charge_text(charge_id)}",
                lines=(f"{show(amount)} 拆成 {count} 个月，各月各有应缴日",),
                who=who,
                ref_id=charge_id,
                voided=f"{why or '撤销'}（{voided_at[5:10]} {by}）" if voided_at else "",
            )
            for at, who, charge_id, amount, count, why, voided_at, by in rows
        ]

    def doubts(self, account_id: int, *, with_closed: bool = False) -> list[PaymentDoubt]:
        """What is in doubt now, oldest charge first; with `with_closed` also what a person has settled."""
        rows = self._session.conn.execute(
            "SELECT d.charge_id, d.amount, m.as_of, m.file, d.at, d.closed_why, d.closed_at, s.name"
            " FROM payment_doubts d JOIN imports m ON m.id = d.import_id JOIN charges c ON c.id = d.charge_id"
            " LEFT JOIN staff s ON s.id = d.closed_by WHERE d.account_id = ? AND m.voided_at IS NULL"
            f" {'' if with_closed else 'AND d.closed_at IS NULL'} ORDER BY c.due_on IS NULL, c.due_on, c.id, d.id",
            (account_id,),
        ).fetchall()
        return [
            PaymentDoubt(
                charge_id=charge_id,
                what=self._charge_text(charge_id),
                amount=amount,
                list_day=date.fromisoformat(as_of),
                file=file,
                at=datetime.fromisoformat(at),
                closed=f"{why}（{closed_at[5:10]} {who or '自动'}）" if closed_at else "",
            )
            for charge_id, amount, as_of, file, at, why, closed_at, who in rows
        ]

    def _doubts(self, account_id: int) -> list[TimelineEntry]:
        found = self.doubts(account_id, with_closed=True)
        by_list: dict[tuple[datetime, str], list[PaymentDoubt]] = {}
        for doubt in found:
            by_list.setdefault((doubt.at, doubt.closed), []).append(doubt)
        return [
            TimelineEntry(
                at=at,
                has_time=True,
                kind=EntryKind.DOUBT,
                title=f"收款待核 {show_yuan(sum(doubt.amount for doubt in doubts))}",
                lines=(*(doubt.text for doubt in doubts), doubts[0].why, f"已核：{closed}" if closed else "等核对"),
                who="自动",
                mark=MarkKind.VERIFY,
            )
            for (at, closed), doubts in by_list.items()
        ]

    def _charge_text(self, charge_id: int | None) -> str:
        row = self._session.conn.execute(
            "SELECT i.name, c.period_from, c.period_to, c.months FROM charges c JOIN fee_items i ON i.id = c.item_id"
            " WHERE c.id = ?",
            (charge_id,),
        ).fetchone()
        if row is None:
            return "整户"
        period = read_period(row[1], row[2], row[3])
        return f"{row[0]} {period.text() if period else '期间待核'}"


def _use_line(use: PaymentUse) -> str:
    left = f"（还欠 {show(use.left)}）" if use.kind is UseKind.CHARGE and use.left else ""
    return f"{use.text} {show(use.amount)}{left}"


def _came(paid: int, amount: int) -> str:
    if paid >= amount:
        return "，已到账"
    return f"，到账 {show(paid)}" if paid else ""


def _done_at(plan: Plan, payments: list[Payment]) -> datetime:
    """When the last money came; a debt that vanished otherwise was done when the plan was last looked at."""
    return max((payment.at for payment in payments if not payment.reversed and payment.at >= plan.at), default=plan.at)
