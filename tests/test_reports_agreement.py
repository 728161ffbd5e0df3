"""The 分期付款协议 as both sides sign it: read back from the finished PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from agreement_samples import AGREEMENT, DEBTS, PARTS, long_agreement, pdf
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import BARE_OFFICE, OFFICE, ink_box, squeezed, texts

from feedesk.errors import BadInput
from feedesk.models import money
from feedesk.models.ledger.agreement import AgreedLateFee, PlanAgreement, freeze, thaw
from feedesk.models.wording import lint
from feedesk.reports import agreement_words as words
from feedesk.reports.fonts import Fonts
from feedesk.reports.plan_agreement import agreement_bytes, missing_characters, write_agreement

THREATS = re.compile(
    r"停水|停电|停气|停暖|停热|断水|断电|停用|限制|暂停|通报|征信|失信|黑名单|公示|曝光|传票|开庭|仲裁|拘留|律师|滞纳金|千分之|恶意|"
    r"老赖|后果自负|连带|放弃|时效"
)


def read(agreement: PlanAgreement) -> str:
    return squeezed("".join(texts(pdf(agreement))))


@pytest.fixture(scope="module")
def both() -> str:
    return read(AGREEMENT)


@pytest.mark.parametrize(
    "text",
    [
        "分期付款协议", "No. FQ2026-00007", "甲方（物业服务人） 安和物业服务有限公司（明湖花园服务中心）", "乙方（业主） 林晓岚",
        "房屋 明湖花园 3-2-1502", "管理费 2026年4–6月 2026年4月15日 579.40", "管理费 2026年10–12月 2026年10月15日* 1,079.40",
        "物业费小计 2,738.20", "代收费用小计 126.30", "其他费用小计 450.00", "第 1 期 2026年11月30日 捌佰贰拾捌元陆角叁分 828.63",
        "第 4 期 2027年2月28日 捌佰贰拾捌元陆角贰分 828.62", "账号 0000 1234 5678 9000", "经办人 许宁", "批准人 程远", "甲方（盖章）",
        "乙方（签字）", "业主本人", "受托人（附委托书）", "一式两份",
    ],
)  # fmt: skip
def test_every_field_is_in_both_copies(both: str, text: str) -> None:
    assert both.count(squeezed(text)) == 2


def test_debts_and_instalments_both_come_to_the_sum_in_words_and_figures(both: str) -> None:
    total = squeezed(f"合计 人民币（大写）{money.capital(AGREEMENT.total)} {money.show_yuan(AGREEMENT.total)}")
    assert both.count(total) == 4


def test_each_side_has_its_own_copy() -> None:
    pages = texts(pdf(AGREEMENT))
    half = len(pages) // 2
    assert all("甲方存" in page for page in pages[:half]) and all("乙方存" in page for page in pages[half:])


def test_signing_acknowledges_the_listed_debts_and_no_others(both: str) -> None:
    assert "乙方签字即确认上列各笔由其缴付" in both and "未列入上表的款项不在本协议之内" in both


@pytest.mark.parametrize(
    ("late_fee", "clause", "there", "absent"),
    [
        (AgreedLateFee.NONE, "", (), ("违约金",)),
        (
            AgreedLateFee.LET_OFF, "第十二条", ("违约金（合同第十二条），甲方予以免除", "第三条免除违约金的约定也不再适用"), ("另行计算",),
        ),
        (AgreedLateFee.BY_CONTRACT, "第十二条", ("上列金额不含违约金", "违约金按合同约定（合同第十二条）另行计算"), ("免除",)),
    ],
)  # fmt: skip
def test_the_late_fee_is_named_as_agreed_and_never_part_of_the_sum(
    late_fee: AgreedLateFee, clause: str, there: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    text = read(replace(AGREEMENT, late_fee=late_fee, clause=clause))
    assert [part for part in there if text.count(part) != 2] == []
    assert [part for part in absent if part in text] == []


def test_a_missed_instalment_makes_the_rest_due_by_ordinary_means(both: str) -> None:
    assert "其余各期同时到期，乙方应当一次缴清余款，已缴的照数抵扣" in both
    assert "协商不成的，可以依法申请调解、支付令或者起诉" in both
    assert squeezed(words.SERVICES_GO_ON) in both
    assert "第一个工作日内到账的，算作按期" in both


@pytest.mark.parametrize("days", [7, 0])
def test_an_objection_has_its_time_and_rights_are_not_cut(days: int) -> None:
    text = read(replace(AGREEMENT, office=replace(OFFICE, object_days=days)))
    assert ("7日内来电（0000-66881200）或书面告诉甲方" in text) == (days == 7)
    assert "依法享有的权利不因本协议而减少" in text


@pytest.mark.parametrize(
    "agreement",
    [
        AGREEMENT, replace(AGREEMENT, late_fee=AgreedLateFee.BY_CONTRACT), long_agreement(30, 12, rooms=4),
        replace(AGREEMENT, office=BARE_OFFICE, late_fee=AgreedLateFee.NONE, clause="", number="", name=""),
    ],
)  # fmt: skip
def test_nothing_is_threatened_given_up_or_misnamed(agreement: PlanAgreement) -> None:
    pages = texts(pdf(agreement))
    assert lint("\n".join(pages)) == []
    assert not THREATS.search(squeezed("".join(pages)).replace(squeezed(words.SERVICES_GO_ON), ""))


def test_a_bare_office_still_says_where_to_pay_and_leaves_blanks() -> None:
    text = read(replace(AGREEMENT, office=BARE_OFFICE, number="", name="", approved_by="", staff=""))
    assert "请到服务中心缴付" in text and "账号" not in text and "No." not in text


@pytest.mark.parametrize(("debts", "parts", "rooms"), [(1, 2, 1), (5, 4, 1), (24, 12, 3), (60, 24, 8), (120, 36, 1)])
def test_long_tables_go_on_under_their_head_and_signatures_have_company(debts: int, parts: int, rooms: int) -> None:
    agreement = long_agreement(debts, parts, rooms=rooms)
    pages = [squeezed(page) for page in texts(pdf(agreement))]
    half = pages[: len(pages) // 2]
    rows = [squeezed(f"{debt.item}{debt.period}2026年4月15日{money.show(debt.amount)}") for debt in agreement.debts]
    assert all(sum(page.count(row) for page in half) == 1 for row in rows)
    assert all("收费项目" in page for page in half if any(row in page for row in rows))
    for part in agreement.instalments:
        place = [page for page in half if f"第{part.number}期" in page]
        assert len(place) == 1 and "缴付日（当日及以前）" in place[0]
    assert "本协议一式两份" in half[-1] and "乙方（签字）" in half[-1]
    assert [f"第{at}页，共{len(half)}页" in page for at, page in enumerate(half, start=1)] == [True] * len(half)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 14), st.integers(1, 5), st.integers(0, 90), st.integers(0, 300), st.integers(1, 70)
)  # fmt: skip
def test_nothing_leaves_the_paper_whatever_the_lengths(
    debts: int, parts: int, rooms: int, name: int, note: int, office: int
) -> None:
    agreement = replace(
        long_agreement(debts, parts, rooms=rooms), name="某" * name, note="注" * note,
        office=replace(OFFICE, office="中" * office, address="街" * office),
    )  # fmt: skip
    data = pdf(agreement)
    for page in range(len(texts(data))):
        left, top, right, bottom = ink_box(data, page)
        assert left >= 18 and right <= 192 and top >= 10 and bottom <= 291


def test_frozen_and_thawed_it_is_the_same() -> None:
    for agreement in (
        AGREEMENT,
        long_agreement(9, 3, rooms=2),
        replace(AGREEMENT, debts=(replace(DEBTS[0], due_on=None),)),
    ):
        assert thaw(freeze(agreement)) == agreement
    assert pdf(thaw(freeze(AGREEMENT))) == pdf(AGREEMENT) == agreement_bytes(AGREEMENT, Fonts(installed=()))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(AGREEMENT, total=AGREEMENT.total + 1),
        replace(AGREEMENT, debts=DEBTS[1:]),
        replace(AGREEMENT, instalments=PARTS[1:]),
    ],
)
def test_sums_that_do_not_agree_are_a_bug_and_never_printed(wrong: PlanAgreement) -> None:
    with pytest.raises(ValueError, match=r"debts .* instalments .* total"):
        pdf(wrong)


def test_a_character_without_a_font_is_named_before_anything_is_written(tmp_path: Path) -> None:
    bad = replace(AGREEMENT, name="柳\U000e0fff")
    assert missing_characters(bad, Fonts(installed=())) == "\U000e0fff"
    assert missing_characters(replace(AGREEMENT, name="𠮷田𨭎"), Fonts(installed=())) == ""
    target = tmp_path / "协议.pdf"
    with pytest.raises(BadInput, match="打不出的字"):
        write_agreement(bad, target, Fonts(installed=()))
    assert not target.exists()
