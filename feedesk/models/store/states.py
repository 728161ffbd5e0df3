"""The state of every account as rows show it, derived by `models.status` and kept beside the records.

Derived values are kept because 50,000 rows must be searched and sorted in SQL; they are never edited, only derived
again: for the accounts that a write touched, and for all once a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.accounts import DebtorType
from feedesk.models.classify import TypeFacts, suggest_type
from feedesk.models.people import search_text
from feedesk.models.periods import Period
from feedesk.models.status import AccountFacts, AccountState, derive
from feedesk.models.store import doubts, kin
from feedesk.models.store.clocks import Clocks, derive_clocks, stale_clocks
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.plan_facts import companions
from feedesk.models.store.session import Session, day, marks
from feedesk.models.store.severity_limits import severity_limits_of
from feedesk.models.store.state_facts import Columns, StateFacts
from feedesk.models.traits import SeverityLimits, grade_of
from feedesk.models.workdays import is_workday

_PIECE = 500
_MATCHED = (1, 2, 5, 7, 8, 19)
"""Places in `_KEPT` of owner, room, name, phone tails, sum owed, former: what a payer is found by."""
_KEPT = (
    "SELECT account_id, owner_id, room, room_key, building, name, pinyin, tails, owed, oldest_due_on, period_text,"
    " category, step, debtor_type, staff_id, mark, mark_text, strong, is_paid, is_former, next_at, next_has_time,"
    " next_text, last_at, last_text, work_group, priority, why, action, limit_on, severity FROM account_state"
)
_DERIVED = ("charge_money", "allocations", "account_money", "accounts")
"""What deriving the money of an account writes."""
_PARENT = re.compile(r" REFERENCES \w+\(\w+\)")


class States:
    """Derives and keeps `account_state`."""

    def __init__(self, session: Session, ledger: Ledger, clocks: Clocks) -> None:
        self._session = session
        self._ledger = ledger
        self._clocks = clocks
        self.facts = StateFacts(session, ledger)
        self._followers: list[Callable[[], Iterable[int]]] = []

    def follow(self, follower: Callable[[], Iterable[int]]) -> None:
        """Call `follower` whenever an account's owner, name, phones or balance is another: inside that transaction.

        It returns the accounts that look different for it.
        """
        self._followers.append(follower)

    def tell(self) -> frozenset[int]:
        """Call those who follow, although no balance need have changed: finance has spoken, or it is another day."""
        return frozenset(account_id for follower in self._followers for account_id in follower())

    def roll_day(self) -> bool:
        """Derive all anew when the day is another than last time; True when that was done."""
        if self.is_of_today():
            return False
        with self._session.writing() as conn:
            lapsing = self._ledger.accounts_with_expiring(self._last_day())
            self._ledger.derive(lapsing)
            doubts.release(self._session, lapsing)
            self.refresh(None, tell=False)
            self.tell()
            conn.execute(
                "INSERT OR REPLACE INTO settings VALUES ('state_day', ?)", (self._session.today().isoformat(),)
            )
        return True

    def shadow_day(self) -> None:
        """The same for a connection that cannot write: today's states stand in memory, before those of the file."""
        if self.is_of_today():
            return
        conn = self._session.conn
        conn.execute("PRAGMA temp_store = MEMORY")
        lapsing = self._ledger.accounts_with_expiring(self._last_day())
        if lapsing:
            for table in _DERIVED:
                self._shadow(table)
                conn.execute(f"INSERT INTO temp.{table} SELECT * FROM main.{table}")
            self._ledger.derive(lapsing)
        self._shadow("account_clock")
        conn.execute("INSERT INTO temp.account_clock SELECT * FROM main.account_clock")
        self._shadow("account_state")
        self.refresh(None, tell=False)
        conn.commit()

    def _shadow(self, table: str) -> None:
        """An empty table in memory that is found before that of the file; its parents stay in the file."""
        conn = self._session.conn
        (sql,) = conn.execute("SELECT sql FROM main.sqlite_master WHERE name = ?", (table,)).fetchone()
        conn.execute(_PARENT.sub("", sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1)))

    def _last_day(self) -> date | None:
        row = self._session.conn.execute("SELECT value FROM settings WHERE key = 'state_day'").fetchone()
        return day(row[0]) if row else None

    def is_of_today(self) -> bool:
        """Whether nothing waits for `roll_day`: neither another day, nor a setting that all states rest on."""
        return self._last_day() == self._session.today()

    def refresh(self, account_ids: Iterable[int] | None, *, tell: bool | None = None) -> frozenset[int]:
        """Derive the states of these accounts (None: of all), inside the caller's transaction; returns those that look
        different now, others that moved with them included.

        Those that share an instalment plan, and those of the same owner, whom a letter about one unit silences for all,
        move together. Those who follow are told when a payer may be found otherwise; always with `tell`, never without.
        """
        conn = self._session.conn
        known = _Known(self._session.now(), severity_limits_of(conn))
        if account_ids is None:
            ids = [row[0] for row in conn.execute("SELECT id FROM accounts")]
            derive_clocks(self._session, stale_clocks(self._session), self._clocks)
        else:
            ids = self._with_companions(list(account_ids))
            derive_clocks(self._session, ids, self._clocks)
        moved, different = False, set[int]()
        for start in range(0, len(ids), _PIECE):
            part = ids[start : start + _PIECE]
            kept = {row[0]: row for row in conn.execute(f"{_KEPT} WHERE account_id IN ({marks(len(part))})", part)}
            rows = [
                _row(columns, facts, known, kept.get(columns.account_id)) for columns, facts in self.facts.gather(part)
            ]
            changed = [row for row in rows if kept.get(row[0]) != row]
            conn.executemany(f"INSERT OR REPLACE INTO account_state VALUES ({marks(31)})", changed)
            moved = moved or any(_moved(kept.get(row[0]), row) for row in changed)
            different.update(row[0] for row in changed)
        if moved if tell is None else tell:
            different |= self.tell()
        return frozenset(different)

    def _with_companions(self, ids: list[int]) -> list[int]:
        conn = self._session.conn
        pieces = (ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE))
        found = dict.fromkeys(a for part in pieces for a in (*part, *companions(conn, part)))
        return list(found | dict.fromkeys(sorted(kin.units(conn, found))))

    def of(self, account_id: int) -> tuple[AccountFacts, AccountState]:
        """The facts of one account and what follows from them now; raises `BadInput` when there is none of that id."""
        for columns, values in self.facts.gather([account_id]):
            facts = AccountFacts(account_id=account_id, owed=columns.owed, **values)
            return facts, derive(facts, self._session.now(), is_workday)
        raise BadInput("找不到这一户，可能刚被改动。", "请刷新后再看。")


