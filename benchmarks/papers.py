"""How fast the papers are written, each against its own floor in the same run.

The floor of the 催款单 is a bare ReportLab canvas that draws the same glyphs at the same places, nothing measured,
shared or laid out; the floor of the record table is openpyxl in write-only mode with the same cells and styles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measure import Measured, in_turn, seconds
from feedesk.models.charges import FeeKind
from feedesk.models.notices import NoticeData, NoticeLine
from feedesk.models.office import OfficeOnPaper
from feedesk.models.record_table import RecordContact, RecordRow, RecordTable, summarise
from feedesk.reports import paper as paper_module
from feedesk.reports.fonts import REGULAR, Fonts
from feedesk.reports.notice_pdf import write_notices
from feedesk.reports.paper import Paper
from feedesk.reports.record_table import COLUMNS, write_record_table
from feedesk.reports.sheets import yuan

_NAMES = [
    "林晓岚",
    "邱大同",
    "欧阳澈",
    "方以宁",
    "杜若",
    "郑家禾",
    "吴念",
    "高文澜",
    "唐以南",
    "薛明远",
    "沈亦舟",
    "马骁",
    "司马青",
    "何静怡",
    "罗成栋",
    "谢允",
]
_OFFICE = OfficeOnPaper(
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


def sample_notices(count: int) -> list[NoticeData]:
    """Notices of three to eight lines, all different."""
    found = []
    for n in range(count):
        room = f"{n % 9 + 1}-{n % 3 + 1}-{n % 30 + 1:02d}{n % 4 + 1:02d}"
        lines = []
        for k in range(3 + n % 6):
            item, kind = (("物业费", FeeKind.PROPERTY), ("公摊水电费", FeeKind.COLLECTED))[k % 2]
            quarter = k // 2
            charged = 52_000 + n * 137 + k * 1_013
            received = 10_000 if k == 0 and n % 4 == 0 else 0
            lines.append(
                NoticeLine(
                    room,
                    item,
                    kind,
                    f"2026年{quarter * 3 + 1}–{quarter * 3 + 3}月",
                    date(2026, quarter * 3 + 1, 15),
                    n % 5 == 0,
                    charged,
                    received,
                    charged - received,
                )
            )
        found.append(
            NoticeData(
                number=f"2026-{n + 1:04d}",
                round_no=n % 3 + 1,
                account_ids=(n,),
                rooms=(room,),
                name=_NAMES[n % len(_NAMES)],
                salutation="女士" if n % 2 else "先生",
                lines=tuple(lines),
                as_of=date(2026, 11, 13),
                issued_on=date(2026, 11, 17),
                pay_by=date(2026, 12, 3),
                office=_OFFICE,
                clerk="许宁（客服）",
            )
        )
    return found


Glyphs = list[tuple[float, float, str, str, float]]


@contextmanager
def _noting(pages: list[Glyphs]) -> Iterator[None]:
    """While this lasts, what is drawn is noted page by page: the text of shared parts on every page they stand on."""
    text, form, end_page = Paper.text, Paper.form, Paper.end_page
    parts: dict[str, Glyphs] = {}
    current: list[Glyphs] = [[]]

    def noted_text(self: Paper, x: float, y: float, shown: str, size: float, **how: Any) -> float:
        end = text(self, x, y, shown, size, **how)
        left = end - self.width(shown, size, how.get("bold", False))
        at = left * paper_module.MM
        for name, run in self.fonts.runs(shown, how.get("bold", False)):
            current[-1].append((at, A4[1] - y * paper_module.MM, run, name, size))
            at += self.fonts.width(run, size, how.get("bold", False))
        return end

    def noted_form(self: Paper, key: str, draw: Callable[[], None], down: float = 0) -> None:
        def noted_draw() -> None:
            current.append([])
            draw()
            parts[key] = current.pop()

        form(self, key, noted_draw, down)
        current[-1].extend((x, y - down * paper_module.MM, run, name, size) for x, y, run, name, size in parts[key])

    def noted_end(self: Paper) -> None:
        pages.append(current[-1])
        current[-1] = []
        end_page(self)

    Paper.text, Paper.form, Paper.end_page = noted_text, noted_form, noted_end  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Paper.text, Paper.form, Paper.end_page = text, form, end_page  # type: ignore[method-assign]


def glyphs_of(notices: list[NoticeData], fonts: Fonts) -> list[Glyphs]:
    """Every text of every page, with its place, font and size."""
    pages: list[Glyphs] = []
    with _noting(pages):
        write_notices(notices, BytesIO(), fonts=fonts)
    return pages


def bare_canvas(pages: list[Glyphs]) -> bytes:
    """The floor: the same glyphs at the same places, by `drawString`."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1, initialFontName=REGULAR)
    for page in pages:
        for x, y, text, font, size in page:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bench_notices(count: int = 1_000, aim: float = 1.6, repeats: int = 1) -> Measured:
    """`count` notices with their backs, against the bare canvas; the note tells the size of a page."""
    fonts = Fonts()
    notices = sample_notices(count)
    pages = glyphs_of(notices, fonts)
    sizes: list[int] = []

    def write() -> None:
        out = BytesIO()
        write_notices(notices, out, fonts=fonts)
        sizes.append(len(out.getvalue()))

    ours, floor = in_turn(lambda: seconds(write), lambda: seconds(lambda: bare_canvas(pages)), repeats)
    note = f"{len(pages):,} 页（含背面），每页 {sizes[-1] / len(pages):,.0f} 字节（目标 ≤ 3,000）"
    return Measured(f"催款单 {count:,} 张", ours, floor, aim, note)


