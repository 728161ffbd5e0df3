"""What is held of an account's debt, in words and in 分: not asked for on the phone, on paper or by text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from feedesk.models.charges import Charge
from feedesk.models.money import show_yuan


def line_hold_text(kind: str, review_on: date | None, *, is_resolved: bool) -> str:
    """Why a line is held, as its bill says: 「金额不符异议，11-24 复查」."""
    if is_resolved:
        return f"{kind}异议已处理，先回复业主"
    return f"{kind}异议" + (f"，{review_on:%m-%d} 复查" if review_on else "")


def account_hold_text(kind: str, review_on: date | None, *, is_resolved: bool) -> str:
    """Why a whole account is left out of letters."""
    if is_resolved:
        return f"{kind}异议已处理，先回复业主再催"
    return f"{kind}异议未解决，暂缓" + (f"到 {review_on:%m-%d}" if review_on else "")


def held_sum(charges: Sequence[Charge]) -> int:
    """What of the open charges is held, in 分: not asked for on the phone, on paper or by text."""
    return sum(charge.owed for charge in charges if charge.owed > 0 and charge.hold)


def held_words(charges: Sequence[Charge]) -> str:
    """「其中 ¥446.35 异议暂缓」, 「全部异议暂缓」; 暂缓 alone where a line is held by hand; empty when nothing is held."""
    still_open = [charge for charge in charges if charge.owed > 0]
    held = [charge for charge in still_open if charge.hold]
    if not held:
        return ""
    word = "异议暂缓" if all(charge.dispute_id for charge in held) else "暂缓"
    return f"全部{word}" if len(held) == len(still_open) else f"其中 {show_yuan(held_sum(held))} {word}"
