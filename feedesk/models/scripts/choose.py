"""Which script is shown, by debtor type, step, channel, moment and what is on file; and how that is told as the reason.

Where nothing is to be said there is no script but the reason alone: the owner is left alone, his day is still to come, or
the place of the matrix is empty because one does not call, write or go there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.guard import Rule
from feedesk.models.scripts.facts import Appointment, ScriptFacts, unmet
from feedesk.models.scripts.matrix import MATRIX_LABELS, Cell, EmptyRule, load_rules
from feedesk.models.scripts.records import MOMENTS, Rings, Script
from feedesk.models.scripts.techniques import Technique, TechniqueOffer, offered
from feedesk.models.scripts.truth import NOTHING_ON_FILE, Truth, moment_now

NOTHING_NOW = {
    Channel.PHONE: "现在不打",
    Channel.VISIT: "现在不上门",
    Channel.MESSAGE: "现在不发",
    Channel.MAIL: "现在不打",
    Channel.COUNTER: "现在不谈账",
}
"""`Choice.why` where there is nothing to say."""
_IN_COURT = "诉讼中不主动打电话，手续由经办人办；业主自己来电才谈"


@dataclass(frozen=True, slots=True)
class Choice:
    """The script shown and the line 为什么 above it."""

    script: Script | None
    """None: nothing is to be said by this channel now, and `because` tells why."""
    why: str
    """Without a script one of `NOTHING_NOW`."""
    is_fallback: bool = False
    """No script fits exactly; a more general one stands in, and `why` says so."""
    because: str = ""
    """Why there is no script, or with a fallback why the place itself has nothing to say: one sentence."""
    answer: Script | None = None
    """Without a script: what is said to an owner who rings by himself; None where there is nothing to talk about either."""


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

    Who is left alone is neither called nor written to, though answered when he comes by himself (`Channel.COUNTER`). A
    place that is empty because one does not go there stays empty, though a day of his is the nearer reason. What is
    held by an objection is heard and answered, never asked for. Then his own day goes before everything, then his
    refusal; who came by himself is not greeted as one who was called. What states a record is taken only where `truth` has it, what takes something for granted only where the
    facts bear it out. Falls back to the nearest lower step, then to the telephone, then to the general words, and says so.
    """
    way = _way(channel)
    wanted = Cell(_read_by(debtor_type, channel, facts), step, way)
    if facts.rest is not None:
        if channel is not Channel.COUNTER:
            answer = _answer(shelf, wanted, facts, truth)
            return Choice(None, NOTHING_NOW[channel], because=facts.rest.text, answer=answer)
        if facts.rest.rule is Rule.VERIFY:
            receipt = _told(shelf, "rings_paid", wanted.channel, "收款正在核对，业主自己来问", truth)
            return replace(receipt, because=facts.rest.text) if receipt else _silent(channel, facts.rest.text)
        if facts.rest.rule not in (Rule.SILENCE, Rule.NO_CALL):
            return Choice(None, NOTHING_NOW[channel], because=facts.rest.text)
        if (
            facts.rest.rule is Rule.SILENCE
            and not _held(facts, step)
            and (said := _said_to_him(shelf, wanted, truth)) is not None
        ):
            return Choice(said, f"业主自己来问 → {said.technique_text()}：{said.gist}", because=facts.rest.text)
    rule = _rule_for(shelf, wanted)
    place = rule.instead(wanted) if rule is not None else wanted
    situation = _situation(shelf, wanted, channel, facts, truth)
    if situation is not None and way is Channel.MESSAGE and facts.numbers_all_dead and situation.script is not None:
        situation = None
    if rule is not None and place is None:
        has_nearer = facts.appointment is not None and situation is not None and situation.script is None
        return situation if situation and has_nearer else _silent(channel, rule.reason)
    if situation is not None:
        return situation
    if channel is Channel.COUNTER and (his := _came(shelf, wanted, facts, truth)) is not None:
        return his
    for cell in _places(place or wanted):
        usable = [one for one in shelf.in_cell(*cell) if not _lock(one, step, facts, truth)]
        if usable:
            found = usable[0]
            if found.rings is Rings.ONLY and channel is not Channel.COUNTER:
                return Choice(None, NOTHING_NOW[channel], because=_IN_COURT, answer=found)
            reason = f"{facts_text(facts, debtor_type)} → {found.technique_text()}：{found.gist}"
            if cell == wanted:
                told = f"{MOMENTS[found.moment]}：{found.gist}" if found.moment else reason
                return Choice(found, told)
            missing, because = _missing(shelf, wanted, cell, facts, truth)
            if rule is None and because and way is Channel.VISIT and cell.channel is not way:
                break
            return Choice(found, f"{missing}{reason}", True, because)
    else:
        raise NothingToSay(f"no general script for step {step} by phone")
    return Choice(None, NOTHING_NOW[channel], because=because, answer=None)


