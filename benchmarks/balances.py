"""Balances as of a day, late fee included: two years of monthly charges, a part of them paid."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.measure import Measured, in_turn, seconds
from benchmarks.offices import OfficeClock, Workshop, household, import_list
from feedesk.models.arrears_list import ListedAccount, ListedCharge
from feedesk.models.ledger.late_fee import LateFeePolicy, LprRate
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period
from feedesk.models.store import Office

MONTHS = 24
MOST = 0.5
"""Seconds for 5,000 accounts × 24 charges."""
_FLOOR = (
    "SELECT c.account_id, c.id, c.amount, c.due_on, c.item_id, c.is_lump, k.settled + k.waived + k.paid"
    " FROM live_charges c LEFT JOIN imports m ON m.id = c.import_id LEFT JOIN charge_money k ON k.charge_id = c.id"
)


def bench_balances(shop: Workshop, most: float = MOST) -> Measured:
    """All balances as of today and as of three months ago, against the bare SELECT with one multiplication a row."""
    path, count = shop.folder / "春江里.feedesk", shop.size(5_000)
    today = _make(path, count)
    office = Office.look(path, lambda: datetime.combine(today, datetime.min.time()))
    try:
        with closing(sqlite3.connect(path)) as bare:
            for sql in ("PRAGMA cache_size = -32768", "PRAGMA foreign_keys = ON"):
                bare.execute(sql)
            found = office.as_of.of_accounts(today)
            ours, floor = in_turn(
                lambda: seconds(lambda: office.as_of.of_accounts(today)),
                lambda: seconds(lambda: _floor(bare)),
                shop.repeats(7),
            )
        before = today - timedelta(days=90)
        earlier = min(seconds(lambda: office.as_of.of_accounts(before)) for _ in range(shop.repeats(3)))
    finally:
        office.close()
    lowered, charges = _counts(path)
    note = (
        f"{charges:,} 笔账，{lowered:,} 笔有冲抵；本金 {sum(one.principal for one in found.values()) // 100:,} 元，"
        f"违约金 {sum(one.late_fee for one in found.values()) // 100:,} 元；截至 90 天前 {earlier * 1000:,.0f} ms"
    )
    return Measured(f"截至某日的余额和违约金，{count:,} 户 × {MONTHS}", ours, floor, None, note, most)


def _floor(bare: sqlite3.Connection) -> int:
    return sum([amount * 31 for _, _, amount, *_ in bare.execute(_FLOOR)])


def _counts(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as bare:
        (lowered,) = bare.execute("SELECT count(*) FROM charge_money").fetchone()
        (charges,) = bare.execute("SELECT count(*) FROM live_charges").fetchone()
    return lowered, charges


def _make(path: Path, accounts: int, seed: int = 20261121) -> date:
    """Charges for 24 months; a list by which a third of the accounts have settled the older of them; payments since.

    Returns the day up to which the office has been kept.
    """
    dice = random.Random(seed)
    now = datetime.now().replace(second=0, microsecond=0)
    clock = OfficeClock(now - timedelta(days=60))
    office = Office.create(path, OfficeProfile(office=path.stem), "许宁", "小许", clock)
    try:
        office.late_fees.save_policy(LateFeePolicy("第十二条", 500, grace_days=3))
        last = now.year * 12 + now.month - 3
        office.late_fees.save_lpr(
            [LprRate(date(2020, 1, 20) + timedelta(days=300 * n), 385 - 15 * n) for n in range(6)]
        )
        everyone = [_with_months(household(number, dice), last, dice) for number in range(accounts)]
        import_list(office, tuple(everyone), clock.now.date() - timedelta(days=2))
        clock.now = now - timedelta(days=30)
        some = tuple(_a_part_settled(one, dice) if number % 3 == 0 else one for number, one in enumerate(everyone))
        import_list(office, some, clock.now.date() - timedelta(days=2))
        clock.now = now
        for account_id in range(1, accounts + 1, 10):
            _pay(office, account_id, now.date() - timedelta(days=dice.randint(0, 25)), dice.randint(5_000, 900_000))
    finally:
        office.close()
    Office.open(path, lambda: now).close()
    return now.date()


def _with_months(one: ListedAccount, last: int, dice: random.Random) -> ListedAccount:
    fee = dice.randint(15_000, 60_000)
    months = range(last - MONTHS + 1, last + 1)
    return _owing(one, tuple(ListedCharge("表", 2, "物业费", Period((month,)), fee) for month in months))


def _a_part_settled(one: ListedAccount, dice: random.Random) -> ListedAccount:
    return _owing(one, one.charges[dice.randint(1, MONTHS - 2) :])


def _owing(one: ListedAccount, charges: tuple[ListedCharge, ...]) -> ListedAccount:
    return replace(one, charges=charges)


def _pay(office: Office, account_id: int, on: date, amount: int) -> None:
    share = PaymentShare(account_id, amount)
    office.payments.take(PaymentDraft(on, amount, PayMethod.TRANSFER, (share,), prepay_agreed=True))
