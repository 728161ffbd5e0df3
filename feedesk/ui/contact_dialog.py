"""记录联系: one contact, by keyboard alone. Rules come from `models.followup`; the dialog never sees the store.

Digits choose the result; the focus then jumps to what that result needs; Enter saves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from feedesk.models import followup, money
from feedesk.models.accounts import Category, PhoneState
from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome, outcomes_for
from feedesk.models.disputes import held_sum, held_words
from feedesk.models.followup import DraftField
from feedesk.models.guard import ContactHistory, Verdict, check
from feedesk.ui.contact_form import ContactFacts, ContactForm
from feedesk.ui.contact_parts import Problem, takes_text
from feedesk.ui.contact_results import ResultPane
from feedesk.ui.messages import Messages

__all__ = ["ContactDialog", "ContactFacts"]

_CALLING = (Channel.PHONE, Channel.MESSAGE)
_LOW_SCREEN = 640
"""Screens with less free height than this (911×512 logical) get the low layout."""
_WIDTH, _HEIGHT = 940, 620
_DAY_LENGTH = 4
"""Fewer characters than this are a day still being typed, not a wrong one."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_REASON = "联系过的都可以记：按数字选一个理由，或选“其他”写明。"
Judge = Callable[[Sequence[int], Channel, datetime, Outcome | None], Verdict]
"""What the contact guard says of the accounts, a channel, a time and what came of it."""


