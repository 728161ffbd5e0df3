"""Sentences of 收款: what a button will do, how the sums meet, what a payment was for."""

from __future__ import annotations

from collections.abc import Sequence

from feedesk.models.ledger.allocation import ALLOCATION_RULE_LABELS, AllocationRule
from feedesk.models.ledger.late_fee import (
    AccountLateFee,
    LateFeePolicy,
    LateFeeVerdict,
    lumps_text,
    takeable,
    verdict,
)
from feedesk.models.ledger.payments import PaymentPreview, PaymentUse, UseKind
from feedesk.models.money import show, show_yuan


def part(uses: Sequence[PaymentUse], kind: UseKind) -> int:
    """What the uses of a kind come to, in 分."""
    return sum(use.amount for use in uses if use.kind is kind)


def button_words(amount: int | None, owed: int, seen: PaymentPreview | None) -> str:
    """What pressing the button does with the sum; `owed` is the open principal before it, in 分."""
    if amount is None:
        return "收款"
    money = show_yuan(amount)
    if seen is None:
        return f"收 {money}"
    if seen.covered and seen.owed_before == seen.owed_after:
        return f"登记 {money}，欠费不变"
    if seen.over == amount:
        return f"收 {money}，全部转预缴"
    if seen.over:
        return f"收 {money}，{show_yuan(seen.over)} 转预缴"
    left = owed - (seen.owed_before - seen.owed_after)
    return f"收 {money}，还欠 {show_yuan(left)}" if left else f"收 {money}，全部缴清"


def equation(owed: int, seen: PaymentPreview) -> str:
    """「欠 3,446.35 − 销 2,000.00 ＝ 还欠 1,446.35 · 违约金 12.30 · 预缴 50.00」."""
    off = seen.owed_before - seen.owed_after
    words = [f"欠 {show(owed)} − 这次 {show(off)} ＝ 还欠 {show(owed - off)}"]
    others = (
        ("违约金", part(seen.uses, UseKind.LATE_FEE)),
        ("预缴", seen.over),
        ("清单已含", part(seen.uses, UseKind.IN_LIST)),
    )
    words += [f"{name} {show(amount)}" for name, amount in others if amount]
    return " · ".join(words)


def late_fee_notes(fees: Sequence[AccountLateFee], policy: LateFeePolicy) -> tuple[str, ...]:
    """Why no more late fee is taken of these units: LPR × 1.3, what may not be taken at all, lumps."""
    most, owed = sum(takeable(fee, policy) for fee in fees), sum(fee.owed for fee in fees)
    blocked = [fee for fee in fees if verdict(fee, policy)[0] is LateFeeVerdict.BLOCKED]
    notes = []
    if blocked:
        above = show_yuan(sum(fee.owed for fee in blocked))
        notes.append(f"违约金 {above} 超过年 24% 或本金，不能收：请先减免，或在设置里改为不超过 LPR×1.3")
    elif most < owed:
        lpr = sum(fee.lpr for fee in fees)
        why = f"按合同算是 {show_yuan(owed)}，高于 LPR×1.3 的部分不收" if lpr else "没有录入 LPR，违约金收不了"
        notes.append(why)
    notes.append(lumps_text(sum(fee.lumps for fee in fees), sum(fee.claimed for fee in fees)))
    return tuple(f"违约金{note}" if note.startswith("未计") else note for note in notes if note)


def rule_words(rule: AllocationRule, count: int, total: int) -> str:
    """Beside the lines: what decides which of them are paid."""
    if count:
        return f"指定了 {count} 笔 {show_yuan(total)}，多出的按规则；空格改"
    return f"按规则：{ALLOCATION_RULE_LABELS[rule]} · 空格指定"
