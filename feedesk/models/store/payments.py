"""收款 on record: booked with shares, covers and names, undone by a reversal, seen on a receipt."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.ledger.account import AccountRecords, ShareRecord, open_of, owed, tie_of, work_out
from feedesk.models.ledger.allocation import late_fee_part
from feedesk.models.ledger.payments import (
    Named,
    Payment,
    PaymentDraft,
    PaymentPreview,
    PaymentShare,
    PaymentUse,
    PayMethod,
    Receipt,
    UseKind,
)
from feedesk.models.ledger.spreading import lay_late_fee, spread
from feedesk.models.money import MAX_FEN, show_yuan
from feedesk.models.store import balances, doubts, money_settings, receipts
from feedesk.models.store.covers import Cover, covers_of
from feedesk.models.store.ledger import Income, Ledger
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.session import Session, day, marks, pieces
from feedesk.models.store.states import States

_NEW = 2**62
"""Number of a payment that is only looked at: among equals it comes last, as the number that it will get."""
_MISREMEMBERED = timedelta(days=3)
"""So far an owner may be out who says when he has paid."""


class Payments:
    """Append-only: a payment is undone by a reversal and still shows."""

    def __init__(self, session: Session, states: States, ledger: Ledger, late_owed: Callable[[int, date], int]) -> None:
        self._session = session
        self._states = states
        self._ledger = ledger
        self._late_owed = late_owed
        """Open late fee of an account as of a day, in 分."""

    # --- before booking ---

    def propose(self, account_ids: Sequence[int], amount: int, paid_on: date) -> tuple[PaymentShare, ...]:
        """Spread a sum over an owner's units by the office's rule, late fee included; the rest stays with the first."""
        rule = self._ledger.rule()
        charges = list(balances.charges_of(self._session.conn, account_ids))
        late = {account_id: self._late_owed(account_id, paid_on) for account_id in account_ids}
        fee = late_fee_part(rule, amount, sum(charge.owed for charge in charges), sum(late.values()))
        return spread(
            amount - fee,
            lay_late_fee(fee, late),
            {},
            account_ids,
            charges,
            rule,
            paid_on,
            charges_late_fee=money_settings.late_fee_policy_of(self._session.conn).is_on,
        )

    def _principal(self, account_ids: Sequence[int]) -> dict[int, int]:
        open_sums = dict.fromkeys(account_ids, 0)
        for charge in balances.charges_of(self._session.conn, account_ids):
            open_sums[charge.account_id] += charge.owed
        return open_sums

    def preview(self, draft: PaymentDraft) -> PaymentPreview:
        """What booking the draft would do; nothing is written."""
        ids = [share.account_id for share in draft.shares]
        records = self._ledger.records(ids)
        rule, today = self._ledger.rule(), self._session.today()
        uses: list[PaymentUse] = []
        still_open: dict[int, int] = {}
        before = after = over = covered = 0
        covered_by: date | None = None
        problem = self._problem(draft, records)
        rooms = self._rooms(ids)
        for share in draft.shares:
            known = records.get(share.account_id, AccountRecords())
            covers = self._covers(share, draft)
            changed = _with_share(known, share, draft, covers)
            old, new = work_out(known, rule, today), work_out(changed, rule, today)
            room = rooms.get(share.account_id, "")
            before += owed(known, old)
            after += owed(changed, new)
            over += max(0, new.prepaid - old.prepaid)  # also when an earlier day takes a later payment's place
            replaced = sum(cover.amount for cover in covers if cover.settlement_id is not None)
            covered += sum(cover.amount for cover in covers)
            covered_by = max((cover.as_of for cover in covers), default=covered_by)
            paid = {a.charge_id: a.amount for a in new.allocations if a.payment_id == _NEW}
            still_open |= open_of(changed, new)
            uses += self._charge_uses(share.account_id, room, paid, still_open)
            uses += _other_uses(share, room, covers, replaced, new.rest.get(_NEW, 0))
        open_after = tuple(still_open.items())
        return PaymentPreview(tuple(uses), before, after, over, covered, covered_by, problem, open_after)

    def _charge_uses(self, account_id: int, room: str, paid: dict[int, int], left: dict[int, int]) -> list[PaymentUse]:
        """One line a charge, oldest due first."""
        charges = balances.charges_of(self._session.conn, [account_id]) if paid else ()
        return [
            PaymentUse(
                account_id, room, UseKind.CHARGE, paid[charge.id], charge.id,
                f"{charge.item} {charge.period_text()}", left.get(charge.id, 0),
            )
            for charge in charges
            if charge.id in paid
        ]  # fmt: skip

    def _covers(self, share: PaymentShare, draft: PaymentDraft) -> list[Cover]:
        """What lists contain already; money taken today cannot stand in a list made before."""
        if draft.finance_missed or draft.paid_on >= self._session.today():
            return []
        return covers_of(self._session.conn, share.account_id, share.amount - share.late_fee, draft.paid_on)

    def _problem(self, draft: PaymentDraft, records: dict[int, AccountRecords]) -> str:
        """Why the draft cannot be booked, in one sentence; empty when it can."""
        if not draft.shares:
            return "还没有选是哪一户交的。"
        if draft.amount <= 0 or any(share.amount <= 0 for share in draft.shares):
            return "金额要大于 0。"
        if draft.amount > MAX_FEN:
            return f"金额超过 {show_yuan(MAX_FEN)}：请核对。"
        if sum(share.amount for share in draft.shares) != draft.amount:
            return "各户分到的钱加起来不等于收款金额。"
        if draft.paid_on > self._session.today():
            return "收款日在今天之后：请改成已经收到的那一天。"
        named = {name.charge_id for share in draft.shares for name in share.named}
        for share in draft.shares:
            since = self._known_since(share.account_id)
            if since is not None and draft.paid_on < since:
                return f"收款日早于这户的账（{since} 起）：请核对日期，或改记到原业主名下。"
            known = records.get(share.account_id)
            own = {charge.id: charge.amount for charge in known.charges} if known else {}
            if any(name.charge_id not in own for name in share.named):
                return "指定的账目不在这一户名下，或已作废。"
            if share.late_fee + sum(name.amount for name in share.named) > share.amount:
                return "指定的金额加起来超过了这一户的收款。"
            if share.late_fee > self._late_owed(share.account_id, draft.paid_on):
                return "违约金一栏超过了应付的违约金。"
        if len(named) != sum(len(share.named) for share in draft.shares):
            return "同一笔账指定了两次。"
        return ""

    def _known_since(self, account_id: int) -> date | None:
        """The first day this account can have been paid for: its tenure's, else that of its oldest debt."""
        row = self._session.conn.execute(
            "SELECT a.since, (SELECT min(min(coalesce(c.due_on, m.as_of), coalesce(c.period_from || '-01', m.as_of),"
            "  m.as_of)) FROM charges c JOIN imports m ON m.id = c.import_id WHERE c.account_id = a.id)"
            " FROM accounts a WHERE a.id = ?",
            (account_id,),
        ).fetchone()
        if row is None:
            raise BadInput("找不到这一户，收款没有记下。", "请刷新后再选。")
        return day(row[0]) or day(row[1])

    # --- booking ---

    def take(self, draft: PaymentDraft) -> Changes:
        """Book a payment, whole or not at all; raises `BadInput` for what `preview` names as a problem."""
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            preview = self.preview(draft)
            if preview.problem:
                raise BadInput(f"{preview.problem.rstrip('。')}，收款没有记下。", "请改好再记。")
            if preview.over and not draft.prepay_agreed:
                raise BadInput(
                    f"多出 {show_yuan(preview.over)} 没有账可冲，收款没有记下。", "请同意转为预缴，或改金额。"
                )
            payment_id = self._insert(conn, draft, clerk.id)
            ids = [share.account_id for share in draft.shares]
            touched = set(ids)
            self._ledger.derive(ids)
            self._close_claims(conn, ids, payment_id)
            if draft.line_id is not None:
                touched |= {a for (a,) in conn.execute(
                    "DELETE FROM line_proposals WHERE line_id = ? RETURNING account_id", (draft.line_id,)
                ).fetchall()}  # fmt: skip
            session.note(
                "记收款",
                f"收款 {payment_id}",
                {"accounts": ids, "amount": draft.amount, "method": draft.method, "paid_on": draft.paid_on},
            )
            touched |= self._states.refresh(touched, tell=True)  # its line, or one like it, may wait on a statement
        return Changes(frozenset(touched), record_id=payment_id)

    def _insert(self, conn: sqlite3.Connection, draft: PaymentDraft, staff_id: int) -> int:
        try:
            cursor = conn.execute(
                "INSERT INTO payments (paid_on, at, amount, method, reference, payer, note, staff_id, line_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (draft.paid_on.isoformat(), self._session.stamp(), draft.amount, draft.method,
                 draft.reference.strip(), draft.payer.strip(), draft.note.strip(), staff_id, draft.line_id),
            )  # fmt: skip
        except sqlite3.IntegrityError as error:
            if "booked twice" in str(error):
                raise BadInput("这笔流水已经记过收款，没有再记。", "请在对账里看它记到了哪一户。") from error
            raise
        payment_id = int(cursor.lastrowid or 0)
        for share in draft.shares:
            covers = self._covers(share, draft)
            conn.execute(
                "INSERT INTO payment_shares VALUES (?, ?, ?, ?)",
                (payment_id, share.account_id, share.amount, share.late_fee),
            )
            conn.executemany(
                "INSERT INTO payment_names VALUES (?, ?, ?)",
                [(payment_id, name.charge_id, name.amount) for name in share.named],
            )
            conn.executemany(
                "INSERT INTO payment_covers (payment_id, account_id, import_id, settlement_id, amount)"
                " VALUES (?, ?, ?, ?, ?)",
                [(payment_id, share.account_id, c.import_id, c.settlement_id, c.amount) for c in covers],
            )
        return payment_id

    def _close_claims(self, conn: sqlite3.Connection, ids: Sequence[int], payment_id: int) -> None:
        """「已缴待核」 is answered once what came in since reaches what was claimed, or nothing is owed any more."""
        income = self._ledger.payments_known(ids)
        open_sums = self._principal(ids)
        for claim_id, account_id, amount, paid_on, made_at in conn.execute(
            f"SELECT id, account_id, amount, paid_on, at FROM claims WHERE closed_at IS NULL"
            f" AND account_id IN ({marks(len(ids))})",
            list(ids),
        ).fetchall():
            come = _answering(income.get(account_id, ()), date.fromisoformat(paid_on), datetime.fromisoformat(made_at))
            if come >= amount or not open_sums[account_id]:
                conn.execute(
                    "UPDATE claims SET closed_at = ?, closed_why = ?, payment_id = ? WHERE id = ?",
                    (self._session.stamp(), f"收款已核到 {show_yuan(come or amount)}", payment_id, claim_id),
                )

    def _reopen_claims(self, conn: sqlite3.Connection, ids: Sequence[int], payment_id: int) -> None:
        """「已缴待核」 is open again where this payment had answered it, or had helped a later one to."""
        at, paid_on = conn.execute("SELECT at, paid_on FROM payments WHERE id = ?", (payment_id,)).fetchone()
        taken = Income(datetime.fromisoformat(at), 1, date.fromisoformat(paid_on), "")
        income = self._ledger.payments_known(ids)
        answered = conn.execute(
            "SELECT id, account_id, amount, paid_on, at, closed_at, payment_id FROM claims WHERE payment_id >= ?1"
            " AND account_id IN (SELECT account_id FROM payment_shares WHERE payment_id = ?1)"
            " AND (contact_id IS NULL OR contact_id NOT IN (SELECT id FROM contacts WHERE voided_at IS NOT NULL))",
            (payment_id,),
        ).fetchall()
        for claim_id, account_id, amount, since, made_at, closed_at, by in answered:
            claim, until = (
                (date.fromisoformat(since), datetime.fromisoformat(made_at)),
                datetime.fromisoformat(closed_at),
            )
            come = _answering((one for one in income.get(account_id, ()) if one.at <= until), *claim)
            if by == payment_id or (come < amount and _answering([taken], *claim)):
                conn.execute(
                    "UPDATE claims SET closed_at = NULL, closed_why = NULL, payment_id = NULL WHERE id = ?", (claim_id,)
                )

    def reverse(self, payment_id: int, reason: str) -> Changes:
        """冲正: the payment counts on no day any more; what it had paid, closed or kept is as before it."""
        if not reason.strip():
            raise BadInput("冲正要写明原因，没有冲正。", "请写一句原因。")
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            if self._is_reversed(conn, payment_id):
                raise BadInput("这笔收款已经冲正过了。", "")
            conn.execute(
                "INSERT INTO reversals (payment_id, at, staff_id, reason) VALUES (?, ?, ?, ?)",
                (payment_id, session.stamp(), clerk.id, reason.strip()),
            )
            ids = self._accounts(payment_id)
            self._reopen_claims(conn, ids, payment_id)
            self._ledger.derive(ids)
            doubts.release(session, ids)
            session.note("冲正收款", f"收款 {payment_id}", {"reason": reason.strip()})
            touched = self._states.refresh(ids, tell=True)  # its line waits again, whatever is owed
        return Changes(touched.union(ids), record_id=payment_id)

    def _is_reversed(self, conn: sqlite3.Connection, payment_id: int) -> bool:
        row = conn.execute(
            "SELECT EXISTS (SELECT 1 FROM reversals r WHERE r.payment_id = p.id) FROM payments p WHERE p.id = ?",
            (payment_id,),
        ).fetchone()
        if row is None:
            raise BadInput("找不到这笔收款，可能刚被改动。", "请刷新后再看。")
        return bool(row[0])

    def _accounts(self, payment_id: int) -> list[int]:
        rows = self._session.conn.execute("SELECT account_id FROM payment_shares WHERE payment_id = ?", (payment_id,))
        return [row[0] for row in rows]

    def settle_doubt(self, account_id: int, why: str) -> Changes:
        """The money on record is right, whatever finance's list says: the account is no longer 待核."""
        if not why.strip():
            raise BadInput("请写明怎么核对的，没有改动。", "写一句即可。")
        session = self._session
        clerk = session.require_clerk()
        with session.writing() as conn:
            conn.execute(
                "UPDATE payment_doubts SET closed_at = ?, closed_by = ?, closed_why = ?"
                " WHERE account_id = ? AND closed_at IS NULL",
                (session.stamp(), clerk.id, why.strip(), account_id),
            )
            session.note("收款核实", f"户 {account_id}", {"why": why.strip()})
            self._states.refresh([account_id])
        return Changes(frozenset([account_id]))

    # --- receipts ---

    def issue_receipts(self, payment_ids: Sequence[int], save: Callable[[list[Receipt]], None]) -> Changes:
        """Receipts for these payments; `save` writes the paper as the last act, else no number is taken."""
        profile = OfficeSettings(self._session).profile()
        papers = [(self.get(payment_id), self.uses(payment_id)) for payment_id in payment_ids]
        return receipts.issue(self._session, profile, papers, save)

    # --- looking ---

    def get(self, payment_id: int) -> Payment:
        """One payment; raises `BadInput` when there is none of that id."""
        found = self._read("p.id = ?", [payment_id])
        if not found:
            raise BadInput("找不到这笔收款，可能刚被改动。", "请刷新后再看。")
        return found[0]

    def of_account(self, account_id: int) -> list[Payment]:
        """Payments of an account, newest first, reversed ones included."""
        return self._read("p.id IN (SELECT payment_id FROM payment_shares WHERE account_id = ?)", [account_id])

    def taken_between(self, first: date, last: date) -> list[Payment]:
        """Payments booked in a span of days, both included, newest first, reversed ones included."""
        return self._read("p.at >= ? AND p.at < ?", [first.isoformat(), last.isoformat() + "U"])

    def reversed_between(self, first: date, last: date) -> list[Payment]:
        """Payments reversed in a span of days, both included, whenever they were booked; newest first."""
        return self._read("v.at >= ? AND v.at < ?", [first.isoformat(), last.isoformat() + "U"])

    def prepaid(self, account_id: int) -> int:
        """What of the payments no charge has needed yet, in 分."""
        row = self._session.conn.execute(
            "SELECT prepaid FROM account_money WHERE account_id = ?", (account_id,)
        ).fetchone()
        return int(row[0]) if row else 0

    def doubted(self, account_id: int) -> int:
        """分 on record as paid that finance's latest list still names; 0 when nothing is in doubt."""
        row = self._session.conn.execute(
            "SELECT coalesce(sum(d.amount), 0) FROM payment_doubts d JOIN imports m ON m.id = d.import_id"
            " WHERE d.closed_at IS NULL AND m.voided_at IS NULL AND d.account_id = ?",
            (account_id,),
        ).fetchone()
        return int(row[0])

    def uses(self, payment_id: int) -> list[PaymentUse]:
        """What a payment has paid, as it is derived now; nothing for one that was reversed."""
        conn = self._session.conn
        if self._is_reversed(conn, payment_id):
            return []
        payment = self.get(payment_id)
        ids = [share.account_id for share in payment.shares]
        rooms = self._rooms(ids)
        found: list[PaymentUse] = []
        paid: dict[int, dict[int, int]] = defaultdict(dict)
        for account_id, charge_id, amount in conn.execute(
            "SELECT account_id, charge_id, amount FROM allocations WHERE payment_id = ?", (payment_id,)
        ):
            paid[account_id][charge_id] = amount
        for share in payment.shares:
            account_id, room = share.account_id, rooms.get(share.account_id, "")
            left = {charge.id: charge.owed for charge in balances.charges_of(conn, [account_id])}
            found += self._charge_uses(account_id, room, paid[account_id], left)
            covers = [
                Cover(import_id, settlement_id, amount, date.fromisoformat(as_of))
                for import_id, settlement_id, amount, as_of in conn.execute(
                    "SELECT k.import_id, k.settlement_id, k.amount, m.as_of FROM live_covers k JOIN imports m"
                    " ON m.id = k.import_id WHERE k.payment_id = ? AND k.account_id = ? ORDER BY k.id",
                    (payment_id, account_id),
                )
            ]
            replaced = sum(cover.amount for cover in covers if cover.settlement_id is not None)
            inside = sum(cover.amount for cover in covers) - replaced
            rest = share.amount - share.late_fee - inside - sum(paid[account_id].values())
            found += _other_uses(share, room, covers, replaced, rest)
        return found

    def _rooms(self, ids: Sequence[int]) -> dict[int, str]:
        rows = self._session.conn.execute(
            f"SELECT a.id, u.room FROM accounts a JOIN units u ON u.id = a.unit_id WHERE a.id IN ({marks(len(ids))})",
            list(ids),
        )
        return dict(rows)

    def _read(self, where: str, values: list[object]) -> list[Payment]:
        conn = self._session.conn
        rows = conn.execute(
            "SELECT p.id, p.paid_on, p.at, p.amount, p.method, p.reference, p.payer, p.note, s.name, p.line_id,"
            " coalesce((SELECT printf('SJ%d-%05d', r.year, r.seq) FROM receipts r WHERE r.payment_id = p.id), ''),"
            " v.at, v.reason, w.name FROM payments p JOIN staff s ON s.id = p.staff_id"
            f" LEFT JOIN reversals v ON v.payment_id = p.id LEFT JOIN staff w ON w.id = v.staff_id WHERE {where}"
            " ORDER BY p.at DESC, p.id DESC",
            values,
        ).fetchall()
        ids = [row[0] for row in rows]
        named: dict[tuple[int, int], list[Named]] = defaultdict(list)
        shares: dict[int, list[tuple[PaymentShare, str, str]]] = defaultdict(list)
        for part in pieces(ids):
            for payment_id, account_id, charge_id, amount in conn.execute(
                "SELECT n.payment_id, c.account_id, n.charge_id, n.amount FROM payment_names n JOIN charges c"
                f" ON c.id = n.charge_id WHERE n.payment_id IN ({marks(len(part))})",
                part,
            ):
                named[payment_id, account_id].append(Named(charge_id, amount))
            for payment_id, account_id, amount, late_fee, room, name in conn.execute(
                "SELECT h.payment_id, h.account_id, h.amount, h.late_fee, u.room, a.name FROM payment_shares h"
                " JOIN accounts a ON a.id = h.account_id JOIN units u ON u.id = a.unit_id"
                f" WHERE h.payment_id IN ({marks(len(part))}) ORDER BY u.room_key",
                part,
            ):
                share = PaymentShare(account_id, amount, late_fee, tuple(named.get((payment_id, account_id), ())))
                shares[payment_id].append((share, room, name))
        return [
            Payment(
                id=i,
                paid_on=date.fromisoformat(paid_on),
                at=datetime.fromisoformat(at),
                amount=amount,
                method=PayMethod(method),
                reference=reference,
                payer=payer,
                note=note,
                staff_name=who,
                rooms=tuple(room for _, room, _ in shares[i]),
                names=tuple(name for _, _, name in shares[i]),
                shares=tuple(share for share, _, _ in shares[i]),
                line_id=line_id,
                receipt_no=receipt,
                reversed=f"{reason}（{reversed_at[5:10]} {by}）" if reversed_at else "",
                reversed_at=datetime.fromisoformat(reversed_at) if reversed_at else None,
            )
            for i, paid_on, at, amount, method, reference, payer, note, who, line_id, receipt, reversed_at, reason, by
            in rows
        ]  # fmt: skip


