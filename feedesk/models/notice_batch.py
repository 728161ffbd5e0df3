"""Who gets a 催款单 and who does not, each with a reason (issue rules: domain §8, law §13.10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.accounts import MarkKind
from feedesk.models.charges import Charge
from feedesk.models.notices import LeftOut, NoticeBatch, NoticeData, NoticeLine, OfficeOnPaper
from feedesk.models.office import OfficeProfile
from feedesk.models.people import is_company
from feedesk.models.rooms import delivery_key

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
) -> NoticeBatch:
    """The run in delivery order, and everybody left out with the reason.

    `missing` names the characters of a text that no font can print. Numbers are left empty: they are taken when
    the notices are issued, inside the transaction that also writes the paper.
    """
    left_out: list[LeftOut] = []
    taken: list[NoticeCandidate] = []
    for candidate in sorted(candidates, key=lambda c: delivery_key(c.room)):
        reason = _refusal(candidate, options, missing)
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
    notices = tuple(_notice(group, options, office) for group in groups.values())
    return NoticeBatch(notices, tuple(_why(group, options) for group in groups.values()), tuple(left_out))


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
    if candidate.dispute_hold:
        return candidate.dispute_hold, MarkKind.HOLD
    if not _printable(candidate):
        return "欠费各笔都在暂缓中", MarkKind.HOLD
    if all(charge.due_on and charge.due_on >= options.issued_on for charge in _printable(candidate)):
        return "都还没到应缴日", MarkKind.OPEN
    last = candidate.last_issued_on
    if last and (options.issued_on - last).days < RECENT_DAYS and not options.again_within_week:
        return f"{last:%m-%d} 刚出过一张，满一周再出", MarkKind.OTHER
    unknown = missing(candidate.name + candidate.room + "".join(charge.item for charge in open_lines))
    if unknown:
        return f"字库没有“{unknown}”，请在资料里补一个可打印的写法", MarkKind.DUE
    return None


def _printable(candidate: NoticeCandidate) -> list[Charge]:
    """Open lines that are not held; a held line leaves the notice while the others go on."""
    return [charge for charge in candidate.charges if charge.owed > 0 and not charge.hold]


def _notice(group: list[NoticeCandidate], options: NoticeOptions, office: OfficeOnPaper) -> NoticeData:
    head = group[0]
    lines = tuple(
        NoticeLine(
            room=candidate.room,
            item=charge.item,
            kind=charge.kind,
            period=charge.period_text(),
            due_on=charge.due_on,
            due_is_assumed=charge.due_is_assumed,
            charged=charge.amount,
            received=charge.settled,
            owed=charge.owed,
            charge_id=charge.id,
        )
        for candidate in group
        for charge in _printable(candidate)
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
    )


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
    return " · ".join(parts) or "欠费未缴"
