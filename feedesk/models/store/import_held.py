"""What a list is compared with: every charge as it stood on the list's own day.

Payments and waivers of a later day are left out, and so is what was booked only after a list of that day or later had
spoken of the account: that list cannot know it. Prepayment pays a new charge after the list that brought it, never
before. So a list compared twice says the same twice.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from feedesk.models.charges import Charge
from feedesk.models.import_plan import HeldAccount, HeldCharge, HeldDoubt, HeldOffice, HeldSettlement
from feedesk.models.import_undo import pour
from feedesk.models.ledger.account import AccountRecords, SettlementRecord, work_out
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.store import balances
from feedesk.models.store.covers import speaking
from feedesk.models.store.ledger import Ledger
from feedesk.models.store.session import day

_COUNTED = ("imports", "splits", "waivers", "payments", "reversals", "payment_doubts")
"""Tables of records that change what a list is compared with."""


@dataclass(frozen=True, slots=True)
class _Settlement:
    """A settlement 按财务清单 less what was taken back; `covered` 分 of it have been replaced by payments."""

    id: int
    account_id: int
    charge_id: int
    as_of: date
    amount: int
    covered: int


@dataclass(slots=True)
class _Stood:
    """A charge on the list's day, in 分."""

    owed: int
    relieved: int = 0
    fresh: int = 0


def basis_of(conn: sqlite3.Connection) -> str:
    """Changes as soon as a list or money is taken in or undone."""
    found = []
    for table in _COUNTED:
        undone = {"imports": "voided_at", "splits": "voided_at", "waivers": "voided_at", "payment_doubts": "closed_at"}
        columns = f"count(*), count({undone[table]})" if table in undone else "count(*)"
        found.append("+".join(str(count) for count in conn.execute(f"SELECT {columns} FROM {table}").fetchone()))
    return "-".join(found)


def stated_of(conn: sqlite3.Connection) -> int:
    """What the lists alone come to, in 分: charges less settlements."""
    charged = conn.execute("SELECT coalesce(sum(amount), 0) FROM live_charges").fetchone()[0]
    settled = conn.execute("SELECT coalesce(sum(amount), 0) FROM live_settlements").fetchone()[0]
    return int(charged - settled)


