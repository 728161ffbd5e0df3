"""What stands above a script: what the call is to reach, which type it follows and why, and what is not as usual about it."""

from __future__ import annotations

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS
from feedesk.models.contacts import CHANNEL_LABELS, Channel
from feedesk.models.scripts import MOMENTS, SITUATIONS, Script
from feedesk.models.scripts.choose import Choice
from feedesk.models.scripts.matrix import MATRIX_LABELS
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.why_line import ScriptHead

PICKED = "您换的"


def head_of(choice: Choice, script: Script, facts: CallFacts, channel: Channel, *, told: str = "") -> ScriptHead:
    """For the script shown, which is the rules' `choice` or another one the clerk has picked; `told` is said of hers."""
    picked = choice.script is None or script.id != choice.script.id
    if script.situation:
        reason = [SITUATIONS[script.situation]]
    else:
        reason = [follows(facts)] if facts.to_confirm or picked else [_grounds(choice) or follows(facts)]
        if script.techniques:
            reason.append(script.technique_text())
    full = f"{PICKED}：{script.title}{f'（{told}）' if told else ''}" if picked else choice.why
    marks = marks_of(script, facts, channel, picked=picked)
    return ScriptHead(script.gist or script.title, tuple(reason), marks, full)


def follows(facts: CallFacts) -> str:
    """Which type the script goes by: 「话术按：答应了，总不来（失约 2 次）· F6 确认」; what the clerk settled needs no reason."""
    told = f"话术按：{DEBTOR_TYPE_LABELS[facts.script_type]}"
    if facts.type_is_chosen and facts.script_type is facts.debtor_type:
        return f"{told}（您选的）"
    if facts.type_is_chosen:
        return f"{told}（{facts.suggestion.why}；您选的“{DEBTOR_TYPE_LABELS[facts.debtor_type]}”在这之后）"
    return f"{told}（{facts.by_rule.why}）" + (" · F6 确认" if facts.to_confirm else "")


def marks_of(script: Script, facts: CallFacts, channel: Channel, *, picked: bool) -> tuple[str, ...]:
    """What is not as usual: the clerk's own pick, a moment, a stand-in from elsewhere, another way than the telephone.

    Words for a situation stand in for nothing: neither type nor step chooses them.
    """
    marks = [PICKED] if picked else []
    if script.moment:
        marks.append(MOMENTS[script.moment])
    way = Channel.PHONE if channel is Channel.COUNTER else channel
    step = facts.account.row.step
    is_placed = not script.situation
    if is_placed and script.types and facts.script_type not in script.types:
        marks.append("通用版代用")
    elif is_placed and script.steps and step not in script.steps:
        marks.append(f"“{STEP_LABELS[script.steps[0]]}”版代用")
    elif script.types and not script.moment and script.channel is not way:
        marks.append(f"{MATRIX_LABELS[script.channel]}版代用")
    elif channel is not Channel.PHONE:
        marks.append(CHANNEL_LABELS[channel])
    return tuple(marks)


def _grounds(choice: Choice) -> str:
    """The facts that speak for the rules' choice: what stands before the arrow; empty for a moment, which has none."""
    before, arrow, _after = choice.why.partition(" → ")
    return before.rpartition("。")[2] if arrow else ""
