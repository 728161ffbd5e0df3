"""Balances as of a day: what the screen showed, what the records say the long way round, late fee included."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from feedesk.errors import FeeDeskError
from feedesk.models.ledger.account import work_out
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.as_of import BalanceAsOf
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Signature
from feedesk.models.store import Office
from tests.deal_tools import PIN, TODAY, account, bills, pay, signer
from tests.office_tools import Clock, import_list, listed, new_office

ROOM, OTHER = "3-2-1502", "3-2-1503"
POLICY = LateFeePolicy("第十二条", 500, 2, LateFeeCap.PRINCIPAL)
LPR = (LprRate(date(2024, 10, 20), 310), LprRate(date(2026, 8, 20), 300))
JULY, AUGUST, WATER = ("管理费", "2026-07", 30_000), ("管理费", "2026-08", 20_000), ("水费", "2026-07", 4_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    office.late_fees.save_policy(POLICY)
    office.late_fees.save_lpr(LPR)
    import_list(office, listed(ROOM, "林晓岚", JULY, AUGUST, WATER), listed(OTHER, "何敏", AUGUST))
    clock.forward(minutes=1)
    yield office
    assert_told_the_long_way(office, office.session.today())
    office.close()


def of(office: Office, room: str, as_of: date) -> BalanceAsOf:
    return office.as_of.of_accounts(as_of)[account(office, room)]


def assert_told_the_long_way(office: Office, as_of: date) -> None:
    """Every account once more from its own records, and its late fee charge by charge."""
    conn = office.session.conn
    ids = [row[0] for row in conn.execute("SELECT id FROM accounts ORDER BY id")]
    found = office.as_of.of_accounts(as_of)
    fees = office.late_fees.of_accounts(ids, as_of)
    for account_id, records in office.ledger.records(ids).items():
        then = records.until(as_of)
        money = work_out(then, office.late_fees.rule(), as_of)
        fee = fees[account_id]
        expected = BalanceAsOf(
            account_id,
            sum(charge.amount - money.charges[charge.id].lowered for charge in then.charges),
            fee.contract,
            fee.lpr,
            fee.claimed,
            fee.waived,
            fee.paid,
            money.prepaid,
        )
        assert found.get(account_id, BalanceAsOf(account_id)) == expected, f"as of {as_of}"
        assert expected.late_fee == fee.owed
    assert office.as_of.of_accounts(as_of, ids) == {key: found.get(key, BalanceAsOf(key)) for key in ids}


def assert_is_what_is_shown(office: Office) -> None:
    """Today's balances are the present ones."""
    shown = dict(office.session.conn.execute("SELECT account_id, owed FROM account_state"))
    found = office.as_of.of_accounts(office.session.today())
    assert {key: found[key].principal for key in found} == {key: shown[key] for key in found}
    assert not any(shown[key] for key in shown.keys() - found.keys())
    assert all(one.prepaid == office.payments.prepaid(key) for key, one in found.items())


def test_a_charge_counts_from_its_due_day_or_its_lists_whichever_is_earlier(office: Office) -> None:
    """管理费 of July fell due on 15 July, long before the list of 13 November named it."""
    days = [date(2026, 7, 14), date(2026, 7, 15), date(2026, 8, 14), date(2026, 8, 15), TODAY]
    assert [of(office, ROOM, day).principal if day > days[0] else 0 for day in days] == [
        0, 34_000, 34_000, 54_000, 54_000,
    ]  # fmt: skip
    assert account(office, ROOM) not in office.as_of.of_accounts(days[0]), "nothing was owed yet"
    assert office.as_of.of_accounts(days[0], [account(office, ROOM)]) == {
        account(office, ROOM): BalanceAsOf(account(office, ROOM))
    }


def test_late_fee_runs_after_the_grace_and_on_property_fees_only(office: Office) -> None:
    """15 July + 2: from the 18th; 300.00 × 14 days × 万分之五 = 2.10; by 3.10 % × 1.3: 0.46."""
    assert of(office, ROOM, date(2026, 7, 17)).claimed == 0
    july = of(office, ROOM, date(2026, 7, 31))
    assert (july.contract, july.lpr, july.claimed, july.late_fee) == (210, 46, 210, 210)


