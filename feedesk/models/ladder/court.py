"""Which way a court would be asked (law §4): mediation first, order for payment only under its conditions. No legal advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedesk.models.ladder.facts import LadderFacts
from feedesk.models.letters import PaperKind


class CourtWay(StrEnum):
    """The ways, in the order they are thought of."""

    MEDIATION = "mediation"
    PAYMENT_ORDER = "payment_order"
    SMALL_CLAIM = "small_claim"
    ORDINARY = "ordinary"


COURT_WAY_LABELS = {
    CourtWay.MEDIATION: "先行调解",
    CourtWay.PAYMENT_ORDER: "支付令",
    CourtWay.SMALL_CLAIM: "小额诉讼",
    CourtWay.ORDINARY: "一般起诉",
}


@dataclass(frozen=True, slots=True)
class WayAdvice:
    """One way, with its reasons."""

    way: CourtWay
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourtAdvice:
    """What is suggested, in order; counsel and the general manager decide. Empty when there is nothing to claim."""

    ways: tuple[WayAdvice, ...]
    drops_late_fee: bool
    """No clause on late fee is on file: claim the principal only."""
    charge_ids: frozenset[int] = frozenset()
    """The lines that may be claimed: due, not held, not over."""


def suggest_court_way(facts: LadderFacts, today: date) -> CourtAdvice:
    """Mediation while it has not been tried; then an order for payment where law §4 allows one, else a suit."""
    lines = facts.counted(today)
    drops = not facts.has_fee_clause
    if not lines:
        return CourtAdvice((), drops)
    ways = []
    if not facts.of_kind(PaperKind.MEDIATION_DONE):
        why = "调解申请已提出，等结果" if facts.of_kind(PaperKind.MEDIATION) else "还没有调解过：业主不拒绝的，先调解"
        ways.append(WayAdvice(CourtWay.MEDIATION, (why,)))
    against = _against_order(facts, today)
    if not against:
        reasons = ["账单没有书面异议", "金额已定、都已到期", "地址有送达成功的记录，联系得上业主"]
        if drops:
            reasons.append("没有违约金条款，只申请本金")
        ways.append(WayAdvice(CourtWay.PAYMENT_ORDER, tuple(reasons)))
    elif facts.is_missing:
        ways.append(WayAdvice(CourtWay.ORDINARY, (*against, "下落不明的不适用小额诉讼，由律师定公告送达")))
    else:
        ways.append(WayAdvice(CourtWay.SMALL_CLAIM, (*against, "金额是否在小额范围内、要不要鉴定，由律师核定")))
    return CourtAdvice(tuple(ways), drops, frozenset(line.charge_id for line in lines))


def _against_order(facts: LadderFacts, today: date) -> tuple[str, ...]:
    """Why no order for payment is asked for, each condition of law §4 that fails."""
    checks = (
        (
            (bool(facts.dispute) and facts.dispute_is_written) or facts.line_dispute_is_written,
            "有书面异议没有处理完，支付令会因异议终结",
        ),
        (bool(facts.dispute) and not facts.dispute_is_written, "有异议没有处理完，不宜申请支付令"),
        (any(not line.is_fixed for line in facts.counted(today)), "有账目的金额、月份或应缴日还没有定"),
        (facts.is_missing, "业主联系不上，支付令送不到会失效"),
        (not facts.has_proven_address and not facts.is_missing, "还没有送达成功的记录，地址是否有效不清楚"),
    )
    return tuple(words for fails, words in checks if fails)
