"""Whom a line of a statement is from: every proposal with its confidence and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.ledger.payments import PayMethod
from feedesk.models.statement_match import match
from feedesk.models.statements import Confidence, Direction, Match, Payee, StatementLine, Taken

SURE, LIKELY, UNSURE, NONE = Confidence.SURE, Confidence.LIKELY, Confidence.UNSURE, Confidence.NONE
LIST_DAY = date(2026, 10, 31)


def payee(number: int, room: str, name: str, owed: int, *phones: str, owner: int = 0, **more: object) -> Payee:
    base = Payee(number, owner or number, room, name, phones, owed, listed_on=LIST_DAY)
    return replace(base, **more)  # type: ignore[arg-type]  (fields by name, as a table row gives them)


PAYEES = [
    payee(1, "2-1-101", "叶国", 35_332, "15006956430"),
    payee(2, "2-1-601", "贺然", 50_715, "15936370682"),
    payee(3, "1-1-704", "萧芳娜", 363_372, "13984307200"),
    payee(4, "2-1-403", "卢明", 268_794, "15931455272"),
    payee(5, "2-2-802", "何雨", 203_064, "15971146979"),
    payee(6, "1-2-604", "唐英国", 30_930, "19966949469"),
    payee(7, "3-1-101", "秦越、苏青", 88_812, "13800001111", owner=70),
    payee(8, "3-1-102", "秦越、苏青", 11_107, "13800001111", owner=70),
    payee(9, "5-1-204", "周敏", 44_441, "13700002222"),
    payee(10, "5-2-204", "吴刚", 55_551, "13700003333"),
    payee(11, "6-1-101", "李强", 70_001, "13600004444"),
    payee(12, "6-1-102", "李强", 80_003, "13600005555"),
    payee(13, "7-1-101", "郑一", 0, "13500006666"),
    payee(14, "8-1-101", "旧主", 12_345, "13500007777", is_current=False),
    payee(15, "8-1-101", "新主", 67_891, "13500008888"),
    payee(16, "9-1-101", "冯安", 99_991, "13300001111", late_fee=1_234),
    payee(17, "9-1-102", "陈静", 20_202, "13300002222"),
    payee(18, "9-1-103", "沈静", 20_202, "13300003333"),
    payee(19, "9-1-104", "韩冬", 500_000, "13300004444"),
    payee(20, "商铺A08", "云间茶事有限公司", 240_007, "028-8555123"),
]


def line(amount: int, memo: str = "物业费", payer: str = "王某", number: int = 1, **more: object) -> StatementLine:
    base = StatementLine(
        number, datetime(2026, 11, 5), False, Direction.IN, amount, payer, "6222****3363", memo, f"2026110500{number:04d}",
        PayMethod.TRANSFER, "", f"key{number}",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def of(*lines: StatementLine, payees: Sequence[Payee] = PAYEES, **more: object) -> tuple[Match, ...]:
    return match(lines, payees, **more)  # type: ignore[arg-type]


def told(found: Match) -> tuple[Confidence, list[str]]:
    return found.confidence, [share.room for share in found.shares]


@pytest.mark.parametrize(
    ("amount", "memo", "payer", "confidence", "rooms", "says"),
    [
        # a room named whole
        (35_332, "2-1-101物业费", "叶国", SURE, ["2-1-101"], "附言写了房号 2-1-101，金额与欠费一致"),
        (35_332, "2-1-101物业费", "王某", SURE, ["2-1-101"], "附言写了房号 2-1-101，金额与欠费一致"),
        (35_332, "2栋1单元101室", "王某", SURE, ["2-1-101"], "金额与欠费一致"),
        (35_332, "2-1-0101", "王某", SURE, ["2-1-101"], "（写作 2-1-0101）"),
        (17_666, "交2栋1单元101室", "李某某", LIKELY, ["2-1-101"], "付款人不是业主，金额是欠费的一半，还欠 ¥176.66"),
        (20_000, "2-1-101", "叶国", SURE, ["2-1-101"], "付款人是业主，只够缴一部分，还欠 ¥153.32"),
        (20_000, "2-1-101", "叶**", LIKELY, ["2-1-101"], "只够缴一部分"),
        (20_000, "2-1-101装修押金", "叶国", LIKELY, ["2-1-101"], "附言还写着“装修”，未必是欠费"),
        (20_000, "2-1-101装修押金", "某某", UNSURE, ["2-1-101"], "未必是欠费"),
        (40_000, "2-1-101", "叶国", LIKELY, ["2-1-101"], "比欠费多 ¥46.68，多出的转预缴要先问"),
        (40_000, "2-1-101", "某某", UNSURE, ["2-1-101"], "多出的转预缴要先问"),
        (30_000, "7-1-101", "郑一", UNSURE, ["7-1-101"], "已没有欠费，入账要转预缴，请先问清"),
        (101_225, "9-1-101", "冯安", SURE, ["9-1-101"], "金额等于欠费加违约金"),
        (240_007, "商铺A08物业费", "某某", SURE, ["商铺A08"], "金额与欠费一致"),
        # building and door without the unit
        (35_332, "2-101", "某某", LIKELY, ["2-1-101"], "（写作 2-101）"),
        (35_332, "2-101", "叶国", SURE, ["2-1-101"], "金额与欠费一致"),
        (10_000, "2-101", "某某", UNSURE, ["2-1-101"], "还欠 ¥253.32"),
        (55_551, "5-204", "某某", LIKELY, ["5-2-204"], "金额与欠费一致"),
        (44_441, "5栋204", "周敏", SURE, ["5-1-204"], "金额与欠费一致"),
        # several units
        (632_166, "1-1-704 2-1-403 两套", "萧芳娜", SURE, ["1-1-704", "2-1-403"], "金额与欠费合计一致"),
        (632_166, "1-1-704、2-1-403", "某某", SURE, ["1-1-704", "2-1-403"], "金额与欠费合计一致"),
        (500_000, "1-1-704 2-1-403", "萧芳娜", LIKELY, ["1-1-704", "2-1-403"], "只够缴一部分"),
        (500_001, "1-1-704 2-1-403", "某某", UNSURE, ["1-1-704", "2-1-403"], "只够缴一部分"),
        (99_919, "3-1-101", "某某", LIKELY, ["3-1-101", "3-1-102"], "金额与该业主 2 套的欠费合计一致"),
        (99_919, "3-1-101", "苏青", SURE, ["3-1-101", "3-1-102"], "金额与该业主 2 套的欠费合计一致"),
        (99_919, "物业费", "秦越", LIKELY, ["3-1-101", "3-1-102"], "名下 2 套的欠费合计一致"),
        # a room of two tenures
        (67_891, "8-1-101", "某某", SURE, ["8-1-101"], "金额与欠费一致"),
        (12_345, "8-1-101", "某某", SURE, ["8-1-101"], "金额与欠费一致"),
        # names
        (30_930, "物业费", "唐英国", LIKELY, ["1-2-604"], "付款人是业主 唐英国，金额与欠费一致"),
        (30_930, "唐英国物业费", "微信用户", LIKELY, ["1-2-604"], "附言写了业主 唐英国，金额与欠费一致"),
        (30_930, "代唐英国交物业费", "某某", LIKELY, ["1-2-604"], "附言写了业主 唐英国"),
        (88_812, "苏青", "某某", LIKELY, ["3-1-101"], "附言写了业主 苏青"),
        (240_007, "服务费", "云间茶事有限公司", LIKELY, ["商铺A08"], "付款人是业主 云间茶事有限公司"),
        (10_000, "物业费", "唐英国", UNSURE, ["1-2-604"], "只够缴一部分，还欠 ¥209.30"),
        (80_003, "物业费", "李强", LIKELY, ["6-1-102"], "付款人是业主 李强，金额与欠费一致"),
        (150_004, "物业费", "李强", UNSURE, ["6-1-101", "6-1-102"], "还没有合并为一位业主"),
        (10_000, "报销", "唐英国", NONE, [], "附言写着“报销”，不像业主缴费"),
        (35_332, "叶国强物业费", "微信用户", UNSURE, ["2-1-101"], "只有金额与 叶国 的欠费一致"),
        # phone numbers
        (203_064, "尾号6979物管费", "王*", LIKELY, ["2-2-802"], "电话尾号 6979 对上，金额与欠费一致"),
        (203_064, "电话15971146979", "王*", LIKELY, ["2-2-802"], "电话尾号 6979 对上"),
        (10_000, "手机尾号：6979", "王*", UNSURE, ["2-2-802"], "电话尾号 6979 对上，只够缴一部分"),
        (99_919, "尾号1111物业", "王*", LIKELY, ["3-1-101", "3-1-102"], "名下 2 套的欠费合计一致"),
        (50_000, "尾号6979物管费", "何雨", LIKELY, ["2-2-802"], "电话也对上"),
        # masked names and equal amounts: hints
        (30_930, "二维码收款", "唐**", UNSURE, ["1-2-604"], "打码的姓名对得上 唐英国，金额与欠费一致，请核实"),
        (30_930, "二维码收款", "*英国", UNSURE, ["1-2-604"], "打码的姓名对得上 唐英国"),
        (30_930, "二维码收款", "唐先生", UNSURE, ["1-2-604"], "打码的姓名对得上 唐英国"),
        (30_931, "二维码收款", "唐**", NONE, [], "房号、姓名、电话和金额都没有对上"),
        (30_930, "转账", "张三", UNSURE, ["1-2-604"], "只有金额与 唐英国 的欠费一致，请核实"),
        (20_202, "转账", "张三", UNSURE, ["9-1-102"], "只有金额与 2 户的欠费一致，请核实"),
        (20_202, "转账", "沈*", UNSURE, ["9-1-103"], "打码的姓名对得上 沈静"),
        (500_000, "转账", "张三", NONE, [], "都没有对上"),
        (30_930, "货款", "张三", NONE, [], "附言写着“货款”，不像业主缴费"),
        (30_930, "往来", "南山某某商贸有限公司", NONE, [], "都没有对上"),
        # what speaks against it
        (30_930, "9-9-999物业费", "张三", NONE, [], "附言写的房号 9-9-999 不在册"),
        (30_930, "9-9-999物业费", "唐英国", UNSURE, ["1-2-604"], "但附言写的房号 9-9-999 不在册"),
        (30_930, "2-1-101", "唐英国", UNSURE, ["2-1-101"], "金额却与 1-2-604 唐英国的欠费一致"),
    ],
)  # fmt: skip
def test_one_line(amount: int, memo: str, payer: str, confidence: Confidence, rooms: list[str], says: str) -> None:
    (found,) = of(line(amount, memo, payer))
    assert told(found) == (confidence, rooms)
    assert says in found.reason
    assert sum(share.amount for share in found.shares) in (0, amount)


@pytest.mark.parametrize(
    ("amount", "memo", "payer", "others"),
    [
        (35_332, "2-1-101物业费", "叶国", ()),
        (20_202, "转账", "张三", ("9-1-103",)),
        (80_003, "物业费", "李强", ("6-1-101",)),
        (55_551, "5-204", "某某", ("5-1-204",)),
        (30_930, "2-1-101", "唐英国", ("1-2-604",)),
    ],
)
def test_who_else_it_could_be(amount: int, memo: str, payer: str, others: tuple[str, ...]) -> None:
    (found,) = of(line(amount, memo, payer))
    assert found.others == others


@pytest.mark.parametrize("direction", [Direction.OUT, Direction.NEITHER])
def test_money_that_was_not_received_is_never_guessed(direction: Direction) -> None:
    (found,) = of(line(35_332, "2-1-101", direction=direction))
    assert told(found) == (NONE, [])


def test_a_refunded_line_is_never_guessed() -> None:
    (found,) = of(line(35_332, "2-1-101", void="已全额退款"))
    assert (told(found), found.reason) == ((NONE, []), "已全额退款，不用对账")


def test_a_masked_phone_beside_a_name_or_a_masked_name() -> None:
    def account(text: str, amount: int, payer: str) -> tuple[Confidence, list[str]]:
        (found,) = of(line(amount, "转账", payer, payer_account=text))
        return told(found)

    assert account("199******69", 30_930, "唐**") == (LIKELY, ["1-2-604"])
    assert account("199****9469", 30_930, "张三") == (LIKELY, ["1-2-604"])
    assert account("199******69", 30_930, "张三") == (UNSURE, ["1-2-604"])
    assert account("199******69", 30_931, "唐**") == (NONE, [])


# --- lines after one another ---


def test_what_an_earlier_line_paid_is_not_open_for_a_later_one() -> None:
    first, second = of(line(35_332, "2-1-101"), line(35_332, "2-1-101", "叶国", 2))
    assert (told(first), told(second)) == ((SURE, ["2-1-101"]), (UNSURE, ["2-1-101"]))
    assert "已没有欠费" in second.reason


def test_one_unit_by_two_payments() -> None:
    half, rest = of(line(17_666, "2-1-101"), line(17_666, "2-1-101", number=2))
    assert (told(half), told(rest)) == ((LIKELY, ["2-1-101"]), (SURE, ["2-1-101"]))


def test_a_mere_hint_uses_nothing_up() -> None:
    hint, own = of(line(30_930, "转账", "张三"), line(30_930, "1-2-604", number=2))
    assert (hint.confidence, told(own)) == (UNSURE, (SURE, ["1-2-604"]))


# --- the day of finance's list ---


def test_a_payment_that_the_list_may_contain_is_not_sure() -> None:
    (found,) = of(line(35_332, "2-1-101", paid_at=datetime(2026, 10, 31)))
    assert found.confidence is LIKELY and "可能已在清单里减过，请先问财务" in found.reason


def test_a_payment_that_explains_what_the_list_took_off_is() -> None:
    payees = [payee(1, "2-1-101", "叶国", 0, settled=((LIST_DAY, 35_332), (date(2026, 9, 30), 10_000)))]
    before, after = (
        of(line(35_332, "2-1-101", paid_at=datetime(2026, *day)), payees=payees)[0] for day in ((10, 20), (11, 2))
    )
    assert told(before) == (SURE, ["2-1-101"]) and "金额与财务清单减掉的一笔一致" in before.reason
    assert told(after) == (UNSURE, ["2-1-101"])
    assert [m.confidence for m in of(*[line(35_332, "2-1-101", paid_at=datetime(2026, 10, 20))] * 2, payees=payees)] == [
        SURE, UNSURE,
    ]  # fmt: skip


def test_a_day_to_come_is_not_sure() -> None:
    (found,) = of(line(35_332, "2-1-101"), today=date(2026, 11, 4))
    assert found.confidence is UNSURE and "交易日在今天之后" in found.reason


# --- booked by hand before ---


@pytest.mark.parametrize(
    ("taken", "confidence", "says"),
    [
        (Taken((9,), 35_332, date(2026, 10, 1), PayMethod.TRANSFER, "20261105000001"), NONE, "是同一笔，不要再记"),
        (Taken((1,), 35_332, date(2026, 11, 3), PayMethod.TRANSFER), UNSURE, "可能是同一笔"),
        (Taken((1,), 35_332, date(2026, 11, 1), PayMethod.TRANSFER), SURE, "金额与欠费一致"),
        (Taken((1,), 35_331, date(2026, 11, 3), PayMethod.TRANSFER), SURE, "金额与欠费一致"),
        (Taken((2,), 35_332, date(2026, 11, 3), PayMethod.TRANSFER), SURE, "金额与欠费一致"),
    ],
)
def test_money_booked_by_hand_comes_again_with_the_statement(taken: Taken, confidence: Confidence, says: str) -> None:
    (found,) = of(line(35_332, "2-1-101", number=1, reference="20261105000001"), taken=[taken])
    assert found.confidence is confidence and says in found.reason


def test_late_fee_and_parts_are_asked_for_only_where_they_matter() -> None:
    asked: list[int] = []

    def late_fee_on(account_id: int, day: date) -> int:
        asked.append(account_id)
        return 500 if day == date(2026, 11, 5) else 0

    with_fee, part = of(
        line(35_832, "2-1-101"), line(700, "2-1-601", number=2),
        late_fee_on=late_fee_on, parts_of=lambda account_id: [("水费", 700)] if account_id == 2 else [],
    )  # fmt: skip
    assert told(with_fee) == (SURE, ["2-1-101"]) and "加违约金" in with_fee.reason
    assert told(part) == (LIKELY, ["2-1-601"]) and "金额正好是水费，缴清后还欠 ¥500.15" in part.reason
    assert set(asked) == {1}


# --- whatever comes ---

LINE = st.builds(
    line,
    amount=st.one_of(st.sampled_from([payee.owed for payee in PAYEES if payee.owed]), st.integers(1, 10**7)),
    memo=st.one_of(st.sampled_from(["2-1-101", "3-1-101 3-1-102", "尾号6979", "唐英国物业费", "物业费", "8-1-101"]), st.text(max_size=12)),
    payer=st.one_of(st.sampled_from(["叶国", "唐**", "王*", "李强", "", "秦越"]), st.text(max_size=6)),
    direction=st.sampled_from(Direction),
)  # fmt: skip

PLAIN = st.sampled_from(
    [line(35_332, "2-1-101", "叶国"), line(99_919, "3-1-101 3-1-102"), line(20_000, "2-1-101", "叶国")]
)


@given(st.lists(PLAIN | LINE, max_size=12))
def test_proposals_add_up_and_sure_ones_never_exceed_what_is_owed(lines: list[StatementLine]) -> None:
    numbered = [replace(one, line=number) for number, one in enumerate(lines, start=1)]
    found = match(numbered, PAYEES)
    assert [one.line for one in found] == [one.line for one in numbered]
    firm: dict[int, int] = {}
    for one, read in zip(found, numbered, strict=True):
        assert one.reason and (one.confidence is NONE) == (not one.shares)
        assert one.confidence is NONE or read.direction is Direction.IN
        assert sum(share.amount for share in one.shares) in (0, read.amount)
        assert all(share.amount > 0 for share in one.shares)
        if one.confidence is SURE:
            for share in one.shares:
                firm[share.account_id] = firm.get(share.account_id, 0) + share.amount
    for account in PAYEES:
        assert firm.get(account.account_id, 0) <= account.owed + account.late_fee
