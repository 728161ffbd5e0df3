"""What clerks say of accounts: debtor type, category, habit, attitude, residence, property; every change is kept.

The debtor type is suggested by the file (`models.classify`) until a clerk settles it; what she has settled is never
switched by the program.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from feedesk.errors import BadInput
from feedesk.models.accounts import Category, DebtorType
from feedesk.models.changes import Changes
from feedesk.models.classify import Suggestion, TypeFacts, suggest_type
from feedesk.models.status import AccountFacts
from feedesk.models.store.session import Session, marks, pieces
from feedesk.models.store.severity_limits import KEY, limits_text, severity_limits_of
from feedesk.models.store.states import States
from feedesk.models.store.trait_history import changes_of
from feedesk.models.traits import (
    TRAIT_WORDS,
    Graded,
    Severity,
    SeverityLimits,
    Trait,
    TraitChange,
    limits_problem,
    severity,
)

_BY_HAND = (Trait.CATEGORY, Trait.HABIT, Trait.ATTITUDE, Trait.RESIDENCE, Trait.PROPERTY_KIND)
Values = Mapping[Trait, str]
"""Traits with their stored values; an empty text: not known."""


class Traits:
    """Reading and changing how accounts are classified."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    # --- debtor type ---

    def suggestion(self, account_id: int) -> Suggestion:
        """The type that the file suggests now; raises `BadInput` when there is no such account."""
        return suggest_type(TypeFacts.of(*self._states.of(account_id)))

    def chosen_type(self, account_id: int) -> DebtorType | None:
        """The type a clerk has settled; None: the one that the file suggests is shown."""
        row = self._session.conn.execute(
            "SELECT debtor_type FROM accounts WHERE id = ? AND type_is_chosen = 1", (account_id,)
        ).fetchone()
        return DebtorType(row[0]) if row else None

    def set_type(self, account_id: int, debtor_type: DebtorType, reason: str = "") -> Changes:
        """The clerk's word; it stands until changed again. Without a reason, what the file suggested is kept as one."""
        suggested = self.suggestion(account_id)
        if not reason.strip():
            same = suggested.debtor_type is debtor_type
            reason = f"按建议：{suggested.why}" if same else f"人工选定；当时建议{suggested.text}"
        return self._type(account_id, debtor_type, debtor_type, reason, "改欠费类型")

    def take_back_type(self, account_id: int, chosen: DebtorType | None) -> Changes:
        """Back to what was settled before; None: back to what the file suggests. The change taken back stays on record."""
        shown = chosen or self.suggestion(account_id).debtor_type
        return self._type(account_id, chosen, shown, "当场撤销", "撤销改欠费类型")

    def _type(self, account_id: int, chosen: DebtorType | None, shown: DebtorType, reason: str, what: str) -> Changes:
        with self._session.writing() as conn:
            (before,) = conn.execute(
                "SELECT debtor_type FROM account_state WHERE account_id = ?", (account_id,)
            ).fetchone()
            conn.execute(
                "UPDATE accounts SET debtor_type = ?, type_is_chosen = ? WHERE id = ?",
                (chosen or DebtorType.UNPAID, int(chosen is not None), account_id),
            )
            self._keep(conn, account_id, Trait.DEBTOR_TYPE, before, shown, reason)
            self._session.note(what, f"户 {account_id}", {"before": before, "after": shown, "reason": reason})
            touched = self._states.refresh([account_id])
        return Changes(touched | {account_id})

    # --- the others ---

    def values(self, account_ids: Collection[int]) -> dict[int, dict[Trait, str]]:
        """What is known of these accounts; the debtor type is not among it."""
        found: dict[int, dict[Trait, str]] = {}
        ids = list(account_ids)
        for part in pieces(ids):
            for account_id, *words in self._session.conn.execute(
                "SELECT a.id, coalesce(a.category, ''), a.habit, a.attitude, a.residence, u.property_kind FROM accounts a"
                f" JOIN units u ON u.id = a.unit_id WHERE a.id IN ({marks(len(part))})",
                part,
            ):
                found[account_id] = dict(zip(_BY_HAND, words, strict=True))
        return found

    def set_traits(self, account_ids: Collection[int], wanted: Values, reason: str = "") -> Changes:
        """Give these accounts these values; what is left out of `wanted` stays as it is. Raises `BadInput`.

        Every account whose value is another then has its entry in the history. The property kind is the unit's: the
        accounts of former owners follow.
        """
        return self._set(dict.fromkeys(account_ids, wanted), reason, "改分类资料")

    def restore(self, before: Mapping[int, Values], reason: str = "当场撤销") -> Changes:
        """Back to what `values` gave before; the changes taken back stay on record."""
        return self._set(before, reason, "撤销改分类资料")

    def correct(
        self, account_id: int, wanted: Values, *, name: str, salutation: str, remark: str, reason: str = ""
    ) -> Changes:
        """The fields of 资料 in one go. The name may be corrected within the tenure, never emptied."""
        with self._session.writing() as conn:
            (present,) = conn.execute("SELECT name FROM accounts WHERE id = ?", (account_id,)).fetchone()
            values = (name.strip() or present, salutation, remark.strip())
            conn.execute("UPDATE accounts SET name = ?, salutation = ?, remark = ? WHERE id = ?", (*values, account_id))
            self._session.note("改业主资料", f"户 {account_id}", {"name": values[0], "remark": values[2]})
            touched = self._states.refresh([account_id])
            changes = self._set({account_id: wanted}, reason, "改分类资料")
        return Changes(touched | changes.account_ids | {account_id})

    def _set(self, wanted: Mapping[int, Values], reason: str, what: str) -> Changes:
        for values in wanted.values():
            _refuse(values)
        ids = list(wanted)
        with self._session.writing() as conn:
            present = self.values(ids)
            touched = set[int]()
            for account_id in ids:
                for trait, after in wanted[account_id].items():
                    before = present[account_id][trait]
                    if before != after and self._put(conn, account_id, trait, after):
                        self._keep(conn, account_id, trait, before, after, reason)
                        touched |= self._same_unit(conn, account_id) if trait is Trait.PROPERTY_KIND else {account_id}
            if touched:
                self._session.note(what, f"{len(touched)} 户", {"accounts": sorted(touched), "reason": reason})
                touched |= self._states.refresh(touched)
        return Changes(frozenset(touched))

    @staticmethod
    def _put(conn: sqlite3.Connection, account_id: int, trait: Trait, after: str) -> bool:
        """Write one value; False when another account of the same unit has brought it there already."""
        if trait is Trait.PROPERTY_KIND:
            done = conn.execute(
                "UPDATE units SET property_kind = ?1 WHERE property_kind <> ?1"
                " AND id = (SELECT unit_id FROM accounts WHERE id = ?2)",
                (after, account_id),
            )
        else:
            value = after or None if trait is Trait.CATEGORY else after
            done = conn.execute(f"UPDATE accounts SET {trait.value} = ? WHERE id = ?", (value, account_id))
        return done.rowcount > 0

    @staticmethod
    def _same_unit(conn: sqlite3.Connection, account_id: int) -> set[int]:
        rows = conn.execute(
            "SELECT id FROM accounts WHERE unit_id = (SELECT unit_id FROM accounts WHERE id = ?)", (account_id,)
        )
        return {row[0] for row in rows}

    def _keep(
        self, conn: sqlite3.Connection, account_id: int, trait: Trait, before: str, after: str, reason: str
    ) -> None:
        conn.execute(
            "INSERT INTO trait_changes (account_id, at, trait, before, after, reason, staff_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (account_id, self._session.stamp(), trait, before, after, reason.strip(),
             self._session.require_clerk().id),
        )  # fmt: skip

    def history(self, account_id: int) -> list[TraitChange]:
        """Every change of an account, newest first."""
        return changes_of(self._session.conn, account_id)

    def words_in_use(self, trait: Trait) -> tuple[str, ...]:
        """The words to choose from: ours, then what finance has written otherwise."""
        table = "units" if trait is Trait.PROPERTY_KIND else "accounts"
        rows = self._session.conn.execute(
            f"SELECT {trait.value} FROM {table} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 40"
        )
        return tuple(dict.fromkeys(word for word in (*TRAIT_WORDS[trait], *(row[0] for row in rows)) if word))

    # --- severity ---

    def limits(self) -> SeverityLimits:
        """Where 轻微 ends and 严重 begins."""
        return severity_limits_of(self._session.conn)

    def severities(self) -> dict[Severity, int]:
        """How many accounts with a debt there are of each."""
        rows = self._session.conn.execute(
            "SELECT severity, count(*) FROM account_state WHERE severity <> '' GROUP BY 1"
        )
        return {Severity(one): count for one, count in rows}

    def save_limits(self, limits: SeverityLimits) -> Changes:
        """Other limits: every account is graded anew. Raises `BadInput`."""
        problem = limits_problem(limits)
        if problem:
            raise BadInput(f"{problem[:-1]}，没有保存。", "请改好后再存。")
        with self._session.writing() as conn:
            conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (KEY, limits_text(limits)))
            self._session.note("改欠费程度标准", "", limits_text(limits))
            self._states.refresh(None)
        return Changes(everything=True)

    def graded(self, facts: AccountFacts) -> Graded:
        """欠费程度 of an account with its reason, as rows show it."""
        overdue = (self._session.today() - facts.oldest_due_on).days if facts.oldest_due_on else None
        return severity(facts.owed, overdue, self.limits())


def _refuse(values: Values) -> None:
    """Raises `BadInput` for what is no value of a trait, ValueError for a trait that is not set this way."""
    for trait, value in values.items():
        _BY_HAND.index(trait)
        known = TRAIT_WORDS.get(trait, ("", *Category))
        if trait in (Trait.HABIT, Trait.ATTITUDE, Trait.CATEGORY) and value not in known:
            raise BadInput(f"没有“{value}”这一类，没有改动。", "请从列出的里面选。")