def _answering(income: Iterable[Income], paid_on: date, made_at: datetime) -> int:
    """What of the money may be that of a claim, in 分: of the day claimed or later, or booked since of a few days before,
    for who says when he paid may be out by some days.
    """
    earliest = paid_on - _MISREMEMBERED
    return sum(
        entry.amount for entry in income if entry.day >= paid_on or (entry.day >= earliest and entry.at >= made_at)
    )


def _with_share(
    records: AccountRecords, share: PaymentShare, draft: PaymentDraft, covers: Sequence[Cover]
) -> AccountRecords:
    """The records as they would be with this share booked."""
    inside = sum(cover.amount for cover in covers if cover.settlement_id is None)
    record = ShareRecord(
        payment_id=_NEW,
        paid_on=draft.paid_on,
        principal=share.amount - share.late_fee - inside,
        late_fee=share.late_fee,
        named=tuple((name.charge_id, name.amount) for name in share.named),
        tie=tie_of(share.amount, draft.method, draft.reference),
    )
    replaced = sum(cover.amount for cover in covers if cover.settlement_id is not None)
    settlements = []
    for settlement in records.settlements:
        part = min(replaced, settlement.amount) if settlement.as_of >= draft.paid_on else 0
        replaced -= part
        settlements.append(replace(settlement, amount=settlement.amount - part))
    return replace(records, shares=(*records.shares, record), settlements=tuple(settlements))


def _other_uses(share: PaymentShare, room: str, covers: Sequence[Cover], replaced: int, rest: int) -> list[PaymentUse]:
    """Late fee, what a list contains already, and what is left over."""
    found = []
    if share.late_fee:
        found.append(PaymentUse(share.account_id, room, UseKind.LATE_FEE, share.late_fee, None, "违约金"))
    inside = sum(cover.amount for cover in covers) - replaced
    if inside:
        as_of = max(cover.as_of for cover in covers)
        text = f"已含在 {as_of.month:02d}-{as_of.day:02d} 的清单里，只登记"
        found.append(PaymentUse(share.account_id, room, UseKind.IN_LIST, inside, None, text))
    if rest:
        found.append(PaymentUse(share.account_id, room, UseKind.PREPAYMENT, rest, None, "转为预缴"))
    return found
