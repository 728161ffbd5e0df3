"""催款单 as PDF: `NoticeData` in, pages out. Frozen values in, so that a reprint shows the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from reportlab.lib.utils import ImageReader

from feedesk.errors import BadInput
from feedesk.models import money
from feedesk.models.notices import NoticeData
from feedesk.reports import notice_blocks as blocks
from feedesk.reports import notice_words as words
from feedesk.reports.fonts import Fonts, name_characters
from feedesk.reports.notice_door import door_back as draw_door_back
from feedesk.reports.notice_layout import (
    CLOSE,
    HEAD_GAP,
    LEFT,
    RIGHT,
    Density,
    TableRow,
    densities,
    share_out,
    table_rows,
)
from feedesk.reports.notice_strip import CUT, strip
from feedesk.reports.outlet import outlet
from feedesk.reports.paper import Paper, picture

Tick = Callable[[int, int], None]
"""Called with how many notices are done and how many there are; may raise `errors.Cancelled`."""

_SIGN_TOP = CUT - blocks.SIGN_HEIGHT - 3
_PAGE_END = 280.0
_MOST_SLACK = 3.4


@dataclass(frozen=True, slots=True)
class MissingCharacters:
    """A notice that cannot be printed as it stands: these characters are in no font of this PC."""

    number: str
    room: str
    chars: str

    @property
    def text(self) -> str:
        """One sentence that names them."""
        return f"{self.room}（No. {self.number}）有打不出的字：{name_characters(self.chars)}"


def missing_characters(notices: Iterable[NoticeData], fonts: Fonts) -> tuple[MissingCharacters, ...]:
    """The notices with characters that no font has, to be told before printing; empty when all can be printed."""
    found = []
    for notice in notices:
        office = notice.office
        texts = [notice.name, notice.salutation, notice.clerk, notice.number, *notice.rooms]
        texts += [part for line in notice.lines for part in (line.item, line.period)]
        texts += [notice.late_fee.clause] if notice.late_fee else []
        texts += [office.office, office.company, office.phone, office.address, office.contract_clause]
        texts += [office.bank_holder, office.bank_name, office.bank_number]
        chars = "".join(dict.fromkeys("".join(fonts.missing(text) for text in texts if text)))
        if chars:
            found.append(MissingCharacters(notice.number, notice.rooms[0] if notice.rooms else "", chars))
    return tuple(found)


def write_notices(
    notices: Sequence[NoticeData],
    out: BinaryIO | Path,
    *,
    fonts: Fonts | None = None,
    door_back: bool = True,
    payment_code: bytes | None = None,
    tick: Tick | None = None,
) -> int:
    """Write all notices as one PDF and answer its number of pages.

    `out`: an open binary stream, or the path of a part file, which the caller renames in the transaction that records
    the notices; a part file is removed when writing fails. `door_back`: every front is followed by the back for
    duplex printing. `payment_code`: a picture file (PNG, JPEG). The same values give the same bytes.

    Raises `BadInput` when a character has no font or the picture is none; whatever `tick` raises ends the work.
    """
    fonts = fonts or Fonts()
    if not notices:
        raise BadInput("没有要打印的催款单。", "请先选定住户。")
    lacking = missing_characters(notices, fonts)
    if lacking:
        raise BadInput("；".join(item.text for item in lacking[:5]) + "。", "请改用别的写法，或先不打印这几户。")
    with outlet(out, "催款单") as stream:
        return _write(notices, stream, fonts, door_back, payment_code, tick)


def notice_bytes(
    notice: NoticeData, *, fonts: Fonts | None = None, door_back: bool = False, payment_code: bytes | None = None
) -> bytes:
    """One notice as a PDF in memory, for the preview: the very page that will be printed."""
    out = BytesIO()
    write_notices([notice], out, fonts=fonts, door_back=door_back, payment_code=payment_code)
    return out.getvalue()


def _write(
    notices: Sequence[NoticeData],
    stream: BinaryIO,
    fonts: Fonts,
    door_back: bool,
    payment_code: bytes | None,
    tick: Tick | None,
) -> int:
    code = _code_picture(payment_code)
    paper = Paper(stream, fonts, words.TITLE, notices[0].office.office)
    pages = 0
    for done, notice in enumerate(notices, start=1):
        pages += _notice(paper, notice, code, door_back)
        if tick is not None:
            tick(done, len(notices))
    paper.save()
    return pages


def _code_picture(data: bytes | None) -> ImageReader | None:
    if data is None:
        return None
    try:
        return picture(data)
    except OSError as error:
        raise BadInput("收款码图片打不开，催款单没有生成。", "请在设置里换一张 PNG 或 JPEG 图片。") from error


def _notice(paper: Paper, notice: NoticeData, code: ImageReader | None, door_back: bool) -> int:
    """Draw one notice; answers how many pages it took, backs included."""
    sheets = _plan(paper, notice, code)
    for place, (density, rows) in enumerate(sheets, start=1):
        press = blocks.Press(paper, density, code)
        last = place == len(sheets)
        blocks.head(press, notice, place, len(sheets))
        if last:
            _last_front(press, notice, rows, with_thanks=place == 1)
        else:
            _earlier_front(press, notice, rows, with_thanks=place == 1)
        paper.end_page()
        if door_back:
            draw_door_back(paper, notice, with_strip=last, sheet=place, sheets=len(sheets))
            paper.end_page()
    return len(sheets) * (2 if door_back else 1)


def _plan(paper: Paper, notice: NoticeData, code: ImageReader | None) -> list[tuple[Density, list[TableRow]]]:
    """The sheets: one at the airiest setting that holds everything, else several at a close one."""
    for density in densities(notice):
        rows = table_rows(notice, density, paper.width)
        press = blocks.Press(paper, density, code, dry=True)
        if sum(row.height for row in rows) + _without_rows(press, notice, with_thanks=True) <= _SIGN_TOP:
            return [(density, rows)]
    press = blocks.Press(paper, CLOSE, code, dry=True)
    rows = table_rows(notice, CLOSE, paper.width)
    first = _PAGE_END - _table_top(press, notice, with_thanks=True) - CLOSE.row
    middle = _PAGE_END - _table_top(press, notice, with_thanks=False) - CLOSE.row
    last = _SIGN_TOP - _without_rows(press, notice, with_thanks=False)
    more = HEAD_GAP if notice.late_fee else 0  # a repeated head is so much higher than the table's own
    return [(CLOSE, part) for part in _with_heads(share_out(rows, first, middle - more, last - more))]


def _with_heads(parts: list[list[TableRow]]) -> list[list[TableRow]]:
    """A page that goes on within the late fee names its columns again; that head takes the place of the table's own."""
    found, head = [], None
    for part in parts:
        found.append([head, *part] if head and not part[0].is_head else part)
        head = next((row for row in part if row.is_head), head)
    return found