class HeldBooks:
    """Reads the books as they stood on a list's day."""

    def __init__(self, conn: sqlite3.Connection, ledger: Ledger, as_of: date) -> None:
        self._conn = conn
        self._ledger = ledger
        self._as_of = as_of
        self._months: dict[int, list[int]] = defaultdict(list)
        for lump, charge_id in conn.execute(
            "SELECT s.charge_id, c.id FROM splits s JOIN charges c ON c.split_id = s.id WHERE s.voided_at IS NULL"
            " ORDER BY s.charge_id, c.due_on IS NULL, c.due_on, c.period_from, c.id"
        ):
            self._months[lump].append(charge_id)
        self._settlements = [
            _Settlement(i, account_id, charge_id, date.fromisoformat(of), amount, covered)
            for i, account_id, charge_id, of, amount, covered in conn.execute(
                "SELECT s.id, c.account_id, s.charge_id, m.as_of, s.amount"
                " + coalesce((SELECT sum(u.amount) FROM live_settlements u WHERE u.undoes = s.id), 0),"
                " coalesce((SELECT sum(k.amount) FROM live_covers k WHERE k.settlement_id = s.id), 0)"
                " FROM live_settlements s JOIN charges c ON c.id = s.charge_id JOIN imports m ON m.id = s.import_id"
                " WHERE s.undoes IS NULL ORDER BY s.id"
            )
            if amount > 0
        ]

    def read(self) -> HeldOffice:
        """Everything a list of that day is compared with."""
        conn = self._conn
        charges = balances.by_account(conn, None)
        stood = self._stood(charges)
        settlements = self._held_settlements(charges)
        doubts = self._doubts(charges)
        phones: dict[int, list[str]] = {}
        for account_id, number in conn.execute("SELECT account_id, number FROM phones ORDER BY id"):
            phones.setdefault(account_id, []).append(number)
        accounts = []
        for account_id, unit_id, room, building, name, until in conn.execute(
            "SELECT a.id, a.unit_id, u.room, u.building, a.name, a.until FROM accounts a"
            " JOIN units u ON u.id = a.unit_id ORDER BY u.room_key, a.id"
        ):
            own = tuple(
                _held(charge, stood.get(charge.id), settlements.get(charge.id, ()), doubts.get(charge.id, ()))
                for charge in charges.get(account_id, ())
            )
            # A former tenure settled by a list or a payment takes part too: a later list may contradict that.
            if until is None or any(c.owed or c.settlements or c.relieved or c.doubts for c in own):
                numbers = tuple(phones.get(account_id, ()))
                accounts.append(HeldAccount(account_id, unit_id, room, building, name, numbers, until is None, own))
        known: dict[str, date] = {}
        for sha, as_of in conn.execute("SELECT sha256, as_of FROM imports WHERE voided_at IS NULL ORDER BY id"):
            known.pop(sha, None)  # the list applied last stands last
            known[sha] = date.fromisoformat(as_of)
        last = conn.execute("SELECT max(as_of) FROM imports WHERE voided_at IS NULL").fetchone()[0]
        return HeldOffice(tuple(accounts), day(last), known, basis_of(conn), stated_of(conn))

    # --- settlements ---

    def _pours(self, charge_id: int) -> Sequence[int]:
        """The charge, or the months in its place, oldest first."""
        return self._months.get(charge_id) or (charge_id,)

    def _held_settlements(self, charges: Mapping[int, Sequence[Charge]]) -> dict[int, list[HeldSettlement]]:
        """What no payment has replaced, by charge; that of a split lump stands at each month by its part."""
        found: dict[int, list[HeldSettlement]] = defaultdict(list)
        if self._months:
            space = {charge.id: charge.amount for own in charges.values() for charge in own}
        for settlement in sorted(self._settlements, key=self._order):
            months, left = self._pours(settlement.charge_id), settlement.amount - settlement.covered
            if not self._months:
                parts = {settlement.charge_id: left}
            else:
                covered = pour(((one, space.get(one, 0)) for one in months), settlement.covered)
                parts = pour(((one, space.get(one, 0) - covered.get(one, 0)) for one in months), left)
                for one in months:
                    space[one] = space.get(one, 0) - covered.get(one, 0) - parts.get(one, 0)
            for charge_id, part in parts.items():
                if part > 0:
                    found[charge_id].append(HeldSettlement(settlement.id, settlement.charge_id, part))
        return found

    def _order(self, settlement: _Settlement) -> tuple[bool, int]:
        """That of one month before that of a lump, as the ledger pours them."""
        return settlement.charge_id in self._months, settlement.id

    # --- payments and waivers ---

    def _stood(self, charges: Mapping[int, Sequence[Charge]]) -> dict[int, _Stood]:
        """Charges of the accounts with payments or waivers on record; all others stand as they are kept."""
        conn = self._conn
        busy = [
            row[0]
            for row in conn.execute(
                "SELECT h.account_id FROM payment_shares h JOIN live_payments p ON p.id = h.payment_id"
                " UNION SELECT account_id FROM waivers WHERE voided_at IS NULL AND target = 'principal'"
            )
        ]
        if not busy:
            return {}
        rule = self._ledger.rule()
        replaced: dict[tuple[int, int], int] = defaultdict(int)
        for account_id, payment_id, amount in conn.execute(
            "SELECT account_id, payment_id, amount FROM live_covers WHERE settlement_id IS NOT NULL"
        ):
            replaced[account_id, payment_id] += amount
        whole: dict[int, list[_Settlement]] = defaultdict(list)
        for settlement in self._settlements:
            whole[settlement.account_id].append(settlement)
        lists = self._lists()
        before = max((of for of, _, _ in lists.values() if of < self._as_of), default=None)
        came_with = dict(conn.execute("SELECT id, import_id FROM charges WHERE import_id IS NOT NULL"))
        found: dict[int, _Stood] = {}
        for account_id, records in self._ledger.records(busy).items():
            records = replace(
                self._known(account_id, records, lists),
                settlements=tuple(
                    SettlementRecord(tuple(self._pours(one.charge_id)), one.as_of, one.amount)
                    for one in whole.get(account_id, ())
                ),
            )
            shares = tuple(
                replace(share, principal=share.principal - replaced.get((account_id, share.payment_id), 0))
                for share in records.shares
            )
            new = {
                charge.id
                for charge in records.charges
                if charge.id in came_with and lists.get(came_with[charge.id], (date.min, 0, 0))[0] >= self._as_of
            }
            covered = self._covered(charges.get(account_id, ()), whole.get(account_id, ()))
            found |= _as_it_stood(replace(records, shares=shares), new, covered, rule, self._as_of, before)
        return found

    def _lists(self) -> dict[int, tuple[date, int, int]]:
        """Lists that stand: their day, and the last payment and waiver on record when they were taken in."""
        return {
            i: (date.fromisoformat(of), payment, waiver)
            for i, of, payment, waiver in self._conn.execute(
                "SELECT id, as_of, last_payment, last_waiver FROM imports WHERE voided_at IS NULL"
            )
        }

    def _known(
        self, account_id: int, records: AccountRecords, lists: Mapping[int, tuple[date, int, int]]
    ) -> AccountRecords:
        """Without what came later, or was booked after a list of this day or later had spoken of the account."""
        shares = [share for share in records.shares if share.paid_on <= self._as_of]
        waivers = [waiver for waiver in records.waivers if waiver.on <= self._as_of]
        later = [entry for entry in lists.values() if entry[0] >= self._as_of]
        if later and (
            any(share.payment_id > min(seen for _, seen, _ in later) for share in shares)
            or any(waiver.id > min(seen for _, _, seen in later) for waiver in waivers)
        ):
            spoke, _ = speaking(self._conn, account_id, self._as_of)
            if spoke is not None:
                _, payment, waiver = lists[spoke]
                shares = [share for share in shares if share.payment_id <= payment]
                waivers = [one for one in waivers if one.id <= waiver]
        return replace(records, shares=tuple(shares), waivers=tuple(waivers))

    def _covered(self, charges: Iterable[Charge], settlements: Iterable[_Settlement]) -> dict[int, int]:
        """What of each charge a list had settled and a payment has replaced since, in 分."""
        space = {charge.id: charge.amount for charge in charges}
        found: dict[int, int] = defaultdict(int)
        for settlement in settlements:
            rooms = [(one, space.get(one, 0) - found[one]) for one in self._pours(settlement.charge_id)]
            for charge_id, part in pour(rooms, settlement.covered).items():
                found[charge_id] += part
        return found

    # --- doubts ---

    def _doubts(self, charges: Mapping[int, Sequence[Charge]]) -> dict[int, list[HeldDoubt]]:
        """Doubts still open, and those a person has settled about a list of this day or later."""
        found: dict[int, list[HeldDoubt]] = defaultdict(list)
        rows = self._conn.execute(
            "SELECT d.id, d.charge_id, d.amount, d.closed_by IS NOT NULL FROM payment_doubts d"
            " JOIN imports m ON m.id = d.import_id WHERE m.voided_at IS NULL"
            " AND (d.closed_at IS NULL OR (d.closed_by IS NOT NULL AND m.as_of >= ?)) ORDER BY d.id",
            (self._as_of.isoformat(),),
        ).fetchall()
        space = {charge.id: charge.amount for own in charges.values() for charge in own} if rows else {}
        for doubt_id, charge_id, amount, confirmed in rows:
            months = self._pours(charge_id)
            if confirmed:
                for one, part in pour(((month, space.get(month, 0)) for month in months), amount).items():
                    found[one].append(HeldDoubt(doubt_id, part, confirmed=True))
            elif months:
                found[months[0]].append(HeldDoubt(doubt_id, amount))
        return found


