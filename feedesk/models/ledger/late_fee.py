"""违约金 on 物业费 (law §7, §13.6, §13.10a): what the contract gives, what LPR × 1.3 gives, and what may be claimed.

The first day that costs is the one after the due day and the grace; the day of a payment still costs, on what was open
that morning, so that what a person is told today is what is due when he pays today. A charge is reckoned in whole
numbers and rounded half up once, at its end; late fee never bears late fee.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedesk.models.charges import FEE_KIND_LABELS, FeeKind
from feedesk.models.ledger.late_fee_rate import MOST_LPR_BP, YEARLY_LIMIT_PPM, lpr_text, rate_text, yearly_text
from feedesk.models.money import show, show_yuan


class LateFeeCap(StrEnum):
    """Up to where the office claims."""

    LPR = "lpr"
    """No more than LPR × 1.3: what courts usually grant (law §7); the default."""
    PRINCIPAL = "principal"
    """No more than the principal it is for."""


@dataclass(frozen=True, slots=True)
class LateFeePolicy:
    """The office's late fee. Off until a contract clause and a rate are entered (law §13.6)."""

    clause: str = ""
    """The contract's clause number, as printed: 第十二条."""
    rate_ppm: int = 0
    """Parts per million of the principal a day: 500 = 万分之五 = 0.5‰."""
    grace_days: int = 0
    """So many days after the due day are free."""
    cap: LateFeeCap = LateFeeCap.LPR

    @property
    def is_on(self) -> bool:
        """Whether late fee is reckoned at all."""
        return bool(self.clause.strip()) and self.rate_ppm > 0


@dataclass(frozen=True, slots=True)
class LprRate:
    """One-year LPR from a day on, in hundredths of a percent a year: 300 = 3.00 %."""

    since: date
    bp: int


@dataclass(frozen=True, slots=True)
class FeeBasis:
    """One charge as late fee needs it."""

    charge_id: int
    label: str
    """「管理费 2026年7月」."""
    kind: FeeKind
    amount: int
    due_on: date | None
    is_lump: bool
    """Several months in one line, not split: no late fee until the clerk has split it (design)."""
    lowered: tuple[tuple[date, int], ...] = ()
    """(day, 分) of everything that lowered the principal: payments, settlements, waivers; oldest first."""


@dataclass(frozen=True, slots=True)
class LateFeeSegment:
    """A span of days with one principal and one rate: 本金 × 天数 × 费率 = 违约金. Both days are included."""

    first: date
    last: date
    principal: int
    days: int
    rate_ppm: int
    """Per day; 0 in the segments of LPR × 1.3, which have `lpr_bp`."""
    lpr_bp: int
    """One-year LPR; 0 in the contract's segments, and where the table does not reach back: such days count nothing."""
    amount: int
    """Rounded for showing; the sum of a charge is rounded once."""


@dataclass(frozen=True, slots=True)
class ChargeLateFee:
    """The late fee of one charge up to a day, in 分."""

    charge_id: int
    label: str
    contract: int
    lpr: int
    claimed: int
    """What the office's cap leaves."""
    segments: tuple[LateFeeSegment, ...]
    """First those of the contract, then those of LPR × 1.3."""
    why: str = ""
    """Why there is none, in one sentence: 代收项目不计, 几个月合在一笔 …; empty when there is one."""
    principal: int = 0
    """What was open when the late fee began: the cap 本金."""
    still_open: int = 0
    """What of the charge is open at the end of the day."""

    @property
    def of_contract(self) -> tuple[LateFeeSegment, ...]:
        """The spans of `contract`."""
        return tuple(segment for segment in self.segments if segment.rate_ppm)

    @property
    def of_lpr(self) -> tuple[LateFeeSegment, ...]:
        """The spans of `lpr`."""
        return tuple(segment for segment in self.segments if not segment.rate_ppm)