class ContactDialog(QDialog):
    """Takes one contact. `draft()` is what was entered, None while something is missing or wrong.

    Signals:
        saved: (ContactDraft, and the next owner is wanted); the dialog has closed itself.
    """

    saved = Signal(object, bool)

    def __init__(
        self,
        facts: ContactFacts,
        now: Callable[[], datetime],
        messages: Messages,
        parent: QWidget | None = None,
        *,
        keep: Callable[[ContactDraft], bool] = lambda _draft: True,
        judge: Judge | None = None,
    ) -> None:
        """`keep` writes the contact; while it cannot, the dialog stays open with every word typed.

        `judge` is the contact guard for any time that may be entered; without it `facts.history` is judged by.
        """
        super().__init__(parent)
        self._keep = keep
        self._judge = judge or (lambda _ids, channel, at, outcome: check(channel, at, facts.history, outcome))
        self._facts, self._now, self._messages = facts, now, messages
        self._opened = now()
        self._asked = False
        self._units_chosen = False
        self.wants_next = False
        self.setWindowTitle("记录联系")
        self.setModal(True)
        room = self.screen().availableGeometry()
        self.form = ContactForm(facts, self._opened, low=room.height() < _LOW_SCREEN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self._connect()
        self._add_keys()
        self.resize(min(_WIDTH, room.width() - 16), min(_HEIGHT, room.height() - 32))
        if self._held_elsewhere():
            self.form.together.setChecked(False)
        self._on_units()
        self._on_channel()
        if facts.outcome is not None:
            self.form.pad.choose(facts.outcome)
            self._on_outcome()
        else:
            self.form.pad.take_focus()

    # --- values ---

    def draft(self) -> ContactDraft | None:
        """What was entered; None while there is no result, or a field cannot be read, or a rule objects."""
        draft = self._draft()
        return draft if draft is not None and not self._problems(draft) else None

    def account_ids(self) -> tuple[int, ...]:
        """The units the contact was about."""
        row = self._facts.owner.row
        siblings = self._facts.owner.open_siblings if self.form.together.isChecked() else ()
        return (row.account_id, *(one.account_id for one in siblings))

    def at(self) -> datetime | None:
        """When the contact was: the moment of saving unless changed; None while what was typed cannot be read."""
        if self.form.moment.isHidden():
            return self._now()
        given = self.form.moment.moment()
        return given[0] if given else None

    def problem_texts(self) -> dict[DraftField, str]:
        """What is missing or wrong, by field, as it would be shown."""
        draft = self._draft(lenient=True)
        return {} if draft is None else self._problems(draft)

    def verdict(self) -> Verdict:
        """What the guard says of the contact as it stands, about all units ticked."""
        at = (self.at() or self._opened).replace(second=0, microsecond=0)
        return self._judge(self.account_ids(), self._channel(), at, self.form.pad.value())

    def _held_elsewhere(self) -> bool:
        """Whether it is only the owner's other units that the guard would have left out: money to be checked, an objection."""
        at = (self.at() or self._opened).replace(second=0, microsecond=0)
        row, siblings = self._facts.owner.row, self._facts.owner.open_siblings
        ids = (row.account_id, *(one.account_id for one in siblings))
        alone, together = (self._judge(asked, self._channel(), at, None) for asked in (ids[:1], ids))
        return alone.allowed and not together.allowed

    def _channel(self) -> Channel:
        return Channel(self.form.channel.currentData())

    def _owed(self) -> int:
        owner, ids = self._facts.owner, set(self.account_ids())
        return sum(row.owed for row in (owner.row, *owner.siblings) if row.account_id in ids)

    def _history(self) -> ContactHistory:
        others = sum(
            phone.state is not PhoneState.DEAD and phone.number != self.form.number.currentData()
            for phone in self._facts.owner.phones
        )
        return replace(self._facts.history, other_numbers=others)

    def _draft(self, *, lenient: bool = False) -> ContactDraft | None:
        """The draft as far as it can be read; `lenient` fills what cannot, for finding all problems at once."""
        outcome, at = self.form.pad.value(), self.at()
        if at is None and lenient:
            at = self._opened
        if outcome is None or at is None:
            return None
        promise = self.form.promise.draft() if outcome is Outcome.PROMISED else None
        claim = self.form.claim.draft() if outcome is Outcome.SAYS_PAID else None
        dispute = outcome is Outcome.DISPUTE
        return ContactDraft(
            account_ids=self.account_ids(),
            at=at.replace(second=0, microsecond=0),
            channel=self._channel(),
            number=str(self.form.number.currentData() or "") if self._channel() in _CALLING else "",
            outcome=outcome,
            said=self.form.said.toPlainText().strip(),
            category=self.form.follow.category(),
            next_action=self.form.follow.next_action(),
            promise=promise,
            claim=claim,
            dispute_kind=self.form.dispute.kind() if dispute else "",
            dispute_department=self.form.dispute.department.currentText() if dispute else "",
            dispute_lines=self.form.dispute.lines.chosen() if dispute else (),
            dispute_written=dispute and self.form.dispute.written.isChecked(),
            script_id=self._facts.script_id,
            override_reason="" if self.form.override.isHidden() else self.form.override.reason(),
        )

    def _problems(self, draft: ContactDraft) -> dict[DraftField, str]:
        found: dict[DraftField, str] = {}
        if not self.form.moment.isHidden() and self.form.moment.problem():
            found[DraftField.AT] = self.form.moment.problem()
        # What cannot be read at all comes before what the rules say of it.
        if draft.outcome is Outcome.PROMISED:
            day, amount = self.form.promise.field_problems()
            found |= _named((DraftField.PROMISE_DAY, day), (DraftField.PROMISE_AMOUNT, amount))
        elif draft.outcome is Outcome.SAYS_PAID:
            day, amount = self.form.claim.field_problems()
            found |= _named((DraftField.CLAIM_DAY, day), (DraftField.CLAIM_AMOUNT, amount))
        if self.form.follow.field_problem():
            found[DraftField.NEXT] = self.form.follow.field_problem()
        unread = bool(found)
        for problem in followup.problems(draft, self._now(), self._owed()):
            needs_all = problem.field in (DraftField.PROMISE_DAY, DraftField.CLAIM_DAY)
            if not (unread and needs_all and draft.promise is None and draft.claim is None):
                found.setdefault(problem.field, problem.text)
        if not draft.override_reason and not self.verdict().allowed:
            found[DraftField.OVERRIDE] = _NO_REASON
        return found

    # --- what happens ---

    def save(self, *, and_next: bool = False) -> None:
        """Hand over the draft and close; with something missing, show what and go there."""
        self._asked = True
        draft = self.draft()
        if draft is None:
            self._refresh()
            self._go_to_problem()
            return
        if not self._keep(draft):
            return
        self.wants_next = and_next
        self.accept()
        self.saved.emit(draft, and_next)

    def reject(self) -> None:
        """Esc: asks only when something was typed."""
        if self.form.said.toPlainText().strip() and not self._messages.confirm(
            "这次联系还没有保存，不要了？", "不保存", "业主说的话也会丢掉。", self
        ):
            return
        super().reject()

    def edit_time(self) -> None:
        """Alt+T: type when the contact was; never in the future."""
        if self.form.moment.isHidden():
            self.form.moment.set_moment(self._opened)
            self.form.time_button.hide()
            self.form.moment.show()
        self.form.moment.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.form.moment.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves; digits act where they are not text."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER:
            self.save(and_next=control)
            return
        other = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if not other and event.text() and not takes_text(QApplication.focusWidget()) and self._press(event.text()):
            return
        super().keyPressEvent(event)

    def _press(self, key: str) -> bool:
        focus = QApplication.focusWidget()
        for pane in (self.form.override, *self.form.panes.values()):
            if pane.isVisible() and focus is not None and pane.isAncestorOf(focus) and pane.press(key):
                return True
        return self.form.pad.press(key)

    def _connect(self) -> None:
        form = self.form
        form.channel.currentIndexChanged.connect(lambda _at: self._on_channel())
        form.number.currentIndexChanged.connect(lambda _at: self._refresh())
        form.together.toggled.connect(lambda _on: self._on_units())
        form.together.clicked.connect(lambda _on: self._choose_units())
        form.pad.chosen.connect(lambda _outcome: self._on_outcome())
        for pane in (form.override, *form.panes.values()):
            pane.changed.connect(self._refresh)
        form.follow.changed.connect(self._refresh)
        form.moment.moment_changed.connect(lambda _moment: self._refresh())
        form.time_button.clicked.connect(self.edit_time)
        form.cancel_button.clicked.connect(self.reject)
        form.save_button.clicked.connect(lambda: self.save())
        form.next_button.clicked.connect(lambda: self.save(and_next=True))

    def _add_keys(self) -> None:
        for keys, act in (
            ("F8", self._open_channels),
            ("F5", self.form.follow.edit_next),
            ("Alt+T", self.edit_time),
            ("Alt+U", self._toggle_units),
            ("F2", self.form.pad.take_focus),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        for letter in Category:
            shortcut = QShortcut(QKeySequence(f"Alt+{letter}"), self)
            shortcut.activated.connect(lambda one=letter: self.form.follow.set_category(one))

    def _open_channels(self) -> None:
        self.form.channel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.form.channel.showPopup()

    def _toggle_units(self) -> None:
        if not self.form.together.isHidden():
            self.form.together.toggle()
            self._choose_units()

    def _on_channel(self) -> None:
        channel = self._channel()
        self.form.number.setEnabled(channel in _CALLING)
        self.form.pad.offer(outcomes_for(channel))
        self._on_outcome(jump=False)

    def _on_units(self) -> None:
        ids = set(self.account_ids())
        charges = [charge for charge in self._facts.charges if charge.account_id in ids]
        owed = self._owed()
        amounts = followup.promise_amounts(charges)
        held = held_sum(charges)
        # Without charges at hand, or with every line held, the balance still is a sum to promise.
        if amounts[0].fen != owed - held or not amounts[0].fen:
            amounts = (followup.AmountPick("全部", owed), *amounts[1:])
        self.form.promise.offer_amounts(amounts)
        self.form.claim.offer_amount(owed)
        self.form.dispute.offer_charges(charges)
        period = self._facts.owner.row.period_text if len(ids) == 1 else f"{len(ids)} 户"
        told = (money.show_yuan(owed), period, held_words(charges))
        self.form.owed_text.setText(" · ".join(part for part in told if part))
        self._refresh()

    def _choose_units(self) -> None:
        self._units_chosen = True

    def _on_outcome(self, *, jump: bool = True) -> None:
        outcome = self.form.pad.value()
        self.form.hint.setVisible(outcome is None)
        for needs, pane in self.form.panes.items():
            pane.setVisible(needs is outcome)
        if not self._units_chosen and not self.form.together.isHidden():
            # A promise covers all units; an objection is about one, and holds back what it is logged for.
            self.form.together.setChecked(outcome is not Outcome.DISPUTE and not self._held_elsewhere())
        self._refresh()
        if not jump or outcome is None:
            return
        if outcome in self.form.panes:
            self.form.panes[outcome].take_focus()
        elif not self.form.override.isHidden() and not self.form.override.reason():
            self.form.override.take_focus()
        else:
            self.form.pad.button(outcome).setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh(self) -> None:
        self._show_guard()
        outcome, channel = self.form.pad.value(), self._channel()
        if outcome is None:
            self.form.follow.propose_next(None)
        else:
            history = self._history()
            category, reason = followup.propose_category(channel, outcome, history)
            self.form.follow.propose_category(category, reason)
            promise = self.form.promise.draft() if outcome is Outcome.PROMISED else None
            self.form.follow.propose_next(self._proposed_next(outcome, promise is None, history, channel))
        self._show_problems()

    def _proposed_next(
        self, outcome: Outcome, no_promise: bool, history: ContactHistory, channel: Channel
    ) -> NextAction | None:
        if outcome is Outcome.PROMISED and no_promise:
            return NextAction(None, False, "选了承诺日，就按它定提醒的日子。", "—")
        promise = self.form.promise.draft() if outcome is Outcome.PROMISED else None
        return followup.propose_next(
            outcome,
            self.form.follow.category(),
            promise,
            self._now(),
            history,
            channel=channel,
            disputed_part=outcome is Outcome.DISPUTE and self.form.dispute.is_part(),
        )

    def _show_guard(self) -> None:
        """The guard's line for the channel and time as they stand; what it would have stopped asks for a reason."""
        verdict = self.verdict()
        words = verdict.text
        if not self.form.moment.isHidden():
            words = "那时可以联系" if verdict.allowed else f"那时：{verdict.why}"
        self.form.show_guard(verdict.allowed, words)
        if not verdict.allowed:
            self.form.override.show_breach(f"{verdict.why}。", verdict.reasons())
        self.form.override.setVisible(not verdict.allowed)

    def _show_problems(self) -> None:
        draft = self._draft(lenient=True)
        found = {} if draft is None else self._problems(draft)
        typed = self._typed_fields()
        shown = {field: text for field, text in found.items() if self._asked or field in typed}
        for field, place in self._problem_places().items():
            place.say(shown.get(field, ""))
        missing = "先选结果。" if draft is None else next(iter(found.values()), "")
        for button in (self.form.save_button, self.form.next_button):
            button.setEnabled(not missing)
            button.setToolTip(missing)

    def _typed_fields(self) -> set[DraftField]:
        """Fields with something typed in them: their problems show at once, the others' when saving is tried."""
        typed = {
            DraftField.AT,
            DraftField.NEXT,
            DraftField.ACCOUNTS,
            DraftField.PROMISE_AMOUNT,
            DraftField.CLAIM_AMOUNT,
        }
        if len(self.form.promise.day.text().strip()) >= _DAY_LENGTH:
            typed.add(DraftField.PROMISE_DAY)
        if self.form.claim.draft() is not None:
            typed.add(DraftField.CLAIM_DAY)
        return typed

    def _problem_places(self) -> dict[DraftField, Problem]:
        return {
            DraftField.ACCOUNTS: self.form.units_problem,
            DraftField.AT: self.form.moment_problem,
            DraftField.PROMISE_DAY: self.form.promise.day_problem,
            DraftField.PROMISE_AMOUNT: self.form.promise.amount_problem,
            DraftField.CLAIM_DAY: self.form.claim.day_problem,
            DraftField.CLAIM_AMOUNT: self.form.claim.amount_problem,
            DraftField.CLAIM_WAY: self.form.claim.way_problem,
            DraftField.DISPUTE: self.form.dispute.kind_problem,
            DraftField.NEXT: self.form.follow.problem,
            DraftField.OVERRIDE: self.form.override.problem,
        }

    def _go_to_problem(self) -> None:
        fields = {
            DraftField.AT: self.form.moment,
            DraftField.PROMISE_DAY: self.form.promise.day if self.form.promise.day.isVisible() else self.form.promise,
            DraftField.PROMISE_AMOUNT: self.form.promise.amount,
            DraftField.CLAIM_DAY: self.form.claim.day,
            DraftField.CLAIM_AMOUNT: self.form.claim.amount,
            DraftField.CLAIM_WAY: self.form.claim,
            DraftField.DISPUTE: self.form.dispute,
            DraftField.NEXT: self.form.follow.moment,
            DraftField.OVERRIDE: self.form.override,
        }
        for field in self.problem_texts():
            to = fields.get(field, self.form.pad)
            if isinstance(to, ResultPane):
                to.take_focus()
                self.form.reveal(to)
            elif to is self.form.follow.moment:
                self.form.follow.edit_next()
            else:
                to.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.form.pad.take_focus()


def _named(*pairs: tuple[DraftField, str]) -> dict[DraftField, str]:
    return {field: text for field, text in pairs if text}