class _Known:
    """What has been derived in this run: most accounts of an office are in the same position as many others."""

    def __init__(self, now: datetime, limits: SeverityLimits) -> None:
        self._now = now
        self._limits = limits
        self._shown: dict[tuple[object, ...], tuple[DebtorType, tuple[Any, ...]]] = {}
        self._periods: dict[str | None, str] = {None: ""}

    def shown(self, account_id: int, owed: int, values: dict[str, Any]) -> tuple[DebtorType, tuple[Any, ...]]:
        """The suggested type and the columns from the mark on. Of the sum, only whether it is nothing plays a part."""
        key = (owed > 0, *values.values())
        found = self._shown.get(key)
        if found is None:
            facts = AccountFacts(account_id=account_id, owed=owed, **values)
            found = self._shown[key] = _shown(facts, derive(facts, self._now, is_workday))
        return found

    def severity(self, owed: int, oldest_due_on: date | None) -> str:
        """欠费程度 as kept; empty when nothing is owed."""
        overdue = (self._now.date() - oldest_due_on).days if oldest_due_on else None
        return grade_of(owed, overdue, self._limits) or ""

    def period_text(self, periods: str | None) -> str:
        """The months of the open charges as shown."""
        text = self._periods.get(periods)
        if text is None:
            stated = ",".join(part for part in str(periods).split(",") if part)
            text = self._periods[periods] = Period.parse(stated).text() if stated else "期间待核"
        return text


def _moved(old: tuple[Any, ...] | None, new: tuple[Any, ...]) -> bool:
    """Whether a payer may be found otherwise than before."""
    return old is None or any(old[place] != new[place] for place in _MATCHED)


def _row(columns: Columns, values: dict[str, Any], known: _Known, kept: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """One line of `account_state`."""
    suggested, shown = known.shown(columns.account_id, columns.owed, values)
    oldest, chosen, name = values["oldest_due_on"], values["debtor_type"], columns.name
    return (
        columns.account_id,
        columns.owner_id,
        columns.room,
        columns.room_key,
        columns.building,
        name,
        kept[6] if kept and kept[5] == name else search_text(name),
        columns.tails,
        columns.owed,
        oldest.isoformat() if oldest else None,
        known.period_text(columns.periods),
        values["category"],
        values["step"],
        chosen if columns.type_is_chosen else suggested,
        columns.staff_id,
        *shown,
        known.severity(columns.owed, oldest),
    )


def _shown(facts: AccountFacts, state: AccountState) -> tuple[DebtorType, tuple[Any, ...]]:
    return _suggested(facts, state), (
        state.mark,
        state.mark_text,
        int(state.strong),
        int(facts.owed == 0),
        int(facts.is_former),
        facts.next_at.isoformat(timespec="minutes") if facts.next_at else None,
        int(facts.next_has_time),
        state.next_text,
        facts.last_at.isoformat(timespec="minutes") if facts.last_at else None,
        state.last_text,
        state.group,
        state.priority,
        state.why,
        state.action,
        facts.limit_on.isoformat() if facts.limit_on else None,
    )


def _suggested(facts: AccountFacts, state: AccountState) -> DebtorType:
    """The debtor type the file suggests while no clerk has chosen one (domain §4)."""
    return suggest_type(TypeFacts.of(facts, state)).debtor_type
