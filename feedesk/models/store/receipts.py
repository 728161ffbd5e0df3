"""收据: numbered without gaps, frozen when first issued, printed again as they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, Payment, PaymentUse, Receipt, UseKind
from feedesk.models.money import show
from feedesk.models.office import OfficeProfile
from feedesk.models.store.session import Session

Save = Callable[[list[Receipt]], None]


def issue(
    session: Session,
    profile: OfficeProfile,
    payments: Sequence[tuple[Payment, Sequence[PaymentUse]]],
    save: Save,
) -> Changes:
    """Number and freeze the receipts of these payments and let `save` write the paper as the last act.

    A payment that has a receipt already gets a further print of it. If `save` raises, no number is taken.
    """
    clerk = session.require_clerk()
    if not payments:
        raise BadInput("没有选中收款，没有出收据。", "请先选一笔。")
    with session.writing() as conn:
        papers: list[Receipt] = []
        for payment, uses in payments:
            row = conn.execute(
                "SELECT id, snapshot, (SELECT count(*) FROM receipt_prints WHERE receipt_id = r.id) FROM receipts r"
                " WHERE payment_id = ?",
                (payment.id,),
            ).fetchone()
            if row is None:
                if payment.reversed:
                    raise BadInput("这笔收款已冲正，不能出收据。", "请选没有冲正的收款。")
                year = session.today().year
                (last,) = conn.execute("SELECT coalesce(max(seq), 0) FROM receipts WHERE year = ?", (year,)).fetchone()
                paper = _freeze(payment, uses, profile, f"SJ{year}-{last + 1:05d}", session.today(), clerk.name)
                cursor = conn.execute(
                    "INSERT INTO receipts (year, seq, payment_id, at, staff_id, snapshot) VALUES (?, ?, ?, ?, ?, ?)",
                    (year, last + 1, payment.id, session.stamp(), clerk.id, _text(paper)),
                )
                receipt_id, prints = int(cursor.lastrowid or 0), 0
            else:
                receipt_id, prints = row[0], row[2]
                paper = replace(_read(row[1]), reversed=payment.reversed)
            conn.execute(
                "INSERT INTO receipt_prints (receipt_id, at, staff_id) VALUES (?, ?, ?)",
                (receipt_id, session.stamp(), clerk.id),
            )
            papers.append(replace(paper, copy_no=prints + 1))
        session.note("出收据", f"{len(papers)} 张", {"numbers": [paper.number for paper in papers]})
        save(papers)
    return Changes()


def _freeze(
    payment: Payment, uses: Sequence[PaymentUse], profile: OfficeProfile, number: str, today: date, staff: str
) -> Receipt:
    names = list(dict.fromkeys(name for name in payment.names if name))
    return Receipt(
        number=number,
        issued_on=today,
        office=profile.office,
        company=profile.company,
        paid_on=payment.paid_on,
        payer=payment.payer or "、".join(names),
        rooms=payment.rooms,
        method=PAY_METHOD_LABELS[payment.method],
        reference=payment.reference,
        lines=tuple((use.room, _what_for(use), use.amount) for use in uses),
        total=payment.amount,
        staff=staff,
        note=payment.note,
    )


def _what_for(use: PaymentUse) -> str:
    """As the payer reads it: part of a debt says what is left, and finance's list is our own affair."""
    if use.kind is UseKind.IN_LIST:
        return "此前的欠费（财务已入账）"
    return f"{use.text}（部分，还欠 {show(use.left)} 元）" if use.left else use.text


def _text(paper: Receipt) -> str:
    return json.dumps(asdict(paper), ensure_ascii=False, default=str)


def _read(text: str) -> Receipt:
    values = json.loads(text)
    return Receipt(
        **{
            **values,
            "issued_on": date.fromisoformat(values["issued_on"]),
            "paid_on": date.fromisoformat(values["paid_on"]),
            "rooms": tuple(values["rooms"]),
            "lines": tuple((room, words, amount) for room, words, amount in values["lines"]),
        }
    )
