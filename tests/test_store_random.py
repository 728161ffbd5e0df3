"""Whatever is done in whatever order, the office file is sound and its derived values follow from the records."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import Category
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.money import MAX_FEN
from feedesk.models.office import Role
from feedesk.models.store import Office
from tests.office_tools import Clock, import_list, listed, new_office
from tests.store_tools import assert_sound, contact, issue, owed

PIN = "2468"
ROOMS = ("1-101", "1-102", "1-103", "2-201")
NAMES = ("林晓岚", "何敏")
PERIODS = ("2026-07..2026-09", "2026-07", "2026-08..2026-10", "")
OUTCOMES = (
    Outcome.PROMISED,
    Outcome.NO_ANSWER,
    Outcome.SAYS_PAID,
    Outcome.DISPUTE,
    Outcome.DO_NOT_CALL,
    Outcome.DEAD_NUMBER,
)

amounts = st.integers(1, 400) | st.sampled_from([10_000, 9_999_999_999])
lines = st.lists(st.tuples(st.sampled_from(("管理费", "水费")), st.sampled_from(PERIODS), amounts), min_size=1, max_size=3,
                 unique_by=lambda line: line[:2])  # fmt: skip
households = st.dictionaries(st.sampled_from(ROOMS), st.tuples(st.sampled_from(NAMES), lines), max_size=4)


_DERIVED = ("charge_money", "allocations", "account_money")
_BY_LISTS = ("charges", "settlements", "payment_doubts", *_DERIVED)


def derived(office: Office, *tables: str) -> list[tuple[object, ...]]:
    """What follows from the money on record; or these tables whole."""
    conn = office.session.conn
    return [row for table in tables or _DERIVED for row in conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


class OfficeLife(RuleBasedStateMachine):
    """Months in the life of an office, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.office = new_office(Path(self.folder.name), self.clock)
        self.as_of = date(2026, 10, 1)
        self.count = 0
        self.office.staff.set_pin(self.office.staff.add("周主任", role=Role.MANAGER), PIN)
        self.listed: dict[str, int] = {}
        """What the lists together say of each room."""
        self.only_lists = True
        """No money has been taken in or let off yet: what is owed is what the lists say."""

    def teardown(self) -> None:
        self.office.close()
        self.folder.cleanup()

    @property
    def accounts(self) -> list[int]:
        return [row[0] for row in self.office.session.conn.execute("SELECT id FROM accounts ORDER BY id")]

    @rule(homes=households, full=st.booleans(), undone=st.sampled_from((False, False, False, True)))
    def take_a_list(self, homes: dict[str, tuple[str, list[tuple[str, str, int]]]], full: bool, undone: bool) -> None:
        self.clock.forward(minutes=1)
        self.as_of += timedelta(days=1)
        self.count += 1
        accounts = [listed(room, name, *charges) for room, (name, charges) in homes.items()]
        before = derived(self.office)
        one_list = {"as_of": self.as_of, "full": full, "file": f"{self.count}.xlsx"}
        taken = import_list(self.office, *accounts, **one_list)  # type: ignore[arg-type]
        written = derived(self.office, *_BY_LISTS)
        import_list(self.office, *accounts, **one_list)  # type: ignore[arg-type]
        assert derived(self.office, *_BY_LISTS) == written, "the same list once more says nothing new"
        if undone:
            last = self.office.imports.all()[0].id
            self.office.imports.void(last, "导错了")
            self.clock.forward(minutes=1)
            self.office.imports.void(taken.record_id, "导错了")
            assert derived(self.office) == before
            return
        named = {room: sum(fen for _, _, fen in charges) for room, (_, charges) in homes.items()}
        buildings = {room.partition("-")[0] for room in named}
        if full:
            self.listed = {room: fen for room, fen in self.listed.items() if room.partition("-")[0] not in buildings}
        self.listed.update(named)

    @precondition(lambda self: self.accounts)
    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES), category=st.sampled_from((None, *Category)))
    def log_a_contact(self, data: st.DataObject, outcome: Outcome, category: Category | None) -> None:
        self.clock.forward(minutes=1)
        ids = data.draw(st.lists(st.sampled_from(self.accounts), min_size=1, max_size=2, unique=True))
        now = self.clock()
        promise = (
            (now.date() + timedelta(days=2), data.draw(st.integers(1, 500))) if outcome is Outcome.PROMISED else None
        )
        claim = (now.date(), data.draw(st.integers(1, 500))) if outcome is Outcome.SAYS_PAID else None
        draft = contact(*ids, at=now - timedelta(hours=data.draw(st.integers(0, 48))), outcome=outcome, category=category,
                        promise=promise, claim=claim)  # fmt: skip
        try:
            self.office.contacts.add(draft)
        except FeeDeskError as refused:
            assert "承诺金额" in refused.text

    @precondition(lambda self: self.accounts)
    @rule(data=st.data(), amount=st.integers(1, 500))
    def mark_as_paid(self, data: st.DataObject, amount: int) -> None:
        self.clock.forward(minutes=1)
        account = data.draw(st.sampled_from(self.accounts))
        self.office.contacts.claim((account,), ClaimDraft(self.clock().date(), amount, "转账"))

    @precondition(lambda self: self.listed)
    @rule(data=st.data())
    def print_notices(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        rooms = data.draw(st.lists(st.sampled_from(sorted(self.listed)), min_size=1, max_size=4, unique=True))
        try:
            issue(self.office, *rooms)
        except FeeDeskError as refused:
            assert "没有要出的催款单" in refused.text

    @rule(data=st.data())
    def void_something(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        table, void = data.draw(
            st.sampled_from((("contacts", self.office.contacts.void), ("notices", self.office.notices.void)))
        )
        standing = [
            row[0] for row in self.office.session.conn.execute(f"SELECT id FROM {table} WHERE voided_at IS NULL")
        ]
        if standing:
            void(data.draw(st.sampled_from(standing)), "记错了")

    @precondition(lambda self: self.accounts)
    @rule(data=st.data(), missed=st.booleans(), undone=st.booleans())
    def take_money(self, data: st.DataObject, missed: bool, undone: bool) -> None:
        """Of any day around that of the last list, or of today; more than is owed becomes prepayment."""
        self.clock.forward(minutes=1)
        account, today = data.draw(st.sampled_from(self.accounts)), self.clock().date()
        charges = self.office.accounts.charges(account)
        owes = min(sum(charge.owed for charge in charges), MAX_FEN - 50)
        amount = data.draw(st.integers(1, 500) | st.sampled_from([owes or 1, owes + 50]))
        day = data.draw(st.sampled_from([today, *(self.as_of + timedelta(days=off) for off in (-2, -1, 0, 1, 2))]))
        named = ()
        if charges and data.draw(st.booleans()):
            charge = data.draw(st.sampled_from(charges))
            named = (Named(charge.id, min(amount, charge.amount)),)
        share = PaymentShare(account, amount, named=named)
        draft = PaymentDraft(
            min(day, today), amount, PayMethod.CASH, (share,), finance_missed=missed, prepay_agreed=True
        )
        before = derived(self.office)
        try:
            payment = self.office.payments.take(draft).record_id
        except FeeDeskError as refused:
            assert "收款日早于" in refused.text
            return
        self.only_lists = False
        if undone:
            self.office.payments.reverse(payment, "记错户")
            assert derived(self.office) == before

    @rule(data=st.data())
    def reverse_money(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        standing = [row[0] for row in self.office.session.conn.execute("SELECT id FROM live_payments ORDER BY id")]
        if standing:
            self.office.payments.reverse(data.draw(st.sampled_from(standing)), "记错户")

    @rule(data=st.data())
    def let_off(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        charges = [
            charge for account in self.accounts for charge in self.office.accounts.charges(account) if charge.owed
        ]
        if not charges:
            return
        charge, today = data.draw(st.sampled_from(charges)), self.clock().date()
        amount = data.draw(st.integers(1, min(charge.owed, 300)))
        last = data.draw(st.sampled_from((None, today, today + timedelta(days=3))))
        (manager,) = [one for one in self.office.staff.all() if one.role is Role.MANAGER]
        draft = WaiverDraft(charge.account_id, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, amount, charge.id, today,
                            "漏水补偿", "许宁", last)  # fmt: skip
        self.office.waivers.grant(draft, manager, PIN)
        self.only_lists = False

    @rule(data=st.data())
    def split_a_lump(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        lumps = [
            charge
            for account in self.accounts
            for charge in self.office.accounts.charges(account)
            if charge.period and len(charge.period.months) > 1 and charge.amount >= len(charge.period.months)
        ]
        if lumps:
            self.office.splits.split(data.draw(st.sampled_from(lumps)).id)

    @rule(data=st.data())
    def ask_finance(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        doubted = [account for account in self.accounts if self.office.payments.doubted(account)]
        if doubted:
            account = data.draw(st.sampled_from(doubted))
            self.office.payments.settle_doubt(account, "财务漏记")
            assert not self.office.payments.doubted(account)

    @rule(days=st.integers(1, 9))
    def go_home(self, days: int) -> None:
        self.clock.forward(days=days)
        self.office.roll_day()

    @rule()
    def close_and_open(self) -> None:
        self.office.close()
        self.office = Office.open(self.office.path, self.clock)

    @invariant()
    def all_is_sound(self) -> None:
        if self.only_lists:
            assert owed(self.office) == {room: fen for room, fen in self.listed.items() if fen}
        assert_sound(self.office)


OfficeLife.TestCase.settings = settings(
    settings.get_profile(settings.get_current_profile_name()), max_examples=25, stateful_step_count=14
)
TestOfficeLife = OfficeLife.TestCase
