"""Charges gathered into accounts, one for each room; repeated rows and two owners of one room are refused here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from feedesk.models.accounts import remark_flags
from feedesk.models.arrears_list import FeeSpan, ListedAccount, ListedCharge, RejectCode
from feedesk.models.periods import Period
from feedesk.models.rooms import place_of

_STATE_WORTH_KNOWING = ("未收", "未交", "开发商", "未接")


@dataclass(slots=True)
class RowRead:
    """One row understood, before it is known whether it may be taken. Amounts in 分."""

    sheet: str
    row: int
    room: str
    name: str
    tenant: str
    salutation: str = ""
    phones: tuple[str, ...] = ()
    area: str = ""
    state: str = ""
    finance_number: str = ""
    remarks: list[str] = field(default_factory=list)
    charges: list[ListedCharge] = field(default_factory=list)
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
        self._accounts: dict[str, _Account] = {}
        self.several_sheets = False

    def take(self, row: RowRead) -> tuple[RejectCode, str] | None:
        """Add a row; when it may not be taken, nothing is added and the code and reason are returned."""
        keys = [(c.item, c.span, c.period.months if c.period else None, row.days) for c in row.charges]
        account = self._accounts.get(row.room)
        where = (row.sheet, row.row)
        if account is None:
            if row.charges:
                self._accounts[row.room] = _Account(
                    first=row,
                    names=[(row.name, row)] if row.name else [],
                    phones=dict.fromkeys(row.phones),
                    remarks=dict.fromkeys(row.remarks),
                    charges=row.charges,
                    keys=dict.fromkeys(keys, where),
                    late_fee=row.late_fee,
                    rows=[where],
                )
            return None
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

    def rooms(self) -> tuple[str, ...]:
        """Rooms taken so far, in the order of the list."""
        return tuple(self._accounts)

    def accounts(self) -> tuple[ListedAccount, ...]:
        """All accounts with their charges."""
        return tuple(_listed(account) for account in self._accounts.values())


def _listed(account: _Account) -> ListedAccount:
    first = account.first
    name, named = account.names[0] if account.names else ("", first)
    remark = "；".join(account.remarks)
    state = first.state
    telling = f"{remark}；{state}" if any(word in state for word in _STATE_WORTH_KNOWING) else remark
    return ListedAccount(
        room=first.room,
        building=place_of(first.room).building,
        name=name,
        salutation=first.salutation or named.salutation,
        tenant=named.tenant or first.tenant,
        phones=tuple(account.phones),
        area=first.area,
        property_state=state,
        finance_number=first.finance_number,
        remark=remark,
        flags=remark_flags(telling) if telling else (),
        charges=tuple(account.charges) if len(account.charges) < 2 else _joined(account.charges),
        late_fee=account.late_fee,
        rows=tuple(account.rows),
    )


def _joined(charges: list[ListedCharge]) -> tuple[ListedCharge, ...]:
    """One charge for each item, span and period: parts of a month, or a fee in two columns, are added up."""
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