@dataclass(frozen=True, slots=True)
class AccountLateFee:
    """The late fee of an account up to a day: the three figures (law §13.6) and what is open of it, in 分."""

    as_of: date
    lines: tuple[ChargeLateFee, ...]
    contract: int
    lpr: int
    principal: int
    """Open principal of the charges that are late and bear late fee."""
    claimed: int
    waived: int = 0
    paid: int = 0

    @property
    def owed(self) -> int:
        """What is still to be paid of the claimed late fee."""
        return max(0, self.claimed - self.waived - self.paid)

    @property
    def lumps(self) -> int:
        """How many open charges bear none only because their months stand in one line."""
        return sum(line.why == _LUMP and line.still_open > 0 for line in self.lines)


class LateFeeVerdict(StrEnum):
    """Whether the amount may be printed."""

    OFF = "off"
    FREE = "free"
    NEEDS_OVERRIDE = "needs_override"
    """Above LPR × 1.3: a manager's PIN and a reason (law §13.6)."""
    BLOCKED = "blocked"
    """Above 24 % a year, or above the principal."""


Figures = tuple[int, int, int]
"""The late fee of one charge in 分: by the contract, by LPR × 1.3, and what the office's cap leaves."""

Span = tuple[int, int, int]
"""Days with one principal: (the day before the first, the last day, 分); days as ordinals of `date`."""

Lowered = Sequence[tuple[int, int]]
"""(ordinal of the day, 分) of everything that lowered a charge, oldest first."""

_NOTHING: Figures = (0, 0, 0)
_LUMP = "几个月合在一笔，按月拆分后才计"
_NO_LPR = "这段时间的 LPR 还没有录入，按 LPR×1.3 封顶算不出来，先不计"
_CONTRACT_UNITS = 1_000_000
"""分 × days × ppm in one 分."""
_LPR_UNITS = 10_000 * 10 * 365
"""分 × days × bp × 13 in one 分: bp of a percent, tenths of the 1.3, and 365 days a year, leap years included."""
_HALF_CONTRACT, _HALF_LPR = _CONTRACT_UNITS // 2, _LPR_UNITS // 2
_LPR_TENTHS = 13
"""1.3: what courts usually grant at most (law §7)."""
_YEARLY_UNITS = 1_000_000 * 365


