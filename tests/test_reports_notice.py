"""The 催款单 as somebody holds it in the hand: read back from the finished PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import (
    BARE_OFFICE,
    LINES,
    MM,
    NOTICE,
    OFFICE,
    codes,
    ink_box,
    late_fee_for,
    line,
    many_lines,
    of_units,
    pdf,
    squeezed,
    text_between,
    texts,
)
from PIL import Image

from feedesk.errors import BadInput, Cancelled, TargetBusy
from feedesk.models import money
from feedesk.models.charges import FEE_KIND_LABELS, FeeKind
from feedesk.models.notices import NoticeData
from feedesk.reports import notice_words as words
from feedesk.reports.fonts import Fonts
from feedesk.reports.notice_door import LABEL_END, LABEL_TOP, folds
from feedesk.reports.notice_layout import CLOSE, LEFT, RIGHT, TableRow, columns, densities, share_out, table_rows
from feedesk.reports.notice_pdf import missing_characters, notice_bytes, write_notices
from feedesk.reports.notice_strip import CUT

RISKY = re.compile(
    r"停水|停电|停气|停暖|停热|断水|断电|限电|停用|暂停.{0,4}服务|通报|征信|失信|黑名单|限高|公示|曝光|传票|开庭|起诉|仲裁|诉讼|法院|"
    r"法律责任|拘留|派出所|律师|滞纳金|千分之|恶意|老赖|后果自负|最后通牒|物权法|合同法|民法通则|连带"
)


def picture(size: tuple[int, int] = (120, 160), mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, size, "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def page() -> str:
    return texts(pdf(NOTICE, door_back=False))[0]


# -- what stands on it


@pytest.mark.parametrize(
    "text",
    [
        "催款单", "第 2 次催款", "No. 2026-0168", "3-2-1502", "林晓岚 女士", "账面核对至 2026年11月13日",
        "合计", "¥3,446.35", "叁仟肆佰肆拾陆元叁角伍分", "未计违约金",
        "2026年12月3日", "（星期四，含当日）前付清", "一时有困难，可来电商量分期",
        "户名　安和物业服务有限公司明湖分公司", "开户行　示例银行明湖支行", "0000 1234 5678 9000", "附言写“3-2-1502”",
        "1 号楼一层，每日 8:30–20:00，现金或刷卡，当场开票",
        "联系电话　0000-6688 1200", "经办　许宁（客服）", "盖章处", "2026年11月17日",
        "送达回执", "当面交付", "邮寄 EMS", "张贴并见证", "同住成年亲属", "见证人", "3-2-1502　¥3,446.35",
    ],
)  # fmt: skip
def test_every_field_is_on_the_page(page: str, text: str) -> None:
    assert squeezed(text) in squeezed(page)


def test_every_line_shows_item_period_day_and_three_amounts(page: str) -> None:
    for part in LINES:
        received = money.show(part.received) if part.received else "—"
        star = "*" if part.due_is_assumed else ""
        day = f"{part.due_on.year}年{part.due_on.month}月{part.due_on.day}日{star}" if part.due_on else "—"
        row = squeezed(part.item + part.period + day + money.show(part.charged) + received + money.show(part.owed))
        assert row in squeezed(page)


def test_property_fee_comes_first_and_each_kind_has_its_own_subtotal(page: str) -> None:
    places = [squeezed(page).index(squeezed(text)) for text in (
        "物业费小计 3,238.20 500.00 2,738.20", "代收费用小计 258.15 — 258.15", "其他费用小计 450.00 — 450.00", "合计人民币",
    )]  # fmt: skip
    assert places == sorted(places)


def test_what_was_let_off_has_a_column_of_its_own_only_where_there_is_any(page: str) -> None:
    """已缴 says who paid: a waiver in it would be our own written word that the owner has paid."""
    assert "减免" not in page
    let_off = replace(LINES[1], received=0, waived=10_000, owed=LINES[1].charged - 10_000)
    text = squeezed(texts(pdf(replace(NOTICE, lines=(LINES[0], let_off)), door_back=False))[0])
    assert "应收（元）已缴（元）减免（元）未缴（元）" in text
    first, second = LINES[0], let_off
    paid = money.show(first.received) if first.received else "—"
    assert f"{money.show(first.charged)}{paid}—{money.show(first.owed)}" in text
    assert f"{money.show(second.charged)}—100.00{money.show(second.owed)}" in text
    assert f"代收费用小计{money.show(second.charged)}—100.00{money.show(second.owed)}" in text


@pytest.mark.parametrize("rooms", [1, 3])
@pytest.mark.parametrize("late_fee", [False, True], ids=["without late fee", "with late fee"])
def test_with_the_column_for_what_was_let_off_nothing_is_wider_than_the_table(rooms: int, late_fee: bool) -> None:
    notice = of_units(rooms)
    lines = tuple(replace(part, charged=part.charged + 9_999_99, waived=9_999_99) for part in notice.lines)
    notice = replace(notice, lines=lines, late_fee=late_fee_for(lines) if late_fee else None)
    shape = columns(rooms > 1, True)
    assert (shape[0].left, shape[-1].right) == (LEFT, RIGHT)
    assert [column.title for column in shape].count("减免（元）") == 1
    paper = Fonts(installed=())
    for density in densities(notice):
        for row in table_rows(notice, density, lambda text, size, bold: paper.width(text, size, bold) / MM):
            assert len(row.cells) == len(shape)
            for cell, column in zip(row.cells, shape, strict=True):
                bold = row.is_subtotal or column is shape[-1]
                if column.is_amount and not row.is_head:
                    wide = max(paper.width(text, cell.size, bold) for text in cell.lines) / MM
                    assert wide <= column.inner + 0.01 and cell.size >= 7


def test_one_kind_alone_needs_no_subtotal() -> None:
    assert "小计" not in texts(pdf(replace(NOTICE, lines=LINES[:1]), door_back=False))[0]


DAYS = [
    ("a list and what is on record since", date(2026, 11, 13), date(2026, 11, 17),
     "按财务2026年11月13日的账面，扣除截至2026年11月17日登记的收款，您名下这套房屋有以下费用尚未到账"),
    ("both of one day", date(2026, 11, 17), date(2026, 11, 17), "截至上述日期，您名下这套房屋"),
    ("no list", None, date(2026, 11, 17), "扣除截至2026年11月17日登记的收款，您名下这套房屋"),
    ("a notice of an earlier version", date(2026, 11, 13), None, "截至上述日期，您名下这套房屋"),
    ("one without a list", None, None, "截至出单之日，您名下这套房屋"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "as_of", "counted_to", "said"), DAYS, ids=[case[0] for case in DAYS])
def test_the_days_of_the_figures_are_named(what: str, as_of: date | None, counted_to: date | None, said: str) -> None:
    notice = replace(NOTICE, as_of=as_of, counted_to=counted_to)
    text = squeezed(texts(pdf(notice, door_back=False))[0])
    assert said in text
    assert ("账面核对至2026年11月" in text) is (as_of is not None)


def test_a_waiver_taken_off_is_named_beside_the_payments() -> None:
    lines = (replace(LINES[0], waived=5_000, owed=LINES[0].owed - 5_000),)
    notice = replace(NOTICE, lines=lines, counted_to=date(2026, 11, 17))
    text = squeezed(texts(pdf(notice, door_back=False))[0])
    assert "，扣除截至2026年11月17日登记的收款和减免，您名下" in text


def test_an_assumed_due_day_is_marked_and_explained_only_where_there_is_one(page: str) -> None:
    assert squeezed(words.assumed_note()) in squeezed(page)
    assert "推定" not in texts(pdf(replace(NOTICE, lines=LINES[:2]), door_back=False))[0]


def test_the_contract_clause_and_article_944_stand_for_property_fee_only(page: str) -> None:
    assert squeezed(OFFICE.contract_clause) in squeezed(page)
    assert "第九百四十四条第一款、第二款" in squeezed(page)
    collected = texts(pdf(replace(NOTICE, lines=(LINES[1],)), door_back=False))[0]
    assert "九百四十四" not in collected and "合同》" not in collected and "依据" not in collected


@pytest.mark.parametrize(
    "notice",
    [NOTICE, replace(NOTICE, reprint=True), replace(NOTICE, office=BARE_OFFICE, name=""), of_units(15),
     replace(NOTICE, lines=(LINES[1],)), replace(NOTICE, lines=many_lines(40))],
)  # fmt: skip
def test_nothing_is_threatened(notice: NoticeData) -> None:
    text = squeezed("".join(texts(pdf(notice))))
    assert words.REASSURANCE in text
    assert not RISKY.search(text.replace(words.REASSURANCE, ""))


def test_objections_have_a_way_and_a_day(page: str) -> None:
    assert "请在2026年11月24日（含当日）前（出单后7日内）来电或书面告诉我们" in squeezed(page)
    assert "有异议的项目暂不催收" in squeezed(page)


def test_a_reprint_says_so_and_shows_the_same_figures() -> None:
    first, again = (squeezed(texts(pdf(item, door_back=False))[0]) for item in (NOTICE, replace(NOTICE, reprint=True)))
    assert "补打" not in first
    assert "补打·原单2026年11月17日出具" in again
    figures = re.compile(r"[\d,]+\.\d\d")
    assert figures.findall(first) == figures.findall(again)


def test_an_office_that_has_filled_in_nothing_leaves_no_holes() -> None:
    bare = replace(NOTICE, office=BARE_OFFICE, name="", salutation="", as_of=None, clerk="")
    text = texts(pdf(bare, door_back=False))[0]
    for label in ("户名", "开户行", "账号", "联系电话", "经办", "账面核对至", "来电", "None", "附言"):
        assert label not in text
    assert "业主" in text and "到服务中心前台" in text and "截至出单之日" in text


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0000123456789000", "0000 1234 5678 9000"), ("0000 1234 567", "0000 1234 567"), ("NRA-0012", "NRA-0012")],
)
def test_account_numbers_stand_in_groups_of_four(number: str, shown: str) -> None:
    assert words.account_groups(number) == shown


def test_a_payment_code_is_shown_as_a_way_to_pay() -> None:
    plain, with_code = (texts(pdf(NOTICE, door_back=False, payment_code=code))[0] for code in (None, picture()))
    assert "收款码" not in plain
    assert "手机扫右侧收款码" in with_code


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1"])
def test_a_payment_code_may_be_any_kind_of_picture(mode: str) -> None:
    assert pdf(NOTICE, payment_code=picture(mode=mode)).startswith(b"%PDF")


def test_a_payment_code_that_is_no_picture_is_told() -> None:
    with pytest.raises(BadInput, match="收款码"):
        pdf(NOTICE, payment_code=b"not a picture")


# -- several units, long names, many lines


def test_several_units_stand_on_one_notice_with_their_room_at_every_line() -> None:
    notice = of_units(15)
    pages = texts(pdf(notice, door_back=False))
    text = squeezed("".join(pages))
    assert "等15套" in text
    for part in notice.lines:
        assert squeezed(part.room + part.item) in text
    assert squeezed(money.show_yuan(notice.total)) in text
    assert squeezed("附言写单号“2026-0168”") in text


def test_two_units_are_both_named_in_the_head() -> None:
    assert "9-1-0101、9-1-0201" in texts(pdf(of_units(2), door_back=False))[0]


@given(count=st.integers(1, 60), kinds=st.integers(1, 2))
@settings(max_examples=25)
def test_all_lines_are_shown_and_the_total_stands_under_a_row(count: int, kinds: int) -> None:
    notice = replace(NOTICE, lines=many_lines(count, kinds=kinds))
    pages = texts(pdf(notice, door_back=False))
    for part in notice.lines:
        assert (
            sum(squeezed(part.period + "2026年4月15日" + money.show(part.charged)) in squeezed(p) for p in pages) >= 1
        )
    amount = money.show_yuan(notice.total)
    assert amount in pages[-1] and money.capital(notice.total) in pages[-1]
    assert squeezed("合计人民币") not in squeezed("".join(pages[:-1]))
    assert money.show(notice.lines[-1].owed) in pages[-1] or "小计" in pages[-1], "the total lost its last row"
    for place, text in enumerate(pages, start=1):
        assert "No. 2026-0168" in squeezed(text).replace("No.", "No. ") and "林晓岚" in text
        assert ("第" in text and f"第{place}页，共{len(pages)}页" in squeezed(text)) == (len(pages) > 1)
    assert sum("送达回执" in text for text in pages) == 1


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (13, 1), (20, 2), (40, 2), (60, 3)])
def test_few_lines_take_one_page_and_many_continue(count: int, pages: int) -> None:
    assert len(texts(pdf(replace(NOTICE, lines=many_lines(count, kinds=1)), door_back=False))) == pages


def test_rows_are_shared_out_whole_and_a_subtotal_never_starts_a_page() -> None:
    fonts = Fonts(installed=())
    rows = table_rows(replace(NOTICE, lines=many_lines(50)), CLOSE, lambda t, s, b: fonts.width(t, s, b) / 2.83)
    for first in range(30, 200, 3):
        shared = share_out(rows, first, first + 20, 60)
        assert [row for part in shared for row in part] == rows
        assert not any(part[0].is_subtotal for part in shared)
        assert len(shared[-1]) >= 2


def test_a_table_of_two_high_rows_still_leaves_one_for_the_total() -> None:
    rows = [TableRow((), 80, False), TableRow((), 80, False)]
    assert share_out(rows, 200, 200, 100) == [rows[:1], rows[1:]]


LONG = (
    "北京云间茶事文化传播有限责任公司明湖花园第一分公司（原云间茶事商行）、欧阳澈、司马青山、诸葛明月、慕容雪、上官婉清"
)


@pytest.mark.parametrize(
    "notice",
    [
        replace(NOTICE, name=LONG, salutation=""),
        replace(NOTICE, rooms=("明湖花园三期商业街区西北角地下一层独立商铺A08（含夹层）",)),
        replace(NOTICE, lines=(line("地下二层机动车停放服务及设施设备专项维护分摊费用（含照明）", charged=9_999_999_999),) * 3),
        replace(NOTICE, office=replace(OFFICE, bank_number="00001234" * 4, bank_holder="安和" * 40)),
        replace(NOTICE, office=replace(OFFICE, office="明湖花园三期物业服务中心暨业主接待联合办公室（北区）", company="安和" * 50)),
        replace(NOTICE, office=replace(OFFICE, address="明湖花园" * 20, contract_clause="合同条款" * 40)),
        replace(NOTICE, number="明湖-2026-1234567890", round_no=128),
    ],
)  # fmt: skip
def test_what_is_long_shrinks_or_wraps_and_is_never_cut(notice: NoticeData) -> None:
    data = pdf(notice, door_back=True)
    text = squeezed("".join(texts(data)))
    office = notice.office
    parts = (notice.name, notice.rooms[0], notice.lines[0].item, notice.number, office.office, office.company)
    for part in (*parts, office.address, office.bank_holder, words.account_groups(office.bank_number)):
        assert squeezed(part) in text
    assert squeezed(notice.office.contract_clause) in text
    for place in range(len(texts(data))):
        left, top, right, bottom = ink_box(data, place)
        assert left >= 3.5 and right <= 206.5 and top >= 8 and bottom <= 292


def test_the_front_keeps_clear_of_the_cut_line() -> None:
    for count in range(1, 17):
        data = pdf(replace(NOTICE, lines=many_lines(count)), door_back=False, payment_code=picture())
        band = text_between(data, len(texts(data)) - 1, CUT - 1, CUT + 3)
        assert squeezed(band) in ("", "✂")


# -- QR and the back


def test_both_codes_of_the_front_hold_the_number_and_nothing_else() -> None:
    found = codes(pdf(NOTICE, door_back=False), 0)
    assert [text for text, _ in found] == ["2026-0168", "2026-0168"]
    assert found[0][1] < 40 and found[1][1] > CUT


@pytest.mark.parametrize("number", [f"2026-{n:04d}" for n in range(1, 400, 13)] + ["2026-12345", "催-2026-7"])
def test_codes_are_read_from_the_print(number: str) -> None:
    assert {text for text, _ in codes(pdf(replace(NOTICE, number=number)), 1)} == {number}


def test_the_back_shows_room_number_and_code_and_no_name_or_amount() -> None:
    data = pdf(NOTICE)
    assert len(texts(data)) == 2
    back = texts(data)[1]
    for secret in ("林", "晓岚", "女士", "¥", ".", "元", "费", "欠", "催", "缴", "明湖", "0000"):
        assert secret not in back.replace("No. ", "")
    outside = squeezed(text_between(data, 1, LABEL_TOP, LABEL_END))
    assert sorted(outside) == sorted("请业主本人拆阅3-2-1502No.2026-0168")
    assert [text for text, _ in codes(data, 1)] == ["2026-0168"]


@pytest.mark.parametrize("with_strip", [True, False])
def test_the_label_lies_in_the_middle_third_and_the_last_fold_shows_blank_paper(with_strip: bool) -> None:
    upper, lower = folds(with_strip)
    assert upper <= LABEL_TOP < LABEL_END <= lower + 0.01
    data = pdf(replace(NOTICE, lines=many_lines(40)))
    back = 3 if with_strip else 1
    assert squeezed(text_between(data, back, 0, LABEL_TOP)) == ""
    assert squeezed(text_between(data, back, CUT, 297)) == ""
    assert LABEL_TOP < codes(data, back)[0][1] < LABEL_END


def test_every_sheet_has_its_back_so_that_duplex_printing_stays_in_step() -> None:
    two = replace(NOTICE, lines=many_lines(40))
    data = pdf(NOTICE, two, NOTICE)
    fronts = ["催款单" in text for text in texts(data)]
    assert fronts == [True, False] * 4
    assert "1/2" in texts(data)[3] and "2/2" in texts(data)[5]


def test_of_several_units_the_back_names_the_first_only() -> None:
    back = texts(pdf(of_units(3)))[1]
    assert "9-1-0101" in back and "9-1-0201" not in back and "套" not in back


def test_a_proposal_without_a_number_can_be_looked_at() -> None:
    data = pdf(replace(NOTICE, number=""))
    assert "No.待编号" in squeezed(texts(data)[0]) and codes(data, 0) == codes(data, 1) == []


# -- the file


def test_the_same_notices_give_the_same_bytes() -> None:
    batch = (NOTICE, of_units(3), replace(NOTICE, name="𠮷野"))
    assert pdf(*batch, payment_code=picture()) == pdf(*batch, payment_code=picture())


def test_a_notice_in_a_batch_looks_as_it_does_alone() -> None:
    alone = texts(notice_bytes(NOTICE, fonts=Fonts(installed=())))
    assert texts(pdf(of_units(2), NOTICE, door_back=False))[1:] == alone


def test_pages_are_counted_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    pages = write_notices([NOTICE, NOTICE], BytesIO(), tick=lambda done, of: told.append((done, of)))
    assert (pages, told) == (4, [(1, 2), (2, 2)])


def test_many_notices_take_little_room() -> None:
    batch = [replace(NOTICE, number=f"2026-{n:04d}", rooms=(f"3-2-{n}",)) for n in range(1, 201)]
    data = pdf(*batch)
    assert len(data) / 400 < 3000
    assert b"ASCII85" not in data and b"Helvetica" not in data


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    target = tmp_path / "催款单.pdf.part"

    def stop(done: int, of: int) -> None:
        raise Cancelled("已取消，没有生成催款单。")

    with pytest.raises(Cancelled):
        write_notices([NOTICE], target, tick=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="找不到"):
        write_notices([NOTICE], tmp_path / "absent" / "x.pdf")
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises((BadInput, TargetBusy)):
        write_notices([NOTICE], tmp_path / "folder.pdf")
    assert (tmp_path / "folder.pdf").is_dir()


def test_no_notices_is_a_question_back() -> None:
    with pytest.raises(BadInput, match="没有要打印"):
        write_notices([], BytesIO())


def test_characters_no_font_has_are_named_before_anything_is_written(tmp_path: Path) -> None:
    odd = replace(NOTICE, name="王\U0010fffd", lines=(replace(LINES[0], item="费\ue000"),))
    found = missing_characters([NOTICE, odd], Fonts(installed=()))
    assert [(item.number, item.room, item.chars) for item in found] == [("2026-0168", "3-2-1502", "\U0010fffd\ue000")]
    with pytest.raises(BadInput, match=r"3-2-1502（No\. 2026-0168）有打不出的字：U\+10FFFD、U\+E000"):
        write_notices([odd], tmp_path / "x.part", fonts=Fonts(installed=()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", FeeKind)
def test_every_kind_of_fee_has_its_words(kind: FeeKind) -> None:
    mixed = replace(NOTICE, lines=(line(), line("甲项", kind)) if kind is not FeeKind.PROPERTY else LINES)
    assert squeezed(FEE_KIND_LABELS[kind] + "小计") in squeezed(texts(pdf(mixed, door_back=False))[0])


def test_unknown_months_and_days_are_said_not_left_blank() -> None:
    text = squeezed(texts(pdf(replace(NOTICE, lines=(line(period="", due_on=None),)), door_back=False))[0])
    assert "管理费期间待核—1,079.40" in text


def test_a_leap_day_and_new_year_are_written_out() -> None:
    notice = replace(NOTICE, issued_on=date(2027, 12, 28), pay_by=date(2028, 2, 29))
    text = squeezed(texts(pdf(notice, door_back=False))[0])
    assert "2028年2月29日（星期二，含当日）前付清" in text and "请在2028年1月4日（含当日）前" in text
