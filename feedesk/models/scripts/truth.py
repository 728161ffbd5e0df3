"""The truth guard: what may be said about letters, lawyers and courts follows from the records, never from a choice.

Law §12, §13.12 (律师法 13, 55; 治安管理处罚法 62, 63): a script that states such a fact names the record it rests on
(`Script.requires`). Without the record it can be seen, locked, with the reason; nobody can choose it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from feedesk.models.accounts import Step
from feedesk.models.days import short_day
from feedesk.models.letters import DEMAND_DAYS, PAPER_LABELS, QUIET_DAYS, WRITTEN_DEMANDS, PaperFacts, PaperKind
from feedesk.models.scripts.records import IMPLIED, MOMENT_NEEDS, MOMENT_STEPS, REQUIREMENTS

_OURS = WRITTEN_DEMANDS | {PaperKind.DEMAND}
_COMPANY_LETTERS = frozenset({PaperKind.LETTER, PaperKind.FINAL})
_FORMAL_STEPS = tuple(Step)[tuple(Step).index(Step.DEMAND) :]

HOW_TO = {
    "step_demand": "先在“阶段”里转到 4 催款单",
    "demand_drafted": "先在“通知”里出催款单、催缴通知书或函",
    "demand_sent": "送出后在“通知”里登记送达",
    "demand_received": "有了送达凭证、登记了送达日期才能说",
    "letter_sent": "送出后在“通知”里登记送达",
    "letter_received": "有了送达凭证、登记了送达日期才能说",
    "committee_asked": "先把请业委会督促的函存档",
    "mediation_asked": "先把调解申请存档",
    "lawyer_mandate": "先把盖章的律师委托书存档",
    "lawyer_letter": "先把盖章的律师函和委托书存档",
    "lawyer_letter_sent": "寄出后登记律师函的寄送",
    "case_filed": "先把起诉、仲裁或支付令申请存档",
    "case_number": "先把受理通知书存档，填好案号",
}
"""Requirement -> what the clerk does to have the record."""


_STRONGEST = ("letter_received", "demand_received", "letter_sent", "demand_sent", "demand_drafted")


@dataclass(frozen=True, slots=True)
class SpokenPaper:
    """A paper of ours as scripts speak of it."""

    label: str
    """「催费函」."""
    on: date
    """The day it was sent or, before that, issued."""
    deadline: date | None
    makes: frozenset[str]
    """The records it is: names of `REQUIREMENTS`. None at all: it was never sent and is out of date."""
    is_letter: bool
    """A letter of the company, not a 催款单 or 催缴通知书."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is on file about the present debt of one account."""

    facts: frozenset[str] = frozenset()
    """Names of `REQUIREMENTS`."""
    papers: tuple[SpokenPaper, ...] = ()
    """Ours, oldest first."""
    mediator: str = ""
    mediation_on: date | None = None
    law_firm: str = ""
    lawyer_deadline: date | None = None
    court: str = ""
    case_number: str = ""
    not_to_hand_over: str = ""
    """Why our latest paper is not to be handed over (again): it has arrived, or its day has come too near."""

    def allows(self, requires: Iterable[str]) -> bool:
        """Whether everything a text states is on file."""
        return set(requires) <= self.facts

    def locked(self, requires: Iterable[str]) -> str:
        """Why a text cannot be chosen; empty when it can."""
        asked = tuple(requires)
        if self.not_to_hand_over and "demand_drafted" in asked and "demand_drafted" not in self.facts:
            return self.not_to_hand_over
        return reason_locked(asked, self.facts)


NOTHING_ON_FILE = Truth()


@dataclass(frozen=True, slots=True)
class Firms:
    """Names that stand on papers of others, as far as they are on file."""

    mediator: str = ""
    law_firm: str = ""
    court: str = ""


NOT_NAMED = Firms()


