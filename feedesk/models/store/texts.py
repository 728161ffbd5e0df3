"""短信、微信提醒: the office's templates, who gets one now, and what was sent by the clerk's word.

A text that was sent is one contact of the owner with its very words beside it; it never counts as service of a notice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome
from feedesk.models.followup import propose_next
from feedesk.models.guard import ContactHistory
from feedesk.models.store.contacts import Contacts
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.session import Session, marks, pieces
from feedesk.models.store.states import States
from feedesk.models.store.text_facts import TextFacts
from feedesk.models.texts import (
    Signature,
    SignaturePlace,
    TextBatch,
    TextDraft,
    TextKind,
    TextTemplate,
    choose,
    draft,
    festival_ahead,
    hours_problem,
    joined,
    problems,
    sample_values,
    shipped_templates,
    values_of,
)
from feedesk.models.workdays import is_workday

_TEMPLATES, _SIGNATURE = "text_templates", "text_signature"
_PARTICULAR = (
    TextKind.PROMISE_TOMORROW,
    TextKind.INSTALMENT,
    TextKind.PROMISE_PAST,
    TextKind.OVERDUE,
    TextKind.SECOND,
    TextKind.BEFORE_DUE,
    TextKind.THANKS,
)
"""In this order a template is looked for that suits one owner."""


class SentHow(StrEnum):
    """How a text left the office."""

    COPIED = "copied"
    LIST = "list"


SENT_HOW_LABELS = {SentHow.COPIED: "逐条复制发出", SentHow.LIST: "名单交短信平台"}


@dataclass(frozen=True, slots=True)
class SentText:
    """A text on record."""

    contact_id: int
    at: datetime
    number: str
    template: str
    words: str
    how: SentHow


@dataclass(frozen=True, slots=True)
class TextChanges(Changes):
    """What marking as sent has written."""

    contact_ids: tuple[int, ...] = ()


class Texts:
    """Reads and composes at any time; writes only what the clerk says was sent."""

    def __init__(self, session: Session, states: States, contacts: Contacts, facts: TextFacts) -> None:
        self._session = session
        self._states = states
        self._contacts = contacts
        self._facts = facts
        self._settings = OfficeSettings(session)

    # --- templates ---

    def templates(self) -> tuple[TextTemplate, ...]:
        """Every template in the order of its digit, in the office's own words where it has any."""
        own: dict[str, str] = json.loads(self._settings.get(_TEMPLATES) or "{}")
        return tuple(one.with_words(own.get(one.kind, "")) for one in shipped_templates())

    def template(self, kind: TextKind) -> TextTemplate:
        """One of them."""
        return next(one for one in self.templates() if one.kind is kind)

    def save_template(self, kind: TextKind, text: str) -> TextTemplate:
        """Keep the office's own words; ours are kept beside them. Raises `BadInput` for what must not go out."""
        wrong = problems(text)
        if wrong:
            raise BadInput(f"{wrong[0]}模板没有保存。", "请改好再存；要回到原来的写法，用“恢复原文”。")
        return self._keep(kind, joined(text))

    def restore_template(self, kind: TextKind) -> TextTemplate:
        """Back to our words."""
        return self._keep(kind, "")

    def _keep(self, kind: TextKind, text: str) -> TextTemplate:
        own: dict[str, str] = json.loads(self._settings.get(_TEMPLATES) or "{}")
        original = next(one for one in shipped_templates() if one.kind is kind)
        own.pop(kind, None)
        if text and text != original.original:
            own[kind] = text
        with self._session.writing():
            self._settings.put(_TEMPLATES, json.dumps(own, ensure_ascii=False))
            self._session.note("改短信模板", original.title, {"id": kind, "text": text or "恢复原文"})
        return self.template(kind)

    def signature(self) -> Signature:
        """Who signs texts and where; by default the service centre, in front."""
        stored = json.loads(self._settings.get(_SIGNATURE) or "{}")
        name = stored.get("name") or self._settings.profile().office
        return Signature(name, SignaturePlace(stored.get("place", SignaturePlace.FRONT)))

    def save_signature(self, signature: Signature) -> None:
        """Keep it; an empty name means that of the office."""
        name = signature.name.strip()
        if any(mark in name for mark in "【】{}[]"):
            raise BadInput("签名里不要写括号，没有保存。", "括号“【】”会自动加上。")
        kept = "" if name == self._settings.profile().office else name
        with self._session.writing():
            self._settings.put(_SIGNATURE, json.dumps({"name": kept, "place": signature.place}, ensure_ascii=False))
            self._session.note("改短信签名", name, {"place": signature.place})

    # --- who gets one ---

    def propose(self, account_ids: Collection[int], kind: TextKind, now: datetime | None = None) -> TextBatch:
        """One text for each owner of these accounts, and who gets none and why. Nothing is written.

        `now` is the moment of sending, by default that of the office.
        """
        moment = now or self._session.now()
        template, festival = self.template(kind), festival_ahead(moment.date())
        owners = self._facts.owners(account_ids, moment)
        chosen, left_out = choose(owners, template, moment, is_workday, festival)
        profile, signature = self._settings.profile(), self.signature()
        texts = tuple(draft(one, template, profile, signature, moment.date(), festival) for one in chosen)
        return TextBatch(texts, left_out, hours_problem(moment))

    def suiting(self, account_ids: Collection[int]) -> TextKind | None:
        """The template for which these accounts' owners get a text, the most particular first; None when none suits."""
        return next((kind for kind in _PARTICULAR if self.propose(account_ids, kind).texts), None)

    def example(self, kind: TextKind, account_id: int | None = None) -> dict[str, str]:
        """Values to show a template with: those of this account's owner where he would get one, else invented ones."""
        now, profile = self._session.now(), self._settings.profile()
        if account_id is not None:
            festival = festival_ahead(now.date())
            owners = self._facts.owners([account_id], now)
            chosen, _ = choose(owners, self.template(kind), now, is_workday, festival)
            if chosen:
                return values_of(chosen[0], kind, profile, now.date(), festival)
        return sample_values(profile, now.date())

    # --- what was sent ---

    def mark_sent(self, texts: Sequence[TextDraft], how: SentHow, reason: str = "") -> TextChanges:
        """See `mark_all`: all sent in the same way."""
        return self.mark_all([(text, how) for text in texts], reason)

    def mark_all(self, sent: Sequence[tuple[TextDraft, SentHow]], reason: str = "") -> TextChanges:
        """Log one contact for each owner, by the clerk's word, all in one act.

        `reason`: why it was in order all the same, where the contact guard says no (an hour too late). What was planned
        with these owners stays planned. Raises `BadInput` when one of them cannot be sent or is on record already.
        """
        if not sent:
            raise BadInput("没有要记的短信。", "请先复制或存名单。")
        texts = [text for text, _ in sent]
        session = self._session
        session.require_clerk()
        now = session.now().replace(second=0)
        for text in texts:
            if not text.is_ready:
                raise BadInput(f"{text.rooms[0]} 的短信发不了：{text.composed.blocks[0]}没有记。", "请去掉这一条再记。")
        made: list[int] = []
        touched: set[int] = set()
        with session.writing() as conn:
            self._refuse_twice(texts, now.date())
            for text, how in sent:
                changes = self._contacts.add(
                    ContactDraft(
                        account_ids=text.account_ids,
                        at=now,
                        channel=Channel.MESSAGE,
                        number=text.number,
                        outcome=Outcome.SENT,
                        said=f"{text.title}（{SENT_HOW_LABELS[how]}）",
                        category=None,
                        next_action=self._plan(text.account_ids[0], now),
                        override_reason=reason,
                    )
                )
                conn.execute(
                    "INSERT INTO sent_texts (contact_id, number, template, words, how) VALUES (?, ?, ?, ?, ?)",
                    (changes.record_id, text.number, text.template, text.words, how),
                )
                made.append(changes.record_id)
                touched |= changes.account_ids
            touched |= self._states.refresh(touched)  # only now is it known that these contacts are texts
            session.note(
                "记短信已发",
                f"{len(texts)} 条",
                {"contacts": made, "templates": sorted({text.template for text in texts})},
            )
        return TextChanges(frozenset(touched), record_id=made[0], contact_ids=tuple(made))

    def void_sent(self, made: TextChanges, reason: str) -> Changes:
        """Take back what one `mark_sent` wrote; it still shows, struck through."""
        touched: set[int] = set()
        with self._session.writing():
            for contact_id in made.contact_ids:
                touched |= self._contacts.void(contact_id, reason).account_ids
        return Changes(frozenset(touched), record_id=made.record_id)

    def _refuse_twice(self, texts: Sequence[TextDraft], today: date) -> None:
        numbers = [text.number for text in texts]
        if len(set(numbers)) < len(numbers):
            raise BadInput("同一个号码有两条，没有记。", "请去掉一条再记。")
        known: set[tuple[str, str]] = set()
        for part in pieces(numbers):
            known.update(
                self._session.conn.execute(
                    "SELECT s.number, s.words FROM sent_texts s JOIN contacts c ON c.id = s.contact_id"
                    f" WHERE c.voided_at IS NULL AND c.at >= ? AND s.number IN ({marks(len(part))})",
                    (today.isoformat(), *part),
                )
            )
        twice = next((text for text in texts if (text.number, text.words) in known), None)
        if twice is not None:
            raise BadInput(f"{twice.rooms[0]} 的这一条今天已经记过，没有再记。", "请刷新后再看。")

    def _plan(self, account_id: int, now: datetime) -> NextAction:
        """What was planned with the owner stays: a reminder by text takes nobody off the calls of today. What was planned
        for a day past and not done is for today.
        """
        facts, _ = self._states.of(account_id)
        present = facts.of_present_debt()
        if not present.owed:
            return NextAction(None, False, "已缴清")
        if present.next_at is not None and present.next_at.date() < now.date():
            return NextAction(datetime.combine(now.date(), time()), False, present.next_reason, present.waits_for)
        if present.next_at is not None or present.waits_for:
            return NextAction(present.next_at, present.next_has_time, present.next_reason, present.waits_for)
        return propose_next(Outcome.SENT, None, None, now, ContactHistory(), channel=Channel.MESSAGE)

    def last_sent(self, account_ids: Collection[int]) -> dict[int, SentText]:
        """The text sent last of each account that has had one."""
        found: dict[int, SentText] = {}
        ids = list(account_ids)
        for part in pieces(ids):
            for account_id, contact_id, at, number, template, words, how in self._session.conn.execute(
                "SELECT x.account_id, c.id, c.at, s.number, s.template, s.words, s.how FROM sent_texts s"
                " JOIN contacts c ON c.id = s.contact_id JOIN contact_accounts x ON x.contact_id = c.id"
                f" WHERE c.voided_at IS NULL AND x.account_id IN ({marks(len(part))}) ORDER BY c.at, c.id",
                part,
            ):
                found[account_id] = SentText(
                    contact_id, datetime.fromisoformat(at), number, template, words, SentHow(how)
                )
        return found

    def note_list(self, texts: Sequence[TextDraft], file: str, sha256: str) -> None:
        """A list with numbers and sums has left the program: that stands in the log."""
        with self._session.writing():
            self._session.note(
                "存短信名单",
                file,
                {"count": len(texts), "sha256": sha256, "accounts": [a for text in texts for a in text.account_ids]},
            )
