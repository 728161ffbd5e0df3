"""Accounts for the table and the panel, and the fields a clerk may change."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, overload

from feedesk.errors import BadInput
from feedesk.models.accounts import (
    Account,
    Action,
    Category,
    DebtorType,
    MarkKind,
    OwnerRow,
    Phone,
    PhoneState,
    Step,
    WorkGroup,
    remark_flags,
)
from feedesk.models.changes import Changes
from feedesk.models.charges import Charge, FeeItem, FeeKind
from feedesk.models.owner_filter import CHIP_RULES, Chip, OwnerFilter
from feedesk.models.store import balances, clerk_moves, filters, kin
from feedesk.models.store.session import Session, day, marks, moment, pieces
from feedesk.models.store.states import States
from feedesk.models.today import Household, WorkItem

ROW = (
    "account_id, owner_id, room, room_key, name, owed, oldest_due_on, period_text, category, step, debtor_type, mark,"
    " mark_text, strong, is_paid, is_former, next_at, next_has_time, next_text, last_at, last_text, work_group, why,"
    " action, limit_on, severity, staff_id"
)


_WINDOW = 48
"""A screenful and a half: every keystroke of a search waits for the first window, 50 µs a row."""
_WINDOWS_KEPT = 16


class OwnerRows(Sequence[OwnerRow]):
    """Rows in order. Only ids and sums are read at once; the rest follows in windows when rows are looked at, so that
    50,000 accounts cost little until scrolled to. To be used while the office is open.
    """

    def __init__(self, keys: list[tuple[int, int]], fetch: Callable[[Sequence[int]], dict[int, OwnerRow]]) -> None:
        self._keys = keys
        self._fetch = fetch
        self._windows: dict[int, list[OwnerRow]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> OwnerRow: ...
    @overload
    def __getitem__(self, index: slice) -> OwnerRows: ...
    def __getitem__(self, index: int | slice) -> OwnerRow | OwnerRows:
        if isinstance(index, slice):
            return OwnerRows(self._keys[index], self._fetch)
        place = range(len(self._keys))[index]
        return self._window(place // _WINDOW)[place % _WINDOW]

    def _window(self, number: int) -> list[OwnerRow]:
        if number not in self._windows:
            ids = [key[0] for key in self._keys[number * _WINDOW : (number + 1) * _WINDOW]]
            rows = self._fetch(ids)
            while len(self._windows) >= _WINDOWS_KEPT:
                del self._windows[next(iter(self._windows))]
            self._windows[number] = [rows[account_id] for account_id in ids]
        return self._windows[number]

    def ids(self) -> list[int]:
        """Account ids in order."""
        return [key[0] for key in self._keys]

    def total(self) -> int:
        """Sum owed in 分."""
        return sum(key[1] for key in self._keys)


def row_of(row: tuple[Any, ...], today: date) -> OwnerRow:
    """The record of one line of `account_state`."""
    due = day(row[6])
    return OwnerRow(
        account_id=row[0],
        owner_id=row[1],
        room=row[2],
        room_key=row[3],
        name=row[4],
        owed=row[5],
        overdue_days=max(0, (today - due).days) if due and row[5] else 0,
        oldest_due_on=due,
        period_text=row[7],
        category=Category(row[8]) if row[8] else None,
        step=Step(row[9]),
        debtor_type=DebtorType(row[10]),
        mark=MarkKind(row[11]),
        mark_text=row[12],
        strong=bool(row[13]),
        is_paid=bool(row[14]),
        is_former=bool(row[15]),
        next_at=moment(row[16]),
        next_has_time=bool(row[17]),
        next_text=row[18],
        last_at=moment(row[19]),
        last_text=row[20],
        group=WorkGroup(row[21]) if row[21] else None,
        why=row[22],
        action=Action(row[23]),
        limit_on=day(row[24]),
        severity=row[25],
        staff_id=row[26],
    )


class Accounts:
    """Reading accounts, and changing what is not a record of its own."""

    def __init__(self, session: Session, states: States) -> None:
        self._session = session
        self._states = states

    def rows(self, wanted: OwnerFilter, sort: str = "next", *, descending: bool = False) -> OwnerRows:
        """The rows of a filter; `sort` is a key of `filters.SORTS`."""
        where, values = filters.where(wanted, self._session.today())
        order = filters.order(sort, descending)
        found = self._session.conn.execute(
            f"SELECT account_id, owed FROM account_state WHERE {where} ORDER BY {order}", values
        )
        return OwnerRows(found.fetchall(), self.some)

    def some(self, account_ids: Collection[int]) -> dict[int, OwnerRow]:
        """The rows of these accounts by id."""
        found: dict[int, OwnerRow] = {}
        ids, today = list(account_ids), self._session.today()
        for part in pieces(ids):
            rows = self._session.conn.execute(
                f"SELECT {ROW} FROM account_state WHERE account_id IN ({marks(len(part))})", part
            )
            found.update({row[0]: row_of(row, today) for row in rows})
        return found

    def total(self, wanted: OwnerFilter) -> tuple[int, int]:
        """Number of accounts and sum owed in 分 of a filter."""
        where, values = filters.where(wanted, self._session.today())
        row = self._session.conn.execute(
            f"SELECT count(*), coalesce(sum(owed), 0) FROM account_state WHERE {where}", values
        ).fetchone()
        return int(row[0]), int(row[1])

    def counts(self, staff_id: int | None = None) -> dict[Chip, int]:
        """How many accounts each chip shows, by one look at the table; those of one clerk where one is given."""
        rows = self._session.conn.execute(
            "SELECT mark, is_paid, work_group IS NOT NULL, count(*) FROM account_state"
            " WHERE ?1 IS NULL OR staff_id = ?1 GROUP BY 1, 2, 3",
            (staff_id,),
        ).fetchall()
        return {
            chip: sum(
                count
                for mark, is_paid, in_worklist, count in rows
                if (not rule.marks or mark in rule.marks)
                and (rule.is_paid is None or rule.is_paid == bool(is_paid))
                and (in_worklist or not rule.in_worklist)
            )
            for chip, rule in CHIP_RULES.items()
        }

    def widest(self) -> tuple[str, int]:
        """The longest room and the largest sum owed in 分, for columns that must never cut them."""
        row = self._session.conn.execute("SELECT coalesce(max(owed), 0) FROM account_state").fetchone()
        room = self._session.conn.execute(
            "SELECT room FROM account_state ORDER BY length(room) DESC LIMIT 1"
        ).fetchone()
        return (room[0] if room else "", int(row[0]))

    def worklist(self) -> OwnerRows:
        """今日: everybody with something to do now, grouped and best first."""
        rows = self._session.conn.execute(
            "SELECT account_id, owed FROM account_state WHERE work_group IS NOT NULL ORDER BY priority,"
            " next_at IS NULL, next_at, owed DESC, room_key, account_id"
        )
        return OwnerRows(rows.fetchall(), self.some)

    def work_items(self, staff_id: int | None = None) -> list[WorkItem]:
        """今日 in the same order as `worklist`, with only what decides whom to call: 5,000 accounts in some 20 ms.

        Unit by unit: `models.today.one_per_owner` makes owners of them. Those of one clerk where one is given.
        """
        rows = self._session.conn.execute(
            "SELECT account_id, work_group, next_at, next_has_time FROM account_state WHERE work_group IS NOT NULL"
            " AND (?1 IS NULL OR staff_id = ?1)"
            " ORDER BY priority, next_at IS NULL, next_at, owed DESC, room_key, account_id",
            (staff_id,),
        )
        groups = {group.value: group for group in WorkGroup}
        return [WorkItem(a, groups[group], moment(at), bool(has_time)) for a, group, at, has_time in rows]

    def households(self) -> list[Household]:
        """Every owner of several units, for one call instead of one a unit."""
        return kin.households(self._session.conn, self._session.now())

    def buildings(self) -> list[str]:
        """Buildings the office knows, for the filter."""
        rows = self._session.conn.execute(
            "SELECT building FROM units WHERE building <> '' GROUP BY building ORDER BY min(room_key)"
        )
        return [row[0] for row in rows]

    def get(self, account_id: int) -> Account:
        """One account in full; raises `BadInput` when there is none of that id."""
        conn = self._session.conn
        found = conn.execute(
            "SELECT a.unit_id, u.building, u.area, a.name, a.salutation, a.tenant, a.since, a.until, a.remark,"
            " a.residence, u.property_kind, a.do_not_call, a.staff_id, coalesce(s.name, ''), a.finance_number,"
            " a.late_fee, a.owner_id, a.habit, a.attitude, a.sensitive, a.sensitive_until FROM accounts a JOIN units u ON u.id = a.unit_id"
            " LEFT JOIN staff s ON s.id = a.staff_id WHERE a.id = ?",
            (account_id,),
        ).fetchone()
        row = self.some([account_id]).get(account_id)
        if found is None or row is None:
            raise BadInput("找不到这一户，可能刚被改动。", "请刷新后再看。")
        siblings = conn.execute(
            f"SELECT {ROW} FROM account_state WHERE owner_id = ? AND account_id <> ? ORDER BY room_key",
            (found[16], account_id),
        )
        return Account(
            row=row,
            unit_id=found[0],
            building=found[1],
            area=found[2],
            name=found[3],
            salutation=found[4],
            tenant=found[5],
            since=day(found[6]),
            until=day(found[7]),
            phones=tuple(self._phones(account_id)),
            remark=found[8],
            flags=remark_flags(found[8]),
            residence=found[9],
            property_kind=found[10],
            do_not_call=bool(found[11]),
            staff_id=found[12],
            staff_name=found[13],
            finance_number=found[14],
            late_fee_fen=found[15],
            siblings=tuple(row_of(sibling, self._session.today()) for sibling in siblings),
            habit=found[17],
            attitude=found[18],
            sensitive=found[19],
            sensitive_until=day(found[20]),
        )

    def _phones(self, account_id: int) -> list[Phone]:
        rows = self._session.conn.execute(
            "SELECT id, number, holder, source, state FROM phones WHERE account_id = ? ORDER BY id", (account_id,)
        )
        return [Phone(i, number, holder, source, PhoneState(state)) for i, number, holder, source, state in rows]

    def charges(self, account_id: int) -> list[Charge]:
        """All charges of an account, oldest due first."""
        return list(balances.charges_of(self._session.conn, [account_id]))

    def charges_by_account(self, account_ids: Collection[int]) -> dict[int, list[Charge]]:
        """Charges of several accounts."""
        return balances.by_account(self._session.conn, account_ids)

    def fee_items(self) -> list[FeeItem]:
        """The office's list of fee items."""
        rows = self._session.conn.execute("SELECT id, name, kind FROM fee_items ORDER BY id")
        return [FeeItem(i, name, FeeKind(kind)) for i, name, kind in rows]

    def set_kind(self, item: FeeItem, kind: FeeKind) -> None:
        """Say what an item legally is."""
        with self._session.writing() as conn:
            conn.execute("UPDATE fee_items SET kind = ? WHERE id = ?", (kind, item.id))
            self._session.note("改收费项目性质", item.name, {"kind": kind})

    def same_person(self, account_id: int) -> list[OwnerRow]:
        """Accounts that may belong to the same owner: same name and a phone in common. A proposal, never a merge."""
        rows = self._session.conn.execute(
            f"SELECT {', '.join('t.' + c.strip() for c in ROW.split(','))} FROM accounts me JOIN accounts a"
            " ON a.name = me.name AND a.owner_id <> me.owner_id JOIN account_state t ON t.account_id = a.id"
            " WHERE me.id = ?1 AND me.name <> '' AND a.id IN (SELECT account_id FROM phones WHERE number IN"
            "  (SELECT number FROM phones WHERE account_id = ?1)) ORDER BY t.room_key",
            (account_id,),
        )
        return [row_of(row, self._session.today()) for row in rows]

    def join(self, account_ids: Sequence[int]) -> Changes:
        """One owner from now on: one letter, one call, one clerk; 勿电 and 暂不联系 of one unit hold for all. Debts stay
        apart.
        """
        with self._session.writing() as conn:
            ids = kin.units(conn, account_ids)
            (owner_id,) = conn.execute("SELECT owner_id FROM accounts WHERE id = ?", (account_ids[0],)).fetchone()
            conn.executemany("UPDATE accounts SET owner_id = ? WHERE id = ?", [(owner_id, a) for a in ids])
            kin.share_wish(self._session, ids)
            clerk_moves.to_one_clerk(self._session, ids)
            self._session.note("合并为一位业主", f"{len(ids)} 户", {"accounts": sorted(ids)})
            touched = self._states.refresh(ids)
        return Changes(touched.union(ids))

    def groups(self, account_ids: Sequence[int]) -> dict[int, kin.Belonging]:
        """Who belongs to whom now, for taking a `join` of these back by `regroup`."""
        return kin.groups(self._session.conn, account_ids)

    def regroup(self, before: dict[int, kin.Belonging]) -> Changes:
        """Take a `join` back: every account to the owner it had, with the 勿电 and the clerk it had; who was
        given to another clerk since stays there.
        """
        with self._session.writing():
            kin.regroup(self._session, before)
            clerk_moves.give_back(self._session, {one: belonging.staff_id for one, belonging in before.items()})
            self._session.note("撤销合并", f"{len(before)} 户", {"accounts": sorted(before)})
            touched = self._states.refresh(before)
        return Changes(touched.union(before))

    def part(self, account_id: int) -> Changes:
        """Take an account out of its owner's group."""
        with self._session.writing() as conn:
            ids = kin.units(conn, [account_id])
            owner = conn.execute("INSERT INTO owners DEFAULT VALUES").lastrowid
            conn.execute("UPDATE accounts SET owner_id = ? WHERE id = ?", (owner, account_id))
            self._session.note("拆出一户", f"户 {account_id}")
            touched = self._states.refresh(ids)
        return Changes(touched.union(ids))

    def set_do_not_call(self, account_id: int, value: bool) -> Changes:
        """勿电: written channels only, by the owner's wish; for all units of the owner."""
        with self._session.writing() as conn:
            ids = kin.set_do_not_call(conn, [account_id], value)
            self._session.note("改勿电标记", f"{len(ids)} 户", {"accounts": sorted(ids), "value": value})
            touched = self._states.refresh(ids)
        return Changes(touched.union(ids))

    def add_phone(self, account_id: int, number: str, holder: str, source: str) -> Changes:
        """A further number; its source is one of law §13.8's list."""
        if not any(char.isdigit() for char in number):
            raise BadInput("号码里没有数字，没有添加。", "请核对号码。")
        with self._session.writing() as conn:
            try:
                conn.execute(
                    "INSERT INTO phones (account_id, number, holder, source) VALUES (?, ?, ?, ?)",
                    (account_id, number.strip(), holder.strip() or "本人", source),
                )
            except sqlite3.IntegrityError as error:
                raise BadInput("这一户已有这个号码，没有再添加。", "") from error
            self._session.note("添加号码", f"户 {account_id}", {"source": source})
            touched = self._states.refresh([account_id])
        return Changes(touched | {account_id})

    def _set(self, account_id: int, columns: str, values: tuple[object, ...], what: str) -> Changes:
        with self._session.writing() as conn:
            conn.execute(f"UPDATE accounts SET {columns} WHERE id = ?", (*values, account_id))
            self._session.note(what, f"户 {account_id}", {"set": columns, "values": [str(v) for v in values]})
            touched = self._states.refresh([account_id])
        return Changes(touched | {account_id})

    def hold_line(self, charge_id: int, reason: str) -> Changes:
        """Hold one charge out of notices (a reason), or let it go again (an empty text)."""
        with self._session.writing() as conn:
            conn.execute("UPDATE charges SET hold = ? WHERE id = ?", (reason.strip(), charge_id))
            (account_id,) = conn.execute("SELECT account_id FROM charges WHERE id = ?", (charge_id,)).fetchone()
            self._session.note("暂缓一笔" if reason else "恢复一笔", f"收费 {charge_id}", {"reason": reason})
            touched = self._states.refresh([account_id])
        return Changes(touched | {account_id})