def _table_top(press: blocks.Press, notice: NoticeData, *, with_thanks: bool) -> float:
    base = blocks.person(press, notice, blocks.HEAD_END)
    return blocks.thanks(press, notice, base) if with_thanks else base + 4


def _without_rows(press: blocks.Press, notice: NoticeData, *, with_thanks: bool) -> float:
    """Where the fine print would end on a page whose table has no rows."""
    return _below_table(
        press, notice, blocks.table(press, notice, [], _table_top(press, notice, with_thanks=with_thanks)), 0
    )


def _below_table(press: blocks.Press, notice: NoticeData, y: float, slack: float) -> float:
    """Everything from the total to the fine print; `slack` is added to each of the gaps between."""
    gap = press.density.gap + slack
    y = blocks.total(press, notice, y)
    y = blocks.pay_by(press, notice, y + gap)
    y = blocks.ways(press, notice, y + gap * 0.5)
    return blocks.fine_print(press, notice, y + gap)


def _last_front(press: blocks.Press, notice: NoticeData, rows: list[TableRow], *, with_thanks: bool) -> None:
    top = _table_top(press, notice, with_thanks=with_thanks)
    body = blocks.table(press, notice, rows, top)
    dry = replace(press, dry=True)
    spare = _SIGN_TOP - _below_table(dry, notice, body, 0)
    _below_table(press, notice, body, max(0.0, min(_MOST_SLACK, spare / 3.5)))
    blocks.sign(press, notice, _SIGN_TOP + 1)
    strip(press.paper, notice)


def _earlier_front(press: blocks.Press, notice: NoticeData, rows: list[TableRow], *, with_thanks: bool) -> None:
    end = blocks.table(press, notice, rows, _table_top(press, notice, with_thanks=with_thanks))
    text = words.carried_on(money.show_yuan(notice.grand_total))
    press.paper.text(RIGHT, end + 5.5, text, 9, align="right")
    if blocks.has_assumed_day(notice):
        press.paper.text(LEFT, end + 5.5, words.assumed_note(), 7.2, grey=0.25)