def truth_of(
    step: Step,
    papers: Sequence[PaperFacts],
    proven: Collection[str],
    firms: Firms = NOT_NAMED,
    today: date | None = None,
) -> Truth:
    """From the step (a signed transition), the papers about the present debt, and `office.documents.facts`.

    A paper is drafted when it is on file, sent when a way of service is recorded, received when its arrival is. One that
    was never sent is out of date once it no longer leaves the owner a week (`today` None: papers do not age).
    `proven` decides over lawyer and court: a mandate must stand and go with the letter, a number with the case.
    """
    found: set[str] = {name for name in proven if name in REQUIREMENTS}
    if step in _FORMAL_STEPS:
        found.add("step_demand")
    held = [paper for paper in sorted(papers, key=lambda one: (one.on, one.number)) if paper.kind in _OURS]
    ours = tuple(_spoken(paper, today) for paper in held)
    found = found.union(*(paper.makes for paper in ours))
    kinds = {paper.kind for paper in papers}
    for kind, name in (
        (PaperKind.COMMITTEE, "committee_asked"),
        (PaperKind.MEDIATION, "mediation_asked"),
        (PaperKind.FILING, "case_filed"),
    ):
        if kind in kinds:
            found.add(name)
    if "lawyer_letter" in found and any(one.kind is PaperKind.LAWYER and one.grade is not None for one in papers):
        found.add("lawyer_letter_sent")
    found |= {implied for name in found for implied in IMPLIED.get(name, ())}
    mediation = _latest(papers, {PaperKind.MEDIATION})
    lawyer = _latest(papers, {PaperKind.LAWYER})
    case = _latest(papers, {PaperKind.ACCEPTED})
    return Truth(
        frozenset(found),
        papers=ours,
        mediator=firms.mediator if mediation else "",
        mediation_on=mediation.deadline if mediation else None,
        law_firm=firms.law_firm if "lawyer_mandate" in found else "",
        lawyer_deadline=lawyer.deadline if lawyer and "lawyer_letter" in found else None,
        court=firms.court if "case_filed" in found else "",
        case_number=case.number if case and "case_number" in found else "",
        not_to_hand_over=not_to_hand_over(held[-1], today) if held and today else "",
    )


def not_to_hand_over(paper: PaperFacts, today: date) -> str:
    """Why a paper of ours is not to be handed over today; empty while it is.

    Less than a week to its day is no fitting time to pay (law §13.5 asks for 15 days from its arrival).
    """
    name = PAPER_LABELS[paper.kind]
    if paper.arrived_on is not None:
        return f"这份{name}已经送到（{short_day(paper.arrived_on, today)}），不用再送"
    last = paper.deadline or paper.on + timedelta(days=DEMAND_DAYS)
    left, where = (last - today).days, "送出" if paper.grade is None else "送到"
    if left < 0:
        return f"这份{name}期限（{short_day(last, today)}）已过，还没有{where}：重新出单再送"
    if left < QUIET_DAYS:
        return f"这份{name}还没有{where}，期限（{short_day(last, today)}）只剩 {left} 天，来不及办：重新出单再送"
    return ""


def _spoken(paper: PaperFacts, today: date | None) -> SpokenPaper:
    """One of our own papers, with what it makes true."""
    is_letter = paper.kind in _COMPANY_LETTERS
    is_old = today is not None and paper.grade is None and bool(not_to_hand_over(paper, today))
    makes = set() if is_old else {"demand_drafted"}
    if paper.grade is not None:
        makes |= {"demand_sent", "letter_sent"} if is_letter else {"demand_sent"}
        if paper.arrived_on is not None:
            makes |= {"demand_received", "letter_received"} if is_letter else {"demand_received"}
    return SpokenPaper(PAPER_LABELS[paper.kind], paper.on, paper.deadline, frozenset(makes), is_letter)


def paper_for(papers: Iterable[SpokenPaper], requires: Collection[str]) -> SpokenPaper | None:
    """The paper that a text speaks of: the latest that is what the text rests on, so that what was sent before is never
    told of one that still lies here. A text that rests on none may speak of one that was sent.
    """
    wanted = next((name for name in _STRONGEST if name in requires), "demand_sent")
    fitting = [paper for paper in papers if wanted in paper.makes]
    return fitting[-1] if fitting else None


def _latest(papers: Iterable[PaperFacts], kinds: Collection[PaperKind]) -> PaperFacts | None:
    return max((one for one in papers if one.kind in kinds), key=lambda one: (one.on, one.number), default=None)


def reason_locked(requires: Iterable[str], facts: Collection[str]) -> str:
    """Why a text cannot be chosen: what is not on file and how it comes there; empty when it can."""
    missing = [name for name in requires if name not in facts]
    kept = [name for name in missing if not any(name in IMPLIED.get(other, ()) for other in missing)]
    if not kept:
        return ""
    return "；".join(f"记录里还没有“{REQUIREMENTS[name]}”，{HOW_TO[name]}" for name in kept)


def moment_now(step: Step, truth: Truth) -> str:
    """The moment of the unified script that it is now at this step; empty when it is none.

    Around our own papers the latest decides: at the step of the letter the latest letter, for a 催款单 lies behind.
    """
    if step in (Step.DEMAND, Step.LETTER):
        papers = [one for one in truth.papers if one.makes and (one.is_letter or step is Step.DEMAND)]
        if not papers:
            return "list_made" if "step_demand" in truth.facts else ""
        found = ("demand_received", "demand_sent", "demand_drafted")
        return next(name for name in found if name in papers[-1].makes)
    true = [name for name, need in MOMENT_NEEDS.items() if step in MOMENT_STEPS[name] and need in truth.facts]
    return true[-1] if true else ""
