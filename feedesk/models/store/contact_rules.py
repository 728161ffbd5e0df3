"""The contact guard for accounts on record: whether, from when, and the marks that forbid any contact at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from feedesk.errors import BadInput
from feedesk.models.changes import Changes
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.guard import SENSITIVE_REASONS, ContactHistory, Verdict, check, earliest, mark_words
from feedesk.models.store import contact_history, kin
from feedesk.models.store.session import Session
from feedesk.models.store.states import States


class ContactRules:
    """Reads what `models.guard` needs and asks it; writes only the sensitive mark."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    def of_account(self, account_id: int, now: datetime) -> ContactHistory:
        """Everything the rules need of the owner of an account as it stood at `now`, all his units together."""
        return contact_history.of_account(self._session.conn, account_id, now)

    def of_accounts(self, account_ids: Collection[int], now: datetime) -> dict[int, ContactHistory]:
        """The same for many, from the contacts of the last seven days, in a few statements for all of them."""
        return contact_history.of_accounts(self._session.conn, account_ids, now)

    def check(self, account_id: int, channel: Channel, at: datetime, outcome: Outcome | None = None) -> Verdict:
        """Whether a contact with the owner of this account by this channel at `at` is in order; also for times past."""
        return self.check_all([account_id], channel, at, outcome)

    def check_all(
        self, account_ids: Sequence[int], channel: Channel, at: datetime, outcome: Outcome | None = None
    ) -> Verdict:
        """The same for one contact about several accounts of an owner: what stands against any of them counts."""
        return check(channel, at, contact_history.of_units(self._session.conn, account_ids, at), outcome)

    def earliest(
        self, account_ids: Collection[int], now: datetime, channel: Channel = Channel.PHONE
    ) -> dict[int, datetime | None]:
        """From when each account may be contacted by this channel: `now` itself or later.

        None where no day can be told: 勿电, 待核, an objection on hold, a sensitive mark without a last day.
        """
        found: dict[int, datetime | None] = {}
        known: dict[int, datetime | None] = {}
        for account_id, history in self.of_accounts(account_ids, now).items():
            same = id(history)  # the units of an owner share one, and so do all owners whom nobody has contacted
            if same not in known:
                known[same] = earliest(channel, now, history)
            found[account_id] = known[same]
        return found

    def set_sensitive(self, account_ids: Collection[int], reason: str, until: date | None = None) -> Changes:
        """Nobody contacts the owners of these accounts, about any unit, up to and with `until`; None: until ended.

        An empty reason ends it. The reason is from `SENSITIVE_REASONS`: no particulars of health or family are kept.
        """
        session = self._session
        session.require_clerk()
        if reason and reason not in SENSITIVE_REASONS:
            raise BadInput(f"“{reason[:20]}”不在可选的原因里，没有记下。", "请从列出的原因里选一个。")
        if reason and until is not None and until < session.today():
            raise BadInput("暂不联系的最后一天已经过去了，没有记下。", "请改成今天或以后的日子，或留空。")
        until = until if reason else None
        with session.writing() as conn:
            changed = kin.set_mark(session, kin.units(conn, account_ids), reason, until)
            if not changed:
                return Changes()
            after = mark_words(reason, until)
            session.note(
                "暂不联系" if reason else "结束暂不联系", f"{len(changed)} 户", {"accounts": changed, "mark": after}
            )
            touched = self._states.refresh(changed)
        return Changes(touched.union(changed))