class Reckoner:
    """Policy, LPR and a day, made ready to reckon many charges; the one place that does the arithmetic."""

    def __init__(self, policy: LateFeePolicy, lpr: Sequence[LprRate], as_of: date) -> None:
        self.policy = policy
        self.as_of = as_of
        self._last = as_of.toordinal()
        self._by_lpr = policy.cap is LateFeeCap.LPR
        ordered = sorted(lpr, key=lambda rate: rate.since)
        self._since = [rate.since.toordinal() for rate in ordered]
        self._bp = [rate.bp for rate in ordered]
        self._before = [0]
        """bp × days from the table's first day up to the beginning of each of its rates."""
        for place in range(1, len(ordered)):
            span = self._since[place] - self._since[place - 1]
            self._before.append(self._before[-1] + span * self._bp[place - 1])
        self._sums: dict[int, int] = {}
        self._weights: dict[tuple[int, int], tuple[int, int]] = {}

    def figures(self, amount: int, due: int, lowered: Lowered = ()) -> Figures:
        """The three figures of a charge of so many 分, due on that day (an ordinal)."""
        until = self._last
        if lowered:
            if len(lowered) > 1 or lowered[0][1] < amount:
                spans = self.spans(amount, due, lowered)
                return self.rounded(*self.units(spans), spans[0][2]) if spans else _NOTHING
            until = min(until, lowered[0][0])
        contract, lpr = self.weights(due, until)
        return self.rounded(amount * contract, amount * lpr, amount)

    def weights(self, due: int, until: int) -> tuple[int, int]:
        """`units` of one 分 that was open from its due day up to `until`: the same for many charges."""
        found = self._weights.get((due, until))
        if found is None:
            found = self._weights[due, until] = self.units(self.spans(1, due, ((until, 1),)))
        return found

    def spans(self, amount: int, due: int, lowered: Lowered = ()) -> list[Span]:
        """The late days of a charge by what was open on them; what lowers it counts from the next day on."""
        after, last = due + self.policy.grace_days, self._last
        found: list[Span] = []
        if after >= last:
            return found
        principal = amount
        for day, part in lowered:
            if day >= last:
                break
            if day > after:
                if principal > 0:
                    found.append((after, day, principal))
                after = day
            principal -= part
        if principal > 0:
            found.append((after, last, principal))
        return found

    def units(self, spans: Iterable[Span]) -> tuple[int, int]:
        """Exact late fee by contract and by LPR × 1.3, in the parts of a 分 that `figures` rounds."""
        contract = lpr = 0
        for after, last, principal in spans:
            contract += principal * (last - after)
            lpr += principal * (self._bp_days(last) - self._bp_days(after))
        return contract * self.policy.rate_ppm, lpr * _LPR_TENTHS

    def segments(self, spans: Sequence[Span]) -> Iterator[LateFeeSegment]:
        """The same for the eye: the contract's spans, then those of LPR × 1.3, cut where the rate changes."""
        ppm = self.policy.rate_ppm
        for after, last, principal in spans:
            amount = half_up(principal * (last - after) * ppm, _CONTRACT_UNITS)
            yield self._segment(after, last, principal, ppm, 0, amount)
        for after, last, principal in spans:
            cuts = [since - 1 for since in self._since if after < since - 1 < last]
            for start, end in zip([after, *cuts], [*cuts, last], strict=True):
                place = bisect_right(self._since, end) - 1
                bp = self._bp[place] if place >= 0 else 0
                amount = half_up(principal * (end - start) * bp * _LPR_TENTHS, _LPR_UNITS)
                yield self._segment(start, end, principal, 0, bp, amount)

    @staticmethod
    def _segment(after: int, last: int, principal: int, ppm: int, bp: int, amount: int) -> LateFeeSegment:
        first, end = date.fromordinal(after + 1), date.fromordinal(last)
        return LateFeeSegment(first, end, principal, last - after, ppm, bp, amount)

    def _bp_days(self, day: int) -> int:
        """LPR summed over all days up to this one; a day before the table's first counts nothing."""
        known = self._sums.get(day)
        if known is None:
            place = bisect_right(self._since, day) - 1
            known = self._before[place] + (day - self._since[place] + 1) * self._bp[place] if place >= 0 else 0
            self._sums[day] = known
        return known

    def rounded(self, contract_units: int, lpr_units: int, principal: int) -> Figures:
        """`units` in 分, each rounded half up (as `half_up`, without its call), and what the cap leaves of them."""
        contract = (contract_units + _HALF_CONTRACT) // _CONTRACT_UNITS
        lpr = (lpr_units + _HALF_LPR) // _LPR_UNITS
        limit = lpr if self._by_lpr else principal
        return contract, lpr, contract if contract < limit else limit