def _as_it_stood(
    records: AccountRecords,
    new: set[int],
    covered: Mapping[int, int],
    rule: AllocationRule,
    as_of: date,
    before: date | None,
) -> dict[int, _Stood]:
    """The charges of one account. `new` came with a list of that day or later: no prepayment has paid them by then.

    `before` is the day of the list before: what came in since is fresh.
    """
    old = tuple(charge for charge in records.charges if charge.id not in new)
    money = work_out(replace(records, charges=old), rule, as_of).charges
    earlier = {charge_id: one.waived + one.paid for charge_id, one in money.items()}
    if before is None:
        earlier = {}
    elif any(share.paid_on > before for share in records.shares) or any(w.on > before for w in records.waivers):
        then = replace(records.until(before), charges=old, settlements=records.settlements)
        earlier = {key: one.waived + one.paid for key, one in work_out(then, rule, before).charges.items()}
    if new:
        late = tuple(charge for charge in records.charges if charge.id in new)
        money |= work_out(replace(records, charges=late, shares=(), waivers=()), rule, as_of).charges
    found = {}
    for charge in records.charges:
        one = money[charge.id]
        relieved = one.waived + one.paid
        fresh = max(0, relieved - earlier.get(charge.id, 0))
        found[charge.id] = _Stood(charge.amount - one.lowered, relieved + covered.get(charge.id, 0), fresh)
    return found


def _held(
    charge: Charge, stood: _Stood | None, settlements: Sequence[HeldSettlement], doubts: Sequence[HeldDoubt]
) -> HeldCharge:
    if stood is None and not doubts:  # by far the most
        return HeldCharge(
            charge.id, charge.item, charge.period, charge.amount, charge.owed, charge.due_on, tuple(settlements)
        )
    stood = stood or _Stood(charge.owed)
    return HeldCharge(
        id=charge.id,
        item=charge.item,
        period=charge.period,
        amount=charge.amount,
        owed=stood.owed,
        due_on=charge.due_on,
        settlements=tuple(settlements),
        relieved=stood.relieved,
        fresh=stood.relieved if doubts else stood.fresh,
        since=stood.owed - charge.owed,
        doubts=tuple(doubts),
    )
