"""The late fee on a 催款单 as the owner reads it: apart from the principal, with clause and day, and no threat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import (
    LINES,
    NOTICE,
    WITH_LATE_FEE,
    ink_box,
    late_fee_for,
    many_lines,
    of_units,
    pdf,
    squeezed,
    text_between,
    texts,
)

from feedesk.models import money
from feedesk.models.ledger.late_fee import LateFeeCap
from feedesk.models.notices import NoticeData
from feedesk.models.store.notices import freeze, thaw
from feedesk.models.wording import lint
from feedesk.reports import notice_words as words
from feedesk.reports.notice_layout import CLOSE, TableRow, share_out, table_rows
from feedesk.reports.notice_strip import CUT

FEE = WITH_LATE_FEE.late_fee
assert FEE is not None


def listed(notice: NoticeData, *, credited: int = 0) -> NoticeData:
    return replace(notice, late_fee=late_fee_for(notice.lines, credited=credited))


@pytest.fixture(scope="module")
def page() -> str:
    pages = texts(pdf(WITH_LATE_FEE, door_back=False))
    assert len(pages) == 1  # six lines and their late fee still go on one sheet
    return squeezed(pages[0])


def test_principal_and_late_fee_have_their_own_sums_in_this_order(page: str) -> None:
    places = [page.index(squeezed(text)) for text in (
        "物业费小计 3,238.20 500.00 2,738.20", "本金合计 3,446.35", "违约金 所属期间 逾期 未缴本金 违约金（元）",
        "管理费 2026年4–6月 216 天 579.40 5.80", "违约金小计 27.40", "合计 人民币（大写）叁仟肆佰柒拾叁元柒角伍分 本金 3,446.35 ＋ 违约金 27.40 ¥3,473.75",
    )]  # fmt: skip
    assert places == sorted(places)


def test_only_property_fee_has_a_late_fee_line(page: str) -> None:
    part = page[page.index("违约金所属期间") : page.index("违约金小计")]
    assert part.count("216天") == 3 and "公摊" not in part and "车位费" not in part


def test_it_says_on_which_clause_up_to_which_day_and_that_it_may_be_reduced(page: str) -> None:
    assert "按合同第十二条约定，只就物业费的未缴本金计至2026年11月17日，违约金本身不再生息" in page
    assert "不超过同期一年期贷款市场报价利率（LPR）的1.3倍" in page and "如有异议可申请核减" in page
    other = squeezed(words.late_fee_basis(replace(NOTICE, late_fee=replace(FEE, cap=LateFeeCap.PRINCIPAL))))
    assert "不超过所对应的本金" in other and "LPR" not in other


def test_without_it_the_paper_is_as_before() -> None:
    plain = squeezed(texts(pdf(NOTICE, door_back=False))[0])
    assert plain.count("违约金") == 1 and "未计违约金" in plain and "本金合计" not in plain
    assert len(table_rows(NOTICE, CLOSE, lambda _text, _size, _bold: 1)) == 9


def test_the_strip_and_the_foot_of_a_long_notice_name_what_is_to_be_paid() -> None:
    strip = squeezed(text_between(pdf(WITH_LATE_FEE, door_back=False), 0, CUT, 297))
    assert "¥3,473.75" in strip
    long = listed(replace(NOTICE, lines=many_lines(40)))
    first = squeezed(texts(pdf(long, door_back=False))[0])
    assert squeezed(words.carried_on(money.show_yuan(long.grand_total))) in first


def test_what_was_let_off_or_paid_is_a_line_of_its_own() -> None:
    text = squeezed(texts(pdf(listed(NOTICE, credited=1_000), door_back=False))[0])
    assert "减去已减免、已缴的违约金−10.00违约金小计17.40" in text


def test_a_charge_paid_late_shows_that_its_principal_is_paid() -> None:
    paid = replace(FEE, lines=(replace(FEE.lines[0], principal=0), *FEE.lines[1:]))
    assert "216天已缴清5.80" in squeezed(texts(pdf(replace(NOTICE, late_fee=paid), door_back=False))[0])


@pytest.mark.parametrize("lines", [1, 6, 9, 14, 20, 30, 45, 60])
def test_however_long_both_tables_are_each_line_stands_once_under_its_own_head(lines: int) -> None:
    notice = listed(replace(NOTICE, lines=many_lines(lines)))
    fee = notice.late_fee
    assert fee is not None
    data = pdf(notice, door_back=False)
    pages = [squeezed(page) for page in texts(data)]
    for line in fee.lines:
        row = squeezed(f"{line.period}216 天{money.show(line.principal)}{money.show(line.amount)}")
        holding = [page for page in pages if row in page]
        assert len(holding) == 1 and holding[0].count(row) == 1
        assert holding[0].index("违约金所属期间") < holding[0].index(row)
    assert sum(page.count("本金合计") for page in pages) == 1 and "违约金小计" in pages[-1]
    assert f"¥{money.show(notice.grand_total)}" in pages[-1]
    for page in range(len(pages)):
        left, top, right, bottom = ink_box(data, page)
        assert left >= 7 and right <= 203 and top >= 5 and bottom <= 294


@pytest.mark.parametrize("count", [2, 5, 15])
def test_for_several_units_each_line_names_its_room(count: int) -> None:
    notice = listed(of_units(count))
    text = squeezed("".join(texts(pdf(notice, door_back=False))))
    for room in notice.rooms:
        assert squeezed(f"{room} 管理费 2026年4–6月 216 天 579.40 5.80") in text


@pytest.mark.parametrize(
    "notice", [WITH_LATE_FEE, replace(WITH_LATE_FEE, reprint=True), listed(of_units(3), credited=5)]
)
def test_no_threat_no_old_word_no_rate(notice: NoticeData) -> None:
    said = words.late_fee_basis(notice) + words.late_fee_note(notice) + words.prepaid_note(replace(notice, prepaid=1))
    assert lint(said) == []
    pages = texts(pdf(notice))
    assert lint("\n".join(pages)) == []
    text = squeezed("".join(pages))
    assert not any(word in text for word in ("滞纳金", "千分之", "万分之", "‰", "起诉", "利滚利"))


def test_what_was_paid_beforehand_stands_below_the_total_only_where_there_is_some(page: str) -> None:
    text = squeezed(texts(pdf(replace(NOTICE, prepaid=20_000), door_back=False))[0])
    assert "您名下另有预缴¥200.00尚未抵用" in text and "预缴" not in page.replace("按季预缴", "")


def test_frozen_and_thawed_it_prints_the_same_bytes() -> None:
    notice = replace(listed(NOTICE, credited=77), prepaid=300)
    assert thaw(freeze(notice)) == notice
    assert pdf(thaw(freeze(notice))) == pdf(notice)


def test_what_was_frozen_before_there_were_late_fees_is_still_read() -> None:
    old = freeze(NOTICE).replace(',"late_fee":null', "").replace(',"prepaid":0', "")
    assert "late_fee" not in old and "prepaid" not in old
    assert thaw(old) == NOTICE


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(6, 30))
def test_a_head_never_ends_a_page_and_a_sum_never_starts_one(principal: int, late: int, room: int) -> None:
    def rows(count: int) -> list[TableRow]:
        return [TableRow((), 1, is_subtotal=False) for _ in range(count)]

    total = TableRow((), 1, is_subtotal=True)
    head = TableRow((), 1, is_subtotal=False, is_head=True)
    pages = share_out([*rows(principal), total, head, *rows(late), total], room, room, room / 2)
    assert [len(page) for page in pages if not page] == [] and sum(map(len, pages)) == principal + late + 3
    assert not any(page[-1].is_head for page in pages)
    assert not any(page[0].is_subtotal for page in pages)


def test_the_sample_adds_up() -> None:
    assert FEE.amount == sum(line.amount for line in FEE.lines) == 2_740
    assert WITH_LATE_FEE.grand_total - WITH_LATE_FEE.total == 2_740 and len(LINES) == 6