def test_a_payment_counts_from_its_day_and_its_day_still_costs(office: Office, clock: Clock) -> None:
    pay(office, ROOM, 30_000, date(2026, 11, 16))
    assert [of(office, ROOM, day).principal for day in (date(2026, 11, 15), date(2026, 11, 16))] == [54_000, 24_000]
    # 122 days since 18 July on 300.00 up to the 16th; 91 and 92 days since 18 August on 200.00
    assert of(office, ROOM, date(2026, 11, 16)).contract == 1_830 + 910
    assert of(office, ROOM, date(2026, 11, 17)).contract == 1_830 + 920
    fee = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert [(line.label, line.contract, line.why) for line in fee.lines] == [
        ("管理费 2026年7月", 1_830, ""),
        ("水费 2026年7月", 0, "代收费用不计违约金"),
        ("管理费 2026年8月", 920, ""),
    ]


def test_paid_late_fee_is_kept_apart_from_principal(office: Office) -> None:
    pay(office, ROOM, 5_000, TODAY, late_fee=500)
    found = of(office, ROOM, TODAY)
    assert (found.principal, found.paid, found.late_fee) == (49_500, 500, found.claimed - 500)
    assert of(office, ROOM, TODAY - timedelta(days=1)).paid == 0


def test_a_reversed_payment_counts_on_no_day(office: Office, clock: Clock) -> None:
    before = {day: office.as_of.of_accounts(day) for day in (TODAY - timedelta(days=2), TODAY)}
    payment = pay(office, ROOM, 60_000, TODAY - timedelta(days=1), late_fee=500)
    clock.forward(minutes=1)
    assert of(office, ROOM, TODAY).prepaid == 5_500
    office.payments.reverse(payment, "记错了户")
    assert {day: office.as_of.of_accounts(day) for day in before} == before


def test_a_settlement_counts_from_the_day_of_its_list(office: Office, clock: Clock) -> None:
    clock.forward(days=10)
    import_list(office, listed(ROOM, "林晓岚", AUGUST, WATER), listed(OTHER, "何敏", AUGUST), as_of=date(2026, 11, 25))
    assert [of(office, ROOM, date(2026, 11, day)).principal for day in (24, 25)] == [54_000, 24_000]
    assert_told_the_long_way(office, date(2026, 11, 24))


def test_a_waiver_counts_from_its_day_as_long_as_it_holds(office: Office, clock: Clock) -> None:
    draft = WaiverDraft(account(office, ROOM), WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 10_000,
                        bills(office, ROOM)["管理费 2026-07"].id, TODAY, "漏水", "业主", TODAY + timedelta(days=5))  # fmt: skip
    office.waivers.grant(draft, signer(office), PIN)
    assert [of(office, ROOM, TODAY + timedelta(days=n)).principal for n in (-1, 0, 5, 6)] == [
        54_000, 44_000, 44_000, 54_000,
    ]  # fmt: skip
    clock.forward(days=6)
    office.roll_day()
    assert of(office, ROOM, TODAY + timedelta(days=5)).principal == 44_000, "it held on that day"
    assert of(office, ROOM, TODAY + timedelta(days=6)).principal == 54_000
    assert_is_what_is_shown(office)


