"""The whole ladder of one account: each step done, here, open or not yet, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedesk.models.accounts import STEP_LABELS, Step
from feedesk.models.days import short_day
from feedesk.models.ladder.facts import ORDER, LadderFacts
from feedesk.models.ladder.needs import Missing, needs, papers_to_reach
from feedesk.models.ladder.thresholds import Thresholds
from feedesk.models.letters import PaperKind
from feedesk.models.limitation import ALERTS
from feedesk.models.money import show_yuan
from feedesk.models.office import Role

__all__ = ["LadderView", "Missing", "StepState", "StepVerdict", "Transition", "signers_of", "view"]


class StepState(StrEnum):
    """Where a step is, seen from where the account stands."""

    DONE = "done"
    HERE = "here"
    OPEN = "open"
    NOT_YET = "not_yet"


STEP_STATE_LABELS = {
    StepState.DONE: "已过",
    StepState.HERE: "现在",
    StepState.OPEN: "可升",
    StepState.NOT_YET: "未开",
}

_SIGNERS = {
    Step.LETTER: (Role.LEADER, Role.MANAGER, Role.GENERAL_MANAGER),
    Step.LAWYER: (Role.LEADER, Role.MANAGER, Role.GENERAL_MANAGER),
    Step.PUBLIC_NOTICE: (Role.MANAGER, Role.GENERAL_MANAGER),
    Step.COURT: (Role.GENERAL_MANAGER, Role.MANAGER),
}
SIGNER_TEXTS = {
    Step.LETTER: "组团负责人签字",
    Step.LAWYER: "组团负责人签字",
    Step.PUBLIC_NOTICE: "项目经理签字",
    Step.COURT: "总经理签字；由项目经理签的，写明总经理哪天决定的",
}
"""Who signs, in words (domain §6)."""


def signers_of(step: Step) -> tuple[Role, ...]:
    """Whose PIN raising an account to a step takes; empty: nobody's. A higher office may sign for a lower."""
    return _SIGNERS.get(step, ())


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One step of one account."""

    step: Step
    state: StepState
    unmet: tuple[str, ...] = ()
    """Why it is not yet open, the most binding first; empty unless the state is NOT_YET."""
    met: tuple[str, ...] = ()
    """What speaks for it; of a step done, which papers it left."""
    missing: tuple[Missing, ...] = ()
    """Papers not on file. An open step is reached only when none is missing."""
    earliest: date | None = None
    """The first day it can open by waiting alone; None: it is open, or waiting alone does not open it."""
    signers: tuple[Role, ...] = ()
    skips: tuple[Step, ...] = ()
    """Steps that are left out on the way to it; the reason on record says why."""

    was_left_out: bool = False
    """Done only by being passed over."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it stands as it does."""
        return self.unmet if self.state is StepState.NOT_YET else self.met

    @property
    def is_ready(self) -> bool:
        """Open, and every paper it needs is on file."""
        return self.state is StepState.OPEN and not self.missing

    @property
    def text(self) -> str:
        """One line: 「5 催费函：可升，组团负责人签字」, 「6 律师函：未开，…」."""
        words = STEP_STATE_LABELS[self.state]
        if self.state is StepState.NOT_YET and self.unmet:
            words += f"，{self.unmet[0]}"
        elif self.state is StepState.OPEN and self.missing:
            words += f"，先存{'、'.join(one.text for one in self.missing)}"
        elif self.state is StepState.OPEN and self.signers:
            words += f"，{SIGNER_TEXTS[self.step]}"
        return f"{STEP_LABELS[self.step]}：{words}"


@dataclass(frozen=True, slots=True)
class LadderView:
    """All steps of one account, from below."""

    step: Step
    verdicts: tuple[StepVerdict, ...]
    paused: tuple[str, ...] = ()
    """Why nothing goes up now, whatever the step."""
    notes: tuple[str, ...] = ()
    """What is counted, and what presses."""

    def of(self, step: Step) -> StepVerdict:
        """The verdict on one step."""
        return self.verdicts[ORDER.index(step)]

    @property
    def next(self) -> StepVerdict | None:
        """What comes next: the lowest open step above, else the lowest above; None at the top."""
        above = self.verdicts[ORDER.index(self.step) + 1 :]
        return next((one for one in above if one.state is StepState.OPEN), above[0] if above else None)

    @property
    def text(self) -> str:
        """「现在 4 催款单；下一步 5 催费函：未开，…」."""
        following = self.next
        return f"现在 {STEP_LABELS[self.step]}" + (f"；下一步 {following.text}" if following else "，已到最后一步")


@dataclass(frozen=True, slots=True)
class Transition:
    """One move on the ladder as it stands on record."""

    at: datetime
    from_step: Step
    to_step: Step
    reason: str
    who: str
    """The clerk; empty for a move of the program."""
    approved_by: str = ""
    """Who signed; empty where nobody had to."""
    is_automatic: bool = False
    """A contact or a notice has made it, or taking one back."""


def view(facts: LadderFacts, thresholds: Thresholds, today: date) -> LadderView:
    """The ladder of an account today. One step at a time upwards, private before formal; nothing here moves anything."""
    paused = _pauses(facts, today)
    ways = _ways(facts, thresholds)
    here = ORDER.index(facts.step)
    return LadderView(
        facts.step,
        tuple(
            _past(step, facts, today) if place <= here else _above(step, facts, thresholds, today, paused, ways)
            for place, step in enumerate(ORDER)
        ),
        paused,
        _notes(facts, today),
    )


