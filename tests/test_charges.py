"""Charges and accounts: the small rules on one record."""

from __future__ import annotations

from datetime import date

import pytest

from feedesk.models.accounts import FlagKind, Phone, PhoneState, call_order, remark_flags
from feedesk.models.charges import Charge, FeeKind, guess_kind, open_period
from feedesk.models.periods import Period


def charge(
    amount: int = 10_000, settled: int = 0, period: str = "2026-07..2026-09", due: date | None = date(2026, 7, 15)
) -> Charge:
    return Charge(
        id=1, account_id=1, item="物业费", kind=FeeKind.PROPERTY, period=Period.parse(period) if period else None,
        amount=amount, settled=settled, due_on=due, due_is_assumed=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("物业费", FeeKind.PROPERTY),
        ("物业管理费", FeeKind.PROPERTY),
        ("管理费", FeeKind.PROPERTY),
        ("物业服务费（住宅）", FeeKind.PROPERTY),
        ("水费", FeeKind.COLLECTED),
        ("电费", FeeKind.COLLECTED),
        ("气费", FeeKind.COLLECTED),
        ("公摊水电费", FeeKind.COLLECTED),
        ("物业公摊", FeeKind.COLLECTED),
        ("供暖费", FeeKind.COLLECTED),
        ("房屋公共维修金", FeeKind.REPAIR_FUND),
        ("物业专项维修资金", FeeKind.REPAIR_FUND),
        ("车位费", FeeKind.OTHER),
        ("车位管理费", FeeKind.OTHER),
        ("停车管理费", FeeKind.OTHER),
        ("中央空调使用费", FeeKind.OTHER),
        ("装修押金", FeeKind.OTHER),
        ("综合服务", FeeKind.OTHER),
        ("", FeeKind.OTHER),
    ],
)
def test_the_kind_of_a_fee_item_is_guessed_by_its_name(item: str, kind: FeeKind) -> None:
    assert guess_kind(item) is kind


@pytest.mark.parametrize(
    ("today", "due", "days"),
    [
        (date(2026, 7, 15), date(2026, 7, 15), 0),
        (date(2026, 7, 16), date(2026, 7, 15), 1),
        (date(2026, 7, 1), date(2026, 7, 15), 0),
        (date(2026, 11, 21), date(2026, 7, 15), 129),
        (date(2026, 11, 21), None, 0),
    ],
)
def test_overdue_counts_from_the_day_after_the_due_date(today: date, due: date | None, days: int) -> None:
    assert charge(due=due).overdue_days(today) == days


def test_what_is_open_and_for_which_months() -> None:
    paid = charge(settled=10_000, period="2026-01..2026-03")
    part = charge(settled=4_000, period="2026-04..2026-06")
    other = charge(period="2026-10")
    unknown = charge(period="")
    assert [one.owed for one in (paid, part, other)] == [0, 6_000, 10_000]
    assert open_period([paid, part, other, unknown]) == Period.parse("2026-04..2026-06,2026-10")
    assert open_period([paid, unknown]) is None
    assert (part.period_text(), unknown.period_text()) == ("2026年4–6月", "期间待核")


@pytest.mark.parametrize(
    ("number", "landline"),
    [
        ("13800001234", False),
        ("139 0000 8888", False),
        ("0512-66612345", True),
        ("66612345", True),
        ("0512-66612345转801", True),
        ("01012345678", True),
    ],
)
def test_landlines_are_told_from_mobiles(number: str, landline: bool) -> None:
    assert Phone(1, number).is_landline is landline


def test_landlines_are_dialled_first_and_dead_numbers_last() -> None:
    phones = [
        Phone(1, "13800000001"),
        Phone(2, "0512-66610002", state=PhoneState.DEAD),
        Phone(3, "13800000003", state=PhoneState.DEAD),
        Phone(4, "0512-66610004"),
        Phone(5, "13800000005"),
    ]
    assert [phone.id for phone in call_order(phones)] == [4, 1, 5, 2, 3]


@pytest.mark.parametrize(
    ("remark", "flags"),
    [
        ("11月3日已转账，未到账", (FlagKind.TRANSFER,)),
        ("有预存款", (FlagKind.PREPAID,)),
        ("房屋渗水，整改中", (FlagKind.REPAIR,)),
        ("长期在外地，空置", (FlagKind.ABSENT,)),
        ("漏水维修未完，称已缴", (FlagKind.TRANSFER, FlagKind.REPAIR)),
        ("三间打通", ()),
        ("", ()),
    ],
)
def test_remarks_warn_before_a_call(remark: str, flags: tuple[FlagKind, ...]) -> None:
    assert remark_flags(remark) == flags