def offer(
    shelf: Shelf,
    debtor_type: DebtorType,
    step: Step,
    channel: Channel,
    facts: ScriptFacts,
    truth: Truth = NOTHING_ON_FILE,
) -> Offers:
    """The script chosen, the others of the place, those locked with the reason, and the techniques for the type.

    Where there is nothing to say, or nothing to ask for, all is locked by that reason but the words for it and what
    answers an owner who rings by himself.
    """
    chosen = choose(shelf, debtor_type, step, channel, facts, truth)
    looked_into = facts.rest is not None and facts.rest.rule is Rule.VERIFY
    closed = chosen.because if chosen.script is None or looked_into else _held(facts, step)
    here = shelf.in_cell(_read_by(debtor_type, channel, facts), step, _way(channel))
    reasons = {one.id: _lock(one, step, facts, truth) or closed for one in here if one is not chosen.answer}
    open_ones = [one for one in here if not reasons.get(one.id, "") and one is not chosen.script]
    if chosen.answer is not None and chosen.answer not in open_ones:
        open_ones.insert(0, chosen.answer)
    locked = tuple(Locked(one, reasons[one.id]) for one in here if reasons.get(one.id, ""))
    techniques = offered(shelf.techniques, debtor_type, truth.facts, step, closed)
    return Offers(chosen, tuple(open_ones), locked, tuple(techniques))


def _read_by(debtor_type: DebtorType, channel: Channel, facts: ScriptFacts) -> DebtorType:
    """A number that no longer works may be another's by now: what is written to it tells nothing of a debt."""
    return DebtorType.UNREACHABLE if channel is Channel.MESSAGE and facts.numbers_all_dead else debtor_type


def _way(channel: Channel) -> Channel:
    """Who comes to the counter is spoken to with the words of the telephone."""
    return Channel.PHONE if channel is Channel.COUNTER else channel


def _silent(channel: Channel, because: str) -> Choice:
    return Choice(None, NOTHING_NOW[channel], because=because)


def _held(facts: ScriptFacts, step: Step) -> str:
    """Why nothing is asked for until his objection is settled and he has been told; empty when it may be.

    In a suit the court hears it, and the other side is spoken to by whoever conducts the case.
    """
    if step is Step.COURT:
        return ""
    if facts.to_report:
        return "异议有了结果，业主还不知道：先回复他，再谈缴费"
    return f"{facts.held}：先跟进，只听、只回话，不谈哪天缴" if facts.held else ""


def _rule_for(shelf: Shelf, cell: Cell) -> EmptyRule | None:
    """Why a place has no words; None when it has some, the office's own included."""
    if shelf.in_cell(*cell):
        return None
    return next((one for one in load_rules() if one.covers(cell)), None)


def _lock(script: Script, step: Step, facts: ScriptFacts, truth: Truth) -> str:
    """Why a script cannot be chosen now: a record or a fact is missing, or its moment is past; empty when it can."""
    why = truth.locked(script.requires) or unmet(script.needs, facts, truth)
    if why:
        return why
    if script.moment:
        moment = moment_now(step, truth)
        if script.moment != moment:
            return f"现在的时点是“{MOMENTS[moment]}”" if moment else "现在还没到这个时点"
    return ""


