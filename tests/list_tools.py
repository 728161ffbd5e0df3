"""A finance list and the books of an office in few words, for tests of what a list means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from feedesk.models.arrears_list import ListedAccount, ListedCharge, Reading, Rejected
from feedesk.models.import_plan import (
    HeldAccount,
    HeldCharge,
    HeldDoubt,
    HeldOffice,
    HeldSettlement,
    ImportPlan,
    PlanOptions,
    UnitChange,
)
from feedesk.models.periods import Period
from feedesk.models.rooms import place_of

OCT = PlanOptions(as_of=date(2026, 10, 31))
NOV = PlanOptions(as_of=date(2026, 11, 30))
FEE, WATER = "管理费", "水费"


def charge(owed: int, months: str = "", item: str = FEE, due_on: date | None = None) -> ListedCharge:
    return ListedCharge("表", 2, item, Period.parse(months) if months else None, owed, due_on)


def unit(room: str, *charges: ListedCharge, name: str = "张三", phones: tuple[str, ...] = ()) -> ListedAccount:
    building = place_of(room).building
    return ListedAccount(room, building, name, "", "", phones, "", "", "", "", (), charges)


def listing(*accounts: ListedAccount, sha: str = "a", rejected: tuple[Rejected, ...] = ()) -> Reading:
    return Reading("清单.xlsx", sha, "", None, None, (), accounts, rejected, (), (), ())


@dataclass
class Ledger:
    """A little office file in memory: applies plans as the store does."""

    accounts: list[HeldAccount] = field(default_factory=list)
    imported: dict[str, date] = field(default_factory=dict)
    _ids: int = 0

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def held(self) -> HeldOffice:
        last = max(self.imported.values(), default=None)
        return HeldOffice(tuple(self.accounts), last, dict(self.imported))

    def put(
        self,
        room: str,
        *charges: tuple[int, str] | tuple[int, str, str],
        name: str = "张三",
        phones: tuple[str, ...] = (),
    ) -> Ledger:
        own = tuple(self._charge(each[0], each[1], each[2] if len(each) == 3 else FEE) for each in charges)
        building = place_of(room).building
        self.accounts.append(HeldAccount(self.next_id(), self.next_id(), room, building, name, phones, True, own))
        return self

    def _charge(self, amount: int, months: str, item: str) -> HeldCharge:
        return HeldCharge(self.next_id(), item, Period.parse(months) if months else None, amount, amount, None)

    def apply(self, plan: ImportPlan) -> Ledger:
        assert plan.before == self.held().owed
        for change in plan.changes:
            self._apply_unit(change)
        self.imported.pop(plan.reading.sha256, None)
        self.imported[plan.reading.sha256] = plan.options.as_of
        assert plan.after == self.held().owed
        return self

    def _apply_unit(self, change: UnitChange) -> None:
        settles = {settle.charge_id: settle.amount for settle in change.settles}
        backs = {back.settlement_id: back.amount for back in change.take_backs}
        assert len(settles) == len(change.settles) and len(backs) == len(change.take_backs)
        adds = tuple(
            HeldCharge(self.next_id(), add.item, add.period, add.amount, add.amount, add.due_on) for add in change.adds
        )
        mine = [account for account in self.accounts if account.room == change.room]
        current = next((account for account in mine if account.is_current), None)
        for account in mine:
            charges = tuple(self._doubted(self._moved(held, settles, backs), change) for held in account.charges)
            if account is current:
                if change.owner_changed:
                    account = replace(account, is_current=False)
                else:
                    charges += adds
                    account = replace(account, name=change.name_after)
            self._put_back(replace(account, charges=charges))
        if change.listed and (current is None or change.owner_changed):
            unit_id = mine[0].unit_id if mine else self.next_id()
            self.accounts.append(
                HeldAccount(
                    self.next_id(),
                    unit_id,
                    change.room,
                    change.building,
                    change.name_after,
                    change.listed.phones,
                    True,
                    adds,
                )
            )
        assert not settles and not backs, "an operation names a charge of another unit"

    def _put_back(self, account: HeldAccount) -> None:
        place = next(i for i, known in enumerate(self.accounts) if known.account_id == account.account_id)
        self.accounts[place] = account

    def _moved(self, held: HeldCharge, settles: dict[int, int], backs: dict[int, int]) -> HeldCharge:
        owed = held.owed
        kept = []
        for settlement in held.settlements:
            back = backs.pop(settlement.id, 0)
            assert 0 <= back <= settlement.amount
            owed += back
            if settlement.amount > back:
                kept.append(replace(settlement, amount=settlement.amount - back))
        settled = settles.pop(held.id, 0)
        if settled:
            owed -= settled
            kept.append(HeldSettlement(self.next_id(), held.id, settled))
        assert 0 <= owed <= held.amount
        return replace(held, owed=owed, settlements=tuple(kept))

    def _doubted(self, held: HeldCharge, change: UnitChange) -> HeldCharge:
        kept = [doubt for doubt in held.doubts if doubt.id not in change.closed_doubts]
        for doubt in change.doubts:
            if doubt.charge_id == held.id:
                assert 0 <= doubt.confirmed <= doubt.amount <= held.relieved
                if not doubt.stands:
                    kept.append(HeldDoubt(self.next_id(), doubt.unsettled))
                assert sum(each.amount for each in kept if not each.confirmed) == doubt.unsettled
        return replace(held, doubts=tuple(kept))

    def pay(self, room: str, amount: int) -> int:
        """A payment on record before the list's day, oldest months first; returns what no charge needs."""
        for account in [account for account in self.accounts if account.room == room]:
            paid = []
            for held in account.charges:
                part = min(amount, held.owed)
                amount -= part
                paid.append(
                    replace(held, owed=held.owed - part, relieved=held.relieved + part, fresh=held.relieved + part)
                )
            self._put_back(replace(account, charges=tuple(paid)))
        return amount

    def owed(self, room: str, item: str | None = None) -> int:
        return sum(
            held.owed
            for account in self.accounts
            if account.room == room
            for held in account.charges
            if item in (None, held.item)
        )


def only(plan: ImportPlan) -> UnitChange:
    (change,) = plan.changes
    return change


def moves(change: UnitChange) -> tuple[list[tuple[int, str]], list[int], list[int]]:
    """Adds as (amount, months), settled amounts, amounts taken back."""
    return (
        [(add.amount, add.period.iso() if add.period else "") for add in change.adds],
        [settle.amount for settle in change.settles],
        [back.amount for back in change.take_backs],
    )
