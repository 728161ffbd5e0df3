"""Everything that happened to an account, gathered for 记录."""

from __future__ import annotations

from datetime import datetime, time

from feedesk.models.accounts import CATEGORY_LABELS, STEP_LABELS, MarkKind, Step
from feedesk.models.contacts import CHANNEL_LABELS, Contact, PromiseState, outcome_spec
from feedesk.models.days import paper_day
from feedesk.models.ledger.doubts import PaymentDoubt
from feedesk.models.limitation import GRADE_LABELS
from feedesk.models.money import show, show_yuan
from feedesk.models.notices import IssuedNotice
from feedesk.models.promises import JudgedPromise
from feedesk.models.replan import plan_words
from feedesk.models.service import METHOD_LABELS, Delivery
from feedesk.models.store.assignment_history import assignment_entries
from feedesk.models.store.balances import read_period
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.dispute_entries import dispute_entries
from feedesk.models.store.document_entries import document_entries
from feedesk.models.store.follow_ups import FollowUps
from feedesk.models.store.money_history import MoneyHistory
from feedesk.models.store.notices import Notices
from feedesk.models.store.promises import Promises
from feedesk.models.store.service import Service
from feedesk.models.store.session import Session
from feedesk.models.store.text_words import with_words
from feedesk.models.store.trait_history import trait_entries
from feedesk.models.timeline import EntryKind, TimelineEntry


