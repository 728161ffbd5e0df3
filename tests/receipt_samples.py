"""Invented receipts for the tests of the 收据."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

from feedesk.models.ledger.payments import Receipt
from feedesk.reports.fonts import Fonts
from feedesk.reports.receipt_pdf import write_receipts

LINES = (
    ("3-2-1502", "管理费 2026年4–6月", 57_940),
    ("3-2-1502", "公摊水电费 2026年4–6月", 12_630),
    ("3-2-1502", "管理费 2026年7–9月（部分，尚欠 579.40 元）", 50_000),
    ("3-2-1502", "违约金", 1_830),
    ("3-2-1502", "转为预缴", 20_000),
)
RECEIPT = Receipt(
    number="SJ2026-00012",
    issued_on=date(2026, 11, 21),
    office="明湖花园服务中心",
    company="安和物业服务有限公司",
    paid_on=date(2026, 11, 21),
    payer="林晓岚",
    rooms=("3-2-1502",),
    method="微信",
    reference="4200002611210000123456789012",
    lines=LINES,
    total=sum(amount for _, _, amount in LINES),
    staff="许宁",
)


def with_lines(count: int, *, rooms: int = 1) -> Receipt:
    """`count` quarters paid at once, every amount another one, for so many flats of one owner."""
    names = tuple(f"9-1-{floor:02d}01" for floor in range(1, rooms + 1))
    lines = tuple(
        (names[i % rooms], f"管理费 {2019 + i // 4}年{i % 4 * 3 + 1}–{i % 4 * 3 + 3}月", 100_001 + i * 1_037)
        for i in range(count)
    )
    return replace(RECEIPT, rooms=names, lines=lines, total=sum(amount for _, _, amount in lines))


def pdf(*receipts: Receipt) -> bytes:
    out = BytesIO()
    write_receipts(receipts, out, Fonts(installed=()))
    return out.getvalue()
