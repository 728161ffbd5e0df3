"""Invented instalment agreements for the tests of the 分期付款协议."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

from paper_samples import OFFICE

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.agreement import AgreedDebt, AgreedLateFee, PlanAgreement
from feedesk.models.ledger.plans import Instalment
from feedesk.reports.fonts import Fonts
from feedesk.reports.plan_agreement import write_agreement


def debt(
    item: str = "管理费",
    period: str = "2026年4–6月",
    due_on: date | None = date(2026, 4, 15),
    amount: int = 107_940,
    kind: FeeKind = FeeKind.PROPERTY,
    *,
    room: str = "3-2-1502",
    assumed: bool = False,
) -> AgreedDebt:
    return AgreedDebt(room, item, kind, period, due_on, assumed, amount)


DEBTS = (
    debt(amount=57_940),
    debt(period="2026年7–9月", due_on=date(2026, 7, 15)),
    debt(period="2026年10–12月", due_on=date(2026, 10, 15), assumed=True),
    debt("公摊水电费", "2026年4–6月", amount=12_630, kind=FeeKind.COLLECTED),
    debt("车位费（B1-066）", "2026年10–12月", date(2026, 10, 15), 45_000, FeeKind.OTHER),
)
TOTAL = 331_450
PARTS = (
    Instalment(1, date(2026, 11, 30), 82_863),
    Instalment(2, date(2026, 12, 31), 82_863),
    Instalment(3, date(2027, 1, 31), 82_862),
    Instalment(4, date(2027, 2, 28), 82_862),
)
AGREEMENT = PlanAgreement(
    number="FQ2026-00007",
    made_on=date(2026, 11, 21),
    office=OFFICE,
    name="林晓岚",
    rooms=("3-2-1502",),
    debts=DEBTS,
    instalments=PARTS,
    total=TOTAL,
    late_fee=AgreedLateFee.LET_OFF,
    clause="第十二条",
    staff="许宁",
    approved_by="程远",
)


def long_agreement(debts: int, parts: int, *, rooms: int = 1) -> PlanAgreement:
    """So many quarters of debt in so many instalments, for so many flats."""
    names = tuple(f"9-1-{floor:02d}01" for floor in range(1, rooms + 1))
    listed = tuple(
        debt(
            "物业费" if i % 2 else "公摊水电费", f"{2020 + i // 4}年{i % 4 * 3 + 1}–{i % 4 * 3 + 3}月", amount=100_001 + i * 1_037,
            kind=FeeKind.PROPERTY if i % 2 else FeeKind.COLLECTED, room=names[i % rooms],
        )
        for i in range(debts)
    )  # fmt: skip
    total = sum(part.amount for part in listed)
    each = total // parts
    paid = tuple(
        Instalment(i + 1, date(2027 + i // 12, i % 12 + 1, 15), each if i else total - each * (parts - 1))
        for i in range(parts)
    )
    return replace(AGREEMENT, rooms=names, debts=listed, instalments=paid, total=total)


def pdf(agreement: PlanAgreement) -> bytes:
    out = BytesIO()
    write_agreement(agreement, out, Fonts(installed=()))
    return out.getvalue()
