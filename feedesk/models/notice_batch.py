"""Who gets a 催款单 and who does not, each with a reason (issue rules: domain §8, law §13.10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from feedesk.models.accounts import MarkKind, Step
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.days import short_day
from feedesk.models.ledger.late_fee import AccountLateFee, LateFeePolicy, LateFeeVerdict, verdict
from feedesk.models.letters import Silence
from feedesk.models.limit_rows import OVER_ON_PAPER
from feedesk.models.money import show
from feedesk.models.notices import (
    LeftOut,
    NoticeBatch,
    NoticeData,
    NoticeLateFee,
    NoticeLateFeeLine,
    NoticeLine,
)
from feedesk.models.office import OfficeOnPaper, OfficeProfile
from feedesk.models.people import is_company
from feedesk.models.rooms import delivery_key

_GRAVITY = (LateFeeVerdict.OFF, LateFeeVerdict.FREE, LateFeeVerdict.NEEDS_OVERRIDE, LateFeeVerdict.BLOCKED)
"""Of several units on one notice the gravest verdict counts."""
RECENT_DAYS = 7
"""A 催款单 is given a week before the next one (domain §6, step 4)."""


@dataclass(frozen=True, slots=True)
class NoticeCandidate:
    """An account asked for. `round_no` is the N its next 催款单 would have."""

    account_id: int
    owner_id: int
    room: str
    name: str
    salutation: str
    charges: tuple[Charge, ...]
    round_no: int
    mark_text: str = ""
    overdue_days: int = 0
    claim_open: bool = False
    dispute_hold: str = ""
    """Why the whole account is held; empty when it is not."""
    last_issued_on: date | None = None
    is_former: bool = False
    """The tenure has ended: nothing is put on the door of the next owner."""
    paid_text: str = ""
    """「11-16 已缴清」 for an account that owes nothing."""
    doubt: str = ""
    """Why its money must be checked first: a statement line not yet booked, a list that contradicts; empty: no doubt."""
    plan: str = ""
    """Where its instalment plan stands while it is kept; empty: none is running."""
    prepaid: int = 0
    """What the owner has paid beforehand, over all units on record under him (分)."""
    late_fee: AccountLateFee | None = None
    """Up to the day of issue, when it is to be listed."""
    quiet: str = ""
    """Why nothing is sent to the owner now, by any way; see `quiet_text`."""
    over: frozenset[int] = frozenset()
    """Lines whose limitation is over: they may be talked about, and no paper asks for them (law §13.4)."""


@dataclass(frozen=True, slots=True)
class NoticeOptions:
    """What the clerk chooses for a run."""

    issued_on: date
    pay_by: date
    as_of: date | None
    clerk: str
    merge_owner: bool = False
    """One notice for all units of an owner instead of one a unit."""
    again_within_week: bool = False
    """Also those who got one within the last week."""
    late_fee: bool = False
    """List the late fee up to the day of issue, where the office reckons one."""
    counted_to: date | None = None
    """The day up to which payments and waivers on record are taken off: the day the figures are read."""


def office_on_paper(profile: OfficeProfile) -> OfficeOnPaper:
    """What of the office is printed."""
    return OfficeOnPaper(
        office=profile.office,
        company=profile.company,
        estate=profile.estate,
        phone=profile.phone,
        address=profile.address,
        bank_holder=profile.bank_holder,
        bank_name=profile.bank_name,
        bank_number=profile.bank_number,
        contract_clause=profile.contract_clause,
        object_days=profile.object_days,
        payment_code_sha=profile.payment_code_sha,
    )


def propose(
    candidates: Sequence[NoticeCandidate],
    options: NoticeOptions,
    profile: OfficeProfile,
    missing: Callable[[str], str] = lambda _: "",
    policy: LateFeePolicy | None = None,
) -> NoticeBatch:
    """The run in delivery order, and everybody left out with the reason.

    `policy`: the office's late fee, None or off: none is listed whatever the options say. Whose late fee may not be
    printed at all is left out with the sentence why (law §13.6). `missing` names the characters of a text that no font can print. Numbers are left empty: they are taken when
    the notices are issued, inside the transaction that also writes the paper.
    """
    policy = policy if policy and policy.is_on and options.late_fee else None
    left_out: list[LeftOut] = []
    taken: list[NoticeCandidate] = []
    for candidate in sorted(candidates, key=lambda c: delivery_key(c.room)):
        reason = _refusal(candidate, options, missing) or _blocked(candidate, policy)
        if reason:
            text, mark = reason
            left_out.append(LeftOut(candidate.account_id, candidate.room, candidate.name, text, mark))
        else:
            taken.append(candidate)
    groups: dict[tuple[int, str], list[NoticeCandidate]] = {}
    for candidate in taken:
        key = (candidate.owner_id, candidate.name) if options.merge_owner else (-candidate.account_id, "")
        groups.setdefault(key, []).append(candidate)
    office = office_on_paper(profile)
    notices = tuple(_notice(group, options, office, policy) for group in groups.values())
    why = tuple(
        _why(group, options) + _late_fee_why(notice) for group, notice in zip(groups.values(), notices, strict=True)
    )
    lumps = sum(_has_lump(candidate, options.issued_on) for candidate in taken) if policy else 0
    return NoticeBatch(notices, why, tuple(left_out), lumps)


def _has_lump(candidate: NoticeCandidate, issued_on: date) -> bool:
    return any(charge.kind is FeeKind.PROPERTY and charge.is_lump for charge in _printable(candidate, issued_on))


def _refusal(
    candidate: NoticeCandidate, options: NoticeOptions, missing: Callable[[str], str]
) -> tuple[str, str] | None:
    open_lines = [charge for charge in candidate.charges if charge.owed > 0]
    if not open_lines:
        return candidate.paid_text or "没有欠费", MarkKind.PAID
    if candidate.is_former:
        return "已不是现业主，不往门上送；请另行书面联系", MarkKind.OTHER
    if candidate.claim_open:
        return "称已缴，等财务核对", MarkKind.VERIFY
    if candidate.doubt:
        return candidate.doubt, MarkKind.VERIFY
    if candidate.quiet:
        return candidate.quiet, MarkKind.NO_CALL
    if candidate.dispute_hold:
        return candidate.dispute_hold, MarkKind.HOLD
    if candidate.plan:
        return f"分期中：{candidate.plan}", MarkKind.PROMISED
    free = _not_held(candidate)
    over = [charge for charge in open_lines if charge.id in candidate.over]
    if not free and len(over) == len(open_lines):
        return OVER_ON_PAPER, MarkKind.LIMIT
    if not free:
        return f"其余暂缓中；{len(over):,} 笔{OVER_ON_PAPER}" if over else "欠费各笔都在暂缓中", MarkKind.HOLD
    if not _printable(candidate, options.issued_on):
        first = min(charge.due_on for charge in free if charge.due_on)
        besides = f"；另有 {len(over):,} 笔{OVER_ON_PAPER}" if over else ""
        return f"未到期：{short_day(first, options.issued_on)} 才到应缴日{besides}", MarkKind.OPEN
    last = candidate.last_issued_on
    if last and (options.issued_on - last).days < RECENT_DAYS and not options.again_within_week:
        return f"{last:%m-%d} 刚出过一张，满一周再出", MarkKind.OTHER
    unknown = missing(candidate.name + candidate.room + "".join(charge.item for charge in open_lines))
    if unknown:
        return f"字库没有“{unknown}”，请在资料里补一个可打印的写法", MarkKind.DUE
    return None


def quiet_text(step: Step, sensitive: str, until: date | None, quiet: Silence | None, today: date) -> str:
    """Why no paper of ours goes to an owner now, one clause; empty when one may: he is left alone, a letter or a
    lawyer's letter has its time, or the court has the case.
    """
    if sensitive and (until is None or today <= until):
        return f"家里有事（{sensitive}），{short_day(until, today) + ' 前' if until else '解除前'}什么也不寄"
    if quiet is not None:
        return quiet.why
    return "已到诉讼阶段，往来走法院的程序" if step is Step.COURT else ""


def _not_held(candidate: NoticeCandidate) -> list[Charge]:
    """Open lines that are neither held nor over."""
    return [
        charge
        for charge in candidate.charges
        if charge.owed > 0 and not charge.hold and charge.id not in candidate.over
    ]


def _printable(candidate: NoticeCandidate, issued_on: date) -> list[Charge]:
    """Open lines that are not held and whose due day is past; the others leave the notice while these go on.

    Only who is late may be demanded (民法典 944 (2): 逾期不支付的), and on its due day a charge may still be paid in
    time. A charge without a due day is taken for due: it stands on finance's list of arrears.
    """
    return [charge for charge in _not_held(candidate) if charge.due_on is None or charge.due_on < issued_on]


def _blocked(candidate: NoticeCandidate, policy: LateFeePolicy | None) -> tuple[str, str] | None:
    """Why no notice with its late fee may go to this account; it may still get one without."""
    fee = printable_late_fee(candidate.late_fee, candidate.charges, candidate.over)
    if policy is None or fee is None:
        return None
    ruling, why = verdict(fee, policy)
    return (why, MarkKind.DUE) if ruling is LateFeeVerdict.BLOCKED else None


def printable_late_fee(
    fee: AccountLateFee | None, charges: Sequence[Charge], over: Collection[int] = ()
) -> AccountLateFee | None:
    """The late fee without that of held charges, whose reason for being held covers it too, and of those whose
    limitation is `over`; None when none is owed.
    """
    if fee is None:
        return None
    free = {charge.id for charge in charges if not charge.hold and charge.id not in over}
    lines = tuple(line for line in fee.lines if line.claimed and line.charge_id in free)
    if not lines:
        return None
    kept = replace(
        fee,
        lines=lines,
        contract=sum(line.contract for line in lines),
        lpr=sum(line.lpr for line in lines),
        principal=sum(line.still_open for line in lines),
        claimed=sum(line.claimed for line in lines),
    )
    return kept if kept.owed else None


def late_fee_on_paper(
    accounts: Sequence[tuple[str, AccountLateFee, Sequence[Charge]]], policy: LateFeePolicy, over: Collection[int] = ()
) -> NoticeLateFee | None:
    """The late fee of one notice from (room, late fee, charges) of its accounts; None when there is none to ask for.

    `over`: charges whose limitation is over.
    """
    found = [
        (room, fee, {charge.id: charge for charge in charges})
        for room, whole, charges in accounts
        if (fee := printable_late_fee(whole, charges, over)) is not None
    ]
    if not found:
        return None
    rulings = [verdict(fee, policy) for _, fee, _ in found]
    ruling, why = max(rulings, key=lambda each: _GRAVITY.index(each[0]))
    lines = tuple(
        NoticeLateFeeLine(
            room=room,
            item=charges[line.charge_id].item,
            period=charges[line.charge_id].period_text(),
            days=sum(segment.days for segment in line.of_contract),
            principal=line.still_open,
            amount=line.claimed,
            charge_id=line.charge_id,
        )
        for room, fee, charges in found
        for line in fee.lines
    )
    return NoticeLateFee(
        up_to=found[0][1].as_of,
        clause=policy.clause.strip(),
        cap=policy.cap,
        lines=lines,
        contract=sum(fee.contract for _, fee, _ in found),
        lpr=sum(fee.lpr for _, fee, _ in found),
        principal=sum(fee.principal for _, fee, _ in found),
        amount=sum(fee.owed for _, fee, _ in found),
        verdict=ruling,
        why=why,
    )


def _notice(
    group: list[NoticeCandidate], options: NoticeOptions, office: OfficeOnPaper, policy: LateFeePolicy | None
) -> NoticeData:
    head = group[0]
    late_fee = None
    if policy:
        over = frozenset[int]().union(*(c.over for c in group))
        late_fee = late_fee_on_paper([(c.room, c.late_fee, c.charges) for c in group if c.late_fee], policy, over)
    lines = tuple(
        NoticeLine(
            room=candidate.room,
            item=charge.item,
            kind=charge.kind,
            period=charge.period_text(),
            due_on=charge.due_on,
            due_is_assumed=charge.due_is_assumed,
            charged=charge.amount,
            received=charge.settled - charge.waived,
            owed=charge.owed,
            charge_id=charge.id,
            waived=charge.waived,
        )
        for candidate in group
        for charge in _printable(candidate, options.issued_on)
    )
    return NoticeData(
        number="",
        round_no=max(candidate.round_no for candidate in group),
        account_ids=tuple(candidate.account_id for candidate in group),
        rooms=tuple(candidate.room for candidate in group),
        name=head.name,
        salutation="" if is_company(head.name) else head.salutation,
        lines=lines,
        as_of=options.as_of,
        issued_on=options.issued_on,
        pay_by=options.pay_by,
        office=office,
        clerk=options.clerk,
        late_fee=late_fee,
        prepaid=max(candidate.prepaid for candidate in group),
        counted_to=options.counted_to,
    )


def _late_fee_why(notice: NoticeData) -> str:
    fee = notice.late_fee
    if fee is None:
        return ""
    above = "（高于 LPR×1.3）" if fee.verdict is LateFeeVerdict.NEEDS_OVERRIDE else ""
    return f" · 违约金 {show(fee.amount)}{above}"


def _why(group: list[NoticeCandidate], options: NoticeOptions) -> str:
    parts = []
    if len(group) > 1:
        parts.append(f"{len(group)} 套合成一张")
    promised = next((c.mark_text for c in group if c.mark_text.startswith("承诺")), "")
    if promised:
        parts.append(f"{promised}，还没到")
    broken = next((c.mark_text for c in group if c.mark_text.startswith("失约")), "")
    if broken:
        parts.append(broken)
    last = max((c.last_issued_on for c in group if c.last_issued_on), default=None)
    if last:
        full = (options.issued_on - last).days >= RECENT_DAYS
        parts.append(f"上次 {last:%m-%d} {'已满' if full else '还不满'} 1 周")
    days = max(c.overdue_days for c in group)
    if days and len(parts) < 2:
        parts.append(f"逾期 {days:,} 天")
    listed = sum(len(_printable(candidate, options.issued_on)) for candidate in group)
    not_due = sum(len(_not_held(candidate)) for candidate in group) - listed
    if not_due:
        parts.append(f"{not_due:,} 笔未到期不列")
    over = sum(charge.owed > 0 and charge.id in candidate.over for candidate in group for charge in candidate.charges)
    if over:
        parts.append(f"{over:,} 笔{OVER_ON_PAPER}")
    return " · ".join(parts) or "欠费未缴"
