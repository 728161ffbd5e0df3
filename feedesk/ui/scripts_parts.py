"""What the pane of 话术 shows of a script, a technique, an answer or a line of small talk: heads, words, cautions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS
from feedesk.models.contacts import Channel, outcome_spec
from feedesk.models.scripts import (
    MOMENTS,
    TALK_LABELS,
    FilledPart,
    Objection,
    Script,
    ScriptContext,
    Segment,
    SegmentKind,
    Talk,
    Technique,
    fill,
    fill_text,
    seconds,
)
from feedesk.models.scripts.matrix import MATRIX_LABELS
from feedesk.models.scripts.reading import filled_seconds
from feedesk.models.scripts.talk import HOLIDAYS
from feedesk.ui.scripts_rows import Shown, WordsRow


@dataclass(frozen=True, slots=True)
class PaneText:
    """The pane's words."""

    title: str
    facts: tuple[str, ...]
    """Lines under the title: for whom, where, what it is to reach."""
    parts: tuple[FilledPart, ...]
    cautions: tuple[str, ...]
    missing: tuple[str, ...] = ()
    """Placeholders that stand as gaps with this owner."""


def pane_text(row: WordsRow, context: ScriptContext) -> PaneText:
    """All that is to be read about one line, filled with the values of `context`."""
    what = row.what
    if isinstance(what, Script):
        return _script(row, what, context)
    if isinstance(what, Objection):
        return _objection(row, what, context)
    if isinstance(what, Technique):
        return _technique(what, context)
    return _talk(what)


def spoken(what: Shown, context: ScriptContext) -> str:
    """The words alone, for the clipboard."""
    if isinstance(what, Script):
        parts: Iterable[FilledPart] = fill(what, context).parts
    elif isinstance(what, Objection):
        values = context.values(what.closing)
        parts = (FilledPart(head, fill_text(text, values)) for head, text in what.texts())
    elif isinstance(what, Technique):
        values = context.values(what.closing_day)
        parts = (FilledPart("", fill_text(line.say, values)) for line in what.lines)
    else:
        return what.text + "\n"
    return "\n".join(part.text for part in parts) + "\n"


def _plain(head: str, text: str, intent: str = "") -> FilledPart:
    return FilledPart(head, (Segment(SegmentKind.TEXT, text),), intent)


def _where(row: WordsRow) -> str:
    types = "、".join(DEBTOR_TYPE_LABELS[kind] for kind in row.types) if len(row.types) < 6 else row.types_text
    steps = "、".join(STEP_LABELS[step] for step in row.steps)
    return " · ".join(part for part in (types, steps, MATRIX_LABELS[row.channel] if row.channel else "") if part)


def _script(row: WordsRow, script: Script, context: ScriptContext) -> PaneText:
    filled = fill(script, context)
    facts = [_where(row), f"{script.technique_text()}：{script.gist}"]
    if script.moment:
        facts.append(f"时机：{MOMENTS[script.moment]}" + (f" · 语气：{script.tone}" if script.tone else ""))
    if script.channel is Channel.MESSAGE:
        facts.append(f"连空格里的字共 {sum(len(part.text) for part in filled.parts)} 个字")
    else:
        facts.append(f"照读约 {filled_seconds(filled):.0f} 秒到提问")
    facts += [f"适合：{line}" for line in script.when]
    return PaneText(script.title, tuple(facts), filled.parts, script.cautions, filled.missing)


def _objection(row: WordsRow, one: Objection, context: ScriptContext) -> PaneText:
    values = context.values(one.closing)
    parts = [_plain("业主", "；".join(f"“{said}”" for said in one.says))] if one.says else []
    parts += [FilledPart(head, fill_text(text, values)) for head, text in one.texts()]
    gaps = dict.fromkeys(s.name for part in parts for s in part.segments if s.kind is SegmentKind.MISSING)
    if one.why:
        parts.append(_plain("为什么", one.why))
    parts += [_plain("别这样说", f"“{wrong.say}”", wrong.why) for wrong in one.avoid]
    facts = (
        f"多见于：{row.types_text}",
        f"谈成记为“{outcome_spec(Channel.PHONE, one.outcome).label}”",
        f"照读约 {sum(seconds(part.text) for part in parts if part.heading in _ANSWER):.0f} 秒",
    )
    return PaneText(f"“{one.chip}”", facts, tuple(parts), (), tuple(gaps))


_ANSWER = ("认可", "事实", "法理", "出路", "收口")


def _technique(one: Technique, context: ScriptContext) -> PaneText:
    values = context.values(one.closing_day)
    parts = [_plain("适合", one.suits), _plain("不适合", one.not_for)]
    parts += [_plain("怎么做" if place == 0 else "", step) for place, step in enumerate(one.how)]
    for head, lines in (("开场", one.opening), ("正题", one.body), ("收口", one.closing)):
        parts += [
            FilledPart(head if place == 0 else "", fill_text(line.say, values), line.intent)
            for place, line in enumerate(lines)
        ]
    parts += [
        _plain("例子", f"（虚构的例子）{one.case.title}"),
        _plain("", one.case.story),
        _plain("", one.case.lesson),
    ]
    must = "每一户都先做" if one.is_mandatory else ""
    facts = tuple(line for line in (one.gist, must) if line)
    return PaneText(f"招数 {one.number} {one.name}", facts, tuple(parts), one.cautions)


def _talk(one: Talk) -> PaneText:
    when = "、".join(f"{month} 月" for month in one.months) or HOLIDAYS.get(one.holiday, "")
    if one.until is not None:
        when = f"说到 {one.until.isoformat()} 为止"
    facts = tuple(line for line in (TALK_LABELS[one.kind], when) if line)
    return PaneText("寒暄", facts, (_plain("寒暄", one.text),), ())


def marked(text: str) -> tuple[Segment, ...]:
    """A text as written, its placeholders tinted like values and its groups as they stand."""
    return fill_text(text.replace("[[", "［").replace("]]", "］").replace("||", "｜"), _names(text))


def _names(text: str) -> Mapping[str, str]:
    from feedesk.models.scripts.records import slots

    return {name: name for name in slots(text)}
