"""What came of the scripts that were said, read for the whole office in a few statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, DebtorType
from feedesk.models.contacts import CHANNEL_LABELS, Channel, Outcome
from feedesk.models.promises import Arrival
from feedesk.models.scripts import results
from feedesk.models.scripts.library import ScriptLibrary
from feedesk.models.scripts.records import TECHNIQUES, Origin, Script
from feedesk.models.scripts.techniques import TECHNIQUE
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.promises import Promises
from feedesk.models.store.scripts import Scripts
from feedesk.models.store.session import Session

YEAR = timedelta(days=364)
"""Before today, both included: 365 days."""

_USES = (
    "SELECT c.id, c.at, c.channel, c.outcome, c.script_id, c.staff_id, s.name, a.owner_id,"
    " coalesce(t.debtor_type, a.debtor_type)"
    " FROM contacts c JOIN staff s ON s.id = c.staff_id JOIN contact_accounts x ON x.contact_id = c.id"
    " JOIN accounts a ON a.id = x.account_id LEFT JOIN account_state t ON t.account_id = a.id"
    " WHERE c.voided_at IS NULL AND c.script_id <> '' AND c.at >= ? AND c.at < ?"
)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A row of 话术效果."""

    key: str
    name: str
    what: str
    """More of it: channel and wording of a script; empty for the others."""
    tally: results.Tally


@dataclass(frozen=True, slots=True)
class ScriptReport:
    """The four views of the same contacts, most used first. Days both included."""

    first: date
    last: date
    total: results.Tally
    by_script: tuple[ResultLine, ...]
    by_technique: tuple[ResultLine, ...]
    by_type: tuple[ResultLine, ...]
    by_clerk: tuple[ResultLine, ...]


class ScriptResults:
    """Reading only. Without days given: the last 365."""

    def __init__(self, session: Session, scripts: Scripts, promises: Promises, ledger: Ledger) -> None:
        self._session = session
        self._scripts = scripts
        self._promises = promises
        self._ledger = ledger

    def report(self, first: date | None = None, last: date | None = None) -> ScriptReport:
        """All four views with one reading."""
        last = last or self._session.today()
        first = first or last - YEAR
        library = self._scripts.library()
        found = self._found(library, first, last)
        names = {one.use.staff_id: one.use.staff_name for one in found}
        return ScriptReport(
            first,
            last,
            results.tally(found),
            tuple(_script_line(library, ref, tally) for ref, tally in results.by_script(found).items()),
            tuple(
                ResultLine(str(number), f"招数 {number} {TECHNIQUES[number]}" if number else "没有写招数", "", tally)
                for number, tally in results.by_technique(found).items()
            ),
            tuple(
                ResultLine(kind, DEBTOR_TYPE_LABELS[kind], "", tally) for kind, tally in results.by_type(found).items()
            ),
            tuple(
                ResultLine(str(staff_id), names[staff_id], "", tally)
                for staff_id, tally in results.by_clerk(found).items()
            ),
        )

    def by_script(self, first: date | None = None, last: date | None = None) -> tuple[ResultLine, ...]:
        """By script, each wording of it on its own: the office compares its words with ours."""
        return self.report(first, last).by_script

    def by_technique(self, first: date | None = None, last: date | None = None) -> tuple[ResultLine, ...]:
        """By technique; a script with two counts for both."""
        return self.report(first, last).by_technique

    def by_type(self, first: date | None = None, last: date | None = None) -> tuple[ResultLine, ...]:
        """By debtor type: that of the script; of one for several types, that of the account today."""
        return self.report(first, last).by_type

    def by_clerk(self, first: date | None = None, last: date | None = None) -> tuple[ResultLine, ...]:
        """By the clerk who logged the contact."""
        return self.report(first, last).by_clerk

    def of_script(self, ref: str) -> results.Tally:
        """One wording of one script in the last 365 days."""
        today = self._session.today()
        return results.tally(self._found(self._scripts.library(), today - YEAR, today, ref))

    def _found(self, library: ScriptLibrary, first: date, last: date, ref: str = "") -> tuple[results.UseResult, ...]:
        uses = self._uses(library, first, last, ref)
        promises = self._promises.of_contacts([use.contact_id for use in uses])
        owners = {owner_id for use in uses for owner_id in use.owner_ids}
        return results.results(uses, promises, self._arrivals(owners), self._session.today())

    def _uses(self, library: ScriptLibrary, first: date, last: date, ref: str) -> list[results.Use]:
        values = [first.isoformat(), (last + timedelta(days=1)).isoformat(), *([ref] if ref else [])]
        narrowed = f"{_USES}{' AND c.script_id = ?' if ref else ''} ORDER BY c.id, x.account_id"
        rows = self._session.conn.execute(narrowed, values).fetchall()
        owners: dict[int, set[int]] = defaultdict(set)
        for row in rows:
            owners[row[0]].add(row[7])
        known: dict[str, Script | None] = {said: library.by_ref(said) for said in {row[4] for row in rows}}
        found: dict[int, results.Use] = {}
        for contact_id, at, channel, outcome, said, staff_id, staff, _owner, kind in rows:
            if contact_id in found or not results.is_use(Channel(channel), Outcome(outcome)):
                continue
            script = known[said]
            own_type = script.types[0] if script and not script.is_shared else DebtorType(kind)
            found[contact_id] = results.Use(
                contact_id,
                datetime.fromisoformat(at),
                said,
                script.techniques if script else _technique_of(said),
                own_type,
                staff_id,
                staff,
                frozenset(owners[contact_id]),
            )
        return list(found.values())

    def _arrivals(self, owner_ids: set[int]) -> Mapping[int, list[Arrival]]:
        """All money of these owners, for whichever unit it came."""
        owned = dict(
            self._session.conn.execute(
                "SELECT id, owner_id FROM accounts WHERE owner_id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(owner_ids)),),
            ).fetchall()
        )
        found: dict[int, list[Arrival]] = defaultdict(list)
        for account_id, entries in self._ledger.income(sorted(owned)).items():
            found[owned[account_id]] += [Arrival(account_id, one.at, one.day, one.amount) for one in entries]
        return found


def _technique_of(ref: str) -> tuple[int, ...]:
    """The lines of a technique said on their own: `technique.2@1`."""
    number = ref.removeprefix(TECHNIQUE).partition("@")[0]
    return (int(number),) if ref.startswith(TECHNIQUE) and number.isdecimal() and int(number) in TECHNIQUES else ()


def _script_line(library: ScriptLibrary, ref: str, tally: results.Tally) -> ResultLine:
    script = library.by_ref(ref)
    if script is None:
        techniques = _technique_of(ref)
        name = f"招数 {techniques[0]} {TECHNIQUES[techniques[0]]}" if techniques else f"已不在库里的话术（{ref}）"
        return ResultLine(ref, name, "", tally)
    kind = "多类共用" if script.is_shared else DEBTOR_TYPE_LABELS[script.types[0]]
    wording = f"本处第 {script.version} 稿" if script.origin is Origin.OFFICE else f"原稿 {script.version}"
    steps = "、".join(script.steps)
    return ResultLine(ref, script.title, f"{kind} · 阶段 {steps} · {CHANNEL_LABELS[script.channel]} · {wording}", tally)
