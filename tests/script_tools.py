"""Small libraries for tests: a script for any place, a library of a few, papers on file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.letters import PaperFacts, PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.scripts import Script, ScriptLibrary, load_library
from feedesk.models.scripts.library import ordered
from feedesk.models.scripts.reader import read_script


def script(
    kinds: DebtorType | tuple[DebtorType, ...],
    step: Step | tuple[Step, ...],
    channel: Channel = Channel.PHONE,
    **more: Any,
) -> Script:
    """A sound script for a place; `more` are keys of its entry."""
    types = kinds if isinstance(kinds, tuple) else (kinds,)
    steps = step if isinstance(step, tuple) else (step,)
    tail = (steps[0], channel, more.get("situation", ""), more.get("moment", ""))
    texts = {
        "opening": {"text": "[[{称呼}，您好||您好]]，我是{办公室}的{自称}，方便吗？", "intent": "问好"},
        "body": {"text": f"{more.get('title', '正题')}：{{期间}}的{{费项}}{{金额}}，您看对吗？", "intent": "核对"},
        "closing": {"text": "您看{收口日}行吗？", "intent": "定日子"},
        "words": {"text": "{办公室}提醒您，{收口日}前请回电。", "intent": "提醒"},
    }
    parts = ("words",) if channel is Channel.MESSAGE else ("opening", "body", "closing")
    entry: dict[str, Any] = {
        "id": ".".join(filter(None, ("any" if len(types) > 1 else types[0], *tail))),
        "version": 1,
        "title": "试写",
        "types": list(types),
        "steps": list(steps),
        "channel": channel.value,
        "techniques": [1],
        "gist": "试写一篇",
        "closing_day": "friday",
        **{part: texts[part] for part in parts},
        **more,
    }
    return read_script(entry)


def net() -> list[Script]:
    """The general calls on which every choice can fall back."""
    return [script(DebtorType.UNPAID, step, gist="兜底") for step in (Step.REMINDER, Step.FIRST_CALL, Step.SECOND_CALL)]


def library(*scripts: Script, with_net: bool = True) -> ScriptLibrary:
    """A library of these scripts, with the shipped answers and techniques."""
    held: Iterable[Script] = (*(net() if with_net else ()), *scripts)
    return replace(load_library(), scripts=ordered(held), earlier=())


def paper(
    kind: PaperKind,
    number: str = "2026-0170",
    on: date = date(2026, 11, 3),
    *,
    sent: bool = False,
    arrived_on: date | None = None,
    deadline: date | None = None,
) -> PaperFacts:
    """A paper on file; `sent` puts a way of service on record, of the weakest grade unless it has arrived."""
    grade = (Grade.B if arrived_on else Grade.D) if sent or arrived_on else None
    return PaperFacts(kind, number, on, deadline, grade, arrived_on)
