"""Late fee, doubts, plans and prepayment in a run of 催款单: what is listed, what is left out, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.late_fee import (
    FeeBasis,
    LateFeeCap,
    LateFeePolicy,
    LateFeeVerdict,
    LprRate,
    account_late_fee,
)
from feedesk.models.notice_batch import NoticeCandidate, NoticeOptions, propose
from feedesk.models.notices import NoticeBatch, late_fee_sums
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period

TODAY = date(2026, 11, 21)
PROFILE = OfficeProfile(office="明湖花园服务中心", company="安和物业服务有限公司", phone="0000-6688 1200")
LISTED = NoticeOptions(TODAY, date(2026, 12, 6), date(2026, 11, 13), "许宁", late_fee=True)
LPR = (LprRate(date(2025, 5, 20), 300),)
BY_LPR = LateFeePolicy("第十二条", 500)
BY_CONTRACT = LateFeePolicy("第十二条", 500, cap=LateFeeCap.PRINCIPAL)
STEEP = LateFeePolicy("第十二条", 3_000, cap=LateFeeCap.PRINCIPAL)


def charge(number: int, amount: int = 100_000, kind: FeeKind = FeeKind.PROPERTY, **more: object) -> Charge:
    """物业费 of July, due 129 days before today."""
    settled = int(str(more.pop("settled", 0)))
    period = Period.parse("2026-07..2026-09" if more.get("is_lump") else "2026-07")
    return Charge(number, 1, "管理费", kind, period, amount, settled, date(2026, 7, 15), False, **more)  # type: ignore[arg-type]


def who(*charges: Charge, policy: LateFeePolicy = BY_LPR, number: int = 1, waived: int = 0, paid: int = 0, **more: object) -> NoticeCandidate:  # fmt: skip
    """An account with the late fee that the rules give it today."""
    bases = [
        FeeBasis(each.id, "管理费 2026年7月", each.kind, each.amount, each.due_on, each.is_lump,
                 ((TODAY, each.settled),) if each.settled else ())
        for each in charges
    ]  # fmt: skip
    fee = account_late_fee(bases, policy, LPR, TODAY, waived, paid)
    owner = int(str(more.pop("owner_id", number)))
    return NoticeCandidate(number, owner, f"3-2-150{number}", "林晓岚", "女士", charges, 1, late_fee=fee, **more)  # type: ignore[arg-type]


def run(*candidates: NoticeCandidate, policy: LateFeePolicy | None = BY_LPR, options: NoticeOptions = LISTED) -> NoticeBatch:  # fmt: skip
    return propose(candidates, options, PROFILE, policy=policy)


# 1,000.00 × 129 days × 3.00 % × 1.3 ÷ 365 = 13.7836 -> 13.78; × 0.5 ‰ = 64.50


def test_it_is_listed_beside_the_principal_and_never_inside() -> None:
    (notice,) = run(who(charge(1))).notices
    fee = notice.late_fee
    assert fee is not None
    assert (fee.contract, fee.lpr, fee.principal, fee.amount) == (6_450, 1_378, 100_000, 1_378)
    assert notice.total == 100_000 and notice.grand_total == 101_378
    assert fee.up_to == TODAY and fee.clause == "第十二条" and fee.verdict is LateFeeVerdict.FREE
    (line,) = fee.lines
    assert (line.room, line.item, line.period, line.days, line.principal, line.amount) == (
        "3-2-1501", "管理费", "2026年7月", 129, 100_000, 1_378,
    )  # fmt: skip


def test_what_is_over_bears_none_on_paper() -> None:
    (notice,) = run(who(charge(1), charge(2), over=frozenset({2}))).notices
    assert notice.late_fee is not None and [line.charge_id for line in notice.late_fee.lines] == [1]
    assert (notice.late_fee.amount, notice.late_fee.principal, notice.total) == (1_378, 100_000, 100_000)


@pytest.mark.parametrize(
    ("options", "policy"),
    [(replace(LISTED, late_fee=False), BY_LPR), (LISTED, None), (LISTED, LateFeePolicy()), (LISTED, LateFeePolicy("第十二条"))],
)  # fmt: skip
def test_none_is_listed_unless_asked_for_and_reckoned(options: NoticeOptions, policy: LateFeePolicy | None) -> None:
    batch = run(who(charge(1)), options=options, policy=policy)
    assert batch.notices[0].late_fee is None and batch.notices[0].grand_total == 100_000
    assert "违约金" not in batch.why[0]


NO_FEE = [
    ("collected for others", charge(2, kind=FeeKind.COLLECTED)),
    ("the repair fund", charge(2, kind=FeeKind.REPAIR_FUND)),
    ("several months in one line", charge(2, is_lump=True)),
    ("held", charge(2, hold="水表有争议")),
]


@pytest.mark.parametrize(("what", "other"), NO_FEE, ids=[case[0] for case in NO_FEE])
def test_only_free_property_fee_bears_it(what: str, other: Charge) -> None:
    batch = run(who(charge(1), other))
    fee = batch.notices[0].late_fee
    assert fee is not None and [line.charge_id for line in fee.lines] == [1] and fee.amount == 1_378
    assert batch.lumps == (what == "several months in one line")


@pytest.mark.parametrize(
    ("waived", "paid", "amount", "credited"), [(0, 0, 1_378, 0), (1_000, 0, 378, 1_000), (300, 78, 1_000, 378)]
)
def test_what_was_let_off_or_paid_of_it_is_taken_off(waived: int, paid: int, amount: int, credited: int) -> None:
    fee = run(who(charge(1), waived=waived, paid=paid)).notices[0].late_fee
    assert fee is not None and (fee.amount, fee.credited) == (amount, credited)


def test_nothing_left_of_it_lists_nothing() -> None:
    assert run(who(charge(1), waived=1_378)).notices[0].late_fee is None


def test_above_lpr_the_notice_needs_a_managers_word_and_says_so_in_its_row() -> None:
    batch = run(who(charge(1), policy=BY_CONTRACT), who(charge(2, 4), policy=BY_CONTRACT, number=2), policy=BY_CONTRACT)
    first, second = batch.notices
    assert first.late_fee is not None and first.late_fee.verdict is LateFeeVerdict.NEEDS_OVERRIDE
    assert first.late_fee.amount == 6_450 and "违约金 64.50（高于 LPR×1.3）" in batch.why[0]
    assert second.late_fee is None  # 0.04 元 bear less than half a 分
    sums = late_fee_sums(batch.notices)
    assert (sums.contract, sums.lpr, sums.principal, sums.amount) == (6_450, 1_378, 100_000, 6_450)
    assert (sums.notices, sums.to_override) == (1, 1)


def test_what_may_not_be_printed_at_all_is_left_out_with_the_sentence_and_goes_without() -> None:
    steep = who(charge(1), policy=STEEP)
    (left,) = run(steep, policy=STEEP).left_out
    assert "24%" in left.reason and "不能打印" in left.reason
    assert len(run(steep, policy=STEEP, options=replace(LISTED, late_fee=False)).notices) == 1


def test_of_several_units_on_one_notice_the_gravest_counts_and_all_lines_stand() -> None:
    # the second unit owes little by LPR: FREE alone would hide that the first needs a word
    owner = {"owner_id": 7, "policy": BY_CONTRACT}
    free = who(charge(2), number=2, waived=5_200, **owner)
    needs = who(charge(3), number=3, **owner)
    options = replace(LISTED, merge_owner=True)
    (notice,) = run(free, needs, options=options, policy=BY_CONTRACT).notices
    fee = notice.late_fee
    assert fee is not None and fee.verdict is LateFeeVerdict.NEEDS_OVERRIDE
    assert [line.room for line in fee.lines] == ["3-2-1502", "3-2-1503"]
    assert (fee.amount, fee.credited) == (6_450 * 2 - 5_200, 5_200)


@pytest.mark.parametrize(
    ("more", "reason", "mark"),
    [
        ({"doubt": "银行流水 11-16 有一笔 ¥500.00 可能是这户的：核对清楚前不催"}, "可能是这户的", "verify"),
        ({"claim_open": True}, "称已缴", "verify"),
        ({"plan": "第 2/4 期 ¥500.00，11-30（含）前缴"}, "分期中：第 2/4 期", "promised"),
    ],
)
def test_money_in_doubt_or_in_a_kept_plan_is_left_out(more: dict[str, object], reason: str, mark: str) -> None:
    (left,) = run(who(charge(1), **more)).left_out
    assert reason in left.reason and left.mark == mark


def test_what_was_paid_beforehand_is_told_once() -> None:
    (notice,) = run(who(charge(1), prepaid=20_000)).notices
    assert notice.prepaid == 20_000 and notice.total == 100_000
    merged = run(
        who(charge(1), owner_id=7, prepaid=500), who(charge(2), number=2, owner_id=7, prepaid=500),
        options=replace(LISTED, merge_owner=True),
    )  # fmt: skip
    assert [each.prepaid for each in merged.notices] == [500]
