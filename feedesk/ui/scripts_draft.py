"""A script or an answer taken apart for editing, and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts import ALWAYS_CAUTION, Objection, Origin, Part, PartKind, Script, suited
from feedesk.models.scripts.reader import joined

Words = Script | Objection
ABOUT = "about"
"""The section that holds title, aim, fit and cautions."""
_ANSWER = (("accept", "认可"), ("fact", "事实"), ("law", "法理"), ("way", "出路"), ("ask", "收口"))
_MAY_BE_EMPTY = ("law",)
_CALL = (PartKind.OPENING, PartKind.BODY, PartKind.CLOSING)


@dataclass(frozen=True, slots=True)
class Section:
    """One text to be edited."""

    key: str
    head: str
    text: str
    intent: str | None
    """None: sections of this kind have none."""
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What is told to the clerk about the words."""

    title: str
    aim: str = ""
    """What the call is to reach; of an answer, why it is answered so."""
    when: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def sections_of(words: Words) -> tuple[Section, ...]:
    """The texts, in the order of speaking."""
    if isinstance(words, Script):
        return tuple(Section(part.kind, part.kind.value, part.text, part.intent) for part in words.parts)
    return tuple(Section(key, head, str(getattr(words, key)), None, key in _MAY_BE_EMPTY) for key, head in _ANSWER)


def about_of(words: Words) -> About:
    """What is told to the clerk; the line about relatives is added to every script by itself."""
    if isinstance(words, Objection):
        return About(words.chip, words.why)
    cautions = tuple(line for line in words.cautions if line != ALWAYS_CAUTION)
    return About(words.title, words.gist, words.when, cautions)


def put_together(words: Words, texts: Mapping[str, tuple[str, str]], about: About) -> Words:
    """`words` with other texts (key -> text, intent): the office's."""
    if isinstance(words, Objection):
        said = {key: joined(texts[key][0]) for key, _ in _ANSWER}
        return replace(
            words, chip=about.title.strip(), why=joined(about.aim), origin=Origin.OFFICE,
            accept=said["accept"], fact=said["fact"], law=said["law"], way=said["way"], ask=said["ask"],
        )  # fmt: skip
    parts = tuple(Part(part.kind, joined(texts[part.kind][0]), texts[part.kind][1].strip()) for part in words.parts)
    return replace(
        words, title=about.title.strip(), gist=about.aim.strip(), when=about.when,
        cautions=(*about.cautions, ALWAYS_CAUTION), parts=parts, origin=Origin.OFFICE,
    )  # fmt: skip


def blank_script(
    title: str, debtor_type: DebtorType, step: Step, channel: Channel, model: Script | None = None
) -> Script:
    """A new script of the office for a place; `model` lends its words where it has the same parts."""
    kinds = (PartKind.WORDS,) if channel is Channel.MESSAGE else _CALL
    same = model is not None and tuple(part.kind for part in model.parts) == kinds
    parts = model.parts if model is not None and same else tuple(Part(kind, "", "") for kind in kinds)
    techniques = model.techniques if model is not None and same else suited(debtor_type)[:1]
    return Script(
        id="own.0", version=1, title=title.strip(), types=(debtor_type,), steps=(step,), channel=channel,
        techniques=techniques, gist=model.gist if model is not None and same else title.strip(),
        closing=model.closing if model is not None else "friday", parts=parts,
        cautions=model.cautions if model is not None and same else (ALWAYS_CAUTION,),
        requires=model.requires if model is not None else (), origin=Origin.OFFICE,
    )  # fmt: skip


def lines_of(text: str) -> tuple[str, ...]:
    """One entry a line, empty ones left out."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def changed_heads(before: Words, after: Words) -> str:
    """「改了开场、收口」: the note that is proposed; empty when nothing is another."""
    heads = [
        new.head
        for old, new in zip(sections_of(before), sections_of(after), strict=True)
        if (old.text, old.intent) != (new.text, new.intent)
    ]
    if about_of(before) != about_of(after):
        heads.append("题目和注意")
    return f"改了{'、'.join(heads)}" if heads else ""
