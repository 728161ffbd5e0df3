"""减免: what is let off of principal or late fee, by whose word, and whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedesk.models.charges import FeeKind
from feedesk.models.days import short_day
from feedesk.models.money import show_yuan
from feedesk.models.office import Role


class WaiverKind(StrEnum):
    """Why something is let off."""

    WAIVER = "waiver"
    HARDSHIP = "hardship"
    VACANCY = "vacancy"
    CORRECTION = "correction"


WAIVER_KIND_LABELS = {
    WaiverKind.WAIVER: "减免",
    WaiverKind.HARDSHIP: "困难减免",
    WaiverKind.VACANCY: "空置折扣",
    WaiverKind.CORRECTION: "更正多计",
}


class WaiverTarget(StrEnum):
    """Of what."""

    PRINCIPAL = "principal"
    LATE_FEE = "late_fee"


@dataclass(frozen=True, slots=True)
class WaiverDraft:
    """A waiver before it is granted. Amount in 分, > 0."""

    account_id: int
    target: WaiverTarget
    kind: WaiverKind
    amount: int
    charge_id: int | None
    """The charge it lowers; always given for principal, None for the late fee of the whole account."""
    on: date
    reason: str
    asked_by: str
    """Who asked for it: a member of staff or the owner."""
    expires_on: date | None = None
    """It holds only if the principal of the charge (of the account) is paid up to this day, included."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver on record."""

    id: int
    at: datetime
    draft: WaiverDraft
    approved_by: str
    staff_name: str
    voided: str = ""
    """「原因（日期 谁）」 when voided."""
    lapsed: str = ""
    """Why it holds no longer, in one sentence; empty while it holds."""


APPROVERS = {
    WaiverTarget.PRINCIPAL: (Role.MANAGER,),
    WaiverTarget.LATE_FEE: (Role.LEADER, Role.MANAGER),
}
"""Who may let off what: the principal is the manager's to give away, late fee also the leader's (domain §3)."""


@dataclass(frozen=True, slots=True)
class WaiverBasis:
    """What a waiver is judged against: its charge, or (late fee of the whole account) the account. Money in 分."""

    owed: int
    """Open principal of the charge, or open late fee."""
    kind: FeeKind | None = None
    """The charge's; None for the whole account."""
    since: date | None = None
    """The day the charge counts from, its due day or its list's, whichever is earlier; nothing is let off before."""
    list_day: date | None = None
    """The day of finance's last list: what is let off before it, that list knows or contradicts."""


def problems(draft: WaiverDraft, basis: WaiverBasis, today: date) -> tuple[str, ...]:
    """Why a waiver cannot be granted so, one sentence each; empty when it can."""
    found: list[str] = []
    principal = draft.target is WaiverTarget.PRINCIPAL
    if principal and draft.charge_id is None:
        found.append("减免本金要选定哪一笔账单。")
    if draft.amount <= 0:
        found.append("减免金额要大于 0。")
    elif draft.amount > basis.owed:
        found.append(_too_much(draft, basis.owed))
    if draft.kind is WaiverKind.VACANCY and not principal:
        found.append("空置折扣只减物业费本金，不减违约金。")
    elif draft.kind is WaiverKind.VACANCY and basis.kind is not None and basis.kind is not FeeKind.PROPERTY:
        found.append("空置折扣只适用于物业费；代收费用、维修资金不打折。")
    if draft.on > today:
        found.append("减免日期在今天之后。")
    elif basis.since and draft.on < basis.since:
        found.append(f"这笔账单从 {basis.since.isoformat()} 起计欠，减免不能早于这一天。")
    elif principal and basis.list_day and draft.on < basis.list_day:
        found.append(f"财务清单已到 {basis.list_day.isoformat()}，减免日期不能早于清单；清单没减的，从今天起减。")
    if draft.expires_on is not None:
        if draft.kind is WaiverKind.CORRECTION:
            found.append("更正多计不附缴清期限。")
        if draft.expires_on < max(today, draft.on):
            found.append("缴清期限已经过去了，请选今天或以后的日期。")
    if not draft.reason.strip():
        found.append("请写明减免的原因。")
    if not draft.asked_by.strip():
        found.append("请写明由谁申请。")
    return tuple(found)


def _too_much(draft: WaiverDraft, owed: int) -> str:
    if draft.target is WaiverTarget.LATE_FEE:
        what = f"未付的违约金 {show_yuan(owed)}" if owed else ""
        return f"减免 {show_yuan(draft.amount)} 超过{what}。" if what else "没有未付的违约金，不用减免。"
    return f"减免 {show_yuan(draft.amount)} 超过这笔还欠的 {show_yuan(owed)}。" if owed else "这笔账单已经没有欠款。"


def holds(draft: WaiverDraft, open_then: int, as_of: date) -> tuple[bool, str]:
    """Whether a waiver still counts on a day, and if not, why not.

    One with `expires_on` holds up to that day; after it only when the principal concerned was paid up by then:
    `open_then` = what was open of it (分) at the end of that day, this waiver counted.
    """
    last = draft.expires_on
    if last is None or as_of <= last or open_then <= 0:
        return True, ""
    return False, (
        f"限 {short_day(last, as_of)}（含）前缴清，到期还欠 {show_yuan(open_then)}，这笔减免不再算数；其实付了的，请补登收款"
    )


@dataclass(frozen=True, slots=True)
class Discount:
    """What a percentage comes to: `amount` 分, and how it was reckoned, for the form and the record."""

    amount: int
    text: str


def vacancy_discount(charge: int, owed: int, percent: int) -> Discount:
    """`percent` of the whole charge (分) let off because the unit stands empty; never more than is still owed.

    Whole 分, half a 分 rounded up (四舍五入). Raises ValueError for a percentage outside 1–100.
    """
    return _discount(charge, owed, percent)


def hardship_discount(owed: int, percent: int) -> Discount:
    """`percent` of what is still owed (分) let off for proven hardship; rounded as `vacancy_discount`."""
    return _discount(owed, owed, percent)


def _discount(base: int, owed: int, percent: int) -> Discount:
    if not 1 <= percent <= 100:
        raise ValueError(f"no such percentage: {percent}")
    whole = (base * percent + 50) // 100
    text = f"{show_yuan(base)} × {percent}% = {show_yuan(whole)}"
    if base * percent % 100:
        text += "（四舍五入到分）"
    if whole > owed:
        return Discount(owed, f"{text}，只欠 {show_yuan(owed)}，减到 0 为止")
    return Discount(whole, text)
