"""Invented notices for the tests of the papers, and what a reader of the finished PDF sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import zxingcpp

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.late_fee import LateFeeCap
from feedesk.models.notices import NoticeData, NoticeLateFee, NoticeLateFeeLine, NoticeLine
from feedesk.models.office import OfficeOnPaper
from feedesk.reports.fonts import Fonts
from feedesk.reports.notice_pdf import write_notices

MM = 72 / 25.4
A4_HEIGHT = 297.0

OFFICE = OfficeOnPaper(
    office="明湖花园服务中心",
    company="安和物业服务有限公司",
    estate="明湖花园",
    phone="0000-6688 1200",
    address="1 号楼一层，每日 8:30–20:00，现金或刷卡，当场开票",
    bank_holder="安和物业服务有限公司明湖分公司",
    bank_name="示例银行明湖支行",
    bank_number="0000123456789000",
    contract_clause="《明湖花园前期物业服务合同》第十二条：物业费按季预缴，每季首月 15 日前缴清。",
    object_days=7,
)
BARE_OFFICE = OfficeOnPaper("明湖花园服务中心", "", "", "", "", "", "", "", "", 0)


def line(
    item: str = "管理费",
    kind: FeeKind = FeeKind.PROPERTY,
    period: str = "2026年4–6月",
    due_on: date | None = date(2026, 4, 15),
    charged: int = 107_940,
    received: int = 0,
    *,
    room: str = "3-2-1502",
    due_is_assumed: bool = False,
) -> NoticeLine:
    return NoticeLine(room, item, kind, period, due_on, due_is_assumed, charged, received, charged - received)


LINES = (
    line(received=50_000),
    line("公摊水电费", FeeKind.COLLECTED, charged=12_630),
    line(period="2026年7–9月", due_on=date(2026, 7, 15)),
    line("公摊水电费", FeeKind.COLLECTED, "2026年7–9月", date(2026, 7, 15), 13_185),
    line(period="2026年10–12月", due_on=date(2026, 10, 15), due_is_assumed=True),
    line("车位费（B1-066）", FeeKind.OTHER, "2026年10–12月", date(2026, 10, 15), 45_000),
)
NOTICE = NoticeData(
    number="2026-0168",
    round_no=2,
    account_ids=(1,),
    rooms=("3-2-1502",),
    name="林晓岚",
    salutation="女士",
    lines=LINES,
    as_of=date(2026, 11, 13),
    issued_on=date(2026, 11, 17),
    pay_by=date(2026, 12, 3),
    office=OFFICE,
    clerk="许宁（客服）",
)


def many_lines(count: int, *, kinds: int = 2) -> tuple[NoticeLine, ...]:
    """`count` quarters of debt, every amount another one, of one kind of fee or of two by turns."""
    items = (("物业费", FeeKind.PROPERTY), ("公摊水电费", FeeKind.COLLECTED))[:kinds]
    return tuple(
        line(*items[i % kinds], f"{2020 + i // 4}年{i % 4 * 3 + 1}–{i % 4 * 3 + 3}月", charged=100_001 + i * 1_037)
        for i in range(count)
    )


def of_units(count: int) -> NoticeData:
    """One owner of `count` flats, two items each."""
    rooms = tuple(f"9-1-{floor:02d}01" for floor in range(1, count + 1))
    lines = tuple(replace(part, room=room) for room in rooms for part in LINES[:2])
    return replace(NOTICE, rooms=rooms, lines=lines, account_ids=tuple(range(1, count + 1)))


def pdf(*notices: NoticeData, **options: object) -> bytes:
    out = BytesIO()
    write_notices(notices, out, fonts=Fonts(installed=()), **options)  # type: ignore[arg-type] # passed through
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    """The text of each page as a reader copies it, line ends normalised."""
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def squeezed(text: str) -> str:
    """Without white space, so that a wrapped sentence is found."""
    return "".join(text.split())


def text_between(data: bytes, page: int, top: float, end: float) -> str:
    """What stands between two heights of a page, in millimetres from its top."""
    with pypdfium2.PdfDocument(data) as document:
        textpage = document[page].get_textpage()
        return textpage.get_text_bounded(left=0, right=600, top=(A4_HEIGHT - top) * MM, bottom=(A4_HEIGHT - end) * MM)


def codes(data: bytes, page: int, dpi: int = 200) -> list[tuple[str, float]]:
    """The QR codes on a page, each with the height of its middle in millimetres from the top."""
    with pypdfium2.PdfDocument(data) as document:
        image = document[page].render(scale=dpi / 72).to_pil().convert("L")
    found = zxingcpp.read_barcodes(image)
    return sorted(
        ((code.text, (code.position.top_left.y + code.position.bottom_right.y) / 2 / dpi * 25.4) for code in found),
        key=lambda code: code[1],
    )


def ink_box(data: bytes, page: int) -> tuple[float, float, float, float]:
    """The box around everything printed on a page: left, top, right, bottom in millimetres."""
    with pypdfium2.PdfDocument(data) as document:
        image = document[page].render(scale=2).to_pil().convert("L").point(lambda value: 255 * (value < 200))
    box = image.getbbox()
    assert box is not None
    left, top, right, bottom = (edge / 2 / MM for edge in box)
    return left, top, right, bottom


def late_fee_for(lines: tuple[NoticeLine, ...], *, credited: int = 0) -> NoticeLateFee:
    """A late fee on the 物业费 of these lines: 1 % of each and a 分, which no real rate gives but any reader can check."""
    late = tuple(
        NoticeLateFeeLine(part.room, part.item, part.period, 216, part.owed, part.owed // 100 + 1)
        for part in lines
        if part.kind is FeeKind.PROPERTY
    )
    claimed = sum(part.amount for part in late)
    return NoticeLateFee(
        up_to=date(2026, 11, 17), clause="第十二条", cap=LateFeeCap.LPR, lines=late, contract=claimed * 2, lpr=claimed,
        principal=sum(part.principal for part in late), amount=claimed - credited,
    )  # fmt: skip


WITH_LATE_FEE = replace(NOTICE, late_fee=late_fee_for(LINES))
