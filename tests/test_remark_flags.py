"""What finance's remarks warn of before anyone calls (domain §3, 误催): as finance really writes them, and near misses."""

from __future__ import annotations

import pytest

from feedesk.models.accounts import FLAG_LABELS, FlagKind, remark_flags

PAID, NO_CALL, PREPAID, REPAIR, ABSENT = (
    FlagKind.TRANSFER,
    FlagKind.NO_CALL,
    FlagKind.PREPAID,
    FlagKind.REPAIR,
    FlagKind.ABSENT,
)

CLAIMS = [
    ("已微信转，未查到", (PAID,)),
    ("微信转了 1200", (PAID,)),
    ("业主称已付，财务待查", (PAID,)),
    ("支付宝付过，有截图", (PAID,)),
    ("11月3日已转账，未到账", (PAID,)),
    ("说上个月交过了", (PAID,)),
    ("已缴，收据丢失", (PAID,)),
    ("现金已交前台，未入账", (PAID,)),
    ("银行代扣，待核", (PAID,)),
    ("汇款户名不符，待认领", (PAID,)),
    ("查不到这笔进账", (PAID,)),
    ("扫码付了，有付款截图", (PAID,)),
    ("需与业主对账", (PAID,)),
    ("已打款，款项待查", (PAID,)),
    ("答应月底缴，其中一笔已转账", (PAID,)),
]
"""Paid, the owner says: finance is asked first."""

NO_CALLS = [
    ("本人要求不要打电话", (NO_CALL,)),
    ("勿电", (NO_CALL,)),
    ("业主不让再打电话", (NO_CALL,)),
    ("请勿来电，发短信", (NO_CALL,)),
    ("只接受书面", (NO_CALL,)),
    ("仅微信联系", (NO_CALL,)),
    ("不愿接电话", (NO_CALL,)),
    ("别再打了", (NO_CALL,)),
    ("要求书面通知", (NO_CALL,)),
    ("电话勿扰", (NO_CALL,)),
    ("白天上班不要打电话", (NO_CALL,)),
    ("业主不接受电话催缴", (NO_CALL,)),
    ("勿打扰", (NO_CALL,)),
    ("已微信转，别再打电话", (PAID, NO_CALL)),
]

OTHERS = [
    ("有预存款", (PREPAID,)),
    ("多交两个月", (PREPAID,)),
    ("装修押金可抵扣", (PREPAID,)),
    ("房屋渗水，整改中", (REPAIR,)),
    ("墙面开裂", (REPAIR,)),
    ("报修三次未修", (REPAIR,)),
    ("窗户漏雨，要求赔偿", (REPAIR,)),
    ("漏水未维修", (REPAIR,)),
    ("漏水维修未完，称已缴", (PAID, REPAIR)),
    ("长期在外地，空置", (ABSENT,)),
    ("未收房，由开发商承担", (ABSENT,)),
    ("在国外", (ABSENT,)),
    ("没装修，没入住", (ABSENT,)),
]

NEAR_MISSES = [
    "已交房",
    "已交钥匙",
    "已交付使用",
    "已转租",
    "房屋已转让",
    "报修单已转工程部",
    "未转账",
    "不肯转账",
    "答应下周转账",
    "请转账至基本户",
    "转账时备注房号",
    "已缴至2025年12月",
    "已交装修押金",
    "号码待查",
    "未查到产权人",
    "对账无误",
    "已打电话，未接",
    "微信联系",
    "微信交流过",
    "不接电话",
    "电话打不通",
    "可打电话，不要上门",
    "请打座机，不要打手机",
    "不打电话就不缴",
    "不要打扰租客",
    "要求打电话",
    "没有预存",
    "不同意预缴",
    "多交流",
    "无漏水",
    "维修资金另计",
    "嫌服务质量差",
    "隔墙打通",
    "三间打通",
    "外地车牌",
    "非空置",
    "只欠8月和10月",
    "",
]


@pytest.mark.parametrize(("remark", "flags"), [*CLAIMS, *NO_CALLS, *OTHERS])
def test_a_remark_warns_before_a_call(remark: str, flags: tuple[FlagKind, ...]) -> None:
    assert remark_flags(remark) == flags


@pytest.mark.parametrize("remark", NEAR_MISSES)
def test_what_sounds_alike_warns_of_nothing(remark: str) -> None:
    assert remark_flags(remark) == ()


def test_every_flag_says_what_to_do() -> None:
    assert set(FLAG_LABELS) == set(FlagKind)