def test_a_payment_entered_after_a_waiver_but_made_before_it(office: Office, clock: Clock) -> None:
    """On the day of the payment nothing was let off yet: it paid all; since then a part of it is prepayment."""
    july = bills(office, ROOM)["管理费 2026-07"].id
    draft = WaiverDraft(
        account(office, ROOM), WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 10_000, july, TODAY, "漏水", "业主"
    )
    office.waivers.grant(draft, signer(office), PIN)
    clock.forward(minutes=1)
    small = pay(office, ROOM, 5_000, TODAY - timedelta(days=1), Named(july, 5_000))
    assert_told_the_long_way(office, TODAY + timedelta(days=3))
    office.payments.reverse(small, "并入下一笔")
    pay(office, ROOM, 54_000, TODAY - timedelta(days=1))
    found = [of(office, ROOM, TODAY - timedelta(days=days)) for days in (2, 1, 0)]
    assert [(one.principal, one.prepaid) for one in found] == [(54_000, 0), (0, 0), (0, 10_000)]
    assert_told_the_long_way(office, TODAY - timedelta(days=1))


def test_what_was_let_off_outlives_the_debt_of_a_list_taken_back(office: Office, clock: Clock) -> None:
    draft = WaiverDraft(
        account(office, ROOM), WaiverTarget.LATE_FEE, WaiverKind.WAIVER, 100, None, TODAY, "漏水", "业主"
    )
    office.waivers.grant(draft, signer(office), PIN)
    account_id, last = account(office, ROOM), office.imports.last()
    assert last is not None
    clock.forward(minutes=1)
    office.imports.void(last.id, "日期选错了")
    assert office.as_of.of_accounts(TODAY)[account_id] == BalanceAsOf(account_id, waived=100)
    assert_told_the_long_way(office, TODAY)


def test_while_late_fee_is_off_there_is_none(office: Office) -> None:
    office.late_fees.save_policy(LateFeePolicy())
    found = of(office, ROOM, TODAY)
    assert (found.principal, found.contract, found.lpr, found.claimed) == (54_000, 0, 0, 0)
    assert office.late_fees.of_account(account(office, ROOM), TODAY).lines == ()


# --- histories ---

ROOMS = ("3-2-1501", ROOM, OTHER)
PERIODS = ("2026-05", "2026-06", "2026-08", "2026-06..2026-08", "2027-01", "")
AMOUNTS = st.integers(1, 400) | st.sampled_from([10_000, 99_999])
LINES = st.lists(
    st.tuples(st.sampled_from(("管理费", "水费")), st.sampled_from(PERIODS), AMOUNTS),
    max_size=5,
    unique_by=lambda line: line[:2],
)
HOMES = st.dictionaries(st.sampled_from(ROOMS), LINES.filter(bool), min_size=1)


