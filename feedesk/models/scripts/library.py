"""The shipped library: read from TOML, checked as a whole, asked for the script of a situation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import CHANNEL_LABELS, Channel, Outcome
from feedesk.models.scripts.choose import Choice, ScriptFacts, facts_text
from feedesk.models.scripts.records import (
    ALWAYS_CAUTION,
    CLOSINGS,
    MOMENTS,
    PLACEHOLDERS,
    REQUIREMENTS,
    SITUATIONS,
    TECHNIQUES,
    Objection,
    Part,
    PartKind,
    Script,
    slots,
    variants,
)
from feedesk.models.wording import Finding, load_wording
from feedesk.resources import resource

_SCRIPT_KEYS = {
    "id", "version", "title", "step", "channel", "moment", "techniques", "gist", "closing_day", "requires", "when",
    "cautions", "opening", "body", "closing", "situation",
}  # fmt: skip
_OBJECTION_KEYS = {"id", "chip", "accept", "fact", "law", "way", "ask", "outcome", "closing_day"}
_CALL_STEPS = (Step.REMINDER, Step.FIRST_CALL, Step.SECOND_CALL)
_PART_KEYS = (("opening", PartKind.OPENING), ("body", PartKind.BODY), ("closing", PartKind.CLOSING))


class LibraryProblem(ValueError):
    """The library is not sound; the message names file, script and fault. Shipped files never raise it: tests load them."""


@dataclass(frozen=True, slots=True)
class ScriptLibrary:
    """All scripts and answers, newest version of each."""

    scripts: tuple[Script, ...]
    objections: tuple[Objection, ...]

    def find(self, debtor_type: DebtorType, step: Step, channel: Channel) -> Script | None:
        """The script of exactly this place; those bound to a situation, a moment or a record are left out."""
        for script in self.scripts:
            bound = script.situation or script.moment or script.requires
            if not bound and (script.debtor_type, script.step, script.channel) == (debtor_type, step, channel):
                return script
        return None

    def choose(self, debtor_type: DebtorType, step: Step, channel: Channel, facts: ScriptFacts) -> Choice:
        """The script for a call, and why. Falls back from channel to phone, from step to the nearest call, from
        type to the general one, and says so. A promise whose day is still to come goes before everything."""
        if facts.promise_in_days is not None and facts.promise_in_days >= 0:
            for script in self.scripts:
                if script.situation == "promise_due" and script.channel is channel:
                    when = {0: "今天", 1: "明天"}.get(facts.promise_in_days, f"{facts.promise_in_days} 天后")
                    return Choice(script, f"承诺{when}到期 → {script.technique_text()}：{script.gist}")
        near = step if step in _CALL_STEPS else Step.REMINDER if step is Step.BILL else Step.SECOND_CALL
        for kind, place, way in (
            (debtor_type, step, channel),
            (debtor_type, near, channel),
            (debtor_type, near, Channel.PHONE),
            (DebtorType.UNPAID, near, Channel.PHONE),
        ):
            found = self.find(kind, place, way)
            if found is not None:
                missing = _missing_text((debtor_type, step, channel), (kind, place, way))
                reason = f"{facts_text(facts, debtor_type)} → {found.technique_text()}：{found.gist}"
                return Choice(found, f"{missing}{reason}", bool(missing))
        raise LibraryProblem(f"no general script for step {near} by phone")

    def by_ref(self, ref: str) -> Script | None:
        """The script a contact remembers (`type.step.channel@version`), if the library still has that version."""
        return next((script for script in self.scripts if script.ref == ref), None)


def _missing_text(wanted: tuple[DebtorType, Step, Channel], got: tuple[DebtorType, Step, Channel]) -> str:
    if wanted == got:
        return ""
    parts = []
    if wanted[0] is not got[0]:
        parts.append(f"“{DEBTOR_TYPE_LABELS[wanted[0]]}”")
    if wanted[1] is not got[1]:
        parts.append(f"“{STEP_LABELS[wanted[1]]}”")
    if wanted[2] is not got[2]:
        parts.append(f"“{CHANNEL_LABELS[wanted[2]]}”")
    stand_in = "通用版" if wanted[0] is not got[0] else f"“{STEP_LABELS[got[1]]}”的{CHANNEL_LABELS[got[2]]}版"
    return f"{'、'.join(parts)}还没有专门话术，先用{stand_in}。"


def load_library() -> ScriptLibrary:
    """The shipped library. Its words were checked by the tests before it was shipped, not again at every start."""
    return read_library(shipped_files(), words_checked=True)


def shipped_files() -> dict[str, str]:
    """File name -> TOML text of the shipped library."""
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in resource("scripts").iterdir()
        if entry.name.endswith(".toml")
    }


def read_library(files: Mapping[str, str], *, words_checked: bool = False) -> ScriptLibrary:
    """The library from file name -> TOML text, checked; raises `LibraryProblem`.

    `words_checked`: placeholders and wording have been looked at before, which takes longer than all the rest.
    """
    scripts: list[Script] = []
    objections: list[Objection] = []
    texts: list[tuple[str, str, tuple[str, ...]]]
    for name in sorted(files):
        try:
            data = tomllib.loads(files[name])
            if name == "objections.toml":
                answers = [_objection(entry) for entry in data["objection"]]
                objections += answers
                texts = [(one.id, text, ()) for one in answers for _, text in one.texts()]
            else:
                kind = DebtorType(data["debtor_type"])
                read = [_script(kind, entry) for entry in data["script"]]
                scripts += read
                texts = [(one.id, text, one.requires) for one in read for text in _texts(one)]
            for where, text, facts in () if words_checked else texts:
                _check_text(where, text, frozenset(facts))
        except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
            raise LibraryProblem(f"{name}: {error}") from error
    newest: dict[tuple[str, str], Script] = {}
    for script in sorted(scripts, key=lambda script: script.version):
        newest[script.id, script.moment] = script
    _refuse_repeats("script", (script.ref + script.moment for script in scripts))
    _refuse_repeats("objection", (objection.id for objection in objections))
    order = {kind: place for place, kind in enumerate(DebtorType)}
    ordered = sorted(newest.values(), key=lambda s: (order[s.debtor_type], s.step, s.channel, s.moment))
    return ScriptLibrary(tuple(ordered), tuple(objections))


def _refuse_repeats(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise LibraryProblem(f"{what} {one} stands twice")
        seen.add(one)


def _script(kind: DebtorType, entry: dict[str, Any]) -> Script:
    where = str(entry.get("id", "?"))
    _check_keys(where, entry, _SCRIPT_KEYS)
    parts = []
    for key, part_kind in _PART_KEYS:
        part = entry.get(key)
        if not part or not part.get("text", "").strip() or not part.get("intent", "").strip():
            raise ValueError(f"{where}: {part_kind.value} needs text and intent")
        parts.append(Part(part_kind, _joined(part["text"]), part["intent"].strip()))
    script = Script(
        id=where,
        version=int(entry["version"]),
        title=entry["title"],
        debtor_type=kind,
        step=Step(entry["step"]),
        channel=Channel(entry["channel"]),
        techniques=tuple(entry["techniques"]),
        gist=entry["gist"],
        closing=entry["closing_day"],
        parts=tuple(parts),
        cautions=(*entry.get("cautions", ()), ALWAYS_CAUTION),
        when=tuple(entry.get("when", ())),
        moment=entry.get("moment", ""),
        situation=entry.get("situation", ""),
        requires=tuple(entry.get("requires", ())),
    )
    expected = ".".join(filter(None, (kind, script.step, script.channel, script.situation)))
    if script.id != expected:
        raise ValueError(f"{where}: the id should be {expected}")
    for value, allowed in (
        *((number, TECHNIQUES) for number in script.techniques),
        *((need, REQUIREMENTS) for need in script.requires),
        (script.closing, CLOSINGS),
        (script.moment, ("", *MOMENTS)),
        (script.situation, ("", *SITUATIONS)),
    ):
        if value not in allowed:
            raise ValueError(f"{where}: {value!r} is not known")
    if not script.techniques:
        raise ValueError(f"{where}: no technique")
    return script


def _texts(script: Script) -> tuple[str, ...]:
    """Everything a script says, to the owner and to the clerk."""
    return (*(part.text for part in script.parts), *script.cautions, *(part.intent for part in script.parts))


def _objection(entry: dict[str, Any]) -> Objection:
    where = str(entry.get("id", "?"))
    _check_keys(where, entry, _OBJECTION_KEYS)
    found = Objection(
        id=where,
        chip=entry["chip"],
        accept=_joined(entry["accept"]),
        fact=_joined(entry["fact"]),
        law=_joined(entry.get("law", "")),
        way=_joined(entry["way"]),
        ask=_joined(entry["ask"]),
        outcome=Outcome(entry["outcome"]),
        closing=entry.get("closing_day", "friday"),
    )
    if found.closing not in CLOSINGS:
        raise ValueError(f"{where}: {found.closing!r} is not known")
    for needed in (found.chip, found.accept, found.fact, found.way, found.ask):
        if not needed:
            raise ValueError(f"{where}: a section is empty")
    return found


def _joined(text: str) -> str:
    """A text of several lines as one: Chinese needs no blank at a line's end."""
    return "".join(line.strip() for line in text.strip().splitlines())


def _check_keys(where: str, entry: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(entry) - known):
        raise ValueError(f"{where}: unknown key {unknown[0]}")


def _check_text(where: str, text: str, facts: frozenset[str]) -> None:
    for name in slots(text):
        if name not in PLACEHOLDERS:
            raise ValueError(f"{where}: unknown placeholder {{{name}}}")
    for said in variants(text):
        if "[[" in said or "]]" in said or "||" in said:
            raise ValueError(f"{where}: a group is not closed")
        findings: list[Finding] = load_wording().lint(said, facts)
        if findings:
            raise ValueError(f"{where}: “{findings[0].matched}” {findings[0].why}")
