"""The accounts while a statement is matched: what is open of each, and by what they can be found. Amounts in 分."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import IntEnum

from feedesk.models.payer_clues import NameIndex, by_tail, people_of
from feedesk.models.room_mentions import RoomIndex
from feedesk.models.statements import MatchShare, Payee, StatementLine, Taken

_SAME_DAYS = 3
"""A payment booked by hand and its line on the statement may be so many days apart."""


class Fit(IntEnum):
    """How the amount stands to what is owed."""

    NOTHING_OWED = 0
    OVER = 1
    PART = 2
    HALF = 3
    ONE_CHARGE = 4
    IN_LIST = 5
    WITH_LATE_FEE = 6
    EXACT = 7

    @property
    def whole(self) -> bool:
        """The amount is one that was asked for."""
        return self >= Fit.IN_LIST


class Directory:
    """The ways to find accounts: by room, owner, name and phone. Made once for many runs while nobody moves."""

    def __init__(self, payees: Sequence[Payee]) -> None:
        self._of = _found_by(payees)
        self.by_room: dict[str, list[int]] = defaultdict(list)
        self.by_owner: dict[int, list[int]] = defaultdict(list)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for place, payee in enumerate(payees):
            self.by_room[payee.room].append(place)
            self.by_owner[payee.owner_id].append(place)
            for person in people_of(payee.name):
                self.by_name[person].append(place)
        self.rooms = RoomIndex(self.by_room)
        self.names = NameIndex(frozenset(self.by_name))
        self.by_tail = by_tail([(place, payee.phones) for place, payee in enumerate(payees)])

    def leads_to(self, payees: Sequence[Payee]) -> bool:
        """Whether it was made of these accounts, whatever they owe by now."""
        return self._of == _found_by(payees)


def _found_by(payees: Sequence[Payee]) -> list[tuple[int, int, str, str, tuple[str, ...]]]:
    return [(payee.account_id, payee.owner_id, payee.room, payee.name, payee.phones) for payee in payees]


class Book:
    """The accounts with what is open of each while lines are read, and the ways to find them."""

    def __init__(
        self,
        payees: Sequence[Payee],
        today: date | None,
        taken: Sequence[Taken],
        late_fee_on: Callable[[int, date], int] | None,
        parts_of: Callable[[int], Sequence[tuple[str, int]]] | None,
        directory: Directory,
    ) -> None:
        self.payees = payees
        self.today = today
        self.taken = taken
        self._late_fee_on = late_fee_on
        self._parts_of = parts_of
        self.owed = [payee.owed for payee in payees]
        self.settled = [list(payee.settled) for payee in payees]
        self.by_room, self.by_owner, self.by_name = directory.by_room, directory.by_owner, directory.by_name
        self.rooms, self.names, self.by_tail = directory.rooms, directory.names, directory.by_tail
        self._fees: dict[tuple[int, date], int] = {}
        self._parts: dict[int, Sequence[tuple[str, int]]] = {}
        self._by_amount: dict[int, list[int]] = defaultdict(list)
        for place, payee in enumerate(payees):
            if payee.owed:
                self._by_amount[payee.owed].append(place)
            for _, amount in payee.settled:
                self._by_amount[amount].append(place)

    def fit(self, line: StatementLine, places: Sequence[int]) -> Fit:
        """How the line's amount stands to what these accounts owe together."""
        asked = self._asked_for(line, places)
        if asked:
            return asked
        owed = sum(self.owed[place] for place in places)
        if not owed:
            return Fit.NOTHING_OWED
        if line.amount > owed:
            return Fit.OVER
        if len(places) == 1 and self.part(line, places[0]):
            return Fit.ONE_CHARGE
        return Fit.HALF if abs(2 * line.amount - owed) <= 1 else Fit.PART

    def is_whole(self, line: StatementLine, places: Sequence[int]) -> bool:
        """Whether the amount is one that was asked for; quicker than `fit`, which looks at single charges too."""
        return self._asked_for(line, places) is not None

    def _asked_for(self, line: StatementLine, places: Sequence[int]) -> Fit | None:
        if len(places) == 1 and self._in_list(line, places[0]) is not None:
            return Fit.IN_LIST
        owed = sum(self.owed[place] for place in places)
        if not owed or line.amount < owed:
            return None
        if line.amount == owed:
            return Fit.EXACT
        fee = sum(self.late_fee(place, line.paid_on) for place in places)
        return Fit.WITH_LATE_FEE if fee and line.amount == owed + fee else None

    def _in_list(self, line: StatementLine, place: int) -> tuple[date, int] | None:
        """The settlement by a list of that day or later that this payment explains."""
        return next((own for own in self.settled[place] if own[0] >= line.paid_on and own[1] == line.amount), None)

    def late_fee(self, place: int, day: date) -> int:
        """Open late fee of an account as of a day, in 分."""
        payee = self.payees[place]
        if self._late_fee_on is None:
            return payee.late_fee
        fee = self._fees.get((place, day))
        if fee is None:
            fee = self._fees[place, day] = self._late_fee_on(payee.account_id, day)
        return fee

    def part(self, line: StatementLine, place: int) -> str:
        """The label of what can be paid by itself and costs just this; empty when there is nothing like it."""
        if self._parts_of is None:
            return ""
        parts = self._parts.get(place)
        if parts is None:
            parts = self._parts[place] = self._parts_of(self.payees[place].account_id)
        return next((label for label, amount in parts if amount == line.amount), "")

    def is_before_list(self, line: StatementLine, places: Sequence[int]) -> bool:
        """Whether finance's list may already contain the payment."""
        days = [day for place in places if (day := self.payees[place].listed_on)]
        return bool(days) and line.paid_on <= max(days)

    def owing(self, amount: int, line: StatementLine) -> list[int]:
        """Accounts of which exactly this amount is open now, or was settled by a list the line stands before."""
        return [place for place in dict.fromkeys(self._by_amount.get(amount, ())) if self.is_whole(line, [place])]

    def shares(self, line: StatementLine, places: Sequence[int], fit: Fit) -> tuple[MatchShare, ...]:
        """The amount spread over the accounts: each what it owes, in their order; what is left over to the first."""
        left = line.amount
        parts = []
        for place in places:
            late_fee = self.late_fee(place, line.paid_on) if fit is Fit.WITH_LATE_FEE else 0
            parts.append(min(left, self.owed[place] + late_fee))
            left -= parts[-1]
        parts[0] += left
        return tuple(
            MatchShare(self.payees[place].account_id, self.payees[place].room, part)
            for place, part in zip(places, parts, strict=True)
            if part
        )

    def take(self, line: StatementLine, places: Sequence[int], shares: Iterable[MatchShare], fit: Fit) -> None:
        """What an earlier line pays is no longer open for a later one."""
        if fit is Fit.IN_LIST:
            own = self._in_list(line, places[0])
            self.settled[places[0]] = [other for other in self.settled[places[0]] if other is not own]
            return
        paid = {share.account_id: share.amount for share in shares}
        for place in places:
            self.owed[place] -= min(paid.get(self.payees[place].account_id, 0), self.owed[place])
            if self.owed[place]:
                self._by_amount[self.owed[place]].append(place)

    def same_money(self, line: StatementLine, places: Sequence[int]) -> Taken | None:
        """A payment booked by hand that this line seems to be; without `places`, only by its number."""
        ids = {self.payees[place].account_id for place in places}
        for taken in self.taken:
            if taken.amount != line.amount:
                continue
            if line.reference and taken.reference == line.reference:
                return taken
            if ids & set(taken.account_ids) and abs((taken.paid_on - line.paid_on).days) <= _SAME_DAYS:
                return taken
        return None
