"""Papers about a debt, ours and others', as the rules see them: what has gone out, until when it is quiet, what is over.

Domain §5 (techniques 8 and 9), §6 and law §13.5: after a company letter nobody calls for one week; after a lawyer's letter
nobody calls until its deadline. A 催款单 keeps nobody quiet, but its pay-by day is waited for before the next step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from feedesk.models.days import show_day
from feedesk.models.limitation import Grade


class PaperKind(StrEnum):
    """What a paper is. The first four are printed by the program, the others are put on file (`documents`)."""

    DEMAND = "demand"
    PROMPT = "prompt"
    LETTER = "letter"
    FINAL = "final"
    COMMITTEE = "committee"
    COMMITTEE_REPLY = "committee_reply"
    MEDIATION = "mediation"
    MEDIATION_DONE = "mediation_done"
    MANDATE = "mandate"
    LAWYER = "lawyer"
    PUBLIC = "public"
    FILING = "filing"
    ACCEPTED = "accepted"
    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    OTHER = "other"


PAPER_LABELS = {
    PaperKind.DEMAND: "催款单",
    PaperKind.PROMPT: "催缴通知书",
    PaperKind.LETTER: "催费函",
    PaperKind.FINAL: "最后通知书",
    PaperKind.COMMITTEE: "请业委会督促的函",
    PaperKind.COMMITTEE_REPLY: "业委会答复",
    PaperKind.MEDIATION: "调解申请",
    PaperKind.MEDIATION_DONE: "调解结果",
    PaperKind.MANDATE: "律师委托书",
    PaperKind.LAWYER: "律师函",
    PaperKind.PUBLIC: "不记名公示",
    PaperKind.FILING: "起诉、仲裁或支付令申请",
    PaperKind.ACCEPTED: "立案或受理通知书",
    PaperKind.ACKNOWLEDGEMENT: "对账单或书面承认",
    PaperKind.REPLY: "本人微信、短信承认",
    PaperKind.OTHER: "其他材料",
}
WRITTEN_DEMANDS = frozenset({PaperKind.PROMPT, PaperKind.LETTER, PaperKind.FINAL})
"""What counts as one of the two letters of domain §6, with proof of service; a 催款单 never does."""
DEMANDS = WRITTEN_DEMANDS | {PaperKind.DEMAND, PaperKind.LAWYER}
"""Papers that give the owner a day to pay by."""
QUIET_DAYS = 7
"""After a company letter (domain §5, technique 8)."""
LAWYER_DAYS = 14
"""The least time that a lawyer's letter gives (domain §6)."""
DEMAND_DAYS = 15
"""The least time that any other demand gives (law §13.5), counted from its arrival where that is known."""
ANSWER_DAYS = 30
"""So long the owners' committee or a mediator is waited for where the request names no day."""
_QUIETING = frozenset({PaperKind.LETTER, PaperKind.FINAL})
SILENCING = _QUIETING | {PaperKind.LAWYER}
"""Papers after which nobody contacts the owner, about any of his units (domain §5)."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One paper that stands (not voided), for one account."""

    kind: PaperKind
    number: str
    on: date
    """The day it was issued or, where that is known, sent."""
    deadline: date | None = None
    """The day it gives; None: it gives none."""
    grade: Grade | None = None
    """The best proof of service on record; None: nothing is recorded."""
    arrived_on: date | None = None
    """The day of arrival by that proof."""
    charge_ids: frozenset[int] = frozenset()
    """The lines it lists."""

    @property
    def text(self) -> str:
        """「催费函 2026-0170」."""
        return " ".join(part for part in (PAPER_LABELS[self.kind], self.number) if part)

    @property
    def is_proven(self) -> bool:
        """Whether its arrival is proven by grade A or B (law §9.5)."""
        return self.grade in (Grade.A, Grade.B)


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody contacts the owner from our side up to and with `until`."""

    until: date
    why: str
    """「催费函 2026-0170 11-17 发出，留一周给业主」."""


def last_day(paper: PaperFacts, days: int) -> date:
    """The last day of a paper's period: the day it gives, never fewer than `days` since it went out or came."""
    waited = max(paper.on, paper.arrived_on or paper.on) + timedelta(days=days)
    return max(paper.deadline or waited, waited)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the owners' committee or a mediator, until when its answer is waited for, and the answer."""

    paper: PaperFacts
    until: date
    answer: PaperFacts | None = None


def asked(papers: Iterable[PaperFacts]) -> Asked | None:
    """The latest request; None when nobody was asked."""
    ordered = sorted(papers, key=lambda one: one.on)
    requests = [one for one in ordered if one.kind in (PaperKind.COMMITTEE, PaperKind.MEDIATION)]
    if not requests:
        return None
    last = requests[-1]
    answers = [
        one
        for one in ordered
        if one.kind in (PaperKind.COMMITTEE_REPLY, PaperKind.MEDIATION_DONE) and one.on >= last.on
    ]
    until = last.deadline or last.on + timedelta(days=ANSWER_DAYS)
    return Asked(last, until, answers[-1] if answers else None)


def silence(papers: Iterable[PaperFacts], today: date) -> Silence | None:
    """The silence that a letter asks for and that is not over today; the longest when there are several."""
    found = [one for one in (_silence_of(paper, today) for paper in papers) if one is not None and one.until >= today]
    return max(found, key=lambda one: one.until, default=None)


def _silence_of(paper: PaperFacts, today: date) -> Silence | None:
    since = max(paper.on, paper.arrived_on or paper.on)
    if paper.kind in _QUIETING:
        return Silence(
            since + timedelta(days=QUIET_DAYS),
            f"{paper.text} {show_day(since, today)} 发出，留一周给业主，期间不主动联系",
        )
    if paper.kind is PaperKind.LAWYER:
        until = paper.deadline or since + timedelta(days=LAWYER_DAYS)
        return Silence(until, f"{paper.text} 的期限到 {show_day(until, today)}，到期前不主动联系")
    return None


@dataclass(frozen=True, slots=True)
class Ended:
    """A demand whose time is over: what follows must be decided."""

    paper: PaperFacts
    on: date
    """The last day that it gave, or of the silence after it, whichever is later."""


def ended(papers: Iterable[PaperFacts], today: date) -> Ended | None:
    """The latest demand if the day it gave is past; None while any demand still runs."""
    demands = sorted((one for one in papers if one.kind in DEMANDS), key=lambda one: (one.on, one.number))
    ends = [Ended(one, _end(one)) for one in demands]
    if not ends or any(one.on >= today for one in ends):
        return None
    return ends[-1]


def _end(paper: PaperFacts) -> date:
    own = last_day(paper, LAWYER_DAYS if paper.kind is PaperKind.LAWYER else DEMAND_DAYS)
    quiet = _silence_of(paper, paper.on)
    return max(own, quiet.until) if quiet else own
