"""Whom 2,000 lines of a bank statement are from, among 5,000 accounts. Payers and memos are made up."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta

from benchmarks.measure import Measured, in_turn, seconds
from benchmarks.offices import Workshop
from feedesk.models.ledger.payments import PayMethod
from feedesk.models.statement_match import match
from feedesk.models.statements import Confidence, Direction, Payee, StatementLine

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建文辉力玲"
_FIRST = datetime(2026, 11, 1, 9, 0)


def bench_matching(shop: Workshop) -> Measured:
    """Every line read as a person would: room, name, phone, mask, amount. The floor looks up amounts, and no more."""
    dice = random.Random(20261121)
    payees = make_payees(shop.size(5_000), dice)
    lines = make_lines(shop.size(2_000), payees, dice)

    def look_up() -> int:
        by_amount: dict[int, list[Payee]] = defaultdict(list)
        for payee in payees:
            by_amount[payee.owed].append(payee)
        return sum(len(by_amount.get(line.amount, ())) == 1 for line in lines)

    ours, floor = in_turn(
        lambda: seconds(lambda: match(lines, payees)), lambda: seconds(look_up), repeats=shop.repeats(5)
    )
    found = match(lines, payees)
    sure = sum(one.confidence is Confidence.SURE for one in found)
    none = sum(one.confidence is Confidence.NONE for one in found)
    note = (
        f"{len(lines):,} 笔流水对 {len(payees):,} 户，{sure:,} 笔确定，{none:,} 笔没有对上；底线只按金额查字典（能唯一对上"
        f" {look_up():,} 笔），看绝对值"
    )
    return Measured("流水对账", ours, floor, None, note, most=2.0)


def make_payees(count: int, dice: random.Random) -> list[Payee]:
    """Accounts with a debt each; one in seventeen has an owner with another unit."""
    found = []
    for number in range(count):
        building, rest = divmod(number, 240)
        unit, door = divmod(rest, 60)
        room = f"{building + 1}-{unit + 1}-{(door // 4 + 1) * 100 + door % 4 + 1}"
        name = dice.choice(_FAMILY) + "".join(dice.choice(_GIVEN) for _ in range(dice.randint(1, 2)))
        phone = f"1{dice.choice('3589')}{dice.randrange(10**9):09d}"
        owner = number - 1 if number % 17 == 1 else number
        found.append(Payee(number, owner, room, name, (phone,), dice.randint(10_000, 500_000)))
    return found


def make_lines(count: int, payees: list[Payee], dice: random.Random) -> list[StatementLine]:
    """Lines as they come: a room in the memo, a room written out, a name, a phone's tail, a mask, somebody else's."""
    found = []
    for number in range(1, count + 1):
        payee = dice.choice(payees)
        building, unit, door = payee.room.split("-")
        memo, payer = (
            (f"{payee.room}物业费", "李某某"),
            (f"交{building}栋{unit}单元{door}室", payee.name),
            ("物业费", payee.name),
            (f"尾号{payee.phones[0][-4:]}物管费", f"{payee.name[0]}*"),
            ("二维码收款", f"{payee.name[0]}**"),
            ("货款", "南山某某商贸有限公司"),
        )[number % 6]
        amount = payee.owed // 2 if number % 7 == 0 else payee.owed
        at = _FIRST + timedelta(minutes=10 * number)
        found.append(
            StatementLine(
                number, at, True, Direction.IN, amount, payer, "6222****3363", memo, f"2026{number:010d}",
                PayMethod.TRANSFER, "", f"key{number}",
            )
        )  # fmt: skip
    return found
