"""Entries of the library (TOML tables, or the same as JSON in the office file) to records and back, and their checks.

One reading for what ships, what the office writes and what is imported: nothing comes in by another door.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.scripts.claims import claims
from feedesk.models.scripts.records import (
    ALWAYS_CAUTION,
    ANY,
    CLOSINGS,
    CONDITIONS,
    MOMENT_NEEDS,
    MOMENT_STEPS,
    MOMENTS,
    PLACEHOLDERS,
    REQUIREMENTS,
    SITUATIONS,
    SLOT_NEEDS,
    TECHNIQUES,
    Avoid,
    Objection,
    Origin,
    Part,
    PartKind,
    Rings,
    Script,
    bare_slots,
    slots,
    variants,
    with_implied,
)
from feedesk.models.scripts.talk import HOLIDAYS, Talk, TalkKind
from feedesk.models.scripts.techniques import Form, Line, Scope, Technique, WorkedCase
from feedesk.models.wording import Finding, load_wording

Entry = Mapping[str, Any]

_SCRIPT_KEYS = {
    "id", "version", "title", "types", "step", "steps", "channel", "moment", "tone", "techniques", "gist", "closing_day",
    "requires", "needs", "rings", "when", "cautions", "opening", "body", "closing", "words", "situation",
}  # fmt: skip
_OBJECTION_KEYS = {
    "id", "version", "chip", "accept", "fact", "law", "way", "ask", "outcome", "closing_day", "says", "why", "avoid",
    "types",
}  # fmt: skip
_TECHNIQUE_KEYS = {
    "number", "version", "gist", "suits", "not_for", "how", "opening", "body", "closing", "cautions", "case", "scope",
    "form", "mandatory", "closing_day", "requires",
}  # fmt: skip
_TALK_KEYS = {"id", "kind", "text", "months", "holiday"}
_CALL_PARTS = (("opening", PartKind.OPENING), ("body", PartKind.BODY), ("closing", PartKind.CLOSING))
_MESSAGE_PARTS = (("words", PartKind.WORDS),)
_MAY_NAME_A_PAPER = ("step_demand",)
"""An answer may speak of a paper that the owner himself has brought up, though not say that it was sent."""
MESSAGE_LENGTH = 200
"""A message is no longer than so many characters as it stands: about three of a carrier's texts when filled."""


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What is wrong with a text: one sentence, the words it is about, and what to say instead where a rule has it."""

    what: str
    matched: str = ""
    instead: str = ""
    blocking: bool = True


# --- scripts ---


def read_script(entry: Entry, types: tuple[DebtorType, ...] = (), origin: Origin = Origin.SHIPPED) -> Script:
    """A script from its entry; `types` are those of its file where the entry names none. Raises ValueError."""
    where = str(entry.get("id", "?"))
    _check_keys(where, entry, _SCRIPT_KEYS)
    channel = Channel(entry["channel"])
    steps = tuple(Step(step) for step in entry["steps"]) if "steps" in entry else (Step(entry["step"]),)
    moment = entry.get("moment", "")
    requires = tuple(entry.get("requires", ()))
    if moment in MOMENT_NEEDS and MOMENT_NEEDS[moment] not in requires:
        requires = (MOMENT_NEEDS[moment], *requires)
    script = Script(
        id=where,
        version=int(entry["version"]),
        title=entry["title"].strip(),
        types=tuple(DebtorType(kind) for kind in entry["types"]) if "types" in entry else types,
        steps=steps,
        channel=channel,
        techniques=tuple(entry["techniques"]),
        gist=entry["gist"].strip(),
        closing=entry["closing_day"],
        parts=tuple(_part(where, entry, *one) for one in _parts_of(channel)),
        cautions=(*(line for line in entry.get("cautions", ()) if line != ALWAYS_CAUTION), ALWAYS_CAUTION),
        when=tuple(entry.get("when", ())),
        moment=moment,
        tone=entry.get("tone", ""),
        situation=entry.get("situation", ""),
        requires=requires,
        needs=tuple(entry.get("needs", ())),
        rings=Rings(entry.get("rings", Rings.NO)),
        origin=origin,
    )
    _check_script(script)
    return script


def _parts_of(channel: Channel) -> tuple[tuple[str, PartKind], ...]:
    return _MESSAGE_PARTS if channel is Channel.MESSAGE else _CALL_PARTS


def _part(where: str, entry: Entry, key: str, kind: PartKind) -> Part:
    part = entry.get(key)
    if not part or not part.get("text", "").strip() or not part.get("intent", "").strip():
        raise ValueError(f"{where}: {kind.value} needs text and intent")
    _check_keys(f"{where} {key}", part, {"text", "intent"})
    return Part(kind, joined(part["text"]), part["intent"].strip())


def _check_script(script: Script) -> None:
    where = script.id
    known: tuple[tuple[object, Collection[object]], ...] = (
        *((number, TECHNIQUES) for number in script.techniques),
        *((need, REQUIREMENTS) for need in script.requires),
        *((need, CONDITIONS) for need in script.needs),
        (script.closing, CLOSINGS),
        (script.moment, ("", *MOMENTS)),
        (script.situation, ("", *SITUATIONS)),
    )
    for value, allowed in known:
        if value not in allowed:
            raise ValueError(f"{where}: {value!r} is not known")
    for name, value in (
        ("technique", script.techniques),
        ("debtor type", script.types),
        ("step", script.steps),
        ("title", script.title),
        ("gist", script.gist),
    ):
        if not value:
            raise ValueError(f"{where}: no {name}")
    if len(set(script.types)) < len(script.types) or len(set(script.steps)) < len(script.steps):
        raise ValueError(f"{where}: a type or step stands twice")
    if script.moment and not set(script.steps) <= set(MOMENT_STEPS[script.moment]):
        raise ValueError(f"{where}: {script.moment} is not a moment of step {script.step}")
    if (script.channel is Channel.MAIL) != bool(script.moment):
        raise ValueError(f"{where}: a moment goes with channel mail, and mail with a moment")
    tail = (script.step, script.channel, script.situation, script.moment)
    expected = ".".join(filter(None, (ANY if script.is_shared else script.types[0], *tail)))
    if not script.is_own and script.id != expected:
        raise ValueError(f"{where}: the id should be {expected}")


def script_entry(script: Script) -> dict[str, Any]:
    """The entry a script is read from: for keeping an edited one."""
    entry: dict[str, Any] = {
        "id": script.id,
        "version": script.version,
        "title": script.title,
        "types": list(script.types),
        "steps": list(script.steps),
        "channel": script.channel.value,
        "techniques": list(script.techniques),
        "gist": script.gist,
        "closing_day": script.closing,
        "cautions": [line for line in script.cautions if line != ALWAYS_CAUTION],
    }
    for key, value in (("when", script.when), ("requires", script.requires), ("needs", script.needs)):
        if value:
            entry[key] = list(value)
    if script.rings is not Rings.NO:
        entry["rings"] = script.rings.value
    for key, text in (("moment", script.moment), ("tone", script.tone), ("situation", script.situation)):
        if text:
            entry[key] = text
    names = {kind: key for key, kind in (*_CALL_PARTS, *_MESSAGE_PARTS)}
    for part in script.parts:
        entry[names[part.kind]] = {"text": part.text, "intent": part.intent}
    return entry


def script_problems(script: Script) -> tuple[TextProblem, ...]:
    """What is wrong with the words of a script, spoken to the owner or to the clerk; warnings included."""
    facts = with_implied(script.requires)
    found: list[TextProblem] = []
    for part in script.parts:
        found += text_problems(part.text, script.requires)
    for words in (script.title, script.gist, *script.cautions, *script.when, *(part.intent for part in script.parts)):
        found += wording_problems(words, facts)
    if script.channel is Channel.MESSAGE and len(script.parts[0].text) > MESSAGE_LENGTH:
        found.append(TextProblem(f"短信或微信太长：{len(script.parts[0].text)} 个字，最多 {MESSAGE_LENGTH} 个"))
    return tuple(dict.fromkeys(found))


# --- objections, techniques, small talk ---


def read_objection(entry: Entry, origin: Origin = Origin.SHIPPED) -> Objection:
    """An answer from its entry. Raises ValueError."""
    where = str(entry.get("id", "?"))
    _check_keys(where, entry, _OBJECTION_KEYS)
    found = Objection(
        id=where,
        chip=entry["chip"].strip(),
        accept=joined(entry["accept"]),
        fact=joined(entry["fact"]),
        law=joined(entry.get("law", "")),
        way=joined(entry["way"]),
        ask=joined(entry["ask"]),
        outcome=Outcome(entry["outcome"]),
        closing=entry.get("closing_day", "friday"),
        version=int(entry.get("version", 1)),
        origin=origin,
        says=tuple(entry.get("says", ())),
        why=joined(entry.get("why", "")),
        avoid=tuple(Avoid(one["say"], one["why"]) for one in entry.get("avoid", ())),
        types=tuple(DebtorType(kind) for kind in entry.get("types", ())),
    )
    if found.closing not in CLOSINGS:
        raise ValueError(f"{where}: {found.closing!r} is not known")
    for needed in (found.chip, found.accept, found.fact, found.way, found.ask):
        if not needed:
            raise ValueError(f"{where}: a section is empty")
    return found


def objection_entry(objection: Objection) -> dict[str, Any]:
    """The entry an answer is read from."""
    entry: dict[str, Any] = {
        "id": objection.id,
        "version": objection.version,
        "chip": objection.chip,
        "accept": objection.accept,
        "fact": objection.fact,
        "law": objection.law,
        "way": objection.way,
        "ask": objection.ask,
        "outcome": objection.outcome.value,
        "closing_day": objection.closing,
        "says": list(objection.says),
        "why": objection.why,
        "avoid": [{"say": one.say, "why": one.why} for one in objection.avoid],
        "types": list(objection.types),
    }
    return {key: value for key, value in entry.items() if value not in ("", [])}


def objection_problems(objection: Objection) -> tuple[TextProblem, ...]:
    """What is wrong with the words of an answer."""
    found = [problem for _, text in objection.texts() for problem in text_problems(text, _MAY_NAME_A_PAPER)]
    return tuple(dict.fromkeys((*found, *wording_problems(objection.why))))


def read_technique(entry: Entry) -> Technique:
    """A technique from its entry. Raises ValueError."""
    number = int(entry["number"])
    where = f"technique {number}"
    _check_keys(where, entry, _TECHNIQUE_KEYS)
    found = Technique(
        number=number,
        version=int(entry["version"]),
        name=TECHNIQUES.get(number, ""),
        gist=entry["gist"].strip(),
        suits=joined(entry["suits"]),
        not_for=joined(entry["not_for"]),
        how=tuple(entry["how"]),
        opening=_lines(where, entry, "opening"),
        body=_lines(where, entry, "body"),
        closing=_lines(where, entry, "closing"),
        cautions=tuple(entry["cautions"]),
        case=WorkedCase(entry["case"]["title"], joined(entry["case"]["story"]), joined(entry["case"]["lesson"])),
        scope=Scope(entry["scope"]),
        form=Form(entry["form"]),
        is_mandatory=bool(entry.get("mandatory", False)),
        closing_day=entry.get("closing_day", "friday"),
        requires=tuple(entry.get("requires", ())),
    )
    if not found.name or found.closing_day not in CLOSINGS:
        raise ValueError(f"{where}: no such technique or closing day")
    if unknown := sorted(set(found.requires) - set(REQUIREMENTS)):
        raise ValueError(f"{where}: {unknown[0]!r} is not known")
    if not (found.gist and found.suits and found.not_for and found.how and found.cautions):
        raise ValueError(f"{where}: a section is empty")
    return found


def _lines(where: str, entry: Entry, key: str) -> tuple[Line, ...]:
    lines = tuple(Line(joined(one["say"]), one["intent"].strip()) for one in entry[key])
    if not lines or not all(line.say and line.intent for line in lines):
        raise ValueError(f"{where}: {key} needs lines of say and intent")
    return lines


def technique_problems(technique: Technique) -> tuple[TextProblem, ...]:
    """What is wrong with the words of a technique; its worked case is told to the clerk and looked at likewise."""
    found = [problem for line in technique.lines for problem in text_problems(line.say, technique.requires)]
    told = (technique.suits, technique.not_for, *technique.how, *technique.cautions, technique.case.title)
    told += (technique.case.story, technique.case.lesson, *(line.intent for line in technique.lines))
    facts = with_implied(technique.requires)
    return tuple(dict.fromkeys((*found, *(one for text in told for one in wording_problems(text, facts)))))


def read_talk(entry: Entry) -> Talk:
    """A line of small talk from its entry. Raises ValueError."""
    where = str(entry.get("id", "?"))
    _check_keys(where, entry, _TALK_KEYS)
    found = Talk(
        where, TalkKind(entry["kind"]), joined(entry["text"]), tuple(entry.get("months", ())), entry.get("holiday", "")
    )
    if not found.text or found.kind is TalkKind.ESTATE:
        raise ValueError(f"{where}: needs a text; estate news are the office's own")
    is_holiday = found.kind in (TalkKind.HOLIDAY_AHEAD, TalkKind.HOLIDAY_PAST)
    if bool(found.months) != (found.kind is TalkKind.SEASON) or bool(found.holiday) != is_holiday:
        raise ValueError(f"{where}: months go with season, holiday with holiday_ahead and holiday_past")
    if not set(found.months) <= set(range(1, 13)) or found.holiday not in ("", *HOLIDAYS):
        raise ValueError(f"{where}: no such month or holiday")
    return found


# --- words ---


def text_problems(text: str, requires: Iterable[str] = ()) -> tuple[TextProblem, ...]:
    """What is wrong with a text that is said to an owner: placeholders, groups, values without their record, wording."""
    asked = tuple(requires)
    facts = with_implied(asked)
    found = [
        TextProblem(f"没有叫 {{{name}}} 的空格", f"{{{name}}}")
        for name in dict.fromkeys(slots(text))
        if name not in PLACEHOLDERS
    ]
    found += [
        TextProblem(
            f"{{{name}}} 要有记录才有：{REQUIREMENTS[SLOT_NEEDS[name]]}；写进 [[…]] 里，没有时就不说", f"{{{name}}}"
        )
        for name in sorted(bare_slots(text))
        if name in SLOT_NEEDS and SLOT_NEEDS[name] not in facts
    ]
    for said in variants(text):
        if "[[" in said or "]]" in said or "||" in said:
            found.append(TextProblem("[[…]] 没有成对，或套在另一个里面", "[["))
        if _has_stray_brace(said):
            found.append(TextProblem("花括号没有成对", "{"))
        found += [
            TextProblem(f"“{words}”要有记录才能说：{REQUIREMENTS[name]}", words)
            for name, words in claims(said)
            if name not in facts
        ]
        found += wording_problems(said, facts)
    return tuple(dict.fromkeys(found))


def wording_problems(text: str, facts: Iterable[str] = ()) -> list[TextProblem]:
    """What the wording rules find (law §12, §13)."""
    findings: list[Finding] = load_wording().lint(text, facts)
    return [TextProblem(f"“{one.matched}”：{one.why}", one.matched, one.instead, one.blocking) for one in findings]


def _has_stray_brace(text: str) -> bool:
    rest = text
    for name in slots(text):
        rest = rest.replace(f"{{{name}}}", "", 1)
    return "{" in rest or "}" in rest


def joined(text: str) -> str:
    """A text of several lines as one: Chinese needs no blank at a line's end."""
    return "".join(line.strip() for line in text.strip().splitlines())


def _check_keys(where: str, entry: Entry, known: set[str]) -> None:
    if unknown := sorted(set(entry) - known):
        raise ValueError(f"{where}: unknown key {unknown[0]}")
