"""Charges gathered into accounts, one for each room; repeated rows and two owners of one room are refused here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from feedesk.models.accounts import remark_flags
from feedesk.models.arrears_list import FeeSpan, ListedAccount, ListedCharge, RejectCode
from feedesk.models.periods import Period
from feedesk.models.rooms import place_of

PLAIN_ROOM = re.compile(r"([1-9][0-9]?)(?:-[1-9][0-9]*)+")
"""Rooms such as 3-2-1502: already normal, their building is the first number, and they are like no other spelling.

Most rooms of most lists; telling them by one look saves half of the reading time.
"""
_STATE_WORTH_KNOWING = ("未收", "未交", "开发商", "未接")


@dataclass(slots=True)
class RowRead:
    """One row understood, before it is known whether it may be taken. Amounts in 分."""

    sheet: str
    row: int
    room: str
    building: str
    """Where the room is digits and dashes only; empty when `rooms.place_of` must tell."""
    name: str
    tenant: str
    charges: list[ListedCharge]
    salutation: str = ""
    phones: tuple[str, ...] = ()
    area: str = ""
    state: str = ""
    finance_number: str = ""
    remarks: tuple[str, ...] = ()
    late_fee: int = 0
    days: tuple[date | None, date | None] | None = None
    """Exact days of the charge, where the list gives days: two parts of a month are no repetition."""


Key = tuple[str, FeeSpan, tuple[int, ...] | None, tuple[date | None, date | None] | None]


@dataclass(slots=True)
class _Account:
    first: RowRead
    names: list[tuple[str, RowRead]]
    phones: dict[str, None]
    remarks: dict[str, None]
    charges: list[ListedCharge]
    keys: dict[Key, tuple[str, int]]
    late_fee: int
    rows: list[tuple[str, int]]


class Ledger:
    """The accounts of a list while it is read; keeps the order of the list."""

    def __init__(self) -> None:
        self._accounts: dict[str, RowRead | _Account] = {}
        self.several_sheets = False

    def take(self, row: RowRead) -> tuple[RejectCode, str] | None:
        """Add a row; when it may not be taken, nothing is added and the code and reason are returned."""
        held = self._accounts.get(row.room)
        if held is None:
            if row.charges:
                self._accounts[row.room] = row
            return None
        account = held if isinstance(held, _Account) else _opened(held)
        self._accounts[row.room] = account
        keys = _keys(row)
        where = (row.sheet, row.row)
        refused = self._refused(account, row, keys)
        if refused:
            return refused
        if not row.charges and not row.late_fee:
            return None
        if row.name and not account.names:
            account.names.append((row.name, row))
        account.phones.update(dict.fromkeys(row.phones))
        account.remarks.update(dict.fromkeys(row.remarks))
        account.charges.extend(row.charges)
        account.keys.update(dict.fromkeys(keys, where))
        account.late_fee += row.late_fee
        account.rows.append(where)
        return None

    def _refused(self, account: _Account, row: RowRead, keys: list[Key]) -> tuple[RejectCode, str] | None:
        if row.name and account.names:
            name, named_in = account.names[0]
            if "".join(name.split()) != "".join(row.name.split()):
                place = self.place(named_in.sheet, named_in.row)
                return (
                    RejectCode.TWO_OWNERS,
                    f"房号 {row.room} 有两个业主：{place}写“{name}”，本行写“{row.name}”，请核对是谁的欠费",
                )
        for key, charge in zip(keys, row.charges, strict=True):
            earlier = account.keys.get(key)
            if earlier is None:
                continue
            period = charge.period.text() if charge.period else "期间未写"
            place = self.place(*earlier)
            same = any(
                other.owed == charge.owed and (other.sheet, other.row) == earlier and other.item == charge.item
                for other in account.charges
            )
            more = "" if same else "，但金额不同，请核对是不是同一笔"
            return RejectCode.REPEATED, f"和{place}重复：{row.room} 的{charge.item}（{period}）已经列过{more}"
        return None

    def place(self, sheet: str, row: int) -> str:
        """「第 12 行」, with the sheet where the list has several."""
        return f"工作表“{sheet}”第 {row} 行" if self.several_sheets else f"第 {row} 行"

    def accounts(self) -> tuple[ListedAccount, ...]:
        """All accounts with their charges."""
        return tuple(
            _listed(account, account.first, account.charges, account.late_fee, account.rows)
            if isinstance(account, _Account)
            else _listed(None, account, account.charges, account.late_fee, [(account.sheet, account.row)])
            for account in self._accounts.values()
        )


def _keys(row: RowRead) -> list[Key]:
    return [(c.item, c.span, c.period.months if c.period else None, row.days) for c in row.charges]


def _opened(row: RowRead) -> _Account:
    """The account of a room at its second row."""
    where = (row.sheet, row.row)
    return _Account(
        first=row,
        names=[(row.name, row)] if row.name else [],
        phones=dict.fromkeys(row.phones),
        remarks=dict.fromkeys(row.remarks),
        charges=list(row.charges),
        keys=dict.fromkeys(_keys(row), where),
        late_fee=row.late_fee,
        rows=[where],
    )


def _listed(
    account: _Account | None, first: RowRead, charges: list[ListedCharge], late_fee: int, rows: list[tuple[str, int]]
) -> ListedAccount:
    name, named = account.names[0] if account and account.names else (first.name, first)
    phones = tuple(account.phones) if account else first.phones
    remarks = account.remarks if account else first.remarks
    remark = "；".join(remarks) if remarks else ""
    state = first.state
    telling = remark
    if state and any(word in state for word in _STATE_WORTH_KNOWING):
        telling = f"{remark}；{state}"
    return ListedAccount(
        room=first.room,
        building=first.building or place_of(first.room).building,
        name=name,
        salutation=first.salutation or named.salutation,
        tenant=named.tenant or first.tenant,
        phones=phones if len(phones) < 2 else tuple(dict.fromkeys(phones)),
        area=first.area,
        property_state=state,
        finance_number=first.finance_number,
        remark=remark,
        flags=remark_flags(telling) if telling else (),
        charges=tuple(charges) if len(charges) < 2 else _joined(charges),
        late_fee=late_fee,
        rows=tuple(rows),
    )


def _joined(charges: list[ListedCharge]) -> tuple[ListedCharge, ...]:
    """One charge for each item, span and period: parts of a month, or a fee in two columns, are added up."""
    marks = {(charge.item, charge.span, charge.period) for charge in charges}
    if len(marks) == len(charges):
        return tuple(charges)
    by_key: dict[tuple[str, FeeSpan, Period | None], ListedCharge] = {}
    for charge in charges:
        key = (charge.item, charge.span, charge.period)
        other = by_key.get(key)
        by_key[key] = charge if other is None else _sum(other, charge)
    return tuple(by_key.values())


def _sum(one: ListedCharge, other: ListedCharge) -> ListedCharge:
    days = [day for day in (one.due_on, other.due_on) if day]
    both = one.charged is not None and other.charged is not None
    received = one.received is not None or other.received is not None
    return ListedCharge(
        sheet=one.sheet,
        row=one.row,
        item=one.item,
        period=one.period,
        owed=one.owed + other.owed,
        due_on=min(days) if days else None,
        charged=(one.charged or 0) + (other.charged or 0) if both else None,
        received=(one.received or 0) + (other.received or 0) if received else None,
        span=one.span,
    )
