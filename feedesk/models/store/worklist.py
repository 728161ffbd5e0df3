"""Every account that owes something with its next action, from the states kept and from the contact guard."""

from __future__ import annotations

from datetime import datetime

from feedesk.models.accounts import Action, MarkKind, WorkGroup
from feedesk.models.contacts import Channel
from feedesk.models.store.contact_rules import ContactRules
from feedesk.models.store.session import Session, day, moment
from feedesk.models.worklist import WorkEntry, WorkFacts, entry

_ALL = (
    "SELECT account_id, owner_id, room, name, owed, action, work_group, why, next_at, next_has_time, next_text, mark,"
    " mark_text, limit_on, staff_id FROM account_state WHERE is_paid = 0"
    " ORDER BY work_group IS NULL, priority, next_at IS NULL, next_at, owed DESC, room_key, account_id"
)
_CHANNELS = {Action.CALL: Channel.PHONE, Action.VISIT: Channel.VISIT}


class Worklist:
    """Reading only."""

    def __init__(self, session: Session, rules: ContactRules) -> None:
        self._session = session
        self._rules = rules

    def entries(self) -> list[WorkEntry]:
        """Every open account once: first what 今日 lists, in its order, then what waits. The same records, the same list."""
        now = self._session.now()
        actions, groups = {one.value: one for one in Action}, {one.value: one for one in WorkGroup}
        kinds = {one.value: one for one in MarkKind}
        open_accounts = [
            WorkFacts(
                row[0], row[1], row[2], row[3], row[4], actions[row[5]], groups.get(row[6]), row[7], moment(row[8]),
                bool(row[9]), row[10], kinds[row[11]], row[12], day(row[13]), row[14],
            )
            for row in self._session.conn.execute(_ALL)
        ]  # fmt: skip
        allowed: dict[int, datetime | None] = {}
        for action, channel in _CHANNELS.items():
            wanted = [one.account_id for one in open_accounts if one.action is action]
            allowed |= self._rules.earliest(wanted, now, channel)
        return [entry(one, allowed.get(one.account_id), now) for one in open_accounts]
