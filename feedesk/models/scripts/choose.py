"""Which script is shown, by debtor type, step, channel, moment and what is on file; and how that is told as the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from feedesk.models.accounts import (
    DEBTOR_TYPE_LABELS,
    STEP_LABELS,
    Account,
    DebtorType,
    FlagKind,
    PhoneState,
    Step,
)
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.scripts.matrix import MATRIX_LABELS, Cell, load_rules
from feedesk.models.scripts.records import MOMENTS, Script
from feedesk.models.scripts.techniques import Technique, TechniqueOffer, offered
from feedesk.models.scripts.truth import NOTHING_ON_FILE, Truth, moment_now, reason_locked


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What is on file that speaks for a script."""

    broken_promises: int = 0
    numbers_all_dead: bool = False
    has_open_dispute: bool = False
    repair_flag: bool = False
    """Finance's remark mentions a repair."""
    last_outcome: Outcome | None = None
    promise_in_days: int | None = None
    """Days until the day of the promise that stands; None when none stands or its day is past."""

    @classmethod
    def of(
        cls,
        account: Account,
        *,
        broken_promises: int = 0,
        has_open_dispute: bool = False,
        last_outcome: Outcome | None = None,
        promise_in_days: int | None = None,
    ) -> ScriptFacts:
        """From the account as the panel has it."""
        return cls(
            broken_promises=broken_promises,
            numbers_all_dead=bool(account.phones) and all(p.state is PhoneState.DEAD for p in account.phones),
            has_open_dispute=has_open_dispute,
            repair_flag=FlagKind.REPAIR in account.flags,
            last_outcome=last_outcome,
            promise_in_days=promise_in_days,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The script shown and the line 为什么 above it."""

    script: Script
    why: str
    is_fallback: bool = False
    """No script fits exactly; a more general one stands in, and `why` says so."""
    because: str = ""
    """With a fallback: why the place itself has nothing to say, one sentence."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A script that is seen but cannot be chosen."""

    script: Script
    why: str
    """What is not on file, and how it comes there."""


@dataclass(frozen=True, slots=True)
class Offers:
    """All that the library has for one contact."""

    chosen: Choice
    others: tuple[Script, ...]
    """What may be taken instead, at the same place."""
    locked: tuple[Locked, ...]
    techniques: tuple[TechniqueOffer, ...]


class Shelf(Protocol):
    """The library as it is asked here."""

    @property
    def scripts(self) -> tuple[Script, ...]:
        """All scripts in force."""

    @property
    def techniques(self) -> tuple[Technique, ...]:
        """The nine."""

    def in_cell(self, debtor_type: DebtorType, step: Step, channel: Channel) -> tuple[Script, ...]:
        """All scripts of a place of the matrix."""


class NothingToSay(ValueError):
    """The library lacks even the general scripts; shipped and kept libraries never do."""


def choose(
    shelf: Shelf,
    debtor_type: DebtorType,
    step: Step,
    channel: Channel,
    facts: ScriptFacts,
    truth: Truth = NOTHING_ON_FILE,
) -> Choice:
    """The script for a contact, and why.

    A promise whose day is still to come goes before everything. What states a record is taken only where `truth` has
    it. Falls back to the nearest lower step, from other channels to the telephone, from the type to the general words,
    and says so.
    """
    way = Channel.PHONE if channel is Channel.COUNTER else channel
    due = _promise_due(shelf, way, facts)
    if due is not None:
        return due
    wanted = Cell(debtor_type, step, way)
    for cell in _places(wanted):
        usable = [one for one in shelf.in_cell(*cell) if truth.allows(one.requires)]
        if cell.channel is Channel.MAIL:
            moment = moment_now(step, truth)
            usable = [one for one in usable if one.moment == moment]
        if usable:
            found = usable[0]
            reason = f"{facts_text(facts, debtor_type)} → {found.technique_text()}：{found.gist}"
            if cell == wanted:
                told = f"{MOMENTS[found.moment]}：{found.gist}" if found.moment else reason
                return Choice(found, told)
            missing, because = _missing(shelf, wanted, cell, truth)
            return Choice(found, f"{missing}{reason}", True, because)
    raise NothingToSay(f"no general script for step {step} by phone")


def offer(
    shelf: Shelf,
    debtor_type: DebtorType,
    step: Step,
    channel: Channel,
    facts: ScriptFacts,
    truth: Truth = NOTHING_ON_FILE,
) -> Offers:
    """The script chosen, the others of the place, those locked with the reason, and the techniques for the type."""
    chosen = choose(shelf, debtor_type, step, channel, facts, truth)
    way = Channel.PHONE if channel is Channel.COUNTER else channel
    here = shelf.in_cell(debtor_type, step, way)
    moment = moment_now(step, truth) if way is Channel.MAIL else ""
    reasons = {one.id: _lock(one, truth, moment) for one in here}
    open_ones = tuple(one for one in here if not reasons[one.id] and one.id != chosen.script.id)
    locked = tuple(Locked(one, reasons[one.id]) for one in here if reasons[one.id])
    return Offers(chosen, open_ones, locked, tuple(offered(shelf.techniques, debtor_type, truth.facts)))


def _lock(script: Script, truth: Truth, moment: str) -> str:
    """Why a script cannot be chosen now: a record is missing, or its moment is past; empty when it can."""
    why = reason_locked(script.requires, truth.facts)
    if not why and script.moment != moment:
        return f"现在的时点是“{MOMENTS[moment]}”" if moment else "现在还没到这个时点"
    return why


def _promise_due(shelf: Shelf, channel: Channel, facts: ScriptFacts) -> Choice | None:
    if facts.promise_in_days is None or facts.promise_in_days < 0:
        return None
    for script in shelf.scripts:
        if script.situation == "promise_due" and script.channel is channel:
            when = {0: "今天", 1: "明天"}.get(facts.promise_in_days, f" {facts.promise_in_days} 天后")
            return Choice(script, f"承诺{when}到期 → {script.technique_text()}：{script.gist}")
    return None


_LADDER = tuple(Step)


def _places(wanted: Cell) -> Iterator[Cell]:
    """Where a script is looked for, the nearest first. A visit or a letter has no nearest step: its words would not fit."""
    kind, step, channel = wanted
    near = _near(step)
    if channel in (Channel.VISIT, Channel.MAIL):
        yield wanted
    elif channel is Channel.MESSAGE:
        yield from (Cell(kind, place, channel) for place in near)
    yield from (Cell(kind, place, Channel.PHONE) for place in near)
    yield from (Cell(DebtorType.UNPAID, place, Channel.PHONE) for place in near)


def _near(step: Step) -> tuple[Step, ...]:
    """The step, then down the ladder to the reminder, then up."""
    place, first = _LADDER.index(step), _LADDER.index(Step.REMINDER)
    down = _LADDER[first : place + 1][::-1]
    return (*down, *_LADDER[max(place + 1, first) :]) if down else (step, *_LADDER[first:])


def _missing(shelf: Shelf, wanted: Cell, got: Cell, truth: Truth) -> tuple[str, str]:
    """What is said of a place whose words cannot be used, and why that is so."""
    stand_in = "通用版" if wanted.debtor_type is not got.debtor_type else _place_text(got)
    here = shelf.in_cell(*wanted)
    locked = next((reason for one in here if (reason := reason_locked(one.requires, truth.facts))), "")
    if locked:
        return f"{_place_text(wanted)}话术还不能用，先用{stand_in}。", locked
    rule = next((one for one in load_rules() if one.covers(wanted)), None)
    if rule is not None and not here:
        return f"{_place_text(wanted)}不设话术，先用{stand_in}。", rule.reason
    parts = []
    if wanted.debtor_type is not got.debtor_type:
        parts.append(f"“{DEBTOR_TYPE_LABELS[wanted.debtor_type]}”")
    if wanted.step is not got.step:
        parts.append(f"“{STEP_LABELS[wanted.step]}”")
    if wanted.channel is not got.channel:
        parts.append(f"“{MATRIX_LABELS[wanted.channel]}”")
    return f"{'、'.join(parts)}还没有专门话术，先用{stand_in}。", ""


def _place_text(cell: Cell) -> str:
    return f"“{STEP_LABELS[cell.step]}”的{MATRIX_LABELS[cell.channel]}版"


def facts_text(facts: ScriptFacts, debtor_type: DebtorType) -> str:
    """The facts that speak for this script, a few words: 「失约 1 次、无异议」."""
    parts = []
    if facts.broken_promises:
        parts.append(f"失约 {facts.broken_promises} 次")
    if facts.numbers_all_dead:
        parts.append("号码都打不通")
    if facts.has_open_dispute:
        parts.append("有未结异议")
    elif facts.repair_flag:
        parts.append("备注提到维修")
    elif facts.broken_promises:
        parts.append("无异议")
    if facts.last_outcome is Outcome.AWAY:
        parts.append("上次说在外地")
    return "、".join(parts) or DEBTOR_TYPE_LABELS[debtor_type]