def _past(step: Step, facts: LadderFacts, today: date) -> StepVerdict:
    left = tuple(
        f"{paper.text} {short_day(paper.on, today)}" + (f"，凭据 {paper.grade.value} 级" if paper.grade else "")
        for paper in facts.of_kind(*_PAPERS_OF.get(step, ()))
    )
    if step is facts.step:
        return StepVerdict(step, StepState.HERE, met=left)
    return StepVerdict(step, StepState.DONE, met=left, was_left_out=step in facts.left_out)


def _above(
    step: Step,
    facts: LadderFacts,
    thresholds: Thresholds,
    today: date,
    paused: tuple[str, ...],
    ways: dict[Step, tuple[Step, ...]],
) -> StepVerdict:
    found = needs(step, facts, thresholds, today)
    lacking = [need for need in found if not need.is_met]
    turn = () if step in ways else (f"一步一步来，先走“{STEP_LABELS[_before(step, ways)]}”",)
    unmet = (*paused, *turn, *(need.text for need in lacking))
    is_open = not unmet
    missing = [need.missing for need in lacking if need.missing]
    missing += [one for one in papers_to_reach(step, facts) if one not in missing]
    days = [need.on for need in lacking]
    waits = not paused and not turn and bool(days) and all(days)
    return StepVerdict(
        step,
        StepState.OPEN if is_open else StepState.NOT_YET,
        unmet=unmet,
        met=tuple(need.text for need in found if need.is_met and need.text),
        missing=tuple(missing),
        earliest=max(day for day in days if day) if waits else None,
        signers=signers_of(step),
        skips=ways.get(step, ()),
    )


def _ways(facts: LadderFacts, thresholds: Thresholds) -> dict[Step, tuple[Step, ...]]:
    """The steps whose turn it is, each with those left out on the way to it."""
    ways: dict[Step, tuple[Step, ...]] = {}
    skipped: list[Step] = []
    for step in ORDER[ORDER.index(facts.step) + 1 :]:
        ways[step] = tuple(skipped)
        if not _may_skip(step, facts, thresholds):
            break
        skipped.append(step)
    return ways


def _may_skip(step: Step, facts: LadderFacts, thresholds: Thresholds) -> bool:
    """5b where there is no 业委会, 7 always (posting is never a condition of a suit), calls to somebody who forbade them."""
    if step is Step.MEDIATION:
        return not thresholds.has_committee
    if step in (Step.FIRST_CALL, Step.SECOND_CALL):
        return facts.do_not_call
    return step is Step.PUBLIC_NOTICE


def _before(step: Step, ways: dict[Step, tuple[Step, ...]]) -> Step:
    """The last step of those whose turn it is: what must come before any further one."""
    return tuple(ways)[-1] if ways else ORDER[ORDER.index(step) - 1]


def _pauses(facts: LadderFacts, today: date) -> tuple[str, ...]:
    found = []
    if not facts.owed:
        found.append("没有欠费，不用催")
    elif not facts.free:
        found.append("各笔都在异议或暂缓中，处理好再说")
    if facts.sensitive and (facts.sensitive_until is None or facts.sensitive_until >= today):
        until = f"，到 {short_day(facts.sensitive_until, today)}" if facts.sensitive_until else ""
        found.append(f"有特殊情况（{facts.sensitive}）{until}，先不往上走")
    if facts.dispute:
        way = "书面异议" if facts.dispute_is_written else "异议"
        found.append(f"{way}（{facts.dispute}）还没有处理完，先处理、回复业主")
    if facts.unchecked:
        found.append(f"先核对收款：{facts.unchecked}")
    if facts.plan:
        found.append(f"分期在履行：{facts.plan}")
    if facts.promised_until is not None and facts.promised_until >= today:
        found.append(f"承诺还没有到期（入账看到 {short_day(facts.promised_until, today)}），等这笔钱")
    return tuple(found)


def _notes(facts: LadderFacts, today: date) -> tuple[str, ...]:
    found = []
    if facts.owed:
        counted = facts.counted(today)
        apart = [
            f"{number} 笔{words}"
            for number, words in (
                (sum(bool(line.held) for line in facts.lines), "异议或暂缓"),
                (sum(line.is_over for line in facts.free), "已过时效"),
                (sum(line.due_on is None and not line.is_over for line in facts.free), "应缴日待核"),
                (sum(line.due_on is not None and line.due_on >= today for line in facts.free), "未到期"),
            )
            if number
        ]
        left_out = f"；{'、'.join(apart)}，不计" if apart else ""
        found.append(
            f"欠 {show_yuan(facts.owed)}，其中计入法律途径 {show_yuan(facts.counted_sum(today))}（{len(counted)} 笔{left_out}）"
        )
    if facts.limit_days is not None and 0 <= facts.limit_days <= ALERTS[-1]:
        found.append(f"最早一笔的诉讼时效只剩 {facts.limit_days} 天：先用 EMS 送达并留凭据，报负责人定")
    return tuple(found)


_PAPERS_OF: dict[Step, tuple[PaperKind, ...]] = {
    Step.DEMAND: (PaperKind.DEMAND, PaperKind.PROMPT),
    Step.LETTER: (PaperKind.LETTER, PaperKind.FINAL),
    Step.MEDIATION: (
        PaperKind.COMMITTEE,
        PaperKind.COMMITTEE_REPLY,
        PaperKind.MEDIATION,
        PaperKind.MEDIATION_DONE,
    ),
    Step.LAWYER: (PaperKind.MANDATE, PaperKind.LAWYER),
    Step.PUBLIC_NOTICE: (PaperKind.PUBLIC,),
    Step.COURT: (PaperKind.FILING, PaperKind.ACCEPTED),
}
"""The papers that belong to a step."""
