"""The lines of 话术: every script, moment, technique, answer and small talk of the library as one row, and their filter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts import (
    MOMENTS,
    REQUIREMENTS,
    TALK_LABELS,
    Objection,
    Origin,
    Script,
    ScriptLibrary,
    Talk,
    TalkKind,
    Technique,
    suited,
)
from feedesk.models.scripts.edition import key_of
from feedesk.models.scripts.matrix import MATRIX_LABELS
from feedesk.models.scripts.results import ENOUGH_USES, PAID_WITHIN, Tally
from feedesk.models.spelling import place_of
from feedesk.ui.table import Align, Cell, Column
from feedesk.ui.theme import Tone

Shown = Script | Objection | Technique | Talk


class Shelf(StrEnum):
    """The five kinds of words, in the order of their keys."""

    SCRIPTS = "scripts"
    MOMENTS = "moments"
    TECHNIQUES = "techniques"
    OBJECTIONS = "objections"
    TALKS = "talks"


SHELF_LABELS = {
    Shelf.SCRIPTS: "话术",
    Shelf.MOMENTS: "时机",
    Shelf.TECHNIQUES: "招数",
    Shelf.OBJECTIONS: "业主说…",
    Shelf.TALKS: "寒暄",
}


class Whose(StrEnum):
    """Whose words are in force."""

    OURS = "ours"
    CHANGED = "changed"
    OWN = "own"
    HIDDEN = "hidden"


WHOSE_LABELS = {
    Whose.OURS: "原文",
    Whose.CHANGED: "本办公室改",
    Whose.OWN: "自己写的",
    Whose.HIDDEN: "已停用",
}
_TONES = {Whose.OURS: Tone.CAPTION, Whose.CHANGED: Tone.AZURE, Whose.OWN: Tone.AZURE, Whose.HIDDEN: Tone.CAPTION}
_ALL_TYPES = len(DebtorType)


@dataclass(frozen=True, slots=True)
class WordsRow:
    """One line of the list."""

    id: int
    shelf: Shelf
    key: str
    """Under which the office keeps its wordings; of techniques and small talk, a name of its own."""
    title: str
    types: tuple[DebtorType, ...]
    steps: tuple[Step, ...]
    channel: Channel | None
    whose: Whose
    needs: tuple[str, ...]
    """Names of `REQUIREMENTS` without which it is locked."""
    what: Shown
    found_by: str
    """All its words, for the search."""

    @property
    def can_be_edited(self) -> bool:
        """Whether the office may word it anew."""
        return isinstance(self.what, Script | Objection)

    @property
    def is_news(self) -> bool:
        """Whether it is a line of the office's 小区近况."""
        return isinstance(self.what, Talk) and self.what.kind is TalkKind.ESTATE

    @property
    def types_text(self) -> str:
        """联系不上; 共 4 类; 各类."""
        if not self.types or len(self.types) == _ALL_TYPES:
            return "各类"
        names = [DEBTOR_TYPE_LABELS[kind] for kind in self.types]
        return names[0] if len(names) == 1 else f"{names[0]}等 {len(names)} 类"

    @property
    def steps_text(self) -> str:
        """2 电话一; 4、5."""
        if not self.steps:
            return ""
        return STEP_LABELS[self.steps[0]] if len(self.steps) == 1 else "、".join(step.value for step in self.steps)

    @property
    def needs_text(self) -> str:
        """The records it rests on, in words."""
        return "、".join(REQUIREMENTS[name] for name in self.needs)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked of the list; None: any."""

    shelf: Shelf = Shelf.SCRIPTS
    debtor_type: DebtorType | None = None
    step: Step | None = None
    channel: Channel | None = None
    words: str = ""


def rows_of(
    library: ScriptLibrary,
    ids: dict[str, int],
    hidden: Collection[Script | Objection] = (),
    news: Iterable[Talk] = (),
) -> list[WordsRow]:
    """Every line; `ids` keeps the number of each key for as long as the page lives. Hidden ones come last.

    `news` is the office's own small talk, before ours as in a call.
    """
    found = [_script_row(one) for one in library.scripts]
    found += [_technique_row(one) for one in library.techniques]
    found += [_objection_row(one) for one in library.objections]
    found += [_talk_row(one) for one in (*news, *library.talks)]
    found += [_hidden_row(one) for one in hidden]
    return [_with_id(row, ids) for row in found]


def _with_id(row: WordsRow, ids: dict[str, int]) -> WordsRow:
    return WordsRow(
        ids.setdefault(row.key, len(ids) + 1), row.shelf, row.key, row.title, row.types, row.steps, row.channel,
        row.whose, row.needs, row.what, row.found_by,
    )  # fmt: skip


def _whose(words: Script | Objection) -> Whose:
    if words.id.startswith("own."):
        return Whose.OWN
    return Whose.CHANGED if words.origin is Origin.OFFICE else Whose.OURS


def _script_row(script: Script, whose: Whose | None = None) -> WordsRow:
    moment = MOMENTS.get(script.moment, "")
    said = (script.title, moment, script.gist, script.technique_text(), *script.when, *script.cautions)
    said += tuple(text for part in script.parts for text in (part.text, part.intent))
    return WordsRow(
        0, Shelf.MOMENTS if script.moment else Shelf.SCRIPTS, key_of(script), script.title, script.types, script.steps,
        script.channel, whose or _whose(script), script.requires, script, " ".join(said).lower(),
    )  # fmt: skip


def _objection_row(one: Objection, whose: Whose | None = None) -> WordsRow:
    said = (one.chip, *one.says, *(text for _, text in one.texts()), one.why)
    return WordsRow(
        0, Shelf.OBJECTIONS, key_of(one), one.chip, one.types, (), None, whose or _whose(one), (), one,
        " ".join(said).lower(),
    )  # fmt: skip


def _hidden_row(words: Script | Objection) -> WordsRow:
    return _script_row(words, Whose.HIDDEN) if isinstance(words, Script) else _objection_row(words, Whose.HIDDEN)


def _technique_row(one: Technique) -> WordsRow:
    said = (one.name, one.gist, one.suits, one.not_for, *one.how, *one.cautions, *(line.say for line in one.lines))
    types = tuple(kind for kind in DebtorType if one.number in suited(kind))
    return WordsRow(
        0, Shelf.TECHNIQUES, f"technique.{one.number}", f"{one.number} {one.name}", types, (), None, Whose.OURS,
        one.requires, one, " ".join(said).lower(),
    )  # fmt: skip


def _talk_row(one: Talk) -> WordsRow:
    whose = Whose.OWN if one.kind is TalkKind.ESTATE else Whose.OURS
    return WordsRow(
        0, Shelf.TALKS, f"talk.{one.id}", one.text, (), (), None, whose, (), one,
        f"{one.text} {TALK_LABELS[one.kind]}".lower(),
    )  # fmt: skip


def wanted(rows: Iterable[WordsRow], sought: Sought) -> list[WordsRow]:
    """The lines asked for; every word typed must occur, or be the pinyin of the title or its first letters."""
    words = sought.words.lower().split()
    return [
        row
        for row in rows
        if row.shelf is sought.shelf
        and (sought.debtor_type is None or not row.types or sought.debtor_type in row.types)
        and (sought.step is None or not row.steps or sought.step in row.steps)
        and (sought.channel is None or row.channel is None or row.channel is sought.channel)
        and all(word in row.found_by or place_of(row.title, word) is not None for word in words)
    ]


def beside(rows: Iterable[WordsRow], row: WordsRow, debtor_type: DebtorType | None) -> list[WordsRow]:
    """What else may be said to the same owners at the same step, by any channel and at any moment; the nearest first.

    `debtor_type`: the one asked for, else the first of the row's. Answers, techniques and small talk stand at no step.
    """
    kind = debtor_type if debtor_type in row.types else next(iter(row.types), None)
    found = [
        other
        for other in rows
        if row.steps
        and other.id != row.id
        and other.whose is not Whose.HIDDEN
        and kind in other.types
        and set(other.steps) & set(row.steps)
    ]
    return sorted(found, key=lambda other: (other.channel is not row.channel, other.shelf is not row.shelf))


def counts(rows: Iterable[WordsRow], words: str) -> Mapping[Shelf, int]:
    """How many lines of each kind have the words typed."""
    found = list(rows)
    return {shelf: len(wanted(found, Sought(shelf, words=words))) for shelf in Shelf}


_ROOM_FOR_WHOSE = 500
"""Narrower tables tell whose words are in force by the colour of the title and on hover."""


def columns(tally: Callable[[WordsRow], Tally | None]) -> tuple[Column[WordsRow], ...]:
    """Title, whom it is for, where, what came of it, and whose words; `tally` tells the figures of a line."""
    return (
        Column("题目", _title_cell),
        Column("类型", lambda row: Cell(row.types_text, tone=Tone.MUTED, tooltip=_all_types(row)), 92),
        Column("阶段", _place_cell, 92, hide_below=430),
        Column(
            "用→兑现→到账", lambda row: result_cell(tally(row)), 106, Align.RIGHT, hide_below=430,
            told=f"近一年：用过几次→承诺兑现几次→{PAID_WITHIN} 天内到账几次；不足 {ENOUGH_USES} 次的只写次数",
        ),
        Column("现用", lambda row: Cell(WHOSE_LABELS[row.whose], tone=_TONES[row.whose]), 78, hide_below=_ROOM_FOR_WHOSE),
    )  # fmt: skip


def result_cell(tally: Tally | None) -> Cell:
    """「77→1→8」: uses, kept, paid; under ten uses their number alone (样本不足), the rest on hover."""
    if tally is None:
        return Cell("")
    if tally.is_enough:
        return Cell(f"{tally.uses:,}→{tally.kept:,}→{tally.paid:,}", tooltip=f"用过→兑现→到账\n{tally.line()}")
    return Cell(f"{tally.uses} 次" if tally.uses else "", tone=Tone.CAPTION, tooltip=tally.line())


_ICONS = {Channel.PHONE: "phone", Channel.VISIT: "visit", Channel.MESSAGE: "message", Channel.MAIL: "mail"}


def _place_cell(row: WordsRow) -> Cell:
    """The step, with the channel as its icon; in words on hover."""
    if row.channel is None:
        return Cell(row.steps_text, tone=Tone.MUTED)
    told = f"{'、'.join(STEP_LABELS[step] for step in row.steps)} · {MATRIX_LABELS[row.channel]}"
    return Cell(row.steps_text, tone=Tone.MUTED, icon=_ICONS.get(row.channel, ""), tooltip=told)


def _title_cell(row: WordsRow) -> Cell:
    off = row.whose is Whose.HIDDEN
    tone = Tone.AZURE if row.whose in (Whose.CHANGED, Whose.OWN) else Tone.INK
    told = [f"现用：{WHOSE_LABELS[row.whose]}"] if row.whose is not Whose.OURS else []
    told += [f"要有记录才能选：{row.needs_text}"] if row.needs else []
    tooltip = "\n".join((row.title, *told)) if told else ""
    return Cell(row.title, icon="shield" if row.needs else "", strike=off, tone=tone, tooltip=tooltip)


def _all_types(row: WordsRow) -> str:
    return "、".join(DEBTOR_TYPE_LABELS[kind] for kind in row.types) if len(row.types) > 1 else ""
