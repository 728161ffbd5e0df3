"""换一篇: what else may be said in this call, and what may not and why: other scripts, moments, techniques, small talk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from feedesk.models.contacts import Channel
from feedesk.models.scripts import (
    ALWAYS_CAUTION,
    MOMENTS,
    TALK_LABELS,
    FilledPart,
    Offers,
    Part,
    PartKind,
    Script,
    ScriptLibrary,
    Talk,
    Technique,
    moment_now,
)
from feedesk.ui import icons
from feedesk.ui.call_facts import CallFacts

_DIGITS = "123456789"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list; with `locked` it is seen and cannot be taken."""

    words: str
    script: Script | None = None
    """None: what the rules choose."""
    why: str = ""
    locked: str = ""


@dataclass(frozen=True, slots=True)
class OnOffer:
    """Everything for one call, by heading."""

    scripts: tuple[Choice, ...]
    moments: tuple[Choice, ...]
    techniques: tuple[Choice, ...]
    talks: tuple[Talk, ...]

    def find(self, script_id: str) -> Choice | None:
        """The line of a script; None when it is no longer on offer, or locked."""
        lines = (*self.scripts, *self.moments, *self.techniques)
        return next((one for one in lines if one.script and one.script.id == script_id and not one.locked), None)


def on_offer(library: ScriptLibrary, facts: CallFacts, channel: Channel, talks: Sequence[Talk]) -> OnOffer:
    """What may be taken in place of what the rules choose. Nothing that states more than `facts.truth` can be."""
    step, truth = facts.account.row.step, facts.truth
    found = library.offer(facts.script_type, step, channel, facts.script, truth)
    chosen = found.chosen.script
    scripts = [
        Choice(f"按规则：{chosen.title if chosen else found.chosen.why}", None, "" if chosen else found.chosen.because)
    ]
    scripts += [Choice(one.title, one, one.gist) for one in found.others if not one.moment]
    scripts += [Choice(one.script.title, one.script, "", one.why) for one in found.locked if not one.script.moment]
    moments = _moments(library, facts, chosen.id if chosen else "")
    return OnOffer(tuple(scripts), moments, _techniques(found), tuple(talks))


def _moments(library: ScriptLibrary, facts: CallFacts, chosen: str) -> tuple[Choice, ...]:
    """The moment that it is now, and those still to come with what they wait for; nothing before there is one.

    A moment that has passed is left out: “还没有送” is no longer true once the letter is on its way.
    """
    step, truth = facts.account.row.step, facts.truth
    now = moment_now(step, truth)
    if not now:
        return ()
    found = library.offer(facts.script_type, step, Channel.MAIL, facts.script, truth)
    locks = {one.script.id: one.why for one in found.locked}
    order = list(MOMENTS)
    here = [
        one
        for one in library.in_cell(facts.script_type, step, Channel.MAIL)
        if order.index(one.moment) >= order.index(now) and one.id != chosen
    ]
    here.sort(key=lambda one: order.index(one.moment))
    return tuple(Choice(f"{MOMENTS[one.moment]}：{one.title}", one, one.tone, locks.get(one.id, "")) for one in here)


def _techniques(found: Offers) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"招数 {one.technique.number} {one.technique.name}", as_script(one.technique), one.why, one.locked)
        for one in found.techniques
    )


def as_script(technique: Technique) -> Script:
    """The lines of a technique as a script to be read: one part a line, so that each keeps its intent."""
    parts = tuple(
        Part(kind, line.say, line.intent)
        for kind, lines in (
            (PartKind.OPENING, technique.opening),
            (PartKind.BODY, technique.body),
            (PartKind.CLOSING, technique.closing),
        )
        for line in lines
    )
    return Script(
        id=f"technique.{technique.number}", version=technique.version, title=f"招数 {technique.number} {technique.name}",
        types=(), steps=(), channel=Channel.PHONE, techniques=(technique.number,), gist=technique.gist,
        closing=technique.closing_day, parts=parts, cautions=(*technique.cautions, ALWAYS_CAUTION),
        when=(technique.suits,), requires=technique.requires,
    )  # fmt: skip


def heads_once(parts: Sequence[FilledPart]) -> tuple[FilledPart, ...]:
    """A heading that repeats is shown once."""
    return tuple(
        FilledPart(
            "" if place and parts[place - 1].heading == part.heading else part.heading, part.segments, part.intent
        )
        for place, part in enumerate(parts)
    )


def offers_menu(
    offer: OnOffer, parent: QWidget, take: Callable[[Script | None], object], say: Callable[[Talk], object]
) -> QMenu:
    """The list: a digit or the arrows choose; what is locked tells why."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName("换一篇")
    digits = iter(_DIGITS)
    for heading, lines in (("话术", offer.scripts), ("时机", offer.moments), ("招数", offer.techniques)):
        if lines:
            _head(menu, heading)
        for line in lines:
            digit = "" if line.locked else next(digits, "")
            tail = f"　不能用：{line.locked}" if line.locked else f"　{line.why}" if line.why else ""
            action = menu.addAction(f"{f'&{digit}  ' if digit else ''}{line.words}{tail}")
            if line.locked:
                action.setEnabled(False)
                action.setIcon(icons.icon("shield"))
            action.triggered.connect(lambda _on=False, script=line.script: take(script))
    if offer.talks:
        _head(menu, "寒暄换一句")
    for talk in offer.talks:
        menu.addAction(f"{TALK_LABELS[talk.kind]}　{talk.text}").triggered.connect(
            lambda _on=False, talk=talk: say(talk)
        )
    first = next((one for one in menu.actions() if one.isEnabled() and not one.isSeparator()), None)
    if first is not None:
        menu.setActiveAction(first)
    return menu


def _head(menu: QMenu, words: str) -> None:
    """A heading: the style draws the text of Qt's own sections nowhere."""
    if menu.actions():
        menu.addSeparator()
    head = menu.addAction(words)
    head.setEnabled(False)
    bold = head.font()
    bold.setBold(True)
    head.setFont(bold)