# --- an owner who is left alone, and comes by himself ---


def _answer(shelf: Shelf, wanted: Cell, facts: ScriptFacts, truth: Truth) -> Script | None:
    """What is said should he ring although nobody calls him; nothing is said at his door or in a message."""
    in_silence = facts.rest is not None and facts.rest.rule is Rule.SILENCE
    if wanted.channel is Channel.MAIL and in_silence and not _held(facts, wanted.step):
        moment = moment_now(wanted.step, truth)
        for one in shelf.in_cell(*wanted):
            if one.rings is not Rings.NO and one.moment == moment and truth.allows(one.requires):
                return one
    if wanted.channel in (Channel.PHONE, Channel.MAIL):
        return choose(shelf, wanted.debtor_type, wanted.step, Channel.COUNTER, facts, truth).script
    return None


def _said_to_him(shelf: Shelf, wanted: Cell, truth: Truth) -> Script | None:
    """The words of the step that also answer, else those for the week of silence."""
    here = [one for one in shelf.in_cell(*wanted) if one.rings is not Rings.NO]
    return next(
        (one for one in (*here, *_of_situation(shelf, "rings", wanted.channel)) if truth.allows(one.requires)), None
    )


def _came(shelf: Shelf, wanted: Cell, facts: ScriptFacts, truth: Truth) -> Choice | None:
    """The words of the step that also answer, else those for anybody who comes by himself."""
    for one in shelf.in_cell(*wanted):
        if one.rings is not Rings.NO and not _lock(one, wanted.step, facts, truth):
            told = f"{facts_text(facts, wanted.debtor_type)} → {one.technique_text()}：{one.gist}"
            return Choice(one, told)
    return _told(shelf, "rings_owed", wanted.channel, "业主自己来问", truth)


# --- an objection, a day of his, or a refusal ---


def _situation(shelf: Shelf, wanted: Cell, channel: Channel, facts: ScriptFacts, truth: Truth) -> Choice | None:
    """The choice that his objection, his own day or his refusal asks for; None when there is none."""
    came = channel is Channel.COUNTER
    why = _held(facts, wanted.step)
    if why:
        if wanted.debtor_type is DebtorType.UNREACHABLE and channel is Channel.MESSAGE:
            return None  # the number may be another's: its own words tell nothing
        if not (facts.to_report or facts.has_open_dispute):  # held by hand, without a word of his to speak of
            return None if came else _silent(channel, why)
        name = "dispute_done" if facts.to_report else "rings_disputed" if came else "disputed"
        return _told(shelf, name, wanted.channel, why.partition("：")[0], truth)
    if facts.appointment is not None:
        return _by_appointment(shelf, wanted, channel, facts, facts.appointment, truth)
    # A refusal is answered by the next paper, brought to his door; an objection has words of its own.
    answered = "demand_drafted" if wanted.channel is Channel.VISIT else "demand_sent"
    if facts.has_refused and not facts.has_open_dispute and not _went_out_since(answered, facts.refused_on, truth):
        return _told(shelf, "rings_refused" if came else "refused", wanted.channel, "上次说了不缴", truth)
    return None


def _went_out_since(record: str, refused_on: date | None, truth: Truth) -> bool:
    """Whether a paper that is this record came after his refusal; the one that he refused answers nothing."""
    if refused_on is None:
        return record in truth.facts
    return any(record in paper.makes and paper.on > refused_on for paper in truth.papers)