class History:
    """The timeline of an account, newest first."""

    def __init__(
        self,
        session: Session,
        contacts: Contacts,
        notices: Notices,
        follow_ups: FollowUps,
        money: MoneyHistory,
        service: Service,
        promises: Promises,
    ) -> None:
        self._session = session
        self._promises = promises
        self._service = service
        self._money = money
        self._contacts = contacts
        self._notices = notices
        self._follow_ups = follow_ups

    def of(self, account_id: int) -> list[TimelineEntry]:
        """All entries; voided ones stay and say so."""
        contacts = self._contacts.of(account_id)
        said = {one.promise.contact_id: one for one in self._promises.of_account(account_id)}
        entries = [contact_entry(contact, said.get(contact.id)) for contact in contacts]
        entries = with_words(self._session.conn, account_id, entries)
        entries += [notice_entry(notice, self._issued_at(notice.id)) for notice in self._notices.of_account(account_id)]
        entries += [service_entry(delivery) for delivery in self._service.of_account(account_id)]
        entries += document_entries(self._session.conn, account_id)
        entries += self._debts(account_id) + self._settled(account_id) + self._claims(account_id)
        entries += self._steps(account_id) + self._tenure(account_id)
        entries += dispute_entries(self._session.conn, account_id)
        entries += self._plans(account_id) + self._money.of(account_id)
        entries += trait_entries(self._session.conn, account_id)
        entries += assignment_entries(self._session.conn, account_id)
        return sorted(entries, key=lambda entry: entry.at, reverse=True)

    def doubts(self, account_id: int) -> list[PaymentDoubt]:
        """What is on record as paid while a later list of finance still names it, oldest charge first."""
        return self._money.doubts(account_id)

    def _issued_at(self, notice_id: int) -> datetime:
        row = self._session.conn.execute("SELECT issued_at FROM notices WHERE id = ?", (notice_id,)).fetchone()
        return datetime.fromisoformat(row[0])

    def _debts(self, account_id: int) -> list[TimelineEntry]:
        rows = self._session.conn.execute(
            "SELECT m.applied_at, m.as_of, m.file, coalesce(s.name, '系统'), i.name, c.period_from, c.period_to,"
            " c.months, c.amount, coalesce(m.void_reason, '') FROM charges c JOIN imports m ON m.id = c.import_id"
            " JOIN fee_items i ON i.id = c.item_id LEFT JOIN staff s ON s.id = m.staff_id"
            " WHERE c.account_id = ? AND c.split_id IS NULL ORDER BY m.id, c.id",
            (account_id,),
        )
        grouped: dict[tuple[str, str, str, str, str], list[tuple[str, int]]] = {}
        for at, as_of, file, who, item, first, last, months, amount, voided in rows:
            period = read_period(first, last, months)
            line = f"{item} {period.text() if period else '期间待核'} {show(amount)}"
            grouped.setdefault((at, as_of, file, who, voided), []).append((line, amount))
        return [
            TimelineEntry(
                at=datetime.fromisoformat(at),
                has_time=True,
                kind=EntryKind.DEBT,
                title=f"财务清单新增欠费 {show_yuan(sum(amount for _, amount in lines))}",
                lines=(*(line for line, _ in lines), f"清单“{file}”，截至 {as_of}"),
                who=who,
                voided=voided and f"这份清单已作废：{voided}",
            )
            for (at, as_of, file, who, voided), lines in grouped.items()
        ]

    def _settled(self, account_id: int) -> list[TimelineEntry]:
        rows = self._session.conn.execute(
            "SELECT m.applied_at, m.as_of, coalesce(s.name, '系统'), sum(t.amount), t.amount > 0,"
            " coalesce(m.void_reason, ''), coalesce(sum((SELECT sum(k.amount) FROM live_covers k"
            "  WHERE k.settlement_id = t.id)), 0) FROM settlements t JOIN charges c ON c.id = t.charge_id JOIN imports m ON m.id = t.import_id"
            " LEFT JOIN staff s ON s.id = m.staff_id WHERE c.account_id = ? GROUP BY m.id, t.amount > 0 ORDER BY m.id",
            (account_id,),
        )
        return [
            TimelineEntry(
                at=datetime.fromisoformat(at),
                has_time=True,
                kind=EntryKind.MONEY,
                title=f"按财务清单{'冲抵' if is_paid else '恢复欠费'} {show_yuan(abs(amount))}",
                lines=(f"清单截至 {as_of}，{_reconciled(amount, replaced)}",),
                who=who,
                mark=MarkKind.PARTLY if is_paid else MarkKind.OPEN,
                voided=voided and f"这份清单已作废：{voided}",
            )
            for at, as_of, who, amount, is_paid, voided, replaced in rows
        ]

    def _claims(self, account_id: int) -> list[TimelineEntry]:
        rows = self._session.conn.execute(
            "SELECT q.at, q.amount, q.paid_on, q.way, q.note, s.name, q.closed_at, q.closed_why FROM claims q"
            " JOIN staff s ON s.id = q.staff_id WHERE q.account_id = ? ORDER BY q.id",
            (account_id,),
        )
        return [
            TimelineEntry(
                at=datetime.fromisoformat(at),
                has_time=True,
                kind=EntryKind.CLAIM,
                title=f"称已缴 {show_yuan(amount)}，待核",
                lines=tuple(
                    line
                    for line in (f"{paid_on} {way}", note, f"{closed_at[5:10]} {why}" if closed_at else "等财务核对")
                    if line
                ),
                who=who,
                mark=MarkKind.VERIFY,
            )
            for at, amount, paid_on, way, note, who, closed_at, why in rows
        ]

    def _steps(self, account_id: int) -> list[TimelineEntry]:
        rows = self._session.conn.execute(
            "SELECT t.at, t.from_step, t.to_step, t.reason, coalesce(s.name, '自动'), b.name FROM transitions t"
            " LEFT JOIN staff s ON s.id = t.staff_id LEFT JOIN staff b ON b.id = t.approved_by"
            " WHERE t.account_id = ? ORDER BY t.id",
            (account_id,),
        )
        return [
            TimelineEntry(
                at=datetime.fromisoformat(at),
                has_time=True,
                kind=EntryKind.STEP,
                title=f"阶段 {STEP_LABELS[Step(before)]} → {STEP_LABELS[Step(after)]}",
                lines=(reason, f"签字：{signed_by}") if signed_by else (reason,),
                who=who,
            )
            for at, before, after, reason, who, signed_by in rows
        ]

    def _plans(self, account_id: int) -> list[TimelineEntry]:
        return [
            TimelineEntry(
                at=made,
                has_time=True,
                kind=EntryKind.PLAN,
                title=" · ".join(
                    part for part in (f"改下次跟进：{plan_words(plan, made.date())}", plan.reason) if part
                ),
                lines=(),
                who=who,
                voided=f"当场撤销（{voided:%m-%d} {who}）" if voided else "",
            )
            for made, plan, who, voided in self._follow_ups.of(account_id)
        ]

    def _tenure(self, account_id: int) -> list[TimelineEntry]:
        row = self._session.conn.execute("SELECT since, until FROM accounts WHERE id = ?", (account_id,)).fetchone()
        entries = []
        for text, title in ((row[0], "业主变更：自此为现业主"), (row[1], "业主变更：已不是现业主，旧欠仍在名下")):
            if text:
                at = datetime.combine(datetime.fromisoformat(text).date(), time())
                entries.append(TimelineEntry(at, False, EntryKind.TENURE, title, (), ""))
        return entries


