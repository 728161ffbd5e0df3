"""话术: debtor type, step and channel in one key each, why this script, cautions, the script, answers to objections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, DebtorType
from feedesk.models.classify import Suggestion
from feedesk.models.contacts import CHANNEL_LABELS, Channel
from feedesk.models.scripts import (
    Choice,
    FilledAnswer,
    FilledScript,
    Objection,
    Script,
    ScriptContext,
    ScriptLibrary,
    Talk,
    fill,
    fill_objection,
    plain_text,
)
from feedesk.ui.answer_card import AnswerCard
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.cautions import Cautions
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.ladder_field import LadderField
from feedesk.ui.objections_bar import ObjectionsBar
from feedesk.ui.script_head import follows, head_of
from feedesk.ui.script_offers import OnOffer, heads_once, offers_menu, on_offer
from feedesk.ui.speech import SpeechView
from feedesk.ui.theme import Tone
from feedesk.ui.why_line import Room, ScriptHead, WhyLine
from feedesk.ui.widgets import KeyButton, KeyCap, label

_DIGITS = "1234567890"
_TYPES = tuple(
    ("123456789"[place : place + 1], DEBTOR_TYPE_LABELS[kind], kind) for place, kind in enumerate(DebtorType)
)
"""The digits of the debtor types; 0 is kept for the suggestion."""
_SMALL_PX = 15
_ROOM_FOR_CAPS = 570
"""Narrower than this the choosers of 今日 do without their key caps; the keys stand in their tooltips."""
_ROOM_FOR_CHIP = 760
"""Narrower than this 今日 keeps the width for the reason; a dot stands for the chip."""
_USUAL_PX = 16
_LEFT, _RIGHT = 16, 12


class ScriptTab(QWidget):
    """Shows the script for one call. It asks for changes; it writes nothing.

    Signals:
        type_asked: the debtor type the clerk chose.
        step_asked: the ladder is wanted.
        outcome_taken: what an answer offers to log.
    """

    type_asked = Signal(object)
    step_asked = Signal()
    outcome_taken = Signal(object)

    def __init__(self, library: ScriptLibrary, parent: QWidget | None = None, *, roomy: bool = False) -> None:
        """`roomy`: 今日 has the width for the reason beside the choosers and gives a large script up step by step."""
        super().__init__(parent)
        self._library = library
        self._roomy = roomy
        self._facts: CallFacts | None = None
        self._script: FilledScript | None = None
        self._answer: FilledAnswer | None = None
        self._picked = ""
        self._is_quiet = False
        self._fitted_for = (0, 0, 0)
        self._talk: Talk | None = None
        self.talks: Callable[[date], tuple[Talk, ...]] = lambda _today: ()
        """Small talk for a day, the nearest first."""
        self._px, self._short = _USUAL_PX, False
        self._narrow = False
        self.type_combo = KeyCombo("欠费类型", "F6")
        self.type_combo.offer(_TYPES)
        self.type_chip = label("建议", "note", Tone.AZURE)
        self.type_chip.hide()
        self._offered: Suggestion | None = None
        self.step_combo = LadderField()
        self.channel_combo = KeyCombo("渠道", "F8")
        self.channel_combo.offer([(_digit(place), CHANNEL_LABELS[way], way) for place, way in enumerate(Channel)])
        self.type_combo.picked.connect(self.type_asked)
        self.step_combo.asked.connect(self.step_asked)
        self.channel_combo.picked.connect(lambda _way: self._take(None))
        self.why = WhyLine()
        self.why.opening.connect(self._tell_results)
        self.tell_results: Callable[[str], str] = lambda _ref: ""
        """What came of a script so far, by its ref; asked for when 为什么 is opened."""
        self.swap_button = KeyButton("换一篇", key="F11", kind="quiet")
        self.swap_button.setToolTip("换一篇：别的话术、时机、招数、寒暄（F11）")
        self.swap_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.swap_button.clicked.connect(self.open_offers)
        if not roomy:
            self.why.add_button(self.swap_button)
        self.cautions = Cautions()
        self.speech = SpeechView()
        self.answer = AnswerCard()
        self.answer.hide()
        self.answer.closed.connect(self.close_answer)
        self.answer.taken.connect(self.outcome_taken)
        self.objections = ObjectionsBar()
        self.objections.chosen.connect(self._open_answer)
        self.objections.confirmed.connect(self._confirm)
        self._missing = label("", "", wrap=True)
        self._build()

    def _build(self) -> None:
        self.choosers = QWidget()
        row = QHBoxLayout(self.choosers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        self._caps = [KeyCap("F6"), KeyCap("F7"), KeyCap("F8")]
        for cap, combo in zip(self._caps, (self.type_combo, self.step_combo, self.channel_combo), strict=True):
            row.addWidget(cap)
            row.addWidget(combo)
            if combo is self.type_combo:
                row.addWidget(self.type_chip)
        row.addStretch(1)
        self._top = QVBoxLayout()
        self._top.setContentsMargins(_LEFT, 10, _RIGHT, 0)
        self._top.setSpacing(8)
        self._top.addWidget(self.choosers)
        if self._roomy:
            for button in (self.swap_button, *self.why.give_buttons()):
                row.addWidget(button)
        self._top.addWidget(self.why)
        self._top.addWidget(self.cautions)
        inner = QWidget()
        body = self._body = QVBoxLayout(inner)
        body.setContentsMargins(_LEFT, 8, _RIGHT, 8)
        body.setSpacing(8)
        body.addWidget(self.speech)
        body.addWidget(self.answer)
        body.addStretch(1)
        self.reading = QScrollArea()
        self.reading.setWidget(inner)
        self.reading.setWidgetResizable(True)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setAccessibleName("话术")
        self.reading.verticalScrollBar().installEventFilter(self)
        self.objections.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.reading, 1)
        column.addWidget(self.objections)

    # --- what is shown ---

    def show_call(self, facts: CallFacts, speech_size: int) -> None:
        """Show the script for this account; another account starts at the top, by phone, with no answer open."""
        same = self._facts is not None and self._facts.account.row.account_id == facts.account.row.account_id
        self._facts, self._px = facts, speech_size
        self._offer_types(facts.to_confirm)
        self.type_combo.show_value(facts.script_type)
        self.step_combo.show_value(facts.account.row.step)
        if not same:
            self.channel_combo.show_value(Channel.PHONE)
            self._answer = self._talk = None
            self._picked = ""
            self.reading.verticalScrollBar().setValue(0)
        self.objections.offer(() if facts.account.row.is_paid else self._library.objections)
        self._refill()

    def use_library(self, library: ScriptLibrary) -> None:
        """The office's words are others now: say them."""
        self._library, self._answer = library, None
        if self._facts is not None:
            self.objections.offer(() if self._facts.account.row.is_paid else library.objections)
            self._refill()

    def open_types(self) -> None:
        """F6: the list of types; while nothing is settled, Enter confirms what the file suggests."""
        facts = self._facts
        self.type_combo.open_list(at_first=bool(facts and facts.to_confirm and not facts.type_is_chosen))

    def _offer_types(self, suggestion: Suggestion | None) -> None:
        """The suggestion stands first, under a digit that no type has; the chip says that there is one."""
        if suggestion == self._offered:
            return
        self._offered = suggestion
        first = [("0", f"建议：{suggestion.text}", suggestion.debtor_type)] if suggestion else []
        self.type_combo.offer([*first, *_TYPES])
        said = f"建议：{suggestion.text}，按 F6 再按 0 采用" if suggestion else ""
        self.type_chip.setToolTip(said)
        self.type_chip.setAccessibleName(said)
        self._show_chip()

    def _show_chip(self) -> None:
        """A chip beside the type, or where there is no room a dot on it."""
        dotted = self.width() < _ROOM_FOR_CHIP if self._roomy else self._narrow
        self.type_chip.setVisible(self._offered is not None and not dotted)
        self.type_combo.set_dot(self.type_chip.toolTip() if dotted else "")

    def set_low(self, *, short: bool, narrow: bool) -> None:
        """Give way to a low or narrow window so that 收口 stays in sight (look.md §3, Widths)."""
        self._short, self._narrow = short or narrow, narrow
        self._show_chip()
        for one in (self.channel_combo, *(() if self._roomy else self._caps)):
            one.setVisible(self._roomy or not narrow)
        if self._roomy:
            self.swap_button.set_words("换一篇", key="" if narrow else "F11")
        self.objections.set_tucked(narrow)
        self._top.setContentsMargins(_LEFT, 3 if narrow else 6 if self._short else 10, _RIGHT, 0)
        self._top.setSpacing(3 if narrow else 6 if self._short else 8)
        self._mind_margins()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size: choose anew what gives way."""
        super().resizeEvent(event)
        if self._roomy:
            for cap in self._caps:
                cap.setVisible(self.width() >= _ROOM_FOR_CAPS)
            self._show_chip()
        self._fit_anew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The chips take more or fewer lines: choose anew what gives way. The scroll bar comes or goes: see margins."""
        if watched is self.objections and event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._fit_anew()
        elif watched is self.reading.verticalScrollBar() and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._mind_margins()
        return super().eventFilter(watched, event)

    def _mind_margins(self) -> None:
        """The scroll bar stands in the margin: words that broke otherwise beside it would need it for ever."""
        bar = self.reading.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.isVisible() else 0
        air = 2 if self._narrow else 8
        self._body.setContentsMargins(_LEFT, air, max(0, _RIGHT - taken), air)

    def take_choosers_back(self) -> None:
        """Put the choosers above the script again, after the panel has shown them beside its tabs."""
        self._top.insertWidget(0, self.choosers)

    @property
    def script_ref(self) -> str:
        """What a contact remembers of the script shown; empty when none is."""
        return self._script.script.ref if self._script is not None else ""

    @property
    def has_answer(self) -> bool:
        """Whether an answer stands in the script's place."""
        return self._answer is not None

    @property
    def channel(self) -> Channel:
        """The channel the script is for."""
        return Channel(self.channel_combo.value())

    def text(self) -> str:
        """Script or answer as read."""
        return self.answer.text() if self._answer is not None else self.speech.text()

    # --- what the keys do ---

    def copy_speech(self) -> str:
        """Put the spoken words on the clipboard: of the answer if one is open. Gives what was copied."""
        shown = self._answer or (None if self._is_quiet else self._script)
        if shown is None:
            return ""
        words = plain_text(shown)
        QGuiApplication.clipboard().setText(words)
        return words

    def ask_objection(self) -> None:
        """F3."""
        self.objections.ask()

    def open_answer(self, objection: Objection) -> None:
        """A digit pressed anywhere on 今日 opens its answer; Enter then takes what it offers."""
        self._open_answer(objection)
        self.objections.set_open(False)
        self.objections.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step_back(self) -> bool:
        """Esc: what is typed goes, answer → script, then open chips → one line; False when there is nothing to step
        back from.
        """
        if self.objections.forget():
            return True
        if self._answer is not None:
            self.close_answer()
            return True
        if self.objections.is_open:
            self.objections.set_open(False)
            return False
        return False

    def close_answer(self) -> None:
        """The script comes back."""
        self._answer = None
        if self.objections.hasFocus():
            self.reading.setFocus(Qt.FocusReason.OtherFocusReason)
        self.objections.show_chosen(None)
        self._swap()
        self._fit()

    def _refill(self) -> None:
        facts = self._facts
        if facts is None:
            return
        if facts.account.row.is_paid:
            self._show_paid()
            return
        self._is_quiet = False
        choice = self._library.choose(
            facts.script_type, facts.account.row.step, self.channel, facts.script, facts.truth
        )
        picked = self._offer().find(self._picked) if self._picked else None
        script = picked.script if picked is not None and picked.script is not None else choice.script
        if script is None:
            self._show_nothing(choice, facts)
            return
        self._picked = picked.script.id if picked is not None and picked.script is not None else ""
        self._script = fill(script, self._context())
        more = [follows(facts)]
        if facts.type_is_chosen and facts.to_confirm:
            more.append(f"按记录，更像：{facts.to_confirm.text}。按 F6、0 采用")
        more += [choice.because] if choice.because else []
        more += [f"按规则：{choice.why}"] if picked else []
        more += [f"适合：{when}" for when in script.when]
        self.swap_button.setEnabled(True)
        self.why.say(head_of(choice, script, facts, self.channel, told=picked.why if picked else ""), tuple(more))
        gaps = tuple(f"还缺：{'、'.join(self._script.missing)}" for _ in range(bool(self._script.missing)))
        self.cautions.show_lines((*facts.cautions(), "；".join(self._script.cautions), *gaps))
        self.speech.show_parts(heads_once(self._script.parts))
        if self._answer is not None:
            self._answer = fill_objection(self._answer.objection, facts.context)
            self.answer.show_answer(self._answer)
        self._swap()
        self._fit()

    # --- something else to say ---

    def open_offers(self) -> None:
        """F11: other scripts, moments, techniques and small talk; what no record supports stands locked."""
        if self._facts is None or self._facts.account.row.is_paid:
            return
        menu = offers_menu(self._offer(), self, self._take, self._say)
        at = self.swap_button if self.swap_button.isVisible() else self.channel_combo
        menu.popup(at.mapToGlobal(QPoint(0, at.height())))

    def _offer(self) -> OnOffer:
        facts = self._facts
        if facts is None:
            return OnOffer((), (), (), ())
        speaks = self._script is not None and any("{寒暄}" in part.text for part in self._script.script.parts)
        return on_offer(self._library, facts, self.channel, self.talks(facts.today) if speaks else ())

    def _take(self, script: Script | None) -> None:
        """Say this instead; None: what the rules choose."""
        self._picked = script.id if script is not None else ""
        self._answer = None
        self.reading.verticalScrollBar().setValue(0)
        self._refill()

    def _say(self, talk: Talk) -> None:
        self._talk = talk
        self._refill()

    def _context(self) -> ScriptContext:
        assert self._facts is not None  # asked for while an account is shown
        context = self._facts.context
        return replace(context, small_talk=self._talk.text) if self._talk is not None else context

    def _tell_results(self) -> None:
        self.why.add(self.tell_results(self.script_ref) if self.script_ref else "")

    def _show_nothing(self, choice: Choice, facts: CallFacts) -> None:
        """Nothing is to be said now: the reason, and below it what answers an owner who rings by himself.

        That is read and goes along to the contact, but is not copied: nobody sends it.
        """
        self._picked = ""
        self._script = fill(choice.answer, self._context()) if choice.answer is not None else None
        self.swap_button.setEnabled(True)
        self._is_quiet = True
        self.why.say(ScriptHead(choice.why, (choice.because,), full=f"{choice.why}：{choice.because}"))
        lines = ["下面这篇只在业主自己来电时说"] if self._script is not None else []
        self.cautions.show_lines((*lines, *(line for line in facts.cautions() if line not in choice.because)))
        self.speech.show_parts(heads_once(self._script.parts) if self._script is not None else ())
        if self._answer is not None:
            self._answer = fill_objection(self._answer.objection, facts.context)
            self.answer.show_answer(self._answer)
        self._swap()
        self._fit()

    def _show_paid(self) -> None:
        """Nobody who has paid is called: there is nothing to say but thanks."""
        self._script = self._answer = None
        self.swap_button.setEnabled(False)
        self.why.say(ScriptHead("已缴清，不再催缴"))
        self.cautions.show_lines(("不用打这个电话。业主来电就道谢，告诉他已经到账；要收据的请财务开。",))
        self.speech.show_parts(())
        self._swap()
        self._fit()

    def _open_answer(self, objection: Objection) -> None:
        if self._facts is None:
            return
        self._answer = fill_objection(objection, self._facts.context)
        self.answer.show_answer(self._answer)
        self.objections.show_chosen(objection)
        self._swap()
        self._fit()
        self.reading.verticalScrollBar().setValue(0)

    def _swap(self) -> None:
        self.answer.setVisible(self._answer is not None)
        self.speech.setVisible(self._answer is None)
        if self._answer is None:
            self.objections.show_chosen(None)

    def _confirm(self) -> None:
        if self._answer is not None:
            self.answer.take()

    def _fit(self) -> None:
        """Keep 收口 in sight: smaller script, intents on hover, cautions in one line, in this order and no further
        than needed. A size that the clerk has set above the usual one is left alone.
        """
        if self._facts is None:
            return
        self._fitted_for = self._given()
        small = min(self._px, _SMALL_PX) if self._px <= _USUAL_PX else self._px
        looks: tuple[tuple[int, bool, bool], ...] = (
            (self._px, False, False),
            (small, False, False),
            (small, True, False),
            (small, True, True),
        )
        if self._roomy:
            between = tuple((px, False, True) for px in range(self._px, _SMALL_PX, -1))
            looks = ((self._px, False, False), *between, (_SMALL_PX, False, True), (_SMALL_PX, True, True))
        rooms = [Room.TWO_LINES if self._roomy else Room.WHOLE, Room.TWO_LINES, Room.ONE_LINE]
        if self._narrow and not self._roomy:
            rooms = [Room.ONE_LINE]
        tries = [(look, rooms[0]) for look in (looks[-1:] if self._narrow else looks)]
        tries += [(looks[-1], room) for room in rooms[1:]]
        for (px, quiet, one_line), room in tries:
            for view in (self.speech, self.answer.speech):
                view.set_size(px)
                view.set_quiet(quiet)
            self.cautions.set_short(one_line)
            if self._needed(room) <= self.height():
                break
        self.why.set_room(room)

    def _fit_anew(self) -> None:
        """Only for another size or other lines of chips. What gives way moves the chips too, and they tell so: choosing
        again for that would go on without end.
        """
        if self._given() != self._fitted_for:
            self._fit()

    def _given(self) -> tuple[int, int, int]:
        """What is chosen for, whatever is chosen: width, height, and height of the chips."""
        return self.width(), self.height(), self._chips_height()

    def _chips_height(self) -> int:
        return 0 if self.objections.isHidden() else self.objections.sizeHint().height()

    def _needed(self, room: Room) -> int:
        """The height at which nothing has to be scrolled. Summed by hand: layouts learn of new texts only later, and
        asking them here would go round in circles.
        """
        top, body = self._top.contentsMargins(), self._body.contentsMargins()
        width = self.width() - top.left() - top.right()
        rows = [self.choosers.sizeHint().height()] if self._top.indexOf(self.choosers) >= 0 else []
        rows += [self.why.needed(width, room), self.cautions.needed(width)]
        shown = self.answer.needed(width) if self._answer is not None else self.speech.needed(width)
        between = self._top.spacing() * len(rows)
        return top.top() + sum(rows) + between + body.top() + shown + body.bottom() + self._chips_height()


def _digit(place: int) -> str:
    return _DIGITS[place] if place < len(_DIGITS) else ""
