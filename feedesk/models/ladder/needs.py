"""What must be so for each step to open, one need at a time, met or not, with its words and the day it will be met."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from feedesk.models.accounts import Category, DebtorType, Step
from feedesk.models.days import short_day
from feedesk.models.ladder.facts import LadderFacts
from feedesk.models.ladder.thresholds import Thresholds
from feedesk.models.letters import PAPER_LABELS, WRITTEN_DEMANDS, PaperFacts, PaperKind, last_day
from feedesk.models.money import show_yuan


@dataclass(frozen=True, slots=True)
class Missing:
    """A paper that is not on file yet: any of `kinds` will do."""

    kinds: tuple[PaperKind, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Need:
    """One condition of a step."""

    is_met: bool
    text: str
    on: date | None = None
    """The first day on which it will be met if nothing else happens; None: no day will bring it."""
    missing: Missing | None = None


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def needs(step: Step, facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    """The needs of a step besides its turn and what pauses everything."""
    return _RULES[step](facts, thresholds, today)


def papers_to_reach(step: Step, facts: LadderFacts) -> tuple[Missing, ...]:
    """The papers that must lie on file before an account may stand on a step that is open."""
    if step is Step.MEDIATION and not facts.of_kind(PaperKind.COMMITTEE, PaperKind.MEDIATION):
        return (Missing((PaperKind.COMMITTEE, PaperKind.MEDIATION), "请业委会督促的函，或调解申请"),)
    if step is Step.LAWYER:
        return tuple(
            Missing((kind,), words)
            for kind, words in ((PaperKind.MANDATE, "律师委托书扫描件"), (PaperKind.LAWYER, "盖章的律师函扫描件"))
            if kind not in facts.filed
        )
    if step is Step.COURT and not facts.filed & {PaperKind.FILING, PaperKind.ACCEPTED}:
        return (Missing((PaperKind.FILING, PaperKind.ACCEPTED), "起诉、仲裁或支付令申请，或受理通知书"),)
    return ()


# --- single needs ---


def _due(facts: LadderFacts, _thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    days = [line.due_on for line in facts.free if line.due_on is not None]
    if len(days) < len(facts.free) or not days:
        return (Need(True, "仍未缴"),)
    first = min(days)
    if first < today:
        return (Need(True, f"应缴日 {short_day(first, today)} 已过，仍未缴"),)
    return (Need(False, f"应缴日 {short_day(first, today)} 还没过", first + timedelta(days=1)),)


def _first_call(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    return (*_due(facts, thresholds, today), *_no_call(facts))


def _second_call(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    called = Need(True, f"已联系 {facts.calls} 次") if facts.calls else Need(False, "首次电话还没有打")
    return (*_due(facts, thresholds, today), called, *_no_call(facts))


def _no_call(facts: LadderFacts) -> tuple[Need, ...]:
    return (Need(False, "业主要求勿再来电：不打电话，改用书面"),) if facts.do_not_call else ()


def _demand(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    because = [
        words
        for is_so, words in (
            (facts.broken_promises > 0, f"失约 {facts.broken_promises} 次"),
            (facts.category is Category.E, "E 类，不愿缴"),
            (facts.is_missing, "联系不上"),
            (facts.do_not_call, "业主要求勿再来电，改用书面"),
            (facts.calls >= thresholds.calls, f"已联系 {facts.calls} 次仍未缴"),
        )
        if is_so
    ]
    told = Need(True, "；".join(because))
    if not because:
        told = Need(False, f"才联系 {facts.calls} 次，不到 {thresholds.calls} 次，也没有失约、拒交或联系不上")
    return (*_due(facts, thresholds, today), _in_time(facts), told)


def _letter(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    demands = facts.of_kind(PaperKind.DEMAND, PaperKind.PROMPT)
    if not demands:
        missing = Missing((PaperKind.DEMAND, PaperKind.PROMPT), "催款单或催缴通知书")
        return (_in_time(facts), Need(False, "还没有出过催款单或催缴通知书", missing=missing))
    return (_in_time(facts), *_demands_over(facts, thresholds, today))


def _mediation(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    if not facts.of_kind(PaperKind.LETTER, PaperKind.FINAL):
        missing = Missing((PaperKind.LETTER, PaperKind.FINAL), "催费函或最后通知书")
        return (_in_time(facts), Need(False, "还没有发过催费函", missing=missing))
    return (_in_time(facts), *_demands_over(facts, thresholds, today))


def _lawyer(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    return (
        legal_way(facts, thresholds, today),
        _two_letters(facts, thresholds),
        *_demands_over(facts, thresholds, today),
        _asked(facts, thresholds, today),
    )


def _public(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    allowed = Need(True, "设置里允许只写汇总数、不写姓名房号的公示")
    if not thresholds.allows_public:
        allowed = Need(False, "设置里没有允许公示；不公示也可以往上走")
    return (allowed, *_lawyer_over(facts, thresholds, today))


def _court(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    posted = facts.of_kind(PaperKind.PUBLIC)
    public = (_over(posted, thresholds.public_days, today),) if posted else ()
    return (
        legal_way(facts, thresholds, today),
        _two_letters(facts, thresholds),
        *_lawyer_over(facts, thresholds, today),
        *public,
    )


def legal_way(facts: LadderFacts, thresholds: Thresholds, today: date) -> Need:
    """Whether amount, age or letters open the legal way (domain §6); lines held or over count for nothing."""
    oldest, total = facts.oldest(today), facts.counted_sum(today)
    if oldest is None:
        return Need(False, "没有可以计入的欠费：未到期、异议中、暂缓或已过时效的都不计")
    limit, who = thresholds.legal_amount, "一般户"
    if facts.is_shop:
        limit, who = thresholds.shop_amount, "商铺、别墅"
    if facts.is_vacant:
        limit, who = thresholds.vacant_amount, "投资空置"
    if total >= limit:
        return Need(True, f"计入 {show_yuan(total)}，达到 {show_yuan(limit)}（{who}）")
    year = add_months(oldest, thresholds.legal_months)
    if year <= today:
        return Need(True, f"最早一笔 {short_day(oldest, today)} 到期，满 {thresholds.legal_months} 个月")
    short = f"计入 {show_yuan(total)}，不到 {show_yuan(limit)}（{who}），最早一笔也不满 {thresholds.legal_months} 个月"
    if facts.debtor_type is DebtorType.LONG_UNPAID and len(facts.proven_letters) >= thresholds.letters:
        long = add_months(oldest, thresholds.long_months)
        if long <= today:
            return Need(True, f"长期未缴：满 {thresholds.long_months} 个月，{thresholds.letters} 封函有送达凭据")
        return Need(False, short, min(long, year))
    return Need(False, short, year)


def _two_letters(facts: LadderFacts, thresholds: Thresholds) -> Need:
    proven = facts.proven_letters
    if len(proven) >= thresholds.letters:
        return Need(True, "有送达凭据：" + "、".join(paper.text for paper in proven))
    lack = thresholds.letters - len(proven)
    unproven = [p.text for p in facts.papers if p.kind in WRITTEN_DEMANDS and not p.is_proven]
    text = f"有送达凭据（A、B 级）的催缴通知书、催费函 {len(proven)} 封，还差 {lack} 封；催款单不算"
    if unproven:
        text += f"；{'、'.join(unproven)} 还没有 A、B 级凭据"
    missing = Missing((PaperKind.PROMPT, PaperKind.LETTER, PaperKind.FINAL), f"{lack} 封有送达凭据的催缴通知书或催费函")
    return Need(False, text, missing=missing)


def _asked(facts: LadderFacts, thresholds: Thresholds, today: date) -> Need:
    """Mediation before anything legal: asked, and answered or waited for; without a 业委会 it may be left out."""
    asked = facts.of_kind(PaperKind.COMMITTEE, PaperKind.MEDIATION)
    if not asked:
        if not thresholds.has_committee:
            return Need(True, "小区没有业委会，5b 可以不走，写明原因")
        missing = Missing((PaperKind.COMMITTEE, PaperKind.MEDIATION), "请业委会督促的函，或调解申请")
        return Need(False, "还没有请业委会督促，也没有申请调解", missing=missing)
    answers = [
        paper
        for paper in facts.of_kind(PaperKind.COMMITTEE_REPLY, PaperKind.MEDIATION_DONE)
        if paper.on >= asked[-1].on
    ]
    if answers:
        return Need(True, f"已有{PAPER_LABELS[answers[-1].kind]}（{short_day(answers[-1].on, today)}），仍未缴")
    last = asked[-1]
    if last.deadline is not None:  # the day named in the request is the one that was promised
        return _until(last, last.deadline, today, waits="的答复等")
    return _over(asked, thresholds.committee_days, today, waits="的答复等")


def _demands_over(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    found = []
    for kinds, days in (
        ((PaperKind.DEMAND, PaperKind.PROMPT), thresholds.demand_days),
        ((PaperKind.LETTER, PaperKind.FINAL), thresholds.letter_days),
    ):
        papers = facts.of_kind(*kinds)
        if papers:
            found.append(_over(papers, days, today))
    return tuple(found)


def _lawyer_over(facts: LadderFacts, thresholds: Thresholds, today: date) -> tuple[Need, ...]:
    sent = facts.of_kind(PaperKind.LAWYER)
    if not sent or PaperKind.LAWYER not in facts.filed:
        return (Need(False, "没有存档的律师函", missing=Missing((PaperKind.LAWYER,), "盖章的律师函扫描件")),)
    served = [paper for paper in sent if paper.arrived_on is not None]
    if not served:
        return (Need(False, f"{sent[-1].text} 还没有登记送达，期限从送达那天算"),)
    return (_over(served, thresholds.lawyer_days, today),)


def _over(papers: Sequence[PaperFacts], days: int, today: date, waits: str = "的期限") -> Need:
    """Whether the period of each of these is over; told of the one that ends last."""
    last = max(papers, key=lambda paper: (last_day(paper, days), paper.number))
    return _until(last, last_day(last, days), today, waits)


def _until(last: PaperFacts, end: date, today: date, waits: str) -> Need:
    if end < today:
        return Need(True, f"{last.text} 的期限 {short_day(end, today)} 已过")
    words = f"{last.text} {waits}到 {short_day(end, today)}，还没有过"
    return Need(False, words, end + timedelta(days=1))


def _in_time(facts: LadderFacts) -> Need:
    if any(not line.is_over for line in facts.free):
        return Need(True, "")
    return Need(False, "各笔都已过时效：只作核对、协商，不再往上走")


_RULES: dict[Step, Callable[[LadderFacts, Thresholds, date], tuple[Need, ...]]] = {
    Step.BILL: lambda _facts, _thresholds, _today: (),
    Step.REMINDER: _due,
    Step.FIRST_CALL: _first_call,
    Step.SECOND_CALL: _second_call,
    Step.DEMAND: _demand,
    Step.LETTER: _letter,
    Step.MEDIATION: _mediation,
    Step.LAWYER: _lawyer,
    Step.PUBLIC_NOTICE: _public,
    Step.COURT: _court,
}