def _reconciled(amount: int, replaced: int) -> str:
    """How far the payments behind a settlement are known."""
    if amount > 0 and replaced >= amount:
        return "已由收款替代"
    return f"其中 {show(replaced)} 已由收款替代，其余待对账" if replaced else "待与收款对账"


def contact_entry(contact: Contact, judged: JudgedPromise | None = None) -> TimelineEntry:
    """A contact as the timeline tells it, with what became of the promise made in it."""
    spec = outcome_spec(contact.channel, contact.outcome)
    title = spec.label
    if contact.promise:
        title = f"承诺 {contact.promise.due_on:%m-%d} 缴 {show_yuan(contact.promise.amount)}"
    lines = [contact.said] if contact.said else []
    if judged is not None and not contact.voided and judged.state is not PromiseState.OPEN:
        title += f" · {judged.short}"
        lines.insert(0, f"{judged.words}：{judged.why}" if judged.words != judged.short else judged.why)
    channel = CHANNEL_LABELS[contact.channel] + (f" {contact.number}" if contact.number else "")
    if len(contact.rooms) > 1:
        channel += f" · 一并谈 {len(contact.rooms)} 套"
    if contact.category:
        channel += f" · {contact.category} {CATEGORY_LABELS[contact.category]}"
    lines.append(channel)
    if contact.override:
        lines.append(f"提醒：当时{contact.override}")
    if contact.next_reason:
        moment = f"{contact.next_at:%m-%d} " if contact.next_at else ""
        lines.append(f"下次：{moment}{contact.next_reason}")
    return TimelineEntry(
        at=contact.at,
        has_time=True,
        kind=EntryKind.CONTACT,
        title=title,
        lines=tuple(lines),
        who=contact.staff_name,
        mark=spec.mark,
        channel=contact.channel.value,
        ref_id=contact.id,
        voided=contact.voided,
    )


def notice_entry(notice: IssuedNotice, at: datetime) -> TimelineEntry:
    """A notice as the timeline tells it."""
    lines = [f"{notice.lines} 笔 {show_yuan(notice.total)}，请于 {paper_day(notice.pay_by)}（含当日）前付清"]
    if len(notice.rooms) > 1:
        lines.append(f"{len(notice.rooms)} 套合成一张")
    if notice.reprints:
        lines.append(f"补打 {notice.reprints} 次")
    return TimelineEntry(
        at=at,
        has_time=True,
        kind=EntryKind.NOTICE,
        title=f"催款单 No. {notice.number} · 第 {notice.round_no} 次",
        lines=tuple(lines),
        who=notice.staff_name,
        ref_id=notice.id,
        voided=notice.voided,
    )


def service_entry(delivery: Delivery) -> TimelineEntry:
    """How a notice was served, as the timeline tells it; it stands at the time it was recorded."""
    draft, verdict = delivery.draft, delivery.verdict
    people = (
        draft.signer and f"签字 {draft.signer}",
        draft.witness and f"见证 {draft.witness}",
        draft.second_staff and f"同行 {draft.second_staff}",
        draft.ems_no and f"EMS {draft.ems_no}",
        delivery.files and f"凭据 {len(delivery.files)} 个",
    )
    lines = [f"{GRADE_LABELS[verdict.grade]}：{verdict.why}", " · ".join(part for part in people if part)]
    lines += [f"还缺{'；'.join(verdict.missing)}"] * bool(verdict.missing)
    lines += [*verdict.flags, draft.note]
    arrived = f" {draft.arrived_on:%m-%d}" if draft.arrived_on else ""
    return TimelineEntry(
        at=delivery.at,
        has_time=True,
        kind=EntryKind.SERVICE,
        title=f"送达 No. {delivery.notice_no} ·{arrived} {METHOD_LABELS[draft.method]}",
        lines=tuple(line for line in lines if line),
        who=delivery.staff_name,
        ref_id=delivery.id,
        voided=delivery.voided,
    )
