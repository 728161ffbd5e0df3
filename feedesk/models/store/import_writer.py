"""Writes the rows of a confirmed import plan in bulk, inside the transaction of `Imports.apply`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from feedesk.models import rooms
from feedesk.models.charges import guess_kind
from feedesk.models.store import balances

if TYPE_CHECKING:
    from feedesk.models.arrears_list import ListedAccount
    from feedesk.models.import_plan import ImportPlan, UnitChange


class ImportWriter:
    """Collects the rows of a plan and writes them in bulk; ids are taken in order, inside the transaction."""

    def __init__(self, conn: sqlite3.Connection, plan: ImportPlan, import_id: int, stamp: str) -> None:
        self._conn = conn
        self._as_of = plan.options.as_of.isoformat()
        self._import_id = import_id
        self._stamp = stamp
        self._items: dict[str, int] = {
            name: item_id for item_id, name in conn.execute("SELECT id, name FROM fee_items")
        }
        self._ids = {
            table: int(conn.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
            for table in ("units", "owners", "accounts")
        }
        self._charge_of = dict(conn.execute("SELECT id, charge_id FROM settlements"))
        self.touched: set[int] = set()
        self.settled: set[int] = set()
        self.spoken_of: set[int] = set()
        """Accounts the list says something of; a row that could not be read says nothing."""
        self._units: list[tuple[object, ...]] = []
        self._owners: list[tuple[object, ...]] = []
        self._accounts: list[tuple[object, ...]] = []
        self._phones: list[tuple[object, ...]] = []
        self._charges: list[tuple[object, ...]] = []
        self._settlements: list[tuple[object, ...]] = []
        self._facts: list[tuple[object, ...]] = []
        self._doubts: list[tuple[object, ...]] = []
        self._closed: list[tuple[object, ...]] = []
        self.doubted: dict[int, int] = {}
        """What the list names although it is held as paid, in 分 by account."""
        self._ended: list[tuple[object, ...]] = []
        self._areas: list[tuple[object, ...]] = []
        self._owner_of = dict(conn.execute("SELECT id, account_id FROM charges"))

    def take(self, change: UnitChange) -> None:
        """Collect what one unit needs."""
        account_id = change.account_id
        unit_id = change.unit_id
        listed = change.listed
        if unit_id is None:
            unit_id = self._next("units")
            area = listed.area if listed else ""
            self._units.append((unit_id, change.room, rooms.room_key(change.room), change.building, area))
        if listed is not None and (account_id is None or change.owner_changed):
            if account_id is not None:
                self._ended.append((self._as_of, self._import_id, account_id))
                self.touched.add(account_id)
                self.spoken_of.add(account_id)
            account_id = self._new_account(unit_id, listed, since=self._as_of if change.owner_changed else None)
        elif listed is not None and account_id is not None:
            name = listed.name if change.renames else None
            if listed.area:
                self._areas.append((listed.area, unit_id))
            self._facts.append(
                (name, listed.salutation, listed.tenant, listed.remark, listed.finance_number, listed.late_fee,
                 account_id)
            )  # fmt: skip
        if account_id is not None:
            self.touched.add(account_id)
            if listed is not None:
                self.spoken_of.add(account_id)
            for number in listed.phones if listed else ():
                self._phones.append((account_id, number))
        for add in change.adds:
            period = balances.period_columns(add.period)
            self._charges.append(
                (account_id, self._item(add.item), *period, add.amount, add.due_on.isoformat() if add.due_on else None,
                 int(add.due_is_assumed), int(add.is_lump), self._import_id, add.sheet, add.row)
            )  # fmt: skip
        for settle in change.settles:
            owner = self._owner_of[settle.charge_id]
            self.touched.add(owner)
            self.settled.add(owner)
            self.spoken_of.add(owner)
            self._settlements.append((settle.charge_id, settle.amount, self._as_of, self._import_id, None))
        for back in change.take_backs:
            charge_id = self._charge_of[back.settlement_id]
            self.touched.add(self._owner_of[charge_id])
            self._settlements.append((charge_id, -back.amount, self._as_of, self._import_id, back.settlement_id))
        self._take_doubts(change)

    def _take_doubts(self, change: UnitChange) -> None:
        for doubt in change.doubts:
            owner = self._owner_of[doubt.charge_id]
            self.touched.add(owner)
            self.spoken_of.add(owner)
            self.doubted[owner] = self.doubted.get(owner, 0) + doubt.amount
            if not doubt.stands:
                self._doubts.append((owner, doubt.charge_id, self._import_id, doubt.unsettled, self._stamp))
        why = f"财务清单（截至 {self._as_of}）" + ("另列了金额" if change.unsettled else "已不再列")
        for doubt_id in change.closed_doubts:
            self._closed.append((self._stamp, why, doubt_id))

    def _new_account(self, unit_id: int, listed: ListedAccount, since: str | None) -> int:
        account_id = self._next("accounts")
        owner_id = self._next("owners")
        self._owners.append((owner_id,))
        self._accounts.append(
            (account_id, unit_id, owner_id, listed.name, listed.salutation, listed.tenant, since,
             listed.property_state, listed.remark, listed.finance_number, listed.late_fee, self._import_id)
        )  # fmt: skip
        return account_id

    def _item(self, name: str) -> int:
        if name not in self._items:
            cursor = self._conn.execute("INSERT INTO fee_items (name, kind) VALUES (?, ?)", (name, guess_kind(name)))
            self._items[name] = int(cursor.lastrowid or 0)
        return self._items[name]

    def _next(self, table: str) -> int:
        self._ids[table] += 1
        return int(self._ids[table])

    def flush(self) -> None:
        """Write everything collected, parents first."""
        run = self._conn.executemany
        run("INSERT INTO units (id, room, room_key, building, area) VALUES (?, ?, ?, ?, ?)", self._units)
        run("UPDATE units SET area = ? WHERE id = ?", self._areas)
        run("INSERT INTO owners (id) VALUES (?)", self._owners)
        run("UPDATE accounts SET until = ?, ended_by = ? WHERE id = ?", self._ended)
        run(
            "INSERT INTO accounts (id, unit_id, owner_id, name, salutation, tenant, since, residence, remark,"
            " finance_number, late_fee, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._accounts,
        )
        run(
            "UPDATE accounts SET name = coalesce(?1, name), salutation = iif(?2 = '', salutation, ?2),"
            " tenant = iif(?3 = '', tenant, ?3), remark = iif(?4 = '', remark, ?4),"
            " finance_number = iif(?5 = '', finance_number, ?5), late_fee = ?6 WHERE id = ?7",
            self._facts,
        )
        run("INSERT OR IGNORE INTO phones (account_id, number) VALUES (?, ?)", self._phones)
        run(
            "INSERT INTO charges (account_id, item_id, period_from, period_to, months, amount, due_on, due_is_assumed,"
            " is_lump, import_id, sheet, row) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._charges,
        )
        run(
            "INSERT INTO settlements (charge_id, amount, as_of, import_id, undoes) VALUES (?, ?, ?, ?, ?)",
            self._settlements,
        )
        for row in self._closed:
            ((account_id,),) = self._conn.execute(
                "UPDATE payment_doubts SET closed_at = ?, closed_why = ? WHERE id = ? RETURNING account_id", row
            ).fetchall()
            self.touched.add(account_id)
        run(
            "INSERT INTO payment_doubts (account_id, charge_id, import_id, amount, at) VALUES (?, ?, ?, ?, ?)",
            self._doubts,
        )
