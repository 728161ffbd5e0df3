"""Whatever is kept, booked, put aside and reversed in whatever order: no line pays twice, and proposals follow."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from feedesk.errors import BadInput
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.statements import (
    Confidence,
    Direction,
    KeptLine,
    LineState,
    StatementKind,
    StatementLine,
    StatementReading,
    StatementTable,
)
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound

ROOMS = ("1-1-101", "1-1-102", "2-1-201")
NAMES = ("林晓岚", "何敏", "林晓岚")
AMOUNTS = (10_000, 15_000, 30_001, 5_000)


def transaction(number: int, amount: int, memo: str, payer: str, day: int, void: str) -> StatementLine:
    """A transaction of the bank: the same number is the same transaction in every file."""
    return StatementLine(
        number, datetime(2026, 11, day), False, Direction.IN, amount, payer, "", memo, f"20261100{number:04d}",
        PayMethod.TRANSFER, void, f"key{number}",
    )  # fmt: skip


POOL = [
    transaction(
        number,
        AMOUNTS[number % 4],
        (ROOMS[number % 3], "物业费", "1-1-101 1-1-102", "转账")[number % 4],
        ("某某", *NAMES)[number % 4],
        1 + number % 9,
        "已全额退款" if number % 7 == 0 else "",
    )
    for number in range(1, 15)
]


class Reconciling(RuleBasedStateMachine):
    """Weeks at the desk where statements are reconciled."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock(datetime(2026, 11, 10, 9, 0))
        self.office = new_office(Path(self.folder.name), self.clock)
        self.as_of = date(2026, 10, 31)
        self.files = 0
        self.take_a_list([30_001, 15_000, 10_000])

    def teardown(self) -> None:
        self.office.close()
        self.folder.cleanup()

    def lines(self, *states: LineState) -> list[KeptLine]:
        return self.office.statements.lines(states=states or None)

    @rule(owed=st.lists(st.sampled_from((0, 5_000, 10_000, 20_000, 40_000)), min_size=3, max_size=3))
    def take_a_list(self, owed: list[int]) -> None:
        self.as_of += timedelta(days=1)
        self.clock.forward(days=1)
        homes = [
            listed(room, name, ("管理费", "2026-07..2026-09", amount))
            for room, name, amount in zip(ROOMS, NAMES, owed, strict=True)
            if amount
        ]
        if homes:
            import_list(self.office, *homes, as_of=self.as_of, file=f"{self.as_of}.xlsx")

    @rule(chosen=st.lists(st.sampled_from(POOL), min_size=1, max_size=8, unique_by=lambda line: line.line))
    def keep(self, chosen: list[StatementLine]) -> None:
        self.clock.forward(minutes=1)
        self.files += 1
        known = {one.line.key for one in self.lines()}
        self.office.statements.keep(
            StatementReading(
                f"{self.files}.csv", f"sha{self.files}", StatementKind.BANK, "", "", StatementTable((), (), (), 1),
                tuple(chosen),
            )
        )  # fmt: skip
        assert {one.line.key for one in self.lines()} == known | {line.key for line in chosen}

    @rule()
    def book_what_is_sure(self) -> None:
        self.clock.forward(minutes=1)
        sure = [one.id for one in self.lines(LineState.OPEN) if one.match.confidence is Confidence.SURE]
        self.office.statements.book_all()
        assert {self.office.statements.line(one).state for one in sure} <= {LineState.BOOKED}

    @precondition(lambda self: self.lines())
    @rule(data=st.data())
    def book_one(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        one = data.draw(st.sampled_from(self.lines()))
        account_id = data.draw(st.sampled_from(sorted(ids_by_room(self.office).values())))
        parts = [PaymentShare(account_id, one.line.amount)]
        if one.state is LineState.OPEN:
            self.office.statements.book(one.id, parts, prepay_agreed=True)
            return
        try:
            self.office.statements.book(one.id, parts, prepay_agreed=True)
        except BadInput as refused:
            assert "没有" in refused.text
        else:
            raise AssertionError("a line that is not open was booked")

    @precondition(lambda self: self.lines(LineState.OPEN))
    @rule(data=st.data())
    def put_aside(self, data: st.DataObject) -> None:
        self.office.statements.dismiss(data.draw(st.sampled_from(self.lines(LineState.OPEN))).id, "不是物业费")

    @precondition(lambda self: self.lines(LineState.DISMISSED))
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        self.office.statements.reopen(data.draw(st.sampled_from(self.lines(LineState.DISMISSED))).id)

    @precondition(lambda self: self.lines(LineState.BOOKED))
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        one = data.draw(st.sampled_from(self.lines(LineState.BOOKED)))
        assert one.payment_id
        self.office.payments.reverse(one.payment_id, "记错户")
        # a refund that came to light after the booking makes it void, else it waits again
        assert self.office.statements.line(one.id).state in (LineState.OPEN, LineState.DISMISSED)

    @rule(
        place=st.integers(0, 2), amount=st.sampled_from(AMOUNTS), by=st.sampled_from((PayMethod.CASH, PayMethod.WECHAT))
    )
    def take_by_hand(self, place: int, amount: int, by: PayMethod) -> None:
        self.clock.forward(minutes=1)
        account_id = ids_by_room(self.office).get(ROOMS[place])
        if account_id:
            share = PaymentShare(account_id, amount)
            self.office.payments.take(PaymentDraft(self.clock().date(), amount, by, (share,), prepay_agreed=True))

    @invariant()
    def no_line_pays_twice(self) -> None:
        conn = self.office.session.conn
        (twice,) = conn.execute(
            "SELECT count(*) FROM (SELECT line_id FROM live_payments WHERE line_id IS NOT NULL GROUP BY line_id"
            " HAVING count(*) > 1)"
        ).fetchone()
        assert twice == 0
        booked = {one.id: one.line.amount for one in self.lines(LineState.BOOKED)}
        rows = conn.execute("SELECT line_id, amount FROM live_payments WHERE line_id IS NOT NULL")
        assert dict(rows) == booked

    @invariant()
    def proposals_are_those_of_now(self) -> None:
        before = self._proposals()
        self.office.statements.rematch()
        assert self._proposals() == before, "they follow by themselves, through whatever door balances changed"
        assert {row[0] for row in before} <= {one.id for one in self.lines(LineState.OPEN)}

    @invariant()
    def the_file_is_sound(self) -> None:
        assert_sound(self.office)

    def _proposals(self) -> list[tuple[object, ...]]:
        return self.office.session.conn.execute("SELECT * FROM line_proposals ORDER BY line_id, account_id").fetchall()


TestReconciling = Reconciling.TestCase
TestReconciling.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