def _by_appointment(
    shelf: Shelf, wanted: Cell, channel: Channel, facts: ScriptFacts, his: Appointment, truth: Truth
) -> Choice | None:
    """Reminded the day before and on the day, asked kindly in the days of grace, and left in peace until then."""
    came = channel is Channel.COUNTER
    if his.is_missed:
        return _told(
            shelf, "rings_grace" if came else "instalment_late", wanted.channel, f"{his.name}没有按期到账", truth
        )
    if his.in_days < 0:
        situation = "rings_grace" if came else "promise_grace"
        found = _told(shelf, situation, wanted.channel, f"{his.name}刚过，还在入账的日子里", truth)
        return found or _wait(
            shelf, wanted, channel, facts, f"{his.name}刚过，钱也许还在路上：先请财务看是否到账", truth
        )
    when = {0: "今天", 1: "明天"}.get(his.in_days, "")
    told = f"{his.name}{'' if his.instalment else '就'}是{when}" if when else f"离{his.name}还有 {his.in_days} 天"
    if came:
        return _told(shelf, "rings_due", wanted.channel, told, truth)
    if not when:
        return _wait(shelf, wanted, channel, facts, f"{told}，不用催；前一天提醒一声就够", truth)
    if his.is_fresh:
        return _wait(shelf, wanted, channel, facts, f"{told}，今天刚说定，不用再提", truth)
    found = _told(shelf, "instalment_due" if his.instalment else "promise_due", wanted.channel, told, truth)
    return found or _wait(shelf, wanted, channel, facts, f"{told}：打个电话或发一条信息提醒就够", truth)


def _told(shelf: Shelf, situation: str, channel: Channel, reason: str, truth: Truth) -> Choice | None:
    for script in _of_situation(shelf, situation, channel):
        if truth.allows(script.requires):
            return Choice(script, f"{reason} → {script.technique_text()}：{script.gist}")
    return None


def _of_situation(shelf: Shelf, situation: str, channel: Channel) -> list[Script]:
    """Those of a channel; a call around a letter is a call."""
    way = Channel.PHONE if channel is Channel.MAIL else channel
    return [one for one in shelf.scripts if one.situation == situation and one.channel is way]


def _wait(shelf: Shelf, wanted: Cell, channel: Channel, facts: ScriptFacts, why: str, truth: Truth) -> Choice | None:
    """Nothing to say for now; None at the counter, where he is spoken to in any case."""
    if channel is Channel.COUNTER:
        return None
    return Choice(None, NOTHING_NOW[channel], because=why, answer=_answer(shelf, wanted, facts, truth))


# --- where a script is looked for ---

_LADDER = tuple(Step)


def _places(wanted: Cell) -> Iterator[Cell]:
    """Where a script is looked for, the nearest first. A letter has no nearest step, a visit none above its own."""
    kind, step, channel = wanted
    near = _near(step)
    if channel is Channel.MAIL:
        yield wanted
    elif channel is Channel.VISIT:
        yield from (Cell(kind, place, channel) for place in near if _LADDER.index(place) <= _LADDER.index(step))
    elif channel is Channel.MESSAGE:
        yield from (Cell(kind, place, channel) for place in near)
    yield from (Cell(kind, place, Channel.PHONE) for place in near)
    yield from (Cell(DebtorType.UNPAID, place, Channel.PHONE) for place in near)


def _near(step: Step) -> tuple[Step, ...]:
    """The step, then down the ladder to the reminder, then up."""
    place, first = _LADDER.index(step), _LADDER.index(Step.REMINDER)
    down = _LADDER[first : place + 1][::-1]
    return (*down, *_LADDER[max(place + 1, first) :]) if down else (step, *_LADDER[first:])


def _missing(shelf: Shelf, wanted: Cell, got: Cell, facts: ScriptFacts, truth: Truth) -> tuple[str, str]:
    """What is said of a place whose words cannot be used, and why that is so."""
    stand_in = "通用版" if wanted.debtor_type is not got.debtor_type else _place_text(got)
    here = shelf.in_cell(*wanted)
    locked = next((why for one in here if (why := _lock(one, wanted.step, facts, truth))), "")
    if locked:
        return f"{_place_text(wanted)}话术还不能用，先用{stand_in}。", locked
    rule = _rule_for(shelf, wanted)
    if rule is not None:
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
    if facts.is_away:
        parts.append("人在外地")
    return "、".join(parts) or DEBTOR_TYPE_LABELS[debtor_type]
