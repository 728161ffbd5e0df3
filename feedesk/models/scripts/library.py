"""The library: read from TOML, checked as a whole, asked for the script of a situation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts.choose import Choice, Offers, choose, offer
from feedesk.models.scripts.facts import ScriptFacts
from feedesk.models.scripts.reader import (
    TextProblem,
    objection_problems,
    read_objection,
    read_script,
    read_talk,
    read_technique,
    script_problems,
    technique_problems,
    wording_problems,
)
from feedesk.models.scripts.records import ANY, TECHNIQUES, Objection, Script
from feedesk.models.scripts.talk import Talk
from feedesk.models.scripts.techniques import Technique
from feedesk.models.scripts.truth import NOTHING_ON_FILE, Truth
from feedesk.resources import resource

NO_SCRIPTS = frozenset({"empty.toml"})
"""Files of the folder that hold no texts: the reasons of the matrix."""


class LibraryProblem(ValueError):
    """The library is not sound; the message names file, script and fault. Shipped files never raise it: tests load them."""


@dataclass(frozen=True, slots=True)
class ScriptLibrary:
    """All that is said, each in the wording in force. Scripts stand in the order of type, step, channel and moment."""

    scripts: tuple[Script, ...]
    objections: tuple[Objection, ...]
    techniques: tuple[Technique, ...] = ()
    talks: tuple[Talk, ...] = ()
    earlier: tuple[Script | Objection, ...] = ()
    """Wordings no longer in force that contacts may remember."""

    def find(self, debtor_type: DebtorType, step: Step, channel: Channel) -> Script | None:
        """The script of exactly this place that needs no record; those bound to a situation or a moment are left out."""
        for script in self.in_cell(debtor_type, step, channel):
            if not (script.moment or script.requires):
                return script
        return None

    def in_cell(self, debtor_type: DebtorType, step: Step, channel: Channel) -> tuple[Script, ...]:
        """All scripts of a place of the matrix: the office's own first, then the type's, then those for several types."""
        found = [one for one in self.scripts if one.serves(debtor_type, step, channel) and not one.situation]
        return tuple(sorted(found, key=lambda one: (not one.is_own, one.is_shared)))

    def choose(
        self,
        debtor_type: DebtorType,
        step: Step,
        channel: Channel,
        facts: ScriptFacts,
        truth: Truth = NOTHING_ON_FILE,
    ) -> Choice:
        """The script for a contact, and why; see `choose.choose`."""
        return choose(self, debtor_type, step, channel, facts, truth)

    def offer(
        self,
        debtor_type: DebtorType,
        step: Step,
        channel: Channel,
        facts: ScriptFacts,
        truth: Truth = NOTHING_ON_FILE,
    ) -> Offers:
        """The script chosen, what else may be taken, what is locked and why; see `choose.offer`."""
        return offer(self, debtor_type, step, channel, facts, truth)

    def script(self, script_id: str) -> Script | None:
        """The wording in force of a script."""
        return next((one for one in self.scripts if one.id == script_id), None)

    def objection(self, objection_id: str) -> Objection | None:
        """The wording in force of an answer."""
        return next((one for one in self.objections if one.id == objection_id), None)

    def by_ref(self, ref: str) -> Script | None:
        """The script a contact remembers (`type.step.channel@version`), if the library still has that version."""
        kept = (*self.scripts, *(one for one in self.earlier if isinstance(one, Script)))
        return next((script for script in kept if script.ref == ref), None)


@lru_cache(maxsize=1)
def load_library() -> ScriptLibrary:
    """The shipped library. Its words were checked by the tests before it was shipped, not again at every start."""
    return read_library(shipped_files(), words_checked=True)


def shipped_files() -> dict[str, str]:
    """File name -> TOML text of the shipped library."""
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in resource("scripts").iterdir()
        if entry.name.endswith(".toml") and entry.name not in NO_SCRIPTS
    }


def read_library(files: Mapping[str, str], *, words_checked: bool = False) -> ScriptLibrary:
    """The library from file name -> TOML text, checked; raises `LibraryProblem`.

    `words_checked`: placeholders and wording have been looked at before, which takes longer than all the rest.
    """
    scripts: list[Script] = []
    objections: list[Objection] = []
    techniques: list[Technique] = []
    talks: list[Talk] = []
    for name in sorted(files):
        try:
            data = tomllib.loads(files[name])
            found: list[tuple[str, tuple[TextProblem, ...]]] = []
            if name == "objections.toml":
                answers = [read_objection(entry) for entry in data["objection"]]
                objections += answers
                found = [] if words_checked else [(one.id, objection_problems(one)) for one in answers]
            elif name == "techniques.toml":
                read = [read_technique(entry) for entry in data["technique"]]
                techniques += read
                found = [] if words_checked else [(one.name, technique_problems(one)) for one in read]
            elif name == "smalltalk.toml":
                lines = [read_talk(entry) for entry in data["talk"]]
                talks += lines
                found = [] if words_checked else [(one.id, tuple(wording_problems(one.text))) for one in lines]
            else:
                kind = data["debtor_type"]
                types = () if kind == ANY else (DebtorType(kind),)
                told = [read_script(entry, types) for entry in data["script"]]
                scripts += told
                found = [] if words_checked else [(one.id, script_problems(one)) for one in told]
            for where, problems in found:
                if problems:
                    raise ValueError(f"{where}: {problems[0].what}")
        except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise LibraryProblem(f"{name}: {error}") from error
    _refuse_repeats("script", (script.ref for script in scripts))
    _refuse_repeats("objection", (objection.id for objection in objections))
    _refuse_repeats("technique", (str(one.number) for one in techniques))
    _refuse_repeats("talk", (one.id for one in talks))
    if techniques and len(techniques) != len(TECHNIQUES):
        raise LibraryProblem(f"techniques.toml: {len(techniques)} of {len(TECHNIQUES)}")
    newest = {script.id: script for script in sorted(scripts, key=lambda script: script.version)}
    return ScriptLibrary(
        ordered(newest.values()),
        tuple(objections),
        tuple(sorted(techniques, key=lambda one: one.number)),
        tuple(talks),
        tuple(script for script in scripts if newest[script.id] is not script),
    )


def ordered(scripts: Iterable[Script]) -> tuple[Script, ...]:
    """Scripts in the order of the library."""
    order = {kind: place for place, kind in enumerate(DebtorType)}
    return tuple(sorted(scripts, key=lambda s: (s.is_shared, order[s.types[0]], s.step, s.channel, s.moment, s.id)))


def _refuse_repeats(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise LibraryProblem(f"{what} {one} stands twice")
        seen.add(one)
