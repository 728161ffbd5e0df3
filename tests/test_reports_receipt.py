"""The 收据 as the payer holds it in the hand: read back from the finished PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import codes, ink_box, squeezed, texts
from receipt_samples import LINES, RECEIPT, pdf, with_lines

from feedesk.errors import BadInput, Cancelled, TargetBusy
from feedesk.models import money
from feedesk.models.ledger.payments import Receipt
from feedesk.models.wording import lint
from feedesk.reports import receipt_words as words
from feedesk.reports.fonts import Fonts
from feedesk.reports.receipt_pdf import HALF, missing_characters, receipt_bytes, write_receipts


@pytest.fixture(scope="module")
def page() -> str:
    return squeezed(texts(pdf(RECEIPT))[0])


@pytest.mark.parametrize(
    "text",
    [
        "安和物业服务有限公司 · 明湖花园服务中心", "No. SJ2026-00012", "缴费人 林晓岚", "收款日期 2026年11月21日",
        "管理费 2026年4–6月 579.40", "管理费 2026年7–9月（部分，尚欠 579.40 元） 500.00",
        "合计 人民币（大写）壹仟肆佰贰拾肆元整 ¥1,424.00", "收款方式 微信 流水号 4200002611210000123456789012",
        "收款人 许宁", "盖章处", "2026年11月21日开具", "不是税务发票",
    ],
)  # fmt: skip
def test_every_field_is_on_both_copies(page: str, text: str) -> None:
    assert page.count(squeezed(text)) == 2


def test_one_copy_is_for_the_payer_and_one_for_the_office(page: str) -> None:
    assert page.index("收据联（交缴费人）") < page.index("存根联（服务中心留存）")


def test_late_fee_and_prepayment_are_lines_of_their_own(page: str) -> None:
    assert "违约金18.30" in page and "转为预缴200.00" in page
    assert "滞纳金" not in page


def test_both_copies_carry_the_number_as_a_code() -> None:
    found = codes(pdf(RECEIPT), 0)
    assert [text for text, _ in found] == ["SJ2026-00012"] * 2
    assert found[0][1] < HALF < found[1][1]


@pytest.mark.parametrize(("copy_no", "said"), [(1, ""), (2, "补打 · 第 2 次打印"), (5, "补打 · 第 5 次打印")])
def test_only_a_reprint_says_so(copy_no: int, said: str) -> None:
    text = squeezed(texts(pdf(replace(RECEIPT, copy_no=copy_no)))[0])
    assert text.count(squeezed(said)) == 2 if said else "补打" not in text


def test_a_reversed_receipt_says_across_both_copies_that_it_is_void_and_why(page: str) -> None:
    text = squeezed(texts(pdf(replace(RECEIPT, reversed="记错房号（11-22 许宁）")))[0])
    assert text.count(words.VOID) == 2
    assert text.count("本收据作废：记错房号（11-22许宁）") == 2
    assert "作废" not in page


def test_a_remark_stands_on_it_only_where_there_is_one(page: str) -> None:
    assert "备注" not in page
    assert squeezed(texts(pdf(replace(RECEIPT, note="由其子代缴")))[0]).count("备注由其子代缴") == 2


def test_the_company_is_not_named_twice() -> None:
    text = squeezed(texts(pdf(replace(RECEIPT, office="安和物业服务有限公司明湖分公司")))[0])
    assert "·" not in text


@pytest.mark.parametrize(
    ("lines", "sheets"), [(1, 1), (5, 1), (8, 1), (12, 1), (20, 2), (30, 2), (45, 4), (90, 6)]
)  # fmt: skip
def test_more_lines_than_half_a_sheet_holds_get_sheets_of_their_own(lines: int, sheets: int) -> None:
    receipt = with_lines(lines, rooms=3)
    pages = [squeezed(text) for text in texts(pdf(receipt))]
    assert len(pages) == sheets
    for room, what, amount in receipt.lines:
        wanted = squeezed(f"{room}{what}{money.show(amount)}")
        assert sum(page.count(wanted) for page in pages) == 2
    assert sum(page.count(squeezed(f"¥{money.show(receipt.total)}")) for page in pages) == 2
    if sheets > 2:
        assert [page.count("接下页") for page in pages] == ([1] * (sheets // 2 - 1) + [0]) * 2
        assert f"第{sheets // 2}页，共{sheets // 2}页" in pages[-1]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9_999_999), st.integers(1, 60)), min_size=1, max_size=40),
    st.integers(0, 70), st.integers(1, 60), st.integers(0, 200), st.booleans(),
)  # fmt: skip
def test_nothing_leaves_the_paper_whatever_the_lengths(
    lines: list[tuple[int, int]], payer: int, office: int, note: int, is_void: bool
) -> None:
    made = tuple(("商铺A08-B2", "管理费及能耗分摊" * (1 + size // 8), amount) for amount, size in lines)
    receipt = replace(
        RECEIPT, lines=made, total=sum(amount for _, _, amount in made), payer="某" * payer, office="中" * office,
        note="注" * note, reversed="记错了（11-22 许宁）" if is_void else "",
    )  # fmt: skip
    data = pdf(receipt)
    for page in range(len(texts(data))):
        left, top, right, bottom = ink_box(data, page)
        assert left >= 7 and right <= 203 and top >= 5 and bottom <= 294
    found = squeezed("".join(texts(data)))
    assert found.count(squeezed(f"合计人民币（大写）{money.capital(receipt.total)}"[:16])) == 2


def test_the_two_copies_do_not_touch() -> None:
    """What fills the upper half to the last row still ends above the cut."""
    for count in range(1, 16):
        data = pdf(with_lines(count))
        if len(texts(data)) == 1:
            upper = [height for text, height in codes(data, 0)]
            assert upper[1] - upper[0] == pytest.approx(HALF, abs=0.5)
            assert squeezed(texts(data)[0]).count("不是税务发票") == 2


def test_rare_characters_print_and_unknown_ones_are_named_before_anything_is_written(tmp_path: Path) -> None:
    assert "𠮷田𨭎" in texts(pdf(replace(RECEIPT, payer="𠮷田𨭎")))[0]
    bad = replace(RECEIPT, payer="柳\U000e0fff", note="\U000e0ffe")
    assert [item.chars for item in missing_characters([RECEIPT, bad], Fonts(installed=()))] == ["\U000e0fff\U000e0ffe"]
    target = tmp_path / "收据.pdf"
    with pytest.raises(BadInput, match="SJ2026-00012 有打不出的字"):
        write_receipts([bad], target, Fonts(installed=()))
    assert not target.exists()


@pytest.mark.parametrize(
    "receipt", [RECEIPT, with_lines(30, rooms=4), replace(RECEIPT, reversed="重复入账（11-22 许宁）")]
)
def test_its_words_pass_the_lint(receipt: Receipt) -> None:
    assert lint("\n".join(texts(pdf(receipt)))) == []


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert pdf(RECEIPT) == pdf(RECEIPT) == receipt_bytes(RECEIPT, Fonts(installed=()))


def test_several_receipts_are_counted_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []
    later = replace(RECEIPT, number="SJ2026-00013")
    out = BytesIO()
    write_receipts([RECEIPT, later], out, Fonts(installed=()), lambda *at: seen.append(at))
    assert seen == [(1, 2), (2, 2)]
    assert ["SJ2026-00013" in text for text in texts(out.getvalue())] == [False, True]

    def stop(done: int, count: int) -> None:
        raise Cancelled(f"{done}/{count}")

    with pytest.raises(Cancelled):
        write_receipts([RECEIPT, later], BytesIO(), Fonts(installed=()), stop)


def test_a_receipt_whose_lines_do_not_add_up_is_a_bug_and_never_printed() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        pdf(replace(RECEIPT, total=RECEIPT.total + 1))
    with pytest.raises(BadInput, match="没有要打印的收据"):
        pdf()


def test_a_failed_write_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "收据.pdf"
    folder.mkdir()
    with pytest.raises((TargetBusy, BadInput)):
        write_receipts([RECEIPT], folder, Fonts(installed=()))
    target = tmp_path / "另一份.pdf"

    def stop(done: int, count: int) -> None:
        raise Cancelled(f"{done}/{count}")

    with pytest.raises(Cancelled):
        write_receipts([RECEIPT], target, Fonts(installed=()), stop)
    assert not target.exists()


def test_the_day_of_issue_stays_that_of_the_original_on_a_reprint() -> None:
    text = squeezed(texts(pdf(replace(RECEIPT, issued_on=date(2026, 11, 30), copy_no=3)))[0])
    assert "2026年11月30日开具" in text and "收款日期2026年11月21日" in text


def test_the_sum_is_the_sum_of_its_lines() -> None:
    assert sum(amount for _, _, amount in LINES) == RECEIPT.total == 142_400