class MoneyLife(RuleBasedStateMachine):
    """Lists, payments, reversals, waivers, splits and days, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.office = new_office(Path(self.folder.name), self.clock)
        self.office.late_fees.save_policy(POLICY)
        self.office.late_fees.save_lpr(LPR)
        self.approver = signer(self.office)
        self.lists = 0

    def teardown(self) -> None:
        self.office.close()
        self.folder.cleanup()

    def _ids(self, sql: str) -> list[int]:
        return [row[0] for row in self.office.session.conn.execute(sql)]

    @property
    def accounts(self) -> list[int]:
        return self._ids("SELECT id FROM accounts ORDER BY id")

    @rule(homes=HOMES, full=st.booleans(), ago=st.integers(0, 3))
    def take_a_list(self, homes: dict[str, list[tuple[str, str, int]]], full: bool, ago: int) -> None:
        self.clock.forward(minutes=1)
        self.lists += 1
        last = self.office.session.conn.execute("SELECT max(as_of) FROM imports").fetchone()[0]
        as_of = max(self.clock().date() - timedelta(days=ago), date.fromisoformat(last or "2026-01-01"))
        accounts = [listed(room, f"业主{ROOMS.index(room)}", *lines) for room, lines in homes.items()]
        import_list(self.office, *accounts, as_of=as_of, full=full, file=f"{self.lists}.xlsx")

    @precondition(lambda self: self.accounts)
    @rule(data=st.data(), amount=AMOUNTS, ago=st.integers(0, 20), late_fee=st.integers(0, 50), missed=st.booleans())
    def take_a_payment(self, data: st.DataObject, amount: int, ago: int, late_fee: int, missed: bool) -> None:
        self.clock.forward(minutes=1)
        account_id, on = data.draw(st.sampled_from(self.accounts)), self.clock().date() - timedelta(days=ago)
        late_fee = min(late_fee, amount, self.office.late_fees.of_account(account_id, on).owed)
        charges = [charge.id for charge in self.office.accounts.charges(account_id) if charge.owed]
        named: tuple[Named, ...] = ()
        if charges and amount > late_fee and data.draw(st.booleans()):
            named = (Named(data.draw(st.sampled_from(charges)), data.draw(st.integers(1, amount - late_fee))),)
        share = PaymentShare(account_id, amount, late_fee, named)
        draft = PaymentDraft(on, amount, PayMethod.CASH, (share,), prepay_agreed=True, finance_missed=missed)
        if not self.office.payments.preview(draft).problem:
            self.office.payments.take(draft)

    @precondition(lambda self: self._ids("SELECT id FROM live_payments"))
    @rule(data=st.data())
    def reverse_a_payment(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        self.office.payments.reverse(data.draw(st.sampled_from(self._ids("SELECT id FROM live_payments"))), "记错了")

    @precondition(lambda self: self.accounts)
    @rule(
        data=st.data(),
        amount=st.integers(1, 300),
        within=st.none() | st.integers(0, 9),
        of_what=st.sampled_from(list(WaiverTarget)),
    )
    def let_off(self, data: st.DataObject, amount: int, within: int | None, of_what: WaiverTarget) -> None:
        self.clock.forward(minutes=1)
        today, account_id = self.clock().date(), data.draw(st.sampled_from(self.accounts))
        charges = [charge for charge in self.office.accounts.charges(account_id) if charge.owed]
        if not charges:
            return
        charge = data.draw(st.sampled_from(charges))
        is_principal = of_what is WaiverTarget.PRINCIPAL
        last = today + timedelta(days=within) if within is not None else None
        draft = WaiverDraft(account_id, of_what, WaiverKind.WAIVER, min(amount, charge.owed) if is_principal else amount,
                            charge.id if is_principal else None, today, "漏水", "业主", last)  # fmt: skip
        try:
            self.office.waivers.grant(draft, self.approver, PIN)
        except FeeDeskError as refused:
            assert "违约金" in refused.text or "清单" in refused.text, refused.text

    @precondition(lambda self: self._ids("SELECT id FROM live_charges WHERE is_lump = 1"))
    @rule(data=st.data())
    def split_a_lump(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        lump = data.draw(st.sampled_from(self._ids("SELECT id FROM live_charges WHERE is_lump = 1 ORDER BY id")))
        try:
            self.office.splits.split(lump)
        except FeeDeskError as refused:
            assert "没有拆分" in refused.text

    @precondition(lambda self: self.office.imports.last() is not None)
    @rule()
    def void_the_last_list(self) -> None:
        self.clock.forward(minutes=1)
        last = self.office.imports.last()
        assert last is not None
        try:
            self.office.imports.void(last.id, "日期选错了")
        except FeeDeskError as refused:
            assert "作废" in refused.text, refused.text

    @rule(days=st.integers(1, 9))
    def go_home(self, days: int) -> None:
        self.clock.forward(days=days)
        self.office.roll_day()

    @rule(rule=st.sampled_from(list(AllocationRule)), is_on=st.booleans())
    def change_the_rules(self, rule: AllocationRule, is_on: bool) -> None:
        self.office.late_fees.save_rule(rule)
        self.office.late_fees.save_policy(POLICY if is_on else LateFeePolicy(), Signature(self.approver, PIN))

    @invariant()
    def it_is_what_is_shown_and_what_the_records_say(self) -> None:
        today = self.clock().date()
        assert_is_what_is_shown(self.office)
        for days in (0, 1, 4, 40, 120, -7):
            assert_told_the_long_way(self.office, today - timedelta(days=days))


TestMoneyLife = MoneyLife.TestCase
TestMoneyLife.settings = settings(max_examples=30, stateful_step_count=12)