def sample_table(count: int) -> RecordTable:
    """`count` accounts, every fifth settled, two contacts each."""
    rows = []
    for n in range(count):
        room = f"{n % 40 + 1}-{n % 3 + 1}-{n // 120 + 1:04d}"
        name = _NAMES[n % len(_NAMES)]
        contacts = tuple(
            RecordContact(
                id=n * 2 + k,
                at=datetime(2026, 11, 17 - k * 3, 9, 30) + timedelta(minutes=n % 400),
                rooms=(room,),
                name=name,
                channel="电话",
                number="000-0000",
                outcome="承诺缴费",
                reached=True,
                said="上周出差忘了转，周五一定转；电梯满意",
                staff_name="许宁",
                promise_on=date(2026, 11, 20),
                promise_amount=100_000 + n,
                next_text="11-19 先提醒",
            )
            for k in range(2)
        )
        paid = date(2026, 11, 17) if n % 5 == 4 else None
        rows.append(
            RecordRow(
                account_id=n,
                room=room,
                name=name,
                owed=0 if paid else 100_000 + n,
                period_text="2026年4–12月",
                category="ABCDE"[n % 5],
                step="3 再电",
                contacts=contacts,
                promise_on=date(2026, 11, 20),
                next_text="11-19 先提醒",
                remark="失约 1 次",
                paid_on=paid,
            )
        )
    contacts = tuple(contact for row in rows for contact in row.contacts)
    summary = summarise(rows, contacts, kept=1, broken=1, notices=18)
    day = date(2026, 11, 17)
    return RecordTable("明湖花园服务中心", day, day, "许宁", date(2026, 11, 13), tuple(rows), contacts, summary)


def bare_workbook(table: RecordTable) -> bytes:
    """The floor: the same cells of the account sheet, each made and styled as openpyxl's manual shows."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    side = Side("thin", "BFBFBF")
    looks = [
        (Font(name="微软雅黑", sz=10, strike=strike), Alignment(vertical="center", wrap_text=True), Border(bottom=side))
        for strike in (False, True)
    ]
    for row in table.rows:
        last = row.contacts[0]
        said = "\n".join(f"{item.at:%m-%d %H:%M} {item.outcome}：{item.said}" for item in row.contacts)
        font, alignment, border = looks[row.paid_on is not None]
        cells = []
        for value in (
            row.room, row.name, yuan(row.owed), row.period_text, row.category, row.step, said, last.at,
            last.staff_name, row.promise_on, row.next_text, "", "", row.remark,
        ):  # fmt: skip
            cell = WriteOnlyCell(sheet, value)
            cell.font, cell.alignment, cell.border = font, alignment, border
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def bench_record_table(count: int = 10_000, aim: float = 1.3, repeats: int = 1) -> Measured:
    """The account sheet of `count` rows with styles, against write-only openpyxl with the same cells."""
    table = replace(sample_table(count), contacts=())
    ours, floor = in_turn(
        lambda: seconds(lambda: write_record_table(table, BytesIO())),
        lambda: seconds(lambda: bare_workbook(table)),
        repeats,
    )
    return Measured(f"记录表 {count:,} 行", ours, floor, aim, f"{len(COLUMNS)} 列，带样式")