def half_up(units: int, one: int) -> int:
    """`units` of which `one` (an even number) make a 分, rounded half up; not negative."""
    return (units + one // 2) // one


def lpr_problem(rates: Sequence[LprRate]) -> str:
    """Why a table of LPR cannot be kept, in one sentence; empty when it can."""
    days = [rate.since for rate in rates]
    twice = sorted(day for day in set(days) if days.count(day) > 1)
    if twice:
        return f"{twice[0]} 有两行，请只留一行"
    for rate in rates:
        if not 0 < rate.bp <= MOST_LPR_BP:
            return f"{rate.since} 的 LPR 是 {lpr_text(rate.bp)}，要大于 0、不超过 15%，请核对"
    return ""


def charge_late_fee(basis: FeeBasis, policy: LateFeePolicy, lpr: Sequence[LprRate], as_of: date) -> ChargeLateFee:
    """The late fee of one charge up to and with `as_of`, with its segments, or why there is none."""
    return _line(basis, Reckoner(policy, lpr, as_of))


def account_late_fee(
    bases: Iterable[FeeBasis],
    policy: LateFeePolicy,
    lpr: Sequence[LprRate],
    as_of: date,
    waived: int = 0,
    paid: int = 0,
) -> AccountLateFee:
    """The late fee of an account up to and with `as_of`; `waived` and `paid` are what was let off and paid of it (分)."""
    reckoner = Reckoner(policy, lpr, as_of)
    lines = tuple(_line(basis, reckoner) for basis in bases)
    return AccountLateFee(
        as_of=as_of,
        lines=lines,
        contract=sum(line.contract for line in lines),
        lpr=sum(line.lpr for line in lines),
        principal=sum(line.still_open for line in lines if line.segments),
        claimed=sum(line.claimed for line in lines),
        waived=waived,
        paid=paid,
    )


def bears_late_fee(kind: FeeKind, is_lump: bool) -> bool:
    """物业费 only (law §13.10a), and no lump before it is split: its months were due on different days (design)."""
    return kind is FeeKind.PROPERTY and not is_lump


def _line(basis: FeeBasis, reckoner: Reckoner) -> ChargeLateFee:
    last = reckoner.as_of
    lowered = [(day.toordinal(), part) for day, part in sorted(basis.lowered)]
    still_open = basis.amount - sum(part for day, part in basis.lowered if day <= last)
    why = _why_none(basis, reckoner)
    if why or basis.due_on is None:
        return ChargeLateFee(basis.charge_id, basis.label, 0, 0, 0, (), why, 0, still_open)
    spans = reckoner.spans(basis.amount, basis.due_on.toordinal(), lowered)
    if not spans:
        why = "逾期之前已经缴清"
        return ChargeLateFee(basis.charge_id, basis.label, 0, 0, 0, (), why, 0, still_open)
    contract, by_lpr, claimed = reckoner.figures(basis.amount, basis.due_on.toordinal(), lowered)
    segments = tuple(reckoner.segments(spans))
    if not claimed:
        has_lpr = any(segment.lpr_bp for segment in segments)
        why = "不足一分" if has_lpr or not contract else _NO_LPR
    return ChargeLateFee(
        charge_id=basis.charge_id,
        label=basis.label,
        contract=contract,
        lpr=by_lpr,
        claimed=claimed,
        segments=segments,
        why=why,
        principal=spans[0][2],
        still_open=still_open,
    )


def _why_none(basis: FeeBasis, reckoner: Reckoner) -> str:
    if not reckoner.policy.is_on:
        return "没有启用违约金"
    if basis.kind is not FeeKind.PROPERTY:
        return f"{FEE_KIND_LABELS[basis.kind]}不计违约金"
    if basis.is_lump:
        return _LUMP
    if basis.due_on is None:
        return "应缴日待核，先不计"
    late = (reckoner.as_of - basis.due_on).days
    if late <= 0:
        return "还没有逾期"
    if late <= reckoner.policy.grace_days:
        return f"还在 {reckoner.policy.grace_days} 天宽限期内"
    return ""


def verdict(account: AccountLateFee, policy: LateFeePolicy) -> tuple[LateFeeVerdict, str]:
    """Whether the late fee may be printed, and why (one sentence). What was let off is not asked for any more.

    Blocked above 24 % a year or above the principal; above LPR × 1.3 only with a manager's word (law §13.6).
    """
    if not policy.is_on:
        return LateFeeVerdict.OFF, "没有启用违约金：要先填合同条款号和费率。"
    asked = account.claimed - account.waived
    if not account.owed:
        missing = any(line.why == _NO_LPR for line in account.lines)
        return LateFeeVerdict.FREE, f"{_NO_LPR}。" if missing else "没有要收的违约金。"
    counted = [line for line in account.lines if line.claimed]
    if asked > sum(_yearly_limit(line) for line in counted):
        text = f"违约金 {show_yuan(asked)} 折算超过年 24%，不能打印：请改按 LPR×1.3 主张，或先减免。"
        if policy.rate_ppm * 365 > YEARLY_LIMIT_PPM:
            rate = f"{rate_text(policy.rate_ppm)}（{yearly_text(policy.rate_ppm)}）"
            text = f"{rate}超过年 24%，违约金 {show_yuan(asked)} 不能打印：请改按 LPR×1.3 主张，或先减免。"
        return LateFeeVerdict.BLOCKED, text
    principal = sum(line.principal for line in counted)
    if asked > principal:
        text = f"违约金 {show_yuan(asked)} 超过了本金 {show_yuan(principal)}，不能打印：请先减免。"
        return LateFeeVerdict.BLOCKED, text
    if asked > account.lpr:
        text = f"违约金 {show_yuan(asked)} 高于 LPR×1.3 的 {show_yuan(account.lpr)}：要项目经理输入密码并写明理由。"
        return LateFeeVerdict.NEEDS_OVERRIDE, text
    return LateFeeVerdict.FREE, f"违约金 {show_yuan(asked)}，没有超过 LPR×1.3 的 {show_yuan(account.lpr)}。"


def takeable(account: AccountLateFee, policy: LateFeePolicy) -> int:
    """What may be taken of it, in 分: no more than may be printed without a manager's word (law §13.6)."""
    ruling, _ = verdict(account, policy)
    if ruling in (LateFeeVerdict.OFF, LateFeeVerdict.BLOCKED):
        return 0
    return max(0, min(account.claimed - account.waived, account.lpr) - account.paid)


def asks_more(before: LateFeePolicy, after: LateFeePolicy) -> bool:
    """Whether a changed policy claims what the one before did not: switched on, a higher rate, or above LPR × 1.3."""
    if not after.is_on:
        return False
    above = after.cap is LateFeeCap.PRINCIPAL and before.cap is LateFeeCap.LPR
    return not before.is_on or after.rate_ppm > before.rate_ppm or above


def lumps_text(lumps: int, claimed: int) -> str:
    """「未计：7 笔合在一起，拆分后才计」 for so many lumps beside so many 分 that are reckoned; empty without lumps."""
    if not lumps:
        return ""
    return f"另有 {lumps} 笔未计：合在一起，拆分后才计" if claimed else f"未计：{lumps} 笔合在一起，拆分后才计"


def _yearly_limit(line: ChargeLateFee) -> int:
    """24 % a year of what was open, in 分, rounded up so that a rate within it is never refused for a rounding."""
    units = sum(segment.principal * segment.days for segment in line.of_contract) * YEARLY_LIMIT_PPM
    return -(-units // _YEARLY_UNITS)


def explain(line: ChargeLateFee, policy: LateFeePolicy) -> tuple[str, ...]:
    """The reckoning of a charge line by line, 本金 × 天数 × 费率 = 违约金 (元); or why there is none.

    Where there are several spans each is shown to 0.0001 元, and their sum is rounded to the 分 once.
    """
    if not line.segments:
        return (line.why,)
    found = _explained("合同", line.of_contract, line.contract) + _explained("LPR×1.3", line.of_lpr, line.lpr)
    if line.why:
        return (*found, line.why)
    if line.claimed == line.contract:
        cause = "按合同"
    elif policy.cap is LateFeeCap.LPR:
        cause = "按 LPR×1.3 封顶"
    else:
        cause = "以本金为限"
    return (*found, f"主张 {show(line.claimed)}（{cause}）")


def _explained(what: str, segments: Sequence[LateFeeSegment], total: int) -> tuple[str, ...]:
    found = []
    for segment in segments:
        days = f"{segment.first} 至 {segment.last}"
        if not segment.rate_ppm and not segment.lpr_bp:
            found.append(f"{what}：{days} 没有录入 LPR，这 {segment.days} 天不计")
            continue
        rate = rate_text(segment.rate_ppm) if segment.rate_ppm else f"{lpr_text(segment.lpr_bp)} × 1.3 ÷ 365"
        amount = show(segment.amount) if len(segments) == 1 else _fine(segment)
        found.append(f"{what}：{show(segment.principal)} × {segment.days} 天 × {rate} = {amount}（{days}）")
    if len(segments) > 1:
        found.append(f"{what}合计 {show(total)}")
    return tuple(found)


def _fine(segment: LateFeeSegment) -> str:
    """The amount of a segment to 0.0001 元."""
    base = segment.principal * segment.days * 100
    if segment.rate_ppm:
        tenths = half_up(base * segment.rate_ppm, _CONTRACT_UNITS)
    else:
        tenths = half_up(base * segment.lpr_bp * _LPR_TENTHS, _LPR_UNITS)
    fen, rest = divmod(tenths, 100)
    return f"{show(fen)}{rest:02d}"
