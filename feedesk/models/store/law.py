"""What the office has looked up itself: ticks of checks and articles, and its city's own rules."""

from __future__ import annotations

from feedesk.models.changes import Changes
from feedesk.models.law import (
    LAW_KEY,
    LOCAL_KEY,
    LawChecks,
    LocalRules,
    Ticks,
    confirmed,
    law_checks,
    local_json,
    read_local,
    read_ticks,
)
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.session import Session


class Law:
    """Kept in the settings; every change is in the log with who and when."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._settings = OfficeSettings(session)

    def checks(self) -> LawChecks:
        """The items to confirm before the first notice, with what has been confirmed."""
        return law_checks(self._settings.get(LAW_KEY))

    def ticks(self) -> Ticks:
        """Everything confirmed, checks and articles, by key."""
        return read_ticks(self._settings.get(LAW_KEY))

    def confirm(self, key: str, title: str, is_done: bool) -> Changes:
        """Keep that the clerk at the desk has confirmed an item today, or that it is open again."""
        clerk = self._session.require_clerk()
        with self._session.writing():
            day = self._session.today() if is_done else None
            self._settings.put(LAW_KEY, confirmed(self._settings.get(LAW_KEY), key, day, clerk.name))
            self._session.note("核对法规" if is_done else "撤回法规核对", title, {"key": key})
        return Changes()

    def local(self) -> LocalRules:
        """The city's own rules as the office wrote them."""
        return read_local(self._settings.get(LOCAL_KEY))

    def save_local(self, rules: LocalRules) -> Changes:
        """Keep the city's own rules."""
        self._session.require_clerk()
        with self._session.writing():
            kept = local_json(rules)
            self._settings.put(LOCAL_KEY, kept)
            self._session.note("改本市规定", self._settings.profile().city or "本市", {"rules": kept})
        return Changes()
